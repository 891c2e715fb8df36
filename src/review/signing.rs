//! The end of a report: who signs it, and for whom it is.

use crate::config::{ReviewPeriod, Signing};
use crate::people::{Directory, RecipientId};
use crate::schedule::ReviewId;

use super::ReviewInput;

/// Who signs where the configuration does not say, as the templates have it.
const DEFAULT_SIGNERS: [&str; 2] = ["Hiệu trưởng", "Principal"];

/// The end of a review's report and the recipients of the review, by the rule for its period.
#[must_use]
pub fn signing(facts: &ReviewInput<'_>) -> (Signing, Vec<String>) {
    let settings = &facts.school.settings;
    let rule = settings.reviews.iter().find(|rule| match facts.id {
        ReviewId::Month { .. } => matches!(rule.period, ReviewPeriod::Month(_)),
        ReviewId::Term(_) => rule.period == ReviewPeriod::Term,
        ReviewId::Year => rule.period == ReviewPeriod::Year,
    });
    let school = &settings.organisation.signing;
    let signing = rule.map_or_else(|| school.clone(), |rule| rule.signing.or(school));
    (signing, rule.map(|rule| rule.named.clone()).unwrap_or_default())
}

/// Who signs a report.
pub(super) struct Signers<'a> {
    people: &'a Directory,
    own: Vec<RecipientId>,
}

impl<'a> Signers<'a> {
    pub(super) fn of(facts: &ReviewInput<'a>) -> Self {
        Self { people: &facts.school.settings.people, own: signers(facts) }
    }

    /// Whether a lead, as the plan names them, is nobody but who signs.
    pub(super) fn are(&self, lead: &str) -> bool {
        let leads = self.people.resolve(lead).unwrap_or_default();
        !leads.is_empty() && leads.iter().all(|lead| self.own.contains(lead))
    }
}

/// Who signs: by position, which is the last line of several ("KT. Hiệu trưởng", "Phó Hiệu trưởng"), or by name.
fn signers(facts: &ReviewInput<'_>) -> Vec<RecipientId> {
    let people = &facts.school.settings.people;
    let signing = signing(facts).0;
    let position = signing.signer.as_ref().and_then(|lines| lines.last()).map(String::as_str);
    let named = signing.name.as_deref().and_then(|name| people.resolve(name));
    let held = |position: &str| people.resolve(position);
    let found = named.or_else(|| match position {
        Some(position) => held(position),
        None => DEFAULT_SIGNERS.iter().find_map(|position| held(position)),
    });
    found.map(<[RecipientId]>::to_vec).unwrap_or_default()
}
