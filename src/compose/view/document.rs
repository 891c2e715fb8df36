//! What the templates of a review's document and of its page see, beside what those of every review see.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::calendar::date_of;
use crate::config::{ReviewPeriod, Signing};
use crate::people::RecipientId;
use crate::progress::Status;
use crate::progress::evidence::{Evidence, Proof};
use crate::report::Document;
use crate::report::chart::{Chart, Layout, charts};
use crate::review::needs::{Need, needs};
use crate::review::proposals::{Addressee, Advice, Proposal, proposals};
use crate::review::results::{Group, Required, Row, requirements, results};
use crate::review::timeline::{Bar, timeline};
use crate::review::{self, Facts, handed};
use crate::schedule::ReviewId;
use crate::text;

use super::{ReviewView, StandardView, TaskView};

/// A review as a document.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct DocumentView {
    #[serde(flatten)]
    review: ReviewView,
    /// What stands for the school in numbers of documents: as configured, else as the plan's number has it.
    symbol: Option<String>,
    /// The number of the document, where it is known; two digits at least.
    number: Option<String>,
    /// Today in the figures of official documents.
    dated: Dated,
    /// The position of who signs, line by line; empty where it is not configured.
    signer: Vec<String>,
    signer_name: Option<String>,
    /// To whom copies go, where it is configured.
    recipients: Option<Vec<String>>,
    /// Who gets the review, as the configuration writes it.
    readers: Vec<String>,
    /// How far the whole plan is, in per cent: the mean of its tasks.
    degree: u8,
    /// Tasks that are neither done nor cancelled, in the plan's order.
    unfinished: Vec<TaskView>,
    /// Every task by standard.
    groups: Vec<GroupView>,
    /// What fell due in the period.
    required: Vec<TaskView>,
    /// What is under way in it and ends later.
    running: Vec<TaskView>,
    /// What was handed in during the period.
    evidence: Vec<EvidenceView>,
    /// How much was handed in since the plan began.
    evidence_count: usize,
    /// Requests for time that were made or decided in the period, or wait.
    needs: Vec<NeedView>,
    proposals: Vec<ProposalView>,
}

/// A date in the figures of official documents: days under 10 and the months 1 and 2 with a zero before them, which
/// keeps anybody from writing another figure there.
#[derive(Debug, Serialize)]
struct Dated {
    day: String,
    month: String,
    year: i16,
}

impl Dated {
    fn new(date: Date) -> Self {
        let month = if date.month() <= 2 { format!("{:02}", date.month()) } else { date.month().to_string() };
        Self { day: format!("{:02}", date.day()), month, year: date.year() }
    }
}

#[derive(Debug, Serialize)]
struct GroupView {
    #[serde(flatten)]
    standard: StandardView,
    required: usize,
    overdue: usize,
    tasks: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    #[serde(flatten)]
    task: TaskView,
    /// `done`, `begun`, `nothing` or `unsaid`.
    required: &'static str,
    /// Open and past its due date.
    is_overdue: bool,
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
    /// Whether somebody has reported it.
    is_reported: bool,
}

#[derive(Debug, Serialize)]
struct ProposalView {
    /// `principal`, `owners`, `superiors` or `admin`.
    to: &'static str,
    /// What is recommended, in one word.
    advice: &'static str,
    /// Whom it concerns, where that is anybody in particular.
    who: String,
    tasks: Vec<TaskView>,
    /// Of the tasks: the longest overdue.
    most_days: i32,
    reason: Option<String>,
    /// The date that is asked for, where one is.
    date: Option<Date>,
}

impl DocumentView {
    pub(in crate::compose) fn new(facts: &Facts<'_>, number: Option<u32>, now: &ZonedDateTime) -> Self {
        let report = review::report(facts);
        let settings = &facts.school.settings;
        // A document is for nobody in particular: it speaks of all tasks as to who keeps the program.
        let reader = settings.admin.first().copied().unwrap_or(RecipientId(0));
        let person = settings.people.get(reader);
        let task = |item: &review::Item<'_>| TaskView::new(item.task, facts.progress, "superior", person, now);
        let required = requirements(facts);
        let (signing, readers) = signing(facts);
        let groups = results(facts);
        Self {
            review: ReviewView::new(facts, reader, now, None),
            symbol: symbol(facts),
            number: number.map(|number| format!("{number:02}")),
            dated: Dated::new(facts.today),
            signer: signing.signer.unwrap_or_default(),
            signer_name: signing.name,
            recipients: signing.recipients,
            readers,
            degree: degree(&groups),
            unfinished: rows(&groups).filter(|row| !row.status.is_closed()).map(|row| task(&row.item)).collect(),
            groups: groups.into_iter().map(|group| GroupView::new(group, &task)).collect(),
            required: required.due.iter().map(task).collect(),
            running: required.running.iter().map(task).collect(),
            evidence: handed::evidence(facts)
                .into_iter()
                .map(|piece| EvidenceView::new(piece, now.time_zone()))
                .collect(),
            evidence_count: facts.evidence.len(),
            needs: needs(&report, facts).iter().map(|need| NeedView::new(need, &task)).collect(),
            proposals: proposals(&report, facts).iter().map(|proposal| ProposalView::new(proposal, &task)).collect(),
        }
    }
}

