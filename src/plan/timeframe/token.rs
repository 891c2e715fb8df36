//! The text of a time expression as words, numbers and signs.

use unicode_normalization::UnicodeNormalization;

use crate::text;

/// A piece of a time expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number in digits.
    Number(Number),
    /// A roman number: I to XII.
    Roman(u32),
    /// A word.
    Word(Word),
    /// Anything else.
    Sign(Sign),
}

/// A number as it stands: how many digits it has tells a year from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u32,
    pub(super) digits: usize,
}

/// A sign between words and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `/` or `.` between the parts of a date.
    Stroke,
    /// `-` and its longer forms, between two dates or within one.
    Dash,
    /// `,`, `&` or `+`.
    Comma,
    Semicolon,
    Colon,
    /// Dots that stand for something left out.
    Gap,
    Open,
    Close,
    /// The end of a line.
    Break,
    /// The mark of an item of a list: `-`, `+`, `•` at the beginning of a line.
    Bullet,
    /// The mark of a step: `a)`, `2.` at the beginning of a line.
    Ordinal,
    Other(char),
}

/// A word in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    written: String,
    /// Whether it may stand for any word that is the same without diacritics.
    is_bare: bool,
}

impl Word {
    /// Whether it is this word, given with its diacritics. A word that is written without any may stand for it.
    pub(super) fn is(&self, word: &str) -> bool {
        self.written == word
            || (self.written == "t" && word == "tháng")
            || (self.is_bare && self.may_begin(word) && plain(word).eq(self.written.chars()))
    }
}

impl Word {
    /// Whether the first letter is the same; most words differ there.
    fn may_begin(&self, word: &str) -> bool {
        let letter = match word.chars().next() {
            Some('đ') => Some('d'),
            Some(letter) if letter.is_ascii() => Some(letter),
            _ => return true,
        };
        self.written.chars().next() == letter
    }
}

impl Token {
    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Sign(sign) if !matches!(sign, Sign::Other(_)))
    }
}

/// Tokens as a person would have written them.
pub(super) fn show(tokens: &[Token]) -> String {
    let mut shown = String::new();
    let mut joins = true;
    for token in tokens {
        let (text, joins_before, joins_after) = match token {
            Token::Number(number) => (format!("{:0digits$}", number.value, digits = number.digits), false, false),
            Token::Roman(value) => {
                (ROMANS.get(*value as usize).copied().unwrap_or_default().to_uppercase(), false, false)
            }
            Token::Word(word) => (word.written.clone(), false, false),
            Token::Sign(Sign::Stroke) => ("/".to_owned(), true, true),
            Token::Sign(Sign::Dash | Sign::Bullet) => ("-".to_owned(), false, false),
            Token::Sign(Sign::Comma) => (",".to_owned(), true, false),
            Token::Sign(Sign::Semicolon) => (";".to_owned(), true, false),
            Token::Sign(Sign::Colon) => (":".to_owned(), true, false),
            Token::Sign(Sign::Gap) => ("…".to_owned(), true, true),
            Token::Sign(Sign::Open) => ("(".to_owned(), false, true),
            Token::Sign(Sign::Close) => (")".to_owned(), true, false),
            Token::Sign(Sign::Break | Sign::Ordinal) => continue,
            Token::Sign(Sign::Other(sign)) => (sign.to_string(), false, false),
        };
        if !joins && !joins_before {
            shown.push(' ');
        }
        shown.push_str(&text);
        joins = joins_after;
    }
    shown
}

const ROMANS: [&str; 13] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// Cuts a text into tokens. Abbreviations come apart: "T10" is "tháng 10", "HKI" is "học kỳ I", "Q4" is "quý 4".
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let composed: String = text::composed(text).collect::<String>().to_lowercase();
    let has_diacritics = composed.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii());
    let lines: Vec<&str> = composed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_list = lines.first().is_some_and(|line| bullet(line).is_some());
    let is_counted = lines.len() > 1 && (1..).zip(&lines).all(|(count, line)| counted(line) == Some(count));
    let mut tokens = Vec::new();
    for line in lines {
        if !tokens.is_empty() {
            tokens.push(Token::Sign(Sign::Break));
        }
        let rest = match mark(line, is_list, is_counted) {
            Some((mark, rest)) => {
                tokens.push(Token::Sign(mark));
                rest
            }
            None => line,
        };
        cut(rest, has_diacritics, &mut tokens);
    }
    tidy(&tokens)
}

/// The mark of a list with which a line begins, and the line behind it.
fn mark(line: &str, is_list: bool, is_counted: bool) -> Option<(Sign, &str)> {
    if let Some(rest) = bullet(line).filter(|_| is_list) {
        return Some((Sign::Bullet, rest));
    }
    let length = run(line, |letter| letter.is_ascii_digit());
    let (name, rest) = line.split_at(if length > 0 { length } else { line.chars().next()?.len_utf8() });
    if name.len() > 2 || !name.chars().all(char::is_alphanumeric) {
        return None;
    }
    if let Some(rest) = rest.strip_prefix(')') {
        return Some((Sign::Ordinal, rest));
    }
    // "1. Tháng 9": a point alone may belong to a date.
    let rest = rest.strip_prefix('.').filter(|rest| rest.starts_with(char::is_whitespace))?;
    let before_word = rest.trim_start().starts_with(char::is_alphabetic);
    (length > 0 && (is_counted || before_word)).then_some((Sign::Ordinal, rest))
}

