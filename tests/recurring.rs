//! Recurring work: asked about, attested and shown period by period, and never closed by a word for one of them (rules of time,
//! 14).
#![allow(clippy::unwrap_used)]

mod common;

use common::settings::Edit;
use common::stage::{Stage, reported};
use common::{Files, report, task};
use jiff::civil::{Date, date};
use nhacviec::app::Reach;
use nhacviec::app::report_progress::{report_by_command, report_period};
use nhacviec::app::take_answer::TaskReport;
use nhacviec::daemon::Daemon;
use nhacviec::plan::{Status, WorkPeriod};
use nhacviec::progress::{How, ProgressEntry};
use nhacviec::schedule::{Agenda, NoticeKind};

/// Both hold the role that leads the work; months are reviewed on the first working day of the month after.
fn school(recurring: &str) -> Files {
    let span = format!("start = 2023-09-12\ndue = 2023-12-31\nrecurring = \"{recurring}\"");
    let files = Files::of(&[task("1.1", "Chuyên môn", &span)]);
    files.change(&[
        Edit::Set("review.month.on", "\"first-workday\""),
        Edit::Set("review.month.to", "[\"Tổ giám sát\", \"Hiệu trưởng\"]"),
        Edit::Add("review.term.ask_owners", "\"3d\""),
    ]);
    files
}

fn period(word: &str) -> WorkPeriod {
    word.parse().unwrap()
}

async fn done(stage: &Stage, daemon: &Daemon, by: Option<&str>, of: Option<&str>) {
    let entry =
        ProgressEntry { by: by.map(str::to_owned), ..reported(stage.clock.now(), Status::Done, Some(100), None) };
    let school = daemon.agenda().school();
    match of {
        Some(word) => {
            let task = &school.plan.tasks[0];
            report_period(daemon.store(), school, task, period(word), entry, &[]).await.unwrap();
        }
        None => report(daemon.store(), school, "1.1", entry).await,
    }
}

async fn attested(daemon: &Daemon) -> (Vec<String>, Status) {
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    let task = &daemon.agenda().school().plan.tasks[0].id;
    (progress.attested_periods(task).iter().map(ToString::to_string).collect(), progress.status(task))
}

/// Before which reviews a person is asked until the span is over, if nothing is told.
fn asked(files: &Files, name: &str) -> Vec<String> {
    let agenda = Agenda::new(files.load().school);
    let person = agenda.school().settings.people.by_name(name).unwrap();
    let notices = agenda.notices(date(2023, 9, 1), date(2024, 1, 20), |_| Status::InProgress);
    let asked = notices.iter().filter(|notice| notice.recipient == person);
    asked
        .filter(|notice| matches!(notice.kind, NoticeKind::SelfCheck(_)))
        .map(|notice| notice.kind.to_string())
        .collect()
}

#[test]
fn every_period_of_the_span_is_asked_about_whatever_else_goes_out() {
    // Other work is not asked about so long before its due date, nor beside its reminders.
    let once = school("month");
    once.edit("plan.toml", "recurring = \"month\"", "");
    assert_eq!(asked(&once, "Tổ trưởng"), ["self_check:2023-11"]);
    assert_eq!(
        asked(&school("month"), "Tổ trưởng"),
        ["self_check:2023-09", "self_check:2023-10", "self_check:2023-11", "self_check:2023-12"]
    );
    assert_eq!(asked(&school("term"), "Tổ trưởng"), ["self_check:2023-11", "self_check:term-1"]);
}

