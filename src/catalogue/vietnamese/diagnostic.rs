use crate::diagnostic::{FileMistake, RenderText, Severity, TableName};
use crate::language::{Explains, Explanation, Says, Vietnamese};

use super::why;

impl Says<RenderText<'_>> for Vietnamese {
    fn say(&self, said: &RenderText<'_>) -> String {
        match said {
            RenderText::Severity(Severity::Error) => "lỗi".to_owned(),
            RenderText::Severity(Severity::Warning) => "cần xem".to_owned(),
            RenderText::Place => "vị trí".to_owned(),
            RenderText::Help => "cách sửa".to_owned(),
            RenderText::Cell { table, row, heading, text } => {
                let column = heading.map(|heading| format!(", cột '{heading}'")).unwrap_or_default();
                let quoted =
                    text.map(|text| if text.is_empty() { ": (trống)".to_owned() } else { format!(": \"{text}\"") });
                format!("{}, dòng {row}{column}{}", self.say(*table), quoted.unwrap_or_default())
            }
        }
    }
}

impl Says<TableName> for Vietnamese {
    fn say(&self, name: &TableName) -> String {
        match name {
            TableName::Only => "bảng".to_owned(),
            TableName::Numbered(number) => format!("bảng {number}"),
            TableName::Sheet(sheet) => format!("trang '{sheet}'"),
        }
    }
}

impl Explains<FileMistake> for Vietnamese {
    fn explain(&self, mistake: &FileMistake) -> Explanation {
        const UTF_8: &str = "lưu lại với bảng mã UTF-8";
        match mistake {
            FileMistake::TooLarge { path, mebibytes } => {
                Explanation::new(format!("{} lớn hơn {mebibytes} MiB", path.display()), "có đúng tệp không?")
            }
            FileMistake::Unreadable { path, reason } => Explanation::new(
                format!("không đọc được {}: {}", path.display(), why(reason)),
                "xem lại đường dẫn, và ai được đọc tệp",
            ),
            FileMistake::OtherForm { path, reason, other } => Explanation::new(
                format!("không đọc được {}: {}", path.display(), why(reason)),
                format!(
                    "đổi tên tệp: chữ trong tên được ghép theo cách khác, như trên máy Mac\nmv \"{}\" \"{}\"",
                    other.display(),
                    path.display()
                ),
            ),
            FileMistake::NotUtf8 { path, line } => {
                Explanation::new(format!("{} không phải là chữ UTF-8, ở dòng {line}", path.display()), UTF_8)
            }
            FileMistake::NotAsMarked { path, encoding } => {
                Explanation::new(format!("{} ghi là {encoding} mà không phải", path.display()), UTF_8)
            }
        }
    }
}
