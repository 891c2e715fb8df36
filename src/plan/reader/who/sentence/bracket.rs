//! Words in brackets behind a name.

use super::super::super::names::{NameToken, Named};
use super::super::lexicon::Verb;
use super::super::words::{self, Behind};
use super::{Sentence, SentenceState, TaskPart, contains};

impl Sentence<'_> {
    /// Words in brackets: a part, another name of who stands before, others, or what somebody is besides; how many tokens
    /// they are.
    pub(super) fn bracket(&mut self, rest: &[NameToken], state: &mut SentenceState) -> usize {
        let end = rest.iter().position(|token| *token == NameToken::Mark(')')).unwrap_or(rest.len());
        let inside = &rest[1..end.max(1)];
        let length = (end + 1).min(rest.len());
        if let Some((verb, own)) = words::verb(inside) {
            // "HT (chủ trì)": of the one before alone. "PHT (phụ trách CSVC)" is an office.
            if !words::says_more(&inside[own..]) && !self.mentions.is_empty() {
                self.open = self.mentions.len() - 1;
                self.give(match verb {
                    Verb::Chairs => TaskPart::Chairs,
                    Verb::Does => TaskPart::Does,
                    Verb::Helps => TaskPart::Helps,
                    Verb::Directs | Verb::Orders | Verb::Guides | Verb::Under | Verb::Advises => TaskPart::Directs,
                });
                state.before = None;
                return length;
            }
        }
        let people = self.mentions.last().map_or(1, |last| last.named.people.len());
        let run = words::run(inside, self.finder);
        let is_known = run.len() == inside.len() && words::behind_a_name(run, people) == Behind::PartOfIt(run.len());
        if !is_known {
            self.others_in_bracket(inside, state);
        }
        length
    }

    /// Those who are named in brackets; given names need no title there.
    fn others_in_bracket(&mut self, inside: &[NameToken], state: &mut SentenceState) {
        let inner = Sentence::read_list(self.finder, inside);
        state.after_name &= inner.mentions.is_empty();
        self.unknown.extend(inner.unknown);
        for mention in inner.mentions {
            if mention.part == TaskPart::Named {
                self.same_or_other(mention.named, state);
            } else {
                self.mentions.push(mention);
                self.open = self.mentions.len();
            }
        }
    }

    /// A name in brackets behind another: the same people, fewer of them, or others.
    fn same_or_other(&mut self, named: Named, state: &mut SentenceState) {
        match self.mentions.last_mut() {
            Some(last) if contains(&named, &last.named) => {}
            Some(last) if contains(&last.named, &named) => last.named = named,
            _ => self.mention(named, state),
        }
    }
}
