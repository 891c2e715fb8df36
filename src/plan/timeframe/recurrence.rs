//! Words that say how often rather than when: "thường xuyên", "hằng tháng", "2 lần/học kỳ", "ngày 25 hằng tháng". They
//! count in the time column alone; elsewhere in a plan "bồi dưỡng thường xuyên" is the name of a thing.

use winnow::combinator::{alt, not, opt, preceded, repeat, separated, terminated};
use winnow::prelude::*;

use super::day::{part_of_day, weekday};
use super::month::week;
use super::reading::Recurrence;
use super::token::Sign;
use super::words::{
    Parsed, Tokens, number, numeral, one_of, other_than_expected, phrase, short_number, sign, until_sign,
};

/// Work that goes on: how often, where that is by month or by term.
pub(super) type Repetition = Option<Recurrence>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecurrenceUnit {
    Day,
    Week,
    Month,
    Quarter,
    Term,
    Year,
}

/// Every so many units, as the period by which it is attested.
fn every(count: u32, unit: RecurrenceUnit) -> Repetition {
    match unit {
        RecurrenceUnit::Day | RecurrenceUnit::Week => Some(Recurrence::Month),
        RecurrenceUnit::Month if count <= 1 => Some(Recurrence::Month),
        RecurrenceUnit::Month | RecurrenceUnit::Quarter | RecurrenceUnit::Term => Some(Recurrence::Term),
        RecurrenceUnit::Year => None,
    }
}

/// "Thường xuyên", "Hằng tháng", "Ngày 25 hằng tháng", "Mỗi tuần 2 lần, vào thứ sáu".
pub(super) fn repetition(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let often = (opt(phrase("định kỳ")), cycle).map(|(_, often)| often);
    let when_and_often = (opt(phrase("định kỳ")), within, opt(phrase("định kỳ")), cycle).map(|said| said.3);
    let counted = terminated(alt((abbreviated_weekdays, often, when_and_often)), opt(within_behind));
    alt((counted, ongoing.value(None))).parse_next(input)
}

/// "T2, T4 hằng tuần": there "T" is "thứ", elsewhere "tháng".
fn abbreviated_weekdays(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let weekday = (opt(phrase("t")), short_number.verify(|day| (2..=7).contains(day)));
    let joint = alt((sign(Sign::Comma), phrase("và"), until_sign));
    let weekdays = separated::<_, _, (), _, _, _, _>(1..=6, weekday, joint);
    (weekdays, one_of(&["hằng tuần", "hàng tuần", "mỗi tuần"])).value(every(1, RecurrenceUnit::Week)).parse_next(input)
}

fn cycle(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    alt((each, times_per, interval)).parse_next(input)
}

/// "thường xuyên", "liên tục", "định kỳ": without saying how often.
fn ongoing(input: &mut Tokens<'_>) -> Parsed<()> {
    one_of(&["thường xuyên", "liên tục", "định kỳ"]).void().parse_next(input)
}

/// What is said beside words of recurrence without adding to them; alone it is no time.
pub(super) fn aside(input: &mut Tokens<'_>) -> Parsed<()> {
    let in_the_year = (phrase("trong năm"), not(alt((number.void(), phrase("học")))));
    let words = one_of(&[
        "theo kế hoạch",
        "theo lịch",
        "theo quy định",
        "theo thời khóa biểu",
        "theo tkb",
        "đột xuất",
        "khi cần thiết",
        "khi cần",
        "khi có yêu cầu",
    ]);
    alt((in_the_year.void(), words.void())).parse_next(input)
}

/// "hằng tháng", "mỗi học kỳ ít nhất 2 lần"
fn each(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let each = one_of(&["hằng", "hàng", "mỗi", "từng"]);
    let (_, unit) = (each, unit).parse_next(input)?;
    opt(preceded(opt(sign(Sign::Comma)), times)).parse_next(input)?;
    Ok(every(1, unit))
}

/// "2 lần/học kỳ", "ít nhất 1 lần mỗi tháng", "1 lần trong 2 tuần"
fn times_per(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    times(input)?;
    let joint = alt((
        (sign(Sign::Stroke), opt(phrase("mỗi"))).void(),
        one_of(&["trong mỗi", "trong một", "trong", "trên", "một", "mỗi", "hằng", "hàng"]).void(),
    ));
    let ((), count, unit) = (joint, opt(numeral), unit).parse_next(input)?;
    Ok(every(count.unwrap_or(1), unit))
}

