//! What every command prints of a school in which things happened, in each language: the two say nothing alike but what the
//! school itself wrote.
#![allow(clippy::unwrap_used)]

mod common;

use std::os::unix::fs::PermissionsExt;

use common::spoken::{alike, quoted, said, without_today};
use common::stage::{Answer, Stage, reported};
use common::{Files, free_port, task};
use jiff::civil::date;
use nhacviec::app::ask_for_time::{Proposal, ask_for_time};
use nhacviec::app::decide_time::{Verdict, decide_time};
use nhacviec::daemon::Daemon;
use nhacviec::plan::Status;
use nhacviec::progress::{How, ProgressEntry, RequestDecision};

const LEAD: &str = "Phó Hiệu trưởng";
const OTHER: &str = "Tổ trưởng";
const PRINCIPAL: &str = "Hiệu trưởng";
/// What is said in every language alike: the program's name, the channel's, what servers answer, what people write and what
/// files are called, the unit of a size.
const ALIKE: &str = "nhacviec; email; 450 later, 550 no such person, 535 wrong password, 250 ok; đang chờ kinh phí, đã xem; \
                     Ai đó, Thời gian; ke-hoach.csv, ke-hoach.toml, minh-chung, kho-1.db, kho-2.db, links.key; kB";

/// A task of one lead with somebody who helps, one of recurring work, one of an open time, and one of two leads.
fn tasks() -> Vec<String> {
    vec![
        task("1.1", LEAD, "with = [\"Tổ trưởng\"]\nstart = 2023-10-02\ndue = 2023-10-31"),
        task("1.2", OTHER, "start = 2023-10-01\ndue = 2024-05-31\nrecurring = \"month\""),
        task("1.3", PRINCIPAL, "time = \"Tháng năm 2023\""),
        task("1.4", LEAD, "due = 2023-12-15").replace("lead = [", "lead = [\"Tổ trưởng\", "),
        task("1.5", LEAD, "due = 2023-12-20"),
    ]
}

