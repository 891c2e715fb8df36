//! What may go wrong in a year, and how often: each fault is absent in half of the years, so that each year has a weather of its own.

use crate::draws::Draws;

/// A fault, or something that people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Killed before a commit.
    KillAtCommit,
    /// Killed after a commit, before it knows.
    KillCommitted,
    /// Killed before a transaction, or beside a statement outside one.
    KillBetween,
    /// The disk is full at a statement or a commit.
    Full,
    /// Another program holds the database for too long.
    Busy,
    /// A transaction waits for up to twenty seconds.
    SlowStore,
    /// Killed while a message is handed over, before the server has it.
    KillBefore,
    /// Killed while a message is handed over, when the server has it.
    KillAfter,
    /// 451.
    Temporary,
    /// 451 with a time to come back.
    RetryAfter,
    /// 550: no such person.
    RefusedRecipient,
    /// 550 for some reason that could be anybody's.
    RefusedUnclear,
    /// 535: nobody is let in.
    RefusedLogin,
    /// The connection is cut when the server has the message.
    CutTaken,
    /// The connection is cut, and the server has lost the message.
    CutLost,
    /// The server takes minutes to answer.
    SlowServer,
    /// The mailbox lets nobody in.
    MailboxClosed,
    /// The connection to the mailbox is lost while a mail is fetched.
    FetchLost,
    /// The connection to the mailbox is lost before a mail is put away.
    PutAwayLost,
    /// The mailbox refuses to put a mail away.
    PutAwayRefused,
    /// The mailbox numbers its mails anew.
    NewNumbers,
    /// A mail comes twice.
    MailTwice,
    /// Somebody answers what they got.
    Answer,
    /// One of several stands still at a step of its store.
    Pause,
    /// One of several stands still while it hands a message over.
    PauseSending,
}

/// A fault with its name and its greatest chance in a million.
type Chance = (Fault, &'static str, u32);

/// Every fault.
pub const FAULTS: &[Chance] = &[
    (Fault::KillAtCommit, "kill at commit", 3_000),
    (Fault::KillCommitted, "kill after commit", 3_000),
    (Fault::KillBetween, "kill between steps", 1_000),
    (Fault::Full, "disk full", 1_500),
    (Fault::Busy, "database busy", 1_500),
    (Fault::SlowStore, "slow store", 4_000),
    (Fault::KillBefore, "kill before the server has it", 30_000),
    (Fault::KillAfter, "kill when the server has it", 50_000),
    (Fault::Temporary, "451", 300_000),
    (Fault::RetryAfter, "451 with a time", 40_000),
    (Fault::RefusedRecipient, "550 no such person", 15_000),
    (Fault::RefusedUnclear, "550 unclear", 15_000),
    (Fault::RefusedLogin, "535", 20_000),
    (Fault::CutTaken, "cut, taken", 40_000),
    (Fault::CutLost, "cut, lost", 40_000),
    (Fault::SlowServer, "slow server", 500_000),
    (Fault::MailboxClosed, "mailbox closed", 100_000),
    (Fault::FetchLost, "fetch lost", 60_000),
    (Fault::PutAwayLost, "put away lost", 60_000),
    (Fault::PutAwayRefused, "put away refused", 60_000),
    (Fault::NewNumbers, "mailbox numbered anew", 30_000),
    (Fault::MailTwice, "mail twice", 100_000),
];

/// What befalls one of several.
pub const FAULTS_AMONG_OTHERS: &[Chance] =
    &[(Fault::Pause, "pause", 400), (Fault::PauseSending, "pause while it sends", 60_000)];

/// By what name chances of a fault are drawn.
pub fn name_of(fault: Fault) -> &'static str {
    let mut all = FAULTS.iter().chain(FAULTS_AMONG_OTHERS);
    all.find(|(known, ..)| *known == fault).map_or("answer", |(_, name, _)| *name)
}

/// The chance that somebody answers a message, where people do at all.
const ANSWER: u32 = 250_000;

/// How many daemons share the store, in one year of four more than one.
fn daemons(draws: Draws) -> usize {
    match draws.between("daemons", (), 0, 8) {
        0 => 3,
        1 => 2,
        _ => 1,
    }
}

