//! The configuration: one TOML file of the admin's, read into [`Settings`].
//!
//! Each table of the file has a file here with its type, its defaults and its reading. Reading notes every mistake
//! of the file and goes on; see [`toml_file`](crate::toml_file). Relative paths are relative to the configuration file.

mod calendar;
pub(crate) mod certificates;
mod escalation;
mod evidence;
mod inbox;
mod keep;
mod language;
pub(crate) mod mistake;
mod monitor;
pub mod oauth;
mod organisation;
mod overrides;
mod people_lists;
mod plan_document;
mod progress;
mod reminders;
mod review;
mod school_year;
pub mod secret;
pub mod server;
mod signing;
pub mod store;
pub mod url;
pub mod web;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::{SchoolYear, WorkingDays, date_of};
use crate::diagnostic::Place;
use crate::language::Language;
use crate::plan::Recurrence;
use crate::plan::overrides::Override;
use crate::plan::reader::DocumentSettings;
use crate::text;

use crate::people::{self, Directory, KnownChannel, NameResolver, People, PeopleTables, RecipientId};
use crate::toml_file::{DocumentParts, TableName, TomlDocument, TomlTable, TomlValue};

use people_lists::PeopleLists;

pub use calendar::Calendar;
pub use escalation::Escalation;
pub use evidence::EvidenceSettings;
pub use inbox::{Credential, Inbox};
pub use keep::KeepSettings;
pub(crate) use language::MAX_CONFIG_SIZE;
pub use language::language_of;
pub(crate) use mistake::{ConfigMistake, SentInTheClear};
pub use monitor::MonitorSettings;
pub use organisation::Organisation;
pub use progress::ProgressSettings;
pub use reminders::{Coordinators, Overdue, Reminders};
pub use review::{DayOfMonth, ReviewPeriod, ReviewRule};
pub use signing::Signing;
pub use store::{ServerAddress, StoreAddress};
pub use web::Site;

/// The whole configuration, checked: every name in it stands for somebody, every path is absolute or relative to the
/// current directory.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file itself.
    pub file: PathBuf,
    /// The plan file.
    pub plan: PathBuf,
    /// The holiday file, where there is one.
    pub holidays: Option<PathBuf>,
    /// The lists of people, where there are any.
    pub people_lists: Vec<PathBuf>,
    /// A folder of templates that replace the built-in ones, where there is one.
    pub templates: Option<PathBuf>,
    /// The store; its path is no longer relative to the configuration file.
    pub store: StoreAddress,
    /// The state directory, where the key of links lies; by default that of the store's file.
    pub state: PathBuf,
    /// Where files of evidence are kept.
    pub evidence: EvidenceSettings,
    /// The time zone of all civil dates and times.
    pub time_zone: TimeZone,
    /// The language of messages, as an IETF tag: one that there are templates for.
    pub language: String,
    /// The recipients of alerts.
    pub admin: Vec<RecipientId>,
    /// The school, or another body with a plan.
    pub organisation: Organisation,
    /// The school year.
    pub school_year: SchoolYear,
    /// The working days.
    pub working_days: WorkingDays,
    /// The rules for reminders.
    pub reminders: Reminders,
    /// How reports of several leads come together.
    pub progress: ProgressSettings,
    /// The rules for telling superiors.
    pub escalations: Vec<Escalation>,
    /// The rules for reviews.
    pub reviews: Vec<ReviewRule>,
    /// The people and the names that stand for them.
    pub people: Directory,
    /// How the service is watched.
    pub monitor: MonitorSettings,
    /// How long what was sent is kept.
    pub keep: KeepSettings,
    /// The pages on which people answer; `None` where there are none.
    pub site: Option<Site>,
    /// The mailbox for answers; `None` where there is none.
    pub inbox: Option<Inbox>,
}

impl Settings {
    /// The language in which the program speaks to the admin: that of messages, or English where it does not speak that one.
    #[must_use]
    pub fn admin_language(&self) -> Language {
        Language::of_locale(&self.language).unwrap_or(Language::English)
    }

    /// An instant in the school's time zone.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> ZonedDateTime {
        at.to_zoned_datetime(self.time_zone.clone())
    }

    /// Who stands for the reader of what has no single one, a document or a page for many: it speaks as it would to an admin.
    #[must_use]
    pub fn impersonal_reader(&self) -> RecipientId {
        self.admin.first().copied().unwrap_or(RecipientId(0))
    }

    /// The civil date in the school's time zone at an instant.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        date_of(&self.time_zone, at)
    }
}

