//! What a server says: status lines, and data as far as it is asked for. Whatever is odd in it is read over.

/// Lists within lists are told apart so deep.
const MAX_DEPTH: usize = 32;
/// More mails than this are not taken to be found, however short that is said.
const MAX_FOUND: usize = 1 << 20;

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

    /// Whether the server waits for a login, as a greeting says.
    pub(super) fn is_welcome(&self) -> bool {
        self.behind("OK").is_some()
    }

    /// Whether the server knows already who this is, as a greeting says.
    pub(super) fn is_known(&self) -> bool {
        self.behind("PREAUTH").is_some()
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

    /// The numbers that a search has found, where this is the answer of one: a list, or, as some servers answer although nobody
    /// has asked for that, ranges (RFC 4731).
    pub(super) fn found(&self) -> Option<Vec<u32>> {
        if let Some(said) = self.behind("SEARCH") {
            return Some(said.split_whitespace().filter_map(|number| number.parse().ok()).collect());
        }
        let said = self.behind("ESEARCH")?;
        let mut words = said.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("ALL"));
        // How many there are does not say which.
        let counts = |word: &str| ["COUNT", "MIN", "MAX"].iter().any(|count| word.eq_ignore_ascii_case(count));
        match (words.next(), words.next()) {
            (Some(_), Some(set)) => numbers(set),
            (Some(_), None) => None,
            (None, _) if said.split_whitespace().any(counts) => None,
            (None, _) => Some(Vec::new()),
        }
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

/// The numbers of a set, "1:3,5"; `None` where it is none, or no mailbox has so many.
fn numbers(set: &str) -> Option<Vec<u32>> {
    let mut numbers = Vec::new();
    for range in set.split(',') {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        let (first, last) = (first.min(last), first.max(last));
        if usize::try_from(last - first).ok()? >= MAX_FOUND - numbers.len() {
            return None;
        }
        numbers.extend(first..=last);
    }
    Some(numbers)
}

/// The lists of a response that are not closed yet, the innermost last; the first is the response itself.
struct OpenLists {
    lists: Vec<Vec<ResponseValue>>,
    /// How many brackets are open beyond the depth to which lists are told apart.
    beyond: usize,
}

impl OpenLists {
    fn put(&mut self, value: ResponseValue) {
        if let Some(list) = self.lists.last_mut() {
            list.push(value);
        }
    }

    fn open(&mut self) {
        if self.lists.len() > MAX_DEPTH {
            self.beyond += 1;
        } else {
            self.lists.push(Vec::new());
        }
    }

    fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if self.lists.len() > 1
            && let Some(list) = self.lists.pop()
        {
            self.put(ResponseValue::List(list));
        }
    }

    fn finish(mut self) -> Vec<ResponseValue> {
        self.beyond = 0;
        while self.lists.len() > 1 {
            self.close();
        }
        self.lists.pop().unwrap_or_default()
    }
}

/// The values of a response. A list that is not closed ends with the response; what lies deeper than anything does that is
/// asked for counts as if its brackets were not there.
fn values(chunks: &[Chunk]) -> Vec<ResponseValue> {
    let mut lists = OpenLists { lists: vec![Vec::new()], beyond: 0 };
    for chunk in chunks {
        let mut rest = match chunk {
            Chunk::Literal(bytes) => {
                lists.put(ResponseValue::Text(bytes.clone()));
                continue;
            }
            Chunk::Text(text) => text.as_slice(),
        };
        while let Some((first, after)) = rest.split_first() {
            let word;
            (word, rest) = match first {
                b' ' | b'(' | b')' => (None, after),
                b'"' => {
                    let (text, after) = quoted(after);
                    (Some(ResponseValue::Text(text)), after)
                }
                _ => {
                    let (word, after) = rest.split_at(atom_length(rest));
                    (Some(ResponseValue::Atom(String::from_utf8_lossy(word).into_owned())), after)
                }
            };
            match (first, word) {
                (_, Some(word)) => lists.put(word),
                (b'(', None) => lists.open(),
                (b')', None) => lists.close(),
                (_, None) => {}
            }
        }
    }
    lists.finish()
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
        assert_eq!(response("* SEARCH 1 2 x 5 (MODSEQ 9)").found(), Some(vec![1, 2, 5]));
        assert_eq!(response("* SEARCH").found(), Some(Vec::new()));
        assert_eq!(response("* OK [UIDNEXT 12] next").code("UIDNEXT"), Some(12));
        assert_eq!(response("* OK [PERMANENTFLAGS (\\* a]b)] x").code("UIDNEXT"), None);
    }

    #[test]
    fn a_search_may_be_answered_in_ranges() {
        let found = |line: &str| response(line).found();
        assert_eq!(found("* ESEARCH (TAG \"n5\") UID ALL 1:3,7,10:9"), Some(vec![1, 2, 3, 7, 9, 10]));
        assert_eq!(found("* esearch (TAG \"n5\") UID COUNT 2 all 4,6"), Some(vec![4, 6]));
        assert_eq!(found("* ESEARCH (TAG \"n5\") UID"), Some(Vec::new()));
        assert_eq!(found("* ESEARCH (TAG \"n5\") UID COUNT 2"), None);
        for odd in ["1:*", "x", "1:4294967295", "", "1,,2"] {
            assert_eq!(found(&format!("* ESEARCH UID ALL {odd}")), None, "{odd}");
        }
        assert_eq!(found("* 5 EXISTS"), None);
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
