//! What real mail servers say, each row of what people met with one: the channel `smtp` against a server that says it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::smtp::{Encryption, Seen, acceptor, config, due, send, sent, server, three_people};
use common::{Files, plan};
use futures_util::future::join_all;
use nhacviec::channel::{Failure, Pause};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const LOGIN: &str = "username = \"u\"\npassword_file = \"pw\"";
const PIPELINING: &str = "250-mail.example\r\n250-PIPELINING\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME";

/// A school that sends over the server at this port, with more keys of its channel and one task.
fn school(port: u16, more: &str) -> Files {
    let files = Files::new(&config(port, &format!("tls = \"none\"\n{more}")), &plan(&[due("1.1", "Phó Hiệu trưởng")]));
    files.secret("pw", "sesame-open");
    files
}

/// What becomes of one message, in a word: "sent", or what the failure is; and all that is said of it.
async fn outcome(files: &Files) -> (&'static str, String) {
    match sent(files).await.0 {
        Ok(receipt) => ("sent", receipt.answer.to_string()),
        Err(failure) => {
            let word = match &failure {
                Failure::Channel { pause: Pause::Tomorrow, .. } => "tomorrow",
                Failure::Recipient { .. } => "recipient",
                other => other.as_str(),
            };
            (word, failure.to_string())
        }
    }
}

/// What becomes of a message on a server that answers so, whether it takes one command at a time or a whole envelope,
/// and what the servers saw.
async fn outcomes(answers: &[(&'static str, &[u8])], more: &str) -> Vec<(&'static str, String, Seen)> {
    let mut outcomes = Vec::new();
    for offer in [None, Some(("EHLO", PIPELINING.as_bytes()))] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer(answers.iter().copied().chain(offer));
        let (word, said) = outcome(&school(port, more)).await;
        outcomes.push((word, said, seen));
    }
    outcomes
}

/// A row: what the server answers, what becomes of the message, and a word of what is said of that.
type Row<'a> = (&'a [(&'static str, &'a [u8])], &'static str, &'static str);