/// A configuration as far as it could be read. For whatever is missing a mistake has been noted.
#[derive(Debug)]
pub struct SettingsDraft {
    /// The plan file.
    pub plan: Option<PathBuf>,
    /// The school year.
    pub school_year: Option<SchoolYear>,
    /// The weekdays worked, and the holiday file as it is named.
    pub calendar: Calendar,
    /// The path of the holiday file.
    pub holidays: Option<PathBuf>,
    /// The people, with all names that stand for them.
    pub names: NameResolver,
    /// The place of each recipient, by recipient: of the `name`, or of the row of a list.
    pub places: Vec<Place>,
    /// Those of whom a mistake is told that leaves them without a name or an address.
    pub mistaken: std::collections::HashSet<RecipientId>,
    /// The lists of people.
    pub people_lists: Vec<PathBuf>,
    /// Folder of templates.
    pub templates: Option<PathBuf>,
    /// The language of messages, not yet checked.
    pub language: String,
    /// The place of `language`; `None` where it is left out.
    pub language_span: Option<std::ops::Range<usize>>,
    /// The time zone.
    pub time_zone: TimeZone,
    store: StoreAddress,
    state: PathBuf,
    evidence: EvidenceSettings,
    admin: Vec<RecipientId>,
    organisation: Option<Organisation>,
    reminders: Reminders,
    progress: ProgressSettings,
    escalations: Vec<Escalation>,
    reviews: Vec<ReviewRule>,
    monitor: MonitorSettings,
    keep: KeepSettings,
    site: Option<Site>,
    /// The mailbox to which owners answer.
    pub inbox: Option<Inbox>,
    /// The settings for single tasks.
    pub overrides: Vec<Override>,
    /// What is settled of the plan's document as a whole.
    pub plan_document: DocumentSettings,
    file: PathBuf,
}

/// The tables of the channels by name. The channels read them themselves.
pub type ChannelTables<'t> = Vec<(String, TomlTable<'t>)>;

/// Parses the text of a configuration.
#[must_use]
pub fn parse(document: &TomlDocument) -> DocumentParts<'_> {
    DocumentParts::of(document, people::LIST)
}

/// Reads the parsed configuration in `file`; mistakes are noted in `document`.
#[must_use]
pub fn read<'t>(
    file: &Path,
    document: &'t TomlDocument,
    parts: &'t DocumentParts<'t>,
) -> (SettingsDraft, ChannelTables<'t>) {
    let base = file.parent().map(Path::to_owned).unwrap_or_default();
    let path = |value: TomlValue<'_>| value.text().map(|text| base.join(text));
    let root = TomlTable::new(document, parts.first(), TableName::Configuration);
    let plan = root.require("plan").and_then(path);
    let templates = root.get("templates").and_then(path);
    let storage = storage(&root, &base);
    let time_zone = root.get("timezone").and_then(|value| time_zone(&value));
    let language = root.get("language").and_then(|value| Some((value.name()?, value.span())));
    let organisation =
        root.require("organisation").and_then(|value| value.table("[organisation]")).and_then(organisation::read);
    let school_year =
        root.require("school_year").and_then(|value| value.table("[school_year]")).and_then(school_year::read);
    let calendar = section(&root, "calendar").map(calendar::read).unwrap_or_default();
    let reminders = section(&root, "reminders").map(reminders::read).unwrap_or_default();
    let progress = section(&root, "progress").map(progress::read).unwrap_or_default();
    let channels = channels(&root);
    let (people, people_lists) = people(&root, parts, &base, &channels);
    let admin = root.require("admin").map(|value| people.names.resolve(&value)).unwrap_or_default();
    let escalations = escalations(&root, &people.names, &reminders);
    let reviews = root.get("review").map(|value| value.tables("[[review]]")).unwrap_or_default();
    let reviews = reviews.into_iter().filter_map(|table| review::read(table, &people.names)).collect();
    let overrides = overrides::read(&root, &people.names);
    let plan_document = section(&root, "plan_document").map(plan_document::read).unwrap_or_default();
    let monitor = section(&root, "monitor").map(|table| monitor::read(table, &base)).unwrap_or_default();
    let keep = section(&root, "keep").map(keep::read).unwrap_or_default();
    let site = section(&root, "web").and_then(web::read);
    let inbox = section(&root, "inbox").and_then(|table| inbox::read(table, &base));
    root.close();
    let draft = SettingsDraft {
        plan,
        school_year,
        holidays: calendar.holidays.as_ref().map(|path| base.join(path)),
        calendar,
        names: people.names,
        places: people.places,
        mistaken: people.mistaken,
        people_lists,
        templates,
        language_span: language.as_ref().map(|(_, span)| span.clone()),
        language: language.map_or_else(|| language::DEFAULT.as_str().to_owned(), |(language, _)| language),
        time_zone: time_zone.unwrap_or_else(default_time_zone),
        state: storage.state,
        evidence: storage.evidence,
        store: storage.store,
        admin,
        organisation,
        reminders,
        progress,
        escalations,
        reviews,
        monitor,
        keep,
        site,
        inbox,
        overrides,
        plan_document,
        file: file.to_owned(),
    };
    (draft, channels.into_iter().map(|(name, table)| (name.to_owned(), table)).collect())
}

