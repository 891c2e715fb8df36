use crate::cli::history::events::{HistoryEvent, NoticeFields, ShownPeriod};
use crate::cli::history::text::HistoryText;
use crate::language::{Says, Vietnamese};
use crate::progress::{Effect, How};
use crate::store::outbox::{AttemptOutcome, Why};
use crate::store::plans::ChangeKind;

use super::{day, status};

impl Says<HistoryText<'_>> for Vietnamese {
    fn say(&self, said: &HistoryText<'_>) -> String {
        use HistoryText as T;
        match said {
            T::Task(task) => format!("Việc {}: {}", task.name, task.remedy),
            T::People { lead, with, period } => {
                let with = if with.is_empty() { String::new() } else { format!("; phối hợp: {}", with.join(", ")) };
                let time = period.map_or_else(|| "chưa rõ thời gian".to_owned(), |period| span(&period.into()));
                format!("Chủ trì: {}{with}; {time}", lead.join(", "))
            }
            T::Gone(name) => format!("Việc {name} không còn trong kế hoạch"),
            T::AsOf(at) => format!("Theo kho dữ liệu lúc {}", self.say(*at)),
            T::Nothing => "chưa có lời nhắc hay báo cáo nào".to_owned(),
            T::When => "lúc".to_owned(),
            T::What => "diễn biến".to_owned(),
            T::Who => "ai".to_owned(),
            T::Details => "chi tiết".to_owned(),
            T::Happened(event) => happened(event),
            T::About(event) => about(event),
        }
    }
}

/// What happened, in a word or two.
fn happened(event: &HistoryEvent<'_>) -> String {
    match event {
        HistoryEvent::Plan { .. } | HistoryEvent::Renamed { .. } => "kế hoạch".to_owned(),
        HistoryEvent::Planned { .. } => "đã lên lịch".to_owned(),
        HistoryEvent::Attempt { outcome, number, .. } => attempted(*outcome, *number),
        HistoryEvent::GivenUp { .. } => "không gửi nữa".to_owned(),
        HistoryEvent::MayHaveArrived { .. } => "có thể đã đến".to_owned(),
        HistoryEvent::Skipped { .. } => "bỏ qua".to_owned(),
        HistoryEvent::Withdrawn { .. } => "đã rút lại".to_owned(),
        HistoryEvent::Progress { how, .. } => format!("báo cáo {}", by_way(*how)),
        HistoryEvent::TimeAsked { how, .. } => format!("xin lùi hạn {}", by_way(*how)),
        HistoryEvent::Postponed { .. } => "đổi hạn".to_owned(),
        HistoryEvent::NotPostponed { .. } => "không lùi hạn".to_owned(),
    }
}

/// By which way something came to be known.
fn by_way(how: How) -> &'static str {
    match how {
        How::Command => "bằng lệnh",
        How::Link => "qua đường dẫn",
        How::Mail => "qua thư",
        How::Document => "trong văn bản kế hoạch",
        How::Rehearsal => "khi diễn tập",
    }
}

/// What came of an attempt, the number of which counts from 1.
fn attempted(outcome: AttemptOutcome, number: usize) -> String {
    match outcome {
        AttemptOutcome::Sent if number == 1 => "đã gửi".to_owned(),
        AttemptOutcome::Sent => format!("đã gửi, lần {number}"),
        AttemptOutcome::Uncertain => "không có trả lời".to_owned(),
        AttemptOutcome::Temporary
        | AttemptOutcome::Permanent
        | AttemptOutcome::Message
        | AttemptOutcome::Unknown
        | AttemptOutcome::Channel => "không nhận".to_owned(),
    }
}

