//! The columns of a plan by their headings, wherever they stand and whatever schools call them.
//!
//! A heading is read by the first word of it that is known ("Thời gian hoàn thành" is a time, "Người thực hiện" a person),
//! and of several columns of a kind the best is taken: who carries it out before who answers for it, a remedy before a
//! title.

mod leaves;
mod words;

use std::collections::BTreeMap;

use crate::text;

use super::context::DocumentSettings;
use super::table::{Row, Table};
use leaves::{Leaf, is_below, leaves, may_be_headings};
use words::{HeadingClass, classify, classify_below};

pub use words::Field;

/// Headings are looked for in so many rows of a table.
const MAX_PLACE: usize = 50;
/// Headings stand in at most so many rows, one above the other.
const MAX_ROWS: usize = 3;

/// What stands between a heading and the one above it.
const ABOVE: &str = " – ";

/// The headings of a table whose words are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundHeadings {
    /// Whether they announce all that is asked for.
    pub is_whole: bool,
    /// How many of the things that are read they announce.
    pub known: usize,
    /// The row of the table below them, from 0.
    pub below: usize,
}

/// A heading and the columns that it stands above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) first: usize,
    pub(super) columns: usize,
    /// As written, with what stands above it.
    pub(super) text: String,
    pub(super) class: Option<HeadingClass>,
}

impl Heading {
    /// What it says of its own, without what stands above it.
    pub(super) fn own(&self) -> &str {
        self.text.rsplit(ABOVE).next().unwrap_or_default()
    }

    /// The time that a mark below it says: "Tháng 10", "Tuần 2 tháng 10".
    pub(super) fn marked_time(&self) -> String {
        let own = self.own();
        let week = words::week_number(&text::fold(own));
        match (week, self.text.rsplit_once(ABOVE)) {
            (Some(week), Some((above, _))) if words::is_month(above) => format!("Tuần {week} {above}"),
            _ if own.parse::<u8>().is_ok() => format!("Tháng {own}"),
            _ => own.to_owned(),
        }
    }
}

/// What the columns of a table hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) headings: Vec<Heading>,
    /// The heading of each kind that counts.
    fields: BTreeMap<Field, usize>,
    /// Headings that are months, in their order: a mark below one says that the task is in that month.
    pub(super) months: Vec<usize>,
    /// How many rows the headings take up.
    pub(super) rows: usize,
}

/// Which of the three things are missing that a plan says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) what: bool,
    pub(super) who: bool,
    pub(super) when: bool,
}

impl Missing {
    fn none(self) -> bool {
        !(self.what || self.who || self.when)
    }
}

impl Columns {
    /// The columns that rows from this one on announce; `None` where it is no heading of a plan. A table whose time stands
    /// elsewhere, as in the band above it, needs no column for it.
    pub(super) fn read(table: &Table, place: usize, settings: &DocumentSettings, time_elsewhere: bool) -> Option<Self> {
        let columns = Self::candidate(table, place, settings)?;
        let missing = columns.missing();
        (missing.none() || (time_elsewhere && !missing.what && !missing.who)).then_some(columns)
    }

    /// The columns that rows from this one on announce, whether or not they are those of a plan.
    pub(super) fn candidate(table: &Table, place: usize, settings: &DocumentSettings) -> Option<Self> {
        let rows = &table.rows[place..];
        let first = rows.first()?;
        if !may_be_headings(first) {
            return None;
        }
        let mut best = Self::of(&leaves(&rows[..1]), 1, settings);
        for count in 2..=MAX_ROWS.min(rows.len()) {
            if !is_below(&rows[..count]) {
                break;
            }
            let deeper = Self::of(&leaves(&rows[..count]), count, settings);
            let before = best.as_ref().map(Self::missing);
            // A row that says less than the one above is not below it.
            if deeper
                .as_ref()
                .map(Self::missing)
                .is_some_and(|missing| before.is_none_or(|before| !missing.worse(before)))
            {
                best = deeper;
            }
        }
        best
    }

    /// The headings of a table that say most of what a plan says.
    pub(super) fn find(table: &Table, settings: &DocumentSettings) -> Option<FoundHeadings> {
        let found = |place| {
            let columns = Self::candidate(table, place, settings)?;
            let (is_whole, known) = (columns.missing().none(), columns.fields.len() + columns.months.len());
            Some(FoundHeadings { is_whole, known, below: place + columns.rows })
        };
        (0..table.rows.len().min(MAX_PLACE)).filter_map(found).max_by_key(|found| (found.is_whole, found.known))
    }

