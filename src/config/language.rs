//! `language`: in which language messages are written, and the program speaks to the admin.

use std::path::Path;

use crate::closed_set::ClosedSet;
use crate::diagnostic::Source;
use crate::files::Files;
use crate::language::Language;
use crate::toml_file::TomlDocument;

/// The language where `language` is left out.
pub(super) const DEFAULT: Language = Language::Vietnamese;
/// No configuration is larger, in bytes: there is room for some fifty thousand people.
pub(crate) const MAX_CONFIG_SIZE: u64 = 8 << 20;

/// The language of the configuration in `file`, before the rest of it is read, however broken that is. `None` where there
/// is no file that can be read, or a language in it that the program does not speak.
#[must_use]
pub fn language_of(file: &Path) -> Option<Language> {
    let bytes = Files::Disk.read(file, MAX_CONFIG_SIZE).ok()?;
    let source = Source::utf8(file, bytes).ok()?;
    // The keys of no table stand above the first heading.
    let text = source.text();
    let head = if text.starts_with('[') { "" } else { &text[..text.find("\n[").unwrap_or(text.len())] };
    let document = TomlDocument::new(&Source::new(file, head));
    let root = document.parse();
    match root.get_ref().get("language") {
        Some(value) => Language::of_word(value.get_ref().as_str()?),
        None => Some(DEFAULT),
    }
}
