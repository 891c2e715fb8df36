use crate::channel::mistake::ChannelMistake;
use crate::language::{Explains, Explanation, Vietnamese};

use super::{listed, meant};

impl Explains<ChannelMistake> for Vietnamese {
    fn explain(&self, mistake: &ChannelMistake) -> Explanation {
        use ChannelMistake as M;
        match mistake {
            M::NoKind { written, near, known } => Explanation::new(
                format!("không có loại kênh `{written}`"),
                meant(near.as_ref(), || format!("bản này có {}", listed(known))),
            ),
            M::AnswersElsewhere { address, inbox } => Explanation::new(
                format!("thư trả lời đến {address}, còn [inbox] đọc thư đến {inbox}"),
                "bỏ `reply_to`, trừ khi thư đến địa chỉ đó được chuyển tiếp vào [inbox]",
            ),
            M::NoUrl => Explanation::new(
                "kênh chưa có địa chỉ",
                "viết `url = \"https://…\"`, hoặc `url_file = \"…\"` nếu địa chỉ chứa khóa bí mật",
            ),
            M::NoSecretUrl => Explanation::new(
                "kênh chưa có địa chỉ",
                "ghi địa chỉ vào một tệp không ai khác đọc được, và viết `url_file = \"…\"`",
            ),
            M::NoProxy => Explanation::new(
                "đây không phải là địa chỉ của proxy",
                "viết như \"http://host:port\" hay \"socks5h://host:port\"",
            ),
            M::NoToken => Explanation::new(
                "kênh chưa có `token_file`",
                "ghi token vào một tệp không ai khác đọc được, và viết `token_file = \"…\"`",
            ),
            M::NothingToSignWith => Explanation::new(
                "kênh chưa có `secret_file` để ký",
                "thêm `secret_file = \"…\"`: một tệp có whsec_ và base64 của ít nhất 24 byte ngẫu nhiên",
            ),
            M::BadSigningSecret => Explanation::new(
                "khóa để ký không phải là base64 của ít nhất 24 byte",
                "tạo một khóa: echo whsec_$(head -c 32 /dev/urandom | base64 -w0)",
            ),
            M::UserWithoutPassword => Explanation::new(
                "kênh có `username` mà chưa có mật khẩu",
                "thêm `password_file = \"…\"`, mật khẩu `smtp-password` trong systemd, hoặc `oauth`",
            ),
            M::NoSender { written } => Explanation::new(
                format!("`{written}` không phải là địa chỉ email"),
                "viết như ten@truong.example, hay \"Nhắc việc <ten@truong.example>\"",
            ),
            M::NoMachineName { written } => Explanation::new(
                format!("`{written}` không phải là tên đầy đủ của một máy"),
                "viết tên đầy đủ của máy này, như \"mail.truong.example\"",
            ),
        }
    }
}
