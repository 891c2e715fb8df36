//! A text cut into words, numbers and signs, each with what it does.

use std::collections::HashSet;
use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, SpanFieldwise, ToSpan};

use crate::text::fold;

use super::days;
use super::lexicon::{self, Class, LexiconWord, recognise};
use super::pieces::{TextPiece, pieces};
use super::reading::Asked;

/// What a token bears beside its class.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenValue {
    /// Nothing.
    None,
    /// An asked task, by its place.
    Task(usize),
    /// A task that was not asked about, as it is written.
    Other(String),
    /// A number of per cents or of tasks.
    Number(usize),
    /// A day.
    Date(Date),
    /// Days, weeks or months.
    Span(SpanFieldwise),
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AnswerToken {
    pub(super) class: Class,
    pub(super) value: TokenValue,
    /// Where it stands.
    pub(super) at: Range<usize>,
}

/// Numbers in letters, from one on, without diacritics.
const NUMBERS: &[&str] = &["mot", "hai", "ba", "bon", "nam"];
/// What tasks are called where they are counted, without diacritics.
const COUNTED: &[&str] = &["viec", "nhiem", "noi", "muc", "tieu", "cong"];
/// What money is counted in, without diacritics.
const MONEY_UNITS: &[&str] = &["dong", "d", "vnd", "trieu", "tr", "nghin", "ngan", "k", "ty"];
/// Classes whose words stay what they are within the words of a task: they decide what a clause says.
#[rustfmt::skip]
const DECIDING: &[Class] = &[
    Class::Done, Class::Do, Class::Begin, Class::Doing, Class::Underway, Class::NotYet, Class::Not, Class::Past,
    Class::Perfect, Class::Obstacle, Class::Hard, Class::Lack, Class::Extend, Class::HandOver,
];

/// The tokens of a text.
pub(super) fn tokens(text: &str, asked: &Asked<'_>) -> Vec<AnswerToken> {
    let mut reader = TokenReader::new(text, asked);
    while reader.at < reader.words.len() {
        let (class, value, length) = reader.next();
        let end = reader.words[reader.at + length - 1].at.end;
        let at = reader.words[reader.at].at.start..end;
        reader.tokens.push(AnswerToken { class, value, at });
        reader.at += length;
    }
    reader.tokens
}

struct TokenReader<'a> {
    asked: &'a Asked<'a>,
    is_plain: bool,
    /// Whether capitals mean nothing.
    is_shouted: bool,
    words: Vec<LexiconWord>,
    signs: Vec<Option<Class>>,
    at: usize,
    tokens: Vec<AnswerToken>,
    /// The names of tasks as words without diacritics, longest first.
    names: Vec<(Vec<String>, TokenValue)>,
    /// Pairs of neighbouring words that one asked task alone has.
    own: Vec<Vec<(LexiconWord, LexiconWord)>>,
    people: Vec<Vec<LexiconWord>>,
}

impl<'a> TokenReader<'a> {
    fn new(text: &str, asked: &'a Asked<'a>) -> Self {
        let (words, signs) = pieces(text).into_iter().map(|piece| (piece.word, piece.sign)).unzip();
        let people = asked.people.iter().map(|name| plain_pieces(name)).filter(|name| !name.is_empty()).collect();
        Self {
            asked,
            is_plain: lexicon::is_plain(text),
            is_shouted: !text.chars().any(char::is_lowercase),
            words,
            signs,
            at: 0,
            tokens: Vec::new(),
            names: names(asked),
            own: own_pairs(asked),
            people,
        }
    }

    /// The plain form of a word from here on, where one stands there.
    fn plain(&self, ahead: usize) -> &str {
        let at = self.at + ahead;
        let is_word = self.signs.get(at).is_some_and(Option::is_none);
        if is_word { self.words[at].plain.as_str() } else { "" }
    }

    /// The words from here to the next sign.
    fn run(&self) -> &[LexiconWord] {
        let length = self.signs[self.at..].iter().take_while(|sign| sign.is_none()).count();
        &self.words[self.at..self.at + length]
    }

    fn next(&self) -> (Class, TokenValue, usize) {
        if let Some(sign) = self.signs[self.at] {
            return (sign, TokenValue::None, 1);
        }
        self.task()
            .or_else(|| self.marker())
            .or_else(|| self.amount())
            .or_else(|| self.number())
            .or_else(|| self.date())
            .or_else(|| self.word())
            .unwrap_or((Class::Unknown, TokenValue::None, 1))
    }

    fn task(&self) -> Option<(Class, TokenValue, usize)> {
        let label = self.tokens.last().is_some_and(|token| token.class == Class::Label);
        let is_percent = |ahead: usize| self.plain(ahead) == "%" || self.plain(ahead) == "phan";
        for (name, value) in &self.names {
            if !name.iter().enumerate().all(|(ahead, word)| self.plain(ahead) == word) || is_percent(name.len()) {
                continue;
            }
            // A bare number names a task only where it is said to, or where it heads a line.
            let is_bare = name.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
            if !is_bare || label || (self.begins_line() && self.signs.get(self.at + 1).is_some_and(Option::is_some)) {
                return Some((Class::Task, value.clone(), name.len()));
            }
        }
        None
    }

