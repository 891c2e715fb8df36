//! The only place where tests follow the clock of the machine. The program as a process has no other clock, and gets
//! none for the sake of tests: what could tell a service a wrong time would one day do so. So a test that runs it needs
//! a school that has something to tell today. Everything else is tested on a virtual clock.
//!
//! The school lies where it is about noon. Then no test begins on one day and ends on the next, and what is due in the
//! morning goes out at once, whenever the tests are run.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};

use super::{Files, plan_issued, task_named};

/// When the tests began, where it was about noon then.
static NOON: LazyLock<ZonedDateTime> = LazyLock::new(|| {
    let now = Timestamp::now();
    let east = 12 - now.to_zoned_datetime(TimeZone::UTC).hour();
    // By the rule of POSIX, what lies east of Greenwich has a minus.
    let name = if east == 0 { "Etc/GMT".to_owned() } else { format!("Etc/GMT{:+}", -east) };
    now.in_tz(&name).unwrap()
});

/// The present instant of the machine.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A day of the school that began today, counted from today.
pub fn day(days: i64) -> Date {
    NOON.date().saturating_add(days.days())
}

/// A school whose only task began today, so that there is something to tell at any hour and on any day.
pub fn begun_today() -> Files {
    let files = Files::new(super::CONFIG, &plan_begun_today(&[("1.1", "Việc 1.1", "Phó Hiệu trưởng")]));
    files
        .set("timezone", &format!("{:?}", NOON.time_zone().iana_name().unwrap()))
        .set("school_year.start", &day(-30).to_string())
        .set("school_year.terms", &format!("[{}]", day(100)))
        .set("school_year.end", &day(200).to_string())
        // Every day is a working day.
        .remove("calendar.holidays")
        .add("calendar.workdays", "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]");
    // The review of the month and its self-check are half a month away.
    let today = day(0).day();
    files.set("review.month.on", &(if today > 14 { today - 14 } else { today + 14 }).to_string());
    files
}

/// A plan of tasks that began today, by number, remedy and lead.
pub fn plan_begun_today(tasks: &[(&str, &str, &str)]) -> String {
    let time = format!("start = {}\ndue = {}", day(0), day(60));
    let tasks: Vec<String> =
        tasks.iter().map(|(number, remedy, lead)| task_named(number, remedy, lead, &time)).collect();
    plan_issued(day(-10), &tasks)
}
