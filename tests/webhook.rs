//! The channel `webhook` against a scripted server: what is posted, how it is signed, and what each answer means.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::http::{Server, answer, header};
use common::{Files, MORNING, plan, task};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The base64 of 24 bytes.
const KEY: &str = "bmh1bmcgaGFpIG11b2kgYm9uIGJ5dGUh";

/// A school whose deputy is told by a webhook with these keys.
fn school(keys: &str) -> Files {
    let files = Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")]);
    files
        .append(&format!("[channel.hook]\nkind = \"webhook\"\nsecret_file = \"key\"\n{keys}\n"))
        .add("person.Phó Hiệu trưởng.via", "[\"hook\"]");
    files.secret("key", &format!("whsec_{KEY}\n"));
    files
}

#[tokio::test]
async fn the_message_is_posted_as_signed_json() {
    let server = Server::start(&answer("204 No Content", "", "")).await;
    let files = school(&format!("url = \"http://127.0.0.1:{}/in?token=sesame\"", server.port));
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let (head, body) = &requests[0];
    assert!(head.starts_with("post /in?token=sesame http/1.1"), "{head}");
    assert_eq!(header(head, "content-type"), Some("application/json"));
    let (id, at) = (header(head, "webhook-id").unwrap(), header(head, "webhook-timestamp").unwrap());
    assert_eq!(at, "1700697600", "seconds since 1970");
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&STANDARD.decode(KEY).unwrap()).unwrap();
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(header(head, "webhook-signature").unwrap(), signature.to_lowercase());
    let event: serde_json::Value = serde_json::from_slice(body).unwrap();
    let data = &event["data"];
    assert_eq!(format!("msg_{}", data["id"].as_str().unwrap()), id);
    assert_eq!(
        (event["type"].as_str(), event["timestamp"].as_str(), data["to"]["name"].as_str()),
        (Some("message"), Some("2023-11-23T00:00:00Z"), Some("Phó Hiệu trưởng"))
    );
    assert_eq!((data["items"][0]["task"].as_str(), data["items"][0]["urgency"].as_str()), (Some("1.1"), Some("due")));
    assert!(data["text"].as_str().unwrap().contains("Việc 1.1"));
    let keys: Vec<&String> = data.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["calendar", "html", "id", "items", "language", "school", "subject", "text", "to"]);
    let attempts = daemon.store().attempts(daemon.scope(), data["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(
        (attempts[0].answer.to_string().as_str(), attempts[0].payload.as_deref()),
        ("HTTP 204 No Content", Some(&body[..]))
    );
}

