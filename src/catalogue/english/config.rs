use jiff::civil::Time;

use crate::config::mistake::{AddressPart, ConfigMistake, SentInTheClear};
use crate::config::url::BadAddress;
use crate::language::{English, Explains, Explanation, Says};

use super::{listed, meant};

impl Explains<ConfigMistake> for English {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &ConfigMistake) -> Explanation {
        use ConfigMistake as M;
        match mistake {
            M::NoWeekday { written, near, known } => Explanation::new(
                format!("`{written}` is no weekday"),
                meant(near.as_ref(), || format!("write {}", listed(known))),
            ),
            M::NoWorkday => Explanation::new("no weekday is worked", "write at least one, as [\"mon\", \"tue\"]"),
            M::BadSchoolYear { error } => {
                Explanation::new(self.say(error), "write start, then the last day of each term in order, then end")
            }
            M::SingleTerm => Explanation::new(
                "the school year has a single term",
                "write the last day of each term: `terms = [2024-01-14, 2024-05-25]`",
            ),
            M::LongSchoolYear { months } => {
                Explanation::new(format!("the school year lasts {months} months"), "write the dates of one school year")
            }
            M::EndsBeforeItBegins { at, until } => Explanation::new(
                format!("`until` is {}, not after `at`, {}", hours(*until), hours(*at)),
                "write the latest time of day at which people may still be reminded",
            ),
            M::BeforeTheYear { days } => Explanation::new(
                format!("{days} days are more than a school year has: no task is known so early"),
                "write how many days before the due date somebody is to be reminded, as \"7d\"",
            ),
            M::OverdueWithoutEnd => Explanation::new("reminders every 0 days would never end", "write at least \"1d\""),
            M::OverdueEndsFirst { after, span } => Explanation::new(
                format!("`for` ends after {span} days, before `after` begins"),
                format!("write at least \"{after}d\""),
            ),
            M::CoordinatorsNotTold { written, near } => Explanation::new(
                format!("coordinators cannot be told of `{written}`"),
                meant(near.as_ref(), || {
                    "write \"start\", \"overdue\" or days before the due date, as \"14d\"".to_owned()
                }),
            ),
            M::EscalationTooLate { span } => Explanation::new(
                format!("nobody is ever told: overdue tasks are followed for {span} days only"),
                format!("write at most \"{span}d\", or a longer `for` in [reminders]"),
            ),
            M::AsksTooLate => {
                Explanation::new("on the day of a review it is too late to ask for it", "write at least \"1d\"")
            }
            M::NoReviewPeriod { written, near, known } => Explanation::new(
                format!("`{written}` is no period of review"),
                meant(near.as_ref(), || format!("write {}", listed(known))),
            ),
            M::DayWithoutMonth { period } => Explanation::new(
                format!("`on` has no meaning for a {period}: its review is on the last day of it"),
                "leave `on` out",
            ),
            M::NoDayOfMonth { day } => Explanation::new(format!("no month has a day {day}"), DAY_OF_MONTH),
            M::NoWordForDay { written, near } => Explanation::new(
                format!("`{written}` is no day of a month"),
                meant(near.as_ref(), || DAY_OF_MONTH.to_owned()),
            ),
            M::NoPlanColumn { written, near, known } => Explanation::new(
                format!("no column of a plan is called `{written}`"),
                meant(near.as_ref(), || format!("write one of {}", listed(known))),
            ),
            M::DoubledColumn => Explanation::new("this heading is said to mean two things", "leave one of them out"),
            M::NoStore => Explanation::new(
                "this is no store",
                "write \"sqlite:\" and the path of a file, as \"sqlite:nhacviec.db\", or the address of a database of PostgreSQL, \
                 as \"postgres://nhacviec@db.school.example/nhacviec\"",
            ),
            M::NoDatabaseAddress => Explanation::new(
                "this is no address of a database",
                "write it as \"postgres://nhacviec@db.school.example/nhacviec\": the user, the host, the database",
            ),
            M::PasswordInAddress => Explanation::new(
                "the password of the store stands in the configuration",
                "write `store_password_file = \"…\"` with the name of a file that holds it, or give the credential \
                 `store-password` in the systemd unit; and change the password, as others may have read it here",
            ),
            M::AddressLacks { part } => {
                let (what, help) = match part {
                    AddressPart::Host => ("host", "write it behind the `@`"),
                    AddressPart::User => ("user", "write it before the `@`"),
                    AddressPart::Database => ("database", "write its name behind the host, as in `@db/nhacviec`"),
                };
                Explanation::new(format!("the address of the store lacks the {what}"), help)
            }
            M::NoAddressParameter { written, near, known } => Explanation::new(
                format!("the address of the store knows no `{written}`"),
                meant(near.as_ref(), || format!("it knows {}", known.join(", "))),
            ),
            M::UnverifiedServer { mode } => Explanation::new(
                format!("with `sslmode={mode}` the store's server could be anybody"),
                "leave it out, or write sslmode=verify-full; where the server's certificate is signed by an authority of \
                 your own, add sslrootcert=FILE",
            ),
            M::NoTimeZone { written, near } => Explanation::new(
                format!("there is no time zone `{written}`"),
                meant(near.as_ref(), || "write a zone of the IANA database, as \"Asia/Ho_Chi_Minh\"".to_owned()),
            ),
            M::NoSpan { written } => Explanation::new(
                format!("`{written}` is no length of time in days, months or years"),
                "write a number and d, mo or y, as \"90d\" or \"2y\"",
            ),
            M::KeptTooShortly { written, least } => Explanation::new(
                format!("`{written}` is too short: answers that come late would not be understood"),
                format!("write at least \"{least}d\""),
            ),
            M::NoChannel => Explanation::new("there is no channel", "add [channel.email] with a `kind`"),
            M::BadWebAddress { why: BadAddress::NotOfTheWeb } => {
                Explanation::new("this is no address of the web", "write an address that begins with https://")
            }
            M::BadWebAddress { why: BadAddress::NotEncrypted } => Explanation::new(
                "without encryption messages go to this machine only",
                "write https:// instead of http://",
            ),
            M::NoBeginningOfLinks => Explanation::new(
                "links cannot begin with this address",
                "write only what every link begins with, as \"https://nhacviec.school.example\"",
            ),
            M::NoListenAddress { written, port } => Explanation::new(
                format!("`{written}` is no address to listen on"),
                format!("write an address of this machine and a port, as \"127.0.0.1:{port}\""),
            ),
            M::LinksInTheClear { address } => Explanation::new(
                format!("other machines reach {address} without encryption: links are as good as passwords"),
                "write 127.0.0.1, unless the reverse proxy is on another machine and nobody else can come here",
            ),
            M::StateInTheClear { written } => Explanation::new(
                format!("`{written}` shows the service's state to other machines, without encryption"),
                "write 127.0.0.1, unless whoever watches is on another machine and nobody else can come here",
            ),
            M::NoHeader { written } => Explanation::new(
                format!("`{written}` is no name of a header"),
                "write the header that your reverse proxy sets, as \"x-forwarded-for\"",
            ),
            M::InTheClear { what, host, ports } => {
                let what = match what {
                    SentInTheClear::Mail => "mail",
                    SentInTheClear::Password => "a password",
                };
                Explanation::new(
                    format!("without TLS {what} goes to this machine only, not to {host}"),
                    format!("write tls = \"tls\" (port {}) or \"starttls\" (port {})", ports.tls, ports.start_tls),
                )
            }
            M::NoEncryptionWord { written, near, known } => Explanation::new(
                format!("`{written}` is no kind of encryption"),
                meant(near.as_ref(), || format!("write {}", listed(known))),
            ),
            M::SameFolder => {
                Explanation::new("answers that are dealt with would stay where they are", "name another folder")
            }
            M::InboxWithoutPassword => Explanation::new(
                "[inbox] has no password",
                "add `password_file = \"…\"`, the credential `imap-password` in the systemd unit, or `oauth`",
            ),
            M::NoAuthentication => Explanation::new(
                "[inbox] lacks `authentication`: without it anybody can answer in another's name",
                AUTHENTICATION,
            ),
            M::Forgeable => {
                Explanation::new("an answer is believed by its From, which anybody can forge", AUTHENTICATION)
            }
            M::NoFolder { written } => {
                Explanation::new(format!("`{written}` is no name of a folder"), "write it as \"INBOX\" or \"Xong\"")
            }
            M::NoMinutes { written } => Explanation::new(
                format!("`{written}` is no number of minutes"),
                "write a number of minutes and an m, as \"5m\"; the longest is \"1440m\"",
            ),
            M::UnreadableCertificate { path, reason } => {
                Explanation::new(format!("cannot read {}: {}", path.display(), reason.words), CERTIFICATE)
            }
            M::NoCertificate { path } => {
                Explanation::new(format!("there is no certificate to trust in {}", path.display()), CERTIFICATE)
            }
            M::OAuthWithoutSecret => Explanation::new(
                "`oauth` has no secret",
                "add `client_secret_file = \"…\"`, or the credential `oauth-client-secret` in the systemd unit",
            ),
            M::UnreadableCredential { credential, reason } => Explanation::new(
                format!("cannot read the credential `{credential}`: {}", reason.words),
                "look at `LoadCredential=` in the systemd unit, and that the service's user may read it",
            ),
            M::OthersReadSecret { path } => Explanation::new(
                format!("others may read the secret in {}", path.display()),
                format!("chmod 600 {}", path.display()),
            ),
            M::UnreadableSecretFile { key, reason } => Explanation::new(
                format!("cannot read the file that `{key}` names: {}", reason.words),
                "write there the name of a file, which holds the secret alone on its first line",
            ),
            M::UnreadableSecret { path, reason } => Explanation::new(
                format!("cannot read the secret in {}: {}", path.display(), reason.words),
                "let the user that runs nhacviec read it",
            ),
            M::NoSecret { path } => Explanation::new(
                format!("there is no secret in {}", path.display()),
                "put the password into that file, alone on its first line",
            ),
        }
    }
}

const CERTIFICATE: &str =
    "save the server's certificate there in PEM: a text that begins with -----BEGIN CERTIFICATE-----";
const DAY_OF_MONTH: &str = "write \"first-workday\", \"last-workday\" or a day from 1 to 31";
const AUTHENTICATION: &str = "write the name at the beginning of your server's Authentication-Results, as \
                              \"mx.school.example\"; see docs/inbox.md";

fn hours(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}
