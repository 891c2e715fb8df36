//! Notes: messages outside the calendar, which tell people of what somebody reported, asked or decided. Nobody gets more than one
//! about a task in a day: what else there is to tell goes along with the next (rules of delivery, 5).

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::calendar::instant;
use crate::compose::{Alert, Note, Notes};
use crate::people::RecipientId;
use crate::plan::{Status, Task};
use crate::progress::{Effect, Progress, ProgressEntry, RecordedReport};
use crate::schedule::next_opening;
use crate::school::School;
use crate::short_id;
use crate::store::outbox::{self, NewAlert, NewNote, TravelsWith};
use crate::store::{StoreError, Tx};

use super::proposal::Proposal;

/// How many notes about a task somebody gets in a day in answer to their own answers to notes, or to what they write again
/// after a mail that was not taken: which task, until when, why, and thanks.
const MAX_IN_CONVERSATION: usize = 5;
/// How many notes one message tells at most.
const MAX_TOGETHER: usize = 20;

/// A note to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressedNote {
    /// Its name for life: the same note for the same person always has the same.
    id: String,
    /// Whom it is for, by the name in the configuration.
    recipient: String,
    note: Note,
    /// Not to be sent before this instant.
    not_before: Timestamp,
    /// Whether it answers what its recipient wrote or did.
    is_answer: bool,
    /// How many notes about its tasks its recipient may get on its day, this one among them.
    most_a_day: usize,
}

impl AddressedNote {
    /// Whether it is for the person of this name.
    pub(super) fn is_to(&self, name: &str) -> bool {
        self.recipient == name
    }

    /// The note under another name for life.
    pub(super) fn named(self, id: String) -> Self {
        Self { id, ..self }
    }

    /// The note as an answer to what its recipient answered to a note: it does not wait for another day.
    pub(super) fn in_conversation(self) -> Self {
        Self { most_a_day: MAX_IN_CONVERSATION, ..self }
    }
}

/// Puts notes into the outbox unless they were there before: each with what else waits to be told to its recipient about its
/// tasks, and another day where they were told of these today.
pub(super) async fn put(
    tx: &mut Tx,
    school: &School,
    notes: &[AddressedNote],
    now: Timestamp,
) -> Result<(), StoreError> {
    for note in notes {
        if !outbox::note_is_known(tx, &note.id).await? {
            put_one(tx, school, note, now).await?;
        }
    }
    Ok(())
}

async fn put_one(tx: &mut Tx, school: &School, note: &AddressedNote, now: Timestamp) -> Result<(), StoreError> {
    let scope = school.scope();
    let today = school.settings.date_of(now);
    let midnight = |date| instant(&school.settings.time_zone, date, Time::midnight());
    let says = Notes::from(note.note.clone());
    let mut message =
        NewNote { id: &note.id, recipient: &note.recipient, says: &says.to_json(), not_before: note.not_before };
    let near = near(outbox::notes_of_day(tx, &scope, &note.recipient, midnight(today)).await?, &says);
    let (waiting, told): (Vec<_>, Vec<_>) = near.into_iter().partition(|(message, _)| message.waits);
    // Whoever writes again because a mail of theirs was not taken answers what they were told of that.
    let goes_on = note.is_answer && told.iter().any(|(_, says)| says.tell_of_mail_not_taken());
    let may_go_today = told.len() < if goes_on { MAX_IN_CONVERSATION } else { note.most_a_day };
    let tomorrow = || next_opening(school, midnight(today.saturating_add(1.days())));
    if let Some(together) = Together::of(&waiting, &says) {
        let not_before = if may_go_today { together.not_before.min(note.not_before) } else { together.not_before };
        if outbox::take_along(tx, together.message, &together.says, not_before, &together.others).await? {
            return outbox::put_note_along(tx, &scope, &message, now).await;
        }
    }
    if !may_go_today || !waiting.is_empty() {
        message.not_before = message.not_before.max(tomorrow());
    }
    outbox::put_note(tx, &scope, &message, now).await
}