async fn assert_rows(rows: &[Row<'_>], more: &str) {
    for (answers, expected, word) in rows {
        let shown: Vec<_> = answers.iter().map(|(step, answer)| (step, String::from_utf8_lossy(answer))).collect();
        for (outcome, said, seen) in outcomes(answers, more).await {
            assert_eq!(outcome, *expected, "{shown:?}: {said}");
            assert!(said.contains(word), "{shown:?}: {said}");
            let taken = usize::from(matches!(*expected, "sent" | "uncertain"));
            assert!(seen.messages() >= taken, "{shown:?}");
        }
    }
}

#[tokio::test]
async fn codes_alone_lf_and_text_in_any_encoding_are_taken() {
    let rows: &[Row<'_>] = &[
        (&[("MAIL", b"250"), ("RCPT", b"250"), ("DATA", b"354"), ("message", b"250"), ("AUTH", b"235")], "sent", "250"),
        (&[("greeting", b"220"), ("MAIL", b"250\n"), ("RCPT", b"250\n"), ("DATA", b"354\n")], "sent", "250"),
        (&[("greeting", b"220 hello\n"), ("message", b"250-a\n250 queued\n")], "sent", "250 a queued"),
        (
            &[("greeting", b"220 xin ch\xe0o"), ("RCPT", b"250 \xff\xfe"), ("message", b"250 nh\xe2n")],
            "sent",
            "250 nh\u{fffd}n",
        ),
        (&[("AUTH", b"535 5.7.8 m\xe2t kh\xe2u sai")], "channel", "535 5.7.8 m\u{fffd}t"),
        (&[("RCPT", b"550 5.1.1 kh\xf4ng c\xf3")], "recipient", "550 5.1.1 kh\u{fffd}ng"),
    ];
    assert_rows(rows, LOGIN).await;
}

#[tokio::test]
async fn long_answers_are_read_to_their_end() {
    let lines = "250-a line of an answer that is long\r\n".repeat(149) + "250 queued";
    let line = format!("250 {}", "x".repeat(5000));
    let endless = "250-x\r\n".repeat(20_000);
    let cut = format!("250 {}", "x".repeat(70_000));
    let rows: &[Row<'_>] = &[
        (&[("message", lines.as_bytes())], "sent", "250 a line"),
        (&[("message", line.as_bytes()), ("MAIL", line.as_bytes())], "sent", "250 xxx"),
        (&[("RCPT", lines.as_bytes()), ("greeting", b"220-a\r\n220-b\r\n220 c")], "sent", "250"),
        (&[("message", cut.as_bytes())], "sent", "250 xxx"),
        (&[("message", endless.as_bytes())], "uncertain", "does not end"),
        (&[("RCPT", endless.as_bytes())], "temporary", "does not end"),
    ];
    assert_rows(rows, "").await;
}

#[tokio::test]
async fn of_lines_with_different_codes_the_last_counts() {
    let rows: &[Row<'_>] = &[
        (&[("greeting", b"220-mail.example\r\n521 we take no mail from you")], "channel", "521 we take no mail"),
        (&[("RCPT", b"250-wait\r\n550 5.1.1 no such user")], "recipient", "550 5.1.1 no such user"),
        (&[("message", b"550-wait\r\n250 queued")], "sent", "250 queued"),
    ];
    assert_rows(rows, "").await;
}

#[tokio::test]
async fn each_step_takes_its_own_codes_and_a_wrong_one_is_no_success() {
    let rows: &[Row<'_>] = &[
        (&[("message", b"354 go on")], "uncertain", "354 go on"),
        (&[("message", b"220 mail.example")], "uncertain", "220 mail.example"),
        (&[("message", b"251 somewhere")], "uncertain", "251 somewhere"),
        (&[("message", b"queued")], "uncertain", "queued"),
        (&[("message", b"cut")], "uncertain", "broke"),
        (&[("DATA", b"250 ok")], "temporary", "to DATA is none: 250 ok"),
        (&[("MAIL", b"354 go on")], "temporary", "to MAIL is none: 354"),
        (&[("RCPT", b"220 hello")], "temporary", "to RCPT is none: 220"),
        (&[("greeting", b"250 hello")], "temporary", "250 hello"),
        (&[("EHLO", b"220 hello")], "temporary", "220 hello"),
        (&[("greeting", b"SSH-2.0-OpenSSH_9.7")], "temporary", "SSH-2.0"),
    ];
    for (answers, expected, word) in rows {
        let (port, seen) = server(Encryption::None).await;
        seen.answer(answers.iter().copied());
        let (outcome, said) = outcome(&school(port, "")).await;
        assert_eq!(outcome, *expected, "{answers:?}: {said}");
        assert!(said.contains(word), "{answers:?}: {said}");
    }
}

#[tokio::test]
async fn whoever_says_more_than_asked_is_not_understood() {
    let rows: &[Row<'_>] = &[
        (&[("RCPT", b"250 ok\r\n250 ok")], "temporary", ""),
        (&[("greeting", b"220 hello\r\n250 ok")], "temporary", "more than it was asked"),
        (&[("DATA", b"354 go on\r\n250 queued")], "temporary", "more than it was asked"),
        (&[("MAIL", b"250 ok\r\n421 closing")], "temporary", ""),
    ];
    for (answers, expected, word) in rows {
        for (outcome, said, seen) in outcomes(answers, "").await {
            assert_eq!((outcome, seen.messages()), (*expected, 0), "{answers:?}: {said}");
            assert!(said.contains(word), "{answers:?}: {said}");
        }
    }
    // Where it comes behind the answer to a message, that message is sent, and the next goes over another connection.
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("message", "250 queued\r\n250 and more")]);
    let files = school(port, "connections = 1");
    let loaded = files.load();
    let channel = loaded.channels["email"].as_ref();
    for number in 0..3 {
        send(&loaded, channel, "Phó Hiệu trưởng", &format!("{number:032x}")).await.unwrap();
    }
    assert_eq!((seen.messages(), *seen.connections.lock().unwrap()), (3, 3));
}

