//! A claimed message as it is true now (rules of delivery, 3): what no longer holds is left out, and what is left
//! is composed from the plan and the progress of this moment.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::compose::{
    Alert, ComposeError, ComposeOptions, Composer, Content, ContentParts, Note, Notes, PlanState, ReminderFacts,
    Sender, WeeklyFacts,
};
use crate::link::Links;
use crate::people::{Recipient, RecipientId};
use crate::plan::{Status, Task, TaskId};
use crate::progress::{Progress, TimeRequest};
use crate::review::Reminded;
use crate::schedule::{Agenda, Notice, NoticeKind, ReviewId, asked_period};
use crate::school::{School, Scope};
use crate::store::outbox::{Claimed, MessageKind, StoredNotice, Why};
use crate::store::{Store, StoreError};

use super::review_facts::{ReviewFacts, reminded, review_facts};

/// What the messages of a school are composed with while it is in force.
#[derive(Clone, Debug)]
pub(crate) struct ComposeContext {
    /// Plan and settings.
    pub(crate) agenda: Arc<Agenda>,
    /// Writes messages in the school's language.
    pub(crate) composer: Arc<Composer>,
    /// What links are made with; `None` where the school has no pages.
    pub(crate) links: Option<Links>,
    /// Whose rows of the store are the school's.
    pub(crate) scope: Scope,
    /// Who the messages are from.
    pub(crate) sender: Sender,
}

impl ComposeContext {
    /// What messages of this school are composed with.
    pub(crate) fn new(agenda: Arc<Agenda>, composer: Arc<Composer>, links: Option<Links>) -> Self {
        let (scope, sender) = (agenda.school().scope(), Sender::of(agenda.school()));
        Self { agenda, composer, links, scope, sender }
    }

    /// Plan and settings.
    pub(super) fn school(&self) -> &School {
        self.agenda.school()
    }

    /// Somebody by their name in the configuration.
    pub(super) fn recipient(&self, name: &str) -> Option<&Recipient> {
        let people = &self.school().settings.people;
        people.by_name(name).map(|id| people.get(id))
    }

    /// When the day after that of an instant begins.
    pub(super) fn tomorrow(&self, now: Timestamp) -> Timestamp {
        let today = self.local(now).date();
        let zone = &self.school().settings.time_zone;
        instant(zone, today.tomorrow().unwrap_or(today), Time::midnight())
    }

    /// An instant in the school's time zone.
    pub(super) fn local(&self, at: Timestamp) -> ZonedDateTime {
        at.to_zoned_datetime(self.school().settings.time_zone.clone())
    }
}

/// What messages are composed from: read once for many, and again when somebody has reported progress. A copy, for
/// the threads that compose, costs little.
#[derive(Clone)]
pub(super) struct MessageFacts {
    context: Arc<ComposeContext>,
    stored: Arc<StoredFacts>,
}

/// What the store knows of tasks, reviews and links.
#[derive(Clone)]
struct StoredFacts {
    reports: i64,
    progress: Progress,
    revisions: HashMap<TaskId, u32>,
    requests: Vec<TimeRequest>,
    reviews: HashMap<ReviewId, ReviewFacts>,
    /// How often each task was reminded of before today; `None` where nothing needed it yet.
    reminded: Option<Vec<(TaskId, Reminded)>>,
    /// Before which instants links are void, by person; those of everybody under no name.
    void: HashMap<String, Timestamp>,
}

/// What some messages need that others do not.
#[derive(Default)]
pub(super) struct Needs {
    /// The reviews that they are.
    reviews: BTreeSet<ReviewId>,
    /// Whether any speaks of requests for time.
    requests: bool,
    /// Whether any tells a superior what is late: with what was asked for and how often it was reminded of.
    superiors: bool,
}

impl Needs {
    /// Adds what these messages need.
    pub(super) fn add<'m>(&mut self, messages: impl IntoIterator<Item = &'m Claimed>) {
        for message in messages {
            let tells_late = |notice: &StoredNotice| matches!(notice.kind, NoticeKind::Escalation(_));
            self.superiors |= message.notices.iter().any(tells_late);
            self.requests |= message.class == MessageKind::Note;
            if message.class == MessageKind::Review {
                self.reviews.extend(message.notices.iter().filter_map(|notice| notice.kind.review()));
            }
        }
    }
}

