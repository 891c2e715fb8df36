//! From the rows of tables to tasks: bands set level and standard, merged cells count for every row they reach, rows that
//! carry on after a page break belong to the one before.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::people::RecipientId;
use crate::plan::format::Surroundings;
use crate::plan::timeframe::{self, Unresolved};
use crate::plan::{Plan, Reported, Task, TaskId, Timeframe, doubts, settle};
use crate::progress::Status;
use crate::text;

use super::columns::{Columns, Field};
use super::who::{Finder, Named};
use super::{Block, Document, Row, Table, letterhead, status};

/// Makes a plan of a document; mistakes and doubts are noted. `None` where there is no plan's table in it.
pub(super) fn plan(
    document: &Document,
    path: &Path,
    around: Surroundings<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let above = above(document);
    let letterhead = letterhead::read(&above);
    let mut reader = Rows {
        path,
        around,
        finder: Finder::new(around.names.directory()),
        issued: letterhead.issued,
        diagnostics,
        standards: BTreeMap::new(),
        standard: None,
        level_four: false,
        criterion: None,
        columns: None,
        width: 0,
        ids: HashSet::new(),
        repeated: HashMap::new(),
        unnumbered: 0,
        tasks: Vec::new(),
        found: false,
    };
    for block in &document.blocks {
        match block {
            Block::Paragraph(text) => {
                reader.band(&text::nfc(text));
            }
            Block::Table(table) => reader.table(table),
        }
    }
    let (found, standards, tasks) = (reader.found, reader.standards, reader.tasks);
    let whole = || Place::File(path.to_owned());
    if !found {
        let help = "a plan's table has a heading for what is to be done, one for who and one for when: \
                    \"Nội dung\", \"Người thực hiện\", \"Thời gian\"";
        diagnostics.error("no-plan", whole(), "no table of this document has the headings of a plan").help(help);
        return None;
    }
    if let (Some(written), Some(year)) = (letterhead.school_year, around.year)
        && written != year.start().year()
    {
        let settled = format!("{}-{}", year.start().year(), year.end().year());
        let message =
            format!("the document is of the school year {written}-{}, the configuration of {settled}", written + 1);
        let help = "name this year's plan, or set [school_year] to the plan's";
        diagnostics.warning("other-school-year", whole(), message).help(help);
    }
    let name = path.file_stem().map(|stem| text::nfc(&stem.to_string_lossy())).unwrap_or_default();
    let number = letterhead.number.unwrap_or_else(|| name.clone());
    let title = letterhead.title.unwrap_or(name);
    let issued = letterhead.issued.or_else(|| {
        let start = around.year?.start();
        let message =
            format!("the document does not say when it was issued: the start of the school year, {start}, is taken");
        let help = "write the place and date above the plan, as \"Thanh Hưng, ngày 12 tháng 9 năm 2023\"";
        diagnostics.warning("no-date-of-issue", whole(), message).help(help);
        Some(start)
    });
    Some(Plan { number, framework: None, title, issued: issued?, standards, tasks })
}

/// The lines above the first plan's table.
fn above(document: &Document) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(text) => lines.extend(text.lines().map(text::nfc)),
            Block::Table(table) => {
                for place in 0..table.rows.len() {
                    if Columns::read(&table.rows[place..]).is_some() {
                        return lines;
                    }
                    let cells = table.rows[place].cells.iter().filter(|cell| !cell.continued);
                    lines.extend(cells.flat_map(|cell| cell.text.lines()).map(text::nfc));
                }
            }
        }
    }
    lines
}

/// What has been read so far.
struct Rows<'r> {
    path: &'r Path,
    around: Surroundings<'r>,
    finder: Finder<'r>,
    issued: Option<Date>,
    diagnostics: &'r mut Diagnostics,
    standards: BTreeMap<String, String>,
    /// The standard of the rows that follow.
    standard: Option<String>,
    /// Whether the rows that follow are of level 4, whose requirements have no standard.
    level_four: bool,
    /// The criterion that a row of its own has announced.
    criterion: Option<String>,
    columns: Option<Columns>,
    /// How many columns the last plan's table has.
    width: usize,
    ids: HashSet<String>,
    /// How often each criterion was the name of a task already.
    repeated: HashMap<String, usize>,
    unnumbered: usize,
    tasks: Vec<Task>,
    found: bool,
}

/// A row of a plan's table.
#[derive(Clone, Copy)]
struct Line<'l> {
    table: &'l Table,
    row: &'l Row,
    columns: &'l Columns,
}

