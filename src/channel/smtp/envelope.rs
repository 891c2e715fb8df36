//! What is said of a message before it (RFC 5321, 3.3): from whom it is, to whom, how large; and how it then stands on
//! the line.

use lettre::Address;
use memchr::memmem;

use crate::channel::Failure;
use crate::channel::mail_domain::ascii_domain;
use crate::reason::{Advice, MailReason};

use super::offers::{Extension, Offers};

/// From whom a message is, to whom, and what it asks of a server.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    from: String,
    to: String,
    /// In bytes.
    size: usize,
    /// Whether it has bytes that are not ASCII.
    is_eight_bit: bool,
}

impl Envelope {
    pub(super) fn new(from: &Address, to: &Address, message: &[u8]) -> Self {
        let path = |address: &Address| format!("{}@{}", address.user(), ascii_domain(address.domain()));
        Self { from: path(from), to: path(to), size: message.len(), is_eight_bit: !message.is_ascii() }
    }

    /// Whether a server with these offers can carry it.
    pub(super) fn check(&self, offers: &Offers) -> Result<(), Failure> {
        if !offers.has(Extension::SmtpUtf8) {
            let lack = |address: &str| MailReason::ForeignLetters { address: address.to_owned() };
            if !self.from.is_ascii() {
                return Err(Failure::of_channel(lack(&self.from), Advice::AsciiFrom));
            }
            if !self.to.is_ascii() {
                return Err(Failure::of_recipient(lack(&self.to)));
            }
        }
        match offers.largest {
            Some(largest) if self.size > largest => {
                Err(Failure::of_message(MailReason::TooLarge { size: self.size, largest }))
            }
            _ => Ok(()),
        }
    }

    /// The command that tells from whom it is.
    pub(super) fn mail(&self, offers: &Offers) -> String {
        let size = if offers.has(Extension::Size) { format!(" SIZE={}", self.size) } else { String::new() };
        let body = if self.is_eight_bit && offers.has(Extension::EightBitMime) { " BODY=8BITMIME" } else { "" };
        let utf8 = if self.from.is_ascii() && self.to.is_ascii() { "" } else { " SMTPUTF8" };
        format!("MAIL FROM:<{}>{size}{body}{utf8}\r\n", self.from)
    }

    /// The command that tells to whom it is.
    pub(super) fn rcpt(&self) -> String {
        format!("RCPT TO:<{}>\r\n", self.to)
    }

    /// All that comes before the message, in one piece.
    pub(super) fn commands(&self, offers: &Offers) -> String {
        self.mail(offers) + &self.rcpt() + DATA
    }
}

/// The command that asks for the message.
pub(super) const DATA: &str = "DATA\r\n";

/// A message as it stands on the line, with the line that ends it: no line of its own is a single point (RFC 5321, 4.5.2).
pub(super) fn on_the_line(message: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(message.len() + message.len() / 64 + 5);
    if message.starts_with(b".") {
        line.push(b'.');
    }
    let mut rest = message;
    while let Some(place) = memmem::find(rest, b"\r\n.") {
        let (before, after) = rest.split_at(place + 2);
        line.extend_from_slice(before);
        line.push(b'.');
        rest = after;
    }
    line.extend_from_slice(rest);
    if !message.ends_with(b"\r\n") {
        line.extend_from_slice(b"\r\n");
    }
    line.extend_from_slice(b".\r\n");
    line
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::reply::tests::reply;
    use super::*;

    fn envelope(to: &str, message: &str) -> Envelope {
        Envelope::new(&"a@school.example".parse().unwrap(), &to.parse().unwrap(), message.as_bytes())
    }

    #[test]
    fn no_line_of_a_message_ends_it() {
        let cases = [
            ("a\r\nb\r\n", "a\r\nb\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("", "\r\n.\r\n"),
            (".\r\n", "..\r\n.\r\n"),
            ("a\r\n.\r\n.b\r\n..c", "a\r\n..\r\n..b\r\n...c\r\n.\r\n"),
            ("a.\r\nb.c", "a.\r\nb.c\r\n.\r\n"),
        ];
        for (message, line) in cases {
            assert_eq!(String::from_utf8(on_the_line(message.as_bytes())).unwrap(), line);
        }
    }

    #[test]
    fn the_envelope_says_what_the_server_understands() {
        let all = Offers::read(&reply("250-SIZE 100\r\n250-8BITMIME\r\n250 SMTPUTF8"));
        let none = Offers::default();
        assert_eq!(
            envelope("b@c.example", "é").commands(&none),
            "MAIL FROM:<a@school.example>\r\nRCPT TO:<b@c.example>\r\nDATA\r\n"
        );
        assert_eq!(envelope("b@c.example", "é").mail(&all), "MAIL FROM:<a@school.example> SIZE=2 BODY=8BITMIME\r\n");
        let ascii = envelope("co.lan@trường.example", "");
        assert_eq!(ascii.rcpt(), "RCPT TO:<co.lan@xn--trng-rib8295b.example>\r\n");
        assert_eq!(ascii.check(&none), Ok(()));
        let other = envelope("cô.lan@trường.example", "");
        assert_eq!(other.mail(&all), "MAIL FROM:<a@school.example> SIZE=0 SMTPUTF8\r\n");
        assert!(matches!(other.check(&none), Err(Failure::Recipient { .. })));
        assert_eq!(other.check(&all), Ok(()));
        assert_eq!(envelope("b@c.example", &"x".repeat(100)).check(&all), Ok(()));
        let large = envelope("b@c.example", &"x".repeat(101)).check(&all);
        assert!(matches!(large, Err(Failure::Message { .. })), "{large:?}");
    }
}
