//! What one statement says of how far a task is.

use std::ops::Range;

use crate::reply::words::{Class, Token};

use super::{Reader, Saying};

/// A word that a saying stands on.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: Kind,
    index: usize,
    /// What denies it, where anything does.
    denied: Option<Class>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Done,
    Do,
    Begin,
    Block,
    Percent,
    Half,
}

impl Reader<'_> {
    /// What a statement says of how far a task is, and the token that says it.
    pub(super) fn saying(&self, range: Range<usize>) -> Option<(Saying, usize)> {
        // What is left out by other words than its name: "đã xong trừ các phòng chưa có kinh phí".
        let end = range
            .clone()
            .find(|index| self.tokens[*index].class == Class::Except)
            .map_or(range.end, |except| except + 1);
        let range = range.start..end;
        let tokens = &self.tokens[range.clone()];
        let has = |class: Class| tokens.iter().any(|token| token.class == class);
        let is_question = self.tokens.get(range.end).is_some_and(|token| token.class == Class::Question);
        let mut denied = None;
        let mut has_reason = false;
        let mut heads: Vec<Head> = Vec::new();
        for (index, token) in range.clone().zip(tokens) {
            let kind = match token.class {
                Class::NotYet | Class::Not => {
                    denied = Some(token.class);
                    // "xong chưa"
                    if heads.iter().any(|head| head.kind == Kind::Done) {
                        return Some((Saying::Vague, index));
                    }
                    continue;
                }
                Class::Past if matches!(token.plain.as_str(), "da" | "have" | "has" | "already") => {
                    denied = None;
                    continue;
                }
                Class::Because => {
                    has_reason = true;
                    continue;
                }
                // "Không làm được vì thiếu kinh phí"
                Class::Lack if has_reason => {
                    heads.push(Head { kind: Kind::Block, index, denied: None });
                    continue;
                }
                Class::Block if self.is_denied_behind(index, range.end) => continue,
                Class::Done => Kind::Done,
                Class::Do => Kind::Do,
                Class::Begin => Kind::Begin,
                Class::Block | Class::Lack => Kind::Block,
                Class::Percent => Kind::Percent,
                Class::Half => Kind::Half,
                _ => continue,
            };
            heads.push(Head { kind, index, denied });
            if matches!(kind, Kind::Done | Kind::Block) {
                denied = None;
            }
        }
        let find = |kind: Kind| heads.iter().find(|head| head.kind == kind);
        let maybe = has(Class::Maybe) || is_question;
        let percents = heads.iter().filter(|head| head.kind == Kind::Percent).count();
        if percents > 0 {
            let head = find(Kind::Percent)?;
            let percent =
                (percents == 1 && !maybe && head.denied.is_none()).then(|| self.percent(&range, head.index)).flatten();
            let is_denied = heads.iter().any(|head| head.kind == Kind::Done && head.denied.is_some());
            let saying = match percent {
                None => Saying::Vague,
                Some(100) if is_denied => Saying::Vague,
                Some(100) => Saying::Done,
                Some(percent) => Saying::Percent(percent),
            };
            return Some((saying, head.index));
        }
        if let Some(head) = heads.iter().find(|head| head.kind == Kind::Block && head.denied.is_none())
            && !maybe_before(tokens, head.index - range.start)
            && !is_question
        {
            return Some((Saying::Blocked(None), head.index));
        }
        if let Some(head) = find(Kind::Done) {
            return Some((self.done(&range, head, &heads, maybe), head.index));
        }
        if let Some(head) =
            find(Kind::Half).filter(|_| !maybe && (has(Class::Doing) || has(Class::Past) || self.is_bare(&range)))
        {
            return Some((Saying::Percent(50), head.index));
        }
        if let Some(place) = tokens.iter().position(|token| token.class == Class::Doing) {
            let is_denied = tokens[..place].iter().any(|token| matches!(token.class, Class::Not | Class::NotYet));
            return (!maybe_before(tokens, place) && !is_question && !is_denied)
                .then_some((Saying::Going, range.start + place));
        }
        if let Some(head) = find(Kind::Begin).or_else(|| find(Kind::Do)) {
            return match (head.denied, head.kind) {
                _ if maybe => None,
                (Some(Class::NotYet), _) => Some((Saying::NotBegun, head.index)),
                // "tuần sau mới làm"
                (None, Kind::Begin) if has(Class::ToCome) => None,
                (None, Kind::Begin) => Some((Saying::Going, head.index)),
                _ => None,
            };
        }
        self.takes_back(&range).map(|index| (Saying::Vague, index))
    }

    /// Whether nothing stands in the way by what follows: "Khó khăn: không có".
    fn is_denied_behind(&self, head: usize, end: usize) -> bool {
        let mut behind = (head + 1..end)
            .filter(|index| !matches!(self.tokens[*index].class, Class::Colon | Class::Dash | Class::Filler));
        let is_denial = |index: usize| matches!(self.tokens[index].class, Class::Not | Class::NotYet);
        behind.next().is_some_and(is_denial) && behind.next().is_none()
    }

    /// Where a statement only denies, or tells of what remains or is left out, which says nothing clear and takes back
    /// what is said beside it: "đã xong, chỉ còn …", "đã xong, trừ phòng máy", "tất cả đã xong, riêng 3.1 chưa".
    fn takes_back(&self, range: &Range<usize>) -> Option<usize> {
        let leaves_out = |index: &usize| matches!(self.tokens[*index].class, Class::Except | Class::Only);
        if let Some(place) = range.clone().find(leaves_out) {
            return Some(place);
        }
        let is_denial = |class: Class| matches!(class, Class::Not | Class::NotYet);
        let is_only_denial = range.clone().all(|index| {
            let class = self.tokens[index].class;
            is_denial(class) || class == Class::Maybe || self.is_understood(index)
        });
        let denial = range.clone().find(|index| is_denial(self.tokens[*index].class));
        let remains = |class: Class| matches!(class, Class::Remaining | Class::Rest);
        let remaining = range.clone().find(|index| remains(self.tokens[*index].class));
        if is_only_denial { denial.or(remaining) } else { remaining.filter(|_| denial.is_none()) }
    }

    /// What a statement means in which something is "xong".
    fn done(&self, range: &Range<usize>, head: &Head, heads: &[Head], maybe: bool) -> Saying {
        let tokens = &self.tokens[range.clone()];
        let has = |class: Class| tokens.iter().any(|token| token.class == class);
        if maybe {
            return Saying::Vague;
        }
        if heads.iter().any(|head| head.kind == Kind::Done && head.denied.is_some()) {
            return Saying::NotDone;
        }
        let before = &tokens[..head.index - range.start];
        if has(Class::Nearly) || has(Class::Doing) {
            // "đang hoàn thành", and not "đăng … xong" written without marks.
            let beside = before.last().is_some_and(|token| matches!(token.class, Class::Nearly | Class::Doing));
            return if beside { Saying::Going } else { Saying::Vague };
        }
        // "Tất cả đã xong trừ việc mua sách" may leave out a whole task.
        if has(Class::Except) && !self.is_single() && self.mentioned(range.clone()).is_empty() {
            return Saying::Vague;
        }
        if has(Class::Partly) || has(Class::Except) || has(Class::Half) {
            return Saying::Going;
        }
        let is_taken_back = has(Class::Remaining) || has(Class::Overcome) || has(Class::Unreal);
        // "1.4 xong thì …", "xong 1.4 rồi đến 1.5"
        let goes_on = tokens.get(head.index + 1 - range.start).is_some_and(|next| next.plain == "thi")
            || (has(Class::Until) && self.mentioned(range.clone()).len() > 1);
        let is_of_part = self.has_fraction(range) || self.counts(head.index + 1..range.end) || names_a_part(tokens);
        if is_taken_back || goes_on || is_of_part {
            return Saying::Vague;
        }
        let is_past = has(Class::Past);
        if is_past || (!has(Class::ToCome) && self.is_bare(range)) { Saying::Done } else { Saying::Vague }
    }

    /// Whether a statement holds nothing but what is understood of it.
    fn is_bare(&self, range: &Range<usize>) -> bool {
        range.clone().all(|index| self.is_understood(index))
    }

    fn is_understood(&self, index: usize) -> bool {
        self.is_name(index)
            || matches!(
                self.tokens[index].class,
                Class::Done
                    | Class::Do
                    | Class::Half
                    | Class::Filler
                    | Class::All
                    | Class::Every(_)
                    | Class::Rest
                    | Class::Past
                    | Class::Colon
                    | Class::Dash
                    | Class::Stop
                    | Class::Comma
            )
    }

    /// Whether what follows "xong" is a count, which may be of a part alone: "đã xong 2 phòng".
    fn counts(&self, behind: Range<usize>) -> bool {
        let next = behind.into_iter().find(|index| self.tokens[*index].class != Class::Filler);
        next.is_some_and(|index| {
            let is_count = self.tokens[index].plain.bytes().all(|byte| byte.is_ascii_digit());
            self.tokens[index].class == Class::Number && is_count && !self.is_name(index)
        })
    }

    /// Whether so many of so many are counted: "5/6", which is no date.
    fn has_fraction(&self, range: &Range<usize>) -> bool {
        range.clone().any(|index| {
            let token = &self.tokens[index];
            let parts = token
                .plain
                .split_once('/')
                .and_then(|(some, all)| Some((some.parse::<u32>().ok()?, all.parse::<u32>().ok()?)));
            let is_dated = index > range.start
                && ["ngay", "hom", "tu", "luc", "vao", "on"].contains(&self.tokens[index - 1].plain.as_str());
            token.class == Class::Number && !is_dated && parts.is_some_and(|(some, all)| some <= all)
        })
    }

    /// The number before a sign of per cent, where it is said of the task and of nothing else.
    fn percent(&self, range: &Range<usize>, sign: usize) -> Option<u8> {
        let number = sign.checked_sub(1).filter(|number| range.contains(number))?;
        let token = &self.tokens[number];
        if token.class != Class::Number || self.mention_at(number).is_some() {
            return None;
        }
        let before = range.start..number;
        // "Còn 3.1 40%"
        if range.start > 0 && self.tokens[range.start - 1].class == Class::Remaining {
            return None;
        }
        if let Some(last) = before.clone().next_back() {
            let is_other_number = self.tokens[last].class == Class::Number && self.mention_at(last).is_none();
            let leads = before.clone().rev().find(|index| self.tokens[*index].class != Class::Filler);
            let remains = leads.is_some_and(|index| {
                matches!(
                    self.tokens[index].class,
                    Class::Remaining | Class::Rest | Class::Lack | Class::Nearly | Class::Not | Class::NotYet
                )
            });
            if is_other_number || remains {
                return None;
            }
        }
        let is_led = before
            .clone()
            .any(|index| matches!(self.tokens[index].class, Class::Done | Class::Do | Class::Doing | Class::Begin));
        let is_known =
            |index: usize| self.is_name(index) || !matches!(self.tokens[index].class, Class::Other | Class::Number);
        let is_clean = (is_led || before.clone().all(is_known)) && (sign + 1..range.end).all(is_known);
        let value: f64 = token.plain.replace(',', ".").parse().ok()?;
        if !is_clean || !(0.0..=100.0).contains(&value) {
            return None;
        }
        // A number from 0 to 100.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(value.floor() as u8)
    }
}

/// Whether classes or rooms are named by their numbers, which are a part of a school.
fn names_a_part(tokens: &[Token]) -> bool {
    tokens
        .windows(2)
        .any(|pair| matches!(pair[0].plain.as_str(), "lop" | "khoi" | "phong") && pair[1].class == Class::Number)
}

/// Whether a word that takes what follows back stands before this place.
fn maybe_before(tokens: &[Token], place: usize) -> bool {
    tokens[..place].iter().any(|token| matches!(token.class, Class::Maybe | Class::Overcome))
}
