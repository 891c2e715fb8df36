//! What the pages on which people answer say, in both languages.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;

use common::Files;
use common::stage::at;
use common::state::SchoolState;
use jiff::civil::date;
use nhacviec::compose::{
    FileMistake, Filter, FormInput, FormReceipt, Mistake, Mistakes, NoticePage, Page, PageContext, PlanState,
};
use nhacviec::plan::{Status, TaskId};
use nhacviec::progress::evidence::{Evidence, Proof};
use nhacviec::progress::{How, ProgressEntry, RequestDecision, RequestState, TimeRequest};

const PICTURE: &str = "ảnh hồ sơ.png";

/// The shipped school on a day in October, with one task that is under way and for which time is asked, and one that is
/// done.
fn in_october(language: &str) -> SchoolState {
    let mut state = SchoolState::seed(language, "2023-10-24T07:00:00");
    let by = || Some("Kế toán".to_owned());
    for (task, status, percent, note) in
        [("3.4", Status::InProgress, Some(60), Some("còn thiếu <vật liệu>")), ("1.4", Status::Done, Some(100), None)]
    {
        let entry = ProgressEntry {
            at: at("2023-10-12T09:00:00"),
            status,
            percent,
            note: note.map(str::to_owned),
            evidence: Vec::new(),
            by: by(),
            how: How::Link,
        };
        state.progress.add(TaskId::new(task), entry);
    }
    let thing = Proof::File {
        hash: "0".repeat(64),
        name: PICTURE.to_owned(),
        media_type: "image/png".to_owned(),
        size: 2 << 20,
    };
    state.evidence.push(Evidence {
        code: "H3-3.4-01".to_owned(),
        task: TaskId::new("3.4"),
        number: 1,
        at: at("2023-10-12T09:00:00"),
        by: by(),
        how: How::Link,
        proof: thing,
    });
    state.requests.push(TimeRequest {
        task: TaskId::new("3.4"),
        number: 1,
        at: at("2023-10-13T09:00:00"),
        by: by(),
        due: date(2023, 11, 30),
        old: Some(date(2023, 10, 2)),
        why: "vật liệu về chậm".to_owned(),
        how: How::Link,
        outcome: RequestState::Open,
    });
    state
}

impl SchoolState {
    /// What somebody sees.
    fn scene(&self, reader: &str) -> PageContext<'_> {
        PageContext {
            school: &self.loaded.school,
            progress: &self.progress,
            evidence: &self.evidence,
            requests: &self.requests,
            reader: self.person(reader),
            token: "TOKEN",
            now: &self.now,
        }
    }

    /// The words of a page: its title and what stands below its head, a line for each piece between two tags.
    fn words(&self, page: &Page) -> String {
        // Templates escape slashes too, which nobody would like to read.
        let html = self.loaded.composer.page(page).unwrap().replace("&#x2f;", "/");
        let (_, title) = html.split_once("<title>").unwrap();
        let (title, _) = title.split_once('<').unwrap();
        let (_, main) = html.split_once("<main").unwrap();
        let pieces = main.split('<').filter_map(|piece| Some(piece.split_once('>')?.1.trim()));
        let lines: Vec<&str> = std::iter::once(title).chain(pieces).filter(|line| !line.is_empty()).collect();
        lines.join("\n")
    }
}

/// Everything that can be wrong with a report and with a request for time.
fn wrong() -> Mistakes {
    Mistakes {
        status: Some(Mistake::MissingStatus),
        percent: Some(Mistake::BadPercent),
        note: Some(Mistake::TooLong),
        done_on: Some(Mistake::FutureDate),
        link: Some(Mistake::BadLink),
        files: vec![FileMistake { name: Some(PICTURE.to_owned()), mistake: Mistake::LargeFile }],
        due: Some(Mistake::BadDate),
        why: Some(Mistake::MissingWhy),
        decision: Some(Mistake::MissingDecision),
        form: None,
        files_again: true,
        already_decided: false,
    }
}

