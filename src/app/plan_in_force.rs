//! The plan that is in force: what the school wrote, each task with its identity, with the due dates that were agreed since.
//!
//! A plan comes into force at one moment, by [`bring_into_force`], which the service, the mailbox and every command that writes
//! about tasks go through first: so all of them mean the same task by the same number. A plan from which most tasks have vanished is
//! probably a mistake (half a file, another school's): it waits until [`accept`] takes it, and all of them go on by the
//! plan as it was, which the store has.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::compose::{Alert, MovedTask, PlanTask};
use crate::plan::identity::{KnownTask, vanished};
use crate::plan::{Plan, TaskId};
use crate::progress::TimeRequest;
use crate::schedule::Agenda;
use crate::school::{School, Scope};
use crate::store::plans::{SeenTask, VersionChanges, plan_of};
use crate::store::{Store, StoreError, StoreStep, Tx, outbox, plans, progress, time_requests};

use super::decide_due::withdraw_fallen;
use super::notes::alerts;
use super::plan_difference::PlanDifference;

/// How many tasks that have vanished are named in a line.
const MAX_NAMED: usize = 12;
/// How many changed notices an admin is shown by mail.
const MAX_NOTICES: usize = 200;

/// The plan that is in force, and one that waits.
#[derive(Clone, Debug)]
pub struct PlanInForce {
    /// The school with the plan in force.
    pub school: Arc<School>,
    /// The plan that is written, where it is not taken.
    pub waiting: Option<WaitingPlan>,
}

/// A plan that is written and not in force, because more than half of the tasks have vanished from it. As text, what
/// somebody at the command line is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingPlan {
    /// The tasks that have vanished, in the order of the plan in force.
    pub vanished: Vec<PlanTask>,
    /// How many tasks the plan in force has.
    pub of: usize,
    /// How many tasks the plan that waits has.
    pub new: usize,
}

impl WaitingPlan {
    /// The plan as one that waits, where too much of the one before has vanished from it: a task that only has another
    /// number has not.
    fn of(written: &Plan, before: &Plan, known: &[KnownTask]) -> Option<Self> {
        let gone = vanished(known, written);
        if gone.len() * 2 <= before.tasks.len() {
            return None;
        }
        let gone: HashSet<&TaskId> = gone.iter().map(|gone| &gone.id).collect();
        let vanished = before.tasks.iter().filter(|task| gone.contains(&task.id));
        let vanished = vanished.map(|task| PlanTask { name: task.name.clone(), remedy: task.remedy.clone() });
        Some(Self { vanished: vanished.collect(), of: before.tasks.len(), new: written.tasks.len() })
    }

    /// The tasks that have vanished by their names, as far as there is room for them.
    #[must_use]
    pub fn named(&self) -> String {
        let names: Vec<&str> = self.vanished.iter().take(MAX_NAMED).map(|task| task.name.as_str()).collect();
        let more = if self.vanished.len() > MAX_NAMED { ", …" } else { "" };
        names.join(", ") + more
    }
}

impl fmt::Display for WaitingPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} tasks have vanished from the plan ({}), so it waits and the plan as it was stays in force: mend the \
             file, or take it with `nhacviec plan accept`",
            self.vanished.len(),
            self.of,
            self.named()
        )
    }
}

/// The school with the plan as it is in force, or would be if it came into force now. Writes nothing.
///
/// # Errors
/// When the store fails.
pub async fn in_force(store: &Store, school: School) -> Result<PlanInForce, StoreError> {
    let scope = school.scope();
    let stored = StoredPlan::look(store, &scope).await?;
    let written = stored.written(school);
    if stored.is_newest(&written) {
        return Ok(PlanInForce { school: written.into(), waiting: None });
    }
    let seen = store.newest_plan(&scope).await?;
    Ok(stored.judge(written, seen.as_deref()))
}

/// The school with the plan as it is written, each task with its identity, whether it is in force or waits. Writes nothing.
///
/// # Errors
/// When the store fails.
pub async fn as_written(store: &Store, school: School) -> Result<School, StoreError> {
    Ok(StoredPlan::look(store, &school.scope()).await?.written(school))
}

/// Brings a plan into force: compares it with the version of before, withdraws what no longer follows from it, takes up what
/// its document reports, and tells the admin what is gone or moved. Does nothing
/// where it is in force already. One from which most tasks have vanished is not taken, and the admin is told so once.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn bring_into_force(store: &Store, school: School, now: Timestamp) -> Result<PlanInForce, StoreError> {
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    let stored = StoredPlan::read(&mut tx, &scope).await?;
    let written = stored.written(school);
    if stored.is_newest(&written) {
        return Ok(PlanInForce { school: written.into(), waiting: None });
    }
    let seen = plans::newest(&mut *tx, &scope).await?;
    let hash = written.plan_hash.clone();
    let judged = stored.judge(written, seen.as_deref());
    match &judged.waiting {
        Some(waiting) => {
            let WaitingPlan { vanished, of, new } = waiting.clone();
            let alert = Alert::PlanWaits { vanished, of, new };
            let moment = format!("plan waits\0{}\0{hash}\0{}", scope.plan, stored.version());
            outbox::put_alerts(&mut tx, &scope, &alerts(&judged.school, &alert, &moment), now).await?;
        }
        // Rarely done, and large: it is kept off the stack of those who only look.
        None => Box::pin(take(&mut tx, &judged.school, seen.as_deref(), now)).await?,
    }
    tx.commit(StoreStep::BringPlanIntoForce).await?;
    Ok(judged)
}

