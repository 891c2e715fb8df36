//! The daemon on a virtual clock and a real store: nothing lost, nothing told twice, whatever happens.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use common::database::is_server;
use common::stage::{Answer, Post, Sent, Stage, at};
use common::{Files, plan, task};
use jiff::Timestamp;
use nhacviec::app::load_school::load_school;
use nhacviec::app::plan_in_force::accept;
use nhacviec::clock::Clock;
use nhacviec::daemon::{Daemon, Duty, WakeUps, service};
use nhacviec::files::ReadFiles;
use nhacviec::plan::{Status, TaskId};
use nhacviec::progress::{How, ProgressEntry};
use nhacviec::store::plans::ChangeKind;
use sqlx::Connection;

fn one_task() -> Files {
    Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")])
}

/// "2023-11-23T00:00:00Z Phó Hiệu trưởng [Nhắc việc] …"
fn lines(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|sent| format!("{} {} {}", sent.at, sent.to, sent.subject)).collect()
}

const START: &str = "2023-09-12T00:00:00";
const END: &str = "2024-07-01T00:00:00";

#[tokio::test]
async fn a_restart_at_any_moment_repeats_and_loses_nothing() {
    let stage = Stage::new(Files::seed(), START);
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, END).await;
    let undisturbed = stage.post.take();
    assert!(undisturbed.len() > 500, "{}", undisturbed.len());
    daemon.store().close().await;

    // The same year, the process ended and begun again before and after every pass that sends anything.
    let stage = Stage::new(Files::seed(), START);
    let mut daemon = stage.start().await;
    let mut seen = 0;
    while stage.clock.now() < at(END) {
        daemon.pass(&mut ()).await.unwrap();
        let next = daemon.next_wake().await.unwrap();
        let now = stage.post.sent().len();
        if now != seen {
            seen = now;
            daemon.store().close().await;
            daemon = stage.start().await;
            daemon.pass(&mut ()).await.unwrap();
        }
        stage.clock.set(next);
    }
    assert_eq!(stage.post.take(), undisturbed);
}

