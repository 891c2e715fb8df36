use crate::language::{English, Says};
use crate::store::{ExpectedValue, StoreStep};

use super::listed;

impl Says<StoreStep> for English {
    fn say(&self, step: &StoreStep) -> String {
        step.to_string()
    }
}

impl Says<ExpectedValue> for English {
    fn say(&self, expected: &ExpectedValue) -> String {
        use ExpectedValue as E;
        match expected {
            E::Number => "a number",
            E::Date => "a date",
            E::TwoDates => "two dates",
            E::TwoNumbers => "two numbers",
            E::Instant => "an instant",
            E::Milliseconds => "a number of milliseconds",
            E::PlanText => "what a plan says",
            E::EvidenceList => "a list of evidence",
            E::LeadList => "a list of leads",
            E::ReportEffect => "what a report changes",
            E::TaskList => "a list of tasks",
            E::ChannelPlace => "the place of a channel",
            E::Size => "a size",
            E::Letter => "a letter",
            E::SqlValue => "a number, a text or bytes",
            E::NoticeKind => "a kind of notice",
            E::Status => "a status",
            E::Period => "a period",
            E::ReviewName => "the name of a review",
            E::OneOf(words) => return format!("one of {}", listed(words)),
        }
        .to_owned()
    }
}
