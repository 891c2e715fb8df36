//! The commands: one file each. They read the command line, call the parts that do the work, and print.

pub(crate) mod answers;
pub(crate) mod channel;
pub(crate) mod check;
pub(crate) mod console;
mod diff;
pub(crate) mod evidence;
pub(crate) mod help;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod inbox;
pub(crate) mod init;
pub(crate) mod link;
pub(crate) mod local_time;
mod log;
pub(crate) mod lost_store;
pub(crate) mod new_year;
mod notice;
pub(crate) mod outbox;
pub(crate) mod plan;
pub(crate) mod postpone;
pub(crate) mod progress;
pub(crate) mod rehearse;
mod review;
mod run;
pub(crate) mod send_test;
mod shown_id;
pub(crate) mod status;
pub(crate) mod store;
mod try_connections;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::app;
use crate::app::ask_for_time::ProposalError;
use crate::app::init::SetupError;
use crate::app::load_school::{Loaded, load_school};
use crate::app::new_year::NewYearError;
use crate::channel::{Channels, Failure};
use crate::compose::ComposeError;
use crate::daemon::DaemonError;
use crate::daemon::service::ServiceError;
use crate::delivery::{DeliveryError, ReviewError};
use crate::diagnostic;

use crate::evidence_store::EvidenceError;
use crate::files::Files;
use crate::inbox::InboxError;
use crate::language::{Language, Said};
use crate::link::key::KeyError;
use crate::school::School;
use crate::store::outbox::MessageState;
use crate::store::{BackupError, CopyError, StoreError};
use crate::text;
use crate::web::WebError;

use console::Console;

/// Where the configuration is looked for when nobody says where it is.
const DEFAULT_CONFIGS: [&str; 2] = ["config/nhacviec.toml", "/etc/nhacviec/nhacviec.toml"];
/// Where the configuration of the installed service lies.
const SERVICE_CONFIG_DIR: &str = "/etc/nhacviec";

/// The variable that names the configuration.
const CONFIG_VARIABLE: &str = "NHACVIEC_CONFIG";

/// What the configuration is called in its own folder, where it is named when somebody forgets to.
const NEAR_CONFIG: &str = "nhacviec.toml";

/// A review as it may stand at the end of a configuration, whatever table is the last there.
pub(crate) const REVIEW_EXAMPLE: &str =
    "[[review]]\nperiod = \"month\"\non = \"first-workday\"\nto = [\"Hiệu trưởng\"]";

/// The exit code of wrong usage, as clap has it.
const WRONG_USAGE: u8 = 2;

/// Carries out a school's quality-improvement plan by reminding people of it.
#[derive(Debug, Parser)]
#[command(name = "nhacviec", version, about, max_term_width = 100)]
pub struct Cli {
    /// The configuration file [default: config/nhacviec.toml, then /etc/nhacviec/nhacviec.toml]
    #[arg(short, long, global = true, value_name = "FILE", env = CONFIG_VARIABLE, hide_env_values = true)]
    config: Option<PathBuf>,

    /// Look at an earlier school year, as in 2025-2026
    #[arg(long, global = true, value_name = "YEAR")]
    year: Option<String>,

