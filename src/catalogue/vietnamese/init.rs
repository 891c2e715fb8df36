use crate::cli::init::{FileText, InitText};
use crate::language::{Says, Vietnamese};

impl Says<InitText<'_>> for Vietnamese {
    fn say(&self, said: &InitText<'_>) -> String {
        match said {
            InitText::School => "Tên trường".to_owned(),
            InitText::Place => "Địa danh ghi trước ngày tháng".to_owned(),
            InitText::Authority => "Cơ quan chủ quản".to_owned(),
            InitText::Mail => "Gửi thư qua (folder: chưa gửi, gmail, microsoft-365, hoặc tên máy chủ)".to_owned(),
            InitText::Mailbox => "Hộp thư dùng để gửi".to_owned(),
            InitText::AdminEmail => "Email của thầy cô quản trị".to_owned(),
            InitText::NoAddress => "đây không phải là địa chỉ email".to_owned(),
            InitText::OpenRoles(list) => {
                format!("Chưa có người giữ các vai trò sau; điền họ tên và email vào {}:", list.display())
            }
            InitText::Doubts(config) => {
                format!(
                    "Chỗ chưa rõ trong kế hoạch; sửa trong văn bản, hoặc thêm các dòng được nêu vào {}:",
                    config.display()
                )
            }
            InitText::Password(file) => format!("Ghi mật khẩu của hộp thư vào {}", file.display()),
            InitText::Next => "Tiếp theo: nhacviec check, rồi nhacviec rehearse để xem mọi thư sẽ gửi.".to_owned(),
        }
    }
}

impl Says<FileText<'_>> for Vietnamese {
    fn say(&self, said: &FileText<'_>) -> String {
        match said {
            FileText::Written(path) => format!("đã ghi: {}", path.display()),
            FileText::Kept(path) => format!("giữ nguyên: {}", path.display()),
        }
    }
}
