//! A year as a page that a person reads in a minute.

use std::fmt::Write;

use jiff::SignedDuration;

use crate::world::{Line, local};
use crate::year::Year;

/// How much of a story is told before a violation, in lines.
const LINES: usize = 60;

/// A line with its moment.
pub fn line(line: &Line) -> String {
    format!("{} {}", local(line.at).strftime("%a %Y-%m-%d %H:%M:%S%.3f"), line.text)
}

/// The whole story.
pub fn whole(year: &Year) -> String {
    year.story.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What led to a violation: the lines about it, and those of the days before.
pub fn of(year: &Year, invariant: &str) -> String {
    let Some(violation) = year.violations.iter().find(|violation| violation.invariant == invariant) else {
        return whole(year);
    };
    let end = violation.at.saturating_add(SignedDuration::from_secs(1)).unwrap_or(violation.at);
    let mut lines: Vec<&Line> = year.story.iter().filter(|line| line.at <= end).collect();
    let others = |line: &&Line| !line.text.starts_with("!!!") || line.text.contains(invariant);
    lines.retain(others);
    let mut text = String::new();
    let skipped = lines.len().saturating_sub(LINES);
    if let Some(first) = lines.first().filter(|_| skipped > 0) {
        let _ = writeln!(text, "{}", line(first));
        let _ = writeln!(text, "… {skipped} lines …");
    }
    for told in lines.iter().skip(skipped) {
        let _ = writeln!(text, "{}", line(told));
    }
    text
}
