//! `[[person]]`, `[[group]]` and `[aliases]`.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use crate::diagnostic::Place;
use crate::text;
use crate::toml_file::values;
use crate::toml_file::{DocumentParts, IntegerOrText, TomlDocument, TomlTable, TomlValue};

use super::away::AwayTable;
use super::mistake::PeopleMistake;
use super::names::{Meaning, NameResolver};
use super::usual::USUAL_NAMES;
use super::{Away, ListedPerson, Recipient, RecipientId, RecipientKind, mailbox};

/// The list of persons, the longest list of a configuration.
pub const LIST: &str = "person";
/// The most letters of a form of address: "Đồng chí" has eight.
const MAX_ADDRESS_LETTERS: usize = 20;
/// The channel where `via` is left out.
pub(super) const DEFAULT_CHANNEL: &str = "email";

/// The people of a configuration, with their places in the file.
#[derive(Debug)]
pub struct People {
    /// All names, with the recipients that they stand for.
    pub names: NameResolver,
    /// The place of each recipient, by recipient: of the `name`, or of the row of a list.
    pub places: Vec<Place>,
    /// Those of whom a mistake is told that leaves them without a name or an address.
    pub mistaken: HashSet<RecipientId>,
}

/// A channel that people can be told over.
#[derive(Clone, Copy, Debug)]
pub struct KnownChannel<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its `kind`, where that is a text.
    pub kind: Option<&'t str>,
}

/// What the people of a configuration are read from.
#[derive(Debug)]
pub struct PeopleTables<'a, 't> {
    /// The configuration.
    pub root: &'a TomlTable<'t>,
    /// Its later parts, which hold more people.
    pub parts: &'a DocumentParts<'a>,
    /// The people of the school's lists; `None` where it names no list.
    pub listed: Option<Vec<ListedPerson>>,
    /// Whether a list could not be read, which is told.
    pub lacks_list: bool,
    /// The channels that exist.
    pub channels: Vec<KnownChannel<'t>>,
}

/// The people as far as they are read; names are not yet followed to recipients.
pub(super) struct PeopleBuilder<'t> {
    pub(super) document: &'t TomlDocument,
    pub(super) channels: Vec<KnownChannel<'t>>,
    pub(super) recipients: Vec<Recipient>,
    places: Vec<Place>,
    meanings: HashMap<String, Meaning>,
    kinds: HashMap<String, NameKind>,
    /// Where the groups are called so.
    group_places: HashMap<String, Place>,
    /// Aliases in small letters, each as it is written first.
    aliases: HashMap<String, String>,
    roles: BTreeMap<String, Vec<RecipientId>>,
    /// The people of lists by name, to whom `[[person]]` may add.
    pub(super) listed: HashMap<String, RecipientId>,
    /// People of whom a mistake is told that leaves them without a name or an address.
    mistaken: HashSet<RecipientId>,
    /// People of lists in whose cell of addresses nothing is wrong, but perhaps missing.
    pub(super) to_be_addressed: Vec<RecipientId>,
    /// People of lists without a name of their own: what they are called by means all who hold that role.
    pub(super) called_by_role: HashSet<String>,
    /// Days away by recipient; their deputies are not yet followed.
    away: Vec<(RecipientId, Vec<AwayTable>)>,
    /// The members of groups with a channel of their own; not yet followed.
    members: Vec<(RecipientId, TomlValue<'t>)>,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Person,
    Group,
    Role,
    Alias,
}

