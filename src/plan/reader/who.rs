//! Who answers for a task and who helps, out of free wording ("Hiệu trưởng chỉ đạo tổ văn phòng rà soát …").
//!
//! A sentence is read from left to right as names and what each does. Whoever carries a task out leads it; who only
//! directs, checks or plans it is told as a coordinator, unless nobody else is named. A name that the configuration does
//! not know, or that a word narrows ("NV phục vụ" is not all staff), is given back as written: never a guess.

mod lexicon;
mod sentence;
mod words;

use super::names::{Finder, NameToken, Named, tokens};
use lexicon::Verb;
use sentence::Sentence;

/// Who answers for a task, who helps, and whom nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) leads: Vec<Named>,
    pub(super) with: Vec<Named>,
    /// Names that the configuration does not know, as written.
    pub(super) unknown: Vec<String>,
}

impl Who {
    /// The unknown names but those of bodies outside the school, whom the program could not tell of anything.
    pub(super) fn unknown_in_school(self) -> Vec<String> {
        let outside = |name: &String| words::is_outside(&tokens(name));
        self.unknown.into_iter().filter(|name| !outside(name)).collect()
    }
}

impl Finder<'_> {
    /// Who answers and who helps, from a column that says both.
    pub(super) fn responsible(&self, written: &str) -> Who {
        let mut who = Who::default();
        let tokens = tokens(written);
        let mut helping = Vec::new();
        for sentence in tokens.split(|token| matches!(token, NameToken::Mark('.' | '!' | '?'))) {
            Sentence::read(self, sentence).settle(&mut who, &mut helping);
        }
        // Where all only help each other, they do it together.
        let target = if who.leads.is_empty() { &mut who.leads } else { &mut who.with };
        target.extend(helping);
        who
    }

    /// Everybody who is named in a column of helpers; whoever a thing is done *for* is not.
    pub(super) fn all(&self, written: &str) -> Vec<Named> {
        let tokens = tokens(written);
        let mut found = Vec::new();
        let mut before: Option<&str> = None;
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            if let Some((named, length)) = self.name_at(&tokens[place..]) {
                if !matches!(before, Some("cho" | "cua")) {
                    found.push(named);
                }
                place += length;
                before = None;
                continue;
            }
            if let NameToken::Word { folded, .. } = token
                && !words::is_filler(folded)
            {
                before = Some(folded);
            }
            place += 1;
        }
        found
    }

    /// Those who are told to do something in the column of what is to be done: "Giao tổ trưởng chuyên môn hướng dẫn …".
    pub(super) fn ordered(&self, written: &str) -> Vec<Named> {
        let tokens = tokens(written);
        let mut found = Vec::new();
        for sentence in tokens.split(|token| matches!(token, NameToken::Mark('.' | '!' | '?' | ';') | NameToken::Line))
        {
            let Some((Verb::Orders, length)) = words::verb(sentence) else { continue };
            let mut place = length;
            while let Some(token) = sentence.get(place) {
                if let Some((named, length)) = self.name_at(&sentence[place..]) {
                    found.push(named);
                    place += length;
                    continue;
                }
                let passes = match token {
                    NameToken::Word { folded, .. } => words::is_filler(folded) || folded == "va",
                    NameToken::Mark(mark) => matches!(mark, ',' | '&' | '+' | '/'),
                    NameToken::Dash | NameToken::Line => false,
                };
                if !passes {
                    break;
                }
                place += 1;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Directory, Recipient, RecipientId, RecipientKind};

    /// A school of six: who is called how, by the places of those who are meant.
    const NAMES: &[(&str, &[u32])] = &[
        ("Hiệu trưởng", &[0]),
        ("HT", &[0]),
        ("Nhà trường", &[0]),
        ("Phó Hiệu trưởng", &[1]),
        ("PHT", &[1]),
        ("BGH", &[0, 1]),
        ("Kế toán", &[2]),
        ("KT", &[2]),
        ("Văn thư", &[3]),
        ("GV", &[4, 5]),
        ("Giáo viên", &[4, 5]),
        ("TTCM", &[4, 5]),
        ("Công đoàn", &[5]),
        ("CB, GV, NV", &[0, 1, 2, 3, 4, 5]),
        ("NV", &[2, 3]),
        ("Thư viện", &[3]),
    ];

    fn directory() -> Directory {
        let person = |name: &str| Recipient {
            name: name.to_owned(),
            kind: RecipientKind::Person,
            roles: Vec::new(),
            email: None,
            phone: None,
            address: None,
            chats: std::collections::BTreeMap::default(),
            via: Vec::new(),
            away: Vec::new(),
        };
        let people = ["Nguyễn Văn An", "Trần Thị Bình", "Đinh Thị Mai", "Ngô Thị Lan", "Vũ Thị Giang", "Đỗ Văn Hải"];
        let own = (0..).map(|place| vec![RecipientId(place)]);
        let own = people.iter().map(|name| (*name).to_owned()).zip(own);
        let names =
            NAMES.iter().map(|(name, ids)| ((*name).to_owned(), ids.iter().copied().map(RecipientId).collect()));
        Directory::new(people.iter().map(|name| person(name)).collect(), own.chain(names))
    }

    #[test]
    fn wordings_say_who_leads_who_helps_and_whom_nobody_knows() {
        let cases: &[(&str, &str, &str, &str)] = &[
            ("Hiệu trưởng, thủ quỹ, kế toán", "Hiệu trưởng, Kế toán", "", "thủ quỹ"),
            ("HT chỉ đạo chung, PHT trực tiếp thực hiện", "PHT", "HT", ""),
            ("HT chủ trì; TTCM, GV phối hợp", "HT", "TTCM, GV", ""),
            ("Chủ trì: PHT, TTCM phối hợp", "PHT", "TTCM", ""),
            ("Chỉ đạo: HT\nThực hiện: KT", "KT", "HT", ""),
            ("BGH phân công GV", "GV", "BGH", ""),
            ("BGH kiểm tra, giáo viên thực hiện", "Giáo viên", "BGH", ""),
            ("Kế toán tham mưu Hiệu trưởng", "Kế toán", "Hiệu trưởng", ""),
            ("HT (chủ trì), KT", "HT", "KT", ""),
            ("PHT (phụ trách CSVC), kế toán", "PHT, Kế toán", "", ""),
            ("Đ/c Nguyễn Văn An - Hiệu trưởng", "Nguyễn Văn An", "", ""),
            ("HT, đ/c Bình, KT", "HT, Trần Thị Bình, KT", "", ""),
            ("Toàn thể CB, GV, NV", "CB, GV, NV", "", ""),
            ("BGH nhà trường", "BGH", "", ""),
            ("NV thư viện", "Thư viện", "", ""),
            ("NV phục vụ", "", "", "NV phục vụ"),
            ("GV Toán", "", "", "GV Toán"),
            ("GV Anh, KT", "KT", "", "GV Anh"),
            ("GV thể dục", "", "", "GV thể dục"),
            ("Giáo viên dạy lớp 5", "Giáo viên", "", ""),
            ("Công đoàn, Đội", "Công đoàn", "", "Đội"),
            ("KT-VT", "KT", "", "VT"),
            ("HT phối hợp với UBND xã, KT", "HT", "KT", ""),
            ("Chủ tịch Công đoàn", "Công đoàn", "", ""),
            ("Không phân công cụ thể", "", "", ""),
            ("GV (trừ văn thư)", "GV", "", "trừ văn thư"),
            ("CBGVNV (trừ bảo vệ, kế toán)", "", "", "CBGVNV, trừ bảo vệ kế toán"),
            ("Toàn thể CB, GV, NV, trừ kế toán; HT", "CB, GV, NV, HT", "", "trừ kế toán"),
            ("PHT (thay HT)", "PHT", "", "thay HT"),
            ("PHT khi HT vắng", "PHT", "", "khi HT vắng"),
            ("GV tuyên truyền, nhắc nhở học sinh khi ra về", "GV", "", ""),
            ("Thầy An, thầy Hải", "Nguyễn Văn An, Đỗ Văn Hải", "", ""),
        ];
        let directory = directory();
        let finder = Finder::new(&directory);
        let names = |named: &[Named]| named.iter().map(|named| named.name.clone()).collect::<Vec<_>>().join(", ");
        for (written, leads, with, unknown) in cases {
            let who = finder.responsible(written);
            let read = (names(&who.leads), names(&who.with), who.unknown.join(", "));
            assert_eq!(read, ((*leads).to_owned(), (*with).to_owned(), (*unknown).to_owned()), "{written}");
        }
    }
}
