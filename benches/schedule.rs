//! How long it takes to decide a year: in one piece, and in a look a day. `cargo bench --bench schedule`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use nhacviec::app::load_school::load_school;
use nhacviec::files::Files;
use nhacviec::plan::Status;
use nhacviec::schedule::{Agenda, PastDecisions, decide};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

/// The shipped school with a plan of so many tasks: one to two leads, up to two coordinators, spread over the year.
fn agenda(tasks: usize) -> Agenda {
    const PEOPLE: [&str; 8] = [
        "Hiệu trưởng",
        "Phó Hiệu trưởng",
        "Kế toán",
        "Nhân viên văn thư",
        "Giáo viên tin học",
        "Giáo viên tiếng Anh",
        "Tổng phụ trách Đội",
        "Bí thư Chi đoàn",
    ];
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for name in ["nhacviec.toml", "holidays-vn.toml"] {
        std::fs::copy(shipped.join(name), folder.path().join(name)).unwrap();
    }
    let mut plan = "number = \"1/KH\"\ntitle = \"Kế hoạch\"\nissued = 2023-09-12\n".to_owned();
    // A row of numbers that is always the same and looks like chance.
    let mut chance = 12_345_u64;
    let mut next = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    for number in 0..tasks {
        let start = date(2023, 9, 5).saturating_add(i64::try_from(next(240)).unwrap().days());
        let due = start.saturating_add(i64::try_from(next(90)).unwrap().days());
        let mut pick = |most: u64| -> String {
            let names: Vec<String> =
                (0..=next(most)).map(|_| format!("\"{}\"", PEOPLE[usize::try_from(next(8)).unwrap()])).collect();
            names.join(", ")
        };
        let (lead, with) = (pick(2), pick(2));
        writeln!(
            plan,
            "[[task]]\nid = \"t{number}\"\nremedy = \"x\"\nlead = [{lead}]\nwith = [{with}]\nstart = {start}\ndue = {due}"
        )
        .unwrap();
    }
    std::fs::write(folder.path().join("ke-hoach-2023-2024.toml"), plan).unwrap();
    Agenda::new(load_school(&Files::Disk, &folder.path().join("nhacviec.toml")).unwrap().school)
}

const FIRST: Date = date(2023, 9, 1);
const LAST: Date = date(2024, 8, 31);

/// Every notice of the year, nothing done: the most there can be.
#[divan::bench(args = SIZES, sample_count = 20)]
fn year_at_once(bencher: Bencher, tasks: usize) {
    let agenda = agenda(tasks);
    bencher.counter(ItemsCount::new(tasks)).bench_local(|| agenda.notices(FIRST, LAST, |_| Status::NotStarted));
}

/// A decision each morning of the year, as the daemon makes them.
#[divan::bench(args = SIZES, sample_count = 20)]
fn year_day_by_day(bencher: Bencher, tasks: usize) {
    let agenda = agenda(tasks);
    let zone = agenda.school().settings.time_zone.clone();
    let mornings: Vec<(Date, Timestamp)> = FIRST
        .series(1.day())
        .take_while(|day| *day <= LAST)
        .map(|day| (day, day.at(7, 0, 0, 0).to_zoned_datetime(zone.clone()).unwrap().timestamp()))
        .collect();
    bencher.counter(ItemsCount::new(tasks)).bench_local(|| {
        let mut messages = 0;
        for (day, morning) in &mornings {
            let past =
                PastDecisions { since: *morning, reminded_through: day.yesterday().ok(), ..PastDecisions::default() };
            messages += decide(&agenda, &past, *morning, |_| Status::NotStarted).messages.len();
        }
        messages
    });
}

/// Preparing a plan, once whenever it changes.
#[divan::bench(args = SIZES, sample_count = 10)]
fn prepare(bencher: Bencher, tasks: usize) {
    let agenda = agenda(tasks);
    bencher.counter(ItemsCount::new(tasks)).with_inputs(|| agenda.school().clone()).bench_local_values(Agenda::new);
}
