//! The text of a message in a chat: a heading and a line for each task, within the length that a service takes.

use crate::compose::{Content, MessageItem};
use crate::people::RecipientKind;

use super::Outgoing;

/// The longest title of a task, in letters: a remedy is a whole paragraph at times, and the mail has it in full.
const MAX_TITLE_LEN: usize = 200;

/// The text of a message in a chat.
#[derive(Debug)]
pub(super) struct ChatText {
    /// The subject; before it the name of the recipient, where that is a person.
    pub(super) heading: String,
    /// A line for each task; the lines of the text where it is about no task.
    pub(super) lines: Vec<String>,
    /// The last line where not all find room; `{}` stands for how many are left out.
    pub(super) more: &'static str,
}

impl ChatText {
    pub(super) fn of(message: &Outgoing<'_>, content: &Content) -> Self {
        let heading = match message.recipient.kind {
            RecipientKind::Person => format!("{}: {}", message.recipient.name, content.subject),
            RecipientKind::Group => content.subject.clone(),
        };
        if content.items.is_empty() {
            let lines = content.text.lines().map(str::to_owned).collect();
            return Self { heading, lines, more: "…" };
        }
        let line = |item: &MessageItem| {
            let link = item.link.as_ref().map(|link| format!("\n{link}")).unwrap_or_default();
            format!("• {}. {}{link}", item.line, cut(&item.title, MAX_TITLE_LEN))
        };
        let lines = content.items.iter().map(line).collect();
        Self { heading, lines, more: content.more }
    }

    /// The heading, cut to `most` letters.
    pub(super) fn heading(&self, most: usize) -> String {
        cut(&self.heading, most)
    }

    /// The lines, escaped for the service, within `most` letters in all. The last line counts those left out.
    pub(super) fn body(&self, most: usize, escape: impl Fn(&str) -> String) -> String {
        // Room is kept for the last line, which counts those left out.
        let reserve = self.more.chars().count() + 8;
        let mut body = String::new();
        let mut used = 0;
        for (place, line) in self.lines.iter().enumerate() {
            let line = escape(line);
            let length = line.chars().count() + 1;
            let is_last = place + 1 == self.lines.len();
            if used + length + if is_last { 0 } else { reserve } > most {
                if place == 0 {
                    // A single line that is too long is cut.
                    body.push_str(&cut(&self.lines[0], most.saturating_sub(reserve) / 2));
                    body.push('\n');
                }
                let left = self.lines.len() - place.max(1);
                if left > 0 {
                    body.push_str(&self.more.replace("{}", &left.to_string()));
                }
                break;
            }
            body.push_str(&line);
            body.push('\n');
            used += length;
        }
        body.truncate(body.trim_end().len());
        body
    }
}

/// A text cut to `most` letters, with an ellipsis where something is cut off.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept + "…"
}

/// A text with a backslash before each of `signs`, so that none of them is markup.
pub(super) fn backslashed(text: &str, signs: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if signs.contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::channel) fn words(lines: usize) -> ChatText {
        let lines = (1..=lines).map(|number| format!("• 1.{number} Việc <&*_ số {number}")).collect();
        ChatText { heading: "Nhắc việc".to_owned(), lines, more: "… và {} việc khác" }
    }

    #[test]
    fn long_lists_end_with_how_much_is_left_out() {
        let all = words(3).body(1000, str::to_owned);
        assert_eq!(all.lines().count(), 3);
        let some = words(30).body(200, str::to_owned);
        assert!(some.chars().count() <= 200, "{some}");
        let told = some.lines().count() - 1;
        assert!(told > 3, "{some}");
        assert_eq!(some.lines().last(), Some(format!("… và {} việc khác", 30 - told).as_str()));
        let mut one = words(1);
        one.lines[0] = "x".repeat(5000);
        let told = one.body(100, str::to_owned);
        assert!(told.starts_with("xxx") && told.ends_with('…') && told.chars().count() <= 100, "{told}");
    }
}
