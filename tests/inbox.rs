//! Answers by mail from outside: the program reads a scripted mailbox, and what it made of that shows in `status`,
//! `history`, `evidence` and what it sends.
#![allow(clippy::unwrap_used)]

mod common;

use common::imap::{ImapServer, PASSWORD};
use common::reply::{BELIEVED, Reply, inbox, mails, sent};
use common::settings::Edit;
use common::{Files, begun_today, day, plan_begun_today};
use mail_parser::MessageParser;
use serde_json::Value;

/// A school whose deputy has been reminded of task 1.1, with a mailbox for answers; the id and subject of the reminder.
fn reminded(server: &ImapServer) -> (Files, String, String) {
    let files = begun_today();
    files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(server));
    files.secret("imap", PASSWORD);
    std::fs::create_dir(files.path("outbox")).unwrap();
    files.program(&["run", "--once"]).assert().success();
    let sent = sent(&files);
    let (id, subject) = sent.iter().find(|(_, subject)| subject.contains("1.1")).unwrap().clone();
    (files, id, subject)
}

fn task(files: &Files) -> Value {
    files.lines(&["status"]).into_iter().find(|line| line["type"] == "task").unwrap()
}

#[test]
fn an_answer_is_taken_once_and_put_away() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let mail = Reply { to: &id, text: "Đang làm 60%, em gửi sau ạ", ..Reply::default() }.bytes();
    server.put(&mail);
    files.program(&["run", "--once"]).assert().success();
    let task = task(&files);
    assert_eq!((task["status"].as_str(), task["percent"].as_i64()), (Some("in_progress"), Some(60)));
    assert_eq!(server.moved(), [1]);
    // The same mail again, by another way.
    server.put(&[b"Received: from elsewhere\r\n", mail.as_slice()].concat());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(reports(&files), 1);
    assert_eq!(server.moved(), [1, 2]);
}

fn reports(files: &Files) -> usize {
    files.lines(&["history", "1.1"]).iter().filter(|line| line["type"] == "progress").count()
}

#[test]
fn what_is_not_believed_or_not_written_by_a_person_is_left_alone() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let believed = Reply { to: &id, ..Reply::default() };
    let strip = |mail: Vec<u8>| String::from_utf8(mail).unwrap().replace(BELIEVED, "").into_bytes();
    server.put(&Reply { from: "to-truong@school.example", ..believed }.bytes());
    server.put(&Reply { from: "pho@evil.example", to: &id, ..Reply::default() }.bytes());
    server.put(&strip(Reply { to: &id, ..Reply::default() }.bytes()));
    server.put(&Reply { to: &id, more: "Auto-Submitted: auto-replied\r\n", ..Reply::default() }.bytes());
    server.put(&Reply { to: &id, subject: "Trả lời tự động: vắng mặt", ..Reply::default() }.bytes());
    server.put(&Reply { to: &id, more: "Precedence: bulk\r\n", ..Reply::default() }.bytes());
    server.put(&Reply { to: &id, more: "List-Id: <a.example>\r\n", ..Reply::default() }.bytes());
    server.put(&Reply { to: "00112233445566778899aabbccddeeff@school.example", ..Reply::default() }.bytes());
    let run = files.program(&["run", "--once"]).assert().success();
    let log = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(!log.contains("evil.example") && !log.contains("to-truong@"), "{log}");
    assert_eq!(task(&files)["status"], "not_started");
    assert_eq!(server.moved(), [] as [u32; 0]);
    assert_eq!(server.seen(), [] as [u32; 0]);
    // The admin hears of those that answer a message or come from somebody known.
    let told = sent(&files).iter().filter(|(_, subject)| subject.contains("không được ghi nhận")).count();
    assert_eq!(told, 4);
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(sent(&files).iter().filter(|(_, subject)| subject.contains("không được ghi nhận")).count(), told);
}

