//! What must hold where several daemons share a store: one works for the school, by the store's word; whoever may have lost that
//! hands nothing over; another takes over in time.

use jiff::{SignedDuration, Timestamp};

use crate::post::HandOver;
use crate::workers::{KnownDuty, LeaseSeen, TakeOver, node, process_of};
use crate::world::{Misfortune, Shared, World, local, lock};

/// So long after its last heartbeat nobody takes over from a worker.
const LIVES: SignedDuration = SignedDuration::from_secs(60);
/// So long after it another has, where one could.
const TAKEN_OVER_WITHIN: SignedDuration = SignedDuration::from_secs(70);
/// So long after somebody gave the work back another has it.
const TAKEN_WITHIN: SignedDuration = SignedDuration::from_secs(20);
/// So long after its last heartbeat a worker hands nothing over any more.
const HANDS_OVER_WITHIN: SignedDuration = SignedDuration::from_secs(31);
/// So long after another has taken over whoever had the school has laid its work down: what is under way has its time to end.
const LAID_DOWN_WITHIN: SignedDuration = SignedDuration::from_secs(120);
/// How long after somebody told something a step begins that sees it: the longest that a step lasts, and some.
const LOOKED_AT_WITHIN: SignedDuration = SignedDuration::from_secs(150);

/// Looks who has the school by the store's word.
pub async fn look(world: &Shared) {
    loop {
        let (database, known) = {
            let world = lock(world);
            (world.database.clone(), world.workers.lease.owner.clone())
        };
        let rows = database
            .ask(&format!(
                "SELECT COALESCE(o.owner, '') || '|' || o.epoch || '|' || COALESCE(w.seen, 0) || '|' || \
                 COALESCE((SELECT k.seen FROM worker k WHERE k.id = '{known}'), 0) \
                 FROM organisation o LEFT JOIN worker w ON w.id = o.owner"
            ))
            .await
            .unwrap_or_default();
        let mut world = lock(world);
        if world.workers.lease.owner != known {
            continue;
        }
        let Some(row) = rows.first() else { return };
        let mut parts = row.split('|');
        let owner = parts.next().unwrap_or_default().to_owned();
        let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok()).unwrap_or_default();
        let (epoch, seen, before) = (number(), at(number()), at(number()));
        note(&mut world, &LeaseSeen { owner, epoch, seen, ..LeaseSeen::default() }, before);
        taken_over_in_time(&mut world);
        return laid_down_in_time(&mut world);
    }
}

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap_or_default()
}

/// Who has the school now; `before` is the last heartbeat of whoever had it when that was looked at last.
fn note(world: &mut World, found: &LeaseSeen, before: Timestamp) {
    let now = world.now();
    let known = std::mem::replace(&mut world.workers.lease, found.clone());
    let lease = &mut world.workers.lease;
    lease.since = now;
    if found.owner == known.owner && found.epoch == known.epoch {
        (lease.is_late, lease.since) = (known.is_late, known.since);
        lease.seen = if found.owner.is_empty() { known.seen } else { found.seen };
        return;
    }
    if found.owner.is_empty() {
        lease.seen = now;
        return;
    }
    if found.epoch <= known.epoch {
        world
            .violated("each_lease_begins_an_epoch", format!("{} has the school by epoch {}", found.owner, found.epoch));
    }
    if known.owner.is_empty() && known.epoch > 0 {
        world.mark("handed on in order");
    } else if known.owner != found.owner {
        passes_on(world, &known, before);
    }
    if world.workers.lost.contains(&found.owner) {
        let text = format!("{} has lost the school and has it again", found.owner);
        world.violated("who_lost_the_work_is_another_worker", text);
    }
    let Some((daemon, run)) = process_of(&found.owner) else { return };
    world.tell(format!("daemon {daemon} has the school, epoch {}", found.epoch));
    if world.lives[daemon].run == run {
        world.lives[daemon].worker.epoch = found.epoch;
    }
}

/// Somebody else has the school than whoever had it before: that one gave it back, or was silent for a minute.
fn passes_on(world: &mut World, known: &LeaseSeen, before: Timestamp) {
    let Some((daemon, run)) = process_of(&known.owner) else { return };
    let (now, life) = (world.now(), &world.lives[daemon]);
    if life.run == run && life.worker.duty == KnownDuty::Leaves {
        world.mark("handed on in order");
        return;
    }
    let is_there = life.run == run && life.is_up;
    let silence = now.duration_since(before);
    world.mark(if is_there { "taken over from one that lives" } else { "taken over from one that was killed" });
    world.workers.lost.insert(known.owner.clone());
    world.facts.misfortunes.push((now, daemon, run, Misfortune::TakenOver));
    world.facts.take_overs.push(TakeOver { at: now, daemon, run, epoch: known.epoch });
    if silence < LIVES {
        let text = format!("{} loses the school and has shown that it lives {silence:#} ago", known.owner);
        world.violated("nobody_takes_over_from_the_living", text);
    }
}