#[tokio::test]
async fn each_answer_has_its_consequence() {
    // The answer, and what becomes of the message: how many minutes later it arrives, or that it is given up, or that
    // it waits for its channel.
    let cases = [
        (answer("200 OK", "", "thanks"), "sent"),
        // Some frameworks say of every answer that it is a page.
        (answer("200 OK", "Content-Type: text/html\r\n", "thanks"), "sent"),
        (answer("200 OK", "", LOGIN_PAGE), "waits"),
        (answer("200 OK", "", "<html><body>Log in</body></html>"), "waits"),
        (answer("413 Payload Too Large", "", ""), "dead"),
        (answer("400 Bad Request", "", "{\"error\":\"no\"}"), "dead"),
        (answer("404 Not Found", "", ""), "dead"),
        (answer("401 Unauthorized", "", "bad signature"), "waits"),
        (answer("403 Forbidden", "", "bad signature"), "waits"),
        (answer("407 Proxy Authentication Required", "", ""), "waits"),
        (answer("511 Network Authentication Required", "", LOGIN_PAGE), "waits"),
        (answer("410 Gone", "", ""), "dead"),
        // Many frameworks repeat the address.
        (answer("404 Not Found", "", "<pre>Cannot POST /?token=sesame</pre>"), "dead"),
        (answer("429 Too Many Requests", "Retry-After: 1800\r\n", ""), "30 min"),
        (answer("503 Service Unavailable", "Retry-After: Thu, 23 Nov 2023 00:20:00 GMT\r\n", ""), "20 min"),
        (answer("500 Internal Server Error", "", &"x".repeat(100_000)), "2 min"),
        (answer("302 Found", "Location: http://127.0.0.1:1/\r\n", ""), "waits"),
        (String::new(), "2 min"),
        ("HTTP/1.1 20".to_owned(), "2 min"),
        ("SSH-2.0-sesame\r\n".to_owned(), "2 min"),
    ];
    for (text, expected) in cases {
        let server = Server::start(&text).await;
        let files = school(&format!("url = \"http://127.0.0.1:{}/?token=sesame\"", server.port));
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        let first = daemon.pass(&mut ()).await.unwrap();
        let dead = daemon.store().dead(daemon.scope(), Timestamp::MIN, Timestamp::MAX).await.unwrap();
        assert_eq!(dead.len(), usize::from(expected == "dead"), "{text}");
        assert_eq!(server.requests().len(), 1, "{text}");
        // The admin hears by mail, over the other channel, what is more than a delay.
        let alerts = std::fs::read_dir(files.path("outbox")).map_or(0, Iterator::count);
        assert_eq!(alerts, usize::from(matches!(expected, "dead" | "waits")), "{text}");
        let minutes: Option<i64> = expected.strip_suffix(" min").and_then(|minutes| minutes.parse().ok());
        if let Some(minutes) = minutes {
            assert_eq!((first.sent, first.again), (0, 1), "{text}");
            server.answers(&answer("200 OK", "", ""));
            let at = |minutes: i64| {
                let start: Timestamp = "2023-11-23T07:00:00+07:00".parse().unwrap();
                start + jiff::SignedDuration::from_mins(minutes)
            };
            if minutes > 2 {
                clock.set(at(minutes - 1));
                assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 0, "{text}");
            }
            clock.set(at(minutes));
            assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1, "{text}");
            let requests = server.requests();
            assert_eq!(header(&requests[0].0, "webhook-id"), header(&requests[1].0, "webhook-id"), "one name for life");
        }
        for message in daemon.store().unfinished(daemon.scope()).await.unwrap() {
            for attempt in daemon.store().attempts(daemon.scope(), &message.id).await.unwrap() {
                let answer = attempt.answer.to_string();
                assert!(!answer.contains("sesame") && answer.len() < 1000, "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_trusted_or_found_gets_nothing() {
    // Nobody vouches for that one; nobody listens there; nobody has that name.
    let unknown = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = unknown.local_addr().unwrap().port();
    let acceptor = self_signed();
    let heard = tokio::spawn(async move {
        let (stream, _) = unknown.accept().await.unwrap();
        acceptor.accept(stream).await.is_ok()
    });
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let cases = [
        (format!("https://localhost:{port}/?token=sesame"), "certificate that can be trusted"),
        (format!("http://127.0.0.1:{unused}/?token=sesame"), "cannot connect to 127.0.0.1"),
        ("https://nobody.invalid/?token=sesame".to_owned(), "nobody.invalid"),
    ];
    for (url, says) in cases {
        let files = school(&format!("url = \"{url}\""));
        let (mut daemon, _) = files.daemon_at(MORNING).await;
        let pass = daemon.pass(&mut ()).await.unwrap();
        assert_eq!(pass.dead, 0, "{url}");
        let waiting = daemon.store().unfinished(daemon.scope()).await.unwrap();
        let reason = waiting[0].reason.clone().unwrap().to_string();
        assert!(reason.contains(says) && !reason.contains("sesame"), "{url}: {reason}");
    }
    assert!(!heard.await.unwrap(), "the handshake is not completed");
}

fn self_signed() -> TlsAcceptor {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// A school whose deputy is told in a room of this kind, which `server` stands for.
fn room(kind: &str, server: &Server) -> Files {
    let files = school("");
    files.fill("channel.hook", &format!("kind = \"{kind}\"\nurl_file = \"url\""));
    files.secret("url", &format!("http://127.0.0.1:{}/sesame\n", server.port));
    files
}

/// What a kind of room answers when it has taken a message.
fn taken(kind: &str) -> String {
    match kind {
        "slack" => answer("200 OK", "", "ok"),
        "rocketchat" => answer("200 OK", "", "{\"success\":true}"),
        "teams" => answer("202 Accepted", "", ""),
        "google-chat" => answer("200 OK", "", "{\"name\":\"spaces/a/messages/b\"}"),
        "discord" => answer("204 No Content", "", ""),
        _ => panic!("{kind} is no kind of room"),
    }
}

/// Where something between us and the service wants a person to log in.
const LOGIN_PAGE: &str = "\u{feff}\n<!DOCTYPE HTML><html><title>Đăng nhập Wi-Fi</title></html>";

/// A kind of room, an answer, and how that is taken: "sent", how long is waited, or the outcome of the attempt.
type ChatAnswer = (&'static str, String, &'static str);

/// Answers that their status tells, and those that somebody else gave.
fn chat_answers() -> Vec<ChatAnswer> {
    vec![
        ("slack", answer("200 OK", "", "ok\n"), "sent"),
        ("slack", answer("200 OK", "", "{\"success\":true}"), "sent"),
        ("rocketchat", answer("200 OK", "", "\u{feff} {\"success\":true}\n"), "sent"),
        ("teams", answer("200 OK", "", "1"), "sent"),
        ("teams", answer("200 OK", "", ""), "sent"),
        ("teams", answer("202 Accepted", "", "{\"run\":\"1\"}"), "sent"),
        ("discord", answer("200 OK", "", "{\"id\":\"1\",\"content\":\"\"}"), "sent"),
        ("slack", answer("400 Bad Request", "", "invalid_payload"), "permanent"),
        ("slack", answer("403 Forbidden", "", "action_prohibited"), "channel"),
        ("slack", answer("410 Gone", "", "channel_is_archived"), "permanent"),
        ("slack", answer("413 Payload Too Large", "", ""), "message"),
        ("slack", answer("404 Not Found", "", "Cannot POST /sesame"), "permanent"),
        ("teams", answer("202 Accepted", "", "{\"error\":{\"code\":\"WorkflowTriggerIsNotEnabled\"}}"), "channel"),
        ("discord", answer("404 Not Found", "", "{\"message\":\"Unknown Webhook\"}"), "permanent"),
        ("discord", answer("429 Too Many Requests", "", "{\"retry_after\":1799.2}"), "30 min"),
        ("teams", answer("429 Too Many Requests", "Retry-After: 1800\r\n", ""), "30 min"),
        // Answers of somebody else.
        ("discord", answer("511 Network Authentication Required", "", LOGIN_PAGE), "channel"),
        ("slack", answer("200 OK", "", LOGIN_PAGE), "channel"),
        ("slack", answer("200 OK", "", ""), "channel"),
        ("slack", answer("204 No Content", "", ""), "channel"),
        ("rocketchat", answer("200 OK", "", LOGIN_PAGE), "channel"),
        ("rocketchat", answer("200 OK", "", "ok"), "channel"),
        ("teams", answer("200 OK", "", LOGIN_PAGE), "channel"),
        ("teams", answer("202 Accepted", "", LOGIN_PAGE), "channel"),
        ("google-chat", answer("200 OK", "", LOGIN_PAGE), "channel"),
        ("google-chat", answer("200 OK", "", "{}"), "channel"),
        ("discord", answer("200 OK", "", LOGIN_PAGE), "channel"),
        ("discord", answer("200 OK", "", "{\"message\":\"?\"}"), "channel"),
        // It may have been the word of success that broke off.
        ("slack", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no".to_owned(), "uncertain"),
    ]
}

/// Failures that are told within an answer of success.
fn chat_refusals() -> Vec<ChatAnswer> {
    let failed = |code: u16| {
        let words = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error";
        answer("200 OK", "", &format!("{words} {code} with ContextId tcid=0,server=a.."))
    };
    let refused = |error: &str| answer("200 OK", "", &format!("{{\"success\":false,\"error\":\"{error}\"}}"));
    vec![
        ("teams", failed(429), "temporary"),
        ("teams", failed(503), "temporary"),
        ("teams", failed(413), "message"),
        ("teams", failed(400), "permanent"),
        ("teams", failed(404), "permanent"),
        ("teams", failed(403), "channel"),
        (
            "teams",
            answer(
                "200 OK",
                "",
                "Webhook message delivery failed with error: Error contacting Microsoft Teams endpoint",
            ),
            "temporary",
        ),
        ("rocketchat", refused("error-too-many-requests"), "temporary"),
        ("rocketchat", refused("error-message-size-exceeded"), "message"),
        ("rocketchat", refused("error-not-allowed"), "channel"),
        ("rocketchat", refused("invalid-channel"), "permanent"),
        ("rocketchat", refused("error-code-invalid"), "unknown"),
        ("rocketchat", answer("200 OK", "", "{\"success\":false}"), "unknown"),
        ("rocketchat", answer("400 Bad Request", "", "{\"success\":false,\"error\":\"invalid-channel\"}"), "permanent"),
        ("slack", refused("invalid-channel"), "permanent"),
    ]
}

#[tokio::test]
async fn chat_services_take_the_same_in_their_own_form() {
    let plain = ["slack", "rocketchat", "teams", "google-chat", "discord"].map(|kind| (kind, taken(kind), "sent"));
    for (kind, text, expected) in plain.into_iter().chain(chat_answers()).chain(chat_refusals()) {
        let server = Server::start(&text).await;
        let files = room(kind, &server);
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        let pass = daemon.pass(&mut ()).await.unwrap();
        let requests = server.requests();
        let tries = if kind == "teams" && expected == "message" { 1..=2 } else { 1..=1 };
        assert!(tries.contains(&requests.len()), "{kind}: {text}");
        assert!(requests[0].0.starts_with("post /sesame http/1.1"));
        let body = String::from_utf8(requests[0].1.clone()).unwrap();
        assert!(body.contains("Việc 1.1") && body.contains("Phó Hiệu trưởng"), "{kind}: {body}");
        match expected {
            "sent" => assert_eq!(pass.sent, 1, "{kind}: {text}"),
            "30 min" => {
                clock.set("2023-11-23T07:29:59+07:00".parse().unwrap());
                assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 0, "{kind}");
                server.answers(&taken(kind));
                clock.set("2023-11-23T07:30:00+07:00".parse().unwrap());
                assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1, "{kind}");
            }
            _ => {
                let unfinished = daemon.store().unfinished(daemon.scope()).await.unwrap();
                let message = unfinished.first().unwrap_or_else(|| panic!("it is sent: {kind}: {text}"));
                let attempts = daemon.store().attempts(daemon.scope(), &message.id).await.unwrap();
                assert_eq!(attempts[0].outcome.as_str(), expected, "{kind}: {text}");
                assert!(!attempts[0].answer.to_string().contains("sesame"));
            }
        }
    }
}

#[tokio::test]
async fn what_is_too_large_for_teams_is_told_in_a_shorter_form() {
    let too_large = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413";
    let server = Server::start(&answer("200 OK", "", too_large)).await;
    server.then(&taken("teams"));
    let files = room("teams", &server);
    let tasks: Vec<String> =
        (1..=40).map(|number| task(&format!("1.{number}"), "Phó Hiệu trưởng", "due = 2023-11-30")).collect();
    files.write("plan.toml", &plan(&tasks));
    let (mut daemon, _) = files.daemon_at(MORNING).await;
    assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1);
    let requests = server.requests();
    let [whole, shorter] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    assert!(shorter.1.len() + 1000 < whole.1.len(), "{} of {}", shorter.1.len(), whole.1.len());
    let text = String::from_utf8(shorter.1.clone()).unwrap();
    assert!(text.contains("Phó Hiệu trưởng") && text.contains("Việc 1.1") && text.contains('…'), "{text}");
}

#[tokio::test]
async fn a_page_for_people_is_nobodys_answer_and_what_met_it_waits() {
    let server = Server::start(&answer("200 OK", "Content-Type: text/html\r\n", LOGIN_PAGE)).await;
    let files = room("slack", &server);
    let (mut daemon, clock) = files.daemon_at(MORNING).await;
    assert_eq!(daemon.pass(&mut ()).await.unwrap().dead, 0);
    let alerts: Vec<String> = std::fs::read_dir(files.path("outbox"))
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(alerts.len(), 1, "the admin is told over the other channel");
    server.answers(&taken("slack"));
    clock.set("2023-11-23T07:30:00+07:00".parse().unwrap());
    assert_eq!(daemon.pass(&mut ()).await.unwrap().sent, 1);
}

#[test]
fn mistakes_of_the_channel_are_told_without_its_secrets() {
    let codes = |url: &str, key: &str| -> Vec<String> {
        let files = school(url);
        files.secret("key", key);
        files.secret("address", "http://chat.example/sesame");
        let output = files.program(&["check", "--format", "json"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("sesame"), "{text}");
        let code =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["code"].as_str().unwrap().to_owned();
        text.lines().map(code).filter(|code| code != "never-told").collect()
    };
    let good = format!("whsec_{KEY}");
    assert_eq!(codes("url = \"https://hook.example/in\"", &good), Vec::<String>::new());
    assert_eq!(codes("url = \"http://localhost:9/in\"", KEY), Vec::<String>::new());
    assert_eq!(codes("url = \"http://[::1]:9/in\"", KEY), Vec::<String>::new());
    assert_eq!(codes("url = \"http://hook.example/in\"", &good), ["bad-url"]);
    assert_eq!(codes("url = \"ftp://hook.example\"", &good), ["bad-url"]);
    assert_eq!(codes("url_file = \"address\"", &good), ["bad-url"]);
    assert_eq!(codes("", &good), ["missing-key"]);
    assert_eq!(codes("url = \"https://hook.example\"", "whsec_c2VzYW1l"), ["bad-secret"]);
    assert_eq!(codes("url = \"https://hook.example\"", "whsec_sesame?"), ["bad-secret"]);
    assert_eq!(codes("url = \"https://hook.example\"\nsecret = \"x\"", &good), ["unknown-key"]);
}
