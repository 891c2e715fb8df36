//! What a heading announces, by the words in it.

use crate::text;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The running number.
    Number,
    /// The criterion.
    Criterion,
    /// The standard that the criterion belongs to, in a column of its own.
    Standard,
    /// The weakness that is to be mended.
    State,
    /// What is to be improved, where another column says how.
    Subject,
    /// What is to be done.
    Remedy,
    /// Who answers for it.
    Lead,
    /// Who helps.
    Coordinators,
    /// Who checks it.
    Checker,
    /// When it is checked.
    CheckTime,
    /// When.
    Time,
    /// The month, where weeks or days stand beside.
    Month,
    /// The week, where months stand beside or above.
    Week,
    /// The first day.
    Start,
    /// The last day.
    Due,
    /// A month in which a mark says that the task is done.
    MonthMark,
    /// The money.
    Budget,
    /// Who or what else is needed.
    Support,
    /// How far it is.
    Status,
    /// Nothing of ours: notes, goals, evidence.
    Nothing,
}

impl Field {
    /// The words of `[plan_document] columns`, each with what it stands for: those of a plan in TOML where it has one.
    pub const KEYS: [(&'static str, Self); 16] = [
        ("number", Self::Number),
        ("criterion", Self::Criterion),
        ("standard", Self::Standard),
        ("current_state", Self::State),
        ("subject", Self::Subject),
        ("remedy", Self::Remedy),
        ("lead", Self::Lead),
        ("with", Self::Coordinators),
        ("time", Self::Time),
        ("month", Self::Month),
        ("week", Self::Week),
        ("start", Self::Start),
        ("due", Self::Due),
        ("budget", Self::Budget),
        ("support", Self::Support),
        ("status", Self::Status),
    ];
    /// The word for columns that are not read.
    pub const NOTHING: &'static str = "nothing";

    /// The field that a word of `[plan_document] columns` stands for.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        if key == Self::NOTHING {
            return Some(Self::Nothing);
        }
        Self::KEYS.iter().find(|(known, _)| *known == key).map(|(_, field)| *field)
    }
}

/// What a heading announces, and how good a column of that kind it is: 0 is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan::reader) struct HeadingClass {
    pub(in crate::plan::reader) field: Field,
    pub(in crate::plan::reader) rank: u8,
}

impl HeadingClass {
    /// What the configuration says of a heading.
    pub(super) fn set(field: Field) -> Self {
        Self { field, rank: 0 }
    }
}

/// The rank of "Tiến độ", which is a time or says how far something is.
pub(super) const PACE: u8 = 9;

/// Kinds of headings before their words are looked at more closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeadingKind {
    Who,
    When,
    Is(Field, u8),
}

