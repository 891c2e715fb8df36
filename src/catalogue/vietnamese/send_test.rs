use crate::cli::send_test::{SendAdvice, SendTestText};
use crate::language::{Says, Vietnamese};

impl Says<SendTestText<'_>> for Vietnamese {
    fn say(&self, said: &SendTestText<'_>) -> String {
        use SendTestText as T;
        match said {
            T::Outcome { to, address, channel, is_sent } => {
                let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
                format!("{to}{address} qua {channel}: {}", if *is_sent { "đã gửi" } else { "không gửi được" })
            }
            T::Answer(answer) => format!("trả lời {}", self.say(*answer)),
            T::Failed(reason) => format!("lỗi     {}", self.say(*reason)),
            T::ToDo(advice) => format!("cần làm {advice}"),
            T::MessageId(id) => format!("mã thư  {id}"),
            T::Reached { reached, all } => format!("đã đến {reached} trong {all} người"),
            T::NotReached(names) => format!("chưa đến: {}", names.join(", ")),
        }
    }
}

impl Says<SendAdvice> for Vietnamese {
    fn say(&self, advice: &SendAdvice) -> String {
        match advice {
            SendAdvice::MendChannel => "sửa bảng của kênh này trong cấu hình",
            SendAdvice::MayPass => {
                "lỗi này thường tự hết, dịch vụ sẽ gửi lại; nếu không thì xem lại `host`, `port` và tường lửa"
            }
            SendAdvice::SeeRecipient => "xem lại địa chỉ của người nhận, và kênh có được gửi đến đó không",
            SendAdvice::OtherChannel => "kênh này không chuyển được thư như vậy; kênh khác có thể được",
            SendAdvice::TryAnother => {
                "thử gửi cho người khác: nếu cũng bị từ chối thì do kênh, nếu không thì do người nhận này"
            }
            SendAdvice::LookThere => "xem thư đã đến chưa: bên kia đã nhận trọn thư",
        }
        .to_owned()
    }
}
