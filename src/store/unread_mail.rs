//! Mails that the mailbox does not give: how often that was tried, until they are read or gone.

use jiff::Timestamp;

use crate::reason::Reason;

use super::{Doing, Result, Store, StoreStep, instant, number, query, reason};

/// A mail that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadMail {
    /// Its number.
    pub uid: u32,
    /// How often it was tried.
    pub tries: u32,
    /// When it was tried last.
    pub tried_at: Timestamp,
    /// Why the last try failed.
    pub reason: Reason,
    /// Whether the admin was told of it.
    pub told: bool,
}

impl Store {
    /// The mails of a mailbox that could not be read, by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unread_mails(&self, organisation: &str, mailbox: &str) -> Result<Vec<UnreadMail>> {
        let rows = query(
            "SELECT uid, tries, tried_at, reason, told FROM unread_mail WHERE organisation = $1 AND mailbox = $2 ORDER BY uid",
        )
        .bind(organisation)
        .bind(mailbox)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadUnread)?;
        rows.iter()
            .map(|row| {
                Ok(UnreadMail {
                    uid: u32::try_from(number(row, "uid")?).unwrap_or(u32::MAX),
                    tries: u32::try_from(number(row, "tries")?).unwrap_or(u32::MAX),
                    tried_at: instant(row, "tried_at")?,
                    reason: reason(row, "reason")?,
                    told: number(row, "told")? != 0,
                })
            })
            .collect()
    }

    /// Notes that a mail could not be read once more, and why.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn note_unread(
        &self,
        organisation: &str,
        (mailbox, uid): (&str, u32),
        reason: &Reason,
        now: Timestamp,
    ) -> Result<()> {
        let doing = StoreStep::NoteUnread;
        let mut tx = self.begin(organisation).await?;
        query(
            "INSERT INTO unread_mail (organisation, mailbox, uid, tries, tried_at, reason, told) \
             VALUES ($1, $2, $3, 1, $4, $5, 0) ON CONFLICT (organisation, mailbox, uid) \
             DO UPDATE SET tries = unread_mail.tries + 1, tried_at = excluded.tried_at, reason = excluded.reason",
        )
        .bind(tx.organisation())
        .bind(mailbox)
        .bind(i64::from(uid))
        .bind(now.as_millisecond())
        .bind(reason.stored())
        .execute(&mut *tx)
        .await
        .doing(doing)?;
        tx.commit(doing).await
    }

    /// Notes that the admin was told of a mail that cannot be read.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn told_of_unread(&self, organisation: &str, mailbox: &str, uid: u32) -> Result<()> {
        const TOLD: &str = "UPDATE unread_mail SET told = 1 WHERE organisation = $1 AND mailbox = $2 AND uid = $3";
        let doing = StoreStep::NoteUnreadTold;
        self.change_unread(TOLD, organisation, (mailbox, uid), doing).await
    }

    /// Forgets a mail that was read or is gone.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn forget_unread(&self, organisation: &str, mailbox: &str, uid: u32) -> Result<()> {
        const FORGET: &str = "DELETE FROM unread_mail WHERE organisation = $1 AND mailbox = $2 AND uid = $3";
        self.change_unread(FORGET, organisation, (mailbox, uid), StoreStep::NoteRead).await
    }

    async fn change_unread(
        &self,
        statement: &'static str,
        organisation: &str,
        (mailbox, uid): (&str, u32),
        doing: StoreStep,
    ) -> Result<()> {
        let mut tx = self.begin(organisation).await?;
        let changed = query(statement).bind(tx.organisation()).bind(mailbox).bind(i64::from(uid));
        changed.execute(&mut *tx).await.doing(doing)?;
        tx.commit(doing).await
    }
}
