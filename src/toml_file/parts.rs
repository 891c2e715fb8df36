//! Long TOML documents, parsed part by part. While it parses, the parser takes ten times the memory of the text; its
//! result takes five times.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{TableName, TomlDocument, TomlTable};

/// The length of a part in bytes; a document not longer than that is parsed in one piece.
const PART_LEN: usize = 256 << 10;
/// The most tables for which memory is reserved before they are read.
const MAX_RESERVED_TABLES: usize = 100_000;

/// A document in parts. Most of its long list of consecutive tables (`[[task]]`) falls into later parts; everything
/// else, with the beginning of the list, is the first. A document that is short, does not fall into such parts or has a
/// mistake is one part.
#[derive(Debug)]
pub struct DocumentParts<'d> {
    document: &'d TomlDocument,
    list: &'static str,
    first: Spanned<DeTable<'d>>,
    later: Vec<Range<usize>>,
}

impl<'d> DocumentParts<'d> {
    /// Parses the first part, and checks that the later ones parse when their turn comes. Mistakes are noted as in
    /// [`TomlDocument::parse`].
    #[must_use]
    pub fn of(document: &'d TomlDocument, list: &'static str) -> Self {
        let (first, later) = first_and_later(document, list).unwrap_or_else(|| (document.parse(), Vec::new()));
        Self { document, list, first, later }
    }

    /// The first part: everything but the later tables of the list.
    #[must_use]
    pub fn first(&self) -> &Spanned<DeTable<'d>> {
        &self.first
    }

    /// The number of tables that the list seems to have, at most a hundred thousand: a hint for reserving memory.
    #[must_use]
    pub fn headings(&self) -> usize {
        self.document.source.text().matches(&format!("[[{}]]", self.list)).take(MAX_RESERVED_TABLES).count()
    }

    /// Calls `each` with every table of the list in the later parts, in their order.
    pub fn for_each_later(&self, mut each: impl FnMut(TomlTable<'_>)) {
        for part in &self.later {
            let from = part.start;
            let (parsed, _) = DeTable::parse_recoverable(&self.document.source.text()[part.clone()]);
            let root = TomlTable::at(self.document, &parsed, from, TableName::Plan);
            root.get(self.list)
                .map(|value| value.tables(self.list))
                .unwrap_or_default()
                .into_iter()
                .for_each(&mut each);
        }
    }
}

/// The first part, parsed, and the places of the later ones; `None` where the document is to be parsed in one piece.
fn first_and_later<'d>(document: &'d TomlDocument, list: &str) -> Option<(Spanned<DeTable<'d>>, Vec<Range<usize>>)> {
    let text = document.source.text();
    let later = later_parts(text, list)?;
    let (from, to) = (later.first()?.start, later.last()?.end);
    // Blanks in place of the list, so that everything after it keeps its place.
    let rest = document.shortened.get_or_init(|| match &text[to..] {
        "" => text[..from].to_owned(),
        behind => [&text[..from], &" ".repeat(to - from), behind].concat(),
    });
    let (first, errors) = DeTable::parse_recoverable(rest);
    let tables = first.get_ref().get(list)?.get_ref();
    let is_within_text = first.get_ref().values().any(|value| holds_text_over(value, &(from..to)));
    if !errors.is_empty() || is_within_text || !is_list_of_tables(rest, tables, 0..from) {
        return None;
    }
    let holds_the_list_alone = |part: &Range<usize>| {
        let text = &text[part.clone()];
        let (parsed, errors) = DeTable::parse_recoverable(text);
        let mut values = parsed.get_ref().iter();
        let belongs = |value: &DeValue<'_>| is_list_of_tables(text, value, 0..text.len());
        errors.is_empty() && values.all(|(key, value)| *key.get_ref() == list && belongs(value.get_ref()))
    };
    later.iter().all(holds_the_list_alone).then_some((first, later))
}

