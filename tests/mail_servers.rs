//! A real Postfix and a real Dovecot: mail goes in with encryption and login, and is read back over IMAP. `.ci/mail-servers`
//! starts them and runs these tests.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::{Files, begun_today, task};
use jiff::Timestamp;
use mail_parser::MessageParser;
use nhacviec::clock::Clock;
use nhacviec::daemon::Daemon;

/// A school that sends over the server of the machine.
fn school(port: u16, tls: &str, password: &str) -> Files {
    let files = begun_today();
    files.fill(
        "channel.email",
        &format!(
            "kind = \"smtp\"\nhost = \"localhost\"\nport = {port}\ntls = \"{tls}\"\nfrom = \"nhacviec@school.example\"\n\
             username = \"nhacviec@school.example\"\npassword_file = \"password\""
        ),
    );
    files.secret("password", password);
    files
}

fn password() -> String {
    std::env::var("MAIL_PASSWORD").unwrap()
}

/// What curl says of a request to somebody's mailbox.
fn imap(user: &str, path: &str, request: &[&str]) -> Vec<u8> {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--cacert", &std::env::var("SSL_CERT_FILE").unwrap()])
        .args(["--user", &format!("{user}@school.example:{}", password())])
        .arg(format!("imaps://localhost:10993/{path}"))
        .args(request)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The mail with this id in somebody's mailbox, once Postfix has handed it to Dovecot.
fn arrived(user: &str, id: &str) -> Vec<u8> {
    // IMAP tells of new mail by IDLE alone, which curl does not speak: the mailbox is looked into again until it is there.
    for _ in 0..600 {
        let found = imap(user, "INBOX", &["--request", &format!("UID SEARCH HEADER Message-ID {id}")]);
        let found = String::from_utf8(found).unwrap();
        if let Some(uid) = found.split_whitespace().nth(2) {
            return imap(user, &format!("INBOX;UID={uid}"), &[]);
        }
        std::thread::sleep(std::time::Duration::from_millis(50)); // between two looks; 600 of them bound a hang
    }
    panic!("{id} has not arrived");
}

#[test]
#[ignore = "needs Postfix and Dovecot, see .ci/mail-servers"]
fn mail_arrives_in_vietnamese_over_both_kinds_of_encryption() {
    for (port, tls) in [(10465, "tls"), (10587, "starttls")] {
        let files = school(port, tls, &password());
        let run = files.program(&["run", "--once"]).assert().success();
        assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("\"sent\":1"));
        let history = files.lines(&["history", "1.1"]);
        let attempt = history.iter().find(|line| line["type"] == "attempt").unwrap();
        assert!(attempt["answer"].as_str().unwrap().contains("queued as"), "{attempt}");
        let id = attempt["message"].as_str().unwrap();
        let mail = arrived("pho", id);
        let read = MessageParser::default().parse(&mail).unwrap();
        assert_eq!(read.message_id(), Some(format!("{id}@school.example").as_str()));
        assert_eq!(read.from().unwrap().first().unwrap().name(), Some("Trường Tiểu học"));
        assert_eq!(read.to().unwrap().first().unwrap().address(), Some("pho@school.example"));
        assert!(read.subject().unwrap().contains("việc"), "{:?}", read.subject());
        let text = read.body_text(0).unwrap();
        assert!(text.contains("Việc 1.1") && text.contains("Phó Hiệu trưởng"), "{text}");
        assert!(read.body_html(0).unwrap().contains("Bắt đầu thực hiện"));
        assert!(mail.windows(13).any(|part| part == b"text/calendar"), "the calendar is attached");
    }
}

#[test]
#[ignore = "needs Postfix and Dovecot, see .ci/mail-servers"]
fn a_refused_login_is_told_with_what_to_do() {
    let files = school(10465, "tls", "wrong");
    let test = files.program(&["send-test", "--to", "Phó Hiệu trưởng"]).assert().code(1);
    let said = String::from_utf8_lossy(&test.get_output().stdout).into_owned();
    assert!(said.contains("the server refused the login") && said.contains("password_file"), "{said}");
    // The message waits for the channel and is not lost.
    files.program(&["run", "--once"]).assert().code(1);
    assert_eq!(files.lines(&["outbox", "list"])[0]["state"], "queued");
}

