//! What one person, one link or one mail can cause: notes, rows, files. All of it has a bound that is told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use common::imap::{ImapServer, PASSWORD};
use common::reply::{BELIEVED, inbox, mails, sent};
use common::stage::{Sent, Stage};
use common::web::{PNG, Site};
use common::{Files, begun_today, plan_begun_today, task};
use jiff::civil::{Date, date};
use mail_parser::MessageParser;
use nhacviec::app::ask_for_time::{Proposal, ask_for_time};
use nhacviec::app::plan_in_force;
use nhacviec::app::report_progress::report_progress;
use nhacviec::daemon::Daemon;
use nhacviec::plan::Status;
use nhacviec::progress::{How, ProgressEntry};

const OWNER: &str = "Phó Hiệu trưởng";
const PRINCIPAL: &str = "Hiệu trưởng";
const PRINCIPAL_MAIL: &str = "hieu-truong@school.example";
const ADMIN_MAIL: &str = "quan-tri@school.example";

/// "11-09 10:00 Hiệu trưởng: [Vướng mắc] …"
fn told(sent: &[Sent]) -> Vec<String> {
    let line = |sent: &Sent| {
        let at = sent.at.in_tz("Asia/Ho_Chi_Minh").unwrap();
        format!("{} {}: {}", at.strftime("%m-%d %H:%M"), sent.to, sent.subject)
    };
    sent.iter().map(line).collect()
}