/// The later parts of the first run of a list's tables; `None` where the list is short. Looks at the beginnings of
/// lines alone: parsing shows whether they are headings.
fn later_parts(text: &str, list: &str) -> Option<Vec<Range<usize>>> {
    let heading = format!("[[{list}]]");
    let within = [format!("[{list}."), format!("[[{list}.")];
    let headings = || text.match_indices("\n[").map(|(end, _)| end + 1);
    let mut starts = headings().filter(|at| text[*at..].starts_with(&heading));
    let begin = if text.starts_with(&heading) { 0 } else { starts.next()? };
    let belongs = |at: &usize| {
        let line = &text[*at..];
        line.starts_with(&heading) || within.iter().any(|within| line.starts_with(within))
    };
    let end = headings().skip_while(|at| *at < begin).find(|at| !belongs(at)).unwrap_or(text.len());
    let mut cuts = Vec::new();
    let mut cut = begin;
    for start in starts.take_while(|start| *start < end) {
        if start - cut >= PART_LEN {
            cuts.push(start);
            cut = start;
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([end]);
    let later: Vec<_> = cuts.iter().zip(ends).map(|(start, end)| *start..end).collect();
    (!later.is_empty()).then_some(later)
}

/// Whether a text in this value reaches into a part of the document: then headings in it are only text.
fn holds_text_over(value: &Spanned<DeValue<'_>>, part: &Range<usize>) -> bool {
    match value.get_ref() {
        DeValue::String(_) => value.span().start < part.end && part.start < value.span().end,
        DeValue::Table(table) => table.values().any(|value| holds_text_over(value, part)),
        DeValue::Array(list) => list.iter().any(|value| holds_text_over(value, part)),
        _ => false,
    }
}

/// Whether a value is a list of tables that each have a heading in the given part of the text, not inline tables.
fn is_list_of_tables(text: &str, value: &DeValue<'_>, within: Range<usize>) -> bool {
    let DeValue::Array(list) = value else { return false };
    list.iter().all(|table| {
        let start = table.span().start;
        matches!(table.get_ref(), DeValue::Table(_))
            && within.contains(&start)
            && text.get(start..).is_some_and(|at| at.starts_with("[["))
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
    fn told(table: &TomlTable<'_>) -> String {
        let (id, lead) = (table.get("id").unwrap(), table.get("lead").unwrap());
        let leads: Vec<_> = lead.list().iter().map(|lead| (lead.span(), lead.text())).collect();
        let more = table.get("more").unwrap().table("more").unwrap();
        format!("{:?} {:?} {:?} {leads:?} {:?}", table.span(), id.span(), id.text(), more.entries()[0].1)
    }

    #[test]
    fn parts_make_the_same_tables_as_the_whole() {
        let head = long("title = \"Kế hoạch\"\n[[other]]\na = 1\n");
        for text in [head.clone(), head.clone() + "[behind]\nb = \"đây\"\n[[last]]\nc = 2\n", long("")] {
            let document = TomlDocument::new(&Source::new("plan.toml", text.as_str()));
            let parts = DocumentParts::of(&document, "task");
            assert!(parts.later.len() > 2);
            let whole = document.parse();
            let [first, whole] = [parts.first(), &whole].map(|root| TomlTable::new(&document, root, "the plan"));
            let tasks = |root: &TomlTable<'_>| -> Vec<String> {
                root.get("task").unwrap().tables("[[task]]").iter().map(told).collect()
            };
            let mut by_parts = tasks(&first);
            parts.for_each_later(|table| by_parts.push(told(&table)));
            assert_eq!(by_parts, tasks(&whole));
            let others = |root: &TomlTable<'_>| -> Vec<String> {
                let others = root.entries().into_iter().filter(|(key, ..)| *key != "task");
                others
                    .map(|(key, span, value)| format!("{key} {span:?} {:?} {:?}", value.span(), value.value))
                    .collect()
            };
            assert_eq!(others(&first), others(&whole));
        }
    }

    #[test]
    fn what_does_not_fall_into_parts_is_read_whole() {
        let cases = [
            long("").replace("id = \"9000\"", "id = "),
            long("") + "[task]\nx = 1\n",
            long("") + "[[other]]\nx = 1\n[[task]]\nid = \"again\"\n",
            long("") + "  [[other]]\nx = 1\n",
            long("task = []\n"),
            long("[task]\nx = 1\n"),
            long("text = \"\"\"\n") + "\"\"\"\n",
            format!("[[task]]\nid = \"0\"\nremedy = \"\"\"\n{}[x]\n\"\"\"\n", long("")),
            "x = 1\n".to_owned(),
        ];
        for text in cases {
            let document = TomlDocument::new(&Source::new("plan.toml", text.as_str()));
            assert!(first_and_later(&document, "task").is_none(), "{}", &text[..20.min(text.len())]);
        }
    }
}
