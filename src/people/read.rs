//! `[[person]]`, `[[group]]` and `[aliases]`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jiff::civil::Date;

use crate::text;
use crate::toml_file::values;
use crate::toml_file::{DocumentParts, IntegerOrText, TomlDocument, TomlTable, TomlValue};

use super::names::{Meaning, NameResolver};
use super::{Away, Recipient, RecipientId, RecipientKind};

/// The list of persons, the longest list of a configuration.
pub const LIST: &str = "person";
/// The most letters of a form of address: "Đồng chí" has eight.
const MAX_ADDRESS_LETTERS: usize = 20;
/// The channel where `via` is left out.
const DEFAULT_CHANNEL: &str = "email";

/// The people of a configuration, with their places in the file.
#[derive(Debug)]
pub struct People {
    /// All names, with the recipients that they stand for.
    pub names: NameResolver,
    /// The place of each recipient's `name`, by recipient.
    pub places: Vec<Range<usize>>,
}

/// The people as far as they are read; names are not yet followed to recipients.
struct PeopleBuilder<'t> {
    document: &'t TomlDocument,
    channels: Vec<&'t str>,
    recipients: Vec<Recipient>,
    places: Vec<Range<usize>>,
    meanings: HashMap<String, Meaning>,
    kinds: HashMap<String, NameKind>,
    roles: BTreeMap<String, Vec<RecipientId>>,
    /// Days away by recipient; their deputies are not yet followed.
    away: Vec<(RecipientId, Vec<AwayTable>)>,
    /// The members of groups with a channel of their own; not yet followed.
    members: Vec<(RecipientId, TomlValue<'t>)>,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameKind {
    Person,
    Group,
    Role,
    Alias,
}

impl NameKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Group => "group",
            Self::Role => "role",
            Self::Alias => "alias",
        }
    }
}

/// Days away as they are written.
struct AwayTable {
    from: Option<Date>,
    to: Option<Date>,
    /// The deputy's name, and where it stands.
    deputy: Option<(String, Range<usize>)>,
}

/// Reads who there is from the configuration `root`, whose later parts hold more people. `channels` are the names of the
/// channels that exist.
pub fn read<'t>(root: &TomlTable<'t>, parts: &DocumentParts<'_>, channels: Vec<&'t str>) -> People {
    let mut builder = PeopleBuilder {
        document: root.document(),
        channels,
        recipients: Vec::with_capacity(parts.headings()),
        places: Vec::with_capacity(parts.headings()),
        meanings: HashMap::new(),
        kinds: HashMap::new(),
        roles: BTreeMap::new(),
        away: Vec::new(),
        members: Vec::new(),
    };
    for table in root.require(LIST).map(|value| value.tables("[[person]]")).unwrap_or_default() {
        builder.person(table);
    }
    parts.for_each_later(|table| builder.person(table));
    for table in root.get("group").map(|value| value.tables("[[group]]")).unwrap_or_default() {
        builder.group(table);
    }
    for (role, holders) in std::mem::take(&mut builder.roles) {
        builder.kinds.entry(role.clone()).or_insert(NameKind::Role);
        builder.meanings.entry(role).or_insert(Meaning::Holders(holders));
    }
    if let Some(aliases) = root.get("aliases").and_then(|value| value.table("[aliases]")) {
        for (alias, span, value) in aliases.entries() {
            builder.alias(alias, span, &value);
        }
    }
    let mut names = NameResolver::new(builder.recipients, &builder.meanings, builder.document);
    for (id, tables) in builder.away {
        let away: Vec<Away> = tables.into_iter().filter_map(|table| table.read(id, &names, builder.document)).collect();
        names.directory_mut().recipients[id.0 as usize].away = away;
    }
    for (id, members) in builder.members {
        let members = names.resolve_list(&members);
        names.directory_mut().members.insert(id, members);
    }
    People { names, places: builder.places }
}

