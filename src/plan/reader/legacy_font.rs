//! Text in the fonts of the time before Unicode, whose letters stand at the places of others.
//!
//! Tables: TCVN3 is the 8-bit set VN3 of TCVN 5712:1993, as in the character map `TCVN5712-1` of GNU libc; VNI for Windows
//! is as the keyboard programs xvnkb (`vni.h`) and `UniKey` write it: a letter, and behind it one that stands for its marks.

/// A way to write Vietnamese in 8 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// TCVN3 ("ABC"): fonts called `.VnTime`, `.VnArial` …
    Tcvn3,
    /// The same in fonts of capitals, called `.VnTimeH` …
    Tcvn3Capitals,
    /// VNI for Windows: fonts called `VNI-Times` …
    Vni,
}

impl Encoding {
    /// The encoding that the name of a font stands for.
    pub(super) fn of_font(font: &str) -> Option<Self> {
        let font = font.trim().to_lowercase();
        if font.starts_with(".vn") {
            return Some(if font.ends_with('h') { Self::Tcvn3Capitals } else { Self::Tcvn3 });
        }
        let is_vni = font.starts_with("vni-") || font.starts_with("vni ");
        is_vni.then_some(Self::Vni)
    }

    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 | Self::Tcvn3Capitals => "TCVN3",
            Self::Vni => "VNI",
        }
    }

    /// The text in Unicode. One that has letters of Unicode's Vietnamese already was typed so, whatever its font.
    pub(super) fn decode(self, written: &str) -> String {
        let is_unicode = |letter: char| matches!(letter, '\u{0102}'..='\u{01B0}' | '\u{0300}'..='\u{0323}' | '\u{1EA0}'..='\u{1EF9}');
        if written.chars().any(is_unicode) {
            return written.to_owned();
        }
        // Word keeps letters of symbol fonts in the private area, 0xF000 above their place.
        let letters = written.chars().map(|letter| match u32::from(letter) {
            code @ 0xF020..=0xF0FF => char::from_u32(code - 0xF000).unwrap_or(letter),
            _ => letter,
        });
        match self {
            Self::Tcvn3 => letters.map(tcvn3).collect(),
            Self::Tcvn3Capitals => letters.map(tcvn3).collect::<String>().to_uppercase(),
            Self::Vni => vni(letters),
        }
    }
}

/// The letters of TCVN3 from 0xA1 on; blanks are not in use.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ";

fn tcvn3(letter: char) -> char {
    let place = u32::from(letter).checked_sub(0xA1);
    let found = place.and_then(|place| TCVN3.chars().nth(place as usize));
    found.filter(|letter| *letter != ' ').unwrap_or(letter)
}

/// Letters of VNI that stand for themselves, in small; capitals are beside them as in Latin-1.
const VNI_ALONE: &[(char, char)] =
    &[('ñ', 'đ'), ('ì', 'ì'), ('í', 'í'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị'), ('ô', 'ơ'), ('ö', 'ư'), ('î', 'ỵ')];

/// What a letter of VNI behind another stands for, as combining marks.
const VNI_MARKS: &[(char, &str)] = &[
    ('ø', "\u{300}"),
    ('ù', "\u{301}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('à', "\u{302}\u{300}"),
    ('á', "\u{302}\u{301}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('è', "\u{306}\u{300}"),
    ('é', "\u{306}\u{301}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

fn vni(letters: impl Iterator<Item = char>) -> String {
    let mut read = String::new();
    let mut vowel = false;
    for letter in letters {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        if vowel && let Some((_, marks)) = VNI_MARKS.iter().find(|(known, _)| *known == small) {
            read.push_str(marks);
            vowel = false;
            continue;
        }
        vowel = matches!(small, 'a' | 'e' | 'o' | 'u' | 'y' | 'ô' | 'ö');
        match VNI_ALONE.iter().find(|(known, _)| *known == small) {
            Some((_, meant)) if letter == small => read.push(*meant),
            Some((_, meant)) => read.extend(meant.to_uppercase()),
            None => read.push(letter),
        }
    }
    crate::text::composed(&read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_old_fonts_are_those_of_unicode() {
        let cases = [
            (".VnTime", "Néi dung, gi¶i ph¸p", "Nội dung, giải pháp"),
            (".VnArial", "Ng\u{ad}êi thùc hiÖn: V¨n th\u{ad}, KÕ to¸n", "Người thực hiện: Văn thư, Kế toán"),
            (".VnTime", "§æi míi, ®ång chÝ, quü, ch÷, nghØ", "Đổi mới, đồng chí, quỹ, chữ, nghỉ"),
            (".VnTimeH", "hiÖu tr\u{ad}ëng", "HIỆU TRƯỞNG"),
            (".VnTime", "Hiệu trưởng", "Hiệu trưởng"),
            ("VNI-Times", "Ngöôøi thöïc hieän, Hieäu tröôûng", "Người thực hiện, Hiệu trưởng"),
            (
                "VNI-Times",
                "Ñaïi hoäi, kyû nieäm, yù kieán, ñeà nghò, chæ ñaïo",
                "Đại hội, kỷ niệm, ý kiến, đề nghị, chỉ đạo",
            ),
            ("VNI-Times", "THÖÏC HIEÄN, NGÖÔØI, Ñôït, nghæ, lòch, kó", "THỰC HIỆN, NGƯỜI, Đợt, nghỉ, lịch, kĩ"),
            ("VNI-Times", "baûng, naêm, taêng cöôøng, baèng, saép", "bảng, năm, tăng cường, bằng, sắp"),
        ];
        for (font, written, meant) in cases {
            let read = Encoding::of_font(font).map(|encoding| encoding.decode(written));
            assert_eq!(read.as_deref(), Some(meant), "{font}: {written}");
        }
        assert_eq!(Encoding::of_font("Times New Roman"), None);
    }
}
