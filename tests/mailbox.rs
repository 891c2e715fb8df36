//! The mailbox of answers when its server is odd: what it refuses is asked for again, what it does not give keeps no other mail
//! and no reminder waiting, and each answer counts once.
#![allow(clippy::unwrap_used)]

mod common;

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::imap::{Habit, ImapServer, PASSWORD};
use common::reply::{BELIEVED, Reply, inbox, mails, sent};
use common::service::Service;
use common::{Files, begun_today, plan_begun_today};
use mail_parser::MessageParser;
use serde_json::Value;

const LEAD: &str = "Phó Hiệu trưởng";

/// A school whose deputy has been reminded of some tasks in one mail; the id of the reminder.
fn reminded(server: &ImapServer, tasks: &[&str]) -> (Files, String) {
    let files = begun_today();
    let remedies: Vec<String> = tasks.iter().map(|task| format!("Việc số {task}")).collect();
    let rows: Vec<_> = tasks.iter().zip(&remedies).map(|(task, remedy)| (*task, remedy.as_str(), LEAD)).collect();
    files.write("plan.toml", &plan_begun_today(&rows));
    files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(server));
    files.secret("imap", PASSWORD);
    std::fs::create_dir(files.path("outbox")).unwrap();
    files.program(&["run", "--once"]).assert().success();
    let (id, _) = sent(&files).remove(0);
    (files, id)
}

fn look(files: &Files) -> Option<i32> {
    files.program(&["run", "--once"]).assert().get_output().status.code()
}

/// The status of each task, in the plan's order.
fn statuses(files: &Files) -> Vec<String> {
    let tasks = files.lines(&["status"]).into_iter().filter(|line| line["type"] == "task");
    tasks.map(|task| task["status"].as_str().unwrap().to_owned()).collect()
}

fn reports(files: &Files, task: &str) -> usize {
    files.lines(&["history", task]).iter().filter(|line| line["type"] == "progress").count()
}

/// The texts of the program's mails whose subject has these words.
fn about(files: &Files, words: &str) -> Vec<String> {
    let all = mails(&files.path("outbox"));
    let read = all.iter().map(|mail| MessageParser::default().parse(mail).unwrap());
    let told = read.filter(|mail| mail.subject().unwrap().contains(words));
    told.map(|mail| mail.body_text(0).unwrap().replace("\r\n", "\n")).collect()
}

/// Changes the store as if so many hours had passed since a mail was tried.
fn hours_pass(files: &Files, hours: i64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut database = files.database().await;
        let statement = "UPDATE unread_mail SET tried_at = tried_at - $1";
        sqlx::query(statement).bind(hours * 3_600_000).execute(&mut database).await.unwrap();
    });
}

#[test]
fn what_the_server_refuses_is_no_empty_answer() {
    for (at, says) in [
        ("SEARCH", "NO [UNAVAILABLE] System Error"),
        ("SEARCH", "BAD Request is throttled"),
        ("SIZE", "NO [UNAVAILABLE] later"),
        ("PEEK", "NO [SERVERBUG] later"),
        ("PEEK", "BAD Request is throttled. Suggested Backoff Time: 98 milliseconds"),
        // It says that all is well, and nothing of the mail.
        ("SIZE", "OK done"),
        ("PEEK", "OK done"),
    ] {
        let server = ImapServer::start();
        let (files, id) = reminded(&server, &["1.1"]);
        server.put(&Reply { to: &id, ..Reply::default() }.bytes());
        server.refuse(at, says, 1);
        assert_eq!((look(&files), statuses(&files)), (Some(1), vec!["not_started".to_owned()]), "{at} {says}");
        assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]), "{at} {says}");
    }
}

