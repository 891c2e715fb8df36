//! What one clause says: patterns over the classes of its words. A clause that fits none says nothing.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::SpanFieldwise;
use jiff::civil::Date;
use regex_lite::Regex;

use crate::plan::Status;

use super::clauses::{Clause, STATEMENTS};
use super::days;
use super::lexicon::{CLASSES, Class};
use super::reading::{Asked, Matter};
use super::tokens::{AnswerToken, TokenValue};

/// What a clause says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Saying {
    Done {
        for_all: bool,
    },
    Percent(u8),
    Doing,
    NotDone,
    NotBegun,
    Blocked(Option<u8>),
    MoreTime(Due),
    /// It sets tasks apart from what is said of the others: they are not done.
    LeftOut,
    /// It only names something.
    Names,
    /// It is polite, or says that the message has come.
    Courtesy,
    /// It is understood, and changes nothing.
    Aside,
    /// It names a day to come and no more: the answer to until when.
    Day(Option<Date>),
    /// It asks for help.
    Help,
    /// It tells why.
    Reason,
    /// A person must read it.
    Person(Matter),
    /// What the clause before it says.
    Same,
    /// It will be done.
    Later,
    Unknown,
}

impl Saying {
    /// How far a task is, where it says so.
    pub(super) fn status(&self) -> Option<Status> {
        match self {
            Self::Done { .. } => Some(Status::Done),
            Self::Percent(_) | Self::Doing | Self::NotDone | Self::LeftOut => Some(Status::InProgress),
            Self::NotBegun => Some(Status::NotStarted),
            Self::Blocked(_) => Some(Status::Blocked),
            _ => None,
        }
    }

    /// How much of a hundred is done, where it says so.
    pub(super) fn percent(&self) -> Option<u8> {
        match self {
            Self::Percent(percent) | Self::Blocked(Some(percent)) => Some(*percent),
            _ => None,
        }
    }

    /// Whether nothing is to be recorded of what it is said of, and what else is said of it is in doubt.
    pub(super) fn is_unclear(&self) -> bool {
        matches!(self, Self::Unknown | Self::Later | Self::Same)
    }

    /// Whether it says how far a task is, or asks for time.
    pub(super) fn is_statement(&self) -> bool {
        self.status().is_some() || matches!(self, Self::MoreTime(_))
    }
}

/// The date that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Due {
    On(Date),
    After(SpanFieldwise),
    Unknown,
}

/// A clause that was read.
#[derive(Clone, Debug)]
pub(super) struct ReadClause {
    pub(super) saying: Saying,
    /// The bytes that tell why.
    pub(super) why: Option<Range<usize>>,
    /// The day of completion that it names.
    pub(super) done_on: Option<Date>,
}

impl ReadClause {
    /// A clause that says this and no more.
    pub(super) fn of(saying: Saying) -> Self {
        Self { saying, why: None, done_on: None }
    }
}

/// Nobody says one thing in more words, beside a reason.
const LONGEST_CLAUSE: usize = 300;
/// Names for several classes, used in patterns like those of classes.
#[rustfmt::skip]
const SETS: &[(&str, &str)] = &[
    ("Openers", "But Remaining Except Only"),
    ("Call", "Courtesy Thanks Person Office"),
    ("Naming", "Task Own Label Heading General"),
    ("General", "Rest Count Whole Ended"),
    ("Day", "Gone Coming Moment"),
    ("Ahead", "Future Today"),
    // What every statement may have beside what it needs.
    ("Common", "Call Name Naming Now Report And Comma Colon Still Able Topic Copula Fine About Because"),
    ("Obstructed", "Common Do Doing Percent Approx"),
    ("Leading", "Colon Comma Courtesy Label Heading Proposal Obstacle Hard And Because"),
    ("Work", "NotYet Not Do Done Own Begin Doing Able Help Ask Extend"),
];

/// A pattern over the classes of a clause, from its beginning (behind what leads it) to its end: a regular expression in which a
/// name stands for a class or a set. What is in no pattern is not understood.
struct Pattern {
    saying: Saying,
    /// What may stand where the shape has `_`, any number of times.
    among: &'static str,
    shape: &'static str,
    /// What must not be found in it.
    never: &'static [&'static str],
}

const fn pattern(saying: Saying, among: &'static str, shape: &'static str, never: &'static [&'static str]) -> Pattern {
    Pattern { saying, among, shape, never }
}

