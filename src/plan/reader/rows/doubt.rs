//! What is doubtful of a row, told with its cell and the lines of the configuration that settle it.

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::plan::overrides;

use super::super::headings::Field;
use super::Rows;
use super::line::Line;

/// What is doubted, and how to settle it.
#[derive(Clone, Copy)]
pub(super) struct RowDoubt<'d> {
    pub(super) code: &'static str,
    pub(super) message: &'d str,
    /// What to mend in the document.
    pub(super) help: &'d str,
    /// The line that settles it in the configuration otherwise, where one does.
    pub(super) settle: Option<&'d str>,
}

impl Rows<'_> {
    /// Doubts something of a task, unless the configuration settles it. It is told with all else that is doubtful of the
    /// task, by [`Self::tell_doubts`].
    pub(super) fn doubt_of(&mut self, id: &str, line: &Line<'_>, field: Field, doubt: RowDoubt<'_>) {
        if !overrides::is_answered(doubt.code, id, self.context.overrides) {
            let diagnostic = self.diagnostic(Some(id), line, field, doubt);
            self.doubts.push((diagnostic, doubt.settle.map(str::to_owned)));
        }
    }

    /// Tells what is doubtful of a task. The lines that settle all of it stand with the first doubt, below one heading, so
    /// that whoever copies the help of every doubt has a configuration that can be read.
    pub(super) fn tell_doubts(&mut self, id: &str) {
        let mut doubts = std::mem::take(&mut self.doubts);
        let settles = settling_lines(doubts.iter().filter_map(|(_, line)| line.as_deref()));
        let mut is_first = true;
        for (doubt, settle) in &mut doubts {
            let (Some(help), Some(line)) = (&mut doubt.help, settle) else { continue };
            *help = if std::mem::take(&mut is_first) {
                overrides::help(help, id, &settles.iter().map(String::as_str).collect::<Vec<_>>())
            } else {
                overrides::help_above(help, id, line)
            };
        }
        for (doubt, _) in doubts {
            self.diagnostics.push(doubt);
        }
    }

    /// Doubts something of a row that is no task.
    pub(super) fn doubt(&mut self, line: &Line<'_>, field: Field, doubt: RowDoubt<'_>) {
        let diagnostic = self.diagnostic(None, line, field, doubt);
        self.diagnostics.push(diagnostic);
    }

    fn diagnostic(&self, task: Option<&str>, line: &Line<'_>, field: Field, doubt: RowDoubt<'_>) -> Diagnostic {
        let place = Place::Cell {
            path: self.path.to_owned(),
            table: line.table.name.clone(),
            row: line.row.number,
            column: line.columns.get(field).map(|heading| (heading.first + 1, heading.text.clone())),
            text: line.text(field).unwrap_or_default(),
            task: task.map(str::to_owned),
        };
        Diagnostic {
            severity: Severity::Warning,
            code: doubt.code,
            place,
            message: doubt.message.to_owned(),
            label: String::new(),
            help: Some(doubt.help.to_owned()),
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
