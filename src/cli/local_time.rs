//! Instants as the commands show them: in the school's time zone.

use jiff::Timestamp;

use crate::config::Settings;

/// For programs: to the second, with the offset.
pub(super) fn with_offset(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// For people: to the minute.
pub(super) fn to_minute(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// For people: to the second.
pub(super) fn to_second(settings: &Settings, at: Timestamp) -> String {
    settings.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
