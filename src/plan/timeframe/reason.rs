//! Why an expression is no timeframe, and what is doubtful about one that is read.

use jiff::civil::Date;

use super::frequency::Recurrence;

/// Why an expression is no timeframe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing is written.
    Empty,
    /// A month is announced and not named.
    MonthMissing,
    /// A year is announced and not named, or it could be one of two.
    YearMissing,
    /// It speaks of another school year than the configuration.
    OtherSchoolYear {
        /// The year in which it begins.
        from: i16,
        /// The year in which it ends.
        to: i16,
    },
    /// It names a day, week or month that there is not.
    NotInCalendar(String),
    /// It names a term that the school year does not have.
    NoSuchTerm(u32),
    /// It ends before it starts.
    EndsBeforeStart {
        /// The first day.
        start: Date,
        /// The last day.
        due: Date,
    },
    /// Its day of the week is not that of its date.
    OtherWeekday {
        /// The date that is written.
        date: Date,
        /// The day of the week that is written, in Vietnamese.
        weekday: &'static str,
    },
    /// Its year is more than one away from the school year.
    FarFromSchoolYear(Date),
    /// Two of its parts exclude each other.
    Contradiction(String, String),
    /// A part of it is no time that the program knows.
    NotUnderstood(String),
}

/// What is dated, or why it cannot be.
pub(super) type Resolved<T> = Result<T, Unresolved>;

/// What is read as written and may be a mistake all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is due before the plan was issued.
    BeforeIssue {
        /// The last day.
        due: Date,
        /// The plan's date of issue.
        issued: Date,
    },
    /// It lies outside the twelve months from August in which the school year begins.
    OutsideSchoolYear {
        /// The last day.
        due: Date,
        /// The year in which the school year has this month.
        expected: i16,
    },
    /// Its steps have times of their own, and are read as one time.
    Steps {
        /// The last day of the last step.
        due: Date,
    },
    /// Something else is written in another column of times, which this leaves no room for.
    NotTaken(String),
    /// It is to be done in another rhythm than by month or by term, or in several.
    OtherRecurrence {
        /// The words.
        words: String,
        /// By what it is asked about.
        asked: Option<Recurrence>,
    },
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
}
