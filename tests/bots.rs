//! The channels `telegram`, `zalo` and `matrix` against a scripted server, and the commands that set a channel up.
#![allow(clippy::unwrap_used)]

mod common;

use common::http::{Server, answer, header};
use common::settings::Edit;
use common::spoken::{alike, said};
use common::{Files, MORNING, task};
use serde_json::Value;

const TOKEN: &str = "123:sesame";

/// A school whose deputy is told by a bot of this kind, in a chat of this id where there is one.
fn school(kind: &str, port: u16, chat: Option<&str>) -> Files {
    let files = Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")]);
    files
        .append(&format!(
            "[channel.bot]\nkind = \"{kind}\"\nurl = \"http://127.0.0.1:{port}\"\ntoken_file = \"token\"\n"
        ))
        .add("person.Phó Hiệu trưởng.via", "[\"bot\"]");
    if let Some(chat) = chat {
        files.add("person.Phó Hiệu trưởng.chat", &format!("{{ bot = {chat} }}"));
    }
    files.secret("token", &format!("{TOKEN}\n"));
    files
}

#[tokio::test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
async fn what_each_service_answers_is_read_as_it_means_it() {
    let ok = "{\"ok\":true,\"result\":{\"message_id\":\"7\"}}";
    let not = |code: u16| format!("{{\"ok\":false,\"error_code\":{code},\"description\":\"no\"}}");
    let matrix = |code: &str| format!("{{\"errcode\":\"{code}\",\"error\":\"no\"}}");
    let cases = [
        ("telegram", answer("200 OK", "", ok), "sent"),
        ("telegram", answer("400 Bad Request", "", &not(400)), "permanent"),
        ("telegram", answer("401 Unauthorized", "", &not(401)), "channel"),
        ("telegram", answer("403 Forbidden", "", &not(403)), "permanent"),
        ("telegram", answer("404 Not Found", "", &not(404)), "channel"),
        (
            "telegram",
            answer(
                "429 Too Many Requests",
                "",
                "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests\",\"parameters\":{\"retry_after\":1800}}",
            ),
            "30 min",
        ),
        // Providers that block a service answer in its place.
        ("telegram", answer("200 OK", "", "<html>Trang này bị chặn</html>"), "channel"),
        ("telegram", answer("200 OK", "", ""), "channel"),
        ("telegram", answer("200 OK", "", "{\"result\":{}}"), "channel"),
        ("telegram", "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"ok\":tr".to_owned(), "uncertain"),
        ("telegram", answer("502 Bad Gateway", "", "<html></html>"), "temporary"),
        ("zalo", answer("200 OK", "", ok), "sent"),
        ("zalo", answer("200 OK", "", &not(400)), "permanent"),
        ("zalo", answer("200 OK", "", &not(401)), "channel"),
        ("zalo", answer("200 OK", "", &not(500)), "temporary"),
        ("zalo", answer("200 OK", "", "<html>Trang này bị chặn</html>"), "channel"),
        ("zalo", String::new(), "uncertain"),
        (
            "telegram",
            answer("200 OK", "", "{\"ok\":false,\"error_code\":404,\"description\":\"no /bot123:sesame/sendMessage\"}"),
            "channel",
        ),
        ("matrix", answer("200 OK", "", "{\"event_id\":\"$1\"}"), "sent"),
        ("matrix", answer("200 OK", "", "welcome"), "channel"),
        ("matrix", answer("401 Unauthorized", "", &matrix("M_UNKNOWN_TOKEN")), "channel"),
        ("matrix", answer("403 Forbidden", "", &matrix("M_FORBIDDEN")), "permanent"),
        (
            "matrix",
            answer("429 Too Many", "", "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":1800000}"),
            "30 min",
        ),
        ("matrix", answer("200 OK", "", "<html>Trang này bị chặn</html>"), "channel"),
        ("matrix", answer("200 OK", "", "{}"), "channel"),
        ("matrix", answer("413 Too Large", "", &matrix("M_TOO_LARGE")), "message"),
        ("matrix", "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"event".to_owned(), "temporary"),
        // The same transaction again does no harm, so nothing is uncertain.
        ("matrix", String::new(), "temporary"),
    ];
    for (kind, text, expected) in cases {
        let server = Server::start(&text).await;
        let files = school(kind, server.port, Some("\"!room:school.example\""));
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        let pass = daemon.pass(&mut ()).await.unwrap();
        let requests = server.requests();
        let (head, body) = &requests[0];
        let body = String::from_utf8(body.clone()).unwrap();
        assert!(body.contains("Việc 1.1"), "{kind}: {body}");
        if kind == "matrix" {
            let path = "put /_matrix/client/v3/rooms/!room:school.example/send/m.room.message/";
            assert!(head.starts_with(path), "{head}");
            assert_eq!(header(head, "authorization"), Some("bearer 123:sesame"));
        } else {
            assert!(head.starts_with("post /bot123:sesame/sendmessage http/1.1"), "{head}");
            let form: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(form["chat_id"], "!room:school.example");
        }
        match expected {
            "sent" => assert_eq!(pass.sent, 1, "{kind}: {text}"),
            "30 min" => {
                clock.set("2023-11-23T07:29:59+07:00".parse().unwrap());
                assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 0, "{kind}: {text}");
                let good = if kind == "matrix" { "{\"event_id\":\"$1\"}" } else { ok };
                server.answers(&answer("200 OK", "", good));
                clock.set("2023-11-23T07:30:00+07:00".parse().unwrap());
                assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1, "{kind}: {text}");
                let requests = server.requests();
                assert!(kind != "matrix" || requests[0].0.lines().next() == requests[1].0.lines().next());
            }
            _ => {
                let message = &daemon.store().unfinished(daemon.scope()).await.unwrap()[0];
                let attempts = daemon.store().attempts(daemon.scope(), &message.id).await.unwrap();
                assert_eq!(attempts[0].outcome.as_str(), expected, "{kind}: {text}");
                let answer = attempts[0].answer.to_string();
                assert!(!answer.contains("sesame"), "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn a_room_of_the_channel_is_for_those_without_a_chat_of_their_own() {
    let server = Server::start(&answer("200 OK", "", "{\"ok\":true,\"result\":{}}")).await;
    let files = school("telegram", server.port, None);
    files.add("channel.bot.chat", "-100123");
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1);
    let form: Value = serde_json::from_slice(&server.requests()[0].1).unwrap();
    assert_eq!(form["chat_id"], "-100123");
    // Others read along, so it says whom it is for.
    assert!(form["text"].as_str().unwrap().starts_with("<b>Phó Hiệu trưởng: "), "{form}");
}

#[tokio::test]
async fn a_proxy_is_used_where_one_is_named() {
    let server = Server::start(&answer("200 OK", "", "{\"ok\":true,\"result\":{}}")).await;
    let files = school("telegram", 9, Some("5"));
    files.add("channel.bot.proxy", &format!("\"http://127.0.0.1:{}\"", server.port));
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1);
    assert!(server.requests()[0].0.starts_with("post http://127.0.0.1:9/bot123:sesame/sendmessage http/1.1"));
}

#[test]
fn mistakes_of_a_bot_are_told_with_what_to_do() {
    let told = |edits: &[Edit<'_>]| -> Vec<(String, String)> {
        let files = school("zalo", 9, Some("\"5\""));
        files.change(edits);
        let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        files
            .findings()
            .into_iter()
            .map(|line: Value| (word(&line, "code"), format!("{} {}", word(&line, "message"), word(&line, "help"))))
            .filter(|(code, _)| code != "never-told")
            .collect()
    };
    let config = |edits: &[Edit<'_>]| {
        let told = told(edits);
        assert_eq!(told.len(), 1, "{told:?}");
        told[0].clone()
    };
    assert_eq!(told(&[]), []);
    let (code, text) = config(&[Edit::Remove("person.Phó Hiệu trưởng.chat")]);
    assert!(code == "missing-address" && text.contains("`nhacviec channel pair bot`"), "{text}");
    let (code, text) = config(&[Edit::Add("person.Phó Hiệu trưởng.chat.bat", "\"6\"")]);
    assert!(code == "unknown-channel" && text.contains("did you mean `bot`?"), "{text}");
    let (code, text) = config(&[Edit::Remove("channel.bot.token_file")]);
    assert!(code == "missing-key" && text.contains("token_file"), "{text}");
    let (code, _) = config(&[Edit::Set("channel.bot.url", "\"http://zalo.example\"")]);
    assert_eq!(code, "bad-url");
    let (code, _) = config(&[Edit::Remove("channel.bot.url"), Edit::Add("channel.bot.proxy", "\"not an address\"")]);
    assert_eq!(code, "bad-url");
}

#[tokio::test(flavor = "multi_thread")]
async fn pairing_shows_who_wrote_to_the_bot() {
    let news = "{\"ok\":true,\"result\":{\"event_name\":\"message.text.received\",\"message\":{\"text\":\"chào\",\
                \"from\":{\"id\":\"6ede\",\"display_name\":\"Hương\"},\"chat\":{\"id\":\"6ede\"}}}}";
    let server = Server::start(&answer("200 OK", "", news)).await;
    let files = school("zalo", server.port, Some("\"5\""));
    assert_eq!(files.output(&["channel", "pair", "bot"]), "chat = { bot = \"6ede\" }  # Hương: chào\n");
    assert_eq!(files.lines(&["channel", "pair", "bot"])[0]["chat"], "6ede");
    assert!(server.requests()[0].0.starts_with("post /bot123:sesame/getupdates"));
    let [english, vietnamese] = ["en", "vi"].map(|language| said(&files, language, &["channel", "pair", "bot"]));
    assert_eq!(alike(&english, &vietnamese, "chat bot Hương chào person group via"), [] as [String; 0], "{vietnamese}");
    assert_eq!(
        vietnamese,
        "$ nhacviec channel pair bot\nchat = { bot = \"6ede\" }  # Hương: chào\n\
         Bây giờ nhắn cho bot một chữ, từ tài khoản của người hoặc trong nhóm cần được báo. Chờ 120 giây …\n\
         Chép dòng này vào [[person]] hoặc [[group]] của người hay nhóm ấy, và ghi `bot` vào `via`.\n\n"
    );
    server.answers(&answer("200 OK", "", "{\"ok\":false,\"error_code\":401,\"description\":\"no\"}"));
    let failed = files.program(&["channel", "pair", "bot"]).assert().code(1).get_output().stderr.clone();
    let failed = String::from_utf8(failed).unwrap();
    assert!(failed.contains("put the right one into `token_file`") && !failed.contains("sesame"), "{failed}");
    let failed = files.program(&["channel", "pair", "email"]).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8(failed).unwrap().contains("nothing to pair"));
    server.answers(&answer("200 OK", "", "{\"ok\":true,\"result\":[]}"));
    // The shortest wait that the command knows: the bot has no news in it.
    files.program(&["channel", "pair", "bot", "--wait", "1"]).assert().code(1).stdout("");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_shows_the_answer_and_what_to_do() {
    let server = Server::start(&answer("200 OK", "", "{\"ok\":true,\"result\":{\"message_id\":\"7\"}}")).await;
    let files = school("zalo", server.port, Some("\"5\""));
    let sent = files.output(&["send-test", "--to", "Chuyên môn", "--channel", "email"]);
    let shown: Vec<&str> = sent.lines().filter(|line| !line.starts_with("  ")).collect();
    assert_eq!(
        shown,
        [
            "Phó Hiệu trưởng (pho@school.example) over email: sent",
            "Tổ trưởng (to-truong@school.example) over email: sent"
        ]
    );
    let mails: Vec<_> = std::fs::read_dir(files.path("outbox")).unwrap().collect();
    assert_eq!(mails.len(), 2);
    let line = &files.lines(&["send-test", "--to", "Phó Hiệu trưởng"])[0];
    assert_eq!((line["channel"].as_str(), line["outcome"].as_str()), (Some("bot"), Some("sent")));
    assert!(line["answer"].as_str().unwrap().contains("message_id"));
    let body = String::from_utf8(server.requests()[0].1.clone()).unwrap();
    assert!(body.contains("thư thử"), "{body}");
    server.answers(&answer("200 OK", "", "{\"ok\":false,\"error_code\":401,\"description\":\"no\"}"));
    let failed = files.program(&["send-test", "--to", "Phó Hiệu trưởng"]).assert().code(1).get_output().stdout.clone();
    insta::assert_snapshot!(String::from_utf8(failed).unwrap());
    let stranger = files.output(&["send-test", "--to", "ai-do@school.example", "--channel", "email"]);
    assert!(stranger.starts_with("ai-do@school.example over email: sent\n"), "{stranger}");
    let unknown = files.program(&["send-test", "--to", "Tổ trưởg"]).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8(unknown).unwrap().contains("did you mean 'Tổ trưởng'?"));
    let unknown = files.program(&["send-test", "--to", "Tổ trưởng", "--channel", "sms"]).assert().code(1);
    assert!(String::from_utf8_lossy(&unknown.get_output().stderr).contains("the configuration has bot, email"));
}
