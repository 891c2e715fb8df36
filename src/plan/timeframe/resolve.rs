//! What an expression means: its dates, how often, and what is doubtful about it.

use jiff::ToSpan;
use jiff::civil::Date;

use super::context::{Context, Frame, FrameKind, Unit};
use super::dates::{beginning, name_of, on, school_year};
use super::expression::{Entry, Label, Said};
use super::moment::{Moment, Month, Stretch};
use super::reading::{Period, Reading};
use super::reason::{Doubt, Resolved, Unresolved};
use super::recurrence::HowOften;
use super::span::{Span, SpanRow, Time};

/// More periods than letters cannot be told apart as tasks (1.4a, 1.4b …).
const MAX_PERIODS: usize = 26;

/// How far a term or school year may differ from the days in brackets that say it more precisely.
const EDGE_DAYS: i32 = 45;

/// The dates of a stretch of time.
#[derive(Clone, Debug)]
struct DatedPeriod {
    period: Period,
    /// Whether its year is a statement of its own ("đến năm 2030").
    is_long_term: bool,
}

/// Reads what the entries say.
pub(super) fn resolve(entries: &[Entry], context: &Context<'_>) -> Resolved<Reading> {
    let (dated, often, is_stepwise) = dates(entries, context)?;
    let recurrence = often.recurrence();
    let mut doubts: Vec<Doubt> =
        often.left_out().map(|words| Doubt::OtherRecurrence { words, asked: recurrence }).collect();
    if is_stepwise && let Some(last) = dated.last() {
        doubts.push(Doubt::Steps { due: last.period.due });
    }
    for one in &dated {
        doubts.extend(doubt(one, context));
    }
    Ok(Reading { periods: dated.into_iter().map(|one| one.period).collect(), recurrence, doubts })
}

/// The dates of the entries, how often, and whether they are those of steps made into one.
fn dates(entries: &[Entry], context: &Context<'_>) -> Resolved<(Vec<DatedPeriod>, HowOften, bool)> {
    let mut often = HowOften::default();
    let mut groups: Vec<(bool, Vec<DatedPeriod>)> = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        match &entry.said {
            Said::Repetition(every) => {
                often.append(HowOften::of(*every, &entry.words));
                if let Some(refined) = &entry.refined {
                    let (dated, more, _) = dates(refined, context)?;
                    often.append(more);
                    groups.push((entry.is_apart, dated));
                }
            }
            Said::Aside => {}
            Said::Time(time) => {
                let time = with_year_of_next(time, &entries[position + 1..], context)?;
                let (dated, more) = refined(&time, entry, context)?;
                often.append(more);
                groups.push((entry.is_apart || entry.label.is_some(), dated));
            }
        }
    }
    if often.is_empty()
        && let Some(aside) = entries.iter().find(|entry| entry.said == Said::Aside)
    {
        return Err(Unresolved::NotUnderstood(aside.words.clone()));
    }
    if groups.is_empty() {
        let period = Period { start: Some(context.year.start()), due: context.year.end() };
        return Ok((vec![DatedPeriod { period, is_long_term: false }], often, false));
    }
    let is_stepwise = groups.len() > 1 && entries.iter().all(|entry| entry.label.is_some_and(Label::is_step));
    if !is_stepwise && let Some(stage) = entries.iter().find_map(|entry| entry.label?.stage()) {
        return Err(Unresolved::NotUnderstood(stage.to_owned()));
    }
    if often.recurrence().is_some()
        && let Some(day) = entries.iter().find(|entry| is_day(entry))
    {
        return Err(Unresolved::Contradiction(format!("`{}`", day.words), "how often".to_owned()));
    }
    let dated = if is_stepwise { vec![steps(groups)?] } else { in_order(groups, !often.is_empty())? };
    Ok((dated, often, is_stepwise))
}

/// Whether it is a single day, on which nothing can recur.
fn is_day(entry: &Entry) -> bool {
    let Said::Time(time) = &entry.said else { return false };
    let Span::Row(SpanRow { stretches, .. }) = &time.span else { return false };
    !time.is_due_only && matches!(stretches[..], [Stretch::One(Moment::Day(_) | Moment::On(..))])
}

