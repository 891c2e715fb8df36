//! A review as the templates of its document and of its HTML page see it.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::PlanState;
use crate::people::RecipientId;
use crate::progress::evidence::{Evidence, Proof};
use crate::report::OfficialDocument;
use crate::report::chart::{Chart, Layout, charts};
use crate::review::needs::{Need, needs, obstacle};
use crate::review::recommendations::{Addressee, Advice, Recommendation, recommendations};
use crate::review::results::{Required, StandardResults, TaskResult, requirements, results};
use crate::review::timeline::{Bar, timeline};
use crate::review::{self, ReviewInput, TaskState, handed};
use crate::school::School;
use crate::text;

use super::review::StandardView;
use super::signing::signing;
use super::{ReviewView, TaskView, ViewContext};

/// A review as a document.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct DocumentView {
    #[serde(flatten)]
    review: ReviewView,
    /// The symbol of the school in numbers of documents: as configured, else as the plan's number has it.
    symbol: Option<String>,
    /// The number of the document with at least two digits, where it is known.
    number: Option<String>,
    /// The recipients of copies, where they are configured.
    recipients: Option<Vec<String>>,
    /// The recipients of the review, as the configuration writes them.
    readers: Vec<String>,
    /// The mean per cent of all tasks.
    degree: u8,
    /// Tasks that are neither done nor cancelled, in the plan's order.
    unfinished: Vec<TaskView>,
    /// Tasks on which nothing was reported and that are not due yet, in the plan's order.
    not_due: Vec<TaskView>,
    /// Every task by standard.
    groups: Vec<GroupView>,
    /// Tasks due in the period.
    required: Vec<TaskView>,
    /// Tasks under way in the period that end later.
    running: Vec<TaskView>,
    /// Evidence handed in during the period.
    evidence: Vec<EvidenceView>,
    /// The number of all pieces of evidence.
    evidence_count: usize,
    /// Requests for time that were made or decided in the period, or wait.
    needs: Vec<NeedView>,
    proposals: Vec<RecommendationView>,
}

#[derive(Debug, Serialize)]
struct GroupView {
    #[serde(flatten)]
    standard: StandardView,
    required: usize,
    overdue: usize,
    blocked: usize,
    tasks: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    #[serde(flatten)]
    task: TaskView,
    /// What the plan required: `done`, `begun`, `nothing` or `unsaid`.
    required: &'static str,
    /// The state: a word of [`TaskState`].
    state: &'static str,
    /// How many days it is late; 0 where it is not.
    late_days: i32,
}

#[derive(Debug, Serialize)]
struct EvidenceView {
    code: String,
    task: String,
    /// The name of the file, or the address.
    name: String,
    is_link: bool,
    on: Date,
    by: Option<String>,
}

#[derive(Debug, Serialize)]
struct NeedView {
    #[serde(flatten)]
    task: TaskView,
    money: bool,
    /// What stands in the way, in the words of whoever said so.
    obstacle: Option<String>,
    /// Whether somebody reported it.
    is_reported: bool,
}

#[derive(Debug, Serialize)]
struct RecommendationView {
    /// The addressee: `principal`, `owners`, `superiors` or `admin`.
    to: &'static str,
    /// The recommendation in one word.
    advice: &'static str,
    /// The names of the persons concerned, where there are any in particular.
    who: String,
    tasks: Vec<TaskView>,
    /// The most days that one of the tasks is overdue.
    most_days: i32,
    reason: Option<String>,
    /// The due date asked for, where there is one.
    date: Option<Date>,
}

impl DocumentView {
    pub(in crate::compose) fn new(facts: &ReviewInput<'_>, number: Option<u32>, now: &ZonedDateTime) -> Self {
        let report = review::report(facts);
        let settings = &facts.school.settings;
        // A document has no single reader: it speaks of all tasks as it would to an admin.
        let reader = settings.admin.first().copied().unwrap_or(RecipientId(0));
        let state = PlanState { school: facts.school, progress: facts.progress };
        let task = |item: &review::ReviewItem<'_>| TaskView::new(state, item.task, "superior", reader, now);
        let required = requirements(facts);
        let (signing, readers) = signing(facts);
        let groups = results(facts);
        Self {
            review: ReviewView::new(facts, ViewContext { recipient: reader, now, links: None }),
            symbol: symbol(facts),
            number: number.map(|number| format!("{number:02}")),
            recipients: signing.recipients,
            readers,
            degree: degree(&groups),
            unfinished: rows(&groups).filter(|row| row.item.is_open()).map(|row| task(&row.item)).collect(),
            not_due: rows(&groups)
                .filter(|row| row.item.state == TaskState::NotDue)
                .map(|row| task(&row.item))
                .collect(),
            groups: groups.into_iter().map(|group| GroupView::new(group, &task)).collect(),
            required: required.due.iter().map(task).collect(),
            running: required.running.iter().map(task).collect(),
            evidence: handed::evidence(facts).into_iter().map(|piece| EvidenceView::new(piece, facts.school)).collect(),
            evidence_count: facts.evidence.len(),
            needs: needs(&report, facts).iter().map(|need| NeedView::new(need, facts, &task)).collect(),
            proposals: recommendations(&report, facts)
                .iter()
                .map(|recommendation| RecommendationView::new(recommendation, &task))
                .collect(),
        }
    }
}

fn rows<'g, 'a>(groups: &'g [StandardResults<'a>]) -> impl Iterator<Item = &'g TaskResult<'a>> {
    groups.iter().flat_map(|group| &group.rows)
}

