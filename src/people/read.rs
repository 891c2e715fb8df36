//! `[[person]]`, `[[group]]` and `[aliases]`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jiff::civil::Date;

use crate::text;
use crate::toml_file::values;
use crate::toml_file::{Document, Parts, Table, Value};

use super::names::{Meaning, Names};
use super::{Away, Recipient, RecipientId, RecipientKind};

/// The list of people, the longest of a configuration.
pub const LIST: &str = "person";
/// The channel that is meant where `via` is left out.
const DEFAULT_CHANNEL: &str = "email";

/// The people of a configuration, and where each is written.
#[derive(Debug)]
pub struct People {
    /// Who they are and what every name means.
    pub names: Names,
    /// Where each recipient's `name` stands, by recipient.
    pub places: Vec<Range<usize>>,
}

/// Everything that is named, before names are followed.
struct Roll<'t> {
    document: &'t Document,
    channels: Vec<&'t str>,
    recipients: Vec<Recipient>,
    places: Vec<Range<usize>>,
    meanings: HashMap<String, Meaning>,
    classes: HashMap<String, Class>,
    roles: BTreeMap<String, Vec<RecipientId>>,
    /// Days away whose deputies are not followed yet, by recipient.
    away: Vec<(RecipientId, Vec<AwayTable>)>,
    /// The members, not followed yet, of groups that have a channel of their own.
    members: Vec<(RecipientId, Value<'t>)>,
}

/// What kind of thing a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Person,
    Group,
    Role,
    Alias,
}

impl Class {
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
pub fn read<'t>(root: &Table<'t>, parts: &Parts<'_>, channels: Vec<&'t str>) -> People {
    let mut roll = Roll {
        document: root.document(),
        channels,
        recipients: Vec::with_capacity(parts.headings()),
        places: Vec::with_capacity(parts.headings()),
        meanings: HashMap::new(),
        classes: HashMap::new(),
        roles: BTreeMap::new(),
        away: Vec::new(),
        members: Vec::new(),
    };
    for table in root.require(LIST).map(|value| value.tables("[[person]]")).unwrap_or_default() {
        roll.person(table);
    }
    parts.for_each_later(|table| roll.person(table));
    for table in root.get("group").map(|value| value.tables("[[group]]")).unwrap_or_default() {
        roll.group(table);
    }
    for (role, holders) in std::mem::take(&mut roll.roles) {
        roll.classes.entry(role.clone()).or_insert(Class::Role);
        roll.meanings.entry(role).or_insert(Meaning::Holders(holders));
    }
    if let Some(aliases) = root.get("aliases").and_then(|value| value.table("[aliases]")) {
        for (alias, span, value) in aliases.entries() {
            roll.alias(alias, span, &value);
        }
    }
    let mut names = Names::new(roll.recipients, &roll.meanings, roll.document);
    for (id, tables) in roll.away {
        let away: Vec<Away> = tables.into_iter().filter_map(|table| table.read(id, &names, roll.document)).collect();
        names.directory_mut().recipients[id.0 as usize].away = away;
    }
    for (id, members) in roll.members {
        let members = names.resolve_list(&members);
        names.directory_mut().members.insert(id, members);
    }
    People { names, places: roll.places }
}

impl<'t> Roll<'t> {
    fn person(&mut self, table: Table<'_>) {
        let name_value = table.require("name");
        let roles = table.get("roles").map(|value| value.list()).unwrap_or_default();
        let email = table.get("email").and_then(|value| values::address(&value));
        let chats = table.get("chat").map(|value| self.chats(&value)).unwrap_or_default();
        let via = table.get("via").map(|value| self.via(&value));
        let away = table.get("away").map(|value| value.list()).unwrap_or_default();
        let away = away.iter().filter_map(|value| value.table("`away`")).map(AwayTable::new).collect();
        table.close();
        let Some((value, name)) = name_value.and_then(|value| Some((value, value.name()?))) else { return };
        let roles: Vec<String> = roles.iter().filter_map(Value::name).collect();
        let via = via.unwrap_or_else(|| self.default_channel(value.span()));
        let kind = RecipientKind::Person;
        let recipient = Recipient { name, kind, roles: roles.clone(), email, chats, via, away: Vec::new() };
        let Some(id) = self.add(recipient, value.span()) else { return };
        for role in roles {
            self.roles.entry(role).or_default().push(id);
        }
        self.away.push((id, away));
    }