#[test]
#[ignore = "needs Postfix and Dovecot, see .ci/mail-servers"]
fn a_recipient_that_the_server_does_not_know_is_given_up() {
    let files = school(10465, "tls", &password());
    let test = files.program(&["send-test", "--to", "ai-do@school.example"]).assert().code(1);
    let said = String::from_utf8_lossy(&test.get_output().stdout).into_owned();
    assert!(said.contains("550") && said.contains("5.1.1") && said.contains("check the recipient's address"), "{said}");
}

/// Hands a mail to Postfix: as somebody who logs in, or as the world does.
fn send(login: Option<&str>, from: &str, id: &str, reminder: &str, more: &str, text: &str) {
    let mail = format!(
        "From: <{from}>\r\nTo: <nhacviec@school.example>\r\nSubject: Re: viec\r\nMessage-ID: <{id}>\r\n\
         In-Reply-To: <{reminder}>\r\nDate: Mon, 20 Nov 2023 07:00:00 +0700\r\n{more}Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mail");
    std::fs::write(&file, mail).unwrap();
    let mut curl = Command::new("curl");
    curl.args([
        "--silent",
        "--show-error",
        "--mail-rcpt",
        "nhacviec@school.example",
        "--mail-from",
        from,
        "--upload-file",
    ]);
    curl.arg(&file);
    match login {
        Some(user) => curl
            .args(["--cacert", &std::env::var("SSL_CERT_FILE").unwrap(), "smtps://localhost:10465"])
            .args(["--user", &format!("{user}:{}", password())]),
        None => curl.arg("smtp://localhost:10026"),
    };
    let output = curl.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "needs Postfix and Dovecot, see .ci/mail-servers"]
fn an_answer_comes_in_and_what_only_looks_like_one_does_not() {
    let files = school(10465, "tls", &password());
    files.append(
        "[inbox]\nhost = \"localhost\"\nport = 10993\nusername = \"nhacviec@school.example\"\n\
         password_file = \"password\"\ndone_folder = \"Xong\"\nauthentication = \"mx.school.example\"\n",
    );
    files.program(&["run", "--once"]).assert().success();
    let history = files.lines(&["history", "1.1"]);
    let attempt = history.iter().find(|line| line["type"] == "attempt").unwrap();
    let reminder = format!("{}@school.example", attempt["message"].as_str().unwrap());
    let read = arrived("pho", attempt["message"].as_str().unwrap());
    let read = MessageParser::default().parse(&read).unwrap();
    assert_eq!(read.reply_to().unwrap().first().unwrap().address(), Some("nhacviec@school.example"));
    let task = || files.lines(&["status"]).into_iter().find(|line| line["type"] == "task").unwrap();

    let forged_results = "Authentication-Results: mx.school.example; dmarc=pass header.from=school.example\r\n";
    let (pho, other) = ("pho@school.example", "quan-tri@school.example");
    send(None, pho, "forged@world.example", &reminder, "", "Đã xong");
    send(None, pho, "forged-results@world.example", &reminder, forged_results, "Đã xong");
    send(Some(pho), other, "other@school.example", &reminder, "", "Đã xong");
    send(Some(pho), pho, "vacation@school.example", &reminder, "Auto-Submitted: auto-replied\r\n", "Đã xong");
    for id in
        ["forged@world.example", "forged-results@world.example", "other@school.example", "vacation@school.example"]
    {
        arrived("nhacviec", id);
    }
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task()["status"], "not_started");

    send(Some(pho), pho, "answer@school.example", &reminder, "", "Đang làm 60%");
    arrived("nhacviec", "answer@school.example");
    files.program(&["run", "--once"]).assert().success();
    assert_eq!((task()["status"].as_str(), task()["percent"].as_i64()), (Some("in_progress"), Some(60)));
    let left = String::from_utf8(imap("nhacviec", "INBOX", &["--request", "UID SEARCH ALL"])).unwrap();
    let done = String::from_utf8(imap("nhacviec", "Xong", &["--request", "UID SEARCH ALL"])).unwrap();
    assert_eq!((left.split_whitespace().count(), done.split_whitespace().count()), (6, 3), "{left}{done}");
}

