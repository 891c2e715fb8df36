use crate::language::{Says, Vietnamese};
use crate::reason::{
    CertificateFault, ConnectionReason, ConversationHelp, HttpReason, LocalReason, MailReason, MailboxFault,
    MailboxReason, MailboxStep, Reason, Step, SystemFault, SystemReason,
};

impl Says<Reason> for Vietnamese {
    fn say(&self, reason: &Reason) -> String {
        match reason {
            Reason::Said(words) => words.clone(),
            Reason::Advised { reason, advice } => format!("{} ({})", self.say(&**reason), self.say(advice)),
            Reason::Connection(reason) => self.say(reason),
            Reason::Mail(reason) => self.say(reason),
            Reason::Http(reason) => self.say(reason),
            Reason::Mailbox(reason) => self.say(reason),
            Reason::Local(reason) => self.say(reason),
        }
    }
}

impl Says<SystemReason> for Vietnamese {
    /// In the words of the system where it is something unusual.
    fn say(&self, reason: &SystemReason) -> String {
        match reason.fault {
            SystemFault::Refused => "máy đó không nhận kết nối ở cổng này".to_owned(),
            SystemFault::TimedOut => "chờ quá lâu không có trả lời".to_owned(),
            SystemFault::Unreachable => "không có đường mạng đến đó".to_owned(),
            SystemFault::Reset => "bên kia ngắt kết nối".to_owned(),
            SystemFault::Closed => "bên kia đóng kết nối".to_owned(),
            SystemFault::NotAllowed => "không được phép".to_owned(),
            SystemFault::Missing => "không có tệp hay thư mục này".to_owned(),
            SystemFault::Full => "hết chỗ trên ổ đĩa".to_owned(),
            SystemFault::ReadOnly => "ổ đĩa chỉ cho đọc".to_owned(),
            SystemFault::Other => format!("\"{}\"", reason.words),
        }
    }
}

impl Says<ConnectionReason> for Vietnamese {
    fn say(&self, reason: &ConnectionReason) -> String {
        use ConnectionReason as R;
        match reason {
            R::NameNotFound { host, why } => format!("không tìm được máy tên {host}: {}", self.say(why)),
            R::NotConnected { to, why } => format!("không kết nối được với {to}: {}", self.say(why)),
            R::Untrusted { host, fault, words } => {
                let why = match fault {
                    CertificateFault::OtherName => "chứng chỉ mang tên khác".to_owned(),
                    CertificateFault::Expired => "chứng chỉ đã hết hạn".to_owned(),
                    CertificateFault::NotYetValid => "chứng chỉ chưa đến ngày có hiệu lực".to_owned(),
                    CertificateFault::UnknownIssuer => "nơi ký chứng chỉ không được máy này tin".to_owned(),
                    CertificateFault::Other => format!("\"{words}\""),
                };
                format!("không tin được chứng chỉ của {host}: {why}")
            }
            R::NoCertificateName { host } => format!("không chứng chỉ nào mang được tên {host}"),
            R::NotEncrypted { host, why } => format!("không mã hóa được kết nối với {host}: {}", self.say(why)),
            R::EncryptionTooSlow { host } => format!("mã hóa kết nối với {host} quá lâu"),
            R::NoTls { words } => format!("không dùng được TLS: \"{words}\""),
            R::NoHttp { words } => format!("không dùng được HTTP: \"{words}\""),
            R::NoProxy => "không dùng được proxy".to_owned(),
            R::BrokenAddress { host } => format!("địa chỉ ở {host} bị hỏng"),
            R::TooSlow { host, .. } => format!("{host} không trả lời kịp"),
            R::BrokeOff { host, why } => format!("{host} ngắt trước khi trả lời: {}", self.say(why)),
        }
    }
}

/// What a step is called within a sentence.
fn named(step: Step) -> &'static str {
    match step {
        Step::Greeting => "lúc kết nối",
        Step::Ehlo => "EHLO",
        Step::StartTls => "STARTTLS",
        Step::Auth => "AUTH",
        Step::Mail => "MAIL",
        Step::Rcpt => "RCPT",
        Step::Data => "DATA",
        Step::End => "cuối thư",
        Step::Quit => "QUIT",
    }
}

