//! What people read: every kind of message in both languages, and as mail.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;

use common::Files;
use common::state::SchoolState;
use jiff::Timestamp;
use jiff::civil::date;
use mail_parser::{MessageParser, MimeHeaders};
use nhacviec::channel::Outgoing;
use nhacviec::channel::mime;
use nhacviec::compose::{
    Alert, ComposeOptions, Content, ContentParts, Note, PlanState, QuestionNote, ReminderFacts, Sender,
    UndeliveredMessage, UnderstoodItem, WeeklyFacts,
};
use nhacviec::link::{LinkKey, Links, Signer};
use nhacviec::plan::{Status, Task, TaskId};
use nhacviec::progress::{How, ProgressEntry, RequestDecision, RequestState, TimeRequest};
use nhacviec::review::{PlanChange, Reminded, ReviewInput, TaskChange, Undelivered};
use nhacviec::schedule::{Notice, NoticeKind, ReviewId};

impl SchoolState {
    fn state(&self) -> PlanState<'_> {
        PlanState { school: &self.loaded.school, progress: &self.progress }
    }

    fn reminder(&self, to: &str, notices: &[(&str, NoticeKind)]) -> Content {
        self.reminder_on(to, notices, (&self.now).into())
    }

    fn reminder_on(&self, to: &str, notices: &[(&str, NoticeKind)], occasion: ComposeOptions<'_>) -> Content {
        let notices = self.notices(to, notices);
        let revisions = HashMap::from([(TaskId::new("3.2"), 2)]);
        self.loaded.composer.reminder(self.state(), &revisions, self.person(to), &notices, occasion).unwrap()
    }

    fn notices(&self, to: &str, notices: &[(&str, NoticeKind)]) -> Vec<Notice> {
        let school = &self.loaded.school;
        let (recipient, today) = (self.person(to), self.now.date());
        notices
            .iter()
            .map(|(id, kind)| {
                let task = school.plan.tasks.iter().position(|task| task.id.as_str() == *id).unwrap();
                let task = Some(u32::try_from(task).unwrap());
                Notice { task, kind: *kind, recipient, day: today, on: today }
            })
            .collect()
    }

    fn review(&self, id: ReviewId, changes: &[PlanChange], undelivered: &[Undelivered]) -> Content {
        let recipient = self.person("Trưởng Ban thanh tra nhân dân");
        self.review_input(id, |input| {
            let input = ReviewInput { changes, undelivered, ..*input };
            self.loaded.composer.review(&input, recipient, &self.now).unwrap()
        })
    }

    fn note(&self, to: &str, note: &Note) -> Content {
        let task = self.task(note.task().as_str());
        self.loaded.composer.notes(self.state(), &[(note, task)], self.person(to), &self.now).unwrap().unwrap()
    }

    fn alert(&self, alert: &Alert) -> Content {
        let school = &self.loaded.school;
        self.loaded.composer.alert(school, alert, school.settings.admin[0], &self.now).unwrap()
    }

    fn mail(&self, to: &str, content: &Content) -> Vec<u8> {
        let school = &self.loaded.school;
        let recipient = school.settings.people.get(self.person(to));
        let sender = Sender::of(school);
        let id = "0123456789abcdef0123456789abcdef";
        let outgoing = Outgoing { id, recipient, sender: &sender, created: &self.now, at: &self.now };
        mime::payload(&outgoing, content, None, Some("to-giam-sat@thanhhung.example")).unwrap().bytes
    }
}

/// Links that no server takes.
fn links_of(state: &SchoolState) -> Links {
    let school = &state.loaded.school;
    let signer = Signer::new(LinkKey::for_rehearsals(), school.settings.organisation.id.as_str());
    Links::new(signer, school.plan.number.as_str(), "https://nhacviec.thanhhung.example", 45)
}

/// A reminder to somebody whose table of the configuration has one more key.
fn addressed(key: Option<(&str, &str)>, to: &str) -> Content {
    let files = Files::seed();
    if let Some((key, written)) = key {
        files.add(key, written);
    }
    SchoolState::new(files, "2023-10-24T07:00:00").reminder(to, &[("1.4", NoticeKind::Before(7))])
}

fn shown(content: &Content) -> String {
    format!("{}\n\n{}", content.subject, content.text)
}

const OCTOBER: ReviewId = ReviewId::Month { year: 2023, month: 10 };

