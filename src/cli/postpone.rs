//! `postpone`: moves the due date of a task, or refuses the request for it.

use std::path::Path;

use jiff::civil::Date;

use crate::app::agreed_plan;
use crate::app::ask_for_time::Proposal;
use crate::app::decide_time::{self, Verdict as TimeVerdict, decide_time};
use crate::clock::Clock;
use crate::progress::Decision;
use crate::store::Store;

use super::{CommandError, Verdict, block_on, load, task};

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

pub(super) fn run(config: &Path, args: &PostponeArgs) -> Result<Verdict, CommandError> {
    let school = load(config)?.school;
    let said = block_on(async {
        let store = Store::open(&school.settings.store).await?;
        let school = agreed_plan::in_force(&store, school).await?;
        let task = task(&school, &args.task)?;
        let at = Clock::System.now();
        let said = match args.date {
            Some(due) => {
                let why = args.why.trim().to_owned();
                let proposal = Proposal { due, why, by: args.by.clone(), how: "command", at };
                decide_time::postpone(&store, &school, task, &proposal).await?;
                let old = task.period().map_or_else(|| "an open time".to_owned(), |period| period.due.to_string());
                format!("{}: {due} instead of {old}", task.id)
            }
            None => {
                let requests = store.time_requests(&school.scope()).await?;
                let waiting = requests.iter().find(|request| request.task == task.id && request.is_open());
                let nothing = || CommandError::NothingAsked(task.id.to_string());
                let request = waiting.ok_or_else(nothing)?;
                let decision = Decision { at, by: args.by.clone(), note: Some(args.why.trim().to_owned()) };
                if !decide_time(&store, &school, request, TimeVerdict::Refused, decision).await? {
                    return Err(nothing());
                }
                format!("{}: not postponed to {}", task.id, request.due)
            }
        };
        store.close().await;
        Ok(said)
    })?;
    anstream::println!("{said}");
    Ok(Verdict::Fine)
}
