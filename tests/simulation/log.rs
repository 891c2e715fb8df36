//! What the program logs: nothing of it holds a secret, and some of it says that a state was reached.

use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::school::SECRET;

/// Words of the log that say what happened.
const MARKS: &[(&str, &str)] = &[
    ("the clock was set back", "clock set back noticed"),
    ("taking up messages that a failed claim may have left", "a failed claim taken up"),
    ("results could not be recorded; trying again", "results that are not recorded"),
    ("a channel is slow", "a slow channel told of"),
    ("a message could not be delivered", "a message given up"),
    ("the store has not heard from this service for a minute", "work laid down that another has"),
    ("taking up messages that another process left half done", "half done by another, and taken up"),
    ("the clock of this machine differs", "a machine's clock that differs"),
];

/// What was seen in the log.
#[derive(Default)]
pub struct Seen {
    pub marks: Vec<&'static str>,
    pub has_secret: bool,
}

/// A reader of the log.
struct Reader(Arc<Mutex<Seen>>);

/// Looks at the fields of one line.
struct Fields<'s>(&'s mut Seen);

impl Visit for Fields<'_> {
    fn record_str(&mut self, _: &Field, value: &str) {
        self.0.has_secret |= value.contains(SECRET);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        self.0.has_secret |= text.contains(SECRET);
        if field.name() == "message" {
            let said = MARKS.iter().filter(|(words, _)| text.starts_with(words));
            self.0.marks.extend(said.map(|(_, mark)| mark));
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Reader {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("nhacviec")
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let Ok(mut seen) = self.0.lock() {
            event.record(&mut Fields(&mut seen));
        }
    }
}

/// Runs something while its log is read.
pub fn read<T>(work: impl FnOnce() -> T) -> (T, Seen) {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let subscriber = tracing_subscriber::registry().with(Reader(Arc::clone(&seen)));
    let done = tracing::subscriber::with_default(subscriber, work);
    let seen = seen.lock().map(|mut seen| std::mem::take(&mut *seen)).unwrap_or_default();
    (done, seen)
}
