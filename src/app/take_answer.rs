//! Answers by mail: the mailbox looked into, each mail dealt with once, and what it says written down with all that
//! follows from it.
//!
//! A mail is numbered by its mailbox and known by its content. What follows from it and that it was read are one step of
//! the store; only then is it put away in the mailbox, and the mailbox's number noted. Killed anywhere between, the next
//! look goes on from there.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use crate::compose::{Alert, NotTakenReason, Note, OpenQuestion, Question, UnderstoodItem};
use crate::config::Inbox;
use crate::evidence_store::{EvidenceError, EvidenceStore};
use crate::hex;
use crate::inbox::{InboxError, MAX_MAIL_BYTES, Mailbox, TokenCache};
use crate::people::RecipientId;
use crate::plan::{Status, Task, TaskId};
use crate::progress::evidence::{Proof, filed_under};
use crate::progress::{ProgressEntry, RequestState};
use crate::reply::{self, Asked, AskedTask, Attachment, Doubt, Kind, Mail, MoreTime, Report, Understood};
use crate::school::School;
use crate::school::Scope;
use crate::store::mail::{Bounced, MailOutcome, NewAlert, NewMail, Request, SentMessage};
use crate::store::outbox::MessageKind;
use crate::store::progress::NewReport;
use crate::store::{Store, StoreError};

use super::agreed_plan;
use super::intake::{self, Proposal};
use crate::clock::Clock;

/// So many mails are read in one look; more wait for the next.
const MOST: usize = 50;
/// Mails that came longer ago are not looked for.
const OLDEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A message is known by its subject for so long.
const SUBJECT_HOLDS: SignedDuration = SignedDuration::from_hours(60 * 24);
/// A mail that cannot be read so often is passed over.
const MOST_TRIES: u32 = 3;
/// The admin hears of so many mails a day that are left alone.
const MOST_LEFT: i64 = 10;
/// By which way an answer comes.
const HOW: &str = "mail";

/// Why a look into the mailbox ended early.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The mailbox cannot be read.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that came with an answer cannot be kept now.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

/// What a look into the mailbox found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Mails that something follows from.
    pub taken: usize,
    /// Mails that nothing follows from.
    pub left: usize,
    /// Whether there are more than are read in one look.
    pub more: bool,
}

/// The mailbox of a school, looked into again and again.
#[derive(Debug)]
pub struct Reader {
    store: Store,
    clock: Clock,
    /// How often a mail could not be read, by its number.
    stumbled: HashMap<u32, u32>,
    keys: TokenCache,
}

impl Reader {
    /// A reader that writes into `store` what it reads.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, stumbled: HashMap::new(), keys: TokenCache::default() }
    }

    /// Looks once, for the school as it was read.
    ///
    /// # Errors
    /// When the mailbox or the store fails; what was dealt with before is kept.
    pub async fn look(&mut self, school: &School) -> Result<Found, LookError> {
        let Some(inbox) = &school.settings.inbox else { return Ok(Found::default()) };
        let school = agreed_plan::in_force(&self.store, school.clone()).await?;
        let scope = school.scope();
        let name = mailbox_name(inbox);
        let mut mailbox = Mailbox::open(inbox, &mut self.keys).await?;
        let now = self.clock.now();
        let known = self.store.read_through(&scope, &name).await?;
        // The first look of all takes up what came today: what is older was written before anybody read it.
        let oldest = if known.is_some() { now.saturating_sub(OLDEST).unwrap_or(now) } else { now };
        let since = oldest.to_zoned_datetime(school.settings.time_zone.clone()).date().saturating_sub(1.days());
        let validity = mailbox.uid_validity();
        let mut through = known.filter(|(known, _)| *known == validity).map_or(0, |(_, uid)| uid);
        let uids = mailbox.above(through, since).await?;
        let mut found = Found { more: uids.len() > MOST, ..Found::default() };
        let mut refused = None;
        for uid in uids.into_iter().take(MOST) {
            let desk = Desk { store: &self.store, school: &school, scope: &scope, inbox, now: self.clock.now() };
            match desk.deal(&mut mailbox, uid, self.stumbled.get(&uid).copied().unwrap_or(0)).await {
                Ok(true) => {
                    found.taken += 1;
                    match mailbox.put_away(uid).await {
                        Ok(()) => {}
                        // It is dealt with: that it stays where it is keeps nobody from the next one.
                        Err(error) if error.is_refusal => refused = Some(error),
                        Err(error) => return Err(error.into()),
                    }
                }
                Ok(false) => found.left += 1,
                Err(LookError::Inbox(error)) => {
                    *self.stumbled.entry(uid).or_default() += 1;
                    return Err(error.into());
                }
                Err(error) => return Err(error),
            }
            self.stumbled.remove(&uid);
            through = uid;
            self.store.set_read_through(&scope, &name, validity, through).await?;
        }
        if known.is_none() {
            // Older mail is none of the next look's business either.
            if found == Found::default() {
                through = mailbox.last_uid().unwrap_or(through);
            }
            self.store.set_read_through(&scope, &name, validity, through).await?;
        }
        mailbox.close().await;
        refused.map_or(Ok(found), |error| Err(error.into()))
    }

    /// Tells the admin that the mailbox fails, once a day.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tell(&self, school: &School, error: &InboxError) -> Result<(), StoreError> {
        let now = self.clock.now();
        let today = now.to_zoned_datetime(school.settings.time_zone.clone()).date();
        let alert = Alert::InboxFailed { reason: error.to_string() };
        for alert in alerts(school, &alert, &format!("inbox\0{today}")) {
            self.store.put_alert(&school.scope(), &alert.id, &alert.recipient, &alert.alert, now).await?;
        }
        Ok(())
    }
}

