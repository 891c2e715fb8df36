//! Conversations by mail from outside: what is not understood is asked about, the next answer is read as the answer to what
//! was asked, and what is still not clear reaches a person who settles it.
#![allow(clippy::unwrap_used)]

mod common;

use common::database::is_server;
use common::imap::{ImapServer, PASSWORD};
use common::reply::{Reply, inbox, mails};
use common::spoken::{alike, said, without_today};
use common::{Files, begun_today, day, plan_begun_today};
use jiff::civil::Date;
use mail_parser::{Message, MessageParser};
use serde_json::Value;

const LEAD: &str = "Phó Hiệu trưởng";
const ASKED: &str = "Cần làm rõ";
const TO_READ: &str = "Cần trả lời";
const PASSED_ON: &str = "Đã chuyển đến người phụ trách";

/// A school whose deputy has been reminded of some tasks in one mail, with a mailbox for answers.
struct Conversation {
    server: ImapServer,
    files: Files,
    reminder: String,
}

/// A mail of the program.
#[derive(Debug)]
struct Sent {
    id: String,
    subject: String,
    to: String,
    text: String,
    page: String,
}

impl Conversation {
    fn about(tasks: &[&str]) -> Self {
        Self::configured(tasks, |_| ())
    }

    fn configured(tasks: &[&str], configure: impl FnOnce(&Files)) -> Self {
        let server = ImapServer::start();
        let files = begun_today();
        files.add("channel.email.from", "\"nhacviec@school.example\"").append(&inbox(&server));
        configure(&files);
        files.secret("imap", PASSWORD);
        let remedies: Vec<String> = tasks.iter().map(|task| format!("Việc số {task}")).collect();
        let rows: Vec<_> = tasks.iter().zip(&remedies).map(|(task, remedy)| (*task, remedy.as_str(), LEAD)).collect();
        files.write("plan.toml", &plan_begun_today(&rows));
        std::fs::create_dir(files.path("outbox")).unwrap();
        files.program(&["run", "--once"]).assert().success();
        let conversation = Self { server, files, reminder: String::new() };
        let sent = conversation.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        Self { reminder: sent[0].id.clone(), ..conversation }
    }

