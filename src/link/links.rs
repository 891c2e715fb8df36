//! The addresses that stand in messages and pages.

use jiff::Timestamp;

use crate::plan::TaskId;
use crate::school::School;

use super::{LinkKey, LinkTag, LinkToken, Purpose, Signer};

/// How many days a calendar's address holds at least: phones that subscribe to it must reach it for more than a school
/// year.
const MIN_CALENDAR_DAYS: u16 = 500;

/// Makes the addresses of one school's pages about one plan.
#[derive(Clone, Debug)]
pub struct Links {
    signer: Signer,
    plan: String,
    public_url: String,
    days: u16,
}

impl Links {
    /// The links of a school, signed with `key`; `None` where it serves no pages.
    #[must_use]
    pub fn of(school: &School, key: &LinkKey) -> Option<Self> {
        let settings = &school.settings;
        let site = settings.site.as_ref()?;
        let signer = Signer::new(key.clone(), settings.organisation.id.as_str());
        Some(Self::new(signer, school.plan.number.as_str(), site.public_url.as_str(), site.link_days))
    }

    /// Links to the pages below `public_url`, about the plan with the number `plan`, that hold for `days` days.
    #[must_use]
    pub fn new(signer: Signer, plan: impl Into<String>, public_url: impl Into<String>, days: u16) -> Self {
        Self { signer, plan: plan.into(), public_url: public_url.into(), days }
    }

    /// The signer of these links.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    fn address(&self, purpose: Purpose, person: &str, subject: LinkTag, issued: Timestamp) -> String {
        let days = if purpose == Purpose::Calendar { self.days.max(MIN_CALENDAR_DAYS) } else { self.days };
        let token = LinkToken { purpose, issued, days, person: self.signer.person(person), subject };
        format!("{}/{}/{}", self.public_url, purpose.folder(), self.signer.sign(&token))
    }
}

/// The links in one message to one person.
///
/// They are issued as of the instant at which the message was put into the outbox, so that a message that is written
/// twice is the same, byte for byte.
#[derive(Clone, Copy, Debug)]
pub struct PersonalLinks<'a> {
    links: &'a Links,
    person: &'a str,
    at: Timestamp,
}

impl Links {
    /// The links to `person`, a name of the configuration, issued at `at`.
    #[must_use]
    pub fn for_person<'a>(&'a self, person: &'a str, at: Timestamp) -> PersonalLinks<'a> {
        PersonalLinks { links: self, person, at }
    }
}

impl PersonalLinks<'_> {
    /// The page on which the person reports on a task.
    #[must_use]
    pub fn answer(&self, task: &TaskId) -> String {
        self.links.address(Purpose::Answer, self.person, self.links.signer.task(&self.links.plan, task), self.at)
    }

    /// The page with all tasks of the person.
    #[must_use]
    pub fn overview(&self) -> String {
        self.links.address(Purpose::Overview, self.person, LinkTag::NONE, self.at)
    }

    /// The page on which a request for time is accepted or refused, by its number among those for a task.
    #[must_use]
    pub fn decide(&self, task: &TaskId, number: u32) -> String {
        let subject = self.links.signer.request(&self.links.plan, task, number);
        self.links.address(Purpose::Decide, self.person, subject, self.at)
    }

    /// The page with the whole plan at a glance.
    #[must_use]
    pub fn status(&self) -> String {
        self.links.address(Purpose::Status, self.person, LinkTag::NONE, self.at)
    }

    /// The calendar of the person's due dates, for subscribing to.
    #[must_use]
    pub fn calendar(&self) -> String {
        self.links.address(Purpose::Calendar, self.person, LinkTag::NONE, self.at) + ".ics"
    }
}
