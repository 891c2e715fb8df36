//! What all statements about a task come to.

use std::ops::Range;

use jiff::civil::Date;

use crate::plan::Status;
use crate::reply::fresh::note;
use crate::reply::words::Class;

use super::more_time::Due;
use super::{About, AskedTask, Doubt, LONGEST_NOTE, MoreTime, Reader, Report, Said, Saying, Target, Understood, Way};

impl Reader<'_> {
    /// Puts together what was said of each task.
    pub(super) fn conclude(mut self) -> Understood {
        let by_task = self.by_task();
        let mut understood = Understood::default();
        for (place, sayings) in by_task.iter().enumerate() {
            self.settle_task(place, sayings, &mut understood);
        }
        let Self { mut doubts, .. } = self;
        // A task that is said to be done and to need more time is neither.
        let is_unclear = |report: &Report| doubts.contains(&Doubt::Unclear(report.task.clone()));
        understood.reports.retain(|report| report.status != Status::Done || !is_unclear(report));
        if understood.reports.is_empty() && understood.more_time.is_empty() && doubts.is_empty() {
            doubts.push(Doubt::Nothing);
        }
        doubts.sort();
        doubts.dedup();
        understood.doubts = doubts;
        understood
    }

    /// What was said of each of the tasks, by their places; what is said of others becomes a doubt.
    fn by_task(&mut self) -> Vec<Vec<(Saying, Range<usize>)>> {
        let mut by_task = vec![Vec::new(); self.asked.tasks.len()];
        let said = std::mem::take(&mut self.said);
        let spoken_of: Vec<usize> = said.iter().flat_map(|said| said.about.places()).collect();
        let named = |place: usize| self.named.contains(&place);
        let all_are_named = (0..by_task.len()).all(named);
        // "Trừ 1.4 đã xong" means the opposite, unless the others are not.
        let is_contrast =
            |said: &Said| said.way == Way::General && !matches!(said.saying, Saying::Done | Saying::Vague);
        let has_contrast = said.iter().any(is_contrast);
        for Said { about, way, saying, at } in &said {
            for place in about.places() {
                let is_strong = matches!(saying, Saying::Done | Saying::Blocked(_));
                let is_doubtful = match way {
                    Way::LeftOut => *saying == Saying::Done && !has_contrast,
                    Way::Carried => is_strong && self.is_excepted(&Target::Asked(place)),
                    Way::General if named(place) && !all_are_named => continue,
                    Way::Named | Way::General => false,
                };
                let saying = if is_doubtful { Saying::Vague } else { saying.clone() };
                by_task[place].push((saying, at.clone()));
            }
            match about {
                About::These(these) => self.doubts.extend(these.iter().filter_map(|target| match target {
                    Target::Asked(_) => None,
                    Target::Other(name) => Some(Doubt::NotAsked(name.clone())),
                })),
                // Without others, nobody knows what the rest is of.
                About::Rest if spoken_of.is_empty() => self.doubts.push(Doubt::Which),
                About::Rest => {
                    let is_rest = |place: &usize| !spoken_of.contains(place) && !named(*place);
                    let rest = self.all_but_excepted().filter(is_rest);
                    rest.for_each(|place| by_task[place].push((saying.clone(), at.clone())));
                }
                About::Unknown if *saying == Saying::Vague => {}
                About::Unknown => self.doubts.push(Doubt::Which),
            }
        }
        let other = self.mentions.iter().find_map(|mention| match &mention.target {
            Target::Asked(_) => None,
            Target::Other(name) => Some(name.clone()),
        });
        if said.is_empty() {
            self.doubts.extend(other.map(Doubt::NotAsked));
        }
        self.said = said;
        by_task
    }

    fn settle_task(&mut self, place: usize, sayings: &[(Saying, Range<usize>)], understood: &mut Understood) {
        let task = &self.asked.tasks[place];
        let wish = sayings.iter().rev().find_map(|(saying, _)| match saying {
            Saying::MoreTime { due, why } => Some((*due, why.clone())),
            _ => None,
        });
        let settled = settle(sayings);
        let is_done = matches!(settled, Settled::Clear(Status::Done, ..));
        match settled {
            Settled::Clear(status, percent, why) => {
                let note = why.or_else(|| self.note(sayings));
                understood.reports.push(Report { task: task.id.clone(), status, percent, note });
            }
            Settled::Conflict => self.doubts.push(Doubt::Unclear(task.id.clone())),
            Settled::Nothing if wish.is_some() => {}
            Settled::Nothing => {
                if self.named.contains(&place) || !sayings.is_empty() {
                    self.doubts.push(Doubt::Unclear(task.id.clone()));
                }
            }
        }
        let Some((due, why)) = wish else { return };
        match settle_wish(task, due, why, self.asked.today) {
            Ok(_) if is_done => self.doubts.push(Doubt::Unclear(task.id.clone())),
            Ok(wish) => understood.more_time.push(wish),
            Err(doubt) => self.doubts.push(doubt),
        }
    }

    /// What else is said: of an only task everything, of one among others what stands beside its sayings. Nothing, where
    /// that holds no word of its own.
    fn note(&self, sayings: &[(Saying, Range<usize>)]) -> Option<String> {
        if self.is_single() {
            let wishes = self.said.iter().filter(|said| matches!(said.saying, Saying::MoreTime { .. }));
            let wishes: Vec<&Range<usize>> = wishes.map(|said| &said.at).collect();
            let is_own = self.has_own_words(|at| !wishes.iter().any(|wish| wish.contains(&at)));
            return is_own.then(|| note(self.text, LONGEST_NOTE)).flatten();
        }
        let mut places: Vec<&Range<usize>> = sayings.iter().map(|(_, at)| at).collect();
        places.dedup();
        let told = places.into_iter().filter(|place| self.has_own_words(|at| place.contains(&at)));
        let parts: Vec<&str> = told.map(|place| &self.text[place.clone()]).collect();
        note(&parts.join("; "), LONGEST_NOTE)
    }

    /// Whether words stand in these places that are no part of the grammar.
    fn has_own_words(&self, is_there: impl Fn(usize) -> bool) -> bool {
        (0..self.tokens.len()).any(|index| {
            let token = &self.tokens[index];
            token.class == Class::Other && is_there(token.at.start) && self.mention_at(index).is_none()
        })
    }
}

