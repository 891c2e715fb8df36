//! What the templates see: plain values, dates as ISO text, people by name. The words are the templates'.
//!
//! The names of the fields are those that an admin's own templates use: they stay.

mod alert;
mod chart;
mod dated;
mod document;
mod reminder;
mod review;
mod task;
mod weekly;
mod words;

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::Serialize;

use crate::link::PersonalLinks;
use crate::people::{Recipient, RecipientId, RecipientKind};
use crate::plan::WorkPeriod;
use crate::schedule::ReviewId;
use crate::school::School;

pub(super) use alert::{AlertView, TrialView};
pub(super) use chart::ChartView;
pub(super) use document::{DocumentView, TimelineView};
pub(super) use reminder::ReminderView;
pub(super) use review::{ReviewView, TotalsView, totals};
pub(super) use task::{OneTask, TaskView, role_of};

/// The recipient of a message, and when it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct ViewContext<'a> {
    pub(super) recipient: RecipientId,
    /// The moment of writing, in the school's time zone.
    pub(super) now: &'a ZonedDateTime,
    /// The links of the message; `None` where the school has no pages.
    pub(super) links: Option<PersonalLinks<'a>>,
}

/// The part that all messages share: the school, the plan, the recipient.
#[derive(Debug, Serialize)]
pub(super) struct MessageFrame {
    school: String,
    authority: Option<String>,
    place: Option<String>,
    plan: PlanView,
    recipient: String,
    is_group: bool,
    /// How the recipient is addressed in a sentence (`form_of_address` below).
    form_of_address: Option<String>,
    /// The names of the admins, whom the recipient can ask.
    admin: String,
    /// Where the first of them is reached by mail.
    admin_address: Option<String>,
    /// Where the first of them is reached by telephone.
    admin_phone: Option<String>,
    /// Whether answers to messages are read.
    reads_answers: bool,
    today: Date,
}

#[derive(Debug, Serialize)]
struct PlanView {
    number: String,
    title: String,
    /// The regulation that the criteria are from, where the plan names it.
    framework: Option<String>,
    issued: Date,
    school_year: String,
}

impl MessageFrame {
    pub(super) fn new(school: &School, to: &Recipient, today: Date) -> Self {
        let settings = &school.settings;
        let admins = settings.admin.iter().map(|admin| settings.people.get(*admin).name.as_str());
        let year = &settings.school_year;
        Self {
            school: settings.organisation.name.clone(),
            authority: settings.organisation.authority.clone(),
            place: settings.organisation.place.clone(),
            plan: PlanView {
                number: school.plan.number.clone(),
                title: school.plan.title.clone(),
                framework: school.plan.framework.clone(),
                issued: school.plan.issued,
                school_year: format!("{}-{}", year.start().year(), year.end().year()),
            },
            recipient: to.name.clone(),
            is_group: to.kind == RecipientKind::Group,
            form_of_address: form_of_address(to),
            admin: admins.collect::<Vec<_>>().join(", "),
            admin_phone: settings.admin.iter().find_map(|admin| settings.people.get(*admin).phone.clone()),
            admin_address: settings.admin.iter().find_map(|admin| settings.people.get(*admin).email.clone()),
            reads_answers: settings.inbox.is_some(),
            today,
        }
    }
}

/// How somebody is addressed in a sentence, in mails as on pages: a group by its name; `None` where nothing is said of a person.
pub(super) fn form_of_address(to: &Recipient) -> Option<String> {
    match to.kind {
        RecipientKind::Group => Some(to.name.clone()),
        RecipientKind::Person => to.address.clone(),
    }
}

/// A review by its period, as templates name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct ReviewName {
    /// `month`, `term` or `year`.
    kind: &'static str,
    month: Option<i8>,
    year: Option<i16>,
    term: Option<u8>,
}

impl From<WorkPeriod> for ReviewName {
    fn from(period: WorkPeriod) -> Self {
        match period {
            WorkPeriod::Month { year, month } => ReviewId::Month { year, month }.into(),
            WorkPeriod::Term(term) => ReviewId::Term(term).into(),
        }
    }
}

/// A period of recurring work, as templates name it and forms send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::compose) struct PeriodView {
    #[serde(flatten)]
    name: ReviewName,
    /// Its word in forms: `2023-10`.
    word: String,
}

impl From<WorkPeriod> for PeriodView {
    fn from(period: WorkPeriod) -> Self {
        Self { name: period.into(), word: period.to_string() }
    }
}

impl From<ReviewId> for ReviewName {
    fn from(id: ReviewId) -> Self {
        match id {
            ReviewId::Month { year, month } => Self { kind: "month", month: Some(month), year: Some(year), term: None },
            ReviewId::Term(term) => Self { kind: "term", month: None, year: None, term: Some(term) },
            ReviewId::Year => Self { kind: "year", month: None, year: None, term: None },
        }
    }
}
