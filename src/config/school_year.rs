//! `[school_year]`: its first day, the last day of each term, its last day.

use crate::calendar::{SchoolYear, SchoolYearError};

use crate::toml_file::{TomlTable, TomlValue};

use super::ConfigMistake;

/// No school year is longer, in days: from August to the end of the next summer.
const USUAL_DAYS: i32 = 400;

pub(super) fn read(table: TomlTable<'_>) -> Option<SchoolYear> {
    let start = table.require("start").and_then(|value| value.date());
    let end = table.require("end");
    let terms = table.require("terms");
    let end_date = end.as_ref().and_then(crate::toml_file::TomlValue::date);
    let dates: Option<Vec<_>> = terms
        .as_ref()
        .map(crate::toml_file::TomlValue::list)
        .and_then(|terms| terms.iter().map(crate::toml_file::TomlValue::date).collect());
    let document = table.document();
    table.close();
    let (start, dates, end_date) = (start?, dates?, end_date?);
    let is_one_term = dates.len() == 1;
    let year = SchoolYear::new(start, dates, end_date)
        .map_err(|error| {
            let place = match error {
                SchoolYearError::NoTerm | SchoolYearError::OutOfOrder { .. } => &terms,
                SchoolYearError::EndsInTerm { .. } | SchoolYearError::TooLong { .. } => &end,
            };
            let span = place.as_ref().map_or(0..0, TomlValue::span);
            document.error(span, ConfigMistake::BadSchoolYear { error });
        })
        .ok()?;
    if is_one_term {
        document.warning(terms.as_ref().map_or(0..0, TomlValue::span), ConfigMistake::SingleTerm);
    }
    let days = (year.end() - year.start()).get_days();
    if days > USUAL_DAYS {
        let span = end.as_ref().map_or(0..0, TomlValue::span);
        document.warning(span, ConfigMistake::LongSchoolYear { months: days / 30 });
    }
    Some(year)
}
