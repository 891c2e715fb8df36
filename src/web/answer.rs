//! Reporting on one task, and asking for more time for it.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use url::Url;

use crate::app::ask_for_time::{Proposal, ProposalError, ask_for_time};
use crate::app::take_answer::{Answer, Source, TaskReport, take_answer};
use crate::compose::{FileMistake, Mistake, Mistakes, Page, Taken, Typed};
use crate::evidence_store::{EvidenceError, EvidenceStore};
use crate::hex;
use crate::link::Purpose;
use crate::plan::{Task, TaskId};
use crate::progress::evidence::Proof;
use crate::progress::{Entry, Status};
use crate::store::links;

use super::form::{self, Bounds, Form, FormError};
use super::session::Visit;
use super::upload_memory::Full;
use super::{Desk, Refusal, Token, Web, page, query, see_other};

/// No note or reason is longer, in letters.
const LONGEST: usize = 2000;
/// No address of evidence is longer, in bytes.
const LONGEST_LINK: usize = 2000;
/// So many pieces of evidence for one task are enough.
const MOST_EVIDENCE: usize = 100;
/// What people can report here.
const STATUSES: [Status; 3] = [Status::Done, Status::InProgress, Status::Blocked];
/// How reports from here came.
const HOW: &str = "link";

/// The page of a task. Changes nothing: programs that look for bad links in mail open them all.
pub(super) async fn show(State(web): State<Web>, Path(token): Token, RawQuery(words): RawQuery) -> Response {
    let shown = show_page(&web, &token, words.as_deref()).await;
    web.respond(shown)
}

async fn show_page(web: &Desk, token: &str, words: Option<&str>) -> Result<Response, Refusal> {
    let visit = web.visit(Purpose::Answer, token).await?;
    let status = query(words).remove("s").filter(|word| STATUSES.iter().any(|status| status.as_str() == *word));
    let typed = Typed { status: status.unwrap_or_default(), ..Typed::default() };
    form_page(web, &visit, StatusCode::OK, &new_name()?, typed, Mistakes::default()).await
}

/// Back from an address that only forms are posted to.
pub(super) async fn back(State(web): State<Web>, Path(token): Token) -> Response {
    let visit = web.visit(Purpose::Answer, &token).await;
    web.respond(visit.map(|visit| see_other(&format!("{}/a/{token}", visit.base()))))
}

async fn form_page(
    web: &Desk,
    visit: &Visit,
    status: StatusCode,
    name: &str,
    typed: Typed,
    mistakes: Mistakes,
) -> Result<Response, Refusal> {
    let task = visit.task()?;
    let known = visit.known(&web.store).await?;
    let shown = Page::answer(&visit.scene(&known), task, name, typed, mistakes);
    Ok(page(status, visit.ground.in_force.composer.page(&shown)?))
}

/// A name for the forms of one page.
fn new_name() -> Result<String, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Refusal::Broken(error.to_string()))?;
    Ok(hex(&bytes))
}

/// The name that a form came with, where it is one that a page gave; otherwise a new one.
fn name_of(form: &Form) -> Result<String, Refusal> {
    let name = form.field("form");
    let name = name.strip_suffix('t').unwrap_or(&name);
    let is_ours = name.len() == 32 && name.bytes().all(|letter| letter.is_ascii_hexdigit());
    if is_ours { Ok(name.to_owned()) } else { new_name() }
}

/// Takes a report.
pub(super) async fn take(State(web): State<Web>, Path(token): Token, request: Request) -> Response {
    let answer = take_report(&web, &token, request).await;
    web.respond(answer)
}

