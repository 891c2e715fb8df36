//! The pages on which people answer: the whole way with the program as a process, and everybody who means harm.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use common::service::Service;
use common::web::{Answer, PNG, Site, multipart, school};
use common::{Files, day, free_port, now};
use jiff::{Timestamp, ToSpan};
use nhacviec::link::{LinkKey, LinkTag, LinkToken, Purpose, Signer};
use nhacviec::plan::TaskId;
use serde_json::{Value, json};

const OWNER: &str = "Phó Hiệu trưởng";
const OWNER_MAIL: &str = "pho@school.example";
const PRINCIPAL: &str = "Hiệu trưởng";
const SUPERVISOR: &str = "Thanh tra";

/// Headers that bind the browser on every answer.
fn assert_strict(answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap();
    for rule in
        ["default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{}", answer.head);
    }
    let cache = answer.header("cache-control").unwrap();
    assert!(cache == "no-store" || cache == "private, no-cache", "{cache}");
}

fn reports(site: &Site) -> Vec<Value> {
    site.files.lines(&["history", "1.1"]).into_iter().filter(|line| line["type"] == "progress").collect()
}

/// A token that the school itself could have signed.
fn signed(site: &Site, purpose: Purpose, person: &str, task: Option<&str>, issued: Timestamp, days: u16) -> String {
    let key = std::fs::read(site.files.path("links.key")).unwrap();
    let signer = Signer::new(LinkKey::new(key.try_into().unwrap()), "Trường Tiểu học");
    let subject = task.map_or(LinkTag::NONE, |task| signer.task("1/KH", &TaskId::new(task)));
    signer.sign(&LinkToken { purpose, issued, days, person: signer.person(person), subject })
}

#[test]
fn an_owner_reports_with_a_file_and_is_thanked_when_done() {
    let mut site = Site::start();
    // The link of the mail opens a page that knows what the button said.
    let mail = site.newest_mail(OWNER_MAIL);
    let link = mail.lines().find_map(|line| line.trim().strip_prefix("Báo tiến độ: http")).expect("a link in the mail");
    let path = site.path(&format!("http{link}"));
    let page = site.get(&format!("{path}?s=in_progress"));
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_strict(&page);
    assert!(page.text().contains("value=\"in_progress\" checked"));
    assert!(site.get(&format!("{path}?s=cancelled\"><script>")).text().matches(" checked").next().is_none());

    let fields = [
        ("form", page.form()),
        ("status", "in_progress".to_owned()),
        ("percent", "60".to_owned()),
        ("note", "Đang <b>làm</b>".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let taken = site.post(&path, &fields, &[("ảnh chụp.png", PNG)]);
    assert_eq!((taken.status, taken.body.len()), (303, 0));
    assert_strict(&taken);
    let thanks = site.get(taken.header("location").unwrap());
    assert_strict(&thanks);
    let text = thanks.text();
    for words in ["Đã ghi nhận", "60%", "Đang &lt;b&gt;làm&lt;&#x2f;b&gt;", "ảnh chụp.png", "H1-1.1-01"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let task = site.task("1.1");
    assert_eq!((&task["status"], &task["percent"]), (&json!("in_progress"), &json!(60)));
    let evidence = site.files.lines(&["evidence", "list"]);
    assert_eq!((&evidence[0]["by"], &evidence[0]["how"]), (&json!(OWNER), &json!("link")));
    assert!(site.get(&path).text().contains("Thầy/Cô đã báo đạt 60%"), "the page says what was reported");

    // Done: thanks go out at once, not a minute later.
    let form = site.get(&path).form();
    assert_eq!(site.post(&path, &[("form", &form), ("status", "done")], &[]).status, 303);
    site.service.says("\"looked\"");
    assert!(site.newest_mail(OWNER_MAIL).contains("Xin cảm ơn Thầy/Cô"));
    let review = site.files.output(&["review", "year"]);
    assert!(review.contains("1/1") && review.contains("đã hoàn thành"), "{review}");
}

#[test]
fn the_button_of_recurring_work_is_a_word_for_its_period() {
    let site = Site::start_with(|files| {
        files.append("[task.\"1.1\"]\nrecurring = \"month\"\n");
    });
    let month = common::day(0).strftime("%Y-%m").to_string();
    let mail = site.newest_mail(OWNER_MAIL);
    let link = mail.lines().find_map(|line| line.trim().strip_prefix("Báo tiến độ: http")).expect("a link in the mail");
    let path = site.path(&format!("http{link}"));
    let page = site.get(&format!("{path}?s=done&p={month}"));
    assert!(page.text().contains(&format!("value=\"{month}\" selected")), "{}", page.text());
    let taken = site.post(&path, &[("form", &page.form()), ("status", "done"), ("period", &month)], &[]);
    assert_eq!(taken.status, 303);
    let thanks = site.get(taken.header("location").unwrap()).text();
    assert!(thanks.contains("Đã ghi nhận cho tháng"), "{thanks}");
    let task = site.task("1.1");
    assert_eq!((&task["status"], &task["attested"]), (&json!("in_progress"), &json!([month])));
}

#[test]
fn to_open_a_link_changes_nothing() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    for path in
        [path.clone(), format!("{path}?s=done"), format!("{path}?status=done&percent=100"), format!("{path}/time")]
    {
        for method in ["GET", "HEAD"] {
            let answer = site.ask(method, &path, "", b"");
            assert!(answer.status < 400, "{method} {path}: {}", answer.status);
            assert_strict(&answer);
            assert_eq!(answer.body.is_empty(), method == "HEAD" || answer.status == 303);
        }
    }
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let answer = site.ask(method, &path, "", b"");
        assert_eq!(answer.status, 405, "{method}");
        assert_strict(&answer);
    }
    assert!(reports(&site).is_empty());
}

#[test]
fn links_that_do_not_hold_all_get_the_same_page() {
    let site = Site::start();
    let now = now();
    let path = site.link(OWNER, "answer");
    let token = path.strip_prefix("/a/").unwrap();
    assert_eq!(site.get(&path).status, 200);
    let gone = site.get("/a/nothing");
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("xin hỏi Quản trị"), "{}", gone.text());

    let answer = |person: &str, task: &str| signed(&site, Purpose::Answer, person, Some(task), now, 60);
    let days_ago = |days: i64| now.checked_sub((days * 24).hours()).unwrap();
    let altered = |place: usize| {
        let mut letters = token.as_bytes().to_vec();
        letters[place] = if letters[place] == b'a' { b'b' } else { b'a' };
        String::from_utf8(letters).unwrap()
    };
    let foreign = Signer::new(LinkKey::new([7; 32]), "Trường Tiểu học");
    let foreign = LinkToken {
        purpose: Purpose::Answer,
        issued: now,
        days: 60,
        person: foreign.person(OWNER),
        subject: foreign.task("1/KH", &TaskId::new("1.1")),
    };
    let foreign = Signer::new(LinkKey::new([7; 32]), "Trường Tiểu học").sign(&foreign);
    let cases = [
        ("altered at the beginning", format!("/a/{}", altered(1))),
        ("altered at the end", format!("/a/{}", altered(63))),
        ("truncated", format!("/a/{}", &token[..40])),
        ("longer", format!("{path}a")),
        ("in capitals", format!("/a/{}", token.to_uppercase())),
        ("expired", format!("/a/{}", signed(&site, Purpose::Answer, OWNER, Some("1.1"), days_ago(3), 2))),
        ("of another key", format!("/a/{foreign}")),
        ("of nobody", format!("/a/{}", answer("Ai đó", "1.1"))),
        ("about nothing", format!("/a/{}", answer(OWNER, "9.9"))),
        ("of somebody whom the task does not concern", format!("/a/{}", answer("Tổ trưởng", "1.1"))),
        ("for another page", format!("/s/{token}")),
        ("for a calendar", format!("/calendar/{token}.ics")),
        ("for a decision", format!("/d/{token}")),
        ("for an overview", format!("/m/{token}")),
        ("the whole plan for an owner", format!("/s/{}", signed(&site, Purpose::Status, OWNER, None, now, 60))),
        ("no page", "/admin".to_owned()),
    ];
    for (name, path) in &cases {
        let answer = site.get(path);
        assert_eq!((answer.status, &answer.body), (gone.status, &gone.body), "{name}");
        assert_strict(&answer);
    }
    assert_eq!(site.get(&format!("/a/{}", answer(OWNER, "1.1"))).status, 200, "signed by the key itself it holds");
    assert_eq!(site.get(&format!("/a/{}", answer(PRINCIPAL, "1.1"))).status, 200, "a superior may look");
    let old = signed(&site, Purpose::Answer, OWNER, Some("1.1"), days_ago(59), 60);
    assert_eq!(site.get(&format!("/a/{old}")).status, 200, "until its last day");
    assert!(reports(&site).is_empty());
}

