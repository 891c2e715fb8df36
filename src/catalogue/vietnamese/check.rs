use crate::cli::check::CheckText;
use crate::language::{Says, Vietnamese};
use crate::plan::Recurrence;

use super::period;

impl Says<CheckText<'_>> for Vietnamese {
    fn say(&self, said: &CheckText<'_>) -> String {
        match said {
            CheckText::UnusualTimes => "Các thời gian không phải là ngày tháng thường".to_owned(),
            CheckText::ReadTime(time) => {
                let written =
                    time.written().map_or_else(|| "việc thường kỳ".to_owned(), |written| format!("\"{written}\""));
                let often = match time.recurrence {
                    None => "",
                    Some(Recurrence::Month) => ", hằng tháng",
                    Some(Recurrence::Term) => ", mỗi học kỳ",
                };
                format!("{written} đọc là {}{often} ({})", period(time.period), time.tasks())
            }
            CheckText::MoreTimes(number) => format!("và {number} thời gian khác"),
            CheckText::Summary { errors, warnings, read } => {
                let found = [(*errors, "lỗi"), (*warnings, "chỗ cần xem")];
                let found = found.into_iter().filter(|(number, _)| *number > 0);
                let found: Vec<String> = found.map(|(number, what)| format!("{number} {what}")).collect();
                let summary =
                    if found.is_empty() { "không có gì phải sửa".to_owned() } else { found.join(", ") };
                let read = read.map(|(tasks, people)| format!(" trong {tasks} việc và {people} người"));
                summary + &read.unwrap_or_default()
            }
        }
    }
}