    fn group(&mut self, table: Table<'t>) {
        let name_value = table.require("name");
        let members = table.get("members");
        let via = table.get("via").map(|value| self.via(&value));
        let email = table.get("email").and_then(|value| values::address(&value));
        let chats = table.get("chat").map(|value| self.chats(&value)).unwrap_or_default();
        let names: Vec<Value<'t>> = members.as_ref().map(Value::list).unwrap_or_default();
        if names.is_empty() && via.is_none() {
            let span = members.map_or_else(|| table.span(), |value| value.span());
            let help = "write `members = [\"…\"]`, or a channel of its own in `via`".to_owned();
            self.document.error(span, "empty", "the group has no members", Some(help));
        }
        table.close();
        let Some((value, name)) = name_value.and_then(|value| Some((value, value.name()?))) else { return };
        if let Some(via) = via {
            let kind = RecipientKind::Group;
            let group = Recipient { name, kind, roles: Vec::new(), email, chats, via, away: Vec::new() };
            if let Some(id) = self.add(group, value.span()) {
                self.members.extend(members.map(|members| (id, members)));
            }
            return;
        }
        let names = names.iter().filter_map(|member| Some((member.name()?, member.span()))).collect();
        self.mean(name, Class::Group, Meaning::Names(names), value.span());
    }

    fn alias(&mut self, alias: &str, span: Range<usize>, value: &Value<'t>) {
        let names = value.list().iter().filter_map(|name| Some((name.name()?, name.span()))).collect();
        self.mean(text::nfc(alias), Class::Alias, Meaning::Names(names), span);
    }

    fn add(&mut self, recipient: Recipient, span: Range<usize>) -> Option<RecipientId> {
        let id = RecipientId(u32::try_from(self.recipients.len()).ok()?);
        let class = match recipient.kind {
            RecipientKind::Person => Class::Person,
            RecipientKind::Group => Class::Group,
        };
        if !self.mean(recipient.name.clone(), class, Meaning::Recipient(id), span.clone()) {
            return None;
        }
        self.recipients.push(recipient);
        self.places.push(span);
        Some(id)
    }

    /// Gives a name its meaning. Of a person, a group, a role and an alias of one name the first counts: the others
    /// are doubted. Two persons or two groups of one name are a mistake.
    fn mean(&mut self, name: String, class: Class, meaning: Meaning, span: Range<usize>) -> bool {
        let Some(known) = self.classes.get(&name) else {
            self.classes.insert(name.clone(), class);
            self.meanings.insert(name, meaning);
            return true;
        };
        if *known == class {
            let help = "give one of them another name".to_owned();
            let message = format!("'{name}' is already the name of a {}", class.as_str());
            self.document.error(span, "doubled-name", message, Some(help));
        } else {
            let message = format!("'{name}' means the {} of that name, never this {}", known.as_str(), class.as_str());
            let help = "give one of them another name, or leave this one out".to_owned();
            self.document.warning(span, "hidden-name", message, Some(help));
        }
        false
    }

    fn via(&self, value: &Value<'_>) -> Vec<String> {
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
    fn chats(&self, value: &Value<'_>) -> BTreeMap<String, String> {
        let entries = value.table("`chat`").map(|table| table.entries()).unwrap_or_default();
        let chat = |(channel, span, value): (&str, Range<usize>, Value<'_>)| {
            let id = match value.integer_or_text()? {
                Ok(number) => number.to_string(),
                Err(_) => value.name()?,
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

impl AwayTable {
    fn new(table: Table<'_>) -> Self {
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

    fn read(self, id: RecipientId, names: &Names, document: &Document) -> Option<Away> {
        let deputies = self.deputy.as_ref().map(|(name, span)| names.resolve_at(name, span, document));
        if let Some((_, span)) = self.deputy.filter(|_| deputies.as_deref() == Some(&[id])) {
            let help = "name somebody else".to_owned();
            document.error(span, "own-deputy", "nobody can be their own deputy", Some(help));
        }
        let deputies = deputies.into_iter().flatten().filter(|deputy| *deputy != id).collect();
        Some(Away { from: self.from?, to: self.to?, deputies })
    }
}
