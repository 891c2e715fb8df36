use crate::app::try_connections::{
    ConnectionTarget, FailedTry, TriedConnection, TryAdvice, TryAnswer, TryOutcome, TryReason, UntriedReason,
};
use crate::channel::TriedOut;
use crate::language::{English, Says};

use super::counted;

/// Behind what is said of a mailbox whose mails bear no name yet.
const NAME_NOT_KNOWN: &str = "; whether answers will be believed is not known yet, see `nhacviec inbox check`";

impl Says<TriedConnection> for English {
    fn say(&self, tried: &TriedConnection) -> String {
        let what = match &tried.connection {
            ConnectionTarget::Channel(name) => format!("channel {name}"),
            ConnectionTarget::Mailbox => "mailbox".to_owned(),
            ConnectionTarget::Pages => "pages".to_owned(),
        };
        match &tried.outcome {
            Ok(TryOutcome::Works(answer)) => format!("{what}: {}", self.say(answer)),
            Ok(TryOutcome::Untried(why)) => format!("{what}: {}", self.say(why)),
            Err(FailedTry { reason, advice }) => {
                format!("{what}: does not work\n  what failed {}\n  what to do  {}", self.say(reason), self.say(advice))
            }
        }
    }
}

impl Says<UntriedReason> for English {
    fn say(&self, why: &UntriedReason) -> String {
        match why {
            UntriedReason::OnlyBySending => "only sending shows whether it works; see `nhacviec send-test`".to_owned(),
            UntriedReason::NobodyListens(listen) => format!(
                "not tried yet: the service does not run, nobody listens on {listen}; once it runs, call `nhacviec check --online` again"
            ),
        }
    }
}

impl Says<TryAnswer> for English {
    fn say(&self, answer: &TryAnswer) -> String {
        match answer {
            TryAnswer::Channel(tried) => self.say(tried),
            TryAnswer::Mailbox { mails, is_name_known } => {
                let mails = counted(*mails as usize, "mail", "mails");
                let open = if *is_name_known { "" } else { NAME_NOT_KNOWN };
                format!("logged in; a mail of its own was read back; {mails}{open}")
            }
            TryAnswer::Pages(address) => format!("{address} shows the program's pages"),
        }
    }
}

impl Says<TryReason> for English {
    fn say(&self, reason: &TryReason) -> String {
        match reason {
            TryReason::Told(reason) => self.say(reason),
            TryReason::NameNotBorne => {
                "no mail in it bears the name in `authentication`: no answer will be believed".to_owned()
            }
            TryReason::OtherPage { address, status } => {
                format!("{address} answers {status}, and not with the program's pages")
            }
        }
    }
}

impl Says<TryAdvice> for English {
    fn say(&self, advice: &TryAdvice) -> String {
        match advice {
            TryAdvice::Told(advice) => self.say(advice),
            TryAdvice::MayPass => "this often passes; if it stays, check `host`, `port` and the firewall".to_owned(),
            TryAdvice::MendChannel => "mend the channel's table in the configuration".to_owned(),
            TryAdvice::MendInbox => "mend [inbox] in the configuration".to_owned(),
            TryAdvice::LetWrite => "let the program write into the mailbox, and see `nhacviec inbox check`".to_owned(),
            TryAdvice::SeeNames => "`nhacviec inbox check` shows the names that the mails bear".to_owned(),
            TryAdvice::SeeProxy => {
                "is the service running, and does the reverse proxy pass `public_url` on to `listen`? \
                                    See docs/web.md"
                    .to_owned()
            }
        }
    }
}

impl Says<TriedOut> for English {
    fn say(&self, tried: &TriedOut) -> String {
        match tried {
            TriedOut::Folder(folder) => format!("messages are written to {}", folder.display()),
            TriedOut::MailServer { host, took_login: true } => format!("{host} answers and takes the login"),
            TriedOut::MailServer { host, took_login: false } => format!("{host} answers"),
            TriedOut::Host { host, status } => {
                format!("{host} answers (HTTP {status}); only a message shows whether it takes one")
            }
            TriedOut::Bot => "the service knows the bot".to_owned(),
            TriedOut::Account => "the server knows the account".to_owned(),
        }
    }
}
