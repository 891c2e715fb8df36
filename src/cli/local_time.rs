//! Instants as the commands show them: in the school's time zone.

use jiff::{Timestamp, ZonedDateTime};

use crate::config::Settings;
use crate::language::{Language, Said};

/// A moment as people are told it: to the minute.
#[derive(Debug)]
pub(crate) struct Minute(pub(crate) ZonedDateTime);

/// For programs: to the second, with the offset.
pub(super) fn with_offset(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// For people: to the minute.
pub(super) fn to_minute(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// For people, in their language: to the minute.
pub(super) fn minute(settings: &Settings, at: Timestamp, language: Language) -> String {
    Minute(settings.local(at)).said_in(language)
}

/// For people: to the second.
pub(super) fn to_second(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
