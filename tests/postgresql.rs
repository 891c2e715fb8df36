//! The store as a database of PostgreSQL: who is let in, what the database must be, and who works on it. Needs the server
//! that `NHACVIEC_TEST_STORE` names (`.ci/postgres` starts one); without it there is nothing to test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::database::{has_neighbours, is_server};
use common::service::Service;
use common::stage::{Post, Sent, at};
use common::{Files, begun_today, free_port};
use nhacviec::clock::Clock;
use nhacviec::config::StoreAddress;
use nhacviec::daemon::Daemon;
use nhacviec::store::Store;

/// What a command says that fails.
fn said(files: &Files, args: &[&str]) -> String {
    let output = files.program(args).output().unwrap();
    assert!(!output.status.success(), "{args:?}");
    String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap()
}

/// The address of the store in the settings, changed.
fn set_address(files: &Files, change: impl FnOnce(&mut url::Url)) {
    let mut url = files.schema.clone().unwrap();
    url.set_password(None).unwrap();
    change(&mut url);
    files.set("store", &format!("{:?}", url.as_str()));
}

#[test]
fn what_is_wrong_with_the_server_is_said_in_its_words_and_never_the_password() {
    if !is_server() {
        return;
    }
    let files = begun_today();
    let port = free_port();
    set_address(&files, |url| url.set_port(Some(port)).unwrap());
    let away = said(&files, &["run", "--once"]);
    assert!(away.contains("cannot reach the server of the store postgres://") && away.contains("refused"), "{away}");
    // What the plan says can be told meanwhile, and the configuration be checked.
    let status = said(&files, &["status"]);
    assert!(status.contains("1.1") && status.contains("how far its tasks are is not known"), "{status}");
    let lines = said(&files, &["status", "--format", "json"]);
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines[0]["type"].as_str(), lines[0]["reachable"].as_bool()), (Some("store"), Some(false)));
    assert!(lines[1]["task"] == "1.1" && lines[1].get("status").is_none(), "{:?}", lines[1]);
    files.output(&["check"]);

    set_address(&files, |_| ());
    files.secret("store.password", "lỗi-mật-khẩu");
    let refused = said(&files, &["run", "--once"]);
    assert!(refused.contains("refuses the login") && refused.contains("password authentication failed"), "{refused}");
    let all = [away, status, refused].concat();
    let password = files.schema.as_ref().unwrap().password().unwrap();
    assert!(!all.contains("lỗi-mật-khẩu") && !all.contains(password), "{all}");
}

#[test]
fn what_is_no_place_for_a_store_is_said() {
    if !is_server() {
        return;
    }
    let files = begun_today();
    set_address(&files, |url| url.set_path("nowhere"));
    assert!(said(&files, &["run", "--once"]).contains("there is no database of the store"));
    set_address(&files, |url| {
        url.query_pairs_mut().clear().append_pair("options[search_path]", "nowhere");
    });
    assert!(said(&files, &["run", "--once"]).contains("has no schema for its tables"));
    set_address(&files, |_| ());
    let other = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    other.block_on(async {
        let mut database = files.database().await;
        sqlx::query("CREATE TABLE bookmark (id BIGINT)").execute(&mut database).await.unwrap();
    });
    assert!(said(&files, &["run", "--once"]).contains("belongs to another program"));
    assert!(said(&files, &["store", "backup", "copy"]).contains("pg_dump --format=custom --file=copy 'postgres://"));
}

#[test]
fn a_second_service_says_who_is_at_work_and_commands_go_on_beside_it() {
    if !is_server() {
        return;
    }
    let files = begun_today();
    let mut first = Service::start(&files);
    first.says("running");
    let second = said(&files, &["run", "--once"]);
    assert!(second.contains("another nhacviec is at work on postgres://"), "{second}");
    assert!(second.contains(&format!("process {}", first.process.id())), "{second}");
    files.output(&["done", "1.1"]);
    first.signal("TERM");
    first.says("stopping");
    first.process.wait().unwrap();
    files.output(&["run", "--once"]);
}

