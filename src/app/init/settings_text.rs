//! The text of a configuration to begin with, commented in the language of the school. What is as the program has it anyway
//! is left out.

use std::fmt::{self, Display, Formatter};

use crate::config::server::is_this_machine;
use crate::people_list::ListTexts;
use crate::plan::reader::Letterhead;

use super::school_years::SchoolYearDates;
use super::{ADMIN, HOLIDAYS, PRINCIPAL, SUPERVISORS, SchoolFacts, SetupTexts};

/// The language of a configuration's comments, and of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SetupLanguage {
    /// Vietnamese.
    #[default]
    Vietnamese,
    /// English.
    English,
}

/// How mail is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MailService {
    /// Into a folder, to look at first.
    #[default]
    Folder,
    /// Gmail or Google Workspace.
    Gmail,
    /// Microsoft 365.
    Microsoft365,
    /// A server of the school.
    Own {
        /// Its name.
        host: String,
        /// Its port: 465 speaks TLS at once.
        port: u16,
    },
}

impl MailService {
    /// Whether it takes mail of this machine as it is, without encryption or login: the school's own server here, at its port.
    fn is_local(&self) -> bool {
        matches!(self, Self::Own { host, port: LOCAL_PORT } if is_this_machine(host))
    }

    /// Whether it asks for a login.
    #[must_use]
    pub fn wants_login(&self) -> bool {
        *self != Self::Folder && !self.is_local()
    }
}

/// A configuration to be written.
#[derive(Clone, Debug)]
pub(super) struct SettingsText<'a> {
    pub(super) facts: &'a SchoolFacts,
    pub(super) letterhead: &'a Letterhead,
    pub(super) year: SchoolYearDates,
    pub(super) plan: &'a str,
    /// The lists of people, by their names.
    pub(super) lists: Vec<String>,
}

/// The port on which TLS begins at once.
const TLS_PORT: u16 = 465;
/// The port on which it begins by STARTTLS.
const START_TLS_PORT: u16 = 587;
/// The port of a mail server that takes mail of its own machine as it is.
const LOCAL_PORT: u16 = 25;
/// Where the installed service may write.
const SERVICE_STORE: &str = "sqlite:/var/lib/nhacviec/nhacviec.db";
const SERVICE_OUTBOX: &str = "/var/lib/nhacviec/outbox";
/// The name of the file with the mailbox's password.
pub const PASSWORD_FILE: &str = "smtp-password";

/// The comments of a configuration.
struct Comments {
    head: &'static str,
    people: &'static str,
    admin: &'static str,
    name: &'static str,
    year: &'static str,
    usual_year: &'static str,
    terms: &'static str,
    escalation: &'static str,
    reviews: &'static str,
    folder: &'static str,
    password: &'static str,
    credential: &'static str,
    token: &'static str,
    local: &'static str,
    open_head: &'static str,
}

const VIETNAMESE: Comments = Comments {
    head: "# Cấu hình của nhacviec. Những gì không ghi ở đây thì theo mặc định; mọi mục: docs/huong-dan-quan-tri.md.\n\
           # `nhacviec check` cho biết còn thiếu gì, `nhacviec rehearse` cho xem mọi thư sẽ gửi.\n",
    people: "danh sách cán bộ, giáo viên: điền họ tên và email",
    admin: "ai được báo khi có sự cố",
    name: "tên trường, như sẽ đứng trong thư và báo cáo",
    year: "theo khung thời gian năm học của Bộ; sửa theo quyết định của tỉnh",
    usual_year: "theo lệ thường: sửa theo quyết định của tỉnh",
    terms: "ngày cuối của mỗi học kỳ",
    escalation: "# Việc quá hạn 7 ngày thì báo Hiệu trưởng, mỗi tuần một lần.\n",
    reviews: "# Sơ kết tháng, học kỳ và tổng kết năm, mỗi dòng một loại; trước đó người phụ trách được hỏi tiến độ.\n",
    folder: "ghi thư vào thư mục để xem trước; khi gửi thật: smtp, xem docs/thu-gmail.md, docs/thu-microsoft-365.md, docs/thu-postfix.md",
    password: "ghi mật khẩu (mật khẩu ứng dụng) của hộp thư vào tệp này, rồi chmod 600",
    credential: "# Mật khẩu do systemd đưa cho dịch vụ (LoadCredential=smtp-password:…): docs/thu-dau-tien.md.\n",
    token: "# Microsoft bỏ đăng nhập bằng mật khẩu từ cuối tháng 12/2026: dùng OAuth 2.0, xem docs/thu-microsoft-365.md.\n",
    local: "chỉ với máy chủ thư trên chính máy này; xem docs/thu-postfix.md",
    open_head: "# Văn bản để trống những dòng này: bỏ dấu # và điền vào, hoặc điền trong văn bản.\n",
};

