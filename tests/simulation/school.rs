//! A school as its admin and its staff wrote it: drawn from a seed, and written as the files that the program reads.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::{Date, Time, date, time};
use nhacviec::files::Files;

/// The day on which the plan is issued: the year begins.
pub const ISSUED: Date = date(2023, 9, 12);
/// The first day of the school year.
pub const YEAR_START: Date = date(2023, 9, 5);
/// The last day of the school year.
pub const YEAR_END: Date = date(2024, 5, 31);
/// The last days of the terms.
pub const TERMS: [Date; 2] = [date(2024, 1, 14), date(2024, 5, 25)];
/// Where the files lie.
const FOLDER: &str = "/school";
/// The password of the mailbox, which nothing may ever say.
pub const SECRET: &str = "mat-khau-hop-thu-9137";
/// The name in `Authentication-Results`.
pub const MAIL_SERVER: &str = "mx.school.example";
/// The admin.
pub const ADMIN: &str = "Quản trị";
/// The superior.
pub const PRINCIPAL: &str = "Hiệu trưởng";
/// Who gets the reviews.
pub const INSPECTORS: [&str; 2] = ["Thanh tra", "Trưởng ban"];

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    /// Channels, in order of preference.
    pub via: Vec<&'static str>,
    pub away: Vec<Away>,
}

/// An absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    pub from: Date,
    pub to: Date,
    pub deputy: String,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// By which it is known for good: its first number.
    pub name: String,
    /// Its number in the plan as it is written now.
    pub number: String,
    /// What is to be done.
    pub remedy: String,
    pub leads: Vec<String>,
    pub with: Vec<String>,
    pub start: Option<Date>,
    /// `None` where the time is none that can be resolved.
    pub due: Option<Date>,
    /// How often it is done anew, where it is.
    pub recurs: Option<Recurs>,
}

/// How often work is done anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurs {
    Month,
    Term,
}

/// The rules that the admin set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub at: Time,
    pub until: Time,
    pub before: Vec<i64>,
    /// After, every, for.
    pub overdue: (i64, i64, i64),
    pub coordinators: Coordinators,
    pub stale_after: i64,
    /// After how many days the principal is told.
    pub escalation: Option<i64>,
    pub reviews: Vec<ReviewRule>,
    /// What the world's channels take; the files of this school know nothing of it.
    pub per_minute: Option<u32>,
    pub per_day: Option<u32>,
}

/// What coordinators get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordinators {
    pub start: bool,
    pub overdue: bool,
    pub before: Vec<i64>,
}

/// The period of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Month(DayOfMonth),
    Term,
    Year,
}

/// On which day of a month its review is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOfMonth {
    FirstWorkday,
    LastWorkday,
    Day(i8),
}

/// A rule for reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRule {
    pub period: Period,
    pub at: Time,
    /// How many working days before, owners are asked.
    pub ask: Option<u32>,
}

/// A school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    pub people: Vec<Person>,
    pub tasks: Vec<Task>,
    pub rules: Rules,
    /// Days off, first and last.
    pub off: Vec<(Date, Date)>,
    /// Days worked in exchange.
    pub worked: Vec<Date>,
    /// What is added to the configuration that means nothing, or breaks it.
    pub remark: String,
}

impl School {
    /// The school of a seed.
    pub fn draw(mut stream: fastrand::Rng) -> Self {
        let rng = &mut stream;
        let teachers = if rng.u8(0..10) == 0 { 60 } else { rng.usize(1..4) };
        let mut people = vec![
            person(PRINCIPAL, "hieu-truong"),
            person("Phó Hiệu trưởng", "pho"),
            person("Tổ trưởng", "to-truong"),
            person(ADMIN, "quan-tri"),
            person(INSPECTORS[0], "thanh-tra"),
            person(INSPECTORS[1], "truong-ban"),
        ];
        people.extend((1..=teachers).map(|number| person(&format!("Giáo viên {number}"), &format!("gv{number}"))));
        for person in &mut people {
            match rng.u8(0..4) {
                0 => person.via = vec!["chat"],
                1 => person.via = vec!["email", "chat"],
                _ => {}
            }
        }
        draw_absences(rng, &mut people);
        let owners: Vec<String> =
            people.iter().filter(|person| !is_office(&person.name)).map(|person| person.name.clone()).collect();
        let count = if teachers == 60 { 60 } else { rng.usize(3..9) };
        let tasks = (1..=count).map(|number| draw_task(rng, number, &owners)).collect();
        Self {
            people,
            tasks,
            rules: draw_rules(rng),
            off: holidays(),
            worked: vec![date(2024, 5, 4)],
            remark: String::new(),
        }
    }