/// Takes a plan that waits, whatever has vanished from it. Gives back what waited; `None` where nothing did.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn accept(store: &Store, school: School, now: Timestamp) -> Result<Option<WaitingPlan>, StoreError> {
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    let stored = StoredPlan::read(&mut tx, &scope).await?;
    let written = stored.written(school);
    if stored.is_newest(&written) {
        return Ok(None);
    }
    let seen = plans::newest(&mut *tx, &scope).await?;
    let waiting = stored.judge(written.clone(), seen.as_deref()).waiting;
    Box::pin(take(&mut tx, &written.into(), seen.as_deref(), now)).await?;
    tx.commit(StoreStep::TakeWaitingPlan).await?;
    Ok(waiting)
}

/// What the store has of a plan.
struct StoredPlan {
    known: Vec<KnownTask>,
    /// The newest version and its hash.
    newest: Option<(i64, String)>,
    agreed: Vec<TimeRequest>,
}

impl StoredPlan {
    async fn look(store: &Store, scope: &Scope) -> Result<Self, StoreError> {
        Ok(Self {
            known: store.known_tasks(scope).await?,
            newest: store.newest_plan_version(scope).await?,
            agreed: accepted(store.time_requests(scope).await?),
        })
    }

    async fn read(tx: &mut Tx, scope: &Scope) -> Result<Self, StoreError> {
        Ok(Self {
            known: plans::known(&mut **tx, scope).await?,
            newest: plans::newest_version(&mut **tx, scope).await?,
            agreed: accepted(time_requests::read(&mut **tx, scope).await?),
        })
    }

    /// The number of the newest version; 0 where none was seen.
    fn version(&self) -> i64 {
        self.newest.as_ref().map_or(0, |(version, _)| *version)
    }

    /// The school as it was read, each task with its identity, with the due dates that were agreed.
    fn written(&self, mut school: School) -> School {
        school.plan.identify(&self.known, self.version() + 1);
        school.with_requests(&self.agreed)
    }

    fn is_newest(&self, written: &School) -> bool {
        self.newest.as_ref().is_some_and(|(_, hash)| *hash == written.plan_hash)
    }

    /// What is in force: the plan as written or, where too much of the one before (`seen`) has vanished from it, that one.
    /// Where the store has too little of that one to go on by it, the one that is written is in force.
    fn judge(&self, written: School, seen: Option<&[SeenTask]>) -> PlanInForce {
        let before = seen.map(|seen| plan_of(seen, &written));
        let waits = before.and_then(|before| Some((WaitingPlan::of(&written.plan, &before, &self.known)?, before)));
        let Some((waiting, before)) = waits else { return PlanInForce { school: written.into(), waiting: None } };
        let plan_hash = self.newest.as_ref().map(|(_, hash)| hash.clone()).unwrap_or_default();
        let school = School { plan: before, plan_hash, ..written };
        PlanInForce { school: school.with_requests(&self.agreed).into(), waiting: Some(waiting) }
    }
}

/// Writes down another version of the plan, and what follows from it; `seen` is the one before.
async fn take(tx: &mut Tx, school: &Arc<School>, seen: Option<&[SeenTask]>, now: Timestamp) -> Result<(), StoreError> {
    let scope = school.scope();
    let Some(changes) = plans::remember(tx, &scope, &school.plan, &school.plan_hash, now).await? else { return Ok(()) };
    withdraw_fallen(tx, &Agenda::new(Arc::clone(school)), now).await?;
    progress::take_up(tx, school, now).await?;
    for task in &changes.removed {
        time_requests::end(tx, &scope, task, now).await?;
    }
    match seen {
        Some(seen) => tell_changes(tx, school, &plan_of(seen, school), &changes, now).await,
        None => Ok(()),
    }
}

/// Tells the admin which tasks are gone or moved, and what that does to the messages to come. That a due date was moved by
/// agreement is known already.
async fn tell_changes(
    tx: &mut Tx,
    school: &School,
    before: &Plan,
    changes: &VersionChanges,
    now: Timestamp,
) -> Result<(), StoreError> {
    let named = |name: &str, remedy: &str| PlanTask { name: name.to_owned(), remedy: remedy.to_owned() };
    let removed = changes.removed.iter().filter_map(|id| before.task(id));
    let removed: Vec<PlanTask> = removed.map(|task| named(&task.name, &task.remedy)).collect();
    let moved = changes.moved.iter().filter_map(|id| Some((before.task(id)?, school.plan.task(id)?)));
    let moved = moved.filter(|(_, task)| task.postponed.is_none()).map(|(old, task)| MovedTask {
        task: named(&task.name, &task.remedy),
        old: old.period().map(|period| period.due),
        due: task.period().map(|period| period.due),
    });
    let moved: Vec<MovedTask> = moved.collect();
    if removed.is_empty() && moved.is_empty() {
        return Ok(());
    }
    let scope = school.scope();
    let progress = progress::read(&mut **tx, school).await?;
    let before = School { plan: before.clone(), ..school.clone() };
    let difference = PlanDifference::between(&before, school, &progress, school.settings.date_of(now));
    let language = school.settings.admin_language();
    let alert = Alert::PlanChanged { removed, moved, difference: difference.to_text(MAX_NOTICES, language) };
    let moment = format!("plan changed\0{}\0{}\0{now}", scope.plan, school.plan_hash);
    outbox::put_alerts(tx, &scope, &alerts(school, &alert, &moment), now).await
}

/// The requests for time that were accepted.
pub(crate) fn accepted(mut requests: Vec<TimeRequest>) -> Vec<TimeRequest> {
    requests.retain(|request| request.accepted().is_some());
    requests
}
