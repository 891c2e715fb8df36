//! Another version of the plan: who is told what of it, and when it is not taken until somebody says so.
#![allow(clippy::unwrap_used)]

mod common;

use common::service::Service;
use common::stage::{Sent, Stage};
use common::{CONFIG, Files, begun_today, plan, plan_begun_today, task};
use jiff::civil::date;
use nhacviec::app::ask_for_time::Proposal;
use nhacviec::app::decide_time::postpone;
use nhacviec::daemon::Daemon;
use nhacviec::progress::How;

const LEAD: &str = "Phó Hiệu trưởng";
const ADMIN: &str = "Quản trị";

/// A task by number, what is to be done, and due date.
type Row = (&'static str, &'static str, &'static str);

/// A plan of such tasks.
fn plan_of(tasks: &[Row]) -> String {
    let tasks: Vec<String> = tasks
        .iter()
        .map(|(number, remedy, due)| {
            task(number, LEAD, &format!("due = {due}")).replace(&format!("Việc {number}"), remedy)
        })
        .collect();
    plan(&tasks)
}

const FIVE: &[Row] = &[
    ("1.1", "Sơn lại tường rào", "2023-11-20"),
    ("1.2", "Mua sách cho thư viện", "2023-11-30"),
    ("1.3", "Sửa bàn ghế", "2023-12-15"),
    ("1.4", "Trồng cây", "2023-12-29"),
    ("1.5", "Lắp camera", "2024-01-31"),
];

/// A school whose plan of five tasks is in force, and what its daemon has sent taken away.
async fn in_force() -> (Stage, Daemon) {
    let stage = Stage::new(Files::new(CONFIG, &plan_of(FIVE)), "2023-11-01T08:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    (stage, daemon)
}

/// Writes another plan, has the daemon read it, and gives back what that tells the admin.
async fn reloaded(stage: &Stage, daemon: &mut Daemon, plan: &str) -> Vec<Sent> {
    stage.files.write("plan.toml", plan);
    daemon.reload(stage.files.load());
    stage.post.listen(daemon);
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take().into_iter().filter(|sent| sent.to == ADMIN).collect()
}

fn names(daemon: &Daemon) -> Vec<&str> {
    daemon.agenda().school().plan.tasks.iter().map(|task| task.name.as_str()).collect()
}

#[tokio::test]
async fn the_admin_is_told_once_which_tasks_are_gone_and_which_are_moved() {
    let (stage, mut daemon) = in_force().await;
    let changed = plan_of(&[FIVE[0], ("1.2", "Mua sách cho thư viện", "2023-12-20"), FIVE[3], FIVE[4]]);
    let told = reloaded(&stage, &mut daemon, &changed).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].subject, "[Nhắc việc: cần xem] Kế hoạch đã thay đổi: 1 việc bỏ, 1 việc đổi thời hạn");
    insta::assert_snapshot!("plan_changed", told[0].text);
    // Read again, or after a restart, it is no change any more.
    assert_eq!(reloaded(&stage, &mut daemon, &changed).await, []);
    daemon.store().close().await;
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(stage.post.take(), []);
    // What is only put in, renumbered or worded otherwise is nothing to be told of.
    let more = [
        ("1.1", "Sơn lại tường rào", "2023-11-20"),
        ("1.2", "Mua sách mới", "2023-12-20"),
        ("1.6", "Trồng cây", "2023-12-29"),
        FIVE[4],
        ("1.7", "Lát sân", "2024-03-29"),
    ];
    assert_eq!(reloaded(&stage, &mut daemon, &plan_of(&more)).await, []);
}

