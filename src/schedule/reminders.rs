//! The notices that each task makes for each person (rules of time, 3 to 7, 9 and 12).

use std::ops::Range;

use jiff::civil::Date;

use crate::people::RecipientId;
use crate::plan::{Status, WorkPeriod};

use super::agenda::{Agenda, AgendaEntry, EscalationDay, SelfCheck};
use super::days::Day;
use super::states::TaskStates;
use super::{Notice, NoticeKind};

/// Why a notice is not told (rules of time, 6, 7, 9, 10 and 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skipped {
    /// The task, or the recipient's part of it, is done or cancelled (rule 9).
    Closed,
    /// Something stands in the way of the recipient's part (rule 9).
    Blocked,
    /// The superior, or whoever stands in for them, leads the task, and their own part is open (rule 6).
    Leads,
    /// The recipient has reported lately, or another notice asks for progress these days (rule 12).
    Asked,
    /// The review for which it asks is made (rule 10).
    Lapsed,
    /// A more urgent one of the same task goes out on the same date (rule 7).
    Urgent,
    /// A later one of the same task, or the review of a later period, takes its place (rule 10).
    Later,
    /// It is the latest of its task, but older than `reminders.stale_after` (rule 10).
    Stale,
}

/// A notice that the rules make for somebody, told or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Considered {
    /// The notice.
    pub notice: Notice,
    /// Whose it is: another than the recipient, where the recipient stands in for them.
    pub owner: RecipientId,
    /// Why it is passed over, where it is.
    pub skipped: Option<Skipped>,
}

impl Agenda {
    /// The notices of all tasks with an `on` from `from` to `to`, both included, that go out (rules of time, 3 to 7, 9
    /// and 12), if every day is looked at.
    ///
    /// Of several notices of a task for one person on one date only the most urgent is there. `states` says how far
    /// tasks are. The notices are ordered by task, in the plan's order.
    pub fn notices(&self, from: Date, to: Date, states: impl TaskStates + Copy) -> Vec<Notice> {
        let considered = self.considered(from, to, Date::MIN, &states);
        considered.into_iter().filter(|made| made.skipped.is_none()).map(|made| made.notice).collect()
    }

