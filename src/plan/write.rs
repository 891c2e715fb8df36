//! A plan as TOML that a person would be glad to edit: in the plan's order, as written, doubts as comments at their place.

use jiff::civil::Date;
use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, Item, Table, Value, value};

use crate::calendar::SchoolYear;
use crate::diagnostic::{Diagnostic, Place, RenderText};
use crate::language::{Explanation, Language, Said};

use super::timeframe::Reading;
use super::{Period, Plan, Task, Timeframe, timeframe};

/// The words of a task's time, where dates stand for them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrittenTime<'t>(pub(crate) &'t str);

/// The plan's file. `found` are the doubts that reading it left; `year` is the school year that its times are of. The comments
/// are in `language`.
#[must_use]
pub fn toml(plan: &Plan, found: &[Diagnostic], year: Option<&SchoolYear>, language: Language) -> String {
    let comment = |doubt| comment(doubt, language);
    let mut document = DocumentMut::new();
    document["number"] = value(plan.number.as_str());
    if let Some(framework) = &plan.framework {
        document["framework"] = value(framework.as_str());
    }
    document["title"] = value(plan.title.as_str());
    document["issued"] = date(plan.issued);
    let whole = found.iter().filter(|doubt| task_of(doubt).is_none());
    let comments: String = whole.map(comment).collect();
    if let Some(mut key) = document.key_mut("number") {
        key.leaf_decor_mut().set_prefix(comments);
    }
    if !plan.standards.is_empty() {
        let mut standards = Table::new();
        for (number, title) in &plan.standards {
            standards[number] = value(title.as_str());
        }
        document["standards"] = Item::Table(standards);
    }
    let mut tasks = ArrayOfTables::new();
    for task in &plan.tasks {
        // What is doubtful of a row of several times stands at the first of its tasks.
        let names = [Some(task.name.as_str()), task.name.strip_suffix('a')];
        let doubts = found.iter().filter(|doubt| task_of(doubt).is_some_and(|task| names.contains(&Some(task))));
        let comments: String = doubts.map(comment).collect();
        let (mut table, words) = table(task, year);
        let words = words.map(|words| commented(&WrittenTime(words).said_in(language))).unwrap_or_default();
        table.decor_mut().set_prefix(format!("\n{comments}{words}"));
        tasks.push(table);
    }
    document["task"] = Item::ArrayOfTables(tasks);
    document.to_string()
}

/// A task's table, and the words of its time where dates stand for them.
fn table<'t>(task: &'t Task, year: Option<&SchoolYear>) -> (Table, Option<&'t str>) {
    let mut words = None;
    let mut table = Table::new();
    let optional = |table: &mut Table, key: &str, text: Option<&String>| {
        if let Some(text) = text {
            table[key] = value(text.as_str());
        }
    };
    table["id"] = value(task.name.as_str());
    optional(&mut table, "criterion", task.criterion.as_ref());
    optional(&mut table, "current_state", task.current_state.as_ref());
    table["remedy"] = value(task.remedy.as_str());
    optional(&mut table, "responsible", task.responsible.as_ref());
    table["lead"] = names(&task.lead);
    if !task.with.is_empty() {
        table["with"] = names(&task.with);
    }
    let read = task.time.as_deref().zip(year).map(|(time, year)| timeframe::read(time, &timeframe::Context::of(year)));
    let read = read.and_then(Result::ok);
    let says_all = |reading: &Reading, period: Period| {
        reading.periods == [period] && (reading.recurrence == task.recurrence || task.recurrence.is_some())
    };
    match &task.timeframe {
        // What the words do not say, or say of several tasks, is written as dates.
        Timeframe::Resolved(period) if !read.as_ref().is_some_and(|reading| says_all(reading, *period)) => {
            if let Some(start) = period.start {
                table["start"] = date(start);
            }
            table["due"] = date(period.due);
            words = task.time.as_deref();
        }
        _ => optional(&mut table, "time", task.time.as_ref()),
    }
    let said = read.filter(|_| words.is_none()).and_then(|reading| reading.recurrence);
    if let Some(recurrence) = task.recurrence.filter(|recurrence| said != Some(*recurrence)) {
        table["recurring"] = value(recurrence.as_str());
    }
    if let Some(closes) = task.closes {
        table["closes"] = value(closes.as_str());
    }
    if let Some(reported) = task.reported {
        table["status"] = value(reported.status.as_str());
        if let Some(percent) = reported.percent {
            table["percent"] = value(i64::from(percent));
        }
    }
    optional(&mut table, "budget", task.budget.as_ref());
    optional(&mut table, "support", task.support.as_ref());
    (table, words)
}

fn names(names: &[String]) -> Item {
    value(names.iter().map(|name| Value::from(name.as_str())).collect::<Array>())
}

fn date(date: Date) -> Item {
    // Every civil date is one of TOML.
    date.to_string().parse::<Datetime>().map_or_else(|_| value(date.to_string()), value)
}

fn task_of(doubt: &Diagnostic) -> Option<&str> {
    match &doubt.place {
        Place::Cell { task, .. } => task.as_deref(),
        _ => None,
    }
}

/// A doubt as lines of comment, whatever stands in the document.
fn comment(doubt: &Diagnostic, language: Language) -> String {
    let place = match &doubt.place {
        Place::Cell { table, row, column, text, .. } => {
            let heading = column.as_ref().map(|(_, heading)| heading.as_str());
            RenderText::Cell { table, row: *row, heading, text: Some(text) }.said_in(language) + "\n"
        }
        _ => String::new(),
    };
    let Explanation { message, help } = doubt.explained_in(language);
    let help = help.map(|help| format!("\n{help}")).unwrap_or_default();
    let said = format!("{place}{message}{help}");
    commented(&said)
}

/// Lines of a comment.
fn commented(said: &str) -> String {
    said.lines().flat_map(|line| ["# ".to_owned(), line.replace(char::is_control, " "), "\n".to_owned()]).collect()
}
