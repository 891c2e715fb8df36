//! `[school_year]`: its first day, the last day of each term, its last day.

use crate::calendar::{SchoolYear, SchoolYearError};

use crate::toml_file::TomlTable;

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
    SchoolYear::new(start, dates, end_date)
        .map_err(|error| {
            let place = match error {
                SchoolYearError::NoTerm | SchoolYearError::OutOfOrder { .. } => terms,
                SchoolYearError::EndsInTerm { .. } | SchoolYearError::TooLong { .. } => end,
            };
            let help = "write start, then the last day of each term in order, then end".to_owned();
            document.error(place.map_or(0..0, |value| value.span()), "bad-school-year", error.to_string(), Some(help));
        })
        .ok()
}