    /// Every mail of the program so far.
    fn sent(&self) -> Vec<Sent> {
        let all = mails(&self.files.path("outbox"));
        let read = |bytes: &Vec<u8>| {
            let mail: Message<'_> = MessageParser::default().parse(bytes).unwrap();
            Sent {
                id: mail.message_id().unwrap().to_owned(),
                subject: mail.subject().unwrap().to_owned(),
                to: mail.to().unwrap().first().unwrap().address().unwrap().to_owned(),
                text: mail.body_text(0).unwrap().into_owned(),
                page: mail.body_html(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
            }
        };
        all.iter().map(read).collect()
    }

    /// The mails whose subject has these words.
    fn about_subject(&self, words: &str) -> Vec<Sent> {
        self.sent().into_iter().filter(|mail| mail.subject.contains(words)).collect()
    }

    /// The deputy answers a mail of the program, and the program reads it.
    fn answer(&self, to: &str, text: &str) {
        self.put(&Reply { to, text, ..Reply::default() });
    }

    fn put(&self, reply: &Reply<'_>) {
        self.server.put(&reply.bytes());
        self.files.program(&["run", "--once"]).assert().success();
    }

    /// The only question that has gone back.
    fn question(&self) -> Sent {
        let mut asked = self.about_subject(ASKED);
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }

    /// The lines of `status` of a type.
    fn lines(&self, kind: &str) -> Vec<Value> {
        self.files.lines(&["status"]).into_iter().filter(|line| line["type"] == kind).collect()
    }

    /// The status of each task.
    fn statuses(&self) -> Vec<String> {
        self.lines("task").iter().map(|task| task["status"].as_str().unwrap().to_owned()).collect()
    }
}

/// A date as people write it, later than any task is due.
fn later() -> (Date, String) {
    let later = day(90);
    (later, later.strftime("%d/%m/%Y").to_string())
}

/// A text in which nothing depends on the day.
fn timeless(text: &str, id: &str) -> String {
    let due = day(60);
    let english = |date: Date| date.strftime("%-d %B %Y").to_string();
    let text = text.replace(&due.strftime("%d/%m/%Y").to_string(), "[due]").replace(&english(due), "[due]");
    if id.is_empty() { text } else { text.replace(id, "[id]") }
}

#[test]
fn all_three_are_meant() {
    let talk = Conversation::about(&["1.4", "1.5", "3.1"]);
    talk.answer(&talk.reminder, "Đã xong ạ");
    assert_eq!(talk.statuses(), ["not_started"; 3]);
    talk.answer(&talk.question().id, "Dạ cả ba ạ");
    assert_eq!(talk.statuses(), ["done"; 3]);
    assert_eq!(talk.lines("answer"), [] as [Value; 0]);
}

#[test]
fn done_is_a_word_for_one_period_of_recurring_work() {
    let recurring = |files: &Files| {
        files.append("[task.\"1.4\"]\nrecurring = \"month\"\n");
    };
    let talk = Conversation::configured(&["1.4"], recurring);
    talk.answer(&talk.reminder, "Đã xong ạ");
    let shown = talk.lines("task").remove(0);
    assert_eq!(shown["status"], "in_progress");
    assert_eq!(shown["attested"], serde_json::json!([day(0).strftime("%Y-%m").to_string()]));
}

#[test]
fn one_of_three_is_meant() {
    let talk = Conversation::about(&["1.4", "1.5", "3.1"]);
    talk.answer(&talk.reminder, "Được 60%");
    talk.answer(&talk.question().id, "1.4");
    assert_eq!(talk.statuses(), ["in_progress", "not_started", "not_started"]);
    assert_eq!(talk.lines("task")[0]["percent"], 60);
    assert_eq!(talk.lines("answer"), [] as [Value; 0]);
}

#[test]
fn which_and_until_when_and_why_follow_each_other() {
    let talk = Conversation::about(&["1.4", "1.5"]);
    let (due, written) = later();
    talk.answer(&talk.reminder, "Em xin lùi ạ");
    let asked = |what: &str| {
        let mut asked = talk.about_subject(ASKED);
        asked.retain(|mail| mail.text.contains(what));
        assert_eq!(asked.len(), 1, "{what}: {asked:?}");
        asked.remove(0).id
    };
    talk.answer(&asked("“Em xin lùi ạ” là nói về việc nào?"), "1.5");
    talk.answer(&asked("việc 1.5: xin lùi đến ngày nào?"), &format!("Đến {written}"));
    talk.answer(&asked(&format!("việc 1.5: xin cho biết lý do lùi đến {written}")), "Tủ hồ sơ chưa về");
    let requests = talk.lines("request");
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0]["task"].as_str(), requests[0]["due"].as_str()), (Some("1.5"), Some(&*due.to_string())));
    assert_eq!(requests[0]["why"], "Tủ hồ sơ chưa về");
    assert_eq!(talk.lines("answer"), [] as [Value; 0]);
}

#[test]
fn a_reason_that_was_told_before_the_date_is_kept() {
    let talk = Conversation::about(&["1.4"]);
    let (due, written) = later();
    talk.answer(&talk.reminder, "Đang làm 60%, em xin lùi thêm vì tủ hồ sơ chưa về");
    let question = talk.question();
    assert!(question.text.contains("đang thực hiện, đạt 60%"), "{}", question.text);
    assert!(question.text.contains("xin lùi đến ngày nào?"), "{}", question.text);
    talk.answer(&question.id, &format!("{written} ạ"));
    let request = talk.lines("request").remove(0);
    assert_eq!((request["due"].as_str(), request["why"].as_str()), (Some(&*due.to_string()), Some("tủ hồ sơ chưa về")));
    assert_eq!(talk.lines("task")[0]["percent"], 60);
    talk.question();
}

