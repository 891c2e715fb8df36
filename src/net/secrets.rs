//! What must not be seen in anything that comes from the server: some servers repeat in a refusal what was said.

use std::collections::HashSet;
use std::fmt;

use url::Url;

/// So many letters of a secret in a row are struck out wherever they stand.
const PIECE: usize = 8;
/// A secret shorter than this cannot be told from a word.
const SHORTEST: usize = 4;
/// No word of an address that people write is so long, in letters.
const LONGEST_WORD: usize = 16;
/// What stands in the place of a secret.
const STRUCK: &str = "(secret)";

/// Secrets, in every form in which they were said.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    /// The pieces of long secrets, in small letters: some servers repeat in capitals.
    pieces: HashSet<[u8; PIECE]>,
    /// Secrets shorter than a piece.
    short: Vec<Vec<u8>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Strikes this out from now on.
    pub(crate) fn add(&mut self, secret: &str) {
        let secret = secret.to_ascii_lowercase().into_bytes();
        if secret.len() < PIECE {
            self.short.extend((secret.len() >= SHORTEST).then_some(secret));
        } else {
            self.pieces.extend(secret.windows(PIECE).filter_map(|piece| <[u8; PIECE]>::try_from(piece).ok()));
        }
    }

    /// Strikes out an address that is a key: its path and its query as a whole, what looks like a key in the path, each value
    /// of the query, and what stands before the host.
    pub(crate) fn add_url(&mut self, url: &Url) {
        let looks_like_a_key = |segment: &&str| {
            let has = |is: fn(&char) -> bool| segment.chars().any(|letter| is(&letter));
            segment.len() >= LONGEST_WORD || has(char::is_ascii_digit) || has(char::is_ascii_uppercase)
        };
        self.add(url.path());
        url.path_segments().into_iter().flatten().filter(looks_like_a_key).for_each(|segment| self.add(segment));
        self.add(url.username());
        self.add(url.password().unwrap_or_default());
        self.add(url.query().unwrap_or_default());
        url.query_pairs().for_each(|(_, value)| self.add(&value));
    }

    /// A text without them: words in which one stands, or a piece of one.
    pub(crate) fn strike(&self, text: String) -> String {
        if self.pieces.is_empty() && self.short.is_empty() {
            return text;
        }
        let small = text.to_ascii_lowercase().into_bytes();
        let mut is_struck = vec![false; small.len()];
        for (place, piece) in small.windows(PIECE).enumerate() {
            if <[u8; PIECE]>::try_from(piece).is_ok_and(|piece| self.pieces.contains(&piece)) {
                is_struck[place..place + PIECE].fill(true);
            }
        }
        for secret in &self.short {
            for (place, _) in small.windows(secret.len()).enumerate().filter(|(_, window)| window == secret) {
                is_struck[place..place + secret.len()].fill(true);
            }
        }
        if !is_struck.contains(&true) {
            return text;
        }
        without(&text, &is_struck)
    }
}

/// The text without each run of letters of a secret, and what stands beside it within the same word in base64: at the
/// ends of a line that was cut the pieces are too short to be known.
fn without(text: &str, is_struck: &[bool]) -> String {
    let is_of_base64 = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=');
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        // A run of struck letters and letters of base64, or one other letter.
        let belongs = |(place, letter): (usize, char)| {
            is_of_base64(letter) || is_struck[start + place..start + place + letter.len_utf8()].contains(&true)
        };
        let end = rest.char_indices().find(|letter| !belongs(*letter)).map_or(rest.len(), |(place, _)| place);
        let end = if end == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { end };
        let (run, behind) = rest.split_at(end);
        let has_secret = is_struck[start..start + end].contains(&true);
        kept.push_str(if has_secret { STRUCK } else { run });
        rest = behind;
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn struck(secrets: &[&str], text: &str) -> String {
        let mut all = Secrets::default();
        for secret in secrets {
            all.add(secret);
        }
        all.strike(text.to_owned())
    }

    #[test]
    fn secrets_are_struck_out_whole_in_part_and_in_any_case() {
        let base64 = "AHUAc2VzYW1lLW9wZW4=";
        let cases = [
            ("535 AUTH PLAIN AHUAc2VzYW1lLW9wZW4= failed", "535 AUTH PLAIN (secret) failed"),
            ("AUTH PLAIN AHUAC2VZYW1LLW9WZW4=", "AUTH PLAIN (secret)"),
            ("bad line: AHUAc2VzYW1lLW9", "bad line: (secret)"),
            ("VzYW1lLW9wZW4=, yes", "(secret), yes"),
            ("password <sesame-open> is wrong", "password <(secret)> is wrong"),
            ("wrong password for u", "wrong password for u"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(struck(&[base64, "sesame-open"], text), expected);
        }
        assert_eq!(struck(&["mật"], "mật-khẩu của mật"), "(secret)-khẩu của (secret)");
        assert_eq!(struck(&["abc"], "abc"), "abc", "three letters are a word");
        assert_eq!(struck(&[], "abcdefghij"), "abcdefghij");
    }

    #[test]
    fn an_address_that_is_a_key_is_struck_out_and_the_words_around_it_are_not() {
        let url = |text: &str| Url::parse(text).unwrap();
        let cases = [
            (
                "https://a.example/hook/x7Kq?key=sesame",
                "Cannot POST /hook/x7Kq?key=sesame",
                "Cannot POST (secret)?(secret)",
            ),
            ("https://a.example/hook/x7Kq", "this hook is gone: x7kq", "this hook is gone: (secret)"),
            ("https://u:pass-word@a.example/in", "no page /in for pass-word", "no page /in for (secret)"),
            ("https://a.example/", "a.example: / is not found", "a.example: / is not found"),
        ];
        for (address, text, expected) in cases {
            let mut secrets = Secrets::default();
            secrets.add_url(&url(address));
            let said = secrets.strike(text.to_owned());
            assert_eq!(said, expected, "{address}");
        }
    }
}
