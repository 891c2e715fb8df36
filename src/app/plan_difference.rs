//! What another plan does to the messages to come: cancelled, added, moved, and for whom.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::people::RecipientId;
use crate::plan::TaskId;
use crate::progress::Progress;
use crate::schedule::{Agenda, NoticeKind, ReportedStates};
use crate::school::School;
use crate::text_table::{Align, TextTable};

/// How far ahead messages are compared: no plan reaches further.
const HORIZON_DAYS: i32 = 800;

/// A kind of notice: the fields of the JSON output, and words for people.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ShownKind {
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
}

impl From<NoticeKind> for ShownKind {
    fn from(kind: NoticeKind) -> Self {
        Self { kind: kind.as_str(), days: kind.days(), review: kind.review().map(|review| review.to_string()) }
    }
}

/// "before, 7 days", "self-check of 2023-10".
impl fmt::Display for ShownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.replace('_', "-"))?;
        if let Some(review) = &self.review {
            write!(f, " of {review}")?;
        }
        match self.days {
            Some(1) => f.write_str(", 1 day"),
            Some(days) => write!(f, ", {days} days"),
            None => Ok(()),
        }
    }
}

/// A notice to come, whatever its date and number in the plan.
type ComingNotice = (TaskId, NoticeKind, RecipientId);

/// What a change does to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum NoticeChange {
    Moved,
    Cancelled,
    Added,
}

impl NoticeChange {
    fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Added => "added",
        }
    }
}

/// A notice that is changed, as a line of the JSON output.
#[derive(Debug, Serialize)]
pub(crate) struct ChangedNotice {
    r#type: NoticeChange,
    task: String,
    #[serde(flatten)]
    kind: ShownKind,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<Date>,
}

/// The messages to come that another plan changes, by date. As text, a table for people.
#[derive(Debug)]
pub(crate) struct PlanDifference {
    /// The notices that are changed.
    pub(crate) notices: Vec<ChangedNotice>,
}

impl PlanDifference {
    /// What `new` does to the messages that would go out from `today` on by `old`: plans of the same settings, whose tasks
    /// have the same identities.
    pub(crate) fn between(old: &School, new: &School, progress: &Progress, today: Date) -> Self {
        let before = to_come(old, progress, today);
        let after = to_come(new, progress, today);
        let tasks = old.plan.tasks.iter().chain(&new.plan.tasks);
        let names: HashMap<&TaskId, &str> = tasks.map(|task| (&task.id, task.name.as_str())).collect();
        let people = &new.settings.people;
        let keys: HashSet<&ComingNotice> = before.keys().chain(after.keys()).collect();
        let mut notices = Vec::new();
        for key in keys {
            let (from, on) = (before.get(key).copied(), after.get(key).copied());
            let change = match (from, on) {
                (Some(from), Some(on)) if from == on => continue,
                (Some(_), Some(_)) => NoticeChange::Moved,
                (Some(_), None) => NoticeChange::Cancelled,
                (None, _) => NoticeChange::Added,
            };
            let (task, kind, recipient) = key;
            notices.push(ChangedNotice {
                r#type: change,
                task: names.get(task).copied().unwrap_or(task.as_str()).to_owned(),
                kind: (*kind).into(),
                to: people.get(*recipient).name.clone(),
                from,
                on,
            });
        }
        notices.sort_by(|one, other| {
            let order = |notice: &ChangedNotice| (notice.on.or(notice.from), notice.kind.kind, notice.kind.days);
            order(one).cmp(&order(other)).then_with(|| (&one.to, &one.task).cmp(&(&other.to, &other.task)))
        });
        Self { notices }
    }

    /// The same as text with at most `max` rows, and a line on those that are left out.
    pub(crate) fn to_text(&self, max: usize) -> String {
        if self.notices.is_empty() {
            return "the change does nothing to the messages to come\n".to_owned();
        }
        let left = |heading: &str| (heading.to_owned(), Align::Left);
        let mut table =
            TextTable::new([left("what"), left("task"), left("notice"), left("to"), left("was on"), left("is on")]);
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        for notice in self.notices.iter().take(max) {
            table.row([
                notice.r#type.as_str().to_owned(),
                notice.task.clone(),
                notice.kind.to_string(),
                notice.to.clone(),
                date(notice.from),
                date(notice.on),
            ]);
        }
        let more = match self.notices.len().saturating_sub(max) {
            0 => String::new(),
            more => format!("and {more} more\n"),
        };
        let count = |kind: NoticeChange| self.notices.iter().filter(|notice| notice.r#type == kind).count();
        format!(
            "{table}{more}\n{} moved, {} cancelled, {} added\n",
            count(NoticeChange::Moved),
            count(NoticeChange::Cancelled),
            count(NoticeChange::Added)
        )
    }
}

/// Everything that is to be told from today on, and when.
fn to_come(school: &School, progress: &Progress, today: Date) -> HashMap<ComingNotice, Date> {
    let agenda = Agenda::new(school.clone());
    let tasks = &agenda.school().plan.tasks;
    let states = ReportedStates { school: agenda.school(), progress };
    let notices = agenda.notices(today, today.saturating_add(HORIZON_DAYS.days()), states);
    let told = notices.iter().filter_map(|notice| {
        let task = &tasks[notice.task? as usize];
        Some(((task.id.clone(), notice.kind, notice.recipient), notice.on))
    });
    told.collect()
}
