//! `import`: a plan in Word, Excel or CSV as TOML, every doubt marked at its place.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::app::load_school;
use crate::diagnostic::{self, Diagnostics};
use crate::plan::write;

use super::{CommandError, Verdict};

#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// The document
    #[arg(value_name = "FILE")]
    document: PathBuf,
    /// Where to write the plan; it must not be there yet [default: the standard output]
    #[arg(short, long, value_name = "PLAN.toml")]
    out: Option<PathBuf>,
}

pub(super) fn run(config: &Path, args: &ImportArgs) -> Result<Verdict, CommandError> {
    let mut diagnostics = Diagnostics::default();
    let imported = load_school::import(config, &args.document, &mut diagnostics);
    let failed = diagnostics.has_errors();
    let found = diagnostics.into_sorted();
    anstream::eprint!("{}", diagnostic::text(&found));
    let Some((plan, year)) = imported.filter(|_| !failed) else { return Err(CommandError::Mistakes) };
    let text = write::toml(&plan, &found, year.as_ref());
    match &args.out {
        None => io::stdout().lock().write_all(text.as_bytes())?,
        Some(path) => {
            let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|source| CommandError::File { path: path.clone(), source })?;
            anstream::eprintln!("{} tasks, {} to look at, in {}", plan.tasks.len(), found.len(), path.display());
        }
    }
    Ok(Verdict::Fine)
}
