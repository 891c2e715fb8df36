//! The words of an answer: cut out of its text, and what each can mean.
//!
//! A word is recognised as it is written, and without any diacritics; one with other diacritics is another word
//! ("chùa" is not "chưa"). Where the mark of the tone sits does not matter ("hoàn", "hòan").

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text;

/// What a piece of an answer can do in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The work is at its end: "xong", "hoàn thành".
    Done,
    /// The work itself: "làm", "thực hiện".
    Do,
    /// The work begins.
    Begin,
    /// Something stands in the way; what follows says what.
    Block,
    /// Something is missing; itself part of what stands in the way.
    Lack,
    /// More time is wanted.
    MoreTime,
    /// Not yet.
    NotYet,
    /// Not.
    Not,
    /// It has happened.
    Past,
    /// It is going on.
    Doing,
    /// Nearly.
    Nearly,
    /// It may happen, has to, is hoped for or asked about.
    Maybe,
    /// A time to come; what is said of it has not happened, unless it is said to have.
    ToCome,
    /// Only some of it.
    Partly,
    /// Leaves out what follows.
    Except,
    /// Speaks of what follows alone.
    Only,
    /// Half of it.
    Half,
    /// All that was asked about.
    All,
    /// All that was not named.
    Rest,
    /// So many of them: "cả hai".
    Every(usize),
    /// What was in the way is no more, or counted for nothing.
    Overcome,
    /// Why.
    Because,
    /// What remains: the percentage behind it is not what is done.
    Remaining,
    /// Takes back what it stands beside: "đã xong đâu".
    Unreal,
    /// Up to a date.
    Until,
    /// Parts two statements.
    But,
    /// Joins two names or two statements.
    And,
    /// Announces the number of a task.
    Label,
    /// "phần trăm", "%".
    Percent,
    /// Says nothing by itself.
    Filler,
    /// A number, or a word that begins with one.
    Number,
    /// Any other word.
    Other,
    /// `,` or a bracket.
    Comma,
    /// `:`
    Colon,
    /// A dash between blanks.
    Dash,
    /// `.`, `;` or `!`
    Stop,
    /// `?`
    Question,
    /// The end of a line.
    Line,
}

impl Class {
    /// Whether a statement ends here.
    pub(super) fn parts(self) -> bool {
        self.ends() || matches!(self, Self::Comma | Self::But | Self::And)
    }

    /// Whether a sentence ends here.
    pub(super) fn ends(self) -> bool {
        matches!(self, Self::Stop | Self::Question | Self::Line)
    }
}

