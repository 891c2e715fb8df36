//! Documents that are larger, deeper or longer than any plan: each gets an answer, and what is refused is refused by its size.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::io::Write as _;

use common::Files;
use nhacviec::language::Language;

/// An archive of these parts.
fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const HEADINGS: [&str; 4] = ["TT", "Nội dung", "Người thực hiện", "Thời gian"];

/// A Word document of a plan's table with these rows, and other parts.
fn word(rows: &[[&str; 4]], others: &[(&str, String)]) -> Vec<u8> {
    let mut body = String::new();
    for row in std::iter::once(&HEADINGS).chain(rows) {
        body.push_str("<w:tr>");
        for text in row {
            let paragraphs = text.split('\n').map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"));
            write!(body, "<w:tc>{}</w:tc>", paragraphs.collect::<String>()).unwrap();
        }
        body.push_str("</w:tr>");
    }
    let document = format!("<w:document {WORD}><w:body><w:tbl>{body}</w:tbl></w:body></w:document>");
    let mut relations = String::from("<Relationships>");
    for (number, (name, _)) in others.iter().enumerate() {
        let kind = name.trim_start_matches("word/").trim_end_matches(".xml");
        write!(relations, "<Relationship Id=\"r{number}\" Type=\"{RELATION}/{kind}\" Target=\"/{name}\"/>").unwrap();
    }
    relations.push_str("</Relationships>");
    let mut parts = vec![("word/document.xml", document), ("word/_rels/document.xml.rels", relations)];
    parts.extend(others.iter().map(|(name, text)| (*name, text.clone())));
    archive(&parts)
}

/// A workbook of one sheet with these rows in XML, and its styles.
fn workbook(rows: &str, styles: &str) -> Vec<u8> {
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{RELATION}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"r2\" Type=\"{RELATION}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    archive(&[
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"KH\" r:id=\"r1\"/></sheets></workbook>".to_owned()),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/styles.xml", styles.to_owned()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

/// The codes of what keeps a plan from being read; none where it is read.
fn refused(name: &str, bytes: &[u8]) -> Vec<&'static str> {
    match Files::of_document(name, bytes).try_load() {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics.as_slice().iter().map(nhacviec::diagnostic::Diagnostic::code).collect(),
    }
}

fn csv(rows: &str) -> Vec<u8> {
    format!("{}\n{rows}", HEADINGS.join(",")).into_bytes()
}

