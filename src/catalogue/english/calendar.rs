use crate::calendar::SchoolYearError;
use crate::calendar::mistake::HolidayMistake;
use crate::language::{English, Explains, Explanation, Says};

impl Explains<HolidayMistake> for English {
    fn explain(&self, mistake: &HolidayMistake) -> Explanation {
        use HolidayMistake as M;
        match mistake {
            M::WorkedAndOff { date } => {
                Explanation::new(format!("{date} is a day off as well"), "leave one of the two out")
            }
            M::ListedTwice { date } => Explanation::new(format!("{date} is listed twice"), "leave one of the two out"),
            M::NoneInYear { year } => Explanation::new(
                format!("no day off is listed for {year}"),
                "add the days off of that year, or reminders go out on them",
            ),
            M::NoDate => Explanation::new(
                "a holiday has either `date`, or `from` and `to`",
                "write `date = 2024-01-01`, or `from` and `to`",
            ),
            M::EndsBeforeStart { start, end } => {
                Explanation::new(format!("{end} is before {start}"), "write the earlier date first")
            }
            M::TooLong { start, end } => {
                Explanation::new(format!("from {start} to {end} is too long a break"), "check the years")
            }
        }
    }
}

impl Says<SchoolYearError> for English {
    fn say(&self, error: &SchoolYearError) -> String {
        error.to_string()
    }
}