/// Reads who there is: first the people of lists, then `[[person]]`, which may add to one of them.
#[must_use]
pub fn read(tables: PeopleTables<'_, '_>) -> People {
    let PeopleTables { root, parts, listed, lacks_list, channels } = tables;
    let mut builder = PeopleBuilder {
        document: root.document(),
        channels,
        recipients: Vec::with_capacity(parts.headings()),
        places: Vec::with_capacity(parts.headings()),
        meanings: HashMap::new(),
        kinds: HashMap::new(),
        group_places: HashMap::new(),
        aliases: HashMap::new(),
        roles: BTreeMap::new(),
        listed: HashMap::new(),
        mistaken: HashSet::new(),
        to_be_addressed: Vec::new(),
        called_by_role: HashSet::new(),
        away: Vec::new(),
        members: Vec::new(),
    };
    let persons = if listed.is_some() { root.get(LIST) } else { root.require(LIST) };
    builder.add_listed(listed.unwrap_or_default());
    for table in persons.map(|value| value.tables("[[person]]")).unwrap_or_default() {
        builder.person(table);
    }
    parts.for_each_later(|table| builder.person(table));
    for table in root.get("group").map(|value| value.tables("[[group]]")).unwrap_or_default() {
        builder.group(table);
    }
    builder.define_roles();
    if let Some(aliases) = root.get("aliases").and_then(|value| value.table("[aliases]")) {
        for (alias, span, value) in aliases.entries() {
            builder.alias(alias, span, &value);
        }
    }
    if root.get("abbreviations").and_then(|value| value.boolean()).unwrap_or(true) {
        builder.add_usual_names();
    }
    for id in &builder.to_be_addressed {
        let place = id.0 as usize;
        mailbox::doubt_missing(&builder.recipients[place], &builder.places[place], builder.document);
    }
    mailbox::doubt(&builder.recipients, &builder.places, builder.document);
    let is_unsure = lacks_list || builder.document.is_broken();
    let mut names = NameResolver::new(builder.recipients, &builder.meanings, builder.document, is_unsure);
    for (id, tables) in builder.away {
        let away: Vec<Away> = tables.into_iter().filter_map(|table| table.read(id, &names, builder.document)).collect();
        names.directory_mut().recipients[id.0 as usize].away = away;
    }
    for (id, members) in builder.members {
        let members = names.resolve_list(&members);
        names.directory_mut().members.insert(id, members);
    }
    People { names, places: builder.places, mistaken: builder.mistaken }
}

impl<'t> PeopleBuilder<'t> {
    fn person(&mut self, table: TomlTable<'_>) {
        let name_value = table.require("name");
        let roles = table.get("roles");
        let is_list = roles.as_ref().is_some_and(TomlValue::is_list);
        let roles = roles.map(|value| value.list()).unwrap_or_default();
        let span = table.span();
        let written_email = table.get("email");
        let email = written_email.and_then(|value| values::address(&value));
        let has_mistakes = name_value.is_none() || (written_email.is_some() && email.is_none());
        let phone = table.get("phone").and_then(|value| phone(&value));
        let address = table.get("address").and_then(|value| address(&value));
        let chats = table.get("chat").map(|value| self.chats(&value)).unwrap_or_default();
        let via = table.get("via").map(|value| self.via(&value));
        let away = table.get("away").map(|value| value.list()).unwrap_or_default();
        let away = away.iter().filter_map(|value| value.table("`away`")).map(AwayTable::new).collect();
        table.close();
        let named = name_value.and_then(|value| Some((value.name()?, value.span())));
        // Without a name, which is told, the roles are held all the same: nobody is to look for who holds them.
        let (name, span) = named.unwrap_or_else(|| (format!("person {}", span.start), span.clone()));
        let roles: Vec<String> = roles.iter().flat_map(|value| role_names(value, is_list)).collect();
        let kind = RecipientKind::Person;
        if let Some(id) = self.listed.get(&name).copied() {
            let via = via.unwrap_or_default();
            let more = Recipient { name, kind, roles, email, phone, address, chats, via, away: Vec::new() };
            self.add_to_listed(id, more);
            self.away.push((id, away));
            return;
        }
        let via = via.unwrap_or_else(|| self.default_channel(span.clone()));
        let held = roles.clone();
        let recipient = Recipient { name, kind, roles: held, email, phone, address, chats, via, away: Vec::new() };
        let Some(id) = self.add(recipient, self.document.place(span)) else { return };
        if has_mistakes {
            self.mistaken.insert(id);
        }
        self.hold(id, roles);
        self.away.push((id, away));
    }

    /// Notes who holds roles.
    pub(super) fn hold(&mut self, id: RecipientId, roles: Vec<String>) {
        for role in roles {
            let holders = self.roles.entry(role).or_default();
            if !holders.contains(&id) {
                holders.push(id);
            }
        }
    }

    /// Gives each role the meaning of whoever holds it, unless something else is called so.
    fn define_roles(&mut self) {
        for (role, holders) in std::mem::take(&mut self.roles) {
            if self.called_by_role.contains(&role) {
                self.kinds.insert(role.clone(), NameKind::Role);
                self.meanings.insert(role, Meaning::Holders(holders));
                continue;
            }
            self.doubt_group_like_role(&role);
            self.kinds.entry(role.clone()).or_insert(NameKind::Role);
            self.meanings.entry(role).or_insert(Meaning::Holders(holders));
        }
    }

