//! The regulation whose standards and criteria a plan uses. It is data, named by the plan or by `[plan_document] framework`;
//! of what is in it only the table is known that one of them asks for.

use crate::text;

/// Circulars on the evaluation of schools, as legal bases of plans name them; the last has replaced the others.
const CIRCULARS: [&str; 4] = ["17/2018/TT-BGDĐT", "18/2018/TT-BGDĐT", "19/2018/TT-BGDĐT", NEWEST];
/// The circular in force.
const NEWEST: &str = "57/2026/TT-BGDĐT";

/// The circular that these lines name, of those on the evaluation of schools: the last of them, or the only one.
#[must_use]
pub fn named_in<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let mut named = [false; CIRCULARS.len()];
    for line in lines {
        for (place, circular) in CIRCULARS.iter().enumerate() {
            named[place] |= names(line, circular);
        }
    }
    let [earlier @ .., newest] = named;
    let found: Vec<&str> =
        CIRCULARS.iter().zip(earlier).filter(|(_, is_named)| *is_named).map(|(circular, _)| *circular).collect();
    match found[..] {
        _ if newest => Some(NEWEST),
        [only] => Some(only),
        _ => None,
    }
}

/// Whether the regulation asks for a monitoring table in the reports of terms and years (Circular 57/2026/TT-BGDĐT, annex V,
/// form 2, section VI).
#[must_use]
pub fn has_monitoring_table(framework: &str) -> bool {
    names(framework, NEWEST) || text::fold(framework).trim() == "57/2026"
}

/// Whether a text names a circular: its number and year with its kind behind them, whatever blanks there are between.
fn names(line: &str, circular: &str) -> bool {
    let plain = |text: &str| text::fold(text).replace(char::is_whitespace, "").replace('ð', "d");
    let (line, circular) = (plain(line), plain(circular));
    line.match_indices(&circular).any(|(at, _)| !line[..at].ends_with(|letter: char| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_by_the_circular_that_it_names() {
        for (lines, expected) in [
            (vec!["Căn cứ Thông tư số 17/2018/TT-BGDĐT ngày 22/8/2018"], Some("17/2018/TT-BGDĐT")),
            (vec!["Căn cứ Thông tư 57 /2026/ TT-BGDÐT;"], Some("57/2026/TT-BGDĐT")),
            (vec!["thay thế Thông tư 18/2018/TT-BGDĐT", "Thông tư 57/2026/TT-BGDĐT"], Some("57/2026/TT-BGDĐT")),
            (vec!["Thông tư 17/2018/TT-BGDĐT", "Thông tư 19/2018/TT-BGDĐT"], None),
            (vec!["Thông tư 117/2018/TT-BGDĐT", "số 57/2026/QĐ-UBND"], None),
            (vec![], None),
        ] {
            assert_eq!(named_in(lines.iter().copied()), expected, "{lines:?}");
        }
    }

    #[test]
    fn only_the_newest_circular_has_a_monitoring_table() {
        for framework in ["57/2026/TT-BGDĐT", "Thông tư 57/2026/TT-BGDĐT", "57/2026"] {
            assert!(has_monitoring_table(framework), "{framework}");
        }
        for framework in ["17/2018/TT-BGDĐT", "157/2026/TT-BGDĐT", "", "2026"] {
            assert!(!has_monitoring_table(framework), "{framework}");
        }
    }
}
