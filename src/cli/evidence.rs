//! `evidence`: what was handed in to prove the reports, as a list or as a folder for the files.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::io::AsyncWriteExt;

use crate::clock::Clock;
use crate::evidence_store::EvidenceStore;
use crate::language::Said;
use crate::plan::{Plan, Task, TaskId};
use crate::private_files;
use crate::progress::How;
use crate::progress::evidence::{Evidence, Proof};
use crate::school::School;
use crate::store::Store;
use crate::store::task_names::TaskNames;
use crate::text;
use crate::text_table::{Align, TextTable};

use super::plan::in_force;
use super::{CommandError, Console, Findings, Format, block_on, load, local_time, task};

/// How much of a standard's title its folder bears, in letters.
const LONGEST_TITLE: usize = 60;

#[derive(Debug, clap::Args)]
pub(super) struct EvidenceArgs {
    #[command(subcommand)]
    action: EvidenceAction,
}

#[derive(Debug, clap::Subcommand)]
enum EvidenceAction {
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

/// What is said of evidence.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EvidenceText<'t> {
    /// There is none.
    Nothing,
    /// The heading of codes.
    Code,
    /// The heading of tasks.
    Task,
    /// The heading of when it was handed in.
    When,
    /// The heading of who handed it in.
    By,
    /// The heading of names.
    What,
    /// So many pieces are in this folder now.
    Exported { pieces: usize, folder: &'t Path },
}

pub(super) fn run(config: &Path, args: &EvidenceArgs, console: Console) -> Result<Findings, CommandError> {
    let school = load(config, console)?.school;
    let (school, names, evidence) = block_on(async {
        let store = Store::open_to_read(&school.settings.store).await?;
        let names = store.task_names(&school.scope(), Clock::System.now()).await?;
        let evidence = store.evidence(&school.scope()).await?;
        let school = in_force(&store, school, console.language).await?;
        store.close().await;
        Ok((school, names, evidence))
    })?;
    match &args.action {
        EvidenceAction::List { task: None } => list(&school, &names, &evidence, console),
        EvidenceAction::List { task: Some(name) } => {
            let id = &task(&school, name)?.id;
            let some: Vec<Evidence> = evidence.into_iter().filter(|piece| piece.task == *id).collect();
            list(&school, &names, &some, console)
        }
        EvidenceAction::Export { folder } => {
            block_on(export(&school, &evidence, folder))?;
            let exported = EvidenceText::Exported { pieces: evidence.len(), folder };
            anstream::println!("{}", exported.said_in(console.language));
            Ok(Findings::Fine)
        }
    }
}

/// A piece of evidence, as a line of the JSON output.
#[derive(Serialize)]
struct EvidenceLine<'a> {
    code: &'a str,
    task: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    how: How,
    #[serde(flatten)]
    proof: ProofFields<'a>,
}