    fn begins_line(&self) -> bool {
        self.tokens.last().is_none_or(|token| matches!(token.class, Class::Line | Class::Comma))
    }

    /// The number or letter that heads a line of a list: it says nothing.
    fn marker(&self) -> Option<(Class, TokenValue, usize)> {
        let word = self.plain(0);
        let is_marker = word.len() <= 2 && (word.parse::<u8>().is_ok() || (word.len() == 1 && word.is_ascii()));
        let next = self.signs.get(self.at + 1).copied().flatten();
        (is_marker && self.begins_line() && matches!(next, Some(Class::Comma | Class::Stop))).then_some((
            Class::Comma,
            TokenValue::None,
            1,
        ))
    }

    fn count(&self, ahead: usize) -> Option<usize> {
        let word = self.plain(ahead);
        word.parse().ok().or_else(|| NUMBERS.iter().position(|number| *number == word).map(|place| place + 1))
    }

    /// "1,2 triệu", "2.500.000đ"
    fn amount(&self) -> Option<(Class, TokenValue, usize)> {
        let word = self.plain(0);
        let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
        let units: Vec<&str> = std::iter::once(&word[digits.len()..])
            .chain([self.plain(1), self.plain(2)])
            .skip_while(|unit| unit.is_empty())
            .take_while(|unit| MONEY_UNITS.contains(unit))
            .collect();
        let is_amount = !digits.is_empty() && digits.chars().all(is_number) && !units.is_empty();
        is_amount.then(|| (Class::Amount, TokenValue::None, units.len() + usize::from(word.len() == digits.len())))
    }

    /// "60%", "một nửa", "cả ba", "2 việc", "2 tuần"
    fn number(&self) -> Option<(Class, TokenValue, usize)> {
        for (half, length) in [("mot nua", 2), ("phan nua", 2), ("1 nua", 2), ("nua", 1), ("half", 1)] {
            if half.split(' ').enumerate().all(|(ahead, word)| self.plain(ahead) == word) && self.is_half(length) {
                return Some((Class::Percent, TokenValue::Number(50), length));
            }
        }
        let sign = match (self.plain(1), self.plain(2)) {
            ("%" | "percent", _) => 1,
            ("phan", "tram") | ("per", "cent") => 2,
            _ => 0,
        };
        if sign > 0 {
            let whole = self.plain(0).split([',', '.']).next()?.parse().ok().filter(|percent| *percent <= 100)?;
            return Some((Class::Percent, TokenValue::Number(whole), 1 + sign));
        }
        let all = usize::from(self.plain(0) == "ca");
        let count = self.count(all)?;
        let counted = usize::from(COUNTED.contains(&self.plain(all + 1)));
        if all + counted > 0 && count < 100 {
            let pair = usize::from(["vu", "dung", "chi"].contains(&self.plain(all + 2)) && counted > 0)
                + usize::from(self.plain(all + 1) == "cong" && self.plain(all + 2) == "viec");
            return Some((Class::Count, TokenValue::Number(count), all + 1 + counted + pair));
        }
        let unit = span_unit(self.plain(1))?;
        let is_date = self.plain(1) == "thang" && self.plain(2).parse::<u8>().is_ok();
        let span = i64::try_from(count).ok().filter(|count| (1..=366).contains(count) && !is_date).map(unit)?;
        Some((Class::Span, TokenValue::Span(span.fieldwise()), 2))
    }

    fn is_half(&self, length: usize) -> bool {
        let written = &self.words[self.at + length - 1];
        written.is(&LexiconWord::new("nửa", 0..0), self.is_plain) || written.plain == "half"
    }

    fn date(&self) -> Option<(Class, TokenValue, usize)> {
        if let Some((date, length)) = days::date(self.run(), self.asked) {
            return Some((Class::Date, TokenValue::Date(date), length));
        }
        let (day, length) = days::weekday(self.run(), self.is_plain, self.asked.today)?;
        Some((Class::Moment, day.map_or(TokenValue::None, TokenValue::Date), length))
    }

    fn word(&self) -> Option<(Class, TokenValue, usize)> {
        let run = self.run();
        // Where the proof is kept.
        if ["http://", "https://", "www."].iter().any(|start| run[0].plain.starts_with(start)) {
            return Some((Class::Proof, TokenValue::None, 1));
        }
        let known = recognise(run, self.is_plain);
        if let Some(place) = self.own()
            && known.is_none_or(|(class, _)| !DECIDING.contains(&class))
        {
            return Some((Class::Own, TokenValue::Task(place), 1));
        }
        let after_title = self.tokens.last().is_some_and(|token| matches!(token.class, Class::Person | Class::Name));
        let is_name = after_title && run[0].is_capital && !self.is_shouted;
        if is_name && known.is_none_or(|(class, length)| length == 1 && class != Class::Done) {
            return Some((Class::Name, TokenValue::None, 1));
        }
        let is_here = |name: &&Vec<LexiconWord>| {
            name.len() <= run.len() && name.iter().zip(run).all(|(name, word)| word.is(name, self.is_plain))
        };
        let person = self.people.iter().filter(is_here).map(Vec::len).max();
        match (known, person) {
            (Some((class, length)), name) if name.is_none_or(|name| name <= length) => {
                let day = days::earlier(&run[..length], self.asked.today).filter(|_| class == Class::Earlier);
                Some((class, day.map_or(TokenValue::None, TokenValue::Date), length))
            }
            // "Cô Hoa" is somebody else; a role speaks of itself.
            (Some((Class::Person, 1)), Some(name)) if run[1].is_capital => Some((Class::Name, TokenValue::None, name)),
            (_, Some(name)) => Some((Class::Office, TokenValue::None, name)),
            (_, None) => None,
        }
    }

