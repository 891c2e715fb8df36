use crate::channel::mistake::ChannelMistake;
use crate::language::{English, Explains, Explanation};

use super::{listed, meant};

impl Explains<ChannelMistake> for English {
    fn explain(&self, mistake: &ChannelMistake) -> Explanation {
        use ChannelMistake as M;
        match mistake {
            M::NoKind { written, near, known } => Explanation::new(
                format!("there is no channel of kind `{written}`"),
                meant(near.as_ref(), || format!("this build knows {}", listed(known))),
            ),
            M::AnswersElsewhere { address, inbox } => Explanation::new(
                format!("answers go to {address}, and [inbox] reads those to {inbox}"),
                "leave `reply_to` out, unless mail to it is passed on to [inbox]",
            ),
            M::NoUrl => Explanation::new(
                "the channel has no address",
                "write `url = \"https://…\"`, or `url_file = \"…\"` where the address holds a secret",
            ),
            M::NoSecretUrl => Explanation::new(
                "the channel has no address",
                "put the address into a file that nobody else may read, and write `url_file = \"…\"`",
            ),
            M::NoProxy => Explanation::new(
                "this is no address of a proxy",
                "write it as \"http://host:port\" or \"socks5h://host:port\"",
            ),
            M::NoToken => Explanation::new(
                "the channel has no `token_file`",
                "put the token into a file that nobody else may read, and write `token_file = \"…\"`",
            ),
            M::NothingToSignWith => Explanation::new(
                "the channel has no `secret_file` to sign with",
                "add `secret_file = \"…\"`: a file with whsec_ and the base64 of 24 random bytes or more",
            ),
            M::BadSigningSecret => Explanation::new(
                "the secret to sign with is not the base64 of 24 bytes or more",
                "make one with: echo whsec_$(head -c 32 /dev/urandom | base64 -w0)",
            ),
            M::UserWithoutPassword => Explanation::new(
                "the channel has a `username` and no password",
                "add `password_file = \"…\"`, the credential `smtp-password` in the systemd unit, or `oauth`",
            ),
            M::NoSender { written } => Explanation::new(
                format!("`{written}` is no address of electronic mail"),
                "write it as name@school.example, or as \"Nhắc việc <name@school.example>\"",
            ),
            M::NoMachineName { written } => Explanation::new(
                format!("`{written}` is no full name of a machine"),
                "write the full name of this machine, as \"mail.school.example\"",
            ),
        }
    }
}
