//! Everything the admin and the school wrote, read together: the configuration and the files it names.
//!
//! Reading goes on after mistakes, so that one run finds them all: a plan is looked through even when a person is
//! wrong, as far as that makes sense.

use std::collections::HashSet;
use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::calendar::{SchoolYear, WorkingDays, holidays};
use crate::channel::{self, Channels};
use crate::compose::{Composer, templates};
use crate::config::{self, Draft};
use crate::diagnostic::{Diagnostics, Place, Source};
use crate::hex;
use crate::people::RecipientId;
use crate::plan::Plan;
use crate::plan::format::{self, PlanFile, Surroundings};
use crate::plan::settle;
use crate::school::School;
use crate::short_id;
use crate::toml_file::{Document, Table, listed};

/// No configuration or holiday file is larger: there is room for some fifty thousand people.
const LARGEST_CONFIG: u64 = 8 << 20;
/// No plan is larger: a hundred thousand tasks take up half of it.
const LARGEST_PLAN: u64 = 128 << 20;

/// Where the configuration names a file.
type Named<'d> = (&'d Document, std::ops::Range<usize>);

/// What the daemon works with.
#[derive(Debug)]
pub struct Loaded {
    /// Settings and plan.
    pub school: School,
    /// The ways to send, by name.
    pub channels: Channels,
    /// Writes messages in the school's language, with the admin's templates where there are any.
    pub composer: Composer,
}

/// Reads the configuration in `file` and everything it names. Mistakes and doubts are noted; the result is `None`
/// where there is too little to work with, and worth nothing where `diagnostics` has errors.
pub fn load(file: &Path, diagnostics: &mut Diagnostics) -> Option<Loaded> {
    let source = text_file(file, LARGEST_CONFIG, diagnostics, None)?;
    let document = Document::new(&source);
    let parts = config::parse(&document);
    let (draft, channel_tables) = config::read(file, &document, &parts);
    let inbox = draft.inbox.as_ref().and_then(|inbox| inbox.address.as_deref());
    let channels = channel::open_all(channel_tables, file.parent().unwrap_or(Path::new("")), inbox);
    check_addresses(&draft, &channels, &document);
    let composer = composer(&draft, &document, diagnostics);
    let (holidays_at, plan_at) = {
        let root = Table::new(&document, parts.first(), "the configuration");
        let holidays = root.get("calendar").and_then(|value| value.table("[calendar]")?.get("holidays"));
        (holidays.map(|value| value.span()), root.get("plan").map(|value| value.span()))
    };
    // The parsed file takes up several times the room of its text, and so will the plan.
    drop(parts);
    let mut elsewhere = Diagnostics::default();
    let holidays = draft.holidays.as_ref().and_then(|path| {
        let named_at = holidays_at.map(|span| (&document, span));
        let source = text_file(path, LARGEST_CONFIG, &mut elsewhere, named_at.as_ref())?;
        Some(holidays::read(&source, draft.school_year.as_ref(), &mut elsewhere))
    });
    let holidays = holidays.unwrap_or_default();
    let working_days = WorkingDays::new(draft.calendar.workdays.iter().copied(), holidays.off, holidays.worked);
    let plan = draft.plan.as_ref().and_then(|path| {
        let named_at = plan_at.map(|span| (&document, span));
        plan(path, &draft, &document, named_at.as_ref(), &mut elsewhere)
    });
    if let Some((plan, _)) = &plan {
        warn_of_the_untold(&draft, plan, &document);
    }
    document.finish(diagnostics);
    diagnostics.append(elsewhere);
    let (plan, text_hash) = plan?;
    let plan_hash = plan_hash(&text_hash, &plan);
    let settings = draft.settle(working_days)?;
    Some(Loaded { school: School { settings, plan, plan_hash }, channels, composer: composer? })
}

/// Reads a plan in another document than the one that the configuration names, by its people and school year.
pub fn import(file: &Path, document: &Path, diagnostics: &mut Diagnostics) -> Option<(Plan, Option<SchoolYear>)> {
    let source = text_file(file, LARGEST_CONFIG, diagnostics, None)?;
    let configuration = Document::new(&source);
    let parts = config::parse(&configuration);
    let (draft, _) = config::read(file, &configuration, &parts);
    let mut elsewhere = Diagnostics::default();
    let read = plan(document, &draft, &configuration, None, &mut elsewhere);
    configuration.finish(diagnostics);
    diagnostics.append(elsewhere);
    Some((read?.0, draft.school_year))
}

fn composer(draft: &Draft, document: &Document, diagnostics: &mut Diagnostics) -> Option<Composer> {
    let Some(language) = templates::language(&draft.language) else {
        let message = format!("there are no messages in `{}`", draft.language);
        let help = format!("write one of {}", listed(&templates::tags()));
        document.error(draft.language_at.clone().unwrap_or_default(), "unknown-word", message, Some(help));
        return None;
    };
    match Composer::new(language, draft.templates.as_deref()) {
        Ok(composer) => Some(composer),
        Err(errors) => {
            for error in errors.0 {
                error.note(diagnostics);
            }
            None
        }
    }
}

