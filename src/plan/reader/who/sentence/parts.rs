//! What verbs say of those who are named: who directs, who does it, who helps.

use super::super::super::names::NameToken;
use super::super::lexicon::Verb;
use super::super::words;
use super::{Sentence, SentenceState, TaskPart, written};

impl Sentence<'_> {
    /// What is said of those who are named before, or of those who follow; how many tokens behind the verb belong to it.
    pub(super) fn verb(
        &mut self,
        verb: Verb,
        own: &[NameToken],
        after: &[NameToken],
        state: &mut SentenceState,
    ) -> usize {
        let mut behind = after;
        let mut is_title = false;
        while let Some(NameToken::Mark(':')) = behind.first() {
            behind = &behind[1..];
            is_title = true;
        }
        let colon = behind.len();
        while let Some(NameToken::Word { folded, .. }) = behind.first()
            && words::is_filler(folded)
        {
            behind = &behind[1..];
        }
        let names_follow = self.finder.name_at(behind).is_some()
            || (behind.len() < colon && self.finder.given_at(behind).is_some())
            || words::is_outside(behind);
        let has_open = self.mentions.len() > self.open;
        let before = match verb {
            // "HT chỉ đạo văn thư …": who is named behind it does it. "HT chỉ đạo, …" only directs.
            // "Chỉ đạo: HT" names who directs.
            Verb::Directs if is_title && !has_open => Some(TaskPart::Directs),
            Verb::Orders if is_title && !has_open && words::is_direction(own) => Some(TaskPart::Directs),
            Verb::Guides if names_follow => Some(TaskPart::Does),
            Verb::Orders if names_follow || words::is_unknown_name(behind) => Some(TaskPart::Does),
            Verb::Helps if names_follow || words::is_unknown_name(behind) => Some(TaskPart::HelpsBefore),
            // "KT tham mưu": of whom is not said.
            Verb::Advises if has_open && !names_follow && !words::says_more(behind) => None,
            Verb::Under | Verb::Advises => Some(TaskPart::HelpsBefore),
            Verb::Chairs | Verb::Does
                if !has_open && (names_follow || matches!(behind.first(), Some(NameToken::Line))) =>
            {
                Some(if verb == Verb::Chairs { TaskPart::Chairs } else { TaskPart::Does })
            }
            _ => None,
        };
        // "PHT phụ trách chuyên môn" is an office, "PHT phụ trách" a part.
        let is_office = verb == Verb::Chairs
            && before.is_none()
            && words::says_more(behind)
            && !matches!(behind.first(), Some(NameToken::Mark(_)));
        let part = match (verb, before) {
            (Verb::Orders | Verb::Directs, _) | (Verb::Guides, Some(_)) => Some(TaskPart::Directs),
            (Verb::Helps | Verb::Advises, None) => Some(TaskPart::Helps),
            (Verb::Chairs, None) if is_office => None,
            (Verb::Chairs, None) => Some(TaskPart::Chairs),
            (Verb::Does | Verb::Guides, None) => Some(TaskPart::Does),
            (Verb::Under | Verb::Advises | Verb::Helps | Verb::Chairs | Verb::Does, _) => None,
        };
        if let Some(part) = part
            && has_open
        {
            self.give(part);
        } else if before.is_some() && has_open {
            self.open = self.mentions.len();
        }
        state.free = before.is_none() && words::says_more(behind) && verb != Verb::Chairs && !is_title;
        state.before = before;
        state.at_start = before.is_some();
        state.after_name = false;
        let office = if is_office { words::run(after, self.finder) } else { &[] };
        if !words::is_known_office(office) {
            self.unknown.push(written(own) + " " + &written(office));
        }
        office.len()
    }

    /// Those of whom nothing is said yet have this part; of several with a part by words before them only the first keeps it.
    pub(super) fn give(&mut self, part: TaskPart) {
        let open = &mut self.mentions[self.open..];
        let many = open.len() > 1;
        for (place, mention) in open.iter_mut().enumerate() {
            let keeps = mention.from_before
                && (mention.part == TaskPart::HelpsBefore || mention.part == part || !many || place == 0);
            let is_ordered = mention.from_before && mention.part == TaskPart::Does && part == TaskPart::Directs;
            if !(keeps || is_ordered) {
                mention.part = part;
            }
        }
        self.open = self.mentions.len();
    }
}
