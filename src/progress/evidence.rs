//! Evidence (*minh chứng*) that owners hand in for their reports. The files are in the
//! [`EvidenceStore`](crate::evidence_store::EvidenceStore).
//!

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::{Plan, Task, TaskId};
use crate::progress::How;

/// A piece of evidence: a file or an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A file of the evidence store.
    File {
        /// SHA-256 of the content, in lower-case hexadecimal digits; the name under which the file is kept.
        hash: String,
        /// The name of the file, without folders; its ending is that of its media type.
        name: String,
        /// The media type, by the content.
        media_type: String,
        /// The size in bytes.
        size: u64,
    },
    /// An address of the web.
    Link(String),
}

/// The longest address of evidence, in bytes.
const MAX_LINK: usize = 2000;

/// An address of the web that can be evidence, as it is kept; `None` for any other. One that holds a name or a password is
/// none: everybody who sees the evidence could log in with it.
#[must_use]
pub fn link(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    Some(url.to_string()).filter(|address| is_plain && address.len() <= MAX_LINK)
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

    /// The hash of a file; `None` for an address.
    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        match self {
            Self::File { hash, .. } => Some(hash),
            Self::Link(_) => None,
        }
    }

    /// What tells it from others: the hash of a file, or the address.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::File { hash, .. } => hash,
            Self::Link(address) => address,
        }
    }
}

/// A piece of evidence with its code and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its code in the form of the evaluation guidance, without brackets: `H1-1.4-01`.
    pub code: String,
    /// The task.
    pub task: TaskId,
    /// Its running number among the evidence for one criterion, from 1.
    pub number: u32,
    /// The instant at which it was handed in.
    pub at: Timestamp,
    /// The person who handed it in, by the name in the configuration, else as they signed.
    pub by: Option<String>,
    /// The way by which it came.
    pub how: How,
    /// The file or address.
    pub proof: Proof,
}

/// The part of a code of evidence before the running number: `H1-1.4`.
///
/// Box n holds standard n. The requirements of level 4, and tasks without a criterion, which belong to no standard,
/// share the box after that of the plan's last standard.
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