    /// All that the rules make with an `on` from `from` to `to`, both included, as a look on `today` considers it: what
    /// goes out, and what is passed over by rules 6, 7, 9 and 12, or has lapsed (rule 10). By task, in the plan's order;
    /// each key is there once.
    pub(super) fn considered(&self, from: Date, to: Date, today: Date, states: &impl TaskStates) -> Vec<Considered> {
        let mut maker = NoticeMaker::new(self, from, to, today);
        for (task, entry) in self.entries.iter().enumerate() {
            maker.add(task, entry, states);
        }
        maker.made
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

/// A candidate of one person, before deputies take the place of those away.
#[derive(Clone, Copy)]
struct Owned {
    owner: RecipientId,
    candidate: Candidate,
    skipped: Option<Skipped>,
}

/// The reminders of one task by what a recipient has to do with it; their memory is used again for the next task.
#[derive(Default)]
struct CandidateLists {
    lead: Vec<Candidate>,
    coordinator: Vec<Candidate>,
    superior: Vec<Candidate>,
}

/// Makes the notices of one window of days, task by task.
struct NoticeMaker<'a> {
    agenda: &'a Agenda,
    window: Range<Day>,
    today: Day,
    /// The self-checks whose day is in the window.
    checks: Vec<SelfCheck>,
    anyone_away: bool,
    lists: CandidateLists,
    /// The candidates of the present task.
    owned: Vec<Owned>,
    made: Vec<Considered>,
}

impl<'a> NoticeMaker<'a> {
    fn new(agenda: &'a Agenda, from: Date, to: Date, today: Date) -> Self {
        let (first, end) = (agenda.days.day(from), agenda.days.day(to) + 1);
        let checks = agenda.self_checks.iter().filter(|check| (first..end).contains(&check.on)).copied().collect();
        Self {
            agenda,
            // Days outside the table are never planned for.
            window: first.max(0)..end.min(Day::try_from(agenda.days.len()).unwrap_or(Day::MAX)),
            today: if today == Date::MIN { Day::MIN } else { agenda.days.day(today) },
            checks,
            anyone_away: agenda.school.settings.people.anyone_away(),
            lists: CandidateLists::default(),
            owned: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Adds the notices of one task.
    fn add(&mut self, task: usize, entry: &AgendaEntry, states: &impl TaskStates) {
        let active = entry.is_active(&self.window);
        if !active && !self.checks.iter().any(|check| check.asks_about(entry)) {
            return;
        }
        let agenda = self.agenda;
        let mut lists = std::mem::take(&mut self.lists);
        lists.fill(agenda, entry);
        let closed = states.status(task).is_closed().then_some(Skipped::Closed);
        self.owned.clear();
        for lead in agenda.leads(entry) {
            let part = LeadPart::new(task, *lead, states);
            self.add_lead(entry, &part, &lists.lead);
        }
        for coordinator in agenda.coordinators(entry) {
            self.own(*coordinator, &lists.coordinator, closed);
        }
        if active {
            for (superior, days) in &agenda.rules.escalation {
                lists.superior.clear();
                add_escalation(agenda, entry, days, &mut lists.superior);
                self.own(*superior, &lists.superior, closed);
            }
        }
        self.tell(task, entry, states);
        self.lists = lists;
    }

    /// The candidates of a list in the window, as somebody's own.
    fn own(&mut self, owner: RecipientId, list: &[Candidate], skipped: Option<Skipped>) {
        let within = list.iter().filter(|candidate| self.window.contains(&candidate.on));
        self.owned.extend(within.map(|candidate| Owned { owner, candidate: *candidate, skipped }));
    }

    /// Adds what a lead is told, and asked.
    fn add_lead(&mut self, entry: &AgendaEntry, part: &LeadPart<'_, impl TaskStates>, reminders: &[Candidate]) {
        let presses = part.closed().or((part.status == Status::Blocked).then_some(Skipped::Blocked));
        self.own(part.lead, reminders, presses);
        for check in self.checks.iter().filter(|check| check.asks_about(entry)) {
            let is_reminded =
                presses.is_none() && reminders.iter().any(|other| (other.on - check.on).abs() <= ASKED_ELSEWHERE_DAYS);
            let reported = part.reported.map(|date| self.agenda.days.day(date));
            let has_reported = reported.is_some_and(|day| day >= check.on - REPORTED_LATELY_DAYS);
            // Recurring work is asked about until it was told, whatever else goes out (rule 14).
            let is_answered =
                check.work_period(entry).map_or(is_reminded || has_reported, |period| part.has_told(period));
            let skipped = part
                .closed()
                .or((check.lapses <= self.today).then_some(Skipped::Lapsed))
                .or(is_answered.then_some(Skipped::Asked));
            let candidate = Candidate::new(NoticeKind::SelfCheck(check.review), check.on, check.on);
            self.owned.push(Owned { owner: part.lead, candidate, skipped });
        }
    }

    /// Gives the candidates of the present task to those who are there on their days: of what one person would hear on
    /// one date the most urgent stays (rule 7), and who leads the task is not told of it as a superior (rule 6), nor is anybody
    /// in their place.
    fn tell(&mut self, task: usize, entry: &AgendaEntry, states: &impl TaskStates) {
        let agenda = self.agenda;
        let leads = agenda.leads(entry);
        let leads_open = |person: &RecipientId| leads.contains(person) && !states.part(task, *person).is_closed();
        let people = &agenda.school.settings.people;
        let mut given: Vec<(RecipientId, Owned)> = Vec::with_capacity(self.owned.len());
        for owned in &self.owned {
            let present = match agenda.days.date(owned.candidate.on) {
                Some(date) if self.anyone_away => people.present(owned.owner, date),
                _ => vec![owned.owner],
            };
            given.extend(present.into_iter().map(|person| {
                let is_escalation = matches!(owned.candidate.kind, NoticeKind::Escalation(_));
                let leads = is_escalation && (leads_open(&owned.owner) || leads_open(&person));
                let leads = leads.then_some(Skipped::Leads);
                (person, Owned { skipped: owned.skipped.or(leads), ..*owned })
            }));
        }
        // What goes out before what does not, so that of one key told for several the one that goes out stays.
        given.sort_by_key(|(person, Owned { candidate, skipped, .. })| {
            (*person, candidate.on, candidate.rank, candidate.day, skipped.is_some())
        });
        given.dedup_by_key(|(person, Owned { candidate, .. })| (*person, candidate.kind, candidate.day));
        let task = u32::try_from(task).unwrap_or(u32::MAX);
        let mut told = None;
        for (person, Owned { owner, candidate, mut skipped }) in given {
            if skipped.is_none() && told == Some((person, candidate.on)) {
                skipped = Some(Skipped::Urgent);
            } else if skipped.is_none() {
                told = Some((person, candidate.on));
            }
            let notice = candidate.notice(agenda, task, person);
            self.made.extend(notice.map(|notice| Considered { notice, owner, skipped }));
        }
    }
}

/// How many days around a self-check another notice of the task asks for progress in its place (rule 12).
const ASKED_ELSEWHERE_DAYS: Day = 5;
/// How many days before a self-check a report answers it already (rule 12).
const REPORTED_LATELY_DAYS: Day = 7;

/// One lead's part of a task.
struct LeadPart<'s, S> {
    task: usize,
    states: &'s S,
    lead: RecipientId,
    /// The status of the part; that of the task where the task is closed.
    status: Status,
    /// The date of the last report on it.
    reported: Option<Date>,
}

impl<'s, S: TaskStates> LeadPart<'s, S> {
    fn new(task: usize, lead: RecipientId, states: &'s S) -> Self {
        let of_task = states.status(task);
        let own = if of_task.is_closed() { of_task } else { states.part(task, lead) };
        Self { task, states, lead, status: own, reported: states.reported_on(task, lead) }
    }

