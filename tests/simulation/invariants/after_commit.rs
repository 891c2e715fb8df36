//! What must hold as soon as something was written down; and what was written down becomes a fact of the world.

use jiff::{SignedDuration, Timestamp};
use nhacviec::plan::Status;

use crate::events::Event;
use crate::mailbox::Letter;
use crate::oracle;
use crate::parts::{Effect, TaskState, Word};
use crate::people::Meaning;
use crate::post::StoredNotice;
use crate::school::{School, Task};
use crate::world::{Report, Shared, World, local, lock};

use super::at_hand_over::date_of;

/// How long after an edit it is not clear which plan the service has.
const AFTER_EDIT: SignedDuration = SignedDuration::from_mins(30);

/// A lead's word that recurring work was done in a period.
struct ToldPeriod {
    task: Task,
    lead: String,
    period: String,
}

/// Looks what was reported and asked for since the last look.
pub async fn look(world: &Shared) {
    while !look_once(world).await {}
}

/// Takes up what is new. Whether nobody else did meanwhile.
async fn look_once(world: &Shared) -> bool {
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
        return true;
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
            "SELECT n.subject || '|' || n.kind || '|' || n.recipient FROM message m \
             JOIN notice n ON n.organisation = m.organisation AND n.message = m.id \
             WHERE m.organisation = (SELECT id FROM organisation) AND m.state = 'queued' AND n.state = 'queued' \
             AND n.kind NOT LIKE 'review:%'",
        )
        .await
        .unwrap_or_default();
    let mut world = lock(world);
    let now_known = (world.facts.reports.len(), world.requests_seen, world.facts.attested.len());
    if now_known != (reports, requests, known) {
        return false;
    }
    let told: Vec<ToldPeriod> = rows.iter().filter_map(|row| reported(&mut world, row)).collect();
    for row in &words {
        attested(&mut world, row);
    }
    for ToldPeriod { task, lead, period } in told {
        done_counts_for_its_period(&mut world, &task, &lead, &period);
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
    true
}

/// Somebody's report has been recorded. Returns the period for which a lead has told by it, where it is clear which.
fn reported(world: &mut World, row: &str) -> Option<ToldPeriod> {
    let (report, told) = report(world, row)?;
    let Report { task, status, by, how, effect, .. } = &report;
    let line = format!("{task} is {status} by the word of {by} ({how}): {effect:?}");
    world.tell(line);
    world.mark(match status {
        Status::Done => "done",
        Status::Blocked => "blocked",
        _ => "in progress",
    });
    world.facts.reports.push(report);
    told
}

/// 14 of the rules of time: a lead's *done* of recurring work counts for the period that was asked about, else for that of the day.
pub fn done_counts_for_its_period(world: &mut World, task: &Task, lead: &str, period: &str) {
    if oracle::has_told(&world.facts, task, lead, period, world.now()) {
        world.mark("done counts for its period");
        return;
    }
    let text = format!("{lead} has done {} in {period}, and that is not written down", task.name);
    world.violated("done_counts_for_its_period", text);
}

/// A lead has told of a period of recurring work, or all have.
fn attested(world: &mut World, row: &str) {
    let mut parts = row.split('|').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let (task, period, lead, now) = (part(), part(), part(), world.now());
    world.mark(match (period.starts_with("term"), lead.is_empty()) {
        (true, true) => "a term attested by all",
        (true, false) => "a term attested",
        (false, true) => "a month attested by all",
        (false, false) => "a month attested",
    });
    world.facts.attested.push((task, period, lead, now));
}

/// A report, and the period for which a lead has told by it.
fn report(world: &mut World, row: &str) -> Option<(Report, Option<ToldPeriod>)> {
    let parts: Vec<&str> = row.split('|').collect();
    let [task, _, status, by, how] = parts.as_slice() else { return None };
    let status: Status = status.parse().ok()?;
    // When it is there for all to see.
    let at = world.now();
    let mut days = vec![local(at).date()];
    let letter = if *how == "mail" { letter_of(world, task, status, by) } else { None };
    let answered = letter.as_ref().map(|(letter, _)| answered(world, letter)).unwrap_or_default();
    days.extend(answered.iter().map(|told| date_of(&told.on)));
    let told = letter.filter(|(_, is_sure)| *is_sure).and_then(|(letter, _)| told_period(world, &letter, &answered));
    let effect = effect(world, task, &Word { by, status, days: &days });
    let report = Report { task: (*task).to_owned(), at, status, by: (*by).to_owned(), how: (*how).to_owned(), effect };
    Some((report, told))
}

/// The letter that makes a report by mail: one that says this and was not looked for before. Whether no other can be meant.
fn letter_of(world: &mut World, task: &str, status: Status, by: &str) -> Option<(Letter, bool)> {
    let recurs = world.school.task(task).is_some_and(|task| task.recurs.is_some());
    let says = |letter: &Letter| match &letter.meaning {
        Meaning::Report { task: about, status: said } => {
            // Recurring work that is done goes on.
            about == task && (*said == status || recurs && *said == Status::Done && status == Status::InProgress)
        }
        Meaning::AskTime { .. } => false,
    };
    let letters = world.mailbox.letters.iter_mut();
    let mut letters =
        letters.filter(|letter| letter.fetched.is_some() && !letter.is_known && letter.by == by && says(letter));
    let letter = letters.next()?;
    letter.is_known = true;
    Some((letter.clone(), letters.next().is_none()))
}

/// What the message told that a letter answers.
fn answered(world: &World, letter: &Letter) -> Vec<StoredNotice> {
    let handed = world.post.iter().find(|handed| handed.id == letter.answers && handed.is_taken);
    handed.map(|handed| handed.notices.clone()).unwrap_or_default()
}

/// The period of recurring work for which a lead tells by a letter, where it is clear which.
fn told_period(world: &World, letter: &Letter, answered: &[StoredNotice]) -> Option<ToldPeriod> {
    let Meaning::Report { task, status: Status::Done } = &letter.meaning else { return None };
    let now = world.now();
    let lately = now.saturating_sub(AFTER_EDIT).unwrap_or_default();
    if world.rewritten.last().is_some_and(|at| *at > lately) || !world.facts.jumps.is_empty() {
        return None;
    }
    let school = world.school_at(now);
    let task = school.task(task).filter(|task| task.leads.contains(&letter.by))?;
    let mut question = answered.iter().filter(|told| told.subject == task.name);
    let review = question.find_map(|told| told.kind.strip_prefix("self_check:"));
    let review = review.and_then(|name| oracle::reviews(school).into_iter().find(|known| known.name == name));
    let asked = review.and_then(|review| oracle::asked_period(task, &review));
    let came = world.mailbox.mails.iter().filter(|mail| world.mailbox.letters[mail.letter].answers == letter.answers);
    let days = came.map(|mail| local(mail.came).date()).chain([local(now).date()]);
    let mut periods: Vec<String> = match asked {
        Some(period) => vec![period],
        None => days.filter_map(|day| oracle::period_of(task, day)).collect(),
    };
    periods.dedup();
    let period = periods.pop().filter(|_| periods.is_empty())?;
    Some(ToldPeriod { task: task.clone(), lead: letter.by.clone(), period })
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
