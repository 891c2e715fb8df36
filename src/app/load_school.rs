//! Everything the admin and the school wrote, read together: the configuration and the files it names.
//!
//! Reading goes on after mistakes, so that one run finds them all: a plan is looked through even when a person is
//! wrong, as far as that makes sense.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use jiff::ToSpan;
use sha2::{Digest, Sha256};

use crate::calendar::{SchoolYear, WorkingDays, holidays};
use crate::channel::{self, AnswerAddresses, Channels};
use crate::compose::{Composer, OwnTemplates, templates};
use crate::config::{self, MAX_CONFIG_SIZE, SettingsDraft};
use crate::diagnostic::{Diagnostics, Mistake, Place, Source};
use crate::files::Files;
use crate::hex;
use crate::people::{Directory, RecipientId};
use crate::plan::overrides;
use crate::plan::reader::{self, PlanFile, ReadContext, Strangers};
use crate::plan::{Plan, Recurrence, Task};
use crate::school::School;
use crate::short_id;
use crate::toml_file::{TableName, TomlDocument, TomlTable};

use super::school_mistake::SchoolMistake;

/// No plan is larger: a hundred thousand tasks take up half of it.
pub(crate) const MAX_PLAN_SIZE: u64 = 128 << 20;

/// Where the configuration names a file.
type NamedPlace<'d> = (&'d TomlDocument, std::ops::Range<usize>);

/// What the daemon works with.
#[derive(Debug)]
pub struct Loaded {
    /// Settings and plan.
    pub school: School,
    /// The ways to send, by name.
    pub channels: Channels,
    /// Writes messages in the school's language, with the admin's templates where there are any.
    pub composer: Composer,
    /// What is doubtful: somebody will probably not get what they expect.
    pub doubts: Diagnostics,
}

/// Reads the configuration `config` and everything it names.
///
/// # Errors
/// All that was found wrong, and all that is doubtful beside it, where the program cannot work with what is written.
pub fn load_school(files: &Files, config: &Path) -> Result<Loaded, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let read = read(files, config, &mut diagnostics);
    match read {
        Some((school, channels, composer)) if !diagnostics.has_errors() => {
            Ok(Loaded { school, channels, composer, doubts: diagnostics })
        }
        _ => Err(diagnostics),
    }
}

/// Reads as far as it can; what is wrong or doubtful is noted. What is given back is worth something only where nothing is
/// wrong.
fn read(files: &Files, config: &Path, diagnostics: &mut Diagnostics) -> Option<(School, Channels, Composer)> {
    let source = text_file(files, config, MAX_CONFIG_SIZE, diagnostics, None)?;
    let document = TomlDocument::among(files, &source);
    let parts = config::parse(&document);
    let (draft, channel_tables) = config::read(config, &document, &parts);
    let channels = channel::open_all(channel_tables, config.parent().unwrap_or(Path::new("")), answers(&draft));
    check_addresses(&draft, &channels, &document);
    let composer = composer(&draft, &document, diagnostics);
    let (holidays_at, plan_at, year_at) = {
        let root = TomlTable::new(&document, parts.first(), TableName::Configuration);
        let holidays = root.get("calendar").and_then(|value| value.table("[calendar]")?.get("holidays"));
        let [plan, year] = ["plan", "school_year"].map(|key| root.get(key).map(|value| value.span()));
        (holidays.map(|value| value.span()), plan, year)
    };
    // The parsed file takes up several times the room of its text, and so will the plan.
    drop(parts);
    let mut elsewhere = Diagnostics::default();
    let working_days = working_days(&draft, holidays_at.map(|span| (&document, span)), &mut elsewhere);
    let plan = draft.plan.as_ref().and_then(|path| {
        let named_at = plan_at.map(|span| (&document, span));
        plan(path, &draft, &document, named_at.as_ref(), &mut elsewhere)
    });
    if let Some((plan, _)) = &plan {
        if let (Some(year), false) = (&draft.school_year, tells_of_other_year(&elsewhere)) {
            warn_of_another_year(plan, year, (&document, year_at.unwrap_or_default()));
        }
        warn_of_the_untold(&draft, plan, &document);
        warn_of_the_unasked(&draft, plan, &document);
    }
    let mut own = Diagnostics::default();
    document.finish(&mut own);
    // What is doubtful about the plan comes first; what keeps the configuration from being read comes before that.
    let (first, second) = if own.has_errors() { (own, elsewhere) } else { (elsewhere, own) };
    diagnostics.append(first);
    diagnostics.append(second);
    let (plan, text_hash) = plan?;
    let plan_hash = plan_hash(&text_hash, &plan);
    let settings = Arc::new(draft.settle(working_days)?);
    Some((School { settings, plan, plan_hash }, channels, composer?))
}

/// Who gets what people answer to mail: the mailbox that is read, else the admin.
fn answers(draft: &SettingsDraft) -> AnswerAddresses<'_> {
    let people = draft.names.directory();
    match &draft.inbox {
        Some(inbox) => AnswerAddresses { inbox: inbox.address.as_deref(), admin: None },
        None => {
            let admin = draft.admin().iter().find_map(|admin| people.get(*admin).email.as_deref());
            AnswerAddresses { inbox: None, admin }
        }
    }
}

