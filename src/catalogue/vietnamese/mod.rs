//! The catalogue of Vietnamese, in the terms of the Vietnamese pages of `docs/`.

mod check;
mod diagnostic;

use jiff::civil::Date;

use crate::plan::Period;

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