    /// Its files, as the program reads them.
    pub fn files(&self) -> Files {
        Files::given([
            (format!("{FOLDER}/nhacviec.toml"), self.configuration()),
            (format!("{FOLDER}/plan.toml"), self.plan()),
            (format!("{FOLDER}/holidays.toml"), self.holidays()),
            (format!("{FOLDER}/imap"), format!("{SECRET}\n")),
        ])
    }

    /// Where its configuration lies.
    pub fn config() -> &'static std::path::Path {
        std::path::Path::new("/school/nhacviec.toml")
    }

    /// Whether its files have a mistake.
    pub fn is_broken(&self) -> bool {
        !self.remark.is_empty() && !self.remark.starts_with('#')
    }

    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    pub fn task(&self, name: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.name == name)
    }

    fn configuration(&self) -> String {
        let Rules { at, until, before, overdue, coordinators, stale_after, escalation, reviews, .. } = &self.rules;
        let days = |days: &[i64]| days.iter().map(|days| format!("\"{days}d\"")).collect::<Vec<_>>().join(", ");
        let told = [(coordinators.start, "\"start\""), (coordinators.overdue, "\"overdue\"")];
        let mut told: Vec<String> =
            told.iter().filter(|(is_told, _)| *is_told).map(|(_, word)| (*word).to_owned()).collect();
        told.extend(coordinators.before.iter().map(|days| format!("\"{days}d\"")));
        let mut text = format!(
            "plan = \"plan.toml\"\nstore = \"sqlite:store.db\"\ntimezone = \"Asia/Ho_Chi_Minh\"\nadmin = \"{ADMIN}\"\n{}\n\
             [organisation]\nname = \"Trường Tiểu học\"\n\
             [school_year]\nstart = {YEAR_START}\nterms = [{}, {}]\nend = {YEAR_END}\n\
             [calendar]\nholidays = \"holidays.toml\"\n\
             [reminders]\nat = \"{}\"\nuntil = \"{}\"\nbefore = [{}]\noverdue = {{ after = \"{}d\", every = \"{}d\", for = \"{}d\" }}\n\
             coordinators = [{}]\nstale_after = \"{stale_after}d\"\n\
             [inbox]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nusername = \"inbox@school.example\"\n\
             password_file = \"imap\"\ndone_folder = \"Xong\"\nauthentication = \"{MAIL_SERVER}\"\n",
            self.remark,
            TERMS[0],
            TERMS[1],
            at.strftime("%H:%M"),
            until.strftime("%H:%M"),
            days(before),
            overdue.0,
            overdue.1,
            overdue.2,
            told.join(", "),
        );
        for channel in ["email", "chat"] {
            let _ = write!(
                text,
                "[channel.{channel}]\nkind = \"file\"\ndirectory = \"{channel}\"\nfrom = \"nhacviec@school.example\"\n"
            );
        }
        if let Some(after) = escalation {
            let _ = write!(text, "[[escalation]]\nafter = \"{after}d\"\nto = [\"{PRINCIPAL}\"]\n");
        }
        for ReviewRule { period, at, ask } in reviews {
            let (period, on) = match period {
                Period::Month(DayOfMonth::FirstWorkday) => ("month", "on = \"first-workday\"\n".to_owned()),
                Period::Month(DayOfMonth::LastWorkday) => ("month", "on = \"last-workday\"\n".to_owned()),
                Period::Month(DayOfMonth::Day(day)) => ("month", format!("on = {day}\n")),
                Period::Term => ("term", String::new()),
                Period::Year => ("year", String::new()),
            };
            let ask = ask.map(|days| format!("ask_owners = \"{days}d\"\n")).unwrap_or_default();
            let at = at.strftime("%H:%M");
            let _ = write!(text, "[[review]]\nperiod = \"{period}\"\n{on}at = \"{at}\"\nto = [\"Tổ giám sát\"]\n{ask}");
        }
        let _ = write!(
            text,
            "[[group]]\nname = \"Tổ giám sát\"\nmembers = [\"{}\", \"{}\"]\n",
            INSPECTORS[0], INSPECTORS[1]
        );
        for person in &self.people {
            text.push_str(&person.table());
        }
        text
    }

    fn plan(&self) -> String {
        let mut text = format!("number = \"1/KH\"\ntitle = \"Kế hoạch cải tiến chất lượng\"\nissued = {ISSUED}\n");
        for task in &self.tasks {
            text.push_str(&task.table());
        }
        text
    }

    fn holidays(&self) -> String {
        let off = self.off.iter().map(|(from, to)| format!("[[holiday]]\nfrom = {from}\nto = {to}\nname = \"nghỉ\"\n"));
        let worked = self.worked.iter().map(|day| format!("[[workday]]\ndate = {day}\nname = \"làm bù\"\n"));
        off.chain(worked).collect()
    }
}

