//! Whatever comes of messages in whatever order, the table counts them rightly.

use async_trait::async_trait;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::channel::{Channel, Failure, Outgoing, Payload, Receipt};
use crate::compose::{Content, ContentParts};
use crate::people::Recipient;
use crate::reason::Reason;
use crate::store::outbox::MessageKind;

use super::*;

/// A channel that nothing is sent over: only its numbers count here.
#[derive(Debug)]
struct Idle;

#[async_trait]
impl Channel for Idle {
    fn address<'a>(&self, _: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        Ok(None)
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Text
    }

    fn render(&self, _: &Outgoing<'_>, _: &Content) -> Result<Payload, Failure> {
        Err(Failure::Recipient { reason: Reason::default() })
    }

    async fn send(&self, _: &Outgoing<'_>, _: &Payload) -> Result<Receipt, Failure> {
        Err(Failure::Recipient { reason: Reason::default() })
    }
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const LIMITS: Limits = Limits { per_minute: None, per_day: Some(1_000) };

fn claimed(number: usize) -> Claimed {
    Claimed {
        id: number.to_string(),
        plan: String::new(),
        class: MessageKind::Reminder,
        recipient: String::new(),
        alert: None,
        created_at: NOW,
        tries: 0,
        channel_index: 0,
        notices: Vec::new(),
        uncertain: Vec::new(),
        rendered_at: None,
        claimed_at: NOW,
    }
}

fn assigned(message: Claimed, channel: &Arc<str>) -> Assigned {
    let at = NOW.to_zoned_datetime(TimeZone::UTC);
    let channel_name = Arc::clone(channel);
    Assigned { message, channel_name, channel: Arc::new(Idle), created: at.clone(), at }
}

/// Begins the next message that waits for a channel, where it has room.
fn begin(table: &mut InFlight, channel: &Arc<str>, concurrency: usize) -> Option<Assigned> {
    let message = table.next_waiting(channel, concurrency)?;
    let assigned = assigned(message, channel);
    table.begin(&assigned);
    Some(assigned)
}

/// How many of a thousand messages a day a channel may still send.
fn left(table: &InFlight, channel: &str) -> usize {
    let limits = |most| Limits { per_minute: None, per_day: Some(most) };
    let counted = (1..=1_000).take_while(|most| table.free_at(channel, limits(*most), NOW).is_some()).count();
    1_000 - counted
}

#[test]
fn a_channel_has_room_for_four_times_what_it_sends_at_once() {
    let email: Arc<str> = "email".into();
    let mut table = InFlight::default();
    table.admit((0..10).map(claimed).collect());
    while let Some(message) = table.next_unassigned() {
        table.assign(message, &email);
    }
    let begun: Vec<Assigned> = std::iter::from_fn(|| begin(&mut table, &email, 2)).collect();
    assert_eq!(begun.len(), 8);
    assert_eq!(table.waiting(), 2);
    table.over("0", true);
    assert!(begin(&mut table, &email, 2).is_some());
}

#[test]
fn a_message_in_flight_is_not_taken_twice() {
    let mut table = InFlight::default();
    table.admit(vec![claimed(1), claimed(1)]);
    assert_eq!(table.waiting(), 1);
    table.over("1", false);
    table.admit(vec![claimed(1)]);
    table.recorded("1");
    assert!(table.is_empty());
}

#[test]
fn what_is_given_back_waits_again_and_counts_no_more() {
    let email: Arc<str> = "email".into();
    let mut table = InFlight::default();
    table.admit(vec![claimed(1)]);
    if let Some(message) = table.next_unassigned() {
        table.assign(message, &email);
    }
    let begun = begin(&mut table, &email, 1);
    assert_eq!(left(&table, "email"), 999);
    if let Some(begun) = begun {
        table.give_back(begun);
    }
    assert_eq!((left(&table, "email"), table.waiting()), (1_000, 1));
}

#[test]
fn a_channel_for_which_messages_wait_a_minute_is_behind_and_takes_no_more_than_it_can_do_soon() {
    let later = |minutes| NOW.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(NOW);
    let email: Arc<str> = "email".into();
    let mut table = InFlight::default();
    table.begin_pass(NOW);
    table.admit((0..140).map(claimed).collect());
    while let Some(message) = table.next_unassigned() {
        table.assign(message, &email);
    }
    let begun = begin(&mut table, &email, 1);
    table.move_to("0", Stage::Sending);
    assert!(begun.is_some() && table.begin_pass(later(0)).is_empty());
    assert!(!table.is_behind("email") && !table.is_full("email"));
    assert_eq!(table.waiting(), 139);
    assert!(table.begin_pass(later(1)).is_empty());
    assert!(table.is_behind("email") && table.is_full("email"));
    assert_eq!(table.waiting(), 0, "it keeps nobody from claiming for others");
    // What waits longer than that is left to whoever gets to it first.
    assert_eq!(table.begin_pass(later(30)).len(), 139);
}

proptest! {
    /// Whatever happens to messages in whatever order: only what was taken counts against the limits in the end, and
    /// no room is lost.
    #[test]
    fn nothing_is_lost_and_only_what_was_taken_counts(steps in prop::collection::vec((0..5usize, any::<bool>()), 0..200)) {
        let email: Arc<str> = "email".into();
        let mut table = InFlight::default();
        table.admit((0..40).map(claimed).collect());
        let (mut begun, mut over): (Vec<Assigned>, Vec<String>) = (Vec::new(), Vec::new());
        let mut taken = 0;
        for (step, flag) in steps {
            match step {
                0 => while let Some(message) = table.next_unassigned() {
                    table.assign(message, &email);
                },
                1 => begun.extend(begin(&mut table, &email, 4)),
                2 => if let Some(assigned) = begun.pop() {
                    table.over(&assigned.message.id, flag);
                    taken += usize::from(flag);
                    over.push(assigned.message.id);
                },
                3 => if let Some(assigned) = begun.pop() {
                    table.give_back(assigned);
                },
                _ => if let Some(id) = over.pop() {
                    table.recorded(&id);
                },
            }
            prop_assert_eq!(left(&table, "email"), 1_000 - taken - begun.len());
        }
        for id in over {
            table.recorded(&id);
        }
        for assigned in begun {
            table.give_back(assigned);
        }
        let slots = table.slots(&email);
        prop_assert_eq!((slots.composing, slots.sending, slots.unrecorded), (0, 0, 0));
        prop_assert_eq!(table.free_at("email", LIMITS, NOW), None);
    }
}
