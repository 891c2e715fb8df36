//! The columns of a list of people by their headings, in any order and in the usual wordings.

use std::collections::BTreeMap;

use crate::plan::reader::SheetRow;
use crate::text;

/// What a column of a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ListField {
    /// The whole name, or its last word where another column has the rest.
    Name,
    /// The name without its last word.
    Surname,
    /// What the person does in the school; there may be several such columns.
    Position,
    /// The team.
    Team,
    /// The address of electronic mail.
    Email,
    /// The number to call.
    Phone,
    /// The conversation with the school's bot on Zalo.
    Zalo,
    /// How messages address the person.
    Address,
}

/// No heading is longer, in letters: what is, is a text.
const MAX_HEADING: usize = 60;

/// The columns of a list, and what stands above them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListColumns {
    /// The columns of each field, from 0.
    fields: BTreeMap<ListField, Vec<usize>>,
    /// The heading of each column.
    pub(super) headings: Vec<String>,
    /// How many rows the headings take up.
    pub(super) rows: usize,
}

impl ListColumns {
    /// The columns that a row announces; `None` where it is no heading of a list. Headings of a row below are taken along
    /// where the row above leaves something open.
    pub(super) fn read(row: &SheetRow, below: Option<&SheetRow>) -> Option<Self> {
        let mut columns = Self::of(row);
        if let Some(below) = below.filter(|below| Self::is_second_row(row, below)) {
            let lower = Self::of(below);
            columns.rows += 1;
            for (field, more) in lower.fields {
                columns.fields.entry(field).or_insert(more);
            }
            for (column, heading) in lower.headings.into_iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
                if let Some(above) = columns.headings.get_mut(column) {
                    *above = heading;
                }
            }
        }
        if columns.has(ListField::Surname) && !columns.has(ListField::Name) {
            let surname = columns.fields.remove(&ListField::Surname).unwrap_or_default();
            columns.fields.insert(ListField::Name, surname);
        }
        let is_list = columns.has(ListField::Name) || columns.has(ListField::Position);
        (is_list && columns.fields.len() > 1).then_some(columns)
    }

    fn of(row: &SheetRow) -> Self {
        let mut columns = Self { rows: 1, ..Self::default() };
        for (column, cell) in row.cells.iter().enumerate() {
            let heading = text::nfc(&cell.text);
            if let Some(field) = field_of(&heading) {
                let width = if field == ListField::Name { cell.span.max(1) } else { 1 };
                columns.fields.entry(field).or_default().extend(column..column + width);
            }
            columns.headings.push(heading);
        }
        columns
    }

    /// Whether a row holds the lower headings of the one above it: only headings, some of which say more.
    fn is_second_row(row: &SheetRow, below: &SheetRow) -> bool {
        let above = |column: usize| row.cells.get(column).map(|cell| text::nfc(&cell.text)).unwrap_or_default();
        let own: Vec<(usize, String)> = below
            .cells
            .iter()
            .enumerate()
            .map(|(column, cell)| (column, text::nfc(&cell.text)))
            .filter(|(column, heading)| !heading.is_empty() && *heading != above(*column))
            .collect();
        !own.is_empty() && own.iter().all(|(_, heading)| field_of(heading).is_some())
    }

    /// How many kinds of columns there are.
    pub(super) fn fields(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is a column of this kind.
    pub(super) fn has(&self, field: ListField) -> bool {
        self.fields.contains_key(&field)
    }

    /// The columns of a kind, from 0.
    pub(super) fn of_field(&self, field: ListField) -> &[usize] {
        self.fields.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Whether a column is read.
    pub(super) fn is_read(&self, column: usize) -> bool {
        self.fields.values().any(|columns| columns.contains(&column))
    }
}

/// Words at the beginning of a heading, with what they announce: the first that is found counts.
const BEGINNINGS: &[(&str, ListField)] = &[
    ("ho va ten dem", ListField::Surname),
    ("ho va dem", ListField::Surname),
    ("ho dem", ListField::Surname),
    ("ho lot", ListField::Surname),
    ("ho va ten", ListField::Name),
    ("ho ten", ListField::Name),
    ("ho & ten", ListField::Name),
    ("ho, ten", ListField::Name),
    ("full name", ListField::Name),
    ("name", ListField::Name),
    ("ten", ListField::Name),
    ("ho", ListField::Surname),
    ("chuc vu", ListField::Position),
    ("chuc danh", ListField::Position),
    ("chuc trach", ListField::Position),
    ("vai tro", ListField::Position),
    ("nhiem vu", ListField::Position),
    ("kiem nhiem", ListField::Position),
    ("cong viec", ListField::Position),
    ("phan cong", ListField::Position),
    ("phu trach", ListField::Position),
    ("vi tri", ListField::Position),
    ("position", ListField::Position),
    ("role", ListField::Position),
    ("roles", ListField::Position),
    ("to", ListField::Team),
    ("to/khoi", ListField::Team),
    ("khoi", ListField::Team),
    ("bo phan", ListField::Team),
    ("nhom", ListField::Team),
    ("team", ListField::Team),
    ("thu dien tu", ListField::Email),
    ("hom thu", ListField::Email),
    ("dia chi thu", ListField::Email),
    ("dia chi mail", ListField::Email),
    ("dia chi email", ListField::Email),
    ("gmail", ListField::Email),
    ("mail", ListField::Email),
    ("xung ho", ListField::Address),
    ("danh xung", ListField::Address),
    ("cach goi", ListField::Address),
    ("addressed as", ListField::Address),
    ("dien thoai", ListField::Phone),
    ("so dien thoai", ListField::Phone),
    ("so dt", ListField::Phone),
    ("sdt", ListField::Phone),
    ("dt", ListField::Phone),
    ("di dong", ListField::Phone),
    ("so di dong", ListField::Phone),
    ("phone", ListField::Phone),
    ("mobile", ListField::Phone),
    ("tel", ListField::Phone),
];
/// Headings that begin like one of those and are none.
const OTHERS: &[&str] =
    &["ten truong", "ten don vi", "ten dang nhap", "ten lop", "to chuc", "to hop", "chuc danh nghe nghiep"];

/// What lists say of everybody beside their work, by words in a heading without diacritics.
#[rustfmt::skip]
const PERSONAL: &[&str] = &[
    "tt", "stt", "so thu tu", "sinh", "tuoi", "gioi tinh", "nam", "nu", "dan toc", "ton giao", "que", "quoc tich", "dia chi", "cho o",
    "noi o", "thuong tru", "tam tru", "trinh do", "chuyen nganh", "bang cap", "van bang", "dao tao", "ngoai ngu", "tin hoc",
    "ly luan", "chinh tri", "cccd", "cmnd", "can cuoc", "ma", "so hieu", "ngach", "bac", "he so", "luong", "hang", "chuc danh nghe nghiep",
    "dang", "vao nganh", "vao truong", "bien che", "hop dong", "bhxh", "bao hiem", "tai khoan", "ngan hang", "ky", "ky ten",
    "chu ky", "anh", "lop", "mon", "hoc ham", "hoc vi", "ten truong", "don vi", "ngay", "xep loai", "danh hieu", "suc khoe", "so tiet",
];

/// Whether a column says of everybody what has nothing to do with their work or how they are reached.
pub(super) fn is_personal(heading: &str) -> bool {
    let folded = text::fold(heading);
    let folded = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let padded = format!(" {} ", folded.collect::<Vec<_>>().join(" "));
    PERSONAL.iter().any(|word| padded.contains(&format!(" {word} ")))
}

/// What a heading announces.
fn field_of(heading: &str) -> Option<ListField> {
    let folded = text::fold(heading);
    let folded = folded.trim_matches(|letter: char| !letter.is_alphanumeric());
    if folded.is_empty() || folded.contains('@') || folded.chars().count() > MAX_HEADING {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&["email", "e-mail"]) {
        return Some(ListField::Email);
    }
    if has(&["zalo"]) {
        // "Điện thoại (Zalo)" is a number.
        return Some(if has(&["dien thoai", "sdt", "so dt"]) { ListField::Phone } else { ListField::Zalo });
    }
    let begins = |word: &str| {
        folded.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric()))
    };
    if OTHERS.iter().any(|other| begins(other)) {
        return None;
    }
    BEGINNINGS.iter().find(|(word, _)| begins(word)).map(|(_, field)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_their_columns_hold_in_the_usual_wordings() {
        let cases = [
            ("Họ và tên", Some(ListField::Name)),
            ("HỌ TÊN CÁN BỘ, GIÁO VIÊN", Some(ListField::Name)),
            ("Họ và tên đệm", Some(ListField::Surname)),
            ("Tên", Some(ListField::Name)),
            ("Chức vụ, nhiệm vụ", Some(ListField::Position)),
            ("Nhiệm vụ kiêm nhiệm", Some(ListField::Position)),
            ("Chức danh nghề nghiệp", None),
            ("Tổ", Some(ListField::Team)),
            ("Tổ chuyên môn", Some(ListField::Team)),
            ("Tổ/Khối", Some(ListField::Team)),
            ("Tổ chức Đảng", None),
            ("Địa chỉ Email", Some(ListField::Email)),
            ("Thư điện tử", Some(ListField::Email)),
            ("Địa chỉ", None),
            ("SĐT", Some(ListField::Phone)),
            ("Số điện thoại (Zalo)", Some(ListField::Phone)),
            ("Zalo", Some(ListField::Zalo)),
            ("Xưng hô", Some(ListField::Address)),
            ("TT", None),
            ("Ngày sinh", None),
            ("an@thanhhung.example", None),
        ];
        for (heading, field) in cases {
            assert_eq!(field_of(heading), field, "{heading}");
        }
    }
}
