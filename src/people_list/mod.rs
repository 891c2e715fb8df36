//! The list of its people that every school keeps in Excel: who they are, what they do, how they are reached.
//!
//! A heading says what a column holds, wherever it stands; several columns may say what a person does, and signs divide
//! what one cell says. Whatever keeps somebody from being told is noted with its cell.

mod headings;
pub(crate) mod mistake;
mod row;
mod teams;
mod write;

use std::collections::HashMap;
use std::path::Path;

use crate::diagnostic::{Diagnostics, Place};
use crate::people::ListedPerson;
use crate::plan::reader::{self, FoundHeadings, Sheet, SheetRow};
use crate::text;

use headings::{ListColumns, ListField};
use mistake::{ListMistake, UnreadColumn};
use row::RowContext;

pub use row::ListRow;
pub use write::{ListTexts, RoleRow, workbook};

/// No list is larger: there is room for some fifty thousand people.
pub const MAX_SIZE: u64 = 16 << 20;
/// A heading stands in one of the first rows.
const HEADING_ROWS: usize = 40;
/// So many headings are told of.
const HEADINGS_TOLD: usize = 12;

/// The rows of a list that name somebody; mistakes and doubts are noted. `None` where there is no list in the file.
#[must_use]
pub fn rows(path: &Path, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Vec<ListRow>> {
    let sheets = reader::sheets(path, bytes, found_headings, diagnostics)?;
    let mut rows: Vec<ListRow> = Vec::new();
    let mut has_list = false;
    for sheet in &sheets {
        let Some((place, columns)) = columns(sheet) else { continue };
        has_list = true;
        let context = RowContext { path, sheet, columns: &columns };
        doubt_unread_addresses(context, place, diagnostics);
        doubt_unread_columns(context, place, diagnostics);
        read_rows(context, place, &mut rows, diagnostics);
    }
    if !has_list {
        diagnostics.error(Place::File(path.to_owned()), ListMistake::NoHeadings { seen: seen(&sheets) });
        return None;
    }
    teams::settle(&mut rows);
    Some(rows)
}

/// The row of headings of a sheet, by its place, and its columns.
fn columns(sheet: &Sheet) -> Option<(usize, ListColumns)> {
    let places = 0..sheet.rows.len().min(HEADING_ROWS);
    places
        .into_iter()
        .find_map(|place| Some((place, ListColumns::read(&sheet.rows[place], sheet.rows.get(place + 1))?)))
}

/// The headings of a sheet by how much they say.
fn found_headings(sheet: &Sheet) -> Option<FoundHeadings> {
    let (place, columns) = columns(sheet)?;
    Some(FoundHeadings { is_whole: true, known: columns.fields(), below: place + columns.rows })
}

/// Reads the rows below the headings. Rows that only name a team say to which those below belong; what stands below the list
/// is not looked at.
fn read_rows(context: RowContext<'_>, headings_at: usize, rows: &mut Vec<ListRow>, diagnostics: &mut Diagnostics) {
    let mut team: Option<String> = None;
    let mut last_number = None;
    let mut is_below = false;
    for row in &context.sheet.rows[headings_at + context.columns.rows..] {
        // Rows that say nothing are left out by some formats, and are there in others.
        let is_blank = row.cells.iter().all(|cell| cell.text.trim().is_empty());
        let follows_gap = last_number.is_some_and(|last: usize| row.number > last + 1);
        is_below |= is_blank || follows_gap;
        if is_blank {
            continue;
        }
        last_number = Some(row.number);
        if RowContext::is_heading(row) {
            continue;
        }
        if let Some(band) = context.band(row) {
            team = Some(band);
            is_below = false;
            continue;
        }
        if is_below && !context.is_person(row) {
            continue;
        }
        is_below = false;
        rows.extend(context.read(row, team.as_deref(), diagnostics));
    }
}

/// Warns of columns with addresses that no heading announces.
fn doubt_unread_addresses(context: RowContext<'_>, headings_at: usize, diagnostics: &mut Diagnostics) {
    let width = context.sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    for column in (0..width).filter(|column| !context.columns.is_read(*column)) {
        let has_address = |row: &&SheetRow| row.cells.get(column).is_some_and(|cell| cell.text.contains('@'));
        let Some(row) = context.sheet.rows[headings_at + 1..].iter().find(has_address) else { continue };
        let place = context.place(row, column);
        diagnostics.warning(place, ListMistake::UnannouncedAddresses);
    }
    let emails = context.columns.of_field(ListField::Email);
    if let [first, others @ ..] = emails {
        for column in others {
            let row = &context.sheet.rows[headings_at];
            let first = context.columns.headings.get(*first).cloned().unwrap_or_default();
            diagnostics.warning(context.place(row, *column), ListMistake::SecondColumnOfAddresses { first });
        }
    }
}

/// Names the columns in which something is said of somebody that is not read, with the first cell of them: "Ghi chú: nghỉ
/// thai sản". What lists say of everybody beside their work is passed over.
fn doubt_unread_columns(context: RowContext<'_>, headings_at: usize, diagnostics: &mut Diagnostics) {
    let RowContext { sheet, columns, .. } = context;
    let people = || sheet.rows[headings_at + columns.rows..].iter().filter(|row| context.is_named(row));
    let first_said = |column: usize| {
        let says = |row: &&SheetRow| {
            row.cells.get(column).is_some_and(|cell| {
                cell.span > 0 && cell.text.chars().any(char::is_alphanumeric) && !cell.text.contains('@')
            })
        };
        people().find(says)
    };
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut unread = (0..width)
        .filter(|column| !columns.is_read(*column))
        .filter(|column| !columns.headings.get(*column).is_some_and(|heading| headings::is_personal(heading)))
        .filter_map(|column| Some((column, first_said(column)?)))
        .peekable();
    let Some((column, row)) = unread.peek().copied() else { return };
    let columns = unread.map(|(column, _)| {
        let heading = columns.headings.get(column).filter(|heading| !heading.is_empty());
        heading.map_or(UnreadColumn::Numbered(column + 1), |heading| UnreadColumn::Called(heading.clone()))
    });
    let columns = columns.collect();
    diagnostics.warning(context.place(row, column), ListMistake::UnreadColumns { columns });
}

/// The headings that were seen in the first rows of each sheet.
fn seen(sheets: &[Sheet]) -> Vec<String> {
    let rows = sheets.iter().flat_map(|sheet| sheet.rows.iter().take(HEADING_ROWS));
    let fullest = rows.max_by_key(|row| row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).count());
    fullest
        .into_iter()
        .flat_map(|row| &row.cells)
        .map(|cell| text::nfc(&cell.text))
        .filter(|heading| !heading.is_empty())
        .take(HEADINGS_TOLD)
        .collect()
}

