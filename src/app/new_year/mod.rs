//! A new school year: the next plan takes the place of the one of the year that ends, which stays readable.
//!
//! Everything is made and read as it is going to be before anything is written. Files come first, then what is carried over in
//! the store, and the configuration last and whole: until then the year that ends goes on, and from then on the next one does.
//! Whatever comes in between, the same command again makes the same of it.

mod carried;
mod days_off;
mod settings;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::app::init::{self, GivenFile, SchoolYearDates};
use crate::app::load_school::{Imported, Loaded, MAX_PLAN_SIZE, import_plan, load_school};
use crate::calendar::SchoolYear;
use crate::config::MAX_CONFIG_SIZE;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::plan::Plan;
use crate::private_files;
use crate::school::Scope;

use carried::{by_wording, wording};
use settings::{NextYear, of_next_year, of_old_year};

pub use carried::{CarriedTask, YearEnd, carry_over, year_end};

/// A school year that is about to begin.
#[derive(Debug)]
pub struct NewYear {
    /// What the year that ends is called: "2025-2026".
    pub old_year: String,
    /// What the next is called.
    pub new_year: String,
    /// The dates of the next.
    pub dates: SchoolYearDates,
    /// The school in the next year, as it will be read.
    pub next: Loaded,
    /// The folder of the year that ends.
    pub folder: PathBuf,
    /// The configuration by which that year is read from now on.
    pub old_config: PathBuf,
    /// The plan of the next year.
    pub plan: PathBuf,
    /// The tasks of which the configuration settles something that is no longer settled.
    pub unsettled: Vec<String>,
    /// The calendar years whose days off are added to the holiday file.
    pub days_off: Vec<i16>,
    /// The number under which the plan is kept, where its own was another plan's before.
    pub number: Option<String>,
    /// What is written, in this order, but for the configuration.
    files: Vec<NewFile>,
    /// The configuration of the next year.
    config: NewFile,
}

/// A file to be written, whole.
#[derive(Debug)]
struct NewFile {
    path: PathBuf,
    bytes: Vec<u8>,
    /// The file whose owner and mode it gets.
    like: PathBuf,
}

