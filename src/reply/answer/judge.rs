//! What all clauses of an answer come to.

use std::ops::Range;

use jiff::civil::Date;

use crate::plan::Status;
use crate::text;

use super::clauses::{self, Clause};
use super::days;
use super::patterns::{Due, ReadClause, Saying};
use super::reading::{Answer, Asked, AskedTask, MoreTime, Question, ReportedStatus};
use super::statement::{ClauseStatement, Referent, Statements};

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
    let mut found = Statements::of(clauses, reads, asked);
    let questions = std::mem::take(&mut found.questions);
    let mut answer = Answer { person: found.person, questions, ..Answer::default() };
    for place in found.all() {
        conclude(text, &found, place, &mut answer);
    }
    let is_used = |said: &ClauseStatement| {
        found.all().iter().any(|place| found.of_task(*place).iter().any(|used| std::ptr::eq(*used, said)))
    };
    let is_rest = |said: &&ClauseStatement| matches!(said.about, Referent::Rest(_)) && said.saying.is_statement();
    let lost = found.said.iter().filter(is_rest).filter(|said| !is_used(said)).map(|said| said.at.clone());
    let nameless: Vec<_> = found.nameless.iter().cloned().chain(lost).collect();
    if !nameless.is_empty() {
        let is_clouded = found.said.iter().any(|said| said.saying == Saying::Unknown);
        answer.questions.push(Question::Which(again(text, clauses, &nameless, is_clouded)));
    }
    Judgement { answer, is_polite: found.is_polite, speaks: found.speaks }
}

/// Settles what is said of a task.
fn conclude(text: &str, found: &Statements<'_>, place: usize, answer: &mut Answer) {
    let said = found.of_task(place);
    let task = &found.asked.tasks[place];
    let wish = wish(&said);
    let is_named = said.iter().any(|said| matches!(said.about, Referent::These(_)));
    let is_clouded = said.iter().any(|said| said.saying == Saying::Unknown);
    let is_quiet = found.person.is_some() && !said.iter().any(|said| said.saying.is_statement());
    match settle(&said) {
        Settled::Clear(status, percent) if wish.is_none() || status != Status::Done => {
            let blocked = || said.iter().find_map(|said| said.why.clone().filter(|_| is_blocked(said)));
            let note = match status {
                Status::Blocked => blocked().or_else(|| found.reason.clone()).and_then(|why| note(&text[why])),
                _ => remarks(text, &said, found.is_single()),
            };
            let for_all = said.iter().any(|said| said.saying == Saying::Done { for_all: true });
            let done_on = completion(&said).filter(|_| status == Status::Done);
            answer.reports.push(ReportedStatus { task: task.id.clone(), status, percent, note, for_all, done_on });
        }
        Settled::Nothing if wish.is_some() || is_quiet => {}
        Settled::Nothing if !is_clouded && (found.is_single() || !is_named) => {}
        Settled::Clear(..) => {
            answer.questions.push(Question::Unclear(task.id.clone()));
            return;
        }
        _ => answer.questions.push(Question::Unclear(task.id.clone())),
    }
    let Some((due, why)) = wish else { return };
    let blocked = said.iter().find(|said| is_blocked(said)).and_then(|said| said.why.clone());
    // Told before, where until when was asked.
    let known = found.asked.questions.iter().find_map(|question| match question {
        Question::NoDate(of, why) if *of == task.id => why.clone(),
        _ => None,
    });
    let why = why.or(blocked).or_else(|| found.reason.clone()).and_then(|why| note(&text[why])).or(known);
    match settle_time(task, due, why, found.asked) {
        Ok(wish) => answer.more_time.push(wish),
        Err(question) => answer.questions.push(question),
    }
}

fn is_blocked(said: &ClauseStatement) -> bool {
    matches!(said.saying, Saying::Blocked(_))
}

/// What else is said: of an only task everything, of one among others what stands beside it.
fn remarks(text: &str, said: &[&ClauseStatement], is_single: bool) -> Option<String> {
    let reports = said.iter().filter(|said| !matches!(said.saying, Saying::MoreTime(_)));
    let tells = |said: &ClauseStatement| {
        said.why.is_some() || said.is_dated || matches!(said.saying, Saying::Aside | Saying::Help | Saying::Unknown)
    };
    if !reports.clone().any(|said| tells(said)) {
        return None;
    }
    if is_single {
        return note(text);
    }
    let parts: Vec<&str> =
        reports.filter(|said| said.about != Referent::All).map(|said| &text[said.at.clone()]).collect();
    note(&parts.join("; "))
}

/// What is said of a task that is not named, to be read again once it is known which: the whole text where it names
/// none, so that whatever limits the statement is read with it.
fn again(text: &str, clauses: &[Clause], nameless: &[Range<usize>], is_clouded: bool) -> Option<String> {
    let said = if !clauses::names_any(clauses) {
        text.trim().to_owned()
    } else if !is_clouded {
        nameless.iter().map(|at| &text[at.clone()]).collect::<Vec<_>>().join("\n")
    } else {
        return None;
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
    let has = |wanted: fn(&Saying) -> bool| said.iter().any(|said| wanted(&said.saying));
    let is_done = has(|saying| matches!(saying, Saying::Done { .. }));
    let is_blocked = has(|saying| matches!(saying, Saying::Blocked(_)));
    let is_begun = has(|saying| matches!(saying, Saying::Doing | Saying::NotDone | Saying::Percent(_)));
    let is_not_begun = has(|saying| matches!(saying, Saying::NotBegun));
    let is_clouded = has(|saying| matches!(saying, Saying::Unknown));
    let needs_help = has(|saying| matches!(saying, Saying::Help));
    let mut percents: Vec<u8> = said
        .iter()
        .filter_map(|said| match said.saying {
            Saying::Percent(percent) | Saying::Blocked(Some(percent)) => Some(percent),
            _ => None,
        })
        .collect();
    percents.dedup();
    let percent = percents.first().copied();
    match () {
        () if percents.len() > 1 => Settled::Conflict,
        () if is_done && (is_blocked || is_begun || is_not_begun || needs_help || is_clouded) => Settled::Conflict,
        () if is_done => Settled::Clear(Status::Done, None),
        () if is_clouded && (is_blocked || (is_not_begun && !is_begun)) => Settled::Conflict,
        () if is_blocked => Settled::Clear(Status::Blocked, percent),
        () if is_begun => Settled::Clear(Status::InProgress, percent),
        () if is_not_begun => Settled::Clear(Status::NotStarted, None),
        () => Settled::Nothing,
    }
}

/// The day of completion, where the statements about a task name one and no other.
fn completion(said: &[&ClauseStatement]) -> Option<Date> {
    days::only(said.iter().filter_map(|said| said.done_on).collect())
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
        .any(|two| matches!(two[0].saying, Saying::MoreTime(_)) && two[1].saying == Saying::Unknown && two[1].is_dated);
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
