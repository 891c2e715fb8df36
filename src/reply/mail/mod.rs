//! One mail with all that an answer can hold.
//!
//! - [`sender`]: whether it is from whom it says.
//! - `automatic`: whether a person wrote it.
//! - `bounce`: whether it says that another one did not arrive.
//! - `ids`: the messages that it is about.
//! - `links`: addresses in it that prove something.
//! - `html`, `fresh`: what is new in it.
//! - `wrapping`: what Outlook wraps it in.

mod automatic;
mod bounce;
mod fresh;
mod html;
mod ids;
mod links;
pub mod sender;
mod wrapping;

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::{short_id, text};

use ids::ids;
use wrapping::Wrapping;

pub use bounce::Bounce;
pub use fresh::{Ours, fresh};
pub use links::proving;

/// A field's text as people read it: encoded words (RFC 2047) are decoded.
#[must_use]
pub fn decoded(field: &str) -> String {
    // A line end would begin another field.
    let field = field.replace(['\r', '\n'], " ");
    let header = format!("Subject: {field}\r\n\r\n");
    let message = MessageParser::default().parse(header.as_bytes());
    let subject = message.as_ref().and_then(Message::subject).unwrap_or_default();
    text::nfc(subject).chars().take(LONGEST_SUBJECT).collect()
}

/// No more files are taken from one mail.
pub const MOST_FILES: usize = 20;
/// Of no more files beyond these the names are told.
const MOST_LEFT_OUT: usize = 50;
/// A picture shown in the text that is no larger is an ornament, in bytes.
const LARGEST_ORNAMENT: usize = 48 << 10;
/// The same of one that is shown in a signature or below it.
const LARGEST_SIGNATURE_PICTURE: usize = 150 << 10;
/// Mails within mails are looked into so deep.
const MAX_DEPTH: u8 = 3;
/// How the signatures of mail programs are marked in a page, and how people close a letter.
const SIGNATURES: &[&str] = &[
    "gmail_signature",
    "moz-signature",
    "applemailsignature",
    "ms-outlook-mobile-signature",
    "id=\"signature",
    "class=\"signature",
    "trân trọng",
    "thân ái",
    "kính thư",
    "best regards",
];
/// No Message-ID that is answered is longer, in bytes.
const LONGEST_ID: usize = 250;
/// No subject is longer, in letters.
const LONGEST_SUBJECT: usize = 500;

/// What kind of mail it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person wrote it.
    Personal,
    /// A machine did: a vacation notice, a list, a receipt, one of our own messages.
    Automatic,
    /// A server that could not deliver a message.
    Bounce(Bounce),
}

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as its sender gives it: to be shown, never to be used as a path.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A mail as far as an answer needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// What kind of mail it is.
    pub kind: Kind,
    /// The same for the same mail, however often it is delivered, and for no other.
    pub key: String,
    /// Its Message-ID without angle brackets, where it has one.
    pub message_id: Option<String>,
    /// The messages that it answers, by their names for life, nearest first.
    pub answers: Vec<String>,
    /// Who wrote it: one address in lower case; `None` where it names none or several.
    pub from: Option<String>,
    /// Its subject without what answering adds.
    pub subject: String,
    /// Whether it says that it answers something.
    pub is_answer: bool,
    /// Files that are more than ornaments, [`MOST_FILES`] at most.
    pub attachments: Vec<Attachment>,
    /// The names of files beyond these.
    pub left_out: Vec<String>,
    plain: String,
    page: String,
    /// The results of authentication that stand topmost.
    results: Option<String>,
    /// Whether Microsoft 365 says that it was written within the organisation. It takes that word out of mail from outside.
    is_internal: bool,
}

impl Mail {
    /// The server that the results name which stand topmost, and that says who wrote it by them; `None` where there are none.
    #[must_use]
    pub fn vouched_by(&self) -> Option<String> {
        self.results.as_deref().and_then(sender::name)
    }

