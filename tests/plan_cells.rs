//! Cells and rows of plans as schools write them, and then changed: a word that nobody knows is put in, columns change
//! places or are gone. Nothing is passed over in silence.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::Files;
use nhacviec::diagnostic::Place;
use nhacviec::language::Language;
use nhacviec::plan::Task;
use serde_json::Value;

/// A cell of people, and what a careful secretary reads.
struct PeopleCell {
    text: String,
    lead: Vec<String>,
    with: Vec<String>,
    unknown: Vec<String>,
}

fn people_cells() -> Vec<PeopleCell> {
    let cell = |line: &str| {
        let cell: Value = serde_json::from_str(line).unwrap();
        let names = |key: &str| cell[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
        PeopleCell {
            text: cell["text"].as_str().unwrap().to_owned(),
            lead: names("lead").collect(),
            with: names("with").collect(),
            unknown: names("unknown").collect(),
        }
    };
    include_str!("data/people-cells.jsonl").lines().map(cell).collect()
}

/// A plan with this table, at the school that has everybody.
fn school(rows: &[Vec<&str>]) -> Files {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans/layouts/school.toml");
    let mut csv = "Số: 1/KH\n\"ngày 1 tháng 8 năm 2023\"\nKẾ HOẠCH\n".to_owned();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        csv.push_str(&cells.join(","));
        csv.push('\n');
    }
    let files = Files::new(&std::fs::read_to_string(config).unwrap(), "");
    files.set("plan", "\"plan.csv\"").write("plan.csv", &csv);
    files
}

/// A plan in which each cell stands in the column of a task of its own.
fn school_of_cells(column: &str, cells: &[&str]) -> Files {
    let ids: Vec<String> = (0..cells.len()).map(id).collect();
    let mut rows = vec![vec!["Tiêu chí", "Nội dung công việc", "Người thực hiện", "Thời gian"]];
    for (cell, id) in cells.iter().zip(&ids) {
        let (who, time) = if column == "Người thực hiện" { (*cell, "10/2023") } else { ("HT", *cell) };
        rows.push(vec![id, "Việc của tiêu chí", who, time]);
    }
    school(&rows)
}

fn id(place: usize) -> String {
    format!("{}.{}", place / 90 + 1, place % 90 + 1)
}

/// What is doubted of each task: code, message and the cell.
fn doubts(files: &Files) -> BTreeMap<String, Vec<String>> {
    let mut doubts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for doubt in files.load().doubts.as_slice() {
        if let Place::Cell { task: Some(task), text, .. } = &doubt.place {
            let words = format!("{}: {} ({text})", doubt.code(), doubt.explained_in(Language::English).message);
            doubts.entry(task.clone()).or_default().push(words);
        }
    }
    doubts
}

