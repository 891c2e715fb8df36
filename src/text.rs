//! Vietnamese text: one form for keeping, one for comparing, and the nearest of several words.
//!
//! ```
//! use nhacviec::text::{closest, fold, nfc, without_addresses};
//!
//! assert_eq!(nfc(" To\u{302}\u{309}\u{a0} văn\n phòng"), "Tổ văn phòng");
//! assert_eq!(fold("Đinh Thị HƯƠNG"), "dinh thi huong");
//! assert_eq!(closest("Hieu truong", ["Kế toán", "Hiệu trưởng"]), Some("Hiệu trưởng"));
//! assert_eq!(without_addresses("550 <ke-toan@school.example>"), "550 <(address)>");
//! ```

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text in the form in which it is kept: composed (NFC), without invisible characters, without blanks at the ends,
/// every run of blanks, no-break spaces and line ends one space.
#[must_use]
pub fn nfc(text: &str) -> String {
    if is_kept_form(text) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let visible = text.chars().filter(|letter| !is_invisible(*letter));
    for letter in visible.nfc() {
        if !letter.is_whitespace() {
            kept.push(letter);
        } else if !kept.is_empty() && !kept.ends_with(' ') {
            kept.push(' ');
        }
    }
    if kept.ends_with(' ') {
        kept.pop();
    }
    kept
}

/// The characters of a text, composed (NFC), without invisible ones; blanks and line ends stay.
pub(crate) fn composed(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !is_invisible(*letter)).nfc()
}

/// A text with its first letter as a capital.
pub(crate) fn with_capital_initial(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|initial| initial.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A text with its first letter as a small one.
pub(crate) fn with_small_initial(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|initial| initial.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Text in the form in which it is compared: like [`nfc`], in lower case and without diacritics.
#[must_use]
pub fn fold(text: &str) -> String {
    nfc(text).to_lowercase().nfd().filter(|letter| !is_combining_mark(*letter)).map(plain_d).collect()
}

/// Whether a text is in the form of [`nfc`] already. Most are, and need no copying letter by letter.
fn is_kept_form(text: &str) -> bool {
    let mut after_space = true;
    let plain = text.chars().all(|letter| {
        let was_after_space = std::mem::replace(&mut after_space, letter == ' ');
        if after_space { !was_after_space } else { !letter.is_whitespace() && !is_invisible(letter) }
    });
    plain && (!after_space || text.is_empty()) && is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Invisible characters that copying out of a document leaves behind: zero-width spaces and joiners, byte-order marks,
/// soft hyphens; and those that deceive.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}') || is_deceptive(letter)
}

/// Whether a text holds characters that nobody types and that make it show something else than it says: control
/// characters other than blanks and line ends, marks of writing direction (Unicode standard annex 9), tags.
#[must_use]
pub fn is_deceptive_in(text: &str) -> bool {
    text.chars().any(is_deceptive)
}

fn is_deceptive(letter: char) -> bool {
    match letter {
        ' '..='~' => false,
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => letter.is_control() && !letter.is_whitespace(),
    }
}

fn plain_d(letter: char) -> char {
    if letter == 'đ' { 'd' } else { letter }
}

/// The candidate that `word` was probably meant to be; `None` where none is near enough.
///
/// A candidate that differs in diacritics, capitals or blanks alone wins; otherwise about one letter in three may be
/// wrong, missing, superfluous or in another order.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(word);
    let allowed = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, candidate)| (*distance, candidate.len().abs_diff(word.len())))
        .map(|(_, candidate)| candidate)
}

/// The candidate of which a name is only misspelled: word for word the same but for diacritics, capitals and one letter in a
/// word of at least four. "Phó Hiệu trưởng" is near "Hiệu trưởng" and means somebody else.
#[must_use]
pub fn misspelled<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const MIN_LETTERS: usize = 4;
    let wanted = fold(name);
    let distance = |candidate: &str| {
        let folded = fold(candidate);
        let (wanted, words): (Vec<&str>, Vec<&str>) = (wanted.split(' ').collect(), folded.split(' ').collect());
        if wanted.len() != words.len() {
            // A blank too many or too few changes nothing.
            return (wanted.concat() == words.concat()).then_some(1);
        }
        let mut wrong = 0;
        for (one, other) in wanted.iter().zip(&words) {
            let distance = strsim::damerau_levenshtein(one, other);
            let is_short = one.chars().count().max(other.chars().count()) < MIN_LETTERS;
            let has_other_number = one.chars().chain(other.chars()).any(|letter| letter.is_ascii_digit());
            if distance > 1 || (distance == 1 && (is_short || has_other_number)) {
                return None;
            }
            wrong += distance;
        }
        Some(wrong)
    };
    let near = candidates.into_iter().filter_map(|candidate| Some((distance(candidate)?, candidate)));
    near.min_by_key(|(distance, candidate)| (*distance, candidate.len().abs_diff(name.len()))).map(|(_, near)| near)
}

