//! Addresses of the web in the configuration.

use ::url::Url;

/// Why an address cannot be used. Says nothing of the address itself, which may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// It is no address of the web.
    NotOfTheWeb,
    /// It would send in the clear to another machine.
    NotEncrypted,
}

/// The host of an address that can be used: any over https, this machine over http too.
///
/// # Errors
/// [`BadAddress`] for any other.
pub fn host(address: &str) -> Result<String, BadAddress> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or(BadAddress::NotOfTheWeb)?;
    let host = url.host_str().ok_or(BadAddress::NotOfTheWeb)?;
    let bare = host.trim_matches(['[', ']']);
    let local = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if url.scheme() == "http" && !local {
        return Err(BadAddress::NotEncrypted);
    }
    Ok(host.to_owned())
}
