//! Dates in numbers: "15-10-2023", "01-15/9/2023", "9/2023-5/2024", "10/23".

use super::Unresolved;
use super::counted::years_for;
use super::grammar::beginning;
use super::moment::Moment;
use super::reader::{Read, Reader};
use super::token::Token;

impl Reader<'_> {
    /// Numbers with strokes between them: "15-10-2023", "01-15/9/2023", "9/2023-5/2024", "6 tháng đầu năm 2024".
    pub(super) fn numbers(&mut self, after_day: bool) -> Read<Vec<Moment>> {
        let start = self.at;
        if let Some(moment) = self.half_year() {
            return Ok(vec![moment]);
        }
        let first = self.group();
        // "15-10-2023": dashes within one date.
        if let [day] = first[..]
            && let Some(whole) = self.dashed_date(day)
        {
            return self.checked(whole).map(|moment| vec![moment]);
        }
        let dash = self.at;
        if self.take(&Token::Dash) && matches!(self.peek(0), Some(Token::Number { .. })) {
            let last = self.group();
            if let Some(moment) = self.spanned(&first, &last, after_day)? {
                return Ok(vec![moment]);
            }
        }
        self.at = dash;
        let moment = match first[..] {
            [day] if self.take_words(&["thang"]) => {
                let (month, year) = self.month_and_year()?;
                Moment::Day { day: small(day), month, year }
            }
            _ => match self.date_of(&first, after_day) {
                Some(moment) => moment,
                None if after_day && first.len() == 1 => return Err(Unresolved::MonthMissing),
                None => return Err(self.not_understood(start)),
            },
        };
        self.school_year_behind()?;
        self.checked(moment).map(|moment| vec![moment])
    }

    /// "A - B" in numbers, where A may lack what B says.
    pub(super) fn spanned(&mut self, first: &[Number], last: &[Number], after_day: bool) -> Read<Option<Moment>> {
        if let ([from], [to]) = (first, last) {
            if from.is_year() && to.is_year() {
                // "2023-2024" is a school year.
                return self.same_school_year(from.value, to.value).map(|()| Some(Moment::SchoolYear));
            }
            // "10-2023" is a month as "10/2023" is.
            if to.is_year() && !after_day {
                return self.checked(Moment::Month { month: small(*from), year: to.year() }).map(Some);
            }
            // "01-15 tháng 9 năm 2023"
            if self.take_words(&["thang"]) {
                let (month, year) = self.month_and_year()?;
                let day = |number: &Number| Moment::Day { day: small(*number), month, year };
                return self.span(day(from), day(to)).map(Some);
            }
        }
        let Some(end) = self.date_of(last, after_day) else { return Ok(None) };
        let begin = match (first, end) {
            ([day], Moment::Day { month, year, .. }) => Some(Moment::Day { day: small(*day), month, year }),
            ([month], Moment::Month { year, .. }) => {
                let months = [small(*month), end_month(end)];
                let years = years_for(&months, year);
                Some(Moment::Month { month: months[0], year: years[0] })
            }
            _ => self.date_of(first, after_day),
        };
        let Some(begin) = begin else { return Ok(None) };
        let (begin, end) = Moment::share_year(begin, end);
        self.span(begin, end).map(Some)
    }

    /// The span between two moments.
    pub(super) fn span(&self, begin: Moment, end: Moment) -> Read<Moment> {
        let (start, due) = (beginning(begin.period(self.year)?), end.period(self.year)?.due);
        if start > due {
            return Err(Unresolved::EndsBeforeStart { start, due });
        }
        Ok(Moment::Span { start, due })
    }

    /// Numbers joined by `/` or `.`.
    pub(super) fn group(&mut self) -> Vec<Number> {
        let mut numbers = Vec::new();
        while let Some(Token::Number { value, digits }) = self.peek(0) {
            numbers.push(Number { value: *value, digits: *digits });
            self.at += 1;
            if !(matches!(self.peek(0), Some(Token::Stroke)) && matches!(self.peek(1), Some(Token::Number { .. }))) {
                break;
            }
            self.at += 1;
        }
        numbers
    }

    /// The rest of "15-10-2023" behind its day.
    pub(super) fn dashed_date(&mut self, day: Number) -> Option<Moment> {
        let (month, year) = match (self.peek(0)?, self.peek(1)?, self.peek(2)?, self.peek(3)?) {
            (
                Token::Dash,
                Token::Number { value: month, digits: 1..=2 },
                Token::Dash,
                Token::Number { value, digits: 4 },
            ) => (*month, *value),
            _ => return None,
        };
        self.at += 4;
        let month = small(Number { value: month, digits: 2 });
        Some(Moment::Day { day: small(day), month, year: i16::try_from(year).ok() })
    }

    /// What numbers joined by strokes mean: a month with its year, a day, a day with its year.
    pub(super) fn date_of(&mut self, numbers: &[Number], after_day: bool) -> Option<Moment> {
        match *numbers {
            [month, year] if year.is_year() && !after_day => {
                Some(Moment::Month { month: small(month), year: year.year() })
            }
            [month, year] if year.digits == 2 && year.value > 12 && month.value <= 12 && !after_day => {
                Some(Moment::Month { month: small(month), year: year.short_year() })
            }
            [day, month] if !month.is_year() => {
                // "15/10 năm 2023"
                let year = if self.peek_is(0, "nam") { self.year_behind() } else { None };
                Some(Moment::Day { day: small(day), month: small(month), year })
            }
            [day, month, year] if year.is_year() => {
                Some(Moment::Day { day: small(day), month: small(month), year: year.year() })
            }
            [day, month, year] if year.digits == 2 => {
                Some(Moment::Day { day: small(day), month: small(month), year: year.short_year() })
            }
            _ => None,
        }
    }

    /// The moment, unless it is a day or month that there is not.
    pub(super) fn checked(&self, moment: Moment) -> Read<Moment> {
        moment.period(self.year).map(|_| moment)
    }

    /// "6 tháng đầu năm 2024", "6 tháng cuối năm 2023"
    pub(super) fn half_year(&mut self) -> Option<Moment> {
        let mark = self.at;
        let six = matches!(self.peek(0), Some(Token::Number { value: 6, .. }));
        self.at += 1;
        if six && self.take_words(&["thang"]) {
            let second = self.take_words(&["cuoi"]);
            if (second || self.take_words(&["dau"]))
                && self.take_words(&["nam"])
                && let Some(year) = self.take_year()
            {
                return Some(Moment::HalfYear { second, year });
            }
        }
        self.at = mark;
        None
    }
}

/// A number of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u32,
    pub(super) digits: usize,
}

impl Number {
    pub(super) fn is_year(self) -> bool {
        self.digits == 4
    }

    pub(super) fn year(self) -> Option<i16> {
        i16::try_from(self.value).ok()
    }

    pub(super) fn short_year(self) -> Option<i16> {
        i16::try_from(2000 + self.value).ok()
    }
}

/// A day or month; 0, which is neither, for numbers that are too large.
pub(super) fn small(number: Number) -> i8 {
    i8::try_from(number.value).unwrap_or(0)
}

fn end_month(moment: Moment) -> i8 {
    match moment {
        Moment::Month { month, .. } => month,
        _ => 0,
    }
}
