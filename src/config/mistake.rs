//! What is wrong in the tables of a configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::civil::Time;

use crate::calendar::SchoolYearError;
use crate::diagnostic::{IoReason, mistakes};

use super::server::Ports;
use super::url::BadAddress;

mistakes! {
    /// What is wrong in the tables of a configuration, or doubtful about it.
    pub(crate) enum ConfigMistake {
        // [calendar], [school_year]
        "bad-weekday" => NoWeekday { written: String, near: Option<String>, known: Vec<&'static str> },
        "empty" => NoWorkday,
        "bad-school-year" => BadSchoolYear { error: SchoolYearError },
        "unusual-school-year" => SingleTerm,
        "unusual-school-year" => LongSchoolYear { months: i32 },
        // [reminders], [[escalation]], [[review]]
        "bad-time" => EndsBeforeItBegins { at: Time, until: Time },
        "bad-duration" => BeforeTheYear { days: u16 },
        "bad-duration" => OverdueWithoutEnd,
        "bad-duration" => OverdueEndsFirst { after: u16, span: u16 },
        "unknown-word" => CoordinatorsNotTold { written: String, near: Option<String> },
        "never-told" => EscalationTooLate { span: u16 },
        "bad-duration" => AsksTooLate,
        "unknown-word" => NoReviewPeriod { written: String, near: Option<String>, known: Vec<&'static str> },
        "unknown-key" => DayWithoutMonth { period: String },
        "bad-day" => NoDayOfMonth { day: i64 },
        "unknown-word" => NoWordForDay { written: String, near: Option<String> },
        // [plan_document]
        "unknown-key" => NoPlanColumn { written: String, near: Option<String>, known: Vec<&'static str> },
        "doubled-column" => DoubledColumn,
        // store, timezone, [keep]
        "unknown-store" => NoStore,
        "unknown-store" => NoDatabaseAddress,
        "secret-in-file" => PasswordInAddress,
        "unknown-store" => AddressLacks { part: AddressPart },
        "unknown-key" => NoAddressParameter { written: String, near: Option<String>, known: Vec<&'static str> },
        "no-encryption" => UnverifiedServer { mode: String },
        "unknown-time-zone" => NoTimeZone { written: String, near: Option<String> },
        "bad-duration" => NoSpan { written: String },
        "bad-duration" => KeptTooShortly { written: String, least: i32 },
        // [web], [monitor], [inbox] and servers
        "empty" => NoChannel,
        "bad-url" => BadWebAddress { why: BadAddress },
        "bad-url" => NoBeginningOfLinks,
        "bad-address" => NoListenAddress { written: String, port: u16 },
        "not-loopback" => LinksInTheClear { address: SocketAddr },
        "not-loopback" => StateInTheClear { written: String },
        "bad-header" => NoHeader { written: String },
        "no-encryption" => InTheClear { what: SentInTheClear, host: String, ports: Ports },
        "unknown-word" => NoEncryptionWord { written: String, near: Option<String>, known: Vec<&'static str> },
        "same-folder" => SameFolder,
        "missing-key" => InboxWithoutPassword,
        "missing-key" => NoAuthentication,
        "forgeable" => Forgeable,
        "bad-folder" => NoFolder { written: String },
        "bad-duration" => NoMinutes { written: String },
        // Certificates and secrets
        "unreadable-certificate" => UnreadableCertificate { path: PathBuf, reason: IoReason },
        "bad-certificate" => NoCertificate { path: PathBuf },
        "missing-key" => OAuthWithoutSecret,
        "unreadable-secret" => UnreadableCredential { credential: String, reason: IoReason },
        "readable-secret" => OthersReadSecret { path: PathBuf },
        /// It may be the secret itself that stands there, so it is not repeated.
        "unreadable-secret" => UnreadableSecretFile { key: String, reason: IoReason },
        "unreadable-secret" => UnreadableSecret { path: PathBuf, reason: IoReason },
        "unreadable-secret" => NoSecret { path: PathBuf },
    }
}

/// A part of the address of a database.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AddressPart {
    /// The machine.
    Host,
    /// Who logs in.
    User,
    /// The name of the database.
    Database,
}

/// What a server would be told in the clear.
#[derive(Clone, Copy, Debug)]
pub enum SentInTheClear {
    /// Mail.
    Mail,
    /// A password.
    Password,
}
