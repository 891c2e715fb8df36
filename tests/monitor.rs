//! What others see of the service: `/healthz`, `/metrics`, the heartbeat, and a log without addresses.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use common::service::Service;
use common::{Files, begun_today, day, free_port, now, task};

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Waits for one request and takes it; returns its first line.
fn heartbeat(watcher: &TcpListener) -> String {
    let (mut stream, first_line) = heard(watcher);
    answer(&mut stream);
    first_line
}

/// Waits for one request and reads it; its first line.
fn heard(watcher: &TcpListener) -> (TcpStream, String) {
    let (mut stream, _) = watcher.accept().unwrap();
    let mut buffer = [0; 4096];
    let length = stream.read(&mut buffer).unwrap();
    let first_line = String::from_utf8_lossy(&buffer[..length]).lines().next().unwrap_or_default().to_owned();
    (stream, first_line)
}

/// Takes a request, and waits until that was heard.
fn answer(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    // The other side closes what it has read to the end.
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Adds a task that begins today and is reminded of at once.
fn add_task(files: &Files, id: &str) {
    let time = format!("start = {}\ndue = {}", day(0), day(60));
    files.write("plan.toml", &(files.read("plan.toml") + &task(id, "Tổ trưởng", &time)));
}

fn watched(listen: &str, watcher: u16) -> Files {
    let files = begun_today();
    files.append(&format!(
        "[monitor]\nlisten = \"{listen}\"\nheartbeat_url = \"http://127.0.0.1:{watcher}/ping/sesame\"\n"
    ));
    files
}

#[tokio::test]
async fn a_watcher_sees_how_the_service_is_and_hears_of_each_good_run() {
    let watcher = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free_port();
    let files = watched(&format!("127.0.0.1:{port}"), watcher.local_addr().unwrap().port());
    let before = now();
    let mut service = Service::start(&files);
    assert_eq!(heartbeat(&watcher), "GET /ping/sesame HTTP/1.1");
    let health = get(port, "/healthz");
    assert!(health.starts_with("HTTP/1.1 200") && health.ends_with("ok\n"), "{health}");
    let metrics = get(port, "/metrics");
    for line in [
        "nhacviec_deliveries_total{channel=\"email\",outcome=\"sent\"} 1",
        "nhacviec_runs_total{result=\"good\"} 1",
        "nhacviec_oldest_waiting_seconds 0.0",
    ] {
        assert!(metrics.lines().any(|shown| shown == line), "{line} is not in\n{metrics}");
    }
    let value = |name: &str| -> f64 {
        metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or_default()
    };
    let last = value("nhacviec_last_run_timestamp_seconds ");
    #[allow(clippy::cast_precision_loss)]
    let meanwhile = before.as_second() as f64..=now().as_second() as f64 + 1.0;
    assert!(meanwhile.contains(&last) && value("nhacviec_next_run_timestamp_seconds ") > last, "{metrics}");

    // What waits and what fails is counted, and as long as a channel cannot deliver nobody is told that all is well.
    std::fs::remove_dir_all(files.path("outbox")).unwrap();
    files.write("outbox", "in the way");
    add_task(&files, "1.2");
    service.signal("HUP");
    service.says("channel-failed");
    let health = get(port, "/healthz");
    assert!(health.starts_with("HTTP/1.1 503"), "{health}");
    assert!(health.contains("\r\n\r\nchannel-failed: the channel `email` cannot deliver: "), "{health}");
    let metrics = get(port, "/metrics");
    for line in [
        "nhacviec_messages{state=\"queued\"}",
        "nhacviec_deliveries_total{channel=\"email\",outcome=\"channel\"}",
        "nhacviec_runs_total{result=\"good\"} 1",
        "nhacviec_runs_total{result=\"bad\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    // Once it has taken a message, it is.
    std::fs::remove_file(files.path("outbox")).unwrap();
    files.output(&["outbox", "retry", "--all"]);
    service.signal("HUP");
    assert!(heartbeat(&watcher).starts_with("GET"));
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 200"));

    // A run that fails shows, and no watcher is told that all is well.
    let mut store = files.database().await;
    sqlx::query("ALTER TABLE mark RENAME TO lost").execute(&mut store).await.unwrap();
    service.signal("HUP");
    service.says("the run failed");
    let health = get(port, "/healthz");
    assert!(health.starts_with("HTTP/1.1 503") && health.contains("run-failed: the store failed while"), "{health}");
    sqlx::query("ALTER TABLE lost RENAME TO mark").execute(&mut store).await.unwrap();
    service.signal("HUP");
    assert!(heartbeat(&watcher).starts_with("GET"));
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 200"));
    service.signal("TERM");
    service.says("stopping");
}

#[tokio::test]
async fn messages_that_are_an_hour_late_are_told_of_until_they_are_sent() {
    let watcher = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free_port();
    let files = watched(&format!("127.0.0.1:{port}"), watcher.local_addr().unwrap().port());
    // A server that refuses connections for now is no failure of the channel.
    let server = format!("kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"", free_port());
    files.fill("channel.email", &format!("{server}\nfrom = \"nhacviec@school.example\""));
    let mut service = Service::start(&files);
    assert!(heartbeat(&watcher).starts_with("GET"), "a retry is no trouble");
    let mut database = files.database().await;
    sqlx::query("UPDATE message SET due_at = due_at - 3600001").execute(&mut database).await.unwrap();
    service.signal("HUP");
    service.says("messages-late");
    let health = get(port, "/healthz");
    assert!(health.starts_with("HTTP/1.1 503") && health.contains("\r\n\r\nmessages-late: "), "{health}");
    assert!(get(port, "/metrics").contains("nhacviec_late_messages 1"));
    // As a file each message is taken at once.
    files.fill("channel.email", "kind = \"file\"\ndirectory = \"outbox\"");
    files.output(&["outbox", "retry", "--all"]);
    service.signal("HUP");
    assert!(heartbeat(&watcher).starts_with("GET"));
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_run_from_a_timer_fails_as_long_as_its_channel_does_and_leaves_that_alone_meanwhile() {
    let watcher = TcpListener::bind("127.0.0.1:0").unwrap();
    watcher.set_nonblocking(true).unwrap();
    let files = watched("127.0.0.1:0", watcher.local_addr().unwrap().port());
    files.write("outbox", "in the way");
    files.program(&["run", "--once"]).assert().code(1);
    let mut database = files.database().await;
    let mut attempts = async || {
        let attempts = sqlx::query("SELECT channel FROM delivery").fetch_all(&mut database).await.unwrap();
        attempts.len()
    };
    let tried = attempts().await;
    assert!(tried > 0);
    // The next run knows it, although it has nothing to try yet, and tries nothing else over that channel.
    add_task(&files, "1.2");
    let said = files.program(&["run", "--once"]).assert().code(1).get_output().stderr.clone();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("channel-failed"), "{said}");
    assert_eq!(attempts().await, tried, "{said}");
    files.program(&["run", "--once"]).assert().code(1);
    assert_eq!(watcher.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "no heartbeat");
    // Another chance ends that.
    std::fs::remove_file(files.path("outbox")).unwrap();
    files.output(&["outbox", "retry", "--all"]);
    files.program(&["run", "--once"]).assert().success();
    assert!(watcher.accept().is_ok());
}

#[test]
fn a_watcher_that_never_answers_delays_no_reminder() {
    let watcher = TcpListener::bind("127.0.0.1:0").unwrap();
    let files = watched(&format!("127.0.0.1:{}", free_port()), watcher.local_addr().unwrap().port());
    let mut service = Service::start(&files);
    let (mut unanswered, _) = heard(&watcher);
    service.says("\"looked\"");
    add_task(&files, "1.2");
    service.signal("HUP");
    let log = service.lines_until("\"looked\"").concat();
    assert!(log.contains("\"sent\":1") && !log.contains("did not take the heartbeat"), "{log}");
    unanswered.set_nonblocking(true).unwrap();
    let waits = unanswered.read(&mut [0]).unwrap_err();
    assert_eq!(waits.kind(), std::io::ErrorKind::WouldBlock, "it waits for its answer still");

    // While it does, no other is sent; when it is answered, the next run sends one.
    unanswered.set_nonblocking(false).unwrap();
    answer(&mut unanswered);
    service.signal("HUP");
    assert!(heartbeat(&watcher).starts_with("GET"));
    service.signal("TERM");
    assert!(service.process.wait().unwrap().success());
    watcher.set_nonblocking(true).unwrap();
    assert_eq!(watcher.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "two in three runs");
}

#[test]
fn one_run_from_a_timer_tells_the_watcher_too_and_the_log_names_no_address() {
    let watcher = TcpListener::bind("127.0.0.1:0").unwrap();
    let files = watched("127.0.0.1:0", watcher.local_addr().unwrap().port());
    let heard = std::thread::spawn(move || heartbeat(&watcher));
    let output = files.program(&["run", "--once"]).assert().success().get_output().stderr.clone();
    assert_eq!(heard.join().unwrap(), "GET /ping/sesame HTTP/1.1");
    let log = String::from_utf8(output).unwrap();
    assert!(log.contains("\"sent\"") && !log.contains('@') && !log.contains("sesame"), "{log}");
    // Nobody watches any more: that costs nothing but a line.
    let again = files.program(&["run", "--once"]).assert().success().get_output().stderr.clone();
    let log = String::from_utf8(again).unwrap();
    assert!(log.contains("did not take the heartbeat") && !log.contains("sesame"), "{log}");
    let all = files.program(&["run", "--once"]).env("RUST_LOG", "debug").assert().success();
    assert!(!String::from_utf8_lossy(&all.get_output().stderr).contains("sesame"));
}

#[test]
fn what_the_log_tells_can_be_chosen_and_a_choice_that_cannot_be_read_is_told() {
    let files = begun_today();
    let log = |wanted: &str| {
        let output = files.program(&["run", "--once"]).env("RUST_LOG", wanted).assert().success().get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    };
    let chosen = log("warn,nhacviec::delivery=info");
    assert!(chosen.contains("\"sent\"") && !chosen.contains("looked"), "{chosen}");
    assert_eq!(log("off"), "");
    let wrong = log("info=debug=warn");
    assert!(wrong.contains("RUST_LOG is passed over") && wrong.contains("info=debug=warn"), "{wrong}");
}

#[test]
fn only_this_machine_sees_it() {
    let code = |monitor: &str| -> Vec<String> {
        let files = Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")]);
        files.append(monitor).codes()
    };
    assert_eq!(code("\n[monitor]\nlisten = \"[::1]:9464\"\n"), Vec::<String>::new());
    assert_eq!(code("\n[monitor]\nlisten = \"0.0.0.0:9464\"\n"), ["not-loopback"]);
    assert_eq!(code("\n[monitor]\nlisten = \"9464\"\n"), ["bad-address"]);
    assert_eq!(code("\n[monitor]\nheartbeat_url = \"http://watch.example/1\"\n"), ["bad-url"]);
    assert_eq!(code("\n[monitor]\nheartbeat = \"https://watch.example/1\"\n"), ["unknown-key"]);
}
