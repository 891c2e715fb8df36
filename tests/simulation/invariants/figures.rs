//! 12: the figures of a review, counted from the facts.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use nhacviec::plan::Status;

use crate::oracle;
use crate::parts::TaskState;
use crate::school::{ISSUED, School};
use crate::world::{World, local};

/// What was reported or edited so near to the moment of a review may be in it or not.
const MARGIN: SignedDuration = SignedDuration::from_mins(15);

/// The words before each figure, in the order of [`Figures`].
const WORDS: [&str; 7] = [
    "hoàn thành:",
    "vướng mắc:",
    "quá hạn:",
    "đang thực hiện:",
    "trong hạn, chưa có báo cáo:",
    "chưa đến kỳ:",
    "thời hạn cần xem lại:",
];

/// How many tasks are done, blocked, overdue, in hand, not reported, not due yet, and without a date.
type Figures = [usize; 7];

/// A review was taken by a server: it says what the facts say.
pub fn look(world: &mut World, place: usize) {
    let handed = world.post[place].clone();
    let Some(name) = handed.notices.first().and_then(|told| told.kind.strip_prefix("review:")).map(str::to_owned)
    else {
        return;
    };
    let Some(moment) = moment(world, &name, handed.begun) else { return };
    let counted = count(world, &world.school_at(moment).clone(), moment);
    world.mark("a review counted");
    let told = told(&handed.bytes);
    if told != Some(counted) {
        let text = format!("the review {name} for {} says {told:?}, and it is {counted:?}", handed.to);
        world.violated("reviews_count_what_happened", text);
    }
}

/// The moment of a review, where it is sure what was so then.
fn moment(world: &World, name: &str, begun: Timestamp) -> Option<Timestamp> {
    let of = |school: &School| {
        oracle::reviews(school).into_iter().find(|review| review.name == name).map(|review| review.at)
    };
    let moment = of(world.school_at(begun))?;
    let (from, to) = (moment.saturating_sub(MARGIN).ok()?, moment.saturating_add(MARGIN).ok()?);
    let is_near = |at: Timestamp| from <= at && at <= to;
    // The service saw the plan of that moment: no edit came between its last look and that.
    let looked = world.facts.looks.iter().map(|(at, _)| *at).take_while(|at| *at <= moment).last();
    let edited =
        world.facts.schools.iter().skip(1).map(|(since, _)| *since).take_while(|since| *since <= moment).last();
    let is_seen = edited.is_none_or(|edited| looked.is_some_and(|looked| edited < looked));
    let is_sure = world.facts.jumps.is_empty()
        && is_seen
        && of(world.school_at(moment)) == Some(moment)
        && !world.facts.reports.iter().any(|report| is_near(report.at))
        && !world.facts.schools.iter().any(|(since, _)| is_near(*since));
    is_sure.then_some(moment)
}

fn count(world: &World, school: &School, moment: Timestamp) -> Figures {
    let today = local(moment).date();
    let mut figures = Figures::default();
    for task in &school.tasks {
        let status = TaskState::at(&world.facts, task, moment).status();
        let settled: Option<Date> = task.due.filter(|due| *due >= ISSUED);
        let place = match (status, settled) {
            (Status::Done, _) => 0,
            (Status::Blocked, _) => 1,
            (_, None) => 6,
            (_, Some(due)) if due < today => 2,
            (Status::InProgress, _) => 3,
            _ if task.start.is_some_and(|start| start <= today) => 4,
            _ => 5,
        };
        figures[place] += 1;
    }
    figures
}

/// What a mail says, where it says all.
fn told(bytes: &[u8]) -> Option<Figures> {
    let mail = MessageParser::default().parse(bytes)?;
    let text = mail.body_text(0)?;
    let mut figures = Figures::default();
    for (figure, words) in figures.iter_mut().zip(WORDS) {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(words))?;
        *figure = line.split_whitespace().next()?.parse().ok()?;
    }
    Some(figures)
}
