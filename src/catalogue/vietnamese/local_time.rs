use jiff::civil::Date;

use crate::cli::local_time::{Minute, Second};
use crate::language::{Says, Vietnamese};

use super::day;

impl Says<Date> for Vietnamese {
    fn say(&self, date: &Date) -> String {
        day(*date)
    }
}

impl Says<Minute> for Vietnamese {
    fn say(&self, Minute(at): &Minute) -> String {
        at.strftime("%H:%M %d/%m/%Y").to_string()
    }
}

impl Says<Second> for Vietnamese {
    fn say(&self, Second(at): &Second) -> String {
        at.strftime("%H:%M:%S %d/%m/%Y").to_string()
    }
}
