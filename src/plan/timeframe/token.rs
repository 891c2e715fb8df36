//! The text of a time expression as words, numbers and signs.

use unicode_normalization::UnicodeNormalization;

use crate::text;

/// A piece of a time expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number; whether it had four digits tells a year from a day.
    Number {
        value: u32,
        digits: usize,
    },
    /// A roman number: I to XII.
    Roman(u32),
    /// A word without its diacritics, and as written in lower case.
    Word {
        plain: String,
        written: String,
    },
    /// A stroke between the parts of a date: `/` or `.`.
    Stroke,
    /// A stroke between two dates or within one: `-` and its longer forms.
    Dash,
    Comma,
    /// What parts two periods: `;` or a line end after one.
    Semicolon,
    Colon,
    /// Dots that stand for something left out.
    Gap,
    /// Any other sign.
    Other(char),
}

impl Token {
    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Gap | Self::Stroke | Self::Dash | Self::Comma | Self::Semicolon | Self::Colon)
    }

    /// Whether it is this word, given without diacritics.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word { plain, .. } if plain == word)
    }

    /// How it is shown to a person.
    pub(super) fn show(&self) -> String {
        match self {
            Self::Number { value, digits } => format!("{value:0digits$}"),
            Self::Roman(value) => ROMANS.get(*value as usize).copied().unwrap_or_default().to_uppercase(),
            Self::Word { written, .. } => written.clone(),
            Self::Stroke => "/".to_owned(),
            Self::Dash => "-".to_owned(),
            Self::Comma => ",".to_owned(),
            Self::Semicolon => ";".to_owned(),
            Self::Colon => ":".to_owned(),
            Self::Gap => "…".to_owned(),
            Self::Other(sign) => sign.to_string(),
        }
    }
}

const ROMANS: [&str; 13] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// Cuts a text into tokens. Abbreviations come apart: "T10" is "thang 10", "HKI" is "hk I", "Q4" is "quy 4".
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let composed: String = text.nfc().collect::<String>().to_lowercase();
    let mut tokens = Vec::new();
    let mut rest = composed.trim();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            let length = run(rest, |letter| letter.is_ascii_digit());
            let digits = &rest[..length];
            // Numbers that do not fit are no dates either.
            tokens.push(Token::Number { value: digits.parse().unwrap_or(u32::MAX), digits: length.min(9) });
            length
        } else if first.is_alphabetic() {
            let length = run(rest, |letter| letter.is_alphabetic() || is_mark(letter));
            word(&rest[..length], &mut tokens);
            length
        } else if is_dot(first) {
            let length = run(rest, is_dot);
            let alone = length == 1 && first == '.';
            tokens.push(if alone { Token::Stroke } else { Token::Gap });
            length
        } else {
            if let Some(token) = sign(first) {
                tokens.push(token);
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tidy(&tokens)
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

fn sign(sign: char) -> Option<Token> {
    match sign {
        _ if sign.is_whitespace() && sign != '\n' => None,
        '\u{200b}'..='\u{200d}' | '\u{feff}' | '(' | ')' | '"' | '“' | '”' => None,
        '\n' => Some(Token::Other('\n')),
        '/' | '\\' => Some(Token::Stroke),
        '-' | '‐' | '‑' | '–' | '—' | '−' | '~' | '→' => Some(Token::Dash),
        ',' | '&' | '+' => Some(Token::Comma),
        ';' => Some(Token::Semicolon),
        ':' => Some(Token::Colon),
        other => Some(Token::Other(other)),
    }
}

/// A word, or the word and number that an abbreviation stands for.
fn word(written: &str, tokens: &mut Vec<Token>) {
    let plain = text::fold(written);
    let push_word = |word: &str, tokens: &mut Vec<Token>| {
        tokens.push(Token::Word { plain: word.to_owned(), written: word.to_owned() });
    };
    if let Some(number) = ROMANS.iter().position(|roman| !roman.is_empty() && *roman == plain) {
        tokens.push(Token::Roman(u32::try_from(number).unwrap_or(0)));
    } else if let Some(number) = plain.strip_prefix("hk").filter(|rest| !rest.is_empty()) {
        push_word("hk", tokens);
        word(number, tokens);
    } else {
        let long = match plain.as_str() {
            "t" => "thang",
            "q" => "quy",
            "ki" => "ky",
            "hang" | "moi" | "tung" => "hang",
            "nh" => "nam hoc",
            _ => {
                tokens.push(Token::Word { plain, written: written.to_owned() });
                return;
            }
        };
        for word in long.split(' ') {
            push_word(word, tokens);
        }
    }
}

/// Puts right what only the neighbours show: the point of an abbreviation, line ends, points at the end.
fn tidy(tokens: &[Token]) -> Vec<Token> {
    let mut tidied: Vec<Token> = Vec::with_capacity(tokens.len());
    for (position, token) in tokens.iter().enumerate() {
        let next = tokens.get(position + 1);
        let previous = tidied.last();
        let after_word = matches!(previous, Some(Token::Word { .. }));
        match token {
            // "T.10", "HK.I": the point belongs to the abbreviation.
            Token::Stroke
                if after_word && matches!(next, Some(Token::Number { .. } | Token::Roman(_))) && is_short(previous) => {
            }
            // A line that ends after a number or a word and goes on with a word is a new period.
            Token::Other('\n') => {
                let goes_on =
                    matches!(next, Some(Token::Stroke | Token::Dash | Token::Comma | Token::Other('\n')) | None);
                let open = matches!(
                    previous,
                    Some(Token::Stroke | Token::Dash | Token::Comma | Token::Colon | Token::Semicolon) | None
                );
                if !goes_on && !open {
                    tidied.push(Token::Other('\n'));
                }
            }
            Token::Stroke if next.is_none() => {}
            _ => tidied.push(token.clone()),
        }
    }
    tidied
}

fn is_short(token: Option<&Token>) -> bool {
    ["thang", "hk", "quy"].iter().any(|word| token.is_some_and(|token| token.is(word)))
}
