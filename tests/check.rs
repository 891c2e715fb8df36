//! `check` names every mistake of everything it reads, in one run, where it is.
#![allow(clippy::unwrap_used)]

mod common;

use common::settings::{Edit, Settings};
use common::{CONFIG, Files, plan, task};

/// Every finding as `file:line:column code`, and whether `check` found all fine.
fn findings(files: &Files) -> (Vec<String>, bool) {
    let output = files.program(&["check", "--format", "json"]).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let found = lines
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let file = std::path::Path::new(line["file"].as_str().unwrap()).file_name().unwrap().to_owned();
            format!("{}:{}:{} {}", file.to_string_lossy(), line["line"], line["column"], line["code"].as_str().unwrap())
        })
        .collect();
    (found, output.status.success())
}

/// What `check` prints for a person in English, with the folder's name taken out.
fn printed(files: &Files) -> String {
    printed_by(files, &mut files.program(&["check"]))
}

/// What it prints where the configuration alone says in which language.
fn printed_as_configured(files: &Files) -> String {
    printed_by(files, files.program(&["check"]).env_remove("NHACVIEC_LANGUAGE").env("LANG", "en_US.UTF-8"))
}

fn printed_by(files: &Files, program: &mut assert_cmd::Command) -> String {
    let output = program.output().unwrap();
    String::from_utf8(output.stdout).unwrap().replace(&format!("{}/", files.folder.path().display()), "")
}

#[test]
fn the_shipped_school_has_the_two_traps_of_its_plan_and_nothing_else() {
    let (found, fine) = findings(&Files::seed());
    assert!(fine);
    let codes: Vec<&str> = found.iter().map(|found| found.split(' ').next_back().unwrap()).collect();
    assert_eq!(codes, ["unresolved-time", "due-before-issue"]);
    insta::assert_snapshot!(printed(&Files::seed()));
    insta::assert_snapshot!("the_shipped_school_in_vietnamese", printed_as_configured(&Files::seed()));
}

#[test]
fn every_mistake_of_a_file_is_told_in_one_run() {
    let files =
        Files::new(include_str!("check/mistakes.toml"), &plan(&[task("1.1", "Hiệu trưởng", "time = \"10/2023\"")]));
    let (found, fine) = findings(&files);
    assert!(!fine);
    assert!(found.len() >= 30, "only {} found", found.len());
    insta::assert_snapshot!(found.join("\n"));
    insta::assert_snapshot!("mistakes_as_printed", printed(&files));
}

/// A long list of people is parsed in parts, which nobody must notice.
#[test]
fn a_long_configuration_is_told_of_like_a_short_one() {
    let people = "[[person]]\nname = \"Hiệu trưởng\"\nroles = [\"Giáo viên\"]\nemail = \"x\"\n\n";
    let strangers = |count: usize| -> String {
        let one = |number| {
            format!(
                "[[person]]\nname = \"Giáo viên {number}\"\nroles = [\"Giáo viên\"]\nemail = \"gv{number}@school.example\"\n\n"
            )
        };
        (0..count).map(one).collect()
    };
    let mistaken = "[[person]]\nname = \"Kế toán\"\nrole = [\"Kế toán\"]\nemail = \"ke-toan@school.example\"\n\
        away = [{ from = 2024-01-19, to = 2024-01-08, deputy = \"Hiệu trường\" }, { from = 2024-01-19, deputy = \"Kế toán\" }]\n\n\
        [[person]]\nname = \"Hiệu trưởng\"\nvia = [\"thư\"]\n\n\
        [[group]]\nname = \"Tổ\"\nmembers = [\"Giáo viên\", \"Kế toan\"]\n\n\
        [channel.email]\nkind = \"fil\"\n";
    let mut head = Settings::new(CONFIG.split("[[person]]").next().unwrap());
    head.edit(Edit::Set("admin", "\"Hiệu trưởng\""));
    for review in ["review.month.to", "review.term.to", "review.year.to"] {
        head.edit(Edit::Set(review, "[\"Giáo viên\"]"));
    }
    let head = head.to_string();
    let found = |count: usize| -> Vec<String> {
        let config = [&head, people, &strangers(count), mistaken].concat();
        let first = head.lines().count() + people.lines().count();
        let files = Files::new(&config, &plan(&[task("1.1", "Giáo viên", "time = \"10/2023\"")]));
        let moved = |found: String| {
            let [file, line, rest] = found.splitn(3, ':').collect::<Vec<_>>().try_into().unwrap();
            let line: usize = line.parse().unwrap();
            let line = if line > first { line - count * 5 } else { line };
            format!("{file}:{line}:{rest}")
        };
        findings(&files).0.into_iter().map(moved).collect()
    };
    let short = found(1);
    assert!(short.len() > 8, "{short:?}");
    assert_eq!(found(8000), short);
}