/// The words that a heading is known by, without diacritics. The one that stands first in it counts, of several at one
/// place the longest.
const WORDS: &[(&str, HeadingKind)] = &[
    ("nguoi", HeadingKind::Who),
    ("ai lam", HeadingKind::Who),
    ("ai thuc hien", HeadingKind::Who),
    ("nhan luc", HeadingKind::Who),
    ("nhan su", HeadingKind::Who),
    ("trach nhiem", HeadingKind::Who),
    ("ca nhan", HeadingKind::Who),
    ("thanh phan", HeadingKind::Who),
    ("thanh vien", HeadingKind::Who),
    ("dau moi", HeadingKind::Who),
    ("giao cho", HeadingKind::Who),
    ("phan cong", HeadingKind::Who),
    ("phan nhiem", HeadingKind::Who),
    ("don vi", HeadingKind::Who),
    ("bo phan", HeadingKind::Who),
    ("luc luong", HeadingKind::Who),
    ("chu tri", HeadingKind::Who),
    ("phu trach", HeadingKind::Who),
    ("chiu trach nhiem", HeadingKind::Who),
    ("chi dao", HeadingKind::Who),
    ("lanh dao", HeadingKind::Who),
    ("cbpt", HeadingKind::Who),
    ("to chuc thuc hien", HeadingKind::Who),
    ("thuc hien", HeadingKind::Who),
    ("phoi hop", HeadingKind::Who),
    ("nguoi th", HeadingKind::Who),
    ("can bo", HeadingKind::Who),
    ("gv thuc hien", HeadingKind::Who),
    ("giao vien thuc hien", HeadingKind::Who),
    ("gv phu trach", HeadingKind::Who),
    ("giao vien phu trach", HeadingKind::Who),
    ("chu the", HeadingKind::Who),
    ("thoi gian", HeadingKind::When),
    ("t gian", HeadingKind::When),
    ("thoi han", HeadingKind::When),
    ("thoi diem", HeadingKind::When),
    ("thoi luong", HeadingKind::Is(Field::Nothing, 0)),
    ("tg", HeadingKind::When),
    ("han", HeadingKind::When),
    ("moc", HeadingKind::When),
    ("lo trinh", HeadingKind::When),
    ("bao gio", HeadingKind::When),
    ("deadline", HeadingKind::When),
    ("khi nao", HeadingKind::When),
    ("ngay", HeadingKind::When),
    ("thang", HeadingKind::When),
    ("tuan", HeadingKind::When),
    ("lich", HeadingKind::When),
    ("bat dau", HeadingKind::When),
    ("ket thuc", HeadingKind::When),
    ("hoan thanh", HeadingKind::When),
    ("tu ngay", HeadingKind::When),
    ("den ngay", HeadingKind::When),
    ("hoc ky", HeadingKind::When),
    ("tien do", HeadingKind::Is(Field::Time, PACE)),
    ("tien do thuc hien", HeadingKind::Is(Field::Time, PACE)),
    ("bien phap", HeadingKind::Is(Field::Remedy, 0)),
    ("giai phap", HeadingKind::Is(Field::Remedy, 0)),
    ("cach thuc", HeadingKind::Is(Field::Remedy, 1)),
    ("cach lam", HeadingKind::Is(Field::Remedy, 1)),
    ("huong khac phuc", HeadingKind::Is(Field::Remedy, 0)),
    ("huong cai tien", HeadingKind::Is(Field::Remedy, 0)),
    ("ke hoach cai tien", HeadingKind::Is(Field::Remedy, 1)),
    ("ke hoach khac phuc", HeadingKind::Is(Field::Remedy, 1)),
    ("ke hoach thuc hien", HeadingKind::Is(Field::Remedy, 2)),
    ("ke hoach hanh dong", HeadingKind::Is(Field::Remedy, 2)),
    ("hanh dong", HeadingKind::Is(Field::Remedy, 2)),
    ("hoat dong", HeadingKind::Is(Field::Remedy, 2)),
    ("cong viec", HeadingKind::Is(Field::Remedy, 3)),
    ("viec", HeadingKind::Is(Field::Remedy, 3)),
    ("dau viec", HeadingKind::Is(Field::Remedy, 3)),
    ("nhiem vu", HeadingKind::Is(Field::Remedy, 3)),
    ("cong tac", HeadingKind::Is(Field::Remedy, 4)),
    ("noi dung cong viec", HeadingKind::Is(Field::Remedy, 3)),
    ("noi dung", HeadingKind::Is(Field::Subject, 0)),
    ("hang muc", HeadingKind::Is(Field::Subject, 1)),
    ("khuyen nghi", HeadingKind::Is(Field::Subject, 2)),
    ("kien nghi", HeadingKind::Is(Field::Subject, 2)),
    ("van de", HeadingKind::Is(Field::Subject, 2)),
    ("hien trang", HeadingKind::Is(Field::State, 0)),
    ("thuc trang", HeadingKind::Is(Field::State, 0)),
    ("diem yeu", HeadingKind::Is(Field::State, 0)),
    ("ton tai", HeadingKind::Is(Field::State, 0)),
    ("han che", HeadingKind::Is(Field::State, 0)),
    ("nhung han che", HeadingKind::Is(Field::State, 0)),
    ("ket qua can dat", HeadingKind::Is(Field::State, 1)),
    ("tieu chi", HeadingKind::Is(Field::Criterion, 0)),
    ("tieu chuan", HeadingKind::Is(Field::Standard, 0)),
    ("tieu chuan tieu chi", HeadingKind::Is(Field::Criterion, 0)),
    ("ma tieu chi", HeadingKind::Is(Field::Criterion, 0)),
    ("tc", HeadingKind::Is(Field::Criterion, 1)),
    ("ma tc", HeadingKind::Is(Field::Criterion, 1)),
    ("chi so danh gia", HeadingKind::Is(Field::Nothing, 0)),
    ("chi so", HeadingKind::Is(Field::Criterion, 2)),
    ("chi bao", HeadingKind::Is(Field::Criterion, 3)),
    ("kinh phi", HeadingKind::Is(Field::Budget, 0)),
    ("kp", HeadingKind::Is(Field::Budget, 0)),
    ("du toan", HeadingKind::Is(Field::Budget, 0)),
    ("ngan sach", HeadingKind::Is(Field::Budget, 0)),
    ("nguon von", HeadingKind::Is(Field::Budget, 1)),
    ("chi phi", HeadingKind::Is(Field::Budget, 0)),
    ("so tien", HeadingKind::Is(Field::Budget, 0)),
    ("nguon luc", HeadingKind::Is(Field::Budget, 1)),
    ("ho tro", HeadingKind::Is(Field::Support, 0)),
    ("dieu kien", HeadingKind::Is(Field::Support, 0)),
    ("muc do thuc hien", HeadingKind::Is(Field::Status, 0)),
    ("muc do hoan thanh", HeadingKind::Is(Field::Status, 0)),
    ("tinh trang", HeadingKind::Is(Field::Status, 0)),
    ("trang thai", HeadingKind::Is(Field::Status, 0)),
    ("ti le hoan thanh", HeadingKind::Is(Field::Status, 0)),
    ("ty le hoan thanh", HeadingKind::Is(Field::Status, 0)),
    ("phan tram", HeadingKind::Is(Field::Status, 1)),
    ("ket qua thuc hien", HeadingKind::Is(Field::Status, 7)),
    ("ket qua", HeadingKind::Is(Field::Status, 8)),
    ("da lam", HeadingKind::Is(Field::Status, 7)),
    ("ghi chu", HeadingKind::Is(Field::Nothing, 0)),
    ("luu y", HeadingKind::Is(Field::Nothing, 0)),
    ("minh chung", HeadingKind::Is(Field::Nothing, 0)),
    ("thong tin", HeadingKind::Is(Field::Nothing, 0)),
    ("san pham", HeadingKind::Is(Field::Nothing, 0)),
    ("chi tieu", HeadingKind::Is(Field::Nothing, 0)),
    ("muc tieu", HeadingKind::Is(Field::Nothing, 0)),
    ("muc dich", HeadingKind::Is(Field::Nothing, 0)),
    ("yeu cau", HeadingKind::Is(Field::Nothing, 0)),
    ("nguyen nhan", HeadingKind::Is(Field::Nothing, 0)),
    ("diem manh", HeadingKind::Is(Field::Nothing, 0)),
    ("uu diem", HeadingKind::Is(Field::Nothing, 0)),
    ("dia diem", HeadingKind::Is(Field::Nothing, 0)),
    ("doi tuong", HeadingKind::Is(Field::Nothing, 0)),
    ("so luong", HeadingKind::Is(Field::Nothing, 0)),
    ("dvt", HeadingKind::Is(Field::Nothing, 0)),
    ("don vi tinh", HeadingKind::Is(Field::Nothing, 0)),
    ("hinh thuc", HeadingKind::Is(Field::Nothing, 0)),
    ("ky nhan", HeadingKind::Is(Field::Nothing, 0)),
    ("ky ten", HeadingKind::Is(Field::Nothing, 0)),
    ("chu ky", HeadingKind::Is(Field::Nothing, 0)),
    ("xac nhan", HeadingKind::Is(Field::Nothing, 0)),
    ("y kien", HeadingKind::Is(Field::Nothing, 0)),
    ("tu danh gia", HeadingKind::Is(Field::Nothing, 0)),
    ("nhan xet", HeadingKind::Is(Field::Nothing, 0)),
    ("xep loai", HeadingKind::Is(Field::Nothing, 0)),
    ("kiem tra", HeadingKind::Is(Field::Checker, 0)),
    ("giam sat", HeadingKind::Is(Field::Checker, 0)),
    ("theo doi", HeadingKind::Is(Field::Checker, 0)),
    ("danh gia", HeadingKind::Is(Field::Checker, 0)),
    ("nghiem thu", HeadingKind::Is(Field::Checker, 0)),
    ("don doc", HeadingKind::Is(Field::Checker, 0)),
    ("duyet", HeadingKind::Is(Field::Checker, 1)),
    ("nguoi duyet", HeadingKind::Is(Field::Checker, 1)),
];

