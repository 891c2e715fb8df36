//! By which way something came to be known.

use crate::closed_set::closed_set;

closed_set! {
    /// By which way a report, a piece of evidence or a request for time came.
    pub enum How {
        /// On the command line.
        Command = "command",
        /// On a page, behind a link.
        Link = "link",
        /// In an answer by mail.
        Mail = "mail",
        /// In the plan's own document.
        Document = "document",
        /// In a rehearsal.
        Rehearsal = "rehearsal",
    }
}