#[tokio::test]
async fn a_word_is_for_the_period_of_its_day_and_the_period_is_attested_when_every_lead_has_told() {
    let stage = Stage::new(school("month"), "2023-10-20T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-10-20T09:01:00").await;
    done(&stage, &daemon, Some("Phó Hiệu trưởng"), None).await;
    assert_eq!(attested(&daemon).await, (Vec::new(), Status::InProgress));
    // Who has told is not asked, and the other is.
    stage.run(&mut daemon, "2023-10-31T00:00:00").await;
    let sent = stage.post.take();
    let asked: Vec<&str> =
        sent.iter().filter(|sent| sent.subject.contains("[Tự kiểm tra]")).map(|sent| sent.to.as_str()).collect();
    assert_eq!(asked, ["Tổ trưởng"]);
    assert!(sent.iter().any(|sent| sent.text.contains("đã làm trong tháng 10/2023 chưa?")), "{sent:?}");
    done(&stage, &daemon, Some("Tổ trưởng"), None).await;
    assert_eq!(attested(&daemon).await, (vec!["2023-10".to_owned()], Status::InProgress));
    // What was attested stays so when somebody else leads as well; the month in which nobody told is said to be open.
    stage.run(&mut daemon, "2023-12-02T00:00:00").await;
    let sent = stage.post.take();
    let review = |month: &str| &sent.iter().find(|sent| sent.subject.contains(month)).unwrap().text;
    let october = review("[Sơ kết tháng 10/2023]");
    assert!(october.contains("tháng 10/2023 – đã thực hiện (Phó Hiệu trưởng, Tổ trưởng)"), "{october}");
    assert!(review("[Sơ kết tháng 11/2023]").contains("tháng 11/2023 – chưa xác nhận"));
}

/// One report of *done* by link, which answers what went out for a day.
async fn told(stage: &Stage, daemon: &Daemon, by: &str, reach: Reach, (answers, done_on): (&[Date], Option<Date>)) {
    let entry = ProgressEntry {
        by: Some(by.to_owned()),
        how: How::Link,
        ..reported(stage.clock.now(), Status::Done, Some(100), None)
    };
    let school = daemon.agenda().school();
    let report = TaskReport { reach, answers, done_on, ..TaskReport::new(&school.plan.tasks[0], entry, &[]) };
    report_by_command(daemon.store(), school, report, None).await.unwrap();
}

