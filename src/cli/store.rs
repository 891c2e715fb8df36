//! `store`: copies of the store.

use std::path::{Path, PathBuf};

use crate::config::{self, StoreAddress};
use crate::diagnostic;
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
        Format::Text => anstream::println!("{}, {}", file.display(), size(bytes)),
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
        CommandError::Mistakes
    })
}

/// `store copy`: tells what was copied of each table that has anything.
fn copy(from: &StoreAddress, to: &StoreAddress, console: Console) -> Result<Findings, CommandError> {
    let copied = block_on(async { Ok(store::copy(from, to).await?) })?;
    for CopiedTable { table, rows } in copied.iter().filter(|copied| copied.rows > 0) {
        match console.format {
            Format::Json => anstream::println!("{}", serde_json::json!({ "table": table, "rows": rows })),
            Format::Text => anstream::println!("{table}: {rows}"),
        }
    }
    if console.format == Format::Text {
        anstream::println!(
            "{to} has all that {from} has; name it in `store`, and in `state` where links.key and evidence lie"
        );
    }
    Ok(Findings::Fine)
}

/// A size for people: "184 kB", "2.3 MB".
fn size(bytes: u64) -> String {
    const KILO: u64 = 1000;
    const MEGA: u64 = KILO * KILO;
    match bytes {
        ..KILO => format!("{bytes} bytes"),
        KILO..MEGA => format!("{} kB", bytes.div_ceil(KILO)),
        MEGA.. => format!("{}.{} MB", bytes / MEGA, bytes % MEGA * 10 / MEGA),
    }
}
