//! `review`: the report of a month, a term or the year as it is now, to look at, to sign or to file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::ZonedDateTime;

use crate::app::load_school::Loaded;
use crate::clock::Clock;
use crate::compose::{ComposeError, ComposeOptions, Composer, ContentParts};
use crate::delivery;
use crate::people::RecipientId;
use crate::report::docx;
use crate::review::ReviewInput;
use crate::schedule::{Agenda, Review, ReviewId};
use crate::school::School;
use crate::store::Store;

use super::plan::in_force;
use super::{CommandError, Console, Findings, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct ReviewArgs {
    /// 2023-10, term-1 or year
    #[arg(value_name = "PERIOD")]
    period: ReviewId,
    /// Where to write it: a Word document to be signed where the name ends in .docx, a page with the plan's timeline
    /// where it ends in .html, text otherwise [default: text on the standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The document's number, where it is known: "Số: 15/BC-…"
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99_999))]
    number: Option<u32>,
}

/// The formats in which a review is written, by the ending of the file.
#[derive(Clone, Copy, Debug)]
enum ReviewFormat {
    Text,
    Page,
    Document,
}

impl ReviewFormat {
    fn of(path: Option<&Path>) -> Self {
        let ending = path.and_then(Path::extension).map(std::ffi::OsStr::to_ascii_lowercase);
        match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some(docx::EXTENSION) => Self::Document,
            Some("html" | "htm") => Self::Page,
            _ => Self::Text,
        }
    }

    fn write(
        self,
        composer: &Composer,
        facts: &ReviewInput<'_>,
        reader: RecipientId,
        number: Option<u32>,
        now: &ZonedDateTime,
    ) -> Result<Vec<u8>, ComposeError> {
        match self {
            Self::Text => {
                let occasion = ComposeOptions::now(now, ContentParts::Text);
                composer.review(facts, reader, occasion).map(|content| content.text.into_bytes())
            }
            Self::Page => composer.timeline(facts, number, now).map(String::into_bytes),
            Self::Document => Ok(docx::write(&composer.document(facts, number, now)?)?),
        }
    }
}

pub(super) fn run(config: &Path, args: &ReviewArgs, console: Console) -> Result<Findings, CommandError> {
    let Loaded { school, composer, .. } = load(config, console)?;
    let url = school.settings.store.clone();
    let format = ReviewFormat::of(args.out.as_deref());
    let bytes = block_on(async {
        let store = Store::open_to_read(&url).await?;
        let agenda = Agenda::new(in_force(&store, school, console.language).await?);
        let review = find(&agenda, args.period)?;
        // The configuration asks for somebody in every review; the text greets the first.
        let reader = review.to.first().copied().unwrap_or(RecipientId(0));
        let write =
            |facts: &ReviewInput<'_>, now: &ZonedDateTime| format.write(&composer, facts, reader, args.number, now);
        let bytes = delivery::review(&agenda, &store, review, Clock::System.now(), write).await?;
        store.close().await;
        Ok(bytes)
    })?;
    match &args.out {
        None => io::stdout().lock().write_all(&bytes)?,
        Some(path) => {
            std::fs::write(path, bytes).map_err(|source| CommandError::File { path: path.clone(), source })?;
        }
    }
    Ok(Findings::Fine)
}

/// The year's report as a Word document; `None` where the configuration has no review of the year.
pub(super) async fn year_report(school: School, composer: &Composer) -> Result<Option<Vec<u8>>, CommandError> {
    let store = Store::open_to_read(&school.settings.store).await?;
    let agenda = Agenda::new(school);
    let Some(review) = agenda.review(ReviewId::Year) else { return Ok(None) };
    let reader = review.to.first().copied().unwrap_or(RecipientId(0));
    let write =
        |facts: &ReviewInput<'_>, now: &ZonedDateTime| ReviewFormat::Document.write(composer, facts, reader, None, now);
    let bytes = delivery::review(&agenda, &store, review, Clock::System.now(), write).await?;
    store.close().await;
    Ok(Some(bytes))
}

fn find(agenda: &Agenda, period: ReviewId) -> Result<&Review, CommandError> {
    agenda.review(period).ok_or_else(|| {
        let known = agenda.reviews().iter().map(|review| review.id.to_string()).collect();
        CommandError::NoSuchReview { asked: period.to_string(), known }
    })
}
