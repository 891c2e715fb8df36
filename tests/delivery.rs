//! Delivery on a virtual clock over a real store, with servers that answer as they are told: what is counted, what is
//! repeated, and who waits for whom.
#![allow(clippy::unwrap_used)]

mod common;

use std::future::pending;
use std::time::Duration;

use common::database::{hold, refuse_results, take_results};
use common::scripted::{Answer, Handed, School, Script, crowd};
use common::stage::reported;
use common::{CONFIG, Files, plan, report, task};
use jiff::Timestamp;
use nhacviec::channel::Limits;
use nhacviec::clock::Clock;
use nhacviec::daemon::Daemon;
use nhacviec::delivery::{Delivered, DeliveryObserver};
use nhacviec::plan::Status;
use nhacviec::progress::ProgressEntry;
use sqlx::{AnyConnection, Row};

/// What takes so long will not happen any more.
const HANGS_AFTER: Duration = Duration::from_mins(1);

/// Gives whatever else can go on the time to do so: threads that compose, and the database's thread or server.
async fn settle(database: &mut AnyConnection) {
    for _ in 0..500 {
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        sqlx::query("SELECT 1").execute(&mut *database).await.unwrap();
    }
}

/// How many messages of the store are in a state.
async fn in_state(database: &mut AnyConnection, state: &str) -> usize {
    let row =
        sqlx::query("SELECT COUNT(*) FROM message WHERE state = $1").bind(state).fetch_one(database).await.unwrap();
    usize::try_from(row.get::<i64, _>(0)).unwrap()
}

/// Somebody who watches and cannot go on after so many messages.
struct FailsAfter(usize);

impl DeliveryObserver for FailsAfter {
    fn delivered(&mut self, _: &Delivered<'_>) -> std::io::Result<()> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| std::io::Error::other("no room to write it down"))?;
        Ok(())
    }
}

