//! From what is to be told to a content, through the templates.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::ZonedDateTime;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use crate::link::{Issue, Links};
use crate::people::{Recipient, RecipientId};
use crate::plan::{Task, TaskId};
use crate::progress::Progress;
use crate::report::docx::{self, DocxError};
use crate::report::{Document, markup};
use crate::review::Facts;
use crate::schedule::Notice;
use crate::school::School;
use crate::text;

use super::note::NoteView;
use super::templates::{self, Language, TemplateError, TemplateErrors};
use super::view::{
    AlertView, DocumentView, OneTask, ReminderView, ReviewView, TaskView, TimelineView, TrialView, role_of,
};
use super::{Alert, Attachment, Content, Item, Note, Occasion, Page, Parts, Urgency, event, sample};

/// No file goes with a message that is larger: many mail servers refuse messages of more than ten megabytes.
const LARGEST_ATTACHMENT: usize = 6 << 20;

/// Writes messages in one language.
#[derive(Debug)]
pub struct Composer {
    environment: Environment<'static>,
    language: &'static Language,
    folder: Option<PathBuf>,
    /// What the style of pages is known by in their headers.
    style_hash: String,
}

/// A message that could not be composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template fails on what it is given.
    #[error("the message cannot be written: {}", .0.0.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))]
    Template(TemplateErrors),
    /// The document that goes with it cannot be made.
    #[error("the review's document cannot be written")]
    Document(#[from] DocxError),
}

impl Composer {
    /// Prepares the templates of a language: the built-in ones, each replaced by the file of its name in
    /// `folder`/`vi` or `folder`/`en` where there is one. Every template is tried on invented messages, so that one
    /// that is broken is found before anybody waits for a message.
    ///
    /// # Errors
    /// Everything that is wrong with the admin's templates.
    pub fn new(language: &'static Language, folder: Option<&Path>) -> Result<Self, TemplateErrors> {
        let environment = templates::environment(language, folder).map_err(TemplateErrors)?;
        let style_hash = templates::style_hash(language, folder).map_err(|error| TemplateErrors(vec![error]))?;
        let composer = Self { environment, language, folder: folder.map(Path::to_owned), style_hash };
        if folder.is_some() {
            let sample = sample::Sample::new(language.tag);
            composer.try_all(&sample, None).map_err(TemplateErrors)?;
            composer.try_all(&sample, Some(&sample.links())).map_err(TemplateErrors)?;
        }
        Ok(composer)
    }

    /// The style of the pages as the header of a page names it (CSP 3, `style-src`).
    #[must_use]
    pub fn style_hash(&self) -> &str {
        &self.style_hash
    }