#[test]
fn what_is_not_clear_twice_reaches_a_person_who_settles_it() {
    let talk = Conversation::about(&["1.4"]);
    talk.answer(&talk.reminder, "Em sẽ làm ạ");
    talk.answer(&talk.question().id, "Cứ để em lo, chắc cũng sắp");
    talk.question();
    let open = talk.lines("answer");
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["by"], LEAD);
    assert_eq!(open[0]["tasks"], serde_json::json!(["1.4"]));
    assert_eq!(open[0]["text"], "Cứ để em lo, chắc cũng sắp");
    assert_eq!(open[0]["why"], "unclear");
    assert!(open[0]["at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    let id = open[0]["id"].as_str().unwrap();
    // The admin and the superior have the text, the writer knows; each once.
    let mut told: Vec<Sent> = talk.about_subject(TO_READ);
    told.sort_by(|one, other| one.to.cmp(&other.to));
    let to: Vec<&str> = told.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["hieu-truong@school.example", "quan-tri@school.example"]);
    assert!(told.iter().all(|mail| mail.text.contains("Cứ để em lo, chắc cũng sắp")), "{told:?}");
    let passed = talk.about_subject(PASSED_ON);
    assert_eq!(passed.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["pho@school.example"]);
    let shown = [&told[0], &told[1], &passed[0]].map(|mail| format!("{}\n\n{}", mail.subject, mail.text));
    insta::assert_snapshot!("person_vi", timeless(&shown.join("\n----\n"), &id[..8]));
    // It is listed and shown until it is settled.
    let files = &talk.files;
    assert_eq!(files.lines(&["answers", "list"]).len(), 1);
    assert!(files.output(&["answers", "list"]).contains("Cứ để em lo"));
    assert!(files.output(&["answers", "show", &id[..8]]).contains("\nCứ để em lo, chắc cũng sắp\n"));
    assert!(files.output(&["status"]).contains("answers that wait for a person"));
    files.program(&["answers", "settle", "ffff"]).assert().failure();
    let said = files.output(&["answers", "settle", &id[..8], "--status", "in_progress", "--percent", "30"]);
    assert!(said.contains("1.4: in_progress"), "{said}");
    assert_eq!(talk.lines("answer"), [] as [Value; 0]);
    let line = talk.lines("task").remove(0);
    assert_eq!((line["status"].as_str(), line["percent"].as_i64()), (Some("in_progress"), Some(30)));
    let reports = files.lines(&["history", "1.4"]);
    let report = reports.iter().find(|line| line["type"] == "progress").unwrap();
    assert_eq!(report["by"], LEAD);
    // A second time nothing happens.
    files.program(&["answers", "settle", &id[..8], "--status", "done"]).assert().failure();
    assert_eq!(talk.statuses(), ["in_progress"]);
    assert_eq!(files.output(&["answers", "list"]), "no answer waits for a person\n");
    assert_eq!(files.lines(&["answers", "show", id]).len(), 1);
}

#[test]
fn a_question_and_a_wish_to_hand_over_reach_a_person_at_once() {
    for (text, why) in [("Phải nộp những gì ạ?", "question"), ("Việc này không phải của em", "hand_over")]
    {
        let talk = Conversation::about(&["1.4", "1.5"]);
        talk.answer(&talk.reminder, text);
        assert_eq!(talk.about_subject(ASKED).len(), 0, "{text}");
        let open = talk.lines("answer");
        assert_eq!((open.len(), open[0]["why"].as_str()), (1, Some(why)), "{text}");
        assert_eq!(talk.about_subject(TO_READ).len(), 2, "{text}");
        // The next one is kept as well, and the writer not told again; what is clear is taken.
        talk.answer(&talk.about_subject(PASSED_ON)[0].id, "Em hỏi lại: nộp ở đâu ạ?");
        talk.answer(&talk.about_subject(PASSED_ON)[0].id, "1.4 xong rồi ạ");
        assert_eq!(talk.about_subject(PASSED_ON).len(), 1, "{text}");
        assert_eq!(talk.lines("answer").len(), 2, "{text}");
        assert_eq!(talk.statuses(), ["done", "not_started"], "{text}");
        // Closed without a report, nothing is reported; with several tasks one must be named.
        let id = |place: usize| talk.lines("answer")[place]["id"].as_str().unwrap().to_owned();
        talk.files.output(&["answers", "settle", &id(0)]);
        let refused = talk.files.program(&["answers", "settle", &id(0), "--status", "blocked"]).assert().failure();
        let complaint = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(complaint.contains("--task: 1.4, 1.5"), "{complaint}");
        talk.files.output(&["answers", "settle", &id(0), "--status", "blocked", "--task", "1.5", "--note", "chờ tủ"]);
        assert_eq!(talk.statuses(), ["done", "blocked"], "{text}");
    }
}

