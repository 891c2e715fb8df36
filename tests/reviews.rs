//! Reviews over weeks in which things happen: what each says and no other, and what it says when it is written again (rules
//! of time, 9 to 11).
#![allow(clippy::unwrap_used)]

mod common;

use common::database::is_server;
use common::settings::Edit;
use common::stage::{Answer, Sent, Stage, reported};
use common::{Files, plan, report, task};
use jiff::Timestamp;
use nhacviec::app::ask_for_time::{Proposal, ask_for_time};
use nhacviec::app::decide_time::{Verdict, decide_time};
use nhacviec::compose::ComposeOptions;
use nhacviec::compose::ContentParts;
use nhacviec::daemon::Daemon;
use nhacviec::delivery;
use nhacviec::plan::Status;
use nhacviec::progress::{How, RequestDecision, RequestState};
use nhacviec::schedule::ReviewId;
use sqlx::Connection;

/// A school whose months are reviewed on the first working day of the month after.
fn school(tasks: &[String]) -> Files {
    let files = Files::of(tasks);
    files.change(&[Edit::Set("review.month.on", "\"first-workday\""), Edit::Remove("review.month.ask_owners")]);
    files
}

fn due(id: &str, day: &str) -> String {
    task(id, "Phó Hiệu trưởng", &format!("due = {day}"))
}

/// The texts of the reviews among what was sent.
fn reviews(sent: &[Sent]) -> Vec<&str> {
    sent.iter().filter(|sent| sent.subject.starts_with("[Sơ kết")).map(|sent| sent.text.as_str()).collect()
}

/// The lines under a heading of a review.
fn part<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let lines = text.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    lines.take_while(|line| !line.is_empty()).filter(|line| line.starts_with('*')).collect()
}

/// A review as text, as the command writes it.
async fn written(daemon: &Daemon, id: &str, now: Timestamp) -> String {
    let agenda = daemon.agenda();
    let review = agenda.review(id.parse::<ReviewId>().unwrap()).unwrap();
    let composer = daemon.in_force().borrow().composer.clone();
    let write = |facts: &nhacviec::review::ReviewInput<'_>, now: &jiff::ZonedDateTime| {
        composer.review(facts, review.to[0], ComposeOptions::now(now, ContentParts::Mail)).map(|content| content.text)
    };
    delivery::review(agenda, daemon.store(), review, now, write).await.unwrap()
}

async fn ask(stage: &Stage, daemon: &Daemon, name: &str, until: &str, why: &str) {
    let school = daemon.agenda().school();
    let task = school.plan.tasks.iter().find(|task| task.name == name).unwrap();
    let proposal = Proposal {
        at: stage.clock.now(),
        by: Some("Phó Hiệu trưởng".to_owned()),
        how: How::Command,
        due: until.parse().unwrap(),
        why: why.to_owned(),
    };
    ask_for_time(daemon.store(), school, task, proposal, None).await.unwrap().unwrap();
}

async fn grant(stage: &Stage, daemon: &Daemon) {
    let school = daemon.agenda().school();
    let requests = daemon.store().time_requests(daemon.scope()).await.unwrap();
    let open = requests.iter().find(|request| request.is_open()).unwrap();
    let decision = RequestDecision { at: stage.clock.now(), by: Some("Hiệu trưởng".to_owned()), note: None };
    assert!(decide_time(daemon.store(), school, open, Verdict::Granted, decision).await.unwrap());
}

#[tokio::test]
async fn what_is_told_after_the_moment_of_a_review_stands_in_the_next_and_in_no_other() {
    let stage = Stage::new(school(&[due("1.1", "2023-10-31"), due("1.2", "2023-11-20")]), "2023-10-31T09:00:00");
    let mut daemon = stage.start().await;
    // The review of October is made on Wednesday 1 November at 08:00.
    stage.run(&mut daemon, "2023-11-01T07:59:00").await;
    stage.report(&daemon, "1.1", Status::Done).await;
    stage.run(&mut daemon, "2023-11-01T08:01:00").await;
    stage.report(&daemon, "1.2", Status::Done).await;
    stage.run(&mut daemon, "2024-01-03T00:00:00").await;
    let sent = stage.post.take();
    let done: Vec<Vec<&str>> = reviews(&sent).iter().map(|text| part(text, "HOÀN THÀNH TRONG KỲ")).collect();
    let expected: [&[&str]; 3] = [&["* Tiêu chí 1.1: Việc 1.1"], &["* Tiêu chí 1.2: Việc 1.2"], &[]];
    assert_eq!(done, expected);
    // Written again in January, the review of October says what it said.
    let again = written(&daemon, "2023-10", stage.clock.now()).await;
    assert_eq!(again, reviews(&sent)[0]);
}