#[tokio::test]
async fn one_ehlo_is_enough_and_helo_serves_where_it_is_not_known() {
    for (outcome, said, seen) in outcomes(&[], LOGIN).await {
        let commands = seen.commands();
        let greetings = commands.iter().filter(|command| command.starts_with("EHLO") || command.starts_with("HELO"));
        assert_eq!((outcome, greetings.count()), ("sent", 1), "{said}: {commands:?}");
    }
    for code in ["500 what?", "502 5.5.1 not implemented"] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("EHLO", code)]);
        let (outcome, said) = outcome(&school(port, "hello = \"may-chu.school.example\"")).await;
        let commands = seen.commands();
        assert_eq!(outcome, "sent", "{said}");
        assert_eq!(commands[..2], ["EHLO may-chu.school.example", "HELO may-chu.school.example"]);
        assert_eq!(commands[2], "MAIL FROM:<nhacviec@school.example>", "nothing is offered, so nothing is asked for");
    }
}

#[tokio::test]
async fn the_name_in_ehlo_is_the_machines_or_its_address() {
    let (port, seen) = server(Encryption::None).await;
    assert_eq!(outcome(&school(port, "")).await.0, "sent");
    let name = seen.commands()[0].strip_prefix("EHLO ").unwrap().to_owned();
    assert!(name == "[127.0.0.1]" || name.contains('.') && !name.contains("localhost"), "{name}");
}

#[tokio::test]
async fn offers_count_in_their_old_form_and_in_any_case() {
    let old = "250-mail.example\r\n250-AUTH=LOGIN PLAIN\r\n250 8BITMIME";
    let small = "250-mail.example\r\n250-auth login plain\r\n250-Size 10000000\r\n250 8bitmime";
    for (offer, mail) in
        [(old, "MAIL FROM:<nhacviec@school.example>"), (small, "MAIL FROM:<nhacviec@school.example> SIZE=")]
    {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("EHLO", offer)]);
        let (outcome, said) = outcome(&school(port, LOGIN)).await;
        let commands = seen.commands();
        assert_eq!(outcome, "sent", "{offer}: {said}");
        assert_eq!(commands[1], format!("AUTH PLAIN {}", BASE64.encode("\0u\0sesame-open")));
        assert!(commands[2].starts_with(mail), "{commands:?}");
    }
}

#[tokio::test]
async fn a_login_says_name_and_password_whatever_the_prompts_say() {
    let expected = ["AUTH LOGIN".to_owned(), BASE64.encode("u"), BASE64.encode("sesame-open")];
    for (first, second) in
        [("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"), ("334", "334"), ("334 ", "334 "), ("334 Who?", "334 \u{1F511}")]
    {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("EHLO", "250-mail.example\r\n250 AUTH LOGIN"), ("AUTH", first), ("prompt 1", second)]);
        let (outcome, said) = outcome(&school(port, LOGIN)).await;
        assert_eq!((outcome, &seen.commands()[1..4]), ("sent", expected.as_slice()), "{said}");
    }
    // One that asks for what it was told already.
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("AUTH", "334"), ("prompt 1", "235 welcome")]);
    assert_eq!(outcome(&school(port, LOGIN)).await.0, "sent");
}

#[tokio::test]
async fn a_way_to_log_in_that_is_offered_and_not_known_is_followed_by_the_next() {
    for refusal in ["504 5.5.4 Unrecognized authentication type", "502 what?"] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("AUTH PLAIN", refusal), ("AUTH LOGIN", "334 VXNlcm5hbWU6")]);
        assert_eq!(outcome(&school(port, LOGIN)).await.0, "sent", "{refusal}");
        let tried: Vec<String> = seen.commands().into_iter().filter(|command| command.starts_with("AUTH")).collect();
        assert_eq!(tried.len(), 2, "{tried:?}");
    }
    // A wrong password is as wrong in another form, and costs a try.
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("AUTH", "535 5.7.8 no")]);
    assert_eq!(outcome(&school(port, LOGIN)).await.0, "channel");
    assert_eq!(seen.commands().iter().filter(|command| command.starts_with("AUTH")).count(), 1);
}