#[tokio::test]
async fn what_a_broken_pass_did_not_send_is_not_counted_against_the_limits() {
    let limits = Limits { per_minute: None, per_day: Some(100) };
    let school = School::new(crowd(100, ""), Script::new(limits, 16));
    let mut daemon = school.start().await;
    assert!(daemon.pass(&mut FailsAfter(0)).await.is_err());
    let before = school.script.handed().len();
    assert!((1..100).contains(&before), "the pass broke in the middle: {before}");
    school.pass_minutes(1);
    daemon.pass(&mut ()).await.unwrap();
    let times = school.script.times("email");
    assert_eq!(times.len(), 100, "the day's limit has room for all of them");
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

#[tokio::test]
async fn results_that_the_store_does_not_take_are_kept_and_written_first() {
    let school = School::new(crowd(200, ""), Script::new(Limits::default(), 16));
    let mut daemon = school.start().await;
    let mut database = school.files.database().await;
    refuse_results(&mut database).await;
    assert!(daemon.pass(&mut ()).await.is_err());
    let handed = school.script.handed().len();
    assert!((1..=64).contains(&handed), "{handed}");
    // As long as it takes nothing, nothing more is handed over.
    school.pass_minutes(1);
    assert!(daemon.pass(&mut ()).await.is_err());
    assert_eq!(school.script.handed().len(), handed);
    take_results(&mut database).await;
    school.pass_minutes(1);
    daemon.pass(&mut ()).await.unwrap();
    let times = school.script.times("email");
    assert_eq!((times.len(), in_state(&mut database, "sent").await), (200, 200));
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

#[tokio::test]
async fn what_is_known_is_written_down_before_anything_new_is_decided() {
    let school = School::new(crowd(2, ""), Script::new(Limits::default(), 1));
    let mut daemon = school.start().await;
    let mut database = school.files.database().await;
    refuse_results(&mut database).await;
    assert!(daemon.pass(&mut ()).await.is_err());
    // Something else waits, so that it is looked for what the new takes the place of.
    school.files.output(&["progress", "2", "--status", "blocked", "--note", "no money", "--by", "Giáo viên 2"]);
    take_results(&mut database).await;
    // The first reminder does not wait any more.
    school.pass_minutes(6 * 24 * 60);
    daemon.pass(&mut ()).await.unwrap();
    let states = "SELECT state FROM notice WHERE recipient = 'Giáo viên 1' AND kind LIKE 'before:%' ORDER BY on_date";
    let states = sqlx::query(states).fetch_all(&mut database).await.unwrap();
    assert_eq!(states.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>(), ["sent", "sent"]);
}

#[tokio::test]
async fn while_the_database_is_held_by_another_at_most_64_results_wait() {
    let school = School::new(crowd(300, ""), Script::new(Limits::default(), 16));
    let mut daemon = school.start().await;
    let mut holder = school.files.database().await;
    let mut nobody = ();
    let mut pass = Box::pin(daemon.pass(&mut nobody));
    tokio::select! {
        _ = &mut pass => unreachable!("the pass ended before anything was handed over"),
        () = school.script.until(|handed| !handed.is_empty()) => {}
    }
    tokio::select! {
        _ = &mut pass => unreachable!("the pass ended before the database was held"),
        () = hold(&mut holder) => {}
    }
    let recorded = in_state(&mut holder, "sent").await;
    let most = recorded + 64;
    let full = async {
        school.script.until(|handed| handed.len() >= most).await;
        settle(&mut holder).await;
    };
    tokio::select! {
        _ = &mut pass => unreachable!("the pass ended although the database was held"),
        () = full => {}
    }
    assert_eq!(school.script.handed().len(), most);
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    pass.await.unwrap();
    let times = school.script.times("email");
    assert_eq!(times.len(), 300);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

#[tokio::test]
async fn nothing_more_is_handed_over_once_the_store_has_refused_a_result() {
    let school = School::new(crowd(20, ""), Script::new(Limits::default(), 1));
    school.script.answers("email", &[Answer::Taken, Answer::Gated]);
    let mut daemon = school.start().await;
    let mut database = school.files.database().await;
    refuse_results(&mut database).await;
    let mut nobody = ();
    let mut pass = Box::pin(daemon.pass(&mut nobody));
    let refused = async {
        let two = school.script.until(|handed| handed.len() == 2);
        tokio::time::timeout(HANGS_AFTER, two).await.unwrap();
        settle(&mut database).await;
        school.script.open_gate(20);
    };
    let ended = async { tokio::join!(&mut pass, refused).0 };
    assert!(ended.await.is_err());
    assert_eq!(school.script.handed().len(), 2);
}

/// A school of so many people who get mail, and one who is reminded over another channel, after all of them.
fn crowd_and_one(people: usize) -> Files {
    let files = crowd(people, "");
    let second = "[channel.second]\nkind = \"file\"\ndirectory = \"second\"\n";
    files.write("nhacviec.toml", &(files.read("nhacviec.toml") + second));
    for person in ["Thanh tra", "Quản trị"] {
        let name = format!("name = \"{person}\"");
        files.edit("nhacviec.toml", &name, &format!("{name}\nvia = [\"email\", \"second\"]"));
    }
    files.edit("nhacviec.toml", "name = \"Tổ trưởng\"", "name = \"Tổ trưởng\"\nvia = [\"second\"]");
    let last = task("last", "Tổ trưởng", "due = 2023-11-30");
    files.write("plan.toml", &(files.read("plan.toml") + &last));
    files
}

/// Lets a daemon work until something is so of what was handed over; what is under way goes on.
async fn work_until(daemon: &mut Daemon, script: &Script, is_so: impl Fn(&[Handed]) -> bool) {
    let mut nobody = ();
    tokio::select! {
        ended = daemon.pass(&mut nobody) => drop(ended.unwrap()),
        () = script.until(is_so) => {}
        () = tokio::time::sleep(HANGS_AFTER) => panic!("that did not happen; handed over: {:?}", script.times("email")),
    }
}

/// Lets a daemon work for a while; what is under way goes on.
async fn work_a_while(daemon: &mut Daemon, school: &School) {
    let (mut nobody, mut database) = ((), school.files.database().await);
    tokio::select! {
        ended = daemon.pass(&mut nobody) => drop(ended.unwrap()),
        () = settle(&mut database) => {}
    }
}

#[tokio::test]
async fn a_server_that_never_answers_holds_up_no_other_channel() {
    let school = School::new(crowd_and_one(300), Script::new(Limits::default(), 4));
    school.script.answers("email", &[Answer::Silent]);
    let mut daemon = school.start().await;
    let reached = |handed: &[Handed]| handed.iter().any(|handed| handed.to == "Tổ trưởng");
    work_until(&mut daemon, &school.script, |handed| handed.len() >= 4).await;
    // The channel is behind once its messages have waited a minute; when they were claimed, its threads decide.
    for _ in 0..5 {
        work_a_while(&mut daemon, &school).await;
        school.pass_minutes(1);
    }
    work_until(&mut daemon, &school.script, reached).await;
    // What is due later goes out as well; of what the silent server was given nothing is repeated.
    school.pass_minutes(6 * 24 * 60);
    let tomorrow = |handed: &[Handed]| handed.iter().filter(|handed| handed.to == "Tổ trưởng").count() == 2;
    work_until(&mut daemon, &school.script, tomorrow).await;
    let mail = school.script.times("email");
    assert_eq!((mail.len(), mail.values().sum::<usize>()), (4, 4), "{mail:?}");
}

#[tokio::test]
async fn a_channel_that_is_silent_for_five_minutes_is_told_of_over_another() {
    let school = School::new(crowd_and_one(10), Script::new(Limits::default(), 4));
    school.script.answers("email", &[Answer::Silent]);
    let mut daemon = school.start().await;
    let told = |handed: &[Handed]| handed.iter().filter(|handed| handed.to == "Quản trị").count();
    work_until(&mut daemon, &school.script, |handed| handed.len() >= 5).await;
    school.pass_minutes(4);
    work_a_while(&mut daemon, &school).await;
    assert_eq!(told(&school.script.handed()), 0, "that is nothing yet");
    school.pass_minutes(1);
    work_until(&mut daemon, &school.script, |handed| told(handed) == 1).await;
    school.pass_minutes(7);
    work_a_while(&mut daemon, &school).await;
    let alerts: Vec<Handed> = school.script.handed().into_iter().filter(|handed| handed.to == "Quản trị").collect();
    assert_eq!(alerts.len(), 1, "once");
    assert_eq!(alerts[0].channel, "second");
}

#[tokio::test]
async fn what_is_under_way_when_the_service_ends_is_uncertain_and_the_rest_waits() {
    let school = School::new(crowd(40, ""), Script::new(Limits::default(), 4));
    school.script.answers("email", &[Answer::Taken, Answer::Taken, Answer::Silent]);
    let mut daemon = school.start().await;
    let mut database = school.files.database().await;
    work_until(&mut daemon, &school.script, |handed| handed.len() == 6).await;
    daemon.stop(Duration::ZERO).await.unwrap();
    let attempts = sqlx::query("SELECT outcome, COUNT(*) FROM delivery GROUP BY outcome ORDER BY outcome");
    let attempts = attempts.fetch_all(&mut database).await.unwrap();
    let attempts: Vec<(String, i64)> = attempts.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(attempts, [("sent".to_owned(), 2), ("uncertain".to_owned(), 4)]);
    assert_eq!((in_state(&mut database, "sending").await, in_state(&mut database, "queued").await), (0, 38));
}

#[tokio::test]
async fn a_message_to_which_no_answer_comes_is_handed_over_three_times_and_may_have_arrived() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 4));
    school.script.answers("Giáo viên 1", &[Answer::Uncertain]);
    let mut daemon = school.start().await;
    let begun = school.clock.now();
    school.run(&mut daemon, 80).await;
    let handed: Vec<Handed> = school.script.handed().into_iter().filter(|handed| handed.to == "Giáo viên 1").collect();
    let hours: Vec<i64> = handed.iter().map(|handed| handed.at.duration_since(begun).as_hours()).collect();
    assert_eq!(hours, [0, 0, 24], "today it would be handed over some thirty times");
    assert!(handed.iter().all(|again| again.id == handed[0].id));
    let mut database = school.files.database().await;
    assert_eq!((in_state(&mut database, "uncertain").await, in_state(&mut database, "queued").await), (1, 0));

    // Everybody who looks is told so, and nobody that it was lost.
    let status = school.files.output(&["status"]);
    assert!(status.contains("Giáo viên 1 (may have arrived): no answer after the message"), "{status}");
    let failed = school.files.lines(&["status"]).into_iter().find(|line| line["type"] == "failed").unwrap();
    assert_eq!(failed["may_have_arrived"], true);
    let history = school.files.output(&["history", "1"]);
    assert!(history.contains("may have arrived"), "{history}");
    school.script.answers("Giáo viên 1", &[Answer::Taken]);
    school.run(&mut daemon, 6 * 24).await;
    let review = school.script.handed().into_iter().find(|handed| handed.to == "Thanh tra").unwrap().text();
    assert!(review.contains("Giáo viên 1 (nhiệm vụ 1) (có thể đã nhận): no answer after the message"), "{review}");
}

