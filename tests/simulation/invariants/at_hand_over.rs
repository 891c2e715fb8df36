//! What must hold of each message that is handed over.

use jiff::SignedDuration;
use jiff::civil::Date;
use mail_parser::MessageParser;

use crate::oracle;
use crate::parts::{TaskState, speaks_for};
use crate::post::{Answer, HandOver, StoredNotice};
use crate::world::{Misfortune, World, local};

use super::figures;

/// A message is being handed over that stands in the store as `state`.
pub fn begun(world: &mut World, hand_over: &HandOver, state: &str) {
    only_what_is_held_is_handed_over(world, hand_over, state);
    one_id_has_one_recipient(world, hand_over);
    repeated_byte_for_byte(world, hand_over);
}

/// A server has a message.
pub fn taken(world: &mut World, place: usize) {
    taken_twice_for_a_reason(world, place);
    limits_are_kept(world, place);
    figures::look(world, place);
}

/// A daemon knows that a message was taken, which told this.
pub fn known(world: &mut World, daemon: usize, id: &str, told: &[StoredNotice]) {
    let is_it = |handed: &HandOver| handed.id == id && handed.is_taken && handed.daemon == daemon;
    let Some(place) = world.post.iter().rposition(is_it) else { return };
    // What was not told for it fell away.
    let fell_away = world.post[place].notices.len() != told.len();
    if fell_away {
        world.mark("partly withdrawn at hand-over");
    }
    world.post[place].notices = told.to_vec();
    one_notice_has_one_message(world, place);
    once_a_day(world, place);
    closed_is_silent(world, place);
    who_has_told_is_not_asked(world, place);
}

/// 6: what counts as sent, or is nobody's, is not handed over.
fn only_what_is_held_is_handed_over(world: &mut World, hand_over: &HandOver, state: &str) {
    if state != "sending" {
        let text = format!("{} for {} is handed over and stands as {state}", short(&hand_over.id), hand_over.to);
        world.violated("only_what_is_held_is_handed_over", text);
    }
}

/// 3: a message has one recipient for life, and never tells more than it did.
fn one_id_has_one_recipient(world: &mut World, hand_over: &HandOver) {
    let Some(before) = world.post.iter().find(|before| before.id == hand_over.id) else { return };
    let is_more = hand_over.notices.iter().any(|notice| !before.notices.contains(notice));
    // A first hand-over that told less than it was claimed for is known only then.
    let is_known = before.ended.is_some() && before.is_taken;
    if before.to != hand_over.to || is_more && !is_known {
        let text = format!("{} was for {} and is for {}", short(&hand_over.id), before.to, hand_over.to);
        world.violated("one_id_has_one_recipient", text);
    }
}

/// 5: what is handed over again after it may have arrived is the same bytes as the first time, unless it says something else or
/// was tried over another channel meanwhile.
fn repeated_byte_for_byte(world: &mut World, hand_over: &HandOver) {
    let may_have_arrived = |before: &&HandOver| {
        let is_over = before.is_taken || matches!(before.answer, Answer::CutLost) && before.ended.is_some();
        is_over && before.id == hand_over.id && before.channel == hand_over.channel
    };
    let Some(before) = world.post.iter().find(may_have_arrived).cloned() else { return };
    world.mark("handed over again");
    if before.message_id != hand_over.message_id {
        world.violated("one_message_id_for_life", format!("{} got another Message-ID", short(&hand_over.id)));
    }
    let elsewhere = world.post.iter().any(|other| other.id == hand_over.id && other.channel != hand_over.channel);
    if !elsewhere && before.bytes != hand_over.bytes && words(&before.bytes) == words(&hand_over.bytes) {
        let (one, other) = first_difference(&before.bytes, &hand_over.bytes);
        let (id, to) = (short(&hand_over.id), &hand_over.to);
        let text = format!("{id} for {to} says the same in other bytes: {one:?} and now {other:?}");
        world.violated("repeated_byte_for_byte", text);
    }
}

