//! A page of mail as plain text, without what it quotes.

use mail_parser::decoders::html::add_html_token;

/// Elements that begin a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];
/// Elements that show nothing, or a quotation.
const HIDDEN: &[&str] = &["blockquote", "head", "script", "style", "template", "title"];
/// Elements that have no end.
const VOID: &[&str] = &["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"];
/// Names by which mail programs mark what they quote and sign with.
const QUOTES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-cite-prefix",
    "moz-signature",
    "yahoo_quoted",
    "yahoo-signature",
    "protonmail_quote",
    "protonmail_signature_block",
    "applemailsignature",
    "ms-outlook-mobile-signature",
    "__quoted_text__",
    "zmail_extra",
    "tutanota_quote",
];
/// Names behind which everything is quoted.
const QUOTED_FROM_HERE: &[&str] = &[
    "divrplyfwdmsg",
    "appendonsend",
    "zwchr",
    "ms-outlook-mobile-reference-message",
    "mail-editor-reference-message-container",
    "originalcontent",
];
/// No entity is longer.
const LONGEST_ENTITY: usize = 32;

/// The text of a page, a line for each of its blocks.
pub(super) fn text(html: &str) -> String {
    let mut out = Text::default();
    // The element that is left out, and how many of its kind are open in it.
    let mut hidden: Option<(String, usize)> = None;
    let mut rest = html;
    while !rest.is_empty() {
        let Some(open) = rest.find('<') else {
            out.add(rest, hidden.is_none());
            break;
        };
        out.add(&rest[..open], hidden.is_none());
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_tag = rest[1..].starts_with(|letter: char| letter.is_ascii_alphabetic() || "/!?".contains(letter));
        if !is_tag {
            out.add("<", hidden.is_none());
            rest = &rest[1..];
            continue;
        }
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = Tag::read(&rest[1..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
        match &mut hidden {
            Some((name, depth)) if *name == tag.name => {
                *depth = if tag.closes { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    hidden = None;
                    out.line();
                }
            }
            Some(_) => {}
            None if tag.closes => {
                if BLOCKS.contains(&tag.name.as_str()) {
                    out.line();
                }
            }
            None if tag.is_any(QUOTED_FROM_HERE) => break,
            None => {
                if BLOCKS.contains(&tag.name.as_str()) {
                    out.line();
                } else if matches!(tag.name.as_str(), "td" | "th") {
                    out.add(" ", true);
                }
                let hides = HIDDEN.contains(&tag.name.as_str()) || tag.is_any(QUOTES);
                if hides && !VOID.contains(&tag.name.as_str()) && !tag.is_empty {
                    hidden = Some((tag.name, 1));
                }
            }
        }
    }
    out.text
}

struct Tag {
    name: String,
    /// Everything behind the name, in lower case.
    attributes: String,
    closes: bool,
    is_empty: bool,
}

impl Tag {
    fn read(inside: &str) -> Self {
        let closes = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let end = inside.find(|letter: char| letter.is_whitespace() || letter == '/').unwrap_or(inside.len());
        Self {
            name: inside[..end].to_ascii_lowercase(),
            attributes: inside[end..].to_ascii_lowercase(),
            closes,
            is_empty: inside.ends_with('/'),
        }
    }

    /// Whether a class or name of it is one of these. Programs put words of their own before them.
    fn is_any(&self, names: &[&str]) -> bool {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        let mut words = self.attributes.split(|letter| !is_part(letter));
        words.any(|word| names.iter().any(|name| word == *name || word == format!("x_{name}")))
    }
}

#[derive(Default)]
struct Text {
    text: String,
}

impl Text {
    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Adds text with its entities written out and every run of blanks as one.
    fn add(&mut self, raw: &str, shown: bool) {
        if !shown {
            return;
        }
        let mut rest = raw;
        while let Some(first) = rest.chars().next() {
            let mut taken = first.len_utf8();
            if first == '&'
                && let Some(end) = rest.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';')
            {
                add_html_token(&mut self.text, &rest.as_bytes()[..=end], false);
                taken = end + 1;
            } else if !first.is_whitespace() {
                self.text.push(first);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
            rest = &rest[taken..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_become_lines_without_what_is_quoted() {
        let cases = [
            ("<p>Đã xong</p><blockquote><p>chưa xong</p></blockquote>", "Đã xong\n"),
            ("Đ&atilde; xong<br>1.4&nbsp;r&#7891;i", "Đã xong\n1.4\u{a0}rồi"),
            (
                "<div dir=ltr>xong</div><br><div class=\"gmail_quote\"><div>On … wrote:</div><div>a</div></div>",
                "xong\n",
            ),
            ("<div>xong</div><div id=\"appendonsend\"></div><hr><div>chưa</div>", "xong\n"),
            ("<div>xong</div><hr id=\"zwchr\"><div>chưa</div>", "xong\n"),
            ("<style>p{}</style><p>1 < 2 & 3</p><!-- chưa -->", "1 < 2 & 3\n"),
            ("<blockquote>chưa<div class=gmail_quote>", ""),
            ("xong<x", "xong"),
            ("&;&#x110000;&noentity;", "&;\u{fffd}&noentity;"),
        ];
        for (html, expected) in cases {
            assert_eq!(text(html), expected, "{html}");
        }
    }
}
