//! Before the first start: what will go out, who is reached, and whether everything that the service speaks to answers.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

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

/// What a server answers to whatever it is asked.
type Answer = Arc<Mutex<&'static str>>;

const NO_PAGE: &str = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const OWN_PAGE: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 26\r\n\r\nUser-agent: *\nDisallow: /\n";

/// A server of pages that knows one answer, and its address.
fn page_server(answer: &Answer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, answer) = (listener.local_addr().unwrap(), answer.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // What is asked for ends with an empty line.
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
            stream.write_all(answer.lock().unwrap().as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn the_pages_are_tried_where_people_reach_them_and_may_be_missing_before_the_first_run_alone() {
    let files = begun_today();
    let port = free_port();
    let answer = Answer::new(Mutex::new(NO_PAGE));
    let public = page_server(&answer);
    files.append(&format!("[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://{public}\"\n"));
    let check = |code: i32, expected: &str| {
        let output = files.program(&["check", "--online"]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(expected), "{said}");
    };
    let untried = format!("pages: not tried yet: the service does not run, nobody listens on 127.0.0.1:{port};");
    let other = "answers 404 Not Found, and not with the program's pages";
    check(0, &untried);
    // Trying makes no store.
    check(0, &untried);
    // A service in a container or on another machine listens where this one cannot see it.
    *answer.lock().unwrap() = OWN_PAGE;
    check(0, &format!("pages: http://{public} shows the program's pages"));
    *answer.lock().unwrap() = NO_PAGE;
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    check(1, other);
    drop(listener);
    check(0, &untried);
    // Once a service has been at work its pages ought to be there.
    files.program(&["run", "--once"]).assert().success();
    check(1, other);
    // So they may be where it cannot be known.
    std::fs::write(files.path("nhacviec.db"), "no store").unwrap();
    check(1, other);
}
