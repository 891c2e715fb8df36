use std::path::Path;

use crate::cli::{CommandError, REVIEW_EXAMPLE};
use crate::delivery::ReviewError;
use crate::language::{Says, Vietnamese};
use crate::with_causes;

use super::{day, message_state, system};

impl Says<CommandError> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn say(&self, error: &CommandError) -> String {
        use CommandError as E;
        match error {
            E::NoConfig { looked_for, near } => format!(
                "chưa có cấu hình; đã tìm {}. Chỉ ra tệp bằng --config {}",
                looked_for.join(" và "),
                near.unwrap_or("TỆP")
            ),
            E::Mistakes => "sửa các chỗ nêu trên rồi làm lại; `nhacviec check` cho xem lại".to_owned(),
            E::MistakesInArgument => "sửa các chỗ nêu trên rồi làm lại".to_owned(),
            E::UnknownTask { task, closest } => {
                format!("kế hoạch không có việc `{task}`{}", perhaps(closest.as_ref(), '`'))
            }
            E::BadLink => {
                "địa chỉ này không dùng làm minh chứng được: viết một địa chỉ web, trong đó không có tên đăng nhập, mật khẩu"
                    .to_owned()
            }
            E::NoEvidence(named) => {
                format!("không có tệp `{named}`; minh chứng là một tệp hoặc một địa chỉ bắt đầu bằng https://")
            }
            E::Evidence(error) => self.say(error),
            E::Proposal(error) => self.say(error),
            E::NoMailbox => "cấu hình không có [inbox]: không đọc thư nào".to_owned(),
            E::Inbox(error) => self.say(&error.told()),
            E::NotYet(date) => format!("chưa đến ngày {}: việc chỉ xong vào một ngày đến hôm nay", day(*date)),
            E::NothingAsked(task) => format!("không ai xin lùi hạn việc `{task}`"),
            E::NotEmpty(path) => format!("{} không trống; ghi tên một thư mục khác", path.display()),
            E::UnknownMessage(id) => {
                format!("không có thư `{id}`; `nhacviec outbox list` cho xem các thư đang chờ hoặc không gửi được")
            }
            E::AmbiguousMessage(id) => format!("nhiều thư có mã bắt đầu bằng `{id}`; viết mã dài hơn"),
            E::MessageIsOver { id, state } => format!(
                "thư {id} {}: chỉ gửi lại hay bỏ được thư đang chờ hoặc không gửi được",
                message_state(*state)
            ),
            E::UnknownAnswer(id) => {
                format!("không có trả lời `{id}`; `nhacviec answers list` cho xem các trả lời chờ người xử lý")
            }
            E::AmbiguousAnswer(id) => format!("nhiều trả lời có mã bắt đầu bằng `{id}`; viết mã dài hơn"),
            E::AnswerIsSettled(id) => format!("trả lời {id} đã được xử lý rồi"),
            E::WhichTask(tasks) => {
                let tasks = if tasks.is_empty() { String::new() } else { format!(": {}", tasks.join(", ")) };
                format!("ghi báo cáo về việc nào bằng --task{tasks}")
            }
            E::UnknownRecipient { name, closest } => format!(
                "'{name}' không phải là người, nhóm, vai trò hay cách gọi nào trong cấu hình, cũng không phải là địa chỉ{}",
                perhaps(closest.as_ref(), '\'')
            ),
            E::UnknownChannel { name, known } => {
                format!("không có kênh `{name}`; cấu hình có {}", known.join(", "))
            }
            E::NothingToPair(name) => {
                format!("kênh `{name}` không cần ghép: chỉ bot của zalo và telegram tìm mã trò chuyện theo cách này")
            }
            E::Channel { channel, failure } => format!("kênh `{channel}`: {}", self.say(&failure.told())),
            E::Compose(error) => format!("không viết được thư: {}", with_causes(error)),
            E::NoSuchReview { asked, known } if known.is_empty() => format!(
                "không có kỳ sơ kết, tổng kết {asked}: cấu hình chưa có kỳ nào; ghi thêm vào cuối tệp, như\n\n{REVIEW_EXAMPLE}"
            ),
            E::NoSuchReview { asked, known } => {
                format!("không có kỳ sơ kết, tổng kết {asked}; có {}", known.join(", "))
            }
            E::NoSuchPeriod { task, asked, known } => {
                format!("việc {task} không làm theo kỳ {asked}: {}", periods(known))
            }
            E::NothingSeen => {
                "dịch vụ chưa đọc kế hoạch này lần nào: ghi tên tệp kế hoạch cũ, `nhacviec diff KẾ-HOẠCH-CŨ`".to_owned()
            }
            E::File { path, source } => file(path, source),
            E::Setup(error) => self.say(error),
            E::NewYear(error) => self.say(&**error),
            E::NoSuchYear { asked, known } if known.is_empty() => {
                format!("không có năm học cũ {asked}; chưa có năm học cũ nào")
            }
            E::NoSuchYear { asked, known } => format!("không có năm học cũ {asked}; có {}", known.join(", ")),
            E::YearIsOver => "năm học cũ chỉ để xem: --year đi với status, review, evidence, history, diff, check, \
                              answers list và outbox list"
                .to_owned(),
            E::UnknownMailService(written) => format!(
                "`{written}` không phải là cách gửi thư: viết folder, gmail, microsoft-365, hoặc tên một máy chủ, như \
                 mail.truong.example:587"
            ),
            E::BadAddress(written) => {
                format!("`{written}` không phải là địa chỉ email: viết như ten@truong.example")
            }
            E::EmptySpan { from, to } => format!("--to {to} đứng trước --from {from}"),
            E::Start(source) => format!("không khởi động được chương trình: {}", system(source)),
            E::Output(source) => format!("không ghi được kết quả ra: {}", system(source)),
            E::Store(error) | E::Review(ReviewError::Store(error)) => self.say(error),
            E::Backup(error) => self.say(error),
            E::Copy(error) => self.say(error),
            E::Daemon(error) => self.say(error),
            E::Review(ReviewError::Compose(error)) => format!("không viết được báo cáo: {}", with_causes(error)),
            E::Key(error) => self.say(error),
            E::Web(error) => format!("không mở được các trang: {}", with_causes(error)),
            E::NoPages => "không có trang nào để mở: thêm [web] có `listen` và `public_url` vào cấu hình".to_owned(),
            E::NoKey => "chưa có khóa của các đường dẫn; dịch vụ tạo khóa khi chạy lần đầu".to_owned(),
            E::Service(error) => format!("không chạy được dịch vụ: {}", with_causes(error)),
        }
    }
}

/// What was probably meant, to stand behind what was written.
fn perhaps(near: Option<&String>, mark: char) -> String {
    near.map(|near| format!("; có phải là {mark}{near}{mark} không?")).unwrap_or_default()
}

/// That a file cannot be used, and why.
pub(super) fn file(path: &Path, source: &std::io::Error) -> String {
    format!("không dùng được {}: {}", path.display(), system(source))
}

/// For which periods recurring work is done, as the end of a sentence.
fn periods(known: &[String]) -> String {
    match known {
        [] => "đây không phải là việc thường kỳ".to_owned(),
        [only] => format!("việc này chỉ có kỳ {only}"),
        [first, .., last] => format!("việc này có các kỳ từ {first} đến {last}"),
    }
}