#[test]
fn a_search_may_be_answered_in_ranges_and_one_without_an_answer_passes_nothing_over() {
    let server = ImapServer::start();
    server.state.lock().unwrap().habits = vec![Habit::SearchesInRanges];
    let (files, id) = reminded(&server, &["1.1", "1.2"]);
    for text in ["Cảm ơn", "1.1 đã xong"] {
        server.put(&Reply { to: &id, text, ..Reply::default() }.bytes());
    }
    look(&files);
    assert_eq!(statuses(&files), ["done", "not_started"]);
    server.put(&Reply { to: &id, text: "1.2 đã xong", ..Reply::default() }.bytes());
    server.refuse("SEARCH", "OK done", 2);
    for _ in 0..2 {
        assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned(), "not_started".to_owned()]));
    }
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned(); 2]));
}

#[test]
fn the_first_mail_of_a_mailbox_that_was_empty_is_read_whatever_day_the_server_gives_it() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    let uid = server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    server.state.lock().unwrap().came.push((uid, jiff::civil::date(2000, 1, 1)));
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]));
}

#[test]
fn a_mail_that_is_gone_is_no_trouble() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    let uid = server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    // Somebody removes it between the search and the reading.
    server.refuse("SIZE", "OK done", 1);
    look(&files);
    server.state.lock().unwrap().mails.retain(|(known, _)| *known != uid);
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["not_started".to_owned()]));
}

#[test]
fn a_mail_of_which_nothing_is_told_and_that_no_search_finds_or_misses_is_asked_for_again() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    // What is numbered anew is searched by its day: the first search by numbers asks whether the mail is there.
    server.state.lock().unwrap().validity += 1;
    server.refuse("SIZE", "OK done", 1);
    server.refuse("SEARCH UID", "OK done", 1);
    assert_eq!((look(&files), statuses(&files)), (Some(1), vec!["not_started".to_owned()]));
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]));
}

#[test]
fn a_mail_that_the_server_does_not_give_keeps_no_other_waiting_and_is_told_of() {
    for drops in [true, false] {
        let server = ImapServer::start();
        let (files, id) = reminded(&server, &["1.1", "1.2"]);
        server.put(&Reply { to: &id, text: "1.1 đã xong", subject: "Re: mot", ..Reply::default() }.bytes());
        server.put(&Reply { to: &id, text: "1.2 đã xong", ..Reply::default() }.bytes());
        if drops {
            server.fail("FETCH 1 (UID BODY", b"* 1 FETCH (UID 1 BODY[] {300}\r\nFrom", 100);
        } else {
            server.refuse("FETCH 1 (UID BODY", "NO [SERVERBUG] cannot", 100);
        }
        assert_eq!(look(&files), Some(1));
        assert_eq!(statuses(&files), ["not_started", "done"]);
        assert_eq!(about(&files, "không đọc được"), Vec::<String>::new());
        for _ in 1..5 {
            look(&files);
        }
        let told = about(&files, "Một thư trong hộp thư không đọc được");
        assert_eq!(told.len(), 1);
        for words in ["Từ: pho@school.example", "Tiêu đề: Re: mot", "Ngày: Mon, 1 Jan 2024", "@phone.example>"] {
            assert!(told[0].contains(words), "{}", told[0]);
        }
        let waits = files.lines(&["answers", "list"]).into_iter().find(|line| line["type"] == "unread_mail").unwrap();
        assert_eq!((waits["number"].as_u64(), waits["tries"].as_u64()), (Some(1), Some(5)));
        let why = waits["reason"].as_str().unwrap().to_owned();
        assert!(why.contains(if drops { "connection" } else { "[SERVERBUG] cannot" }), "{why}");
        let listed = files.output(&["answers", "list"]);
        assert!(listed.contains("mail 1: tried 5 times, last ") && listed.contains(&why), "{listed}");
        // It waits on, is told of once, and counts when the server gives it at last.
        look(&files);
        server.fail("", b"", 0);
        server.state.lock().unwrap().refusals.clear();
        hours_pass(&files, 2);
        assert_eq!(look(&files), Some(0));
        assert_eq!(statuses(&files), ["done", "done"]);
        assert_eq!(about(&files, "Một thư trong hộp thư không đọc được").len(), 1);
        assert_eq!((reports(&files, "1.1"), reports(&files, "1.2")), (1, 1));
        assert!(!files.output(&["answers", "list"]).contains("mail 1"));
    }
}

