//! Each lead answers for their part (rules of time, 9): what a report changes, who is still reminded, and what is told.
#![allow(clippy::unwrap_used)]

mod common;

use common::stage::{Sent, Stage};
use common::{Files, begun_today, day, plan, plan_begun_today};
use jiff::civil::Date;
use nhacviec::app::Reach;
use nhacviec::app::report_progress::report_by_command;
use nhacviec::app::take_answer::TaskReport;
use nhacviec::daemon::Daemon;
use nhacviec::plan::{Status, TaskId};
use nhacviec::progress::{How, ProgressEntry};
use serde_json::Value;

const DEPUTY: &str = "Phó Hiệu trưởng";
const LEADER: &str = "Tổ trưởng";

/// Task 1.1 is led by deputy and leader, helped by the inspector, due on 30 November.
fn shared(more: &str) -> Files {
    let task = format!(
        "[[task]]\nid = \"1.1\"\ncriterion = \"1.1\"\nremedy = \"Sơn lại tường rào\"\nlead = [\"{DEPUTY}\", \"{LEADER}\"]\n\
         with = [\"Thanh tra\"]\nstart = 2023-11-01\ndue = 2023-11-30\n{more}\n"
    );
    Files::new(common::CONFIG, &plan(&[task]))
}

/// One report: who says it (nobody in particular: ""), what, for whom, by which way.
struct Said(&'static str, Status, Reach, How);

const fn by(name: &'static str, status: Status) -> Said {
    Said(name, status, Reach::Own, How::Link)
}

async fn say(stage: &Stage, daemon: &Daemon, said: &Said) {
    let Said(name, status, reach, how) = said;
    let entry = ProgressEntry {
        at: stage.clock.now(),
        status: *status,
        percent: None,
        note: None,
        evidence: Vec::new(),
        by: (!name.is_empty()).then(|| (*name).to_owned()),
        how: *how,
    };
    let school = daemon.agenda().school();
    let report = TaskReport { reach: *reach, ..TaskReport::new(&school.plan.tasks[0], entry, &[]) };
    report_by_command(daemon.store(), school, report, None).await.unwrap();
}

/// The status of the task and of the leads' parts, after these reports.
async fn after(files: Files, reports: &[Said]) -> String {
    let stage = Stage::new(files, "2023-11-10T09:00:00");
    let daemon = stage.start().await;
    for said in reports {
        say(&stage, &daemon, said).await;
    }
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    let task = TaskId::new("1.1");
    let parts: Vec<&str> = progress.parts(&task).iter().map(|(_, part)| part.status.as_str()).collect();
    format!("{} {}: {}", progress.status(&task), progress.percent(&task), parts.join(" "))
}

#[tokio::test]
async fn a_report_changes_what_its_author_answers_for() {
    use Status::{Blocked, Cancelled, Done, InProgress, NotStarted};
    const HEAD: &str = "Hiệu trưởng";
    const ALL: Reach = Reach::Everybody;
    let office = |status| Said("", status, Reach::Own, How::Command);
    let cases: Vec<(&str, Vec<Said>)> = vec![
        ("not_started 0: not_started not_started", vec![]),
        ("in_progress 50: done not_started", vec![by(DEPUTY, Done)]),
        ("done 100: done done", vec![by(DEPUTY, Done), by(LEADER, Done)]),
        ("blocked 50: done blocked", vec![by(DEPUTY, Done), by(LEADER, Blocked)]),
        ("in_progress 0: in_progress not_started", vec![by(DEPUTY, InProgress)]),
        ("not_started 0: not_started not_started", vec![by(DEPUTY, NotStarted)]),
        // A part that is done is opened by its lead's next word, and no other's.
        ("in_progress 50: in_progress done", vec![by(DEPUTY, Done), by(LEADER, Done), by(DEPUTY, InProgress)]),
        // For all, and what is closed stays closed until whoever closed it says otherwise.
        ("done 100: done done", vec![Said(DEPUTY, Done, ALL, How::Link)]),
        ("done 100: done done", vec![Said(DEPUTY, Done, ALL, How::Link), by(LEADER, InProgress)]),
        ("in_progress 0: in_progress not_started", vec![Said(DEPUTY, Done, ALL, How::Link), by(DEPUTY, InProgress)]),
        ("in_progress 0: in_progress in_progress", vec![Said(DEPUTY, InProgress, ALL, How::Link)]),
        // The school itself, by command.
        ("done 100: done done", vec![office(Done)]),
        ("done 100: done done", vec![office(Done), by(DEPUTY, InProgress)]),
        ("blocked 0: blocked blocked", vec![office(Done), office(Blocked)]),
        ("in_progress 50: done in_progress", vec![by(DEPUTY, Done), office(InProgress)]),
        ("in_progress 0: in_progress in_progress", vec![by(DEPUTY, Done), Said("", InProgress, ALL, How::Command)]),
        ("cancelled 0: cancelled cancelled", vec![Said(DEPUTY, Cancelled, Reach::Own, How::Command)]),
        ("in_progress 0: in_progress in_progress", vec![Said("Kế toán", InProgress, Reach::Own, How::Command)]),
        // A superior closes, and says nothing else of how far it is; who helps says nothing of it at all.
        ("done 100: done done", vec![by(HEAD, Done), by(LEADER, InProgress)]),
        ("in_progress 0: not_started in_progress", vec![by(HEAD, Done), by(LEADER, InProgress), by(HEAD, InProgress)]),
        ("not_started 0: not_started not_started", vec![by(HEAD, Blocked)]),
        ("not_started 0: not_started not_started", vec![by("Thanh tra", Done)]),
        ("not_started 0: not_started not_started", vec![Said("Thanh tra", Done, Reach::Own, How::Command)]),
    ];
    for (number, (expected, reports)) in cases.iter().enumerate() {
        assert_eq!(after(shared(""), reports).await, *expected, "case {number}");
    }
}

#[tokio::test]
async fn the_first_lead_closes_a_task_of_which_any_does() {
    let of_task = shared("closes = \"any\"");
    let of_all = shared("");
    of_all.append("[progress]\ncloses = \"any\"\n");
    let settled = shared("");
    settled.append("[task.\"1.1\"]\ncloses = \"any\"\n");
    let otherwise = shared("closes = \"all\"");
    otherwise.append("[progress]\ncloses = \"any\"\n");
    let reports = [by(DEPUTY, Status::Done)];
    for files in [of_task, of_all, settled] {
        assert_eq!(after(files, &reports).await, "done 100: done done");
    }
    assert_eq!(after(otherwise, &reports).await, "in_progress 50: done not_started");
    let wrong = shared("closes = \"first\"");
    assert_eq!(wrong.codes(), ["unknown-word"]);
}

#[tokio::test]
async fn a_task_that_is_done_stays_so_when_a_lead_is_added() {
    let stage = Stage::new(shared(""), "2023-11-10T09:00:00");
    let daemon = stage.start().await;
    say(&stage, &daemon, &by(DEPUTY, Status::Done)).await;
    say(&stage, &daemon, &by(LEADER, Status::Done)).await;
    drop(daemon);
    stage.files.edit("plan.toml", "\"Tổ trưởng\"]", "\"Tổ trưởng\", \"Quản trị\"]");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    let task = TaskId::new("1.1");
    assert_eq!(progress.status(&task), Status::Done);
    assert_eq!(progress.parts(&task).len(), 3);
}

/// "11-24 Phó Hiệu trưởng [Nhắc việc]" of what leads are told, without notes.
fn told(sent: &[Sent], whom: &str) -> Vec<String> {
    let to_them = sent.iter().filter(|sent| sent.to == whom);
    let line = |sent: &Sent| {
        let at = sent.at.in_tz("Asia/Ho_Chi_Minh").unwrap();
        format!("{} {}", at.strftime("%m-%d"), sent.subject.split(" Sơn lại").next().unwrap())
    };
    to_them.map(line).collect()
}

#[tokio::test]
async fn who_has_done_their_part_is_left_alone_and_the_others_hear_who_is_missing() {
    let stage = Stage::new(shared(""), "2023-11-01T07:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-10T20:00:00").await;
    let first = stage.post.take();
    let start = first.iter().find(|sent| sent.to == LEADER && sent.subject.contains("1.1")).unwrap();
    assert!(
        start.text.contains("Thầy/Cô chủ trì; cùng chủ trì: Phó Hiệu trưởng; phối hợp: Thanh tra."),
        "{}",
        start.text
    );
    say(&stage, &daemon, &by(DEPUTY, Status::Done)).await;
    stage.run(&mut daemon, "2023-12-08T20:00:00").await;
    let sent = stage.post.take();
    assert_eq!(told(&sent, DEPUTY), ["11-10 Cảm ơn Thầy/Cô: đã ghi nhận phần việc của Thầy/Cô,"]);
    let to_leader = told(&sent, LEADER);
    assert!(to_leader.contains(&"11-23 [Nhắc việc]".to_owned()) && to_leader.len() >= 3, "{to_leader:?}");
    let reminder = sent.iter().find(|sent| sent.to == LEADER && sent.subject.contains("còn 7 ngày")).unwrap();
    assert!(reminder.text.contains("1/2 người đã báo hoàn thành, còn: Tổ trưởng."), "{}", reminder.text);
    // The superior hears of it, with the same words.
    let escalation = sent.iter().find(|sent| sent.to == "Hiệu trưởng" && sent.subject.contains("quá hạn")).unwrap();
    assert!(escalation.text.contains("1/2 người đã báo hoàn thành, còn: Tổ trưởng."), "{}", escalation.text);
    // With the last part the task is over for all.
    say(&stage, &daemon, &by(LEADER, Status::Done)).await;
    stage.run(&mut daemon, "2023-12-20T20:00:00").await;
    let sent = stage.post.take();
    assert!(
        sent.iter().all(|sent| sent.subject.starts_with("Cảm ơn") || sent.subject.contains("báo tiến độ")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn who_cannot_go_on_is_not_pressed_and_the_others_are() {
    let stage = Stage::new(shared(""), "2023-11-10T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    say(&stage, &daemon, &by(DEPUTY, Status::Blocked)).await;
    stage.post.take();
    stage.run(&mut daemon, "2023-11-24T20:00:00").await;
    let sent = stage.post.take();
    let reminders = |whom: &str, tag: &str| told(&sent, whom).iter().filter(|line| line.contains(tag)).count();
    assert_eq!((reminders(DEPUTY, "[Nhắc việc]"), reminders(LEADER, "[Nhắc việc]")), (0, 1), "{sent:?}");
    assert_eq!(reminders("Thanh tra", "[Phối hợp]"), 1, "{sent:?}");
    assert!(told(&sent, "Hiệu trưởng").iter().any(|line| line.contains("[Vướng mắc]")));
}

#[tokio::test]
async fn what_waits_for_a_lead_falls_with_their_part() {
    use common::stage::Answer;

    let stage = Stage::new(shared(""), "2023-11-23T07:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer(DEPUTY, Answer::Temporary);
    stage.post.answer(LEADER, Answer::Temporary);
    daemon.pass(&mut ()).await.unwrap();
    say(&stage, &daemon, &by(DEPUTY, Status::Done)).await;
    let past = daemon.store().notices_about(daemon.scope(), &TaskId::new("1.1")).await.unwrap();
    let told = |whom: &str| {
        let notice = past.iter().find(|notice| notice.recipient == whom && notice.kind.as_str() == "before").unwrap();
        (notice.state.as_str(), notice.why.map(nhacviec::store::outbox::Why::as_str))
    };
    assert_eq!(told(DEPUTY), ("withdrawn", Some("part_done")));
    assert_eq!(told(LEADER), ("queued", None));
}

#[tokio::test]
async fn what_somebody_says_who_does_not_lead_goes_to_those_who_do() {
    let stage = Stage::new(shared(""), "2023-11-10T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    say(&stage, &daemon, &by("Thanh tra", Status::Done)).await;
    daemon.pass(&mut ()).await.unwrap();
    let mut sent = stage.post.take();
    sent.sort_by(|one, other| one.to.cmp(&other.to));
    let to: Vec<&str> = sent.iter().map(|sent| sent.to.as_str()).collect();
    assert_eq!(to, [DEPUTY, LEADER]);
    assert!(sent[0].subject.starts_with("[Ý kiến] Thanh tra"), "{}", sent[0].subject);
    assert!(sent[0].text.contains("Thanh tra vừa báo về việc Thầy/Cô chủ trì: đã hoàn thành."), "{}", sent[0].text);
}

#[tokio::test]
async fn a_deputy_speaks_for_whom_they_stand_in_for() {
    let files = shared("");
    files.add("person.Tổ trưởng.away", "[{ from = 2023-11-09, to = 2023-11-20, deputy = \"Quản trị\" }]");
    assert_eq!(after(files, &[by("Quản trị", Status::Done)]).await, "in_progress 50: not_started done");
    let files = shared("");
    files.add("person.Tổ trưởng.away", "[{ from = 2023-11-19, to = 2023-11-20, deputy = \"Quản trị\" }]");
    assert_eq!(after(files, &[by("Quản trị", Status::Done)]).await, "not_started 0: not_started not_started");
}

#[tokio::test]
async fn a_group_with_a_channel_of_its_own_is_one_lead_and_each_member_speaks_for_it() {
    let files = shared("");
    files.append("[[group]]\nname = \"Tổ khối 1\"\nmembers = [\"Quản trị\", \"Thanh tra\"]\nvia = [\"email\"]\n");
    files.edit("plan.toml", "\"Tổ trưởng\"]\nwith = [\"Thanh tra\"]", "\"Tổ khối 1\"]");
    assert_eq!(after(files, &[by("Thanh tra", Status::Done)]).await, "in_progress 50: not_started done");
}

fn tasks(files: &Files) -> Vec<Value> {
    files.lines(&["status"]).into_iter().filter(|line| line["type"] == "task").collect()
}

/// A school of today whose only task two people lead.
fn led_by_two() -> Files {
    let files = begun_today();
    files.write("plan.toml", &plan_begun_today(&[("1.1", "Sơn lại tường rào", DEPUTY)]));
    files.edit("plan.toml", "lead = [\"Phó Hiệu trưởng\"]", "lead = [\"Phó Hiệu trưởng\", \"Tổ trưởng\"]");
    files
}

#[test]
fn status_and_history_show_the_parts() {
    let files = led_by_two();
    files
        .program(&["progress", "1.1", "--status", "in_progress", "--percent", "60", "--by", DEPUTY])
        .assert()
        .success();
    let task = &tasks(&files)[0];
    assert_eq!((task["status"].as_str(), task["percent"].as_u64()), (Some("in_progress"), Some(30)));
    let parts = task["parts"].as_array().unwrap();
    let shown = |part: &Value| {
        let word = |key: &str| part[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", word("lead"), word("status"), part["percent"], word("by"))
    };
    assert_eq!(
        parts.iter().map(shown).collect::<Vec<_>>(),
        ["Phó Hiệu trưởng in_progress 60 Phó Hiệu trưởng", "Tổ trưởng not_started 0 -"]
    );
    assert!(parts[0]["at"].is_string() && parts[1].get("at").is_none());
    files.program(&["done", "1.1", "--by", LEADER]).assert().success();
    assert!(files.output(&["status"]).contains("1 of 2 leads done"));
    let history: Vec<Value> =
        files.lines(&["history", "1.1"]).into_iter().filter(|line| line["type"] == "progress").collect();
    assert_eq!((history[1]["effect"].as_str(), &history[1]["parts"]), (Some("parts"), &serde_json::json!([LEADER])));
    assert!(files.output(&["history", "1.1"]).contains("done, 100 %"));
}

#[test]
fn the_day_of_completion_is_not_later_than_today() {
    let files = led_by_two();
    let before = |days: i64| -> Date { day(-days) };
    files.program(&["done", "1.1", "--on", &day(1).to_string()]).assert().failure();
    files.program(&["done", "1.1", "--by", DEPUTY, "--on", &before(9).to_string()]).assert().success();
    files.program(&["done", "1.1", "--by", LEADER, "--on", &before(20).to_string()]).assert().success();
    let history = files.lines(&["history", "1.1"]);
    let days: Vec<&str> = history.iter().filter_map(|line| line["done_on"].as_str()).collect();
    assert_eq!(days, [before(9).to_string(), before(20).to_string()]);
    let loaded = files.load();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let progress = runtime.block_on(async { files.store().await.progress(&loaded.school).await.unwrap() });
    let zone = &loaded.school.settings.time_zone;
    assert_eq!(progress.done_on(&TaskId::new("1.1"), zone), Some(before(9)), "the last of the leads' days");
}

#[test]
fn a_command_that_finds_nothing_open_says_so() {
    let files = led_by_two();
    for lead in [DEPUTY, LEADER] {
        files.program(&["done", "1.1", "--by", lead]).assert().success();
    }
    let said = files.output(&["progress", "1.1", "--status", "in_progress"]);
    assert!(said.contains("--all"), "{said}");
    assert_eq!(tasks(&files)[0]["status"], "done");
    files.program(&["progress", "1.1", "--status", "in_progress", "--all"]).assert().success();
    assert_eq!(tasks(&files)[0]["status"], "in_progress");
}

#[test]
fn a_page_shows_the_parts_and_takes_a_report_for_all_and_of_another_day() {
    use common::web::Site;

    let site = Site::start_with(|files| {
        files.write("plan.toml", &plan_begun_today(&[("1.1", "Sơn lại tường rào", DEPUTY)]));
        files.edit("plan.toml", "lead = [\"Phó Hiệu trưởng\"]", "lead = [\"Phó Hiệu trưởng\", \"Tổ trưởng\"]");
    });
    let (path, other) = (site.link(DEPUTY, "answer"), site.link(LEADER, "answer"));
    let page = site.get(&path);
    assert!(page.text().contains("Báo cho tất cả người chủ trì") && page.text().contains("2 người chủ trì"));
    let future = day(1).to_string();
    let refused = site.post(&path, &[("form", &page.form()), ("status", "done"), ("done_on", &future)], &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Ngày này chưa đến"));
    let on = day(-3).to_string();
    let taken = site.post(&path, &[("form", &page.form()), ("status", "done"), ("done_on", &on)], &[]);
    let receipt = site.get(taken.header("location").unwrap()).text();
    assert!(
        receipt.contains("Phần việc của Thầy/Cô đã xong")
            && receipt.contains("1/2 người đã báo hoàn thành, còn: Tổ trưởng.")
    );
    assert_eq!(site.task("1.1")["status"], "in_progress");
    let page = site.get(&path);
    let fields = [("form", page.form()), ("status", "done".to_owned()), ("for_all", "1".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(site.post(&path, &fields, &[]).status, 303);
    assert_eq!(site.task("1.1")["status"], "done");
    let history = site.files.lines(&["history", "1.1"]);
    let told: Vec<&Value> = history.iter().filter(|line| line["type"] == "progress").collect();
    assert_eq!((told[0]["done_on"].as_str(), told[1]["effect"].as_str()), (Some(on.as_str()), Some("closes")));
    // The other lead sees who said so.
    let other = site.get(&other).text();
    assert!(other.contains("Việc đã được Phó Hiệu trưởng báo hoàn thành cho tất cả"), "{other}");
}

#[test]
fn a_text_says_it_for_all_or_for_its_writer() {
    use common::imap::{ImapServer, PASSWORD};
    use common::reply::{Reply, inbox, sent};

    for (text, status) in [
        ("Đã xong ạ", "in_progress"),
        ("Cả tổ đã xong ạ", "done"),
        ("Tất cả người chủ trì đã làm xong", "done"),
        ("Em báo cho tất cả người chủ trì: đã xong", "done"),
    ] {
        let server = ImapServer::start();
        let files = led_by_two();
        files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(&server));
        files.secret("imap", PASSWORD);
        std::fs::create_dir(files.path("outbox")).unwrap();
        files.program(&["run", "--once"]).assert().success();
        let outbox = common::reply::mails(&files.path("outbox"));
        let to_deputy = |mail: &Vec<u8>| String::from_utf8_lossy(mail).contains("<pho@school.example>");
        let place = outbox.iter().position(to_deputy).unwrap();
        let (id, _) = sent(&files)[place].clone();
        server.put(&Reply { to: &id, text, ..Reply::default() }.bytes());
        files.program(&["run", "--once"]).assert().success();
        assert_eq!(tasks(&files)[0]["status"], status, "{text}");
    }
}
