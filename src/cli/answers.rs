//! `answers`: what people wrote and the program did not understand.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::app::read_mailbox::unread_mails;
use crate::app::settle_answer::{SettledReport, Settlement, settle_answer};
use crate::clock::Clock;
use crate::config::Settings;
use crate::language::{Language, Said};
use crate::plan::{Status, Task, TaskId};
use crate::school::School;
use crate::store::Store;
use crate::store::open_answers::{OpenAnswer, OpenReason};
use crate::store::task_names::TaskNames;
use crate::store::unread_mail::UnreadMail;
use crate::text_table::{Align, TextTable};

use super::local_time::{self, Minute, Second};
use super::plan::bring_into_force;
use super::shown_id::{id_beginning, shown_id};
use super::{CommandError, Console, Findings, Format, block_on, load, task};

/// How much of an answer a list shows, in letters.
const SHOWN_TEXT: usize = 60;

#[derive(Debug, clap::Args)]
pub(super) struct AnswersArgs {
    #[command(subcommand)]
    action: AnswersAction,
}

impl AnswersArgs {
    /// Whether nothing is settled.
    pub(super) fn only_looks(&self) -> bool {
        match self.action {
            AnswersAction::List | AnswersAction::Show { .. } => true,
            AnswersAction::Settle(_) => false,
        }
    }
}

#[derive(Debug, clap::Subcommand)]
enum AnswersAction {
    /// The answers that wait for a person
    List,
    /// An answer as it was written
    Show {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Take an answer off the list, once somebody has dealt with it
    Settle(SettleArgs),
}

#[derive(Debug, clap::Args)]
struct SettleArgs {
    /// Its id, or the beginning of it
    id: String,
    /// Report this in the writer's name: `not_started`, `in_progress`, `blocked`, `done` or `cancelled`
    #[arg(long)]
    status: Option<Status>,
    /// How much of it is done, 0 to 100
    #[arg(long, value_name = "N", requires = "status", value_parser = clap::value_parser!(u8).range(0..=100))]
    percent: Option<u8>,
    /// The task that is reported on, where the answer may be about several; may be given several times
    #[arg(long, value_name = "TASK", requires = "status")]
    task: Vec<String>,
    /// A sentence about it; where the task is blocked, the words of the answer stand without one
    #[arg(long, value_name = "TEXT", requires = "status")]
    note: Option<String>,
    /// Who settles it
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What is said of answers that wait for a person.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AnswersText<'t> {
    /// None waits.
    Nothing,
    /// The heading of mails that the mailbox does not give.
    UnreadMails,
    /// One of them, and when it was tried last.
    UnreadMail { mail: &'t UnreadMail, tried: &'t Minute },
    /// The heading of ids.
    Id,
    /// The heading of when they came.
    At,
    /// The heading of who wrote them.
    By,
    /// The heading of the tasks that they may be about.
    Tasks,
    /// The heading of why a person must read them.
    Why,
    /// The heading of their beginnings.
    Answer,
    /// One of them, when it came, and why a person must read it.
    Open { answer: &'t OpenAnswer, at: &'t Second },
    /// The tasks that it may be about.
    About(&'t [&'t str]),
    /// When somebody has settled it, and who.
    Settled { at: &'t Second, by: Option<&'t str> },
    /// It is settled now, and this is reported of tasks by that.
    SettledNow { id: &'t str, writer: &'t str, reported: &'t [(&'t str, Status)] },
}

pub(super) fn run(config: &Path, args: &AnswersArgs, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let mut out = io::BufWriter::new(anstream::stdout());
    block_on(async {
        let url = &school.settings.store;
        match &args.action {
            AnswersAction::List => {
                let store = Store::open_to_read(url).await?;
                let answers = store.open_answers(&school.scope().organisation).await?;
                let names = store.task_names(&school.scope(), Clock::System.now()).await?;
                let unread = unread_mails(&store, &school).await?;
                store.close().await;
                list(&mut out, &answers, &names, &school.settings, console)?;
                list_unread(&mut out, &unread, &school.settings, console)?;
            }
            AnswersAction::Show { id } => {
                let store = Store::open_to_read(url).await?;
                let answer = find(&store, &school, id).await?;
                let names = store.task_names(&school.scope(), Clock::System.now()).await?;
                store.close().await;
                show(&mut out, &answer, &names, &school.settings, console)?;
            }
            AnswersAction::Settle(args) => {
                let store = Store::open(url).await?;
                let done = settle(&store, &school, args, console.language).await?;
                store.close().await;
                writeln!(out, "{done}")?;
            }
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(Findings::Fine)
}

/// Settles an answer, and says what was done.
async fn settle(store: &Store, school: &School, args: &SettleArgs, language: Language) -> Result<String, CommandError> {
    let at = Clock::System.now();
    let school = bring_into_force(store, school.clone(), at, language).await?;
    let open = find(store, &school, &args.id).await?;
    let tasks = match args.status {
        Some(_) => reported_on(&school, &open, &args.task)?,
        None => Vec::new(),
    };
    let report = args.status.map(|status| SettledReport { status, percent: args.percent, note: args.note.clone() });
    let settlement = Settlement { at, by: args.by.clone(), report };
    if !settle_answer(store, &school, &open, &tasks, settlement).await? {
        return Err(CommandError::AnswerIsSettled(shown_id(&open.id).to_owned()));
    }
    let reported = tasks.iter().filter_map(|task| Some((task.name.as_str(), args.status?)));
    let (id, reported) = (shown_id(&open.id), reported.collect::<Vec<_>>());
    Ok(AnswersText::SettledNow { id, writer: &open.writer, reported: &reported }.said_in(language))
}

/// The tasks that an answer is taken to be about: those that are named, else its only one.
fn reported_on<'a>(school: &'a School, open: &OpenAnswer, named: &[String]) -> Result<Vec<&'a Task>, CommandError> {
    if !named.is_empty() {
        return named.iter().map(|name| task(school, name)).collect();
    }
    let present: Vec<&Task> = open.tasks.iter().filter_map(|task| school.plan.task(task)).collect();
    match present.as_slice() {
        [only] => Ok(vec![only]),
        _ => Err(CommandError::WhichTask(present.iter().map(|task| task.name.clone()).collect())),
    }
}

/// The one answer whose id begins so.
async fn find(store: &Store, school: &School, id: &str) -> Result<OpenAnswer, CommandError> {
    let mut found = match id_beginning(id) {
        Some(beginning) => store.find_open_answers(&school.scope().organisation, &beginning).await?,
        None => Vec::new(),
    };
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(CommandError::UnknownAnswer(id.to_owned())),
        _ => Err(CommandError::AmbiguousAnswer(id.to_owned())),
    }
}

