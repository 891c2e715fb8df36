//! What holds for every request and every answer: who may ask how often, and the headers that bind a browser.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::compose::NoticePage;
use crate::net::http_server::{PeerAddress, client_network};

use super::{COST_OF_A_MISS, Refusal, WebState};

/// Headers that every answer has.
const STRICT: [(HeaderName, &str); 8] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets a request through unless its address asks too often, and puts the strict headers on whatever is answered. Who
/// comes with a link that was signed here is bound by the limit of the link alone: an address is often a proxy's, a
/// school's or a provider's, and what others ask from there is nothing to them.
pub(super) async fn admit(State(web): State<Arc<WebState>>, request: Request, next: Next) -> Response {
    let address = client_network(address(&web, &request));
    let has_link = web.has_link(request.uri().path());
    let admitted = if has_link { Ok(()) } else { web.charge(address, 1) };
    let mut response = match admitted {
        Err(refusal) => web.respond(Err(refusal)),
        Ok(()) if is_from_elsewhere(&request) => web.respond(Err(Refusal::Gone)),
        Ok(()) => {
            let response = web.in_our_words(next.run(request).await);
            if response.status() == StatusCode::NOT_FOUND && !has_link {
                // Whoever guesses links has few guesses.
                let _ = web.charge(address, COST_OF_A_MISS);
            }
            response
        }
    };
    let headers = response.headers_mut();
    for (name, value) in STRICT {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let style = web.in_force.borrow().composer.style_hash().to_owned();
    let policy = format!(
        "default-src 'none'; style-src '{style}'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Whether a page of somebody else's posts here: ours are the only ones with forms.
fn is_from_elsewhere(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
    request.method() == Method::POST && site.is_some_and(|site| site == "cross-site")
}

/// Who asks: the other end of the connection, or whom a trusted proxy names.
fn address(web: &WebState, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<PeerAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let in_force = web.in_force.borrow();
    let header = in_force.agenda.school().settings.site.as_ref().and_then(|site| site.client_address.as_ref());
    header.and_then(|header| named(request.headers(), header)).unwrap_or(peer)
}

/// The last address in a header: what stands before it was written by whoever asked.
fn named(headers: &HeaderMap, header: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(header).iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    let bare = last.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(last);
    bare.parse().ok().or_else(|| bare.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
}

impl WebState {
    /// Whether a path has a link in it that was signed here and has not run out.
    fn has_link(&self, path: &str) -> bool {
        let token = path.split('/').nth(2).map(|token| token.strip_suffix(".ics").unwrap_or(token));
        let index = token.and_then(|token| Some((token, self.index()?)));
        index.is_some_and(|(token, index)| index.signer().open(token, self.clock.now()).is_ok())
    }

    /// An answer, or a page in the school's language where it is a refusal that no page of ours speaks of: those of the
    /// library are bare text in English.
    fn in_our_words(&self, response: Response) -> Response {
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
        if is_page || !(status.is_client_error() || status.is_server_error()) {
            return response;
        }
        let notice = match status {
            StatusCode::METHOD_NOT_ALLOWED => NoticePage::Method,
            StatusCode::PAYLOAD_TOO_LARGE => NoticePage::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => NoticePage::Busy,
            _ if status.is_client_error() => NoticePage::Gone,
            _ => NoticePage::Broken,
        };
        self.notice(notice, status)
    }

    /// Takes so many requests from the bucket of an address.
    fn charge(&self, address: IpAddr, cost: u32) -> Result<(), Refusal> {
        let mut buckets = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        (0..cost).try_for_each(|_| buckets.take(address, now)).map_err(Refusal::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_list_of_addresses_the_proxys_own_word_counts() {
        let name = HeaderName::from_static("x-forwarded-for");
        let cases = [
            (vec!["192.0.2.7"], Some("192.0.2.7")),
            (vec!["203.0.113.9, 192.0.2.7"], Some("192.0.2.7")),
            (vec!["203.0.113.9", "192.0.2.7"], Some("192.0.2.7")),
            (vec!["[2001:db8::1]:443"], Some("2001:db8::1")),
            (vec!["192.0.2.7:443"], Some("192.0.2.7")),
            (vec!["unknown"], None),
            (vec![], None),
        ];
        for (values, expected) in cases {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(name.clone(), HeaderValue::from_static(value));
            }
            let expected = expected.and_then(|address| address.parse().ok());
            assert_eq!(named(&headers, &name), expected, "{headers:?}");
        }
    }
}