/// All that the shipped school's year sends over a store, as it is handed over.
async fn year(files: &Files, address: &StoreAddress) -> Vec<Sent> {
    let (clock, post) = (Clock::standing_at(at("2023-09-12T00:00:00")), Post::default());
    let store = Store::open(address).await.unwrap();
    let mut daemon = Daemon::new(files.load(), store, clock.clone());
    post.listen(&mut daemon);
    let end = at("2024-07-01T00:00:00");
    while clock.now() < end {
        let next = daemon.step(&mut ()).await.unwrap();
        clock.set(next.min(end));
    }
    post.take()
}

#[tokio::test]
async fn a_year_is_the_same_over_both_engines() {
    if !is_server() {
        return;
    }
    let files = Files::seed();
    let mut in_memory = year(&files, &StoreAddress::Memory).await;
    let mut on_server = year(&files, &files.load().school.settings.store).await;
    assert!(in_memory.len() > 300, "{}", in_memory.len());
    // What is handed over at once is answered in any order.
    in_memory.sort();
    on_server.sort();
    for (expected, sent) in in_memory.iter().zip(&on_server) {
        assert_eq!(expected, sent);
    }
    assert_eq!(in_memory.len(), on_server.len());
}

#[test]
fn a_store_moves_to_the_server_and_back_and_is_the_same() {
    // What is copied is everybody's.
    if !is_server() || has_neighbours() {
        return;
    }
    let files = begun_today();
    let server = format!("postgres://{}", files.load().school.settings.store.to_string().split_once("://").unwrap().1);
    let search_path = files.schema.as_ref().unwrap().query().unwrap().to_owned();
    let server = format!("{server}?{search_path}");
    let (old, back) =
        (format!("sqlite:{}", files.path("old.db").display()), format!("sqlite:{}", files.path("back.db").display()));
    let password = files.path("store.password").display().to_string();
    let copy = |from: &str, to: &str| {
        files.program(&["store", "copy", from, to, "--password-file", &password]).output().unwrap()
    };
    let on_server = files.read("nhacviec.toml");
    let shown = |store: &str| {
        files.set("store", &format!("{store:?}"));
        ["status", "outbox list --why", "history 1.1"]
            .map(|command| files.output(&command.split(' ').collect::<Vec<_>>()))
    };

    files.set("store", "\"sqlite:old.db\"").remove("store_password_file");
    files.output(&["run", "--once"]);
    files.output(&["progress", "1.1", "--status", "in_progress", "--percent", "40", "--note", "đang làm"]);
    files.output(&["run", "--once"]);
    let sent = || std::fs::read_dir(files.path("outbox")).unwrap().count();
    let (before, sent_before) = (shown("sqlite:old.db"), sent());
    let copied = copy(&old, &server);
    let told = String::from_utf8(copied.stdout).unwrap();
    assert!(copied.status.success() && told.contains("message: ") && told.contains("progress: 1\n"), "{told}");
    files.write("nhacviec.toml", &on_server);
    assert_eq!(
        ["status", "outbox list --why", "history 1.1"]
            .map(|command| { files.output(&command.split(' ').collect::<Vec<_>>()) }),
        before
    );
    // What was told is not told again.
    files.output(&["run", "--once"]);
    assert_eq!(sent(), sent_before);

    // Where something has begun nothing is written, nor from a store that is not there, nor while a service is at work.
    for (from, to, said) in
        [(&old, &server, "is not new"), (&"sqlite:nowhere.db".to_owned(), &back, "there is nothing in the store")]
    {
        let refused = copy(from, to);
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && error.contains(said), "{error}");
    }
    let mut service = Service::start(&files);
    service.says("running");
    let refused = copy(&server, &back);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("another nhacviec is at work on postgres://"));
    service.signal("TERM");
    service.process.wait().unwrap();
    let copied = copy(&server, &back);
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    files.set("store", "\"sqlite:old.db\"").remove("store_password_file");
    assert_eq!(shown("sqlite:back.db"), before);
}
