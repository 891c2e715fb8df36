//! What the end of a conversation means for the message and for the channel (rules of delivery, 2 and 4).

use crate::channel::{Failure, Pause};
use crate::reason::{Advice, Reason};

use super::reply::Reply;
use super::rules::{AdviceRule, RefusalSubject, Rule};
use super::step::{Fault, Step, Stop};

/// What else there is to know of a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct RefusalContext<'a> {
    /// The server's name.
    pub(super) host: &'a str,
    /// Whether the channel has a login.
    pub(super) logs_in: bool,
}

impl RefusalContext<'_> {
    /// What it means that a conversation stopped.
    pub(super) fn failure(&self, stop: &Stop) -> Failure {
        let reason = Reason::from(stop.reason());
        match &stop.fault {
            Fault::Refused(reply) if reply.is_permanent() => self.refusal(stop.step, reply, reason),
            Fault::Refused(_) => Failure::temporary(reason),
            // Whether the server has the message nobody knows.
            _ if stop.step == Step::End => Failure::Uncertain { reason },
            _ => Failure::temporary(reason),
        }
    }

    fn refusal(&self, step: Step, reply: &Reply, reason: Reason) -> Failure {
        let Some(rule) = Rule::of(step, reply) else { return Failure::Unknown { reason } };
        tracing::debug!(about = ?rule.about, source = rule.source, code = reply.code, %step, "a refusal");
        let pause = match rule.about {
            RefusalSubject::Recipient => return Failure::Recipient { reason },
            RefusalSubject::Message => return Failure::Message { reason },
            RefusalSubject::Quota => Pause::Tomorrow,
            RefusalSubject::Channel if is_about_quota(step, reply) => Pause::Tomorrow,
            RefusalSubject::Channel => Pause::Growing,
        };
        let advice = match rule.advice {
            AdviceRule::None => None,
            AdviceRule::Login => Some(self.login_advice()),
            AdviceRule::Always(advice) => Some(advice),
        };
        Failure::Channel { reason, advice, pause }
    }

    /// What helps where a login is refused: the large providers each have a reason of their own.
    fn login_advice(&self) -> Advice {
        if !self.logs_in {
            return Advice::AddLogin;
        }
        let host = self.host.to_ascii_lowercase();
        let is_of = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if is_of("gmail.com") || is_of("google.com") {
            Advice::GmailAppPassword
        } else if is_of("office365.com") || is_of("outlook.com") || is_of("office.com") {
            Advice::AllowSmtpAuth
        } else {
            Advice::CheckLogin
        }
    }
}

/// Whether a refusal of something that goes out says that there was too much of it.
fn is_about_quota(step: Step, reply: &Reply) -> bool {
    let text = reply.folded();
    matches!(step, Step::Mail | Step::Rcpt | Step::Data | Step::End)
        && (text.contains("quota") || text.contains("limit"))
}

#[cfg(test)]
mod tests {
    use super::super::reply::tests::reply;
    use super::super::wire::said_no;
    use super::*;
    use crate::language::{Language, Said};

    fn failure(step: Step, answer: &str) -> Failure {
        let context = RefusalContext { host: "mail.school.example", logs_in: true };
        context.failure(&Stop { step, fault: said_no(reply(answer)) })
    }

    /// What a refusal is about, and a word of the advice.
    fn about(step: Step, answer: &str) -> (&'static str, String) {
        match failure(step, answer) {
            Failure::Channel { advice, pause, .. } => {
                let words = advice.map(|advice| advice.said_in(Language::English)).unwrap_or_default();
                (if pause == Pause::Tomorrow { "tomorrow" } else { "channel" }, words)
            }
            other => (other.as_str(), String::new()),
        }
    }

    use Step::{Auth, Data, Ehlo, End, Greeting, Mail, Rcpt, StartTls};