/// Of messages of notes those that are about a task of other notes, with what they say; what cannot be read is left to
/// whoever sends it.
fn near(messages: Vec<TravelsWith>, notes: &Notes) -> Vec<(TravelsWith, Notes)> {
    let tasks = notes.tasks();
    let read = messages.into_iter().filter_map(|message| {
        let says = Notes::from_json(&message.says).ok()?;
        says.tasks().iter().any(|task| tasks.contains(task)).then_some((message, says))
    });
    read.collect()
}

/// What waits and another note, as one message.
struct Together<'a> {
    /// The message that tells all of it.
    message: &'a str,
    says: String,
    not_before: Timestamp,
    /// Messages that have nothing left to tell.
    others: Vec<String>,
}

impl<'a> Together<'a> {
    /// `None` where nothing waits, or too much for one message.
    fn of(waiting: &'a [(TravelsWith, Notes)], note: &Notes) -> Option<Self> {
        let ((first, _), others) = waiting.split_first()?;
        let mut says = waiting[0].1.clone();
        for (_, other) in others {
            says.add(other.clone());
        }
        says.add(note.clone());
        if says.count() > MAX_TOGETHER {
            return None;
        }
        Some(Self {
            message: &first.id,
            says: says.to_json(),
            not_before: waiting.iter().map(|(message, _)| message.not_before).min()?,
            others: others.iter().map(|(message, _)| message.id.clone()).collect(),
        })
    }
}

/// A report on a task, with what was known before and what is known by it.
pub(super) struct ReportChange<'a> {
    pub(super) task: &'a Task,
    pub(super) report: RecordedReport,
    pub(super) before: &'a Progress,
    pub(super) after: Progress,
}

/// Whom a report concerns, and what they are told: thanks for what is done, a call for help, or what somebody says who does
/// not lead the task.
pub(super) fn on_report(school: &School, change: &ReportChange<'_>) -> Vec<AddressedNote> {
    let ReportChange { task, report: RecordedReport { entry, effect, done_on }, before, after } = change;
    let name = task.id.as_str().to_owned();
    let people = &school.settings.people;
    let reporter = entry.by.as_deref().and_then(|by| people.by_name(by));
    if *effect == Effect::Note {
        return reporter.map(|reporter| remark(school, task, entry, reporter)).unwrap_or_default();
    }
    match entry.status {
        Status::Done => {
            let note = Note::Thanks { task: name, on: *done_on };
            reporter.map(|reporter| new_note(school, reporter, &note, "", entry.at)).into_iter().collect()
        }
        // A word on a task that stays closed calls nobody.
        Status::Blocked if after.status(&task.id) == Status::Blocked => {
            let known = |lead: &String| {
                let part = before.part(&task.id, lead);
                part.status == Status::Blocked && part.note == entry.note
            };
            let leads = effect.leads();
            let is_known = if leads.is_empty() {
                let known = before.latest(&task.id);
                known.is_some_and(|known| known.status == Status::Blocked && known.note == entry.note)
            } else {
                leads.iter().all(known)
            };
            if is_known {
                return Vec::new();
            }
            let note = Note::Blocked { task: name, by: entry.by.clone(), why: entry.note.clone() };
            to_superiors(school, task, &note, entry.by.as_deref(), entry.at)
        }
        Status::NotStarted | Status::InProgress | Status::Blocked | Status::Cancelled => Vec::new(),
    }
}

/// What the leads of a task are told of somebody's word who does not lead it.
fn remark(school: &School, task: &Task, entry: &ProgressEntry, by: RecipientId) -> Vec<AddressedNote> {
    let settings = &school.settings;
    let today = settings.date_of(entry.at);
    let note = Note::Remark {
        task: task.id.as_str().to_owned(),
        by: settings.people.get(by).name.clone(),
        status: entry.status.to_string(),
        percent: entry.percent,
        says: entry.note.clone(),
    };
    let mut told: Vec<RecipientId> = task.leads.iter().flat_map(|lead| settings.people.present(*lead, today)).collect();
    told.sort_unstable();
    told.dedup();
    told.retain(|person| *person != by);
    told.into_iter().map(|person| new_note(school, person, &note, &entry.at.to_string(), entry.at)).collect()
}

