use crate::diagnostic::{FileMistake, RenderText, Severity, TableName};
use crate::language::{English, Explains, Explanation, Says};

impl Says<RenderText<'_>> for English {
    fn say(&self, said: &RenderText<'_>) -> String {
        match said {
            RenderText::Severity(Severity::Error) => "error".to_owned(),
            RenderText::Severity(Severity::Warning) => "warning".to_owned(),
            RenderText::Place => "note".to_owned(),
            RenderText::Help => "help".to_owned(),
            RenderText::Cell { table, row, heading, text } => {
                let column = heading.map(|heading| format!(", column '{heading}'")).unwrap_or_default();
                let quoted =
                    text.map(|text| if text.is_empty() { ": (empty)".to_owned() } else { format!(": \"{text}\"") });
                format!("{}, row {row}{column}{}", self.say(*table), quoted.unwrap_or_default())
            }
        }
    }
}

impl Says<TableName> for English {
    fn say(&self, name: &TableName) -> String {
        match name {
            TableName::Only => "table".to_owned(),
            TableName::Numbered(number) => format!("table {number}"),
            TableName::Sheet(sheet) => format!("sheet '{sheet}'"),
        }
    }
}

impl Explains<FileMistake> for English {
    fn explain(&self, mistake: &FileMistake) -> Explanation {
        const UTF_8: &str = "save it again with the encoding UTF-8";
        match mistake {
            FileMistake::TooLarge { path, mebibytes } => {
                Explanation::new(format!("{} is larger than {mebibytes} MiB", path.display()), "is it the right file?")
            }
            FileMistake::Unreadable { path, reason } => Explanation::new(
                format!("cannot read {}: {}", path.display(), reason.words),
                "check the path and who may read the file",
            ),
            FileMistake::OtherForm { path, reason, other } => Explanation::new(
                format!("cannot read {}: {}", path.display(), reason.words),
                format!(
                    "rename it: its letters are composed in another way, as on a Mac\nmv \"{}\" \"{}\"",
                    other.display(),
                    path.display()
                ),
            ),
            FileMistake::NotUtf8 { path, line } => {
                Explanation::new(format!("{} is not UTF-8 text on line {line}", path.display()), UTF_8)
            }
            FileMistake::NotAsMarked { path, encoding } => {
                Explanation::new(format!("{} is marked as {encoding} and is not that", path.display()), UTF_8)
            }
        }
    }
}
