//! Who is told: persons, roles, groups and aliases, and how a name in a plan or a setting becomes recipients.

mod names;
mod read;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use crate::text;

pub use names::Names;
pub use read::People;
pub use read::{LIST, read};

/// A person or a group with a channel of its own, by its place in the [`Directory`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecipientId(pub u32);

/// Days on which somebody else is told instead: both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// First day away.
    pub from: Date,
    /// Last day away.
    pub to: Date,
    /// Who is told instead.
    pub deputies: Vec<RecipientId>,
}

/// What kind of recipient it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecipientKind {
    /// One person.
    Person,
    /// A group that has a channel of its own and is told there, once.
    Group,
}

/// Somebody a message can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The name in the configuration, unique among persons and groups.
    pub name: String,
    /// Person or group.
    pub kind: RecipientKind,
    /// The roles this person holds; empty for a group.
    pub roles: Vec<String>,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Their conversations with channels that ask for one, by the channel's name.
    pub chats: BTreeMap<String, String>,
    /// Names of channels in order of preference.
    pub via: Vec<String>,
    /// When they are away, and who is told instead.
    pub away: Vec<Away>,
}

/// Everybody the configuration knows, and the ways to call them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    recipients: Vec<Recipient>,
    names: HashMap<String, Vec<RecipientId>>,
    /// The members of groups that have a channel of their own, where they are named.
    members: HashMap<RecipientId, Vec<RecipientId>>,
}

impl Directory {
    /// A directory of these recipients, reached by these names.
    ///
    /// `names` maps every person, group, role and alias to whom it stands for; the reader of the configuration
    /// has already settled which of them wins where one name is several things (design, configuration).
    #[must_use]
    pub fn new(recipients: Vec<Recipient>, names: impl IntoIterator<Item = (String, Vec<RecipientId>)>) -> Self {
        let names = names.into_iter().map(|(name, ids)| (text::nfc(&name), ids)).collect();
        Self { recipients, names, members: HashMap::new() }
    }

    /// The recipient with this id.
    ///
    /// # Panics
    /// When the id is of another directory.
    #[must_use]
    pub fn get(&self, id: RecipientId) -> &Recipient {
        &self.recipients[id.0 as usize]
    }

    /// All recipients with their ids, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = (RecipientId, &Recipient)> {
        (0..).map(RecipientId).zip(&self.recipients)
    }

    /// The recipient that is called so: a person's or a group's own name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<RecipientId> {
        // The own name of a recipient comes before all other meanings, so most are found at once.
        let named = self.names.get(name).and_then(|ids| ids.first()).copied();
        named
            .filter(|id| self.get(*id).name == name)
            .or_else(|| self.iter().find(|(_, recipient)| recipient.name == name).map(|(id, _)| id))
    }

    /// Whom a name stands for: a person, else a group, else a role, else an alias; `None` for a name that is
    /// none of these. Composition and blanks do not matter, capitals and diacritics do.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<&[RecipientId]> {
        self.names.get(name).or_else(|| self.names.get(&text::nfc(name))).map(Vec::as_slice)
    }

    /// Every name that [`resolve`](Self::resolve) knows.
    pub fn known_names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Who is told instead of `recipient` on `date`: themselves, or their deputies where they are away, and the
    /// deputies of those who are away too. Where everybody in the chain is away, `recipient` is told after all.
    #[must_use]
    pub fn present(&self, recipient: RecipientId, date: Date) -> Vec<RecipientId> {
        let mut seen = HashSet::from([recipient]);
        let mut told = Vec::new();
        let mut ask = vec![recipient];
        while let Some(id) = ask.pop() {
            match self.get(id).away.iter().find(|away| away.from <= date && date <= away.to) {
                None => told.push(id),
                Some(away) => ask.extend(away.deputies.iter().rev().copied().filter(|deputy| seen.insert(*deputy))),
            }
        }
        if told.is_empty() {
            told.push(recipient);
        }
        told
    }

    /// Who belongs to a group that has a channel of its own; nobody where that is not said, and for a person.
    #[must_use]
    pub fn members(&self, group: RecipientId) -> &[RecipientId] {
        self.members.get(&group).map_or(&[], Vec::as_slice)
    }

    /// How many recipients there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.recipients.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.recipients.is_empty()
    }

    /// Whether anybody is ever away; lets the schedule skip the question for most schools.
    #[must_use]
    pub fn anyone_away(&self) -> bool {
        self.recipients.iter().any(|recipient| !recipient.away.is_empty())
    }
}