#[test]
fn links_are_revoked_for_one_or_for_all() {
    let site = Site::start();
    let (owner, other) = (site.link(OWNER, "answer"), site.link(SUPERVISOR, "status"));
    let both = |site: &Site| (site.get(&owner).status, site.get(&other).status);
    assert_eq!(both(&site), (200, 200));
    let said = site.files.output(&["link", "revoke", "--person", OWNER]);
    assert!(said.contains(OWNER), "{said}");
    assert_eq!(both(&site), (404, 200));
    assert_eq!(site.post(&owner, &[("form", ""), ("status", "done")], &[]).status, 404);
    let newer = site.link(OWNER, "answer");
    assert_eq!(site.get(&newer).status, 200);
    site.files.output(&["link", "revoke", "--all"]);
    assert_eq!(both(&site), (404, 404));
    assert_eq!(site.get(&newer).status, 404);
    assert_eq!(site.get(&site.link(OWNER, "answer")).status, 200);
    site.files.program(&["link", "revoke"]).assert().code(2);
    let error = site.files.program(&["link", "revoke", "--person", "Phó hiệu truong"]).assert().code(1);
    assert!(String::from_utf8_lossy(&error.get_output().stderr).contains("did you mean 'Phó Hiệu trưởng'?"));
    assert!(reports(&site).is_empty());
}

#[test]
fn a_form_that_is_sent_twice_counts_once() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    let fields = [("form", form.as_str()), ("status", "blocked"), ("note", "Thiếu kinh phí")];
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| site.post(&path, &fields, &[("a.png", PNG)]))).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    for answer in answers {
        assert_eq!((answer.status, answer.header("location")), (303, Some(format!("{path}/{form}").as_str())));
    }
    assert_eq!(reports(&site).len(), 1);
    assert_eq!(site.files.lines(&["evidence", "list"]).len(), 1);
    // Nobody else sees what was told there.
    let other = signed(&site, Purpose::Answer, PRINCIPAL, Some("1.1"), now(), 60);
    let elsewhere = site.get(&format!("/a/{other}/{form}"));
    assert_eq!((elsewhere.status, elsewhere.header("location")), (303, Some(format!("/a/{other}").as_str())));
    // A page of its own is another report.
    let form = site.get(&path).form();
    assert_eq!(site.post(&path, &[("form", &form), ("status", "in_progress")], &[]).status, 303);
    assert_eq!(reports(&site).len(), 2);
}

