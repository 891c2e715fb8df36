//! The page of a superior about a task that is late: who leads it and what was said, a later date, the task closed, a question.
#![allow(clippy::unwrap_used)]

mod common;

use common::web::Site;
use common::{day, plan_begun_today};
use nhacviec::link::Purpose;
use serde_json::Value;

const HEAD: &str = "Hiệu trưởng";
const DEPUTY: &str = "Phó Hiệu trưởng";
const LEADER: &str = "Tổ trưởng";

/// A school whose task 1.1 two people lead; the deputy can be called.
fn site() -> Site {
    Site::start_with(|files| {
        files.write("plan.toml", &plan_begun_today(&[("1.1", "Sơn lại tường rào", DEPUTY)]));
        files.edit("plan.toml", "lead = [\"Phó Hiệu trưởng\"]", "lead = [\"Phó Hiệu trưởng\", \"Tổ trưởng\"]");
        files.add("person.Phó Hiệu trưởng.phone", "\"0912 345 678\"");
    })
}

/// Somebody's link about task 1.1, or about the first request for it.
fn link_of(site: &Site, person: &str, purpose: Purpose) -> String {
    site.link_about(person, purpose, "1.1")
}

fn post(site: &Site, path: &str, fields: &[(&str, &str)]) -> common::web::Answer {
    let form = site.get(path).form();
    site.post(&format!("{path}/direct"), &[&[("form", form.as_str())], fields].concat(), &[])
}

