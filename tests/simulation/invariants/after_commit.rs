//! What must hold as soon as something was written down; and what was written down becomes a fact of the world.

use jiff::{SignedDuration, Timestamp};
use nhacviec::plan::Status;

use crate::events::Event;
use crate::oracle::{TaskState, is_simple};
use crate::world::{Report, Shared, World, lock};

/// Looks what was reported and asked for since the last look.
pub async fn look(world: &Shared) {
    let (database, reports, requests) = {
        let world = lock(world);
        (world.database.clone(), world.facts.reports.len(), world.requests_seen)
    };
    let rows = database
        .ask(&format!(
            "SELECT task || '|' || at || '|' || status || '|' || COALESCE(reporter, '') || '|' || how FROM progress \
             ORDER BY rowid LIMIT -1 OFFSET {reports}"
        ))
        .await
        .unwrap_or_default();
    let asked = database
        .ask(&format!("SELECT task FROM time_request ORDER BY rowid LIMIT -1 OFFSET {requests}"))
        .await
        .unwrap_or_default();
    if rows.is_empty() && asked.is_empty() {
        return;
    }
    let queued = database
        .ask(
            "SELECT n.subject || '|' || n.kind || '|' || n.recipient FROM notice n JOIN message m ON m.id = n.message \
             WHERE n.state = 'queued' AND m.state = 'queued' AND n.kind NOT LIKE 'review:%'",
        )
        .await
        .unwrap_or_default();
    let mut world = lock(world);
    let new: Vec<Report> = rows.iter().filter_map(|row| report(&world, row)).collect();
    for report in new {
        let Report { task, status, by, how, .. } = &report;
        let line = format!("{task} is {status} by the word of {} ({how})", by.as_deref().unwrap_or("nobody"));
        world.tell(line);
        world.mark(match status {
            Status::Done => "done",
            Status::Blocked => "blocked",
            _ => "in progress",
        });
        world.facts.reports.push(report);
    }
    nothing_waits_about_what_is_closed(&mut world, &queued);
    for task in asked {
        world.requests_seen += 1;
        let days = world.draws.between("decided after hours", (&task, world.requests_seen), 1, 72);
        let at = world.now().saturating_add(SignedDuration::from_hours(i64::try_from(days).unwrap_or(1)));
        let key = world.requests_seen as u64;
        world.facts.asked.insert(task);
        world.mark("time asked for");
        world.plan(at.unwrap_or(Timestamp::MAX), Event::Decide { key });
    }
}

fn report(world: &World, row: &str) -> Option<Report> {
    let parts: Vec<&str> = row.split('|').collect();
    let [task, _, status, by, how] = parts.as_slice() else { return None };
    Some(Report {
        task: (*task).to_owned(),
        // When it is there for all to see.
        at: world.now(),
        status: status.parse().ok()?,
        by: (!by.is_empty()).then(|| (*by).to_owned()),
        how: (*how).to_owned(),
    })
}

/// 8: right after a task was reported done nothing waits in the outbox about it.
fn nothing_waits_about_what_is_closed(world: &mut World, queued: &[String]) {
    let now = world.now();
    let school = world.school_at(now).clone();
    for row in queued {
        let mut parts = row.split('|');
        let (Some(subject), Some(kind), Some(to)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let is_closed = school.task(subject).is_some_and(|task| TaskState::at(&world.facts, task, now).is_closed());
        if is_closed && is_simple(&world.facts, subject, now) {
            world.violated(
                "nothing_waits_about_what_is_closed",
                format!("{kind} of {subject} waits for {to}, and it is done"),
            );
        }
    }
}
