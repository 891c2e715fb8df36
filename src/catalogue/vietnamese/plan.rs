use crate::language::{Explains, Explanation, Says, Vietnamese};
use crate::plan::Recurrence;
use crate::plan::mistake::{OtherFormat, PlanMistake};
use crate::plan::timeframe::{Doubt, Unresolved};

use super::{day, listed, meant};

impl Explains<PlanMistake> for Vietnamese {
    fn explain(&self, mistake: &PlanMistake) -> Explanation {
        use PlanMistake as M;
        match mistake {
            M::NotClosedBy { written, known } => Explanation::new(
                format!("việc không khép lại theo `{written}`"),
                format!("viết một trong {}", listed(known)),
            ),
            M::DoesNotRecurBy { written, known } => Explanation::new(
                format!("việc không lặp lại theo `{written}`"),
                format!("viết một trong {}", listed(known)),
            ),
            M::NoStatus { written } => Explanation::new(
                format!("không có mức độ thực hiện `{written}`"),
                "viết not_started, in_progress, blocked, done hoặc cancelled",
            ),
            M::NoPercentage => Explanation::new("đây không phải là số phần trăm", "viết một số nguyên từ 0 đến 100"),
            M::PercentWithoutStatus => Explanation::new("`percent` cần có `status`", "thêm `status = \"in_progress\"`"),
            M::NoLead => Explanation::new(
                "việc chưa có người chủ trì: không ai được nhắc",
                "ghi ít nhất một vai trò hay người chủ trì",
            ),
            M::DoubledTask { task, line } => {
                Explanation::new(format!("đã có việc `{task}`, ở dòng {line}"), "đặt id khác cho một trong hai")
            }
            M::TaskOfThatName { task } => {
                Explanation::new(format!("đã có việc `{task}`"), "đặt `id` khác cho việc này")
            }
            M::NoTask { task, near } => Explanation::new(
                format!("kế hoạch không có việc `{task}`"),
                meant(near.as_ref(), || "`nhacviec status` cho biết các việc tên là gì".to_owned()),
            ),
            M::DoubledTime => Explanation::new("`time` và `due` cùng nói khi nào", "bỏ một trong hai"),
            M::StartWithoutDue => Explanation::new("`start` cần có `due`", "thêm `due = …`, hoặc viết `time` thay vào"),
            M::StartsAfterDue { start, due } => {
                Explanation::new(format!("{} đứng sau `due` là {}", day(*start), day(*due)), "viết ngày sớm hơn trước")
            }
            M::NoTime => Explanation::new(
                "việc không có thời gian: không ai được nhắc",
                "thêm `time = \"10/2023\"`, hoặc `due` là một ngày",
            ),
            M::TaskTimeOpen { reason } => nobody_reminded(reason),
            M::SettledTimeOpen { reason } => self.explain(reason),
            M::SeveralTasks { task, names } => Explanation::new(
                format!("`{task}` là nhiều việc, mỗi thời gian một việc"),
                format!("ghi riêng cho từng việc {}", listed(names)),
            ),
            M::SeveralTimes => Explanation::new(
                "đây là nhiều thời gian cho một việc",
                "viết một thời gian, hoặc ghi ngày ở `start` và `due`",
            ),
            M::EmptyPlan => Explanation::new(
                "kế hoạch không có việc nào",
                "có đúng tệp không? Kế hoạch không có việc thì không nhận, để không mất gì vì nhầm",
            ),
            M::NoFormat { path, format, endings } => {
                let help = save_as(*format)
                    .map_or_else(|| format!("ghi tên một tệp có đuôi .{}", endings.join(", .")), str::to_owned);
                let what = self.say(format);
                Explanation::new(format!("`{path}` là {what}, kế hoạch không đọc được từ loại tệp này"), help)
            }
        }
    }
}

/// A time that is open, with what comes of it.
pub(super) fn nobody_reminded(reason: &Unresolved) -> Explanation {
    let open = Vietnamese.explain(reason);
    Explanation { message: format!("{}: không ai được nhắc việc này", open.message), ..open }
}

impl Says<OtherFormat> for Vietnamese {
    fn say(&self, format: &OtherFormat) -> String {
        let what = match format {
            OtherFormat::OldWord => "văn bản Word 97-2003",
            OtherFormat::WordWithMacros => "văn bản Word có macro, hoặc tệp mẫu",
            OtherFormat::OtherText => "văn bản của chương trình khác",
            OtherFormat::OldExcel => "bảng tính Excel 97-2003",
            OtherFormat::ExcelWithMacros => "bảng tính có macro, dạng nhị phân, hoặc tệp mẫu",
            OtherFormat::OtherWorkbook => "bảng tính của chương trình khác",
            OtherFormat::Pdf => "PDF: như trang đã in, bảng chỉ còn là nét kẻ",
            OtherFormat::NoEnding => "tệp không có đuôi",
            OtherFormat::SomethingElse => "loại tệp khác",
        };
        what.to_owned()
    }
}