/// One period for steps that follow each other.
fn steps(groups: Vec<(bool, Vec<DatedPeriod>)>) -> Resolved<DatedPeriod> {
    let dated: Vec<DatedPeriod> = groups.into_iter().flat_map(|(_, dated)| dated).collect();
    for pair in dated.windows(2) {
        if pair[1].period.due < pair[0].period.due {
            return Err(contradiction(&pair[0].period, &pair[1].period));
        }
    }
    let (Some(first), Some(last)) = (dated.first(), dated.last()) else { return Err(Unresolved::Empty) };
    let period = Period { start: first.period.start, due: last.period.due };
    Ok(DatedPeriod { period, is_long_term: last.is_long_term })
}

/// Periods that adjoin within a row are one, others one each; none may lie in another.
fn in_order(groups: Vec<(bool, Vec<DatedPeriod>)>, is_ongoing: bool) -> Resolved<Vec<DatedPeriod>> {
    let mut whole: Vec<DatedPeriod> = Vec::new();
    for (is_apart, dated) in groups {
        for (position, next) in dated.into_iter().enumerate() {
            let adjoins = |last: &DatedPeriod| last.period.due.tomorrow().ok() == Some(beginning(&next.period));
            match whole.last_mut().filter(|last| !(is_apart && position == 0) && adjoins(last)) {
                Some(last) => {
                    last.period = Period { start: Some(beginning(&last.period)), due: next.period.due };
                    last.is_long_term |= next.is_long_term;
                }
                None => whole.push(next),
            }
        }
    }
    for (position, one) in whole.iter().enumerate() {
        for other in &whole[..position] {
            if beginning(&one.period) <= other.period.due && beginning(&other.period) <= one.period.due {
                return Err(contradiction(&other.period, &one.period));
            }
        }
    }
    if whole.len() > MAX_PERIODS || (is_ongoing && whole.len() > 1) {
        let (first, second) = (&whole[0].period, &whole[1].period);
        return Err(contradiction(first, second));
    }
    Ok(whole)
}

fn contradiction(one: &Period, other: &Period) -> Unresolved {
    Unresolved::Contradiction(one.to_string(), other.to_string())
}

/// "15/10, 15/11/2024": the year of the one that follows, where it is that of the school year too.
fn with_year_of_next(time: &Time, later: &[Entry], context: &Context<'_>) -> Resolved<Time> {
    let Some(last) = last_moment(time) else { return Ok(time.clone()) };
    let Some(month) = last.month().filter(|month| month.year.is_none()) else { return Ok(time.clone()) };
    let next = later.iter().find_map(|entry| {
        let Said::Time(time) = &entry.said else { return None };
        last_moment(time).filter(|moment| moment.month().is_some_and(|month| month.year.is_some()))
    });
    let (Some(next), Some(_)) = (next, month.number) else { return Ok(time.clone()) };
    let (own, given) = (last.period(context)?, last.clone().completed_by(next).period(context)?);
    if own == given { Ok(time.clone()) } else { Err(Unresolved::YearMissing) }
}

fn last_moment(time: &Time) -> Option<&Moment> {
    match &time.span {
        Span::Onwards(moment) | Span::FromNow(moment) => Some(moment),
        Span::Row(row) => match row.stretches.last()? {
            Stretch::One(moment) | Stretch::Through(_, moment) => Some(moment),
        },
    }
}

