//! Roles and bodies that most schools have, and the ways in which plans and lists write them.
//!
//! An abbreviation or another wording counts only where somebody holds what it stands for, and where the configuration
//! uses the same words for nothing else.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text;

/// A role or a body that most schools have.
#[derive(Debug)]
pub(crate) struct UsualName {
    /// Its name in full.
    pub(crate) name: &'static str,
    /// How else it is written.
    pub(crate) also: &'static [&'static str],
    /// Who stands for it where nobody is said to: other usual names.
    pub(crate) members: &'static [&'static str],
    /// Whether it is one person's work, of which there are kinds: "Giáo viên Toán" is a "Giáo viên".
    has_kinds: bool,
    /// What whoever holds it is as well.
    pub(crate) implies: &'static [&'static str],
}

const fn role(name: &'static str, also: &'static [&'static str], implies: &'static [&'static str]) -> UsualName {
    UsualName { name, also, members: &[], has_kinds: true, implies }
}

const fn body(name: &'static str, also: &'static [&'static str], members: &'static [&'static str]) -> UsualName {
    UsualName { name, also, members, has_kinds: false, implies: &[] }
}

/// The usual names. Abbreviations of many meanings (TT, PH, TV) are left to `[aliases]`.
pub(crate) const USUAL_NAMES: &[UsualName] = &[
    role("Hiệu trưởng", &["HT", "Hiệu trưởng nhà trường", "Thủ trưởng đơn vị"], &[]),
    role("Phó Hiệu trưởng", &["PHT", "P.HT", "Phó HT", "P. Hiệu trưởng", "Chuyên môn nhà trường"], &[]),
    role("Tổ trưởng chuyên môn", &["TTCM", "Tổ trưởng CM", "Tổ trưởng tổ chuyên môn"], &[]),
    role("Tổ phó chuyên môn", &["TPCM", "Tổ phó CM", "Tổ phó tổ chuyên môn"], &[]),
    role("Giáo viên chủ nhiệm", &["GVCN", "GV chủ nhiệm"], &["Giáo viên"]),
    role("Giáo viên bộ môn", &["GVBM", "GV bộ môn"], &["Giáo viên"]),
    role("Giáo viên", &["GV"], &[]),
    role("Tổng phụ trách Đội", &["TPT", "TPTĐ", "TPT Đội", "Tổng phụ trách"], &["Đội thiếu niên"]),
    role("Kế toán", &["KT", "Nhân viên kế toán", "NV kế toán"], &["Nhân viên"]),
    role("Nhân viên văn thư", &["VT", "Văn thư", "NV văn thư"], &["Nhân viên"]),
    role("Nhân viên thư viện", &["Thư viện", "NV thư viện", "Cán bộ thư viện"], &["Nhân viên"]),
    role("Nhân viên y tế", &["Y tế", "NV y tế", "Cán bộ y tế"], &["Nhân viên"]),
    role("Nhân viên thiết bị", &["NV thiết bị", "Cán bộ thiết bị"], &["Nhân viên"]),
    role("Nhân viên", &[], &[]),
    role("Thủ quỹ", &[], &[]),
    role("Bảo vệ", &["NV bảo vệ", "Nhân viên bảo vệ"], &["Nhân viên"]),
    body("Chi bộ", &["Chi ủy"], &[]),
    body("Công đoàn", &["CĐ", "BCH Công đoàn", "Ban chấp hành Công đoàn", "CĐCS"], &[]),
    body("Đoàn thanh niên", &["ĐTN", "Chi đoàn", "Đoàn TN"], &[]),
    body("Đội thiếu niên", &["Liên đội", "Đội TNTP"], &[]),
    body("Hội đồng tự đánh giá", &["HĐ TĐG", "HĐTĐG"], &[]),
    body("Ban kiểm tra nội bộ", &["Ban KTNB", "KTNB"], &[]),
    body("Ban thanh tra nhân dân", &["Ban TTND", "TTND"], &[]),
    body(
        "Ban đại diện cha mẹ học sinh",
        &["Ban ĐDCMHS", "BĐDCMHS", "Ban ĐDCM học sinh", "Hội CMHS", "Hội cha mẹ học sinh"],
        &[],
    ),
    body("Ban giám hiệu", &["BGH", "Lãnh đạo nhà trường"], &["Hiệu trưởng", "Phó Hiệu trưởng"]),
    body("Tổ chuyên môn", &["TCM", "Tổ CM"], &["Tổ trưởng chuyên môn"]),
    body(
        "Tổ văn phòng",
        &["TVP", "VP", "Văn phòng"],
        &["Nhân viên văn thư", "Kế toán", "Nhân viên thư viện", "Nhân viên y tế"],
    ),
];

/// Abbreviations that mean this in a list alone: in a plan "CBGV-NV" is everybody.
const IN_LISTS: &[(&str, &str)] = &[("NV", "Nhân viên")];

/// Words before the name of a body that say who speaks for it or sits in it.
const OFFICES: &[&str] = &["chu tich ", "bi thu ", "truong ", "uy vien ", "thanh vien "];

/// An abbreviation has no more letters.
const MAX_ABBREVIATION: usize = 4;

/// Words with which the name of a team begins.
const TEAM_WORDS: &[&str] = &["to", "khoi", "ban", "nhom", "bo phan", "phong"];

/// Every wording, folded, with the usual name that it stands for: lists ask of each of their cells.
static WORDINGS: LazyLock<HashMap<String, &'static UsualName>> = LazyLock::new(|| {
    let wordings = USUAL_NAMES
        .iter()
        .flat_map(|usual| std::iter::once(&usual.name).chain(usual.also).map(move |word| (text::fold(word), usual)));
    let in_lists = IN_LISTS.iter().filter_map(|(word, name)| {
        let usual = USUAL_NAMES.iter().find(|usual| usual.name == *name)?;
        Some((text::fold(word), usual))
    });
    wordings.chain(in_lists).collect()
});

/// The usual name that is written so, whatever the capitals and diacritics.
#[must_use]
pub(crate) fn of(written: &str) -> Option<&'static UsualName> {
    WORDINGS.get(&text::fold(written)).copied()
}

/// Whether a text, folded, begins with a word for a team and goes on.
#[must_use]
pub(crate) fn begins_as_team(folded: &str) -> bool {
    TEAM_WORDS.iter().any(|word| folded.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')))
}

/// The roles that somebody holds of whom a list says this: as it is written, what is usual of it in full, and what follows
/// from that.
#[must_use]
pub(crate) fn roles_of(written: &str) -> Vec<String> {
    let as_written = text::nfc(written);
    let written = with_capital_initial(&as_written);
    let mut roles = Vec::new();
    let mut add = |role: &str| {
        if !roles.iter().any(|known| known == role) {
            roles.push(role.to_owned());
        }
    };
    let folded = text::fold(&written);
    if let Some(usual) = of(&written) {
        usual.add_to(&mut add);
        return roles;
    }
    add(&written);
    // A plan in TOML names a role letter by letter.
    if as_written.starts_with(char::is_lowercase) {
        add(&as_written);
    }
    if let Some((usual, rest)) = kind_of(&written, &folded) {
        add(&format!("{}{rest}", usual.name));
        usual.add_to(&mut add);
    }
    let of_body = OFFICES.iter().find_map(|office| of(folded.strip_prefix(office)?)).filter(|usual| !usual.has_kinds);
    if let Some(usual) = of_body {
        usual.add_to(&mut add);
    }
    roles
}

/// The role of which a wording names a kind, and what the kind is called: "GV Toán" is a "Giáo viên", " Toán".
fn kind_of<'w>(written: &'w str, folded: &str) -> Option<(&'static UsualName, &'w str)> {
    let longest = WORDINGS
        .iter()
        .filter(|(_, usual)| usual.has_kinds)
        .filter(|(word, _)| folded.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with(' ')))
        .max_by_key(|(word, _)| word.len());
    let (word, usual) = longest?;
    // Folding keeps the number of letters.
    let (rest, _) = written.char_indices().nth(word.chars().count())?;
    Some((usual, &written[rest..]))
}

