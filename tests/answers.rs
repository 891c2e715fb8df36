//! What people tell the program, and what follows: thanks, help for who is blocked, more time, evidence.
#![allow(clippy::unwrap_used)]

mod common;

use common::stage::{Sent, Stage, at};
use common::{Files, begun_today, task};
use jiff::civil::{Date, date};
use nhacviec::app::ask_for_time::{Proposal, ProposalError, ask_for_time};
use nhacviec::app::decide_time::{Verdict, decide_time};
use nhacviec::app::plan_in_force;
use nhacviec::app::report_progress::report_progress;
use nhacviec::daemon::Daemon;
use nhacviec::plan::{Status, Task, TaskId};
use nhacviec::progress::evidence::{Evidence, Proof};
use nhacviec::progress::{How, ProgressEntry, RequestDecision};
use nhacviec::school::School;
use nhacviec::store::outbox::Why;
use nhacviec::store::plans::ChangeKind;

/// Task 1.1 is led by the deputy and due on 30 November; of what is overdue the principal hears after 7 days.
fn one_task() -> Files {
    Files::of(&[task("1.1", "Phó Hiệu trưởng", "start = 2023-11-01\ndue = 2023-11-30")])
}

fn files(time: &str) -> Files {
    Files::of(&[task("1.1", "Phó Hiệu trưởng", time)])
}

/// "11-24 07:00 Phó Hiệu trưởng: [Nhắc việc] …"
fn told(sent: &[Sent]) -> Vec<String> {
    let line = |sent: &Sent| {
        let at = sent.at.in_tz("Asia/Ho_Chi_Minh").unwrap();
        format!("{} {}: {}", at.strftime("%m-%d %H:%M"), sent.to, sent.subject)
    };
    sent.iter().map(line).collect()
}

fn entry(stage: &Stage, status: Status, note: &str) -> ProgressEntry {
    ProgressEntry {
        at: stage.clock.now(),
        status,
        percent: None,
        note: (!note.is_empty()).then(|| note.to_owned()),
        evidence: Vec::new(),
        by: Some("Phó Hiệu trưởng".to_owned()),
        how: How::Link,
    }
}

/// The school with the plan in force, and its only task.
async fn school(daemon: &Daemon) -> (std::sync::Arc<School>, Task) {
    let school = plan_in_force::in_force(daemon.store(), daemon.agenda().school().clone()).await.unwrap().school;
    let task = school.plan.tasks[0].clone();
    (school, task)
}

async fn report(stage: &Stage, daemon: &Daemon, status: Status, note: &str) {
    let (school, task) = school(daemon).await;
    report_progress(daemon.store(), &school, &task, entry(stage, status, note), &[]).await.unwrap();
}

fn proposal(stage: &Stage, due: Date) -> Proposal {
    Proposal {
        due,
        why: "chờ kinh phí".to_owned(),
        by: Some("Phó Hiệu trưởng".to_owned()),
        how: How::Link,
        at: stage.clock.now(),
    }
}

/// Asks for the task to be due on another day; the number of the request.
async fn ask(stage: &Stage, daemon: &Daemon, due: Date) -> u32 {
    let (school, task) = school(daemon).await;
    ask_for_time(daemon.store(), &school, &task, proposal(stage, due), None).await.unwrap().unwrap()
}

async fn decide(stage: &Stage, daemon: &Daemon, number: u32, is_accepted: bool) -> bool {
    try_to_decide(stage, daemon, number, is_accepted).await.unwrap()
}

async fn try_to_decide(stage: &Stage, daemon: &Daemon, number: u32, is_accepted: bool) -> Result<bool, ProposalError> {
    let (school, _) = school(daemon).await;
    let requests = daemon.store().time_requests(daemon.scope()).await.unwrap();
    let request = requests.iter().find(|request| request.number == number).unwrap();
    let by = Some("Hiệu trưởng".to_owned());
    let decision = RequestDecision { at: stage.clock.now(), by, note: Some("cố gắng".to_owned()) };
    let verdict = if is_accepted { Verdict::Granted } else { Verdict::Refused };
    decide_time(daemon.store(), &school, request, verdict, decision).await
}

