use jiff::civil::Date;

use crate::cli::local_time::{Minute, Second};
use crate::language::{English, Says};

impl Says<Date> for English {
    fn say(&self, date: &Date) -> String {
        date.to_string()
    }
}

impl Says<Minute> for English {
    fn say(&self, Minute(at): &Minute) -> String {
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

impl Says<Second> for English {
    fn say(&self, Second(at): &Second) -> String {
        at.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}
