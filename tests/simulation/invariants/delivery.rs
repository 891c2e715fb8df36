//! Delivery over the whole year: hours, waiting, a store that is down, and what is left at the end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::post::{Answer, HandOver};
use crate::rows::{MessageRow, Rows};
use crate::weather::Fault;
use crate::world::{World, local};

use super::listed::Version;

/// How long somebody on a sound channel waits at most.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);
/// How many messages may be handed over while the store takes no results.
const MAX_UNRECORDED: usize = 64;

/// 9: reminders are decided on working days, within the hours.
pub fn decided_within_the_hours(world: &mut World, rows: &Rows, versions: &[Version]) {
    let mut found = BTreeSet::new();
    for row in rows.notices.iter().filter(|row| !row.kind.starts_with("review")) {
        let then = local(row.decided);
        let recently = row.decided.saturating_sub(SignedDuration::from_mins(5)).unwrap_or_default();
        let mut in_force = versions.iter().filter(|version| version.from <= row.decided && recently <= version.to);
        let is_open = in_force.any(|version| version.is_open(row.decided));
        if !is_open && world.facts.jumps.is_empty() {
            found.insert(format!("{} {} for {} was decided at {then}", row.subject, row.kind, row.recipient));
        }
    }
    found.into_iter().take(3).for_each(|text| world.violated("decided_within_the_hours", text));
}

/// 6: what counts as sent was taken.
pub fn sent_was_taken(world: &mut World, rows: &Rows) {
    let taken: BTreeSet<&str> =
        world.post.iter().filter(|handed| handed.is_taken).map(|handed| handed.id.as_str()).collect();
    let sent = rows.messages.iter().filter(|message| message.state == "sent");
    let mut found: Vec<String> = sent
        .filter(|message| !taken.contains(message.id.as_str()))
        .map(|message| format!("a {} for {} counts as sent, and no server has it", message.class, message.recipient))
        .collect();
    let told: BTreeSet<&str> =
        rows.messages.iter().filter(|message| message.state == "sent").map(|message| message.id.as_str()).collect();
    let apart = rows.notices.iter().filter(|row| row.state == "queued" && told.contains(row.message.as_str()));
    found.extend(
        apart.map(|row| format!("{} {} for {} waits in a message that was sent", row.subject, row.kind, row.recipient)),
    );
    found.into_iter().take(3).for_each(|text| world.violated("sent_was_taken", text));
}

/// 6: what a server has taken counts as sent for good, as soon as that was written down.
pub fn taken_counts_as_sent(world: &mut World, rows: &Rows) {
    let others = rows.messages.iter().filter(|message| message.state != "sent");
    let others: BTreeMap<&str, &MessageRow> = others.map(|message| (message.id.as_str(), message)).collect();
    let taken = world.post.iter().filter(|handed| handed.answer == Answer::Taken && world.was_recorded(handed));
    let mut found: Vec<String> = taken
        .filter_map(|handed| others.get(handed.id.as_str()))
        .map(|message| format!("a {} for {} was taken and is {}", message.class, message.recipient, message.state))
        .collect();
    found.dedup();
    found.into_iter().take(3).for_each(|text| world.violated("taken_counts_as_sent", text));
}

/// 17: when faults have stopped, everything settles.
pub fn everything_settles(world: &mut World, rows: &Rows) {
    let messages = rows.messages.iter().filter(|message| matches!(message.state.as_str(), "queued" | "sending"));
    let mut found: Vec<String> = messages
        .map(|message| {
            let since = local(message.created);
            format!("a {} for {} of {since} is still {}", message.class, message.recipient, message.state)
        })
        .collect();
    let notices = rows.notices.iter().filter(|row| row.state == "queued");
    found.extend(notices.map(|row| format!("{} {} for {} still waits", row.subject, row.kind, row.recipient)));
    found.into_iter().take(3).for_each(|text| world.violated("everything_settles", text));
}

/// 15: who is reached over a sound channel does not wait for others.
pub fn nobody_waits_for_others(world: &mut World) {
    let is_crowded = world.school.people.len() > 20;
    let is_limited = world.school.rules.per_minute.is_some() || world.school.rules.per_day.is_some();
    if is_crowded || is_limited || !world.facts.jumps.is_empty() || world.weather.chance(Fault::SlowStore) > 0 {
        return;
    }
    let mut found = Vec::new();
    for (place, handed) in world.post.iter().enumerate() {
        let is_first = !world.post[..place].iter().any(|before| before.id == handed.id);
        let waited = handed.begun.duration_since(handed.created);
        let morning = local(handed.begun).time().duration_since(world.school.rules.at);
        let is_next_morning = SignedDuration::ZERO <= morning && morning <= PATIENCE;
        let is_reminder = handed.class == "reminder" && !is_next_morning;
        if is_first && is_reminder && waited > PATIENCE && is_sound(world, handed) {
            found.push(format!("{} waits {waited:#} over {}", handed.to, handed.channel));
        }
    }
    found.into_iter().take(3).for_each(|text| world.violated("nobody_waits_for_others", text));
}

/// Whether nothing kept a channel, the store or the process from handing something over since it was decided.
fn is_sound(world: &World, handed: &HandOver) -> bool {
    let within = |at: Timestamp| handed.created <= at && at <= handed.begun;
    let troubled = handed.begun.saturating_sub(SignedDuration::from_hours(48)).unwrap_or_default();
    let is_troubled = world.post.iter().any(|other| {
        let is_slow = other.took() > SignedDuration::from_secs(10) || other.ended.is_none();
        let is_bad = is_slow || other.answer != Answer::Taken;
        other.channel == handed.channel && is_bad && troubled <= other.begun && other.begun <= handed.begun
    });
    let befell = world.facts.misfortunes.iter().any(|(at, ..)| within(*at));
    let down = world.facts.store_downs.iter().any(|(from, to)| *from <= handed.begun && handed.created <= *to);
    let is_up = world.facts.looks.iter().any(|(at, _)| within(*at));
    !is_troubled && !befell && !down && is_up
}

/// 16: while the store takes nothing, little is handed over.
pub fn little_is_handed_over_while_the_store_is_down(world: &mut World) {
    for (from, to) in world.facts.store_downs.clone() {
        let handed = world.post.iter().filter(|handed| from <= handed.begun && handed.begun < to).count();
        if handed > 0 {
            world.mark("handed over while the store is down");
        }
        if handed > MAX_UNRECORDED {
            let text = format!("{handed} messages were handed over while the store was down from {}", local(from));
            world.violated("little_is_handed_over_while_the_store_is_down", text);
        }
    }
}

/// 18: the database is sound.
pub fn the_store_is_sound(world: &mut World, rows: &Rows) {
    for word in &rows.soundness {
        world.violated("the_store_is_sound", word.clone());
    }
}