async fn take_report(web: &Desk, token: &str, request: Request) -> Result<Response, Refusal> {
    let visit = web.visit(Purpose::Answer, token).await?;
    let task = visit.task()?;
    let site = visit.school().settings.site.as_ref().ok_or(Refusal::Gone)?;
    let bounds = Bounds {
        files: usize::try_from(site.uploads.files).unwrap_or(0),
        file: u64::from(site.uploads.file_mib) << 20,
    };
    // Held until the files are on the shelf.
    let room = Arc::new(web.room.enter(visit.token.person).await?);
    let form = form::posted(request, bounds, Some(&room)).await;
    if form.trouble == Some(FormError::NoRoom) {
        return Err(Full.into());
    }
    let name = name_of(&form)?;
    let typed = Typed {
        status: form.field("status"),
        percent: form.field("percent"),
        note: form.field("note"),
        link: form.field("link"),
        ..Typed::default()
    };
    if let Some(back) = known_form(web, &visit, &name).await? {
        return Ok(back);
    }
    let known = visit.known(&web.store).await?;
    if known.progress.status(&task.id) == Status::Cancelled {
        return form_page(web, &visit, StatusCode::CONFLICT, &name, typed, Mistakes::default()).await;
    }
    let handed_in = known.evidence.iter().filter(|evidence| evidence.task == task.id).count();
    let (report, mut mistakes) = examine(&typed, &form, handed_in);
    let had_files = !form.files.is_empty();
    let Some(report) = report.filter(|_| !mistakes.any()) else {
        mistakes.files_again = had_files;
        return form_page(web, &visit, StatusCode::UNPROCESSABLE_ENTITY, &name, typed, mistakes).await;
    };
    let shelf = EvidenceStore::new(&visit.school().settings.state);
    let mut things = match keep(shelf, form.files).await? {
        Ok(things) => things,
        Err(files) => {
            let mistakes = Mistakes { files, files_again: true, ..Mistakes::default() };
            return form_page(web, &visit, StatusCode::UNPROCESSABLE_ENTITY, &name, typed, mistakes).await;
        }
    };
    things.extend(report.link.map(Proof::Link));
    let entry = Entry {
        at: visit.now.timestamp(),
        status: report.status,
        percent: report.percent,
        note: report.note,
        evidence: Vec::new(),
        by: Some(visit.name().to_owned()),
        how: HOW.to_owned(),
    };
    let report = Taken::Report {
        task: task.id.to_string(),
        status: entry.status.as_str().to_owned(),
        percent: entry.percent,
        note: entry.note.clone(),
        things: things.iter().map(key).collect(),
    };
    let what = json(&report)?;
    let form = links::Form { name: &name, person: visit.name(), at: entry.at, what: &what };
    let status = entry.status;
    let mut answer = Answer::new(Source::Form(form), entry.at);
    answer.reports.push(TaskReport { task, entry, proofs: &things });
    if let Some(taken) = take_answer(&web.store, visit.school(), answer).await? {
        tracing::info!(task = %task.id, %status, evidence = taken.evidence.len(), "a report came by link");
        web.wake();
    }
    Ok(see_other(&format!("{}/a/{token}/{name}", visit.base())))
}

fn key(thing: &Proof) -> String {
    match thing {
        Proof::File { hash, .. } => hash.clone(),
        Proof::Link(address) => address.clone(),
    }
}

fn json(taken: &Taken) -> Result<String, Refusal> {
    serde_json::to_string(taken).map_err(|error| Refusal::Broken(error.to_string()))
}

/// A report that makes sense.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    status: Status,
    percent: Option<u8>,
    note: Option<String>,
    link: Option<String>,
}

/// What was reported, and what is wrong with it.
fn examine(typed: &Typed, form: &Form, handed_in: usize) -> (Option<Report>, Mistakes) {
    let mut mistakes = Mistakes::default();
    match form.trouble {
        Some(FormError::ManyFiles) => mistakes.files.push(FileMistake { name: None, mistake: Mistake::ManyFiles }),
        Some(FormError::TooLarge) => mistakes.form = Some(Mistake::TooLarge),
        Some(FormError::Unreadable | FormError::NoRoom) => mistakes.form = Some(Mistake::Unreadable),
        None => {}
    }
    let too_large = form.files.iter().filter(|file| file.bytes.is_none());
    mistakes.files.extend(too_large.map(|file| of_file(&file.name, Mistake::LargeFile)));
    if handed_in + form.files.len() > MOST_EVIDENCE {
        mistakes.files.push(FileMistake { name: None, mistake: Mistake::ManyFiles });
    }
    let status = STATUSES.into_iter().find(|status| status.as_str() == typed.status);
    if status.is_none() {
        mistakes.status = Some(Mistake::MissingStatus);
    }
    let percent = percent(&typed.percent).unwrap_or_else(|mistake| {
        mistakes.percent = Some(mistake);
        None
    });
    if typed.note.chars().count() > LONGEST {
        mistakes.note = Some(Mistake::TooLong);
    } else if typed.note.is_empty() && status == Some(Status::Blocked) {
        mistakes.note = Some(Mistake::MissingNote);
    }
    let link = web_address(&typed.link).unwrap_or_else(|mistake| {
        mistakes.link = Some(mistake);
        None
    });
    let report = status.map(|status| Report {
        status,
        percent: if status == Status::Done { Some(100) } else { percent },
        note: (!typed.note.is_empty()).then(|| typed.note.clone()),
        link,
    });
    (report, mistakes)
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
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    let address = url.map(|url| url.to_string()).filter(|address| address.len() <= LONGEST_LINK);
    address.map(Some).ok_or(Mistake::BadLink)
}

