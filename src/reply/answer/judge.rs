//! What all clauses of an answer come to.

use std::ops::Range;

use crate::plan::Status;
use crate::text;

use super::attribution::{Attribution, ClauseStatement};
use super::clauses::{self, Clause};
use super::days;
use super::lexicon::Class;
use super::patterns::{Due, ReadClause, Saying};
use super::reading::{Answer, Asked, AskedTask, MoreTime, Question, ReportedStatus};
use super::tokens::TokenValue;

/// No note is longer, in letters.
const LONGEST_NOTE: usize = 2000;

/// What the clauses of a text come to.
pub(super) struct Judgement {
    pub(super) answer: Answer,
    /// Whether all of it is politeness.
    pub(super) is_polite: bool,
    /// Whether anything speaks of how far a task is, or names one.
    pub(super) speaks: bool,
}

/// Puts together what the clauses of a text say.
pub(super) fn judge(text: &str, clauses: &[Clause], reads: &[ReadClause], asked: &Asked<'_>) -> Judgement {
    let found = Attribution::of(clauses, reads, asked.tasks.len());
    let person =
        reads.iter().find_map(|read| if let Saying::Person(matter) = read.saying { Some(matter) } else { None });
    let asked_for = clauses.iter().filter(|clause| clause.opener() != Some(Class::Except)).flat_map(Clause::names);
    let not_asked = asked_for.filter_map(|name| match name {
        TokenValue::Other(name) => Some(Question::NotAsked(name)),
        _ => None,
    });
    let mut answer = Answer { person, questions: not_asked.collect(), ..Answer::default() };
    for place in 0..asked.tasks.len() {
        conclude(text, &found, place, asked, &mut answer);
    }
    if !found.nameless.is_empty() {
        answer.questions.push(Question::Which(again(text, clauses, &found)));
    }
    let is_polite = |(clause, read): (&Clause, &ReadClause)| {
        matches!(read.saying, Saying::Courtesy | Saying::Names)
            && clause.names().is_empty()
            && !clause.makes_statement()
            && !clause.has_any(&[Class::Sorry, Class::Heading, Class::Vocative])
    };
    Judgement {
        answer,
        is_polite: clauses.iter().zip(reads).all(is_polite),
        speaks: clauses::names_any(clauses) || clauses.iter().any(Clause::makes_statement),
    }
}

/// Settles what is said of a task.
fn conclude(text: &str, found: &Attribution, place: usize, asked: &Asked<'_>, answer: &mut Answer) {
    let said: Vec<_> = found.said.iter().filter(|said| said.places.contains(&place)).collect();
    let (task, is_single) = (&asked.tasks[place], asked.tasks.len() == 1);
    let is_named = said.iter().any(|said| !said.is_general);
    let is_clouded = said.iter().any(|said| said.saying.is_unclear());
    // "1.4 xong, 3.1 tuần sau em làm": nothing is left to ask about 3.1.
    let is_put_off = !is_single && said.iter().all(|said| said.saying == Saying::Later) && found.tells();
    let is_quiet = (answer.person.is_some() || is_put_off) && !said.iter().any(|said| said.saying.is_statement());
    let has_status = |status: Status| said.iter().any(|said| said.saying.status() == Some(status));
    let wish = wish(&said).filter(|_| !has_status(Status::Done));
    let mut blocked = said.iter().filter(|said| said.saying.status() == Some(Status::Blocked));
    let why = blocked.find_map(|said| said.why.clone()).or_else(|| found.reason.clone());
    match settle(&said) {
        Settled::Clear(status, percent) => {
            let note = match status {
                Status::Blocked => why.clone().and_then(|why| note(&text[why])),
                _ => remarks(text, &said, is_single),
            };
            let for_all = said.iter().any(|said| said.saying == Saying::Done { for_all: true });
            let days = said.iter().filter_map(|said| said.done_on).collect();
            let done_on = days::only(days).filter(|_| status == Status::Done);
            answer.reports.push(ReportedStatus { task: task.id.clone(), status, percent, note, for_all, done_on });
        }
        Settled::Nothing if wish.is_some() || is_quiet || (!is_clouded && (is_single || !is_named)) => {}
        _ => answer.questions.push(Question::Unclear(task.id.clone())),
    }
    let Some((due, told)) = wish else { return };
    // Told before, where until when was asked.
    let known = asked.questions.iter().find_map(|question| match question {
        Question::NoDate(of, why) if *of == task.id => why.clone(),
        _ => None,
    });
    let why = told.or(why).and_then(|why| note(&text[why])).or(known);
    match settle_time(task, due, why, asked) {
        Ok(wish) => answer.more_time.push(wish),
        Err(question) => answer.questions.push(question),
    }
}

