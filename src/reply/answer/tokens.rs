//! A text cut into words, numbers and signs, each with what it does.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{SpanFieldwise, ToSpan};

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

impl AnswerToken {
    /// The day that it names.
    pub(super) fn day(&self) -> Option<Date> {
        if let TokenValue::Date(day) = self.value { Some(day) } else { None }
    }
}

/// What some words are, and how many they are.
type Recognised = (Class, TokenValue, usize);

/// Numbers in letters, from one on, without diacritics.
const NUMBERS: &[&str] = &["mot", "hai", "ba", "bon", "nam"];
/// What tasks are called where they are counted, without diacritics.
const COUNTED: &[&str] = &["cong viec", "nhiem vu", "noi dung", "tieu chi", "viec", "muc"];
/// Units of money, without diacritics.
const UNITS: &[&str] = &["trieu", "tr", "nghin", "ngan", "ty", "dong", "vnd"];
/// The last year of school.
const HIGHEST_YEAR: u8 = 12;
/// Half of it, without diacritics.
const HALVES: &[&str] = &["mot nua", "phan nua", "1 nua", "nua", "half"];
/// Classes whose words stay what they are within the words of a task: they decide what a clause says.
#[rustfmt::skip]
const DECIDING: &[Class] = &[
    Class::Done, Class::Do, Class::Begin, Class::Doing, Class::Underway, Class::NotYet, Class::Not, Class::Past,
    Class::Perfect, Class::Obstacle, Class::Hard, Class::Lack, Class::Extend, Class::HandOver,
];

/// The tokens of a text.
pub(super) fn tokens(text: &str, asked: &Asked<'_>) -> Vec<AnswerToken> {
    let pieces = pieces(text);
    let is_plain = lexicon::is_plain(text);
    let mut reader = TokenReader {
        text,
        asked,
        is_plain,
        is_shouted: !text.chars().any(char::is_lowercase),
        own: own_words(&pieces, is_plain, asked),
        names: names(asked),
        people: asked.people.iter().map(|name| words(name)).filter(|name| !name.is_empty()).collect(),
        words: pieces.iter().map(|piece| piece.word.clone()).collect(),
        signs: pieces.iter().map(|piece| piece.sign).collect(),
        at: 0,
        last: None,
    };
    let mut tokens = Vec::new();
    while reader.at < reader.words.len() {
        let (class, value, length) = reader.next();
        let at = reader.words[reader.at].at.start..reader.words[reader.at + length - 1].at.end;
        tokens.push(AnswerToken { class, value, at });
        reader.last = Some(class);
        reader.at += length;
    }
    tokens
}

struct TokenReader<'a> {
    text: &'a str,
    asked: &'a Asked<'a>,
    is_plain: bool,
    /// Whether capitals mean nothing.
    is_shouted: bool,
    /// For each piece the asked task of whose own words it is one.
    own: Vec<Option<usize>>,
    /// The names of tasks as words without diacritics, longest first.
    names: Vec<(Vec<String>, TokenValue)>,
    people: Vec<Vec<LexiconWord>>,
    words: Vec<LexiconWord>,
    signs: Vec<Option<Class>>,
    at: usize,
    /// What the last token was.
    last: Option<Class>,
}