impl<'l> Line<'l> {
    /// What stands in a column, also where that is merged with the row above.
    fn text(&self, field: Field) -> Option<String> {
        let (column, _) = self.columns.get(field)?;
        let text = one_line(&self.row.cells.get(column)?.text);
        (!text.is_empty()).then_some(text)
    }

    /// The same with its line ends.
    fn lines(&self, field: Field) -> &'l str {
        let cell = self.columns.get(field).and_then(|(column, _)| self.row.cells.get(column));
        cell.map_or("", |cell| cell.text.as_str())
    }

    /// Whether the row has something of its own in a column.
    fn has_own(&self, field: Field) -> bool {
        let cell = self.columns.get(field).and_then(|(column, _)| self.row.cells.get(column));
        cell.is_some_and(|cell| !cell.continued && !cell.text.trim().is_empty())
    }
}

impl Rows<'_> {
    fn table(&mut self, table: &Table) {
        let mut columns = self.columns.take();
        // A table without headings carries on the one before where it has as many columns.
        let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        if width != self.width {
            columns = None;
        }
        let mut place = 0;
        while let Some(row) = table.rows.get(place) {
            if let Some(read) = Columns::read(&table.rows[place..]) {
                place += read.rows;
                self.width = width;
                self.found = true;
                columns = Some(read);
                continue;
            }
            if let Some(columns) = &columns {
                self.row(Line { table, row, columns });
            }
            place += 1;
        }
        if columns.is_some() {
            self.columns = columns;
        }
    }

    fn row(&mut self, line: Line<'_>) {
        let own: Vec<(usize, String)> = line
            .row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.continued)
            .map(|(column, cell)| (column, text::nfc(&cell.text)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if own.is_empty() || is_numbering(&own) {
            return;
        }
        let number_column = line.columns.get(Field::Number).map(|(column, _)| column);
        let beside: Vec<&(usize, String)> = own.iter().filter(|(column, _)| Some(*column) != number_column).collect();
        let is_whole = line.row.cells.iter().all(|cell| !cell.continued);
        if let [(_, only)] = beside.as_slice()
            && is_whole
            && self.band(only)
        {
            return;
        }
        let carries_on = [Field::Number, Field::Criterion, Field::Lead, Field::Time, Field::Due]
            .iter()
            .all(|field| line.text(*field).is_none());
        if carries_on {
            self.carry_on(line);
            return;
        }
        if !line.has_own(Field::Remedy) && !line.has_own(Field::Time) && !line.has_own(Field::Lead) {
            return;
        }
        self.task(line);
    }

    /// A row or paragraph that says what the following rows belong to. Returns whether it does.
    fn band(&mut self, written: &str) -> bool {
        let folded = text::fold(written);
        let words: Vec<&str> =
            folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            ["muc", level, ..] if level.parse::<u8>().is_ok() && written.chars().count() < 40 => {
                self.level_four = *level == "4";
                self.criterion = None;
                true
            }
            ["tieu", "chuan", number, ..] if number.parse::<u8>().is_ok() => {
                let title =
                    written.split_once(':').map(|(_, title)| text::nfc(title)).filter(|title| !title.is_empty());
                if let Some(title) = title {
                    self.standards.entry((*number).to_owned()).or_insert(title);
                }
                self.standard = Some((*number).to_owned());
                self.level_four = false;
                self.criterion = None;
                true
            }
            ["tieu", "chi", ..] => {
                self.criterion = self.criterion_in(written);
                true
            }
            _ => false,
        }
    }

    /// "Tiêu chí 1.4", or "Tiêu chí 4" below a standard or level 4.
    fn criterion_in(&self, written: &str) -> Option<String> {
        let number: String = written
            .chars()
            .skip_while(|letter| !letter.is_ascii_digit())
            .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
            .collect();
        let number = number.trim_end_matches('.');
        if number.is_empty() {
            return None;
        }
        Some(match (&self.standard, number.contains('.')) {
            (_, true) => number.to_owned(),
            _ if self.level_four => format!("M4.{number}"),
            (Some(standard), false) => format!("{standard}.{number}"),
            (None, false) => number.to_owned(),
        })
    }

    /// A row that goes on with the one before, after a page break.
    fn carry_on(&mut self, line: Line<'_>) {
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

    fn task(&mut self, line: Line<'_>) {
        let Some(remedy) = line.text(Field::Remedy) else {
            let message = "the row does not say what is to be done, so it is no task";
            self.doubt(None, line, Field::Remedy, "no-remedy", message, "write it into this column");
            return;
        };
        let criterion = self.criterion(line);
        let base = criterion.clone().or_else(|| {
            let number = line.text(Field::Number)?;
            let has_criteria = line.columns.get(Field::Criterion).is_some();
            (!has_criteria).then(|| number.trim_end_matches('.').to_owned())
        });
        let base = base.unwrap_or_else(|| {
            self.unnumbered += 1;
            let standard = self.standard.as_ref().filter(|_| !self.level_four);
            standard
                .map_or_else(|| format!("x{}", self.unnumbered), |standard| format!("{standard}.x{}", self.unnumbered))
        });
        if criterion.is_none() && line.columns.get(Field::Criterion).is_some() {
            let message = format!("the row names no criterion: the task is called `{base}`");
            let help = settle::help("write its number", &base, "criterion = \"…\"");
            self.doubt_of(&base, line, Field::Criterion, "no-criterion", &message, &help);
        }
        let mut id = base.clone();
        while !self.ids.insert(id.clone()) {
            let number = self.repeated.entry(base.clone()).or_insert(1);
            *number += 1;
            id = format!("{base}-{number}");
        }
        let (time, timeframes) = self.time(line, &id);
        let (leads, with) = self.people(line, &id);
        let reported = self.reported(line, &id);
        let several = timeframes.len() > 1;
        for (letter, timeframe) in ('a'..='z').zip(timeframes) {
            let name = if several { format!("{id}{letter}") } else { id.clone() };
            self.tasks.push(Task {
                id: TaskId::new(&name),
                name,
                criterion: criterion.clone(),
                current_state: line.text(Field::State).or_else(|| line.text(Field::Subject)),
                remedy: remedy.clone(),
                responsible: line.text(Field::Lead),
                lead: leads.iter().map(|named| named.name.clone()).collect(),
                with: with.iter().map(|named| named.name.clone()).collect(),
                leads: people(&leads, &[]),
                coordinators: people(&with, &people(&leads, &[])),
                time: time.clone(),
                timeframe,
                postponed: None,
                budget: line.text(Field::Budget),
                support: line.text(Field::Support),
                reported,
            });
        }
    }

    fn criterion(&self, line: Line<'_>) -> Option<String> {
        if let Some(written) = line.text(Field::Criterion) {
            return self.criterion_in(&written);
        }
        let subject = line.text(Field::Subject).filter(|subject| text::fold(subject).starts_with("tieu chi"));
        subject.and_then(|subject| self.criterion_in(&subject)).or_else(|| self.criterion.clone())
    }

    /// The time as written, and what it means.
    fn time(&mut self, line: Line<'_>, id: &str) -> (Option<String>, Vec<Timeframe>) {
        let due = line.text(Field::Due).map(|due| match line.text(Field::Start) {
            Some(start) => format!("Từ {start} đến {due}"),
            None => due,
        });
        let (written, field) = match line.text(Field::Time) {
            Some(time) => (Some(time), Field::Time),
            None if due.is_some() => (due, Field::Due),
            None => (None, if line.columns.get(Field::Time).is_some() { Field::Time } else { Field::Due }),
        };
        let Some(text) = &written else {
            let message = "the task has no time: nobody is reminded of it";
            let help = settle::help("write when it is to be done (\"10/2023\")", id, "time = \"…\"");
            self.doubt_of(id, line, field, "unresolved-time", message, &help);
            return (None, vec![Timeframe::Unresolved(Unresolved::Empty)]);
        };
        let Some(year) = self.around.year else { return (written, vec![Timeframe::Unresolved(Unresolved::Empty)]) };
        match timeframe::read(text, year) {
            Ok(periods) => {
                for period in &periods {
                    if let Some((message, meant)) = doubts::early(period.due, self.issued) {
                        let settled = format!("time = \"{meant}\"");
                        let help = settle::help(&format!("is {meant} meant? mend it"), id, &settled);
                        self.doubt_of(id, line, field, "due-before-issue", &message, &help);
                    }
                }
                (written, periods.into_iter().map(Timeframe::Resolved).collect())
            }
            Err(reason) => {
                let message = format!("{reason}: nobody is reminded of this task");
                let help = settle::help(reason.help(), id, "time = \"…\"");
                self.doubt_of(id, line, field, "unresolved-time", &message, &help);
                (written, vec![Timeframe::Unresolved(reason)])
            }
        }
    }

    /// How far the document says the task is.
    fn reported(&mut self, line: Line<'_>, id: &str) -> Option<Reported> {
        let written = line.text(Field::Status)?;
        let reported = status::read(&written);
        if reported.is_none() {
            let message = "this is no status that is known, so nothing is reported";
            let help = "write \"Hoàn thành\", \"Đang thực hiện - 40%\", \"Chưa thực hiện\", \"Vướng mắc\" or \"Không thực hiện\"";
            self.doubt_of(id, line, Field::Status, "unknown-status", message, help);
        }
        reported.filter(|reported| reported.status != Status::NotStarted)
    }

    /// Who answers and who helps: no one twice.
    fn people(&mut self, line: Line<'_>, id: &str) -> (Vec<Named>, Vec<Named>) {
        let who = self.finder.responsible(line.lines(Field::Lead));
        let mut leads: Vec<Named> = Vec::new();
        for named in who.leads {
            if !is_known(&named, &leads) {
                leads.push(named);
            }
        }
        let mut with = Vec::new();
        let helpers = who.with.into_iter();
        let helpers = helpers.chain(self.finder.all(line.lines(Field::Coordinators)));
        let helpers = helpers.chain(self.finder.ordered(line.lines(Field::Remedy)));
        for named in helpers.chain(self.finder.all(line.lines(Field::Support))) {
            if !is_known(&named, &leads) && !is_known(&named, &with) {
                with.push(named);
            }
        }
        if leads.is_empty() {
            let message = "nobody whom the configuration knows is named here: nobody is reminded of this task";
            let mend = "name a role, say under [aliases] whom a name means";
            let help = settle::help(mend, id, "lead = [\"…\"]");
            self.doubt_of(id, line, Field::Lead, "unknown-lead", message, &help);
        }
        (leads, with)
    }

    /// Doubts something of a task, unless the configuration settles it.
    fn doubt_of(&mut self, id: &str, line: Line<'_>, field: Field, code: &'static str, message: &str, help: &str) {
        if !settle::is_answered(code, id, self.around.overrides) {
            self.doubt(Some(id), line, field, code, message, help);
        }
    }

    fn doubt(
        &mut self,
        task: Option<&str>,
        line: Line<'_>,
        field: Field,
        code: &'static str,
        message: &str,
        help: &str,
    ) {
        let place = Place::Cell {
            path: self.path.to_owned(),
            table: line.table.name.clone(),
            row: line.row.number,
            column: line.columns.get(field).map(|(column, heading)| (column + 1, heading.to_owned())),
            text: line.text(field).unwrap_or_default(),
            task: task.map(str::to_owned),
        };
        let found = Diagnostic {
            severity: crate::diagnostic::Severity::Warning,
            code,
            place,
            message: message.to_owned(),
            label: String::new(),
            help: Some(help.to_owned()),
        };
        self.diagnostics.push(found);
    }
}

