//! Whether the reason holds for which something of the list was not told, or not yet.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::oracle::Item;
use crate::parts::{PartState, TaskState, speaks_for};
use crate::post::Answer;
use crate::rows::NoticeRow;
use crate::school::Task;
use crate::world::{instant, local};

use super::at_hand_over::date_of;
use super::listed::{Version, Year, first_look};

/// A message that nobody refused for good is not given up before so many hours.
const TRIED_FOR_HOURS: i64 = 100;

/// As what it is marked that something was not told, where it was not.
pub fn mark(row: &NoticeRow) -> Option<&'static str> {
    match (row.state.as_str(), row.why.as_str()) {
        ("skipped", "later") => Some("skipped: a later one"),
        ("skipped", "stale") => Some("skipped: stale"),
        ("withdrawn" | "skipped", "closed") => Some("withdrawn: closed"),
        ("withdrawn", "blocked") => Some("withdrawn: blocked"),
        ("withdrawn", "part_done") => Some("withdrawn: their part is done"),
        ("withdrawn", "later") => Some("withdrawn: a later one"),
        ("dead", _) => Some("dead"),
        _ => None,
    }
}

impl Year<'_> {
    /// Why the reason for which something was not told does not hold, where it does not.
    pub(super) fn without_reason(&self, version: &Version, task: &Task, row: &NoticeRow) -> Option<String> {
        let ended = row.ended.unwrap_or(row.decided);
        let state = |at| TaskState::at(&self.world.facts, task, at);
        let holds = match (row.state.as_str(), row.why.as_str()) {
            ("sent" | "uncertain", _) | ("withdrawn", "plan") => true,
            ("skipped", "leads") => row.kind.starts_with("escalation"),
            ("skipped", "urgent") => self.has_another_that_day(task, row),
            ("skipped", "later") => self.is_caught_up(version, row) && self.has_later(task, row),
            ("skipped", "stale") => self.is_caught_up(version, row) && is_old(version, row),
            ("withdrawn" | "skipped", "closed") => {
                state(ended).is_closed() || self.has_lead(row, ended, |lead| state(ended).part(lead) == PartState::Done)
            }
            ("withdrawn", "part_done") => self.has_lead(row, ended, |lead| state(ended).part(lead) == PartState::Done),
            ("withdrawn" | "skipped", "blocked") => {
                self.has_lead(row, ended, |lead| state(ended).part(lead) == PartState::Blocked)
            }
            ("withdrawn", "later") => self.has_newer(row, ended),
            ("dead", _) => self.was_refused(row),
            _ => false,
        };
        let at = local(ended);
        (!holds).then(|| format!("is {} {} without reason, decided at {at}", row.state, row.why))
    }

    /// Whether somebody was told by then as, or in the place of, a lead of whom this holds.
    fn has_lead(&self, row: &NoticeRow, ended: Timestamp, holds: impl Fn(&str) -> bool) -> bool {
        let long_ago = row.decided.saturating_sub(SignedDuration::from_hours(24)).unwrap_or_default();
        let day = [date_of(&row.on)];
        let mut versions = self.versions.iter().filter(|version| version.from <= ended && long_ago <= version.to);
        versions.any(|version| {
            let leads = version.school.task(&row.subject).map(|task| task.leads.as_slice()).unwrap_or_default();
            leads.iter().any(|lead| speaks_for(&version.school, &row.recipient, lead, &day) && holds(lead))
        })
    }

    /// Whether no look could decide something on the day on which it was to go out and until it was decided.
    fn was_missed(&self, version: &Version, row: &NoticeRow) -> bool {
        let on = date_of(&row.on);
        on < local(row.decided).date() && !self.was_awake(version, on, row.decided)
    }

    /// Whether something was found missing, or is considered again because a clock was wrong since its day.
    fn is_caught_up(&self, version: &Version, row: &NoticeRow) -> bool {
        let morning = instant(date_of(&row.on).to_datetime(version.school.rules.at));
        let was_wrong = self.world.facts.jumps.iter().any(|(_, to)| morning <= *to && *to <= row.decided);
        was_wrong || self.was_missed(version, row)
    }

    /// Whether a look between a date and an instant could have decided something.
    fn was_awake(&self, version: &Version, on: Date, until: Timestamp) -> bool {
        let from = instant(on.to_datetime(version.school.rules.at));
        first_look(self.world, self.versions, from).is_some_and(|at| at < until)
    }

    /// Whether the same person had something later to be told of the task by then.
    fn has_later(&self, task: &Task, row: &NoticeRow) -> bool {
        let (on, decided_on) = (date_of(&row.on), local(row.decided).date());
        let mut items = self.versions.iter().flat_map(|version| version.possible(&task.name));
        let is_later = |item: &Item| {
            let is_other = item.person == row.recipient && item.kind != row.kind;
            is_other && on < item.on && item.on <= decided_on
        };
        let checks = self.rows.values().any(|other| {
            other.subject == row.subject && other.recipient == row.recipient && other.kind.starts_with("self_check")
        });
        items.any(is_later) || checks
    }

    /// Whether the same person had something else to be told of the task on the same date.
    fn has_another_that_day(&self, task: &Task, row: &NoticeRow) -> bool {
        let on = date_of(&row.on);
        let mut items = self.versions.iter().flat_map(|version| version.possible(&task.name));
        items.any(|item| item.person == row.recipient && item.kind != row.kind && item.on == on)
    }

    /// Whether something newer about the task was decided for the same person by then.
    fn has_newer(&self, row: &NoticeRow, ended: Timestamp) -> bool {
        self.rows.values().any(|other| {
            let is_same = other.subject == row.subject && other.recipient == row.recipient;
            is_same && row.decided < other.decided && other.decided <= ended
        })
    }

    /// Whether a message was refused for good, or tried long enough.
    fn was_refused(&self, row: &NoticeRow) -> bool {
        let handed = self.handed.get(row.message.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut refusals = handed.iter().filter(|handed| handed.ended.is_some());
        let is_refused = refusals.any(|handed| matches!(handed.answer, Answer::Refused | Answer::Unclear));
        let last = handed.last().map_or(row.decided, |handed| handed.begun);
        is_refused || last.duration_since(row.decided).as_hours() >= TRIED_FOR_HOURS
    }
}

/// Whether something was found missing too late to be told.
fn is_old(version: &Version, row: &NoticeRow) -> bool {
    let age = local(row.decided).date() - date_of(&row.on);
    i64::from(age.get_days()) > version.school.rules.stale_after
}
