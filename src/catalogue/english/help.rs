use crate::cli::help::{HelpText, HelpWord, UsageMistake};
use crate::language::{English, Says};

impl Says<HelpText<'_>> for English {
    fn say(&self, text: &HelpText<'_>) -> String {
        text.english.to_owned()
    }
}

impl Says<HelpWord<'_>> for English {
    fn say(&self, word: &HelpWord<'_>) -> String {
        match word {
            HelpWord::Usage => "Usage:".to_owned(),
            HelpWord::OptionsInUsage => "[OPTIONS]".to_owned(),
            HelpWord::CommandInUsage => "COMMAND".to_owned(),
            HelpWord::Commands => "Commands".to_owned(),
            HelpWord::Arguments => "Arguments".to_owned(),
            HelpWord::Options => "Options".to_owned(),
            HelpWord::Default(value) => format!("[default: {value}]"),
            HelpWord::PossibleValues(values) => format!("[possible values: {}]", values.join(", ")),
            HelpWord::Variable(name) => format!("[env: {name}]"),
            HelpWord::ValueName(name) => (*name).to_owned(),
        }
    }
}

impl Says<UsageMistake<'_>> for English {
    fn say(&self, UsageMistake(error): &UsageMistake<'_>) -> String {
        error.render().ansi().to_string()
    }
}
