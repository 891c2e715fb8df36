//! The steps of a conversation (RFC 5321, 3 and 4.3): which codes each takes as its answer, how long that is waited for,
//! and how it fails.

use std::io;
use std::time::Duration;

pub(super) use crate::reason::Step;
use crate::reason::{MailReason, SystemReason};

use super::reply::{Malformed, Reply};

/// How long an ordinary answer may take (RFC 5321, 4.5.3.2).
const ANSWER: Duration = Duration::from_mins(5);
/// How long the server may take to accept a message after its last byte (RFC 5321, 4.5.3.2.6).
const ACCEPTANCE: Duration = Duration::from_mins(10);
/// How long a farewell may take: nothing depends on it.
const FAREWELL: Duration = Duration::from_secs(5);

impl Step {
    /// Whether a reply with this code lets the conversation go on (RFC 5321, 4.3.2; RFC 3207, 4; RFC 4954, 4).
    pub(super) fn takes(self, code: u16) -> bool {
        match self {
            Self::Greeting | Self::StartTls => code == 220,
            Self::Ehlo | Self::Mail | Self::End => code == 250,
            Self::Rcpt => matches!(code, 250 | 251),
            Self::Auth => matches!(code, 235 | 334),
            Self::Data => code == 354,
            Self::Quit => code == 221,
        }
    }

    /// How long its answer is waited for.
    pub(super) fn limit(self) -> Duration {
        match self {
            Self::End => ACCEPTANCE,
            Self::Quit => FAREWELL,
            _ => ANSWER,
        }
    }
}

/// Why a step did not lead on.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server says no: 4yz or 5yz.
    Refused(Reply),
    /// The code is none of the step's.
    Wrong(Reply),
    /// What the server says is no reply.
    Malformed(Malformed),
    /// The server spoke before it was asked: whatever it says next may belong to something else.
    Unasked,
    /// The connection broke.
    Lost(io::Error),
    /// Nothing came in time.
    Late,
}

/// A conversation that ended at a step.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) step: Step,
    pub(super) fault: Fault,
}

impl Stop {
    /// Why it ended, for whoever is told.
    pub(super) fn reason(&self) -> MailReason {
        let step = self.step;
        match &self.fault {
            Fault::Refused(reply) => MailReason::Refused { step, answer: reply.to_string() },
            Fault::Wrong(reply) => MailReason::WrongAnswer { step, answer: reply.to_string() },
            Fault::Malformed(Malformed::NoCode(line)) => MailReason::NoAnswer { step, line: line.clone() },
            Fault::Malformed(Malformed::Endless) => MailReason::Endless { step },
            Fault::Unasked => MailReason::Unasked { step },
            Fault::Lost(error) => MailReason::Lost { step, why: SystemReason::from(error) },
            Fault::Late => MailReason::TooSlow { step },
        }
    }

    /// Whether the server had closed the conversation before this step, or closes it instead of an answer.
    pub(super) fn is_closed(&self) -> bool {
        match &self.fault {
            Fault::Refused(reply) => reply.code == 421,
            Fault::Lost(_) | Fault::Unasked => true,
            Fault::Wrong(_) | Fault::Malformed(_) | Fault::Late => false,
        }
    }

    /// Whether the server has answered the first command of an envelope and no other.
    pub(super) fn is_silence_behind_mail(&self) -> bool {
        matches!((self.step, &self.fault), (Step::Rcpt | Step::Data, Fault::Late))
    }

    /// Whether both sides still know where they are: the server said no to this step and waits for another.
    pub(super) fn is_in_step(&self) -> bool {
        matches!(&self.fault, Fault::Refused(reply) if reply.code != 421)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_takes_its_own_codes_alone() {
        let cases: [(Step, &[u16]); 9] = [
            (Step::Greeting, &[220]),
            (Step::Ehlo, &[250]),
            (Step::StartTls, &[220]),
            (Step::Auth, &[235, 334]),
            (Step::Mail, &[250]),
            (Step::Rcpt, &[250, 251]),
            (Step::Data, &[354]),
            (Step::End, &[250]),
            (Step::Quit, &[221]),
        ];
        for (step, codes) in cases {
            let taken: Vec<u16> = (200..600).filter(|code| step.takes(*code)).collect();
            assert_eq!(taken, codes, "{step}");
        }
    }
}
