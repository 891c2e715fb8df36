//! What all clauses of an answer come to.

use std::ops::Range;

use jiff::civil::Date;

use crate::plan::Status;
use crate::text;

use super::attribution::Attribution;
use super::clauses::{Clause, Opener};
use super::days;
use super::follow_up;
use super::lexicon::Class;
use super::more_time::Due;
use super::reading::{Answer, AnswerReading, Asked, AskedTask, MoreTime, Question, ReportedStatus};
use super::saying::{ReadClause, Saying};
use super::statement::{ClauseStatement, Referent};

/// No note is longer, in letters.
const LONGEST_NOTE: usize = 2000;

/// Puts together what the clauses of a text say.
pub(super) fn judge(text: &str, clauses: &[Clause], reads: &[ReadClause], asked: &Asked<'_>) -> AnswerReading {
    let mut found = Attribution::new(asked);
    for (clause, read) in clauses.iter().zip(reads) {
        found.take(clause, read);
    }
    found.end();
    Judge { text, clauses, reads, found }.conclude()
}

struct Judge<'a> {
    text: &'a str,
    clauses: &'a [Clause],
    reads: &'a [ReadClause],
    found: Attribution<'a>,
}

impl Judge<'_> {
    /// All that is said of a task: what is said of it by name, else what is said of all.
    fn said_of(&self, place: usize) -> Vec<&ClauseStatement> {
        let named: Vec<&ClauseStatement> = self
            .found
            .said
            .iter()
            .filter(|said| matches!(&said.about, Referent::These(places) if places.contains(&place)))
            .collect();
        if named.iter().any(|said| said.saying.is_statement())
            || (self.found.clouded.contains(&place) && !self.found.is_single())
        {
            return named;
        }
        let is_elsewhere = |place: usize| {
            let by_name = |said: &ClauseStatement| match &said.about {
                Referent::These(places) | Referent::LeftOut(places) => places.contains(&place),
                Referent::All | Referent::Rest(_) => false,
            };
            self.found.said.iter().any(|said| by_name(said) && (said.saying.is_statement() || !self.found.is_single()))
        };
        let others = self.found.all().into_iter().filter(|place| !is_elsewhere(*place)).count();
        let general = self.found.said.iter().filter(|said| match &said.about {
            Referent::These(places) | Referent::LeftOut(places) => places.contains(&place),
            Referent::All => !is_elsewhere(place) || !said.saying.is_statement(),
            Referent::Rest(count) => {
                !is_elsewhere(place)
                    && count.is_none_or(|count| count == others)
                    && (others < self.found.asked.tasks.len() || self.found.is_single())
            }
        });
        general.collect()
    }

    fn conclude(mut self) -> AnswerReading {
        let mut answer = Answer { person: self.found.person, ..Answer::default() };
        for place in self.found.all() {
            self.conclude_task(place, &mut answer);
        }
        let is_used = |said: &ClauseStatement| {
            self.found.all().iter().any(|place| self.said_of(*place).iter().any(|used| std::ptr::eq(*used, said)))
        };
        let is_lost = |said: &&ClauseStatement| {
            matches!(said.about, Referent::Rest(_)) && said.saying.is_statement() && !is_used(said)
        };
        let lost: Vec<_> = self.found.said.iter().filter(is_lost).map(|said| said.at.clone()).collect();
        self.found.nameless.extend(lost);
        if !self.found.nameless.is_empty() {
            self.found.questions.push(Question::Which(self.nameless()));
        }
        let is_choice = self.answer_choice(&mut answer);
        if self.found.is_polite
            && !is_choice
            && self.found.questions.is_empty()
            && answer == Answer::default()
            && !self.text.trim().is_empty()
        {
            return AnswerReading::Acknowledgement;
        }
        self.answer_questions(&mut answer);
        if !self.found.speaks {
            self.found.questions.retain(|question| !matches!(question, Question::Unclear(_)));
        }
        let is_nothing = answer.reports.is_empty() && answer.more_time.is_empty() && self.found.questions.is_empty();
        if is_nothing && answer.person.is_none() {
            self.found.questions.push(Question::Nothing);
        }
        self.found.questions.sort();
        self.found.questions.dedup();
        answer.questions = self.found.questions;
        AnswerReading::Answer(answer)
    }

    fn conclude_task(&mut self, place: usize, answer: &mut Answer) {
        let said: Vec<ClauseStatement> = self.said_of(place).into_iter().cloned().collect();
        let task = &self.found.asked.tasks[place];
        let is_clouded = self.found.clouded.contains(&place);
        let is_alone = self.found.person.is_some() && !said.iter().any(|said| said.saying.is_statement());
        let is_named = said.iter().any(|said| matches!(said.about, Referent::These(_)));
        let wish = wish(&said);
        match settle(&said, is_clouded) {
            Settled::Clear(status, percent) if wish.is_none() || status != Status::Done => {
                let note = if status == Status::Blocked { self.reasons(&said) } else { self.note(&said) };
                let for_all = said.iter().any(|said| said.saying == Saying::Done { for_all: true });
                let done_on = completion(&said).filter(|_| status == Status::Done);
                answer.reports.push(ReportedStatus { task: task.id.clone(), status, percent, note, for_all, done_on });
            }
            Settled::Clear(..) => {
                self.found.questions.push(Question::Unclear(task.id.clone()));
                return;
            }
            Settled::Nothing if wish.is_some() || is_alone => {}
            Settled::Nothing if !is_clouded && (self.found.is_single() || !is_named) => {}
            _ => self.found.questions.push(Question::Unclear(task.id.clone())),
        }
        let Some((due, why)) = wish else { return };
        let blocked =
            said.iter().find(|said| matches!(said.saying, Saying::Blocked(_))).and_then(|said| said.why.clone());
        // Told before, where until when was asked.
        let known = self.found.asked.questions.iter().find_map(|question| match question {
            Question::NoDate(of, why) if *of == task.id => why.clone(),
            _ => None,
        });
        let why = why.or(blocked).or_else(|| self.found.reason.clone()).and_then(|why| note(&self.text[why])).or(known);
        match settle_time(task, due, why, self.found.asked) {
            Ok(wish) => answer.more_time.push(wish),
            Err(question) => self.found.questions.push(question),
        }
    }

    /// What stands in the way.
    fn reasons(&self, said: &[ClauseStatement]) -> Option<String> {
        let mut blocked = said.iter().filter(|said| matches!(said.saying, Saying::Blocked(_)));
        let why = blocked.find_map(|said| said.why.clone()).or_else(|| self.found.reason.clone())?;
        note(&self.text[why])
    }

    /// What else is said: of an only task everything, of one among others what stands beside it.
    fn note(&self, said: &[ClauseStatement]) -> Option<String> {
        let tells = |said: &&ClauseStatement| {
            said.why.is_some() || said.is_dated || matches!(said.saying, Saying::Aside | Saying::Help | Saying::Unknown)
        };
        let is_told = said.iter().filter(|said| !matches!(said.saying, Saying::MoreTime(_))).any(|said| tells(&said));
        if !is_told {
            return None;
        }
        if self.found.is_single() {
            return note(self.text);
        }
        let named = said
            .iter()
            .filter(|said| !matches!(said.about, Referent::All) && !matches!(said.saying, Saying::MoreTime(_)));
        let parts: Vec<&str> = named.map(|said| &self.text[said.at.clone()]).collect();
        note(&parts.join("; "))
    }

    /// What is said of a task that is not named, to be read again once it is known which: the whole text where it names
    /// none, so that whatever limits the statement is read with it.
    fn nameless(&self) -> Option<String> {
        let said = if !follow_up::names_any(self.clauses) {
            self.text.trim().to_owned()
        } else if self.found.clouded.is_empty() {
            self.found.nameless.iter().map(|at| &self.text[at.clone()]).collect::<Vec<_>>().join("\n")
        } else {
            return None;
        };
        Some(said).filter(|said| said.chars().count() <= LONGEST_NOTE)
    }

    /// Reads the text as the answer to the question which task was meant. Returns whether it speaks of tasks at all: then
    /// it is no mere politeness.
    fn answer_choice(&mut self, answer: &mut Answer) -> bool {
        let asked = self.found.asked;
        let mut which = asked.questions.iter().filter_map(|question| match question {
            Question::Which(said) => Some(said.as_deref()),
            _ => None,
        });
        let Some(said) = which.next() else { return false };
        if let (Some(said), Some(chosen)) = (said, follow_up::chosen(self.clauses, self.reads, &self.found.all()))
            && *answer == Answer::default()
        {
            *answer = said_of(said, &chosen, asked);
            self.found.questions.retain(|question| !matches!(question, Question::Unclear(_)));
            self.found.questions.append(&mut answer.questions);
        } else if self.clauses.iter().any(|clause| clause.opener == Opener::Except) {
            // Of which tasks it is not said is no answer to of which it is.
            self.found.questions.push(Question::Which(None));
        }
        let names = [Class::Task, Class::Own, Class::Label, Class::Rest, Class::Count, Class::Whole];
        self.clauses.iter().any(|clause| names.iter().any(|class| clause.has(*class)))
    }

    /// Reads the text as the answer to what was asked: why more time is needed, and until when.
    fn answer_questions(&mut self, answer: &mut Answer) {
        if *answer != Answer::default() || self.text.trim().is_empty() {
            return;
        }
        let names_any = follow_up::names_any(self.clauses);
        let reason = || follow_up::reason(self.clauses, self.reads, self.text).and_then(|why| note(&self.text[why]));
        for question in self.found.asked.questions {
            let (Question::NoReason(id, _) | Question::NoDate(id, _)) = question else { continue };
            let Some(place) = self.found.asked.tasks.iter().position(|asked| asked.id == *id) else { continue };
            let task = &self.found.asked.tasks[place];
            let (due, why) = match question {
                // "À nhầm, đến 20/12" is another date.
                Question::NoReason(_, due) => {
                    let another = follow_up::date(self.clauses, self.text, place, self.found.asked);
                    (another.unwrap_or(*due), reason())
                }
                Question::NoDate(_, known) => {
                    let Some(due) = follow_up::date(self.clauses, self.text, place, self.found.asked) else {
                        self.found.questions.push(question.clone());
                        continue;
                    };
                    (due, known.clone().or_else(reason))
                }
                _ => continue,
            };
            match settle_time(task, Due::On(due), why, self.found.asked) {
                Ok(wish) => answer.more_time.push(wish),
                Err(question) => self.found.questions.push(question),
            }
            // Words that name no task were said of what was asked, and of nothing else.
            self.found.questions.retain(|question| match question {
                Question::Unclear(unclear) => names_any && *unclear != task.id,
                question => *question != Question::Nothing,
            });
        }
    }
}

