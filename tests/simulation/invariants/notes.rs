//! Answers of people and the notes that tell of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;
use nhacviec::plan::Status;

use crate::mailbox::Letter;
use crate::people::Meaning;
use crate::post::Answer;
use crate::rows::Rows;
use crate::world::{World, local};

/// 10: nobody gets more than one note about a task in a day.
pub fn one_note_a_task_a_day(world: &mut World, rows: &Rows) {
    let mut told: BTreeMap<(String, String, Date), BTreeSet<String>> = BTreeMap::new();
    for message in rows.messages.iter().filter(|message| message.class == "note") {
        let says: serde_json::Value = serde_json::from_str(&message.says).unwrap_or_default();
        let (Some(task), Some(first)) =
            (says["task"].as_str(), world.post.iter().find(|handed| handed.id == message.id && handed.is_taken))
        else {
            continue;
        };
        let key = (message.recipient.clone(), task.to_owned(), local(first.begun).date());
        told.entry(key).or_default().insert(message.id.clone());
    }
    let twice = told.iter().find(|(_, messages)| messages.len() > 1);
    if let Some(((to, task, day), messages)) = twice {
        let text = format!("{to} gets {} notes about {task} on {day}", messages.len());
        world.violated("one_note_a_task_a_day", text);
    }
}

/// 11: every letter ends in exactly what it says, however often it came. Whoever asks for time when the task is done is told that;
/// then it counts as nothing.
pub fn every_letter_counts_once(world: &mut World, rows: &Rows) {
    let (mut least, mut most): (Counts, Counts) = (Counts::new(), Counts::new());
    let tasks = world.facts.schools.iter().flat_map(|(_, school)| &school.tasks);
    let recurring: BTreeSet<String> =
        tasks.filter(|task| task.recurs.is_some()).map(|task| task.name.clone()).collect();
    let said = |task: &str, status: Status| {
        // Recurring work that is done goes on.
        if recurring.contains(task) && status == Status::Done {
            Status::InProgress.to_string()
        } else {
            status.to_string()
        }
    };
    let key_of = |letter: &Letter| match &letter.meaning {
        Meaning::Report { task, status } => (letter.by.clone(), task.clone(), said(task, *status)),
        Meaning::AskTime { task, due } => (letter.by.clone(), task.clone(), due.to_string()),
    };
    for letter in world.mailbox.letters.iter().filter(|letter| letter.fetched.is_some()) {
        *most.entry(key_of(letter)).or_default() += 1;
        let is_refused = asks_for_what_is_done(world, letter) || asks_for_no_later_date(world, letter);
        if !is_refused && !is_about_what_was_out(world, letter) {
            *least.entry(key_of(letter)).or_default() += 1;
        }
    }
    let mut found = Counts::new();
    for report in world.facts.reports.iter().filter(|report| report.how == "mail") {
        let key = (report.by.clone(), report.task.clone(), said(&report.task, report.status));
        *found.entry(key).or_default() += 1;
    }
    for (task, by, due) in &rows.requests {
        *found.entry((by.clone(), task.clone(), due.clone())).or_default() += 1;
    }
    let keys: BTreeSet<_> = most.keys().chain(found.keys()).cloned().collect();
    for key in keys {
        let count = |counts: &Counts| counts.get(&key).copied().unwrap_or(0);
        let (least, most, taken) = (count(&least), count(&most), count(&found));
        let (by, task, what) = &key;
        if taken > most {
            let text = format!("{most} letters of {by} ({task}: {what}) count {taken} times");
            world.violated("every_letter_counts_once", text);
        }
        if taken < least {
            let text = format!("of {least} letters of {by} ({task}: {what}) {taken} count");
            let mut of_key = world.mailbox.letters.iter().filter(|letter| key_of(letter) == key);
            let is_unrecorded = of_key.any(|letter| answers_what_was_not_recorded(world, rows, letter));
            let name = if is_unrecorded { "answers_to_what_is_not_recorded_are_taken" } else { "answers_are_taken" };
            world.violated(name, text);
        }
    }
}

/// How often something was said: by whom, of which task, and what.
type Counts = BTreeMap<(String, String, String), usize>;

/// Whether a letter is about a task that was out of the plan for a while: a person reads it then.
fn is_about_what_was_out(world: &World, letter: &Letter) -> bool {
    let (Meaning::Report { task, .. } | Meaning::AskTime { task, .. }) = &letter.meaning;
    world.facts.schools.iter().any(|(_, school)| school.task(task).is_none())
}

/// Whether a letter asks for time for a task that somebody has reported done.
fn asks_for_what_is_done(world: &World, letter: &Letter) -> bool {
    let Meaning::AskTime { task, .. } = &letter.meaning else { return false };
    world.facts.reports.iter().any(|report| report.task == *task && report.status == Status::Done)
}

/// Whether a letter asks for a date that had come, or was no later than the one agreed, by the time it was read: its writer is
/// told that.
fn asks_for_no_later_date(world: &World, letter: &Letter) -> bool {
    let (Meaning::AskTime { task, due }, Some(fetched)) = (&letter.meaning, letter.fetched) else { return false };
    let agreed = world.school_at(fetched).task(task).and_then(|task| task.due);
    *due <= local(fetched).date() || agreed.is_some_and(|agreed| *due <= agreed)
}

/// Whether a letter answers a message of which the program did not know that it had arrived, or that it told this.
fn answers_what_was_not_recorded(world: &World, rows: &Rows, letter: &Letter) -> bool {
    let is_withdrawn = rows.notices.iter().any(|row| row.message == letter.answers && row.state == "withdrawn");
    is_withdrawn || answers_what_may_have_been_lost(world, letter)
}

/// Whether a letter answers a message whose answer by the server never came to the program.
fn answers_what_may_have_been_lost(world: &World, letter: &Letter) -> bool {
    let handed = world.post.iter().filter(|handed| handed.id == letter.answers && handed.is_taken);
    handed.into_iter().any(|handed| {
        let ended = handed.ended.unwrap_or(handed.begun);
        let soon = ended.saturating_add(SignedDuration::from_hours(1)).unwrap_or(ended);
        handed.answer != Answer::Taken || world.befell(handed.daemon, handed.run, ended, soon).is_some()
    })
}

/// 17: at the end every letter is read.
pub fn every_letter_is_read(world: &mut World) {
    let unread = world.mailbox.letters.iter().filter(|letter| letter.fetched.is_none()).count();
    let to_come =
        world.agenda.values().filter(|event| matches!(event, crate::events::Event::MailArrives { .. })).count();
    if unread > to_come {
        world.violated("everything_settles", format!("{unread} letters were never read"));
    }
}
