//! The server's replies (RFC 5321, 4.2), tolerant in form and strict in codes.
//!
//! A reply is one or more lines that begin with a code of three digits. What real servers make of that is taken: a code
//! alone, lines that end in LF, text in any encoding, lines of any length. What has no code is no reply.

use std::fmt;
use std::net::IpAddr;

use memchr::memchr;

/// No reply is listened to for longer, in bytes.
const LONGEST: usize = 64 << 10;
/// No more of a reply is told, in letters.
const SHOWN: usize = 500;
/// Room for what comes at once.
const CHUNK: usize = 2048;

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// 200 to 599.
    pub(super) code: u16,
    /// The text of its lines, without control characters.
    lines: Vec<String>,
}

/// An enhanced status code (RFC 3463): class, subject, detail.
pub(super) type EnhancedCode = (u16, u16, u16);

impl Reply {
    /// The text of its lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// Whether it says no for now.
    pub(super) fn is_temporary(&self) -> bool {
        (400..500).contains(&self.code)
    }

    /// Whether it says no for good.
    pub(super) fn is_permanent(&self) -> bool {
        (500..600).contains(&self.code)
    }

    /// The first enhanced status code at the head of a line.
    pub(super) fn status(&self) -> Option<EnhancedCode> {
        self.lines().find_map(status)
    }

    /// What it says on one line, in small letters: without addresses of people, whose words are not the server's, and with
    /// "ip address" in the place of each address of a machine.
    pub(super) fn folded(&self) -> String {
        let text = self.lines.join(" ").to_lowercase();
        let words = text.split_whitespace().filter(|word| !word.contains('@'));
        words.map(|word| if is_machine(word) { "ip address" } else { word }).collect::<Vec<_>>().join(" ")
    }

    /// The same with other text in its lines.
    pub(super) fn map(mut self, change: impl Fn(String) -> String) -> Self {
        self.lines = self.lines.into_iter().map(change).collect();
        self
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        let text = self.lines.iter().filter(|line| !line.is_empty()).flat_map(|line| [" ", line.as_str()]);
        let shown: String = text.flat_map(str::chars).take(SHOWN + 1).collect();
        match shown.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}…", &shown[..end]),
            None => f.write_str(&shown),
        }
    }
}

/// Whether a word is the address of a machine, in whatever brackets.
fn is_machine(word: &str) -> bool {
    let bare = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != ':');
    let bare = bare.trim_end_matches(':');
    bare.strip_prefix("ipv6:").unwrap_or(bare).parse::<IpAddr>().is_ok()
}

fn status(line: &str) -> Option<EnhancedCode> {
    // Some servers write "#5.1.1" or "(5.1.1)".
    let text = line.trim_start_matches(['#', '(', '[', ' ']);
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let mut numbers = text[..end].trim_end_matches('.').split('.');
    let mut number = |longest: usize| {
        let digits = numbers.next().filter(|digits| digits.len() <= longest)?;
        digits.parse::<u16>().ok()
    };
    let status = (number(1)?, number(3)?, number(3)?);
    let is_class = matches!(status.0, 2 | 4 | 5);
    // An address of the network has a fourth number.
    (is_class && numbers.next().is_none()).then_some(status)
}

/// Why what the server says is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// A line does not begin with a code.
    NoCode(String),
    /// It goes on for longer than anybody listens.
    Endless,
}

/// Makes replies of what comes.
#[derive(Debug, Default)]
pub(super) struct ReplyReader {
    /// What has come and is not read yet.
    unread: Vec<u8>,
    /// The lines of the reply that is being read, and their code.
    lines: Vec<String>,
    code: u16,
    /// How many bytes of this reply were read.
    length: usize,
    /// Whether a reply was cut off: what comes next may be its rest.
    is_cut: bool,
}

impl ReplyReader {
    /// Where to put what comes.
    pub(super) fn space(&mut self) -> &mut Vec<u8> {
        self.unread.reserve(CHUNK);
        &mut self.unread
    }

    /// Whether something came that no reply was made of.
    pub(super) fn has_unread(&self) -> bool {
        self.is_cut || !self.unread.is_empty() || !self.lines.is_empty()
    }

    /// The next reply; `None` where more must come first. After an error nothing more can be understood.
    pub(super) fn next(&mut self) -> Result<Option<Reply>, Malformed> {
        let mut start = 0;
        while let Some(end) = memchr(b'\n', &self.unread[start..]) {
            let line = &self.unread[start..start + end];
            let Some(ReplyLine { code, is_last, text }) = ReplyLine::read(line) else { return Err(no_code(line)) };
            let before = self.length;
            self.length += end + 1;
            if before >= LONGEST || !is_last && self.length > LONGEST {
                return Err(Malformed::Endless);
            }
            let text = cleaned(&text[..text.len().min(LONGEST - before)]);
            start += end + 1;
            self.add(code, text);
            if is_last {
                self.unread.drain(..start);
                return Ok(Some(self.finish()));
            }
        }
        self.unread.drain(..start);
        self.cut_off()
    }

