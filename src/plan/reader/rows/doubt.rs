//! What is doubtful of a row, told with its cell and the lines of the configuration that settle it.

use crate::diagnostic::{Mistake, Place};
use crate::plan::overrides;

use super::super::headings::Field;
use super::super::mistake::{RowDoubt, RowMistake, SettledDoubt, SettlingLines};
use super::Rows;
use super::line::Line;

/// Something doubtful of a task, where it stands, and the line of the configuration that settles it otherwise.
pub(super) struct OpenDoubt {
    place: Place,
    doubt: RowDoubt,
    line: Option<String>,
}

impl Rows<'_> {
    /// Doubts something of a task, unless the configuration settles it; `settle` is the line that would. It is told with all
    /// else that is doubtful of the task, by [`Self::tell_doubts`].
    pub(super) fn doubt_of(&mut self, id: &str, at: (&Line<'_>, Field), doubt: RowDoubt, settle: Option<String>) {
        if !overrides::is_answered(doubt.code(), id, self.context.overrides) {
            let place = self.place(Some(id), at);
            self.doubts.push(OpenDoubt { place, doubt, line: settle });
        }
    }

    /// Tells what is doubtful of a task. The lines that settle all of it stand with the first doubt, below one heading, so
    /// that whoever copies the help of every doubt has a configuration that can be read.
    pub(super) fn tell_doubts(&mut self, id: &str) {
        let doubts = std::mem::take(&mut self.doubts);
        let mut settles = Some(settling_lines(doubts.iter().filter_map(|doubt| doubt.line.as_deref())));
        for OpenDoubt { place, doubt, line } in doubts {
            let lines = match line {
                None => SettlingLines::None,
                Some(line) => settles.take().map_or(SettlingLines::Above(line), SettlingLines::Here),
            };
            self.diagnostics.warning(place, SettledDoubt { doubt, task: id.to_owned(), lines });
        }
    }

    /// Doubts something of a row that is no task.
    pub(super) fn doubt(&mut self, at: (&Line<'_>, Field), mistake: RowMistake) {
        let place = self.place(None, at);
        self.diagnostics.warning(place, mistake);
    }

    /// A cell of a row.
    fn place(&self, task: Option<&str>, (line, field): (&Line<'_>, Field)) -> Place {
        Place::Cell {
            path: self.path.to_owned(),
            table: line.table.name.clone(),
            row: line.row.number,
            column: line.columns.get(field).map(|heading| (heading.first + 1, heading.text.clone())),
            text: line.text(field).unwrap_or_default(),
            task: task.map(str::to_owned),
        }
    }
}

/// Lines of a table of the configuration, each key once: the one that leaves least to be filled in.
fn settling_lines<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        let key = |line: &str| line.split(" = ").next().map(str::to_owned);
        match kept.iter_mut().find(|kept| key(kept) == key(line)) {
            Some(kept) if kept.contains('…') && !line.contains('…') => line.clone_into(kept),
            Some(_) => {}
            None => kept.push(line.to_owned()),
        }
    }
    kept
}
