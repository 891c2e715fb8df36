//! A sheet: its cells down to the last that says anything, merged areas, hidden columns.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::mistake::Result;
use super::super::table::{Cell, CellKind, MAX_COLUMNS, ReadBudget, Row};
use super::strings::{FontText, StringReader, Strings};
use super::styles::CellStyles;
use super::{WorkbookFindings, attribute, damaged, is_yes, referenced};

/// What the cells of all sheets share.
#[derive(Clone, Copy)]
pub(super) struct Formats<'f> {
    pub(super) styles: &'f CellStyles,
    pub(super) strings: &'f Strings,
    pub(super) from_1904: bool,
}

/// An area of cells that are merged, both corners of it: rows and columns from 0.
#[derive(Clone, Copy, Debug)]
struct Area {
    first: (usize, usize),
    last: (usize, usize),
}

/// A cell that is being read.
#[derive(Default)]
struct Current {
    place: (usize, usize),
    kind: String,
    style: usize,
    value: String,
    has_formula: bool,
    own: StringReader,
    in_value: bool,
    in_own: bool,
}

/// Reads the rows of a sheet.
pub(super) fn read(
    xml: &str,
    name: &str,
    formats: Formats<'_>,
    told: &mut WorkbookFindings,
    budget: &mut ReadBudget,
) -> Result<Vec<Row>> {
    let mut sheet = SheetReader {
        name,
        formats,
        rows: Vec::new(),
        hidden: Vec::new(),
        areas: Vec::new(),
        hidden_rows: Vec::new(),
        has_filter: false,
        next: (0, 0),
    };
    let mut current: Option<Current> = None;
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|error| damaged(&error))? {
            Event::Start(element) => sheet.start(&element, &mut current)?,
            Event::Empty(element) => {
                sheet.start(&element, &mut current)?;
                sheet.end(element.local_name().as_ref(), &mut current, told, budget)?;
            }
            Event::End(element) => sheet.end(element.local_name().as_ref(), &mut current, told, budget)?,
            Event::Text(text) => write(&mut current, &text),
            Event::CData(text) => write(&mut current, &text),
            Event::GeneralRef(reference) => write(&mut current, &referenced(&reference)),
            Event::Eof => break,
            _ => {}
        }
    }
    sheet.finish(told, budget)
}

/// Adds text to the cell that is open.
fn write(current: &mut Option<Current>, text: &str) {
    if let Some(cell) = current {
        cell.text(text);
    }
}

struct SheetReader<'s> {
    name: &'s str,
    formats: Formats<'s>,
    rows: Vec<Row>,
    /// Columns that nobody sees, and what stands first in each.
    hidden: Vec<(usize, Option<String>)>,
    areas: Vec<Area>,
    /// Rows that nobody sees, from 0.
    hidden_rows: Vec<usize>,
    /// Whether a filter hides rows: that is how the sheet is looked at, not what it says.
    has_filter: bool,
    /// Where the next cell stands that does not say where.
    next: (usize, usize),
}

impl Current {
    fn text(&mut self, text: &str) {
        if self.in_own {
            self.own.text(text);
        } else if self.in_value {
            self.value.push_str(text);
        }
    }
}

