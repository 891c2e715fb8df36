//! Trials of templates: every message and page once, from an invented school, so that an admin's own are known to work before
//! anybody waits for a message.

use std::collections::HashMap;

use crate::compose::sample::Sample;
use crate::compose::templates::{TemplateError, TemplateErrors, complaint};
use crate::compose::{ComposeError, ComposeOptions, Note, PlanState};
use crate::link::Links;

use super::Composer;

impl Composer {
    /// Composes every kind of message and page once from an invented school.
    pub(super) fn try_all(&self, sample: &Sample, links: Option<&Links>) -> Result<(), Vec<TemplateError>> {
        let now = ComposeOptions { links, ..ComposeOptions::from(&sample.now) };
        let state = PlanState { school: &sample.school, progress: &sample.progress };
        let tried = [
            self.reminder(state, &HashMap::new(), sample.recipient, &sample.notices, now),
            self.reminder(state, sample.weekly(&HashMap::new()), sample.recipient, &sample.notices[..1], now),
            self.reminder(state, &HashMap::new(), sample.recipient, &sample.many_notices(), now),
            self.review(&sample.facts(), sample.recipient, now),
            self.alert(&sample.school, &sample.undeliverable(), sample.recipient, now),
            self.alert(&sample.school, &sample.channel_failed(), sample.recipient, now),
            self.alert(&sample.school, &sample.not_reloaded(), sample.recipient, now),
            self.trial(&sample.school, "email", sample.school.settings.people.get(sample.recipient), now),
        ];
        let task = &sample.school.plan.tasks[0];
        let note = |note: &Note| self.notes(state, &[(note, task)], sample.recipient, now).map(drop);
        let notes = sample.notes();
        let notes = notes.iter().map(note).chain([self.try_notes_together(state, sample, now)]);
        let inbox = sample.inbox_alerts();
        let of_plan = sample.plan_alerts();
        let alerts = inbox.iter().chain(&of_plan).map(|alert| self.alert(&sample.school, alert, sample.recipient, now));
        let pages = sample.pages();
        let pages = pages.iter().map(|page| self.page(page).map(drop));
        let timeline = self.timeline(&sample.facts(), Some(1), &sample.now).map(drop);
        let messages = tried.into_iter().chain(alerts).map(|content| content.map(drop)).chain(notes);
        let words = self.words_alone().map(|words| words.missing().map(|error| self.failed(error)).collect::<Vec<_>>());
        let missing = words.unwrap_or_else(|error| vec![error]);
        let failed = messages.chain(pages).chain([timeline]).filter_map(Result::err).chain(missing);
        let of_templates = failed.filter_map(|error| match error {
            ComposeError::Template(errors) => Some(errors.0),
            // Of what this program writes around the templates: an admin's file is no cause of it.
            ComposeError::Document(_) => None,
        });
        let mut errors: Vec<TemplateError> = of_templates.flatten().collect();
        errors.dedup();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Composes a message of two notes: templates of an admin that show the first alone would lose the others.
    fn try_notes_together(
        &self,
        state: PlanState<'_>,
        sample: &Sample,
        options: ComposeOptions<'_>,
    ) -> Result<(), ComposeError> {
        let task = &sample.school.plan.tasks[0];
        let second = Note::Blocked { task: task.name.clone(), by: None, why: Some(MARK.to_owned()) };
        let notes = [(&Note::Thanks { task: task.name.clone(), on: None }, task), (&second, task)];
        let Some(content) = self.notes(state, &notes, sample.recipient, options)? else { return Ok(()) };
        let shown = [("note.txt", Some(&content.text), "said"), ("note.html", content.page.as_ref(), "said_on_page")];
        let silent = shown.into_iter().filter(|(_, shown, _)| shown.is_some_and(|shown| !shown.contains(MARK)));
        let errors = silent.map(|(name, _, list)| {
            let message = format!("shows one note alone; show each part of `{list}`, as the built-in template does");
            complaint(name, message, self.language, &self.own)
        });
        let errors: Vec<TemplateError> = errors.collect();
        if errors.is_empty() { Ok(()) } else { Err(ComposeError::Template(TemplateErrors(errors))) }
    }
}

/// What the second of two notes says, to be found in their message.
const MARK: &str = "⁂";