/// How a file of another format is made one that can be read.
pub(super) fn save_as(format: OtherFormat) -> Option<&'static str> {
    match format {
        OtherFormat::OldWord | OtherFormat::WordWithMacros | OtherFormat::OtherText => {
            Some("mở bằng Word và lưu thành \"Word Document (*.docx)\"")
        }
        OtherFormat::OldExcel | OtherFormat::ExcelWithMacros | OtherFormat::OtherWorkbook => {
            Some("mở bằng Excel và lưu thành \"Excel Workbook (*.xlsx)\"")
        }
        OtherFormat::Pdf => Some("ghi tên tệp Word hay Excel gốc"),
        OtherFormat::NoEnding | OtherFormat::SomethingElse => None,
    }
}

impl Explains<Unresolved> for Vietnamese {
    fn explain(&self, reason: &Unresolved) -> Explanation {
        use Unresolved as R;
        const TIME: &str = "viết tháng (\"10/2023\"), ngày (\"15/10/2023\"), hoặc ghi ngày ở `start` và `due`";
        match reason {
            R::Empty => Explanation::new("không ghi thời gian", TIME),
            R::MonthMissing => Explanation::new("thiếu tháng", TIME),
            R::YearMissing => Explanation::new(
                "không nói năm nào",
                "viết năm (\"tháng 12/2023\"), hoặc \"năm học\" nếu là cả năm học",
            ),
            R::OtherSchoolYear { from, to } => Explanation::new(
                format!("{from}-{to} không phải là năm học trong cấu hình"),
                "viết năm học này, hoặc sửa [school_year]",
            ),
            R::NotInCalendar(day) => Explanation::new(format!("không có {day}"), "viết một ngày có thật"),
            R::NoSuchTerm(term) => Explanation::new(
                format!("năm học trong cấu hình không có học kỳ {term}"),
                "viết học kỳ khác, hoặc thêm vào `terms` trong [school_year]",
            ),
            R::EndsBeforeStart { start, due } => Explanation::new(
                format!("kết thúc ngày {}, trước khi bắt đầu ngày {}", day(*due), day(*start)),
                "viết ngày sớm hơn trước, kèm năm",
            ),
            R::OtherWeekday { date, weekday } => {
                Explanation::new(format!("{} không phải là {weekday}", day(*date)), "sửa ngày hoặc thứ, hoặc bỏ thứ")
            }
            R::FarFromSchoolYear(date) => Explanation::new(
                format!("{} cách xa năm học trong cấu hình", day(*date)),
                "sửa năm, hoặc ghi ngày ở `start` và `due`",
            ),
            R::Contradiction(one, other) => Explanation::new(
                format!("vừa ghi {one} vừa ghi {other}"),
                "viết cái đúng, hoặc ngăn các khoảng thời gian bằng \";\"",
            ),
            R::NotUnderstood(words) => Explanation::new(format!("`{words}` không phải là thời gian"), TIME),
        }
    }
}

impl Explains<Doubt> for Vietnamese {
    fn explain(&self, doubt: &Doubt) -> Explanation {
        let is_meant = doubt.meant().map(|meant| format!("có phải là {meant} không?")).unwrap_or_default();
        match doubt {
            Doubt::BeforeIssue { due, issued } => Explanation::new(
                format!("hạn {}, trước ngày ban hành kế hoạch {}: không ai được nhắc kịp", day(*due), day(*issued)),
                is_meant,
            ),
            Doubt::OutsideSchoolYear { due, .. } => {
                Explanation::new(format!("hạn {}, ngoài năm học", day(*due)), is_meant)
            }
            Doubt::Steps { due } => Explanation::new(
                format!("các bước có thời gian riêng: chỉ nhắc bước cuối, {}", day(*due)),
                "mỗi bước một việc, hoặc ghi ngày ở `start` và `due`",
            ),
            Doubt::NotTaken(words) => Explanation::new(
                format!("`{words}` đứng bên cạnh và không được dùng"),
                "ghi thời gian ở một chỗ, hoặc ghi `start` và `due`",
            ),
            Doubt::OtherRecurrence { words, asked } => {
                let asked = match asked {
                    None => "hỏi một lần, khi đến hạn",
                    Some(Recurrence::Month) => "hỏi theo tháng",
                    Some(Recurrence::Term) => "hỏi theo học kỳ",
                };
                Explanation::new(
                    format!("`{words}` không được hỏi riêng: {asked}"),
                    "ghi hỏi theo kỳ nào, hoặc mỗi nhịp, mỗi đợt một việc",
                )
            }
        }
    }
}
