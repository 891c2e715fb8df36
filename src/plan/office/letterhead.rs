//! What stands above the plan's table: number, title, date of issue (Decree 30/2020/NĐ-CP, appendix I).

use jiff::civil::Date;

use crate::text;

/// What a letterhead says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Letterhead {
    pub(super) number: Option<String>,
    pub(super) title: Option<String>,
    pub(super) issued: Option<Date>,
    /// The year in which its school year begins.
    pub(super) school_year: Option<i16>,
}

/// Reads the lines above the plan's first table.
pub(super) fn read(lines: &[String]) -> Letterhead {
    Letterhead {
        number: lines.iter().find_map(|line| number(line)),
        issued: lines.iter().find_map(|line| date(line)),
        title: title(lines),
        school_year: lines.iter().find_map(|line| school_year(line)),
    }
}

/// "Số: 325/KH-TrTH".
fn number(line: &str) -> Option<String> {
    let folded = text::fold(line);
    let at = folded.find("so:").or_else(|| folded.starts_with("so ").then_some(0))?;
    let written = line.chars().skip(folded[..at].chars().count() + 3).collect::<String>();
    let number = written.split_whitespace().next()?.trim_end_matches([',', ';', '.']);
    (number.contains('/') && number.chars().any(|letter| letter.is_ascii_digit())).then(|| number.to_owned())
}

/// "Thanh Hưng, ngày 12 tháng 9 năm 2023".
fn date(line: &str) -> Option<Date> {
    let folded = text::fold(line);
    let words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(6).find_map(|six| {
        let [day_word, day, month_word, month, year_word, year] = six else { return None };
        let is_date = (*day_word, *month_word, *year_word) == ("ngay", "thang", "nam");
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
        date.filter(|_| is_date)
    })
}

/// "NĂM HỌC 2023 - 2024": the first of the two years.
fn school_year(line: &str) -> Option<i16> {
    let folded = text::fold(line);
    let (_, after) = folded.split_once("nam hoc")?;
    let mut years = after.split(|letter: char| !letter.is_ascii_digit()).filter(|year| !year.is_empty());
    let (first, second) = (years.next()?.parse::<i16>().ok()?, years.next()?.parse::<i16>().ok()?);
    (second == first + 1 && first > 1900).then_some(first)
}

/// "KẾ HOẠCH" and the lines in capitals under it, in ordinary letters.
fn title(lines: &[String]) -> Option<String> {
    let begins = |line: &String| text::fold(line).starts_with("ke hoach") && is_capital(line);
    let first = lines.iter().position(begins)?;
    let more = lines[first + 1..].iter().filter(|line| !line.is_empty()).take(3);
    let is_part = |line: &&String| {
        let numeral = line.split(['.', ' ']).next().unwrap_or_default();
        is_capital(line) && !(line.contains('.') && numeral.chars().all(|letter| "IVX".contains(letter)))
    };
    let title = std::iter::once(&lines[first]).chain(more.take_while(is_part));
    let title = title.map(String::as_str).collect::<Vec<_>>().join(" ").to_lowercase();
    let mut letters = title.chars();
    letters.next().map(|initial| initial.to_uppercase().chain(letters).collect())
}

fn is_capital(line: &str) -> bool {
    line.chars().any(char::is_alphabetic) && !line.chars().any(char::is_lowercase)
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
        assert_eq!(letterhead.number.as_deref(), Some("325/KH-TrTH"));
        assert_eq!(letterhead.issued.map(|date| date.to_string()).as_deref(), Some("2024-01-05"));
        assert_eq!(letterhead.title.as_deref(), Some("Kế hoạch cải tiến chất lượng giáo dục năm học 2023 - 2024"));
    }
}