    /// How results are printed; json means one object a line
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run as a service: remind, review, deliver
    Run(run::RunArgs),
    /// Write a configuration to begin with, from the plan and the list of people
    Init(init::InitArgs),
    /// Begin the next school year with its plan; the year that ends stays readable with --year
    NewYear(new_year::NewYearArgs),
    /// Read the configuration and everything it names, and report every mistake
    Check(check::CheckArgs),
    /// Play the plan's time through on a virtual clock and show every message
    Rehearse(rehearse::RehearseArgs),
    /// Show the tasks, what goes out next and what failed
    Status(status::StatusArgs),
    /// Report progress on a task
    Progress(progress::ProgressArgs),
    /// Report a task as done
    Done(progress::DoneArgs),
    /// Move the due date of a task, or refuse the request for it
    Postpone(postpone::PostponeArgs),
    /// Show what was handed in to prove the reports, or write it into a folder
    Evidence(evidence::EvidenceArgs),
    /// Look into the answers that wait for a person; settle them
    Answers(answers::AnswersArgs),
    /// See whether the mailbox for answers works
    Inbox(inbox::InboxArgs),
    /// Look into the queue of messages; try one again or drop it
    Outbox(outbox::OutboxArgs),
    /// Write a plan in Word, Excel or CSV as TOML, every doubt marked
    Import(import::ImportArgs),
    /// Take a plan that waits because most tasks have vanished from it
    Plan(plan::PlanArgs),
    /// Show the review of a month, a term or the year, or file it
    Review(review::ReviewArgs),
    /// Show what a changed plan does to the messages to come
    Diff(diff::DiffArgs),
    /// Show all that was ever told and reported about a task, with the servers' answers
    History(history::HistoryArgs),
    /// Show somebody's links to the pages, or make links void
    Link(link::LinkArgs),
    /// Send one message now, and show what the server answers
    SendTest(send_test::SendTestArgs),
    /// Set up a channel
    Channel(channel::ChannelArgs),
    /// Copy the store
    Store(store::StoreArgs),
}

impl Command {
    /// Whether its words go to the journal, which is English.
    fn is_service(&self) -> bool {
        matches!(self, Self::Run(args) if !args.only_shows())
    }

    /// Whether it may be asked of a school year that is over: it reads and changes nothing.
    fn only_looks(&self) -> bool {
        match self {
            Self::Check(_)
            | Self::Status(_)
            | Self::Evidence(_)
            | Self::Review(_)
            | Self::Diff(_)
            | Self::History(_) => true,
            Self::Answers(args) => args.only_looks(),
            Self::Outbox(args) => args.only_looks(),
            Self::Run(_)
            | Self::Init(_)
            | Self::NewYear(_)
            | Self::Rehearse(_)
            | Self::Progress(_)
            | Self::Done(_)
            | Self::Postpone(_)
            | Self::Inbox(_)
            | Self::Import(_)
            | Self::Plan(_)
            | Self::Link(_)
            | Self::SendTest(_)
            | Self::Channel(_)
            | Self::Store(_) => false,
        }
    }
}

