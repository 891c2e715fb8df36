//! What the configuration settles of tasks (`[task."2.3"]`): which doubts that answers, and how it changes the plan that the
//! document gave.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::SchoolYear;
use crate::people::RecipientId;
use crate::text;
use crate::toml_file::{TomlDocument, TomlValue};

use super::{Closes, Period, Plan, PlanMistake, Recurrence, Task, Timeframe, timeframe};

/// What is settled of one task; what is not is as the document has it.
#[derive(Clone, Debug)]
pub struct Override {
    /// The task as the document's reading calls it.
    pub task: String,
    /// Where it stands.
    pub span: Range<usize>,
    /// Another name for it.
    pub id: Option<String>,
    /// Its criterion.
    pub criterion: Option<String>,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub due: Option<Date>,
    /// Its time column, and where that stands.
    pub time: Option<(String, Range<usize>)>,
    /// How often it recurs.
    pub recurrence: Option<Recurrence>,
    /// When it is done where several lead it.
    pub closes: Option<Closes>,
    /// Who answers for it: as named, and who that is.
    pub lead: Option<(Vec<String>, Vec<RecipientId>)>,
    /// Who helps.
    pub with: Option<(Vec<String>, Vec<RecipientId>)>,
}

impl Override {
    fn says_when(&self) -> bool {
        self.due.is_some() || self.time.is_some()
    }
}

type Answers = fn(&Override) -> bool;

/// Codes of doubts that an override of a task answers, by the key that does.
const ANSWERS: &[(&str, Answers)] = &[
    ("unknown-lead", |settled| settled.lead.is_some()),
    ("unknown-name", |settled| settled.lead.is_some() || settled.with.is_some()),
    ("unresolved-time", Override::says_when),
    ("due-before-issue", Override::says_when),
    ("due-outside-school-year", Override::says_when),
    ("several-steps", Override::says_when),
    ("other-time", Override::says_when),
    ("other-recurrence", |settled| settled.says_when() || settled.recurrence.is_some()),
    // Whoever writes of it means it.
    ("hidden-row", |_| true),
    ("no-criterion", |settled| settled.criterion.is_some() || settled.id.is_some()),
];

/// Whether a doubt about a task is answered by what is settled of it.
#[must_use]
pub fn is_answered(code: &str, task: &str, overrides: &[Override]) -> bool {
    overrides
        .iter()
        .filter(|settled| settled.task == task)
        .any(|settled| ANSWERS.iter().any(|(known, answers)| *known == code && answers(settled)))
}

/// How often a task recurs, as the key `recurring` of a plan or of the configuration says.
pub(crate) fn recurrence(value: &TomlValue<'_>) -> Option<Recurrence> {
    let word = value.text()?;
    let known = Recurrence::ALL.into_iter().find(|known| known.as_str() == word);
    if known.is_none() {
        let known = Recurrence::ALL.into_iter().map(Recurrence::as_str).collect();
        value.error(PlanMistake::DoesNotRecurBy { written: word.to_owned(), known });
    }
    known
}

/// Changes the tasks as the configuration says. An override for a task that is not there, a time that is not understood
/// and a name that two tasks would have are noted.
pub fn apply(plan: &mut Plan, overrides: &[Override], year: Option<&SchoolYear>, document: &TomlDocument) {
    let places: HashMap<String, usize> =
        plan.tasks.iter().enumerate().rev().map(|(place, task)| (task.name.clone(), place)).collect();
    for settled in overrides {
        let places = places_of(&settled.task, &places);
        match places.as_slice() {
            [] => unknown_task(settled, plan, document),
            [_, ..] => {
                if places.len() > 1 && (settled.says_when() || settled.id.is_some()) {
                    let names = places.iter().map(|place| plan.tasks[*place].name.clone()).collect();
                    let mistake = PlanMistake::SeveralTasks { task: settled.task.clone(), names };
                    document.error(settled.span.clone(), mistake);
                    continue;
                }
                for place in places {
                    settle(&mut plan.tasks[place], settled, year, document);
                }
            }
        }
    }
    tell_doubled(plan, overrides, document);
}

/// The tasks that a name means: the one that is called so, or those of one row at several times, `1.4a` and `1.4b`.
fn places_of(name: &str, places: &HashMap<String, usize>) -> Vec<usize> {
    match places.get(name) {
        Some(place) => vec![*place],
        None => ('a'..='z').map_while(|letter| places.get(&format!("{name}{letter}")).copied()).collect(),
    }
}

fn unknown_task(settled: &Override, plan: &Plan, document: &TomlDocument) {
    let near = text::closest(&settled.task, plan.tasks.iter().map(|task| task.name.as_str()));
    let (task, near) = (settled.task.clone(), near.map(str::to_owned));
    document.error(settled.span.clone(), PlanMistake::NoTask { task, near });
}

fn settle(task: &mut Task, settled: &Override, year: Option<&SchoolYear>, document: &TomlDocument) {
    if let Some(due) = settled.due {
        task.timeframe = Timeframe::Resolved(Period { start: settled.start, due });
        task.time = None;
    }
    if let (Some((time, span)), Some(year)) = (&settled.time, year) {
        let read = timeframe::read(time, &timeframe::Context::of(year).settled());
        let often = read.as_ref().ok().and_then(|reading| reading.recurrence);
        match read.map(|reading| reading.periods).as_deref() {
            Ok([period]) => {
                task.timeframe = Timeframe::Resolved(*period);
                task.time = Some(time.clone());
                task.recurrence = often;
            }
            Ok(_) => document.error(span.clone(), PlanMistake::SeveralTimes),
            Err(reason) => {
                document.error(span.clone(), PlanMistake::SettledTimeOpen { reason: reason.clone() });
            }
        }
    }
    if settled.recurrence.is_some() {
        task.recurrence = settled.recurrence;
    }
    if settled.closes.is_some() {
        task.closes = settled.closes;
    }
    if let Some((names, people)) = &settled.lead {
        task.lead.clone_from(names);
        task.leads.clone_from(people);
    }
    if let Some((names, people)) = &settled.with {
        task.with.clone_from(names);
        task.coordinators.clone_from(people);
    }
    let leads = &task.leads;
    task.coordinators.retain(|person| !leads.contains(person));
    if let Some(criterion) = &settled.criterion {
        task.criterion = Some(criterion.clone());
    }
    if let Some(id) = settled.id.as_ref().or(settled.criterion.as_ref()) {
        task.set_name(id);
    }
}

fn tell_doubled(plan: &Plan, overrides: &[Override], document: &TomlDocument) {
    let mut seen = HashSet::new();
    for task in plan.tasks.iter().filter(|task| !seen.insert(&task.name)) {
        let names =
            |settled: &&Override| [&settled.id, &settled.criterion].into_iter().flatten().any(|id| *id == task.name);
        let Some(settled) = overrides.iter().find(names) else { continue };
        document.error(settled.span.clone(), PlanMistake::TaskOfThatName { task: task.name.clone() });
    }
}
