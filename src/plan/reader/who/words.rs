//! The words beside names: what somebody does, what narrows a name, who is from outside the school. All without
//! diacritics.

use super::super::names::{Finder, NameToken};
use super::lexicon::{
    BODIES, DEEDS, DUTIES, FILLERS, LEFT_OUT, OFFICES, OTHERS, OUTSIDE, PARTS, PARTS_BEFORE, PLACES, TITLES, VERBS,
    Verb,
};

/// A name of somebody unknown has no more words.
pub(super) const LONGEST_NAME: usize = 6;
/// Nor that of a person.
pub(super) const LONGEST_PERSON: usize = 4;

fn word(token: Option<&NameToken>) -> &str {
    match token {
        Some(NameToken::Word { folded, .. }) => folded,
        _ => "",
    }
}

/// Whether the words of a phrase stand at the beginning.
fn begins(tokens: &[NameToken], phrase: &str) -> bool {
    let mut place = 0;
    phrase.split(' ').all(|wanted| {
        place += 1;
        word(tokens.get(place - 1)) == wanted
    })
}

/// What is said at the beginning of these words, and how many tokens that is.
pub(super) fn verb(tokens: &[NameToken]) -> Option<(Verb, usize)> {
    let first = word(tokens.first());
    let found = VERBS.iter().filter(|(phrase, _)| phrase.split(' ').next() == Some(first) && begins(tokens, phrase));
    let (phrase, verb) = found.max_by_key(|(phrase, _)| phrase.len())?;
    Some((*verb, phrase.split(' ').count()))
}

/// Whether a verb says that somebody directs, not that something is given to somebody.
pub(super) fn is_direction(verb: &[NameToken]) -> bool {
    begins(verb, "chi dao")
}

/// Whether whoever is named from here on does not do it, or only in somebody's stead: "trừ bảo vệ", "thay HT".
pub(super) fn leaves_out(tokens: &[NameToken]) -> bool {
    let begins = |phrase: &&str| phrase.split(' ').enumerate().all(|(place, word)| is_written(tokens.get(place), word));
    LEFT_OUT.iter().any(begins)
}

pub(super) fn is_filler(folded: &str) -> bool {
    FILLERS.contains(&folded)
}

pub(super) fn is_title(token: &NameToken) -> bool {
    TITLES.iter().any(|title| is_written(Some(token), title))
}

/// Whether a body is named here whose name begins as a title does: "Chi bộ".
pub(super) fn begins_body(tokens: &[NameToken]) -> bool {
    BODIES.iter().any(|body| begins(tokens, body))
}

/// Whether words before a name add nothing to whom it means: "Chủ tịch Công đoàn".
pub(super) fn is_office(run: &[NameToken]) -> bool {
    OFFICES.iter().any(|office| office.split(' ').count() == run.len() && begins(run, office))
}

pub(super) fn begins_with_capital(run: &[NameToken]) -> bool {
    matches!(run.first(), Some(NameToken::Word { written, .. }) if written.starts_with(char::is_uppercase))
}

/// Whether words are classes: "5A", "10A1", "5".
pub(super) fn are_classes(run: &[NameToken]) -> bool {
    !run.is_empty() && run.iter().all(|token| is_class(word(Some(token))))
}

fn is_class(word: &str) -> bool {
    let rest = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let (digits, letters) = (word.len() - rest.len(), rest.trim_end_matches(|letter: char| letter.is_ascii_digit()));
    (1..=2).contains(&digits) && letters.len() <= 2 && letters.bytes().all(|letter| letter.is_ascii_alphabetic())
}

/// "nhà trường", "trường": which school, as if that were in question.
pub(super) fn is_the_school(tokens: &[NameToken]) -> bool {
    begins(tokens, "nha truong") || begins(tokens, "truong")
}

/// The words up to the next mark, name or verb.
pub(super) fn run<'t>(tokens: &'t [NameToken], finder: &Finder<'_>) -> &'t [NameToken] {
    let mut length = 0;
    while let Some(NameToken::Word { folded, .. }) = tokens.get(length) {
        let rest = &tokens[length..];
        if folded == "va" || verb(rest).is_some() || leaves_out(rest) || finder.name_at(rest).is_some() {
            break;
        }
        length += 1;
    }
    &tokens[..length]
}

/// What words behind a name are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// So many of them belong to the name as it stands; what follows begins a sentence.
    PartOfIt(usize),
    /// They make of it the name of somebody else.
    Narrows,
    /// They say something of it that nobody knows.
    Unclear,
    /// They make of it one outside the school.
    Elsewhere,
}