const ENGLISH: Comments = Comments {
    head: "# The settings of nhacviec. What is not said here is as the program has it anyway; all settings: docs/install.md.\n\
           # `nhacviec check` tells what is missing, `nhacviec rehearse` shows all that would be sent.\n",
    people: "the list of the staff: fill in names and addresses",
    admin: "told of failures",
    name: "as it is to stand in messages and reports",
    year: "by the ministry's decision; your province may have shifted it",
    usual_year: "the usual dates: look them up in your province's decision",
    terms: "the last day of each term",
    escalation: "# What is 7 days late is told to the principal, once a week.\n",
    reviews: "# Reviews of month, term and year, a line each; leads are asked for progress before.\n",
    folder: "into a folder, to look at first; to send: smtp, see docs/gmail.md, docs/microsoft-365.md, docs/postfix.md",
    password: "write the mailbox's (app) password into this file, then chmod 600",
    credential: "# systemd gives the service the password (LoadCredential=smtp-password:…): docs/first-mail.md.\n",
    token: "# Microsoft ends logins by password at the end of December 2026: use OAuth 2.0, see docs/microsoft-365.md.\n",
    local: "to the mail server of this very machine alone; see docs/postfix.md",
    open_head: "# The document leaves these open: take away the # and fill them in, or fill in the document.\n",
};

impl SetupLanguage {
    fn comments(self) -> &'static Comments {
        match self {
            Self::Vietnamese => &VIETNAMESE,
            Self::English => &ENGLISH,
        }
    }

    pub(super) fn list_texts(self) -> SetupTexts {
        match self {
            Self::Vietnamese => SetupTexts {
                texts: ListTexts {
                    sheet: "Danh sách",
                    headings: ["Họ và tên", "Chức vụ, nhiệm vụ", "Tổ", "Email", "Điện thoại", "Zalo", "Xưng hô"],
                },
                list: "danh-sach.xlsx",
                more: "danh-sach-bo-sung.xlsx",
            },
            Self::English => SetupTexts {
                texts: ListTexts {
                    sheet: "People",
                    headings: ["Full name", "Roles", "Team", "Email", "Phone", "Zalo", "Addressed as"],
                },
                list: "people.xlsx",
                more: "more-people.xlsx",
            },
        }
    }

    fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
}

