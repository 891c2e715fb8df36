//! How words and numbers make moments, and moments periods.
//!
//! ```text
//! periods = period { (";" | "và" | "," | line end) period }
//! period  = "Bắt đầu" moment "hoàn thành" moment
//!         | ("Hoàn thành" | "Chậm nhất" | "Hạn" | "Đến" | …) period      the due date alone
//!         | "Trước" moment                                              the day before
//!         | ["Từ"] moment ("đến" | "-") moment | "Từ" moment            the latter to the end of the year
//!         | moment
//! ```

use jiff::civil::Date;

use crate::calendar::SchoolYear;

use super::moment::Moment;
use super::reader::{Read, Reader};
use super::token::Token;
use super::{Period, Unresolved};

/// Reads a whole expression.
pub(super) fn periods(tokens: &[Token], year: &SchoolYear) -> Read<Vec<Period>> {
    let mut reader = Reader { tokens, at: 0, year };
    let mut periods = reader.row()?;
    loop {
        while reader.take_separator() {}
        if reader.is_at_end() {
            break;
        }
        periods.extend(reader.row()?);
    }
    for period in &periods {
        if let Some(start) = period.start.filter(|start| *start > period.due) {
            return Err(Unresolved::EndsBeforeStart { start, due: period.due });
        }
    }
    Ok(periods)
}

/// Words after which only the due date counts.
const DUE_ONLY: [&[&str]; 13] = [
    &["hoan", "thanh"],
    &["thuc", "hien", "xong"],
    &["xong"],
    &["ket", "thuc", "vao"],
    &["cham", "nhat"],
    &["muon", "nhat"],
    &["tre", "nhat"],
    &["han", "cuoi"],
    &["han", "chot"],
    &["thoi", "han"],
    &["han"],
    &["den", "het"],
    &["den"],
];

impl Reader<'_> {
    /// One period, or the several that a row of months stands for.
    fn row(&mut self) -> Read<Vec<Period>> {
        self.skip_fillers();
        if self.take_words(&["bat", "dau"]) {
            return self.after_beginning().map(|period| vec![period]);
        }
        if DUE_ONLY.iter().any(|words| self.take_words(words)) {
            self.take(&Token::Colon);
            self.take_words(&["la"]);
            let periods = self.row()?;
            return Ok(periods.into_iter().map(|period| Period { start: None, due: period.due }).collect());
        }
        if self.take_words(&["truoc"]) {
            return self.before().map(|period| vec![period]);
        }
        if self.peek_from() {
            self.at += 1;
            return self.span_from().map(|period| vec![period]);
        }
        let moments = self.moments()?;
        if let [first] = moments[..]
            && self.take_until()
        {
            return self.until(first).map(|period| vec![period]);
        }
        moments.into_iter().map(|moment| moment.period(self.year)).collect::<Read<Vec<_>>>().map(joined)
    }

    /// After "Bắt đầu": "từ A", "A; hoàn thành B", or "A đến B".
    fn after_beginning(&mut self) -> Read<Period> {
        self.take(&Token::Colon);
        if self.peek_from() {
            self.at += 1;
        }
        self.skip_fillers();
        let first = self.moment()?;
        let mark = self.at;
        while self.take_separator() {}
        let ends: [&[&str]; 4] = [&["hoan", "thanh"], &["ket", "thuc"], &["den", "het"], &["xong"]];
        if ends.iter().any(|words| self.take_words(words)) {
            self.take(&Token::Colon);
            self.skip_fillers();
            return self.until(first);
        }
        self.at = mark;
        if self.take_until() { self.until(first) } else { self.open(first) }
    }

    /// After "Từ": "A đến B" or "A" to the end of the year.
    fn span_from(&mut self) -> Read<Period> {
        self.skip_fillers();
        // "Từ 05 - 31/8": the first day takes its month from the last.
        let first = self.moments()?;
        if let [Moment::Span { start, due }] = first[..] {
            return Ok(Period { start: Some(start), due });
        }
        if let [first] = first[..] {
            return if self.take_until() { self.until(first) } else { self.open(first) };
        }
        let periods = first.into_iter().map(|moment| moment.period(self.year)).collect::<Read<Vec<_>>>()?;
        match joined(periods)[..] {
            [period] => Ok(period),
            _ => Err(self.not_understood(0)),
        }
    }

    /// The span from `first` to the moment that follows.
    fn until(&mut self, first: Moment) -> Read<Period> {
        self.take_words(&["het"]);
        self.skip_fillers();
        let last = self.moment()?;
        let (first, last) = Moment::share_year(first, last);
        let (first, last) = (first.period(self.year)?, last.period(self.year)?);
        Ok(Period { start: Some(beginning(first)), due: last.due })
    }

    /// From `first` to the end of the school year.
    fn open(&mut self, first: Moment) -> Read<Period> {
        let first = first.period(self.year)?;
        Ok(Period { start: Some(beginning(first)), due: self.year.end() })
    }

    /// After "Trước": the day before a day or before what follows begins.
    fn before(&mut self) -> Read<Period> {
        self.skip_fillers();
        let period = self.moment()?.period(self.year)?;
        let first = period.start.unwrap_or(period.due);
        let due = first.yesterday().map_err(|_| Unresolved::NotInCalendar(first.to_string()))?;
        Ok(Period { start: None, due })
    }
}

/// When a span begins that begins with this: its start, or itself when it is a day.
pub(super) fn beginning(period: Period) -> Date {
    period.start.unwrap_or(period.due)
}

/// Periods of one row as one where each begins the day after the one before it or where they are the two ends of a
/// span; otherwise as they are.
fn joined(periods: Vec<Period>) -> Vec<Period> {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return periods };
    let adjacent =
        periods.windows(2).all(|pair| pair[1].start.is_none_or(|start| pair[0].due.tomorrow().ok() == Some(start)));
    if periods.len() > 1 && adjacent {
        return vec![Period { start: Some(first.start.unwrap_or(first.due)), due: last.due }];
    }
    periods
}
