//! The store as a file: whose it is, why it cannot be opened, what can be read where nothing can be written, and copies
//! of it.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use common::sandbox::{as_a_user, said, script, with_disks};
use common::service::Service;
use common::{Files, begun_today};
use sqlx::Connection;

/// The program with an umask that keeps nothing from anybody.
fn open_to_all() -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$0\" \"$@\""]).arg(assert_cmd::cargo::cargo_bin("nhacviec"));
    command.env("NHACVIEC_LANGUAGE", "en");
    command
}

/// Every file and folder below a folder, and what it may be used for.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // A file that is gone since it was listed needs no keeping.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        found.push((path.clone(), metadata.permissions().mode() & 0o777));
        if metadata.is_dir() {
            found.extend(modes(&path));
        }
    }
    found
}

fn are_the_owners_alone(found: &[(PathBuf, u32)], wanted: &[&str]) {
    for (path, mode) in found {
        let own = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(*mode, own, "{} has mode {mode:o}", path.display());
    }
    for name in wanted {
        let has = |(path, _): &(PathBuf, u32)| path.to_string_lossy().contains(name);
        assert!(found.iter().any(has), "there is no {name}: {found:?}");
    }
}

#[test]
fn whatever_the_umask_what_is_written_is_the_owners_alone() {
    let files = begun_today();
    let inputs: Vec<PathBuf> = modes(files.folder.path()).into_iter().map(|(path, _)| path).collect();
    let written = || -> Vec<(PathBuf, u32)> {
        modes(files.folder.path()).into_iter().filter(|(path, _)| !inputs.contains(path)).collect()
    };
    // While it runs, the log of the database and what it shares with others are there too.
    let mut service = Service::spawn(open_to_all(), &files);
    service.says("\"sent\":1");
    are_the_owners_alone(&written(), &["store.db", "store.db-wal", "store.db-shm", ".lock", "links.key", ".eml"]);
    service.signal("TERM");
    assert!(service.process.wait().unwrap().success());

    let proof = files.path("Biên bản.pdf");
    fs::write(&proof, b"%PDF-1.7\n").unwrap();
    let run = |args: &[&str]| {
        let output = open_to_all().arg("--config").arg(files.config()).args(args).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    };
    run(&["done", "1.1", "--evidence", proof.to_str().unwrap()]);
    run(&["evidence", "export", files.path("export/deep").to_str().unwrap()]);
    run(&["rehearse", "--out", files.path("rehearsed").to_str().unwrap()]);
    fs::remove_file(&proof).unwrap();
    are_the_owners_alone(&written(), &["evidence/", "export/deep/", "Biên bản.pdf", "muc-luc.csv", "rehearsed/0001"]);
}

#[test]
fn a_store_of_before_is_kept_from_others_once_it_is_opened() {
    let files = begun_today();
    files.output(&["run", "--once"]);
    fs::set_permissions(files.path("store.db"), Permissions::from_mode(0o664)).unwrap();
    files.output(&["run", "--once"]);
    assert_eq!(fs::metadata(files.path("store.db")).unwrap().permissions().mode() & 0o777, 0o600);
}

/// What a command says of a store that it cannot open, the folder's name taken out.
fn complaint(files: &Files, output: &std::process::Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    let text = String::from_utf8_lossy(&output.stderr).replace(&files.folder.path().display().to_string(), "FOLDER");
    assert!(text.contains("FOLDER/"), "{text} does not say where");
    text
}