#[tokio::test]
async fn what_may_have_been_told_is_not_taken_back_when_its_task_is_done() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 4));
    school.script.answers("Giáo viên 1", &[Answer::Uncertain]);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    school.files.output(&["done", "1"]);
    school.pass_minutes(10);
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(school.script.times("email")["Giáo viên 1"], 1);
    assert_eq!(in_state(&mut school.files.database().await, "uncertain").await, 1);
}

/// Waits until a notice of a kind is decided. Returns when its message goes out, in milliseconds since 1970.
async fn goes_out_at(database: &mut AnyConnection, kind: &str) -> i64 {
    loop {
        settle(database).await;
        let row = sqlx::query("SELECT m.not_before FROM notice n JOIN message m ON m.id = n.message WHERE n.kind = $1");
        if let Some(row) = row.bind(kind).fetch_optional(&mut *database).await.unwrap() {
            return row.get(0);
        }
    }
}

#[tokio::test]
async fn what_may_have_been_told_counts_for_the_day_although_its_task_was_moved() {
    for answer in [Answer::Uncertain, Answer::Silent] {
        let school = School::new(crowd(1, ""), Script::new(Limits::default(), 4));
        school.script.answers("Giáo viên 1", &[answer]);
        let mut daemon = school.start().await;
        work_until(&mut daemon, &school.script, |handed| handed.len() == 1).await;
        work_a_while(&mut daemon, &school).await;
        // By its new date the task is overdue today.
        school.files.edit("plan.toml", "due = 2023-11-30", "due = 2023-11-22");
        daemon.reload(school.files.load());
        school.script.listen(&mut daemon);
        school.pass_minutes(1);
        let (mut nobody, mut database) = ((), school.files.database().await);
        let at_work = async {
            daemon.pass(&mut nobody).await.unwrap();
            pending::<()>().await;
        };
        let next_morning: Timestamp = "2023-11-24T07:00:00+07:00".parse().unwrap();
        tokio::select! {
            () = at_work => {}
            at = goes_out_at(&mut database, "overdue:1d") => assert_eq!(at, next_morning.as_millisecond(), "{answer:?}"),
        }
    }
}

