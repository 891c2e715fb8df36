//! What one clause says: patterns over the classes of its words. A clause that has a word which no pattern allows says nothing.

use std::ops::Range;

use jiff::civil::Date;

use crate::text::fold;

use super::clauses::{Clause, Opener};
use super::completion_day::completion_day;
use super::lexicon::Class;
use super::more_time::{self, Due};
use super::obstacle::{WORK, free_words, obstacle};
use super::reading::{Asked, Matter};
use super::saying::{COMMON, ReadClause, Saying, percent, speaks_of_somebody};
use super::tokens::{AnswerToken, TokenValue};

use Class as C;

/// A pattern: of each group one class must be there, and others may.
struct Pattern {
    saying: Saying,
    needs: &'static [&'static [Class]],
    may: &'static [Class],
}

/// The first that fits is meant.
#[rustfmt::skip]
const PATTERNS: &[Pattern] = &[
    Pattern { saying: Saying::Done { for_all: false }, needs: &[&[C::Done]], may: &[
        C::Do, C::Past, C::Perfect, C::Earlier, C::Since, C::On, C::Before, C::Date, C::Moment, C::Manner, C::Early, C::Span,
        C::Volume, C::Percent, C::Everyone, C::Sorry, C::Ok,
    ] },
    Pattern { saying: Saying::Percent(0), needs: &[&[C::Percent]], may: &[
        C::Done, C::Do, C::Begin, C::Doing, C::Past, C::Perfect, C::Approx, C::Volume, C::Manner,
    ] },
    Pattern { saying: Saying::NotBegun, needs: &[&[C::NotYet], &[C::Do, C::Own, C::Begin]], may: &[C::Any] },
    Pattern { saying: Saying::NotDone, needs: &[&[C::NotYet, C::Not]], may: &[C::Done, C::Do, C::Begin, C::Any, C::Manner] },
    Pattern { saying: Saying::Doing, needs: &[&[C::Doing], &[C::Do, C::Own, C::Begin]], may: &[C::Manner, C::More, C::Past] },
    Pattern { saying: Saying::Doing, needs: &[&[C::Doing], &[C::Done]], may: &[C::Do, C::Manner] },
    Pattern { saying: Saying::Doing, needs: &[&[C::Underway]], may: &[C::Do, C::Doing, C::More, C::Past] },
    Pattern { saying: Saying::Doing, needs: &[&[C::Begin], &[C::Past, C::Perfect]], may: &[C::Do] },
    Pattern { saying: Saying::Doing, needs: &[&[C::Part], &[C::Do, C::Done, C::Able]], may: &[C::Past, C::Perfect] },
    Pattern { saying: Saying::Same, needs: &[&[C::Same], &[C::Task, C::Own]], may: &[] },
    // "Mai em gửi ảnh"
    Pattern { saying: Saying::Aside, needs: &[&[C::Send, C::Proof]], may: &[
        C::Past, C::Perfect, C::Future, C::Earlier, C::Since, C::On, C::Date, C::Ask, C::Receipt, C::Until, C::More,
    ] },
    Pattern { saying: Saying::Aside, needs: &[&[C::Fine]], may: &[C::Ask] },
    Pattern { saying: Saying::Aside, needs: &[&[C::Invite]], may: &[C::Check, C::Ask, C::Receipt] },
    // "Thời gian: 20/11", "từ tháng 10"
    Pattern { saying: Saying::Aside, needs: &[&[C::Date, C::Earlier, C::Moment]], may: &[C::Since, C::On, C::Past] },
    // "Hết 1,2 triệu"
    Pattern { saying: Saying::Aside, needs: &[&[C::Amount]], may: &[C::Money, C::Past, C::Perfect, C::Approx] },
    // "Kiến nghị: không"
    Pattern { saying: Saying::Aside, needs: &[&[C::Proposal], &[C::Not, C::Lack]], may: &[C::Any] },
    Pattern { saying: Saying::Aside, needs: &[&[C::Manner, C::Early]], may: &[C::Span] },
    Pattern { saying: Saying::Aside, needs: &[&[C::Own, C::Do], &[C::Past, C::Perfect]], may: &[C::Manner] },
    Pattern { saying: Saying::Help, needs: &[&[C::Help]], may: &[C::Ask, C::Money, C::Resource, C::Future] },
    Pattern { saying: Saying::Courtesy, needs: &[&[C::Receipt, C::Sorry]], may: &[
        C::Past, C::Perfect, C::Ask, C::Strain, C::Ok,
    ] },
    Pattern { saying: Saying::Aside, needs: &[&[C::Past, C::Perfect]], may: &[] },
];

