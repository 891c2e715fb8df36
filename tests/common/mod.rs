//! What the tests share: schools made of files in a folder of their own, read as the program reads them.
#![allow(dead_code, unused_imports, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

pub mod database;
pub mod http;
pub mod imap;
mod machine_clock;
pub mod mail;
pub mod reply;
pub mod sandbox;
pub mod scripted;
pub mod service;
pub mod settings;
pub mod smtp;
pub mod spoken;
pub mod stage;
pub mod state;
pub mod story;
pub mod unreliable;
pub mod web;
pub mod word;

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use nhacviec::app::load_school::{Loaded, load_school};
use nhacviec::app::report_progress::report_progress;
use nhacviec::clock::Clock;
use nhacviec::config::StoreAddress;
use nhacviec::daemon::Daemon;
use nhacviec::diagnostic::Diagnostics;
use nhacviec::files::Files::Disk;
use nhacviec::language::Language;
use nhacviec::progress::ProgressEntry;
use nhacviec::school::School;
use nhacviec::store::Store;
use sqlx::AnyConnection;
use tempfile::TempDir;
use url::Url;

pub use machine_clock::{begun_today, day, now, plan_begun_today};
use settings::{Edit, Settings};

/// What makes the program speak English, whatever the configuration says: whoever tests another language says so.
pub const ENGLISH: [(&str, &str); 1] = [("NHACVIEC_LANGUAGE", "en")];

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

/// A school in a folder of its own.
pub struct Files {
    pub folder: TempDir,
    /// The database of its store, where that is on a server.
    pub schema: Option<Url>,
}

