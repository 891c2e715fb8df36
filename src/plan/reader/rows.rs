//! From the rows of tables to tasks: bands set level, standard and month, merged cells count for every row they reach, rows
//! that carry on after a page break belong to the one before, totals and signatures are none.

mod columns;
mod doubt;
mod line;
mod passed_over;
mod people;
mod task;
mod time;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::Diagnostics;
use crate::plan::timeframe::{Context, Frame, Reading, Unit, Unresolved};
use crate::plan::{Period, Task};
use crate::text;

use super::bands::{self, Band};
use super::context::ReadContext;
use super::criterion::Standing;
use super::headings::{Columns, Field};
use super::names::Finder;
use super::table::{Row, Table};
use super::who::Who;
use doubt::OpenDoubt;
use line::Line;
use passed_over::{is_numbering, is_part_of, is_signature, is_total};
/// Lines between two tables that may say what the next is.
const LINES_ABOVE: usize = 8;

/// A time as written, what stands around it, and what numbers in its column count.
type TimeKey = (String, Option<Frame>, Option<Unit>);

/// What has been read so far.
pub(super) struct Rows<'r> {
    path: &'r Path,
    context: ReadContext<'r>,
    finder: Finder<'r>,
    issued: Option<Date>,
    diagnostics: &'r mut Diagnostics,
    standards: BTreeMap<String, String>,
    /// What the rows that follow belong to.
    standing: Standing,
    /// The criterion that a row of its own has announced.
    criterion: Option<String>,
    /// The time that the rows that follow stand in, by a band, a sheet or a title.
    frame: Option<Frame>,
    /// The one that the plan's title names.
    title_frame: Option<Frame>,
    /// The time that a band gives to the rows that follow, as written.
    time_above: Option<(Period, String)>,
    columns: Option<Columns>,
    /// How many columns the last plan's table has, and how wide they are.
    width: usize,
    /// Lines since the last table.
    lines: Vec<String>,
    ids: HashSet<String>,
    /// How often each criterion was the name of a task already.
    repeated: HashMap<String, usize>,
    unnumbered: usize,
    tasks: Vec<Task>,
    /// What the last row said, for "như trên".
    last: HashMap<Field, String>,
    /// What who-columns and time columns read so far mean: a plan repeats a few.
    people: HashMap<String, Who>,
    times: HashMap<TimeKey, Result<Reading, Unresolved>>,
    /// What is doubtful of the row that is being read.
    doubts: Vec<OpenDoubt>,
    /// Headings that are told already.
    told: HashSet<String>,
    /// A row of signatures was read in this table: names follow, no tasks.
    signed: bool,
    /// Whether a plan's table was found.
    pub(super) found: bool,
}

impl<'r> Rows<'r> {
    pub(super) fn new(
        path: &'r Path,
        context: ReadContext<'r>,
        issued: Option<Date>,
        title: &str,
        diagnostics: &'r mut Diagnostics,
    ) -> Self {
        let frame = context.year.and_then(|year| Frame::find(title, &Context::of(year)));
        Self {
            path,
            context,
            finder: Finder::new(context.names.directory()),
            issued,
            diagnostics,
            standards: BTreeMap::new(),
            standing: Standing::default(),
            criterion: None,
            frame,
            title_frame: frame,
            time_above: None,
            columns: None,
            width: 0,
            lines: Vec::new(),
            ids: HashSet::new(),
            repeated: HashMap::new(),
            unnumbered: 0,
            tasks: Vec::new(),
            last: HashMap::new(),
            people: HashMap::new(),
            times: HashMap::new(),
            doubts: Vec::new(),
            told: HashSet::new(),
            signed: false,
            found: false,
        }
    }

    /// The titles of the standards and the tasks.
    pub(super) fn finish(mut self) -> (BTreeMap<String, String>, Vec<Task>) {
        self.tell_headings_that_are_nowhere();
        (self.standards, self.tasks)
    }

