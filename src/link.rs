//! Signed links: what lets a person answer without an account. Pure: values in, values out.
//!
//! A link ends in a token: what it is for, when it was issued, for how many days it holds, for whom and about what,
//! and a code over all of it that only the school's key makes. Person and task stand in it as codes too, so that a
//! link says nothing to whoever finds it. Nothing is kept about links that were issued; those of before an instant can
//! be made void (`store::links`).
//!
//! Tokens are written in base32 in lower case: chat services take `_` and `-` for signs of their own, and a point at
//! the end for the end of a sentence.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::plan::TaskId;
use crate::school::School;

/// The only form of tokens so far.
const VERSION: u8 = 1;
/// Bytes of a code that stands for a person or a task.
const TAG: usize = 8;
/// Bytes of the code over the whole token: nobody hits one of 2^128 by trying.
const CODE: usize = 16;
/// Bytes before that code.
const SIGNED: usize = 8 + 2 * TAG;
/// Letters of a token.
const LETTERS: usize = (SIGNED + CODE) * 8 / 5;
/// The letters that five bits stand for.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Instants count from the beginning of 2020, so that five bytes reach into 2054.
const EPOCH: i64 = 1_577_836_800_000;
/// What phones subscribe to must hold for more than a school year.
const CALENDAR_DAYS: u16 = 500;

/// The key of a school's links: 32 random bytes that never leave the state directory.
pub struct LinkKey(SecretBox<[u8; 32]>);

impl LinkKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The key of rehearsals that have no other: known to everybody, so no server takes its links.
    #[must_use]
    pub fn of_rehearsals() -> Self {
        Self::new(*b"the key of rehearsals for no-one")
    }

    /// A code over parts; where one part ends and the next begins is part of it.
    fn mac(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of every length, so this makes one.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()).ok()?;
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        Some(mac)
    }
}

impl Clone for LinkKey {
    fn clone(&self) -> Self {
        Self::new(*self.0.expose_secret())
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([secret])")
    }
}

/// What a link is for.
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

    /// The folder of its pages.
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

/// Stands for a person, a task or a request, and says nothing of it to whoever has no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkTag([u8; TAG]);

impl LinkTag {
    /// About nothing in particular.
    pub const NONE: Self = Self([0; TAG]);

    /// A tag of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; TAG]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What a link says once its code has been found right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkToken {
    /// What it is for.
    pub purpose: Purpose,
    /// When it was issued, in whole milliseconds.
    pub issued: Timestamp,
    /// For how many days from then it holds.
    pub days: u16,
    /// For whom it is.
    pub person: LinkTag,
    /// What it is about.
    pub subject: LinkTag,
}

impl LinkToken {
    /// The first instant at which it does not hold any more.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let days = SignedDuration::from_hours(24 * i64::from(self.days));
        self.issued.saturating_add(days).unwrap_or(Timestamp::MAX)
    }
}

