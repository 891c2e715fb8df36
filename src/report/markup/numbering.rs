//! Numbers parts, headings and points. What stands alone is no list: a single heading of a part has no number, a single
//! point or item under its heading is a paragraph.

use crate::report::DocumentBlock;

use super::text::{letter, prefixed, roman};

/// The blocks of a body with their numbers, points with these letters.
pub(super) fn numbered(blocks: Vec<DocumentBlock>, letters: &[char]) -> Vec<DocumentBlock> {
    let mut numbered = Vec::with_capacity(blocks.len());
    let mut parts = 0;
    for mut part in split_before(blocks, |block| matches!(block, DocumentBlock::Part { .. })) {
        if let Some(DocumentBlock::Part { text }) = part.first_mut() {
            parts += 1;
            *text = format!("{}. {text}", roman(parts));
        }
        number_part(part, letters, &mut numbered);
    }
    numbered
}

fn number_part(part: Vec<DocumentBlock>, letters: &[char], numbered: &mut Vec<DocumentBlock>) {
    let is_heading = |block: &DocumentBlock| matches!(block, DocumentBlock::Heading { .. });
    let is_list = part.iter().filter(|block| is_heading(block)).count() > 1;
    let mut headings = 0;
    for mut section in split_before(part, is_heading) {
        if let Some(DocumentBlock::Heading { text }) = section.first_mut().filter(|_| is_list) {
            headings += 1;
            *text = format!("{headings}. {text}");
        }
        number_section(section, letters, numbered);
    }
}

fn number_section(section: Vec<DocumentBlock>, letters: &[char], numbered: &mut Vec<DocumentBlock>) {
    let count = |wanted: fn(&DocumentBlock) -> bool| section.iter().filter(|block| wanted(block)).count();
    let points = count(|block| matches!(block, DocumentBlock::Point { .. }));
    let items = count(|block| matches!(block, DocumentBlock::Item { .. }));
    let mut place = 0;
    let number = |block| match block {
        DocumentBlock::Point { text } if points == 1 => DocumentBlock::Paragraph { text },
        DocumentBlock::Item { text } if items == 1 => DocumentBlock::Paragraph { text },
        DocumentBlock::Point { text } => {
            place += 1;
            DocumentBlock::Point { text: prefixed(&format!("{}) ", letter(place, letters)), text) }
        }
        other => other,
    };
    numbered.extend(section.into_iter().map(number));
}

/// Runs of blocks, each but perhaps the first beginning with one that `begins` it.
fn split_before(blocks: Vec<DocumentBlock>, begins: impl Fn(&DocumentBlock) -> bool) -> Vec<Vec<DocumentBlock>> {
    let mut runs: Vec<Vec<DocumentBlock>> = Vec::new();
    for block in blocks {
        match runs.last_mut() {
            Some(run) if !begins(&block) => run.push(block),
            _ => runs.push(vec![block]),
        }
    }
    runs
}
