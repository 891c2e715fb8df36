//! Taking a report on a task: what was typed is checked, files are kept, and the report is handed on.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::app::Reach;
use crate::app::evidence_room::tell_no_room;
use crate::app::recurring_work::work_periods;
use crate::app::take_answer::{AnswerSource, NewAnswer, TaskReport, take_answer};
use crate::blocking::blocking;
use crate::compose::{FileMistake, FormInput, FormReceipt, Mistake, Mistakes};
use crate::evidence_store::{EvidenceError, EvidenceStore, ExaminedFile};
use crate::link::Purpose;
use crate::plan::{Status, WorkPeriod};
use crate::progress::evidence::{self, Proof};
use crate::progress::{How, ProgressEntry};
use crate::with_causes;

use super::{MAX_NOTE, TaskPage, json, reported};
use crate::web::form::{self, FormError, FormLimits, PostedForm, UploadedFile};
use crate::web::session::Session;
use crate::web::upload_memory::MemoryFull;
use crate::web::{Refusal, TokenPath, WebState};

/// The most pieces of evidence for one task.
const MAX_EVIDENCE: usize = 100;

/// Takes a report.
pub(in crate::web) async fn take(
    State(web): State<Arc<WebState>>,
    Path(token): TokenPath,
    request: Request,
) -> Response {
    let answer = take_report(&web, &token, request).await;
    web.respond(answer)
}

async fn take_report(web: &WebState, token: &str, request: Request) -> Result<Response, Refusal> {
    let session = web.open(Purpose::Answer, token).await?;
    let task = session.task()?.id.clone();
    // Held until the files are kept.
    let memory = Arc::new(web.upload_memory.enter(session.token.person).await?);
    let mut form = form::posted(request, limits(&session)?, Some(&memory)).await;
    if form.error == Some(FormError::NoMemory) {
        return Err(MemoryFull.into());
    }
    let page = TaskPage::of(web, session, &form)?;
    if page.was_taken(&page.form_name).await? {
        return Ok(page.to_taken(&page.form_name));
    }
    let typed = typed(&form);
    if !page.may_answer().await? {
        return page.refuse_for_today(typed).await;
    }
    let reported = page.session.reported(&web.store).await?;
    if reported.progress.status(&task) == Status::Cancelled {
        return page.show_over(&reported, StatusCode::CONFLICT, typed, Mistakes::default());
    }
    let handed_in = reported.evidence.iter().filter(|evidence| evidence.task == task).count();
    let today = page.session.now.date();
    let periods = work_periods(page.session.school(), page.session.task()?);
    let report = match check(&typed, &form, handed_in, (today, &periods)) {
        Ok(report) => report,
        Err(mistakes) => return page.show_over(&reported, StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes),
    };
    let files = EvidenceStore::open(&page.session.school().settings.evidence);
    match keep(files, std::mem::take(&mut form.files)).await? {
        Ok(proofs) => hand_on(&page, report, proofs).await?,
        Err(NotKept { mistakes: files, full }) => {
            if let Some(full) = full {
                let session = &page.session;
                tell_no_room(&web.store, session.school(), &full, session.now.timestamp()).await?;
                web.wake_ups.wake();
            }
            let mistakes = Mistakes { files, files_again: true, ..Mistakes::default() };
            return page.show(StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes).await;
        }
    }
    Ok(page.to_taken(&page.form_name))
}

/// How many files may come with a report, and how large.
fn limits(session: &Session) -> Result<FormLimits, Refusal> {
    let site = session.school().settings.site.as_ref().ok_or(Refusal::Gone)?;
    Ok(FormLimits {
        files: usize::try_from(site.uploads.files).unwrap_or(0),
        file: u64::from(site.uploads.file_mib) << 20,
    })
}

fn typed(form: &PostedForm) -> FormInput {
    FormInput {
        status: form.field("status"),
        period: form.field("period"),
        percent: form.field("percent"),
        note: form.field("note"),
        link: form.field("link"),
        done_on: form.field("done_on"),
        for_all: !form.field("for_all").is_empty(),
        ..FormInput::default()
    }
}