#[tokio::test]
async fn what_was_in_hand_when_the_clock_came_back_is_repeated_within_a_day() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    school.script.answers("email", &[Answer::Silent]);
    let mut daemon = school.start().await;
    let right = school.clock.now();
    school.pass_minutes(40 * 24 * 60);
    work_until(&mut daemon, &school.script, |handed| handed.len() == 1).await;
    school.clock.set(right);
    work_a_while(&mut daemon, &school).await;
    // The process is killed, and nobody knows what became of it.
    drop(daemon);
    school.script.answers("email", &[Answer::Taken]);
    let mut daemon = school.start().await;
    school.run(&mut daemon, 25).await;
    let handed = school.script.handed();
    let times = handed.iter().filter(|again| again.id == handed[0].id).count();
    assert_eq!(times, 2, "{:?}", school.script.times("email"));
}

#[tokio::test]
async fn what_may_have_been_told_is_not_taken_back_when_it_no_longer_follows_from_the_settings() {
    // What is told to superiors, and then another superior; with whoever was told still known, and not.
    for gone in [false, true] {
        let mut school = School::new(crowd(1, ""), Script::new(Limits::default(), 4));
        school.clock = Clock::standing_at("2023-12-07T07:00:00+07:00".parse().unwrap());
        school.script.answers("Hiệu trưởng", &[Answer::Uncertain]);
        let mut daemon = school.start().await;
        daemon.pass(&mut ()).await.unwrap();
        daemon.store().close().await;
        assert_eq!(school.script.times("email")["Hiệu trưởng"], 1);
        school.files.set("escalation.0.to", "[\"Thanh tra\"]");
        if gone {
            school.files.edit("nhacviec.toml", "name = \"Hiệu trưởng\"", "name = \"Hiệu trưởng mới\"");
        }
        school.pass_minutes(10);
        let mut daemon = school.start().await;
        daemon.pass(&mut ()).await.unwrap();
        let mut database = school.files.database().await;
        assert_eq!(in_state(&mut database, "withdrawn").await, 0, "gone: {gone}");
        assert_eq!(in_state(&mut database, "uncertain").await, 1, "gone: {gone}");
        assert_eq!(school.script.times("email")["Hiệu trưởng"], 1);
    }
}

