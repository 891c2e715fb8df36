//! What reading a plan needs beside its file.

use std::cell::RefCell;
use std::path::Path;

use jiff::civil::Date;

use crate::calendar::SchoolYear;
use crate::people::NameResolver;
use crate::plan::overrides::Override;
use crate::text;

use super::Field;

/// What reading a plan needs beside its file.
#[derive(Clone, Copy, Debug)]
pub struct ReadContext<'a> {
    /// The school year that "tháng 3" and "học kỳ II" are of; `None` where the configuration has none that is right,
    /// and then time columns are not looked at.
    pub year: Option<&'a SchoolYear>,
    /// What the names of people mean.
    pub names: &'a NameResolver,
    /// What the configuration settles of tasks: doubts that it answers are none.
    pub overrides: &'a [Override],
    /// What the configuration settles of the document as a whole.
    pub document: &'a DocumentSettings,
    /// Where names are kept that the configuration does not know.
    pub strangers: &'a Strangers,
}

/// Names that a plan uses and the configuration does not know, each once, in the order of the plan.
#[derive(Debug, Default)]
pub struct Strangers(RefCell<Vec<String>>);

impl Strangers {
    /// Keeps a name.
    pub(super) fn meet(&self, name: &str) {
        let mut known = self.0.borrow_mut();
        if !known.iter().any(|known| text::fold(known) == text::fold(name)) {
            known.push(name.to_owned());
        }
    }

    /// The names.
    #[must_use]
    pub fn into_names(self) -> Vec<String> {
        self.0.into_inner()
    }
}

/// What `[plan_document]` settles of a Word, Excel or CSV plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentSettings {
    /// The plan's number.
    pub number: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The regulation that its criteria are from.
    pub framework: Option<String>,
    /// The date of issue.
    pub issued: Option<Date>,
    /// What the columns with these headings hold.
    pub columns: Vec<(String, Field)>,
}

impl DocumentSettings {
    /// What the configuration says that a column of this heading holds.
    #[must_use]
    pub fn column(&self, heading: &str) -> Option<Field> {
        if self.columns.is_empty() {
            return None;
        }
        let heading = text::fold(heading);
        self.columns.iter().find(|(known, _)| text::fold(known) == heading).map(|(_, field)| *field)
    }
}

/// A plan's file as it lies on the disk.
#[derive(Clone, Debug)]
pub struct PlanFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// What it holds.
    pub bytes: Vec<u8>,
}