/// What a mailbox is called in the store: another server, user or folder is another one.
fn mailbox_name(inbox: &Inbox) -> String {
    let parts = [inbox.server.host.as_str(), &inbox.server.port.to_string(), &inbox.username, &inbox.folder].join("\0");
    format!("inbox:{}", hex(&Sha256::digest(parts)[..16]))
}

/// An alert for each admin; `moment` tells apart those that say the same at different times.
fn alerts(school: &School, alert: &Alert, moment: &str) -> Vec<NewAlert> {
    let text = serde_json::to_string(alert).unwrap_or_default();
    let people = &school.settings.people;
    let admins = school.settings.admin.iter().map(|admin| people.get(*admin).name.clone());
    admins
        .map(|recipient| {
            let parts = [school.settings.organisation.id.as_str(), &recipient, moment].join("\0");
            NewAlert { id: hex(&Sha256::digest(parts)[..16]), recipient, alert: text.clone() }
        })
        .collect()
}

/// What dealing with one mail needs.
#[derive(Clone, Copy)]
struct Desk<'d> {
    store: &'d Store,
    school: &'d School,
    scope: &'d Scope,
    inbox: &'d Inbox,
    now: Timestamp,
}

/// An answer whose writer is known.
struct Letter {
    mail: Mail,
    sent: SentMessage,
    /// The message that began the conversation.
    root: String,
    by: String,
    tasks: Vec<TaskId>,
    /// Whether a question may go back.
    may_ask: bool,
}

/// Files of an answer, kept or not.
#[derive(Default)]
struct Files {
    things: Vec<Proof>,
    /// The names of those that are not.
    refused: Vec<String>,
}