/// What some words that name no task say of those that were meant: of all at once, else of each.
fn said_of(said: &str, places: &[usize], asked: &Asked<'_>) -> Answer {
    let read = |places: &[usize]| {
        let tasks: Vec<AskedTask> = places.iter().map(|place| asked.tasks[*place].clone()).collect();
        match super::understand(said, Asked { tasks: &tasks, questions: &[], ..*asked }) {
            AnswerReading::Answer(answer) => answer,
            AnswerReading::Acknowledgement => Answer::default(),
        }
    };
    let together = read(places);
    if !together.questions.iter().any(|question| matches!(question, Question::Which(_))) {
        return together;
    }
    let each = places.iter().map(|place| read(&[*place]));
    each.reduce(|mut all, one| {
        all.reports.extend(one.reports);
        all.more_time.extend(one.more_time);
        all.questions.extend(one.questions);
        all.person = all.person.or(one.person);
        all
    })
    .unwrap_or_default()
}

/// What all statements about a task come to.
enum Settled {
    Clear(Status, Option<u8>),
    Conflict,
    Nothing,
}

fn settle(said: &[ClauseStatement], is_clouded: bool) -> Settled {
    let has = |wanted: fn(&Saying) -> bool| said.iter().any(|said| wanted(&said.saying));
    let is_done = has(|saying| matches!(saying, Saying::Done { .. }));
    let is_blocked = has(|saying| matches!(saying, Saying::Blocked(_)));
    let is_begun = has(|saying| matches!(saying, Saying::Doing | Saying::NotDone | Saying::Percent(_)));
    let is_not_begun = has(|saying| matches!(saying, Saying::NotBegun));
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
        () if is_blocked && is_clouded => Settled::Conflict,
        () if is_blocked => Settled::Clear(Status::Blocked, percent),
        () if is_begun => Settled::Clear(Status::InProgress, percent),
        () if is_not_begun && is_clouded => Settled::Conflict,
        () if is_not_begun => Settled::Clear(Status::NotStarted, None),
        () => Settled::Nothing,
    }
}

/// The day of completion, where the statements about a task name one and no other.
fn completion(said: &[ClauseStatement]) -> Option<Date> {
    days::only(said.iter().filter_map(|said| said.done_on).collect())
}

/// Until when more time is asked for, and why. Two dates are none, nor is one with another behind it in words that are not
/// understood ("đến 15/12, chậm nhất 20/12"): which of them is meant is asked.
fn wish(said: &[ClauseStatement]) -> Option<(Due, Option<Range<usize>>)> {
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

fn settle_time(task: &AskedTask, due: Due, why: Option<String>, asked: &Asked<'_>) -> Result<MoreTime, Question> {
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
fn note(written: &str) -> Option<String> {
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
