//! What a line of a file may not show: who writes a password into the configuration by mistake finds it again in no
//! terminal that somebody else looks at. Values are withheld by the name of their key, for nothing else tells a secret
//! from a word.

use std::ops::Range;

/// Words of which a key of a secret is made, between `_` and `-`.
const WORDS: &[&str] = &["pass", "pwd", "pw", "key", "mk", "khoa", "proxy", "url", "credential", "credentials", "auth"];
/// Words that a key of a secret holds anywhere.
const PARTS: &[&str] = &["password", "passwd", "passphrase", "secret", "token", "apikey", "matkhau", "mat_khau"];
/// What stands in the place of a value.
const WITHHELD: &str = " …";

/// Lines as they may be shown, and where a mark in them has gone.
pub(super) struct ShownLines {
    pub(super) text: String,
    pub(super) mark: Range<usize>,
}

/// The lines without the values of secret-like keys: from the first such key on, all is withheld, for it may go over
/// several lines or stand beside another in one line.
pub(super) fn without_secrets(lines: &str, mark: Range<usize>) -> ShownLines {
    let Some(cut) = secret_from(lines).filter(|cut| !lines[*cut..].trim().is_empty()) else {
        return ShownLines { text: lines.to_owned(), mark };
    };
    let text = format!("{}{WITHHELD}", &lines[..cut]);
    let value = text.len() - '…'.len_utf8()..text.len();
    let mark = match mark {
        Range { start, end } if end <= cut => start..end,
        Range { start, .. } if start < cut => start..value.end,
        _ => value,
    };
    ShownLines { text, mark }
}

/// Whether a line may tell a secret, so that nothing of it is repeated elsewhere.
pub(crate) fn may_tell_secret(line: &str) -> bool {
    secret_from(line).is_some()
}

/// The byte from which on a text may tell a secret.
fn secret_from(text: &str) -> Option<usize> {
    let behind_key = words(text).find(|word| is_secret_key(&text[word.clone()])).map(|word| word.end);
    [behind_key, login(text)].into_iter().flatten().min()
}

/// The names that a text is made of.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '-')).map(move |word| {
        let place = start..start + word.len();
        // The letter between two words may have several bytes.
        start = place.end + text[place.end..].chars().next().map_or(0, char::len_utf8);
        place
    })
}

fn is_secret_key(word: &str) -> bool {
    let word = word.to_lowercase();
    let is_public = matches!(word.as_str(), "public_url" | "authentication");
    let has_word = word.split(['_', '-']).any(|part| WORDS.contains(&part));
    !is_public && (has_word || PARTS.iter().any(|part| word.contains(part)))
}

/// Where an address begins to tell a name and a password: `postgres://name:password@host`.
fn login(text: &str) -> Option<usize> {
    text.match_indices("://").map(|(at, sign)| at + sign.len()).find(|start| {
        let address = text[*start..].split(|letter: char| letter.is_whitespace() || "\"'".contains(letter)).next();
        address.is_some_and(|address| address.contains('@'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secret_like_keys_are_withheld_and_others_shown() {
        let cases = [
            ("password = \"hunter2\"", "password …"),
            ("password_file = \"hunter2\" # of the mailbox", "password_file …"),
            ("smtp_pw: hunter2", "smtp_pw …"),
            ("Mat_Khau = 'hunter2'", "Mat_Khau …"),
            (
                "oauth = { client_id = \"a\", client_secret = \"hunter2\" }",
                "oauth = { client_id = \"a\", client_secret …",
            ),
            ("secret = \"\"\"\nhunter2\n\"\"\"", "secret …"),
            ("url = \"https://chat.example/hunter2\"", "url …"),
            ("store = \"postgre://school:hunter2@db/x\"", "store = \"postgre:// …"),
            ("[channel.password]", "[channel.password …"),
            ("name = \"Hiệu trưởng\"", "name = \"Hiệu trưởng\""),
            ("monkey = \"a\"", "monkey = \"a\""),
            ("public_url = \"https://truong.example\"", "public_url = \"https://truong.example\""),
            ("token", "token"),
        ];
        for (line, shown) in cases {
            assert_eq!(without_secrets(line, 0..1).text, shown);
        }
    }

    #[test]
    fn a_mark_stays_on_what_is_shown() {
        let line = "password = \"hunter2\"";
        for (mark, shown) in [(0..8, "password"), (11..20, "…"), (0..20, "password …"), (11..11, "…")] {
            let lines = without_secrets(line, mark);
            assert_eq!(&lines.text[lines.mark], shown);
        }
    }
}