#[test]
fn an_unclear_answer_is_asked_about_once() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    server.put(&Reply { to: &id, text: "Em sẽ làm ạ", more: "", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    let asked = |files: &Files| {
        let all = mails(&files.path("outbox"));
        all.into_iter()
            .filter(|mail| MessageParser::default().parse(mail).unwrap().subject().unwrap().contains("Cần làm rõ"))
            .collect::<Vec<_>>()
    };
    let questions = asked(&files);
    assert_eq!(questions.len(), 1);
    let question = MessageParser::default().parse(&questions[0]).unwrap();
    assert!(question.in_reply_to().as_text().unwrap().ends_with("@phone.example"));
    insta::with_settings!({filters => vec![(r"\d{2}/\d{2}/\d{4}", "[date]"), (r"còn \d+ ngày", "còn [n] ngày")]}, {
        insta::assert_snapshot!("question", question.body_text(0).unwrap());
    });
    // An answer to the question counts; another unclear one is not asked about again.
    let question = question.message_id().unwrap().to_owned();
    server.put(&Reply { to: &question, text: "Vâng ạ", ..Reply::default() }.bytes());
    server.put(&Reply { to: &question, text: "vướng: chưa có kinh phí", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(asked(&files).len(), 1);
    assert_eq!(task(&files)["status"], "blocked");
}

#[test]
fn thanks_for_thanks_need_no_question_and_words_on_another_task_do() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let about = |files: &Files, what: &str| -> Vec<String> {
        sent(files).into_iter().filter(|(_, subject)| subject.contains(what)).map(|(id, _)| id).collect()
    };
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    let thanks = about(&files, "Cảm ơn").remove(0);
    server.put(&Reply { to: &thanks, text: "Cảm ơn nhà trường ạ", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(about(&files, "Cần làm rõ").len(), 0);
    server.put(&Reply { to: &thanks, text: "Tiêu chí 1.2: đang làm 60%", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    let question = about(&files, "Cần làm rõ").remove(0);
    assert_eq!(task(&files)["status"], "done");
    // The question goes on with what the thanks were for.
    server.put(&Reply { to: &question, text: "Tôi nhầm, mới được 90%", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["percent"], 90);
}

#[test]
fn more_time_is_asked_for_by_answer() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let due = day(90);
    let text = format!("Xin lùi đến {} vì chưa có kinh phí", due.strftime("%d/%m/%Y"));
    server.put(&Reply { to: &id, text: &text, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    let subjects: Vec<String> = sent(&files).into_iter().map(|(_, subject)| subject).collect();
    assert!(subjects.iter().any(|subject| subject.contains("[Xin lùi thời hạn]")), "{subjects:?}");
    assert_eq!(task(&files)["status"], "not_started");
}

#[test]
fn the_reason_for_more_time_may_come_by_a_second_mail() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let due = day(90);
    let text = format!("Đang làm 60%, xin lùi đến {}", due.strftime("%d/%m/%Y"));
    server.put(&Reply { to: &id, text: &text, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    let about = |what: &str| sent(&files).into_iter().find(|(_, subject)| subject.contains(what)).map(|(id, _)| id);
    assert_eq!((task(&files)["percent"].as_i64(), about("[Xin lùi thời hạn]")), (Some(60), None));
    let question = about("Cần làm rõ").unwrap();
    server.put(&Reply { to: &question, text: "Vì tủ hồ sơ chưa về ạ", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert!(about("[Xin lùi thời hạn]").is_some());
    assert_eq!(task(&files)["percent"], 60);
}

#[test]
fn a_rewritten_message_id_is_made_up_for_by_the_subject() {
    let server = ImapServer::start();
    let (files, _, subject) = reminded(&server);
    let subject = format!("Re: {subject}");
    server.put(&Reply { to: "another@relay.example", subject: &subject, ..Reply::default() }.bytes());
    server.put(
        &Reply { from: "to-truong@school.example", to: "x@relay.example", subject: &subject, ..Reply::default() }
            .bytes(),
    );
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["status"], "done");
    assert_eq!(server.moved(), [1]);
}

#[test]
fn files_become_evidence_and_ornaments_do_not() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let mail = std::fs::read_to_string("tests/replies/apple-with-files.eml").unwrap();
    server.put(mail.replace("{{id}}", &id).replace('\n', "\r\n").as_bytes());
    files.program(&["run", "--once"]).assert().success();
    let history = files.lines(&["history", "1.1"]);
    let report = history.iter().find(|line| line["type"] == "progress").unwrap();
    assert_eq!(report["status"], "done");
    let listed = files.output(&["evidence", "list"]);
    assert!(listed.contains("bien-ban.pdf") && listed.contains("H1-1.1-01"), "{listed}");
    assert!(!listed.contains("logo") && !listed.contains("H1-1.1-02"), "{listed}");
    // What is no evidence is named in the question.
    let question = mails(&files.path("outbox"));
    let texts: Vec<String> = question
        .iter()
        .map(|mail| MessageParser::default().parse(mail).unwrap().body_text(0).unwrap().into_owned())
        .collect();
    assert!(texts.iter().any(|text| text.contains("chay.exe")), "{texts:?}");
}

#[test]
fn a_message_that_comes_back_is_dead_and_its_address_told_once() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let bounce = |name: &str| {
        std::fs::read_to_string(format!("tests/replies/{name}.eml"))
            .unwrap()
            .replace("{{id}}", &id)
            .replace('\n', "\r\n")
    };
    server.put(bounce("bounce-delayed").as_bytes());
    files.program(&["run", "--once"]).assert().success();
    assert!(files.lines(&["status"]).iter().all(|line| line["type"] != "failed"));
    server.put(bounce("bounce-postfix").as_bytes());
    files.program(&["run", "--once"]).assert().success();
    let status = files.lines(&["status"]);
    let failed = status.iter().find(|line| line["type"] == "failed").unwrap();
    assert_eq!(failed["to"], "Phó Hiệu trưởng");
    let failing = status.iter().find(|line| line["type"] == "failing_address").unwrap();
    assert_eq!(failing["address"], "pho@school.example");
    let told =
        |files: &Files| sent(files).iter().filter(|(_, subject)| subject.contains("không nhận được thư")).count();
    assert_eq!(told(&files), 1);
    server.put(bounce("bounce-gmail").as_bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(told(&files), 1);
    assert_eq!(server.moved(), [2, 3]);
}

#[test]
fn a_report_of_each_server_ends_the_message_and_one_that_nobody_vouches_for_is_only_told() {
    // The report; whether the message is dead, and what the admin hears.
    let cases = [
        ("exim", true, "không nhận được thư"),
        ("qmail", true, "không nhận được thư"),
        ("exchange-text", true, "không nhận được thư"),
        ("expired", true, "không nhận được thư"),
        ("full", true, "không nhận được thư"),
        ("forwarded", true, "không nhận được thư"),
        ("vouched", true, "không nhận được thư"),
        ("forged", false, "không được ghi nhận"),
        ("unvouched", false, "không được ghi nhận"),
    ];
    for (name, is_dead, told) in cases {
        let server = ImapServer::start();
        let (files, id, _) = reminded(&server);
        let report = std::fs::read_to_string(format!("tests/replies/bounce-{name}.eml")).unwrap();
        server.put(report.replace("{{id}}", &id).replace('\n', "\r\n").as_bytes());
        files.program(&["run", "--once"]).assert().success();
        let status = files.lines(&["status"]);
        assert_eq!(status.iter().any(|line| line["type"] == "failed"), is_dead, "{name}");
        assert_eq!(status.iter().any(|line| line["type"] == "failing_address"), is_dead, "{name}");
        let heard = sent(&files).iter().filter(|(_, subject)| subject.contains(told)).count();
        assert_eq!(heard, 1, "{name}: {:?}", sent(&files));
    }
}

#[test]
fn a_report_that_names_an_address_alone_is_told_and_ends_nothing() {
    let server = ImapServer::start();
    let (files, _, _) = reminded(&server);
    let report = std::fs::read_to_string("tests/replies/bounce-exim.eml").unwrap();
    server.put(report.replace("{{id}}", "x").replace('\n', "\r\n").as_bytes());
    files.program(&["run", "--once"]).assert().success();
    assert!(files.lines(&["status"]).iter().all(|line| line["type"] != "failed"));
    let heard = sent(&files).iter().filter(|(_, subject)| subject.contains("không nhận được thư")).count();
    assert_eq!(heard, 1);
    // Strangers are nobody's business.
    server.put(report.replace("{{id}}", "x").replace("pho@", "ai-do@").replace('\n', "\r\n").as_bytes());
    let before = sent(&files).len();
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(sent(&files).len(), before);
}

#[test]
fn a_mailbox_that_fails_is_told_once_and_keeps_nobody_from_being_reminded() {
    let server = ImapServer::start();
    let files = begun_today();
    files.append(&inbox(&server));
    files.secret("imap", "falsch");
    std::fs::create_dir(files.path("outbox")).unwrap();
    for _ in 0..2 {
        let run = files.program(&["run", "--once"]).assert().code(1);
        let log = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(log.contains("refused the login") && !log.contains("falsch"), "{log}");
    }
    let subjects: Vec<String> = sent(&files).into_iter().map(|(_, subject)| subject).collect();
    assert!(subjects.iter().any(|subject| subject.contains("1.1")), "{subjects:?}");
    assert_eq!(subjects.iter().filter(|subject| subject.contains("Hộp thư")).count(), 1);
}

#[test]
fn odd_servers_harm_nothing() {
    let huge = b"* 1 FETCH (UID 1 BODY[] {4294967290}\r\nabc";
    let flood: Vec<u8> = b"* OK flood\r\n".repeat(500_000);
    let cases: [(&str, &[u8]); 9] = [
        ("greeting", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("greeting", b""),
        ("SELECT", b"* OK [UIDVALIDITY"),
        ("SEARCH", b"* SEARCH 1 2 x\r\n"),
        ("SEARCH", b"\xff\xfe\0{{{\r\n"),
        ("SIZE", b""),
        ("PEEK", huge),
        ("PEEK", b"* 1 FETCH (UID 1 BODY[] {300}\r\nFrom: a"),
        ("CAPABILITY", &flood),
    ];
    for (at, says) in cases {
        let server = ImapServer::start();
        let (files, id, _) = reminded(&server);
        server.put(&Reply { to: &id, ..Reply::default() }.bytes());
        server.fail(at, says, 1);
        let hanging = std::time::Duration::from_mins(1); // a bound on hanging
        files.program(&["run", "--once"]).timeout(hanging).assert().code(1);
        assert_eq!(task(&files)["status"], "not_started", "{at}");
        // All is well again, and nothing is lost.
        files.program(&["run", "--once"]).assert().success();
        assert_eq!(task(&files)["status"], "done", "{at}");
    }
}

#[test]
fn killed_between_record_and_mark_an_answer_counts_once() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    server.put(&Reply { to: &id, text: "60%", ..Reply::default() }.bytes());
    // The connection ends after the answer was recorded and before it is put away.
    server.fail("MOVE", b"", 1);
    files.program(&["run", "--once"]).assert().code(1);
    assert_eq!(reports(&files), 1);
    assert_eq!(server.moved(), [] as [u32; 0]);
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(reports(&files), 1);
    assert_eq!(server.moved(), [1]);
}

#[test]
fn a_mail_that_is_too_large_is_never_fetched_and_the_next_one_is() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let large = server.put(&Reply { to: &id, text: "chưa xong", ..Reply::default() }.bytes());
    server.state.lock().unwrap().sizes.push((large, 1 << 31));
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["status"], "done");
    assert!(!server.state.lock().unwrap().commands.iter().any(|command| command.contains("FETCH 1 (UID BODY.PEEK[])")));
}

#[test]
fn mail_that_was_there_before_the_first_look_is_never_read() {
    let server = ImapServer::start();
    for _ in 0..10_000 {
        let old = server.put(&Reply { subject: "Họp tổ", ..Reply::default() }.bytes());
        server.state.lock().unwrap().came.push((old, day(-7)));
    }
    let (files, id, _) = reminded(&server);
    files.program(&["run", "--once"]).assert().success();
    let fetched = |server: &ImapServer| {
        server.state.lock().unwrap().commands.iter().filter(|command| command.contains("FETCH")).count()
    };
    assert_eq!(fetched(&server), 0);
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!((task(&files)["status"].as_str(), server.moved().as_slice()), (Some("done"), &[10_001][..]));
}

#[test]
fn without_a_server_that_says_who_wrote_a_subject_is_not_enough() {
    let server = ImapServer::start();
    let (files, id, subject) = reminded(&server);
    files.set("inbox.authentication", "\"none\"");
    let subject = format!("Re: {subject}");
    server.put(&Reply { to: "another@relay.example", subject: &subject, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["status"], "not_started");
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["status"], "done");
}

#[test]
fn mistakes_of_the_mailbox_are_told() {
    let whole = "[inbox]\nhost = \"imap.school.example\"\nusername = \"inbox@school.example\"\npassword_file = \"imap\"\n\
                 authentication = \"mx.school.example\"\n";
    let codes = |edits: &[Edit<'_>]| -> Vec<String> {
        let files = Files::of(&[common::task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")]);
        files.append(whole).change(edits);
        files.secret("imap", PASSWORD);
        let found = files.findings();
        assert!(!format!("{found:?}").contains(PASSWORD));
        files.codes()
    };
    assert_eq!(codes(&[]), Vec::<String>::new());
    assert_eq!(codes(&[Edit::Remove("inbox.authentication")]), ["missing-key"]);
    assert_eq!(codes(&[Edit::Set("inbox.authentication", "\"none\"")]), ["forgeable"]);
    assert_eq!(codes(&[Edit::Remove("inbox.password_file")]), ["missing-key"]);
    assert_eq!(codes(&[Edit::Set("inbox.password_file", "\"nowhere\"")]), ["unreadable-secret"]);
    assert_eq!(codes(&[Edit::Add("inbox.tls", "\"none\"")]), ["no-encryption"]);
    assert_eq!(codes(&[Edit::Add("inbox.every", "\"2h\"")]), ["bad-duration"]);
    assert_eq!(codes(&[Edit::Add("inbox.done_folder", "\"INBOX\"")]), ["same-folder"]);
    assert_eq!(codes(&[Edit::Add("inbox.folder", "\"a\\\"b\"")]), ["bad-folder"]);
    assert_eq!(codes(&[Edit::Add("inbox.folders", "\"INBOX\"")]), ["unknown-key"]);
}

#[test]
fn a_password_file_that_two_tables_name_is_told_once_with_both_places() {
    let whole = "[inbox]\nhost = \"imap.school.example\"\nusername = \"inbox@school.example\"\npassword_file = \"pw\"\n\
                 authentication = \"mx.school.example\"\n";
    let smtp = "kind = \"smtp\"\nhost = \"mail.school.example\"\nusername = \"inbox@school.example\"\npassword_file = \"pw\"\n\
                from = \"inbox@school.example\"\n";
    let files = Files::of(&[common::task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")]);
    files.fill("channel.email", smtp).append(whole);
    let lines: Vec<usize> = (1..)
        .zip(files.read("nhacviec.toml").lines())
        .filter(|(_, line)| line.contains("\"pw\""))
        .map(|(line, _)| line)
        .collect();
    let [first, second] = lines[..] else { panic!("{lines:?}") };
    let told = |open: &str| {
        let found: Vec<Value> = files.findings().into_iter().filter(|found| found["severity"] == "error").collect();
        assert_eq!((found.len(), found[0]["line"].as_u64()), (1, u64::try_from(first).ok()), "{found:?}");
        let message = found[0]["message"].as_str().unwrap();
        assert!(message.contains(open) && message.ends_with(&format!("(line {second} names it too)")), "{message}");
    };
    told("cannot read the file that `password_file` names");
    files.write("pw", "");
    told("others may read the secret");
    files.secret("pw", "");
    told("there is no secret");
    // Two files are two mistakes.
    files.set("inbox.password_file", "\"other\"");
    assert_eq!(files.findings().iter().filter(|found| found["code"] == "unreadable-secret").count(), 2);
}

#[test]
fn a_new_numbering_makes_nothing_count_twice() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    files.remove("inbox.done_folder");
    server.put(&Reply { to: &id, text: "60%", ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(server.seen(), [1]);
    {
        let mut state = server.state.lock().unwrap();
        state.validity = 8;
        let mail = state.mails[0].1.clone();
        state.mails = vec![(1, Reply { to: &id, text: "70%", ..Reply::default() }.bytes()), (2, mail)];
        state.next = 3;
    }
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(reports(&files), 2);
    assert_eq!(task(&files)["percent"], 70);
}

/// Changes the store behind the program's back: what a process leaves that dies between a server's answer and its record.
fn alter(files: &Files, statements: &[&str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut database = files.database().await;
        for statement in statements {
            // More than one in a text PostgreSQL takes only so.
            sqlx::raw_sql(sqlx::AssertSqlSafe(*statement)).execute(&mut database).await.unwrap();
        }
    });
}

#[test]
fn whoever_answers_a_message_has_it_whatever_is_known_of_its_way() {
    let waits = "UPDATE message SET state = 'queued'; UPDATE notice SET state = 'queued'";
    let ways: &[(&str, &[&str])] = &[
        ("handed over, and nothing recorded", &["DELETE FROM delivery", waits]),
        ("no answer yet", &["UPDATE delivery SET outcome = 'uncertain'", waits]),
        ("refused and there all the same", &["UPDATE delivery SET outcome = 'temporary'", waits]),
        (
            "no answer came, and its notices fell",
            &[
                "UPDATE delivery SET outcome = 'uncertain'; UPDATE message SET state = 'uncertain'",
                "UPDATE notice SET state = 'withdrawn', why = 'blocked', ended_at = decided_at + 86400000",
            ],
        ),
    ];
    for (way, statements) in ways {
        let server = ImapServer::start();
        let (files, id, _) = reminded(&server);
        alter(&files, statements);
        server.put(&Reply { to: &id, ..Reply::default() }.bytes());
        files.program(&["run", "--once"]).assert().success();
        assert_eq!((task(&files)["status"].as_str(), server.moved()), (Some("done"), vec![1]), "{way}");
    }
}

#[test]
fn what_was_withdrawn_before_a_message_went_out_is_not_what_its_answer_means() {
    let server = ImapServer::start();
    let files = begun_today();
    files.write(
        "plan.toml",
        &plan_begun_today(&[
            ("1.1", "Sơn lại tường rào", "Phó Hiệu trưởng"),
            ("1.2", "Mua sách cho thư viện", "Phó Hiệu trưởng"),
        ]),
    );
    files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(&server));
    files.secret("imap", PASSWORD);
    std::fs::create_dir(files.path("outbox")).unwrap();
    files.program(&["run", "--once"]).assert().success();
    let (id, _) = sent(&files).remove(0);
    let fall =
        "UPDATE notice SET state = 'withdrawn', why = 'closed', ended_at = decided_at - 60000 WHERE subject = '1.2'";
    alter(&files, &[fall]);
    server.put(&Reply { to: &id, ..Reply::default() }.bytes());
    files.program(&["run", "--once"]).assert().success();
    let all: Vec<Value> = files.lines(&["status"]).into_iter().filter(|line| line["type"] == "task").collect();
    let statuses: Vec<&str> = all.iter().map(|task| task["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["done", "not_started"]);
}

#[test]
fn without_a_mailbox_answers_go_to_the_admin_and_the_message_says_so() {
    let with_mailbox = |change: fn(&Files)| -> (String, String) {
        let server = ImapServer::start();
        let files = begun_today();
        files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(&server));
        files.secret("imap", PASSWORD);
        files.add("person.Quản trị.phone", "\"0203 812 345\"");
        change(&files);
        std::fs::create_dir(files.path("outbox")).unwrap();
        files.program(&["run", "--once"]).assert().success();
        let mail = mails(&files.path("outbox")).remove(0);
        let mail = MessageParser::default().parse(&mail).unwrap();
        let to = mail.reply_to().unwrap().first().unwrap().address().unwrap().to_owned();
        (to, mail.body_text(0).unwrap().into_owned())
    };
    let (to, text) = with_mailbox(|_| ());
    assert_eq!(to, "inbox@school.example");
    assert!(text.contains("trả lời thư này hoặc báo cho Quản trị. Chỉ cần một câu"), "{text}");
    let (to, text) = with_mailbox(|files| {
        files.remove("inbox");
    });
    assert_eq!(to, "quan-tri@school.example");
    let whom =
        "báo cho Quản trị (trả lời thư này hoặc viết đến quan-tri@school.example, gọi 0203 812 345). Chỉ cần một câu";
    assert!(text.replace("\r\n", " ").contains(whom), "{text}");
    let (to, _) = with_mailbox(|files| {
        files.remove("inbox");
        files.add("channel.email.reply_to", "\"van-thu@school.example\"");
    });
    assert_eq!(to, "van-thu@school.example");
}

/// A mail with a text and parts beside it, each with its head.
fn with_parts(id: &str, text: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let whole = Reply { to: id, text: "", more: "MIME-Version: 1.0\r\n", ..Reply::default() }.bytes();
    let whole = String::from_utf8(whole).unwrap();
    let head = whole.replace(
        "Content-Type: text/plain; charset=utf-8\r\n\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n",
    );
    let mut mail = head.into_bytes();
    mail.extend(format!("--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n").bytes());
    for (head, bytes) in parts {
        mail.extend(format!("--x\r\n{head}\r\n").bytes());
        if head.contains("base64") {
            use base64::Engine;
            mail.extend(base64::engine::general_purpose::STANDARD.encode(bytes).into_bytes());
        } else {
            mail.extend_from_slice(bytes);
        }
        mail.extend(b"\r\n");
    }
    mail.extend(b"--x--\r\n");
    mail
}

fn file_head(name: &str) -> String {
    format!(
        "Content-Type: application/octet-stream; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n"
    )
}

#[test]
fn evidence_is_documents_of_every_writer_addresses_of_drives_and_files_of_attached_mails() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let word = std::fs::read("tests/plans/libreoffice-two-line-headings.docx").unwrap();
    let plain = std::fs::read("tests/plans/tracked.docx").unwrap();
    let picture = common::web::PNG;
    let inner = with_parts("x@y.example", "Em gửi ảnh", &[(&file_head("anh-san-truong.png"), picture)]);
    let forwarded = "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"thu.eml\"\r\n";
    let text = "Đã xong. Minh chứng: https://drive.google.com/drive/folders/abc?usp=sharing\r\n";
    let parts: Vec<(String, &[u8])> = vec![
        (file_head("bien-ban.docx"), &word),
        (file_head("ke-hoach.docx"), &plain),
        (forwarded.to_owned(), &inner),
        (file_head("winmail.dat"), b"\x78\x9f\x3e\x22"),
    ];
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(head, bytes)| (head.as_str(), *bytes)).collect();
    server.put(&with_parts(&id, text, &parts));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["status"], "done");
    let listed = files.output(&["evidence", "list"]);
    for name in [
        "bien-ban.docx",
        "ke-hoach.docx",
        "anh-san-truong.png",
        "https://drive.google.com/drive/folders/abc?usp=sharing",
    ] {
        assert!(listed.contains(name), "{name}: {listed}");
    }
    let asked = sent(&files).into_iter().filter(|(_, subject)| subject.contains("Cần làm rõ")).count();
    assert_eq!(asked, 0, "nothing is asked for what only wraps the letter");
}

/// What Outlook wraps a letter with one file in.
fn wrapping(name: &str, content: &[u8]) -> Vec<u8> {
    let attribute = |id: u32, data: &[u8]| {
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        let length = u32::try_from(data.len()).unwrap();
        [&[2], &id.to_le_bytes()[..], &length.to_le_bytes(), data, &sum.to_le_bytes()].concat()
    };
    let rendering = [&[1, 0][..], &[0xff; 4], &[0; 8]].concat();
    let title = [name.as_bytes(), &[0]].concat();
    let parts = [attribute(0x0006_9002, &rendering), attribute(0x0001_8010, &title), attribute(0x0006_800f, content)];
    [&b"\x78\x9f\x3e\x22\x01\x00"[..], &parts.concat()].concat()
}

#[test]
fn files_that_outlook_has_wrapped_are_named_with_how_to_send_them_again() {
    let server = ImapServer::start();
    let (files, id, _) = reminded(&server);
    let wrapped = wrapping("bien-ban.docx", &vec![7; 60_000]);
    let head = "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n";
    server.put(&with_parts(&id, "Đã xong.\r\n", &[(head, &wrapped)]));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(task(&files)["status"], "done");
    let told = mails(&files.path("outbox")).iter().any(|mail| {
        let read = MessageParser::default().parse(mail).unwrap();
        let says = |text: &str| text.contains("winmail.dat (bien-ban.docx)") && text.contains("Format Text → HTML");
        read.body_text(0).is_some_and(|text| says(&text)) && read.body_html(0).is_some_and(|page| says(&page))
    });
    assert!(told, "{:?}", sent(&files));
}

#[test]
fn evidence_for_a_task_whose_number_has_a_slash_is_exported() {
    let files = begun_today();
    files.write("plan.toml", &plan_begun_today(&[("1.1/a", "Sơn lại tường rào", "Phó Hiệu trưởng")]));
    files.write("ảnh.txt", "minh chứng");
    let path = files.path("ảnh.txt");
    files.program(&["done", "1.1/a", "--evidence", path.to_str().unwrap()]).assert().success();
    let to = files.path("xuat");
    files.program(&["evidence", "export", to.to_str().unwrap()]).assert().success();
    let mut found = Vec::new();
    let mut folders = vec![to];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    assert!(found.iter().any(|name| name == "H1-1.1-a-01 ảnh.txt"), "{found:?}");
}
