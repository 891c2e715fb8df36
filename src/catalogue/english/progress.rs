use crate::cli::progress::ReportText;
use crate::language::{English, Says};
use crate::progress::Effect;

impl Says<ReportText<'_>> for English {
    fn say(&self, said: &ReportText<'_>) -> String {
        match said {
            ReportText::ForPeriod { task, status, period } => format!("{task}: {status} for {period}"),
            ReportText::Reported { task, status, percent, effect, by } => {
                let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
                format!("{task}: {status}{percent}{}", changed(effect, *by))
            }
        }
    }
}

/// What a report has changed, to stand behind it, where that is not the whole task.
fn changed(effect: &Effect, by: Option<&str>) -> String {
    match (effect, by) {
        (Effect::Note, None) => {
            " is not taken: every lead has reported their part done; `--all` takes it all the same".to_owned()
        }
        (Effect::Note, Some(by)) => format!(" is kept as a note of {by}, who does not lead the task"),
        (Effect::Parts(leads) | Effect::Completes(leads) | Effect::Reopens(leads), Some(_)) => {
            format!(" (the part of {})", leads.join(", "))
        }
        (Effect::Parts(_) | Effect::Completes(_) | Effect::Reopens(_) | Effect::Whole | Effect::Closes, _) => {
            String::new()
        }
    }
}
