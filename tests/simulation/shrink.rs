//! Finding what of a year a violation needs: faults, events and tasks are left out, as long as the same kind of violation stays.

use std::collections::BTreeSet;

use crate::world::LeftOut;
use crate::year::{Year, simulate};

/// How many years are played for it at most.
const MAX_YEARS: usize = 60;

/// The smallest year that is found in which `invariant` is violated, and what is left out of it.
pub fn shrink(year: &Year, invariant: &str) -> (Year, LeftOut) {
    let mut left_out = LeftOut::default();
    let (seed, mut played) = (year.seed, 0);
    let mut smallest = simulate(year.seed, &left_out);
    let mut try_without = |left_out: &LeftOut| {
        played += 1;
        let year = (played <= MAX_YEARS).then(|| simulate(seed, left_out))?;
        year.violations.iter().any(|violation| violation.invariant == invariant).then_some(year)
    };
    // Later than the violation nothing matters.
    let end =
        smallest.violations.iter().find(|violation| violation.invariant == invariant).map(|violation| violation.at);
    let ids: Vec<u64> =
        smallest.hits.iter().filter(|hit| end.is_none_or(|end| hit.at <= end)).map(|hit| hit.id).collect();
    let late: BTreeSet<u64> = smallest.hits.iter().map(|hit| hit.id).filter(|id| !ids.contains(id)).collect();
    let without_late = LeftOut { hits: late, ..LeftOut::default() };
    if let Some(smaller) = try_without(&without_late) {
        (left_out, smallest) = (without_late, smaller);
    }
    let mut size = ids.len().div_ceil(2);
    while size > 0 {
        for chunk in ids.chunks(size) {
            if chunk.iter().all(|id| left_out.hits.contains(id)) {
                continue;
            }
            let hits = left_out.hits.iter().chain(chunk).copied().collect();
            let smaller = LeftOut { hits, ..left_out.clone() };
            if let Some(year) = try_without(&smaller) {
                (left_out, smallest) = (smaller, year);
            }
        }
        size /= 2;
    }
    for place in 0..year.tasks {
        let tasks = left_out.tasks.iter().copied().chain([place]).collect();
        let smaller = LeftOut { tasks, ..left_out.clone() };
        // A plan has at least one task.
        if smaller.tasks.len() < year.tasks
            && let Some(year) = try_without(&smaller)
        {
            (left_out, smallest) = (smaller, year);
        }
    }
    (smallest, left_out)
}