/// A school that reminds three people on a morning, whose admin can be told without mail.
fn three_people(password: &str) -> Files {
    let tasks = [("1.1", "Phó Hiệu trưởng"), ("1.2", "Tổ trưởng"), ("1.3", "Hiệu trưởng")];
    let tasks: Vec<String> = tasks.iter().map(|(id, lead)| task(id, lead, "due = 2023-11-30")).collect();
    let files = Files::of(&tasks);
    files
        .fill(
            "channel.email",
            "kind = \"smtp\"\nhost = \"localhost\"\nport = 10466\ntls = \"tls\"\nfrom = \"nhacviec@school.example\"\n\
             username = \"nhacviec@school.example\"\npassword_file = \"password\"",
        )
        .append("[channel.folder]\nkind = \"file\"\ndirectory = \"alerts\"\n")
        .add("person.Quản trị.via", "[\"email\", \"folder\"]");
    files.secret("password", password);
    files
}

/// Whom the server takes `nhacviec@school.example` to be the address of, from the next connection on.
fn set_owner(user: &str) {
    let owners = std::env::var("SENDER_OWNERS").unwrap();
    std::fs::write(owners, format!("nhacviec@school.example {user}@school.example\n")).unwrap();
}

/// Wakes a daemon whenever there is something to do, up to an instant of its clock.
async fn run(daemon: &mut Daemon, clock: &Clock, until: &str) {
    let until: Timestamp = until.parse().unwrap();
    while clock.now() < until {
        daemon.pass(&mut ()).await.unwrap();
        clock.set(daemon.next_wake().await.unwrap().min(until));
    }
}

/// How many mails are in the folder for alerts.
fn alerts(files: &Files) -> usize {
    std::fs::read_dir(files.path("alerts")).map_or(0, Iterator::count)
}

#[tokio::test]
#[ignore = "needs Postfix and Dovecot, see .ci/mail-servers"]
async fn a_sender_that_is_refused_for_an_hour_costs_no_message_and_needs_nobody() {
    let files = three_people(&password());
    set_owner("quan-tri");
    let (mut daemon, clock) = files.daemon_at(common::MORNING).await;
    // The server is real, and the hour is that of the program's clock.
    run(&mut daemon, &clock, "2023-11-23T08:00:00+07:00").await;
    let waiting: Vec<_> = files.lines(&["outbox", "list", "--why"]);
    assert_eq!(waiting.iter().filter(|line| line["state"] == "queued").count(), 3, "{waiting:#?}");
    let why = serde_json::to_string(&waiting).unwrap();
    assert!(why.contains("Sender address rejected: not owned by user"), "{why}");
    assert_eq!(alerts(&files), 1);

    set_owner("nhacviec");
    run(&mut daemon, &clock, "2023-11-23T09:30:00+07:00").await;
    assert_eq!(files.output(&["outbox", "list"]), "nothing waits and nothing failed\n");
    assert_eq!(alerts(&files), 1);
    for (number, user) in [("1.1", "pho"), ("1.2", "to-truong"), ("1.3", "hieu-truong")] {
        let history = files.lines(&["history", number]);
        let sent = history.iter().find(|line| line["type"] == "attempt" && line["outcome"] == "sent").unwrap();
        let mail = arrived(user, sent["message"].as_str().unwrap());
        let read = MessageParser::default().parse(&mail).unwrap();
        assert!(read.body_text(0).unwrap().contains(number));
    }
}
