//! Notes: messages outside the calendar, which tell people of what somebody reported, asked or decided.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::{Alert, Note};
use crate::people::RecipientId;
use crate::plan::{Status, Task};
use crate::progress::{Effect, Progress, ProgressEntry, RecordedReport};
use crate::schedule::next_opening;
use crate::school::School;
use crate::short_id;
use crate::store::outbox::{NewAlert, NewNote};

use super::proposal::Proposal;

/// A report on a task, with what was known before and what is known by it.
#[derive(Clone, Copy)]
pub(super) struct ReportChange<'a> {
    pub(super) task: &'a Task,
    pub(super) report: &'a RecordedReport,
    pub(super) before: &'a Progress,
    pub(super) after: &'a Progress,
}

/// Whom a report concerns, and what they are told: thanks for what is done, a call for help, or what somebody says who does
/// not lead the task.
pub(super) fn on_report(school: &School, change: ReportChange<'_>) -> Vec<NewNote> {
    let ReportChange { task, report: RecordedReport { entry, effect, .. }, before, after } = change;
    let name = task.id.as_str().to_owned();
    let people = &school.settings.people;
    let reporter = entry.by.as_deref().and_then(|by| people.by_name(by));
    if *effect == Effect::Note {
        return reporter.map(|reporter| remark(school, task, entry, reporter)).unwrap_or_default();
    }
    match entry.status {
        Status::Done => {
            let note = Note::Thanks { task: name };
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
fn remark(school: &School, task: &Task, entry: &ProgressEntry, by: RecipientId) -> Vec<NewNote> {
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
pub(super) fn on_request(school: &School, task: &Task, proposal: &Proposal, number: u32) -> Vec<NewNote> {
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
fn to_superiors(school: &School, task: &Task, note: &Note, by: Option<&str>, at: Timestamp) -> Vec<NewNote> {
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
pub(super) fn to_readers(school: &School, note: &Note, by: &str, at: Timestamp) -> Vec<NewNote> {
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
        if settings.admin.contains(&recipient) { NewNote { not_before: at, ..new } } else { new }
    };
    told.into_iter().map(note_to).collect()
}

/// A note on its way: thanks and questions go out at once, to somebody who has just been at work; all else when people may be told.
/// `moment` tells apart notes that say the same at different times.
pub(super) fn new_note(school: &School, recipient: RecipientId, note: &Note, moment: &str, at: Timestamp) -> NewNote {
    let recipient = school.settings.people.get(recipient).name.clone();
    let scope = school.scope();
    let text = json(note);
    let parts = [scope.organisation.as_str(), scope.plan.as_str(), "note", &recipient, &text, moment];
    let answers = matches!(note, Note::Thanks { .. } | Note::Question(_) | Note::PassedOn(_) | Note::NotTaken(_));
    NewNote {
        id: short_id([parts.join("\0")]),
        not_before: if answers { at } else { next_opening(school, at) },
        recipient,
        note: text,
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