/// What makes of a person one who checks, and of a time one of checking.
const CHECKS: &[&str] = &[
    "kiem tra",
    "giam sat",
    "theo doi",
    "danh gia",
    "nghiem thu",
    "don doc",
    "duyet",
    "xac nhan",
    "ky nhan",
    "bao cao",
];
/// What says that a person does it all the same.
const DOES: &[&str] = &["thuc hien", "chu tri", "phu trach", "lam", "th"];
/// A known word stands no farther from the beginning of a heading, in words.
const FARTHEST: usize = 4;
/// No heading has more words.
const MAX_WORDS: usize = 18;

/// What a heading that stands alone announces; `None` where nobody knows.
pub(super) fn classify(heading: &str) -> Option<HeadingClass> {
    let folded = text::fold(heading);
    let words: Vec<&str> = words(&folded);
    if words.len() > MAX_WORDS {
        return None;
    }
    if matches!(words.as_slice(), ["tt" | "stt" | "no"] | ["so", "tt"] | ["so", "thu", "tu"] | ["thu", "tu"]) {
        return Some(HeadingClass { field: Field::Number, rank: 0 });
    }
    if month_mark(&words) {
        return Some(HeadingClass { field: Field::MonthMark, rank: 0 });
    }
    // A date is no heading, whatever stands beside it.
    if words.iter().any(|word| word.len() > 1 && word.bytes().all(|digit| digit.is_ascii_digit())) {
        return None;
    }
    // Words that say when where they stand alone.
    if matches!(words.as_slice(), ["tu" | "den"]) {
        return Some(when(&words));
    }
    match kind(&words)? {
        HeadingKind::Who => Some(who(&words)),
        HeadingKind::When => Some(when(&words)),
        // "Nội dung, biện pháp" says how as well.
        HeadingKind::Is(Field::Subject, _) if contains(&words, "bien phap") || contains(&words, "giai phap") => {
            Some(HeadingClass { field: Field::Remedy, rank: 1 })
        }
        HeadingKind::Is(field, rank) => Some(HeadingClass { field, rank }),
    }
}