#[test]
fn an_answer_that_waits_is_shown_and_settled_in_both_languages() {
    let question = "Phải nộp những gì ạ?";
    let printed = ["en", "vi"].map(|language| {
        let talk = Conversation::about(&["1.4"]);
        talk.answer(&talk.reminder, question);
        let id = talk.lines("answer")[0]["id"].as_str().unwrap().to_owned();
        let commands: [&[&str]; 5] = [
            &["answers", "list"],
            &["answers", "show", &id],
            &["answers", "settle", &id, "--status", "blocked", "--by", "Hiệu trưởng"],
            &["answers", "show", &id],
            &["answers", "list"],
        ];
        commands.map(|command| said(&talk.files, language, command).replace(&id, "[id]").replace(&id[..8], "[id]"))
    });
    let [english, vietnamese] = &printed;
    for (one, other) in english.iter().zip(vietnamese) {
        assert_eq!(alike(one, other, &format!("{question} {LEAD} Hiệu trưởng")), [] as [String; 0], "{other}");
    }
    let mut settings = without_today();
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", "[moment]");
    settings.bind(|| {
        insta::assert_snapshot!("answers_printed_en", english.concat());
        insta::assert_snapshot!("answers_printed_vi", vietnamese.concat());
    });
}

#[test]
fn what_was_understood_beside_a_question_is_kept() {
    let talk = Conversation::about(&["1.4", "1.5"]);
    talk.answer(&talk.reminder, "1.4 đã xong.\n1.5 thì phải nộp những gì ạ?");
    assert_eq!(talk.statuses(), ["done", "not_started"]);
    assert_eq!(talk.lines("answer").len(), 1);
    let passed = &talk.about_subject(PASSED_ON)[0].text;
    assert!(passed.contains("* việc 1.4: đã hoàn thành"), "{passed}");
}

#[test]
fn the_next_review_counts_the_answers_that_wait() {
    let talk = Conversation::about(&["1.4"]);
    let review = || talk.files.output(&["review", "term-1"]);
    assert!(!review().contains("chưa được xử lý"), "{}", review());
    talk.answer(&talk.reminder, "Phải nộp những gì ạ?");
    assert!(review().contains("Còn 1 thư trả lời chưa được xử lý"), "{}", review());
    let id = talk.lines("answer")[0]["id"].as_str().unwrap().to_owned();
    talk.files.output(&["answers", "settle", &id]);
    assert!(!review().contains("chưa được xử lý"), "{}", review());
}

#[test]
fn files_wait_for_the_task_that_is_asked_for() {
    let with_files = |talk: &Conversation| {
        let mail = std::fs::read_to_string("tests/replies/apple-with-files.eml").unwrap();
        talk.server.put(mail.replace("{{id}}", &talk.reminder).replace('\n', "\r\n").as_bytes());
        talk.files.program(&["run", "--once"]).assert().success();
        assert!(!talk.files.output(&["evidence", "list"]).contains("bien-ban.pdf"));
    };
    let talk = Conversation::about(&["1.4", "1.5"]);
    with_files(&talk);
    talk.answer(&talk.question().id, "1.5 xong ạ");
    assert_eq!(talk.statuses(), ["not_started", "done"]);
    let listed = talk.files.output(&["evidence", "list", "--task", "1.5"]);
    assert!(listed.contains("bien-ban.pdf"), "{listed}");
    // Whose they are is not said: a person hears of them.
    let talk = Conversation::about(&["1.4", "1.5"]);
    with_files(&talk);
    talk.answer(&talk.question().id, "1.4 và 1.5 xong ạ");
    assert_eq!(talk.statuses(), ["done", "done"]);
    let open = talk.lines("answer");
    assert!(open[0]["text"].as_str().unwrap().contains("bien-ban.pdf"), "{open:?}");
}

#[test]
fn what_stands_under_an_answer_is_no_part_of_it() {
    let signatures = [
        "Nguyễn Thị Lan\nTổ trưởng tổ 4\nĐịa chỉ: thôn 3, xã Thanh Hưng",
        "Cô Chi",
        "Chi bộ trường Tiểu học Thanh Hưng",
        "--\nPhạm Thị Chi | Tổ văn phòng | ĐT: 0912 345 678",
        "Trân trọng,\nLê Thị Hạnh\n\"Dạy tốt - Học tốt\"",
    ];
    for signature in signatures {
        let talk = Conversation::about(&["1.4"]);
        talk.answer(&talk.reminder, &format!("Đã xong.\n{signature}"));
        assert_eq!(talk.statuses(), ["done"], "{signature}");
        assert_eq!((talk.about_subject(ASKED).len(), talk.lines("answer").len()), (0, 0), "{signature}");
    }
}