/// How many messages were handed over for somebody, and when, in minutes since an instant.
fn minutes(script: &Script, whom: &str, since: Timestamp) -> Vec<i64> {
    let handed = script.handed().into_iter().filter(|handed| handed.to == whom);
    handed.map(|handed| handed.at.duration_since(since).as_mins()).collect()
}

#[tokio::test]
async fn a_channel_that_fails_as_a_whole_is_tried_less_and_less_often_and_told_of_once() {
    let school = School::new(crowd_and_one(1), Script::new(Limits::default(), 1));
    school.script.answers("email", &[Answer::Broken]);
    let mut daemon = school.start().await;
    let begun = school.clock.now();
    school.run(&mut daemon, 5).await;
    assert_eq!(minutes(&school.script, "Giáo viên 1", begun), [0, 10, 30, 70, 130, 190, 250]);
    let alerts = school.script.handed().into_iter().filter(|handed| handed.to == "Quản trị");
    let alerts: Vec<(String, String)> = alerts.map(|alert| (alert.channel.clone(), alert.text())).collect();
    assert_eq!(alerts.len(), 1);
    assert!(alerts[0].0 == "second" && alerts[0].1.contains("535 wrong password"), "{alerts:?}");
    // Once it works again everything goes out, and the next failure is news.
    school.script.answers("email", &[Answer::Taken]);
    school.run(&mut daemon, 4).await;
    assert_eq!(minutes(&school.script, "Giáo viên 1", begun).len(), 8);
}

#[tokio::test]
async fn a_restart_makes_no_pause_shorter_and_tells_nobody_again() {
    let school = School::new(crowd_and_one(1), Script::new(Limits::default(), 1));
    school.script.answers("email", &[Answer::Broken]);
    let begun = school.clock.now();
    for _ in 0..24 {
        let mut daemon = school.start().await;
        daemon.pass(&mut ()).await.unwrap();
        daemon.store().close().await;
        school.pass_minutes(5);
    }
    assert_eq!(minutes(&school.script, "Giáo viên 1", begun), [0, 10, 30, 70]);
    let alerts = school.script.handed().into_iter().filter(|handed| handed.to == "Quản trị").count();
    assert_eq!(alerts, 1);
}