/// The first lines that two mails do not share.
fn first_difference(one: &[u8], other: &[u8]) -> (String, String) {
    let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
    let mut lines = one.lines().chain([""]).zip(other.lines().chain([""]));
    let different = lines.find(|(one, other)| one != other);
    different.map(|(one, other)| (one.to_owned(), other.to_owned())).unwrap_or_default()
}

/// What a mail says: subject and text.
fn words(bytes: &[u8]) -> Option<(String, String)> {
    let mail = MessageParser::default().parse(bytes)?;
    Some((mail.subject()?.to_owned(), mail.body_text(0)?.into_owned()))
}

/// 4: a message is taken twice only where no answer came to the first time, or whoever handed it over was gone, or had lost its
/// work to another, before it could write that down.
fn taken_twice_for_a_reason(world: &mut World, place: usize) {
    let again = world.post[place].clone();
    let before = world.post[..place].iter().rev().find(|before| before.id == again.id && before.is_taken).cloned();
    let Some(before) = before else { return };
    let now = world.now();
    let is_cut = before.answer == Answer::CutTaken;
    let ended = before.ended.unwrap_or(before.begun);
    let gone = world.befell(before.daemon, before.run, ended, now);
    let is_gone = matches!(gone, Some(Misfortune::Killed)) || is_dead(world, &before);
    let is_over = world.is_taken_over(&before);
    world.mark(match (is_cut, is_gone) {
        (true, _) => "taken twice: no answer",
        (false, false) if is_over => "taken twice: taken over",
        (false, _) => "taken twice: killed",
    });
    let is_gone = (is_gone || is_over) && !world.was_recorded(&before);
    if !is_cut && !is_gone {
        let text =
            format!("{} for {} is taken twice for no reason, first at {}", short(&again.id), again.to, local(ended));
        world.violated("taken_twice_for_a_reason", text);
    }
}

/// Whether the process that handed something over is not there any more because it was killed.
fn is_dead(world: &World, hand_over: &HandOver) -> bool {
    let mut all = world.facts.misfortunes.iter();
    let is_new = world.lives[hand_over.daemon].run != hand_over.run;
    is_new
        && all.any(|(_, whom, run, what)| {
            (*whom, *run) == (hand_over.daemon, hand_over.run) && *what == Misfortune::Killed
        })
}

/// 10: no more in any minute and any day than the channel may send.
fn limits_are_kept(world: &mut World, place: usize) {
    let rules = &world.school.rules;
    let last = &world.post[place];
    if last.channel != "email" {
        return;
    }
    let spans = [(rules.per_minute, SignedDuration::from_mins(1)), (rules.per_day, SignedDuration::from_hours(24))];
    let mut found = Vec::new();
    for (most, span) in spans {
        let Some(most) = most else { continue };
        let since = last.begun.saturating_sub(span).unwrap_or_default();
        // Where a clock was wrong, nobody knows how long ago something was.
        if world.facts.jumps.iter().any(|(from, to)| *from <= last.begun && since <= *to) {
            continue;
        }
        // What is handed over is in order of when that began, more or less.
        let sent = world.post[..=place].iter().rev().take_while(|handed| since <= handed.begun);
        let sent = sent.filter(|handed| since < handed.begun && handed.channel == "email" && handed.is_taken);
        let sent = sent.filter(|handed| !is_counted_by_nobody(world, handed)).count();
        if sent > usize::try_from(most).unwrap_or(usize::MAX) {
            found.push(format!("{sent} messages within {span:#}, {most} may be"));
        }
    }
    for text in found {
        world.violated("limits_are_kept", text);
    }
}

/// Whether a process may have been killed, or have lost its work, before it could write down that it handed something over.
fn is_counted_by_nobody(world: &World, handed: &HandOver) -> bool {
    let ended = handed.ended.unwrap_or(handed.begun);
    let soon = ended.saturating_add(SignedDuration::from_hours(1)).unwrap_or(ended);
    world.facts.misfortunes.iter().any(|(at, whom, run, what)| {
        let from = match what {
            Misfortune::Killed => ended,
            // What is in the air then is known to nobody else.
            Misfortune::TakenOver => handed.begun,
            Misfortune::Stopped | Misfortune::Store | Misfortune::Paused => return false,
        };
        (*whom, *run) == (handed.daemon, handed.run) && from <= *at && *at <= soon
    })
}

