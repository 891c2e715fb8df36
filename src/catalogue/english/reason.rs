use crate::language::{English, Says};
use crate::reason::{
    ConnectionReason, ConversationHelp, HttpReason, LocalReason, MailReason, MailboxFault, MailboxReason, MailboxStep,
    Reason, Step,
};

impl Says<Reason> for English {
    fn say(&self, reason: &Reason) -> String {
        match reason {
            Reason::Said(words) => words.clone(),
            Reason::Advised { reason, advice } => format!("{} ({})", self.say(&**reason), self.say(advice)),
            Reason::Connection(reason) => self.say(reason),
            Reason::Mail(reason) => self.say(reason),
            Reason::Http(reason) => self.say(reason),
            Reason::Mailbox(reason) => self.say(reason),
            Reason::Local(reason) => self.say(reason),
        }
    }
}

impl Says<ConnectionReason> for English {
    fn say(&self, reason: &ConnectionReason) -> String {
        use ConnectionReason as R;
        match reason {
            R::NameNotFound { host, why } => format!("the name {host} is not found: {}", why.words),
            R::NotConnected { to, why } => format!("cannot connect to {to}: {}", why.words),
            R::Untrusted { host, fault: _, words } => {
                format!("{host} does not show a certificate that can be trusted: {words}")
            }
            R::NoCertificateName { host } => format!("{host} is no name that a certificate can bear"),
            R::NotEncrypted { host, why } => format!("encryption with {host} failed: {}", why.words),
            R::EncryptionTooSlow { host } => format!("encryption with {host} took too long"),
            R::NoTls { words } => format!("TLS cannot be used: {words}"),
            R::NoHttp { words } => format!("HTTP cannot be used: {words}"),
            R::NoProxy => "the proxy cannot be used".to_owned(),
            R::BrokenAddress { host } => format!("the address of {host} is broken"),
            R::TooSlow { host, why } => format!("{host} did not answer in time: {}", why.words),
            R::BrokeOff { host, why } => format!("{host} broke off before it answered: {}", why.words),
        }
    }
}

impl Says<MailReason> for English {
    fn say(&self, reason: &MailReason) -> String {
        use MailReason as R;
        match reason {
            R::Refused { step, answer } => match step {
                Step::Greeting => format!("the server greets with {answer}"),
                Step::Auth => format!("the server refused the login: {answer}"),
                Step::Mail => format!("the server refused the sender: {answer}"),
                Step::Rcpt => format!("the server refused the recipient: {answer}"),
                Step::Data | Step::End => format!("the server refused the message: {answer}"),
                Step::Ehlo | Step::StartTls | Step::Quit => format!("the server refused {step}: {answer}"),
            },
            R::WrongAnswer { step, answer } => format!("the server's answer to {step} is none: {answer}"),
            R::NoAnswer { step, line } => format!("this is no answer of a mail server: {line} (to {step})"),
            R::Endless { step } => format!("the server's answer does not end (to {step})"),
            R::Unasked { step } => format!("the server said more than it was asked, before {step}"),
            R::Lost { step, why } => format!("the connection broke before {step} was answered: {}", why.words),
            R::TooSlow { step } => format!("the server did not answer {step} in time"),
            R::NoStartTls => "the server does not offer STARTTLS".to_owned(),
            R::NoLogin => "the server offers no login".to_owned(),
            R::OtherLogins { offered } => {
                format!("the server offers {}; we know PLAIN, LOGIN and XOAUTH2", and(offered))
            }
            R::ForeignLetters { address } => {
                format!("{address} has letters other than a–z, and the server does not carry those (no SMTPUTF8)")
            }
            R::TooLarge { size, largest } => {
                format!("the message has {size} bytes, and the server takes {largest} (SIZE)")
            }
        }
    }
}

impl Says<HttpReason> for English {
    fn say(&self, reason: &HttpReason) -> String {
        use HttpReason as R;
        match reason {
            R::Answered { status, said } if said.is_empty() => format!("HTTP {status}"),
            R::Answered { status, said } => format!("HTTP {status}: {said}"),
            R::CutOff { answer } => format!("the answer broke off: {}", self.say(&**answer)),
            R::GroupMoved { answer, chat } => format!("{} (the group's `chat` is now {chat})", self.say(&**answer)),
            R::Shortened { answer } => {
                format!("taken in a shorter form, for it was too large: {}", self.say(&**answer))
            }
            R::NoToken { host, said } => format!("{host} gives no token: {said}"),
            R::AnswerWithoutToken { host, status } => format!("{host} answers {status} without a token"),
            R::BadToken => "the token holds signs that no token has".to_owned(),
        }
    }
}

