//! What does not fit together in a configuration and the plan that it names.

use jiff::civil::Date;

use crate::diagnostic::mistakes;
use crate::reason::Reason;

mistakes! {
    /// What does not fit together in a configuration and the plan that it names.
    pub(crate) enum SchoolMistake {
        "unknown-word" => NoLanguage { written: String, known: Vec<&'static str> },
        /// With the reason of the channel.
        "missing-address" => NoAddress { name: String, channel: String, reason: Reason },
        "never-asked" => NeverAsked { tasks: Vec<String>, has_more: bool },
        "other-school-year" => OtherSchoolYear { issued: Date, start: Date, end: Date },
        "never-told" => NeverTold { names: Vec<String> },
    }
}
