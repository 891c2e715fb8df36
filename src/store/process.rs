//! Which process this is among those of all machines, and whether another one of this machine has ended. Linux says so
//! under `/proc` (proc(5)), of which a service may see the processes alone; what is not said is not known.

use std::fs;
use std::os::unix::fs::MetadataExt;

use rustix::system::uname;

/// Names each start of a machine, or else the machine (machine-id(5)).
const MACHINES: [&str; 2] = ["/proc/sys/kernel/random/boot_id", "/etc/machine-id"];
/// Names the processes that see each other by their numbers.
const NAMESPACE: &str = "/proc/self/ns/pid";
/// In what follows the name of a program, the state of a process comes first and when it began comes so much later.
const BEGAN: usize = 18;

/// A name that no other process has or will have; `None` where the system does not tell.
pub(super) fn unique_name() -> Option<String> {
    let number = std::process::id();
    Some(format!("{}/{number}/{}", this_place()?, began(number)?))
}

/// What people call this process: "nhacviec on server-1, process 4711".
pub(super) fn shown_name() -> String {
    format!("nhacviec on {}, process {}", hostname(), std::process::id())
}

/// Whether the process with this unique name has certainly ended: this machine would know it, and does not. What stands
/// behind the name is passed over.
pub(super) fn has_ended(name: &str) -> bool {
    let Some(place) = this_place() else { return false };
    let Some(process) = name.strip_prefix(&place).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let mut parts = process.split('/').map(str::parse);
    let (Some(Ok(number)), Some(Ok(start))) = (parts.next(), parts.next()) else { return false };
    began(u32::try_from(number).unwrap_or_default()) != Some(start)
}

/// Where processes see each other: a machine by its id and its name (copies of one may share the id), a name space, and a
/// user, from whom nothing of his own is hidden.
fn this_place() -> Option<String> {
    let (machine, host) = (first_line_of(MACHINES)?, hostname());
    let namespace = fs::read_link(NAMESPACE).ok()?;
    let user = fs::metadata("/proc/self").ok()?.uid();
    let namespace: String = namespace.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    Some(format!("{machine}/{host}/{namespace}/{user}"))
}

/// What people call the machine.
fn hostname() -> String {
    uname().nodename().to_string_lossy().into_owned()
}

/// The first line of the first file that can be read and has anything.
fn first_line_of(files: [&str; 2]) -> Option<String> {
    let lines = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    lines.map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
}

/// When a process that lives began, in ticks since the machine did.
fn began(number: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The name of the program may have anything in it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    match fields.next()? {
        // Nobody has asked yet how it ended.
        "Z" | "X" => None,
        _ => fields.nth(BEGAN)?.parse().ok(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_process_of_this_machine_has_ended_when_it_has_and_of_others_it_is_not_known() {
        let own = unique_name().unwrap();
        assert!(!has_ended(&own) && !has_ended(&format!("{own}/2")));
        let mut other = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let name = format!("{}/{}/{}", this_place().unwrap(), other.id(), began(other.id()).unwrap());
        assert!(!has_ended(&name));
        // Another process has its number by now.
        assert!(has_ended(&format!("{}/{}/1", this_place().unwrap(), std::process::id())));
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(has_ended(&name));
        assert!(!has_ended(&name.replacen(|c: char| c.is_ascii_hexdigit(), "x", 1)), "another machine's");
        assert!(!has_ended("nhacviec on server-1, process 4711") && !has_ended(""));
    }
}