impl Person {
    fn table(&self) -> String {
        let via = self.via.iter().map(|channel| format!("\"{channel}\"")).collect::<Vec<_>>().join(", ");
        let away = self.away.iter();
        let away =
            away.map(|Away { from, to, deputy }| format!("{{ from = {from}, to = {to}, deputy = \"{deputy}\" }}"));
        let away = away.collect::<Vec<_>>().join(", ");
        let Self { name, email, .. } = self;
        format!("[[person]]\nname = \"{name}\"\nemail = \"{email}\"\nvia = [{via}]\naway = [{away}]\n")
    }
}

impl Task {
    fn table(&self) -> String {
        let Self { number, remedy, leads, with, .. } = self;
        let list = |names: &[String]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let when = self.when();
        let with = if with.is_empty() { String::new() } else { format!("with = [{}]\n", list(with)) };
        format!(
            "[[task]]\nid = \"{number}\"\ncriterion = \"{number}\"\nremedy = \"{remedy}\"\nlead = [{}]\n{with}{when}",
            list(leads)
        )
    }

    /// Its time, in the words that plans have for it or in dates.
    fn when(&self) -> String {
        let word = self.recurs.map(|recurs| match recurs {
            Recurs::Month => ("Hằng tháng", "month"),
            Recurs::Term => ("Mỗi học kỳ", "term"),
        });
        let Some(due) = self.due else { return "time = \"khi có kinh phí\"\n".to_owned() };
        let is_all_year = (self.start, due) == (Some(YEAR_START), YEAR_END);
        if let Some((words, _)) = word.filter(|_| is_all_year) {
            return format!("time = \"{words}\"\n");
        }
        let start = self.start.map(|start| format!("start = {start}\n")).unwrap_or_default();
        let recurring = word.map(|(_, period)| format!("recurring = \"{period}\"\n")).unwrap_or_default();
        format!("{start}due = {due}\n{recurring}")
    }
}

fn person(name: &str, user: &str) -> Person {
    Person { name: name.to_owned(), email: format!("{user}@school.example"), via: vec!["email"], away: Vec::new() }
}

/// Whether somebody does nothing of the plan.
fn is_office(name: &str) -> bool {
    name == ADMIN || INSPECTORS.contains(&name)
}

fn draw_absences(rng: &mut fastrand::Rng, people: &mut [Person]) {
    let names: Vec<String> = people.iter().map(|person| person.name.clone()).collect();
    for place in 0..people.len() {
        let is_away = rng.u8(0..4) == 0;
        let from = ISSUED.saturating_add(rng.i64(0..240).days());
        let to = from.saturating_add(rng.i64(0..15).days());
        let (deputy, is_deputy_away) = (rng.usize(0..3), rng.bool());
        if !is_away || deputy == place || !people[place].away.is_empty() {
            continue;
        }
        people[place].away.push(Away { from, to, deputy: names[deputy].clone() });
        let next = (deputy + 1) % 3;
        if is_deputy_away && people[deputy].away.is_empty() && next != place {
            people[deputy].away.push(Away { from, to, deputy: names[next].clone() });
        }
    }
}

