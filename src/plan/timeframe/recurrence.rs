//! Words that say how often rather than when: "thường xuyên", "hằng tháng", "2 lần/học kỳ". They count in the time
//! column alone; elsewhere in a plan "bồi dưỡng thường xuyên" is the name of a thing.

use super::token::Token;

/// Takes the words of recurrence out; says whether there were any.
pub(super) fn set_aside(tokens: Vec<Token>) -> (Vec<Token>, bool) {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut recurring = false;
    let mut rest = tokens.as_slice();
    while let Some(first) = rest.first() {
        match recurrence(rest) {
            0 => {
                kept.push(first.clone());
                rest = &rest[1..];
            }
            length => {
                recurring = true;
                rest = &rest[length..];
            }
        }
    }
    if !recurring {
        return (tokens, false);
    }
    // What is left behind by words taken out of the middle.
    while kept.first().is_some_and(is_loose) {
        kept.remove(0);
    }
    while kept.last().is_some_and(is_loose) {
        kept.pop();
    }
    (kept, true)
}

fn is_loose(token: &Token) -> bool {
    token.is_blank() || token.is("va") || *token == Token::Other('\n')
}

/// How many tokens at the beginning are a word of recurrence.
fn recurrence(tokens: &[Token]) -> usize {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    if (word(0, "thuong") && word(1, "xuyen"))
        || (word(0, "lien") && word(1, "tuc"))
        || (word(0, "dinh") && word(1, "ky"))
    {
        return 2;
    }
    if word(0, "hang") {
        let unit = unit(&tokens[1..]);
        return if unit > 0 { 1 + unit } else { 0 };
    }
    let in_words = ["mot", "hai", "ba", "bon"].iter().any(|number| word(0, number));
    let counted = (in_words || matches!(tokens.first(), Some(Token::Number { .. }))) && word(1, "lan");
    if counted {
        let joined = tokens.get(2).is_some_and(|token| {
            *token == Token::Stroke || ["mot", "tren", "trong", "hang"].iter().any(|word| token.is(word))
        });
        let after = if joined { unit(&tokens[3..]) } else { 0 };
        return if after > 0 { 3 + after } else { 2 };
    }
    0
}

/// How many tokens at the beginning name a unit of time.
fn unit(tokens: &[Token]) -> usize {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    match () {
        () if (word(0, "nam") && word(1, "hoc")) || (word(0, "hoc") && word(1, "ky")) => 2,
        () if ["ngay", "tuan", "thang", "quy", "nam", "ky", "hk"].iter().any(|unit| word(0, unit)) => 1,
        () => 0,
    }
}

/// Whether what is left beside the words of recurrence only says when within each week, month or quarter ("ngày
/// 20", "chiều thứ sáu tuần 2, tuần 4"), or repeats that it goes on ("theo kế hoạch").
pub(super) fn only_says_when_within(tokens: &[Token]) -> bool {
    const WITHIN: [&str; 24] = [
        "ngay", "thu", "sang", "chieu", "toi", "tuan", "dau", "cuoi", "giua", "truoc", "vao", "va", "trong", "theo",
        "ke", "hoach", "lan", "hai", "ba", "tu", "sau", "bay", "nhat", "chu",
    ];
    // "tư" is Wednesday, "từ" is from.
    let from = |token: &Token| matches!(token, Token::Word { plain, written } if plain == "tu" && written == "từ");
    tokens.iter().all(|token| match token {
        Token::Word { .. } => WITHIN.iter().any(|word| token.is(word)) && !from(token),
        Token::Number { value, .. } => *value <= 31,
        Token::Comma | Token::Dash | Token::Semicolon | Token::Other('\n') => true,
        _ => false,
    })
}