/// What can be said, by what it does.
const PHRASES: &[(Class, &str)] = &[
    (
        Class::Done,
        "xong, xog, xong xuôi, hoàn thành, hoàn thành xong, hoàn tất, done, finished, finish, completed, complete",
    ),
    (Class::Do, "làm, thực hiện, triển khai, tiến hành, hoàn thiện, xử lý, xử lí, working, work, worked"),
    (Class::Begin, "bắt đầu, khởi động, mới làm, started, begun, start"),
    (
        Class::Block,
        "vướng, vướng mắc, bị vướng, đang vướng, gặp vướng mắc, khó khăn, gặp khó khăn, gặp khó, gặp trở \
         ngại, trở ngại, bế tắc, bị kẹt, kẹt, trục trặc, gặp trục trặc, blocked, blocked by, stuck, stuck on, \
         difficulty, difficulties, problem, problems",
    ),
    (
        Class::Lack,
        "thiếu, chưa có kinh phí, không có kinh phí, hết kinh phí, chưa được cấp kinh phí, chưa có tiền, \
         không có tiền, chưa có nguồn, chưa có người, không có người, không đủ, chưa đủ, lack of, lacking, no \
         money, no budget",
    ),
    (
        Class::MoreTime,
        "lùi, lùi hạn, lùi lại, lùi thời hạn, lùi thời gian, gia hạn, gia hạn thêm, dời, dời hạn, dời lại, \
         dời thời hạn, hoãn, hoãn lại, đổi hạn, chuyển hạn, kéo dài, kéo dài thời hạn, kéo dài thời gian, \
         thêm thời gian, điều chỉnh thời hạn, điều chỉnh thời gian, điều chỉnh hạn, extend, extension, an \
         extension, postpone, more time",
    ),
    (Class::NotYet, "chưa, chuwa, chx, not yet, chửa"),
    (
        Class::Not,
        "không, khoong, ko, k, kg, khg, hông, hổng, hok, hem, chẳng, chả, not, no, never, cannot, can't, isn't, aren't, \
         haven't, hasn't, didn't, don't, won't, without",
    ),
    (Class::Past, "đã, rồi, rùi, r, đc rồi, have, has, already, been, vừa, mới"),
    (Class::Doing, "đang, còn đang, vẫn đang, in progress, ongoing, under way, underway"),
    (Class::Nearly, "sắp, gần, gần như, sắp sửa, almost, nearly"),
    (
        Class::Maybe,
        "sẽ, dự kiến, dự định, cố gắng, phấn đấu, hứa, cam kết, quyết tâm, nếu, khi, khi nào, bao giờ, \
         để, mong, hy vọng, hi vọng, chắc, có lẽ, có thể, phải, cần, nên làm, trước khi, sau khi, chờ, đợi, \
         muốn, định, tưởng, coi như, xem như, coi là, xem là, như đã, \
         phân công, giao, giao cho, nhắc nhở, đôn đốc, chỉ đạo, lên kế hoạch, có kế hoạch, đăng ký, hẹn, thống nhất, hạn, \
         thời hạn, đến hạn, nhờ, bảo, nghĩ, nghĩ là, làm sao, suýt, hoặc, hay, đừng, hả, phải không, đúng không, năm ngoái, \
         năm trước, năm học trước, ưu tiên, lo, have to, has to, nobody, \
         giả sử, giá mà, giá như, lẽ ra, đáng lẽ, đáng ra, ước gì, nói, nghe, hình như, có vẻ, chỉ mới, kịp, will, if, when, once, should, would, could, plan \
         to, going to, hope, hope to, expect, to be, must, maybe, soon",
    ),
    (
        Class::ToCome,
        "mai, ngày mai, ngày kia, mốt, tuần này, tuần sau, tuần tới, tháng này, tháng sau, tháng tới, sang \
         tuần, sang tháng, hôm sau, sắp tới, tới đây, thời gian tới, chiều nay, tối nay, vài ngày nữa, ngày \
         nữa, nữa, trước ngày, tomorrow, next week, next month, this week, by",
    ),
    (
        Class::Partly,
        "một phần, phần, bước, bước đầu, giai đoạn, một số, vài, đợt, khâu, cơ bản, sơ bộ, tạm, tạm thời, hầu \
         hết, đa số, phần lớn, dự thảo, bản thảo, bản nháp, đề cương, partly, partially, mostly, part of, \
         some of, draft",
    ),
    (
        Class::Except,
        "trừ, ngoại trừ, trừ ra, không kể, chưa kể, không tính, chưa tính, không bao gồm, except, except for, excepting, \
         apart from, other than, excluding",
    ),
    (
        Class::Only,
        "mỗi, chỉ, chỉ có, chỉ mỗi, chỉ riêng, có mỗi, duy chỉ, duy chỉ có, duy có, riêng, riêng có, only, just",
    ),
    (Class::Half, "một nửa, nửa, phân nửa, half, halfway"),
    (Class::All, "tất cả, toàn bộ, mọi việc, các việc, các nội dung, các nhiệm vụ, đều, hết, hết rồi, all, everything"),
    (Class::Every(1), "một việc, 1 việc"),
    (Class::Every(2), "cả hai, cả 2, hai việc, 2 việc, both"),
    (Class::Every(3), "cả ba, cả 3, ba việc, 3 việc"),
    (Class::Every(4), "cả bốn, cả 4, bốn việc, 4 việc"),
    (Class::Every(5), "cả năm, cả 5, năm việc, 5 việc"),
    (
        Class::Rest,
        "còn lại, việc còn lại, các việc còn lại, những việc còn lại, các nội dung còn lại, các mục còn lại, các việc khác, việc khác, \
         những việc khác, việc kia, các việc kia, mấy việc kia, mấy cái kia, mấy việc khác, mấy cái khác, \
         the rest, the others",
    ),
    (
        Class::Overcome,
        "khắc phục, tháo gỡ, giải quyết, vượt qua, mặc dù, dù, tuy, bớt, hết vướng, hết khó khăn, despite, \
         although, solved, resolved",
    ),
    (
        Class::Because,
        "vì, do, bởi, bởi vì, tại, lý do, lí do, với lý do, với lí do, nguyên nhân, because, because of, due \
         to, reason, as",
    ),
    (Class::Remaining, "còn, còn thiếu, chỉ còn, chỉ còn mỗi, còn mỗi, remaining"),
    (
        Class::Unreal,
        "nhầm, báo nhầm, là nhầm, sai, là sai, đính chính, trả lại, bị trả lại, làm lại, thôi xong, thôi xong rồi, \
         chết xong, chết xong rồi, xong đời, xong phim, đâu, đâu mà, mà xong, gì mà, khó mà, sao mà, sao được, sao nổi, ngoài",
    ),
    (Class::Other, "ngoài giờ, ngoài trời, ngoài ra, đang nghỉ, đang ốm, đang bận, đang họp, đang đi công tác"),
    (Class::Until, "đến, đến ngày, cho đến, sang, sang ngày, tới, tới ngày, qua, until, till, to"),
    (Class::But, "nhưng, nhưng mà, mà, nên, tuy nhiên, song, but, however, so"),
    (Class::And, "và, &, cùng, with, and"),
    (Class::Label, "việc, việc số, nội dung, nội dung số, nhiệm vụ, mục, tiêu chí, tc, nd, số, task, item, criterion"),
    (Class::Percent, "phần trăm, percent, per cent"),
    (
        Class::Filler,
        "dạ, vâng, ạ, à, nhé, nha, em, tôi, mình, thầy, cô, anh, chị, chúng tôi, chúng em, bên em, nhà \
         trường, tổ, xin, kính, thưa, gửi, báo cáo, báo, bc, ok, oke, được, đc, cả, này, trên, các, những, \
         đó, thì, là, có, đạt, khoảng, chừng, tầm, hơn, tới nay, đến nay, hiện, hiện nay, hiện tại, nay, giờ, \
         hôm nay, hôm qua, vẫn, cũng, của, theo, được giao, trước hạn, kịp hạn, kế hoạch, yêu cầu, đúng, đúng hạn, đủ, đầy đủ, công việc, \
         khối lượng, khối lượng công việc, tiến độ, tình trạng, trạng thái, tỉ lệ, tỷ lệ, kết quả, rất, tốt, cảm ơn, gì, nào, yet, it, is, are, i, we, the, \
         this, that, yes, now, of, at, about, around, am, on, now, please, still",
    ),
];

