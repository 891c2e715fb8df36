//! What happens in a year beside the program: people report, the admin edits, clocks jump, machines stop.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::civil::{Date, date, time};
use jiff::{SignedDuration, Timestamp};
use nhacviec::app::decide_time::{Verdict, decide_time};
use nhacviec::app::load_school::load_school;
use nhacviec::app::plan_in_force::in_force;
use nhacviec::app::take_answer::{AnswerSource, NewAnswer, TaskReport, take_answer};
use nhacviec::plan::Status;
use nhacviec::progress::{How, ProgressEntry, RequestDecision};
use nhacviec::school::School as LoadedSchool;
use nhacviec::store::Store;
use nhacviec::store::links::Form;

use crate::draws::Draws;
use crate::edits::{self, Edit};
use crate::invariants::after_commit;
use crate::oracle;
use crate::school::{PRINCIPAL, School, draw_date};
use crate::store_faults::NoFaults;
use crate::weather::Weather;
use crate::world::{CALM_FROM, END, Shared, World, instant, local, lock};

/// Nothing happens after this day but what follows from what happened before.
const LAST_EVENT: Date = date(2024, 5, 20);

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Event {
    /// A letter comes.
    MailArrives { letter: usize, bytes: Vec<u8> },
    /// Somebody fills in the form of a page about some task; perhaps twice.
    Report { place: u64, status: Status, number: u64, is_twice: bool },
    /// Somebody fills in the form of a page about what the program is about to tell them.
    ReportOn { task: String, by: String, status: Status, number: u64 },
    /// The principal decides what was asked for.
    Decide { key: u64 },
    /// The admin edits the files.
    Edit(Edit),
    /// A clock is wrong for a while.
    Jump { daemon: usize, by: i64, seconds: u64 },
    /// It is put right.
    JumpEnds { daemon: usize },
    /// A process is killed, and down for so many seconds.
    Kill { daemon: usize, seconds: u64 },
    /// The service is stopped in order, and started again.
    Stop { daemon: usize },
    /// The store takes nothing for so many minutes.
    StoreDown { minutes: u64 },
    /// A channel is dead for so many hours.
    ChannelDead { channel: &'static str, hours: u64 },
    /// One of several stands still for so many seconds.
    Pause { daemon: usize, seconds: u64 },
    /// It goes on, in the life in which it stood still.
    Resume { daemon: usize, run: u32 },
    /// One of several does not reach the store for so many seconds.
    CutOff { daemon: usize, seconds: u64 },
}

/// Everything that is to happen in a year, drawn at its beginning.
pub fn draw(world: &mut World) {
    let mut stream = world.draws.stream("events");
    let weather = world.weather.clone();
    let statuses = [Status::Done, Status::Done, Status::InProgress, Status::Blocked];
    for number in 0..weather.reports {
        let status = statuses[stream.usize(0..4)];
        let event = Event::Report { place: stream.u64(..), status, number, is_twice: stream.u8(0..4) == 0 };
        put(world, moment(&mut stream, false), event);
    }
    for number in 0..weather.edits {
        put_edit(world, &mut stream, number);
    }
    for _ in 0..weather.jumps {
        let hours = [1, -1, 5, -20, 24, 24 * 8, 24 * 40, -24 * 30][stream.usize(0..8)];
        let by = hours * 3_600_000 + stream.i64(0..3_600_000);
        let daemon = stream.usize(0..weather.daemons);
        put(world, moment(&mut stream, false), Event::Jump { daemon, by, seconds: stream.u64(60..7_200) });
    }
    for _ in 0..weather.restarts {
        let (daemon, seconds) = (stream.usize(0..weather.daemons), stream.u64(1..300));
        let event = if stream.bool() { Event::Stop { daemon } } else { Event::Kill { daemon, seconds } };
        put(world, moment(&mut stream, true), event);
    }
    for _ in 0..weather.long_downs {
        // Now and then over several reviews.
        let days = if stream.u8(0..4) == 0 { stream.u64(40..100) } else { stream.u64(1..28) };
        let daemon = stream.usize(0..weather.daemons);
        let at = moment(&mut stream, false);
        // When faults have stopped all are up.
        let calm = instant(CALM_FROM.to_datetime(time(0, 0, 0, 0))).duration_since(at);
        let seconds = (days * 86_400).min(u64::try_from(calm.as_secs()).unwrap_or(0));
        put(world, at, Event::Kill { daemon, seconds });
    }
    for _ in 0..weather.store_downs {
        put(world, moment(&mut stream, true), Event::StoreDown { minutes: stream.u64(1..600) });
    }
    for _ in 0..weather.dead_channels {
        let channel = if stream.bool() { "email" } else { "chat" };
        put(world, moment(&mut stream, true), Event::ChannelDead { channel, hours: stream.u64(1..200) });
    }
    if weather.daemons > 1 {
        draw_among_others(world);
    }
}

/// What is to befall one of several.
fn draw_among_others(world: &mut World) {
    let mut stream = world.draws.stream("events among others");
    let Weather { daemons, pauses, cut_offs, .. } = world.weather;
    for _ in 0..pauses {
        let (daemon, seconds) = (stream.usize(0..daemons), stream.u64(1..300));
        put(world, moment(&mut stream, true), Event::Pause { daemon, seconds });
    }
    for _ in 0..cut_offs {
        let (daemon, seconds) = (stream.usize(0..daemons), stream.u64(5..900));
        put(world, moment(&mut stream, true), Event::CutOff { daemon, seconds });
    }
}

/// Puts an edit into the year; a mistake is mended some time later.
fn put_edit(world: &mut World, stream: &mut fastrand::Rng, number: u64) {
    let edit = edits::draw(stream, number);
    let is_morning = stream.bool();
    let at = moment(stream, is_morning);
    put(world, at, Event::Edit(edit));
    if matches!(edit, Edit::Break) {
        let mended = at.saturating_add(SignedDuration::from_mins(stream.i64(1..600))).unwrap_or(at);
        world.plan(mended, Event::Edit(Edit::Mend));
    }
}

/// A moment of the year: any, or one about the beginning of a morning.
fn moment(stream: &mut fastrand::Rng, is_morning: bool) -> Timestamp {
    let day = draw_date(stream).min(LAST_EVENT);
    let clock = if is_morning { time(6, 58, 0, 0) } else { time(0, 0, 0, 0) };
    let seconds = if is_morning { stream.i64(0..600) } else { stream.i64(0..86_400) };
    instant(day.to_datetime(clock)).saturating_add(SignedDuration::from_secs(seconds)).unwrap_or_default()
}

/// Puts an event into the year, unless it is left out.
fn put(world: &mut World, at: Timestamp, event: Event) {
    let id = world.draws.number("event", format!("{at} {event:?}"));
    if world.admits(id) {
        world.plan(at, event);
    }
}

/// Lets everything happen in its time.
pub async fn happen(world: Shared) {
    let store = Store::simulated(&lock(&world).database, "people", Arc::new(NoFaults));
    let end = instant(END.to_datetime(time(0, 0, 0, 0)));
    loop {
        let (next, now, changed) = {
            let world = lock(&world);
            let next = world.agenda.keys().next().map(|(at, _)| *at);
            (next.unwrap_or(end).min(end), world.now(), Arc::clone(&world.agenda_changed))
        };
        if next > now {
            let wait = Duration::try_from(next.duration_since(now)).unwrap_or_default();
            tokio::select! {
                biased;
                () = changed.notified() => continue,
                () = tokio::time::sleep(wait) => {}
            }
        }
        if lock(&world).now() >= end {
            return;
        }
        let event = {
            let mut world = lock(&world);
            let due = world.agenda.keys().next().copied().filter(|(at, _)| *at <= world.now());
            due.and_then(|key| world.agenda.remove(&key))
        };
        if let Some(event) = event {
            happens(&world, &store, event).await;
        }
    }
}

async fn happens(world: &Shared, store: &Store, event: Event) {
    match event {
        Event::MailArrives { letter, bytes } => {
            let mut world = lock(world);
            let now = world.now();
            let words = format!("{:?}", world.mailbox.letters[letter].meaning);
            let by = world.mailbox.letters[letter].by.clone();
            world.tell(format!("a letter of {by} comes: {words}"));
            world.mailbox.arrives(letter, bytes, now);
            world.wake_all();
        }
        Event::Report { place, status, number, is_twice } => {
            let Some(school) = loaded(world, store).await else { return };
            let form = some_form(&school, place, status, format!("form-{number}"), is_twice);
            if let Some(form) = form {
                fill_in(world, store, &school, form).await;
            }
        }
        Event::ReportOn { task, by, status, number } => {
            let Some(school) = loaded(world, store).await else { return };
            let place = school.plan.tasks.iter().position(|known| known.id.as_str() == task);
            if let Some(place) = place {
                let name = format!("form-{number}-{task}");
                fill_in(world, store, &school, FilledForm { place, by, status, name, is_twice: false }).await;
            }
        }
        Event::Decide { key } => decide(world, store, key).await,
        Event::Edit(edit) => edits::make(&mut lock(world), edit),
        trouble => befalls(&mut lock(world), &trouble),
    }
}

/// Clocks, machines, the store or a channel do something.
fn befalls(world: &mut World, event: &Event) {
    let now = world.now();
    let after = |span: SignedDuration| now.saturating_add(span).unwrap_or(now);
    let whole = |number: u64| i64::try_from(number).unwrap_or(0);
    match *event {
        Event::Jump { daemon, by, seconds } => {
            world.mark(if by > 0 { "clock ahead" } else { "clock behind" });
            world.tell(format!("the clock of daemon {daemon} jumps by {} h", by / 3_600_000));
            world.lives[daemon].skew.store(by, Ordering::Relaxed);
            world.wake_all();
            let ends = after(SignedDuration::from_secs(whole(seconds)));
            // Several go by the clock of the database.
            if !world.are_several() {
                world.facts.jumps.push((now, ends));
            }
            world.plan(ends, Event::JumpEnds { daemon });
        }
        Event::JumpEnds { daemon } => {
            world.tell(format!("the clock of daemon {daemon} is put right"));
            let usual = world.lives[daemon].usual_skew;
            world.lives[daemon].skew.store(usual, Ordering::Relaxed);
            world.wake_all();
        }
        Event::Kill { daemon, seconds } => {
            world.mark(if seconds > 86_000 { "down for days" } else { "killed at some moment" });
            world.lives[daemon].down_for = Some(Duration::from_secs(seconds));
            world.kill(daemon, &format!("for {seconds} s"));
        }
        Event::Stop { daemon } => {
            world.mark("stopped in order");
            world.tell(format!("daemon {daemon} is to stop"));
            world.lives[daemon].stop.notify_one();
        }
        Event::StoreDown { minutes } => {
            world.tell(format!("the store takes nothing for {minutes} min"));
            world.store_down_until = after(SignedDuration::from_mins(whole(minutes)));
            let until = world.store_down_until;
            world.facts.store_downs.push((now, until));
        }
        Event::ChannelDead { channel, hours } => {
            world.tell(format!("the channel {channel} is dead for {hours} h"));
            world.dead_channels.insert(channel, after(SignedDuration::from_hours(whole(hours))));
        }
        Event::Pause { daemon, seconds } => world.pause(daemon, seconds),
        Event::Resume { daemon, run } => world.resume(daemon, run),
        Event::CutOff { daemon, seconds } => world.cut_off(daemon, seconds),
        Event::MailArrives { .. }
        | Event::Report { .. }
        | Event::ReportOn { .. }
        | Event::Decide { .. }
        | Event::Edit(_) => {}
    }
}

/// The school as it is in force for whoever opens a page now.
async fn loaded(world: &Shared, store: &Store) -> Option<Arc<LoadedSchool>> {
    // Pages show what was in force before a mistake was made.
    let school = Arc::clone(&lock(world).sound_school);
    let loaded = load_school(&school.files(), School::config()).ok()?;
    Some(in_force(store, loaded.school).await.ok()?.school)
}

/// A form as somebody filled it in.
struct FilledForm {
    /// The place of the task in the plan.
    place: usize,
    by: String,
    status: Status,
    /// By which the form is known.
    name: String,
    is_twice: bool,
}

/// A form about some task, by one of its leads or, now and then, by the principal, who closes it.
fn some_form(school: &LoadedSchool, drawn: u64, status: Status, name: String, is_twice: bool) -> Option<FilledForm> {
    let drawn = usize::try_from(drawn % (1 << 31)).unwrap_or(0);
    let place = drawn % school.plan.tasks.len();
    let leads = &school.plan.tasks[place].leads;
    let lead = leads.get((drawn >> 8) % leads.len().max(1))?;
    let lead = school.settings.people.get(*lead).name.clone();
    let is_closed = status == Status::Done && (drawn >> 16).is_multiple_of(6);
    let by = if is_closed { PRINCIPAL.to_owned() } else { lead };
    Some(FilledForm { place, by, status, name, is_twice })
}

/// Somebody fills in the form of a page.
async fn fill_in(world: &Shared, store: &Store, school: &LoadedSchool, form: FilledForm) {
    let FilledForm { place, by, status, name, is_twice } = form;
    let (now, task) = (lock(world).now(), &school.plan.tasks[place]);
    for time in 0..=u8::from(is_twice) {
        let entry = ProgressEntry {
            at: now,
            status,
            percent: None,
            note: (status == Status::Blocked).then(|| "chưa có kinh phí".to_owned()),
            evidence: Vec::new(),
            by: Some(by.clone()),
            how: How::Link,
        };
        let form = Form { name: &name, person: &by, at: now, what: "{}" };
        let mut answer = NewAnswer::new(AnswerSource::Form(form), now);
        answer.reports.push(TaskReport::new(task, entry, &[]));
        let taken = take_answer(store, school, answer).await;
        let mut world = lock(world);
        match (time, taken) {
            (0, Ok(Some(_))) => world.tell(format!("{by} reports {} {status} by the page", task.name)),
            (_, Ok(None)) if time > 0 => world.mark("a form comes twice"),
            (_, taken) => world.violated("answers_are_taken", format!("a form of {by} about {}: {taken:?}", task.name)),
        }
    }
    after_commit::look(world).await;
    let mut world = lock(world);
    if status == Status::Done {
        done_by_form(&mut world, task.id.as_str(), &by, now);
    }
    world.is_told();
}

/// Somebody has said by a form that a task is done: of recurring work that is a word for the period of the day.
fn done_by_form(world: &mut World, task: &str, by: &str, at: Timestamp) {
    let school = Arc::clone(world.school_at(at));
    let Some(task) = school.task(task) else { return };
    let counts = task.leads.iter().any(|lead| lead == by) || by == PRINCIPAL && school.rules.escalation.is_some();
    if let Some(period) = oracle::period_of(task, local(at).date()).filter(|_| counts) {
        after_commit::done_counts_for_its_period(world, task, by, &period);
    }
}

/// The principal decides all that was asked for.
async fn decide(world: &Shared, store: &Store, key: u64) {
    let Some(school) = loaded(world, store).await else { return };
    let Ok(requests) = store.time_requests(&school.scope()).await else { return };
    for request in requests.iter().filter(|request| request.is_open()) {
        let (now, draws): (Timestamp, Draws) = {
            let world = lock(world);
            (world.now(), world.draws)
        };
        let is_granted = draws.happens("grants", (key, request.task.as_str()), 600_000);
        let verdict = if is_granted { Verdict::Granted } else { Verdict::Refused };
        let mut decided = 0;
        // Two may decide at the same moment: the second one hears that it is decided.
        for by in [PRINCIPAL, "Phó Hiệu trưởng"] {
            let decision = RequestDecision { at: now, by: Some(by.to_owned()), note: None };
            decided += usize::from(decide_time(store, &school, request, verdict, decision).await.unwrap_or(false));
        }
        let mut world = lock(world);
        if decided > 1 {
            world.violated(
                "a_request_is_decided_once",
                format!("{} was decided {decided} times", request.task.as_str()),
            );
        }
        if decided == 1 {
            world.mark(if is_granted { "time granted" } else { "time refused" });
            world.tell(format!("more time for {} until {}: {verdict:?}", request.task.as_str(), request.due));
        }
        if decided == 1 && is_granted {
            world.agree(request.task.as_str(), request.old, request.due);
        }
        world.is_told();
    }
}
