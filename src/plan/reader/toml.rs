//! A plan in TOML (design, configuration).

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::SchoolYear;
use crate::diagnostic::{Diagnostics, Mistake, Place, Source};
use crate::people::RecipientId;
use crate::text;
use crate::toml_file::{DocumentParts, IntegerOrText, TableName, TomlDocument, TomlTable, TomlValue};

use crate::plan::timeframe::{self, Reading, Unresolved};
use crate::plan::{
    Closes, Period, Plan, PlanMistake, Recurrence, Reported, Status, Task, TaskId, Timeframe, UnknownStatus, overrides,
};

use super::context::{PlanFile, ReadContext};

/// The key under which the tasks stand.
const LIST: &str = "task";

/// Reads a plan. Mistakes are noted; the plan is given where number, title and date of issue are there.
pub(super) fn read(file: PlanFile<'_>, context: ReadContext<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    let source = match Source::utf8(file.path, file.bytes) {
        Ok(source) => source,
        Err(mistake) => {
            diagnostics.error(Place::File(file.path.to_owned()), mistake);
            return None;
        }
    };
    let document = TomlDocument::new(&source);
    let parts = DocumentParts::of(&document, LIST);
    let root = TomlTable::new(&document, parts.first(), TableName::Plan);
    let number = root.require("number").and_then(|value| value.name());
    let title = root.require("title").and_then(|value| value.name());
    let issued = root.require("issued").and_then(|value| value.date());
    let framework = root.get("framework").and_then(|value| value.name());
    let standards = root.get("standards").and_then(|value| value.table("[standards]")).map(|table| standards(&table));
    let tasks = Vec::with_capacity(parts.headings());
    let mut rows =
        TomlRows { document: &document, context, issued, tasks, lines: HashMap::new(), times: HashMap::new() };
    for table in root.require(LIST).map(|value| value.tables("[[task]]")).unwrap_or_default() {
        rows.add(&table);
        table.close();
    }
    parts.for_each_later(|table| {
        rows.add(&table);
        table.close();
    });
    let tasks = rows.tasks;
    root.warn_of_deceptive_texts();
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

fn standards(table: &TomlTable<'_>) -> BTreeMap<String, String> {
    table.entries().into_iter().filter_map(|(key, _, value)| Some((text::nfc(key), value.name()?))).collect()
}

/// The tasks so far.
struct TomlRows<'t> {
    document: &'t TomlDocument,
    context: ReadContext<'t>,
    issued: Option<Date>,
    tasks: Vec<Task>,
    /// Where each id stands, to tell of doubled ones.
    lines: HashMap<TaskId, Range<usize>>,
    /// What the time columns read so far mean: a plan repeats a few.
    times: HashMap<String, Result<Reading, Unresolved>>,
}