/// 3: what somebody is told of is told by one message, for ever.
fn one_notice_has_one_message(world: &mut World, place: usize) {
    let (earlier, this) = (&world.post[..place], &world.post[place]);
    let twice = earlier.iter().find(|before| {
        before.is_taken
            && before.to == this.to
            && before.id != this.id
            && before.notices.iter().any(|told| this.notices.contains(told))
    });
    if let Some(before) = twice {
        let text = format!("{} tells {} what {} has told", short(&this.id), this.to, short(&before.id));
        world.violated("one_notice_has_one_message", text);
    }
}

/// 7: a person hears of a task at most once a day, as far as the program knows which day it is.
fn once_a_day(world: &mut World, place: usize) {
    let (earlier, this) = (&world.post[..place], &world.post[place]);
    let day = |hand_over: &HandOver| local(hand_over.clock).date();
    let reminds = |hand_over: &HandOver| hand_over.class == "reminder";
    let same_day = earlier.iter().filter(|before| {
        before.is_taken && reminds(before) && before.to == this.to && before.id != this.id && day(before) == day(this)
    });
    let about = |subject: &str| this.notices.iter().any(|told| told.subject == subject);
    let twice = same_day.flat_map(|before| &before.notices).find(|told| about(&told.subject));
    // What a clock decided that ran ahead, and was in hand when that was put right, goes out on another day than was meant.
    let is_as_meant = this.created <= this.clock;
    if let Some(told) = twice.filter(|_| reminds(this) && is_as_meant).cloned() {
        let text = format!("{} hears of {} twice on {}", this.to, told.subject, day(this));
        world.violated("once_a_day", text);
    }
}

/// 8: whoever has reported a task done before a message was begun hears nothing of it by that.
fn closed_is_silent(world: &mut World, place: usize) {
    const MARGIN: SignedDuration = SignedDuration::from_mins(2);

    let this = world.post[place].clone();
    let then = this.begun.saturating_sub(MARGIN).unwrap_or_default();
    let school = world.school_at(then).clone();
    for told in this.notices.iter().filter(|told| !told.kind.starts_with("review")) {
        let Some(task) = school.task(&told.subject) else { continue };
        // Whoever closed it may have opened it again meanwhile.
        if [then, this.begun].iter().all(|at| TaskState::at(&world.facts, task, *at).is_closed()) {
            let text = format!("{} is told {} of {}, which was done", this.to, told.kind, told.subject);
            world.violated("closed_is_silent", text);
        }
    }
}

/// 14 of the rules of time: whoever has told of a period of recurring work is not asked about it any more.
fn who_has_told_is_not_asked(world: &mut World, place: usize) {
    const MARGIN: SignedDuration = SignedDuration::from_mins(2);

    let this = world.post[place].clone();
    let then = this.begun.saturating_sub(MARGIN).unwrap_or_default();
    let school = world.school_at(then).clone();
    for told in &this.notices {
        let Some(task) = school.task(&told.subject).filter(|task| task.recurs.is_some()) else { continue };
        let Some(review) = told.kind.strip_prefix("self_check:") else { continue };
        let reviews = oracle::reviews(&school);
        let review = reviews.iter().find(|known| known.name == review);
        let Some(period) = review.and_then(|review| oracle::asked_period(task, review)) else { continue };
        let day = [date_of(&told.on)];
        let mut asked = task.leads.iter().filter(|lead| speaks_for(&school, &this.to, lead, &day)).peekable();
        let has_told = |lead: &str| oracle::has_told(&world.facts, task, lead, &period, then);
        if asked.peek().is_some() && asked.all(|lead| has_told(lead)) {
            let text = format!("{} is asked about {} for {period} and has told", this.to, told.subject);
            world.violated("who_has_told_is_not_asked", text);
        }
    }
}

/// The first digits of an id.
fn short(id: &str) -> &str {
    id.get(..6).unwrap_or(id)
}

/// The date of a text, where it is one.
pub fn date_of(text: &str) -> Date {
    text.parse().unwrap_or_default()
}