    fn group(&mut self, table: TomlTable<'t>) {
        let name_value = table.require("name");
        let members = table.get("members");
        let via = table.get("via").map(|value| self.via(&value));
        let email = table.get("email").and_then(|value| values::address(&value));
        let phone = table.get("phone").and_then(|value| phone(&value));
        let chats = table.get("chat").map(|value| self.chats(&value)).unwrap_or_default();
        let names: Vec<TomlValue<'t>> = members.as_ref().map(TomlValue::list).unwrap_or_default();
        if names.is_empty() && via.is_none() {
            let span = members.map_or_else(|| table.span(), |value| value.span());
            self.document.error(span, PeopleMistake::GroupWithoutMembers);
        }
        table.close();
        let Some((value, name)) = name_value.and_then(|value| Some((value, value.name()?))) else { return };
        self.group_places.entry(name.clone()).or_insert_with(|| self.document.place(value.span()));
        if let Some(via) = via {
            let kind = RecipientKind::Group;
            let (roles, address, away) = (Vec::new(), None, Vec::new());
            let group = Recipient { name, kind, roles, email, phone, address, chats, via, away };
            if let Some(id) = self.add(group, self.document.place(value.span())) {
                self.members.extend(members.map(|members| (id, members)));
            }
            return;
        }
        let names = names.iter().filter_map(|member| Some((member.name()?, member.span()))).collect();
        self.define(name, NameKind::Group, Meaning::Names(names), self.document.place(value.span()));
    }

