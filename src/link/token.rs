//! The token at the end of a link: what it says, how it is signed, how it is checked.
//!
//! Its bytes: version and purpose (1), instant of issue (5), days (2), person (8), subject (8), code (16), in this order,
//! numbers with the highest byte first. They are written in base32 in lower case: chat services read `_` and `-` as
//! markup, and a full stop at the end as the end of a sentence.

use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::plan::TaskId;

use super::LinkKey;

/// The version of the form above.
const VERSION: u8 = 1;
/// Length in bytes of a tag.
const TAG_LEN: usize = 8;
/// Length in bytes of the code over the whole token: nobody hits one of 2^128 by trying.
const CODE_LEN: usize = 16;
/// Length in bytes of what is signed.
const SIGNED_LEN: usize = 8 + 2 * TAG_LEN;
/// Length of a token in letters.
const TOKEN_LEN: usize = (SIGNED_LEN + CODE_LEN) * 8 / 5;
/// The digits of base32 (RFC 4648), in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// The instant from which instants of issue count, in milliseconds since 1970: the beginning of 2020, so that five bytes
/// reach into 2054.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// The purpose of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To report on one task.
    Answer,
    /// To see all of one's own tasks, and from there report on each.
    Overview,
    /// To accept or refuse a request for time.
    Decide,
    /// To see the whole plan at a glance.
    Status,
    /// To subscribe to the dates of one's own tasks.
    Calendar,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Answer, Self::Overview, Self::Decide, Self::Status, Self::Calendar];

    fn number(self) -> u8 {
        match self {
            Self::Answer => 1,
            Self::Overview => 2,
            Self::Decide => 3,
            Self::Status => 4,
            Self::Calendar => 5,
        }
    }

    /// The folder of its pages in the address of a link.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Answer => "a",
            Self::Overview => "m",
            Self::Decide => "d",
            Self::Status => "s",
            Self::Calendar => "calendar",
        }
    }
}

/// A code that stands for a person, a task or a request for time. Only with the key can it be told what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkTag([u8; TAG_LEN]);

impl LinkTag {
    /// The tag of links about no subject in particular.
    pub const NONE: Self = Self([0; TAG_LEN]);

    /// A tag of these bytes, as the store keeps them.
    #[must_use]
    pub fn new(bytes: [u8; TAG_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The content of a link whose code is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkToken {
    /// Its purpose.
    pub purpose: Purpose,
    /// The instant at which it was issued, in whole milliseconds.
    pub issued: Timestamp,
    /// How many days, of 24 hours, it holds from that instant.
    pub days: u16,
    /// The person or group that it was made for.
    pub person: LinkTag,
    /// The task or request that it is about.
    pub subject: LinkTag,
}

impl LinkToken {
    /// The first instant at which it no longer holds.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let days = SignedDuration::from_hours(24 * i64::from(self.days));
        self.issued.saturating_add(days).unwrap_or(Timestamp::MAX)
    }
}

/// Why a link does not hold. The page that is shown never says which reason it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// The text does not have the form of a token.
    #[error("this is no link of ours")]
    Malformed,
    /// The code is not the key's: the token was altered, or is another school's.
    #[error("the code is wrong")]
    Forged,
    /// Its days are over.
    #[error("the time is over")]
    Expired,
}

/// Makes and checks the tokens of one school.
#[derive(Clone, Debug)]
pub struct Signer {
    key: LinkKey,
    organisation: String,
}

impl Signer {
    /// A signer for the school that the store calls `organisation`.
    #[must_use]
    pub fn new(key: LinkKey, organisation: impl Into<String>) -> Self {
        Self { key, organisation: organisation.into() }
    }

    /// The tag of a person or group, by its name in the configuration.
    #[must_use]
    pub fn person(&self, name: &str) -> LinkTag {
        self.tag(&[b"person", self.organisation.as_bytes(), name.as_bytes()])
    }

    /// The tag of a task of the plan with the number `plan`.
    #[must_use]
    pub fn task(&self, plan: &str, task: &TaskId) -> LinkTag {
        self.tag(&[b"task", self.organisation.as_bytes(), plan.as_bytes(), task.as_str().as_bytes()])
    }