#[test]
fn mistakes_come_back_in_the_form_with_what_was_typed() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    let typed = [
        ("form", form.as_str()),
        ("status", "finished"),
        ("percent", "120"),
        ("note", "a \"b\" <c>"),
        ("link", "javascript:alert(1)"),
    ];
    let page = site.post(&path, &typed, &[]);
    assert_eq!(page.status, 422);
    assert_strict(&page);
    let text = page.text();
    for words in [
        "Xin chọn một trong ba tình trạng.",
        "Xin ghi một số từ 0 đến 100.",
        "Đây không phải địa chỉ trang web",
        "value=\"120\"",
        "a &quot;b&quot; &lt;c&gt;",
        "value=\"javascript:alert(1)\"",
        "aria-describedby=\"hint-percent mistake-percent\" aria-invalid=\"true\"",
        "id=\"mistake-link\"",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert_eq!(page.form(), form, "it is still the same form");
    let blocked = site.post(&path, &[("form", &form), ("status", "blocked")], &[]).text();
    assert!(blocked.contains("Xin cho biết vướng mắc gì"), "{blocked}");
    let long = site.post(&path, &[("form", &form), ("status", "done"), ("note", &"ă".repeat(2001))], &[]).text();
    assert!(long.contains("dài quá"), "{long}");
    for (due, why, words) in [
        ("", "", "Xin chọn ngày."),
        ("2020-01-01", "x", "Ngày này đã qua"),
        ("9999-01-01", "x", "quá xa"),
        ("mai", "x", "Ngày không đúng"),
        ("2030-01-01", "", "Xin cho biết lý do."),
    ] {
        let page = site.post(&format!("{path}/time"), &[("form", &form), ("due", due), ("why", why)], &[]);
        assert!(page.status == 422 && page.text().contains(words), "{due}: {}", page.text());
        assert!(page.text().contains("<details id=\"time\" open>"));
    }
    assert!(reports(&site).is_empty());
}

#[test]
fn uploads_are_taken_by_what_they_hold_and_within_bounds() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let post = |files: &[(&str, &[u8])]| {
        let form = site.get(&path).form();
        site.post(&path, &[("form", &form), ("status", "in_progress")], files)
    };
    let large = [PNG, &vec![0; (1 << 20) + 1]].concat();
    let html = b"<!DOCTYPE html><script>alert(1)</script>".as_slice();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice();
    let script = b"#!/bin/sh\nrm -rf /\n".as_slice();
    for (file, words) in [
        (("large.png", large.as_slice()), "large.png: tệp quá lớn."),
        (("ảnh.png", html), "ảnh.png: không nhận loại tệp này"),
        (("hình.svg", svg), "hình.svg: không nhận loại tệp này"),
        (("note.txt", html), "note.txt: không nhận loại tệp này"),
        (("run.sh", script), "run.sh: không nhận loại tệp này"),
        (("run.pdf", b"MZ\x90\0\x03\0\0\0".as_slice()), "run.pdf: không nhận loại tệp này"),
        (("none.pdf", b"".as_slice()), "none.pdf: tệp trống."),
    ] {
        let page = post(&[("kept.png", PNG), file]);
        assert_eq!(page.status, 422, "{words}");
        assert!(page.text().contains(words), "{words} is not in\n{}", page.text());
        assert!(page.text().contains("Xin chọn lại tệp."));
    }
    let many = post(&[("1.png", PNG), ("2.png", PNG), ("3.png", PNG), ("4.png", PNG)]);
    assert!(many.status == 422 && many.text().contains("Quá nhiều tệp"), "{}", many.text());
    assert!(reports(&site).is_empty());

    // Names are names and nothing else; an ending says what a file is.
    for (name, kept) in [
        ("../../../etc/passwd.png", "passwd.png"),
        ("C:\\Windows\\system32\\a.png", "a.png"),
        ("bản tin.pdf", "bản tin.png"),
        (".htaccess", ""),
        ("a%0d%0aX-Evil: 1.png", "a%0d%0aX-Evil- 1.png"),
    ] {
        let before = site.files.lines(&["evidence", "list"]).len();
        // Each holds something else, so that each is a piece of its own.
        let bytes = [PNG, name.as_bytes()].concat();
        assert_eq!(post(&[(name, &bytes)]).status, 303, "{name}");
        let list = site.files.lines(&["evidence", "list"]);
        assert_eq!(list.len(), before + 1);
        let piece = list.last().unwrap();
        assert_eq!(piece["media_type"], "image/png");
        let stored = piece["name"].as_str().unwrap();
        assert!(kept.is_empty() || stored == kept, "{name} is kept as {stored}");
        assert!(!stored.contains(['/', '\\', '\r', '\n']) && !stored.starts_with('.'), "{stored}");
        let hash = piece["sha256"].as_str().unwrap();
        let file = site.files.path("evidence").join(&hash[..2]).join(hash);
        assert_eq!(std::fs::read(file).unwrap(), bytes);
    }
    // Nothing was written anywhere else.
    let mut names: Vec<String> = std::fs::read_dir(site.files.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("store."))
        .collect();
    names.sort();
    assert_eq!(names, ["evidence", "holidays.toml", "links.key", "nhacviec.toml", "outbox", "plan.toml"]);
}

