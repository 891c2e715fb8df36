//! What stands above the plan's table: number, title, date of issue (Decree 30/2020/NĐ-CP, appendix I).

use jiff::civil::Date;

use crate::text;

use super::bands::{self, Band, is_capital};
use super::criterion::Standing;

/// What a letterhead says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// "Trường Tiểu học Kim Đồng": who issued the plan.
    pub organisation: Option<String>,
    /// "UBND xã Bình Minh": the body above it.
    pub authority: Option<String>,
    /// "Bình Minh": the place before the date.
    pub place: Option<String>,
    /// The plan's number.
    pub number: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The date of issue.
    pub issued: Option<Date>,
    /// "Số:     /KH-MNVG": the line of a number that is left open.
    pub open_number: Option<String>,
    /// "ngày     tháng 9 năm 2023": the line of a date that is left open.
    pub open_date: Option<String>,
    /// The year in which its school year begins.
    pub school_year: Option<i16>,
}

/// A line of a title is no longer, in letters.
const LONGEST_TITLE_LINE: usize = 160;
/// Lines of a title below "KẾ HOẠCH".
const TITLE_LINES: usize = 4;

/// Reads the lines above the plan's first table. What stands below the title, legal bases above all, is none of it.
pub(super) fn read(lines: &[String]) -> Letterhead {
    let head: Vec<&String> = lines.iter().take_while(|line| !is_body(line)).collect();
    let number = head.iter().find_map(|line| number(line));
    let issued = head.iter().find_map(|line| date(line));
    let school = head.iter().position(|line| is_school(line));
    Letterhead {
        organisation: school.map(|place| school_name(&head[place..])),
        authority: school.and_then(|place| head.get(place.checked_sub(1)?)).and_then(|line| authority(line)),
        place: head.iter().find_map(|line| place(line)),
        open_number: head
            .iter()
            .find(|line| is_number_line(line))
            .filter(|_| number.is_none())
            .map(|line| (*line).clone()),
        open_date: head.iter().find(|line| is_date_line(line)).filter(|_| issued.is_none()).map(|line| (*line).clone()),
        title: title(&head),
        school_year: head.iter().find_map(|line| school_year(line)),
        number,
        issued,
    }
}

/// Whether a line is one of those below the letterhead: a legal basis, a section.
fn is_body(line: &str) -> bool {
    let folded = text::fold(line);
    let bases = ["can cu", "thuc hien", "theo ", "thi hanh", "phan ", "kinh gui"];
    let is_section = line.split_once('.').is_some_and(|(mark, rest)| {
        !mark.is_empty()
            && mark.len() <= 4
            && mark.chars().all(|letter| "IVX".contains(letter))
            && !rest.trim().is_empty()
    });
    is_section
        || bases.iter().any(|basis| folded.trim_start_matches(['-', ' ']).starts_with(basis)) && !is_capital(line)
}

/// Words with which the name of a school begins that says only what kind it is.
const SCHOOL_KINDS: &[&str] =
    &["tieu hoc", "mam non", "mau giao", "trung hoc co so", "trung hoc pho thong", "thcs", "thpt", "th"];
/// Bodies above a school.
const AUTHORITIES: &[&str] = &["phong ", "so ", "ubnd ", "uy ban "];

/// Whether a line is the name of the school that issued the plan.
fn is_school(line: &str) -> bool {
    is_capital(line) && text::fold(line).starts_with("truong ") && number(line).is_none()
}

/// The name of a school from its line, and from the next where the first says its kind alone.
fn school_name(lines: &[&String]) -> String {
    let folded = text::fold(lines[0]);
    let is_kind = folded.strip_prefix("truong ").is_some_and(|kind| SCHOOL_KINDS.contains(&kind));
    let more = lines.get(1).filter(|line| is_kind && is_capital(line) && !is_number_line(line) && !is_motto(line));
    let line = more.map_or_else(|| lines[0].clone(), |more| format!("{} {more}", lines[0]));
    let mut name = sentence(&line, true);
    for (small, capital) in
        [("tiểu học", "Tiểu học"), ("mầm non", "Mầm non"), ("mẫu giáo", "Mẫu giáo"), ("trung học", "Trung học")]
    {
        name = name.replacen(&format!("Trường {small}"), &format!("Trường {capital}"), 1);
    }
    for (capital, small) in
        [(" Xã ", " xã "), (" Phường ", " phường "), (" Thị Trấn ", " thị trấn "), (" Huyện ", " huyện ")]
    {
        name = name.replacen(capital, small, 1);
    }
    name
}

fn is_motto(line: &str) -> bool {
    let folded = text::fold(line);
    folded.starts_with("cong hoa") || folded.starts_with("doc lap")
}

/// The body above the school, where the line above its name is one.
fn authority(line: &str) -> Option<String> {
    let folded = text::fold(line);
    (is_capital(line) && AUTHORITIES.iter().any(|body| folded.starts_with(body)) && number(line).is_none())
        .then(|| sentence(line, true))
}

