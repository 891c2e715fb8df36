//! Delivery on a virtual clock over a real store, with servers that answer as they are told: what is counted, what is
//! repeated, and who waits for whom.
#![allow(clippy::unwrap_used)]

mod common;

use common::scripted::{School, Script, crowd};
use nhacviec::channel::Limits;
use nhacviec::delivery::{Delivered, DeliveryObserver};

/// Somebody who watches and cannot go on after so many messages.
struct FailsAfter(usize);

impl DeliveryObserver for FailsAfter {
    fn delivered(&mut self, _: &Delivered<'_>) -> std::io::Result<()> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| std::io::Error::other("no room to write it down"))?;
        Ok(())
    }
}

#[tokio::test]
async fn what_a_broken_pass_did_not_send_is_not_counted_against_the_limits() {
    let limits = Limits { per_minute: None, per_day: Some(100) };
    let school = School::new(crowd(100, ""), Script::new(limits, 16));
    let mut daemon = school.start().await;
    assert!(daemon.pass(&mut FailsAfter(0)).await.is_err());
    let before = school.script.handed().len();
    assert!((1..100).contains(&before), "the pass broke in the middle: {before}");
    school.pass_minutes(1);
    daemon.pass(&mut ()).await.unwrap();
    let times = school.script.times("email");
    assert_eq!(times.len(), 100, "the day's limit has room for all of them");
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}
