//! What owners answer: what their words mean, what of a mail is new, who may answer, and what is no answer at all.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use nhacviec::calendar::SchoolYear;
use nhacviec::plan::{Status, TaskId};
use nhacviec::reply::{
    Answer, AnswerReading, Asked, AskedTask, Bounce, Kind, Mail, Ours, Question, ReportedStatus, fresh, understand,
};
use proptest::prelude::*;

/// What an answer says, in one line: `1.4 done; 3.1 in_progress 50; ?Nothing; !HandOver`, or `ack`.
fn shown(reading: &AnswerReading) -> String {
    let AnswerReading::Answer(answer) = reading else { return "ack".to_owned() };
    let reports = answer.reports.iter().map(|report| {
        let percent = report.percent.map(|percent| format!(" {percent}")).unwrap_or_default();
        let note = report.note.as_ref().map(|note| format!(" «{note}»")).unwrap_or_default();
        let all = if report.for_all { " for all" } else { "" };
        let on = report.done_on.map(|day| format!(" on {day}")).unwrap_or_default();
        format!("{} {}{percent}{on}{note}{all}", report.task.as_str(), report.status)
    });
    let wishes =
        answer.more_time.iter().map(|wish| format!("{} until {} «{}»", wish.task.as_str(), wish.due, wish.why));
    let questions = answer.questions.iter().map(|question| match question {
        Question::NotAsked(task) => format!("?NotAsked({task})"),
        Question::NoDate(task, _) => format!("?NoDate({})", task.as_str()),
        Question::Which(_) => "?Which".to_owned(),
        Question::NotLater(task, due, _) => format!("?NotLater({}, {due})", task.as_str()),
        question => format!("?{question:?}"),
    });
    let person = answer.person.iter().map(|matter| format!("!{matter:?}"));
    let line = reports.chain(wishes).chain(questions).chain(person).collect::<Vec<_>>().join("; ");
    line.replace("TaskId(\"", "").replace("\")", "")
}

const TODAY: Date = date(2023, 11, 20);

fn year() -> SchoolYear {
    SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14), date(2024, 5, 25)], date(2024, 5, 31)).unwrap()
}

/// What the plan says of a task.
fn words(id: &str) -> &'static str {
    match id {
        "1.4" => "Kiểm tra sắp xếp lưu trữ hồ sơ khoa học, kịp thời",
        "1.5" => "Bổ sung thiết bị dạy học khối 4",
        "3.1" => "Sửa chữa và mua bổ sung đồ chơi ngoài trời cho học sinh",
        _ => "",
    }
}

fn task(id: &str, due: Date) -> AskedTask {
    let words = words(id).to_owned();
    AskedTask { id: TaskId::new(id), criterion: Some(id.to_owned()), words, due: Some(due) }
}

fn read_on(today: Date, text: &str, tasks: &[&str], questions: &[Question]) -> AnswerReading {
    let asked: Vec<AskedTask> = tasks.iter().map(|id| task(id, today.saturating_add(4.days()))).collect();
    let plan: Vec<TaskId> = ["1.4", "1.5", "1.6", "2.2", "3.1", "M4.3", "7"].into_iter().map(TaskId::new).collect();
    let people = ["Phó Hiệu trưởng".to_owned(), "Tổ văn phòng".to_owned()];
    let year = year();
    understand(text, Asked { tasks: &asked, plan: &plan, people: &people, questions, year: &year, today })
}

fn read(text: &str, tasks: &[&str]) -> AnswerReading {
    read_on(TODAY, text, tasks, &[])
}

/// What an answer says, where it is more than an acknowledgement.
fn answer(text: &str, tasks: &[&str]) -> Answer {
    match read(text, tasks) {
        AnswerReading::Acknowledgement => Answer::default(),
        AnswerReading::Answer(answer) => answer,
    }
}

