//! What is read as written and doubted, in the same words for every format.

use jiff::ToSpan;
use jiff::civil::Date;

/// A due date before the plan was issued: what to say, and the month that may be meant.
pub(super) fn early(due: Date, issued: Option<Date>) -> Option<(String, String)> {
    let issued = issued.filter(|issued| due < *issued)?;
    let next = due.saturating_add(1.year());
    let message = format!("due on {due}, before the plan was issued on {issued}: nobody is reminded in time");
    Some((message, format!("{}/{}", next.month(), next.year())))
}
