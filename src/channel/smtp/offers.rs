//! What a server offers in its answer to EHLO (RFC 5321, 4.1.1.1).

use super::reply::Reply;

/// An extension of SMTP that is used where a server offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extension {
    /// RFC 3207.
    StartTls,
    /// RFC 2920.
    Pipelining,
    /// RFC 6152.
    EightBitMime,
    /// RFC 6531.
    SmtpUtf8,
    /// RFC 1870.
    Size,
}

/// Extensions by keyword.
const EXTENSIONS: [(&str, Extension); 5] = [
    ("STARTTLS", Extension::StartTls),
    ("PIPELINING", Extension::Pipelining),
    ("8BITMIME", Extension::EightBitMime),
    ("SMTPUTF8", Extension::SmtpUtf8),
    ("SIZE", Extension::Size),
];

/// What a server offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    extensions: Vec<Extension>,
    /// How large a message may be, in bytes, where there is a limit.
    pub(super) largest: Option<usize>,
    /// How one can log in, in capitals (RFC 4954); empty where one cannot.
    pub(super) mechanisms: Vec<String>,
}

impl Offers {
    /// Reads the answer to EHLO, whatever its letters' case; what is not known is read over.
    pub(super) fn read(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines() {
            let line = line.to_ascii_uppercase();
            // "AUTH=LOGIN PLAIN" is how it was written before RFC 2554.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            let keyword = words.next().unwrap_or_default();
            if let Some((_, known)) = EXTENSIONS.iter().find(|(known, _)| *known == keyword) {
                offers.extensions.push(*known);
            }
            match keyword {
                "AUTH" => offers.mechanisms.extend(words.map(str::to_owned)),
                "SIZE" => offers.largest = words.next().and_then(|size| size.parse().ok()).filter(|size| *size > 0),
                _ => {}
            }
        }
        offers.mechanisms.sort_unstable();
        offers.mechanisms.dedup();
        offers
    }

    /// What is left of it where one extension is not used.
    pub(super) fn without(mut self, extension: Extension) -> Self {
        self.extensions.retain(|offered| *offered != extension);
        self
    }

    /// Whether it offers this.
    pub(super) fn has(&self, extension: Extension) -> bool {
        self.extensions.contains(&extension)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reply::tests::reply;
    use super::*;

    #[test]
    fn offers_are_read_without_regard_to_case_and_form() {
        let offers = Offers::read(&reply(
            "250-mail.example greets you\r\n250-pipelining\r\n250-Size 10240000\r\n250-auth login plain\r\n\
             250-AUTH=PLAIN XOAUTH2\r\n250-X-UNKNOWN thing\r\n250-8bitmime\r\n250 SmtpUtf8",
        ));
        assert_eq!(offers.mechanisms, ["LOGIN", "PLAIN", "XOAUTH2"]);
        assert_eq!(offers.largest, Some(10_240_000));
        let has = [Extension::Pipelining, Extension::EightBitMime, Extension::SmtpUtf8].map(|one| offers.has(one));
        assert_eq!((has, offers.has(Extension::StartTls)), ([true; 3], false));
    }

    #[test]
    fn a_server_may_offer_nothing_and_a_size_without_limit() {
        assert_eq!(Offers::read(&reply("250")), Offers::default());
        for text in ["250 SIZE", "250 SIZE 0", "250 SIZE x"] {
            let offers = Offers::read(&reply(text));
            assert_eq!((offers.has(Extension::Size), offers.largest), (true, None), "{text}");
        }
    }
}
