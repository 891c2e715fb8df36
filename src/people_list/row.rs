//! A row of a list as a person: their name, what they do, how they are reached.

use std::path::Path;

use lettre::Address;

use crate::diagnostic::{Diagnostics, Place};
use crate::people::{ListedPerson, is_form_of_address, mailbox, usual};
use crate::plan::reader::{Sheet, SheetCell, SheetRow};
use crate::text;

use super::headings::{ListColumns, ListField};
use super::mistake::ListMistake;

/// A person of a list, and what the list says of them beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    pub(super) person: ListedPerson,
    /// What they do, as the list says it, piece by piece.
    pub(super) positions: Vec<String>,
    /// Their team.
    pub(super) team: Option<String>,
}

/// Where a row stands, and what its columns hold.
#[derive(Clone, Copy)]
pub(super) struct RowContext<'l> {
    pub(super) path: &'l Path,
    pub(super) sheet: &'l Sheet,
    pub(super) columns: &'l ListColumns,
}

/// How many digits a Vietnamese number has that Excel took the first zero from.
const CUT_PHONE_DIGITS: usize = 9;
/// A number to call has at least as many digits.
const MIN_PHONE_DIGITS: usize = 3;

impl RowContext<'_> {
    /// What a row says in the columns of a kind, without what they share twice.
    fn text(&self, row: &SheetRow, field: ListField) -> String {
        let mut texts: Vec<String> = Vec::new();
        for column in self.columns.of_field(field) {
            let text = row.cells.get(*column).map(|cell| text::nfc(&cell.text)).unwrap_or_default();
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(" ")
    }

    /// A cell as the place of a mistake.
    pub(super) fn place(&self, row: &SheetRow, column: usize) -> Place {
        Place::Cell {
            path: self.path.to_owned(),
            table: self.sheet.name.clone(),
            row: row.number,
            column: Some((column + 1, self.columns.headings.get(column).cloned().unwrap_or_default())),
            text: row.cells.get(column).map(|cell| text::nfc(&cell.text)).unwrap_or_default(),
            task: None,
        }
    }

    /// The first cell of a kind, else that of the name or position.
    fn place_of(&self, row: &SheetRow, field: ListField) -> Place {
        let fields = [field, ListField::Name, ListField::Position];
        let column = fields.iter().find_map(|field| self.columns.of_field(*field).first());
        self.place(row, column.copied().unwrap_or(0))
    }

    /// Whether a row is the headings again, as on the next page.
    pub(super) fn is_heading(row: &SheetRow) -> bool {
        ListColumns::read(row, None).is_some() && !row.cells.iter().any(|cell| cell.text.contains('@'))
    }

    /// The team that a row names for those below it: the only thing that it says.
    pub(super) fn band(&self, row: &SheetRow) -> Option<String> {
        let mut own = row.cells.iter().enumerate().filter(|(_, cell)| cell.span > 0 && !cell.text.trim().is_empty());
        let (column, cell) = own.next()?;
        let is_alone = own.all(|(_, other)| other.text == cell.text);
        let written = text::nfc(&cell.text);
        let name = without_number(&written);
        let folded = text::fold(name);
        let names_team = usual::begins_as_team(&folded) || usual::of(name).is_some();
        // A role that waits for its holder stands in its own column.
        let is_role = cell.span == 1 && self.columns.of_field(ListField::Position).contains(&column);
        (is_alone && !is_role && !written.contains('@') && (names_team || cell.span > 1)).then(|| name.to_owned())
    }

    /// Whether a row has a name in the column of names.
    pub(super) fn is_named(&self, row: &SheetRow) -> bool {
        !self.text(row, ListField::Name).is_empty()
    }

    /// Whether a row is somebody of the list, and no signature or date below it.
    pub(super) fn is_person(&self, row: &SheetRow) -> bool {
        let says = |field| !self.text(row, field).is_empty();
        (says(ListField::Name) || says(ListField::Position)) && self.is_reached(row)
    }

    /// Reads a row; `None` where it names nobody.
    pub(super) fn read(&self, row: &SheetRow, band: Option<&str>, diagnostics: &mut Diagnostics) -> Option<ListRow> {
        let written = text::nfc(&format!("{} {}", self.text(row, ListField::Surname), self.text(row, ListField::Name)));
        let positions = self.positions(row);
        let team = Some(self.text(row, ListField::Team)).filter(|team| !team.is_empty());
        let team = team.or_else(|| band.map(str::to_owned));
        let name = Some(quiet(&written)).filter(|name| name.chars().any(char::is_alphabetic));
        let roles: Vec<String> = positions.iter().flat_map(|position| usual::roles_of(position)).collect();
        // Whoever holds a role and has no name yet is called by the role.
        let has_own_name = name.is_some();
        let Some(name) = name.or_else(|| roles.first().cloned()) else {
            if self.is_reached(row) {
                diagnostics.warning(self.place_of(row, ListField::Name), ListMistake::NobodyInRow);
            }
            return None;
        };
        let errors = diagnostics.as_slice().len();
        let email = self.email(row, diagnostics);
        let has_bad_email = email.is_none() && diagnostics.as_slice().len() > errors;
        let phone = self.phone(row, diagnostics);
        let address = self.address(row, diagnostics);
        let zalo = self.zalo(row, diagnostics);
        let place = self.place_of(row, ListField::Email);
        let phone = phone.or_else(|| zalo.as_ref().and_then(|zalo| zalo.number.clone()));
        let zalo = zalo.and_then(|zalo| zalo.conversation);
        let person = ListedPerson { name, has_own_name, roles, email, phone, address, zalo, place, has_bad_email };
        Some(ListRow { person, positions, team })
    }

    /// What a person does, piece by piece, from all columns that say so.
    fn positions(&self, row: &SheetRow) -> Vec<String> {
        let mut positions: Vec<String> = Vec::new();
        for column in self.columns.of_field(ListField::Position) {
            let written = row.cells.get(*column).map(|cell| cell.text.as_str()).unwrap_or_default();
            for position in pieces(written) {
                if !positions.contains(&position) {
                    positions.push(position);
                }
            }
        }
        positions
    }

    /// Whether a row says how somebody is reached.
    fn is_reached(&self, row: &SheetRow) -> bool {
        [ListField::Email, ListField::Phone, ListField::Zalo].iter().any(|field| !self.text(row, *field).is_empty())
    }

    /// The first of some columns in which a row says something, its cell, and what it says.
    fn said<'r>(row: &'r SheetRow, columns: &[usize]) -> Option<(usize, &'r SheetCell, String)> {
        columns.iter().find_map(|column| {
            let cell = row.cells.get(*column)?;
            let written = text::nfc(&cell.text);
            written.chars().any(char::is_alphanumeric).then_some((*column, cell, written))
        })
    }

    fn email(&self, row: &SheetRow, diagnostics: &mut Diagnostics) -> Option<String> {
        // A second column of addresses is told of, and does not count.
        let column = self.columns.of_field(ListField::Email).get(..1)?;
        let (column, _, written) = Self::said(row, column)?;
        let mut several = written.split([';', ' ', ',', '\n', '/']).filter(|part| is_address(part));
        let first = several.next();
        if let (Some(first), Some(_)) = (first, several.next()) {
            let first = first.to_owned();
            diagnostics.warning(self.place(row, column), ListMistake::SeveralAddresses { first: first.clone() });
            return Some(first);
        }
        if is_address(&written) {
            return Some(written);
        }
        let meant = mailbox::mended(&written);
        diagnostics.error(self.place(row, column), ListMistake::NoAddress { written, meant });
        None
    }

    fn phone(&self, row: &SheetRow, diagnostics: &mut Diagnostics) -> Option<String> {
        let (column, cell, written) = Self::said(row, self.columns.of_field(ListField::Phone))?;
        let number = number_to_call(&written, cell.is_number);
        if number.is_none() {
            diagnostics.warning(self.place(row, column), ListMistake::NoNumber { written });
        }
        number
    }

    fn address(&self, row: &SheetRow, diagnostics: &mut Diagnostics) -> Option<String> {
        let (column, _, written) = Self::said(row, self.columns.of_field(ListField::Address))?;
        if !is_form_of_address(&written) {
            diagnostics.warning(self.place(row, column), ListMistake::NoFormOfAddress { written });
            return None;
        }
        Some(written)
    }

    fn zalo(&self, row: &SheetRow, diagnostics: &mut Diagnostics) -> Option<ZaloCell> {
        let (column, cell, written) = Self::said(row, self.columns.of_field(ListField::Zalo))?;
        let number = number_to_call(&written, cell.is_number);
        if written.contains(' ') || number.as_deref().is_some_and(is_mobile) {
            diagnostics.warning(self.place(row, column), ListMistake::NumberForConversation);
            return Some(ZaloCell { number, conversation: None });
        }
        Some(ZaloCell { number: None, conversation: Some((written, self.place(row, column))) })
    }
}

