//! `check --online`: what came of trying mail server, mailbox, chat and pages.

use std::io::{self, Write};

use serde::Serialize;

use crate::app::load_school::Loaded;
use crate::app::try_connections::{ConnectionTarget, FailedTry, TriedConnection, TryOutcome, try_connections};
use crate::clock::Clock;
use crate::language::{Language, Said};

use super::{CommandError, Console, Findings, Format, block_on};

/// One try, as a line of the JSON output.
#[derive(Serialize)]
struct TryLine<'a> {
    r#type: &'static str,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    works: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

/// Tries everything that the configuration names, and prints what came of it.
pub(super) fn run(out: &mut impl Write, loaded: &Loaded, console: Console) -> Result<Findings, CommandError> {
    let tried = block_on(async { Ok(try_connections(&loaded.school, &loaded.channels, Clock::System.now()).await) })?;
    for tried in &tried {
        match console.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string(&TryLine::of(tried)).map_err(io::Error::from)?)?,
            Format::Text => writeln!(out, "{}", tried.said_in(console.language))?,
        }
    }
    let failed = tried.iter().any(|tried| tried.outcome.is_err());
    Ok(if failed { Findings::Problems } else { Findings::Fine })
}

impl<'a> TryLine<'a> {
    fn of(tried: &'a TriedConnection) -> Self {
        let what = match &tried.connection {
            ConnectionTarget::Channel(name) => name,
            ConnectionTarget::Mailbox => "inbox",
            ConnectionTarget::Pages => "web",
        };
        let line = Self { r#type: "online", what, works: None, answer: None, advice: None };
        match &tried.outcome {
            Ok(TryOutcome::Works(answer)) => {
                Self { works: Some(true), answer: Some(answer.said_in(Language::English)), ..line }
            }
            Ok(TryOutcome::Untried(why)) => Self { answer: Some(why.said_in(Language::English)), ..line },
            Err(FailedTry { reason, advice }) => Self {
                works: Some(false),
                answer: Some(reason.said_in(Language::English)),
                advice: Some(advice.said_in(Language::English)),
                ..line
            },
        }
    }
}
