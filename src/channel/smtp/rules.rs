//! What a permanent refusal is about: one row a rule, the first that fits counts.
//!
//! A server's words are looked at in English and in small letters. What fits no rule is not known: what becomes of other
//! messages tells whose it is.

use std::ops::RangeInclusive;

use crate::reason::Advice;

use super::reply::{EnhancedCode, Reply};
use super::step::Step;

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusalSubject {
    /// This recipient.
    Recipient,
    /// This message, whoever gets it.
    Message,
    /// All that goes over the channel.
    Channel,
    /// All that goes over the channel today.
    Quota,
}

/// What the admin can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AdviceRule {
    None,
    /// What depends on the login and on whose server it is.
    Login,
    /// Always the same.
    Always(Advice),
}

/// Which enhanced status codes fit.
#[derive(Clone, Debug)]
enum Statuses {
    /// Any, and none.
    Any,
    /// No code at all.
    Absent,
    /// One of these.
    In(&'static [RangeInclusive<EnhancedCode>]),
    /// None, or one of these.
    AbsentOrIn(&'static [RangeInclusive<EnhancedCode>]),
}

/// A row: all that it names must fit.
pub(super) struct Rule {
    /// At these steps.
    steps: &'static [Step],
    /// With one of these codes; none are all of 5yz.
    codes: &'static [u16],
    statuses: Statuses,
    /// With a word of each of these lists.
    words: &'static [&'static [&'static str]],
    /// With none of these words.
    without: &'static [&'static str],
    pub(super) about: RefusalSubject,
    pub(super) advice: AdviceRule,
    /// Who says so.
    pub(super) source: &'static str,
}

impl Rule {
    /// The rule for this answer to this step, where there is one.
    pub(super) fn of(step: Step, reply: &Reply) -> Option<&'static Self> {
        let (status, text) = (reply.status(), reply.folded());
        RULES.iter().find(|rule| rule.fits(step, reply.code, status, &text))
    }

    fn fits(&self, step: Step, code: u16, status: Option<EnhancedCode>, text: &str) -> bool {
        let within = |ranges: &[RangeInclusive<EnhancedCode>]| {
            status.is_some_and(|status| ranges.iter().any(|range| range.contains(&status)))
        };
        let status_fits = match &self.statuses {
            Statuses::Any => true,
            Statuses::Absent => status.is_none(),
            Statuses::In(ranges) => within(ranges),
            Statuses::AbsentOrIn(ranges) => status.is_none() || within(ranges),
        };
        self.steps.contains(&step)
            && (self.codes.is_empty() || self.codes.contains(&code))
            && status_fits
            && self.words.iter().all(|list| list.iter().any(|word| text.contains(word)))
            && !self.without.iter().any(|word| text.contains(word))
    }
}

/// Before any message.
const OPENING: &[Step] = &[Step::Greeting, Step::Ehlo];
/// From where a message begins.
const MAIL: &[Step] = &[Step::Mail];
const RCPT_ON: &[Step] = &[Step::Rcpt, Step::Data, Step::End];
const MAIL_ON: &[Step] = &[Step::Mail, Step::Rcpt, Step::Data, Step::End];
const ALL: &[Step] =
    &[Step::Greeting, Step::Ehlo, Step::StartTls, Step::Auth, Step::Mail, Step::Rcpt, Step::Data, Step::End];
const AUTH: &[Step] = &[Step::Auth];

/// How servers say that they distrust a machine.
const BLOCKED: &[&str] = &[
    "blocked",
    "block list",
    "blocklist",
    "blacklist",
    "black list",
    "spamhaus",
    "spamcop",
    "barracuda",
    "dnsbl",
    "reputation",
];

/// What servers of every kind call a message's size.
const SIZE: &[&str] = &["size", "too large", "too big", "too long"];

/// A row that fits everything, for others to be made of.
const ANY: Rule = Rule {
    steps: ALL,
    codes: &[],
    statuses: Statuses::Any,
    words: &[],
    without: &[],
    about: RefusalSubject::Channel,
    advice: AdviceRule::None,
    source: "",
};

const RULES: &[Rule] = &[
    // The login.
    Rule {
        codes: &[530, 538],
        words: &[&["starttls", "encrypt", "tls"]],
        advice: AdviceRule::Always(Advice::StartTls),
        source: "RFC 3207, 4; RFC 4954, 6 (538)",
        ..ANY
    },
    Rule {
        steps: AUTH,
        statuses: Statuses::In(&[(5, 7, 30)..=(5, 7, 30), (5, 7, 139)..=(5, 7, 139)]),
        advice: AdviceRule::Always(Advice::UseOauth),
        source: "Microsoft: basic authentication in Exchange Online",
        ..ANY
    },
    Rule {
        steps: AUTH,
        words: &[&["basic authentication is disabled", "smtpclientauthentication is disabled"]],
        advice: AdviceRule::Always(Advice::UseOauth),
        source: "Microsoft: basic authentication in Exchange Online",
        ..ANY
    },
    Rule {
        steps: AUTH,
        words: &[&["application-specific", "app password", "app-password", "invalidsecondfactor", "web browser"]],
        advice: AdviceRule::Always(Advice::AppPassword),
        source: "Google: SMTP errors and codes (534 5.7.9, 5.7.14)",
        ..ANY
    },
    Rule { steps: AUTH, advice: AdviceRule::Login, source: "RFC 4954, 6", ..ANY },
    Rule { codes: &[530, 534, 535, 538], advice: AdviceRule::Login, source: "RFC 4954, 6", ..ANY },
    // The greeting.
    Rule {
        steps: OPENING,
        codes: &[504],
        advice: AdviceRule::Always(Advice::SetHello),
        source: "RFC 5321, 4.2.2; Postfix",
        ..ANY
    },
    Rule {
        steps: OPENING,
        codes: &[501, 550, 553, 554],
        words: &[&["helo", "ehlo", "fully-qualified", "fully qualified", "fqdn"]],
        advice: AdviceRule::Always(Advice::SetHello),
        source: "Postfix, smtpd_helo_restrictions; Exim, helo_verify",
        ..ANY
    },
    Rule { steps: OPENING, advice: AdviceRule::Always(Advice::AskServer), source: "RFC 5321, 3.1 and 4.2.2", ..ANY },
    Rule { steps: &[Step::StartTls], advice: AdviceRule::Always(Advice::EncryptOrAsk), source: "RFC 3207, 4", ..ANY },
    // What Postfix and others say of machine and sender no sooner than of the recipient (smtpd_delay_reject).
    Rule {
        steps: MAIL_ON,
        words: &[&[
            "helo command rejected",
            "helo name",
            "bad helo",
            "invalid helo",
            "ehlo name",
            "bad ehlo",
            "invalid ehlo",
        ]],
        advice: AdviceRule::Always(Advice::SetHello),
        source: "Postfix, smtpd_helo_restrictions",
        ..ANY
    },
    Rule {
        steps: MAIL_ON,
        codes: &[554],
        statuses: Statuses::In(&[(5, 7, 1)..=(5, 7, 1)]),
        words: &[BLOCKED],
        advice: AdviceRule::Always(Advice::ClearAddress),
        source: "Postfix, reject_rbl_client",
        ..ANY
    },
    Rule {
        steps: MAIL_ON,
        codes: &[550, 551, 553, 554, 571],
        statuses: Statuses::AbsentOrIn(&[(5, 7, 1)..=(5, 7, 1)]),
        words: &[BLOCKED],
        // A mailbox may be blocked as well.
        without: &["mailbox", "recipient", "user", "account"],
        advice: AdviceRule::Always(Advice::ClearAddress),
        source: "Outlook.com; Spamhaus",
        ..ANY
    },
    Rule {
        steps: MAIL_ON,
        words: &[&["client host", "reverse hostname", "reverse dns", "ptr record", "rdns"]],
        advice: AdviceRule::Always(Advice::AcceptMachine),
        source: "Postfix, smtpd_client_restrictions",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        words: &[&[
            "sender address rejected",
            "sender rejected",
            "sender denied",
            "sender verify failed",
            "sendasdenied",
            "not owned by",
            "permissions to send as",
            "not allowed to send as",
            "bad outbound sender",
            "invalid sender",
            "unknown sender",
        ]],
        advice: AdviceRule::Always(Advice::SetFrom),
        source: "Postfix, smtpd_sender_restrictions; Exim, verify = sender; Exchange, SendAsDenied",
        ..ANY
    },
    // The sender.
    Rule { steps: MAIL, codes: &[552], words: &[SIZE], about: RefusalSubject::Message, source: "RFC 1870, 6.1", ..ANY },
    Rule {
        steps: MAIL,
        statuses: Statuses::In(&[(5, 3, 4)..=(5, 3, 4)]),
        about: RefusalSubject::Message,
        source: "RFC 3463, 3.4",
        ..ANY
    },
    Rule {
        steps: MAIL,
        statuses: Statuses::In(&[(5, 1, 90)..=(5, 1, 90), (5, 4, 5)..=(5, 4, 5), (5, 7, 232)..=(5, 7, 232)]),
        about: RefusalSubject::Quota,
        advice: AdviceRule::Always(Advice::SetPerDay),
        source: "Google and Microsoft: sending limits",
        ..ANY
    },
    Rule {
        steps: MAIL,
        words: &[&["quota", "limit"]],
        about: RefusalSubject::Quota,
        advice: AdviceRule::Always(Advice::SetPerDay),
        source: "Google and Microsoft: sending limits",
        ..ANY
    },
    Rule {
        steps: MAIL,
        advice: AdviceRule::Always(Advice::SetFrom),
        source: "RFC 5321, 3.3: MAIL names no recipient",
        ..ANY
    },
    // The recipient, by the enhanced code.
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[
            (5, 1, 0)..=(5, 1, 3),
            (5, 1, 6)..=(5, 1, 6),
            (5, 1, 10)..=(5, 1, 10),
            (5, 2, 1)..=(5, 2, 3),
            (5, 4, 1)..=(5, 4, 1),
        ]),
        about: RefusalSubject::Recipient,
        source: "RFC 3463, 3.2 and 3.3; RFC 7505, 5 (5.1.10); Exchange (5.4.1: no such recipient)",
        ..ANY
    },
    // The sender, the machine and the service, by the enhanced code.
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 1, 90)..=(5, 1, 90), (5, 4, 5)..=(5, 4, 5), (5, 7, 232)..=(5, 7, 232)]),
        about: RefusalSubject::Quota,
        advice: AdviceRule::Always(Advice::SetPerDay),
        source: "Google: 5.4.5; Microsoft: 5.1.90, 5.7.232",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 7, 0)..=(5, 7, 0)]),
        words: &[&["limit", "quota"]],
        about: RefusalSubject::Quota,
        advice: AdviceRule::Always(Advice::SetPerDay),
        source: "Google: sending limits (5.7.0)",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::AbsentOrIn(&[(5, 7, 1)..=(5, 7, 1)]),
        words: &[&[
            "daily limit",
            "daily quota",
            "daily sending",
            "daily message",
            "sending limit",
            "sending quota",
            "hourly limit",
            "max emails per",
            "message limit",
        ]],
        about: RefusalSubject::Quota,
        advice: AdviceRule::Always(Advice::SetPerDay),
        source: "cPanel, Zoho, GoDaddy: sending limits",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 1, 7)..=(5, 1, 8), (5, 2, 252)..=(5, 2, 252), (5, 7, 60)..=(5, 7, 60)]),
        advice: AdviceRule::Always(Advice::SetFrom),
        source: "RFC 3463, 3.2 (5.1.7, 5.1.8); Exchange (5.2.252, 5.7.60)",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 7, 25)..=(5, 7, 27)]),
        advice: AdviceRule::Always(Advice::SetDns),
        source: "RFC 7372, 3.3 and 3.4 (5.7.25, 5.7.26); RFC 7505, 5 (5.7.27)",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 7, 64)..=(5, 7, 64)]),
        advice: AdviceRule::Always(Advice::AllowRelay),
        source: "Exchange (5.7.64: relay access denied)",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 7, 501)..=(5, 7, 708)]),
        advice: AdviceRule::Always(Advice::AskProvider),
        source: "Microsoft: non-delivery reports in Exchange Online",
        ..ANY
    },
    // The same without an enhanced code, or with one that says no more than "policy".
    Rule {
        steps: RCPT_ON,
        codes: &[550, 551, 553, 554, 571],
        statuses: Statuses::AbsentOrIn(&[(5, 7, 0)..=(5, 7, 1)]),
        words: &[&["relay"]],
        advice: AdviceRule::Always(Advice::AllowRelay),
        source: "Postfix, smtpd_relay_restrictions; sendmail; Exim",
        ..ANY
    },
    // The message.
    Rule {
        steps: RCPT_ON,
        statuses: Statuses::In(&[(5, 3, 4)..=(5, 3, 4), (5, 6, 0)..=(5, 6, 999)]),
        about: RefusalSubject::Message,
        source: "RFC 3463, 3.4 and 3.7",
        ..ANY
    },
    // The recipient, in words.
    Rule {
        steps: RCPT_ON,
        codes: &[550, 551, 552, 553],
        statuses: Statuses::Absent,
        words: &[
            &["user", "mailbox", "recipient", "address", "account"],
            &[
                "unknown",
                "no such",
                "not found",
                "not exist",
                "n't exist",
                "no longer",
                "unavailable",
                "invalid",
                "not local",
                "not valid",
                "unrouteable",
                "undeliverable",
                "disabled",
                "inactive",
                "suspended",
                "blocked",
                "locked",
                "closed",
                "full",
                "quota",
                "rejected",
                "no mailbox",
                "not here",
                "not available",
            ],
        ],
        without: &[
            "sender",
            "mail from",
            "ip address",
            "client",
            "your host",
            "your account",
            "your mailbox",
            "outgoing",
            "outbound",
            "authenticat",
            "login",
            "log in",
            "policy",
        ],
        about: RefusalSubject::Recipient,
        source: "RFC 5321, 4.2.2 (550, 551, 553), 4.5.3.1.10 (552)",
        ..ANY
    },
    Rule {
        steps: RCPT_ON,
        codes: &[552],
        about: RefusalSubject::Message,
        source: "RFC 1870, 6.3; Google (552 5.7.0: what it holds is not safe)",
        ..ANY
    },
    Rule {
        steps: &[Step::Data, Step::End],
        statuses: Statuses::Absent,
        words: &[&["message"], SIZE],
        about: RefusalSubject::Message,
        source: "RFC 1870, 6.3",
        ..ANY
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_names_its_source_and_those_of_the_channel_what_to_do() {
        for rule in RULES {
            assert!(!rule.source.is_empty());
            let has_advice = rule.advice != AdviceRule::None;
            assert_eq!(
                has_advice,
                matches!(rule.about, RefusalSubject::Channel | RefusalSubject::Quota),
                "{}",
                rule.source
            );
        }
    }
}
