//! The name that this machine says in EHLO (RFC 5321, 4.1.1.1 and 4.1.4): its full name, where it has one, else its
//! address.

use std::net::IpAddr;

use rustix::system::uname;

/// Where its full name stands, as `hostname --fqdn` finds it.
const HOSTS: &str = "/etc/hosts";

/// The machine's full name, where it has one.
pub(super) fn full_name() -> Option<String> {
    let hosts = std::fs::read_to_string(HOSTS).unwrap_or_default();
    find(&uname().nodename().to_string_lossy(), &hosts)
}

/// An address in the place of a name (RFC 5321, 4.1.3).
pub(super) fn literal(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("[{address}]"),
        IpAddr::V6(address) => format!("[IPv6:{address}]"),
    }
}

/// Whether this is a full name: labels of letters, digits and hyphens, two at least.
pub(super) fn is_full_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
}

fn find(hostname: &str, hosts: &str) -> Option<String> {
    let lines = hosts.lines().map(|line| line.split('#').next().unwrap_or_default().split_whitespace().skip(1));
    let names: Vec<Vec<&str>> =
        lines.map(Iterator::collect).filter(|names: &Vec<_>| names.contains(&hostname)).collect();
    // Every machine calls itself by such a name, so it says nothing.
    let is_own = |name: &&str| is_full_name(name) && !name.starts_with("localhost.") && !name.ends_with(".localdomain");
    std::iter::once(hostname).chain(names.concat()).find(is_own).map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_full_name_is_the_machines_own_or_stands_beside_it() {
        let hosts = "127.0.0.1 localhost localhost.localdomain\n127.0.1.1 mail.school.example mail # its own\n";
        let cases = [
            ("mail.school.example", "", Some("mail.school.example")),
            ("mail", hosts, Some("mail.school.example")),
            ("localhost", hosts, None),
            ("mail", "127.0.1.1 mail", None),
            ("other", hosts, None),
            ("", hosts, None),
        ];
        for (hostname, hosts, name) in cases {
            assert_eq!(find(hostname, hosts).as_deref(), name, "{hostname}");
        }
    }

    #[test]
    fn a_machine_without_a_name_says_its_address() {
        let cases =
            [("192.0.2.1", "[192.0.2.1]"), ("::ffff:192.0.2.1", "[192.0.2.1]"), ("2001:db8::1", "[IPv6:2001:db8::1]")];
        for (address, said) in cases {
            assert_eq!(literal(address.parse().unwrap()), said);
        }
    }
}