/// The people of the rows of all lists: rows of one name with no more than one address are one person, who holds the roles
/// of all.
#[must_use]
pub fn people(rows: Vec<ListRow>, diagnostics: &mut Diagnostics) -> Vec<ListedPerson> {
    let mut people: Vec<ListedPerson> = Vec::with_capacity(rows.len());
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for ListRow { person, .. } in rows {
        let Some(known) = by_name.get(&person.name).map(|place| &mut people[*place]) else {
            by_name.insert(person.name.clone(), people.len());
            people.push(person);
            continue;
        };
        let emails = known.email.as_ref().zip(person.email.as_ref());
        if emails.is_some_and(|(one, other)| one.to_lowercase() != other.to_lowercase()) {
            if !person.has_own_name {
                people.push(ListedPerson { name: numbered(&person.name, &people), ..person });
                continue;
            }
            diagnostics.error(person.place, ListMistake::DoubledName { name: person.name });
            continue;
        }
        if known.email.is_none() && person.email.is_some() {
            known.place = person.place;
        }
        known.email = known.email.take().or(person.email);
        known.has_bad_email |= person.has_bad_email;
        known.phone = known.phone.take().or(person.phone);
        known.address = known.address.take().or(person.address);
        known.zalo = known.zalo.take().or(person.zalo);
        let new: Vec<String> = person.roles.into_iter().filter(|role| !known.roles.contains(role)).collect();
        known.roles.extend(new);
    }
    people
}

/// A name for another person who is called by the same role.
fn numbered(role: &str, people: &[ListedPerson]) -> String {
    let is_free = |name: &String| people.iter().all(|person| person.name != *name);
    (2..=people.len() + 2).map(|number| format!("{role} ({number})")).find(is_free).unwrap_or_else(|| role.to_owned())
}