/// What the words behind a name of so many people are.
pub(super) fn behind_a_name(run: &[NameToken], people: usize) -> Behind {
    let first = word(run.first());
    if PLACES.contains(&first) && (run.len() <= 3 || is_deed(&run[1..])) {
        return Behind::Elsewhere;
    }
    let known = known_behind(run);
    let rest = &run[known..];
    // "sẽ xây dựng …"
    if rest.is_empty() || is_deed(&rest[fillers(rest)..]) {
        return Behind::PartOfIt(known);
    }
    let capitals = run
        .iter()
        .filter(|token| matches!(token, NameToken::Word { written, .. } if written.starts_with(char::is_uppercase)));
    let is_person = run.len() >= 2 && capitals.count() == run.len();
    if known == 0 && run.len() <= LONGEST_PERSON && (people > 1 || is_person) {
        return Behind::Narrows;
    }
    Behind::Unclear
}

/// Whether what somebody is in charge of is known, or a deed.
pub(super) fn is_known_office(run: &[NameToken]) -> bool {
    let known = known_behind(run);
    known == run.len() || is_deed(&run[known..])
}

/// How many of the words behind a name say of what it is, or what somebody is besides: "nhà trường", "các lớp 5A",
/// "chuyên môn".
fn known_behind(run: &[NameToken]) -> usize {
    let mut known = 0;
    while let Some(token) = run.get(known) {
        let rest = &run[known..];
        let duty = DUTIES.iter().find(|duty| begins(rest, duty)).map(|duty| duty.split(' ').count());
        let is_before = |(part, words): &(&str, &[&str])| {
            let next = rest.get(1);
            is_written(Some(token), part)
                && (is_class(word(next)) || words.iter().any(|allowed| is_written(next, allowed)))
        };
        let is_part = is_class(word(Some(token)))
            || PARTS.iter().any(|part| is_written(Some(token), part))
            || PARTS_BEFORE.iter().any(is_before);
        match duty {
            Some(length) => known += length,
            None if is_part => known += 1,
            None => break,
        }
    }
    known
}

/// Whether a word is this one: with its diacritics, or in a text that has none.
fn is_written(token: Option<&NameToken>, wanted: &str) -> bool {
    let Some(NameToken::Word { written, folded }) = token else { return false };
    let small = written.to_lowercase();
    small == wanted || (small == *folded && *folded == crate::text::fold(wanted))
}

/// How many words that only stand before names follow here.
pub(super) fn fillers(tokens: &[NameToken]) -> usize {
    let is_filler = |place: &usize| is_filler(word(tokens.get(*place))) && !begins_body(&tokens[*place..]);
    (0..tokens.len()).take_while(is_filler).count()
}

/// Whether words begin with a deed.
pub(super) fn is_deed(run: &[NameToken]) -> bool {
    DEEDS.iter().any(|deed| begins(run, deed))
}

/// Whether a body or people from outside the school are named here.
pub(super) fn begins_outside(tokens: &[NameToken]) -> bool {
    OUTSIDE.iter().any(|body| begins(tokens, body))
}

/// Whether a body or people from outside the school are named, perhaps behind "các" and the like.
pub(super) fn is_outside(tokens: &[NameToken]) -> bool {
    let start = tokens.iter().position(|token| !matches!(token, NameToken::Word { folded, .. } if is_filler(folded)));
    let rest = &tokens[start.unwrap_or(tokens.len())..];
    begins_outside(tokens) || begins_outside(rest)
}

/// Whether a name of somebody unknown follows, and no deed.
pub(super) fn is_unknown_name(tokens: &[NameToken]) -> bool {
    let length =
        tokens.iter().take_while(|token| matches!(token, NameToken::Word { folded, .. } if folded != "va")).count();
    let until_verb = (0..length).find(|place| verb(&tokens[*place..]).is_some()).unwrap_or(length);
    let run = &tokens[..until_verb];
    let office = ["chuyen", "cong", "chung", "chat", "cac", "viec", "hoat", "toan"];
    (1..=4).contains(&run.len()) && !is_deed(run) && !office.contains(&word(run.first()))
}

/// Whether more than marks and fillers follow before the end of the part.
pub(super) fn says_more(tokens: &[NameToken]) -> bool {
    let rest = tokens.iter().find(|token| !matches!(token, NameToken::Word { folded, .. } if is_filler(folded)));
    matches!(rest, Some(NameToken::Word { .. }))
}

/// Whether words before a name make another of it.
pub(super) fn is_other_before(run: &[NameToken]) -> bool {
    OTHERS.contains(&word(run.last())) || OTHERS.contains(&word(run.first()))
}
