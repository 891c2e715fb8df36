//! Addresses of electronic mail as people mistype them: what was probably meant, and what is doubtful.

use std::collections::HashMap;

use lettre::Address;

use crate::diagnostic::Place;
use crate::text;
use crate::toml_file::TomlDocument;

use super::mistake::PeopleMistake;
use super::{Recipient, RecipientKind};

/// Services at which many people have their mailbox.
const PROVIDERS: &[&str] = &[
    "gmail.com",
    "yahoo.com",
    "yahoo.com.vn",
    "outlook.com",
    "outlook.com.vn",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "moet.edu.vn",
];
/// Services that are called much like one of those, and are none of them.
const OTHERS: &[&str] = &["mail.com", "email.com", "ymail.com", "gmx.com", "rocketmail.com", "googlemail.com"];
/// How many letters of a service's name may be wrong.
const MAX_WRONG: usize = 2;

/// The address that was probably meant by a text that is none: without diacritics, blanks and signs around it, with a dot
/// for a comma.
#[must_use]
pub(crate) fn mended(written: &str) -> Option<String> {
    let folded = text::fold(written);
    let bare = folded.trim_start_matches("mailto:").trim_matches(|sign: char| "<>()[]\"'.,;:".contains(sign));
    let joined: String = bare
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect();
    let (user, host) = joined.split_once('@')?;
    let host = PROVIDERS.iter().find(|known| known.replace('.', "") == host).map_or(host, |known| *known);
    let address = format!("{user}@{host}");
    (address.parse::<Address>().is_ok() && host.contains('.') && address != written).then_some(address)
}

/// The address at a large service that was probably meant by one that is nearly there.
#[must_use]
pub(crate) fn near_miss(address: &str) -> Option<String> {
    let (user, host) = address.split_once('@')?;
    let host = host.to_lowercase();
    if PROVIDERS.contains(&host.as_str()) || OTHERS.contains(&host.as_str()) {
        return None;
    }
    let meant = |known: &&&str| {
        // This one has a single host: "gmail" alone and "gmail.com.vn" are nothing.
        let is_cut_or_prolonged = **known == PROVIDERS[0] && host.split('.').next() == Some("gmail");
        let most = MAX_WRONG.min(known.len() / 5);
        // Each letter too many or too few is one that is wrong.
        let is_as_long = host.chars().count().abs_diff(known.len()) <= most;
        is_cut_or_prolonged || (is_as_long && strsim::damerau_levenshtein(&host, known) <= most)
    };
    let near = PROVIDERS.iter().filter(meant).min_by_key(|known| strsim::damerau_levenshtein(&host, known))?;
    Some(format!("{user}@{near}"))
}

/// Doubts that somebody of a list is told anything who has neither an address nor a conversation.
pub(super) fn doubt_missing(recipient: &Recipient, place: &Place, document: &TomlDocument) {
    if recipient.email.is_none() && recipient.chats.is_empty() {
        document.warning_at(place.clone(), PeopleMistake::NoAddress { name: recipient.name.clone() });
    }
}

/// Doubts addresses to which mails would go astray: near misses of large services, hosts without a dot, one address for two
/// people.
pub(super) fn doubt(recipients: &[Recipient], places: &[Place], document: &TomlDocument) {
    let mut known: HashMap<String, &str> = HashMap::new();
    for (recipient, place) in recipients.iter().zip(places) {
        if recipient.kind == RecipientKind::Group {
            continue;
        }
        let Some(email) = &recipient.email else { continue };
        let (address, name) = (email.clone(), recipient.name.clone());
        if let Some(meant) = near_miss(email) {
            document.warning_at(place.clone(), PeopleMistake::NearMiss { address, name, meant });
        } else if !email.rsplit('@').next().is_some_and(|host| host.contains('.')) {
            document.warning_at(place.clone(), PeopleMistake::NoDot { address, name });
        }
        match known.get(&email.to_lowercase()) {
            None => {
                known.insert(email.to_lowercase(), &recipient.name);
            }
            Some(other) => {
                let (address, name, other) = (email.clone(), recipient.name.clone(), (*other).to_owned());
                document.warning_at(place.clone(), PeopleMistake::SharedAddress { address, name, other });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistyped_addresses_are_recognised_and_others_left_alone() {
        let cases = [
            ("a@gmial.com", Some("a@gmail.com")),
            ("a@gmai.com", Some("a@gmail.com")),
            ("a@gmail.con", Some("a@gmail.com")),
            ("a@gmail.com.vn", Some("a@gmail.com")),
            ("a@gmail", Some("a@gmail.com")),
            ("a@yaho.com", Some("a@yahoo.com")),
            ("a@yahoo.com.v", Some("a@yahoo.com.vn")),
            ("a@hotmial.com", Some("a@hotmail.com")),
            ("a@gmail.com", None),
            ("a@yahoo.com.vn", None),
            ("a@mail.com", None),
            ("a@truong.edu.vn", None),
            ("a@thanhhung.example", None),
        ];
        for (address, meant) in cases {
            assert_eq!(near_miss(address).as_deref(), meant, "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_mended_where_it_can_be() {
        let cases = [
            ("hiệu-trưởng@thanhhung.example", Some("hieu-truong@thanhhung.example")),
            ("an @ thanhhung.example", Some("an@thanhhung.example")),
            ("an@thanhhung,example", Some("an@thanhhung.example")),
            ("<an@thanhhung.example>;", Some("an@thanhhung.example")),
            ("an@gmailcom", Some("an@gmail.com")),
            ("không có", None),
            ("an@", None),
        ];
        for (written, meant) in cases {
            assert_eq!(mended(written).as_deref(), meant, "{written}");
        }
    }
}