fn table(tasks: &[&str], cases: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = shown(&read(text, tasks));
        if found != *expected {
            writeln!(wrong, "{text:?}\n  expected {expected}\n  found    {found}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
fn one_task_is_done_going_on_or_stuck() {
    table(
        &["1.4"],
        &[
            ("xong", "1.4 done"),
            ("Xong.", "1.4 done"),
            ("đã xong", "1.4 done"),
            ("da xong", "1.4 done"),
            ("ĐÃ XONG!", "1.4 done"),
            ("DA XONG", "1.4 done"),
            ("Đã hoàn thành", "1.4 done"),
            ("đã hòan thành", "1.4 done"),
            ("hoàn thành rồi", "1.4 done"),
            ("Dạ em hoàn thành rồi ạ", "1.4 done"),
            ("xong rồi nhé", "1.4 done"),
            ("Đã làm xong", "1.4 done"),
            ("Em đã thực hiện xong việc này ạ.", "1.4 done"),
            ("done", "1.4 done"),
            ("It is done now", "1.4 done"),
            ("100%", "1.4 done"),
            ("đã đạt 100%", "1.4 done"),
            ("việc 1.4: xong", "1.4 done"),
            ("1.4 xong", "1.4 done"),
            ("Tiêu chí 1.4 đã xong", "1.4 done"),
            ("Không gặp khó khăn gì, đã hoàn thành", "1.4 done «Không gặp khó khăn gì, đã hoàn thành»"),
            ("Không gặp khó khăn gì đã hoàn thành", "?Unclear(1.4)"),
            ("tuy khó khăn nhưng đã xong", "1.4 done «tuy khó khăn nhưng đã xong»"),
            ("chưa xong", "1.4 in_progress"),
            ("Vẫn chưa xong ạ", "1.4 in_progress"),
            ("chưa làm xong", "1.4 in_progress"),
            ("không xong", "1.4 in_progress"),
            ("ko xong", "1.4 in_progress"),
            ("chưa hoàn thành", "1.4 in_progress"),
            ("chua hoan thanh", "1.4 in_progress"),
            ("not done yet", "1.4 in_progress"),
            ("we haven't finished", "1.4 in_progress"),
            ("chưa làm", "1.4 not_started"),
            ("chưa bắt đầu", "1.4 not_started"),
            ("em chưa thực hiện", "1.4 not_started"),
            ("đang làm", "1.4 in_progress"),
            ("đang làm 60%", "1.4 in_progress 60"),
            ("dang lam 60 %", "1.4 in_progress 60"),
            ("được 60 %", "1.4 in_progress 60"),
            ("khoảng 60 phần trăm", "1.4 in_progress 60"),
            ("60%", "1.4 in_progress 60"),
            ("60% ạ", "1.4 in_progress 60"),
            ("Đã hoàn thành 60%", "1.4 in_progress 60"),
            ("Đã xong 60% khối lượng công việc", "1.4 in_progress 60"),
            ("chưa xong, mới được 60%", "1.4 in_progress 60"),
            ("62,5%", "1.4 in_progress 62"),
            ("mới xong một phần", "1.4 in_progress"),
            ("được một nửa rồi", "1.4 in_progress 50"),
            ("sắp xong", "1.4 in_progress"),
            ("gần xong rồi", "1.4 in_progress"),
            ("đang hoàn thành", "1.4 in_progress"),
            ("mới bắt đầu", "1.4 in_progress"),
            ("vướng: chưa có kinh phí", "1.4 blocked «chưa có kinh phí»"),
            ("Vướng, chưa có kinh phí", "1.4 blocked «chưa có kinh phí»"),
            ("VUONG: CHUA CO KINH PHI", "1.4 blocked «CHUA CO KINH PHI»"),
            ("chưa có kinh phí", "1.4 blocked «chưa có kinh phí»"),
            ("gặp khó khăn vì thiếu giáo viên, trời mưa", "1.4 blocked «thiếu giáo viên, trời mưa»"),
            ("Đang làm 60%, vướng kinh phí", "1.4 blocked 60 «kinh phí»"),
            ("vướng", "1.4 blocked"),
            ("blocked: no paper", "1.4 blocked «no paper»"),
        ],
    );
}

#[test]
fn what_is_not_clear_is_never_guessed() {
    table(
        &["1.4"],
        &[
            ("", "?Nothing"),
            ("Dạ vâng ạ", "ack"),
            ("Đã nhận được thư", "ack"),
            ("ok", "ack"),
            ("60", "?Nothing"),
            ("xong chưa?", "!Question"),
            ("đã xong chưa ạ", "?Unclear(1.4)"),
            ("sẽ xong trong tuần này", "?Unclear(1.4)"),
            ("tuần sau xong", "?Unclear(1.4)"),
            ("mai xong", "?Unclear(1.4)"),
            ("dự kiến hoàn thành cuối tháng", "?Unclear(1.4)"),
            ("khi nào xong em báo", "?Unclear(1.4)"),
            ("hoàn thành hồ sơ minh chứng", "?Unclear(1.4)"),
            ("còn 40%", "?Unclear(1.4)"),
            ("60% học sinh đã xong", "?Unclear(1.4)"),
            ("tỷ lệ học sinh đạt 95%", "?Unclear(1.4)"),
            ("50-60%", "?Unclear(1.4)"),
            ("160%", "?Nothing"),
            ("chưa được 60%", "?Unclear(1.4)"),
            ("đã xong 5/6 nội dung", "?Unclear(1.4)"),
            ("Đã xong. Chưa xong.", "?Unclear(1.4)"),
            ("đã xong phần hồ sơ nhưng vướng kinh phí", "?Unclear(1.4)"),
            ("đã xong nhưng vướng kinh phí", "?Unclear(1.4)"),
            ("1.5 xong", "?NotAsked(1.5)"),
            ("1.4 và 1.5 đã xong", "1.4 done; ?NotAsked(1.5)"),
            ("1.4, 1.5 đã xong", "1.4 done; ?NotAsked(1.5)"),
            ("1.5, đã xong", "?NotAsked(1.5)"),
            ("1.5. Đã xong", "?NotAsked(1.5)"),
            ("1.5 đang làm, đã được 100%", "?NotAsked(1.5)"),
            ("Đã xong. Xin lùi đến 15/12 vì mưa", "?Unclear(1.4)"),
            ("Xong nhiều rồi ạ", "?Unclear(1.4)"),
            ("Lâu mới xong", "?Unclear(1.4)"),
            ("Ngày hoàn thành", "?Nothing"),
            ("Em đang làm việc khác", "?Unclear(1.4)"),
            ("Em đang xử lý việc riêng", "?Unclear(1.4)"),
            ("Em hết tiền điện thoại rồi", "?Nothing"),
            ("Cả tổ đã xong ạ", "1.4 done for all"),
            ("Tất cả giáo viên đã xong", "1.4 done for all"),
            ("việc 9.9 xong", "?Unclear(1.4)"),
            ("chùa xong", "?Unclear(1.4)"),
        ],
    );
}

#[test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
fn teachers_are_understood_as_they_write_or_asked() {
    table(
        &["1.4"],
        &[
            ("Da xong a", "1.4 done"),
            ("em làm xong rồi ạ", "1.4 done"),
            ("xog r ạ", "1.4 done"),
            ("xong rùi nha cô", "1.4 done"),
            ("Xong ạ 👍", "1.4 done"),
            ("✅ Xong", "1.4 done"),
            ("Hoàn thành tốt", "1.4 done"),
            ("Đã hoàn thành 100% kế hoạch", "1.4 done"),
            ("đã xong ngày 15/11", "1.4 done on 2023-11-15 «đã xong ngày 15/11»"),
            ("hôm nay xong", "?Unclear(1.4)"),
            ("Đã xong ạ. Tuần sau em gửi minh chứng", "1.4 done «Đã xong ạ. Tuần sau em gửi minh chứng»"),
            ("đã triển khai xong", "1.4 done"),
            ("e đang làm được khoảng 60%", "1.4 in_progress 60"),
            ("hơn 60%", "1.4 in_progress 60"),
            ("80% rồi ạ", "1.4 in_progress 80"),
            ("đang hoàn thiện hồ sơ, khoảng 90%", "1.4 in_progress 90"),
            ("đang chờ duyệt", "?Unclear(1.4)"),
            ("cơ bản đã hoàn thành", "1.4 in_progress"),
            ("gần như xong", "1.4 in_progress"),
            ("phần của em xong rồi", "?Unclear(1.4)"),
            ("đã xong hết trừ phòng máy", "?Unclear(1.4)"),
            ("em k xog", "1.4 in_progress"),
            ("hổng xong", "1.4 in_progress"),
            ("chuwa xong", "1.4 in_progress"),
            ("Thầy ơi chưa xong đâu ạ", "1.4 in_progress"),
            ("không thể hoàn thành đúng hạn", "?Unclear(1.4)"),
            ("chưa ai làm xong", "?Unclear(1.4)"),
            ("vẫn chưa làm được gì", "1.4 not_started"),
            ("vướng kinh phí", "1.4 blocked «kinh phí»"),
            ("khó khăn về kinh phí", "1.4 blocked «kinh phí»"),
            ("thiếu giáo viên", "1.4 blocked «thiếu giáo viên»"),
            ("chưa xong, xin gia hạn đến 30/11", "1.4 in_progress; ?NoReason(1.4, 2023-11-30)"),
            ("Xin phép lùi sang ngày 15 tháng 12 do thời tiết mưa bão", "1.4 until 2023-12-15 «thời tiết mưa bão»"),
            ("xin dời qua tháng 12 vì chưa có thợ", "1.4 until 2023-12-31 «chưa có thợ»"),
            ("ok", "ack"),
            ("đã nhận", "ack"),
            ("Cảm ơn", "ack"),
            ("👍", "ack"),
            ("rồi ạ", "?Nothing"),
            ("Đã làm", "?Nothing"),
            ("Đã nộp cho văn phòng", "?Nothing"),
            ("Vâng, em sẽ làm", "?Nothing"),
            ("khó quá", "?Nothing"),
            ("máy hỏng nên chưa nhập được", "?Unclear(1.4)"),
            ("Em đang nghỉ thai sản, cô Hoa làm thay", "!HandOver"),
            ("hoanf thanhf roif aj", "?Nothing"),
            ("chưa", "1.4 in_progress"),
            ("Chua a", "1.4 in_progress"),
            ("Không.", "?Unclear(1.4)"),
            ("sẽ hoàn thành trong tuần", "?Unclear(1.4)"),
            ("cuối tuần xong", "?Unclear(1.4)"),
            ("30/11 xong", "?Unclear(1.4)"),
            ("đến 30/11 xong", "?Unclear(1.4)"),
            ("mới 30% thôi ạ", "1.4 in_progress 30"),
            ("còn 20% nữa là xong", "?Unclear(1.4)"),
            ("100% chưa xong", "?Unclear(1.4)"),
            ("khó mà xong", "?Unclear(1.4)"),
            ("làm gì mà xong", "?Unclear(1.4)"),
            ("đã xong đâu", "?Unclear(1.4)"),
            ("đã đâu mà xong", "?Unclear(1.4)"),
            ("giá mà đã xong", "?Unclear(1.4)"),
            ("lẽ ra đã xong", "?Unclear(1.4)"),
            ("giả sử đã xong", "?Unclear(1.4)"),
            ("coi như đã xong", "?Unclear(1.4)"),
            ("Anh Nam nói đã xong", "?Unclear(1.4)"),
            ("Không phải việc của em, cô Hoa đã xong", "!HandOver"),
            (
                "Cô hỏi đã xong chưa, em xin trả lời là chưa",
                "1.4 in_progress «Cô hỏi đã xong chưa, em xin trả lời là chưa»; !Question",
            ),
            ("đã xong 3 trong 5 phòng", "?Unclear(1.4)"),
            ("xong được 2 phòng", "?Unclear(1.4)"),
            ("đã xong, chỉ còn phòng máy", "?Unclear(1.4)"),
            ("đã xong ngoài phòng máy", "?Unclear(1.4)"),
            ("đã xong a) còn b) chưa", "?Unclear(1.4)"),
            ("đã xong nhưng thiếu chữ ký", "?Unclear(1.4)"),
            ("xong việc khác rồi em làm việc này", "?Unclear(1.4)"),
            ("dda xong", "?Unclear(1.4)"),
        ],
    );
    table(
        &["1.4", "1.5", "3.1"],
        &[
            (
                "1.4: xong, 1.5: đang làm 50%, 3.1: vướng kinh phí",
                "1.4 done; 1.5 in_progress 50; 3.1 blocked «kinh phí»",
            ),
            ("1.4 1.5 xong", "1.4 done; 1.5 done"),
            ("1.4=100%", "1.4 done"),
            ("1.4 xong, 2.1 đang làm 50%", "?Unclear(1.4)"),
            ("1.4: 100%, 1.5: 50%, 3.1: 0%", "1.4 done; 1.5 in_progress 50; 3.1 in_progress 0"),
            ("1.4 chưa, 1.5 rồi", "1.4 in_progress; ?Unclear(1.5)"),
            ("tất cả đã hoàn thành, riêng 3.1 chưa", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("các việc còn lại xong, 1.4 chưa", "1.4 in_progress; 1.5 done; 3.1 done"),
            ("trừ 1.4 đều đã xong", "1.4 in_progress; 1.5 done; 3.1 done"),
            ("1.4 đã xong\n1.5 \n3.1 60%", "1.4 done; 3.1 in_progress 60; ?Unclear(1.5)"),
            ("1.4: ok\n1.5: ok", "?Unclear(1.4); ?Unclear(1.5)"),
            ("1.4 đã xong, 1.5 cũng vậy", "1.4 done; 1.5 done"),
            ("không có việc nào xong", "?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
            ("hai việc đầu đã xong", "?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
        ],
    );
}

#[test]
fn of_several_tasks_those_named_count() {
    table(
        &["1.4", "1.5", "3.1"],
        &[
            ("1.4 xong, 3.1 đang làm 50%", "1.4 done; 3.1 in_progress 50"),
            ("1.4 và 1.5 đã xong", "1.4 done; 1.5 done"),
            ("1.4, 1.5 đã xong", "1.4 done; 1.5 done"),
            ("đã xong 1.4 và 1.5", "1.4 done; 1.5 done"),
            ("đã xong 1.4, 1.5; 3.1 đang làm", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("việc 1.4: xong\nviệc 1.5: chưa xong\nviệc 3.1: 60%", "1.4 done; 1.5 in_progress; 3.1 in_progress 60"),
            ("- 1.4. Xong\n- 1.5. Đang làm\n- 3.1. Chưa làm", "1.4 done; 1.5 in_progress; 3.1 not_started"),
            ("1.4:\nđã xong\n\n3.1:\nđang làm 20%", "1.4 done; 3.1 in_progress 20"),
            ("tất cả đã xong", "1.4 done; 1.5 done; 3.1 done"),
            ("Các việc đều đã xong ạ", "1.4 done; 1.5 done; 3.1 done"),
            ("xong hết rồi", "1.4 done; 1.5 done; 3.1 done"),
            ("cả ba việc đã xong", "1.4 done; 1.5 done; 3.1 done"),
            ("cả hai việc đã xong", "?Which"),
            ("1.4 xong, còn lại đang làm", "1.4 done; 1.5 in_progress; 3.1 in_progress"),
            ("1.4 đang làm, được 60%", "1.4 in_progress 60"),
            ("1.4 vướng: thiếu kinh phí, 3.1 đã xong", "1.4 blocked «thiếu kinh phí»; 3.1 done"),
            ("1.4 vướng vì 3.1 chưa xong", "1.4 blocked «3.1 chưa xong»"),
            ("1.4 đã xong, hồ sơ để ở văn phòng", "1.4 done «1.4 đã xong; hồ sơ để ở văn phòng»"),
            ("đã xong", "?Which"),
            ("60%", "?Which"),
            ("1.4 xong, 2.2 xong", "1.4 done; ?NotAsked(2.2)"),
            ("đã xong 1.4, 1.5, 3.1 đang làm", "?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
            ("1.4 xong\n1.4 chưa xong", "?Unclear(1.4)"),
            ("1.4 em gửi ạ", "?Unclear(1.4)"),
            ("1.4 xong. 3.1 xin lùi đến 30/11 vì mưa", "1.4 done; 3.1 until 2023-11-30 «mưa»"),
        ],
    );
    table(
        &["M4.3", "7"],
        &[
            ("M4.3 xong, việc 7 đang làm", "M4.3 done; 7 in_progress"),
            ("Mức 4, yêu cầu 3: xong", "M4.3 done"),
            ("m4.3 xong rồi 7 ngày nữa gửi", "?Unclear(M4.3)"),
            ("7: xong", "7 done"),
        ],
    );
}

#[test]
fn more_time_is_asked_for_with_a_date_and_a_reason() {
    table(
        &["1.4"],
        &[
            ("xin lùi đến 30/11 vì thiếu kinh phí", "1.4 until 2023-11-30 «thiếu kinh phí»"),
            ("cho em xin lui den 30/11 vi em om", "1.4 until 2023-11-30 «em om»"),
            ("XIN LUI DEN 30/11 VI THIEU KINH PHI", "1.4 until 2023-11-30 «THIEU KINH PHI»"),
            ("xin gia hạn đến hết tháng 11 vì mưa bão", "1.4 until 2023-11-30 «mưa bão»"),
            ("đề nghị lùi hạn sang 15/12/2023: chờ duyệt kinh phí", "1.4 until 2023-12-15 «chờ duyệt kinh phí»"),
            (
                "Xin lùi việc 1.4 đến ngày 15/12/2023, lý do: chưa có kinh phí.",
                "1.4 until 2023-12-15 «chưa có kinh phí»",
            ),
            ("Do mưa bão, xin lùi hạn đến 15/12", "1.4 until 2023-12-15 «mưa bão»"),
            ("Vì chưa có kinh phí nên xin lùi hạn đến 15/12", "1.4 until 2023-12-15 «chưa có kinh phí»"),
            ("xin lùi thêm 2 tuần vì thầy Nam ốm", "1.4 until 2023-12-08 «thầy Nam ốm»"),
            (
                "Đang làm 60%, xin lùi đến 30/11 vì thiếu người",
                "1.4 in_progress 60; 1.4 until 2023-11-30 «thiếu người»",
            ),
            ("vướng kinh phí, xin lùi đến 30/11", "1.4 blocked «kinh phí»; 1.4 until 2023-11-30 «kinh phí»"),
            ("please extend to 15/12 because of the rain", "1.4 until 2023-12-15 «rain»"),
            ("xin lùi đến 30/11", "?NoReason(1.4, 2023-11-30)"),
            ("xin lùi đến 30/11 ạ. Em cảm ơn.", "?NoReason(1.4, 2023-11-30)"),
            ("xin lùi hạn vì mưa bão", "?NoDate(1.4)"),
            ("xin lùi đến khi có tiền", "?NoDate(1.4)"),
            ("Xin lùi đến 30/11 vì mưa bão. Xin lùi đến 15/12 vì thiếu người.", "?NoDate(1.4)"),
            ("Xin lùi đến 30/11 vì mưa bão. Nếu được thì xin lùi đến 15/12 vì thiếu người.", "?NoDate(1.4)"),
            ("Xin lùi đến 30/11 vì mưa bão. Xin gia hạn đến 30/11 vì mưa bão.", "1.4 until 2023-11-30 «mưa bão»"),
            ("Xin lùi đến 15/12 hoặc 20/12 vì mưa bão", "?NoDate(1.4)"),
            ("xin lùi đến 15/12 hay cuối tháng 12 ạ, vì thiếu người", "?NoDate(1.4)"),
            ("xin lùi đến 15/12, chậm nhất 20/12, vì thiếu người", "?NoDate(1.4)"),
            ("xin gia hạn đến 15/12 - 20/12 do thiếu người", "?NoDate(1.4)"),
            ("xin lùi đến 15/12 vì 10/12 mới có thợ", "1.4 until 2023-12-15 «10/12 mới có thợ»"),
            ("xin lùi thêm 2 tuần hoặc 3 tuần vì thiếu người", "?NoDate(1.4)"),
            ("xin lùi đến 01/11/2023 vì mưa bão", "?NotLater(1.4, 2023-11-01)"),
            ("không xin lùi, đã xong", "1.4 done «không xin lùi, đã xong»"),
        ],
    );
}

#[test]
fn composed_or_not_a_text_means_the_same() {
    use unicode_normalization::UnicodeNormalization;

    let ours = Ours::default();
    for text in ["Đã hoàn thành", "vướng: chưa có kinh phí", "xin lùi đến 30/11 vì thiếu giáo viên"]
    {
        let apart: String = text.nfd().collect();
        assert_eq!(shown(&read(&fresh(&apart, &ours), &["1.4"])), shown(&read(text, &["1.4"])));
    }
}

#[test]
fn only_what_is_new_is_read() {
    let ours = Ours::new([
        "Kính gửi Thầy/Cô Phó Hiệu trưởng,\nBáo tiến độ: Thầy/Cô trả lời thư này, chỉ cần một câu: \"đã xong\", \"đang làm 60%\".",
    ]);
    let cases = [
        (
            "Đã xong\n\nVào Th 2, 20 thg 11, 2023 vào lúc 07:00 Trường Tiểu học <a@school.example> đã viết:\n\n> đang làm 60%\n",
            "Đã xong",
        ),
        (
            "Đã xong\n\nVào Th 2, 20 thg 11, 2023 vào lúc 07:00 Trường Tiểu học <\na@school.example> đã viết:\n> đang làm 60%\n",
            "Đã xong",
        ),
        ("On Mon, Nov 20, 2023 at 7:00 AM School <a@school.example> wrote:\n> chưa xong\n\nĐã xong", "Đã xong"),
        ("Đã xong\n\nOn 20 Nov 2023 School <a@b.example> wrote:\nđang làm", "Đã xong"),
        (
            "Đã xong\n\n________________________________\nTừ: Trường <a@b.example>\nĐã gửi: Thứ Hai, 20 Tháng Mười Một 2023\nĐến: Cô\nChủ đề: x\n\nchưa xong",
            "Đã xong",
        ),
        (
            "Đã xong\nFrom: School <a@b.example>\nSent: Monday, November 20, 2023 7:00 AM\nTo: x\nSubject: y\n\nchưa xong",
            "Đã xong",
        ),
        ("Đã xong\n-----Original Message-----\nchưa", "Đã xong"),
        ("Đã xong\n-------- Tin nhắn gốc --------\nchưa", "Đã xong"),
        ("Đã xong\n-- \nCô Hoa\nphòng 60%", "Đã xong"),
        ("Đã xong\n\nGửi từ iPhone của tôi", "Đã xong"),
        ("Đã xong\n\nSent from my Galaxy", "Đã xong"),
        ("Đã xong. Sent from my iPhone", "Đã xong."),
        ("Đã xong\n\nTải Outlook cho Android\n", "Đã xong"),
        ("> chưa xong\nĐã xong", "Đã xong"),
        (
            "Chờ thêm.\n\nKính gửi Thầy/Cô Phó Hiệu trưởng,\nBáo tiến độ: Thầy/Cô trả lời thư này, chỉ cần một câu:\n\"đã xong\"",
            "Chờ thêm.",
        ),
        ("Từ hôm nay: đã xong", "Từ hôm nay: đã xong"),
        ("On time: done", "On time: done"),
    ];
    for (text, expected) in cases {
        assert_eq!(fresh(text, &ours), expected, "{text}");
    }
}

const ID: &str = "3f9a0000000000000000000000000001";

fn mail(name: &str) -> Mail {
    // Some are in encodings of before.
    let bytes = std::fs::read(format!("tests/replies/{name}.eml")).unwrap();
    let place = "{{id}}".as_bytes();
    let mut whole = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(place) {
            whole.extend(ID.bytes());
            at += place.len();
        } else {
            whole.push(bytes[at]);
            at += 1;
        }
    }
    Mail::read(&whole).unwrap()
}

const OURS: &str = "Kính gửi Thầy/Cô Phó Hiệu trưởng,\n\n* Tiêu chí 1.4: hạn 30/11/2023, còn 10 ngày\n\nBáo tiến độ: Thầy/Cô trả lời \
                    thư này hoặc báo cho Quản trị, chỉ cần một câu: \"đã xong\", \"đang làm 60%\", hoặc \"vướng: lý do\".";

#[test]
fn mails_of_the_common_programs_are_understood() {
    let cases = [
        ("gmail-web", "1.4 done"),
        ("gmail-app", "1.4 in_progress 60"),
        ("outlook-desktop", "1.4 blocked «chưa có kinh phí»"),
        ("outlook-mobile", "1.4 until 2023-12-31 «mưa bão»"),
        ("apple-mail", "1.4 done"),
        ("thunderbird", "1.4 in_progress 40"),
        ("zimbra", "1.4 in_progress 50"),
        ("html-only", "1.4 done"),
        ("unmarked-quote", "1.4 not_started"),
        ("windows-1258", "1.4 in_progress 70"),
        ("iso-8859-1", "?Unclear(1.4)"),
        ("decomposed", "1.4 blocked «chưa có kinh phí»"),
        ("no-charset", "1.4 done"),
        ("apple-with-files", "1.4 done «Đã hoàn thành, em gửi kèm biên bản ạ.»"),
    ];
    let ours = Ours::new([OURS]);
    for (name, expected) in cases {
        let mail = mail(name);
        assert_eq!(mail.kind, Kind::Personal, "{name}");
        assert_eq!(mail.answers, [ID], "{name}");
        assert_eq!(mail.from.as_deref(), Some("pho@school.example"), "{name}");
        assert!(mail.is_authenticated("mx.school.example"), "{name}");
        assert_eq!(shown(&read(&mail.words(&ours), &["1.4"])), expected, "{name}: {:?}", mail.words(&ours));
    }
}

#[test]
fn mails_of_machines_are_known() {
    for name in ["vacation", "vacation-outlook", "list", "our-own", "receipt"] {
        assert_eq!(mail(name).kind, Kind::Automatic, "{name}");
    }
    assert_eq!(mail("two-from").from, None);
    for (name, reason) in [
        (
            "bounce-postfix",
            "550 5.1.1 <pho@school.example>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        ("bounce-exchange", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
        ("bounce-gmail", "550-5.2.1 The email account that you tried to reach is inactive."),
        (
            "bounce-exim",
            "host mx.school.example [192.0.2.25] SMTP error from remote mail server after RCPT TO:<pho@school.example>: \
             550 5.1.1 no such mailbox here",
        ),
        (
            "bounce-qmail",
            "192.0.2.25 does not like recipient. Remote host said: 550 no mailbox by that name Giving up on 192.0.2.25.",
        ),
        (
            "bounce-exchange-text",
            "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'",
        ),
        ("bounce-expired", "delivery time expired"),
        ("bounce-full", "4.2.2"),
    ] {
        let Kind::Bounce(bounce) = mail(name).kind else { panic!("{name} is a bounce") };
        assert_eq!(bounce.about, [ID], "{name}");
        assert_eq!(bounce.failed, [("pho@school.example".to_owned(), reason.to_owned())], "{name}");
        assert!(bounce.has_null_sender, "{name}");
    }
    let Kind::Bounce(forged) = mail("bounce-forged").kind else { panic!("it says that it is a report") };
    assert!(!forged.has_null_sender);
    // Who forwards the text of a report to ask about it is no server.
    let asked = std::fs::read_to_string("tests/replies/bounce-qmail.eml").unwrap();
    let asked = asked.replace("Return-Path: <>", "Return-Path: <pho@school.example>").replace("MAILER-DAEMON", "pho");
    assert_eq!(Mail::read(asked.as_bytes()).unwrap().kind, Kind::Personal);
    // What is returned may be encoded.
    let (head, copy) = std::fs::read_to_string("tests/replies/bounce-full.eml")
        .unwrap()
        .split_once("message/rfc822\n\n")
        .map(|(head, copy)| (head.to_owned(), copy.split("\n--R--").next().unwrap().replace("{{id}}", ID)))
        .unwrap();
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, copy);
    let whole = format!("{head}text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n{encoded}\n--R--\n");
    let Kind::Bounce(bounce) = Mail::read(whole.as_bytes()).unwrap().kind else { panic!("it is a report") };
    assert_eq!(bounce.about, [ID]);
    let Kind::Bounce(delayed) = mail("bounce-delayed").kind else { panic!("a delay is a report") };
    assert_eq!(delayed.failed, []);
}

/// A report about an address, which names our message in this part of it.
fn report_text(more_head: &str, content_type: &str, status: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nTo: nhacviec@school.example\nSubject: failure notice\n\
         Message-ID: <x@relay.example>\nAuto-Submitted: auto-replied\n{more_head}MIME-Version: 1.0\nContent-Type: {content_type}; boundary=R\n\n\
         --R\nContent-Type: text/plain\n\nIt did not arrive.\n\n--R\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; relay.example\n\n{status}\n\n{returned}--R--\n"
    )
}

fn report(more_head: &str, content_type: &str, status: &str, returned: &str) -> Bounce {
    let report = report_text(more_head, content_type, status, returned);
    match Mail::read(report.as_bytes()).unwrap().kind {
        Kind::Bounce(bounce) => bounce,
        other => panic!("{other:?} is a report: {report}"),
    }
}

#[test]
fn a_report_names_our_message_anywhere_and_failed_is_final_whatever_the_status_is() {
    let of_type = "multipart/report; report-type=delivery-status";
    let failed = "Final-Recipient: rfc822; pho@school.example\nAction: failed\nStatus: 5.1.1";
    let message_id = format!("Message-ID: <{ID}@school.example>\n");
    let returned = |kind: &str, text: &str| format!("--R\nContent-Type: {kind}\n\n{text}\n");
    for (head, returned) in [
        (String::new(), returned("message/rfc822", &format!("{message_id}Subject: x\n\nViệc"))),
        (String::new(), returned("text/rfc822-headers", &message_id)),
        (String::new(), returned("text/plain", &format!("> {message_id}"))),
        (format!("In-Reply-To: <{ID}@school.example>\n"), String::new()),
        (format!("References: <a@b.example>\n <{ID}@school.example>\n"), String::new()),
        (format!("X-Original-To: nhacviec+{ID}@school.example\n"), String::new()),
    ] {
        for content_type in [of_type, "multipart/report", "multipart/mixed"] {
            let bounce = report(&head, content_type, failed, &returned);
            assert_eq!(bounce.about, [ID], "{content_type} {head}{returned}");
            assert_eq!(bounce.failed, [("pho@school.example".to_owned(), "5.1.1".to_owned())], "{content_type}");
        }
    }
    for status in ["4.4.7", "4.4.1", "4.2.2", "5.0.0", ""] {
        for action in ["failed", "Failed", "failed (for good)"] {
            let status = format!(
                "Original-Recipient: rfc822;pho@school.example\nFinal-Recipient: rfc822; other@home.example\nAction: {action}\nStatus: {status}"
            );
            let addresses: Vec<String> =
                report("", of_type, &status, "").failed.into_iter().map(|(at, _)| at).collect();
            assert_eq!(addresses, ["pho@school.example", "other@home.example"], "{status}");
        }
    }
    // As some write it: for addresses in other letters, and encoded although that is never to be.
    let text = report_text("", of_type, failed, "");
    let global = text.replace("message/delivery-status", "message/global-delivery-status");
    let fields = format!("Reporting-MTA: dns; relay.example\n\n{failed}\n");
    let encoded = text
        .replace("message/delivery-status", "message/delivery-status\nContent-Transfer-Encoding: base64")
        .replace(&fields, &BASE64.encode(&fields));
    for text in [global, encoded] {
        let Kind::Bounce(bounce) = Mail::read(text.as_bytes()).unwrap().kind else { panic!("{text}") };
        assert_eq!(bounce.failed, [("pho@school.example".to_owned(), "5.1.1".to_owned())], "{text}");
    }
    for action in ["delayed", "relayed", "delivered", "expanded"] {
        let status = format!("Final-Recipient: rfc822; pho@school.example\nAction: {action}\nStatus: 5.1.1");
        assert_eq!(report("", of_type, &status, "").failed, [], "{action}");
    }
}

#[test]
fn only_files_that_somebody_sends_are_files() {
    let names: Vec<String> = mail("apple-with-files").attachments.into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["bien-ban.pdf", "chay.exe"]);
}

/// Words that mean something, in any order, with anything between them.
fn answer_text() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec![
        "xong",
        "đã",
        "chưa",
        "1.4",
        "1.5",
        "2.2",
        "3.1",
        "9.9",
        "việc",
        "60%",
        "100%",
        "vướng",
        "vì",
        ":",
        ",",
        ".",
        "\n",
        "và",
        "nhưng",
        "xin lùi",
        "đến",
        "30/11",
        "15/12/2023",
        "hết tháng 12",
        "2 tuần",
        "tất cả",
        "còn lại",
        "đang làm",
        "kinh phí",
        "?",
        "> ",
        "--",
        "On 1 a@b wrote:",
        "M4.3",
        "mức 4, yêu cầu 3",
        "7",
        "7:",
        "(",
        "…",
    ]);
    let word = prop_oneof![4 => words.prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn whatever_is_written_speaks_of_the_asked_tasks_alone(text in answer_text()) {
        let tasks = ["1.4", "3.1", "M4.3"];
        let fresh = fresh(&text, &Ours::default());
        let reading = read(&fresh, &tasks);
        let understood = answer(&fresh, &tasks);
        for report in &understood.reports {
            prop_assert!(tasks.contains(&report.task.as_str()));
            prop_assert!(report.percent.is_none_or(|percent| percent < 100));
            prop_assert!(report.status != Status::Cancelled);
            prop_assert!(report.done_on.is_none_or(|day| day < TODAY && report.status == Status::Done));
        }
        for wish in &understood.more_time {
            prop_assert!(tasks.contains(&wish.task.as_str()) && wish.due > TODAY && !wish.why.is_empty());
        }
        let said = understood.reports.len() + understood.more_time.len() + understood.questions.len();
        prop_assert!(said > 0 || understood.person.is_some() || reading == AnswerReading::Acknowledgement, "nothing is passed over in silence");
        let mut told: Vec<_> = understood.reports.iter().map(|report| &report.task).collect();
        told.dedup();
        prop_assert_eq!(told.len(), understood.reports.len());
    }

    #[test]
    fn what_is_left_out_is_never_done(
        before in proptest::sample::select(vec!["", "Dạ, ", "Kính gửi cô. ", "Em xin báo cáo: "]),
        all in proptest::sample::select(vec![
            "tất cả đã xong", "xong hết rồi", "cả ba việc đã xong", "các việc đều đã hoàn thành", "đã làm xong tất cả",
        ]),
        sign in proptest::sample::select(vec![" ", ", ", ". ", " (", "; ", "\n", " nhưng "]),
        except in proptest::sample::select(vec!["trừ", "ngoại trừ", "không kể", "ngoài", "riêng", "còn", "chỉ còn", "mỗi", "chỉ có"]),
        name in proptest::sample::select(vec!["3.1", "việc 3.1", "tiêu chí 3.1"]),
        after in proptest::sample::select(vec![
            "", " ạ", " ra", " chưa", " thì chưa", " là chưa xong", " đang làm", " được 60%", " vướng kinh phí", " chưa làm", ".",
        ]),
        is_first in any::<bool>(),
    ) {
        let left_out = format!("{except} {name}{after}");
        let text = if is_first { format!("{before}{left_out}{sign}{all}") } else { format!("{before}{all}{sign}{left_out}") };
        let understood = answer(&text, &["1.4", "1.5", "3.1"]);
        let done: Vec<_> =
            understood.reports.iter().filter(|report| report.status == Status::Done).map(|report| report.task.as_str()).collect();
        prop_assert!(!done.contains(&"3.1"), "{}: {}", text, shown(&AnswerReading::Answer(understood.clone())));
        if !is_first {
            prop_assert_eq!(done, ["1.4", "1.5"], "{}: {}", text, shown(&AnswerReading::Answer(understood.clone())));
        }
    }

    #[test]
    fn whatever_is_quoted_says_nothing(text in answer_text()) {
        let quoted = text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n");
        prop_assert_eq!(fresh(&quoted, &Ours::default()), "");
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..2000), html in "(?s).{0,200}") {
        if let Some(mail) = Mail::read(&bytes) {
            let _ = (mail.words(&Ours::default()), mail.is_authenticated("mx.school.example"));
        }
        let page = format!("Content-Type: text/html; charset=utf-8\r\n\r\n<div>{html}");
        if let Some(mail) = Mail::read(page.as_bytes()) {
            let _ = mail.words(&Ours::default());
        }
    }
}

#[test]
fn what_is_left_out_of_all_is_not_among_them() {
    const BUT_ONE: &str = "1.4 done; 1.5 done; 3.1 in_progress";
    table(
        &["1.4", "1.5", "3.1"],
        &[
            ("tất cả xong trừ 3.1", BUT_ONE),
            ("tất cả đã xong, trừ 3.1", BUT_ONE),
            ("TAT CA DA XONG, TRU 3.1", BUT_ONE),
            ("Đã xong hết. Trừ 3.1.", BUT_ONE),
            ("xong hết (trừ 3.1)", BUT_ONE),
            ("trừ 3.1, tất cả đã xong", BUT_ONE),
            ("trừ 3.1 tất cả đã xong", BUT_ONE),
            ("trừ 3.1 đều đã xong", BUT_ONE),
            ("Ngoài 3.1 ra, các việc đều đã xong", BUT_ONE),
            ("cả ba việc đã xong trừ 3.1", BUT_ONE),
            ("tất cả đã xong, không kể việc 3.1", BUT_ONE),
            ("tất cả đã xong, trừ phần minh chứng của 3.1", "1.4 done; 1.5 done; ?Unclear(3.1)"),
            ("All done except 3.1", BUT_ONE),
            ("All done but 3.1", "?Unclear(3.1)"),
            ("Đã xong hết, ngoại trừ việc 3.1 và 1.5", "1.4 done; 1.5 in_progress; 3.1 in_progress"),
            ("tất cả xong trừ 3.1 đang làm 50%", "1.4 done; 1.5 done; 3.1 in_progress 50"),
            ("tất cả xong, trừ 3.1 vướng kinh phí", "1.4 done; 1.5 done; 3.1 blocked «kinh phí»"),
            ("tất cả xong, riêng 3.1 chưa xong", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("tất cả xong trừ 3.1 và 1.5 đều chưa xong", "1.4 done; 1.5 in_progress; 3.1 in_progress"),
            ("tất cả đều đang làm trừ 3.1 chưa làm", "1.4 in_progress; 1.5 in_progress; 3.1 not_started"),
            ("1.4 được 50%. Trừ 1.4 ra, tất cả đã xong", "1.4 in_progress 50; 1.5 done; 3.1 done"),
            ("1.4 xong, còn lại đang làm, trừ 3.1", "1.4 done; 1.5 in_progress; ?Unclear(3.1)"),
            ("tất cả xong trừ 2.2", "1.4 done; 1.5 done; 3.1 done"),
            ("1.4 xong, riêng 3.1 đang làm", "1.4 done; 3.1 in_progress"),
            ("đã xong trừ 3.1", "3.1 in_progress; ?Which"),
            ("tất cả xong, mỗi 3.1 chưa", BUT_ONE),
            ("tất cả xong, mỗi 3.1", BUT_ONE),
            ("tất cả xong, chỉ có 3.1 là chưa", BUT_ONE),
            ("xong hết, chỉ còn mỗi 3.1", BUT_ONE),
            ("tất cả xong, thầy Nam làm 3.1 thì chưa", "1.4 done; 1.5 done; ?Unclear(3.1)"),
            ("tất cả xong, 3.1 tuần sau mới làm", "1.4 done; 1.5 done"),
            ("tất cả xong. Tiêu chí 3.1 em gửi minh chứng kèm theo", "1.4 done; 1.5 done; ?Unclear(3.1)"),
            ("chỉ 1.4 xong", "?Unclear(1.4)"),
            ("xong hết, còn 3.1", BUT_ONE),
            ("Tất cả đã xong (trừ việc số 3)", "?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
            ("tất cả xong trừ việc mua sách", "?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
            ("Tất cả các việc đều vướng kinh phí trừ 1.4 đã xong", "?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
            ("1.4 đã xong còn các việc khác chưa làm", "1.4 done; 1.5 not_started; 3.1 not_started"),
            ("3.1 chưa xong, mấy cái kia xong rồi", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("tất cả xong, còn 3.1 đang làm", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("tất cả xong, còn 3.1 40%", "1.4 done; 1.5 done; ?Unclear(3.1)"),
            ("ngoài 1.4 ra chưa việc nào xong", "?Unclear(1.4)"),
        ],
    );
    table(
        &["1.4"],
        &[
            ("đã xong, trừ phòng máy", "?Unclear(1.4)"),
            ("Đã xong. Trừ phòng máy.", "?Unclear(1.4)"),
            ("tất cả đã xong trừ 1.4", "?Unclear(1.4)"),
            ("trừ 1.4", "1.4 in_progress"),
            ("được 60%, trừ phòng máy", "1.4 in_progress 60 «được 60%, trừ phòng máy»"),
        ],
    );
}

#[test]
fn what_is_said_of_one_task_is_not_said_of_the_next() {
    table(
        &["1.4", "1.5", "3.1"],
        &[
            ("1.4 xong 1.5 đang làm 3.1 vướng", "1.4 done; 1.5 in_progress; 3.1 blocked"),
            ("1.4: 100% 1.5: 50% 3.1: 20%", "1.4 done; 1.5 in_progress 50; 3.1 in_progress 20"),
            ("việc 1.4 xong việc 1.5 chưa xong", "1.4 done; 1.5 in_progress"),
            ("1.4 1.5 xong 3.1 đang làm", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("hai việc 1.4, 1.5 đã xong", "1.4 done; 1.5 done"),
            ("1.4 vướng vì còn 3.1 chưa xong", "1.4 blocked «còn 3.1 chưa xong»"),
            ("1.4 vướng 3.1 chưa xong", "1.4 blocked «3.1 chưa xong»"),
            ("đã xong 1.4 đang làm 1.5", "?Unclear(1.4); ?Unclear(1.5)"),
            ("TC 1.4 HT, TC 1.5 đang TH", "1.4 done; 1.5 in_progress"),
            ("1.4 ok, 1.5 ok, 3.1 đang làm", "3.1 in_progress; ?Unclear(1.4); ?Unclear(1.5)"),
            ("1.4 và 1.5, 3.1 đang làm", "1.4 in_progress; 1.5 in_progress; 3.1 in_progress"),
            ("1.4 phần hồ sơ, đã xong", "?Which; ?Unclear(1.4); ?Unclear(1.5); ?Unclear(3.1)"),
            ("3.1 xin lùi đến 20/12, 1.5 xong", "1.5 done; ?NoReason(3.1, 2023-12-20)"),
            ("3.1 xin lùi đến 20/12. 1.5 xong", "1.5 done; ?NoReason(3.1, 2023-12-20)"),
            ("3.1 xin lùi đến 20/12 vì mưa, 1.5 xong", "1.5 done; 3.1 until 2023-12-20 «mưa»"),
            ("3.1 xin thêm 2 tuần vì bận thi", "3.1 until 2023-12-08 «bận thi»"),
            ("1.4 xong, còn 1.5, 3.1 chưa làm", "1.4 done; 1.5 not_started; 3.1 not_started"),
            ("1.4 xong. Còn 1.5 và 3.1 đang làm", "1.4 done; 1.5 in_progress; 3.1 in_progress"),
            ("1.4 xong thì 3.1 mới xong", "?Unclear(1.4); ?Unclear(3.1)"),
            ("xong 1.4 rồi đến 1.5", "?Unclear(1.4); ?Unclear(1.5)"),
            ("Đã hoàn thành: 1.4, 1.5. Chưa hoàn thành: 3.1", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("Đã hoàn thành:\n- 1.4\n- 1.5\nChưa hoàn thành:\n- 3.1", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("Đã hoàn thành:\n1.4, 1.5\n\nĐang làm:\n3.1 (60%)", "1.4 done; 1.5 done; 3.1 in_progress 60"),
            ("Đã hoàn thành:\n- 1.4\n- 3.1 chưa nộp", "1.4 done; ?Unclear(3.1)"),
        ],
    );
    table(
        &["1.4"],
        &[
            ("xin thêm 1 tuần vì bận thi học kỳ", "1.4 until 2023-12-01 «bận thi học kỳ»"),
            ("Chưa xong, cho em xin thêm 10 ngày ạ, do ốm", "1.4 in_progress; 1.4 until 2023-12-04 «ốm»"),
            ("đã làm thêm 2 tuần", "?Nothing"),
            ("Khó khăn: không", "?Nothing"),
            ("Vướng mắc: không có gì", "?Nothing"),
            ("Khó khăn: không có. Tiến độ: 50%", "1.4 in_progress 50 «Khó khăn: không có. Tiến độ: 50%»"),
            ("Vướng mắc: Không có\nTiến độ: đã xong", "1.4 done «Vướng mắc: Không có Tiến độ: đã xong»"),
            ("Vướng mắc: không có kinh phí", "1.4 blocked «không có kinh phí»"),
            ("Trạng thái: đang thực hiện\nTỉ lệ: 60%", "1.4 in_progress 60"),
            ("da hoan thanh roi co nhe", "1.4 done"),
            ("Đã xong. Còn lại phần ảnh", "?Unclear(1.4)"),
            ("đã hoàn thành khối 1", "?Unclear(1.4)"),
            ("Đã xong nhé đừng nhắc nữa", "1.4 done «Đã xong nhé đừng nhắc nữa»"),
            ("Không thực hiện được vì không có kinh phí", "1.4 blocked «không có kinh phí»"),
        ],
    );
}

#[test]
fn what_the_owners_guide_suggests_is_clear() {
    let guide = include_str!("../docs/huong-dan-nguoi-thuc-hien.md");
    let rows = guide.lines().skip_while(|line| !line.starts_with("| viết |")).skip(2);
    let wordings: Vec<&str> = rows.map_while(|row| row.strip_prefix("| ")?.split(" |").next()).collect();
    assert!(wordings.len() >= 6, "{wordings:?}");
    for wording in wordings {
        let tasks = &["1.4", "3.6"][..=usize::from(wording.contains("3.6"))];
        let AnswerReading::Answer(understood) = read_on(date(2023, 10, 20), wording, tasks, &[]) else {
            panic!("{wording}")
        };
        let said = understood.reports.len() + understood.more_time.len();
        assert!(understood.questions.is_empty() && said == tasks.len(), "{wording}: {understood:?}");
    }
}

/// Wordings after which nobody may believe that 3.1 is done, or that anything stands in its way.
#[test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
fn nothing_is_done_that_is_named_for_another_reason() {
    let done = "Đã hoàn thành:\n1.4\n1.5\n";
    let below = [
        "Xin lùi đến 15/12:\n3.1",
        "Sẽ làm:\n3.1",
        "Cần hỗ trợ:\n3.1",
        "Kế hoạch tuần sau:\n3.1",
        "Dự kiến tháng sau:\n3.1",
        "Tồn tại:\n3.1",
        "Còn 3.1",
        "Chưa xong\n- 3.1",
        "Chưa\n- 3.1",
        "Chưa xong (3.1)",
        "Trừ 3.1",
        "không kể 3.1",
        "3.1?",
        "Tạm dừng:\n- 3.1",
        "Hỏi:\n- 3.1",
        "To do:\n- 3.1",
        "Pending:\n- 3.1",
    ];
    let below = below.iter().map(|line| format!("{done}{line}"));
    let others = [
        "Trả lời:\n1.4, 1.5, 3.1\nĐã xong:\n- 1.5",
        "Sẽ làm:\n- 3.1\nĐã hoàn thành:\n- 1.5",
        "Chưa làm được\n3.1\nĐã xong:\n1.5",
        "Trừ 3.1, các việc khác đã xong",
        "Ngoài 3.1 ra, các việc khác đã xong",
        "Except 3.1, the rest is done",
        "Còn 3.1, các việc khác xong",
        "Còn mỗi 3.1, các việc kia xong rồi",
        "Còn mỗi 3.1, đã xong",
        "Còn 3.1, 1.5 đã xong",
        "Còn 3.1 là xong",
        "Trừ 3.1 còn lại đã xong",
        "Only 3.1 remains, the rest is done",
        "Chỉ còn 3.1, các việc khác đã xong",
        "Riêng 3.1, còn lại xong",
        "Trừ 3.1, đã xong",
        "Trừ 3.1 và 1.5, đã xong",
        "Không kể 3.1 thì đã xong",
        "All but 3.1 done",
        "Everything but 3.1 is done",
        "Đã hoàn thành 1.4, 1.5, trừ 3.1",
        "Đã hoàn thành 1.4, 1.5 (trừ 3.1)",
        "Đã hoàn thành 1.4, 1.5 trừ 3.1",
        "Đã xong 1.4, không kể 3.1",
        "Đã hoàn thành 1.4 và 1.5, còn 3.1",
        "Xong 1.4, 1.5, chỉ còn 3.1",
        "Đã xong 1.4, còn thiếu 3.1",
        "1.4, 1.5 đã xong, trừ 3.1",
        "Đã xong 1.4, xin hỏi về 3.1",
        "Đã xong 1.4, tạm dừng 3.1",
        "Đã xong 1.4, tiếp theo 3.1",
        "Đã xong 1.4, em gửi 3.1 sau",
        "Đã xong 1.4, nhưng 3.1",
        "Vướng kinh phí 1.4, 1.5, trừ 3.1",
        "Đã xong:\nTất cả, trừ 3.1",
        "Đã xong:\nTất cả\nTrừ 3.1",
        "Tất cả đã xong, trừ 1.5 (phòng máy) và 3.1 (thư viện)",
        "Tất cả đã xong, trừ 1.5: phòng máy, 3.1: thư viện",
        "Tất cả đã xong, trừ 1.5 với 3.1",
        "Tất cả đã xong, trừ 1.5 hoặc 3.1",
        "Tất cả đã xong, trừ 1.5; 3.1",
        "Tất cả đã xong, trừ 1.5\n3.1",
        "Tất cả đã xong trừ 3.1, 1.5 xong",
        "Tất cả đã xong trừ 3.1, riêng 1.5 vướng",
        "Tất cả đã xong, riêng phòng máy chưa",
        "Tất cả đã xong, chỉ có việc thư viện là chưa",
        "Tất cả đã xong trừ các mục chưa có kinh phí",
        "Tất cả đã xong, bỏ qua 3.1",
        "Tất cả đã xong, sót 3.1",
        "Tất cả đã xong, nợ 3.1",
        "All done, 3.1 left",
        "3.1 không dừng lại vì khó khăn",
        "3.1 không bị ảnh hưởng vì khó khăn",
        "Kế hoạch hoàn thành:\n1.4\n3.1",
        "Tiến độ hoàn thành công việc:\n1.4:\n1.5:\n3.1:",
        "1.4 ok, 3.1 ok, các việc khác đã xong",
        "3.1 ok, các việc khác đã xong",
        "3.1 tuần sau mới làm, còn lại đã xong",
    ];
    let mut wrong = String::new();
    for text in below.chain(others.iter().map(|text| (*text).to_owned())) {
        let understood = answer(&text, &["1.4", "1.5", "3.1"]);
        let said = understood.reports.iter().find(|report| report.task.as_str() == "3.1");
        if said.is_some_and(|report| matches!(report.status, Status::Done | Status::Blocked)) {
            writeln!(wrong, "{text:?}: {}", shown(&AnswerReading::Answer(understood))).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    table(
        &["1.4"],
        &[
            ("Đã xong, riêng phòng máy chưa", "?Unclear(1.4)"),
            ("thầy đã cho thêm 2 tuần, em làm xong rồi", "?Unclear(1.4)"),
            ("Nhà trường đã xin thêm 2 tuần vì thiếu tiền", "?Unclear(1.4)"),
            ("Cần thêm 2 ngày công, đã xong", "?Unclear(1.4)"),
        ],
    );
    table(
        &["1.4", "1.5", "3.1"],
        &[
            ("Xin thêm 2 tuần cho 1.4 vì mưa. 1.5 đã xong", "1.5 done; 1.4 until 2023-12-08 «mưa»"),
            ("1.4 cần thêm 3 tháng lương cho bảo vệ", "?Unclear(1.4)"),
            ("tất cả xong. 3.1 đang làm", "1.4 done; 1.5 done; 3.1 in_progress"),
            ("tất cả xong, tuy nhiên 3.1 được 50%", "1.4 done; 1.5 done; 3.1 in_progress 50"),
        ],
    );
}

/// Wordings that say of no task that it is done or stuck, and ask for nothing.
#[test]
#[allow(clippy::too_many_lines)] // one long table or one way from beginning to end
fn other_work_plans_questions_and_corrections_are_no_reports() {
    let alone = [
        "Làm xong em báo thầy",
        "Xong em báo",
        "Xong em gửi thầy nha",
        "Em làm xong em gửi",
        "làm xong rồi em báo thầy nhé",
        "Xong rồi em báo lại",
        "Hoàn thành rồi em gửi",
        "Em làm xong rồi gửi thầy sau",
        "Em vừa dạy xong, tối em làm",
        "Em mới họp xong, giờ em làm ngay",
        "thi xong em làm",
        "Em chấm bài xong rồi em làm",
        "Thi xong rồi em mới làm được",
        "Em đã đọc xong email",
        "Đã phân công cô Hoa hoàn thành",
        "Đã giao cô Hoa hoàn thành",
        "Đã đôn đốc các tổ hoàn thành",
        "Đã chỉ đạo hoàn thành",
        "Đã lên kế hoạch hoàn thành",
        "Đã có kế hoạch hoàn thành trong tháng 12",
        "Đã đăng ký hoàn thành vào 30/11",
        "Đã hẹn thợ làm xong thứ 6",
        "Đã thống nhất thứ 6 xong",
        "Hạn hoàn thành đã qua",
        "Đã đến hạn hoàn thành",
        "Thời hạn hoàn thành: đã hết",
        "Mai thầy ký là xong rồi",
        "In ra là xong rồi",
        "Có dấu là xong rồi ạ",
        "Học kỳ I đã hoàn thành, học kỳ II chưa",
        "Bên em đã xong, bên thầy Nam chưa",
        "Hồ sơ đã xong, chưa tổ chức",
        "đã suýt xong",
        "xong rồi nhưng sai, phải làm lại",
        "Đã xong nhưng bị trả lại",
        "em báo đã xong là nhầm đó ạ",
        "Đừng ghi em đã xong nhé",
        "Thầy đừng đánh dấu đã xong",
        "Hội thi bị hoãn đến 15/12 vì dịch",
        "Hội thi kéo dài đến 30/11 vì mưa",
        "Đừng lùi hạn đến 30/11 vì em làm kịp",
        "Thầy đã cho lùi đến 30/11 vì mưa",
        "Em đã xin lùi đến 30/11 vì ốm rồi ạ",
        "có vướng mắc gì em sẽ báo",
        "Có vướng gì em báo",
        "Khó khăn đã được giải quyết",
        "Vướng mắc đã giải quyết xong",
        "thiếu chữ ký nữa là xong",
        "Học sinh khó khăn đã được hỗ trợ",
        "100% chưa",
        "đã 100% chưa",
        "100% chưa có gì",
        "20% nữa là xong",
        "Khoảng 20% nữa",
        "xong rồi hả thầy",
        "Thầy Hùng bảo đã xong rồi",
        "Em nghĩ là xong rồi",
        "Việc này năm ngoái đã xong rồi",
        "Làm sao đã xong được",
        "thôi xong rồi",
        "Chết xong rồi, em quên",
        "Xong đời em rồi",
    ];
    let among_others = [
        "3.1 xong em làm 1.4",
        "Xong 1.4 rồi em làm 1.5",
        "xong 1.4 em làm 1.5",
        "Xong 1.4 rồi em mới làm 1.5, 3.1",
        "1.4, 1.5 xong rồi thì mới làm 3.1",
        "em đã dạy xong hết tiết, chiều em làm",
        "Em đã đọc xong tất cả",
        "1.4 mai nộp là xong rồi",
        "xong 1.4 vướng 1.5",
        "xong 1.4 vướng kinh phí 1.5",
        "Về các việc 1.4, 1.5, 3.1: em đã xong 1.4",
        "1.4, 1.5, 3.1 đã xong 2 việc",
        "Gửi thầy: 1.4, 1.5, 3.1 đã xong một việc",
        "1.4 hoặc 1.5 đã xong",
        "Tất cả đã xong, việc cuối chưa",
        "Xong hết, cái cuối chưa",
        "Tất cả giáo viên đã xong",
        "Toàn bộ học sinh đã hoàn thành",
        "tất cả đã họp xong",
        "Lần trước em báo 1.4 đã xong là sai",
        "1.4 gia hạn hợp đồng bảo vệ đến 30/11 vì hết hạn",
        "1.4 chậm do 1.5 vướng kinh phí",
        "1.4 thì ok, 1.5 đang đợi 3.1 xong",
        "đã xong 1.4 chuẩn bị 1.5 và 3.1",
        "Đã xong 1.4 trước 1.5",
        "Ưu tiên xong 1.4 rồi 1.5",
        "1.4 xong đã rồi tính 1.5",
        "Xong 1.4 đã nhé",
    ];
    let mut wrong = String::new();
    let alone = alone.iter().map(|text| (text, &["1.4"][..]));
    for (text, tasks) in alone.chain(among_others.iter().map(|text| (text, &["1.4", "1.5", "3.1"][..]))) {
        let understood = answer(text, tasks);
        let is_strong = |report: &ReportedStatus| matches!(report.status, Status::Done | Status::Blocked);
        if understood.reports.iter().any(is_strong)
            || !understood.more_time.is_empty()
            || (understood.questions.is_empty() && understood.person.is_none())
        {
            writeln!(wrong, "{text:?}: {}", shown(&AnswerReading::Answer(understood))).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    table(
        &["1.4", "1.5", "3.1"],
        &[
            ("Đang làm\n- 1.4\nĐã xong\n- 1.5", "1.4 in_progress; 1.5 done"),
            ("Đã xong\n- 1.4\nĐang làm\n- 1.5\nVướng\n- 3.1", "1.4 done; 1.5 in_progress; 3.1 blocked"),
            ("Xong: 1.4; Đang làm: 1.5; Vướng: 3.1", "1.4 done; 1.5 in_progress; 3.1 blocked"),
            (
                "Hoàn thành: 1.4; Chưa hoàn thành: 1.5; Vướng: 3.1 vì thiếu kinh phí",
                "1.4 done; 1.5 in_progress; 3.1 blocked «thiếu kinh phí»",
            ),
            ("Đã hoàn thành:\n1.4\n1.5\nVướng:\n3.1", "1.4 done; 1.5 done; 3.1 blocked"),
            ("Khó khăn:\n- 1.4\n- 3.1\n\nĐã hoàn thành:\n- 1.5", "1.4 blocked; 1.5 done; 3.1 blocked"),
            ("1.4 xong, 1.5 đang làm. Khó khăn chung: kinh phí", "1.4 done; 1.5 in_progress; ?Which"),
            ("Đã xong:\n1.4\nChưa xong: 1.5\n3.1", "1.4 done; 1.5 in_progress; ?Unclear(3.1)"),
        ],
    );
}

/// Words that are neither in the lexicon nor of the task.
fn strange_word() -> impl Strategy<Value = String> {
    let known = [
        "con mèo",
        "nghĩ",
        "bảo",
        "họp",
        "suýt",
        "ký",
        "tưởng",
        "dạy",
        "giả sử",
        "nộp phạt",
        "đời",
        "hình như",
        "phần",
        "nếu",
        "khi",
    ];
    prop_oneof![
        3 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => "[b-z]{3}[xzq][a-z]{2,5}",
    ]
}

#[test]
fn a_clear_day_of_completion_is_taken_and_no_other() {
    // It is a Monday.
    table(
        &["1.4"],
        &[
            ("Đã xong từ tháng 10", "1.4 done on 2023-10-31 «Đã xong từ tháng 10»"),
            ("Đã xong từ cuối tháng 9 ạ", "1.4 done on 2023-09-30 «Đã xong từ cuối tháng 9 ạ»"),
            ("Xong từ tuần trước", "1.4 done on 2023-11-19 «Xong từ tuần trước»"),
            ("Xong từ tháng trước", "1.4 done on 2023-10-31 «Xong từ tháng trước»"),
            ("Đã xong hôm kia", "1.4 done on 2023-11-18 «Đã xong hôm kia»"),
            ("Đã xong từ thứ sáu", "1.4 done on 2023-11-17 «Đã xong từ thứ sáu»"),
            ("Đã xong từ chủ nhật", "1.4 done on 2023-11-19 «Đã xong từ chủ nhật»"),
            ("Đã xong từ thứ Tư tuần trước", "1.4 done on 2023-11-15 «Đã xong từ thứ Tư tuần trước»"),
            ("finished last month", "1.4 done on 2023-10-31 «finished last month»"),
            // Today or a week ago; before a day; two days; nobody knows when.
            ("Đã xong từ thứ Hai", "1.4 done «Đã xong từ thứ Hai»"),
            ("Đã xong trước 15/11", "1.4 done «Đã xong trước 15/11»"),
            ("Đã xong ngày 10/11.\nThời gian: 12/11", "1.4 done «Đã xong ngày 10/11. Thời gian: 12/11»"),
            ("Đã xong từ lâu", "1.4 done «Đã xong từ lâu»"),
            // What is to come is not done.
            ("Xong từ thứ sáu tuần này", "?Unclear(1.4)"),
            ("Xong từ tháng 12", "?Unclear(1.4)"),
            ("Thứ Ba xong", "?Unclear(1.4)"),
        ],
    );
}

proptest! {
    #[test]
    fn the_day_of_completion_is_the_one_that_is_written(days in 1..60_i64, of_year in any::<bool>()) {
        let on = TODAY.saturating_sub(days.days());
        let written = on.strftime(if of_year { "%-d/%-m/%Y" } else { "%-d/%-m" }).to_string();
        let understood = answer(&format!("Đã xong từ {written} ạ"), &["1.4"]);
        prop_assert_eq!(understood.reports[0].done_on, Some(on));
        let to_come = TODAY.saturating_add(days.days()).strftime("%-d/%-m/%Y").to_string();
        let promised = answer(&format!("Hoàn thành ngày {to_come}"), &["1.4"]);
        prop_assert!(promised.reports.is_empty());
    }
}

proptest! {
    /// The closed world: one strange word, and neither done nor stuck may be believed.
    #[test]
    fn a_text_with_a_strange_word_is_never_done_nor_blocked(
        report in proptest::sample::select(vec![
            "đã xong", "xong rồi ạ", "Dạ em làm xong rồi", "đã hoàn thành 100%", "100%", "✅", "done", "việc 1.4 đã hoàn thành tốt",
            "kiểm tra sắp xếp hồ sơ đã xong", "chưa có kinh phí", "gặp khó khăn", "thiếu người", "em vẫn chưa có kinh phí ạ",
        ]),
        strange in strange_word(),
        sign in proptest::sample::select(vec![" ", ", ", ". ", "; ", "\n", " - ", " nhưng ", " còn ", " (", "! "]),
        is_first in any::<bool>(),
    ) {
        let text = if is_first { format!("{strange}{sign}{report}") } else { format!("{report}{sign}{strange}") };
        let understood = answer(&text, &["1.4"]);
        // What money is missing for is part of the reason.
        let is_reason = !is_first && sign == " " && report.contains("kinh phí");
        let is_strong = |report: &ReportedStatus| matches!(report.status, Status::Done | Status::Blocked);
        prop_assert!(is_reason || !understood.reports.iter().any(is_strong), "{:?}: {:?}", text, understood);
        prop_assert!(
            !understood.reports.is_empty() || !understood.questions.is_empty() || understood.person.is_some(),
            "{:?} is passed over", text
        );
    }
}

#[test]
fn an_acknowledgement_needs_no_answer_and_a_report_is_none() {
    let only = [
        "ok",
        "Vâng ạ",
        "Em cảm ơn cô đã nhắc ạ",
        "Đã nhận được thư ạ",
        "👍",
        "🙏",
        "Noted, thanks",
        "👍\nLan reacted via Gmail",
    ];
    for text in only {
        assert_eq!(read(text, &["1.4"]), AnswerReading::Acknowledgement, "{text}");
    }
    for text in [
        "",
        "rồi ạ",
        "Đã gửi minh chứng",
        "em sẽ làm",
        "Không có khó khăn gì ạ",
        "Em xin lỗi, em quên",
        "Em bận",
        "1.4 ok",
        "Em cảm ơn. Xong",
    ] {
        assert_ne!(read(text, &["1.4"]), AnswerReading::Acknowledgement, "{text}");
    }
}

#[test]
fn the_next_answer_is_read_as_the_answer_to_what_was_asked() {
    let until = date(2023, 12, 15);
    let task = || TaskId::new("1.4");
    let cases = [
        (Question::NoReason(task(), until), "vì tủ chưa về", "1.4 until 2023-12-15 «tủ chưa về»"),
        (Question::NoReason(task(), until), "Tủ hồ sơ chưa về ạ", "1.4 until 2023-12-15 «Tủ hồ sơ chưa về ạ»"),
        (Question::NoReason(task(), until), "Dạ vì chưa có kinh phí ạ", "1.4 until 2023-12-15 «chưa có kinh phí»"),
        (Question::NoReason(task(), until), "Đã xong rồi ạ", "1.4 done"),
        (Question::NoReason(task(), until), "Sao lại hỏi em?", "!Question"),
        (Question::NoDate(task(), Some("mưa bão".to_owned())), "đến 15/12 ạ", "1.4 until 2023-12-15 «mưa bão»"),
        (Question::NoDate(task(), Some("mưa bão".to_owned())), "thêm 2 tuần ạ", "1.4 until 2023-12-08 «mưa bão»"),
        (Question::NoDate(task(), None), "15/12/2023", "?NoReason(1.4, 2023-12-15)"),
        (Question::NoDate(task(), None), "hết tháng 12", "?NoReason(1.4, 2023-12-31)"),
        (Question::NoDate(task(), None), "khi nào có tiền", "?NoDate(1.4)"),
    ];
    for (question, text, expected) in cases {
        assert_eq!(shown(&read_on(TODAY, text, &["1.4"], &[question])), expected, "{text}");
    }
    // Which task: named in whatever courtesy.
    for text in ["1.4", "1.4 c ạ", "Dạ việc 1.4 thôi ạ", "Tiêu chí 1.4 cô ạ", "việc lưu trữ hồ sơ ạ"]
    {
        let which = Question::Which(Some("Đã xong".to_owned()));
        assert_eq!(shown(&read_on(TODAY, text, &["1.4", "3.1"], &[which])), "1.4 done", "{text}");
    }
    assert_eq!(read("Em cảm ơn cô vì đã nhắc ạ", &["1.4"]), AnswerReading::Acknowledgement);
}

#[test]
fn the_task_that_was_asked_for_gives_the_words_of_before_their_meaning() {
    let tasks = &["1.4", "1.5", "3.1"];
    let all = |what: &str| tasks.map(|task| format!("{task} {what}")).join("; ");
    let cases = [
        ("Đã xong", "1.4", "1.4 done".to_owned()),
        ("Đã xong", "Việc 1.5 và 3.1 cô ạ", "1.5 done; 3.1 done".to_owned()),
        ("Đã xong", "cả ba", all("done")),
        ("Đã xong", "Tất cả ạ", all("done")),
        ("được 60%", "Dạ 3.1 ạ", "3.1 in_progress 60".to_owned()),
        ("2 việc đã xong", "1.4, 3.1", "1.4 done; 3.1 done".to_owned()),
        ("xin lùi thêm vì mưa bão", "1.4", "?NoDate(1.4)".to_owned()),
        ("xin lùi đến 15/12 vì mưa bão", "1.4", "1.4 until 2023-12-15 «mưa bão»".to_owned()),
        ("Done", "all", all("done")),
        ("Đã xong", "1.4 đang làm", "1.4 in_progress".to_owned()),
        // What limits the words limits them still.
        ("Đã xong nhưng còn chờ ký", "1.4", "?Unclear(1.4)".to_owned()),
        ("2 việc đã xong", "1.4", "?Unclear(1.4)".to_owned()),
        ("Đã xong", "trừ 1.4", "1.4 in_progress; ?Which".to_owned()),
        ("Đã xong", "không phải 1.4", "?".to_owned()),
        ("Đã xong", "cả hai", "?".to_owned()),
        ("Đã xong", "2 việc 1.4", "?".to_owned()),
        ("Đã xong", "còn lại", "?".to_owned()),
        ("Đã xong", "2.2", "?NotAsked(2.2)".to_owned()),
        ("Đã xong", "9.9", "?".to_owned()),
        ("Đã xong", "1.4 là việc gì ạ?", "!Question".to_owned()),
        ("Đã xong", "Vâng ạ", "ack".to_owned()),
    ];
    for (before, text, expected) in cases {
        let AnswerReading::Answer(first) = read(before, tasks) else { panic!("{before}") };
        assert!(first.reports.is_empty() && first.more_time.is_empty(), "{before}: {first:?}");
        let reading = read_on(TODAY, text, tasks, &first.questions);
        let line = shown(&reading);
        if expected == "?" {
            let AnswerReading::Answer(answer) = &reading else { panic!("{before} / {text}: {line}") };
            assert!(answer.reports.is_empty() && !answer.questions.is_empty(), "{before} / {text}: {line}");
        } else {
            assert_eq!(line, expected, "{before} / {text}");
        }
    }
}

#[test]
fn a_date_that_was_asked_for_is_that_of_its_task() {
    let asked =
        |why: Option<&str>| ["1.4", "1.5"].map(|task| Question::NoDate(TaskId::new(task), why.map(str::to_owned)));
    let cases = [
        (Some("mưa"), "15/12", "1.4 until 2023-12-15 «mưa»; 1.5 until 2023-12-15 «mưa»"),
        (Some("mưa"), "1.4 đến 15/12, 1.5 đến 20/12", "1.4 until 2023-12-15 «mưa»; 1.5 until 2023-12-20 «mưa»"),
        (Some("mưa"), "15/12 hoặc 20/12", "?NoDate(1.4); ?NoDate(1.5)"),
        (None, "15/12 vì tủ chưa về", "1.4 until 2023-12-15 «tủ chưa về»; 1.5 until 2023-12-15 «tủ chưa về»"),
    ];
    for (why, text, expected) in cases {
        assert_eq!(shown(&read_on(TODAY, text, &["1.4", "1.5"], &asked(why))), expected, "{text}");
    }
}

#[test]
fn only_the_lines_that_answer_are_read() {
    table(
        &["1.4"],
        &[
            ("Đã xong.\nCô Chi", "1.4 done"),
            ("Đã xong.\n\nNguyễn Thị Lan\nTổ trưởng tổ 4\nĐịa chỉ: thôn 3", "1.4 done"),
            ("Đã xong ạ\nTrân trọng,\nChi bộ 2 – Trường Tiểu học", "1.4 done"),
            ("Đã xong.\nSĐT: 0912 345 678", "1.4 done"),
            ("[THƯ TỪ BÊN NGOÀI: không mở tệp lạ]\nĐã xong", "1.4 done"),
            ("Đã xong\n___\nThư này chỉ dành cho người nhận.", "1.4 done"),
            ("DA XONG\nTRU PHONG MAY", "?Unclear(1.4)"),
            ("Đã xong\nTrừ Phòng Máy", "?Unclear(1.4)"),
            ("Đã xong\nChưa Xong Hẳn", "?Unclear(1.4)"),
            ("Trân trọng\nĐã xong", "1.4 done"),
            ("[Đã xong]", "1.4 done"),
        ],
    );
}

#[test]
fn a_line_that_names_the_writer_ends_no_answer() {
    table(
        &["1.4", "3.1"],
        &[
            ("Kính gửi: Ban giám hiệu\nNgười báo cáo: Nguyễn Thị Lan\nViệc 1.4: đã hoàn thành", "1.4 done"),
            ("1.4: xong\nNgười báo cáo: Lan\n3.1: vướng kinh phí", "1.4 done; 3.1 blocked «kinh phí»"),
            ("Người lập: Trần Văn Hùng\n1.4: xong\nNgười gửi: Lan\n3.1: đang làm", "1.4 done; 3.1 in_progress"),
            ("1.4: xong\nNgười viết: Nguyễn Thị Lan", "1.4 done"),
            ("1.4: xong\nNGƯỜI VIẾT:", "1.4 done"),
            ("1.4 xong\nNgười báo cáo: Lan\nem mới hỏng máy", "?Unclear(1.4); ?Unclear(3.1)"),
            // What stands beside the name is read.
            ("1.4 xong\nNgười báo cáo: Lan chưa làm 3.1", "1.4 done; ?Unclear(3.1)"),
            ("Người báo cáo: Nguyễn Thị Lan", "?Nothing"),
        ],
    );
}

#[test]
fn a_place_says_only_where_something_is_kept() {
    table(
        &["1.4"],
        &[
            ("Thư viện đã xong ạ", "?Unclear(1.4)"),
            ("Phòng họp xong rồi", "?Unclear(1.4)"),
            ("kho xong a", "?Unclear(1.4)"),
            ("1.4 kho xong", "?Unclear(1.4)"),
            ("kho hoan thanh dung han", "?Unclear(1.4)"),
            ("Hòm thư xong rồi", "?Unclear(1.4)"),
            ("Đã xong, kho", "?Unclear(1.4)"),
            ("da xong, kho qua", "?Unclear(1.4)"),
            ("da xong, gui file kho qua", "?Unclear(1.4)"),
            ("Đã xong, thư viện", "?Unclear(1.4)"),
            ("Đã xong, hồ sơ lưu tại thư viện", "1.4 done «Đã xong, hồ sơ lưu tại thư viện»"),
            ("Đã xong, biên bản để ở kho ạ", "1.4 done «Đã xong, biên bản để ở kho ạ»"),
            ("Da xong, ho so luu tai phong hop", "1.4 done «Da xong, ho so luu tai phong hop»"),
            ("Đã xong, em gửi ảnh qua zalo rồi ạ", "1.4 done «Đã xong, em gửi ảnh qua zalo rồi ạ»"),
            ("Đã xong\nNguyễn Thị Lan, Thư viện", "1.4 done"),
        ],
    );
}

#[test]
fn what_was_done_this_afternoon_is_not_put_off() {
    table(
        &["1.4", "3.1"],
        &[
            ("1.4 xong, 3.1 chiều nay em làm rồi", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 em mới làm chiều nay", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 tối nay em vừa làm", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 em làm xong chiều nay", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 chiều nay em mới làm", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 em làm sớm rồi", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 hôm qua em làm ngay", "1.4 done; ?Unclear(3.1)"),
            ("1.4 xong, 3.1 chiều nay em làm", "1.4 done"),
            ("1.4 xong, 3.1 tuần sau em mới làm", "1.4 done"),
            ("1.4 xong, 3.1 tuần sau em làm xong", "1.4 done"),
        ],
    );
}

#[test]
fn the_same_is_said_with_its_day_and_its_reason() {
    table(
        &["1.4", "3.1"],
        &[
            (
                "1.4 xong ngày 18/11, 3.1 cũng vậy",
                "1.4 done on 2023-11-18 «1.4 xong ngày 18/11»; 3.1 done on 2023-11-18",
            ),
            ("1.4 vướng kinh phí, 3.1 cũng vậy", "1.4 blocked «kinh phí»; 3.1 blocked «kinh phí»"),
            ("1.4 vướng kinh phí, 3.1 cũng vậy vì thiếu người", "1.4 blocked «kinh phí»; 3.1 blocked «thiếu người»"),
            (
                "1.4 chưa xong vì thiếu người, 3.1 tương tự",
                "1.4 in_progress «1.4 chưa xong vì thiếu người»; 3.1 in_progress «thiếu người»",
            ),
            ("1.4 xong, 3.1 cũng vậy", "1.4 done; 3.1 done"),
            ("1.4 xong, ngày 18/11, 3.1 cũng vậy", "1.4 done on 2023-11-18 «1.4 xong; ngày 18/11»; ?Unclear(3.1)"),
        ],
    );
}

#[test]
fn the_name_of_a_class_is_no_sum() {
    table(
        &["1.4"],
        &[
            ("Đã xong, chỉ 5D", "?Unclear(1.4)"),
            ("Đã xong, chỉ 1K", "?Unclear(1.4)"),
            ("Đã xong, chỉ 12d", "?Unclear(1.4)"),
            ("Đã xong, hết 500k", "1.4 done «Đã xong, hết 500k»"),
            ("Đã xong, hết 50.000d", "1.4 done «Đã xong, hết 50.000d»"),
            ("Đã xong, hết 5đ", "1.4 done «Đã xong, hết 5đ»"),
            ("Đã xong, hết 5tr", "1.4 done «Đã xong, hết 5tr»"),
        ],
    );
}

#[test]
fn words_below_a_quoted_task_are_said_of_it() {
    let quoted = "> * Tiêu chí 1.4: hạn 30/11/2023\nĐã xong\n> * Tiêu chí 3.1: hạn 31/12/2023\n> Sửa chữa đồ chơi\nđang làm 20%\n> Trân trọng";
    let read = |text: &str| shown(&read(&fresh(text, &Ours::default()), &["1.4", "1.5", "3.1"]));
    assert_eq!(read(quoted), "1.4 done; 3.1 in_progress 20");
    // Below a whole message that names several nobody knows which is meant.
    assert_eq!(read("> Tiêu chí 1.4: hạn 30/11\n> Tiêu chí 3.1: hạn 31/12\nĐã xong"), "?Which");
    assert_eq!(read("> Tiêu chí 1.4: hạn 30/11\n3.1 đã xong"), "3.1 done");
    assert_eq!(read("> 1.4 đã xong\nVâng"), "ack");
}
