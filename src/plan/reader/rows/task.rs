//! One row as a task, or as several where it names several times.

use crate::plan::timeframe::Unresolved;
use crate::plan::{Reported, Status, Task, Timeframe};
use crate::text;

use super::super::criterion::{self, CriterionReading, Standing};
use super::super::headings::Field;
use super::super::mistake::{CriterionDoubt, RowDoubt, RowMistake};
use super::super::status;
use super::super::table::CellKind;
use super::Rows;
use super::line::{Line, one_line};
use super::people::{everybody, names_of};
use super::time::RowTime;

impl Rows<'_> {
    pub(super) fn task(&mut self, line: &Line<'_>) {
        let Some(remedy) = line.text(Field::Remedy).or_else(|| line.text(Field::Subject)) else {
            self.doubt((line, Field::Remedy), RowMistake::NoRemedy);
            return;
        };
        let (criterion, doubt) = self.criterion(line);
        let base = criterion.clone().unwrap_or_else(|| self.name(line));
        let mut id = base.clone();
        while !self.ids.insert(id.clone()) {
            let number = self.repeated.entry(base.clone()).or_insert(1);
            *number += 1;
            id = format!("{base}-{number}");
        }
        if let Some(why) = doubt {
            let doubt = RowDoubt::Row(RowMistake::NoCriterion { why, task: id.clone() });
            self.doubt_of(&id, (line, Field::Criterion), doubt, Some("criterion = \"…\"".to_owned()));
        }
        if line.row.is_hidden {
            let settle = Some(format!("id = \"{id}\""));
            self.doubt_of(&id, (line, Field::Remedy), RowDoubt::Row(RowMistake::HiddenRow), settle);
        }
        let RowTime { written: time, timeframes, recurrence } = self.time(line, &id);
        let (leads, with) = self.people(line, &id);
        let reported = self.reported(line, &id);
        self.tell_doubts(&id);
        let leading = everybody(&leads, &[]);
        let task = Task {
            criterion,
            current_state: self.state(line),
            responsible: self.said(line, Field::Lead),
            lead: names_of(&leads),
            with: names_of(&with),
            coordinators: everybody(&with, &leading),
            leads: leading,
            time,
            recurrence,
            budget: self.all_said(line, Field::Budget),
            support: self.all_said(line, Field::Support),
            reported,
            ..Task::bare(&id, remedy, Timeframe::Unresolved(Unresolved::Empty))
        };
        self.tasks.extend(task.at_each(timeframes));
        self.remember(line);
    }

    /// What is to be mended: the weakness, else what is to be improved, where another column says how.
    fn state(&self, line: &Line<'_>) -> Option<String> {
        let titles = || line.others(Field::Remedy).first().map(|title| one_line(title));
        self.all_said(line, Field::State).or_else(|| self.said(line, Field::Subject)).or_else(titles)
    }

    /// What all columns of a kind say: money and where it comes from.
    fn all_said(&self, line: &Line<'_>, field: Field) -> Option<String> {
        let others = line.others(field);
        let texts = self.said(line, field).into_iter().chain(others.iter().map(|text| one_line(text)));
        let text = texts.collect::<Vec<_>>().join("; ");
        (!text.is_empty()).then_some(text)
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
    fn criterion(&self, line: &Line<'_>) -> (Option<String>, Option<CriterionDoubt>) {
        let standing = self.standing_of(line);
        let has_column = line.columns.get(Field::Criterion).is_some();
        let (written, reading) = if has_column {
            let written = self.said(line, Field::Criterion);
            let reading = written.as_deref().map(|written| criterion::read(written, &standing, true));
            (written.unwrap_or_default(), reading.unwrap_or(CriterionReading::None))
        } else {
            let begins = |text: &String| text::fold(super::super::bands::without_marks(text)).starts_with("tieu chi");
            let places = [Field::Subject, Field::State, Field::Remedy].into_iter().filter_map(|field| line.text(field));
            let written = places.chain(line.others(Field::Subject).iter().map(|text| one_line(text))).find(begins);
            let reading = written.as_deref().map(|written| criterion::read(written, &standing, false));
            (written.unwrap_or_default(), reading.unwrap_or(CriterionReading::None))
        };
        let by_date = has_column && line.kind(Field::Criterion) == CellKind::Date;
        match reading {
            _ if by_date && written.contains('/') => (None, Some(CriterionDoubt::Date { written })),
            CriterionReading::One(criterion) if by_date => {
                (Some(criterion), Some(CriterionDoubt::PerhapsDate { written }))
            }
            CriterionReading::One(criterion) => (Some(criterion), None),
            CriterionReading::Alone(number) => (Some(number), Some(CriterionDoubt::WithoutStandard { written })),
            CriterionReading::Several => (None, Some(CriterionDoubt::Several { written })),
            CriterionReading::Unclear => (None, Some(CriterionDoubt::Unclear { written })),
            CriterionReading::None if self.criterion.is_some() && written.is_empty() => (self.criterion.clone(), None),
            CriterionReading::None => (None, has_column.then_some(CriterionDoubt::None)),
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
        const REPEATED: [Field; 12] = [
            Field::Criterion,
            Field::Standard,
            Field::State,
            Field::Lead,
            Field::Coordinators,
            Field::Time,
            Field::Start,
            Field::Due,
            Field::Week,
            Field::Month,
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
            self.doubt_of(id, (line, Field::Status), RowDoubt::Row(RowMistake::NoStatus), None);
        }
        reported.filter(|reported| reported.status != Status::NotStarted)
    }
}

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
