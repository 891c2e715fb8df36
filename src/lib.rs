//! nhacviec (*nhắc việc*, to remind of work) carries out the supervision section of a school's quality-improvement
//! plan: it reads the plan as the school wrote it, reminds each person responsible of each deadline, asks for
//! progress, and gives the supervision team its review every month, every term and at the end of the year.
//!
//! # The house
//!
//! From values at the top to the command line at the bottom; each room imports only rooms above it.
//!
//! | room | its one job |
//! | --- | --- |
//! | [`text`] | Vietnamese text: composing, comparing, guessing what was meant |
//! | `text_table` | columns of text, aligned by what letters take up |
//! | [`language`] | the languages of what the admin reads, and what the catalogue of each must have |
//! | [`reason`] | why something reached the other side or did not, and what the admin can do |
//! | [`diagnostic`] | mistakes in files, told as a compiler tells them |
//! | [`closed_set`] | closed sets with a word for each of their values |
//! | [`clock`] | what time it is |
//! | [`files`] | the files that an admin and a school wrote, as they are read |
//! | [`blocking`] | work that blocks, on a thread of its own |
//! | `private_files` | files and folders that their owner alone may read |
//! | [`toml_file`] | TOML read with patience, with the place of every mistake; knows no setting |
//! | [`calendar`] | civil dates, school year, working days, holidays |
//! | [`people`] | persons, roles, groups, deputies, and the names by which plans call them |
//! | [`plan`] | what the school wrote: tasks, timeframes, one reader a file format |
//! | [`people_list`] | the list of its people that a school keeps in Excel, read and written |
//! | [`progress`] | reports, requests for time, evidence |
//! | [`config`] | what the admin wrote, a file a table |
//! | [`school`] | plan, settings and people that fit together |
//! | [`schedule`] | pure: what is due, when, to whom, and what was missed |
//! | [`review`] | pure: what a periodic report says |
//! | [`link`] | pure: signed links, which stand for an account |
//! | [`reply`] | pure: who wrote a mail, what of it is new, what it says of the tasks |
//! | [`report`] | the review as a document: a Word file, a page, a timeline |
//! | [`compose`] | the words of messages and pages: templates by language, calendar files |
//! | [`store`] | what outlives the process: SQL and nothing else; decides nothing |
//! | [`evidence_store`] | files of evidence by what they hold |
//! | [`net`] | encryption, tokens, HTTP: what channels and the mailbox share |
//! | [`channel`] | the ways to send, one file each; a message in the form of its channel |
//! | [`inbox`] | the mailbox that owners answer to, over IMAP |
//! | [`app`] | use cases, one file each, one transaction each |
//! | [`delivery`] | the engine from the outbox to the channels: claim, compose, send, record |
//! | [`daemon`] | the service: wake-ups, reloads, signals, what watchers see |
//! | [`web`], [`cli`] | thin: they read a form or arguments, call `app`, and show what came of it |
//! | `catalogue` | what the admin reads, in the words of each language |
//!
//! The core decides, the rim acts: above `store` nothing touches a database, the network or a clock. Whoever stands
//! above `web` and `cli` does not know that there is a command line, a page or a service.

use sha2::{Digest, Sha256};

pub mod app;
pub mod blocking;
pub mod calendar;
mod catalogue;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod closed_set;
pub mod compose;
pub mod config;
pub mod daemon;
pub mod delivery;
pub mod diagnostic;
pub mod evidence_store;
pub mod files;
pub mod inbox;
pub mod language;
pub mod link;
pub mod net;
pub mod people;
pub mod people_list;
pub mod plan;
mod private_files;
pub mod progress;
pub mod reason;
pub mod reply;
pub mod report;
pub mod review;
pub mod schedule;
pub mod school;
pub mod store;
pub mod text;
mod text_table;
pub mod toml_file;
pub mod web;

/// What went wrong, and why, and why that: an error with its causes on one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |line, cause| {
        let cause = cause.to_string();
        // Some libraries say of an error what its cause says too.
        if line.ends_with(&cause) { line } else { line + ": " + &cause }
    })
}

/// A name of 32 hexadecimal digits for these parts, one after the other: the first half of their SHA-256, which is enough
/// to tell apart all that a school ever has. Parts that could run into each other need a byte between them.
pub(crate) fn short_id(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let digest = parts.into_iter().fold(Sha256::new(), Sha256::chain_update);
    hex(&digest.finalize()[..16])
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
