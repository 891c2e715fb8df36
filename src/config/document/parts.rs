//! A long TOML document, parsed part by part: the parser keeps ten times as much of what it is reading as the text is
//! long, and what it makes of the text takes up five times its room.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Document, Table};

/// A shorter document is parsed in one piece, and parts are about as long.
const LONG: usize = 256 << 10;

/// A document whose later parts hold tables of one list (`[[task]]`) alone. One that is short, or does not fall into such
/// parts, or has a mistake, is a single part.
#[derive(Debug)]
pub struct Parts<'d> {
    document: &'d Document,
    list: &'static str,
    first: Spanned<DeTable<'d>>,
    later: Vec<Range<usize>>,
}

impl<'d> Parts<'d> {
    /// Parses the first part, and looks that the others can be, when it is their turn. Mistakes are noted as
    /// [`Document::parse`] does it.
    #[must_use]
    pub fn of(document: &'d Document, list: &'static str) -> Self {
        let parted = first_and_later(document.source.text(), list);
        let (first, later) = parted.unwrap_or_else(|| (document.parse(), Vec::new()));
        Self { document, list, first, later }
    }

    /// The first part: the whole document but for what else is in the list.
    #[must_use]
    pub fn first(&self) -> &Spanned<DeTable<'d>> {
        &self.first
    }

    /// Does something with each table of the list in the later parts, in their order.
    pub fn for_each_later(&self, mut each: impl FnMut(Table<'_>)) {
        for part in &self.later {
            let from = part.start;
            let (parsed, _) = DeTable::parse_recoverable(&self.document.source.text()[part.clone()]);
            let root = Table::at(self.document, &parsed, from, "the document");
            root.get(self.list)
                .map(|value| value.tables(self.list))
                .unwrap_or_default()
                .into_iter()
                .for_each(&mut each);
        }
    }
}

/// The first part parsed, and where the others are; `None` where all is to be parsed in one piece.
fn first_and_later<'t>(text: &'t str, list: &str) -> Option<(Spanned<DeTable<'t>>, Vec<Range<usize>>)> {
    let mut parts = parts(text);
    let (first, errors) = DeTable::parse_recoverable(&text[parts.next()?]);
    if !errors.is_empty() || !first.get_ref().get(list).is_some_and(|value| is_list_of_tables(text, value.get_ref())) {
        return None;
    }
    let later: Vec<_> = parts.collect();
    let holds_the_list_alone = |part: &Range<usize>| {
        let text = &text[part.clone()];
        let (parsed, errors) = DeTable::parse_recoverable(text);
        let mut values = parsed.get_ref().iter();
        errors.is_empty()
            && values.all(|(key, value)| *key.get_ref() == list && is_list_of_tables(text, value.get_ref()))
    };
    (!later.is_empty() && later.iter().all(holds_the_list_alone)).then_some((first, later))
}

/// The parts of a document: each but the first begins with the heading of a table in a list.
fn parts(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start == text.len() {
            return None;
        }
        let end = text.as_bytes().get(start + LONG..).and_then(|_| {
            let from = text.ceil_char_boundary(start + LONG);
            Some(from + text[from..].find("\n[[")? + 1)
        });
        let part = start..end.unwrap_or(text.len());
        start = part.end;
        Some(part)
    })
}

/// Whether a value is a list of tables with a heading each, and not one that is written in its line.
fn is_list_of_tables(text: &str, value: &DeValue<'_>) -> bool {
    let DeValue::Array(list) = value else { return false };
    list.iter().all(|table| {
        matches!(table.get_ref(), DeValue::Table(_))
            && text.get(table.span().start..).is_some_and(|at| at.starts_with("[["))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    /// A head and so many tasks that there are several parts.
    fn long(head: &str) -> String {
        let task = |number: usize| {
            format!(
                "[[task]]\nid = \"{number}\"\nlead = [\"Hiệu trưởng\", \"Kế toán\"]\n[task.more]\nx = {{ y = 1 }}\n\n"
            )
        };
        head.to_owned() + &(0..10_000).map(task).collect::<String>()
    }

    /// Each task: where its heading, its id and its leads are, and what these say.
    fn told(table: &Table<'_>) -> String {
        let (id, lead) = (table.get("id").unwrap(), table.get("lead").unwrap());
        let leads: Vec<_> = lead.list().iter().map(|lead| (lead.span(), lead.text())).collect();
        let more = table.get("more").unwrap().table("more").unwrap();
        format!("{:?} {:?} {:?} {leads:?} {:?}", table.span(), id.span(), id.text(), more.entries()[0].1)
    }

    #[test]
    fn parts_make_the_same_tables_as_the_whole() {
        let text = long("title = \"Kế hoạch\"\n[[other]]\na = 1\n");
        let document = Document::new(&Source::new("plan.toml", text.as_str()));
        let parts = Parts::of(&document, "task");
        assert!(parts.later.len() > 2);
        let tasks = |root: &Spanned<DeTable<'_>>| -> Vec<String> {
            let root = Table::new(&document, root, "the plan");
            root.get("task").unwrap().tables("[[task]]").iter().map(told).collect()
        };
        let mut by_parts = tasks(parts.first());
        parts.for_each_later(|table| by_parts.push(told(&table)));
        assert_eq!(by_parts, tasks(&document.parse()));
    }

    #[test]
    fn what_does_not_fall_into_parts_is_read_whole() {
        let cases = [
            long("").replace("id = \"9000\"", "id = "),
            long("") + "[task]\nx = 1\n",
            long("") + "[[other]]\nx = 1\n",
            long("task = []\n"),
            long("[task]\nx = 1\n"),
            long("text = \"\"\"\n") + "\"\"\"\n",
            "x = 1\n".to_owned(),
        ];
        for text in cases {
            assert!(first_and_later(&text, "task").is_none(), "{}", &text[..20.min(text.len())]);
        }
    }
}
