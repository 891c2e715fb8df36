//! What the tests share: schools made of files in a folder of their own, read as the program reads them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

pub mod http;
pub mod imap;
pub mod mail;
pub mod reply;
pub mod sandbox;
pub mod scripted;
pub mod service;
pub mod smtp;
pub mod stage;
pub mod web;
pub mod word;

use std::path::{Path, PathBuf};

use nhacviec::app::load_school::{Loaded, load_school};
use nhacviec::app::report_progress::report_progress;
use nhacviec::clock::Clock;
use nhacviec::daemon::Daemon;
use nhacviec::diagnostic::Diagnostics;
use nhacviec::files::Files::Disk;
use nhacviec::progress::ProgressEntry;
use nhacviec::school::School;
use nhacviec::store::Store;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

/// The configuration that most tests begin with: Hương leads, Phó helps, Hiệu trưởng is told of what is late.
pub const CONFIG: &str = r#"
plan = "plan.toml"
store = "sqlite:store.db"
timezone = "Asia/Ho_Chi_Minh"
admin = "Quản trị"

[organisation]
name = "Trường Tiểu học"

[school_year]
start = 2023-09-05
terms = [2024-01-14, 2024-05-25]
end = 2024-05-31

[calendar]
holidays = "holidays.toml"

[reminders]
at = "07:00"
until = "18:00"
before = ["7d", "1d"]
overdue = { after = "1d", every = "7d", for = "56d" }
coordinators = ["start", "7d"]
stale_after = "7d"

[[escalation]]
after = "7d"
to = ["Hiệu trưởng"]

[[review]]
period = "month"
on = "last-workday"
at = "08:00"
to = ["Tổ giám sát"]
ask_owners = "3d"

[[review]]
period = "term"
at = "08:00"
to = ["Tổ giám sát"]

[[review]]
period = "year"
at = "08:00"
to = ["Tổ giám sát"]

[[person]]
name = "Hiệu trưởng"
email = "hieu-truong@school.example"

[[person]]
name = "Phó Hiệu trưởng"
roles = ["Chuyên môn"]
email = "pho@school.example"

[[person]]
name = "Tổ trưởng"
roles = ["Chuyên môn"]
email = "to-truong@school.example"

[[person]]
name = "Quản trị"
email = "quan-tri@school.example"

[[person]]
name = "Thanh tra"
email = "thanh-tra@school.example"

[[group]]
name = "Tổ giám sát"
members = ["Thanh tra"]

[channel.email]
kind = "file"
directory = "outbox"
"#;

/// The beginning of a working day, a week before a task that is due on 30 November is.
pub const MORNING: &str = "2023-11-23T07:00:00+07:00";

/// Days off of the school year 2023–2024.
pub const HOLIDAYS: &str = r#"
[[holiday]]
from = 2023-09-01
to = 2023-09-04
name = "Quốc khánh"
[[holiday]]
date = 2024-01-01
name = "Tết Dương lịch"
[[holiday]]
from = 2024-02-08
to = 2024-02-14
name = "Tết"
[[holiday]]
date = 2024-04-18
name = "Giỗ Tổ"
[[holiday]]
from = 2024-04-27
to = 2024-05-01
name = "30/4"
[[workday]]
date = 2024-05-04
name = "làm bù"
"#;

/// The head of a plan of 12 September 2023.
pub const PLAN: &str = r#"
number = "1/KH"
title = "Kế hoạch cải tiến chất lượng"
issued = 2023-09-12
"#;

/// A school in a folder of its own.
pub struct Files {
    pub folder: TempDir,
}

impl Files {
    /// A school with this configuration and plan.
    pub fn new(config: &str, plan: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Self { folder };
        files.write("nhacviec.toml", config);
        files.write("plan.toml", plan);
        files.write("holidays.toml", HOLIDAYS);
        files
    }

    /// The school that ships with the program.
    pub fn seed() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        for name in ["nhacviec.toml", "ke-hoach-2023-2024.toml", "holidays-vn.toml"] {
            std::fs::copy(shipped.join(name), folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A file that nobody else may read.
    pub fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;

        self.write(name, text);
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Replaces a text that must be there.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replacen(from, to, 1));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("nhacviec.toml")
    }

