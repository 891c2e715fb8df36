//! Ids as commands show and take them: by their beginning.

/// How much of an id is shown; as much is enough to name what it stands for.
const LEN: usize = 8;

/// An id as it is shown.
pub(super) fn shown_id(id: &str) -> &str {
    id.get(..LEN).unwrap_or(id)
}

/// The beginning of an id that somebody wrote; `None` where it can be none.
pub(super) fn id_beginning(written: &str) -> Option<String> {
    let is_id = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| written.to_lowercase())
}