    /// Reads a mail; `None` where it is none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        let fields: Vec<(String, String)> =
            message.headers_raw().map(|(name, value)| (name.trim().to_lowercase(), unfold(value))).collect();
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let subject = text::nfc(message.subject().unwrap_or_default());
        let kind = match bounce::read(&message, &fields, &subject) {
            Some(bounce) => Kind::Bounce(bounce),
            None if automatic::is_automatic(&fields, &subject) => Kind::Automatic,
            None => Kind::Personal,
        };
        let mut answers = ids(field("in-reply-to").unwrap_or_default());
        for id in ids(field("references").unwrap_or_default()).into_iter().rev() {
            if !answers.contains(&id) {
                answers.push(id);
            }
        }
        let is_one_from = fields.iter().filter(|(name, _)| name == "from").count() == 1;
        let (plain, page) = bodies(&message);
        let bare = subject_of(&subject);
        let (attachments, left_out) = attachments(&message, &page);
        Some(Self {
            kind,
            key: key(&message, field("message-id").unwrap_or_default()),
            message_id: message.message_id().filter(|id| is_plain_id(id)).map(str::to_owned),
            answers,
            from: message.from().filter(|_| is_one_from).and_then(only_address),
            is_answer: field("in-reply-to").is_some() || field("references").is_some() || bare != subject,
            subject: bare,
            attachments,
            left_out,
            page: html::text(&page),
            plain,
            is_internal: field("x-ms-exchange-organization-authas")
                .is_some_and(|word| word.eq_ignore_ascii_case("internal")),
            results: field("authentication-results").map(str::to_owned),
        })
    }

    /// What its writer added to the message that it answers, which was `ours`.
    #[must_use]
    pub fn words(&self, ours: &Ours) -> String {
        let words = fresh(&self.plain, ours);
        if words.is_empty() { fresh(&self.page, ours) } else { words }
    }

    /// Whether the server called `by` says that it is from whom it says.
    #[must_use]
    pub fn is_authenticated(&self, by: &str) -> bool {
        if self.is_internal && by.eq_ignore_ascii_case(sender::MICROSOFT) {
            return true;
        }
        let (Some(results), Some(from)) = (&self.results, &self.from) else { return false };
        sender::passes(results, by, from)
    }

    /// Whether the server called `by` took it in from outside and does not say that it is from whom it says.
    #[must_use]
    pub fn is_doubted(&self, by: &str) -> bool {
        self.results.as_ref().is_some_and(|results| sender::is_of(results, by)) && !self.is_authenticated(by)
    }
}

/// The text of a message of ours in both of its forms, to know it again where it is quoted.
#[must_use]
pub fn ours(bytes: &[u8]) -> Ours {
    let Some(message) = MessageParser::default().parse(bytes) else { return Ours::default() };
    let (plain, page) = bodies(&message);
    let page = html::text(&page);
    Ours::new([plain.as_str(), page.as_str()])
}

/// What answering adds to a subject taken away: "Re: Trả lời: …".
#[must_use]
pub fn subject_of(subject: &str) -> String {
    const ANSWERS: &[&str] = &["re:", "aw:", "tra loi:", "tl:", "sv:", "re :", "tra loi :"];
    let mut rest: String = text::nfc(subject).chars().take(LONGEST_SUBJECT).collect();
    loop {
        let folded = text::fold(&rest);
        let Some(answer) = ANSWERS.iter().find(|answer| folded.starts_with(**answer)) else { return rest };
        // Folded and as written have as many letters.
        rest = text::nfc(&rest.chars().skip(answer.chars().count()).collect::<String>());
    }
}

/// Names the mail by its Message-ID and its body, which stay the same when it is delivered by two ways.
fn key(message: &Message<'_>, message_id: &str) -> String {
    let raw = message.raw_message();
    let body = usize::try_from(message.root_part().offset_body).unwrap_or(0).min(raw.len());
    short_id([message_id.trim().as_bytes(), &[0], &raw[body..]])
}

/// Whether a Message-ID can be written into another header as it is.
fn is_plain_id(id: &str) -> bool {
    id.len() <= LONGEST_ID
        && id.contains('@')
        && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
}

fn unfold(value: &str) -> String {
    value.replace("\r\n", "\n").replace('\n', "").trim().to_owned()
}