#[test]
fn what_is_larger_than_any_plan_is_refused_by_its_size() {
    let long = "việc ".repeat(6_000_000);
    let inline = format!("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{long}</t></is></c></row>");
    let numbered = |count: usize, form: &str| -> String {
        (0..count).map(|number| form.replace("{}", &number.to_string())).collect()
    };
    let styles = format!("<w:styles {WORD}>{}</w:styles>", numbered(400_000, "<w:style w:styleId=\"s{}\"/>"));
    let formats = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf numFmtId=\"1\"/>".repeat(100_000));
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("one cell of 30 MB in Word", "cell.docx", word(&[["1", &long, "Hiệu trưởng", "10/2023"]], &[])),
        ("one cell of 30 MB in Excel", "cell.xlsx", workbook(&inline, "<styleSheet/>")),
        ("40 MB on a line", "line.csv", csv(&format!("1,{},Hiệu trưởng,10/2023\n", "việc ".repeat(8_000_000)))),
        ("a cell of 2 MB in CSV", "cell.csv", csv(&format!("1,{},Hiệu trưởng,10/2023\n", "việc ".repeat(400_000)))),
        (
            "400 000 styles",
            "styles.docx",
            word(&[["1", "Việc", "Hiệu trưởng", "10/2023"]], &[("word/styles.xml", styles)]),
        ),
        ("100 000 formats", "formats.xlsx", workbook("<row><c><v>1</v></c></row>", &formats)),
        ("rows without end", "rows.xlsx", workbook(&"<row><c><v>1</v></c></row>".repeat(30_001), "<styleSheet/>")),
    ];
    for (what, name, bytes) in cases {
        let codes = refused(name, &bytes);
        assert!(codes.contains(&"too-large"), "{what}: {codes:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_swallows_no_tasks() {
    let rows =
        "1,\"Sắp xếp hồ sơ,Hiệu trưởng,10/2023\n2,Dự giờ,Phó Hiệu trưởng,11/2023\n3,Mua sách,Hiệu trưởng,12/2023\n";
    assert!(refused("open.csv", &csv(rows)).contains(&"damaged-file"));
    // One that stands for inches opens nothing.
    let inches = "1,Mua bảng 3\" cho lớp,Hiệu trưởng,10/2023\n2,Dự giờ,Phó Hiệu trưởng,11/2023\n";
    assert_eq!(Files::of_document("inches.csv", &csv(inches)).load().school.plan.tasks.len(), 2);
}

#[test]
fn many_paragraphs_in_a_cell_are_its_text() {
    let long = vec!["một việc"; 30_000].join("\n");
    let files = Files::of_document("paragraphs.docx", &word(&[["1", &long, "Hiệu trưởng", "10/2023"]], &[]));
    let plan = files.load().school.plan;
    assert_eq!(plan.tasks.len(), 1);
    assert_eq!(plan.tasks[0].remedy.matches("một việc").count(), 30_000);
}

#[test]
fn a_plan_that_is_a_pipe_is_not_waited_for() {
    let files = Files::new(common::CONFIG, "");
    files.set("plan", "\"pipe.csv\"");
    let made = std::process::Command::new("mkfifo").arg(files.path("pipe.csv")).status().unwrap();
    assert!(made.success());
    let Err(found) = files.try_load() else { panic!("a pipe was read") };
    assert!(found.as_slice().iter().any(|found| found.code() == "unreadable-file"), "{:?}", found.as_slice());
}

#[test]
fn a_plan_without_a_task_is_an_error() {
    for (name, bytes) in [
        ("empty.csv", csv("")),
        ("totals.csv", csv(",Tổng cộng,,\n,HIỆU TRƯỞNG,,\n")),
        ("empty.docx", word(&[["", "", "", ""]], &[])),
        ("plan.toml", (common::plan(&[]) + "task = []\n").into_bytes()),
    ] {
        assert!(refused(name, &bytes).contains(&"no-task"), "{name}: {:?}", refused(name, &bytes));
    }
}

#[test]
fn files_of_other_programs_are_called_by_what_they_are() {
    let odt = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.text".to_owned()),
        ("content.xml", "<a/>".to_owned()),
    ]);
    let cases: [(&str, &[u8], &str); 8] = [
        ("plan.doc", b"", "Word 97-2003"),
        ("plan.xls", b"", "Excel 97-2003"),
        ("plan.docm", b"", "macros"),
        ("plan.xlsm", b"", "macros"),
        ("plan.odt", b"", "another program"),
        ("plan.pdf", b"%PDF-1.7", "PDF"),
        ("plan.docx", &odt, "LibreOffice"),
        ("plan.xlsx", &word(&[], &[]), "Word document"),
    ];
    for (name, bytes, kind) in cases {
        let Err(found) = Files::of_document(name, bytes).try_load() else { panic!("{name} was read") };
        let told = found.as_slice().iter().find(|found| found.explained_in(Language::English).message.contains(kind));
        let told = told.unwrap_or_else(|| panic!("{name}: {:?}", found.as_slice()));
        assert!(
            told.explained_in(Language::English)
                .help
                .is_some_and(|help| help.contains("save") || help.contains("name")),
            "{told:?}"
        );
    }
}

#[test]
fn ten_thousand_rows_and_two_thousand_doubts_are_read_and_told() {
    let mut rows = String::new();
    for row in 1..=10_000 {
        let who = if row % 5 == 0 { "Người lạ" } else { "Hiệu trưởng" };
        writeln!(rows, "{row},Việc số {row},{who},10/2023").unwrap();
    }
    let loaded = Files::of_document("rows.csv", &csv(&rows)).load();
    assert_eq!(loaded.school.plan.tasks.len(), 10_000);
    let doubts = loaded.doubts.as_slice().iter().filter(|found| found.code() == "unknown-lead").count();
    assert_eq!(doubts, 2_000);
}

#[test]
fn what_stands_right_of_the_last_column_that_is_read_is_told() {
    let beside = ",".repeat(96);
    let in_csv = csv(&format!("1,Mua bảng,Hiệu trưởng,10/2023{beside},,xa quá\n"));
    let own = ["TT", "Nội dung", "Người thực hiện", "Thời gian"];
    let row = |number: usize, texts: [&str; 4], far: &str| {
        let cell = |place: String, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let near: String = ["A", "B", "C", "D"]
            .iter()
            .zip(texts)
            .map(|(column, text)| cell(format!("{column}{number}"), text))
            .collect();
        format!("<row r=\"{number}\">{near}{}</row>", cell(format!("CX{number}"), far))
    };
    let rows = row(1, own, "") + &row(2, ["1", "Mua bảng", "Hiệu trưởng", "10/2023"], "xa quá");
    for (name, bytes) in [("far.csv", in_csv), ("far.xlsx", workbook(&rows, "<styleSheet/>"))] {
        let loaded = Files::of_document(name, &bytes).load();
        assert_eq!(loaded.school.plan.tasks.len(), 1, "{name}");
        let told: Vec<_> = loaded.doubts.as_slice().iter().filter(|found| found.code() == "too-many-columns").collect();
        assert_eq!(told.len(), 1, "{name}: {:?}", loaded.doubts.as_slice());
    }
}
