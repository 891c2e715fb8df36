//! An invented school on which templates are tried, with a task of every kind.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::{Date, Weekday, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::{SchoolYear, WorkingDays};
use crate::closed_set::ClosedSet;
use crate::config::{
    Escalation, EvidenceSettings, KeepSettings, MonitorSettings, Organisation, ProgressSettings, Reminders, Settings,
    Signing, StoreAddress,
};
use crate::link::{LinkKey, Links, Signer};
use crate::people::{Directory, Recipient, RecipientId, RecipientKind};
use crate::plan::{Period, Plan, Status, Task, TaskId, Timeframe, timeframe::Unresolved};
use crate::progress::evidence::{Evidence, Proof};
use crate::progress::{How, Progress, ProgressEntry, RequestDecision, RequestState, TimeRequest};
use crate::review::{PlanChange, Reminded, ReviewInput, TaskChange, Undelivered};
use crate::schedule::{Notice, NoticeKind, ReviewId};
use crate::school::School;

use super::page::{
    Directed, FileMistake, Filter, FormInput, FormReceipt, Mistake, Mistakes, NoticePage, Page, PageContext,
};
use super::{
    Alert, MovedTask, NotTaken, NotTakenReason, Note, OpenQuestion, PassedOn, PlanTask, QuestionNote, ReminderFacts,
    ToRead, UndeliveredMessage, UnderstoodItem, WeeklyFacts,
};

/// The facts for one message and one page of every kind.
pub(super) struct Sample {
    pub(super) school: School,
    pub(super) progress: Progress,
    pub(super) recipient: RecipientId,
    pub(super) notices: Vec<Notice>,
    pub(super) now: ZonedDateTime,
    changes: Vec<PlanChange>,
    undelivered: Vec<Undelivered>,
    evidence: Vec<Evidence>,
    requests: Vec<TimeRequest>,
    reminded: Vec<(TaskId, Reminded)>,
}

const REVIEW: ReviewId = ReviewId::Month { year: 2023, month: 10 };

impl Sample {
    pub(super) fn new(language: &str) -> Self {
        let school = school(language);
        let now = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
        let now = now.with().date(date(2023, 10, 31)).time(time(8, 0, 0, 0)).build().unwrap_or(now);
        let recipient = RecipientId(0);
        let (today, task) = (now.date(), TaskId::new("1.1"));
        Self {
            progress: progress(&school, now.timestamp()),
            notices: notices(recipient, today),
            changes: changes(&task, today),
            evidence: vec![Evidence {
                code: "H1-1.1-01".to_owned(),
                task: task.clone(),
                number: 1,
                at: now.timestamp(),
                by: None,
                how: How::Command,
                proof: Proof::Link("https://school.example/1".to_owned()),
            }],
            requests: vec![TimeRequest {
                task: task.clone(),
                number: 1,
                at: now.timestamp(),
                by: None,
                how: How::Command,
                old: Some(today),
                due: date(2023, 11, 30),
                why: "…".to_owned(),
                outcome: RequestState::Open,
            }],
            reminded: school
                .plan
                .tasks
                .iter()
                .map(|task| (task.id.clone(), Reminded { times: 3, last: today, over: "email".to_owned() }))
                .collect(),
            undelivered: vec![Undelivered {
                on: today,
                recipient: "Hiệu trưởng".to_owned(),
                tasks: vec![task],
                reason: "550".to_owned(),
                may_have_arrived: false,
            }],
            school,
            recipient,
            now,
        }
    }

    /// What a superior reads once a week.
    pub(super) fn weekly<'a>(&'a self, revisions: &'a HashMap<TaskId, u32>) -> ReminderFacts<'a> {
        ReminderFacts { revisions, weekly: Some(WeeklyFacts { requests: &self.requests, reminded: &self.reminded }) }
    }

    /// More notices than one message shows as cards.
    pub(super) fn many_notices(&self) -> Vec<Notice> {
        self.notices.iter().chain(&self.notices).copied().collect()
    }

