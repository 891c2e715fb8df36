//! What a text says as the answer to a question of ours: which tasks it chooses, until when, and why.

use std::ops::Range;

use jiff::civil::Date;

use super::attribution::places;
use super::clauses::{self, Clause, names_any};
use super::days;
use super::judge::{self, Judgement, note, settle_time};
use super::lexicon::Class;
use super::patterns::{self, Due, ReadClause, Saying};
use super::reading::{Answer, AnswerReading, Asked, AskedTask, Question};
use super::tokens::{self, TokenValue};
use super::{neighbours, signature};

/// Reads the words of an owner (see [`fresh`](crate::reply::fresh())).
#[must_use]
pub fn understand(text: &str, asked: Asked<'_>) -> AnswerReading {
    if signature::is_reaction(text) {
        return AnswerReading::Acknowledgement;
    }
    let text = signature::answer(text);
    let clauses = clauses::clauses(&tokens::tokens(&text, &asked));
    let mut reads: Vec<_> = clauses.iter().map(|clause| patterns::read(clause, &asked)).collect();
    neighbours::consider(&clauses, &mut reads, asked.tasks.len() > 1);
    read(&text, &clauses, &reads, &asked)
}

/// Reads a text as the answer to what was asked, where it is one.
fn read(text: &str, clauses: &[Clause], reads: &[ReadClause], asked: &Asked<'_>) -> AnswerReading {
    let Judgement { mut answer, is_polite, speaks } = judge::judge(text, clauses, reads, asked);
    let is_choice = choose(clauses, reads, asked, &mut answer);
    let is_empty = text.trim().is_empty();
    if is_polite && !is_choice && !is_empty && answer == Answer::default() {
        return AnswerReading::Acknowledgement;
    }
    if !is_empty && answer == (Answer { questions: answer.questions.clone(), ..Answer::default() }) {
        answer_questions(text, clauses, reads, asked, &mut answer);
    }
    if !speaks {
        answer.questions.retain(|question| !matches!(question, Question::Unclear(_)));
    }
    if answer == Answer::default() {
        answer.questions.push(Question::Nothing);
    }
    answer.questions.sort();
    answer.questions.dedup();
    AnswerReading::Answer(answer)
}

/// Reads a text as the answer to the question which task was meant. Returns whether it speaks of tasks at all: then it is no
/// mere politeness.
fn choose(clauses: &[Clause], reads: &[ReadClause], asked: &Asked<'_>, answer: &mut Answer) -> bool {
    let mut which = asked.questions.iter().filter_map(|question| match question {
        Question::Which(said) => Some(said.as_deref()),
        _ => None,
    });
    let Some(said) = which.next() else { return false };
    let is_free = answer.reports.is_empty() && answer.more_time.is_empty() && answer.person.is_none();
    let chosen = chosen(clauses, reads, asked.tasks.len()).filter(|_| is_free);
    if let (Some(said), Some(chosen)) = (said, chosen) {
        answer.questions.retain(|question| !matches!(question, Question::Unclear(_)));
        let again = said_of(said, &chosen, asked);
        let questions = answer.questions.drain(..).chain(again.questions).collect();
        *answer = Answer { questions, ..again };
    } else if clauses.iter().any(|clause| clause.opener() == Some(Class::Except)) {
        // Of which tasks it is not said is no answer to of which it is.
        answer.questions.push(Question::Which(None));
    }
    let names = [Class::Task, Class::Own, Class::Label, Class::Rest, Class::Count, Class::Whole];
    clauses.iter().any(|clause| clause.has_any(&names))
}