/// An answer as JSON.
#[derive(Serialize)]
pub(super) struct AnswerLine<'a> {
    id: &'a str,
    at: String,
    by: &'a str,
    tasks: Vec<&'a str>,
    why: OpenReason,
    text: &'a str,
    /// The message that began the conversation.
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_by: Option<&'a str>,
}

impl<'a> AnswerLine<'a> {
    pub(super) fn new(answer: &'a OpenAnswer, names: &'a TaskNames, settings: &Settings) -> Self {
        Self {
            id: &answer.id,
            at: local_time::with_offset(settings, answer.at),
            by: &answer.writer,
            tasks: answer.tasks.iter().map(|task: &TaskId| names.of(task)).collect(),
            why: answer.why,
            text: &answer.text,
            message: &answer.message,
            settled: answer.settled.as_ref().map(|(at, _)| local_time::with_offset(settings, *at)),
            settled_by: answer.settled.as_ref().and_then(|(_, by)| by.as_deref()),
        }
    }
}

/// The beginning of an answer in one line.
pub(super) fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN_TEXT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn list(
    out: &mut impl Write,
    answers: &[OpenAnswer],
    names: &TaskNames,
    settings: &Settings,
    Console { format, language }: Console,
) -> io::Result<()> {
    if format == Format::Json {
        for answer in answers {
            writeln!(out, "{}", serde_json::to_string(&AnswerLine::new(answer, names, settings))?)?;
        }
        return Ok(());
    }
    let said = |text: AnswersText<'_>| text.said_in(language);
    if answers.is_empty() {
        return writeln!(out, "{}", said(AnswersText::Nothing));
    }
    let headings =
        [AnswersText::Id, AnswersText::At, AnswersText::By, AnswersText::Tasks, AnswersText::Why, AnswersText::Answer];
    let mut table = TextTable::new(headings.map(|heading| (said(heading), Align::Left)));
    for answer in answers {
        let tasks: Vec<&str> = answer.tasks.iter().map(|task| names.of(task)).collect();
        table.row([
            shown_id(&answer.id).to_owned(),
            local_time::minute(settings, answer.at, language),
            answer.writer.clone(),
            tasks.join(", "),
            answer.why.said_in(language),
            beginning(&answer.text),
        ]);
    }
    write!(out, "{table}")
}

/// A mail that the mailbox does not give, as JSON.
#[derive(Serialize)]
struct UnreadMailLine {
    r#type: &'static str,
    /// Its number in the mailbox.
    number: u32,
    tries: u32,
    tried: String,
    reason: String,
}

fn list_unread(
    out: &mut impl Write,
    unread: &[UnreadMail],
    settings: &Settings,
    Console { format, language }: Console,
) -> io::Result<()> {
    if format == Format::Json {
        for UnreadMail { uid, tries, tried_at, reason, .. } in unread {
            let (tried, reason) = (local_time::with_offset(settings, *tried_at), reason.said_in(Language::English));
            let line = UnreadMailLine { r#type: "unread_mail", number: *uid, tries: *tries, tried, reason };
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        }
        return Ok(());
    }
    if unread.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", AnswersText::UnreadMails.said_in(language))?;
    for mail in unread {
        let tried = &Minute(settings.local(mail.tried_at));
        writeln!(out, "  {}", AnswersText::UnreadMail { mail, tried }.said_in(language))?;
    }
    Ok(())
}

fn show(
    out: &mut impl Write,
    answer: &OpenAnswer,
    names: &TaskNames,
    settings: &Settings,
    Console { format, language }: Console,
) -> io::Result<()> {
    if format == Format::Json {
        return writeln!(out, "{}", serde_json::to_string(&AnswerLine::new(answer, names, settings))?);
    }
    let said = |text: AnswersText<'_>| text.said_in(language);
    let at = &Second(settings.local(answer.at));
    writeln!(out, "{}", said(AnswersText::Open { answer, at }))?;
    let tasks: Vec<&str> = answer.tasks.iter().map(|task| names.of(task)).collect();
    writeln!(out, "{}", said(AnswersText::About(&tasks)))?;
    if let Some((at, by)) = &answer.settled {
        let at = &Second(settings.local(*at));
        writeln!(out, "{}", said(AnswersText::Settled { at, by: by.as_deref() }))?;
    }
    writeln!(out, "\n{}", answer.text)
}
