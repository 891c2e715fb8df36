//! Notes that travel in one message.

use serde::Serialize;

use crate::plan::TaskId;

use super::note::{Note, NoteView};

/// Notes to one person that travel together, because they are about the same tasks (rules of delivery, 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes(Vec<Note>);

impl From<Note> for Notes {
    fn from(note: Note) -> Self {
        Self(vec![note])
    }
}

impl Notes {
    /// Reads notes as they are kept: one as it is, several as a list.
    ///
    /// # Errors
    /// When it is nothing that [`Self::to_json`] writes.
    pub fn from_json(json: &str) -> serde_json::Result<Self> {
        if json.starts_with('[') {
            serde_json::from_str(json).map(Self)
        } else {
            Ok(serde_json::from_str::<Note>(json)?.into())
        }
    }

    /// Whether they tell their reader that a mail of theirs was not taken.
    #[must_use]
    pub fn tell_of_mail_not_taken(&self) -> bool {
        self.0.iter().any(|note| matches!(note, Note::NotTaken(_)))
    }

    /// The notes as they are kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, numbers and dates always make JSON.
        match self.0.as_slice() {
            [only] => serde_json::to_string(only),
            notes => serde_json::to_string(notes),
        }
        .unwrap_or_default()
    }

    /// Takes along other notes, which are newer. One that says the same, or makes it needless, takes another's place.
    pub fn add(&mut self, newer: Self) {
        for note in newer.0 {
            self.0.retain(|known| !note.replaces(known));
            if !self.0.iter().any(|known| known.replaces(&note)) {
                self.0.push(note);
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// All tasks that they are about, each once.
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskId> {
        let mut tasks = Vec::new();
        for task in self.0.iter().flat_map(Note::tasks) {
            if !tasks.contains(&task) {
                tasks.push(task);
            }
        }
        tasks
    }

    /// The notes, the one first that asks most of its reader.
    #[must_use]
    pub fn in_order(self) -> Vec<Note> {
        let mut notes = self.0;
        notes.sort_by_key(Note::rank);
        notes
    }
}

/// A message of notes as its templates see it: the first of them, and what all of them say.
#[derive(Debug, Serialize)]
pub(super) struct NotesView<'a> {
    #[serde(flatten)]
    first: &'a NoteView<'a>,
    /// How many others come along.
    others: usize,
    /// What each says, as text.
    said: Vec<String>,
    /// What each says, as HTML; none where the message has no page.
    said_on_page: Vec<String>,
}

impl<'a> NotesView<'a> {
    pub(super) fn new(views: &'a [NoteView<'a>], said: Vec<String>, said_on_page: Vec<String>) -> Option<Self> {
        let (first, others) = views.split_first()?;
        Some(Self { first, others: others.len(), said, said_on_page })
    }
}
