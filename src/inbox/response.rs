//! What a server says: status lines, and data as far as it is asked for. Whatever is odd in it is read over.

/// A part of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// A part of a line.
    Text(Vec<u8>),
    /// A literal.
    Literal(Vec<u8>),
}

/// One response of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Response(pub(super) Vec<Chunk>);

/// A word, a text or a list of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ResponseValue {
    /// A word, as it is written; `NIL` too.
    Atom(String),
    /// A quoted text, or a literal.
    Text(Vec<u8>),
    /// A list in brackets.
    List(Vec<ResponseValue>),
}

impl ResponseValue {
    fn atom(&self) -> Option<&str> {
        match self {
            Self::Atom(word) => Some(word),
            Self::Text(_) | Self::List(_) => None,
        }
    }

    fn number(&self) -> Option<u32> {
        self.atom()?.parse().ok()
    }

    /// The bytes of a text; `None` for `NIL` and lists.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(bytes) => Some(bytes),
            Self::Atom(_) | Self::List(_) => None,
        }
    }

    /// The values of a list; none for anything else.
    pub(super) fn list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            Self::Atom(_) | Self::Text(_) => &[],
        }
    }
}

/// What a server tells of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fetched {
    /// Its number.
    pub(super) uid: u32,
    items: Vec<ResponseValue>,
}

impl Fetched {
    /// The value that follows a name, such as `RFC822.SIZE` or `BODY[]`.
    pub(super) fn get(&self, name: &str) -> Option<&ResponseValue> {
        let is_named = |pair: &&[ResponseValue]| pair[0].atom().is_some_and(|word| word.eq_ignore_ascii_case(name));
        self.items.chunks(2).filter(|pair| pair.len() == 2).find(is_named).map(|pair| &pair[1])
    }

    /// A number that follows a name.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name).and_then(ResponseValue::number)
    }
}