#[tokio::test]
async fn a_plan_that_loses_most_tasks_waits_and_reminders_go_on_by_the_one_before() {
    let (stage, mut daemon) = in_force().await;
    let two = plan_of(&FIVE[3..]);
    let told = reloaded(&stage, &mut daemon, &two).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].subject, "[Nhắc việc: cần xử lý] Kế hoạch mới chưa được áp dụng: 3/5 việc không còn");
    insta::assert_snapshot!("plan_waits", told[0].text);
    assert_eq!(names(&daemon), ["1.1", "1.2", "1.3", "1.4", "1.5"]);

    // It says so in `status`, and commands mean the tasks of the plan in force.
    let lines = stage.files.lines(&["status"]);
    assert_eq!(
        lines[0],
        serde_json::json!({"type": "plan_waits", "vanished": ["1.1", "1.2", "1.3"], "of": 5, "new": 2})
    );
    assert_eq!(lines.iter().filter(|line| line["type"] == "task").count(), 5);
    assert!(
        stage
            .files
            .output(&["status"])
            .contains("a plan waits: 3 of 5 tasks have vanished from the plan (1.1, 1.2, 1.3)")
    );
    let done = stage.files.program(&["done", "1.3"]).assert().success();
    let said = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(said.contains("the plan as it was stays in force") && said.contains("nhacviec plan accept"), "{said}");

    // A restart changes nothing, and nobody is told twice.
    daemon.store().close().await;
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-15T00:00:00").await;
    let sent = stage.post.take();
    assert!(sent.iter().any(|sent| sent.to == LEAD && sent.text.contains("Tiêu chí 1.1: hạn 20/11/2023")), "{sent:?}");
    assert!(sent.iter().all(|sent| sent.to != ADMIN || !sent.subject.contains("Kế hoạch mới")), "{sent:?}");

    // Accepted, it is in force at the next look, without another reload.
    let accepted = stage.files.output(&["plan", "accept"]);
    assert_eq!(accepted, "plan 1/KH is in force with 2 tasks; 3 of the 5 before are gone\n");
    daemon.pass(&mut ()).await.unwrap();
    assert_eq!(names(&daemon), ["1.4", "1.5"]);
    // The command runs by the time of the machine, so the mail about it waits for that.
    assert!(stage.files.output(&["outbox", "list"]).contains(ADMIN));
    assert!(stage.files.lines(&["status"]).iter().all(|line| line["type"] != "plan_waits"));
    let again = stage.files.output(&["plan", "accept"]);
    assert_eq!(again, "no plan waits: plan 1/KH is in force as it is written\n");
    // The old file put back loses nothing and is taken; what it has more is new again.
    assert_eq!(reloaded(&stage, &mut daemon, &plan_of(FIVE)).await, []);
    assert_eq!(names(&daemon).len(), 5);
}

#[tokio::test]
async fn a_plan_that_was_accepted_is_judged_anew_when_it_comes_again() {
    let (stage, mut daemon) = in_force().await;
    let two = plan_of(&FIVE[3..]);
    reloaded(&stage, &mut daemon, &two).await;
    stage.files.output(&["plan", "accept"]);
    daemon.pass(&mut ()).await.unwrap();
    reloaded(&stage, &mut daemon, &plan_of(FIVE)).await;
    assert_eq!(reloaded(&stage, &mut daemon, &two).await.len(), 1);
    assert_eq!(names(&daemon).len(), 5);
    // Mended, nothing waits any more, and nothing has happened.
    assert_eq!(reloaded(&stage, &mut daemon, &plan_of(FIVE)).await, []);
    assert!(stage.files.lines(&["status"]).iter().all(|line| line["type"] != "plan_waits"));
}

