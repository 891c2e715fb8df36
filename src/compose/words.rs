//! The words of a language, spoken by the macros of `words.txt` and `mail.words.txt`: each is rendered once, as plain text, and
//! given to the templates of a message as a value, which each format escapes for itself.

use minijinja::{Captured, Environment, Error, ErrorKind, Value};
use serde::Serialize;

/// The macros of `words.txt` that messages need.
const OF_TASKS: &[&str] =
    &["label", "when", "deadline", "moved", "told", "people", "so_far", "heading", "ask", "review_word", "review_name"];

/// The macros of `mail.words.txt` that messages need.
const OF_MAILS: &[&str] = &[
    "you",
    "salutation",
    "sent_by",
    "wrong_person",
    "work",
    "until",
    "coordination",
    "provision",
    "shared_part",
    "done_words",
    "reminded_words",
    "by_link",
    "by_button",
    "how_to_report",
    "how_to_direct",
    "how_to_help",
];

/// The macros of a language as they speak in one message.
pub(super) struct Words<'e> {
    of_tasks: MacroFile<'e>,
    of_mails: MacroFile<'e>,
    /// The school year as messages name it; undefined where no message is written.
    school_year: Value,
}

/// A file of macros that was run, so that its macros can be called.
struct MacroFile<'e> {
    name: &'static str,
    macros: &'static [&'static str],
    run: Captured<'e>,
}

/// A file of words that fails.
#[derive(Debug)]
pub(super) struct WordsError {
    /// The name of the file.
    pub(super) file: &'static str,
    pub(super) error: Error,
}

impl<'e> Words<'e> {
    /// The words as they are said in a message with these values: a macro may use them as any template may.
    pub(super) fn new(environment: &'e Environment<'static>, message: &Value) -> Result<Self, WordsError> {
        let plan = message.get_attr("plan");
        Ok(Self {
            of_tasks: MacroFile::run(environment, ("words.txt", OF_TASKS), message)?,
            of_mails: MacroFile::run(environment, ("mail.words.txt", OF_MAILS), message)?,
            school_year: plan.and_then(|plan| plan.get_attr("school_year")).unwrap_or_default(),
        })
    }

    /// The macros that an admin's own files lack.
    pub(super) fn missing(&self) -> impl Iterator<Item = WordsError> {
        self.of_tasks.missing().chain(self.of_mails.missing())
    }

    /// What a macro of `words.txt` says.
    pub(super) fn of_task(&mut self, name: &str, about: &[Value]) -> Result<String, WordsError> {
        self.of_tasks.say(name, about)
    }

    /// What a macro of `mail.words.txt` says.
    pub(super) fn of_mail(&mut self, name: &str, about: &[Value]) -> Result<String, WordsError> {
        self.of_mails.say(name, about)
    }

    /// The name of a review or a period.
    pub(super) fn review_name(&mut self, review: Value) -> Result<String, WordsError> {
        self.of_tasks.say("review_name", &[review, self.school_year.clone()])
    }

    /// What stands over a section of a message.
    pub(super) fn heading(&mut self, section: Value) -> Result<String, WordsError> {
        self.of_tasks.say("heading", &[section, self.school_year.clone()])
    }
}

impl<'e> MacroFile<'e> {
    fn run(
        environment: &'e Environment<'static>,
        (name, macros): (&'static str, &'static [&'static str]),
        message: &Value,
    ) -> Result<Self, WordsError> {
        let run = environment.get_template(name).and_then(|template| template.render_captured(message.clone()));
        Ok(Self { name, macros, run: run.map_err(|error| WordsError { file: name, error })? })
    }

    fn missing(&self) -> impl Iterator<Item = WordsError> {
        let absent = self.macros.iter().filter(|name| self.run.state().lookup(name).is_none());
        absent.map(|name| {
            let error = Error::new(ErrorKind::UnknownFunction, format!("the macro `{name}` is missing"));
            WordsError { file: self.name, error }
        })
    }

    fn say(&mut self, name: &str, about: &[Value]) -> Result<String, WordsError> {
        debug_assert!(self.macros.contains(&name), "{name} is looked for in an admin's own files");
        let said = self.run.with_state_mut(|state| state.call_macro(name, about));
        said.map_err(|error| WordsError { file: self.name, error })
    }
}

/// What every message says to its recipient.
#[derive(Debug, Serialize)]
pub(super) struct MessageWords {
    /// How a sentence addresses the recipient.
    you: String,
    /// What stands before the recipient's name in the greeting: empty, or with a blank at its end.
    salutation: String,
    /// Who sends the message.
    sent_by: String,
    /// Whom to tell where the message is for somebody else.
    wrong_person: String,
}

impl MessageWords {
    /// `names_address`: whether the admins' addresses are named to whoever was wrongly told.
    pub(super) fn new(words: &mut Words<'_>, names_address: bool) -> Result<Self, WordsError> {
        Ok(Self {
            you: words.of_mail("you", &[])?,
            salutation: words.of_mail("salutation", &[])?,
            sent_by: words.of_mail("sent_by", &[])?,
            wrong_person: words.of_mail("wrong_person", &[names_address.into()])?,
        })
    }
}