#[test]
fn every_mistake_of_a_plan_is_told_where_it_is() {
    let text = r#"
number = "1/KH"
title = "Kế hoạch"
issued = 2023-09-12
framwork = "17/2018"

[[task]]
id = "1.1"
remedy = "a"
lead = ["Hiệu trưởng", "Nhà trường"]
time = "10/2023"
[[task]]
id = "1.1"
remedy = "b"
lead = []
time = "Theo kế hoạch"
[[task]]
id = "1.2"
lead = ["Hieu truong"]
start = 2023-12-01
due = 2023-11-01
time = "11/2023"
[[task]]
id = "1.3"
remedy = "c"
lead = ["Hiệu trưởng"]
due = "31/12/2023"
[[task]]
id = "1.4"
remedy = "d"
lead = ["Hiệu trưởng"]
time = "6/2023"
"#;
    let files = Files::new(CONFIG, text);
    insta::assert_snapshot!(findings(&files).0.join("\n"));
}

#[test]
fn mistakes_of_syntax_and_doubled_keys_are_all_told() {
    let files = Files::of(&[task("1.1", "Hiệu trưởng", "time = \"10/2023\"")]);
    files.edit("nhacviec.toml", "timezone = ", "timezone ");
    files.edit("nhacviec.toml", "at = \"07:00\"", "at = \"07:00\"\nat = \"08:00\"");
    let (found, fine) = findings(&files);
    assert!(!fine);
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn every_mistake_of_a_holiday_file_is_told_where_it_is() {
    let files = Files::of(&[task("1.1", "Hiệu trưởng", "time = \"10/2023\"")]);
    files.write(
        "holidays.toml",
        "[[holiday]]\ndate = 2023-02-30\nname = \"?\"\n[[holiday]]\nfrom = 2024-01-02\nto = 2024-01-01\nname = \"a\"\n\
         [[holiday]]\ndate = 2023-09-02\nname = \"b\"\n[[workday]]\ndate = 2023-09-02\nname = \"b\"\n\
         [[holiday]]\nname = \"c\"\n",
    );
    insta::assert_snapshot!(findings(&files).0.join("\n"));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let files = Files::new(CONFIG, "");
    std::fs::remove_file(files.path("plan.toml")).unwrap();
    files.write("holidays.toml", "[[holiday]]\ndate = 2023-09-02\nname = \"\u{1}\"");
    std::fs::write(files.path("holidays.toml"), b"name = \"\xff\xfe\"").unwrap();
    let (found, fine) = findings(&files);
    assert!(!fine);
    assert_eq!(found, ["nhacviec.toml:2:8 unreadable-file", "nhacviec.toml:16:12 not-utf-8"]);
    files.set("plan", "\"plan.pdf\"");
    assert_eq!(findings(&files).0[0], "nhacviec.toml:2:8 unknown-format");
}

#[test]
fn a_name_in_another_composition_is_the_same_name() {
    let decomposed = "Hie\u{323}\u{302}u tru\u{31b}o\u{31b}\u{309}ng";
    let files = Files::of(&[task("1.1", decomposed, "time = \"10/2023\"")]);
    assert!(findings(&files).1);
}

#[test]
fn somebody_who_is_never_told_anything_is_a_warning() {
    let files = Files::of(&[task("1.1", "Chuyên môn", "time = \"10/2023\"")]);
    files.append("[[person]]\nname = \"Bảo vệ\"\nemail = \"bao-ve@school.example\"\n");
    let (found, fine) = findings(&files);
    assert!(fine);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("never-told"), "{found:?}");
}