#[test]
fn a_bad_day_of_the_server_costs_no_answer_and_none_counts_twice() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1", "1.2", "1.3", "1.4"]);
    let answer = |text: &str| server.put(&Reply { to: &id, text, ..Reply::default() }.bytes());
    answer("1.1: 10%");
    answer("1.2: 20%");
    // FETCH is refused, and nothing is passed over.
    server.refuse("PEEK", "NO [UNAVAILABLE] System Error", 2);
    look(&files);
    // The connection is dropped at one mail.
    answer("1.3: 30%");
    server.fail("FETCH 1 (UID BODY", b"* 1 FETCH (UID 1 BODY[] {9999}\r\nabc", 3);
    look(&files);
    // The numbering changes, with everything in another order, and one mail given as NIL.
    {
        let mut state = server.state.lock().unwrap();
        state.validity = 8;
        state.mails.reverse();
        for (place, mail) in (11..).zip(&mut state.mails) {
            mail.0 = place;
        }
        state.next = 20;
    }
    let last = answer("1.4: 40%");
    server.fail("FETCH 20 (UID BODY", b"* 4 FETCH (UID 20 BODY[] NIL)\r\n", 1);
    assert_eq!(last, 20);
    for _ in 0..3 {
        look(&files);
    }
    // All is well again.
    assert_eq!(look(&files), Some(0));
    for (number, task) in ["1.1", "1.2", "1.3", "1.4"].iter().enumerate() {
        assert_eq!(reports(&files, task), 1, "{task}");
        let shown = files.lines(&["status"]).into_iter().find(|line| line["task"] == *task).unwrap();
        assert_eq!(shown["percent"], (number + 1) * 10, "{task}");
    }
}

#[test]
fn a_server_that_takes_login_alone_is_logged_in_to() {
    let server = ImapServer::start();
    server.state.lock().unwrap().knows_login_only = true;
    let (files, id) = reminded(&server, &["1.1"]);
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]));
    server.state.lock().unwrap().capabilities = "IMAP4rev1 LOGINDISABLED";
    let run = files.program(&["run", "--once"]).assert().code(1);
    let log = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(log.contains("refused the login") && !log.contains(PASSWORD), "{log}");
    assert!(!server.state.lock().unwrap().commands.iter().any(|command| command.contains(PASSWORD)));
}

#[test]
fn a_server_that_knows_who_is_there_is_not_logged_in_to() {
    let server = ImapServer::start();
    server.state.lock().unwrap().habits = vec![Habit::KnowsEverybody];
    let (files, id) = reminded(&server, &["1.1"]);
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]));
}

#[test]
fn what_was_said_to_log_in_is_struck_out_of_what_the_server_says() {
    use base64::Engine as _;

    let line = base64::engine::general_purpose::STANDARD.encode(format!("\0inbox@school.example\0{PASSWORD}"));
    let refusals = [
        format!("BAD unknown command {line}"),
        format!("NO [AUTHENTICATIONFAILED] not {}", line.to_uppercase()),
        format!("BAD LOGIN inbox@school.example \"{PASSWORD}\": what?"),
    ];
    for says in refusals {
        let server = ImapServer::start();
        let (files, _) = reminded(&server, &["1.1"]);
        for at in ["AUTHENTICATE", "LOGIN"] {
            server.refuse(at, says.clone().leak(), 1);
        }
        let run = files.program(&["run", "--once"]).assert().code(1);
        let told = mails(&files.path("outbox")).concat();
        for text in [&run.get_output().stderr, &told] {
            let text = String::from_utf8_lossy(text).to_lowercase();
            assert!(!text.contains(PASSWORD) && !text.contains(&line.to_lowercase()), "{text}");
        }
        assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("(secret)"));
    }
}

