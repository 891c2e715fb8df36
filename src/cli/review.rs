//! `review`: the report of a month, a term or the year as it is now, to look at or to file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::daemon::{self, Clock};
use crate::load::Loaded;
use crate::schedule::{Agenda, Review, ReviewId};
use crate::store::Store;

use super::{CommandError, Verdict, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 2023-10, term-1 or year
    #[arg(value_name = "PERIOD")]
    period: ReviewId,
    /// Where to write it: a page where the name ends in .html, text otherwise [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(config: &Path, args: &Args) -> Result<Verdict, CommandError> {
    let Loaded { school, composer, .. } = load(config)?;
    let url = school.settings.store.clone();
    let content = block_on(async {
        let store = Store::open(&url).await?;
        let agenda = Agenda::new(daemon::in_force(&store, school).await?);
        let review = find(&agenda, args.period)?;
        let content = daemon::review(&agenda, &composer, &store, review, Clock::System.now()).await?;
        store.close().await;
        Ok(content)
    })?;
    match &args.out {
        None => io::stdout().lock().write_all(content.text.as_bytes())?,
        Some(path) => {
            let is_page = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
            let text = if is_page { &content.html } else { &content.text };
            std::fs::write(path, text).map_err(|source| CommandError::File { path: path.clone(), source })?;
        }
    }
    Ok(Verdict::Fine)
}

fn find(agenda: &Agenda, period: ReviewId) -> Result<&Review, CommandError> {
    agenda.review(period).ok_or_else(|| {
        let known = agenda.reviews().iter().map(|review| review.id.to_string()).collect();
        CommandError::NoSuchReview { asked: period.to_string(), known }
    })
}
