//! `plan`: takes a plan that waits; and the plan in force as the other commands get it, which say when another one waits.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::plan_in_force::{self, PlanInForce, WaitingPlan};
use crate::clock::Clock;
use crate::language::{Language, Said};
use crate::school::School;
use crate::store::{Store, StoreError};

use super::{CommandError, Console, Findings, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct PlanArgs {
    #[command(subcommand)]
    action: PlanAction,
}

#[derive(Debug, clap::Subcommand)]
enum PlanAction {
    /// Take the plan as it is written, although most tasks have vanished from it
    Accept,
}

/// What is said of a plan that was to be taken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AcceptText<'t> {
    /// It is in force.
    Accepted { number: &'t str, plan: &'t WaitingPlan },
    /// None waited: the one that is written is in force.
    NothingWaits { number: &'t str },
}

pub(super) fn run(config: &Path, args: &PlanArgs, console: Console) -> Result<Findings, CommandError> {
    match args.action {
        PlanAction::Accept => accept(config, console),
    }
}

fn accept(config: &Path, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let number = school.plan.number.clone();
    let accepted = block_on(async {
        let store = Store::open(&school.settings.store).await?;
        let accepted = plan_in_force::accept(&store, school, Clock::System.now()).await?;
        store.close().await;
        Ok(accepted)
    })?;
    let said = match &accepted {
        Some(plan) => AcceptText::Accepted { number: &number, plan },
        None => AcceptText::NothingWaits { number: &number },
    };
    anstream::println!("{}", said.said_in(console.language));
    Ok(Findings::Fine)
}

/// Brings the plan into force. Where it waits, says so on the error output and gives the plan as it was.
pub(super) async fn bring_into_force(
    store: &Store,
    school: School,
    now: Timestamp,
    language: Language,
) -> Result<Arc<School>, StoreError> {
    Ok(told(plan_in_force::bring_into_force(store, school, now).await?, language))
}

/// The school with the plan in force, for looking at. Where another one waits, says so on the error output.
pub(super) async fn in_force(store: &Store, school: School, language: Language) -> Result<Arc<School>, StoreError> {
    Ok(told(plan_in_force::in_force(store, school).await?, language))
}

fn told(PlanInForce { school, waiting }: PlanInForce, language: Language) -> Arc<School> {
    if let Some(waiting) = waiting {
        anstream::eprintln!("nhacviec: {}", waiting.said_in(language));
    }
    school
}
