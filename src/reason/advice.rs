//! What the admin can do about a failure: which key of the configuration to change, whom to ask.

use serde::{Deserialize, Serialize};

/// What the admin can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Look at `host` and the network.
    CheckHost,
    /// Look at the address and the network.
    CheckAddress,
    /// Look at `host` and `port` of `[inbox]`.
    CheckInboxServer,
    /// Write the server's full name as `host`.
    FullHost,
    /// Write as `host` a name that stands in the certificate.
    CertificateName,
    /// Have the server's certificate renewed.
    RenewCertificate,
    /// Look at this machine's clock.
    CheckClock,
    /// Trust the certificate by `ca_file`.
    TrustCertificate,
    /// Write `tls` and `port` that belong together, for sending.
    MatchPort,
    /// The same for the mailbox, and as `host` the name in the certificate.
    MatchInboxPort,
    /// Have the certificate of a service renewed, or write the name that stands in it.
    ServiceCertificate,
    /// Encrypt from the beginning, or choose another server.
    EncryptFromStart,
    /// The same where the server refuses to begin encryption.
    EncryptOrAsk,
    /// Have the server encrypt, by STARTTLS.
    StartTls,
    /// Encrypt, in the mailbox's table.
    EncryptInbox,
    /// A login may be offered once the connection is encrypted.
    LoginAfterStartTls,
    /// Leave the login out, or write the port of submission.
    SubmissionPort,
    /// The server takes tokens alone.
    TokensAlone,
    /// The server takes passwords alone.
    PasswordsAlone,
    /// Ask for another way to log in.
    OtherLogin,
    /// Add a login.
    AddLogin,
    /// Look at name and password.
    CheckLogin,
    /// The same for the mailbox.
    CheckInboxLogin,
    /// Gmail wants an app password.
    GmailAppPassword,
    /// Put an app password into `password_file`.
    AppPassword,
    /// Gmail wants an app password for the mailbox.
    GmailInbox,
    /// Microsoft 365 must allow SMTP AUTH.
    AllowSmtpAuth,
    /// Microsoft 365 takes tokens for the mailbox.
    Microsoft365Inbox,
    /// The service takes no passwords.
    UseOauth,
    /// Look at the address of the token's service.
    CheckTokenUrl,
    /// Look at what the token's service is told.
    CheckOauth,
    /// Set `hello`.
    SetHello,
    /// Set `from` to an address that the login may send as.
    SetFrom,
    /// Write an address without diacritics as `from`.
    AsciiFrom,
    /// What may be sent in a day is used up.
    SetPerDay,
    /// The server does not accept this machine.
    AcceptMachine,
    /// The server distrusts this machine's address.
    ClearAddress,
    /// The server relays for those it knows alone.
    AllowRelay,
    /// Have the records of the sender's domain set.
    SetDns,
    /// The service has blocked the account.
    AskProvider,
    /// The server talks to nobody from here.
    AskServer,
    /// Let the program write there.
    LetWrite,
    /// The service knows no bot by the token.
    BotToken,
    /// The server does not know the token.
    NewToken,
    /// Put the token alone into its file.
    TokenAlone,
    /// Another program reads the bot's news.
    OtherReader,
    /// The address has moved.
    AddressMoved,
    /// Both sides must know the same secret.
    CheckSecret,
    /// Make a new address in the service.
    NewAddress,
    /// Something else than the service answers.
    NotTheService,
    /// Look how the folder is written.
    CheckFolder,
}
