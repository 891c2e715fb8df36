//! Moments that have a name: terms, the school year, "cuối quý I", "khai giảng".

use super::Unresolved;
use super::moment::{Moment, Part};
use super::reader::{Read, Reader};
use super::token::Token;

impl Reader<'_> {
    /// One moment, several of one row ("tháng 9, 10, 11/2023", "tuần 1 và 2 tháng 10"), or a span of numbers.
    pub(super) fn moments(&mut self) -> Read<Vec<Moment>> {
        self.skip_time_of_day();
        let mark = self.at;
        if self.take_words(&["thang"]) {
            return self.months();
        }
        if self.take_words(&["tuan"]) {
            return self.weeks();
        }
        if self.take_words(&["quy"]) {
            return self.quarters();
        }
        if self.take_words(&["giai", "doan"]) {
            return self.years();
        }
        let after_day = self.take_words(&["ngay"]);
        if matches!(self.peek(0), Some(Token::Number { .. })) {
            return self.numbers(after_day);
        }
        match self.named_moment()? {
            Some(moment) if !after_day || moment == Moment::Opening => {
                self.school_year_behind()?;
                Ok(vec![moment])
            }
            _ => Err(self.not_understood(mark)),
        }
    }

    /// One moment.
    pub(super) fn moment(&mut self) -> Read<Moment> {
        let start = self.at;
        match self.moments()?[..] {
            [moment] => Ok(moment),
            _ => Err(self.not_understood(start)),
        }
    }

    /// A moment that has a name of its own.
    pub(super) fn named_moment(&mut self) -> Read<Option<Moment>> {
        if self.take_words(&["khai", "giang"]) {
            return Ok(Some(Moment::Opening));
        }
        let ends: [&[&str]; 6] =
            [&["so", "ket"], &["tong", "ket"], &["ket", "thuc"], &["cuoi"], &["het"], &["den", "het"]];
        for words in ends {
            let mark = self.at;
            if !self.take_words(words) {
                continue;
            }
            if let Some(term) = self.take_term() {
                return Ok(Some(Moment::TermEnd(term)));
            }
            if self.take_school_year()? {
                return Ok(Some(Moment::YearEnd));
            }
            if words == ["cuoi"] {
                return self.late().map(Some);
            }
            if words == ["het"] {
                return self.end_of().map(Some);
            }
            self.at = mark;
        }
        if self.take_words(&["dau"]) {
            return self.early().map(Some);
        }
        if self.take_words(&["giua"]) {
            if !self.take_words(&["thang"]) {
                return Err(self.not_understood(self.at - 1));
            }
            let (month, year) = self.month_and_year()?;
            return Ok(Some(Moment::PartOfMonth { part: Part::Mid, month, year }));
        }
        if self.take_words(&["he"]) {
            self.take_words(&["nam"]);
            return self.take_year().map(|year| Some(Moment::Summer(year))).ok_or(Unresolved::YearMissing);
        }
        if let Some(term) = self.take_term() {
            return Ok(Some(Moment::Term(term)));
        }
        let mark = self.at;
        let whole = self.take_words(&["ca"]) || self.take_words(&["suot"]);
        if self.take_school_year()? {
            return Ok(Some(Moment::SchoolYear));
        }
        if self.take_words(&["nam"]) {
            return match self.take_year() {
                Some(year) => Ok(Some(Moment::CalendarYear(year))),
                None if whole => Ok(Some(Moment::SchoolYear)),
                None => Err(Unresolved::YearMissing),
            };
        }
        self.at = mark;
        Ok(None)
    }

    /// After "Đầu": of the school year, a term, a month or a year.
    pub(super) fn early(&mut self) -> Read<Moment> {
        if let Some(term) = self.take_term() {
            return Ok(Moment::TermBeginning(term));
        }
        if self.take_school_year()? {
            return Ok(Moment::YearBeginning);
        }
        if self.take_words(&["thang"]) {
            let (month, year) = self.month_and_year()?;
            return Ok(Moment::PartOfMonth { part: Part::Early, month, year });
        }
        if self.take_words(&["nam"]) {
            return self.take_year().map(Moment::FirstMonthOf).ok_or(Unresolved::YearMissing);
        }
        Err(self.not_understood(self.at - 1))
    }

    /// After "Cuối": of a month, a quarter or a year.
    pub(super) fn late(&mut self) -> Read<Moment> {
        if self.take_words(&["thang"]) {
            let (month, year) = self.month_and_year()?;
            return Ok(Moment::PartOfMonth { part: Part::Late, month, year });
        }
        if self.take_words(&["quy"]) {
            let quarter = self.quarter()?;
            let year = self.year_behind();
            return Ok(Moment::LastMonthOfQuarter { quarter, year });
        }
        if self.take_words(&["nam"]) {
            return self.take_year().map(Moment::LastMonthOf).ok_or(Unresolved::YearMissing);
        }
        Err(self.not_understood(self.at - 1))
    }

    /// After "Hết": the last day of a month, a quarter or a year.
    pub(super) fn end_of(&mut self) -> Read<Moment> {
        let start = self.at;
        let moments = self.moments()?;
        let [moment] = moments[..] else { return Err(self.not_understood(start)) };
        let last = moment.period(self.year)?.due;
        Ok(Moment::Day { day: last.day(), month: last.month(), year: Some(last.year()) })
    }

    /// After "Giai đoạn": from the first of January of one year to the end of another.
    pub(super) fn years(&mut self) -> Read<Vec<Moment>> {
        let start = self.at;
        self.take_words(&["tu"]);
        self.take_words(&["nam"]);
        let first = self.take_year().ok_or_else(|| self.not_understood(start))?;
        if !self.take_until() {
            return Err(self.not_understood(start));
        }
        self.take_words(&["nam"]);
        let last = self.take_year().ok_or_else(|| self.not_understood(start))?;
        if last < first || last - first > 20 {
            return Err(self.not_understood(start));
        }
        self.span(Moment::CalendarYear(first), Moment::CalendarYear(last)).map(|moment| vec![moment])
    }

    /// "học kỳ I", "HK1", "kỳ II"
    pub(super) fn take_term(&mut self) -> Option<u32> {
        let mark = self.at;
        let named = self.take_words(&["hoc", "ky"]) || self.take_words(&["hk"]) || self.take_words(&["ky"]);
        if named {
            self.take_words(&["thu"]);
            match self.peek(0).cloned() {
                Some(Token::Roman(number) | Token::Number { value: number, digits: 1 }) => {
                    self.at += 1;
                    return Some(number);
                }
                _ => {
                    if let Some(number) = self.number_in_words().filter(|number| *number <= 3) {
                        return u32::try_from(number).ok();
                    }
                }
            }
        }
        self.at = mark;
        None
    }

    /// "năm học" with or without its years.
    pub(super) fn take_school_year(&mut self) -> Read<bool> {
        if !self.take_words(&["nam", "hoc"]) {
            return Ok(false);
        }
        self.take(&Token::Colon);
        let mark = self.at;
        if let Some(Token::Number { value: from, digits: 4 }) = self.peek(0).cloned() {
            self.at += 1;
            if !(self.take(&Token::Dash) || self.take(&Token::Stroke)) {
                self.at = mark;
                return Err(self.not_understood(mark));
            }
            let to = match self.peek(0) {
                Some(Token::Number { value, digits: 4 }) => *value,
                Some(Token::Number { value, digits: 2 }) => 2000 + *value,
                _ => return Err(self.not_understood(mark)),
            };
            self.at += 1;
            self.same_school_year(from, to)?;
        }
        // "… và những năm tiếp theo"
        let further: [&[&str]; 3] = [
            &["va", "nhung", "nam", "tiep", "theo"],
            &["va", "cac", "nam", "tiep", "theo"],
            &["va", "cac", "nam", "hoc", "tiep", "theo"],
        ];
        let _ = further.iter().any(|words| self.take_words(words));
        Ok(true)
    }

    /// The school year that may stand behind any moment: "Học kỳ II năm học 2023-2024", "10/2023 (năm học 2023-2024)".
    pub(super) fn school_year_behind(&mut self) -> Read<()> {
        let mark = self.at;
        self.take(&Token::Comma);
        self.take_words(&["cua"]);
        if self.peek_is(0, "nam") && self.peek_is(1, "hoc") {
            return self.take_school_year().map(|_| ());
        }
        self.at = mark;
        Ok(())
    }

    pub(super) fn same_school_year(&self, from: u32, to: u32) -> Read<()> {
        let year = |number: u32| i16::try_from(number).unwrap_or(i16::MAX);
        let ours = (self.year.start().year(), self.year.end().year());
        if (year(from), year(to)) == ours {
            return Ok(());
        }
        Err(Unresolved::OtherSchoolYear { from: year(from), to: year(to) })
    }
}
