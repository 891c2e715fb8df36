//! Moments that are counted: months, weeks and quarters, one or several in a row, in digits or in words.

use super::Unresolved;
use super::moment::{Moment, Week};
use super::numbers::{Number, small};
use super::reader::{Read, Reader};
use super::token::Token;

impl Reader<'_> {
    /// After "Tháng": one month, or several of one year.
    pub(super) fn months(&mut self) -> Read<Vec<Moment>> {
        let mut months = vec![self.month_number()?];
        let mut is_range = false;
        loop {
            let mark = self.at;
            let dash = self.take_until_number();
            let another = dash || self.take(&Token::Comma) || self.take_words(&["va"]);
            self.take(&Token::Comma);
            if !another || !self.number_is_month() {
                self.at = mark;
                break;
            }
            is_range |= dash;
            months.push(self.month_number()?);
        }
        let year = self.year_behind();
        self.school_year_behind()?;
        let with_years = years_for(&months, year);
        let moments = months.iter().zip(with_years).map(|(month, year)| Moment::Month { month: *month, year });
        let moments: Vec<Moment> = moments.collect();
        match moments[..] {
            [first, .., last] if is_range => self.span(first, last).map(|moment| vec![moment]),
            _ => Ok(moments),
        }
    }

    /// After "Tuần": weeks of a month, or of the school year where no month follows.
    pub(super) fn weeks(&mut self) -> Read<Vec<Moment>> {
        self.take_words(&["thu"]);
        let mut weeks = vec![self.week()?];
        let mut is_range = false;
        loop {
            let mark = self.at;
            let dash = self.take_until_number();
            let another = dash || self.take(&Token::Comma) || self.take_words(&["va"]);
            self.take_words(&["tuan"]);
            self.take_words(&["thu"]);
            if !another || !matches!(self.peek(0), Some(Token::Number { digits: 1..=2, .. })) {
                self.at = mark;
                break;
            }
            is_range |= dash;
            weeks.push(self.week()?);
        }
        if is_range && let [Week::Number(first), Week::Number(last)] = weeks[..] {
            if first > last {
                return Err(Unresolved::NotInCalendar(format!("tuần {first}-{last}")));
            }
            weeks = (first..=last.min(first + 60)).map(Week::Number).collect();
        }
        self.take_words(&["cua"]);
        self.take(&Token::Comma);
        if self.take_words(&["thang"]) {
            let (month, year) = self.month_and_year()?;
            return Ok(weeks.into_iter().map(|week| Moment::WeekOfMonth { week, month, year }).collect());
        }
        let school_week = |week| match week {
            Week::Number(number) => Ok(Moment::SchoolWeek(number)),
            Week::Last => Err(Unresolved::MonthMissing),
        };
        let weeks = weeks.into_iter().map(school_week).collect::<Read<Vec<_>>>()?;
        self.school_year_behind()?;
        Ok(weeks)
    }

    pub(super) fn week(&mut self) -> Read<Week> {
        if self.take_words(&["cuoi", "cung"]) || self.take_words(&["cuoi"]) {
            return Ok(Week::Last);
        }
        if self.take_words(&["dau", "tien"]) || self.take_words(&["dau"]) || self.take_words(&["nhat"]) {
            return Ok(Week::Number(1));
        }
        let start = self.at;
        if let Some(Token::Number { value, digits: 1..=2 } | Token::Roman(value)) = self.peek(0).cloned() {
            self.at += 1;
            return Ok(Week::Number(value));
        }
        self.number_in_words()
            .and_then(|number| u32::try_from(number).ok())
            .map(Week::Number)
            .ok_or_else(|| self.not_understood(start))
    }

    /// After "Quý": one quarter or several.
    pub(super) fn quarters(&mut self) -> Read<Vec<Moment>> {
        let mut quarters = vec![self.quarter()?];
        let mut is_range = false;
        loop {
            let mark = self.at;
            let dash = self.take(&Token::Dash);
            let another = dash || self.take(&Token::Comma) || self.take_words(&["va"]);
            self.take_words(&["quy"]);
            let is_quarter =
                matches!(self.peek(0), Some(Token::Roman(1..=4) | Token::Number { value: 1..=4, digits: 1 }));
            if !another || !is_quarter {
                self.at = mark;
                break;
            }
            is_range |= dash;
            quarters.push(self.quarter()?);
        }
        let year = self.year_behind();
        if is_range && let [first, last] = quarters[..] {
            quarters = (first..=last).collect();
        }
        let months: Vec<i8> = quarters.iter().map(|quarter| quarter * 3 - 2).collect();
        let years = years_for(&months, year);
        Ok(quarters.into_iter().zip(years).map(|(quarter, year)| Moment::Quarter { quarter, year }).collect())
    }

    pub(super) fn quarter(&mut self) -> Read<i8> {
        let start = self.at;
        let number = match self.peek(0) {
            Some(Token::Roman(value @ 1..=4) | Token::Number { value: value @ 1..=4, digits: 1 | 2 }) => {
                let value = i8::try_from(*value).ok();
                self.at += 1;
                value
            }
            _ => self.number_in_words().filter(|number| *number <= 4),
        };
        number.ok_or_else(|| self.not_understood(start))
    }

    pub(super) fn month_and_year(&mut self) -> Read<(i8, Option<i16>)> {
        let month = self.month_number()?;
        let year = self.year_behind();
        self.school_year_behind()?;
        Ok((month, year))
    }

    /// A month's number after "tháng", in digits or in words.
    pub(super) fn month_number(&mut self) -> Read<i8> {
        let start = self.at;
        match self.peek(0) {
            Some(Token::Number { value, digits: 1..=2 }) => {
                let month = small(Number { value: *value, digits: 2 });
                self.at += 1;
                if (1..=12).contains(&month) {
                    return Ok(month);
                }
                return Err(Unresolved::NotInCalendar(format!("tháng {month}")));
            }
            Some(Token::Roman(value)) => {
                let month = i8::try_from(*value).unwrap_or(0);
                self.at += 1;
                return Ok(month);
            }
            Some(Token::Word { .. }) => {
                if let Some(month) = self.number_in_words() {
                    return Ok(month);
                }
            }
            _ => {}
        }
        // "Tháng   năm 2023", "Tháng …/2023"
        let left_out = match self.peek(0) {
            None | Some(Token::Gap | Token::Stroke) => true,
            Some(token) => token.is("nam"),
        };
        if left_out { Err(Unresolved::MonthMissing) } else { Err(self.not_understood(start)) }
    }

    pub(super) fn number_is_month(&self) -> bool {
        let after = self.peek(1);
        match self.peek(0) {
            // "tháng 9, 15/10": a day follows, not a month.
            Some(Token::Number { value: 1..=12, digits: 1..=2 }) => {
                let is_day = matches!((after, self.peek(2)), (Some(Token::Stroke), Some(Token::Number { digits: 1..=2, value })) if *value <= 12);
                !is_day && !after.is_some_and(|token| token.is("thang"))
            }
            _ => false,
        }
    }

    /// Months and quarters in words: "Mười", "mười một", "giêng". "năm" is five only where a year follows it.
    pub(super) fn number_in_words(&mut self) -> Option<i8> {
        const WORDS: [(&[&str], i8); 16] = [
            (&["muoi", "mot"], 11),
            (&["muoi", "hai"], 12),
            (&["muoi"], 10),
            (&["mot"], 1),
            (&["gieng"], 1),
            (&["hai"], 2),
            (&["ba"], 3),
            (&["tu"], 4),
            (&["bon"], 4),
            (&["nam", "nam"], 5),
            (&["sau"], 6),
            (&["bay"], 7),
            (&["tam"], 8),
            (&["chin"], 9),
            (&["chap"], 12),
            (&["nhat"], 1),
        ];
        let (words, number) =
            WORDS.iter().find(|(words, _)| (0..).zip(*words).all(|(at, word)| self.peek_is(at, word)))?;
        if *words == ["tu"] && self.written(0) == Some("từ") {
            return None;
        }
        // "tháng sau" is the next month: only a text without any diacritics can mean "sáu" by it.
        if *words == ["sau"] && self.written(0) == Some("sau") && self.has_diacritics() {
            return None;
        }
        self.at += if *number == 5 { 1 } else { words.len() };
        Some(*number)
    }

    /// A year behind a month or quarter: "/2023", "năm 2023", "/23", " 2023", "- 2023" after a stroke.
    pub(super) fn year_behind(&mut self) -> Option<i16> {
        let mark = self.at;
        let stroke = self.take(&Token::Stroke) || self.take(&Token::Dash) || self.take(&Token::Comma);
        self.take_words(&["nam"]);
        if let Some(year) = self.take_year() {
            return Some(year);
        }
        if stroke
            && let Some(Token::Number { value, digits: 2 }) = self.peek(0)
            && *value > 12
            && !matches!(self.peek(1), Some(Token::Stroke))
        {
            let year = Number { value: *value, digits: 2 }.short_year();
            self.at += 1;
            return year;
        }
        self.at = mark;
        None
    }

    /// A year of four digits that does not begin a school year.
    pub(super) fn take_year(&mut self) -> Option<i16> {
        let Some(Token::Number { value, digits: 4 }) = self.peek(0) else { return None };
        let year = i16::try_from(*value).ok()?;
        self.at += 1;
        Some(year)
    }
}

/// The years of months in a row of which the last has `year`: "11, 12/2023, 1/2024" never lacks one, "11, 12, 1/2024"
/// means that what comes before January is of the year before.
pub(super) fn years_for(months: &[i8], year: Option<i16>) -> Vec<Option<i16>> {
    let Some(mut year) = year else { return vec![None; months.len()] };
    let mut years = vec![Some(year); months.len()];
    for at in (0..months.len().saturating_sub(1)).rev() {
        year -= i16::from(months[at] > months[at + 1]);
        years[at] = Some(year);
    }
    years
}
