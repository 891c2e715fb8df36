//! 14: those who watch hear the truth (rules of delivery, 8): a channel that lets nobody in, and messages that are late.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::post::{Answer, HandOver};
use crate::world::{Misfortune, Watched, World, local};

/// A message that waits longer beyond its time is late.
const LATE: SignedDuration = SignedDuration::from_mins(60);
/// How long a look may take to see that.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// A step of a daemon has ended, and this is wrong by its word.
pub fn heard(world: &mut World, daemon: usize, troubles: &[String]) {
    let is_limited = world.school.rules.per_minute.is_some() || world.school.rules.per_day.is_some();
    if let Some(trouble) = troubles.first().filter(|_| world.weather.is_fair && !is_limited) {
        world.violated("watchers_hear_no_false_alarm", trouble.clone());
    }
    let channels = ["email", "chat"].into_iter();
    let fails =
        |channel: &&str| troubles.iter().any(|trouble| trouble.contains(&format!("`{channel}` cannot deliver")));
    let failing: Vec<&'static str> = channels.filter(fails).collect();
    // Where the store fails nobody can count, and that is what is wrong.
    let is_unwell = !troubles.is_empty();
    let is_late = troubles.iter().any(|trouble| trouble.starts_with("messages-late"));
    if !failing.is_empty() {
        world.mark("a failing channel told to watchers");
    }
    if is_late {
        world.mark("late messages told to watchers");
    }
    let at = world.now();
    world.facts.watched.push(Watched { at, daemon, is_unwell, failing });
}

/// Looks the whole year through.
pub fn look(world: &mut World) {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    found.extend(failing(world).map(|text| ("watchers_hear_of_a_failing_channel", text)).take(3));
    if world.facts.jumps.is_empty() {
        found.extend(late(world).into_iter().map(|text| ("watchers_hear_of_late_messages", text)).take(3));
    }
    for (invariant, text) in found {
        world.violated(invariant, text);
    }
}

/// A channel that lets nobody in is told of while the message waits that it did not take.
fn failing(world: &World) -> impl Iterator<Item = String> {
    ["email", "chat"].into_iter().flat_map(move |channel| {
        let of_channel: Vec<&HandOver> = world.post.iter().filter(|handed| handed.channel == channel).collect();
        let pairs: Vec<(&HandOver, &HandOver)> = of_channel.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.into_iter().filter_map(move |(refused, next)| {
            let ended = refused.ended.filter(|_| refused.answer == Answer::NoLogin)?;
            let is_one_process = (refused.daemon, refused.run, refused.epoch) == (next.daemon, next.run, next.epoch);
            // Changed files have every channel tried anew.
            let is_reloaded = world.rewritten.iter().any(|at| ended <= *at && *at <= next.begun);
            let between =
                |watched: &&Watched| watched.daemon == next.daemon && ended < watched.at && watched.at < next.begun;
            // What was under way and is taken meanwhile says that the channel works.
            let is_back = world.post.iter().any(|other| {
                let is_meanwhile = other.ended.is_some_and(|at| ended <= at && at <= next.begun);
                other.channel == channel && other.is_taken && is_meanwhile
            });
            let mut watched = world.facts.watched.iter().filter(between);
            let is_silent = watched.any(|watched| !watched.failing.contains(&channel));
            let is_wrong = refused.id == next.id && is_one_process && !is_reloaded && !is_back && is_silent;
            is_wrong.then(|| format!("{channel} lets nobody in at {}, and nobody says so", local(ended)))
        })
    })
}

/// A message that was first handed over more than an hour late was told of before.
fn late(world: &World) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for handed in &world.post {
        let is_first = seen.insert(handed.id.as_str());
        let due = handed.due;
        let is_long = handed.begun.duration_since(due) > LATE + SEEN_WITHIN + SEEN_WITHIN;
        // What a process may have handed over that was killed or lost its work is not late.
        let killed = |(at, .., what): &(Timestamp, usize, u32, Misfortune)| {
            matches!(what, Misfortune::Killed | Misfortune::TakenOver) && due <= *at && *at <= handed.begun
        };
        if !is_first || !is_long || world.facts.misfortunes.iter().any(killed) {
            continue;
        }
        let from = due.saturating_add(LATE + SEEN_WITHIN).unwrap_or(Timestamp::MAX);
        let mut watched =
            world.facts.watched.iter().filter(|watched| from <= watched.at && watched.at < handed.begun).peekable();
        if watched.peek().is_some() && !watched.any(|watched| watched.is_unwell) {
            let (due, begun) = (local(due), local(handed.begun));
            let what = format!("a {} for {}", handed.class, handed.to);
            found.push(format!("{what} is due at {due} and goes out at {begun}, and nobody says so"));
        }
    }
    found
}
