//! The unit that must be told exactly once: who hears what about which task or review, on which day.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::people::RecipientId;

/// A review by its period: `2023-10`, `term-1` or `year`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReviewId {
    /// The review of the school year.
    Year,
    /// The review of a term, from 1.
    Term(u8),
    /// The review of a calendar month.
    Month {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
    },
}

impl ReviewId {
    /// A number for the kind of period, the same for all months and for all terms: of missed reviews of one kind
    /// the latest is sent (rules of time, 10).
    pub(super) fn period_kind(self) -> u8 {
        match self {
            Self::Year => 0,
            Self::Term(_) => 1,
            Self::Month { .. } => 2,
        }
    }
}

impl ReviewId {
    /// Whether both are of months, of terms, or of years.
    #[must_use]
    pub fn is_of_one_kind(self, other: Self) -> bool {
        self.period_kind() == other.period_kind()
    }

    /// Its place by urgency: the year before a term before a month, the earlier first.
    fn rank(self) -> u16 {
        match self {
            Self::Year => 0,
            Self::Term(number) => u16::from(number),
            // Counted from 1900, which covers the years of any plan; all months before it rank alike.
            Self::Month { year, month } => {
                let months = (i32::from(year) - 1900) * 12 + i32::from(month);
                u16::try_from(months).unwrap_or(0).saturating_add(1 << 8)
            }
        }
    }
}

impl fmt::Display for ReviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year => f.write_str("year"),
            Self::Term(number) => write!(f, "term-{number}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// A word that names no review.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no review; write a month (2023-10), a term (term-1) or year")]
pub struct UnknownReview(pub String);

impl FromStr for ReviewId {
    type Err = UnknownReview;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownReview(word.to_owned());
        if word == "year" {
            return Ok(Self::Year);
        }
        if let Some(number) = word.strip_prefix("term-") {
            return number.parse().ok().filter(|number| *number > 0).map(Self::Term).ok_or_else(unknown);
        }
        let (year, month) = word.split_once('-').ok_or_else(unknown)?;
        let (year, month) = (year.parse().map_err(|_| unknown())?, month.parse().map_err(|_| unknown())?);
        Date::new(year, month, 1).map(|_| Self::Month { year, month }).map_err(|_| unknown())
    }
}

/// The kind of a notice: its occasion and what that depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// The task starts.
    Start,
    /// The task is due in so many days.
    Before(u16),
    /// The task has been overdue for so many days.
    Overdue(u16),
    /// A task of others has been overdue for so many days.
    Escalation(u16),
    /// Progress is asked for before this review.
    SelfCheck(ReviewId),
    /// The review itself.
    Review(ReviewId),
}

impl NoticeKind {
    /// Whether it presses somebody to begin or to finish, as reminders do: a lead who cannot go on gets none (rules of time, 9).
    #[must_use]
    pub fn presses(self) -> bool {
        match self {
            Self::Start | Self::Before(_) | Self::Overdue(_) => true,
            Self::Escalation(_) | Self::SelfCheck(_) | Self::Review(_) => false,
        }
    }

    /// Whether it asks a lead about their part of a task, and so concerns nobody who has done it.
    #[must_use]
    pub fn asks_lead(self) -> bool {
        match self {
            Self::Start | Self::Before(_) | Self::Overdue(_) | Self::SelfCheck(_) => true,
            Self::Escalation(_) | Self::Review(_) => false,
        }
    }

    /// The word of the JSON output: `start`, `before`, `overdue`, `escalation`, `self_check` or `review`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Before(_) => "before",
            Self::Overdue(_) => "overdue",
            Self::Escalation(_) => "escalation",
            Self::SelfCheck(_) => "self_check",
            Self::Review(_) => "review",
        }
    }

    /// The days before or after the due date, where the kind has them.
    #[must_use]
    pub fn days(self) -> Option<u16> {
        match self {
            Self::Before(days) | Self::Overdue(days) | Self::Escalation(days) => Some(days),
            Self::Start | Self::SelfCheck(_) | Self::Review(_) => None,
        }
    }

    /// What a notice that the rules gave for `day` says on the day on which it is told: moved to a working day or delayed,
    /// more or fewer days are left or over.
    #[must_use]
    pub fn as_told_on(self, told: Date, day: Date) -> Self {
        let later = (told - day).get_days();
        let days = |days: i32| u16::try_from(days.max(0)).unwrap_or(u16::MAX);
        match self {
            Self::Before(left) => match i32::from(left) - later {
                left if left >= 0 => Self::Before(days(left)),
                over => Self::Overdue(days(-over)),
            },
            Self::Overdue(over) => Self::Overdue(days(i32::from(over) + later)),
            Self::Escalation(over) => Self::Escalation(days(i32::from(over) + later)),
            Self::Start | Self::SelfCheck(_) | Self::Review(_) => self,
        }
    }

    /// The review that the notice is about or asks for.
    #[must_use]
    pub fn review(self) -> Option<ReviewId> {
        match self {
            Self::SelfCheck(review) | Self::Review(review) => Some(review),
            _ => None,
        }
    }

    /// The urgency of the kind alone, 0 the most urgent (rules of time, 7).
    #[must_use]
    pub fn urgency_class(self) -> u8 {
        match self {
            Self::Escalation(_) => 0,
            Self::Overdue(_) => 1,
            Self::Before(_) => 2,
            Self::Start => 3,
            Self::SelfCheck(_) => 4,
            Self::Review(_) => 5,
        }
    }

    /// Its place by urgency, the lower the more urgent (rules of time, 7). Reviews are never compared with the others.
    #[must_use]
    pub fn rank(self) -> u32 {
        let within = match self {
            Self::Escalation(days) | Self::Overdue(days) => u16::MAX - days,
            Self::Before(days) => days,
            Self::Start => 0,
            Self::SelfCheck(review) | Self::Review(review) => review.rank(),
        };
        u32::from(self.urgency_class()) << 16 | u32::from(within)
    }
}

/// The form in the store and in a notice's key: `start`, `before:7d`, `self_check:2023-10` …
impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        if let Some(days) = self.days() {
            write!(f, ":{days}d")?;
        }
        if let Some(review) = self.review() {
            write!(f, ":{review}")?;
        }
        Ok(())
    }
}

/// A word that names no kind of notice; only a damaged store has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of notice")]
pub struct UnknownNoticeKind(pub String);

impl FromStr for NoticeKind {
    type Err = UnknownNoticeKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownNoticeKind(word.to_owned());
        let days = |text: &str| text.strip_suffix('d').and_then(|days| days.parse().ok()).ok_or_else(unknown);
        let review = |text: &str| text.parse().map_err(|_| unknown());
        match word.split_once(':').unwrap_or((word, "")) {
            ("start", "") => Ok(Self::Start),
            ("before", rest) => days(rest).map(Self::Before),
            ("overdue", rest) => days(rest).map(Self::Overdue),
            ("escalation", rest) => days(rest).map(Self::Escalation),
            ("self_check", rest) => review(rest).map(Self::SelfCheck),
            ("review", rest) => review(rest).map(Self::Review),
            _ => Err(unknown()),
        }
    }
}

/// One thing that one recipient is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// The task by its place in the plan; `None` for a review.
    pub task: Option<u32>,
    /// The kind.
    pub kind: NoticeKind,
    /// The recipient, after deputies have taken the place of those away.
    pub recipient: RecipientId,
    /// The civil date that the rules give, before it is moved to a working day; part of the notice's key.
    pub day: Date,
    /// The civil date on which it is to go out.
    pub on: Date,
}
