//! A store on a disk that is full or may not be written to, and a database that another program holds: nothing is lost,
//! and the log says what happened.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use common::mail::{MailServer, many};
use common::sandbox::script;
use common::{Files, begun_today};

const PEOPLE: usize = 200;

/// A school whose store lies on a disk of its own, and the server that takes its mail.
fn school_on_a_disk() -> (MailServer, Files) {
    let (port, server) = MailServer::start();
    server.0.0.lock().unwrap().answers = usize::MAX;
    let files = many(PEOPLE, port);
    std::fs::create_dir(files.path("disk")).unwrap();
    files.set("store", "\"sqlite:disk/store.db\"");
    (server, files)
}

fn every_one_has_arrived(server: &MailServer) {
    let inbox = server.0.0.lock().unwrap();
    assert_eq!(inbox.accepted.len(), PEOPLE);
    for (recipient, ids) in &inbox.accepted {
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1, "{recipient} got {ids:?}");
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    let (server, files) = school_on_a_disk();
    // Room for deciding and for some of the messages; then for all.
    let said = script(
        &files,
        "mount -t tmpfs -o size=1m tmpfs \"$3\"
         if \"$1\" -c \"$2\" run --once; then echo 'the disk was large enough'; exit 1; fi
         mount -o remount,size=64m \"$3\"
         \"$1\" -c \"$2\" run --once
         \"$1\" -c \"$2\" outbox list",
    );
    assert!(said.contains("database or disk is full"), "{said}");
    assert!(said.contains("nothing waits and nothing failed"), "{said}");
    every_one_has_arrived(&server);
}

#[test]
fn a_service_goes_on_when_the_disk_has_room_again() {
    let (server, files) = school_on_a_disk();
    let said = script(
        &files,
        "mount -t tmpfs -o size=1500k tmpfs \"$3\"
         mkfifo \"$3.log\"
         \"$1\" -c \"$2\" run 2>\"$3.log\" & pid=$!
         exec 4<\"$3.log\"
         says() { while read -r line <&4; do echo \"$line\"; case \"$line\" in *\"$1\"*) return 0;; esac; done; return 1; }
         says 'the run failed'
         mount -o remount,size=64m \"$3\"
         kill -HUP $pid
         says '\"again\":0,\"dead\":0'
         kill $pid; says stopping; wait $pid
         \"$1\" -c \"$2\" outbox list",
    );
    assert!(said.contains("database or disk is full"), "{said}");
    assert!(said.contains("nothing waits and nothing failed"), "{said}");
    every_one_has_arrived(&server);
}

#[test]
fn a_disk_that_may_not_be_written_to_loses_nothing() {
    let (server, files) = school_on_a_disk();
    let said = script(
        &files,
        "mount -t tmpfs -o size=64m tmpfs \"$3\"
         mount -o remount,ro \"$3\"
         if \"$1\" -c \"$2\" run --once; then echo 'the disk could be written to'; exit 1; fi
         mount -o remount,rw \"$3\"
         \"$1\" -c \"$2\" run --once",
    );
    assert!(said.contains("Read-only file system"), "{said}");
    every_one_has_arrived(&server);
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_waited_for_and_then_told() {
    let files = begun_today();
    // Once, so that there is one.
    files.store().await.close().await;
    let mut holder = files.database().await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut holder).await.unwrap();
    let run = files.program(&["run", "--once"]).assert().code(1);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("the store failed while") && said.contains("database is locked"), "{said}");
    assert!(!files.path("outbox").exists());
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(std::fs::read_dir(files.path("outbox")).unwrap().count(), 1);
}