/// Whoever is told over a channel that needs an address must have one.
fn check_addresses(draft: &Draft, channels: &Channels, document: &Document) {
    for ((_, recipient), place) in draft.names.directory().iter().zip(&draft.places) {
        for name in &recipient.via {
            let Some(Err(failure)) = channels.get(name).map(|channel| channel.address(recipient)) else { continue };
            let help = "add the address, or another channel in `via`".to_owned();
            document.error(place.clone(), "missing-address", format!("{}: {failure}", recipient.name), Some(help));
        }
    }
}

fn plan(
    path: &Path,
    draft: &Draft,
    document: &Document,
    named_at: Option<&Named<'_>>,
    diagnostics: &mut Diagnostics,
) -> Option<(Plan, String)> {
    let reader = match format::reader(path) {
        Ok(reader) => reader,
        Err(endings) => {
            let message = format!("`{}` is in no format of plans that this build reads", path.display());
            let help = format!("name a file that ends in .{}", endings.join(", ."));
            complain(path, named_at, diagnostics, "unknown-format", message, &help);
            return None;
        }
    };
    let bytes = file(path, LARGEST_PLAN, diagnostics, named_at)?;
    let year = draft.school_year.as_ref();
    let around = Surroundings { year, names: &draft.names, overrides: &draft.overrides };
    let hash = hex(&Sha256::digest(&bytes));
    let mut plan = reader(PlanFile { path, bytes }, around, diagnostics)?;
    settle::apply(&mut plan, &draft.overrides, year, document);
    Some((plan, hash))
}

/// Tells this reading of a plan from others: by its text, and by the times and people that the configuration makes
/// of it.
fn plan_hash(text_hash: &str, plan: &Plan) -> String {
    let mut seen = text_hash.to_owned();
    for task in &plan.tasks {
        let period = task.period();
        seen.extend([task.id.as_str(), "\0"]);
        // Writing to a string cannot fail.
        let _ = write!(seen, "{:?}", task.reported);
        seen.extend(task.lead.iter().chain(&task.with).flat_map(|name| [name.as_str(), "\0"]));
        // Writing to a string cannot fail.
        let _ = match period {
            Some(period) => write!(seen, "{:?}{}", period.start.map(|start| start.to_string()), period.due),
            None => write!(seen, "-"),
        };
    }
    short_id([seen])
}

/// Warns of people whom nothing ever reaches.
fn warn_of_the_untold(draft: &Draft, plan: &Plan, document: &Document) {
    let mut told: HashSet<RecipientId> = draft.told_anyway().into_iter().collect();
    told.extend(plan.tasks.iter().flat_map(|task| task.leads.iter().chain(&task.coordinators)));
    for ((id, recipient), place) in draft.names.directory().iter().zip(&draft.places) {
        if !told.contains(&id) {
            let message = format!("{} is never told anything", recipient.name);
            let help = "no task, review or escalation names them: give them a role that one does, or leave them out";
            document.warning(place.clone(), "never-told", message, Some(help.to_owned()));
        }
    }
}

/// A file of text. What is wrong with it is noted where it is named, or else at the file itself.
fn text_file(
    path: &Path,
    largest: u64,
    diagnostics: &mut Diagnostics,
    named_at: Option<&Named<'_>>,
) -> Option<Arc<Source>> {
    let bytes = file(path, largest, diagnostics, named_at)?;
    match Source::utf8(path, bytes) {
        Ok(source) => Some(source),
        Err(message) => {
            let help = "save it again with the encoding UTF-8";
            complain(path, named_at, diagnostics, "not-utf-8", message, help);
            None
        }
    }
}

/// Notes what is wrong with a file where it is named, or else at the file itself.
fn complain(
    path: &Path,
    named_at: Option<&Named<'_>>,
    diagnostics: &mut Diagnostics,
    code: &'static str,
    message: String,
    help: &str,
) {
    match named_at {
        Some((document, span)) => document.error(span.clone(), code, message, Some(help.to_owned())),
        None => {
            diagnostics.error(code, Place::File(path.to_owned()), message).help(help);
        }
    }
}

/// What a file holds. That it cannot be read is noted where it is named, or else at the file itself.
fn file(path: &Path, largest: u64, diagnostics: &mut Diagnostics, named_at: Option<&Named<'_>>) -> Option<Vec<u8>> {
    let bytes = match at_most(path, largest) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("cannot read {}: {error}", path.display());
            let help = "check the path and who may read the file";
            complain(path, named_at, diagnostics, "unreadable-file", message, help);
            return None;
        }
    };
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > largest {
        let message = format!("{} is larger than {} MiB", path.display(), largest >> 20);
        complain(path, named_at, diagnostics, "too-large", message, "is it the right file?");
        return None;
    }
    Some(bytes)
}

/// What a file holds; of one that is larger, one byte more than the largest.
fn at_most(path: &Path, largest: u64) -> std::io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let length = file.metadata()?.len().min(largest);
    // With a little room behind it, its end is found without asking for twice as much.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 64);
    file.take(largest + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
