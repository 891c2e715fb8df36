//! When a row's task is to be done: what its columns of time and what stands above them say together.

use crate::plan::timeframe::{self, Context, Doubt, Frame, Reading, Unit, Unresolved};
use crate::plan::{Period, Recurrence, Timeframe};
use crate::text;

use super::super::headings::Field;
use super::super::mistake::{RowDoubt, RowMistake};
use super::super::when;
use super::Rows;
use super::line::{Line, one_line};

/// What a row says of when, and where it says so.
struct SaidTime {
    text: String,
    field: Field,
    read: Result<Reading, Unresolved>,
}

impl SaidTime {
    /// Takes over how often from a column of times beside, where this one does not say.
    fn recurs_as(&mut self, beside: Option<&Reading>) {
        if let (Ok(reading), Some(beside)) = (&mut self.read, beside) {
            reading.recurrence = reading.recurrence.or(beside.recurrence);
        }
    }

    /// Takes the first day from a column of its own.
    fn begins_on(&mut self, written: &str, first: &Result<Reading, Unresolved>) {
        if let (Ok(own), Ok(first)) = (&mut self.read, first)
            && let ([own], [first]) = (own.periods.as_mut_slice(), first.periods.as_slice())
            && let start = first.start.unwrap_or(first.due)
            && start <= own.due
        {
            own.start = Some(start);
        } else {
            self.leaves_out(written);
        }
    }

    /// Tells of a column of times beside that says something else than from when on or how often.
    fn stands_beside(&mut self, written: &str, beside: &Result<Reading, Unresolved>) {
        let fits = |own: &Reading, beside: &Reading| match (own.periods.as_slice(), beside.periods.as_slice()) {
            ([own], [beside]) => {
                beside.start.unwrap_or(beside.due) <= own.due && own.start.is_none_or(|start| start <= beside.due)
            }
            _ => false,
        };
        let is_taken = match (&self.read, beside) {
            (Ok(own), Ok(beside)) => beside.recurrence.is_some() || fits(own, beside),
            _ => false,
        };
        if !is_taken {
            self.leaves_out(written);
        }
    }

    /// Tells of what is written beside and not taken; what is not read at all is told already.
    fn leaves_out(&mut self, written: &str) {
        if let Ok(reading) = &mut self.read {
            reading.doubts.push(Doubt::NotTaken(written.to_owned()));
        }
    }
}

/// When a row's task is to be done.
pub(super) struct RowTime {
    /// The time as written.
    pub(super) written: Option<String>,
    /// Each period that it stands for.
    pub(super) timeframes: Vec<Timeframe>,
    /// How often, where the words say so.
    pub(super) recurrence: Option<Recurrence>,
}

impl RowTime {
    fn open(written: Option<String>, reason: Unresolved) -> Self {
        Self { written, timeframes: vec![Timeframe::Unresolved(reason)], recurrence: None }
    }
}

/// The line of the configuration that settles a time.
const SETTLE_TIME: &str = "time = \"…\"";