/// What nobody is blocked by.
#[rustfmt::skip]
const OVERCOME: &[&str] = &[
    // "Vướng mắc lần trước đã xử lý", "gặp khó khăn em báo cô", "vướng đâu mà vướng"
    "[Obstacle Hard Lack] [^Colon Because]* [Past Perfect Report Topic]", "Obstacle [^Leading].* Obstacle", "Any Courtesy*$",
    "^[^Obstacle Hard Lack]* Ended",
    // "Vướng: chờ thầy Nam làm xong": nobody knows what is done.
    "^[^Obstacle Hard Lack]* [Obstacle Hard Lack] [^Not NotYet Lack]* Done",
    // "Vướng mắc, thiếu sót: không"
    "Colon [Courtesy Person Still]* Not [Any Courtesy]*$",
    // "Vướng dạy bù nên chưa đọc thư" hinders something else.
    "Therefore [^Work]*$", "Therefore .* [Receipt Report Send]",
];

/// The first that fits is meant. What stands in parentheses is a reason, or when.
#[rustfmt::skip]
const PATTERNS: &[Pattern] = &[
    // "Có thiếu gì không ạ": behind a statement "không" asks; behind a name or a colon it answers.
    pattern(Saying::Person(Matter::Question), "Call Name",
        ".* [^Openers Call Name Naming Colon Topic Because Report] _ Not _", &[]),
    // "Em xin lùi từ 30/11 đến ngày 15/12: chờ tủ", "cho em thêm 2 tuần", "1.4 gia hạn"; "thêm 3 tháng lương" is no time.
    pattern(Saying::MoreTime(Due::Unknown), "Common Ask More",
        "(?: (?: [Task Label Courtesy Colon]* | _ Ask _ ) [Extend More] _ (?: Since? [Day] Until | Since | Until )? \
         | _ Ask _ Until ) \
         Moment? On? ([Day Span]) (?: _ ([Colon Lack].*) | [^Done Doing Past]* )", &["Span Unknown"]),
    // "Vướng mắc: không", "khó khăn:", "kiến nghị: không có gì"
    pattern(Saying::Aside, "Not Lack Fine Any Still Courtesy Ended Obstacle Hard",
        "[Obstructed]* [Obstacle Hard Proposal] [Leading]* (?: Colon | [Not Lack Ended Fine] _ )", &[]),
    // "Không gặp khó khăn gì", "hết vướng rồi"
    pattern(Saying::Aside, "Common Any More Past Perfect",
        "[Common Perfect]* [Not NotYet Lack Ended] [Still Any]* [Obstacle Hard Lack] _", &[]),
    // "Vướng: thiếu người", "1.4 vướng 3.1 chưa xong"
    pattern(Saying::Blocked(None), "Obstructed",
        "(?: _ Task _ Obstacle [Leading]* | _ Obstacle [Leading Task]* ) ([^Any Past Perfect].*)?", OVERCOME),
    // "Gặp khó khăn về kinh phí", "khó khăn chung: thiếu người"
    pattern(Saying::Blocked(None), "Obstructed",
        "_ Hard (?: [Common]* | ([Leading]* [About Lack Copula Money Resource].* | [^Any Done]* Colon .*) )", OVERCOME),
    // "Chưa có kinh phí mua tủ", "thiếu người nên chưa làm được"
    pattern(Saying::Blocked(None), "Obstructed",
        "_ (Lack [Leading]* (?: Money .* | Resource [Common Work Therefore]* ))", OVERCOME),
    pattern(Saying::Person(Matter::HandOver), "", ".* HandOver .*", &[]),
    pattern(Saying::Person(Matter::Question), "", ".* Wonder .*", &[]),
    pattern(Saying::Done { for_all: false },
        "Common Done Full Do Past Perfect Gone Since On Moment Manner Span Volume Everyone Sorry Before", "_ [Done Full] _", &[
        // "Báo cáo xong"; "xong em báo", "hoàn thành là …", "xong rồi em làm"
        "Report Done", "[Done Full] .* [Report Copula]", "[Do Perfect] [^Done Full]*$",
        // "Tiến độ hoàn thành", "theo kế hoạch: hoàn thành", "ngày hoàn thành" are headings.
        "Heading Done", "Manner Colon", "[Since On] (?: [^Day Now Since On] | $)",
        "Before (?: [^Gone] | $) | ^[^Past Perfect]* Before [^Past Perfect]*$",
        // "Công tác xong em về"; "việc hôm qua xong rồi": which?
        "About (?: [^Task Own Label] | $)", "Label [Gone Moment]",
        // "Tuần sau là xong"; "em báo lại là đã xong"; "có tủ thì xong"
        "Copula [^Past Perfect]* [Done Full]", "(?: ^ | [^Task Own Label Rest Courtesy] ) Topic",
        // "Cô Hoa đã xong" says nothing of one's own part; "cô Hoa ơi, …" calls her.
        "Name (?: [^Courtesy] .* )? [Done Full]",
        // "Hôm nay xong", "thứ Hai xong", "hoàn thành hồ sơ" may be an aim.
        "^[^Past Perfect]* Now [^Past Perfect]*$", "^[^Past Perfect]* [Done Full] [^Past Perfect]* Own [^Past Perfect]*$",
        "^[^Past Perfect Since]* Moment [^Past Perfect Since]*$", "(?: ^ | [^Since On Done Past] ) Moment",
        // Some of a task's words may name a part of it.
        "^[^Own Task]* Own [^Own Task]* (?: Own [^Own Task]* )?$",
        "(?: ^ | [^Manner] ) Span", "(?: ^ | [^Full] ) Volume | Volume [Day]", "^Remaining [^Task Own Rest]*$",
        // "Trừ 3.1 đã xong", "riêng 3.1 tất cả đã xong", "còn 3.1, 5.2 đã xong": what is done?
        "^Except [^General]*$", "^[Remaining Only] .* (?: [Task Own] .* [General] | [General] .* [Task Own] )",
        "^[Remaining Except Only] .* Task .* Task", "^[^Except]* Task .* Rest",
    ]),
    // "Còn 40%", "còn 3.1 40%": what remains, or what is done?
    pattern(Saying::Percent(0), "Common Done Do Begin Doing Past Perfect Approx Volume Manner", "_ Percent _",
        &["^Remaining [^Task Own]*$", "^Remaining [^Able Past Perfect Doing]*$"]),
    pattern(Saying::NotBegun, "Common Do Begin Any",
        "_ (?: NotYet _ [Do Own Begin] | [Do Own Begin] _ NotYet ) _", &["^[^Any]* Able [^Any]*$"]),
    // "Chưa làm được vì không có tủ"
    pattern(Saying::Blocked(None), "Common", "_ [NotYet Not] _ Do _ Able _", &["^[^Because]*$"]),
    // "Ngoài 1.4 ra chưa việc nào xong": of which?
    pattern(Saying::NotDone, "Common Do Begin Any Manner",
        "_ (?: NotYet [Common Done Do Begin Any Manner]* | Not _ (?: Done | Do _ Able ) _ )", &["^Except .* Any"]),
    pattern(Saying::Doing, "Common Doing Do Begin Manner More Past Underway",
        "_ (?: Underway | Doing _ [Do Own Begin Done] | Doing Lack Courtesy* $ ) _", &[]),
    pattern(Saying::Doing, "Common Past Perfect Do", "_ (?: Begin _ [Past Perfect] | [Past Perfect] _ Begin ) _", &[]),
    pattern(Saying::Doing, "Common Past Perfect Do Done", "_ (?: Part _ [Do Done Able] | [Do Done Able] _ Part ) _", &[]),
    // "Mai em gửi ảnh", "hồ sơ lưu tại thư viện", "em gửi qua zalo rồi"
    pattern(Saying::Aside, "Common Send Past Perfect Ahead Day Since On Ask Receipt Until More",
        "_ Send Place? _ (?: [Send About Since On Until Office Courtesy] Place _ )*", &[]),
    pattern(Saying::Aside, "Common Ask", "_ Fine _", &[]),
    pattern(Saying::Aside, "Common Invite Ask Receipt", "_ Invite _", &[]),
    // "Hết 2 triệu", "kinh phí: 1.500.000đ"; "còn 2 triệu" limits what is done.
    pattern(Saying::Aside, "Common Spend Money Approx Past Perfect", "_ Sum _", &["^[Remaining Except Only]"]),
    // "Thời gian: 20/11", "từ tháng 10"
    pattern(Saying::Aside, "Common Gone Moment Since On Past", "_ [Gone Moment] _", &[]),
    pattern(Saying::Aside, "Common Manner Span", "_ Manner _", &[]),
    pattern(Saying::Aside, "Common Do Past Perfect Manner",
        "_ (?: [Own Do] _ [Past Perfect] | [Past Perfect] _ [Own Do] ) _", &[]),
    pattern(Saying::Help, "Common Help Ask Money Resource Ahead Proposal", "_ Help _", &[]),
    pattern(Saying::Courtesy, "Common Receipt Sorry Past Perfect Ask", "_ [Receipt Sorry] _", &[]),
    // "Dạ vì chưa có kinh phí" tells why; "cảm ơn cô vì đã nhắc" is no more than polite.
    pattern(Saying::Reason, "Common", "_ Because _", &["Thanks"]),
    // "Các thầy cô xong cả rồi, còn mỗi em"
    pattern(Saying::Names, "Common", "(?: _ [Naming] _ )?",
        &["^[Remaining Except Only] [^Task Own]* [Person Name Office] [^Task Own]*$"]),
    pattern(Saying::Courtesy, "Common Ask More", "_ [Courtesy Thanks Person Report] _", &["^[Remaining Except Only]", "Naming"]),
    pattern(Saying::Aside, "Common Past Perfect", "_ [Past Perfect] _", &[]),
    // "Khoảng 15/12 ạ"
    pattern(Saying::Day(None), "Common Ask Until On Approx More", "_ Coming _", &[]),
    // "3.1 tuần sau em mới làm"; "chiều nay em làm rồi", "em làm xong chiều nay" may be over.
    pattern(Saying::Later, "Common Do Done Ahead Past Since On Until Day More",
        "_ (?: [Ahead] _ [Do Done Own] | Do _ [Ahead] ) _", &[
        "Done .* Task", "Gone", "^[^Ahead]* Done .* [Ahead]", "Past .* [Ahead] | Today .* Past | Past [^Do Own]*$",
    ]),
    pattern(Saying::Same, "Common", "_ Same _", &[]),
    // "Nếu được thì xin lùi đến 15/12": a wish, and not all of it is understood.
    pattern(Saying::MoreTime(Due::Unknown), "", ".* Extend .*", &[]),
];

