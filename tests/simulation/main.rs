//! School years with faults, from seeds: the whole program on one thread and a virtual clock, in a world that fails by a seed,
//! held against an oracle that knows only dates and facts.
//!
//! ```text
//! cargo test --test simulation                                  the fixed seeds
//! cargo test --profile simulation --test simulation -- --seed 7 one year as a story
//! cargo test --profile simulation --test simulation -- --years 300 [--from SEED]
//! cargo test --profile simulation --test simulation -- --minutes 60
//! cargo test --profile simulation --test simulation -- --several --years 300   those of them with several daemons
//! cargo test --profile simulation --test simulation -- --years 10000 --processes 2 [--from SEED] [--minutes 60]
//! ```
//!
//! - `draws`, `weather`: chance from a seed, and what may go wrong.
//! - `school`, `people`, `events`, `edits`: who there is, and what they do.
//! - `post`, `mailbox`, `store_faults`: the other side of the program, and what befalls it there.
//! - `life`, `year`, `world`: a daemon's lives in a year, and what everybody has in hand. `workers`: several daemons. `mailbox_reader`: reads answers.
//! - `oracle`, `parts`, `rows`, `invariants`: what must hold, and what it is held against.
//! - `marks`, `log`: states that must be reached.
//! - `run`, `processes`: many years. `shrink`, `story`: a failure as a page.
#![allow(unreachable_pub)]

mod arguments;
mod draws;
mod edits;
mod events;
mod invariants;
mod life;
mod log;
mod mailbox;
mod mailbox_reader;
mod marks;
mod oracle;
mod parts;
mod people;
mod post;
mod processes;
mod rows;
mod run;
mod school;
mod shrink;
mod store_faults;
mod story;
mod weather;
mod workers;
mod world;
mod year;

use std::process::ExitCode;

fn main() -> ExitCode {
    match arguments::read(std::env::args().skip(1)) {
        Ok(asked) => run::run(asked),
        Err(mistake) => {
            println!("{mistake}");
            ExitCode::from(2)
        }
    }
}
