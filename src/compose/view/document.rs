//! A review as the templates of its document and of its HTML page see it.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::PlanState;
use crate::people::Directory;
use crate::plan::framework;
use crate::progress::evidence::{Evidence, Proof};
use crate::report::OfficialDocument;
use crate::review::needs::{Need, needs, obstacle};
use crate::review::recommendations::{Addressee, Advice, Recommendation, recommendations};
use crate::review::results::{Required, StandardResults, TaskResult, requirements, results};
use crate::review::signing::signing;
use crate::review::{self, PlanChange, Reminded, ReviewInput, TaskChange, TaskState, handed};
use crate::schedule::ReviewId;
use crate::school::School;
use crate::text;

use super::chart::ChartView;
use super::review::{ChangeView, StandardView};
use super::task::RemindedView;
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
    /// How many tasks the report does not show by themselves as they were settled before: done, cancelled.
    done_before: usize,
    cancelled_before: usize,
    /// Tasks due in the next period that the report shows nowhere else.
    next_only: Vec<TaskView>,
    /// Every task by standard.
    groups: Vec<GroupView>,
    /// How often overdue tasks were reminded of: those alike together, by the day of the last.
    reminders: Vec<RemindersView>,
    /// Whether any task is shown by itself.
    listed: bool,
    /// Whether the report has the monitoring table of the plan's regulation.
    monitors: bool,
    /// Tasks that were taken out of the plan.
    gone: Vec<ChangeView>,
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
    /// What changed of these tasks.
    changes: Vec<ChangeView>,
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
    /// Whether the report shows it by itself.
    is_listed: bool,
    done_on: Option<Date>,
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

/// Overdue tasks of which their leads were reminded alike.
#[derive(Debug, Serialize)]
struct RemindersView {
    #[serde(flatten)]
    reminded: RemindedView,
    tasks: Vec<TaskView>,
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
        let reader = settings.impersonal_reader();
        let state = PlanState { school: facts.school, progress: facts.progress };
        let task = |item: &review::ReviewItem<'_>| TaskView::new(state, item.task, "superior", reader, now);
        let people = &settings.people;
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
            reminders: reminders(&report.overdue, facts, &task),
            listed: rows(&groups).any(|row| row.is_listed),
            monitors: has_monitoring_table(facts),
            gone: facts
                .changes
                .iter()
                .filter(|change| change.what == TaskChange::Removed)
                .map(|change| ChangeView::new(change, facts.school))
                .collect(),
            done_before: settled_before(&groups, TaskState::Done),
            cancelled_before: settled_before(&groups, TaskState::Cancelled),
            next_only: unlisted(&groups, &report.due_next).iter().map(task).collect(),
            groups: groups.iter().map(|group| GroupView::new(group, facts, &task)).collect(),
            required: required.due.iter().map(task).collect(),
            running: required.running.iter().map(task).collect(),
            evidence: handed::evidence(facts).into_iter().map(|piece| EvidenceView::new(piece, facts.school)).collect(),
            evidence_count: facts.evidence.len(),
            needs: needs(&report, facts).iter().map(|need| NeedView::new(need, facts, &task)).collect(),
            proposals: recommendations(&report, facts)
                .iter()
                .map(|recommendation| RecommendationView::new(recommendation, people, &task))
                .collect(),
        }
    }
}

fn rows<'g, 'a>(groups: &'g [StandardResults<'a>]) -> impl Iterator<Item = &'g TaskResult<'a>> {
    groups.iter().flat_map(|group| &group.rows)
}

/// Overdue tasks of whose leads were reminded equally often, last on one day and over one channel.
fn reminders<'a>(
    overdue: &[review::ReviewItem<'a>],
    facts: &ReviewInput<'a>,
    task: &impl Fn(&review::ReviewItem<'a>) -> TaskView,
) -> Vec<RemindersView> {
    let mut alike: Vec<(&Reminded, Vec<TaskView>)> = Vec::new();
    for item in overdue {
        let Some((_, told)) = facts.reminded.iter().find(|(task, _)| *task == item.task.id) else { continue };
        match alike.iter_mut().find(|(other, _)| *other == told) {
            Some((_, tasks)) => tasks.push(task(item)),
            None => alike.push((told, vec![task(item)])),
        }
    }
    alike.sort_by_key(|(told, _)| (told.last, told.over.as_str(), std::cmp::Reverse(told.times)));
    let view = |(told, tasks): (&Reminded, Vec<TaskView>)| RemindersView { reminded: told.into(), tasks };
    alike.into_iter().map(view).collect()
}

/// Whether this is the report of a term or the year, and the plan's regulation asks for a monitoring table in it.
fn has_monitoring_table(facts: &ReviewInput<'_>) -> bool {
    let framework = facts.school.plan.framework.as_deref();
    !matches!(facts.id, ReviewId::Month { .. }) && framework.is_some_and(framework::has_monitoring_table)
}

/// How many tasks in a state the report does not show by themselves.
fn settled_before(groups: &[StandardResults<'_>], state: TaskState) -> usize {
    rows(groups).filter(|row| !row.is_listed && row.item.state == state).count()
}

/// Those of some tasks that the table of results does not show.
fn unlisted<'a>(groups: &[StandardResults<'a>], items: &[review::ReviewItem<'a>]) -> Vec<review::ReviewItem<'a>> {
    let is_listed =
        |item: &review::ReviewItem<'_>| rows(groups).any(|row| row.is_listed && row.item.task.id == item.task.id);
    items.iter().filter(|item| !is_listed(item)).copied().collect()
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
    fn new<'a>(
        group: &StandardResults<'a>,
        facts: &ReviewInput<'a>,
        task: &impl Fn(&review::ReviewItem<'a>) -> TaskView,
    ) -> Self {
        let StandardResults { standard, required, overdue, blocked, rows } = group;
        let tasks = rows.iter().map(|row| RowView::new(row, task)).collect();
        let is_of_group = |change: &&PlanChange| rows.iter().any(|row| row.item.task.id == change.task);
        let changes = facts.changes.iter().filter(is_of_group);
        let changes = changes.map(|change| ChangeView::new(change, facts.school)).collect();
        Self {
            standard: standard.clone().into(),
            required: *required,
            overdue: *overdue,
            blocked: *blocked,
            tasks,
            changes,
        }
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
        Self {
            task: task(&row.item),
            required,
            state: row.item.state.as_str(),
            late_days,
            is_listed: row.is_listed,
            done_on: row.item.done_on,
        }
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
            by: piece.by.as_deref().map(|by| school.settings.people.shown_name(by)),
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
    fn new<'a>(
        recommendation: &Recommendation<'a>,
        people: &Directory,
        task: &impl Fn(&review::ReviewItem<'a>) -> TaskView,
    ) -> Self {
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
                Advice::Prove => "prove",
                Advice::MendAddress => "mend_address",
            },
            who: recommendation.who.iter().map(|who| people.shown_name(who)).collect::<Vec<_>>().join(", "),
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
    #[serde(flatten)]
    chart: ChartView,
}

impl<'d> TimelineView<'d> {
    pub(in crate::compose) fn new(
        view: DocumentView,
        document: &'d OfficialDocument,
        facts: &ReviewInput<'_>,
        now: &ZonedDateTime,
    ) -> Self {
        Self { view, document, chart: ChartView::new(facts, now) }
    }
}
