//! What is one moment and what runs from one to another: "từ A đến B", "hoàn thành A", "bắt đầu A".
//!
//! ```text
//! time  = { "Hoàn thành" | "Chậm nhất" | "Hạn" | "Đến" | … } ( "Từ nay đến" moment | from | span )
//! from  = ("Từ" | "Bắt đầu" | …) row [ until moment | "hoàn thành" moment | "trở đi" ]
//! span  = row [ until moment | "hoàn thành" moment ]
//! row   = one moment, or several of a kind: "tháng 9, 10/2023", "tuần 1 và 2 tháng 10"
//! ```

use winnow::combinator::{alt, opt, preceded, repeat};
use winnow::prelude::*;

use super::day::{days, fillers, hours_between, lead_in};
use super::moment::{Moment, MonthPart, Stretch};
use super::month::{first_days, half_year, months, parts_of_month, quarters, weeks, weeks_at_edge};
use super::school::{calendar_year, opening, phase, school_year, school_year_behind, summer, terms};
use super::token::Sign;
use super::words::{Parsed, Tokens, fail_at, one_of, phrase, sign, until_sign};

/// When something is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// Whether only the last day counts.
    pub(super) is_due_only: bool,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Row(SpanRow),
    /// From a moment to the end of the school year.
    Onwards(Moment),
    /// From the plan's issue to a moment.
    FromNow(Moment),
}

/// One stretch of time or several of a kind, and the school year that they are said to be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SpanRow {
    pub(super) stretches: Vec<Stretch>,
    pub(super) years: Option<(u32, u32)>,
}

/// Words after which only the last day counts.
const DUE_ONLY: [&str; 21] = [
    "không muộn hơn",
    "không chậm hơn",
    "không quá",
    "thời gian hoàn thành",
    "thời hạn hoàn thành",
    "hạn hoàn thành",
    "phải hoàn thành",
    "hoàn thành",
    "thực hiện xong",
    "xong",
    "kết thúc",
    "chậm nhất",
    "muộn nhất",
    "trễ nhất",
    "hạn cuối",
    "hạn chót",
    "hạn nộp",
    "nộp",
    "thời hạn",
    "hạn",
    "đến",
];

/// Words that begin a span without an end of its own.
const FROM: [&str; 12] = [
    "bắt đầu từ",
    "bắt đầu vào",
    "bắt đầu",
    BEGINS,
    "thực hiện từ",
    "triển khai từ",
    "áp dụng từ",
    "kể từ khi",
    "kể từ",
    "ngay từ",
    "từ khi",
    "từ",
];

/// "Bắt đầu", beside which "KT" and "HT" are the end and not a check or a headmaster.
const BEGINS: &str = "bđ";
/// "Kết thúc", "Hoàn thành".
const ENDS: [&str; 2] = ["kt", "ht"];

/// Words before the moment by which something that began is to be finished.
const FINISH: [&str; 5] = ["phải hoàn thành", "hoàn thành", "kết thúc", "đến hết", "xong"];

/// Everything that says when: a span, the last day of one, or what is left of the school year.
pub(super) fn time(input: &mut Tokens<'_>) -> Parsed<Time> {
    (fillers, opt(hours_between)).parse_next(input)?;
    let due_words = (one_of(&DUE_ONLY), opt(sign(Sign::Colon)), opt(phrase("là")), fillers);
    let due_words: Vec<_> = repeat(0..=3, due_words).parse_next(input)?;
    let span = alt((from_now, onwards, row.map(Span::Row))).parse_next(input)?;
    let is_due_only = !due_words.is_empty();
    if let Span::Row(SpanRow { stretches, years }) = &span
        && let [Stretch::One(first)] = &stretches[..]
        && let Some(last) = opt(alt((until, finish))).parse_next(input)?
    {
        let stretches = vec![Stretch::Through(first.clone(), last)];
        return Ok(Time { is_due_only, span: Span::Row(SpanRow { stretches, years: *years }) });
    }
    Ok(Time { is_due_only, span })
}

/// "Từ nay đến cuối năm học"
fn from_now(input: &mut Tokens<'_>) -> Parsed<Span> {
    preceded((one_of(&["từ nay", "từ bây giờ"]), until_sign), moment).map(Span::FromNow).parse_next(input)
}