/// What the deputy does in a morning.
enum Told<'a> {
    Reports(Status, &'a str),
    AsksFor(Date, &'a str),
}

async fn tells(stage: &Stage, daemon: &Daemon, what: Told<'_>) {
    let school = plan_in_force::in_force(daemon.store(), daemon.agenda().school().clone()).await.unwrap().school;
    let (task, at, by) = (&school.plan.tasks[0], stage.clock.now(), Some(OWNER.to_owned()));
    match what {
        Told::Reports(status, note) => {
            let note = (!note.is_empty()).then(|| note.to_owned());
            let entry = ProgressEntry { at, status, percent: None, note, evidence: Vec::new(), by, how: How::Link };
            report_progress(daemon.store(), &school, task, entry, &[]).await.unwrap();
        }
        Told::AsksFor(due, why) => {
            let proposal = Proposal { due, why: why.to_owned(), by, how: How::Link, at };
            ask_for_time(daemon.store(), &school, task, proposal, None).await.unwrap();
        }
    }
}

fn one_task() -> Files {
    Files::of(&[task("1.1", OWNER, "start = 2023-11-01\ndue = 2023-11-30")])
}

#[tokio::test]
async fn of_one_task_a_person_gets_one_note_a_day_and_the_rest_with_the_next() {
    // A Thursday: the day after it is a working day.
    let stage = Stage::new(one_task(), "2023-11-09T08:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    let blocked = |why| Told::Reports(Status::Blocked, why);
    for (hour, what) in [
        (9, blocked("chưa có kinh phí")),
        (10, blocked("thiếu người")),
        (11, blocked("thiếu phòng học")),
        (12, Told::AsksFor(date(2023, 12, 15), "chờ kinh phí")),
        (13, Told::AsksFor(date(2023, 12, 20), "chờ nhân sự")),
    ] {
        stage.run(&mut daemon, &format!("2023-11-09T{hour:02}:00:00")).await;
        tells(&stage, &daemon, what).await;
    }
    stage.run(&mut daemon, "2023-11-11T00:00:00").await;
    let sent = stage.post.take();
    assert_eq!(
        told(&sent),
        [
            "11-09 09:00 Hiệu trưởng: [Vướng mắc] Việc 1.1 (1.1): cần Thầy/Cô chỉ đạo",
            "11-10 07:00 Hiệu trưởng: [Xin lùi thời hạn] Việc 1.1 (1.1): đến 20/12/2023 (và 1 nội dung khác)",
        ]
    );
    // What is told of the second day is what holds then: the last obstacle, the last date.
    let text = &sent[1].text;
    assert!(text.contains("thiếu phòng học") && text.contains("chờ nhân sự"), "{text}");
    assert!(!text.contains("thiếu người") && !text.contains("chờ kinh phí"), "{text}");
    assert_eq!(text.matches("Kính gửi").count(), 1, "{text}");
    // The next day is another one.
    tells(&stage, &daemon, blocked("vẫn thiếu phòng học")).await;
    stage.run(&mut daemon, "2023-11-14T00:00:00").await;
    let lines = told(&stage.post.take());
    assert!(lines.iter().any(|line| line.starts_with("11-13 07:00 Hiệu trưởng: [Vướng mắc]")), "{lines:?}");
}

#[tokio::test]
async fn thanks_that_are_taken_back_and_given_again_come_once_a_day() {
    let stage = Stage::new(one_task(), "2023-11-09T09:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    for hour in 9..17 {
        stage.run(&mut daemon, &format!("2023-11-09T{hour:02}:00:00")).await;
        tells(&stage, &daemon, Told::AsksFor(date(2023, 12, hour + 5), "chờ kinh phí")).await;
        tells(&stage, &daemon, Told::Reports(Status::Done, "")).await;
        daemon.pass(&mut ()).await.unwrap();
        tells(&stage, &daemon, Told::Reports(Status::InProgress, "nhầm")).await;
    }
    stage.run(&mut daemon, "2023-11-10T00:00:00").await;
    let lines = told(&stage.post.take());
    for person in [OWNER, PRINCIPAL] {
        let notes = lines.iter().filter(|line| line[12..].starts_with(&format!("{person}: "))).count();
        assert!(notes <= 1, "{person}: {lines:#?}");
    }
}

#[tokio::test]
async fn reminders_go_out_before_notes() {
    let stage = Stage::new(one_task(), "2023-11-22T20:00:00");
    let mut daemon = stage.start().await;
    daemon.pass(&mut ()).await.unwrap();
    stage.post.take();
    tells(&stage, &daemon, Told::AsksFor(date(2023, 12, 15), "chờ kinh phí")).await;
    stage.run(&mut daemon, "2023-11-23T07:10:00").await;
    let lines = told(&stage.post.take());
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("11-23 07:00 Phó Hiệu trưởng: "), "{lines:?}");
    assert!(lines[1].starts_with("11-23 07:00 Hiệu trưởng: [Xin lùi thời hạn]"), "{lines:?}");
}

#[test]
fn one_link_is_taken_twenty_times_a_day_and_what_was_typed_stays() {
    let mut site = Site::start();
    let path = site.link(OWNER, "answer");
    let post = |path: &str, number: usize| {
        let form = site.get(&site.link(OWNER, "answer")).form();
        let note = format!("lần {number}: chưa có kinh phí");
        site.post(path, &[("form", &form), ("status", "blocked"), ("note", &note)], &[])
    };
    for number in 1..=20 {
        assert_eq!(post(&path, number).status, 303, "{number}");
    }
    let refused = post(&path, 21);
    assert_eq!(refused.status, 429);
    for words in ["Hôm nay đã nhận quá nhiều báo cáo", "lần 21: chưa có kinh phí"] {
        assert!(refused.text().contains(words), "{}", refused.text());
    }
    let form = format!("{}t", site.get(&path).form());
    let due = common::day(80).to_string();
    let asked = site.post(&format!("{path}/time"), &[("form", &form), ("due", &due), ("why", "chờ")], &[]);
    assert!(asked.status == 429 && asked.text().contains("Hôm nay đã nhận"), "{}", asked.text());
    let reports = site.files.lines(&["history", "1.1"]).iter().filter(|line| line["type"] == "progress").count();
    assert_eq!(reports, 20);
    site.service.says("\"looked\"");
    assert!(site.mails(PRINCIPAL_MAIL).iter().filter(|mail| mail.contains("lần ")).count() <= 1);
    // Another link of the school is not concerned.
    let other = site.link("Thanh tra", "status");
    assert_eq!(site.get(&other).status, 200);
}

/// A picture of so many bytes, like no other one.
fn picture(kib: usize, mark: u8) -> Vec<u8> {
    [PNG, &vec![mark; kib << 10]].concat()
}

/// The files below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn uploads_are_looked_at_before_any_is_written() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    let fields = [("form", form.as_str()), ("status", "in_progress")];
    let (good, script) = (picture(1, 1), b"#!/bin/sh\n".as_slice());
    assert_eq!(site.post(&path, &fields, &[("a.png", &good), ("run.sh", script)]).status, 422);
    assert_eq!(site.post(&path, &[("form", &form), ("status", "?")], &[("a.png", &good)]).status, 422);
    assert_eq!(files_below(&site.files.path("evidence")), [] as [PathBuf; 0]);
    assert_eq!(site.post(&path, &fields, &[("a.png", &good)]).status, 303);
    let kept = files_below(&site.files.path("evidence"));
    assert!(kept.len() == 1 && kept[0].extension().is_none(), "a report names it: {kept:?}");
}

