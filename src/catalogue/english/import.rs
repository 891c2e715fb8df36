use crate::cli::import::ImportText;
use crate::language::{English, Says};
use crate::plan::write::WrittenTime;

use super::counted;

impl Says<ImportText<'_>> for English {
    fn say(&self, ImportText::Written { tasks, found, path }: &ImportText<'_>) -> String {
        format!("{}, {found} to look at, in {}", counted(*tasks, "task", "tasks"), path.display())
    }
}

impl Says<WrittenTime<'_>> for English {
    fn say(&self, WrittenTime(words): &WrittenTime<'_>) -> String {
        format!("time: \"{words}\"")
    }
}
