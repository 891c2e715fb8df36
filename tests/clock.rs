//! A clock that is wrong for a while: nothing is told twice, and what only the wrong time decided is decided again.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::scripted::{self, School, Script, crowd};
use common::stage::{Answer, Stage, at};
use common::{Files, task};
use jiff::{SignedDuration, Timestamp};
use nhacviec::channel::Limits;
use nhacviec::daemon::Daemon;
use nhacviec::delivery::{Delivered, DeliveryObserver};

const BEGIN: &str = "2023-11-01T07:00:00";
const END: &str = "2024-01-15T12:00:00";

/// Tasks whose reminders, escalations, self-checks and reviews fall on many days of November and December.
fn tasks() -> Vec<String> {
    vec![
        task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30"),
        task("1.2", "Tổ trưởng", "start = 2023-11-06\ndue = 2023-11-24\nwith = [\"Thanh tra\"]"),
        task("1.3", "Chuyên môn", "start = 2023-11-22\ndue = 2023-12-15"),
        task("1.4", "Thanh tra", "due = 2023-11-20\nwith = [\"Phó Hiệu trưởng\"]"),
    ]
}

/// When each notice was told, by task, kind, recipient and unmoved date.
#[derive(Default)]
struct Told(BTreeMap<String, Vec<Timestamp>>);

impl DeliveryObserver for Told {
    fn delivered(&mut self, delivered: &Delivered<'_>) -> std::io::Result<()> {
        for notice in delivered.notices {
            let task = notice.task.map(|task| task.to_string()).unwrap_or_default();
            let key = format!("{task} {} {} {}", notice.kind, delivered.recipient.name, notice.day);
            self.0.entry(key).or_default().push(delivered.at.timestamp());
        }
        Ok(())
    }
}

impl Told {
    /// What was told, each once.
    fn once(&self) -> BTreeMap<String, Timestamp> {
        let twice: Vec<_> = self.0.iter().filter(|(_, times)| times.len() > 1).collect();
        assert!(twice.is_empty(), "told twice: {twice:#?}");
        self.0.iter().map(|(key, times)| (key.clone(), times[0])).collect()
    }

    fn keys(&self) -> BTreeSet<String> {
        self.once().into_keys().collect()
    }
}

/// A school whose daemon is woken whenever there is something to do, whatever its clock says.
struct Year {
    stage: Stage,
    daemon: Daemon,
    told: Told,
}

impl Year {
    async fn begin(files: Files, begin: &str) -> Self {
        let stage = Stage::new(files, begin);
        let daemon = stage.start().await;
        Self { stage, daemon, told: Told::default() }
    }

    async fn run_to(&mut self, until: Timestamp) {
        while self.stage.clock.now() < until {
            self.daemon.pass(&mut self.told).await.unwrap();
            self.stage.clock.set(self.daemon.next_wake().await.unwrap().min(until));
        }
    }

    async fn run(&mut self, until: &str) {
        self.run_to(at(until)).await;
    }

    /// Lets the clock be wrong by so much for so long.
    async fn be_wrong(&mut self, by: SignedDuration, span: SignedDuration) {
        let right = self.stage.clock.now();
        let wrong = right.saturating_add(by).unwrap();
        self.stage.clock.set(wrong);
        self.run_to(wrong.saturating_add(span).unwrap()).await;
        self.stage.clock.set(right.saturating_add(span).unwrap());
    }

    async fn restart(&mut self) {
        self.daemon.store().close().await;
        self.daemon = self.stage.start().await;
    }
}

