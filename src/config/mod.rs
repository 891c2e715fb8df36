//! What the admin wrote: one TOML file, read into [`Settings`].
//!
//! Each table of the file has a file here with its type, its defaults and its reading. Reading notes every mistake
//! of the file and goes on; see [`toml_file`](crate::toml_file). Relative paths are relative to the configuration file.

mod calendar;
mod escalation;
mod inbox;
mod monitor;
pub mod oauth;
mod organisation;
pub mod overrides;
mod reminders;
mod review;
mod school_year;
pub mod secret;
pub mod server;
mod signing;
pub mod url;
pub mod web;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::{SchoolYear, WorkingDays, date_of};
use crate::text;

use crate::people::{self, Directory, Names, RecipientId};
use crate::toml_file::{Document, Parts, Table, Value};
use overrides::Override;

pub use calendar::Calendar;
pub use escalation::Escalation;
pub use inbox::{Credential, Inbox};
pub use monitor::Monitor;
pub use organisation::Organisation;
pub use reminders::{Coordinators, Overdue, Reminders};
pub use review::{DayOfMonth, ReviewPeriod, ReviewRule};
pub use signing::Signing;
pub use web::Site;

/// The language of messages where none is named.
const DEFAULT_LANGUAGE: &str = "vi";

/// The whole configuration, checked: every name in it means somebody, every path is absolute or relative to the
/// current directory.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file itself.
    pub file: PathBuf,
    /// The plan file.
    pub plan: PathBuf,
    /// The holiday file, where there is one.
    pub holidays: Option<PathBuf>,
    /// A folder of templates that replace the built-in ones, where there is one.
    pub templates: Option<PathBuf>,
    /// Where the store is, "sqlite:PATH", the path no longer relative to the configuration file.
    pub store: String,
    /// The folder of the store: what else the program keeps lies there too.
    pub state: PathBuf,
    /// The zone of all civil dates and times.
    pub time_zone: TimeZone,
    /// The language of messages, as an IETF tag: one that there are templates for.
    pub language: String,
    /// Who is told of failures.
    pub admin: Vec<RecipientId>,
    /// The school.
    pub organisation: Organisation,
    /// Its school year.
    pub school_year: SchoolYear,
    /// Which days are working days.
    pub working_days: WorkingDays,
    /// When owners are reminded.
    pub reminders: Reminders,
    /// When superiors are told.
    pub escalations: Vec<Escalation>,
    /// When the supervision team gets its reviews.
    pub reviews: Vec<ReviewRule>,
    /// Everybody who can be told.
    pub people: Directory,
    /// How others see that the service is well.
    pub monitor: Monitor,
    /// The pages on which people answer, where there are any.
    pub site: Option<Site>,
    /// The mailbox to which owners answer, where there is one.
    pub inbox: Option<Inbox>,
}

impl Settings {
    /// An instant in the school's time zone.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> ZonedDateTime {
        at.to_zoned_datetime(self.time_zone.clone())
    }

    /// The civil date in the school's time zone at an instant.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        date_of(&self.time_zone, at)
    }
}

/// A configuration as far as it could be read; what is missing has been noted as a mistake.
#[derive(Debug)]
pub struct Draft {
    /// The plan file.
    pub plan: Option<PathBuf>,
    /// The school year.
    pub school_year: Option<SchoolYear>,
    /// Weekdays worked and the holiday file.
    pub calendar: Calendar,
    /// The holiday file, where one is named.
    pub holidays: Option<PathBuf>,
    /// What every name means.
    pub names: Names,
    /// Where each recipient is written, by recipient.
    pub places: Vec<std::ops::Range<usize>>,
    /// Folder of templates.
    pub templates: Option<PathBuf>,
    /// The language of messages, as it is written.
    pub language: String,
    /// Where that is written, where it is.
    pub language_at: Option<std::ops::Range<usize>>,
    /// The zone.
    pub time_zone: TimeZone,
    store: String,
    state: PathBuf,
    admin: Vec<RecipientId>,
    organisation: Option<Organisation>,
    reminders: Reminders,
    escalations: Vec<Escalation>,
    reviews: Vec<ReviewRule>,
    monitor: Monitor,
    site: Option<Site>,
    /// The mailbox to which owners answer.
    pub inbox: Option<Inbox>,
    /// What is settled of tasks.
    pub overrides: Vec<Override>,
    file: PathBuf,
}

/// The tables of the channels by name; the channels themselves read them.
pub type ChannelTables<'t> = Vec<(String, Table<'t>)>;

/// Parses the text of a configuration.
#[must_use]
pub fn parse(document: &Document) -> Parts<'_> {
    Parts::of(document, people::LIST)
}

