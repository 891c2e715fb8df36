//! How far a task is by what its leads said of their parts (rules of time, 9).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use crate::calendar::date_of;
use crate::plan::Status;

use super::ProgressEntry;

/// What a report changes. It is settled when the report is taken, by who leads the task then, and never again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// It says how far the whole task is, whatever was said before: a plan's own document does, and did every report before
    /// leads had parts.
    #[default]
    Whole,
    /// It sets the parts of these leads, by their names.
    Parts(Vec<String>),
    /// It sets the parts of these leads, and with that every lead's is done.
    Completes(Vec<String>),
    /// It closes the task, whatever its parts.
    Closes,
    /// It opens a closed task, and sets the parts of these leads.
    Reopens(Vec<String>),
    /// Nothing: somebody says it who does not lead the task.
    Note,
}

impl Effect {
    /// The word of the store and of the JSON output.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Parts(_) => "parts",
            Self::Completes(_) => "completes",
            Self::Closes => "closes",
            Self::Reopens(_) => "reopens",
            Self::Note => "note",
        }
    }

    /// The effect of a word of the store, on these leads; `None` for any other word.
    #[must_use]
    pub fn of(word: &str, leads: Vec<String>) -> Option<Self> {
        Some(match word {
            "whole" => Self::Whole,
            "parts" => Self::Parts(leads),
            "completes" => Self::Completes(leads),
            "closes" => Self::Closes,
            "reopens" => Self::Reopens(leads),
            "note" => Self::Note,
            _ => return None,
        })
    }

    /// The leads whose parts it sets.
    #[must_use]
    pub fn leads(&self) -> &[String] {
        match self {
            Self::Parts(leads) | Self::Completes(leads) | Self::Reopens(leads) => leads,
            Self::Whole | Self::Closes | Self::Note => &[],
        }
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One lead's share of a task: what was last said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How far it is.
    pub status: Status,
    /// The per cent done, 0 to 100.
    pub percent: u8,
    /// The last per cent that was told of it while it was not done.
    told: u8,
    /// The instant at which that was said; `None` where nothing was.
    pub at: Option<Timestamp>,
    /// Who said it, by the name in the configuration, else as they signed; `None` also for a command of nobody in particular.
    pub by: Option<String>,
    /// The words.
    pub note: Option<String>,
    /// The day of completion, where one was told.
    done_on: Option<Date>,
}

impl Part {
    /// What a report makes of a part.
    fn set(&self, entry: &ProgressEntry, done_on: Option<Date>) -> Self {
        // What was done and is taken up again is as far as it was told before.
        let told = if entry.status == Status::Done { self.told } else { entry.percent.unwrap_or(self.told) };
        let percent = if entry.status == Status::Done { 100 } else { told };
        Self {
            status: entry.status,
            percent,
            told,
            at: Some(entry.at),
            by: entry.by.clone(),
            note: entry.note.clone(),
            done_on,
        }
    }

    /// The day on which it was done: the one that was told, else that of the report; `None` where nothing was reported.
    #[must_use]
    pub fn done_on(&self, zone: &TimeZone) -> Option<Date> {
        self.done_on.or_else(|| self.at.map(|at| date_of(zone, at)))
    }
}

/// What reports make of a task, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct TaskParts {
    /// What was said of the whole.
    whole: Part,
    parts: Vec<(String, Part)>,
    /// What closed the task.
    closure: Option<Part>,
    /// Whether every lead of that time had done their part.
    is_completed: bool,
}

