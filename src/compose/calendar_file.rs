//! A writer of calendar files (RFC 5545): components, properties, lines folded, texts escaped. It knows nothing of tasks.
//!
//! What is sent is few kinds of lines. Crates make a tree of components with maps of properties for each, write lines in the order
//! of names, add random ids and the present instant, and leave a carriage return in a text as it is.

/// The most octets of a line without its end (RFC 5545, section 3.1).
const MAX_LINE: usize = 75;

/// A calendar file in writing. Its lines stand as they are written: the standard asks for no order of properties.
#[derive(Debug)]
pub(super) struct CalendarFile {
    written: String,
}

impl CalendarFile {
    /// An empty calendar that is given out (RFC 5546, section 3.2.1).
    pub(super) fn new() -> Self {
        let mut file = Self { written: String::new() };
        file.begin("VCALENDAR");
        file.put("VERSION", "2.0");
        file.put("PRODID", "-//nhacviec//nhacviec//EN");
        file.put("CALSCALE", "GREGORIAN");
        file.put("METHOD", "PUBLISH");
        file
    }

    /// Begins a component.
    pub(super) fn begin(&mut self, component: &str) {
        self.put("BEGIN", component);
    }

    /// Ends a component.
    pub(super) fn end(&mut self, component: &str) {
        self.put("END", component);
    }

    /// A property with a value that is written as it is: a date, a number, a word of the standard. `name` has its parameters.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        self.line(name.chars().chain([':']).chain(value.chars()));
    }

    /// A property with a text, in which what has a meaning of its own is escaped (RFC 5545, section 3.3.11). A line may end in
    /// any way; other control characters, which no text may hold, are left out.
    pub(super) fn put_text(&mut self, name: &str, text: &str) {
        let text = text.replace("\r\n", "\n");
        let escaped = text.chars().flat_map(|character| match character {
            '\n' | '\r' => [Some('\\'), Some('n')],
            '\\' | ';' | ',' => [Some('\\'), Some(character)],
            '\t' => [Some('\t'), None],
            control if control.is_control() => [None, None],
            other => [Some(other), None],
        });
        self.line(name.chars().chain([':']).chain(escaped.flatten()));
    }

    /// The whole file.
    pub(super) fn finish(mut self) -> String {
        self.end("VCALENDAR");
        self.written
    }

    /// A line, folded between characters.
    fn line(&mut self, characters: impl Iterator<Item = char>) {
        let mut room = MAX_LINE;
        for character in characters {
            if character.len_utf8() > room {
                self.written.push_str("\r\n ");
                // The blank at its beginning is one of its octets.
                room = MAX_LINE - 1;
            }
            room -= character.len_utf8();
            self.written.push(character);
        }
        self.written.push_str("\r\n");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::{CalendarFile, MAX_LINE};

    /// What a reader gets of the texts of a file (RFC 5545, sections 3.1 and 3.3.11), by the letter of the standard.
    fn texts(file: &str, name: &str) -> Vec<String> {
        let unfolded = file.replace("\r\n ", "");
        let lines = unfolded.split_terminator("\r\n");
        lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(unescaped).collect()
    }

    fn unescaped(value: &str) -> String {
        let mut text = String::new();
        let mut characters = value.chars();
        while let Some(character) = characters.next() {
            text.push(match character {
                '\\' => match characters.next().unwrap() {
                    'n' | 'N' => '\n',
                    escaped => escaped,
                },
                plain => plain,
            });
        }
        text
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back_from_lines_that_are_not_too_long(given in "\\PC{0,40}([ -~\n\r\t\u{7}]|\\PC|[ếộ🏫]){0,200}") {
            let mut file = CalendarFile::new();
            file.put_text("SUMMARY", &given);
            let file = file.finish();
            prop_assert!(file.split("\r\n").all(|line| line.len() <= MAX_LINE && !line.contains(['\r', '\n'])));
            let read: String = given.replace("\r\n", "\n").replace('\r', "\n");
            let read: String = read.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
            prop_assert_eq!(texts(&file, "SUMMARY"), [read]);
        }
    }

    /// The texts of `calendar-file.json` were read out of `calendar-file.ics` by the packages icalendar and vobject of Python,
    /// which agree.
    #[test]
    fn others_read_what_was_written() {
        let texts: Vec<[String; 2]> =
            serde_json::from_str(include_str!("../../tests/data/calendar-file.json")).unwrap();
        let mut file = CalendarFile::new();
        for (number, [summary, description]) in texts.iter().enumerate() {
            file.begin("VEVENT");
            file.put("UID", &format!("{number}@nhacviec"));
            file.put("DTSTAMP", "20231024T000000Z");
            file.put("DTSTART;VALUE=DATE", "20231031");
            file.put("DTEND;VALUE=DATE", "20231101");
            file.put("SEQUENCE", &number.to_string());
            file.put_text("SUMMARY", summary);
            file.put_text("DESCRIPTION", description);
            file.put("STATUS", if number % 2 == 0 { "CONFIRMED" } else { "CANCELLED" });
            file.begin("VALARM");
            file.put("ACTION", "DISPLAY");
            file.put_text("DESCRIPTION", summary);
            file.put("TRIGGER;RELATED=START", "-PT61200S");
            file.end("VALARM");
            file.end("VEVENT");
        }
        let file = file.finish();
        assert_eq!(file, include_str!("../../tests/data/calendar-file.ics"));
    }
}
