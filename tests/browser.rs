//! The pages in a real Chromium: the way of an answer at the width of a phone and of a desk, by keyboard alone, with no
//! error in the console, readable for everybody, and with HTML that is right. `.ci/browser` runs these tests; with
//! SCREENSHOTS=DIR they leave pictures of every page there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::web::{PNG, Site};
use common::{Files, day, free_port, task_named};
use nhacviec::link::Purpose;
use serde_json::{Value, json};

/// A narrow telephone, and a small screen.
const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1000, 800);

/// How long the next page may take on a busy machine: a bound on hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// What stands at the end of every element's address in `WebDriver`.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser and its driver; ended with the test.
struct Browser {
    driver: Child,
    address: String,
    client: reqwest::Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let mut driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, see .ci/browser");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(driver.stdout.take().unwrap()));
        lines.find(|line| line.as_ref().unwrap().contains("started successfully")).expect("a driver").unwrap();
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=vi",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let mut browser = Self {
            driver,
            address: format!("http://127.0.0.1:{port}/session"),
            client: reqwest::Client::new(),
            _profile: profile,
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let session = browser.post("", wanted).await;
        let id = session["sessionId"].as_str().unwrap();
        browser.address = format!("{}/{id}", browser.address);
        browser
    }

    async fn post(&self, command: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}{command}", self.address)).body(body.to_string());
        let answer = request.header("content-type", "application/json").send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer["value"]["error"].is_null(), "{command}: {}", answer["value"]);
        answer["value"].clone()
    }

    async fn get(&self, command: &str) -> Value {
        let answer = self.client.get(format!("{}{command}", self.address)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()["value"].clone()
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    async fn size(&self, (width, height): (u32, u32)) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn open(&self, address: &str) {
        self.post("/url", json!({ "url": address })).await;
    }

    async fn address(&self) -> String {
        self.get("/url").await.as_str().unwrap().to_owned()
    }

    async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": [] })).await
    }

    async fn text(&self) -> String {
        self.run("return document.body.innerText").await.as_str().unwrap().to_owned()
    }

    async fn find(&self, selector: &str) -> String {
        let found = self.post("/element", json!({ "using": "css selector", "value": selector })).await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Does what leads to another page, and waits until that is there: a driver may answer while the old one still stands.
    async fn leave(&self, act: impl Future<Output = ()>) {
        self.run("window.isLeft = true").await;
        act.await;
        let arrive =
            async { while self.run("return !window.isLeft && document.readyState === 'complete'").await != true {} };
        tokio::time::timeout(PATIENCE, arrive).await.expect("another page");
    }

    /// Clicks what leads to another page.
    async fn follow(&self, selector: &str) {
        self.leave(self.click(selector)).await;
    }

    async fn write(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/value"), json!({ "text": text })).await;
    }

    /// Presses keys one after the other; `\u{e004}` is Tab, `\u{e007}` Enter, `\u{e015}` the arrow down.
    async fn press(&self, keys: &str) {
        let presses: Vec<Value> = keys
            .chars()
            .flat_map(|key| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })])
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": presses }] });
        self.post("/actions", actions).await;
    }

    /// Presses Tab until an element of this name or type has the focus, which must show wherever it comes by.
    async fn tab_to(&self, what: &str) {
        for _ in 0..40 {
            self.press("\u{e004}").await;
            let focus = self.run(FOCUS).await;
            assert_eq!(focus["visible"], true, "the focus does not show on {focus}");
            if focus["what"] == what {
                return;
            }
        }
        panic!("the keyboard does not reach {what}");
    }

    /// The page as it is must be readable for everybody, on this width, by day and by night, and say nothing in the console.
    async fn examine(&self, name: &str) {
        for (suffix, scheme) in [("-dark", "dark"), ("", "light")] {
            let name = format!("{name}{suffix}");
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
            let found = self.run(EXAMINE).await;
            assert_eq!(found, json!([]), "{name}");
            let background = self.run("return getComputedStyle(document.body).backgroundColor").await;
            assert_eq!(background == "rgb(238, 241, 245)", scheme == "light", "{name}: {background}");
            self.picture(&name).await;
        }
        let log = self.post("/se/log", json!({ "type": "browser" })).await;
        // That a form came back, or that a page is not there, is no error of the page.
        let is_answer = |line: &Value| {
            line["source"] == "network" && line["message"].as_str().unwrap().contains("responded with a status of 4")
        };
        let errors: Vec<&Value> = log.as_array().unwrap().iter().filter(|line| !is_answer(line)).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }

    async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", whole).await;
        let bytes =
            base64::Engine::decode(&base64::engine::general_purpose::STANDARD, picture["data"].as_str().unwrap());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes.unwrap()).unwrap();
    }

    async fn stop(mut self) {
        let _ = self.client.delete(&self.address).send().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver takes the browser with it; one that is gone already needs no end.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// What has the focus, and whether that shows: on itself or on the label around it.
const FOCUS: &str = r"
const focused = document.activeElement;
const shown = element => element && getComputedStyle(element).outlineStyle !== 'none' && parseFloat(getComputedStyle(element).outlineWidth) >= 2;
return {
    what: focused.id || focused.name || focused.type || focused.tagName.toLowerCase(),
    visible: focused === document.body || shown(focused) || shown(focused.closest('label')) || false,
};";

/// Everything that is hard to read, to reach or to hit (WCAG 2.2, AA): contrast of text and of the edges of fields, names
/// of fields, sizes of targets, a page wider than its window.
const EXAMINE: &str = r"
const wrong = [];
const parse = colour => { const n = colour.match(/[\d.]+/g).map(Number); return { r: n[0], g: n[1], b: n[2], a: n[3] ?? 1 }; };
const behind = element => {
    for (let e = element; e; e = e.parentElement) {
        const colour = parse(getComputedStyle(e).backgroundColor);
        if (colour.a === 1) return colour;
        if (colour.a > 0) wrong.push('half transparent: ' + e.outerHTML.slice(0, 80));
    }
    return { r: 255, g: 255, b: 255, a: 1 };
};
const light = ({ r, g, b }) => {
    const part = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const seen = element => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0 && box.right > 0; };
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !seen(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const found = contrast(parse(style.color), behind(element));
    if (found < least) wrong.push(`contrast ${found.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
    if (size < 12.5) wrong.push(`${size}px is small: ${element.outerHTML.slice(0, 120)}`);
}
for (const field of document.querySelectorAll('input:not([type=hidden]):not([type=radio]), textarea, select, .choice')) {
    if (!seen(field)) continue;
    const found = contrast(parse(getComputedStyle(field).borderTopColor), behind(field.parentElement));
    if (found < 3) wrong.push(`edge ${found.toFixed(2)}: ${field.outerHTML.slice(0, 120)}`);
}
for (const field of document.querySelectorAll('input:not([type=hidden]), textarea, select')) {
    if (!field.labels || field.labels.length !== 1 || !field.labels[0].textContent.trim()) wrong.push('no name: ' + field.outerHTML);
    for (const id of (field.getAttribute('aria-describedby') ?? '').split(' ').filter(id => id))
        if (!document.getElementById(id)) wrong.push('described by nothing: ' + field.outerHTML);
}
for (const target of document.querySelectorAll('button, .button, .choice, input:not([type=hidden]):not([type=radio]), select, textarea, summary')) {
    if (seen(target) && target.getBoundingClientRect().height < 44) wrong.push('hard to hit: ' + target.outerHTML.slice(0, 120));
}
const width = document.documentElement.scrollWidth;
if (width > innerWidth) wrong.push(`${width} wide in a window of ${innerWidth}`);
if (document.scripts.length) wrong.push('a script');
if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
if (!document.title || document.documentElement.lang !== 'vi') wrong.push('no title or language');
return wrong;";

/// A school as it might be, with tasks of every kind around today.
fn school() -> Site {
    Site::start_with(|files: &Files| {
        let remedy = |id: &str, lead: &str, words: &str, rest: &str| task_named(id, words, lead, rest);
        files.edit("plan.toml", "Việc 1.1", "Kiểm tra, sắp xếp, lưu trữ hồ sơ khoa học, kịp thời");
        let plan = files.read("plan.toml")
            + &remedy(
                "1.4",
                "Tổ trưởng",
                "Bồi dưỡng chuyên môn cho giáo viên cao tuổi, mỗi tháng một buổi",
                &format!("due = {}", day(-12)),
            )
            + &remedy("3.2", "Phó Hiệu trưởng", "Sửa chữa máy tính phòng tin học", &format!("due = {}", day(20)))
            + &remedy(
                "3.4",
                "Hiệu trưởng",
                "Làm nắp đậy rãnh thoát nước khu nhà vệ sinh giáo viên, đảm bảo vệ sinh môi trường",
                &format!("due = {}", day(5)),
            )
            + &remedy(
                "5.2",
                "Tổ trưởng",
                "Phụ đạo học sinh chưa hoàn thành môn Toán, Tiếng Việt",
                "time = \"khi có kinh phí\"",
            )
            + "[standards]\n1 = \"Tổ chức và quản lý nhà trường\"\n3 = \"Cơ sở vật chất và thiết bị dạy học\"\n5 = \"Hoạt động và kết quả giáo dục\"\n";
        files.write("plan.toml", &plan);
        files
            .set("organisation.name", "\"Trường Tiểu học xã Thanh Hưng\"")
            .add("organisation.id", "\"Trường Tiểu học\"");
    })
}

/// What the checker of HTML says of a page.
fn checked(html: &[u8]) -> String {
    let mut tidy = Command::new("tidy")
        .args([
            "-quiet",
            "-errors",
            "-utf8",
            "--doctype",
            "html5",
            "--drop-empty-elements",
            "no",
            "--strict-tags-attributes",
            "no",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tidy, see .ci/browser");
    tidy.stdin.take().unwrap().write_all(html).unwrap();
    let output = tidy.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The link of the first message that a rehearsal of today writes to somebody.
fn rehearsed(site: &Site, to: &str) -> String {
    let today = day(0).to_string();
    let folder = site.files.path("rehearsed");
    site.files.output(&["rehearse", "--from", &today, "--to", &today, "--out", folder.to_str().unwrap()]);
    let mails = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let links = mails.filter_map(|bytes| {
        let mail = mail_parser::MessageParser::default().parse(&bytes)?.into_owned();
        let text = mail.body_text(0)?.into_owned();
        let is_theirs = mail.to()?.first()?.address()? == to;
        let link = text.lines().find_map(|line| line.trim().strip_prefix("Báo tiến độ: http"))?;
        is_theirs.then(|| format!("http{link}"))
    });
    links.into_iter().next().expect("a message with a link")
}

#[tokio::test]
#[ignore = "needs Chromium, see .ci/browser"]
async fn an_owner_answers_on_a_phone_and_at_a_desk() {
    let site = school();
    let browser = Browser::start().await;
    let link = rehearsed(&site, "pho@school.example");
    let picture = site.files.path("ảnh hồ sơ.png");
    std::fs::write(&picture, PNG).unwrap();
    for (name, size, percent) in [("desk", DESK, "60"), ("phone", PHONE, "75")] {
        browser.size(size).await;
        browser.open(&format!("{link}?s=in_progress")).await;
        browser.examine(&format!("answer-{name}")).await;
        // A mistake comes back with what was typed.
        browser.write("#percent", "160").await;
        browser.write("#note", "Đã sắp xếp xong hồ sơ các năm trước").await;
        browser.follow("button[type=submit]").await;
        assert!(browser.text().await.contains("Xin ghi một số từ 0 đến 100."));
        browser.examine(&format!("answer-mistake-{name}")).await;
        browser.run("document.getElementById('percent').value = ''").await;
        browser.write("#percent", percent).await;
        browser.write("#files", picture.to_str().unwrap()).await;
        browser.follow("button[type=submit]").await;
        let text = browser.text().await;
        assert!(text.contains("Đã ghi nhận") && text.contains("H1-1.1-01"), "{text}");
        browser.examine(&format!("taken-{name}")).await;
    }
    let task = site.task("1.1");
    assert_eq!((&task["status"], &task["percent"]), (&json!("in_progress"), &json!(75)));
    browser.open(&format!("http://127.0.0.1:{}{}", site.port, site.link("Thanh tra", "status"))).await;
    let text = browser.text().await;
    assert!(text.contains("Đang thực hiện · 75%") && text.contains("ảnh hồ sơ.png"), "{text}");
    // Standard 1 has two tasks, of which the other has not begun.
    let review = site.files.output(&["review", "year"]);
    for words in ["đang thực hiện: 1", "0/2 hoàn thành, đạt 38%"] {
        assert!(review.contains(words), "{words} is not in\n{review}");
    }
    browser.open(&format!("{link}?s=done")).await;
    browser.follow("button[type=submit]").await;
    assert!(browser.text().await.contains("sẽ không nhắc việc này nữa"));
    browser.examine("taken-done-phone").await;
    let review = site.files.output(&["review", "year"]);
    assert!(review.contains("đã hoàn thành") && review.contains("H1-1.1-01"), "{review}");
    browser.stop().await;
}

#[tokio::test]
#[ignore = "needs Chromium, see .ci/browser"]
async fn the_keyboard_is_enough() {
    let site = school();
    let browser = Browser::start().await;
    browser.size(DESK).await;
    browser.open(&format!("http://127.0.0.1:{}{}", site.port, site.link("Phó Hiệu trưởng", "answer"))).await;
    // The first stop leads past the head of the page.
    browser.press("\u{e004}").await;
    assert_eq!(browser.run("return document.activeElement.className").await, "skip");
    browser.tab_to("status").await;
    browser.press(" ").await;
    browser.press("\u{e015}").await;
    browser.tab_to("percent").await;
    browser.press("40").await;
    browser.tab_to("note").await;
    browser.press("bằng bàn phím").await;
    browser.tab_to("link").await;
    browser.press("https://school.example/anh").await;
    browser.tab_to("submit").await;
    browser.leave(browser.press("\u{e007}")).await;
    let text = browser.text().await;
    assert!(text.contains("Đã ghi nhận") && text.contains("40%") && text.contains("bằng bàn phím"), "{text}");
    // And asking for time.
    browser.open(&format!("http://127.0.0.1:{}{}", site.port, site.link("Phó Hiệu trưởng", "answer"))).await;
    browser.tab_to("summary").await;
    browser.press("\u{e007}").await;
    browser.examine("answer-time-desk").await;
    browser.tab_to("due").await;
    browser.run("document.getElementById('due').value = '2030-01-31'").await;
    browser.tab_to("why").await;
    browser.press("vì xa").await;
    browser.tab_to("submit").await;
    browser.leave(browser.press("\u{e007}")).await;
    assert!(browser.text().await.contains("Ngày này quá xa"), "{}", browser.text().await);
    // A superior closes a task.
    let superior = site.link_about("Hiệu trưởng", Purpose::Answer, "1.4");
    browser.open(&format!("http://127.0.0.1:{}{superior}", site.port)).await;
    browser.tab_to("decision").await;
    browser.press("\u{e015}\u{e015}").await;
    browser.examine("superior-choice-desk").await;
    browser.tab_to("note").await;
    browser.press("đã xem tận nơi").await;
    browser.tab_to("submit").await;
    browser.leave(browser.press("\u{e007}")).await;
    assert!(browser.text().await.contains("Đã kết thúc việc"), "{}", browser.text().await);
    assert_eq!(site.task("1.4")["status"], "done");
    // A superior is brought back to what is missing, and the supervisors' page is filtered.
    let superior = site.link_about("Hiệu trưởng", Purpose::Answer, "3.2");
    browser.open(&format!("http://127.0.0.1:{}{superior}", site.port)).await;
    browser.tab_to("decision").await;
    browser.press("\u{e015}").await;
    browser.tab_to("submit").await;
    browser.leave(browser.press("\u{e007}")).await;
    browser.examine("superior-mistake-desk").await;
    browser.open(&format!("http://127.0.0.1:{}{}", site.port, site.link("Thanh tra", "status"))).await;
    // The filter is behind one line.
    browser.tab_to("summary").await;
    browser.press("\u{e007}").await;
    browser.tab_to("state").await;
    browser.tab_to("submit").await;
    browser.leave(browser.press("\u{e007}")).await;
    assert!(browser.text().await.contains("Sửa chữa máy tính"), "{}", browser.text().await);
    browser.stop().await;
}

#[tokio::test]
#[ignore = "needs Chromium, see .ci/browser"]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
async fn every_page_is_right_at_every_width() {
    let mut site = school();
    let browser = Browser::start().await;
    let root = format!("http://127.0.0.1:{}", site.port);
    // Something of everything: a report with a file, a task that is done, one that is blocked, a request for time.
    let send = |person: &str, task: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]| {
        let links = site.files.lines(&["link", "show", person]);
        let link = links.iter().find(|line| line["task"] == task).expect("a link")["link"].clone();
        let path = site.path(link.as_str().unwrap());
        let form = site.get(&path).form();
        let is_time = fields.iter().any(|(name, _)| *name == "due");
        let to = if is_time { format!("{path}/time") } else { path };
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("form", form.as_str())]).collect();
        let taken = site.post(&to, &fields, files);
        assert_eq!(taken.status, 303, "{}", taken.text());
        taken.header("location").unwrap().to_owned()
    };
    let report = [("status", "in_progress"), ("percent", "60"), ("note", "Đã sắp xếp xong hồ sơ các năm trước")];
    send("Phó Hiệu trưởng", "1.1", &report, &[("biên bản.png", PNG)]);
    send("Phó Hiệu trưởng", "3.2", &[("status", "done"), ("link", "https://school.example/phong-tin-hoc")], &[]);
    send("Hiệu trưởng", "3.4", &[("status", "blocked"), ("note", "Chưa có kinh phí")], &[]);
    let later = day(75).to_string();
    let asked = send("Phó Hiệu trưởng", "1.1", &[("due", &later), ("why", "Chờ tủ hồ sơ mới")], &[]);
    let decide = loop {
        site.service.says("\"looked\"");
        let mails = site.mails("hieu-truong@school.example");
        if let Some(link) = mails.iter().find_map(|mail| Some(format!("/d/{}", mail.split_once("/d/")?.1.get(..64)?))) {
            break link;
        }
    };
    let pages = [
        ("home", "/".to_owned()),
        ("gone", "/a/x".to_owned()),
        ("asked", asked),
        ("decide", decide),
        ("answer-done", {
            let links = site.files.lines(&["link", "show", "Hiệu trưởng"]);
            site.path(links.iter().find(|line| line["task"] == "3.4").unwrap()["link"].as_str().unwrap())
        }),
        ("superior", site.link_about("Hiệu trưởng", Purpose::Answer, "1.4")),
        ("overview", site.link("Phó Hiệu trưởng", "overview")),
        ("status", site.link("Thanh tra", "status")),
        ("status-filtered", site.link("Thanh tra", "status") + "?state=overdue"),
        ("status-empty", site.link("Thanh tra", "status") + "?state=cancelled"),
    ];
    for (name, path) in &pages {
        let html = site.get(path).body;
        assert_eq!(checked(&html), "", "{name}");
        for (size_name, size) in [("phone", PHONE), ("desk", DESK)] {
            browser.size(size).await;
            browser.open(&format!("{root}{path}")).await;
            browser.examine(&format!("{name}-{size_name}")).await;
        }
    }
    // A decision without a choice comes back, and one with a choice is shown as it was taken.
    let decide = pages.iter().find(|(name, _)| *name == "decide").map(|(_, path)| format!("{root}{path}")).unwrap();
    browser.open(&decide).await;
    browser.write("#note", "Nhà trường đã mua tủ").await;
    browser.follow("button[type=submit]").await;
    assert!(browser.text().await.contains("Xin chọn đồng ý hoặc không đồng ý."));
    browser.examine("decide-mistake-desk").await;
    browser.click("input[value=accept]").await;
    browser.follow("button[type=submit]").await;
    assert!(browser.text().await.contains("Hiệu trưởng đã đồng ý"), "{}", browser.text().await);
    browser.examine("decided-desk").await;
    // The filter works as people use it.
    browser.open(&format!("{root}{}", site.link("Thanh tra", "status"))).await;
    browser.click(".filter summary").await;
    browser.run("document.getElementById('state').value = 'done'").await;
    browser.follow("main form button").await;
    let address = browser.address().await;
    assert!(address.contains("state=done"), "{address}");
    // The timeline above names all tasks.
    let list =
        browser.run("return [...document.querySelectorAll('ul.tasks')].map(list => list.innerText).join()").await;
    let list = list.as_str().unwrap();
    assert!(list.contains("Sửa chữa máy tính") && !list.contains("nắp đậy"), "{list}");
    browser.stop().await;
}
