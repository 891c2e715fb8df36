use crate::app::plan_in_force::WaitingPlan;
use crate::cli::status::text::StatusText;
use crate::language::{English, Says};
use crate::plan::Status;
use crate::schedule::NoticeKind;
use crate::store::WorkerSeen;
use crate::with_causes;

use super::counted;

/// "before, 7 days", "self-check of 2023-10".
impl Says<NoticeKind> for English {
    fn say(&self, kind: &NoticeKind) -> String {
        let review = kind.review().map(|review| format!(" of {review}")).unwrap_or_default();
        let days = kind.days().map(|days| format!(", {}", counted(days.into(), "day", "days"))).unwrap_or_default();
        format!("{}{review}{days}", kind.as_str().replace('_', "-"))
    }
}

impl Says<WaitingPlan> for English {
    fn say(&self, waiting: &WaitingPlan) -> String {
        waiting.to_string()
    }
}

impl Says<StatusText<'_>> for English {
    fn say(&self, said: &StatusText<'_>) -> String {
        use StatusText as T;
        match said {
            T::NotKnown(why) => format!("how far its tasks are is not known: {}", with_causes(*why)),
            T::Task => "task".to_owned(),
            T::Due => "due".to_owned(),
            T::DueInPlan => "due in the plan".to_owned(),
            T::State => "state".to_owned(),
            T::Lead => "lead".to_owned(),
            T::Summary { number, today, counts } => format!(
                "plan {number} on {today}: {}/{} done, {} overdue, {} blocked, {} in hand, {} not reported, {} not yet due, {} of \
                 unclear date",
                counts.done,
                counts.counted,
                counts.overdue,
                counts.blocked,
                counts.in_progress,
                counts.not_started,
                counts.not_due,
                counts.unresolved
            ),
            T::PlanWaits => "a plan waits:".to_owned(),
            T::DueDate { due, written } => {
                let due = due.map_or_else(|| "unresolved".to_owned(), |due| due.to_string());
                written.map_or(due.clone(), |written| format!("{due} (plan: {written})"))
            }
            T::Reported(status, percent) => match status {
                Status::NotStarted => "not started".to_owned(),
                Status::InProgress => format!("{percent} %"),
                Status::Blocked => format!("blocked at {percent} %"),
                Status::Done => "done".to_owned(),
                Status::Cancelled => "cancelled".to_owned(),
            },
            T::LeadsDone { done, of } => format!("{done} of {of} leads done"),
            T::DaysOverdue(1) => "a day overdue".to_owned(),
            T::DaysOverdue(days) => format!("{days} days overdue"),
            T::Requests => "asked for more time; decide with `nhacviec postpone`".to_owned(),
            T::Answers => "answers that wait for a person; see `nhacviec answers list`".to_owned(),
            T::Next => "next".to_owned(),
            T::First(number, at) => {
                format!("next: {} out at {}", counted(*number, "message goes", "messages go"), self.say(*at))
            }
            T::NothingFirst(at) => format!("nothing goes out at the first look, at {}", self.say(*at)),
            T::Nothing => "nothing".to_owned(),
            T::MoreMessages(number) => format!("and {} later", counted(*number, "more message", "more messages")),
            T::Over(channel) => format!("over {channel}"),
            T::Note => "a note".to_owned(),
            T::NotDelivered => "not delivered".to_owned(),
            T::MayHaveArrived => "may have arrived".to_owned(),
            T::FailingAddresses => "addresses that take no mail".to_owned(),
            T::Since(date) => format!("since {date}"),
            T::NobodyAtWork => "no service is at work yet".to_owned(),
            T::Worker(WorkerSeen { node, version, is_at_work, .. }) => {
                let does = if *is_at_work { "at work" } else { "stands by" };
                format!("{does}: {node}, version {version}")
            }
        }
    }
}