#[test]
fn a_server_that_takes_nobody_in_says_so_at_once() {
    let server = ImapServer::start();
    let (files, _) = reminded(&server, &["1.1"]);
    server.fail("greeting", b"* BYE Server shutting down\r\n", 1);
    let begun = Instant::now();
    let run = files.program(&["run", "--once"]).assert().code(1);
    let log = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(log.contains("takes nobody in now: Server shutting down"), "{log}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_silent_server_holds_no_reminder_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = ImapServer { port: listener.local_addr().unwrap().port(), ..ImapServer::start() };
    let files = begun_today();
    files.append(&inbox(&server));
    files.secret("imap", PASSWORD);
    std::fs::create_dir(files.path("outbox")).unwrap();
    let program = assert_cmd::cargo::cargo_bin("nhacviec");
    let mut process = Command::new(program)
        .env_remove("NHACVIEC_CONFIG")
        .envs(common::ENGLISH)
        .env_remove("RUST_LOG")
        .arg("--config")
        .arg(files.config())
        .args(["run", "--once"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Well before the thirty seconds that a greeting may take.
    let until = Instant::now() + Duration::from_secs(25);
    while mails(&files.path("outbox")).is_empty() {
        assert!(Instant::now() < until, "the reminder waits for the mailbox");
        assert!(process.try_wait().unwrap().is_none(), "the program has ended without a reminder");
        std::thread::yield_now();
    }
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn a_missing_folder_is_made_and_where_it_cannot_be_answers_count_all_the_same() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1", "1.2"]);
    server.state.lock().unwrap().folders.clear();
    server.put(&Reply { to: &id, text: "1.1 đã xong", ..Reply::default() }.bytes());
    assert_eq!(look(&files), Some(0));
    assert_eq!((server.moved(), statuses(&files)[0].as_str()), (vec![1], "done"));
    server.state.lock().unwrap().folders.clear();
    server.refuse("CREATE", "NO [NOPERM] not here", 9);
    server.put(&Reply { to: &id, text: "1.2 đã xong", ..Reply::default() }.bytes());
    assert_eq!(look(&files), Some(0));
    assert_eq!((server.moved(), statuses(&files)[1].as_str()), (vec![1], "done"));
    let told = about(&files, "không chuyển được sang “Xong”");
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("vẫn được đọc và ghi nhận") && told[0].contains("[TRYCREATE] no such folder"),
        "{}",
        told[0]
    );
    assert_eq!(about(&files, "không đọc được"), Vec::<String>::new());
}

#[test]
fn a_mailbox_that_may_only_be_read_is_enough() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    files.remove("inbox.done_folder");
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    server.refuse("STORE", "NO [READ-ONLY] not here", 9);
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]));
    assert_eq!((look(&files), reports(&files, "1.1")), (Some(0), 1));
    assert_eq!(about(&files, "thư mục"), Vec::<String>::new());
}

#[test]
fn of_a_mail_that_is_too_large_admin_and_writer_are_told() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    let large = server.put(&Reply { to: &id, subject: "Re: video", ..Reply::default() }.bytes());
    server.state.lock().unwrap().sizes.push((large, 1 << 31));
    assert_eq!(look(&files), Some(0));
    let told = about(&files, "Một thư trả lời không được ghi nhận");
    assert!(told[0].contains("Từ: pho@school.example") && told[0].contains("Tiêu đề: video"), "{}", told[0]);
    let writer = about(&files, "[Chưa ghi nhận] Thư trả lời của Thầy/Cô");
    assert!(writer[0].contains("thư quá lớn") && writer[0].contains("quan-tri@school.example"), "{}", writer[0]);
    look(&files);
    assert_eq!(about(&files, "[Chưa ghi nhận]").len(), 1);
}