/// What keeps a command from doing its work; printed as one line with its causes.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// There is no configuration where one is looked for.
    #[error("there is no configuration; looked for {}. Name one with --config {}", .looked_for.join(" and "), .near.unwrap_or("FILE"))]
    NoConfig {
        /// The places.
        looked_for: Vec<String>,
        /// One that stands in this folder itself.
        near: Option<&'static str>,
    },
    /// The configuration or something it names has mistakes, already printed.
    #[error("mend what is reported above, then try again; `nhacviec check` shows it once more")]
    Mistakes,
    /// An argument, or a file that one names, has mistakes, which are printed.
    #[error("mend what is reported above, then try again")]
    MistakesInArgument,
    /// The word names no task of the plan.
    #[error("there is no task `{task}` in the plan{}", .closest.as_ref().map(|id| format!("; did you mean `{id}`?")).unwrap_or_default())]
    UnknownTask {
        /// What was written.
        task: String,
        /// A task that is called much the same.
        closest: Option<String>,
    },
    /// An address that is no evidence. It is not repeated: it may hold a password.
    #[error("this address is no evidence: write one of the web, without a name or password in it")]
    BadLink,
    /// Evidence that is neither a file nor an address.
    #[error("there is no file `{0}`; evidence is a file or an address that begins with https://")]
    NoEvidence(String),
    /// A file that is not kept as evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A due date that is not taken.
    #[error(transparent)]
    Proposal(#[from] ProposalError),
    /// The school has no mailbox for answers.
    #[error("the configuration has no [inbox]: no mail is read")]
    NoMailbox,
    /// The mailbox does not work.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// A day of completion that has not come.
    #[error("{0} has not come yet: a task is done on a day until today")]
    NotYet(Date),
    /// Nobody asked for time.
    #[error("nobody has asked for another date for task `{0}`")]
    NothingAsked(String),
    /// Files of another purpose would be mixed with what is written.
    #[error("{} is not empty; name another folder", .0.display())]
    NotEmpty(PathBuf),
    /// The word is the beginning of no message's id.
    #[error("there is no message `{0}`; `nhacviec outbox list` shows those that wait or failed")]
    UnknownMessage(String),
    /// The word is the beginning of several ids.
    #[error("several messages begin with `{0}`; write more of the id")]
    AmbiguousMessage(String),
    /// The message is neither waiting nor failed.
    #[error("message {id} is {}: only one that waits or failed can be tried again or dropped", .state.as_str())]
    MessageIsOver {
        /// The message.
        id: String,
        /// Its state.
        state: MessageState,
    },
    /// The word is the beginning of no answer's id.
    #[error("there is no answer `{0}`; `nhacviec answers list` shows those that wait for a person")]
    UnknownAnswer(String),
    /// The word is the beginning of several ids.
    #[error("several answers begin with `{0}`; write more of the id")]
    AmbiguousAnswer(String),
    /// The answer waits for nobody any more.
    #[error("answer {0} is settled already")]
    AnswerIsSettled(String),
    /// An answer may be about several tasks, or about none that is in the plan.
    #[error("name the task that is reported on with --task{}", if .0.is_empty() { String::new() } else { format!(": {}", .0.join(", ")) })]
    WhichTask(Vec<String>),
    /// The word names nobody who can be told.
    #[error("'{name}' is no person, group, role or alias of the configuration, and no address{}", .closest.as_ref().map(|near| format!("; did you mean '{near}'?")).unwrap_or_default())]
    UnknownRecipient {
        /// What was written.
        name: String,
        /// A name that is written much the same.
        closest: Option<String>,
    },
    /// The word names no channel.
    #[error("there is no channel `{name}`; the configuration has {}", .known.join(", "))]
    UnknownChannel {
        /// What was written.
        name: String,
        /// The channels that there are.
        known: Vec<String>,
    },
    /// The channel reaches people without a conversation that has to be found.
    #[error("channel `{0}` has nothing to pair: only bots of zalo and telegram learn their conversations so")]
    NothingToPair(String),
    /// A channel failed.
    #[error("channel `{channel}`: {failure}")]
    Channel {
        /// The channel.
        channel: String,
        /// How.
        failure: Failure,
    },
    /// A message could not be written.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The plan's school year has no such review.
    #[error("there is no review of {asked}{}", reviews(.known))]
    NoSuchReview {
        /// What was asked for.
        asked: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The task does not recur by this period.
    #[error("task {task} is not done for {asked}: {}", periods(.known))]
    NoSuchPeriod {
        /// The task.
        task: String,
        /// What was asked for.
        asked: String,
        /// The periods of its span; none where it does not recur.
        known: Vec<String>,
    },
    /// There is no earlier plan to compare with.
    #[error("the service has not seen this plan before: name the plan as it was, `nhacviec diff OLD-PLAN`")]
    NothingSeen,
    /// A file could not be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A configuration to begin with could not be made.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The next school year could not be begun.
    #[error(transparent)]
    NewYear(Box<NewYearError>),
    /// A year that was never ended by `new-year`.
    #[error("there is no earlier school year {asked}; {}", if .known.is_empty() { "there are none yet".to_owned() } else { format!("there are {}", .known.join(", ")) })]
    NoSuchYear {
        /// What was asked for.
        asked: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// An earlier year is over: it is only looked at.
    #[error(
        "an earlier school year is only looked at: --year goes with status, review, evidence, history, diff, check, answers list and outbox list"
    )]
    YearIsOver,
    /// A word that is no way to send mail.
    #[error(
        "`{0}` is no way to send mail: write folder, gmail, microsoft-365, or the name of a server, as mail.truong.example:587"
    )]
    UnknownMailService(String),
    /// A text that is no address.
    #[error("`{0}` is no address of electronic mail: write it as name@school.example")]
    BadAddress(String),
    /// A span of dates that ends before it starts.
    #[error("--to {to} is before --from {from}")]
    EmptySpan {
        /// The first date.
        from: jiff::civil::Date,
        /// The last date.
        to: jiff::civil::Date,
    },
    /// The machine gave no runtime.
    #[error("the program could not be started")]
    Start(#[source] io::Error),
    /// The output could not be written.
    #[error("the output could not be written")]
    Output(#[from] io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store could not be copied.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The store could not be copied into another.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The daemon failed.
    #[error(transparent)]
    Daemon(#[from] DaemonError),
    /// A review could not be written.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// The key of links cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The pages could not be served.
    #[error(transparent)]
    Web(#[from] WebError),
    /// There are no pages to link to.
    #[error("there are no pages to link to: add [web] with `listen` and `public_url` to the configuration")]
    NoPages,
    /// The service has never run, so nothing has been signed yet.
    #[error("there is no key of links yet; the service makes one when it first runs")]
    NoKey,
    /// The service could not be started.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl CommandError {
    fn unknown_channel(name: &str, channels: &Channels) -> Self {
        Self::UnknownChannel { name: name.to_owned(), known: channels.keys().cloned().collect() }
    }
}

/// Whether a command that could do its work found everything fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Findings {
    Fine,
    Problems,
}

/// Carries out the command of the command line; the exit code is 0 when all is fine, 2 for wrong usage, and 1 otherwise.
#[must_use]
pub fn main() -> ExitCode {
    let asked = match console::language_of_environment() {
        Ok(asked) => asked,
        Err(error) => {
            // Where even the error output is gone, nobody can be told.
            let _ = writeln!(
                io::stderr(),
                "nhacviec: {}",
                error.said_in(console::language_of_system().unwrap_or(Language::English))
            );
            return ExitCode::from(WRONG_USAGE);
        }
    };
    let cli = help::parse(asked.of_unread_line());
    let console = Console { format: cli.format, language: asked.of_command(&cli) };
    carry_out(&cli, console)
}

fn carry_out(cli: &Cli, console: Console) -> ExitCode {
    let result = match &cli.command {
        command if cli.year.is_some() && !command.only_looks() => Err(CommandError::YearIsOver),
        Command::Run(args) => config(cli).and_then(|config| run::run(&config, args, console)),
        Command::Init(args) => init::run(args, console),
        Command::NewYear(args) => config(cli).and_then(|config| new_year::run(&config, args, console)),
        Command::Check(args) => config(cli).and_then(|config| check::run(&config, args, console)),
        Command::Rehearse(args) => config(cli).and_then(|config| rehearse::run(&config, args, console)),
        Command::Status(args) => config(cli).and_then(|config| status::run(&config, console, args)),
        Command::Progress(args) => config(cli).and_then(|config| progress::run(&config, args, console)),
        Command::Done(args) => config(cli).and_then(|config| progress::done(&config, args, console)),
        Command::Postpone(args) => config(cli).and_then(|config| postpone::run(&config, args, console)),
        Command::Evidence(args) => config(cli).and_then(|config| evidence::run(&config, args, console)),
        Command::Import(args) => config(cli).and_then(|config| import::run(&config, args, console)),
        Command::Plan(args) => config(cli).and_then(|config| plan::run(&config, args, console)),
        Command::Review(args) => config(cli).and_then(|config| review::run(&config, args, console)),
        Command::Diff(args) => config(cli).and_then(|config| diff::run(&config, args, console)),
        Command::History(args) => config(cli).and_then(|config| history::run(&config, args, console)),
        Command::Link(args) => config(cli).and_then(|config| link::run(&config, args, console)),
        Command::SendTest(args) => config(cli).and_then(|config| send_test::run(&config, args, console)),
        Command::Channel(args) => config(cli).and_then(|config| channel::run(&config, args, console)),
        Command::Store(args) => config(cli).and_then(|config| store::run(&config, args, console)),
        Command::Answers(args) => config(cli).and_then(|config| answers::run(&config, args, console)),
        Command::Inbox(args) => config(cli).and_then(|config| inbox::run(&config, args, console)),
        Command::Outbox(args) => config(cli).and_then(|config| outbox::run(&config, args, console)),
    };
    match result {
        Ok(Findings::Fine) => ExitCode::SUCCESS,
        Ok(Findings::Problems) => ExitCode::FAILURE,
        // Whoever reads the output has seen enough.
        Err(
            CommandError::Output(error) | CommandError::Daemon(DaemonError::Delivery(DeliveryError::Observer(error))),
        ) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Where even the error output is gone, nobody can be told.
            let language = if cli.command.is_service() { Language::English } else { console.language };
            let _ = writeln!(io::stderr(), "nhacviec: {}", error.said_in(language));
            ExitCode::FAILURE
        }
    }
}

/// The configuration file of the school year that is asked for.
fn config(cli: &Cli) -> Result<PathBuf, CommandError> {
    let config = present_config(cli)?;
    let Some(year) = &cli.year else { return Ok(config) };
    let known = app::new_year::earlier_years(&config);
    if !known.contains(year) {
        return Err(CommandError::NoSuchYear { asked: year.clone(), known });
    }
    Ok(app::new_year::config_of(&config, year))
}

/// The configuration where it is looked for when nobody says where it is.
fn default_config() -> Option<&'static Path> {
    DEFAULT_CONFIGS.iter().map(Path::new).find(|path| path.is_file())
}