/// Reads the configuration in `file`, whose text is parsed.
#[must_use]
pub fn read<'t>(file: &Path, document: &'t Document, parts: &'t Parts<'t>) -> (Draft, ChannelTables<'t>) {
    let base = file.parent().map(Path::to_owned).unwrap_or_default();
    let path = |value: Value<'_>| value.text().map(|text| base.join(text));
    let root = Table::new(document, parts.first(), "the configuration");
    let plan = root.require("plan").and_then(path);
    let templates = root.get("templates").and_then(path);
    let store = root.get("store").and_then(|value| store(&value, &base)).unwrap_or_else(|| base.join("nhacviec.db"));
    let time_zone = root.get("timezone").and_then(|value| time_zone(&value));
    let language = root.get("language").and_then(|value| Some((value.name()?, value.span())));
    let organisation =
        root.require("organisation").and_then(|value| value.table("[organisation]")).and_then(organisation::read);
    let school_year =
        root.require("school_year").and_then(|value| value.table("[school_year]")).and_then(school_year::read);
    let calendar =
        root.get("calendar").and_then(|value| value.table("[calendar]")).map(calendar::read).unwrap_or_default();
    let reminders =
        root.get("reminders").and_then(|value| value.table("[reminders]")).map(reminders::read).unwrap_or_default();
    let channels = channels(&root);
    let people = people::read(&root, parts, channels.iter().map(|(name, _)| *name).collect());
    let admin = root.require("admin").map(|value| people.names.resolve(&value)).unwrap_or_default();
    let escalations = root.get("escalation").map(|value| value.tables("[[escalation]]")).unwrap_or_default();
    let escalations =
        escalations.into_iter().filter_map(|table| escalation::read(table, &people.names, &reminders)).collect();
    let reviews = root.get("review").map(|value| value.tables("[[review]]")).unwrap_or_default();
    let reviews = reviews.into_iter().filter_map(|table| review::read(table, &people.names)).collect();
    let overrides = overrides::read(&root, &people.names);
    let monitor = root.get("monitor").and_then(|value| value.table("[monitor]"));
    let monitor = monitor.map(|table| monitor::read(table, &base)).unwrap_or_default();
    let site = root.get("web").and_then(|value| value.table("[web]")).and_then(web::read);
    let inbox = root.get("inbox").and_then(|value| value.table("[inbox]"));
    let inbox = inbox.and_then(|table| inbox::read(table, &base));
    root.close();
    let draft = Draft {
        plan,
        school_year,
        holidays: calendar.holidays.as_ref().map(|path| base.join(path)),
        calendar,
        names: people.names,
        places: people.places,
        templates,
        language_at: language.as_ref().map(|(_, span)| span.clone()),
        language: language.map_or_else(|| DEFAULT_LANGUAGE.to_owned(), |(language, _)| language),
        time_zone: time_zone.unwrap_or_else(default_time_zone),
        state: store.parent().map(Path::to_owned).unwrap_or_default(),
        store: format!("sqlite:{}", store.display()),
        admin,
        organisation,
        reminders,
        escalations,
        reviews,
        monitor,
        site,
        inbox,
        overrides,
        file: file.to_owned(),
    };
    (draft, channels.into_iter().map(|(name, table)| (name.to_owned(), table)).collect())
}

impl Draft {
    /// The settings, when everything that must be there is.
    #[must_use]
    pub fn settle(self, working_days: WorkingDays) -> Option<Settings> {
        Some(Settings {
            file: self.file,
            plan: self.plan?,
            holidays: self.holidays,
            templates: self.templates,
            state: self.state,
            store: self.store,
            time_zone: self.time_zone,
            language: self.language,
            admin: self.admin,
            organisation: self.organisation?,
            school_year: self.school_year?,
            working_days,
            reminders: self.reminders,
            escalations: self.escalations,
            reviews: self.reviews,
            people: self.names.into_directory(),
            monitor: self.monitor,
            site: self.site,
            inbox: self.inbox,
        })
    }

    /// Everybody who is told something whatever the plan says: of reviews, of overdue tasks, of failures, or instead
    /// of somebody away.
    #[must_use]
    pub fn told_anyway(&self) -> Vec<RecipientId> {
        let deputies = self.names.directory().iter().flat_map(|(_, recipient)| &recipient.away);
        self.admin
            .iter()
            .chain(self.escalations.iter().flat_map(|rule| &rule.to))
            .chain(self.reviews.iter().flat_map(|rule| &rule.to))
            .chain(deputies.flat_map(|away| &away.deputies))
            .copied()
            .collect()
    }
}

/// The tables of the channels, with their names.
fn channels<'t>(root: &Table<'t>) -> Vec<(&'t str, Table<'t>)> {
    let Some(value) = root.require("channel") else { return Vec::new() };
    let Some(table) = value.table("[channel]") else { return Vec::new() };
    let entries = table.entries();
    if entries.is_empty() {
        value.error("empty", "there is no channel", "add [channel.email] with a `kind`");
    }
    entries.into_iter().filter_map(|(name, _, value)| Some((name, value.table(format!("[channel.{name}]"))?))).collect()
}

/// The file of the store.
fn store(value: &Value<'_>, base: &Path) -> Option<PathBuf> {
    let written = value.text()?;
    if written.starts_with("postgres:") || written.starts_with("postgresql:") {
        value.error("unknown-store", "this build keeps its store in SQLite only", "write \"sqlite:nhacviec.db\"");
        return None;
    }
    let Some(path) = written.strip_prefix("sqlite:").filter(|path| !path.is_empty()) else {
        let help = "write \"sqlite:\" and the path of a file, as \"sqlite:nhacviec.db\"";
        value.error("unknown-store", format!("`{written}` is no store"), help);
        return None;
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(base.join(path))
}

fn default_time_zone() -> TimeZone {
    // The database of zones is compiled in, so the zone is there; Vietnam has had no other offset since 1975.
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(7)))
}

fn time_zone(value: &Value<'_>) -> Option<TimeZone> {
    let name = value.text()?;
    match TimeZone::get(name) {
        Ok(zone) => Some(zone),
        Err(_) => {
            let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let near = text::closest(name, known.iter().map(String::as_str));
            let help = near.map_or_else(
                || "write a zone of the IANA database, as \"Asia/Ho_Chi_Minh\"".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            value.error("unknown-time-zone", format!("there is no time zone `{name}`"), help);
            None
        }
    }
}
