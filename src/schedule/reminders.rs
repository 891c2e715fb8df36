//! What each task makes for each person (rules of time, 3 to 7 and 12).

use std::ops::Range;

use crate::people::RecipientId;
use crate::progress::Status;

use super::agenda::{Agenda, Entry};
use super::days::Day;
use super::{Notice, NoticeKind};

/// A notice before it is known for whom it is.
#[derive(Clone, Copy)]
struct Candidate {
    kind: NoticeKind,
    day: Day,
    on: Day,
    /// The lower the more urgent (rule 7).
    rank: u32,
}

/// Working memory that is used again for every task.
#[derive(Default)]
struct Lines {
    lead: Vec<Candidate>,
    coordinator: Vec<Candidate>,
    superior: Vec<Candidate>,
    replaced: Vec<(RecipientId, Candidate)>,
}

/// The notices of all tasks in a window of days.
pub(super) fn of_all(agenda: &Agenda, window: Range<Day>, status: impl Fn(usize) -> Status) -> Vec<Notice> {
    let checks = self_checks(agenda, &window);
    let mut maker = Maker::new(agenda, window, checks);
    for (task, entry) in agenda.entries.iter().enumerate() {
        maker.add(task, entry, &status);
    }
    maker.notices
}

/// The notices of some tasks in a window of days.
pub(super) fn of_some(
    agenda: &Agenda,
    tasks: &[usize],
    window: Range<Day>,
    status: impl Fn(usize) -> Status,
) -> Vec<Notice> {
    let checks = self_checks(agenda, &window);
    let mut maker = Maker::new(agenda, window, checks);
    for &task in tasks {
        if let Some(entry) = agenda.entries.get(task) {
            maker.add(task, entry, &status);
        }
    }
    maker.notices
}

/// The days of the window on which owners are asked, as candidates.
fn self_checks(agenda: &Agenda, window: &Range<Day>) -> Vec<Candidate> {
    agenda
        .self_checks
        .iter()
        .filter(|(day, _)| window.contains(day))
        .map(|(day, review)| Candidate::new(NoticeKind::SelfCheck(*review), *day, *day))
        .collect()
}

struct Maker<'a> {
    agenda: &'a Agenda,
    window: Range<Day>,
    checks: Vec<Candidate>,
    anyone_away: bool,
    lines: Lines,
    notices: Vec<Notice>,
}

impl<'a> Maker<'a> {
    fn new(agenda: &'a Agenda, window: Range<Day>, checks: Vec<Candidate>) -> Self {
        // Days outside the table are never planned for.
        let window = window.start.max(0)..window.end.min(Day::try_from(agenda.days.len()).unwrap_or(Day::MAX));
        let anyone_away = agenda.school.settings.people.anyone_away();
        Self { agenda, window, checks, anyone_away, lines: Lines::default(), notices: Vec::new() }
    }

    fn add(&mut self, task: usize, entry: &Entry, status: &impl Fn(usize) -> Status) {
        let active = entry.is_active(&self.window);
        if !active && self.checks.is_empty() {
            return;
        }
        let status = status(task);
        if status.is_closed() {
            return;
        }
        // Whoever cannot go on is not pressed; the superiors are.
        let pressed = active && status != Status::Blocked;
        let (agenda, window) = (self.agenda, &self.window);
        let rules = &agenda.rules;
        let lines = &mut self.lines;
        lines.replaced.clear();

        lines.lead.clear();
        if pressed {
            start_line(agenda, entry, &mut lines.lead);
            before_line(agenda, entry, &rules.before, &mut lines.lead);
            after_line(agenda, entry, &rules.overdue, NoticeKind::Overdue, &mut lines.lead);
        }
        lines.lead.extend(self.checks.iter().filter(|check| entry.start.is_none_or(|start| start <= check.day)));
        most_urgent_of_each_day(&mut lines.lead, window);

        lines.coordinator.clear();
        if pressed {
            if rules.coordinators.start {
                start_line(agenda, entry, &mut lines.coordinator);
            }
            before_line(agenda, entry, &rules.coordinators.before, &mut lines.coordinator);
            if rules.coordinators.overdue {
                after_line(agenda, entry, &rules.overdue, NoticeKind::Overdue, &mut lines.coordinator);
            }
            most_urgent_of_each_day(&mut lines.coordinator, window);
        }

        let leads = agenda.leads(entry);
        let coordinators = agenda.coordinators(entry);
        let mut told = Told {
            agenda,
            task: u32::try_from(task).unwrap_or(u32::MAX),
            replaced: self.anyone_away.then_some(&mut lines.replaced),
            notices: &mut self.notices,
        };
        for lead in leads {
            told.tell(*lead, &lines.lead);
        }
        for coordinator in coordinators {
            if !rules.escalation.iter().any(|(superior, _)| superior == coordinator) {
                told.tell(*coordinator, &lines.coordinator);
            }
        }
        if active {
            for (superior, days) in &rules.escalation {
                if leads.contains(superior) {
                    continue;
                }
                lines.superior.clear();
                after_line(agenda, entry, days, NoticeKind::Escalation, &mut lines.superior);
                if coordinators.contains(superior) {
                    lines.superior.extend_from_slice(&lines.coordinator);
                }
                most_urgent_of_each_day(&mut lines.superior, window);
                told.tell(*superior, &lines.superior);
            }
        }
        if self.anyone_away {
            self.put_deputies(task, leads);
        }
    }

