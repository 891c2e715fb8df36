//! A mail that says that another one did not arrive (RFC 3464).

use mail_parser::{Message, MimeHeaders};

use crate::text;

use super::ids::ids;

/// No reason is longer, in letters.
const LONGEST_REASON: usize = 300;
/// How much of a report is looked through for the message that it is about.
const LOOKED_THROUGH: usize = 1 << 20;

/// What became of a message at another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The messages that it may be about, by their names.
    pub about: Vec<String>,
    /// Addresses that could not be reached, and never will be, each with what was said.
    pub failed: Vec<(String, String)>,
}

/// What a report of deliveries says; `None` where the mail is none.
pub(super) fn read(message: &Message<'_>) -> Option<Bounce> {
    let kind = message.root_part().content_type()?;
    let is_report = kind.c_type.eq_ignore_ascii_case("multipart")
        && kind.c_subtype.as_ref().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
        && kind.attribute("report-type").is_some_and(|report| report.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let status = message.parts.iter().find(|part| part.is_content_type("message", "delivery-status"));
    let raw = message.raw_message();
    let fields = status.map(|part| {
        let end = usize::try_from(part.offset_end).unwrap_or(0);
        let start = usize::try_from(part.offset_body).unwrap_or(0);
        String::from_utf8_lossy(raw.get(start..end).unwrap_or_default()).replace("\r\n", "\n")
    });
    let about = ids(&String::from_utf8_lossy(&raw[..raw.len().min(LOOKED_THROUGH)]));
    // The first group is about the message, each other one about a recipient; some programs have blank lines too many.
    let groups = fields.unwrap_or_default();
    let failed = groups.split("\n\n").filter_map(failed).collect();
    Some(Bounce { about, failed })
}

/// The address that could not be reached for good, and what was said of it.
fn failed(group: &str) -> Option<(String, String)> {
    let unfolded = group.replace("\n ", " ").replace("\n\t", " ");
    let field = |name: &str| {
        unfolded.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let is_failed = field("action")?.eq_ignore_ascii_case("failed");
    let status = field("status")?;
    if !is_failed || !status.starts_with("5.") {
        return None;
    }
    // The address as we wrote it, where the last server knew another.
    let written = field("original-recipient").or_else(|| field("final-recipient"))?;
    let address = written.split_once(';').map_or(written.as_str(), |(_, address)| address);
    let address = address.trim().trim_matches(['<', '>']).to_lowercase();
    let said =
        field("diagnostic-code").map(|said| said.split_once(';').map_or(said.clone(), |(_, said)| said.to_owned()));
    let reason = text::nfc(&said.unwrap_or(status));
    Some((address, reason.chars().take(LONGEST_REASON).collect()))
}