#[tokio::test]
async fn a_server_that_takes_so_many_messages_of_a_conversation_gets_the_others_over_new_ones() {
    for offer in ["250 8BITMIME", PIPELINING] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("EHLO", offer)]);
        *seen.takes.lock().unwrap() = Some(2);
        let files = school(port, "connections = 1");
        let loaded = files.load();
        let channel = Arc::clone(&loaded.channels["email"]);
        let ids: Vec<String> = (0..7).map(|number| format!("{number:032x}")).collect();
        let all = join_all(ids.iter().map(|id| send(&loaded, channel.as_ref(), "Phó Hiệu trưởng", id))).await;
        assert!(all.iter().all(Result::is_ok), "{offer}: {all:?}");
        assert_eq!((seen.messages(), *seen.connections.lock().unwrap()), (7, 4), "{offer}");
    }
    // One that refuses the sender of the first message refuses the sender.
    let (port, seen) = server(Encryption::None).await;
    *seen.takes.lock().unwrap() = Some(0);
    assert_eq!(outcome(&school(port, "")).await.0, "channel");
    assert_eq!(*seen.connections.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_server_that_lets_nobody_in_this_way_says_what_it_offers() {
    let ntlm = b"250-mail.example\r\n250-AUTH NTLM GSSAPI\r\n250 8BITMIME";
    let none = b"250-mail.example\r\n250 8BITMIME";
    let tls = b"250-mail.example\r\n250 STARTTLS";
    let tokens = b"250-mail.example\r\n250 AUTH XOAUTH2";
    let rows: [(&[u8], &str, &str); 5] = [
        (ntlm, "the server offers GSSAPI and NTLM; we know PLAIN, LOGIN and XOAUTH2", "`host`"),
        (none, "the server offers no login", "587"),
        (tls, "the server offers no login", "tls = \"starttls\""),
        (tokens, "the server offers XOAUTH2; we know", "`oauth`"),
        (b"502 what?", "the server offers no login", "`username`"),
    ];
    for (offer, reason, advice) in rows {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("EHLO", offer)]);
        let (outcome, said) = outcome(&school(port, LOGIN)).await;
        assert_eq!(outcome, "channel", "{said}");
        assert!(said.contains(reason) && said.contains(advice), "{said}");
        assert_eq!(seen.commands().last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn what_was_said_to_log_in_is_struck_out_of_every_answer() {
    let line = BASE64.encode("\0u\0sesame-open");
    let answers = [
        ("AUTH", format!("535 5.7.8 cannot do: AUTH PLAIN {line}")),
        ("AUTH", format!("535-5.7.8 {}\r\n535 5.7.8 password sesame-open", &line[..15])),
        ("AUTH", format!("AUTH PLAIN {line}: what?")),
        ("AUTH", format!("454 {}", line.to_uppercase())),
        ("RCPT", "550 5.1.1 sesame-open has no mailbox".to_owned()),
        ("message", "250 queued for SESAME-OPEN".to_owned()),
    ];
    for (step, answer) in answers {
        for (_, said, _) in outcomes(&[(step, answer.as_bytes())], LOGIN).await {
            let small = said.to_lowercase();
            assert!(said.contains("(secret)"), "{said}");
            assert!(!small.contains("sesame") && !small.contains(&line.to_lowercase()[..12]), "{said}");
        }
    }
}

#[tokio::test]
async fn a_conversation_ends_with_quit_and_nothing_depends_on_its_answer() {
    for answer in ["221 bye", "reset", "cut", "500 what?"] {
        for (outcome, said, seen) in outcomes(&[("QUIT", answer.as_bytes())], "").await {
            assert_eq!((outcome, seen.messages()), ("sent", 1), "{answer}: {said}");
            assert_eq!(seen.commands().last().unwrap(), "QUIT", "{answer}");
        }
    }
    for (step, answer) in
        [("RCPT", "550 5.1.1 no such user"), ("MAIL", "553 5.7.1 no"), ("message", "554 5.6.0 no"), ("AUTH", "535 no")]
    {
        for (outcome, said, seen) in outcomes(&[(step, answer.as_bytes())], LOGIN).await {
            assert_ne!(outcome, "sent");
            assert_eq!(seen.commands().last().unwrap(), "QUIT", "{step} {answer}: {said}");
        }
    }
    // Who waits for a message although the recipient was refused is not told anything that it could take for one.
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("EHLO", PIPELINING), ("RCPT", "550 5.1.1 no"), ("DATA", "354 go on")]);
    assert_eq!(outcome(&school(port, "")).await.0, "recipient");
    assert_eq!(seen.commands().last().unwrap(), "DATA");
}