impl TaskParts {
    /// Takes a report that has an effect.
    pub(super) fn take(&mut self, entry: &ProgressEntry, effect: &Effect, done_on: Option<Date>) {
        match effect {
            Effect::Note => {}
            Effect::Whole => {
                self.whole = self.whole.set(entry, done_on);
                self.parts.clear();
                self.is_completed = false;
                self.closure = entry.status.is_closed().then(|| self.whole.clone());
            }
            Effect::Closes => self.closure = Some(Part::default().set(entry, done_on)),
            Effect::Parts(leads) => self.set(leads, entry, done_on),
            Effect::Completes(leads) => {
                self.set(leads, entry, done_on);
                self.is_completed = true;
            }
            Effect::Reopens(leads) => {
                self.closure = None;
                if self.whole.status.is_closed() {
                    self.whole = Part::default();
                }
                self.set(leads, entry, done_on);
            }
        }
    }

    fn set(&mut self, leads: &[String], entry: &ProgressEntry, done_on: Option<Date>) {
        for lead in leads {
            let part = self.own(lead).set(entry, done_on);
            self.is_completed &= part.status == Status::Done;
            self.parts.retain(|(known, _)| known != lead);
            self.parts.push((lead.clone(), part));
        }
    }

    /// What of the task is closed: all of it, its parts together, those of which nothing was said, and the leads whose parts are
    /// otherwise than these.
    pub(super) fn closed(&self) -> (bool, bool, bool, BTreeSet<String>) {
        let whole = self.whole.status.is_closed();
        let otherwise = self.parts.iter().filter(|(_, part)| part.status.is_closed() != whole);
        let otherwise = otherwise.map(|(lead, _)| lead.clone()).collect();
        (self.closure.is_some(), self.is_completed, whole, otherwise)
    }

    /// What was said of a lead's part itself, whether or not the task is closed.
    pub(super) fn own(&self, lead: &str) -> &Part {
        let own = self.parts.iter().find(|(known, _)| known == lead);
        own.map_or(&self.whole, |(_, part)| part)
    }

    /// A lead's part; what closed the task says it of every part that is not done.
    pub(super) fn part(&self, lead: &str) -> &Part {
        let own = self.own(lead);
        self.closure.as_ref().filter(|_| own.status != Status::Done).unwrap_or(own)
    }

    /// What closed the task, whatever its parts.
    pub(super) fn closure(&self) -> Option<&Part> {
        self.closure.as_ref()
    }

    /// How far the task is by the parts of these leads.
    pub(super) fn status(&self, leads: &[String]) -> Status {
        if let Some(closure) = &self.closure {
            return closure.status;
        }
        if leads.is_empty() {
            return if self.is_completed { Status::Done } else { self.whole.status };
        }
        let has = |wanted: Status| leads.iter().any(|lead| self.own(lead).status == wanted);
        if self.is_completed || leads.iter().all(|lead| self.own(lead).status == Status::Done) {
            Status::Done
        } else if has(Status::Blocked) {
            Status::Blocked
        } else if has(Status::InProgress) || has(Status::Done) {
            Status::InProgress
        } else {
            Status::NotStarted
        }
    }

    /// The mean per cent of the parts of these leads, rounded down; 100 once the task is done.
    pub(super) fn percent(&self, leads: &[String]) -> u8 {
        if self.status(leads) == Status::Done {
            return 100;
        }
        if leads.is_empty() {
            return self.whole.percent;
        }
        let sum: usize = leads.iter().map(|lead| usize::from(self.own(lead).percent)).sum();
        u8::try_from(sum / leads.len()).unwrap_or(100)
    }

    /// The day on which the task was done: that of what closed it, else the last of the leads'. `None` while it is not done.
    pub(super) fn done_on(&self, leads: &[String], zone: &TimeZone) -> Option<Date> {
        if self.status(leads) != Status::Done {
            return None;
        }
        if let Some(closure) = &self.closure {
            return closure.done_on(zone);
        }
        let done = leads.iter().map(|lead| self.own(lead)).filter(|part| part.status == Status::Done);
        done.filter_map(|part| part.done_on(zone)).max()
    }

    /// The leads of whom anything was said.
    pub(super) fn known_leads(&self) -> impl Iterator<Item = &String> {
        self.parts.iter().map(|(lead, _)| lead)
    }
}
