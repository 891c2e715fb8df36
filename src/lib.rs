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
//! | [`load`] | everything an admin and a school wrote, read together and checked |
//! | [`config`] | what the admin wrote: settings, people |
//! | [`plan`] | what the school wrote: tasks, timeframes, one reader a file format |
//! | [`calendar`] | school year, working days, holidays, instants |
//! | [`diagnostic`] | mistakes in files, told as a compiler tells them |
//! | [`schedule`] | pure: what is due, when, to whom, and what was missed |
//! | [`progress`] | what owners reported, and the time they asked for |
//! | [`evidence`] | what proves it: files by their content, codes |
//! | [`link`] | pure: signed links, which stand for an account |
//! | [`review`] | pure: what a periodic report says |
//! | [`report`] | the review as a document: a Word file, a timeline |
//! | [`reply`] | pure: what owners answer by mail |
//! | [`message`] | the words: templates per language, mail, calendar files |
//! | [`channel`] | the ways to send, one file each |
//! | [`inbox`] | the mailbox that owners answer to |
//! | [`store`] | what outlives the process: outbox, notices, progress, plan versions |
//! | [`daemon`] | looks and delivers; wake-ups, reloads, signals |
//! | [`text`] | Vietnamese text: composing, comparing, guessing what was meant |
//!
//! Imports run one way: `cli` → `web` → `daemon` → {`store`, `load`} → {`channel`, `message`} → `report` →
//! {`schedule`, `review`} → {`plan`, `calendar`, `config`}. The core decides, the rim acts: below `store` nothing
//! touches a file, a database, the network or a clock, but for reading files in `load` and what a channel sends.

use sha2::{Digest, Sha256};

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