struct CompiledPattern {
    saying: &'static Saying,
    shape: Regex,
    never: Vec<Regex>,
}

static COMPILED: LazyLock<Vec<CompiledPattern>> = LazyLock::new(|| {
    let of = |pattern: &'static Pattern| CompiledPattern {
        saying: &pattern.saying,
        shape: regex(&format!("^ [Openers]? (?: {} )$", pattern.shape.replace('_', &format!("[{}]*", pattern.among)))),
        never: pattern.never.iter().map(|never| regex(never)).collect(),
    };
    PATTERNS.iter().map(of).collect()
});
/// "Cô Hoa đang làm": it is somebody else of whom something is said; "cô Hoa ơi" and "cô Hoa em …" call her.
static SOMEBODY: LazyLock<Regex> = LazyLock::new(|| regex("^[^Statements]* Name [^Courtesy Person]"));
/// "1.4 xong 1.5", "1.4 xong 3.1 đang làm": tasks are named on both sides of what is said, or something is said on both sides of
/// tasks.
static NAMED_AROUND: LazyLock<Regex> = LazyLock::new(|| {
    regex("^[^Statements]* [Task Own] [^Statements]* [Statements] .* Task | [Statements] .* Task .* [Statements]")
});
/// "Xong r c": whom it is said to, at the end; "c xong c" may be anything.
static CALL: LazyLock<Regex> = LazyLock::new(|| regex("(?: Vocative [Call Name]* )+ $"));