#[tokio::test]
async fn who_reports_a_task_done_is_thanked_once() {
    let stage = Stage::new(one_task(), "2023-11-10T19:30:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    for _ in 0..2 {
        report(&stage, &daemon, Status::Done, "").await;
        daemon.pass(&mut ()).await.unwrap();
    }
    assert_eq!(told(&stage.post.take()), ["11-10 19:30 Phó Hiệu trưởng: Cảm ơn Thầy/Cô: Việc 1.1 (1.1) đã hoàn thành"]);
}

#[tokio::test]
async fn nobody_is_thanked_for_what_was_taken_back() {
    let stage = Stage::new(one_task(), "2023-11-10T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    report(&stage, &daemon, Status::Done, "").await;
    report(&stage, &daemon, Status::InProgress, "nhầm").await;
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(told(&stage.post.take()), Vec::<String>::new());
}

#[tokio::test]
async fn who_is_blocked_is_not_pressed_and_the_superior_is_told() {
    let stage = Stage::new(one_task(), "2023-11-01T07:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-10T20:00:00").await;
    stage.post.take();
    report(&stage, &daemon, Status::Blocked, "chưa có kinh phí").await;
    // The same again is no news.
    report(&stage, &daemon, Status::Blocked, "chưa có kinh phí").await;
    stage.run(&mut daemon, "2023-12-16T00:00:00").await;
    let sent = stage.post.take();
    let about_the_task: Vec<String> =
        told(&sent).into_iter().filter(|line| !line.contains("Sơ kết") && !line.contains("báo tiến độ")).collect();
    assert_eq!(
        about_the_task,
        [
            // Reported on a Friday evening, told when people may be told.
            "11-13 07:00 Hiệu trưởng: [Vướng mắc] Việc 1.1 (1.1): cần Thầy/Cô chỉ đạo",
            "12-07 07:00 Hiệu trưởng: [Việc quá hạn] Việc 1.1 (1.1): quá hạn 7 ngày, hạn 30/11",
            "12-14 07:00 Hiệu trưởng: [Việc quá hạn] Việc 1.1 (1.1): quá hạn 14 ngày, hạn 30/11",
        ]
    );
    assert!(sent[0].text.contains("Vướng mắc: chưa có kinh phí"), "{}", sent[0].text);
    // Work goes on, and so do the reminders.
    report(&stage, &daemon, Status::InProgress, "").await;
    stage.run(&mut daemon, "2023-12-23T00:00:00").await;
    let lines = told(&stage.post.take());
    assert!(lines.iter().any(|line| line.starts_with("12-22 07:00 Phó Hiệu trưởng")), "{lines:?}");
}

#[tokio::test]
async fn what_waits_to_press_somebody_is_withdrawn_when_they_are_blocked() {
    use common::stage::Answer;

    let stage = Stage::new(one_task(), "2023-11-23T07:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Temporary);
    daemon.pass(&mut ()).await.unwrap();
    report(&stage, &daemon, Status::Blocked, "mưa").await;
    let past = daemon.store().notices_about(daemon.scope(), &TaskId::new("1.1")).await.unwrap();
    let before = past.iter().find(|notice| notice.kind.as_str() == "before").unwrap();
    assert_eq!((before.state.as_str(), before.why.map(Why::as_str)), ("withdrawn", Some("blocked")));
}

#[tokio::test]
async fn an_accepted_request_moves_the_reminders_and_stands_in_the_review() {
    let stage = Stage::new(one_task(), "2023-11-13T07:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-20T09:00:00").await;
    stage.post.take();
    let number = ask(&stage, &daemon, date(2023, 12, 20)).await;
    daemon.pass(&mut ()).await.unwrap();
    let sent = stage.post.take();
    assert_eq!(told(&sent), ["11-20 09:00 Hiệu trưởng: [Xin lùi thời hạn] Việc 1.1 (1.1): đến 20/12/2023"]);
    assert!(sent[0].text.contains("từ 30/11/2023 đến 20/12/2023") && sent[0].text.contains("Lý do: chờ kinh phí"));
    let status = stage.files.lines(&["status"]);
    let waiting = status.iter().find(|line| line["type"] == "request").unwrap();
    assert_eq!((waiting["task"].as_str(), waiting["due"].as_str()), (Some("1.1"), Some("2023-12-20")));
    let review = stage.files.output(&["review", "2023-11"]);
    assert!(
        review.contains("ĐỀ NGHỊ LÙI THỜI HẠN") && review.contains("lý do: “chờ kinh phí”; đang chờ quyết định"),
        "{review}"
    );

    assert!(decide(&stage, &daemon, number, true).await);
    assert!(!decide(&stage, &daemon, number, false).await, "what is decided is decided");
    stage.run(&mut daemon, "2023-12-23T00:00:00").await;
    let sent = stage.post.take();
    let to_lead: Vec<String> = told(&sent)
        .into_iter()
        .filter(|line| line.contains("Phó Hiệu trưởng: ") && !line.contains("báo tiến độ"))
        .collect();
    assert_eq!(
        to_lead,
        [
            "11-20 09:00 Phó Hiệu trưởng: Đã đồng ý lùi thời hạn: Việc 1.1 (1.1) đến 20/12/2023",
            "12-13 07:00 Phó Hiệu trưởng: [Nhắc việc] Việc 1.1 (1.1): còn 7 ngày, hạn 20/12",
            "12-19 07:00 Phó Hiệu trưởng: [Nhắc việc] Việc 1.1 (1.1): còn 1 ngày, hạn 20/12",
            "12-21 07:00 Phó Hiệu trưởng: [Nhắc việc] Việc 1.1 (1.1): quá hạn 1 ngày, hạn 20/12",
        ]
    );
    // The plan as written stays visible, with the reason beside.
    let reminder = sent.iter().find(|sent| sent.subject.contains("còn 7 ngày")).unwrap();
    assert!(reminder.text.contains("hạn 20/12/2023, còn 7 ngày (đã lùi từ 30/11/2023)"), "{}", reminder.text);
    let review = sent.iter().find(|sent| sent.subject.contains("Sơ kết tháng 11")).unwrap();
    assert!(
        review.text.contains("lùi thời hạn nhiệm vụ 1.1 từ 30/11/2023 đến 20/12/2023, lý do: “chờ kinh phí”;")
            && review.text.contains("đồng ý ngày 20/11/2023")
            && !review.text.contains("đổi hạn"),
        "{}",
        review.text
    );
    // After a restart it is the same.
    daemon.store().close().await;
    let mut daemon = stage.start().await;
    stage.clock.set(at("2023-12-25T08:00:00"));
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(daemon.agenda().school().plan.tasks[0].period().unwrap().due, date(2023, 12, 20));
    assert_eq!(told(&stage.post.take()), Vec::<String>::new());
}

#[tokio::test]
async fn a_refused_request_changes_nothing_and_is_told() {
    let stage = Stage::new(one_task(), "2023-11-20T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let number = ask(&stage, &daemon, date(2023, 12, 20)).await;
    assert!(decide(&stage, &daemon, number, false).await);
    stage.post.take();
    stage.run(&mut daemon, "2023-11-24T00:00:00").await;
    assert_eq!(
        told(&stage.post.take()),
        [
            // The superior is no longer asked what is decided.
            "11-20 09:00 Phó Hiệu trưởng: Không đồng ý lùi thời hạn: Việc 1.1 (1.1)",
            "11-23 07:00 Phó Hiệu trưởng: [Nhắc việc] Việc 1.1 (1.1): còn 7 ngày, hạn 30/11",
        ]
    );
}

#[tokio::test]
async fn a_later_request_takes_the_place_of_one_that_waits() {
    let stage = Stage::new(one_task(), "2023-11-20T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    for day in [20, 22] {
        ask(&stage, &daemon, date(2023, 12, day)).await;
    }
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(
        told(&stage.post.take()),
        ["11-20 09:00 Hiệu trưởng: [Xin lùi thời hạn] Việc 1.1 (1.1): đến 22/12/2023"]
    );
    assert!(!decide(&stage, &daemon, 1, true).await && decide(&stage, &daemon, 2, true).await);
}

#[tokio::test]
async fn a_date_that_has_passed_can_be_refused_alone() {
    let stage = Stage::new(one_task(), "2023-11-20T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let number = ask(&stage, &daemon, date(2023, 12, 4)).await;
    stage.run(&mut daemon, "2023-12-05T09:00:00").await;
    let accepted = try_to_decide(&stage, &daemon, number, true).await;
    assert!(matches!(accepted, Err(ProposalError::Past(due)) if due == date(2023, 12, 4)), "{accepted:?}");
    assert!(decide(&stage, &daemon, number, false).await);
}

#[tokio::test]
async fn a_plan_that_the_school_has_changed_since_holds_against_what_was_agreed() {
    let stage = Stage::new(files("due = 2023-11-30"), "2023-11-20T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let number = ask(&stage, &daemon, date(2023, 12, 20)).await;
    decide(&stage, &daemon, number, true).await;
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(daemon.agenda().school().plan.tasks[0].period().unwrap().due, date(2023, 12, 20));
    stage.files.edit("plan.toml", "due = 2023-11-30", "due = 2024-01-31");
    daemon.reload(stage.files.load());
    daemon.pass(&mut ()).await.unwrap();
    let task = &daemon.agenda().school().plan.tasks[0];
    assert_eq!((task.period().unwrap().due, &task.postponed), (date(2024, 1, 31), &None));
}

#[tokio::test]
async fn what_was_agreed_follows_a_task_that_is_renumbered() {
    let stage = Stage::new(files("due = 2023-11-30"), "2023-11-20T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let number = ask(&stage, &daemon, date(2023, 12, 20)).await;
    decide(&stage, &daemon, number, true).await;
    daemon.pass(&mut ()).await.unwrap();
    stage.files.edit("plan.toml", "id = \"1.1\"", "id = \"1.2\"");
    daemon.reload(stage.files.load());
    daemon.pass(&mut ()).await.unwrap();
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(daemon.agenda().school().plan.tasks[0].period().unwrap().due, date(2023, 12, 20));
    let changes = daemon.store().changes(daemon.scope(), jiff::Timestamp::MIN, jiff::Timestamp::MAX).await.unwrap();
    let kinds: Vec<_> = changes.iter().map(|change| (change.kind, change.name.as_str())).collect();
    let expected = [(ChangeKind::Moved, "1.2"), (ChangeKind::Renumbered, "1.2")];
    assert_eq!(kinds, expected, "the date was moved once, by the agreement, and the row has another number");
}

#[tokio::test]
async fn a_date_that_cannot_be_meant_is_refused() {
    let stage = Stage::new(one_task(), "2023-11-20T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let (school, task) = school(&daemon).await;
    let ask = async |due: Date, why: &str| {
        let asked = Proposal { why: why.to_owned(), ..proposal(&stage, due) };
        ask_for_time(daemon.store(), &school, &task, asked, None).await
    };
    assert!(matches!(ask(date(2023, 11, 30), "bận").await, Err(ProposalError::Same(_))));
    assert!(matches!(ask(date(2023, 11, 19), "bận").await, Err(ProposalError::Past(_))));
    assert!(matches!(ask(date(2033, 11, 30), "bận").await, Err(ProposalError::TooLate { .. })));
    assert!(matches!(ask(date(2023, 12, 30), " \n").await, Err(ProposalError::NoReason)));
    assert!(ask(date(2023, 11, 20), "xong sớm").await.is_ok());
    report(&stage, &daemon, Status::Done, "").await;
    assert!(matches!(ask(date(2023, 12, 30), "bận").await, Err(ProposalError::Closed(Status::Done))));
}

#[tokio::test]
async fn evidence_has_a_running_code_for_each_criterion() {
    let tasks = [
        task("1.4", "Phó Hiệu trưởng", "due = 2023-11-30"),
        "[[task]]\nid = \"1.4-2\"\ncriterion = \"1.4\"\nremedy = \"Việc\"\nlead = [\"Phó Hiệu trưởng\"]\ndue = 2023-11-30\n".to_owned(),
        task("M4.1", "Phó Hiệu trưởng", "due = 2023-11-30"),
    ];
    let stage = Stage::new(Files::of(&tasks), "2023-11-10T09:00:00");
    let daemon = stage.start().await;
    let school = daemon.agenda().school();
    let hand_in = async |place: usize, things: &[Proof]| {
        let entry = entry(&stage, Status::InProgress, "");
        report_progress(daemon.store(), school, &school.plan.tasks[place], entry, things).await.unwrap()
    };
    let link = |number: u8| Proof::Link(format!("https://school.example/{number}"));
    assert_eq!(hand_in(0, &[link(1), link(2)]).await, ["H1-1.4-01", "H1-1.4-02"]);
    assert_eq!(hand_in(1, &[link(1)]).await, ["H1-1.4-03"]);
    assert_eq!(hand_in(0, &[link(2), link(3), link(2)]).await, ["H1-1.4-02", "H1-1.4-04"], "the same has one code");
    assert_eq!(hand_in(2, &[link(1)]).await, ["H2-M4.1-01"]);
    let evidence = daemon.store().evidence(daemon.scope()).await.unwrap();
    let codes: Vec<&str> = evidence.iter().map(|Evidence { code, .. }| code.as_str()).collect();
    assert_eq!(codes, ["H1-1.4-01", "H1-1.4-02", "H1-1.4-03", "H1-1.4-04", "H2-M4.1-01"]);
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    assert_eq!(progress.latest(&TaskId::new("1.4")).unwrap().evidence, ["H1-1.4-02", "H1-1.4-04"]);
}

#[test]
fn evidence_is_kept_by_content_and_exported_by_standard_and_criterion() {
    let files = one_task();
    files.edit("plan.toml", "[[task]]", "[standards]\n1 = \"Tổ chức: quản lý/nhà trường\"\n[[task]]");
    std::fs::write(files.path("Biên bản.pdf"), b"%PDF-1.7\n1 0 obj").unwrap();
    std::fs::write(files.path("virus.pdf"), b"MZ\x90\0").unwrap();
    let pdf = files.path("Biên bản.pdf");
    let pdf = pdf.to_str().unwrap();
    let report = ["progress", "1.1", "--status", "in-progress", "--percent", "40", "--by", "Phó Hiệu trưởng"];
    let proved = [&report[..], &["--evidence", pdf, "--evidence", "https://school.example/anh"]].concat();
    assert_eq!(
        files.output(&proved),
        "1.1: in_progress, 40 %\n  [H1-1.1-01] Biên bản.pdf\n  [H1-1.1-02] https://school.example/anh\n"
    );
    // The file may go: what was handed in is kept.
    std::fs::remove_file(pdf).unwrap();
    let refused = files.program(&["done", "1.1", "--evidence", files.path("virus.pdf").to_str().unwrap()]).output();
    let said = String::from_utf8(refused.unwrap().stderr).unwrap();
    assert!(said.contains("`virus.pdf` is none of the kinds of files that are kept"), "{said}");
    assert_eq!(files.lines(&["status"])[0]["status"], "in_progress", "a report that fails is no report");

    let listed = files.lines(&["evidence", "list", "--task", "1.1"]);
    assert_eq!(listed[0]["name"], "Biên bản.pdf");
    assert_eq!(listed[0]["media_type"], "application/pdf");
    assert_eq!(listed[1]["link"], "https://school.example/anh");

    let folder = files.path("minh-chung");
    files.output(&["evidence", "export", folder.to_str().unwrap()]);
    let copy = folder.join("Tiêu chuẩn 1 Tổ chức- quản lý-nhà trường/Tiêu chí 1.1/H1-1.1-01 Biên bản.pdf");
    assert_eq!(std::fs::read(copy).unwrap(), b"%PDF-1.7\n1 0 obj");
    let index = std::fs::read_to_string(folder.join("muc-luc.csv")).unwrap();
    assert!(index.starts_with("\u{feff}Mã minh chứng,") && index.lines().count() == 3, "{index}");
    assert!(index.contains("[H1-1.1-02],1,1.1,1.1,Việc 1.1,https://school.example/anh"), "{index}");
    // A folder that has something in it is left alone.
    let again = files.program(&["evidence", "export", folder.to_str().unwrap()]).output().unwrap();
    assert!(String::from_utf8(again.stderr).unwrap().contains("is not empty; name another folder"));
}

#[test]
fn evidence_and_the_key_lie_where_the_configuration_says() {
    let files = begun_today();
    // Where the store is a database, `state` is there already.
    let places = "evidence = { directory = \"kho/minh chứng\" }\nadmin =";
    files.edit("nhacviec.toml", "admin =", places);
    match files.schema {
        Some(_) => files.set("state", "\"trạng thái\""),
        None => files.add("state", "\"trạng thái\""),
    };
    std::fs::write(files.path("a.pdf"), b"%PDF-1.7\n1 0 obj").unwrap();
    files.output(&["done", "1.1", "--evidence", files.path("a.pdf").to_str().unwrap()]);
    let hash = files.lines(&["evidence", "list"])[0]["sha256"].as_str().unwrap().to_owned();
    let kept = files.path("kho/minh chứng").join(&hash[..2]).join(&hash);
    assert_eq!(std::fs::read(kept).unwrap(), b"%PDF-1.7\n1 0 obj");
    assert!(!files.path("evidence").exists() && !files.path("trạng thái/evidence").exists());
    files.output(&["evidence", "export", files.path("chép").to_str().unwrap()]);
    // What is no longer there is told, and no empty file stands for it.
    std::fs::remove_dir_all(files.path("kho")).unwrap();
    let missing = files.program(&["evidence", "export", files.path("chép nữa").to_str().unwrap()]).output().unwrap();
    assert!(!missing.status.success());
    let said = String::from_utf8(missing.stderr).unwrap();
    assert!(said.contains("H1-1.1-01 a.pdf"), "{said}");
}

#[test]
fn a_due_date_is_moved_by_command_and_the_plan_stays_visible() {
    let files = begun_today();
    let day = |days: i64| common::day(days).to_string();
    let (old, new) = (day(60), day(90));
    let said = files.output(&["postpone", "1.1", &new, "--why", "chờ kinh phí", "--by", "Hiệu trưởng"]);
    assert_eq!(said, format!("1.1: {new} instead of {old}\n"));
    let task = &files.lines(&["status"])[0];
    assert_eq!((task["due"].as_str(), task["due_as_written"].as_str()), (Some(new.as_str()), Some(old.as_str())));
    assert!(files.output(&["status"]).contains(&format!("{new} (plan: {old})")));
    let failed = |args: &[&str]| {
        let output = files.program(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(failed(&["postpone", "1.1", &new, "--why", "x"]).contains(&format!("the task is due on {new} already")));
    assert!(failed(&["postpone", "1.1", &day(-1), "--why", "x"]).contains("has passed"));
    assert!(failed(&["postpone", "1.1", "--refuse", "--why", "x"]).contains("nobody has asked for another date"));
    let history = files.lines(&["history", "1.1"]);
    let moved = history.iter().find(|line| line["type"] == "postponed").unwrap();
    assert_eq!((moved["why"].as_str(), moved["due"].as_str()), (Some("chờ kinh phí"), Some(new.as_str())));
}
