//! `import`: a plan in Word, Excel or CSV as TOML, every doubt marked at its place.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::app::load_school::{Imported, import_plan};
use crate::diagnostic;
use crate::files::Files;
use crate::language::Said;
use crate::plan::write;

use super::{CommandError, Console, Findings};

#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// The document
    #[arg(value_name = "FILE")]
    document: PathBuf,
    /// Where to write the plan; it must not be there yet [default: the standard output]
    #[arg(short, long, value_name = "PLAN.toml")]
    out: Option<PathBuf>,
}

/// What is said of a plan that was imported.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ImportText<'t> {
    /// It was written into this file: so many tasks, with so many mistakes and doubts.
    Written { tasks: usize, found: usize, path: &'t Path },
}

pub(super) fn run(config: &Path, args: &ImportArgs, console: Console) -> Result<Findings, CommandError> {
    let (plan, year, found) = match import_plan(&Files::Disk, config, &args.document) {
        Ok(Imported { plan, school_year, found, .. }) => {
            (Some(plan).filter(|_| !found.has_errors()), school_year, found)
        }
        Err(found) => (None, None, found),
    };
    let found = found.into_sorted();
    anstream::eprint!("{}", diagnostic::text(&found, console.language));
    let Some(plan) = plan else { return Err(CommandError::MistakesInArgument) };
    let text = write::toml(&plan, &found, year.as_ref(), console.language);
    match &args.out {
        None => io::stdout().lock().write_all(text.as_bytes())?,
        Some(path) => {
            let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|source| CommandError::File { path: path.clone(), source })?;
            let written = ImportText::Written { tasks: plan.tasks.len(), found: found.len(), path };
            anstream::eprintln!("{}", written.said_in(console.language));
        }
    }
    Ok(Findings::Fine)
}
