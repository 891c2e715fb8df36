//! What commands say in each language, and what they must not say alike.

use std::collections::BTreeSet;

use super::Files;

/// What a command says in a language, both its output and what it complains of.
pub fn said(files: &Files, language: &str, command: &[&str]) -> String {
    let output = files.program(command).env("NHACVIEC_LANGUAGE", language).output().unwrap();
    let folder = files.path("").display().to_string();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&folder, "");
    let command = command.join(" ").replace(&folder, "");
    format!("$ nhacviec {command}\n{}{}\n", text(output.stdout), text(output.stderr))
}

/// The years since these tests were written: other moments are those of the stories that they tell.
const PRESENT: &str = "20(2[6-9]|[3-9][0-9])";

/// Snapshots without what changes from day to day.
pub fn without_today() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    let english = format!(r"{PRESENT}-\d\d-\d\d \d\d:\d\d(:\d\d)?");
    let vietnamese = format!(r"(\d\d:)?\d\d:\d\d \d\d/\d\d/{PRESENT}");
    settings.add_filter(&format!("{english}|{vietnamese}"), "[moment]");
    settings.add_filter(&format!(r"on {PRESENT}-\d\d-\d\d:|ngày \d\d/\d\d/{PRESENT}:"), "[today]:");
    settings.add_filter(r"\d{3,} days overdue|quá hạn \d{3,} ngày", "[overdue]");
    settings.add_filter(r"<[0-9a-f.]+@", "<[id]@");
    settings.add_filter(r"outbox/\S+", "outbox/[file]");
    // How wide a column is follows from the numbers in it.
    settings.add_filter(r" {3,}", "  ");
    settings.add_filter(r"─+", "─");
    settings
}

/// The words that [`said`] has of a command in two languages, and that the school itself has not written: a text that one of
/// the languages lacks.
pub fn alike(one: &str, other: &str, own: &str) -> Vec<String> {
    let (one, other) = (without_data(one), without_data(other));
    let [one, other, own] = [&one, &other, own].map(words);
    one.intersection(&other).filter(|word| !own.contains(*word)).map(|word| (*word).to_owned()).collect()
}

/// What a command says without what it does not say in words: the command line, what is to be typed, codes, addresses and
/// ids.
fn without_data(said: &str) -> String {
    let said = said.split_once('\n').map_or("", |(_, said)| said);
    let said: Vec<&str> = said.lines().filter(|line| !is_setting(line)).collect();
    let said = said.join("\n");
    let said: String = said.split('`').step_by(2).collect();
    let said: String = said.split('[').map(|piece| piece.split_once(']').map_or(piece, |(_, rest)| rest)).collect();
    let is_word = |word: &&str| !word.contains("://") && !word.contains(|letter: char| letter.is_ascii_digit());
    said.split_whitespace().filter(is_word).collect::<Vec<_>>().join(" ")
}

/// Whether a line is one of a configuration.
fn is_setting(line: &str) -> bool {
    let key = line.trim().split_once(" = ").map(|(key, _)| key);
    key.is_some_and(|key| !key.is_empty() && key.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'))
}

/// What a file of a configuration has between quotes.
pub fn quoted(text: &str) -> String {
    text.split('"').skip(1).step_by(2).collect::<Vec<_>>().join("\n")
}

/// The words of a text that may be English, without single letters.
fn words(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    words.filter(|word| word.len() > 1 && word.is_ascii()).collect()
}
