//! What is read as written and doubted, in the same words for every format.

use jiff::civil::Date;

use super::timeframe::Doubt;

/// A due date before the plan was issued: what to say, and the month that may be meant.
pub(super) fn early(due: Date, issued: Option<Date>) -> Option<(String, String)> {
    let doubt = Doubt::of_due(due, issued)?;
    Some((doubt.to_string(), doubt.meant()?))
}
