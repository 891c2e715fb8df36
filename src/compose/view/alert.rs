//! Messages that are about no task: an alert to the admin, a trial of a channel.

use jiff::ZonedDateTime;
use serde::Serialize;

use crate::compose::Alert;
use crate::people::{Recipient, RecipientId};
use crate::school::School;

use super::MessageFrame;

/// An alert to the admin.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct AlertView<'a> {
    #[serde(flatten)]
    frame: MessageFrame,
    #[serde(flatten)]
    alert: &'a Alert,
}

impl<'a> AlertView<'a> {
    pub(in crate::compose) fn new(
        school: &School,
        alert: &'a Alert,
        recipient: RecipientId,
        now: &ZonedDateTime,
    ) -> Self {
        Self { frame: MessageFrame::new(school, school.settings.people.get(recipient), now.date()), alert }
    }
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
