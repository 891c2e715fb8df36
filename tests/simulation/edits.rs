//! What the admin does to the files: tasks are moved, given to others, taken out and numbered anew, days off and absences entered,
//! mistakes made and mended.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::oracle;
use crate::school::{Away, School};
use crate::world::World;

/// What the admin does to the files.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// A remark that means nothing.
    Nothing,
    /// Another due date.
    Due(u64),
    /// Another due date of the task at this place.
    DueOf(usize, u64),
    /// Another lead.
    Lead(u64),
    /// The last task is taken out, or put in again.
    Task,
    /// A row is moved to the top, and all are numbered anew.
    Renumber,
    /// Tomorrow is a holiday.
    Holiday,
    /// Somebody is away from tomorrow on.
    Away(u64),
    /// The file has a mistake.
    Break,
    /// The mistake is mended.
    Mend,
}

/// Some edit, known by its number.
pub fn draw(stream: &mut fastrand::Rng, number: u64) -> Edit {
    let edits = [
        Edit::Nothing,
        Edit::Due(number),
        Edit::Lead(number),
        Edit::Task,
        Edit::Renumber,
        Edit::Holiday,
        Edit::Away(number),
        Edit::Break,
    ];
    edits[stream.usize(0..edits.len())]
}

/// The admin edits the files.
pub fn make(world: &mut World, edit: Edit) {
    let mut school = School::clone(&world.school);
    let edited = match edit {
        Edit::Due(_) | Edit::DueOf(..) | Edit::Lead(_) | Edit::Task | Edit::Renumber => {
            edit_plan(world, &mut school, edit)
        }
        Edit::Holiday | Edit::Away(_) => edit_calendar(world, &mut school, edit),
        Edit::Nothing => {
            school.remark = format!("# {}", world.generation);
            Some(("edit without meaning", "adds a remark".to_owned()))
        }
        Edit::Break => {
            "unknown = 7".clone_into(&mut school.remark);
            Some(("files broken", "makes a mistake".to_owned()))
        }
        Edit::Mend => {
            school.remark = String::new();
            Some(("files mended", "mends the mistake".to_owned()))
        }
    };
    if let Some((mark, what)) = edited {
        world.mark(mark);
        world.tell(format!("the admin {what}"));
        world.rewrite(school);
    }
}

/// What an edit is marked and told as; `None` where there is nothing to edit.
type Edited = Option<(&'static str, String)>;

/// One of so many places, for this edit.
fn place(world: &World, key: u64, end: usize) -> usize {
    usize::try_from(world.draws.between("edits", key, 0, end as u64)).unwrap_or(0)
}

fn edit_plan(world: &mut World, school: &mut School, edit: Edit) -> Edited {
    let tomorrow = world.today().tomorrow().unwrap_or(Date::MAX);
    match edit {
        Edit::Due(key) | Edit::DueOf(_, key) => {
            let drawn = place(world, key, world.school.tasks.len());
            let place = if let Edit::DueOf(place, _) = edit { place } else { drawn };
            let task = school.tasks.get_mut(place)?;
            let due = task.due?;
            let days = i64::try_from(world.draws.between("moves", key, 0, 90)).unwrap_or(0) - 30;
            let moved = due.saturating_add(days.days()).max(task.start.unwrap_or(due.min(tomorrow)));
            task.due = Some(moved);
            Some(("task moved", format!("moves {} from {due} to {moved}", task.name)))
        }
        Edit::Lead(key) => {
            let task = &mut school.tasks[place(world, key, world.school.tasks.len())];
            let lead = if task.leads == ["Tổ trưởng"] { "Phó Hiệu trưởng" } else { "Tổ trưởng" };
            task.leads = vec![lead.to_owned()];
            task.with.retain(|name| name != lead);
            Some(("lead changed", format!("gives {} to {lead}", task.name)))
        }
        Edit::Renumber => {
            school.tasks.rotate_right(1);
            for (place, task) in school.tasks.iter_mut().enumerate() {
                task.number = format!("1.{}", place + 1);
            }
            if !world.agreed.is_empty() {
                world.mark("renumbered after a date was agreed");
            }
            Some(("renumbered", "moves the last row to the top and numbers all anew".to_owned()))
        }
        _ if world.taken_out.is_some() => {
            // Others have numbers by now that it may have had.
            school.tasks.extend(world.taken_out.take());
            for (place, task) in school.tasks.iter_mut().enumerate() {
                task.number = format!("1.{}", place + 1);
            }
            Some(("task put back", "puts the last task back".to_owned()))
        }
        _ if school.tasks.len() > 3 => {
            world.taken_out = school.tasks.pop();
            Some(("task taken out", "takes the last task out".to_owned()))
        }
        _ => None,
    }
}

fn edit_calendar(world: &World, school: &mut School, edit: Edit) -> Edited {
    let tomorrow = world.today().tomorrow().unwrap_or(Date::MAX);
    if let Edit::Away(key) = edit {
        let place = place(world, key, 3);
        let deputy = school.people[(place + 1) % 3].name.clone();
        let person = &mut school.people[place];
        let to = tomorrow.saturating_add(5.days());
        if person.away.iter().any(|away| away.from <= to && tomorrow <= away.to) {
            return None;
        }
        person.away.push(Away { from: tomorrow, to, deputy });
        return Some(("somebody away", format!("notes that {} is away from {tomorrow} on", person.name)));
    }
    // A day that is off twice, or off and worked, is a mistake.
    if !oracle::works(school, tomorrow) || school.worked.contains(&tomorrow) {
        return None;
    }
    school.off.push((tomorrow, tomorrow));
    school.off.sort_unstable();
    Some(("holiday added", format!("makes {tomorrow} a holiday")))
}