#[test]
fn a_broken_template_is_found_with_its_line() {
    let files = Files::of(&[task("1.1", "Chuyên môn", "time = \"10/2023\"")]);
    files.add("templates", "\"templates\"");
    let codes = |files: &Files| findings(files).0;
    files.write("templates/vi/reminder.txt", "Kính gửi {{ recipient }},\n{{ sections[0].tasks[0].nonsense }}\n");
    assert_eq!(codes(&files), ["reminder.txt:2:1 broken-template"]);
    files.write("templates/vi/reminder.txt", "Kính gửi {{ recipient }},\n\n{% if %}\n");
    assert_eq!(codes(&files), ["reminder.txt:3:1 broken-template"]);
    files.write("templates/vi/reminder.txt", "Kính gửi {{ recipient }}.\n");
    assert!(codes(&files).is_empty());
    // Of several notes one alone would be shown.
    files.write("templates/vi/note.txt", "Kính gửi {{ recipient }}, {{ about.title }}.\n");
    assert_eq!(codes(&files), ["note.txt:null:null broken-template"]);
    files.write("templates/vi/note.txt", "Kính gửi {{ recipient }}, {{ said|join }}\n");
    assert!(codes(&files).is_empty());
}

/// An admin's own templates may import the words as macros, or show them as values: both say the same, and both in the admin's
/// own words.
#[test]
fn own_templates_may_import_the_words_or_show_their_values() {
    let files = Files::of(&[task("1.1", "Chuyên môn", "time = \"10/2023\"")]);
    files.add("templates", "\"templates\"");
    let codes = |files: &Files| findings(files).0;
    let built_in = |name: &str| {
        let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compose/templates/vi");
        std::fs::read_to_string(templates.join(name)).unwrap()
    };
    let reminder = "{% from \"words.txt\" import label, deadline, heading, ask %}
{% from \"mail.words.txt\" import work %}
{% for section in sections %}
{% for task in section.tasks %}
{% set said = [heading(section, plan.school_year), ask(section), label(task), deadline(task), work(task), work(task, 120)] %}
{% if said != [section.heading, section.ask, task.label, task.deadline, task.subject, task.entry] %}{{ unlike }}{% endif %}
{% if task.label is not startingwith(\"Mục \") %}{{ not_own }}{% endif %}
{% endfor %}
{% endfor %}
";
    files.write("templates/vi/reminder.txt", reminder);
    assert_eq!(codes(&files), ["reminder.txt:7:1 broken-template"], "the words are the built-in ones");
    let own = built_in("words.txt").replace("Tiêu chí {{", "Mục {{").replace("Việc {{ task.id }}", "Mục {{ task.id }}");
    let own = own.replace("Mức 4, yêu cầu", "Mục mức 4,");
    files.write("templates/vi/words.txt", &own);
    assert_eq!(codes(&files), Vec::<String>::new());
    files.write(
        "templates/vi/words.txt",
        &own.replace("macro so_far(", "macro so_far_(").replace("{{ so_far(", "{{ so_far_("),
    );
    assert!(codes(&files).contains(&"words.txt:null:null broken-template".to_owned()), "{:?}", codes(&files));
}

#[test]
fn a_configuration_that_is_nowhere_is_told_with_the_places() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = assert_cmd::Command::cargo_bin("nhacviec").unwrap();
    let output = command
        .env_remove("NHACVIEC_CONFIG")
        .envs(common::ENGLISH)
        .current_dir(folder.path())
        .arg("check")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("config/nhacviec.toml") && said.contains("--config"), "{said}");
    let mut command = assert_cmd::Command::cargo_bin("nhacviec").unwrap();
    assert_eq!(command.envs(common::ENGLISH).arg("chek").output().unwrap().status.code(), Some(2));
}

#[test]
fn a_configuration_in_the_folder_itself_is_named_when_none_was() {
    let files = Files::seed();
    let mut command = assert_cmd::Command::cargo_bin("nhacviec").unwrap();
    let output = command
        .env_remove("NHACVIEC_CONFIG")
        .envs(common::ENGLISH)
        .current_dir(files.path(""))
        .arg("check")
        .assert()
        .failure();
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("Name one with --config nhacviec.toml"), "{said}");
}

#[test]
fn a_credential_that_cannot_be_read_is_told_as_that() {
    let files = Files::of(&[task("1.1", "Hiệu trưởng", "due = 2023-11-30")]);
    files.fill(
        "channel.email",
        "kind = \"smtp\"\nhost = \"mail.school.example\"\nport = 465\ntls = \"tls\"\n\
         username = \"nhacviec\"\nfrom = \"nhacviec@school.example\"\n",
    );
    // A folder stands where the credential is looked for.
    let credentials = files.path("credentials");
    std::fs::create_dir_all(credentials.join("smtp-password")).unwrap();
    let mut program = files.program(&["check"]);
    let output = program.env("CREDENTIALS_DIRECTORY", &credentials).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cannot read the credential `smtp-password`"), "{said}");
}