    /// What one recipient is told about tasks; `notices` most urgent first. `revisions` says how often the timeframe
    /// of a task has changed, so that calendars take the newer date.
    ///
    /// # Errors
    /// When a template fails.
    pub fn reminder<'o>(
        &self,
        school: &School,
        progress: &Progress,
        revisions: &HashMap<TaskId, u32>,
        recipient: RecipientId,
        notices: &[Notice],
        occasion: impl Into<Occasion<'o>>,
    ) -> Result<Content, ComposeError> {
        let occasion = occasion.into();
        let now = occasion.now;
        let issue = issue(school, recipient, occasion);
        let view = ReminderView::new(school, progress, recipient, notices, now, issue);
        let mut content = self.content("reminder", &view, occasion.parts)?;
        if occasion.parts.has_items() {
            content.items = self.items(&view)?;
        }
        if occasion.parts.has_calendar() {
            let describe = |id: &TaskId| {
                let task = view.tasks().map(|(_, task)| task).find(|task| task.id() == *id);
                let words = task.map(|task| self.render("event.txt", &OneTask { task }));
                words.transpose().map(Option::unwrap_or_default)
            };
            content.calendar = event::calendar(school, revisions, notices, now, describe)?;
        }
        Ok(content)
    }

    /// What a reminder says about each task.
    fn items(&self, view: &ReminderView) -> Result<Vec<Item>, ComposeError> {
        let item = |(urgency, task): (Urgency, &TaskView)| {
            let line = text::nfc(&self.render("item.txt", &OneTask { task })?);
            Ok(Item { task: task.id(), title: task.title().to_owned(), urgency, line, link: task.link() })
        };
        view.tasks().map(item).collect()
    }

    /// A review for one recipient, with the document that is to be signed.
    ///
    /// # Errors
    /// When a template fails.
    pub fn review<'o>(
        &self,
        facts: &Facts<'_>,
        recipient: RecipientId,
        occasion: impl Into<Occasion<'o>>,
    ) -> Result<Content, ComposeError> {
        let occasion = occasion.into();
        let issue = issue(facts.school, recipient, occasion);
        let view = ReviewView::new(facts, recipient, occasion.now, issue);
        if !occasion.parts.has_files() {
            return self.content("review", &view, occasion.parts);
        }
        let document = self.document(facts, None, occasion.now)?;
        let bytes = docx::write(&document)?;
        if bytes.len() > LARGEST_ATTACHMENT {
            return self.content("review", &view, occasion.parts);
        }
        let name = format!("{}.{}", document.file, docx::EXTENSION);
        let mut content = self.content("review", &view.attaching(&name), occasion.parts)?;
        content.attachments.push(Attachment { name, media_type: docx::MEDIA_TYPE, bytes });
        Ok(content)
    }

    /// A review as a document to be signed, under its number where that is known.
    ///
    /// # Errors
    /// When a template fails.
    pub fn document(
        &self,
        facts: &Facts<'_>,
        number: Option<u32>,
        now: &ZonedDateTime,
    ) -> Result<Document, ComposeError> {
        self.written(&DocumentView::new(facts, number, now))
    }

    /// A review as a page of its own: what the document says, and the plan on a line of time.
    ///
    /// # Errors
    /// When a template fails.
    pub fn timeline(
        &self,
        facts: &Facts<'_>,
        number: Option<u32>,
        now: &ZonedDateTime,
    ) -> Result<String, ComposeError> {
        let view = DocumentView::new(facts, number, now);
        let document = self.written(&view)?;
        self.render("report.html", &TimelineView::new(view, &document, facts, now))
    }

    fn written(&self, view: &DocumentView) -> Result<Document, ComposeError> {
        const NAME: &str = "report.xml";
        let markup = self.render(NAME, view)?;
        markup::read(&markup, self.language.tag).map_err(|error| {
            let error = templates::complaint(NAME, error.to_string(), self.language, self.folder.as_deref());
            ComposeError::Template(TemplateErrors(vec![error]))
        })
    }

    /// A failure that the admin must know of.
    ///
    /// # Errors
    /// When a template fails.
    pub fn alert<'o>(
        &self,
        school: &School,
        alert: &Alert,
        recipient: RecipientId,
        occasion: impl Into<Occasion<'o>>,
    ) -> Result<Content, ComposeError> {
        let occasion = occasion.into();
        self.content("alert", &AlertView::new(school, alert, recipient, occasion.now), occasion.parts)
    }

    /// A few words about a task of the school's plan.
    ///
    /// # Errors
    /// When a template fails.
    pub fn note<'o>(
        &self,
        school: &School,
        progress: &Progress,
        note: &Note,
        task: &Task,
        recipient: RecipientId,
        occasion: impl Into<Occasion<'o>>,
    ) -> Result<Content, ComposeError> {
        let occasion = occasion.into();
        let issue = issue(school, recipient, occasion);
        let view = NoteView::new(school, progress, note, task, recipient, occasion.now, issue);
        let mut content = self.content("note", &view, occasion.parts)?;
        if let Note::Question(question) = note {
            content.answers.extend(question.answers.clone());
        }
        Ok(content)
    }

    /// A page of the web.
    ///
    /// # Errors
    /// When a template fails.
    pub fn page(&self, page: &Page) -> Result<String, ComposeError> {
        self.render(page.template(), page)
    }

    /// The dates of somebody's tasks, as a calendar to subscribe to.
    ///
    /// # Errors
    /// When a template fails.
    pub fn feed(
        &self,
        school: &School,
        progress: &Progress,
        revisions: &HashMap<TaskId, u32>,
        reader: RecipientId,
        tasks: &[&Task],
        now: &ZonedDateTime,
    ) -> Result<String, ComposeError> {
        let person = school.settings.people.get(reader);
        let describe = |task: &Task| {
            let view = TaskView::new(task, progress, role_of(task, reader), person, now);
            self.render("event.txt", &OneTask { task: &view })
        };
        event::feed(school, progress, revisions, tasks, self.language.calendar, describe)
    }

    /// A message that only shows whether messages over a channel arrive.
    ///
    /// # Errors
    /// When a template fails.
    pub fn trial<'o>(
        &self,
        school: &School,
        channel: &str,
        recipient: &Recipient,
        occasion: impl Into<Occasion<'o>>,
    ) -> Result<Content, ComposeError> {
        let occasion = occasion.into();
        self.content("trial", &TrialView::new(school, channel, recipient, occasion.now), occasion.parts)
    }

    fn content(&self, name: &str, view: &impl Serialize, parts: Parts) -> Result<Content, ComposeError> {
        let view = Value::from(Serde(view));
        let subject = self.fill(&format!("{name}.subject.txt"), &view)?;
        Ok(Content {
            // One line, whatever a name holds.
            subject: text::nfc(&subject),
            text: tidy(&self.fill(&format!("{name}.txt"), &view)?),
            page: parts.has_page().then(|| self.fill(&format!("{name}.html"), &view)).transpose()?,
            calendar: None,
            attachments: Vec::new(),
            language: self.language.tag,
            items: Vec::new(),
            more: self.language.more,
            answers: Vec::new(),
        })
    }

    fn render(&self, name: &str, view: &impl Serialize) -> Result<String, ComposeError> {
        self.fill(name, &Value::from(Serde(view)))
    }

    /// Writes a template with what it is given, prepared already.
    fn fill(&self, name: &str, view: &Value) -> Result<String, ComposeError> {
        self.environment.get_template(name).and_then(|template| template.render(view.clone())).map_err(|error| {
            ComposeError::Template(TemplateErrors(vec![templates::explain(
                &error,
                name,
                self.language,
                self.folder.as_deref(),
            )]))
        })
    }

    /// Composes every kind of message and page once from invented facts.
    fn try_all(&self, sample: &sample::Sample, links: Option<&Links>) -> Result<(), Vec<TemplateError>> {
        let now = Occasion { links, ..Occasion::from(&sample.now) };
        let tried = [
            self.reminder(&sample.school, &sample.progress, &HashMap::new(), sample.recipient, &sample.notices, now),
            self.review(&sample.facts(), sample.recipient, now),
            self.alert(&sample.school, &sample.undeliverable(), sample.recipient, now),
            self.alert(&sample.school, &sample.channel_failed(), sample.recipient, now),
            self.alert(&sample.school, &sample.not_reloaded(), sample.recipient, now),
            self.trial(&sample.school, "email", sample.school.settings.people.get(sample.recipient), now),
        ];
        let task = &sample.school.plan.tasks[0];
        let notes = sample
            .notes()
            .into_iter()
            .map(|note| self.note(&sample.school, &sample.progress, &note, task, sample.recipient, now));
        let inbox = sample.of_inbox();
        let inbox = inbox.iter().map(|alert| self.alert(&sample.school, alert, sample.recipient, now));
        let pages = sample.pages();
        let pages = pages.iter().map(|page| self.page(page).map(drop));
        let timeline = self.timeline(&sample.facts(), Some(1), &sample.now).map(drop);
        let messages = tried.into_iter().chain(notes).chain(inbox).map(|content| content.map(drop));
        let failed = messages.chain(pages).chain([timeline]).filter_map(Result::err);
        let of_templates = failed.filter_map(|error| match error {
            ComposeError::Template(errors) => Some(errors.0),
            ComposeError::Document(_) => None,
        });
        let mut errors: Vec<TemplateError> = of_templates.flatten().collect();
        errors.dedup();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// The links of a message to somebody, where the school has pages.
fn issue<'a>(school: &'a School, recipient: RecipientId, occasion: Occasion<'a>) -> Option<Issue<'a>> {
    let name = &school.settings.people.get(recipient).name;
    occasion.links.map(|links| links.issue(name, occasion.issued))
}

/// Plain text without blanks at line ends and with single empty lines at most.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 1;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied.push('\n');
    tidied
}