/// Where nobody has the school, or who has it is silent, whoever could has taken over in time.
fn taken_over_in_time(world: &mut World) {
    let (now, lease) = (world.now(), world.workers.lease.clone());
    let within = if lease.owner.is_empty() { TAKEN_WITHIN } else { TAKEN_OVER_WITHIN };
    let silence = now.duration_since(lease.seen);
    if lease.is_late || silence <= within {
        return;
    }
    let is_fit = |worker: &crate::workers::WorkerState| {
        let is_cut = now < worker.cut_until;
        !worker.is_paused && worker.duty != KnownDuty::Leaves && !is_cut && worker.fit_since <= lease.seen
    };
    let fit = world.lives.iter().position(|life| life.is_up && is_fit(&life.worker));
    if let Some(daemon) = fit {
        world.workers.lease.is_late = true;
        let text = format!("{silence:#} after the last heartbeat daemon {daemon} has not taken over");
        world.violated("work_is_taken_over_in_time", text);
    }
}

/// Whoever has lost the school knows that soon, where nothing keeps it from the store.
fn laid_down_in_time(world: &mut World) {
    let (now, lease) = (world.now(), &world.workers.lease);
    let is_long = |since: Timestamp| now.duration_since(since) > LAID_DOWN_WITHIN;
    let owner = process_of(&lease.owner);
    let mut lives = world.lives.iter().enumerate();
    let wrong = lives.find(|(daemon, life)| {
        let worker = &life.worker;
        let is_fit = !worker.is_paused && is_long(worker.fit_since) && is_long(worker.cut_until);
        life.is_up && is_fit && worker.duty == KnownDuty::AtWork && owner != Some((*daemon, life.run))
    });
    if let Some((daemon, _)) = wrong.filter(|_| owner.is_some() && is_long(lease.since)) {
        let text =
            format!("daemon {daemon} works for the school, which {} has since {}", lease.owner, local(lease.since));
        world.lives[daemon].worker.fit_since = now;
        world.violated("who_lost_the_work_lays_it_down", text);
    }
}

/// A message is being handed over that `holder` has claimed; `holders` have claimed something.
pub fn begun(world: &mut World, hand_over: &HandOver, holder: &str, holders: &[String]) {
    let lease = world.workers.lease.clone();
    let (daemon, to) = (hand_over.daemon, &hand_over.to);
    if process_of(&lease.owner) != Some((daemon, hand_over.run)) {
        let text = format!("daemon {daemon} hands something over to {to}, and {} has the school", lease.owner);
        world.violated("only_who_works_hands_over", text);
    }
    let silence = world.now().duration_since(lease.seen);
    if silence > HANDS_OVER_WITHIN {
        let text = format!("daemon {daemon} hands something over to {to} {silence:#} after its last heartbeat");
        world.violated("nothing_is_handed_over_in_silence", text);
    }
    if let Some(other) = holders.iter().find(|other| *other != holder) {
        world.violated("only_who_works_claims", format!("{other} has claimed something, and {holder} hands it over"));
    }
    if !holder.starts_with(&node(daemon, hand_over.run)) {
        world
            .violated("only_who_works_claims", format!("daemon {daemon} hands over to {to} what {holder} has claimed"));
    }
    let epoch = *world.workers.holders.entry(holder.to_owned()).or_insert(lease.epoch);
    if epoch != lease.epoch {
        let text = format!("{holder} has claimed something in the epochs {epoch} and {}", lease.epoch);
        world.violated("each_epoch_claims_under_another_name", text);
    }
}

/// What somebody has told by a page is looked at at once, where somebody works for the school and nothing keeps them from it.
pub fn what_is_told_is_looked_at(world: &mut World) {
    let mut found = Vec::new();
    for told in &world.facts.told {
        let from = told.saturating_sub(TAKEN_OVER_WITHIN).unwrap_or_default();
        let to = told.saturating_add(LOOKED_AT_WITHIN).unwrap_or(Timestamp::MAX);
        let is_troubled = world.facts.misfortunes.iter().any(|(at, ..)| from <= *at && *at <= to);
        let is_down = world.facts.store_downs.iter().any(|(down, up)| *down <= to && from <= *up);
        let is_looked_at = world.facts.steps.iter().any(|(began, ..)| told <= began && *began <= to);
        if !is_troubled && !is_down && !is_looked_at {
            found.push(format!("what was told at {} is not looked at", local(*told)));
        }
    }
    found.into_iter().take(3).for_each(|text| world.violated("what_is_told_is_looked_at", text));
}
