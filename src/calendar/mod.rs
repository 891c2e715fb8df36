//! The school's time: its year and terms, its working days, its holidays.

mod clock_time;
pub mod holidays;
mod school_year;
mod working_days;

pub use clock_time::{date_of, instant};
pub use school_year::{SchoolYear, SchoolYearError};
pub use working_days::WorkingDays;
