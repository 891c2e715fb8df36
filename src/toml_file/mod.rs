//! TOML files read with patience: every mistake is noted with its place, and reading goes on.
//!
//! Knows nothing of the keys of any file. A reader asks a [`TomlTable`] for the keys it knows; a key that it did not
//! ask for before the table is [`close`](TomlTable::close)d is an unknown key.
//!
//! ```
//! use nhacviec::diagnostic::{Diagnostics, Source};
//! use nhacviec::language::Language;
//! use nhacviec::toml_file::{TomlDocument, TomlTable};
//!
//! let document = TomlDocument::new(&Source::new("school.toml", "name = \"Thanh Hưng\"\nplase = \"Thanh Hưng\"\n"));
//! let root = document.parse();
//! let table = TomlTable::new(&document, &root, "[organisation]");
//! assert_eq!(table.require("name").and_then(|value| value.name()).as_deref(), Some("Thanh Hưng"));
//! assert!(table.get("place").is_none());
//! table.close();
//!
//! let mut diagnostics = Diagnostics::default();
//! document.finish(&mut diagnostics);
//! let [mistake] = diagnostics.as_slice() else { panic!("there is one mistake") };
//! let words = mistake.explained_in(Language::English);
//! assert_eq!(words.message, "unknown key `plase` in [organisation]");
//! assert_eq!(words.help.as_deref(), Some("did you mean `place`?"));
//! ```

mod document;
mod key_words;
pub(crate) mod mistake;
mod parts;
mod slips;
mod table;
pub mod values;

pub use document::TomlDocument;
pub use mistake::TableName;
pub(crate) use mistake::{ExpectedType, FoundType, TomlMistake};
pub use parts::DocumentParts;
pub use table::{IntegerOrText, TomlTable, TomlValue};
