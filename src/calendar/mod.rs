//! The school's time: its year and terms, its working days, its holidays.
//!
//! ```
//! use jiff::civil::{Weekday, date, time};
//! use jiff::tz::TimeZone;
//! use nhacviec::calendar::{SchoolYear, WorkingDays, instant};
//!
//! let year = SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14), date(2024, 5, 25)], date(2024, 5, 31))?;
//! assert_eq!(year.term(2), Some((date(2024, 1, 15), date(2024, 5, 25))));
//! assert_eq!(year.year_of_month(10), 2023);
//!
//! // Monday to Friday; 1 January is a holiday, Saturday 6 January is worked in exchange.
//! let week = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
//! let working = WorkingDays::new(week, [date(2024, 1, 1)], [date(2024, 1, 6)]);
//! assert_eq!(working.on_or_after(date(2023, 12, 30)), date(2024, 1, 2));
//! assert_eq!(working.before(date(2024, 1, 2), 1), date(2023, 12, 29));
//! assert!(working.contains(date(2024, 1, 6)));
//!
//! let zone = TimeZone::get("Asia/Ho_Chi_Minh")?;
//! assert_eq!(instant(&zone, date(2024, 1, 2), time(7, 0, 0, 0)).to_string(), "2024-01-02T00:00:00Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod holidays;
mod instant;
pub(crate) mod mistake;
mod school_year;
mod working_days;

pub use instant::{date_of, instant};
pub use school_year::{SchoolYear, SchoolYearError};
pub use working_days::WorkingDays;
