//! Months, their parts, weeks and quarters, one or several in a row, in digits or in words.

use winnow::combinator::{alt, eof, not, opt, peek, preceded};
use winnow::prelude::*;

use super::moment::{Moment, Month, MonthDay, MonthPart, Stretch, Week};
use super::reason::Unresolved;
use super::token::Sign;
use super::words::{
    Parsed, Tokens, number, numeral, one_of, other_than_expected, phrase, short_number, sign, until_sign, wrong, year,
    year_behind,
};

/// "Tháng 10/2023", "Tháng 9, 10, 11/2023", "tháng 9 - 12", "trong tháng".
pub(super) fn months(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    (opt(one_of(&["các", "cả"])), phrase("tháng")).parse_next(input)?;
    if stands_alone(input) {
        return Ok(vec![Stretch::One(Moment::Month(Month::default()))]);
    }
    let first = month_number(input)?;
    let mut months = rest_of_row(first, another_month, input)?;
    let year = opt(year_behind).parse_next(input)?;
    if let Some((_, last)) = months.last_mut() {
        last.year = year;
    }
    Ok(stretches(months, Moment::Month))
}

/// The rest of a row of which the first is read: whether each runs on from the one before it, and what it is.
fn rest_of_row<'a, T>(
    first: T,
    mut another: impl Parser<Tokens<'a>, T, winnow::error::ErrMode<super::words::ParseFailure>>,
    input: &mut Tokens<'a>,
) -> Parsed<Vec<(bool, T)>> {
    let mut row = vec![(false, first)];
    loop {
        let start = input.checkpoint();
        let is_range = opt(until_sign).parse_next(input)?.is_some();
        let is_list = opt(alt((sign(Sign::Comma), phrase("và")))).parse_next(input)?.is_some();
        match opt(another.by_ref()).parse_next(input)? {
            Some(next) if is_range != is_list => row.push((is_range, next)),
            _ => {
                input.reset(&start);
                return Ok(row);
            }
        }
    }
}

fn stretches<T>(row: Vec<(bool, T)>, moment: impl Fn(T) -> Moment) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (is_range, one) in row {
        let last = moment(one);
        match stretches.pop() {
            Some(Stretch::One(first)) if is_range => stretches.push(Stretch::Through(first, last)),
            before => stretches.extend(before.into_iter().chain([Stretch::One(last)])),
        }
    }
    stretches
}

/// The number of a further month: no day, hour or count.
fn another_month(input: &mut Tokens<'_>) -> Parsed<Month> {
    let number = short_number.verify(|month| (1..=12).contains(month)).parse_next(input)?;
    let is_day = |input: &mut Tokens<'_>| {
        (sign(Sign::Stroke), short_number.verify(|month| *month <= 12)).void().parse_next(input)
    };
    let counts = one_of(&["tháng", "h", "giờ", "lần", "tuần", "ngày"]).void();
    not(alt((is_day, counts))).parse_next(input)?;
    Ok(Month { number: Some(number), year: None })
}

/// The number of a month behind "tháng".
fn month_number(input: &mut Tokens<'_>) -> Parsed<Month> {
    let left_out =
        peek(alt((eof.void(), sign(Sign::Gap), sign(Sign::Stroke), (phrase("năm"), not(phrase("năm"))).void())));
    if opt(left_out).parse_next(input)?.is_some() {
        return wrong(Unresolved::MonthMissing);
    }
    let number = numeral(input)?;
    if !(1..=12).contains(&number) {
        return wrong(Unresolved::NotInCalendar(format!("tháng {number}")));
    }
    Ok(Month { number: Some(number), year: None })
}

/// A month behind "tháng", with its year where one is written.
pub(super) fn month_and_year(input: &mut Tokens<'_>) -> Parsed<Month> {
    let month = month_number(input)?;
    Ok(Month { year: opt(year_behind).parse_next(input)?, ..month })
}

/// Whether nothing belongs to the word before: what stands around says which is meant.
fn stands_alone(input: &mut Tokens<'_>) -> bool {
    let ends = [Sign::Close, Sign::Comma, Sign::Semicolon, Sign::Break, Sign::Open];
    match input.first() {
        None => true,
        Some(super::token::Token::Sign(next)) => ends.contains(next),
        Some(_) => false,
    }
}

/// "Cuối tháng 10/2023", "Nửa đầu tháng 10"
pub(super) fn parts_of_month(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let part = alt((
        one_of(&["nửa đầu"]).value(MonthPart::FirstHalf),
        one_of(&["nửa cuối", "nửa sau"]).value(MonthPart::SecondHalf),
        one_of(&["đầu"]).value(MonthPart::Early),
        one_of(&["giữa"]).value(MonthPart::Mid),
        one_of(&["cuối"]).value(MonthPart::Late),
    ));
    // The three parts of ten days have names of their own.
    let days = alt((
        one_of(&["thượng tuần"]).value(MonthPart::Early),
        one_of(&["trung tuần"]).value(MonthPart::Mid),
        one_of(&["hạ tuần"]).value(MonthPart::Late),
    ));
    let (part, ()) = (alt((part, days)), phrase("tháng")).parse_next(input)?;
    let month = if stands_alone(input) { Month::default() } else { month_and_year(input)? };
    Ok(vec![Stretch::One(Moment::PartOfMonth { part, month })])
}

