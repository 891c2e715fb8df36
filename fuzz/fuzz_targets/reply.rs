#![no_main]

use std::sync::OnceLock;

use jiff::civil::date;
use nhacviec::calendar::SchoolYear;
use nhacviec::plan::TaskId;
use nhacviec::reply::mail::{Mail, ours};
use nhacviec::reply::{Asked, AskedTask, AnswerReading, understand};

/// What everybody is asked: two tasks of three.
fn school() -> &'static (SchoolYear, [AskedTask; 2], [TaskId; 3]) {
    static SCHOOL: OnceLock<(SchoolYear, [AskedTask; 2], [TaskId; 3])> = OnceLock::new();
    SCHOOL.get_or_init(|| {
        let year = SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14)], date(2024, 5, 31)).expect("a year");
        let task = |id: &str| AskedTask { id: TaskId::new(id), criterion: None, words: "Kiểm tra, sắp xếp hồ sơ".to_owned(), due: Some(date(2023, 10, 31)) };
        (year, [task("1.1"), task("1.4")], ["1.1", "1.4", "3.2"].map(TaskId::new))
    })
}

// Whatever a mail holds, it is read to an end, and reports on nothing but what was asked.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (year, tasks, plan) = school();
    let people = ["Phó Hiệu trưởng".to_owned()];
    let asked = Asked { tasks, plan, people: &people, questions: &[], year, today: date(2023, 10, 12) };
    let ours = ours(bytes);
    let words = Mail::read(bytes).map(|mail| mail.words(&ours));
    for text in words.iter().map(String::as_str).chain(std::str::from_utf8(bytes)) {
        let AnswerReading::Answer(answer) = understand(text, asked) else { continue };
        for report in answer.reports {
            assert!(tasks.iter().any(|task| task.id == report.task), "{report:?}");
        }
    }
});