#[tokio::test]
async fn addresses_go_out_as_the_server_understands_them() {
    let with = |address: &str, port: u16| {
        let files = school(port, "");
        files.set("person.Phó Hiệu trưởng.email", &format!("{address:?}"));
        files
    };
    let utf8 = "250-mail.example\r\n250-SMTPUTF8\r\n250 8BITMIME";
    let (port, seen) = server(Encryption::None).await;
    let (outcome_, said) = outcome(&with("co.lan@trường.example", port)).await;
    assert_eq!(outcome_, "sent", "{said}");
    assert!(
        seen.commands().contains(&"RCPT TO:<co.lan@xn--trng-rib8295b.example>".to_owned()),
        "{:?}",
        seen.commands()
    );
    let message = seen.messages.lock().unwrap()[0].clone();
    assert!(message.is_ascii() && message.contains("co.lan@xn--trng-rib8295b.example"), "{message}");

    let files = with("cô.lan@trường.example", port);
    let (outcome_, said) = outcome(&files).await;
    assert_eq!((outcome_, seen.messages()), ("recipient", 1), "{said}");
    assert!(said.contains("SMTPUTF8"), "{said}");
    let checked = String::from_utf8(files.program(&["check"]).output().unwrap().stdout).unwrap();
    assert!(checked.contains("few mail servers carry mail for `cô.lan@trường.example`"), "{checked}");
    seen.answer([("EHLO", utf8)]);
    let (outcome_, said) = outcome(&files).await;
    assert_eq!((outcome_, seen.messages()), ("sent", 2), "{said}");
    let commands = seen.commands();
    assert!(
        commands.iter().any(|command| command.starts_with("MAIL") && command.ends_with(" SMTPUTF8")),
        "{commands:?}"
    );
    assert!(commands.contains(&"RCPT TO:<cô.lan@xn--trng-rib8295b.example>".to_owned()), "{commands:?}");
}

#[tokio::test]
async fn a_message_that_is_too_large_is_not_begun() {
    let small = "250-mail.example\r\n250-SIZE 1000\r\n250 8BITMIME";
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("EHLO", small)]);
    let (outcome, said) = outcome(&school(port, "")).await;
    assert_eq!((outcome, seen.messages()), ("message", 0), "{said}");
    assert!(said.contains("the server takes 1000"), "{said}");
    assert!(!seen.commands().iter().any(|command| command.starts_with("MAIL")));
}

#[tokio::test]
async fn the_sender_has_the_name_that_is_written() {
    let (port, seen) = server(Encryption::None).await;
    let files = school(port, "from = \"Nhắc việc <nhacviec@trường.example>\"");
    let (outcome, said) = outcome(&files).await;
    assert_eq!(outcome, "sent", "{said}");
    assert!(seen.commands().contains(&"MAIL FROM:<nhacviec@xn--trng-rib8295b.example>".to_owned()));
    let message = seen.messages.lock().unwrap()[0].clone();
    let mail = mail_parser::MessageParser::default().parse(&message).unwrap();
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("Nhắc việc"), Some("nhacviec@xn--trng-rib8295b.example")));
}

/// A school that sends to localhost with this kind of encryption.
fn encrypted(port: u16, tls: &str, more: &str) -> Files {
    let text = config(port, &format!("tls = \"{tls}\"\n{LOGIN}\n{more}"));
    let files = Files::new(&text, &plan(&[due("1.1", "Phó Hiệu trưởng")]));
    files.set("channel.email.host", "\"localhost\"");
    files.secret("pw", "sesame-open");
    files
}

