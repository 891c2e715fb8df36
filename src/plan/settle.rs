//! What the configuration settles of tasks, put into the plan that the document gave (`[task."2.3"]`).

use std::collections::HashSet;

use crate::calendar::SchoolYear;
use crate::config::overrides::Override;
use crate::text;
use crate::toml_file::Document;

use super::{Period, Plan, Timeframe, timeframe};

type Answers = fn(&Override) -> bool;

/// Codes of doubts that an override of a task answers, by the key that does.
const ANSWERS: &[(&str, Answers)] = &[
    ("unknown-lead", |settled| settled.lead.is_some()),
    ("unresolved-time", |settled| settled.due.is_some() || settled.time.is_some()),
    ("due-before-issue", |settled| settled.due.is_some() || settled.time.is_some()),
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

/// How to answer a doubt about a task in the configuration: help that says what to mend in the document, and the two
/// lines that settle it otherwise, to be copied as they stand.
#[must_use]
pub(super) fn help(mend: &str, task: &str, line: &str) -> String {
    format!("{mend}, or add to the configuration\n[task.\"{task}\"]\n{line}")
}

/// Changes the tasks as the configuration says. An override for a task that is not there, a time that is not understood
/// and a name that two tasks would have are noted.
pub fn apply(plan: &mut Plan, overrides: &[Override], year: Option<&SchoolYear>, document: &Document) {
    for settled in overrides {
        let Some(place) = plan.tasks.iter().position(|task| task.id.as_str() == settled.task) else {
            let near = text::closest(&settled.task, plan.tasks.iter().map(|task| task.id.as_str()));
            let help = near.map_or_else(
                || "`nhacviec status` shows what the tasks are called".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no task `{}` in the plan", settled.task);
            document.error(settled.span.clone(), "unknown-task", message, Some(help));
            continue;
        };
        let task = &mut plan.tasks[place];
        if let Some(due) = settled.due {
            task.timeframe = Timeframe::Resolved(Period { start: settled.start, due });
        }
        if let (Some((time, span)), Some(year)) = (&settled.time, year) {
            match timeframe::read(time, year).as_deref() {
                Ok([period]) => task.timeframe = Timeframe::Resolved(*period),
                Ok(_) => {
                    let help = "write a single time, or give `start` and `due` as dates".to_owned();
                    document.error(span.clone(), "several-times", "these are several times for one task", Some(help));
                }
                Err(reason) => {
                    let help = Some(reason.help().to_owned());
                    document.error(span.clone(), "unresolved-time", reason.to_string(), help);
                }
            }
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
    let mut seen = HashSet::new();
    for task in &plan.tasks {
        if !seen.insert(&task.name)
            && let Some(settled) = overrides
                .iter()
                .find(|settled| [&settled.id, &settled.criterion].into_iter().flatten().any(|id| *id == task.name))
        {
            let message = format!("there is a task `{}` already", task.name);
            document.error(
                settled.span.clone(),
                "doubled-task",
                message,
                Some("give this one another `id`".to_owned()),
            );
        }
    }
}