/// "Từ A đến B", "Bắt đầu A; hoàn thành B", "Từ A trở đi", "Từ A".
fn onwards(input: &mut Tokens<'_>) -> Parsed<Span> {
    let (begins, _, _) = (one_of(&FROM), opt(sign(Sign::Colon)), opt(one_of(&["từ", "trong"]))).parse_next(input)?;
    let mut row = row(input)?;
    let [stretch] = &row.stretches[..] else {
        // Several of a kind: only a row that runs through is a span.
        return Ok(Span::Row(row));
    };
    let Stretch::One(first) = stretch.clone() else { return Ok(Span::Row(row)) };
    if let Some(last) = opt(alt((until, finish))).parse_next(input)? {
        row.stretches = vec![Stretch::Through(first, last)];
        return Ok(Span::Row(row));
    }
    if begins == BEGINS
        && let Some(last) = opt(preceded((joints, one_of(&ENDS), opt(sign(Sign::Colon))), moment)).parse_next(input)?
    {
        row.stretches = vec![Stretch::Through(first, last)];
        return Ok(Span::Row(row));
    }
    opt(one_of(&["trở đi", "trở về sau", "về sau"])).parse_next(input)?;
    Ok(Span::Onwards(first))
}

/// "đến B"
fn until(input: &mut Tokens<'_>) -> Parsed<Moment> {
    preceded(until_sign, moment).parse_next(input)
}

/// "; hoàn thành: B"
fn finish(input: &mut Tokens<'_>) -> Parsed<Moment> {
    joints(input)?;
    preceded((one_of(&FINISH), opt(sign(Sign::Colon)), opt(one_of(&["vào", "trong"]))), moment).parse_next(input)
}

/// What stands between the beginning and the end.
fn joints(input: &mut Tokens<'_>) -> Parsed<()> {
    let joint = alt((sign(Sign::Comma), sign(Sign::Semicolon), sign(Sign::Break), sign(Sign::Dash), phrase("và")));
    repeat::<_, _, (), _, _>(0..=3, joint).parse_next(input)
}

/// A single moment.
pub(super) fn moment(input: &mut Tokens<'_>) -> Parsed<Moment> {
    let start = input.checkpoint();
    match row(input)?.stretches.as_slice() {
        [Stretch::One(moment)] => Ok(moment.clone()),
        _ => fail_at(&start, input),
    }
}

/// One moment or several of a kind, with the words before it that leave its meaning as it is, and the school year
/// behind it.
pub(super) fn row(input: &mut Tokens<'_>) -> Parsed<SpanRow> {
    let start = input.checkpoint();
    let lead = opt(lead_in).parse_next(input)?.unwrap_or_default();
    let mut stretches = match (lead.weekday, alt((before, end, kinds)).parse_next(input)) {
        (_, Ok(stretches)) => stretches,
        (Some(weekday), Err(winnow::error::ErrMode::Backtrack(_))) => {
            input.reset(&start);
            lead_in(input)?;
            return Ok(SpanRow { stretches: vec![Stretch::One(Moment::Weekday(weekday))], years: None });
        }
        (_, Err(failure)) => return Err(failure),
    };
    if let Some(weekday) = lead.weekday {
        let [Stretch::One(moment)] = &stretches[..] else { return fail_at(&start, input) };
        stretches = vec![Stretch::One(Moment::On(weekday, Box::new(moment.clone())))];
    }
    let years = opt(school_year_behind).parse_next(input)?.flatten();
    Ok(SpanRow { stretches, years })
}

/// "Trước A": the day before; with an hour, the day itself.
fn before(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    (phrase("trước"), opt(one_of(&["khi", "lúc"]))).parse_next(input)?;
    let lead = opt(lead_in).parse_next(input)?.unwrap_or_default();
    let start = input.checkpoint();
    let stretches = alt((end, kinds)).parse_next(input)?;
    let [Stretch::One(moment)] = &stretches[..] else { return fail_at(&start, input) };
    // "trước cuối tháng 10": before the 21st, or before the last day?
    let is_vague = matches!(
        moment,
        Moment::PartOfMonth { part: MonthPart::Late | MonthPart::SecondHalf, .. }
            | Moment::EdgeOfQuarter { is_last: true, .. }
            | Moment::EdgeOfYear { is_last: true, .. }
    );
    if is_vague {
        return fail_at(&start, input);
    }
    let moment = lead.on(moment.clone());
    let moment = if lead.has_hour { Moment::End(Box::new(moment)) } else { Moment::Before(Box::new(moment)) };
    Ok(vec![Stretch::One(moment)])
}

/// "Hết A", "Sơ kết A": its last day.
fn end(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    one_of(&["hết", "kết thúc", "sơ kết", "tổng kết"]).parse_next(input)?;
    let lead = opt(lead_in).parse_next(input)?.unwrap_or_default();
    let start = input.checkpoint();
    let stretches = kinds(input)?;
    let [Stretch::One(moment)] = &stretches[..] else { return fail_at(&start, input) };
    Ok(vec![Stretch::One(Moment::End(Box::new(lead.on(moment.clone()))))])
}

/// Every kind of moment.
fn kinds(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let of_months = alt((half_year, weeks_at_edge, first_days, months, parts_of_month, weeks, quarters));
    let of_years = alt((phase, terms, school_year, summer, opening, calendar_year));
    alt((of_months, of_years, days)).parse_next(input)
}
