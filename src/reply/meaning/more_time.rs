//! A wish for more time: until when, and why.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::plan::timeframe;
use crate::reply::words::{Class, Token};

use super::{Reader, Said, Saying};

/// No date has more words.
const LONGEST_DATE: usize = 12;

/// The date that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    On(Date),
    After(More),
    Unknown,
}

/// Days, weeks or months more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct More {
    count: i64,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Days,
    Weeks,
    Months,
}

impl More {
    pub(super) fn span(self) -> Span {
        match self.unit {
            Unit::Days => self.count.days(),
            Unit::Weeks => self.count.weeks(),
            Unit::Months => self.count.months(),
        }
    }
}

impl Reader<'_> {
    /// A wish for more time, whose word stands at `place` in the statement that begins at `at`: what is wished, where
    /// the names of its tasks end, and where to go on.
    pub(super) fn more_time(&self, at: usize, place: usize) -> (Saying, usize, usize) {
        let line = (place..self.tokens.len()).find(|index| self.tokens[*index].class == Class::Line);
        let line = line.unwrap_or(self.tokens.len());
        let (due, mut names_end, mut date_end) = self.date(place + 1, line);
        // "Xin thêm 2 tuần cho 1.4 vì …"
        let leads = |index: &usize| {
            let class = self.tokens[*index].class;
            class.parts() || matches!(class, Class::Because | Class::Colon)
        };
        let behind = (date_end..line).find(leads).unwrap_or(line);
        if due != Due::Unknown
            && !self.mentioned(date_end..behind).is_empty()
            && self.mentioned(at..names_end).is_empty()
        {
            (names_end, date_end) = (behind, behind);
        }
        let next = self.reason_end(date_end.max(place + 1));
        let mut why = self.words(date_end..next);
        if !self.says_something(date_end..next) {
            why = self.reason_before(at, place);
        }
        (Saying::MoreTime { due, why }, names_end, next)
    }

    fn says_something(&self, tokens: Range<usize>) -> bool {
        tokens.into_iter().any(|index| {
            !matches!(
                self.tokens[index].class,
                Class::Filler
                    | Class::Line
                    | Class::Stop
                    | Class::Comma
                    | Class::Colon
                    | Class::Dash
                    | Class::Because
                    | Class::Question
                    | Class::Past
            )
        })
    }

    /// The date that is asked for, where the names of tasks end, and where the date does.
    fn date(&self, from: usize, line: usize) -> (Due, usize, usize) {
        let until = (from..line).filter(|index| self.tokens[*index].class == Class::Until).map(|index| index + 1);
        let starts: Vec<usize> = until.chain(from..line.min(from + LONGEST_DATE)).collect();
        for start in starts {
            if self.mention_at(start).is_some()
                && self.tokens.get(start.wrapping_sub(1)).is_none_or(|token| token.class != Class::Until)
            {
                continue;
            }
            if let Some((count, end)) = self.count(start, line) {
                return (Due::After(count), start, end);
            }
            let longest = line.min(start + LONGEST_DATE);
            for end in (start + 1..=longest).rev() {
                let written = &self.text[self.bytes(&(start..end))];
                if !written.contains(|letter: char| letter.is_ascii_digit()) {
                    continue;
                }
                if self.tokens[end - 1].class.parts() {
                    continue;
                }
                let first = self.tokens[start].class;
                if !matches!(first, Class::Number | Class::Other | Class::All | Class::ToCome | Class::Until) {
                    continue;
                }
                if let Ok(reading) = timeframe::read(written, &timeframe::Context::of(self.asked.year))
                    && let [period] = reading.periods.as_slice()
                {
                    return (Due::On(period.due), start, end);
                }
            }
        }
        (Due::Unknown, line, from)
    }

    /// Whether so much more is asked for here: "xin thêm 2 tuần".
    pub(super) fn asks_for_more(&self, index: usize) -> bool {
        let before = |count: usize| index.checked_sub(count).map_or("", |index| self.tokens[index].plain.as_str());
        let asks = before(1) == "xin" || (matches!(before(1), "cho" | "phep") && before(2) == "xin");
        let is_over = self.tokens[index.saturating_sub(4)..index].iter().any(|token| token.class == Class::Past);
        // "Thêm 2 ngày công" is no time.
        let goes_on = |token: &Token| {
            let may = matches!(token.class, Class::Filler | Class::Because | Class::Colon | Class::Label);
            (token.class.parts() && token.class != Class::Question) || may || token.plain == "cho"
        };
        self.tokens[index].plain == "them"
            && asks
            && !is_over
            && self.count(index + 1, self.tokens.len()).is_some_and(|(_, end)| self.tokens.get(end).is_none_or(goes_on))
    }

    /// "2 tuần", where it stands here.
    fn count(&self, start: usize, line: usize) -> Option<(More, usize)> {
        let number = self.tokens.get(start).filter(|token| token.class == Class::Number)?;
        let unit = self.tokens.get(start + 1).filter(|_| start + 1 < line)?;
        let unit = match unit.plain.split(' ').next()? {
            "ngay" | "days" | "day" => Unit::Days,
            "tuan" | "weeks" | "week" => Unit::Weeks,
            "thang" | "months" | "month" => Unit::Months,
            _ => return None,
        };
        // "15 tháng 12" is a date.
        if unit == Unit::Months && self.tokens.get(start + 2).is_some_and(|next| next.class == Class::Number) {
            return None;
        }
        let count = number.plain.parse().ok().filter(|count| (1..=366).contains(count))?;
        Some((More { count, unit }, start + 2))
    }

    /// Why more time is asked for, where that is said before: "Do mưa bão, xin lùi …", "vướng kinh phí, xin lùi …".
    fn reason_before(&self, at: usize, place: usize) -> Option<String> {
        if let Some(Said { saying: Saying::Blocked(Some(why)), .. }) = self.said.last() {
            return Some(why.clone());
        }
        let line = self.tokens[..place].iter().rposition(|token| token.class == Class::Line).map_or(0, |line| line + 1);
        let because = (line..place).find(|index| self.tokens[*index].class == Class::Because)?;
        let end = if because < at {
            at - 1
        } else {
            (because..place).rfind(|index| self.tokens[*index].class == Class::Other)? + 1
        };
        self.words(because..end)
    }
}
