//! A task's identity is its own: whatever number the plan gives it, what was told and reported of it stays with it, and an
//! answer means the tasks that its mail named.
#![allow(clippy::unwrap_used)]

mod common;

use common::imap::{ImapServer, PASSWORD};
use common::reply::{Reply, inbox, sent};
use common::{Files, begun_today, plan_begun_today};

const PAINT: &str = "Sơn lại tường rào";
const BOOKS: &str = "Mua sách cho thư viện";
const LEAD: &str = "Phó Hiệu trưởng";

/// The rows before, and after they have changed places.
const BEFORE: &[(&str, &str, &str)] = &[("1.1", PAINT, LEAD), ("1.2", BOOKS, LEAD)];
const SWAPPED: &[(&str, &str, &str)] = &[("1.1", BOOKS, LEAD), ("1.2", PAINT, LEAD)];

/// A school whose deputy has been reminded of painting (1.1) and of books (1.2) in one mail; the id of that mail.
fn reminded(server: &ImapServer) -> (Files, String) {
    let files = begun_today();
    files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(server));
    files.secret("imap", PASSWORD);
    files.write("plan.toml", &plan_begun_today(BEFORE));
    std::fs::create_dir(files.path("outbox")).unwrap();
    files.program(&["run", "--once"]).assert().success();
    let sent = sent(&files);
    assert_eq!(sent.len(), 1, "{sent:?}");
    let id = sent[0].0.clone();
    (files, id)
}

/// The status of the task with this number, as `status` shows it.
fn status(files: &Files, number: &str) -> String {
    let lines = files.lines(&["status"]);
    let task = lines.iter().find(|line| line["type"] == "task" && line["task"] == number).unwrap();
    task["status"].as_str().unwrap().to_owned()
}

#[test]
fn an_answer_means_the_task_that_its_mail_called_so() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server);
    files.write("plan.toml", &plan_begun_today(SWAPPED));
    server.put(&Reply { to: &id, text: "1.1 đã xong", ..Reply::default() }.bytes());
    // The mailbox is read before anything is looked at, and the plan of now is in force all the same.
    files.program(&["run", "--once"]).assert().success();
    assert_eq!((status(&files, "1.2"), status(&files, "1.1")), ("done".to_owned(), "not_started".to_owned()));
}

#[test]
fn an_answer_about_a_task_that_has_left_the_plan_is_no_answer_about_the_other() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server);
    files.write("plan.toml", &plan_begun_today(&[("1.1", BOOKS, LEAD)]));
    server.put(&Reply { to: &id, text: "1.1 đã xong", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(status(&files, "1.1"), "not_started", "what was 1.1 in the mail is gone");
    let to_writer = sent(&files).into_iter().filter(|(_, subject)| !subject.contains("Kế hoạch đã thay đổi"));
    assert_eq!(to_writer.count(), 2, "the writer is told that it could not be taken down");
    // One word for a mail about two tasks, of which one is left, is asked about and never recorded for that one.
    server.put(&Reply { to: &id, text: "1.2 đã xong", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(status(&files, "1.1"), "done", "what was 1.2 in the mail is 1.1 now");
}

#[test]
fn a_command_means_the_task_that_status_shows_by_that_number() {
    let server = ImapServer::start();
    let (files, _) = reminded(&server);
    files.program(&["done", "1.1"]).assert().success();
    files.write("plan.toml", &plan_begun_today(SWAPPED));
    // Before any look: what is shown and what is reported follow the plan that is written.
    assert_eq!((status(&files, "1.2"), status(&files, "1.1")), ("done".to_owned(), "not_started".to_owned()));
    files.program(&["progress", "1.1", "--status", "blocked", "--note", "chờ kinh phí"]).assert().success();
    assert_eq!((status(&files, "1.2"), status(&files, "1.1")), ("done".to_owned(), "blocked".to_owned()));
    let history = files.lines(&["history", "1.2"]);
    let renamed = history.iter().find(|line| line["type"] == "renamed").unwrap();
    assert_eq!((renamed["old"].as_str(), renamed["new"].as_str()), (Some("1.1"), Some("1.2")));
    let done = history.iter().filter(|line| line["type"] == "progress").map(|line| line["status"].as_str().unwrap());
    assert_eq!(done.collect::<Vec<_>>(), ["done"]);
    // Nobody is reminded of what is done, under whatever number, nor told twice of what was told.
    files.program(&["run", "--once"]).assert().success();
    let subjects: Vec<String> = sent(&files).into_iter().map(|(_, subject)| subject).collect();
    let reminders = subjects.iter().filter(|subject| subject.starts_with("[Nhắc việc]")).count();
    assert_eq!(reminders, 1, "{subjects:?}");
}

#[test]
fn another_task_under_an_old_number_has_no_part_in_its_history() {
    let server = ImapServer::start();
    let (files, _) = reminded(&server);
    files.program(&["done", "1.1"]).assert().success();
    files.write("plan.toml", &plan_begun_today(&[("1.2", BOOKS, LEAD)]));
    files.program(&["run", "--once"]).assert().success();
    files.write("plan.toml", &plan_begun_today(&[("1.1", "Trồng cây ở sân sau", LEAD), ("1.2", BOOKS, LEAD)]));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(status(&files, "1.1"), "not_started");
    let reminded =
        sent(&files).into_iter().filter(|(_, subject)| subject.contains("Trồng cây") || subject.contains("1.1"));
    assert!(reminded.count() >= 1, "it is a task of its own, and told of");
}