/// The mean per cent of the tasks that count.
fn degree(groups: &[StandardResults<'_>]) -> u8 {
    let counted = rows(groups).filter(|row| row.item.state != TaskState::Cancelled);
    let (sum, all) = counted.fold((0, 0_usize), |(sum, all), row| (sum + usize::from(row.item.percent), all + 1));
    review::share(sum, all * 100)
}

/// The symbol of the school, `TrTH`: as configured, else the end of the plan's number, `325/KH-TrTH`.
fn symbol(facts: &ReviewInput<'_>) -> Option<String> {
    let configured = facts.school.settings.organisation.symbol.clone();
    let of_plan = || {
        let (_, symbol) = facts.school.plan.number.split_once('/')?.1.split_once('-')?;
        Some(text::nfc(symbol)).filter(|symbol| !symbol.is_empty())
    };
    configured.or_else(of_plan)
}

impl GroupView {
    fn new<'a>(group: StandardResults<'a>, task: &impl Fn(&review::ReviewItem<'a>) -> TaskView) -> Self {
        let StandardResults { standard, required, overdue, blocked, rows } = group;
        let tasks = rows.iter().map(|row| RowView::new(row, task)).collect();
        Self { standard: standard.into(), required, overdue, blocked, tasks }
    }
}

impl RowView {
    fn new<'a>(row: &TaskResult<'a>, task: &impl Fn(&review::ReviewItem<'a>) -> TaskView) -> Self {
        let required = match row.required {
            Required::Done => "done",
            Required::Begun => "begun",
            Required::Nothing => "nothing",
            Required::Unsaid => "unsaid",
        };
        let late_days = if row.item.is_open() { row.item.overdue_days.max(0) } else { 0 };
        Self { task: task(&row.item), required, state: row.item.state.as_str(), late_days }
    }
}

impl EvidenceView {
    fn new(piece: &Evidence, school: &School) -> Self {
        Self {
            code: piece.code.clone(),
            task: school.plan.name_of(&piece.task).to_owned(),
            name: piece.proof.name().to_owned(),
            is_link: matches!(piece.proof, Proof::Link(_)),
            on: school.settings.date_of(piece.at),
            by: piece.by.clone(),
        }
    }
}

impl NeedView {
    fn new<'a>(need: &Need<'a>, facts: &ReviewInput<'a>, task: &impl Fn(&review::ReviewItem<'a>) -> TaskView) -> Self {
        let obstacle = obstacle(&need.item, facts).map(str::to_owned);
        Self { task: task(&need.item), money: need.money, obstacle, is_reported: need.reported }
    }
}

impl RecommendationView {
    fn new<'a>(recommendation: &Recommendation<'a>, task: &impl Fn(&review::ReviewItem<'a>) -> TaskView) -> Self {
        Self {
            to: match recommendation.to {
                Addressee::Principal => "principal",
                Addressee::Owners => "owners",
                Addressee::Superiors => "superiors",
                Addressee::Admin => "admin",
            },
            advice: match recommendation.advice {
                Advice::Unblock => "unblock",
                Advice::Fund => "fund",
                Advice::Relieve => "relieve",
                Advice::Decide => "decide",
                Advice::SettleTime => "settle_time",
                Advice::MendDate => "mend_date",
                Advice::Report => "report",
                Advice::Finish => "finish",
                Advice::Begin => "begin",
                Advice::Prove => "prove",
                Advice::MendAddress => "mend_address",
            },
            who: recommendation.who.join(", "),
            tasks: recommendation.tasks.iter().map(task).collect(),
            most_days: recommendation.tasks.iter().map(|item| item.overdue_days).max().unwrap_or(0),
            reason: recommendation.reason.map(str::to_owned),
            date: recommendation.date,
        }
    }
}

/// A review as an HTML page: its document, and the plan as a timeline.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct TimelineView<'d> {
    #[serde(flatten)]
    view: DocumentView,
    document: &'d OfficialDocument,
    /// The charts for wide screens and for paper.
    wide: Vec<Chart>,
    /// The charts for phones.
    stacked: Vec<Chart>,
    /// The standards of the charts.
    lane_groups: Vec<StandardView>,
    /// The tasks of the charts.
    lanes: Vec<LaneView>,
}

#[derive(Debug, Serialize)]
struct LaneView {
    #[serde(flatten)]
    task: TaskView,
    /// The state: a status, `overdue` or `unresolved`.
    state: &'static str,
    done_on: Option<Date>,
}

impl<'d> TimelineView<'d> {
    pub(in crate::compose) fn new(
        view: DocumentView,
        document: &'d OfficialDocument,
        facts: &ReviewInput<'_>,
        now: &ZonedDateTime,
    ) -> Self {
        let timeline = timeline(facts);
        let state = PlanState { school: facts.school, progress: facts.progress };
        let reader = facts.school.settings.admin.first().copied().unwrap_or(RecipientId(0));
        let lane = |bar: &Bar<'_>| LaneView {
            task: TaskView::new(state, bar.item.task, "superior", reader, now),
            state: bar.state.as_str(),
            done_on: bar.done_on,
        };
        Self {
            view,
            document,
            wide: charts(&timeline, Layout::WIDE),
            stacked: charts(&timeline, Layout::STACKED),
            lanes: timeline.groups.iter().flat_map(|(_, bars)| bars).map(lane).collect(),
            lane_groups: timeline.groups.into_iter().map(|(standard, _)| standard.into()).collect(),
        }
    }
}
