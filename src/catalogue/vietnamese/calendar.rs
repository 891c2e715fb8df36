use crate::calendar::SchoolYearError;
use crate::calendar::mistake::HolidayMistake;
use crate::language::{Explains, Explanation, Says, Vietnamese};

use super::day;

impl Explains<HolidayMistake> for Vietnamese {
    fn explain(&self, mistake: &HolidayMistake) -> Explanation {
        use HolidayMistake as M;
        match mistake {
            M::WorkedAndOff { date } => {
                Explanation::new(format!("{} cũng là ngày nghỉ", day(*date)), "bỏ một trong hai")
            }
            M::ListedTwice { date } => Explanation::new(format!("{} ghi hai lần", day(*date)), "bỏ một trong hai"),
            M::NoneInYear { year } => Explanation::new(
                format!("năm {year} chưa ghi ngày nghỉ nào"),
                "thêm các ngày nghỉ của năm đó, nếu không thư nhắc vẫn gửi vào ngày nghỉ",
            ),
            M::NoDate => Explanation::new(
                "ngày nghỉ cần `date`, hoặc `from` và `to`",
                "viết `date = 2024-01-01`, hoặc `from` và `to`",
            ),
            M::EndsBeforeStart { start, end } => {
                Explanation::new(format!("{} đứng trước {}", day(*end), day(*start)), "viết ngày sớm hơn trước")
            }
            M::TooLong { start, end } => {
                Explanation::new(format!("nghỉ từ {} đến {} là quá dài", day(*start), day(*end)), "xem lại các năm")
            }
        }
    }
}

impl Says<SchoolYearError> for Vietnamese {
    fn say(&self, error: &SchoolYearError) -> String {
        match error {
            SchoolYearError::NoTerm => "năm học có ít nhất một học kỳ".to_owned(),
            SchoolYearError::OutOfOrder { earlier, later } => {
                format!("{} phải đứng sau {}", day(*later), day(*earlier))
            }
            SchoolYearError::EndsInTerm { term, end } => {
                format!("năm học kết thúc ngày {}, trước khi học kỳ cuối kết thúc ngày {}", day(*end), day(*term))
            }
            SchoolYearError::TooLong { start, end } => {
                format!("năm học từ {} đến {} là quá dài", day(*start), day(*end))
            }
        }
    }
}
