//! `init`: a configuration to begin with.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use nhacviec::app::init::{self, GivenFile, MailService, SchoolFacts};
use serde_json::Value;

/// The program in a folder of its own, with nothing of the environment that could name a configuration.
fn program(folder: &Path, args: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("nhacviec").unwrap();
    command
        .current_dir(folder)
        .env_remove("NHACVIEC_CONFIG")
        .env("NHACVIEC_LANGUAGE", "en")
        .args(args)
        .output()
        .unwrap()
}

fn stdout(folder: &Path, args: &[&str]) -> String {
    let output = program(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What `check` finds in the configuration of a folder.
fn found(folder: &Path) -> Vec<Value> {
    let output = program(folder, &["check", "--format", "json"]);
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The plans of schools that the tests have, in all formats and layouts.
fn plans() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let folders = [tests.clone(), tests.join("layouts")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let is_plan = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ["docx", "xlsx", "csv"].iter().any(|known| ending == *known))
    };
    let mut plans: Vec<PathBuf> = files.filter(is_plan).collect();
    plans.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/ke-hoach-2023-2024.toml"));
    plans.sort();
    plans
}

fn plan(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(name);
    path.to_str().unwrap().to_owned()
}

/// What every file of a folder holds.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect()
}

/// What is left to the admin: addresses, and what the document itself leaves open.
const OPEN: &[&str] = &["no-address", "no-number", "no-date-of-issue", "unresolved-time", "due-before-issue"];

#[test]
fn whatever_plan_a_school_has_the_configuration_made_of_it_has_no_mistake() {
    let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for plan in plans() {
        let folder = tempfile::tempdir().unwrap();
        let said = stdout(folder.path(), &["init", plan.to_str().unwrap()]);
        let name = plan.file_name().unwrap().to_string_lossy().into_owned();
        let findings = found(folder.path());
        // What is not clear in the plan is told before anybody fills in the list, as `check` tells it afterwards.
        let in_plan = findings.iter().filter(|finding| finding["file"].as_str().unwrap().ends_with(&name));
        let codes = in_plan.map(|finding| format!("warning[{}]", finding["code"].as_str().unwrap()));
        let told = said.lines().filter_map(|line| line.split_once(": ")).map(|(code, _)| code.to_owned());
        let told: Vec<String> = told.filter(|code| code.starts_with("warning[")).collect();
        assert_eq!(told, codes.collect::<Vec<_>>(), "{name}: {said}");
        for finding in findings {
            assert_eq!(finding["severity"], "warning", "{name}: {finding}");
            let code = finding["code"].as_str().unwrap();
            if !OPEN.contains(&code) {
                left.entry(name.clone()).or_default().push(format!("{code}: {}", finding["message"].as_str().unwrap()));
            }
        }
        let text = std::fs::read_to_string(folder.path().join("config/nhacviec.toml")).unwrap();
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= 30, "{name}: {lines} lines\n{text}");
    }
    insta::assert_json_snapshot!(left);
}

#[test]
fn a_configuration_says_what_the_plan_says_and_is_commented_in_the_language_chosen() {
    for language in ["vi", "en"] {
        let folder = tempfile::tempdir().unwrap();
        let plan = plan("ke-hoach-325-KH-TrTH.docx");
        let said = stdout(
            folder.path(),
            &[
                "init",
                &plan,
                "--language",
                language,
                "--mail",
                "gmail",
                "--mailbox",
                "nhacviec@thanhhung.example",
                "--admin-email",
                "it@thanhhung.example",
            ],
        );
        let text = std::fs::read_to_string(folder.path().join("config/nhacviec.toml")).unwrap();
        insta::assert_snapshot!(format!("configuration_{language}"), format!("{said}\n-----\n{text}"));
    }
}

#[test]
fn what_was_edited_stays_when_it_is_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan("ke-hoach-325-KH-TrTH.docx");
    stdout(folder.path(), &["init", &plan, "--dir", "truong"]);
    let dir = folder.path().join("truong");
    let config = dir.join("nhacviec.toml");
    std::fs::write(&config, std::fs::read_to_string(&config).unwrap() + "\n# của trường\n").unwrap();
    std::fs::write(dir.join("danh-sach.xlsx"), b"edited").unwrap();
    let before = contents(&dir);
    let said = stdout(folder.path(), &["init", &plan, "--dir", "truong", "--school", "Trường khác"]);
    assert_eq!(contents(&dir), before);
    assert!(!said.contains("written:"), "{said}");
}

#[test]
fn what_the_configuration_settles_is_not_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan("ke-hoach-325-KH-TrTH.docx");
    let tasks = |said: &str| -> Vec<String> {
        said.lines().filter(|line| line.trim_start().starts_with("[task.")).map(|line| line.trim().to_owned()).collect()
    };
    let told = tasks(&stdout(folder.path(), &["init", &plan]));
    assert!(told.len() > 1 && told.contains(&"[task.\"2.3\"]".to_owned()), "{told:?}");
    let config = folder.path().join("config/nhacviec.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + "\n[task.\"2.3\"]\ntime = \"10/2023\"\n").unwrap();
    let again = tasks(&stdout(folder.path(), &["init", &plan]));
    assert_eq!(again, told.into_iter().filter(|task| task != "[task.\"2.3\"]").collect::<Vec<_>>());
}

