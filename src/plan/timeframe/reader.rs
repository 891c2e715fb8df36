//! A place in the tokens of an expression, and the small words that can be taken there.

use crate::calendar::SchoolYear;

use super::Unresolved;
use super::token::Token;

/// What can be read of an expression, or why not.
pub(super) type Read<T> = Result<T, Unresolved>;

/// An expression that is being read. How it is read stands in the files beside this one, each with its own `impl`.
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) year: &'a SchoolYear,
}

/// Words before a moment that leave its meaning as it is.
const FILLERS: [&[&str]; 11] = [
    &["nhan", "dip"],
    &["vao", "dip"],
    &["trong", "dip"],
    &["dip"],
    &["vao", "khoang", "thoi", "gian"],
    &["thoi", "gian"],
    &["trong"],
    &["vao"],
    &["du", "kien"],
    &["bat", "dau", "vao"],
    &["luc"],
];

impl Reader<'_> {
    /// Words of occasion and hour: "Sáng 28/9", "8h00 ngày …", "thứ sáu, ngày …".
    pub(super) fn skip_time_of_day(&mut self) {
        loop {
            let mark = self.at;
            let part = ["sang", "trua", "chieu", "toi"].iter().any(|word| self.take_words(&[word]));
            let hour = self.take_hour();
            let weekday = self.take_weekday();
            if part || hour || weekday {
                self.take(&Token::Comma);
                continue;
            }
            self.at = mark;
            return;
        }
    }

    pub(super) fn take_hour(&mut self) -> bool {
        let hour = matches!(self.peek(0), Some(Token::Number { value: 0..=24, digits: 1..=2 }));
        let mark = self.at;
        self.at += 1;
        if hour && (self.take_words(&["h"]) || self.take_words(&["gio"]) || self.take_words(&["g"])) {
            if matches!(self.peek(0), Some(Token::Number { value: 0..=59, digits: 2 }))
                && !matches!(self.peek(1), Some(Token::Stroke | Token::Dash))
            {
                self.at += 1;
                self.take_words(&["phut"]);
            }
            return true;
        }
        self.at = mark;
        false
    }

    pub(super) fn take_weekday(&mut self) -> bool {
        let mark = self.at;
        if self.take_words(&["chu", "nhat"]) {
            return true;
        }
        if self.take_words(&["thu"]) {
            if let Some(Token::Number { value: 2..=7, .. }) = self.peek(0) {
                self.at += 1;
                return true;
            }
            if ["hai", "ba", "tu", "nam", "sau", "bay"].iter().any(|day| self.take_words(&[day])) {
                return true;
            }
        }
        self.at = mark;
        false
    }

    pub(super) fn skip_fillers(&mut self) {
        self.skip_time_of_day();
        while FILLERS.iter().any(|words| self.take_words(words)) {
            self.skip_time_of_day();
        }
    }

    /// "từ", but not "tư" (four).
    pub(super) fn peek_from(&self) -> bool {
        self.peek_is(0, "tu") && self.written(0) != Some("tư")
    }

    /// "đến", "tới", "-" between two moments.
    pub(super) fn take_until(&mut self) -> bool {
        let mark = self.at;
        let _ = self.take(&Token::Comma) || self.take(&Token::Other('\n'));
        let taken = self.take(&Token::Dash)
            || self.take_words(&["cho", "den"])
            || self.take_words(&["den"])
            || (self.written(0) != Some("tối") && self.take_words(&["toi"]));
        if !taken {
            self.at = mark;
        }
        taken
    }

    /// The same before a bare number: "tháng 9 - 12", "tuần 1 đến 4".
    pub(super) fn take_until_number(&mut self) -> bool {
        let mark = self.at;
        if self.take_until() && matches!(self.peek(0), Some(Token::Number { digits: 1..=2, .. })) {
            return true;
        }
        self.at = mark;
        false
    }

    pub(super) fn take_separator(&mut self) -> bool {
        self.take(&Token::Semicolon)
            || self.take(&Token::Comma)
            || self.take(&Token::Other('\n'))
            || self.take_words(&["va"])
    }

    pub(super) fn take(&mut self, wanted: &Token) -> bool {
        let is_next = self.peek(0) == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn take_words(&mut self, words: &[&str]) -> bool {
        let taken = (0..).zip(words).all(|(at, word)| self.peek_is(at, word));
        self.at += if taken { words.len() } else { 0 };
        taken
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn peek_is(&self, ahead: usize, word: &str) -> bool {
        self.peek(ahead).is_some_and(|token| token.is(word))
    }

    /// Whether any word of the text is written with diacritics.
    pub(super) fn has_diacritics(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Word { plain, written } if plain != written))
    }

    pub(super) fn written(&self, ahead: usize) -> Option<&str> {
        match self.peek(ahead) {
            Some(Token::Word { written, .. }) => Some(written),
            _ => None,
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The error for what stands at `from`.
    pub(super) fn not_understood(&self, from: usize) -> Unresolved {
        let rest = &self.tokens[from.min(self.tokens.len().saturating_sub(1))..];
        let words: Vec<String> = rest.iter().map(Token::show).filter(|word| word != "\n").collect();
        Unresolved::NotUnderstood(words.join(" "))
    }
}
