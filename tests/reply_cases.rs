//! How answers of owners are read, against their right reading: what is recorded wrongly, passed over, settled at once, asked
//! about. `cargo test --test reply_cases -- --nocapture` prints the score by kind.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::{Date, date};
use nhacviec::calendar::SchoolYear;
use nhacviec::plan::{Status, TaskId};
use nhacviec::reply::{Answer, AnswerReading, Asked, AskedTask, Ours, Question, fresh, understand};

const TODAY: Date = date(2023, 11, 24);
const PEOPLE: [&str; 4] = ["Hiệu trưởng", "Phó Hiệu trưởng", "Tổ văn phòng", "Tổ trưởng chuyên môn"];

/// What is right to make of one task.
#[derive(Default)]
struct Right {
    statuses: Vec<String>,
    until: Option<String>,
    why: bool,
    /// The day of completion.
    on: Option<String>,
}

struct Case {
    kind: String,
    tasks: Vec<(String, Right)>,
    is_ambiguous: bool,
    text: String,
}

/// What became of an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Wrong,
    Ignored,
    Settled,
    Asked,
    /// Nothing was to be settled, and nothing was.
    Fine,
}

fn cases(table: &str) -> Vec<Case> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let [_, kind, reading, text] = row.splitn(4, " | ").collect::<Vec<_>>()[..] else { panic!("{row}") };
        let mut tasks: BTreeMap<String, Right> = BTreeMap::new();
        for word in reading.split(' ').filter(|word| *word != "may") {
            if let Some((task, until)) = word.split_once(":until=") {
                tasks.get_mut(task).unwrap().until = Some(until.to_owned());
            } else if let Some((task, on)) = word.split_once(":on=") {
                tasks.get_mut(task).unwrap().on = Some(on.to_owned());
            } else if let Some(task) = word.strip_suffix(":why") {
                tasks.get_mut(task).unwrap().why = true;
            } else {
                let (task, statuses) = word.split_once('=').unwrap();
                tasks.entry(task.to_owned()).or_default().statuses = statuses.split('/').map(str::to_owned).collect();
            }
        }
        Case {
            kind: kind.to_owned(),
            tasks: tasks.into_iter().collect(),
            is_ambiguous: reading.ends_with(" may"),
            text: text.replace("\\n", "\n"),
        }
    })
    .collect()
}

fn name(status: Status, percent: Option<u8>) -> String {
    let word = match status {
        Status::NotStarted => "not_started",
        Status::InProgress => "doing",
        Status::Done => "done",
        Status::Blocked => "blocked",
        Status::Cancelled => "cancelled",
    };
    percent.map_or(word.to_owned(), |percent| format!("{word}:{percent}"))
}

/// What a text says of some tasks, as the answer to a question.
fn read(text: &str, tasks: &[AskedTask], questions: &[Question]) -> Answer {
    let year =
        SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14), date(2024, 5, 25)], date(2024, 5, 31)).unwrap();
    let plan: Vec<TaskId> = ["1.3", "1.4", "1.5", "2.2", "3.1", "5.2"].into_iter().map(TaskId::new).collect();
    let people: Vec<String> = PEOPLE.iter().map(|name| (*name).to_owned()).collect();
    let asked = Asked { tasks, plan: &plan, people: &people, questions, year: &year, today: TODAY };
    match understand(&fresh(text, &Ours::default()), asked) {
        AnswerReading::Acknowledgement => Answer::default(),
        AnswerReading::Answer(answer) => answer,
    }
}

impl Case {
    fn judge(&self) -> (Outcome, String) {
        let asked: Vec<AskedTask> = self.tasks.iter().map(|(id, _)| task(id)).collect();
        let said = read(&self.text, &asked, &[]);
        let found = format!("{said:?}");
        let (mut is_wrong, mut is_settled) = (false, true);
        for (id, right) in &self.tasks {
            let report = said.reports.iter().find(|report| report.task.as_str() == id);
            let status = report.map_or("none".to_owned(), |report| name(report.status, report.percent));
            let bare = status.split(':').next().unwrap().to_owned();
            let is_right = right.statuses.iter().any(|right| *right == status || *right == bare);
            is_wrong |= !is_right && status != "none";
            // A day of completion is never guessed.
            let done_on = report.and_then(|report| report.done_on).map(|day| day.to_string()).unwrap_or_default();
            is_wrong |= !done_on.is_empty() && right.on.as_ref().is_some_and(|on| *on != done_on);
            is_settled &= right.on.as_ref().is_none_or(|on| *on == done_on);
            is_settled &= is_right;
            let wish = said.more_time.iter().find(|wish| wish.task.as_str() == id);
            let due = wish.map(|wish| wish.due.to_string());
            is_wrong |= due.is_some() && due != right.until;
            is_settled &= !(right.why && right.until.as_deref() != Some("?")) || due.is_some();
        }
        let has_said = !(said.reports.is_empty() && said.more_time.is_empty());
        let is_report =
            self.tasks.iter().any(|(_, right)| right.until.is_some() || !right.statuses.contains(&"none".to_owned()));
        let is_asked = !said.questions.is_empty() || said.person.is_some();
        let outcome = match () {
            () if is_wrong => Outcome::Wrong,
            () if is_report && !has_said && !is_asked => Outcome::Ignored,
            () if is_report && !self.is_ambiguous && is_settled && !is_asked => Outcome::Settled,
            () if is_report && !self.is_ambiguous => Outcome::Asked,
            () => Outcome::Fine,
        };
        (outcome, found)
    }
}