fn only_address(from: &Address<'_>) -> Option<String> {
    let mut addresses = from.iter();
    let address = addresses.next()?.address()?.trim().to_lowercase();
    (addresses.next().is_none() && address.contains('@')).then_some(address)
}

/// The texts of a mail: plain, and as a page.
fn bodies(message: &Message<'_>) -> (String, String) {
    let mut plain = String::new();
    for part in message.text_bodies() {
        if let PartType::Text(text) = &part.body {
            plain.push_str(text);
            plain.push('\n');
        }
    }
    let mut page = String::new();
    for part in message.html_bodies() {
        if let PartType::Html(html) = &part.body {
            page.push_str(html);
        }
    }
    (plain, page)
}

/// The files of a mail that are taken, and the names of those beyond.
fn attachments(message: &Message<'_>, page: &str) -> (Vec<Attachment>, Vec<String>) {
    let mut named = (1..).zip(file_parts(message, page, MAX_DEPTH)).map(|(number, FilePart { name, part })| {
        let name = name.filter(|name| !name.is_empty());
        (name.unwrap_or_else(|| format!("tep-{number}")), part)
    });
    let taken = named.by_ref().take(MOST_FILES);
    let taken = taken.map(|(name, part)| Attachment { name, bytes: part.contents().to_vec() }).collect();
    let mut left_out: Vec<String> = named.by_ref().take(MOST_LEFT_OUT).map(|(name, _)| name).collect();
    let more = named.count();
    if more > 0 {
        left_out.push(format!("+{more}"));
    }
    (taken, left_out)
}

/// A part of a mail that is a file.
struct FilePart<'m> {
    name: Option<String>,
    part: &'m MessagePart<'m>,
}

/// The parts of a mail that are files, and those of the mails that are attached to it.
fn file_parts<'m>(message: &'m Message<'m>, page: &str, depth: u8) -> Vec<FilePart<'m>> {
    let mut files = Vec::new();
    for part in message.attachments() {
        if let PartType::Message(inner) = &part.body
            && depth > 0
        {
            let (_, page) = bodies(inner);
            files.extend(file_parts(inner, &page, depth - 1));
        } else if is_file(part, page) {
            let name = match Wrapping::of(part) {
                // A letter in another form.
                Wrapping::LetterAlone => continue,
                Wrapping::Files(name) => Some(name),
                Wrapping::None => part.attachment_name().map(text::nfc),
            };
            files.push(FilePart { name, part });
        }
    }
    files
}

/// Whether a picture is shown in the signature of a page, or below it.
fn is_in_signature(page: &str, id: &str) -> bool {
    let page = text::nfc(page).to_lowercase();
    let shown = page.find(&format!("cid:{}", id.to_lowercase()));
    let begins = SIGNATURES.iter().filter_map(|mark| page.find(mark)).min();
    begins.is_some_and(|begins| shown.is_some_and(|shown| shown > begins))
}

/// Whether a part is a file that somebody sends, and no signature, invitation, or picture in a signature.
fn is_file(part: &MessagePart<'_>, page: &str) -> bool {
    let kind = part.content_type();
    let is = |name: &str| kind.is_some_and(|kind| kind.c_type.eq_ignore_ascii_case(name));
    let subtype = kind.and_then(|kind| kind.c_subtype.as_deref()).unwrap_or_default().to_lowercase();
    let is_signature = ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"].contains(&subtype.as_str());
    let is_text = kind.is_none() || is("text");
    let is_shown = part.content_id().is_some_and(|id| page.contains(&format!("cid:{}", id.trim_matches(['<', '>']))));
    let ends_letter = || part.content_id().is_some_and(|id| is_in_signature(page, id.trim_matches(['<', '>'])));
    let size = part.contents().len();
    let is_small = size <= LARGEST_ORNAMENT || size <= LARGEST_SIGNATURE_PICTURE && ends_letter();
    let is_ornament = is("image") && is_shown && is_small;
    !(is_signature || is_ornament || is("multipart") || is("message") || (is_text && part.attachment_name().is_none()))
        && kind.is_some()
}
