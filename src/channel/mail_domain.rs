//! Addresses of electronic mail as mail servers know them.

use std::borrow::Cow;

/// A domain as it stands in a mail and in its envelope: in ASCII, each label with other letters as an A-label (RFC 5890,
/// 2.3.2.1). One that cannot be written so stays as it is.
pub(crate) fn ascii_domain(domain: &str) -> Cow<'_, str> {
    if domain.is_ascii() {
        return Cow::Borrowed(domain);
    }
    idna::domain_to_ascii(domain).map_or(Cow::Borrowed(domain), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_of_any_letters_is_written_in_ascii() {
        let cases = [
            ("School.example", "School.example"),
            ("[192.0.2.1]", "[192.0.2.1]"),
            ("trường.example", "xn--trng-rib8295b.example"),
            // The same, in letters taken apart.
            ("tru\u{31b}o\u{31b}\u{300}ng.example", "xn--trng-rib8295b.example"),
        ];
        for (domain, ascii) in cases {
            assert_eq!(ascii_domain(domain), ascii);
        }
    }
}
