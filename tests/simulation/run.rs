//! Playing many years, and what is told of them.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::arguments::{Asked, Many};
use crate::draws::Draws;
use crate::invariants::expected;
use crate::marks::{MUST_HAPPEN, YEARS};
use crate::processes;
use crate::shrink::shrink;
use crate::story;
use crate::weather::Weather;
use crate::world::LeftOut;
use crate::year::{Year, simulate};

/// The seeds that are played at every test: as many as an unoptimised build plays in some fifteen seconds on two processors.
const FIXED: std::ops::RangeInclusive<u64> = 1..=8;
/// One year in so many is played twice: both must be the same to the byte.
const TWICE_EVERY: u64 = 20;
/// After how many years a process says to another what it found.
const SUM_EVERY: u64 = 50;

/// What came of many years.
#[derive(Default, Serialize, Deserialize)]
pub struct Sum {
    pub years: u64,
    passes: u64,
    moments: u64,
    hand_overs: usize,
    marks: BTreeMap<String, u64>,
    /// In how many years each invariant was violated, with the first of these years.
    violations: BTreeMap<String, (u64, u64)>,
    /// Years that were not the same when they were played again.
    diverged: Vec<u64>,
}

/// Plays what is asked for.
pub fn run(asked: Asked) -> ExitCode {
    match asked {
        Asked::Nothing => ExitCode::SUCCESS,
        Asked::One { seed, shrinks } => one(seed, shrinks.as_deref()),
        Asked::Fixed => {
            let fixed = Many { from: *FIXED.start(), years: FIXED.count() as u64, ..Many::default() };
            many(&fixed)
        }
        Asked::Many(asked @ Many { time: None, is_first_enough: true, .. }) => first(&asked),
        Asked::Many(asked @ Many { processes: Some(processes), .. }) => processes::play(&asked, processes),
        Asked::Many(asked) => {
            // Whoever replays a failure needs it.
            println!("seeds from {} on", asked.from);
            many(&asked)
        }
    }
}

/// One year as a story; or, where an invariant is named, the smallest that violates it.
fn one(seed: u64, invariant: Option<&str>) -> ExitCode {
    let year = simulate(seed, &LeftOut::default());
    match invariant {
        None => println!("{}", story::whole(&year)),
        Some(invariant) => tell(&year, invariant),
    }
    for (mark, times) in &year.marks {
        println!("{times:>6} {mark}");
    }
    println!("digest {:016x}", year.digest);
    let is_fine = year.violations.iter().all(|violation| expected(violation.invariant).is_some());
    if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Many {
    /// Whether a year is not one of those that are asked for.
    fn passes_over(&self, seed: u64) -> bool {
        self.is_of_several && Weather::draw(seed, Draws::new(seed)).daemons == 1
    }
}

/// Plays until a year finds something that is not expected, and says which.
fn first(asked: &Many) -> ExitCode {
    let Many { from, years, .. } = *asked;
    let (next, found) = (AtomicU64::new(0), Mutex::new(None::<(u64, &'static str)>));
    std::thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let is_found = found.lock().is_ok_and(|found| found.is_some());
                    if place >= years || is_found {
                        return;
                    }
                    if asked.passes_over(from + place) {
                        continue;
                    }
                    let year = simulate(from + place, &LeftOut::default());
                    let new = year.violations.iter().find(|violation| expected(violation.invariant).is_none());
                    if let (Some(violation), Ok(mut found)) = (new, found.lock())
                        && found.is_none_or(|(earlier, _)| place < earlier)
                    {
                        *found = Some((place, violation.invariant));
                    }
                }
            });
        }
    });
    match found.into_inner() {
        Ok(Some((place, invariant))) => {
            println!("found in year {} (seed {}) by {invariant}", place + 1, from + place);
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Plays many years, several at once.
fn many(asked: &Many) -> ExitCode {
    let (began, next, sum, failed) = (Instant::now(), AtomicU64::new(0), Mutex::new(Sum::default()), Mutex::new(None));
    let threads = asked.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while asked.time.is_none_or(|time| began.elapsed() < time) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= asked.years {
                        return;
                    }
                    let seed = asked.from + place;
                    if asked.passes_over(seed) {
                        continue;
                    }
                    let year = simulate(seed, &LeftOut::default());
                    let twice = place.is_multiple_of(TWICE_EVERY).then(|| simulate(seed, &LeftOut::default()));
                    let diverged = twice.is_some_and(|twice| twice.digest != year.digest);
                    if let (Ok(mut sum), Ok(mut failed)) = (sum.lock(), failed.lock()) {
                        add(&mut sum, &year, diverged);
                        if asked.is_for_another && sum.years == SUM_EVERY {
                            tell_another(&std::mem::take(&mut *sum));
                        }
                        let new = year.violations.iter().find(|found| expected(found.invariant).is_none());
                        if let Some(found) = new {
                            println!("year {seed}: {}: {}", found.invariant, found.text);
                        }
                        let is_first = failed.as_ref().is_none_or(|other: &Year| seed < other.seed);
                        if new.is_some() && is_first {
                            *failed = Some(year);
                        }
                    }
                }
            });
        }
    });
    let (sum, failed) = (sum.into_inner().unwrap_or_default(), failed.into_inner().unwrap_or_default());
    let is_fine = if asked.is_for_another {
        tell_another(&sum);
        true
    } else {
        report(&sum, began.elapsed())
    };
    if let Some(year) = &failed
        && let Some(violation) = year.violations.iter().find(|found| expected(found.invariant).is_none())
    {
        println!("\nYear {}, {}:", year.seed, violation.invariant);
        tell(year, violation.invariant);
    }
    if is_fine && failed.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says to another process what was found since it was said last.
