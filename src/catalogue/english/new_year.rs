use crate::cli::new_year::NewYearText;
use crate::language::{English, Says};

impl Says<NewYearText<'_>> for English {
    fn say(&self, said: &NewYearText<'_>) -> String {
        use NewYearText as T;
        match said {
            T::DoneBefore => {
                "The configuration is of this school year and has this plan already: there is nothing to do.".to_owned()
            }
            T::Head { old, new } => format!("From the school year {old} to the school year {new}"),
            T::Dates(dates) => {
                let [first, second] = dates.terms;
                let usual = "the usual ones; put those of your province into [school_year]";
                let source = dates.decision.unwrap_or(usual);
                format!("Dates: {} – {first} – {second} – {} ({source})", dates.start, dates.end)
            }
            T::NotOver { old } => {
                format!("NOTE: the school year {old} is not over. From now on nobody is reminded of its tasks.")
            }
            T::Closed(number) => format!("Tasks done or cancelled, which stay in the old year: {number}"),
            T::Carried(number) => {
                format!("Unfinished tasks that the new plan names again, carried over as far as they are: {number}")
            }
            T::Left(number) => {
                format!("Unfinished tasks that the new plan does not name again, which stay in the old year: {number}")
            }
            T::Unsettled(tables) => {
                format!("Tables [task] that fit no task of the new plan are left out: {}", tables.join(", "))
            }
            T::DaysOff(years) => {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                format!("Days off are added of the year: {}", years.join(", "))
            }
            T::Number(number) => {
                format!("The number of the plan is that of an earlier one, so it is called: {number}")
            }
            T::Files { folder, config } => {
                format!("The old year is kept in: {}, {}", folder.display(), config.display())
            }
            T::Question => "Do this? y and Enter, or Enter to leave it: ".to_owned(),
            T::Yes => "y yes".to_owned(),
            T::NotDone => "Nothing was done. Look it over, then run the command again with --yes.".to_owned(),
            T::NoReview => {
                "the configuration has no review of the year (period = \"year\"), so there is no report of it"
                    .to_owned()
            }
            T::Done { old } => format!(
                "Done. People and settings are as before; look at the old year with --year {old}, as in: nhacviec --year {old} \
                 status\nNext: mend the list where people came or left; then nhacviec check and nhacviec rehearse."
            ),
            T::ReportFile => "year-report.docx".to_owned(),
            T::EvidenceFolder => "evidence".to_owned(),
            T::Note { old } => format!("carried over from the school year {old}"),
        }
    }
}