/// A text with its addresses of electronic mail hidden, for logs, which more people read than the messages.
#[must_use]
pub fn without_addresses(text: &str) -> String {
    let is_edge = |letter: char| letter.is_whitespace() || "<>()[]{},;:\"'`".contains(letter);
    let is_address = |word: &str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    let hidden = |part: &str| {
        let word = part.trim_end_matches(is_edge);
        if is_address(word) { format!("(address){}", &part[word.len()..]) } else { part.to_owned() }
    };
    text.split_inclusive(is_edge).map(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_text_is_composed_and_has_single_blanks() {
        assert_eq!(nfc("  Hiê\u{323}u\u{a0}\n tru\u{31b}o\u{31b}\u{309}ng\u{200b} "), "Hiệu trưởng");
        assert_eq!(nfc(""), "");
    }

    #[test]
    fn kept_text_shows_what_it_says() {
        for (text, kept) in [
            ("Nộp \u{202e}gnud\u{202c} hạn", "Nộp gnud hạn"),
            ("Kiểm\u{0}\u{7} tra\u{1b}[31m", "Kiểm tra[31m"),
            ("\u{2067}Mua\u{2069} \u{200f}sách\u{9d}", "Mua sách"),
        ] {
            assert!(is_deceptive_in(text), "{text:?}");
            assert_eq!(nfc(text), kept);
        }
        for text in ["Tổ\u{a0}văn\u{200b}\nphòng\t1", "🏫 Trường", "\u{ad}a"] {
            assert!(!is_deceptive_in(text), "{text:?}");
        }
    }

    #[test]
    fn compared_text_has_no_case_and_no_diacritics() {
        assert_eq!(fold("Phó  HIỆU TRƯỞNG, Đoàn Đội"), "pho hieu truong, doan doi");
        assert_eq!(fold("Thang 10"), "thang 10");
    }

    #[test]
    fn the_nearest_word_is_found_and_absurd_ones_are_not() {
        let roles = ["Tổ văn phòng", "Hiệu trưởng", "Phó Hiệu trưởng", "GV"];
        assert_eq!(closest("Tổ văn phong", roles), Some("Tổ văn phòng"));
        assert_eq!(closest("hieu truong", roles), Some("Hiệu trưởng"));
        assert_eq!(closest("Phó Hiệu trửơng", roles), Some("Phó Hiệu trưởng"));
        assert_eq!(closest("Công an xã", roles), None);
        assert_eq!(closest("before", ["after", "every", "for"]), None);
        assert_eq!(closest("befor", ["before", "at"]), Some("before"));
        assert_eq!(closest("xy", ["GV"]), None);
    }

    #[test]
    fn a_name_is_misspelled_only_where_it_means_the_same_kind_of_person() {
        let names = ["Tổ văn phòng", "Hiệu trưởng", "Kế toán", "Giáo viên khối 4"];
        let cases = [
            ("Hieu truong", Some("Hiệu trưởng")),
            ("Hiệu trưỏng", Some("Hiệu trưởng")),
            ("Hiệu truơngg", Some("Hiệu trưởng")),
            ("Tổ vănphòng", Some("Tổ văn phòng")),
            ("Phó Hiệu trưởng", None),
            ("Thủ quỹ", None),
            ("Kế hoạch", None),
            ("Giáo viên khối 5", None),
        ];
        for (name, near) in cases {
            assert_eq!(misspelled(name, names), near, "{name}");
        }
    }

    #[test]
    fn logs_hold_no_addresses() {
        let cases = [
            ("550 5.1.1 <co-ba@truong.example>: unknown", "550 5.1.1 <(address)>: unknown"),
            ("co-ba@truong.example", "(address)"),
            ("to co-ba@truong.example, and x@y; @ alone", "to (address), and (address); @ alone"),
            ("450 4.2.0 chậm lại", "450 4.2.0 chậm lại"),
        ];
        for (text, hidden) in cases {
            assert_eq!(without_addresses(text), hidden);
        }
    }
}
