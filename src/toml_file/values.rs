//! Values that many tables share: days, counts, times of day, addresses.

use std::ops::RangeInclusive;

use jiff::civil::Time;
use lettre::Address;

use super::{IntegerOrText, TomlValue};

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
            value.error("bad-duration", format!("{days} days are too many"), format!("write at most \"{MAX_DAYS}d\""));
            None
        }
        None => {
            let number: String = text.chars().filter(char::is_ascii_digit).collect();
            let suggestion = if number.is_empty() { "7".to_owned() } else { number };
            let help = format!("write a number of days and a d, as \"{suggestion}d\"");
            value.error("bad-duration", format!("`{text}` is no number of days"), help);
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
        value.error(
            "bad-number",
            "this is no number that can be used here",
            format!("write a number from {least} to {most}"),
        );
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
        let help = format!("write a number and a unit, MB, GB or TB, as \"{suggestion} GB\"");
        value.error("bad-size", format!("`{text}` is no size"), help);
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
        let message = format!("`{text}` is no time of day");
        value.error("bad-time", message, "write hours and minutes, as \"07:00\"; the latest is \"23:59\"");
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
                let message = format!("few mail servers carry mail for `{address}`, with other letters than a–z");
                let help = "write the mailbox's address without diacritics, where it has one";
                value.document().warning(value.span(), "address-not-ascii", message, Some(help.to_owned()));
            }
            Some(address.to_string())
        }
        Err(_) => {
            let help = "write it as name@school.example, without blanks or diacritics";
            value.error("bad-address", format!("`{written}` is no address of electronic mail"), help);
            None
        }
    }
}