    fn of(leaves: &[Leaf], rows: usize, settings: &DocumentSettings) -> Option<Self> {
        let mut headings = Vec::new();
        for leaf in leaves {
            let text = leaf.texts.join(ABOVE);
            let own = leaf.texts.last().map(String::as_str).unwrap_or_default();
            let set = settings.column(&text).or_else(|| settings.column(own));
            let class = match (set, leaf.texts.as_slice()) {
                (Some(field), _) => Some(HeadingClass::set(field)),
                (None, []) => None,
                (None, [only]) => classify(only),
                (None, [above @ .., own]) => classify_below(above, own),
            };
            headings.push(Heading { first: leaf.first, columns: leaf.columns, text, class });
        }
        mark_months(&mut headings);
        let mut columns = Self { headings, fields: BTreeMap::new(), months: Vec::new(), rows };
        columns.choose();
        (!columns.fields.is_empty()).then_some(columns)
    }

    /// Of each kind the best column; of two that are as good the first.
    fn choose(&mut self) {
        self.months = (0..self.headings.len())
            .filter(|place| self.headings[*place].class.is_some_and(|class| class.field == Field::MonthMark))
            .collect();
        if self.months.len() < 2 {
            self.months.clear();
        }
        let mut best: BTreeMap<Field, (u8, usize)> = BTreeMap::new();
        for (place, heading) in self.headings.iter().enumerate() {
            let Some(class) = heading.class else { continue };
            let known = best.get(&class.field).map(|(rank, _)| *rank);
            if known.is_none_or(|rank| class.rank < rank) {
                best.insert(class.field, (class.rank, place));
            }
        }
        // "Tiêu chuẩn" alone is where the criterion stands.
        if !best.contains_key(&Field::Criterion)
            && let Some(standard) = best.remove(&Field::Standard)
        {
            best.insert(Field::Criterion, standard);
        }
        // Where only one column says what is to be done, "Nội dung" is it.
        if !best.contains_key(&Field::Remedy)
            && let Some(subject) = best.remove(&Field::Subject)
        {
            best.insert(Field::Remedy, subject);
        }
        // Where the plan is one of checks, who checks is who does it, and when they check is when.
        let what = best.get(&Field::Remedy).map(|(_, place)| text::fold(&self.headings[*place].text));
        if what.is_some_and(|what| what.contains("kiem tra")) {
            for (done, checked) in [(Field::Lead, Field::Checker), (Field::Time, Field::CheckTime)] {
                if !best.contains_key(&done) {
                    let checks = best.remove(&checked);
                    best.extend(checks.map(|checks| (done, checks)));
                }
            }
        }
        // "Tiến độ" beside another time says how far it is.
        if let Some((rank, place)) = best.get(&Field::Time).copied()
            && rank == words::PACE
        {
            let has_time =
                [Field::Due, Field::Start, Field::Month, Field::Week].iter().any(|field| best.contains_key(field));
            if has_time || !self.months.is_empty() {
                best.remove(&Field::Time);
                best.entry(Field::Status).or_insert((rank, place));
            }
        }
        self.fields = best.into_iter().map(|(field, (_, place))| (field, place)).collect();
    }

    /// What is missing to be a plan.
    pub(super) fn missing(&self) -> Missing {
        let has = |field: Field| self.fields.contains_key(&field);
        let when = [Field::Time, Field::Due, Field::Start, Field::Month, Field::Week].into_iter().any(has);
        Missing { what: !has(Field::Remedy), who: !has(Field::Lead), when: !when && self.months.is_empty() }
    }

    /// The heading of a field.
    pub(super) fn get(&self, field: Field) -> Option<&Heading> {
        self.fields.get(&field).map(|place| &self.headings[*place])
    }

    /// The place of a field's heading among all.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.fields.get(&field).copied()
    }

    /// The headings of a kind that lost against a better one.
    pub(super) fn others(&self, field: Field) -> impl Iterator<Item = usize> {
        let chosen = self.place(field);
        let of_kind = move |place: &usize| {
            self.headings[*place].class.is_some_and(|class| class.field == field) && Some(*place) != chosen
        };
        (0..self.headings.len()).filter(of_kind)
    }

    /// Headings that nobody knows, and columns that have none.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &Heading> {
        self.headings.iter().filter(|heading| heading.class.is_none_or(HeadingClass::is_unclear))
    }

    /// Which of the headings each cell of a row stands under: all those of which it takes up at least half, else the one
    /// that it shares most with. By the cell's column; only cells of their own or merged ones that carry on.
    pub(super) fn assign(&self, row: &Row, table: &Table) -> Vec<(usize, Vec<usize>)> {
        let mut assigned = Vec::new();
        for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| cell.span > 0) {
            let end = column + cell.span;
            let shared = |heading: &Heading| {
                let (first, last) = (heading.first.max(column), (heading.first + heading.columns).min(end));
                if first < last { table.width(first, last - first) } else { 0 }
            };
            let overlaps: Vec<(usize, u64)> =
                self.headings.iter().enumerate().map(|(place, heading)| (place, shared(heading))).collect();
            let covered = |(place, shared): &(usize, u64)| {
                let heading = &self.headings[*place];
                2 * shared >= table.width(heading.first, heading.columns)
            };
            let mut under: Vec<usize> =
                overlaps.iter().filter(|overlap| overlap.1 > 0 && covered(overlap)).map(|(place, _)| *place).collect();
            if under.is_empty() {
                under.extend(
                    overlaps
                        .iter()
                        .filter(|(_, shared)| *shared > 0)
                        .max_by_key(|(_, shared)| *shared)
                        .map(|one| one.0),
                );
            }
            assigned.push((column, under));
        }
        assigned
    }
}