#[tokio::test]
async fn what_a_refusal_is_about_is_known_although_the_process_ended_in_between() {
    let school = School::new(crowd_and_one(2), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Unclear]);
    school.script.answers("Giáo viên 2", &[Answer::Temporary]);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    daemon.store().close().await;
    let why = school.files.output(&["outbox", "list", "--why"]);
    assert!(why.contains("the recipient or the channel: 550 5.7.1 policy"), "{why}");
    // Somebody else gets something before the message is tried again.
    school.script.answers("Giáo viên 2", &[Answer::Taken]);
    let mut daemon = school.start().await;
    let waiting = daemon.store().unfinished(daemon.scope()).await.unwrap();
    let other = waiting.iter().find(|message| message.recipient == "Giáo viên 2").unwrap();
    daemon.store().retry(daemon.scope(), &other.id, school.clock.now()).await.unwrap();
    daemon.pass(&mut ()).await.unwrap();
    let mut database = school.files.database().await;
    assert_eq!((in_state(&mut database, "dead").await, in_state(&mut database, "queued").await), (1, 0));
    assert_eq!(school.script.times("email")["Giáo viên 1"], 1, "it is not asked again");
}

#[tokio::test]
async fn those_who_watch_hear_of_a_channel_that_fails_or_is_silent_and_of_what_is_late() {
    let kinds = |daemon: &Daemon| daemon.troubles().iter().map(|trouble| trouble.kind.as_str()).collect::<Vec<_>>();
    let school = School::new(crowd_and_one(1), Script::new(Limits::default(), 1));
    school.script.answers("email", &[Answer::Temporary]);
    let mut daemon = school.start().await;
    daemon.run_once().await.unwrap();
    school.pass_minutes(60);
    daemon.run_once().await.unwrap();
    assert!(kinds(&daemon).is_empty(), "{:?}", daemon.troubles());
    school.pass_minutes(1);
    daemon.run_once().await.unwrap();
    assert_eq!(kinds(&daemon), ["messages-late"]);
    school.script.answers("email", &[Answer::Broken]);
    school.pass_minutes(120);
    daemon.run_once().await.unwrap();
    assert_eq!(kinds(&daemon), ["channel-failed", "messages-late"]);
    assert_eq!(
        daemon.troubles()[0].to_string(),
        "channel-failed: the channel `email` cannot deliver: 535 wrong password"
    );
    school.script.answers("email", &[Answer::Taken]);
    school.run(&mut daemon, 3).await;
    daemon.run_once().await.unwrap();
    assert!(kinds(&daemon).is_empty(), "{:?}", daemon.troubles());
}

#[tokio::test]
async fn those_who_watch_hear_of_a_channel_that_fails_although_the_store_does_too() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    school.script.answers("email", &[Answer::Broken]);
    let mut daemon = school.start().await;
    daemon.run_once().await.unwrap();
    daemon.store().close().await;
    let troubles = daemon.find_troubles(None).await;
    let kinds: Vec<&str> = troubles.iter().map(|trouble| trouble.kind.as_str()).collect();
    assert_eq!(kinds, ["run-failed", "channel-failed"]);
}

/// Somebody who notes what came of attempts, and how often results were written down.
#[derive(Default)]
struct Attempts {
    outcomes: Vec<(String, &'static str)>,
    recorded: usize,
}

impl DeliveryObserver for Attempts {
    fn delivered(&mut self, _: &Delivered<'_>) -> std::io::Result<()> {
        Ok(())
    }

    fn attempted(&mut self, channel: &str, outcome: &'static str) {
        self.outcomes.push((channel.to_owned(), outcome));
    }

