//! `check --online`: what came of trying mail server, mailbox, chat and pages.

use std::io::{self, Write};

use serde::Serialize;

use crate::app::load_school::Loaded;
use crate::app::try_connections::{ConnectionTarget, FailedTry, TriedConnection, try_connections};
use crate::clock::Clock;

use super::{CommandError, Console, Findings, Format, block_on};

/// One try, as a line of the JSON output.
#[derive(Serialize)]
struct TryLine<'a> {
    r#type: &'static str,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    works: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
}

/// Tries everything that the configuration names, and prints what came of it.
pub(super) fn run(out: &mut impl Write, loaded: &Loaded, console: Console) -> Result<Findings, CommandError> {
    let settings = &loaded.school.settings;
    let tried = block_on(async { Ok(try_connections(settings, &loaded.channels, Clock::System.now()).await) })?;
    for tried in &tried {
        match console.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string(&TryLine::of(tried)).map_err(io::Error::from)?)?,
            Format::Text => show(out, tried)?,
        }
    }
    let failed = tried.iter().any(|tried| tried.outcome.is_err());
    Ok(if failed { Findings::Problems } else { Findings::Fine })
}

fn show(out: &mut impl Write, tried: &TriedConnection) -> io::Result<()> {
    let what = match &tried.connection {
        ConnectionTarget::Channel(name) => format!("channel {name}"),
        ConnectionTarget::Mailbox => "mailbox".to_owned(),
        ConnectionTarget::Pages => "pages".to_owned(),
    };
    match &tried.outcome {
        Ok(Some(answer)) => writeln!(out, "{what}: {answer}"),
        Ok(None) => writeln!(out, "{what}: only sending shows whether it works; see `nhacviec send-test`"),
        Err(FailedTry { reason, advice }) => {
            writeln!(out, "{what}: does not work\n  what failed {reason}\n  what to do  {advice}")
        }
    }
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
            Ok(Some(answer)) => Self { works: Some(true), answer: Some(answer), ..line },
            Ok(None) => line,
            Err(FailedTry { reason, advice }) => {
                Self { works: Some(false), answer: Some(reason), advice: Some(advice), ..line }
            }
        }
    }
}
