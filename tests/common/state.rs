//! A school as those see it who write of it: what is planned, reported, handed in and asked for, at an instant.

use jiff::ZonedDateTime;
use nhacviec::app::load_school::Loaded;
use nhacviec::people::RecipientId;
use nhacviec::plan::{Status, Task, TaskId};
use nhacviec::progress::evidence::Evidence;
use nhacviec::progress::{Effect, Progress, ProgressEntry, RecordedReport, TimeRequest};
use nhacviec::review::{PlanChange, Reminded, ReviewInput, Undelivered};
use nhacviec::schedule::{Agenda, ReviewId};

use super::Files;
use super::stage::{at, reported};

/// A school at an instant.
pub struct SchoolState {
    pub loaded: Loaded,
    pub progress: Progress,
    pub evidence: Vec<Evidence>,
    pub requests: Vec<TimeRequest>,
    pub changes: Vec<PlanChange>,
    pub undelivered: Vec<Undelivered>,
    pub reminded: Vec<(TaskId, Reminded)>,
    pub now: ZonedDateTime,
    /// Keeps the files while the test reads them.
    _files: Files,
}

impl SchoolState {
    /// A school of which nothing was reported.
    pub fn new(files: Files, now: &str) -> Self {
        let loaded = files.load();
        let now = at(now).to_zoned_datetime(loaded.school.settings.time_zone.clone());
        let mut progress = Progress::default();
        loaded.school.note_leads(&mut progress);
        Self {
            loaded,
            progress,
            evidence: Vec::new(),
            requests: Vec::new(),
            changes: Vec::new(),
            undelivered: Vec::new(),
            reminded: Vec::new(),
            now,
            _files: files,
        }
    }

    /// The school that ships with the program, in a language.
    pub fn seed(language: &str, now: &str) -> Self {
        let files = Files::seed();
        files.set("language", &format!("{language:?}"));
        Self::new(files, now)
    }

    pub fn report(&mut self, task: &str, when: &str, status: Status, percent: Option<u8>, note: Option<&str>) {
        self.progress.add(TaskId::new(task), reported(at(when), status, percent, note));
    }

    /// A report of one of several leads on their part.
    pub fn part(&mut self, task: &str, when: &str, lead: &str, status: Status, percent: Option<u8>) {
        let entry = ProgressEntry { by: Some(lead.to_owned()), ..reported(at(when), status, percent, None) };
        let effect = Effect::Parts(vec![lead.to_owned()]);
        self.progress.record(TaskId::new(task), RecordedReport { entry, effect, done_on: None });
    }

    pub fn person(&self, name: &str) -> RecipientId {
        self.loaded.school.settings.people.by_name(name).unwrap()
    }

    pub fn task(&self, id: &str) -> &Task {
        self.loaded.school.plan.tasks.iter().find(|task| task.id.as_str() == id).unwrap()
    }

    /// What a review is made of.
    pub fn review_input<T>(&self, id: ReviewId, then: impl FnOnce(&ReviewInput<'_>) -> T) -> T {
        let school = &self.loaded.school;
        let agenda = Agenda::new(school.clone());
        let review = agenda.review(id).unwrap();
        then(&ReviewInput {
            school,
            progress: &self.progress,
            changes: &self.changes,
            undelivered: &self.undelivered,
            evidence: &self.evidence,
            requests: &self.requests,
            open_answers: 0,
            id,
            from: review.from,
            to: review.through,
            next_to: agenda.review_after(review).map(|next| next.through),
            after: at(&format!("{}T00:00:00", review.from)),
            moment: self.now.timestamp(),
            before: None,
            reminded: &self.reminded,
            today: self.now.date(),
        })
    }
}
