use crate::cli::link::{LinkText, LinkedPage};
use crate::language::{English, Says};

impl Says<LinkedPage> for English {
    fn say(&self, page: &LinkedPage) -> String {
        match page {
            LinkedPage::Status => "status",
            LinkedPage::Overview => "overview",
            LinkedPage::Calendar => "calendar",
            LinkedPage::Answer => "answer",
        }
        .to_owned()
    }
}

impl Says<LinkText<'_>> for English {
    fn say(&self, said: &LinkText<'_>) -> String {
        match said {
            LinkText::NoPage(name) => {
                format!("{name} has no task in the plan and supervises none, so there is no page for them")
            }
            LinkText::Void(name) => format!("the links of {} until now are void", name.unwrap_or("everybody")),
        }
    }
}
