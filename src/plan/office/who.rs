//! Who answers for a task and who helps, out of free wording ("Hiệu trưởng chỉ đạo tổ văn phòng rà soát …"). Only names
//! that the configuration knows are found, with or without diacritics; the longest one counts. What is not understood
//! names nobody: never a guess.

use std::collections::HashMap;

use crate::people::{Directory, RecipientId};
use crate::text;

/// A name that was found, as the configuration writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) people: Vec<RecipientId>,
}

/// Who answers for a task and who helps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) leads: Vec<Named>,
    pub(super) with: Vec<Named>,
}

/// Words that may stand before a name, or between two of a list.
const FILLERS: &[&str] = &[
    "cac", "doi", "ngu", "toan", "the", "tap", "mot", "so", "dong", "chi", "thanh", "vien", "giua", "trong", "thay",
    "co", "ong", "ba", "tat", "ca",
];
/// What a name can do that makes the next ones its helpers.
const TOGETHER: &[&[&str]] =
    &[&["phoi", "ket", "hop"], &["phoi", "hop"], &["ket", "hop"], &["hop", "tac"], &["cung"], &["voi"]];
/// What a name can do that makes the next ones those who answer.
const ORDERS: &[&[&str]] = &[&["chi", "dao"], &["phan", "cong"], &["giao", "cho"], &["giao"]];
/// What only the one who answers does.
const LEADS: &[&[&str]] = &[&["chu", "tri"], &["phu", "trach"], &["chiu", "trach", "nhiem"]];

/// Finds names of a configuration in texts.
#[derive(Debug)]
pub(super) struct Finder<'d> {
    directory: &'d Directory,
    /// Names by their first word, longest first: their words and how they are written.
    names: HashMap<String, Vec<(Vec<String>, String)>>,
    /// Short names in capitals: "HT" is "hoàn thành" too, so they count only where they are written so.
    short: HashMap<String, String>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Name(Named),
    Word(String),
    /// Between the parts of a list.
    And,
    /// The end of a sentence or clause.
    End,
}

impl<'d> Finder<'d> {
    pub(super) fn new(directory: &'d Directory) -> Self {
        let mut names: HashMap<String, Vec<(Vec<String>, String)>> = HashMap::new();
        let mut short = HashMap::new();
        for name in directory.known_names() {
            if is_short(name) {
                short.insert(name.to_owned(), name.to_owned());
                continue;
            }
            let words = words(&text::fold(name));
            if let Some(first) = words.first() {
                names.entry(first.clone()).or_default().push((words, name.to_owned()));
            }
        }
        for known in names.values_mut() {
            // Of two names that differ in capitals alone the one in capitals counts, always the same.
            known.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.1.cmp(&other.1)));
        }
        Self { directory, names, short }
    }

    /// Who answers and who helps, from a column that says both.
    pub(super) fn responsible(&self, written: &str) -> Who {
        let mut who = Who::default();
        for sentence in self.pieces(written).split(|piece| *piece == Piece::End) {
            read_sentence(sentence, &mut who);
        }
        who
    }

    /// Everybody who is named in a column of helpers; whoever a thing is done *for* is not.
    pub(super) fn all(&self, written: &str) -> Vec<Named> {
        let pieces = self.pieces(written);
        let mut found = Vec::new();
        for (place, piece) in pieces.iter().enumerate() {
            let Piece::Name(named) = piece else { continue };
            let before = pieces[..place].iter().rev().find(|piece| !is_filler(piece));
            if !matches!(before, Some(Piece::Word(word)) if word == "cho" || word == "cua") {
                found.push(named.clone());
            }
        }
        found
    }

    /// Those who are told to do something in the column of what is to be done: "Giao tổ trưởng chuyên môn hướng dẫn …".
    pub(super) fn ordered(&self, written: &str) -> Vec<Named> {
        let pieces = self.pieces(written);
        let mut found = Vec::new();
        for sentence in pieces.split(|piece| *piece == Piece::End) {
            let Some(length) = starts_with(sentence, ORDERS) else { continue };
            found.extend(list(&sentence[length..]).0);
        }
        found
    }

    fn pieces(&self, written: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for line in written.lines() {
            let tokens = tokens(line);
            let mut at = 0;
            while let Some(token) = tokens.get(at) {
                match token {
                    Token::Mark(mark) => {
                        pieces.push(if matches!(mark, '.' | ';' | '!' | '?') { Piece::End } else { Piece::And });
                        at += 1;
                    }
                    Token::Word(word) => match self.name_at(&tokens[at..]) {
                        Some((named, length)) => {
                            pieces.push(Piece::Name(named));
                            at += length;
                        }
                        None => {
                            let folded = text::fold(word);
                            pieces.push(if folded == "va" { Piece::And } else { Piece::Word(folded) });
                            at += 1;
                        }
                    },
                }
            }
            pieces.push(Piece::End);
        }
        pieces
    }

    /// The longest name that begins here, and how many words it takes up.
    fn name_at(&self, tokens: &[Token]) -> Option<(Named, usize)> {
        let Some(Token::Word(first)) = tokens.first() else { return None };
        let named = |name: &str| {
            let people = self.directory.resolve(name)?.to_vec();
            Some(Named { name: name.to_owned(), people })
        };
        let candidates = self.names.get(&text::fold(first)).map(Vec::as_slice).unwrap_or_default();
        for (words, name) in candidates {
            let here = tokens.iter().take(words.len()).filter_map(|token| match token {
                Token::Word(word) => Some(text::fold(word)),
                Token::Mark(_) => None,
            });
            if here.eq(words.iter().cloned()) {
                return Some((named(name)?, words.len()));
            }
        }
        let name = self.short.get(first)?;
        Some((named(name)?, 1))
    }
}