    /// Gives what falls on days away to the deputies. Somebody who stands in for a superior and leads the task is
    /// not told of it as a superior (rule 6); of what they hear twice the most urgent stays (rule 7).
    fn put_deputies(&mut self, task: usize, leads: &[RecipientId]) {
        let people = &self.agenda.school.settings.people;
        let mut told: Vec<(RecipientId, Candidate)> = Vec::new();
        for (recipient, candidate) in &self.lines.replaced {
            let Some(date) = self.agenda.days.date(candidate.on) else { continue };
            for present in people.present(*recipient, date) {
                if !(matches!(candidate.kind, NoticeKind::Escalation(_)) && leads.contains(&present)) {
                    told.push((present, *candidate));
                }
            }
        }
        told.sort_by_key(|(recipient, candidate)| (*recipient, candidate.on, candidate.rank));
        told.dedup_by_key(|(recipient, candidate)| (*recipient, candidate.on));
        let task = u32::try_from(task).unwrap_or(u32::MAX);
        let agenda = self.agenda;
        self.notices
            .extend(told.into_iter().filter_map(|(recipient, candidate)| candidate.notice(agenda, task, recipient)));
    }
}

/// Where the notices of one task go: straight to the result, or to be looked at again because somebody is away.
struct Told<'a> {
    agenda: &'a Agenda,
    task: u32,
    replaced: Option<&'a mut Vec<(RecipientId, Candidate)>>,
    notices: &'a mut Vec<Notice>,
}

impl Told<'_> {
    fn tell(&mut self, recipient: RecipientId, line: &[Candidate]) {
        if let Some(replaced) = &mut self.replaced {
            replaced.extend(line.iter().map(|candidate| (recipient, *candidate)));
            return;
        }
        let (agenda, task) = (self.agenda, self.task);
        self.notices.extend(line.iter().filter_map(|candidate| candidate.notice(agenda, task, recipient)));
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

fn start_line(agenda: &Agenda, entry: &Entry, line: &mut Vec<Candidate>) {
    if let Some(start) = entry.start {
        line.push(Candidate::new(NoticeKind::Start, start, agenda.days.on_or_after(start)));
    }
}

/// `before:Nd`, unless that date is before the start (rule 3); moved back to a working day (rule 4).
fn before_line(agenda: &Agenda, entry: &Entry, counts: &[u16], line: &mut Vec<Candidate>) {
    let Some(due) = entry.due else { return };
    for &count in counts {
        let day = due - Day::from(count);
        if entry.start.is_none_or(|start| start <= day) {
            line.push(Candidate::new(NoticeKind::Before(count), day, agenda.days.on_or_before(day)));
        }
    }
}

/// `overdue:Nd` and escalations, moved forward to a working day (rules 3, 4 and 6).
fn after_line(agenda: &Agenda, entry: &Entry, counts: &[u16], kind: fn(u16) -> NoticeKind, line: &mut Vec<Candidate>) {
    let Some(due) = entry.due else { return };
    line.extend(counts.iter().map(|&count| {
        let day = due + Day::from(count);
        Candidate::new(kind(count), day, agenda.days.on_or_after(day))
    }));
}

/// Keeps what goes out in the window, and of several on one day the most urgent (rule 7).
fn most_urgent_of_each_day(line: &mut Vec<Candidate>, window: &Range<Day>) {
    line.retain(|candidate| window.contains(&candidate.on));
    line.sort_unstable_by_key(|candidate| (candidate.on, candidate.rank));
    line.dedup_by_key(|candidate| candidate.on);
}