#[test]
fn names_of_files_are_clean_wherever_they_are_told() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let status = site.link(SUPERVISOR, "status");
    // Signs that turn the reading direction, cannot be seen, break lines, or steer a terminal.
    for (number, (name, kept)) in [
        ("gnp.\u{202e}gnp.png", "gnp.gnp.png"),
        ("\u{2066}ảnh\u{2069}\u{200f} lớp.png", "ảnh lớp.png"),
        ("a\u{200b}\u{feff}\u{2060}b.png", "ab.png"),
        ("a\u{85}b\u{2028}c\u{2029}d.png", "abcd.png"),
        ("\u{9b}31mđỏ.png", "31mđỏ.png"),
    ]
    .into_iter()
    .enumerate()
    {
        let bytes = [PNG, name.as_bytes()].concat();
        let form = site.get(&path).form();
        let taken = site.post(&path, &[("form", &form), ("status", "in_progress")], &[(name, &bytes)]);
        assert_eq!(taken.status, 303, "{name:?}");
        assert!(site.get(taken.header("location").unwrap()).text().contains(kept), "{name:?}");
        let pieces = site.files.lines(&["evidence", "list"]);
        let piece = pieces.last().unwrap();
        assert_eq!((pieces.len(), piece["name"].as_str()), (number + 1, Some(kept)));
        let file = site.get(&format!("{status}/{}", piece["code"].as_str().unwrap()));
        let disposition = file.header("content-disposition").unwrap();
        assert!(file.body == bytes && disposition.starts_with("attachment; filename=\"h1-1.1-0"), "{disposition}");
        assert!(disposition.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{disposition}");
        let encoded = disposition.rsplit("''").next().unwrap();
        for sign in ["%E2%80", "%E2%81", "%EF%BB", "%C2%8", "%C2%9", "%0"] {
            assert!(!encoded.contains(sign), "{encoded}");
        }
    }
    let folder = site.files.path("export");
    site.files.output(&["evidence", "export", folder.to_str().unwrap()]);
    let mut folders = vec![folder];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            names.push(entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    assert_eq!(names.iter().filter(|name| name.contains("png")).count(), 5, "{names:?}");
    let is_plain = |letter: char| letter.is_alphanumeric() || " .-_".contains(letter);
    assert!(names.iter().all(|name| name.chars().all(is_plain)), "{names:?}");
}

#[test]
fn a_form_of_very_many_parts_is_answered_and_counts_for_one() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    let files = vec![("a.png", PNG); 10_000];
    let page = site.post(&path, &[("form", &form), ("status", "done")], &files);
    assert_eq!(page.status, 422);
    assert!(page.text().contains("Quá nhiều tệp"), "{}", page.text());
    assert!(reports(&site).is_empty());
    let mut fields = vec![("note", "đầu"); 30_000];
    fields.extend([("note", "cuối"), ("form", form.as_str()), ("status", "in_progress")]);
    assert_eq!(site.post(&path, &fields, &[]).status, 303);
    let reports = reports(&site);
    assert_eq!((reports.len(), &reports[0]["note"]), (1, &json!("cuối")));
    let form = site.get(&path).form();
    fields.extend([("form", form.as_str())]);
    fields.extend(vec![("note", "nữa"); 100_000]);
    let page = site.post(&path, &fields, &[]);
    assert!(page.status == 422 && page.text().contains("quá lớn"), "{}", page.text());
}

/// Begins to send a report, and returns when the server has begun to read it. `length` is the header that announces how
/// long the report is.
fn begin_to_send(site: &Site, path: &str, length: &str, beginning: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(beginning.as_bytes()).unwrap();
    stream
}

#[test]
fn whoever_sends_slowly_keeps_nobody_else_waiting() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let other = signed(&site, Purpose::Answer, PRINCIPAL, Some("1.1"), now(), 60);
    let field = "--x\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nin_progress\r\n";
    let chunk = format!("{:x}\r\n{field}\r\n", field.len());
    for (length, beginning) in [("Transfer-Encoding: chunked", chunk.as_str()), ("Content-Length: 1000000000", field)] {
        let mut slow = begin_to_send(&site, &path, length, beginning);
        let before = reports(&site).len();
        let taken = site.post(&format!("/a/{other}"), &[("status", "in_progress")], &[("a.png", PNG)]);
        assert_eq!((taken.status, reports(&site).len()), (303, before + 1), "{length}");
        slow.set_nonblocking(true).unwrap();
        let nothing = slow.read(&mut [0; 1]).expect_err("the slow one is still listened to");
        assert_eq!(nothing.kind(), ErrorKind::WouldBlock, "{length}");
        slow.set_nonblocking(false).unwrap();
        if length.ends_with("chunked") {
            slow.write_all(b"7\r\n--x--\r\n\r\n0\r\n\r\n").unwrap();
            let mut answer = String::new();
            slow.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        }
    }
    assert_eq!(reports(&site).len(), 3);
}