    /// The step, the answer, what it is about, and a word of the advice.
    const REFUSALS: &[(Step, &str, &str, &str)] = &[
        // Any 4yz.
        (Greeting, "421 busy", "temporary", ""),
        (Auth, "454 4.7.0 later", "temporary", ""),
        (Mail, "451 4.7.1 later", "temporary", ""),
        (Rcpt, "450 4.2.0 greylisted", "temporary", ""),
        (Rcpt, "452 4.2.2 over quota", "temporary", ""),
        (End, "421 4.7.0 closing", "temporary", ""),
        // Greeting and EHLO.
        (Greeting, "554 5.7.1 no service here", "channel", "ask those who run it"),
        (Greeting, "521 host does not accept mail", "channel", "ask those who run it"),
        (Ehlo, "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname", "channel", "`hello`"),
        (Ehlo, "550 5.7.1 HELO name does not match", "channel", "`hello`"),
        (Ehlo, "550 access denied", "channel", "ask those who run it"),
        (StartTls, "502 not implemented", "channel", "465"),
        // The login.
        (Auth, "535 5.7.8 authentication failed", "channel", "`password_file`"),
        (Auth, "534 5.7.9 Application-specific password required.", "channel", "app password"),
        (Auth, "534 5.7.14 Please log in via your web browser", "channel", "app password"),
        (Auth, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "channel", "`oauth`"),
        (Auth, "550 5.7.30 Basic authentication is not supported for Client Submission.", "channel", "`oauth`"),
        (Auth, "538 5.7.11 Encryption required for requested authentication mechanism", "channel", "starttls"),
        (Auth, "504 5.5.4 Unrecognized authentication type", "channel", "`username`"),
        (Mail, "530 5.7.0 Must issue a STARTTLS command first", "channel", "tls = \"starttls\""),
        (Mail, "530 5.7.0 Authentication Required.", "channel", "`username`"),
        (Rcpt, "535 5.7.0 log in first", "channel", "`username`"),
        // The sender.
        (Mail, "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user c", "channel", "`from`"),
        (Mail, "550 5.1.8 <a@b.example>: Sender address rejected: Domain not found", "channel", "`from`"),
        (Mail, "501 5.1.7 Bad sender address syntax", "channel", "`from`"),
        (Mail, "550 no", "channel", "`from`"),
        (Mail, "552 5.3.4 Message size exceeds fixed limit", "message", ""),
        (Mail, "552 message size exceeds fixed maximum message size", "message", ""),
        (Mail, "554 5.3.4 too much", "message", ""),
        (Mail, "550 5.4.5 Daily user sending limit exceeded.", "tomorrow", "`per_day`"),
        (Mail, "552 5.2.0 over quota", "tomorrow", "`per_day`"),
        // The recipient.
        (Rcpt, "550 5.1.0 Address rejected.", "permanent", ""),
        (Rcpt, "550-5.1.1 The email account that you tried to reach\r\n550 5.1.1 does not exist.", "permanent", ""),
        (Rcpt, "550 5.1.2 bad destination", "permanent", ""),
        (Rcpt, "501 5.1.3 bad address syntax", "permanent", ""),
        (Rcpt, "551 5.1.6 moved", "permanent", ""),
        (Rcpt, "556 5.1.10 null MX", "permanent", ""),
        (Rcpt, "550 5.2.1 disabled", "permanent", ""),
        (Rcpt, "552 5.2.2 mailbox full", "permanent", ""),
        (End, "552 5.2.2 over quota", "permanent", ""),
        (End, "550 5.2.3 too long for this one", "permanent", ""),
        (Rcpt, "550 5.4.1 Recipient address rejected: Access denied.", "permanent", ""),
        (Rcpt, "550 No such user here", "permanent", ""),
        (Rcpt, "550 Requested action not taken: mailbox unavailable", "permanent", ""),
        (Rcpt, "551 User not local; please try <a@b.example>", "permanent", ""),
        (Rcpt, "553 unknown recipient", "permanent", ""),
        (Rcpt, "550 unrouteable address", "permanent", ""),
        (Rcpt, "552 mailbox full", "permanent", ""),
        (Rcpt, "550 mailbox is blocked", "permanent", ""),
        (Rcpt, "550 this account was closed", "permanent", ""),
        // The channel, as servers say it no sooner than at the recipient.
        (Rcpt, "550 5.1.0 <a@b.example>: Sender address rejected: User unknown in local table", "channel", "`from`"),
        (Rcpt, "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user c", "channel", "`from`"),
        (Rcpt, "550 Sender verify failed", "channel", "`from`"),
        (Rcpt, "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname", "channel", "`hello`"),
        (Rcpt, "554 5.7.1 <x>: Client host rejected: Access denied", "channel", "name or address"),
        (Rcpt, "550 5.7.25 Client host rejected: cannot find your reverse hostname", "channel", "reverse DNS"),
        (Rcpt, "550 5.1.7 bad sender", "channel", "`from`"),
        (End, "550 5.1.8 Access denied, bad outbound sender", "channel", "`from`"),
        (End, "554 5.2.252 SendAsDenied; a not allowed to send as b", "channel", "`from`"),
        (End, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "channel", "`from`"),
        (End, "550 5.7.26 This mail is unauthenticated", "channel", "SPF"),
        (Rcpt, "550 5.7.27 sender address has null MX", "channel", "SPF"),
        (Rcpt, "550 5.7.64 TenantAttribution; Relay Access Denied", "channel", "`username`"),
        (End, "550 5.7.501 Access denied, spam abuse detected", "channel", "administrator"),
        (End, "550 5.7.708 Access denied, traffic not accepted from this IP", "channel", "administrator"),
        (Rcpt, "554 5.7.1 <a@b.example>: Relay access denied", "channel", "`username`"),
        (Rcpt, "550 relay not permitted", "channel", "`username`"),
        (
            Rcpt,
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            "channel",
            "distrusts",
        ),
        (Rcpt, "550 5.7.1 messages from [192.0.2.1] weren't sent: it is on our block list", "channel", "distrusts"),
        (End, "554 blacklisted", "channel", "distrusts"),
        (Rcpt, "554 5.1.90 daily recipient limit", "tomorrow", "`per_day`"),
        (Rcpt, "550 5.4.5 Daily sending quota exceeded", "tomorrow", "`per_day`"),
        (End, "550 5.7.0 Mail relay: sending limit reached", "tomorrow", "`per_day`"),
        (Rcpt, "550 5.7.232 tenant external recipient rate", "tomorrow", "`per_day`"),
        (Rcpt, "550 Domain b.example has exceeded the max emails per hour", "tomorrow", "`per_day`"),
        (End, "554 5.7.1 blocked: quota of the account is used up", "tomorrow", ""),
        // The message.
        (End, "552 5.3.4 too large", "message", ""),
        (End, "554 5.6.0 bad content", "message", ""),
        (End, "550 5.6.7 no SMTPUTF8", "message", ""),
        (End, "552 Message size exceeds the limit", "message", ""),
        (End, "552 5.7.0 This message was blocked because its content presents a security issue", "message", ""),
        (End, "554 message too big", "message", ""),
        // What nobody knows.
        (Rcpt, "550 5.7.1 <a@b.example>: Recipient address rejected: Access denied", "unknown", ""),
        (Rcpt, "550 no", "unknown", ""),
        (Data, "554 5.5.1 no", "unknown", ""),
        (End, "554 5.7.1 spam", "unknown", ""),
        (End, "550 5.7.1 policy", "unknown", ""),
        (End, "554 5.0.0", "unknown", ""),
        (End, "571 no", "unknown", ""),
        (Rcpt, "550 your IP address is not available to us", "unknown", ""),
        (Rcpt, "550 mailbox unavailable: rejected by policy", "unknown", ""),
        (Rcpt, "550 <user@b.example>: rejected", "unknown", ""),
        (Rcpt, "550 address [192.0.2.1] rejected", "unknown", ""),
        (Rcpt, "550 your account is suspended", "unknown", ""),
        (Rcpt, "550 user must authenticate: rejected", "unknown", ""),
        (Rcpt, "550 5.7.1 the recipient has blocked you", "unknown", ""),
        (Rcpt, "550 <limit@b.example> no", "unknown", ""),
    ];

