use crate::app::try_connections::{
    ConnectionTarget, FailedTry, TriedConnection, TryAdvice, TryAnswer, TryOutcome, TryReason, UntriedReason,
};
use crate::channel::TriedOut;
use crate::language::{Says, Vietnamese};

/// Behind what is said of a mailbox whose mails bear no name yet.
const NAME_NOT_KNOWN: &str = "; chưa biết có tin được thư trả lời không, xem `nhacviec inbox check`";

impl Says<TriedConnection> for Vietnamese {
    fn say(&self, tried: &TriedConnection) -> String {
        let what = match &tried.connection {
            ConnectionTarget::Channel(name) => format!("kênh {name}"),
            ConnectionTarget::Mailbox => "hộp thư".to_owned(),
            ConnectionTarget::Pages => "trang web".to_owned(),
        };
        match &tried.outcome {
            Ok(TryOutcome::Works(answer)) => format!("{what}: {}", self.say(answer)),
            Ok(TryOutcome::Untried(why)) => format!("{what}: {}", self.say(why)),
            Err(FailedTry { reason, advice }) => {
                format!("{what}: không dùng được\n  lỗi     {}\n  cần làm {}", self.say(reason), self.say(advice))
            }
        }
    }
}

impl Says<UntriedReason> for Vietnamese {
    fn say(&self, why: &UntriedReason) -> String {
        match why {
            UntriedReason::OnlyBySending => "có gửi thử mới biết; xem `nhacviec send-test`".to_owned(),
            UntriedReason::NobodyListens(listen) => format!(
                "chưa thử: dịch vụ chưa chạy, chưa có gì ở {listen}; dịch vụ chạy rồi thì gọi lại `nhacviec check --online`"
            ),
        }
    }
}

impl Says<TryAnswer> for Vietnamese {
    fn say(&self, answer: &TryAnswer) -> String {
        match answer {
            TryAnswer::Channel(tried) => self.say(tried),
            TryAnswer::Mailbox { mails, is_name_known } => {
                let open = if *is_name_known { "" } else { NAME_NOT_KNOWN };
                format!("đăng nhập được; ghi và đọc lại được thư thử; có {mails} thư{open}")
            }
            TryAnswer::Pages(address) => format!("{address} mở ra các trang của chương trình"),
        }
    }
}

impl Says<TryReason> for Vietnamese {
    fn say(&self, reason: &TryReason) -> String {
        match reason {
            TryReason::Told(reason) => self.say(reason),
            TryReason::NameNotBorne => {
                "không thư nào có tên ghi ở `authentication`: sẽ không tin thư trả lời nào".to_owned()
            }
            TryReason::OtherPage { address, status } => {
                format!("{address} trả lời {status}, không phải là các trang của chương trình")
            }
        }
    }
}

impl Says<TryAdvice> for Vietnamese {
    fn say(&self, advice: &TryAdvice) -> String {
        match advice {
            TryAdvice::Told(advice) => self.say(advice),
            TryAdvice::MayPass => "lỗi này thường tự hết; nếu không thì xem lại `host`, `port` và tường lửa".to_owned(),
            TryAdvice::MendChannel => "sửa bảng của kênh này trong cấu hình".to_owned(),
            TryAdvice::MendInbox => "sửa [inbox] trong cấu hình".to_owned(),
            TryAdvice::LetWrite => "cho chương trình ghi vào hộp thư, và xem `nhacviec inbox check`".to_owned(),
            TryAdvice::SeeNames => "`nhacviec inbox check` cho xem các tên có trong thư".to_owned(),
            TryAdvice::SeeProxy => {
                "dịch vụ có đang chạy không, máy chủ web phía trước có chuyển `public_url` đến `listen` \
                                    không? Xem docs/trang-web.md"
                    .to_owned()
            }
        }
    }
}

impl Says<TriedOut> for Vietnamese {
    fn say(&self, tried: &TriedOut) -> String {
        match tried {
            TriedOut::Folder(folder) => format!("thư được ghi vào {}", folder.display()),
            TriedOut::MailServer { host, took_login: true } => format!("{host} trả lời và nhận đăng nhập"),
            TriedOut::MailServer { host, took_login: false } => format!("{host} trả lời"),
            TriedOut::Host { host, status } => {
                format!("{host} trả lời (HTTP {status}); có gửi thử mới biết có nhận tin không")
            }
            TriedOut::Bot => "dịch vụ biết bot này".to_owned(),
            TriedOut::Account => "máy chủ biết tài khoản này".to_owned(),
        }
    }
}
