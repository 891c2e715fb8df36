//! The meaning of each name: a person, else a group, else a role, else an alias (design, configuration).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::text;
use crate::toml_file::{TomlDocument, TomlValue};

use super::mistake::PeopleMistake;
use super::{Directory, Recipient, RecipientId};

/// The meaning of a name before it is followed to recipients.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A person, or a group with channels of its own.
    Recipient(RecipientId),
    /// Everybody who holds a role.
    Holders(Vec<RecipientId>),
    /// The names of a group's members or of an alias, each with its place in the file.
    Names(Vec<(String, Range<usize>)>),
}

impl Meaning {
    /// Whether it is one that nobody wrote: an abbreviation that means the same everywhere.
    fn is_usual(&self) -> bool {
        matches!(self, Self::Names(names) if !names.is_empty() && names.iter().all(|(_, place)| place.is_empty()))
    }
}

/// All names of the configuration, each with the recipients that it stands for.
#[derive(Debug)]
pub struct NameResolver {
    directory: Directory,
    /// Whether somebody may stand where nothing could be read, which is told: then no name is said to be unknown.
    is_unsure: bool,
}

impl NameResolver {
    /// Follows every name to its recipients. Names that mean nothing and circles are noted in `document`.
    pub(super) fn new(
        recipients: Vec<Recipient>,
        meanings: &HashMap<String, Meaning>,
        document: &TomlDocument,
        is_unsure: bool,
    ) -> Self {
        let mut names: Vec<&String> = meanings.keys().collect();
        // A circle is told by the names that somebody wrote.
        names.sort_by_key(|name| (meanings[*name].is_usual(), *name));
        let mut follower = NameFollower { meanings, document, is_unsure, path: Vec::new(), reported: HashSet::new() };
        let mut follow = |name: &String| {
            let mut found = Vec::new();
            follower.follow(name, &mut found);
            (name.clone(), found)
        };
        let resolved: Vec<(String, Vec<RecipientId>)> = names.into_iter().map(&mut follow).collect();
        Self { directory: Directory::new(recipients, resolved), is_unsure }
    }

    /// Whether somebody may stand where nothing could be read, which is told.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        self.is_unsure
    }

    /// The recipients of a list of names, in its order, each once. Unknown names are noted.
    #[must_use]
    pub fn resolve_list(&self, value: &TomlValue<'_>) -> Vec<RecipientId> {
        let names = value.list();
        if names.is_empty() {
            value.error(PeopleMistake::NobodyNamed);
        }
        let mut found = Vec::new();
        for name in &names {
            add_new(&mut found, &self.resolve(name));
        }
        found
    }

    /// The recipients of one name. An unknown name is noted.
    #[must_use]
    pub fn resolve(&self, value: &TomlValue<'_>) -> Vec<RecipientId> {
        let name = value.name();
        name.map(|name| self.resolve_at(&name, &value.span(), value.document())).unwrap_or_default()
    }

    /// The recipients of a name that stands at `span` in `document`. An unknown name is noted.
    pub(super) fn resolve_at(&self, name: &str, span: &Range<usize>, document: &TomlDocument) -> Vec<RecipientId> {
        if let Some(found) = self.directory.resolve(name) {
            return found.to_vec();
        }
        if !self.is_unsure {
            document.error(span.clone(), unknown(name, self.directory.known_names()));
        }
        Vec::new()
    }

    /// The people, before their days away and their groups' members are read.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(super) fn directory_mut(&mut self) -> &mut Directory {
        &mut self.directory
    }

    /// The people, when everything is read.
    #[must_use]
    pub fn into_directory(self) -> Directory {
        self.directory
    }
}

/// That nobody is called so, with the name that may be meant.
fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> PeopleMistake {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    PeopleMistake::UnknownName { name: name.to_owned(), near: text::misspelled(name, known).map(str::to_owned) }
}

/// Follows groups and aliases to recipients.
struct NameFollower<'a> {
    meanings: &'a HashMap<String, Meaning>,
    document: &'a TomlDocument,
    is_unsure: bool,
    /// The names that led to the present one.
    path: Vec<String>,
    /// Where names stand that were noted already.
    reported: HashSet<usize>,
}

impl NameFollower<'_> {
    fn follow(&mut self, name: &str, found: &mut Vec<RecipientId>) {
        let meanings = self.meanings;
        let names = match meanings.get(name) {
            None => return,
            Some(Meaning::Recipient(id)) => return add_new(found, &[*id]),
            Some(Meaning::Holders(ids)) => return add_new(found, ids),
            Some(Meaning::Names(names)) => names,
        };
        self.path.push(name.to_owned());
        for (next, span) in names {
            if self.path.contains(next) {
                let names = self.path.iter().chain([next]).cloned().collect();
                self.note_once(span, PeopleMistake::Circle { names });
            } else if meanings.contains_key(next) {
                self.follow(next, found);
            } else if !self.is_unsure {
                self.note_once(span, unknown(next, meanings.keys().map(String::as_str)));
            }
        }
        self.path.pop();
    }

    fn note_once(&mut self, span: &Range<usize>, mistake: PeopleMistake) {
        if self.reported.insert(span.start) {
            self.document.error(span.clone(), mistake);
        }
    }
}

fn add_new(found: &mut Vec<RecipientId>, ids: &[RecipientId]) {
    for id in ids {
        if !found.contains(id) {
            found.push(*id);
        }
    }
}
