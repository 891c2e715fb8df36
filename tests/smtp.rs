//! The channel `smtp` against a scripted server: every answer that matters, at every step.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::smtp::{Encryption, Seen, certificate, config, due, listen, sent, server, three_people};
use common::{Files, MORNING, http, plan};
use jiff::Timestamp;
use mail_parser::MessageParser;
use nhacviec::clock::Clock;
use nhacviec::daemon::Daemon;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Barrier;

#[tokio::test]
async fn mail_goes_over_one_connection_with_the_login_and_a_sender() {
    let (port, seen) = server(Encryption::None).await;
    let files = Files::new(
        &config(port, "tls = \"none\"\nconnections = 1\nusername = \"u\"\npassword_file = \"pw\""),
        &three_people(),
    );
    files.secret("pw", "sesame\n");
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    let pass = daemon.pass(&mut ()).await.unwrap();
    assert_eq!((pass.sent, seen.messages()), (3, 3));
    assert_eq!(*seen.connections.lock().unwrap(), 1, "the connection is used again");
    let commands = seen.commands();
    assert_eq!(commands.iter().filter(|command| command.starts_with("AUTH PLAIN")).count(), 1, "{commands:?}");
    assert!(commands.contains(&"MAIL FROM:<nhacviec@school.example>".to_owned()), "{commands:?}");
    assert!(commands.contains(&"RCPT TO:<pho@school.example>".to_owned()), "{commands:?}");
    assert!(!commands.iter().any(|command| command.starts_with("NOOP")));
    let message = &seen.messages.lock().unwrap()[0];
    assert!(message.contains("Message-ID: <") && message.contains("Auto-Submitted: auto-generated"), "{message}");
}

#[tokio::test]
async fn messages_go_out_side_by_side_and_all_are_kept() {
    let (port, seen) = server(Encryption::None).await;
    let files = Files::new(&config(port, "tls = \"none\"\nconnections = 3"), &three_people());
    *seen.together.lock().unwrap() = Some(Arc::new(Barrier::new(3)));
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    let limit = std::time::Duration::from_mins(1); // a bound on hanging
    let pass = tokio::time::timeout(limit, daemon.pass(&mut ())).await.expect("one waits for the other").unwrap();
    assert_eq!((pass.sent, seen.messages(), *seen.connections.lock().unwrap()), (3, 3, 3));
    let again = daemon.pass(&mut ()).await.unwrap();
    assert_eq!((again.sent, seen.messages()), (0, 3), "what was sent is known to be sent");
}

#[tokio::test]
async fn the_envelope_goes_out_in_one_piece_where_the_server_takes_that() {
    let (port, seen) = server(Encryption::None).await;
    // Answers nothing before it has heard all of it.
    seen.answer([
        ("EHLO", "250-mail.example\r\n250-pipelining\r\n250 8BITMIME"),
        ("MAIL", "silence"),
        ("RCPT", "silence"),
        ("DATA", "250 ok\r\n250 ok\r\n354 go on"),
    ]);
    let files = Files::new(&config(port, "tls = \"none\"\nconnections = 1"), &three_people());
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    let limit = std::time::Duration::from_mins(1); // a bound on hanging
    let pass = tokio::time::timeout(limit, daemon.pass(&mut ())).await.expect("an answer is waited for").unwrap();
    assert_eq!((pass.sent, seen.messages(), *seen.connections.lock().unwrap()), (3, 3, 1));
}