#[test]
fn a_school_keeps_so_much_evidence_and_no_more() {
    let mut site = Site::start_with(|files| {
        files.append("[evidence]\nmax_total = \"1 MB\"\n");
    });
    let path = site.link(OWNER, "answer");
    let post = |status: &str, files: &[(&str, &[u8])]| {
        let form = site.get(&path).form();
        site.post(&path, &[("form", &form), ("status", status)], files)
    };
    assert_eq!(post("in_progress", &[("a.png", &picture(700, 1))]).status, 303);
    let refused = post("in_progress", &[("b.png", &picture(400, 2))]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Kho minh chứng của nhà trường đã đầy"), "{}", refused.text());
    assert_eq!(files_below(&site.files.path("evidence")).len(), 1);
    // What is there already needs no room, and a report without files is taken.
    assert_eq!(post("in_progress", &[("again.png", &picture(700, 1))]).status, 303);
    assert_eq!(post("done", &[]).status, 303);
    site.service.says("\"looked\"");
    let alerts = |site: &Site| {
        let mails = site.mails(ADMIN_MAIL);
        mails.into_iter().filter(|mail| mail.contains("Kho minh chứng của nhà trường đã đầy")).collect::<Vec<_>>()
    };
    let told = alerts(&site);
    assert!(told.len() == 1 && told[0].contains("b.png") && told[0].contains("max_total"), "{told:?}");
}

/// A school whose deputy was reminded, with a mailbox; the mail's Message-ID.
fn reminded(server: &ImapServer, more: &str) -> (Files, String) {
    reminded_of(server, more, &["1.1"])
}

/// The same for several tasks in one mail.
fn reminded_of(server: &ImapServer, more: &str, tasks: &[&str]) -> (Files, String) {
    let files = begun_today();
    files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(server));
    files.append(more);
    files.secret("imap", PASSWORD);
    let remedies: Vec<String> = tasks.iter().map(|task| format!("Việc số {task}")).collect();
    let rows: Vec<_> = tasks.iter().zip(&remedies).map(|(task, remedy)| (*task, remedy.as_str(), OWNER)).collect();
    files.write("plan.toml", &plan_begun_today(&rows));
    std::fs::create_dir(files.path("outbox")).unwrap();
    files.program(&["run", "--once"]).assert().success();
    let id = sent(&files).remove(0).0;
    (files, id)
}

/// An answer with files.
fn answer(to: &str, text: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut mail = format!(
        "{BELIEVED}From: <pho@school.example>\r\nSubject: Re: 1.1\r\nMessage-ID: <{}@phone.example>\r\n\
         In-Reply-To: <{to}>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        fastrand::u64(..)
    )
    .into_bytes();
    for (name, bytes) in files {
        let head = "--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n";
        mail.extend(format!("{head}Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n").bytes());
        let encoded = base64(bytes);
        mail.extend(encoded.as_bytes().chunks(76).flat_map(|line| [line, b"\r\n"].concat()));
    }
    mail.extend(b"--x--\r\n");
    mail
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The texts of the mails whose subject has these words.
fn texts(files: &Files, words: &str) -> Vec<String> {
    let mails = mails(&files.path("outbox"));
    let read = mails.iter().filter_map(|mail| {
        let mail = MessageParser::default().parse(mail)?.into_owned();
        mail.subject()?.contains(words).then(|| mail.body_text(0).unwrap().into_owned())
    });
    read.collect()
}

#[test]
fn of_a_mail_with_21_files_the_writer_hears_which_one_is_not_kept() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, "");
    let pictures: Vec<(String, Vec<u8>)> =
        (1..=21).map(|number| (format!("anh-{number}.png"), picture(1, number))).collect();
    server.put(&answer(&id, "Đang làm 60%", &pictures));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(files.lines(&["evidence", "list"]).len(), 20);
    let told = texts(&files, "Cần làm rõ");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("vì thư có quá nhiều tệp: anh-21.png."), "{}", told[0]);
    assert!(told[0].contains("đang thực hiện, đạt 60%"), "{}", told[0]);
}