impl Desk<'_> {
    /// Deals with one mail. Returns whether anything follows from it, so that it is to be put away.
    async fn deal(&self, mailbox: &mut Mailbox, uid: u32, stumbled: u32) -> Result<bool, LookError> {
        let Some(size) = mailbox.size(uid).await? else { return Ok(false) };
        if size > MAX_MAIL_BYTES || stumbled >= MOST_TRIES {
            tracing::warn!(size, "a mail cannot be read and is passed over");
            let key = format!("{}:{}:{uid}", mailbox_name(self.inbox), mailbox.uid_validity());
            let about =
                Alert::LeftAlone { from: "?".to_owned(), subject: "?".to_owned(), why: NotTakenReason::TooLarge };
            self.leave(&key, None, Some(about)).await?;
            return Ok(false);
        }
        let Some(bytes) = mailbox.fetch(uid, size).await? else { return Ok(false) };
        let read = tokio::task::spawn_blocking(move || Mail::read(&bytes)).await.ok().flatten();
        let Some(mail) = read else { return Ok(false) };
        let organisation = self.scope.organisation.as_str();
        if let Some(made) = self.store.mail_made(organisation, &mail.key).await? {
            return Ok(made);
        }
        match &mail.kind {
            Kind::Automatic => {
                tracing::info!(mail = mail.key, "a mail that a machine wrote is left alone");
                self.leave(&mail.key, None, None).await?;
                Ok(false)
            }
            Kind::Bounce(bounce) => Ok(self.come_back(&mail.key, bounce).await?),
            Kind::Personal => self.answer(mail).await,
        }
    }

    /// Leaves a mail alone, once and for all.
    async fn leave(&self, key: &str, message: Option<&str>, about: Option<Alert>) -> Result<(), StoreError> {
        let day_ago = self.now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(self.now);
        let told = self.store.left_alone_since(&self.scope.organisation, day_ago).await?;
        let about = about.filter(|_| told < MOST_LEFT);
        // Counted among those that the admin hears of.
        let message = message.or(about.as_ref().map(|_| "")).map(str::to_owned);
        let mut mail = NewMail::new(key, self.now, MailOutcome::LeftAlone);
        mail.message = message.as_deref();
        mail.alerts = about.map(|about| alerts(self.school, &about, key)).unwrap_or_default();
        self.store.take_mail(self.scope, mail).await.map(drop)
    }

    async fn come_back(&self, key: &str, bounce: &reply::Bounce) -> Result<bool, StoreError> {
        let organisation = self.scope.organisation.as_str();
        for id in &bounce.about {
            let Some(message) = self.store.sent_message(organisation, id).await? else { continue };
            let failed = bounce.failed.iter().find(|(address, _)| message.addresses.contains(address));
            let Some((address, reason)) = failed else { continue };
            let people = &self.school.settings.people;
            let recipient = people.by_name(&message.recipient).map(|recipient| people.get(recipient));
            let has_next = recipient.is_some_and(|recipient| message.channel_index + 1 < recipient.via.len());
            tracing::warn!(message_id = id, "a message came back");
            let mut mail = NewMail::new(key, self.now, MailOutcome::Bounce);
            mail.message = Some(id);
            if message.class != MessageKind::Alert {
                let alert = Alert::AddressFails {
                    whose: message.recipient.clone(),
                    address: address.clone(),
                    reason: reason.clone(),
                };
                mail.alerts = alerts(self.school, &alert, key);
            }
            mail.bounced = Some(Bounced { message: &message, address, reason, has_next });
            self.store.take_mail(self.scope, mail).await?;
            return Ok(true);
        }
        // It is about none of ours, or a server that will try again.
        self.leave(key, None, None).await?;
        Ok(false)
    }

    async fn answer(&self, mail: Mail) -> Result<bool, LookError> {
        let (key, from, subject) = (mail.key.clone(), mail.from.clone(), mail.subject.clone());
        let about = |why| Alert::LeftAlone { from: from.clone().unwrap_or_default(), subject: subject.clone(), why };
        let letter = match self.identify(mail).await? {
            Ok(letter) => letter,
            Err((why, message)) => {
                tracing::info!(mail = key, why = ?why, "a mail is left alone");
                // Whoever writes without being asked is told of only where they are known.
                let is_known = from.as_deref().is_some_and(|from| self.writer(from).is_some());
                let about = (message.is_some() || is_known).then(|| about(why));
                self.leave(&key, message.as_deref(), about).await?;
                return Ok(false);
            }
        };
        self.take(letter).await?;
        Ok(true)
    }

    /// Who has an address.
    fn writer(&self, address: &str) -> Option<RecipientId> {
        let people = &self.school.settings.people;
        let has = |recipient: &crate::people::Recipient| {
            recipient.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address))
        };
        people.iter().find(|(_, recipient)| has(recipient)).map(|(id, _)| id)
    }

    /// The message that a mail answers and who does, or why it is no answer that is taken, with the message where there
    /// is one.
    async fn identify(&self, mail: Mail) -> Result<Result<Letter, (NotTakenReason, Option<String>)>, StoreError> {
        let Some(from) = mail.from.clone() else { return Ok(Err((NotTakenReason::NoMessage, None))) };
        let mut sent = None;
        for id in &mail.answers {
            sent = self.store.sent_message(&self.scope.organisation, id).await?;
            if sent.is_some() {
                break;
            }
        }
        // A subject can be guessed, so it needs a server that says who wrote.
        if sent.is_none() && self.inbox.authentication.is_some() {
            sent = self.by_subject(&mail, &from).await?;
        }
        let Some(sent) = sent else { return Ok(Err((NotTakenReason::NoMessage, None))) };
        let refuse = |why| Ok(Err((why, Some(sent.id.clone()))));
        let Some(by) = self.answerer(&sent, &from) else { return refuse(NotTakenReason::OtherSender) };
        if let Some(server) = &self.inbox.authentication
            && !mail.is_authenticated(server)
        {
            return refuse(NotTakenReason::NotAuthenticated);
        }
        let (root, tasks, may_ask) = match (sent.class, note_in(&sent)) {
            (MessageKind::Note, Some(Note::Question(question))) => {
                // By the names that the tasks have now; the question knows those of its day.
                let asked = self.store.sent_message(&self.scope.organisation, &question.message).await?;
                (question.message, asked.map(|asked| told_of(&asked)).unwrap_or_default(), false)
            }
            _ => (sent.id.clone(), told_of(&sent), true),
        };
        let is_in_plan = |task: &TaskId| self.school.plan.tasks.iter().any(|known| known.id == *task);
        let mut tasks: Vec<TaskId> = tasks.into_iter().filter(is_in_plan).collect();
        let mut seen = std::collections::HashSet::new();
        tasks.retain(|task| seen.insert(task.clone()));
        if sent.plan != self.scope.plan || tasks.is_empty() {
            return refuse(NotTakenReason::NoTasks);
        }
        let may_ask = may_ask && !self.store.has_asked_back(&self.scope.organisation, &root).await?;
        Ok(Ok(Letter { mail, sent, root, by, tasks, may_ask }))
    }

    /// The only message with the subject of a mail that was sent to its writer: where a server on the way has changed the
    /// Message-ID, the subject is what is left.
    async fn by_subject(&self, mail: &Mail, from: &str) -> Result<Option<SentMessage>, StoreError> {
        // Without an answer's mark it may be about anything.
        if mail.subject.is_empty() || !mail.is_answer {
            return Ok(None);
        }
        let since = self.now.saturating_sub(SUBJECT_HOLDS).unwrap_or(self.now);
        match self.store.sent_about(self.scope, from, &mail.subject, since).await?.as_slice() {
            [only] => self.store.sent_message(&self.scope.organisation, only).await,
            _ => Ok(None),
        }
    }

    /// The name of whoever may answer a message from this address: whom it was sent to, or a member of that group.
    fn answerer(&self, sent: &SentMessage, from: &str) -> Option<String> {
        let people = &self.school.settings.people;
        let has =
            |id: &RecipientId| people.get(*id).email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(from));
        let recipient = people.by_name(&sent.recipient)?;
        if let Some(member) = people.members(recipient).iter().find(|member| has(member)) {
            return Some(people.get(*member).name.clone());
        }
        (has(&recipient) || sent.addresses.iter().any(|address| address == from)).then(|| sent.recipient.clone())
    }

    fn task(&self, id: &TaskId) -> Option<&Task> {
        self.school.plan.tasks.iter().find(|task| task.id == *id)
    }

    /// Writes down what an answer says.
    async fn take(&self, letter: Letter) -> Result<(), LookError> {
        let Letter { mut mail, sent, root, by, tasks, may_ask } = letter;
        let today = self.now.to_zoned_datetime(self.school.settings.time_zone.clone()).date();
        let asked: Vec<AskedTask> = tasks
            .iter()
            .filter_map(|id| self.task(id))
            .map(|task| AskedTask {
                id: task.id.clone(),
                criterion: task.criterion.clone(),
                due: task.period().map(|period| period.due),
            })
            .collect();
        let all: Vec<TaskId> = self.school.plan.tasks.iter().map(|task| task.id.clone()).collect();
        let year = &self.school.settings.school_year;
        let ours = sent.payload.as_deref().map(reply::mail::ours).unwrap_or_default();
        let words = mail.words(&ours);
        let mut understood = reply::understand(&words, Asked { tasks: &asked, plan: &all, year, today });
        let attachments = std::mem::take(&mut mail.attachments);
        let files = self.keep(attachments).await?;
        let progress = self.store.progress(self.scope).await?;

        let mut open: Vec<OpenQuestion> = Vec::new();
        let proposals = self.proposals(&mut understood, &by, &mut open, |task| progress.status(task));
        let evidence_for = single(&understood, &asked);
        if evidence_for.is_none() && !files.things.is_empty() {
            let names = files.things.iter().map(|thing| thing.name().to_owned()).collect();
            open.push(OpenQuestion::WhichFiles { files: names });
        }
        // What was sent to prove something is kept, even where the words say nothing of how far that is.
        if let Some(task) = evidence_for.clone().filter(|_| !files.things.is_empty())
            && !understood.reports.iter().any(|report| report.task == task)
        {
            let status = match progress.status(&task) {
                Status::NotStarted => Status::InProgress,
                status => status,
            };
            let note =
                progress.latest(&task).and_then(|entry| entry.note.clone()).filter(|_| status == Status::Blocked);
            understood.reports.push(Report { task, status, percent: None, note });
        }
        let entries: Vec<(&Task, ProgressEntry)> = understood
            .reports
            .iter()
            .filter_map(|report| Some((self.task(&report.task)?, self.entry(report, &by))))
            .collect();
        let shelves: Vec<String> = entries.iter().map(|(task, _)| filed_under(&self.school.plan, task)).collect();
        let notes: Vec<_> =
            entries.iter().map(|(task, entry)| intake::notes_on(self.school, task, entry, &progress)).collect();
        let things =
            |task: &Task| -> &[Proof] { if evidence_for.as_ref() == Some(&task.id) { &files.things } else { &[] } };
        let reports = entries.iter().zip(&shelves).zip(&notes).map(|(((task, entry), shelf), notes)| NewReport {
            task: &task.id,
            entry,
            filed_under: shelf,
            things: things(task),
            notes,
            form: None,
        });
        let outcome = RequestState::Open;
        let requests: Vec<Request<'_>> = proposals
            .iter()
            .map(|(task, proposal)| {
                let notes: Box<dyn FnOnce(u32) -> Vec<_> + Send> =
                    Box::new(|number| intake::asked(self.school, task, proposal, number));
                (intake::new_request(task, proposal, &outcome), notes)
            })
            .collect();
        let mut taken: Vec<UnderstoodItem> = understood
            .reports
            .iter()
            .map(|report| UnderstoodItem::Report {
                task: report.task.to_string(),
                status: report.status.to_string(),
                percent: report.percent,
            })
            .collect();
        taken.extend(
            proposals
                .iter()
                .map(|(task, proposal)| UnderstoodItem::MoreTime { task: task.id.to_string(), due: proposal.due }),
        );
        if let Some(task) = evidence_for.as_ref().filter(|_| !files.things.is_empty()) {
            let files = files.things.iter().map(|thing| thing.name().to_owned()).collect();
            taken.push(UnderstoodItem::Evidence { task: task.to_string(), files });
        }
        open.splice(0..0, understood.doubts.iter().map(opened));
        if sent.class == MessageKind::Note {
            // Nobody was asked how far anything is: who thanks for thanks is left in peace.
            open.retain(|open| *open != OpenQuestion::Nothing);
        }
        let is_clear = open.is_empty() && files.refused.is_empty();
        let question = Note::Question(Question {
            message: root.clone(),
            answers: mail.message_id.clone(),
            tasks: tasks.iter().map(ToString::to_string).collect(),
            taken,
            doubts: open,
            refused: files.refused.clone(),
        });
        let writer = self.school.settings.people.by_name(&by);
        let question = writer
            .filter(|_| may_ask && !is_clear)
            .map(|writer| intake::new_note(self.school, writer, &question, "", self.now));
        tracing::info!(
            message_id = sent.id,
            reports = entries.len(),
            requests = proposals.len(),
            files = files.things.len(),
            asked_back = question.is_some(),
            "took an answer"
        );
        let mut new = NewMail::new(&mail.key, self.now, MailOutcome::Answer);
        new.message = Some(&root);
        new.reports = reports.collect();
        new.requests = requests;
        new.question = question;
        new.works = mail.from.as_deref();
        self.store.take_mail(self.scope, new).await?;
        Ok(())
    }

    fn entry(&self, report: &Report, by: &str) -> ProgressEntry {
        ProgressEntry {
            at: self.now,
            status: report.status,
            percent: report.percent,
            note: report.note.clone(),
            evidence: Vec::new(),
            by: Some(by.to_owned()),
            how: HOW.to_owned(),
        }
    }

    /// The wishes for more time that can be meant; of the others is noted what is to be asked.
    fn proposals(
        &self,
        understood: &mut Understood,
        by: &str,
        open: &mut Vec<OpenQuestion>,
        status: impl Fn(&TaskId) -> Status,
    ) -> Vec<(&Task, Proposal)> {
        let wishes = std::mem::take(&mut understood.more_time);
        let examined = wishes.into_iter().filter_map(|MoreTime { task, due, why }| {
            let id = task.to_string();
            let task = self.task(&task)?;
            let proposal = Proposal { due, why, by: Some(by.to_owned()), how: HOW, at: self.now };
            match intake::examine(self.school, task, status(&task.id), &proposal) {
                Ok(()) => Some((task, proposal)),
                Err(_) => {
                    open.push(OpenQuestion::BadDate { task: id, due });
                    None
                }
            }
        });
        examined.collect()
    }

    /// Keeps files as evidence, and names those that are none.
    async fn keep(&self, attachments: Vec<Attachment>) -> Result<Files, EvidenceError> {
        let folder = EvidenceStore::new(&self.school.settings.state);
        let kept = tokio::task::spawn_blocking(move || {
            let mut files = Files::default();
            for Attachment { name, bytes } in attachments {
                match folder.keep(&bytes, &name) {
                    Ok(thing) => files.things.push(thing),
                    // The answer is read again when there is room.
                    Err(error @ EvidenceError::Unwritable { .. }) => return Err(error),
                    Err(error) => files.refused.push(error.name().to_owned()),
                }
            }
            Ok(files)
        });
        // A thread that was stopped has kept nothing that counts.
        kept.await.unwrap_or_else(|_| Ok(Files::default()))
    }
}

