//! Messages of ours that came back: whether a report can be believed, what it is about, and what follows from it.

use crate::compose::{Alert, NotTakenReason};
use crate::people::RecipientKind;
use crate::reply::{Bounce, Mail};
use crate::store::mail::{self, Bounced, MailOutcome, SentMessage};
use crate::store::outbox::{self, MessageKind};
use crate::store::{StoreError, StoreStep};

use super::{MailContext, left_alone};
use crate::app::notes::alerts;

/// What a report says that concerns us.
enum FailedDelivery {
    /// A message did not reach its recipient, for it did not reach this address of theirs.
    Message { message: Box<SentMessage>, address: String, reason: String },
    /// An address takes no mail: one of many that a message went to, or that of somebody we know. No message is over by that.
    Address { whose: String, address: String, reason: String },
}

impl MailContext<'_> {
    /// Notes that a message of ours came back. Returns whether it was one.
    pub(super) async fn take_bounce(&self, mail: &Mail, bounce: &Bounce) -> Result<bool, StoreError> {
        let Some(failed) = self.failed(bounce).await? else {
            // It is about none of ours, or a server that will try again.
            self.leave(&mail.key, None, None, None).await?;
            return Ok(false);
        };
        // Whoever knows the name of a message could end it otherwise.
        if !self.is_believed(mail, bounce) {
            tracing::warn!(mail = mail.key, "a report that a message came back is not believed");
            let from = mail.from.clone().unwrap_or_default();
            let about = left_alone(Some(&from), &mail.subject, NotTakenReason::UnprovenReport);
            self.leave(&mail.key, None, Some(about), None).await?;
            return Ok(false);
        }
        self.note_failure(&mail.key, failed).await?;
        Ok(true)
    }

    /// Whether a server wrote a report: its envelope names no sender, and the server that took it in does not doubt it. One
    /// without results was written by that very server, which gives them to all that comes from outside.
    fn is_believed(&self, mail: &Mail, bounce: &Bounce) -> bool {
        let is_doubted = self.inbox.authentication.as_ref().is_some_and(|server| mail.is_doubted(server));
        bounce.has_null_sender && !is_doubted
    }

    /// What a report is about: a message that it names, else an address that it names.
    async fn failed(&self, bounce: &Bounce) -> Result<Option<FailedDelivery>, StoreError> {
        let Some((first, said)) = bounce.failed.first() else { return Ok(None) };
        let mut named = Vec::new();
        for id in &bounce.about {
            let sent = self.store.sent_message(&self.school.scope().organisation, id).await?;
            named.extend(sent.filter(|sent| !sent.addresses.is_empty()));
        }
        let reached =
            |sent: &SentMessage| bounce.failed.iter().find(|(address, _)| sent.addresses.contains(address)).cloned();
        if let Some((message, (address, reason))) = named.iter().find_map(|sent| Some((sent, reached(sent)?))) {
            return Ok(Some(FailedDelivery::Message { message: Box::new(message.clone()), address, reason }));
        }
        if let Some(message) = named.into_iter().next() {
            let people = &self.school.settings.people;
            let kind = people.by_name(&message.recipient).map(|recipient| people.get(recipient).kind);
            return Ok(Some(match (kind, message.addresses.as_slice()) {
                // Their address passes mail on to another, which takes none.
                (Some(RecipientKind::Person), [only]) => {
                    let (address, reason) = (only.clone(), format!("{first}: {said}"));
                    FailedDelivery::Message { message: Box::new(message), address, reason }
                }
                // The others whom the message went to have it.
                _ => FailedDelivery::Address { whose: message.recipient, address: first.clone(), reason: said.clone() },
            }));
        }
        let known = bounce.failed.iter().find_map(|(address, reason)| {
            let whose = self.school.settings.people.get(self.writer(address)?).name.clone();
            Some(FailedDelivery::Address { whose, address: address.clone(), reason: reason.clone() })
        });
        Ok(known)
    }

    async fn note_failure(&self, key: &str, failed: FailedDelivery) -> Result<(), StoreError> {
        let scope = self.school.scope();
        let about = match &failed {
            FailedDelivery::Message { message, .. } => Some(message.id.as_str()),
            FailedDelivery::Address { .. } => None,
        };
        let mut tx = self.store.begin(&scope.organisation).await?;
        if !mail::put(&mut tx, &self.mail(key, MailOutcome::Bounce, about)).await? {
            return Ok(());
        }
        tracing::warn!(message_id = about, "a message came back");
        let alert = match failed {
            FailedDelivery::Message { message, address, reason } => {
                let people = &self.school.settings.people;
                let recipient = people.by_name(&message.recipient).map(|recipient| people.get(recipient));
                let has_next = recipient.is_some_and(|recipient| message.channel_index + 1 < recipient.via.len());
                let bounced = Bounced { message: &message, address: &address, reason: &reason, has_next };
                let is_news = mail::come_back(&mut tx, &bounced, self.now).await?;
                let whose = message.recipient.clone();
                (is_news && message.class != MessageKind::Alert)
                    .then_some((Alert::AddressFails { whose, address, reason }, key.to_owned()))
            }
            FailedDelivery::Address { whose, address, reason } => {
                // Nothing is kept of such an address, so it is told once a day.
                let moment = format!("{address}\0{}", self.school.settings.date_of(self.now));
                Some((Alert::AddressFails { whose, address, reason }, moment))
            }
        };
        if let Some((alert, moment)) = alert {
            outbox::put_alerts(&mut tx, &scope, &alerts(self.school, &alert, &moment), self.now).await?;
        }
        tx.commit(StoreStep::NoteComeBack).await
    }
}
