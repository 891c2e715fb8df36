//! What is wrong in a holiday file.

use jiff::civil::Date;

use crate::diagnostic::mistakes;

mistakes! {
    /// What is wrong in a holiday file.
    pub(crate) enum HolidayMistake {
        "doubled-day" => WorkedAndOff { date: Date },
        "doubled-day" => ListedTwice { date: Date },
        "no-holidays" => NoneInYear { year: i16 },
        "missing-key" => NoDate,
        "ends-before-start" => EndsBeforeStart { start: Date, end: Date },
        "too-long" => TooLong { start: Date, end: Date },
    }
}
