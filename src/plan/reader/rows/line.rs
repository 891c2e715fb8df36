//! A row of a plan's table, by what its columns hold.

use crate::text;

use super::super::headings::{Columns, Field};
use super::super::table::{Cell, CellKind, Row, Table};

/// A row of a plan's table.
pub(super) struct Line<'l> {
    pub(super) table: &'l Table,
    pub(super) row: &'l Row,
    pub(super) columns: &'l Columns,
    /// The columns of its cells, and the headings that each stands under.
    under: Vec<(usize, Vec<usize>)>,
}

impl<'l> Line<'l> {
    pub(super) fn new(table: &'l Table, row: &'l Row, columns: &'l Columns) -> Self {
        Self { table, row, columns, under: columns.assign(row, table) }
    }

    /// The cells below a heading: those that begin below it, where one reaches over several.
    fn below(&self, heading: usize) -> impl Iterator<Item = &'l Cell> {
        let row = self.row;
        let under = self.under.iter().filter(move |(_, headings)| headings.first() == Some(&heading));
        under.filter_map(|(column, _)| row.cells.get(*column)).filter(|cell| !cell.text.trim().is_empty())
    }

    /// The lines of a field's cells, one text a cell.
    fn texts(&self, field: Field) -> Vec<&'l str> {
        let Some(place) = self.columns.place(field) else { return Vec::new() };
        self.below(place).map(|cell| cell.text.as_str()).collect()
    }

    /// What stands in a field, as one line; `None` where nothing does.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        // One heading over two cells of time is the first and the last day.
        let between = if field == Field::Time { " - " } else { " " };
        let text = self.texts(field).into_iter().map(one_line).collect::<Vec<_>>().join(between);
        (!text.is_empty()).then_some(text)
    }

    /// What stands in a field, line by line.
    pub(super) fn lines(&self, field: Field) -> String {
        self.texts(field).join("\n")
    }

    /// Whether a field has a text of its own here, and none that a merged cell brings from above.
    pub(super) fn has_own(&self, field: Field) -> bool {
        let Some(place) = self.columns.place(field) else { return false };
        self.below(place).any(|cell| !cell.continued)
    }

    /// Whether any field of times has a text of its own here.
    pub(super) fn has_own_time(&self) -> bool {
        [Field::Time, Field::Due, Field::Start, Field::Month, Field::Week].iter().any(|field| self.has_own(*field))
    }

    /// Whether the row says more of the task above and begins no other: it has no number, nobody and no time, and its
    /// text goes on with a sentence where the table has no numbers at all.
    pub(super) fn carries_on(&self) -> bool {
        const BEGINS: [Field; 8] = [
            Field::Number,
            Field::Criterion,
            Field::Lead,
            Field::Time,
            Field::Due,
            Field::Start,
            Field::Month,
            Field::Week,
        ];
        let begins = BEGINS.iter().any(|field| self.text(*field).is_some()) || self.months().is_some();
        let is_part =
            |remedy: String| remedy.starts_with(|letter: char| letter.is_lowercase() || !letter.is_alphabetic());
        !begins && (self.columns.get(Field::Number).is_some() || self.text(Field::Remedy).is_none_or(is_part))
    }

    /// What kind of value a field's cell has.
    pub(super) fn kind(&self, field: Field) -> CellKind {
        self.columns.place(field).and_then(|place| self.below(place).next()).map(|cell| cell.kind).unwrap_or_default()
    }

    /// The texts of headings of a kind that lost against a better one, line by line.
    pub(super) fn others(&self, field: Field) -> Vec<String> {
        let texts = self
            .columns
            .others(field)
            .map(|place| self.below(place).map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("\n"));
        texts.filter(|text| !text.trim().is_empty()).collect()
    }

    /// A text that is written over both columns of the first and the last day.
    pub(super) fn over_both_days(&self) -> Option<String> {
        let (start, due) = (self.columns.place(Field::Start)?, self.columns.place(Field::Due)?);
        let over = self.under.iter().find(|(_, headings)| headings.contains(&start) && headings.contains(&due))?;
        let text = one_line(&self.row.cells.get(over.0)?.text);
        (!text.is_empty()).then_some(text)
    }

    /// The texts in the column of a month.
    fn marks(&self, place: usize) -> impl Iterator<Item = &'l str> {
        let row = self.row;
        let under = self.under.iter().filter(move |(_, headings)| headings.contains(&place));
        let texts = under.filter_map(|(column, _)| row.cells.get(*column)).map(|cell| cell.text.trim());
        texts.filter(|text| !text.is_empty())
    }

    /// What stands in a column of a month and is more than a mark.
    pub(super) fn more_than_marks(&self) -> Option<&'l str> {
        let is_mark = |text: &str| {
            let letters: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
            letters.is_empty() || matches!(letters.to_lowercase().as_str(), "x" | "xx" | "xxx" | "xxxx" | "v" | "có")
        };
        self.columns.months.iter().flat_map(|place| self.marks(*place)).find(|text| !is_mark(text))
    }

    /// The months whose columns have a mark, from the first to the last; `None` where there is none.
    pub(super) fn months(&self) -> Option<String> {
        let marked = |place: &usize| self.marks(*place).next().is_some();
        let own = |place: usize| self.columns.headings[place].marked_time();
        let marks: Vec<(usize, usize)> =
            self.columns.months.iter().copied().enumerate().filter(|(_, place)| marked(place)).collect();
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for (order, place) in &marks {
            match spans.last_mut() {
                Some((_, last))
                    if self.columns.months.iter().position(|month| month == last) == order.checked_sub(1) =>
                {
                    *last = *place;
                }
                _ => spans.push((*place, *place)),
            }
        }
        let written: Vec<String> = spans
            .into_iter()
            .map(|(first, last)| if first == last { own(first) } else { format!("{} - {}", own(first), own(last)) })
            .collect();
        (!written.is_empty()).then(|| written.join("; "))
    }
}

/// The paragraphs of a cell as one. A sentence that ends with its paragraph and without a point gets one, so that the next
/// does not run on; a few words with a line break are no sentence.
pub(super) fn one_line(written: &str) -> String {
    let mut joined = String::new();
    // How many words the last sentence has so far.
    let mut words = 0;
    for line in written.lines().map(text::nfc).filter(|line| !line.is_empty()) {
        let begins_anew = line.chars().next().is_some_and(char::is_uppercase);
        if joined.ends_with(char::is_alphanumeric) && words > 5 && begins_anew {
            joined.push('.');
            words = 0;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&line);
        let last = line.rsplit(['.', ';', ':', '!', '?']).next().unwrap_or_default();
        let in_last = last.split(' ').filter(|word| !word.is_empty()).count();
        words = if last.len() == line.len() { words + in_last } else { in_last };
    }
    joined
}
