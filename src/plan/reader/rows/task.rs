//! One row as a task, or as several where it names several times.

use crate::plan::timeframe::{self, Unresolved};
use crate::plan::{Period, Reported, Status, Task, TaskId, Timeframe, overrides};
use crate::text;

use super::super::criterion::{self, Reading, Standing};
use super::super::headings::Field;
use super::super::status;
use super::super::table::Kind;
use super::super::when::{self, Month, Unit};
use super::line::{Line, one_line};
use super::people::{everybody, names_of};
use super::{Doubt, Rows};

/// What a row says of when, and where it says so.
struct Said {
    text: String,
    field: Field,
    /// Only the last day of what is said counts.
    due_only: bool,
    /// What else is said: the first day is taken from it.
    start: Option<String>,
}

impl Rows<'_> {
    pub(super) fn task(&mut self, line: &Line<'_>) {
        let Some(remedy) = line.text(Field::Remedy).or_else(|| line.text(Field::Subject)) else {
            let message = "the row does not say what is to be done, so it is no task";
            self.doubt(
                None,
                line,
                Field::Remedy,
                Doubt { code: "no-remedy", message, help: "write it into this column" },
            );
            return;
        };
        let (criterion, doubt) = self.criterion(line);
        let base = criterion.clone().unwrap_or_else(|| self.name(line));
        if let Some(message) = doubt {
            let message = format!("{message}: the task is called `{base}`");
            let help = overrides::help("write its number", &base, "criterion = \"…\"");
            self.doubt_of(
                &base,
                line,
                Field::Criterion,
                Doubt { code: "no-criterion", message: &message, help: &help },
            );
        }
        let mut id = base.clone();
        while !self.ids.insert(id.clone()) {
            let number = self.repeated.entry(base.clone()).or_insert(1);
            *number += 1;
            id = format!("{base}-{number}");
        }
        let (time, timeframes) = self.time(line, &id);
        let (leads, with) = self.people(line, &id);
        let reported = self.reported(line, &id);
        let several = timeframes.len() > 1;
        for (letter, timeframe) in ('a'..='z').zip(timeframes) {
            self.tasks.push(Task {
                id: if several { TaskId::new(&format!("{id}{letter}")) } else { TaskId::new(&id) },
                criterion: criterion.clone(),
                current_state: self.said(line, Field::State).or_else(|| self.said(line, Field::Subject)),
                responsible: self.said(line, Field::Lead),
                lead: names_of(&leads),
                with: names_of(&with),
                leads: everybody(&leads, &[]),
                coordinators: everybody(&with, &everybody(&leads, &[])),
                time: time.clone(),
                budget: self.said(line, Field::Budget),
                support: self.said(line, Field::Support),
                reported,
                ..Task::bare(TaskId::new(&id), remedy.clone(), timeframe)
            });
        }
        self.remember(line);
    }

    /// What a row without a criterion is called: its number, where there are no criteria, else one of its own.
    fn name(&mut self, line: &Line<'_>) -> String {
        let number = line.text(Field::Number).map(|number| number.trim_end_matches('.').to_owned());
        let has_criteria = line.columns.get(Field::Criterion).is_some();
        number.filter(|number| !has_criteria && !number.is_empty()).unwrap_or_else(|| {
            self.unnumbered += 1;
            let standard = self.standing.standard.as_ref().filter(|_| !self.standing.level_four);
            standard
                .map_or_else(|| format!("x{}", self.unnumbered), |standard| format!("{standard}.x{}", self.unnumbered))
        })
    }

    /// The criterion, and what is doubtful about it.
    fn criterion(&self, line: &Line<'_>) -> (Option<String>, Option<String>) {
        let standing = self.standing_of(line);
        let has_column = line.columns.get(Field::Criterion).is_some();
        let (written, reading) = if has_column {
            let written = self.said(line, Field::Criterion);
            let reading = written.as_deref().map(|written| criterion::read(written, &standing, true));
            (written.unwrap_or_default(), reading.unwrap_or(Reading::None))
        } else {
            let begins = |text: &String| text::fold(super::super::bands::without_marks(text)).starts_with("tieu chi");
            let places = [Field::Subject, Field::State, Field::Remedy].into_iter().filter_map(|field| line.text(field));
            let written = places.chain(line.others(Field::Subject).iter().map(|text| one_line(text))).find(begins);
            let reading = written.as_deref().map(|written| criterion::read(written, &standing, false));
            (written.unwrap_or_default(), reading.unwrap_or(Reading::None))
        };
        let by_date = has_column && line.kind(Field::Criterion) == Kind::Date;
        match reading {
            _ if by_date && written.contains('/') => {
                (None, Some(format!("Excel holds \"{written}\" for a date, no criterion")))
            }
            Reading::One(criterion) if by_date => {
                (Some(criterion), Some(format!("Excel holds \"{written}\" for a date: is that the criterion")))
            }
            Reading::One(criterion) => (Some(criterion), None),
            Reading::Alone(number) => {
                let message = format!("\"{written}\" does not say of which standard it is");
                (Some(number), Some(message))
            }
            Reading::Several => (None, Some(format!("\"{written}\" names several criteria"))),
            Reading::Unclear => (None, Some(format!("\"{written}\" could be one criterion or another"))),
            Reading::None if self.criterion.is_some() && written.is_empty() => (self.criterion.clone(), None),
            Reading::None => (None, has_column.then(|| "the row names no criterion".to_owned())),
        }
    }

    /// What a row belongs to, by its own column of standards where there is one.
    fn standing_of(&self, line: &Line<'_>) -> Standing {
        let Some(written) = self.said(line, Field::Standard) else { return self.standing.clone() };
        let digits: String =
            written.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        match digits.parse::<u8>() {
            Ok(_) => Standing { standard: Some(digits), level_four: false },
            Err(_) => self.standing.clone(),
        }
    }

    /// What a field says, "như trên" being what the row above says; as one line.
    pub(super) fn said(&self, line: &Line<'_>, field: Field) -> Option<String> {
        let text =
            if is_ditto(&line.lines(field)) { one_line(&self.said_lines(line, field)) } else { line.text(field)? };
        (!text.is_empty()).then_some(text)
    }

    /// What a field says, line by line.
    pub(super) fn said_lines(&self, line: &Line<'_>, field: Field) -> String {
        let lines = line.lines(field);
        if is_ditto(&lines) {
            return self.last.get(&field).cloned().unwrap_or(lines);
        }
        lines
    }

    /// Keeps what this row says for one below it that says "như trên".
    fn remember(&mut self, line: &Line<'_>) {
        const REPEATED: [Field; 11] = [
            Field::Criterion,
            Field::Standard,
            Field::State,
            Field::Lead,
            Field::Coordinators,
            Field::Time,
            Field::Start,
            Field::Due,
            Field::Week,
            Field::Budget,
            Field::Support,
        ];
        for field in REPEATED {
            let lines = self.said_lines(line, field);
            if line.columns.get(field).is_some() {
                self.last.insert(field, lines);
            }
        }
    }

    /// What the columns of time say together.
    fn when(&self, line: &Line<'_>) -> Option<Said> {
        let plain = |text: String, field: Field| Some(Said { text, field, due_only: false, start: None });
        let month = self.month_of(line);
        let unit = |field: Field| line.columns.get(field).map_or(Unit::Unknown, |heading| Unit::of(&heading.text));
        let within = |field: Field| self.said(line, field).map(|text| when::within(&text, unit(field), month));
        if let Some(both) = line.over_both_days() {
            return plain(when::within(&both, Unit::Unknown, month), Field::Due);
        }
        let (time, start, due) = (within(Field::Time), within(Field::Start), within(Field::Due));
        let week = self.said(line, Field::Week).map(|week| when::within(&week, Unit::Week, month));
        match (start, due) {
            (Some(start), Some(due)) => return plain(format!("Từ {start} đến {due}"), Field::Due),
            (Some(start), None) if time.is_none() => return plain(format!("Từ {start}"), Field::Start),
            (_, Some(due)) => {
                let heading = line.columns.get(Field::Due).map(|heading| text::fold(&heading.text)).unwrap_or_default();
                let due_only = !heading.starts_with("thoi han") || heading.contains("hoan thanh");
                return Some(Said {
                    due_only: due_only && !when::is_span(&due),
                    text: due,
                    field: Field::Due,
                    start: time,
                });
            }
            _ => {}
        }
        if let Some(time) = time {
            return plain(time, Field::Time);
        }
        if let Some(week) = week {
            return plain(week, Field::Week);
        }
        if let Some(marked) = line.months() {
            return plain(marked, Field::MonthMark);
        }
        if let Some(month) = self.said(line, Field::Month) {
            return plain(when::within(&month, Unit::Month, None), Field::Month);
        }
        let has_column = line.columns.get(Field::Time).is_some() || line.columns.get(Field::Due).is_some();
        let above = self.time_above.clone().or_else(|| month.filter(|_| !has_column).map(Month::written));
        plain(above?, Field::Time)
    }

    /// The month that a row stands in, by its own column where there is one.
    fn month_of(&self, line: &Line<'_>) -> Option<Month> {
        let Some(written) = self.said(line, Field::Month) else { return self.month };
        when::month(&when::within(&written, Unit::Month, None)).or(self.month)
    }

    /// The time as written, and what it means.
    fn time(&mut self, line: &Line<'_>, id: &str) -> (Option<String>, Vec<Timeframe>) {
        let Some(said) = self.when(line) else {
            let fields = [Field::Time, Field::Due, Field::Week, Field::Month, Field::Start];
            let field = fields.into_iter().find(|field| line.columns.get(*field).is_some()).unwrap_or(Field::Time);
            let message = "the task has no time: nobody is reminded of it";
            let help = overrides::help("write when it is to be done (\"10/2023\")", id, "time = \"…\"");
            self.doubt_of(id, line, field, Doubt { code: "unresolved-time", message, help: &help });
            return (None, vec![Timeframe::Unresolved(Unresolved::Empty)]);
        };
        if self.context.year.is_none() {
            return (Some(said.text), vec![Timeframe::Unresolved(Unresolved::Empty)]);
        }
        match self.periods(&said) {
            Ok(periods) => {
                for period in &periods {
                    self.doubt_due(line, id, said.field, *period);
                }
                (Some(said.text), periods.into_iter().map(Timeframe::Resolved).collect())
            }
            Err(reason) => {
                let message = format!("{reason}: nobody is reminded of this task");
                let help = overrides::help(reason.help(), id, "time = \"…\"");
                self.doubt_of(id, line, said.field, Doubt { code: "unresolved-time", message: &message, help: &help });
                (Some(said.text), vec![Timeframe::Unresolved(reason)])
            }
        }
    }

    fn periods(&mut self, said: &Said) -> Result<Vec<Period>, Unresolved> {
        let mut periods = self.meaning(&said.text)?;
        if let [period] = periods.as_mut_slice() {
            if said.due_only {
                period.start = None;
            }
            if let Some(Ok([other])) =
                said.start.as_deref().map(|time| self.meaning(time)).as_ref().map(|read| read.as_deref())
            {
                period.start = other.start.filter(|start| *start <= period.due);
            }
        }
        Ok(periods)
    }

    /// What a time means; looked up where it was read before.
    fn meaning(&mut self, text: &str) -> Result<Vec<Period>, Unresolved> {
        if let Some(known) = self.times.get(text) {
            return known.clone();
        }
        let Some(year) = self.context.year else { return Err(Unresolved::Empty) };
        let periods = timeframe::read(text, year);
        self.times.insert(text.to_owned(), periods.clone());
        periods
    }

    /// A due date before the plan was issued, or many years after, is read as written and doubted.
    fn doubt_due(&mut self, line: &Line<'_>, id: &str, field: Field, period: Period) {
        if let Some((message, meant)) = overrides::early(period.due, self.issued) {
            let settled = format!("time = \"{meant}\"");
            let help = overrides::help(&format!("is {meant} meant? mend it"), id, &settled);
            self.doubt_of(id, line, field, Doubt { code: "due-before-issue", message: &message, help: &help });
        }
        let last = self.context.year.map(|year| year.end().year().saturating_add(FARTHEST));
        if last.is_some_and(|last| period.due.year() > last) {
            let message =
                format!("due on {}, years after this school year: is that the year that is meant", period.due);
            let help = overrides::help("mend it where it is not", id, &format!("due = {}", period.due));
            self.doubt_of(id, line, field, Doubt { code: "far-due", message: &message, help: &help });
        }
    }

    /// How far the document says the task is.
    fn reported(&mut self, line: &Line<'_>, id: &str) -> Option<Reported> {
        let written = line.text(Field::Status)?;
        let reported = status::read(&written);
        // A column of results may hold anything; one of the state of things says how far they are.
        let is_results =
            line.columns.get(Field::Status).and_then(|heading| heading.class).is_some_and(|class| class.rank >= 7);
        if is_results && written.chars().count() > LONGEST_RESULT {
            return None;
        }
        if reported.is_none() && !is_results {
            let message = "this is no status that is known, so nothing is reported";
            let help = "write \"Hoàn thành\", \"Đang thực hiện - 40%\", \"Chưa thực hiện\", \"Vướng mắc\" or \"Không thực hiện\"";
            self.doubt_of(id, line, Field::Status, Doubt { code: "unknown-status", message, help });
        }
        reported.filter(|reported| reported.status != Status::NotStarted)
    }
}

/// Plans reach at most so many years beyond their school year.
const FARTHEST: i16 = 3;
/// A result that is a status is no longer, in letters.
const LONGEST_RESULT: usize = 40;

/// Whether a cell says that it is as the one above.
fn is_ditto(written: &str) -> bool {
    let trimmed = written.trim();
    if trimmed.is_empty() || trimmed.len() > 20 {
        return false;
    }
    let folded = text::fold(trimmed);
    let word: String = folded.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let is_sign = trimmed.chars().all(|letter| "″\"”“〃'’,, /".contains(letter)) && (trimmed != "/" && trimmed != ",");
    is_sign || matches!(word.as_str(), "nt" | "nhutren" | "nhutrennt" | "ntren" | "nhtren")
}
