//! A whole expression: times and words of recurrence one after another, with the marks and labels of a list before
//! them and what stands in brackets behind.
//!
//! ```text
//! expression = entry { separator entry }
//! entry      = [ label ] ( repetition | time [ ":" time ] ) [ "(" expression ")" ]
//! separator  = "," | "và" | ";" | line end | nothing
//! label      = "-" | "a)" | "Đợt 1:" | "Bước 2:" | "Đánh giá:"
//! ```

use winnow::combinator::{alt, delimited, eof, opt, peek, preceded, repeat, terminated};
use winnow::error::ErrMode;
use winnow::prelude::*;

use super::day::lead_in;
use super::moment::{Moment, Stretch};
use super::reason::Unresolved;
use super::recurrence::{Repetition, aside, repetition, within};
use super::span::{Span, Time, time};
use super::token::{self, Sign, Token};
use super::words::{Parsed, Tokens, fail_at, numeral, one_of, phrase, sign};

/// One part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Whether it is parted from the one before by more than a comma.
    pub(super) is_apart: bool,
    pub(super) label: Option<Label>,
    pub(super) said: Said,
    /// What stands in brackets behind it, or behind a colon.
    pub(super) refined: Option<Vec<Entry>>,
    /// Its words, to be quoted.
    pub(super) words: String,
}

/// What stands before an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// One of several times that the same is done: "Đợt 1:".
    Occasion,
    /// A step by its number: "a)", "Bước 1:".
    Step,
    /// A step by its name: "Đánh giá:".
    Stage(&'static str),
    /// The work itself: "Thực hiện:".
    Work,
}

impl Label {
    /// Whether what it stands before may be one of several steps.
    pub(super) fn is_step(self) -> bool {
        self != Self::Occasion
    }

    /// The name of a step that is not the whole of the work.
    pub(super) fn stage(self) -> Option<&'static str> {
        if let Self::Stage(name) = self { Some(name) } else { None }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Time(Time),
    Repetition(Repetition),
    /// What adds nothing to words of recurrence beside it.
    Aside,
}

/// Words before a colon that name the work.
const WORK: [&str; 5] = ["triển khai thực hiện", "triển khai", "tổ chức thực hiện", "tổ chức", "thực hiện"];

/// Words before a colon that name a step of the work.
const STAGES: [&str; 19] = [
    "xây dựng kế hoạch",
    "lập kế hoạch",
    "ban hành kế hoạch",
    "xây dựng",
    "chuẩn bị",
    "rà soát",
    "khảo sát",
    "đăng ký",
    "thi công",
    "mua sắm",
    "sửa chữa",
    "kiểm tra",
    "đánh giá",
    "nghiệm thu",
    "báo cáo",
    "sơ kết",
    "tổng kết",
    "rút kinh nghiệm",
    "bàn giao",
];

/// Reads a whole expression.
pub(super) fn parse(tokens: &[Token]) -> Result<Vec<Entry>, Unresolved> {
    let mut input = Tokens::new(tokens);
    let read = terminated(entries, (opt(separators), eof)).parse_next(&mut input);
    read.map_err(|failure| match failure {
        ErrMode::Backtrack(failure) | ErrMode::Cut(failure) => failure.reason.unwrap_or_else(|| {
            let rest =
                if failure.left == 0 { tokens } else { &tokens[tokens.len() - failure.left.min(tokens.len())..] };
            Unresolved::NotUnderstood(token::show(rest))
        }),
        ErrMode::Incomplete(_) => Unresolved::NotUnderstood(token::show(tokens)),
    })
}

/// The first moment of a band or a title that is a month, quarter, term or week; `None` where there are several.
pub(super) fn frame(tokens: &[Token]) -> Option<Entry> {
    let mut found: Option<Entry> = None;
    let mut at = 0;
    while at < tokens.len() {
        let mut input = Tokens::new(&tokens[at..]);
        let is_time = |token: &Token| match token {
            Token::Word(word) => ["tháng", "tuần", "quý", "học", "kỳ"].iter().any(|one| word.is(one)),
            _ => false,
        };
        if is_time(&tokens[at])
            && let Ok(entry) = entry_or_time(&mut input)
            && let Said::Time(Time { is_due_only: false, .. }) = &entry.said
        {
            if found.replace(entry).is_some() {
                return None;
            }
            at = tokens.len() - input.len();
        } else {
            at += 1;
        }
    }
    found
}

/// An entry, or the time in it where what follows is no time: "Tháng 10: chủ điểm …".
fn entry_or_time(input: &mut Tokens<'_>) -> Parsed<Entry> {
    let start = input.checkpoint();
    entry(input).or_else(|_| {
        input.reset(&start);
        let said = time.map(Said::Time).parse_next(input)?;
        Ok(Entry { is_apart: false, label: None, said, refined: None, words: String::new() })
    })
}

fn entries(input: &mut Tokens<'_>) -> Parsed<Vec<Entry>> {
    let mut entries = vec![entry(input)?];
    loop {
        let start = input.checkpoint();
        let separator = opt(separators).parse_next(input)?;
        if input.is_empty() || peek(sign(Sign::Close)).parse_next(input).is_ok() {
            input.reset(&start);
            return Ok(entries);
        }
        let mut next = entry(input)?;
        let joins = |said: &Said| !matches!(said, Said::Time(_));
        let beside_recurrence = joins(&next.said) || entries.last().is_some_and(|entry| joins(&entry.said));
        next.is_apart = separator.unwrap_or(!beside_recurrence);
        entries.push(next);
    }
}

