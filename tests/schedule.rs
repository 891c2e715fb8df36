//! The rules of time, rule by rule (design, rules of time).
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;

use common::settings::Edit;
use common::{Files, task};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use nhacviec::people::RecipientId;
use nhacviec::plan::Status;
use nhacviec::schedule::{
    Agenda, Decision, Notice, NoticeKey, NoticeKind, PastDecisions, Recorded, Skipped, TaskStates, decide,
};

/// An agenda of a school with these settings changed and these tasks.
fn agenda(edits: &[Edit<'_>], tasks: &[String]) -> Agenda {
    let files = Files::of(tasks);
    files.change(edits);
    Agenda::new(files.load().school)
}

/// Without reviews, which make self-checks.
const NO_REVIEWS: &[Edit<'_>] = &[Edit::Remove("review.month.ask_owners")];

/// "2023-10-24 Phó Hiệu trưởng 1.1 before:7d" for each notice, by date.
fn shown(agenda: &Agenda, notices: &[Notice]) -> Vec<String> {
    let school = agenda.school();
    let mut lines: Vec<String> = notices
        .iter()
        .map(|notice| {
            let task = notice.task.map(|task| school.plan.tasks[task as usize].name.clone()).unwrap_or_default();
            let name = &school.settings.people.get(notice.recipient).name;
            format!("{} {name} {task} {}", notice.on, notice.kind)
        })
        .collect();
    lines.sort();
    lines
}

/// What one person is told in a year, without the person's name.
fn told(agenda: &Agenda, name: &str) -> Vec<String> {
    let person = agenda.school().settings.people.by_name(name).unwrap();
    let mut notices = agenda.notices(date(2023, 8, 1), date(2024, 9, 30), |_| Status::NotStarted);
    notices.retain(|notice| notice.recipient == person);
    shown(agenda, &notices).iter().map(|line| line.replacen(&format!(" {name} "), " ", 1)).collect()
}

/// A past that is decided through a date, in a store that has no reviews to catch up.
fn decided_through(through: Date) -> PastDecisions {
    PastDecisions {
        since: at("2030-01-01T00:00:00"),
        reminded_through: Some(through),
        settled_through: Some(through),
        ..PastDecisions::default()
    }
}

/// The same past with what a look decided since.
fn and_then(mut past: PastDecisions, decision: &Decision) -> PastDecisions {
    for notice in decision.messages.iter().flat_map(|message| &message.notices) {
        past.recorded.insert(NoticeKey::from(notice), Recorded { on: notice.on, is_told: true });
        if let Some(review) = notice.kind.review().filter(|_| notice.task.is_none()) {
            past.reviews.entry(review).or_default().insert(Some(notice.recipient));
        }
    }
    for skipped in &decision.skipped {
        past.recorded.insert(NoticeKey::from(&skipped.notice), Recorded { on: skipped.notice.on, is_told: false });
    }
    past.reminded_through = decision.reminded_through.or(past.reminded_through);
    past
}

fn due(id: &str, lead: &str, due: &str) -> String {
    task(id, lead, &format!("due = {due}"))
}

fn at(text: &str) -> Timestamp {
    format!("{text}+07:00").parse().unwrap()
}

#[test]
fn a_task_is_told_at_its_start_before_it_is_due_and_while_it_is_overdue() {
    let agenda = agenda(
        &[NO_REVIEWS[0], Edit::Set("reminders.overdue.for", "\"15d\"")],
        &[task("1.1", "Phó Hiệu trưởng", "start = 2023-11-01\ndue = 2023-11-30")],
    );
    assert_eq!(
        told(&agenda, "Phó Hiệu trưởng"),
        [
            "2023-11-01 1.1 start",
            "2023-11-23 1.1 before:7d",
            "2023-11-29 1.1 before:1d",
            "2023-12-01 1.1 overdue:1d",
            "2023-12-08 1.1 overdue:8d",
            "2023-12-15 1.1 overdue:15d",
        ]
    );
}

#[test]
fn overdue_stops_after_its_span() {
    for (span, last) in [("56d", "50d"), ("57d", "57d"), ("1d", "1d")] {
        let agenda = agenda(
            &[NO_REVIEWS[0], Edit::Set("reminders.overdue.for", &format!("{span:?}"))],
            &[due("1.1", "Phó Hiệu trưởng", "2023-11-30")],
        );
        let told = told(&agenda, "Phó Hiệu trưởng");
        assert!(told.last().unwrap().ends_with(&format!("overdue:{last}")), "{span}: {told:?}");
    }
}

#[test]
fn nobody_is_reminded_of_a_due_date_before_the_start() {
    let agenda = agenda(NO_REVIEWS, &[task("1.1", "Phó Hiệu trưởng", "start = 2023-11-27\ndue = 2023-11-30")]);
    let told = told(&agenda, "Phó Hiệu trưởng");
    assert_eq!(told[..2], ["2023-11-27 1.1 start", "2023-11-29 1.1 before:1d"], "{told:?}");
}

#[test]
fn zero_days_before_is_the_due_date_itself() {
    let agenda = agenda(
        &[NO_REVIEWS[0], Edit::Set("reminders.before", "[\"0d\"]")],
        &[due("1.1", "Phó Hiệu trưởng", "2023-11-30")],
    );
    assert_eq!(told(&agenda, "Phó Hiệu trưởng")[0], "2023-11-30 1.1 before:0d");
}

#[test]
fn before_moves_back_and_everything_else_forward_to_a_working_day() {
    // Sunday 31 December: the day before is a Saturday, the day after is New Year.
    let agenda_ = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-12-31")]);
    let told_ = told(&agenda_, "Phó Hiệu trưởng");
    assert_eq!(told_[..3], ["2023-12-22 1.1 before:7d", "2023-12-29 1.1 before:1d", "2024-01-02 1.1 overdue:1d"]);
    // Over Tết (8–14 February).
    let agenda_ = agenda(NO_REVIEWS, &[task("1.1", "Phó Hiệu trưởng", "start = 2024-02-09\ndue = 2024-02-14")]);
    let told_ = told(&agenda_, "Phó Hiệu trưởng");
    assert_eq!(told_[..2], ["2024-02-07 1.1 before:1d", "2024-02-15 1.1 overdue:1d"], "{told_:?}");
}

#[test]
fn a_saturday_worked_in_exchange_is_a_working_day() {
    // Saturday 4 May 2024 is worked for Monday 29 April.
    let agenda = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2024-05-05")]);
    assert_eq!(told(&agenda, "Phó Hiệu trưởng")[..2], ["2024-04-26 1.1 before:7d", "2024-05-04 1.1 before:1d"]);
}

#[test]
fn coordinators_hear_what_is_listed_for_them() {
    let with = "start = 2023-11-01\ndue = 2023-11-30\nwith = [\"Tổ trưởng\"]";
    let agenda_ = agenda(NO_REVIEWS, &[task("1.1", "Phó Hiệu trưởng", with)]);
    assert_eq!(told(&agenda_, "Tổ trưởng"), ["2023-11-01 1.1 start", "2023-11-23 1.1 before:7d"]);
    // Fourteen days before for them alone, and overdue.
    let edits = [
        NO_REVIEWS[0],
        Edit::Set("reminders.coordinators", "[\"14d\", \"overdue\"]"),
        Edit::Set("reminders.overdue.for", "\"8d\""),
    ];
    let agenda_ = agenda(&edits, &[task("1.1", "Phó Hiệu trưởng", with)]);
    assert_eq!(
        told(&agenda_, "Tổ trưởng"),
        ["2023-11-16 1.1 before:14d", "2023-12-01 1.1 overdue:1d", "2023-12-08 1.1 overdue:8d"]
    );
    assert!(!told(&agenda_, "Phó Hiệu trưởng").iter().any(|line| line.contains("before:14d")));
}

#[test]
fn a_lead_is_not_also_a_coordinator() {
    let edits = [NO_REVIEWS[0], Edit::Set("reminders.coordinators", "[\"14d\"]")];
    let agenda = agenda(&edits, &[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30\nwith = [\"Chuyên môn\"]")]);
    assert!(!told(&agenda, "Phó Hiệu trưởng").iter().any(|line| line.contains("14d")));
    assert_eq!(told(&agenda, "Tổ trưởng"), ["2023-11-16 1.1 before:14d"]);
}

#[test]
fn superiors_are_told_of_what_others_are_late_with() {
    let edits = [NO_REVIEWS[0], Edit::Set("reminders.overdue.for", "\"21d\"")];
    let agenda_ =
        agenda(&edits, &[due("1.1", "Phó Hiệu trưởng", "2023-11-30"), due("1.2", "Hiệu trưởng", "2023-11-30")]);
    assert_eq!(
        told(&agenda_, "Hiệu trưởng").iter().filter(|line| line.contains("escalation")).collect::<Vec<_>>(),
        ["2023-12-07 1.1 escalation:7d", "2023-12-14 1.1 escalation:14d", "2023-12-21 1.1 escalation:21d"]
    );
    // Two rules for one superior, and one who coordinates as well.
    let edits = [
        edits[0],
        edits[1],
        Edit::Set("escalation.0.after", "\"10d\""),
        Edit::Set("escalation.0.to", "[\"Hiệu trưởng\", \"Thanh tra\"]"),
        Edit::Append("[[escalation]]\nafter = \"7d\"\nto = [\"Hiệu trưởng\"]"),
    ];
    let with = "due = 2023-11-30\nwith = [\"Hiệu trưởng\"]";
    let agenda_ = agenda(&edits, &[task("1.1", "Phó Hiệu trưởng", with)]);
    assert_eq!(
        told(&agenda_, "Hiệu trưởng"),
        [
            "2023-11-23 1.1 before:7d",
            "2023-12-07 1.1 escalation:7d",
            "2023-12-11 1.1 escalation:10d",
            "2023-12-14 1.1 escalation:14d",
            "2023-12-18 1.1 escalation:17d",
            "2023-12-21 1.1 escalation:21d",
        ]
    );
    assert_eq!(told(&agenda_, "Thanh tra"), ["2023-12-11 1.1 escalation:10d", "2023-12-18 1.1 escalation:17d"]);
}

#[test]
fn of_several_notices_of_a_task_on_one_day_only_the_most_urgent_is_told() {
    // 28 October 2023 is a Saturday: 1 and 2 days before Monday 30 both move to Friday 27.
    let edits = [NO_REVIEWS[0], Edit::Set("reminders.before", "[\"1d\", \"2d\", \"3d\"]")];
    let agenda_ = agenda(&edits, &[task("1.1", "Phó Hiệu trưởng", "start = 2023-10-27\ndue = 2023-10-30")]);
    assert_eq!(told(&agenda_, "Phó Hiệu trưởng")[0], "2023-10-27 1.1 before:1d");
    // Overdue every day: Saturday's and Sunday's move to Monday, and the one with most days stays.
    let edits =
        [NO_REVIEWS[0], Edit::Set("reminders.overdue.every", "\"1d\""), Edit::Set("reminders.overdue.for", "\"5d\"")];
    let agenda_ = agenda(&edits, &[due("1.1", "Phó Hiệu trưởng", "2023-11-30")]);
    let told_ = told(&agenda_, "Phó Hiệu trưởng");
    assert_eq!(told_[2..], ["2023-12-01 1.1 overdue:1d", "2023-12-04 1.1 overdue:4d", "2023-12-05 1.1 overdue:5d"]);
    // A self-check gives way to a reminder of the same day: Friday 27 October asks before the review of 31 October.
    let agenda_ = agenda(&[], &[due("1.1", "Phó Hiệu trưởng", "2023-11-02")]);
    assert!(told(&agenda_, "Phó Hiệu trưởng").contains(&"2023-10-26 1.1 before:7d".to_owned()));
    assert!(!told(&agenda_, "Phó Hiệu trưởng").contains(&"2023-10-26 1.1 self_check:2023-10".to_owned()));
}

#[test]
fn one_recipient_gets_one_message_most_urgent_first() {
    let agenda = agenda(
        NO_REVIEWS,
        &[
            task("1.5", "Phó Hiệu trưởng", "start = 2023-11-24\ndue = 2023-12-30"),
            due("1.1", "Phó Hiệu trưởng", "2023-12-01"),
            due("1.4", "Phó Hiệu trưởng", "2023-11-09"),
            due("1.2", "Phó Hiệu trưởng", "2023-11-16"),
            due("1.3", "Phó Hiệu trưởng", "2023-11-25"),
            due("1.0", "Phó Hiệu trưởng", "2023-12-01"),
        ],
    );
    let past = decided_through(date(2023, 11, 23));
    let decision = decide(&agenda, &past, at("2023-11-24T07:00:00"), |_| Status::NotStarted);
    let mine = agenda.school().settings.people.by_name("Phó Hiệu trưởng").unwrap();
    let messages: Vec<_> = decision.messages.iter().filter(|message| message.recipient == mine).collect();
    assert_eq!(messages.len(), 1);
    let order: Vec<String> = messages[0]
        .notices
        .iter()
        .map(|notice| format!("{} {}", agenda.school().plan.tasks[notice.task.unwrap() as usize].name, notice.kind))
        .collect();
    assert_eq!(
        order,
        ["1.4 overdue:15d", "1.2 overdue:8d", "1.3 before:1d", "1.1 before:7d", "1.0 before:7d", "1.5 start"]
    );
}

#[test]
fn closed_tasks_and_unresolved_times_make_no_reminders() {
    let agenda = agenda(
        NO_REVIEWS,
        &[due("1.1", "Phó Hiệu trưởng", "2023-11-30"), task("1.2", "Phó Hiệu trưởng", "time = \"Cuối năm\"")],
    );
    let notices = agenda
        .notices(date(2023, 8, 1), date(2024, 9, 30), |task| if task == 0 { Status::Done } else { Status::NotStarted });
    assert_eq!(shown(&agenda, &notices), Vec::<String>::new());
}

/// What a decision sends and skips, as lines.
fn decided(agenda: &Agenda, decision: &Decision) -> (Vec<String>, Vec<String>) {
    let sent: Vec<Notice> = decision.messages.iter().flat_map(|message| message.notices.clone()).collect();
    let skipped: Vec<Notice> = decision.skipped.iter().map(|skipped| skipped.notice).collect();
    (shown(agenda, &sent), shown(agenda, &skipped))
}

/// "1.1 before:1d Closed" for each notice that a decision does not tell.
fn why_skipped(agenda: &Agenda, decision: &Decision) -> Vec<String> {
    let line = |notice: &Notice, why: Skipped| {
        let task = notice.task.map(|task| agenda.school().plan.tasks[task as usize].name.clone()).unwrap_or_default();
        format!("{task} {} {why:?}", notice.kind)
    };
    let mut lines: Vec<String> = decision.skipped.iter().map(|skipped| line(&skipped.notice, skipped.why)).collect();
    lines.sort();
    lines
}

#[test]
fn a_first_start_looks_back_and_tells_only_the_latest() {
    let agenda = agenda(NO_REVIEWS, &[task("1.1", "Phó Hiệu trưởng", "start = 2023-10-24\ndue = 2023-10-31")]);
    // Wednesday 1 November: start (24th, the day of before:7d), before:1d (30th) and overdue:1d (today) were missed.
    let first = PastDecisions { reminded_through: None, ..decided_through(Date::MIN) };
    let decision = decide(&agenda, &first, at("2023-11-01T09:30:00"), |_| Status::NotStarted);
    let (sent, skipped) = decided(&agenda, &decision);
    assert_eq!(sent, ["2023-11-01 Phó Hiệu trưởng 1.1 overdue:1d"]);
    assert_eq!(skipped, ["2023-10-30 Phó Hiệu trưởng 1.1 before:1d"], "older than the look back is not looked at");
    assert_eq!(decision.reminded_through, Some(date(2023, 11, 1)));
}

#[test]
fn what_is_older_than_stale_after_is_skipped() {
    let agenda = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-10-31")]);
    let since = decided_through(date(2023, 10, 20));
    for (now, sent_) in [("2023-11-08T07:00:00", 1), ("2023-11-07T07:00:00", 1), ("2024-02-20T07:00:00", 0)] {
        let (sent, skipped) = decided(&agenda, &decide(&agenda, &since, at(now), |_| Status::NotStarted));
        let to_lead = sent.iter().filter(|line| line.contains("Phó")).count();
        assert_eq!(to_lead, sent_, "{now}: {sent:?}");
        assert!(!skipped.is_empty());
    }
}

#[test]
fn nothing_is_caught_up_at_night_on_a_day_off_or_after_until() {
    let agenda = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-11-03")]);
    let since = decided_through(date(2023, 10, 26));
    for closed in ["2023-11-02T06:59:59", "2023-11-02T18:00:01", "2023-11-04T10:00:00", "2024-02-09T10:00:00"] {
        assert!(decide(&agenda, &since, at(closed), |_| Status::NotStarted).is_empty(), "{closed}");
    }
    for open in ["2023-11-02T07:00:00", "2023-11-02T18:00:00"] {
        assert!(!decide(&agenda, &since, at(open), |_| Status::NotStarted).messages.is_empty(), "{open}");
    }
}

#[test]
fn what_was_decided_is_not_decided_again() {
    let agenda = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-11-03")]);
    let now = at("2023-11-02T07:00:00");
    let past = decided_through(date(2023, 11, 1));
    let first = decide(&agenda, &past, now, |_| Status::NotStarted);
    let sent: Vec<Notice> = first.messages.iter().flat_map(|message| message.notices.clone()).collect();
    assert_eq!(sent.len(), 1);
    let after = and_then(past, &first);
    assert!(decide(&agenda, &after, at("2023-11-02T07:01:00"), |_| Status::NotStarted).is_empty());
    // A clock that was set back looks at the day once more and finds it in the store.
    let set_back = PastDecisions { reminded_through: Some(date(2023, 11, 1)), ..after };
    assert!(decide(&agenda, &set_back, now, |_| Status::NotStarted).messages.is_empty());
}

#[test]
fn what_a_change_makes_for_days_gone_by_is_told_and_waits_when_the_person_has_heard_of_the_task_today() {
    let now = at("2023-11-02T10:00:00");
    let looked = PastDecisions { settled_through: None, ..decided_through(date(2023, 11, 2)) };
    let before = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-12-29")]);
    assert!(decide(&before, &looked, now, |_| Status::NotStarted).is_empty());
    let moved = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-11-03")]);
    let decision = decide(&moved, &looked, now, |_| Status::NotStarted);
    assert_eq!(decided(&moved, &decision).0, ["2023-11-02 Phó Hiệu trưởng 1.1 before:1d"]);
    assert_eq!(decision.messages[0].not_before, now);
    let lead = moved.school().settings.people.by_name("Phó Hiệu trưởng").unwrap();
    let heard = PastDecisions { told_today: HashSet::from([(0, lead)]), ..looked };
    let decision = decide(&moved, &heard, now, |_| Status::NotStarted);
    assert_eq!(decision.messages[0].not_before, at("2023-11-03T07:00:00"));
}

#[test]
fn a_reminder_whose_day_is_entered_as_a_day_off_the_evening_before_is_not_lost() {
    // Friday 3 November is the due date, and Thursday the day of the only reminder.
    let edits = [NO_REVIEWS[0], Edit::Set("reminders.before", "[\"1d\"]")];
    let files = Files::of(&[due("1.1", "Phó Hiệu trưởng", "2023-11-03")]);
    files.change(&edits);
    let before = Agenda::new(files.load().school);
    let past = decided_through(date(2023, 10, 31));
    let wednesday = decide(&before, &past, at("2023-11-01T07:00:00"), |_| Status::NotStarted);
    assert!(wednesday.messages.is_empty());
    let past = and_then(past, &wednesday);
    files.add_holiday(date(2023, 11, 2));
    let after = Agenda::new(files.load().school);
    assert!(decide(&after, &past, at("2023-11-02T07:00:00"), |_| Status::NotStarted).messages.is_empty());
    let friday = decide(&after, &past, at("2023-11-03T07:00:00"), |_| Status::NotStarted);
    assert_eq!(decided(&after, &friday).0, ["2023-11-01 Phó Hiệu trưởng 1.1 before:1d"]);
}

#[test]
fn everything_that_a_look_passes_over_is_recorded_with_the_reason_and_never_told() {
    let edits = [NO_REVIEWS[0], Edit::Set("reminders.before", "[\"1d\", \"2d\"]")];
    // Both reminders of Monday 30 October move to Friday 27.
    let tasks = [
        due("1.1", "Phó Hiệu trưởng", "2023-10-30"),
        due("1.2", "Phó Hiệu trưởng", "2023-10-28"),
        due("1.3", "Tổ trưởng", "2023-10-28"),
        due("1.4", "Hiệu trưởng", "2023-10-20"),
    ];
    let agenda_ = agenda(&edits, &tasks);
    let status = |task: usize| match task {
        1 => Status::Done,
        2 => Status::Blocked,
        _ => Status::NotStarted,
    };
    let friday = at("2023-10-27T07:00:00");
    let past = decided_through(date(2023, 10, 26));
    let decision = decide(&agenda_, &past, friday, status);
    let why = why_skipped(&agenda_, &decision);
    assert_eq!(
        why,
        ["1.1 before:2d Urgent", "1.2 before:1d Closed", "1.3 before:1d Blocked", "1.4 escalation:7d Leads"],
        "{:?}",
        decided(&agenda_, &decision).0
    );
    // What was passed over is not made again when the task is taken up later.
    let past = and_then(past, &decision);
    let monday = decide(&agenda_, &past, at("2023-10-30T07:00:00"), |_| Status::NotStarted);
    let told = decided(&agenda_, &monday).0;
    assert!(!told.iter().any(|line| line.contains("before")), "{told:?}");
}

#[test]
fn of_one_task_no_notice_follows_a_later_one() {
    // Overdue was told on Wednesday 1 November; then the due date moves, and its reminder would have been on 27 October.
    let late = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-10-31")]);
    let past = decided_through(date(2023, 10, 31));
    let told = decide(&late, &past, at("2023-11-01T07:00:00"), |_| Status::NotStarted);
    assert_eq!(decided(&late, &told).0, ["2023-11-01 Phó Hiệu trưởng 1.1 overdue:1d"]);
    let past = PastDecisions { settled_through: None, ..and_then(past, &told) };
    let moved = agenda(NO_REVIEWS, &[due("1.1", "Phó Hiệu trưởng", "2023-11-03")]);
    let decision = decide(&moved, &past, at("2023-11-01T10:00:00"), |_| Status::NotStarted);
    assert_eq!(decided(&moved, &decision).0, Vec::<String>::new());
    assert_eq!(why_skipped(&moved, &decision), ["1.1 before:7d Later"]);
}

#[test]
fn a_deputy_whose_absence_is_entered_later_hears_only_while_it_lasts() {
    let tasks = [due("1.1", "Phó Hiệu trưởng", "2023-11-30")];
    let plain = agenda(NO_REVIEWS, &tasks);
    let past = decided_through(date(2023, 11, 22));
    let told = decide(&plain, &past, at("2023-11-23T07:00:00"), |_| Status::NotStarted);
    let past = and_then(past, &told);
    let absent = agenda(&[NO_REVIEWS[0], AWAY], &tasks);
    let to = |now: &str| decided(&absent, &decide(&absent, &past, at(now), |_| Status::NotStarted)).0;
    assert_eq!(to("2023-11-24T10:00:00"), ["2023-11-23 Tổ trưởng 1.1 before:7d"]);
    assert_eq!(to("2023-11-27T10:00:00"), Vec::<String>::new(), "who was away is back, and has it");
}

/// "2023-09 2023-09-12..2023-09-30 on 2023-09-29" for each review.
fn reviews(agenda: &Agenda) -> Vec<String> {
    agenda
        .reviews()
        .iter()
        .map(|review| format!("{} {}..{} on {}", review.id, review.from, review.through, review.on))
        .collect()
}

const ONE: &str = "due = 2024-05-31";

#[test]
fn reviews_close_every_month_every_term_and_the_year() {
    let agenda = agenda(&[], &[task("1.1", "Hiệu trưởng", ONE)]);
    assert_eq!(
        reviews(&agenda),
        [
            "2023-09 2023-09-12..2023-09-30 on 2023-09-29",
            "2023-10 2023-10-01..2023-10-31 on 2023-10-31",
            "2023-11 2023-11-01..2023-11-30 on 2023-11-30",
            "2023-12 2023-12-01..2023-12-31 on 2023-12-29",
            "2024-01 2024-01-01..2024-01-31 on 2024-01-31",
            "2024-02 2024-02-01..2024-02-29 on 2024-02-29",
            "2024-03 2024-03-01..2024-03-31 on 2024-03-29",
            "2024-04 2024-04-01..2024-04-30 on 2024-04-26",
            "2024-05 2024-05-01..2024-05-31 on 2024-05-31",
            "term-1 2023-09-12..2024-01-14 on 2024-01-15",
            "term-2 2024-01-15..2024-05-25 on 2024-05-27",
            "year 2023-09-12..2024-05-31 on 2024-05-31",
        ]
    );
    let first = agenda.reviews()[0].clone();
    assert_eq!(first.at, at("2023-09-29T08:00:00"));
    assert_eq!(agenda.review_after(&first).unwrap().through, date(2023, 10, 31));
    assert!(agenda.review_after(&agenda.reviews()[8].clone()).is_none());
}

#[test]
fn a_review_on_a_day_of_the_month_is_moved_to_a_working_day_and_keeps_its_period() {
    let edits = [Edit::Set("review.month.on", "31")];
    let reviews_ = reviews(&agenda(&edits, &[task("1.1", "Hiệu trưởng", ONE)]));
    assert_eq!(reviews_[0], "2023-09 2023-09-12..2023-09-30 on 2023-10-02");
    assert_eq!(reviews_[3], "2023-12 2023-12-01..2023-12-31 on 2024-01-02");
    assert_eq!(reviews_[5], "2024-02 2024-02-01..2024-02-29 on 2024-02-29");
    // Until the middle of a month the review is of the month before, up to the one in which the year ends.
    for (on, first, last) in [
        ("\"first-workday\"", "2023-09-12..2023-09-30 on 2023-10-02", "2024-05-01..2024-05-31 on 2024-06-03"),
        ("15", "2023-09-12..2023-09-30 on 2023-10-16", "2024-05-01..2024-05-31 on 2024-06-17"),
        ("16", "2023-09-12..2023-09-30 on 2023-09-18", "2024-05-01..2024-05-31 on 2024-05-16"),
    ] {
        let edits = [Edit::Set("review.month.on", on)];
        let reviews_ = reviews(&agenda(&edits, &[task("1.1", "Hiệu trưởng", ONE)]));
        assert_eq!(reviews_[0], format!("2023-09 {first}"), "{on}");
        assert_eq!(reviews_[8], format!("2024-05 {last}"), "{on}");
    }
}

#[test]
fn a_review_whose_day_lies_before_the_plan_was_issued_is_left_out_and_the_next_covers_its_time() {
    let mut school = Files::of(&[task("1.1", "Hiệu trưởng", ONE)]).load().school;
    school.plan.issued = date(2023, 9, 30);
    let agenda = Agenda::new(school);
    assert_eq!(reviews(&agenda)[0], "2023-10 2023-09-30..2023-10-31 on 2023-10-31");
}

#[test]
fn a_review_is_made_once_whatever_is_entered_later() {
    let tasks = [task("1.1", "Hiệu trưởng", ONE)];
    let agenda_ = agenda(&[], &tasks);
    let past = PastDecisions {
        since: at("2023-09-12T00:00:00"),
        reminded_through: Some(date(2030, 1, 1)),
        ..PastDecisions::default()
    };
    let made = decide(&agenda_, &past, at("2023-09-29T08:00:00"), |_| Status::NotStarted);
    assert_eq!(made.made.iter().map(|review| review.id.to_string()).collect::<Vec<_>>(), ["2023-09"]);
    let past = and_then(past, &made);
    let away = "[{ from = 2023-09-28, to = 2023-10-31, deputy = \"Tổ trưởng\" }]";
    let later: [&[Edit<'_>]; 4] = [
        &[Edit::Set("review.month.on", "\"first-workday\"")],
        &[Edit::Set("review.month.to", "[\"Hiệu trưởng\", \"Tổ giám sát\", \"Tổ trưởng\"]")],
        &[Edit::Add("person.Phó Hiệu trưởng.away", away), Edit::Add("person.Thanh tra.away", away)],
        &[Edit::Set("review.month.to", "[\"Tổ trưởng\"]")],
    ];
    for edits in later {
        let changed = agenda(edits, &tasks);
        let (sent, skipped) = review_ids(&decide(&changed, &past, at("2023-10-02T08:00:00"), |_| Status::NotStarted));
        assert_eq!((sent, skipped), (Vec::new(), Vec::new()), "{edits:?}");
    }
}

/// Ids of the reviews that a decision sends and skips.
fn review_ids(decision: &Decision) -> (Vec<String>, Vec<String>) {
    let id = |notice: &Notice| notice.kind.review().filter(|_| notice.task.is_none()).map(|id| id.to_string());
    let sent = decision.messages.iter().flat_map(|message| &message.notices).filter_map(id).collect();
    (sent, decision.skipped.iter().map(|skipped| &skipped.notice).filter_map(id).collect())
}

#[test]
fn reviews_go_out_at_their_time_and_of_missed_ones_the_latest_of_a_kind() {
    let agenda = agenda(&[], &[task("1.1", "Hiệu trưởng", ONE)]);
    let since = |text: &str| PastDecisions {
        since: at(text),
        reminded_through: Some(date(2030, 1, 1)),
        ..PastDecisions::default()
    };
    let sent = |past: &PastDecisions, now: &str| review_ids(&decide(&agenda, past, at(now), |_| Status::NotStarted));
    let start = since("2023-09-12T00:00:00");
    assert_eq!(sent(&start, "2023-09-29T07:59:59").0, Vec::<String>::new());
    assert_eq!(sent(&start, "2023-09-29T08:00:00").0, ["2023-09"]);
    // Missed for months: the latest of each kind, however old, the others never.
    let (now, skipped) = sent(&start, "2024-02-20T09:00:00");
    assert_eq!(now, ["term-1", "2024-01"]);
    assert_eq!(skipped, ["2023-09", "2023-10", "2023-11", "2023-12"]);
    // Not at night, and not from before the store began.
    assert_eq!(sent(&start, "2024-02-20T19:00:00").0, Vec::<String>::new());
    assert_eq!(sent(&since("2024-02-01T00:00:00"), "2024-02-20T09:00:00").0, Vec::<String>::new());
}

#[test]
fn a_review_late_in_the_evening_is_on_time() {
    let edits = [Edit::Remove("review.month.on"), Edit::Set("review.month.at", "\"20:00\"")];
    let agenda = agenda(&edits, &[task("1.1", "Hiệu trưởng", ONE)]);
    let past = PastDecisions {
        since: at("2023-09-12T00:00:00"),
        reminded_through: Some(date(2030, 1, 1)),
        ..PastDecisions::default()
    };
    let sent = |now: &str| review_ids(&decide(&agenda, &past, at(now), |_| Status::NotStarted)).0;
    assert_eq!(sent("2023-09-29T20:00:30"), ["2023-09"]);
    assert_eq!(sent("2023-09-29T21:00:00"), Vec::<String>::new(), "missed: not at night");
    assert_eq!(sent("2023-10-02T07:00:00"), ["2023-09"]);
}

#[test]
fn owners_of_open_tasks_that_have_started_are_asked_before_a_review() {
    let agenda = agenda(
        &[],
        &[
            task("1.1", "Phó Hiệu trưởng", "start = 2023-11-27\ndue = 2023-12-31"),
            task("1.2", "Phó Hiệu trưởng", "start = 2023-11-28\ndue = 2023-12-31"),
            task("1.3", "Phó Hiệu trưởng", "due = 2023-12-31\nwith = [\"Tổ trưởng\"]"),
            due("1.5", "Phó Hiệu trưởng", "2023-12-31"),
        ],
    );
    // Three working days before Thursday 30 November is Monday 27.
    let notices = agenda.notices(date(2023, 11, 27), date(2023, 11, 27), |task| {
        if task == 3 { Status::Done } else { Status::NotStarted }
    });
    assert_eq!(
        shown(&agenda, &notices),
        ["2023-11-27 Phó Hiệu trưởng 1.1 start", "2023-11-27 Phó Hiệu trưởng 1.3 self_check:2023-11"]
    );
}

/// How far tasks are, with the date of the last report on each.
#[derive(Clone, Copy)]
struct Told(fn(usize) -> Option<Date>);

impl TaskStates for Told {
    fn status(&self, _task: usize) -> Status {
        Status::InProgress
    }

    fn reported_on(&self, task: usize, _lead: RecipientId) -> Option<Date> {
        self.0(task)
    }
}

#[test]
fn a_self_check_asks_only_where_nothing_else_asks_and_nothing_was_told_lately() {
    // The review of November is made on Thursday 30; it asks on Monday 27.
    let days = "[\"10d\", \"5d\", \"6d\"]";
    let asked = |tasks: &[String], states: Told| {
        let agenda = agenda(&[Edit::Set("reminders.before", days)], tasks);
        let notices = agenda.notices(date(2023, 11, 27), date(2023, 11, 27), states);
        let asked = notices.iter().filter(|notice| matches!(notice.kind, NoticeKind::SelfCheck(_)));
        let task = |notice: &Notice| agenda.school().plan.tasks[notice.task.unwrap() as usize].name.clone();
        asked.map(task).collect::<Vec<_>>()
    };
    let of_due = |name: &str, day: &str| due(name, "Phó Hiệu trưởng", day);
    // 5 days after 27 November is 2 December; reminders at 10, 6 and 5 days before, and after the due date.
    let tasks = [
        of_due("asked on 22 November", "2023-11-21"),
        of_due("asked on 21 November", "2023-11-26"),
        of_due("asked on 1 December", "2023-12-06"),
        of_due("asked on 13 December", "2023-12-23"),
        of_due("due at the end of December", "2023-12-31"),
        of_due("due in January", "2024-01-01"),
        of_due("long late", "2023-09-13"),
        task("open", "Phó Hiệu trưởng", "time = \"Cuối năm\""),
        task("not begun", "Phó Hiệu trưởng", "start = 2023-11-28\ndue = 2023-12-31"),
    ];
    let silent = asked(&tasks, Told(|_| None));
    assert_eq!(silent, ["asked on 13 December", "due at the end of December", "long late"]);
    let tasks: Vec<String> = (0..3).map(|number| of_due(&format!("9.{number}"), "2023-12-29")).collect();
    let told = asked(&tasks, Told(|task| [Some(date(2023, 11, 19)), Some(date(2023, 11, 20)), None][task]));
    assert_eq!(told, ["9.0", "9.2"], "told 8 and 7 days before, and never");
}

#[test]
fn a_term_asks_about_every_task_that_has_begun() {
    let edits = [Edit::Add("review.term.ask_owners", "\"3d\"")];
    let tasks = [
        due("1.1", "Phó Hiệu trưởng", "2024-05-31"),
        task("1.2", "Phó Hiệu trưởng", "time = \"Cuối năm\""),
        task("1.3", "Phó Hiệu trưởng", "start = 2024-01-11\ndue = 2024-05-31"),
    ];
    let told_ = told(&agenda(&edits, &tasks), "Phó Hiệu trưởng");
    let asked: Vec<&String> = told_.iter().filter(|line| line.contains("self_check:term-1")).collect();
    assert_eq!(asked, ["2024-01-10 1.1 self_check:term-1", "2024-01-10 1.2 self_check:term-1"]);
}

#[test]
fn a_question_that_was_missed_is_not_asked_on_the_day_of_its_review() {
    // Asked on Monday 27 November, before the review of Thursday 30.
    let agenda = agenda(&[], &[due("1.1", "Phó Hiệu trưởng", "2023-12-29")]);
    let past = decided_through(date(2023, 11, 24));
    let sent = |now: &str| decided(&agenda, &decide(&agenda, &past, at(now), |_| Status::NotStarted)).0;
    assert_eq!(sent("2023-11-29T10:00:00"), ["2023-11-27 Phó Hiệu trưởng 1.1 self_check:2023-11"]);
    assert_eq!(sent("2023-11-30T07:00:00"), Vec::<String>::new());
    // Another day for the review asks nobody again.
    let asked = decide(&agenda, &past, at("2023-11-27T07:00:00"), |_| Status::NotStarted);
    let past = and_then(past, &asked);
    let files = Files::of(&[due("1.1", "Phó Hiệu trưởng", "2023-12-29")]);
    files.change(&[Edit::Set("review.month.on", "\"first-workday\"")]);
    let later = Agenda::new(files.load().school);
    assert_eq!(later.reviews()[2].ask_on, Some(date(2023, 11, 28)));
    assert!(decide(&later, &past, at("2023-11-28T07:00:00"), |_| Status::NotStarted).messages.is_empty());
}

#[test]
fn a_superior_with_a_weekday_hears_once_a_week_of_what_is_late() {
    let edits = [NO_REVIEWS[0], Edit::Add("escalation.0.day", "\"mon\"")];
    // Seven days after Friday 17 November is a Friday, after Monday 20 a Monday; 1 January is off.
    let tasks = [
        due("1.1", "Tổ trưởng", "2023-11-17"),
        due("1.2", "Tổ trưởng", "2023-11-20"),
        due("1.3", "Tổ trưởng", "2023-12-20"),
    ];
    let told_ = told(&agenda(&edits, &tasks), "Hiệu trưởng");
    let first = |task: &str| told_.iter().find(|line| line.contains(task)).cloned().unwrap();
    assert_eq!(first(" 1.1 "), "2023-11-27 1.1 escalation:7d");
    assert_eq!(first(" 1.2 "), "2023-11-27 1.2 escalation:7d");
    assert_eq!(first(" 1.3 "), "2024-01-02 1.3 escalation:7d");
    assert!(
        told_.contains(&"2024-01-15 1.1 escalation:56d".to_owned()),
        "`for` bounds the days before they are moved: {told_:?}"
    );
    // Who stands in two rules hears of one day once, on the earlier date.
    let both = [edits[0], edits[1], Edit::Append("[[escalation]]\nafter = \"7d\"\nto = [\"Hiệu trưởng\"]")];
    let told_ = told(&agenda(&both, &tasks[..1]), "Hiệu trưởng");
    assert_eq!(told_[..2], ["2023-11-24 1.1 escalation:7d", "2023-12-01 1.1 escalation:14d"]);
}

const AWAY: Edit<'_> =
    Edit::Add("person.Phó Hiệu trưởng.away", "[{ from = 2023-11-20, to = 2023-11-24, deputy = \"Tổ trưởng\" }]");

#[test]
fn what_falls_on_days_away_goes_to_the_deputy() {
    let agenda_ = agenda(&[NO_REVIEWS[0], AWAY], &[due("1.1", "Phó Hiệu trưởng", "2023-11-30")]);
    assert_eq!(told(&agenda_, "Tổ trưởng"), ["2023-11-23 1.1 before:7d"]);
    assert_eq!(told(&agenda_, "Phó Hiệu trưởng")[0], "2023-11-29 1.1 before:1d");
    // Who leads as well hears it once.
    let agenda_ = agenda(&[NO_REVIEWS[0], AWAY], &[due("1.1", "Chuyên môn", "2023-11-30")]);
    assert_eq!(told(&agenda_, "Tổ trưởng").iter().filter(|line| line.contains("before:7d")).count(), 1);
}

#[test]
fn whoever_stands_in_for_a_superior_is_not_told_of_what_they_lead() {
    let edits = [
        NO_REVIEWS[0],
        Edit::Add("person.Hiệu trưởng.away", "[{ from = 2023-12-04, to = 2023-12-08, deputy = \"Phó Hiệu trưởng\" }]"),
    ];
    let agenda = agenda(&edits, &[due("1.1", "Phó Hiệu trưởng", "2023-11-30"), due("1.2", "Tổ trưởng", "2023-11-30")]);
    let escalated: Vec<String> =
        told(&agenda, "Phó Hiệu trưởng").into_iter().filter(|line| line.contains("escalation")).collect();
    assert_eq!(escalated, ["2023-12-07 1.2 escalation:7d"]);
}

#[test]
fn nobody_hears_in_place_of_a_superior_of_what_that_superior_leads() {
    let edits = [
        NO_REVIEWS[0],
        Edit::Add("person.Hiệu trưởng.away", "[{ from = 2023-12-04, to = 2023-12-08, deputy = \"Phó Hiệu trưởng\" }]"),
    ];
    let agenda = agenda(&edits, &[due("1.1", "Hiệu trưởng", "2023-11-30"), due("1.2", "Tổ trưởng", "2023-11-30")]);
    let told: Vec<String> =
        told(&agenda, "Phó Hiệu trưởng").into_iter().filter(|line| line.contains("12-07")).collect();
    assert_eq!(told, ["2023-12-07 1.2 escalation:7d"], "of 1.1 they hear in the place of its lead");
}

#[test]
fn when_everybody_is_away_the_person_is_told_after_all() {
    let edits = [
        NO_REVIEWS[0],
        AWAY,
        Edit::Add("person.Tổ trưởng.away", "[{ from = 2023-11-20, to = 2023-11-24, deputy = \"Phó Hiệu trưởng\" }]"),
    ];
    let agenda = agenda(&edits, &[due("1.1", "Phó Hiệu trưởng", "2023-11-30")]);
    assert!(told(&agenda, "Phó Hiệu trưởng").contains(&"2023-11-23 1.1 before:7d".to_owned()));
}

#[test]
fn a_group_with_a_channel_of_its_own_is_told_once() {
    let edits = [NO_REVIEWS[0], Edit::Add("group.Tổ giám sát.via", "[\"email\"]")];
    let agenda = agenda(&edits, &[task("1.1", "Tổ giám sát", "due = 2023-11-30")]);
    assert_eq!(told(&agenda, "Tổ giám sát").len(), 10);
    assert_eq!(told(&agenda, "Thanh tra"), Vec::<String>::new());
}

#[test]
fn a_time_that_a_clock_change_skips_or_repeats_is_one_instant() {
    let edits = [Edit::Set("timezone", "\"Europe/Berlin\""), Edit::Set("reminders.at", "\"02:30\"")];
    let agenda = agenda(&edits, &[task("1.1", "Hiệu trưởng", ONE)]);
    let next = |text: &str| agenda.next_look(text.parse().unwrap()).to_string();
    assert_eq!(next("2024-03-31T00:00:00Z"), "2024-03-31T01:00:00Z");
    assert_eq!(next("2023-10-29T00:00:00Z"), "2023-10-29T00:30:00Z");
    assert_eq!(next("2023-10-29T00:30:00Z"), "2023-10-30T01:30:00Z");
}

#[test]
fn a_notice_stands_only_while_the_plan_makes_it() {
    let tasks = [task("1.1", "Phó Hiệu trưởng", "start = 2023-11-01\ndue = 2023-11-30\nwith = [\"Tổ trưởng\"]")];
    let agenda_ = agenda(&[], &tasks);
    let all = agenda_.notices(date(2023, 8, 1), date(2024, 9, 30), |_| Status::NotStarted);
    assert!(all.len() > 10);
    assert!(all.iter().all(|notice| agenda_.stands(notice)));
    let moved = agenda(&[], &[tasks[0].replace("2023-11-30", "2023-12-15")]);
    let still = |notice: &&Notice| moved.stands(notice);
    assert!(all.iter().filter(still).all(|notice| matches!(notice.kind.as_str(), "start" | "self_check")));
    let other_lead = agenda(&[], &[tasks[0].replace("lead = [\"Phó Hiệu trưởng\"]", "lead = [\"Thanh tra\"]")]);
    let lead = agenda_.school().settings.people.by_name("Phó Hiệu trưởng").unwrap();
    assert!(all.iter().filter(|notice| notice.recipient == lead).all(|notice| !other_lead.stands(notice)));
}

mod properties {
    //! What must hold for any plan.

    use std::collections::BTreeMap;

    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::*;

    /// A plan of random tasks: (start offset, length, lead, coordinator).
    fn tasks() -> impl Strategy<Value = Vec<(u16, u16, usize, usize)>> {
        proptest::collection::vec((0_u16..260, 0_u16..90, 0_usize..4, 0_usize..5), 1..12)
    }

    const PEOPLE: [&str; 5] = ["Hiệu trưởng", "Phó Hiệu trưởng", "Chuyên môn", "Tổ giám sát", ""];

    fn written(tasks: &[(u16, u16, usize, usize)]) -> Vec<String> {
        let day = |offset: u16| date(2023, 9, 1).checked_add(i64::from(offset).days()).unwrap();
        tasks
            .iter()
            .enumerate()
            .map(|(number, (start, length, lead, with))| {
                let start_line = if length % 3 == 0 { String::new() } else { format!("start = {}\n", day(*start)) };
                let with = if *with == 4 { String::new() } else { format!("with = [\"{}\"]\n", PEOPLE[*with]) };
                let due = day(start + length);
                task(&format!("9.{number}"), PEOPLE[*lead], &format!("{start_line}due = {due}\n{with}"))
            })
            .collect()
    }

    fn random_agenda(tasks: &[(u16, u16, usize, usize)]) -> Agenda {
        agenda(&[AWAY, Edit::Set("reminders.coordinators", "[\"start\", \"14d\", \"overdue\"]")], &written(tasks))
    }

    type Told = BTreeMap<(Option<u32>, u32), Vec<(Date, NoticeKind)>>;

    /// Runs at each of these instants, as the daemon does, and returns what each person was told of each task.
    fn run(agenda: &Agenda, moments: &[Timestamp]) -> Told {
        let mut past = PastDecisions { since: moments[0], ..decided_through(date(2023, 9, 11)) };
        let mut told = Told::new();
        for now in moments {
            let decision = decide(agenda, &past, *now, |_| Status::NotStarted);
            for notice in decision.messages.iter().flat_map(|message| &message.notices) {
                told.entry((notice.task, notice.recipient.0)).or_default().push((notice.on, notice.kind));
            }
            past = and_then(past, &decision);
        }
        told
    }

    fn mornings(from: Date, days: i64) -> Vec<Timestamp> {
        (0..days).map(|day| at(&format!("{}T07:00:00", from.checked_add(day.days()).unwrap()))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nobody_hears_twice_of_one_task_on_one_day_and_only_on_working_days(tasks in tasks()) {
            let agenda = random_agenda(&tasks);
            let notices = agenda.notices(date(2023, 8, 1), date(2025, 1, 31), |_| Status::NotStarted);
            let mut days = HashSet::new();
            let mut keys = HashSet::new();
            for notice in &notices {
                prop_assert!(days.insert((notice.task, notice.recipient, notice.on)), "twice on a day: {notice:?}");
                prop_assert!(keys.insert(NoticeKey::from(notice)), "twice the same: {notice:?}");
                prop_assert!(agenda.school().settings.working_days.contains(notice.on), "{notice:?}");
                prop_assert!(agenda.stands(notice), "{notice:?}");
                let due = agenda.school().plan.tasks[notice.task.unwrap() as usize].period().unwrap().due;
                match notice.kind {
                    NoticeKind::Before(_) | NoticeKind::Start => prop_assert!(notice.day <= due),
                    NoticeKind::Overdue(days) | NoticeKind::Escalation(days) => {
                        prop_assert!(notice.day > due && days <= 56);
                    }
                    _ => {}
                }
            }
        }

        #[test]
        fn any_pattern_of_runs_tells_what_daily_runs_collapse_to(
            tasks in tasks(),
            gaps in proptest::collection::vec((1_i64..25, 0_i64..24), 4..30),
        ) {
            let agenda = random_agenda(&tasks);
            let start = date(2023, 9, 12);
            let mut day = start;
            let mut moments = vec![at("2023-09-12T07:00:00")];
            for (gap, hour) in gaps {
                day = day.checked_add(gap.days()).unwrap();
                moments.push(at(&format!("{day}T{hour:02}:00:00")));
            }
            // Thirty gaps of at most 24 days.
            let daily = run(&agenda, &mornings(start, 730));
            let pattern = run(&agenda, &moments);
            // By hand: of the daily notices between two runs that may send, the latest that is not stale.
            let settings = &agenda.school().settings;
            let open: Vec<Date> = moments
                .iter()
                .map(|now| now.to_zoned_datetime(settings.time_zone.clone()))
                .filter(|now| settings.working_days.contains(now.date()) && (7..=18).contains(&now.hour()))
                .map(|now| now.date())
                .collect();
            for (key, notices) in daily.iter().filter(|((task, _), _)| task.is_some()) {
                let mut expected = Vec::new();
                let mut through = date(2023, 9, 11);
                for today in &open {
                    let missed = notices.iter().filter(|(on, kind)| {
                        *on > through && on <= today && !agenda.has_lapsed(*kind, *today)
                    });
                    let latest = missed.max_by_key(|(on, _)| *on);
                    expected.extend(latest.filter(|(on, _)| (*today - *on).get_days() <= 7).copied());
                    through = *today;
                }
                let told = pattern.get(key).cloned().unwrap_or_default();
                prop_assert_eq!(told, expected, "{:?}", key);
            }
        }

        #[test]
        fn a_clock_that_jumps_about_sends_nothing_twice(
            tasks in tasks(),
            jumps in proptest::collection::vec(0_i64..200, 5..40),
        ) {
            let agenda = random_agenda(&tasks);
            let moments: Vec<Timestamp> =
                jumps.iter().flat_map(|jump| mornings(date(2023, 9, 12).checked_add(jump.days()).unwrap(), 1)).collect();
            for notices in run(&agenda, &moments).values() {
                let distinct: HashSet<&(Date, NoticeKind)> = notices.iter().collect();
                prop_assert_eq!(distinct.len(), notices.len());
            }
        }

        #[test]
        fn the_order_of_tasks_in_the_plan_does_not_matter(tasks in tasks()) {
            let forward = random_agenda(&tasks);
            let texts: Vec<String> = written(&tasks).into_iter().rev().collect();
            let backward = agenda(&[AWAY, Edit::Set("reminders.coordinators", "[\"start\", \"14d\", \"overdue\"]")], &texts);
            let (from, to) = (date(2023, 8, 1), date(2025, 1, 31));
            let one = shown(&forward, &forward.notices(from, to, |_| Status::NotStarted));
            let other = shown(&backward, &backward.notices(from, to, |_| Status::NotStarted));
            prop_assert_eq!(one, other);
        }
    }
}