/// The sign that stands for a class where patterns are matched, of those that mean nothing.
fn sign(class: Class) -> char {
    char::from_u32(0xE000 + class as u32).unwrap_or('\u{E000}')
}

/// The signs of a class or a set.
fn signs(name: &str) -> String {
    if name == "Statements" {
        return STATEMENTS.iter().copied().map(sign).collect();
    }
    if let Some((_, names)) = SETS.iter().find(|(set, _)| *set == name) {
        return names.split(' ').map(signs).collect();
    }
    let class = CLASSES.iter().find(|(_, class, _)| *class == name);
    #[allow(clippy::expect_used)] // the patterns are those above, and all are compiled together
    let (class, ..) = class.expect("a pattern names classes and sets");
    sign(*class).to_string()
}

fn regex(written: &str) -> Regex {
    let mut regex = String::new();
    let mut rest = written;
    while let Some(letter) = rest.chars().next() {
        let length = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
        match length {
            0 if letter == ' ' => {}
            0 => regex.push(letter),
            _ => regex.push_str(&signs(&rest[..length])),
        }
        rest = &rest[length.max(1)..];
    }
    #[allow(clippy::expect_used)] // the patterns are those above, and all are compiled together
    Regex::new(&regex).expect("a pattern is a regular expression")
}

