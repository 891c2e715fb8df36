//! Columns of text for a terminal or a fixed-width letter, aligned by what the letters take up on the screen.

use std::fmt;

use anstream::adapter::strip_str;
use unicode_width::UnicodeWidthStr;

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table that is printed as a whole.
#[derive(Debug)]
pub(crate) struct TextTable {
    columns: Vec<Align>,
    /// `None` is a line across.
    rows: Vec<Option<Vec<String>>>,
}

impl TextTable {
    /// A table with these headings.
    pub(crate) fn new(headings: impl IntoIterator<Item = (String, Align)>) -> Self {
        let (headings, columns) = headings.into_iter().unzip();
        Self { columns, rows: vec![Some(headings), None] }
    }

    /// Adds a row; cells beyond the headings are left out.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(Some(cells.into_iter().take(self.columns.len()).collect()));
    }

    /// Adds a line across.
    pub(crate) fn rule(&mut self) {
        self.rows.push(None);
    }
}

impl fmt::Display for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut widths = vec![0; self.columns.len()];
        for row in self.rows.iter().flatten() {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = shown_width(cell).max(*width);
            }
        }
        for row in &self.rows {
            let Some(row) = row else {
                // The last column may be a whole paragraph, which no line need be as long as.
                let last = widths.len().saturating_sub(1);
                let length = |(column, width): (usize, &usize)| if column == last { (*width).min(40) } else { *width };
                let rule: Vec<String> = widths.iter().enumerate().map(|width| "─".repeat(length(width))).collect();
                writeln!(f, "{}", rule.join("  "))?;
                continue;
            };
            let mut line = String::new();
            for ((cell, width), align) in row.iter().zip(&widths).zip(&self.columns) {
                let room = " ".repeat(width - shown_width(cell));
                match align {
                    Align::Left => line.extend([cell, room.as_str(), "  "]),
                    Align::Right => line.extend([room.as_str(), cell, "  "]),
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// How many columns of a terminal a text takes up; colours take up none.
fn shown_width(text: &str) -> usize {
    strip_str(text).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_vietnamese_in_either_composition() {
        let mut table = TextTable::new([("ai".to_owned(), Align::Left), ("số".to_owned(), Align::Right)]);
        table.row(["Hiệu trưởng".to_owned(), "7".to_owned()]);
        table.row(["Hie\u{323}\u{302}u phó".to_owned(), "12".to_owned()]);
        let text = table.to_string();
        let ends: Vec<usize> = text.lines().map(UnicodeWidthStr::width).collect();
        assert_eq!(ends, [15, 15, 15, 15], "{text}");
    }
}