    pub(super) fn facts(&self) -> ReviewInput<'_> {
        ReviewInput {
            school: &self.school,
            progress: &self.progress,
            changes: &self.changes,
            undelivered: &self.undelivered,
            evidence: &self.evidence,
            requests: &self.requests,
            open_answers: 1,
            id: REVIEW,
            from: date(2023, 9, 12),
            to: date(2023, 10, 31),
            next_to: Some(date(2023, 11, 30)),
            after: Timestamp::MIN,
            before: None,
            reminded: &[],
            moment: self.now.timestamp(),
            today: self.now.date(),
        }
    }

    /// A note of every kind.
    pub(super) fn notes(&self) -> [Note; 11] {
        let task = || self.school.plan.tasks[0].name.clone();
        let (old, due) = (Some(self.now.date()), date(2023, 11, 30));
        let by = || Some(self.school.settings.people.get(self.recipient).name.clone());
        let settled = |accepted| Note::TimeSettled {
            task: task(),
            accepted,
            by: by(),
            old,
            due,
            answer: (!accepted).then(|| "…".to_owned()),
        };
        [
            Note::Thanks { task: task(), on: None },
            Note::Blocked { task: task(), by: by(), why: Some("…".to_owned()) },
            Note::TimeAsked { task: task(), number: 1, by: by(), old, due, why: "…".to_owned() },
            settled(true),
            settled(false),
            self.question(due),
            Note::Remark {
                task: task(),
                by: "Hiệu trưởng".to_owned(),
                status: "in_progress".to_owned(),
                percent: Some(60),
                says: Some("…".to_owned()),
            },
            Note::AnswerToRead(ToRead {
                id: "0123abcd".to_owned(),
                tasks: vec![task()],
                by: "Hiệu trưởng".to_owned(),
                address: Some("hieu-truong@school.example".to_owned()),
                text: "…".to_owned(),
                why: "question".to_owned(),
            }),
            Note::Asked { task: task(), by: "Hiệu trưởng".to_owned(), words: "…".to_owned() },
            Note::NotTaken(NotTaken {
                answers: None,
                subject: "…".to_owned(),
                tasks: vec![task()],
                why: NotTakenReason::NotAuthenticated,
            }),
            Note::PassedOn(PassedOn {
                message: String::new(),
                answers: None,
                tasks: vec![task()],
                taken: vec![UnderstoodItem::MoreTime { task: task(), due }],
            }),
        ]
    }

    /// A question with every doubt.
    fn question(&self, due: Date) -> Note {
        let task = || self.school.plan.tasks[0].name.clone();
        Note::Question(QuestionNote {
            message: String::new(),
            answers: None,
            tasks: vec![task()],
            taken: vec![
                UnderstoodItem::Report { task: task(), status: "in_progress".to_owned(), percent: Some(60) },
                UnderstoodItem::MoreTime { task: task(), due },
                UnderstoodItem::Evidence { task: task(), files: vec!["…".to_owned()] },
            ],
            doubts: vec![
                OpenQuestion::Nothing,
                OpenQuestion::Which { said: None },
                OpenQuestion::Which { said: Some("…".to_owned()) },
                OpenQuestion::NotAsked { task: "9.9".to_owned() },
                OpenQuestion::Unclear { task: task() },
                OpenQuestion::NoDate { task: task(), why: None },
                OpenQuestion::NoReason { task: task(), due },
                OpenQuestion::BadDate { task: task(), due, why: None },
                OpenQuestion::WhichFiles { files: vec!["…".to_owned()], proofs: Vec::new() },
            ],
            refused: vec!["…".to_owned()],
            left_out: vec!["…".to_owned()],
            no_room: vec!["…".to_owned()],
        })
    }

    /// Every page, with every mistake and without.
    pub(super) fn pages(&self) -> Vec<Page> {
        let (school, now) = (&self.school, &self.now);
        let context = PageContext {
            school,
            progress: &self.progress,
            evidence: &self.evidence,
            requests: &self.requests,
            reader: self.recipient,
            token: "…",
            now,
        };
        let answer = |task, wrong| Page::answer(&context, task, "…", FormInput::default(), wrong);
        let answers =
            school.plan.tasks.iter().flat_map(|task| [Mistakes::default(), wrong()].map(|wrong| answer(task, wrong)));
        let mut pages: Vec<Page> = answers.collect();
        pages.extend(self.receipts().map(|receipt| Page::receipt(&context, &school.plan.tasks[0], receipt)));
        pages.extend(self.decided_requests().map(|request| {
            let mistakes = Mistakes { already_decided: true, ..wrong() };
            Page::decide(&context, &school.plan.tasks[0], (&request, true), FormInput::default(), mistakes)
        }));
        let all: Vec<(&Task, String)> = school.plan.tasks.iter().map(|task| (task, "…".to_owned())).collect();
        pages.push(Page::overview(&context, &all));
        pages.push(Page::overview(&context, &[]));
        for (directed, wrong) in [(Some(Directed::Asked), Mistakes::default()), (None, wrong())] {
            let forms = (FormInput::default(), wrong);
            let link = Some("…".to_owned());
            pages.push(Page::superior(&context, &school.plan.tasks[1], ("…", link), directed, forms));
        }
        pages.push(Page::status(&context, Filter::default()));
        pages.push(Page::status(&context, Filter::new("done", "9", "…", "7")));
        let notices = [
            NoticePage::Home,
            NoticePage::Gone,
            NoticePage::Busy,
            NoticePage::Method,
            NoticePage::TooLarge,
            NoticePage::Broken,
        ];
        pages.extend(notices.map(|notice| Page::notice(school, notice, now)));
        pages
    }

    /// What can become of a form.
    fn receipts(&self) -> [FormReceipt; 4] {
        let task = || self.school.plan.tasks[0].name.clone();
        let report = |status: Status| FormReceipt::Report {
            task: task(),
            status: status.as_str().to_owned(),
            percent: Some(60),
            period: (status == Status::Done).then(|| "2023-10".to_owned()),
            note: Some("…".to_owned()),
            things: vec!["https://school.example/1".to_owned()],
            done_on: Some(self.now.date()),
            for_all: true,
        };
        let asked = FormReceipt::Time { task: task(), due: self.now.date(), why: "…".to_owned() };
        [report(Status::Done), report(Status::InProgress), report(Status::Blocked), asked]
    }

    /// A request for time in every state.
    fn decided_requests(&self) -> [TimeRequest; 4] {
        let decision = RequestDecision { at: self.now.timestamp(), by: None, note: Some("…".to_owned()) };
        let states = [
            RequestState::Open,
            RequestState::Replaced,
            RequestState::Accepted(decision.clone()),
            RequestState::Refused(decision),
        ];
        states.map(|outcome| TimeRequest { outcome, ..self.requests[0].clone() })
    }

    /// Links that no server takes.
    pub(super) fn links(&self) -> Links {
        let signer = Signer::new(LinkKey::for_rehearsals(), self.school.settings.organisation.id.as_str());
        Links::new(signer, self.school.plan.number.as_str(), "https://school.example", 1)
    }

    pub(super) fn undeliverable(&self) -> Alert {
        let recipient = self.school.settings.people.get(self.recipient).name.clone();
        Alert::Undeliverable { messages: vec![UndeliveredMessage { recipient, reason: "550".into() }] }
    }

    pub(super) fn channel_failed(&self) -> Alert {
        Alert::ChannelFailed {
            channel: self.school.settings.people.get(self.recipient).via[0].clone(),
            reason: "535".into(),
        }
    }

    /// The alerts about the mailbox.
    pub(super) fn inbox_alerts(&self) -> [Alert; 6] {
        let whose = self.school.settings.people.get(self.recipient).name.clone();
        [
            Alert::InboxFailed { reason: "…".into() },
            Alert::LeftAlone {
                from: "a@school.example".to_owned(),
                subject: "…".to_owned(),
                why: NotTakenReason::NotAuthenticated,
                bears: Some("mx.school.example".to_owned()),
                wants: Some("mx.example".to_owned()),
            },
            Alert::MailUnreadable {
                from: "a@school.example".to_owned(),
                subject: "…".to_owned(),
                date: "…".to_owned(),
                message_id: "…".to_owned(),
                reason: "…".into(),
            },
            Alert::NotPutAway { folder: "…".to_owned(), reason: "…".into() },
            Alert::EvidenceFull { names: "…".to_owned(), used_mb: 1, max_mb: 1 },
            Alert::AddressFails { whose, address: "a@school.example".to_owned(), reason: "550".to_owned() },
        ]
    }

    /// The alerts about another version of the plan.
    pub(super) fn plan_alerts(&self) -> [Alert; 2] {
        let task = &self.school.plan.tasks[0];
        let named = || PlanTask { name: task.name.clone(), remedy: task.remedy.clone() };
        let moved = MovedTask { task: named(), old: None, due: Some(self.now.date()) };
        [
            Alert::PlanChanged { removed: vec![named()], moved: vec![moved], difference: "…".to_owned() },
            Alert::PlanWaits { vanished: vec![named()], of: 1, new: 1 },
        ]
    }

    pub(super) fn not_reloaded(&self) -> Alert {
        Alert::NotReloaded { complaint: format!("error: {}", self.school.plan.number) }
    }
}