#[tokio::test]
async fn a_review_written_again_speaks_of_the_plan_of_its_moment() {
    let stage = Stage::new(school(&[due("1.1", "2023-10-31"), due("1.2", "2023-11-20")]), "2023-10-31T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-02T09:00:00").await;
    let first = stage.post.take();
    // One task moves, one leaves the plan, and one is new.
    stage.files.write("plan.toml", &plan(&[due("1.1", "2023-12-15"), due("1.3", "2023-11-30")]));
    daemon.store().close().await;
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-20T00:00:00").await;
    assert_eq!(written(&daemon, "2023-10", stage.clock.now()).await, reviews(&first)[0]);
}

#[tokio::test]
async fn a_review_written_again_counts_by_who_led_at_its_moment_and_says_what_the_plan_said_then() {
    let others = task("1.2", "Tổ trưởng", "due = 2023-11-20");
    let stage = Stage::new(school(&[due("1.1", "2023-10-31"), others.clone()]), "2023-10-31T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-10-31T10:00:00").await;
    stage.report(&daemon, "1.1", Status::InProgress).await;
    stage.run(&mut daemon, "2023-11-02T09:00:00").await;
    let first = stage.post.take();
    assert!(reviews(&first)[0].contains("Phó Hiệu trưởng"), "{first:?}");
    // Another leads what was reported on, in other words; and later it leaves the plan.
    let given_away = task("1.1", "Tổ trưởng", "due = 2023-10-31").replace("Việc 1.1", "Việc khác");
    let later = [("2023-11-10", plan(&[given_away, others.clone()])), ("2023-11-15", plan(&[others]))];
    for (day, plan_of_that_day) in later {
        stage.files.write("plan.toml", &plan_of_that_day);
        daemon.store().close().await;
        daemon = stage.start().await;
        stage.run(&mut daemon, &format!("{day}T00:00:00")).await;
        assert_eq!(written(&daemon, "2023-10", stage.clock.now()).await, reviews(&first)[0]);
    }
}

#[tokio::test]
async fn a_review_keeps_its_moment_when_its_day_is_set_otherwise_afterwards() {
    let files = school(&[due("1.1", "2023-10-31")]);
    let stage = Stage::new(files, "2023-10-31T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-02T09:00:00").await;
    let first = stage.post.take();
    assert_eq!(reviews(&first).len(), 1);
    stage.report(&daemon, "1.1", Status::Done).await;
    daemon.store().close().await;
    stage
        .files
        .change(&[Edit::Set("review.month.on", "10"), Edit::Set("review.month.to", "[\"Thanh tra\", \"Tổ trưởng\"]")]);
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-30T00:00:00").await;
    assert!(reviews(&stage.post.take()).is_empty());
    assert_eq!(written(&daemon, "2023-10", stage.clock.now()).await, reviews(&first)[0]);
}

#[tokio::test]
async fn a_request_for_time_ends_with_its_task_and_nobody_is_asked_to_decide_it() {
    let stage = Stage::new(school(&[due("1.1", "2023-10-31"), due("1.2", "2023-10-31")]), "2023-10-20T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-10-20T09:01:00").await;
    ask(&stage, &daemon, "1.1", "2023-11-30", "chờ vật tư").await;
    ask(&stage, &daemon, "1.2", "2023-11-30", "chờ người").await;
    stage.report(&daemon, "1.1", Status::Done).await;
    daemon.store().close().await;
    stage.files.write("plan.toml", &plan(&[due("1.1", "2023-10-31")]));
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-02T00:00:00").await;
    let requests = daemon.store().time_requests(daemon.scope()).await.unwrap();
    assert!(requests.iter().all(|request| matches!(request.outcome, RequestState::Ended(_))), "{requests:?}");
    let sent = stage.post.take();
    let text = reviews(&sent)[0];
    assert!(!text.contains("đang chờ quyết định"), "{text}");
    assert_eq!(text.matches("không cần quyết định nữa").count(), 2, "{text}");
}

