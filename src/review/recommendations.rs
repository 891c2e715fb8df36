//! Recommendations (*kiến nghị*), each with its reason. All follow from the plan, the reports or the deliveries.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::progress::TimeRequest;

use super::handed::is_proven;
use super::needs::{Need, needs, obstacle};
use super::signing::Signers;
use super::{ReviewInput, ReviewItem, ReviewReport, item};

/// The number of overdue tasks of one lead from which their load is to be looked at.
const OVERLOAD_TASKS: usize = 3;

/// The addressee of a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    /// The director of the plan.
    Principal,
    /// The leads of tasks.
    Owners,
    /// The body above the organisation.
    Superiors,
    /// The keeper of the program.
    Admin,
}

/// The kind of a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Clear the obstacle of a task.
    Unblock,
    /// Provide the money for a task.
    Fund,
    /// Look at the load of a lead: several of their tasks are overdue.
    Relieve,
    /// Accept or refuse a request for time.
    Decide,
    /// Settle the time of tasks: the plan leaves it open.
    SettleTime,
    /// Mend due dates before the date of issue.
    MendDate,
    /// Report on overdue tasks: nobody has yet.
    Report,
    /// Finish overdue tasks that are under way, or ask for time.
    Finish,
    /// Give evidence for tasks reported done.
    Prove,
    /// Mend an address to which nothing could be delivered.
    MendAddress,
}

/// One recommendation.
#[derive(Clone, Debug)]
pub struct Recommendation<'a> {
    /// The addressee.
    pub to: Addressee,
    /// The kind.
    pub advice: Advice,
    /// The persons concerned: leads as the plan names them, or recipients of messages that were not delivered.
    pub who: Vec<&'a str>,
    /// The tasks.
    pub tasks: Vec<ReviewItem<'a>>,
    /// The reason that was given; for an address, why it failed.
    pub reason: Option<&'a str>,
    /// The due date asked for, where there is one.
    pub date: Option<Date>,
}

/// The recommendations of a review, by addressee. None addresses who signs the report: what is theirs to do is among what
/// the school has to decide.
#[must_use]
pub fn recommendations<'a>(report: &ReviewReport<'a>, facts: &ReviewInput<'a>) -> Vec<Recommendation<'a>> {
    let signers = Signers::of(facts);
    let mut all = Vec::new();
    all.extend(missing(report, facts));
    all.extend(relieve(report, &signers));
    all.extend(decide(facts));
    let (misdated, open): (Vec<_>, Vec<_>) =
        report.unresolved.iter().copied().partition(|item| item.task.period().is_some());
    all.extend(about(Addressee::Principal, Advice::SettleTime, open));
    all.extend(about(Addressee::Principal, Advice::MendDate, misdated));
    let (unreported, begun): (Vec<_>, Vec<_>) = report.overdue.iter().copied().partition(|item| item.entry.is_none());
    all.extend(by_lead(Advice::Report, unreported, &signers));
    all.extend(by_lead(Advice::Finish, begun, &signers));
    let unproven = report.done.iter().copied().filter(|item| !is_proven(item, facts));
    all.extend(about(Addressee::Owners, Advice::Prove, unproven.collect()));
    all.extend(addresses(facts));
    // The sort is stable: for one addressee the order above stays.
    all.sort_by_key(|recommendation| recommendation.to);
    all
}

/// One recommendation about several tasks, where there are any.
fn about(to: Addressee, advice: Advice, tasks: Vec<ReviewItem<'_>>) -> Option<Recommendation<'_>> {
    (!tasks.is_empty()).then_some(Recommendation { to, advice, who: Vec::new(), tasks, reason: None, date: None })
}

/// Obstacles go to the principal, missing money to the superior body where there is one. Needs that nobody reported are
/// left to [`Advice::Report`].
fn missing<'a>(report: &ReviewReport<'a>, facts: &ReviewInput<'a>) -> Vec<Recommendation<'a>> {
    let has_superior = facts.school.settings.organisation.authority.is_some();
    let recommendation = |need: Need<'a>| {
        let to = if need.money && has_superior { Addressee::Superiors } else { Addressee::Principal };
        let advice = if need.money { Advice::Fund } else { Advice::Unblock };
        let reason = obstacle(&need.item, facts);
        Recommendation { to, advice, who: leads(&need.item), tasks: vec![need.item], reason, date: None }
    };
    needs(report, facts).into_iter().filter(|need| need.reported).map(recommendation).collect()
}

