//! A plan in TOML (design, configuration).

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::SchoolYear;
use crate::diagnostic::{Diagnostics, Place, Source};
use crate::people::RecipientId;
use crate::text;
use crate::toml_file::{Document, Parts, Table, Value};

use super::format::{PlanFile, Surroundings};
use super::timeframe::Unresolved;
use super::{Period, Plan, Task, TaskId, Timeframe, doubts, settle, timeframe};

/// The key under which the tasks stand.
const LIST: &str = "task";

/// Reads a plan. Mistakes are noted; the plan is given where number, title and date of issue are there.
pub(super) fn read(file: PlanFile<'_>, around: Surroundings<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    let source = match Source::utf8(file.path, file.bytes) {
        Ok(source) => source,
        Err(message) => {
            let place = Place::File(file.path.to_owned());
            diagnostics.error("not-utf-8", place, message).help("save it again with the encoding UTF-8");
            return None;
        }
    };
    let document = Document::new(&source);
    let parts = Parts::of(&document, LIST);
    let root = Table::new(&document, parts.first(), "the plan");
    let number = root.require("number").and_then(|value| value.name());
    let title = root.require("title").and_then(|value| value.name());
    let issued = root.require("issued").and_then(|value| value.date());
    let framework = root.get("framework").and_then(|value| value.name());
    let standards = root.get("standards").and_then(|value| value.table("[standards]")).map(|table| standards(&table));
    let tasks = Vec::with_capacity(parts.headings());
    let mut rows = Rows { document: &document, around, issued, tasks, lines: HashMap::new(), times: HashMap::new() };
    for table in root.require(LIST).map(|value| value.tables("[[task]]")).unwrap_or_default() {
        rows.add(&table);
        table.close();
    }
    parts.for_each_later(|table| {
        rows.add(&table);
        table.close();
    });
    let tasks = rows.tasks;
    root.close();
    document.finish(diagnostics);
    Some(Plan {
        number: number?,
        framework,
        title: title?,
        issued: issued?,
        standards: standards.unwrap_or_default(),
        tasks,
    })
}

fn standards(table: &Table<'_>) -> BTreeMap<String, String> {
    table.entries().into_iter().filter_map(|(key, _, value)| Some((text::nfc(key), value.name()?))).collect()
}

/// The tasks so far.
struct Rows<'t> {
    document: &'t Document,
    around: Surroundings<'t>,
    issued: Option<Date>,
    tasks: Vec<Task>,
    /// Where each id stands, to tell of doubled ones.
    lines: HashMap<TaskId, Range<usize>>,
    /// What the time columns read so far mean: a plan repeats a few.
    times: HashMap<String, Result<Vec<Period>, Unresolved>>,
}

