//! What is told of a table as a whole: columns that are not read, headings that no table has, another school year.

use crate::diagnostic::Place;
use crate::text;

use super::super::headings::{Columns, Field};
use super::super::letterhead;
use super::super::mistake::{DocumentMistake, UnreadColumn};
use super::super::table::{Row, Table};
use super::{LINES_ABOVE, Rows};

/// Fields of which only the best column is read; the others are told.
const LOST: [Field; 8] = [
    Field::Criterion,
    Field::Standard,
    Field::Time,
    Field::Month,
    Field::Week,
    Field::Start,
    Field::Due,
    Field::Status,
];

impl Rows<'_> {
    /// Headings of `[plan_document]` that no table has are told: they were written for nothing.
    pub(super) fn tell_headings_that_are_nowhere(&mut self) {
        if !self.found {
            return;
        }
        for (heading, _) in &self.context.document.columns {
            if !self.told.contains(&format!("set {}", text::fold(heading))) {
                let mistake = DocumentMistake::HeadingNowhere { heading: heading.clone() };
                self.diagnostics.warning(Place::File(self.path.to_owned()), mistake);
            }
        }
    }

    /// Whether a table is of another school year than the plan: last year's, as an appendix. It is told and not read.
    pub(super) fn is_of_another_year(&mut self, table: &Table, lines: &[String]) -> bool {
        let Some(year) = self.context.year.map(|year| year.start().year()) else { return false };
        let in_sheet = table.sheet().and_then(|name| letterhead::years(name).or_else(|| letterhead::school_year(name)));
        let above_rows = table.rows.iter().take(LINES_ABOVE).filter(|_| table.sheet().is_some());
        let in_rows = above_rows.flat_map(Row::own).find_map(|(_, cell)| letterhead::school_year(&cell.text));
        let headings = lines.iter().rev().filter(|line| line.chars().count() < 120 && !line.ends_with(';'));
        let in_lines = headings.clone().find_map(|line| letterhead::school_year(line));
        let Some(written) = in_sheet.or(in_rows).or(in_lines).filter(|written| *written != year) else { return false };
        // A document of another year as a whole is told once, and read.
        let is_plan =
            (0..table.rows.len()).any(|place| Columns::read(table, place, self.context.document, true).is_some());
        if !is_plan || !(self.found || table.sheet().is_some() || has_this_year(lines, year)) {
            return false;
        }
        if table.sheet().is_some() && !self.found && in_sheet.is_none() {
            return false;
        }
        let mistake = DocumentMistake::TableOfOtherYear { table: table.name.clone(), written, year };
        self.diagnostics.warning(Place::File(self.path.to_owned()), mistake);
        true
    }

    /// Tells of headings that nobody knows, and of those that lost against a better one of their kind.
    pub(super) fn tell_columns(&mut self, table: &Table, place: usize, columns: &Columns) {
        let row = table.rows[place].number;
        for heading in &columns.headings {
            let set = format!("set {}", text::fold(heading.own()));
            self.told.insert(format!("set {}", text::fold(&heading.text)));
            self.told.insert(set);
        }
        let lost = LOST.iter().flat_map(|field| columns.others(*field)).map(|place| &columns.headings[place]);
        let unread: Vec<_> = columns.unknown().chain(lost).cloned().collect();
        for heading in unread {
            // Headings that are repeated on each page are looked at once.
            let column = match heading.text.trim() {
                "" => UnreadColumn::Nameless(heading.first + 1),
                text => UnreadColumn::Named { heading: text.to_owned(), own: heading.own().to_owned() },
            };
            let name = match &column {
                UnreadColumn::Nameless(column) => column.to_string(),
                UnreadColumn::Named { heading, .. } => format!("«{}»", text::fold(heading)),
            };
            if !self.told.insert(format!("unread {:?} {name}", table.name)) {
                continue;
            }
            let below = heading.first..heading.first + heading.columns;
            let mut own = table.rows.iter().skip(place + columns.rows).flat_map(Row::own);
            // Numbers below nothing number the rows.
            let is_read =
                |text: &str| heading.text.trim().is_empty() && text.trim().trim_end_matches('.').parse::<u32>().is_ok();
            if !own.any(|(column, cell)| below.contains(&column) && !is_read(&cell.text)) {
                continue;
            }
            let place = Place::Cell {
                path: self.path.to_owned(),
                table: table.name.clone(),
                row,
                column: Some((heading.first + 1, heading.text.clone())),
                text: heading.text.clone(),
                task: None,
            };
            self.diagnostics.warning(place, DocumentMistake::UnreadColumn { column });
        }
    }
}

/// Whether the lines above a table name this school year too, as a title does.
fn has_this_year(lines: &[String], year: i16) -> bool {
    lines.iter().any(|line| letterhead::school_year(line) == Some(year))
}
