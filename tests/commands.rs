//! The program as a person runs it: `rehearse`, `status`, `progress`, `done`, `run`.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, HashSet};

use common::service::Service;
use common::spoken::{alike, quoted, said, without_today};
use common::{Files, begun_today, day, plan, task};
use serde_json::Value;

/// The words of a notice of the JSON output: "before 1.4 7d".
fn notice(value: &Value) -> String {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let days = value["days"].as_u64().map(|days| format!(" {days}d")).unwrap_or_default();
    format!("{} {}{}{days}", text("kind"), text("task"), text("review"))
}

#[test]
fn a_rehearsal_tells_the_whole_year_twice_the_same_to_the_byte() {
    let files = Files::seed();
    let (one, two) = (files.path("one"), files.path("two"));
    let first = files.output(&["rehearse", "--format", "json", "--out", one.to_str().unwrap()]);
    let second = files.output(&["rehearse", "--format", "json", "--out", two.to_str().unwrap()]);
    assert_eq!(first, second);
    let names = |folder: &std::path::Path| -> Vec<String> {
        let mut names: Vec<String> =
            folder.read_dir().unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&one), names(&two));
    assert_eq!(names(&one).len(), first.lines().count());
    for name in names(&one) {
        let same = std::fs::read(one.join(&name)).unwrap() == std::fs::read(two.join(&name)).unwrap();
        assert!(same, "{name} differs");
    }
    // The order is that of time, and nobody gets two reminders at one moment.
    let lines: Vec<Value> = first.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let times: Vec<&str> = lines.iter().map(|line| line["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let mut reminded = HashSet::new();
    let mut ids = HashSet::new();
    for line in &lines {
        let (at, to) = (line["at"].as_str().unwrap(), line["to"].as_str().unwrap());
        assert!(line["kind"] != "reminder" || reminded.insert((at, to)), "{to} twice at {at}");
        assert!(ids.insert(line["message_id"].as_str().unwrap()));
    }
}

#[test]
fn the_lines_of_a_rehearsal_have_the_fields_of_the_design() {
    let files = Files::of(&[task("1.1", "Phó Hiệu trưởng", "start = 2023-10-02\ndue = 2023-10-31")]);
    let lines = files.lines(&["rehearse", "--to", "2023-11-08", "--done", "1.1=2023-11-08"]);
    let shown: Vec<String> = lines
        .iter()
        .map(|line| {
            let notices: Vec<String> = line["notices"].as_array().unwrap().iter().map(notice).collect();
            format!(
                "{} {} {}: {}",
                line["at"].as_str().unwrap(),
                line["kind"].as_str().unwrap(),
                line["to"].as_str().unwrap(),
                notices.join(", ")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2023-09-29T08:00:00+07:00 review Thanh tra: review 2023-09",
            "2023-10-02T07:00:00+07:00 reminder Phó Hiệu trưởng: start 1.1",
            "2023-10-24T07:00:00+07:00 reminder Phó Hiệu trưởng: before 1.1 7d",
            "2023-10-30T07:00:00+07:00 reminder Phó Hiệu trưởng: before 1.1 1d",
            "2023-10-31T08:00:00+07:00 review Thanh tra: review 2023-10",
            "2023-11-01T07:00:00+07:00 reminder Phó Hiệu trưởng: overdue 1.1 1d",
            "2023-11-07T07:00:00+07:00 reminder Hiệu trưởng: escalation 1.1 7d",
        ]
    );
    let line = lines[2].as_object().unwrap();
    let keys: Vec<&str> = line.keys().map(String::as_str).collect();
    assert_eq!(keys, ["address", "at", "channel", "kind", "message_id", "notices", "subject", "to"]);
    assert_eq!(line["channel"], "email");
    assert_eq!(line["address"], "pho@school.example");
    assert_eq!(
        line["notices"][0],
        serde_json::json!({"kind": "before", "task": "1.1", "due": "2023-10-31", "days": 7, "on": "2023-10-24"})
    );
}

#[test]
fn a_rehearsal_for_a_person_to_read() {
    insta::assert_snapshot!("rehearsal_of_a_month", Files::seed().output(&["rehearse", "--to", "2023-10-12"]));
    let output = Files::seed().program(&["rehearse", "--from", "2024-01-01", "--to", "2023-01-01"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap());
}

#[test]
fn progress_is_kept_and_shown() {
    let files = Files::seed();
    let shown =
        files.output(&["progress", "1.4", "--status", "in-progress", "--percent", "60", "--by", "Nhân viên văn thư"]);
    assert_eq!(shown, "1.4: in_progress, 60 % (the part of Nhân viên văn thư)\n");
    files.output(&["done", "1.5", "--note", "đã bồi dưỡng", "--evidence", "https://school.example/1"]);
    let tasks: BTreeMap<String, Value> = files
        .lines(&["status"])
        .into_iter()
        .filter(|line| line["type"] == "task")
        .map(|line| (line["task"].as_str().unwrap().to_owned(), line))
        .collect();
    assert_eq!(tasks.len(), 22);
    // One of four leads has told: the task is as far as the mean of its parts.
    assert_eq!((&tasks["1.4"]["status"], &tasks["1.4"]["percent"]), (&"in_progress".into(), &15.into()));
    assert_eq!((&tasks["1.5"]["status"], &tasks["1.5"]["percent"]), (&"done".into(), &100.into()));
    assert!(tasks["1.4"]["overdue_days"].as_i64().unwrap() > 300 && tasks["1.5"].get("overdue_days").is_none());
    assert_eq!((&tasks["2.3"]["unresolved"], tasks["2.3"].get("due")), (&true.into(), None));
    assert_eq!((&tasks["1.1"]["start"], &tasks["1.1"]["due"]), (&"2023-09-05".into(), &"2024-05-31".into()));
    let text = files.output(&["status"]);
    assert!(
        text.contains("1/22 done, 19 overdue, 0 blocked, 0 in hand, 0 not reported, 0 not yet due, 2 of unclear date"),
        "{text}"
    );
}

#[test]
fn status_is_a_page_as_a_file_too() {
    let files = Files::seed();
    files.output(&["progress", "1.4", "--status", "in-progress", "--percent", "60", "--by", "Nhân viên văn thư"]);
    files.output(&["progress", "3.1", "--status", "blocked", "--note", "chờ kinh phí"]);
    files.output(&["status", "-o", &files.path("tien-do.html").display().to_string()]);
    let page = files.read("tien-do.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("role=\"img\""), "the timeline is there");
    for told in [
        "Lập lúc ",
        "Cần quyết định (3)",
        "Đến hạn tháng này",
        "“chờ kinh phí”",
        "Từng người chủ trì (0/4 đã xong)",
        "Nhân viên văn thư: đạt 60% (báo ngày ",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    // What only links can do is not in it, and nothing is loaded from elsewhere.
    for other in ["<form", "dành riêng", "src=", "<script", "<link"] {
        assert!(!page.contains(other), "{other}");
    }
}

#[test]
fn status_shows_what_goes_out_next_and_what_failed() {
    let files = begun_today();
    let next = |lines: &[Value]| -> Vec<String> {
        let next = lines.iter().filter(|line| line["type"] == "next");
        next.map(|line| format!("{}: {}", line["to"].as_str().unwrap(), notice(&line["notices"][0]))).collect()
    };
    let lines = files.lines(&["status"]);
    assert!(next(&lines).iter().any(|line| line.starts_with("Phó Hiệu trưởng: ")), "{lines:?}");
    // What `run --dry` shows of a message stands so in the status.
    for language in ["en", "vi"] {
        let shown = |args: &[&str]| -> Vec<String> {
            let output = files.program(args).env("NHACVIEC_LANGUAGE", language).output().unwrap();
            let lines = String::from_utf8(output.stdout).unwrap();
            // A minute may have begun between the two.
            let message = |line: &str| Some(line.strip_prefix("  ")?.split_once("  ")?.1.to_owned());
            lines.lines().filter_map(message).collect()
        };
        let (dry, status) = (shown(&["run", "--dry"]), shown(&["status"]));
        assert!(!dry.is_empty() && dry.iter().all(|line| status.contains(line)), "{dry:?} {status:?}");
    }
    // Where the folder should be is a file: the message waits.
    files.write("outbox", "in the way");
    files.program(&["run", "--once"]).assert().code(1);
    let lines = files.lines(&["status"]);
    assert!(next(&lines).contains(&"Phó Hiệu trưởng: start 1.1".to_owned()), "{lines:?}");
    let text = files.output(&["status"]);
    assert!(text.contains("  Phó Hiệu trưởng <pho@school.example> over email: 1.1 (start)"), "{text}");
}

#[test]
fn mistakes_on_the_command_line_are_told_with_a_suggestion() {
    let files = Files::seed();
    let said = |args: &[&str]| {
        let output = files.program(args).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, text) = said(&["done", "14"]);
    assert_eq!((code, text.as_str()), (Some(1), "nhacviec: there is no task `14` in the plan; did you mean `1.4`?\n"));
    let (code, text) = said(&["progress", "1.4", "--status", "finished"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("expected not_started, in_progress, blocked, done or cancelled"), "{text}");
    let (code, text) = said(&["done", "1.4", "--evidence", "no-such-file.pdf"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("there is no file `no-such-file.pdf`"), "{text}");
    assert_eq!(said(&["progress", "1.4", "--status", "blocked", "--percent", "101"]).0, Some(2));
}

fn outbox(files: &Files) -> Vec<String> {
    let folder = files.path("outbox");
    let read = |file: std::io::Result<std::fs::DirEntry>| std::fs::read_to_string(file.unwrap().path()).unwrap();
    folder.read_dir().map(|files| files.map(read).collect()).unwrap_or_default()
}

#[test]
fn run_once_delivers_what_is_due_and_does_not_repeat_it() {
    let files = begun_today();
    files.program(&["run", "--once"]).assert().success();
    let sent = outbox(&files);
    assert_eq!(sent.len(), 1);
    assert!(sent[0].contains("pho@school.example"));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(outbox(&files).len(), 1);
}

#[test]
fn a_message_of_the_outbox_can_be_looked_at_tried_again_and_dropped() {
    let files = begun_today();
    assert_eq!(files.output(&["outbox", "list"]), "nothing waits and nothing failed\n");
    files.write("outbox", "in the way");
    files.program(&["run", "--once"]).assert().code(1);
    let lines = files.lines(&["outbox", "list"]);
    let reminder = lines.iter().find(|line| line["kind"] == "reminder").unwrap();
    assert_eq!((&reminder["state"], &reminder["to"]), (&"queued".into(), &"Phó Hiệu trưởng".into()));
    assert!(reminder["reason"].as_str().unwrap().contains("cannot write"));
    let id = &reminder["id"].as_str().unwrap()[..8];
    assert!(files.output(&["outbox", "list"]).contains(id));

    // With the folder free again, a second chance brings it through at once.
    std::fs::remove_file(files.path("outbox")).unwrap();
    files.output(&["outbox", "retry", id]);
    files.program(&["run", "--once"]).assert().success();
    assert!(outbox(&files).iter().any(|mail| mail.contains("pho@school.example")));
    let shown = files.lines(&["outbox", "show", id]).remove(0);
    assert_eq!((&shown["state"], &shown["notices"]), (&"sent".into(), &serde_json::json!(["1.1 start"])));
    let outcomes: Vec<&str> =
        shown["attempts"].as_array().unwrap().iter().map(|attempt| attempt["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["channel", "sent"]);
    assert!(files.output(&["outbox", "show", id]).contains("Message-ID: <"));

    // What is over stays as it is; what is not there is told.
    let said =
        |args: &[&str]| String::from_utf8(files.program(args).assert().code(1).get_output().stderr.clone()).unwrap();
    assert!(said(&["outbox", "drop", id]).contains("is sent: only one that waits or failed"));
    assert!(said(&["outbox", "show", "0000000000"]).contains("there is no message `0000000000`"));
    assert!(said(&["outbox", "show", "%"]).contains("there is no message `%`"));
}

#[test]
fn whatever_waits_or_failed_gets_another_chance_at_once() {
    let files = begun_today();
    files.write("outbox", "in the way");
    files.program(&["run", "--once"]).assert().code(1);
    let waiting = files.lines(&["outbox", "list", "--why"]);
    assert!(waiting.len() > 1, "a reminder and an alert: {waiting:?}");
    let tried = |line: &&serde_json::Value| line["attempts"][0]["outcome"] == "channel";
    let tried = waiting.iter().filter(tried).count();
    let text = files.output(&["outbox", "list", "--why"]);
    assert!(text.contains(" over email: the channel: cannot write"), "{text}");
    std::fs::remove_file(files.path("outbox")).unwrap();

    let refused =
        |args: &[&str]| String::from_utf8(files.program(args).assert().failure().get_output().stderr.clone()).unwrap();
    assert!(refused(&["outbox", "retry", "--all", "--channel", "chat"]).contains("there is no channel `chat`"));
    assert!(refused(&["outbox", "retry"]).contains("<ID>"));
    let said = files.output(&["outbox", "retry", "--all", "--channel", "email"]);
    assert_eq!(said.split(' ').next().unwrap(), tried.to_string(), "{said}");
    // What waited behind it was never tried itself.
    let said = files.output(&["outbox", "retry", "--all"]);
    assert_eq!(said.split(' ').next().unwrap(), waiting.len().to_string(), "{said}");
    files.program(&["run", "--once"]).assert().success();
    assert!(outbox(&files).iter().any(|mail| mail.contains("pho@school.example")));
    for args in [&["outbox", "list", "--why"][..], &["outbox", "retry", "--all"]] {
        assert_eq!(files.output(args), "nothing waits and nothing failed\n");
    }
}

#[test]
fn a_dropped_message_is_never_sent() {
    let files = begun_today();
    files.write("outbox", "in the way");
    files.program(&["run", "--once"]).assert().code(1);
    for line in files.lines(&["outbox", "list"]) {
        files.output(&["outbox", "drop", line["id"].as_str().unwrap()]);
    }
    std::fs::remove_file(files.path("outbox")).unwrap();
    files.program(&["run", "--once"]).assert().success();
    assert!(outbox(&files).is_empty());
    assert_eq!(files.output(&["outbox", "list"]), "nothing waits and nothing failed\n");
}

#[test]
fn a_configuration_with_mistakes_stops_run_at_the_start() {
    let files = Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")]);
    files.set("escalation.0.to", "[\"Hiệu trưởn\"]");
    let output = files.program(&["run"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("did you mean 'Hiệu trưởng'?"), "{said}");
}

#[test]
fn the_daemon_reloads_on_hangup_keeps_what_works_and_stops_when_told() {
    let files = begun_today();
    let mut service = Service::start(&files);
    service.says("\"sent\":1");
    assert_eq!(outbox(&files).len(), 1);

    // Nobody else may work on the same store meanwhile.
    let second = files.program(&["run", "--once"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8(second.stderr).unwrap().contains("another nhacviec is at work"));

    // A plan with a mistake is not taken, and the admin is told.
    let good = files.read("plan.toml");
    files.edit("plan.toml", "Phó Hiệu trưởng", "Phó Hiệu trưởn");
    service.signal("HUP");
    service.says("\"sent\":1");
    let sent = outbox(&files);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().any(|mail| mail.contains("quan-tri@school.example")));

    // Put right and with another task, it is.
    let time = format!("start = {}\ndue = {}", day(0), day(60));
    files.write("plan.toml", &(good + &task("1.2", "Tổ trưởng", &time)));
    service.signal("HUP");
    service.says("\"sent\":1");
    assert!(outbox(&files).iter().any(|mail| mail.contains("to-truong@school.example")));

    service.signal("TERM");
    service.says("stopping");
    assert!(service.process.wait().unwrap().success());
}

#[test]
fn the_service_manager_hears_that_it_is_ready_alive_and_stopping() {
    let files = begun_today();
    let path = files.path("notify");
    let manager = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(std::time::Duration::from_mins(1))).unwrap(); // a bound on hanging
    let hear = || {
        let mut buffer = [0; 256];
        let length = manager.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap().trim().to_owned()
    };
    let service = Service::start_under(&files, Some(&path));
    // All is ready, the loop begins, the message of the day is written down, and the run has ended. Where a minute begins
    // meanwhile, the loop begins again before that.
    let well = "STATUS=all is well";
    let mut heard = vec![hear(), hear(), hear()];
    assert_eq!(heard, ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    while heard.last().unwrap() != well || outbox(&files).is_empty() {
        heard.push(hear());
    }
    assert!(heard[1..].iter().all(|said| said == "WATCHDOG=1" || said == well), "{heard:?}");
    assert_eq!(outbox(&files).len(), 1);
    // What is wrong stands in the status of the service.
    std::fs::remove_dir_all(files.path("outbox")).unwrap();
    files.write("outbox", "in the way");
    let more = task("1.2", "Tổ trưởng", &format!("start = {}\ndue = {}", day(0), day(60)));
    files.write("plan.toml", &(files.read("plan.toml") + &more));
    service.signal("HUP");
    let status = std::iter::repeat_with(hear).find(|said| said.starts_with("STATUS=") && said != well).unwrap();
    assert!(status.starts_with("STATUS=channel-failed: the channel `email` cannot deliver: "), "{status}");
    service.signal("TERM");
    let last = std::iter::repeat_with(hear).find(|said| said != "WATCHDOG=1" && *said != status);
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
}

#[test]
fn a_diff_tells_what_a_change_does_before_it_takes_effect() {
    let files = begun_today();
    let no_past = files.program(&["diff"]).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8(no_past).unwrap().contains("nhacviec diff OLD-PLAN"));
    files.output(&["run", "--once"]);
    assert_eq!(files.output(&["diff"]), "the change does nothing to the messages to come\n");
    let old = files.read("plan.toml");
    files.write("old.toml", &old);
    // The date moves by ten days, the row gets another number, and another task begins.
    let more = task("1.2", "Tổ trưởng", &format!("start = {}\ndue = {}", day(20), day(40)));
    files.edit("plan.toml", &format!("due = {}", day(60)), &format!("due = {}", day(70)));
    files.edit("plan.toml", "id = \"1.1\"", "id = \"1.9\"");
    files.write("plan.toml", &(files.read("plan.toml") + &more));
    let lines = files.lines(&["diff"]);
    let shown: Vec<String> = lines
        .iter()
        .filter(|line| line["kind"] != "self_check")
        .take(8)
        .map(|line| {
            let word = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {} {} {}", word("type"), word("task"), word("kind"), word("to"), word("from"), word("on"))
        })
        .collect();
    let expected = [
        format!("added 1.2 start Tổ trưởng - {}", day(20)),
        format!("added 1.2 before Tổ trưởng - {}", day(33)),
        format!("added 1.2 before Tổ trưởng - {}", day(39)),
        format!("added 1.2 overdue Tổ trưởng - {}", day(41)),
        format!("added 1.2 escalation Hiệu trưởng - {}", day(47)),
        format!("added 1.2 overdue Tổ trưởng - {}", day(48)),
    ];
    assert_eq!(shown[..6], expected);
    let moved = format!("{} {}", day(53), day(63));
    assert!(
        lines.iter().any(|line| line["type"] == "moved"
            && line["task"] == "1.9"
            && line["days"] == 7
            && format!("{} {}", line["from"].as_str().unwrap(), line["on"].as_str().unwrap()) == moved),
        "{lines:?}"
    );
    assert!(lines.iter().all(|line| line["type"] != "cancelled" || line["kind"] == "self_check"), "{lines:?}");
    assert_eq!(files.lines(&["diff", files.path("old.toml").to_str().unwrap()]), lines);
    assert!(files.output(&["diff"]).lines().last().unwrap().ends_with("added"));
    let [english, vietnamese] = ["en", "vi"].map(|language| said(&files, language, &["diff"]));
    let own = quoted(&files.read("nhacviec.toml"));
    assert_eq!(alike(&english, &vietnamese, &own), [] as [String; 0], "{vietnamese}");
    assert!(vietnamese.contains("thay đổi  việc  lời nhắc") && vietnamese.trim().ends_with("thêm"), "{vietnamese}");
}

#[test]
fn a_review_can_be_looked_at_and_filed_at_any_time() {
    let files = Files::seed();
    files.output(&["done", "1.4", "--note", "đã sắp xếp xong"]);
    let text = files.output(&["review", "2023-10"]);
    assert!(text.contains("SƠ KẾT THÁNG 10/2023") && text.contains("1.4"), "{text}");
    let page = files.path("so-ket.html");
    files.output(&["review", "term-1", "-o", page.to_str().unwrap()]);
    assert!(files.read("so-ket.html").starts_with("<!DOCTYPE html>"));
    files.output(&["review", "year", "-o", files.path("nam.txt").to_str().unwrap()]);
    assert!(files.read("nam.txt").contains("TỔNG KẾT NĂM HỌC 2023-2024"), "{}", files.read("nam.txt"));
    let said = |period: &str, code: i32| {
        let run = files.program(&["review", period]).assert().code(code);
        String::from_utf8(run.get_output().stderr.clone()).unwrap()
    };
    assert!(said("2022-10", 1).contains("there is no review of 2022-10; there are 2023-09, 2023-10"));
    assert!(said("october", 2).contains("write a month (2023-10)"));
}

/// The school's daemon at an instant, over the store that the program will look into.
async fn pass_at(files: &Files, at: &str) {
    use nhacviec::clock::Clock;
    use nhacviec::daemon::Daemon;

    let store = files.store().await;
    let mut daemon = Daemon::new(files.load(), store.clone(), Clock::standing_at(at.parse().unwrap()));
    daemon.pass(&mut ()).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn the_history_of_a_task_proves_what_was_told_and_what_came_of_it() {
    let time = "start = 2023-10-02\ndue = 2023-10-31";
    let files = Files::of(&[task("1.1", "Phó Hiệu trưởng", time)]);
    assert!(files.output(&["history", "1.1"]).contains("nothing was decided or reported yet"));
    // The folder of the messages cannot be made at first.
    files.write("outbox", "in the way");
    pass_at(&files, "2023-10-02T07:00:00+07:00").await;
    std::fs::remove_file(files.path("outbox")).unwrap();
    pass_at(&files, "2023-10-02T07:10:00+07:00").await;
    // The service is away for two weeks: of what it missed only the latest is told.
    pass_at(&files, "2023-11-02T09:00:00+07:00").await;
    // What is to be told at last is moved away by the plan while it waits.
    std::fs::remove_dir_all(files.path("outbox")).unwrap();
    files.write("outbox", "in the way");
    pass_at(&files, "2023-11-07T07:00:00+07:00").await;
    files.edit("plan.toml", "due = 2023-10-31", "due = 2023-11-30");
    pass_at(&files, "2023-11-08T10:00:00+07:00").await;
    std::fs::remove_file(files.path("outbox")).unwrap();
    let loaded = files.load();
    let store = files.store().await;
    let report = nhacviec::progress::ProgressEntry {
        at: "2023-11-09T08:00:00+07:00".parse().unwrap(),
        status: nhacviec::plan::Status::InProgress,
        percent: Some(60),
        note: Some("đang chờ kinh phí".to_owned()),
        evidence: vec!["https://school.example/1.pdf".to_owned()],
        by: Some("Phó Hiệu trưởng".to_owned()),
        how: nhacviec::progress::How::Command,
    };
    common::report(&store, &loaded.school, "1.1", report).await;
    store.close().await;

    let mut settings = insta::Settings::clone_current();
    settings.add_filter(&regex_literal(&files.folder.path().display().to_string()), "FOLDER");
    settings.add_filter("\\[[0-9a-f]{32}\\]", "[ID]");
    settings.add_filter("[0-9a-f]{32}\\.eml", "ID.eml");
    settings.add_filter("As the store has it at .*", "As the store has it at NOW");
    settings.bind(|| insta::assert_snapshot!(files.output(&["history", "1.1"])));

    let lines = files.lines(&["history", "1.1"]);
    let types: BTreeMap<&str, usize> = lines.iter().fold(BTreeMap::new(), |mut counted, line| {
        *counted.entry(line["type"].as_str().unwrap()).or_default() += 1;
        counted
    });
    assert_eq!(types["progress"], 1);
    assert_eq!(types["plan"], 1);
    assert!(lines.iter().all(|line| line["task"] == "1.1" && line["at"].as_str().unwrap().ends_with("+07:00")));
    // A task that is gone keeps its history; what never was one has none.
    files.write("plan.toml", &plan(&[task("1.2", "Phó Hiệu trưởng", time)]));
    files.output(&["plan", "accept"]);
    assert!(files.output(&["history", "1.1"]).contains("Task 1.1 is no longer in the plan"));
    files.program(&["history", "1.3"]).assert().code(1);
}

#[test]
fn what_is_late_is_said_by_its_days_on_the_day_of_sending() {
    let files = begun_today();
    let task = task("1.1", "Phó Hiệu trưởng", &format!("due = {}", day(-10)));
    files.write("plan.toml", &common::plan_issued(day(-25), &[task]));
    // The rules tell of it 8 days after the due date, and superiors 7 days after it; both are caught up two days and more later.
    let dry = files.output(&["run", "--dry"]);
    assert!(dry.contains("1.1 (overdue, 10 days)") && dry.contains("1.1 (escalation, 10 days)"), "{dry}");
    let steps = files.lines(&["run", "--dry"]).into_iter().flat_map(|line| line["notices"].as_array().unwrap().clone());
    let steps: std::collections::BTreeSet<u64> = steps.filter_map(|notice| notice["days"].as_u64()).collect();
    assert_eq!(steps.into_iter().collect::<Vec<_>>(), [7, 8]);
    files.output(&["run", "--once"]);
    let mails = common::reply::mails(&files.path("outbox"));
    let told =
        |mail: &Vec<u8>| mail_parser::MessageParser::default().parse(mail).unwrap().body_text(0).unwrap().into_owned();
    assert!(mails.iter().all(|mail| told(mail).contains("10 ngày")));
    let history = files.output(&["history", "1.1"]);
    let sent: Vec<&str> = history.lines().filter(|line| line.contains("  sent  ")).collect();
    assert_eq!(sent.len(), 2, "{history}");
    assert!(sent.iter().all(|line| line.contains(", 10 days, for ")), "{history}");
    // Of a day that is named the days of that day are said.
    assert!(history.contains(&format!("overdue, 8 days, for {}\n", day(-2))), "{history}");
}

#[test]
fn where_no_review_is_configured_it_is_said_how_one_is_written() {
    let files = begun_today();
    files.remove("review");
    for (language, words) in [
        ("en", ": the configuration has none; write one at its end, as"),
        ("vi", ": cấu hình chưa có kỳ nào; ghi thêm vào cuối tệp, như"),
    ] {
        let refused = files.program(&["review", "2026-10"]).env("NHACVIEC_LANGUAGE", language).assert().code(1);
        let said = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
        let (_, example) = said.split_once("\n\n").unwrap();
        assert!(said.contains(words), "{said}");
        // What it says to write is taken, whatever table is the last.
        let text = files.read("nhacviec.toml");
        files.write("nhacviec.toml", &format!("{text}\n[aliases]\n\"Thầy An\" = [\"Hiệu trưởng\"]\n{example}"));
        assert_eq!(files.findings().iter().filter(|found| found["severity"] == "error").count(), 0);
        assert_eq!(files.load().school.settings.reviews.len(), 1);
        files.write("nhacviec.toml", &text);
    }
}

/// A text as a pattern that matches it alone.
fn regex_literal(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_alphanumeric() { letter.to_string() } else { format!("\\{letter}") })
        .collect()
}

#[test]
fn what_commands_say_in_both_languages() {
    for language in ["en", "vi"] {
        let files = Files::seed();
        files.output(&["progress", "1.4", "--status", "in-progress", "--percent", "60", "--by", "Nhân viên văn thư"]);
        files.output(&["done", "1.5"]);
        let commands: [&[&str]; 7] = [
            &["status"],
            &["run", "--dry"],
            &["send-test", "--to", "Hiệu trưởng"],
            &["check", "--online"],
            &["--help"],
            &["rehearse", "--help"],
            &["outbox", "retry", "--help"],
        ];
        let told: String = commands.iter().map(|command| said(&files, language, command)).collect();
        without_today().bind(|| insta::assert_snapshot!(format!("said_{language}"), told));
    }
}

#[test]
fn what_stops_a_command_in_both_languages() {
    let files = Files::seed();
    let commands: [&[&str]; 23] = [
        &["done", "1.44"],
        &["done", "1.4", "--on", "2999-01-01"],
        &["done", "1.4", "--evidence", "khong-co.pdf"],
        &["done", "1.4", "--evidence", "https://ai:mat-khau@truong.example"],
        &["done", "1.4", "--for", "2023-10"],
        &["postpone", "1.4", "--refuse", "--why", "x"],
        &["postpone", "1.4", "2020-01-01", "--why", "x"],
        &["outbox", "show", "abc"],
        &["answers", "show", "abc"],
        &["send-test", "--to", "Hiệu truong"],
        &["send-test", "--to", "Hiệu trưởng", "--channel", "zalo"],
        &["channel", "pair", "email"],
        &["inbox", "check"],
        &["review", "2030-01"],
        &["--year", "2020-2021", "status"],
        &["rehearse", "--from", "2024-01-01", "--to", "2023-01-01"],
        &["statsu"],
        &["status", "--frmat", "json"],
        &["status", "--format", "xml"],
        &["rehearse", "--from", "31/10/2023"],
        &["rehearse", "--from"],
        &["run", "--once", "--dry"],
        &["outbox", "retry"],
    ];
    for language in ["en", "vi"] {
        let told: String = commands.iter().map(|command| said(&files, language, command)).collect();
        insta::assert_snapshot!(format!("stopped_{language}"), told);
    }
}