    fn alias(&mut self, alias: &str, span: Range<usize>, value: &TomlValue<'t>) {
        let names = value.list().iter().filter_map(|name| Some((name.name()?, name.span()))).collect();
        let (alias, place) = (text::nfc(alias), self.document.place(span));
        match self.aliases.entry(alias.to_lowercase()) {
            Entry::Occupied(known) if *known.get() != alias => {
                let other = known.get().clone();
                self.document.warning_at(place.clone(), PeopleMistake::AlikeAliases { name: alias.clone(), other });
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => drop(free.insert(alias.clone())),
        }
        self.define(alias, NameKind::Alias, Meaning::Names(names), place);
    }

    /// Tells of a group that is called like a role: whoever holds the role is not meant by the name.
    fn doubt_group_like_role(&self, role: &str) {
        if self.kinds.get(role) == Some(&NameKind::Group)
            && let Some(place) = self.group_places.get(role)
        {
            self.document.warning_at(place.clone(), PeopleMistake::GroupLikeRole { name: role.to_owned() });
        }
    }

    pub(super) fn add(&mut self, recipient: Recipient, place: Place) -> Option<RecipientId> {
        let id = RecipientId(u32::try_from(self.recipients.len()).ok()?);
        let kind = match recipient.kind {
            RecipientKind::Person => NameKind::Person,
            RecipientKind::Group => NameKind::Group,
        };
        if !self.define(recipient.name.clone(), kind, Meaning::Recipient(id), place.clone()) {
            return None;
        }
        self.recipients.push(recipient);
        self.places.push(place);
        Some(id)
    }

    /// Gives a name its meaning. Of a person, a group, a role and an alias of one name the first counts: the others
    /// are doubted. Two persons or two groups of one name are a mistake.
    fn define(&mut self, name: String, kind: NameKind, meaning: Meaning, place: Place) -> bool {
        let Some(known) = self.kinds.get(&name) else {
            self.kinds.insert(name.clone(), kind);
            self.meanings.insert(name, meaning);
            return true;
        };
        if *known == kind {
            self.document.error_at(place, PeopleMistake::DoubledName { name, kind });
        } else {
            self.document.warning_at(place, PeopleMistake::HiddenName { name, known: *known, kind });
        }
        false
    }

    /// Gives the usual abbreviations and wordings a meaning, where somebody holds what they stand for and nothing else is
    /// called so.
    fn add_usual_names(&mut self) {
        let named = self.kinds.iter().filter(|(_, kind)| **kind != NameKind::Person);
        let mut known: HashMap<String, String> = named.map(|(name, _)| (text::fold(name), name.clone())).collect();
        for usual in USUAL_NAMES {
            // Some schools call a person by what they do.
            let own = |name: &str| self.kinds.contains_key(name).then(|| name.to_owned());
            let find = |name: &&str| known.get(&text::fold(name)).cloned().or_else(|| own(name));
            let stands_for: Vec<String> = match find(&usual.name) {
                Some(held) => vec![held],
                None => usual.members.iter().filter_map(find).collect(),
            };
            if stands_for.is_empty() {
                continue;
            }
            for name in std::iter::once(&usual.name).chain(usual.also) {
                if known.contains_key(&text::fold(name)) || self.kinds.contains_key(*name) {
                    continue;
                }
                let targets = stands_for.iter().map(|target| (target.clone(), 0..0)).collect();
                self.kinds.insert((*name).to_owned(), NameKind::Alias);
                self.meanings.insert((*name).to_owned(), Meaning::Names(targets));
                known.insert(text::fold(name), (*name).to_owned());
            }
        }
    }

    fn via(&self, value: &TomlValue<'_>) -> Vec<String> {
        let mut via = Vec::new();
        for channel in value.list() {
            let Some(name) = channel.text() else { continue };
            if self.is_channel(name, channel.span()) {
                via.push(name.to_owned());
            }
        }
        via
    }

    /// `chat = { zalo = "…" }`: where each channel that asks for a conversation finds this recipient.
    fn chats(&self, value: &TomlValue<'_>) -> BTreeMap<String, String> {
        let entries = value.table("`chat`").map(|table| table.entries()).unwrap_or_default();
        let chat = |(channel, span, value): (&str, Range<usize>, TomlValue<'_>)| {
            let id = match value.integer_or_text()? {
                IntegerOrText::Integer(number) => number.to_string(),
                IntegerOrText::Text(_) => value.name()?,
            };
            self.is_channel(channel, span).then(|| (channel.to_owned(), id))
        };
        entries.into_iter().filter_map(chat).collect()
    }

    fn is_channel(&self, name: &str, span: Range<usize>) -> bool {
        if self.channels.iter().any(|channel| channel.name == name) {
            return true;
        }
        let near = text::closest(name, self.channels.iter().map(|channel| channel.name));
        let near = near.map(str::to_owned);
        self.document.error(span, PeopleMistake::UnknownChannel { name: name.to_owned(), near });
        false
    }

    fn default_channel(&self, span: Range<usize>) -> Vec<String> {
        let is_there = self.channels.iter().any(|channel| channel.name == DEFAULT_CHANNEL);
        if let Some(other) = self.channels.first().filter(|_| !is_there) {
            let other = other.name.to_owned();
            self.document.error(span, PeopleMistake::NoUsualChannel { usual: DEFAULT_CHANNEL, other });
        }
        vec![DEFAULT_CHANNEL.to_owned()]
    }
}

/// A form of address.
fn address(value: &TomlValue<'_>) -> Option<String> {
    let address = value.name()?;
    if !is_form_of_address(&address) {
        value.error(PeopleMistake::NoFormOfAddress { written: address });
        return None;
    }
    Some(address)
}

/// Whether a text is a form of address: a word or two, neither a place nor an address of electronic mail.
pub(crate) fn is_form_of_address(written: &str) -> bool {
    written.chars().all(|letter| letter.is_alphabetic() || " ./".contains(letter))
        && written.chars().count() <= MAX_ADDRESS_LETTERS
}

/// The roles that a text of `roles` names. One with signs in it is several, which is told; where it is no list at all, that is
/// told already.
fn role_names(value: &TomlValue<'_>, is_list: bool) -> Vec<String> {
    let Some(written) = value.name() else { return Vec::new() };
    let pieces: Vec<&str> = written.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    // "CB, GV, NV" is one name of many.
    let is_one = pieces.iter().all(|piece| !piece.contains(' ') && !piece.chars().any(char::is_lowercase));
    if pieces.len() < 2 || is_one {
        return vec![written];
    }
    if is_list {
        let roles = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        value.warning(PeopleMistake::SeveralRoles { written: written.clone(), roles });
    }
    pieces.into_iter().map(str::to_owned).collect()
}

/// A number to call, as people write it.
fn phone(value: &TomlValue<'_>) -> Option<String> {
    let number = value.name()?;
    let is_number = |letter: char| letter.is_ascii_digit() || " +-.()/".contains(letter);
    if !number.chars().all(is_number) || number.chars().filter(char::is_ascii_digit).count() < 3 {
        value.error(PeopleMistake::NoNumber { written: number });
        return None;
    }
    Some(number)
}