#[test]
fn a_writer_hears_that_there_is_no_room_for_their_files_and_the_report_counts() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, "[evidence]\nmax_total = \"1 MB\"\n");
    let pictures = [("a.png".to_owned(), picture(600, 1)), ("b.png".to_owned(), picture(600, 2))];
    server.put(&answer(&id, "Đang làm 60%", &pictures));
    files.program(&["run", "--once"]).assert().success();
    assert_eq!(files_below(&files.path("evidence")), [] as [PathBuf; 0], "all of them or none");
    let status = files.lines(&["status"]).into_iter().find(|line| line["type"] == "task").unwrap();
    assert_eq!((status["status"].as_str(), status["percent"].as_i64()), (Some("in_progress"), Some(60)));
    let told = texts(&files, "Cần làm rõ");
    assert!(told.len() == 1 && told[0].contains("đã đầy (Quản trị đã được báo): a.png, b.png."), "{told:?}");
    assert_eq!(texts(&files, "Kho minh chứng đã đầy").len(), 1);
}

/// Makes a file look as if it was written so long ago.
fn age(path: &Path, hours: u64) {
    let file = std::fs::File::options().write(true).create(true).truncate(false).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(hours)).unwrap();
}

#[test]
fn files_whose_task_was_asked_wait_for_the_answer() {
    let server = ImapServer::start();
    let (files, id) = reminded_of(&server, "", &["1.1", "1.4"]);
    server.put(&answer(&id, "Em gửi minh chứng ạ", &[("a.png".to_owned(), picture(1, 1))]));
    files.program(&["run", "--once"]).assert().success();
    let waiting = files_below(&files.path("evidence"));
    assert!(waiting.len() == 1 && waiting[0].extension().is_some(), "{waiting:?}");
    age(&waiting[0], 24 * 20);
    files.program(&["run", "--once"]).assert().success();
    assert!(waiting[0].exists());
    let question = sent(&files).into_iter().find(|(_, subject)| subject.contains("Cần làm rõ")).unwrap().0;
    server.put(&answer(&question, "Việc 1.4, đang làm 60%", &[]));
    files.program(&["run", "--once"]).assert().success();
    assert!(!waiting[0].exists() && waiting[0].with_extension("").exists());
    assert_eq!(files.lines(&["evidence", "list"])[0]["name"], "a.png");
}

#[test]
fn files_that_no_report_names_are_removed_and_others_never() {
    let server = ImapServer::start();
    let (files, id) = reminded(&server, "");
    server.put(&answer(&id, "Đang làm 60%", &[("a.png".to_owned(), picture(1, 1))]));
    files.program(&["run", "--once"]).assert().success();
    let named = files_below(&files.path("evidence"));
    assert!(named.len() == 1 && named[0].extension().is_none(), "{named:?}");
    let place = |hash: &str, ending: &str| {
        let folder = files.path("evidence").join(&hash[..2]);
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(format!("{hash}{ending}"))
    };
    // Its process ended before it was noted that the report is in the store.
    let waiting = place(named[0].file_name().unwrap().to_str().unwrap(), ".new");
    std::fs::rename(&named[0], &waiting).unwrap();
    // Nobody names it; somebody may still, within the hour; the store was put back as it was before; nobody's business.
    let needless = place(&"ab".repeat(32), ".new");
    let fresh = place(&"cd".repeat(32), ".new");
    let of_before = place(&"ef".repeat(32), "");
    let other = files.path("evidence/danh-sach.new");
    for path in [&waiting, &needless, &of_before, &other] {
        age(path, 2);
    }
    std::fs::write(&fresh, "").unwrap();
    files.program(&["run", "--once"]).assert().success();
    assert!(!needless.exists() && fresh.exists() && of_before.exists() && other.exists());
    assert!(named[0].exists() && !waiting.exists());
}

#[test]
fn a_size_that_is_none_is_told_with_what_to_write() {
    let files = begun_today();
    files.append("[evidence]\nmax_total = 20\n");
    let findings = files.findings();
    let size = findings.iter().find(|finding| finding["code"] == "bad-size").expect("a mistake");
    assert!(size["help"].as_str().unwrap().contains("\"20 GB\""), "{findings:?}");
}
