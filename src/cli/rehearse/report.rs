//! What a rehearsal prints: day by day who is told what and why, and a closing table; or one JSON object a message.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;
use serde::Serialize;

use crate::cli::notice::ShownNotice;
use crate::cli::{Console, Format};
use crate::delivery::Delivered;
use crate::language::{Language, Said};
use crate::plan::{Plan, Task};
use crate::schedule::{Notice, NoticeKind, ReviewId};
use crate::school::School;
use crate::store::outbox::MessageKind;
use crate::text_table::{Align, TextTable};

use super::reports::ReportsPlayed;

const DAY: Style = Style::new().bold();
const PALE: Style = Style::new().dimmed();
const URGENT: Style = AnsiColor::Red.on_default();

/// What is said of a rehearsal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RehearsalText<'t> {
    /// Of which plan it is, with how many tasks, and from which day to which it is played.
    Head { plan: &'t Plan, from: Date, to: Date },
    /// Every task is reported done so many days after it was due.
    ReportedAfter { days: u16 },
    /// The heading of a day.
    Day(Date),
    /// Why a notice about a task that is due then, where that is known, goes out so many days after it was to.
    Why { notice: &'t Notice, due: Option<Date>, days_late: i32 },
    /// A message of a failure.
    Failure,
    /// The heading of the table of how many messages people get.
    Messages,
    /// The heading of their sums.
    Total,
    /// The heading of the share that is new.
    New,
    /// The line of everybody.
    Everybody,
    /// So many messages a person and month, in tenths.
    Mean { tenths: usize },
    /// What counts as new.
    WhatIsNew,
    /// How many of how many days are played, and how long the others take; as whoever counts them writes it.
    DaysLeft { pos: &'t str, len: &'t str, eta: &'t str },
}

/// The printed report of a rehearsal.
pub(super) struct RehearsalReport<W> {
    out: W,
    format: Format,
    pub(super) language: Language,
    tasks: Vec<Task>,
    heading: Vec<String>,
    day: Option<Date>,
    /// Messages by recipient and month, and the months that have any.
    counts: BTreeMap<(usize, String), MessageCounts>,
    order: Vec<String>,
    total: usize,
    /// What each recipient has been told, by their name.
    told: HashSet<(String, NoticeStatement)>,
}

/// The messages of one recipient.
#[derive(Debug, Default)]
struct MessageCounts {
    months: BTreeMap<(i16, i8), usize>,
    /// Those that say something new.
    new: usize,
}

impl MessageCounts {
    fn total(&self) -> usize {
        self.months.values().sum()
    }
}

/// What a notice says of a task as a whole, whatever the number of days in it: said again, it is nothing new. Recurring work
/// is asked about anew for each period.
#[derive(Debug, PartialEq, Eq, Hash)]
struct NoticeStatement {
    task: u32,
    kind: &'static str,
    period: Option<ReviewId>,
}

impl NoticeStatement {
    /// What a notice about one of `tasks` says; `None` for a review, which is always new.
    fn of(notice: &Notice, tasks: &[Task]) -> Option<Self> {
        let task = notice.task?;
        let recurs = tasks[task as usize].recurrence.is_some();
        Some(Self { task, kind: notice.kind.as_str(), period: notice.kind.review().filter(|_| recurs) })
    }
}

impl<W: Write> RehearsalReport<W> {
    /// A report on `school` from one day to another, in which people report as is said.
    pub(super) fn new(
        school: &School,
        (from, to): (Date, Date),
        played: ReportsPlayed,
        Console { format, language }: Console,
        out: W,
    ) -> Self {
        let plan = &school.plan;
        let mut heading = vec![
            format!("{} – {}", plan.title, school.settings.organisation.name),
            RehearsalText::Head { plan, from, to }.said_in(language),
        ];
        if let ReportsPlayed::AfterDue(days) = played {
            heading.push(RehearsalText::ReportedAfter { days }.said_in(language));
        }
        let order = school.settings.people.iter().map(|(_, recipient)| recipient.name.clone()).collect();
        Self {
            out,
            format,
            language,
            tasks: plan.tasks.clone(),
            heading,
            day: None,
            counts: BTreeMap::new(),
            order,
            total: 0,
            told: HashSet::new(),
        }
    }

    fn said(&self, text: RehearsalText<'_>) -> String {
        text.said_in(self.language)
    }

    /// Prints a message.
    pub(super) fn add(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        self.total += 1;
        let name = &delivered.recipient.name;
        let place = self.order.iter().position(|known| known == name).unwrap_or(usize::MAX);
        let month = (delivered.at.year(), delivered.at.month());
        let is_new = self.is_new(delivered);
        let counts = self.counts.entry((place, name.clone())).or_default();
        *counts.months.entry(month).or_default() += 1;
        counts.new += usize::from(is_new);
        match self.format {
            Format::Json => self.line(delivered),
            Format::Text => self.paragraph(delivered),
        }
    }

    /// Whether a message says anything that its recipient has not been told before.
    fn is_new(&mut self, delivered: &Delivered<'_>) -> bool {
        let name = &delivered.recipient.name;
        let said: Vec<Option<NoticeStatement>> =
            delivered.notices.iter().map(|notice| NoticeStatement::of(notice, &self.tasks)).collect();
        // Each is noted, also after one that is new.
        let new = said.into_iter().map(|said| said.is_none_or(|said| self.told.insert((name.clone(), said))));
        delivered.notices.is_empty() | new.fold(false, |any, new| any | new)
    }

    fn line(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        let line = RehearsedMessage {
            at: delivered.at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            kind: delivered.class.as_str(),
            to: &delivered.recipient.name,
            channel: delivered.channel,
            address: delivered.address,
            subject: delivered.subject,
            message_id: &delivered.payload.message_id,
            notices: delivered.notices.iter().map(|notice| ShownNotice::new(notice, &self.tasks)).collect(),
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn paragraph(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        for line in self.heading.drain(..) {
            writeln!(self.out, "{line}")?;
        }
        let today = delivered.at.date();
        if self.day != Some(today) {
            self.day = Some(today);
            let day = self.said(RehearsalText::Day(today));
            writeln!(self.out, "\n{DAY}{day}{DAY:#}")?;
        }
        let time = delivered.at.strftime("%H:%M");
        let (name, subject) = (&delivered.recipient.name, delivered.subject);
        writeln!(self.out, "  {PALE}{time}{PALE:#}  {name}  {PALE}<-{PALE:#} {subject}")?;
        for notice in delivered.notices {
            let task = notice.task.map(|task| &self.tasks[task as usize]);
            let due = task.and_then(Task::period).map(|period| period.due);
            let said = Notice { kind: notice.kind.as_told_on(today, notice.day), ..*notice };
            let why = self.said(RehearsalText::Why { notice: &said, due, days_late: (today - notice.on).get_days() });
            let style = if is_urgent(notice.kind) { URGENT } else { Style::new() };
            let id = task.map(|task| format!("{:<5} ", task.name)).unwrap_or_default();
            let title = task.map(|task| format!("  {PALE}{}{PALE:#}", shortened(&task.remedy))).unwrap_or_default();
            writeln!(self.out, "           {id}{style}{why}{style:#}{title}")?;
        }
        if delivered.class == MessageKind::Alert {
            let failure = self.said(RehearsalText::Failure);
            writeln!(self.out, "           {URGENT}{failure}{URGENT:#}")?;
        }
        Ok(())
    }

    /// Prints the closing table: messages by month and by person.
    pub(super) fn close(mut self) -> io::Result<()> {
        if self.format == Format::Json {
            return self.out.flush();
        }
        for line in self.heading.drain(..) {
            writeln!(self.out, "{line}")?;
        }
        let mut months: Vec<(i16, i8)> =
            self.counts.values().flat_map(|counts| counts.months.keys()).copied().collect();
        months.sort_unstable();
        months.dedup();
        let mut table = TextTable::new(
            std::iter::once((self.said(RehearsalText::Messages), Align::Left))
                .chain(months.iter().map(|(year, month)| (format!("{month:02}/{:02}", year % 100), Align::Right)))
                .chain([RehearsalText::Total, RehearsalText::New].map(|heading| (self.said(heading), Align::Right))),
        );
        let number = |count: usize| if count == 0 { "·".to_owned() } else { count.to_string() };
        for ((_, name), counts) in &self.counts {
            let of_month = |month| counts.months.get(month).copied().unwrap_or(0);
            let cells = months.iter().map(|month| number(of_month(month)));
            let (total, new) = (counts.total(), counts.new);
            table.row(std::iter::once(name.clone()).chain(cells).chain([total.to_string(), share(new, total)]));
        }
        let of_month = |month| self.counts.values().filter_map(|counts| counts.months.get(month)).sum::<usize>();
        let cells = months.iter().map(|month| number(of_month(month)));
        let new: usize = self.counts.values().map(|counts| counts.new).sum();
        table.rule();
        table.row(
            std::iter::once(self.said(RehearsalText::Everybody))
                .chain(cells)
                .chain([self.total.to_string(), share(new, self.total)]),
        );
        write!(self.out, "\n{table}")?;
        let spans = self.counts.len() * months.len();
        if let Some(tenths) = (self.total * 10 + spans / 2).checked_div(spans) {
            let (mean, what_is_new) = (self.said(RehearsalText::Mean { tenths }), self.said(RehearsalText::WhatIsNew));
            writeln!(self.out, "\n{mean}\n{what_is_new}")?;
        }
        self.out.flush()
    }
}

/// A share in per cent.
fn share(part: usize, whole: usize) -> String {
    format!("{} %", (part * 100 + whole / 2) / whole.max(1))
}

/// The beginning of a text that is too long for a line.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 44;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    // Not in the middle of a word.
    let whole = beginning.rsplit_once(' ').map_or(beginning.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', '.', ';']))
}

/// Whether a notice is about a task that is late.
fn is_urgent(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Overdue(_) | NoticeKind::Escalation(_) => true,
        NoticeKind::Start | NoticeKind::Before(_) | NoticeKind::SelfCheck(_) | NoticeKind::Review(_) => false,
    }
}

/// A message as JSON (design, commands).
#[derive(Serialize)]
struct RehearsedMessage<'a> {
    at: String,
    kind: &'static str,
    to: &'a str,
    channel: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    subject: &'a str,
    message_id: &'a str,
    notices: Vec<ShownNotice<'a>>,
}