fn rows<'g, 'a>(groups: &'g [Group<'a>]) -> impl Iterator<Item = &'g Row<'a>> {
    groups.iter().flat_map(|group| &group.rows)
}

/// The mean of what is done of each task that counts, in per cent.
fn degree(groups: &[Group<'_>]) -> u8 {
    let counted = rows(groups).filter(|row| row.status != Status::Cancelled);
    let (sum, all) = counted.fold((0, 0_usize), |(sum, all), row| (sum + usize::from(row.item.percent), all + 1));
    review::share(sum, all * 100)
}

/// How a review's report ends, and who gets the review: by the rule of its period.
fn signing(facts: &Facts<'_>) -> (Signing, Vec<String>) {
    let settings = &facts.school.settings;
    let rule = settings.reviews.iter().find(|rule| match facts.id {
        ReviewId::Month { .. } => matches!(rule.period, ReviewPeriod::Month(_)),
        ReviewId::Term(_) => rule.period == ReviewPeriod::Term,
        ReviewId::Year => rule.period == ReviewPeriod::Year,
    });
    let school = &settings.organisation.signing;
    let signing = rule.map_or_else(|| school.clone(), |rule| rule.signing.or(school));
    (signing, rule.map(|rule| rule.named.clone()).unwrap_or_default())
}

/// `TrTH` of `325/KH-TrTH`: a plan's number ends as those of all documents of its school do.
fn symbol(facts: &Facts<'_>) -> Option<String> {
    let configured = facts.school.settings.organisation.symbol.clone();
    let of_plan = || {
        let (_, symbol) = facts.school.plan.number.split_once('/')?.1.split_once('-')?;
        Some(text::nfc(symbol)).filter(|symbol| !symbol.is_empty())
    };
    configured.or_else(of_plan)
}

impl GroupView {
    fn new<'a>(group: Group<'a>, task: &impl Fn(&review::Item<'a>) -> TaskView) -> Self {
        let Group { standard, required, overdue, rows } = group;
        let tasks = rows.iter().map(|row| RowView::new(row, task)).collect();
        Self { standard: standard.into(), required, overdue, tasks }
    }
}

impl RowView {
    fn new<'a>(row: &Row<'a>, task: &impl Fn(&review::Item<'a>) -> TaskView) -> Self {
        let required = match row.required {
            Required::Done => "done",
            Required::Begun => "begun",
            Required::Nothing => "nothing",
            Required::Unsaid => "unsaid",
        };
        let is_overdue = !matches!(row.status, Status::Done | Status::Cancelled) && row.item.overdue_days > 0;
        Self { task: task(&row.item), required, is_overdue }
    }
}

impl EvidenceView {
    fn new(piece: &Evidence, zone: &TimeZone) -> Self {
        Self {
            code: piece.code.clone(),
            task: piece.task.first_name().to_owned(),
            name: piece.thing.name().to_owned(),
            is_link: matches!(piece.thing, Proof::Link(_)),
            on: date_of(zone, piece.at),
            by: piece.by.clone(),
        }
    }
}

impl NeedView {
    fn new<'a>(need: &Need<'a>, task: &impl Fn(&review::Item<'a>) -> TaskView) -> Self {
        Self { task: task(&need.item), money: need.money, is_reported: need.reported }
    }
}

impl ProposalView {
    fn new<'a>(proposal: &Proposal<'a>, task: &impl Fn(&review::Item<'a>) -> TaskView) -> Self {
        Self {
            to: match proposal.to {
                Addressee::Principal => "principal",
                Addressee::Owners => "owners",
                Addressee::Superiors => "superiors",
                Addressee::Admin => "admin",
            },
            advice: match proposal.advice {
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
            who: proposal.who.join(", "),
            tasks: proposal.tasks.iter().map(task).collect(),
            most_days: proposal.tasks.iter().map(|item| item.overdue_days).max().unwrap_or(0),
            reason: proposal.reason.map(str::to_owned),
            date: proposal.date,
        }
    }
}

/// A review as a page: its document, and its plan on a line of time.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct TimelineView<'d> {
    #[serde(flatten)]
    view: DocumentView,
    document: &'d Document,
    /// The charts for screens of some width and for paper.
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
    /// How it stands: a status, or `overdue` or `unresolved`.
    state: &'static str,
    done_on: Option<Date>,
}

impl<'d> TimelineView<'d> {
    pub(in crate::compose) fn new(
        view: DocumentView,
        document: &'d Document,
        facts: &Facts<'_>,
        now: &ZonedDateTime,
    ) -> Self {
        let timeline = timeline(facts);
        let people = &facts.school.settings.people;
        let person = people.get(facts.school.settings.admin.first().copied().unwrap_or(RecipientId(0)));
        let lane = |bar: &Bar<'_>| LaneView {
            task: TaskView::new(bar.item.task, facts.progress, "superior", person, now),
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Dated;

    #[test]
    fn days_below_ten_and_the_first_two_months_have_a_zero() {
        for (date, expected) in [
            (date(2024, 1, 5), ("05", "01")),
            (date(2024, 2, 29), ("29", "02")),
            (date(2024, 3, 10), ("10", "3")),
            (date(2024, 12, 9), ("09", "12")),
        ] {
            let Dated { day, month, .. } = Dated::new(date);
            assert_eq!((day.as_str(), month.as_str()), expected);
        }
    }
}
