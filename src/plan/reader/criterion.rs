//! Which criterion a text names: "Tiêu chí 1.4", "1,4", "Tiêu chuẩn 1 - Tiêu chí 5", "[H1-3.1-02] Tiêu chí 3.1".

use crate::text;

/// What the rows that follow belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The standard, by its number.
    pub(super) standard: Option<String>,
    /// They are of level 4, whose requirements have no standard.
    pub(super) level_four: bool,
}

/// What a text says of the criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CriterionReading {
    /// It names none.
    None,
    /// This one.
    One(String),
    /// This number, and nothing says of which standard.
    Alone(String),
    /// Several.
    Several,
    /// One in a way that could be another.
    Unclear,
}

/// What stands before a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CriterionWord {
    Criterion,
    Standard,
    Level,
    /// An article of a circular, or an indicator.
    Other,
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct CriterionMention {
    word: CriterionWord,
    number: u32,
    /// What stands behind the point.
    minor: Option<u32>,
    /// It is the first thing in the text.
    first: bool,
}

/// Reads what a column of criteria says (`is_column`), or a text that may begin with one.
pub(super) fn read(written: &str, standing: &Standing, is_column: bool) -> CriterionReading {
    let Some(found) = numbers(&tokens(written)) else { return CriterionReading::Unclear };
    let of = |word: CriterionWord| found.iter().filter(move |found| found.word == word);
    let standard = of(CriterionWord::Standard).next().map(|found| found.number);
    let level_four = of(CriterionWord::Level).any(|found| found.number == 4 && found.minor.is_none());
    if let Some(level) = of(CriterionWord::Level).find(|found| found.minor.is_some()) {
        let minor = level.minor.unwrap_or_default();
        return CriterionReading::One(format!("M{}.{minor}", level.number));
    }
    let mut named: Vec<&CriterionMention> = of(CriterionWord::Criterion).collect();
    if named.is_empty() {
        let is_pair = |found: &&CriterionMention| found.minor.is_some();
        let bare: Vec<&CriterionMention> = of(CriterionWord::Nothing).collect();
        match bare.first() {
            Some(first) if first.first && is_column => {
                let pairs = bare.iter().copied().filter(is_pair);
                named = if is_pair(first) { pairs.collect() } else { vec![*first] };
            }
            _ => return CriterionReading::None,
        }
    }
    let Some(first) = named.first() else { return CriterionReading::None };
    if named.iter().any(|other| (other.number, other.minor) != (first.number, first.minor)) {
        return CriterionReading::Several;
    }
    let number = first.number;
    match (first.minor, standard) {
        (Some(_), Some(standard)) if standard != number => CriterionReading::Unclear,
        (Some(minor), _) => CriterionReading::One(format!("{number}.{minor}")),
        (None, Some(standard)) => CriterionReading::One(format!("{standard}.{number}")),
        (None, None) if of(CriterionWord::Other).next().is_some() => CriterionReading::Unclear,
        (None, None) if level_four || standing.level_four => CriterionReading::One(format!("M4.{number}")),
        (None, None) => match &standing.standard {
            Some(standard) => CriterionReading::One(format!("{standard}.{number}")),
            None => CriterionReading::Alone(number.to_string()),
        },
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum CriterionToken {
    Word(String),
    Number(u32),
    Mark(char),
}

/// The words, numbers and marks of a text, without codes of evidence; with each whether a blank stands before it.
fn tokens(written: &str) -> Vec<(CriterionToken, bool)> {
    let mut tokens = Vec::new();
    let mut blank = true;
    let mut in_code = false;
    let folded = text::fold(written);
    let mut letters = folded.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '[' => in_code = true,
            ']' => in_code = false,
            _ if in_code => {}
            _ if letter.is_whitespace() => {
                blank = true;
                continue;
            }
            _ if letter.is_ascii_digit() => {
                let mut digits = String::from(letter);
                while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                // More digits than a number can have are none of a criterion.
                tokens.push((CriterionToken::Number(digits.parse().unwrap_or(u32::MAX)), blank));
            }
            _ if letter.is_alphabetic() => {
                let mut word = String::from(letter);
                while let Some(more) = letters.next_if(|letter| letter.is_alphabetic()) {
                    word.push(more);
                }
                tokens.push((CriterionToken::Word(word), blank));
            }
            mark => tokens.push((CriterionToken::Mark(mark), blank)),
        }
        blank = false;
    }
    tokens
}

