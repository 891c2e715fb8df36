//! Several services over one database: one works for the school, the others stand by and take over. Needs the server that
//! `NHACVIEC_TEST_STORE` names (`.ci/postgres` starts one); without it there is nothing to test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use common::database::is_server;
use common::mail::many;
use common::service::Service;
use common::smtp::{Encryption, server};
use common::web::{Answer, Site};
use common::{Files, begun_today, free_port};
use nhacviec::config::StoreAddress;
use nhacviec::store::{Store, StoreError, WorkerSession};
use sqlx::{AnyConnection, Row};
use tokio::sync::Barrier;

const OWNER: &str = "Phó Hiệu trưởng";
const AT_WORK: &str = "this service works for the school";
const STANDS_BY: &str = "standing by: nhacviec on ";
/// Sooner than anybody looks who is not told: the heartbeat comes every five seconds, a look every minute.
const AT_ONCE: Duration = Duration::from_secs(4);

/// The same school on another machine: files of its own, the store and the state of the first.
fn another_node(files: &Files) -> Files {
    let other = Files { folder: tempfile::tempdir().unwrap(), schema: files.schema.clone() };
    for name in ["nhacviec.toml", "plan.toml", "holidays.toml"] {
        other.write(name, &files.read(name));
    }
    other.secret("store.password", &files.read("store.password"));
    other.set("state", &format!("\"{}\"", files.folder.path().display()));
    other
}

/// Has the last heartbeat of whoever works for a school look older than a minute.
async fn fall_silent(database: &mut AnyConnection) {
    let silent = "UPDATE worker SET seen = seen - 120000 WHERE id IN (SELECT owner FROM organisation)";
    assert_eq!(sqlx::query(silent).execute(database).await.unwrap().rows_affected(), 1);
}

/// Waits until whoever stands by has shown that it lives just now, so that it does not look again of itself for a while.
async fn wait_for_heartbeat(database: &mut AnyConnection) {
    let last = "SELECT seen FROM worker WHERE id NOT IN (SELECT owner FROM organisation)";
    let before: i64 = sqlx::query(last).fetch_one(&mut *database).await.unwrap().get(0);
    while sqlx::query(last).fetch_one(&mut *database).await.unwrap().get::<i64, _>(0) == before {
        tokio::task::yield_now().await;
    }
}

/// How often each message was taken.
async fn taken(database: &mut AnyConnection) -> Vec<i64> {
    let taken = "SELECT COUNT(d.attempt) AS times FROM message m LEFT JOIN delivery d ON d.message = m.id \
                 AND d.organisation = m.organisation AND d.outcome = 'sent' GROUP BY m.id";
    sqlx::query(taken).fetch_all(database).await.unwrap().iter().map(|row| row.get("times")).collect()
}

