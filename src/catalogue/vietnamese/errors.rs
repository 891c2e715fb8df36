use crate::app::ask_for_time::ProposalError;
use crate::app::init::SetupError;
use crate::app::new_year::NewYearError;
use crate::daemon::DaemonError;
use crate::delivery::DeliveryError;
use crate::evidence_store::{EvidenceError, MAX_FILE_BYTES};
use crate::language::{Says, Vietnamese};
use crate::link::key::KeyError;

use super::command_error::file;
use super::{day, status, system};

impl Says<EvidenceError> for Vietnamese {
    fn say(&self, error: &EvidenceError) -> String {
        match error {
            EvidenceError::Empty { name } => format!("`{name}` trống"),
            EvidenceError::TooLarge { name } => format!("`{name}` lớn hơn {} MB", MAX_FILE_BYTES >> 20),
            EvidenceError::UnknownKind { name } => format!(
                "`{name}` không thuộc loại tệp được nhận: PDF, Word, Excel, PowerPoint, OpenDocument, ảnh, MP3, MP4, văn bản thường"
            ),
            EvidenceError::NoRoom { names, used, most } => format!(
                "hết chỗ cho {names}: đã dùng {} trong {} MB của `max_total` ở [evidence]",
                used >> 20,
                most >> 20
            ),
            EvidenceError::Unwritable { name, path, source } => {
                format!("không lưu được `{name}` vào {}: {}", path.display(), system(source))
            }
        }
    }
}

impl Says<ProposalError> for Vietnamese {
    fn say(&self, error: &ProposalError) -> String {
        match error {
            ProposalError::Closed(closed) => format!("việc {}: không cần hạn khác", status(*closed)),
            ProposalError::NoReason => "cần ghi lý do".to_owned(),
            ProposalError::Same(due) => format!("hạn của việc đã là {}", day(*due)),
            ProposalError::Past(due) => format!("ngày {} đã qua", day(*due)),
            ProposalError::BeforeStart { due, start } => {
                format!("{} đứng trước ngày bắt đầu việc, {}", day(*due), day(*start))
            }
            ProposalError::TooLate { due, latest } => {
                format!("{} là quá muộn; viết một ngày đến {}", day(*due), day(*latest))
            }
            ProposalError::Store(error) => self.say(error),
        }
    }
}

impl Says<SetupError> for Vietnamese {
    fn say(&self, error: &SetupError) -> String {
        match error {
            SetupError::Unreadable(_) => "không đọc được kế hoạch hoặc danh sách".to_owned(),
            SetupError::List(source) => format!("không ghi được danh sách: {source}"),
        }
    }
}

impl Says<NewYearError> for Vietnamese {
    fn say(&self, error: &NewYearError) -> String {
        match error {
            NewYearError::Unreadable(_) => {
                "kế hoạch mới, hoặc điều cấu hình nói về năm học mới, còn chỗ sai: chưa đổi gì".to_owned()
            }
            NewYearError::SameYear(year) => format!(
                "kế hoạch này là của năm học {year}, cũng là năm học trong cấu hình: kế hoạch chỉ sửa lại thì chép đè lên tệp cũ"
            ),
            NewYearError::SameNumber(number) => {
                format!("kế hoạch ghi số {number}, trùng với kế hoạch khác: ghi đúng số của nó vào")
            }
            NewYearError::Toml(error) => format!("không sửa được cấu hình: {error}"),
            NewYearError::File { path, source } => file(path, source),
        }
    }
}

impl Says<KeyError> for Vietnamese {
    fn say(&self, error: &KeyError) -> String {
        match error {
            KeyError::File { path, source } => {
                format!("không dùng được {}, khóa của các đường dẫn: {}", path.display(), system(source))
            }
            KeyError::Damaged(path) => format!(
                "{} không phải là khóa của các đường dẫn: phải có 32 byte; bỏ tệp đi thì khóa mới được tạo, các đường dẫn cũ hết \
                 hiệu lực",
                path.display()
            ),
            KeyError::Readable(path) => {
                format!("người khác đọc được {path}, khóa của các đường dẫn: chmod 600 {path}", path = path.display())
            }
        }
    }
}

impl Says<DaemonError> for Vietnamese {
    fn say(&self, error: &DaemonError) -> String {
        match error {
            DaemonError::Store(error) | DaemonError::Delivery(DeliveryError::Store(error)) => self.say(error),
            DaemonError::Delivery(DeliveryError::Observer(source)) => {
                format!("không ghi được kết quả gửi: {}", system(source))
            }
        }
    }
}
