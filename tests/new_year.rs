//! `new-year`: the next school year takes the place of the one that ends, and nothing of either is lost.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::Files;
use serde_json::Value;

/// The shipped school with its plan of the year after, in which most is named again, and one task is not.
struct TwoYears {
    files: Files,
    next: PathBuf,
}

const NEXT: &str = "ke-hoach-2024-2025.toml";

impl TwoYears {
    fn new() -> Self {
        let files = Files::seed();
        let plan = files.read("ke-hoach-2023-2024.toml");
        let plan = [
            ("325/KH-TrTH", "400/KH-TrTH"),
            ("năm học 2023 - 2024", "năm học 2024 - 2025"),
            ("issued = 2023-09-12", "issued = 2024-09-10"),
            ("\"10/2023\"", "\"10/2024\""),
            // Signs and capitals do not make another task of it, another number neither.
            ("id = \"1.4\"\ncriterion = \"1.4\"", "id = \"2.9\"\ncriterion = \"2.9\""),
            (
                "Kiểm tra sắp xếp lưu trữ hồ sơ khoa học, kịp thời",
                "Kiểm tra, sắp xếp lưu trữ hồ sơ khoa học; kịp thời.",
            ),
            ("Sửa chữa và mua bổ sung đồ chơi ngoài trời cho học sinh", "Xây nhà đa năng"),
        ]
        .iter()
        .fold(plan, |plan, (from, to)| {
            assert!(plan.contains(from), "{from}");
            plan.replace(from, to)
        });
        let next = files.path("moi").join(NEXT);
        files.write("moi/ke-hoach-2024-2025.toml", &plan);
        Self { files, next }
    }

    fn new_year(&self, more: &[&str]) -> (String, Option<i32>) {
        let args: Vec<&str> =
            ["new-year", self.next.to_str().unwrap()].into_iter().chain(more.iter().copied()).collect();
        let output = self.files.program(&args).env("NHACVIEC_LANGUAGE", "vi").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let said = said.replace(&format!("{}/", self.files.folder.path().display()), "");
        (said, output.status.code())
    }

    /// How far a task is.
    fn percent(&self, year: &[&str], task: &str) -> Option<i64> {
        let args: Vec<&str> = year.iter().copied().chain(["status"]).collect();
        let lines = self.files.lines(&args);
        let found = lines.iter().find(|line| line["type"] == "task" && line["task"] == task);
        found.and_then(|line| line["percent"].as_i64())
    }

    fn history(&self, task: &str) -> Vec<Value> {
        self.files.lines(&["history", task])
    }

