//! Days: "15/10/2023", "ngày 15 tháng 10", "01-15/9", days with a name; and the words of occasion, hour and day of the
//! week before them.

use jiff::civil::Weekday;
use winnow::combinator::{alt, not, opt, peek, preceded, repeat};
use winnow::prelude::*;

use super::moment::{Moment, Month, MonthDay, Stretch};
use super::month::month_and_year;
use super::reason::Unresolved;
use super::school::opening;
use super::token::{Number, Sign};
use super::words::{
    Parsed, Tokens, fail_at, number, one_of, other_than_expected, phrase, short_number, sign, strokes, until_sign,
    wrong, year,
};

/// What stands before a moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeadIn {
    pub(super) weekday: Option<Weekday>,
    pub(super) has_hour: bool,
}

impl LeadIn {
    /// The moment on the day of the week before it.
    pub(super) fn on(self, moment: Moment) -> Moment {
        match self.weekday {
            Some(weekday) => Moment::On(weekday, Box::new(moment)),
            None => moment,
        }
    }
}

#[derive(Clone, Copy)]
enum DayWord {
    Weekday(Weekday),
    Hour,
    Nothing,
}

/// Words before a moment that leave its meaning as it is.
const FILLERS: [&str; 26] = [
    "nhân dịp kỷ niệm",
    "nhân dịp",
    "vào dịp",
    "trong dịp",
    "dịp kỷ niệm",
    "dịp",
    "nhân kỷ niệm",
    "kỷ niệm",
    "lễ kỷ niệm",
    "chào mừng",
    "vào khoảng thời gian",
    "trong khoảng thời gian",
    "trong thời gian",
    "thời gian thực hiện",
    "thời gian",
    "thực hiện trong",
    "thực hiện vào",
    "thực hiện",
    "tổ chức vào",
    "trong",
    "vào khoảng",
    "vào",
    "khoảng",
    "dự kiến",
    "lúc",
    "nhân",
];

/// Words of occasion and hour ("Sáng 28/9", "8h00 ngày …", "dự kiến"), and the day of the week.
pub(super) fn lead_in(input: &mut Tokens<'_>) -> Parsed<LeadIn> {
    let start = input.checkpoint();
    let filler = (one_of(&FILLERS), opt(sign(Sign::Colon))).value(DayWord::Nothing);
    let word =
        alt((hours.value(DayWord::Hour), part_of_day.value(DayWord::Nothing), weekday.map(DayWord::Weekday), filler));
    let comma = opt((sign(Sign::Comma), peek(alt((phrase("ngày"), phrase("thứ"), phrase("lúc"), number.void())))));
    let words: Vec<DayWord> = repeat(1..=8, (word, comma).map(|(word, _)| word)).parse_next(input)?;
    let mut lead = LeadIn::default();
    for word in words {
        match word {
            DayWord::Weekday(_) if lead.weekday.is_some() => return fail_at(&start, input),
            DayWord::Weekday(weekday) => lead.weekday = Some(weekday),
            DayWord::Hour => lead.has_hour = true,
            DayWord::Nothing => {}
        }
    }
    Ok(lead)
}

/// Words before a span that leave its meaning as it is.
pub(super) fn fillers(input: &mut Tokens<'_>) -> Parsed<()> {
    repeat(0..=4, (one_of(&FILLERS), opt(sign(Sign::Colon))).void()).parse_next(input)
}

/// "sáng", "đầu giờ chiều"
pub(super) fn part_of_day(input: &mut Tokens<'_>) -> Parsed<()> {
    (opt(one_of(&["buổi", "đầu giờ", "cuối giờ"])), one_of(&["sáng", "trưa", "chiều", "tối"])).void().parse_next(input)
}

/// "từ 8h đến 11h"
pub(super) fn hours_between(input: &mut Tokens<'_>) -> Parsed<()> {
    (opt(phrase("từ")), hour, until_sign, hour).void().parse_next(input)
}

/// "7h30", "8 giờ", "từ 8h đến 11h"
fn hours(input: &mut Tokens<'_>) -> Parsed<()> {
    alt((hours_between, hour)).parse_next(input)
}

fn hour(input: &mut Tokens<'_>) -> Parsed<()> {
    let two_digits = number.verify(|number| number.digits == 2 && number.value < 60);
    // "8h 15/10", "8h 15-10": a date; "7h00 - 11h00": minutes.
    let next_hour = (number, alt((sign(Sign::Colon), one_of(&["h", "giờ", "g"]).void())));
    let alone = not(alt((sign(Sign::Stroke), (sign(Sign::Dash), not(next_hour)).void())));
    let mut minutes = (two_digits, alone, opt(one_of(&["phút", "p"])), opt(sign(Sign::Other('\''))));
    short_number.verify(|hour| *hour <= 24).parse_next(input)?;
    let colon = opt(sign(Sign::Colon)).parse_next(input)?;
    if colon.is_none() {
        one_of(&["h", "giờ", "g"]).parse_next(input)?;
        opt(minutes).parse_next(input)?;
    } else {
        minutes.parse_next(input)?;
    }
    Ok(())
}

