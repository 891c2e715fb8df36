use jiff::civil::Date;

use crate::cli::rehearse::report::RehearsalText;
use crate::language::{English, Says};
use crate::schedule::{Notice, NoticeKind};

use super::counted;

impl Says<RehearsalText<'_>> for English {
    fn say(&self, said: &RehearsalText<'_>) -> String {
        use RehearsalText as T;
        match said {
            T::Head { plan, from, to } => {
                let tasks = counted(plan.tasks.len(), "task", "tasks");
                format!("plan {} of {}, {tasks}; played from {from} to {to}", plan.number, plan.issued)
            }
            T::ReportedAfter { days } => {
                let when = match days {
                    0 => "on its due date".to_owned(),
                    days => format!("{} after it was due", in_days(*days)),
                };
                format!("every task is reported done {when}, recurring work the day after each question")
            }
            T::Day(day) => day.strftime("%A %d %B %Y").to_string(),
            T::Why { notice, due, days_late } => {
                let late = match days_late {
                    0 => String::new(),
                    1 => ", caught up a day later".to_owned(),
                    days => format!(", caught up {days} days later"),
                };
                why(notice, *due) + &late
            }
            T::Failure => "a failure that the admin must know of".to_owned(),
            T::Messages => "messages".to_owned(),
            T::Total => "total".to_owned(),
            T::New => "new".to_owned(),
            T::Everybody => "all".to_owned(),
            T::Mean { tenths } => format!("{}.{} messages a person and month", tenths / 10, tenths % 10),
            T::WhatIsNew => {
                "new: says something of a task that this person has not been told before, or is a review".to_owned()
            }
            T::DaysLeft { pos, len, eta } => format!("{pos}/{len} days, {eta} left"),
        }
    }
}

/// Why a notice goes out, as a person would say it.
fn why(notice: &Notice, due: Option<Date>) -> String {
    let due = due.map(|due| due.to_string()).unwrap_or_default();
    match notice.kind {
        NoticeKind::Start => format!("starts {}, due {due}", notice.day),
        NoticeKind::Before(0) => format!("due {due}: the day itself"),
        NoticeKind::Before(1) => format!("due {due}: the day before"),
        NoticeKind::Before(days) => format!("due {due}: {days} days before"),
        NoticeKind::Overdue(days) => format!("was due {due}: {} after", in_days(days)),
        NoticeKind::Escalation(days) => format!("others are late, due {due}: {} after", in_days(days)),
        NoticeKind::SelfCheck(review) => format!("how far is it? asked before the review {review}"),
        NoticeKind::Review(review) => format!("review {review}, its period ends {}", notice.day),
    }
}

fn in_days(days: u16) -> String {
    counted(days.into(), "day", "days")
}
