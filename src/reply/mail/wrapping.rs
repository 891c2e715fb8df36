//! What Outlook wraps a letter in that it writes as rich text (`winmail.dat`, MS-OXTNEF): the letter again, and the files
//! that come with it. Only which files these are is read: crates.io has no reader of this form.

use mail_parser::{MessagePart, MimeHeaders};

use super::LARGEST_ORNAMENT;

/// What such a file is called, and begins with.
const NAME: &str = "winmail.dat";
const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
/// Whose an attribute is: a file's, and not the letter's.
const OF_FILE: u8 = 2;
/// How a file is shown, which begins each; its name; its content.
const RENDERING: u32 = 0x0006_9002;
const TITLE: u32 = 0x0001_8010;
const CONTENT: u32 = 0x0006_800f;
/// Where a file is shown that stands nowhere in the letter.
const NOWHERE: [u8; 4] = [0xff; 4];
/// Of no more files the names are told.
const MOST_NAMES: usize = 20;
/// No name is longer, in letters.
const LONGEST_NAME: usize = 100;

/// A part as far as it is a wrapping.
pub(super) enum Wrapping {
    /// It is none.
    None,
    /// It holds no file, so that all of it is in the letter too.
    LetterAlone,
    /// It holds files, or cannot be read: the name under which it is told of.
    Files(String),
}

impl Wrapping {
    pub(super) fn of(part: &MessagePart<'_>) -> Self {
        if !is_wrapping(part) {
            return Self::None;
        }
        told_as(part.contents()).map_or(Self::LetterAlone, Self::Files)
    }
}

/// Whether a part is such a wrapping.
fn is_wrapping(part: &MessagePart<'_>) -> bool {
    let subtype = part.content_type().and_then(|kind| kind.c_subtype.as_deref()).unwrap_or_default();
    let is_kind = ["ms-tnef", "vnd.ms-tnef"].iter().any(|kind| subtype.eq_ignore_ascii_case(kind));
    is_kind || part.attachment_name().is_some_and(|name| name.eq_ignore_ascii_case(NAME))
}

/// The name under which a wrapping is told of: its own, with those of the files in it. `None` where it holds none, so that
/// all of it is in the letter too.
fn told_as(bytes: &[u8]) -> Option<String> {
    match files(bytes) {
        Some(files) if files.is_empty() => None,
        Some(files) => Some(format!("{NAME} ({})", files.join(", "))),
        None => Some(NAME.to_owned()),
    }
}

/// A file in a wrapping, as far as it is read.
#[derive(Default)]
struct WrappedFile {
    name: String,
    size: usize,
    is_shown: bool,
}

impl WrappedFile {
    /// Whether it is a small picture that is shown in the letter.
    fn is_ornament(&self) -> bool {
        let name = self.name.to_lowercase();
        let is_picture = [".png", ".gif", ".jpg", ".jpeg", ".bmp"].iter().any(|ending| name.ends_with(ending));
        is_picture && self.is_shown && self.size <= LARGEST_ORNAMENT
    }
}

/// The names of the files in a wrapping, ornaments aside; `None` where it cannot be read to its end.
fn files(bytes: &[u8]) -> Option<Vec<String>> {
    // The signature, and a number that says nothing here.
    let mut rest = bytes.strip_prefix(&SIGNATURE)?.get(2..).unwrap_or_default();
    let mut files: Vec<WrappedFile> = Vec::new();
    while !rest.is_empty() {
        let (attribute, behind) = attribute(rest)?;
        rest = behind;
        if attribute.level != OF_FILE {
            continue;
        }
        if attribute.id == RENDERING || files.is_empty() {
            files.push(WrappedFile::default());
        }
        let file = files.last_mut()?;
        match attribute.id {
            RENDERING => file.is_shown = attribute.data.get(2..6).is_some_and(|place| place != NOWHERE),
            TITLE => file.name = name(attribute.data),
            CONTENT => file.size = attribute.data.len(),
            _ => {}
        }
    }
    let files = files.into_iter().filter(|file| !file.is_ornament());
    let mut names = files.map(|file| if file.name.is_empty() { "?".to_owned() } else { file.name });
    let mut told: Vec<String> = names.by_ref().take(MOST_NAMES).collect();
    if names.next().is_some() {
        told.push("…".to_owned());
    }
    Some(told)
}

/// An attribute of a wrapping.
struct Attribute<'b> {
    level: u8,
    id: u32,
    data: &'b [u8],
}

/// The first attribute, and what follows it; `None` where it is broken.
fn attribute(bytes: &[u8]) -> Option<(Attribute<'_>, &[u8])> {
    let (level, rest) = bytes.split_first()?;
    let (id, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (data, rest) = rest.split_at_checked(length)?;
    let (sum, rest) = rest.split_first_chunk::<2>()?;
    let is_whole = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte))) == u16::from_le_bytes(*sum);
    is_whole.then_some((Attribute { level: *level, id: u32::from_le_bytes(*id), data }, rest))
}

/// A name, which ends in a NUL and is in the encoding of its writer's machine.
fn name(data: &[u8]) -> String {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let text = match std::str::from_utf8(&data[..end]) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1258.decode_without_bom_handling(&data[..end]).0,
    };
    crate::text::nfc(&text).chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap_or_default();
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        [&[level], &id.to_le_bytes()[..], &length.to_le_bytes(), data, &sum.to_le_bytes()].concat()
    }

    fn file(name: &[u8], place: [u8; 4], size: usize) -> Vec<u8> {
        let rendering = [&[1, 0][..], &place, &[0; 8]].concat();
        let title = [name, &[0]].concat();
        [
            attribute(OF_FILE, RENDERING, &rendering),
            attribute(OF_FILE, TITLE, &title),
            attribute(OF_FILE, CONTENT, &vec![7; size]),
        ]
        .concat()
    }

    fn wrapping(parts: &[Vec<u8>]) -> Vec<u8> {
        let letter = attribute(1, 0x0008_9006, &[0, 0, 1, 0]);
        [&SIGNATURE[..], &[1, 0], &letter, &parts.concat()].concat()
    }

    #[test]
    fn files_in_a_wrapping_are_named_and_a_letter_alone_is_not() {
        assert_eq!(told_as(&wrapping(&[])), None);
        let report = file("biên-bản.docx".as_bytes(), NOWHERE, 100_000);
        // In Windows-1258 a mark follows its letter.
        let photo = file(b"s\xe2n.jpg", NOWHERE, 10);
        assert_eq!(
            told_as(&wrapping(&[report.clone(), photo])).as_deref(),
            Some("winmail.dat (biên-bản.docx, sân.jpg)")
        );
        let logo = file(b"image001.png", [5, 0, 0, 0], 9_000);
        assert_eq!(told_as(&wrapping(std::slice::from_ref(&logo))), None);
        assert_eq!(told_as(&wrapping(&[logo, report])).as_deref(), Some("winmail.dat (biên-bản.docx)"));
    }

    #[test]
    fn a_wrapping_that_cannot_be_read_is_told_of_as_such() {
        let whole = wrapping(&[file(b"a.pdf", NOWHERE, 50)]);
        let mut damaged = whole.clone();
        let last = damaged.len() - 5;
        damaged[last] ^= 1;
        let endless = [&SIGNATURE[..], &[1, 0, 2], &CONTENT.to_le_bytes(), &u32::MAX.to_le_bytes()].concat();
        for bytes in [&damaged, &whole[..whole.len() - 1], &endless, b"%PDF-1.7", b""] {
            assert_eq!(told_as(bytes).as_deref(), Some(NAME), "{bytes:?}");
        }
    }
}
