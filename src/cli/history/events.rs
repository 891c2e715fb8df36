//! What happened to a task, event by event.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::app::plan_difference::ShownKind;
use crate::config::Settings;
use crate::plan::{Period, Status};
use crate::progress::{Effect, How, RecordedReport, RequestDecision, RequestState, TimeRequest};
use crate::reason::{Reason, in_english};
use crate::schedule::NoticeKind;
use crate::store::history::PastNotice;
use crate::store::outbox::{AttemptOutcome, NoticeState, PastAttempt, Why};
use crate::store::plans::{Change, ChangeKind};

use super::TaskHistory;

/// Something that happened, as a line of the JSON output.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum HistoryEvent<'a> {
    Plan {
        change: ChangeKind,
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<ShownPeriod>,
        #[serde(skip_serializing_if = "Option::is_none")]
        new: Option<ShownPeriod>,
    },
    /// The plan calls the task otherwise.
    Renamed { old: &'a str, new: &'a str },
    Planned {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
    },
    Attempt {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
        channel: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<&'a str>,
        outcome: AttemptOutcome,
        #[serde(serialize_with = "in_english")]
        answer: &'a Reason,
        /// From 1.
        number: usize,
        /// Whether it says something else than when it was handed over before.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        composed_anew: bool,
    },
    GivenUp {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
    },
    MayHaveArrived {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
    },
    Skipped {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    Withdrawn {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    Progress {
        status: Status,
        #[serde(skip_serializing_if = "Option::is_none")]
        percent: Option<u8>,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'a str>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        evidence: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        how: How,
        /// What it changed: `whole`, `parts`, `completes`, `closes`, `reopens` or `note`.
        effect: &'a Effect,
        /// The leads whose parts it set.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        parts: &'a [String],
        /// The day of completion, where another was told than that of the report.
        #[serde(skip_serializing_if = "Option::is_none")]
        done_on: Option<Date>,
    },
    /// Another due date was asked for.
    TimeAsked {
        due: Date,
        why: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        how: How,
    },
    /// The due date was moved.
    Postponed {
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<Date>,
        due: Date,
        why: &'a str,
        #[serde(flatten)]
        decision: DecisionFields<'a>,
    },
    /// The due date was not moved.
    NotPostponed {
        due: Date,
        #[serde(flatten)]
        decision: DecisionFields<'a>,
    },
}

#[derive(Clone, Copy, Serialize)]
pub(crate) struct DecisionFields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<&'a str>,
}

impl<'a> From<&'a RequestDecision> for DecisionFields<'a> {
    fn from(decision: &'a RequestDecision) -> Self {
        Self { by: decision.by.as_deref(), note: decision.note.as_deref() }
    }
}

#[derive(Clone, Serialize)]
pub(crate) struct NoticeFields<'a> {
    #[serde(flatten)]
    pub(crate) kind: ShownKind,
    /// What it said, or would have said, when it was told: the kind by its true days.
    #[serde(skip)]
    pub(crate) said: NoticeKind,
    pub(crate) on: Date,
    pub(crate) to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
}