    #[test]
    fn each_refusal_is_about_what_the_table_says() {
        for (step, answer, expected, word) in REFUSALS {
            let (said, advice) = about(*step, answer);
            assert_eq!(said, *expected, "{step}: {answer}");
            assert!(advice.contains(word), "{step}: {answer}: {advice}");
        }
    }

    #[test]
    fn a_wrong_answer_is_uncertain_after_the_message_and_temporary_before() {
        let cases = [
            (Step::Greeting, "250 ok"),
            (Step::Mail, "354 go on"),
            (Step::Rcpt, "252 perhaps"),
            (Step::Data, "250 ok"),
        ];
        for (step, answer) in cases {
            assert_eq!(failure(step, answer).as_str(), "temporary", "{step} {answer}");
        }
        for answer in ["354 go on", "220 hello", "251 elsewhere"] {
            assert_eq!(failure(Step::End, answer).as_str(), "uncertain", "{answer}");
        }
    }

    #[test]
    fn advice_about_a_login_suits_the_server() {
        let advice = |host: &str, logs_in: bool| RefusalContext { host, logs_in }.login_advice();
        assert_eq!(advice("smtp.gmail.com", true), Advice::GmailAppPassword);
        assert_eq!(advice("SMTP.Office365.com", true), Advice::AllowSmtpAuth);
        assert_eq!(advice("notgmail.com", true), Advice::CheckLogin);
        assert_eq!(advice("smtp.gmail.com", false), Advice::AddLogin);
    }
}
