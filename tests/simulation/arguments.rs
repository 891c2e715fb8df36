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
    Many(Many),
}

/// Many years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// The first seed.
    pub from: u64,
    /// How many.
    pub years: u64,
    /// For how long at most: whoever counts in years ends earlier then.
    pub time: Option<Duration>,
    /// How many at once; as many as there are processors where nothing is said.
    pub threads: Option<usize>,
    /// By how many processes, where by others than this one.
    pub processes: Option<u64>,
    /// Whether it ends with the first year that finds something.
    pub is_first_enough: bool,
    /// Whether it is told to another process what was found.
    pub is_for_another: bool,
    /// Whether only years of several daemons are played.
    pub is_of_several: bool,
}

/// Reads the arguments. Those of the usual test harness are passed over.
pub fn read(arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let (mut seed, mut years, mut minutes, mut from, mut shrinks, mut filters) =
        (None, None, None, None, None, Vec::new());
    let (mut threads, mut processes) = (None, None);
    let (mut is_first_enough, mut is_for_another, mut is_of_several) = (false, false, false);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut number = |name: &str| {
            let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
            value.map(Some).ok_or_else(|| format!("write a number after {name}"))
        };
        match argument.as_str() {
            "--first" => is_first_enough = true,
            "--several" => is_of_several = true,
            "--sum" => is_for_another = true,
            "--threads" => threads = number("--threads")?,
            "--processes" => processes = number("--processes")?,
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
        (None, years, time) => Asked::Many(Many {
            from: from.unwrap_or_else(fresh),
            years: years.unwrap_or(u64::MAX),
            time,
            threads: threads.and_then(|threads| usize::try_from(threads).ok()),
            processes,
            is_first_enough,
            is_for_another,
            is_of_several,
        }),
    })
}

/// A seed that nobody has played yet.
fn fresh() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs()) * 1_000_000
}
