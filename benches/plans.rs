//! How long it takes to read a plan of so many rows, and to tell two thousand doubts of it. `cargo bench --bench plans`.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::fmt::Write;

use common::{known_person, school, table};

use divan::Bencher;
use divan::counter::ItemsCount;
use nhacviec::app::load_school::load_school;
use nhacviec::diagnostic;
use nhacviec::files::Files;
use nhacviec::language::Language;
use tempfile::TempDir;

const SIZES: [usize; 3] = [1_000, 10_000, 20_000];
/// Doubts in each plan.
const DOUBTS: usize = 2_000;

fn main() {
    divan::main();
}

/// Who does the task of a row: every so often somebody whom nobody knows.
fn who(row: usize, rows: usize) -> &'static str {
    if row.is_multiple_of((rows / DOUBTS).max(1)) { "Người lạ" } else { known_person(row) }
}

fn toml(rows: usize) -> String {
    let mut plan = "number = \"1/KH\"\ntitle = \"Kế hoạch\"\nissued = 2023-09-12\n".to_owned();
    for row in 1..=rows {
        let lead = if row.is_multiple_of((rows / DOUBTS).max(1)) { "" } else { "\"Hiệu trưởng\"" };
        let month = row % 4 + 9;
        writeln!(
            plan,
            "[[task]]\nid = \"{row}\"\nremedy = \"Việc số {row}\"\nlead = [{lead}]\ntime = \"{month}/2023\""
        )
        .unwrap();
    }
    plan
}

/// Reads a school and tells what is doubtful of it, as `check` does.
fn check(folder: &TempDir) -> String {
    let loaded = load_school(&Files::Disk, &folder.path().join("nhacviec.toml")).unwrap();
    diagnostic::text(&loaded.doubts.into_sorted(), Language::English)
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn csv_with_doubts(bencher: Bencher, rows: usize) {
    let folder = school("plan.csv", &table(rows, |row| who(row, rows)));
    bencher.counter(ItemsCount::new(rows)).bench(|| check(&folder));
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn toml_with_doubts(bencher: Bencher, rows: usize) {
    let folder = school("plan.toml", &toml(rows));
    bencher.counter(ItemsCount::new(rows)).bench(|| check(&folder));
}