impl<'a> NoticeFields<'a> {
    /// A notice as it speaks on a day.
    fn on(told: Date, notice: &'a PastNotice) -> Self {
        Self {
            kind: ShownKind(notice.kind),
            said: notice.kind.as_told_on(told, notice.day),
            on: notice.on,
            to: &notice.recipient,
            message: notice.message.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct ShownPeriod {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<Date>,
    pub(crate) due: Date,
}

impl From<Period> for ShownPeriod {
    fn from(period: Period) -> Self {
        Self { start: period.start, due: period.due }
    }
}

/// Everything that happened, by time.
pub(super) fn events<'a>(past: &'a TaskHistory, settings: &Settings) -> Vec<(Timestamp, HistoryEvent<'a>)> {
    let mut events = Vec::new();
    // That the plan calls a task otherwise is told by its names.
    let changes = past.changes.iter().filter(|change| change.kind != ChangeKind::Renumbered);
    for Change { at, kind, old, new, .. } in changes {
        let event =
            HistoryEvent::Plan { change: *kind, old: old.map(ShownPeriod::from), new: new.map(ShownPeriod::from) };
        events.push((*at, event));
    }
    for names in past.names.windows(2) {
        if let [(_, old), (at, new)] = names {
            events.push((*at, HistoryEvent::Renamed { old, new }));
        }
    }
    for notice in &past.notices {
        let attempts = notice.message.as_ref().and_then(|message| past.attempts.get(message));
        events.extend(events_of_notice(notice, attempts.map(Vec::as_slice).unwrap_or_default(), settings));
    }
    for RecordedReport { entry: report, effect, done_on } in &past.reports {
        let event = HistoryEvent::Progress {
            status: report.status,
            percent: report.percent,
            note: report.note.as_deref(),
            evidence: &report.evidence,
            by: report.by.as_deref(),
            how: report.how,
            effect,
            parts: effect.leads(),
            done_on: *done_on,
        };
        events.push((report.at, event));
    }
    for request in &past.requests {
        events.extend(events_of(request));
    }
    // Events of one instant stay as they follow from each other.
    events.sort_by_key(|(at, _)| *at);
    events
}

/// What was decided about a notice, how it was tried to tell it, and what came of that.
fn events_of_notice<'a>(
    notice: &'a PastNotice,
    attempts: &'a [PastAttempt],
    settings: &Settings,
) -> Vec<(Timestamp, HistoryEvent<'a>)> {
    let words = || NoticeFields::on(notice.on, notice);
    // An attempt is told late where the server was away.
    let words_at = |at: Timestamp| NoticeFields::on(settings.date_of(at), notice);
    let ended_at = notice.ended_at.unwrap_or(notice.decided_at);
    let why = notice.why;
    if notice.state == NoticeState::Skipped {
        return vec![(ended_at, HistoryEvent::Skipped { notice: words(), why })];
    }
    let mut events = vec![(notice.decided_at, HistoryEvent::Planned { notice: words() })];
    // What was withdrawn before an attempt was not in the message that went out.
    let told = |attempt: &&PastAttempt| notice.ended_at.is_none_or(|ended_at| attempt.at < ended_at);
    let mut before: Option<&Vec<u8>> = None;
    for (number, attempt) in (1..).zip(attempts.iter().filter(told)) {
        let (earlier, payload) = (before, attempt.payload.as_ref());
        before = payload.or(before);
        let event = HistoryEvent::Attempt {
            notice: words_at(attempt.at),
            channel: &attempt.channel,
            address: attempt.address.as_deref(),
            outcome: attempt.outcome,
            answer: &attempt.answer,
            number,
            composed_anew: payload.is_some_and(|payload| earlier.is_some_and(|earlier| earlier != payload)),
        };
        events.push((attempt.at, event));
    }
    let last = attempts.last().map_or(ended_at, |attempt| attempt.at);
    match notice.state {
        NoticeState::Withdrawn => events.push((ended_at, HistoryEvent::Withdrawn { notice: words(), why })),
        NoticeState::Dead => events.push((last, HistoryEvent::GivenUp { notice: words_at(last) })),
        NoticeState::Uncertain => events.push((last, HistoryEvent::MayHaveArrived { notice: words_at(last) })),
        NoticeState::Queued | NoticeState::Sent | NoticeState::Skipped => {}
    }
    events
}

/// What was asked about the due date, and what was decided. What was decided without being asked was decided at once.
fn events_of(request: &TimeRequest) -> Vec<(Timestamp, HistoryEvent<'_>)> {
    let TimeRequest { old, due, ref why, ref by, how, at, .. } = *request;
    let mut events = vec![(at, HistoryEvent::TimeAsked { due, why, by: by.as_deref(), how })];
    match &request.outcome {
        RequestState::Open | RequestState::Replaced | RequestState::Ended(_) => {}
        RequestState::Refused(decision) => {
            events.push((decision.at, HistoryEvent::NotPostponed { due, decision: decision.into() }));
        }
        RequestState::Accepted(decision) => {
            if decision.at == at {
                events.clear();
            }
            events.push((decision.at, HistoryEvent::Postponed { old, due, why, decision: decision.into() }));
        }
    }
    events
}