    /// A paragraph outside of tables: perhaps a band.
    pub(super) fn paragraph(&mut self, written: &str) {
        for line in written.lines().map(text::nfc).filter(|line| !line.is_empty()) {
            self.band_above(&line);
            if self.lines.len() >= LINES_ABOVE {
                self.lines.remove(0);
            }
            self.lines.push(line);
        }
    }

    /// A line above a table as a band. Sections there say nothing of the table's rows.
    fn band_above(&mut self, line: &str) {
        match self.band(line, None) {
            Some(Band::Section) | None => {}
            Some(band) => self.take(band),
        }
    }

    pub(super) fn table(&mut self, table: &Table) {
        let lines = std::mem::take(&mut self.lines);
        let mut columns = self.columns.take();
        self.signed = false;
        if let Some(sheet) = table.sheet() {
            self.standing = Standing::default();
            self.criterion = None;
            self.time_above = None;
            columns = None;
            if let Some(band @ (Band::Standard { .. } | Band::Criterion(_) | Band::Level { .. })) =
                self.band(sheet, None)
            {
                self.take(band);
            }
            let context = self.time_context();
            self.frame = context.and_then(|context| Frame::find(sheet, &context)).or(self.title_frame);
        }
        if self.is_of_another_year(table, &lines) {
            return;
        }
        // A table without headings carries on the one before where it has as many columns.
        let width = table.columns();
        if width != self.width {
            columns = None;
        }
        let time_elsewhere = self.time_elsewhere(table);
        let mut is_first = true;
        // What stands alone above the headings, as a paragraph does.
        let mut above: Vec<String> = Vec::new();
        let mut place = 0;
        while let Some(row) = table.rows.get(place) {
            if let Some(read) = Columns::read(table, place, self.context.document, time_elsewhere) {
                self.tell_columns(table, place, &read);
                for line in std::mem::take(&mut above) {
                    self.band_above(&line);
                }
                place += read.rows;
                self.width = width;
                self.found = true;
                self.signed = false;
                columns = Some(read);
                is_first = false;
                continue;
            }
            // Other headings begin another table, however many columns it has.
            if is_first && columns.is_some() && is_other_table(table, place, self.context) {
                columns = None;
            }
            is_first = false;
            if let Some(columns) = &columns {
                self.row(&Line::new(table, row, columns), table.rows.get(place + 1));
            } else {
                let mut own = row.own();
                above.extend(own.next().filter(|_| own.next().is_none()).map(|(_, cell)| cell.text.clone()));
            }
            place += 1;
        }
        if columns.is_some() {
            self.columns = columns;
        }
    }

    /// Whether tasks of this table may have their time from what stands above or between them.
    fn time_elsewhere(&self, table: &Table) -> bool {
        if self.frame.is_some() || self.time_above.is_some() {
            return true;
        }
        table.rows.iter().any(|row| {
            let mut own = row.own();
            let only = own.next().filter(|_| own.next().is_none());
            let band = only.and_then(|(_, cell)| self.band(&cell.text, None));
            matches!(band, Some(Band::Time(..)))
        })
    }

