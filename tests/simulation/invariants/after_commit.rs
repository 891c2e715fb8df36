//! What must hold as soon as something was written down; and what was written down becomes a fact of the world.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use nhacviec::plan::Status;

use crate::events::Event;
use crate::mailbox::Letter;
use crate::parts::{Effect, TaskState, Word};
use crate::people::Meaning;
use crate::school::School;
use crate::world::{Report, Shared, World, local, lock};

use super::at_hand_over::date_of;

/// Looks what was reported and asked for since the last look.
pub async fn look(world: &Shared) {
    let (database, reports, requests, known) = {
        let world = lock(world);
        (world.database.clone(), world.facts.reports.len(), world.requests_seen, world.facts.attested.len())
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
    // Whatever is attested comes with a report.
    let words = database
        .ask(&format!(
            "SELECT task || '|' || period || '|' || lead FROM attestation ORDER BY rowid LIMIT -1 OFFSET {known}"
        ))
        .await
        .unwrap_or_default();
    let queued = database
        .ask(
            "SELECT n.subject || '|' || n.kind || '|' || n.recipient FROM notice n JOIN message m ON m.id = n.message \
             WHERE n.state = 'queued' AND m.state = 'queued' AND n.kind NOT LIKE 'review:%'",
        )
        .await
        .unwrap_or_default();
    let mut world = lock(world);
    for row in &rows {
        reported(&mut world, row);
    }
    for row in &words {
        attested(&mut world, row);
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

/// Somebody's report has been recorded.
fn reported(world: &mut World, row: &str) {
    let Some(report) = report(world, row) else { return };
    let Report { task, status, by, how, effect, .. } = &report;
    let line = format!("{task} is {status} by the word of {by} ({how}): {effect:?}");
    world.tell(line);
    world.mark(match status {
        Status::Done => "done",
        Status::Blocked => "blocked",
        _ => "in progress",
    });
    world.facts.reports.push(report);
}

/// A lead has told for a month of monthly work, or somebody for all.
fn attested(world: &mut World, row: &str) {
    let mut parts = row.split('|').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let (task, month, lead, now) = (part(), part(), part(), world.now());
    world.mark(if lead.is_empty() { "a month attested by all" } else { "a month attested" });
    world.facts.attested.push((task, month, lead, now));
}

fn report(world: &mut World, row: &str) -> Option<Report> {
    let parts: Vec<&str> = row.split('|').collect();
    let [task, _, status, by, how] = parts.as_slice() else { return None };
    let status: Status = status.parse().ok()?;
    // When it is there for all to see.
    let at = world.now();
    let mut days = vec![local(at).date()];
    if *how == "mail" {
        days.extend(answered(world, task, status, by));
    }
    let effect = effect(world, task, &Word { by, status, days: &days });
    Some(Report { task: (*task).to_owned(), at, status, by: (*by).to_owned(), how: (*how).to_owned(), effect })
}

/// The days of what a report by mail answers: of a letter that says this and was not looked for before.
fn answered(world: &mut World, task: &str, status: Status, by: &str) -> Vec<Date> {
    let is_monthly = world.school.task(task).is_some_and(|task| task.is_monthly);
    let says = |letter: &Letter| match &letter.meaning {
        Meaning::Report { task: about, status: said } => {
            // Monthly work that is done goes on.
            about == task && (*said == status || is_monthly && *said == Status::Done && status == Status::InProgress)
        }
        Meaning::AskTime { .. } => false,
    };
    let mut letters = world.mailbox.letters.iter_mut();
    let letter = letters.find(|letter| letter.is_fetched && !letter.is_known && letter.by == by && says(letter));
    let Some(letter) = letter else { return Vec::new() };
    letter.is_known = true;
    let handed = world.post.iter().find(|handed| handed.id == letter.answers && handed.is_taken);
    handed.map(|handed| handed.notices.iter().map(|told| date_of(&told.on)).collect()).unwrap_or_default()
}

/// What a word changes, by the last version of the school that has the task.
fn effect(world: &World, task: &str, said: &Word<'_>) -> Effect {
    let schools = world.facts.schools.iter().rev();
    let mut known = schools.filter_map(|(_, school)| Some((school, school.task(task)?)));
    let Some((school, task)) = known.next() else { return Effect::Note };
    let school: &School = school;
    TaskState::at(&world.facts, task, world.now()).effect(school, said)
}

/// 8: right after a task was reported done nothing waits in the outbox about it.
fn nothing_waits_about_what_is_closed(world: &mut World, queued: &[String]) {
    let now = world.now();
    let school = world.school_at(now).clone();
    for row in queued {
        let mut parts = row.split('|');
        let (Some(subject), Some(kind), Some(to)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let is_closed = school.task(subject).is_some_and(|task| TaskState::at(&world.facts, task, now).is_closed());
        if is_closed {
            world.violated(
                "nothing_waits_about_what_is_closed",
                format!("{kind} of {subject} waits for {to}, and it is done"),
            );
        }
    }
}