/// Every mistake of a form.
fn wrong() -> Mistakes {
    Mistakes {
        status: Some(Mistake::MissingStatus),
        percent: Some(Mistake::BadPercent),
        note: Some(Mistake::TooLong),
        done_on: Some(Mistake::FutureDate),
        link: Some(Mistake::BadLink),
        files: vec![FileMistake { name: Some("…".to_owned()), mistake: Mistake::UnknownFile }],
        due: Some(Mistake::BadDate),
        why: Some(Mistake::MissingWhy),
        decision: Some(Mistake::MissingDecision),
        form: Some(Mistake::TooLarge),
        files_again: true,
        already_decided: false,
    }
}

/// A notice of every kind about a task.
fn notices(recipient: RecipientId, today: Date) -> Vec<Notice> {
    let kinds = [
        NoticeKind::Escalation(8),
        NoticeKind::Overdue(8),
        NoticeKind::Before(1),
        NoticeKind::Start,
        NoticeKind::SelfCheck(REVIEW),
        NoticeKind::SelfCheck(REVIEW),
    ];
    let notices =
        (0..).zip(kinds).map(|(task, kind)| Notice { task: Some(task), kind, recipient, day: today, on: today });
    notices.collect()
}

/// A report of every status.
fn progress(school: &School, at: Timestamp) -> Progress {
    let mut progress = Progress::default();
    for (task, status) in school.plan.tasks.iter().zip(Status::ALL.iter().copied()) {
        let entry = ProgressEntry {
            at,
            status,
            percent: Some(60),
            note: Some("…".to_owned()),
            evidence: vec!["https://school.example/1".to_owned()],
            by: None,
            how: How::Command,
        };
        progress.add(task.id.clone(), entry);
    }
    progress
}

