//! What a rehearsal prints: day by day who is told what and why, and a closing table; or one JSON object a message.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;
use serde::Serialize;

use crate::cli::Format;
use crate::cli::notice::ShownNotice;
use crate::delivery::Delivered;
use crate::plan::Task;
use crate::schedule::{Notice, NoticeKind};
use crate::school::School;
use crate::store::outbox::MessageKind;
use crate::text_table::{Align, TextTable};

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
    counts: BTreeMap<(usize, String), BTreeMap<(i16, i8), usize>>,
    order: Vec<String>,
    total: usize,
}

impl<W: Write> RehearsalReport<W> {
    /// A report on `school` from `from` to `to`.
    pub(super) fn new(school: &School, from: Date, to: Date, format: Format, out: W) -> Self {
        let plan = &school.plan;
        let heading = vec![
            format!("{} – {}", plan.title, school.settings.organisation.name),
            format!("plan {} of {}, {} tasks; played from {from} to {to}", plan.number, plan.issued, plan.tasks.len()),
        ];
        let order = school.settings.people.iter().map(|(_, recipient)| recipient.name.clone()).collect();
        Self { out, format, tasks: plan.tasks.clone(), heading, day: None, counts: BTreeMap::new(), order, total: 0 }
    }

    /// Prints a message.
    pub(super) fn add(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        self.total += 1;
        let name = &delivered.recipient.name;
        let place = self.order.iter().position(|known| known == name).unwrap_or(usize::MAX);
        let month = (delivered.at.year(), delivered.at.month());
        *self.counts.entry((place, name.clone())).or_default().entry(month).or_default() += 1;
        match self.format {
            Format::Json => self.line(delivered),
            Format::Text => self.paragraph(delivered),
        }
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
        let mut months: Vec<(i16, i8)> = self.counts.values().flat_map(BTreeMap::keys).copied().collect();
        months.sort_unstable();
        months.dedup();
        let mut table = TextTable::new(
            std::iter::once(("messages".to_owned(), Align::Left))
                .chain(months.iter().map(|(year, month)| (format!("{month:02}/{:02}", year % 100), Align::Right)))
                .chain([("total".to_owned(), Align::Right)]),
        );
        let number = |count: usize| if count == 0 { "·".to_owned() } else { count.to_string() };
        for ((_, name), counts) in &self.counts {
            let of_month = |month| counts.get(month).copied().unwrap_or(0);
            let cells = months.iter().map(|month| number(of_month(month)));
            let total = counts.values().sum::<usize>().to_string();
            table.row(std::iter::once(name.clone()).chain(cells).chain([total]));
        }
        let of_month = |month| self.counts.values().filter_map(|counts| counts.get(month)).sum::<usize>();
        let cells = months.iter().map(|month| number(of_month(month)));
        table.rule();
        table.row(std::iter::once("all".to_owned()).chain(cells).chain([self.total.to_string()]));
        write!(self.out, "\n{table}")?;
        self.out.flush()
    }
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
