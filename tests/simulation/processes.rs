//! Many years in several processes, each with seeds of its own, and one sum of what they found.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use crate::arguments::Many;
use crate::run::{Sum, report};

/// What the line begins with in which a process says what it found since it said so last.
pub const SUM: &str = "sum: ";
/// After how many years it is said how far all are.
const TOLD_EVERY: u64 = 500;

/// Plays years in so many processes, as many as are asked for or there is time for.
pub fn play(asked: &Many, processes: u64) -> ExitCode {
    let (began, from, years) = (Instant::now(), asked.from, asked.years);
    println!("seeds from {from} on, in {processes} processes");
    let share = years.div_ceil(processes.max(1));
    let starts = (0..processes).map(|number| number * share).take_while(|start| *start < years);
    let children: Vec<Option<Child>> =
        starts.map(|start| begin(from.wrapping_add(start), share.min(years - start), asked)).collect();
    let sum = Mutex::new(Sum::default());
    let mut is_fine = !children.is_empty() && children.iter().all(Option::is_some);
    std::thread::scope(|scope| {
        let listeners: Vec<_> =
            children.into_iter().flatten().map(|child| scope.spawn(|| listen(child, &sum, began))).collect();
        // Each is waited for, whatever the others found.
        for listener in listeners {
            is_fine &= listener.join().unwrap_or(false);
        }
    });
    let sum = sum.into_inner().unwrap_or_default();
    is_fine &= report(&sum, began.elapsed());
    let is_whole = asked.time.is_some() || asked.is_of_several || sum.years == years;
    if is_fine && is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn begin(from: u64, years: u64, asked: &Many) -> Option<Child> {
    let program = std::env::current_exe().ok()?;
    let mut command = Command::new(program);
    command.args(["--from", &from.to_string(), "--years", &years.to_string(), "--threads", "1", "--sum"]);
    if asked.is_of_several {
        command.arg("--several");
    }
    if let Some(time) = asked.time {
        command.args(["--minutes", &(time.as_secs() / 60).to_string()]);
    }
    let begun = command.stdout(Stdio::piped()).spawn();
    begun.inspect_err(|error| println!("a process does not begin: {error}")).ok()
}

/// Passes on what a process says, and adds what it found. Whether it found nothing and said all.
fn listen(mut child: Child, sum: &Mutex<Sum>, began: Instant) -> bool {
    let Some(output) = child.stdout.take() else { return false };
    let mut is_known = false;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        match line.strip_prefix(SUM).and_then(|found| serde_json::from_str::<Sum>(found).ok()) {
            Some(found) => {
                is_known = true;
                if let Ok(mut sum) = sum.lock() {
                    let before = sum.years / TOLD_EVERY;
                    sum.merge(found);
                    if sum.years / TOLD_EVERY > before {
                        println!("{} years in {:.0} s", sum.years, began.elapsed().as_secs_f64());
                    }
                }
            }
            None => println!("{line}"),
        }
    }
    is_known && child.wait().is_ok_and(|status| status.success())
}