/// The line behind a bullet.
fn bullet(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(|letter| is_dash(letter) || "+*•·●○▪■►➢✓".contains(letter))?;
    (!rest.trim().is_empty()).then_some(rest)
}

/// The number of a line that begins with "1." and a blank.
fn counted(line: &str) -> Option<u32> {
    let (number, rest) = line.split_once('.')?;
    rest.starts_with(char::is_whitespace).then(|| number.parse().ok()).flatten()
}

/// Cuts a line.
fn cut(line: &str, has_diacritics: bool, tokens: &mut Vec<Token>) {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            let length = run(rest, |letter| letter.is_ascii_digit());
            // Numbers that do not fit are no dates either.
            let value = rest[..length].parse().unwrap_or(u32::MAX);
            tokens.push(Token::Number(Number { value, digits: length.min(9) }));
            length
        } else if first.is_alphabetic() {
            let length = run(rest, |letter| letter.is_alphabetic() || is_mark(letter));
            word(&rest[..length], has_diacritics, tokens);
            length
        } else if is_dot(first) {
            let length = run(rest, is_dot);
            let alone = length == 1 && first == '.';
            let sentence = rest[length..].starts_with(char::is_whitespace)
                && rest[length..].trim_start().starts_with(char::is_alphabetic)
                && matches!(tokens.last(), Some(Token::Number(_) | Token::Roman(_)));
            tokens.push(Token::Sign(match alone {
                true if sentence => Sign::Semicolon,
                true => Sign::Stroke,
                false => Sign::Gap,
            }));
            length
        } else if is_dash(first) {
            tokens.push(Token::Sign(Sign::Dash));
            run(rest, |letter| is_dash(letter) || letter == '>')
        } else {
            tokens.extend(sign(first).map(Token::Sign));
            first.len_utf8()
        };
        rest = &rest[length..];
    }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

fn is_dot(letter: char) -> bool {
    matches!(letter, '.' | '…' | '_' | '‥')
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '‐' | '‑' | '‒' | '–' | '—' | '−' | '~' | '→' | '÷')
}

fn sign(sign: char) -> Option<Sign> {
    match sign {
        _ if sign.is_whitespace() => None,
        '"' | '“' | '”' | '«' | '»' => None,
        '/' | '\\' => Some(Sign::Stroke),
        ',' | '&' | '+' => Some(Sign::Comma),
        ';' => Some(Sign::Semicolon),
        ':' => Some(Sign::Colon),
        '(' | '[' => Some(Sign::Open),
        ')' | ']' => Some(Sign::Close),
        other => Some(Sign::Other(other)),
    }
}

/// A word, or the words and the number that an abbreviation stands for.
fn word(written: &str, has_diacritics: bool, tokens: &mut Vec<Token>) {
    if let Some(number) = ROMANS.iter().position(|roman| !roman.is_empty() && *roman == written) {
        tokens.push(Token::Roman(u32::try_from(number).unwrap_or(0)));
        return;
    }
    if let Some(number) = written.strip_prefix("hk").filter(|rest| ROMANS[1..].contains(rest)) {
        word("hk", has_diacritics, tokens);
        word(number, has_diacritics, tokens);
        return;
    }
    let long = match written {
        "th" | "thg" => "tháng",
        "q" | "quí" | "qui" | "qúi" | "qúy" => "quý",
        "kì" | "ki" => "kỳ",
        "hk" => "học kỳ",
        "nh" => "năm học",
        "cn" => "chủ nhật",
        // Tones and marks that are often set on the letter beside.
        "hòan" => "hoàn",
        "khoá" => "khóa",
        "hoá" => "hóa",
        "thuờng" => "thường",
        "bẩy" => "bảy",
        _ => written,
    };
    for one in long.split(' ') {
        // "sau" and "ngay" are words of their own: where others have their diacritics, these are not "sáu" and "ngày".
        let is_bare = one.is_ascii() && one == written && !(has_diacritics && ["sau", "ngay"].contains(&one));
        tokens.push(Token::Word(Word { written: one.to_owned(), is_bare }));
    }
}

/// The letters of a word without any diacritics.
fn plain(word: &str) -> impl Iterator<Item = char> {
    word.nfd().filter(|mark| !is_mark(*mark)).map(|letter| if letter == 'đ' { 'd' } else { letter })
}

/// Puts right what only the neighbours show: the point of an abbreviation, and points at the end.
fn tidy(tokens: &[Token]) -> Vec<Token> {
    let mut tidied: Vec<Token> = Vec::with_capacity(tokens.len());
    for (position, token) in tokens.iter().enumerate() {
        let next = tokens.get(position + 1);
        let is_stroke = *token == Token::Sign(Sign::Stroke);
        let before_number = matches!(next, Some(Token::Number(_) | Token::Roman(_)));
        // "T.10", "HK.I": the point belongs to the abbreviation.
        let is_abbreviated = matches!(tidied.last(), Some(Token::Word(word)) if ["tháng", "kỳ", "quý"].iter().any(|short| word.is(short)));
        let at_end = matches!(next, None | Some(Token::Sign(Sign::Break)));
        if !(is_stroke && ((before_number && is_abbreviated) || at_end)) {
            tidied.push(token.clone());
        }
    }
    tidied
}