    /// The tag of a request for time, by its number among those of a task, from 1.
    #[must_use]
    pub fn request(&self, plan: &str, task: &TaskId, number: u32) -> LinkTag {
        let number = number.to_be_bytes();
        self.tag(&[b"request", self.organisation.as_bytes(), plan.as_bytes(), task.as_str().as_bytes(), &number])
    }

    fn tag(&self, parts: &[&[u8]]) -> LinkTag {
        let mut tag = LinkTag::NONE;
        if let Some(mac) = self.key.mac(parts) {
            tag.0.copy_from_slice(&mac.finalize().into_bytes()[..TAG_LEN]);
        }
        tag
    }

    /// The token as the text that ends a link.
    #[must_use]
    pub fn sign(&self, token: &LinkToken) -> String {
        let mut bytes = [0; SIGNED_LEN + CODE_LEN];
        bytes[0] = VERSION << 4 | token.purpose.number();
        let issued = u64::try_from(token.issued.as_millisecond() - EPOCH_MS).unwrap_or(0);
        bytes[1..6].copy_from_slice(&issued.to_be_bytes()[3..]);
        bytes[6..8].copy_from_slice(&token.days.to_be_bytes());
        bytes[8..8 + TAG_LEN].copy_from_slice(&token.person.0);
        bytes[8 + TAG_LEN..SIGNED_LEN].copy_from_slice(&token.subject.0);
        if let Some(mac) = self.mac(&bytes[..SIGNED_LEN]) {
            let code = mac.finalize().into_bytes();
            bytes[SIGNED_LEN..].copy_from_slice(&code[..CODE_LEN]);
        }
        letters(&bytes)
    }

    /// Reads a token, checks its code, and checks that it holds at `now`. The comparison takes the same time wherever the
    /// code is wrong.
    ///
    /// # Errors
    /// [`BadLink`] when it does not hold.
    pub fn open(&self, text: &str, now: Timestamp) -> Result<LinkToken, BadLink> {
        let bytes = bytes(text).ok_or(BadLink::Malformed)?;
        let (signed, code) = bytes.split_at(SIGNED_LEN);
        let mac = self.mac(signed).ok_or(BadLink::Forged)?;
        mac.verify_truncated_left(code).map_err(|_| BadLink::Forged)?;
        let [kind, ref issued @ .., days_high, days_low] = signed[..8] else { return Err(BadLink::Malformed) };
        let purpose = Purpose::ALL.into_iter().find(|purpose| VERSION << 4 | purpose.number() == kind);
        let issued = issued.iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
        let mut tags = [LinkTag::NONE; 2];
        for (tag, bytes) in tags.iter_mut().zip(signed[8..].chunks_exact(TAG_LEN)) {
            tag.0.copy_from_slice(bytes);
        }
        let token = LinkToken {
            purpose: purpose.ok_or(BadLink::Malformed)?,
            issued: Timestamp::from_millisecond(EPOCH_MS + issued).map_err(|_| BadLink::Malformed)?,
            days: u16::from_be_bytes([days_high, days_low]),
            person: tags[0],
            subject: tags[1],
        };
        if now < token.expires() { Ok(token) } else { Err(BadLink::Expired) }
    }