impl Pattern {
    fn fits(&self, tokens: &[AnswerToken]) -> bool {
        let may = |class: &Class| {
            COMMON.contains(class) || self.may.contains(class) || self.needs.iter().any(|group| group.contains(class))
        };
        let has = |group: &&'static [Class]| tokens.iter().any(|token| group.contains(&token.class));
        tokens.iter().all(|token| may(&token.class)) && self.needs.iter().all(has)
    }
}

/// Reads a clause.
pub(super) fn read(clause: &Clause, text: &str, asked: &Asked<'_>) -> ReadClause {
    let (head, why) = split_reason(&clause.tokens);
    let is_dated = |saying: &Saying| matches!(saying, Saying::Done { .. } | Saying::Aside);
    let read = |saying: Saying| {
        let done_on = completion_day(&head, asked.today).filter(|_| is_dated(&saying));
        ReadClause { saying, why: why.clone(), done_on }
    };
    if clause.asks || asks_whether(&clause.tokens) {
        return read(Saying::Person(Matter::Question));
    }
    if let Some((due, wish_why)) = more_time::request(&clause.tokens, &head, text, asked) {
        return ReadClause { why: wish_why.or(why), ..ReadClause::of(Saying::MoreTime(due)) };
    }
    if let Some(blocked) = obstacle(&head) {
        // "Vướng dạy bù nên chưa đọc thư", "nên đến muộn" hinder something else.
        let follows: Vec<Class> =
            clause.tokens.iter().map(|token| token.class).skip_while(|class| *class != C::Therefore).collect();
        let is_elsewhere = follows.iter().any(|class| matches!(class, C::Receipt | C::Report | C::Send));
        if !follows.is_empty() && (is_elsewhere || !follows.iter().any(|class| WORK.contains(class))) {
            return ReadClause::of(Saying::Unknown);
        }
        let why = blocked.why.or(why);
        // "Vướng mắc: …": nobody filled it in; above the tasks that it is said of it is a heading.
        let is_heading = clause.heads && asked.tasks.len() > 1;
        let is_empty = why.is_none() && head.last().is_some_and(|token| token.class == C::Colon) && !is_heading;
        return if is_empty { ReadClause::of(Saying::Aside) } else { ReadClause { why, ..blocked } };
    }
    let has = |class: Class| head.iter().any(|token| token.class == class);
    if has(C::HandOver) {
        return read(Saying::Person(Matter::HandOver));
    }
    if has(C::Wonder) {
        return read(Saying::Person(Matter::Question));
    }
    let saying = verdict(&head, asked.today);
    let is_bare_remainder = clause.opener == Opener::Remaining && clause.names().is_empty();
    match saying {
        // "Còn 5 triệu" is not there yet.
        Saying::Aside if clause.opener == Opener::Remaining && has(C::Amount) => read(Saying::Unknown),
        // "Còn 40%", "còn 3.1 40%": what remains, or what is done?
        Saying::Percent(_) if clause.opener == Opener::Remaining && (is_bare_remainder || !has(C::Able)) => {
            read(Saying::Unknown)
        }
        // "Các thầy cô xong cả rồi, còn mỗi em"
        Saying::Names | Saying::Courtesy
            if !matches!(clause.opener, Opener::None | Opener::But)
                && clause.names().is_empty()
                && (has(C::Person) || has(C::Name) || has(C::Office)) =>
        {
            read(Saying::Unknown)
        }
        Saying::Done { .. } if is_bare_remainder && !has(C::Rest) => read(Saying::Unknown),
        // "Chưa làm được vì không có tủ"
        Saying::NotDone if why.is_some() && has(C::Do) && has(C::Able) && !has(C::Done) => read(Saying::Blocked(None)),
        // "Xong 1.4, 3.1 rồi": the tasks go on.
        Saying::Aside
            if has(C::Task) && head.iter().all(|token| COMMON.contains(&token.class) || token.class == C::Past) =>
        {
            read(Saying::Names)
        }
        Saying::Names if why.is_some() => read(Saying::Reason),
        // "Dạ vì chưa có kinh phí" tells why; "cảm ơn cô vì đã nhắc" is no more than polite.
        Saying::Courtesy if why.is_some() && !has(C::Sorry) && !thanks(&head, text) => read(Saying::Reason),
        // "Nếu được thì xin lùi đến 15/12": a wish, and not all of it is understood.
        Saying::Unknown if has(C::Extend) => read(Saying::MoreTime(Due::Unknown)),
        saying => read(saying),
    }
}

