//! The words beside names: what somebody does, what narrows a name, who is from outside the school. All without
//! diacritics.

use super::super::names::{Finder, NameToken};

/// What is said of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Chairs,
    Does,
    Directs,
    /// Directs whoever is named behind it.
    Orders,
    /// Tells whoever is named behind it how.
    Guides,
    Helps,
    /// Does it under those named behind it.
    Under,
    /// Tells or asks those named behind it.
    Advises,
}

/// Of several that begin alike the longest counts.
const VERBS: &[(&str, Verb)] = &[
    ("chu tri", Verb::Chairs),
    ("lam truong", Verb::Chairs),
    ("phu trach", Verb::Chairs),
    ("phu trach chinh", Verb::Chairs),
    ("phu trach chung", Verb::Directs),
    ("chiu trach nhiem", Verb::Chairs),
    ("chiu trach nhiem chinh", Verb::Chairs),
    ("chiu trach nhiem chung", Verb::Directs),
    ("chiu trach nhiem thuc hien", Verb::Chairs),
    ("dau moi", Verb::Chairs),
    ("thuc hien", Verb::Does),
    ("truc tiep", Verb::Does),
    ("truc tiep thuc hien", Verb::Does),
    ("to chuc thuc hien", Verb::Does),
    ("trien khai thuc hien", Verb::Does),
    ("trien khai", Verb::Does),
    ("chi dao", Verb::Orders),
    ("chi dao chung", Verb::Directs),
    ("chi dao thuc hien", Verb::Directs),
    ("lanh dao", Verb::Directs),
    ("huong dan", Verb::Guides),
    ("ra quyet dinh", Verb::Directs),
    ("ban hanh", Verb::Directs),
    ("phan cong", Verb::Orders),
    ("phan cong cho", Verb::Orders),
    ("giao", Verb::Orders),
    ("giao cho", Verb::Orders),
    ("giao nhiem vu cho", Verb::Orders),
    ("yeu cau", Verb::Orders),
    ("phe duyet", Verb::Directs),
    ("duyet", Verb::Directs),
    ("lap ke hoach", Verb::Directs),
    ("xay dung ke hoach", Verb::Directs),
    ("kiem tra", Verb::Directs),
    ("giam sat", Verb::Directs),
    ("theo doi", Verb::Directs),
    ("don doc", Verb::Directs),
    ("quan ly chung", Verb::Directs),
    ("phoi ket hop", Verb::Helps),
    ("phoi hop", Verb::Helps),
    ("phoi hop thuc hien", Verb::Helps),
    ("phoi hop voi", Verb::Helps),
    ("phoi hop cung", Verb::Helps),
    ("phoi hop cung voi", Verb::Helps),
    ("phoi ket hop cung", Verb::Helps),
    ("phoi ket hop voi", Verb::Helps),
    ("cung phoi hop", Verb::Helps),
    ("cung phoi hop thuc hien", Verb::Helps),
    ("ket hop", Verb::Helps),
    ("ket hop voi", Verb::Helps),
    ("ket hop cung", Verb::Helps),
    ("hop tac voi", Verb::Helps),
    ("cung", Verb::Helps),
    ("cung voi", Verb::Helps),
    ("voi", Verb::Helps),
    ("ho tro", Verb::Helps),
    ("tham gia", Verb::Helps),
    ("co su phoi hop cua", Verb::Helps),
    ("su phoi hop cua", Verb::Helps),
    ("voi su phoi hop cua", Verb::Helps),
    ("voi su tham gia cua", Verb::Helps),
    ("co su tham gia cua", Verb::Helps),
    ("voi su ho tro cua", Verb::Helps),
    ("duoi su chi dao cua", Verb::Under),
    ("theo su chi dao cua", Verb::Under),
    ("theo chi dao cua", Verb::Under),
    ("theo phan cong cua", Verb::Under),
    ("theo su phan cong cua", Verb::Under),
    ("duoi su lanh dao cua", Verb::Under),
    ("duoi su huong dan cua", Verb::Under),
    ("tham muu", Verb::Advises),
    ("tham muu cho", Verb::Advises),
    ("tham muu voi", Verb::Advises),
    ("bao cao", Verb::Advises),
    ("de xuat voi", Verb::Advises),
];

/// Words that may stand before a name, or between two of a list.
const FILLERS: &[&str] = &[
    "cac", "doi", "ngu", "toan", "the", "tap", "mot", "so", "dong", "chi", "thanh", "vien", "giua", "trong", "thay",
    "co", "ong", "ba", "tat", "ca", "do", "cua", "anh", "nhung", "cung", "se", "vao", "chinh",
];
const TITLES: &[&str] = &["chi", "thay", "co", "ong", "ba", "anh"];