/// A mixed message: escalation, overdue, due, start and self-check at once, with progress reported.
fn mixed(language: &str) -> Content {
    let mut state = SchoolState::seed(language, "2023-10-24T07:00:00");
    state.report("3.4", "2023-10-12T09:00:00", Status::InProgress, Some(60), Some("còn thiếu vật liệu"));
    state.reminder(
        "Hiệu trưởng",
        &[
            ("1.5", NoticeKind::Escalation(21)),
            ("3.4", NoticeKind::Overdue(22)),
            ("3.2", NoticeKind::Before(7)),
            ("5.3", NoticeKind::Start),
            ("2.3", NoticeKind::SelfCheck(OCTOBER)),
        ],
    )
}

#[test]
fn reminders_are_written_in_vietnamese_and_english() {
    for language in ["vi", "en"] {
        let name = |kind: &str| format!("{kind}_{language}");
        let state = SchoolState::seed(language, "2023-10-24T07:00:00");
        insta::assert_snapshot!(name("before"), shown(&state.reminder("Kế toán", &[("1.4", NoticeKind::Before(7))])));
        insta::assert_snapshot!(
            name("coordinator"),
            shown(&state.reminder("Hiệu trưởng", &[("1.4", NoticeKind::Before(7))]))
        );
        insta::assert_snapshot!(name("mixed"), shown(&mixed(language)));
        let state = SchoolState::seed(language, "2023-11-01T07:00:00");
        insta::assert_snapshot!(name("start"), shown(&state.reminder("Hiệu trưởng", &[("5.3", NoticeKind::Start)])));
        insta::assert_snapshot!(name("overdue"), shown(&state.reminder("Kế toán", &[("1.4", NoticeKind::Overdue(1))])));
        insta::assert_snapshot!(
            name("escalation"),
            shown(&state.reminder("Hiệu trưởng", &[("5.2", NoticeKind::Escalation(7))]))
        );
        insta::assert_snapshot!(
            name("self_check"),
            shown(&state.reminder(
                "Hiệu trưởng",
                &[("1.1", NoticeKind::SelfCheck(OCTOBER)), ("2.3", NoticeKind::SelfCheck(OCTOBER))]
            ))
        );
    }
}

#[test]
fn reviews_are_written_in_vietnamese_and_english() {
    for language in ["vi", "en"] {
        let mut state = SchoolState::seed(language, "2023-10-31T08:00:00");
        state.report("1.4", "2023-10-20T10:00:00", Status::Done, None, None);
        state.report("1.5", "2023-10-05T10:00:00", Status::Done, None, Some("đã bồi dưỡng 4 buổi"));
        state.report("3.1", "2023-10-19T10:00:00", Status::Blocked, Some(20), Some("chờ kinh phí"));
        state.report("5.1", "2023-10-25T10:00:00", Status::InProgress, Some(80), None);
        state.report("3.5", "2023-10-25T10:00:00", Status::Cancelled, None, None);
        let changes = [
            PlanChange {
                at: date(2023, 10, 9),
                task: TaskId::new("1.6"),
                name: "1.6".to_owned(),
                what: TaskChange::Moved { from: None, to: state.loaded.school.plan.tasks[4].period() },
                why: Some("chờ kinh phí của xã".to_owned()),
            },
            PlanChange {
                at: date(2023, 10, 9),
                task: TaskId::new("9.9"),
                name: "9.9".to_owned(),
                what: TaskChange::Removed,
                why: None,
            },
        ];
        let undelivered = [Undelivered {
            on: date(2023, 10, 24),
            recipient: "Kế toán".to_owned(),
            tasks: vec![TaskId::new("1.4")],
            reason: "550 5.1.1 no such person".to_owned(),
            may_have_arrived: false,
        }];
        let name = |kind: &str| format!("{kind}_{language}");
        insta::assert_snapshot!(name("review_month"), shown(&state.review(OCTOBER, &changes, &undelivered)));
        let state = SchoolState::seed(language, "2024-01-15T08:00:00");
        insta::assert_snapshot!(name("review_term"), state.review(ReviewId::Term(1), &[], &[]).subject);
        let state = SchoolState::seed(language, "2024-05-31T08:00:00");
        insta::assert_snapshot!(name("review_year"), shown(&state.review(ReviewId::Year, &[], &[])));
    }
}

