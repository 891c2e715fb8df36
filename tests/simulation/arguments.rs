//! What is asked for on the command line.

use std::time::Duration;

/// What is to be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: other tests are asked for.
    Nothing,
    /// The seeds that are played at every test.
    Fixed,
    /// One year, told as a story.
    One { seed: u64, shrinks: Option<String> },
    /// So many years from a seed on, or as many as there is time for.
    Many { from: u64, years: u64, time: Option<Duration>, is_first_enough: bool },
}

/// Reads the arguments. Those of the usual test harness are passed over.
pub fn read(arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let (mut seed, mut years, mut minutes, mut from, mut shrinks, mut filters) =
        (None, None, None, None, None, Vec::new());
    let mut is_first_enough = false;
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut number = |name: &str| {
            let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
            value.map(Some).ok_or_else(|| format!("write a number after {name}"))
        };
        match argument.as_str() {
            "--first" => is_first_enough = true,
            "--seed" => seed = number("--seed")?,
            "--years" => years = number("--years")?,
            "--minutes" => minutes = number("--minutes")?,
            "--from" => from = number("--from")?,
            "--shrink" => shrinks = arguments.next(),
            "--list" => return Ok(Asked::Nothing),
            "--nocapture" | "--no-capture" | "--quiet" | "-q" | "--include-ignored" | "--show-output" => {}
            "--test-threads" | "--format" | "--color" | "--skip" | "-Z" => drop(arguments.next()),
            flag if flag.starts_with("--") && flag.contains('=') => {}
            flag if flag.starts_with('-') => return Err(format!("unknown: {flag}")),
            _ => filters.push(argument),
        }
    }
    if filters.iter().any(|filter| !"simulation".contains(filter.as_str())) {
        return Ok(Asked::Nothing);
    }
    let time = minutes.map(|minutes| Duration::from_secs(minutes * 60));
    Ok(match (seed, years, time) {
        (Some(seed), ..) => Asked::One { seed, shrinks },
        (None, None, None) => Asked::Fixed,
        (None, years, time) => {
            Asked::Many { from: from.unwrap_or_else(fresh), years: years.unwrap_or(u64::MAX), time, is_first_enough }
        }
    })
}

/// A seed that nobody has played yet.
fn fresh() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs()) * 1_000_000
}