/// A wording whose first letter is a capital, so that two who write a role differently hold the same.
fn with_capital_initial(written: &str) -> String {
    // "GVCN 1A" is loud of itself, "NUÔI DƯỠNG VIÊN" only in a list of capitals.
    let has_long_word = written.split(' ').any(|word| word.chars().count() > MAX_ABBREVIATION);
    let is_loud = written.contains(' ') && has_long_word && !written.chars().any(char::is_lowercase);
    let quiet = if is_loud { written.to_lowercase() } else { written.to_owned() };
    text::with_capital_initial(&quiet)
}

impl UsualName {
    fn add_to(&self, add: &mut impl FnMut(&str)) {
        add(self.name);
        self.implies.iter().for_each(|role| add(role));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_list_says_of_somebody_is_the_roles_that_plans_name() {
        let cases: &[(&str, &[&str])] = &[
            ("HT", &["Hiệu trưởng"]),
            ("HIỆU TRƯỞNG", &["Hiệu trưởng"]),
            ("hieu truong", &["Hiệu trưởng"]),
            ("P.HT", &["Phó Hiệu trưởng"]),
            (
                "Phó Hiệu trưởng phụ trách cơ sở vật chất",
                &["Phó Hiệu trưởng phụ trách cơ sở vật chất", "Phó Hiệu trưởng"],
            ),
            ("GVCN 1A", &["GVCN 1A", "Giáo viên chủ nhiệm 1A", "Giáo viên chủ nhiệm", "Giáo viên"]),
            ("GV Toán", &["GV Toán", "Giáo viên Toán", "Giáo viên"]),
            ("giáo viên Tin học", &["Giáo viên Tin học", "giáo viên Tin học", "Giáo viên"]),
            ("NV phục vụ", &["NV phục vụ", "Nhân viên phục vụ", "Nhân viên"]),
            ("Văn thư", &["Nhân viên văn thư", "Nhân viên"]),
            ("TPT Đội", &["Tổng phụ trách Đội", "Đội thiếu niên"]),
            ("Chủ tịch Công đoàn", &["Chủ tịch Công đoàn", "Công đoàn"]),
            ("Bí thư Chi đoàn", &["Bí thư Chi đoàn", "Đoàn thanh niên"]),
            ("Trưởng ban TTND", &["Trưởng ban TTND", "Ban thanh tra nhân dân"]),
            ("Công đoàn viên", &["Công đoàn viên"]),
            ("Tổ trưởng", &["Tổ trưởng"]),
            ("NUÔI DƯỠNG VIÊN", &["Nuôi dưỡng viên"]),
        ];
        for (written, roles) in cases {
            assert_eq!(roles_of(written), *roles, "{written}");
        }
    }

    #[test]
    fn no_two_usual_names_are_written_alike() {
        let mut words: Vec<String> = USUAL_NAMES
            .iter()
            .flat_map(|usual| std::iter::once(&usual.name).chain(usual.also))
            .map(|word| text::fold(word))
            .collect();
        let count = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), count);
        let is_known = |name: &&str| USUAL_NAMES.iter().any(|usual| usual.name == *name);
        assert!(USUAL_NAMES.iter().flat_map(|usual| usual.members.iter().chain(usual.implies)).all(is_known));
    }
}
