//! The configuration of the next school year, and that of the one that ends, made of the same text: comments and order stay.

use std::collections::HashSet;

use jiff::civil::Date;
use toml_edit::{Array, Datetime, DocumentMut, Item, TableLike, TomlError, Value};

use crate::app::init::SchoolYearDates;

/// Keys of `[task."…"]` that say when, which is another time in another year.
const TIMES: [&str; 3] = ["start", "due", "time"];
/// Keys of `[plan_document]` that are of one document; what headings mean stays.
const OF_DOCUMENT: [&str; 3] = ["number", "issued", "title"];

/// What the next year's configuration says otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct NextYear<'a> {
    /// The file of the plan.
    pub(super) plan: &'a str,
    /// The number of the plan, where its own was another plan's before.
    pub(super) number: Option<&'a str>,
    /// The school year.
    pub(super) dates: SchoolYearDates,
    /// The decision that the dates of the year that ends are by.
    pub(super) old_decision: Option<&'a str>,
    /// The tasks whose settings are carried over, by their names.
    pub(super) tasks: &'a HashSet<String>,
}

/// The text of the next year's configuration.
pub(super) fn of_next_year(text: &str, next: NextYear<'_>) -> Result<String, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    set(document.as_table_mut(), "plan", next.plan.into());
    school_year(&mut document, next);
    plan_document(&mut document, next.number);
    tasks(&mut document, next.tasks);
    absences(&mut document, next.dates.start);
    Ok(document.to_string())
}

/// The text of the configuration of the year that ends: `place` says where a file lies from now on, by the path that the
/// configuration has for it.
pub(super) fn of_old_year(text: &str, place: impl Fn(&str) -> Option<String>) -> Result<String, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let moved = |value: &Value| value.as_str().and_then(&place).map(Value::from);
    for key in ["plan", "people"] {
        let Some(value) = document.get_mut(key).and_then(Item::as_value_mut) else { continue };
        match value {
            Value::Array(list) => list.iter_mut().for_each(|entry| replace(entry, moved(entry))),
            _ => replace(value, moved(value)),
        }
    }
    let holidays = document.get_mut("calendar").and_then(Item::as_table_like_mut).and_then(|it| it.get_mut("holidays"));
    if let Some(value) = holidays.and_then(Item::as_value_mut) {
        replace(value, moved(value));
    }
    Ok(document.to_string())
}

/// Puts a value in the place of another, with the spaces and the comment around it.
fn replace(value: &mut Value, other: Option<Value>) {
    let Some(mut other) = other else { return };
    *other.decor_mut() = value.decor().clone();
    *value = other;
}