/// The dates of a time, made more precise by what stands in brackets behind it.
fn refined(time: &Time, entry: &Entry, context: &Context<'_>) -> Resolved<(Vec<DatedPeriod>, HowOften)> {
    let Some(inner) = &entry.refined else { return Ok((of_time(time, context)?, HowOften::default())) };
    let moment = match &time.span {
        Span::Row(SpanRow { stretches, .. }) => match &stretches[..] {
            [Stretch::One(moment)] => Some(moment),
            _ => None,
        },
        _ => None,
    };
    if let Some(Moment::Weekday(weekday)) = moment {
        // "Chiều thứ 6 (06/10/2023)"
        let (mut dated, every, _) = dates(inner, context)?;
        let [one] = &mut dated[..] else { return Err(Unresolved::NotUnderstood(name_of(*weekday).to_owned())) };
        one.period = Period { start: None, due: on(*weekday, &one.period)? };
        return Ok((dated, every));
    }
    let outer = in_order(vec![(false, of_time(time, context)?)], false)?;
    if let [Entry { said: Said::Time(inner), refined: None, .. }] = &inner[..]
        && let Some(Moment::Weekday(weekday)) = last_moment(inner)
        && let [one] = &outer[..]
    {
        // "20/11/2023 (thứ hai)"
        let period = Period { start: None, due: on(*weekday, &one.period)? };
        return Ok((vec![DatedPeriod { period, ..one.clone() }], HowOften::default()));
    }
    let says_when = inner.iter().any(|entry| matches!(entry.said, Said::Time(_)));
    let around = moment.and_then(|moment| frame_of(moment, context)).or(context.within);
    if !says_when {
        let mut every = HowOften::default();
        for entry in inner {
            let Said::Repetition(repetition) = entry.said else {
                return Err(Unresolved::NotUnderstood(entry.words.clone()));
            };
            every.append(HowOften::of(repetition, &entry.words));
        }
        return Ok((outer, every));
    }
    // "Tuần 4 (từ 23 đến 28)": numbers alone are days.
    let days = matches!(moment, Some(Moment::Week { .. })).then_some(Unit::Day);
    let (inner, every, _) = dates(inner, &context.within(around).column(days))?;
    // "Trước ngày 20/11 (Ngày Nhà giáo Việt Nam)": the day that it is before, said again.
    if let (Some(Moment::Before(named)), [one]) = (moment, &inner[..])
        && named.period(context)? == one.period
    {
        return Ok((outer, every));
    }
    let [outer] = &outer[..] else {
        return Err(contradiction(&outer[0].period, &inner[0].period));
    };
    let is_due_only = matches!(&entry.refined.as_deref(), Some([Entry { said: Said::Time(time), .. }]) if time.is_due_only || is_before(time));
    let precise = more_precise(outer, inner, moment, is_due_only)?;
    Ok((precise, every))
}

/// Whether only the last day is said: "trước 15/9".
fn is_before(time: &Time) -> bool {
    matches!(last_moment(time), Some(Moment::Before(_) | Moment::End(_)))
}

/// What stands in brackets, where it lies in what stands before it or says the same weeks or term by their days; what
/// stands before it, where it lies in the brackets.
fn more_precise(
    outer: &DatedPeriod,
    mut inner: Vec<DatedPeriod>,
    moment: Option<&Moment>,
    is_due_only: bool,
) -> Resolved<Vec<DatedPeriod>> {
    let (first, last) = (beginning(&outer.period), outer.period.due);
    if let [one] = &mut inner[..] {
        let lies_around = beginning(&one.period) <= first && last <= one.period.due;
        if lies_around && one.period.start.is_some() {
            return Ok(vec![outer.clone()]);
        }
        if is_due_only && first <= one.period.due && one.period.due <= last {
            one.period.start = outer.period.start;
            return Ok(inner);
        }
    }
    for one in &inner {
        let (start, due) = (beginning(&one.period), one.period.due);
        let fits = match moment {
            Some(Moment::Week { .. }) => (due - start).get_days() < 7 && is_near(start, first, 62),
            Some(Moment::Term(_) | Moment::SchoolYear(_)) => due <= last && is_near(start.min(first), first, EDGE_DAYS),
            _ => first <= start && due <= last,
        };
        if !fits {
            return Err(contradiction(&outer.period, &one.period));
        }
    }
    Ok(inner)
}

fn is_near(one: Date, other: Date, days: i32) -> bool {
    (one - other).get_days().abs() <= days
}

/// What a moment is for what stands in brackets behind it or below it.
fn frame_of(moment: &Moment, context: &Context<'_>) -> Option<Frame> {
    let period = moment.period(context).ok()?;
    let (kind, month) = match moment {
        Moment::Month(_) => (FrameKind::Month, period.start),
        Moment::PartOfMonth { .. } | Moment::LastWeeks { .. } => {
            (FrameKind::Month, period.start.map(Date::first_of_month))
        }
        Moment::Week { month, .. } => {
            let own = month.number.and(period.start).map(Date::first_of_month);
            (FrameKind::Week, own.or_else(|| context.month()))
        }
        Moment::Quarter { .. } => (FrameKind::Quarter, None),
        Moment::Term(_) => (FrameKind::Term, None),
        _ => return None,
    };
    Some(Frame::new(kind, period, month))
}

