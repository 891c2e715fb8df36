//! The formats that a plan can be written in: one line each.

use std::path::Path;

use crate::calendar::SchoolYear;
use crate::config::overrides::Override;
use crate::diagnostic::Diagnostics;
use crate::people::NameResolver;

use super::{Plan, office, toml};

/// What reading a plan needs beside its file.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The school year that "tháng 3" and "học kỳ II" are of; `None` where the configuration has none that is right,
    /// and then time columns are not looked at.
    pub year: Option<&'a SchoolYear>,
    /// What the names of people mean.
    pub names: &'a NameResolver,
    /// What the configuration settles of tasks: doubts that it answers are none.
    pub overrides: &'a [Override],
}

/// A plan's file as it lies on the disk.
#[derive(Clone, Debug)]
pub struct PlanFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads a plan from its file; mistakes are noted.
type Reader = fn(PlanFile<'_>, Surroundings<'_>, &mut Diagnostics) -> Option<Plan>;

/// Each format by the ending of its files.
const FORMATS: &[(&str, Reader)] =
    &[("toml", toml::read), ("docx", office::read_docx), ("xlsx", office::read_xlsx), ("csv", office::read_csv)];

/// The reader for a file, by its ending.
///
/// # Errors
/// The endings that there are readers for.
pub fn reader(file: &Path) -> Result<Reader, Vec<&'static str>> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let found = FORMATS.iter().find(|(known, _)| *known == ending);
    found.map(|(_, reader)| *reader).ok_or_else(|| FORMATS.iter().map(|(ending, _)| *ending).collect())
}