#[tokio::test]
async fn a_certificate_that_signs_itself_is_trusted_where_the_admin_says_so() {
    let params = |name: &str, is_authority: bool| {
        let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        if is_authority {
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        params
    };
    let authority = Files::new("", "");
    for (name, is_authority) in [("localhost", true), ("localhost", false), ("mail.school.example", true)] {
        let acceptor = acceptor(&authority, &params(name, is_authority));
        for tls in ["tls", "starttls"] {
            let encryption =
                if tls == "tls" { Encryption::Tls(acceptor.clone()) } else { Encryption::StartTls(acceptor.clone()) };
            let (port, seen) = server(encryption).await;
            let (word, said) = outcome(&encrypted(port, tls, "")).await;
            assert_eq!((word, seen.messages()), ("channel", 0), "{said}");
            assert!(said.contains("certificate") && (said.contains("ca_file") || name != "localhost"), "{said}");
            let files = encrypted(port, tls, "ca_file = \"ca.pem\"");
            files.write("ca.pem", &authority.read("ca.pem"));
            let (word, said) = outcome(&files).await;
            assert_eq!((word, seen.messages()), ("sent", 1), "{said}");
        }
    }
    // Another's certificate helps nobody.
    let (port, seen) = server(Encryption::Tls(acceptor(&authority, &params("localhost", true)))).await;
    let files = encrypted(port, "tls", "ca_file = \"ca.pem\"");
    acceptor(&files, &params("localhost", true));
    assert_eq!((outcome(&files).await.0, seen.messages()), ("channel", 0));
}

#[tokio::test]
async fn words_put_into_the_servers_mouth_before_encryption_are_not_taken() {
    let authority = Files::new("", "");
    let acceptor = acceptor(&authority, &rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap());
    let (port, seen) = server(Encryption::StartTls(acceptor)).await;
    seen.answer([("STARTTLS", "220 go\r\n250-mail.example\r\n250 AUTH PLAIN")]);
    let files = encrypted(port, "starttls", "ca_file = \"ca.pem\"");
    files.write("ca.pem", &authority.read("ca.pem"));
    let (word, said) = outcome(&files).await;
    assert_eq!((word, seen.messages()), ("temporary", 0), "{said}");
    assert!(said.contains("more than it was asked"), "{said}");
}

#[tokio::test]
async fn refusals_are_about_what_the_table_says() {
    let rows: &[Row<'_>] = &[
        (&[("greeting", b"554 5.7.1 no service")], "channel", "ask those who run it"),
        (&[("greeting", b"450 4.3.2 later")], "temporary", ""),
        (&[("EHLO", b"504 5.5.2 Helo command rejected: need fully-qualified hostname")], "channel", "`hello`"),
        (&[("EHLO", b"550 HELO is not your name")], "channel", "`hello`"),
        (
            &[("AUTH", b"535 5.7.139 Authentication unsuccessful, basic authentication is disabled")],
            "channel",
            "OAuth 2.0",
        ),
        (&[("AUTH", b"534 5.7.9 Application-specific password required")], "channel", "app password"),
        (&[("MAIL", b"530 5.7.0 Must issue a STARTTLS command first")], "channel", "tls = \"starttls\""),
        (&[("MAIL", b"553 5.7.1 Sender address rejected: not owned by user u")], "channel", "`username`"),
        (&[("MAIL", b"552 5.3.4 Message size exceeds fixed limit")], "message", ""),
        (&[("RCPT", b"550 5.1.0 <a@b.example>: Sender address rejected: User unknown")], "channel", "`from`"),
        (&[("RCPT", b"550 5.4.1 Recipient address rejected: Access denied")], "recipient", ""),
        (&[("RCPT", b"550 no such user here")], "recipient", ""),
        (&[("RCPT", b"554 5.7.1 Service unavailable; blocked using zen.spamhaus.org")], "channel", "distrusts"),
        (&[("RCPT", b"550 5.4.5 Daily user sending limit exceeded")], "tomorrow", "`per_day`"),
        (&[("RCPT", b"550 5.7.1 policy")], "unknown", ""),
        (&[("message", b"554 5.7.1 Relay access denied")], "channel", "`username`"),
        (&[("message", b"550 5.7.60 not allowed to send as this sender")], "channel", "`from`"),
        (&[("message", b"554 5.6.0 content")], "message", ""),
        (&[("message", b"554 5.7.1 spam")], "unknown", ""),
        (&[("message", b"452 4.3.1 full")], "temporary", ""),
    ];
    assert_rows(rows, LOGIN).await;
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_for_all_messages() {
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("AUTH", "535 5.7.8 no")]);
    let files = Files::new(&config(port, &format!("tls = \"none\"\n{LOGIN}")), &three_people());
    files.secret("pw", "sesame-open");
    let loaded = files.load();
    let channel = loaded.channels["email"].as_ref();
    let ids: Vec<String> = (0..20).map(|number| format!("{number:032x}")).collect();
    let all = join_all(ids.iter().map(|id| send(&loaded, channel, "Tổ trưởng", id))).await;
    assert!(all.iter().all(|result| matches!(result, Err(Failure::Channel { .. }))));
    assert_eq!(seen.commands().iter().filter(|command| command.starts_with("AUTH")).count(), 1);
}