/// What the superiors are told of a request for time.
pub(super) fn on_request(school: &School, task: &Task, proposal: &Proposal, number: u32) -> Vec<AddressedNote> {
    let note = Note::TimeAsked {
        task: task.id.as_str().to_owned(),
        number,
        by: proposal.by.clone(),
        old: task.period().map(|period| period.due),
        due: proposal.due,
        why: proposal.why.clone(),
    };
    to_superiors(school, task, &note, proposal.by.as_deref(), proposal.at)
}

/// A note to everybody who hears of overdue tasks, or to their deputies, but for those who lead this one and for `by`,
/// who says it; where nobody is left, to the admin.
fn to_superiors(school: &School, task: &Task, note: &Note, by: Option<&str>, at: Timestamp) -> Vec<AddressedNote> {
    let settings = &school.settings;
    let today = settings.date_of(at);
    let told = |without_leads: bool| {
        let superiors = school.superiors().copied();
        let superiors = superiors.filter(|superior| !(without_leads && task.leads.contains(superior)));
        let mut told: Vec<RecipientId> =
            superiors.flat_map(|superior| settings.people.present(superior, today)).collect();
        told.retain(|person| by != Some(settings.people.get(*person).name.as_str()));
        told.sort_unstable();
        told.dedup();
        told
    };
    let told = [told(true), told(false), settings.admin.clone()].into_iter().find(|told| !told.is_empty());
    told.unwrap_or_default()
        .into_iter()
        .map(|recipient| new_note(school, recipient, note, &at.to_string(), at))
        .collect()
}

/// A note to the admins, at once, and to everybody who hears of overdue tasks or to their deputies, when people may be told,
/// but for `by`, who says it; where nobody is left, to the admins all the same.
pub(super) fn to_readers(school: &School, note: &Note, by: &str, at: Timestamp) -> Vec<AddressedNote> {
    let settings = &school.settings;
    let today = settings.date_of(at);
    let superiors = school.superiors().copied();
    let mut told: Vec<RecipientId> = superiors.flat_map(|superior| settings.people.present(superior, today)).collect();
    told.extend(&settings.admin);
    told.sort_unstable();
    told.dedup();
    told.retain(|person| settings.people.get(*person).name != by);
    if told.is_empty() {
        told.clone_from(&settings.admin);
    }
    let note_to = |recipient: RecipientId| {
        let new = new_note(school, recipient, note, &at.to_string(), at);
        if settings.admin.contains(&recipient) { AddressedNote { not_before: at, ..new } } else { new }
    };
    told.into_iter().map(note_to).collect()
}

/// A note on its way: thanks and questions go out at once, to somebody who has just been at work; all else when people may be told.
/// `moment` tells apart notes that say the same at different times.
pub(super) fn new_note(
    school: &School,
    recipient: RecipientId,
    note: &Note,
    moment: &str,
    at: Timestamp,
) -> AddressedNote {
    let recipient = school.settings.people.get(recipient).name.clone();
    let scope = school.scope();
    let text = json(note);
    let parts = [scope.organisation.as_str(), scope.plan.as_str(), "note", &recipient, &text, moment];
    let is_answer = matches!(note, Note::Thanks { .. } | Note::Question(_) | Note::PassedOn(_) | Note::NotTaken(_));
    AddressedNote {
        id: short_id([parts.join("\0")]),
        not_before: if is_answer { at } else { next_opening(school, at) },
        recipient,
        note: note.clone(),
        is_answer,
        most_a_day: 1,
    }
}

fn json(note: &impl Serialize) -> String {
    // Texts, numbers and dates always make JSON.
    serde_json::to_string(note).unwrap_or_default()
}

/// An alert for each admin; `moment` tells apart those that say the same at different times.
pub(super) fn alerts(school: &School, alert: &Alert, moment: &str) -> Vec<NewAlert> {
    let people = &school.settings.people;
    let admins = school.settings.admin.iter().map(|admin| people.get(*admin).name.clone());
    admins
        .map(|recipient| {
            let parts = [school.settings.organisation.id.as_str(), &recipient, moment].join("\0");
            NewAlert { id: short_id([parts]), recipient, alert: json(alert) }
        })
        .collect()
}

/// An alert for each admin, the same one once a day: `today` in the school's time zone.
pub(crate) fn daily_alerts(school: &School, alert: &Alert, today: Date) -> Vec<NewAlert> {
    alerts(school, alert, &format!("{today}\0{}", json(alert)))
}
