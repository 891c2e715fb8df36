//! A configuration to begin with: written from the plan, the school's list of people, and what the admin says.
//!
//! The plan is read once as if every usual role were held, so that what it uses and nobody holds is known; those roles become
//! rows of a list to fill in.

mod school_years;
mod settings_text;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::app::load_school::{Imported, import_plan};
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::people::usual::{self, USUAL_NAMES};
use crate::people_list::{self, ListTexts, RoleRow};
use crate::plan::reader::{self, Letterhead};
use crate::text;

pub use school_years::{SchoolYearDates, year_of};
pub use settings_text::{MailService, PASSWORD_FILE, SetupLanguage};

/// The name of the configuration.
pub const CONFIG: &str = "nhacviec.toml";
/// The days off in Vietnam, as the program is shipped with them.
pub(crate) const HOLIDAYS: (&str, &str) = ("holidays-vn.toml", include_str!("../../../config/holidays-vn.toml"));
/// Whom every configuration names: superiors of what is late, who gets the reviews, who is told of failures.
const PRINCIPAL: &str = "Hiệu trưởng";
const SUPERVISORS: &str = "Ban kiểm tra nội bộ";
const ADMIN: &str = "Quản trị";
/// Words with which the name of a body begins, and that alone name none.
const BODIES: &[&str] = &["to", "khoi", "ban", "hoi", "nhom", "doi", "phong", "bo phan", "cac"];
/// The name of a role has no more words, but that of a body.
const MAX_NAME_WORDS: usize = 4;
/// A name that is longer, in letters, is a sentence that nobody could be called.
const MAX_ROLE: usize = 60;

/// A file that the school has, by the name that it gets beside the configuration.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What a configuration is made of that neither the plan nor the list says.
#[derive(Clone, Debug, Default)]
pub struct SchoolFacts {
    /// The school's name.
    pub school: Option<String>,
    /// The place before the date of a report.
    pub place: Option<String>,
    /// The body above the school.
    pub authority: Option<String>,
    /// How mail is sent; into a folder where nothing is said.
    pub mail: MailService,
    /// The mailbox that mail is sent from.
    pub mailbox: Option<String>,
    /// The address of whoever is told of failures.
    pub admin_email: Option<String>,
    /// The language of messages and comments.
    pub language: SetupLanguage,
    /// Whether it is for the service as it is installed, whose data lie apart and who gets passwords from systemd.
    pub is_service: bool,
}

impl SchoolFacts {
    /// These facts; what they leave open is taken from the plan's letterhead.
    #[must_use]
    pub fn or_of(self, letterhead: &Letterhead) -> Self {
        Self {
            school: self.school.or_else(|| letterhead.organisation.clone()),
            place: self.place.or_else(|| letterhead.place.clone()),
            authority: self.authority.or_else(|| letterhead.authority.clone()),
            ..self
        }
    }
}