/// A server that offers to take several commands at once, and hears only the first of what comes at once; its port, and where
/// it counts messages.
async fn hard_of_hearing() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, messages) = (listener.local_addr().unwrap().port(), Arc::<AtomicUsize>::default());
    let taken = Arc::clone(&messages);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"220 mail.example\r\n").await.unwrap();
            let (mut bytes, mut in_message) = (vec![0; 1 << 16], false);
            while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                let said = &bytes[..count];
                let answer = match said.get(..4).unwrap_or_default() {
                    _ if in_message && !said.ends_with(b"\r\n.\r\n") => continue,
                    _ if in_message => {
                        taken.fetch_add(1, Ordering::Relaxed);
                        in_message = false;
                        "250 queued"
                    }
                    b"EHLO" => PIPELINING,
                    b"DATA" => {
                        in_message = true;
                        "354 go on"
                    }
                    _ => "250 ok",
                };
                if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (port, messages)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hears_one_command_at_a_time_is_told_them_one_by_one() {
    let (port, messages) = hard_of_hearing().await;
    let files = school(port, "");
    let loaded = files.load();
    let channel = Arc::clone(&loaded.channels["email"]);
    let send = |number: u8| {
        let id = format!("{number:032x}");
        let (loaded, channel) = (&loaded, channel.as_ref());
        async move { send(loaded, channel, "Phó Hiệu trưởng", &id).await }
    };
    let first = send(1).await;
    assert!(
        matches!(&first, Err(Failure::Temporary { reason, .. }) if reason.to_string().contains("RCPT in time")),
        "{first:?}"
    );
    for number in 1..4 {
        send(number).await.unwrap();
    }
    assert_eq!(messages.load(Ordering::Relaxed), 3);
}

/// Carries bytes to and from a server, each way so much later. Time is virtual.
async fn delayed(port: u16, delay: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            for (mut from, mut to) in [(from_client, to_server), (from_server, to_client)] {
                tokio::spawn(async move {
                    let mut bytes = vec![0; 1 << 16];
                    while let Ok(count @ 1..) = from.read(&mut bytes).await {
                        tokio::time::sleep(delay).await; // of virtual time
                        if to.write_all(&bytes[..count]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        }
    });
    own
}

/// How many times bytes travel between both sides for so many messages over one connection, one behind the other.
async fn journeys(offer: &str, messages: u32, acceptance: Duration) -> u128 {
    let delay = Duration::from_millis(30);
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("EHLO", offer)]);
    *seen.acceptance.lock().unwrap() = acceptance;
    let files = school(delayed(port, delay).await, "connections = 1");
    let loaded = files.load();
    let channel = Arc::clone(&loaded.channels["email"]);
    let ids: Vec<String> = (0..messages).map(|number| format!("{number:032x}")).collect();
    let start = tokio::time::Instant::now();
    let all = join_all(ids.iter().map(|id| send(&loaded, channel.as_ref(), "Phó Hiệu trưởng", id))).await;
    let took = start.elapsed().saturating_sub(acceptance * messages);
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!((seen.messages(), *seen.connections.lock().unwrap()), (ids.len(), 1));
    took.as_millis() / delay.as_millis()
}