impl Response {
    /// The first line, as far as it is before any literal.
    fn line(&self) -> String {
        match self.0.first() {
            Some(Chunk::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        }
    }

    /// The words behind `* WORD`, where the response is that.
    fn behind(&self, word: &str) -> Option<String> {
        let line = self.line();
        let (first, rest) = line.strip_prefix("* ")?.split_once(' ').unwrap_or((line.strip_prefix("* ")?, ""));
        first.eq_ignore_ascii_case(word).then(|| rest.to_owned())
    }

    pub(super) fn is_untagged(&self) -> bool {
        self.line().starts_with("* ")
    }

    pub(super) fn is_continuation(&self) -> bool {
        let line = self.line();
        line == "+" || line.starts_with("+ ")
    }

    /// Whether the server is ready for commands, as a greeting says; whether it is so without a login.
    pub(super) fn is_welcome(&self) -> bool {
        self.behind("OK").is_some() || self.behind("PREAUTH").is_some()
    }

    /// The words with which the server ends the conversation.
    pub(super) fn bye(&self) -> Option<String> {
        self.behind("BYE")
    }

    /// How the command with this tag ended: refused in these words, where it was; `None` where this is not its end.
    pub(super) fn end(&self, tag: &str) -> Option<Result<(), String>> {
        let line = self.line();
        let rest = line.strip_prefix(tag)?.strip_prefix(' ')?;
        let (word, said) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(if word.eq_ignore_ascii_case("OK") { Ok(()) } else { Err(said.to_owned()) })
    }

    /// How many mails there are, where it tells that.
    pub(super) fn exists(&self) -> Option<u32> {
        let line = self.line();
        let (number, word) = line.strip_prefix("* ")?.split_once(' ')?;
        number.parse().ok().filter(|_| word.trim().eq_ignore_ascii_case("EXISTS"))
    }

    /// The number in a code of a status line: `* OK [UIDNEXT 12]`.
    pub(super) fn code(&self, name: &str) -> Option<u32> {
        let said = self.behind("OK")?;
        let (code, _) = said.trim_start().strip_prefix('[')?.split_once(']')?;
        let (word, number) = code.split_once(' ')?;
        number.trim().parse().ok().filter(|_| word.eq_ignore_ascii_case(name))
    }

    /// What the server can do, in capitals, where it says so.
    pub(super) fn capabilities(&self) -> Option<Vec<String>> {
        let said = self.behind("CAPABILITY")?;
        Some(said.split_whitespace().map(str::to_uppercase).collect())
    }

    /// The numbers that a search has found, where this is the answer of one.
    pub(super) fn found(&self) -> Vec<u32> {
        let said = self.behind("SEARCH").unwrap_or_default();
        said.split_whitespace().filter_map(|number| number.parse().ok()).collect()
    }

    /// What it tells of a mail, where it does.
    pub(super) fn fetched(&self) -> Option<Fetched> {
        let values = values(&self.0);
        let [star, _, fetch, items, ..] = values.as_slice() else { return None };
        let is_fetch = star.atom() == Some("*") && fetch.atom().is_some_and(|word| word.eq_ignore_ascii_case("FETCH"));
        let fetched = Fetched { uid: 0, items: items.list().to_vec() };
        let uid = fetched.number("UID")?;
        is_fetch.then_some(Fetched { uid, ..fetched })
    }
}

/// The values of a response. A list that is not closed ends with the response.
fn values(chunks: &[Chunk]) -> Vec<ResponseValue> {
    let mut open: Vec<Vec<ResponseValue>> = vec![Vec::new()];
    let put = |open: &mut Vec<Vec<ResponseValue>>, value: ResponseValue| {
        if let Some(list) = open.last_mut() {
            list.push(value);
        }
    };
    let close = |open: &mut Vec<Vec<ResponseValue>>| {
        if open.len() > 1
            && let Some(list) = open.pop()
        {
            put(open, ResponseValue::List(list));
        }
    };
    for chunk in chunks {
        let mut rest = match chunk {
            Chunk::Literal(bytes) => {
                put(&mut open, ResponseValue::Text(bytes.clone()));
                continue;
            }
            Chunk::Text(text) => text.as_slice(),
        };
        while let Some((first, after)) = rest.split_first() {
            match first {
                b' ' => rest = after,
                b'(' => {
                    open.push(Vec::new());
                    rest = after;
                }
                b')' => {
                    close(&mut open);
                    rest = after;
                }
                b'"' => {
                    let (text, after) = quoted(after);
                    put(&mut open, ResponseValue::Text(text));
                    rest = after;
                }
                _ => {
                    let (word, after) = rest.split_at(atom_length(rest));
                    put(&mut open, ResponseValue::Atom(String::from_utf8_lossy(word).into_owned()));
                    rest = after;
                }
            }
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

/// A quoted text behind its first mark, and what follows it.
fn quoted(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut text = Vec::new();
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'"' => break,
            b'\\' => {
                if let Some((escaped, after)) = after.split_first() {
                    text.push(*escaped);
                    rest = after;
                }
            }
            byte => text.push(*byte),
        }
    }
    (text, rest)
}

/// The length of a word: up to a blank or a bracket that is not within square ones, as in `BODY[HEADER.FIELDS (DATE)]`.
fn atom_length(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    let end = bytes.iter().position(|byte| {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(byte, b' ' | b'(' | b')' | b'"')
    });
    end.unwrap_or(bytes.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(line: &str) -> Response {
        Response(vec![Chunk::Text(line.as_bytes().to_vec())])
    }

    #[test]
    fn what_is_odd_in_a_response_is_read_over() {
        let odd = [
            "* 1 FETCH (FLAGS (\\Seen $Label[1] {x} \\*) UID 7 RFC822.SIZE 300)",
            "* 1 FETCH (UID 7 X-GM-LABELS (\"\\\\Inbox\" \"a (b\") RFC822.SIZE 300 MODSEQ (12))",
            "* 1 fetch (uid 7 rfc822.size 300",
        ];
        for line in odd {
            let fetched = response(line).fetched().unwrap_or_else(|| panic!("{line}"));
            assert_eq!((fetched.uid, fetched.number("RFC822.SIZE")), (7, Some(300)), "{line}");
        }
        assert_eq!(response("* SEARCH 1 2 x 5 (MODSEQ 9)").found(), [1, 2, 5]);
        assert_eq!(response("* ESEARCH (TAG \"a\") UID ALL 1:3").found(), [] as [u32; 0]);
        assert_eq!(response("* OK [UIDNEXT 12] next").code("UIDNEXT"), Some(12));
        assert_eq!(response("* OK [PERMANENTFLAGS (\\* a]b)] x").code("UIDNEXT"), None);
    }

    #[test]
    fn a_mail_is_a_literal_or_a_text_and_nil_is_none() {
        let literal = Response(vec![
            Chunk::Text(b"* 1 FETCH (UID 7 BODY[] ".to_vec()),
            Chunk::Literal(b"From: a) {9}".to_vec()),
            Chunk::Text(b" FLAGS ())".to_vec()),
        ]);
        let body =
            |response: &Response| response.fetched().and_then(|mail| mail.get("BODY[]")?.bytes().map(<[u8]>::to_vec));
        assert_eq!(body(&literal).as_deref(), Some(&b"From: a) {9}"[..]));
        assert_eq!(body(&response("* 1 FETCH (UID 7 BODY[] \"a\\\"b\")")).as_deref(), Some(&b"a\"b"[..]));
        assert_eq!(body(&response("* 1 FETCH (UID 7 BODY[] NIL)")), None);
    }

    #[test]
    fn a_commands_end_is_known_by_its_tag() {
        assert_eq!(response("n12 OK done").end("n12"), Some(Ok(())));
        assert_eq!(response("n12 NO [UNAVAILABLE] later").end("n12"), Some(Err("[UNAVAILABLE] later".to_owned())));
        assert_eq!(response("n12 BAD").end("n12"), Some(Err(String::new())));
        assert_eq!(response("n1 OK done").end("n12"), None);
        assert_eq!(response("n121 OK done").end("n12"), None);
        assert_eq!(response("* BYE shutting down").bye(), Some("shutting down".to_owned()));
        assert_eq!(response("* 12 EXISTS").exists(), Some(12));
        assert_eq!(response("* 12 EXPUNGE").exists(), None);
    }
}
