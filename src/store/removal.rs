//! The day by which it is judged what need no longer be kept, and when that was noted.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::calendar;

use super::marks::{self, MarkName};
use super::{Doing, ExpectedValue, Result, StoreStep, Tx, damaged, instant, query};

const MARK: MarkName<'_> = MarkName { plan: marks::NO_PLAN, name: "removal_day" };

/// How far the day of removal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RemovalMark {
    /// The day by which it is judged what need no longer be kept.
    pub(crate) day: Date,
    /// The date that the clock showed when that was noted.
    pub(crate) noted_on: Date,
}

impl RemovalMark {
    /// An instant at which its day is over wherever on earth.
    pub(super) fn end(self) -> Timestamp {
        calendar::instant(&TimeZone::UTC, self.day.saturating_add(2.days()), Time::midnight())
    }
}

/// What was noted last.
pub(crate) async fn removal_mark(tx: &mut Tx) -> Result<Option<RemovalMark>> {
    let organisation = tx.organisation().to_owned();
    let value = marks::read(&mut **tx, &organisation, MARK, StoreStep::ReadOld).await?;
    let Some(value) = value else { return Ok(None) };
    let dates = value.split_once(' ').and_then(|(day, noted_on)| Some((day.parse().ok()?, noted_on.parse().ok()?)));
    let (day, noted_on) = dates.ok_or_else(|| damaged("mark", ExpectedValue::TwoDates, value))?;
    Ok(Some(RemovalMark { day, noted_on }))
}

/// Notes how far the day of removal has come.
pub(crate) async fn set_removal_mark(tx: &mut Tx, mark: RemovalMark) -> Result<()> {
    let RemovalMark { day, noted_on } = mark;
    marks::write(tx, MARK, format!("{day} {noted_on}"), StoreStep::NoteOld).await
}

/// When something was last handed over before an instant.
pub(crate) async fn last_attempt_before(tx: &mut Tx, before: Timestamp) -> Result<Option<Timestamp>> {
    let row =
        query("SELECT d.at AS at FROM delivery d WHERE d.organisation = $1 AND d.at < $2 ORDER BY d.at DESC LIMIT 1")
            .bind(tx.organisation())
            .bind(before.as_millisecond())
            .fetch_optional(&mut **tx)
            .await
            .doing(StoreStep::ReadLastSent)?;
    row.map(|row| instant(&row, "at")).transpose()
}