/// A configuration and the files beside it.
#[derive(Debug)]
pub struct Setup {
    /// The files, by their names in the folder of the configuration; the configuration is the last.
    pub files: Vec<GivenFile>,
    /// The list with the roles that wait for somebody; `None` where everybody is known.
    pub list: Option<String>,
    /// Those roles.
    pub open_roles: Vec<String>,
    /// How many tasks the plan has.
    pub tasks: usize,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The plan or the list cannot be read.
    #[error("the plan or the list of people cannot be read")]
    Unreadable(Diagnostics),
    /// The list of roles could not be written.
    #[error("the list of people cannot be written")]
    List(#[from] zip::result::ZipError),
}

/// Makes a configuration of a plan, of a list of people where there is one, and of what the admin says. `today` counts where
/// the plan names no year.
///
/// # Errors
/// [`SetupError`] where the plan or the list cannot be read.
pub fn configuration(
    plan: &GivenFile,
    list: Option<GivenFile>,
    facts: SchoolFacts,
    today: Date,
) -> Result<Setup, SetupError> {
    let letterhead = reader::letterhead(Path::new(&plan.name), &plan.bytes);
    let facts = facts.or_of(&letterhead);
    let year = SchoolYearDates::beginning_in(written_year(plan).unwrap_or_else(|| year_of(today)));
    let draft = settings_text::SettingsText {
        facts: &facts,
        letterhead: &letterhead,
        year,
        plan: &plan.name,
        lists: Vec::new(),
    };
    let survey = survey(plan, list.as_ref(), &draft)?;
    let texts = facts.language.list_texts();
    let mut files = vec![plan.clone()];
    let mut lists: Vec<String> = list.iter().map(|list| list.name.clone()).collect();
    let mut added = None;
    if !survey.open.is_empty() {
        let name = if list.is_some() { texts.more } else { texts.list };
        files.push(GivenFile { name: name.to_owned(), bytes: people_list::workbook(&texts.texts, &survey.open)? });
        lists.push(name.to_owned());
        added = Some(name.to_owned());
    }
    files.extend(list);
    files.push(GivenFile { name: HOLIDAYS.0.to_owned(), bytes: HOLIDAYS.1.as_bytes().to_vec() });
    let text = settings_text::SettingsText { lists, ..draft }.to_string();
    files.push(GivenFile { name: CONFIG.to_owned(), bytes: text.into_bytes() });
    let open_roles = survey.open.into_iter().map(|row| row.role).collect();
    Ok(Setup { files, list: added, open_roles, tasks: survey.tasks })
}

/// What is doubtful or wrong in `plan`, by a configuration that may settle some of it already, as `check` will tell it.
#[must_use]
pub fn doubts_of_plan(files: &Files, config: &Path, plan: &Path) -> Diagnostics {
    let read = import_plan(files, config, plan);
    let found = read.map_or_else(|found| found, |imported| imported.found);
    let mut doubts = Diagnostics::default();
    // What is said of a file of its own is left to `check`: addresses are still to be filled in.
    for found in found.into_sorted().into_iter().filter(|found| found.place.path() == plan) {
        doubts.push(found);
    }
    doubts
}

pub(crate) fn is_toml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

/// The calendar year in which the plan's school year begins: as it says, else as it was issued; `None` where it says neither.
#[must_use]
pub fn written_year(plan: &GivenFile) -> Option<i16> {
    let letterhead = reader::letterhead(Path::new(&plan.name), &plan.bytes);
    let written = std::str::from_utf8(&plan.bytes).ok().filter(|_| is_toml(&plan.name));
    let toml = written.and_then(|text| text.parse::<toml_edit::DocumentMut>().ok());
    let of_key = |key: &str| toml.as_ref().and_then(|toml| toml.get(key));
    let title = of_key("title").and_then(|title| title.as_str()).and_then(reader::school_year_of);
    let issued = of_key("issued").and_then(|issued| issued.as_datetime()?.date).and_then(|date| {
        Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
    });
    letterhead.school_year.or(title).or_else(|| letterhead.issued.or(issued).map(school_years::year_of))
}

/// What the plan uses and nobody holds.
struct PlanSurvey {
    open: Vec<RoleRow>,
    tasks: usize,
}

/// Reads the plan with the people of the list and, for each usual role that none of them holds, somebody of that name.
fn survey(
    plan: &GivenFile,
    list: Option<&GivenFile>,
    draft: &settings_text::SettingsText<'_>,
) -> Result<PlanSurvey, SetupError> {
    let held = match list {
        Some(list) => held(list)?,
        None => BTreeSet::new(),
    };
    let is_held = |role: &str| held.contains(&text::fold(role));
    let roles = USUAL_NAMES.iter().filter(|usual| usual.members.is_empty()).map(|usual| usual.name);
    let supposed: Vec<&str> = roles.chain([ADMIN]).filter(|role| !is_held(role)).collect();
    let config = draft.with_supposed(list.map(|list| list.name.as_str()), &supposed);
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![
        (CONFIG.into(), config.into_bytes()),
        (HOLIDAYS.0.into(), HOLIDAYS.1.as_bytes().to_vec()),
        (PathBuf::from(&plan.name), plan.bytes.clone()),
    ];
    files.extend(list.map(|list| (PathBuf::from(&list.name), list.bytes.clone())));
    let imported = import_plan(&Files::given(files), Path::new(CONFIG), Path::new(&plan.name));
    let Imported { plan, people, strangers, .. } = imported.map_err(SetupError::Unreadable)?;
    let used: BTreeSet<&str> = plan
        .tasks
        .iter()
        .flat_map(|task| task.leads.iter().chain(&task.coordinators))
        .map(|id| people.get(*id).name.as_str())
        .collect();
    let is_open = |role: &&&str| used.contains(**role) || [PRINCIPAL, SUPERVISORS, ADMIN].contains(*role);
    let mut open: Vec<String> = supposed.iter().filter(is_open).map(|role| (*role).to_owned()).collect();
    open.extend(strangers.into_iter().filter(|name| may_be_role(name)));
    let email = |role: &str| draft.facts.admin_email.clone().filter(|_| role == ADMIN);
    let open = open.into_iter().map(|role| RoleRow { email: email(&role), role }).collect();
    Ok(PlanSurvey { open, tasks: plan.tasks.len() })
}

/// Whether a name that nobody knows may be that of a role: some words out of a sentence are none, and are left to `check`.
fn may_be_role(name: &str) -> bool {
    let folded = text::fold(name);
    let words = folded.split(' ').count();
    let is_body = BODIES.iter().any(|body| folded.strip_prefix(body).is_some_and(|rest| rest.starts_with(' ')));
    let is_kind = usual::roles_of(name).iter().any(|role| usual::of(role).is_some());
    let is_name = name.starts_with(char::is_uppercase) && words <= MAX_NAME_WORDS && !BODIES.contains(&folded.as_str());
    name.chars().count() <= MAX_ROLE && (is_body || is_kind || is_name)
}

/// The roles that somebody of a list holds, folded.
fn held(list: &GivenFile) -> Result<BTreeSet<String>, SetupError> {
    let mut found = Diagnostics::default();
    let path = Path::new(&list.name);
    // Single cells are mended later.
    let Some(rows) = people_list::rows(path, &list.bytes, &mut found) else {
        return Err(SetupError::Unreadable(found));
    };
    let people = people_list::people(rows, &mut found);
    Ok(people.iter().flat_map(|person| &person.roles).map(|role| text::fold(role)).collect())
}

/// The words of a list in a language, and the names of its files.
#[derive(Clone, Copy, Debug)]
struct SetupTexts {
    texts: ListTexts,
    list: &'static str,
    more: &'static str,
}