/// "Tuần 3 tháng 10/2023", "Tuần 1 và 2 tháng 10", "Tuần 1-4".
pub(super) fn weeks(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    one_of(&["tuần lễ", "tuần"]).parse_next(input)?;
    let first = week(input)?;
    let more = preceded(opt(one_of(&["tuần lễ", "tuần"])), numbered_week);
    let row = rest_of_row(first, more, input)?;
    let joint = opt(alt((phrase("của"), phrase("trong"), sign(Sign::Comma), sign(Sign::Stroke), sign(Sign::Dash))));
    let month = opt(preceded((joint, phrase("tháng")), month_and_year)).parse_next(input)?.unwrap_or_default();
    if month.number.is_none() && row.iter().any(|(_, week)| *week == Week::Last) {
        // "tuần cuối của tháng": the month around.
        opt((opt(one_of(&["của", "trong"])), phrase("tháng"))).parse_next(input)?;
    }
    Ok(stretches(row, |week| Moment::Week { week, month }))
}

/// Which week: "3", "thứ ba", "cuối", "đầu tiên".
pub(super) fn week(input: &mut Tokens<'_>) -> Parsed<Week> {
    alt((
        one_of(&["cuối cùng", "cuối"]).value(Week::Last),
        one_of(&["đầu tiên", "đầu"]).value(Week::Number(1)),
        numbered_week,
    ))
    .parse_next(input)
}

fn numbered_week(input: &mut Tokens<'_>) -> Parsed<Week> {
    opt(phrase("thứ")).parse_next(input)?;
    let week = numeral(input)?;
    // "tuần 3, 15/10": a date follows, not a week; "tuần 3/10" may be either.
    not(alt(((sign(Sign::Stroke), number).void(), one_of(&["h", "giờ", "lần"]).void()))).parse_next(input)?;
    Ok(Week::Number(week))
}

/// "Hai tuần đầu tháng 10", "2 tuần cuối tháng 12/2023"
pub(super) fn weeks_at_edge(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let (count, ()) = (numeral, phrase("tuần")).parse_next(input)?;
    let edge = one_of(&["đầu tiên", "đầu", "cuối cùng", "cuối"]).parse_next(input)?;
    (opt(phrase("của")), phrase("tháng")).parse_next(input)?;
    let month = if stands_alone(input) { Month::default() } else { month_and_year(input)? };
    if edge.starts_with("cuối") {
        return Ok(vec![Stretch::One(Moment::LastWeeks { count, month })]);
    }
    let week = |number| Moment::Week { week: Week::Number(number), month };
    Ok(vec![Stretch::Through(week(1), week(count))])
}

/// "10 ngày đầu tháng 10"
pub(super) fn first_days(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let (count, ()) = (numeral, phrase("ngày")).parse_next(input)?;
    (one_of(&["đầu tiên", "đầu"]), opt(phrase("của")), phrase("tháng")).parse_next(input)?;
    let month = if stands_alone(input) { Month::default() } else { month_and_year(input)? };
    let day = |day| Moment::Day(MonthDay { day, month });
    Ok(vec![Stretch::Through(day(1), day(count))])
}

/// "Quý I/2024", "Quý III-IV/2023", "Cuối quý I/2024", "trong quý".
pub(super) fn quarters(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let (edge, ()) = (opt(one_of(&["đầu", "cuối"])), phrase("quý")).parse_next(input)?;
    if let Some(edge) = edge {
        let quarter = if stands_alone(input) { None } else { Some(quarter(input)?) };
        let year = opt(year_behind).parse_next(input)?;
        return Ok(vec![Stretch::One(Moment::EdgeOfQuarter { is_last: edge == "cuối", quarter, year })]);
    }
    if stands_alone(input) {
        return Ok(vec![Stretch::One(Moment::Quarter { quarter: None, year: None })]);
    }
    let first = quarter(input)?;
    let row = rest_of_row(first, preceded(opt(phrase("quý")), quarter), input)?;
    let year = opt(year_behind).parse_next(input)?;
    let last = row.len() - 1;
    let row: Vec<(bool, (u32, Option<i16>))> = row
        .into_iter()
        .enumerate()
        .map(|(at, (range, quarter))| (range, (quarter, year.filter(|_| at == last))))
        .collect();
    Ok(stretches(row, |(quarter, year)| Moment::Quarter { quarter: Some(quarter), year }))
}

fn quarter(input: &mut Tokens<'_>) -> Parsed<u32> {
    numeral.verify(|quarter| (1..=4).contains(quarter)).parse_next(input)
}

/// "6 tháng đầu năm 2024", "6 tháng cuối năm 2023"
pub(super) fn half_year(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    (numeral.verify(|count| *count == 6), phrase("tháng")).parse_next(input)?;
    let half = one_of(&["đầu", "cuối"]).parse_next(input)?;
    phrase("năm").parse_next(input)?;
    let Some(year) = opt(year).parse_next(input)? else { return wrong(Unresolved::YearMissing) };
    if opt(phrase("học")).parse_next(input)?.is_some() {
        return other_than_expected(input);
    }
    Ok(vec![Stretch::One(Moment::HalfYear { is_second: half == "cuối", year })])
}
