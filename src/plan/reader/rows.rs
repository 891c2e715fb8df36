//! From the rows of tables to tasks: bands set level, standard and month, merged cells count for every row they reach, rows
//! that carry on after a page break belong to the one before, totals and signatures are none.

mod line;
mod people;
mod task;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::plan::timeframe::{Context, Frame, Reading, Unit, Unresolved};
use crate::plan::{Period, Task, overrides};
use crate::text;

use super::bands::{self, Band};
use super::context::ReadContext;
use super::criterion::Standing;
use super::headings::{Columns, Field};
use super::letterhead;
use super::names::Finder;
use super::table::{Row, Table};
use super::who::Who;
use line::Line;

/// Fields of which only the best column is read; the others are told.
const LOST: [Field; 8] = [
    Field::Criterion,
    Field::Standard,
    Field::Time,
    Field::Month,
    Field::Week,
    Field::Start,
    Field::Due,
    Field::Status,
];
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
    /// What is doubtful of the row that is being read, and the line that settles it.
    doubts: Vec<(Diagnostic, Option<String>)>,
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

    /// Headings of `[plan_document]` that no table has are told: they were written for nothing.
    fn tell_headings_that_are_nowhere(&mut self) {
        if !self.found {
            return;
        }
        for (heading, _) in &self.context.document.columns {
            if !self.told.contains(&format!("set {}", text::fold(heading))) {
                let message = format!("no table of a plan in this document has the heading \"{heading}\"");
                let help = "write it as it stands in the document, or take it out of [plan_document] columns";
                self.diagnostics.warning("unknown-heading", Place::File(self.path.to_owned()), message).help(help);
            }
        }
    }

    /// A paragraph outside of tables: perhaps a band.
    pub(super) fn paragraph(&mut self, written: &str) {
        for line in written.lines().map(text::nfc).filter(|line| !line.is_empty()) {
            // Sections in running text are no bands: they say nothing of a table's rows.
            match self.band(&line, None) {
                Some(Band::Section) | None => {}
                Some(band) => self.take(band),
            }
            if self.lines.len() >= LINES_ABOVE {
                self.lines.remove(0);
            }
            self.lines.push(line);
        }
    }

    pub(super) fn table(&mut self, table: &Table) {
        let lines = std::mem::take(&mut self.lines);
        let mut columns = self.columns.take();
        self.signed = false;
        if let Some(sheet) = &table.sheet {
            self.standing = Standing::default();
            self.criterion = None;
            self.time_above = None;
            columns = None;
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
        let mut place = 0;
        while let Some(row) = table.rows.get(place) {
            if let Some(read) = Columns::read(table, place, self.context.document, time_elsewhere) {
                self.tell_columns(table, place, &read);
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

    /// Whether a table is of another school year than the plan: last year's, as an appendix. It is told and not read.
    fn is_of_another_year(&mut self, table: &Table, lines: &[String]) -> bool {
        let Some(year) = self.context.year.map(|year| year.start().year()) else { return false };
        let in_sheet =
            table.sheet.as_deref().and_then(|name| letterhead::years(name).or_else(|| letterhead::school_year(name)));
        let above_rows = table.rows.iter().take(LINES_ABOVE).filter(|_| table.sheet.is_some());
        let in_rows = above_rows.flat_map(Row::own).find_map(|(_, cell)| letterhead::school_year(&cell.text));
        let headings = lines.iter().rev().filter(|line| line.chars().count() < 120 && !line.ends_with(';'));
        let in_lines = headings.clone().find_map(|line| letterhead::school_year(line));
        let Some(written) = in_sheet.or(in_rows).or(in_lines).filter(|written| *written != year) else { return false };
        // A document of another year as a whole is told once, and read.
        let is_plan =
            (0..table.rows.len()).any(|place| Columns::read(table, place, self.context.document, true).is_some());
        if !is_plan || !(self.found || table.sheet.is_some() || has_this_year(lines, year)) {
            return false;
        }
        if table.sheet.is_some() && !self.found && in_sheet.is_none() {
            return false;
        }
        let message = format!("{} is of the school year {written}-{}: it is not read", table.name, written + 1);
        let help = format!("take it out of the document, or write {year}-{} above it if it is of this year", year + 1);
        self.diagnostics.warning("other-school-year", Place::File(self.path.to_owned()), message).help(help);
        true
    }

    /// Tells of headings that nobody knows, and of those that lost against a better one of their kind.
    fn tell_columns(&mut self, table: &Table, place: usize, columns: &Columns) {
        let row = table.rows[place].number;
        for heading in &columns.headings {
            let set = format!("set {}", text::fold(heading.text.rsplit(" – ").next().unwrap_or_default()));
            self.told.insert(format!("set {}", text::fold(&heading.text)));
            self.told.insert(set);
        }
        let lost = LOST.iter().flat_map(|field| columns.others(*field)).map(|place| &columns.headings[place]);
        let unread: Vec<_> = columns.unknown().chain(lost).cloned().collect();
        for heading in unread {
            // Headings that are repeated on each page are looked at once.
            let name = match heading.text.trim() {
                "" => format!("{}, which has no heading,", heading.first + 1),
                text => format!("«{text}»"),
            };
            if !self.told.insert(format!("unread {} {}", table.name, text::fold(&name))) {
                continue;
            }
            let below = heading.first..heading.first + heading.columns;
            let mut own = table.rows.iter().skip(place + columns.rows).flat_map(Row::own);
            // Numbers below nothing number the rows.
            let is_read =
                |text: &str| heading.text.trim().is_empty() && text.trim().trim_end_matches('.').parse::<u32>().is_ok();
            if !own.any(|(column, cell)| below.contains(&column) && !is_read(&cell.text)) {
                continue;
            }
            let message = format!("the column {name} is not read");
            let own = heading.text.rsplit(" – ").next().unwrap_or_default();
            let help = if heading.text.trim().is_empty() {
                "if it says something of the plan, write above it what it says".to_owned()
            } else {
                format!(
                    "if it says something of the plan, say what in the configuration: with, lead, due …, or nothing\n\
                     [plan_document]\ncolumns = {{ nothing = [\"{own}\"] }}"
                )
            };
            let place = Place::Cell {
                path: self.path.to_owned(),
                table: table.name.clone(),
                row,
                column: Some((heading.first + 1, heading.text.clone())),
                text: heading.text.clone(),
                task: None,
            };
            self.diagnostics.warning("unread-column", place, message).help(help);
        }
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

    /// Doubts something of a task, unless the configuration settles it. It is told with all else that is doubtful of the
    /// task, by [`Self::tell_doubts`].
    fn doubt_of(&mut self, id: &str, line: &Line<'_>, field: Field, doubt: RowDoubt<'_>) {
        if !overrides::is_answered(doubt.code, id, self.context.overrides) {
            let diagnostic = self.diagnostic(Some(id), line, field, doubt);
            self.doubts.push((diagnostic, doubt.settle.map(str::to_owned)));
        }
    }

    /// Tells what is doubtful of a task. The lines that settle all of it stand with the first doubt, below one heading, so
    /// that whoever copies the help of every doubt has a configuration that can be read.
    fn tell_doubts(&mut self, id: &str) {
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
    fn doubt(&mut self, line: &Line<'_>, field: Field, doubt: RowDoubt<'_>) {
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

/// What is doubted, and how to settle it.
#[derive(Clone, Copy)]
struct RowDoubt<'d> {
    code: &'static str,
    message: &'d str,
    /// What to mend in the document.
    help: &'d str,
    /// The line that settles it in the configuration otherwise, where one does.
    settle: Option<&'d str>,
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

/// Whether the number of a row is one below another: "1.2" below "1".
fn is_part_of(row: &Row, column: Option<usize>, number: &str) -> bool {
    let own = column.and_then(|column| row.cells.get(column)).map(|cell| text::nfc(&cell.text)).unwrap_or_default();
    own.strip_prefix(number.trim_end_matches('.')).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1)
}

/// Whether the lines above a table name this school year too, as a title does.
fn has_this_year(lines: &[String], year: i16) -> bool {
    lines.iter().any(|line| letterhead::school_year(line) == Some(year))
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

/// "(1) (2) … (10)" or "A B 1 2" below the headings.
fn is_numbering(own: &[(usize, String)]) -> bool {
    let number = |text: &str| text.trim_matches(['(', ')', ' ']).parse::<usize>().ok();
    let numbers: Vec<usize> = own.iter().filter_map(|(_, text)| number(text)).collect();
    let letters =
        own.iter().take_while(|(_, text)| matches!(text.as_str(), "A" | "B" | "C" | "(A)" | "(B)" | "(C)")).count();
    own.len() >= 3
        && numbers.len() + letters == own.len()
        && numbers.len() >= 2
        && numbers.windows(2).all(|two| two[0] + 1 == two[1])
}

/// "Tổng cộng", "Cộng", "Tổng kinh phí".
fn is_total(written: &str) -> bool {
    let folded = text::fold(written);
    let words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    matches!(
        words.as_slice(),
        ["tong", "cong" | "so" | "kinh", ..]
            | ["tong", "hop"]
            | ["tong", "hop", "kinh", ..]
            | ["cong" | "tong"]
            | ["cong", "kinh", "phi"]
    )
}

/// Who signs, how, and below what.
fn is_signature(written: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "nguoi lap",
        "hieu truong",
        "pho hieu truong",
        "thu truong",
        "noi nhan",
        "ke toan",
        "nguoi duyet",
        "phe duyet",
        "duyet cua",
        "xac nhan",
        "(ky",
        "ky ten",
        "da ky",
        "tm.",
        "kt.",
        "chu tich",
        "to truong",
        "ban giam hieu",
        "thu ky",
        "- luu",
        "luu:",
        "giam doc",
        "truong phong",
    ];
    let folded = text::fold(written);
    let is_place_and_date =
        folded.contains("ngay") && folded.contains("thang") && folded.contains("nam") && folded.len() < 60;
    folded.len() < 80 && (is_place_and_date || BEGINNINGS.iter().any(|beginning| folded.starts_with(beginning)))
}