#[test]
fn the_day_of_completion_that_an_answer_names_is_kept() {
    let written = |days: i64| day(days).strftime("%d/%m/%Y").to_string();
    let late = |files: &Files| {
        files.append(&format!("[task.\"1.4\"]\nstart = {}\ndue = {}\n", day(-9), day(-4)));
    };
    let cases = [
        (format!("Đã xong từ {} ạ", written(-5)), Some(-5), false),
        (format!("Đã xong.\nThời gian: {}", written(-3)), Some(-3), true),
        ("Em xong từ hôm qua ạ".to_owned(), Some(-1), true),
        // Not clear, or not before today: it was done today.
        ("Đã xong lâu rồi ạ".to_owned(), None, true),
        ("Đã xong ạ".to_owned(), None, true),
    ];
    for (text, on, is_late) in cases {
        let talk = Conversation::configured(&["1.4"], late);
        talk.answer(&talk.reminder, &text);
        assert_eq!(talk.statuses(), ["done"], "{text}");
        let history = talk.files.lines(&["history", "1.4"]);
        let report = history.iter().find(|line| line["type"] == "progress").unwrap();
        assert_eq!(report["done_on"].as_str().map(str::to_owned), on.map(|days| day(days).to_string()), "{text}");
        // The writer sees how it was understood.
        let thanks = &talk.about_subject("Cảm ơn")[0].text;
        assert_eq!(thanks.contains("(ngày "), on.is_some(), "{text}: {thanks}");
        let review = talk.files.output(&["review", "year"]);
        assert_eq!(review.contains("sau hạn"), is_late, "{text}: {review}");
    }
    // A day to come is no day of completion.
    let talk = Conversation::configured(&["1.4"], late);
    talk.answer(&talk.reminder, &format!("Hoàn thành ngày {}", written(3)));
    assert_eq!(talk.statuses(), ["not_started"]);
    talk.question();
}

#[test]
fn politeness_reaches_nobody() {
    let talk = Conversation::about(&["1.4", "1.5"]);
    talk.answer(&talk.reminder, "Vâng ạ, em cảm ơn");
    assert_eq!((talk.sent().len(), talk.lines("answer").len()), (1, 0));
}

#[test]
fn words_behind_thanks_that_are_not_understood_reach_a_person() {
    let talk = Conversation::about(&["1.4"]);
    talk.answer(&talk.reminder, "Đã xong");
    let thanks = talk.about_subject("Cảm ơn").remove(0);
    talk.answer(&thanks.id, "Cảm ơn nhà trường ạ");
    assert_eq!(talk.lines("answer").len(), 0);
    talk.answer(&thanks.id, "Hồ sơ em để trên bàn thầy Nam");
    assert_eq!((talk.about_subject(ASKED).len(), talk.lines("answer").len()), (0, 1));
    assert_eq!(talk.statuses(), ["done"]);
}

/// The addresses of a page that begin so.
fn addresses(page: &str, start: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let links = links.map(|link| link.replace("&amp;", "&").replace("&#x2f;", "/"));
    links.filter(|link| link.starts_with(start)).collect()
}

#[test]
fn a_ready_answer_is_taken() {
    let talk = Conversation::about(&["1.4", "1.5"]);
    talk.answer(&talk.reminder, "Em sẽ làm ạ");
    let question = talk.question();
    insta::assert_snapshot!("question_vi", timeless(&question.text, ""));
    let ready = addresses(&question.page, "mailto:");
    assert_eq!(ready.len(), 6, "{ready:?}");
    let sent_as = |link: &str| -> (String, String) {
        let address = url::Url::parse(link).unwrap();
        assert_eq!(address.path(), "inbox@school.example");
        let value = |name: &str| address.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
        (value("subject"), value("body"))
    };
    let bodies: Vec<String> = ready.iter().map(|link| sent_as(link).1).collect();
    assert_eq!(bodies, ["1.4 xong", "1.4 đang làm", "1.4 vướng: ", "1.5 xong", "1.5 đang làm", "1.5 vướng: "]);
    // A programme for mail opens a new one: its subject says what it answers.
    for (link, more) in [(&ready[0], ""), (&ready[5], "chưa có tủ")] {
        let (subject, body) = sent_as(link);
        talk.put(&Reply { subject: &subject, text: &format!("{body}{more}"), ..Reply::default() });
    }
    assert_eq!(talk.statuses(), ["done", "blocked"]);
    let overview = addresses(&question.page, "http");
    assert_eq!(overview, [] as [String; 0]);
}