/// Writes a report down with all that follows from it, and wakes the daemon, unless its form was taken meanwhile.
async fn hand_on(page: &TaskPage<'_>, report: CheckedReport, mut proofs: Vec<Proof>) -> Result<(), Refusal> {
    let session = &page.session;
    let task = session.task()?;
    proofs.extend(report.link.map(Proof::Link));
    let entry = ProgressEntry {
        at: session.now.timestamp(),
        status: report.status,
        percent: report.percent,
        note: report.note,
        evidence: Vec::new(),
        by: Some(session.name().to_owned()),
        how: How::Link,
    };
    let taken = FormReceipt::Report {
        task: task.id.as_str().to_owned(),
        status: entry.status.as_str().to_owned(),
        percent: entry.percent,
        period: report.period.map(|period| period.to_string()),
        note: entry.note.clone(),
        things: proofs.iter().map(|proof| proof.key().to_owned()).collect(),
        done_on: report.done_on,
        for_all: report.reach == Reach::Everybody,
    };
    let what = json(&taken)?;
    let form = page.taken(&page.form_name, &what);
    let status = entry.status;
    let mut answer = NewAnswer::new(AnswerSource::Form(form), entry.at);
    answer.periods.extend(report.period.map(|period| (task.id.clone(), period)));
    // Who stood in for somebody when the link went out may answer it later.
    let asked_on = [session.school().settings.date_of(session.token.issued)];
    answer.reports.push(TaskReport {
        reach: report.reach,
        done_on: report.done_on,
        answers: &asked_on,
        ..TaskReport::new(task, entry, &proofs)
    });
    if let Some(taken) = take_answer(&page.web.store, session.school(), answer).await? {
        tracing::info!(task = task.name, %status, evidence = taken.evidence.len(), "a report came by link");
        page.web.wake_ups.wake();
    }
    Ok(())
}

/// A report without mistakes.
#[derive(Debug, PartialEq, Eq)]
struct CheckedReport {
    status: Status,
    /// Of recurring work that is done, the period.
    period: Option<WorkPeriod>,
    percent: Option<u8>,
    note: Option<String>,
    link: Option<String>,
    done_on: Option<Date>,
    reach: Reach,
}

/// What was reported, or everything that is wrong with it.
fn check(
    typed: &FormInput,
    form: &PostedForm,
    handed_in: usize,
    (today, known): (Date, &[WorkPeriod]),
) -> Result<CheckedReport, Mistakes> {
    let mut mistakes = Mistakes { files: file_mistakes(form, handed_in), ..Mistakes::default() };
    mistakes.form = match form.error {
        Some(FormError::TooLarge) => Some(Mistake::TooLarge),
        Some(FormError::Unreadable | FormError::NoMemory) => Some(Mistake::Unreadable),
        // Told of the files.
        Some(FormError::ManyFiles) | None => None,
    };
    let status = reported(&typed.status);
    if status.is_none() {
        mistakes.status = Some(Mistake::MissingStatus);
    }
    let period = known.iter().copied().find(|period| period.to_string() == typed.period);
    let percent = percent(&typed.percent);
    mistakes.percent = percent.err();
    if typed.note.chars().count() > MAX_NOTE {
        mistakes.note = Some(Mistake::TooLong);
    } else if typed.note.is_empty() && status == Some(Status::Blocked) {
        mistakes.note = Some(Mistake::MissingNote);
    }
    // Of what is not done it says nothing.
    let done_on = if status == Some(Status::Done) { completion(&typed.done_on, today) } else { Ok(None) };
    mistakes.done_on = done_on.err();
    let link = web_address(&typed.link);
    mistakes.link = link.as_ref().err().copied();
    match (status, percent, link, done_on) {
        (Some(status), Ok(percent), Ok(link), Ok(done_on)) if !mistakes.any() => Ok(CheckedReport {
            status,
            period: period.filter(|_| status == Status::Done),
            percent: if status == Status::Done { Some(100) } else { percent },
            note: (!typed.note.is_empty()).then(|| typed.note.clone()),
            link,
            done_on,
            reach: if typed.for_all { Reach::Everybody } else { Reach::Own },
        }),
        _ => {
            mistakes.files_again = !form.files.is_empty();
            Err(mistakes)
        }
    }
}

