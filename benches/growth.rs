//! How what the program does grows with the number of tasks: each command on plans of a thousand, ten thousand and a hundred
//! thousand tasks, whole processes from start to end. `cargo bench --bench growth`.
//!
//! The figures stand in `docs/architecture.md`; ten times the tasks should take ten times as long, or less.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::process::{Command, Stdio};

use common::{known_person, school, table};
use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;

const TASKS: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

fn planned(tasks: usize) -> TempDir {
    school("plan.csv", &table(tasks, known_person))
}

/// Runs the program in the school's folder, to its end. Doubts about the plan are no failure here.
fn nhacviec(folder: &TempDir, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nhacviec"));
    command.args(["--config", "nhacviec.toml"]).args(arguments).current_dir(folder.path());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.code().is_some_and(|code| code <= 1), "{arguments:?}: {status}");
}

#[divan::bench(args = TASKS, sample_count = 3, sample_size = 1)]
fn check(bencher: Bencher, tasks: usize) {
    let folder = planned(tasks);
    bencher.counter(ItemsCount::new(tasks)).bench(|| nhacviec(&folder, &["check"]));
}

#[divan::bench(args = TASKS, sample_count = 3, sample_size = 1)]
fn status(bencher: Bencher, tasks: usize) {
    let folder = planned(tasks);
    bencher.counter(ItemsCount::new(tasks)).bench(|| nhacviec(&folder, &["status"]));
}

#[divan::bench(args = TASKS, sample_count = 3, sample_size = 1)]
fn import(bencher: Bencher, tasks: usize) {
    let folder = planned(tasks);
    bencher.counter(ItemsCount::new(tasks)).bench(|| nhacviec(&folder, &["import", "plan.csv"]));
}

/// A whole year: every look of it, every message composed.
#[divan::bench(args = TASKS, sample_count = 1, sample_size = 1)]
fn rehearse(bencher: Bencher, tasks: usize) {
    let folder = planned(tasks);
    bencher.counter(ItemsCount::new(tasks)).bench(|| nhacviec(&folder, &["rehearse"]));
}

/// A look at which nothing new is due, behind a first one that has made the plan known.
#[divan::bench(args = TASKS, sample_count = 3, sample_size = 1)]
fn look(bencher: Bencher, tasks: usize) {
    let folder = planned(tasks);
    nhacviec(&folder, &["run", "--once"]);
    bencher.counter(ItemsCount::new(tasks)).bench(|| nhacviec(&folder, &["run", "--once"]));
}