#[test]
fn notes_are_written_in_vietnamese_and_english() {
    for language in ["vi", "en"] {
        let mut state = SchoolState::seed(language, "2023-10-24T07:00:00");
        state.report("3.4", "2023-10-12T09:00:00", Status::InProgress, Some(60), Some("còn thiếu vật liệu"));
        state.report("1.4", "2023-10-20T10:00:00", Status::Done, None, None);
        state.report("3.1", "2023-10-19T10:00:00", Status::Blocked, Some(20), Some("chờ kinh phí"));
        let (old, due) = (Some(date(2023, 9, 30)), date(2023, 11, 30));
        let by = || Some("Kế toán".to_owned());
        let settled = |accepted: bool| Note::TimeSettled {
            task: "3.4".to_owned(),
            accepted,
            by: Some("Hiệu trưởng".to_owned()),
            old,
            due,
            answer: (!accepted).then(|| "phải xong trước kỳ kiểm tra".to_owned()),
        };
        let why = "vật liệu về chậm".to_owned();
        let notes = [
            ("Kế toán", Note::Thanks { task: "1.4".to_owned(), on: None }),
            ("Hiệu trưởng", Note::Blocked { task: "3.1".to_owned(), by: by(), why: Some("chờ kinh phí".to_owned()) }),
            ("Hiệu trưởng", Note::TimeAsked { task: "3.4".to_owned(), number: 1, by: by(), old, due, why }),
            ("Kế toán", settled(true)),
            ("Kế toán", settled(false)),
        ];
        let shown: Vec<String> = notes.iter().map(|(to, note)| shown(&state.note(to, note))).collect();
        insta::assert_snapshot!(format!("notes_{language}"), shown.join("\n----\n"));
    }
}

#[test]
fn notes_that_travel_together_are_one_message() {
    for language in ["vi", "en"] {
        let mut state = SchoolState::seed(language, "2023-10-24T07:00:00");
        state.report("3.1", "2023-10-19T10:00:00", Status::Blocked, Some(20), Some("chờ kinh phí"));
        let question = Note::Question(QuestionNote {
            tasks: vec!["3.1".to_owned()],
            taken: vec![UnderstoodItem::Report {
                task: "3.1".to_owned(),
                status: "in_progress".to_owned(),
                percent: Some(60),
            }],
            doubts: Vec::new(),
            refused: vec!["chay.exe".to_owned()],
            left_out: vec!["anh-21.jpg".to_owned(), "anh-22.jpg".to_owned()],
            no_room: vec!["phim.mp4".to_owned()],
            ..QuestionNote::default()
        });
        let by = Some("Kế toán".to_owned());
        let blocked = Note::Blocked { task: "3.1".to_owned(), by, why: Some("chờ kinh phí".to_owned()) };
        let task = state.task("3.1");
        let notes = [(&question, task), (&blocked, task)];
        let composer = &state.loaded.composer;
        let content = composer.notes(state.state(), &notes, state.person("Hiệu trưởng"), &state.now).unwrap().unwrap();
        insta::assert_snapshot!(format!("notes_together_{language}"), shown(&content));
        let page = content.page.unwrap();
        for words in ["phim.mp4", "anh-22.jpg", "chay.exe", "chờ kinh phí"] {
            assert!(page.contains(words), "{words} is not on the page");
        }
        assert!(!page.contains("&lt;p"), "a part is markup, not text: {page}");
    }
}

#[test]
fn a_reminder_says_who_reported_what_and_from_when_the_date_was_moved() {
    let mut state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let school = &mut state.loaded.school;
    let request = |due| TimeRequest {
        task: TaskId::new("1.4"),
        number: 1,
        at: Timestamp::UNIX_EPOCH,
        by: None,
        how: How::Command,
        old: Some(date(2023, 10, 31)),
        due,
        why: "kho chưa xong".to_owned(),
        outcome: RequestState::Accepted(RequestDecision { at: Timestamp::UNIX_EPOCH, by: None, note: None }),
    };
    *school = school.clone().with_requests(&[request(date(2023, 11, 15))]);
    state.report("1.4", "2023-10-12T09:00:00", Status::InProgress, Some(60), None);
    let told = |state: &SchoolState, to: &str| {
        let text = state.reminder(to, &[("1.4", NoticeKind::Before(7))]).text;
        let lines = text.lines().filter(|line| line.starts_with("* ") || line.contains("Tiến độ"));
        lines.map(str::trim).collect::<Vec<_>>().join(" | ")
    };
    let moved = "* Tiêu chí 1.4: hạn 15/11/2023, còn 22 ngày (đã lùi từ 31/10/2023)";
    assert_eq!(told(&state, "Kế toán"), format!("{moved} | Tiến độ: đã báo đạt 60% ngày 12/10/2023."));
    state.progress.add(
        TaskId::new("1.4"),
        ProgressEntry {
            by: Some("Kế toán".to_owned()), ..state.progress.latest(&TaskId::new("1.4")).unwrap().clone()
        },
    );
    assert_eq!(told(&state, "Kế toán"), format!("{moved} | Tiến độ: Thầy/Cô đã báo đạt 60% ngày 12/10/2023."));
    assert_eq!(told(&state, "Nhân viên y tế"), format!("{moved} | Tiến độ: Kế toán đã báo đạt 60% ngày 12/10/2023."));
}

