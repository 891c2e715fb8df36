//! Why an expression is no timeframe, and what is doubtful about one that is read.

use jiff::civil::Date;

use super::frequency::Recurrence;

/// Why an expression is no timeframe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// Nothing is written.
    #[error("no time is given")]
    Empty,
    /// A month is announced and not named.
    #[error("the month is missing")]
    MonthMissing,
    /// A year is announced and not named, or it could be one of two.
    #[error("it does not say which year is meant")]
    YearMissing,
    /// It speaks of another school year than the configuration.
    #[error("{from}-{to} is not the school year of the configuration")]
    OtherSchoolYear {
        /// The year in which it begins.
        from: i16,
        /// The year in which it ends.
        to: i16,
    },
    /// It names a day, week or month that there is not.
    #[error("{0} is not in the calendar")]
    NotInCalendar(String),
    /// It names a term that the school year does not have.
    #[error("the school year of the configuration has no term {0}")]
    NoSuchTerm(u32),
    /// It ends before it starts.
    #[error("it ends on {due}, before it starts on {start}")]
    EndsBeforeStart {
        /// The first day.
        start: Date,
        /// The last day.
        due: Date,
    },
    /// Its day of the week is not that of its date.
    #[error("{date} is no {weekday}")]
    OtherWeekday {
        /// The date that is written.
        date: Date,
        /// The day of the week that is written, in Vietnamese.
        weekday: &'static str,
    },
    /// Its year is more than one away from the school year.
    #[error("{0} is far from the school year of the configuration")]
    FarFromSchoolYear(Date),
    /// Two of its parts exclude each other.
    #[error("it says {0} and also {1}")]
    Contradiction(String, String),
    /// A part of it is no time that the program knows.
    #[error("`{0}` is no date")]
    NotUnderstood(String),
}

impl Unresolved {
    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::MonthMissing | Self::NotUnderstood(_) => {
                "write a month (\"10/2023\"), a day (\"15/10/2023\"), or give `start` and `due` as dates"
            }
            Self::YearMissing => "write the year (\"tháng 12/2023\") or \"năm học\" for the school year",
            Self::OtherSchoolYear { .. } => "write this school year, or set [school_year] to the other one",
            Self::NotInCalendar(_) => "write a day that there is",
            Self::NoSuchTerm(_) => "write another term, or add it to `terms` in [school_year]",
            Self::EndsBeforeStart { .. } => "write the earlier date first, with its year",
            Self::OtherWeekday { .. } => "mend the date or the day of the week, or leave the latter out",
            Self::FarFromSchoolYear(_) => "mend the year, or give `start` and `due` as dates",
            Self::Contradiction(..) => "write the one that is meant, or separate periods with \";\"",
        }
    }
}

/// What is dated, or why it cannot be.
pub(super) type Resolved<T> = Result<T, Unresolved>;

/// What is read as written and may be a mistake all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It is due before the plan was issued.
    #[error("due on {due}, before the plan was issued on {issued}: nobody is reminded in time")]
    BeforeIssue {
        /// The last day.
        due: Date,
        /// The plan's date of issue.
        issued: Date,
    },
    /// It lies outside the twelve months from August in which the school year begins.
    #[error("due on {due}, outside the school year")]
    OutsideSchoolYear {
        /// The last day.
        due: Date,
        /// The year in which the school year has this month.
        expected: i16,
    },
    /// Its steps have times of their own, and are read as one time.
    #[error("its steps have times of their own: only the last, {due}, is reminded of")]
    Steps {
        /// The last day of the last step.
        due: Date,
    },
    /// Something else is written in another column of times, which this leaves no room for.
    #[error("`{0}` stands beside it and is not taken")]
    NotTaken(String),
    /// It is to be done in another rhythm than by month or by term, or in several.
    #[error("`{words}` is not asked about of its own: {}", asked_about(*.asked))]
    OtherRecurrence {
        /// The words.
        words: String,
        /// By what it is asked about.
        asked: Option<Recurrence>,
    },
}

fn asked_about(asked: Option<Recurrence>) -> String {
    asked.map_or_else(|| "the task is, once it is due".to_owned(), |asked| format!("the task is, each {asked}"))
}

impl Doubt {
    /// The doubt about a due date that lies before the plan's date of issue.
    #[must_use]
    pub fn of_due(due: Date, issued: Option<Date>) -> Option<Self> {
        issued.filter(|issued| due < *issued).map(|issued| Self::BeforeIssue { due, issued })
    }

    /// The word by which diagnostics call it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BeforeIssue { .. } => "due-before-issue",
            Self::OutsideSchoolYear { .. } => "due-outside-school-year",
            Self::Steps { .. } => "several-steps",
            Self::NotTaken(_) => "other-time",
            Self::OtherRecurrence { .. } => "other-recurrence",
        }
    }

    /// The month that may be meant instead ("10/2023"), where one is likely.
    #[must_use]
    pub fn meant(&self) -> Option<String> {
        match self {
            Self::BeforeIssue { due, .. } => due.year().checked_add(1).map(|year| format!("{}/{year}", due.month())),
            Self::OutsideSchoolYear { due, expected } => Some(format!("{}/{expected}", due.month())),
            Self::Steps { .. } | Self::NotTaken(_) | Self::OtherRecurrence { .. } => None,
        }
    }

    /// The line of the configuration that settles it.
    #[must_use]
    pub fn settling_line(&self) -> String {
        match self {
            Self::OtherRecurrence { asked, .. } => format!("recurring = \"{}\"", asked.unwrap_or(Recurrence::Term)),
            _ => format!("time = \"{}\"", self.meant().as_deref().unwrap_or("…")),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match (self, self.meant()) {
            (_, Some(meant)) => format!("is {meant} meant?"),
            (Self::NotTaken(_), None) => {
                "write in one place when it is to be done, or give `start` and `due`".to_owned()
            }
            (Self::OtherRecurrence { .. }, None) => {
                "say by what it is to be asked about, or make a task of each rhythm or each date".to_owned()
            }
            (_, None) => "make a task of each step, or give `start` and `due` as dates".to_owned(),
        }
    }
}