/// The weather of a year.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    chances: Vec<(Fault, u32)>,
    /// How many times somebody reports of their own accord.
    pub reports: u64,
    /// How often the admin edits.
    pub edits: u64,
    /// How often a clock jumps.
    pub jumps: u64,
    /// How often the service is killed or stopped in the middle of anything.
    pub restarts: u64,
    /// How often it is down for days.
    pub long_downs: u64,
    /// How often the store takes nothing for hours.
    pub store_downs: u64,
    /// How often a channel is dead for days.
    pub dead_channels: u64,
    /// Whether nothing goes wrong.
    pub is_fair: bool,
    /// How many daemons share the store.
    pub daemons: usize,
    /// How often one of several stands still.
    pub pauses: u64,
    /// How often one of several does not reach the store.
    pub cut_offs: u64,
}

impl Weather {
    /// The weather of a seed: one in six is fair.
    pub fn draw(seed: u64, draws: Draws) -> Self {
        let mut weather = Self::of_one(seed, draws);
        weather.daemons = daemons(draws);
        if weather.daemons > 1 && !weather.is_fair {
            // Drawn apart, so that a year of one daemon has the weather that it would have.
            let mut stream = draws.stream("weather among others");
            let with_chance =
                |(fault, _, most): &Chance| (*fault, if stream.bool() { stream.u32(0..*most) } else { 0 });
            weather.chances.extend(FAULTS_AMONG_OTHERS.iter().map(with_chance));
            (weather.pauses, weather.cut_offs) = (stream.u64(0..12), stream.u64(0..8));
        }
        weather
    }

    /// The weather of a year of one daemon.
    fn of_one(seed: u64, draws: Draws) -> Self {
        let mut stream = draws.stream("weather");
        let mut some = |most: u64| if stream.bool() { stream.u64(1..=most) } else { 0 };
        let (reports, edits) = (some(20), some(8));
        let answers = if stream.bool() { stream.u32(0..ANSWER) } else { 0 };
        if seed.is_multiple_of(6) {
            let chances = vec![(Fault::Answer, answers)];
            return Self { chances, reports, edits, is_fair: true, ..Self::default() };
        }
        let mut chances: Vec<(Fault, u32)> = FAULTS
            .iter()
            .map(|(fault, _, most)| (*fault, if stream.bool() { stream.u32(0..*most) } else { 0 }))
            .collect();
        chances.push((Fault::Answer, answers));
        let mut few = |one_in: u64, most: u64| if stream.u64(0..one_in) == 0 { stream.u64(1..=most) } else { 0 };
        let (jumps, restarts, long_downs) = (few(4, 3), few(2, 20), few(4, 3));
        let (store_downs, dead_channels) = (few(4, 4), few(4, 3));
        Self { chances, reports, edits, jumps, restarts, long_downs, store_downs, dead_channels, ..Self::default() }
    }

    /// The chance of a fault, in a million.
    pub fn chance(&self, fault: Fault) -> u32 {
        self.chances.iter().find(|(known, _)| *known == fault).map_or(0, |(_, chance)| *chance)
    }
}

impl std::fmt::Display for Weather {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_fair {
            f.write_str("fair weather")?;
        }
        let faults = FAULTS.iter().chain(FAULTS_AMONG_OTHERS).filter(|(fault, ..)| self.chance(*fault) > 0);
        for (place, (fault, name, _)) in faults.enumerate() {
            write!(f, "{}{name} {}", if place == 0 { "" } else { ", " }, self.chance(*fault))?;
        }
        let Self { reports, edits, jumps, restarts, long_downs, store_downs, dead_channels, .. } = self;
        write!(f, "; {reports} reports, {edits} edits, {jumps} jumps, {restarts} restarts, {long_downs} long downs, ")?;
        write!(f, "{store_downs} store downs, {dead_channels} dead channels")?;
        if self.daemons > 1 {
            write!(f, "; {} daemons, {} pauses, {} cut-offs", self.daemons, self.pauses, self.cut_offs)?;
        }
        Ok(())
    }
}
