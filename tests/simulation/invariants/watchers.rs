//! 14: those who watch hear the truth (rules of delivery, 8): a channel that lets nobody in, and messages that are late.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::post::{Answer, channel_name};
use crate::world::{Misfortune, World, local};

/// A message that waits longer beyond its time is late.
const LATE: SignedDuration = SignedDuration::from_mins(60);
/// How long a look may take to see that.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// A step of a daemon has ended, and this is wrong by its word.
pub fn heard(world: &mut World, troubles: &[String]) {
    let now = world.now();
    for channel in ["email", "chat"] {
        let is_told = troubles.iter().any(|trouble| trouble.contains(&format!("`{channel}` cannot deliver")));
        if is_told {
            world.mark("a failing channel told to watchers");
        } else if lets_nobody_in(world, channel) {
            world.violated(
                "watchers_hear_of_a_failing_channel",
                format!("{channel} lets nobody in, and nobody says so"),
            );
        }
    }
    let is_limited = world.school.rules.per_minute.is_some() || world.school.rules.per_day.is_some();
    if let Some(trouble) = troubles.first().filter(|_| world.weather.is_fair && !is_limited) {
        world.violated("watchers_hear_no_false_alarm", trouble.clone());
    }
    let is_late = troubles.iter().any(|trouble| trouble.starts_with("messages-late"));
    if is_late {
        world.mark("late messages told to watchers");
    }
    world.facts.watched.push((now, is_late));
}

/// Whether the last answer of a channel, by which its process lives still and knows it, was that it lets nobody in.
fn lets_nobody_in(world: &World, channel: &str) -> bool {
    let channel = channel_name(channel);
    let answered = world.post.iter().rev().filter(|handed| handed.channel == channel && handed.ended.is_some());
    let Some(last) = answered.max_by_key(|handed| handed.ended) else { return false };
    let is_known = world.lives[last.daemon].run == last.run && world.lives[last.daemon].is_up;
    // Changed files have every channel tried anew.
    let is_since_reload = last.ended.is_some_and(|ended| ended > world.rewritten_at);
    last.answer == Answer::NoLogin && is_known && is_since_reload
}

/// A message that was first handed over more than an hour late was told of before.
pub fn look(world: &mut World) {
    if !world.facts.jumps.is_empty() {
        return;
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for handed in &world.post {
        let is_first = seen.insert(handed.id.as_str());
        let due = handed.due;
        let is_long = handed.begun.duration_since(due) > LATE + SEEN_WITHIN + SEEN_WITHIN;
        // What a killed process may have handed over is not late.
        let killed = |(at, .., what): &(Timestamp, usize, u32, Misfortune)| {
            *what == Misfortune::Killed && due <= *at && *at <= handed.begun
        };
        if !is_first || !is_long || world.facts.misfortunes.iter().any(killed) {
            continue;
        }
        let from = due.saturating_add(LATE + SEEN_WITHIN).unwrap_or(Timestamp::MAX);
        let mut watched = world.facts.watched.iter().filter(|(at, _)| from <= *at && *at < handed.begun).peekable();
        if watched.peek().is_some() && !watched.any(|(_, is_late)| *is_late) {
            found.push(format!(
                "a {} for {} is due at {} and goes out at {}, and nobody says so",
                handed.class,
                handed.to,
                local(due),
                local(handed.begun)
            ));
        }
    }
    found.into_iter().take(3).for_each(|text| world.violated("watchers_hear_of_late_messages", text));
}
