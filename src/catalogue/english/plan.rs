use crate::language::{English, Explains, Explanation, Says};
use crate::plan::mistake::{OtherFormat, PlanMistake};
use crate::plan::timeframe::{Doubt, Unresolved};

use super::{listed, meant};

impl Explains<PlanMistake> for English {
    fn explain(&self, mistake: &PlanMistake) -> Explanation {
        use PlanMistake as M;
        match mistake {
            M::NotClosedBy { written, known } => Explanation::new(
                format!("a task is not closed by `{written}`"),
                format!("write one of {}", listed(known)),
            ),
            M::DoesNotRecurBy { written, known } => Explanation::new(
                format!("work does not recur by `{written}`"),
                format!("write one of {}", listed(known)),
            ),
            M::NoStatus { written } => {
                Explanation::new(crate::plan::UnknownStatus(written.clone()).to_string(), "write one of these words")
            }
            M::NoPercentage => Explanation::new("this is no percentage", "write a whole number from 0 to 100"),
            M::PercentWithoutStatus => Explanation::new("`percent` needs a `status`", "add `status = \"in_progress\"`"),
            M::NoLead => Explanation::new(
                "the task has no lead: nobody is reminded of it",
                "name at least one role or person who answers for it",
            ),
            M::DoubledTask { task, line } => Explanation::new(
                format!("there is a task `{task}` already, on line {line}"),
                "give one of them another id",
            ),
            M::TaskOfThatName { task } => {
                Explanation::new(format!("there is a task `{task}` already"), "give this one another `id`")
            }
            M::NoTask { task, near } => Explanation::new(
                format!("there is no task `{task}` in the plan"),
                meant(near.as_ref(), || "`nhacviec status` shows what the tasks are called".to_owned()),
            ),
            M::DoubledTime => Explanation::new("`time` and `due` both say when", "leave one of them out"),
            M::StartWithoutDue => Explanation::new("`start` needs a `due`", "add `due = …`, or write `time` instead"),
            M::StartsAfterDue { start, due } => {
                Explanation::new(format!("{start} is after `due`, {due}"), "write the earlier date first")
            }
            M::NoTime => Explanation::new(
                "the task has no time: nobody is reminded of it",
                "add `time = \"10/2023\"`, or `due` as a date",
            ),
            M::TaskTimeOpen { reason } => nobody_reminded(reason),
            M::SettledTimeOpen { reason } => self.explain(reason),
            M::SeveralTasks { task, names } => Explanation::new(
                format!("`{task}` is several tasks, one for each of its times"),
                format!("settle each of {}", listed(names)),
            ),
            M::SeveralTimes => Explanation::new(
                "these are several times for one task",
                "write a single time, or give `start` and `due` as dates",
            ),
            M::EmptyPlan => Explanation::new(
                "the plan has no task",
                "is it the right file? A plan without tasks is not taken, so that nothing is lost by mistake",
            ),
            M::NoFormat { path, format, endings } => {
                let help = save_as(*format)
                    .map_or_else(|| format!("name a file that ends in .{}", endings.join(", .")), str::to_owned);
                let what = self.say(format);
                Explanation::new(format!("`{path}` is {what}, in no format of plans that this build reads"), help)
            }
        }
    }
}

/// A time that is open, with what comes of it.
pub(super) fn nobody_reminded(reason: &Unresolved) -> Explanation {
    let open = English.explain(reason);
    Explanation { message: format!("{}: nobody is reminded of this task", open.message), ..open }
}

impl Says<OtherFormat> for English {
    fn say(&self, format: &OtherFormat) -> String {
        let what = match format {
            OtherFormat::OldWord => "a document of Word 97-2003",
            OtherFormat::WordWithMacros => "a Word document with macros, or a template",
            OtherFormat::OtherText => "a text document of another program",
            OtherFormat::OldExcel => "a workbook of Excel 97-2003",
            OtherFormat::ExcelWithMacros => "a workbook with macros, in binary form, or a template",
            OtherFormat::OtherWorkbook => "a workbook of another program",
            OtherFormat::Pdf => "a PDF: a printed page, in which tables are lines",
            OtherFormat::NoEnding => "a file without an ending",
            OtherFormat::SomethingElse => "something else",
        };
        what.to_owned()
    }
}