/// Whether everybody whom a name means is among those named already.
fn is_known(named: &Named, others: &[Named]) -> bool {
    named.people.iter().all(|person| others.iter().any(|other| other.people.contains(person)))
}

/// Everybody who is named, no one twice, without some.
fn people(named: &[Named], without: &[RecipientId]) -> Vec<RecipientId> {
    let mut people = Vec::new();
    for person in named.iter().flat_map(|named| &named.people) {
        if !people.contains(person) && !without.contains(person) {
            people.push(*person);
        }
    }
    people
}

/// The paragraphs of a cell as one. A sentence that ends with its paragraph and without a point gets one, so that the next
/// does not run on; a few words with a line break are no sentence.
fn one_line(written: &str) -> String {
    let mut joined = String::new();
    for line in written.lines().map(text::nfc).filter(|line| !line.is_empty()) {
        let is_sentence =
            joined.split(['.', ';', ':', '!', '?']).next_back().is_some_and(|last| last.split(' ').count() > 5);
        let begins_anew = line.chars().next().is_some_and(char::is_uppercase);
        if joined.ends_with(char::is_alphanumeric) && is_sentence && begins_anew {
            joined.push('.');
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&line);
    }
    joined
}

/// "(1) (2) … (10)" below the headings.
fn is_numbering(own: &[(usize, String)]) -> bool {
    let number = |text: &str| text.trim_matches(['(', ')', ' ']).parse::<usize>().ok();
    let numbers: Vec<usize> = own.iter().filter_map(|(_, text)| number(text)).collect();
    own.len() >= 3 && numbers.len() == own.len() && numbers.windows(2).all(|two| two[0] + 1 == two[1])
}