#[test]
fn alerts_are_written_in_vietnamese_and_english() {
    let messages = vec![UndeliveredMessage { recipient: "Kế toán".to_owned(), reason: "550 no such person".into() }];
    for language in ["vi", "en"] {
        let state = SchoolState::seed(language, "2023-10-31T08:00:00");
        let undeliverable = state.alert(&Alert::Undeliverable { messages: messages.clone() });
        insta::assert_snapshot!(format!("alert_undeliverable_{language}"), shown(&undeliverable));
        let full = Alert::EvidenceFull { names: "phim.mp4, anh.jpg".to_owned(), used_mb: 20_470, max_mb: 20_480 };
        insta::assert_snapshot!(format!("alert_evidence_full_{language}"), shown(&state.alert(&full)));
        let complaint = "error: no one holds the role 'Tổ văn phong'".to_owned();
        let not_reloaded = state.alert(&Alert::NotReloaded { complaint });
        insta::assert_snapshot!(format!("alert_not_reloaded_{language}"), shown(&not_reloaded));
    }
}

#[test]
fn pages_say_what_the_text_says_and_escape_what_people_wrote() {
    insta::assert_snapshot!("mixed_page", mixed("vi").page.unwrap());
    let mut state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    state.report("1.4", "2023-10-12T09:00:00", Status::Blocked, None, Some("<script>alert(1)</script> & \"x\""));
    let content = state.reminder("Kế toán", &[("1.4", NoticeKind::Before(7))]);
    let page = content.page.unwrap();
    assert!(!page.contains("<script>"));
    assert!(page.contains("&lt;script&gt;"));
    assert!(!page.contains("&amp;lt;") && !page.contains("&amp;amp;") && !page.contains("&amp;#"), "{page}");
    assert!(content.text.contains("<script>alert(1)</script> & \"x\""));
}

#[test]
fn only_what_the_channel_carries_is_written() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let told = [("1.4", NoticeKind::Before(7))];
    let all = state.reminder("Kế toán", &told);
    let with = |parts| state.reminder_on("Kế toán", &told, ComposeOptions::now(&state.now, parts));
    assert_eq!(with(ContentParts::Mail), Content { items: Vec::new(), ..all.clone() });
    assert_eq!(with(ContentParts::Chat), Content { page: None, calendar: None, ..all.clone() });
    assert_eq!(with(ContentParts::Data), all);
}

#[test]
fn days_are_counted_from_the_moment_of_sending() {
    for (now, expected) in [
        ("2023-10-24T23:59:59", "còn 7 ngày"),
        ("2023-10-25T00:00:00", "còn 6 ngày"),
        ("2023-10-30T07:00:00", "còn 1 ngày"),
        ("2023-10-31T07:00:00", "hôm nay là hạn cuối"),
        ("2023-11-02T07:00:00", "quá hạn 2 ngày"),
    ] {
        let text = SchoolState::seed("vi", now).reminder("Kế toán", &[("1.4", NoticeKind::Before(7))]).text;
        assert!(text.contains(expected), "{now}: {text}");
    }
}

