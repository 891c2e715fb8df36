//! Whom a link is for, and what they may see with it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::ZonedDateTime;
use jiff::civil::Date;

use crate::compose::{Page, PageContext};
use crate::config::Site;
use crate::daemon::InForce;
use crate::link::{LinkTag, LinkToken, Links, Purpose, Signer};
use crate::people::RecipientId;
use crate::plan::Task;
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, TimeRequest};
use crate::school::{School, Scope};
use crate::store::{Store, StoreError};

use super::{Refusal, WebState, page};

/// The plan and settings in force, and the person and the task that each tag of a link stands for.
#[derive(Debug)]
pub(super) struct LinkIndex {
    pub(super) in_force: InForce,
    links: Links,
    people: HashMap<LinkTag, RecipientId>,
    /// Places in the plan.
    tasks: HashMap<LinkTag, usize>,
}

impl LinkIndex {
    /// `None` where no links are made.
    pub(super) fn new(in_force: InForce) -> Option<Self> {
        let links = in_force.links.clone()?;
        let school = in_force.agenda.school();
        let people = &school.settings.people;
        let people = people.iter().map(|(id, person)| (links.signer().person(&person.name), id)).collect();
        let tasks = (0..).zip(&school.plan.tasks);
        let tasks = tasks.map(|(place, task)| (links.signer().task(&school.plan.number, &task.id), place)).collect();
        Some(Self { in_force, links, people, tasks })
    }

    /// Whether it was made of this plan and these settings.
    pub(super) fn is_of(&self, in_force: &InForce) -> bool {
        Arc::ptr_eq(&self.in_force.agenda, &in_force.agenda) && Arc::ptr_eq(&self.in_force.composer, &in_force.composer)
    }

    pub(super) fn school(&self) -> &School {
        self.in_force.agenda.school()
    }

    pub(super) fn signer(&self) -> &Signer {
        self.links.signer()
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.in_force.scope
    }
}

/// One request of somebody who has come with a link that holds.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) index: Arc<LinkIndex>,
    pub(super) token: LinkToken,
    /// The token as the link has it.
    pub(super) text: String,
    pub(super) person: RecipientId,
    pub(super) now: ZonedDateTime,
}

impl WebState {
    /// Opens a link. One that was altered, is over, was made void, is for another page, or for somebody or something that
    /// is no more, is refused, always in the same way.
    pub(super) async fn open(&self, purpose: Purpose, text: &str) -> Result<Session, Refusal> {
        let index = self.index().ok_or(Refusal::Gone)?;
        let now = self.clock.now();
        let token = index.signer().open(text, now).map_err(|_| Refusal::Gone)?;
        if token.purpose != purpose {
            return Err(Refusal::Gone);
        }
        self.charge_link(text)?;
        let person = *index.people.get(&token.person).ok_or(Refusal::Gone)?;
        let name = &index.school().settings.people.get(person).name;
        let void = self.store.links_void_before(&index.scope().organisation, name).await?;
        if void.is_some_and(|void| token.issued < void) {
            return Err(Refusal::Gone);
        }
        let now = index.school().settings.local(now);
        Ok(Session { token, text: text.to_owned(), person, now, index })
    }

    /// Takes a request from the bucket of a link.
    fn charge_link(&self, text: &str) -> Result<(), Refusal> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.take(text.to_owned(), Instant::now()).map_err(Refusal::Busy)
    }
}

impl Session {
    pub(super) fn school(&self) -> &School {
        self.index.school()
    }

    /// Their name in the configuration.
    pub(super) fn name(&self) -> &str {
        &self.school().settings.people.get(self.person).name
    }

    /// The task that the link is about, while it is in the plan and concerns them.
    pub(super) fn task(&self) -> Result<&Task, Refusal> {
        let place = self.index.tasks.get(&self.token.subject).ok_or(Refusal::Gone)?;
        let task = &self.school().plan.tasks[*place];
        if self.school().concerns(task, self.person) { Ok(task) } else { Err(Refusal::Gone) }
    }

    /// Their link to another page, which holds as long as this one.
    pub(super) fn link(&self, purpose: Purpose, subject: LinkTag) -> String {
        self.index.signer().sign(&LinkToken { purpose, subject, ..self.token })
    }

    /// The days on which they may have stood in for somebody: today, and when their link went out.
    pub(super) fn days(&self) -> [Date; 2] {
        [self.now.date(), self.school().settings.date_of(self.token.issued)]
    }

    /// What the paths of all pages begin with.
    pub(super) fn base(&self) -> String {
        self.school().settings.site.as_ref().map(Site::base).unwrap_or_default()
    }

    /// What was reported so far.
    pub(super) async fn reported(&self, store: &Store) -> Result<ReportedState, StoreError> {
        let scope = self.index.scope();
        Ok(ReportedState {
            progress: store.progress(self.school()).await?,
            evidence: store.evidence(scope).await?,
            requests: store.time_requests(scope).await?,
        })
    }

    /// What their pages are made of.
    pub(super) fn scene<'a>(&'a self, reported: &'a ReportedState) -> PageContext<'a> {
        PageContext {
            school: self.school(),
            progress: &reported.progress,
            evidence: &reported.evidence,
            requests: &reported.requests,
            reader: self.person,
            token: &self.text,
            now: &self.now,
        }
    }

    /// A page of theirs as a response.
    pub(super) fn show(&self, status: StatusCode, shown: &Page) -> Result<Response, Refusal> {
        Ok(page(status, self.index.in_force.composer.page(shown)?))
    }
}

/// What was reported, handed in and asked for so far.
#[derive(Debug)]
pub(super) struct ReportedState {
    pub(super) progress: Progress,
    pub(super) evidence: Vec<Evidence>,
    pub(super) requests: Vec<TimeRequest>,
}