/// A school in which much has happened: messages were refused, taken, given up and wait; people reported, asked for time and
/// were answered; the plan has moved a task.
async fn eventful_school() -> Files {
    let files = Files::of(&tasks());
    let port = free_port();
    files.append(&format!("[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n"));
    std::fs::write(files.path("links.key"), [7; 32]).unwrap();
    std::fs::set_permissions(files.path("links.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let stage = Stage::new(files, "2023-10-02T07:00:00");
    let mut daemon = stage.start().await;
    stage.post.answer(LEAD, Answer::Temporary);
    stage.run(&mut daemon, "2023-10-02T08:00:00").await;
    stage.post.answer(LEAD, Answer::Taken);
    stage.run(&mut daemon, "2023-10-20T09:00:00").await;
    report(&stage, &daemon, "1.1", Status::InProgress).await;
    ask(&stage, &daemon, "1.1", Some(Verdict::Refused)).await;
    stage.run(&mut daemon, "2023-11-06T09:00:00").await;
    stage.post.answer(PRINCIPAL, Answer::Permanent);
    stage.run(&mut daemon, "2023-11-15T09:00:00").await;
    report(&stage, &daemon, "1.1", Status::Blocked).await;
    ask(&stage, &daemon, "1.4", Some(Verdict::Granted)).await;
    ask(&stage, &daemon, "1.5", None).await;
    stage.files.edit("plan.toml", "due = 2023-10-31", "due = 2023-12-29");
    let mut daemon = stage.start().await;
    stage.run(&mut daemon, "2023-11-16T09:00:00").await;
    stage.run(&mut daemon, "2023-11-27T06:00:00").await;
    stage.post.answer("email", Answer::Broken);
    stage.run(&mut daemon, "2023-11-27T07:10:00").await;
    daemon.store().clone().close().await;
    stage.files
}

/// The deputy tells how far a task is.
async fn report(stage: &Stage, daemon: &Daemon, task: &str, status: Status) {
    let evidence = vec!["https://school.example/1.pdf".to_owned()];
    let entry = ProgressEntry {
        by: Some(LEAD.to_owned()),
        how: How::Link,
        evidence,
        ..reported(stage.clock.now(), status, Some(40), Some("đang chờ kinh phí"))
    };
    common::report(daemon.store(), daemon.agenda().school(), task, entry).await;
}

/// The deputy asks for the task to be due on another day, which is decided unless it waits.
async fn ask(stage: &Stage, daemon: &Daemon, task: &str, verdict: Option<Verdict>) {
    let school = daemon.agenda().school();
    let task = school.plan.tasks.iter().find(|known| known.name == task).unwrap();
    let (at, why) = (stage.clock.now(), "chờ kinh phí".to_owned());
    let proposal = Proposal { due: date(2024, 1, 31), why, by: Some(LEAD.to_owned()), how: How::Link, at };
    ask_for_time(daemon.store(), school, task, proposal, None).await.unwrap();
    let Some(verdict) = verdict else { return };
    let requests = daemon.store().time_requests(daemon.scope()).await.unwrap();
    let request = requests.iter().find(|request| request.task == task.id).unwrap();
    let decision = RequestDecision { at, by: Some(PRINCIPAL.to_owned()), note: Some("cố gắng".to_owned()) };
    assert!(decide_time(daemon.store(), school, request, verdict, decision).await.unwrap());
}

/// What the commands print of a school in a language, each with its words.
struct Printed<'f> {
    files: &'f Files,
    language: &'f str,
    texts: Vec<String>,
}

impl Printed<'_> {
    fn print(&mut self, command: &[&str]) {
        self.texts.push(said(self.files, self.language, command));
    }

    /// The ids of messages in one state.
    fn messages(&self, state: &str) -> Vec<String> {
        let lines = self.files.lines(&["outbox", "list"]);
        let of_state = lines.iter().filter(|line| line["state"] == state);
        of_state.map(|line| line["id"].as_str().unwrap()[..8].to_owned()).collect()
    }

    /// What waits, what failed, and what is made of it.
    fn outbox(&mut self) {
        let (dead, waiting) = (self.messages("dead"), self.messages("queued"));
        for command in [
            &["outbox", "list"][..],
            &["outbox", "list", "--why"],
            &["outbox", "show", &dead[0]],
            &["outbox", "show", &waiting[0]],
            &["outbox", "retry", &waiting[0]],
            &["outbox", "drop", &waiting[0]],
            &["outbox", "drop", &waiting[0]],
            &["outbox", "retry", "--all", "--channel", "email"],
            &["outbox", "retry", "--all"],
        ] {
            self.print(command);
        }
        // Those that failed wait again.
        for id in self.messages("queued") {
            self.files.output(&["outbox", "drop", &id]);
        }
        self.print(&["outbox", "list"]);
        self.print(&["outbox", "retry", "--all", "--channel", "email"]);
    }

    /// How far tasks are, and when they are due.
    fn reports(&mut self) {
        for command in [
            &["progress", "1.4", "--status", "in-progress", "--percent", "40", "--by", LEAD][..],
            &["progress", "1.4", "--status", "in-progress", "--by", PRINCIPAL, "--note", "đã xem"],
            &["done", "1.4", "--by", LEAD, "--on", "2023-12-01", "--evidence", "https://school.example/2.pdf"],
            &["done", "1.4", "--by", OTHER],
            &["progress", "1.4", "--status", "in-progress"],
            &["done", "1.2", "--for", "2023-10"],
            &["progress", "1.1", "--status", "not-started"],
            &["progress", "1.3", "--status", "cancelled"],
            &["postpone", "1.1", "2024-04-30", "--why", "chờ kinh phí"],
            &["postpone", "1.5", "--refuse", "--why", "cố gắng"],
            &["history", "1.1"],
            &["history", "1.4"],
            &["evidence", "list"],
            &["evidence", "export", self.files.path("minh-chung").to_str().unwrap()],
        ] {
            self.print(command);
        }
    }

    /// What is told of another plan, until it is in force.
    fn another_plan(&mut self) {
        self.print(&["plan", "accept"]);
        self.print(&["diff"]);
        self.files.write("plan.toml", &common::plan(&tasks()[4..]));
        self.print(&["evidence", "list"]);
        self.print(&["plan", "accept"]);
        self.print(&["history", "1.1"]);
        self.files.write(
            "ke-hoach.csv",
            "TT,Nội dung,Người thực hiện,Thời gian\n1,Trồng cây,Hiệu trưởng,11/2023\n2,Mua sách,Ai đó,\n",
        );
        let [from, to] = ["ke-hoach.csv", "ke-hoach.toml"].map(|name| self.files.path(name).display().to_string());
        self.print(&["import", &from, "-o", &to]);
    }

    fn links(&mut self) {
        for command in [
            &["link", "show", LEAD][..],
            &["link", "show", "Thanh tra"],
            &["link", "show", OTHER],
            &["link", "revoke", "--person", LEAD],
            &["link", "revoke", "--all"],
        ] {
            self.print(command);
        }
    }
}

/// What the commands print in a language of a school in which much has happened, and what the school itself wrote.
async fn printed(language: &str) -> (Vec<String>, String) {
    let files = eventful_school().await;
    let own = [quoted(&files.read("nhacviec.toml")), quoted(&files.read("plan.toml")), ALIKE.to_owned()].join("\n");
    let mut printed = Printed { files: &files, language, texts: Vec::new() };
    for command in [
        &["rehearse", "--from", "2023-10-01", "--to", "2023-11-15"][..],
        &["rehearse", "--from", "2023-10-01", "--to", "2023-10-02", "--reports", "on-time"],
        &["rehearse", "--from", "2023-10-01", "--to", "2023-10-02", "--reports", "late:1d"],
    ] {
        printed.print(command);
    }
    printed.outbox();
    printed.reports();
    printed.another_plan();
    printed.links();
    (printed.texts, own)
}

