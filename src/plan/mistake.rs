//! What is wrong with the tasks of a plan in TOML, and with what the configuration settles of tasks.

use jiff::civil::Date;

use crate::diagnostic::{Mistake, mistakes};

use super::timeframe::{Doubt, Unresolved};

mistakes! {
    /// What is wrong with the tasks of a plan, or doubtful about them.
    pub(crate) enum PlanMistake {
        "unknown-word" => NotClosedBy { written: String, known: Vec<&'static str> },
        "unknown-word" => DoesNotRecurBy { written: String, known: Vec<&'static str> },
        "unknown-word" => NoStatus { written: String },
        "wrong-percent" => NoPercentage,
        "missing-key" => PercentWithoutStatus,
        "unknown-lead" => NoLead,
        "doubled-task" => DoubledTask { task: String, line: usize },
        "doubled-task" => TaskOfThatName { task: String },
        "unknown-task" => NoTask { task: String, near: Option<String> },
        "doubled-time" => DoubledTime,
        "missing-key" => StartWithoutDue,
        "ends-before-start" => StartsAfterDue { start: Date, due: Date },
        "unresolved-time" => NoTime,
        "unresolved-time" => TaskTimeOpen { reason: Unresolved },
        "unresolved-time" => SettledTimeOpen { reason: Unresolved },
        "several-times" => SeveralTasks { task: String, names: Vec<String> },
        "several-times" => SeveralTimes,
        "no-task" => EmptyPlan,
        "unknown-format" => NoFormat { path: String, format: OtherFormat, endings: Vec<&'static str> },
    }
}

impl Mistake for Doubt {
    fn code(&self) -> &'static str {
        Self::code(self)
    }
}

/// What a file is that is in no format of plans or lists, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherFormat {
    OldWord,
    WordWithMacros,
    OtherText,
    OldExcel,
    ExcelWithMacros,
    OtherWorkbook,
    Pdf,
    NoEnding,
    SomethingElse,
}
