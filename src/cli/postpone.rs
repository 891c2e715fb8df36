//! `postpone`: moves the due date of a task, or refuses the request for it.

use std::path::Path;

use jiff::civil::Date;

use crate::app::ask_for_time::Proposal;
use crate::app::decide_time::{self, Verdict, decide_time};
use crate::clock::Clock;
use crate::language::Said;
use crate::progress::{How, RequestDecision};
use crate::store::Store;

use super::plan::bring_into_force;
use super::{CommandError, Console, Findings, block_on, load, task};

#[derive(Debug, clap::Args)]
pub(super) struct PostponeArgs {
    /// The task, as the plan calls it: 1.4, M4.1
    task: String,
    /// The new due date
    #[arg(value_name = "DATE", required_unless_present = "refuse")]
    date: Option<Date>,
    /// Why; stands in the next review
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// Refuse the request that waits for the task: its due date stays
    #[arg(long, conflicts_with = "date")]
    refuse: bool,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What is said of a decision on a task's due date.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PostponeText<'t> {
    /// It is moved, from an earlier one or from an open time.
    Moved { task: &'t str, due: Date, old: Option<Date> },
    /// It is not moved to the one that was asked for.
    NotMoved { task: &'t str, due: Date },
}

pub(super) fn run(config: &Path, args: &PostponeArgs, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let done = block_on(async {
        let store = Store::open(&school.settings.store).await?;
        let at = Clock::System.now();
        let school = bring_into_force(&store, school, at, console.language).await?;
        let task = task(&school, &args.task)?;
        let done = match args.date {
            Some(due) => {
                let why = args.why.trim().to_owned();
                let proposal = Proposal { due, why, by: args.by.clone(), how: How::Command, at };
                decide_time::postpone(&store, &school, task, &proposal).await?;
                let old = task.period().map(|period| period.due);
                PostponeText::Moved { task: &task.name, due, old }.said_in(console.language)
            }
            None => {
                let requests = store.time_requests(&school.scope()).await?;
                let waiting = requests.iter().find(|request| request.task == task.id && request.is_open());
                let nothing = || CommandError::NothingAsked(task.name.clone());
                let request = waiting.ok_or_else(nothing)?;
                let decision = RequestDecision { at, by: args.by.clone(), note: Some(args.why.trim().to_owned()) };
                if !decide_time(&store, &school, request, Verdict::Refused, decision).await? {
                    return Err(nothing());
                }
                PostponeText::NotMoved { task: &task.name, due: request.due }.said_in(console.language)
            }
        };
        store.close().await;
        Ok(done)
    })?;
    anstream::println!("{done}");
    Ok(Findings::Fine)
}
