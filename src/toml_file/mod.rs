//! TOML files read with patience: every mistake is noted with its place, and reading goes on.
//!
//! Knows nothing of the keys of any file. A reader asks a [`TomlTable`] for the keys it knows; a key that it did not
//! ask for before the table is [`close`](TomlTable::close)d is an unknown key.
//!
//! ```
//! use nhacviec::diagnostic::{Diagnostics, Source};
//! use nhacviec::toml_file::{TomlDocument, TomlTable};
//!
//! let document = TomlDocument::new(&Source::new("school.toml", "name = \"Thanh Hưng\"\nplase = \"Thanh Hưng\"\n"));
//! let root = document.parse();
//! let table = TomlTable::new(&document, &root, "the file");
//! assert_eq!(table.require("name").and_then(|value| value.name()).as_deref(), Some("Thanh Hưng"));
//! assert!(table.get("place").is_none());
//! table.close();
//!
//! let mut diagnostics = Diagnostics::default();
//! document.finish(&mut diagnostics);
//! let [mistake] = diagnostics.as_slice() else { panic!("there is one mistake") };
//! assert_eq!(mistake.message, "unknown key `plase` in the file");
//! assert_eq!(mistake.help.as_deref(), Some("did you mean `place`?"));
//! ```

mod document;
mod key_words;
mod parts;
mod slips;
mod table;
pub mod values;

pub use document::TomlDocument;
pub use parts::DocumentParts;
pub use table::{IntegerOrText, TomlTable, TomlValue};

/// Words in a list, each between backticks.
pub(crate) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
