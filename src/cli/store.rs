//! `store`: copies of the store.

use std::path::{Path, PathBuf};

use crate::store;

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
}

pub(super) fn run(config: &Path, args: &StoreArgs, console: Console) -> Result<Findings, CommandError> {
    let StoreAction::Backup { file } = &args.action;
    let url = load(config, console)?.school.settings.store;
    let bytes = block_on(async { Ok(store::backup(&url, file).await?) })?;
    match console.format {
        Format::Json => anstream::println!("{}", serde_json::json!({ "file": file, "bytes": bytes })),
        Format::Text => anstream::println!("{}, {}", file.display(), size(bytes)),
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