#[test]
fn what_is_too_large_or_no_form_is_refused_and_told() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    let fields = [("form", form.as_str()), ("status", "done"), ("note", "giữ lại")];
    let huge = vec![0; 6 << 20];
    let page = site.post(&path, &fields, &[("a.png", &huge)]);
    assert_eq!(page.status, 422);
    assert!(page.text().contains("quá lớn") && page.text().contains("giữ lại"), "{}", page.text());
    for (kind, body) in [
        ("text/plain", b"status=done".as_slice()),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"status=done"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\ny\r\n--x--\r\n",
        ),
        ("application/x-www-form-urlencoded", b"status=done&colour=red"),
        ("application/json", b"{\"status\":\"done\"}"),
    ] {
        let page = site.ask("POST", &path, &format!("Content-Type: {kind}\r\n"), body);
        assert_eq!(page.status, 422, "{kind}");
        assert!(page.text().contains("Không đọc được"), "{kind}: {}", page.text());
    }
    let (kind, body) = multipart(&fields, &[]);
    let cut = site.ask("POST", &path, &format!("Content-Type: {kind}\r\n"), &body[..body.len() - 9]);
    assert_eq!(cut.status, 422);
    // Another site's page cannot post here, even if it has the link.
    let foreign = site.ask("POST", &path, &format!("Content-Type: {kind}\r\nSec-Fetch-Site: cross-site\r\n"), &body);
    assert_eq!(foreign.status, 404);
    assert!(reports(&site).is_empty());
    let plain = site.ask(
        "POST",
        &path,
        "Content-Type: application/x-www-form-urlencoded\r\n",
        format!("form={form}&status=in_progress&percent=5").as_bytes(),
    );
    assert_eq!(plain.status, 303);
}

#[test]
fn nothing_that_is_sent_gets_into_a_header() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let evil = "x\r\nSet-Cookie: a=b";
    let taken = site.post(&path, &[("form", evil), ("status", "in_progress"), ("note", evil)], &[]);
    assert_eq!(taken.status, 303);
    assert!(!taken.head.contains("cookie"), "{}", taken.head);
    assert!(taken.header("location").unwrap().starts_with(&format!("{path}/")));
    assert_eq!(reports(&site)[0]["note"], "x Set-Cookie: a=b");
    for path in [
        "/a/%0d%0aSet-Cookie:%20a=b",
        "/%0d%0aSet-Cookie:a=b",
        "//evil.example/a",
        "/s/..%2f..%2fetc%2fpasswd",
        "/a/%ff",
    ] {
        let answer = site.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.head.contains("cookie") && answer.header("location").is_none(), "{path}: {}", answer.head);
        assert_strict(&answer);
    }
    let split = site.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(split.status == 200 && !split.text().contains("evil.example"));
}

#[test]
fn a_flood_is_held_back() {
    let site = Site::start();
    let path = site.link(OWNER, "answer");
    let held = (0..80).map(|_| site.get(&path)).find(|answer| answer.status == 429).expect("too many for one link");
    let seconds: u64 = held.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&seconds), "{seconds}");
    assert_strict(&held);
    assert!(held.text().contains("Xin chờ một lát"));
    assert_eq!(site.get("/").status, 200, "others are served");
    // Guessing is dearer.
    let guesses = (0..40).take_while(|guess| site.get(&format!("/a/{guess}")).status == 404).count();
    assert!(guesses < 30, "{guesses}");
    assert_eq!(site.get("/").status, 429);
}

#[test]
fn whatever_is_refused_is_refused_in_the_schools_language() {
    let site = Site::start();
    let (status, answer) = (site.link("Tổ giám sát", "status"), site.link(OWNER, "answer"));
    let cases = [
        ("GET", "/nowhere".to_owned(), 404, "Đường dẫn này không dùng được"),
        ("GET", "/a/%ff".to_owned(), 400, "Đường dẫn này không dùng được"),
        ("GET", "/s/%c3%28/x".to_owned(), 400, "Đường dẫn này không dùng được"),
        ("POST", status, 405, "Yêu cầu này không thực hiện được"),
        ("DELETE", answer, 405, "Yêu cầu này không thực hiện được"),
    ];
    for (method, path, code, words) in cases {
        let refused = site.ask(method, &path, "", b"");
        assert_eq!(
            (refused.status, refused.header("content-type")),
            (code, Some("text/html; charset=utf-8")),
            "{path}"
        );
        assert!(refused.text().contains(words), "{path}: {}", refused.text());
        assert_strict(&refused);
    }
}

/// Asks for what is no page, until the address is refused; time fills its bucket again all the while.
fn is_refused(site: &Site, mut path: impl FnMut(u8) -> String) -> bool {
    (0..60).map(|guess| site.get(&path(guess)).status).find(|status| *status != 404) == Some(429)
}

#[test]
fn a_link_that_holds_is_never_refused_because_of_others_behind_its_proxy() {
    let site = Site::start();
    let links = ["answer", "overview", "calendar"].map(|page| site.link(OWNER, page));
    let guess = |guess| format!("/a/{guess}");
    assert!(is_refused(&site, guess) && is_refused(&site, |_| "/".to_owned()));
    for link in &links {
        assert!(is_refused(&site, guess));
        assert_eq!(site.get(link).status, 200, "{link}");
    }
    let path = &links[0];
    let form = site.get(path).form();
    assert!(is_refused(&site, guess));
    assert_eq!(site.post(path, &[("form", &form), ("status", "done")], &[]).status, 303);
    // One that was altered is a guess like any other.
    let mut altered = path.clone();
    let last = if altered.pop() == Some('a') { 'b' } else { 'a' };
    altered.push(last);
    assert!(is_refused(&site, |_| altered.clone()));
}