/// What parts two entries; whether it is more than a comma.
fn separators(input: &mut Tokens<'_>) -> Parsed<bool> {
    let hard = alt((sign(Sign::Semicolon), sign(Sign::Break))).value(true);
    let soft = alt((sign(Sign::Comma), phrase("và"))).value(false);
    // "… - Đợt 2: …" where the lines of a list were joined
    let dash = (sign(Sign::Dash), peek(label)).value(true);
    let signs: Vec<bool> = repeat(1..=6, alt((hard, soft, dash))).parse_next(input)?;
    Ok(signs.contains(&true))
}

/// One entry; where it is no time, all of it is what is not understood.
fn entry(input: &mut Tokens<'_>) -> Parsed<Entry> {
    let start = input.checkpoint();
    labelled(input).or_else(|failure| match failure {
        ErrMode::Backtrack(_) => fail_at(&start, input),
        failure => Err(failure),
    })
}

fn labelled(input: &mut Tokens<'_>) -> Parsed<Entry> {
    let bullet = opt(sign(Sign::Bullet)).parse_next(input)?;
    opt(sign(Sign::Dash)).parse_next(input)?;
    let mut label = opt(label).parse_next(input)?;
    let start = input.clone();
    let (said, mut refined) = match opt(delimited(sign(Sign::Open), time, sign(Sign::Close))).parse_next(input)? {
        Some(time) => (Said::Time(time), None),
        None => said(input)?,
    };
    let words = token::show(&start[..start.len() - input.len()]);
    if refined.is_none() {
        let bracket = if matches!(said, Said::Repetition(_)) { bracket_of_repetition } else { bracket };
        refined = opt(bracket).parse_next(input)?.flatten();
    }
    if refined.is_none() && is_week(&said) {
        refined = opt(days_of_week).parse_next(input)?;
    }
    if opt((sign(Sign::Open), occasion, sign(Sign::Close))).parse_next(input)?.is_some() {
        label = Some(Label::Occasion);
    }
    Ok(Entry { is_apart: bullet.is_some(), label, said, refined, words })
}

/// What is said, and what behind a colon says it more precisely: "HKI: tháng 10".
fn said(input: &mut Tokens<'_>) -> Parsed<(Said, Option<Vec<Entry>>)> {
    let mut said = alt((repetition.map(Said::Repetition), aside.value(Said::Aside), time.map(Said::Time)));
    let said = said.parse_next(input)?;
    let refined = match said {
        Said::Time(_) => opt(preceded(sign(Sign::Colon), entry)).parse_next(input)?,
        _ => None,
    };
    Ok((said, refined.map(|entry| vec![entry])))
}

/// Whether it is a single week.
fn is_week(said: &Said) -> bool {
    let Said::Time(Time { is_due_only: false, span: Span::Row(row) }) = said else { return false };
    matches!(row.stretches[..], [Stretch::One(Moment::Week { .. })])
}

/// The days of a week, behind it or on the next line: "Tuần 5, từ 02/10 đến 07/10".
fn days_of_week(input: &mut Tokens<'_>) -> Parsed<Vec<Entry>> {
    let is_days = |time: &Time| {
        let Span::Row(row) = &time.span else { return false };
        !time.is_due_only
            && matches!(row.stretches[..], [Stretch::Through(Moment::Day(_) | Moment::Bare(_), Moment::Day(_))])
    };
    let (_, time) = (opt(alt((sign(Sign::Comma), sign(Sign::Break)))), time.verify(is_days)).parse_next(input)?;
    Ok(vec![Entry { is_apart: false, label: None, said: Said::Time(time), refined: None, words: String::new() }])
}

/// What stands in brackets; nothing where that leaves the meaning as it is ("dự kiến", "7h30").
fn bracket(input: &mut Tokens<'_>) -> Parsed<Option<Vec<Entry>>> {
    (opt(sign(Sign::Break)), sign(Sign::Open)).parse_next(input)?;
    let nothing = terminated(lead_in, sign(Sign::Close)).verify(|lead| lead.weekday.is_none()).value(None);
    let entries = terminated(entries, (opt(separators), sign(Sign::Close))).map(Some);
    alt((nothing, entries)).parse_next(input)
}

/// The same behind words of recurrence: "hằng tuần (thứ sáu)".
fn bracket_of_repetition(input: &mut Tokens<'_>) -> Parsed<Option<Vec<Entry>>> {
    alt((delimited(sign(Sign::Open), within, sign(Sign::Close)).value(None), bracket)).parse_next(input)
}

/// "Đợt 1", "lần thứ hai"
fn occasion(input: &mut Tokens<'_>) -> Parsed<()> {
    (one_of(&["đợt", "lần", "lượt"]), opt(phrase("thứ")), numeral).void().parse_next(input)
}

fn label(input: &mut Tokens<'_>) -> Parsed<Label> {
    let before_time =
        one_of(&["tháng", "ngày", "tuần", "quý", "học kỳ", "năm", "vào", "trong", "từ", "cuối", "đầu"]).void();
    let occasion = (occasion, alt((sign(Sign::Colon), peek(sign(Sign::Open)), peek(before_time))));
    let step = (one_of(&["bước", "giai đoạn"]), numeral, sign(Sign::Colon)).value(Label::Step);
    let named = || {
        let name = alt((one_of(&WORK).value(Label::Work), one_of(&STAGES).map(Label::Stage)));
        terminated(name, sign(Sign::Colon))
    };
    let ordinal = (sign(Sign::Ordinal), opt(named())).map(|((), name)| name.unwrap_or(Label::Step));
    alt((occasion.value(Label::Occasion), ordinal, step, named())).parse_next(input)
}
