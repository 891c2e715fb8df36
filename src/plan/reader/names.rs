//! Names of the configuration in free text, with or without diacritics; the longest one counts.

use std::collections::HashMap;

use crate::people::{Directory, RecipientId};
use crate::text;

/// A name that was found, as the configuration writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) people: Vec<RecipientId>,
}

/// A word or a mark of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NameToken {
    /// A word as written and without diacritics.
    Word {
        written: String,
        folded: String,
    },
    Mark(char),
    /// A dash with blanks around it.
    Dash,
    /// The end of a line.
    Line,
}

/// Finds names of a configuration in texts.
#[derive(Debug)]
pub(super) struct Finder<'d> {
    directory: &'d Directory,
    /// Names by their first word, longest first.
    names: HashMap<String, Vec<KnownName>>,
    /// Short names in capitals: "HT" is "hoàn thành" too, so they count only where they are written so.
    short: HashMap<String, String>,
    /// Persons by the last word of their names, where only one is called so: "cô Bình".
    given: HashMap<String, Option<RecipientId>>,
}

#[derive(Debug)]
struct KnownName {
    words: Vec<String>,
    name: String,
    /// Marks of a list stand between its words: "CB, GV, NV".
    has_marks: bool,
}

impl<'d> Finder<'d> {
    pub(super) fn new(directory: &'d Directory) -> Self {
        let mut names: HashMap<String, Vec<KnownName>> = HashMap::new();
        let mut short = HashMap::new();
        for name in directory.known_names() {
            if is_short(name) {
                short.insert(name.to_owned(), name.to_owned());
                continue;
            }
            let words = words(&text::fold(name));
            if let Some(first) = words.first() {
                let has_marks = name.contains([',', '/', '&', '+', ';', '-', '–']);
                names.entry(first.clone()).or_default().push(KnownName { words, name: name.to_owned(), has_marks });
            }
        }
        for known in names.values_mut() {
            // Of two names that differ in capitals alone the one in capitals counts, always the same.
            known.sort_by(|one, other| other.words.len().cmp(&one.words.len()).then_with(|| one.name.cmp(&other.name)));
        }
        let mut given: HashMap<String, Option<RecipientId>> = HashMap::new();
        for (id, recipient) in directory.iter() {
            let Some((_, last)) = recipient.name.rsplit_once(' ') else { continue };
            given.entry(text::nfc(last)).and_modify(|known| *known = None).or_insert(Some(id));
        }
        Self { directory, names, short, given }
    }

    /// The longest name that begins here, and how many tokens it takes up.
    pub(super) fn name_at(&self, tokens: &[NameToken]) -> Option<(Named, usize)> {
        let Some(NameToken::Word { written, folded }) = tokens.first() else { return None };
        let named = |name: &str| {
            let people = self.directory.resolve(name)?.to_vec();
            Some(Named { name: name.to_owned(), people })
        };
        let candidates = self.names.get(folded).map(Vec::as_slice).unwrap_or_default();
        for known in candidates {
            if let Some(length) = known.length(tokens) {
                return Some((named(&known.name)?, length));
            }
        }
        let name = self.short.get(written)?;
        Some((named(name)?, 1))
    }

    /// The person whose given name stands here behind "thầy", "cô" or "đ/c", where only one is called so. "Cô Lan Anh" is
    /// another than "cô Lan".
    pub(super) fn given_at(&self, tokens: &[NameToken]) -> Option<Named> {
        let Some(NameToken::Word { written, .. }) = tokens.first() else { return None };
        let id = (*self.given.get(written)?)?;
        let behind = tokens.get(1..).unwrap_or_default();
        let goes_on =
            matches!(behind.first(), Some(NameToken::Word { written, .. }) if written.starts_with(char::is_uppercase));
        if goes_on && self.name_at(behind).is_none() {
            return None;
        }
        Some(Named { name: self.directory.get(id).name.clone(), people: vec![id] })
    }
}

impl KnownName {
    /// How many tokens the name takes up, where it stands at their beginning.
    fn length(&self, tokens: &[NameToken]) -> Option<usize> {
        let mut place = 0;
        for (count, wanted) in self.words.iter().enumerate() {
            while count > 0 && self.has_marks && matches!(tokens.get(place), Some(NameToken::Mark(_) | NameToken::Dash))
            {
                place += 1;
            }
            match tokens.get(place) {
                Some(NameToken::Word { folded, .. }) if folded == wanted => place += 1,
                _ => return None,
            }
        }
        Some(place)
    }
}

fn is_short(name: &str) -> bool {
    !name.contains(' ') && name.chars().count() <= 5 && name.chars().all(char::is_uppercase)
}

fn words(folded: &str) -> Vec<String> {
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a text and the marks that divide it. "P.HT" is one word, "KT-VT" two; marks of lists at the beginning of
/// a line are passed over, "đ/c" is "đồng chí".
pub(super) fn tokens(written: &str) -> Vec<NameToken> {
    let mut tokens = Vec::new();
    for line in written.lines() {
        let line = super::bands::without_marks(line.trim());
        let line = text::nfc(line).replace("GD&ĐT", "GDĐT");
        let letters: Vec<char> = line.chars().collect();
        let mut word = String::new();
        let end = |word: &mut String, tokens: &mut Vec<NameToken>| {
            if !word.is_empty() {
                let written = std::mem::take(word);
                tokens.push(NameToken::Word { folded: text::fold(&written), written });
            }
        };
        let mut place = 0;
        while let Some(letter) = letters.get(place) {
            let next = letters.get(place + 1);
            let next_is_letter = next.is_some_and(|next| next.is_alphanumeric());
            if letter.is_alphanumeric() {
                word.push(*letter);
                place += 1;
                let rest = letters.get(place..).unwrap_or_default();
                if matches!(word.as_str(), "đ" | "Đ")
                    && matches!(rest, ['/' | '.', 'c' | 'C', ..])
                    && !rest.get(2).is_some_and(|more| more.is_alphanumeric())
                {
                    word.clear();
                    tokens.extend(
                        ["đồng", "chí"]
                            .map(|word| NameToken::Word { written: word.to_owned(), folded: text::fold(word) }),
                    );
                    place += 2 + usize::from(rest.get(2) == Some(&'.'));
                }
                continue;
            }
            let mut joins = false;
            let token = match letter {
                // A point within a number or an abbreviation ends nothing.
                '.' if next_is_letter => {
                    joins = true;
                    None
                }
                '.' | ';' | '!' | '?' | ',' | '&' | '+' | '/' | '(' | ')' | ':' => Some(NameToken::Mark(*letter)),
                '-' | '–' | '—' if !next_is_letter || word.is_empty() => Some(NameToken::Dash),
                // "KT-VT" is two names, "tổ 4-5" one.
                '-' | '–'
                    if next.is_some_and(|next| next.is_alphabetic())
                        && !word.ends_with(|last: char| last.is_ascii_digit()) =>
                {
                    Some(NameToken::Mark(','))
                }
                _ => None,
            };
            if !joins {
                end(&mut word, &mut tokens);
            }
            tokens.extend(token);
            place += 1;
        }
        end(&mut word, &mut tokens);
        tokens.push(NameToken::Line);
    }
    tokens
}
