use crate::cli::channel::PairingText;
use crate::language::{Says, Vietnamese};

impl Says<PairingText<'_>> for Vietnamese {
    fn say(&self, said: &PairingText<'_>) -> String {
        match said {
            PairingText::Write { seconds } => format!(
                "Bây giờ nhắn cho bot một chữ, từ tài khoản của người hoặc trong nhóm cần được báo. Chờ {seconds} giây …"
            ),
            PairingText::Nobody => "Chưa ai nhắn cho bot.".to_owned(),
            PairingText::PutLine { channel } => {
                format!(
                    "Chép dòng này vào [[person]] hoặc [[group]] của người hay nhóm ấy, và ghi `{channel}` vào `via`."
                )
            }
        }
    }
}