impl SettingsText<'_> {
    /// The configuration with people who are only supposed to be there, to read a plan by it.
    pub(super) fn with_supposed(&self, list: Option<&str>, supposed: &[&str]) -> String {
        let lists = list.iter().map(|list| (*list).to_owned()).collect();
        let people = supposed.iter().map(|role| {
            let role = quoted(role);
            format!("\n[[person]]\nname = {role}\nroles = [{role}]\n")
        });
        let text = Self { lists, ..self.clone() }.to_string();
        text + &people.collect::<String>()
    }

    fn organisation(&self, f: &mut Formatter<'_>, comments: &Comments) -> fmt::Result {
        let SchoolFacts { school, authority, place, .. } = self.facts;
        let name = quoted(school.as_deref().unwrap_or("Trường …"));
        writeln!(f, "\n[organisation]\nname = {name} # {}", comments.name)?;
        for (key, value) in [("authority", authority), ("place", place)] {
            match value {
                Some(value) => writeln!(f, "{key} = {}", quoted(value))?,
                None => writeln!(f, "# {key} = \"…\"")?,
            }
        }
        Ok(())
    }

    /// Who is told of what is late, and when reviews are made: a line each.
    fn rules(f: &mut Formatter<'_>, comments: &Comments) -> fmt::Result {
        let principal = quoted(PRINCIPAL);
        f.write_str(comments.escalation)?;
        writeln!(f, "escalation = [{{ after = \"7d\", to = [{principal}], day = \"mon\" }}]")?;
        writeln!(f, "{}review = [", comments.reviews)?;
        let to = format!("{}, {principal}", quoted(SUPERVISORS));
        for (period, on, asked) in [("month", "on = \"first-workday\", ", "3d"), ("term", "", "5d"), ("year", "", "5d")]
        {
            writeln!(f, "  {{ period = \"{period}\", {on}to = [{to}], ask_owners = \"{asked}\" }},")?;
        }
        f.write_str("]\n")
    }

    fn plan_document(&self, f: &mut Formatter<'_>, comments: &Comments) -> fmt::Result {
        let Letterhead { number, issued, .. } = self.letterhead;
        if super::is_toml(self.plan) || (number.is_some() && issued.is_some()) {
            return Ok(());
        }
        write!(f, "\n{}[plan_document]\n", comments.open_head)?;
        if number.is_none() {
            writeln!(f, "# number = \"…/KH-…\"")?;
        }
        if issued.is_none() {
            writeln!(f, "# issued = {}", self.year.start)?;
        }
        Ok(())
    }

    fn login(&self, f: &mut Formatter<'_>, mailbox: &str, comments: &Comments) -> fmt::Result {
        writeln!(f, "username = {}", quoted(mailbox))?;
        if self.facts.is_service {
            return f.write_str(comments.credential);
        }
        writeln!(f, "password_file = \"{PASSWORD_FILE}\" # {}", comments.password)
    }

    fn channel(&self, f: &mut Formatter<'_>, comments: &Comments) -> fmt::Result {
        let (host, port) = match &self.facts.mail {
            MailService::Folder => {
                let directory = if self.facts.is_service { SERVICE_OUTBOX } else { "outbox" };
                writeln!(f, "\n[channel.email]\nkind = \"file\" # {}", comments.folder)?;
                return writeln!(f, "directory = {}", quoted(directory));
            }
            MailService::Gmail => ("smtp.gmail.com", TLS_PORT),
            MailService::Microsoft365 => ("smtp.office365.com", START_TLS_PORT),
            MailService::Own { host, port } => (host.as_str(), *port),
        };
        let mailbox = self.facts.mailbox.as_deref().unwrap_or("nhacviec@truong.example");
        f.write_str("\n")?;
        if self.facts.mail == MailService::Microsoft365 {
            f.write_str(comments.token)?;
        }
        writeln!(f, "[channel.email]\nkind = \"smtp\"\nhost = {}", quoted(host))?;
        if ![TLS_PORT, START_TLS_PORT].contains(&port) {
            writeln!(f, "port = {port}")?;
        }
        if self.facts.mail.is_local() {
            writeln!(f, "tls = \"none\" # {}", comments.local)?;
        } else if port != TLS_PORT {
            writeln!(f, "tls = \"starttls\"")?;
        }
        if self.facts.mail.wants_login() {
            self.login(f, mailbox, comments)?;
        }
        writeln!(f, "from = {}", quoted(&format!("Nhắc việc <{mailbox}>")))?;
        match self.facts.mail {
            MailService::Gmail => writeln!(f, "connections = 2\nper_day = 400"),
            MailService::Microsoft365 => writeln!(f, "connections = 2\nper_minute = 25"),
            MailService::Folder | MailService::Own { .. } => Ok(()),
        }
    }
}

impl Display for SettingsText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let comments = self.facts.language.comments();
        f.write_str(comments.head)?;
        writeln!(f, "plan = {}", quoted(self.plan))?;
        match self.lists.as_slice() {
            [] => {}
            [list] => writeln!(f, "people = {} # {}", quoted(list), comments.people)?,
            lists => {
                let names: Vec<String> = lists.iter().map(|list| quoted(list)).collect();
                writeln!(f, "people = [{}] # {}", names.join(", "), comments.people)?;
            }
        }
        writeln!(f, "admin = {} # {}", quoted(ADMIN), comments.admin)?;
        if self.facts.language != SetupLanguage::default() {
            writeln!(f, "language = \"{}\"", self.facts.language.tag())?;
        }
        if self.facts.is_service {
            writeln!(f, "store = {}", quoted(SERVICE_STORE))?;
        }
        Self::rules(f, comments)?;
        self.organisation(f, comments)?;
        let SchoolYearDates { start, terms: [first, second], end, decision } = self.year;
        let note = decision
            .map_or_else(|| comments.usual_year.to_owned(), |decision| format!("{} ({decision})", comments.year));
        writeln!(f, "\n[school_year] # {note}\nstart = {start}")?;
        writeln!(f, "terms = [{first}, {second}] # {}\nend = {end}", comments.terms)?;
        self.plan_document(f, comments)?;
        writeln!(f, "\n[calendar]\nholidays = \"{}\"", HOLIDAYS.0)?;
        self.channel(f, comments)
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
