//! The catalogue of English.

mod advice;
mod answers;
mod calendar;
mod channel;
mod check;
mod command_error;
mod config;
mod connections;
mod console;
mod diagnostic;
mod difference;
mod document;
mod evidence;
mod help;
mod history;
mod import;
mod inbox;
mod init;
mod link;
mod local_time;
mod new_year;
mod outbox;
mod pairing;
mod people;
mod plan;
mod plan_accepted;
mod postpone;
mod progress;
mod reason;
mod rehearse;
mod school;
mod send_test;
mod status;
mod store_copies;
mod store_step;
mod toml_file;

/// A number of things, in words.
fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// Words in a list, each between backticks.
fn listed<W: AsRef<str>>(words: &[W]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Words in a list, each between quotes.
fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// Which word is meant, or else what to write.
fn meant(near: Option<&String>, otherwise: impl FnOnce() -> String) -> String {
    near.map_or_else(otherwise, |near| format!("did you mean `{near}`?"))
}