/// The place before the date: "Bình Minh, ngày 15 tháng 9 năm 2023".
fn place(line: &str) -> Option<String> {
    let (place, rest) = line.split_once(',')?;
    let is_date = text::fold(rest).trim_start().starts_with("ngay");
    (is_date && !place.is_empty() && !place.chars().any(|letter| letter.is_ascii_digit()))
        .then(|| place.trim().to_owned())
}

/// "Số: 325/KH-TrTH".
fn number(line: &str) -> Option<String> {
    let folded = text::fold(line);
    let at = folded.find("so:").or_else(|| folded.starts_with("so ").then_some(0))?;
    let written = line.chars().skip(folded[..at].chars().count() + 3).collect::<String>();
    let number = written.split_whitespace().next()?.trim_end_matches([',', ';', '.']);
    let first = number.split('/').next().unwrap_or_default();
    (number.contains('/') && first.chars().any(|letter| letter.is_ascii_digit())).then(|| number.to_owned())
}

fn is_number_line(line: &str) -> bool {
    let folded = text::fold(line);
    folded.contains("so:") && folded.contains('/')
}

/// "Thanh Hưng, ngày 12 tháng 9 năm 2023", "ban hành ngày 10/9/2023".
fn date(line: &str) -> Option<Date> {
    let folded = text::fold(line);
    let words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let in_words = words.windows(6).find_map(|six| {
        let [day_word, day, month_word, month, year_word, year] = six else { return None };
        let is_date = (*day_word, *month_word, *year_word) == ("ngay", "thang", "nam");
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
        date.filter(|_| is_date)
    });
    in_words.or_else(|| {
        words.windows(4).find_map(|four| {
            let [word, day, month, year] = four else { return None };
            let year: i16 = year.parse().ok().filter(|year| (1990..2200).contains(year))?;
            let date = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok();
            date.filter(|_| *word == "ngay")
        })
    })
}

fn is_date_line(line: &str) -> bool {
    let folded = text::fold(line);
    folded.contains("ngay") && folded.contains("thang") && folded.contains("nam") && folded.contains(',')
}

/// "NĂM HỌC 2023 - 2024": the first of the two years.
pub(super) fn school_year(line: &str) -> Option<i16> {
    let folded = text::fold(line);
    let (_, after) = folded.split_once("nam hoc")?;
    years(after)
}

/// Two years that follow each other at the beginning of a text: the first.
pub(super) fn years(text: &str) -> Option<i16> {
    let mut years = text.split(|letter: char| !letter.is_ascii_digit()).filter(|year| !year.is_empty());
    let (first, second) = (years.next()?.parse::<i16>().ok()?, years.next()?);
    let second: i16 =
        if second.len() == 2 { first / 100 * 100 + second.parse::<i16>().ok()? } else { second.parse().ok()? };
    (second == first + 1 && first > 1900).then_some(first)
}

/// "KẾ HOẠCH" and the lines under it, in the letters of a sentence.
fn title(lines: &[&String]) -> Option<String> {
    let begins =
        |line: &&String| text::fold(line).starts_with("ke hoach") && (is_capital(line) || line.chars().count() < 60);
    let first = lines.iter().position(begins)?;
    let is_band = |line: &str| {
        let band = bands::read(line, None, &Standing::default(), None);
        matches!(band, Some(Band::Standard { .. } | Band::Criterion(_) | Band::Level { .. }))
    };
    let is_part = |line: &&&String| {
        let is_other =
            line.starts_with('(') || line.ends_with([';', '.', ':']) || line.chars().count() > LONGEST_TITLE_LINE;
        !is_other && number(line).is_none() && date(line).is_none() && !is_band(line)
    };
    let more = lines[first + 1..].iter().filter(|line| !line.is_empty()).take(TITLE_LINES).take_while(is_part);
    let mut title = sentence(lines[first], true);
    for line in more {
        title.push(' ');
        title.push_str(&sentence(line, false));
    }
    Some(title)
}

/// Abbreviations that stay as they are in a sentence.
const CAPITALS: &[&str] = &[
    "THCS", "THPT", "TH", "UBND", "HĐND", "PTDTBT", "PTDTNT", "GDNN", "GDTX", "GD&ĐT", "GDĐT", "CNTT", "PCGD", "XMC",
    "ATGT", "CSVC", "PCCC", "TĐG", "KĐCLGD", "KĐCL", "BGDĐT", "HKI", "HKII",
];
/// What a school's name stands behind.
const SCHOOLS: &[&str] = &["hoc", "non", "thcs", "thpt", "th", "giao", "so", "thong", "xa", "phuong", "huyen"];

