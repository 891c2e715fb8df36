use crate::cli::progress::ReportText;
use crate::language::{Says, Vietnamese};
use crate::progress::Effect;

use super::{status, work_period};

impl Says<ReportText<'_>> for Vietnamese {
    fn say(&self, said: &ReportText<'_>) -> String {
        match said {
            ReportText::ForPeriod { task, status: reported, period } => {
                format!("{task}: {} ({})", status(*reported), work_period(*period))
            }
            ReportText::Reported { task, status: reported, percent, effect, by } => {
                let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
                format!("{task}: {}{percent}{}", status(*reported), changed(effect, *by))
            }
        }
    }
}

/// What a report has changed, to stand behind it, where that is not the whole task.
fn changed(effect: &Effect, by: Option<&str>) -> String {
    match (effect, by) {
        (Effect::Note, None) => {
            ": không ghi nhận, vì tất cả người chủ trì đã báo xong phần của mình; thêm `--all` thì vẫn ghi".to_owned()
        }
        (Effect::Note, Some(by)) => format!(": ghi là lời nhắn của {by}, vì không chủ trì việc này"),
        (Effect::Parts(leads) | Effect::Completes(leads) | Effect::Reopens(leads), Some(_)) => {
            format!(" (phần việc của {})", leads.join(", "))
        }
        (Effect::Parts(_) | Effect::Completes(_) | Effect::Reopens(_) | Effect::Whole | Effect::Closes, _) => {
            String::new()
        }
    }
}
