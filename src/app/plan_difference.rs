//! What another plan does to the messages to come: cancelled, added, moved, and for whom.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::language::{Language, Said};
use crate::people::RecipientId;
use crate::plan::TaskId;
use crate::progress::Progress;
use crate::schedule::{Agenda, NoticeKind, ReportedStates};
use crate::school::School;
use crate::text_table::{Align, TextTable};

/// How far ahead messages are compared: no plan reaches further.
const HORIZON_DAYS: i32 = 800;

/// A kind of notice, as JSON: its word, and the days or the review that it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShownKind(pub(crate) NoticeKind);

impl Serialize for ShownKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields {
            kind: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            days: Option<u16>,
            #[serde(skip_serializing_if = "Option::is_none")]
            review: Option<String>,
        }
        let Self(kind) = self;
        let review = kind.review().map(|review| review.to_string());
        Fields { kind: kind.as_str(), days: kind.days(), review }.serialize(serializer)
    }
}

/// A notice to come, whatever its date and number in the plan.
type ComingNotice = (TaskId, NoticeKind, RecipientId);

/// What a change does to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeChange {
    /// It goes out on another day.
    Moved,
    /// It does not go out any more.
    Cancelled,
    /// It goes out beside those before.
    Added,
}

/// What is said of the messages that a change of the plan concerns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DifferenceText {
    /// It concerns none.
    Nothing,
    /// The heading of what it does to them.
    What,
    /// The heading of tasks.
    Task,
    /// The heading of kinds of notices.
    Notice,
    /// The heading of recipients.
    To,
    /// The heading of the days before.
    WasOn,
    /// The heading of the days now.
    IsOn,
    /// So many more.
    More(usize),
    /// How many in all.
    Count { moved: usize, cancelled: usize, added: usize },
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
                kind: ShownKind(*kind),
                to: people.get(*recipient).name.clone(),
                from,
                on,
            });
        }
        notices.sort_by(|one, other| {
            let order =
                |notice: &ChangedNotice| (notice.on.or(notice.from), notice.kind.0.as_str(), notice.kind.0.days());
            order(one).cmp(&order(other)).then_with(|| (&one.to, &one.task).cmp(&(&other.to, &other.task)))
        });
        Self { notices }
    }

    /// The same as text with at most `max` rows, and a line on those that are left out.
    pub(crate) fn to_text(&self, max: usize, language: Language) -> String {
        let said = |text: DifferenceText| text.said_in(language);
        if self.notices.is_empty() {
            return said(DifferenceText::Nothing) + "\n";
        }
        let headings = [
            DifferenceText::What,
            DifferenceText::Task,
            DifferenceText::Notice,
            DifferenceText::To,
            DifferenceText::WasOn,
            DifferenceText::IsOn,
        ];
        let mut table = TextTable::new(headings.map(|heading| (said(heading), Align::Left)));
        let date = |date: Option<Date>| date.map(|date| date.said_in(language)).unwrap_or_default();
        for notice in self.notices.iter().take(max) {
            table.row([
                notice.r#type.said_in(language),
                notice.task.clone(),
                notice.kind.0.said_in(language),
                notice.to.clone(),
                date(notice.from),
                date(notice.on),
            ]);
        }
        let more = match self.notices.len().saturating_sub(max) {
            0 => String::new(),
            more => said(DifferenceText::More(more)) + "\n",
        };
        let count = |kind: NoticeChange| self.notices.iter().filter(|notice| notice.r#type == kind).count();
        let (moved, cancelled) = (count(NoticeChange::Moved), count(NoticeChange::Cancelled));
        let count = DifferenceText::Count { moved, cancelled, added: count(NoticeChange::Added) };
        format!("{table}{more}\n{}\n", said(count))
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
