//! Plans in Word, Excel and CSV: the real one, many layouts from many programs (`tests/plans/make.py` makes them), and
//! files that mean harm.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::{Path, PathBuf};

use common::Files;
use nhacviec::app::load_school::Loaded;
use nhacviec::language::Language;
use nhacviec::plan::Task;
use serde_json::{Value, json};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(name)
}

/// The shipped school with its plan in another document.
fn seed_with(name: &str, more: &str) -> Files {
    let files = Files::seed();
    std::fs::copy(fixture(name), files.path(name)).unwrap();
    files.set("plan", &format!("{name:?}")).append(more);
    files
}

#[test]
fn the_real_plan_is_read_field_by_field_from_word_and_excel() {
    let written: Value = serde_json::from_slice(&std::fs::read(fixture("ke-hoach-325-KH-TrTH.json")).unwrap()).unwrap();
    let word = seed_with("ke-hoach-325-KH-TrTH.docx", "").load().school.plan;
    assert_eq!(word.number, written["number"]);
    assert_eq!(word.title, written["title"]);
    assert_eq!(word.issued.to_string(), written["issued"]);
    let excel = seed_with("ke-hoach-325-KH-TrTH.xlsx", "").load().school.plan;
    for plan in [&word, &excel] {
        let standards: serde_json::Map<String, Value> =
            plan.standards.iter().map(|(number, title)| (number.clone(), title.as_str().into())).collect();
        assert_eq!(Value::from(standards), written["standards"]);
        let rows = written["rows"].as_array().unwrap();
        assert_eq!((plan.tasks.len(), rows.len()), (22, 22));
        for (task, row) in plan.tasks.iter().zip(rows) {
            let plain = |value: &Value| nhacviec::text::nfc(value.as_str().unwrap_or_default());
            let same = |field: &Option<String>, key: &str| {
                assert_eq!(field.clone().unwrap_or_default(), plain(&row[key]), "{key} of {}", task.name);
            };
            assert_eq!(task.remedy, plain(&row["remedy"]), "{}", task.name);
            same(&task.current_state, "current_state");
            same(&task.responsible, "responsible");
            same(&task.time, "time");
            same(&task.budget, "budget");
            same(&task.support, "support");
            let criterion = match (row["criterion"].as_str(), row["level"].as_str()) {
                (Some(number), Some("4")) => Some(format!("M4.{number}")),
                (number, _) => number.map(str::to_owned),
            };
            assert_eq!(task.criterion, criterion, "{}", task.name);
        }
    }
}

/// What the wording of the real plan leaves open, settled.
const SETTLED: &str = "\n[task.\"1.6\"]\nlead = [\"Hiệu trưởng\"]\n[task.\"1.x1\"]\ncriterion = \"1.10\"\n\
                       [task.\"M4.3\"]\nlead = [\"Hiệu trưởng\"]\n";

#[test]
fn the_real_document_has_the_traps_of_the_plan_and_what_its_wording_leaves_open() {
    let codes = |files: &Files| -> Vec<(String, u64)> {
        let told = files.findings();
        told.iter().map(|line| (line["code"].as_str().unwrap().to_owned(), line["line"].as_u64().unwrap())).collect()
    };
    let open = [
        ("unknown-lead".to_owned(), 8),
        ("no-criterion".to_owned(), 10),
        ("unresolved-time".to_owned(), 12),
        ("due-before-issue".to_owned(), 23),
        ("unknown-lead".to_owned(), 30),
    ];
    let files = seed_with("ke-hoach-325-KH-TrTH.docx", "");
    assert_eq!(codes(&files), open);
    let settled = seed_with("ke-hoach-325-KH-TrTH.docx", SETTLED);
    assert_eq!(codes(&settled), open[2..4]);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("--> .*/", "--> ");
    settings.bind(|| {
        let shown = files.program(&["check"]).assert().success().get_output().stdout.clone();
        insta::assert_snapshot!(String::from_utf8(shown).unwrap());
    });
}

#[test]
fn what_check_says_to_add_to_the_configuration_settles_every_doubt() {
    let files = seed_with("ke-hoach-325-KH-TrTH.docx", "");
    let told = files.findings();
    let more: String = told
        .iter()
        .flat_map(|line| line["help"].as_str().unwrap().lines().skip(1))
        .flat_map(|line| [line, "\n"])
        .collect();
    // What only the school knows is left to be written.
    let known = [
        ("lead = [\"…\"]", "lead = [\"Hiệu trưởng\"]"),
        ("time = \"…\"", "time = \"10/2023\""),
        ("criterion = \"…\"", "criterion = \"1.10\""),
    ];
    let more = known.into_iter().fold(more, |more, (open, known)| {
        assert!(more.contains(open), "{open} is not left open:\n{more}");
        more.replace(open, known)
    });
    let settled = seed_with("ke-hoach-325-KH-TrTH.docx", &more);
    assert_eq!(settled.findings(), [] as [Value; 0]);
}

