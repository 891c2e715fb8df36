use crate::app::plan_difference::{DifferenceText, NoticeChange};
use crate::language::{English, Says};

impl Says<DifferenceText> for English {
    fn say(&self, said: &DifferenceText) -> String {
        use DifferenceText as T;
        match said {
            T::Nothing => "the change does nothing to the messages to come".to_owned(),
            T::What => "what".to_owned(),
            T::Task => "task".to_owned(),
            T::Notice => "notice".to_owned(),
            T::To => "to".to_owned(),
            T::WasOn => "was on".to_owned(),
            T::IsOn => "is on".to_owned(),
            T::More(number) => format!("and {number} more"),
            T::Count { moved, cancelled, added } => format!("{moved} moved, {cancelled} cancelled, {added} added"),
        }
    }
}

impl Says<NoticeChange> for English {
    fn say(&self, change: &NoticeChange) -> String {
        match change {
            NoticeChange::Moved => "moved",
            NoticeChange::Cancelled => "cancelled",
            NoticeChange::Added => "added",
        }
        .to_owned()
    }
}
