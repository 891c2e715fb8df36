//! The messages that a mail is about, by their names for life.

/// The name of a message has so many digits.
const ID: usize = 32;
/// No mail answers more messages.
const MOST_IDS: usize = 100;

/// The names for life of messages in a text: `3f9a…@school.example`, each once.
pub(super) fn ids(text: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let parts: Vec<&str> = text.split('@').collect();
    for before in parts.iter().take(parts.len() - 1) {
        let bytes = before.as_bytes();
        let Some(tail) = bytes.len().checked_sub(ID).map(|start| &bytes[start..]) else { continue };
        let is_id = tail.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte));
        let starts = bytes.len() == ID || !bytes[bytes.len() - ID - 1].is_ascii_alphanumeric();
        if is_id && starts {
            let id = String::from_utf8_lossy(tail).into_owned();
            if !ids.contains(&id) && ids.len() < MOST_IDS {
                ids.push(id);
            }
        }
    }
    ids
}
