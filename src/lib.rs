//! nhacviec (*nhắc việc*, to remind of work) carries out the supervision section of a school's quality-improvement
//! plan: it reads the plan as the school wrote it, reminds each person responsible of each deadline, asks for
//! progress, and gives the supervision team its review every month, every term and at the end of the year.
//!
//! # The house
//!
//! | room | its one job |
//! | --- | --- |
//! | [`cli`] | one file a command |
//! | [`web`] | the pages on which people answer, behind signed links |
//! | [`daemon`] | the service: wake-ups, reloads, signals, monitor |
//! | [`delivery`] | from a claimed message to the recorded result |
//! | [`app`] | use cases, one file each; [`cli`], [`web`] and [`daemon`] call them |
//! | [`inbox`] | the mailbox that owners answer to, over IMAP |
//! | [`channel`] | the ways to send, one file each |
//! | [`net`] | TLS, tokens in place of passwords, HTTP: shared by [`channel`] and [`inbox`] |
//! | [`store`] | what outlives the process: outbox, notices, progress, plan versions |
//! | [`evidence_store`] | files of evidence by their content |
//! | [`report`] | the review as a document: a Word file, a timeline |
//! | [`compose`] | the words of messages and pages: templates per language, calendar files |
//! | [`reply`] | pure: what owners answer by mail |
//! | [`link`] | signed links, which stand for an account, and their key |
//! | [`review`] | pure: what a periodic report says |
//! | [`schedule`] | pure: what is due, when, to whom, and what was missed |
//! | [`school`] | settings and plan that fit together |
//! | [`config`] | the settings of the admin, one file each |
//! | [`progress`] | reports on tasks, requests for time, evidence |
//! | [`plan`] | the plan of the school: tasks, timeframes, one reader a file format |
//! | [`people`] | persons, roles, groups, deputies, and the names that stand for them |
//! | [`calendar`] | school year, working days, holidays, instants |
//! | [`toml_file`] | TOML read with patience: every mistake with its place |
//! | [`diagnostic`] | mistakes in files, told as a compiler tells them |
//! | [`text`] | Vietnamese text: composing, comparing, guessing what was meant |
//!
//! Imports run one way, from the top of this list down. The core decides, the rim acts: below [`store`] nothing touches
//! the database, the network or a clock.

pub mod app;
pub mod calendar;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod compose;
pub mod config;
pub mod daemon;
pub mod delivery;
pub mod diagnostic;
pub mod evidence_store;
pub mod inbox;
pub mod link;
pub mod net;
pub mod people;
pub mod plan;
pub mod progress;
pub mod reply;
pub mod report;
pub mod review;
pub mod schedule;
pub mod school;
pub mod store;
pub mod text;
pub mod toml_file;
pub mod web;

/// What went wrong, and why, and why that: an error with its causes on one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |line, cause| line + ": " + &cause.to_string())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