/// How a file of another format is made one that can be read.
pub(super) fn save_as(format: OtherFormat) -> Option<&'static str> {
    match format {
        OtherFormat::OldWord | OtherFormat::WordWithMacros | OtherFormat::OtherText => {
            Some("open it in Word and save it as \"Word Document (*.docx)\"")
        }
        OtherFormat::OldExcel | OtherFormat::ExcelWithMacros | OtherFormat::OtherWorkbook => {
            Some("open it in Excel and save it as \"Excel Workbook (*.xlsx)\"")
        }
        OtherFormat::Pdf => Some("name the Word or Excel file that it was made from"),
        OtherFormat::NoEnding | OtherFormat::SomethingElse => None,
    }
}

impl Explains<Unresolved> for English {
    fn explain(&self, reason: &Unresolved) -> Explanation {
        use Unresolved as R;
        const TIME: &str = "write a month (\"10/2023\"), a day (\"15/10/2023\"), or give `start` and `due` as dates";
        match reason {
            R::Empty => Explanation::new("no time is given", TIME),
            R::MonthMissing => Explanation::new("the month is missing", TIME),
            R::YearMissing => Explanation::new(
                "it does not say which year is meant",
                "write the year (\"tháng 12/2023\") or \"năm học\" for the school year",
            ),
            R::OtherSchoolYear { from, to } => Explanation::new(
                format!("{from}-{to} is not the school year of the configuration"),
                "write this school year, or set [school_year] to the other one",
            ),
            R::NotInCalendar(day) => {
                Explanation::new(format!("{day} is not in the calendar"), "write a day that there is")
            }
            R::NoSuchTerm(term) => Explanation::new(
                format!("the school year of the configuration has no term {term}"),
                "write another term, or add it to `terms` in [school_year]",
            ),
            R::EndsBeforeStart { start, due } => Explanation::new(
                format!("it ends on {due}, before it starts on {start}"),
                "write the earlier date first, with its year",
            ),
            R::OtherWeekday { date, weekday } => Explanation::new(
                format!("{date} is no {weekday}"),
                "mend the date or the day of the week, or leave the latter out",
            ),
            R::FarFromSchoolYear(date) => Explanation::new(
                format!("{date} is far from the school year of the configuration"),
                "mend the year, or give `start` and `due` as dates",
            ),
            R::Contradiction(one, other) => Explanation::new(
                format!("it says {one} and also {other}"),
                "write the one that is meant, or separate periods with \";\"",
            ),
            R::NotUnderstood(words) => Explanation::new(format!("`{words}` is no date"), TIME),
        }
    }
}

impl Explains<Doubt> for English {
    fn explain(&self, doubt: &Doubt) -> Explanation {
        let is_meant = doubt.meant().map(|meant| format!("is {meant} meant?")).unwrap_or_default();
        match doubt {
            Doubt::BeforeIssue { due, issued } => Explanation::new(
                format!("due on {due}, before the plan was issued on {issued}: nobody is reminded in time"),
                is_meant,
            ),
            Doubt::OutsideSchoolYear { due, .. } => {
                Explanation::new(format!("due on {due}, outside the school year"), is_meant)
            }
            Doubt::Steps { due } => Explanation::new(
                format!("its steps have times of their own: only the last, {due}, is reminded of"),
                "make a task of each step, or give `start` and `due` as dates",
            ),
            Doubt::NotTaken(words) => Explanation::new(
                format!("`{words}` stands beside it and is not taken"),
                "write in one place when it is to be done, or give `start` and `due`",
            ),
            Doubt::OtherRecurrence { words, asked } => {
                let asked = asked.map_or_else(
                    || "the task is, once it is due".to_owned(),
                    |asked| format!("the task is, each {asked}"),
                );
                Explanation::new(
                    format!("`{words}` is not asked about of its own: {asked}"),
                    "say by what it is to be asked about, or make a task of each rhythm or each date",
                )
            }
        }
    }
}
