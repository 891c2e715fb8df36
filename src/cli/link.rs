//! `link`: somebody's links to the pages, and making links void.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::clock::Clock;
use crate::language::Said;
use crate::link::{self, Links};
use crate::people::{Directory, RecipientId};
use crate::store::Store;
use crate::text;

use super::plan::in_force;
use super::{CommandError, Console, Findings, Format, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct LinkArgs {
    #[command(subcommand)]
    action: LinkAction,
}

#[derive(Debug, clap::Subcommand)]
enum LinkAction {
    /// Show somebody's own links, to hand them over in another way than by message
    Show {
        /// A person or group of the configuration
        name: String,
    },
    /// Make void every link that was issued until now; messages to come have new ones
    Revoke {
        /// Those of one person or group
        #[arg(long, value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
        person: Option<String>,
        /// Those of everybody
        #[arg(long)]
        all: bool,
    },
}

/// A link and what it is for, as a line of the JSON output.
#[derive(Serialize)]
struct LinkLine<'a> {
    to: &'a str,
    page: LinkedPage,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<&'a str>,
    link: String,
}

/// What a link opens.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkedPage {
    /// The whole plan.
    Status,
    /// All tasks of a person.
    Overview,
    /// Their dates, for a calendar.
    Calendar,
    /// The report on a task.
    Answer,
}

/// What is said of links.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LinkText<'t> {
    /// There is no page for somebody of this name.
    NoPage(&'t str),
    /// The links of somebody, or of everybody, are void.
    Void(Option<&'t str>),
}

pub(super) fn run(config: &Path, args: &LinkArgs, console: Console) -> Result<Findings, CommandError> {
    match &args.action {
        LinkAction::Show { name } => show(config, name, console),
        LinkAction::Revoke { person, .. } => revoke(config, person.as_deref(), console),
    }
}

fn show(config: &Path, name: &str, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let settings = &school.settings;
    let people = &settings.people;
    let person = recipient(people, name)?;
    let name = people.get(person).name.as_str();
    if settings.site.is_none() {
        return Err(CommandError::NoPages);
    }
    let key = link::key::read(&settings.state)?.ok_or(CommandError::NoKey)?;
    let links = Links::of(&school, &key).ok_or(CommandError::NoPages)?;
    let (in_force, progress) = block_on(async {
        let store = Store::open_to_read(&settings.store).await?;
        let school = in_force(&store, school.clone(), console.language).await?;
        let progress = store.progress(&school).await?;
        let read = (school, progress);
        store.close().await;
        Ok(read)
    })?;
    let issue = links.for_person(name, Clock::System.now());
    let line = |page, task, link| LinkLine { to: name, page, task, link };
    let own: Vec<_> = in_force.plan.tasks.iter().filter(|task| task.is_of(person)).collect();
    let mut shown = Vec::new();
    if school.oversees(person) {
        shown.push(line(LinkedPage::Status, None, issue.status()));
    }
    if !own.is_empty() {
        shown.push(line(LinkedPage::Overview, None, issue.overview()));
        shown.push(line(LinkedPage::Calendar, None, issue.calendar()));
    }
    let open = own.iter().filter(|task| !progress.is_closed(&task.id));
    shown.extend(open.map(|task| line(LinkedPage::Answer, Some(&task.name), issue.answer(&task.id))));
    let mut out = io::BufWriter::new(anstream::stdout());
    for line in &shown {
        match console.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string(line).map_err(io::Error::from)?)?,
            Format::Text => {
                let page = line.page.said_in(console.language);
                writeln!(out, "{page:9} {:8} {}", line.task.unwrap_or_default(), line.link)?;
            }
        }
    }
    if shown.is_empty() && console.format == Format::Text {
        writeln!(out, "{}", LinkText::NoPage(name).said_in(console.language))?;
    }
    out.flush()?;
    Ok(Findings::Fine)
}

fn revoke(config: &Path, person: Option<&str>, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let settings = &school.settings;
    let person = person.map(|name| recipient(&settings.people, name)).transpose()?;
    let name = person.map(|person| settings.people.get(person).name.as_str());
    block_on(async {
        let store = Store::open(&settings.store).await?;
        store.revoke_links(&settings.organisation.id, name, Clock::System.now()).await?;
        store.close().await;
        Ok(())
    })?;
    anstream::println!("{}", LinkText::Void(name).said_in(console.language));
    Ok(Findings::Fine)
}

/// The person or group that is called so.
fn recipient(people: &Directory, name: &str) -> Result<RecipientId, CommandError> {
    let known = people.by_name(&text::nfc(name));
    let only = || people.resolve(name).filter(|ids| ids.len() == 1).and_then(|ids| ids.first()).copied();
    known.or_else(only).ok_or_else(|| CommandError::UnknownRecipient {
        name: name.to_owned(),
        closest: text::closest(name, people.iter().map(|(_, person)| person.name.as_str())).map(str::to_owned),
    })
}