impl Missing {
    fn worse(self, other: Self) -> bool {
        let count = |missing: Self| u8::from(missing.what) + u8::from(missing.who) + u8::from(missing.when);
        count(self) > count(other)
    }
}

/// Bare numbers that count on from month to month, three at least, are months: "9", "10", "11", "12", "1".
fn mark_months(headings: &mut [Heading]) {
    let month = |heading: &Heading| heading.text.parse::<u8>().ok().filter(|month| (1..=12).contains(month));
    let mut first = 0;
    while first < headings.len() {
        let mut end = first + 1;
        while end < headings.len()
            && month(&headings[end - 1]).is_some_and(|before| month(&headings[end]) == Some(before % 12 + 1))
        {
            end += 1;
        }
        if end - first >= 3 {
            for heading in &mut headings[first..end] {
                heading.class = Some(HeadingClass::set(Field::MonthMark));
            }
        }
        first = end;
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Cell;
    use super::*;

    fn row(texts: &[&str]) -> Row {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), ..Cell::empty() };
        Row { number: 1, cells: texts.iter().map(cell).collect(), ..Row::default() }
    }

    fn read(rows: Vec<Row>) -> Option<Columns> {
        let table = Table { rows, ..Table::default() };
        Columns::read(&table, 0, &DocumentSettings::default(), false)
    }

    fn column(columns: &Columns, field: Field) -> Option<usize> {
        columns.get(field).map(|heading| heading.first)
    }

    #[test]
    fn two_rows_of_headings_are_read_as_one() {
        let cases = [
            ("Thời gian", "Bắt đầu", "Kết thúc"),
            ("Thời gian", "Từ", "Đến"),
            ("Thời gian thực hiện", "Từ ngày", "Đến ngày"),
            ("TG", "Thực hiện", "Hoàn thành"),
        ];
        for (above, one, other) in cases {
            for merged in [true, false] {
                let mut upper = row(&["TT", "Nội dung", "Người thực hiện", above, ""]);
                if merged {
                    upper.cells[3].span = 2;
                    upper.cells[4].span = 0;
                }
                let columns = read(vec![upper, row(&["", "", "", one, other])]).unwrap_or_else(|| panic!("{above}"));
                let found = (columns.rows, column(&columns, Field::Start), column(&columns, Field::Due));
                assert_eq!(found, (2, Some(3), Some(4)), "{above}");
                assert_eq!(column(&columns, Field::Remedy), Some(1));
            }
        }
    }

    #[test]
    fn the_best_column_of_a_kind_is_taken() {
        let cases = [
            (vec!["Nội dung", "Biện pháp", "Phụ trách", "Thực hiện", "Thời gian"], Field::Remedy, 1),
            (vec!["Nội dung", "Biện pháp", "Phụ trách", "Thực hiện", "Thời gian"], Field::Lead, 3),
            (vec!["Công việc", "Người chỉ đạo", "Người phụ trách", "Thời gian"], Field::Lead, 2),
            (vec!["Công việc", "Người làm", "Người kiểm tra", "Ngày kiểm tra", "Hạn"], Field::Due, 4),
            (vec!["Nội dung kiểm tra", "Người kiểm tra", "Thời gian"], Field::Lead, 1),
            (vec!["Tiêu chuẩn", "Tiêu chí", "Giải pháp", "Giao cho", "Hạn"], Field::Criterion, 1),
        ];
        for (headings, field, expected) in cases {
            let columns = read(vec![row(&headings)]).unwrap_or_else(|| panic!("{headings:?}"));
            assert_eq!(column(&columns, field), Some(expected), "{headings:?}");
        }
    }

    #[test]
    fn a_table_of_signatures_is_no_plan() {
        assert_eq!(read(vec![row(&["Nơi nhận:", "HIỆU TRƯỞNG"])]), None);
        assert_eq!(read(vec![row(&["Thời điểm", "Nội dung theo dõi", "Kết quả thực hiện", "Người đánh giá"])]), None);
        assert_eq!(read(vec![row(&["TT", "Họ và tên", "Trình độ", "Chức vụ", "Bổ nhiệm"])]), None);
    }
}
