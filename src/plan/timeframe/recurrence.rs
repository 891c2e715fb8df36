//! Words that say how often rather than when: "thường xuyên", "hằng tháng", "2 lần/học kỳ", "ngày 25 hằng tháng". They
//! count in the time column alone; elsewhere in a plan "bồi dưỡng thường xuyên" is the name of a thing.

use winnow::combinator::{alt, not, opt, preceded, repeat, separated, terminated};
use winnow::prelude::*;

use super::day::{part_of_day, weekday};
use super::frequency::Recurrence;
use super::month::week;
use super::token::Sign;
use super::words::{
    Parsed, Tokens, number, numeral, one_of, other_than_expected, phrase, short_number, sign, until_sign,
};

/// How often work is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repetition {
    /// It goes on, and how often is not said.
    Ongoing,
    /// Once in each cycle, or so many times.
    Each(Cycle),
    /// In another rhythm ("hai tháng một lần"), with the cycle by which it is asked about all the same.
    Other(Cycle),
}

/// By what work can be asked about, and a year, by which it is due once; what comes most often first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cycle {
    Month,
    Term,
    Year,
}

/// All that an expression says of how often, each with its words.
#[derive(Clone, Debug, Default)]
pub(super) struct HowOften {
    said: Vec<(Repetition, String)>,
}

impl HowOften {
    pub(super) fn of(repetition: Repetition, words: &str) -> Self {
        Self { said: vec![(repetition, words.to_owned())] }
    }

    pub(super) fn append(&mut self, other: Self) {
        self.said.extend(other.said);
    }

    /// Whether nothing says that the work goes on.
    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    fn cycle(&self) -> Option<Cycle> {
        self.said.iter().filter_map(|(repetition, _)| repetition.cycle()).min()
    }

    /// By what it is attested: by the shortest cycle that is said.
    pub(super) fn recurrence(&self) -> Option<Recurrence> {
        match self.cycle()? {
            Cycle::Month => Some(Recurrence::Month),
            Cycle::Term => Some(Recurrence::Term),
            Cycle::Year => None,
        }
    }

    /// The words that ask for more or something else than that.
    pub(super) fn left_out(self) -> impl Iterator<Item = String> {
        let shortest = self.cycle();
        let is_left_out = move |repetition: Repetition| match repetition {
            Repetition::Ongoing => false,
            Repetition::Each(cycle) => Some(cycle) != shortest,
            Repetition::Other(_) => true,
        };
        self.said.into_iter().filter(move |(repetition, _)| is_left_out(*repetition)).map(|(_, words)| words)
    }
}

impl Repetition {
    fn cycle(self) -> Option<Cycle> {
        match self {
            Self::Ongoing => None,
            Self::Each(cycle) | Self::Other(cycle) => Some(cycle),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecurrenceUnit {
    Day,
    Week,
    Month,
    Quarter,
    Term,
    Year,
}

/// So many times in every so many units. A quarter counts as a term (rules of time, 14).
fn every(count: u32, unit: RecurrenceUnit, times: u32) -> Repetition {
    match (unit, count) {
        (RecurrenceUnit::Day, ..=31) | (RecurrenceUnit::Week, ..=4) | (RecurrenceUnit::Month, ..=1) => {
            Repetition::Each(Cycle::Month)
        }
        (RecurrenceUnit::Quarter | RecurrenceUnit::Term, ..=1) => Repetition::Each(Cycle::Term),
        (RecurrenceUnit::Year, ..=1) if times <= 1 => Repetition::Each(Cycle::Year),
        // Never asked about more often than it is to be done.
        (RecurrenceUnit::Day, ..=180)
        | (RecurrenceUnit::Week, ..=26)
        | (RecurrenceUnit::Month, ..=6)
        | (RecurrenceUnit::Quarter, ..=2) => Repetition::Other(Cycle::Term),
        _ => Repetition::Other(Cycle::Year),
    }
}

/// "Thường xuyên", "Hằng tháng", "Ngày 25 hằng tháng", "Mỗi tuần 2 lần, vào thứ sáu".
pub(super) fn repetition(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let often = (opt(phrase("định kỳ")), cycle).map(|(_, often)| often);
    let when_and_often = (opt(phrase("định kỳ")), within, opt(phrase("định kỳ")), cycle).map(|said| said.3);
    let counted = terminated(alt((abbreviated_weekdays, often, when_and_often)), opt(within_behind));
    alt((counted, ongoing.value(Repetition::Ongoing))).parse_next(input)
}

/// "T2, T4 hằng tuần": there "T" is "thứ", elsewhere "tháng".
fn abbreviated_weekdays(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let weekday = (opt(phrase("t")), short_number.verify(|day| (2..=7).contains(day)));
    let joint = alt((sign(Sign::Comma), phrase("và"), until_sign));
    let weekdays = separated::<_, _, (), _, _, _, _>(1..=6, weekday, joint);
    (weekdays, one_of(&["hằng tuần", "hàng tuần", "mỗi tuần"]))
        .value(every(1, RecurrenceUnit::Week, 1))
        .parse_next(input)
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
    let times = opt(preceded(opt(sign(Sign::Comma)), times)).parse_next(input)?;
    Ok(every(1, unit, times.unwrap_or(1)))
}

/// "2 lần/học kỳ", "ít nhất 1 lần mỗi tháng", "1 lần trong 2 tuần"
fn times_per(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let times = times(input)?;
    let joint = alt((
        (sign(Sign::Stroke), opt(phrase("mỗi"))).void(),
        one_of(&["trong mỗi", "trong một", "trong", "trên", "một", "mỗi", "hằng", "hàng"]).void(),
    ));
    let ((), count, unit) = (joint, opt(numeral), unit).parse_next(input)?;
    Ok(every(count.unwrap_or(1), unit, times))
}

/// What is counted: "2 lần/tuần", "1 buổi/tuần".
const TIMES: [&str; 3] = ["lần", "buổi", "lượt"];

/// "2 lần", "ít nhất 01 lần", "1-2 lần": how many at most.
fn times(input: &mut Tokens<'_>) -> Parsed<u32> {
    let least = opt(one_of(&["ít nhất", "tối thiểu", "khoảng", "từ"]));
    let (_, fewest, most, _) =
        (least, numeral, opt(preceded(until_sign, numeral)), one_of(&TIMES)).parse_next(input)?;
    Ok(most.unwrap_or(fewest))
}

/// "2 tuần/lần", "tháng/lần", "cứ 2 tuần một lần"
fn interval(input: &mut Tokens<'_>) -> Parsed<Repetition> {
    let (_, count, unit) = (opt(phrase("cứ")), opt(numeral), unit).parse_next(input)?;
    let slash = opt(sign(Sign::Stroke)).parse_next(input)?.is_some();
    let one = opt(numeral.verify(|times| *times == 1)).parse_next(input)?.is_some();
    one_of(&TIMES).parse_next(input)?;
    if slash || one { Ok(every(count.unwrap_or(1), unit, 1)) } else { other_than_expected(input) }
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
    let is_named =
        |input: &mut Tokens<'_>| (numeral, not(alt((one_of(&TIMES).void(), until_sign)))).void().parse_next(input);
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
