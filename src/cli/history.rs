//! `history`: the proof that an obligation was told: each notice about a task, planned, sent with the server's answer,
//! repeated, escalated, skipped and why, and what was reported and by whom.

pub(crate) mod events;
pub(crate) mod text;

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use crate::plan::TaskId;
use crate::progress::{RecordedReport, TimeRequest};
use crate::school::School;
use crate::store::Store;
use crate::store::history::PastNotice;
use crate::store::outbox::PastAttempt;
use crate::store::plans::Change;

use super::plan::in_force;
use super::{CommandError, Console, Findings, Format, block_on, load, local_time, task};

#[derive(Debug, clap::Args)]
pub(super) struct HistoryArgs {
    /// The task, as the plan calls it or called it: 1.4, M4.1
    task: String,
}

/// All that the store knows about a task.
struct TaskHistory {
    notices: Vec<PastNotice>,
    /// By message.
    attempts: HashMap<String, Vec<PastAttempt>>,
    reports: Vec<RecordedReport>,
    changes: Vec<Change>,
    /// What the task was called, and since when.
    names: Vec<(Timestamp, String)>,
    requests: Vec<TimeRequest>,
}

impl TaskHistory {
    async fn read(store: &Store, school: &School, task: &TaskId) -> Result<Self, CommandError> {
        let scope = &school.scope();
        let notices = store.notices_about(scope, task).await?;
        let mut attempts = HashMap::new();
        for message in notices.iter().filter_map(|notice| notice.message.as_ref()) {
            if !attempts.contains_key(message) {
                attempts.insert(message.clone(), store.attempts(scope, message).await?);
            }
        }
        let changes = store.changes(scope, Timestamp::MIN, Timestamp::MAX).await?;
        let requests = store.time_requests(scope).await?;
        Ok(Self {
            notices,
            attempts,
            reports: store.progress(school).await?.records(task),
            names: store.names_of(scope, task).await?,
            changes: changes.into_iter().filter(|change| change.task == *task).collect(),
            requests: requests.into_iter().filter(|request| request.task == *task).collect(),
        })
    }
}

pub(super) fn run(config: &Path, args: &HistoryArgs, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let scope = school.scope();
    let (school, id, past) = block_on(async {
        let store = Store::open_to_read(&school.settings.store).await?;
        let school = in_force(&store, school, console.language).await?;
        let called = school.plan.tasks.iter().find(|task| task.name == args.task).map(|task| task.id.clone());
        let id = match called {
            Some(id) => id,
            // A task that is gone from the plan has a history; a word that never was one has none.
            None => match store.task_called(&scope, &args.task).await? {
                Some(id) => id,
                None => task(&school, &args.task)?.id.clone(),
            },
        };
        let past = TaskHistory::read(&store, &school, &id).await?;
        store.close().await;
        Ok((school, id, past))
    })?;
    let events = events::events(&past, &school.settings);
    let mut out = io::BufWriter::new(anstream::stdout());
    match console.format {
        Format::Json => {
            for (at, event) in &events {
                let mut line = serde_json::to_value(event).map_err(io::Error::from)?;
                line["task"] = args.task.as_str().into();
                line["at"] = local_time::with_offset(&school.settings, *at).into();
                writeln!(out, "{line}")?;
            }
        }
        Format::Text => text::print(&mut out, &school, (&id, &args.task), &events, console.language)?,
    }
    out.flush()?;
    Ok(Findings::Fine)
}