/// What else is said: of an only task everything, of one among others what stands beside it.
fn remarks(text: &str, said: &[&ClauseStatement], is_single: bool) -> Option<String> {
    let reports = said.iter().filter(|said| !matches!(said.saying, Saying::MoreTime(_)));
    let tells = |said: &ClauseStatement| {
        said.why.is_some()
            || said.is_dated
            || said.saying.is_unclear()
            || matches!(said.saying, Saying::Aside | Saying::Help)
    };
    if !reports.clone().any(|said| tells(said)) {
        return None;
    }
    if is_single {
        return note(text);
    }
    let parts: Vec<&str> = reports.filter(|said| !said.is_general).map(|said| &text[said.at.clone()]).collect();
    note(&parts.join("; "))
}

/// What is said of a task that is not named, to be read again once it is known which: the whole text where it names
/// none, so that whatever limits the statement is read with it.
fn again(text: &str, clauses: &[Clause], found: &Attribution) -> Option<String> {
    let said = match () {
        () if !clauses::names_any(clauses) => {
            text.lines().filter(|line| !line.starts_with('>')).collect::<Vec<_>>().join("\n").trim().to_owned()
        }
        () if found.said.iter().any(|said| said.saying.is_unclear()) => return None,
        () => found.nameless.iter().map(|at| &text[at.clone()]).collect::<Vec<_>>().join("\n"),
    };
    Some(said).filter(|said| said.chars().count() <= LONGEST_NOTE)
}

/// What all statements about a task come to.
enum Settled {
    Clear(Status, Option<u8>),
    Conflict,
    Nothing,
}

fn settle(said: &[&ClauseStatement]) -> Settled {
    let is_clouded = said.iter().any(|said| said.saying.is_unclear());
    let is_limited = said.iter().any(|said| matches!(said.saying, Saying::Help | Saying::MoreTime(_)));
    let mut statuses: Vec<Status> = said.iter().filter_map(|said| said.saying.status()).collect();
    statuses.sort();
    statuses.dedup();
    let mut percents: Vec<u8> = said.iter().filter_map(|said| said.saying.percent()).collect();
    percents.dedup();
    let order = [Status::Done, Status::Blocked, Status::InProgress, Status::NotStarted];
    match order.into_iter().find(|status| statuses.contains(status)) {
        None => Settled::Nothing,
        Some(Status::Done) if statuses.len() > 1 || is_clouded || is_limited => Settled::Conflict,
        Some(Status::Blocked | Status::NotStarted) if is_clouded => Settled::Conflict,
        Some(_) if percents.len() > 1 => Settled::Conflict,
        Some(status) => Settled::Clear(status, percents.pop()),
    }
}

/// Until when more time is asked for, and why. Two dates are none, nor is one with another behind it in words that are not
/// understood ("đến 15/12, chậm nhất 20/12"): which of them is meant is asked.
fn wish(said: &[&ClauseStatement]) -> Option<(Due, Option<Range<usize>>)> {
    let mut wishes = said.iter().rev().filter_map(|said| match said.saying {
        Saying::MoreTime(due) => Some((due, said.why.clone())),
        _ => None,
    });
    let (due, why) = wishes.next()?;
    let is_followed = said
        .windows(2)
        .any(|two| matches!(two[0].saying, Saying::MoreTime(_)) && two[1].saying.is_unclear() && two[1].is_dated);
    let is_one = !is_followed && wishes.all(|(other, _)| other == due || other == Due::Unknown);
    Some((if is_one { due } else { Due::Unknown }, why))
}

/// More time until a date, or what must be asked before it can be.
pub(super) fn settle_time(
    task: &AskedTask,
    due: Due,
    why: Option<String>,
    asked: &Asked<'_>,
) -> Result<MoreTime, Question> {
    let from = task.due.map_or(asked.today, |due| due.max(asked.today));
    let due = match due {
        Due::On(due) => Some(due),
        Due::After(span) => from.checked_add(span.0).ok(),
        Due::Unknown => None,
    };
    let Some(due) = due else { return Err(Question::NoDate(task.id.clone(), why)) };
    if due <= asked.today || task.due.is_some_and(|before| due <= before) {
        return Err(Question::NotLater(task.id.clone(), due, why));
    }
    let why = why.ok_or_else(|| Question::NoReason(task.id.clone(), due))?;
    Ok(MoreTime { task: task.id.clone(), due, why })
}

/// Text in one line, cut where it becomes long.
pub(super) fn note(written: &str) -> Option<String> {
    let line = text::nfc(written);
    let line = line.trim_matches(|letter: char| letter.is_whitespace() || ":;,-–—".contains(letter));
    if !line.chars().any(char::is_alphanumeric) {
        return None;
    }
    let mut cut: String = line.chars().take(LONGEST_NOTE).collect();
    if cut.len() < line.len() {
        cut.push('…');
    }
    Some(cut)
}
