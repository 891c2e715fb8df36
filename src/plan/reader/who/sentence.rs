//! One sentence, read from left to right: names, and what the words around them say that each does.

use super::super::names::{Finder, NameToken, Named};
use super::Who;
use super::words::{self, Verb};

/// What somebody does with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TaskPart {
    /// Is named, and nothing more is said.
    Named,
    /// Answers for it before all others.
    Chairs,
    /// Carries it out.
    Does,
    /// Directs, checks or plans it.
    Directs,
    /// Helps, together with whoever is named before.
    Helps,
    /// Helps, by words before the name.
    HelpsBefore,
}

#[derive(Clone, Debug)]
struct Mention {
    named: Named,
    part: TaskPart,
    /// The part comes from words before the name.
    from_before: bool,
}

/// A sentence that is being read.
pub(super) struct Sentence<'s> {
    finder: &'s Finder<'s>,
    tokens: &'s [NameToken],
    mentions: Vec<Mention>,
    unknown: Vec<String>,
    /// The first of those who are named and of whom nothing is said yet.
    open: usize,
}

/// What holds for the words that follow.
// Each is one thing that words before leave behind, and they come together in any way.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug, Default)]
struct SentenceState {
    /// The part of those who are named next, by words before them.
    before: Option<TaskPart>,
    /// Free wording goes on: words in it are no names, unless they are known and stand at the beginning of a part.
    free: bool,
    /// At the beginning of a part of a list.
    at_start: bool,
    /// The token before was a name.
    after_name: bool,
    /// Words like "thầy" or "đồng chí" stand before.
    after_title: bool,
}

impl<'s> Sentence<'s> {
    /// Reads who is named in these tokens, and with what part.
    pub(super) fn read(finder: &'s Finder<'s>, tokens: &'s [NameToken]) -> Self {
        let mut sentence = Self { finder, tokens, mentions: Vec::new(), unknown: Vec::new(), open: 0 };
        sentence.read_tokens();
        sentence
    }

    /// Adds those who are named to who answers for the task. Whoever helps together with others is kept apart: where all of
    /// them only help each other, they answer for it.
    pub(super) fn settle(self, who: &mut Who, helping: &mut Vec<Named>) {
        let has = |part: TaskPart| self.mentions.iter().any(|mention| mention.part == part);
        let chaired = has(TaskPart::Chairs);
        let done = chaired || has(TaskPart::Does) || has(TaskPart::Named);
        for Mention { named, part, .. } in self.mentions {
            match part {
                TaskPart::Chairs | TaskPart::Does => who.leads.push(named),
                TaskPart::Named if !chaired => who.leads.push(named),
                TaskPart::Directs if !done => who.leads.push(named),
                TaskPart::Helps => helping.push(named),
                TaskPart::Named | TaskPart::Directs | TaskPart::HelpsBefore => who.with.push(named),
            }
        }
        who.unknown.extend(self.unknown);
    }

    fn read_tokens(&mut self) {
        let mut state = SentenceState { at_start: true, ..SentenceState::default() };
        let mut place = 0;
        while let Some(token) = self.tokens.get(place) {
            let rest = &self.tokens[place..];
            if let Some((named, length)) = self.finder.name_at(rest) {
                place += length;
                place += self.name(named, &rest[..length], &self.tokens[place..], &mut state);
                continue;
            }
            if state.after_title
                && let Some(named) = self.finder.given_at(rest)
            {
                self.mention(named, &mut state);
                place += 1;
                continue;
            }
            match token {
                NameToken::Mark(';') | NameToken::Line => {
                    // "Chủ trì:" at the end of a line speaks of the next.
                    let goes_on = state.before.is_some() && !state.after_name && *token == NameToken::Line;
                    let before = state.before.filter(|_| goes_on);
                    self.open = self.mentions.len();
                    state = SentenceState { before, at_start: true, ..SentenceState::default() };
                    place += 1;
                }
                NameToken::Mark('(') => {
                    place += self.bracket(rest, &mut state);
                }
                NameToken::Dash if state.after_name => {
                    place += 1;
                    // "Nguyễn Văn An - Hiệu trưởng" is one person.
                    state.after_name = self
                        .finder
                        .name_at(&self.tokens[place..])
                        .is_some_and(|(named, _)| self.mentions.last().is_some_and(|last| is_one(&last.named, &named)));
                    state.at_start = true;
                }
                NameToken::Mark(_) | NameToken::Dash => {
                    state.at_start = true;
                    state.after_name = false;
                    place += 1;
                }
                NameToken::Word { folded, .. } => {
                    place += self.word(folded, rest, &mut state);
                }
            }
        }
    }