#[test]
fn where_the_sender_is_not_proven_both_names_are_told_and_the_writer_hears_of_it() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    let with = |results: &str| {
        let mail = String::from_utf8(Reply { to: &id, ..Reply::default() }.bytes()).unwrap();
        server.put(mail.replace(BELIEVED, results).as_bytes());
    };
    with("Authentication-Results: mail.truong.example; dmarc=pass header.from=school.example\r\n");
    with("");
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["not_started".to_owned()]));
    let told = about(&files, "Một thư trả lời không được ghi nhận");
    assert_eq!(told.len(), 2);
    let bears = told.iter().find(|text| text.contains("mail.truong.example")).unwrap();
    assert!(bears.contains("cấu hình ([inbox] authentication) ghi \"mx.school.example\""), "{bears}");
    assert!(told.iter().any(|text| text.contains("không mang kết quả xác thực nào")), "{told:?}");
    let writer = about(&files, "[Chưa ghi nhận]");
    assert_eq!(writer.len(), 1, "once a day, whoever forges how many");
    assert!(writer[0].contains("không xác nhận được") && writer[0].contains("Việc số 1.1"), "{}", writer[0]);
}

#[test]
fn who_writes_again_after_a_mail_that_was_not_taken_is_answered_at_once() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    let mail = |text: &str| String::from_utf8(Reply { to: &id, text, ..Reply::default() }.bytes()).unwrap();
    server.put(mail("Đã xong").replace(BELIEVED, "").as_bytes());
    assert_eq!((look(&files), about(&files, "[Chưa ghi nhận]").len()), (Some(0), 1));
    // The mail server says by now who wrote it, and what is written is not clear.
    server.put(mail("Chắc là sắp xong").as_bytes());
    assert_eq!((look(&files), about(&files, "[Cần làm rõ]").len()), (Some(0), 1));
    server.put(mail("Đã xong").as_bytes());
    assert_eq!((look(&files), statuses(&files)), (Some(0), vec!["done".to_owned()]));
    assert_eq!(about(&files, "Cảm ơn").len(), 1);
}

/// A server whose certificate an authority of the school has signed, before the one of IMAP; the authority is `ca.pem`.
async fn behind_school_authority(files: &Files, server: &ImapServer) -> u16 {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap();
    files.write("ca.pem", &authority.pem());
    let key = rcgen::KeyPair::generate().unwrap();
    let issuer = rcgen::Issuer::from_params(&params, &authority_key);
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let acceptor = common::smtp::acceptor_of(certificate.der().clone(), &key);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, to) = (listener.local_addr().unwrap().port(), server.port);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut plain = tokio::net::TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut plain).await;
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_behind_the_schools_own_authority_is_trusted_where_the_admin_says_so() {
    let server = ImapServer::start();
    let files = begun_today();
    files.append(&inbox(&server));
    files.secret("imap", PASSWORD);
    let port = behind_school_authority(&files, &server).await;
    files.set("inbox.host", "\"localhost\"").set("inbox.port", &port.to_string()).set("inbox.tls", "\"tls\"");
    let refused = files.program(&["inbox", "check"]).assert().code(1).get_output().stderr.clone();
    let said = String::from_utf8(refused).unwrap();
    assert!(said.contains("the school's own authority has") && said.contains("ca_file = "), "{said}");
    files.add("inbox.ca_file", "\"ca.pem\"");
    let trusted = files.output(&["inbox", "check"]);
    assert!(trusted.contains("logged in"), "{trusted}");
    for (name, code) in [("nowhere.pem", "unreadable-certificate"), ("plan.toml", "bad-certificate")] {
        files.set("inbox.ca_file", &format!("{name:?}"));
        assert!(files.codes().contains(&code.to_owned()), "{name}: {:?}", files.codes());
    }
}

