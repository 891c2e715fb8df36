//! Reviews that were made: each once, with the period and the moment that it keeps (rules of time, 10 and 11).

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::schedule::{Review, ReviewId};

use super::{Doing, ExpectedValue, Result, Scope, Store, StoreStep, Tx, instant, optional_date, parsed, query, text};

/// A review that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeReview {
    /// Its name.
    pub id: ReviewId,
    /// Its first and last day; `None` where an earlier program, which did not note that, made it.
    pub period: Option<(Date, Date)>,
    /// The working day on which it was to be made.
    pub on: Date,
    /// Its moment: what it says is as of this instant.
    pub at: Timestamp,
}

impl Store {
    /// The reviews of a plan that were made, by their moment.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn made_reviews(&self, scope: &Scope) -> Result<Vec<MadeReview>> {
        let rows = query(
            "SELECT review, first_day, last_day, on_date, at FROM review WHERE organisation = $1 AND plan = $2 \
             ORDER BY at, review",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadReviews)?;
        rows.iter().map(made).collect()
    }
}

/// Writes down that a review is made. One that was made before stays as it was.
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, review: &Review) -> Result<()> {
    query(
        "INSERT INTO review (organisation, plan, review, first_day, last_day, day, on_date, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, plan, review) DO NOTHING",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(review.id.to_string())
    .bind(review.from.to_string())
    .bind(review.through.to_string())
    .bind(review.day.to_string())
    .bind(review.on.to_string())
    .bind(review.at.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::NoteReview)?;
    Ok(())
}

/// The names of the reviews of a plan that were made.
pub(crate) async fn made_names(tx: &mut Tx, scope: &Scope) -> Result<HashSet<ReviewId>> {
    let rows = query("SELECT review FROM review WHERE organisation = $1 AND plan = $2")
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .fetch_all(&mut **tx)
        .await
        .doing(StoreStep::ReadReviews)?;
    rows.iter().map(|row| parsed("review", ExpectedValue::ReviewName, text(row, "review")?)).collect()
}

/// Forgets that reviews were made whose moment is later than `now`: a clock that ran ahead has made them (rules of time, 10).
pub(crate) async fn forget_made_after(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<()> {
    query("DELETE FROM review WHERE organisation = $1 AND plan = $2 AND at > $3")
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .bind(now.as_millisecond())
        .execute(&mut **tx)
        .await
        .doing(StoreStep::RepairDecided)?;
    Ok(())
}

fn made(row: &AnyRow) -> Result<MadeReview> {
    Ok(MadeReview {
        id: parsed("review", ExpectedValue::ReviewName, text(row, "review")?)?,
        period: optional_date(row, "first_day")?.zip(optional_date(row, "last_day")?),
        on: super::date(row, "on_date")?,
        at: instant(row, "at")?,
    })
}
