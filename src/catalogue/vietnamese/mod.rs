//! The catalogue of Vietnamese, in the terms of the Vietnamese pages of `docs/`.

mod advice;
mod answers;
mod calendar;
mod channel;
mod check;
mod command_error;
mod config;
mod connections;
mod console;
mod diagnostic;
mod difference;
mod document;
mod errors;
mod evidence;
mod help;
mod history;
mod import;
mod inbox;
mod init;
mod link;
mod local_time;
mod new_year;
mod outbox;
mod pairing;
mod people;
mod plan;
mod plan_accepted;
mod postpone;
mod progress;
mod reason;
mod rehearse;
mod school;
mod send_test;
mod status;
mod store;
mod store_copies;
mod store_step;
mod toml_file;

use std::io::{self, ErrorKind};

use jiff::civil::Date;

use crate::diagnostic::IoReason;
use crate::plan::{Period, Status, WorkPeriod};
use crate::schedule::ReviewId;
use crate::store::outbox::MessageState;

/// A date as it is written in Vietnam: 31/10/2023.
fn day(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// From when to when: "từ 01/10/2023 đến 31/10/2023".
fn period(period: Period) -> String {
    match period.start {
        Some(start) => format!("từ {} đến {}", day(start), day(period.due)),
        None => day(period.due),
    }
}

/// A review by its period: "sơ kết tháng 10/2023".
fn review(review: ReviewId) -> String {
    match review {
        ReviewId::Month { year, month } => format!("sơ kết tháng {month}/{year}"),
        ReviewId::Term(number) => format!("sơ kết học kỳ {number}"),
        ReviewId::Year => "tổng kết năm học".to_owned(),
    }
}

/// For when recurring work is told: "tháng 10/2023".
fn work_period(period: WorkPeriod) -> String {
    match period {
        WorkPeriod::Month { year, month } => format!("tháng {month}/{year}"),
        WorkPeriod::Term(number) => format!("học kỳ {number}"),
    }
}

/// Words in a list, each between backticks.
fn listed<W: AsRef<str>>(words: &[W]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Words in a list, each between quotes.
fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// Which word is meant, or else what to write.
fn meant(near: Option<&String>, otherwise: impl FnOnce() -> String) -> String {
    near.map_or_else(otherwise, |near| format!("có phải là `{near}` không?"))
}

/// Why the system does not do something with a file: in its own words where it is something unusual.
fn why(reason: &IoReason) -> &str {
    match reason.kind {
        ErrorKind::NotFound => "không có tệp này",
        ErrorKind::PermissionDenied => "không được phép mở",
        ErrorKind::IsADirectory => "đây là thư mục",
        ErrorKind::NotADirectory => "đây không phải là thư mục",
        ErrorKind::AlreadyExists => "đã có tệp này",
        ErrorKind::ReadOnlyFilesystem => "ổ đĩa chỉ cho đọc",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "hết chỗ trên ổ đĩa",
        _ => &reason.words,
    }
}

/// Why the system does not do something.
fn system(error: &io::Error) -> String {
    why(&IoReason::from(error)).to_owned()
}

/// How far a task is, as the end of a sentence.
fn status(status: Status) -> &'static str {
    match status {
        Status::NotStarted => "chưa thực hiện",
        Status::InProgress => "đang thực hiện",
        Status::Blocked => "gặp vướng mắc",
        Status::Done => "đã hoàn thành",
        Status::Cancelled => "không thực hiện nữa",
    }
}

/// Where a message is on its way, as the end of a sentence.
fn message_state(state: MessageState) -> &'static str {
    match state {
        MessageState::Queued => "đang chờ",
        MessageState::Sending => "đang gửi",
        MessageState::Sent => "đã gửi",
        MessageState::Dead => "không gửi được",
        MessageState::Uncertain => "có thể đã đến",
        MessageState::Withdrawn => "đã rút lại",
    }
}
