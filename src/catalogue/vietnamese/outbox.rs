use crate::cli::outbox::OutboxText;
use crate::language::{Says, Vietnamese};
use crate::store::outbox::{AttemptOutcome, Listed, MessageKind, MessageState};

use super::{day, message_state};

impl Says<OutboxText<'_>> for Vietnamese {
    fn say(&self, said: &OutboxText<'_>) -> String {
        use OutboxText as T;
        match said {
            T::Nothing => "không có thư nào đang chờ hay không gửi được".to_owned(),
            T::NothingOver(channel) => {
                format!("không có thư nào đang chờ hay không gửi được mà lần cuối thử qua kênh {channel}")
            }
            T::GoOut(number) => format!("{number} thư sẽ được gửi ngay khi có thể"),
            T::GoesOut { id, to } => format!("thư {id} gửi {to} sẽ đi ngay khi có thể"),
            T::TakenOut { id, to } => format!("đã bỏ thư {id} gửi {to} ra khỏi hàng đợi"),
            T::Id => "mã".to_owned(),
            T::State => "tình trạng".to_owned(),
            T::Kind => "loại".to_owned(),
            T::To => "người nhận".to_owned(),
            T::NextTry => "lần gửi tới".to_owned(),
            T::Never => "không gửi nữa".to_owned(),
            T::LastAnswer => "trả lời gần nhất".to_owned(),
            T::AttemptsFor { id, to } => format!("{id} gửi {to}"),
            T::Attempt { at, attempt } => {
                format!(
                    "{} qua {}: {}: {}",
                    self.say(*at),
                    attempt.channel,
                    about(attempt.outcome),
                    self.say(&attempt.answer)
                )
            }
            T::Message(Listed { id, state, class, recipient, .. }) => {
                format!("{} {id} gửi {recipient}: {}", self.say(class), self.say(state))
            }
            T::PutIn(at) => format!("vào hàng đợi lúc {}", self.say(*at)),
            T::Tells { task, notice } => {
                let task = task.map(|task| format!("việc {task}: ")).unwrap_or_default();
                format!("báo {task}{} (cho ngày {})", self.say(&notice.kind), day(notice.on))
            }
            T::HandedOver { at, attempt } => {
                let to = attempt.address.as_ref().map(|address| format!(" đến {address}")).unwrap_or_default();
                let about = about(attempt.outcome);
                format!("{} qua {}{to}: {about}: {}", self.say(*at), attempt.channel, self.say(&attempt.answer))
            }
        }
    }
}

/// What an attempt says about whom or what.
fn about(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Sent => "đã nhận",
        AttemptOutcome::Temporary => "chưa nhận lúc này",
        AttemptOutcome::Permanent => "do địa chỉ người nhận",
        AttemptOutcome::Message => "do chính thư này",
        AttemptOutcome::Unknown => "do người nhận hoặc do kênh",
        AttemptOutcome::Channel => "do kênh",
        AttemptOutcome::Uncertain => "không có trả lời",
    }
}

impl Says<MessageState> for Vietnamese {
    fn say(&self, state: &MessageState) -> String {
        message_state(*state).to_owned()
    }
}

impl Says<MessageKind> for Vietnamese {
    fn say(&self, kind: &MessageKind) -> String {
        match kind {
            MessageKind::Reminder => "thư nhắc",
            MessageKind::Review => "sơ kết, tổng kết",
            MessageKind::Alert => "cảnh báo",
            MessageKind::Note => "thư báo",
        }
        .to_owned()
    }
}