/// What a composed message says and leaves out.
pub(super) struct Composed {
    /// Whom it is for.
    pub(super) recipient: RecipientId,
    /// Its subject.
    pub(super) subject: String,
    /// What it tells.
    pub(super) notices: Vec<Notice>,
    /// What it no longer tells, by the place in the message when that was decided, and why.
    pub(super) withdrawn: Vec<(i64, Why)>,
}

/// What a message says, in words, with what is known of it.
type Words = (Composed, Content);

impl MessageFacts {
    /// Reads what all messages need.
    pub(super) async fn read(context: Arc<ComposeContext>, store: &Store) -> Result<Self, StoreError> {
        let scope = &context.scope;
        let stored = StoredFacts {
            reports: store.report_count(scope).await?,
            progress: store.progress(context.school()).await?,
            revisions: store.revisions(scope).await?,
            requests: store.time_requests(scope).await?,
            reviews: HashMap::new(),
            reminded: None,
            void: store.void_links(&scope.organisation).await?,
        };
        Ok(Self { context, stored: Arc::new(stored) })
    }

    /// Takes up what was reported since, and reads what messages like these need beside.
    pub(super) async fn refresh(&mut self, store: &Store, needs: &Needs, now: Timestamp) -> Result<(), StoreError> {
        let ComposeContext { scope, agenda, .. } = &*self.context;
        let reports = store.report_count(scope).await?;
        if reports != self.stored.reports {
            let progress = store.progress(agenda.school()).await?;
            let stored = Arc::make_mut(&mut self.stored);
            (stored.reports, stored.progress) = (reports, progress);
        }
        if needs.requests || needs.superiors {
            let requests = store.time_requests(scope).await?;
            Arc::make_mut(&mut self.stored).requests = requests;
        }
        // It ends before today, so it does not change within a pass.
        if needs.superiors && self.stored.reminded.is_none() {
            let today = instant(&agenda.school().settings.time_zone, self.context.local(now).date(), Time::midnight());
            let before_today = today.checked_sub(SignedDuration::from_millis(1)).unwrap_or(today);
            let sent = store.reminders_sent(scope, before_today).await?;
            Arc::make_mut(&mut self.stored).reminded = Some(reminded(&sent, agenda.school()));
        }
        for id in &needs.reviews {
            if let Some(review) = agenda.review(*id)
                && !self.stored.reviews.contains_key(id)
            {
                let facts = review_facts(agenda, store, review, now).await?;
                Arc::make_mut(&mut self.stored).reviews.insert(*id, facts);
            }
        }
        Ok(())
    }