impl TokenReader<'_> {
    fn sign(&self, ahead: usize) -> Option<Class> {
        self.signs.get(self.at + ahead).copied().flatten()
    }

    /// The plain form of a word from here on, where one stands there.
    fn plain(&self, ahead: usize) -> &str {
        let word = self.words.get(self.at + ahead).filter(|_| self.sign(ahead).is_none());
        word.map_or("", |word| word.plain.as_str())
    }

    /// Whether some words follow.
    fn says(&self, ahead: usize, words: &str) -> bool {
        words.split(' ').enumerate().all(|(at, word)| self.plain(ahead + at) == word)
    }

    /// The words from here to the next sign.
    fn run(&self) -> &[LexiconWord] {
        let length = self.signs[self.at..].iter().take_while(|sign| sign.is_none()).count();
        &self.words[self.at..self.at + length]
    }

    fn next(&self) -> Recognised {
        if let Some(sign) = self.sign(0) {
            return (sign, TokenValue::None, 1);
        }
        let run = self.run();
        self.task()
            .or_else(|| self.marker())
            .or_else(|| self.percent())
            .or_else(|| self.sum())
            .or_else(|| self.number())
            .or_else(|| self.day(run))
            .or_else(|| self.word(run))
            .unwrap_or((Class::Unknown, TokenValue::None, 1))
    }

    fn task(&self) -> Option<Recognised> {
        let is_percent = |ahead: usize| matches!(self.plain(ahead), "%" | "phan");
        let is_here = |name: &[String]| {
            name.iter().enumerate().all(|(ahead, word)| self.plain(ahead) == word) && !is_percent(name.len())
        };
        // A bare number names a task only where it is said to, or where it heads a line.
        let may_be_bare = self.last == Some(Class::Label) || (self.begins_line() && self.sign(1).is_some());
        let is_bare = |name: &[String]| name.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let found = self.names.iter().find(|(name, _)| is_here(name) && (may_be_bare || !is_bare(name)));
        found.map(|(name, value)| (Class::Task, value.clone(), name.len()))
    }

    fn begins_line(&self) -> bool {
        self.last.is_none_or(|last| matches!(last, Class::Line | Class::Comma))
    }

    /// The number or letter that heads a line of a list: it says nothing.
    fn marker(&self) -> Option<Recognised> {
        let word = self.plain(0);
        let is_marker = word.len() <= 2 && (word.parse::<u8>().is_ok() || (word.len() == 1 && word.is_ascii()));
        let is_parted = matches!(self.sign(1), Some(Class::Comma | Class::Stop));
        (is_marker && is_parted && self.begins_line()).then_some((Class::Comma, TokenValue::None, 1))
    }

    /// "60%", "62,5 phần trăm", "một nửa"
    fn percent(&self) -> Option<Recognised> {
        if let Some(half) = HALVES.iter().find(|half| self.says(0, half)) {
            let length = half.split(' ').count();
            let written = &self.words[self.at + length - 1];
            // "Nữa" is "more".
            let is_half = written.plain == "half" || written.is(&LexiconWord::new("nửa", 0..0), self.is_plain);
            return is_half.then_some((Class::Percent, TokenValue::Number(50), length));
        }
        let sign = ["%", "percent", "phan tram", "per cent"].into_iter().find(|sign| self.says(1, sign))?;
        let percent = self.plain(0).split([',', '.']).next()?.parse().ok().filter(|percent| *percent <= 100)?;
        let class = if percent == 100 { Class::Full } else { Class::Percent };
        Some((class, TokenValue::Number(percent), 1 + sign.split(' ').count()))
    }

    /// "2 triệu đồng", "3tr5", "1.500.000đ", "500k"; "5D" and "12K" are classes of a school.
    fn sum(&self) -> Option<Recognised> {
        let unit = self.plain(0).strip_prefix(|letter: char| letter.is_ascii_digit())?;
        let unit = unit.trim_matches(|letter: char| letter.is_ascii_digit() || ".,".contains(letter));
        let first = match unit {
            "" if UNITS.contains(&self.plain(1)) => 2,
            unit if UNITS.contains(&unit) || (["k", "d"].contains(&unit) && !self.names_class()) => 1,
            _ => return None,
        };
        let further = (first..).take_while(|ahead| self.plain(*ahead) == "ruoi" || UNITS.contains(&self.plain(*ahead)));
        Some((Class::Sum, TokenValue::None, first + further.count()))
    }

    /// "5D", "12K", "1K2": a year of school, a letter and perhaps a number; "5đ" with its sign is money.
    fn names_class(&self) -> bool {
        let word = self.plain(0);
        let year = word.split(|letter: char| letter.is_alphabetic()).next().and_then(|year| year.parse::<u8>().ok());
        let is_sign = self.text[self.words[self.at].at.clone()].contains('đ');
        year.is_some_and(|year| year <= HIGHEST_YEAR) && !is_sign
    }

    /// "cả ba", "2 việc", "2 tuần"
    fn number(&self) -> Option<Recognised> {
        let all = usize::from(self.plain(0) == "ca");
        let word = self.plain(all);
        let in_letters = || NUMBERS.iter().position(|number| *number == word).map(|place| place + 1);
        let count: usize = word.parse().ok().or_else(in_letters).filter(|count| (1..=366).contains(count))?;
        let counted = COUNTED.iter().find(|name| self.says(all + 1, name));
        if all > 0 || counted.is_some() {
            let length = all + 1 + counted.map_or(0, |name| name.split(' ').count());
            return Some((Class::Count, TokenValue::Number(count), length));
        }
        let is_month = self.plain(1) == "thang" && self.plain(2).parse::<u8>().is_ok();
        let span = i64::try_from(count).ok().and_then(|count| match self.plain(1) {
            "ngay" | "hom" | "day" | "days" => Some(count.days()),
            "tuan" | "week" | "weeks" => Some(count.weeks()),
            "thang" | "month" | "months" if !is_month => Some(count.months()),
            _ => None,
        })?;
        Some((Class::Span, TokenValue::Span(span.fieldwise()), 2))
    }

    fn day(&self, run: &[LexiconWord]) -> Option<Recognised> {
        let date = days::date(self.text, run, self.last == Some(Class::Until), self.asked);
        let (class, day, length) = date.or_else(|| days::weekday(run, self.is_plain, self.asked.today))?;
        Some((class, day.map_or(TokenValue::None, TokenValue::Date), length))
    }

    fn word(&self, run: &[LexiconWord]) -> Option<Recognised> {
        // Where the proof is kept.
        if ["http://", "https://", "www."].iter().any(|start| run[0].plain.starts_with(start)) {
            return Some((Class::Send, TokenValue::None, 1));
        }
        let known = recognise(run, self.is_plain);
        if let Some(place) = self.own[self.at].filter(|_| known.is_none_or(|(class, _)| !DECIDING.contains(&class))) {
            return Some((Class::Own, TokenValue::Task(place), 1));
        }
        let after_title = matches!(self.last, Some(Class::Person | Class::Name));
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
                let day = days::earlier(&run[..length], self.asked.today).filter(|_| class == Class::Gone);
                Some((class, day.map_or(TokenValue::None, TokenValue::Date), length))
            }
            // "Cô Hoa" is somebody else; a role speaks of itself.
            (Some((Class::Person, 1)), Some(name)) if run[1].is_capital => Some((Class::Name, TokenValue::None, name)),
            (_, Some(name)) => Some((Class::Office, TokenValue::None, name)),
            (_, None) => None,
        }
    }
}

