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
            T::AsksFor { name, is_borne: Some(true) } => format!("cấu hình cần xác nhận của {name}: khớp"),
            T::AsksFor { name, is_borne: Some(false) } => format!(
                "cấu hình cần xác nhận của {name}, mà không thư nào có: sẽ không tin thư trả lời nào; ghi ở `authentication` tên \
                 có trong các thư"
            ),
            T::AsksFor { name, is_borne: None } => {
                format!("cấu hình cần xác nhận của {name}; gửi một thư từ bên ngoài vào hộp thư này rồi kiểm tra lại")
            }
        }
    }
}