#[test]
fn a_superior_sees_who_leads_how_to_reach_them_and_what_was_said_last() {
    let site = site();
    site.files
        .program(&[
            "progress",
            "1.1",
            "--status",
            "in_progress",
            "--percent",
            "40",
            "--note",
            "còn mặt sau",
            "--by",
            DEPUTY,
        ])
        .assert()
        .success();
    let page = site.get(&link_of(&site, HEAD, Purpose::Answer)).text();
    for words in [
        "mailto:pho@school.example",
        "tel:0912345678",
        "mailto:to-truong@school.example",
        "còn mặt sau",
        "Đang thực hiện · 40%",
        "Chưa báo cáo lần nào",
        "Cho lùi thời hạn",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Gửi báo cáo"), "a superior is not asked for the owner's report");
    // Who leads the task has the page for reporting.
    assert!(site.get(&link_of(&site, DEPUTY, Purpose::Answer)).text().contains("Gửi báo cáo"));
    assert_eq!(
        site.post(&format!("{}/direct", link_of(&site, DEPUTY, Purpose::Answer)), &[("decision", "close")], &[]).status,
        404
    );
}

#[test]
fn a_superior_grants_a_later_date_with_a_reason() {
    let site = site();
    let path = link_of(&site, HEAD, Purpose::Answer);
    let (later, past) = (day(90).to_string(), day(-1).to_string());
    assert_eq!(post(&site, &path, &[("decision", "grant"), ("due", &later)]).status, 422, "without a reason");
    assert_eq!(post(&site, &path, &[("decision", "grant"), ("why", "mưa")]).status, 422, "without a date");
    let refused = post(&site, &path, &[("decision", "grant"), ("due", &past), ("why", "mưa")]);
    assert!(refused.status == 422 && refused.text().contains("Ngày này đã qua") && refused.text().contains("mưa"));
    let done = post(&site, &path, &[("decision", "grant"), ("due", &later), ("why", "mưa kéo dài")]);
    assert_eq!(done.status, 303);
    assert!(site.get(done.header("location").unwrap()).text().contains("Đã lùi thời hạn"));
    let task = site.task("1.1");
    assert_eq!(task["due"], later.as_str());
    let history = site.files.lines(&["history", "1.1"]);
    let moved = history.iter().find(|line| line["type"] == "postponed").unwrap();
    assert_eq!((moved["by"].as_str(), moved["why"].as_str()), (Some(HEAD), Some("mưa kéo dài")));
}

#[test]
fn a_superior_closes_a_task_whatever_its_parts() {
    let site = site();
    let path = link_of(&site, HEAD, Purpose::Answer);
    assert_eq!(post(&site, &path, &[]).status, 422);
    assert_eq!(post(&site, &path, &[("decision", "close"), ("note", "đã xem tận nơi")]).status, 303);
    assert_eq!(site.task("1.1")["status"], "done");
    let history = site.files.lines(&["history", "1.1"]);
    let report: &Value = history.iter().find(|line| line["type"] == "progress").unwrap();
    assert_eq!((report["effect"].as_str(), report["by"].as_str()), (Some("closes"), Some(HEAD)));
    let page = site.get(&path).text();
    assert!(page.contains("Việc này không cần chỉ đạo nữa") && !page.contains("<form"), "{page}");
}

#[test]
fn a_superior_asks_those_who_have_not_done_their_part() {
    let mut site = site();
    site.files.program(&["done", "1.1", "--by", LEADER]).assert().success();
    let path = link_of(&site, HEAD, Purpose::Answer);
    assert_eq!(post(&site, &path, &[("decision", "ask")]).status, 422, "without words");
    assert_eq!(post(&site, &path, &[("decision", "ask"), ("note", "Bao giờ xong?")]).status, 303);
    site.service.says("\"looked\"");
    let asked = || site.mails("pho@school.example").into_iter().find(|mail| mail.contains("Bao giờ xong?"));
    assert!(asked().unwrap().contains("Hiệu trưởng hỏi về việc Thầy/Cô chủ trì"));
    assert!(!site.mails("to-truong@school.example").iter().any(|mail| mail.contains("Bao giờ xong?")));
}

#[test]
fn whoever_leads_a_task_does_not_decide_on_their_own_request_where_somebody_else_can() {
    let site = Site::start_with(|files| {
        files.write("plan.toml", &plan_begun_today(&[("1.1", "Sơn lại tường rào", HEAD)]));
        files.set("escalation.0.to", "[\"Hiệu trưởng\", \"Phó Hiệu trưởng\"]");
    });
    let owner = link_of(&site, HEAD, Purpose::Answer);
    let page = site.get(&owner);
    assert!(page.text().contains("Gửi báo cáo"), "a superior who leads it reports on it");
    let due = day(90).to_string();
    let fields = [("form", page.form()), ("due", due), ("why", "mưa".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(site.post(&format!("{owner}/time"), &fields, &[]).status, 303);
    let own = link_of(&site, HEAD, Purpose::Decide);
    let shown = site.get(&own).text();
    assert!(shown.contains("do người khác cho ý kiến") && !shown.contains("<form"), "{shown}");
    assert_eq!(site.post(&own, &[("decision", "accept")], &[]).status, 403);
    let other = link_of(&site, DEPUTY, Purpose::Decide);
    assert_eq!(site.post(&other, &[("decision", "accept")], &[]).status, 303);
    assert_eq!(site.task("1.1")["due"], day(90).to_string().as_str());
}

#[test]
fn an_escalation_asks_for_direction_and_not_for_a_report() {
    use common::stage::Stage;

    let files = common::Files::of(&[common::task("1.1", DEPUTY, "due = 2023-11-30")]);
    files.add("person.Phó Hiệu trưởng.phone", "\"0912 345 678\"");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::new(files, "2023-11-29T07:00:00");
        let mut daemon = stage.start().await;
        stage.run(&mut daemon, "2023-12-08T20:00:00").await;
        let sent = stage.post.take();
        let escalation = sent.iter().find(|sent| sent.to == HEAD && sent.subject.contains("quá hạn")).unwrap();
        assert!(!escalation.text.contains("Báo tiến độ"), "{}", escalation.text);
        assert!(
            escalation.text.contains("Liên hệ: Phó Hiệu trưởng pho@school.example 0912 345 678."),
            "{}",
            escalation.text
        );
        assert!(
            escalation.text.contains("cho lùi thời hạn, kết thúc việc hoặc cần hỏi người chủ trì"),
            "{}",
            escalation.text
        );
    });
}
