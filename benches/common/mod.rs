//! Schools for benchmarks: the shipped one with a plan of so many tasks.

#[allow(dead_code, unreachable_pub)]
#[path = "../../tests/common/settings.rs"]
mod settings;

use std::fmt::Write;

use settings::{Edit, Settings};
use tempfile::TempDir;

/// The shipped school with its plan in this file.
pub(crate) fn school(name: &str, plan: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    std::fs::copy(shipped.join("holidays-vn.toml"), folder.path().join("holidays-vn.toml")).unwrap();
    let mut settings = Settings::new(&std::fs::read_to_string(shipped.join("nhacviec.toml")).unwrap());
    settings.edit(Edit::Set("plan", &format!("{name:?}")));
    std::fs::write(folder.path().join("nhacviec.toml"), settings.to_string()).unwrap();
    std::fs::write(folder.path().join(name), plan).unwrap();
    folder
}

/// A table of so many tasks as CSV, who does each of them by its row.
pub(crate) fn table(rows: usize, who: impl Fn(usize) -> &'static str) -> String {
    let mut plan = "STT,Tiêu chí,Nội dung công việc,Người thực hiện,Thời gian,Kinh phí\n".to_owned();
    for row in 1..=rows {
        let (standard, criterion, month) = (row % 5 + 1, row % 10 + 1, row % 4 + 9);
        let who = who(row);
        writeln!(plan, "{row},{standard}.{criterion},Việc số {row} của năm học,\"{who}\",{month}/2023,Không").unwrap();
    }
    plan
}

/// Who does the task of a row, where everybody is known.
pub(crate) fn known_person(row: usize) -> &'static str {
    const PEOPLE: [&str; 4] = ["Hiệu trưởng", "PHT phối hợp với TTCM", "Kế toán, văn thư", "Các tổ chuyên môn"];
    PEOPLE[row % PEOPLE.len()]
}
