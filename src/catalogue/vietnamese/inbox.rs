use crate::cli::inbox::InboxText;
use crate::language::{Says, Vietnamese};

impl Says<InboxText<'_>> for Vietnamese {
    fn say(&self, said: &InboxText<'_>) -> String {
        use InboxText as T;
        match said {
            T::LoggedIn(inbox) => {
                format!("đã đăng nhập vào {}:{} bằng tên {}", inbox.server.host, inbox.server.port, inbox.username)
            }
            T::Mails { folder, mails } => format!("thư mục {folder}: {mails} thư"),
            T::OwnMail(Ok(())) => "đã ghi một thư thử, đọc lại được và đã xóa đi".to_owned(),
            T::OwnMail(Err(reason)) => format!("không ghi và đọc lại được thư thử: {}", self.say(*reason)),
            T::TellsOfMail => "thư mới: máy chủ tự báo khi có thư (IDLE)".to_owned(),
            T::LookedInto { every: 1 } => "thư mới: mỗi phút xem một lần".to_owned(),
            T::LookedInto { every } => format!("thư mới: {every} phút xem một lần"),
            T::Bears { name: Some(name), mails } => format!("{mails} thư có xác nhận người gửi của {name}"),
            T::Bears { name: None, mails } => format!("{mails} thư không có xác nhận người gửi"),
            T::BelievesAll => "cấu hình tin mọi dòng From (authentication = \"none\")".to_owned(),
            T::AsksFor { name, is_borne: true } => format!("cấu hình cần xác nhận của {name}: khớp"),
            T::AsksFor { name, is_borne: false } => format!(
                "cấu hình cần xác nhận của {name}, mà không thư nào có: sẽ không tin thư trả lời nào; ghi ở `authentication` tên \
                 có trong các thư"
            ),
            T::NotKnown { name, looked_at, address } => {
                let seen = match looked_at {
                    0 => "hộp thư chưa có thư nào".to_owned(),
                    mails => format!("{mails} thư mới nhất không có xác nhận (Authentication-Results)"),
                };
                format!(
                    "chưa biết có tin được thư trả lời không: cấu hình cần xác nhận của {name}, mà {seen}; thư thử thì chương \
                     trình tự ghi vào, không qua máy chủ nhận thư\n  cần làm gửi một thư từ hộp thư khác đến {address} rồi gọi lại \
                     `nhacviec inbox check`: lệnh cho thấy tên máy chủ đã xác nhận thư ấy (trong thư, tên đứng đầu dòng \
                     Authentication-Results khi xem thư gốc); ghi tên đó ở `authentication`. Thư ấy cũng không có thì máy chủ \
                     không xác nhận người gửi, xem docs/hop-thu.md"
                )
            }
        }
    }
}