/// What is told where the clock is right all the time.
async fn undisturbed() -> BTreeMap<String, Timestamp> {
    let mut year = Year::begin(Files::of(&tasks()), BEGIN).await;
    year.run(END).await;
    year.told.once()
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const MINUTES: SignedDuration = SignedDuration::from_mins(10);

#[tokio::test]
async fn whatever_the_clock_says_for_a_while_everything_is_told_once() {
    let right: BTreeSet<String> = undisturbed().await.into_keys().collect();
    assert!(right.len() > 40, "{}", right.len());
    let cases = [
        ("2023-11-23T06:30:00", HOUR, MINUTES),
        ("2023-11-23T06:30:00", HOUR, HOUR),
        ("2023-11-23T07:30:00", -HOUR, MINUTES),
        ("2023-11-22T23:30:00", HOUR, HOUR),
        ("2023-11-24T00:30:00", -HOUR, HOUR),
        ("2023-11-29T17:30:00", HOUR, MINUTES),
        ("2023-11-30T08:30:00", -HOUR, HOUR),
        ("2023-11-23T06:30:00", DAY * 7, MINUTES),
        ("2023-11-23T09:00:00", DAY * 7, HOUR),
        ("2023-11-25T10:00:00", DAY * 7, HOUR),
        ("2023-11-22T06:50:00", DAY * 7, DAY),
        ("2023-11-30T09:00:00", DAY * -7, HOUR),
        ("2023-11-30T06:30:00", DAY * -7, MINUTES),
        ("2023-11-20T08:00:00", DAY * 21, HOUR),
        ("2023-12-20T08:00:00", DAY * -21, DAY),
        ("2023-11-29T10:00:00", DAY * 33, HOUR),
    ];
    for (number, (leaves, by, span)) in cases.into_iter().enumerate() {
        let mut year = Year::begin(Files::of(&tasks()), BEGIN).await;
        year.run(leaves).await;
        year.be_wrong(by, span).await;
        // What a process remembers makes no difference.
        if number % 2 == 1 {
            year.restart().await;
        }
        year.run(END).await;
        let told = year.told.keys();
        let lost: Vec<_> = right.difference(&told).collect();
        let made_up: Vec<_> = told.difference(&right).collect();
        let case = format!("{leaves} by {by} for {span}");
        assert!(lost.is_empty() && made_up.is_empty(), "{case}: lost {lost:#?}, made up {made_up:#?}");
    }
}

#[tokio::test]
async fn what_a_wrong_time_skipped_is_found_again_on_the_day_itself() {
    // Nobody looks from noon on the 22nd until the morning of the 30th.
    let asleep = async |wrong: Option<&str>| {
        let mut year = Year::begin(Files::of(&tasks()), BEGIN).await;
        year.run("2023-11-22T12:00:00").await;
        if let Some(wrong) = wrong {
            year.stage.clock.set(at(wrong));
            year.daemon.pass(&mut year.told).await.unwrap();
        }
        year.restart().await;
        year.stage.clock.set(at("2023-11-30T08:00:00"));
        year.run(END).await;
        year.told.keys()
    };
    let right = asleep(None).await;
    // The wrong clock showed a later hour of that day, or the next one.
    assert_eq!(asleep(Some("2023-11-30T09:00:00")).await, right);
    assert_eq!(asleep(Some("2023-12-01T09:00:00")).await, right);
}

#[tokio::test]
async fn what_was_decided_by_a_wrong_time_and_not_sent_is_decided_again_in_its_time() {
    let right = undisturbed().await;
    let mut year = Year::begin(Files::of(&tasks()), BEGIN).await;
    year.run("2023-11-23T09:00:00").await;
    year.stage.post.answer("email", Answer::Temporary);
    year.be_wrong(DAY * 7, HOUR).await;
    year.stage.post.answer("email", Answer::Taken);
    year.run(END).await;
    assert_eq!(year.told.once(), right, "each at its own moment");
}

#[tokio::test]
async fn what_waits_when_the_clock_runs_ahead_goes_out_on_the_day_on_which_it_comes_back() {
    let right = undisturbed().await;
    for by in [DAY * 7, DAY * -7, HOUR] {
        let mut year = Year::begin(Files::of(&tasks()), BEGIN).await;
        year.run("2023-11-23T06:00:00").await;
        year.stage.post.answer("email", Answer::Temporary);
        year.run("2023-11-23T09:00:00").await;
        year.be_wrong(by, HOUR).await;
        year.stage.post.answer("email", Answer::Taken);
        year.run(END).await;
        let told = year.told.once();
        assert_eq!(told.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "{by}");
        let of_that_day = right.iter().filter(|(_, told)| **told == at("2023-11-23T07:00:00"));
        for (key, _) in of_that_day {
            assert!(told[key] < at("2023-11-24T00:00:00"), "{by}: {key} at {}", told[key]);
        }
    }
}

#[tokio::test]
async fn a_review_that_was_put_off_or_given_up_by_a_wrong_time_goes_out() {
    // After five days nothing is tried any more; on a Saturday nothing is decided.
    for by in [DAY * 4, DAY * 6, DAY * 9, DAY * 20] {
        let mut year = Year::begin(Files::of(&tasks()), BEGIN).await;
        year.run("2023-11-30T06:00:00").await;
        year.stage.post.answer("email", Answer::Temporary);
        year.run("2023-11-30T10:00:00").await;
        year.be_wrong(by, HOUR).await;
        year.stage.post.answer("email", Answer::Taken);
        year.run("2023-12-01T12:00:00").await;
        let reviews = year.told.once().into_keys().filter(|key| key.contains("review:2023-11")).count();
        assert_eq!(reviews, 1, "{by}: {:#?}", year.told.0);
    }
}

#[tokio::test]
async fn who_did_not_get_a_review_that_a_wrong_time_made_gets_it_in_its_time() {
    let files = Files::of(&tasks());
    files.set("review.0.to", "[\"Thanh tra\", \"Hiệu trưởng\"]");
    let mut year = Year::begin(files, BEGIN).await;
    year.run("2023-11-23T09:00:00").await;
    year.stage.post.answer("Hiệu trưởng", Answer::Temporary);
    year.be_wrong(DAY * 7, HOUR).await;
    year.stage.post.answer("Hiệu trưởng", Answer::Taken);
    year.run("2023-12-02T12:00:00").await;
    let told = year.told.once();
    let of_november = |who: &str| {
        let key = format!(" review:2023-11 {who} ");
        told.iter().find(|(known, _)| known.starts_with(&key)).map(|(_, at)| *at)
    };
    let moment = at("2023-11-30T08:00:00");
    assert!(of_november("Thanh tra").is_some_and(|at| at > moment), "{told:#?}");
    assert_eq!(of_november("Hiệu trưởng"), Some(moment), "{told:#?}");
}

#[tokio::test]
async fn a_review_is_made_although_the_store_began_in_a_time_to_come() {
    let mut year = Year::begin(Files::of(&tasks()), "2024-01-10T08:00:00").await;
    year.daemon.pass(&mut year.told).await.unwrap();
    year.stage.clock.set(at("2023-11-29T08:00:00"));
    year.run("2023-12-02T12:00:00").await;
    assert!(year.told.once().keys().any(|key| key.contains("review:2023-11")), "{:#?}", year.told.0);
}

#[tokio::test]
async fn what_may_have_been_told_by_a_wrong_time_is_not_decided_again() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    school.script.answers("Giáo viên 1", &[scripted::Answer::Uncertain]);
    let right = school.clock.now();
    school.pass_minutes(6 * 24 * 60);
    daemon.pass(&mut ()).await.unwrap();
    school.clock.set(right);
    school.script.answers("Giáo viên 1", &[scripted::Answer::Taken]);
    school.run(&mut daemon, 7 * 24).await;
    let handed = school.script.handed();
    let same = handed.iter().filter(|again| again.id == handed[1].id);
    let hours: Vec<i64> = same.map(|handed| handed.at.duration_since(right).as_hours()).collect();
    assert_eq!(hours, [6 * 24, 24], "a day later once more, as the same message, and then no more");
}