    fn row(&mut self, line: &Line<'_>, next: Option<&Row>) {
        let own: Vec<(usize, String)> = line
            .row
            .own()
            .map(|(column, cell)| (column, text::nfc(&cell.text)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if own.is_empty() || is_numbering(&own) || self.is_title(line, &own, next) {
            return;
        }
        let has_when = line.has_own_time();
        if own.first().is_some_and(|(_, text)| is_total(text)) && !has_when && !line.has_own(Field::Lead) {
            return;
        }
        let has_number = line.text(Field::Number).is_some() || line.text(Field::Criterion).is_some();
        // "Kế toán" above tasks without numbers is a group of them, as the next whole row shows.
        let is_whole = line.has_own(Field::Remedy) && line.has_own(Field::Lead) && has_when;
        if !has_number && (own.iter().all(|(_, text)| is_signature(text)) || (self.signed && !is_whole)) {
            self.signed = true;
            return;
        }
        self.signed = false;
        if line.carries_on() {
            self.carry_on(line);
            return;
        }
        if !line.has_own(Field::Remedy) && !has_when && !line.has_own(Field::Lead) && line.months().is_none() {
            return;
        }
        self.task(line);
    }

    /// Whether a row is the title of what follows, which then stands in it, or a total or a signature over its whole
    /// width.
    fn is_title(&mut self, line: &Line<'_>, own: &[(usize, String)], next: Option<&Row>) -> bool {
        let number = line.text(Field::Number);
        let number_column = line.columns.get(Field::Number).map(|heading| heading.first);
        let beside: Vec<&(usize, String)> = own.iter().filter(|(column, _)| Some(*column) != number_column).collect();
        let (([(_, only)], _) | ([], [(_, only)])) = (beside.as_slice(), own) else { return false };
        let is_whole = line.row.cells.iter().all(|cell| !cell.continued);
        let mark = number.as_deref().filter(|mark| *mark != only.as_str());
        if let Some(band) = self.band(only, mark).filter(|_| is_whole) {
            if band == Band::Section && is_total(only) {
                return true;
            }
            self.signed |= band == Band::Section && is_signature(only);
            self.take(band);
            return true;
        }
        // "1 Công tác tổ chức" above "1.1 …" is the title of what follows.
        let (Some(number), Some(next), 2) = (&number, next, own.len()) else { return false };
        is_part_of(next, number_column, number)
    }

    /// What times are read with: the school year and what stands around.
    fn time_context(&self) -> Option<Context<'r>> {
        Some(Context::of(self.context.year?).issued(self.issued).within(self.frame))
    }

    /// A text as a band.
    fn band(&self, written: &str, number: Option<&str>) -> Option<Band> {
        bands::read(written, number, &self.standing, self.time_context().as_ref())
    }

    /// Takes up what a band says.
    fn take(&mut self, band: Band) {
        match band {
            Band::Level { is_four } => {
                self.standing.level_four = is_four;
                self.criterion = None;
            }
            Band::Standard { number, title } => {
                if let Some(title) = title {
                    self.standards.entry(number.clone()).or_insert(title);
                }
                self.standing = Standing { standard: Some(number), level_four: false };
                self.criterion = None;
            }
            Band::Criterion(criterion) => self.criterion = criterion,
            Band::Time(frame, written) => {
                self.frame = Some(frame);
                self.time_above = Some((frame.period(), written));
            }
            Band::Section => {}
        }
    }

    /// A row that goes on with the one before, after a page break.
    fn carry_on(&mut self, line: &Line<'_>) {
        let Some(task) = self.tasks.last_mut() else { return };
        if let Some(more) = line.text(Field::Remedy) {
            task.remedy = format!("{} {more}", task.remedy);
        }
        for (kept, field) in [
            (&mut task.current_state, Field::State),
            (&mut task.budget, Field::Budget),
            (&mut task.support, Field::Support),
        ] {
            if let Some(more) = line.text(field) {
                *kept = Some(kept.take().map_or_else(|| more.clone(), |before| format!("{before} {more}")));
            }
        }
    }
}

/// Whether a row is one of headings that are not those of a plan.
fn is_other_table(table: &Table, place: usize, context: ReadContext<'_>) -> bool {
    let row = &table.rows[place];
    let own: Vec<String> = row.own().map(|(_, cell)| text::nfc(&cell.text)).collect();
    let is_heading = |text: &String| text.chars().count() <= 40 && !text.chars().any(|letter| letter.is_ascii_digit());
    let has_number_heading =
        Columns::candidate(table, place, context.document).is_some_and(|columns| columns.get(Field::Number).is_some());
    own.len() >= 2 && own.iter().all(is_heading) && has_number_heading
}
