//! One year from one seed: the same seed, the same year to the byte.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use futures_util::future::{join, join_all};
use jiff::Timestamp;
use jiff::civil::time;
use nhacviec::store::SimulatedDatabase;
use tokio::time::Instant;

use crate::draws::Draws;
use crate::events;
use crate::invariants;
use crate::life::live;
use crate::log;
use crate::mailbox::MailboxState;
use crate::school::{ISSUED, School};
use crate::weather::Weather;
use crate::workers::Workers;
use crate::world::{Facts, Hit, LeftOut, Life, Line, Shared, Violation, World, instant, lock};

/// What came of a year.
pub struct Year {
    pub seed: u64,
    pub digest: u64,
    pub violations: Vec<Violation>,
    pub story: Vec<Line>,
    pub marks: BTreeMap<&'static str, u32>,
    pub hits: Vec<Hit>,
    pub tasks: usize,
    pub passes: u64,
    pub moments: u64,
    pub hand_overs: usize,
}

/// Plays a year, with some things left out.
pub fn simulate(seed: u64, left_out: &LeftOut) -> Year {
    nhacviec::blocking::work_in_place();
    let begun: Arc<Mutex<Option<Shared>>> = Arc::default();
    let (played, logged) = log::read(|| catch_unwind(AssertUnwindSafe(|| play(seed, left_out, &begun))));
    let world = begun.lock().ok().and_then(|mut world| world.take());
    let Some(world) = world else { panic!("year {seed} did not begin: {}", words(&played)) };
    let mut world = lock(&world);
    if played.is_err() {
        world.violated("no_panic", words(&played));
    }
    if logged.has_secret {
        world.violated("no_secret_in_the_log", "the log has the password of the mailbox");
    }
    for mark in logged.marks {
        world.mark(mark);
    }
    Year {
        seed,
        digest: world.digest,
        violations: std::mem::take(&mut world.violations),
        story: std::mem::take(&mut world.story),
        marks: std::mem::take(&mut world.marks),
        hits: std::mem::take(&mut world.hits),
        tasks: world.school.tasks.len(),
        passes: world.passes,
        moments: world.moments,
        hand_overs: world.post.len(),
    }
}

/// The words of a panic.
fn words(played: &std::thread::Result<()>) -> String {
    let Err(panic) = played else { return String::new() };
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn play(seed: u64, left_out: &LeftOut, shared: &Mutex<Option<Shared>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let Ok(runtime) = runtime else { panic!("there is no runtime") };
    runtime.block_on(async {
        let world = begin(seed, left_out).await;
        if let Ok(mut shared) = shared.lock() {
            *shared = Some(Arc::clone(&world));
        }
        let daemons = lock(&world).lives.len();
        let lives = (0..daemons).map(|daemon| live(Arc::clone(&world), daemon));
        join(join_all(lives), events::happen(Arc::clone(&world))).await;
        invariants::at_end(&world).await;
    });
}

/// By how many milliseconds a daemon's clock is wrong: that of the first is the world's.
fn usual_skew(draws: Draws, daemon: usize) -> i64 {
    let skew = i64::try_from(draws.between("skew", daemon, 0, 4_000)).unwrap_or(0) - 2_000;
    if daemon == 0 { 0 } else { skew }
}

/// The world at the beginning of a year.
async fn begin(seed: u64, left_out: &LeftOut) -> Shared {
    let draws = Draws::new(seed);
    let weather = Weather::draw(seed, draws);
    let daemons = weather.daemons;
    let mut school = School::draw(draws.stream("school"));
    let mut place = 0;
    school.tasks.retain(|_| {
        place += 1;
        !left_out.tasks.contains(&(place - 1))
    });
    let school = Arc::new(school);
    let base: Timestamp = instant(ISSUED.to_datetime(time(0, 0, 0, 0)));
    let database = SimulatedDatabase::open().await;
    let Ok(database) = database else { panic!("there is no database") };
    let mut world = World {
        draws,
        weather,
        left_out: left_out.clone(),
        base,
        began: Instant::now(),
        sound_school: Arc::clone(&school),
        facts: Facts { schools: vec![(base, Arc::clone(&school))], ..Facts::default() },
        school,
        generation: 0,
        rewritten: Vec::new(),
        taken_out: None,
        agreed: Vec::new(),
        requests_seen: 0,
        post: Vec::new(),
        mailbox: MailboxState::new(daemons),
        lives: (0..daemons).map(|daemon| Life::new(usual_skew(draws, daemon))).collect(),
        agenda: BTreeMap::new(),
        agenda_changed: Arc::default(),
        planned: 0,
        store_down_until: Timestamp::MIN,
        dead_channels: BTreeMap::new(),
        database,
        workers: Workers::new(base),
        story: Vec::new(),
        digest: 0,
        marks: BTreeMap::new(),
        hits: Vec::new(),
        violations: Vec::new(),
        passes: 0,
        moments: 0,
    };
    let line = format!(
        "seed {seed}: {} people, {} tasks; {}",
        world.school.people.len(),
        world.school.tasks.len(),
        world.weather
    );
    world.tell(line);
    events::draw(&mut world);
    Arc::new(Mutex::new(world))
}