impl Says<MailReason> for Vietnamese {
    fn say(&self, reason: &MailReason) -> String {
        use MailReason as R;
        match reason {
            R::Refused { step, answer } => match step {
                Step::Greeting => format!("máy chủ từ chối ngay khi kết nối: \"{answer}\""),
                Step::Auth => format!("máy chủ từ chối đăng nhập: \"{answer}\""),
                Step::Mail => format!("máy chủ không nhận người gửi: \"{answer}\""),
                Step::Rcpt => format!("máy chủ không nhận người nhận: \"{answer}\""),
                Step::Data | Step::End => format!("máy chủ không nhận thư: \"{answer}\""),
                Step::Ehlo | Step::StartTls | Step::Quit => {
                    format!("máy chủ không nhận {}: \"{answer}\"", named(*step))
                }
            },
            R::WrongAnswer { step, answer } => {
                format!("máy chủ trả lời không đúng cách ({}): \"{answer}\"", named(*step))
            }
            R::NoAnswer { step, line } => {
                format!("đây không phải là trả lời của máy chủ thư ({}): \"{line}\"", named(*step))
            }
            R::Endless { step } => format!("máy chủ trả lời mãi không hết ({})", named(*step)),
            R::Unasked { step } => format!("máy chủ nói nhiều hơn điều được hỏi, trước {}", named(*step)),
            R::Lost { step, why } => {
                format!("mất kết nối trước khi máy chủ trả lời ({}): {}", named(*step), self.say(why))
            }
            R::TooSlow { step } => format!("máy chủ không trả lời kịp ({})", named(*step)),
            R::NoStartTls => "máy chủ không có STARTTLS".to_owned(),
            R::NoLogin => "máy chủ không có cách đăng nhập nào ở cổng này".to_owned(),
            R::OtherLogins { offered } => {
                format!("máy chủ cho đăng nhập bằng {}; chương trình biết PLAIN, LOGIN và XOAUTH2", offered.join(", "))
            }
            R::ForeignLetters { address } => {
                format!("{address} có chữ ngoài a–z, mà máy chủ không chuyển được (không có SMTPUTF8)")
            }
            R::TooLarge { size, largest } => {
                format!("thư có {size} byte, máy chủ chỉ nhận đến {largest} (SIZE)")
            }
        }
    }
}

impl Says<HttpReason> for Vietnamese {
    fn say(&self, reason: &HttpReason) -> String {
        use HttpReason as R;
        match reason {
            R::Answered { status, said } if said.is_empty() => format!("HTTP {status}"),
            R::Answered { status, said } => format!("HTTP {status}: \"{said}\""),
            R::CutOff { answer } => format!("trả lời bị đứt giữa chừng: {}", self.say(&**answer)),
            R::GroupMoved { answer, chat } => format!("{} (`chat` của nhóm nay là {chat})", self.say(&**answer)),
            R::Shortened { answer } => format!("tin quá dài, đã gửi bản ngắn hơn: {}", self.say(&**answer)),
            R::NoToken { host, said } => format!("{host} không cấp token: \"{said}\""),
            R::AnswerWithoutToken { host, status } => format!("{host} trả lời {status} mà không có token"),
            R::BadToken => "token có ký tự mà không token nào có".to_owned(),
        }
    }
}

impl Says<LocalReason> for Vietnamese {
    fn say(&self, reason: &LocalReason) -> String {
        use LocalReason as R;
        match reason {
            R::NoAddress => "chưa có `email` để gửi đến".to_owned(),
            R::BadAddress { address } => format!("`{address}` không phải là địa chỉ email"),
            R::NoConversation { channel, help } => {
                let help = match help {
                    ConversationHelp::Pair => format!("`nhacviec channel pair {channel}` tìm ra mã"),
                    ConversationHelp::RoomSettings => {
                        "phần cài đặt của phòng cho biết mã, như \"!…:server\"".to_owned()
                    }
                };
                format!("chưa có `chat = {{ {channel} = \"…\" }}` để gửi đến; {help}")
            }
            R::NotComposed { words } => format!("không ghép được thư: \"{words}\""),
            R::Written { path } => format!("đã ghi vào {}", path.display()),
            R::NotWritten { path, why } => format!("không ghi được {}: {}", path.display(), self.say(why)),
            R::BrokenOff { words } => format!("việc gửi bị đứt giữa chừng: \"{words}\""),
            R::Stopped => "dịch vụ bị dừng trước khi có trả lời".to_owned(),
            R::NoFurtherChannel { recipient } => format!("{recipient} không còn kênh nào khác"),
            R::NoChannel { channel } => format!("không có kênh `{channel}`"),
            R::Silent { minutes } => format!("đã {minutes} phút không có trả lời"),
        }
    }
}

