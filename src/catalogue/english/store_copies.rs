use crate::cli::store::{CopyText, ShownSize};
use crate::language::{English, Says};
use crate::store::CopiedTable;

impl Says<CopyText<'_>> for English {
    fn say(&self, said: &CopyText<'_>) -> String {
        match said {
            CopyText::BackedUp { file, size } => format!("{}, {}", file.display(), self.say(size)),
            CopyText::Table(CopiedTable { table, rows }) => format!("{table}: {rows}"),
            CopyText::Copied { from, to } => format!(
                "{to} has all that {from} has; name it in `store`, and in `state` where links.key and evidence lie"
            ),
        }
    }
}

impl Says<ShownSize> for English {
    fn say(&self, size: &ShownSize) -> String {
        match size {
            ShownSize::Bytes(1) => "1 byte".to_owned(),
            ShownSize::Bytes(bytes) => format!("{bytes} bytes"),
            ShownSize::Kilobytes(kilobytes) => format!("{kilobytes} kB"),
            ShownSize::Megabytes(whole, tenths) => format!("{whole}.{tenths} MB"),
        }
    }
}
