//! A mail that says that another one did not arrive: a report of deliveries (RFC 3464) with or without its `report-type`,
//! Exim's header, the text of qmail and that of Exchange.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::text;

use super::automatic::is_automatic;
use super::ids::ids;

/// The longest reason, in letters.
const MAX_REASON_LEN: usize = 300;
/// How many bytes of a report, and of what is encoded in it, are looked through for the message that it is about.
const MAX_BYTES: usize = 1 << 20;
/// The most addresses of one report.
const MAX_ADDRESSES: usize = 100;
/// How qmail's reports begin (<https://cr.yp.to/proto/qsbmf.txt>).
const QMAIL: &str = "Hi. This is the";
/// What Exchange writes above the addresses that it could not reach, and the words of the server for each.
const EXCHANGE: &str = "Diagnostic information for administrators:";
/// The field of Exim, which others have taken over.
const FAILED_RECIPIENTS: &str = "x-failed-recipients";

/// What became of a message at another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The messages that it may be about, by their names for life.
    pub about: Vec<String>,
    /// Addresses that could not be reached, and never will be, in lower case, each with what was said.
    pub failed: Vec<(String, String)>,
    /// Whether its envelope names no sender, as that of every report must (RFC 5321, 4.5.5).
    pub has_null_sender: bool,
}

/// What a report of deliveries says; `None` where the mail is none. `fields` are its own, with names in lower case.
pub(super) fn read(message: &Message<'_>, fields: &[(String, String)], subject: &str) -> Option<Bounce> {
    // The latter where an address has letters other than a–z (RFC 6533).
    let is_status = |part: &&MessagePart<'_>| {
        ["delivery-status", "global-delivery-status"].iter().any(|kind| part.is_content_type("message", kind))
    };
    let status = message.parts.iter().find(is_status);
    let header = fields.iter().find(|(name, _)| name == FAILED_RECIPIENTS).map(|(_, value)| value.as_str());
    let words = text_of(message);
    let mut failed: Vec<(String, String)> = match (status, header) {
        (Some(part), _) => {
            let raw = message.raw_message();
            let end = usize::try_from(part.offset_end).unwrap_or(0);
            let start = usize::try_from(part.offset_body).unwrap_or(0);
            let written = failed_in_status(raw.get(start..end).unwrap_or_default());
            // It is never to be encoded, and some programs encode it.
            if written.is_empty() { failed_in_status(part.contents()) } else { written }
        }
        (None, Some(header)) => header.split(',').map(|address| with_reason(address, &words)).collect(),
        // Whoever forwards such a text to ask what it means is no server.
        (None, None) if is_automatic(fields, subject) => in_words(&words)?,
        (None, None) => return None,
    };
    let mut seen = std::collections::HashSet::new();
    failed.retain(|(address, _)| address.contains('@') && seen.insert(address.clone()));
    failed.truncate(MAX_ADDRESSES);
    // The topmost is the server's own.
    let sender = fields.iter().find(|(name, _)| name == "return-path").map(|(_, value)| value.replace(' ', ""));
    Some(Bounce { about: about(message), failed, has_null_sender: sender.is_some_and(|sender| sender == "<>") })
}

/// The messages that a report names anywhere, also where what it returns is encoded.
fn about(message: &Message<'_>) -> Vec<String> {
    let raw = message.raw_message();
    let mut about = ids(&String::from_utf8_lossy(&raw[..raw.len().min(MAX_BYTES)]));
    let mut left = MAX_BYTES;
    for part in &message.parts {
        let bytes = part.contents();
        let bytes = &bytes[..bytes.len().min(left)];
        left -= bytes.len();
        for id in ids(&String::from_utf8_lossy(bytes)) {
            if !about.contains(&id) {
                about.push(id);
            }
        }
    }
    about
}

/// The text of a report for people.
fn text_of(message: &Message<'_>) -> String {
    let texts = message.text_bodies().filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.replace("\r\n", "\n")),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// The addresses that could not be reached for good by a status of deliveries.
fn failed_in_status(status: &[u8]) -> Vec<(String, String)> {
    let groups = String::from_utf8_lossy(status).replace("\r\n", "\n");
    // The first group is about the message, each other one about a recipient; some programs have blank lines too many.
    groups.split("\n\n").flat_map(failed_in_group).collect()
}

/// The addresses that could not be reached for good by a group of fields, and what was said of them: the address as we
/// wrote it and that which the last server knew. `failed` is final whatever the status is (RFC 3464, 2.3.3).
fn failed_in_group(group: &str) -> Vec<(String, String)> {
    let unfolded = group.replace("\n ", " ").replace("\n\t", " ");
    let field = |name: &str| {
        unfolded.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let action = field("action").unwrap_or_default();
    if !action.split_whitespace().next().is_some_and(|action| action.eq_ignore_ascii_case("failed")) {
        return Vec::new();
    }
    let said =
        field("diagnostic-code").map(|said| said.split_once(';').map_or(said.clone(), |(_, said)| said.to_owned()));
    let reason = reason(&said.or_else(|| field("status")).unwrap_or(action));
    let written = [field("original-recipient"), field("final-recipient")];
    let addresses = written.into_iter().flatten().map(|written| match written.split_once(';') {
        Some((_, address)) => bare(address),
        None => bare(&written),
    });
    addresses.map(|address| (address, reason.clone())).collect()
}

/// An address of a header, and what stands below it in the text: Exim's `  address` with deeper lines.
fn with_reason(address: &str, words: &str) -> (String, String) {
    let address = bare(address);
    let below = words.lines().skip_while(|line| bare(line) != address).skip(1);
    let said: Vec<&str> = below.take_while(|line| line.starts_with("    ")).map(str::trim).collect();
    (address, reason(&said.join(" ")))
}

/// The addresses and reasons in a text of qmail's or Exchange's; `None` where it is none.
fn in_words(words: &str) -> Option<Vec<(String, String)>> {
    if words.trim_start().starts_with(QMAIL) {
        let paragraphs = words.split("\n\n").skip(1).map(str::trim_start);
        // The break, which begins with a hyphen, ends the list.
        let own = paragraphs.take_while(|paragraph| !paragraph.starts_with('-'));
        let failed = own.filter_map(|paragraph| {
            let (address, said) = paragraph.strip_prefix('<')?.split_once(">:")?;
            Some((bare(address), reason(said)))
        });
        return Some(failed.collect());
    }
    let (_, told) = words.split_once(EXCHANGE)?;
    let mut lines = told.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut failed = Vec::new();
    while let Some(line) = lines.next() {
        let address = bare(line);
        if address.contains('@') && !address.contains(char::is_whitespace) {
            failed.push((address, reason(lines.next().unwrap_or_default())));
        }
    }
    Some(failed)
}

fn bare(address: &str) -> String {
    address.trim().trim_matches(['<', '>']).trim().to_lowercase()
}

fn reason(said: &str) -> String {
    let said = text::nfc(&said.split_whitespace().collect::<Vec<_>>().join(" "));
    said.chars().take(MAX_REASON_LEN).collect()
}