/// A date within the year.
pub fn draw_date(rng: &mut fastrand::Rng) -> Date {
    date(2023, 10, 1).saturating_add(rng.i64(0..230).days())
}

fn draw_task(rng: &mut fastrand::Rng, number: usize, owners: &[String]) -> Task {
    let mut some = |least: usize, end: usize| -> Vec<String> {
        let count = rng.usize(least..end);
        let mut names: Vec<String> = (0..count).map(|_| owners[rng.usize(0..owners.len())].clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    let leads = some(1, 2);
    let more_leads = some(0, 3);
    let mut with = some(0, 3);
    let mut leads = leads;
    if rng.u8(0..4) == 0 {
        leads.extend(more_leads);
        leads.sort();
        leads.dedup();
    }
    with.retain(|name| !leads.contains(name));
    let due = draw_date(rng);
    let start = rng.bool().then(|| due.saturating_sub(rng.i64(1..60).days()));
    let is_open_ended = rng.u8(0..12) == 0;
    let (start, due) = if is_open_ended { (None, None) } else { (start, Some(due)) };
    let recurs = match rng.u8(0..16) {
        0 | 1 => Some(Recurs::Month),
        2 => Some(Recurs::Term),
        _ => None,
    };
    let recurs = recurs.filter(|_| due.is_some());
    let is_all_year = rng.u8(0..3) == 0 && recurs.is_some();
    let (start, due) = if is_all_year { (Some(YEAR_START), Some(YEAR_END)) } else { (start, due) };
    let name = format!("1.{number}");
    let remedy = format!("Sắp xếp hồ sơ nhóm {}", letters(number));
    Task { number: name.clone(), name, remedy, leads, with, start, due, recurs }
}

/// A number in letters: what is to be done says no number that could be taken for that of a task.
fn letters(number: usize) -> String {
    let letter = |place: usize| char::from(b'A' + u8::try_from(place % 26).unwrap_or(0));
    if number < 26 { letter(number).to_string() } else { format!("{}{}", letter(number / 26), letter(number)) }
}

fn draw_rules(rng: &mut fastrand::Rng) -> Rules {
    let days = [vec![7, 1], vec![7], vec![14, 3, 0], vec![1], vec![30, 7]];
    let before = days[rng.usize(0..days.len())].clone();
    let overdue = [(1, 7, 28), (1, 14, 28), (3, 7, 56), (1, 1, 5)][rng.usize(0..4)];
    let coordinators = Coordinators {
        start: rng.bool(),
        overdue: rng.bool(),
        before: if rng.bool() { vec![7, 14] } else { Vec::new() },
    };
    let on = match rng.u8(0..4) {
        0 => DayOfMonth::FirstWorkday,
        1 => DayOfMonth::Day(rng.i8(1..=31)),
        _ => DayOfMonth::LastWorkday,
    };
    let ask = |rng: &mut fastrand::Rng| rng.bool().then(|| rng.u32(1..6));
    let mut reviews = Vec::new();
    for period in [Period::Month(on), Period::Term, Period::Year] {
        if rng.u8(0..5) > 0 {
            reviews.push(ReviewRule { period, at: time(8, 0, 0, 0), ask: ask(rng) });
        }
    }
    let limited = rng.u8(0..5) == 0;
    Rules {
        at: time(7, 0, 0, 0),
        until: time(18, 0, 0, 0),
        before,
        overdue,
        coordinators,
        stale_after: [7, 3, 14][rng.usize(0..3)],
        escalation: (rng.u8(0..4) > 0).then(|| rng.i64(1..15)),
        reviews,
        per_minute: limited.then(|| rng.u32(1..10)),
        per_day: limited.then(|| rng.u32(4..40)),
    }
}

/// The days off of the school year 2023–2024.
fn holidays() -> Vec<(Date, Date)> {
    vec![
        (date(2023, 9, 1), date(2023, 9, 4)),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (date(2024, 2, 8), date(2024, 2, 14)),
        (date(2024, 4, 18), date(2024, 4, 18)),
        (date(2024, 4, 27), date(2024, 5, 1)),
    ]
}