impl Files {
    /// A school with this configuration and plan.
    pub fn new(config: &str, plan: &str) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap(), schema: database::schema() };
        files.write("nhacviec.toml", config);
        files.write("plan.toml", plan);
        files.write("holidays.toml", HOLIDAYS);
        database::place(&files);
        files
    }

    /// A school with the usual settings and a plan of these tasks.
    pub fn of(tasks: &[String]) -> Self {
        Self::new(CONFIG, &plan(tasks))
    }

    /// A school with the usual settings whose plan is this file.
    pub fn of_document(name: &str, bytes: &[u8]) -> Self {
        let files = Self::new(CONFIG, "");
        files.set("plan", &format!("{name:?}"));
        std::fs::write(files.path(name), bytes).unwrap();
        files
    }

    /// The school that ships with the program.
    pub fn seed() -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap(), schema: database::schema() };
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        for name in ["nhacviec.toml", "ke-hoach-2023-2024.toml", "holidays-vn.toml"] {
            std::fs::copy(shipped.join(name), files.path(name)).unwrap();
        }
        database::place(&files);
        files
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

    /// Another day off.
    pub fn add_holiday(&self, day: jiff::civil::Date) {
        let path = self.path("holidays.toml");
        let known = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{known}\n[[holiday]]\ndate = {day}\nname = \"Nghỉ\"\n")).unwrap();
    }

    /// Changes the settings; a change that does not fit what is there fails the test.
    pub fn change(&self, edits: &[Edit<'_>]) -> &Self {
        let mut settings = Settings::new(&self.read("nhacviec.toml"));
        for edit in edits {
            settings.edit(*edit);
        }
        self.write("nhacviec.toml", &settings.to_string());
        self
    }

    /// [`Edit::Set`]
    pub fn set(&self, key: &str, written: &str) -> &Self {
        self.change(&[Edit::Set(key, written)])
    }

    /// [`Edit::Add`]
    pub fn add(&self, key: &str, written: &str) -> &Self {
        self.change(&[Edit::Add(key, written)])
    }

    /// [`Edit::Remove`]
    pub fn remove(&self, key: &str) -> &Self {
        self.change(&[Edit::Remove(key)])
    }

    /// [`Edit::Fill`]
    pub fn fill(&self, key: &str, written: &str) -> &Self {
        self.change(&[Edit::Fill(key, written)])
    }

    /// [`Edit::Append`]
    pub fn append(&self, written: &str) -> &Self {
        self.change(&[Edit::Append(written)])
    }

    /// Replaces a text that must be there: in plans, and where settings must not be TOML any more.
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
        self.try_load()
            .unwrap_or_else(|found| panic!("{}", nhacviec::diagnostic::text(&found.into_sorted(), Language::English)))
    }

    /// Reads it, mistakes and all.
    pub fn try_load(&self) -> Result<Loaded, Diagnostics> {
        load_school(&Disk, &self.config())
    }

    /// The store that the program uses. Whoever needs it in a test opens it here.
    pub async fn store(&self) -> Store {
        let address = match self.schema {
            Some(_) => self.load().school.settings.store.clone(),
            None => StoreAddress::File(self.path("store.db")),
        };
        Store::open(&address).await.unwrap()
    }

    /// The store is new again.
    pub fn forget_store(&self) {
        match &self.schema {
            Some(url) => database::empty(url),
            None => std::fs::remove_file(self.path("store.db")).unwrap(),
        }
    }

    /// The database of the store, made where it is missing, as other programs see it.
    pub async fn database(&self) -> AnyConnection {
        match &self.schema {
            Some(url) => database::connect(url.as_str()).await,
            None => database::connect(&format!("sqlite://{}?mode=rwc", self.path("store.db").display())).await,
        }
    }

    /// The daemon on a clock that stands at an instant, over the store that the program uses.
    pub async fn daemon_at(&self, instant: &str) -> (Daemon, Clock) {
        let clock = Clock::standing_at(instant.parse().unwrap());
        (Daemon::new(self.load(), self.store().await, clock.clone()), clock)
    }

    /// The program, run on this school.
    pub fn program(&self, args: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::cargo_bin("nhacviec").unwrap();
        command
            .env_remove("NHACVIEC_CONFIG")
            .envs(ENGLISH)
            .env_remove("RUST_LOG")
            .arg("--config")
            .arg(self.config())
            .args(args);
        command
    }

    /// What the program prints when all goes well.
    pub fn output(&self, args: &[&str]) -> String {
        let output = self.program(args).assert().success().get_output().stdout.clone();
        String::from_utf8(output).unwrap()
    }

    /// What `check` finds, be it well or not.
    pub fn findings(&self) -> Vec<serde_json::Value> {
        let output = self.program(&["check", "--format", "json"]).output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The codes of what `check` finds; that some person is never told anything is passed over.
    pub fn codes(&self) -> Vec<String> {
        let codes = self.findings().into_iter().map(|found| found["code"].as_str().unwrap().to_owned());
        codes.filter(|code| code != "never-told").collect()
    }

    /// The JSON lines that the program prints when all goes well.
    pub fn lines(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        self.output(&args).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A task of a plan in TOML.
pub fn task(id: &str, lead: &str, rest: &str) -> String {
    task_named(id, &format!("Việc {id}"), lead, rest)
}

/// A task whose remedy is in these words.
pub fn task_named(id: &str, remedy: &str, lead: &str, rest: &str) -> String {
    format!("[[task]]\nid = \"{id}\"\ncriterion = \"{id}\"\nremedy = \"{remedy}\"\nlead = [\"{lead}\"]\n{rest}\n")
}

/// A plan of tasks, of 12 September 2023.
pub fn plan(tasks: &[String]) -> String {
    plan_issued(date(2023, 9, 12), tasks)
}

/// A plan of tasks that was issued on this day.
pub fn plan_issued(day: Date, tasks: &[String]) -> String {
    let head = "number = \"1/KH\"\ntitle = \"Kế hoạch cải tiến chất lượng\"\n";
    format!("{head}issued = {day}\n{}", tasks.concat())
}

/// Reports progress on a task, as a command does.
pub async fn report(store: &Store, school: &School, task: &str, entry: ProgressEntry) {
    let task = school.plan.tasks.iter().find(|known| known.name == task).unwrap();
    report_progress(store, school, task, entry, &[]).await.unwrap();
}

/// A port on which nobody listens.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