/// Puts files on the shelf; all are looked at, so that everything that is wrong is told at once.
async fn keep(shelf: EvidenceStore, files: Vec<form::File>) -> Result<Result<Vec<Proof>, Vec<FileMistake>>, Refusal> {
    let kept = tokio::task::spawn_blocking(move || {
        let (mut things, mut mistakes) = (Vec::new(), Vec::new());
        for file in files {
            match shelf.keep(file.bytes.as_deref().unwrap_or_default(), &file.name) {
                Ok(thing) => things.push(thing),
                Err(EvidenceError::Empty { name }) => mistakes.push(of_file(&name, Mistake::EmptyFile)),
                Err(EvidenceError::TooLarge { name }) => mistakes.push(of_file(&name, Mistake::LargeFile)),
                Err(EvidenceError::UnknownKind { name }) => mistakes.push(of_file(&name, Mistake::UnknownFile)),
                Err(error @ EvidenceError::Unwritable { .. }) => {
                    return Err(Refusal::Broken(crate::with_causes(&error)));
                }
            }
        }
        Ok(if mistakes.is_empty() { Ok(things) } else { Err(mistakes) })
    });
    kept.await.map_err(|error| Refusal::Broken(error.to_string()))?
}

fn of_file(name: &str, mistake: Mistake) -> FileMistake {
    let plain: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    FileMistake { name: Some(plain), mistake }
}

/// Takes a request for time.
pub(super) async fn take_time(State(web): State<Web>, Path(token): Token, request: Request) -> Response {
    let answer = take_proposal(&web, &token, request).await;
    web.respond(answer)
}

async fn take_proposal(web: &Desk, token: &str, request: Request) -> Result<Response, Refusal> {
    let visit = web.visit(Purpose::Answer, token).await?;
    let task = visit.task()?;
    let form = form::posted(request, Bounds::PLAIN, None).await;
    let name = name_of(&form)?;
    // A page has two forms, and each counts once.
    let time_name = format!("{name}t");
    if let Some(back) = known_form(web, &visit, &time_name).await? {
        return Ok(back);
    }
    let typed = Typed { due: form.field("due"), why: form.field("why"), asks_time: true, ..Typed::default() };
    let mistakes = match proposal(&visit, &typed, &form) {
        Err(mistakes) => mistakes,
        Ok(proposal) => {
            let asked = Taken::Time { task: task.id.to_string(), due: proposal.due, why: proposal.why.clone() };
            let what = json(&asked)?;
            let form = links::Form { name: &time_name, person: visit.name(), at: proposal.at, what: &what };
            let due = proposal.due;
            match ask_for_time(&web.store, visit.school(), task, proposal, Some(form)).await {
                Ok(number) => {
                    if number.is_some() {
                        tracing::info!(task = %task.id, %due, "a request for time came by link");
                        web.wake();
                    }
                    return Ok(see_other(&format!("{}/a/{token}/{time_name}", visit.base())));
                }
                Err(error) => mistake(error)?,
            }
        }
    };
    form_page(web, &visit, StatusCode::UNPROCESSABLE_ENTITY, &name, typed, mistakes).await
}

