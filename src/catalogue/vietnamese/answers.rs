use crate::cli::answers::AnswersText;
use crate::language::{Says, Vietnamese};
use crate::store::open_answers::{OpenAnswer, OpenReason};
use crate::store::unread_mail::UnreadMail;

use super::status;

impl Says<AnswersText<'_>> for Vietnamese {
    fn say(&self, said: &AnswersText<'_>) -> String {
        use AnswersText as T;
        match said {
            T::Nothing => "không có trả lời nào chờ người xử lý".to_owned(),
            T::UnreadMails => "thư mà hộp thư không đưa ra, nên chưa đọc được; chương trình còn thử lại:".to_owned(),
            T::UnreadMail { mail: UnreadMail { uid, tries, reason, .. }, tried } => {
                format!("thư số {uid}: đã thử {tries} lần, lần cuối {}: {}", self.say(*tried), self.say(reason))
            }
            T::Id => "mã".to_owned(),
            T::At => "lúc".to_owned(),
            T::By => "người trả lời".to_owned(),
            T::Tasks => "việc".to_owned(),
            T::Why => "vì sao".to_owned(),
            T::Answer => "trả lời".to_owned(),
            T::Open { answer: OpenAnswer { id, writer, why, .. }, at } => {
                format!("{id} của {writer} lúc {}: {}", self.say(*at), self.say(why))
            }
            T::About(tasks) => format!("về việc {}", tasks.join(", ")),
            T::Settled { at, by } => {
                let by = by.map(|by| format!(", người xử lý: {by}")).unwrap_or_default();
                format!("đã xử lý lúc {}{by}", self.say(*at))
            }
            T::SettledNow { id, writer, reported } => {
                let reported = reported.iter().map(|(task, reported)| format!("; việc {task}: {}", status(*reported)));
                format!("đã xử lý trả lời {id} của {writer}{}", reported.collect::<String>())
            }
        }
    }
}

impl Says<OpenReason> for Vietnamese {
    fn say(&self, why: &OpenReason) -> String {
        match why {
            OpenReason::Unclear => "hỏi lại vẫn chưa rõ",
            OpenReason::Question => "có câu hỏi",
            OpenReason::HandOver => "nói không phải việc của mình",
        }
        .to_owned()
    }
}