#[tokio::test]
async fn a_task_that_is_added_and_moved_is_one_that_was_added() {
    let stage = Stage::new(school(&[due("1.1", "2024-03-29")]), "2023-11-06T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-06T09:01:00").await;
    // 1.2 is added and moved, 1.1 is moved there and back, 1.3 is added and taken out.
    let versions = [
        vec![due("1.1", "2024-02-29"), due("1.2", "2023-12-20"), due("1.3", "2023-12-20")],
        vec![due("1.1", "2024-03-29"), due("1.2", "2024-02-15")],
    ];
    for (version, until) in versions.iter().zip(["2023-11-08T09:00:00", "2023-12-02T00:00:00"]) {
        daemon.store().close().await;
        stage.files.write("plan.toml", &plan(version));
        daemon = stage.start().await;
        stage.run(&mut daemon, until).await;
    }
    let sent = stage.post.take();
    let texts = reviews(&sent);
    assert_eq!(
        part(texts.last().unwrap(), "BỔ SUNG, ĐIỀU CHỈNH KẾ HOẠCH"),
        ["* 06/11/2023: nhiệm vụ 1.2 được bổ sung, hạn 15/02/2024"]
    );
}

#[tokio::test]
async fn another_number_of_the_same_work_is_no_other_wording() {
    let stage = Stage::new(school(&[due("1.1", "2024-03-29"), due("1.2", "2024-03-29")]), "2023-11-06T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-06T09:01:00").await;
    daemon.store().close().await;
    // One row has another number and criterion, the other another criterion alone.
    let text = stage.files.read("plan.toml");
    let text = text.replace("id = \"1.1\"\ncriterion = \"1.1\"", "id = \"1.5\"\ncriterion = \"1.5\"");
    stage.files.write("plan.toml", &text.replace("criterion = \"1.2\"", "criterion = \"1.6\""));
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-12-02T00:00:00").await;
    let sent = stage.post.take();
    assert_eq!(part(reviews(&sent).last().unwrap(), "BỔ SUNG"), Vec::<&str>::new());
    // Other words are told.
    daemon.store().close().await;
    stage.files.edit("plan.toml", "Việc 1.2", "Việc khác");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2024-01-03T00:00:00").await;
    let sent = stage.post.take();
    assert_eq!(part(reviews(&sent).last().unwrap(), "BỔ SUNG").len(), 1, "{}", reviews(&sent).last().unwrap());
}

#[tokio::test]
async fn a_date_of_the_plan_has_no_reason_of_a_request_that_asked_for_the_same_date_once() {
    let stage = Stage::new(school(&[due("1.1", "2023-11-30")]), "2023-10-20T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-10-20T09:01:00").await;
    ask(&stage, &daemon, "1.1", "2023-12-29", "chờ vật tư").await;
    grant(&stage, &daemon).await;
    stage.run(&mut daemon, "2023-11-02T09:00:00").await;
    let october = stage.post.take();
    assert!(reviews(&october)[0].contains("chờ vật tư"), "{}", reviews(&october)[0]);
    // In November the school writes another date, and then the one that was granted.
    for (day, until) in [("2024-01-31", "2023-11-06T09:00:00"), ("2023-12-29", "2023-12-02T00:00:00")] {
        daemon.store().close().await;
        stage.files.write("plan.toml", &plan(&[due("1.1", day)]));
        daemon = stage.start().await;
        stage.run(&mut daemon, until).await;
        if day == "2024-01-31" {
            let early = written(&daemon, "2023-11", stage.clock.now()).await;
            assert_eq!(
                part(&early, "BỔ SUNG"),
                ["* 02/11/2023: nhiệm vụ 1.1 đổi hạn từ 29/12/2023 thành 31/01/2024"],
                "{early}"
            );
        }
    }
    let sent = stage.post.take();
    let november = reviews(&sent)[0];
    assert!(!november.contains("chờ vật tư"), "{november}");
}

#[tokio::test]
async fn a_review_is_compared_with_the_one_before_and_says_what_was_done_about_what_is_late() {
    let tasks = [due("1.1", "2023-10-31"), due("1.2", "2023-11-15"), due("1.3", "2023-10-25")];
    let files = school(&tasks);
    files.change(&[Edit::Add(
        "person.Tổ trưởng.away",
        "[{ from = 2023-11-06, to = 2023-11-10, deputy = \"Phó Hiệu trưởng\" }]",
    )]);
    let stage = Stage::new(files, "2023-10-16T09:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-02T09:00:00").await;
    let first = stage.post.take();
    assert!(!reviews(&first)[0].contains("So với kỳ trước"), "{}", reviews(&first)[0]);
    stage.report(&daemon, "1.1", Status::Done).await;
    stage.run(&mut daemon, "2023-12-02T00:00:00").await;
    let sent = stage.post.take();
    let november = reviews(&sent)[0];
    assert!(
        november.contains(
            "So với kỳ trước (ngày 01/11/2023): số nhiệm vụ hoàn thành tăng 1, số nhiệm vụ quá hạn không đổi; mới quá hạn: 1.2; \
             không còn quá hạn: 1.1."
        ),
        "{november}"
    );
    // 18, 24 and 26 October, and every week from 2 November on.
    assert!(november.contains("Đã nhắc 8 lần, lần cuối ngày 30/11/2023, qua email."), "{november}");
    assert!(november.contains("Vắng trong kỳ: Tổ trưởng (06/11/2023–10/11/2023, Phó Hiệu trưởng thay)."), "{november}");
}