/// Why there is no new year.
#[derive(Debug, thiserror::Error)]
pub enum NewYearError {
    /// The next year's configuration, as it would be, has mistakes; or the plan cannot be read.
    #[error("the new plan, or what the configuration says of the new year, has mistakes: nothing was changed")]
    Unreadable(Diagnostics),
    /// The plan is of the year of the configuration.
    #[error(
        "the plan is of the school year {0}, as the configuration is: a plan that was only changed takes the place of the old file"
    )]
    SameYear(String),
    /// The plan has the number of an earlier one, and no configuration can give it another.
    #[error("the plan has the number {0}, which is another plan's: write its own number into it")]
    SameNumber(String),
    /// The configuration cannot be changed.
    #[error("the configuration cannot be changed: {0}")]
    Toml(#[from] toml_edit::TomlError),
    /// A file could not be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// What a school year is called: "2025-2026".
#[must_use]
pub fn year_name(year: &SchoolYear) -> String {
    let (first, last) = (year.start().year(), year.end().year());
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// The configuration by which an earlier year is read, beside the present one.
#[must_use]
pub fn config_of(config: &Path, year: &str) -> PathBuf {
    let stem = config.file_stem().unwrap_or_default().to_string_lossy();
    config.with_file_name(format!("{stem}-{year}.toml"))
}

/// The earlier years that can be read, by name.
#[must_use]
pub fn earlier_years(config: &Path) -> Vec<String> {
    let stem = format!("{}-", config.file_stem().unwrap_or_default().to_string_lossy());
    let folder = config.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let year = |name: String| name.strip_prefix(&stem)?.strip_suffix(".toml").map(str::to_owned);
    let mut years: Vec<String> =
        names.filter_map(year).filter(|year| year.starts_with(|first: char| first.is_ascii_digit())).collect();
    years.sort();
    years
}

/// Whether the plan is the one of the configuration already, which another year came before: then all is done.
#[must_use]
pub fn is_done(config: &Path, old: &Loaded, plan: &GivenFile) -> bool {
    let settings = &old.school.settings;
    let is_present = Files::Disk.read(&settings.plan, MAX_PLAN_SIZE).is_ok_and(|bytes| bytes == plan.bytes);
    let before = earlier_years(config).into_iter().any(|year| year < year_name(&settings.school_year));
    is_present && before
}

/// Prepares the year of a plan after that of the configuration, which is `old` as it is read. `number` is the one to keep the plan
/// under, where its own is another's. Writes nothing.
///
/// # Errors
/// [`NewYearError`] where the plan is of no later year, or something is not well with what the next year would be.
pub fn prepare(
    config: &Path,
    old: &Loaded,
    plan: &GivenFile,
    number: Option<String>,
    today: Date,
) -> Result<NewYear, NewYearError> {
    let base = config.parent().unwrap_or(Path::new(""));
    let old_settings = &old.school.settings;
    let old_year = year_name(&old_settings.school_year);
    let dates = dates(plan, &old_settings.school_year, today)?;
    let text = read(config, MAX_CONFIG_SIZE)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let plan_path = place_of_plan(base, plan, dates.start.year())?;
    let plan_name = plan_path.strip_prefix(base).unwrap_or(&plan_path).to_string_lossy().into_owned();

    let kept = kept_files(old, base, &old_year)?;
    let place = |written: &str| kept.get(&base.join(written)).map(|(name, _)| format!("{old_year}/{name}"));
    let old_config = config_of(config, &old_year);
    let old_text = of_old_year(&text, place)?;
    let mut files: Vec<NewFile> = Vec::new();
    for (path, (name, bytes)) in &kept {
        files.push(NewFile { path: base.join(&old_year).join(name), bytes: bytes.clone(), like: path.clone() });
    }
    files.push(NewFile { path: old_config.clone(), bytes: old_text.into_bytes(), like: config.to_owned() });
    files.push(NewFile { path: plan_path.clone(), bytes: plan.bytes.clone(), like: old_settings.plan.clone() });
    let days_off = days_off(old, dates, &mut files)?;

    let old_decision = SchoolYearDates::beginning_in(old_settings.school_year.start().year()).decision;
    let next = NextYear { plan: &plan_name, number: number.as_deref(), dates, old_decision, tasks: &HashSet::new() };
    let unsettled_text = of_next_year(&text, next)?;
    let tasks = settled_tasks(config, &files, &unsettled_text, &plan_path, &old_settings.plan)?;
    let text_of_next = of_next_year(&text, NextYear { tasks: &tasks, ..next })?;
    let config_file = NewFile { path: config.to_owned(), bytes: text_of_next.into_bytes(), like: config.to_owned() };
    let loaded = load_school(&as_changed(&files, Some(&config_file)), config).map_err(NewYearError::Unreadable)?;
    // The year that ends must be readable as it is kept, or it would be found out when it is too late.
    load_school(&as_changed(&files, None), &old_config).map_err(NewYearError::Unreadable)?;
    Ok(NewYear {
        folder: base.join(&old_year),
        unsettled: unsettled(&text, &tasks),
        new_year: year_name(&loaded.school.settings.school_year),
        old_year,
        dates,
        next: loaded,
        old_config,
        plan: plan_path,
        days_off,
        number,
        files,
        config: config_file,
    })
}

impl NewYear {
    /// Another number for the plan, where its own is that of another plan of the store: `is_known` says whether it is.
    ///
    /// # Errors
    /// [`NewYearError::SameNumber`] where the plan alone says its number.
    pub fn other_number(&self, old: &Scope, is_known: bool) -> Result<Option<String>, NewYearError> {
        let scope = self.next.school.scope();
        if scope != *old && !is_known {
            return Ok(None);
        }
        if init::is_toml(&self.plan.to_string_lossy()) || self.number.is_some() {
            return Err(NewYearError::SameNumber(scope.plan));
        }
        Ok(Some(format!("{} ({})", scope.plan, self.new_year)))
    }

    /// Writes the files of both years, each whole, but for the configuration. What is there already is not written again.
    ///
    /// # Errors
    /// When a file cannot be written; those before it are.
    pub fn write_files(&self) -> Result<(), NewYearError> {
        self.files.iter().try_for_each(NewFile::write)
    }

    /// Puts the configuration of the next year in the place of the one of before, which is kept.
    ///
    /// # Errors
    /// When it cannot be written; then the one of before is in force.
    pub fn begin(&self) -> Result<(), NewYearError> {
        self.config.write()
    }
}

impl NewFile {
    fn write(&self) -> Result<(), NewYearError> {
        if std::fs::read(&self.path).is_ok_and(|bytes| bytes == self.bytes) {
            return Ok(());
        }
        let failed = |source| NewYearError::File { path: self.path.clone(), source };
        private_files::replace(&self.path, &self.bytes, &self.like).map_err(failed)
    }
}

fn read(path: &Path, max: u64) -> Result<Vec<u8>, NewYearError> {
    Files::Disk.read(path, max).map_err(|source| NewYearError::File { path: path.to_owned(), source })
}

/// The files as they are going to be.
fn as_changed(files: &[NewFile], config: Option<&NewFile>) -> Files {
    Files::changed(files.iter().chain(config).map(|file| (file.path.clone(), file.bytes.clone())))
}

/// The dates of the plan's school year: as it says, else of the year after that of the configuration.
fn dates(plan: &GivenFile, old: &SchoolYear, today: Date) -> Result<SchoolYearDates, NewYearError> {
    let year = init::written_year(plan).unwrap_or_else(|| init::year_of(today).max(old.start().year() + 1));
    if year <= old.start().year() {
        return Err(NewYearError::SameYear(format!("{year}-{}", year + 1)));
    }
    Ok(SchoolYearDates::beginning_in(year))
}

/// Where the plan is going to lie: under its own name, unless another file has that.
fn place_of_plan(base: &Path, plan: &GivenFile, year: i16) -> Result<PathBuf, NewYearError> {
    let own = Path::new(&plan.name);
    let (stem, ending) = (own.file_stem().unwrap_or_default(), own.extension().unwrap_or_default());
    let (stem, ending) = (stem.to_string_lossy(), ending.to_string_lossy());
    let mut name = plan.name.clone();
    let mut count = 1;
    loop {
        let path = base.join(&name);
        match Files::Disk.read(&path, MAX_PLAN_SIZE) {
            Ok(bytes) if bytes == plan.bytes => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(path),
            Err(source) if source.kind() != std::io::ErrorKind::FileTooLarge => {
                return Err(NewYearError::File { path, source });
            }
            Ok(_) | Err(_) => {}
        }
        let number = if count == 1 { String::new() } else { format!("-{count}") };
        name = format!("{stem}-{year}-{}{number}.{ending}", year + 1);
        count += 1;
    }
}

/// The plan, the lists of people and the days off of the year that ends: what each is called in its folder, and what it holds.
fn kept_files(old: &Loaded, base: &Path, old_year: &str) -> Result<BTreeMap<PathBuf, (String, Vec<u8>)>, NewYearError> {
    let settings = &old.school.settings;
    let mut kept = BTreeMap::new();
    let mut names = HashSet::new();
    for path in [&settings.plan].into_iter().chain(&settings.people_lists).chain(&settings.holidays) {
        if path.starts_with(base.join(old_year)) || kept.contains_key(path) {
            continue;
        }
        let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        while !names.insert(name.clone()) {
            name.insert(0, '_');
        }
        kept.insert(path.clone(), (name, read(path, MAX_PLAN_SIZE)?));
    }
    Ok(kept)
}

/// Adds the days off of the next year to the school's file, as far as the program is shipped with them.
fn days_off(old: &Loaded, dates: SchoolYearDates, files: &mut Vec<NewFile>) -> Result<Vec<i16>, NewYearError> {
    let Some(path) = &old.school.settings.holidays else { return Ok(Vec::new()) };
    let text = String::from_utf8_lossy(&read(path, MAX_CONFIG_SIZE)?).into_owned();
    let years = dates.start.year()..=dates.end.year();
    let Some((text, added)) = days_off::with_years(&text, years, init::HOLIDAYS.1) else { return Ok(Vec::new()) };
    files.push(NewFile { path: path.clone(), bytes: text.into_bytes(), like: path.clone() });
    Ok(added)
}

/// The tasks that both plans call the same and say the same of, as their documents have them.
fn settled_tasks(
    config: &Path,
    files: &[NewFile],
    bare: &str,
    plan: &Path,
    old_plan: &Path,
) -> Result<HashSet<String>, NewYearError> {
    let bare = NewFile { path: config.to_owned(), bytes: bare.as_bytes().to_vec(), like: config.to_owned() };
    let new = written(&as_changed(files, Some(&bare)), config, plan)?;
    let old = written(&Files::Disk, config, old_plan)?;
    let again = by_wording(&new);
    let is_same = |task: &&crate::plan::Task| again.get(&wording(task)).is_some_and(|again| again.name == task.name);
    Ok(old.tasks.iter().filter(is_same).map(|task| task.name.clone()).collect())
}

fn written(files: &Files, config: &Path, plan: &Path) -> Result<Plan, NewYearError> {
    let Imported { plan, .. } = import_plan(files, config, plan).map_err(NewYearError::Unreadable)?;
    Ok(plan)
}

/// The tasks of which the configuration settles something, and that are not among those whose settings are kept.
fn unsettled(text: &str, kept: &HashSet<String>) -> Vec<String> {
    let document = text.parse::<toml_edit::DocumentMut>().ok();
    let tasks = document.as_ref().and_then(|document| document.get("task")?.as_table_like());
    let names = tasks.into_iter().flat_map(toml_edit::TableLike::iter).map(|(name, _)| name.to_owned());
    names.filter(|name| !kept.contains(&crate::text::nfc(name))).collect()
}
