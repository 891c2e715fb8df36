//! One sentence, read from left to right: names, and what the words around them say that each does.

mod bracket;
mod parts;

use super::super::names::{Finder, NameToken, Named};
use super::Who;
use super::lexicon::Verb;
use super::words;

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
    /// They stand before the list: "các đ/c An, Lan".
    titled: bool,
}

impl<'s> Sentence<'s> {
    /// Reads who is named in these tokens, and with what part.
    pub(super) fn read(finder: &'s Finder<'s>, tokens: &'s [NameToken]) -> Self {
        Self::read_from(finder, tokens, SentenceState { at_start: true, ..SentenceState::default() })
    }

    /// The same of a list in which given names stand without a title.
    fn read_list(finder: &'s Finder<'s>, tokens: &'s [NameToken]) -> Self {
        Self::read_from(finder, tokens, SentenceState { at_start: true, titled: true, ..SentenceState::default() })
    }

    fn read_from(finder: &'s Finder<'s>, tokens: &'s [NameToken], state: SentenceState) -> Self {
        let mut sentence = Self { finder, tokens, mentions: Vec::new(), unknown: Vec::new(), open: 0 };
        sentence.read_tokens(state);
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

    fn read_tokens(&mut self, mut state: SentenceState) {
        let mut place = 0;
        while let Some(token) = self.tokens.get(place) {
            let rest = &self.tokens[place..];
            if words::leaves_out(rest) {
                // Up to where, nobody can tell: all of it is told of.
                let ends = |token: &NameToken| matches!(token, NameToken::Mark(';') | NameToken::Line);
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                let names_somebody = (0..length).any(|at| self.finder.name_at(&rest[at..length]).is_some());
                // In free wording others are only spoken of: "nhắc nhở học sinh khi ra về".
                if !state.free || names_somebody {
                    self.unknown.push(written(&rest[..length]));
                }
                state.after_name = false;
                place += length;
                continue;
            }
            if let Some((named, length)) = self.finder.name_at(rest) {
                place += length;
                place += self.name(named, &rest[..length], &self.tokens[place..], &mut state);
                continue;
            }
            if (state.after_title || (state.titled && state.at_start))
                && let Some(named) = self.finder.given_at(rest)
            {
                self.mention(named, &mut state);
                place += 1;
                place += self.narrowed(&self.tokens[place..], &mut state);
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
            return length + self.verb(verb, &rest[..length], &rest[length..], state);
        }
        if folded == "va" {
            state.at_start = true;
            state.after_name = false;
            return 1;
        }
        // "Đội", "tập thể": a part of a list that says nothing else is somebody.
        let fillers = words::fillers(rest);
        let ends = !matches!(rest.get(fillers), Some(NameToken::Word { folded, .. }) if folded != "va");
        let goes_on = matches!(rest.get(fillers), Some(NameToken::Mark('(' | ':')));
        if state.at_start && !state.free && fillers > 0 && ends && !goes_on {
            self.unknown.push(written(&rest[..fillers]));
            state.at_start = false;
            return fillers;
        }
        if words::is_filler(folded) && !words::begins_outside(rest) && !words::begins_body(rest) {
            state.after_title |= words::is_title(&rest[0]);
            state.titled |= state.after_title;
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
                return self.narrowed(behind, state);
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
            words::Behind::PartOfIt(length) => length,
            words::Behind::Unclear => {
                self.unknown.push(format!("{} {}", last.named.name, written(run)));
                state.free = run.len() > words::LONGEST_PERSON;
                run.len()
            }
            words::Behind::Narrows | words::Behind::Elsewhere => {
                let outside = words::behind_a_name(run, 1) == words::Behind::Elsewhere;
                if let Some(mention) = self.mentions.pop() {
                    self.open = self.open.min(self.mentions.len());
                    // Whoever helps from outside the school is nobody whom the program could tell.
                    if !(outside && mention.part == TaskPart::HelpsBefore) {
                        self.unknown.push(format!("{} {}", mention.named.name, written(run)));
                    }
                }
                state.free = run.len() > words::LONGEST_PERSON;
                state.after_name = false;
                run.len()
            }
        }
    }

    /// Words that are no name, verb or filler; how many tokens they are.
    fn words(&mut self, rest: &[NameToken], state: &mut SentenceState) -> usize {
        let run = words::run(rest, self.finder);
        let length = run.len().max(1);
        let behind = &rest[length.min(rest.len())..];
        let is_alone = match behind.first() {
            Some(NameToken::Word { folded, .. }) => folded == "va" || words::verb(behind).is_some(),
            _ => true,
        };
        if state.free {
            // Whoever is added to a list behind free wording: "… mua sắm thiết bị, cô Hoa".
            let is_somebody = state.after_title || words::begins_with_capital(run);
            if state.at_start && is_alone && is_somebody && !words::is_deed(run) && run.len() <= words::LONGEST_PERSON {
                self.unknown.push(written(run));
            }
            state.at_start = false;
            state.after_title = false;
            return length;
        }
        // "GVCN 5A, 5B": of the one before.
        if state.at_start && !self.mentions.is_empty() && words::are_classes(run) {
            return length;
        }
        if state.after_name || words::is_deed(run) || run.len() > words::LONGEST_NAME {
            if !state.after_name && !words::is_deed(run) && !words::begins_outside(run) {
                self.unknown.push(written(run));
            }
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
        if !words::is_office(run) {
            self.unknown.push(written(run));
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