impl SheetReader<'_> {
    fn start(&mut self, element: &BytesStart<'_>, current: &mut Option<Current>) -> Result<()> {
        let name = element.local_name();
        if let Some(cell) = current {
            match name.as_ref() {
                "v" => cell.in_value = true,
                "f" => cell.has_formula = true,
                "is" => cell.in_own = true,
                _ if cell.in_own => cell.own.start(element),
                _ => {}
            }
            return Ok(());
        }
        match name.as_ref() {
            "col" => {
                let number = |wanted: &str| attribute(element, wanted).and_then(|number| number.parse::<usize>().ok());
                let has_no_width = attribute(element, "width").and_then(|width| width.parse::<f64>().ok()) == Some(0.0);
                if has_no_width || attribute(element, "hidden").is_some_and(|word| is_yes(&word)) {
                    let first = number("min").unwrap_or(1).max(1) - 1;
                    let end = number("max").unwrap_or(first + 1).min(MAX_COLUMNS);
                    self.hidden.extend((first..end).map(|column| (column, None)));
                }
            }
            "row" => {
                let row = attribute(element, "r").and_then(|row| row.parse::<usize>().ok());
                self.next = (row.map_or(self.next.0 + usize::from(self.next.1 > 0), |row| row.max(1) - 1), 0);
                if attribute(element, "hidden").is_some_and(|word| is_yes(&word)) {
                    self.hidden_rows.push(self.next.0);
                }
            }
            "autoFilter" | "tablePart" => self.has_filter = true,
            "c" => {
                let place = match attribute(element, "r") {
                    Some(place) => reference(&place).ok_or_else(|| damaged(&format!("there is no cell `{place}`")))?,
                    None => self.next,
                };
                self.next = (place.0, place.1 + 1);
                *current = Some(Current {
                    place,
                    kind: attribute(element, "t").unwrap_or_default(),
                    style: attribute(element, "s").and_then(|style| style.parse().ok()).unwrap_or(0),
                    ..Current::default()
                });
            }
            "mergeCell" => {
                let area = attribute(element, "ref").and_then(|area| {
                    let (first, last) = area.split_once(':')?;
                    Some(Area { first: reference(first)?, last: reference(last)? })
                });
                self.areas.extend(area);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(
        &mut self,
        name: &str,
        current: &mut Option<Current>,
        told: &mut WorkbookFindings,
        budget: &mut ReadBudget,
    ) -> Result<()> {
        let Some(cell) = current else { return Ok(()) };
        match name {
            "v" => cell.in_value = false,
            "is" => cell.in_own = false,
            "c" => {
                let cell = std::mem::take(cell);
                *current = None;
                self.add(cell, told, budget)?;
            }
            _ if cell.in_own => cell.own.end(name),
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, mut cell: Current, told: &mut WorkbookFindings, budget: &mut ReadBudget) -> Result<()> {
        let (row, column) = cell.place;
        let is_text = matches!(cell.kind.as_str(), "s" | "str" | "inlineStr");
        if cell.has_formula && cell.value.is_empty() && !is_text {
            told.formulas.push(format!("{}!{}", self.name, called(cell.place)));
            return Ok(());
        }
        let (text, kind) = self.shown(&mut cell, told);
        if column >= MAX_COLUMNS {
            budget.beyond(&text);
            return Ok(());
        }
        if text.trim().is_empty() {
            return Ok(());
        }
        if let Some((_, first)) = self.hidden.iter_mut().find(|(hidden, _)| *hidden == column) {
            first.get_or_insert(text);
            return Ok(());
        }
        budget.text(&text)?;
        while self.rows.len() <= row {
            budget.row()?;
            self.rows.push(Row { number: self.rows.len() + 1, ..Row::default() });
        }
        let cells = &mut self.rows[row].cells;
        if cells.len() <= column {
            cells.resize(column + 1, Cell::empty());
        }
        cells[column] = Cell { text, kind, ..Cell::empty() };
        Ok(())
    }

    fn shown(&self, cell: &mut Current, told: &mut WorkbookFindings) -> (String, CellKind) {
        let Formats { styles, strings, from_1904 } = self.formats;
        let font = styles.font(cell.style);
        let empty = FontText::default();
        match cell.kind.as_str() {
            "s" => (told.shown(strings.get(&cell.value).unwrap_or(&empty), &font), CellKind::Text),
            "inlineStr" => (told.shown(&cell.own.finish(), &font), CellKind::Text),
            "str" => (std::mem::take(&mut cell.value), CellKind::Text),
            "b" => (if cell.value == "1" { "Có" } else { "Không" }.to_owned(), CellKind::Text),
            // What a formula could not compute says nothing.
            "e" => (String::new(), CellKind::Text),
            "d" => (iso_day(&cell.value), CellKind::Date),
            _ if font.struck => (String::new(), CellKind::Number),
            _ => match cell.value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => styles.format(cell.style).show(number, from_1904),
                _ => (std::mem::take(&mut cell.value), CellKind::Text),
            },
        }
    }

    fn finish(mut self, told: &mut WorkbookFindings, budget: &mut ReadBudget) -> Result<Vec<Row>> {
        for place in self.hidden_rows.iter().filter(|_| !self.has_filter) {
            if let Some(row) = self.rows.get_mut(*place) {
                row.is_hidden = true;
            }
        }
        // Every row is as wide as the widest, so that merged areas find their cells.
        let width = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        budget.cells(width * self.rows.len())?;
        for row in &mut self.rows {
            row.cells.resize(width, Cell::empty());
        }
        for area in &self.areas {
            merge(&mut self.rows, *area, budget)?;
        }
        let shown = self.hidden.into_iter().filter_map(|(column, first)| Some((column, first?)));
        told.columns.extend(shown.map(|(column, first)| format!("{}!{} {first}", self.name, letters(column))));
        Ok(self.rows)
    }
}

/// Spreads the text of a merged area downwards, as Word has it, and notes how wide it is.
fn merge(rows: &mut [Row], area: Area, budget: &mut ReadBudget) -> Result<()> {
    let (first_row, first_column) = area.first;
    let width = area.last.1.saturating_sub(first_column) + 1;
    let first = rows.get(first_row).and_then(|row| row.cells.get(first_column));
    let Some((text, kind)) = first.map(|cell| (cell.text.clone(), cell.kind)) else { return Ok(()) };
    let height = area.last.0.saturating_sub(first_row) + 1;
    for (below, row) in rows.iter_mut().skip(first_row).take(height).enumerate() {
        let columns = row.cells.len().saturating_sub(first_column).min(width);
        for (right, cell) in row.cells.iter_mut().skip(first_column).take(columns).enumerate() {
            budget.cells(1)?;
            cell.span = if right == 0 { columns } else { 0 };
            cell.continued = below > 0;
            if right == 0 && below > 0 {
                budget.text(&text)?;
                cell.text.clone_from(&text);
                cell.kind = kind;
            }
        }
    }
    Ok(())
}

/// The row and column of "AB12", from 0.
fn reference(written: &str) -> Option<(usize, usize)> {
    let digits = written.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, row) = written.split_at(digits);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().try_fold(0_usize, |column, letter| {
        let letter = letter.to_ascii_uppercase();
        letter.is_ascii_uppercase().then(|| column * 26 + usize::from(letter - b'A') + 1)
    })?;
    let row = row.parse::<usize>().ok().filter(|row| (1..=1_048_576).contains(row))?;
    Some((row - 1, column - 1))
}

fn called((row, column): (usize, usize)) -> String {
    format!("{}{}", letters(column), row + 1)
}

fn letters(column: usize) -> String {
    let letter = |place: usize| char::from(b'A' + u8::try_from(place % 26).unwrap_or(0));
    if column < 26 { letter(column).to_string() } else { format!("{}{}", letter(column / 26 - 1), letter(column)) }
}

/// A day written by ISO 8601, perhaps with an hour, as plans write it.
fn iso_day(written: &str) -> String {
    let day = written.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    day.map_or_else(|| written.to_owned(), |day| format!("{}/{}/{}", day.day(), day.month(), day.year()))
}