impl SettingsDraft {
    /// The settings; `None` where something required is missing.
    #[must_use]
    pub fn settle(self, working_days: WorkingDays) -> Option<Settings> {
        Some(Settings {
            file: self.file,
            plan: self.plan?,
            holidays: self.holidays,
            people_lists: self.people_lists,
            templates: self.templates,
            state: self.state,
            evidence: self.evidence,
            store: self.store,
            time_zone: self.time_zone,
            language: self.language,
            admin: self.admin,
            organisation: self.organisation?,
            school_year: self.school_year?,
            working_days,
            reminders: self.reminders,
            progress: self.progress,
            escalations: self.escalations,
            reviews: self.reviews,
            people: self.names.into_directory(),
            monitor: self.monitor,
            keep: self.keep,
            site: self.site,
            inbox: self.inbox,
        })
    }

    /// The admins.
    #[must_use]
    pub fn admin(&self) -> &[RecipientId] {
        &self.admin
    }

    /// Whether the leads of work that recurs so are asked about it: before the reviews of its periods, or of longer ones.
    #[must_use]
    pub fn asks_about(&self, recurrence: Recurrence) -> bool {
        self.reviews.iter().filter(|rule| rule.ask_owners.is_some()).any(|rule| match rule.period {
            ReviewPeriod::Month(_) => recurrence == Recurrence::Month,
            ReviewPeriod::Term => true,
            ReviewPeriod::Year => false,
        })
    }

    /// The recipients of messages that no task names: of reviews, of escalations, of alerts, and deputies.
    #[must_use]
    pub fn recipients_outside_plan(&self) -> Vec<RecipientId> {
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

/// Who there is by the lists of the school and the configuration, and the lists.
fn people<'t>(
    root: &TomlTable<'t>,
    parts: &DocumentParts<'_>,
    base: &Path,
    channels: &[(&'t str, TomlTable<'t>)],
) -> (People, Vec<PathBuf>) {
    let channels = channels.iter().map(|(name, table)| KnownChannel { name, kind: kind_of(table) }).collect();
    let lists = root.get("people").map(|value| people_lists::read(&value, base));
    let (paths, listed, lacks_list) = match lists {
        Some(PeopleLists { paths, people, lacks_list }) => (paths, Some(people), lacks_list),
        None => (Vec::new(), None, false),
    };
    (people::read(PeopleTables { root, parts, listed, lacks_list, channels }), paths)
}

/// The rules for telling superiors.
fn escalations(root: &TomlTable<'_>, names: &NameResolver, reminders: &Reminders) -> Vec<Escalation> {
    let tables = root.get("escalation").map(|value| value.tables("[[escalation]]")).unwrap_or_default();
    tables.into_iter().filter_map(|table| escalation::read(table, names, reminders)).collect()
}

/// The `kind` of a channel, where it is a text; what is wrong with it the channel itself says.
fn kind_of<'t>(table: &TomlTable<'t>) -> Option<&'t str> {
    table.get("kind")?.as_text()
}

/// The table of this name, where there is one.
fn section<'t>(root: &TomlTable<'t>, name: &'static str) -> Option<TomlTable<'t>> {
    root.get(name).and_then(|value| value.table(format!("[{name}]")))
}

/// The tables of the channels, with their names.
fn channels<'t>(root: &TomlTable<'t>) -> Vec<(&'t str, TomlTable<'t>)> {
    let Some(value) = root.require("channel") else { return Vec::new() };
    let Some(table) = value.table("[channel]") else { return Vec::new() };
    let entries = table.entries();
    if entries.is_empty() {
        value.error(ConfigMistake::NoChannel);
    }
    entries.into_iter().filter_map(|(name, _, value)| Some((name, value.table(format!("[channel.{name}]"))?))).collect()
}

/// Where the program keeps what outlives it.
struct Storage {
    store: StoreAddress,
    state: PathBuf,
    evidence: EvidenceSettings,
}

/// Reads `store`, `state` and `[evidence]`: where nothing else is said, all lies beside the store's file. A database has no
/// place beside it, so that `state` must be said.
fn storage(root: &TomlTable<'_>, base: &Path) -> Storage {
    let store = store::read(root, base);
    let state = match store.file() {
        Some(_) => root.get("state"),
        None => root.require("state"),
    };
    let state = state.and_then(|value| value.text().map(|text| base.join(text)));
    let beside = store.file().and_then(Path::parent);
    let state = state.unwrap_or_else(|| beside.map(Path::to_owned).unwrap_or_default());
    let evidence = root.get("evidence").and_then(|value| value.table("[evidence]"));
    let evidence = evidence::read(evidence, base, &state);
    Storage { store, state, evidence }
}

fn default_time_zone() -> TimeZone {
    // The database of zones is compiled in, so the zone is there; Vietnam has had no other offset since 1975.
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(7)))
}

fn time_zone(value: &TomlValue<'_>) -> Option<TimeZone> {
    let name = value.text()?;
    match TimeZone::get(name) {
        Ok(zone) => Some(zone),
        Err(_) => {
            let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let near = text::closest(name, known.iter().map(String::as_str));
            let near = near.map(str::to_owned);
            value.error(ConfigMistake::NoTimeZone { written: name.to_owned(), near });
            None
        }
    }
}
