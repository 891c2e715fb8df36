//! The text of a document: words tidied, numbers of parts and points, a name for its file.

use crate::report::TextRun;
use crate::text;

/// Tidies the runs of an element: composed letters, single blanks, no letters that XML cannot hold, line ends only for
/// `<br/>` (here U+2028), no blanks at either end.
pub(super) fn tidy(runs: Vec<TextRun>) -> Vec<TextRun> {
    let mut tidied: Vec<TextRun> = Vec::with_capacity(runs.len());
    let mut after_blank = true;
    for run in runs {
        let mut kept = String::with_capacity(run.text.len());
        for letter in text::composed(&run.text) {
            if letter == '\u{2028}' {
                kept.truncate(kept.trim_end_matches(' ').len());
                kept.push('\n');
                after_blank = true;
            } else if letter.is_whitespace() || letter.is_control() {
                if !std::mem::replace(&mut after_blank, true) {
                    kept.push(' ');
                }
            } else if is_xml(letter) {
                kept.push(letter);
                after_blank = false;
            }
        }
        if !kept.is_empty() {
            tidied.push(TextRun { text: kept, ..run });
        }
    }
    while let Some(last) = tidied.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        tidied.pop();
    }
    tidied
}

/// Whether XML 1.0 can hold a letter. U+FFFE and U+FFFF, which no text has, are left out too.
fn is_xml(letter: char) -> bool {
    !matches!(letter, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// The runs with `prefix` before them, neither bold nor italic.
pub(super) fn prefixed(prefix: &str, mut runs: Vec<TextRun>) -> Vec<TextRun> {
    match runs.first_mut() {
        Some(run) if !run.bold && !run.italic => run.text.insert_str(0, prefix),
        _ => runs.insert(0, TextRun { text: prefix.to_owned(), ..TextRun::default() }),
    }
    runs
}

/// A name for a file, good in any file system and mail: small Latin letters, digits and hyphens.
pub(super) fn file_name(written: &str) -> String {
    let plain = text::fold(written).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-");
    name.truncate(100);
    if name.is_empty() { "report".to_owned() } else { name }
}

/// A number below 40 in Roman numerals.
pub(super) fn roman(number: usize) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    "X".repeat(number / 10) + ONES[number % 10]
}

/// The letters of a point by its number, from 1: a, b, … then aa, ab, …
pub(super) fn letter(number: usize, letters: &[char]) -> String {
    let mut rest = number;
    let mut word = Vec::new();
    while rest > 0 {
        rest -= 1;
        word.push(letters[rest % letters.len()]);
        rest /= letters.len();
    }
    word.into_iter().rev().collect()
}
