//! The school that ships with the program in a year in which things happened: the story from which reports are told, and their
//! figures reckoned by hand.

use jiff::civil::{Date, date};
use nhacviec::plan::{Status, TaskId};
use nhacviec::progress::evidence::{Evidence, Proof};
use nhacviec::progress::{self, How, RequestDecision, RequestState, TimeRequest};
use nhacviec::review::{PlanChange, Reminded, TaskChange, Undelivered};

use super::stage::at;
use super::state::SchoolState;

/// A report on a whole task: day, task, status, per cent, note.
type Report = (&'static str, &'static str, Status, Option<u8>, Option<&'static str>);

/// What was reported on whole tasks, by day.
const REPORTS: &[Report] = &[
    ("2023-09-28", "1.5", Status::Done, None, None),
    ("2023-10-12", "3.1", Status::Blocked, Some(20), Some("chờ kinh phí của Phòng GD&ĐT")),
    ("2023-10-13", "1.4", Status::InProgress, Some(60), Some("đã sắp xếp xong ba năm học")),
    ("2023-10-16", "3.4", Status::Done, None, Some("đã làm xong nắp rãnh")),
    ("2023-10-20", "1.10", Status::Done, None, None),
    ("2023-11-10", "1.4", Status::Done, None, None),
    ("2023-11-20", "5.3", Status::InProgress, Some(30), None),
    ("2023-11-28", "3.2", Status::Done, None, None),
    ("2023-12-05", "2.4", Status::Blocked, None, Some("thiếu tài liệu bồi dưỡng")),
    ("2023-12-20", "3.5", Status::Cancelled, None, Some("đã được cấp máy mới")),
    ("2023-12-22", "3.3", Status::Done, None, None),
    ("2024-01-10", "5.1", Status::Done, None, None),
    ("2024-01-10", "5.2", Status::Done, None, None),
    ("2024-02-20", "1.6", Status::InProgress, Some(50), Some("mới vận động được một nửa")),
    ("2024-03-20", "1.3", Status::Done, None, None),
    ("2024-05-20", "1.1", Status::Done, None, None),
    ("2024-05-20", "1.7", Status::InProgress, Some(90), None),
];

/// What was handed in, by day.
const EVIDENCE: &[(&str, &str, &str, &str)] = &[
    ("2023-10-16", "3.4", "H3-3.4-01", "https://thanhhung.example/nap-ranh"),
    ("2023-10-20", "1.10", "H1-1.10-01", "https://thanhhung.example/ke-hoach-dien-tap"),
    ("2023-10-20", "1.10", "H1-1.10-02", "https://thanhhung.example/anh-dien-tap"),
];

/// The school as it is at a moment of the story.
pub fn story(language: &str, now: &str) -> SchoolState {
    let mut state = SchoolState::seed(language, now);
    let has_come = |day: &str| at(&format!("{day}T10:00:00")) <= at(now);
    let instant = |day: &str| format!("{day}T10:00:00");
    for (day, task, status, percent, note) in REPORTS.iter().filter(|(day, ..)| has_come(day)) {
        state.report(task, &instant(day), *status, *percent, *note);
    }
    for (day, lead, status, percent) in [
        ("2023-10-05", "Giáo viên chủ nhiệm khối 1", Status::Done, None),
        ("2023-10-06", "Giáo viên chủ nhiệm khối 2", Status::InProgress, Some(40)),
    ] {
        if has_come(day) {
            state.part("4.1", &instant(day), lead, status, percent);
        }
    }
    for (place, (day, task, code, name)) in (1..).zip(EVIDENCE) {
        if has_come(day) {
            state.evidence.push(Evidence {
                code: (*code).to_owned(),
                task: TaskId::new(task),
                number: place,
                at: at(&instant(day)),
                by: Some("Nhân viên văn thư".to_owned()),
                how: How::Link,
                proof: Proof::Link((*name).to_owned()),
            });
        }
    }
    ask(&mut state, "3.2", "2023-10-25", Some(("2023-10-27", true)), now);
    ask(&mut state, "3.6", "2023-10-30", Some(("2023-11-02", false)), now);
    progress::move_due_dates(&mut state.loaded.school.plan, &state.requests);
    if has_come("2023-10-09") {
        let (what, name) = (TaskChange::Removed, "9.9".to_owned());
        state.changes.push(PlanChange { at: date(2023, 10, 9), task: TaskId::new("9.9"), name, what, why: None });
        state.undelivered.push(Undelivered {
            on: date(2023, 10, 24),
            recipient: "Kế toán".to_owned(),
            tasks: vec![TaskId::new("1.4")],
            reason: "550 5.1.1 no such person".to_owned(),
            may_have_arrived: false,
        });
    }
    remind(&mut state);
    state
}

/// A request for a month more, and what was decided, as far as that has come.
fn ask(state: &mut SchoolState, task: &str, day: &str, decided: Option<(&str, bool)>, now: &str) {
    let instant = |day: &str| at(&format!("{day}T10:00:00"));
    if instant(day) > at(now) {
        return;
    }
    let outcome = decided.filter(|(day, _)| instant(day) <= at(now)).map_or(RequestState::Open, |(day, accepts)| {
        let decision = RequestDecision { at: instant(day), by: Some("Hiệu trưởng".to_owned()), note: None };
        if accepts { RequestState::Accepted(decision) } else { RequestState::Refused(decision) }
    });
    state.requests.push(TimeRequest {
        task: TaskId::new(task),
        number: 1,
        at: instant(day),
        by: Some("Phó Hiệu trưởng".to_owned()),
        how: How::Link,
        old: Some(date(2023, 10, 31)),
        due: date(2023, 11, 30),
        why: "chờ duyệt dự toán".to_owned(),
        outcome,
    });
}

/// Says of every task that is due by now that it was reminded of, by due date.
pub fn remind(state: &mut SchoolState) {
    let today: Date = state.now.date();
    let due = |task: &nhacviec::plan::Task| task.period().map(|period| period.due).filter(|due| *due < today);
    let told = state.loaded.school.plan.tasks.iter().filter_map(|task| {
        let due = due(task)?;
        let times = 3 + usize::try_from((today - due).get_days() / 14).unwrap();
        Some((task.id.clone(), Reminded { times, last: due.max(today.yesterday().unwrap()), over: "email".to_owned() }))
    });
    state.reminded = told.collect();
}