    fn mac(&self, signed: &[u8]) -> Option<Hmac<Sha256>> {
        self.key.mac(&[b"token", self.organisation.as_bytes(), signed])
    }
}

/// Bytes in base32: eight letters for every five bytes.
fn letters(bytes: &[u8; SIGNED_LEN + CODE_LEN]) -> String {
    let five = |five: &[u8]| five.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let letter = |bits: u64| char::from(ALPHABET[usize::try_from(bits & 31).unwrap_or(0)]);
    bytes
        .chunks_exact(5)
        .map(five)
        .flat_map(|number| (0..8).rev().map(move |place| letter(number >> (5 * place))))
        .collect()
}

/// The bytes of a text in base32; `None` where it has another length or other letters. Each token has one spelling.
fn bytes(text: &str) -> Option<[u8; SIGNED_LEN + CODE_LEN]> {
    if text.len() != TOKEN_LEN {
        return None;
    }
    let mut bytes = [0; SIGNED_LEN + CODE_LEN];
    for (letters, five) in text.as_bytes().chunks_exact(8).zip(bytes.chunks_exact_mut(5)) {
        let mut number = 0u64;
        for letter in letters {
            let bits = match letter {
                b'a'..=b'z' => letter - b'a',
                b'2'..=b'7' => letter - b'2' + 26,
                _ => return None,
            };
            number = number << 5 | u64::from(bits);
        }
        five.copy_from_slice(&number.to_be_bytes()[3..]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signer() -> Signer {
        Signer::new(LinkKey::new([7; 32]), "school")
    }

    prop_compose! {
        fn token()(
            purpose in 0..5usize, issued in 0..(1i64 << 40), days in 1..=u16::MAX,
            person in any::<[u8; TAG_LEN]>(), subject in any::<[u8; TAG_LEN]>(),
        ) -> LinkToken {
            let issued = Timestamp::from_millisecond(EPOCH_MS + issued).unwrap_or(Timestamp::UNIX_EPOCH);
            LinkToken { purpose: Purpose::ALL[purpose], issued, days, person: LinkTag(person), subject: LinkTag(subject) }
        }
    }

    proptest! {
        #[test]
        fn a_token_says_what_was_signed(token in token()) {
            let text = signer().sign(&token);
            prop_assert_eq!(text.len(), TOKEN_LEN);
            prop_assert_eq!(signer().open(&text, token.issued), Ok(token));
        }

        #[test]
        fn every_changed_bit_is_refused(token in token(), bit in 0..(SIGNED_LEN + CODE_LEN) * 8) {
            let mut changed = bytes(&signer().sign(&token)).unwrap_or([0; SIGNED_LEN + CODE_LEN]);
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(signer().open(&letters(&changed), token.issued), Err(BadLink::Forged));
        }

        #[test]
        fn any_text_is_refused(text in "\\PC{0,80}", letters in "[a-z2-7]{64}") {
            let now = Timestamp::UNIX_EPOCH;
            prop_assert_eq!(signer().open(&text, now), Err(BadLink::Malformed));
            prop_assert_eq!(signer().open(&letters, now), Err(BadLink::Forged));
        }
    }

    #[test]
    fn a_token_is_bound_to_key_school_person_task_and_time() {
        let task = TaskId::new("1.4");
        let issued = Timestamp::from_second(1_700_000_000).unwrap_or_default();
        let signer = signer();
        let (person, subject) = (signer.person("Hiệu trưởng"), signer.task("1/KH", &task));
        let token = LinkToken { purpose: Purpose::Answer, issued, days: 60, person, subject };
        let text = signer.sign(&token);
        let at = |days: i64| issued.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or_default();
        assert_eq!(signer.open(&text, at(59)), Ok(token));
        assert_eq!(signer.open(&text, at(60)), Err(BadLink::Expired));
        let foreign = [Signer::new(LinkKey::new([8; 32]), "school"), Signer::new(LinkKey::new([7; 32]), "other")];
        for other in &foreign {
            assert_eq!(other.open(&text, issued), Err(BadLink::Forged));
            assert_ne!(other.person("Hiệu trưởng"), person);
            assert_ne!(other.task("1/KH", &task), subject);
        }
        assert_ne!(signer.task("2/KH", &task), subject);
        assert_ne!(signer.request("1/KH", &task, 1), signer.request("1/KH", &task, 2));
        // Where one part ends and the next begins counts.
        assert_ne!(signer.task("1/KH1", &TaskId::new(".4")), subject);
        assert_eq!(Signer::new(LinkKey::for_rehearsals(), "school").open(&text, issued), Err(BadLink::Forged));
        for cut in 0..text.len() {
            assert_eq!(signer.open(&text[..cut], issued), Err(BadLink::Malformed));
        }
        assert_eq!(signer.open(&text.to_uppercase(), issued), Err(BadLink::Malformed));
    }
}