#[test]
fn the_mailbox_can_be_checked() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, &["1.1"]);
    let checked = |code: i32| -> Value {
        let output =
            files.program(&["inbox", "check", "--format", "json"]).assert().code(code).get_output().stdout.clone();
        serde_json::from_slice(&output).unwrap()
    };
    let empty = checked(0);
    assert_eq!(
        (empty["mails"].as_u64(), empty["own_mail"].as_bool(), empty["idle"].as_bool()),
        (Some(0), Some(true), Some(false))
    );
    assert!(server.state.lock().unwrap().mails.is_empty(), "its own mail is removed");
    // What nobody can know yet is said, and how to come to know it.
    assert!(empty.get("is_borne").is_none(), "{empty}");
    let not_known = |seen: &str| {
        let said = files.output(&["inbox", "check"]);
        for words in ["is not known yet", seen, "send a mail from another mailbox to inbox@school.example"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        let online = files.output(&["check", "--online"]);
        assert!(online.contains("whether answers will be believed is not known yet"), "{online}");
    };
    not_known("there is no mail in the mailbox yet");
    let bare = String::from_utf8(Reply { to: &id, ..Reply::default() }.bytes()).unwrap().replace(BELIEVED, "");
    server.put(bare.as_bytes());
    not_known("the only mail bears no authentication");
    server.state.lock().unwrap().mails.clear();
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    let known = checked(0);
    assert_eq!(known["bears"], serde_json::json!([{ "name": "mx.school.example", "mails": 1 }]));
    assert_eq!(known["is_borne"], true);
    assert!(!files.output(&["check", "--online"]).contains("is not known yet"));
    files.set("inbox.authentication", "\"mx.truong.example\"");
    let other = checked(1);
    assert_eq!(other["authentication"], "mx.truong.example");
    let said = files.program(&["inbox", "check"]).assert().code(1).get_output().stdout.clone();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("1 mail bears the authentication of mx.school.example"), "{said}");
    assert!(said.contains("asks for mx.truong.example, which no mail bears"), "{said}");
    server.refuse("APPEND", "NO [OVERQUOTA] full", 1);
    let full = checked(1);
    assert!(full["reason"].as_str().unwrap().contains("[OVERQUOTA] full"), "{full}");
    // Why the mailbox cannot be used is told in the language of whoever asks.
    for (language, words) in [
        ("en", "the server refused the login: no (are `username` and the first line of `password_file`"),
        ("vi", "máy chủ từ chối đăng nhập: \"no\" (`username` và dòng đầu của `password_file`"),
    ] {
        server.refuse("AUTHENTICATE", "NO no", 1);
        server.refuse("LOGIN", "NO no", 1);
        let refused = files.program(&["inbox", "check"]).env("NHACVIEC_LANGUAGE", language).assert().code(1);
        let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(said.contains(words), "{said}");
    }
    files.remove("inbox");
    let none = files.program(&["inbox", "check"]).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&none).contains("no [inbox]"));
}

#[test]
fn a_server_that_tells_of_new_mail_is_listened_to() {
    let server = ImapServer::start();
    server.state.lock().unwrap().capabilities = "IMAP4rev1 MOVE UIDPLUS AUTH=PLAIN IDLE";
    let (files, id) = reminded(&server, &["1.1"]);
    // Without a word of the server it would be looked into in two hours.
    files.add("inbox.every", "\"120m\"");
    let mut service = Service::start(&files);
    service.says("\"running\"");
    while !server.state.lock().unwrap().commands.iter().any(|command| command == "IDLE") {
        std::thread::yield_now();
    }
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    service.says("\"took an answer\"");
    while server.moved().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(statuses(&files), ["done"]);
}

#[test]
fn a_server_that_tells_of_new_mail_where_there_is_none_is_asked_by_the_clock() {
    let server = ImapServer::start();
    {
        let mut state = server.state.lock().unwrap();
        state.capabilities = "IMAP4rev1 MOVE UIDPLUS AUTH=PLAIN IDLE";
        state.habits = vec![Habit::TellsInVain];
    }
    let (files, id) = reminded(&server, &["1.1"]);
    files.add("inbox.every", "\"120m\"");
    let mut service = Service::start(&files);
    service.says("\"running\"");
    let listened = || server.state.lock().unwrap().commands.iter().filter(|command| *command == "IDLE").count();
    while listened() == 0 {
        std::thread::yield_now();
    }
    // Nothing happens then, for as long as this is looked at.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        assert!(listened() <= 2, "{}", listened());
        std::thread::yield_now();
    }
    // What others ask for goes on: a reload looks into the mailbox.
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    service.signal("HUP");
    service.says("\"took an answer\"");
}
