//! Which task of a plan is which of the tasks that were seen before: a task is known by what is to be done, not by its
//! number, which changes when rows are put in, moved or taken out.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::hex;
use crate::text;

use super::{Plan, SEPARATOR, Task, TaskId};

/// A task of an earlier version of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTask {
    /// Its identity.
    pub id: TaskId,
    /// What the plan called it last.
    pub name: String,
    /// What is to be done, in short; `None` where that was never noted.
    pub fingerprint: Option<String>,
    /// Whether the newest version has it.
    pub is_present: bool,
}

/// A short stand-in for what is to be done, the same in either composition of letters and whatever the capitals.
#[must_use]
pub fn fingerprint(task: &Task) -> String {
    hex(&Sha256::digest(text::nfc(&task.remedy).to_lowercase())[..8])
}

impl Plan {
    /// Its tasks, as a later version may know them.
    #[must_use]
    pub fn known(&self) -> Vec<KnownTask> {
        let known = self.tasks.iter().map(|task| KnownTask {
            id: task.id.clone(),
            name: task.name.clone(),
            fingerprint: Some(fingerprint(task)),
            is_present: true,
        });
        known.collect()
    }

    /// Gives each task the identity that it has among those that were seen before, or one of its own. `version` is a number
    /// that no earlier version of the plan has.
    ///
    /// A task is the same where what is to be done is the same and nothing else says so; where several do, the one of the
    /// same name. What has another wording is the same where it has the name of a task that is not found under another
    /// name. What was gone is back where it says the same.
    pub fn identify(&mut self, known: &[KnownTask], version: i64) {
        let matched = Matching::of(known, self).found;
        let mut taken: HashSet<String> = known.iter().map(|task| task.id.as_str().to_owned()).collect();
        for (task, before) in self.tasks.iter_mut().zip(matched) {
            task.id = before.unwrap_or_else(|| new_identity(&task.name, version, &taken));
            taken.insert(task.id.as_str().to_owned());
        }
    }
}

/// The tasks of the newest version that a plan no longer has, its own having been given their identities.
#[must_use]
pub fn vanished<'k>(known: &'k [KnownTask], plan: &Plan) -> Vec<&'k KnownTask> {
    let there: HashSet<&TaskId> = plan.tasks.iter().map(|task| &task.id).collect();
    known.iter().filter(|task| task.is_present && !there.contains(&task.id)).collect()
}

/// The name of a task that is new, or where another task had that name first, the name and the version.
fn new_identity(name: &str, version: i64, taken: &HashSet<String>) -> TaskId {
    if !taken.contains(name) {
        return TaskId::new(name);
    }
    let mut id = format!("{name}{SEPARATOR}{version}");
    while taken.contains(&id) {
        id.push(SEPARATOR);
    }
    TaskId::new(&id)
}

/// Known tasks by what is to be done, or by name.
type Index<'k> = HashMap<&'k str, Vec<usize>>;

/// Tasks of a plan, each with the identity that was found for it.
struct Matching<'k> {
    known: &'k [KnownTask],
    /// By the place of the task in the plan.
    found: Vec<Option<TaskId>>,
    /// The places of known tasks that were found.
    used: HashSet<usize>,
}

impl<'k> Matching<'k> {
    fn of(known: &'k [KnownTask], plan: &Plan) -> Self {
        let mut matching = Self { known, found: vec![None; plan.tasks.len()], used: HashSet::new() };
        let names: Vec<&str> = plan.tasks.iter().map(|task| task.name.as_str()).collect();
        let fingerprints: Vec<String> = plan.tasks.iter().map(fingerprint).collect();
        let fingerprints: Vec<&str> = fingerprints.iter().map(String::as_str).collect();
        let mut count: HashMap<&str, usize> = HashMap::new();
        for fingerprint in &fingerprints {
            *count.entry(fingerprint).or_default() += 1;
        }
        let by_fingerprint = index(known, |task| task.fingerprint.as_deref());
        let by_name = index(known, |task| Some(&task.name));
        let is_named = |known: &KnownTask, place: usize| known.name == names[place];
        let is_alone = |place: usize| count[fingerprints[place]] == 1;
        matching.pass(&by_fingerprint, &fingerprints, |known, place| known.is_present && is_named(known, place));
        matching.pass(&by_fingerprint, &fingerprints, |known, place| known.is_present && is_alone(place));
        matching.pass(&by_name, &names, |known, _| known.is_present);
        matching.pass(&by_fingerprint, &fingerprints, |known, place| is_named(known, place));
        matching.pass(&by_fingerprint, &fingerprints, |_, place| is_alone(place));
        matching
    }

