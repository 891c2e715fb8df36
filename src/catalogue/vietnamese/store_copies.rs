use crate::cli::store::{CopyText, ShownSize};
use crate::language::{Says, Vietnamese};
use crate::store::CopiedTable;

impl Says<CopyText<'_>> for Vietnamese {
    fn say(&self, said: &CopyText<'_>) -> String {
        match said {
            CopyText::BackedUp { file, size } => format!("đã sao lưu vào {}, {}", file.display(), self.say(size)),
            CopyText::Table(CopiedTable { table, rows }) => format!("bảng `{table}`: {rows} dòng"),
            CopyText::Copied { from, to } => format!(
                "{to} đã có đủ những gì {from} có; ghi kho mới vào `store`, và ghi vào `state` thư mục chứa links.key và \
                 minh chứng"
            ),
        }
    }
}

impl Says<ShownSize> for Vietnamese {
    fn say(&self, size: &ShownSize) -> String {
        match size {
            ShownSize::Bytes(bytes) => format!("{bytes} byte"),
            ShownSize::Kilobytes(kilobytes) => format!("{kilobytes} kB"),
            ShownSize::Megabytes(whole, tenths) => format!("{whole},{tenths} MB"),
        }
    }
}