/// A configuration with a mistake that shows a password; what is written instead of a line of it, and the place and key
/// that are named.
fn with_password(line: &str) -> Files {
    let files = Files::of(&[task("1.1", "Hiệu trưởng", "due = 2023-11-30")]);
    files.edit("nhacviec.toml", "kind = \"file\"\n", &format!("kind = \"file\"\n{line}\n"));
    files
}

#[test]
fn a_password_in_the_configuration_reaches_neither_terminal_nor_journal() {
    let cases = [
        ("password = \"hunter2\"", "`password`"),
        ("password = hunter2", "`password`"),
        ("password = \"hunter2", "`password`"),
        ("password: hunter2", ""),
        ("password = [\"hunter2\"]", "`password`"),
        ("password = \"\"\"\nhunter2\n\"\"\"", "`password`"),
        ("password = \"a\"\npassword = \"hunter2\"", ""),
        ("reply_to = { password = \"hunter2\" }", "`reply_to`"),
        ("mat_khau = 'hunter2'", "`mat_khau`"),
    ];
    for (line, key) in cases {
        let files = with_password(line);
        let at =
            files.read("nhacviec.toml").lines().position(|text| text.contains(line.lines().next().unwrap())).unwrap()
                + 1;
        let check = files.program(&["check"]).output().unwrap();
        assert!(!check.status.success(), "{line}");
        let json = files.program(&["check", "--format", "json"]).output().unwrap();
        let run = files.program(&["run", "--once"]).output().unwrap();
        assert!(!run.status.success(), "{line}");
        let status = files.program(&["status"]).output().unwrap();
        for said in [&check, &json, &run, &status].map(|output| [&output.stdout[..], &output.stderr[..]].concat()) {
            let said = String::from_utf8(said).unwrap();
            assert!(!said.contains("hunter2") && !said.is_empty(), "{line}: {said}");
        }
        let journal = String::from_utf8(run.stderr).unwrap();
        let lines = [at, at + 1].map(|at| format!("nhacviec.toml:{at}:"));
        assert!(lines.iter().any(|at| journal.contains(at)) && journal.contains(key), "{line}: {journal}");
    }
    // The secret itself in the place of its file's name, and an address with a password.
    let smtp = "[channel.email]\nkind = \"smtp\"\nhost = \"mx.school.example\"\nusername = \"a\"\nfrom = \"a@school.example\"\n\
                password_file = \"hunter2\"\n";
    for (from, to) in [
        ("[channel.email]\nkind = \"file\"\ndirectory = \"outbox\"\n", smtp),
        ("plan = ", "store = \"postgre://school:hunter2@db/x\"\nplan = "),
    ] {
        let files = with_password("");
        files.edit("nhacviec.toml", "kind = \"file\"\n\n", "kind = \"file\"\n");
        files.edit("nhacviec.toml", from, to);
        for args in [&["check"][..], &["check", "--format", "json"], &["run", "--once"]] {
            let output = files.program(args).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!output.status.success() && !said.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn texts_of_a_plan_that_deceive_are_cleaned_and_told() {
    let deceptive = task("1.1", "Hiệu trưởng", "due = 2023-11-30\nbudget = \"10\\u202E000\"")
        .replace("Việc 1.1", "Nộp \u{202e}báo\u{202c} cáo\\u0007");
    let files = Files::of(&[deceptive, task("1.2", "Hiệu trưởng", "due = 2023-11-30")]);
    let (found, fine) = findings(&files);
    assert!(fine);
    assert_eq!(found.iter().filter(|found| found.ends_with(" deceptive-text")).count(), 2, "{found:?}");
    let plan = files.path("plan.toml");
    let shown = files.output(&["import", plan.to_str().unwrap()]);
    assert!(shown.contains("Nộp báo cáo") && !shown.contains(['\u{202e}', '\u{7}']), "{shown}");
    let table = "TT,Nội dung công việc,Người thực hiện,Thời gian thực hiện\n1,Mua \u{2067}sách\u{2069},Hiệu trưởng,11/2023\n2,Trồng cây,Hiệu trưởng,11/2023\n";
    files.write("plan.csv", table);
    files.edit("nhacviec.toml", "plan = \"plan.toml\"", "plan = \"plan.csv\"");
    let output = files.program(&["check"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("deceptive-text") && said.contains("table, row 2"), "{said}");
}

#[test]
fn a_template_that_never_ends_is_told() {
    let files = Files::of(&[task("1.1", "Hiệu trưởng", "due = 2023-11-30")]);
    files.add("templates", "\"templates\"");
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    files.write("templates/vi/trial.txt", endless);
    let output = files.program(&["check"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success() && said.contains("broken-template") && said.contains("fuel"), "{said}");
}

#[test]
fn a_password_in_a_changed_configuration_reaches_neither_journal_nor_store_nor_mail() {
    let files = common::begun_today();
    let mut service = common::service::Service::start(&files);
    service.says("\"looked\"");
    files.edit("nhacviec.toml", "kind = \"file\"\n", "kind = \"file\"\npassword = \"hunter2\"\n");
    service.signal("HUP");
    let log = service.lines_until("stays in force").concat() + &service.lines_until("\"looked\"").concat();
    assert!(log.contains("`password`") && !log.contains("hunter2"), "{log}");
    service.signal("TERM");
    assert!(!service.rest().contains("hunter2"));
    let held = |folder: &std::path::Path| -> Vec<u8> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .filter(|path| path.is_file() && !path.ends_with("nhacviec.toml"))
            .flat_map(|path| std::fs::read(path).unwrap())
            .collect()
    };
    let kept = String::from_utf8_lossy(&[held(files.folder.path()), held(&files.path("outbox"))].concat()).into_owned();
    assert!(!kept.contains("hunter2"));
    let mails =
        std::fs::read_dir(files.path("outbox")).unwrap().map(|mail| std::fs::read(mail.unwrap().path()).unwrap());
    let told = mails.filter(|mail| {
        let mail = mail_parser::MessageParser::default().parse(mail).unwrap();
        let text = mail.body_text(0).unwrap();
        assert!(!text.contains("hunter2"));
        text.contains("`password`")
    });
    assert_eq!(told.count(), 1);
}

/// The tests themselves: a change of settings that does nothing would let a test pass that tries nothing.
#[test]
fn a_change_of_settings_that_does_not_fit_them_fails_a_test() {
    let misfits = [
        Edit::Set("reminders.att", "\"08:00\""),
        Edit::Set("person.Tổ trưởg.email", "\"a@school.example\""),
        Edit::Set("organisation", "\"a table\""),
        Edit::Add("timezone", "\"Asia/Ho_Chi_Minh\""),
        Edit::Add("web.listen", "\"127.0.0.1:1\""),
        Edit::Remove("review.week.on"),
        Edit::Fill("channel.mail", "kind = \"file\""),
        Edit::Append("[reminders]\nat = \"08:00\""),
        Edit::Append("[web"),
    ];
    for misfit in misfits {
        let edit = || Settings::new(CONFIG).edit(misfit);
        assert!(std::panic::catch_unwind(edit).is_err(), "{misfit:?} is passed over");
    }
    let mut settings = Settings::new(CONFIG);
    settings.edit(Edit::Set("review.month.on", "15"));
    settings.edit(Edit::Set("reminders.overdue.every", "\"3d\""));
    let text = settings.to_string();
    let changed: Vec<&str> = text.lines().filter(|line| CONFIG.lines().all(|known| known != *line)).collect();
    assert_eq!(changed, ["overdue = { after = \"1d\", every = \"3d\", for = \"56d\" }", "on = 15"]);
    assert_eq!(text.lines().count(), CONFIG.lines().count(), "nothing else is changed");
}

#[test]
fn letters_are_kept_for_days_months_or_years_that_late_answers_allow() {
    for (written, is_right) in [
        ("90d", true),
        ("2y", true),
        ("6mo", true),
        ("2mo", false),
        ("59d", false),
        ("0d", false),
        ("-90d", false),
        ("2000h", false),
        ("lâu", false),
    ] {
        let files = Files::seed();
        files.append(&format!("[keep]\nletters = \"{written}\""));
        let (found, is_fine) = findings(&files);
        let is_told = found.iter().any(|found| found.ends_with(" bad-duration"));
        assert_eq!((is_fine, is_told), (is_right, !is_right), "{written}: {found:?}");
    }
}

#[test]
fn a_review_asks_a_day_before_at_least_and_superiors_hear_on_a_weekday() {
    let files = Files::of(&[common::task("1.1", "Hiệu trưởng", "due = 2023-11-30")]);
    files.change(&[
        common::settings::Edit::Set("review.month.ask_owners", "\"0d\""),
        common::settings::Edit::Add("escalation.0.day", "\"monday\""),
    ]);
    let codes = files.codes();
    assert_eq!(codes, ["bad-weekday", "bad-duration"]);
}