/// What a cell of the Zalo column says: a conversation, or a number, which is only to call.
struct ZaloCell {
    number: Option<String>,
    /// With its cell.
    conversation: Option<(String, Place)>,
}

fn is_address(written: &str) -> bool {
    let host = written.rsplit_once('@').map_or("", |(_, host)| host);
    written.is_ascii() && host.contains('.') && written.parse::<Address>().is_ok()
}

/// A number as it is called; a zero that Excel took from the beginning is put back.
fn number_to_call(written: &str, is_number: bool) -> Option<String> {
    let is_sign = |letter: char| letter.is_ascii_digit() || " +-.()/'".contains(letter);
    let digits = written.chars().filter(char::is_ascii_digit).count();
    if !written.chars().all(is_sign) || digits < MIN_PHONE_DIGITS {
        return None;
    }
    let written = written.trim_matches('\'');
    let is_cut = is_number && digits == CUT_PHONE_DIGITS && !written.starts_with(['0', '+']);
    Some(if is_cut { format!("0{written}") } else { written.to_owned() })
}

/// Whether a number is that of a mobile telephone in Vietnam.
fn is_mobile(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("84").map_or(digits.clone(), |rest| format!("0{rest}"));
    national.len() == 10 && national.starts_with('0')
}

/// A name as it is written among others: not all in capitals.
fn quiet(name: &str) -> String {
    let is_loud = name.contains(' ') && !name.chars().any(char::is_lowercase);
    if !is_loud {
        return name.to_owned();
    }
    let words = name.split(' ').map(|word| {
        let mut letters = word.chars();
        let initial = letters.next().map(String::from).unwrap_or_default();
        initial + &letters.as_str().to_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A row's text without the number before it: "I. Ban giám hiệu", "2) Tổ văn phòng".
fn without_number(written: &str) -> &str {
    let Some((number, rest)) = written.split_once(['.', ')', '-', ':']) else { return written };
    let is_number = number.chars().all(|letter| letter.is_ascii_digit() || "IVX".contains(letter));
    let is_letter = number.chars().count() == 1 && number.chars().all(char::is_uppercase);
    if is_number || is_letter { rest.trim() } else { written }
}

/// The pieces of what a cell says that a person does, divided by signs: "Kế toán, Thủ quỹ", "PHT kiêm CĐ", "GV-TPT".
fn pieces(written: &str) -> Vec<String> {
    let composed: String = text::composed(written).collect();
    let kept = composed.replace("GD&ĐT", "GDĐT").replace(" kiêm nhiệm ", ";").replace(" kiêm ", ";");
    let by_sign = kept.split([',', ';', '/', '+', '&', '\n', '|', '(', ')']);
    let by_dash = by_sign.flat_map(|piece| piece.split(" - ")).flat_map(|piece| piece.split(" – "));
    by_dash
        .flat_map(abbreviations)
        .map(|piece| text::nfc(piece.trim_matches(|letter: char| letter.is_whitespace() || "-–.:•*".contains(letter))))
        .filter(|piece| piece.chars().any(char::is_alphabetic))
        .collect()
}

/// Abbreviations that a dash joins are several: "GV-TPT".
fn abbreviations(piece: &str) -> Vec<&str> {
    let parts: Vec<&str> = piece.split('-').map(str::trim).collect();
    let is_abbreviation = |part: &&str| usual::of(part).is_some() && !part.contains(' ');
    if parts.len() > 1 && parts.iter().all(is_abbreviation) { parts } else { vec![piece] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_divide_what_a_person_does() {
        let cases: &[(&str, &[&str])] = &[
            ("Kế toán, Thủ quỹ", &["Kế toán", "Thủ quỹ"]),
            ("PHT; CTCĐ", &["PHT", "CTCĐ"]),
            ("Phó Hiệu trưởng - Chủ tịch Công đoàn", &["Phó Hiệu trưởng", "Chủ tịch Công đoàn"]),
            ("Kế toán kiêm văn thư", &["Kế toán", "văn thư"]),
            ("GV-TPT", &["GV", "TPT"]),
            ("Giáo viên\n- Thư ký Hội đồng", &["Giáo viên", "Thư ký Hội đồng"]),
            ("Tổ trưởng tổ 4-5", &["Tổ trưởng tổ 4-5"]),
            ("GV (TPT Đội)", &["GV", "TPT Đội"]),
            (" - ", &[]),
        ];
        for (written, expected) in cases {
            assert_eq!(pieces(written), *expected, "{written}");
        }
    }

    #[test]
    fn numbers_get_the_zero_back_that_excel_took() {
        let cases = [
            (("912345678", true), Some("0912345678")),
            (("912345678", false), Some("912345678")),
            (("0912 345 678", false), Some("0912 345 678")),
            (("+84 912 345 678", false), Some("+84 912 345 678")),
            (("chưa có", false), None),
        ];
        for ((written, is_number), expected) in cases {
            assert_eq!(number_to_call(written, is_number).as_deref(), expected, "{written}");
        }
    }
}
