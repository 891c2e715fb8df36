//! The columns of a plan by their headings, wherever they stand and whatever schools call them.

use crate::text;

use super::Row;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Field {
    Number,
    Criterion,
    State,
    /// What is to be improved, where another column says how.
    Subject,
    Remedy,
    Lead,
    Coordinators,
    Time,
    Start,
    Due,
    Budget,
    Support,
    /// How far it is.
    Status,
    /// Goals, results, evidence, notes: read over.
    Other,
}

/// The parts of headings by what they announce, without diacritics; the first that is found counts. `=` begins one that
/// must be the whole heading.
const HEADINGS: &[(&str, Field)] = &[
    ("=tt", Field::Number),
    ("=stt", Field::Number),
    ("=so tt", Field::Number),
    ("=so thu tu", Field::Number),
    ("ghi chu", Field::Other),
    ("muc do thuc hien", Field::Status),
    ("muc do hoan thanh", Field::Status),
    ("tinh trang", Field::Status),
    ("trang thai", Field::Status),
    ("minh chung", Field::Other),
    ("san pham", Field::Other),
    ("chi so danh gia", Field::Other),
    ("chu tri", Field::Lead),
    ("nguoi thuc hien", Field::Lead),
    ("phu trach", Field::Lead),
    ("chiu trach nhiem", Field::Lead),
    ("don vi thuc hien", Field::Lead),
    ("bo phan thuc hien", Field::Lead),
    ("bo phan t.hien", Field::Lead),
    ("cbpt", Field::Lead),
    ("phoi hop", Field::Coordinators),
    ("luc luong", Field::Lead),
    ("phan cong", Field::Lead),
    ("thoi gian bat dau", Field::Start),
    ("ngay bat dau", Field::Start),
    ("=bat dau", Field::Start),
    ("=tu ngay", Field::Start),
    ("thoi gian ket thuc", Field::Due),
    ("thoi gian thuc hien", Field::Time),
    ("thoi han", Field::Due),
    ("ngay ket thuc", Field::Due),
    ("ngay hoan thanh", Field::Due),
    ("=ket thuc", Field::Due),
    ("=den ngay", Field::Due),
    ("=hoan thanh", Field::Due),
    ("thoi gian hoan thanh", Field::Due),
    ("thoi gian", Field::Time),
    ("thoi diem", Field::Time),
    ("tien do", Field::Time),
    ("kinh phi", Field::Budget),
    ("nguon luc", Field::Budget),
    ("ho tro", Field::Support),
    ("dieu kien", Field::Support),
    ("hien trang", Field::State),
    ("diem yeu", Field::State),
    ("ton tai", Field::State),
    ("han che", Field::State),
    ("giai phap", Field::Remedy),
    ("bien phap", Field::Remedy),
    ("hoat dong", Field::Remedy),
    ("cong viec", Field::Remedy),
    ("nhiem vu", Field::Remedy),
    ("tieu chi", Field::Criterion),
    ("tieu chuan", Field::Criterion),
    ("chi so", Field::Criterion),
    ("ket qua can dat", Field::State),
    ("muc tieu", Field::Other),
    ("ket qua", Field::Other),
    ("noi dung", Field::Subject),
];

/// No heading is longer, in bytes: what is, is a text.
const LONGEST: usize = 300;

/// Which column holds what: of each kind the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    fields: Vec<(Field, usize, String)>,
    /// How many rows the headings take up.
    pub(super) rows: usize,
}

impl Columns {
    /// The columns that rows from this one on announce; `None` where it is no heading of a plan.
    pub(super) fn read(rows: &[Row]) -> Option<Self> {
        let (first, rest) = rows.split_first()?;
        let second = rest.first();
        let two = second.and_then(|second| Self::of(&joined(first, second), 2).filter(|_| is_second(second)));
        two.or_else(|| Self::of(&headings(first), 1))
    }

    fn of(headings: &[String], rows: usize) -> Option<Self> {
        let mut fields: Vec<(Field, usize, String)> = Vec::new();
        for (column, heading) in headings.iter().enumerate() {
            let Some(field) = field(heading) else { continue };
            if field == Field::Other || fields.iter().all(|(known, _, _)| *known != field) {
                fields.push((field, column, text::nfc(heading)));
            }
        }
        let has = |wanted: Field| fields.iter().any(|(field, _, _)| *field == wanted);
        // Where only one column says what is to be done, "Nội dung" is it.
        if !has(Field::Remedy) {
            let subject = fields.iter_mut().find(|(field, _, _)| *field == Field::Subject);
            subject?.0 = Field::Remedy;
        }
        let has = |wanted: Field| fields.iter().any(|(field, _, _)| *field == wanted);
        let is_plan = has(Field::Remedy) && (has(Field::Time) || has(Field::Due)) && has(Field::Lead);
        is_plan.then_some(Self { fields, rows })
    }

    /// The column of a field, and its heading.
    pub(super) fn get(&self, field: Field) -> Option<(usize, &str)> {
        let (_, column, heading) = self.fields.iter().find(|(known, _, _)| *known == field)?;
        Some((*column, heading))
    }
}