    /// The task whose own words stand here, beside another of them.
    fn own(&self) -> Option<usize> {
        let word = |at: usize| self.words.get(at).filter(|_| self.signs[at].is_none());
        let is_pair =
            |pairs: &[(LexiconWord, LexiconWord)], first: Option<&LexiconWord>, second: Option<&LexiconWord>| {
                let (Some(first), Some(second)) = (first, second) else { return false };
                pairs.iter().any(|(one, other)| first.is(one, self.is_plain) && second.is(other, self.is_plain))
            };
        let before = self.at.checked_sub(1).and_then(word);
        let (here, after) = (word(self.at), word(self.at + 1));
        self.own.iter().position(|pairs| is_pair(pairs, before, here) || is_pair(pairs, here, after))
    }
}

/// What "2 ngày" counts, by the word without diacritics.
fn span_unit(word: &str) -> Option<fn(i64) -> Span> {
    match word {
        "ngay" | "hom" | "day" | "days" => Some(ToSpan::days),
        "tuan" | "week" | "weeks" => Some(ToSpan::weeks),
        "thang" | "month" | "months" => Some(ToSpan::months),
        _ => None,
    }
}

/// The names of tasks: of those that were asked about by number and criterion, of the others by number.
fn names(asked: &Asked<'_>) -> Vec<(Vec<String>, TokenValue)> {
    let mut names: Vec<(Vec<String>, TokenValue)> = Vec::new();
    let mut add = |name: &str, value: TokenValue| {
        let level = fold(name).strip_prefix('m').and_then(|rest| {
            rest.split_once('.').map(|(level, wanted)| {
                [format!("muc {level} yeu cau {wanted}"), format!("muc {level}, yeu cau {wanted}")]
            })
        });
        for name in std::iter::once(name.to_owned()).chain(level.into_iter().flatten()) {
            // A sign is matched by any sign.
            let plain = |piece: TextPiece| if piece.sign.is_some() { String::new() } else { piece.word.plain };
            let words: Vec<String> = pieces(&name).into_iter().map(plain).collect();
            if !words.is_empty() && !names.iter().any(|(known, _)| *known == words) {
                names.push((words, value.clone()));
            }
        }
    };
    for (place, task) in asked.tasks.iter().enumerate() {
        add(task.id.as_str(), TokenValue::Task(place));
    }
    for (place, task) in asked.tasks.iter().enumerate() {
        let Some(criterion) = &task.criterion else { continue };
        if asked.tasks.iter().filter(|task| task.criterion.as_ref() == Some(criterion)).count() == 1 {
            add(criterion, TokenValue::Task(place));
        }
    }
    for task in asked.plan {
        add(task.as_str(), TokenValue::Other(task.as_str().to_owned()));
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
}

/// For each asked task the pairs of neighbouring words that no other has.
fn own_pairs(asked: &Asked<'_>) -> Vec<Vec<(LexiconWord, LexiconWord)>> {
    let all: Vec<Vec<(LexiconWord, LexiconWord)>> = asked.tasks.iter().map(|task| pairs(&task.words)).collect();
    let keys: Vec<HashSet<(&str, &str)>> = all
        .iter()
        .map(|pairs| pairs.iter().map(|(one, other)| (one.plain.as_str(), other.plain.as_str())).collect())
        .collect();
    let is_own = |place: usize, (one, other): &(LexiconWord, LexiconWord)| {
        let key = (one.plain.as_str(), other.plain.as_str());
        keys.iter().enumerate().all(|(task, known)| task == place || !known.contains(&key))
    };
    all.iter()
        .enumerate()
        .map(|(place, pairs)| pairs.iter().filter(|pair| is_own(place, pair)).cloned().collect())
        .collect()
}

fn pairs(text: &str) -> Vec<(LexiconWord, LexiconWord)> {
    let pieces = pieces(text);
    let beside = |pair: &[TextPiece]| match pair {
        [one, other] if one.sign.is_none() && other.sign.is_none() => Some((one.word.clone(), other.word.clone())),
        _ => None,
    };
    pieces.windows(2).filter_map(beside).collect()
}

fn plain_pieces(text: &str) -> Vec<LexiconWord> {
    pieces(text).into_iter().filter(|piece| piece.sign.is_none()).map(|piece| piece.word).collect()
}
