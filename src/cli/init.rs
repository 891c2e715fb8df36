//! `init`: a configuration to begin with, from the plan, the list of people and a few answers.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{self, Path, PathBuf};

use clap::ValueEnum;

use crate::app::init::{self, GivenFile, MailService, PASSWORD_FILE, SchoolFacts, Setup, SetupError, SetupLanguage};
use crate::app::load_school::MAX_PLAN_SIZE;
use crate::clock::Clock;
use crate::config;
use crate::diagnostic::{self, Diagnostics};
use crate::files::Files;
use crate::language::{Language, Said};
use crate::people_list;
use crate::plan::reader;
use crate::text;

use super::{CommandError, Console, Findings, SERVICE_CONFIG_DIR};

/// The port of a mail server where none is said.
const MAIL_PORT: u16 = 587;
/// So many roles are printed.
const SHOWN_ROLES: usize = 40;

#[derive(Debug, clap::Args)]
pub(super) struct InitArgs {
    /// The plan, as the school wrote it (.docx, .xlsx, .csv, .toml)
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The school's list of people (.xlsx, .csv)
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Where the configuration is written
    #[arg(long, value_name = "DIR", default_value = "config")]
    dir: PathBuf,
    /// The language of messages and of the comments in the configuration [default: vi]; if given, of this command too
    #[arg(long, value_enum)]
    language: Option<LanguageArg>,
    /// The school's name [default: as it stands above the plan]
    #[arg(long, value_name = "NAME")]
    school: Option<String>,
    /// The place before the date of reports [default: as it stands above the plan]
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// The body above the school [default: as it stands above the plan]
    #[arg(long, value_name = "NAME")]
    authority: Option<String>,
    /// How mail is sent: folder, gmail, microsoft-365, or the name of a server, with :PORT
    #[arg(long, value_name = "SERVICE")]
    mail: Option<String>,
    /// The mailbox that mail is sent from
    #[arg(long, value_name = "ADDRESS")]
    mailbox: Option<String>,
    /// The address of whoever is told of failures
    #[arg(long, value_name = "ADDRESS")]
    admin_email: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LanguageArg {
    /// Vietnamese
    Vi,
    /// English
    En,
}

/// What is asked on a terminal, and what is said in the end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum InitText<'t> {
    /// The question for the school's name.
    School,
    /// The question for the place before the date.
    Place,
    /// The question for the body above the school.
    Authority,
    /// The question how mail is sent.
    Mail,
    /// The question for the mailbox that mail is sent from.
    Mailbox,
    /// The question for the address of whoever is told of failures.
    AdminEmail,
    /// The answer is no address.
    NoAddress,
    /// The heading of the roles that nobody holds, which wait in this file.
    OpenRoles(&'t Path),
    /// The heading of what is not clear in the plan: it is mended there, or in this configuration.
    Doubts(&'t Path),
    /// The mailbox's password is to be written into this file.
    Password(&'t Path),
    /// What to do next.
    Next,
}

/// What became of a file that a command writes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FileText<'t> {
    /// It was written.
    Written(&'t Path),
    /// It was there and stays as it is.
    Kept(&'t Path),
}

impl<'t> FileText<'t> {
    pub(super) fn of(path: &'t Path, is_written: bool) -> Self {
        if is_written { Self::Written(path) } else { Self::Kept(path) }
    }
}

impl LanguageArg {
    fn language(self) -> Language {
        match self {
            Self::Vi => Language::Vietnamese,
            Self::En => Language::English,
        }
    }
}

impl InitArgs {
    /// The language that the command line asks for.
    pub(super) fn language(&self) -> Option<Language> {
        self.language.map(LanguageArg::language)
    }

    /// Where the configuration is written, or stands already.
    pub(super) fn config(&self) -> PathBuf {
        self.dir.join(init::CONFIG)
    }

    /// The language of the configuration: as asked for, else as that has it which is there.
    fn setup_language(&self) -> SetupLanguage {
        match self.language().or_else(|| config::language_of(&self.config())) {
            Some(Language::English) => SetupLanguage::English,
            Some(Language::Vietnamese) | None => SetupLanguage::Vietnamese,
        }
    }
}

pub(super) fn run(args: &InitArgs, console: Console) -> Result<Findings, CommandError> {
    let language = console.language;
    let plan = given(&args.plan, MAX_PLAN_SIZE)?;
    let list = args.people.as_deref().map(|path| given(path, people_list::MAX_SIZE)).transpose()?;
    let facts = facts(args, &plan, language)?;
    let wants_password = facts.mail.wants_login();
    let today = jiff::tz::TimeZone::system().to_datetime(Clock::System.now()).date();
    let setup = init::configuration(&plan, list, facts, today).map_err(|error| match error {
        SetupError::Unreadable(found) => {
            anstream::eprint!("{}", diagnostic::text(&found.into_sorted(), language));
            CommandError::Mistakes
        }
        error @ SetupError::List(_) => CommandError::Setup(error),
    })?;
    std::fs::create_dir_all(&args.dir).map_err(|source| CommandError::File { path: args.dir.clone(), source })?;
    let mut out = anstream::stdout().lock();
    for file in &setup.files {
        let path = args.dir.join(&file.name);
        let is_written = write_new(&path, &file.bytes)?;
        writeln!(out, "{}", FileText::of(&path, is_written).said_in(language))?;
    }
    tell(&mut out, &setup, args, language)?;
    // Files that were there already stay, and may settle what the plan leaves open.
    let doubts = init::doubts_of_plan(&Files::Disk, &args.config(), &args.dir.join(&plan.name));
    tell_doubts(&mut out, doubts, &args.config(), language)?;
    if wants_password {
        writeln!(out, "{}", InitText::Password(&args.dir.join(PASSWORD_FILE)).said_in(language))?;
    }
    writeln!(out, "{}", InitText::Next.said_in(language))?;
    Ok(Findings::Fine)
}

/// The roles that wait for somebody.
fn tell(out: &mut impl Write, setup: &Setup, args: &InitArgs, language: Language) -> io::Result<()> {
    let Some(list) = &setup.list else { return Ok(()) };
    writeln!(out, "\n{}", InitText::OpenRoles(&args.dir.join(list)).said_in(language))?;
    for role in setup.open_roles.iter().take(SHOWN_ROLES) {
        writeln!(out, "  {role}")?;
    }
    if setup.open_roles.len() > SHOWN_ROLES {
        writeln!(out, "  … ({})", setup.open_roles.len())?;
    }
    writeln!(out)
}

/// What is not clear in the plan, with what settles it: whoever mends it with the list needs one `check` less.
fn tell_doubts(out: &mut impl Write, doubts: Diagnostics, config: &Path, language: Language) -> io::Result<()> {
    if doubts.as_slice().is_empty() {
        return Ok(());
    }
    writeln!(out, "{}\n", InitText::Doubts(config).said_in(language))?;
    write!(out, "{}", diagnostic::text(&doubts.into_sorted(), language))
}

/// A file by its name without the folder, composed, so that the configuration names it as it is called.
pub(super) fn given(path: &Path, max: u64) -> Result<GivenFile, CommandError> {
    let failed = |source| CommandError::File { path: path.to_owned(), source };
    let bytes = Files::Disk.read(path, max).map_err(failed)?;
    let name = path.file_name().map(|name| text::nfc(&name.to_string_lossy())).unwrap_or_default();
    Ok(GivenFile { name, bytes })
}

/// What the options say; what they leave open is asked on a terminal, and taken from the plan elsewhere.
fn facts(args: &InitArgs, plan: &GivenFile, language: Language) -> Result<SchoolFacts, CommandError> {
    let given = SchoolFacts {
        school: args.school.clone(),
        place: args.place.clone(),
        authority: args.authority.clone(),
        mail: args.mail.as_deref().map(mail_service).transpose()?.unwrap_or_default(),
        mailbox: args.mailbox.as_deref().map(address).transpose()?,
        admin_email: args.admin_email.as_deref().map(address).transpose()?,
        language: args.setup_language(),
        is_service: path::absolute(&args.dir).is_ok_and(|dir| dir == Path::new(SERVICE_CONFIG_DIR)),
    };
    let facts = given.or_of(&reader::letterhead(Path::new(&plan.name), &plan.bytes));
    if io::stdin().is_terminal() && io::stdout().is_terminal() { asked(args, facts, language) } else { Ok(facts) }
}

/// Asks for what no option says; an empty answer takes what the plan says.
fn asked(args: &InitArgs, mut facts: SchoolFacts, language: Language) -> Result<SchoolFacts, CommandError> {
    let words = |text: InitText<'_>| text.said_in(language);
    if args.school.is_none() {
        facts.school = ask(&words(InitText::School), facts.school)?;
    }
    if args.place.is_none() {
        facts.place = ask(&words(InitText::Place), facts.place)?;
    }
    if args.authority.is_none() {
        facts.authority = ask(&words(InitText::Authority), facts.authority)?;
    }
    if args.mail.is_none()
        && let Some(answer) = ask(&words(InitText::Mail), Some("folder".to_owned()))?
    {
        facts.mail = mail_service(&answer)?;
    }
    if facts.mail != MailService::Folder && args.mailbox.is_none() {
        facts.mailbox = ask_address(&words(InitText::Mailbox), language)?;
    }
    if args.admin_email.is_none() {
        facts.admin_email = ask_address(&words(InitText::AdminEmail), language)?;
    }
    Ok(facts)
}

/// Asks a question on the terminal; `None` where nothing is answered and nothing is known.
fn ask(question: &str, known: Option<String>) -> io::Result<Option<String>> {
    let mut out = io::stdout().lock();
    match &known {
        Some(known) => write!(out, "{question} [{known}]: ")?,
        None => write!(out, "{question}: ")?,
    }
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = text::nfc(&answer);
    Ok(if answer.is_empty() { known } else { Some(answer) })
}

/// Asks for an address until there is one, or none is given.
fn ask_address(question: &str, language: Language) -> io::Result<Option<String>> {
    loop {
        match ask(question, None)? {
            None => return Ok(None),
            Some(answer) => match address(&answer) {
                Ok(address) => return Ok(Some(address)),
                Err(_) => writeln!(io::stdout(), "{}", InitText::NoAddress.said_in(language))?,
            },
        }
    }
}

fn address(written: &str) -> Result<String, CommandError> {
    let read = written.trim().parse::<lettre::Address>();
    read.map(|address| address.to_string()).map_err(|_| CommandError::BadAddress(written.to_owned()))
}

/// How mail is sent by a word of the command line.
fn mail_service(written: &str) -> Result<MailService, CommandError> {
    let unknown = || CommandError::UnknownMailService(written.to_owned());
    Ok(match written {
        "folder" | "file" => MailService::Folder,
        "gmail" => MailService::Gmail,
        "microsoft-365" | "microsoft365" => MailService::Microsoft365,
        server => {
            let (host, port) = match server.split_once(':') {
                None => (server, MAIL_PORT),
                Some((host, port)) => (host, port.parse().map_err(|_| unknown())?),
            };
            let is_host = host.contains('.') || host == "localhost";
            if !is_host || !host.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter)) {
                return Err(unknown());
            }
            MailService::Own { host: host.to_owned(), port }
        }
    })
}

/// Writes a file that is not there yet; one that is stays as it is. Whether it was written.
fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, CommandError> {
    let failed = |source| CommandError::File { path: path.to_owned(), source };
    match std::fs::File::create_new(path) {
        Ok(mut file) => {
            // Half a file would be kept as if it were whole.
            let written = file.write_all(bytes).and_then(|()| file.sync_all());
            if let Err(error) = written {
                std::fs::remove_file(path).map_err(failed)?;
                return Err(failed(error));
            }
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error)),
    }
}