fn set(table: &mut dyn TableLike, key: &str, value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => replace(old, Some(value)),
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn school_year(document: &mut DocumentMut, next: NextYear<'_>) {
    let SchoolYearDates { start, terms, end, decision } = next.dates;
    let Some(item) = document.get_mut("school_year") else { return };
    if let (Some(old), Some(table)) = (next.old_decision, item.as_table_mut()) {
        let written = table.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default();
        if written.contains(old) {
            // A decision on another year's dates is worse than none.
            let new = decision.map_or(String::new(), |new| written.replace(old, new));
            table.decor_mut().set_suffix(new);
        }
    }
    let Some(table) = item.as_table_like_mut() else { return };
    set(table, "start", date(start));
    set(table, "terms", Value::Array(terms.into_iter().map(date).collect::<Array>()));
    set(table, "end", date(end));
}

fn date(day: Date) -> Value {
    // jiff writes dates as TOML reads them.
    day.to_string().parse::<Datetime>().map_or_else(|_| day.to_string().into(), Value::from)
}

fn plan_document(document: &mut DocumentMut, number: Option<&str>) {
    if let Some(table) = document.get_mut("plan_document").and_then(Item::as_table_like_mut) {
        for key in OF_DOCUMENT {
            table.remove(key);
        }
        if table.is_empty() && number.is_none() {
            document.remove("plan_document");
        }
    }
    if let Some(number) = number {
        let table = document.entry("plan_document").or_insert(toml_edit::table());
        if let Some(table) = table.as_table_like_mut() {
            set(table, "number", number.into());
        }
    }
}

fn tasks(document: &mut DocumentMut, kept: &HashSet<String>) {
    let Some(tasks) = document.get_mut("task").and_then(Item::as_table_like_mut) else { return };
    let named: Vec<String> = tasks.iter().map(|(name, _)| name.to_owned()).collect();
    for name in named {
        let settled = tasks.get_mut(&name).and_then(Item::as_table_like_mut);
        let is_empty = settled.is_none_or(|settled| {
            for key in TIMES {
                settled.remove(key);
            }
            settled.is_empty()
        });
        if is_empty || !kept.contains(&crate::text::nfc(&name)) {
            tasks.remove(&name);
        }
    }
    if tasks.is_empty() {
        document.remove("task");
    }
}

/// Takes out the absences that end before the year begins.
fn absences(document: &mut DocumentMut, start: Date) {
    let is_over = |absence: &dyn TableLike| {
        let end = absence.get("to").and_then(|end| end.as_datetime()?.date);
        end.is_some_and(|end| end.to_string() < start.to_string())
    };
    let Some(people) = document.get_mut("person").and_then(Item::as_array_of_tables_mut) else { return };
    for person in people.iter_mut() {
        let nothing_left = match person.get_mut("away") {
            Some(Item::ArrayOfTables(absences)) => {
                absences.retain(|absence| !is_over(absence));
                absences.is_empty()
            }
            Some(Item::Value(Value::Array(absences))) => {
                absences.retain(|absence| !absence.as_inline_table().is_some_and(|absence| is_over(absence)));
                if let Some(first) = absences.get_mut(0) {
                    first.decor_mut().set_prefix("");
                }
                absences.is_empty()
            }
            _ => false,
        };
        if nothing_left {
            person.remove("away");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# của trường\nplan = \"kh.docx\" # văn bản\npeople = [\"a.xlsx\", \"b.csv\"] # hai tệp\n\n\
        [school_year] # theo Bộ (2269/QĐ-BGDĐT)\nstart = 2025-09-05 # khai giảng\nterms = [2026-01-17, 2026-05-31] # cuối kỳ\n\
        end = 2026-05-31\n\n# số chưa ghi\n[plan_document]\nnumber = \"1\" # sổ công văn\ncolumns = { due = [\"Mốc\"] }\n\n\
        [calendar]\nholidays = \"nghi.toml\" # lễ\n\n[[person]]\nname = \"A\" # văn thư\n\
        away = [{ from = 2026-01-05, to = 2026-01-09 }, { from = 2026-08-05, to = 2026-10-09 }] # nghỉ\n\n\
        # hỏi hiệu trưởng\n[task.\"1.1\"]\ntime = \"10/2025\"\nlead = [\"A\"] # đã hỏi\n\n[task.\"1.2\"]\ndue = 2026-01-01\n\n\
        [task.\"1.3\"]\nlead = [\"A\"]\n\n# cuối tệp\n";

    #[test]
    fn the_next_year_keeps_comments_and_order_and_nothing_of_the_year_that_ends() {
        let tasks = ["1.1".to_owned(), "1.2".to_owned()].into();
        let next = NextYear {
            plan: "kh 2026.docx",
            number: None,
            dates: SchoolYearDates::beginning_in(2026),
            old_decision: Some("2269/QĐ-BGDĐT"),
            tasks: &tasks,
        };
        insta::assert_snapshot!(of_next_year(TEXT, next).unwrap_or_default());
    }

    #[test]
    fn the_year_that_ends_is_as_it_was_but_for_where_its_files_lie() {
        let old = of_old_year(TEXT, |path| Some(format!("2025-2026/{path}"))).unwrap_or_default();
        let mut expected = TEXT.to_owned();
        for file in ["kh.docx", "a.xlsx", "b.csv", "nghi.toml"] {
            expected = expected.replace(&format!("\"{file}\""), &format!("\"2025-2026/{file}\""));
        }
        assert_eq!(old, expected);
    }

    #[test]
    fn whatever_is_not_of_the_year_stays_to_the_letter() {
        let sample = include_str!("../../../config/nhacviec.toml");
        let dates = SchoolYearDates {
            start: jiff::civil::date(2023, 9, 5),
            terms: [jiff::civil::date(2024, 1, 14), jiff::civil::date(2024, 5, 25)],
            end: jiff::civil::date(2024, 5, 31),
            decision: None,
        };
        let next = NextYear {
            plan: "ke-hoach-2023-2024.toml",
            number: None,
            dates,
            old_decision: None,
            tasks: &HashSet::new(),
        };
        assert_eq!(of_next_year(sample, next).as_deref(), Ok(sample));
        assert_eq!(of_old_year(sample, |_| None).as_deref(), Ok(sample));
    }
}