impl Rows<'_> {
    fn add(&mut self, table: &Table<'_>) {
        let id_value = table.require("id");
        let remedy = table.require("remedy").and_then(|value| value.name());
        let optional = |key: &'static str| table.get(key).and_then(|value| value.text()).map(text::nfc);
        let (criterion, current_state, responsible) =
            (optional("criterion"), optional("current_state"), optional("responsible"));
        let (budget, support) = (optional("budget"), optional("support"));
        let lead_value = table.require("lead");
        let with_value = table.get("with");
        let (lead, leads) = lead_value.as_ref().map(|value| self.people(value)).unwrap_or_default();
        let (with, coordinators) = with_value.as_ref().map(|value| self.people(value)).unwrap_or_default();
        let name = id_value.as_ref().and_then(Value::text).map(text::nfc).unwrap_or_default();
        let is_settled = |code: &str| settle::is_answered(code, &name, self.around.overrides);
        if let Some(value) = lead_value.filter(|value| value.list().is_empty() && !is_settled("unknown-lead")) {
            let message = "the task has no lead: nobody is reminded of it";
            let help = "name at least one role or person who answers for it".to_owned();
            self.document.warning(value.span(), "unknown-lead", message, Some(help));
        }
        let (time, periods) = self.time(table, &name);
        let Some((id_value, id)) = id_value.and_then(|value| Some((value, value.name()?))) else { return };
        let several = periods.len() > 1;
        for (letter, timeframe) in ('a'..='z').zip(periods) {
            let id = if several { TaskId::new(&format!("{id}{letter}")) } else { TaskId::new(&id) };
            self.check_new(&id, &id_value);
            self.tasks.push(Task {
                name: id.as_str().to_owned(),
                id,
                criterion: criterion.clone(),
                current_state: current_state.clone(),
                remedy: remedy.clone().unwrap_or_default(),
                responsible: responsible.clone(),
                lead: lead.clone(),
                with: with.clone(),
                coordinators: coordinators.iter().filter(|person| !leads.contains(person)).copied().collect(),
                leads: leads.clone(),
                time: time.clone(),
                timeframe,
                postponed: None,
                budget: budget.clone(),
                support: support.clone(),
                reported: None,
            });
        }
    }

    fn check_new(&mut self, id: &TaskId, value: &Value<'_>) {
        if let Some(first) = self.lines.insert(id.clone(), value.span()) {
            let line = self.document.line(first.start);
            let message = format!("there is a task `{}` already, on line {line}", id.as_str());
            value.error("doubled-task", message, "give one of them another id");
        }
    }

    /// Names as written, and whom they stand for.
    fn people(&self, value: &Value<'_>) -> (Vec<String>, Vec<RecipientId>) {
        let mut names = Vec::new();
        let mut people = Vec::new();
        for name in value.list() {
            for person in self.around.names.resolve(&name) {
                if !people.contains(&person) {
                    people.push(person);
                }
            }
            names.extend(name.text().map(text::nfc).filter(|name| !name.is_empty()));
        }
        (names, people)
    }

    /// The time column as written, and each period that it stands for.
    fn time(&mut self, table: &Table<'_>, id: &str) -> (Option<String>, Vec<Timeframe>) {
        let (time, start, due) = (table.get("time"), table.get("start"), table.get("due"));
        let written = time.as_ref().and_then(crate::toml_file::Value::text).map(|text| text.trim().to_owned());
        if let Some(due) = due {
            if let Some(time) = &time {
                time.error("doubled-time", "`time` and `due` both say when", "leave one of them out");
            }
            let date = due.date();
            let first = start.as_ref().and_then(Value::date);
            let Some(date) = date else { return (written, vec![unresolved()]) };
            if let (Some(value), Some(first)) = (&start, first)
                && first > date
            {
                value.error(
                    "ends-before-start",
                    format!("{first} is after `due`, {date}"),
                    "write the earlier date first",
                );
            }
            self.check_due(&due, date, id);
            return (written, vec![Timeframe::Resolved(Period { start: first, due: date })]);
        }
        if let Some(start) = start {
            start.error("missing-key", "`start` needs a `due`", "add `due = …`, or write `time` instead");
        }
        let Some(value) = time else {
            let help = "add `time = \"10/2023\"`, or `due` as a date".to_owned();
            let message = "the task has no time: nobody is reminded of it";
            self.doubt(id, table.span(), "unresolved-time", message, help);
            return (None, vec![unresolved()]);
        };
        let (Some(text), Some(year)) = (value.text(), self.around.year) else { return (written, vec![unresolved()]) };
        match self.meaning(text, year) {
            Ok(periods) => {
                for period in &periods {
                    self.check_due(&value, period.due, id);
                }
                (written, periods.into_iter().map(Timeframe::Resolved).collect())
            }
            Err(reason) => {
                let message = format!("{reason}: nobody is reminded of this task");
                self.doubt(id, value.span(), "unresolved-time", message, reason.help().to_owned());
                (written, vec![Timeframe::Unresolved(reason)])
            }
        }
    }

    /// What a time column means; looked up where it was read before.
    fn meaning(&mut self, text: &str, year: &SchoolYear) -> Result<Vec<Period>, Unresolved> {
        if let Some(known) = self.times.get(text) {
            return known.clone();
        }
        let periods = timeframe::read(text, year);
        self.times.insert(text.to_owned(), periods.clone());
        periods
    }

    /// A due date before the plan was issued is read as written and doubted.
    fn check_due(&self, value: &Value<'_>, due: Date, id: &str) {
        if let Some((message, meant)) = doubts::early(due, self.issued) {
            self.doubt(id, value.span(), "due-before-issue", message, format!("is {meant} meant?"));
        }
    }

    /// Doubts something of a task, unless the configuration settles it.
    fn doubt(&self, id: &str, span: Range<usize>, code: &'static str, message: impl Into<String>, help: String) {
        if !settle::is_answered(code, id, self.around.overrides) {
            self.document.warning(span, code, message, Some(help));
        }
    }
}

fn unresolved() -> Timeframe {
    Timeframe::Unresolved(Unresolved::Empty)
}