fn field(heading: &str) -> Option<Field> {
    if heading.len() > LONGEST {
        return None;
    }
    let heading = text::fold(heading);
    let matches = |pattern: &str| match pattern.strip_prefix('=') {
        Some(whole) => heading.trim_end_matches('.') == whole,
        None => heading.contains(pattern),
    };
    // Who leads and who helps in one column is the lead's.
    HEADINGS.iter().find(|(pattern, _)| matches(pattern)).map(|(_, field)| *field)
}

fn headings(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.text.clone()).collect()
}

/// Headings in two rows, the upper ones reaching over several columns: "Thời gian" above "Bắt đầu" and "Kết thúc".
fn joined(upper: &Row, lower: &Row) -> Vec<String> {
    let mut above = String::new();
    let columns = upper.cells.len().max(lower.cells.len());
    (0..columns)
        .map(|column| {
            if let Some(cell) = upper.cells.get(column).filter(|cell| cell.span != 0) {
                above.clone_from(&cell.text);
            }
            match lower.cells.get(column) {
                Some(cell) if !cell.continued && !cell.text.trim().is_empty() => {
                    format!("{above} {}", cell.text.trim())
                }
                _ => above.clone(),
            }
        })
        .collect()
}

/// Whether a row is the lower part of headings: it has few texts, and each is one that stands there.
fn is_second(row: &Row) -> bool {
    const LOWER: &[&str] =
        &["bat dau", "ket thuc", "hoan thanh", "chu tri", "phoi hop", "tu ngay", "den ngay", "thuc hien"];
    let own = row.cells.iter().filter(|cell| !cell.continued && !cell.text.trim().is_empty());
    if own.clone().any(|cell| cell.text.len() > LONGEST) {
        return false;
    }
    let own: Vec<String> = own.map(|cell| text::fold(&cell.text)).collect();
    !own.is_empty() && own.iter().all(|heading| LOWER.iter().any(|known| heading.contains(known)) && heading.len() < 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::office::Cell;

    #[test]
    fn headings_of_many_schools_say_what_their_columns_hold() {
        let cases = [
            ("TT", Field::Number),
            ("Số TT", Field::Number),
            ("Tiêu chuẩn, tiêu chí", Field::Criterion),
            ("Kết quả cần đạt (so với hiện trạng)", Field::State),
            ("ĐIỂM YẾU", Field::State),
            ("Nội dung, giải pháp cần thực hiện", Field::Remedy),
            ("Biện pháp thực hiện", Field::Remedy),
            ("Hoạt động/giải pháp", Field::Remedy),
            ("Nội dung cải tiến", Field::Subject),
            ("Chủ trì và phối hợp thực hiện", Field::Lead),
            ("Người\nphụ trách", Field::Lead),
            ("Đơn vị/cá nhân phụ trách", Field::Lead),
            ("Đơn vị phối hợp", Field::Coordinators),
            ("Phân công Phối hợp", Field::Coordinators),
            ("Phân công thực hiện", Field::Lead),
            ("Thời gian thực hiện và hoàn thành", Field::Time),
            ("Thời hạn", Field::Due),
            ("Thời gian Bắt đầu", Field::Start),
            ("Thời gian Kết thúc", Field::Due),
            ("Hoàn thành", Field::Due),
            ("Dự kiến kinh phí", Field::Budget),
            ("Nguồn lực bảo đảm", Field::Budget),
            ("Dự kiến hỗ trợ khác", Field::Support),
            ("Điều kiện thực hiện", Field::Support),
            ("Mức độ thực hiện", Field::Status),
            ("Chỉ số đánh giá kết quả", Field::Other),
            ("Thông tin, dữ liệu hoặc minh chứng dự kiến", Field::Other),
            ("Ghi chú", Field::Other),
        ];
        for (heading, expected) in cases {
            assert_eq!(field(heading), Some(expected), "{heading}");
            let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(heading).collect();
            assert_eq!(field(&decomposed.to_uppercase()), Some(expected), "{heading}");
        }
    }

    fn row(texts: &[&str]) -> Row {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), continued: false, span: 1 };
        Row { number: 1, cells: texts.iter().map(cell).collect() }
    }

    #[test]
    fn two_rows_of_headings_are_read_as_one() {
        let mut upper = row(&["TT", "Nội dung", "Người thực hiện", "Thời gian", ""]);
        upper.cells[3].span = 2;
        upper.cells[4].span = 0;
        let lower = row(&["", "", "", "Bắt đầu", "Kết thúc"]);
        let columns = Columns::read(&[upper, lower]).map(|columns| {
            let column = |field| columns.get(field).map(|(column, _)| column);
            (columns.rows, column(Field::Start), column(Field::Due), column(Field::Remedy))
        });
        assert_eq!(columns, Some((2, Some(3), Some(4), Some(1))));
    }

    #[test]
    fn a_table_of_signatures_is_no_plan() {
        assert_eq!(Columns::read(&[row(&["Nơi nhận:", "HIỆU TRƯỞNG"])]), None);
        assert_eq!(
            Columns::read(&[row(&["Thời điểm", "Nội dung theo dõi", "Kết quả thực hiện", "Người đánh giá"])]),
            None
        );
    }
}
