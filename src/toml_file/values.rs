//! Values that many tables share: days, counts, times of day, addresses.

use std::ops::RangeInclusive;

use jiff::civil::Time;
use lettre::Address;

use super::{IntegerOrText, TomlMistake, TomlValue};

/// The longest span of days in a configuration.
const MAX_DAYS: u16 = 1000;

/// Days as "7d".
#[must_use]
pub fn days(value: &TomlValue<'_>) -> Option<u16> {
    let text = match value.integer_or_text()? {
        IntegerOrText::Integer(number) => number.to_string(),
        IntegerOrText::Text(text) => text.to_owned(),
    };
    let days = text.strip_suffix('d').and_then(|number| number.parse::<u16>().ok());
    match days {
        Some(days) if days <= MAX_DAYS => Some(days),
        Some(days) => {
            value.error(TomlMistake::TooManyDays { days, most: MAX_DAYS });
            None
        }
        None => {
            let number: String = text.chars().filter(char::is_ascii_digit).collect();
            let suggestion = if number.is_empty() { "7".to_owned() } else { number };
            value.error(TomlMistake::NoDays { written: text, suggestion });
            None
        }
    }
}

/// A whole number within a range.
#[must_use]
pub fn count(value: &TomlValue<'_>, range: RangeInclusive<u32>) -> Option<u32> {
    let number = match value.integer_or_text()? {
        IntegerOrText::Integer(number) => u32::try_from(number).ok().filter(|number| range.contains(number)),
        IntegerOrText::Text(_) => None,
    };
    if number.is_none() {
        let (least, most) = range.into_inner();
        value.error(TomlMistake::NumberOutOfRange { least, most });
    }
    number
}

/// The units of sizes, each with how many bits further than bytes it is.
const SIZE_UNITS: [(&str, u32); 3] = [("MB", 20), ("GB", 30), ("TB", 40)];

/// A size as "500 MB" or "20 GB", in bytes; a unit is 1024 times the one before it.
#[must_use]
pub fn size(value: &TomlValue<'_>) -> Option<u64> {
    let text = match value.integer_or_text()? {
        IntegerOrText::Integer(number) => number.to_string(),
        IntegerOrText::Text(text) => text.to_owned(),
    };
    let size = SIZE_UNITS.iter().find_map(|(unit, bits)| {
        let number = text.trim().to_uppercase().strip_suffix(unit)?.trim_end().parse::<u64>().ok()?;
        number.checked_mul(1 << bits)
    });
    let size = size.filter(|size| *size > 0);
    if size.is_none() {
        let number: String = text.chars().filter(char::is_ascii_digit).collect();
        let suggestion = if number.trim_start_matches('0').is_empty() { "20".to_owned() } else { number };
        value.error(TomlMistake::NoSize { written: text, suggestion });
    }
    size
}

/// A time of day as "07:00".
#[must_use]
pub fn time(value: &TomlValue<'_>) -> Option<Time> {
    let text = value.text()?;
    let parts = text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2);
    let numbers = parts.and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    let time = numbers.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    if time.is_none() {
        value.error(TomlMistake::NoTimeOfDay { written: text.to_owned() });
    }
    time
}

/// An address of electronic mail.
#[must_use]
pub fn address(value: &TomlValue<'_>) -> Option<String> {
    let written = value.text()?;
    match written.trim().parse::<Address>() {
        Ok(address) => {
            if !address.user().is_ascii() {
                value.warning(TomlMistake::AddressNotAscii { address: address.to_string() });
            }
            Some(address.to_string())
        }
        Err(_) => {
            value.error(TomlMistake::NoAddress { written: written.to_owned() });
            None
        }
    }
}