    /// What every file holds, but for the store.
    fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(self.files.folder.path(), &mut found);
        found.retain(|path, _| !path.to_string_lossy().contains(".db"));
        found
    }
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_next_year_begins_with_what_was_not_finished_and_the_old_one_stays_readable() {
    let school = TwoYears::new();
    let files = &school.files;
    let proof = files.path("anh.txt");
    std::fs::write(&proof, "đã làm").unwrap();
    files.output(&["progress", "1.4", "--status", "in_progress", "--percent", "40", "--note", "đang xếp"]);
    files.output(&["done", "1.5", "--evidence", proof.to_str().unwrap()]);
    let before = school.contents();
    let config = files.read("nhacviec.toml");

    let (look, code) = school.new_year(&[]);
    assert_eq!(code, Some(1), "without a terminal and without --yes nobody has agreed");
    assert_eq!(school.contents(), before, "a look changes nothing");
    insta::assert_snapshot!("a_look_at_the_next_year", look);

    let (said, code) = school.new_year(&["--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with(look.split("\n\nChưa làm gì").next().unwrap()), "{said}");
    insta::assert_snapshot!("a_new_year_begun", said[look.rfind("Năm cũ cất ở").unwrap()..]);
    // Only what is of the year is another; each comment stands where it stood.
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let (old, new) = (lines(&config), lines(&files.read("nhacviec.toml")));
    assert_eq!(old.len(), new.len());
    let changed: Vec<&String> = old.iter().zip(&new).filter(|(old, new)| old != new).map(|(_, new)| new).collect();
    insta::assert_snapshot!(
        "what_is_new_in_the_configuration",
        changed.iter().fold(String::new(), |all, line| all + line + "\n")
    );
    assert!(files.findings().iter().all(|found| found["severity"] == "warning"));

    assert_eq!(school.percent(&[], "2.9"), school.percent(&["--year", "2023-2024"], "1.4"));
    assert_eq!(school.percent(&[], "2.9"), Some(40));
    assert_eq!(school.percent(&[], "1.5"), Some(0), "what was done is to be done anew");
    assert_eq!(school.percent(&["--year", "2023-2024"], "1.5"), Some(100));
    assert!(files.path("2023-2024/tong-ket-nam-hoc.docx").is_file());
    let index = files.read("2023-2024/minh-chung/muc-luc.csv");
    assert!(index.contains("anh.txt"), "{index}");
}

#[test]
fn a_second_run_changes_nothing() {
    let school = TwoYears::new();
    school.files.output(&["progress", "1.4", "--status", "in_progress", "--percent", "40"]);
    assert_eq!(school.new_year(&["--yes"]).1, Some(0));
    let (before, history) = (school.contents(), school.history("2.9"));
    let (said, code) = school.new_year(&["--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("không có gì phải làm"), "{said}");
    assert_eq!(school.contents(), before);
    assert_eq!(school.history("2.9"), history);
}

#[test]
fn wherever_a_run_ends_the_next_one_makes_the_same_of_it() {
    let school = TwoYears::new();
    school.files.output(&["progress", "1.4", "--status", "in_progress", "--percent", "40"]);
    let old = school.contents();
    assert_eq!(school.new_year(&["--yes"]).1, Some(0));
    let whole = school.contents();
    let reports = school.history("2.9").len();
    let written: Vec<&PathBuf> = whole.keys().filter(|path| !old.contains_key(*path)).collect();
    assert!(written.len() >= 6, "{written:?}");
    // The configuration is the last step: without it, and without more and more of what came before, it is as if a run had
    // ended there.
    for left in 0..=written.len() {
        std::fs::write(school.files.config(), &old[&school.files.config()]).unwrap();
        for path in &written[left..] {
            std::fs::remove_file(path).unwrap();
        }
        let index = school.files.path("2023-2024/minh-chung");
        if !index.join("muc-luc.csv").exists() {
            // It comes there by one renaming, with all that is in it.
            std::fs::remove_dir_all(index).unwrap_or_default();
        }
        assert_eq!(school.percent(&[], "1.4"), Some(40), "until then the old year goes on");
        assert_eq!(school.new_year(&["--yes"]).1, Some(0));
        let again = school.contents();
        let is_report = |path: &Path| path.extension().is_some_and(|ending| ending == "docx");
        for (path, bytes) in &whole {
            // The report says when it was written.
            assert!(again.contains_key(path) && (is_report(path) || again[path] == *bytes), "{}", path.display());
        }
        assert_eq!(again.len(), whole.len());
        assert_eq!(school.history("2.9").len(), reports);
    }
}

#[test]
fn a_year_that_is_over_is_looked_at_and_not_changed() {
    let school = TwoYears::new();
    assert_eq!(school.new_year(&["--yes"]).1, Some(0));
    let year = ["--year", "2023-2024"];
    for command in [&["done", "1.4"][..], &["run", "--once"], &["outbox", "retry", "--all"], &["init", "x.docx"]] {
        let args: Vec<&str> = year.iter().chain(command).copied().collect();
        let output = school.files.program(&args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("only looked at"), "{args:?}");
    }
    let output = school.files.program(&["--year", "2022-2023", "status"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("there are 2023-2024"));
    for command in [&["review", "year"][..], &["evidence", "list"], &["outbox", "list"], &["history", "1.4"]] {
        let args: Vec<&str> = year.iter().chain(command).copied().collect();
        school.files.program(&args).assert().success();
    }
}

#[test]
fn a_plan_that_is_of_no_later_year_or_cannot_be_read_changes_nothing() {
    let school = TwoYears::new();
    let before = school.contents();
    let mut cases = vec![(school.files.path("ke-hoach-2023-2024.toml"), "2023-2024")];
    let twin = school.files.read("moi/ke-hoach-2024-2025.toml").replace("400/KH-TrTH", "325/KH-TrTH");
    let broken = twin.replace("[[task]]", "[[task]");
    for (name, text, told) in [("a.toml", twin, "another plan's"), ("b.toml", broken, "nothing was changed")] {
        let path = school.files.folder.path().parent().unwrap().join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        cases.push((path, told));
    }
    for (plan, told) in cases {
        let output = school.files.program(&["new-year", plan.to_str().unwrap(), "--yes"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(told), "{told}: {said}");
        assert_eq!(school.contents(), before);
        if !plan.starts_with(school.files.folder.path()) {
            std::fs::remove_file(plan).unwrap();
        }
    }
}

#[test]
fn check_asks_for_the_days_off_of_a_year_that_nobody_has_entered() {
    let school = TwoYears::new();
    let text = std::fs::read_to_string(&school.next).unwrap();
    std::fs::write(&school.next, text.replace("2024 - 2025", "2035 - 2036").replace("issued = 2024", "issued = 2035"))
        .unwrap();
    let (said, code) = school.new_year(&["--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(school.files.codes().iter().filter(|code| *code == "no-holidays").count(), 2);
}
