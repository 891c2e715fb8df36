//! Before the first start: what will go out, who is reached, and whether everything that the service speaks to answers.
#![allow(clippy::unwrap_used)]

mod common;

use common::imap::ImapServer;
use common::{begun_today, free_port};
use serde_json::Value;

/// Whom the messages of a kind of line go to, and when.
fn next(lines: &[Value]) -> Vec<(String, String)> {
    let of = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    lines.iter().filter(|line| line["type"] == "next").map(|line| (of(line, "to"), of(line, "at"))).collect()
}

#[test]
fn what_the_first_look_sends_is_known_before_it_and_nothing_is_written() {
    let files = begun_today();
    let dry = files.lines(&["run", "--dry"]);
    let status = files.lines(&["status"]);
    assert!(!files.path("nhacviec.db").exists() && !files.path("outbox").exists());
    let announced = next(&dry);
    assert!(!announced.is_empty());
    // What goes out at once goes out later in the second command.
    let whom =
        |next: Vec<(String, String)>| next.into_iter().map(|(to, _)| to).take(announced.len()).collect::<Vec<_>>();
    assert_eq!(whom(next(&status)), whom(announced.clone()));
    // The text counts the same messages.
    let shown = files.output(&["run", "--dry"]);
    assert_eq!(shown.lines().filter(|line| line.starts_with("  ")).count(), announced.len(), "{shown}");
    assert!(files.output(&["status"]).contains(shown.lines().next().unwrap()));
}

#[test]
fn what_was_sent_is_announced_no_more() {
    let files = begun_today();
    let announced = next(&files.lines(&["run", "--dry"]));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(common::reply::sent(&files).len(), announced.len());
    assert_eq!(next(&files.lines(&["run", "--dry"])), []);
    assert!(files.output(&["run", "--dry"]).starts_with("nothing goes out"));
}

#[test]
fn everybody_gets_one_message_and_who_was_not_reached_is_listed() {
    let files = begun_today();
    let all = files.load().school.settings.people.len();
    let lines = files.lines(&["send-test", "--all"]);
    assert_eq!(lines.len(), all);
    let said = files.output(&["send-test", "--all"]);
    assert!(said.contains(&format!("reached {all} of {all}\n")), "{said}");
    // A folder that is a file takes nothing.
    std::fs::remove_dir_all(files.path("outbox")).unwrap();
    std::fs::write(files.path("outbox"), "").unwrap();
    let output = files.program(&["send-test", "--all"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success());
    assert!(said.contains(&format!("reached 0 of {all}\nnot reached: ")), "{said}");
    files.program(&["send-test"]).assert().code(2);
}

#[test]
fn whatever_does_not_answer_is_told_by_its_name_without_sending_anything() {
    let server = ImapServer::start();
    let files = begun_today();
    files.secret("imap", common::imap::PASSWORD);
    files.append(&common::reply::inbox(&server));
    let of = |files: &common::Files, what: &str| -> Option<bool> {
        let output = files.program(&["check", "--online", "--format", "json"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.find(|line| line["type"] == "online" && line["what"] == what).and_then(|line| line["works"].as_bool())
    };
    assert_eq!((of(&files, "email"), of(&files, "inbox")), (Some(true), Some(true)));
    let port = free_port();
    files
        .set("channel.email.kind", "\"smtp\"")
        .remove("channel.email.directory")
        .add("channel.email.host", "\"127.0.0.1\"")
        .add("channel.email.port", &port.to_string())
        .add("channel.email.tls", "\"none\"")
        .add("channel.email.from", "\"nhacviec@school.example\"");
    files.append(&format!("[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n"));
    server.refuse("LOGIN", "NO [AUTHENTICATIONFAILED] no", usize::MAX);
    server.refuse("AUTHENTICATE", "NO [AUTHENTICATIONFAILED] no", usize::MAX);
    assert_eq!([of(&files, "email"), of(&files, "inbox"), of(&files, "web")], [Some(false), Some(false), None]);
    let output = files.program(&["check", "--online"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("what to do"));
    let (port, mail) = common::mail::MailServer::start();
    mail.0.0.lock().unwrap().answers = 100;
    files.set("channel.email.port", &port.to_string());
    assert_eq!(of(&files, "email"), Some(true));
}

#[test]
fn the_pages_are_tried_once_somebody_listens_where_the_service_will() {
    let files = begun_today();
    let port = free_port();
    // The address that people use is another's meanwhile: only what stands behind `listen` says whether it shall be ours.
    let page = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let public = page.local_addr().unwrap();
    files.append(&format!("[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://{public}\"\n"));
    let output = files.program(&["check", "--online"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let expected = format!("pages: not tried yet: the service does not run, nobody listens on 127.0.0.1:{port};");
    assert!(said.contains(&expected), "{said}");
    std::thread::spawn(move || {
        for stream in page.incoming() {
            let mut stream = stream.unwrap();
            // What is asked for ends with an empty line.
            let mut lines = std::io::BufRead::lines(std::io::BufReader::new(stream.try_clone().unwrap()));
            lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
            let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
            std::io::Write::write_all(&mut stream, answer).unwrap();
        }
    });
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let output = files.program(&["check", "--online"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("answers 404 Not Found, and not with the program's pages"), "{said}");
    drop(listener);
}