/// The names of tasks: of those that were asked about by number and criterion, of the others by number.
fn names(asked: &Asked<'_>) -> Vec<(Vec<String>, TokenValue)> {
    let ids = asked.tasks.iter().enumerate().map(|(place, task)| (task.id.as_str(), TokenValue::Task(place)));
    let is_only =
        |criterion: &str| asked.tasks.iter().filter(|task| task.criterion.as_deref() == Some(criterion)).count() == 1;
    let criteria = asked.tasks.iter().enumerate().filter_map(|(place, task)| {
        let criterion = task.criterion.as_deref().filter(|criterion| is_only(criterion))?;
        Some((criterion, TokenValue::Task(place)))
    });
    let others = asked.plan.iter().map(|task| (task.as_str(), TokenValue::Other(task.as_str().to_owned())));
    let mut names: Vec<(Vec<String>, TokenValue)> = Vec::new();
    for (name, value) in ids.chain(criteria).chain(others) {
        let level = fold(name).strip_prefix('m').and_then(|rest| {
            let (level, wanted) = rest.split_once('.')?;
            Some([format!("muc {level} yeu cau {wanted}"), format!("muc {level}, yeu cau {wanted}")])
        });
        for name in std::iter::once(name.to_owned()).chain(level.into_iter().flatten()) {
            // A sign is matched by any sign.
            let plain = |piece: TextPiece| if piece.sign.is_some() { String::new() } else { piece.word.plain };
            let words: Vec<String> = pieces(&name).into_iter().map(plain).collect();
            if !words.is_empty() && !names.iter().any(|(known, _)| *known == words) {
                names.push((words, value.clone()));
            }
        }
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
}

/// For each piece of a text the asked task that alone has it and its neighbour side by side in its words.
fn own_words(text: &[TextPiece], is_plain: bool, asked: &Asked<'_>) -> Vec<Option<usize>> {
    let tasks: Vec<Vec<TextPiece>> = asked.tasks.iter().map(|task| pieces(&task.words)).collect();
    let mut own = vec![None; text.len()];
    for (at, pair) in text.windows(2).enumerate() {
        let is_same = |(one, other): (&TextPiece, &TextPiece)| {
            one.sign.is_none() && other.sign.is_none() && one.word.is(&other.word, is_plain)
        };
        let has = |task: &&Vec<TextPiece>| task.windows(2).any(|words| pair.iter().zip(words).all(is_same));
        if tasks.iter().filter(has).count() == 1 {
            let place = tasks.iter().position(|task| has(&task));
            own[at] = own[at].or(place);
            own[at + 1] = place;
        }
    }
    own
}

/// The words of a text without its signs.
fn words(text: &str) -> Vec<LexiconWord> {
    pieces(text).into_iter().filter(|piece| piece.sign.is_none()).map(|piece| piece.word).collect()
}