impl<'t> PeopleBuilder<'t> {
    fn person(&mut self, table: TomlTable<'_>) {
        let name_value = table.require("name");
        let roles = table.get("roles").map(|value| value.list()).unwrap_or_default();
        let email = table.get("email").and_then(|value| values::address(&value));
        let phone = table.get("phone").and_then(|value| phone(&value));
        let address = table.get("address").and_then(|value| address(&value));
        let chats = table.get("chat").map(|value| self.chats(&value)).unwrap_or_default();
        let via = table.get("via").map(|value| self.via(&value));
        let away = table.get("away").map(|value| value.list()).unwrap_or_default();
        let away = away.iter().filter_map(|value| value.table("`away`")).map(AwayTable::new).collect();
        table.close();
        let Some((value, name)) = name_value.and_then(|value| Some((value, value.name()?))) else { return };
        let roles: Vec<String> = roles.iter().filter_map(TomlValue::name).collect();
        let via = via.unwrap_or_else(|| self.default_channel(value.span()));
        let kind = RecipientKind::Person;
        let roles_held = roles.clone();
        let recipient =
            Recipient { name, kind, roles: roles_held, email, phone, address, chats, via, away: Vec::new() };
        let Some(id) = self.add(recipient, value.span()) else { return };
        for role in roles {
            self.roles.entry(role).or_default().push(id);
        }
        self.away.push((id, away));
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
            let help = "write `members = [\"…\"]`, or a channel of its own in `via`".to_owned();
            self.document.error(span, "empty", "the group has no members", Some(help));
        }
        table.close();
        let Some((value, name)) = name_value.and_then(|value| Some((value, value.name()?))) else { return };
        if let Some(via) = via {
            let kind = RecipientKind::Group;
            let (roles, address, away) = (Vec::new(), None, Vec::new());
            let group = Recipient { name, kind, roles, email, phone, address, chats, via, away };
            if let Some(id) = self.add(group, value.span()) {
                self.members.extend(members.map(|members| (id, members)));
            }
            return;
        }
        let names = names.iter().filter_map(|member| Some((member.name()?, member.span()))).collect();
        self.define(name, NameKind::Group, Meaning::Names(names), value.span());
    }

    fn alias(&mut self, alias: &str, span: Range<usize>, value: &TomlValue<'t>) {
        let names = value.list().iter().filter_map(|name| Some((name.name()?, name.span()))).collect();
        self.define(text::nfc(alias), NameKind::Alias, Meaning::Names(names), span);
    }

    fn add(&mut self, recipient: Recipient, span: Range<usize>) -> Option<RecipientId> {
        let id = RecipientId(u32::try_from(self.recipients.len()).ok()?);
        let kind = match recipient.kind {
            RecipientKind::Person => NameKind::Person,
            RecipientKind::Group => NameKind::Group,
        };
        if !self.define(recipient.name.clone(), kind, Meaning::Recipient(id), span.clone()) {
            return None;
        }
        self.recipients.push(recipient);
        self.places.push(span);
        Some(id)
    }

    /// Gives a name its meaning. Of a person, a group, a role and an alias of one name the first counts: the others
    /// are doubted. Two persons or two groups of one name are a mistake.
    fn define(&mut self, name: String, kind: NameKind, meaning: Meaning, span: Range<usize>) -> bool {
        let Some(known) = self.kinds.get(&name) else {
            self.kinds.insert(name.clone(), kind);
            self.meanings.insert(name, meaning);
            return true;
        };
        if *known == kind {
            let help = "give one of them another name".to_owned();
            let message = format!("'{name}' is already the name of a {}", kind.as_str());
            self.document.error(span, "doubled-name", message, Some(help));
        } else {
            let message = format!("'{name}' means the {} of that name, never this {}", known.as_str(), kind.as_str());
            let help = "give one of them another name, or leave this one out".to_owned();
            self.document.warning(span, "hidden-name", message, Some(help));
        }
        false
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
        if self.channels.contains(&name) {
            return true;
        }
        let near = text::closest(name, self.channels.iter().copied());
        let help = near.map_or_else(
            || format!("add [channel.{name}], or name one that there is"),
            |near| format!("did you mean `{near}`?"),
        );
        self.document.error(span, "unknown-channel", format!("there is no channel `{name}`"), Some(help));
        false
    }

    fn default_channel(&self, span: Range<usize>) -> Vec<String> {
        if !self.channels.contains(&DEFAULT_CHANNEL) && !self.channels.is_empty() {
            let help = format!("add `via = [\"{}\"]`", self.channels[0]);
            let message = format!("without `via` the channel `{DEFAULT_CHANNEL}` is meant, which there is not");
            self.document.error(span, "unknown-channel", message, Some(help));
        }
        vec![DEFAULT_CHANNEL.to_owned()]
    }
}

/// A form of address: a word or two, neither a place nor an address of electronic mail.
fn address(value: &TomlValue<'_>) -> Option<String> {
    let address = value.name()?;
    let is_form = address.chars().all(|letter| letter.is_alphabetic() || " ./".contains(letter));
    if !is_form || address.chars().count() > MAX_ADDRESS_LETTERS {
        let help = "write how messages address this person, as in \"Cô\"; where mail goes is `email`";
        value.error("bad-form-of-address", format!("`{address}` is no form of address"), help);
        return None;
    }
    Some(address)
}

/// A number to call, as people write it.
fn phone(value: &TomlValue<'_>) -> Option<String> {
    let number = value.name()?;
    let is_number = |letter: char| letter.is_ascii_digit() || " +-.()/".contains(letter);
    if !number.chars().all(is_number) || number.chars().filter(char::is_ascii_digit).count() < 3 {
        value.error("bad-phone", format!("`{number}` is no number to call"), "write it as \"0912 345 678\"");
        return None;
    }
    Some(number)
}

impl AwayTable {
    fn new(table: TomlTable<'_>) -> Self {
        let date = |key| table.require(key).and_then(|value| Some((value.date()?, value)));
        let (from, to) = (date("from"), date("to"));
        if let (Some((from, _)), Some((to, value))) = (&from, &to)
            && to < from
        {
            value.error("ends-before-start", format!("{to} is before {from}"), "write the earlier date first");
        }
        let deputy = table.require("deputy").and_then(|value| Some((value.name()?, value.span())));
        table.close();
        Self { from: from.map(|(date, _)| date), to: to.map(|(date, _)| date), deputy }
    }

    fn read(self, id: RecipientId, names: &NameResolver, document: &TomlDocument) -> Option<Away> {
        let deputies = self.deputy.as_ref().map(|(name, span)| names.resolve_at(name, span, document));
        if let Some((_, span)) = self.deputy.filter(|_| deputies.as_deref() == Some(&[id])) {
            let help = "name somebody else".to_owned();
            document.error(span, "own-deputy", "nobody can be their own deputy", Some(help));
        }
        let deputies = deputies.into_iter().flatten().filter(|deputy| *deputy != id).collect();
        Some(Away { from: self.from?, to: self.to?, deputies })
    }
}
