//! The width of text in Times New Roman Bold: the lines of the format are as long as a text, or as a part of it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The width of the text on a page, in twips (twentieths of a point): A4, 210 mm, less margins of 30 and 15 mm.
pub(super) const TEXT_WIDTH: u32 = 9354;
/// The letters of each width, in thousandths of the size. Marks above and below a letter take no width.
const WIDTHS: &[(u32, &str)] = &[
    (250, " ,."),
    (278, "/\\il|"),
    (333, "!()-:;[]`fjt'"),
    (389, "Is{}"),
    (444, "cerz"),
    (500, "#$*0123456789?J_agovxy–“”"),
    (556, "Sbdhknpquđ\"~^+<=>"),
    (611, "FP"),
    (667, "BELTZ"),
    (722, "ACDNRUVXYwĐ"),
    (778, "GHKOQ"),
    (833, "&m"),
    (944, "M@"),
    (1000, "%W…"),
];
/// The width of letters that are not in the table, that of a wide small letter.
const DEFAULT_WIDTH: u32 = 556;

/// The width of a text in twips, at a size in half points.
pub(super) fn width(text: &str, half_points: u32) -> u32 {
    let thousandths: u32 = text.nfd().filter(|letter| !is_combining_mark(*letter)).map(of_letter).sum();
    // A half point is ten twips.
    thousandths * half_points / 100
}

/// A text in the fewest lines that fit into `room` twips, as even as possible: no word is left alone.
pub(super) fn balanced(text: &str, half_points: u32, room: u32) -> Vec<String> {
    let greedy = lines(text, half_points, room);
    let (mut enough, mut too_little) = (room, 0);
    while too_little + 1 < enough {
        let tried = u32::midpoint(enough, too_little);
        if lines(text, half_points, tried).len() > greedy.len() { too_little = tried } else { enough = tried }
    }
    lines(text, half_points, enough)
}

/// A text in lines of at most `room` twips; a word that is longer has a line of its own.
fn lines(text: &str, half_points: u32, room: u32) -> Vec<String> {
    let blank = width(" ", half_points);
    let mut lines: Vec<String> = Vec::new();
    let mut filled = 0;
    for word in text.split(' ') {
        let own = width(word, half_points);
        match lines.last_mut() {
            Some(line) if filled + blank + own <= room => {
                line.push(' ');
                line.push_str(word);
                filled += blank + own;
            }
            _ => {
                lines.push(word.to_owned());
                filled = own;
            }
        }
    }
    lines
}

fn of_letter(letter: char) -> u32 {
    WIDTHS.iter().find(|(_, letters)| letters.contains(letter)).map_or(DEFAULT_WIDTH, |(width, _)| *width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_in_twips() {
        // 13 points; 0.5 + 0.25 + 0.722 of the size.
        assert_eq!(width("g Đ", 26), 382);
        assert_eq!(width("Ộ", 24), width("O", 24));
    }

    #[test]
    fn a_text_is_broken_evenly_where_it_does_not_fit() {
        let text = "TRƯỜNG TIỂU HỌC XÃ THANH HƯNG";
        let whole = width(text, 24);
        assert_eq!(balanced(text, 24, whole), [text]);
        assert_eq!(balanced(text, 24, whole - 10), ["TRƯỜNG TIỂU HỌC", "XÃ THANH HƯNG"]);
        assert_eq!(balanced("aaaa b", 24, 10), ["aaaa", "b"]);
    }
}