#[test]
fn a_mail_reads_back_as_it_was_written() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let content = mixed("vi");
    let bytes = state.mail("Hiệu trưởng", &content);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.subject(), Some(content.subject.as_str()));
    assert!(content.subject.starts_with("[Nhắc việc] 5 việc:"), "{}", content.subject);
    let to = mail.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (Some("Hiệu trưởng"), Some("hieu-truong@thanhhung.example")));
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!(
        (from.name(), from.address()),
        (Some("Trường Tiểu học xã Thanh Hưng"), Some("tin-hoc@thanhhung.example"))
    );
    assert_eq!(mail.reply_to().unwrap().first().unwrap().address(), Some("to-giam-sat@thanhhung.example"));
    assert_eq!(mail.message_id(), Some("0123456789abcdef0123456789abcdef@thanhhung.example"));
    assert_eq!(mail.date().unwrap().to_timestamp(), state.now.timestamp().as_second());
    assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(mail.header_raw("Content-Language").map(str::trim), Some("vi"));
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), content.text);
    assert_eq!(mail.body_html(0).unwrap().replace("\r\n", "\n"), content.page.unwrap());
    let calendar = mail.attachment(0).unwrap();
    assert_eq!(calendar.attachment_name(), Some("viec.ics"));
    assert_eq!(calendar.text_contents().unwrap(), content.calendar.as_deref().unwrap());
    // No line is longer than SMTP allows (RFC 5321, 4.5.3.1.6), and the same message is the same mail.
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    assert!(bytes == state.mail("Hiệu trưởng", &mixed("vi")));
}

#[test]
fn nothing_that_people_write_begins_another_header() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let mut content = state.reminder("Kế toán", &[("1.4", NoticeKind::Before(7))]);
    content.subject = "việc\r\nBcc: x@evil.example\r\n\r\n<h1>".to_owned();
    let bytes = state.mail("Kế toán", &content);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert!(mail.bcc().is_none());
    assert_eq!(mail.subject(), Some("việc Bcc: x@evil.example <h1>"));
}

#[test]
fn a_calendar_keeps_a_task_for_life_and_counts_its_changes() {
    let content = mixed("vi");
    let calendar = content.calendar.unwrap().replace("\r\n ", "");
    let events: Vec<&str> = calendar.split("BEGIN:VEVENT").skip(1).collect();
    assert_eq!(events.len(), 2, "what has no time, is past or is led by others has no event: {calendar}");
    let event = events.iter().find(|event| event.contains("Tiêu chí 3.2")).unwrap();
    for line in [
        "DTSTART;VALUE=DATE:20231031",
        "DTEND;VALUE=DATE:20231101",
        "SEQUENCE:2",
        "SUMMARY:Hạn: Tiêu chí 3.2 – Tu sửa toàn bộ bàn ghế cũ đảm bảo bàn ghế mới\\, đẹp",
        "TRIGGER;RELATED=START:-PT61200S",
        "DTSTAMP:20231024T000000Z",
    ] {
        assert!(event.lines().any(|there| there == line), "{line} is not in {event}");
    }
    let uid = |calendar: &str| -> Vec<String> {
        calendar.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    let other_day = |day, kind| SchoolState::seed("en", day).reminder("Hiệu trưởng", &[("3.2", kind)]).calendar;
    let again = uid(&other_day("2023-10-30T07:00:00", NoticeKind::Before(1)).unwrap());
    assert!(again.iter().all(|line| uid(&calendar).contains(line)), "{again:?}");
    assert_eq!(other_day("2023-11-07T07:00:00", NoticeKind::Overdue(7)), None, "a date that is past is in no calendar");
}

#[test]
fn notes_that_tell_of_a_task_twice_change_one_event() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let thanks = |task: &str| Note::Thanks { task: task.to_owned(), on: None };
    let (first, other) = (thanks("1.4"), thanks("3.2"));
    let notes = [(&first, state.task("1.4")), (&other, state.task("3.2")), (&first, state.task("1.4"))];
    let composer = &state.loaded.composer;
    let to = state.person("Kế toán");
    let calendar = composer.calendar_of_notes(state.state(), &HashMap::new(), &notes, to, &state.now).unwrap().unwrap();
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2, "{calendar}");
}

