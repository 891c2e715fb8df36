//! A long TOML document, parsed part by part: the parser keeps ten times as much of what it is reading as the text is
//! long, so what it is reading is to be short.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A shorter document is parsed in one piece, and parts are about as long.
const LONG: usize = 256 << 10;

/// Parses a long document whose later parts are lists of tables (`[[task]]`) alone, and which has no mistake; any other
/// is `None`.
pub(super) fn parse(text: &str) -> Option<Spanned<DeTable<'_>>> {
    let mut parts = parts(text);
    let (mut root, errors) = DeTable::parse_recoverable(&text[parts.next()?]);
    if !errors.is_empty() {
        return None;
    }
    let mut has_more = false;
    for part in parts {
        has_more = true;
        let start = part.start;
        let (more, errors) = DeTable::parse_recoverable(&text[part]);
        if !errors.is_empty() {
            return None;
        }
        for (key, list) in moved(more.into_inner(), start) {
            if !is_list_of_tables(text, list.get_ref()) {
                return None;
            }
            match root.get_mut().get_mut(&key) {
                None => drop(root.get_mut().insert(key, list)),
                Some(known) if is_list_of_tables(text, known.get_ref()) => {
                    if let (DeValue::Array(known), DeValue::Array(list)) = (known.get_mut(), list.into_inner()) {
                        for table in list {
                            known.push(table);
                        }
                    }
                }
                Some(_) => return None,
            }
        }
    }
    has_more.then_some(root)
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

/// A table of a part that begins at this byte, by the places of the whole.
fn moved(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    table
        .into_iter()
        .map(|(key, value)| {
            let span = there(key.span(), by);
            (Spanned::new(span, key.into_inner()), moved_value(value, by))
        })
        .collect()
}

fn moved_value(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let span = there(value.span(), by);
    let mut value = value.into_inner();
    match &mut value {
        DeValue::Table(table) => *table = moved(std::mem::take(table), by),
        DeValue::Array(list) => {
            for item in list.iter_mut() {
                let there = moved_value(std::mem::replace(item, Spanned::new(0..0, DeValue::Boolean(false))), by);
                *item = there;
            }
        }
        _ => {}
    }
    Spanned::new(span, value)
}

fn there(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A head and so many tasks that there are several parts.
    fn long(head: &str) -> String {
        let task = |number: usize| {
            format!(
                "[[task]]\nid = \"{number}\"\nlead = [\"Hiệu trưởng\", \"Kế toán\"]\n[task.more]\nx = {{ y = 1 }}\n\n"
            )
        };
        head.to_owned() + &(0..10_000).map(task).collect::<String>()
    }

    #[test]
    fn parts_make_the_same_document_as_the_whole() {
        let text = long("title = \"Kế hoạch\"\n[[other]]\na = 1\n");
        assert!(parts(&text).count() > 2);
        let whole = DeTable::parse_recoverable(&text).0;
        // Compared with their places.
        assert_eq!(format!("{:?}", parse(&text).map(Spanned::into_inner)), format!("{:?}", Some(whole.into_inner())));
    }

    #[test]
    fn what_does_not_fall_into_parts_is_left_to_be_read_whole() {
        let cases = [
            long("").replace("id = \"9000\"", "id = "),
            long("") + "[task]\nx = 1\n",
            long("task = []\n"),
            long("[task]\nx = 1\n"),
            long("text = \"\"\"\n") + "\"\"\"\n",
            "x = 1\n".to_owned(),
        ];
        for text in cases {
            assert!(parse(&text).is_none(), "{}", &text[..20.min(text.len())]);
        }
    }
}
