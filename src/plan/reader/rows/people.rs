//! Who leads a row's task and who helps, by all of its columns that say so.

use crate::people::RecipientId;

use super::super::headings::Field;
use super::super::mistake::{RowDoubt, RowMistake};
use super::super::names::Named;
use super::super::who::Who;
use super::Rows;
use super::line::Line;

/// A cell that only names people is no longer, in letters.
const MAX_WHO: usize = 120;

impl Rows<'_> {
    /// Who answers and who helps: no one twice.
    pub(super) fn people(&mut self, line: &Line<'_>, id: &str) -> (Vec<Named>, Vec<Named>) {
        let who = self.responsible(&self.said_lines(line, Field::Lead));
        let mut leads: Vec<Named> = Vec::new();
        for named in who.leads {
            if !is_known(&named, &leads) {
                leads.push(named);
            }
        }
        let coordinators = self.said_lines(line, Field::Coordinators);
        let mut helpers = who.with;
        helpers.extend(self.finder.all(&coordinators));
        for others in line.others(Field::Coordinators) {
            helpers.extend(self.finder.all(&others));
        }
        // Who only directs has a column of their own that lost against who does it.
        for others in line.others(Field::Lead) {
            helpers.extend(self.finder.all(&others));
        }
        helpers.extend(self.finder.ordered(&line.lines(Field::Remedy)));
        helpers.extend(self.finder.all(&line.lines(Field::Support)));
        let mut with = Vec::new();
        for named in helpers {
            if !is_known(&named, &leads) && !is_known(&named, &with) {
                with.push(named);
            }
        }
        let mut unknown_helpers = self.responsible(&coordinators).unknown_in_school();
        for others in line.others(Field::Coordinators).into_iter().chain(line.others(Field::Lead)) {
            unknown_helpers.extend(self.responsible(&others).unknown_in_school());
        }
        self.doubt_people(line, id, &leads, &who.unknown, &unknown_helpers);
        (leads, with)
    }

    /// Who does what by a text; looked up where it was read before.
    fn responsible(&mut self, written: &str) -> Who {
        if let Some(known) = self.people.get(written) {
            return known.clone();
        }
        let who = self.finder.responsible(written);
        self.people.insert(written.to_owned(), who.clone());
        who
    }

    fn doubt_people(&mut self, line: &Line<'_>, id: &str, leads: &[Named], unknown: &[String], helpers: &[String]) {
        // What stands in a long text may be any words.
        for (field, names) in [(Field::Lead, unknown), (Field::Coordinators, helpers)] {
            if self.said_lines(line, field).chars().count() <= MAX_WHO {
                for name in names {
                    self.context.strangers.meet(name);
                }
            }
        }
        if self.context.names.is_unsure() {
            return;
        }
        if leads.is_empty() {
            let settle = Some("lead = [\"…\"]".to_owned());
            self.doubt_of(id, (line, Field::Lead), RowDoubt::Row(RowMistake::NobodyKnown), settle);
        }
        let doubts = [(Field::Lead, unknown, "lead"), (Field::Coordinators, helpers, "with")];
        for (field, names, key) in doubts {
            // Where nobody is known, that is said already.
            if names.is_empty() || (key == "lead" && leads.is_empty()) {
                continue;
            }
            let known: Vec<String> = if key == "lead" {
                leads.iter().map(|named| format!("\"{}\", ", named.name)).collect()
            } else {
                Vec::new()
            };
            let settle = format!("{key} = [{}\"…\"]", known.concat());
            let doubt = RowDoubt::Row(RowMistake::UnknownNames { names: names.to_vec() });
            self.doubt_of(id, (line, field), doubt, Some(settle));
        }
    }
}

/// Whether everybody whom a name means is among those named already.
fn is_known(named: &Named, others: &[Named]) -> bool {
    named.people.iter().all(|person| others.iter().any(|other| other.people.contains(person)))
}

/// The names as the configuration writes them.
pub(super) fn names_of(named: &[Named]) -> Vec<String> {
    named.iter().map(|named| named.name.clone()).collect()
}

/// Everybody who is named, no one twice, without some.
pub(super) fn everybody(named: &[Named], without: &[RecipientId]) -> Vec<RecipientId> {
    let mut people = Vec::new();
    for person in named.iter().flat_map(|named| &named.people) {
        if !people.contains(person) && !without.contains(person) {
            people.push(*person);
        }
    }
    people
}