#[test]
fn behind_a_proxy_each_client_has_its_own_limit() {
    let site = Site::start_with(|files| {
        files.add("web.client_address", "\"X-Forwarded-For\"");
    });
    let ask = |client: &str| site.ask("GET", "/nowhere", &format!("X-Forwarded-For: {client}\r\n"), b"").status;
    // What the client writes itself stands before what the proxy adds.
    assert!((0..40).map(|number| ask(&format!("198.51.100.{number}, 192.0.2.1"))).any(|status| status == 429));
    assert_eq!(ask("192.0.2.2"), 404);
    let direct = Site::start();
    let ask = |number: u8| direct.ask("GET", "/nowhere", &format!("X-Forwarded-For: 192.0.2.{number}\r\n"), b"").status;
    assert!((0..40).map(ask).any(|status| status == 429), "unasked for, the header means nothing");
}

#[test]
fn an_owner_asks_for_time_and_the_principal_decides_once() {
    let mut site = Site::start();
    let path = site.link(OWNER, "answer");
    let due = site.task("1.1")["due"].as_str().unwrap().to_owned();
    let new = due.parse::<jiff::civil::Date>().unwrap().checked_add(14.days()).unwrap().to_string();
    let form = site.get(&path).form();
    let fields = [("form", form.as_str()), ("due", &new), ("why", "Chờ kinh phí")];
    for _ in 0..2 {
        let taken = site.post(&format!("{path}/time"), &fields, &[]);
        assert_eq!((taken.status, taken.header("location")), (303, Some(format!("{path}/{form}t").as_str())));
    }
    let told = site.get(&format!("{path}/{form}t")).text();
    assert!(told.contains("Đã gửi đề nghị") && told.contains("Chờ kinh phí"), "{told}");
    assert!(site.get(&path).text().contains("Đề nghị lùi"));

    site.service.says("\"looked\"");
    let mail = site.newest_mail("hieu-truong@school.example");
    let link = mail.lines().find_map(|line| line.split_once("http").map(|(_, rest)| format!("http{rest}"))).unwrap();
    let decide = site.path(&link);
    assert!(decide.starts_with("/d/"), "{decide}");
    let page = site.get(&decide).text();
    assert!(page.contains("Chờ kinh phí") && page.contains("Đồng ý lùi đến"), "{page}");
    assert_eq!(site.task("1.1")["due"], due.as_str(), "looking decides nothing");
    assert_eq!(site.post(&decide, &[("note", "x")], &[]).status, 422);
    let taken = site.post(&decide, &[("decision", "accept"), ("note", "Nhất trí")], &[]);
    assert_eq!((taken.status, taken.header("location")), (303, Some(decide.as_str())));
    assert_eq!(site.task("1.1")["due"], new.as_str());
    let again = site.post(&decide, &[("decision", "refuse"), ("note", "Thôi")], &[]);
    assert_eq!(again.status, 409);
    assert!(again.text().contains("đã được quyết định trước đó") && again.text().contains("Nhất trí"));
    assert_eq!(site.task("1.1")["due"], new.as_str());
    // The daemon takes it up, tells the owner, and the page shows both dates.
    site.service.says("\"looked\"");
    assert!(site.newest_mail(OWNER_MAIL).contains("đồng ý lùi"), "{}", site.newest_mail(OWNER_MAIL));
    assert!(site.get(&path).text().contains("Đã lùi hạn"));
}

#[test]
fn supervisors_see_the_plan_at_a_glance_and_its_evidence() {
    let site = Site::start_with(|files| {
        let plan = files.read("plan.toml");
        let more = common::task("2.1", "Tổ trưởng", "time = \"khi có kinh phí\"")
            + &common::task("2.2", PRINCIPAL, &format!("due = {}", common::day(-2)));
        files.write("plan.toml", &(plan + &more));
    });
    let owner = site.link(OWNER, "answer");
    let form = site.get(&owner).form();
    let evil = "biên bản\"; x=\".png";
    let picture = [PNG, &vec![0; 300_000]].concat();
    let taken = site.post(
        &owner,
        &[("form", &form), ("status", "done"), ("link", "https://school.example/a?b=1")],
        &[(evil, &picture)],
    );
    assert_eq!(taken.status, 303);
    let path = site.link(SUPERVISOR, "status");
    let page = site.get(&path);
    assert_strict(&page);
    let text = page.text();
    for words in
        ["1/3", "Quá hạn", "Việc 1.1", "Việc 2.1", "Việc 2.2", "https:&#x2f;&#x2f;school.example", "khi có kinh phí"]
    {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let shown = |query: &str| -> Vec<&str> {
        let text = site.get(&format!("{path}?{query}")).text();
        // Above it stand the timeline and the filter, which name all tasks.
        let (_, list) = text.split_once("Bỏ lọc").expect("the page is filtered");
        ["1.1", "2.1", "2.2"].into_iter().filter(|task| list.contains(&format!("Việc {task}"))).collect()
    };
    assert_eq!(shown("state=done"), ["1.1"]);
    assert_eq!(shown("state=overdue"), ["2.2"]);
    assert_eq!(shown("standard=2"), ["2.1", "2.2"]);
    assert_eq!(shown("lead=T%E1%BB%95%20tr%C6%B0%E1%BB%9Fng"), ["2.1"]);
    assert_eq!(shown("due=none"), ["2.1"]);
    assert_eq!(shown("due=past&state=overdue&standard=&lead="), ["2.2"]);
    assert_eq!(shown("due=7"), Vec::<&str>::new());
    assert_eq!(shown("state=%3Cscript%3E"), Vec::<&str>::new());
    assert!(!site.get(&format!("{path}?lead=%3Cscript%3E")).text().contains("<script>"));

    let file = site.get(&format!("{path}/H1-1.1-01"));
    assert_eq!((file.status, file.header("content-type")), (200, Some("image/png")));
    assert_eq!(file.header("content-length"), Some(picture.len().to_string().as_str()));
    assert!(file.body == picture, "{} bytes", file.body.len());
    assert_strict(&file);
    let disposition = file.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"h1-1.1-01 bien ban"), "{disposition}");
    assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
    for path in [
        format!("{path}/H1-1.1-02"),
        format!("{path}/H1-9.9-01"),
        format!("{path}/..%2f..%2flinks.key"),
        format!("{}/H1-1.1-01", owner.replace("/a/", "/s/")),
    ] {
        assert_eq!(site.get(&path).status, 404, "{path}");
    }
}

