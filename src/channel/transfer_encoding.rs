//! The body of a mail: line ends and transfer encoding (RFC 2045). The bytes are those of lettre, made in one pass
//! instead of several.

use lettre::message::Body;
use lettre::message::header::ContentTransferEncoding;

/// The longest encoded line, without its end.
const MAX_LINE_LEN: usize = 76;

/// A text in the encoding that suits it: quoted-printable, but ASCII as it is, and base64 for texts that are mostly not
/// ASCII; these two lettre makes.
pub(super) fn body(text: &str) -> Body {
    let escaped = text.bytes().filter(|byte| !matches!(byte, b'\t' | b' '..=b'~')).count();
    if text.is_ascii() || escaped > text.len() / 3 {
        return Body::new(text.to_owned());
    }
    Body::dangerous_pre_encoded(quoted_printable(text), ContentTransferEncoding::QuotedPrintable)
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len() * 2);
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let ends = lines.peek().is_some();
        add_line(line.strip_suffix('\r').filter(|_| ends).unwrap_or(line), &mut encoded);
        if ends {
            encoded.extend_from_slice(b"\r\n");
        }
    }
    encoded
}

fn add_line(line: &str, encoded: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut width = 0;
    let mut rest = line.as_bytes();
    while let [byte, behind @ ..] = rest {
        // Most bytes stand for themselves; a blank only where something follows it.
        let room = (MAX_LINE_LEN - 1 - width).min(behind.len());
        let run = rest[..room].iter().take_while(|byte| stands(**byte)).count();
        if run > 0 {
            encoded.extend_from_slice(&rest[..run]);
            width += run;
            rest = &rest[run..];
            continue;
        }
        let is_last = behind.is_empty();
        let stands = stands(*byte) && !(is_last && matches!(byte, b' ' | b'\t'));
        let length = if stands { 1 } else { 3 };
        // A line that goes on needs room for the soft line break as well.
        if width + length > MAX_LINE_LEN - usize::from(!is_last) {
            encoded.extend_from_slice(b"=\r\n");
            width = 0;
        }
        if stands {
            encoded.push(*byte);
        } else {
            let digit = |half: u8| DIGITS[usize::from(half)];
            encoded.extend_from_slice(&[b'=', digit(byte >> 4), digit(byte & 15)]);
        }
        width += length;
        rest = behind;
    }
}

/// Whether a byte stands for itself within a line.
fn stands(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~') && byte != b'='
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_as_lettre_does(text: &str) {
        let (ours, theirs) = (body(text), Body::new(text.to_owned()));
        assert_eq!(
            (String::from_utf8_lossy(ours.as_ref()), ours.encoding()),
            (String::from_utf8_lossy(theirs.as_ref()), theirs.encoding()),
            "{text:?}"
        );
    }

    #[test]
    fn lines_of_every_length_and_end_are_as_lettre_makes_them() {
        for length in 60..160 {
            for end in ["", "x", " ", "\t", "=", "é", "\r", "\n", "\r\n", " \r\n", "é\n", "\r\r\n", "\n\né "] {
                assert_as_lettre_does(&format!(
                    "{}{end}",
                    "Rà soát ho so ".chars().cycle().take(length).collect::<String>()
                ));
                assert_as_lettre_does(&format!("é{}{end}", "x".repeat(length)));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_as_lettre_makes_it(text in "([a-z =\t]{0,40}|[àếộđ]{0,3}|\r|\n|\r\n|[ -~]{0,100}|.){0,40}") {
            assert_as_lettre_does(&text);
        }
    }
}