    fn has_told(&self, period: WorkPeriod) -> bool {
        self.states.has_told(self.task, self.lead, period)
    }

    fn closed(&self) -> Option<Skipped> {
        self.status.is_closed().then_some(Skipped::Closed)
    }
}

impl CandidateLists {
    /// All that the timeframe makes for leads and for coordinators (rules 3 and 5).
    fn fill(&mut self, agenda: &Agenda, entry: &AgendaEntry) {
        self.lead.clear();
        self.coordinator.clear();
        let rules = &agenda.rules;
        add_start(agenda, entry, &mut self.lead);
        add_before_due(agenda, entry, &rules.before, &mut self.lead);
        add_overdue(agenda, entry, &rules.overdue, &mut self.lead);
        if rules.coordinators.start {
            add_start(agenda, entry, &mut self.coordinator);
        }
        add_before_due(agenda, entry, &rules.coordinators.before, &mut self.coordinator);
        if rules.coordinators.overdue {
            add_overdue(agenda, entry, &rules.overdue, &mut self.coordinator);
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

/// Adds `overdue:Nd` for each N of `counts`, moved forward to a working day (rules 3 and 4).
fn add_overdue(agenda: &Agenda, entry: &AgendaEntry, counts: &[u16], list: &mut Vec<Candidate>) {
    let Some(due) = entry.due else { return };
    list.extend(counts.iter().map(|&count| {
        let day = due + Day::from(count);
        Candidate::new(NoticeKind::Overdue(count), day, agenda.days.on_or_after(day))
    }));
}

/// Adds `escalation:Nd` for each N of `told`, moved forward to its weekday and then to a working day; of several
/// occasions with one N the earliest (rules 4 and 6).
fn add_escalation(agenda: &Agenda, entry: &AgendaEntry, told: &[EscalationDay], list: &mut Vec<Candidate>) {
    let Some(due) = entry.due else { return };
    for &EscalationDay { days, weekday } in told {
        let day = due + Day::from(days);
        let moved = weekday.map_or(day, |weekday| agenda.days.on_or_after_weekday(day, weekday));
        list.push(Candidate::new(NoticeKind::Escalation(days), day, agenda.days.on_or_after(moved)));
    }
    list.sort_unstable_by_key(|candidate| (candidate.day, candidate.on));
    list.dedup_by_key(|candidate| candidate.day);
}