    /// The reply that is left when the connection has ended: one whose last line has no end.
    pub(super) fn last(&mut self) -> Option<Reply> {
        let ReplyLine { code, is_last, text } = ReplyLine::read(&self.unread)?;
        // A code alone may be the beginning of a line that goes on.
        if !is_last || self.unread.len() < 4 || self.is_cut {
            return None;
        }
        let text = cleaned(text);
        self.add(code, text);
        self.unread.clear();
        Some(self.finish())
    }

    /// What to make of a line that has not ended yet: nothing, unless it is no reply or too long already. A last line
    /// that is too long has said its code.
    fn cut_off(&mut self) -> Result<Option<Reply>, Malformed> {
        if self.unread.len() < 4 {
            return Ok(None);
        }
        let Some(ReplyLine { code, is_last, text }) = ReplyLine::read(&self.unread) else {
            return Err(no_code(&self.unread));
        };
        if self.length + self.unread.len() <= LONGEST {
            return Ok(None);
        }
        if !is_last || self.length >= LONGEST {
            return Err(Malformed::Endless);
        }
        let text = cleaned(&text[..text.len().min(LONGEST - self.length)]);
        self.add(code, text);
        self.unread.clear();
        self.is_cut = true;
        Ok(Some(self.finish()))
    }

    /// Adds a line. Where its code is another than that of the lines before it, they are not what the server means.
    fn add(&mut self, code: u16, text: String) {
        if self.code != code {
            self.lines.clear();
            self.code = code;
        }
        self.lines.push(text);
    }

    fn finish(&mut self) -> Reply {
        self.length = 0;
        Reply { code: self.code, lines: std::mem::take(&mut self.lines) }
    }
}

/// A line of a reply.
struct ReplyLine<'l> {
    code: u16,
    is_last: bool,
    text: &'l [u8],
}

impl<'l> ReplyLine<'l> {
    /// Reads a line without its LF; `None` where it has no code.
    fn read(line: &'l [u8]) -> Option<Self> {
        let [first @ b'2'..=b'5', second, third, rest @ ..] = line else { return None };
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
        let code = digit(first)? * 100 + digit(second)? * 10 + digit(third)?;
        match rest {
            [b'-', text @ ..] => Some(Self { code, is_last: false, text }),
            [b'0'..=b'9', ..] => None,
            text => Some(Self { code, is_last: true, text }),
        }
    }
}

fn no_code(line: &[u8]) -> Malformed {
    Malformed::NoCode(cleaned(line).chars().take(SHOWN).collect())
}