    fn recorded(&mut self) {
        self.recorded += 1;
    }
}

#[tokio::test]
async fn whoever_observes_a_pass_hears_of_every_attempt_and_every_record() {
    let school = School::new(crowd(2, ""), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 2", &[Answer::Temporary]);
    let mut attempts = Attempts::default();
    school.start().await.pass(&mut attempts).await.unwrap();
    attempts.outcomes.sort();
    let expected = ["sent", "temporary"].map(|outcome| ("email".to_owned(), outcome));
    assert_eq!(attempts.outcomes, expected);
    assert!(attempts.recorded > 0);
}

#[tokio::test]
async fn a_morning_on_which_everybody_is_refused_ends_with_everything_waiting_and_one_alert() {
    let school = School::new(crowd_and_one(30), Script::new(Limits::default(), 4));
    school.script.answers("email", &[Answer::Unclear]);
    let mut daemon = school.start().await;
    school.run(&mut daemon, 3).await;
    let mut database = school.files.database().await;
    assert_eq!((in_state(&mut database, "dead").await, in_state(&mut database, "queued").await), (0, 30));
    let alerts = school.script.handed().into_iter().filter(|handed| handed.to == "Quản trị").count();
    assert_eq!(alerts, 1);
    // Nobody need do anything once the server takes mail again.
    school.script.answers("email", &[Answer::Taken]);
    school.run(&mut daemon, 5).await;
    assert_eq!((in_state(&mut database, "dead").await, in_state(&mut database, "queued").await), (0, 0));
}

#[tokio::test]
async fn one_who_is_refused_alone_is_put_aside_until_somebody_else_gets_something() {
    let school = School::new(crowd_and_one(2), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Unclear]);
    school.script.answers("Giáo viên 2", &[Answer::Temporary]);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let mut database = school.files.database().await;
    assert_eq!((in_state(&mut database, "dead").await, in_state(&mut database, "queued").await), (0, 2));
    // The channel takes a message for somebody else: it was the recipient.
    school.script.answers("Giáo viên 2", &[Answer::Taken]);
    let times = school.script.times("email")["Giáo viên 1"];
    school.run(&mut daemon, 1).await;
    assert_eq!((in_state(&mut database, "dead").await, in_state(&mut database, "queued").await), (1, 0));
    assert!(school.script.times("email")["Giáo viên 1"] <= times + 1, "it is not asked again and again");
    let alert = school.script.handed().into_iter().find(|handed| handed.to == "Quản trị").unwrap().text();
    assert!(alert.contains("Giáo viên 1: 550 5.7.1 policy"), "{alert}");
}

#[tokio::test]
async fn one_who_is_refused_among_many_is_given_up_on_the_same_morning() {
    let school = School::new(crowd_and_one(20), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Unclear]);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let mut database = school.files.database().await;
    assert_eq!((in_state(&mut database, "dead").await, in_state(&mut database, "queued").await), (1, 0));
    assert_eq!(school.script.times("email")["Giáo viên 1"], 1);
}

#[tokio::test]
async fn a_repeated_message_is_the_same_byte_for_byte_until_it_says_something_else() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Uncertain, Answer::Uncertain, Answer::Taken]);
    let mut daemon = school.start().await;
    school.run(&mut daemon, 30).await;
    let handed: Vec<Handed> = school.script.handed().into_iter().filter(|handed| handed.to == "Giáo viên 1").collect();
    assert_eq!(handed.len(), 3);
    let text = |handed: &Handed| String::from_utf8(handed.bytes.clone()).unwrap();
    assert!(text(&handed[0]) == text(&handed[1]), "not the same bytes");
    // A day later other words are true: it is composed anew, under the same name.
    assert!(text(&handed[1]) != text(&handed[2]), "nothing has changed");
    let id = |handed: &Handed| text(handed).lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert_eq!(id(&handed[0]), id(&handed[2]));
    let history = school.files.output(&["history", "1"]);
    assert_eq!(history.matches("composed anew").count(), 1, "{history}");
}

