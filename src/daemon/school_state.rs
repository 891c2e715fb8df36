//! What belongs to the school in force, apart from what is the process's.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::plan_in_force::WaitingPlan;
use crate::compose::Composer;
use crate::delivery::ComposeContext;
use crate::link::{LinkKey, Links};
use crate::progress::TimeRequest;
use crate::schedule::Agenda;
use crate::school::{School, Scope};

/// The plan and settings in force, and what writes its messages.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Plan and settings.
    pub agenda: Arc<Agenda>,
    /// Writes messages and pages.
    pub composer: Arc<Composer>,
    /// What links are made with; `None` where there are no pages.
    pub links: Option<Links>,
    /// Whose rows of the store are theirs.
    pub scope: Scope,
}

impl InForce {
    pub(super) fn of(context: &ComposeContext) -> Self {
        let ComposeContext { agenda, composer, links, scope, .. } = context.clone();
        Self { agenda, composer, links, scope }
    }
}

/// What belongs to the school in force; replaced as a whole by a reload.
pub(super) struct SchoolState {
    /// The plan and settings as they were read, before what was agreed since is put into them.
    pub(super) written: Arc<School>,
    /// What was agreed about due dates, as the agenda has it; `None` where the plan is not in force yet.
    pub(super) agreed: Option<Vec<TimeRequest>>,
    /// The plan as read, where it waits to be accepted and the agenda has the one before.
    pub(super) waiting: Option<WaitingPlan>,
    /// The plan and settings in force, and what their messages are written with.
    pub(super) context: Arc<ComposeContext>,
    /// Before this instant a look would find nothing; `None` when something changed.
    pub(super) next_look: Option<Timestamp>,
    /// The day on which what need no longer be kept was last removed.
    pub(super) in_order_on: Option<Date>,
    /// Whether all letters have been looked at for those that an earlier version kept as they were sent; this one makes none.
    pub(super) are_letters_compressed: bool,
}

impl SchoolState {
    /// A school as it was read, whose links are signed with `key` where anything signs them.
    pub(super) fn new(school: School, composer: Composer, key: Option<&LinkKey>) -> Self {
        let links = key.and_then(|key| Links::of(&school, key));
        let written = Arc::new(school);
        let agenda = Arc::new(Agenda::new(Arc::clone(&written)));
        let context = Arc::new(ComposeContext::new(agenda, Arc::new(composer), links));
        Self {
            written,
            agreed: None,
            waiting: None,
            context,
            next_look: None,
            in_order_on: None,
            are_letters_compressed: false,
        }
    }

    /// Takes up the plan as it is in force now, with what was agreed about due dates.
    pub(super) fn take_up(&mut self, school: Arc<School>, agreed: Vec<TimeRequest>) {
        let ComposeContext { composer, links, .. } = &*self.context;
        let (composer, links) = (Arc::clone(composer), links.clone());
        self.context = Arc::new(ComposeContext::new(Arc::new(Agenda::new(school)), composer, links));
        self.agreed = Some(agreed);
        self.next_look = None;
    }
}