/// What is wrong with the number of files and their sizes.
fn file_mistakes(form: &PostedForm, handed_in: usize) -> Vec<FileMistake> {
    let many = FileMistake { name: None, mistake: Mistake::ManyFiles };
    let mut mistakes = Vec::new();
    if form.error == Some(FormError::ManyFiles) {
        mistakes.push(many.clone());
    }
    let too_large = form.files.iter().filter(|file| file.bytes.is_none());
    mistakes.extend(too_large.map(|file| of_file(&file.name, Mistake::LargeFile)));
    if handed_in + form.files.len() > MAX_EVIDENCE {
        mistakes.push(many);
    }
    mistakes
}

/// The day of completion: not later than today.
fn completion(text: &str, today: Date) -> Result<Option<Date>, Mistake> {
    if text.is_empty() {
        return Ok(None);
    }
    match form::date(text) {
        Some(day) if day <= today => Ok(Some(day)),
        Some(_) => Err(Mistake::FutureDate),
        None => Err(Mistake::BadDate),
    }
}

fn percent(text: &str) -> Result<Option<u8>, Mistake> {
    let number = text.trim_end_matches(['%', ' ']);
    if number.is_empty() {
        return Ok(None);
    }
    let number = number.parse().ok().filter(|number| *number <= 100);
    number.map(Some).ok_or(Mistake::BadPercent)
}

fn web_address(text: &str) -> Result<Option<String>, Mistake> {
    if text.is_empty() {
        return Ok(None);
    }
    evidence::link(text).map(Some).ok_or(Mistake::BadLink)
}

/// What is wrong with files that were handed in: none of them is kept.
struct NotKept {
    mistakes: Vec<FileMistake>,
    /// That there is no room for them, where that is what is wrong.
    full: Option<EvidenceError>,
}

/// Keeps files as evidence. All are looked at before any is written, so that everything that is wrong is told at once.
async fn keep(evidence: EvidenceStore, files: Vec<UploadedFile>) -> Result<Result<Vec<Proof>, NotKept>, Refusal> {
    let kept = blocking(move || {
        let (mut examined, mut mistakes) = (Vec::new(), Vec::new());
        for file in files {
            match ExaminedFile::of(file.bytes.unwrap_or_default(), &file.name) {
                Ok(file) => examined.push(file),
                Err(error) => mistakes.push(mistake_of(&error)?),
            }
        }
        if !mistakes.is_empty() {
            return Ok(Err(NotKept { mistakes, full: None }));
        }
        match evidence.keep(&examined) {
            Ok(proofs) => Ok(Ok(proofs)),
            Err(error) => Ok(Err(NotKept { mistakes: vec![mistake_of(&error)?], full: Some(error) })),
        }
    });
    kept.await.map_err(|error| Refusal::Broken(error.to_string()))?
}

/// What is wrong with a file, as the page tells it.
fn mistake_of(error: &EvidenceError) -> Result<FileMistake, Refusal> {
    match error {
        EvidenceError::Empty { name } => Ok(of_file(name, Mistake::EmptyFile)),
        EvidenceError::TooLarge { name } => Ok(of_file(name, Mistake::LargeFile)),
        EvidenceError::UnknownKind { name } => Ok(of_file(name, Mistake::UnknownFile)),
        EvidenceError::NoRoom { .. } => Ok(FileMistake { name: None, mistake: Mistake::NoRoom }),
        EvidenceError::Unwritable { .. } => Err(Refusal::Broken(with_causes(error))),
    }
}

fn of_file(name: &str, mistake: Mistake) -> FileMistake {
    let plain: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    FileMistake { name: Some(plain), mistake }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_and_addresses_are_read_as_people_write_them() {
        let cases = [("", Ok(None)), ("60", Ok(Some(60))), ("60 %", Ok(Some(60))), ("100", Ok(Some(100)))];
        for (text, expected) in cases {
            assert_eq!(percent(text), expected, "{text}");
        }
        for text in ["101", "-1", "6o", "1e1", "60.5"] {
            assert_eq!(percent(text), Err(Mistake::BadPercent), "{text}");
        }
        assert_eq!(web_address("https://school.example/a b"), Ok(Some("https://school.example/a%20b".to_owned())));
        for text in [
            "school.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://",
            "https://co-lan@drive.example/x",
            "https://co-lan:mat-khau@drive.example/x",
            "https://:x@drive.example/",
        ] {
            assert_eq!(web_address(text), Err(Mistake::BadLink), "{text}");
        }
    }
}