impl About {
    /// The places of the tasks that are named, of those that were asked about.
    fn places(&self) -> impl Iterator<Item = usize> {
        let these = match self {
            Self::These(these) => these.as_slice(),
            Self::Rest | Self::Unknown => &[],
        };
        these.iter().filter_map(|target| match target {
            Target::Asked(place) => Some(*place),
            Target::Other(_) => None,
        })
    }
}

/// What all sayings about a task come to.
enum Settled {
    Clear(Status, Option<u8>, Option<String>),
    Conflict,
    Nothing,
}

fn settle(sayings: &[(Saying, Range<usize>)]) -> Settled {
    let has = |wanted: &Saying| sayings.iter().any(|(saying, _)| saying == wanted);
    let mut percents: Vec<u8> = sayings
        .iter()
        .filter_map(|(saying, _)| match saying {
            Saying::Percent(percent) => Some(*percent),
            _ => None,
        })
        .collect();
    percents.dedup();
    let blocked = sayings.iter().find_map(|(saying, _)| match saying {
        Saying::Blocked(why) => Some(why.clone()),
        _ => None,
    });
    let going = has(&Saying::Going) || has(&Saying::NotDone) || !percents.is_empty();
    let percent = match percents.as_slice() {
        [] => None,
        [percent] => Some(*percent),
        _ => return Settled::Conflict,
    };
    match (has(&Saying::Done), blocked, has(&Saying::NotBegun)) {
        (true, None, false) if !going && !has(&Saying::Vague) => Settled::Clear(Status::Done, None, None),
        (true, ..) => Settled::Conflict,
        (_, Some(why), _) => Settled::Clear(Status::Blocked, percent, why),
        (_, None, true) if percent.is_none() && !has(&Saying::Going) => Settled::Clear(Status::NotStarted, None, None),
        (_, None, true) => Settled::Conflict,
        _ if going => Settled::Clear(Status::InProgress, percent, None),
        _ => Settled::Nothing,
    }
}

fn settle_wish(task: &AskedTask, due: Due, why: Option<String>, today: Date) -> Result<MoreTime, Doubt> {
    let due = match due {
        Due::On(due) => Some(due),
        Due::After(more) => task.due.and_then(|due| due.checked_add(more.span()).ok()),
        Due::Unknown => None,
    };
    let due = due.ok_or_else(|| Doubt::NoDate(task.id.clone()))?;
    if due <= today || task.due.is_some_and(|before| due <= before) {
        return Err(Doubt::NotLater(task.id.clone(), due));
    }
    let why = why.ok_or_else(|| Doubt::NoReason(task.id.clone(), due))?;
    Ok(MoreTime { task: task.id.clone(), due, why })
}