    /// Reads it; mistakes fail the test.
    pub fn load(&self) -> Loaded {
        self.try_load().unwrap_or_else(|found| panic!("{}", nhacviec::diagnostic::text(&found.into_sorted())))
    }

    /// Reads it, mistakes and all.
    pub fn try_load(&self) -> Result<Loaded, Diagnostics> {
        load_school(&Disk, &self.config())
    }

    /// The store that the program uses. Whoever needs it in a test opens it here.
    pub async fn store(&self) -> Store {
        Store::open(&format!("sqlite:{}", self.path("store.db").display())).await.unwrap()
    }

    /// The database of the store, made where it is missing, as other programs see it.
    pub async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.path("store.db")).create_if_missing(true);
        options.connect().await.unwrap()
    }

    /// The daemon on a clock that stands at an instant, over the store that the program uses.
    pub async fn daemon_at(&self, instant: &str) -> (Daemon, Clock) {
        let clock = Clock::standing_at(instant.parse().unwrap());
        (Daemon::new(self.load(), self.store().await, clock.clone()), clock)
    }

    /// The program, run on this school.
    pub fn program(&self, args: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::cargo_bin("nhacviec").unwrap();
        command.env_remove("NHACVIEC_CONFIG").env_remove("RUST_LOG").arg("--config").arg(self.config()).args(args);
        command
    }

    /// What the program prints when all goes well.
    pub fn output(&self, args: &[&str]) -> String {
        let output = self.program(args).assert().success().get_output().stdout.clone();
        String::from_utf8(output).unwrap()
    }

    /// The JSON lines that the program prints when all goes well.
    pub fn lines(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        self.output(&args).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A task of a plan in TOML.
pub fn task(id: &str, lead: &str, rest: &str) -> String {
    format!("[[task]]\nid = \"{id}\"\ncriterion = \"{id}\"\nremedy = \"Việc {id}\"\nlead = [\"{lead}\"]\n{rest}\n")
}

/// A plan of tasks.
pub fn plan(tasks: &[String]) -> String {
    format!("{PLAN}{}", tasks.concat())
}

/// A school whose only task began today, so that there is something to tell at any hour and on any day.
pub fn begun_today() -> Files {
    let today = jiff::Timestamp::now().in_tz("Asia/Ho_Chi_Minh").unwrap().date();
    let day = |days: i64| today.saturating_add(jiff::ToSpan::days(days));
    let config = CONFIG
        .replace("at = \"07:00\"", "at = \"00:00\"")
        .replace("until = \"18:00\"", "until = \"23:59\"")
        .replace(
            "holidays = \"holidays.toml\"",
            "workdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]",
        )
        .replace("2023-09-05", &day(-30).to_string())
        .replace("[2024-01-14, 2024-05-25]", &format!("[{}]", day(100)))
        .replace("2024-05-31", &day(200).to_string());
    let files = Files::new(&config, "");
    files.write("plan.toml", &plan_begun_today(&[("1.1", "Việc 1.1", "Phó Hiệu trưởng")]));
    files
}

/// A plan of tasks that began today, by number, remedy and lead.
pub fn plan_begun_today(tasks: &[(&str, &str, &str)]) -> String {
    let today = jiff::Timestamp::now().in_tz("Asia/Ho_Chi_Minh").unwrap().date();
    let day = |days: i64| today.saturating_add(jiff::ToSpan::days(days));
    let tasks: Vec<String> = tasks
        .iter()
        .map(|(number, remedy, lead)| {
            let task = task(number, lead, &format!("start = {today}\ndue = {}", day(60)));
            task.replace(&format!("Việc {number}"), remedy)
        })
        .collect();
    plan(&tasks).replace("2023-09-12", &day(-10).to_string())
}

/// Reports progress on a task, as a command does.
pub async fn report(store: &Store, school: &School, task: &str, entry: ProgressEntry) {
    let task = school.plan.tasks.iter().find(|known| known.name == task).unwrap();
    report_progress(store, school, task, entry, &[]).await.unwrap();
}