/// Text as it can be kept and shown: what is not UTF-8 leaves replacement marks, and nothing in it steers a terminal.
fn cleaned(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let turns =
        |letter: &char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter(|letter| !turns(letter));
    let kept: String = kept.map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::channel::smtp) fn reply(text: &str) -> Reply {
        let mut reader = ReplyReader::default();
        reader.space().extend_from_slice(format!("{text}\r\n").as_bytes());
        let reply = reader.next().unwrap().unwrap();
        assert!(!reader.has_unread(), "{text}");
        reply
    }

    fn read(bytes: &[u8]) -> Result<Option<String>, Malformed> {
        let mut reader = ReplyReader::default();
        reader.space().extend_from_slice(bytes);
        reader.next().map(|reply| reply.map(|reply| reply.to_string()))
    }

    #[test]
    fn every_form_of_a_reply_is_read() {
        let cases: &[(&[u8], &str)] = &[
            (b"250 ok\r\n", "250 ok"),
            (b"250\r\n", "250"),
            (b"354\n", "354"),
            (b"250 \r\n", "250"),
            (b"250 ok\n", "250 ok"),
            (b"250 ok\r\r\n", "250 ok"),
            (b"250\tok\r\n", "250 ok"),
            (b"250ok\r\n", "250 ok"),
            (b"250-a\r\n250-b\r\n250 c\r\n", "250 a b c"),
            (b"250-\r\n250\r\n", "250"),
            (b"220-welcome\r\n521 not here\r\n", "521 not here"),
            (b"550 kh\xf4ng c\xf3\r\n", "550 kh\u{fffd}ng c\u{fffd}"),
            ("550 không có\r\n".as_bytes(), "550 không có"),
            (b"550 a\x1b[31m\x00b\r\n", "550 a [31m b"),
            ("550 a\u{202e}b\r\n".as_bytes(), "550 ab"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(read(bytes), Ok(Some((*shown).to_owned())), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_has_no_code_is_no_reply() {
        for bytes in [
            "hello\r\n",
            "\r\n",
            "25\r\n",
            "2500 ok\r\n",
            "150 later\r\n",
            "600 odd\r\n",
            "2x0 ok\r\n",
            " 250 ok\r\n",
            "250-a\r\nb\r\n",
            "SSH-2.0-server",
            "HTTP/1.1 400 Bad Request",
            "\u{16}\u{3}\u{1}\u{2}",
        ] {
            assert!(matches!(read(bytes.as_bytes()), Err(Malformed::NoCode(_))), "{bytes:?}");
        }
        assert_eq!(read(b"250 o"), Ok(None));
        assert_eq!(read(b"250-a\r\n250"), Ok(None));
    }

    #[test]
    fn long_replies_are_read_and_endless_ones_are_not() {
        let lines = "250-a line of an answer\r\n".repeat(149) + "250 end\r\n";
        let read_lines = read(lines.as_bytes()).unwrap().unwrap();
        assert!(read_lines.starts_with("250 a line of an answer a line") && read_lines.ends_with('…'), "{read_lines}");
        let letter = format!("250 {}\r\n", "x".repeat(5000));
        assert_eq!(read(letter.as_bytes()).unwrap().unwrap().chars().count(), 3 + SHOWN + 1);
        assert_eq!(read("250-x\r\n".repeat(LONGEST).as_bytes()), Err(Malformed::Endless));
        assert_eq!(read("250-x".repeat(LONGEST).as_bytes()), Err(Malformed::Endless));
        // The code of a last line counts however long the line is; what follows is out of step.
        let mut reader = ReplyReader::default();
        reader.space().extend_from_slice(("250-a\r\n550 ".to_owned() + &"x".repeat(LONGEST)).as_bytes());
        assert_eq!(reader.next().unwrap().unwrap().code, 550);
        assert!(reader.has_unread());
    }

    #[test]
    fn a_connection_that_ends_behind_a_reply_has_answered() {
        let left = |bytes: &[u8]| {
            let mut reader = ReplyReader::default();
            reader.space().extend_from_slice(bytes);
            reader.next().unwrap();
            reader.last().map(|reply| reply.to_string())
        };
        assert_eq!(left(b"421-a\r\n421 bye"), Some("421 a bye".to_owned()));
        assert_eq!([left(b"421"), left(b"421-bye"), left(b""), left(b"4")], [const { None }; 4]);
    }

    #[test]
    fn status_codes_are_found_and_addresses_are_none() {
        let cases = [
            ("550 5.1.1 no such user", Some((5, 1, 1))),
            ("550 #5.1.0 Address rejected.", Some((5, 1, 0))),
            ("550-first\r\n550 5.7.501 denied", Some((5, 7, 501))),
            ("550 5.7.26: text", Some((5, 7, 26))),
            ("550 5.1.1.", Some((5, 1, 1))),
            ("550 5.1.1.2 is blocked", None),
            ("550 192.0.2.1 is blocked", None),
            ("550 5.1 text", None),
            ("550 3.1.1 text", None),
            ("550 no such user 5.1.1", None),
            ("550", None),
        ];
        for (text, status) in cases {
            assert_eq!(reply(text).status(), status, "{text}");
        }
    }

    #[test]
    fn addresses_are_no_words_of_the_server() {
        let cases = [
            ("550 <user@address.example>: no", "no"),
            ("550 Your host [192.0.2.1] is refused", "your host ip address is refused"),
            ("550 from 2001:db8::1: Refused", "from ip address refused"),
            ("550 (IPv6:2001:db8::1) refused", "ip address refused"),
            ("550-5.1.1 No\r\n550 5.1.1 Such user", "5.1.1 no 5.1.1 such user"),
        ];
        for (text, folded) in cases {
            assert_eq!(reply(text).folded(), folded);
        }
    }

    proptest! {
        #[test]
        fn bytes_of_any_kind_are_bounded_and_read_alike_however_they_come(
            bytes in proptest::collection::vec(prop_oneof![
                3 => Just(b'2'), 3 => Just(b'5'), 2 => Just(b'0'), 2 => Just(b'\n'), 1 => Just(b'-'), 1 => Just(b' '), 2 => any::<u8>()
            ], 0..400),
            cut in 0_usize..400,
        ) {
            let all = |chunks: &[&[u8]]| {
                let mut reader = ReplyReader::default();
                let mut read = Vec::new();
                for chunk in chunks {
                    reader.space().extend_from_slice(chunk);
                    loop {
                        match reader.next() {
                            Ok(Some(reply)) => read.push(Ok(reply)),
                            Ok(None) => break,
                            // What is shown of it depends on how much had come.
                            Err(_) => { read.push(Err(())); return read; }
                        }
                    }
                }
                read
            };
            let cut = cut.min(bytes.len());
            let read = all(&[&bytes]);
            prop_assert_eq!(&read, &all(&[&bytes[..cut], &bytes[cut..]]));
            for reply in read.into_iter().flatten() {
                prop_assert!((200..600).contains(&reply.code) && reply.to_string().chars().count() <= SHOWN + 4);
            }
        }
    }
}