#[test]
fn cells_of_people_are_read_as_a_careful_secretary_reads_them() {
    let cells = people_cells();
    assert!(cells.len() >= 60);
    let files = school_of_cells("Người thực hiện", &cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>());
    let school = files.load().school;
    let directory = &school.settings.people;
    let people = |names: &[String], without: &[String]| -> Vec<String> {
        let ids = |names: &[String]| -> Vec<_> {
            names.iter().flat_map(|name| directory.resolve(name).unwrap().iter().copied()).collect()
        };
        let without = ids(without);
        let mut people: Vec<String> =
            ids(names).iter().filter(|id| !without.contains(id)).map(|id| directory.get(*id).name.clone()).collect();
        people.sort();
        people.dedup();
        people
    };
    let told = doubts(&files);
    let mut wrong = Vec::new();
    for (place, (cell, task)) in cells.iter().zip(&school.plan.tasks).enumerate() {
        let told = told.get(&id(place)).map(|told| told.join("; ")).unwrap_or_default();
        let is_right = people(&task.lead, &[]) == people(&cell.lead, &[])
            && people(&task.with, &task.lead) == people(&cell.with, &cell.lead)
            && cell.unknown.is_empty() == told.is_empty()
            && cell.unknown.iter().all(|name| told.contains(name));
        if !is_right {
            wrong.push(format!("{:?} is read as {:?} with {:?}; {told}", cell.text, task.lead, task.with));
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

/// Words that no reader knows.
const UNKNOWN: [&str; 5] = ["blabộ", "Quếnh", "xoẹt", "Đặc phái viên", "kđbx"];

/// A text with a word put in at each place in turn.
fn with_word_put_in(text: &str, word: &str) -> Vec<String> {
    let blanks = text.char_indices().filter(|(_, letter)| " \n,;+/&-–()".contains(*letter)).map(|(at, _)| at);
    [0].into_iter()
        .chain(blanks)
        .chain([text.len()])
        .map(|at| format!("{} {word} {}", &text[..at], &text[at..]))
        .collect()
}

/// Deeds: what stands behind one in the same part of a cell is what is done.
const DEEDS: [&str; 11] = [
    "chỉ đạo",
    "thực hiện",
    "phối hợp",
    "chủ trì",
    "kiểm tra",
    "tham mưu",
    "phụ trách",
    "giao",
    "phân công",
    "hỗ trợ",
    "chung",
];

/// Whether a word at this place stands behind a deed.
fn is_behind_a_deed(text: &str, word: &str) -> bool {
    let before = text.split(word).next().unwrap();
    let part = before.rsplit([';', ':', ',', '.', '\n', '(']).next().unwrap();
    DEEDS.iter().any(|deed| part.contains(deed))
}

#[test]
fn a_word_that_nobody_knows_is_never_passed_over_among_people() {
    let mut texts: Vec<(String, &str)> = Vec::new();
    for (cell, word) in people_cells().iter().zip(UNKNOWN.iter().cycle()) {
        let changed = with_word_put_in(&cell.text, word).into_iter().filter(|text| !is_behind_a_deed(text, word));
        texts.extend(changed.map(|text| (text, *word)));
    }
    let files = school_of_cells("Người thực hiện", &texts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>());
    let told = doubts(&files);
    let silent: Vec<String> = texts
        .iter()
        .enumerate()
        .filter(|(place, (_, word))| !told.get(&id(*place)).is_some_and(|told| told.join("; ").contains(*word)))
        .map(|(_, (text, _))| text.clone())
        .collect();
    assert!(silent.is_empty(), "{} of {} are read in silence: {silent:#?}", silent.len(), texts.len());
}

/// A table with every kind of column, and rows of each kind of trouble.
const TABLE: [[&str; 8]; 6] = [
    ["Tiêu chí", "Điểm yếu", "Biện pháp", "Người thực hiện", "Phối hợp", "Bắt đầu", "Hạn hoàn thành", "Kinh phí"],
    ["1.4", "Hồ sơ chậm", "Sắp xếp hồ sơ", "Văn thư", "KT", "1/10/2023", "31/10/2023", "0"],
    ["1.5", "Thiếu", "Rà soát học sinh", "GVCN, cô Hoa", "", "", "khi có kinh phí", "500.000"],
    ["2.2", "Ít dự giờ", "Dự giờ", "PHT", "TTCM, GV", "9/2023", "5/2024", ""],
    ["3.5", "Cũ", "Mua máy tính", "HT", "KT, Công đoàn", "", "15/12/2023", "10 triệu"],
    ["5.1", "Chưa đều", "Bồi dưỡng học sinh", "GVBM", "", "HKI", "HKII", ""],
];

/// The table with its columns in this order.
fn in_order(columns: &[usize]) -> Vec<Vec<&'static str>> {
    TABLE.iter().map(|row| columns.iter().map(|column| row[*column]).collect()).collect()
}

fn tasks_and_doubts(columns: &[usize]) -> (Vec<Task>, BTreeMap<String, Vec<String>>) {
    let files = school(&in_order(columns));
    (files.load().school.plan.tasks, doubts(&files))
}

#[test]
fn columns_may_stand_in_any_order() {
    let whole: Vec<usize> = (0..8).collect();
    let expected = tasks_and_doubts(&whole);
    assert_eq!(expected.0.len(), 5);
    let mut random = fastrand::Rng::with_seed(26);
    for _ in 0..40 {
        let mut columns = whole.clone();
        random.shuffle(&mut columns);
        assert_eq!(tasks_and_doubts(&columns), expected, "{columns:?}");
    }
}

#[test]
fn a_column_that_is_gone_is_missed_and_changes_nothing_else() {
    let (whole, _) = tasks_and_doubts(&(0..8).collect::<Vec<_>>());
    for (gone, heading) in TABLE[0].into_iter().enumerate() {
        let columns: Vec<usize> = (0..8).filter(|column| *column != gone).collect();
        let files = school(&in_order(&columns));
        if ["Biện pháp", "Người thực hiện"].contains(&heading) {
            let Err(refused) = files.try_load() else { panic!("read without {heading}") };
            assert!(refused.as_slice().iter().any(|found| found.code() == "no-plan"), "{heading}");
            continue;
        }
        let tasks = files.load().school.plan.tasks;
        let (mut left, mut all): (Vec<Task>, Vec<Task>) = (tasks, whole.clone());
        assert_eq!(left.len(), all.len(), "{heading}");
        for (one, other) in left.iter_mut().zip(&mut all) {
            match heading {
                "Tiêu chí" => {
                    assert_eq!(one.criterion, None);
                    *one = Task {
                        id: other.id.clone(),
                        name: other.name.clone(),
                        criterion: other.criterion.clone(),
                        ..one.clone()
                    };
                }
                "Điểm yếu" => one.current_state.clone_from(&other.current_state),
                "Phối hợp" => {
                    one.with.clone_from(&other.with);
                    one.coordinators.clone_from(&other.coordinators);
                }
                "Kinh phí" => one.budget.clone_from(&other.budget),
                _ => {
                    one.time.clone_from(&other.time);
                    one.timeframe = other.timeframe.clone();
                }
            }
        }
        assert_eq!(left, all, "without {heading}");
    }
}

#[test]
fn what_is_said_in_two_places_and_does_not_go_together_is_asked_about() {
    let heading = ["Tiêu chí", "Nội dung công việc", "Người thực hiện", "Thời gian", "T9", "T10", "T11"];
    let rows: [([&str; 7], Option<&str>); 6] = [
        (["1.1", "Việc một", "HT", "10/2023", "", "x", ""], None),
        (["1.2", "Việc hai", "HT", "10/2023", "x", "", ""], Some("other-time")),
        (["1.3", "Việc ba", "HT", "", "", "x", "x"], None),
        (["1.4", "Việc bốn", "HT", "", "", "15/10", ""], Some("other-time")),
        (["1.5", "Việc năm", "HT", "Hai tháng một lần", "", "", ""], Some("other-recurrence")),
        (["1.6", "Việc sáu", "HT", "2 lần/học kỳ và 1 lần/năm", "", "", ""], Some("other-recurrence")),
    ];
    let table: Vec<Vec<&str>> =
        std::iter::once(&heading).chain(rows.iter().map(|(row, _)| row)).map(|row| row.to_vec()).collect();
    let files = school(&table);
    let told = doubts(&files);
    for (row, code) in &rows {
        let told = told.get(row[0]).map(|told| told.join("; ")).unwrap_or_default();
        assert!(code.map_or(told.is_empty(), |code| told.starts_with(code)), "{row:?}: {told:?}");
    }
    // What the help of a doubt says to write answers it.
    let answered = school(&table);
    answered.append("[task.\"1.5\"]\nrecurring = \"term\"\n[task.\"1.6\"]\nrecurring = \"term\"\n");
    assert!(!doubts(&answered).keys().any(|task| ["1.5", "1.6"].contains(&task.as_str())));
}

#[test]
fn a_heading_that_nobody_knows_is_told_wherever_it_stands() {
    for place in 0..=8 {
        let mut rows: Vec<Vec<&str>> = in_order(&(0..8).collect::<Vec<_>>());
        for (number, row) in rows.iter_mut().enumerate() {
            row.insert(place, if number == 0 { "Quếnh" } else { "gì đó" });
        }
        let files = school(&rows);
        let told = files.load().doubts.as_slice().iter().any(|found| {
            found.code() == "unread-column" && found.explained_in(Language::English).message.contains("Quếnh")
        });
        assert!(told, "at {place}");
        assert_eq!(files.load().school.plan.tasks.len(), 5);
    }
}