/// A change of every kind.
fn changes(task: &TaskId, today: Date) -> Vec<PlanChange> {
    let period = Some(Period { start: None, due: today });
    let what =
        [TaskChange::Added, TaskChange::Removed, TaskChange::Reworded, TaskChange::Moved { from: period, to: None }];
    what.map(|what| PlanChange {
        at: today,
        task: task.clone(),
        name: "1.1".to_owned(),
        what,
        why: Some("…".to_owned()),
    })
    .into()
}

fn settings(language: &str) -> Settings {
    let principal = Recipient {
        name: "Hiệu trưởng".to_owned(),
        kind: RecipientKind::Person,
        roles: vec!["Hiệu trưởng".to_owned()],
        email: Some("hieu-truong@school.example".to_owned()),
        phone: None,
        address: None,
        via: vec!["email".to_owned()],
        chats: BTreeMap::new(),
        away: Vec::new(),
    };
    let year = (date(2023, 9, 5), date(2024, 1, 14), date(2024, 5, 31));
    // Dates in order always make a school year.
    #[allow(clippy::expect_used)]
    let school_year = SchoolYear::new(year.0, vec![year.1, year.2], year.2).expect("the dates are in order");
    Settings {
        progress: ProgressSettings::default(),
        file: "nhacviec.toml".into(),
        plan: "plan.toml".into(),
        holidays: None,
        people_lists: Vec::new(),
        templates: None,
        store: StoreAddress::Memory,
        state: std::path::PathBuf::new(),
        evidence: EvidenceSettings { directory: std::path::PathBuf::new(), max_total: 0 },
        time_zone: TimeZone::UTC,
        language: language.to_owned(),
        admin: vec![RecipientId(0)],
        organisation: Organisation {
            id: "school".to_owned(),
            name: "Trường Tiểu học".to_owned(),
            authority: None,
            place: None,
            symbol: None,
            signing: Signing::default(),
        },
        school_year,
        working_days: WorkingDays::new([], [], []),
        reminders: Reminders::default(),
        escalations: vec![Escalation { after: 7, to: vec![RecipientId(0)], day: Some(Weekday::Monday) }],
        reviews: Vec::new(),
        people: Directory::new(vec![principal], []),
        monitor: MonitorSettings::default(),
        keep: KeepSettings::default(),
        site: None,
        inbox: None,
    }
}

