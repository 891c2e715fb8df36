//! `diff`: what a changed plan does to the messages to come, told before it takes effect.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::app::load_school::import_plan;
use crate::app::plan_difference::PlanDifference;
use crate::app::plan_in_force;
use crate::clock::Clock;
use crate::files::Files;
use crate::plan::Plan;
use crate::school::School;
use crate::store::{Store, plans};

use super::{CommandError, Console, Findings, Format, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// The plan as it was [default: as the service has last seen it]
    #[arg(value_name = "OLD-PLAN")]
    old: Option<PathBuf>,
}

pub(super) fn run(config: &Path, args: &DiffArgs, console: Console) -> Result<Findings, CommandError> {
    let new = load(config, console)?.school;
    let scope = new.scope();
    let (new, seen, progress) = block_on(async {
        let store = Store::open_to_read(&new.settings.store).await?;
        let new = plan_in_force::as_written(&store, new).await?;
        let progress = store.progress(&new).await?;
        let read = (new, store.newest_plan(&scope).await?, progress);
        store.close().await;
        Ok(read)
    })?;
    let old = match (&args.old, seen) {
        (Some(path), _) => {
            let mut old = old_plan(config, path, console)?;
            // Nobody has seen it, so it is compared with the plan as written, which has the identities.
            old.identify(&new.plan.known(), 0);
            old
        }
        (None, Some(seen)) => plans::plan_of(&seen, &new),
        (None, None) => return Err(CommandError::NothingSeen),
    };
    let old = School { plan: old, ..new.clone() };
    let today = new.settings.date_of(Clock::System.now());
    let difference = PlanDifference::between(&old, &new, &progress, today);
    let mut out = io::BufWriter::new(anstream::stdout());
    match console.format {
        Format::Json => {
            for notice in &difference.notices {
                writeln!(out, "{}", serde_json::to_string(notice).map_err(io::Error::from)?)?;
            }
        }
        Format::Text => write!(out, "{}", difference.to_text(usize::MAX, console.language))?,
    }
    out.flush()?;
    Ok(Findings::Fine)
}

/// The plan of a file, as the configuration reads it. What the configuration settles of tasks that it does not have yet
/// or has no longer is no mistake here.
fn old_plan(config: &Path, path: &Path, console: Console) -> Result<Plan, CommandError> {
    match import_plan(&Files::Disk, config, path) {
        Ok(imported) => Ok(imported.plan),
        Err(found) => {
            anstream::eprint!("{}", crate::diagnostic::text(&found.into_sorted(), console.language));
            Err(CommandError::MistakesInArgument)
        }
    }
}