/// The numbers of a text with the words before them; `None` where a Roman number stands in the place of one.
fn numbers(tokens: &[(CriterionToken, bool)]) -> Option<Vec<CriterionMention>> {
    let word_at = |place: usize| match tokens.get(place) {
        Some((CriterionToken::Word(word), _)) => word.as_str(),
        _ => "",
    };
    let mut found: Vec<CriterionMention> = Vec::new();
    let mut word = CriterionWord::Nothing;
    let mut place = 0;
    let mut first = true;
    while let Some((token, _)) = tokens.get(place) {
        match token {
            CriterionToken::Word(_) => {
                let (kind, length) = match (word_at(place), word_at(place + 1)) {
                    ("tieu", "chi") => (CriterionWord::Criterion, 2),
                    ("tieu", "chuan") => (CriterionWord::Standard, 2),
                    ("tc" | "tch" | "tchi", _) => (CriterionWord::Criterion, 1),
                    ("tchuan", _) => (CriterionWord::Standard, 1),
                    ("muc" | "m", _) => (CriterionWord::Level, 1),
                    ("dieu" | "khoan", _) | ("chi", "bao" | "so") => (CriterionWord::Other, 1),
                    _ => (CriterionWord::Nothing, 1),
                };
                let is_roman = word_at(place).chars().all(|letter| "ivx".contains(letter));
                let is_number_next = matches!(tokens.get(place + 1), Some((CriterionToken::Mark('.'), false)))
                    && matches!(tokens.get(place + 2), Some((CriterionToken::Number(_), _)));
                if is_roman && is_number_next && (first || word == CriterionWord::Criterion) {
                    return None;
                }
                word = kind;
                place += length;
                first = false;
            }
            CriterionToken::Number(number) => {
                let (minor, length) = minor(&tokens[place + 1..]);
                found.push(CriterionMention { word, number: *number, minor, first });
                first = false;
                place += 1 + length;
                // A list goes on with what it began with; anything else begins anew.
                let is_list = match tokens.get(place) {
                    Some((CriterionToken::Mark(',' | ';' | '&' | '+' | '/'), _)) => true,
                    Some((CriterionToken::Word(and), _)) => and == "va",
                    _ => false,
                };
                let goes_on = is_list && matches!(tokens.get(place + 1), Some((CriterionToken::Number(_), _)));
                let is_pair_next = goes_on && minor_of(tokens, place + 1).is_some();
                if goes_on && (is_pair_next || (minor.is_none() && word == CriterionWord::Criterion)) {
                    place += 1;
                } else {
                    word = CriterionWord::Nothing;
                }
            }
            CriterionToken::Mark('(' | ':') => {
                place += 1;
            }
            CriterionToken::Mark(_) => {
                // Marks between a word and its number, as "Tiêu chí: 1.4" or "TC.1.4".
                place += 1;
            }
        }
    }
    Some(found)
}

fn minor_of(tokens: &[(CriterionToken, bool)], place: usize) -> Option<u32> {
    minor(tokens.get(place + 1..)?).0
}

/// The part of a number behind its point, and how many tokens that is: ".4", ",4", "-4", ". 4"; a letter of an indicator
/// behind it is passed over.
fn minor(tokens: &[(CriterionToken, bool)]) -> (Option<u32>, usize) {
    let (Some((CriterionToken::Mark(mark), before)), Some((CriterionToken::Number(number), after))) =
        (tokens.first(), tokens.get(1))
    else {
        return (None, 0);
    };
    let joins = match mark {
        '.' => !before,
        ',' | '-' | '–' => !before && !after,
        _ => false,
    };
    if !joins {
        return (None, 0);
    }
    let letter =
        |place: usize| matches!(tokens.get(place), Some((CriterionToken::Word(word), false)) if word.len() == 1);
    let point = matches!(tokens.get(2), Some((CriterionToken::Mark('.'), false)));
    let length = match () {
        () if letter(2) => 3,
        () if point && letter(3) => 4,
        () => 2,
    };
    (Some(*number), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_written_in_many_ways() {
        let one = |number: &str| CriterionReading::One(number.to_owned());
        let cases = [
            ("1.4", one("1.4")),
            ("1,4", one("1.4")),
            ("1-4", one("1.4")),
            ("1.4.", one("1.4")),
            ("3. 3", one("3.3")),
            ("TC1.7", one("1.7")),
            ("TCh 1.8", one("1.8")),
            ("TIÊU CHÍ 3.2", one("3.2")),
            ("Tiêu chí 1.10 (mức 2)", one("1.10")),
            ("Tiêu chí 2.3b", one("2.3")),
            ("2.4.c", one("2.4")),
            ("Tiêu chuẩn 1, tiêu chí 1.4", one("1.4")),
            ("Tiêu chuẩn 1 - Tiêu chí 5", one("1.5")),
            ("Mức 2 - Tiêu chí 1.6", one("1.6")),
            ("Mức 4 - Tiêu chí 3", one("M4.3")),
            ("M4.3", one("M4.3")),
            ("TC 4.2 - M3", one("4.2")),
            ("[H1-3.1-02] Tiêu chí 3.1", one("3.1")),
            ("Chỉ báo 2a của tiêu chí 4.1", one("4.1")),
            ("Tiêu chí 1.4: bố trí 2 phòng học", one("1.4")),
            ("Tiêu chí 4", CriterionReading::Alone("4".to_owned())),
            ("4", CriterionReading::Alone("4".to_owned())),
            ("1.4; 1.5", CriterionReading::Several),
            ("Tiêu chí 1.4, 1.5", CriterionReading::Several),
            ("2.1 và 2.2", CriterionReading::Several),
            ("Tiêu chí 1, 2", CriterionReading::Several),
            ("I.5", CriterionReading::Unclear),
            ("Tiêu chí I.4", CriterionReading::Unclear),
            ("Điều 22 - Tiêu chí 4", CriterionReading::Unclear),
            ("Tiêu chuẩn 1, tiêu chí 2.4", CriterionReading::Unclear),
            ("Công khai tài chính", CriterionReading::None),
            ("Có 3 lớp ghép", CriterionReading::None),
            ("", CriterionReading::None),
        ];
        for (written, expected) in cases {
            assert_eq!(read(written, &Standing::default(), true), expected, "{written}");
        }
        let below = |standard: Option<&str>, level_four| Standing { standard: standard.map(str::to_owned), level_four };
        assert_eq!(read("Tiêu chí 2", &below(Some("3"), false), true), one("3.2"));
        assert_eq!(read("2", &below(None, true), true), one("M4.2"));
        assert_eq!(read("1.4 và các việc khác", &Standing::default(), false), CriterionReading::None);
    }
}