    /// A word that is no name, with those that belong to it; how many were taken up.
    fn word(&mut self, folded: &str, rest: &[NameToken], state: &mut SentenceState) -> usize {
        if let Some((verb, length)) = words::verb(rest) {
            self.verb(verb, &rest[..length], &rest[length..], state);
            return length;
        }
        if folded == "va" {
            state.at_start = true;
            state.after_name = false;
            return 1;
        }
        // "Đội", "tập thể": a part of a list that says nothing else is somebody.
        let fillers = words::fillers(rest);
        let ends = !matches!(rest.get(fillers), Some(NameToken::Word { folded, .. }) if folded != "va");
        if state.at_start && !state.free && fillers > 0 && ends && rest.get(fillers) != Some(&NameToken::Mark('(')) {
            self.unknown.push(written(&rest[..fillers]));
            state.at_start = false;
            return fillers;
        }
        if words::is_filler(folded) && !words::begins_outside(rest) {
            state.after_title |= words::is_title(folded);
            return 1;
        }
        self.words(rest, state)
    }

    /// A name that is known, and the words that may narrow it; how many of these were taken up.
    fn name(&mut self, named: Named, own: &[NameToken], behind: &[NameToken], state: &mut SentenceState) -> usize {
        if state.free && !state.at_start && state.before.is_none() {
            state.after_name = false;
            return 0;
        }
        if state.after_name
            && let Some(last) = self.mentions.last_mut()
        {
            // Two names one behind the other: "BGH nhà trường", "Hiệu trưởng Nguyễn Văn An", "NV thư viện".
            if words::is_the_school(own) || contains(&named, &last.named) {
                return 0;
            }
            if contains(&last.named, &named) {
                last.named = named;
                return self.narrowed(behind, state);
            }
            let last = self.mentions.pop().map(|mention| mention.named.name).unwrap_or_default();
            self.open = self.open.min(self.mentions.len());
            self.unknown.push(format!("{last} {}", written(own)));
            state.after_name = false;
            return 0;
        }
        // In free wording whoever begins a part and does something does it; others are only spoken of.
        state.free &= words::verb(behind).is_none() && !words::is_deed(behind);
        self.mention(named, state);
        self.narrowed(behind, state)
    }

    fn mention(&mut self, named: Named, state: &mut SentenceState) {
        let part = state.before.unwrap_or(if state.free { TaskPart::HelpsBefore } else { TaskPart::Named });
        self.mentions.push(Mention { named, part, from_before: state.before.is_some() });
        state.after_name = true;
        state.at_start = false;
        state.after_title = false;
    }

    /// Words behind a name: those that say which of several it is make another name of it.
    fn narrowed(&mut self, behind: &[NameToken], state: &mut SentenceState) -> usize {
        let run = words::run(behind, self.finder);
        if run.is_empty() {
            return 0;
        }
        let Some(last) = self.mentions.last() else { return 0 };
        match words::behind_a_name(run, last.named.people.len()) {
            words::Behind::PartOfIt => run.len(),
            words::Behind::Narrows | words::Behind::Elsewhere => {
                let outside = words::behind_a_name(run, 1) == words::Behind::Elsewhere;
                if let Some(mention) = self.mentions.pop() {
                    self.open = self.open.min(self.mentions.len());
                    // Whoever helps from outside the school is nobody whom the program could tell.
                    if !(outside && mention.part == TaskPart::HelpsBefore) {
                        self.unknown.push(format!("{} {}", mention.named.name, written(run)));
                    }
                }
                state.after_name = false;
                run.len()
            }
            words::Behind::Sentence => 0,
        }
    }

    /// What is said of those who are named before, or of those who follow.
    fn verb(&mut self, verb: Verb, own: &[NameToken], behind: &[NameToken], state: &mut SentenceState) {
        let mut behind = behind;
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
            Verb::Under | Verb::Advises => Some(TaskPart::HelpsBefore),
            Verb::Chairs | Verb::Does
                if !has_open && (names_follow || matches!(behind.first(), Some(NameToken::Line))) =>
            {
                Some(if verb == Verb::Chairs { TaskPart::Chairs } else { TaskPart::Does })
            }
            _ => None,
        };
        let part = match (verb, before) {
            (Verb::Orders | Verb::Directs, _) | (Verb::Guides, Some(_)) => Some(TaskPart::Directs),
            (Verb::Helps, None) => Some(TaskPart::Helps),
            // "PHT phụ trách chuyên môn" is an office, "PHT phụ trách" a part.
            (Verb::Chairs, None) if words::says_more(behind) && !matches!(behind.first(), Some(NameToken::Mark(_))) => {
                None
            }
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
        state.free = before.is_none() && words::says_more(behind) && verb != Verb::Chairs;
        state.before = before;
        state.at_start = before.is_some();
        state.after_name = false;
    }

