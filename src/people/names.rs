//! What each name means: a person, else a group, else a role, else an alias (design, configuration).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::text;
use crate::toml_file::{Document, Value};

use super::{Directory, Recipient, RecipientId};

/// What a name stands for before it is followed to recipients.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A person, or a group with channels of its own.
    Recipient(RecipientId),
    /// Everybody who holds a role.
    Holders(Vec<RecipientId>),
    /// A group's members or an alias's names, where they are written.
    Names(Vec<(String, Range<usize>)>),
}

/// Every name of the configuration and the recipients it leads to.
#[derive(Debug)]
pub struct Names {
    directory: Directory,
}

impl Names {
    /// Follows every name to its recipients; names that mean nothing and circles are noted in `document`.
    pub(super) fn new(recipients: Vec<Recipient>, meanings: &HashMap<String, Meaning>, document: &Document) -> Self {
        let mut resolved: HashMap<String, Vec<RecipientId>> = HashMap::with_capacity(meanings.len());
        let mut followed: Vec<&String> = meanings.keys().collect();
        followed.sort();
        let mut reported = HashSet::new();
        for name in followed {
            let mut path = Vec::new();
            let mut found = Vec::new();
            follow(name, meanings, document, &mut path, &mut found, &mut reported);
            resolved.insert(name.clone(), found);
        }
        Self { directory: Directory::new(recipients, resolved) }
    }

    /// Whom a list of names stands for: in its order, no one twice. Names that mean nothing are noted.
    #[must_use]
    pub fn resolve_list(&self, value: &Value<'_>) -> Vec<RecipientId> {
        let names = value.list();
        if names.is_empty() {
            value.error("empty", "nobody is named", "write at least one person, group or role");
        }
        let mut found = Vec::new();
        for name in &names {
            add_new(&mut found, &self.resolve(name));
        }
        found
    }

    /// Whom one name stands for; a name that means nothing is noted.
    #[must_use]
    pub fn resolve(&self, value: &Value<'_>) -> Vec<RecipientId> {
        let name = value.name();
        name.map(|name| self.resolve_at(&name, &value.span(), value.document())).unwrap_or_default()
    }

    /// Whom a name that stands in this place of `document` stands for; one that means nothing is noted.
    pub(super) fn resolve_at(&self, name: &str, span: &Range<usize>, document: &Document) -> Vec<RecipientId> {
        if let Some(found) = self.directory.resolve(name) {
            return found.to_vec();
        }
        let (message, help) = unknown(name, self.directory.known_names());
        document.error(span.clone(), "unknown-name", message, Some(help));
        Vec::new()
    }

    /// The people themselves.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(super) fn directory_mut(&mut self) -> &mut Directory {
        &mut self.directory
    }

    /// The people themselves, when all names are read.
    #[must_use]
    pub fn into_directory(self) -> Directory {
        self.directory
    }
}

/// What to say of a name that means nothing.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> (String, String) {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let message = format!("no one holds the role '{name}', and it is no person, group or alias");
    let help = match text::closest(name, known) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("give somebody the role in `roles`, or say under [aliases] whom '{name}' means"),
    };
    (message, help)
}

fn follow(
    name: &str,
    meanings: &HashMap<String, Meaning>,
    document: &Document,
    path: &mut Vec<String>,
    found: &mut Vec<RecipientId>,
    reported: &mut HashSet<usize>,
) {
    let Some(meaning) = meanings.get(name) else { return };
    let names = match meaning {
        Meaning::Recipient(id) => return add_new(found, &[*id]),
        Meaning::Holders(ids) => return add_new(found, ids),
        Meaning::Names(names) => names,
    };
    path.push(name.to_owned());
    for (next, span) in names {
        let is_new = |reported: &mut HashSet<usize>| reported.insert(span.start);
        if path.contains(next) {
            if is_new(reported) {
                let circle = format!("{} -> {next}", path.join(" -> "));
                let help = "name persons or roles instead".to_owned();
                document.error(span.clone(), "circle", format!("this name leads back to itself: {circle}"), Some(help));
            }
        } else if meanings.contains_key(next) {
            follow(next, meanings, document, path, found, reported);
        } else if is_new(reported) {
            let (message, help) = unknown(next, meanings.keys().map(String::as_str));
            document.error(span.clone(), "unknown-name", message, Some(help));
        }
    }
    path.pop();
}

fn add_new(found: &mut Vec<RecipientId>, ids: &[RecipientId]) {
    for id in ids {
        if !found.contains(id) {
            found.push(*id);
        }
    }
}