/// The tasks that a text names and of which it says nothing: "1.4", "cả ba".
fn chosen(clauses: &[Clause], reads: &[ReadClause], number: usize) -> Option<Vec<usize>> {
    let mut chosen = Vec::new();
    for (clause, read) in clauses.iter().zip(reads) {
        let only_names = matches!(read.saying, Saying::Names | Saying::Courtesy);
        if !only_names || clause.has(Class::Rest) || clause.sets_apart() {
            return None;
        }
        let mut named = places(clause);
        if named.len() < clause.names().len() {
            return None;
        }
        let is_all = clause.has(Class::Whole) || clause.count() == Some(number);
        if named.is_empty() && is_all {
            named = (0..number).collect();
        } else if clause.count().is_some_and(|count| count != named.len()) {
            return None;
        }
        chosen.append(&mut named);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Some(chosen).filter(|chosen| !chosen.is_empty())
}

/// What some words that name no task say of those that were meant.
fn said_of(said: &str, places: &[usize], asked: &Asked<'_>) -> Answer {
    let tasks: Vec<AskedTask> = places.iter().map(|place| asked.tasks[*place].clone()).collect();
    let names: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    let text = if tasks.len() == 1 { said.to_owned() } else { format!("{}: {said}", names.join(", ")) };
    match understand(&text, Asked { tasks: &tasks, questions: &[], ..*asked }) {
        AnswerReading::Answer(answer) => answer,
        AnswerReading::Acknowledgement => Answer::default(),
    }
}

/// Reads a text as the answer to what was asked: why more time is needed, and until when.
fn answer_questions(text: &str, clauses: &[Clause], reads: &[ReadClause], asked: &Asked<'_>, answer: &mut Answer) {
    let names_any = names_any(clauses);
    let reason = || reason(text, clauses, reads).and_then(|why| note(&text[why]));
    for question in asked.questions {
        let (id, due, why) = match question {
            // "À nhầm, đến 20/12" is another date.
            Question::NoReason(id, due) => (id, Some(*due), None),
            Question::NoDate(id, why) => (id, None, why.clone()),
            _ => continue,
        };
        let Some(place) = asked.tasks.iter().position(|asked| asked.id == *id) else { continue };
        let Some(due) = date(clauses, reads, place).or(due) else {
            answer.questions.push(question.clone());
            continue;
        };
        match settle_time(&asked.tasks[place], Due::On(due), why.or_else(reason), asked) {
            Ok(wish) => answer.more_time.push(wish),
            Err(question) => answer.questions.push(question),
        }
        // Words that name no task were said of what was asked, and of nothing else.
        answer.questions.retain(|question| match question {
            Question::Unclear(unclear) => names_any && unclear != id,
            question => *question != Question::Nothing,
        });
    }
}

/// The only date that is given for a task: in the clauses that name it, or in a text that names none.
fn date(clauses: &[Clause], reads: &[ReadClause], place: usize) -> Option<Date> {
    let is_of_none = !names_any(clauses);
    let is_meant = |clause: &Clause| is_of_none || clause.names().contains(&TokenValue::Task(place));
    let meant = clauses.iter().zip(reads).filter(|(clause, _)| is_meant(clause));
    days::only(meant.filter_map(|(_, read)| if let Saying::Day(day) = read.saying { day } else { None }).collect())
}

/// Why more time is needed: what is led by "vì" and its like, else the whole text, where it has free words and none that takes
/// the wish back, puts the reason off, or says that it was told.
fn reason(text: &str, clauses: &[Clause], reads: &[ReadClause]) -> Option<Range<usize>> {
    let turns = [Class::Extend, Class::Fine, Class::Send, Class::Report, Class::Any, Class::HandOver, Class::Tell];
    if clauses.iter().any(|clause| clause.has_any(&turns)) {
        return None;
    }
    let has = |clause: &Clause, classes: &[Class]| clause.bound().iter().any(|token| classes.contains(&token.class));
    let is_led = |clause: &Clause| !has(clause, &[Class::Not, Class::Lack]);
    let led = clauses.iter().zip(reads).filter(|(clause, _)| is_led(clause)).find_map(|(_, read)| read.why.clone());
    let tells = [Class::Unknown, Class::Lack, Class::Hard, Class::Money, Class::Resource];
    let is_free = |clause: &Clause| clause.free().is_empty() && !has(clause, &[Class::Until]);
    let is_told = clauses.iter().all(is_free) && clauses.iter().any(|clause| has(clause, &tells));
    led.or_else(|| is_told.then_some(0..text.len()))
}