    /// Whether it has what these messages need.
    pub(super) fn suffice<'m>(&self, messages: impl IntoIterator<Item = &'m Claimed>) -> bool {
        let mut needs = Needs::default();
        needs.add(messages);
        let is_known =
            |id: &ReviewId| self.stored.reviews.contains_key(id) || self.context.agenda.review(*id).is_none();
        needs.reviews.iter().all(is_known) && (!needs.superiors || self.stored.reminded.is_some())
    }

    /// What messages are composed with.
    pub(super) fn context(&self) -> &Arc<ComposeContext> {
        &self.context
    }

    /// The message as it is true at `now`, with these parts; `None` where nothing is left to tell.
    pub(super) fn compose(
        &self,
        message: &Claimed,
        parts: ContentParts,
        now: &ZonedDateTime,
    ) -> Result<Option<Words>, ComposeError> {
        let Some(recipient) = self.recipient(message) else { return Ok(None) };
        let links = self.context.links.as_ref();
        let occasion = ComposeOptions { now, issued: self.issued(message), links, parts };
        match message.class {
            MessageKind::Alert => self.alert(message, recipient, occasion),
            MessageKind::Note => self.note(message, recipient, occasion),
            MessageKind::Review => self.review(message, recipient, occasion),
            MessageKind::Reminder => self.reminder(message, recipient, occasion),
        }
    }

    /// Whom a message of the plan in force is for.
    fn recipient(&self, message: &Claimed) -> Option<RecipientId> {
        let is_of_plan = message.plan == self.context.scope.plan;
        let people = &self.context.school().settings.people;
        people.by_name(&message.recipient).filter(|_| is_of_plan)
    }

    fn alert(
        &self,
        message: &Claimed,
        recipient: RecipientId,
        occasion: ComposeOptions<'_>,
    ) -> Result<Option<Words>, ComposeError> {
        let Some(alert) = said(message, |says| serde_json::from_str::<Alert>(says)) else { return Ok(None) };
        let content = self.context.composer.alert(self.context.school(), &alert, recipient, occasion)?;
        Ok(Some(words(recipient, content, (Vec::new(), Vec::new()))))
    }

    fn note(
        &self,
        message: &Claimed,
        recipient: RecipientId,
        occasion: ComposeOptions<'_>,
    ) -> Result<Option<Words>, ComposeError> {
        let StoredFacts { progress, requests, .. } = &*self.stored;
        let ComposeContext { agenda, composer, .. } = &*self.context;
        let Some(notes) = said(message, Notes::from_json) else { return Ok(None) };
        let school = agenda.school();
        let notes = notes.in_order();
        let standing = notes.iter().filter(|note| note.holds(&message.recipient, progress, requests));
        let standing: Vec<(&Note, &Task)> =
            standing.filter_map(|note| Some((note, school.plan.task(&note.task())?))).collect();
        let state = PlanState { school, progress };
        let Some(mut content) = composer.notes(state, &standing, recipient, occasion)? else { return Ok(None) };
        if occasion.parts.has_calendar() {
            let revisions = &self.stored.revisions;
            content.calendar = composer.calendar_of_notes(state, revisions, &standing, recipient, occasion.now)?;
        }
        Ok(Some(words(recipient, content, (Vec::new(), Vec::new()))))
    }

    fn review(
        &self,
        message: &Claimed,
        recipient: RecipientId,
        occasion: ComposeOptions<'_>,
    ) -> Result<Option<Words>, ComposeError> {
        let ComposeContext { agenda, composer, .. } = &*self.context;
        let told = self.standing(message, recipient, occasion.now.date());
        let review = told.0.first().and_then(|notice| notice.kind.review());
        let Some(review) = review.and_then(|id| agenda.review(id)) else { return Ok(None) };
        let Some(facts) = self.stored.reviews.get(&review.id) else { return Ok(None) };
        let moment = facts.moment();
        let occasion = ComposeOptions { now: &moment, ..occasion };
        let content = composer.review(&facts.of(review), recipient, occasion)?;
        Ok(Some(words(recipient, content, told)))
    }

    fn reminder(
        &self,
        message: &Claimed,
        recipient: RecipientId,
        occasion: ComposeOptions<'_>,
    ) -> Result<Option<Words>, ComposeError> {
        let StoredFacts { progress, revisions, requests, reminded, .. } = &*self.stored;
        let told = self.standing(message, recipient, occasion.now.date());
        if told.0.is_empty() {
            return Ok(None);
        }
        let ComposeContext { agenda, composer, .. } = &*self.context;
        let weekly = reminded.as_ref().map(|reminded| WeeklyFacts { requests, reminded });
        let content = composer.reminder(
            PlanState { school: agenda.school(), progress },
            ReminderFacts { revisions, weekly },
            recipient,
            &told.0,
            occasion,
        )?;
        Ok(Some(words(recipient, content, told)))
    }

    /// When the links of a message are issued: with the message, or with the links that were made void since.
    fn issued(&self, message: &Claimed) -> Timestamp {
        let void = [message.recipient.as_str(), ""].into_iter().filter_map(|person| self.stored.void.get(person));
        void.copied().max().map_or(message.created_at, |void| void.max(message.created_at))
    }

    /// Whom a composed message is for.
    pub(super) fn recipient_of(&self, composed: &Composed) -> &Recipient {
        self.context.school().settings.people.get(composed.recipient)
    }

    /// What a message that has nothing left to tell would have told, and why it is not told.
    pub(super) fn fallen(&self, message: &Claimed, today: Date) -> Vec<(i64, Why)> {
        let recipient = self.context.school().settings.people.by_name(&message.recipient);
        recipient.map(|recipient| self.standing(message, recipient, today).1).unwrap_or_default()
    }

    /// The notices of a message that still hold, and the places of those that do not (rules of time, 9).
    fn standing(&self, message: &Claimed, recipient: RecipientId, today: Date) -> (Vec<Notice>, Vec<(i64, Why)>) {
        let mut standing = Vec::with_capacity(message.notices.len());
        let mut withdrawn = Vec::new();
        for stored in &message.notices {
            match self.stands(stored, recipient, today) {
                Ok(notice) => standing.push(notice),
                Err(why) => withdrawn.push((stored.position, why)),
            }
        }
        (standing, withdrawn)
    }

    /// A notice, where it still holds; why not, where it does not.
    fn stands(&self, stored: &StoredNotice, recipient: RecipientId, today: Date) -> Result<Notice, Why> {
        let agenda = &self.context.agenda;
        let task = match &stored.task {
            Some(task) => Some(agenda.position(task).and_then(|task| u32::try_from(task).ok()).ok_or(Why::Plan)?),
            None => None,
        };
        let notice = Notice { task, kind: stored.kind, recipient, day: stored.day, on: stored.on };
        if let Some(task) = task {
            self.concerns(&agenda.school().plan.tasks[task as usize], &notice)?;
        }
        if agenda.has_lapsed(stored.kind, today) {
            return Err(Why::Lapsed);
        }
        if let Some(task) = task
            && self.is_answered(&agenda.school().plan.tasks[task as usize], stored, recipient)
        {
            return Err(Why::Asked);
        }
        if agenda.stands(&notice) { Ok(notice) } else { Err(Why::Plan) }
    }

    /// Whether a notice about a task is still anything to its recipient: why not, where the task is closed, or where they are
    /// told of it as a lead who has done their part or cannot go on, or in place of such leads alone.
    fn concerns(&self, task: &Task, notice: &Notice) -> Result<(), Why> {
        let progress = &self.stored.progress;
        if progress.is_closed(&task.id) {
            return Err(Why::Closed);
        }
        if !notice.kind.asks_lead() {
            return Ok(());
        }
        let school = self.context.school();
        let told = |other: &RecipientId| school.is_told_for(notice.recipient, *other, notice.on);
        let leads: Vec<&RecipientId> = task.leads.iter().filter(|lead| told(lead)).collect();
        if leads.is_empty() || task.coordinators.iter().any(told) {
            return Ok(());
        }
        let part = |lead: &RecipientId| progress.part(&task.id, &school.settings.people.get(*lead).name).status;
        let open: Vec<Status> = leads.into_iter().map(part).filter(|status| *status != Status::Done).collect();
        if open.is_empty() {
            return Err(Why::PartDone);
        }
        if notice.kind.presses() && open.iter().all(|status| *status == Status::Blocked) {
            return Err(Why::Blocked);
        }
        Ok(())
    }

    /// Whether a notice asks about a period of recurring work for which its recipient has told meanwhile, or all of those
    /// for whom they are asked (rules of time, 14).
    fn is_answered(&self, task: &Task, stored: &StoredNotice, recipient: RecipientId) -> bool {
        let Some(period) = asked_period(self.context.school(), task, stored.kind) else { return false };
        let people = &self.context.school().settings.people;
        let mut asked =
            task.leads.iter().filter(|lead| people.present(**lead, stored.on).contains(&recipient)).peekable();
        let told = |lead: &RecipientId| self.stored.progress.has_attested(&task.id, period, &people.get(*lead).name);
        asked.peek().is_some() && asked.all(told)
    }
}

/// A content with what is known of it; `told` are the notices that hold, and those that do not.
fn words(recipient: RecipientId, content: Content, told: (Vec<Notice>, Vec<(i64, Why)>)) -> Words {
    let (notices, withdrawn) = told;
    (Composed { recipient, subject: content.subject.clone(), notices, withdrawn }, content)
}

/// What an alert or a note is to say; `None`, and a word in the log, where it was written in a form that is not read.
fn said<T>(message: &Claimed, read: impl Fn(&str) -> serde_json::Result<T>) -> Option<T> {
    let said = read(message.alert.as_deref()?);
    let tell = |error: &serde_json::Error| {
        tracing::error!(message_id = message.id, %error, "a message of the outbox cannot be read and is withdrawn");
    };
    said.inspect_err(tell).ok()
}
