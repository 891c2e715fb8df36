//! The notices that each task makes for each person (rules of time, 3 to 7 and 12).

use std::ops::Range;

use jiff::civil::Date;

use crate::people::RecipientId;
use crate::plan::Status;
use crate::progress::TaskState;

use super::agenda::{Agenda, AgendaEntry};
use super::days::Day;
use super::{Notice, NoticeKind};

impl Agenda {
    /// The notices of all tasks with an `on` from `from` to `to`, both included (rules of time, 3 to 7 and 12).
    ///
    /// Of several notices of a task for one person on one date only the most urgent is there. `status` says how far a
    /// task is, by its place in the plan: closed tasks make no notices, and a lead who has done their part or cannot go on
    /// is not reminded (rule 9). The notices are ordered by task, in the plan's order.
    pub fn notices<S: Into<TaskState>>(&self, from: Date, to: Date, status: impl Fn(usize) -> S) -> Vec<Notice> {
        let mut maker = NoticeMaker::new(self, from, to);
        for (task, entry) in self.entries.iter().enumerate() {
            maker.add(task, entry, &status);
        }
        maker.notices
    }

    /// The same as [`notices`](Self::notices), of these tasks alone.
    pub(super) fn notices_of<S: Into<TaskState>>(
        &self,
        tasks: &[usize],
        from: Date,
        to: Date,
        status: impl Fn(usize) -> S,
    ) -> Vec<Notice> {
        let mut maker = NoticeMaker::new(self, from, to);
        for &task in tasks {
            if let Some(entry) = self.entries.get(task) {
                maker.add(task, entry, &status);
            }
        }
        maker.notices
    }
}

/// A notice before its recipient is known.
#[derive(Clone, Copy)]
struct Candidate {
    kind: NoticeKind,
    /// The date that the rule gives.
    day: Day,
    /// The working day to which that is moved.
    on: Day,
    /// The lower the more urgent (rule 7).
    rank: u32,
}

/// The candidates of one task by what a recipient has to do with it; their memory is used again for the next task.
#[derive(Default)]
struct CandidateLists {
    lead: Vec<Candidate>,
    coordinator: Vec<Candidate>,
    superior: Vec<Candidate>,
    /// Self-checks alone, for leads who cannot go on.
    check: Vec<Candidate>,
}

/// Makes the notices of one window of days, task by task.
struct NoticeMaker<'a> {
    agenda: &'a Agenda,
    window: Range<Day>,
    /// The self-checks whose day is in the window.
    checks: Vec<Candidate>,
    anyone_away: bool,
    lists: CandidateLists,
    /// Notices of the present task, not yet given to deputies; used only where anybody is away.
    undelegated: Vec<(RecipientId, Candidate)>,
    notices: Vec<Notice>,
}

