//! A text cut into words and signs.

use super::lexicon::{Class, LexiconWord, recognise};

/// Faces of signs, which say nothing.
const SMILES: &[&str] = &[":)", ":(", "=)", ":-)", "^^"];

/// A sign or a word of a text.
pub(super) struct TextPiece {
    pub(super) word: LexiconWord,
    /// What it does, where it is a sign.
    pub(super) sign: Option<Class>,
}

/// The words and signs of a text; what is neither is left out.
pub(super) fn pieces(text: &str) -> Vec<TextPiece> {
    let mut pieces: Vec<TextPiece> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if let Some(smile) = SMILES.iter().find(|smile| text[at..].starts_with(**smile)) {
            at += smile.len();
            continue;
        }
        let length = match address_length(&text[at..]) {
            Some(length) => length,
            None if first.is_alphanumeric() => word_length(&text[at..]),
            None => first.len_utf8(),
        };
        let written = &text[at..at + length];
        let word = LexiconWord::new(written, at..at + length);
        let (before, after) = (text[..at].chars().next_back(), text[at + length..].chars().next());
        let begins_line = before.is_none_or(|letter| letter == '\n');
        let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        at += length;
        let sign = match first {
            _ if first.is_alphanumeric() || first == '%' => None,
            '>' if begins_line => Some(Class::Quote),
            '.' | ';' | '!' | '…' => Some(Class::Stop),
            '?' => Some(Class::Question),
            '\n' => Some(Class::Line),
            '-' | '–' | '—' | '~' if is_digit(before) && is_digit(after) => Some(Class::Unknown),
            ',' | '(' | ')' | '[' | ']' | '|' | '-' | '–' | '—' | '→' | '>' | '•' | '*' | '，' => {
                Some(Class::Comma)
            }
            ':' | '=' => Some(Class::Colon),
            '✖' | '✗' | '✘' | '❌' | '×' | '☐' | '☒' | '/' | '~' => Some(Class::Unknown),
            _ if recognise(std::slice::from_ref(&word), false).is_some() => None,
            _ => continue,
        };
        pieces.push(TextPiece { word, sign });
    }
    pieces
}

/// How long the address of a page is that a text begins with.
fn address_length(text: &str) -> Option<usize> {
    let is_address = ["http://", "https://", "www."].iter().any(|start| text.starts_with(start));
    is_address.then(|| text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// How long the word is that a text begins with. Points and strokes within numbers belong to it ("1.4", "30/11"), and
/// apostrophes within words.
fn word_length(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let is_inner = match letter {
            '.' => before.is_alphanumeric() && next.is_some_and(|next| next.is_ascii_digit()),
            '/' => before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric),
            ',' => before.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit()),
            '\'' | '’' => before.is_alphabetic() && next.is_some_and(char::is_alphabetic),
            _ => letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(letter),
        };
        // "xong.1.5 đang làm": a word that is no number ends before a point.
        if !is_inner || (letter == '.' && before.is_alphabetic() && at > 2) {
            return at;
        }
        before = letter;
    }
    text.len()
}