/// A line as part of a sentence: one in capitals in small letters, names kept.
fn sentence(line: &str, begins: bool) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let capital = is_capital(line) || line.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase);
    let mut in_name = false;
    let mut is_school = false;
    let mut read = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        let folded = text::fold(word);
        let core = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let is_roman =
            core.chars().count() <= 4 && !core.is_empty() && core.chars().all(|letter| "IVX".contains(letter));
        if !capital {
            let is_first_word = place == 0 && !begins && word.chars().skip(1).any(char::is_lowercase);
            read.push(if is_first_word { text::with_small_initial(word) } else { (*word).to_owned() });
            continue;
        }
        let ends_name = matches!(
            folded.as_str(),
            "nam" | "giai" | "thang" | "hoc" | "tieu" | "trung" | "mam" | "quy" | "tu" | "ve"
        ) || folded
            .starts_with(|letter: char| letter.is_ascii_digit() || letter == '-' || letter == '–');
        in_name &= !ends_name;
        read.push(match () {
            () if CAPITALS.contains(&core) || is_roman => (*word).to_owned(),
            () if in_name || (place == 0 && begins) => text::with_capital_initial(&word.to_lowercase()),
            () => word.to_lowercase(),
        });
        is_school |= folded == "truong" || matches!(folded.as_str(), "xa" | "phuong" | "huyen");
        if is_school
            && SCHOOLS.contains(&folded.as_str())
            && !(folded == "hoc" && place > 0 && text::fold(words[place - 1]) == "nam")
        {
            in_name = true;
        }
        is_school &=
            !ends_name || SCHOOLS.contains(&folded.as_str()) || matches!(folded.as_str(), "tieu" | "trung" | "mam");
    }
    read.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_title_and_date_stand_above() {
        let lines = [
            "TRƯỜNG TH XÃ THANH HƯNG",
            "Số: 325/KH-TrTH",
            "Thanh Hưng, ngày 05 tháng 01 năm 2024",
            "KẾ HOẠCH",
            "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
            "NĂM HỌC 2023 - 2024",
            "III. NỘI DUNG",
        ];
        let letterhead = read(&lines.map(str::to_owned));
        assert_eq!(letterhead.school_year, Some(2023));
        assert_eq!(letterhead.organisation.as_deref(), Some("Trường TH xã Thanh Hưng"));
        assert_eq!(letterhead.place.as_deref(), Some("Thanh Hưng"));
        assert_eq!(letterhead.number.as_deref(), Some("325/KH-TrTH"));
        assert_eq!(letterhead.issued.map(|date| date.to_string()).as_deref(), Some("2024-01-05"));
        assert_eq!(letterhead.title.as_deref(), Some("Kế hoạch cải tiến chất lượng giáo dục năm học 2023 - 2024"));
    }

    #[test]
    fn what_is_left_open_is_not_filled_from_legal_bases() {
        let lines = [
            "Số:       /KH-MNVG",
            "Vạn Giã, ngày      tháng 9 năm 2023",
            "KẾ HOẠCH",
            "Cải tiến chất lượng giáo dục năm học 2023 – 2024",
            "Căn cứ Công văn số: 176/PGDĐT-TH ngày 05 tháng 9 năm 2022 của Phòng GDĐT;",
            "Thực hiện Kế hoạch số: 590/KH-GDĐT ngày 19/9/2023;",
        ];
        let letterhead = read(&lines.map(text::nfc));
        assert_eq!((letterhead.number, letterhead.issued), (None, None));
        assert!(letterhead.open_number.is_some() && letterhead.open_date.is_some());
        assert_eq!(letterhead.title.as_deref(), Some("Kế hoạch cải tiến chất lượng giáo dục năm học 2023 – 2024"));
    }

    #[test]
    fn the_school_and_the_body_above_it_stand_at_the_top() {
        let cases: &[(&[&str], &str, Option<&str>)] = &[
            (&["UBND XÃ BÌNH MINH", "TRƯỜNG TIỂU HỌC KIM ĐỒNG"], "Trường Tiểu học Kim Đồng", Some("UBND xã Bình Minh")),
            (
                &["PHÒNG GD&ĐT", "TRƯỜNG MẦM NON", "VẠN GIÃ", "Số: 1/KH-MNVG"],
                "Trường Mầm non Vạn Giã",
                Some("Phòng GD&ĐT"),
            ),
            (&["TRƯỜNG THCS LÊ LỢI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], "Trường THCS Lê Lợi", None),
        ];
        for (lines, school, authority) in cases {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            let letterhead = read(&lines);
            assert_eq!(letterhead.organisation.as_deref(), Some(*school));
            assert_eq!(letterhead.authority.as_deref(), *authority);
        }
    }

    #[test]
    fn titles_keep_names_and_abbreviations() {
        let cases = [
            ("KẾ HOẠCH KIỂM TRA NỘI BỘ TRƯỜNG HỌC", "Kế hoạch kiểm tra nội bộ trường học"),
            (
                "KẾ HOẠCH NĂM HỌC TRƯỜNG TIỂU HỌC KIM ĐỒNG NĂM 2023",
                "Kế hoạch năm học trường tiểu học Kim Đồng năm 2023",
            ),
            ("KẾ HOẠCH HỌC KỲ II TRƯỜNG THCS LÊ LỢI", "Kế hoạch học kỳ II trường THCS Lê Lợi"),
        ];
        for (line, expected) in cases {
            assert_eq!(sentence(line, true), expected);
        }
    }
}