#[tokio::test]
async fn each_answer_has_its_consequence() {
    // The step, the answer, and what becomes of the message: tried again, given up, or waiting for its channel.
    let cases = [
        ("greeting", "421 busy", "again"),
        ("greeting", "554 no service", "waits"),
        ("EHLO", "cut", "again"),
        ("AUTH", "535 5.7.8 wrong password", "waits"),
        ("AUTH", "454 later", "again"),
        ("MAIL", "451 later", "again"),
        ("MAIL", "530 login first", "waits"),
        ("RCPT", "450 4.2.0 greylisted", "again"),
        ("RCPT", "550 5.1.1 no such person", "dead"),
        ("RCPT", "550 5.4.5 daily limit", "waits"),
        ("DATA", "452 4.3.1 full", "again"),
        ("message", "554 5.7.1 spam", "again"),
        ("message", "451 try later", "again"),
        ("message", "cut", "again"),
        ("greeting", "cut", "again"),
        ("EHLO", "421 closing", "again"),
        ("AUTH", "cut", "again"),
        ("MAIL", "cut", "again"),
        ("MAIL", "550 5.7.1 no", "waits"),
        ("RCPT", "cut", "again"),
        ("RCPT", "421 closing", "again"),
        ("RCPT", "552 5.2.2 mailbox full", "dead"),
        ("DATA", "cut", "again"),
        ("DATA", "554 5.5.1 no", "again"),
        ("body", "cut", "again"),
        ("message", "421 closing", "again"),
        ("message", "552 5.3.4 too large", "dead"),
        ("message", "nonsense", "again"),
    ];
    // Each of a server that takes one command at a time, and of one that takes the whole envelope.
    let offer = ("EHLO", "250-mail.example\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN");
    let all = cases.iter().flat_map(|case| [(case, None), (case, Some(offer))]);
    for (&(step, answer, expected), offer) in all {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([(step, answer)].into_iter().chain(offer));
        let login = "tls = \"none\"\nusername = \"u\"\npassword_file = \"pw\"";
        let files = Files::new(&config(port, login), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
        files.secret("pw", "sesame");
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        let pass = daemon.pass(&mut ()).await.unwrap();
        let dead = daemon.store().dead(daemon.scope(), Timestamp::MIN, Timestamp::MAX).await.unwrap();
        let about_task = dead.iter().filter(|dead| !dead.tasks.is_empty()).count();
        assert_eq!((pass.sent, about_task), (0, usize::from(expected == "dead")), "{step} {answer}: {dead:?}");
        // When the server has come to its senses the message arrives, unless it was given up; a day's quota is free again
        // on the next.
        seen.agree();
        let before = seen.messages();
        clock.set("2023-11-24T08:00:00+07:00".parse().unwrap());
        daemon.pass(&mut ()).await.unwrap();
        let to_owner = seen.messages.lock().unwrap()[before..]
            .iter()
            .filter(|message| message.contains("pho@school.example"))
            .count();
        assert_eq!(to_owner, usize::from(expected != "dead"), "{step} {answer}");
        // The admin hears of a channel that does not work, not of what is only late. (What would tell of the dead is
        // refused here as well.)
        let to_admin = seen.messages.lock().unwrap().iter().any(|message| {
            let (head, _) = message.split_once("\nSubject:").unwrap();
            head.rsplit_once("To:").unwrap().1.contains("quan-tri@school.example")
        });
        assert!(expected == "dead" || to_admin == (expected == "waits"), "{step} {answer}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_not_listened_to_for_long() {
    let lines: &str = Box::leak("220-mail.example\r\n".repeat(200_000).into_boxed_str());
    let one_line: &str = Box::leak("220 ".repeat(1 << 20).into_boxed_str());
    let cases = [
        ("greeting", lines, "the server's answer does not end"),
        // The code of the only line counts; what follows it belongs to nothing.
        ("greeting", one_line, "the server said more than it was asked"),
        ("EHLO", lines, "the server's answer does not end"),
        ("RCPT", one_line, "the server's answer to RCPT is none"),
    ];
    for (step, answer, told) in cases {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([(step, answer)]);
        let files = Files::new(&config(port, "tls = \"none\""), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        let pass = daemon.pass(&mut ()).await.unwrap();
        assert_eq!((pass.sent, pass.again), (0, 1), "{step}");
        let id = files.lines(&["outbox", "list"])[0]["id"].as_str().unwrap().to_owned();
        let shown = files.output(&["outbox", "show", &id]);
        assert!(shown.contains(told), "{step}: {shown}");
        seen.agree();
        clock.set("2023-11-23T07:05:00+07:00".parse().unwrap());
        assert_eq!((daemon.pass(&mut ()).await.unwrap().sent, seen.messages()), (1, 1), "{step}");
    }
}

/// A service that gives tokens, a school that logs in with them, and what the mail server saw.
async fn school_with_tokens(answer: &str) -> (http::Server, Seen, Files) {
    let service = http::Server::start(answer).await;
    let (port, seen) = server(Encryption::None).await;
    let login = format!(
        "tls = \"none\"\nconnections = 1\nusername = \"nhacviec@school.example\"\n\
         oauth = {{ token_url = \"http://127.0.0.1:{}/token\", client_id = \"id\", client_secret_file = \"pw\", \
         scope = \"https://mail.example/.default\" }}",
        service.port
    );
    let files = Files::new(&config(port, &login), &three_people());
    files.secret("pw", "s&same=\n");
    (service, seen, files)
}

#[tokio::test]
async fn a_token_takes_the_place_of_a_password_and_is_used_again() {
    let granted = http::answer("200 OK", "", "{\"access_token\":\"t0ken\",\"expires_in\":3599}");
    let (service, seen, files) = school_with_tokens(&granted).await;
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    seen.answer([("after", "close")]);
    let pass = daemon.pass(&mut ()).await.unwrap();
    assert_eq!((pass.sent, *seen.connections.lock().unwrap()), (3, 3));
    let asked = service.requests();
    assert_eq!(asked.len(), 1, "one token for three conversations");
    let form = String::from_utf8(asked[0].1.clone()).unwrap();
    assert_eq!(
        form,
        "grant_type=client_credentials&client_id=id&client_secret=s%26same%3D&scope=https%3A%2F%2Fmail.example%2F.default"
    );
    let commands = seen.commands();
    let login = commands.iter().find_map(|command| command.strip_prefix("AUTH XOAUTH2 ")).unwrap();
    let login = String::from_utf8(BASE64.decode(login).unwrap()).unwrap();
    assert_eq!(login, "user=nhacviec@school.example\x01auth=Bearer t0ken\x01\x01");
}

#[tokio::test]
async fn a_token_that_is_refused_is_asked_for_anew() {
    let granted = http::answer("200 OK", "", "{\"access_token\":\"t0ken\",\"expires_in\":3599}");
    let (service, seen, files) = school_with_tokens(&granted).await;
    let (mut daemon, clock) = files.daemon_at(MORNING).await;
    seen.answer([("AUTH", "535 5.7.3 no")]);
    daemon.pass(&mut ()).await.unwrap();
    let before = service.requests().len();
    seen.agree();
    clock.set("2023-11-23T07:30:00+07:00".parse().unwrap());
    let pass = daemon.pass(&mut ()).await.unwrap();
    // With what tells the admin of the channel's failure.
    assert_eq!((pass.sent, service.requests().len()), (4, before + 1));
}

#[tokio::test]
async fn a_service_that_gives_no_token_is_told_without_the_secret() {
    let refused = r#"{"error":"invalid_client","error_description":"AADSTS7000222: the secret has expired.\r\nTrace"}"#;
    let cases = [
        (
            http::answer("401 Unauthorized", "", refused),
            "127.0.0.1 gives no token: invalid_client: AADSTS7000222: the secret has expired.",
        ),
        (http::answer("200 OK", "", "{}"), "answers 200 OK without a token (is `token_url` the token endpoint"),
        (http::answer("503 Service Unavailable", "", "busy"), "127.0.0.1 gives no token: 503 Service Unavailable"),
    ];
    for (answer, expected) in cases {
        let (_service, seen, files) = school_with_tokens(&answer).await;
        let (mut daemon, _) = files.daemon_at(MORNING).await;
        let pass = daemon.pass(&mut ()).await.unwrap();
        assert_eq!((pass.sent, seen.messages()), (0, 0));
        daemon.store().close().await;
        let listed = files.output(&["outbox", "list"]);
        let id = files.lines(&["outbox", "list"])[0]["id"].as_str().unwrap().to_owned();
        let shown = listed + &files.output(&["outbox", "show", &id]);
        assert!(shown.contains(expected) && !shown.contains("s&same"), "{shown}");
    }
}

#[tokio::test]
async fn a_message_without_an_answer_is_repeated_under_the_same_name() {
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("message", "cut")]);
    let files = Files::new(&config(port, "tls = \"none\""), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
    let (mut daemon, clock) = files.daemon_at(MORNING).await;
    daemon.pass(&mut ()).await.unwrap();
    seen.agree();
    clock.set("2023-11-23T07:05:00+07:00".parse().unwrap());
    daemon.pass(&mut ()).await.unwrap();
    let messages = seen.messages.lock().unwrap().clone();
    let id = |message: &str| message.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert_eq!(messages.len(), 2);
    assert_eq!(id(&messages[0]), id(&messages[1]));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_waited_for_so_long_and_no_longer() {
    let minutes = |minutes: u64| minutes * 60;
    // The step, what is said of the message, and how long that takes (RFC 5321, 4.5.3.2).
    let cases = [
        ("greeting", "temporary", minutes(5)),
        ("EHLO", "temporary", minutes(5)),
        ("AUTH", "temporary", minutes(5)),
        ("MAIL", "temporary", minutes(5)),
        ("RCPT", "temporary", minutes(5)),
        ("DATA", "temporary", minutes(5)),
        ("message", "uncertain", minutes(10)),
    ];
    let offer = ("EHLO", "250-mail.example\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN");
    let all = cases.iter().flat_map(|case| [(case, None), (case, Some(offer))]);
    for (&(step, expected, limit), offer) in all {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([(step, "mute")].into_iter().chain(offer));
        let login = "tls = \"none\"\nusername = \"u\"\npassword_file = \"pw\"";
        let files = Files::new(&config(port, login), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
        files.secret("pw", "sesame");
        let (answer, took) = sent(&files).await;
        assert_eq!((answer.as_ref().unwrap_err().as_str(), took), (expected, limit), "{step} {offer:?}: {answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn encryption_that_never_begins_is_given_up() {
    // A server that listens and says nothing; one that agrees to STARTTLS and says nothing more.
    let agrees: &[&str] = &["220 mail.example\r\n", "250 STARTTLS\r\n", "220 go\r\n"];
    for (tls, says, limit) in [("tls", &[] as &[&str], 30), ("starttls", &[], 300), ("starttls", agrees, 30)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            for words in says {
                stream.write_all(words.as_bytes()).await.unwrap();
                let _ = stream.read(&mut [0; 1024]).await;
            }
            // Until the other side has had enough.
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
        });
        let files = Files::new(&config(port, &format!("tls = \"{tls}\"")), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
        let (answer, took) = sent(&files).await;
        let failure = answer.unwrap_err();
        assert_eq!((failure.as_str(), took), ("temporary", limit), "{tls}: {failure}");
    }
}

#[tokio::test]
async fn a_server_that_goes_away_and_comes_back_gets_everything() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let files = Files::new(&config(gone.port(), "tls = \"none\""), &three_people());
    let (mut daemon, clock) = files.daemon_at(MORNING).await;
    let pass = daemon.pass(&mut ()).await.unwrap();
    assert_eq!((pass.sent, pass.again), (0, 3));
    let seen = Seen::default();
    listen(TcpListener::bind(gone).await.unwrap(), Encryption::None, &seen);
    clock.set("2023-11-23T07:05:00+07:00".parse().unwrap());
    assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 3);
    assert_eq!(seen.messages(), 3);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_opened_again() {
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("after", "close")]);
    let files = Files::new(&config(port, "tls = \"none\"\nconnections = 1"), &three_people());
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    let pass = daemon.pass(&mut ()).await.unwrap();
    assert_eq!((pass.sent, pass.again, seen.messages()), (3, 0, 3));
    assert_eq!(*seen.connections.lock().unwrap(), 3);
}

#[tokio::test]
async fn what_exceeds_the_limit_waits_and_a_restart_does_not_forget() {
    let (port, seen) = server(Encryption::None).await;
    let files = Files::new(&config(port, "tls = \"none\"\nper_minute = 2"), &three_people());
    let (mut daemon, clock) = files.daemon_at(MORNING).await;
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(seen.messages(), 2);
    daemon.store().close().await;
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(seen.messages(), 2);
    drop(clock);
    let store = daemon.store().clone();
    let later = Clock::standing_at("2023-11-23T07:01:00+07:00".parse().unwrap());
    let mut daemon = Daemon::new(files.load(), store, later);
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(seen.messages(), 3);
}

/// What a command prints for a person in a language.
fn printed(files: &Files, args: &[&str], language: &str) -> String {
    let output = files.program(args).env("NHACVIEC_LANGUAGE", language).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_message_was_refused_is_told_in_the_language_of_whoever_asks() {
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("RCPT", "550 5.1.1 no such person")]);
    let files = Files::new(&config(port, "tls = \"none\""), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    daemon.pass(&mut ()).await.unwrap();
    let english = "the server refused the recipient: 550 5.1.1 no such person";
    let told = [("en", english), ("vi", "máy chủ không nhận người nhận: \"550 5.1.1 no such person\"")];
    for (language, words) in told {
        for command in [&["status"][..], &["outbox", "list", "--why"], &["send-test", "--to", "Phó Hiệu trưởng"]]
        {
            let printed = printed(&files, command, language);
            assert!(printed.contains(words), "{command:?}: {printed}");
        }
    }
    // Other programs read the same words whatever the language is.
    for args in [&["status"][..], &["outbox", "list"]] {
        let lines = files.lines(args);
        assert!(lines.iter().any(|line| line["reason"] == english), "{lines:?}");
    }
    // What an earlier version has kept are words.
    let mut database = files.database().await;
    sqlx::query("UPDATE message SET reason = $1").bind(english).execute(&mut database).await.unwrap();
    assert!(printed(&files, &["status"], "vi").contains(&format!(": {english}")));
}

#[tokio::test]
async fn the_admin_is_told_in_the_language_of_the_school_why_a_channel_fails() {
    let told = [
        (
            "vi",
            "máy chủ từ chối đăng nhập: \"535 5.7.8 no\" (`username`, và mật khẩu trong `password_file`, có đúng không?)",
        ),
        (
            "en",
            "the server refused the login: 535 5.7.8 no (is `username` right, and the password in `password_file`?)",
        ),
    ];
    for (language, words) in told {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("AUTH", "535 5.7.8 no")]);
        let login = "tls = \"none\"\nusername = \"u\"\npassword_file = \"pw\"";
        let files = Files::new(&config(port, login), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
        files.add("language", &format!("\"{language}\""));
        files.secret("pw", "sesame");
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        daemon.pass(&mut ()).await.unwrap();
        seen.agree();
        clock.set("2023-11-24T08:00:00+07:00".parse().unwrap());
        daemon.pass(&mut ()).await.unwrap();
        let messages = seen.messages.lock().unwrap();
        let texts = messages.iter().map(|message| {
            let mail = MessageParser::default().parse(message.as_bytes()).unwrap();
            mail.body_text(0).unwrap().into_owned()
        });
        let texts: Vec<String> = texts.collect();
        assert!(texts.iter().any(|text| text.contains(words)), "{texts:?}");
    }
}

#[test]
fn mistakes_of_the_channel_are_told() {
    let plan = plan(&[due("1.1", "Chuyên môn")]);
    let codes = |channel: &str| -> Vec<String> {
        let files = Files::new(&config(587, channel), &plan);
        files.write("pw", "sesame");
        assert!(!format!("{:?}", files.findings()).contains("sesame"));
        files.codes()
    };
    assert_eq!(codes("tls = \"none\""), Vec::<String>::new());
    assert_eq!(codes("tls = \"startls\""), ["unknown-word"]);
    assert_eq!(codes("username = \"u\""), ["missing-key"]);
    assert_eq!(codes("username = \"u\"\npassword_file = \"nowhere\""), ["unreadable-secret"]);
    assert_eq!(codes("username = \"u\"\npassword_file = \"pw\""), ["readable-secret"]);
    assert_eq!(codes("per_minute = 0\nper_day = \"many\""), ["bad-number", "bad-number"]);
    assert_eq!(codes("password = \"sesam\""), ["unknown-key"]);
    let remote = Files::new(&config(25, "tls = \"none\""), &plan);
    remote.set("channel.email.host", "\"mail.example\"");
    let output = remote.program(&["check"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("without TLS mail goes to this machine only"));
}

/// Runs the program once on a school whose task begins today, trusting only the certificate in `ca.pem` if `trusting`.
async fn run_once(files: Arc<Files>, trusting: bool) -> String {
    tokio::task::spawn_blocking(move || {
        let trusted = if trusting { "ca.pem" } else { "holidays.toml" };
        let mut command = files.program(&["run", "--once"]);
        let output = command.env("SSL_CERT_FILE", files.path(trusted)).env_remove("SSL_CERT_DIR").output().unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    })
    .await
    .unwrap()
}

fn encrypted_school(tls: &str) -> Files {
    let files = common::begun_today();
    files.fill(
        "channel.email",
        &format!(
            "kind = \"smtp\"\nhost = \"localhost\"\nport = 1\nfrom = \"nhacviec@school.example\"\n\
             tls = \"{tls}\"\nusername = \"u\"\npassword_file = \"pw\"\n"
        ),
    );
    files.secret("pw", "sesame-open");
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_encrypted_and_only_for_a_server_that_can_be_trusted() {
    for tls in ["tls", "starttls"] {
        let files = Arc::new(encrypted_school(tls));
        let acceptor = certificate(&files);
        let encryption = if tls == "tls" { Encryption::Tls(acceptor) } else { Encryption::StartTls(acceptor) };
        let (port, seen) = server(encryption).await;
        files.set("channel.email.port", &port.to_string());
        let log = run_once(files.clone(), false).await;
        assert_eq!(seen.messages(), 0, "{tls}");
        assert!(!seen.commands.lock().unwrap().iter().any(|command| command.starts_with("AUTH")));
        assert!(log.contains("certificate"), "{tls}: {log}");
        // The store keeps the message until the channel's pause is over; a new school sends at once.
        files.forget_store();
        let log = run_once(files.clone(), true).await;
        assert_eq!(seen.messages(), 1, "{tls}: {log}");
        assert!(!log.contains("sesame"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_starttls_gets_neither_password_nor_mail() {
    let files = Arc::new(encrypted_school("starttls"));
    let acceptor = certificate(&files);
    let (port, seen) = server(Encryption::StartTls(acceptor)).await;
    seen.answer([("offer", "250 mail.example")]);
    files.set("channel.email.port", &port.to_string());
    let log = run_once(files, true).await;
    assert!(log.contains("does not offer STARTTLS"), "{log}");
    assert_eq!((seen.messages(), seen.commands().join(",")), (0, "QUIT".to_owned()));
}