/// "2 lần", "ít nhất 01 lần", "1-2 lần"
fn times(input: &mut Tokens<'_>) -> Parsed<()> {
    let least = opt(one_of(&["ít nhất", "tối thiểu", "khoảng", "từ"]));
    (least, numeral, opt((until_sign, numeral)), phrase("lần")).void().parse_next(input)
}

/// "2 tuần/lần", "tháng/lần", "cứ 2 tuần một lần"
fn interval(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let (_, count, unit) = (opt(phrase("cứ")), opt(numeral), unit).parse_next(input)?;
    let slash = opt(sign(Sign::Stroke)).parse_next(input)?.is_some();
    let one = opt(numeral.verify(|times| *times == 1)).parse_next(input)?.is_some();
    phrase("lần").parse_next(input)?;
    if slash || one { Ok(every(count.unwrap_or(1), unit)) } else { other_than_expected(input) }
}

fn unit(input: &mut Tokens<'_>) -> Parsed<RecurrenceUnit> {
    let mut unit = alt((
        one_of(&["ngày"]).value(RecurrenceUnit::Day),
        one_of(&["tuần"]).value(RecurrenceUnit::Week),
        one_of(&["tháng"]).value(RecurrenceUnit::Month),
        one_of(&["quý"]).value(RecurrenceUnit::Quarter),
        one_of(&["học kỳ", "kỳ"]).value(RecurrenceUnit::Term),
        one_of(&["năm học", "năm"]).value(RecurrenceUnit::Year),
    ));
    let unit = unit.parse_next(input)?;
    // "mỗi tháng 9": a month, not every one.
    let is_named = |input: &mut Tokens<'_>| (numeral, not(alt((phrase("lần"), until_sign)))).void().parse_next(input);
    not(is_named).parse_next(input)?;
    Ok(unit)
}

/// When within each period: "ngày 25", "chiều thứ sáu tuần 2, tuần 4", "trước ngày 05", "cuối", "tuần cuối".
pub(super) fn within(input: &mut Tokens<'_>) -> Parsed<()> {
    let joint = alt((sign(Sign::Comma), sign(Sign::Semicolon), phrase("và"), until_sign, phrase("của")));
    let group = (opt(one_of(&["trước", "vào", "từ", "trong", "các"])), repeat::<_, _, (), _, _>(1..=3, piece));
    separated::<_, _, (), _, _, _, _>(1..=8, group, joint).parse_next(input)?;
    opt(one_of(&["của", "trong"])).void().parse_next(input)
}

/// The same behind the words of recurrence: "hằng tháng, vào ngày 25".
fn within_behind(input: &mut Tokens<'_>) -> Parsed<()> {
    let start = input.checkpoint();
    let joint = opt(alt((sign(Sign::Comma), sign(Sign::Colon))));
    let vague = not(one_of(&["từ", "trong"]));
    (joint, vague, within).parse_next(input)?;
    // "hằng tuần, tuần 3 tháng 10": when it is to be done, after all.
    let goes_on = alt((sign(Sign::Stroke).void(), sign(Sign::Dash).void(), one_of(&["tháng", "năm", "học kỳ"]).void()));
    if not(goes_on).parse_next(input).is_err() {
        input.reset(&start);
        return other_than_expected(input);
    }
    Ok(())
}

fn piece(input: &mut Tokens<'_>) -> Parsed<()> {
    let date = |input: &mut Tokens<'_>| {
        let ordinal = short_number.verify(|day| (1..=31).contains(day));
        let later =
            alt((sign(Sign::Stroke).void(), one_of(&["tháng", "lần", "tuần", "h", "giờ", "ngày", "quý"]).void()));
        (opt(phrase("ngày")), opt(one_of(&["mồng", "mùng"])), ordinal, not(later)).void().parse_next(input)
    };
    let month = (phrase("tháng"), one_of(&["đầu", "giữa", "cuối"])).void();
    let days = (phrase("ngày"), one_of(&["đầu", "cuối cùng", "cuối"])).void();
    alt((
        weekday.void(),
        part_of_day,
        (phrase("tuần"), week).void(),
        month,
        days,
        one_of(&["đầu", "giữa", "cuối"]).void(),
        date,
    ))
    .parse_next(input)
}
