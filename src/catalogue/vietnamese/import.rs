use crate::cli::import::ImportText;
use crate::language::{Says, Vietnamese};
use crate::plan::write::WrittenTime;

impl Says<ImportText<'_>> for Vietnamese {
    fn say(&self, ImportText::Written { tasks, found, path }: &ImportText<'_>) -> String {
        format!("đã ghi {tasks} việc, {found} chỗ cần xem, vào {}", path.display())
    }
}

impl Says<WrittenTime<'_>> for Vietnamese {
    fn say(&self, WrittenTime(words): &WrittenTime<'_>) -> String {
        format!("thời gian: \"{words}\"")
    }
}
