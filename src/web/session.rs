//! Whom a link is for, and what they may see with it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use jiff::ZonedDateTime;

use crate::compose::Scene;
use crate::daemon::InForce;
use crate::link::{Links, Purpose, Signer, Tag, Token};
use crate::people::{Directory, RecipientId};
use crate::plan::Task;
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, TimeRequest};
use crate::school::{School, Scope};
use crate::store::{Store, StoreError};

use super::{Desk, Refusal};

/// The plan and settings in force, and whom and what each tag stands for.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) in_force: InForce,
    links: Links,
    people: HashMap<Tag, RecipientId>,
    tasks: HashMap<Tag, usize>,
}

impl Ground {
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

/// Somebody who has come with a link that holds.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) ground: Arc<Ground>,
    pub(super) token: Token,
    /// The token in letters.
    pub(super) text: String,
    pub(super) person: RecipientId,
    pub(super) now: ZonedDateTime,
}

impl Desk {
    /// Opens a link. One that was altered, is over, was made void, is for another page, or for somebody or something that
    /// is no more, is refused, always in the same way.
    pub(super) async fn visit(&self, purpose: Purpose, text: &str) -> Result<Visit, Refusal> {
        let ground = self.ground().ok_or(Refusal::Gone)?;
        let now = self.clock.now();
        let token = ground.signer().open(text, now).map_err(|_| Refusal::Gone)?;
        if token.purpose != purpose {
            return Err(Refusal::Gone);
        }
        self.charge_link(text)?;
        let person = *ground.people.get(&token.person).ok_or(Refusal::Gone)?;
        let name = &ground.school().settings.people.get(person).name;
        let void = self.store.links_void_before(&ground.scope().organisation, name).await?;
        if void.is_some_and(|void| token.issued < void) {
            return Err(Refusal::Gone);
        }
        let now = now.to_zoned_datetime(ground.school().settings.time_zone.clone());
        Ok(Visit { token, text: text.to_owned(), person, now, ground })
    }
}

impl Desk {
    /// Takes a request from the bucket of a link.
    fn charge_link(&self, text: &str) -> Result<(), Refusal> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.take(text.to_owned(), Instant::now()).map_err(Refusal::Busy)
    }
}

impl Visit {
    pub(super) fn school(&self) -> &School {
        self.ground.school()
    }

    /// Their name in the configuration.
    pub(super) fn name(&self) -> &str {
        &self.school().settings.people.get(self.person).name
    }

    /// The task that the link is about, while it is in the plan and concerns them.
    pub(super) fn task(&self) -> Result<&Task, Refusal> {
        let place = self.ground.tasks.get(&self.token.subject).ok_or(Refusal::Gone)?;
        let task = &self.school().plan.tasks[*place];
        if concerns(self.school(), task, self.person) { Ok(task) } else { Err(Refusal::Gone) }
    }

    /// Their link to another page, which holds as long as this one.
    pub(super) fn link(&self, purpose: Purpose, subject: Tag) -> String {
        self.ground.signer().sign(&Token { purpose, subject, ..self.token })
    }

    /// What the paths of all pages begin with.
    pub(super) fn base(&self) -> String {
        let site = self.school().settings.site.as_ref();
        let url = site.and_then(|site| url::Url::parse(&site.public_url).ok());
        url.map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default()
    }

    /// What pages are made of besides the plan.
    pub(super) async fn known(&self, store: &Store) -> Result<Known, StoreError> {
        let scope = self.ground.scope();
        Ok(Known {
            progress: store.progress(scope).await?,
            evidence: store.evidence(scope).await?,
            requests: store.time_requests(scope).await?,
        })
    }

    pub(super) fn scene<'a>(&'a self, known: &'a Known) -> Scene<'a> {
        Scene {
            school: self.school(),
            progress: &known.progress,
            evidence: &known.evidence,
            requests: &known.requests,
            reader: self.person,
            token: &self.text,
            now: &self.now,
        }
    }
}

/// What was told so far.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) progress: Progress,
    pub(super) evidence: Vec<Evidence>,
    pub(super) requests: Vec<TimeRequest>,
}

/// Whether somebody has to do with a task: they lead it, help, hear of it when it is late, or stand in for one of these.
pub(super) fn concerns(school: &School, task: &Task, person: RecipientId) -> bool {
    let superiors = school.settings.escalations.iter().flat_map(|rule| &rule.to);
    let told = task.leads.iter().chain(&task.coordinators).chain(superiors);
    with_deputies(&school.settings.people, told.copied()).contains(&person)
}

/// Whether somebody decides requests for time.
pub(super) fn decides(school: &School, person: RecipientId) -> bool {
    let settings = &school.settings;
    let superiors = settings.escalations.iter().flat_map(|rule| &rule.to).chain(&settings.admin);
    with_deputies(&settings.people, superiors.copied()).contains(&person)
}

/// Whether somebody may see the whole plan: they get reviews, or hear of what is late, or stand in for one who does.
#[must_use]
pub(crate) fn oversees(school: &School, person: RecipientId) -> bool {
    let settings = &school.settings;
    let superiors = settings.escalations.iter().flat_map(|rule| &rule.to);
    let reviewers = settings.reviews.iter().flat_map(|rule| &rule.to);
    let told = superiors.chain(reviewers).chain(&settings.admin);
    with_deputies(&settings.people, told.copied()).contains(&person)
}

/// These people, and everybody who is ever told instead of one of them.
fn with_deputies(people: &Directory, told: impl Iterator<Item = RecipientId>) -> HashSet<RecipientId> {
    let mut all: HashSet<RecipientId> = HashSet::new();
    let mut ask: Vec<RecipientId> = told.collect();
    while let Some(person) = ask.pop() {
        if all.insert(person) {
            ask.extend(people.get(person).away.iter().flat_map(|away| &away.deputies));
        }
    }
    all
}