/// "Có thiếu gì không ạ", "xong ko c": behind a statement "không" asks; behind a name or a colon it answers.
fn asks_whether(tokens: &[AnswerToken]) -> bool {
    let is_quiet = |class: &Class| matches!(class, C::Courtesy | C::Person | C::Name | C::Office);
    let mut classes = tokens.iter().rev().map(|token| token.class).filter(|class| !is_quiet(class));
    #[rustfmt::skip]
    let answers = |before: Class| matches!(
        before,
        C::Task | C::Own | C::Label | C::Heading | C::Colon | C::Rest | C::Count | C::Whole | C::Topic | C::Because | C::Report
    );
    classes.next() == Some(C::Not) && classes.next().is_some_and(|before| !answers(before))
}

fn thanks(tokens: &[AnswerToken], text: &str) -> bool {
    let says = |token: &AnswerToken| {
        let word = fold(&text[token.at.clone()]);
        token.class == C::Courtesy && ["cam on", "thank", "tks"].iter().any(|thanks| word.contains(thanks))
    };
    tokens.iter().any(says)
}

/// A clause without the reason in it, and the reason: behind "vì", up to "nên" or the end.
fn split_reason(tokens: &[AnswerToken]) -> (Vec<AnswerToken>, Option<Range<usize>>) {
    let Some(because) = tokens.iter().position(|token| matches!(token.class, C::Because | C::Note)) else {
        return (tokens.iter().filter(|token| token.class != C::Therefore).cloned().collect(), None);
    };
    let end =
        tokens[because..].iter().position(|token| token.class == C::Therefore).map_or(tokens.len(), |at| because + at);
    let head = tokens[..because].iter().chain(tokens.get(end + 1..).unwrap_or_default()).cloned().collect();
    (head, free_words(&tokens[because + 1..end]))
}

/// The pattern that fits, in the order that its words may have.
fn verdict(tokens: &[AnswerToken], today: Date) -> Saying {
    let Some(pattern) = PATTERNS.iter().find(|pattern| pattern.fits(tokens) && is_in_order(pattern, tokens, today))
    else {
        return simple(tokens);
    };
    let has = |class: Class| tokens.iter().any(|token| token.class == class);
    match &pattern.saying {
        Saying::Done { .. } => Saying::Done { for_all: has(C::Everyone) },
        Saying::Percent(_) => match tokens.iter().filter_map(percent).collect::<Vec<_>>().as_slice() {
            [100] if is_whole(tokens, today) => Saying::Done { for_all: has(C::Everyone) },
            [percent] if *percent < 100 => Saying::Percent(*percent),
            _ => Saying::Unknown,
        },
        saying => saying.clone(),
    }
}

/// A clause that says nothing of any work.
fn simple(tokens: &[AnswerToken]) -> Saying {
    let all =
        |classes: &[Class]| tokens.iter().all(|token| COMMON.contains(&token.class) || classes.contains(&token.class));
    let has = |classes: &[Class]| tokens.iter().any(|token| classes.contains(&token.class));
    if has(&[C::Task, C::Own, C::Label, C::Heading, C::Rest, C::Count, C::Whole]) {
        return if all(&[]) { Saying::Names } else { Saying::Unknown };
    }
    match () {
        () if tokens.is_empty() => Saying::Names,
        () if all(&[C::Ask, C::Ok, C::More]) && has(&[C::Courtesy, C::Ok, C::Person, C::Report]) => Saying::Courtesy,
        () => Saying::Unknown,
    }
}

/// "100%" and "đạt 100% kế hoạch", not "khoảng 100%".
fn is_whole(tokens: &[AnswerToken], today: Date) -> bool {
    let has = |class: Class| tokens.iter().any(|token| token.class == class);
    !has(C::Approx) && !has(C::Doing) && !has(C::Begin) && is_said_of_all(tokens, today)
}

