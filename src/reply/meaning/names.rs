//! Where an answer names tasks.

use crate::reply::words::{self, Class, Token};

use super::{Asked, Mention, Target};

/// The words that announce the number of a task and nothing else.
const LABELS: &[&str] =
    &["viec", "viec so", "noi dung", "noi dung so", "nhiem vu", "muc", "tieu chi", "tc", "task", "item", "criterion"];

/// Where tasks are named.
pub(super) fn mentions(tokens: &[Token], asked: Asked<'_>) -> Vec<Mention> {
    let mut names: Vec<(Vec<String>, Target)> = Vec::new();
    for (place, task) in asked.tasks.iter().enumerate() {
        names.push((words::name(task.id.as_str()), Target::Asked(place)));
    }
    for (place, task) in asked.tasks.iter().enumerate() {
        let Some(criterion) = &task.criterion else { continue };
        let name = words::name(criterion);
        let bearers = asked.tasks.iter().filter(|task| task.criterion.as_ref() == Some(criterion)).count();
        if bearers == 1 && !names.iter().any(|(known, _)| *known == name) {
            names.push((name, Target::Asked(place)));
        }
    }
    for task in asked.plan {
        let name = words::name(task.as_str());
        if !names.iter().any(|(known, _)| *known == name) {
            names.push((name, Target::Other(task.as_str().to_owned())));
        }
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match mention(tokens, at, &names) {
            Some((length, target)) => {
                mentions.push(Mention { at: at..at + length, target });
                at += length;
            }
            None => at += 1,
        }
    }
    mentions
}

fn mention(tokens: &[Token], at: usize, names: &[(Vec<String>, Target)]) -> Option<(usize, Target)> {
    let is_percent = |index: usize| tokens.get(index).is_some_and(|token| token.class == Class::Percent);
    let labelled = at.checked_sub(1).is_some_and(|before| LABELS.contains(&tokens[before].plain.as_str()));
    if let Some((length, name)) = level(tokens, at) {
        let target = names.iter().find(|(known, _)| known.len() == 1 && known[0] == name);
        return Some((length, target.map_or(Target::Other(name), |(_, target)| target.clone())));
    }
    for (name, target) in names {
        let whole = name.join(" ");
        let mut seen = String::new();
        for (length, token) in (1..).zip(&tokens[at..]) {
            if token.plain.is_empty() {
                break;
            }
            if !seen.is_empty() {
                seen.push(' ');
            }
            seen.push_str(&token.plain);
            if seen == whole {
                // A bare number names a task only where it is said to, or where it heads a line.
                let is_bare = whole.bytes().all(|byte| byte.is_ascii_digit());
                let heads = (at == 0 || matches!(tokens[at - 1].class, Class::Line | Class::Dash))
                    && tokens
                        .get(at + length)
                        .is_some_and(|next| matches!(next.class, Class::Colon | Class::Stop | Class::Dash));
                if !is_percent(at + length) && (!is_bare || labelled || heads) {
                    return Some((length, target.clone()));
                }
            }
            if seen.len() >= whole.len() {
                break;
            }
        }
    }
    let token = &tokens[at];
    let is_number = token.plain.contains(|letter: char| letter.is_ascii_digit()) && !token.plain.contains('/');
    let is_counted =
        tokens.get(at + 1).is_some_and(|next| ["ngay", "tuan", "thang", "lan"].contains(&next.plain.as_str()));
    (labelled && is_number && !is_counted && !is_percent(at + 1)).then(|| (1, Target::Other(token.plain.clone())))
}

/// "Mức 4, yêu cầu 3", as messages call M4.3.
fn level(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let number = |index: usize| {
        let token: &Token = tokens.get(index)?;
        (token.class == Class::Number && token.plain.len() == 1).then_some(token.plain.as_str())
    };
    (tokens[at].plain == "muc").then_some(())?;
    let level = number(at + 1)?;
    let comma = usize::from(tokens.get(at + 2)?.class == Class::Comma);
    (tokens.get(at + 2 + comma)?.plain == "yeu cau").then_some(())?;
    let wanted = number(at + 3 + comma)?;
    Some((4 + comma, format!("m{level}.{wanted}")))
}