impl TomlRows<'_> {
    fn add(&mut self, table: &TomlTable<'_>) {
        table.warn_of_deceptive_texts();
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
        let name = id_value.as_ref().and_then(TomlValue::text).map(text::nfc).unwrap_or_default();
        let is_settled = |code: &str| overrides::is_answered(code, &name, self.context.overrides);
        if let Some(value) = lead_value.filter(|value| value.list().is_empty() && !is_settled("unknown-lead")) {
            value.warning(PlanMistake::NoLead);
        }
        let reported = reported(table);
        let TaskTime { written: time, timeframes, recurrence } = self.time(table, &name);
        let recurrence = table.get("recurring").as_ref().map_or(recurrence, overrides::recurrence);
        let closes = table.get("closes").as_ref().and_then(Closes::read);
        let Some((id_value, id)) = id_value.and_then(|value| Some((value, value.name()?))) else { return };
        let task = Task {
            criterion,
            current_state,
            responsible,
            lead,
            with,
            coordinators: coordinators.into_iter().filter(|person| !leads.contains(person)).collect(),
            leads,
            time,
            recurrence,
            closes,
            budget,
            support,
            reported,
            ..Task::bare(&id, remedy.unwrap_or_default(), Timeframe::Unresolved(Unresolved::Empty))
        };
        for task in task.at_each(timeframes) {
            self.check_new(&task.id, &id_value);
            self.tasks.push(task);
        }
    }

    fn check_new(&mut self, id: &TaskId, value: &TomlValue<'_>) {
        if let Some(first) = self.lines.insert(id.clone(), value.span()) {
            let line = self.document.line(first.start);
            value.error(PlanMistake::DoubledTask { task: id.as_str().to_owned(), line });
        }
    }

    /// Names as written, and whom they stand for.
    fn people(&self, value: &TomlValue<'_>) -> (Vec<String>, Vec<RecipientId>) {
        let mut names = Vec::new();
        let mut people = Vec::new();
        for name in value.list() {
            let meant = self.context.names.resolve(&name);
            if let Some(stranger) = name.text().filter(|_| meant.is_empty()) {
                self.context.strangers.meet(&text::nfc(stranger));
            }
            for person in meant {
                if !people.contains(&person) {
                    people.push(person);
                }
            }
            names.extend(name.text().map(text::nfc).filter(|name| !name.is_empty()));
        }
        (names, people)
    }

    /// What the keys of time say.
    fn time(&mut self, table: &TomlTable<'_>, id: &str) -> TaskTime {
        let (time, start, due) = (table.get("time"), table.get("start"), table.get("due"));
        let written = time.as_ref().and_then(TomlValue::text).map(|text| text.trim().to_owned());
        if let Some(due) = due {
            if let Some(time) = &time {
                time.error(PlanMistake::DoubledTime);
            }
            let date = due.date();
            let first = start.as_ref().and_then(TomlValue::date);
            let Some(date) = date else { return TaskTime::open(written) };
            if let (Some(value), Some(first)) = (&start, first)
                && first > date
            {
                value.error(PlanMistake::StartsAfterDue { start: first, due: date });
            }
            self.check_due(&due, date, id);
            let timeframes = vec![Timeframe::Resolved(Period { start: first, due: date })];
            return TaskTime { written, timeframes, recurrence: None };
        }
        if let Some(start) = start {
            start.error(PlanMistake::StartWithoutDue);
        }
        let Some(value) = time else {
            self.doubt(id, table.span(), PlanMistake::NoTime);
            return TaskTime::open(None);
        };
        let (Some(text), Some(year)) = (value.text(), self.context.year) else { return TaskTime::open(written) };
        match self.meaning(text, year) {
            Ok(reading) => {
                for doubt in &reading.doubts {
                    if matches!(doubt, timeframe::Doubt::OtherRecurrence { .. }) && table.get("recurring").is_some() {
                        continue;
                    }
                    self.doubt(id, value.span(), doubt.clone());
                }
                let timeframes = reading.periods.into_iter().map(Timeframe::Resolved).collect();
                TaskTime { written, timeframes, recurrence: reading.recurrence }
            }
            Err(reason) => {
                self.doubt(id, value.span(), PlanMistake::TaskTimeOpen { reason: reason.clone() });
                TaskTime { written, timeframes: vec![Timeframe::Unresolved(reason)], recurrence: None }
            }
        }
    }

    /// What a time column means; looked up where it was read before.
    fn meaning(&mut self, text: &str, year: &SchoolYear) -> Result<Reading, Unresolved> {
        if let Some(known) = self.times.get(text) {
            return known.clone();
        }
        let reading = timeframe::read(text, &timeframe::Context::of(year).issued(self.issued));
        self.times.insert(text.to_owned(), reading.clone());
        reading
    }

    /// A due date before the plan was issued is read as written and doubted.
    fn check_due(&self, value: &TomlValue<'_>, due: Date, id: &str) {
        if let Some(doubt) = timeframe::Doubt::of_due(due, self.issued) {
            self.doubt(id, value.span(), doubt);
        }
    }

    /// Doubts something of a task, unless the configuration settles it.
    fn doubt(&self, id: &str, span: Range<usize>, doubt: impl Mistake + 'static) {
        if !overrides::is_answered(doubt.code(), id, self.context.overrides) {
            self.document.warning(span, doubt);
        }
    }
}

/// How far the task is, as the document said that it was imported from.
fn reported(table: &TomlTable<'_>) -> Option<Reported> {
    let (status, percent) = (table.get("status"), table.get("percent"));
    let number = percent.as_ref().and_then(|value| match value.integer_or_text() {
        Some(IntegerOrText::Integer(number)) if (0..=100).contains(&number) => u8::try_from(number).ok(),
        _ => {
            value.error(PlanMistake::NoPercentage);
            None
        }
    });
    let Some(status) = status else {
        if let Some(percent) = percent {
            percent.error(PlanMistake::PercentWithoutStatus);
        }
        return None;
    };
    match status.text()?.parse::<Status>() {
        Ok(status) => {
            Some(Reported { status, percent: number }).filter(|reported| reported.status != Status::NotStarted)
        }
        Err(UnknownStatus(written)) => {
            status.error(PlanMistake::NoStatus { written });
            None
        }
    }
}

/// When a task is to be done.
struct TaskTime {
    /// The time column as written.
    written: Option<String>,
    /// Each period that it stands for.
    timeframes: Vec<Timeframe>,
    /// How often, where the words say so.
    recurrence: Option<Recurrence>,
}

impl TaskTime {
    /// One that says nothing that is understood.
    fn open(written: Option<String>) -> Self {
        Self { written, timeframes: vec![Timeframe::Unresolved(Unresolved::Empty)], recurrence: None }
    }
}
