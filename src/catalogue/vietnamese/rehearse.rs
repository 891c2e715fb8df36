use jiff::civil::{Date, Weekday};

use crate::cli::rehearse::report::RehearsalText;
use crate::language::{Says, Vietnamese};
use crate::schedule::{Notice, NoticeKind};

use super::{day, review};

impl Says<RehearsalText<'_>> for Vietnamese {
    fn say(&self, said: &RehearsalText<'_>) -> String {
        use RehearsalText as T;
        match said {
            T::Head { plan, from, to } => format!(
                "kế hoạch {} ngày {}, {} việc; diễn tập từ {} đến {}",
                plan.number,
                day(plan.issued),
                plan.tasks.len(),
                day(*from),
                day(*to)
            ),
            T::ReportedAfter { days } => {
                let when = match days {
                    0 => "đúng ngày hạn".to_owned(),
                    days => format!("sau hạn {days} ngày"),
                };
                format!("mọi việc được báo xong {when}, việc thường kỳ vào hôm sau mỗi lần hỏi")
            }
            T::Day(date) => format!("{}, ngày {}", weekday(date.weekday()), day(*date)),
            T::Why { notice, due, days_late } => {
                let late = match days_late {
                    0 => String::new(),
                    days => format!(", gửi bù sau {days} ngày"),
                };
                why(notice, *due) + &late
            }
            T::Failure => "có lỗi mà người quản trị phải biết".to_owned(),
            T::Messages => "số thư".to_owned(),
            T::Total => "cộng".to_owned(),
            T::New => "mới".to_owned(),
            T::Everybody => "tất cả".to_owned(),
            T::Mean { tenths } => format!("mỗi người mỗi tháng {},{} thư", tenths / 10, tenths % 10),
            T::WhatIsNew => {
                "mới: thư có điều chưa từng báo cho người ấy về một việc, hoặc là sơ kết, tổng kết".to_owned()
            }
            T::DaysLeft { pos, len, eta } => format!("{pos}/{len} ngày, còn {eta}"),
        }
    }
}

/// Why a notice goes out, as a person would say it.
fn why(notice: &Notice, due: Option<Date>) -> String {
    let due = due.map(day).unwrap_or_default();
    match notice.kind {
        NoticeKind::Start => format!("bắt đầu {}, hạn {due}", day(notice.day)),
        NoticeKind::Before(0) => format!("hạn {due}: đúng ngày"),
        NoticeKind::Before(days) => format!("hạn {due}: trước {days} ngày"),
        NoticeKind::Overdue(days) => format!("hạn {due}: quá {days} ngày"),
        NoticeKind::Escalation(days) => format!("người khác chậm, hạn {due}: quá {days} ngày"),
        NoticeKind::SelfCheck(asked) => format!("việc đến đâu rồi? hỏi trước {}", review(asked)),
        NoticeKind::Review(made) => format!("{}, đến hết ngày {}", review(made), day(notice.day)),
    }
}

fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Thứ Hai",
        Weekday::Tuesday => "Thứ Ba",
        Weekday::Wednesday => "Thứ Tư",
        Weekday::Thursday => "Thứ Năm",
        Weekday::Friday => "Thứ Sáu",
        Weekday::Saturday => "Thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}
