//! What a file of evidence is, by what it holds, and what it may be called.

use crate::text;

/// The longest name of a file, in letters.
pub(super) const MAX_NAME_LEN: usize = 120;
/// The name of a file without a name.
const DEFAULT_NAME: &str = "minh-chung";

/// The media types that are kept, as `infer` finds them by content, each with its usual ending.
const BINARY_TYPES: &[(&str, &str)] = &[
    ("application/pdf", "pdf"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/heif", "heic"),
    ("image/tiff", "tiff"),
    ("audio/mpeg", "mp3"),
    ("audio/m4a", "m4a"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
];
/// The endings of plain text, each with its media type.
const TEXT_TYPES: &[(&str, &str)] = &[("txt", "text/plain"), ("csv", "text/csv")];
/// Endings that mean the same as one of [`BINARY_TYPES`], each with the usual one.
const ENDING_SYNONYMS: &[(&str, &str)] =
    &[("jpeg", "jpg"), ("jpe", "jpg"), ("heif", "heic"), ("tif", "tiff"), ("m4v", "mp4")];

/// The media type and the usual ending of a file by its content. The name counts for plain text alone, which has no
/// marks of its own.
pub(super) fn kind(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    if let Some(found) = infer::get(bytes) {
        return BINARY_TYPES.iter().find(|(media_type, _)| *media_type == found.mime_type()).copied();
    }
    let ending = ending(name)?;
    let (ending, media_type) = TEXT_TYPES.iter().find(|(known, _)| *known == ending)?;
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
            && !text.contains(|letter: char| letter.is_control() && !"\n\r\t\u{c}".contains(letter))
    });
    is_text.then_some((*media_type, *ending))
}

/// The ending of a name in small letters; of synonyms the usual one.
fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_lowercase();
    let same = ENDING_SYNONYMS.iter().find(|(other, _)| *other == ending).map(|(_, usual)| (*usual).to_owned());
    (!stem.is_empty()).then(|| same.unwrap_or(ending))
}

/// The name with the usual ending of its media type, where it has none that means the same.
pub(super) fn with_ending(name: String, usual: &str) -> String {
    match ending(&name) {
        Some(ending) if ending == usual => name,
        Some(_) => {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            format!("{stem}.{usual}")
        }
        None => format!("{name}.{usual}"),
    }
}

/// A name that may stand in a folder, a header and a page: no folders, no letters that steer a terminal or turn the
/// direction of reading, not hidden, not longer than [`MAX_NAME_LEN`].
pub(super) fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let name: String = name
        .chars()
        .filter(|letter| !steers(*letter))
        .map(|letter| if "<>:\"|?*".contains(letter) { '-' } else { letter })
        .collect();
    let name = text::nfc(&name);
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() {
        return DEFAULT_NAME.to_owned();
    }
    let length = name.chars().count();
    if length <= MAX_NAME_LEN {
        return name.to_owned();
    }
    // The ending stays: it tells more than the end of the stem.
    let ending: String = name.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).unwrap_or_default();
    let ending: String = if ending.chars().count() > 10 { String::new() } else { ending };
    name.chars().take(MAX_NAME_LEN - ending.chars().count()).chain(ending.chars()).collect()
}