/// The working days by the configuration and the holiday file, where there is one.
fn working_days(draft: &SettingsDraft, named_at: Option<NamedPlace<'_>>, diagnostics: &mut Diagnostics) -> WorkingDays {
    let holidays = draft.holidays.as_ref().zip(named_at).and_then(|(path, named_at)| {
        let source = text_file(named_at.0.files(), path, MAX_CONFIG_SIZE, diagnostics, Some(&named_at))?;
        Some(holidays::read(&source, draft.school_year.as_ref(), diagnostics))
    });
    let holidays = holidays.unwrap_or_default();
    WorkingDays::new(draft.calendar.workdays.iter().copied(), holidays.off, holidays.worked)
}

/// A plan that was read from another document than the one that the configuration names.
#[derive(Debug)]
pub struct Imported {
    /// The plan.
    pub plan: Plan,
    /// The school year of the configuration, where it has one.
    pub school_year: Option<SchoolYear>,
    /// The people of the configuration, by whose ids the plan names them.
    pub people: Directory,
    /// Names that the plan uses and the configuration does not know.
    pub strangers: Vec<String>,
    /// What is wrong or doubtful in the plan and in the configuration: what that settles of other tasks, among it.
    pub found: Diagnostics,
}

/// Reads a plan in another document than the one that the configuration names, by its people and school year.
///
/// # Errors
/// All that was found, where that keeps the plan from being read.
pub fn import_plan(files: &Files, config: &Path, document: &Path) -> Result<Imported, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let Some(source) = text_file(files, config, MAX_CONFIG_SIZE, &mut diagnostics, None) else {
        return Err(diagnostics);
    };
    let configuration = TomlDocument::among(files, &source);
    let parts = config::parse(&configuration);
    let (draft, _) = config::read(config, &configuration, &parts);
    let mut elsewhere = Diagnostics::default();
    // What the configuration settles stays there and goes on settling it.
    let read = plan_as_written(files, document, &draft, None, &mut elsewhere);
    configuration.finish(&mut diagnostics);
    diagnostics.append(elsewhere);
    match read {
        Some(ReadPlan { plan, strangers, .. }) => {
            let people = draft.names.into_directory();
            Ok(Imported { plan, school_year: draft.school_year, people, strangers, found: diagnostics })
        }
        None => Err(diagnostics),
    }
}

fn composer(draft: &SettingsDraft, document: &TomlDocument, diagnostics: &mut Diagnostics) -> Option<Composer> {
    let Some(language) = templates::language(&draft.language) else {
        let mistake = SchoolMistake::NoLanguage { written: draft.language.clone(), known: templates::tags() };
        document.error(draft.language_span.clone().unwrap_or_default(), mistake);
        return None;
    };
    let own = OwnTemplates::new(document.files(), draft.templates.as_deref());
    match Composer::new(language, own) {
        Ok(composer) => Some(composer),
        Err(errors) => {
            for error in errors.0 {
                error.note(document.files(), diagnostics);
            }
            None
        }
    }
}

/// Whoever is told over a channel that needs an address must have one.
fn check_addresses(draft: &SettingsDraft, channels: &Channels, document: &TomlDocument) {
    for ((id, recipient), place) in draft.names.directory().iter().zip(&draft.places) {
        if draft.mistaken.contains(&id) {
            continue;
        }
        for name in &recipient.via {
            let Some(Err(failure)) = channels.get(name).map(|channel| channel.address(recipient)) else { continue };
            // Whoever is in a list without an address is told of already, and keeps nobody else from being told.
            let is_open =
                matches!(place, Place::Cell { .. }) && recipient.email.is_none() && recipient.chats.is_empty();
            if is_open && !draft.admin().contains(&id) {
                continue;
            }
            let (channel, reason) = (name.clone(), failure.told());
            let mistake = SchoolMistake::NoAddress { name: recipient.name.clone(), channel, reason };
            document.error_at(place.clone(), mistake);
        }
    }
}

/// Reads a plan, and what the configuration settles of it.
fn plan(
    path: &Path,
    draft: &SettingsDraft,
    document: &TomlDocument,
    named_at: Option<&NamedPlace<'_>>,
    diagnostics: &mut Diagnostics,
) -> Option<(Plan, String)> {
    let ReadPlan { mut plan, hash, .. } = plan_as_written(document.files(), path, draft, named_at, diagnostics)?;
    overrides::apply(&mut plan, &draft.overrides, draft.school_year.as_ref(), document);
    Some((plan, hash))
}

/// A plan as its document has it.
struct ReadPlan {
    plan: Plan,
    /// The SHA-256 of the document.
    hash: String,
    /// Names that the configuration does not know.
    strangers: Vec<String>,
}

