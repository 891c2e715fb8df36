//! A content as a message of electronic mail (RFC 5322, MIME).

use std::time::SystemTime;

use lettre::Address;
use lettre::address::{AddressError, Envelope};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use crate::channel::mail_domain::ascii_domain;
use crate::channel::{Outgoing, Payload};
use crate::text;

use crate::compose::Content;
use crate::reason::LocalReason;

use super::{Failure, transfer_encoding};

/// The name of the attached calendar file.
const CALENDAR_FILE: &str = "viec.ics";

/// Why a message cannot be made a mail.
#[derive(Debug, thiserror::Error)]
pub enum MimeError {
    /// An address is not valid.
    #[error("`{address}` is no address of electronic mail")]
    Address {
        /// The address.
        address: String,
        /// The cause.
        #[source]
        source: AddressError,
    },
    /// The parts do not make a message.
    #[error("the message cannot be put together")]
    Message(#[from] lettre::error::Error),
    /// The instant is beyond what a header can say.
    #[error("the date of the message is out of range")]
    Date(#[from] jiff::Error),
}

impl From<MimeError> for Failure {
    fn from(error: MimeError) -> Self {
        Self::of_message(match error {
            MimeError::Address { address, .. } => LocalReason::BadAddress { address },
            MimeError::Message(error) => LocalReason::NotComposed { words: error.to_string() },
            MimeError::Date(error) => LocalReason::NotComposed { words: error.to_string() },
        })
    }
}

/// The message as mail from `from`, or from the sender's own address: plain text and HTML as alternatives, the calendar
/// file and the files attached. The same message always gives the same bytes.
///
/// A recipient without an address gets one that leads nowhere (RFC 2606), for channels that do not need one.
///
/// # Errors
/// [`MimeError`] when an address is not valid.
pub fn payload(
    message: &Outgoing<'_>,
    content: &Content,
    from: Option<&str>,
    reply_to: Option<&str>,
) -> Result<Payload, MimeError> {
    let from = mailbox(&message.sender.name, from.unwrap_or(&message.sender.address))?;
    let domain = from.email.domain().to_owned();
    let message_id = format!("<{}@{domain}>", message.id);
    let nowhere = || {
        format!(
            "{}@recipient.invalid",
            text::fold(&message.recipient.name).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")
        )
    };
    let to = message.recipient.email.clone().unwrap_or_else(nowhere);
    let to = mailbox(&message.recipient.name, &to)?;
    let mut builder = Message::builder()
        // Set explicitly: otherwise it is read out of the headers.
        .envelope(Envelope::new(Some(from.email.clone()), vec![to.email.clone()])?)
        .from(from)
        .to(to)
        .subject(text::nfc(&content.subject))
        .message_id(Some(message_id.clone()))
        .date(SystemTime::try_from(message.at.timestamp())?)
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("Content-Language", content.language));
    if let Some(reply_to) = reply_to {
        builder = builder.reply_to(mailbox(&message.sender.name, reply_to)?);
    }
    if let Some(nearest) = content.answers.last() {
        let all: Vec<String> = content.answers.iter().map(|id| format!("<{id}>")).collect();
        builder = builder.in_reply_to(format!("<{nearest}>")).references(all.join(" "));
    }
    if let Some(thread) = content.thread.as_ref().filter(|_| content.answers.is_empty()) {
        // Nothing was sent under this name: programs group by it all the same.
        let first = format!("<task-{thread}@{domain}>");
        builder = builder.in_reply_to(first.clone()).references(first);
    }
    let words = MultiPart::alternative()
        .boundary(format!("words-{}", message.id))
        .singlepart(SinglePart::plain(transfer_encoding::body(&content.text)));
    let words = content
        .page
        .iter()
        .fold(words, |words, page| words.singlepart(SinglePart::html(transfer_encoding::body(page))));
    let files: Vec<SinglePart> = files(content).collect();
    let mail = if files.is_empty() {
        builder.multipart(words)?
    } else {
        let parts = MultiPart::mixed().boundary(format!("parts-{}", message.id)).multipart(words);
        builder.multipart(files.into_iter().fold(parts, MultiPart::singlepart))?
    };
    Ok(Payload { bytes: mail.formatted(), extension: "eml", message_id })
}

/// The calendar file and the attachments of a content.
fn files(content: &Content) -> impl Iterator<Item = SinglePart> {
    // The types are constants that parse.
    let kind = |kind: &str| ContentType::parse(kind).unwrap_or(ContentType::TEXT_PLAIN);
    let calendar = content.calendar.iter().map(move |calendar| {
        let kind = kind("text/calendar; charset=utf-8; method=PUBLISH");
        Attachment::new(CALENDAR_FILE.to_owned()).body(transfer_encoding::body(calendar), kind)
    });
    let attachments = content
        .attachments
        .iter()
        .map(move |file| Attachment::new(file.name.clone()).body(file.bytes.clone(), kind(file.media_type)));
    calendar.chain(attachments)
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, MimeError> {
    let no_address = |source| MimeError::Address { address: address.to_owned(), source };
    let parsed: Address = address.parse().map_err(no_address)?;
    // A domain stands in a mail as the servers on its way know it.
    let parsed = Address::new(parsed.user(), ascii_domain(parsed.domain())).map_err(no_address)?;
    // A name is one line of composed text, whatever was written: nothing in it can begin another header.
    let name = text::nfc(name).replace(char::is_control, " ");
    Ok(Mailbox::new(Some(name), parsed))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