fn get(port: u16, path: &str) -> String {
    use std::io::{Read, Write};

    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_tells_each_message_once_the_other_says_so_and_takes_over_at_once_when_it_ends() {
    if !is_server() {
        return;
    }
    let files = begun_today();
    let ports = [free_port(), free_port()];
    files.append(&format!("[monitor]\nlisten = \"127.0.0.1:{}\"\n", ports[0]));
    let other = another_node(&files);
    other.set("monitor.listen", &format!("\"127.0.0.1:{}\"", ports[1]));
    let mut first = Service::start(&files);
    first.says(AT_WORK);
    first.says("\"looked\"");
    let mut second = Service::start(&other);
    let name = format!("process {}", first.process.id());
    assert!(second.lines_until(STANDS_BY).last().unwrap().contains(&name));

    let health = get(ports[1], "/healthz");
    assert!(
        health.starts_with("HTTP/1.1 200") && health.contains("ok, standing by: ") && health.contains(&name),
        "{health}"
    );
    assert!(get(ports[0], "/healthz").ends_with("\r\n\r\nok\n"));
    let status = files.output(&["status"]);
    assert!(status.contains("at work: nhacviec on ") && status.contains("stands by: nhacviec on "), "{status}");
    let lines: Vec<_> = files.lines(&["status"]).into_iter().filter(|line| line["type"] == "worker").collect();
    let shown: Vec<_> = lines.iter().map(|line| (line["at_work"].as_bool().unwrap(), &line["node"])).collect();
    assert!(
        shown.len() == 2 && shown[0].0 && !shown[1].0 && shown[0].1.as_str().unwrap().ends_with(&name),
        "{shown:?}"
    );
    let refused = files.program(&["run", "--once"]).output().unwrap();
    assert!(String::from_utf8(refused.stderr).unwrap().contains(&name));

    let mut database = files.database().await;
    wait_for_heartbeat(&mut database).await;
    let left = Instant::now();
    first.signal("TERM");
    first.process.wait().unwrap();
    second.says(AT_WORK);
    assert!(left.elapsed() < AT_ONCE, "{:?}", left.elapsed());
    files.output(&["progress", "1.1", "--status", "blocked", "--note", "thiếu kinh phí"]);
    second.says("\"looked\"");
    assert!(get(ports[1], "/healthz").ends_with("\r\n\r\nok\n"));
    let times = taken(&mut database).await;
    assert!(times.len() > 1 && times.iter().all(|times| *times == 1), "{times:?}");
}

#[test]
fn who_was_killed_is_known_to_be_gone_on_its_machine() {
    if !is_server() {
        return;
    }
    let files = begun_today();
    let mut first = Service::start(&files);
    first.says(AT_WORK);
    let other = another_node(&files);
    let mut second = Service::start(&other);
    second.says(STANDS_BY);
    first.process.kill().unwrap();
    first.process.wait().unwrap();
    let killed = Instant::now();
    second.says(AT_WORK);
    assert!(killed.elapsed() < Duration::from_secs(30), "{:?}", killed.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_held_up_beyond_its_lease_records_what_it_sent_and_stands_by() {
    if !is_server() {
        return;
    }
    let (port, mail) = server(Encryption::None).await;
    // The first message is answered when it has come a second time.
    *mail.together.lock().unwrap() = Some(Arc::new(Barrier::new(2)));
    let files = many(1, port);
    let mut first = Service::start(&files);
    first.says(AT_WORK);
    while mail.messages() == 0 {
        tokio::task::yield_now().await;
    }
    let other = another_node(&files);
    let mut second = Service::start(&other);
    second.says(STANDS_BY);
    first.signal("STOP");
    let mut database = files.database().await;
    fall_silent(&mut database).await;
    second.says(AT_WORK);
    second.says("\"looked\"");
    first.signal("CONT");
    first.says("lays down its work");
    first.says(STANDS_BY);

    let messages = mail.messages.lock().unwrap().clone();
    assert_eq!(messages.len(), 2);
    assert!(messages[0] == messages[1], "the same message, byte for byte");
    assert_eq!(taken(&mut database).await, [2]);
    let states = sqlx::query("SELECT state FROM message").fetch_all(&mut database).await.unwrap();
    assert_eq!(states.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>(), ["sent"]);
}

#[test]
fn an_answer_on_the_page_of_whoever_stands_by_is_taken_once_and_heard_of_at_once() {
    if !is_server() {
        return;
    }
    let mut first = Site::start();
    let (files, port) = (another_node(&first.files), free_port());
    files.set("web.listen", &format!("\"127.0.0.1:{port}\""));
    let mut service = Service::start(&files);
    service.says(STANDS_BY);
    let standby = Site { files, service, port };
    let path = first.link(OWNER, "answer");
    let page = standby.get(&path);
    assert_eq!(page.status, 200, "{}", page.text());
    let form = page.form();
    let answer = |site: &Site| -> Answer { site.post(&path, &[("form", &form), ("status", "done")], &[]) };
    assert_eq!(answer(&standby).status, 303);
    let answered = Instant::now();
    first.service.says("\"looked\"");
    assert!(answered.elapsed() < AT_ONCE, "{:?}", answered.elapsed());
    // The proxy may ask the other one the next time.
    assert_eq!(answer(&first).status, 303);
    assert_eq!(first.task("1.1")["status"], "done");
    let reports = first.files.lines(&["history", "1.1"]).into_iter().filter(|line| line["type"] == "progress");
    assert_eq!(reports.count(), 1);
}

#[tokio::test]
async fn whoever_lost_its_lease_writes_nothing_and_is_another_worker_from_then_on() {
    if !is_server() {
        return;
    }
    let files = begun_today();
    let address = files.load().school.settings.store.clone();
    let store = Store::open(&address).await.unwrap();
    let StoreAddress::Server(server) = address else { panic!("a server") };
    let (mut first, mut second) = (WorkerSession::new(server.clone()), WorkerSession::new(server));
    let now = first.beat().await.unwrap();
    second.beat().await.unwrap();
    let lease = first.take("trường").await.unwrap().expect("nobody works for it");
    assert!(second.take("trường").await.unwrap().is_none());
    let held = store.holding(lease.clone());
    held.since("trường", now).await.unwrap();
    let foreign = held.since("trường khác", now).await;
    assert!(matches!(foreign, Err(StoreError::OtherSchool { .. })), "{foreign:?}");

    let mut database = files.database().await;
    fall_silent(&mut database).await;
    let other = store.holding(second.take("trường").await.unwrap().expect("the first is silent"));
    other.since("trường", now).await.unwrap();
    let late = held.since("trường", now).await;
    assert!(matches!(late, Err(StoreError::TakenOver { who: Some(_) })), "{late:?}");
    // Commands and pages go on, whoever works.
    store.since("trường", now).await.unwrap();
    assert!(lease.is_held(), "it has not heard of it");
    first.beat().await.unwrap();
    assert!(!lease.is_held());
    assert!(first.take("trường").await.unwrap().is_none());

    second.leave().await.unwrap();
    let again = store.holding(first.take("trường").await.unwrap().expect("it was given back"));
    again.since("trường", now).await.unwrap();
    assert!(other.since("trường", now).await.is_err() && held.since("trường", now).await.is_err());
    let epochs = sqlx::query("SELECT epoch FROM organisation").fetch_all(&mut database).await.unwrap();
    assert_eq!(epochs.iter().map(|row| row.get::<i64, _>(0)).collect::<Vec<_>>(), [3]);
    // A clock that was far ahead leaves no heartbeat that never grows old.
    let ahead = "UPDATE worker SET seen = seen + 86400000";
    sqlx::query(ahead).execute(&mut database).await.unwrap();
    second.beat().await.unwrap();
    assert!(second.take("trường").await.unwrap().is_some());
}
