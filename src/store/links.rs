//! What the store knows of links: which are void, and which forms were taken.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::plan::TaskId;
use crate::progress::How;

use super::removal::removal_mark;
use super::{Doing, Result, Scope, Store, StoreStep, Tx, instant, optional_instant, query, text};

/// A form is taken within this time or not at all, so nothing older needs to be known.
const FORMS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// What stands for everybody.
const EVERYBODY: &str = "";

impl Store {
    /// The instant before which links issued to a person are void, where there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn links_void_before(&self, organisation: &str, person: &str) -> Result<Option<Timestamp>> {
        let doing = StoreStep::ReadVoidLinks;
        let row = query(
            "SELECT MAX(issued_before) AS issued_before FROM link_revocation \
             WHERE organisation = $1 AND (person = $2 OR person = $3)",
        )
        .bind(organisation)
        .bind(person)
        .bind(EVERYBODY)
        .fetch_one(&self.database)
        .await
        .doing(doing)?;
        optional_instant(&row, "issued_before")
    }

    /// Before which instants links are void, by person; those of everybody under no name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn void_links(&self, organisation: &str) -> Result<HashMap<String, Timestamp>> {
        let rows = query("SELECT person, issued_before FROM link_revocation WHERE organisation = $1")
            .bind(organisation)
            .fetch_all(&self.database)
            .await
            .doing(StoreStep::ReadVoidLinks)?;
        rows.iter().map(|row| Ok((text(row, "person")?, instant(row, "issued_before")?))).collect()
    }

    /// Makes void what was issued before `now`: to a person, or to everybody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_links(&self, organisation: &str, person: Option<&str>, now: Timestamp) -> Result<()> {
        let doing = StoreStep::VoidLinks;
        let mut tx = self.begin(organisation).await?;
        query(
            "INSERT INTO link_revocation (organisation, person, issued_before) VALUES ($1, $2, $3) \
             ON CONFLICT (organisation, person) DO UPDATE SET issued_before = excluded.issued_before",
        )
        .bind(tx.organisation())
        .bind(person.unwrap_or(EVERYBODY))
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await
        .doing(doing)?;
        tx.commit(doing).await
    }

    /// What a form that this person sent was taken as, where it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn form(&self, organisation: &str, name: &str, person: &str) -> Result<Option<String>> {
        let row = query("SELECT what FROM form WHERE organisation = $1 AND name = $2 AND person = $3")
            .bind(organisation)
            .bind(name)
            .bind(person)
            .fetch_optional(&self.database)
            .await
            .doing(StoreStep::FindForm)?;
        row.map(|row| text(&row, "what")).transpose()
    }

    /// The tasks of the reports and requests for time that a person has sent by link since an instant, one for each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_by_link(&self, scope: &Scope, person: &str, since: Timestamp) -> Result<Vec<TaskId>> {
        let rows = query(
            "SELECT task FROM progress WHERE organisation = $1 AND plan = $2 AND reporter = $3 AND how = $4 AND at >= $5 \
             UNION ALL SELECT task FROM time_request \
             WHERE organisation = $1 AND plan = $2 AND reporter = $3 AND how = $4 AND at >= $5",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(person)
        .bind(How::Link.as_str())
        .bind(since.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::CountByLink)?;
        rows.iter().map(|row| Ok(TaskId::new(&text(row, "task")?))).collect()
    }
}

/// A form that is taken together with what it says.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The name that its page gave it.
    pub name: &'a str,
    /// Who sent it.
    pub person: &'a str,
    /// When.
    pub at: Timestamp,
    /// What the thank-you page tells, as JSON.
    pub what: &'a str,
}

/// Notes in a transaction that a form is taken; `false` where it was taken before.
pub(crate) async fn take(tx: &mut Tx, form: Form<'_>) -> Result<bool> {
    let doing = StoreStep::TakeForm;
    // A clock that has jumped ahead makes nothing old.
    let latest = removal_mark(tx).await?.map_or(form.at, |mark| form.at.min(mark.end()));
    let long_ago = latest.saturating_sub(FORMS_KEPT).unwrap_or(Timestamp::MIN);
    query("DELETE FROM form WHERE organisation = $1 AND at < $2")
        .bind(tx.organisation())
        .bind(long_ago.as_millisecond())
        .execute(&mut **tx)
        .await
        .doing(doing)?;
    let taken = query(
        "INSERT INTO form (organisation, name, person, at, what) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (organisation, name) DO NOTHING",
    )
    .bind(tx.organisation())
    .bind(form.name)
    .bind(form.person)
    .bind(form.at.as_millisecond())
    .bind(form.what)
    .execute(&mut **tx)
    .await
    .doing(doing)?;
    Ok(taken.rows_affected() > 0)
}
