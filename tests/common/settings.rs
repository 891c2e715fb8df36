//! The settings of a school, changed by key: an edit that does not fit what is there fails the test.

use std::fmt::{self, Display};

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// One change. A key is a path of names with dots between them; of tables with one heading (`[[person]]`), the one of
/// this `name` or `period`, or of this place from 0 on: `person.Tổ trưởng.email`, `escalation.0.after`. Values are
/// written as in TOML.
#[derive(Clone, Copy, Debug)]
pub enum Edit<'a> {
    /// Gives a key that is there another value.
    Set(&'a str, &'a str),
    /// Gives a table that is there a key that it does not have.
    Add(&'a str, &'a str),
    /// Takes away a key that is there.
    Remove(&'a str),
    /// Gives a table that is there other keys in the place of all that it has.
    Fill(&'a str, &'a str),
    /// Appends tables with their headings.
    Append(&'a str),
}

/// The settings of a school.
pub struct Settings(DocumentMut);

impl Settings {
    pub fn new(text: &str) -> Self {
        Self(text.parse().unwrap_or_else(|error| panic!("{error}\n{text}")))
    }

    pub fn edit(&mut self, edit: Edit<'_>) {
        match edit {
            Edit::Set(key, written) => {
                let (table, name) = self.table_of(key);
                let item = table.get_mut(name).unwrap_or_else(|| panic!("there is no `{key}` to be set"));
                let old = item.as_value_mut().unwrap_or_else(|| panic!("`{key}` is a table"));
                let decor = old.decor().clone();
                *old = value(written);
                *old.decor_mut() = decor;
            }
            Edit::Add(key, written) => {
                let (table, name) = self.table_of(key);
                let old = table.insert(name, Item::Value(value(written)));
                assert!(old.is_none(), "`{key}` is there already");
            }
            Edit::Remove(key) => {
                let (table, name) = self.table_of(key);
                assert!(table.remove(name).is_some(), "there is no `{key}` to be removed");
            }
            Edit::Fill(key, written) => {
                let (table, name) = self.table_of(key);
                let old = table.get_mut(name).and_then(Item::as_table_mut);
                let old = old.unwrap_or_else(|| panic!("there is no table `{key}` to be filled"));
                old.clear();
                let keys: Table = Self::new(written).0.as_table().clone();
                old.extend(keys);
            }
            Edit::Append(written) => *self = Self::new(&format!("{self}\n{written}")),
        }
    }

    /// The table that a key belongs to, and the key's name in it.
    fn table_of<'k>(&mut self, key: &'k str) -> (&mut dyn TableLike, &'k str) {
        let mut parents: Vec<&str> = key.split('.').collect();
        let name = parents.pop().unwrap();
        let table = find(self.0.as_table_mut(), &parents);
        (table.unwrap_or_else(|| panic!("there is no table of `{key}`")), name)
    }
}

impl Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn find<'t>(table: &'t mut dyn TableLike, parents: &[&str]) -> Option<&'t mut dyn TableLike> {
    let Some((first, rest)) = parents.split_first() else { return Some(table) };
    match table.get_mut(first)? {
        Item::ArrayOfTables(tables) => {
            let (wanted, rest) = rest.split_first()?;
            let is_named = |table: &Table| {
                let names = ["name", "period"].into_iter().filter_map(|key| table.get(key)?.as_str());
                names.into_iter().any(|name| name == *wanted)
            };
            let mut numbered = tables.iter_mut().enumerate();
            let (_, found) = numbered.find(|(place, table)| is_named(table) || place.to_string() == *wanted)?;
            find(found, rest)
        }
        item => find(item.as_table_like_mut()?, rest),
    }
}

fn value(written: &str) -> Value {
    let mut value: Value = written.parse().unwrap_or_else(|error| panic!("{error}\n{written}"));
    value.decor_mut().clear();
    value
}