/// What a heading below others announces: "Từ" below "Thời gian", "Kiểm tra" below "Phân công".
pub(super) fn classify_below(above: &[String], heading: &str) -> Option<HeadingClass> {
    let folded = text::fold(heading);
    let own: Vec<&str> = words(&folded);
    let upper = above.iter().rev().find_map(|text| {
        let folded = text::fold(text);
        kind(&words(&folded)).map(|kind| (kind, classify(text)))
    });
    let has = |phrase: &str| contains(&own, phrase);
    if matches!(upper, Some((HeadingKind::When, _))) {
        let from = ["tu", "bat dau", "bd", "thuc hien", "trien khai", "khoi dong"];
        let to = ["den", "ket thuc", "kt", "hoan thanh", "xong", "han", "ht"];
        let is_week = is_month_class(upper) && week_number(&folded).is_some();
        if is_week || month_mark(&own) || month_number(&own) {
            return Some(HeadingClass { field: Field::MonthMark, rank: 0 });
        }
        if has("thuc te") || CHECKS.iter().any(|check| has(check)) {
            return Some(HeadingClass { field: Field::Nothing, rank: 0 });
        }
        if to.iter().any(|word| has(word)) {
            return Some(HeadingClass { field: Field::Due, rank: 0 });
        }
        if from.iter().any(|word| has(word)) {
            return Some(HeadingClass { field: Field::Start, rank: 0 });
        }
        if has("du kien") || has("ke hoach") {
            return Some(HeadingClass { field: Field::Time, rank: 0 });
        }
    }
    let alone = classify(heading);
    let generic = alone.is_none() || matches!(own.as_slice(), ["chinh" | "khac"]);
    match (upper, alone) {
        (_, Some(class)) if !generic => Some(class),
        (Some((_, class)), _) => class,
        (None, _) => classify(&format!("{} {heading}", above.join(" "))),
    }
}

/// The words of a folded heading.
fn words(folded: &str) -> Vec<&str> {
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

fn contains(words: &[&str], phrase: &str) -> bool {
    position(words, phrase).is_some()
}

fn position(words: &[&str], phrase: &str) -> Option<usize> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    words.windows(wanted.len()).position(|here| here == wanted)
}

