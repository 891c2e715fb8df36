use crate::cli::outbox::OutboxText;
use crate::language::{English, Says};
use crate::store::outbox::{AttemptOutcome, Listed, MessageKind, MessageState};

use super::counted;

impl Says<OutboxText<'_>> for English {
    fn say(&self, said: &OutboxText<'_>) -> String {
        use OutboxText as T;
        match said {
            T::Nothing => "nothing waits and nothing failed".to_owned(),
            T::NothingOver(channel) => format!("nothing that waits or failed was last tried over {channel}"),
            T::GoOut(number) => {
                format!("{} out at the next opportunity", counted(*number, "message goes", "messages go"))
            }
            T::GoesOut { id, to } => format!("{id} to {to} goes out at the next opportunity"),
            T::TakenOut { id, to } => format!("{id} to {to} is taken out of the queue"),
            T::Id => "id".to_owned(),
            T::State => "state".to_owned(),
            T::Kind => "what".to_owned(),
            T::To => "to".to_owned(),
            T::NextTry => "next try".to_owned(),
            T::Never => "never".to_owned(),
            T::LastAnswer => "last answer".to_owned(),
            T::AttemptsFor { id, to } => format!("{id} to {to}"),
            T::Attempt { at, attempt } => {
                format!("{} over {}: {}: {}", self.say(*at), attempt.channel, about(attempt.outcome), attempt.answer)
            }
            T::Message(Listed { id, state, class, recipient, .. }) => format!("{class} {id} to {recipient}: {state}"),
            T::PutIn(at) => format!("put in {}", self.say(*at)),
            T::Tells { task, notice } => {
                let task = task.map(|task| format!("{task} ")).unwrap_or_default();
                format!("tells {task}{} (for {})", notice.kind, notice.on)
            }
            T::HandedOver { at, attempt } => {
                let to = attempt.address.as_ref().map(|address| format!(" to {address}")).unwrap_or_default();
                format!("{} over {}{to}: {}: {}", self.say(*at), attempt.channel, attempt.outcome, attempt.answer)
            }
        }
    }
}

/// What an attempt says about whom or what.
fn about(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Sent => "taken",
        AttemptOutcome::Temporary => "not now",
        AttemptOutcome::Permanent => "the recipient's address",
        AttemptOutcome::Message => "the message itself",
        AttemptOutcome::Unknown => "the recipient or the channel",
        AttemptOutcome::Channel => "the channel",
        AttemptOutcome::Uncertain => "no answer came",
    }
}

impl Says<MessageState> for English {
    fn say(&self, state: &MessageState) -> String {
        state.to_string()
    }
}

impl Says<MessageKind> for English {
    fn say(&self, kind: &MessageKind) -> String {
        kind.to_string()
    }
}