#[test]
fn a_rehearsal_of_the_document_is_that_of_the_plan_in_toml() {
    let toml = Files::seed().output(&["rehearse", "--format", "json"]);
    let word = seed_with("ke-hoach-325-KH-TrTH.docx", SETTLED).output(&["rehearse", "--format", "json"]);
    assert!(toml.lines().count() > 500);
    for (one, other) in toml.lines().zip(word.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(toml.len(), word.len());
}

/// A school that knows a few people, with this plan.
fn school_with(name: &str) -> Files {
    let files = Files::of_document(name, &std::fs::read(fixture(name)).unwrap());
    files
        .set("person.Tổ trưởng.roles", "[\"Tổ trưởng chuyên môn\"]")
        .add("person.Thanh tra.roles", "[\"Kế toán\", \"Giáo viên chủ nhiệm\"]")
        .append("[aliases]\n\"PHT\" = [\"Phó Hiệu trưởng\"]\n\"Nhà trường\" = [\"Hiệu trưởng\"]\n");
    files
}

fn shown(task: &Task) -> Value {
    let period = task.period().map(|period| match period.start {
        Some(start) => format!("{start} - {}", period.due),
        None => period.due.to_string(),
    });
    json!({
        "id": task.id.as_str(), "criterion": task.criterion, "state": task.current_state, "remedy": task.remedy,
        "lead": task.lead, "with": task.with, "time": task.time, "period": period,
        "budget": task.budget, "support": task.support,
    })
}

#[test]
fn documents_in_many_layouts_from_many_programs_are_read() {
    let mut names: Vec<String> = std::fs::read_dir(fixture(""))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            !name.starts_with("ke-hoach") && Path::new(name).extension().is_some_and(|ending| ending != "py")
        })
        .collect();
    names.sort();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let files = school_with(&name);
        let Loaded { school, .. } = files.load();
        let plan = school.plan;
        let told: Vec<String> = files
            .findings()
            .iter()
            .filter(|found| found["file"].as_str().unwrap().ends_with(&name))
            .map(|found| {
                let word = |key: &str| found[key].as_str().unwrap_or_default();
                format!("{}: {} {}", word("code"), word("table"), word("heading"))
            })
            .collect();
        let read = json!({
            "number": plan.number, "title": plan.title, "issued": plan.issued.to_string(), "standards": plan.standards,
            "tasks": plan.tasks.iter().map(shown).collect::<Vec<_>>(), "told": told,
        });
        insta::assert_json_snapshot!(name.as_str(), read);
    }
}