/// Reads a clause.
pub(super) fn read(clause: &Clause, asked: &Asked<'_>) -> ReadClause {
    if clause.asks {
        return ReadClause::of(Saying::Person(Matter::Question));
    }
    let (mut head, why) = split_reason(&clause.tokens);
    // Above the tasks that it is said of it is a heading; elsewhere nobody filled it in.
    if asked.tasks.len() > 1 {
        head.pop_if(|last| last.class == Class::Colon);
    }
    if head.len() > LONGEST_CLAUSE {
        return ReadClause { why, ..ReadClause::of(Saying::Unknown) };
    }
    let mut shown: String = head.iter().map(|token| sign(token.class)).collect();
    shown.truncate(CALL.find(&shown).map_or(shown.len(), |found| found.start()));
    let (of_somebody, is_around) = (SOMEBODY.is_match(&shown), NAMED_AROUND.is_match(&shown));
    let fits = |pattern: &&CompiledPattern| {
        let is_unclear = match pattern.saying {
            Saying::Done { .. } => is_around,
            Saying::Blocked(_) | Saying::MoreTime(_) => of_somebody,
            saying => (saying.is_statement() || *saying == Saying::Later) && (is_around || of_somebody),
        };
        !is_unclear && pattern.shape.is_match(&shown) && !pattern.never.iter().any(|never| never.is_match(&shown))
    };
    let Some(pattern) = COMPILED.iter().find(fits) else {
        return ReadClause { why, ..ReadClause::of(Saying::Unknown) };
    };
    let captures = pattern.shape.captures(&shown);
    let length = sign(Class::Unknown).len_utf8();
    let group = |at: usize| {
        let found = captures.as_ref().and_then(|captures| captures.get(at))?;
        Some(found.start() / length..found.end() / length)
    };
    let percent = || head.iter().find_map(percent);
    let (told, saying) = match pattern.saying {
        Saying::Done { .. } => {
            (None, Saying::Done { for_all: head.iter().any(|token| token.class == Class::Everyone) })
        }
        Saying::Percent(_) => (None, percent().map_or(Saying::Unknown, Saying::Percent)),
        Saying::Blocked(_) => (group(1), Saying::Blocked(percent())),
        Saying::MoreTime(_) => {
            let end = group(2).map_or(head.len(), |told| told.start);
            let dues = group(1).map(|when| head[when.start..end].iter().filter_map(due).collect());
            (group(2), Saying::MoreTime(dues.and_then(days::only).unwrap_or(Due::Unknown)))
        }
        Saying::Day(_) => (None, Saying::Day(days::only(head.iter().filter_map(AnswerToken::day).collect()))),
        saying => (None, saying.clone()),
    };
    let done_on = days::only(head.iter().filter_map(AnswerToken::day).collect())
        .filter(|day| *day < asked.today && matches!(saying, Saying::Done { .. } | Saying::Aside))
        .filter(|_| !head.iter().any(|token| token.class == Class::Before));
    ReadClause { why: told.and_then(|told| free_words(&head[told])).or(why), saying, done_on }
}

/// How much of a hundred a token says.
fn percent(token: &AnswerToken) -> Option<u8> {
    match token.value {
        TokenValue::Number(percent) if token.class == Class::Percent => u8::try_from(percent).ok(),
        _ => None,
    }
}

/// The time that a token names, where it can be asked for.
fn due(token: &AnswerToken) -> Option<Due> {
    match token.value {
        TokenValue::Span(span) => Some(Due::After(span)),
        _ => token.day().map(Due::On),
    }
}

/// A clause without the reason in it, and the reason: behind "vì", up to "nên" or the end.
fn split_reason(tokens: &[AnswerToken]) -> (Vec<AnswerToken>, Option<Range<usize>>) {
    let Some(because) = tokens.iter().position(|token| token.class == Class::Because) else {
        return (tokens.to_vec(), None);
    };
    let therefore = tokens[because..].iter().position(|token| token.class == Class::Therefore);
    let end = therefore.map_or(tokens.len(), |ahead| because + ahead);
    let head = tokens[..=because].iter().chain(tokens.get(end + 1..).unwrap_or_default()).cloned().collect();
    (head, free_words(&tokens[because + 1..end]))
}

/// The bytes of free words, without what only leads to them.
fn free_words(tokens: &[AnswerToken]) -> Option<Range<usize>> {
    let leads = |token: &&AnswerToken| {
        matches!(
            token.class,
            Class::Colon | Class::Courtesy | Class::Copula | Class::Because | Class::Therefore | Class::About
        )
    };
    let start = tokens.iter().position(|token| !leads(&token))?;
    let end = tokens.iter().rposition(|token| token.class != Class::Courtesy)?;
    (start <= end).then(|| tokens[start].at.start..tokens[end].at.end)
}
