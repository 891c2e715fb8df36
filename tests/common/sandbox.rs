//! The program where the operating system sets it limits: disks of their own, and no power over what is not its own.

use std::process::{Command, Output};

use super::Files;

/// Runs a script that may mount file systems: in a name space of its own, so it needs no rights. `$1` is the program,
/// `$2` the school's configuration, `$3` its disk. It must succeed.
pub fn script(files: &Files, text: &str) -> String {
    let output = with_disks(files, text);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    said
}

/// The same, however it ends: it ends with the first command that fails.
pub fn with_disks(files: &Files, text: &str) -> Output {
    Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-euc", text, "sh"])
        .arg(assert_cmd::cargo::cargo_bin("nhacviec"))
        .arg(files.config())
        .arg(files.path("disk"))
        .env_remove("NHACVIEC_CONFIG")
        .envs(super::ENGLISH)
        .env_remove("RUST_LOG")
        .output()
        .unwrap()
}

/// The program as a user who may do what the modes of files allow and no more, whoever runs the tests.
pub fn as_a_user(files: &Files, args: &[&str]) -> Output {
    Command::new("unshare")
        .arg("--user")
        .arg(assert_cmd::cargo::cargo_bin("nhacviec"))
        .env_remove("NHACVIEC_CONFIG")
        .envs(super::ENGLISH)
        .env_remove("RUST_LOG")
        .arg("--config")
        .arg(files.config())
        .args(args)
        .output()
        .unwrap()
}

/// All that a process has said.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