/// A school of so many people, whose clock has been a week ahead, and came back. What its server answered before, and while
/// the clock was wrong; then it takes everything.
async fn back_from_the_future(
    people: usize,
    limits: Limits,
    [right, wrong]: [scripted::Answer; 2],
) -> (School, Daemon) {
    let school = School::new(crowd(people, ""), Script::new(limits, 1));
    let mut daemon = school.start().await;
    school.script.answers("email", &[right]);
    daemon.pass(&mut ()).await.unwrap();
    school.script.answers("email", &[wrong]);
    let right = school.clock.now();
    school.pass_minutes(7 * 24 * 60);
    daemon.pass(&mut ()).await.unwrap();
    school.clock.set(right);
    school.script.answers("email", &[scripted::Answer::Taken]);
    (school, daemon)
}

/// Who is handed something within an hour from now.
async fn reached_in_an_hour(school: &School, daemon: &mut Daemon) -> BTreeSet<String> {
    let before = school.script.handed().len();
    school.run(daemon, 1).await;
    school.script.handed().into_iter().skip(before).map(|handed| handed.to).collect()
}

#[tokio::test]
async fn a_channel_that_failed_or_reached_its_limit_in_a_time_to_come_is_tried_within_the_hour() {
    let per_minute = Limits { per_minute: Some(1), per_day: None };
    let taken = scripted::Answer::Taken;
    let (school, mut daemon) = back_from_the_future(3, per_minute, [taken, taken]).await;
    let reached = reached_in_an_hour(&school, &mut daemon).await;
    assert!(reached.contains("Giáo viên 2") && reached.contains("Giáo viên 3"), "{reached:?}");

    let failed = [scripted::Answer::Temporary, scripted::Answer::Broken];
    let (school, mut daemon) = back_from_the_future(2, Limits::default(), failed).await;
    let reached = reached_in_an_hour(&school, &mut daemon).await;
    assert!(reached.contains("Giáo viên 1") && reached.contains("Giáo viên 2"), "{reached:?}");
}

#[tokio::test]
async fn at_a_change_to_and_from_summer_time_everybody_is_told_once_at_the_first_moment() {
    let files =
        Files::of(&[task("1", "Phó Hiệu trưởng", "due = 2023-10-30"), task("2", "Tổ trưởng", "due = 2024-04-01")]);
    files
        .set("timezone", "\"Europe/Berlin\"")
        .set("reminders.at", "\"02:30\"")
        .remove("calendar.holidays")
        .add("calendar.workdays", "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]");
    let mut year = Year::begin(files, "2023-10-01T07:00:00").await;
    year.run("2024-04-20T00:00:00").await;
    let told = year.told.once();
    let of = |key: &str| told.get(key).map(ToString::to_string);
    // On 29 October half past two comes twice, on 31 March never.
    assert_eq!(of("0 before:1d Phó Hiệu trưởng 2023-10-29").as_deref(), Some("2023-10-29T00:30:00Z"));
    assert_eq!(of("1 before:1d Tổ trưởng 2024-03-31").as_deref(), Some("2024-03-31T01:00:00Z"));
}
