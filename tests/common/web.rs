//! The pages as a browser meets them, without a browser.

use std::io::{Read, Write};
use std::net::TcpStream;

use jiff::{SignedDuration, Timestamp};
use nhacviec::link::{self, LinkTag, LinkToken, Purpose, Signer};
use nhacviec::plan::TaskId;

use super::service::Service;
use super::{Files, begun_today, free_port};

/// A school whose pages are served.
pub struct Site {
    pub files: Files,
    pub service: Service,
    pub port: u16,
}

/// What a server answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The head with its names in small letters, a line a field.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The value of a hidden field.
    pub fn form(&self) -> String {
        let text = self.text();
        let (_, rest) = text.split_once("name=\"form\" value=\"").expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A school with something to tell at any hour, and pages on `port`.
pub fn school(port: u16) -> Files {
    let files = begun_today();
    files.append(&format!(
        "[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\nfiles = 3\nfile_mib = 1\n"
    ));
    files
}

impl Site {
    /// The school of [`school`], once it has sent its first messages.
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// The same, changed before it starts.
    pub fn start_with(change: impl FnOnce(&Files)) -> Self {
        let port = free_port();
        let files = school(port);
        change(&files);
        let mut service = Service::start(&files);
        service.says("\"looked\"");
        Self { files, service, port }
    }

    /// Somebody's link as the command shows it: `answer`, `overview`, `status` or `calendar`.
    pub fn link(&self, name: &str, page: &str) -> String {
        let lines = self.files.lines(&["link", "show", name]);
        let line = lines.iter().find(|line| line["page"] == page).expect("a link");
        self.path(line["link"].as_str().unwrap())
    }

    /// The path of somebody's link about a task, or about the first request for it.
    pub fn link_about(&self, person: &str, purpose: Purpose, task: &str) -> String {
        let loaded = self.files.load();
        let key = link::key::read(&loaded.school.settings.state).unwrap().unwrap();
        let signer = Signer::new(key, loaded.school.settings.organisation.id.as_str());
        let (plan, task) = (&loaded.school.plan.number, TaskId::new(task));
        let subject: LinkTag = match purpose {
            Purpose::Decide => signer.request(plan, &task, 1),
            _ => signer.task(plan, &task),
        };
        let issued = Timestamp::now() - SignedDuration::from_mins(1);
        let issued = Timestamp::from_millisecond(issued.as_millisecond()).unwrap();
        let token = LinkToken { purpose, issued, days: 9, person: signer.person(person), subject };
        format!("/{}/{}", purpose.folder(), signer.sign(&token))
    }

    /// The path of a link.
    pub fn path(&self, link: &str) -> String {
        link.strip_prefix(&format!("http://127.0.0.1:{}", self.port)).expect("a link of this school").to_owned()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", b"")
    }

    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}{headers}\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Posts fields and files, each file with its name and bytes.
    pub fn post(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let (kind, body) = multipart(fields, files);
        self.ask("POST", path, &format!("Content-Type: {kind}\r\n"), &body)
    }

    /// What comes back for these bytes.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // A server that has seen enough answers before it has read all.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let lines = lines.map(|(name, value)| format!("{}: {value}\n", name.to_lowercase()));
        Answer { status, head: lines.collect(), body: answer[end + 4..].to_vec() }
    }

    /// A task as `status` tells it.
    pub fn task(&self, id: &str) -> serde_json::Value {
        let lines = self.files.lines(&["status"]);
        lines.into_iter().find(|line| line["type"] == "task" && line["task"] == id).expect("the task")
    }

    /// The text of the newest message to somebody.
    pub fn newest_mail(&self, to: &str) -> String {
        self.mails(to).pop().expect("a message")
    }

    /// The texts of all messages to somebody, oldest first.
    pub fn mails(&self, to: &str) -> Vec<String> {
        let mails = std::fs::read_dir(self.files.path("outbox")).unwrap();
        let mut mails: Vec<_> = mails.map(|entry| entry.unwrap()).collect();
        mails.sort_by_key(|entry| entry.metadata().unwrap().modified().unwrap());
        let texts = mails.iter().map(|entry| std::fs::read(entry.path()).unwrap());
        let parsed = texts.filter_map(|bytes| {
            let mail = mail_parser::MessageParser::default().parse(&bytes)?.into_owned();
            let is_theirs = mail.to()?.first()?.address()? == to;
            is_theirs.then(|| mail.body_text(0).unwrap().into_owned())
        });
        parsed.collect()
    }
}

/// A form as browsers post it: its type and its body.
pub fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, bytes) in files {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    ("multipart/form-data; boundary=x".to_owned(), body)
}

/// The smallest picture.
pub const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82";
