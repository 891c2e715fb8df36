//! What one clause says of some tasks.

use std::ops::Range;

use jiff::civil::Date;

use super::clauses::Clause;
use super::lexicon::Class;
use super::saying::{ReadClause, Saying};

/// Whom a clause is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Referent {
    /// Tasks that are named, by their places.
    These(Vec<usize>),
    /// All that are not named elsewhere.
    All,
    /// So many of those that are not named elsewhere.
    Rest(Option<usize>),
    /// Tasks that are left out of what is said of all.
    LeftOut(Vec<usize>),
}

/// What one clause says of some tasks.
#[derive(Clone, Debug)]
pub(super) struct ClauseStatement {
    pub(super) about: Referent,
    pub(super) saying: Saying,
    pub(super) why: Option<Range<usize>>,
    /// The day of completion that it names.
    pub(super) done_on: Option<Date>,
    pub(super) at: Range<usize>,
    /// Whether it says when.
    pub(super) is_dated: bool,
    /// Whether nothing in it says that it has happened.
    pub(super) is_bare: bool,
}

impl ClauseStatement {
    pub(super) fn new(about: Referent, read: ReadClause, clause: &Clause) -> Self {
        let at = clause.at();
        Self {
            about,
            saying: read.saying,
            at: at.start..read.why.as_ref().map_or(at.end, |why| at.end.max(why.end)),
            why: read.why,
            done_on: read.done_on,
            is_dated: clause.has(Class::Date) || clause.has(Class::Earlier) || clause.has(Class::Moment),
            is_bare: !clause.has(Class::Past) && !clause.has(Class::Perfect),
        }
    }
}
