//! 19: a rehearsal of a year in which nobody reports and nothing fails tells what the year itself told.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::{Date, time};
use nhacviec::app::load_school::load_school;
use nhacviec::channel::{Channel, Failure, Outgoing, Payload, Receipt};
use nhacviec::clock::Clock;
use nhacviec::compose::{Content, ContentParts};
use nhacviec::daemon::Daemon;
use nhacviec::delivery::{Delivered, DeliveryObserver};
use nhacviec::people::Recipient;
use nhacviec::store::{SimulatedDatabase, Store};

use crate::school::School;
use crate::store_faults::NoFaults;
use crate::weather::Fault;
use crate::world::{END, Shared, World, instant, local, lock};

/// What somebody was told, and when: the day, the person, and each notice by task or review, kind and day.
type Told = BTreeSet<(Date, String, Vec<(String, String, String)>)>;

/// Looks whether a rehearsal tells the same, where nothing happened in the year that it knows nothing of.
pub async fn look(world: &Shared) {
    let (school, told) = {
        let world = lock(world);
        if !is_quiet(&world) {
            return;
        }
        (Arc::clone(&world.school), told(&world))
    };
    let rehearsed = rehearse(&school).await;
    let mut world = lock(world);
    world.mark("rehearsed");
    for (day, to, notices) in told.symmetric_difference(&rehearsed).take(3) {
        let text = format!("{to} is told {notices:?} on {day} in one of them alone");
        world.violated("a_rehearsal_tells_the_same", text);
    }
}

/// Whether nothing happened but the calendar.
fn is_quiet(world: &World) -> bool {
    let weather = &world.weather;
    let is_limited = world.school.rules.per_minute.is_some() || world.school.rules.per_day.is_some();
    let is_silent = weather.chance(Fault::Answer) == 0 && weather.reports + weather.edits == 0;
    weather.is_fair && is_silent && !is_limited
}

fn told(world: &World) -> Told {
    let told = world.post.iter().filter(|handed| handed.is_taken && !handed.notices.is_empty());
    let notices = |handed: &crate::post::HandOver| {
        let notices = handed.notices.iter();
        let mut notices: Vec<_> =
            notices.map(|told| (told.subject.clone(), told.kind.clone(), told.day.clone())).collect();
        notices.sort();
        notices
    };
    told.map(|handed| (local(handed.begun).date(), handed.to.clone(), notices(handed))).collect()
}

/// A channel that takes everything.
#[derive(Debug)]
struct Rehearsed(Arc<dyn Channel>);

#[async_trait]
impl Channel for Rehearsed {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        self.0.address(recipient)
    }

    fn parts(&self) -> ContentParts {
        self.0.parts()
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        self.0.render(message, content)
    }

    async fn send(&self, _: &Outgoing<'_>, _: &Payload) -> Result<Receipt, Failure> {
        Ok(Receipt { answer: "rehearsed".into() })
    }
}

/// Notes what is delivered.
struct Listener<'s> {
    school: &'s School,
    told: Told,
}

impl DeliveryObserver for Listener<'_> {
    fn delivered(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        let notice = |notice: &nhacviec::schedule::Notice| {
            let task = notice.task.and_then(|task| self.school.tasks.get(task as usize)).map(|task| task.name.clone());
            let review = notice.kind.review().map(|review| review.to_string());
            (task.or(review).unwrap_or_default(), notice.kind.to_string(), notice.day.to_string())
        };
        let mut notices: Vec<_> = delivered.notices.iter().map(notice).collect();
        notices.sort();
        if !notices.is_empty() {
            self.told.insert((delivered.at.date(), delivered.recipient.name.clone(), notices));
        }
        Ok(())
    }
}

/// Plays the year on a clock that goes from one instant to the next at which there is anything to do.
async fn rehearse(school: &School) -> Told {
    let mut listener = Listener { school, told: Told::new() };
    let (Ok(loaded), Ok(database)) = (load_school(&school.files(), School::config()), SimulatedDatabase::open().await)
    else {
        return Told::new();
    };
    let midnight = |day: Date| instant(day.to_datetime(time(0, 0, 0, 0)));
    let clock = Clock::standing_at(midnight(crate::school::ISSUED));
    let mut daemon = Daemon::new(loaded, Store::simulated(&database, "rehearsal", Arc::new(NoFaults)), clock.clone());
    daemon.compose_without_threads();
    daemon.map_channels(|_, channel| Arc::new(Rehearsed(channel)));
    while clock.now() < midnight(END) {
        let Ok(next) = daemon.step(&mut listener).await else { break };
        clock.set(next);
    }
    listener.told
}
