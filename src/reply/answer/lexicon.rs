//! The words that answers are read by, in one table. A word that is not here says nothing.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text;

/// Each class of words, with what it does in a clause and its words; those without words are numbers, signs and names.
macro_rules! classes {
    ($($(#[$doc:meta])+ $name:ident $(= $words:literal)?;)+) => {
        /// What a word, a number or a sign does in a clause.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Class {
            $($(#[$doc])+ $name),+
        }

        /// Each class, its name, and its words.
        pub(super) const CLASSES: &[(Class, &str, &str)] =
            &[$((Class::$name, stringify!($name), concat!($($words)?))),+];
    };
}

classes! {
    /// A person, by a pronoun; first, for in a text without diacritics the first of two words is meant.
    Person = "em, e, sếp, tôi, tui, mình, chúng em, chúng tôi, bọn em, tụi em, bên em, bên tôi, bên chị, bên anh, \
        bên mình, thầy, cô, anh, chị, quý thầy cô, tổ, cháu, bác, chú, phía em, phía tổ";
    /// Asks for something.
    Ask = "xin, cho, đề nghị, mong, rất mong, phép, please, muốn, cần";
    /// The work is at its end.
    Done = "xong, xog, hthành, xong xuôi, hoàn thành, hoàn tất, ht, done, finished, completed, complete, đã song, \
        song rồi, song rùi, xong nốt, ✔, ✅, ☑, ✓";
    /// The work itself.
    Do = "làm, hoàn thiện, lm, th, thực hiện, triển khai, tiến hành, tổ chức thực hiện, thi hành, xử lý, xử lí, work, \
        started work";
    /// The work at its beginning.
    Begin = "bắt đầu, khởi động, bắt tay vào, started, begun";
    /// It goes on; the work is named behind it.
    Doing = "đang, đag, đg, đang cố, đang cố gắng, đang tập trung, đang khẩn trương, đang tích cực, đang gấp rút, \
        đang cho, tiếp tục, đang trong quá trình, đang trong giai đoạn";
    /// It goes on, said in full.
    Underway = "đang dở, đang làm dở, làm dở, in progress, under way, underway, ongoing, working on it, \
        working on this, đang hoàn thiện";
    /// A part of it.
    Part = "một phần, 1 phần, một ít, 1 ít, một chút, 1 chút, phần nào, cơ bản, sắp, sắp sửa, gần, gần như, hầu hết, \
        partly";
    /// Not yet.
    NotYet = "chưa, chx, chửa, chuwa, not yet";
    /// Not.
    Not = "không, ko, k, kg, hông, hổng, hok, hem, chẳng, chả, không kịp, chưa kịp, ko kịp, k kịp, 0, not, isn't, \
        haven't, have not, has not, is not";
    /// It has been, said before the verb.
    Perfect = "đã, đx, dã, da, have, has, already, been";
    /// It has been.
    Past = "rồi, rùi, ròi, rôi, r, vừa, mới, cuối cùng, just";
    /// A day or a time before now.
    Gone = "hôm qua, hôm kia, hôm trước, bữa trước, tuần trước, tuần rồi, tháng trước, tháng rồi, từ lâu, lâu rồi, \
        lâu r, lâu rùi, lâu ròi, từ trước, từ sớm, sáng nay, sáng qua, trưa qua, chiều qua, tối qua, đêm qua, \
        sáng hôm qua, chiều hôm qua, tối hôm qua, yesterday, last week, last month";
    /// Now.
    Now = "nay, giờ, bây giờ, hiện, hiện tại, hôm nay, đến nay, tới nay, cho đến nay, đến giờ, tính đến nay";
    /// A time to come.
    Future = "mai, ngày mai, sáng mai, chiều mai, lát, lát nữa, tuần sau, tuần tới, cuối tuần, đầu tuần sau, sẽ, \
        có thể, sau, sớm, ngay";
    /// A part of today that is to come or over.
    Today = "chiều, chiều nay, tối, tối nay";
    /// From a time on.
    Since = "từ, kể từ, since";
    /// A weekday or another time that was or is to come.
    Moment = "đầu tháng, đầu tuần, đầu năm, đầu năm học, hôm nọ, mấy hôm trước";
    /// At a time.
    On = "ngày, hôm, vào, lúc, trong, on";
    /// Before a time.
    Before = "trước, trước ngày";
    /// What was said just now, again: "1.4 xong, 3.1 cũng vậy".
    Same = "cũng thế, cũng vậy, cũng như vậy, cũng như thế, tương tự";
    /// "Thì", between what is spoken of and what is said.
    Topic = "thì";
    /// "Là".
    Copula = "là";
    /// "Được": it can be or has been done.
    Able = "được, đc, dc, đk, đạt";
    /// "Vẫn", "cũng", "có": changes nothing.
    Still = "có, bị, gặp, cũng, vẫn, vẫn còn, still, is, are, it is, it's";
    /// "Gì": makes a statement general.
    Any = "gì, nào, gì cả, đâu, đâu vào đâu";
    /// All of it, or all tasks.
    Whole = "tất cả, mọi thứ, toàn bộ, cả, đều, mọi, mọi việc, các việc, tất, all, everything, all tasks, both";
    /// "Hết": all of it, or no more of it.
    Ended = "hết";
    /// "Còn lại": the tasks that are not named, in another statement.
    Remains = "còn lại";
    /// The tasks that are not named.
    Rest = "việc còn lại, các việc còn lại, khác, kia, việc khác, mấy cái kia, mấy cái khác, cái kia, the rest, \
        the others";
    /// All who lead.
    Everyone = "cả tổ, cả trường, cả khối, mọi người, tất cả giáo viên, toàn bộ giáo viên, toàn thể giáo viên, \
        tất cả thầy cô, tất cả các thầy cô, tất cả người chủ trì, những người chủ trì, các người chủ trì, \
        các thầy cô cùng chủ trì, cả nhóm, cả nhóm chủ trì, báo cho tất cả người chủ trì, báo cho tất cả, \
        báo thay tất cả, báo thay cho tất cả, báo thay cả tổ, thay mặt tất cả, thay mặt cả tổ, thay mặt cả nhóm, \
        thay mặt các thầy cô, all leads, everybody, everyone";
    /// How well, or how timely.
    Manner = "đảm bảo yêu cầu, đảm bảo chất lượng, đảm bảo tiến độ, đạt yêu cầu, tốt, rất tốt, xuất sắc, trọn vẹn, \
        đầy đủ, đủ, đúng hạn, đúng thời hạn, đúng thời gian, đúng thời gian quy định, đúng tiến độ, đúng kế hoạch, \
        theo kế hoạch, theo đúng kế hoạch, kịp thời, theo yêu cầu, theo đúng yêu cầu, đúng yêu cầu, đúng quy định, \
        theo quy định, kịp hạn, kịp tiến độ, nghiêm túc, chu đáo, đề ra, được giao, đúng như kế hoạch, on time, \
        trước hạn, trước thời hạn, sớm hơn, sớm hơn dự kiến, sớm hơn kế hoạch, vượt tiến độ";
    /// About so much.
    Approx = "khoảng, tầm, chừng, cỡ, độ, ước, hơn, chắc, mới chỉ, chỉ, about, around";
    /// What per cents are of.
    Volume = "khối lượng, kế hoạch";
    /// Announces a task.
    Label = "cv, việc, công việc, công tác, các việc sau, các nội dung sau, phần việc của em, phần việc của tôi, \
        phần việc của mình, phần việc được giao, v/v, cô giao, thầy giao, nhà trường giao, trường giao, \
        được phân công, nội dung, nhiệm vụ, mục, tiêu chí, tc, số, task, item, criterion";
    /// Announces what the writer asks for.
    Proposal = "kiến nghị, đề xuất";
    /// Announces how far something is.
    Heading = "tiến độ, tiến độ thực hiện, tiến độ công việc, tình hình, tình hình thực hiện, tình trạng, trạng thái, \
        tỷ lệ, tỉ lệ, tỷ lệ hoàn thành, tỉ lệ hoàn thành, mức độ hoàn thành, kết quả, kết quả thực hiện, stt, tt, \
        ghi nhận, thời gian, ngày hoàn thành, thời gian hoàn thành, thời gian thực hiện";
    /// Something stands in the way; free words follow.
    Obstacle = "vướng, vướng mắc, còn vướng, blocked, blocked by";
    /// A difficulty; what it is stands behind a word that leads to it.
    Hard = "khó khăn, gặp khó khăn, gặp khó, khó khăn lớn nhất, khó khăn nhất, trở ngại";
    /// There is none of what follows.
    Lack = "thiếu, chưa có, không có, ko có, k có, không còn, ko còn, k còn, chờ, đợi, chưa được cấp, không đủ, \
        chưa đủ, lack of, no";
    /// Money.
    Money = "kinh phí, nguồn kinh phí, ngân sách, kp, chi phí, budget, money";
    /// Money goes out, or comes to so much.
    Spend = "chi, chi hết, mất, tốn, tổng, tổng cộng, tổng số, tổng số tiền, số tiền, trị giá, thanh toán, trả, \
        quyết toán, cost, spent";
    /// What else work needs.
    Resource = "tiền, vốn, người, nhân lực, nhân sự, giáo viên, nhân viên, thiết bị, vật tư, cơ sở vật chất, csvc, \
        phòng, máy, tài liệu, sách, tủ, nguồn lực, người làm";
    /// Where or of what.
    About = "về, về việc, ở, ở chỗ";
    /// Free words follow: a reason, or a remark.
    Because = "vì, do, bởi, tại, với lý do, lý do, lí do, nguyên nhân, nhờ, nhờ có, because, because of, due to, \
        ghi chú, lưu ý, chi tiết, cụ thể, note";
    /// What follows from a reason.
    Therefore = "nên, cho nên";
    /// What is said here is overcome by what follows.
    Although = "tuy, dù, mặc dù, tuy là, lúc đầu, ban đầu, trước đây, although";
    /// Parts two statements.
    But = "nhưng, nhưng mà, nhg, tuy nhiên, song, however";
    /// "Còn": another task, or what is not done.
    Remaining = "còn";
    /// Leaves out what follows.
    Except = "trừ, ngoại trừ, trừ ra, không kể, không tính, ngoài, except, except for";
    /// Sets apart what follows.
    Only = "riêng, chỉ riêng, chỉ còn, chỉ có, mỗi, chỉ còn mỗi, còn mỗi, only";
    /// Joins.
    And = "và, với, vs, cùng, &, +, and";
    /// More time.
    Extend = "lùi, lùi hạn, lùi thời hạn, lùi ngày, lùi deadline, gia hạn, dời, dời hạn, dời ngày, dời thời hạn, khất, \
        hoãn, kéo dài, kéo dài thời hạn, thêm thời gian, thêm ít thời gian, chuyển hạn, đổi hạn, extend, an extension, \
        more time";
    /// More of it.
    More = "thêm, lại, nữa, nốt, nhiều, rất nhiều";
    /// Up to a time.
    Until = "đến, tới, sang, qua, cho đến, đến mùng, tới mùng, sang mùng, until, till, to";
    /// Asks for help.
    Help = "hỗ trợ, giúp đỡ, quan tâm, bố trí, tạo điều kiện, xem xét, giải quyết, tháo gỡ, sớm cấp, cấp";
    /// Something is sent, and what: proof. "Kho" is a place only where something is kept: without marks it is "khó" too.
    Send = "gửi, nộp, đính kèm, kèm, kèm theo, gửi bổ sung, up, đưa, chụp, attached, minh chứng, ảnh, hình, \
        báo cáo kết quả, biên bản, file, tệp, danh sách, link, drive, sản phẩm, bản cứng, bản mềm, bản giấy, lưu, \
        lưu tại, lưu ở, để tại, để ở, lưu kho, lưu tại kho, lưu ở kho, lưu trong kho, để tại kho, để ở kho, \
        để trong kho";
    /// Nothing more is asked for.
    Fine = "có gì cô báo em, có gì thầy báo em, không có vấn đề gì, không cần nhắc nữa, không cần nhắc nữa đâu, \
        không cần nhắc, không nhắc nữa, đừng nhắc nữa, đóng việc này, đóng việc, kết thúc việc này, \
        không phải nhắc nữa, không gửi thư nữa, đừng gửi thư nữa, không cần gửi thư nữa, không cần gửi nữa, \
        không gửi nhắc nữa, xóa nhắc, xoá nhắc, bỏ nhắc, tắt nhắc, ngừng nhắc, dừng nhắc, khỏi nhắc, \
        không cần gia hạn, không cần gia hạn nữa, không xin lùi, không xin lùi nữa, không cần lùi nữa, \
        không xin gia hạn, không xin gia hạn nữa, không cần lùi hạn nữa, yên tâm, no problem";
    /// The message has come.
    Receipt = "nhận, đọc, xem, rõ, hiểu, nhớ, thư, tin, tin nhắn, email, mail, thông báo, đồng ý, nhất trí, tiếp thu, \
        received, noted, got it, well noted";
    /// Ends what was said, also where no sign does.
    Final = "ạ, nhé, nha, nhá, ah";
    /// Announces a report.
    Report = "bc, báo cáo, xin báo cáo, báo, báo lại, báo tin, xin báo, xin phép báo cáo, kính báo cáo, thông tin, \
        xin thông tin, cho em báo cáo, trả lời, xin trả lời, phản hồi, em bổ sung, xin bổ sung";
    /// Asks somebody to look at what is done.
    Invite = "mời, xem giúp, xem hộ em, kiểm tra, duyệt, nghiệm thu, xem qua";
    /// Politeness, behind a statement alone: elsewhere such letters may be anything.
    Vocative = "c, a, các bạn, ui, òi, oy, thôi, à nha";
    /// Gives thanks.
    Thanks = "cảm ơn, cám ơn, xin cảm ơn, xin cám ơn, chân thành cảm ơn, thanks, thank you, tks, cảm ơn bạn, \
        cám ơn bạn";
    /// Politeness and filler.
    Courtesy = "ok, oke, okie, okay, oki, 👍, 👌, re, đã quan tâm, đã giúp đỡ, đã hỗ trợ, đã tạo điều kiện, bên dưới, \
        ở dưới, dưới đây, dạ, để cô biết, để thầy biết, để cô nắm, để thầy nắm, để nhà trường biết, để nhà trường nắm, \
        được biết, vâng, alo, à, ha, ơi, thưa, kính, kính gửi, chào, xin chào, gửi lời, thân gửi, trân trọng, giúp, \
        với ạ, nhắc, đã nhắc, nhắc nhở, đã nhắc nhở, yes, hi, hello, dear, luôn, luôn ạ, này, now, 🙏, ❤, trên, đó, ấy, \
        trên đây, của, các, những, đấy, chúc, vui vẻ, cuối tuần vui vẻ, sức khỏe, mạnh khỏe, một ngày, tốt lành, \
        nhiều sức khỏe, ngày mới, ra, we, i, the, this, that, it, of, yet, for, so much, you";
    /// Excuses itself.
    Sorry = "xin lỗi, thông cảm, quên báo, mà quên báo, quên, báo muộn, báo chậm, báo trễ, trả lời muộn, trả lời chậm, \
        chậm trả lời, chậm báo, sorry";
    /// An office that letters are addressed to.
    Office = "nhà trường, ban giám hiệu, bgh, hiệu trưởng, phó hiệu trưởng, văn phòng, văn thư, tổ trưởng, tổ phó, \
        chuyên môn, hội đồng, trường, đoàn đội, công đoàn, chi bộ, trường tiểu học, trường th, trường mầm non, \
        trường thcs, trường thpt, nhóm";
    /// Where something is sent or kept; of a place nothing is said ("thư viện xong rồi").
    Place = "thư viện, phòng họp, zalo, hòm thư";
    /// The writer has nothing to do with it, or hands it on.
    HandOver = "không phải việc của, ko phải việc của, không phải của, không phải nhiệm vụ của, không thuộc, \
        phụ trách, nhầm người, gửi nhầm, nhận nhầm, chuyển công tác, chuyển trường, chuyển tổ, chuyển cho, \
        chuyển việc, chuyển tiếp, bàn giao, giao lại, giao cho, giao việc này, nghỉ hưu, về hưu, nghỉ thai sản, \
        nghỉ sinh, nghỉ việc, làm thay, thay em, làm hộ, làm giúp, việc của cô, việc của thầy, của người khác, \
        không còn ở trường, xin rút";
    /// Asks the reader something.
    Wonder = "những gì, là gì, như thế nào, thế nào, ra sao, ở đâu, nộp đâu, bao giờ, khi nào ạ, ai ạ, hỏi, mẫu nào, \
        ngày nào, sao ạ, hả, vậy cô, vậy thầy, what, when is, how";
    /// Speaks of words that were said or will be: no reason.
    Tell = "nói, trình bày, giải thích, kể";
    /// A task's number.
    Task;
    /// Words of a task.
    Own;
    /// A person's name.
    Name;
    /// A day to come.
    Coming;
    /// Days, weeks or months.
    Span;
    /// So many tasks.
    Count;
    /// A sum of money.
    Sum;
    /// So much of a hundred, and not all.
    Percent;
    /// All of a hundred.
    Full;
    /// `:`, `=`
    Colon;
    /// Anything else.
    Unknown;
    /// `,`, a bracket, a dash.
    Comma;
    /// `.`, `;`, `!`
    Stop;
    /// `?`
    Question;
    /// The end of a line.
    Line;
    /// `>`: the line is quoted.
    Quote;
}

/// A word as it is written, in the two forms in which it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LexiconWord {
    /// Without diacritics, in lower case.
    pub(super) plain: String,
    /// With diacritics, in lower case, the tone behind the letters: where it sits does not matter.
    marked: String,
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
}

impl LexiconWord {
    pub(super) fn new(written: &str, at: Range<usize>) -> Self {
        let lower = squeezed(&written.to_lowercase());
        let mut marked = String::with_capacity(lower.len());
        let mut tones = String::new();
        for letter in lower.nfd() {
            // The five tones; circumflex, breve and horn belong to their letter.
            let is_tone = matches!(letter, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
            if is_tone { tones.push(letter) } else { marked.push(letter) }
        }
        marked.push_str(&tones);
        let is_capital = written.chars().next().is_some_and(char::is_uppercase);
        Self { plain: text::fold(&lower), marked, at, is_capital }
    }

    /// Whether it is the other word, written without any of its marks.
    fn has_lost_marks_of(&self, other: &Self) -> bool {
        self.plain == other.plain && self.marked == self.plain
    }

    /// Whether it is the other word; in a text without any diacritics none are looked at.
    pub(super) fn is(&self, other: &Self, is_plain_text: bool) -> bool {
        if is_plain_text { self.plain == other.plain } else { self.marked == other.marked }
    }
}

/// "xongggg", "ạaa": a letter three times or more, whatever its marks, is one letter held down.
fn squeezed(word: &str) -> String {
    let letters: Vec<char> = word.nfc().collect();
    let base = |letter: char| letter.nfd().next();
    let is_held = |at: usize| {
        let is_same = |letter: &&char| base(**letter) == base(letters[at]);
        let run = letters[..at].iter().rev().take_while(is_same).count();
        let rest = letters[at..].iter().take_while(is_same).count();
        letters[at].is_alphabetic() && run > 0 && run + rest >= 3
    };
    (0..letters.len()).filter(|at| !is_held(*at)).map(|at| letters[at]).collect()
}

/// Whether a text has no diacritics at all, as quick typists write.
pub(super) fn is_plain(text: &str) -> bool {
    !text.nfd().any(|letter| is_combining_mark(letter) || matches!(letter, 'đ' | 'Đ'))
}

struct Phrase {
    words: Vec<LexiconWord>,
    class: Class,
}

/// The phrases by their first word without diacritics, longest first.
static PHRASES: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut by_first: HashMap<String, Vec<Phrase>> = HashMap::new();
    for (class, _, phrases) in CLASSES {
        for phrase in phrases.split(", ").filter(|phrase| !phrase.is_empty()) {
            let words: Vec<LexiconWord> = phrase.split(' ').map(|word| LexiconWord::new(word, 0..0)).collect();
            by_first.entry(words[0].plain.clone()).or_default().push(Phrase { words, class: *class });
        }
    }
    for phrases in by_first.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    by_first
});

/// The longest phrase that these words begin with: what it does, and how many words it has.
pub(super) fn recognise(words: &[LexiconWord], is_plain_text: bool) -> Option<(Class, usize)> {
    // "Da hoàn thành", "hoàn thanh": beside a word that has its marks another may have lost them.
    let is_there = |phrase: &&Phrase| {
        let pairs = || phrase.words.iter().zip(words);
        phrase.words.len() <= words.len()
            && pairs().any(|(word, written)| written.is(word, is_plain_text))
            && pairs().all(|(word, written)| written.is(word, is_plain_text) || written.has_lost_marks_of(word))
    };
    let phrase = PHRASES.get(&words.first()?.plain)?.iter().find(is_there)?;
    Some((phrase.class, phrase.words.len()))
}
