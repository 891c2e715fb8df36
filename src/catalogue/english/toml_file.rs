use crate::language::{English, Explains, Explanation, Language};
use crate::toml_file::mistake::{ExpectedType, FoundType, NamedInLines, TableName, TomlMistake};

use super::{listed, meant};

impl Explains<NamedInLines> for English {
    fn explain(&self, named: &NamedInLines) -> Explanation {
        let Explanation { message, help } = named.mistake.explained_in(Language::English);
        let lines: Vec<String> = named.lines.iter().map(ToString::to_string).collect();
        let message = match lines.as_slice() {
            [] => message,
            [line] => format!("{message} (line {line} names it too)"),
            lines => format!("{message} (lines {} name it too)", lines.join(", ")),
        };
        Explanation { message, help }
    }
}

impl Explains<TomlMistake> for English {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &TomlMistake) -> Explanation {
        use TomlMistake as M;
        match mistake {
            M::NoToml { parser_says } => Explanation { message: parser_says.clone(), help: None },
            M::NeverClosed { opening, closing } => Explanation::new(
                format!("the `{opening}` that opens here is never closed"),
                format!("write `{closing}` at its end"),
            ),
            M::CurlyQuotes { straight } => {
                Explanation::new("curly quotes are no quotes here", format!("write straight ones: {straight}"))
            }
            M::HeadingWithoutBracket { heading } => {
                Explanation::new("a bracket of this heading is missing", format!("write {heading}"))
            }
            M::Colon { key } => Explanation::new(
                "a key and its value stand on both sides of `=`, not of `:`",
                format!("write {} = …", key.unwrap_or("key")),
            ),
            M::NoKey { key, english, value } => {
                let help = english.map_or_else(
                    || {
                        "write the key as the documents have it, in English; names of your own go into quotes"
                            .to_owned()
                    },
                    |english| format!("write {english} = {value}"),
                );
                Explanation::new(format!("`{key}` is no key: keys are words without diacritics"), help)
            }
            M::LocalDate { written, date } => {
                Explanation::new(format!("`{written}` is no date as it is written here"), format!("write {date}"))
            }
            M::NoSuchDay { written, days } => Explanation::new(
                format!("`{written}` is not in the calendar: that month has {days} days"),
                "write a day that there is",
            ),
            M::NoSuchMonth { written, month } => Explanation::new(
                format!("`{written}` is not in the calendar: there is no month {month}"),
                "write a day that there is",
            ),
            M::Backslash { mended } => Explanation::new(
                "a `\\` between double quotes begins a sign of its own",
                format!("write {mended}, or put it into single quotes"),
            ),
            M::QuoteMissing { mended } => {
                let help = mended.as_ref().map(|mended| format!("write {mended}"));
                let help = help.unwrap_or_else(|| "write one at each end of every text".to_owned());
                Explanation::new("a quote is missing", help)
            }
            M::TextWithoutQuotes { text } => Explanation::new("a text stands in quotes", format!("write \"{text}\"")),
            M::HeadingOfList { name } => Explanation::new(
                format!("`{name}` stands above as a list already, `{name} = [ … ]`, which no heading adds to"),
                "write this one as a line of that list: its keys between { and }, with commas",
            ),
            M::DoubledKey { parser_says } => Explanation::new(parser_says.as_str(), "keep one of the two"),
            M::DoubledTable { name, times } => Explanation::new(
                format!("[{name}] is there {times} times, and is one table"),
                format!("write [[{name}]] each time"),
            ),
            M::MissingKey { table, key } => {
                Explanation::new(format!("{} lacks `{key}`", name(table)), format!("add `{key} = …`"))
            }
            M::UnknownKey { key, table, near, known } => Explanation::new(
                format!("unknown key `{key}` in {}", name(table)),
                meant(near.as_ref(), || format!("{} knows {}", name(table), listed(known))),
            ),
            M::DeceptiveText { key } => Explanation::new(
                format!("`{key}` holds control characters or marks of writing direction"),
                "they are left out: see whether what is left is what you mean, and write it anew",
            ),
            M::Empty { key } => Explanation::new(format!("`{key}` is empty"), "write a name"),
            M::WrongType { key, expected, found } => {
                let expected = match expected {
                    ExpectedType::Text => "a text in quotes",
                    ExpectedType::Date => "a date such as 2023-09-12",
                    ExpectedType::NumberOrText => "a number or a text in quotes",
                    ExpectedType::Boolean => "true or false",
                    ExpectedType::Table => "a table",
                };
                Explanation::new(
                    format!("`{key}` must be {expected}, not {}", type_name(*found)),
                    format!("write {expected}"),
                )
            }
            M::DateInQuotes { key, date } => {
                Explanation::new(format!("`{key}` must be a date, not a text"), format!("write {date}, without quotes"))
            }
            M::NoList { key, found, written } => Explanation::new(
                format!("`{key}` must be a list, not {}", type_name(*found)),
                format!("put it into brackets: [{written}]"),
            ),
            M::SingleBrackets { heading } => Explanation::new(
                format!("{} must have double brackets", heading.replace("[[", "[").replace("]]", "]")),
                format!("write {heading}"),
            ),
            M::NotADateAlone { written } => Explanation::new(format!("`{written}` is not a date alone"), DATE),
            M::NotInCalendar { date } => Explanation::new(format!("`{date}` is not in the calendar"), DATE),
            M::TooManyDays { days, most } => {
                Explanation::new(format!("{days} days are too many"), format!("write at most \"{most}d\""))
            }
            M::NoDays { written, suggestion } => Explanation::new(
                format!("`{written}` is no number of days"),
                format!("write a number of days and a d, as \"{suggestion}d\""),
            ),
            M::NumberOutOfRange { least, most } => Explanation::new(
                "this is no number that can be used here",
                format!("write a number from {least} to {most}"),
            ),
            M::NoSize { written, suggestion } => Explanation::new(
                format!("`{written}` is no size"),
                format!("write a number and a unit, MB, GB or TB, as \"{suggestion} GB\""),
            ),
            M::NoTimeOfDay { written } => Explanation::new(
                format!("`{written}` is no time of day"),
                "write hours and minutes, as \"07:00\"; the latest is \"23:59\"",
            ),
            M::NoAddress { written } => Explanation::new(
                format!("`{written}` is no address of electronic mail"),
                "write it as name@school.example, without blanks or diacritics",
            ),
            M::AddressNotAscii { address } => Explanation::new(
                format!("few mail servers carry mail for `{address}`, with other letters than a–z"),
                "write the mailbox's address without diacritics, where it has one",
            ),
        }
    }
}

const DATE: &str = "write a date without quotes, as 2023-09-12";

fn type_name(found: FoundType) -> &'static str {
    match found {
        FoundType::Text => "a text",
        FoundType::Number => "a number",
        FoundType::Decimal => "a decimal number",
        FoundType::Boolean => "true or false",
        FoundType::DateTime => "a date or time",
        FoundType::List => "a list",
        FoundType::Table => "a table",
    }
}

fn name(table: &TableName) -> &str {
    match table {
        TableName::Configuration => "the configuration",
        TableName::Plan => "the plan",
        TableName::HolidayFile => "the holiday file",
        TableName::Table(name) => name,
    }
}
