//! What is wrong with a file before anything in it is looked at.

use std::io;
use std::path::PathBuf;

use super::mistakes;

mistakes! {
    /// What is wrong with a file before anything in it is looked at.
    pub(crate) enum FileMistake {
        "too-large" => TooLarge { path: PathBuf, mebibytes: u64 },
        "unreadable-file" => Unreadable { path: PathBuf, reason: IoReason },
        /// There is one whose name looks the same.
        "unreadable-file" => OtherForm { path: PathBuf, reason: IoReason, other: PathBuf },
        "not-utf-8" => NotUtf8 { path: PathBuf, line: usize },
        "not-utf-8" => NotAsMarked { path: PathBuf, encoding: &'static str },
    }
}

/// Why the system does not do something with a file.
#[derive(Clone, Debug)]
pub(crate) struct IoReason {
    pub(crate) kind: io::ErrorKind,
    /// In the words of the system.
    pub(crate) words: String,
}

impl From<&io::Error> for IoReason {
    fn from(error: &io::Error) -> Self {
        Self { kind: error.kind(), words: error.to_string() }
    }
}
