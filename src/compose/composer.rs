//! Composes messages: from notices, reviews, alerts and notes to a [`Content`], through the templates.

mod trials;

use std::collections::{HashMap, HashSet};

use jiff::ZonedDateTime;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use crate::people::{Recipient, RecipientId};
use crate::plan::{Task, TaskId};
use crate::report::docx::{self, DocxError};
use crate::report::{OfficialDocument, markup};
use crate::review::ReviewInput;
use crate::schedule::Notice;
use crate::school::School;
use crate::short_id;
use crate::text;

use super::note::NoteView;
use super::notes::NotesView;
use super::templates::{self, Language, OwnTemplates, TemplateErrors};
use super::view::{
    AlertView, DocumentView, OneTask, ReminderView, ReviewView, TaskView, TimelineView, TrialView, ViewContext, role_of,
};
use super::words::{MessageWords, Words, WordsError};
use super::{
    Alert, AttachedFile, ComposeOptions, Content, ContentParts, MessageItem, Note, Page, PlanState, ReminderFacts,
    Urgency, event, sample,
};

/// The largest file that goes with a message, in bytes: many mail servers refuse messages of more than ten megabytes.
const MAX_ATTACHMENT_BYTES: usize = 6 << 20;

/// Composes messages and pages in one language.
#[derive(Debug)]
pub struct Composer {
    environment: Environment<'static>,
    language: &'static Language,
    own: OwnTemplates,
    /// The hash of the style of pages (CSP 3, `style-src`).
    style_hash: String,
}

/// Why a message could not be composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template fails on its values.
    #[error("the message cannot be written: {}", .0.0.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))]
    Template(TemplateErrors),
    /// The attached document cannot be made.
    #[error("the review's document cannot be written")]
    Document(#[from] DocxError),
}

impl Composer {
    /// Prepares the templates of a language: the built-in ones, each replaced by the admin's own where there is one. Every template is tried on invented messages, so that a broken
    /// one is found before anybody waits for a message.
    ///
    /// # Errors
    /// All mistakes in the admin's templates.
    pub fn new(language: &'static Language, own: OwnTemplates) -> Result<Self, TemplateErrors> {
        let (environment, style_hash) = templates::environment(language, &own).map_err(TemplateErrors)?;
        let composer = Self { environment, language, own, style_hash };
        if composer.own.is_any() {
            let sample = sample::Sample::new(language.tag);
            composer.try_all(&sample, None).map_err(TemplateErrors)?;
            composer.try_all(&sample, Some(&sample.links())).map_err(TemplateErrors)?;
        }
        Ok(composer)
    }

    /// The hash of the style of pages, as their headers name it (CSP 3, `style-src`).
    #[must_use]
    pub fn style_hash(&self) -> &str {
        &self.style_hash
    }

    /// A reminder: the `notices` of one recipient about tasks, the most urgent first.
    pub fn reminder<'o, 'f>(
        &self,
        state: PlanState<'_>,
        facts: impl Into<ReminderFacts<'f>>,
        recipient: RecipientId,
        notices: &[Notice],
        options: impl Into<ComposeOptions<'o>>,
    ) -> Result<Content, ComposeError> {
        let (options, ReminderFacts { revisions, weekly }) = (options.into(), facts.into());
        let mut view = ReminderView::new(state, view_context(state.school, recipient, options), notices, weekly);
        let mut words = self.words(&view)?;
        view.say(&mut words).map_err(|error| self.failed(error))?;
        let to_all = MessageWords::new(&mut words, view.names_address()).map_err(|error| self.failed(error))?;
        let mut content = self.content_in_words("reminder", &WithWords { to_all, view: &view }, options.parts)?;
        if options.parts.has_items() {
            content.items = self.items(&view)?;
        }
        if options.parts.has_calendar() {
            let describe = |id: &TaskId| {
                let task = view.tasks().map(|(_, task)| task).find(|task| task.id() == *id);
                let event = task.map(|task| self.render("event.txt", &OneTask { task }));
                event.transpose().map(Option::unwrap_or_default)
            };
            content.calendar = event::calendar(state, revisions, notices, options.now, describe)?;
        }
        content.thread = match notices {
            [Notice { task: Some(task), .. }] => {
                let task = &state.school.plan.tasks[*task as usize];
                Some(thread(state.school, task, recipient))
            }
            _ => None,
        };
        Ok(content)
    }

    /// One item for each task of a reminder.
    fn items(&self, view: &ReminderView) -> Result<Vec<MessageItem>, ComposeError> {
        let item = |(urgency, task): (Urgency, &TaskView)| {
            let line = text::nfc(&self.render("item.txt", &OneTask { task })?);
            Ok(MessageItem { task: task.id(), title: task.title().to_owned(), urgency, line, link: task.link() })
        };
        view.tasks().map(item).collect()
    }

