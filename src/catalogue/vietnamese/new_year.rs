use crate::cli::new_year::NewYearText;
use crate::language::{Says, Vietnamese};

use super::day;

impl Says<NewYearText<'_>> for Vietnamese {
    fn say(&self, said: &NewYearText<'_>) -> String {
        use NewYearText as T;
        match said {
            T::DoneBefore => "Cấu hình đã là của năm học này, với đúng kế hoạch này: không có gì phải làm.".to_owned(),
            T::Head { old, new } => format!("Chuyển từ năm học {old} sang năm học {new}"),
            T::Dates(dates) => {
                let [first, second] = dates.terms;
                let usual = "theo lệ thường, sửa theo quyết định của tỉnh trong [school_year]";
                format!(
                    "Khung thời gian: {} – {} – {} – {} ({})",
                    day(dates.start),
                    day(first),
                    day(second),
                    day(dates.end),
                    dates.decision.unwrap_or(usual)
                )
            }
            T::NotOver { old } => {
                format!("CHÚ Ý: năm học {old} chưa kết thúc. Chuyển bây giờ thì mọi việc của năm ấy thôi được nhắc.")
            }
            T::Closed(number) => format!("Việc đã xong hoặc hủy, ở lại năm cũ: {number}"),
            T::Carried(number) => format!("Việc chưa xong mà kế hoạch mới nêu lại, mang theo tiến độ: {number}"),
            T::Left(number) => format!("Việc chưa xong mà kế hoạch mới không nêu lại, ở lại năm cũ: {number}"),
            T::Unsettled(tables) => {
                format!("Bỏ các bảng [task] không còn đúng việc trong kế hoạch mới: {}", tables.join(", "))
            }
            T::DaysOff(years) => {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                format!("Ghi thêm ngày nghỉ của năm: {}", years.join(", "))
            }
            T::Number(number) => format!("Số kế hoạch trùng một kế hoạch cũ, nên gọi là: {number}"),
            T::Files { folder, config } => format!("Năm cũ cất ở: {}, {}", folder.display(), config.display()),
            T::Question => "Làm như vậy? Gõ c rồi Enter để làm, Enter để thôi: ".to_owned(),
            T::Yes => "c có co y yes".to_owned(),
            T::NotDone => "Chưa làm gì. Xem kỹ rồi chạy lại lệnh này, thêm --yes.".to_owned(),
            T::NoReview => {
                "cấu hình không có tổng kết năm học (period = \"year\"), nên không có báo cáo năm".to_owned()
            }
            T::Done { old } => format!(
                "Xong. Người và cài đặt giữ như cũ; xem lại năm cũ bằng --year {old}, ví dụ: nhacviec --year {old} status\n\
                 Tiếp theo: sửa danh sách nếu có người đến, người đi; rồi nhacviec check và nhacviec rehearse."
            ),
            T::ReportFile => "tong-ket-nam-hoc.docx".to_owned(),
            T::EvidenceFolder => "minh-chung".to_owned(),
            T::Note { old } => format!("chuyển từ năm học {old}"),
        }
    }
}
