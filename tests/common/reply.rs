//! Mails that people send in answer, and the mails that they answer.

use std::path::{Path, PathBuf};

use mail_parser::MessageParser;

use super::Files;
use super::imap::ImapServer;

/// The table of a mailbox.
pub fn inbox(server: &ImapServer) -> String {
    format!(
        "[inbox]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nusername = \"inbox@school.example\"\npassword_file = \"imap\"\n\
         done_folder = \"Xong\"\nauthentication = \"mx.school.example\"\n",
        server.port
    )
}

/// Message-ID and subject of all mails in the outbox.
pub fn sent(files: &Files) -> Vec<(String, String)> {
    mails(&files.path("outbox"))
        .iter()
        .map(|mail| {
            let read = MessageParser::default().parse(mail).unwrap();
            (read.message_id().unwrap().to_owned(), read.subject().unwrap().to_owned())
        })
        .collect()
}

/// The mails of a folder, in order. One that is still being written has a hidden name.
pub fn mails(folder: &Path) -> Vec<Vec<u8>> {
    let is_whole = |path: &PathBuf| !path.file_name().unwrap().to_string_lossy().starts_with('.');
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(is_whole).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A mail that answers another.
pub struct Reply<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub more: &'a str,
}

impl Default for Reply<'_> {
    fn default() -> Self {
        Self { from: "pho@school.example", to: "", subject: "Re: việc", text: "Đã xong", more: "" }
    }
}

/// What the server that takes mails says of one whose sender it believes.
pub const BELIEVED: &str = "Authentication-Results: mx.school.example; dmarc=pass header.from=school.example\r\n";

impl Reply<'_> {
    /// As it lies in the mailbox.
    pub fn bytes(&self) -> Vec<u8> {
        let answers = if self.to.is_empty() { String::new() } else { format!("In-Reply-To: <{}>\r\n", self.to) };
        format!(
            "{BELIEVED}From: <{}>\r\nTo: <inbox@school.example>\r\nSubject: {}\r\nMessage-ID: <{}@phone.example>\r\n{answers}{}\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            self.from,
            self.subject,
            fastrand::u64(..),
            self.more,
            self.text
        )
        .into_bytes()
    }
}
