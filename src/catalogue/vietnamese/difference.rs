use crate::app::plan_difference::{DifferenceText, NoticeChange};
use crate::language::{Says, Vietnamese};

impl Says<DifferenceText> for Vietnamese {
    fn say(&self, said: &DifferenceText) -> String {
        use DifferenceText as T;
        match said {
            T::Nothing => "thay đổi này không ảnh hưởng đến thư nào sắp gửi".to_owned(),
            T::What => "thay đổi".to_owned(),
            T::Task => "việc".to_owned(),
            T::Notice => "lời nhắc".to_owned(),
            T::To => "người nhận".to_owned(),
            T::WasOn => "ngày cũ".to_owned(),
            T::IsOn => "ngày mới".to_owned(),
            T::More(number) => format!("và {number} lời nhắc khác"),
            T::Count { moved, cancelled, added } => format!("{moved} lời nhắc đổi ngày, {cancelled} bỏ, {added} thêm"),
        }
    }
}

impl Says<NoticeChange> for Vietnamese {
    fn say(&self, change: &NoticeChange) -> String {
        match change {
            NoticeChange::Moved => "đổi ngày",
            NoticeChange::Cancelled => "bỏ",
            NoticeChange::Added => "thêm",
        }
        .to_owned()
    }
}