#[test]
fn the_list_of_the_school_is_taken_and_only_what_it_lacks_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("can bo.csv");
    let text = "Họ và tên;Chức vụ;Tổ;Email\nNguyễn Văn An;HT;BGH;an@thanhhung.example\n\
        Trần Thị Bình;PHT;BGH;binh@thanhhung.example\nBùi Văn Khoa;GV Tin học, Quản trị;4-5;khoa@thanhhung.example\n";
    std::fs::write(&list, text).unwrap();
    let said = stdout(folder.path(), &["init", &plan("ke-hoach-325-KH-TrTH.docx"), "--people", "can bo.csv"]);
    assert!(!said.contains("  Hiệu trưởng\n") && !said.contains("  Quản trị\n"), "{said}");
    assert!(said.contains("  Ban kiểm tra nội bộ\n") && said.contains("danh-sach-bo-sung.xlsx"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("config/can bo.csv")).unwrap(), text);
    assert!(found(folder.path()).iter().all(|finding| finding["severity"] == "warning"));
}

#[test]
fn a_list_of_three_columns_is_read_whatever_sign_divides_them() {
    for sign in [",", ";", "\t"] {
        let folder = tempfile::tempdir().unwrap();
        let text = "Họ và tên|Chức vụ|Email\nNguyễn Văn An|Hiệu trưởng|an@thanhhung.example\n".replace('|', sign);
        std::fs::write(folder.path().join("can bo.csv"), text).unwrap();
        let said = stdout(folder.path(), &["init", &plan("ke-hoach-325-KH-TrTH.docx"), "--people", "can bo.csv"]);
        assert!(!said.contains("  Hiệu trưởng\n"), "{sign:?}: {said}");
    }
}

#[test]
fn a_plan_or_list_that_cannot_be_read_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plan.docx"), b"not a document").unwrap();
    std::fs::write(folder.path().join("list.csv"), "Trường,Lớp\nKim Đồng,1A\n").unwrap();
    let whole = plan("ke-hoach-325-KH-TrTH.docx");
    let cases: [&[&str]; 5] = [
        &["init", "plan.docx"],
        &["init", "nowhere.docx"],
        &["init", &whole, "--people", "list.csv"],
        &["init", &whole, "--mail", "smtp"],
        &["init", &whole, "--admin-email", "it"],
    ];
    for args in cases {
        let output = program(folder.path(), args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(!output.stderr.is_empty());
        assert!(!folder.path().join("config").exists(), "{args:?}");
    }
}

#[test]
fn the_configuration_of_the_installed_service_names_where_it_may_write_and_no_file_of_a_password() {
    let bytes = std::fs::read(plan("ke-hoach-325-KH-TrTH.docx")).unwrap();
    let plan = GivenFile { name: "ke-hoach.docx".to_owned(), bytes };
    for mail in [MailService::Gmail, MailService::Folder] {
        let is_sent = mail == MailService::Gmail;
        let facts = SchoolFacts { mail, is_service: true, ..SchoolFacts::default() };
        let setup = init::configuration(&plan, None, facts, jiff::civil::date(2023, 9, 1)).unwrap();
        let text = String::from_utf8(setup.files.into_iter().next_back().unwrap().bytes).unwrap();
        assert!(text.contains("\nstore = \"sqlite:/var/lib/nhacviec/nhacviec.db\"\n"), "{text}");
        assert!(!text.contains("password_file ="), "{text}");
        assert_eq!(text.contains("smtp-password"), is_sent, "{text}");
        assert_eq!(text.contains("\ndirectory = \"/var/lib/nhacviec/outbox\"\n"), !is_sent, "{text}");
    }
}

#[test]
fn the_mail_server_of_this_machine_is_written_without_encryption_and_login() {
    for (server, port) in [("127.0.0.1:25", Some(25)), ("localhost:25", Some(25)), ("localhost", None)] {
        let folder = tempfile::tempdir().unwrap();
        let plan = plan("ke-hoach-325-KH-TrTH.docx");
        let said = stdout(
            folder.path(),
            &[
                "init",
                &plan,
                "--mail",
                server,
                "--mailbox",
                "nhacviec@thanhhung.example",
                "--admin-email",
                "it@thanhhung.example",
            ],
        );
        let text = std::fs::read_to_string(folder.path().join("config/nhacviec.toml")).unwrap();
        let is_local = port.is_some();
        assert_eq!(text.contains("\ntls = \"none\" #"), is_local, "{text}");
        assert_eq!(text.contains("\nusername = "), !is_local, "{text}");
        assert_eq!(text.contains("\npassword_file = "), !is_local, "{text}");
        assert_eq!(said.contains("password"), !is_local, "{said}");
        let codes = found(folder.path());
        let mistakes: Vec<&Value> = codes.iter().filter(|finding| finding["severity"] == "error").collect();
        // Elsewhere the password's file is still to be written.
        assert_eq!(mistakes.is_empty(), is_local, "{mistakes:?}");
    }
}