    /// Finds for each task that is still open, by its key, the only known task that is not found yet and fits.
    fn pass(&mut self, index: &Index<'_>, keys: &[&str], fits: impl Fn(&KnownTask, usize) -> bool) {
        for (place, key) in keys.iter().enumerate() {
            if self.found[place].is_some() {
                continue;
            }
            let known = index.get(key).map(Vec::as_slice).unwrap_or_default().iter();
            let mut fitting = known.filter(|at| !self.used.contains(at) && fits(&self.known[**at], place));
            if let (Some(at), None) = (fitting.next().copied(), fitting.next()) {
                self.found[place] = Some(self.known[at].id.clone());
                self.used.insert(at);
            }
        }
    }
}

fn index<'k>(known: &'k [KnownTask], key: impl Fn(&'k KnownTask) -> Option<&'k str>) -> Index<'k> {
    let mut index = Index::new();
    for (at, task) in known.iter().enumerate() {
        if let Some(key) = key(task) {
            index.entry(key).or_default().push(at);
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Timeframe;
    use crate::plan::timeframe::Unresolved;
    use jiff::civil::date;

    fn plan(rows: &[(&str, &str)]) -> Plan {
        let task = |(name, remedy): &(&str, &str)| {
            Task::bare(name, (*remedy).to_owned(), Timeframe::Unresolved(Unresolved::Empty))
        };
        Plan {
            number: "1".to_owned(),
            framework: None,
            title: String::new(),
            issued: date(2023, 9, 5),
            standards: [].into(),
            tasks: rows.iter().map(task).collect(),
        }
    }

    fn gone(plan: &Plan) -> Vec<KnownTask> {
        plan.known().into_iter().map(|task| KnownTask { is_present: false, ..task }).collect()
    }

    #[test]
    fn a_task_is_known_by_what_is_to_be_done() {
        let before = plan(&[("1", "sơn tường"), ("2", "mua sách"), ("3", "sửa bàn")]);
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("1", "sơn tường"), ("2", "mua sách"), ("3", "sửa bàn")], "1=1 2=2 3=3"),
            // A row is put in: those below move.
            (&[("1", "sơn tường"), ("2", "trồng cây"), ("3", "mua sách"), ("4", "sửa bàn")], "1=1 2=2~7 3=2 4=3"),
            // Two rows change places, and one is written in capitals.
            (&[("1", "MUA SÁCH"), ("2", "sơn tường"), ("3", "sửa bàn")], "1=2 2=1 3=3"),
            // Another wording under the same number is the same task.
            (&[("1", "sơn lại tường"), ("2", "mua sách"), ("3", "sửa bàn")], "1=1 2=2 3=3"),
            // One is gone and another takes its number.
            (&[("1", "mua sách"), ("2", "sửa bàn")], "1=2 2=3"),
            // What stands there twice is told apart by its number alone.
            (&[("2", "mua sách"), ("5", "mua sách")], "2=2 5=5"),
            // A number that nobody had is an identity of its own.
            (&[("4", "trồng cây")], "4=4"),
        ];
        for (rows, expected) in cases {
            let mut after = plan(rows);
            after.identify(&before.known(), 7);
            let got: Vec<String> =
                after.tasks.iter().map(|task| format!("{}={}", task.name, task.id.as_str())).collect();
            assert_eq!(got.join(" "), *expected, "{rows:?}");
        }
    }

    #[test]
    fn what_was_gone_is_back_where_it_says_the_same_and_only_there() {
        let gone = gone(&plan(&[("1", "sơn tường")]));
        let mut back = plan(&[("3", "sơn tường")]);
        back.identify(&gone, 7);
        assert_eq!(back.tasks[0].id.as_str(), "1");
        let mut other = plan(&[("1", "trồng cây")]);
        other.identify(&gone, 7);
        assert_eq!(other.tasks[0].id.as_str(), "1~7", "another task under an old number has no part in its history");
    }
}
