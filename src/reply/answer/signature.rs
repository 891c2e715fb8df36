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
    "website", "web", "zalo", "facebook", "fax", "noi nhan",
];
/// What stands before the name of who writes, above a report as well as below it, without diacritics.
const WRITERS: &[&str] = &["nguoi bao cao", "nguoi viet", "nguoi lap", "nguoi gui"];
/// What mail programs write where somebody only reacts.
const REACTIONS: &[&str] = &[
    "reacted via gmail",
    "reacted to your message",
    "da bay to cam xuc",
    "da tha cam xuc",
    "bay to cam xuc qua gmail",
];
/// No line with a name has more words.
const LONGEST_NAME: usize = 8;

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
        if !names_writer(line, text) {
            kept.push(line);
        }
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
    // A motto.
    let is_in_quotes = line.starts_with(['"', '“', '«']) && line.ends_with(['"', '”', '»']);
    is_rule || is_contact || is_in_quotes || CLOSINGS.contains(&bare) || is_name(line, text)
}

/// "Người báo cáo: Nguyễn Thị Lan": a line with nothing but who writes, or room for the name. What else stands there is read.
fn names_writer(line: &str, text: &str) -> bool {
    let Some((label, names)) = line.split_once([':', '.']) else { return false };
    let label = fold(label);
    // "Lan, Mai": as behind a title a word may be a name.
    let is_named = |part: &str| is_name(part, text) || is_name(&format!("Cô {part}"), text);
    let mut parts = names.split([',', '-', '–', '(', ')']).map(str::trim).filter(|part| !part.is_empty());
    WRITERS.contains(&label.trim_matches(|letter: char| !letter.is_alphanumeric())) && parts.all(is_named)
}

/// A line with nothing but the name of a person or an office: words with capitals of which none says anything, and what
/// offices are called.
fn is_name(line: &str, text: &str) -> bool {
    let is_shouted = !text.chars().any(char::is_lowercase);
    let words: Vec<LexiconWord> = line
        .split(|letter: char| letter.is_whitespace() || ",.".contains(letter))
        .filter(|word| !word.is_empty())
        .map(|word| LexiconWord::new(word, 0..0))
        .collect();
    if is_shouted || !(1..=LONGEST_NAME).contains(&words.len()) || !words.iter().any(|word| word.is_capital) {
        return false;
    }
    let is_plain_text = is_plain(text);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let is_word = word.is_capital && word.plain.chars().all(char::is_alphabetic);
        at += match recognise(&words[at..], is_plain_text) {
            Some((Class::Office, length)) => length,
            Some((Class::Person, length)) if at == 0 || is_word => length,
            Some((Class::Place, length)) if at > 0 && is_word => length,
            Some((class, 1)) if at > 0 && is_word && class != Class::Done => 1,
            None if is_word => 1,
            _ => return false,
        };
    }
    true
}