fn school(language: &str) -> School {
    let periods = [
        Some((None, date(2023, 10, 23))),
        Some((None, date(2023, 10, 23))),
        Some((Some(date(2023, 10, 1)), date(2023, 10, 31))),
        Some((Some(date(2023, 10, 31)), date(2023, 12, 31))),
        None,
        Some((None, date(2023, 10, 1))),
        Some((None, date(2023, 11, 15))),
    ];
    let tasks = (1..).zip(periods).map(|(number, period)| task(number, period)).collect();
    let plan = Plan {
        number: "1/KH".to_owned(),
        framework: None,
        title: "Kế hoạch".to_owned(),
        issued: date(2023, 9, 12),
        standards: [("1".to_owned(), "Tổ chức".to_owned())].into(),
        tasks,
    };
    School { settings: Arc::new(settings(language)), plan, plan_hash: String::new() }
}

/// The start, where there is one, and the due date.
type Dates = (Option<Date>, Date);

fn task(number: u8, period: Option<Dates>) -> Task {
    let with_criterion = number != 3;
    let timeframe = match period {
        Some((start, due)) => Timeframe::Resolved(Period { start, due }),
        None => Timeframe::Unresolved(Unresolved::MonthMissing),
    };
    Task {
        id: TaskId::new(&format!("1.{number}")),
        name: format!("1.{number}"),
        criterion: with_criterion.then(|| format!("1.{number}")),
        current_state: with_criterion.then(|| "…".to_owned()),
        remedy: "…".to_owned(),
        responsible: None,
        lead: vec!["Hiệu trưởng".to_owned()],
        with: if with_criterion { vec!["Tổ văn phòng".to_owned()] } else { Vec::new() },
        leads: if number.is_multiple_of(2) { vec![RecipientId(0)] } else { Vec::new() },
        coordinators: if number == 3 { vec![RecipientId(0)] } else { Vec::new() },
        time: None,
        recurrence: None,
        closes: None,
        timeframe,
        postponed: None,
        budget: with_criterion.then(|| "…".to_owned()),
        support: None,
        reported: None,
    }
}