#[test]
fn overrides_settle_what_a_document_leaves_open() {
    let files = seed_with(
        "ke-hoach-325-KH-TrTH.docx",
        &format!(
            "{SETTLED}[task.\"2.3\"]\nstart = 2023-10-02\ndue = 2023-10-31\nwith = [\"Kế toán\"]\n[task.\"4.2\"]\ntime = \"6/2024\"\n"
        ),
    );
    assert_eq!(files.findings(), Vec::<Value>::new());
    let plan = files.load().school.plan;
    let task = |id: &str| shown(plan.tasks.iter().find(|task| task.id.as_str() == id).unwrap());
    assert_eq!(
        (&task("2.3")["period"], &task("2.3")["with"]),
        (&json!("2023-10-02 - 2023-10-31"), &json!(["Kế toán"]))
    );
    assert_eq!(task("4.2")["period"], "2024-06-01 - 2024-06-30");
    assert_eq!(task("1.10")["lead"], json!(["Hiệu trưởng"]));
    // A plan in TOML is settled in the same way.
    let toml = Files::seed();
    toml.append("[task.\"2.3\"]\ndue = 2023-10-31\n[task.\"4.2\"]\ntime = \"6/2024\"\n");
    assert_eq!(toml.findings(), Vec::<Value>::new());
    // A plan of another year is told.
    let other = seed_with("ke-hoach-325-KH-TrTH.docx", SETTLED);
    other.set("school_year.start", "2022-09-05");
    assert!(other.findings().iter().any(|found| found["code"] == "other-school-year"));
    let code = |more: &str| -> Vec<String> {
        let files = seed_with("ke-hoach-325-KH-TrTH.docx", &format!("{SETTLED}{more}"));
        let errors = files.findings().into_iter().filter(|found| found["severity"] == "error");
        errors.map(|found| found["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(code("[task.\"2.33\"]\ndue = 2023-10-31\n"), ["unknown-task"]);
    assert_eq!(code("[task.\"2.3\"]\nlead = [\"Hiệu trưởn\"]\n"), ["unknown-name"]);
    assert_eq!(code("[task.\"2.3\"]\nstart = 2023-10-31\n"), ["missing-key"]);
    assert_eq!(code("[task.\"2.3\"]\nstart = 2023-11-01\ndue = 2023-10-31\n"), ["ends-before-start"]);
    assert_eq!(code("[task.\"2.3\"]\ntime = \"khi có kinh phí\"\n"), ["unresolved-time"]);
    assert_eq!(code("[task.\"2.3\"]\nid = \"2.4\"\n"), ["doubled-task"]);
    assert_eq!(code("[task.\"2.3\"]\nleads = [\"Kế toán\"]\n"), ["unknown-key"]);
}

/// The documents of `tests/plans` and its `layouts`.
fn all_documents() -> Vec<PathBuf> {
    let folders = [fixture(""), fixture("layouts")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let is_document = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ["docx", "xlsx", "csv"].iter().any(|known| ending == *known))
    };
    let mut documents: Vec<PathBuf> = files.filter(is_document).collect();
    documents.sort();
    documents
}

/// A school that has everybody whom these plans name, with this plan.
fn school_of_layouts(document: &Path) -> Files {
    let config = std::fs::read_to_string(fixture("layouts/school.toml")).unwrap();
    let name = document.file_name().unwrap().to_str().unwrap();
    let files = Files::new(&config, "");
    files.set("plan", &format!("{name:?}"));
    std::fs::copy(document, files.path(name)).unwrap();
    files
}

#[test]
fn an_imported_plan_is_the_same_plan() {
    for document in all_documents() {
        let name = document.file_name().unwrap().to_str().unwrap();
        let is_real = name.starts_with("ke-hoach");
        let files = match document.parent() {
            // What the configuration settles stays there, and settles the imported plan as well.
            _ if is_real => seed_with(name, if name.ends_with("xlsx") { SETTLED } else { "" }),
            Some(folder) if folder.ends_with("layouts") => school_of_layouts(&document),
            _ => school_with(name),
        };
        let document = files.path(name);
        let out = files.path("imported.toml");
        files.output(&["import", document.to_str().unwrap(), "-o", out.to_str().unwrap()]);
        if name == "ke-hoach-325-KH-TrTH.docx" {
            insta::assert_snapshot!("imported", files.read("imported.toml"));
        }
        let before = files.load().school.plan;
        files.set("plan", "\"imported.toml\"");
        let after = files.load().school.plan;
        let head = |plan: &nhacviec::plan::Plan| {
            (plan.number.clone(), plan.title.clone(), plan.issued, plan.standards.clone())
        };
        assert_eq!(head(&before), head(&after), "{name}");
        assert_eq!(before.tasks.len(), after.tasks.len(), "{name}");
        for (one, mut other) in before.tasks.into_iter().zip(after.tasks) {
            // Dates take the place of words that say less than the document's columns together, and the words are a comment.
            if other.time.is_none() {
                let written = one.time.clone().unwrap_or_default();
                assert!(files.read("imported.toml").contains(&written), "{name}: {written}");
                other.time.clone_from(&one.time);
            }
            assert_eq!(one, other, "{name}");
        }
        let again = files.output(&["import", out.to_str().unwrap()]);
        let plain = |text: &str| -> String {
            text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect()
        };
        assert_eq!(plain(&again), plain(&files.read("imported.toml")), "{name}");
        // What is there is not written over.
        files.program(&["import", document.to_str().unwrap(), "-o", out.to_str().unwrap()]).assert().code(1);
    }
}

/// What a careful secretary reads of a task, and what the program does: `None` where they agree, or where the program doubts.
fn difference(
    expected: &Value,
    task: &Task,
    people: &dyn Fn(&[String]) -> Vec<String>,
    doubted: bool,
) -> Option<String> {
    let open = |key: &str| expected[key] == "?";
    let names = |key: &str| -> Option<Vec<String>> {
        let names = expected[key].as_array()?;
        Some(people(&names.iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()))
    };
    let period = task.period();
    let dates = json!([
        period.and_then(|period| period.start).map(|day| day.to_string()),
        period.map(|period| period.due.to_string())
    ]);
    let folded = |text: &Value| nhacviec::text::fold(text.as_str().unwrap_or_default());
    let checks = [
        ("remedy", folded(&expected["remedy"]) == nhacviec::text::fold(&task.remedy)),
        (
            "criterion",
            expected.get("criterion").is_none_or(|criterion| criterion.as_str() == task.criterion.as_deref()),
        ),
        (
            "lead",
            if open("lead") { task.lead.is_empty() && doubted } else { names("lead") == Some(people(&task.lead)) },
        ),
        ("with", names("with").is_none_or(|with| with == people(&task.with))),
        (
            "time",
            if open("due") {
                period.is_none() && doubted
            } else {
                dates == json!([expected["start"], expected["due"]])
            },
        ),
        ("state", expected.get("state").is_none_or(|state| state.as_str() == task.current_state.as_deref())),
        (
            "status",
            expected.get("status").is_none_or(|status| {
                task.reported.is_some_and(|reported| reported.status.as_str() == status.as_str().unwrap())
            }),
        ),
        (
            "percent",
            expected.get("percent").is_none_or(|percent| {
                task.reported.is_some_and(|reported| reported.percent.map(u64::from) == percent.as_u64())
            }),
        ),
    ];
    let wrong: Vec<&str> = checks.iter().filter(|(_, right)| !right).map(|(what, _)| *what).collect();
    (!wrong.is_empty()).then(|| format!("{}: {wrong:?}: {expected} but {task:?}", task.name))
}

#[test]
fn plans_in_the_layouts_of_schools_are_read_as_a_careful_secretary_reads_them() {
    let mut wrong = Vec::new();
    for document in all_documents().into_iter().filter(|path| path.parent().unwrap().ends_with("layouts")) {
        let name = document.file_name().unwrap().to_str().unwrap().to_owned();
        let expected: Value = serde_json::from_slice(&std::fs::read(document.with_extension("json")).unwrap()).unwrap();
        let files = school_of_layouts(&document);
        let Loaded { school, .. } = files.load();
        let directory = &school.settings.people;
        let people = |names: &[String]| -> Vec<String> {
            let ids = names.iter().flat_map(|name| directory.resolve(name).unwrap().iter());
            let mut people: Vec<String> = ids.map(|id| directory.get(*id).name.clone()).collect();
            people.sort();
            people.dedup();
            people
        };
        let told = files.findings();
        let tasks = expected["tasks"].as_array().unwrap();
        assert_eq!(school.plan.tasks.len(), tasks.len(), "{name}: {:#?}", school.plan.tasks);
        for (expected, task) in tasks.iter().zip(&school.plan.tasks) {
            let doubted = told
                .iter()
                .any(|found| found["help"].as_str().unwrap_or_default().contains(&format!("[task.\"{}\"]", task.name)));
            wrong.extend(difference(expected, task, &people, doubted).map(|difference| format!("{name} {difference}")));
        }
        if let Some(letterhead) = expected.get("letterhead") {
            let not: Vec<&str> =
                letterhead["number_not"].as_array().unwrap().iter().map(|number| number.as_str().unwrap()).collect();
            assert!(!not.contains(&school.plan.number.as_str()), "{name}: {}", school.plan.number);
            assert!(school.plan.issued.to_string().as_str() >= letterhead["issued_from"].as_str().unwrap(), "{name}");
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn what_is_not_read_is_told() {
    let told = |name: &str| -> Vec<String> {
        let files = school_of_layouts(&fixture("layouts").join(name));
        files
            .findings()
            .iter()
            .filter(|found| found["file"].as_str().unwrap().ends_with(name))
            .map(|found| format!("{}: {}", found["code"].as_str().unwrap(), found["message"].as_str().unwrap()))
            .collect()
    };
    insta::assert_snapshot!(
        [
            "04-tieu-chuan-tieu-chi.xlsx",
            "05-font-vni.docx",
            "08-gach-bo-va-o-ve.docx",
            "11-phu-luc-nam-truoc.docx",
            "13-ten-hep-hon.docx",
            "14-cot-la.docx",
            "20-can-cu-va-chuc-danh.docx",
            "39-tiep-theo.docx",
            "41-stt-la-tieu-chi.docx",
            "44-dong-an.xlsx",
            "45-hai-bang-canh-nhau.xlsx"
        ]
        .map(|name| format!("{name}\n  {}", told(name).join("\n  ")))
        .join("\n")
    );
}

#[test]
fn the_configuration_settles_what_a_document_leaves_open() {
    let document = fixture("layouts/20-can-cu-va-chuc-danh.docx");
    let files = school_of_layouts(&document);
    let settled = "[plan_document]\nnumber = \"7/KH-THKĐ\"\nissued = 2023-09-20\ntitle = \"Kế hoạch của trường\"\n";
    files.append(settled);
    let plan = files.load().school.plan;
    assert_eq!((plan.number.as_str(), plan.title.as_str()), ("7/KH-THKĐ", "Kế hoạch của trường"));
    assert_eq!(plan.issued.to_string(), "2023-09-20");
    assert!(
        !files
            .findings()
            .iter()
            .any(|found| ["no-number", "no-date-of-issue"].contains(&found["code"].as_str().unwrap()))
    );
    // A column that nobody knows, and one that is meant otherwise.
    let columns = |columns: &str| {
        let files = school_of_layouts(&fixture("layouts/14-cot-la.docx"));
        files.append(&format!("[plan_document]\ncolumns = {columns}\n"));
        files
    };
    let files = columns("{ with = [\"Người cùng làm\"] }");
    assert_eq!(files.load().school.plan.tasks[0].with, ["KT"]);
    assert!(!files.findings().iter().any(|found| found["code"] == "unread-column"));
    let files = columns("{ lead = [\"người cùng làm\"], with = [\"Người thực hiện\"] }");
    assert_eq!(
        (&files.load().school.plan.tasks[0].lead[..], &files.load().school.plan.tasks[0].with[..]),
        (&["KT".to_owned()][..], &["CĐ".to_owned()][..])
    );
    let code = |text: &str| {
        columns(text).findings().iter().map(|found| found["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(code("{ with = [\"Người giúp\"] }").contains(&"unknown-heading".to_owned()));
    assert!(code("{ withs = [\"Người cùng làm\"] }").contains(&"unknown-key".to_owned()));
    assert!(code("{ with = [\"Mốc\"], due = [\"MỐC\"] }").contains(&"doubled-column".to_owned()));
}

/// A Word document with this text.
fn word(xml: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(xml).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
fn files_that_mean_harm_are_refused_at_once() {
    let head = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
    let bomb = word(&vec![b' '; 60 << 20]);
    assert!(bomb.len() < 1 << 20, "a bomb is small");
    let deep = word((head.to_owned() + &"<w:tbl><w:tr><w:tc>".repeat(100_000)).as_bytes());
    let endless = word((head.to_owned() + &"<w:p><w:r><w:t>x</w:t></w:r></w:p>".repeat(1_000_000)).as_bytes());
    let entities = "<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">\
                    <!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let entities =
        word(format!("{entities}{head}<w:p><w:r><w:t>&c;&x;</w:t></w:r></w:p></w:body></w:document>").as_bytes());
    let wide = "<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr><w:p/></w:tc></w:tr>".repeat(1000);
    let wide = word(format!("{head}<w:tbl>{wide}</w:tbl></w:body></w:document>").as_bytes());
    let real = std::fs::read(fixture("ke-hoach-325-KH-TrTH.docx")).unwrap();
    // Two cells, and the sheet claims to be as large as a sheet can be.
    let mut sparse = unpacked(&std::fs::read(fixture("workbook.xlsx")).unwrap());
    for (_, bytes) in sparse.iter_mut().filter(|(name, _)| name == "xl/worksheets/sheet1.xml") {
        let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c><c r=\"A1048576\"><v>1</v></c></row></sheetData>";
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace("</sheetData>", far).into_bytes();
    }
    let sheet = |cells: &str, merged: &str| -> Vec<u8> {
        let mut parts = unpacked(&std::fs::read(fixture("workbook.xlsx")).unwrap());
        let head = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
        for (_, bytes) in parts.iter_mut().filter(|(name, _)| name == "xl/worksheets/sheet1.xml") {
            *bytes = format!("{head}{cells}</sheetData><mergeCells>{merged}</mergeCells></worksheet>").into_bytes();
        }
        packed(&parts)
    };
    let numbered = |count: usize, form: &str| -> String {
        (1..count).map(|number| form.replace("{}", &number.to_string())).collect()
    };
    let far = numbered(19_000, "<row r=\"{}\"><c r=\"CV{}\"><v>1</v></c></row>");
    let few = numbered(2_000, "<row r=\"{}\"><c r=\"CV{}\"><v>1</v></c></row>");
    let areas = numbered(1_900, "<mergeCell ref=\"A{}:CV2000\"/>");
    // One long cell, merged down over all rows.
    let cell = |text: &str, merge: &str| {
        format!("<w:tc><w:tcPr><w:vMerge{merge}/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
    };
    let first = cell(&"việc ".repeat(100_000), " w:val=\"restart\"");
    let tall = format!("<w:tr>{first}</w:tr>") + &format!("<w:tr>{}</w:tr>", cell("", "")).repeat(10_000);
    let tall = word(format!("{head}<w:tbl>{tall}</w:tbl></w:body></w:document>").as_bytes());
    let rows = "TT,Nội dung,Người thực hiện,Thời gian\n".to_owned() + &"1,việc,Hiệu trưởng,10/2023\n".repeat(30_000);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("far.xlsx", sheet(&far, ""), "too-large"),
        ("merged.xlsx", sheet(&few, &areas), "too-large"),
        ("tall.docx", tall, "too-large"),
        ("rows.csv", rows.into_bytes(), "too-large"),
        ("bomb.docx", bomb, "too-large"),
        ("deep.docx", deep, "damaged-file"),
        ("endless.docx", endless, "too-large"),
        ("entities.docx", entities, "no-plan"),
        ("wide.docx", wide, "no-plan"),
        ("cut.docx", real[..real.len() / 2].to_vec(), "damaged-file"),
        ("empty.docx", Vec::new(), "wrong-format"),
        ("old.docx", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].to_vec(), "wrong-format"),
        ("really.docx", b"%PDF-1.7\n".to_vec(), "wrong-format"),
        ("broken.docx", word(b"<w:document><w:body></w:p>"), "damaged-file"),
        ("~$plan.docx", b"\x05Hiu".to_vec(), "lock-file"),
        ("sparse.xlsx", packed(&sparse), "too-large"),
        ("really.xlsx", real.clone(), "wrong-format"),
        ("old.xlsx", vec![0xD0, 0xCF, 0x11, 0xE0], "wrong-format"),
        ("windows.csv", vec![b'T', b'T', b',', 0xD3, b'\n'], "not-utf-8"),
        ("binary.csv", vec![0, 1, 2, 0, 3], "not-utf-8"),
        ("plan.doc", real, "unknown-format"),
    ];
    for (name, bytes, code) in cases {
        let files = Files::of_document(name, &bytes);
        let Err(diagnostics) = files.try_load() else { panic!("{name} was read") };
        let errors: Vec<&str> = diagnostics.as_slice().iter().map(nhacviec::diagnostic::Diagnostic::code).collect();
        assert!(errors.contains(&code), "{name}: {errors:?}");
    }
}

/// The parts of an archive by name.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            std::io::copy(&mut part, &mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_its_reader_cannot_bear_is_a_damaged_workbook() {
    let mut parts = unpacked(&std::fs::read(fixture("workbook.xlsx")).unwrap());
    let sheet = parts.iter_mut().find(|(name, _)| name.contains("worksheets/sheet1")).unwrap();
    let text = String::from_utf8(sheet.1.clone()).unwrap();
    sheet.1 = text.replacen("<row r=\"2\"><c r=\"B2\"", "<row r=\"2\"><c r=\"AAAAAAAAAAAAAAAA2\"", 1).into_bytes();
    let files = school_with("workbook.xlsx");
    std::fs::write(files.path("workbook.xlsx"), packed(&parts)).unwrap();
    let diagnostics = files.try_load().map(|_| ()).unwrap_err();
    let text = nhacviec::diagnostic::text(&diagnostics.into_sorted(), Language::English);
    assert!(text.contains("damaged-file") && text.contains("save it again in Excel"), "{text}");
}

/// Damages some bytes: taken away, doubled, or changed.
fn damaged(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..8) {
        if bytes.is_empty() {
            break;
        }
        let start = random.usize(0..bytes.len());
        let end = (start + random.usize(0..200)).min(bytes.len());
        match random.u8(0..3) {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let piece = bytes[start..end].to_vec();
                let place = random.usize(0..=bytes.len());
                bytes.splice(place..place, piece);
            }
            _ => bytes[start] = random.u8(..),
        }
    }
    bytes
}

#[test]
fn damaged_documents_get_an_answer() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    for name in ["two-line-headings.docx", "plain-xml.docx", "workbook.xlsx", "comma.csv", "tab-utf-16.csv"] {
        let whole = std::fs::read(fixture(name)).unwrap();
        let files = school_with(name);
        for round in 0..60 {
            let bytes = if name.ends_with("csv") || round % 10 == 0 {
                damaged(&whole, &mut random)
            } else {
                let mut parts = unpacked(&whole);
                let texts: Vec<usize> = (0..parts.len())
                    .filter(|place| parts[*place].0.contains("document.xml") || parts[*place].0.contains("sheet"))
                    .collect();
                let place = texts[random.usize(0..texts.len())];
                parts[place].1 = damaged(&parts[place].1, &mut random);
                packed(&parts)
            };
            std::fs::write(files.path(name), &bytes).unwrap();
            if let Err(found) = files.try_load() {
                assert!(found.has_errors(), "{name} was refused without a word (seed {seed})");
            }
        }
    }
}

#[tokio::test]
async fn what_a_document_says_of_a_task_is_a_report_that_takes_nothing_back() {
    use nhacviec::clock::Clock;
    use nhacviec::daemon::Daemon;
    use nhacviec::plan::{Status, TaskId};
    use nhacviec::progress::{How, ProgressEntry};

    let files = school_with("comma.csv");
    let clock = Clock::standing_at("2023-10-10T08:00:00+07:00".parse().unwrap());
    let store = files.store().await;
    let id = TaskId::new("1.1");
    let says = async |status: &str| {
        let head = "TT,Tiêu chí,Biện pháp,Người thực hiện,Thời gian,Mức độ thực hiện";
        files.write("comma.csv", &format!("{head}\n1,Tiêu chí 1.1,Sơn tường,Hiệu trưởng,12/2023,{status}\n"));
        let loaded = files.load();
        let school = loaded.school.clone();
        Daemon::new(loaded, store.clone(), clock.clone()).pass(&mut ()).await.unwrap();
        let progress = store.progress(&school).await.unwrap();
        (progress.history(&id).len(), progress.status(&id), progress.percent(&id))
    };
    let reports = async |status: Status, percent: Option<u8>| {
        let at = clock.now();
        let (by, how) = (Some("Hiệu trưởng".to_owned()), How::Command);
        let entry = ProgressEntry { at, status, percent, note: None, evidence: Vec::new(), by, how };
        common::report(&store, &files.load().school, "1.1", entry).await;
    };
    assert_eq!(says("Chưa thực hiện").await, (0, Status::NotStarted, 0));
    assert_eq!(says("Đang thực hiện - 40%").await, (1, Status::InProgress, 40));
    assert_eq!(says("Đang thực hiện  40%").await.0, 1, "the same is not reported twice");
    reports(Status::InProgress, Some(60)).await;
    assert_eq!(says("Đang thực hiện - 50%").await, (2, Status::InProgress, 60));
    assert_eq!(says("Đang thực hiện - 80%").await, (3, Status::InProgress, 80));
    reports(Status::Done, Some(100)).await;
    assert_eq!(says("Đang thực hiện - 90%").await, (4, Status::Done, 100));
    // Words that are not understood are told.
    files.edit("comma.csv", "Đang thực hiện - 90%", "tốt");
    assert!(
        files
            .findings()
            .iter()
            .any(|found| found["code"] == "unknown-status" && found["heading"] == "Mức độ thực hiện")
    );
}

/// A CSV plan whose rows say how often work recurs, in words, in a column beside its dates, and not at all.
const RECURRING: &str = "Tiêu chí,Nội dung công việc,Người thực hiện,Thời gian,Bắt đầu,Hạn hoàn thành\n\
    1.1,Họp tổ chuyên môn,Hiệu trưởng,Hằng tháng,,\n\
    1.2,Kiểm tra hồ sơ,Hiệu trưởng,2 lần/học kỳ,,\n\
    1.3,Vệ sinh môi trường,Hiệu trưởng,Thường xuyên,,\n\
    1.4,Rà soát cơ sở vật chất,Hiệu trưởng,Hằng quý,10/2023,4/2024\n\
    1.5,Mua sách,Hiệu trưởng,10/2023,,\n\
    1.6,Dự giờ,Hiệu trưởng,Hàng tuần,,5/2024\n";

fn recurring() -> Files {
    let text = format!("Số: 1/KH\nngày 12 tháng 9 năm 2023\nKẾ HOẠCH\n{RECURRING}");
    Files::of_document("plan.csv", text.as_bytes())
}

/// What `status` says each task recurs by.
fn recurrences(files: &Files) -> Vec<String> {
    let tasks = files.lines(&["status"]).into_iter().filter(|line| line["type"] == "task");
    tasks.map(|task| task.get("recurring").map_or("-".to_owned(), |word| word.as_str().unwrap().to_owned())).collect()
}

#[test]
fn how_often_work_recurs_is_read_shown_and_kept() {
    let files = recurring();
    let expected = ["month", "term", "-", "term", "-", "month"];
    assert_eq!(recurrences(&files), expected);
    let check = files.output(&["check"]);
    for said in [
        "\"Hằng tháng\" is read as 2023-09-05 to 2024-05-31, each month (1.1)",
        "\"2 lần/học kỳ\" is read as 2023-09-05 to 2024-05-31, each term (1.2)",
        "\"Thường xuyên\" is read as 2023-09-05 to 2024-05-31 (1.3)",
        "is read as 2023-10-01 to 2024-04-30, each term (1.4)",
    ] {
        assert!(check.contains(said), "{said}\n{check}");
    }
    assert!(!check.contains("\"10/2023\" is read as"), "a plain month needs no word: {check}");
    // As TOML it recurs as it did, also where dates stand for the words.
    files.write("imported.toml", &files.output(&["import", files.path("plan.csv").to_str().unwrap()]));
    files.edit("nhacviec.toml", "plan.csv", "imported.toml");
    assert_eq!(recurrences(&files), expected);
    assert_eq!(files.read("imported.toml").matches("recurring = ").count(), 2, "{}", files.read("imported.toml"));
}

#[test]
fn how_often_work_recurs_can_be_said_in_a_plan_and_in_the_configuration() {
    let tasks = [
        common::task("1.1", "Phó Hiệu trưởng", "due = 2024-05-24\nrecurring = \"month\""),
        common::task("1.2", "Phó Hiệu trưởng", "time = \"Hằng tháng\"\nrecurring = \"term\""),
        common::task("1.3", "Phó Hiệu trưởng", "time = \"Thường xuyên\""),
        common::task("1.4", "Phó Hiệu trưởng", "time = \"10/2023\""),
    ];
    let config =
        format!("{}\n[task.\"1.3\"]\nrecurring = \"month\"\n[task.\"1.4\"]\ntime = \"Mỗi học kỳ\"\n", common::CONFIG);
    let files = Files::new(&config, &common::plan(&tasks));
    assert_eq!(recurrences(&files), ["month", "term", "month", "term"]);
    assert!(files.output(&["check"]).contains("\"Mỗi học kỳ\" is read as 2023-09-05 to 2024-05-31, each term (1.4)"));
    // Another word is a mistake, in either place.
    for (file, from) in [("plan.toml", "recurring = \"term\""), ("nhacviec.toml", "recurring = \"month\"")] {
        let before = files.read(file);
        files.edit(file, from, "recurring = \"year\"");
        let mut found = files.findings();
        found.retain(|found| found["code"] != "never-told" && found["code"] != "never-asked");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0]["message"].as_str().unwrap().contains("`year`"), "{found:?}");
        assert!(found[0]["help"].as_str().unwrap().contains("`month`"), "{found:?}");
        files.write(file, &before);
    }
}

#[test]
fn two_doubts_about_a_task_are_settled_by_one_block() {
    let rows =
        "1.1; 1.2,Sơn tường,Người lạ,khi có kinh phí\n1.3,Mua sách,Người lạ,31/9/2023\n1.3,Đọc sách,Hiệu trưởng,\n";
    let head = "Số: 1/KH\nngày 12 tháng 9 năm 2023\nKẾ HOẠCH\nTiêu chí,Nội dung công việc,Người thực hiện,Thời gian\n";
    let text = format!("{head}{rows}").replace("1.1; 1.2", "\"1.1; 1.2\"");
    let files = Files::of_document("plan.csv", text.as_bytes());
    let told = files.findings();
    let of_tasks: Vec<&Value> = told.iter().filter(|found| found["code"] != "never-told").collect();
    assert_eq!(of_tasks.len(), 6, "{told:?}");
    let more: String = of_tasks
        .iter()
        .flat_map(|found| found["help"].as_str().unwrap().lines().skip(1))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert_eq!(more.matches("[task.").count(), 3, "{more}");
    let more = more
        .replace("lead = [\"…\"]", "lead = [\"Hiệu trưởng\"]")
        .replace("time = \"…\"", "time = \"10/2023\"")
        .replace("criterion = \"…\"", "criterion = \"1.2\"");
    files.write("nhacviec.toml", &format!("{}\n{more}", files.read("nhacviec.toml")));
    let left = files.findings();
    assert!(left.iter().all(|found| found["code"] == "never-told"), "{more}\n{left:?}");
}

/// What a table in CSV says of each task, from when on and until when, and the codes of what is told.
fn read_rows(rows: &str) -> (Vec<String>, Vec<String>) {
    let text = format!("Số: 1/KH\nngày 12 tháng 9 năm 2023\nKẾ HOẠCH\n{rows}");
    let files = Files::of_document("plan.csv", text.as_bytes());
    let codes = files.codes();
    let date = |line: &Value, key: &str| line[key].as_str().unwrap_or("?").to_owned();
    let tasks = files.lines(&["status"]).into_iter().filter(|line| line["type"] == "task");
    (tasks.map(|line| format!("{} – {}", date(&line, "start"), date(&line, "due"))).collect(), codes)
}

#[test]
fn nothing_of_a_row_is_passed_over() {
    // A month that is none is no other month, and "như trên" is the one above.
    let (periods, codes) = read_rows(
        "STT,Nội dung công việc,Người thực hiện,Tháng,Tuần\n1,Mua sách,Hiệu trưởng,10,3\n\
         2,Sơn bàn ghế,Hiệu trưởng,nt,4\n3,Họp tổ,Hiệu trưởng,theo lịch,2\n4,Dạy thử,Hiệu trưởng,Tháng 13,2\n",
    );
    assert_eq!(periods, ["2023-10-15 – 2023-10-21", "2023-10-22 – 2023-10-28", "? – ?", "? – ?"]);
    assert_eq!(codes, ["unresolved-time", "unresolved-time"]);
    // Columns of times that do not go together.
    let (periods, codes) = read_rows(
        "STT,Nội dung công việc,Người thực hiện,Thời gian,Hạn hoàn thành,Ngày bắt đầu\n\
         1,Mua sách,Hiệu trưởng,khi có kinh phí,15/10/2023,\n2,Sơn bàn ghế,Hiệu trưởng,12/2023,15/11/2023,\n\
         3,Họp tổ,Hiệu trưởng,10/2023,,01/11/2023\n4,Dạy thử,Hiệu trưởng,10/2023,,09/10/2023\n\
         5,Trồng cây,Hiệu trưởng,11/2023,15/11/2023,\n",
    );
    let read = [
        "? – 2023-10-15",
        "? – 2023-11-15",
        "2023-10-01 – 2023-10-31",
        "2023-10-09 – 2023-10-31",
        "2023-11-01 – 2023-11-15",
    ];
    assert_eq!(periods, read);
    assert_eq!(codes, ["other-time", "other-time", "other-time"]);
    // A cell below no heading; numbers there only number the rows.
    let head = "Nội dung công việc,Người thực hiện,Thời gian,\n";
    let (_, codes) = read_rows(&format!("{head}Mua sách,Hiệu trưởng,10/2023,chỉ khi có tiền\n"));
    assert!(codes.contains(&"unread-column".to_owned()), "{codes:?}");
    let (_, codes) = read_rows(&format!("{head}Mua sách,Hiệu trưởng,10/2023,1\nHọp tổ,Hiệu trưởng,10/2023,2\n"));
    assert!(!codes.contains(&"unread-column".to_owned()), "{codes:?}");
    // Somebody above their own tasks signs nothing yet, and to compile is no sum.
    let (periods, _) = read_rows(
        "Nội dung công việc,Người thực hiện,Thời gian\nKế toán,,\nMua sách,Hiệu trưởng,10/2023\n\
         Tổng hợp số liệu,,\nTổng cộng,,\nHiệu trưởng,,\nNguyễn Văn A,,\n",
    );
    assert_eq!(periods.len(), 2, "{periods:?}");
}

#[test]
fn the_sign_between_cells_is_the_one_that_divides_the_headings() {
    let semicolons = "Rà soát; phân loại; bổ sung; lưu trữ; báo cáo; công khai";
    let commas = "Rà soát, phân loại, bổ sung, lưu trữ, báo cáo, công khai";
    for (sign, headings, remedy) in [
        (",", "TT|Nội dung|Biện pháp|Người thực hiện|Thời gian", semicolons),
        (",", "TT|Nội dung|\"Biện pháp; giải pháp, cách làm\"|Người thực hiện|Thời gian", "\"Sơn; quét, dọn; lau\""),
        (";", "TT|Nội dung, biện pháp|Người thực hiện, phối hợp|Thời gian, tiến độ", commas),
        (";", "TT|Nội dung, biện pháp, sản phẩm|Người chủ trì, phối hợp|Thời gian, tiến độ", "Rà soát, phân loại"),
        (";", "TT|Nội dung|\"Biện pháp; cách làm\"|Người thực hiện|Thời gian", "\"Sơn; quét, dọn; lau\""),
        ("\t", "TT|Nội dung|Biện pháp|Người thực hiện|Thời gian", semicolons),
        ("\t", "TT|Nội dung|Biện pháp|Người thực hiện|Thời gian", commas),
    ] {
        let is_short = headings.matches('|').count() == 3;
        let row = |number: u8, due: &str| {
            let subject = if is_short { String::new() } else { format!("Việc {number}|") };
            format!("{number}|{subject}{remedy}|Hiệu trưởng|{due}\n").replace('|', sign)
        };
        let rows = [row(1, "10/2023"), row(2, "11/2023"), row(3, "12/2023")].concat();
        let text = format!("Số: 1/KH; ngày 12 tháng 9 năm 2023\nKẾ HOẠCH\n{}\n{rows}", headings.replace('|', sign));
        let files = Files::of_document("plan.csv", text.as_bytes());
        let plan = files.load().school.plan;
        let remedies: Vec<&str> = plan.tasks.iter().map(|task| task.remedy.as_str()).collect();
        assert_eq!(remedies, [remedy.trim_matches('"'); 3], "{sign:?} {headings}");
        let due: Vec<String> = plan.tasks.iter().map(|task| task.period().unwrap().due.to_string()).collect();
        assert_eq!(due, ["2023-10-31", "2023-11-30", "2023-12-31"], "{sign:?} {headings}");
    }
}