/// Whether the words of a statement stand as they must to mean it.
fn is_in_order(pattern: &Pattern, tokens: &[AnswerToken], today: Date) -> bool {
    let first = |class: Class| tokens.iter().position(|token| token.class == class);
    let has = |class: Class| first(class).is_some();
    if pattern.saying.is_statement() && !has(C::Done) && speaks_of_somebody(tokens) {
        return false;
    }
    match pattern.saying {
        Saying::Done { .. } => {
            let is_full = tokens.iter().filter_map(percent).all(|percent| percent == 100);
            is_full && (!has(C::Volume) || has(C::Percent)) && is_said_of_all(tokens, today)
        }
        // "Chưa làm được": it was begun.
        Saying::NotBegun => !has(C::Able) || has(C::Any),
        Saying::NotDone => {
            let not = first(C::NotYet).or(first(C::Not)).unwrap_or(0);
            let denies = has(C::NotYet) || has(C::Done) || (has(C::Do) && has(C::Able));
            // "Xong chưa" asks.
            denies
                && tokens.iter().filter(|token| matches!(token.class, C::Not | C::NotYet)).count() == 1
                && first(C::Done).is_none_or(|done| not < done)
        }
        // "Đang hoàn thành"; "xong 1.4 đang làm" says two things.
        Saying::Doing => first(C::Done).is_none_or(|done| first(C::Doing).is_none_or(|doing| doing < done)),
        // "Ngày 15/12" says nothing of what was; "em gửi ảnh ngày 15/12" may.
        Saying::Aside => has(C::Send) || has(C::Proof) || !tokens.iter().any(|token| is_to_come(token, today)),
        _ => true,
    }
}

fn is_to_come(token: &AnswerToken, today: Date) -> bool {
    matches!(token.value, TokenValue::Date(day) if day > today)
}

/// The order of a clause that says that all is done.
fn is_said_of_all(tokens: &[AnswerToken], today: Date) -> bool {
    let has = |class: Class| tokens.iter().any(|token| token.class == class);
    let ends = |token: &AnswerToken| matches!(token.class, C::Done | C::Percent);
    let first = tokens.iter().position(ends).unwrap_or(0);
    let last = tokens.iter().rposition(ends).unwrap_or(0);
    let next = |at: usize| tokens.get(at + 1).map(|token| token.class);
    let before = |at: usize| at.checked_sub(1).map(|at| tokens[at].class);
    let fits = |at: usize, token: &AnswerToken| match token.class {
        // "Xong em báo", "xong rồi em làm"; "báo cáo xong" is said of the report.
        C::Report => at < first && next(at) != Some(C::Done),
        C::Do | C::Perfect => at < last,
        // "Tiến độ hoàn thành", "theo kế hoạch: hoàn thành" are headings.
        C::Heading => next(at) != Some(C::Done),
        C::Manner => next(at) != Some(C::Colon),
        // "Công tác xong em về"
        C::About => matches!(next(at), Some(C::Task | C::Own | C::Label)),
        // "Tuần sau là xong"; "em báo lại là đã xong"
        C::Copula => tokens[at..first.max(at)].iter().any(|token| matches!(token.class, C::Past | C::Perfect)),
        C::Topic => matches!(before(at), Some(C::Task | C::Own | C::Label | C::Rest | C::Courtesy)),
        // "Cô Hoa đã xong" says nothing of one's own part; "cô Hoa ơi, …" calls her.
        C::Name => at > first || next(at) == Some(C::Courtesy),
        C::Span => before(at) == Some(C::Early),
        // "Việc hôm qua xong rồi": which?
        C::Label => !matches!(next(at), Some(C::Earlier | C::Moment)),
        // "Ngày hoàn thành" is a heading.
        C::Since | C::On => matches!(next(at), Some(C::Date | C::Earlier | C::Moment | C::Now | C::Since | C::On)),
        C::Before => matches!(next(at), Some(C::Date | C::Earlier)),
        C::Now => has(C::Past) || has(C::Perfect),
        // "Hoàn thành hồ sơ" may be an aim.
        C::Own => at < first || has(C::Past) || has(C::Perfect),
        C::Date => !is_to_come(token, today),
        // "Thứ Hai xong" is to come, "xong từ thứ Hai" was.
        C::Moment => {
            let is_led = matches!(before(at), Some(C::Since | C::On | C::Done | C::Past));
            is_led && !is_to_come(token, today) && (has(C::Past) || has(C::Perfect) || has(C::Since))
        }
        _ => true,
    };
    // Some of a task's words may name a part of it.
    let own = tokens.iter().filter(|token| token.class == C::Own).count();
    let is_named = has(C::Task) || own == 0 || own >= 3;
    is_named && tokens.iter().enumerate().all(|(at, token)| fits(at, token))
}