#[test]
fn a_task_that_is_done_goes_from_calendars_and_comes_back_when_it_is_open_again() {
    let mut state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let note = Note::Thanks { task: "1.4".to_owned(), on: None };
    let end = |state: &SchoolState| {
        let (task, revisions) = (state.task("1.4"), HashMap::from([(TaskId::new("1.4"), 1)]));
        let (notes, to) = ([(&note, task)], state.person("Kế toán"));
        let composer = &state.loaded.composer;
        composer.calendar_of_notes(state.state(), &revisions, &notes, to, &state.now).unwrap()
    };
    let lines = |calendar: &str, key: &str| -> Vec<String> {
        calendar.lines().filter(|line| line.starts_with(key)).map(str::to_owned).collect()
    };
    let before = state.reminder("Kế toán", &[("1.4", NoticeKind::Before(7))]).calendar.unwrap();
    state.report("1.4", "2023-10-20T10:00:00", Status::Done, None, None);
    let calendar = end(&state).unwrap();
    assert_eq!(lines(&calendar, "UID:"), lines(&before, "UID:")[..1]);
    assert_eq!(
        (lines(&calendar, "SEQUENCE"), lines(&calendar, "STATUS")),
        (vec!["SEQUENCE:2".to_owned()], vec!["STATUS:CANCELLED".to_owned()])
    );
    assert!(!calendar.contains("VALARM"));
    state.report("1.4", "2023-10-21T10:00:00", Status::InProgress, Some(80), None);
    let calendar = end(&state).unwrap();
    assert_eq!((lines(&calendar, "SEQUENCE"), lines(&calendar, "STATUS").len()), (vec!["SEQUENCE:3".to_owned()], 0));
    let late = SchoolState::seed("vi", "2023-11-24T07:00:00");
    assert_eq!(end(&late), None);
}

#[test]
fn whoever_helps_is_asked_for_their_share_and_not_to_finish() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let links = links_of(&state);
    let occasion = ComposeOptions { links: Some(&links), ..ComposeOptions::from(&state.now) };
    for kind in [NoticeKind::Start, NoticeKind::Before(7), NoticeKind::Overdue(1)] {
        let content = state.reminder_on("Nhân viên y tế", &[("3.4", kind)], occasion);
        let page = content.page.unwrap();
        assert!(content.subject.starts_with("[Phối hợp] "), "{}", content.subject);
        assert!(
            content.text.contains("phần phối hợp") && content.text.contains("chủ trì: Nhà trường"),
            "{}",
            content.text
        );
        for words in ["hoàn thành đúng hạn", "Đã hoàn thành", "?s=done", "Báo tiến độ"] {
            assert!(!page.contains(words) && !content.text.contains(words), "{words}: {}", content.text);
        }
        // Who provides the money is told of it, with the date.
        assert!(content.text.contains("Theo kế hoạch: Kinh phí Xã hội hóa"), "{}", content.text);
    }
    let lead = state.reminder_on("Hiệu trưởng", &[("3.4", NoticeKind::Overdue(1))], occasion);
    assert!(lead.page.unwrap().contains("?s=done"));
    let one_of_many = state.reminder_on("Kế toán", &[("1.4", NoticeKind::Before(7))], occasion);
    assert!(one_of_many.page.unwrap().contains("Phần của tôi đã xong"));
}

#[test]
fn people_are_addressed_as_the_configuration_says_and_groups_by_their_name() {
    for (key, to, greeting, asks) in [
        (Some(("person.Kế toán.address", "\"Cô\"")), "Kế toán", "Kính gửi Cô Kế toán,", "Kính đề nghị Cô hoàn thành"),
        (None, "Kế toán", "Kính gửi Thầy/Cô Kế toán,", "Kính đề nghị Thầy/Cô hoàn thành"),
        (
            Some(("group.Tổ văn phòng.via", "[\"email\"]")),
            "Tổ văn phòng",
            "Kính gửi Tổ văn phòng,",
            "Kính đề nghị Tổ văn phòng hoàn thành",
        ),
    ] {
        let content = addressed(key, to);
        assert!(content.text.starts_with(greeting) && content.text.contains(asks), "{}", content.text);
        assert_eq!(content.text.contains("Thầy/Cô"), key.is_none(), "{}", content.text);
    }
}

#[test]
fn a_form_of_address_is_no_address() {
    for (written, is_taken) in
        [("Cô", true), ("Đồng chí", true), ("ke-toan@thanhhung.example", false), ("12 Lê Lợi", false)]
    {
        let files = Files::seed();
        files.add("person.Kế toán.address", &format!("{written:?}"));
        assert_eq!(!files.codes().contains(&"bad-form-of-address".to_owned()), is_taken, "{written}");
    }
}

