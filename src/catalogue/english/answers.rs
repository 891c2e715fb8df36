use crate::cli::answers::AnswersText;
use crate::cli::local_time::{Second, WITH_OFFSET};
use crate::language::{English, Says};
use crate::store::open_answers::{OpenAnswer, OpenReason};
use crate::store::unread_mail::UnreadMail;

use super::counted;

impl Says<AnswersText<'_>> for English {
    fn say(&self, said: &AnswersText<'_>) -> String {
        use AnswersText as T;
        match said {
            T::Nothing => "no answer waits for a person".to_owned(),
            T::UnreadMails => {
                "mails that the mailbox does not give, and that are not read yet; they are asked for again:".to_owned()
            }
            T::UnreadMail { mail: UnreadMail { uid, tries, reason, .. }, tried } => {
                let tries = counted(*tries as usize, "time", "times");
                format!("mail {uid}: tried {tries}, last {}: {}", self.say(*tried), self.say(reason))
            }
            T::Id => "id".to_owned(),
            T::At => "at".to_owned(),
            T::By => "by".to_owned(),
            T::Tasks => "tasks".to_owned(),
            T::Why => "why".to_owned(),
            T::Answer => "answer".to_owned(),
            T::Open { answer: OpenAnswer { id, writer, why, .. }, at } => {
                format!("{id} of {writer} at {}: {}", moment(at), self.say(why))
            }
            T::About(tasks) => format!("about {}", tasks.join(", ")),
            T::Settled { at, by } => {
                let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
                format!("settled at {}{by}", moment(at))
            }
            T::SettledNow { id, writer, reported } => {
                let reported = reported.iter().map(|(task, status)| format!("; {task}: {status}"));
                format!("{id} of {writer} is settled{}", reported.collect::<String>())
            }
        }
    }
}

fn moment(Second(at): &Second) -> String {
    at.strftime(WITH_OFFSET).to_string()
}

impl Says<OpenReason> for English {
    fn say(&self, why: &OpenReason) -> String {
        match why {
            OpenReason::Unclear => "unclear twice",
            OpenReason::Question => "a question",
            OpenReason::HandOver => "not theirs",
        }
        .to_owned()
    }
}