/// "thứ hai", "thứ 6", "chủ nhật"
pub(super) fn weekday(input: &mut Tokens<'_>) -> Parsed<Weekday> {
    if opt(phrase("chủ nhật")).parse_next(input)?.is_some() {
        return Ok(Weekday::Sunday);
    }
    phrase("thứ").parse_next(input)?;
    let in_digits = short_number.verify(|day| (2..=7).contains(day));
    let in_words = alt((
        phrase("hai").value(2),
        phrase("ba").value(3),
        phrase("tư").value(4),
        phrase("năm").value(5),
        phrase("sáu").value(6),
        phrase("bảy").value(7),
    ));
    let day = alt((in_digits, in_words)).parse_next(input)?;
    let monday_one = i8::try_from(day - 1).unwrap_or(1);
    Weekday::from_monday_one_offset(monday_one).or_else(|_| other_than_expected(input))
}

/// Days that have a name, the same each year.
const NAMED: [(&str, u32, u32); 27] = [
    ("quốc khánh", 2, 9),
    ("phụ nữ việt nam", 20, 10),
    ("thành lập hội liên hiệp phụ nữ việt nam", 20, 10),
    ("pháp luật việt nam", 9, 11),
    ("pháp luật", 9, 11),
    ("nhà giáo việt nam", 20, 11),
    ("thành lập quân đội nhân dân việt nam", 22, 12),
    ("thành lập quân đội nhân dân", 22, 12),
    ("thành lập quân đội", 22, 12),
    ("hội quốc phòng toàn dân", 22, 12),
    ("học sinh sinh viên", 9, 1),
    ("thành lập đảng cộng sản việt nam", 3, 2),
    ("thành lập đảng", 3, 2),
    ("thầy thuốc việt nam", 27, 2),
    ("quốc tế phụ nữ", 8, 3),
    ("thành lập đoàn thanh niên cộng sản hồ chí minh", 26, 3),
    ("thành lập đoàn thanh niên", 26, 3),
    ("thành lập đoàn", 26, 3),
    ("sách và văn hóa đọc việt nam", 21, 4),
    ("sách việt nam", 21, 4),
    ("giải phóng miền nam", 30, 4),
    ("quốc tế lao động", 1, 5),
    ("thành lập đội thiếu niên tiền phong hồ chí minh", 15, 5),
    ("thành lập đội", 15, 5),
    ("sinh nhật bác hồ", 19, 5),
    ("sinh nhật bác", 19, 5),
    ("quốc tế thiếu nhi", 1, 6),
];

/// A day that has a name, whether or not its date stands behind it.
fn named_day(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let start = input.checkpoint();
    for (name, day, month) in NAMED {
        if phrase(name).parse_next(input).is_err() {
            input.reset(&start);
            continue;
        }
        let date = (opt(alt((sign(Sign::Open), sign(Sign::Comma)))), opt(phrase("ngày")), strokes);
        let Some((bracket, _, numbers)) = opt(date).parse_next(input)? else {
            let month = Month { number: Some(month), year: None };
            return Ok(vec![Stretch::One(Moment::Day(MonthDay { day, month }))]);
        };
        let moment = dated(&numbers, true, input)?;
        if bracket.is_some() {
            opt(sign(Sign::Close)).parse_next(input)?;
        }
        return match moment {
            Moment::Day(MonthDay { day: written, month: written_month })
                if (written, written_month.number) == (day, Some(month)) =>
            {
                Ok(vec![Stretch::One(moment)])
            }
            _ => wrong(Unresolved::Contradiction(format!("\"{name}\""), "another day".to_owned())),
        };
    }
    other_than_expected(input)
}