    /// Those of whom nothing is said yet have this part; of several with a part by words before them only the first keeps it.
    fn give(&mut self, part: TaskPart) {
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

    /// Words in brackets: a part, another name of who stands before, or others; how many tokens they are.
    fn bracket(&mut self, rest: &[NameToken], state: &mut SentenceState) -> usize {
        let end = rest.iter().position(|token| *token == NameToken::Mark(')')).unwrap_or(rest.len());
        let inside = &rest[1..end.max(1)];
        let length = (end + 1).min(rest.len());
        let mut names = Vec::new();
        let mut place = 0;
        while place < inside.len() {
            match self.finder.name_at(&inside[place..]) {
                Some((found, length)) => {
                    names.push(found);
                    place += length;
                }
                None => place += 1,
            }
        }
        if names.is_empty() {
            let only = words::verb(inside).filter(|(_, length)| !words::says_more(&inside[*length..]));
            if let Some((verb, _)) = only
                && !self.mentions.is_empty()
            {
                // "HT (chủ trì)": of the one before alone.
                self.open = self.mentions.len() - 1;
                self.give(match verb {
                    Verb::Chairs => TaskPart::Chairs,
                    Verb::Does => TaskPart::Does,
                    Verb::Helps => TaskPart::Helps,
                    Verb::Directs | Verb::Orders | Verb::Guides | Verb::Under | Verb::Advises => TaskPart::Directs,
                });
                state.before = None;
            } else if only.is_none()
                && words::given_in(inside)
                && let Some(named) = inside.get(1..).and_then(|rest| self.finder.given_at(rest))
            {
                self.same_or_other(named, state);
            }
            return length;
        }
        for named in names {
            self.same_or_other(named, state);
        }
        state.after_name = false;
        length
    }

    /// A name in brackets behind another: the same people, fewer of them, or others.
    fn same_or_other(&mut self, named: Named, state: &mut SentenceState) {
        match self.mentions.last_mut() {
            Some(last) if contains(&named, &last.named) => {}
            Some(last) if contains(&last.named, &named) => last.named = named,
            _ => self.mention(named, state),
        }
    }

    /// Words that are no name, verb or filler; how many tokens they are.
    fn words(&mut self, rest: &[NameToken], state: &mut SentenceState) -> usize {
        let run = words::run(rest, self.finder);
        let length = run.len().max(1);
        if state.free {
            state.at_start = false;
            return length;
        }
        let behind = &rest[length.min(rest.len())..];
        let is_alone = !matches!(behind.first(), Some(NameToken::Word { .. })) || words::verb(behind).is_some();
        if state.after_name || words::is_deed(run) || run.len() > words::LONGEST_NAME {
            state.free = true;
            state.after_name = false;
            state.before = None;
            self.open = self.mentions.len();
            return length;
        }
        if is_alone {
            let is_outside = words::is_outside(run);
            let only_helps =
                state.before == Some(TaskPart::HelpsBefore) || matches!(words::verb(behind), Some((Verb::Helps, _)));
            if !(is_outside && only_helps) {
                self.unknown.push(written(run));
            }
            state.at_start = false;
            return length;
        }
        // Words before a name: an office in it ("Chủ tịch Công đoàn"), or another name than the one that is known.
        if words::is_other_before(run)
            && let Some((_, name)) = self.finder.name_at(behind)
        {
            self.unknown.push(format!("{} {}", written(run), written(&behind[..name])));
            state.at_start = false;
            return length + name;
        }
        length
    }
}

/// Whether two names are of one and the same, one of them perhaps of more people.
fn is_one(one: &Named, other: &Named) -> bool {
    contains(one, other) || contains(other, one)
}

/// Whether everybody whom `inner` means is meant by `outer`.
fn contains(outer: &Named, inner: &Named) -> bool {
    inner.people.iter().all(|person| outer.people.contains(person))
}

/// Words as they are written.
fn written(tokens: &[NameToken]) -> String {
    let words = tokens.iter().filter_map(|token| match token {
        NameToken::Word { written, .. } => Some(written.as_str()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}
