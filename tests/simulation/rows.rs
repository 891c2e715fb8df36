//! What stands in the store at the end of a year, as plain values.

use jiff::Timestamp;
use nhacviec::store::SimulatedDatabase;

/// A notice.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    pub subject: String,
    pub kind: String,
    pub recipient: String,
    pub day: String,
    pub on: String,
    pub state: String,
    pub why: String,
    pub decided: Timestamp,
    pub ended: Option<Timestamp>,
    pub message: String,
}

/// A message.
#[derive(Clone, Debug)]
pub struct MessageRow {
    pub id: String,
    pub class: String,
    pub recipient: String,
    pub state: String,
    pub created: Timestamp,
    /// What it says, as JSON, where it is a note or an alert.
    pub says: String,
}

/// The store as it is.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub notices: Vec<NoticeRow>,
    pub messages: Vec<MessageRow>,
    /// Of each request for time: task, who asked, the date asked for.
    pub requests: Vec<(String, String, String)>,
    /// What the database itself says of its soundness.
    pub soundness: Vec<String>,
}

fn at(text: &str) -> Option<Timestamp> {
    text.parse().ok().and_then(|millisecond| Timestamp::from_millisecond(millisecond).ok())
}

/// Reads the store.
pub async fn read(database: &SimulatedDatabase) -> Rows {
    let ask = async |sql: &str| database.ask(sql).await.unwrap_or_else(|error| vec![format!("{error:?}")]);
    let notices = ask(
        "SELECT subject || '|' || kind || '|' || recipient || '|' || day || '|' || on_date || '|' || state || '|' || \
         COALESCE(why, '') || '|' || decided_at || '|' || COALESCE(ended_at, '') || '|' || COALESCE(message, '') \
         FROM notice ORDER BY decided_at, subject, kind, recipient, day",
    );
    let messages = ask("SELECT id || '|' || class || '|' || recipient || '|' || state || '|' || created_at || '|' || \
         COALESCE(alert, '') FROM message ORDER BY created_at, id");
    let requests = ask("SELECT task || '|' || COALESCE(reporter, '') || '|' || due FROM time_request ORDER BY at");
    let sound = ask("PRAGMA integrity_check");
    let keys = ask("SELECT CAST(\"table\" AS TEXT) FROM pragma_foreign_key_check");
    let notice = |row: &String| {
        let parts: Vec<&str> = row.split('|').collect();
        let part = |place: usize| parts.get(place).copied().unwrap_or_default().to_owned();
        NoticeRow {
            subject: part(0),
            kind: part(1),
            recipient: part(2),
            day: part(3),
            on: part(4),
            state: part(5),
            why: part(6),
            decided: at(&part(7)).unwrap_or_default(),
            ended: at(&part(8)),
            message: part(9),
        }
    };
    let message = |row: &String| {
        let parts: Vec<&str> = row.splitn(6, '|').collect();
        let part = |place: usize| parts.get(place).copied().unwrap_or_default().to_owned();
        MessageRow {
            id: part(0),
            class: part(1),
            recipient: part(2),
            state: part(3),
            created: at(&part(4)).unwrap_or_default(),
            says: part(5),
        }
    };
    let request = |row: &String| {
        let mut parts = row.split('|').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        (next(), next(), next())
    };
    let mut soundness = sound.await;
    soundness.retain(|word| word != "ok");
    soundness.extend(keys.await);
    Rows {
        notices: notices.await.iter().map(notice).collect(),
        messages: messages.await.iter().map(message).collect(),
        requests: requests.await.iter().map(request).collect(),
        soundness,
    }
}