fn tell_another(sum: &Sum) {
    match serde_json::to_string(sum) {
        Ok(sum) => println!("{}{sum}", processes::SUM),
        Err(error) => println!("what was found cannot be said: {error}"),
    }
}

fn add(sum: &mut Sum, year: &Year, diverged: bool) {
    sum.years += 1;
    sum.passes += year.passes;
    sum.moments += year.moments;
    sum.hand_overs += year.hand_overs;
    for (mark, times) in &year.marks {
        *sum.marks.entry((*mark).to_owned()).or_default() += u64::from(*times);
    }
    let mut names: Vec<&'static str> = year.violations.iter().map(|violation| violation.invariant).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (years, first) = sum.violations.entry(name.to_owned()).or_insert((0, year.seed));
        (*years, *first) = (*years + 1, year.seed.min(*first));
    }
    if diverged {
        sum.diverged.push(year.seed);
    }
}

impl Sum {
    /// Adds what was found in other years.
    pub fn merge(&mut self, other: Self) {
        self.years += other.years;
        self.passes += other.passes;
        self.moments += other.moments;
        self.hand_overs += other.hand_overs;
        for (mark, times) in other.marks {
            *self.marks.entry(mark).or_default() += times;
        }
        for (name, (years, first)) in other.violations {
            let known = self.violations.entry(name).or_insert((0, first));
            *known = (known.0 + years, known.1.min(first));
        }
        self.diverged.extend(other.diverged);
    }
}

/// Prints what came of it. Returns whether all is well.
pub fn report(sum: &Sum, took: Duration) -> bool {
    let Sum { years, passes, moments, hand_overs, marks, violations, diverged } = sum;
    println!(
        "{years} years in {:.1} s: {passes} steps, {moments} moments of the store, {hand_overs} hand-overs",
        took.as_secs_f64()
    );
    for (name, (years, first)) in violations {
        let issue =
            expected(name).map_or_else(|| "NOT EXPECTED".to_owned(), |issue| format!("expected until issue {issue}"));
        println!("  {name}: in {years} years, first in {first}; {issue}");
    }
    for seed in diverged {
        println!("  year {seed} is another when it is played again: the simulation itself is broken");
    }
    let mut is_fine = diverged.is_empty();
    let never: Vec<&&str> = MUST_HAPPEN.iter().filter(|mark| !marks.contains_key(**mark)).collect();
    if *years >= YEARS {
        for mark in &never {
            println!("  never happened: {mark}");
        }
        is_fine &= never.is_empty();
    }
    if *years >= 100 {
        for (mark, times) in marks {
            println!("{times:>9} {mark}");
        }
    }
    is_fine
}

/// A violation as a story, as small as it can be made.
fn tell(year: &Year, invariant: &str) {
    let (smallest, left_out) = shrink(year, invariant);
    println!("{}", story::of(&smallest, invariant));
    println!(
        "(left out: {} of {} faults and events, {} of {} tasks; the whole year: --seed {})",
        left_out.hits.len(),
        year.hits.len(),
        left_out.tasks.len(),
        year.tasks,
        year.seed
    );
}