/// Days and months in numbers, one or several of which the last says what they are.
pub(super) fn days(input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let day = (opt(phrase("lễ")), phrase("ngày"), opt(one_of(&["mồng", "mùng"])));
    if opt(day).parse_next(input)?.is_some() {
        return alt((named_day, opening, |input: &mut Tokens<'_>| numbers(true, input))).parse_next(input);
    }
    alt((named_day, |input: &mut Tokens<'_>| numbers(false, input))).parse_next(input)
}

fn numbers(after_day: bool, input: &mut Tokens<'_>) -> Parsed<Vec<Stretch>> {
    let mut stretches = Vec::new();
    let mut last = date(after_day, input)?;
    let mut is_range = false;
    loop {
        let is_open = is_incomplete(&last);
        let next = |input: &mut Tokens<'_>| {
            let range = opt(until_sign).parse_next(input)?;
            if range.is_none() {
                alt((sign(Sign::Comma), phrase("và"))).parse_next(input)?;
            }
            let has_day = opt(phrase("ngày")).parse_next(input)?;
            Ok((range.is_some(), date(after_day || has_day.is_some(), input)?))
        };
        let more = if is_open { opt(next).parse_next(input)? } else { None };
        if is_range {
            let Some(Stretch::One(first)) = stretches.pop() else { return other_than_expected(input) };
            stretches.push(Stretch::Through(first, last));
        } else {
            stretches.push(Stretch::One(last));
        }
        let Some((range, moment)) = more else { return Ok(stretches) };
        if range && is_range {
            return other_than_expected(input);
        }
        (is_range, last) = (range, moment);
    }
}

/// Whether it needs what follows to be a date.
fn is_incomplete(moment: &Moment) -> bool {
    match moment {
        Moment::Bare(_) => true,
        Moment::Day(day) => day.month.number.is_none(),
        _ => false,
    }
}

/// A date, or the number of one.
fn date(after_day: bool, input: &mut Tokens<'_>) -> Parsed<Moment> {
    if let Some(moment) = opt(dashed).parse_next(input)? {
        return Ok(moment);
    }
    if !after_day && let Some(moment) = opt(alt((dashed_month, month_of_year))).parse_next(input)? {
        return Ok(moment);
    }
    let years = |input: &mut Tokens<'_>| {
        let (from, (), to) =
            (year_number, alt((sign(Sign::Dash), sign(Sign::Stroke))), year_number).parse_next(input)?;
        Ok(Moment::SchoolYear(Some((from, to))))
    };
    if let Some(moment) = opt(years).parse_next(input)? {
        return Ok(moment);
    }
    let numbers = strokes(input)?;
    dated(&numbers, after_day, input)
}

fn year_number(input: &mut Tokens<'_>) -> Parsed<u32> {
    number.verify(|number| number.is_year()).map(|number| number.value).parse_next(input)
}

/// "15-10-2023", "15-10-23", "2023-10-15"
fn dashed(input: &mut Tokens<'_>) -> Parsed<Moment> {
    let dash = || sign(Sign::Dash);
    let mut numbers = (number, dash(), short_number, dash(), number, not(alt((sign(Sign::Stroke), dash()))));
    let (first, (), month, (), last, ()) = numbers.parse_next(input)?;
    let (day, year) = match (first, last) {
        _ if first.is_year() && last.digits <= 2 => (last.value, first.year()),
        _ if first.digits <= 2 && last.is_year() => (first.value, last.year()),
        _ if first.digits <= 2 && last.digits == 2 && last.value > 12 => (first.value, last.short_year()),
        _ => return other_than_expected(input),
    };
    Ok(Moment::Day(MonthDay { day, month: Month { number: Some(month), year } }))
}

/// "10-2023": a month as "10/2023" is.
fn dashed_month(input: &mut Tokens<'_>) -> Parsed<Moment> {
    let (month, (), year, ()) =
        (short_number, sign(Sign::Dash), year, not(alt((sign(Sign::Stroke), sign(Sign::Dash))))).parse_next(input)?;
    Ok(Moment::Month(Month { number: Some(month), year: Some(year) }))
}

/// "2023-10", by ISO 8601; "2023-24" is a school year.
fn month_of_year(input: &mut Tokens<'_>) -> Parsed<Moment> {
    let month = number.verify(|number| number.digits == 2 && (1..=12).contains(&number.value));
    let (year, (), month, ()) =
        (year, sign(Sign::Dash), month, not(alt((sign(Sign::Stroke), sign(Sign::Dash))))).parse_next(input)?;
    Ok(Moment::Month(Month { number: Some(month.value), year: Some(year) }))
}

/// What numbers with strokes between them mean: a month with its year, a day, a day with its year.
fn dated(numbers: &[Number], after_day: bool, input: &mut Tokens<'_>) -> Parsed<Moment> {
    let day = |day: Number, month: Number, year| {
        Moment::Day(MonthDay { day: day.value, month: Month { number: Some(month.value), year } })
    };
    let month = |month: Number, year| Moment::Month(Month { number: Some(month.value), year });
    Ok(match *numbers {
        [year, number, date] if year.is_year() && !date.is_year() => day(date, number, year.year()),
        [date, number, year] if year.is_year() => day(date, number, year.year()),
        [date, number, year] if year.digits == 2 => day(date, number, year.short_year()),
        [number, year] if year.is_year() && number.digits <= 2 && !after_day => month(number, year.year()),
        [number, year] if year.digits == 2 && year.value > 12 && number.value <= 12 && !after_day => {
            month(number, year.short_year())
        }
        [date, number] if date.digits <= 2 && number.digits <= 2 => {
            // "15/10 năm 2023"
            day(date, number, opt(preceded((opt(sign(Sign::Comma)), phrase("năm")), year)).parse_next(input)?)
        }
        [date] if date.digits <= 2 => match opt(preceded(phrase("tháng"), month_and_year)).parse_next(input)? {
            Some(month) => Moment::Day(MonthDay { day: date.value, month }),
            None if after_day => Moment::Day(MonthDay { day: date.value, month: Month::default() }),
            None => Moment::Bare(date),
        },
        _ => return other_than_expected(input),
    })
}
