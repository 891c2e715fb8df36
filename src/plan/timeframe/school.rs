//! Terms, the school year, the summer, and calendar years.

use winnow::combinator::{alt, not, opt, preceded};
use winnow::prelude::*;

use super::moment::{Moment, Stretch};
use super::reason::Unresolved;
use super::token::Sign;
use super::words::{
    Parsed, Tokens, number, numeral, one_of, other_than_expected, phrase, sign, until_sign, wrong, year,
};

/// "Học kỳ I", "HKI, HKII", "Cả hai học kỳ", "Đầu HKII", "Cuối học kỳ I", "trong học kỳ".
pub(super) fn terms(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let both = (opt(one_of(&["cả", "trong cả"])), numeral.verify(|count| *count == 2), one_of(&["học kỳ", "kỳ"]));
    if opt(both).parse_next(input)?.is_some() {
        return Ok(vec![Stretch::Through(Moment::Term(Some(1)), Moment::Term(Some(2)))]);
    }
    let edge = opt(one_of(&["đầu", "cuối"])).parse_next(input)?;
    let first = term(input)?;
    if let Some(edge) = edge {
        return Ok(vec![Stretch::One(Moment::EdgeOfTerm { is_last: edge == "cuối", term: first })]);
    }
    let mut terms = vec![Stretch::One(Moment::Term(first))];
    let another = preceded(alt((sign(Sign::Comma), sign(Sign::Dash), phrase("và"))), term_number);
    if first.is_some()
        && let Some(second) = opt(another).parse_next(input)?
    {
        terms.push(Stretch::One(Moment::Term(Some(second))));
    }
    Ok(terms)
}

/// A term by its number; the one around without.
fn term(input: &mut Tokens<'_>) -> Parsed<Option<u32>> {
    let name = one_of(&["học kỳ", "kỳ"]).parse_next(input)?;
    let number = opt(term_number).parse_next(input)?;
    if number.is_none() && name == "kỳ" { other_than_expected(input) } else { Ok(number) }
}

fn term_number(input: &mut Tokens<'_>) -> Parsed<u32> {
    opt(phrase("thứ")).parse_next(input)?;
    let number = numeral.verify(|number| (1..=3).contains(number)).parse_next(input)?;
    not(sign(Sign::Stroke)).parse_next(input)?;
    Ok(number)
}

/// "Năm học 2023-2024", "Cả năm học", "Đầu năm học", "Cuối năm học", "Quanh năm", "Năm 2023-2024".
pub(super) fn school_year(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let one = |moment| Ok(vec![Stretch::One(moment)]);
    if let Some(edge) = opt(one_of(&["đầu", "cuối"])).parse_next(input)? {
        let years = named_school_year(input)?;
        return one(Moment::EdgeOfSchoolYear { is_last: edge == "cuối", years });
    }
    let whole = one_of(&["cả", "xuyên suốt", "suốt", "trọn", "quanh", "các tháng trong", "các tháng của"]);
    if opt(whole).parse_next(input)?.is_some() {
        opt(phrase("cả")).parse_next(input)?;
        if let Some(years) = opt(named_school_year).parse_next(input)? {
            return one(Moment::SchoolYear(years));
        }
        (phrase("năm"), not(number)).parse_next(input)?;
        return one(Moment::SchoolYear(None));
    }
    alt((named_school_year, preceded(phrase("năm"), two_years.map(Some)))).parse_next(input).and_then(|years| {
        further(input)?;
        one(Moment::SchoolYear(years))
    })
}

/// "năm học", with or without its years.
fn named_school_year(input: &mut Tokens<'_>) -> Parsed<Option<(u32, u32)>> {
    (phrase("năm học"), opt(sign(Sign::Colon))).parse_next(input)?;
    opt(two_years).parse_next(input)
}

/// "2023-2024", "2023-24"
fn two_years(input: &mut Tokens<'_>) -> Parsed<(u32, u32)> {
    let joint = alt((sign(Sign::Dash), sign(Sign::Stroke)));
    let (from, (), to) = (number.verify(|number| number.is_year()), joint, number).parse_next(input)?;
    match to.digits {
        4 => Ok((from.value, to.value)),
        2 => Ok((from.value, from.value / 100 * 100 + to.value)),
        _ => other_than_expected(input),
    }
}

/// "và những năm tiếp theo": what lies behind the school year is not ours.
fn further(input: &mut Tokens<'_>) -> Parsed<()> {
    let words = one_of(&[
        "và những năm học tiếp theo",
        "và các năm học tiếp theo",
        "và những năm tiếp theo",
        "và các năm tiếp theo",
    ]);
    opt(words).void().parse_next(input)
}

/// The school year behind a moment: "Học kỳ II năm học 2023-2024", "10/2023, năm học 2023-2024".
pub(super) fn school_year_behind(input: &mut Tokens<'_>) -> Parsed<Option<(u32, u32)>> {
    let joint = opt(alt((sign(Sign::Comma), phrase("của"), phrase("trong"))));
    let named = alt((named_school_year, preceded(phrase("năm"), two_years.map(Some))));
    let years = preceded(joint, named).parse_next(input)?;
    further(input)?;
    Ok(years)
}

/// "Hè 2024", "Trong hè", "Nghỉ hè năm 2024"
pub(super) fn summer(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    one_of(&["kỳ nghỉ hè", "nghỉ hè", "dịp hè", "hè"]).parse_next(input)?;
    let year = opt(preceded((opt(sign(Sign::Stroke)), opt(phrase("năm"))), year)).parse_next(input)?;
    Ok(vec![Stretch::One(Moment::Summer(year))])
}

/// "Khai giảng", "Lễ khai giảng năm học mới"
pub(super) fn opening(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    (opt(one_of(&["ngày", "lễ"])), phrase("khai giảng"), opt(phrase("năm học mới"))).parse_next(input)?;
    Ok(vec![Stretch::One(Moment::Opening)])
}

/// "Năm 2024", "Đầu năm 2024", "Cuối năm 2023"
pub(super) fn calendar_year(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let (edge, ()) = (opt(one_of(&["đầu", "cuối"])), phrase("năm")).parse_next(input)?;
    let Some(year) = opt(year).parse_next(input)? else { return wrong(Unresolved::YearMissing) };
    let moment = match edge {
        Some(edge) => Moment::EdgeOfYear { is_last: edge == "cuối", year },
        None => Moment::CalendarYear(year),
    };
    Ok(vec![Stretch::One(moment)])
}

/// "Giai đoạn 2023-2025": from the first of January of one year to the end of another.
pub(super) fn phase(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    (phrase("giai đoạn"), opt(phrase("từ")), opt(phrase("năm"))).parse_next(input)?;
    let (from, (), _, to) = (year, until_sign, opt(phrase("năm")), year).parse_next(input)?;
    if to < from || to - from > 20 {
        return other_than_expected(input);
    }
    Ok(vec![Stretch::One(Moment::Phase(from, to))])
}