#[test]
fn a_phone_subscribes_to_ones_own_dates() {
    let site = Site::start();
    let path = site.link(OWNER, "calendar");
    let feed = site.get(&path);
    assert_eq!((feed.status, feed.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
    assert_strict(&feed);
    let text = feed.text();
    let due = site.task("1.1")["due"].as_str().unwrap().replace('-', "");
    for line in
        ["BEGIN:VCALENDAR", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "SEQUENCE:0", "BEGIN:VALARM", "Trường Tiểu học"]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(text.contains(&format!("DTSTART;VALUE=DATE:{due}")) && !text.contains("✓"), "{text}");
    let tag = feed.header("etag").unwrap();
    let known = site.ask("GET", &path, &format!("If-None-Match: {tag}\r\n"), b"");
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(site.get(&path).text(), text, "twice the same");
    site.files.output(&["done", "1.1"]);
    let later = site.ask("GET", &path, &format!("If-None-Match: {tag}\r\n"), b"");
    assert_eq!(later.status, 200);
    assert!(later.text().contains("SUMMARY:✓") && !later.text().contains("VALARM"), "{}", later.text());
    assert_eq!(site.get(path.strip_suffix(".ics").unwrap()).status, 404);
}

#[test]
fn a_calendar_shows_ones_own_tasks_and_opens_nothing_else() {
    let site = Site::start_with(|files| {
        let plan = files.read("plan.toml");
        files.write("plan.toml", &(plan + &common::task("2.1", "Tổ trưởng", &format!("due = {}", day(150)))));
    });
    let now = now();
    let feed = |person: &str| format!("/calendar/{}.ics", signed(&site, Purpose::Calendar, person, None, now, 60));
    for (person, own, foreign) in [(OWNER, "Việc 1.1", "Việc 2.1"), ("Tổ trưởng", "Việc 2.1", "Việc 1.1")]
    {
        let answer = site.get(&feed(person));
        let text = answer.text().replace("\r\n ", "");
        assert!(answer.status == 200 && text.contains(own) && !text.contains(foreign), "{person}: {text}");
    }
    let own = site.link(OWNER, "calendar");
    let token = own.strip_prefix("/calendar/").and_then(|file| file.strip_suffix(".ics")).unwrap();
    // The letters after those that say what it is for and until when stand for the person.
    let other = feed("Tổ trưởng");
    let other = other.strip_prefix("/calendar/").unwrap();
    let mixed = format!("{}{}{}", &token[..13], &other[13..26], &token[26..]);
    let about_task = signed(&site, Purpose::Calendar, OWNER, Some("1.1"), now, 60);
    let answer = signed(&site, Purpose::Answer, OWNER, Some("1.1"), now, 60);
    assert_eq!(site.get(&format!("/a/{answer}")).status, 200);
    for (name, path) in [
        ("another person put in", format!("/calendar/{mixed}.ics")),
        ("altered", format!("/calendar/{}.ics", token.replace(&token[20..22], "zz"))),
        ("cut", format!("/calendar/{}.ics", &token[1..])),
        ("of nobody", feed("Ai đó")),
        ("an answer as a calendar", format!("/calendar/{answer}.ics")),
        ("a calendar as an answer", format!("/a/{token}")),
        ("a calendar about a task as an answer", format!("/a/{about_task}")),
        ("a calendar as an overview", format!("/m/{token}")),
        ("a calendar as the whole plan", format!("/s/{}", signed(&site, Purpose::Calendar, SUPERVISOR, None, now, 60))),
    ] {
        assert_eq!(site.get(&path).status, 404, "{name}");
    }
    let report = site.post(&format!("/a/{about_task}"), &[("status", "done")], &[]);
    assert_eq!((report.status, reports(&site).len()), (404, 0));
    site.files.output(&["link", "revoke", "--person", OWNER]);
    assert_eq!(site.get(&own).status, 404);
}

#[test]
fn a_reload_replaces_what_the_pages_show() {
    let mut site = Site::start();
    let path = site.link(OWNER, "overview");
    assert!(!site.get(&path).text().contains("Việc 3.1"));
    let plan = site.files.read("plan.toml");
    let time = format!("start = {}\ndue = {}", day(0), day(60));
    site.files.write("plan.toml", &(plan + &common::task("3.1", OWNER, &time)));
    site.service.signal("HUP");
    // What was read is in force, and shown, once the run after it has told of the new task.
    site.service.says("reloaded the configuration");
    site.service.says("\"looked\"");
    let text = site.get(&path).text();
    assert!(text.contains("Việc 3.1"), "{text}");
    // Each task has a link of its own, which holds.
    let links: Vec<&str> = text.split("href=\"").skip(2).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links.len(), 2, "{text}");
    for link in links {
        assert_eq!(site.get(&link.replace("&#x2f;", "/")).status, 200, "{link}");
    }
    // Another address is moved to.
    let port = free_port();
    let old = site.port;
    site.files.set("web.listen", &format!("\"127.0.0.1:{port}\""));
    site.service.signal("HUP");
    site.service.says("serving the pages");
    site.port = port;
    assert_eq!(site.get(&path).status, 200);
    assert!(TcpStream::connect(("127.0.0.1", old)).is_err());
    // Another address of the same port is one too.
    site.files.set("web.listen", &format!("\"0.0.0.0:{port}\""));
    site.service.signal("HUP");
    let log =
        site.service.lines_until("reloaded the configuration").concat() + &site.service.lines_until("pages").concat();
    assert!(log.contains("serving the pages") && !log.contains("not served"), "{log}");
    assert_eq!(site.get(&path).status, 200);
}

#[test]
fn a_form_that_is_under_way_when_the_service_stops_is_taken() {
    let mut site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    let body = format!("form={form}&status=done");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // The form is being read when this comes.
    let mut answer = [0; 64];
    let length = stream.read(&mut answer).unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 100"), "{:?}", String::from_utf8_lossy(&answer[..length]));
    site.service.signal("TERM");
    site.service.says("stopping");
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(site.service.process.wait().unwrap().success());
    assert_eq!(site.task("1.1")["status"], "done");
}

#[test]
fn a_rehearsal_makes_no_key_and_the_same_bytes_twice() {
    let files = school(free_port());
    let rehearse = |folder: &str| {
        files.output(&["rehearse", "--format", "json", "--out", files.path(folder).to_str().unwrap()]);
        let mut mails: Vec<_> =
            std::fs::read_dir(files.path(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        mails.sort();
        mails.iter().map(|mail| std::fs::read(mail).unwrap()).collect::<Vec<_>>()
    };
    let once = rehearse("one");
    assert_eq!(once, rehearse("two"));
    assert!(once.iter().any(|mail| String::from_utf8_lossy(mail).contains("/a/c")), "there are links in it");
    assert!(!files.path("links.key").exists());
    let error = files.program(&["link", "show", OWNER]).assert().code(1);
    assert!(String::from_utf8_lossy(&error.get_output().stderr).contains("no key of links yet"));

    // With the service's own key the links open.
    let mut service = Service::start(&files);
    service.says("\"looked\"");
    assert_ne!(once, rehearse("three"));
}

#[test]
fn the_log_names_no_link() {
    let mut site = Site::start();
    let path = site.link(OWNER, "answer");
    let form = site.get(&path).form();
    site.post(&path, &[("form", &form), ("status", "done"), ("note", "riêng tư")], &[]);
    site.service.signal("TERM");
    let log = site.service.rest();
    assert!(log.contains("a report came by link"), "{log}");
    assert!(!log.contains("riêng tư") && !log.contains(path.strip_prefix("/a/").unwrap()), "{log}");
}

#[test]
fn mistakes_in_the_settings_are_told() {
    let codes = |web: &str| -> Vec<String> {
        let files = Files::of(&[common::task("1.1", OWNER, "due = 2023-11-30")]);
        files.append(&format!("[web]\n{web}")).codes()
    };
    let listen = "listen = \"127.0.0.1:8080\"\n";
    let url = "public_url = \"https://nhacviec.school.example/\"\n";
    assert_eq!(codes(&format!("{listen}{url}")), Vec::<String>::new());
    assert_eq!(
        codes(&format!("{listen}{url}link_days = 30\nfiles = 1\nfile_mib = 20\nclient_address = \"x-real-ip\"\n")),
        Vec::<String>::new()
    );
    assert_eq!(codes(&format!("listen = \"[::1]:8080\"\n{url}")), Vec::<String>::new());
    for open in ["0.0.0.0:8080", "192.0.2.7:8080", "[::]:8080"] {
        assert_eq!(codes(&format!("listen = \"{open}\"\n{url}")), ["not-loopback"], "{open}");
    }
    assert_eq!(codes(""), ["missing-key", "missing-key"]);
    assert_eq!(codes(&format!("listen = \"8080\"\n{url}")), ["bad-address"]);
    for bad in [
        "http://nhacviec.school.example",
        "ftp://school.example",
        "https://a:b@school.example",
        "https://school.example/?a=b",
        "https://school.example//other.example",
    ] {
        assert_eq!(codes(&format!("{listen}public_url = \"{bad}\"\n")), ["bad-url"], "{bad}");
    }
    assert_eq!(codes(&format!("{listen}{url}link_days = 0\n")), ["bad-number"]);
    assert_eq!(codes(&format!("{listen}{url}client_address = \"x forwarded\"\n")), ["bad-header"]);
    assert_eq!(codes(&format!("{listen}{url}publicurl = \"x\"\n")), ["unknown-key"]);
}
