//! `rehearse`: the real daemon on a virtual clock, over the plan's whole time, into a scratch store.

pub(crate) mod report;
mod reports;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::app::load_school::Loaded;
use crate::calendar::{date_of, instant};
use crate::channel::{Channel, Failure, Outgoing, Payload, Receipt};
use crate::clock::Clock;
use crate::compose::{Content, ContentParts};
use crate::config::StoreAddress;
use crate::daemon::Daemon;
use crate::delivery::{Delivered, DeliveryObserver};
use crate::language::{Language, Said};
use crate::link::{self, LinkKey};
use crate::people::Recipient;
use crate::plan::Task;
use crate::private_files;
use crate::school::School;
use crate::store::Store;
use crate::text;

use super::{CommandError, Console, Findings, block_on, load, task};
use report::{RehearsalReport, RehearsalText};
use reports::{PlannedReport, PlannedReports, ReportsPlayed};

#[derive(Debug, clap::Args)]
pub(super) struct RehearseArgs {
    /// The first day [default: the plan's date of issue]
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day [default: a month after the end of the year or the last due date]
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Write each message as a file into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Report a task done at the beginning of a day; may be given several times
    #[arg(long, value_name = "TASK=DATE")]
    done: Vec<DoneOn>,
    /// How those who lead tasks report them done: `none`, `on-time` (on the due date) or `late:10d` (so many days after)
    #[arg(long, value_name = "HOW", default_value_t)]
    reports: ReportsPlayed,
}

/// A task that a rehearsal reports done.
#[derive(Clone, Debug)]
struct DoneOn {
    task: String,
    on: Date,
}

impl FromStr for DoneOn {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let (task, date) = word.split_once('=').ok_or("write TASK=DATE, as in 1.4=2023-10-20")?;
        let on = date.parse().map_err(|_| format!("`{date}` is no date; write it as in 1.4=2023-10-20"))?;
        Ok(Self { task: task.to_owned(), on })
    }
}

pub(super) fn run(config: &Path, args: &RehearseArgs, console: Console) -> Result<Findings, CommandError> {
    let loaded = load(config, console)?;
    let school = &loaded.school;
    let (from, to) = span(school, args)?;
    let mut reports = PlannedReports::new(school, args.reports);
    for done in &args.done {
        reports.add(PlannedReport { on: done.on, task: task(school, &done.task)?.id.clone(), period: None });
    }
    if let Some(directory) = &args.out {
        private_files::create_folder(directory)
            .map_err(|source| CommandError::File { path: directory.clone(), source })?;
    }
    let mut output = RehearsalOutput {
        report: RehearsalReport::new(school, (from, to), args.reports, console, io::BufWriter::new(anstream::stdout())),
        directory: args.out.clone(),
        written: 0,
        reports,
        bar: progress_bar(from, to, console.language),
    };
    block_on(play(loaded, from, to, &mut output))?;
    output.report.close()?;
    Ok(Findings::Fine)
}

/// The days to play: by default from the date of issue to a month after the later of the year's end and the last
/// due date (design, commands).
fn span(school: &School, args: &RehearseArgs) -> Result<(Date, Date), CommandError> {
    let from = args.from.unwrap_or(school.plan.issued);
    let last_due = school.plan.tasks.iter().filter_map(Task::period).map(|period| period.due).max();
    let end = school.settings.school_year.end();
    let to = args.to.unwrap_or_else(|| last_due.map_or(end, |due| due.max(end)).saturating_add(1.month()));
    if to < from {
        return Err(CommandError::EmptySpan { from, to });
    }
    Ok((from, to))
}

/// Plays the days through: sets the clock to each instant at which there is anything to do and lets the daemon work.
async fn play(loaded: Loaded, from: Date, to: Date, output: &mut RehearsalOutput) -> Result<(), CommandError> {
    let zone = loaded.school.settings.time_zone.clone();
    let midnight = |date: Date| instant(&zone, date, Time::midnight());
    let end = midnight(to.tomorrow().unwrap_or(to));
    let clock = Clock::standing_at(midnight(from));
    let store = Store::open(&StoreAddress::Memory).await?;
    // A rehearsal makes no key: where the service has none yet, links are signed with one that no server takes.
    let key = link::key::read(&loaded.school.settings.state).ok().flatten().unwrap_or_else(LinkKey::for_rehearsals);
    let mut daemon = Daemon::with_links(loaded, store.clone(), clock.clone(), key);
    daemon.map_channels(|_, channel| Arc::new(RehearsalChannel { channel }));
    while clock.now() < end {
        while let Some((at, report)) = output.reports.next_until(clock.now(), &zone) {
            report.take(&store, daemon.agenda().school(), at).await?;
        }
        let mut next = daemon.step(output).await?;
        if let Some(at) = output.reports.next_at(&zone) {
            next = next.min(at);
        }
        clock.set(next);
        let day = date_of(&zone, next);
        output.bar.set_position(u64::try_from((day - from).get_days()).unwrap_or(0));
        output.bar.set_message(day.said_in(output.report.language));
    }
    output.bar.finish_and_clear();
    store.close().await;
    Ok(())
}

/// A bar over the days for somebody who waits at a terminal; nothing otherwise.
fn progress_bar(from: Date, to: Date, language: Language) -> ProgressBar {
    if !io::stderr().is_terminal() || io::stdout().is_terminal() {
        // On a terminal the days themselves show how far it is.
        return ProgressBar::hidden();
    }
    let days = u64::try_from((to - from).get_days()).unwrap_or(0);
    let days_left = RehearsalText::DaysLeft { pos: "{pos}", len: "{len}", eta: "{eta}" }.said_in(language);
    let style = ProgressStyle::with_template(&format!("{{msg}} {{bar:40}} {days_left}"));
    ProgressBar::new(days).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A channel that renders as the real one does and sends nothing.
#[derive(Debug)]
struct RehearsalChannel {
    channel: Arc<dyn Channel>,
}

#[async_trait]
impl Channel for RehearsalChannel {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        self.channel.address(recipient)
    }

    fn parts(&self) -> ContentParts {
        self.channel.parts()
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        self.channel.render(message, content)
    }

    async fn send(&self, _: &Outgoing<'_>, _: &Payload) -> Result<Receipt, Failure> {
        Ok(Receipt { answer: "rehearsed".into() })
    }
}

/// What a rehearsal writes: the report, and each message into a folder where one was named.
struct RehearsalOutput {
    report: RehearsalReport<io::BufWriter<anstream::AutoStream<io::Stdout>>>,
    directory: Option<PathBuf>,
    written: usize,
    /// What is reported, and when.
    reports: PlannedReports,
    /// How far it is.
    bar: ProgressBar,
}

impl DeliveryObserver for RehearsalOutput {
    fn delivered(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        if let Some(directory) = &self.directory {
            self.written += 1;
            let at = delivered.at.strftime("%Y-%m-%dT%H%M");
            let to = text::fold(&delivered.recipient.name).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
            let name = format!("{:04}-{at}-{to}.{}", self.written, delivered.payload.extension);
            let mut file = private_files::create(&directory.join(name))?;
            file.write_all(&delivered.payload.bytes)?;
        }
        self.reports.answer(delivered);
        self.report.add(delivered)
    }
}