/// What a name is of, without being another name by it: "GVCN các lớp", "giáo viên toàn trường". With their diacritics:
/// "Toán" is no "toàn".
const PARTS: &[&str] = &["lớp", "khối", "trường", "nhà", "đội", "các", "liên", "toàn", "trong", "ở", "tại"];
/// Words that are so only before others: "tổ 4", "dạy lớp 5".
const PARTS_BEFORE: &[(&str, &[&str])] = &[("tổ", &[]), ("dạy", &["lớp", "khối"])];
/// What is outside the school, where it stands behind a name: "Đoàn thanh niên xã".
const PLACES: &[&str] = &["xa", "phuong", "huyen", "tinh", "quan", "thi", "thanh", "dia", "cap"];
/// Words of deeds: what begins with one is no name.
const DEEDS: &[&str] = &[
    "ra",
    "sap",
    "xay",
    "to chuc",
    "lap",
    "nop",
    "huong",
    "tham",
    "tu van",
    "tu choi",
    "cap",
    "hoan",
    "tuyen",
    "quan ly",
    "day manh",
    "len",
    "hop",
    "lam",
    "mua",
    "sua",
    "trang",
    "boi",
    "kiem ke",
    "thong",
    "van dong",
    "van dung",
    "tang",
    "nang",
    "duy tri",
    "chuan",
    "chi tra",
    "ban hanh",
    "gui",
    "dang",
    "cai",
    "khac",
    "bo tri",
    "bo sung",
    "de xuat",
    "dua",
    "giup",
    "tao",
    "tich",
    "tiep",
    "chu dong",
    "danh gia",
    "phat",
    "ky ket",
    "dau tu",
    "nghien",
    "moi",
    "cu the",
    "can doi",
    "phai",
    "duoc",
    "theo",
    "khong",
    "de",
    "nham",
    "ve",
    "trong",
    "sinh hoat",
    "soan",
    "in",
    "cho",
    "quet",
    "trong cay",
    "ve sinh",
    "don",
    "lao dong",
    "thiet ke",
];
/// Bodies and people from outside the school.
const OUTSIDE: &[&str] = &[
    "ubnd",
    "hdnd",
    "dang uy",
    "cong an",
    "phong gd",
    "phong giao duc",
    "phong gddt",
    "so gd",
    "so giao duc",
    "hoi chu thap do",
    "tram y te",
    "chinh quyen",
    "dia phuong",
    "phu huynh",
    "cha me",
    "pphs",
    "ph",
    "phhs",
    "hoc sinh",
    "hs",
    "mat tran",
    "cac ban nganh",
    "ban nganh",
    "cac to chuc",
    "to chuc xa hoi",
    "to chuc chinh tri",
    "cac luc luong",
    "luc luong",
    "co quan",
    "gia dinh",
    "nha hao tam",
    "manh thuong quan",
    "hoi khuyen hoc",
    "doan xa",
    "doan phuong",
    "benh vien",
    "trung tam",
    "xa",
    "phuong",
    "huyen",
    "cap tren",
    "nganh",
    "cong ty",
    "nha thau",
    "ban dai dien",
    "hoi phu nu",
    "hoi cuu chien binh",
    "quan doi",
    "bo doi",
    "doi pccc",
];
/// Words that make of a name behind them another one: "Phó Bí thư …", "Phó Chủ tịch …".
const OTHERS: &[&str] = &["pho", "phu"];

/// A name of somebody unknown has no more words.
pub(super) const LONGEST_NAME: usize = 6;

fn word(token: Option<&NameToken>) -> &str {
    match token {
        Some(NameToken::Word { folded, .. }) => folded,
        _ => "",
    }
}

/// Whether the words of a phrase stand at the beginning.
fn begins(tokens: &[NameToken], phrase: &str) -> bool {
    let mut place = 0;
    phrase.split(' ').all(|wanted| {
        place += 1;
        word(tokens.get(place - 1)) == wanted
    })
}

/// What is said at the beginning of these words, and how many tokens that is.
pub(super) fn verb(tokens: &[NameToken]) -> Option<(Verb, usize)> {
    let first = word(tokens.first());
    let found = VERBS.iter().filter(|(phrase, _)| phrase.split(' ').next() == Some(first) && begins(tokens, phrase));
    let (phrase, verb) = found.max_by_key(|(phrase, _)| phrase.len())?;
    Some((*verb, phrase.split(' ').count()))
}

/// Whether a verb says that somebody directs, not that something is given to somebody.
pub(super) fn is_direction(verb: &[NameToken]) -> bool {
    begins(verb, "chi dao")
}

pub(super) fn is_filler(folded: &str) -> bool {
    FILLERS.contains(&folded)
}

pub(super) fn is_title(folded: &str) -> bool {
    TITLES.contains(&folded)
}