fn proposal(visit: &Visit, typed: &Typed, form: &Form) -> Result<Proposal, Mistakes> {
    let mut mistakes = Mistakes::default();
    if form.trouble.is_some() {
        mistakes.form = Some(Mistake::Unreadable);
    }
    let due = date(&typed.due);
    mistakes.due = due.err();
    if typed.why.is_empty() {
        mistakes.why = Some(Mistake::MissingWhy);
    } else if typed.why.chars().count() > LONGEST {
        mistakes.why = Some(Mistake::TooLong);
    }
    match due {
        Ok(due) if !mistakes.any() => Ok(Proposal {
            due,
            why: typed.why.clone(),
            by: Some(visit.name().to_owned()),
            how: HOW,
            at: visit.now.timestamp(),
        }),
        _ => Err(mistakes),
    }
}

/// A date as browsers send it, or as people write it where a browser has no field for dates.
fn date(text: &str) -> Result<Date, Mistake> {
    if text.is_empty() {
        return Err(Mistake::MissingDate);
    }
    let written = || {
        let mut parts = text.split(['/', '-', '.']);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        (parts.next().is_none() && date.year() >= 2000).then_some(date)
    };
    text.parse().ok().or_else(written).ok_or(Mistake::BadDate)
}

fn mistake(error: ProposalError) -> Result<Mistakes, Refusal> {
    let due = |mistake| Mistakes { due: Some(mistake), ..Mistakes::default() };
    Ok(match error {
        ProposalError::Same(_) => due(Mistake::SameDate),
        ProposalError::Past(_) => due(Mistake::PastDate),
        ProposalError::BeforeStart { .. } => due(Mistake::BeforeStart),
        ProposalError::TooLate { .. } => due(Mistake::TooLate),
        ProposalError::NoReason => Mistakes { why: Some(Mistake::MissingWhy), ..Mistakes::default() },
        // The page shows that it is closed, and has no form for more time.
        ProposalError::Closed(_) => Mistakes::default(),
        ProposalError::Store(error) => return Err(error.into()),
    })
}

/// Back to what a form was taken as, where it was taken before: a browser sends a form again when its page is loaded anew.
async fn known_form(web: &Desk, visit: &Visit, name: &str) -> Result<Option<Response>, Refusal> {
    let known = web.store.form(&visit.ground.scope().organisation, name, visit.name()).await?;
    Ok(known.map(|_| see_other(&format!("{}/a/{}/{name}", visit.base(), visit.text))))
}

/// What a form was taken as.
pub(super) async fn taken(State(web): State<Web>, Path((token, form)): Path<(String, String)>) -> Response {
    let shown = taken_page(&web, &token, &form).await;
    web.respond(shown)
}

async fn taken_page(web: &Desk, token: &str, form: &str) -> Result<Response, Refusal> {
    let visit = web.visit(Purpose::Answer, token).await?;
    let task: &Task = visit.task()?;
    let what = web.store.form(&visit.ground.scope().organisation, form, visit.name()).await?;
    let known_as = what.and_then(|what| serde_json::from_str::<Taken>(&what).ok());
    let Some(known_as) = known_as.filter(|known| TaskId::new(known.task()) == task.id) else {
        return Ok(see_other(&format!("{}/a/{token}", visit.base())));
    };
    let known = visit.known(&web.store).await?;
    let shown = Page::taken(&visit.scene(&known), task, known_as);
    Ok(page(StatusCode::OK, visit.ground.in_force.composer.page(&shown)?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn percents_addresses_and_dates_are_read_as_people_write_them() {
        let cases = [("", Ok(None)), ("60", Ok(Some(60))), ("60 %", Ok(Some(60))), ("100", Ok(Some(100)))];
        for (text, expected) in cases {
            assert_eq!(percent(text), expected, "{text}");
        }
        for text in ["101", "-1", "6o", "1e1", "60.5"] {
            assert_eq!(percent(text), Err(Mistake::BadPercent), "{text}");
        }
        assert_eq!(web_address("https://school.example/a b"), Ok(Some("https://school.example/a%20b".to_owned())));
        for text in ["school.example", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://"] {
            assert_eq!(web_address(text), Err(Mistake::BadLink), "{text}");
        }
        for text in ["2024-03-31", "31/03/2024", "31/3/2024", "31-3-2024", "31.3.2024"] {
            assert_eq!(date(text), Ok(day(2024, 3, 31)), "{text}");
        }
        for text in ["31/2/2024", "2024", "31/3", "31/3/24", "31/3/2024/1", "mai"] {
            assert_eq!(date(text), Err(Mistake::BadDate), "{text}");
        }
    }
}
