//! Messages that are about no task: an alert to the admin, a trial of a channel.

use jiff::ZonedDateTime;
use serde::Serialize;

use crate::compose::Alert;
use crate::language::{Language, Said};
use crate::people::{Recipient, RecipientId};
use crate::reason::Reason;
use crate::school::School;

use super::MessageFrame;

/// An alert to the admin.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct AlertView {
    #[serde(flatten)]
    frame: MessageFrame,
    #[serde(flatten)]
    alert: Alert,
}

impl AlertView {
    pub(in crate::compose) fn new(school: &School, alert: &Alert, recipient: RecipientId, now: &ZonedDateTime) -> Self {
        let frame = MessageFrame::new(school, school.settings.people.get(recipient), now.date());
        Self { frame, alert: in_words(alert, school.settings.admin_language()) }
    }
}

/// The alert with each reason in the words of a language.
fn in_words(alert: &Alert, language: Language) -> Alert {
    let mut alert = alert.clone();
    let say = |reason: &mut Reason| *reason = Reason::Said(reason.said_in(language));
    match &mut alert {
        Alert::Undeliverable { messages } => messages.iter_mut().for_each(|message| say(&mut message.reason)),
        Alert::ChannelFailed { reason, .. }
        | Alert::InboxFailed { reason }
        | Alert::MailUnreadable { reason, .. }
        | Alert::NotPutAway { reason, .. } => say(reason),
        Alert::NotReloaded { .. }
        | Alert::PlanChanged { .. }
        | Alert::PlanWaits { .. }
        | Alert::LeftAlone { .. }
        | Alert::EvidenceFull { .. }
        | Alert::AddressFails { .. } => {}
    }
    alert
}

/// A message that only shows whether messages arrive.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct TrialView<'a> {
    #[serde(flatten)]
    frame: MessageFrame,
    channel: &'a str,
    at: String,
}

impl<'a> TrialView<'a> {
    pub(in crate::compose) fn new(
        school: &School,
        channel: &'a str,
        recipient: &Recipient,
        now: &ZonedDateTime,
    ) -> Self {
        let frame = MessageFrame::new(school, recipient, now.date());
        Self { frame, channel, at: now.strftime("%H:%M:%S").to_string() }
    }
}
