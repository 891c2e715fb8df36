//! All that must hold of a year as a whole.

use crate::rows;
use crate::world::{Shared, lock};

use super::{at_work, delivery, listed, notes, reached, rehearsal, reviews, watchers};

/// Looks the whole year through.
pub async fn look(world: &Shared) {
    rehearsal::look(world).await;
    let database = lock(world).database.clone();
    let rows = rows::read(&database).await;
    let mut world = lock(world);
    let world = &mut *world;
    let versions = listed::versions(world);
    listed::look(world, &rows, &versions);
    listed::whatever_is_considered_is_recorded(world, &rows, &versions);
    reviews::look(world, &rows, &versions);
    notes::one_note_a_task_a_day(world, &rows);
    notes::every_letter_counts_once(world, &rows);
    notes::every_letter_is_read(world);
    delivery::decided_within_the_hours(world, &rows, &versions);
    delivery::sent_was_taken(world, &rows);
    delivery::taken_counts_as_sent(world, &rows);
    delivery::everything_settles(world, &rows);
    delivery::nobody_waits_for_others(world);
    delivery::little_is_handed_over_while_the_store_is_down(world);
    delivery::the_store_is_sound(world, &rows);
    watchers::look(world);
    at_work::what_is_told_is_looked_at(world);
    reached::mark(world, &rows, &versions);
}