#[test]
fn with_pages_a_question_has_the_buttons_of_the_reminder() {
    let site = "[web]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://nhacviec.school.example\"\n";
    let talk = Conversation::configured(&["1.4", "1.5"], |files| {
        files.append(site);
    });
    talk.answer(&talk.reminder, "Em sẽ làm ạ");
    let question = talk.question();
    let buttons = addresses(&question.page, "https://nhacviec.school.example/");
    let asks: Vec<&str> = buttons.iter().filter_map(|link| link.split("?s=").nth(1)).collect();
    assert_eq!(asks, ["done", "in_progress", "blocked", "done", "in_progress", "blocked"]);
    assert_eq!(addresses(&question.page, "mailto:"), [] as [String; 0]);
    assert_eq!(question.text.matches("https://nhacviec.school.example/").count(), 2);
    // An address that words run into leads nowhere.
    let links: Vec<&str> = question.text.lines().filter(|line| line.contains("https://")).collect();
    assert!(links.iter().all(|line| line.starts_with("  Báo tiến độ: https://") && !line.contains('*')), "{links:?}");
    // Until when and why: the form for that, with what is known.
    let talk = Conversation::configured(&["1.4"], |files| {
        files.append(site);
    });
    let (due, written) = later();
    talk.answer(&talk.reminder, &format!("Xin lùi đến {written}"));
    let buttons = addresses(&talk.question().page, "https://nhacviec.school.example/a/");
    assert_eq!(buttons.len(), 1, "{buttons:?}");
    assert!(buttons[0].ends_with(&format!("?t=1&due={due}#time")), "{buttons:?}");
}

#[test]
fn conversations_in_english() {
    let talk = Conversation::configured(&["1.4", "1.5"], |files| {
        files.add("language", "\"en\"");
    });
    talk.answer(&talk.reminder, "Đã xong");
    let question = talk.about_subject("Please clarify").remove(0);
    talk.answer(&question.id, "Which of them do you want?");
    let id = talk.lines("answer")[0]["id"].as_str().unwrap()[..8].to_owned();
    let mut told: Vec<Sent> = talk.sent();
    told.retain(|mail| mail.id != question.id && mail.id != talk.reminder);
    told.sort_by(|one, other| one.to.cmp(&other.to));
    let shown = [&question].into_iter().chain(&told).map(|mail| format!("{}\n\n{}", mail.subject, mail.text));
    insta::assert_snapshot!("conversation_en", timeless(&shown.collect::<Vec<_>>().join("\n----\n"), &id));
    assert_eq!(addresses(&question.page, "mailto:").len(), 6);
}

#[tokio::test]
async fn a_store_of_before_opens_and_its_questions_are_read() {
    use sqlx::Connection;

    // Every earlier version kept its store in a file.
    if is_server() {
        return;
    }
    let talk = Conversation::about(&["1.4", "1.5"]);
    talk.answer(&talk.reminder, "Đã xong ạ");
    // As the program wrote it before it kept what was said.
    let mut database = talk.files.database().await;
    for statement in [
        "UPDATE message SET alert = replace(alert, '{\"open\":\"which\",\"said\":\"Đã xong ạ\"}', '{\"open\":\"which\"}')",
        "DROP TABLE open_answer",
        "ALTER TABLE message DROP COLUMN rendered_at",
        "ALTER TABLE message DROP COLUMN due_at",
        "ALTER TABLE progress DROP COLUMN effect",
        "ALTER TABLE progress DROP COLUMN leads",
        "ALTER TABLE progress DROP COLUMN done_on",
        "DROP TABLE unread_mail",
        "DROP TABLE review",
        "DROP TABLE worker",
        "DROP TABLE attestation",
        "DROP INDEX notice_of_review",
        "DROP INDEX notice_of_self_check",
        "DROP INDEX plan_task_moved",
        "ALTER TABLE plan_change DROP COLUMN said_before",
        "ALTER TABLE organisation DROP COLUMN epoch",
        "ALTER TABLE organisation DROP COLUMN owner",
        "DELETE FROM _sqlx_migrations WHERE version >= 16",
    ] {
        let changed = sqlx::query(statement).execute(&mut database).await.unwrap();
        assert!(!statement.starts_with("UPDATE") || changed.rows_affected() > 0);
    }
    database.close().await.unwrap();
    talk.answer(&talk.question().id, "1.4");
    assert_eq!(talk.statuses(), ["not_started"; 2]);
    assert_eq!(talk.lines("answer").len(), 1);
}