#[tokio::test]
async fn what_is_done_and_taken_up_again_is_as_far_as_it_was_before() {
    let stage = Stage::new(school(&[due("1.1", "2023-10-31")]), "2023-10-20T09:00:00");
    let daemon = stage.start().await;
    let school = daemon.agenda().school();
    for (status, percent) in [(Status::InProgress, Some(40)), (Status::Done, Some(100)), (Status::InProgress, None)] {
        report(daemon.store(), school, "1.1", reported(stage.clock.now(), status, percent, None)).await;
    }
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    assert_eq!(progress.percent(&school.plan.tasks[0].id), 40);
}

#[tokio::test]
async fn nobody_hears_twice_of_a_task_on_a_day_when_the_first_reminder_was_delayed_and_the_plan_then_moved() {
    let stage = Stage::new(school(&[due("1.1", "2023-11-30")]), "2023-11-22T09:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Temporary);
    // The reminder of Thursday 23 arrives on Friday morning; then the date moves, so that another is due on Friday.
    stage.run(&mut daemon, "2023-11-24T08:00:00").await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Taken);
    stage.run(&mut daemon, "2023-11-24T12:00:00").await;
    assert_eq!(stage.post.sent().len(), 1, "{:?}", stage.post.sent());
    daemon.store().close().await;
    stage.files.write("plan.toml", &plan(&[due("1.1", "2023-11-25")]));
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-27T00:00:00").await;
    let to_lead = |sent: Vec<Sent>| -> Vec<String> {
        let mine = sent.into_iter().filter(|sent| sent.to == "Phó Hiệu trưởng");
        mine.map(|sent| sent.at.to_string()[..10].to_owned()).collect()
    };
    assert_eq!(to_lead(stage.post.take()), ["2023-11-24"]);
    stage.run(&mut daemon, "2023-11-28T00:00:00").await;
    assert_eq!(to_lead(stage.post.take()).len(), 1, "one on the next working day");
}

/// The tables of an earlier version.
const OLD_STORE: &str = include_str!("data/store-of-step-9.sql");

#[tokio::test]
async fn reviews_that_an_earlier_version_named_by_the_month_after_keep_what_they_cover() {
    // Every earlier version kept its store in a file.
    if is_server() {
        return;
    }
    let stage = Stage::new(school(&[due("1.1", "2023-11-30")]), "2023-12-01T09:00:00");
    let mut store = stage.files.database().await;
    sqlx::raw_sql(OLD_STORE).execute(&mut store).await.unwrap();
    // An earlier version made the review of September on 2 October, and named it and its question by October; that of the
    // last working day of a month has its own name.
    let made = |kind: &str, subject: &str, day: &str| {
        format!(
            "INSERT INTO notice (organisation, plan, subject, kind, recipient, day, on_date, state, message, position, decided_at) \
             VALUES ('Trường Tiểu học', '1/KH', '{subject}', '{kind}', 'Thanh tra', '{day}', '{day}', 'sent', 'm-{day}', 0, 1);"
        )
    };
    let rows = [
        made("review:2023-10", "2023-10", "2023-10-02"),
        made("review:2024-01", "2024-01", "2024-01-02"),
        made("review:term-1", "term-1", "2024-01-14"),
        made("self_check:2023-10", "1.1", "2023-09-27"),
        made("self_check:2024-01", "1.1", "2024-01-03"),
    ];
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows.concat())).execute(&mut store).await.unwrap();
    store.close().await.unwrap();
    let daemon = stage.start().await;
    let mut made: Vec<String> =
        daemon.store().made_reviews(daemon.scope()).await.unwrap().iter().map(|made| made.id.to_string()).collect();
    made.sort();
    assert_eq!(made, ["2023-09", "2023-11", "2023-12", "term-1"]);
    let told = daemon.store().notices_about(daemon.scope(), &nhacviec::plan::TaskId::new("1.1")).await.unwrap();
    let mut asked: Vec<String> =
        told.iter().map(|told| told.kind.to_string()).filter(|kind| kind.starts_with("self")).collect();
    asked.sort();
    assert_eq!(asked, ["self_check:2023-09", "self_check:2023-11", "self_check:2023-12"]);
}
