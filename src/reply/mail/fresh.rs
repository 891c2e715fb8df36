//! What somebody wrote in an answer, without what it answers and what every mail of theirs ends with.

use crate::text::{composed, fold};

/// No answer that is read is longer, in bytes.
const LONGEST: usize = 20_000;
/// How many lines "On … wrote:" is broken into at most.
const MOST_ATTRIBUTION: usize = 4;
/// A line of ours that is shorter may be somebody's own words.
const OURS: usize = 20;

/// No name of a telephone is longer, in bytes.
const LONGEST_DEVICE: usize = 80;

/// The fields that head a quoted mail, without diacritics, as the programs of both languages write them.
const FROM: &[&str] = &["from:", "tu:"];
const HEADS: &[&str] = &[
    "sent:",
    "date:",
    "to:",
    "cc:",
    "subject:",
    "da gui:",
    "ngay gui:",
    "ngay:",
    "gui:",
    "den:",
    "toi:",
    "chu de:",
    "tieu de:",
    "gui den:",
    "thoi gian:",
];
/// What stands between the dashes above a quoted mail.
const ORIGINALS: &[&str] = &[
    "original message",
    "forwarded message",
    "reply message",
    "tin nhan goc",
    "thu goc",
    "tin goc",
    "thu da gui",
    "tin nhan da chuyen tiep",
    "thu chuyen tiep",
    "begin forwarded message",
];
/// What telephones add.
const SENT_FROM: &[&str] =
    &["gui tu ", "duoc gui tu ", "da gui tu ", "sent from ", "get outlook for ", "tai outlook cho ", "sent via "];

/// The text of our own message, to know it again where a mail program quotes it without a sign.
#[derive(Clone, Debug, Default)]
pub struct Ours(String);

impl Ours {
    /// Our message as it was sent: its text, and its page as text.
    #[must_use]
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self(texts.into_iter().map(fold).collect::<Vec<_>>().join(" "))
    }

    fn has(&self, line: &str) -> bool {
        !line.is_empty() && self.0.contains(line)
    }
}

/// The words of the writer, composed, line by line. A line of ours with a number in it stays, behind `>`, where words stand
/// below it: they may be about the task that it names.
#[must_use]
pub fn fresh(text: &str, ours: &Ours) -> String {
    let text: String = composed(text).collect();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let folded: Vec<String> = lines.iter().map(|line| fold(line)).collect();
    let mut kept = String::new();
    let mut quoted: Vec<&str> = Vec::new();
    let mut in_ours = false;
    let mut at = 0;
    while at < lines.len() && kept.len() < LONGEST {
        if quoted_from(&folded, at) || lines[at] == "--" {
            break;
        }
        let attribution = attribution(&folded, at);
        if attribution > 0 {
            // Behind it stands what is quoted: each line marked, or all that follows.
            let next = folded[at + attribution..].iter().find(|line| !line.is_empty());
            if next.is_some_and(|line| !line.starts_with('>')) {
                break;
            }
            at += attribution;
            continue;
        }
        let line = &folded[at];
        in_ours |= line.len() >= OURS && ours.has(line);
        let written = without_device(lines[at]);
        let is_added = written.is_empty() && !line.is_empty();
        if line.starts_with('>') || (in_ours && ours.has(line)) {
            quoted.push(lines[at].trim_start_matches(['>', ' ']));
        } else if !is_added {
            if !line.is_empty() {
                // Words below a line of ours may be said of the task that it names.
                for ours in quoted.drain(..).filter(|ours| ours.contains(|letter: char| letter.is_ascii_digit())) {
                    keep(&mut kept, &format!("> {ours}"));
                }
            }
            keep(&mut kept, written);
        }
        at += 1;
    }
    kept.trim().to_owned()
}

/// A line without what a telephone adds behind its words: "Đã xong. Gửi từ iPhone".
fn without_device(line: &str) -> &str {
    let begins = |at: &usize| {
        let sent = fold(&line[*at..]);
        sent.len() < LONGEST_DEVICE && SENT_FROM.iter().any(|words| sent.starts_with(words))
    };
    let sentences = line.match_indices(['.', '!']).map(|(at, _)| at + 1);
    std::iter::once(0).chain(sentences).find(begins).map_or(line, |at| line[..at].trim_end())
}

/// Adds a line, as far as there is room.
fn keep(kept: &mut String, line: &str) {
    let room = line.floor_char_boundary(LONGEST.saturating_sub(kept.len()));
    kept.push_str(&line[..room]);
    kept.push('\n');
}

/// Whether everything from this line on is another mail.
fn quoted_from(lines: &[String], at: usize) -> bool {
    let line = &lines[at];
    if line.starts_with('>') {
        return false;
    }
    let bare = line.trim_matches(|letter: char| letter == '-' || letter == '_' || letter == '*' || letter == ' ');
    if line.starts_with('-') && ORIGINALS.contains(&bare) {
        return true;
    }
    let is_head = |line: &String, words: &[&str]| {
        let line = line.trim_start_matches(['*', ' ']).replace("*:", ":").replace(" :", ":");
        words.iter().any(|word| line.starts_with(word))
    };
    let is_rule = line.len() >= 10 && bare.is_empty();
    let from = if is_rule {
        lines[at + 1..].iter().position(|line| !line.is_empty()).map(|next| at + 1 + next)
    } else {
        Some(at)
    };
    let Some(from) = from.filter(|from| is_head(&lines[*from], FROM)) else { return false };
    let follow = lines[from + 1..].iter().filter(|line| !line.is_empty()).take(4);
    follow.filter(|line| is_head(line, HEADS)).count() >= 2
}

/// How many lines from this one on say that somebody wrote something on some day.
fn attribution(lines: &[String], at: usize) -> usize {
    let mut joined = String::new();
    for (count, line) in (1..).zip(&lines[at..]).take(MOST_ATTRIBUTION) {
        let line = line.trim_start_matches(['>', ' ']);
        if line.is_empty() {
            return 0;
        }
        joined.push_str(line);
        joined.push(' ');
        let said = joined.trim_end();
        let ends = ["wrote:", "writes:", "viet:", "da viet :", "wrote :"].iter().any(|end| said.ends_with(end));
        let begins = ["on ", "vao ", "ngay ", "luc ", "le ", "thu ", "at "].iter().any(|start| said.starts_with(start));
        let tells = said.chars().any(|letter| letter.is_ascii_digit()) || said.contains('@');
        if ends && tells && (begins || said.contains('@')) {
            return count;
        }
        if count == 1 && !begins && !tells {
            return 0;
        }
    }
    0
}
