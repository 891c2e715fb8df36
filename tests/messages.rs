//! What people read: every kind of message in both languages, and as mail.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;

use common::state::SchoolState;
use jiff::Timestamp;
use jiff::civil::date;
use mail_parser::{MessageParser, MimeHeaders};
use nhacviec::channel::Outgoing;
use nhacviec::channel::mime;
use nhacviec::compose::{
    Alert, ComposeOptions, Content, ContentParts, Note, PlanState, QuestionNote, Sender, UndeliveredMessage,
    UnderstoodItem,
};
use nhacviec::plan::{Status, TaskId};
use nhacviec::progress::{How, ProgressEntry, RequestDecision, RequestState, TimeRequest};
use nhacviec::review::{PlanChange, ReviewInput, TaskChange, Undelivered};
use nhacviec::schedule::{Notice, NoticeKind, ReviewId};

impl SchoolState {
    fn state(&self) -> PlanState<'_> {
        PlanState { school: &self.loaded.school, progress: &self.progress }
    }

    fn reminder(&self, to: &str, notices: &[(&str, NoticeKind)]) -> Content {
        self.reminder_on(to, notices, (&self.now).into())
    }

    fn reminder_on(&self, to: &str, notices: &[(&str, NoticeKind)], occasion: ComposeOptions<'_>) -> Content {
        let school = &self.loaded.school;
        let recipient = self.person(to);
        let today = self.now.date();
        let notices: Vec<Notice> = notices
            .iter()
            .map(|(id, kind)| {
                let task = school.plan.tasks.iter().position(|task| task.id.as_str() == *id).unwrap();
                let task = Some(u32::try_from(task).unwrap());
                Notice { task, kind: *kind, recipient, day: today, on: today }
            })
            .collect();
        let revisions = HashMap::from([(TaskId::new("3.2"), 2)]);
        self.loaded.composer.reminder(self.state(), &revisions, recipient, &notices, occasion).unwrap()
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
    assert_eq!(told(&state, "Kế toán"), format!("{moved} | Tiến độ: đã báo 60% ngày 12/10/2023."));
    state.progress.add(
        TaskId::new("1.4"),
        ProgressEntry {
            by: Some("Kế toán".to_owned()), ..state.progress.latest(&TaskId::new("1.4")).unwrap().clone()
        },
    );
    assert_eq!(told(&state, "Kế toán"), format!("{moved} | Tiến độ: Thầy/Cô đã báo 60% ngày 12/10/2023."));
    assert_eq!(told(&state, "Nhân viên y tế"), format!("{moved} | Tiến độ: Kế toán đã báo 60% ngày 12/10/2023."));
}

#[test]
fn alerts_are_written_in_vietnamese_and_english() {
    let messages =
        vec![UndeliveredMessage { recipient: "Kế toán".to_owned(), reason: "550 no such person".to_owned() }];
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
    assert_eq!(events.len(), 4, "the task without a time has no event: {calendar}");
    let event = events.iter().find(|event| event.contains("Tiêu chí 3.2")).unwrap();
    for line in [
        "DTSTART;VALUE=DATE:20231031",
        "DTEND;VALUE=DATE:20231101",
        "SEQUENCE:2",
        "SUMMARY:Hạn: Tiêu chí 3.2 – Tu sửa toàn bộ bàn ghế cũ đảm bảo bàn ghế mới\\, đẹp.",
        "TRIGGER;RELATED=START:-PT61200S",
        "DTSTAMP:20231024T000000Z",
    ] {
        assert!(event.lines().any(|there| there == line), "{line} is not in {event}");
    }
    let uid = |calendar: &str| -> Vec<String> {
        calendar.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    let other_day =
        SchoolState::seed("en", "2023-11-07T07:00:00").reminder("Hiệu trưởng", &[("3.2", NoticeKind::Overdue(7))]);
    let again = uid(&other_day.calendar.unwrap());
    assert!(again.iter().all(|line| uid(&calendar).contains(line)), "{again:?}");
}