impl<'a> NoticeMaker<'a> {
    fn new(agenda: &'a Agenda, from: Date, to: Date) -> Self {
        let (first, end) = (agenda.days.day(from), agenda.days.day(to) + 1);
        let checks = agenda.self_checks.iter().filter(|(day, _)| (first..end).contains(day));
        let checks = checks.map(|(day, review)| Candidate::new(NoticeKind::SelfCheck(*review), *day, *day)).collect();
        Self {
            agenda,
            // Days outside the table are never planned for.
            window: first.max(0)..end.min(Day::try_from(agenda.days.len()).unwrap_or(Day::MAX)),
            checks,
            anyone_away: agenda.school.settings.people.anyone_away(),
            lists: CandidateLists::default(),
            undelegated: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Adds the notices of one task.
    fn add<S: Into<TaskState>>(&mut self, task: usize, entry: &AgendaEntry, status: &impl Fn(usize) -> S) {
        let active = entry.is_active(&self.window);
        if !active && self.checks.is_empty() {
            return;
        }
        let state: TaskState = status(task).into();
        if state.status.is_closed() {
            return;
        }
        let agenda = self.agenda;
        let mut lists = std::mem::take(&mut self.lists);
        lists.clear();
        if active {
            lists.add_reminders(agenda, entry);
        }
        lists.check.extend(self.checks.iter().filter(|check| entry.start.is_none_or(|start| start <= check.day)));
        lists.lead.extend_from_slice(&lists.check);
        keep_most_urgent(&mut lists.lead, &self.window);
        keep_most_urgent(&mut lists.check, &self.window);
        keep_most_urgent(&mut lists.coordinator, &self.window);

        let task = u32::try_from(task).unwrap_or(u32::MAX);
        self.undelegated.clear();
        let mut open = Vec::with_capacity(agenda.leads(entry).len());
        for (place, lead) in agenda.leads(entry).iter().enumerate() {
            let part = state.part(place);
            if part.is_closed() {
                continue;
            }
            open.push(*lead);
            // Who cannot go on is not pressed, and is asked before a review all the same.
            self.tell(task, *lead, if part == Status::Blocked { &lists.check } else { &lists.lead });
        }
        // A coordinator who is a superior too is told as that, with both lists merged.
        let is_superior = |coordinator| agenda.rules.escalation.iter().any(|(superior, _)| superior == coordinator);
        for coordinator in agenda.coordinators(entry).iter().filter(|coordinator| !is_superior(*coordinator)) {
            self.tell(task, *coordinator, &lists.coordinator);
        }
        if active {
            self.tell_superiors(task, entry, &open, &mut lists);
        }
        if self.anyone_away {
            self.give_to_deputies(task, &open);
        }
        self.lists = lists;
    }

    /// Tells superiors that the task is overdue, but for those among `leads`: whose own part of it is open (rule 6).
    fn tell_superiors(&mut self, task: u32, entry: &AgendaEntry, leads: &[RecipientId], lists: &mut CandidateLists) {
        let agenda = self.agenda;
        let coordinators = agenda.coordinators(entry);
        for (superior, days) in agenda.rules.escalation.iter().filter(|(superior, _)| !leads.contains(superior)) {
            lists.superior.clear();
            add_after_due(agenda, entry, days, NoticeKind::Escalation, &mut lists.superior);
            if coordinators.contains(superior) {
                lists.superior.extend_from_slice(&lists.coordinator);
            }
            keep_most_urgent(&mut lists.superior, &self.window);
            self.tell(task, *superior, &lists.superior);
        }
    }

    /// Makes the candidates notices of `recipient`; where anybody is away, they are kept for
    /// [`give_to_deputies`](Self::give_to_deputies) first.
    fn tell(&mut self, task: u32, recipient: RecipientId, candidates: &[Candidate]) {
        if self.anyone_away {
            self.undelegated.extend(candidates.iter().map(|candidate| (recipient, *candidate)));
            return;
        }
        let agenda = self.agenda;
        self.notices.extend(candidates.iter().filter_map(|candidate| candidate.notice(agenda, task, recipient)));
    }

    /// Gives what falls on days away to the deputies. A superior's deputy among `leads`, whose own part is open, is not told
    /// of it as a superior (rule 6); of what one person would hear twice the most urgent stays (rule 7).
    fn give_to_deputies(&mut self, task: u32, leads: &[RecipientId]) {
        let agenda = self.agenda;
        let people = &agenda.school.settings.people;
        let mut told: Vec<(RecipientId, Candidate)> = Vec::new();
        for (recipient, candidate) in &self.undelegated {
            let Some(date) = agenda.days.date(candidate.on) else { continue };
            for present in people.present(*recipient, date) {
                if !(matches!(candidate.kind, NoticeKind::Escalation(_)) && leads.contains(&present)) {
                    told.push((present, *candidate));
                }
            }
        }
        told.sort_by_key(|(recipient, candidate)| (*recipient, candidate.on, candidate.rank));
        told.dedup_by_key(|(recipient, candidate)| (*recipient, candidate.on));
        let notices = told.into_iter().filter_map(|(recipient, candidate)| candidate.notice(agenda, task, recipient));
        self.notices.extend(notices);
    }
}

impl CandidateLists {
    fn clear(&mut self) {
        self.lead.clear();
        self.coordinator.clear();
        self.superior.clear();
        self.check.clear();
    }

    /// Adds what the timeframe makes for leads and for coordinators (rules 3 and 5).
    fn add_reminders(&mut self, agenda: &Agenda, entry: &AgendaEntry) {
        let rules = &agenda.rules;
        add_start(agenda, entry, &mut self.lead);
        add_before_due(agenda, entry, &rules.before, &mut self.lead);
        add_after_due(agenda, entry, &rules.overdue, NoticeKind::Overdue, &mut self.lead);
        if rules.coordinators.start {
            add_start(agenda, entry, &mut self.coordinator);
        }
        add_before_due(agenda, entry, &rules.coordinators.before, &mut self.coordinator);
        if rules.coordinators.overdue {
            add_after_due(agenda, entry, &rules.overdue, NoticeKind::Overdue, &mut self.coordinator);
        }
    }
}

impl Candidate {
    fn new(kind: NoticeKind, day: Day, on: Day) -> Self {
        Self { kind, day, on, rank: kind.rank() }
    }

    fn notice(self, agenda: &Agenda, task: u32, recipient: RecipientId) -> Option<Notice> {
        let (day, on) = (agenda.days.date(self.day)?, agenda.days.date(self.on)?);
        Some(Notice { task: Some(task), kind: self.kind, recipient, day, on })
    }
}

/// Adds `start`, moved forward to a working day (rules 3 and 4).
fn add_start(agenda: &Agenda, entry: &AgendaEntry, list: &mut Vec<Candidate>) {
    if let Some(start) = entry.start {
        list.push(Candidate::new(NoticeKind::Start, start, agenda.days.on_or_after(start)));
    }
}

/// Adds `before:Nd` for each N of `counts`, unless that date is before the start (rule 3); moved back to a working day
/// (rule 4).
fn add_before_due(agenda: &Agenda, entry: &AgendaEntry, counts: &[u16], list: &mut Vec<Candidate>) {
    let Some(due) = entry.due else { return };
    for &count in counts {
        let day = due - Day::from(count);
        if entry.start.is_none_or(|start| start <= day) {
            list.push(Candidate::new(NoticeKind::Before(count), day, agenda.days.on_or_before(day)));
        }
    }
}

/// Adds `overdue:Nd` or `escalation:Nd` for each N of `counts`, moved forward to a working day (rules 3, 4 and 6).
fn add_after_due(
    agenda: &Agenda,
    entry: &AgendaEntry,
    counts: &[u16],
    kind: fn(u16) -> NoticeKind,
    list: &mut Vec<Candidate>,
) {
    let Some(due) = entry.due else { return };
    list.extend(counts.iter().map(|&count| {
        let day = due + Day::from(count);
        Candidate::new(kind(count), day, agenda.days.on_or_after(day))
    }));
}

/// Keeps what goes out in the window, and of several on one day the most urgent (rule 7).
fn keep_most_urgent(list: &mut Vec<Candidate>, window: &Range<Day>) {
    list.retain(|candidate| window.contains(&candidate.on));
    list.sort_unstable_by_key(|candidate| (candidate.on, candidate.rank));
    list.dedup_by_key(|candidate| candidate.on);
}
