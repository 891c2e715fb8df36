use crate::app::school_mistake::SchoolMistake;
use crate::cli::lost_store::LostStore;
use crate::compose::templates::TemplateMistake;
use crate::language::{Explains, Explanation, Vietnamese};

use super::{day, listed};

impl Explains<SchoolMistake> for Vietnamese {
    fn explain(&self, mistake: &SchoolMistake) -> Explanation {
        use SchoolMistake as M;
        match mistake {
            M::NoLanguage { written, known } => Explanation::new(
                format!("chưa có mẫu thư bằng ngôn ngữ `{written}`"),
                format!("viết một trong {}", listed(known)),
            ),
            M::NoAddress { name, channel, reason: _ } => Explanation::new(
                format!("{name}: chưa có địa chỉ cho kênh `{channel}`"),
                "thêm địa chỉ, hoặc kênh khác ở `via`",
            ),
            M::NeverAsked { tasks, has_more } => {
                let more = if *has_more { ", …" } else { "" };
                Explanation::new(
                    format!("không ai được hỏi việc thường kỳ đã làm chưa: {}{more}", tasks.join(", ")),
                    "thêm `ask_owners` vào [[review]] của kỳ đó: kỳ `month` cho việc hằng tháng, kỳ `term` cho cả hai loại",
                )
            }
            M::OtherSchoolYear { issued, start, end } => Explanation::new(
                format!("kế hoạch ban hành ngày {}, còn năm học từ {} đến {}", day(*issued), day(*start), day(*end)),
                "ghi ngày tháng năm học của kế hoạch, hoặc ghi tên kế hoạch năm nay",
            ),
            M::NeverTold { names } => Explanation::new(
                format!("{} không bao giờ nhận được gì", names.join(", ")),
                "không việc, kỳ sơ kết hay báo cáo cấp trên nào nêu đến: cho giữ một vai trò được nêu, hoặc bỏ đi",
            ),
        }
    }
}

impl Explains<TemplateMistake> for Vietnamese {
    fn explain(&self, mistake: &TemplateMistake) -> Explanation {
        let TemplateMistake::Broken { error } = mistake;
        Explanation::new(format!("mẫu thư có lỗi: {error}"), "so với mẫu có sẵn cùng tên, hoặc bỏ tệp này đi")
    }
}

impl Explains<LostStore> for Vietnamese {
    fn explain(&self, lost: &LostStore) -> Explanation {
        let left: Vec<String> = lost.left.iter().map(|path| path.display().to_string()).collect();
        let (store, left) = (lost.store.display(), left.join(" và "));
        Explanation::new(
            format!("kho dữ liệu {store} còn mới, mà {left} đã có từ trước: có phải kho cũ bị mất không?"),
            "nếu mất thì dừng dịch vụ và chép bản sao lưu vào chỗ đó: kho mới không biết đã gửi gì, ai đã báo gì",
        )
    }
}
