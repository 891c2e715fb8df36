//! `store`: copies of the store.

use std::path::{Path, PathBuf};

use crate::config::{self, StoreAddress};
use crate::diagnostic;
use crate::language::Said;
use crate::store::{self, CopiedTable};

use super::{CommandError, Console, Findings, Format, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct StoreArgs {
    #[command(subcommand)]
    action: StoreAction,
}

#[derive(Debug, clap::Subcommand)]
enum StoreAction {
    /// Copy the store into a new file, whether or not the service runs
    Backup {
        /// The file; must not be there yet
        file: PathBuf,
    },
    /// Copy all that a store holds into a new one, while no service runs: from SQLite to PostgreSQL, or back
    Copy {
        /// The store that is there: `sqlite:FILE` or `postgres://USER@HOST/DATABASE`
        from: String,
        /// The one to be made
        to: String,
        /// The file with the password, where a store is a database
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
}

/// What is said of copies of the store.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CopyText<'t> {
    /// It is copied into this file.
    BackedUp { file: &'t Path, size: ShownSize },
    /// So much of one table was copied into the other store.
    Table(&'t CopiedTable),
    /// All was.
    Copied { from: &'t StoreAddress, to: &'t StoreAddress },
}

/// A size as people are told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShownSize {
    Bytes(u64),
    /// Rounded up.
    Kilobytes(u64),
    /// Whole megabytes and tenths, rounded down.
    Megabytes(u64, u64),
}

impl ShownSize {
    fn of(bytes: u64) -> Self {
        const KILO: u64 = 1000;
        const MEGA: u64 = KILO * KILO;
        match bytes {
            ..KILO => Self::Bytes(bytes),
            KILO..MEGA => Self::Kilobytes(bytes.div_ceil(KILO)),
            MEGA.. => Self::Megabytes(bytes / MEGA, bytes % MEGA * 10 / MEGA),
        }
    }
}

pub(super) fn run(config: &Path, args: &StoreArgs, console: Console) -> Result<Findings, CommandError> {
    let file = match &args.action {
        StoreAction::Backup { file } => file,
        StoreAction::Copy { from, to, password_file } => {
            let address = |argument, written: &str| address(argument, written, password_file.as_deref(), console);
            return copy(&address("FROM", from)?, &address("TO", to)?, console);
        }
    };
    let school = load(config, console)?.school;
    let bytes = block_on(async { Ok(store::backup(&school.settings.store, file).await?) })?;
    match console.format {
        Format::Json => anstream::println!("{}", serde_json::json!({ "file": file, "bytes": bytes })),
        Format::Text => {
            let said = CopyText::BackedUp { file, size: ShownSize::of(bytes) };
            anstream::println!("{}", said.said_in(console.language));
        }
    }
    Ok(Findings::Fine)
}

/// A store that is named on the command line.
fn address(
    argument: &str,
    written: &str,
    password_file: Option<&Path>,
    console: Console,
) -> Result<StoreAddress, CommandError> {
    config::store::parse(argument, written, password_file).map_err(|found| {
        anstream::eprint!("{}", diagnostic::text(&found.into_sorted(), console.language));
        CommandError::MistakesInArgument
    })
}

/// `store copy`: tells what was copied of each table that has anything.
fn copy(from: &StoreAddress, to: &StoreAddress, console: Console) -> Result<Findings, CommandError> {
    let copied = block_on(async { Ok(store::copy(from, to).await?) })?;
    for copied in copied.iter().filter(|copied| copied.rows > 0) {
        match console.format {
            Format::Json => {
                let CopiedTable { table, rows } = copied;
                anstream::println!("{}", serde_json::json!({ "table": table, "rows": rows }));
            }
            Format::Text => anstream::println!("{}", CopyText::Table(copied).said_in(console.language)),
        }
    }
    if console.format == Format::Text {
        anstream::println!("{}", CopyText::Copied { from, to }.said_in(console.language));
    }
    Ok(Findings::Fine)
}