#[test]
fn long_messages_are_lists_and_stay_small() {
    let mut state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let school = &mut state.loaded.school;
    let one = school.plan.tasks.iter().find(|task| task.id.as_str() == "3.2").unwrap().clone();
    for number in 0..300 {
        let id = format!("9.{number}");
        let remedy = format!("<b>Tu sửa</b> & bàn ghế {number} {}", "đảm bảo bàn ghế mới, đẹp ".repeat(400));
        school.plan.tasks.push(Task { id: TaskId::new(&id), name: id, remedy, ..one.clone() });
    }
    let ids: Vec<String> = (0..300).map(|number| format!("9.{number}")).collect();
    let links = links_of(&state);
    for (count, is_list) in [(5, false), (6, true), (300, true)] {
        let told: Vec<(&str, NoticeKind)> =
            ids[..count].iter().map(|id| (id.as_str(), NoticeKind::Before(7))).collect();
        let occasion = ComposeOptions { links: Some(&links), ..ComposeOptions::from(&state.now) };
        let content = state.reminder_on("Hiệu trưởng", &told, occasion);
        let page = content.page.unwrap();
        assert_eq!(page.contains("?s=done"), !is_list, "{count}");
        assert!(page.len() < 60_000 && content.text.len() < 60_000, "{count}: {} {}", page.len(), content.text.len());
        assert!(
            !page.contains("<b>Tu") && !page.contains("&amp;amp;") && page.contains("&lt;b&gt;Tu sửa&lt;"),
            "{page}"
        );
        // Each link says which task it is about, also to whoever hears it read.
        if is_list {
            assert!(page.contains("(9.0)</strong></a>"));
        } else {
            assert!(page.contains("aria-label=\"Đã hoàn thành: Tiêu chí 3.2 (việc 9.0)\""), "{page}");
        }
        assert_eq!(page.contains("… và 240 việc khác"), count == 300);
    }
}

#[test]
fn a_superior_reads_once_a_week_what_is_late_still_what_is_settled_and_what_is_asked() {
    for language in ["vi", "en"] {
        let mut state = SchoolState::seed(language, "2023-11-13T07:00:00");
        state.report("1.5", "2023-11-09T09:00:00", Status::Done, None, None);
        let asked = TimeRequest {
            task: TaskId::new("4.1"),
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            by: Some("Giáo viên chủ nhiệm khối 1".to_owned()),
            how: How::Command,
            old: Some(date(2023, 9, 30)),
            due: date(2023, 11, 30),
            why: "chờ tài liệu tập huấn".to_owned(),
            outcome: RequestState::Open,
        };
        let reminded = [(TaskId::new("4.1"), Reminded { times: 4, last: date(2023, 11, 1), over: "email".to_owned() })];
        let weekly = WeeklyFacts { requests: &[asked], reminded: &reminded };
        let links = links_of(&state);
        let occasion = ComposeOptions { links: Some(&links), ..ComposeOptions::from(&state.now) };
        let revisions = HashMap::new();
        let facts = ReminderFacts { revisions: &revisions, weekly: Some(weekly) };
        let notices = state.notices("Hiệu trưởng", &[("5.2", NoticeKind::Escalation(7))]);
        let recipient = state.person("Hiệu trưởng");
        let content = state.loaded.composer.reminder(state.state(), facts, recipient, &notices, occasion).unwrap();
        insta::with_settings!({filters => vec![(r"/([a-z]+)/[a-z0-9]{20,}", "/$1/…")]}, {
            insta::assert_snapshot!(format!("week_{language}"), shown(&content));
        });
        let page = content.page.unwrap();
        let decides = if language == "vi" { "Cho ý kiến" } else { "Decide" };
        for words in [decides, "chờ tài liệu tập huấn", "(4.1)", "(1.5)", "(5.2)"] {
            assert!(page.contains(words), "{words} is not in {page}");
        }
        assert_eq!(content.calendar, None, "what others lead is in no calendar");
    }
}

#[test]
fn what_is_about_one_task_goes_on_in_one_conversation() {
    let state = SchoolState::seed("vi", "2023-10-24T07:00:00");
    let first = |told: &[(&str, NoticeKind)], to: &str| {
        let bytes = state.mail(to, &state.reminder(to, told));
        let mail = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(mail.in_reply_to().as_text(), mail.references().as_text());
        mail.references().as_text().map(str::to_owned)
    };
    let start = first(&[("1.4", NoticeKind::Start)], "Kế toán").unwrap();
    assert_eq!(first(&[("1.4", NoticeKind::Before(7))], "Kế toán"), Some(start.clone()));
    assert_ne!(first(&[("1.4", NoticeKind::Before(7))], "Nhân viên y tế"), Some(start));
    assert_eq!(first(&[("1.4", NoticeKind::Start), ("1.7", NoticeKind::Start)], "Kế toán"), None);
}