/// Leads of several overdue tasks, in the order in which they appear.
fn relieve<'a>(report: &ReviewReport<'a>, signers: &Signers<'_>) -> Vec<Recommendation<'a>> {
    let mut leads: Vec<(&'a str, Vec<ReviewItem<'a>>)> = Vec::new();
    for item in &report.overdue {
        for lead in item.task.lead.iter().filter(|lead| !signers.are(lead)) {
            match leads.iter_mut().find(|(name, _)| name == lead) {
                Some((_, tasks)) => tasks.push(*item),
                None => leads.push((lead, vec![*item])),
            }
        }
    }
    leads.retain(|(_, tasks)| tasks.len() >= OVERLOAD_TASKS);
    let recommendation = |(lead, tasks)| Recommendation {
        to: Addressee::Principal,
        advice: Advice::Relieve,
        who: vec![lead],
        tasks,
        reason: None,
        date: None,
    };
    leads.into_iter().map(recommendation).collect()
}

/// Open requests for time; closed tasks need none.
fn decide<'a>(facts: &ReviewInput<'a>) -> Vec<Recommendation<'a>> {
    let recommendation = |request: &'a TimeRequest| {
        let task = facts.school.plan.task(&request.task)?;
        let item = item(task, facts);
        item.is_open().then(|| Recommendation {
            to: Addressee::Principal,
            advice: Advice::Decide,
            who: request.by.as_deref().map_or_else(|| leads(&item), |by| vec![by]),
            tasks: vec![item],
            reason: Some(&request.why),
            date: Some(request.due),
        })
    };
    facts.requests.iter().filter(|request| request.is_open()).filter_map(recommendation).collect()
}

/// One recommendation for all tasks with the same leads; those that only the signer leads are for the principal.
fn by_lead<'a>(advice: Advice, items: Vec<ReviewItem<'a>>, signers: &Signers<'_>) -> Vec<Recommendation<'a>> {
    let mut all: Vec<Recommendation<'a>> = Vec::new();
    for item in items {
        let (own, others): (Vec<&str>, Vec<&str>) = leads(&item).into_iter().partition(|lead| signers.are(lead));
        let (to, who) = if others.is_empty() { (Addressee::Principal, own) } else { (Addressee::Owners, others) };
        match all.iter_mut().find(|known| known.to == to && known.who == who) {
            Some(known) => known.tasks.push(item),
            None => all.push(Recommendation { to, advice, who, tasks: vec![item], reason: None, date: None }),
        }
    }
    all
}

/// The recipients who could not be reached, each with the last reason.
fn addresses<'a>(facts: &ReviewInput<'a>) -> Vec<Recommendation<'a>> {
    let mut failing: BTreeMap<&'a str, &'a str> = BTreeMap::new();
    for message in facts.undelivered.iter().filter(|message| !message.may_have_arrived) {
        failing.insert(&message.recipient, &message.reason);
    }
    let recommendation = |(recipient, reason)| Recommendation {
        to: Addressee::Admin,
        advice: Advice::MendAddress,
        who: vec![recipient],
        tasks: Vec::new(),
        reason: Some(reason),
        date: None,
    };
    failing.into_iter().map(recommendation).collect()
}

fn leads<'a>(item: &ReviewItem<'a>) -> Vec<&'a str> {
    item.task.lead.iter().map(String::as_str).collect()
}