#[tokio::test]
async fn a_task_has_vanished_only_when_what_is_to_be_done_has() {
    let cases: &[(&[Row], bool)] = &[
        // Every row has another number.
        (
            &[
                ("2.1", "Sơn lại tường rào", "2023-11-20"),
                ("2.2", "Mua sách cho thư viện", "2023-11-30"),
                ("2.3", "Sửa bàn ghế", "2023-12-15"),
                ("2.4", "Trồng cây", "2023-12-29"),
                ("2.5", "Lắp camera", "2024-01-31"),
            ],
            false,
        ),
        // Two of five are gone; three of five are.
        (&[FIVE[0], FIVE[1], FIVE[2]], false),
        (&[FIVE[0], FIVE[1]], true),
        // As many rows, and all of another plan.
        (
            &[
                ("5.1", "Dạy bơi", "2023-11-20"),
                ("5.2", "Thi viết chữ", "2023-11-30"),
                ("5.3", "Thăm gia đình", "2023-12-15"),
                ("5.4", "Họp phụ huynh", "2023-12-29"),
                ("5.5", "Hội trại", "2024-01-31"),
            ],
            true,
        ),
    ];
    for (rows, waits) in cases {
        let (stage, mut daemon) = in_force().await;
        let told = reloaded(&stage, &mut daemon, &plan_of(rows)).await;
        assert_eq!(told.iter().any(|sent| sent.subject.contains("chưa được áp dụng")), *waits, "{rows:?}");
        assert_eq!(names(&daemon)[0], if *waits { "1.1" } else { rows[0].0 }, "{rows:?}");
    }
}

#[tokio::test]
async fn a_due_date_that_was_agreed_is_no_change_to_be_told() {
    let (stage, mut daemon) = in_force().await;
    let task = &daemon.agenda().school().plan.tasks[4];
    let (due, why) = (date(2024, 3, 29), "chờ kinh phí".to_owned());
    let proposal = Proposal { due, why, by: None, how: How::Command, at: stage.clock.now() };
    postpone(daemon.store(), daemon.agenda().school(), task, &proposal).await.unwrap();
    daemon.pass(&mut ()).await.unwrap();
    let told: Vec<Sent> = stage.post.take().into_iter().filter(|sent| sent.to == ADMIN).collect();
    assert_eq!(told, []);
    let tasks = &daemon.agenda().school().plan.tasks;
    assert_eq!(tasks[4].period().map(|period| period.due), Some(due), "it is in force all the same");
}

#[test]
fn the_mail_has_what_diff_prints() {
    let files = begun_today();
    files.write("plan.toml", &plan_begun_today(&[("1.1", "Sơn tường", LEAD), ("1.2", "Mua sách", LEAD)]));
    files.output(&["run", "--once"]);
    files.write("plan.toml", &plan_begun_today(&[("1.1", "Sơn tường", LEAD)]));
    assert!(files.output(&["diff"]).contains("cancelled  1.2"), "{}", files.output(&["diff"]));
    // In the language of the mail.
    let printed = files.program(&["diff"]).env("NHACVIEC_LANGUAGE", "vi").output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    files.output(&["run", "--once"]);
    let mails =
        std::fs::read_dir(files.path("outbox")).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let texts = mails.map(|mail| {
        let mail = mail_parser::MessageParser::default().parse(&mail).unwrap();
        mail.body_text(0).unwrap().replace("\r\n", "\n")
    });
    let told = texts.filter(|text| text.contains(printed.trim())).count();
    assert_eq!(told, 1, "{printed}");
    // What a plan that waits would do is shown too.
    files.write("plan.toml", &plan_begun_today(&[("3.1", "Dạy bơi", LEAD)]));
    files.output(&["run", "--once"]);
    let printed = files.output(&["diff"]);
    assert!(printed.contains("cancelled  1.1") && printed.contains("added      3.1"), "{printed}");
}

#[test]
fn a_plan_without_a_task_is_a_mistake_and_the_old_one_stays() {
    let files = begun_today();
    let mut service = Service::start(&files);
    service.says("\"sent\":1");
    let good = files.read("plan.toml");
    files.write("plan.toml", good.split("[[task]]").next().unwrap());
    service.signal("HUP");
    let said = service.lines_until("\"sent\":1").concat();
    assert!(said.contains("the old one stays in force"), "{said}");
    let mails = std::fs::read_dir(files.path("outbox")).unwrap();
    assert_eq!(mails.count(), 2, "the admin is told");
    files.write("plan.toml", &good);
    let status = files.lines(&["status"]);
    assert_eq!(status.iter().filter(|line| line["type"] == "task").count(), 1);
    service.signal("TERM");
    service.says("stopping");
}