impl Rows<'_> {
    /// What the columns of time say together; `None` where none says anything. What one of them says and the others leave no
    /// room for is told.
    fn when(&mut self, line: &Line<'_>) -> Option<SaidTime> {
        let month = self.said(line, Field::Month);
        let unread = month.filter(|month| self.context.year.is_some() && self.month(month).is_none());
        let mut said = self.when_within(line, unread.is_some())?;
        if let Some(month) = unread
            && said.field != Field::Month
        {
            said.leaves_out(&month);
        }
        Some(said)
    }

    /// What the columns of time say; `is_month_unread`: the row has a month of its own that is none.
    fn when_within(&mut self, line: &Line<'_>, is_month_unread: bool) -> Option<SaidTime> {
        let frame = self.frame_of(line);
        let shown = |field: Field| self.said(line, field).map(|text| when::shown(&text));
        let (time, start, due) = (shown(Field::Time), shown(Field::Start), shown(Field::Due));
        let (week, month, marked) = (shown(Field::Week), shown(Field::Month), line.months());
        if let Some(both) = line.over_both_days() {
            return Some(self.plain(&both, Field::Due, frame, None));
        }
        let unit = |field: Field| line.columns.get(field).and_then(|heading| when::unit(&heading.text));
        let start = match (start, due) {
            (Some(start), Some(due)) => {
                let mut said = self.span(&start, &due, frame);
                if let Some(time) = time {
                    let beside = self.meaning(&time, frame, None);
                    said.recurs_as(beside.as_ref().ok());
                    said.stands_beside(&time, &beside);
                }
                return Some(said);
            }
            (Some(start), None) if time.is_none() => {
                return Some(self.plain(&format!("Từ {start}"), Field::Start, frame, None));
            }
            (None, Some(due)) => {
                let said = self.plain(&due, Field::Due, frame, unit(Field::Due));
                return Some(self.last_day(line, said, time.as_deref(), frame));
            }
            (start, None) => start,
        };
        if let Some(time) = time {
            return Some(self.time_column(line, &time, start.as_deref(), frame));
        }
        if let (Some(week), Some(month), true) = (&week, &month, is_month_unread) {
            let read = Err(Unresolved::NotUnderstood(month.clone()));
            return Some(SaidTime { text: format!("{week} ({month})"), field: Field::Month, read });
        }
        if let Some(week) = week {
            return Some(self.plain(&week, Field::Week, frame, Some(Unit::Week)));
        }
        if let Some(marked) = marked {
            let mut said = self.plain(&marked, Field::MonthMark, None, None);
            if let Some(more) = line.more_than_marks() {
                said.leaves_out(more);
            }
            return Some(said);
        }
        if let Some(month) = month {
            return Some(self.plain(&month, Field::Month, None, Some(Unit::Month)));
        }
        let (period, text) = self.time_above(line)?;
        let read = Ok(Reading { periods: vec![period], recurrence: None, doubts: Vec::new() });
        Some(SaidTime { text, field: Field::Time, read })
    }

    /// What the column of times says, and whether what stands beside goes together with it: a first day, marks in months.
    fn time_column(&mut self, line: &Line<'_>, time: &str, start: Option<&str>, frame: Option<Frame>) -> SaidTime {
        // A number alone is a month, where nothing around says that it is a day or a week of one.
        let alone = (frame.is_none() && when::is_number(time)).then_some(Unit::Month);
        let unit = line.columns.get(Field::Time).and_then(|heading| when::unit(&heading.text));
        let mut said = self.plain(time, Field::Time, frame, unit.or(alone));
        // Lines tell the items of a list apart.
        let lines = self.said_lines(line, Field::Time);
        if lines.trim().contains('\n') && one_line(&lines) == time {
            said.read = self.meaning(&lines, frame, unit);
        }
        if let Some(start) = start {
            let beside = self.meaning(start, frame, None);
            said.begins_on(start, &beside);
        }
        if let Some(marked) = line.months() {
            let beside = self.meaning(&marked, None, None);
            said.stands_beside(&marked, &beside);
        }
        said
    }

    /// The time that stands above a row: that of its band; of its sheet or the title where no column says when.
    fn time_above(&self, line: &Line<'_>) -> Option<(Period, String)> {
        let has_column = [Field::Time, Field::Due, Field::Week].iter().any(|field| line.columns.get(*field).is_some());
        self.time_above.clone().or_else(|| {
            let period = self.frame.filter(|_| !has_column)?.period();
            Some((period, period.to_string()))
        })
    }

    /// What a row stands in, by its own column of months where there is one.
    fn frame_of(&self, line: &Line<'_>) -> Option<Frame> {
        self.said(line, Field::Month).and_then(|written| self.month(&written)).or(self.frame)
    }

    /// What a cell in a column of months names.
    fn month(&self, written: &str) -> Option<Frame> {
        let is_bare = written.trim_start().starts_with(|letter: char| letter.is_ascii_digit());
        let named = if is_bare { format!("Tháng {written}") } else { written.to_owned() };
        Frame::find(&named, &Context::of(self.context.year?))
    }

    fn plain(&mut self, text: &str, field: Field, frame: Option<Frame>, unit: Option<Unit>) -> SaidTime {
        SaidTime { text: text.to_owned(), field, read: self.meaning(text, frame, unit) }
    }

    /// A first and a last day in columns of their own.
    fn span(&mut self, start: &str, due: &str, frame: Option<Frame>) -> SaidTime {
        let text = format!("Từ {start} đến {due}");
        let mut read = self.meaning(&text, frame, None);
        // What reads as no span together may be two times, each in its column.
        if read.is_err()
            && let (Ok(first), Ok(last)) = (self.meaning(start, frame, None), self.meaning(due, frame, None))
            && let ([first], [last]) = (first.periods.as_slice(), last.periods.as_slice())
        {
            let start = first.start.unwrap_or(first.due);
            read = if start <= last.due {
                let periods = vec![Period { start: Some(start), due: last.due }];
                Ok(Reading { periods, recurrence: None, doubts: Vec::new() })
            } else {
                Err(Unresolved::EndsBeforeStart { start, due: last.due })
            };
        }
        SaidTime { text, field: Field::Due, read }
    }

    /// What a column of last days says: of a month in it only the last day counts, and a column of times beside it says
    /// from when on.
    fn last_day(&mut self, line: &Line<'_>, mut said: SaidTime, time: Option<&str>, frame: Option<Frame>) -> SaidTime {
        let heading = line.columns.get(Field::Due).map(|heading| text::fold(&heading.text)).unwrap_or_default();
        let is_last = !heading.starts_with("thoi han") || heading.contains("hoan thanh");
        let beside = time.map(|time| (time, self.meaning(time, frame, None)));
        said.recurs_as(beside.as_ref().and_then(|(_, read)| read.as_ref().ok()));
        if let Ok(reading) = &mut said.read
            && let [period] = reading.periods.as_mut_slice()
        {
            if is_last && !when::is_span(&said.text) {
                period.start = None;
            }
            if let Some((_, Ok(other))) = &beside
                && let [other] = other.periods.as_slice()
            {
                period.start = other.start.filter(|start| *start <= period.due);
            }
        }
        if let Some((time, read)) = &beside {
            said.stands_beside(time, read);
        }
        said
    }

    /// The time as written, and what it means.
    pub(super) fn time(&mut self, line: &Line<'_>, id: &str) -> RowTime {
        let Some(SaidTime { text, field, read }) = self.when(line) else {
            let fields = [Field::Time, Field::Due, Field::Week, Field::Month, Field::Start];
            let field = fields.into_iter().find(|field| line.columns.get(*field).is_some()).unwrap_or(Field::Time);
            let settle = Some(SETTLE_TIME.to_owned());
            self.doubt_of(id, (line, field), RowDoubt::Row(RowMistake::NoTime), settle);
            return RowTime::open(None, Unresolved::Empty);
        };
        if self.context.year.is_none() {
            return RowTime::open(Some(text), Unresolved::Empty);
        }
        match read {
            Ok(reading) => {
                for doubt in reading.doubts {
                    let settle = Some(doubt.settling_line());
                    self.doubt_of(id, (line, field), RowDoubt::Time(doubt), settle);
                }
                let timeframes = reading.periods.into_iter().map(Timeframe::Resolved).collect();
                RowTime { written: Some(text), timeframes, recurrence: reading.recurrence }
            }
            Err(reason) => {
                let doubt = RowDoubt::Row(RowMistake::TimeOpen { reason: reason.clone() });
                self.doubt_of(id, (line, field), doubt, Some(SETTLE_TIME.to_owned()));
                RowTime::open(Some(text), reason)
            }
        }
    }

    /// What a time means within what stands around; looked up where it was read before.
    fn meaning(&mut self, text: &str, frame: Option<Frame>, unit: Option<Unit>) -> Result<Reading, Unresolved> {
        let key = (text.to_owned(), frame, unit);
        if let Some(known) = self.times.get(&key) {
            return known.clone();
        }
        let Some(context) = self.time_context() else { return Err(Unresolved::Empty) };
        let reading = timeframe::read(text, &context.within(frame).column(unit));
        self.times.insert(key, reading.clone());
        reading
    }
}
