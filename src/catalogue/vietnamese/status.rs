use crate::app::plan_in_force::WaitingPlan;
use crate::cli::status::text::StatusText;
use crate::language::{Says, Vietnamese};
use crate::plan::Status;
use crate::schedule::NoticeKind;
use crate::store::WorkerSeen;

use super::{day, review};

impl Says<NoticeKind> for Vietnamese {
    fn say(&self, kind: &NoticeKind) -> String {
        match kind {
            NoticeKind::Start => "bắt đầu".to_owned(),
            NoticeKind::Before(0) => "đúng ngày hạn".to_owned(),
            NoticeKind::Before(days) => format!("trước hạn {days} ngày"),
            NoticeKind::Overdue(days) => format!("quá hạn {days} ngày"),
            NoticeKind::Escalation(days) => format!("báo cáo cấp trên, quá hạn {days} ngày"),
            NoticeKind::SelfCheck(asked) => format!("tự kiểm tra trước {}", review(*asked)),
            NoticeKind::Review(made) => review(*made),
        }
    }
}

impl Says<WaitingPlan> for Vietnamese {
    fn say(&self, waiting: &WaitingPlan) -> String {
        format!(
            "{} trong {} việc không còn trong kế hoạch ({}), nên kế hoạch mới chưa được dùng, kế hoạch cũ vẫn có hiệu lực: sửa tệp \
             kế hoạch, hoặc chấp nhận bằng `nhacviec plan accept`",
            waiting.vanished.len(),
            waiting.of,
            waiting.named()
        )
    }
}

impl Says<StatusText<'_>> for Vietnamese {
    fn say(&self, said: &StatusText<'_>) -> String {
        use StatusText as T;
        match said {
            T::NotKnown(why) => format!("chưa biết các việc đã làm đến đâu: {}", self.say(*why)),
            T::Task => "việc".to_owned(),
            T::Due => "hạn".to_owned(),
            T::DueInPlan => "hạn trong kế hoạch".to_owned(),
            T::State => "tiến độ".to_owned(),
            T::Lead => "chủ trì".to_owned(),
            T::Summary { number, today, counts } => format!(
                "kế hoạch {number}, ngày {}: xong {}/{}, quá hạn {}, vướng mắc {}, đang thực hiện {}, chưa báo cáo {}, chưa đến \
                 hạn {}, chưa rõ thời gian {}",
                day(*today),
                counts.done,
                counts.counted,
                counts.overdue,
                counts.blocked,
                counts.in_progress,
                counts.not_started,
                counts.not_due,
                counts.unresolved
            ),
            T::PlanWaits => "kế hoạch mới chưa được dùng:".to_owned(),
            T::DueDate { due, written } => {
                let due = due.map_or_else(|| "chưa rõ".to_owned(), day);
                written.map_or(due.clone(), |written| format!("{due} (kế hoạch: {})", day(written)))
            }
            T::Reported(status, percent) => match status {
                Status::NotStarted => "chưa thực hiện".to_owned(),
                Status::InProgress => format!("{percent} %"),
                Status::Blocked => format!("vướng mắc, đạt {percent} %"),
                Status::Done => "xong".to_owned(),
                Status::Cancelled => "không thực hiện nữa".to_owned(),
            },
            T::LeadsDone { done, of } => format!("{done} trong {of} người chủ trì đã xong"),
            T::DaysOverdue(days) => format!("quá hạn {days} ngày"),
            T::Requests => "xin lùi hạn; quyết định bằng `nhacviec postpone`".to_owned(),
            T::Answers => "trả lời chờ người xử lý; xem `nhacviec answers list`".to_owned(),
            T::Next => "sắp gửi".to_owned(),
            T::First(number, at) => format!("sắp gửi: {number} thư lúc {}", self.say(*at)),
            T::NothingFirst(at) => format!("lần xem đầu tiên, lúc {}, không gửi gì", self.say(*at)),
            T::Nothing => "không có gì".to_owned(),
            T::MoreMessages(number) => format!("và {number} thư nữa về sau"),
            T::Over(channel) => format!("qua {channel}"),
            T::Note => "thư báo".to_owned(),
            T::NotDelivered => "không gửi được".to_owned(),
            T::MayHaveArrived => "có thể đã đến".to_owned(),
            T::FailingAddresses => "địa chỉ không nhận thư".to_owned(),
            T::Since(date) => format!("từ {}", day(*date)),
            T::NobodyAtWork => "chưa dịch vụ nào làm việc".to_owned(),
            T::Worker(WorkerSeen { node, version, is_at_work, .. }) => {
                let does = if *is_at_work { "đang làm" } else { "dự phòng" };
                format!("{does}: {node}, phiên bản {version}")
            }
        }
    }
}