/// The task that files belong to: the only one that is spoken of, or the only one that was asked about.
fn single(understood: &Understood, asked: &[AskedTask]) -> Option<TaskId> {
    let mut spoken: Vec<&TaskId> = understood.reports.iter().map(|report| &report.task).collect();
    spoken.extend(understood.more_time.iter().map(|wish| &wish.task));
    spoken.dedup();
    match (spoken.as_slice(), asked) {
        ([], [only]) => Some(only.id.clone()),
        ([only], _) => Some((*only).clone()),
        _ => None,
    }
}

/// What a note of ours said.
fn note_in(sent: &SentMessage) -> Option<Note> {
    sent.says.as_deref().and_then(|says| serde_json::from_str(says).ok())
}

/// The tasks that an answer to this message may be about, none where it asked the reader for no report.
fn told_of(sent: &SentMessage) -> Vec<TaskId> {
    match (sent.class, note_in(sent)) {
        (MessageKind::Reminder, _) => sent.tasks.clone(),
        (MessageKind::Note, Some(note @ (Note::Thanks { .. } | Note::TimeSettled { .. }))) => vec![note.task()],
        _ => Vec::new(),
    }
}

fn opened(doubt: &Doubt) -> OpenQuestion {
    match doubt {
        Doubt::Nothing => OpenQuestion::Nothing,
        Doubt::Which => OpenQuestion::Which,
        Doubt::NotAsked(task) => OpenQuestion::NotAsked { task: task.clone() },
        Doubt::Unclear(task) => OpenQuestion::Unclear { task: task.to_string() },
        Doubt::NoDate(task) => OpenQuestion::NoDate { task: task.to_string() },
        Doubt::NoReason(task, due) => OpenQuestion::NoReason { task: task.to_string(), due: *due },
        Doubt::NotLater(task, due) => OpenQuestion::BadDate { task: task.to_string(), due: *due },
    }
}
