//! What an alert is about, in a word that the guides explain.

use crate::closed_set::closed_set;

use super::Alert;

closed_set! {
    /// What an alert is about. Its word is that of the store.
    pub enum AlertKind {
        /// Messages reached nobody.
        Undeliverable = "undeliverable",
        /// A channel does not work at all.
        ChannelFailed = "channel_failed",
        /// A changed configuration or plan has mistakes.
        NotReloaded = "not_reloaded",
        /// Another version of the plan is in force.
        PlanChanged = "plan_changed",
        /// Another version of the plan waits until somebody takes it.
        PlanWaits = "plan_waits",
        /// The mailbox cannot be read.
        InboxFailed = "inbox_failed",
        /// An answer is not taken.
        LeftAlone = "left_alone",
        /// A mail cannot be read.
        MailUnreadable = "mail_unreadable",
        /// Answers are taken down, and stay where they are.
        NotPutAway = "not_put_away",
        /// There is no room for evidence.
        EvidenceFull = "evidence_full",
        /// An address takes no mail.
        AddressFails = "address_fails",
    }
}

impl Alert {
    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> AlertKind {
        match self {
            Self::Undeliverable { .. } => AlertKind::Undeliverable,
            Self::ChannelFailed { .. } => AlertKind::ChannelFailed,
            Self::NotReloaded { .. } => AlertKind::NotReloaded,
            Self::PlanChanged { .. } => AlertKind::PlanChanged,
            Self::PlanWaits { .. } => AlertKind::PlanWaits,
            Self::InboxFailed { .. } => AlertKind::InboxFailed,
            Self::LeftAlone { .. } => AlertKind::LeftAlone,
            Self::MailUnreadable { .. } => AlertKind::MailUnreadable,
            Self::NotPutAway { .. } => AlertKind::NotPutAway,
            Self::EvidenceFull { .. } => AlertKind::EvidenceFull,
            Self::AddressFails { .. } => AlertKind::AddressFails,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use crate::closed_set::ClosedSet;

    use super::super::sample::Sample;
    use super::super::{ComposeOptions, Composer, templates};
    use super::*;

    fn samples(sample: &Sample) -> Vec<Alert> {
        let single = [sample.undeliverable(), sample.channel_failed(), sample.not_reloaded()];
        single.into_iter().chain(sample.inbox_alerts()).chain(sample.plan_alerts()).collect()
    }

    #[test]
    fn an_alert_is_kept_under_the_word_of_its_kind() {
        let alerts = samples(&Sample::new("vi"));
        for alert in &alerts {
            assert_eq!(serde_json::to_value(alert).unwrap()["alert"], alert.kind().as_str());
        }
        let kinds: BTreeSet<AlertKind> = alerts.iter().map(Alert::kind).collect();
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), AlertKind::ALL, "there is a sample of every kind");
    }

    #[test]
    fn the_page_on_alerts_names_each_by_the_subject_of_its_mail() {
        let page = include_str!("../../docs/canh-bao.md");
        let sample = Sample::new("vi");
        let composer = Composer::new(templates::language("vi").unwrap(), templates::OwnTemplates::default()).unwrap();
        for alert in samples(&sample) {
            let start = format!("| `{}` | ", alert.kind().as_str());
            let row = page.lines().find_map(|line| line.strip_prefix(&start)).unwrap();
            let named = row.split(" | ").next().unwrap();
            let options = ComposeOptions::from(&sample.now);
            let subject = composer.alert(&sample.school, &alert, sample.recipient, options).unwrap().subject;
            for part in named.split('…') {
                assert!(subject.contains(part.trim()), "{named:?} is not the subject {subject:?}");
            }
        }
    }
}
