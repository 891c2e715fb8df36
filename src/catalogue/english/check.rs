use crate::cli::check::CheckText;
use crate::language::{English, Says};

use super::counted;

impl Says<CheckText<'_>> for English {
    fn say(&self, said: &CheckText<'_>) -> String {
        match said {
            CheckText::UnusualTimes => "times that are no plain dates".to_owned(),
            CheckText::ReadTime(time) => {
                let written = time.written().map_or_else(|| "recurring".to_owned(), |written| format!("\"{written}\""));
                let often = time.recurrence.map(|recurrence| format!(", each {recurrence}")).unwrap_or_default();
                format!("{written} is read as {}{often} ({})", time.period, time.tasks())
            }
            CheckText::MoreTimes(number) => format!("and {number} more"),
            CheckText::Summary { errors, warnings, read } => {
                let found = [(*errors, "error", "errors"), (*warnings, "warning", "warnings")];
                let found = found.into_iter().filter(|(number, ..)| *number > 0);
                let found: Vec<String> = found.map(|(number, one, many)| counted(number, one, many)).collect();
                let summary = if found.is_empty() { "nothing to mend".to_owned() } else { found.join(", ") };
                let read = read.map(|(tasks, people)| {
                    format!(" in {} and {}", counted(tasks, "task", "tasks"), counted(people, "person", "people"))
                });
                summary + &read.unwrap_or_default()
            }
        }
    }
}