impl Says<LocalReason> for English {
    fn say(&self, reason: &LocalReason) -> String {
        use LocalReason as R;
        match reason {
            R::NoAddress => "no `email` to send to".to_owned(),
            R::BadAddress { address } => format!("`{address}` is no address of electronic mail"),
            R::NoConversation { channel, help } => {
                let help = match help {
                    ConversationHelp::Pair => format!("`nhacviec channel pair {channel}` finds it"),
                    ConversationHelp::RoomSettings => "the room's settings show its id, as \"!…:server\"".to_owned(),
                };
                format!("no `chat = {{ {channel} = \"…\" }}` to write to; {help}")
            }
            R::NotComposed { words } => format!("the message cannot be put together: {words}"),
            R::Written { path } => format!("written to {}", path.display()),
            R::NotWritten { path, why } => format!("cannot write {}: {}", path.display(), why.words),
            R::BrokenOff { words } => format!("the work broke off: {words}"),
            R::Stopped => "the service was stopped before the answer came".to_owned(),
            R::NoFurtherChannel { recipient } => format!("{recipient} has no further channel"),
            R::NoChannel { channel } => format!("there is no channel `{channel}`"),
            R::Silent { minutes } => format!("no answer for {minutes} minutes"),
        }
    }
}

impl Says<MailboxReason> for English {
    fn say(&self, reason: &MailboxReason) -> String {
        use MailboxReason as R;
        match reason {
            R::Failed { step, fault } => format!("{}: {}", self.say(step), self.say(fault)),
            R::LetsAnybodyIn { server } => format!("{server} lets anybody in unencrypted"),
            R::TakesNobodyIn { server, said } => format!("{server} takes nobody in now: {said}"),
            R::NoGreeting { server } => format!("{server} does not greet as a server of IMAP does"),
            R::GreetsTooLate { server } => format!("{server} did not greet in time"),
            R::Closed { server } => format!("{server} closed the connection"),
            R::SpokeOn { server } => {
                format!("{server} does not begin encryption: the server spoke on after it agreed")
            }
            R::LoginRefused { said } => format!("the server refused the login: {said}"),
            R::NoLastingNumbers => "the server gives mails no lasting numbers".to_owned(),
            R::OwnMailLost => "a mail was written into the folder and is not found there".to_owned(),
        }
    }
}

impl Says<MailboxStep> for English {
    fn say(&self, step: &MailboxStep) -> String {
        use MailboxStep as S;
        match step {
            S::Greeting(server) => format!("{server} greets"),
            S::Capabilities => "asking what the server can do".to_owned(),
            S::Encryption(server) => format!("{server} does not begin encryption"),
            S::LogIn => "logging in".to_owned(),
            S::Open(folder) => format!("opening the folder {folder}"),
            S::Search => "looking for mail".to_owned(),
            S::Size => "asking how large a mail is".to_owned(),
            S::Read => "reading a mail".to_owned(),
            S::Header => "reading a header".to_owned(),
            S::Envelope => "asking what a mail is".to_owned(),
            S::Mark => "marking an answer".to_owned(),
            S::Move => "moving an answer to `done_folder`".to_owned(),
            S::MakeFolder => "making `done_folder`".to_owned(),
            S::Remove => "removing a mail".to_owned(),
            S::Write => "writing a mail".to_owned(),
            S::Wait => "waiting for mail".to_owned(),
        }
    }
}

impl Says<MailboxFault> for English {
    fn say(&self, fault: &MailboxFault) -> String {
        use MailboxFault as F;
        match fault {
            F::Refused(said) => format!("the server said: {said}"),
            F::Lost => "the connection was lost".to_owned(),
            F::Ended(said) => format!("the server ended the connection and said: {said}"),
            F::TooSlow => "the server did not answer in time".to_owned(),
            F::TooMuch => "the server sends more than was asked for".to_owned(),
            F::NotUnderstood => "the server's answer is not understood".to_owned(),
            F::System(why) => why.words.clone(),
            F::Withheld => "the server says that it is there, and gives nothing of it".to_owned(),
            F::NotSaid => "the server does not say".to_owned(),
        }
    }
}

/// Words as a list in a sentence.
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