/// The kind of the known words that stand first.
fn kind(words: &[&str]) -> Option<HeadingKind> {
    let found = WORDS.iter().filter_map(|(phrase, kind)| {
        let place = position(words, phrase).filter(|place| *place <= FARTHEST)?;
        Some((place, std::cmp::Reverse(phrase.len()), *kind))
    });
    found.min_by_key(|(place, length, _)| (*place, *length)).map(|(_, _, kind)| kind)
}

fn who(words: &[&str]) -> HeadingClass {
    let has = |phrase: &str| contains(words, phrase);
    let checks = CHECKS.iter().any(|check| has(check));
    if checks && !DOES.iter().any(|does| has(does)) {
        return HeadingClass { field: Field::Checker, rank: 0 };
    }
    let helps = position(words, "phoi hop").or_else(|| position(words, "ho tro"));
    let does = ["chu tri", "phu trach", "thuc hien"].iter().filter_map(|does| position(words, does)).min();
    if helps.is_some_and(|helps| does.is_none_or(|does| helps < does)) {
        return HeadingClass { field: Field::Coordinators, rank: 0 };
    }
    if has("cung") || has("lien quan") {
        return HeadingClass::UNCLEAR;
    }
    let rank = match () {
        () if has("chi dao") || has("lanh dao") => 5,
        () if has("chu tri") => 1,
        () if has("thuc hien") || has("th") || has("lam") || has("t hien") || has("giao cho") => 0,
        () if has("phu trach") || has("trach nhiem") || has("cbpt") => 3,
        // Those who take part, among whom whoever answers for it has a column of their own.
        () if has("thanh phan") || has("luc luong") || has("tham gia") || has("thanh vien") => 4,
        () => 2,
    };
    HeadingClass { field: Field::Lead, rank }
}

impl HeadingClass {
    /// A heading of people whose part is not clear.
    const UNCLEAR: Self = Self { field: Field::Nothing, rank: u8::MAX };

    /// Whether a heading is of people whose part is not clear: it is told like one that nobody knows.
    pub(in crate::plan::reader) fn is_unclear(self) -> bool {
        self.rank == u8::MAX
    }
}

fn when(words: &[&str]) -> HeadingClass {
    let has = |phrase: &str| contains(words, phrase);
    if CHECKS.iter().any(|check| has(check)) && !has("thuc hien") && !has("hoan thanh") {
        return HeadingClass { field: Field::CheckTime, rank: 0 };
    }
    let (field, rank) = match words {
        ["thang"] | ["thang", "nam"] => (Field::Month, 0),
        ["tuan", ..] if !has("ngay") && !has("thang") => (Field::Week, 0),
        ["tu"] | ["tu", "ngay"] | ["bat", "dau"] => (Field::Start, 0),
        ["den"] | ["den", "ngay"] => (Field::Due, 0),
        _ if has("bat dau") && !has("ket thuc") && !has("hoan thanh") => (Field::Start, 0),
        _ if has("thoi gian thuc hien") || has("thuc hien va hoan thanh") => (Field::Time, 0),
        _ if has("ket thuc") || has("hoan thanh") || has("xong") || has("bao gio") => (Field::Due, 0),
        _ if has("han") || has("moc") || has("deadline") => (Field::Due, 1),
        _ if has("lich") || has("hoc ky") => (Field::Time, 2),
        _ => (Field::Time, 1),
    };
    HeadingClass { field, rank }
}

/// "T9", "Tháng 10", "10/2023": a month of its own.
fn month_mark(words: &[&str]) -> bool {
    let is_month = |word: &str| word.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
    let is_year = |word: &str| word.len() == 4 && word.parse::<u16>().is_ok();
    match words {
        ["thang" | "t", month] => is_month(month),
        ["thang" | "t", month, year] | [month, year] => is_month(month) && is_year(year),
        [one] => one.strip_prefix('t').is_some_and(is_month),
        _ => false,
    }
}

fn is_month_class(upper: Option<(HeadingKind, Option<HeadingClass>)>) -> bool {
    upper.and_then(|(_, class)| class).is_some_and(|class| class.field == Field::MonthMark)
}

/// Whether a heading is a month.
pub(super) fn is_month(heading: &str) -> bool {
    let folded = text::fold(heading);
    month_mark(&words(&folded))
}

