//! Instants as the commands show them: in the school's time zone.

use jiff::{Timestamp, ZonedDateTime};

use crate::config::Settings;
use crate::language::{Language, Said};

/// How programs are told a moment: to the second, with the offset.
pub(crate) const WITH_OFFSET: &str = "%Y-%m-%dT%H:%M:%S%:z";

/// A moment as people are told it: to the minute.
#[derive(Debug)]
pub(crate) struct Minute(pub(crate) ZonedDateTime);

/// A moment as people are told it where the order of what happened counts: to the second.
#[derive(Debug)]
pub(crate) struct Second(pub(crate) ZonedDateTime);

/// For programs: to the second, with the offset.
pub(super) fn with_offset(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime(WITH_OFFSET).to_string()
}

/// For people, in their language: to the minute.
pub(super) fn minute(settings: &Settings, at: Timestamp, language: Language) -> String {
    Minute(settings.local(at)).said_in(language)
}
