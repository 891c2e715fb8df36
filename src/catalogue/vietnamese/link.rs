use crate::cli::link::{LinkText, LinkedPage};
use crate::language::{Says, Vietnamese};

impl Says<LinkedPage> for Vietnamese {
    fn say(&self, page: &LinkedPage) -> String {
        match page {
            LinkedPage::Status => "kế hoạch",
            LinkedPage::Overview => "các việc",
            LinkedPage::Calendar => "lịch",
            LinkedPage::Answer => "báo cáo",
        }
        .to_owned()
    }
}

impl Says<LinkText<'_>> for Vietnamese {
    fn say(&self, said: &LinkText<'_>) -> String {
        match said {
            LinkText::NoPage(name) => {
                format!("{name} không có việc nào trong kế hoạch, cũng không giám sát việc nào, nên không có trang nào")
            }
            LinkText::Void(name) => {
                format!("các đường dẫn của {} đến nay đã hết hiệu lực", name.unwrap_or("mọi người"))
            }
        }
    }
}
