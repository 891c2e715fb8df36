//! What the program does for people, a use case a file; the command line, the pages and the service call these.

pub mod agreed_plan;
pub mod intake;
pub mod load_school;
pub mod take_answer;