/// What a line says of a file or of an address.
#[derive(Serialize)]
#[serde(untagged)]
enum ProofFields<'a> {
    File { name: &'a str, media_type: &'a str, size: u64, sha256: &'a str },
    Link { link: &'a str },
}

fn list(school: &School, names: &TaskNames, evidence: &[Evidence], console: Console) -> Result<Findings, CommandError> {
    let mut out = io::BufWriter::new(anstream::stdout());
    let said = |text: EvidenceText<'_>| text.said_in(console.language);
    match console.format {
        Format::Json => {
            for piece in evidence {
                let proof = match &piece.proof {
                    Proof::File { hash, name, media_type, size } => {
                        ProofFields::File { name, media_type, size: *size, sha256: hash }
                    }
                    Proof::Link(link) => ProofFields::Link { link },
                };
                let line = EvidenceLine {
                    code: &piece.code,
                    task: names.of(&piece.task),
                    at: local_time::with_offset(&school.settings, piece.at),
                    by: piece.by.as_deref(),
                    how: piece.how,
                    proof,
                };
                writeln!(out, "{}", serde_json::to_string(&line).map_err(io::Error::from)?)?;
            }
        }
        Format::Text if evidence.is_empty() => writeln!(out, "{}", said(EvidenceText::Nothing))?,
        Format::Text => {
            let headings =
                [EvidenceText::Code, EvidenceText::Task, EvidenceText::When, EvidenceText::By, EvidenceText::What];
            let mut table = TextTable::new(headings.map(|heading| (said(heading), Align::Left)));
            for piece in evidence {
                table.row([
                    piece.code.clone(),
                    names.of(&piece.task).to_owned(),
                    local_time::minute(&school.settings, piece.at, console.language),
                    piece.by.clone().unwrap_or_default(),
                    piece.proof.name().to_owned(),
                ]);
            }
            write!(out, "{table}")?;
        }
    }
    out.flush()?;
    Ok(Findings::Fine)
}

/// The words of an exported folder.
struct ExportWords {
    index: &'static str,
    headings: [&'static str; 10],
    standard: &'static str,
    criterion: &'static str,
    /// For tasks of no criterion.
    other: &'static str,
    /// For tasks that have left the plan.
    gone: &'static str,
}

/// The words by language, as an IETF tag.
const LANGUAGES: [(&str, ExportWords); 2] = [("vi", VIETNAMESE), ("en", ENGLISH)];

const VIETNAMESE: ExportWords = ExportWords {
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

const ENGLISH: ExportWords = ExportWords {
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

impl ExportWords {
    fn of(language: &str) -> &'static Self {
        // A test sees to it that every language of messages has its words here.
        LANGUAGES.iter().find(|(tag, _)| *tag == language).map_or(&ENGLISH, |(_, words)| words)
    }
}

/// Writes all evidence of a plan into a folder, which is there whole or not at all. Whether it was written: one that is there
/// stays as it is.
pub(super) async fn export_whole(school: &School, folder: &Path) -> Result<bool, CommandError> {
    if folder.is_dir() {
        return Ok(false);
    }
    let failed = |source| CommandError::File { path: folder.to_owned(), source };
    let store = Store::open_to_read(&school.settings.store).await?;
    let evidence = store.evidence(&school.scope()).await?;
    store.close().await;
    let parent = folder.parent().unwrap_or(Path::new("."));
    let unfinished = private_files::temporary_folder_in(parent).map_err(failed)?;
    let whole = unfinished.path().join("whole");
    export(school, &evidence, &whole).await?;
    fs::rename(&whole, folder).map_err(failed)?;
    private_files::sync_folder(parent).map_err(failed)?;
    Ok(true)
}

async fn export(school: &School, evidence: &[Evidence], folder: &Path) -> Result<(), CommandError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CommandError::File { path, source }
    };
    let words = ExportWords::of(&school.settings.language);
    private_files::create_folder(folder).map_err(failed(folder))?;
    if fs::read_dir(folder).map_err(failed(folder))?.next().is_some() {
        return Err(CommandError::NotEmpty(folder.to_owned()));
    }
    let files = EvidenceStore::open(&school.settings.evidence);
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
        let (at, hash) = match &piece.proof {
            Proof::Link(link) => (link.clone(), ""),
            Proof::File { hash, name, .. } => {
                let place = place(words, &school.plan, task);
                let inside = place.join(safe(&format!("{} {name}", piece.code)));
                let to = folder.join(&inside);
                private_files::create_folder(&folder.join(&place)).map_err(failed(&to))?;
                copy(&files, hash, &to).await.map_err(failed(&to))?;
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
            piece.proof.name(),
            // As every spreadsheet knows a moment.
            &school.settings.local(piece.at).strftime("%Y-%m-%d %H:%M").to_string(),
            piece.by.as_deref().unwrap_or_default(),
            hash,
        ];
        rows.write_record(row.map(harmless)).map_err(unwritten)?;
    }
    rows.flush().map_err(failed(&index))?;
    Ok(())
}

/// Writes what the file with a hash holds into another, which its owner alone may read.
async fn copy(files: &EvidenceStore, hash: &str, to: &Path) -> io::Result<()> {
    let mut kept = files.get(hash).await?;
    let mut file = tokio::fs::File::from_std(private_files::create(to)?);
    tokio::io::copy(&mut kept.content, &mut file).await?;
    file.flush().await
}

/// A cell that a spreadsheet takes for text: what begins like a formula gets a mark before it, as OWASP advises against
/// CSV injection.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A name that may stand in a folder: ids and codes may have a `/` in them.
fn safe(name: &str) -> String {
    text::nfc(&name.replace(['/', '\\', ':'], "-")).trim_matches(['.', ' ']).to_owned()
}

/// The folder of a task's evidence: its standard, and within it its criterion.
fn place(words: &ExportWords, plan: &Plan, task: Option<&Task>) -> PathBuf {
    let Some(task) = task else { return PathBuf::from(words.gone) };
    let Some(standard) = task.standard() else { return PathBuf::from(words.other).join(safe(&task.name)) };
    let title = plan.standards.get(standard).map(|title| format!(" {title}")).unwrap_or_default();
    // A long title makes a path that some systems do not take.
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    let criterion = task.criterion.as_deref().unwrap_or_default();
    PathBuf::from(safe(&format!("{} {standard}{title}", words.standard)))
        .join(safe(&format!("{} {criterion}", words.criterion)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::templates;

    #[test]
    fn every_language_of_messages_has_words_for_an_exported_folder() {
        let known: Vec<&str> = LANGUAGES.iter().map(|(tag, _)| *tag).collect();
        for tag in templates::tags() {
            assert!(known.contains(&tag), "{tag}");
        }
    }
}
