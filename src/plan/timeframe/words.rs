//! The tokens of an expression as the input of parsers, and the parsers of single words, signs and numbers.
//!
//! A parser takes what it reads off the front of its input and leaves the rest there; where it cannot read, the input
//! is to be thrown away, and the failure says how far it came.

use winnow::combinator::{alt, not, opt, preceded, separated};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{Stream, TokenSlice};
use winnow::token::any;

use super::reason::Unresolved;
use super::token::{Number, Sign, Token};

/// What is still to be read.
pub(super) type Tokens<'a> = TokenSlice<'a, Token>;

/// What was read, or why nothing was.
pub(super) type Parsed<T> = Result<T, ErrMode<ParseFailure>>;

/// Where reading stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParseFailure {
    /// How many tokens stand behind the place.
    pub(super) left: usize,
    /// Why, where more is known than that the words are no time.
    pub(super) reason: Option<Unresolved>,
}

impl ParserError<Tokens<'_>> for ParseFailure {
    type Inner = Self;

    fn from_input(input: &Tokens<'_>) -> Self {
        Self { left: input.eof_offset(), reason: None }
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

/// These words are no time of this kind.
pub(super) fn other_than_expected<T>(input: &Tokens<'_>) -> Parsed<T> {
    Err(ErrMode::from_input(input))
}

/// The words from here on are no time of this kind.
pub(super) fn fail_at<'a, T>(start: &<Tokens<'a> as Stream>::Checkpoint, input: &mut Tokens<'a>) -> Parsed<T> {
    input.reset(start);
    other_than_expected(input)
}

/// The words are understood, and name no time.
pub(super) fn wrong<T>(reason: Unresolved) -> Parsed<T> {
    Err(ErrMode::Cut(ParseFailure { left: 0, reason: Some(reason) }))
}

/// Words one after another, given with their diacritics and a blank between them.
pub(super) fn phrase<'a>(words: &'static str) -> impl Parser<Tokens<'a>, (), ErrMode<ParseFailure>> {
    move |input: &mut Tokens<'a>| {
        for word in words.split(' ') {
            match input.peek_token() {
                Some(Token::Word(written)) if written.is(word) => input.next_token(),
                _ => return other_than_expected(input),
            };
        }
        Ok(())
    }
}

/// The first of these phrases that stands here; which it is.
pub(super) fn one_of<'a>(
    phrases: &'static [&'static str],
) -> impl Parser<Tokens<'a>, &'static str, ErrMode<ParseFailure>> {
    move |input: &mut Tokens<'a>| {
        let Some(Token::Word(_)) = input.peek_token() else { return other_than_expected(input) };
        let start = input.checkpoint();
        for words in phrases {
            if phrase(words).parse_next(input).is_ok() {
                return Ok(*words);
            }
            input.reset(&start);
        }
        other_than_expected(input)
    }
}

/// A sign.
pub(super) fn sign<'a>(wanted: Sign) -> impl Parser<Tokens<'a>, (), ErrMode<ParseFailure>> {
    any.verify(move |token: &Token| *token == Token::Sign(wanted)).void()
}

/// A number in digits.
pub(super) fn number(input: &mut Tokens<'_>) -> Parsed<Number> {
    any.verify_map(|token: &Token| if let Token::Number(number) = token { Some(*number) } else { None })
        .parse_next(input)
}

/// A number of one or two digits.
pub(super) fn short_number(input: &mut Tokens<'_>) -> Parsed<u32> {
    number.verify(|number| number.digits <= 2).map(|number| number.value).parse_next(input)
}

/// Numbers with strokes between them: "15/10/2023".
pub(super) fn strokes(input: &mut Tokens<'_>) -> Parsed<Vec<Number>> {
    separated(1..=3, number, sign(Sign::Stroke)).parse_next(input)
}

/// "đến", "tới", "-" between two moments; a line may end before it.
pub(super) fn until_sign(input: &mut Tokens<'_>) -> Parsed<()> {
    let words = one_of(&["cho đến", "cho tới", "đến", "tới"]);
    (
        opt(alt((sign(Sign::Comma), sign(Sign::Break)))),
        alt((sign(Sign::Dash), words.void())),
        opt(alt((sign(Sign::Colon), phrase("đến")))),
    )
        .void()
        .parse_next(input)
}

/// A year of four digits.
pub(super) fn year(input: &mut Tokens<'_>) -> Parsed<i16> {
    number
        .verify_map(|number| (number.digits == 4).then(|| i16::try_from(number.value).ok()).flatten())
        .parse_next(input)
}

/// A number in digits, as a roman number or in words.
pub(super) fn numeral(input: &mut Tokens<'_>) -> Parsed<u32> {
    let roman = any.verify_map(|token: &Token| if let Token::Roman(value) = token { Some(*value) } else { None });
    alt((short_number, roman, number_in_words)).parse_next(input)
}

/// "một" to "mười hai". "Giêng" and "chạp" are months of the lunar year.
pub(super) fn number_in_words(input: &mut Tokens<'_>) -> Parsed<u32> {
    const WORDS: [(&str, u32); 14] = [
        ("mười một", 11),
        ("mười hai", 12),
        ("mười", 10),
        ("một", 1),
        ("nhất", 1),
        ("hai", 2),
        ("ba", 3),
        ("tư", 4),
        ("bốn", 4),
        ("sáu", 6),
        ("bảy", 7),
        ("tám", 8),
        ("chín", 9),
        ("mươi", 10),
    ];
    let start = input.checkpoint();
    for (words, number) in WORDS {
        if phrase(words).parse_next(input).is_ok() {
            return Ok(number);
        }
        input.reset(&start);
    }
    // "năm" is also the year: it is five where a year follows it.
    let year_follows = winnow::combinator::peek(phrase("năm"));
    winnow::combinator::terminated(phrase("năm"), year_follows).value(5).parse_next(input)
}

/// The year behind a month or quarter: "/2023", "năm 2023", "/23", ", năm 2023".
pub(super) fn year_behind(input: &mut Tokens<'_>) -> Parsed<i16> {
    let joint = alt((sign(Sign::Stroke), sign(Sign::Dash), sign(Sign::Comma)));
    let long = preceded((opt(joint), opt(phrase("năm"))), year);
    let short = preceded(
        alt((sign(Sign::Stroke), sign(Sign::Dash))),
        winnow::combinator::terminated(short_year, not(sign(Sign::Stroke))),
    );
    alt((long, short)).parse_next(input)
}

/// A year of two digits that is no month.
fn short_year(input: &mut Tokens<'_>) -> Parsed<i16> {
    number
        .verify_map(|number| (number.digits == 2 && number.value > 12).then(|| number.short_year())?)
        .parse_next(input)
}

impl Number {
    /// Whether it can only be a year.
    pub(super) fn is_year(self) -> bool {
        self.digits == 4
    }

    /// The year of four digits.
    pub(super) fn year(self) -> Option<i16> {
        i16::try_from(self.value).ok()
    }

    /// The year of this century of which it is the last two digits.
    pub(super) fn short_year(self) -> Option<i16> {
        i16::try_from(2000 + self.value.min(99)).ok()
    }
}