/// Words before "xong" that make it the end of another work than a task, without diacritics: "em vừa dạy xong".
pub(super) const OTHER_WORK: &[&str] = &["day", "doc", "hop", "thi", "cham", "xem", "nghe", "bai", "ban", "bi"];
/// Words before "khó khăn" that make it somebody's need, which is no obstacle, without diacritics: "học sinh khó khăn".
pub(super) const IN_NEED: &[&str] = &["sinh", "ho", "dinh", "canh"];
/// What has a number and is a part of a school, without diacritics: "đã xong lớp 3".
pub(super) const PARTS_OF_A_SCHOOL: &[&str] = &["lop", "khoi", "phong"];
/// Words that ask for something, without diacritics: "cho em lùi hạn".
pub(super) const ASKING: &[&str] = &["xin", "cho", "mong", "de", "nghi", "can", "please", "kinh", "phep"];

/// A word in the two forms in which it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Form {
    /// Without diacritics.
    plain: String,
    /// With its diacritics, the tone behind the letters.
    marked: String,
}

impl Form {
    fn of(word: &str) -> Self {
        let lower = word.to_lowercase();
        let mut marked = String::with_capacity(lower.len());
        let mut tones = String::new();
        for letter in lower.nfd() {
            // The five tones; circumflex, breve and horn belong to their letter.
            if matches!(letter, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}') {
                tones.push(letter);
            } else {
                marked.push(letter);
            }
        }
        marked.push_str(&tones);
        Self { plain: text::fold(word), marked }
    }

    /// Whether a word as it was written, this one, is the other.
    fn is(&self, other: &Self) -> bool {
        self.marked == other.marked || (self.marked == self.plain && self.plain == other.plain)
    }
}

struct Phrase {
    forms: Vec<Form>,
    class: Class,
}

/// The phrases by their first word without diacritics, longest first.
static BY_FIRST: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut by_first: HashMap<String, Vec<Phrase>> = HashMap::new();
    for (class, phrases) in PHRASES {
        for phrase in phrases.split(", ") {
            let forms: Vec<Form> = phrase.split(' ').map(Form::of).collect();
            by_first.entry(forms[0].plain.clone()).or_default().push(Phrase { forms, class: *class });
        }
    }
    for phrases in by_first.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.forms.len()));
    }
    by_first
});

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it can do.
    pub(super) class: Class,
    /// The word without diacritics; for a phrase, its words.
    pub(super) plain: String,
    /// Where it stands.
    pub(super) at: Range<usize>,
}