fn is_short(name: &str) -> bool {
    !name.contains(' ') && name.chars().count() <= 5 && name.chars().all(char::is_uppercase)
}

fn words(folded: &str) -> Vec<String> {
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[derive(Debug)]
enum Token {
    Word(String),
    Mark(char),
}

/// The words of a line and the marks that divide it. "CBGV-NV" is one word, "P.HT" too.
fn tokens(line: &str) -> Vec<Token> {
    let line = text::nfc(line);
    let mut tokens = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = line.chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        if letter.is_alphanumeric() {
            word.push(*letter);
            continue;
        }
        if !word.is_empty() {
            tokens.push(Token::Word(std::mem::take(&mut word)));
        }
        let next_is_letter = letters.get(place + 1).is_some_and(|next| next.is_alphanumeric());
        match letter {
            // A point within a number or an abbreviation ends nothing.
            '.' if next_is_letter => {}
            '.' | ';' | '!' | '?' | ',' | '&' | '+' | '/' | '(' | ')' | ':' => tokens.push(Token::Mark(*letter)),
            '-' | '–' if !next_is_letter => tokens.push(Token::Mark(',')),
            _ => {}
        }
    }
    if !word.is_empty() {
        tokens.push(Token::Word(word));
    }
    tokens
}

fn is_filler(piece: &Piece) -> bool {
    matches!(piece, Piece::Word(word) if FILLERS.contains(&word.as_str()))
}

/// How many pieces the phrase takes up that these begin with, where they begin with one.
fn starts_with(pieces: &[Piece], phrases: &[&[&str]]) -> Option<usize> {
    let phrase = phrases.iter().find(|phrase| {
        let here = pieces.iter().take(phrase.len()).map(|piece| match piece {
            Piece::Word(word) => word.as_str(),
            _ => "",
        });
        pieces.len() >= phrase.len() && here.eq(phrase.iter().copied())
    })?;
    Some(phrase.len())
}

/// The names that these pieces begin with, as a list, and how many pieces that is.
fn list(pieces: &[Piece]) -> (Vec<Named>, usize) {
    let mut names = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        match piece {
            Piece::Name(found) => {
                names.push(found.clone());
                end = at + 1;
            }
            Piece::And => {}
            filler if is_filler(filler) => {}
            // What a name is of, as "Giáo viên chủ nhiệm lớp" or "… các lớp", where the list goes on behind it.
            Piece::Word(word) if !names.is_empty() && end == at && (word == "lop" || word == "khoi") => end = at + 1,
            _ => break,
        }
        at += 1;
    }
    (names, end)
}

fn read_sentence(sentence: &[Piece], who: &mut Who) {
    let from = sentence.iter().position(|piece| *piece != Piece::And).unwrap_or(0);
    let sentence = &sentence[from..];
    // "Chủ trì: A", "Phối hợp: B".
    if let Some(length) = starts_with(sentence, LEADS) {
        let (names, end) = list(&sentence[length..]);
        who.leads.extend(names);
        return helpers(&sentence[length + end..], who);
    }
    if let Some(length) = starts_with(sentence, TOGETHER) {
        let (names, _) = list(&sentence[length..]);
        who.with.extend(names);
        return;
    }
    let (names, end) = list(sentence);
    if names.is_empty() {
        return;
    }
    let rest = &sentence[end..];
    let after = &rest[rest.iter().position(|piece| *piece != Piece::And).unwrap_or(rest.len())..];
    if let Some(length) = starts_with(after, ORDERS) {
        let (ordered, end) = list(&after[length..]);
        if ordered.is_empty() {
            who.leads.extend(names);
        } else {
            who.leads.extend(ordered);
            who.with.extend(names);
        }
        return helpers(&after[length + end..], who);
    }
    if let Some(length) = starts_with(after, LEADS) {
        // "A, B chủ trì, C phối hợp": whoever is named behind it helps.
        who.leads.extend(names);
        let behind = after[length..].iter().filter_map(|piece| match piece {
            Piece::Name(helper) => Some(helper.clone()),
            _ => None,
        });
        who.with.extend(behind);
        return;
    }
    who.leads.extend(names);
    helpers(rest, who);
}

/// Those who are named behind "phối hợp với", "cùng" and the like.
fn helpers(pieces: &[Piece], who: &mut Who) {
    let mut at = 0;
    while at < pieces.len() {
        let Some(mut length) = starts_with(&pieces[at..], TOGETHER) else {
            at += 1;
            continue;
        };
        while let Some(more) = starts_with(&pieces[at + length..], TOGETHER) {
            length += more;
        }
        let (names, end) = list(&pieces[at + length..]);
        who.with.extend(names);
        at += length + end;
    }
}
