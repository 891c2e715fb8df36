//! A long TOML document, parsed part by part: the parser keeps ten times as much of what it is reading as the text is
//! long, and what it makes of the text takes up five times its room.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Document, Table};

/// A shorter document is parsed in one piece, and parts are about as long.
const LONG: usize = 256 << 10;
/// Room is not taken for more tables before they are seen.
const MOST_ROOM: usize = 100_000;

/// A document with a long list of tables (`[[task]]`) that follow each other: the list but for its beginning falls into
/// parts, and all else is the first part. A document that is short, or does not fall into such parts, or has a mistake, is
/// a single part.
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
        let (first, later) = first_and_later(document, list).unwrap_or_else(|| (document.parse(), Vec::new()));
        Self { document, list, first, later }
    }

    /// The first part: the whole document but for what else is in the list.
    #[must_use]
    pub fn first(&self) -> &Spanned<DeTable<'d>> {
        &self.first
    }

    /// How many tables the list seems to have, up to a hundred thousand: room for so many need not be found again and again.
    #[must_use]
    pub fn headings(&self) -> usize {
        self.document.source.text().matches(&format!("[[{}]]", self.list)).take(MOST_ROOM).count()
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
fn first_and_later<'d>(document: &'d Document, list: &str) -> Option<(Spanned<DeTable<'d>>, Vec<Range<usize>>)> {
    let text = document.source.text();
    let later = later_parts(text, list)?;
    let (from, to) = (later.first()?.start, later.last()?.end);
    // What stands behind the list keeps its place.
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

/// The parts into which the first run of a list's tables falls, but for the one it begins with; `None` where it is short.
/// Goes by the beginnings of lines alone: whether they are what they seem is seen when they are parsed.
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
        if start - cut >= LONG {
            cuts.push(start);
            cut = start;
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([end]);
    let later: Vec<_> = cuts.iter().zip(ends).map(|(start, end)| *start..end).collect();
    (!later.is_empty()).then_some(later)
}

/// Whether a text in this value reaches into a part of the document: what looks like tables there is none.
fn holds_text_over(value: &Spanned<DeValue<'_>>, part: &Range<usize>) -> bool {
    match value.get_ref() {
        DeValue::String(_) => value.span().start < part.end && part.start < value.span().end,
        DeValue::Table(table) => table.values().any(|value| holds_text_over(value, part)),
        DeValue::Array(list) => list.iter().any(|value| holds_text_over(value, part)),
        _ => false,
    }
}

/// Whether a value is a list of tables with a heading each within a part of the text, and not one that is written in its
/// line.
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
    fn told(table: &Table<'_>) -> String {
        let (id, lead) = (table.get("id").unwrap(), table.get("lead").unwrap());
        let leads: Vec<_> = lead.list().iter().map(|lead| (lead.span(), lead.text())).collect();
        let more = table.get("more").unwrap().table("more").unwrap();
        format!("{:?} {:?} {:?} {leads:?} {:?}", table.span(), id.span(), id.text(), more.entries()[0].1)
    }

    #[test]
    fn parts_make_the_same_tables_as_the_whole() {
        let head = long("title = \"Kế hoạch\"\n[[other]]\na = 1\n");
        for text in [head.clone(), head.clone() + "[behind]\nb = \"đây\"\n[[last]]\nc = 2\n", long("")] {
            let document = Document::new(&Source::new("plan.toml", text.as_str()));
            let parts = Parts::of(&document, "task");
            assert!(parts.later.len() > 2);
            let whole = document.parse();
            let [first, whole] = [parts.first(), &whole].map(|root| Table::new(&document, root, "the plan"));
            let tasks = |root: &Table<'_>| -> Vec<String> {
                root.get("task").unwrap().tables("[[task]]").iter().map(told).collect()
            };
            let mut by_parts = tasks(&first);
            parts.for_each_later(|table| by_parts.push(told(&table)));
            assert_eq!(by_parts, tasks(&whole));
            let others = |root: &Table<'_>| -> Vec<String> {
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
            let document = Document::new(&Source::new("plan.toml", text.as_str()));
            assert!(first_and_later(&document, "task").is_none(), "{}", &text[..20.min(text.len())]);
        }
    }
}
