//! Whether a mail is from whom it says, by the word of the server that took it in (RFC 8601).

/// The name by which Microsoft 365 is called here: its results bear none.
pub const MICROSOFT: &str = "protection.outlook.com";

/// Whether the results that stand topmost, in `header`, are the server's of the name `by`, and say that a mail from
/// `address` is from there: DMARC passed, or a signature or the envelope of an aligned domain did, or its writer had
/// logged in under that address.
///
/// Alignment is relaxed as in RFC 7489, 3.1, but knows no list of public suffixes: of two domains one must end with the
/// other, which must have a point in it.
#[must_use]
pub fn passes(header: &str, by: &str, address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let plain = without_comments(header);
    let mut parts = split(&plain);
    let server = parts.next().unwrap_or_default();
    let Some(whose) = Whose::of(server, by) else { return false };
    let is_nameless = whose == Whose::Nameless;
    std::iter::once(server).filter(|_| is_nameless).chain(parts).any(|part| {
        let mut words = pairs(part).into_iter();
        let Some((method, result)) = words.next() else { return false };
        if !result.eq_ignore_ascii_case("pass") {
            return false;
        }
        let properties: Vec<(String, String)> = words.collect();
        let property = |name: &str| properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let of = |value: &str| value.rsplit_once('@').map_or(value, |(_, domain)| domain).to_owned();
        match method.split('/').next().unwrap_or_default() {
            "dmarc" => property("header.from").is_none_or(|from| of(from).eq_ignore_ascii_case(domain)),
            "dkim" => property("header.d").or(property("header.i")).is_some_and(|signer| aligned(&of(signer), domain)),
            // A report of deliveries has no sender but the name of its server (RFC 7208, 2.4).
            "spf" => {
                let sender = property("smtp.mailfrom").filter(|sender| !matches!(*sender, "" | "<>"));
                sender.or(property("smtp.helo")).is_some_and(|sender| aligned(&of(sender), domain))
            }
            "auth" => property("smtp.auth").is_some_and(|login| login.eq_ignore_ascii_case(address)),
            _ => false,
        }
    })
}

/// Whether the results in `header` are those of the server of the name `by`.
#[must_use]
pub fn is_of(header: &str, by: &str) -> bool {
    let plain = without_comments(header);
    split(&plain).next().is_some_and(|server| Whose::of(server, by).is_some())
}

/// The server that results in `header` say they are of; for those that say it not at all, the name by which that server is
/// called here.
#[must_use]
pub fn name(header: &str) -> Option<String> {
    let plain = without_comments(header);
    let first = split(&plain).next()?.split_whitespace().next()?.to_owned();
    Some(if first.contains('=') { MICROSOFT.to_owned() } else { first })
}

/// How results say whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// By the server's name.
    Named,
    /// Not at all, as Microsoft 365 does: what stands first is a result already.
    Nameless,
}

impl Whose {
    /// How results that begin with this part are those of `by`; `None` where they are another server's.
    fn of(first: &str, by: &str) -> Option<Self> {
        let name = first.split_whitespace().next().unwrap_or_default();
        if name.contains('=') && by.trim().eq_ignore_ascii_case(MICROSOFT) {
            return Some(Self::Nameless);
        }
        name.eq_ignore_ascii_case(by.trim()).then_some(Self::Named)
    }
}

fn aligned(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_end_matches('.').to_lowercase(), other.trim_end_matches('.').to_lowercase());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short == long || (short.contains('.') && long.ends_with(&format!(".{short}")))
}

/// A value without its comments, which can be in one another.
fn without_comments(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in value.chars() {
        let is_escaped = std::mem::replace(&mut escaped, false);
        match letter {
            '\\' if !is_escaped && (quoted || depth > 0) => escaped = true,
            '"' if !is_escaped && depth == 0 => quoted = !quoted,
            '(' if !is_escaped && !quoted => depth += 1,
            ')' if !is_escaped && !quoted && depth > 0 => {
                depth -= 1;
                plain.push(' ');
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            plain.push(letter);
        }
    }
    plain
}

/// The parts between semicolons outside of quotes.
fn split(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    value.split(move |letter| {
        quoted ^= letter == '"';
        letter == ';' && !quoted
    })
}

/// `key=value` pairs, keys in lower case, values without quotes.
fn pairs(part: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = part.trim();
    while let Some((key, value)) = rest.split_once('=') {
        let key = key.split_whitespace().next_back().unwrap_or_default().to_lowercase();
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        pairs.push((key, value.to_owned()));
        rest = after.trim_start();
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_microsoft_bear_no_name() {
        let pass = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=school.example; dkim=none header.d=none;dmarc=pass action=none \
                    header.from=school.example;compauth=pass reason=100";
        assert!(passes(pass, MICROSOFT, "pho@school.example"));
        assert!(!passes(pass, "mx.school.example", "pho@school.example"));
        let fail = "spf=fail smtp.mailfrom=evil.example; dkim=none header.d=none;dmarc=fail header.from=school.example";
        assert!(!passes(fail, MICROSOFT, "pho@school.example"));
        assert!(!passes("mx.evil.example; dmarc=pass", MICROSOFT, "pho@school.example"));
    }

    #[test]
    fn only_the_word_of_ones_own_server_about_the_writers_own_domain_counts() {
        let cases = [
            ("mx.school.example; dmarc=pass header.from=school.example", true),
            ("MX.school.example 1; dmarc=pass (p=reject dis=none) header.from=School.Example", true),
            ("mx.school.example; dkim=pass header.i=@school.example header.s=a header.b=x", true),
            ("mx.school.example; dkim=pass (2048-bit key; unprotected) header.d=mail.school.example", true),
            ("mx.school.example; spf=pass (a; b) smtp.mailfrom=pho@school.example; dkim=none", true),
            ("mx.school.example; spf=pass smtp.mailfrom=\"pho@school.example\"", true),
            ("mx.school.example; auth=pass smtp.auth=pho@school.example", true),
            ("mx.school.example; auth=pass smtp.auth=hieu-truong@school.example", false),
            ("mx.school.example; dmarc=fail header.from=school.example", false),
            ("mx.school.example; dmarc=pass header.from=evil.example", false),
            ("mx.school.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example", false),
            ("mx.school.example; dkim=pass header.d=example", false),
            ("mx.school.example; dkim=pass header.d=notschool.example", false),
            ("mx.evil.example; dmarc=pass header.from=school.example", false),
            ("mx.evil.example (mx.school.example); dmarc=pass", false),
            ("mx.school.example; none", false),
            ("mx.school.example; spf=fail (dmarc=pass) smtp.mailfrom=pho@school.example", false),
            ("mx.school.example; spf=fail reason=\"; dmarc=pass\" smtp.mailfrom=pho@school.example", false),
            ("spf=pass smtp.mailfrom=school.example; dmarc=pass header.from=school.example", false),
            ("", false),
            ("(((", false),
        ];
        for (header, expected) in cases {
            assert_eq!(passes(header, "mx.school.example", "pho@school.example"), expected, "{header}");
        }
    }
}