/// The configuration file that the command line, the environment or the defaults name.
fn present_config(cli: &Cli) -> Result<PathBuf, CommandError> {
    if let Some(path) = &cli.config {
        return Ok(path.clone());
    }
    default_config().map(Path::to_owned).ok_or_else(|| CommandError::NoConfig {
        looked_for: DEFAULT_CONFIGS.iter().map(ToString::to_string).collect(),
        near: Some(NEAR_CONFIG).filter(|name| Path::new(name).is_file()),
    })
}

/// Reads the configuration and all it names. Mistakes are printed; doubts are left to `check`.
fn load(config: &Path, console: Console) -> Result<Loaded, CommandError> {
    load_school(&Files::Disk, config).map_err(|found| {
        anstream::eprint!("{}", diagnostic::text(&found.into_sorted(), console.language));
        CommandError::Mistakes
    })
}

/// The same for the service, whose words others keep: no line of the configuration is among them.
fn load_for_service(files: &Files, config: &Path) -> Result<Loaded, CommandError> {
    load_school(files, config).map_err(|found| {
        anstream::eprint!("{}", diagnostic::brief(&found.into_sorted(), Language::English));
        CommandError::Mistakes
    })
}

/// The task of the plan that was named on the command line.
fn task<'a>(school: &'a School, name: &str) -> Result<&'a crate::plan::Task, CommandError> {
    let tasks = &school.plan.tasks;
    tasks.iter().find(|task| task.name == name).ok_or_else(|| CommandError::UnknownTask {
        task: name.to_owned(),
        closest: text::closest(name, tasks.iter().map(|task| task.name.as_str())).map(str::to_owned),
    })
}

/// Runs asynchronous work to its end on this thread.
fn block_on<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CommandError::Start)?.block_on(work)
}

/// Which reviews there are, or how one is written, as the end of a sentence.
fn reviews(known: &[String]) -> String {
    match known {
        [] => format!(": the configuration has none; write one at its end, as\n\n{REVIEW_EXAMPLE}"),
        known => format!("; there are {}", known.join(", ")),
    }
}

/// For which periods recurring work is done, as the end of a sentence.
fn periods(known: &[String]) -> String {
    match known {
        [] => "it does not recur".to_owned(),
        [only] => format!("its only period is {only}"),
        [first, .., last] => format!("its periods are {first} to {last}"),
    }
}
