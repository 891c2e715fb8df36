//! The people of a school: persons, roles, groups and aliases, and how a name in a plan or a setting becomes
//! recipients.

mod away;
mod listed;
pub(crate) mod mailbox;
pub(crate) mod mistake;
mod names;
pub(crate) mod read;
pub(crate) mod usual;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use crate::diagnostic::Place;
use crate::text;

pub use names::NameResolver;
pub(crate) use read::is_form_of_address;
pub use read::{KnownChannel, LIST, People, PeopleTables, read};

/// A person or a group with a channel of its own, by its place in the [`Directory`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecipientId(pub u32);

/// Days away, on which deputies are told instead. Both ends belong to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// First day away.
    pub from: Date,
    /// Last day away.
    pub to: Date,
    /// The deputies.
    pub deputies: Vec<RecipientId>,
}

/// The kind of a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecipientKind {
    /// One person.
    Person,
    /// A group with a channel of its own, told there once for all its members.
    Group,
}

/// A person or a group that messages are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The name in the configuration, unique among persons and groups.
    pub name: String,
    /// Person or group.
    pub kind: RecipientKind,
    /// The roles this person holds; empty for a group.
    pub roles: Vec<String>,
    /// The address for electronic mail.
    pub email: Option<String>,
    /// The number to call, as it is written.
    pub phone: Option<String>,
    /// How messages address this person: "Cô", "Ông"; `None` where nothing is said, and for a group, which is addressed by its
    /// name.
    pub address: Option<String>,
    /// Their conversations with channels that ask for one, by the channel's name.
    pub chats: BTreeMap<String, String>,
    /// Names of channels in order of preference.
    pub via: Vec<String>,
    /// The days away.
    pub away: Vec<Away>,
}

impl Recipient {
    /// The name of a person, where the configuration has it: every word begins with a capital, as names of people are
    /// written, and it is none of their roles; with the form of address before it. `None` where `name` says what they do.
    #[must_use]
    pub fn own_name(&self) -> Option<String> {
        let begins_with_capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let is_role = || self.roles.iter().any(|role| text::fold(role) == text::fold(&self.name));
        let is_name = self.kind == RecipientKind::Person
            && self.name.contains(' ')
            && self.name.split_whitespace().all(begins_with_capital)
            && !is_role();
        let address = self.address.as_deref().filter(|address| !self.name.starts_with(address));
        is_name.then(|| address.map_or_else(|| self.name.clone(), |address| format!("{address} {}", self.name)))
    }
}

/// All recipients of a configuration, and the names that stand for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    recipients: Vec<Recipient>,
    names: HashMap<String, Vec<RecipientId>>,
    /// The members of groups that have a channel of their own, where they are named.
    members: HashMap<RecipientId, Vec<RecipientId>>,
}

impl Directory {
    /// A directory of these recipients and names.
    ///
    /// `names` gives the recipients of every person, group, role and alias. Which of them wins where one name is
    /// several things is settled already (design, configuration).
    #[must_use]
    pub fn new(recipients: Vec<Recipient>, names: impl IntoIterator<Item = (String, Vec<RecipientId>)>) -> Self {
        let names = names.into_iter().map(|(name, ids)| (text::nfc(&name), ids)).collect();
        Self { recipients, names, members: HashMap::new() }
    }

    /// The recipient with this id.
    ///
    /// # Panics
    /// If the id is of another directory.
    #[must_use]
    pub fn get(&self, id: RecipientId) -> &Recipient {
        &self.recipients[id.0 as usize]
    }

    /// All recipients with their ids, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = (RecipientId, &Recipient)> {
        (0..).map(RecipientId).zip(&self.recipients)
    }

    /// The recipient with this name of its own; roles and aliases are not looked at.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<RecipientId> {
        // Most names looked up are a recipient's own: those need no search.
        let named = self.names.get(name).and_then(|ids| ids.first()).copied();
        named
            .filter(|id| self.get(*id).name == name)
            .or_else(|| self.iter().find(|(_, recipient)| recipient.name == name).map(|(id, _)| id))
    }

    /// The recipients that a name stands for: a person, else a group, else a role, else an alias. `None` for an unknown
    /// name. Composition and blanks do not matter, capitals and diacritics do.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<&[RecipientId]> {
        self.names.get(name).or_else(|| self.names.get(&text::nfc(name))).map(Vec::as_slice)
    }

    /// Every name that [`resolve`](Self::resolve) knows.
    pub fn known_names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The recipients that are told on `date` in place of `recipient`: itself, or its deputies while it is away, or
    /// theirs while they are away too. `recipient` itself where nobody of them is there.
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

    /// Somebody as reports name them: what they do and, where the configuration has it, their name ("Kế toán – Trần Thị B").
    /// Of several roles the first that nobody else holds counts.
    #[must_use]
    pub fn shown(&self, id: RecipientId) -> String {
        let recipient = self.get(id);
        let is_own = |role: &&String| self.resolve(role).is_some_and(|holders| holders == [id]);
        let role = recipient.roles.iter().find(is_own).or(recipient.roles.first());
        match (recipient.own_name(), role) {
            (Some(name), Some(role)) => format!("{role} – {name}"),
            _ => recipient.name.clone(),
        }
    }

    /// A name as it is written in a plan or kept in the store, with the name of the only person whom it stands for:
    /// "GVCN lớp 1A – Cô Hoàng Thị Yến".
    #[must_use]
    pub fn shown_name(&self, written: &str) -> String {
        let Some([id]) = self.resolve(written) else { return written.to_owned() };
        let recipient = self.get(*id);
        match recipient.own_name() {
            _ if recipient.name == written => self.shown(*id),
            Some(name) => format!("{written} – {name}"),
            None => written.to_owned(),
        }
    }

    /// The members of a group with a channel of its own; empty where none are named, and for a person.
    #[must_use]
    pub fn members(&self, group: RecipientId) -> &[RecipientId] {
        self.members.get(&group).map_or(&[], Vec::as_slice)
    }

    /// The number of recipients.
    #[must_use]
    pub fn len(&self) -> usize {
        self.recipients.len()
    }

    /// Whether there is no recipient.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.recipients.is_empty()
    }

    /// Whether any recipient is ever away. Most schools name no absences, and the schedule then asks about none.
    #[must_use]
    pub fn anyone_away(&self) -> bool {
        self.recipients.iter().any(|recipient| !recipient.away.is_empty())
    }
}

/// A person as a list of the school has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    /// The name, unique in all lists; the first role where the list gives none.
    pub name: String,
    /// Whether the name is their own, and not only the role that they are called by.
    pub has_own_name: bool,
    /// The roles, as plans name them.
    pub roles: Vec<String>,
    /// The address for electronic mail.
    pub email: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
    /// How messages address them.
    pub address: Option<String>,
    /// Their conversation with the school's bot on Zalo, and its cell.
    pub zalo: Option<(String, Place)>,
    /// Their cell of addresses, else of names.
    pub place: Place,
    /// Whether their cell of addresses holds something that is none, which is told already.
    pub has_bad_email: bool,
}