fn plan_as_written(
    files: &Files,
    path: &Path,
    draft: &SettingsDraft,
    named_at: Option<&NamedPlace<'_>>,
    diagnostics: &mut Diagnostics,
) -> Option<ReadPlan> {
    let read = match reader::reader(path) {
        Ok(read) => read,
        Err(error) => {
            complain(path, named_at, diagnostics, error);
            return None;
        }
    };
    let bytes = file(files, path, MAX_PLAN_SIZE, diagnostics, named_at)?;
    let year = draft.school_year.as_ref();
    let strangers = Strangers::default();
    let context = ReadContext {
        year,
        names: &draft.names,
        overrides: &draft.overrides,
        document: &draft.plan_document,
        strangers: &strangers,
    };
    let hash = hex(&Sha256::digest(&bytes));
    let plan = read(PlanFile { path, bytes }, context, diagnostics)?;
    Some(ReadPlan { plan, hash, strangers: strangers.into_names() })
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
        seen.extend(task.recurrence.map(Recurrence::as_str));
        // Writing to a string cannot fail.
        let _ = match period {
            Some(period) => write!(seen, "{:?}{}", period.start.map(|start| start.to_string()), period.due),
            None => write!(seen, "-"),
        };
    }
    short_id([seen])
}

/// Warns of recurring work about which no review asks, of all tasks at once (rules of time, 14).
fn warn_of_the_unasked(draft: &SettingsDraft, plan: &Plan, document: &TomlDocument) {
    let is_unasked = |task: &&Task| task.recurrence.is_some_and(|recurrence| !draft.asks_about(recurrence));
    let unasked: Vec<&str> = plan.tasks.iter().filter(is_unasked).map(|task| task.name.as_str()).collect();
    if unasked.is_empty() {
        return;
    }
    let tasks = unasked.iter().take(MAX_UNASKED).map(|task| (*task).to_owned()).collect();
    document.warning(0..0, SchoolMistake::NeverAsked { tasks, has_more: unasked.len() > MAX_UNASKED });
}

/// The code of a school year that is not the plan's.
const OTHER_YEAR: &str = "other-school-year";
/// A plan is issued no more than so many days before its school year: in the spring before it.
const MAX_DAYS_BEFORE: i64 = 200;

fn tells_of_other_year(found: &Diagnostics) -> bool {
    found.as_slice().iter().any(|found| found.code() == OTHER_YEAR)
}

/// Warns of a school year in which the plan was not issued: the dates of another year are left in the configuration.
fn warn_of_another_year(plan: &Plan, year: &SchoolYear, (document, span): NamedPlace<'_>) {
    let first = year.start().saturating_sub(MAX_DAYS_BEFORE.days());
    if first <= plan.issued && plan.issued <= year.end() {
        return;
    }
    let (issued, start, end) = (plan.issued, year.start(), year.end());
    document.warning(span, SchoolMistake::OtherSchoolYear { issued, start, end });
}

/// How many tasks about which nobody is asked are named.
const MAX_UNASKED: usize = 12;

/// Warns of people whom nothing ever reaches, of all at once.
fn warn_of_the_untold(draft: &SettingsDraft, plan: &Plan, document: &TomlDocument) {
    let mut told: HashSet<RecipientId> = draft.recipients_outside_plan().into_iter().collect();
    told.extend(plan.tasks.iter().flat_map(|task| task.leads.iter().chain(&task.coordinators)));
    let people = draft.names.directory().iter().zip(&draft.places);
    let untold: Vec<_> = people.filter(|((id, _), _)| !told.contains(id)).collect();
    let Some((_, place)) = untold.first() else { return };
    let names = untold.iter().map(|((_, recipient), _)| recipient.name.clone()).collect();
    document.warning_at((*place).clone(), SchoolMistake::NeverTold { names });
}

/// A file of text. What is wrong with it is noted where it is named, or else at the file itself.
fn text_file(
    files: &Files,
    path: &Path,
    max: u64,
    diagnostics: &mut Diagnostics,
    named_at: Option<&NamedPlace<'_>>,
) -> Option<Arc<Source>> {
    let bytes = file(files, path, max, diagnostics, named_at)?;
    match Source::utf8(path, bytes) {
        Ok(source) => Some(source),
        Err(mistake) => {
            complain(path, named_at, diagnostics, mistake);
            None
        }
    }
}

/// Notes what is wrong with a file where it is named, or else at the file itself.
fn complain(
    path: &Path,
    named_at: Option<&NamedPlace<'_>>,
    diagnostics: &mut Diagnostics,
    mistake: impl Mistake + 'static,
) {
    match named_at {
        Some((document, span)) => document.error(span.clone(), mistake),
        None => diagnostics.error(Place::File(path.to_owned()), mistake),
    }
}

/// What a file holds. That it cannot be read is noted where it is named, or else at the file itself.
fn file(
    files: &Files,
    path: &Path,
    max: u64,
    diagnostics: &mut Diagnostics,
    named_at: Option<&NamedPlace<'_>>,
) -> Option<Vec<u8>> {
    let error = match files.read(path, max) {
        Ok(bytes) => return Some(bytes),
        Err(error) => error,
    };
    complain(path, named_at, diagnostics, files.explain(path, max, &error));
    None
}
