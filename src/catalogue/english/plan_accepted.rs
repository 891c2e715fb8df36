use crate::cli::plan::AcceptText;
use crate::language::{English, Says};

use super::counted;

impl Says<AcceptText<'_>> for English {
    fn say(&self, said: &AcceptText<'_>) -> String {
        match said {
            AcceptText::Accepted { number, plan } => {
                let (tasks, gone) = (counted(plan.new, "task", "tasks"), plan.vanished.len());
                let are = if gone == 1 { "is" } else { "are" };
                format!("plan {number} is in force with {tasks}; {gone} of the {} before {are} gone", plan.of)
            }
            AcceptText::NothingWaits { number } => {
                format!("no plan waits: plan {number} is in force as it is written")
            }
        }
    }
}