#[tokio::test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
async fn a_store_that_cannot_be_opened_says_why_and_what_to_do() {
    let mut told = String::new();
    let mut tell = |case: &str, files: &Files, complain: &dyn Fn() -> std::process::Output| {
        let began = Instant::now();
        let output = complain();
        // A bound on hanging: the program does not wait for the pool, whose time-out is 30 seconds.
        assert!(began.elapsed() < Duration::from_secs(10), "{case} took {:?}", began.elapsed());
        told.extend([case, "\n  ", &complaint(files, &output)]);
    };
    let plain = |files: &Files, args: &[&str]| files.program(args).output().unwrap();

    let files = begun_today();
    files.write("store.db", &"Đây không phải là cơ sở dữ liệu. ".repeat(40));
    tell("not a database", &files, &|| plain(&files, &["run", "--once"]));
    tell("not a database, only read", &files, &|| plain(&files, &["status"]));

    let files = begun_today();
    files.set("store", "\"sqlite:state/deep/store.db\"");
    tell("no folder", &files, &|| plain(&files, &["run", "--once"]));
    tell("no folder, only read", &files, &|| plain(&files, &["status"]));

    let files = begun_today();
    fs::create_dir(files.path("store.db")).unwrap();
    tell("a folder", &files, &|| plain(&files, &["done", "1.1"]));

    let files = begun_today();
    files.output(&["run", "--once"]);
    let path = files.path("store.db");
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    tell("no permission", &files, &|| as_a_user(&files, &["done", "1.1"]));
    tell("no permission, only read", &files, &|| as_a_user(&files, &["status"]));
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    tell("may only be read", &files, &|| as_a_user(&files, &["done", "1.1"]));
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(files.folder.path(), Permissions::from_mode(0o500)).unwrap();
    tell("the folder may not be written to", &files, &|| as_a_user(&files, &["done", "1.1"]));
    fs::set_permissions(files.folder.path(), Permissions::from_mode(0o700)).unwrap();

    let mut holder = files.database().await;
    for sql in ["PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "UPDATE organisation SET since = since", "COMMIT"]
    {
        sqlx::query(sql).execute(&mut holder).await.unwrap();
    }
    tell("locked", &files, &|| plain(&files, &["run", "--once"]));
    holder.close().await.unwrap();

    let mut by_hand = files.database().await;
    sqlx::query("INSERT INTO _sqlx_migrations VALUES (9999, 'later', '', TRUE, X'00', 0)")
        .execute(&mut by_hand)
        .await
        .unwrap();
    by_hand.close().await.unwrap();
    tell("newer", &files, &|| plain(&files, &["run", "--once"]));

    let files = begun_today();
    let mut other = files.database().await;
    sqlx::query("CREATE TABLE bookmark (id INTEGER)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    tell("of another program", &files, &|| plain(&files, &["run", "--once"]));

    let files = on_a_disk();
    let read_only = "mount -t tmpfs -o size=64m tmpfs \"$3\"; \"$1\" -c \"$2\" outbox retry 00 2>/dev/null || true
        mount -o remount,ro \"$3\"";
    let on_it = |command: &str| with_disks(&files, &format!("{read_only}; \"$1\" -c \"$2\" {command}"));
    tell("the disk is read-only", &files, &|| on_it("done 1.1"));
    tell("the disk is read-only and there is no lock yet", &files, &|| on_it("run --once"));
    let full = "mount -t tmpfs -o size=16k tmpfs \"$3\"; \"$1\" -c \"$2\" done 1.1";
    tell("the disk is full", &files, &|| with_disks(&files, full));

    let files = begun_today();
    files.output(&["run", "--once"]);
    let mut bytes = fs::read(files.path("store.db")).unwrap();
    bytes[100..1000].fill(0xff);
    fs::write(files.path("store.db"), bytes).unwrap();
    tell("damaged", &files, &|| plain(&files, &["run", "--once"]));

    let mut settings = insta::Settings::clone_current();
    // It changes with the program.
    settings.add_filter("this one knows \\d+", "this one knows N");
    settings.bind(|| insta::assert_snapshot!(told));
}

/// What can be read of a store without writing to it.
const READING: &str = "
    read_all() {
        for command in status 'history 1.1' 'outbox list' 'review year' 'diff' 'evidence list'; do
            \"$1\" -c \"$2\" $command | grep -v 'As the store has it at'
        done
    }";

/// A school whose store lies on a disk of its own.
fn on_a_disk() -> Files {
    let files = begun_today();
    fs::create_dir(files.path("disk")).unwrap();
    files.set("store", "\"sqlite:disk/store.db\"");
    files
}

#[test]
fn what_a_store_knows_is_read_where_nothing_can_be_written() {
    let files = on_a_disk();
    let text = "mount -t tmpfs -o size=64m tmpfs \"$3\"
        \"$1\" -c \"$2\" run --once
        \"$1\" -c \"$2\" done 1.1 --evidence https://school.example/1.pdf
        read_all \"$1\" \"$2\" >\"$2.writable\"
        ls \"$3\" >\"$2.before\"
        mount -o remount,ro \"$3\"
        read_all \"$1\" \"$2\" >\"$2.readonly\"
        ls \"$3\" >\"$2.after\"
        \"$1\" -c \"$2\" outbox show 0000 || true
        if \"$1\" -c \"$2\" done 1.1; then echo 'the disk could be written to'; exit 1; fi";
    let output = script(&files, &format!("{READING}\n{text}"));
    assert!(output.contains("there is no message `0000`"), "{output}");
    assert!(output.contains("cannot write to the store") && output.contains("Read-only file system"), "{output}");
    let (before, after) = (files.read("nhacviec.toml.writable"), files.read("nhacviec.toml.readonly"));
    assert_eq!(before, after);
    assert!(after.contains("1.1") && after.contains("H1-1.1-01") && after.contains("reported by command"), "{after}");
    assert_eq!(files.read("nhacviec.toml.before"), files.read("nhacviec.toml.after"));
}

#[test]
fn what_a_killed_service_left_in_the_log_is_read_or_told_of_but_not_passed_over() {
    let files = on_a_disk();
    let text = "mount -t tmpfs -o size=64m tmpfs \"$3\"
        \"$1\" -c \"$2\" run --once
        mkfifo \"$2.log\"
        \"$1\" -c \"$2\" run 2>\"$2.log\" & pid=$!
        exec 4<\"$2.log\"
        while read -r line <&4; do case \"$line\" in *running*) break;; esac; done
        \"$1\" -c \"$2\" done 1.1 --note 'trong nhật ký'
        kill -9 $pid; wait $pid || true
        mount -o remount,ro \"$3\"
        ls \"$3\"
        \"$1\" -c \"$2\" history 1.1
        mount -o remount,rw \"$3\"; rm \"$3/store.db-shm\"; mount -o remount,ro \"$3\"
        \"$1\" -c \"$2\" history 1.1 || echo refused";
    let output = script(&files, text);
    assert!(output.contains("store.db-wal") && output.contains("trong nhật ký"), "{output}");
    assert!(output.contains("refused") && output.contains("its last changes are in"), "{output}");
}

#[tokio::test]
async fn an_older_store_that_cannot_be_changed_says_so() {
    let files = on_a_disk();
    let mut old = files.database().await;
    sqlx::raw_sql(include_str!("data/store-of-step-9.sql")).execute(&mut old).await.unwrap();
    old.close().await.unwrap();
    let text = "cp \"$2.old\" \"$2.copy\"
        mount -t tmpfs -o size=64m tmpfs \"$3\"
        cp \"$2.copy\" \"$3/store.db\"
        mount -o remount,ro \"$3\"
        \"$1\" -c \"$2\" status || echo refused
        mount -o remount,rw \"$3\"
        \"$1\" -c \"$2\" status";
    fs::rename(files.path("store.db"), files.path("nhacviec.toml.old")).unwrap();
    let output = script(&files, text);
    assert!(output.contains("refused") && output.contains("is of an older nhacviec"), "{output}");
    assert!(output.contains("overdue") || output.contains("not started"), "{output}");
}

#[test]
fn reading_makes_no_store() {
    let files = begun_today();
    assert_eq!(files.output(&["outbox", "list"]), "nothing waits and nothing failed\n");
    files.output(&["status"]);
    assert!(!files.path("store.db").exists());
}

#[test]
fn a_store_that_is_new_beside_what_a_store_of_before_left_is_told_of() {
    let files = begun_today();
    assert!(!files.output(&["check"]).contains("was it lost"));
    let first = said(&files.program(&["run", "--once"]).output().unwrap());
    assert!(!first.contains("was it lost"), "{first}");
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        // The log is there only while somebody has the database open.
        let _ = fs::remove_file(files.path(name));
    }
    let checked = files.lines(&["check"]);
    let warning = checked.iter().find(|line| line["code"] == "new-store").unwrap();
    assert_eq!(warning["severity"], "warning");
    let status = said(&files.program(&["status"]).output().unwrap());
    let run = said(&files.program(&["run", "--once"]).output().unwrap());
    for text in [&status, &run] {
        assert!(text.contains("links.key is there from before: was it lost?"), "{text}");
    }
    // It knows what it is now.
    assert!(!said(&files.program(&["run", "--once"]).output().unwrap()).contains("was it lost"));
}

/// What the queue and a task's history say, with this file for the store.
fn told_by_a_copy(files: &Files, copy: &Path) -> (String, String) {
    let other = Files::new(&files.read("nhacviec.toml"), &files.read("plan.toml"));
    other.set("store", "\"sqlite:store.db\"");
    fs::copy(copy, other.path("store.db")).unwrap();
    let history = other.output(&["history", "1.1"]);
    let (_, history) = history.split_once("As the store has it").unwrap();
    let (_, history) = history.split_once('\n').unwrap();
    (history.to_owned(), other.output(&["outbox", "list"]))
}

#[test]
fn after_a_pass_a_copy_of_the_file_is_a_backup() {
    let files = begun_today();
    let mut service = Service::start(&files);
    service.says("\"sent\":1");
    // It runs on, and has its log open.
    assert!(files.path("store.db-wal").exists());
    let (history, queue) = told_by_a_copy(&files, &files.path("store.db"));
    assert!(history.contains("sent") && history.contains("written to"), "{history}");
    assert_eq!(queue, "nothing waits and nothing failed\n");
}

#[test]
fn a_backup_is_made_while_the_service_runs_and_overwrites_nothing() {
    let files = begun_today();
    let copy = files.path("copy.db");
    let backup =
        || open_to_all().arg("--config").arg(files.config()).args(["store", "backup"]).arg(&copy).output().unwrap();
    assert!(said(&backup()).contains("there is no store") && !files.path("store.db").exists());
    let mut service = Service::start(&files);
    service.says("\"sent\":1");
    // In the log alone: nothing has passed since.
    files.output(&["done", "1.1", "--note", "sau lần gửi"]);
    let output = backup();
    assert!(output.status.success(), "{}", said(&output));
    let size = fs::metadata(&copy).unwrap().len();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{}, {} kB\n", copy.display(), size.div_ceil(1000)));
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let (history, _) = told_by_a_copy(&files, &copy);
    assert!(history.contains("written to") && history.contains("sau lần gửi"), "{history}");

    let before = fs::read(&copy).unwrap();
    let again = backup();
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("copy.db is there already"), "{}", said(&again));
    assert_eq!(fs::read(&copy).unwrap(), before);
    let elsewhere = files.path("no-folder/copy.db");
    let nowhere = files.program(&["store", "backup", elsewhere.to_str().unwrap()]).output().unwrap();
    assert!(said(&nowhere).contains("cannot write the backup"), "{}", said(&nowhere));
    let lines = files.lines(&["store", "backup", files.path("second.db").to_str().unwrap()]);
    assert_eq!(lines[0]["bytes"], size);
    let left: Vec<PathBuf> = modes(files.folder.path()).into_iter().map(|(path, _)| path).collect();
    assert!(left.iter().all(|path| !path.to_string_lossy().contains(".part")), "{left:?}");
}