/// Why a link is not taken. Whoever sent it is not told which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// It has not the form of one.
    #[error("this is no link of ours")]
    Malformed,
    /// Its code is not the one that the key makes: it was altered, or is another school's.
    #[error("the code is wrong")]
    Forged,
    /// Its time is over.
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

    /// What stands for a person or group, by its name in the configuration.
    #[must_use]
    pub fn person(&self, name: &str) -> LinkTag {
        self.tag(&[b"person", self.organisation.as_bytes(), name.as_bytes()])
    }

    /// What stands for a task of a plan.
    #[must_use]
    pub fn task(&self, plan: &str, task: &TaskId) -> LinkTag {
        self.tag(&[b"task", self.organisation.as_bytes(), plan.as_bytes(), task.as_str().as_bytes()])
    }

    /// What stands for a request for time, by its number among those of a task.
    #[must_use]
    pub fn request(&self, plan: &str, task: &TaskId, number: u32) -> LinkTag {
        let number = number.to_be_bytes();
        self.tag(&[b"request", self.organisation.as_bytes(), plan.as_bytes(), task.as_str().as_bytes(), &number])
    }

    fn tag(&self, parts: &[&[u8]]) -> LinkTag {
        let mut tag = LinkTag::NONE;
        if let Some(mac) = self.key.mac(parts) {
            tag.0.copy_from_slice(&mac.finalize().into_bytes()[..TAG]);
        }
        tag
    }

    /// The token in letters.
    #[must_use]
    pub fn sign(&self, token: &LinkToken) -> String {
        let mut bytes = [0; SIGNED + CODE];
        bytes[0] = VERSION << 4 | token.purpose.number();
        let issued = u64::try_from(token.issued.as_millisecond() - EPOCH).unwrap_or(0);
        bytes[1..6].copy_from_slice(&issued.to_be_bytes()[3..]);
        bytes[6..8].copy_from_slice(&token.days.to_be_bytes());
        bytes[8..8 + TAG].copy_from_slice(&token.person.0);
        bytes[8 + TAG..SIGNED].copy_from_slice(&token.subject.0);
        if let Some(mac) = self.mac(&bytes[..SIGNED]) {
            let code = mac.finalize().into_bytes();
            bytes[SIGNED..].copy_from_slice(&code[..CODE]);
        }
        letters(&bytes)
    }

    /// What a token says, when its code is right and its time is not over at `now`. The code is compared in a time that
    /// does not depend on where it is wrong.
    ///
    /// # Errors
    /// When it does not hold.
    pub fn open(&self, text: &str, now: Timestamp) -> Result<LinkToken, BadLink> {
        let bytes = bytes(text).ok_or(BadLink::Malformed)?;
        let (signed, code) = bytes.split_at(SIGNED);
        let mac = self.mac(signed).ok_or(BadLink::Forged)?;
        mac.verify_truncated_left(code).map_err(|_| BadLink::Forged)?;
        let [kind, ref issued @ .., days_high, days_low] = signed[..8] else { return Err(BadLink::Malformed) };
        let purpose = Purpose::ALL.into_iter().find(|purpose| VERSION << 4 | purpose.number() == kind);
        let issued = issued.iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
        let mut tags = [LinkTag::NONE; 2];
        for (tag, bytes) in tags.iter_mut().zip(signed[8..].chunks_exact(TAG)) {
            tag.0.copy_from_slice(bytes);
        }
        let token = LinkToken {
            purpose: purpose.ok_or(BadLink::Malformed)?,
            issued: Timestamp::from_millisecond(EPOCH + issued).map_err(|_| BadLink::Malformed)?,
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

/// Every eight letters stand for five bytes.
fn letters(bytes: &[u8; SIGNED + CODE]) -> String {
    let five = |five: &[u8]| five.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let letter = |bits: u64| char::from(ALPHABET[usize::try_from(bits & 31).unwrap_or(0)]);
    bytes
        .chunks_exact(5)
        .map(five)
        .flat_map(|number| (0..8).rev().map(move |place| letter(number >> (5 * place))))
        .collect()
}

/// The bytes that letters stand for; `None` where they are not of a token. Each token has one spelling.
fn bytes(text: &str) -> Option<[u8; SIGNED + CODE]> {
    if text.len() != LETTERS {
        return None;
    }
    let mut bytes = [0; SIGNED + CODE];
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

/// Makes the addresses that stand in messages and pages.
#[derive(Clone, Debug)]
pub struct Links {
    signer: Signer,
    plan: String,
    public_url: String,
    days: u16,
}

impl Links {
    /// The links of a school, signed with `key`; `None` where it has no pages.
    #[must_use]
    pub fn of(school: &School, key: &LinkKey) -> Option<Self> {
        let settings = &school.settings;
        let site = settings.site.as_ref()?;
        let signer = Signer::new(key.clone(), settings.organisation.id.as_str());
        Some(Self::new(signer, school.plan.number.as_str(), site.public_url.as_str(), site.link_days))
    }

    /// Links to the pages at `public_url`, about the plan of this number, that hold for so many days.
    #[must_use]
    pub fn new(signer: Signer, plan: impl Into<String>, public_url: impl Into<String>, days: u16) -> Self {
        Self { signer, plan: plan.into(), public_url: public_url.into(), days }
    }

    /// The signer.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    fn address(&self, purpose: Purpose, person: &str, subject: LinkTag, issued: Timestamp) -> String {
        let days = if purpose == Purpose::Calendar { self.days.max(CALENDAR_DAYS) } else { self.days };
        let token = LinkToken { purpose, issued, days, person: self.signer.person(person), subject };
        format!("{}/{}/{}", self.public_url, purpose.folder(), self.signer.sign(&token))
    }
}

/// The links of one message: to one person, issued when the message was put into the outbox, so that a message that is
/// written twice is the same.
#[derive(Clone, Copy, Debug)]
pub struct PersonalLinks<'a> {
    links: &'a Links,
    person: &'a str,
    at: Timestamp,
}

impl Links {
    /// The links of a message to `person`, issued at `at`.
    #[must_use]
    pub fn for_person<'a>(&'a self, person: &'a str, at: Timestamp) -> PersonalLinks<'a> {
        PersonalLinks { links: self, person, at }
    }
}

impl PersonalLinks<'_> {
    /// Where they report on a task.
    #[must_use]
    pub fn answer(&self, task: &TaskId) -> String {
        self.links.address(Purpose::Answer, self.person, self.links.signer.task(&self.links.plan, task), self.at)
    }

    /// Where they see all their own tasks.
    #[must_use]
    pub fn overview(&self) -> String {
        self.links.address(Purpose::Overview, self.person, LinkTag::NONE, self.at)
    }

    /// Where they accept or refuse a request for time, by its number among those for a task.
    #[must_use]
    pub fn decide(&self, task: &TaskId, number: u32) -> String {
        let subject = self.links.signer.request(&self.links.plan, task, number);
        self.links.address(Purpose::Decide, self.person, subject, self.at)
    }

    /// Where they see the plan at a glance.
    #[must_use]
    pub fn status(&self) -> String {
        self.links.address(Purpose::Status, self.person, LinkTag::NONE, self.at)
    }

    /// What their phone subscribes to.
    #[must_use]
    pub fn calendar(&self) -> String {
        self.links.address(Purpose::Calendar, self.person, LinkTag::NONE, self.at) + ".ics"
    }
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
            person in any::<[u8; TAG]>(), subject in any::<[u8; TAG]>(),
        ) -> LinkToken {
            let issued = Timestamp::from_millisecond(EPOCH + issued).unwrap_or(Timestamp::UNIX_EPOCH);
            LinkToken { purpose: Purpose::ALL[purpose], issued, days, person: LinkTag(person), subject: LinkTag(subject) }
        }
    }

    proptest! {
        #[test]
        fn a_token_says_what_was_signed(token in token()) {
            let text = signer().sign(&token);
            prop_assert_eq!(text.len(), LETTERS);
            prop_assert_eq!(signer().open(&text, token.issued), Ok(token));
        }

        #[test]
        fn every_changed_bit_is_refused(token in token(), bit in 0..(SIGNED + CODE) * 8) {
            let mut changed = bytes(&signer().sign(&token)).unwrap_or([0; SIGNED + CODE]);
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
        assert_eq!(Signer::new(LinkKey::of_rehearsals(), "school").open(&text, issued), Err(BadLink::Forged));
        for cut in 0..text.len() {
            assert_eq!(signer.open(&text[..cut], issued), Err(BadLink::Malformed));
        }
        assert_eq!(signer.open(&text.to_uppercase(), issued), Err(BadLink::Malformed));
    }

    #[test]
    fn a_key_shows_nothing() {
        assert_eq!(format!("{:?}", LinkKey::new([65; 32])), "Key([secret])");
    }
}
