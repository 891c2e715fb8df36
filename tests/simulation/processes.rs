//! Many years in several processes, each with seeds of its own, and one sum of what they found.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use crate::run::{Sum, report};

/// What the line begins with in which a process says what it found.
pub const SUM: &str = "sum: ";

/// Plays so many years from a seed on in so many processes.
pub fn play(from: u64, years: u64, processes: u64) -> ExitCode {
    let began = Instant::now();
    println!("seeds from {from} on, in {processes} processes");
    let share = years.div_ceil(processes.max(1));
    let starts = (0..processes).map(|number| number * share).take_while(|start| *start < years);
    let children: Vec<Child> = starts.filter_map(|start| begin(from + start, share.min(years - start))).collect();
    let mut sum = Sum::default();
    let mut is_fine = !children.is_empty();
    for mut child in children {
        is_fine &= listen(&mut child, &mut sum);
        is_fine &= child.wait().is_ok_and(|status| status.success());
    }
    is_fine &= report(&sum, began.elapsed());
    if is_fine && sum.years == years { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn begin(from: u64, years: u64) -> Option<Child> {
    let program = std::env::current_exe().ok()?;
    let (from, years) = (from.to_string(), years.to_string());
    let arguments = ["--from", &from, "--years", &years, "--threads", "1", "--sum"];
    let begun = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn();
    begun.inspect_err(|error| println!("a process does not begin: {error}")).ok()
}

/// Passes on what a process says, and adds what it found. Whether it said that.
fn listen(child: &mut Child, sum: &mut Sum) -> bool {
    let Some(output) = child.stdout.take() else { return false };
    let mut is_known = false;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        match line.strip_prefix(SUM).and_then(|found| serde_json::from_str::<Sum>(found).ok()) {
            Some(found) => {
                sum.merge(found);
                is_known = true;
            }
            None => println!("{line}"),
        }
    }
    is_known
}