#[test]
fn a_store_is_copied_from_a_disk_that_cannot_be_written_to() {
    let files = on_a_disk();
    let text = "mount -t tmpfs -o size=64m tmpfs \"$3\"
        \"$1\" -c \"$2\" run --once
        mount -o remount,ro \"$3\"
        \"$1\" -c \"$2\" store backup \"$2.db\"";
    script(&files, text);
    let (history, _) = told_by_a_copy(&files, &files.path("nhacviec.toml.db"));
    assert!(history.contains("written to"), "{history}");
}

#[tokio::test]
async fn a_word_of_the_store_that_is_not_known_is_told_and_not_passed_over() {
    let files = begun_today();
    files.output(&["run", "--once"]);
    let mut by_hand = files.database().await;
    sqlx::query("UPDATE delivery SET outcome = 'postponed'").execute(&mut by_hand).await.unwrap();
    by_hand.close().await.unwrap();
    for (language, words) in [
        ("en", "the store holds `postponed` where one of `sent`, "),
        ("vi", "kho dữ liệu có `postponed` ở chỗ phải là một trong `sent`, "),
    ] {
        let output = files.program(&["history", "1.1"]).env("NHACVIEC_LANGUAGE", language).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
}

#[tokio::test]
async fn what_the_store_was_doing_when_it_failed_is_said_in_each_language() {
    let files = begun_today();
    files.output(&["run", "--once"]);
    let mut by_hand = files.database().await;
    sqlx::query("DROP TABLE open_answer").execute(&mut by_hand).await.unwrap();
    by_hand.close().await.unwrap();
    for (language, words) in [
        ("en", "the store failed while reading answers that wait for a person: "),
        ("vi", "kho dữ liệu gặp lỗi khi đọc các trả lời chờ người xử lý: "),
    ] {
        let output = files.program(&["answers", "list"]).env("NHACVIEC_LANGUAGE", language).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
}

#[test]
fn a_store_is_not_copied_onto_itself_however_it_is_named() {
    let files = begun_today();
    files.output(&["run", "--once"]);
    let store = files.load().school.settings.store.file().unwrap().to_owned();
    let other = files.path("other.db");
    std::os::unix::fs::symlink(&store, &other).unwrap();
    let from = format!("sqlite:{}", store.display());
    let told = [("en", "is the store that is to be copied itself"), ("vi", "chính là kho dữ liệu cần chuyển")];
    for to in [&from, &format!("sqlite:{}", other.display())] {
        for (language, words) in told {
            let copied =
                files.program(&["store", "copy", &from, to]).env("NHACVIEC_LANGUAGE", language).output().unwrap();
            assert_eq!(copied.status.code(), Some(1));
            assert!(said(&copied).contains(words), "{}", said(&copied));
        }
    }
}

#[test]
fn a_mistake_in_an_address_of_the_command_line_is_not_looked_for_in_the_configuration() {
    let files = begun_today();
    for (language, words) in [("en", "then try again"), ("vi", "rồi làm lại")] {
        let args = ["store", "copy", "sqlite:nowhere.db", "mysql://db"];
        let copied = files.program(&args).env("NHACVIEC_LANGUAGE", language).output().unwrap();
        assert_eq!(copied.status.code(), Some(1));
        let said = said(&copied);
        assert!(said.contains(words) && !said.contains("check"), "{said}");
    }
}
