//! The days off of a year, added to the school's own file of them.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Table};

/// The text of a holiday file with the days off of each of these years that it has none of, as far as `shipped` has them; and
/// the years that were added. `None` where nothing is to be added.
pub(super) fn with_years(
    text: &str,
    years: impl IntoIterator<Item = i16>,
    shipped: &str,
) -> Option<(String, Vec<i16>)> {
    let known = years_of(text)?;
    let missing = years.into_iter().filter(|year| !known.contains(year));
    let sections: Vec<(i16, &str)> = missing.filter_map(|year| Some((year, section(shipped, year)?))).collect();
    if sections.is_empty() {
        return None;
    }
    let mut longer = text.trim_end().to_owned();
    for (_, section) in &sections {
        longer += "\n\n";
        longer += section.trim_end();
    }
    Some((longer + "\n", sections.into_iter().map(|(year, _)| year).collect()))
}

/// The years of which a holiday file has a day off.
fn years_of(text: &str) -> Option<BTreeSet<i16>> {
    let document: DocumentMut = text.parse().ok()?;
    let holidays = document.get("holiday").and_then(Item::as_array_of_tables);
    let year = |table: &Table, key| -> Option<i16> {
        table.get(key).and_then(|day| day.as_datetime()?.date).and_then(|day| i16::try_from(day.year).ok())
    };
    let years = holidays.into_iter().flatten().flat_map(|table| ["date", "from", "to"].map(|key| year(table, key)));
    Some(years.flatten().collect())
}

/// What the shipped file says of a year, from the comment that begins it up to the next.
fn section(shipped: &str, year: i16) -> Option<&str> {
    let begin = shipped.find(&format!("\n# {year}:"))? + 1;
    let rest = &shipped[begin..];
    let is_heading = |line: &str| line.strip_prefix("# ").is_some_and(|line| line.as_bytes().get(4) == Some(&b':'));
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if end > 0 && is_heading(line) && line[2..6].bytes().all(|letter| letter.is_ascii_digit()) {
            break;
        }
        end += line.len();
    }
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../config/holidays-vn.toml");

    #[test]
    fn the_years_that_are_missing_are_added_as_they_are_shipped_and_no_others() {
        let own = "# của trường\n[[holiday]]\ndate = 2026-01-01 # Tết\nname = \"Tết\"\n";
        let (text, years) = with_years(own, [2026, 2027, 2099], SHIPPED).unwrap_or_default();
        assert_eq!(years, [2027]);
        assert!(text.starts_with(own) && text.contains("# 2027: not announced yet"), "{text}");
        assert_eq!(years_of(&text), Some([2026, 2027].into()));
        assert_eq!(with_years(&text, [2026, 2027], SHIPPED), None);
    }

    #[test]
    fn every_year_of_the_shipped_file_is_a_section_of_its_own() {
        let years = years_of(SHIPPED).unwrap_or_default();
        assert!(years.len() >= 5);
        for year in years {
            let section = section(SHIPPED, year).unwrap_or_default();
            assert_eq!(years_of(section), Some([year].into()), "{section}");
        }
    }
}
