//! The daemon as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::Files;

/// The daemon as a process; ended with the test.
pub struct Service {
    pub process: Child,
    log: BufReader<std::process::ChildStderr>,
}

impl Service {
    pub fn start(files: &Files) -> Self {
        Self::start_under(files, None)
    }

    /// Starts it under a service manager that listens there.
    pub fn start_under(files: &Files, manager: Option<&std::path::Path>) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("nhacviec"));
        command.envs(manager.map(|socket| ("NOTIFY_SOCKET", socket)));
        Self::spawn(command, files)
    }

    /// Starts it by a command that runs the program.
    pub fn spawn(mut command: Command, files: &Files) -> Self {
        command
            .env_remove("NHACVIEC_CONFIG")
            .envs(super::ENGLISH)
            .env_remove("RUST_LOG")
            .arg("--config")
            .arg(files.config())
            .arg("run");
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap());
        Self { process, log }
    }

    /// Waits until the log says this; the end of the log fails the test.
    pub fn says(&mut self, words: &str) {
        self.lines_until(words);
    }

    /// The lines of the log from here on, up to one that says this; the end of the log fails the test.
    pub fn lines_until(&mut self, words: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        while self.log.read_line(&mut line).unwrap() > 0 {
            lines.push(std::mem::take(&mut line));
            if lines.last().unwrap().contains(words) {
                return lines;
            }
        }
        panic!("the log ended without {words:?}:\n{}", lines.concat());
    }

    /// All that the log says from here on, until the process ends.
    pub fn rest(&mut self) -> String {
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.log, &mut rest).unwrap();
        rest
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A process that is gone already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
