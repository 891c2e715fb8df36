//! What one statement says of how far a task is.

use std::ops::Range;

use crate::reply::words::{self, Class, Token};

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
                Class::Block if self.is_denied_behind(index, range.end) || self.is_no_obstacle(index, &range) => {
                    continue;
                }
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
        let kinds = |kind: Kind| heads.iter().any(|head| head.kind == kind);
        // "Xong 1.4 vướng 1.5", "thiếu chữ ký nữa là xong": whose is what?
        let is_done = heads.iter().any(|head| head.kind == Kind::Done && head.denied.is_none());
        if is_done && kinds(Kind::Block) && (self.mentioned(range.clone()).len() > 1 || has(Class::ToCome)) {
            return heads.first().map(|head| (Saying::Vague, head.index));
        }
        let find = |kind: Kind| heads.iter().find(|head| head.kind == kind);
        // "Đã xong nhé, đừng nhắc nữa"
        let done = find(Kind::Done).map_or(usize::MAX, |head| head.index);
        let is_maybe = |index: usize| {
            self.tokens[index].class == Class::Maybe && (index < done || self.tokens[index].plain != "dung")
        };
        let maybe = range.clone().any(is_maybe) || is_question;
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
            // "1.4 chậm do 1.5 vướng kinh phí"
            let mut before = range.start..head.index;
            let is_elsewhere =
                before.find(|index| self.tokens[*index].class == Class::Because).is_some_and(|because| {
                    !self.mentioned(range.start..because).is_empty() && !self.mentioned(because..head.index).is_empty()
                });
            if is_elsewhere {
                return Some((Saying::Vague, head.index));
            }
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

    /// Whether what is "xong" is another work than the task, or the beginning of the next: "em vừa dạy xong", "xong em báo",
    /// "tất cả giáo viên đã xong", "đã xong 1.4 chuẩn bị 1.5".
    fn is_of_something_else(&self, range: &Range<usize>, head: usize) -> bool {
        let class = |index: usize| self.tokens[index].class;
        let plain = |index: usize| self.tokens[index].plain.as_str();
        let is_over = range.clone().take_while(|index| *index < head).any(|index| plain(index) == "da");
        let is_other_work = head > range.start
            && (plain(head - 1) == "la"
                || words::OTHER_WORK.contains(&plain(head - 1))
                || (class(head - 1) == Class::Other && self.mention_at(head - 1).is_none() && !is_over));
        let mut behind = (head + 1..range.end).skip_while(|index| class(*index) == Class::Past || self.is_name(*index));
        let speaks_on = match behind.next().map(plain) {
            Some("em" | "toi" | "minh") => {
                behind.next().is_some_and(|index| !matches!(plain(index), "a" | "nhe" | "nha" | "roi" | "co" | "thay"))
            }
            Some("gui" | "lam" | "moi") => true,
            _ => false,
        };
        let is_of_others = range.clone().any(|index| {
            class(index) == Class::All && index + 1 < head && class(index + 1) == Class::Other && plain(index) != "deu"
        });
        let names: Vec<usize> = range.clone().filter(|index| self.mention_at(*index).is_some()).collect();
        let is_mixed = match (names.first(), names.last()) {
            (Some(first), Some(last)) => {
                let surrounds = *first < head && *last > head;
                surrounds
                    || (*first..*last).any(|index| class(index) == Class::Other && self.mention_at(index).is_none())
            }
            _ => false,
        };
        let tasks = self.mentioned(range.clone()).len();
        let miscounts = self.counted(range.clone()).is_some_and(|count| count < tasks);
        is_other_work || (speaks_on && !is_over) || is_of_others || is_mixed || miscounts
    }

    /// Whether an obstacle is none, or no more, or part of what the task is about: "có vướng gì em báo", "khó khăn đã được
    /// giải quyết", "học sinh khó khăn".
    fn is_no_obstacle(&self, head: usize, range: &Range<usize>) -> bool {
        let plain = |index: usize| self.tokens[index].plain.as_str();
        let is_of_people = head > range.start && words::IN_NEED.contains(&plain(head - 1));
        let is_any = head + 1 < range.end && plain(head + 1) == "gi";
        let is_over = (head + 1..range.end).any(|index| self.tokens[index].class == Class::Overcome);
        is_of_people || is_any || is_over
    }

    /// Whether nothing stands in the way by what follows: "Khó khăn: không có".
    fn is_denied_behind(&self, head: usize, end: usize) -> bool {
        let mut behind = (head + 1..end)
            .filter(|index| !matches!(self.tokens[*index].class, Class::Colon | Class::Dash | Class::Filler));
        let is_denial = |index: usize| matches!(self.tokens[index].class, Class::Not | Class::NotYet);
        behind.next().is_some_and(is_denial) && behind.next().is_none()
    }

    /// Where a statement only denies, corrects, or tells of what remains, is left out or has not happened yet, which says
    /// nothing clear and takes back what is said beside it: "đã xong, chỉ còn …", "đã xong, trừ phòng máy", "tất cả đã
    /// xong, riêng 3.1 chưa".
    fn takes_back(&self, range: &Range<usize>) -> Option<usize> {
        let leaves_out = |index: &usize| {
            let token = &self.tokens[*index];
            let corrects = token.class == Class::Unreal && !token.plain.starts_with("dau") && token.plain != "ngoai";
            corrects || matches!(token.class, Class::Except | Class::Only | Class::NotYet)
        };
        if let Some(place) = range.clone().find(leaves_out) {
            return Some(place);
        }
        let is_only_denial = range
            .clone()
            .all(|index| matches!(self.tokens[index].class, Class::Not | Class::Maybe) || self.is_understood(index));
        let denial = range.clone().find(|index| self.tokens[*index].class == Class::Not);
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
        if is_taken_back || goes_on || is_of_part || self.is_of_something_else(range, head.index) {
            return Saying::Vague;
        }
        // "Làm xong 1.4 đã" means: first.
        let is_first = |token: &Token| token.plain == "da";
        let behind = &tokens[head.index + 1 - range.start..];
        if behind.iter().any(is_first) && !before.iter().any(is_first) {
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
        if self.class_before(range.start) == Some(Class::Remaining) {
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
        let takes_back = |index: usize| {
            matches!(self.tokens[index].class, Class::Not | Class::NotYet | Class::ToCome | Class::Unreal)
        };
        let is_clean = (is_led || before.clone().all(is_known))
            && (sign + 1..range.end).all(is_known)
            && !(sign + 1..range.end).any(takes_back);
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
        .any(|pair| words::PARTS_OF_A_SCHOOL.contains(&pair[0].plain.as_str()) && pair[1].class == Class::Number)
}

/// Whether a word that takes what follows back stands before this place.
fn maybe_before(tokens: &[Token], place: usize) -> bool {
    tokens[..place].iter().any(|token| matches!(token.class, Class::Maybe | Class::Overcome))
}