impl Says<MailboxReason> for Vietnamese {
    fn say(&self, reason: &MailboxReason) -> String {
        use MailboxReason as R;
        match reason {
            R::Failed { step, fault } => format!("{}: {}", self.say(step), self.say(fault)),
            R::LetsAnybodyIn { server } => format!("{server} cho vào mà không cần đăng nhập, khi chưa mã hóa"),
            R::TakesNobodyIn { server, said } => format!("{server} lúc này không cho ai vào: \"{said}\""),
            R::NoGreeting { server } => format!("{server} không trả lời như một máy chủ IMAP"),
            R::GreetsTooLate { server } => format!("{server} không trả lời kịp lúc kết nối"),
            R::Closed { server } => format!("{server} đóng kết nối"),
            R::SpokeOn { server } => {
                format!("{server} không bắt đầu mã hóa: máy chủ nói tiếp sau khi đã đồng ý")
            }
            R::LoginRefused { said } => format!("máy chủ từ chối đăng nhập: \"{said}\""),
            R::NoLastingNumbers => "máy chủ không đánh số thư cố định".to_owned(),
            R::OwnMailLost => "đã ghi một thư vào thư mục mà không thấy lại".to_owned(),
        }
    }
}

impl Says<MailboxStep> for Vietnamese {
    fn say(&self, step: &MailboxStep) -> String {
        use MailboxStep as S;
        match step {
            S::Greeting(server) => format!("chờ {server} trả lời lúc kết nối"),
            S::Capabilities => "hỏi máy chủ làm được gì".to_owned(),
            S::Encryption(server) => format!("{server} không bắt đầu mã hóa"),
            S::LogIn => "đăng nhập".to_owned(),
            S::Open(folder) => format!("mở thư mục {folder}"),
            S::Search => "tìm thư".to_owned(),
            S::Size => "hỏi thư lớn chừng nào".to_owned(),
            S::Read => "đọc một thư".to_owned(),
            S::Header => "đọc phần đầu của thư".to_owned(),
            S::Envelope => "hỏi đó là thư gì".to_owned(),
            S::Mark => "đánh dấu thư trả lời".to_owned(),
            S::Move => "chuyển thư trả lời sang `done_folder`".to_owned(),
            S::MakeFolder => "tạo `done_folder`".to_owned(),
            S::Remove => "xóa một thư".to_owned(),
            S::Write => "ghi một thư".to_owned(),
            S::Wait => "chờ thư mới".to_owned(),
        }
    }
}

impl Says<MailboxFault> for Vietnamese {
    fn say(&self, fault: &MailboxFault) -> String {
        use MailboxFault as F;
        match fault {
            F::Refused(said) => format!("máy chủ trả lời \"{said}\""),
            F::Lost => "mất kết nối".to_owned(),
            F::Ended(said) => format!("máy chủ ngắt kết nối và nói \"{said}\""),
            F::TooSlow => "máy chủ không trả lời kịp".to_owned(),
            F::TooMuch => "máy chủ gửi nhiều hơn điều được hỏi".to_owned(),
            F::NotUnderstood => "không hiểu được trả lời của máy chủ".to_owned(),
            F::System(why) => self.say(why),
            F::Withheld => "máy chủ nói có thư mà không cho đọc".to_owned(),
            F::NotSaid => "máy chủ không trả lời điều được hỏi".to_owned(),
        }
    }
}
