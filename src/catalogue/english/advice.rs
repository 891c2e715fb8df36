use crate::language::{English, Says};
use crate::reason::Advice;

impl Says<Advice> for English {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn say(&self, advice: &Advice) -> String {
        use Advice as A;
        match advice {
            A::CheckHost => "is `host` written right, and does this machine reach the network?",
            A::CheckAddress => "is the address written right, and does this machine reach the network?",
            A::CheckInboxServer => "are `host` and `port` of [inbox] right?",
            A::FullHost => "write the server's full name as `host`",
            A::CertificateName => "write as `host` a name that stands in the certificate",
            A::RenewCertificate => {
                "the server's certificate is over its time: have it renewed by those who run the server"
            }
            A::CheckClock => "is this machine's clock right?",
            A::TrustCertificate => {
                "where the server has signed its certificate itself, or the school's own authority has, save that certificate \
                 and write ca_file = \"…\": certificates to trust beside the system's"
            }
            A::MatchPort => "write `tls` and `port` that belong together: \"tls\" with 465, \"starttls\" with 587",
            A::MatchInboxPort => {
                "write as `host` the name that stands in the certificate, with `tls` and `port` that belong together: \
                 \"tls\" with 993, \"starttls\" with 143"
            }
            A::ServiceCertificate => "have the certificate renewed, or write the name that stands in it",
            A::EncryptFromStart => "write tls = \"tls\" with `port` 465, or another `host`",
            A::EncryptOrAsk => "write tls = \"tls\" with `port` 465, or ask those who run the server",
            A::StartTls => "the server wants encryption: write tls = \"starttls\"",
            A::EncryptInbox => "write tls = \"tls\"",
            A::LoginAfterStartTls => {
                "it may do so once the connection is encrypted: write tls = \"starttls\""
            }
            A::SubmissionPort => {
                "leave out `username` if it knows this machine, or write the `port` of submission: 465 with tls = \
                 \"tls\", 587 with \"starttls\""
            }
            A::TokensAlone => "it takes no passwords: add `oauth` in place of `password_file`",
            A::PasswordsAlone => "it takes passwords: add `password_file` in place of `oauth`",
            A::OtherLogin => "ask those who run it for one of these, or write another `host`",
            A::AddLogin => "the server wants a login: add `username` and `password_file`",
            A::CheckLogin => "is `username` right, and the password in `password_file`?",
            A::CheckInboxLogin => "are `username` and the first line of `password_file` of [inbox] right?",
            A::GmailAppPassword => "for Gmail use an app password, see docs/gmail.md",
            A::AppPassword => "put an app password into `password_file`, see docs/gmail.md",
            A::GmailInbox => "Gmail wants two-step login and an app password in `password_file`, see docs/inbox.md",
            A::AllowSmtpAuth => "Microsoft 365 must allow SMTP AUTH for this mailbox, see docs/microsoft-365.md",
            A::Microsoft365Inbox => "Microsoft 365 takes no passwords, but tokens: see docs/inbox.md",
            A::UseOauth => {
                "the service takes no passwords here: add `oauth` (OAuth 2.0) in place of `password_file`, or have it \
                 allow SMTP AUTH for this mailbox, see docs/microsoft-365.md"
            }
            A::CheckTokenUrl => "is `token_url` the token endpoint (OAuth 2.0) of your tenant?",
            A::CheckOauth => "check `client_id`, the client secret and when it expires, and `scope`",
            A::SetHello => "set `hello` to this machine's full name, as \"mail.school.example\"",
            A::SetFrom => "`from` must be an address that the login may send as: that of `username` is the surest",
            A::AsciiFrom => "write an address without diacritics as `from`",
            A::SetPerDay => {
                "what the account may send in a day is used up, and the rest goes out tomorrow: `per_day` keeps below it"
            }
            A::AcceptMachine => {
                "the server does not accept this machine's name or address: send with `username` and `password_file` \
                 over the school's own mail service, or have the address's name (reverse DNS) set"
            }
            A::ClearAddress => {
                "the server distrusts this machine's address: have it taken off the list that is named, or write \
                 another `host`"
            }
            A::AllowRelay => {
                "the server carries mail only for those it knows: add `username` and `password_file`, or have this \
                 machine allowed there"
            }
            A::SetDns => {
                "have SPF, DKIM and reverse DNS set for the domain of `from`, or send with `username` over the service \
                 that has them"
            }
            A::AskProvider => {
                "the service has blocked this account or its domain from sending: ask its administrator"
            }
            A::AskServer => "the server talks to nobody from here: ask those who run it",
            A::LetWrite => "let the user that runs nhacviec write there",
            A::BotToken => "the service knows no bot by this token: put the right one into `token_file`",
            A::NewToken => "the server does not know the token: put a new one into `token_file`",
            A::TokenAlone => "put the access token alone into `token_file`",
            A::OtherReader => "another program reads this bot's news",
            A::AddressMoved => "the address has moved, and redirections are not followed: write the new one",
            A::CheckSecret => {
                "the other side does not take what is signed so: is the secret in `secret_file` the one that it knows?"
            }
            A::NewAddress => "make a new address in the service and put it into `url_file`",
            A::NotTheService => "this is not the service's answer: is it blocked here, or is its address wrong?",
            A::CheckFolder => "is `folder` written right?",
        }
        .to_owned()
    }
}
