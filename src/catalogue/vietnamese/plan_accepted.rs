use crate::cli::plan::AcceptText;
use crate::language::{Says, Vietnamese};

impl Says<AcceptText<'_>> for Vietnamese {
    fn say(&self, said: &AcceptText<'_>) -> String {
        match said {
            AcceptText::Accepted { number, plan } => format!(
                "kế hoạch {number} có hiệu lực với {} việc; {} trong {} việc trước đây không còn",
                plan.new,
                plan.vanished.len(),
                plan.of
            ),
            AcceptText::NothingWaits { number } => {
                format!("không có kế hoạch nào chờ: kế hoạch {number} có hiệu lực như đã viết")
            }
        }
    }
}