#[tokio::test]
async fn whoever_closes_a_task_attests_for_all_and_whoever_helps_for_nobody() {
    const DEPUTY: &str = "Phó Hiệu trưởng";
    let october = vec!["2023-10".to_owned()];
    let after = async |files: Files, by: &'static str, reach: Reach| {
        let stage = Stage::new(files, "2023-10-20T09:00:00");
        let daemon = stage.start().await;
        told(&stage, &daemon, by, reach, (&[], None)).await;
        attested(&daemon).await.0
    };
    // Two lead it.
    assert_eq!(after(school("month"), DEPUTY, Reach::Own).await, [] as [&str; 0]);
    // "Báo cho tất cả"
    assert_eq!(after(school("month"), DEPUTY, Reach::Everybody).await, october);
    let any = school("month");
    any.append("[progress]\ncloses = \"any\"\n");
    assert_eq!(after(any, DEPUTY, Reach::Own).await, october);
    let helped = school("month");
    helped.append("[task.\"1.1\"]\nwith = [\"Thanh tra\"]\n");
    assert_eq!(after(helped, "Thanh tra", Reach::Everybody).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_deputy_attests_for_whom_they_stood_in_on_the_day_of_the_question() {
    let files = school("month");
    files.add("person.Phó Hiệu trưởng.away", "[{ from = 2023-10-16, to = 2023-10-20, deputy = \"Tổ trưởng\" }]");
    let stage = Stage::new(files, "2023-10-23T09:00:00");
    let daemon = stage.start().await;
    told(&stage, &daemon, "Tổ trưởng", Reach::Own, (&[], None)).await;
    assert_eq!(attested(&daemon).await.0, [] as [&str; 0]);
    told(&stage, &daemon, "Tổ trưởng", Reach::Own, (&[date(2023, 10, 18)], None)).await;
    assert_eq!(attested(&daemon).await.0, ["2023-10"]);
}

#[tokio::test]
async fn a_word_that_names_a_day_is_for_the_period_of_that_day() {
    let stage = Stage::new(school("month"), "2023-11-02T07:30:00");
    let mut daemon = stage.start().await;
    for lead in ["Phó Hiệu trưởng", "Tổ trưởng"] {
        told(&stage, &daemon, lead, Reach::Own, (&[], Some(date(2023, 10, 31)))).await;
    }
    assert_eq!(attested(&daemon).await, (vec!["2023-10".to_owned()], Status::InProgress));
    stage.run(&mut daemon, "2023-12-02T00:00:00").await;
    let sent = stage.post.take();
    let november = &sent.iter().find(|sent| sent.subject.contains("tháng 11/2023]")).unwrap().text;
    assert!(november.contains("tháng 11/2023 – chưa xác nhận"), "{november}");
}

#[tokio::test]
async fn a_superior_or_a_command_attests_for_all_and_what_comes_late_is_told_by_the_next_review() {
    let stage = Stage::new(school("month"), "2023-11-02T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-02T09:01:00").await;
    done(&stage, &daemon, Some("Hiệu trưởng"), None).await;
    done(&stage, &daemon, None, Some("2023-10")).await;
    let expected = vec!["2023-10".to_owned(), "2023-11".to_owned()];
    assert_eq!(attested(&daemon).await, (expected, Status::InProgress));
    stage.run(&mut daemon, "2023-12-02T00:00:00").await;
    let sent = stage.post.take();
    let november = &sent.iter().find(|sent| sent.subject.contains("tháng 11/2023]")).unwrap().text;
    assert!(november.contains("tháng 10/2023 – đã thực hiện, xác nhận bổ sung sau báo cáo kỳ trước"), "{november}");
    assert!(november.contains("tháng 11/2023 – đã thực hiện (Hiệu trưởng)"), "{november}");
    assert_eq!(november.lines().filter(|line| line.contains("– đã thực hiện")).count(), 2, "{november}");
}

#[tokio::test]
async fn only_a_word_for_the_last_period_or_a_command_of_nobody_ends_it() {
    let stage = Stage::new(school("month"), "2023-10-20T09:00:00");
    let daemon = stage.start().await;
    done(&stage, &daemon, Some("Hiệu trưởng"), Some("2023-12")).await;
    assert_eq!(attested(&daemon).await, (vec!["2023-12".to_owned()], Status::Done));
    let stage = Stage::new(school("month"), "2023-10-20T09:00:00");
    let daemon = stage.start().await;
    done(&stage, &daemon, None, None).await;
    assert_eq!(attested(&daemon).await, (Vec::new(), Status::Done));
}

#[tokio::test]
async fn a_question_that_waits_is_not_sent_once_its_period_is_told() {
    use common::stage::Answer;
    let stage = Stage::new(school("month"), "2023-10-26T09:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Tổ trưởng", Answer::Temporary);
    stage.run(&mut daemon, "2023-10-27T09:00:00").await;
    done(&stage, &daemon, Some("Tổ trưởng"), None).await;
    stage.post.answer("Tổ trưởng", Answer::Taken);
    stage.run(&mut daemon, "2023-10-31T00:00:00").await;
    let sent = stage.post.take();
    assert!(sent.iter().all(|sent| sent.to != "Tổ trưởng"), "{sent:?}");
}

#[test]
fn the_command_names_a_period_and_status_shows_what_is_attested() {
    let files = common::begun_today();
    let today: Date = common::day(0);
    let plan = files.read("plan.toml");
    files.write("plan.toml", &format!("{plan}recurring = \"month\"\n"));
    let this_month = format!("{:04}-{:02}", today.year(), today.month());
    files.output(&["done", "1.1", "--for", &this_month, "--by", "Phó Hiệu trưởng"]);
    let lines = files.lines(&["status"]);
    let task = lines.iter().find(|line| line["type"] == "task").unwrap();
    assert_eq!(task["recurring"], "month");
    assert_eq!(task["attested"], serde_json::json!([this_month]));
    assert_eq!(task["status"], "in_progress");
    let refused = files.program(&["done", "1.1", "--for", "1999-01"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("its periods are"), "{refused:?}");
}

#[test]
fn check_warns_where_no_review_asks_about_recurring_work() {
    let files = school("term");
    assert!(!files.codes().contains(&"never-asked".to_owned()), "{:?}", files.codes());
    files.change(&[Edit::Remove("review.term.ask_owners")]);
    assert!(files.codes().contains(&"never-asked".to_owned()), "{:?}", files.codes());
}
