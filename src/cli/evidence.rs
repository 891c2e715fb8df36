//! `evidence`: what was handed in to prove the reports, as a list or as a folder for the files.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::evidence_store::EvidenceStore;
use crate::plan::{Plan, Task, TaskId};
use crate::private_files;
use crate::progress::How;
use crate::progress::evidence::{Evidence, Proof};
use crate::school::School;
use crate::store::Store;
use crate::text;

use super::table::{Align, Table};
use super::{CommandError, Format, Verdict, block_on, load, task};

/// How much of a standard's title its folder bears, in letters.
const LONGEST_TITLE: usize = 60;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show each piece with its code, its task, who handed it in and when
    List {
        /// Only what is for this task
        #[arg(long)]
        task: Option<String>,
    },
    /// Write the files into a folder by standard and criterion, with an index
    Export {
        /// The folder; must be empty or not there yet
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

pub(super) fn run(config: &Path, args: &Args, format: Format) -> Result<Verdict, CommandError> {
    let school = load(config)?.school;
    let evidence = block_on(async {
        let store = Store::open_to_read(&school.settings.store).await?;
        let evidence = store.evidence(&school.scope()).await?;
        store.close().await;
        Ok(evidence)
    })?;
    match &args.action {
        Action::List { task: None } => list(&school, &evidence, format),
        Action::List { task: Some(name) } => {
            let id = &task(&school, name)?.id;
            let some: Vec<Evidence> = evidence.into_iter().filter(|piece| piece.task == *id).collect();
            list(&school, &some, format)
        }
        Action::Export { folder } => export(&school, &evidence, folder),
    }
}

/// A piece of evidence, as a line of the JSON output.
#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    task: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    how: How,
    #[serde(flatten)]
    thing: ThingLine<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ThingLine<'a> {
    File { name: &'a str, media_type: &'a str, size: u64, sha256: &'a str, path: PathBuf },
    Link { link: &'a str },
}

fn list(school: &School, evidence: &[Evidence], format: Format) -> Result<Verdict, CommandError> {
    let shelf = EvidenceStore::new(&school.settings.state);
    let mut out = io::BufWriter::new(anstream::stdout());
    match format {
        Format::Json => {
            for piece in evidence {
                let thing = match &piece.thing {
                    Proof::File { hash, name, media_type, size } => {
                        ThingLine::File { name, media_type, size: *size, sha256: hash, path: shelf.path(hash) }
                    }
                    Proof::Link(link) => ThingLine::Link { link },
                };
                let line = Line {
                    code: &piece.code,
                    task: piece.task.as_str(),
                    at: local(school, piece, "%Y-%m-%dT%H:%M:%S%:z"),
                    by: piece.by.as_deref(),
                    how: piece.how,
                    thing,
                };
                writeln!(out, "{}", serde_json::to_string(&line).map_err(io::Error::from)?)?;
            }
        }
        Format::Text if evidence.is_empty() => writeln!(out, "no evidence yet")?,
        Format::Text => {
            let left = |heading: &str| (heading.to_owned(), Align::Left);
            let mut table = Table::new([left("code"), left("task"), left("when"), left("by"), left("what")]);
            for piece in evidence {
                table.row([
                    piece.code.clone(),
                    piece.task.to_string(),
                    local(school, piece, "%Y-%m-%d %H:%M"),
                    piece.by.clone().unwrap_or_default(),
                    piece.thing.name().to_owned(),
                ]);
            }
            write!(out, "{table}")?;
        }
    }
    out.flush()?;
    Ok(Verdict::Fine)
}

fn local(school: &School, piece: &Evidence, form: &str) -> String {
    piece.at.to_zoned_datetime(school.settings.time_zone.clone()).strftime(form).to_string()
}

/// The words of an exported folder.
struct Words {
    index: &'static str,
    headings: [&'static str; 10],
    standard: &'static str,
    criterion: &'static str,
    /// For tasks of no criterion.
    other: &'static str,
    /// For tasks that have left the plan.
    gone: &'static str,
}

const VIETNAMESE: Words = Words {
    index: "muc-luc.csv",
    headings: [
        "Mã minh chứng",
        "Tiêu chuẩn",
        "Tiêu chí",
        "Việc",
        "Nội dung",
        "Tệp hoặc liên kết",
        "Tên gốc",
        "Ngày nộp",
        "Người nộp",
        "SHA-256",
    ],
    standard: "Tiêu chuẩn",
    criterion: "Tiêu chí",
    other: "Việc khác",
    gone: "Không còn trong kế hoạch",
};

const ENGLISH: Words = Words {
    index: "index.csv",
    headings: [
        "Code",
        "Standard",
        "Criterion",
        "Task",
        "To do",
        "File or address",
        "Original name",
        "Handed in",
        "By",
        "SHA-256",
    ],
    standard: "Standard",
    criterion: "Criterion",
    other: "Other tasks",
    gone: "No longer in the plan",
};

fn export(school: &School, evidence: &[Evidence], folder: &Path) -> Result<Verdict, CommandError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CommandError::File { path, source }
    };
    let words = if school.settings.language == "vi" { &VIETNAMESE } else { &ENGLISH };
    private_files::create_folder(folder).map_err(failed(folder))?;
    if fs::read_dir(folder).map_err(failed(folder))?.next().is_some() {
        return Err(CommandError::NotEmpty(folder.to_owned()));
    }
    let shelf = EvidenceStore::new(&school.settings.state);
    let tasks: HashMap<&TaskId, &Task> = school.plan.tasks.iter().map(|task| (&task.id, task)).collect();
    let index = folder.join(words.index);
    let mut file = private_files::create(&index).map_err(failed(&index))?;
    // Without this mark Excel takes UTF-8 for something else.
    file.write_all("\u{feff}".as_bytes()).map_err(failed(&index))?;
    let mut rows = csv::Writer::from_writer(file);
    let unwritten = |error| failed(&index)(io::Error::other(error));
    rows.write_record(words.headings).map_err(unwritten)?;
    for piece in evidence {
        let task = tasks.get(&piece.task).copied();
        let (at, hash) = match &piece.thing {
            Proof::Link(link) => (link.clone(), ""),
            Proof::File { hash, name, .. } => {
                let place = place(words, &school.plan, task);
                let inside = place.join(format!("{} {name}", piece.code));
                let to = folder.join(&inside);
                private_files::create_folder(&folder.join(&place)).map_err(failed(&to))?;
                copy(&shelf.path(hash), &to).map_err(failed(&to))?;
                (inside.to_string_lossy().into_owned(), hash.as_str())
            }
        };
        let row = [
            &format!("[{}]", piece.code),
            task.and_then(Task::standard).unwrap_or_default(),
            task.and_then(|task| task.criterion.as_deref()).unwrap_or_default(),
            piece.task.as_str(),
            task.map(|task| task.remedy.as_str()).unwrap_or_default(),
            &at,
            piece.thing.name(),
            &local(school, piece, "%Y-%m-%d %H:%M"),
            piece.by.as_deref().unwrap_or_default(),
            hash,
        ];
        rows.write_record(row.map(harmless)).map_err(unwritten)?;
    }
    rows.flush().map_err(failed(&index))?;
    let pieces = if evidence.len() == 1 { "piece" } else { "pieces" };
    anstream::println!("{} {pieces} of evidence in {}", evidence.len(), folder.display());
    Ok(Verdict::Fine)
}

/// Copies what a file holds, and not who may read it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut fs::File::open(from)?, &mut private_files::create(to)?).map(drop)
}

/// A cell that a spreadsheet takes for text: what begins like a formula gets a mark before it, as OWASP advises against
/// CSV injection.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The folder of a task's evidence: its standard, and within it its criterion.
fn place(words: &Words, plan: &Plan, task: Option<&Task>) -> PathBuf {
    let safe = |name: &str| text::nfc(&name.replace(['/', '\\', ':'], "-")).trim_matches(['.', ' ']).to_owned();
    let Some(task) = task else { return PathBuf::from(words.gone) };
    let Some(standard) = task.standard() else { return PathBuf::from(words.other).join(safe(task.id.as_str())) };
    let title = plan.standards.get(standard).map(|title| format!(" {title}")).unwrap_or_default();
    // A long title makes a path that some systems do not take.
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    let criterion = task.criterion.as_deref().unwrap_or_default();
    PathBuf::from(safe(&format!("{} {standard}{title}", words.standard)))
        .join(safe(&format!("{} {criterion}", words.criterion)))
}