#[tokio::test]
async fn thanks_for_what_was_due_that_day_are_repeated_byte_for_byte_on_the_next() {
    let person = "\n[[person]]\nname = \"Giáo viên 1\"\nemail = \"gv1@school.example\"\n";
    let plan = plan(&[task("1", "Giáo viên 1", "due = 2023-11-23")]);
    let school = School::new(Files::new(&format!("{CONFIG}{person}"), &plan), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Uncertain, Answer::Uncertain, Answer::Taken]);
    let mut daemon = school.start().await;
    let by = Some("Giáo viên 1".to_owned());
    let entry = ProgressEntry { by, ..reported(school.clock.now(), Status::Done, None, None) };
    report(daemon.store(), daemon.agenda().school(), "1", entry).await;
    school.run(&mut daemon, 30).await;
    let handed: Vec<Handed> = school.script.handed().into_iter().filter(|handed| handed.to == "Giáo viên 1").collect();
    assert_eq!(handed.len(), 3);
    let text = |handed: &Handed| String::from_utf8(handed.bytes.clone()).unwrap();
    assert!(text(&handed[0]).contains("text/calendar"), "its event is taken out of calendars");
    // An event that is over would be put into no calendar, but nothing that the message says has changed.
    assert!(text(&handed[0]) == text(&handed[1]), "not the same bytes at once");
    assert!(text(&handed[0]) == text(&handed[2]), "not the same bytes on the next day");
}

#[tokio::test]
async fn what_a_process_that_was_killed_may_have_sent_is_repeated_byte_for_byte() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Silent, Answer::Taken]);
    let mut daemon = school.start().await;
    work_until(&mut daemon, &school.script, |handed| handed.len() == 1).await;
    drop(daemon);
    school.pass_minutes(7);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let handed = school.script.handed();
    assert_eq!(handed.len(), 2);
    assert!(handed[0].bytes == handed[1].bytes, "not the same bytes");
}

#[tokio::test]
async fn what_was_composed_anew_when_the_process_was_killed_is_repeated_byte_for_byte() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Silent, Answer::Silent, Answer::Taken]);
    for (times, minutes) in [(1, 24 * 60), (2, 7)] {
        let mut daemon = school.start().await;
        work_until(&mut daemon, &school.script, |handed| handed.len() == times).await;
        drop(daemon);
        school.pass_minutes(minutes);
    }
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let handed = school.script.handed();
    let of_day = |handed: &Handed| handed.id == school.script.handed()[0].id;
    let handed: Vec<Handed> = handed.into_iter().filter(of_day).collect();
    assert_eq!(handed.len(), 3);
    assert!(handed[0].text() != handed[1].text(), "a day later other words are true");
    assert!(handed[1].bytes == handed[2].bytes, "not the same bytes");
}

#[tokio::test]
async fn what_has_waited_for_a_slow_server_is_repeated_byte_for_byte_too() {
    let school = School::new(crowd(2, ""), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Gated]);
    school.script.answers("Giáo viên 2", &[Answer::Silent, Answer::Taken]);
    let mut daemon = school.start().await;
    work_until(&mut daemon, &school.script, |handed| handed.len() == 1).await;
    school.pass_minutes(3);
    school.script.open_gate(2);
    work_until(&mut daemon, &school.script, |handed| handed.len() == 2).await;
    drop(daemon);
    school.pass_minutes(7);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let handed: Vec<Handed> = school.script.handed().into_iter().filter(|handed| handed.to == "Giáo viên 2").collect();
    assert_eq!(handed.len(), 2);
    assert!(handed[0].bytes == handed[1].bytes, "not the same bytes");
}

#[tokio::test]
async fn what_was_refused_for_now_goes_out_under_the_time_at_which_it_goes() {
    let school = School::new(crowd(1, ""), Script::new(Limits::default(), 1));
    school.script.answers("Giáo viên 1", &[Answer::Temporary, Answer::Taken]);
    let mut daemon = school.start().await;
    daemon.pass(&mut ()).await.unwrap();
    school.pass_minutes(60);
    daemon.pass(&mut ()).await.unwrap();
    let handed = school.script.handed();
    let date = |handed: &Handed| {
        let text = String::from_utf8(handed.bytes.clone()).unwrap();
        text.lines().find(|line| line.starts_with("Date:")).unwrap().to_owned()
    };
    assert_ne!(date(&handed[0]), date(&handed[1]));
}
