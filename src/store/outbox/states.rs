//! What a message is, where it and its notices are on their way, and what came of each attempt.

use crate::closed_set::closed_set;

closed_set! {
    /// What a message is, as a whole.
    pub enum MessageKind {
        /// What one person is told about tasks.
        Reminder = "reminder",
        /// A report to the supervision team.
        Review = "review",
        /// A failure the admin must know of.
        Alert = "alert",
        /// A few words outside the notices: thanks, a request, its answer.
        Note = "note",
    }
}

closed_set! {
    /// Where a message is on its way.
    pub enum MessageState {
        /// It waits until it may go out.
        Queued = "queued",
        /// A process holds it and hands it over.
        Sending = "sending",
        /// A channel took it.
        Sent = "sent",
        /// No channel takes it.
        Dead = "dead",
        /// It may have arrived: it was handed over as often as it may be, and no answer came. It is over.
        Uncertain = "uncertain",
        /// There is nothing left in it to tell, or the admin took it out of the queue.
        Withdrawn = "withdrawn",
    }
}

closed_set! {
    /// What became of a notice.
    pub enum NoticeState {
        /// Its message waits or is on its way.
        Queued = "queued",
        /// It was told.
        Sent = "sent",
        /// Its message could not be delivered.
        Dead = "dead",
        /// It may have been told: no answer came to its message.
        Uncertain = "uncertain",
        /// It was to be told, and is not any more.
        Withdrawn = "withdrawn",
        /// It was never to be told.
        Skipped = "skipped",
    }
}

closed_set! {
    /// What came of handing a message to a channel.
    pub enum AttemptOutcome {
        /// The channel took it.
        Sent = "sent",
        /// Not now.
        Temporary = "temporary",
        /// Never to this recipient over this channel.
        Permanent = "permanent",
        /// The message itself cannot go over this channel.
        Message = "message",
        /// Refused for good, and it is not known yet whether that is about the recipient or the channel.
        Unknown = "unknown",
        /// The channel as a whole does not work.
        Channel = "channel",
        /// It may or may not have arrived: the answer never came.
        Uncertain = "uncertain",
    }
}