/// "nhà trường", "trường": which school, as if that were in question.
pub(super) fn is_the_school(tokens: &[NameToken]) -> bool {
    begins(tokens, "nha truong") || begins(tokens, "truong")
}

/// The words up to the next mark, name or verb.
pub(super) fn run<'t>(tokens: &'t [NameToken], finder: &Finder<'_>) -> &'t [NameToken] {
    let mut length = 0;
    while let Some(NameToken::Word { folded, .. }) = tokens.get(length) {
        let rest = &tokens[length..];
        if folded == "va" || verb(rest).is_some() || finder.name_at(rest).is_some() {
            break;
        }
        length += 1;
    }
    &tokens[..length]
}

/// What words behind a name are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// They belong to the name as it stands.
    PartOfIt,
    /// They make of it the name of somebody else.
    Narrows,
    /// They make of it one outside the school.
    Elsewhere,
    /// They begin a sentence.
    Sentence,
}

/// What the words behind a name of so many people are.
pub(super) fn behind_a_name(run: &[NameToken], people: usize) -> Behind {
    let first = word(run.first());
    if run.len() <= 3 && PLACES.contains(&first) {
        return Behind::Elsewhere;
    }
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit());
    let before = PARTS_BEFORE.iter().find(|(part, _)| is_written(run.first(), part));
    let second = run.get(1);
    let is_before = before
        .is_some_and(|(_, words)| is_number(word(second)) || words.iter().any(|allowed| is_written(second, allowed)));
    if is_before || is_number(first) || PARTS.iter().any(|part| is_written(run.first(), part)) {
        return Behind::PartOfIt;
    }
    if is_deed(run) || run.len() > 4 {
        return Behind::Sentence;
    }
    let capitals = run
        .iter()
        .filter(|token| matches!(token, NameToken::Word { written, .. } if written.starts_with(char::is_uppercase)));
    let is_person = run.len() >= 2 && capitals.count() == run.len();
    if people > 1 || is_person { Behind::Narrows } else { Behind::PartOfIt }
}

/// Whether a word is this one: with its diacritics, or in a text that has none.
fn is_written(token: Option<&NameToken>, wanted: &str) -> bool {
    let Some(NameToken::Word { written, folded }) = token else { return false };
    let small = written.to_lowercase();
    small == wanted || (small == *folded && *folded == crate::text::fold(wanted))
}

/// How many words that only stand before names follow here.
pub(super) fn fillers(tokens: &[NameToken]) -> usize {
    tokens.iter().take_while(|token| matches!(token, NameToken::Word { folded, .. } if is_filler(folded))).count()
}

/// Whether words begin with a deed.
pub(super) fn is_deed(run: &[NameToken]) -> bool {
    DEEDS.iter().any(|deed| begins(run, deed))
}

/// Whether a body or people from outside the school are named here.
pub(super) fn begins_outside(tokens: &[NameToken]) -> bool {
    OUTSIDE.iter().any(|body| begins(tokens, body))
}

/// Whether a body or people from outside the school are named, perhaps behind "các" and the like.
pub(super) fn is_outside(tokens: &[NameToken]) -> bool {
    let start = tokens.iter().position(|token| !matches!(token, NameToken::Word { folded, .. } if is_filler(folded)));
    let rest = &tokens[start.unwrap_or(tokens.len())..];
    begins_outside(tokens) || begins_outside(rest)
}

/// Whether a name of somebody unknown follows, and no deed.
pub(super) fn is_unknown_name(tokens: &[NameToken]) -> bool {
    let length =
        tokens.iter().take_while(|token| matches!(token, NameToken::Word { folded, .. } if folded != "va")).count();
    let until_verb = (0..length).find(|place| verb(&tokens[*place..]).is_some()).unwrap_or(length);
    let run = &tokens[..until_verb];
    let office = ["chuyen", "cong", "chung", "chat", "cac", "viec", "hoat", "toan"];
    (1..=4).contains(&run.len()) && !is_deed(run) && !office.contains(&word(run.first()))
}

/// Whether more than marks and fillers follow before the end of the part.
pub(super) fn says_more(tokens: &[NameToken]) -> bool {
    let rest = tokens.iter().find(|token| !matches!(token, NameToken::Word { folded, .. } if is_filler(folded)));
    matches!(rest, Some(NameToken::Word { .. }))
}

/// Whether words before a name make another of it.
pub(super) fn is_other_before(run: &[NameToken]) -> bool {
    OTHERS.contains(&word(run.last())) || OTHERS.contains(&word(run.first()))
}

/// Whether words are a title with a given name: "cô Lan".
pub(super) fn given_in(tokens: &[NameToken]) -> bool {
    is_title(word(tokens.first()))
}