#[tokio::test(start_paused = true)]
async fn a_message_takes_one_round_trip_where_the_server_is_quick_and_two_at_most_where_it_pipelines() {
    // The greeting comes, and EHLO goes there and back.
    let opening = 3;
    // At first it is not known how quick the server is: two messages take two round trips.
    assert_eq!(journeys(PIPELINING, 20, Duration::ZERO).await, opening + 2 * (2 + 20));
    assert_eq!(journeys(PIPELINING, 20, Duration::from_secs(3)).await, opening + 2 * 2 * 20);
    assert_eq!(journeys("250 8BITMIME", 20, Duration::ZERO).await, opening + 2 * 4 * 20);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_lost_takes_no_other_with_it() {
    // The message that was on its way is uncertain; the one whose envelope went out with it goes over another connection.
    for (answer, expected) in [
        ("cut", "uncertain"),
        ("354 what?", "uncertain"),
        ("354 what?\r\n250 queued", "uncertain"),
        ("421 closing", "temporary"),
        ("554 5.6.0 no", "message"),
    ] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([("EHLO", PIPELINING)]);
        let files = school(port, "connections = 1");
        let loaded = files.load();
        let channel = Arc::clone(&loaded.channels["email"]);
        send(&loaded, channel.as_ref(), "Phó Hiệu trưởng", &format!("{:032x}", 1)).await.unwrap();
        seen.answer([("EHLO", PIPELINING), ("message", answer)]);
        *seen.acceptance.lock().unwrap() = Duration::from_millis(50);
        let (first, second) = (format!("{:032x}", 2), format!("{:032x}", 3));
        let first = send(&loaded, channel.as_ref(), "Phó Hiệu trưởng", &first);
        let second = send(&loaded, channel.as_ref(), "Thanh tra", &second);
        // Between the answer to the one and that to the other.
        let agree = async {
            while seen.messages() < 2 {
                tokio::task::yield_now().await;
            }
            tokio::time::sleep(Duration::from_millis(75)).await; // of virtual time
            seen.answer([("EHLO", PIPELINING)]);
        };
        let (first, second, ()) = tokio::join!(first, second, agree);
        assert_eq!(first.unwrap_err().as_str(), expected, "{answer}");
        assert!(second.is_ok(), "{answer}: {second:?}");
        let arrived = seen.messages.lock().unwrap().iter().filter(|mail| mail.contains("thanh-tra@")).count();
        assert_eq!(arrived, 1, "{answer}");
    }
}

#[test]
fn mistakes_of_the_keys_are_told() {
    let said = |more: &str| {
        let files = school(25, more);
        files.write("empty.pem", "");
        String::from_utf8(files.program(&["check"]).output().unwrap().stdout).unwrap()
    };
    for (more, word) in [
        ("hello = \"máy chủ\"", "no full name of a machine"),
        ("hello = \"mail\"", "no full name of a machine"),
        ("ca_file = \"nowhere.pem\"", "cannot read"),
        ("ca_file = \"empty.pem\"", "there is no certificate to trust"),
        ("ca_file = \"plan.toml\"", "there is no certificate to trust"),
        ("from = \"Nhắc việc <nhacviec>\"", "is no address of electronic mail"),
    ] {
        assert!(said(more).contains(word), "{more}: {}", said(more));
    }
    for fine in
        ["hello = \"mail.school.example\"", "hello = \"[192.0.2.1]\"", "from = \"Nhắc việc <a@school.example>\""]
    {
        assert!(!said(fine).contains("error"), "{fine}: {}", said(fine));
    }
}

/// What a server might say at once: the right thing, something else, or rubbish.
fn speech() -> impl Strategy<Value = Vec<u8>> {
    let known = proptest::sample::select(vec![
        "220 mail.example\r\n",
        "250 ok\r\n",
        "250-mail.example\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n",
        "235 welcome\r\n",
        "334 \r\n",
        "354 go on\r\n",
        "250 ok\r\n250 ok\r\n354 go on\r\n",
        "450 4.2.0 later\r\n",
        "550 5.1.1 no\r\n",
        "421 bye\r\n",
        "250-",
        "\r\n",
    ]);
    prop_oneof![
        8 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..300),
        1 => (1_usize..200_000).prop_map(|count| b"250-".iter().copied().cycle().take(count).collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn whatever_a_server_says_there_is_a_verdict(
        opening in proptest::bool::ANY, speeches in proptest::collection::vec(speech(), 0..10), logs_in in proptest::bool::ANY,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let (verdict, said_354) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            // Most of them begin well, so that later steps are reached.
            let opened: &[&[u8]] = if opening { &[b"220 mail.example\r\n", b"250 mail.example\r\n"] } else { &[] };
            let all: Vec<Vec<u8>> = opened.iter().map(|words| words.to_vec()).chain(speeches).collect();
            let said_354 = all.iter().any(|words| words.windows(3).any(|code| code == b"354"));
            tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                for words in all {
                    // Whoever is gone hears nothing.
                    if stream.write_all(&words).await.is_err() || stream.read(&mut [0; 4096]).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
            });
            let files = school(port, if logs_in { LOGIN } else { "" });
            (outcome(&files).await, said_354)
        });
        prop_assert!(!verdict.1.is_empty() && verdict.1.len() < 4000, "{:?}", verdict);
        // Nobody has a message that was not asked for.
        prop_assert!(said_354 || !matches!(verdict.0, "sent" | "uncertain"), "{:?}", verdict);
    }
}