/// What an event was about and what came of it.
fn about(event: &HistoryEvent<'_>) -> String {
    match event {
        HistoryEvent::Plan { change, old, new } => changed(*change, old.as_ref(), new.as_ref()),
        HistoryEvent::Renamed { old, new } => format!("nay gọi là {new}, trước là {old}"),
        HistoryEvent::Planned { notice } | HistoryEvent::GivenUp { notice } => told(notice),
        HistoryEvent::Attempt { notice, channel, address, answer, composed_anew, .. } => {
            let over = if channel.is_empty() { String::new() } else { format!(" qua {channel}") };
            let address = address.map(|address| format!(" đến {address}")).unwrap_or_default();
            let message = notice.message.map(|id| format!(" [{id}]")).unwrap_or_default();
            let anew = if *composed_anew { "; đã viết lại vì nội dung nay khác" } else { "" };
            format!("{}{over}{address}: {}{message}{anew}", told(notice), Vietnamese.say(*answer))
        }
        HistoryEvent::MayHaveArrived { notice } => format!("{}: không có trả lời", told(notice)),
        HistoryEvent::Skipped { notice, why } | HistoryEvent::Withdrawn { notice, why } => {
            format!("{}{}", told(notice), behind(why.map(because)))
        }
        HistoryEvent::Progress { status: reported, percent, note, evidence, by, effect, done_on, .. } => {
            let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
            let done_on = done_on.map(|date| format!(", ngày {}", day(date))).unwrap_or_default();
            let proof =
                if evidence.is_empty() { String::new() } else { format!(" (minh chứng: {})", evidence.join(", ")) };
            format!("{}{percent}{done_on}{}{}{proof}", status(*reported), whose(effect, *by), behind(*note))
        }
        HistoryEvent::TimeAsked { due, why, .. } => format!("đến {}: {why}", day(*due)),
        HistoryEvent::Postponed { old, due, why, decision } => {
            let old = old.map(|old| format!("từ {} ", day(old))).unwrap_or_default();
            let note = decision.note.map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{old}sang {}: {why}{note}", day(*due))
        }
        HistoryEvent::NotPostponed { due, decision } => format!("đến {}{}", day(*due), behind(decision.note)),
    }
}

/// What the plan says otherwise of a task.
fn changed(change: ChangeKind, old: Option<&ShownPeriod>, new: Option<&ShownPeriod>) -> String {
    let time = |period: Option<&ShownPeriod>| period.map_or_else(|| "chưa rõ thời gian".to_owned(), span);
    match change {
        ChangeKind::Moved => format!("đổi thời gian: {}; trước là {}", time(new), time(old)),
        ChangeKind::Added => format!("thêm việc: {}", time(new)),
        ChangeKind::Removed => "không còn trong kế hoạch".to_owned(),
        ChangeKind::Reworded => "sửa nội dung hoặc người thực hiện".to_owned(),
        ChangeKind::Renumbered => "đổi số".to_owned(),
    }
}

/// What a report has changed, where that does not go without saying.
fn whose(effect: &Effect, by: Option<&str>) -> String {
    match effect {
        Effect::Whole => String::new(),
        Effect::Closes => ", kết thúc việc".to_owned(),
        Effect::Reopens(_) => ", mở lại việc".to_owned(),
        Effect::Note => ", ghi là lời nhắn, không đổi tiến độ".to_owned(),
        Effect::Parts(leads) | Effect::Completes(leads) if leads.iter().all(|lead| Some(lead.as_str()) == by) => {
            String::new()
        }
        Effect::Parts(leads) | Effect::Completes(leads) => format!(", phần việc của {}", leads.join(", ")),
    }
}

/// What a notice says: "trước hạn 7 ngày, cho ngày 24/10/2023".
fn told(notice: &NoticeFields<'_>) -> String {
    format!("{}, cho ngày {}", Vietnamese.say(&notice.said), day(notice.on))
}

/// Words that stand behind others; nothing where there are none.
fn behind(words: Option<&str>) -> String {
    words.map(|words| format!(": {words}")).unwrap_or_default()
}

/// Why something was not told.
fn because(why: Why) -> &'static str {
    match why {
        Why::Closed => "việc đã hoàn thành hoặc không thực hiện nữa",
        Why::Plan => "kế hoạch hoặc người thực hiện đã thay đổi",
        Why::Later => "có lời nhắc sau thay cho lời nhắc này",
        Why::Stale => "khi thấy còn thiếu thì đã quá muộn",
        Why::Dropped => "đã bỏ ra khỏi hàng đợi bằng lệnh",
        Why::PartDone => "người này đã xong phần việc của mình",
        Why::Blocked => "việc đang gặp vướng mắc",
        Why::Leads => "cấp trên này chính là người chủ trì việc",
        Why::Urgent => "cùng ngày có lời nhắc gấp hơn",
        Why::Asked => "vừa có báo cáo, hoặc mấy ngày này có lời nhắc khác cũng hỏi",
        Why::Lapsed => "kỳ sơ kết, tổng kết cần lời hỏi này đã làm xong",
    }
}

fn span(span: &ShownPeriod) -> String {
    match span.start {
        Some(start) => format!("từ {} đến {}", day(start), day(span.due)),
        None => format!("hạn {}", day(span.due)),
    }
}