#[test]
fn pages_are_written_in_vietnamese_and_english() {
    for language in ["vi", "en"] {
        let state = in_october(language);
        let (owner, principal) = (state.scene("Kế toán"), state.scene("Hiệu trưởng"));
        let task = state.task("3.4");
        let typed = FormInput { percent: "160".to_owned(), asks_time: true, ..FormInput::default() };
        let passed = Mistakes { decision: Some(Mistake::DatePassed), ..Mistakes::default() };
        let decided = Mistakes { already_decided: true, ..Mistakes::default() };
        let report = |status: Status, note: Option<&str>| FormReceipt::Report {
            task: "3.4".to_owned(),
            status: status.as_str().to_owned(),
            percent: Some(60),
            period: None,
            note: note.map(str::to_owned),
            things: vec!["0".repeat(64)],
            done_on: None,
            for_all: false,
        };
        let asked =
            FormReceipt::Time {
                task: "3.4".to_owned(), due: date(2023, 11, 30), why: "vật liệu về chậm".to_owned()
            };
        let request = &state.requests[0];
        let decision = RequestDecision {
            at: at("2023-10-20T09:00:00"),
            by: Some("Hiệu trưởng".to_owned()),
            note: Some("phải xong trước kỳ kiểm tra".to_owned()),
        };
        let refused = TimeRequest { outcome: RequestState::Refused(decision), ..request.clone() };
        let own = [(task, "/a/1".to_owned()), (state.task("1.4"), "/a/2".to_owned())];
        let pages = [
            Page::answer(&owner, task, "FORM", FormInput::default(), Mistakes::default()),
            Page::answer(&owner, task, "FORM", typed, wrong()),
            Page::answer(&owner, state.task("1.4"), "FORM", FormInput::default(), Mistakes::default()),
            Page::receipt(&owner, task, report(Status::InProgress, Some("còn thiếu <vật liệu>"))),
            Page::receipt(&owner, task, report(Status::Done, None)),
            Page::receipt(&owner, task, report(Status::Blocked, Some("chờ kinh phí"))),
            Page::receipt(&owner, task, asked),
            Page::decide(&principal, task, (request, true), FormInput::default(), wrong()),
            Page::decide(&principal, task, (request, true), FormInput::default(), passed),
            Page::decide(&principal, task, (&refused, true), FormInput::default(), decided),
            Page::decide(&principal, task, (request, false), FormInput::default(), Mistakes::default()),
            Page::superior(&principal, task, ("f", Some("/d/x".to_owned())), None, Default::default()),
            Page::overview(&owner, &own),
            Page::overview(&owner, &[]),
            Page::status(&principal, Filter::new("overdue", "3", "", "past")),
            Page::status(&principal, Filter::new("cancelled", "", "", "")),
        ];
        let notices = [NoticePage::Home, NoticePage::Gone, NoticePage::Busy, NoticePage::Method, NoticePage::Broken];
        let notices = notices.map(|notice| Page::notice(&state.loaded.school, notice, &state.now));
        let words: Vec<String> = pages.iter().chain(&notices).map(|page| state.words(page)).collect();
        insta::assert_snapshot!(format!("pages_{language}"), words.join("\n----\n"));
    }
}

#[test]
fn pages_address_people_as_mails_do() {
    for (key, reader, name) in [
        (Some(("person.Hiệu trưởng.address", "\"Ông\"")), "Hiệu trưởng", "Ông"),
        (None, "Hiệu trưởng", "Thầy/Cô"),
        (Some(("group.Tổ văn phòng.via", "[\"email\"]")), "Tổ văn phòng", "Tổ văn phòng"),
    ] {
        let files = Files::seed();
        if let Some((key, value)) = key {
            files.add(key, value);
        }
        let state = SchoolState::new(files, "2023-10-24T07:00:00");
        let (reader, task) = (state.scene(reader), state.task("1.4"));
        let done = FormReceipt::Report {
            task: "1.4".to_owned(),
            status: Status::Done.as_str().to_owned(),
            percent: None,
            period: None,
            note: None,
            things: Vec::new(),
            done_on: None,
            for_all: false,
        };
        let full = Mistakes { form: Some(Mistake::TooManyToday), ..Mistakes::default() };
        for (page, says) in [
            (Page::receipt(&reader, task, done), format!("Đã ghi nhận, xin cảm ơn {name}")),
            (
                Page::superior(&reader, task, ("f", None), None, Default::default()),
                format!("Ý kiến chỉ đạo của {name}"),
            ),
            (
                Page::answer(&reader, task, "F", FormInput::default(), full),
                format!("Hôm nay đã nhận quá nhiều báo cáo của {name};"),
            ),
        ] {
            let words = state.words(&page);
            assert!(words.contains(&says), "{says}: {words}");
            assert_eq!(words.contains("Thầy/Cô"), key.is_none(), "{words}");
        }
    }
}

/// The plan gives task 4.2 a due date before its own day of issue.
#[test]
fn a_due_date_before_the_plan_was_issued_makes_nobody_late_on_any_page() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let principal = state.scene("Hiệu trưởng");
    let task = state.task("4.2");
    let own = [(task, "/a/1".to_owned())];
    for page in [
        Page::answer(&principal, task, "F", FormInput::default(), Mistakes::default()),
        Page::superior(&principal, task, ("f", None), None, Default::default()),
        Page::overview(&principal, &own),
        Page::status(&principal, Filter::new("", "4", "", "none")),
    ] {
        let words = state.words(&page);
        assert!(words.contains("Thời hạn cần xem lại: kế hoạch ghi 30/06/2023, sớm hơn ngày ban hành"), "{words}");
        assert!(!words.contains("quá hạn 116 ngày"), "{words}");
    }
    let past = state.words(&Page::status(&principal, Filter::new("", "4", "", "past")));
    assert!(!past.contains("Thời hạn cần xem lại: kế hoạch ghi"), "{past}");
    // Nor does it stand in the calendar that people subscribe to.
    let plan = PlanState { school: &state.loaded.school, progress: &state.progress };
    let tasks = [task, state.task("3.6")];
    let feed = state.loaded.composer.feed(plan, &HashMap::new(), principal.reader, &tasks, &state.now).unwrap();
    assert_eq!((feed.matches("BEGIN:VEVENT").count(), feed.contains("4.2")), (1, false), "{feed}");
}