#[tokio::test]
async fn a_crash_between_the_answer_and_its_record_repeats_the_same_message() {
    let stage = Stage::new(one_task(), "2023-11-23T07:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::TakenAndGone);
    tokio::select! {
        pass = async { daemon.pass(&mut ()).await } => panic!("the process hangs in the middle of sending: {pass:?}"),
        () = stage.post.is_gone() => {}
    }
    drop(daemon);
    stage.post.answer("Phó Hiệu trưởng", Answer::Taken);
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let sent = stage.post.take();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert_eq!(sent[0].id, sent[1].id);
    daemon.pass(&mut ()).await.unwrap();
    assert!(stage.post.take().is_empty());
}

#[tokio::test]
async fn a_week_switched_off_is_caught_up_with_the_latest_of_each_task() {
    let stage = Stage::new(Files::seed(), START);
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-10-23T12:00:00").await;
    daemon.store().close().await;
    stage.post.take();

    // Off from Monday noon to the next Monday at nine.
    stage.clock.set(at("2023-10-30T09:00:00"));
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let caught_up = stage.post.take();
    assert!(!caught_up.is_empty());
    assert!(caught_up.iter().all(|sent| sent.at == at("2023-10-30T09:00:00")), "{:?}", lines(&caught_up));
    let people: HashSet<&String> = caught_up.iter().map(|sent| &sent.to).collect();
    assert_eq!(people.len(), caught_up.len(), "one message a person: {:?}", lines(&caught_up));
    let head = caught_up.iter().find(|sent| sent.to == "Hiệu trưởng").unwrap();
    assert!(head.text.contains("(3.2): hạn 31/10/2023, còn 1 ngày"), "{}", head.text);

    // Afterwards all is as if nothing had been.
    stage.run(&mut daemon, "2023-11-10T00:00:00").await;
    let after = stage.post.take();
    let undisturbed = Stage::new(Files::seed(), START);
    let mut daemon = undisturbed.start().await;
    undisturbed.run(&mut daemon, "2023-11-10T00:00:00").await;
    let same: Vec<Sent> =
        undisturbed.post.take().into_iter().filter(|sent| sent.at > at("2023-10-30T09:00:00")).collect();
    assert_eq!(lines(&after), lines(&same));
}

#[tokio::test]
async fn a_clock_that_was_wrong_repeats_nothing_and_loses_nothing() {
    let stage = Stage::new(one_task(), "2023-11-01T07:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-20T12:00:00").await;
    stage.post.take();
    // The clock jumps to spring, the daemon looks, and the clock is put right.
    stage.clock.set(at("2023-12-04T09:00:00"));
    daemon.pass(&mut ()).await.unwrap();
    let too_early = stage.post.take();
    assert_eq!(
        lines(&too_early).iter().filter(|line| line.contains("Phó")).collect::<Vec<_>>(),
        ["2023-12-04T02:00:00Z Phó Hiệu trưởng [Nhắc việc] Việc 1.1 (1.1): quá hạn 4 ngày, hạn 30/11"]
    );
    stage.clock.set(at("2023-11-20T12:01:00"));
    stage.run(&mut daemon, "2023-12-09T00:00:00").await;
    let to_lead: Vec<String> =
        lines(&stage.post.take()).into_iter().filter(|line| line.contains("Phó Hiệu trưởng [")).collect();
    assert_eq!(
        to_lead,
        [
            "2023-11-23T00:00:00Z Phó Hiệu trưởng [Nhắc việc] Việc 1.1 (1.1): còn 7 ngày, hạn 30/11",
            "2023-11-29T00:00:00Z Phó Hiệu trưởng [Nhắc việc] Việc 1.1 (1.1): còn 1 ngày, hạn 30/11",
            "2023-12-08T00:00:00Z Phó Hiệu trưởng [Nhắc việc] Việc 1.1 (1.1): quá hạn 8 ngày, hạn 30/11",
        ]
    );
}

#[tokio::test]
async fn a_message_that_is_not_taken_waits_and_speaks_of_the_day_on_which_it_goes() {
    let stage = Stage::new(one_task(), "2023-11-23T00:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Temporary);
    stage.run(&mut daemon, "2023-11-24T12:00:00").await;
    assert!(stage.post.take().is_empty());
    stage.post.answer("Phó Hiệu trưởng", Answer::Taken);
    stage.run(&mut daemon, "2023-11-25T12:00:00").await;
    let sent = stage.post.take();
    assert_eq!(sent.len(), 1, "{:?}", lines(&sent));
    assert!(sent[0].subject.contains("còn 6 ngày"), "{}", sent[0].subject);
}

#[tokio::test]
async fn the_next_reminder_takes_the_place_of_one_that_could_not_be_sent() {
    let stage = Stage::new(one_task(), "2023-11-27T08:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Temporary);
    stage.run(&mut daemon, "2023-11-29T08:00:00").await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Taken);
    stage.run(&mut daemon, "2023-11-30T00:00:00").await;
    let sent = stage.post.take();
    assert_eq!(sent.len(), 1, "{:?}", lines(&sent));
    assert!(sent[0].subject.contains("còn 1 ngày"), "{}", sent[0].subject);
}

#[tokio::test]
async fn a_person_who_cannot_be_reached_is_tried_elsewhere_and_then_told_of() {
    let tasks = [task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30"), task("1.2", "Tổ trưởng", "due = 2023-11-30")];
    let files = Files::of(&tasks);
    files
        .add("person.Phó Hiệu trưởng.via", "[\"email\", \"second\"]")
        .append("[channel.second]\nkind = \"file\"\ndirectory = \"second\"\n");
    let stage = Stage::new(files, "2023-11-23T07:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("email", Answer::Permanent);
    stage.post.answer("Quản trị", Answer::Taken);
    daemon.pass(&mut ()).await.unwrap();
    let sent = stage.post.take();
    let got: BTreeSet<(&str, &str)> = sent.iter().map(|sent| (sent.to.as_str(), sent.channel.as_str())).collect();
    assert_eq!(got, BTreeSet::from([("Phó Hiệu trưởng", "second"), ("Quản trị", "email")]));
    let alert = sent.iter().find(|sent| sent.to == "Quản trị").unwrap();
    assert!(alert.text.contains("Tổ trưởng: 550 no such person"), "{}", alert.text);
    // The next review says so too.
    stage.post.answer("email", Answer::Taken);
    stage.run(&mut daemon, "2023-12-01T00:00:00").await;
    let review = stage.post.take().into_iter().find(|sent| sent.subject.starts_with("[Sơ kết")).unwrap();
    assert!(review.text.contains("KHÔNG GỬI ĐƯỢC\n* 23/11/2023, Tổ trưởng (nhiệm vụ 1.2): 550"), "{}", review.text);
}

#[tokio::test]
async fn a_broken_channel_costs_no_message() {
    let stage = Stage::new(one_task(), "2023-11-23T07:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("email", Answer::Broken);
    stage.run(&mut daemon, "2023-11-24T07:00:00").await;
    stage.post.answer("email", Answer::Taken);
    stage.run(&mut daemon, "2023-11-24T09:00:00").await;
    let sent = stage.post.take();
    assert_eq!(sent.iter().filter(|sent| sent.to == "Phó Hiệu trưởng").count(), 1, "{:?}", lines(&sent));
}

#[tokio::test]
async fn what_waits_for_a_task_that_is_done_is_withdrawn() {
    let stage = Stage::new(one_task(), "2023-11-23T00:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Temporary);
    stage.run(&mut daemon, "2023-11-23T12:00:00").await;
    stage.report(&daemon, "1.1", Status::Done).await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Taken);
    stage.run(&mut daemon, "2024-02-01T00:00:00").await;
    let sent = stage.post.take();
    assert!(sent.iter().all(|sent| sent.subject.starts_with("[Sơ kết")), "{:?}", lines(&sent));
    assert!(sent[0].subject.contains("1/1 nhiệm vụ hoàn thành"), "{:?}", lines(&sent));
}

#[tokio::test]
async fn a_changed_plan_withdraws_the_old_time_and_tells_the_new() {
    let stage = Stage::new(one_task(), "2023-11-23T00:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Temporary);
    stage.run(&mut daemon, "2023-11-23T10:00:00").await;
    // While the first reminder waits, the school moves the date and adds a task that began on Monday.
    let tasks = [
        task("1.1", "Phó Hiệu trưởng", "due = 2023-12-15"),
        task("1.2", "Tổ trưởng", "start = 2023-11-20\ndue = 2023-12-29"),
    ];
    stage.files.write("plan.toml", &plan(&tasks));
    daemon.store().close().await;
    let mut daemon = stage.start().await;
    stage.post.answer("Phó Hiệu trưởng", Answer::Taken);
    stage.run(&mut daemon, "2023-12-09T00:00:00").await;
    let sent = stage.post.take();
    let of = |name: &str| -> Vec<String> {
        let mine = sent.iter().filter(|sent| sent.to == name && !sent.subject.contains("kiểm tra"));
        mine.map(|sent| format!("{} {}", sent.at, sent.subject)).collect()
    };
    assert_eq!(of("Phó Hiệu trưởng"), ["2023-12-08T00:00:00Z [Nhắc việc] Việc 1.1 (1.1): còn 7 ngày, hạn 15/12"]);
    assert_eq!(of("Tổ trưởng"), ["2023-11-23T03:00:00Z [Nhắc việc] Việc 1.2 (1.2): bắt đầu, hạn 29/12"]);
    let review = sent.iter().find(|sent| sent.subject.starts_with("[Sơ kết")).unwrap();
    assert!(
        review.text.contains(
            "BỔ SUNG, ĐIỀU CHỈNH KẾ HOẠCH\n* 23/11/2023: nhiệm vụ 1.1 đổi hạn từ 30/11/2023 thành 15/12/2023\n\
             * 23/11/2023: nhiệm vụ 1.2 được bổ sung, hạn 29/12/2023"
        ),
        "{}",
        review.text
    );
}

#[tokio::test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
async fn a_task_keeps_its_history_when_its_row_is_renumbered() {
    let row = |id: &str, remedy: &str, lead: &str, due: &str| {
        format!("[[task]]\nid = \"{id}\"\nremedy = \"{remedy}\"\nlead = [\"{lead}\"]\n{due}\n")
    };
    let (paint, books, trees) = ("Sơn tường", "Mua sách", "Trồng cây");
    let before = [
        row("1", paint, "Phó Hiệu trưởng", "due = 2023-11-30"),
        row("2", books, "Tổ trưởng", "due = 2023-11-30"),
        row("3", "Sửa bàn ghế", "Thanh tra", "due = 2023-11-30"),
    ];
    let stage = Stage::new(Files::of(&before), "2023-11-23T00:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-23T10:00:00").await;
    assert_eq!(stage.post.take().len(), 3, "each is told of the date a week ahead");
    let done = ProgressEntry {
        at: stage.clock.now(),
        status: Status::Done,
        percent: Some(100),
        note: None,
        evidence: Vec::new(),
        by: None,
        how: How::Command,
    };
    common::report(daemon.store(), daemon.agenda().school(), "2", done).await;
    daemon.store().close().await;
    // A row is put in, so that the numbers below it move on.
    let after = [
        row("1", paint, "Phó Hiệu trưởng", "due = 2023-11-30"),
        row("2", trees, "Hiệu trưởng", "due = 2023-11-29"),
        row("3", books, "Tổ trưởng", "due = 2023-11-30"),
        row("4", "Sửa bàn ghế", "Thanh tra", "due = 2023-11-30"),
    ];
    stage.files.write("plan.toml", &plan(&after));
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-24T10:00:00").await;
    let told: Vec<String> = stage.post.take().into_iter().map(|sent| sent.to).collect();
    assert_eq!(told, ["Hiệu trưởng"], "only what is new is told; the rest was told before");
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    let named = |name: &str| {
        let tasks = &daemon.agenda().school().plan.tasks;
        tasks.iter().find(|task| task.name == name).unwrap().id.clone()
    };
    assert!(progress.is_closed(&named("3")) && !progress.is_closed(&named("2")));
    let history = daemon.store().notices_about(daemon.scope(), &named("4")).await.unwrap();
    assert_eq!(history.len(), 1);
    // What is gone is told by the number that it had, although another has that number now.
    stage.files.write("plan.toml", &plan(&[row("1", books, "Tổ trưởng", "due = 2023-11-30")]));
    daemon.store().close().await;
    let mut second = stage.start().await;
    let accepted = accept(second.store(), second.written().clone(), stage.clock.now()).await.unwrap();
    assert_eq!(accepted.map(|waiting| waiting.vanished.len()), Some(3));
    stage.run(&mut second, "2023-11-24T11:00:00").await;
    stage.post.take();
    let changes = second.store().changes(second.scope(), Timestamp::MIN, Timestamp::MAX).await.unwrap();
    let gone = changes.iter().filter(|change| change.kind == ChangeKind::Removed);
    let gone: BTreeSet<&str> = gone.map(|change| change.name.as_str()).collect();
    assert_eq!(gone, BTreeSet::from(["1", "2", "4"]), "{changes:?}");
    stage.files.write("plan.toml", &plan(&after));
    second.store().close().await;
    let mut daemon = stage.start().await;
    // Nobody is reminded of what is done, under whatever number.
    stage.run(&mut daemon, "2023-11-30T10:00:00").await;
    let told = stage.post.take();
    let reminders = told.iter().filter(|sent| sent.subject.starts_with("[Nhắc việc]"));
    assert!(reminders.clone().count() >= 3);
    assert!(
        reminders.clone().all(|sent| sent.to != "Tổ trưởng"),
        "{:?}",
        reminders.map(|sent| &sent.to).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_plan_that_changes_in_the_evening_is_decided_on_in_the_morning() {
    let stage = Stage::new(Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-12-20")]), "2023-11-23T07:00:00");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-23T20:00:00").await;
    daemon.store().close().await;
    // What it makes now was to go out on the 21st.
    stage.files.write("plan.toml", &plan(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-28")]));
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-24T06:59:00").await;
    // Only the admin hears of the change at once.
    assert_eq!(
        lines(&stage.post.take()),
        ["2023-11-23T13:00:00Z Quản trị [Nhắc việc: cần xem] Kế hoạch đã thay đổi: 0 việc bỏ, 1 việc đổi thời hạn"]
    );
    stage.run(&mut daemon, "2023-11-24T07:10:00").await;
    let sent = stage.post.take();
    assert!(sent.len() == 1 && sent[0].subject.contains("còn 4 ngày, hạn"), "{:?}", lines(&sent));
}

/// The tables of an earlier version, with a week of messages in them, as `sqlite3 store.db .dump` gives them.
const OLD_STORE: &str = include_str!("data/store-of-step-9.sql");

#[tokio::test]
async fn a_store_of_an_earlier_version_is_taken_up() {
    // Every earlier version kept its store in a file.
    if is_server() {
        return;
    }
    let tasks = |due: &str| {
        let second = task("1.2", "Tổ trưởng", "time = \"12/2023\"");
        [task("1.1", "Phó Hiệu trưởng", &format!("due = {due}")), second]
    };
    let stage = Stage::new(Files::of(&tasks("2023-11-30")), "2023-12-01T07:40:00");
    let mut store = stage.files.database().await;
    sqlx::raw_sql(OLD_STORE).execute(&mut store).await.unwrap();
    store.close().await.unwrap();

    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-12-09T00:00:00").await;
    let days: Vec<String> = lines(&stage.post.take()).iter().map(|line| line[..10].to_owned()).collect();
    assert_eq!(days, ["2023-12-07", "2023-12-08"], "the escalation and the next reminder, and nothing of before");
    let progress = daemon.store().progress(daemon.agenda().school()).await.unwrap();
    assert_eq!(progress.status(&TaskId::new("1.2")), Status::InProgress);
    assert_eq!(daemon.store().notices_about(daemon.scope(), &TaskId::new("1.1")).await.unwrap().len(), 6);
    // What the plan says is known without waiting for its next change, and is no change.
    let seen = daemon.store().newest_plan(daemon.scope()).await.unwrap();
    assert_eq!(seen.map(|seen| seen.len()), Some(2));
    let changes = daemon.store().changes(daemon.scope(), Timestamp::MIN, Timestamp::MAX).await.unwrap();
    assert_eq!(changes, []);
    daemon.store().close().await;

    stage.files.write("plan.toml", &plan(&tasks("2023-12-20")));
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-12-14T00:00:00").await;
    let seen = daemon.store().newest_plan(daemon.scope()).await.unwrap();
    assert_eq!(seen.map(|seen| seen.len()), Some(2));
    let changes = daemon.store().changes(daemon.scope(), Timestamp::MIN, Timestamp::MAX).await.unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
}

#[tokio::test]
async fn a_file_that_is_saved_while_the_service_starts_is_read_again() {
    let files = one_task();
    let read = ReadFiles::default();
    let loaded = load_school(&nhacviec::files::Files::noted_in(&read), &files.config()).unwrap();
    let clock = Clock::standing_at(at("2023-11-23T06:00:00"));
    let mut daemon = Daemon::new(loaded, files.store().await, clock);
    let more = [task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30"), task("1.2", "Tổ trưởng", "due = 2023-11-30")];
    files.write("plan.toml", &plan(&more));
    let mut in_force = daemon.in_force();
    let wake_ups = WakeUps::default();
    wake_ups.wake();
    let config = files.config();
    let duty = Duty::begin(&mut daemon, None, wake_ups.clone()).await.unwrap();
    tokio::select! {
        ended = service::run(&mut daemon, (&config, &read), wake_ups, duty) => panic!("it ended: {ended:?}"),
        taken = in_force.wait_for(|school| school.agenda.school().plan.tasks.len() == 2) => drop(taken.unwrap()),
        () = tokio::time::sleep(Duration::from_secs(50)) => panic!("the plan as it was saved is not in force"),
    }
}

#[tokio::test]
async fn two_schools_share_one_store_and_know_nothing_of_each_other() {
    let first = Stage::new(one_task(), "2023-11-23T07:00:00");
    let other = one_task();
    other.set("organisation.name", "\"Trường khác\"");
    let mut daemon = first.start().await;
    daemon.pass(&mut ()).await.unwrap();
    let mut second = Daemon::new(other.load(), daemon.store().clone(), first.clock.clone());
    let post = Post::default();
    post.listen(&mut second);
    second.pass(&mut ()).await.unwrap();
    let (one, two) = (first.post.take(), post.take());
    assert_eq!((one.len(), two.len()), (1, 1));
    assert_ne!(one[0].id, two[0].id);
    first.report(&daemon, "1.1", Status::Done).await;
    first.clock.set(at("2023-11-29T07:00:00"));
    daemon.pass(&mut ()).await.unwrap();
    second.pass(&mut ()).await.unwrap();
    assert_eq!((first.post.take().len(), post.take().len()), (0, 1));
}

#[tokio::test]
async fn letters_are_kept_as_long_as_the_configuration_says() {
    let files = Files::seed();
    files.append("[keep]\nletters = \"90d\"");
    let stage = Stage::new(files, START);
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2024-02-01T09:00:00").await;
    let mut database = stage.files.database().await;
    let letters = "SELECT MIN(at), COUNT(*) FROM delivery WHERE payload IS NOT NULL";
    let (first, all): (i64, i64) = sqlx::query_as(letters).fetch_one(&mut database).await.unwrap();
    assert!(first < at("2023-10-01T00:00:00").as_millisecond() && all > 100, "{first} {all}");

    while stage.clock.now() < at("2024-02-01T09:30:00") {
        daemon.run_once().await.unwrap();
        stage.clock.set(daemon.next_wake().await.unwrap().min(stage.clock.now() + jiff::SignedDuration::from_mins(1)));
    }
    let (first, kept): (i64, i64) = sqlx::query_as(letters).fetch_one(&mut database).await.unwrap();
    assert!(first >= at("2023-11-03T00:00:00").as_millisecond() && 0 < kept && kept < all, "{first} {kept} of {all}");
    let attempts = "SELECT COUNT(*) FROM delivery WHERE answer IS NOT NULL";
    let (attempts,): (i64,) = sqlx::query_as(attempts).fetch_one(&mut database).await.unwrap();
    assert_eq!(attempts, all, "that a message was sent is kept");
}

#[tokio::test]
async fn letters_are_kept_compressed_those_of_an_earlier_version_too() {
    let stage = Stage::new(Files::seed(), START);
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-09-20T09:00:00").await;
    let mut database = stage.files.database().await;
    let kept = "SELECT message, payload FROM delivery WHERE payload IS NOT NULL ORDER BY message";
    let compressed: Vec<(String, Vec<u8>)> = sqlx::query_as(kept).fetch_all(&mut database).await.unwrap();
    assert!(
        !compressed.is_empty() && compressed.iter().all(|(_, letter)| letter.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]))
    );

    let (message, letter) = &compressed[0];
    let as_sent = daemon.store().attempts(daemon.scope(), message).await.unwrap()[0].payload.clone().unwrap();
    assert!(letter.len() < as_sent.len() / 2, "{} of {}", letter.len(), as_sent.len());
    let earlier = "UPDATE delivery SET payload = $1 WHERE message = $2";
    sqlx::query(earlier).bind(&as_sent).bind(message).execute(&mut database).await.unwrap();
    let read = daemon.store().attempts(daemon.scope(), message).await.unwrap()[0].payload.clone();
    assert!(read.as_ref() == Some(&as_sent), "a letter of an earlier version is read as it is");
    // As the service of a later version begins: what it sends itself is compressed at once.
    daemon = stage.start().await;
    daemon.run_once().await.unwrap();
    let now: Vec<(String, Vec<u8>)> = sqlx::query_as(kept).fetch_all(&mut database).await.unwrap();
    assert!(now.iter().take(compressed.len()).eq(&compressed), "what was kept as it was sent is compressed");
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_removes_nothing_for_good() {
    let files = Files::seed();
    files.append("[keep]\nletters = \"90d\"");
    let stage = Stage::new(files, START);
    let mut daemon = stage.start().await;
    daemon.run_once().await.unwrap();
    stage.run(&mut daemon, "2023-10-20T09:00:00").await;
    daemon.run_once().await.unwrap();
    // A file whose report is on its way into the store.
    let hash = "ab".repeat(32);
    let unnamed = stage.files.path(&format!("evidence/ab/{hash}.new"));
    std::fs::create_dir_all(unnamed.parent().unwrap()).unwrap();
    std::fs::write(&unnamed, "minh chứng").unwrap();
    let mut database = stage.files.database().await;
    let before = at("2023-10-20T10:00:00").as_millisecond();
    let letters = format!("SELECT COUNT(*) FROM delivery WHERE payload IS NOT NULL AND at < {before}");
    let letters: &'static str = letters.leak();
    let (all,): (i64,) = sqlx::query_as(letters).fetch_one(&mut database).await.unwrap();
    assert!(all > 10, "{all}");

    for wrong in ["2036-03-01T10:00:00", "2036-03-01T11:00:00", "2036-03-02T10:00:00"] {
        stage.clock.set(at(wrong));
        daemon.run_once().await.unwrap();
        // As after a restart, which knows of no run on this day.
        daemon = stage.start().await;
        daemon.run_once().await.unwrap();
    }
    let (left,): (i64,) = sqlx::query_as(letters).fetch_one(&mut database).await.unwrap();
    assert!(unnamed.exists());
    assert_eq!(left, all);
}