#[tokio::test]
async fn what_commands_print_is_alike_in_no_language_but_for_what_the_school_wrote() {
    let ((english, own), (vietnamese, _)) = (printed("en").await, printed("vi").await);
    assert_eq!(english.len(), vietnamese.len());
    let mut settings = without_today();
    settings.add_filter(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}\b", "[id]");
    settings.add_filter(r"http://\S+", "[link]");
    settings.bind(|| {
        insta::assert_snapshot!("printed_en", english.concat());
        insta::assert_snapshot!("printed_vi", vietnamese.concat());
    });
    let left = english.iter().zip(&vietnamese).map(|(one, other)| (alike(one, other, &own), other));
    let left: Vec<_> = left.filter(|(words, _)| !words.is_empty()).collect();
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn copies_of_the_store_are_told_in_each_language() {
    if common::database::is_server() {
        return;
    }
    let printed = ["en", "vi"].map(|language| {
        let files = Files::of(&tasks());
        // A store in which the service has not begun is not copied.
        files.output(&["run", "--once"]);
        let [backup, from, to] =
            ["kho-1.db", "store.db", "kho-2.db"].map(|name| files.path(name).display().to_string());
        let (from, to) = (format!("sqlite:{from}"), format!("sqlite:{to}"));
        let copied = said(&files, language, &["store", "copy", &from, &to]);
        [said(&files, language, &["store", "backup", &backup]), copied]
    });
    let [english, vietnamese] = &printed;
    for (one, other) in english.iter().zip(vietnamese) {
        assert_eq!(alike(one, other, &format!("{ALIKE} store.db")), [] as [String; 0], "{other}");
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+ kB", "[size] kB");
    settings.add_filter(r": \d+ dòng", ": [rows] dòng");
    settings.bind(|| insta::assert_snapshot!("copies_vi", vietnamese.concat()));
}

#[test]
fn a_language_that_is_not_there_is_told_in_that_of_the_system() {
    let files = Files::of(&tasks());
    for (locale, told) in [
        ("vi_VN.UTF-8", "nhacviec: NHACVIEC_LANGUAGE là `fr`: viết en hoặc vi\n"),
        ("fr_FR.UTF-8", "nhacviec: NHACVIEC_LANGUAGE is `fr`: write en or vi\n"),
    ] {
        let mut program = files.program(&["status"]);
        program.env("NHACVIEC_LANGUAGE", "fr").env("LC_ALL", locale).assert().code(2).stderr(told);
    }
}

/// Variables of the environment with their values.
type Variables<'v> = &'v [(&'v str, &'v str)];

#[test]
fn the_command_line_the_variable_the_configuration_and_the_system_say_the_language_in_this_order() {
    let files = Files::of(&tasks());
    let folder = tempfile::tempdir().unwrap();
    let config = files.config().display().to_string();
    let vietnamese = ["không", "chưa", "chỉ", "đã"];
    let is_vietnamese = |environment: Variables<'_>, args: &[&str]| {
        let mut program = assert_cmd::Command::cargo_bin("nhacviec").unwrap();
        for variable in ["NHACVIEC_CONFIG", "NHACVIEC_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"] {
            program.env_remove(variable);
        }
        program.envs(environment.iter().copied()).current_dir(folder.path()).args(args);
        let output = program.output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!output.status.success(), "{said}");
        vietnamese.iter().any(|word| said.contains(word))
    };
    let (vi, en) = (("LANG", "vi_VN.UTF-8"), ("LANG", "en_US.UTF-8"));
    let always = |tag| ("NHACVIEC_LANGUAGE", tag);
    let missing = |more: &[&'static str]| [&["init", "nowhere.docx"], more].concat();
    let year = ["--config", &config, "--year", "2001-2002", "status"];
    let wrong = ["--config", &config, "status", "--nothing"];
    std::fs::create_dir(folder.path().join("english")).unwrap();
    std::fs::write(folder.path().join("english/nhacviec.toml"), "language = \"en\"\n").unwrap();
    let cases: &[(Variables<'_>, &[&str], bool)] = &[
        (&[always("en"), en], &missing(&["--language", "vi"]), true),
        (&[always("vi"), vi], &missing(&["--language=en"]), false),
        (&[always("en"), vi], &missing(&[]), false),
        (&[always("vi"), en], &missing(&["--dir", "english"]), true),
        (&[vi], &missing(&["--dir", "english"]), false),
        (&[vi], &missing(&["--dir", "english", "--nothing"]), false),
        (&[vi], &missing(&[]), true),
        (&[en], &missing(&[]), false),
        // What is written is Vietnamese where nobody says otherwise.
        (&[("LANG", "C.UTF-8")], &missing(&[]), true),
        (&[en], &year, true),
        (&[always("en"), vi], &year, false),
        (&[en], &wrong, true),
        (&[vi], &["status"], true),
        (&[en], &["status"], false),
    ];
    for (environment, args, expected) in cases {
        assert_eq!(is_vietnamese(environment, args), *expected, "{environment:?} {args:?}");
    }
}