/// What the plan says of the tasks.
const WORDS: [(&str, &str); 3] = [
    ("1.4", "Kiểm tra sắp xếp lưu trữ hồ sơ khoa học, kịp thời"),
    ("3.1", "Sửa chữa và mua bổ sung đồ chơi ngoài trời cho học sinh"),
    ("5.2", "Bồi dưỡng đội ngũ giáo viên về công tác phụ đạo, bồi dưỡng nâng cao chất lượng học sinh"),
];

fn task(id: &str) -> AskedTask {
    let words = WORDS.iter().find(|(task, _)| *task == id).unwrap().1.to_owned();
    AskedTask { id: TaskId::new(id), criterion: Some(id.to_owned()), words, due: Some(date(2023, 11, 30)) }
}

/// Scores a table: so many were wrong, passed over, settled and asked about.
fn score(title: &str, table: &str) -> BTreeMap<Outcome, usize> {
    let mut kinds: BTreeMap<String, BTreeMap<Outcome, usize>> = BTreeMap::new();
    let mut all: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut told = String::new();
    for case in cases(table) {
        let (outcome, found) = case.judge();
        *kinds.entry(case.kind.clone()).or_default().entry(outcome).or_default() += 1;
        *all.entry(outcome).or_default() += 1;
        let word = match outcome {
            Outcome::Wrong => "WRONG",
            Outcome::Ignored => "IGNORED",
            Outcome::Asked => "asked",
            Outcome::Settled | Outcome::Fine => continue,
        };
        writeln!(told, "{word} {}: {:?}\n    {found}", case.kind, case.text).unwrap();
    }
    let line = |counts: &BTreeMap<Outcome, usize>| {
        let count = |outcome| counts.get(&outcome).copied().unwrap_or(0);
        let (settled, asked) = (count(Outcome::Settled), count(Outcome::Asked));
        let (wrong, ignored, fine) = (count(Outcome::Wrong), count(Outcome::Ignored), count(Outcome::Fine));
        format!("wrong {wrong}, ignored {ignored}, settled {settled} of {}, nothing to settle {fine}", settled + asked)
    };
    for (kind, counts) in &kinds {
        writeln!(told, "{kind:12} {}", line(counts)).unwrap();
    }
    println!("{told}{title}: {}", line(&all));
    all
}

#[test]
fn answers_are_recorded_rightly_or_asked_about() {
    let given = score("given", include_str!("replies/answers.txt"));
    let more = score("more", include_str!("replies/answers-more.txt"));
    let further = score("further", include_str!("replies/answers-further.txt"));
    for counts in [given, more, further] {
        let count = |outcome| counts.get(&outcome).copied().unwrap_or(0);
        assert!(count(Outcome::Wrong) <= 1, "recorded wrongly");
        assert_eq!(count(Outcome::Ignored), 0, "passed over");
        assert!(
            count(Outcome::Settled) * 100 >= 65 * (count(Outcome::Settled) + count(Outcome::Asked)),
            "asked too often"
        );
    }
}

/// Whether a text tells why 1.4 is to be extended to 15 December, and until when it is, where that was asked: the date and the
/// reason that are asked for, or nothing.
#[test]
fn an_answer_to_why_or_until_when_is_taken_only_where_it_is_one() {
    let why = Question::NoReason(TaskId::new("1.4"), date(2023, 12, 15));
    let when = Question::NoDate(TaskId::new("1.4"), Some("em ốm".to_owned()));
    let cases = [
        (&why, "vì thiếu người", "2023-12-15 thiếu người"),
        (&why, "Dạ lý do là máy scan hỏng ạ", "2023-12-15 máy scan hỏng"),
        (&why, "con em ốm", "2023-12-15 con em ốm"),
        (&why, "vì em nghỉ phép đến 10/12", "2023-12-15 em nghỉ phép đến 10/12"),
        (&why, "đến 20/12 vì thiếu người", "2023-12-20 thiếu người"),
        (&why, "thôi không cần lùi nữa ạ", ""),
        (&why, "em không xin lùi", ""),
        (&why, "em gửi lý do sau nhé", ""),
        (&why, "không có lý do gì", ""),
        (&why, "Em đã trả lời rồi mà", ""),
        (&why, "Em nói rồi", ""),
        (&why, "lý do em trình bày sau", ""),
        (&why, "không", ""),
        (&why, "1.4", ""),
        (&why, "à nhầm, đến 20/12", ""),
        (&when, "15/12", "2023-12-15 em ốm"),
        (&when, "Dạ khoảng 15/12 ạ", "2023-12-15 em ốm"),
        (&when, "thứ 6 tuần sau", "2023-12-01 em ốm"),
        (&when, "không phải 15/12", ""),
        (&when, "15/12 không kịp đâu", ""),
        (&when, "Ngày 15/12 em nghỉ", ""),
        (&when, "Em sinh ngày 15/12", ""),
        (&when, "15/12 hoặc 20/12", ""),
        (&when, "sau 15/12", ""),
    ];
    for (question, text, right) in cases {
        let said = read(text, &[task("1.4")], std::slice::from_ref(question));
        let asked_for: Vec<String> = said.more_time.iter().map(|wish| format!("{} {}", wish.due, wish.why)).collect();
        assert_eq!(asked_for.join("; "), right, "{text}: {said:?}");
        assert_eq!(right.is_empty(), !said.questions.is_empty(), "{text}: {said:?}");
    }
}