    /// A review for one recipient, with the document to be signed where the channel takes files.
    pub fn review<'o>(
        &self,
        facts: &ReviewInput<'_>,
        recipient: RecipientId,
        options: impl Into<ComposeOptions<'o>>,
    ) -> Result<Content, ComposeError> {
        let options = options.into();
        let view = ReviewView::new(facts, view_context(facts.school, recipient, options));
        if !options.parts.has_files() {
            return self.content("review", &view, options.parts);
        }
        let document = self.document(facts, None, options.now)?;
        let bytes = docx::write(&document)?;
        if bytes.len() > MAX_ATTACHMENT_BYTES {
            return self.content("review", &view, options.parts);
        }
        let name = format!("{}.{}", document.file, docx::EXTENSION);
        let mut content = self.content("review", &view.attaching(&name), options.parts)?;
        content.attachments.push(AttachedFile { name, media_type: docx::MEDIA_TYPE, bytes });
        Ok(content)
    }

    /// A review as a document to be signed, with its number where that is known.
    pub fn document(
        &self,
        facts: &ReviewInput<'_>,
        number: Option<u32>,
        now: &ZonedDateTime,
    ) -> Result<OfficialDocument, ComposeError> {
        self.official_document(&DocumentView::new(facts, number, now))
    }

    /// A review as an HTML page of its own: the text of the document, and the plan as a timeline.
    pub fn timeline(
        &self,
        facts: &ReviewInput<'_>,
        number: Option<u32>,
        now: &ZonedDateTime,
    ) -> Result<String, ComposeError> {
        let view = DocumentView::new(facts, number, now);
        let document = self.official_document(&view)?;
        self.render("report.html", &TimelineView::new(view, &document, facts, now))
    }

    /// Renders a review as markup and reads that as a document.
    fn official_document(&self, view: &DocumentView) -> Result<OfficialDocument, ComposeError> {
        const NAME: &str = "report.xml";
        let markup = self.render(NAME, view)?;
        markup::read(&markup, self.language.tag).map_err(|error| {
            let error = templates::complaint(NAME, error.to_string(), self.language, &self.own);
            ComposeError::Template(TemplateErrors(vec![error]))
        })
    }

    /// An alert about a failure, for an admin.
    pub fn alert<'o>(
        &self,
        school: &School,
        alert: &Alert,
        recipient: RecipientId,
        options: impl Into<ComposeOptions<'o>>,
    ) -> Result<Content, ComposeError> {
        let options = options.into();
        self.content("alert", &AlertView::new(school, alert, recipient, options.now), options.parts)
    }

    /// Notes about tasks of the plan, each with the task that it is sorted under; the subject is that of the first.
    ///
    /// # Errors
    /// When a template fails; without notes there is no message.
    pub fn notes<'o>(
        &self,
        state: PlanState<'_>,
        notes: &[(&Note, &Task)],
        recipient: RecipientId,
        options: impl Into<ComposeOptions<'o>>,
    ) -> Result<Option<Content>, ComposeError> {
        let options = options.into();
        let for_reader = || view_context(state.school, recipient, options);
        let views = notes.iter().map(|(note, task)| NoteView::new(state, note, task, for_reader()));
        let mut views: Vec<NoteView<'_>> = views.collect();
        let Some(first) = views.first() else { return Ok(None) };
        let mut words = self.words(first)?;
        views.iter_mut().try_for_each(|view| view.say(&mut words)).map_err(|error| self.failed(error))?;
        let to_all = &MessageWords::new(&mut words, true).map_err(|error| self.failed(error))?;
        let Some(only_subject) = NotesView::new(&views, Vec::new(), Vec::new()) else { return Ok(None) };
        let subject = text::nfc(&self.render("note.subject.txt", &WithWords { to_all, view: &only_subject })?);
        for view in &mut views {
            view.set_subject(&subject);
        }
        let part = |view, template| self.render(template, &WithWords { to_all, view });
        let said = |template| views.iter().map(|view| part(view, template)).collect::<Result<_, _>>();
        let on_page = if options.parts.has_page() { said("note.part.html")? } else { Vec::new() };
        let Some(view) = NotesView::new(&views, said("note.part.txt")?, on_page) else { return Ok(None) };
        let mut content = self.content_in_words("note", &WithWords { to_all, view: &view }, options.parts)?;
        content.answers.extend(notes.iter().filter_map(|(note, _)| note.answers()).map(str::to_owned));
        Ok(Some(content))
    }

    /// The calendar file of notes: the event of a task that has another due date now, and of one that is done its end, so that
    /// it goes from calendars. `None` where nothing of that is told.
    pub fn calendar_of_notes(
        &self,
        state: PlanState<'_>,
        revisions: &HashMap<TaskId, u32>,
        notes: &[(&Note, &Task)],
        recipient: RecipientId,
        now: &ZonedDateTime,
    ) -> Result<Option<String>, ComposeError> {
        let mut seen = HashSet::new();
        let changes = notes.iter().filter(|(note, _)| note.changes_date()).map(|(_, task)| *task);
        let tasks: Vec<&Task> = changes.filter(|task| seen.insert(&task.id)).collect();
        let mut words = self.words_alone()?;
        let describe = |task: &Task| self.event(&mut words, state, task, (recipient, now));
        event::changes(state, revisions, (recipient, &tasks), now, describe)
    }

    /// A page of the web as HTML.
    pub fn page(&self, page: &Page) -> Result<String, ComposeError> {
        self.render(page.template(), page)
    }

    /// The due dates of a person's tasks as a calendar for subscribing to (iCalendar, RFC 5545).
    pub fn feed(
        &self,
        state: PlanState<'_>,
        revisions: &HashMap<TaskId, u32>,
        reader: RecipientId,
        tasks: &[&Task],
        now: &ZonedDateTime,
    ) -> Result<String, ComposeError> {
        let mut words = self.words_alone()?;
        let describe = |task: &Task| self.event(&mut words, state, task, (reader, now));
        event::feed(state, revisions, (reader, tasks), self.language.calendar, describe)
    }

    /// What the calendar of a reader says of a task.
    fn event(
        &self,
        words: &mut Words<'_>,
        state: PlanState<'_>,
        task: &Task,
        (reader, now): (RecipientId, &ZonedDateTime),
    ) -> Result<String, ComposeError> {
        let mut view = TaskView::new(state, task, role_of(task, reader), reader, now);
        view.say(words).map_err(|error| self.failed(error))?;
        self.render("event.txt", &OneTask { task: &view })
    }

    /// A message that only shows whether messages over the channel named `channel` arrive.
    pub fn trial<'o>(
        &self,
        school: &School,
        channel: &str,
        recipient: &Recipient,
        options: impl Into<ComposeOptions<'o>>,
    ) -> Result<Content, ComposeError> {
        let options = options.into();
        self.content("trial", &TrialView::new(school, channel, recipient, options.now), options.parts)
    }

    /// A message of which all words stand in its templates, but for those to every recipient.
    fn content(&self, name: &str, view: &impl Serialize, parts: ContentParts) -> Result<Content, ComposeError> {
        let to_all = MessageWords::new(&mut self.words(view)?, true).map_err(|error| self.failed(error))?;
        self.content_in_words(name, &WithWords { to_all, view }, parts)
    }

    fn content_in_words(
        &self,
        name: &str,
        view: &impl Serialize,
        parts: ContentParts,
    ) -> Result<Content, ComposeError> {
        let view = Value::from(Serde(view));
        let subject = self.fill(&format!("{name}.subject.txt"), &view)?;
        Ok(Content {
            // A single line, also where a name has several.
            subject: text::nfc(&subject),
            text: tidy(&self.fill(&format!("{name}.txt"), &view)?),
            page: parts.has_page().then(|| self.fill(&format!("{name}.html"), &view)).transpose()?,
            calendar: None,
            attachments: Vec::new(),
            language: self.language.tag,
            items: Vec::new(),
            more: self.language.more,
            answers: Vec::new(),
            thread: None,
        })
    }

    /// The words of the language, in a message with these values.
    fn words(&self, view: &impl Serialize) -> Result<Words<'_>, ComposeError> {
        Words::new(&self.environment, &Value::from(Serde(view))).map_err(|error| self.failed(error))
    }

    /// The words of the language, where no message is written.
    fn words_alone(&self) -> Result<Words<'_>, ComposeError> {
        Words::new(&self.environment, &Value::from(())).map_err(|error| self.failed(error))
    }

    fn failed(&self, failed: WordsError) -> ComposeError {
        let WordsError { file, error } = failed;
        ComposeError::Template(TemplateErrors(vec![templates::explain(&error, file, self.language, &self.own)]))
    }

    fn render(&self, name: &str, view: &impl Serialize) -> Result<String, ComposeError> {
        self.fill(name, &Value::from(Serde(view)))
    }

    /// Renders the template `name` with prepared values.
    fn fill(&self, name: &str, view: &Value) -> Result<String, ComposeError> {
        self.environment.get_template(name).and_then(|template| template.render(view.clone())).map_err(|error| {
            ComposeError::Template(TemplateErrors(vec![templates::explain(&error, name, self.language, &self.own)]))
        })
    }
}

/// What a message says, with the words to every recipient.
#[derive(Serialize)]
struct WithWords<W, V> {
    #[serde(flatten)]
    to_all: W,
    #[serde(flatten)]
    view: V,
}

/// The recipient, the moment and the links of a message, for its views.
fn view_context<'a>(school: &'a School, recipient: RecipientId, options: ComposeOptions<'a>) -> ViewContext<'a> {
    let name = &school.settings.people.get(recipient).name;
    let links = options.links.map(|links| links.for_person(name, options.issued));
    ViewContext { recipient, now: options.now, links }
}

/// The name of the conversation of all messages about one task to one recipient.
fn thread(school: &School, task: &Task, recipient: RecipientId) -> String {
    let scope = school.scope();
    let name = school.settings.people.get(recipient).name.as_str();
    short_id([[scope.organisation.as_str(), scope.plan.as_str(), task.id.as_str(), name].join("\0")])
}

/// Plain text without blanks at line ends and with at most one empty line in a row.
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