/// The month, quarter, term or week that an entry names.
pub(super) fn frame(entry: &Entry, context: &Context<'_>) -> Option<Frame> {
    let Said::Time(time) = &entry.said else { return None };
    let Span::Row(SpanRow { stretches, years }) = &time.span else { return None };
    let [Stretch::One(moment)] = &stretches[..] else { return None };
    school_year(*years, context).ok()?;
    let frame = frame_of(moment, context)?;
    match &refined(time, entry, context).ok()?.0[..] {
        [one] => Some(frame.with_period(one.period)),
        _ => None,
    }
}

fn of_time(time: &Time, context: &Context<'_>) -> Resolved<Vec<DatedPeriod>> {
    let mut dated = match &time.span {
        Span::Onwards(first) => {
            let first = of_moment(first, context)?;
            let period = Period { start: Some(beginning(&first.period)), due: context.year.end() };
            vec![DatedPeriod { period: running(period)?, ..first }]
        }
        Span::FromNow(last) => {
            let last = of_moment(last, context)?;
            let period = Period { start: context.issued, due: last.period.due };
            vec![DatedPeriod { period: running(period)?, ..last }]
        }
        Span::Row(row) => of_row(row, context)?,
    };
    if time.is_due_only {
        for one in &mut dated {
            one.period.start = None;
        }
    }
    Ok(dated)
}

/// A row in which each takes what it leaves out from the one that follows.
fn of_row(row: &SpanRow, context: &Context<'_>) -> Resolved<Vec<DatedPeriod>> {
    school_year(row.years, context)?;
    let mut dated = Vec::with_capacity(row.stretches.len());
    let mut next: Option<Moment> = None;
    for stretch in row.stretches.iter().rev() {
        let complete = |moment: &Moment, next: &Option<Moment>| match next {
            Some(next) => moment.clone().completed_by(next),
            None => moment.clone(),
        };
        match stretch {
            Stretch::One(moment) => {
                let moment = complete(moment, &next);
                dated.push(of_moment(&moment, context)?);
                next = Some(moment);
            }
            Stretch::Through(first, last) => {
                let last = complete(last, &next);
                if is_vague(first, &last) {
                    return Err(Unresolved::MonthMissing);
                }
                let first = first.clone().completed_by(&last);
                let last = last.following(&first);
                let (from, to) = (of_moment(&first, context)?, of_moment(&last, context)?);
                let period = running(Period { start: Some(beginning(&from.period)), due: to.period.due })?;
                dated.push(DatedPeriod { period, is_long_term: from.is_long_term || to.is_long_term });
                next = Some(first);
            }
        }
    }
    dated.reverse();
    Ok(dated)
}

/// "Tuần 3-4/10": the third and fourth week of October, or the third week to the fourth of October?
fn is_vague(first: &Moment, last: &Moment) -> bool {
    matches!(first, Moment::Week { month: Month { number: None, .. }, .. })
        && matches!(last, Moment::Day(_) | Moment::Month(_) | Moment::Bare(_))
}

fn running(period: Period) -> Resolved<Period> {
    match period.start.filter(|start| *start > period.due) {
        Some(start) => Err(Unresolved::EndsBeforeStart { start, due: period.due }),
        None => Ok(period),
    }
}

fn of_moment(moment: &Moment, context: &Context<'_>) -> Resolved<DatedPeriod> {
    let period = moment.period(context)?;
    let is_long_term = context.is_settled || moment.is_long_term();
    let (first, last) = around_school_year(context);
    let (from, to) = (first.saturating_sub(1.year()), last.saturating_add(1.year()));
    if !is_long_term && (period.due < from || beginning(&period) > to) {
        return Err(Unresolved::FarFromSchoolYear(period.due));
    }
    Ok(DatedPeriod { period, is_long_term })
}

/// The twelve months of which a month without a year is one.
fn around_school_year(context: &Context<'_>) -> (Date, Date) {
    let start = context.year.start();
    let first = (1..=12).map(|month| jiff::civil::date(context.year.year_of_month(month), month, 1)).min();
    let first = first.unwrap_or(start);
    (first, first.saturating_add(11.months()).last_of_month())
}

fn doubt(dated: &DatedPeriod, context: &Context<'_>) -> Option<Doubt> {
    let due = dated.period.due;
    if let Some(doubt) = Doubt::of_due(due, context.issued) {
        return Some(doubt);
    }
    let (first, last) = around_school_year(context);
    let expected = context.year.year_of_month(due.month());
    (!dated.is_long_term && !(first..=last).contains(&due)).then_some(Doubt::OutsideSchoolYear { due, expected })
}
