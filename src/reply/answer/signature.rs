//! The part of a text that answers: without what stands under it on every mail, and what a mail server puts above it.

use crate::text::fold;

use super::lexicon::{Class, LexiconWord, is_plain, recognise};

/// Lines that close a letter begin so, without diacritics.
#[rustfmt::skip]
const CLOSINGS: &[&str] = &[
    "tran trong", "kinh thu", "than ai", "than men", "than", "kinh chao", "best regards", "kind regards", "regards",
    "sincerely", "tran trong cam on", "tran trong kinh chao", "xin tran trong cam on", "chan thanh cam on",
    "thanks and best regards",
];
/// How somebody is reached: no answer begins so.
#[rustfmt::skip]
const CONTACTS: &[&str] = &[
    "dia chi", "sdt", "dt", "so dien thoai", "dien thoai", "tel", "mobile", "phone", "hotline", "email", "e-mail",
    "website", "web", "zalo", "facebook", "fax",
];
/// What mail programs write where somebody only reacts.
const REACTIONS: &[&str] = &[
    "reacted via gmail",
    "reacted to your message",
    "da bay to cam xuc",
    "da tha cam xuc",
    "bay to cam xuc qua gmail",
];
/// No line with a name has more words.
const LONGEST_NAME: usize = 6;

/// Whether a text is a reaction that a mail program wrote.
pub(super) fn is_reaction(text: &str) -> bool {
    let folded = fold(text);
    folded.len() < 200 && REACTIONS.iter().any(|reaction| folded.contains(reaction))
}

/// The lines that answer, joined as they were.
pub(super) fn answer(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let first = banner(&lines);
    let mut kept: Vec<&str> = Vec::new();
    for line in &lines[first..] {
        if kept.iter().any(|line| !line.is_empty()) && begins_signature(line, text) {
            break;
        }
        kept.push(line);
    }
    kept.join("\n")
}

/// How many lines stand in a box of brackets at the top.
fn banner(lines: &[&str]) -> usize {
    let Some(open) = lines.iter().position(|line| !line.is_empty()) else { return 0 };
    let closing = match lines[open].chars().next() {
        Some('[') => ']',
        Some('【') => '】',
        _ => return 0,
    };
    let Some(close) = lines[open..].iter().position(|line| line.ends_with(closing)) else { return 0 };
    let below = open + close + 1;
    if lines[below..].iter().any(|line| !line.is_empty()) { below } else { 0 }
}

fn begins_signature(line: &str, text: &str) -> bool {
    let folded = fold(line);
    let bare = folded.trim_matches(|letter: char| !letter.is_alphanumeric());
    let is_rule = line.chars().count() >= 3 && line.chars().all(|letter| "-_=*–—".contains(letter));
    let is_contact = CONTACTS.iter().any(|contact| {
        bare.strip_prefix(contact).is_some_and(|rest| {
            rest.trim_start().starts_with([':', '.'])
                || rest.trim_start().starts_with(|letter: char| letter.is_ascii_digit())
        })
    });
    is_rule || is_contact || CLOSINGS.contains(&bare) || is_name(line, text)
}

/// A line with nothing but a person's name: words with capitals of which none says anything.
fn is_name(line: &str, text: &str) -> bool {
    let is_shouted = !text.chars().any(char::is_lowercase);
    let words: Vec<LexiconWord> = line
        .split(|letter: char| letter.is_whitespace() || ",.".contains(letter))
        .filter(|word| !word.is_empty())
        .map(|word| LexiconWord::new(word, 0..0))
        .collect();
    let is_plain_text = is_plain(text);
    let says = |at: usize| {
        let known = recognise(&words[at..], is_plain_text);
        known.is_some_and(|(class, length)| {
            !(matches!(class, Class::Person | Class::Office) || (length == 1 && at > 0 && class != Class::Done))
        })
    };
    let is_word = |word: &LexiconWord| word.is_capital && word.plain.chars().all(char::is_alphabetic);
    let titles = words.first().is_some_and(|word| {
        recognise(std::slice::from_ref(word), is_plain_text).is_some_and(|(class, _)| class == Class::Person)
    });
    !is_shouted
        && (1..=LONGEST_NAME).contains(&words.len())
        && words.iter().enumerate().all(|(at, word)| is_word(word) || (at == 0 && titles && words.len() > 1))
        && !(0..words.len()).any(says)
}