/// "T1", "Tuần 2", "3" below a month: the number of its week.
pub(super) fn week_number(folded: &str) -> Option<u8> {
    let number = match words(folded).as_slice() {
        ["tuan" | "t", number] => number.parse::<u8>(),
        [one] => one.strip_prefix('t').unwrap_or(one).parse::<u8>(),
        _ => return None,
    };
    number.ok().filter(|number| (1..=5).contains(number))
}

/// "9" below "Tháng".
fn month_number(words: &[&str]) -> bool {
    matches!(words, [one] if one.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS_OF_SCHOOLS: &[(&str, Field)] = &[
        ("TT", Field::Number),
        ("Số TT", Field::Number),
        ("Tiêu chuẩn, tiêu chí", Field::Criterion),
        ("Tiêu chuẩn", Field::Standard),
        ("Kết quả cần đạt (so với hiện trạng)", Field::State),
        ("ĐIỂM YẾU", Field::State),
        ("Tồn tại, hạn chế", Field::State),
        ("Nội dung, giải pháp cần thực hiện", Field::Remedy),
        ("Biện pháp thực hiện", Field::Remedy),
        ("Hoạt động/giải pháp", Field::Remedy),
        ("Việc cần làm", Field::Remedy),
        ("Công tác trọng tâm", Field::Remedy),
        ("Cách thức thực hiện", Field::Remedy),
        ("Hướng khắc phục", Field::Remedy),
        ("Kế hoạch cải tiến chất lượng", Field::Remedy),
        ("Nội dung cải tiến", Field::Subject),
        ("Chủ trì và phối hợp thực hiện", Field::Lead),
        ("Người\nphụ trách", Field::Lead),
        ("Người TH", Field::Lead),
        ("Nhân lực", Field::Lead),
        ("Trách nhiệm", Field::Lead),
        ("Cá nhân thực hiện", Field::Lead),
        ("Tổ chức thực hiện", Field::Lead),
        ("Thành phần", Field::Lead),
        ("Đầu mối", Field::Lead),
        ("Giao cho", Field::Lead),
        ("Đơn vị/cá nhân phụ trách", Field::Lead),
        ("Bộ phận t.hiện", Field::Lead),
        ("Đơn vị phối hợp", Field::Coordinators),
        ("Phân công Phối hợp", Field::Coordinators),
        ("Phân công thực hiện", Field::Lead),
        ("Người kiểm tra", Field::Checker),
        ("Thời gian kiểm tra", Field::CheckTime),
        ("Thời gian thực hiện và hoàn thành", Field::Time),
        ("Thời hạn", Field::Due),
        ("Hạn", Field::Due),
        ("Hạn hoàn thành", Field::Due),
        ("Bao giờ xong", Field::Due),
        ("Hạng mục", Field::Subject),
        ("Mốc", Field::Due),
        ("Deadline", Field::Due),
        ("TUẦN C.MÔN", Field::Week),
        ("Lộ trình", Field::Time),
        ("Ngày thực hiện", Field::Time),
        ("TG", Field::Time),
        ("Tháng", Field::Month),
        ("Tuần", Field::Week),
        ("T9", Field::MonthMark),
        ("Thời gian Bắt đầu", Field::Start),
        ("Thời gian Kết thúc", Field::Due),
        ("Hoàn thành", Field::Due),
        ("Dự kiến kinh phí", Field::Budget),
        ("Nguồn lực bảo đảm", Field::Budget),
        ("Dự kiến hỗ trợ khác", Field::Support),
        ("Điều kiện thực hiện", Field::Support),
        ("Mức độ thực hiện", Field::Status),
        ("Tình trạng", Field::Status),
        ("Chỉ số đánh giá kết quả", Field::Nothing),
        ("Thông tin, dữ liệu hoặc minh chứng dự kiến", Field::Nothing),
        ("Ghi chú", Field::Nothing),
        ("Ký nhận", Field::Nothing),
    ];

    #[test]
    fn headings_of_many_schools_say_what_their_columns_hold() {
        for (heading, expected) in HEADINGS_OF_SCHOOLS {
            assert_eq!(classify(heading).map(|class| class.field), Some(*expected), "{heading}");
            let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(*heading).collect();
            assert_eq!(classify(&decomposed.to_uppercase()).map(|class| class.field), Some(*expected), "{heading}");
        }
        assert_eq!(classify("Trình độ"), None);
        assert!(classify("Người cùng làm").is_some_and(HeadingClass::is_unclear));
    }
}
