//! What a rehearsal prints: day by day who is told what and why, and a closing table; or one JSON object a message.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;
use serde::Serialize;

use crate::cli::Format;
use crate::cli::notice::ShownNotice;
use crate::delivery::Delivered;
use crate::plan::Task;
use crate::schedule::{Notice, NoticeKind, ReviewId};
use crate::school::School;
use crate::store::outbox::MessageKind;
use crate::text_table::{Align, TextTable};

use super::reports::ReportsPlayed;

const DAY: Style = Style::new().bold();
const PALE: Style = Style::new().dimmed();
const URGENT: Style = AnsiColor::Red.on_default();

/// The printed report of a rehearsal.
pub(super) struct RehearsalReport<W> {
    out: W,
    format: Format,
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
        format: Format,
        out: W,
    ) -> Self {
        let plan = &school.plan;
        let mut heading = vec![
            format!("{} – {}", plan.title, school.settings.organisation.name),
            format!("plan {} of {}, {} tasks; played from {from} to {to}", plan.number, plan.issued, plan.tasks.len()),
        ];
        if let ReportsPlayed::AfterDue(days) = played {
            let when = if days == 0 { "on its due date".to_owned() } else { format!("{days} days after it was due") };
            heading.push(format!("every task is reported done {when}, recurring work the day after each question"));
        }
        let order = school.settings.people.iter().map(|(_, recipient)| recipient.name.clone()).collect();
        Self {
            out,
            format,
            tasks: plan.tasks.clone(),
            heading,
            day: None,
            counts: BTreeMap::new(),
            order,
            total: 0,
            told: HashSet::new(),
        }
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
            writeln!(self.out, "\n{DAY}{}{DAY:#}", today.strftime("%A %d %B %Y"))?;
        }
        let time = delivered.at.strftime("%H:%M");
        let (name, subject) = (&delivered.recipient.name, delivered.subject);
        writeln!(self.out, "  {PALE}{time}{PALE:#}  {name}  {PALE}<-{PALE:#} {subject}")?;
        for notice in delivered.notices {
            let task = notice.task.map(|task| &self.tasks[task as usize]);
            let (style, why) = why(notice, task, today);
            let id = task.map(|task| format!("{:<5} ", task.name)).unwrap_or_default();
            let title = task.map(|task| format!("  {PALE}{}{PALE:#}", shortened(&task.remedy))).unwrap_or_default();
            writeln!(self.out, "           {id}{style}{why}{style:#}{title}")?;
        }
        if delivered.class == MessageKind::Alert {
            writeln!(self.out, "           {URGENT}a failure that the admin must know of{URGENT:#}")?;
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
            std::iter::once(("messages".to_owned(), Align::Left))
                .chain(months.iter().map(|(year, month)| (format!("{month:02}/{:02}", year % 100), Align::Right)))
                .chain([("total".to_owned(), Align::Right), ("new".to_owned(), Align::Right)]),
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
            std::iter::once("all".to_owned()).chain(cells).chain([self.total.to_string(), share(new, self.total)]),
        );
        write!(self.out, "\n{table}")?;
        let spans = self.counts.len() * months.len();
        if let Some(tenths) = (self.total * 10 + spans / 2).checked_div(spans) {
            writeln!(self.out, "\n{}.{} messages a person and month", tenths / 10, tenths % 10)?;
            writeln!(
                self.out,
                "new: says something of a task that this person has not been told before, or is a review"
            )?;
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

/// Why a notice goes out, as a person would say it.
fn why(notice: &Notice, task: Option<&Task>, today: Date) -> (Style, String) {
    let late = match (today - notice.on).get_days() {
        0 => String::new(),
        1 => ", caught up a day later".to_owned(),
        days => format!(", caught up {days} days later"),
    };
    let period = task.and_then(Task::period);
    let due = period.map(|period| period.due.to_string()).unwrap_or_default();
    let (style, why) = match notice.kind {
        NoticeKind::Start => (Style::new(), format!("starts {}, due {due}", notice.day)),
        NoticeKind::Before(0) => (Style::new(), format!("due {due}: the day itself")),
        NoticeKind::Before(1) => (Style::new(), format!("due {due}: the day before")),
        NoticeKind::Before(days) => (Style::new(), format!("due {due}: {days} days before")),
        NoticeKind::Overdue(days) => (URGENT, format!("was due {due}: {days} days after")),
        NoticeKind::Escalation(days) => (URGENT, format!("others are late, due {due}: {days} days after")),
        NoticeKind::SelfCheck(review) => (Style::new(), format!("how far is it? asked before the review {review}")),
        NoticeKind::Review(review) => (Style::new(), format!("review {review}, its period ends {}", notice.day)),
    };
    (style, why + &late)
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
