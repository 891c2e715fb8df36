//! What owners hand in to prove their reports (*minh chứng*): values, and the [`EvidenceStore`] that keeps the files.
//!
//! What the store knows of each piece is `store`'s.

use jiff::Timestamp;

use crate::plan::{Plan, Task, TaskId};
use crate::progress::How;

/// A piece of evidence as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A file on the [`EvidenceStore`].
    File {
        /// SHA-256 of what it holds, in lower-case hexadecimal digits; names it on the shelf.
        hash: String,
        /// What it was called, without folders, its ending in keeping with what it is.
        name: String,
        /// What it is, by what it holds.
        media_type: String,
        /// How many bytes it has.
        size: u64,
    },
    /// An address of the web.
    Link(String),
}

impl Proof {
    /// The name of the file, or the address.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::File { name, .. } => name,
            Self::Link(address) => address,
        }
    }
}

/// A piece of evidence with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its code in the form of the evaluation guidance, without brackets: `H1-1.4-01`.
    pub code: String,
    /// The task that it is for.
    pub task: TaskId,
    /// Its running number among the evidence for one criterion, from 1.
    pub number: u32,
    /// When it was handed in.
    pub at: Timestamp,
    /// By whom, as they are called in the configuration or as they signed.
    pub by: Option<String>,
    /// By which way.
    pub how: How,
    /// The thing itself.
    pub thing: Proof,
}

/// Where the evidence of a task is filed: the part of its code before the running number, `H1-1.4`.
///
/// Box n holds standard n. The requirements of level 4 and tasks of no criterion, which belong to no standard, share the
/// box behind that of the plan's last standard.
#[must_use]
pub fn filed_under(plan: &Plan, task: &Task) -> String {
    let numbered = |task: &Task| task.standard().and_then(|standard| standard.parse::<u32>().ok());
    let standards = plan.standards.keys().filter_map(|number| number.parse().ok());
    let behind = || plan.tasks.iter().filter_map(numbered).chain(standards).max().unwrap_or(0).saturating_add(1);
    let number = numbered(task).unwrap_or_else(behind);
    format!("H{number}-{}", task.criterion.as_deref().unwrap_or(task.id.as_str()))
}

/// The code of a piece of evidence: `H1-1.4-01`.
#[must_use]
pub fn code(filed_under: &str, number: u32) -> String {
    format!("{filed_under}-{number:02}")
}
