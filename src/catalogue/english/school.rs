use crate::app::school_mistake::SchoolMistake;
use crate::cli::lost_store::LostStore;
use crate::compose::templates::TemplateMistake;
use crate::language::{English, Explains, Explanation, Says};

use super::listed;

impl Explains<SchoolMistake> for English {
    fn explain(&self, mistake: &SchoolMistake) -> Explanation {
        use SchoolMistake as M;
        match mistake {
            M::NoLanguage { written, known } => Explanation::new(
                format!("there are no messages in `{written}`"),
                format!("write one of {}", listed(known)),
            ),
            M::NoAddress { name, channel: _, reason } => Explanation::new(
                format!("{name}: {}", self.say(reason)),
                "add the address, or another channel in `via`",
            ),
            M::NeverAsked { tasks, has_more } => {
                let more = if *has_more { ", …" } else { "" };
                Explanation::new(
                    format!("nobody is asked whether recurring work was done: {}{more}", tasks.join(", ")),
                    "give the [[review]] of its period `ask_owners`: of `month` for what recurs by month, of `term` for \
                     either",
                )
            }
            M::OtherSchoolYear { issued, start, end } => Explanation::new(
                format!("the plan was issued on {issued}, the school year is from {start} to {end}"),
                "write the dates of the plan's school year, or name this year's plan",
            ),
            M::NeverTold { names } => {
                let (verb, whom) = if names.len() == 1 { ("is", "them") } else { ("are", "any of them") };
                Explanation::new(
                    format!("{} {verb} never told anything", names.join(", ")),
                    format!(
                        "no task, review or escalation names {whom}: give them a role that one does, or leave them out"
                    ),
                )
            }
        }
    }
}

impl Explains<TemplateMistake> for English {
    fn explain(&self, mistake: &TemplateMistake) -> Explanation {
        let TemplateMistake::Broken { error } = mistake;
        Explanation::new(
            error.as_str(),
            "compare it with the built-in template of the same name, or take the file away",
        )
    }
}

impl Explains<LostStore> for English {
    fn explain(&self, lost: &LostStore) -> Explanation {
        let left: Vec<String> = lost.left.iter().map(|path| path.display().to_string()).collect();
        let verb = if left.len() == 1 { "is" } else { "are" };
        let (store, left) = (lost.store.display(), left.join(" and "));
        Explanation::new(
            format!("the store {store} is new, but {left} {verb} there from before: was it lost?"),
            "if it was, stop the service and put a backup in its place: a new store does not know what was sent and \
             reported",
        )
    }
}
