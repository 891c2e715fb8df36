//! How long it takes to read a plan of so many rows, and to tell two thousand doubts of it. `cargo bench --bench plans`.
#![allow(missing_docs, clippy::unwrap_used)]

#[allow(dead_code, unreachable_pub)]
#[path = "../tests/common/settings.rs"]
mod settings;

use std::fmt::Write;

use divan::Bencher;
use divan::counter::ItemsCount;
use nhacviec::app::load_school::load_school;
use nhacviec::diagnostic;
use nhacviec::files::Files;
use settings::{Edit, Settings};
use tempfile::TempDir;

const SIZES: [usize; 3] = [1_000, 10_000, 20_000];
/// Doubts in each plan.
const DOUBTS: usize = 2_000;

fn main() {
    divan::main();
}

/// The shipped school with its plan in this file.
fn school(name: &str, plan: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    std::fs::copy(shipped.join("holidays-vn.toml"), folder.path().join("holidays-vn.toml")).unwrap();
    let mut settings = Settings::new(&std::fs::read_to_string(shipped.join("nhacviec.toml")).unwrap());
    settings.edit(Edit::Set("plan", &format!("{name:?}")));
    std::fs::write(folder.path().join("nhacviec.toml"), settings.to_string()).unwrap();
    std::fs::write(folder.path().join(name), plan).unwrap();
    folder
}

/// Who does the task of this row: every so often somebody whom nobody knows.
fn who(row: usize, rows: usize) -> &'static str {
    const PEOPLE: [&str; 4] = ["Hiệu trưởng", "PHT phối hợp với TTCM", "Kế toán, văn thư", "Các tổ chuyên môn"];
    if row.is_multiple_of((rows / DOUBTS).max(1)) { "Người lạ" } else { PEOPLE[row % PEOPLE.len()] }
}

fn table(rows: usize) -> String {
    let mut plan = "STT,Tiêu chí,Nội dung công việc,Người thực hiện,Thời gian,Kinh phí\n".to_owned();
    for row in 1..=rows {
        let (standard, criterion, month) = (row % 5 + 1, row % 10 + 1, row % 4 + 9);
        let who = who(row, rows);
        writeln!(plan, "{row},{standard}.{criterion},Việc số {row} của năm học,\"{who}\",{month}/2023,Không").unwrap();
    }
    plan
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
    diagnostic::text(&loaded.doubts.into_sorted())
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn csv_with_doubts(bencher: Bencher, rows: usize) {
    let folder = school("plan.csv", &table(rows));
    bencher.counter(ItemsCount::new(rows)).bench(|| check(&folder));
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn toml_with_doubts(bencher: Bencher, rows: usize) {
    let folder = school("plan.toml", &toml(rows));
    bencher.counter(ItemsCount::new(rows)).bench(|| check(&folder));
}