/// Cuts a text into words and signs, and finds the phrases among them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let pieces = pieces(text);
    let mut tokens = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        let (class, length) = match &pieces[at] {
            Piece { word: Some(form), .. } => recognise(form, &pieces[at..]),
            Piece { class, .. } => (*class, 1),
        };
        let run = &pieces[at..at + length];
        let plain: Vec<&str> =
            run.iter().filter_map(|piece| piece.word.as_ref()).map(|form| form.plain.as_str()).collect();
        let span = run[0].at.start..run[length - 1].at.end;
        tokens.push(Token { class, plain: plain.join(" "), at: span });
        at += length;
    }
    tokens
}

/// The names of a task as tokens would show them.
pub(super) fn name(name: &str) -> Vec<String> {
    pieces(name).into_iter().filter_map(|piece| Some(piece.word?.plain)).collect()
}

fn recognise(first: &Form, pieces: &[Piece]) -> (Class, usize) {
    let matches = |phrase: &&Phrase| {
        phrase.forms.len() <= pieces.len()
            && phrase
                .forms
                .iter()
                .zip(pieces)
                .all(|(form, piece)| piece.word.as_ref().is_some_and(|word| word.is(form)))
    };
    match BY_FIRST.get(&first.plain).and_then(|phrases| phrases.iter().find(matches)) {
        Some(phrase) => (phrase.class, phrase.forms.len()),
        None => (pieces[0].class, 1),
    }
}

struct Piece {
    class: Class,
    word: Option<Form>,
    at: Range<usize>,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let length = if first.is_alphanumeric() { word_length(rest) } else { first.len_utf8() };
        let at = start..start + length;
        let before = text[..start].chars().next_back();
        let after = text[at.end..].chars().next();
        let is_apart = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
        let class = match first {
            _ if first.is_alphanumeric() => {
                let class = if first.is_ascii_digit() { Class::Number } else { Class::Other };
                pieces.push(Piece { class, word: Some(Form::of(&text[at.clone()])), at });
                rest = &rest[length..];
                continue;
            }
            ',' | '(' | ')' | '[' | ']' | '，' | '+' | '•' | '*' => Some(Class::Comma),
            ':' => Some(Class::Colon),
            '.' | ';' | '!' | '…' => Some(Class::Stop),
            '?' => Some(Class::Question),
            '\n' => Some(Class::Line),
            '%' => Some(Class::Percent),
            '&' => Some(Class::And),
            '-' | '–' | '—' | '=' if is_apart || before.is_none_or(|before| before == '\n') => Some(Class::Dash),
            '>' | '→' => Some(Class::Dash),
            _ => None,
        };
        pieces.extend(class.map(|class| Piece { class, word: None, at }));
        rest = &rest[length..];
    }
    pieces
}

/// How long the word is that a text begins with. Points and strokes within numbers belong to it ("1.4", "30/11"), and
/// apostrophes within words.
fn word_length(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let is_inner = match letter {
            '.' | '/' => before.is_alphanumeric() && next.is_some_and(|next| next.is_ascii_digit()),
            ',' | ':' => before.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit()),
            '\'' | '’' => before.is_alphabetic() && next.is_some_and(char::is_alphabetic),
            _ => letter.is_alphanumeric() || is_combining_mark(letter),
        };
        // "xong.1.5 đang làm": a word that is no number ends before a point.
        let ends = !is_inner || (letter == '.' && before.is_alphabetic() && at > 2);
        if ends {
            return at;
        }
        before = letter;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(text: &str) -> Vec<Class> {
        tokens(text).into_iter().map(|token| token.class).collect()
    }

    #[test]
    fn words_are_known_with_their_marks_wherever_those_sit_and_with_none() {
        for done in ["đã hoàn thành", "ĐÃ HOÀN THÀNH", "đã hòan thành", "da hoan thanh", "đa\u{303} hoa\u{300}n thành"]
        {
            assert_eq!(classes(&done.nfc().collect::<String>()), [Class::Past, Class::Done], "{done}");
        }
        // Other words of the same letters.
        assert_eq!(classes("chùa"), [Class::Other]);
        assert_eq!(classes("dạ"), [Class::Filler]);
        assert_eq!(classes("kết nối"), [Class::Other, Class::Other]);
    }

    #[test]
    fn numbers_keep_their_points_and_sentences_theirs() {
        let words = |text: &str| tokens(text).into_iter().map(|token| token.plain).collect::<Vec<_>>();
        assert_eq!(words("1.4. Xong"), ["1.4", "", "xong"]);
        assert_eq!(words("M4.3 62,5% 30/11/2023"), ["m4.3", "62,5", "", "30/11/2023"]);
        assert_eq!(words("Xong.1.5"), ["xong", "", "1.5"]);
        assert_eq!(classes("1.4, 1.5"), [Class::Number, Class::Comma, Class::Number]);
    }
}
