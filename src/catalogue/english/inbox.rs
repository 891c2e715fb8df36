use crate::cli::inbox::InboxText;
use crate::language::{English, Says};

use super::counted;

impl Says<InboxText<'_>> for English {
    fn say(&self, said: &InboxText<'_>) -> String {
        use InboxText as T;
        match said {
            T::LoggedIn(inbox) => {
                format!("logged in to {}:{} as {}", inbox.server.host, inbox.server.port, inbox.username)
            }
            T::Mails { folder, mails: 1 } => format!("folder {folder}: 1 mail"),
            T::Mails { folder, mails } => format!("folder {folder}: {mails} mails"),
            T::OwnMail(Ok(())) => "a mail of its own was written, read back and removed".to_owned(),
            T::OwnMail(Err(reason)) => {
                format!("a mail of its own could not be written and read back: {}", self.say(*reason))
            }
            T::TellsOfMail => "new mail: the server tells of new mail (IDLE)".to_owned(),
            T::LookedInto { every: 1 } => "new mail: looked into every minute".to_owned(),
            T::LookedInto { every } => format!("new mail: looked into every {every} minutes"),
            T::Bears { name, mails } => {
                let count = counted(*mails, "mail bears", "mails bear");
                match name {
                    Some(name) => format!("{count} the authentication of {name}"),
                    None => format!("{count} no authentication"),
                }
            }
            T::BelievesAll => "the configuration believes every From (authentication = \"none\")".to_owned(),
            T::AsksFor { name, is_borne: true } => format!("the configuration asks for {name}: that fits"),
            T::AsksFor { name, is_borne: false } => format!(
                "the configuration asks for {name}, which no mail bears: no answer will be believed; write as `authentication` \
                 the name that the mails bear"
            ),
            T::NotKnown { name, looked_at, address } => {
                let seen = match looked_at {
                    0 => "there is no mail in the mailbox yet".to_owned(),
                    1 => "the only mail bears no authentication (Authentication-Results)".to_owned(),
                    mails => {
                        format!("none of the {mails} newest mails bears any authentication (Authentication-Results)")
                    }
                };
                format!(
                    "whether answers will be believed is not known yet: the configuration asks for the authentication of \
                     {name}, and {seen}; its own mail the program has written into the mailbox itself, past the server that \
                     takes mail in\n  what to do send a mail from another mailbox to {address} and call `nhacviec inbox check` \
                     again: it shows the name of the server that has authenticated it (in the mail that stands at the beginning \
                     of Authentication-Results, where the original is shown); write that name as `authentication`. Where that \
                     mail bears none either, the server does not authenticate senders, see docs/inbox.md"
                )
            }
        }
    }
}
