//! Tasks that an answer leaves out of what it says of all of them: "tất cả đã xong, trừ 3.1".

use crate::reply::words::{Class, Token};

use super::{Mention, Reader, Target};

/// Tasks that are left out.
#[derive(Debug)]
pub(super) struct Exception {
    /// The token that leaves them out.
    at: usize,
    /// They themselves.
    targets: Vec<Target>,
    /// Whether what follows is not about them: "ngoài 3.1 ra …".
    is_closed: bool,
}

/// Where tasks are left out.
pub(super) fn exceptions(tokens: &[Token], mentions: &[Mention]) -> Vec<Exception> {
    let leads = |class: Class| matches!(class, Class::Label | Class::Filler);
    let joins = |class: Class| leads(class) || matches!(class, Class::And | Class::Comma);
    let mention_behind = |at: usize, passes: &dyn Fn(Class) -> bool| {
        let next = (at..tokens.len())
            .find(|index| mentions.iter().any(|mention| mention.at.start == *index) || !passes(tokens[*index].class))?;
        mentions.iter().find(|mention| mention.at.start == next)
    };
    let exception = |at: usize| {
        let token = &tokens[at];
        let leaves_out = matches!(token.class, Class::Except | Class::Only | Class::Remaining);
        if !leaves_out && !matches!(token.plain.as_str(), "ngoai" | "but") {
            return None;
        }
        let mut targets = Vec::new();
        let mut end = at + 1;
        let mut next = mention_behind(end, &leads);
        while let Some(mention) = next {
            targets.push(mention.target.clone());
            end = mention.at.end;
            next = mention_behind(end, &joins);
        }
        // "All are done, but 3.1 …" goes on about that task.
        let is_last = (end..tokens.len()).find(|index| tokens[*index].class != Class::Filler);
        let stands_alone = is_last.is_none_or(|index| tokens[index].class.ends());
        // "All but 3.1 are done"
        let is_of_all = token.class == Class::But && at > 0 && tokens[at - 1].class == Class::All;
        let is_closed = is_of_all || tokens.get(end).is_some_and(|token| token.plain == "ra");
        (!targets.is_empty() && (token.class != Class::But || stands_alone || is_of_all)).then_some(Exception {
            at,
            targets,
            is_closed,
        })
    };
    (0..tokens.len()).filter_map(exception).collect()
}

impl Reader<'_> {
    /// Whether tasks are left out from this token on.
    pub(super) fn excepts(&self, index: usize) -> bool {
        self.exceptions.iter().any(|exception| exception.at == index)
    }

    /// Whether a statement that begins here stands directly behind such a token.
    pub(super) fn is_led_by_exception(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.excepts(before))
    }

    /// Whether a task is left out of what is said of all.
    pub(super) fn is_excepted(&self, target: &Target) -> bool {
        self.exceptions.iter().any(|exception| exception.targets.contains(target))
    }

    /// Whether a task is left out, and nothing is said of it where that is done.
    pub(super) fn is_set_apart(&self, target: &Target) -> bool {
        self.exceptions.iter().any(|exception| exception.is_closed && exception.targets.contains(target))
    }

    /// Whether something is left out by a name that no task of the plan has.
    pub(super) fn leaves_out_unknown(&self) -> bool {
        let is_unknown = |target: &Target| match target {
            Target::Asked(_) => false,
            Target::Other(name) => self.asked.plan.iter().all(|task| task.as_str() != name),
        };
        self.exceptions.iter().any(|exception| exception.targets.iter().any(is_unknown))
    }

    /// All tasks that were asked about, by their places, but those that are left out.
    pub(super) fn all_but_excepted(&self) -> impl Iterator<Item = usize> {
        (0..self.asked.tasks.len()).filter(|place| !self.is_excepted(&Target::Asked(*place)))
    }
}
