use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::help::{HelpText, HelpWord, UsageMistake};
use crate::language::{Says, Vietnamese};

impl Says<HelpText<'_>> for Vietnamese {
    fn say(&self, text: &HelpText<'_>) -> String {
        // To show help is the same below every command.
        let asked = if text.command.ends_with("help") { "help" } else { text.command };
        let words = match text.argument {
            None => COMMANDS.iter().find(|(command, _)| *command == asked).map(|(_, words)| *words),
            Some(argument) => {
                let of =
                    |wanted: &str| ARGUMENTS.iter().find(|(command, name, _)| *command == wanted && *name == argument);
                // What every command takes stands under none.
                of(asked).or_else(|| of("")).map(|(.., words)| *words)
            }
        };
        words.unwrap_or(text.english).to_owned()
    }
}

impl Says<HelpWord<'_>> for Vietnamese {
    fn say(&self, word: &HelpWord<'_>) -> String {
        match word {
            HelpWord::Usage => "Cách dùng:".to_owned(),
            HelpWord::OptionsInUsage => "[TÙY CHỌN]".to_owned(),
            HelpWord::CommandInUsage => "LỆNH".to_owned(),
            HelpWord::Commands => "Các lệnh".to_owned(),
            HelpWord::Arguments => "Tham số".to_owned(),
            HelpWord::Options => "Tùy chọn".to_owned(),
            HelpWord::Default(value) => format!("[mặc định: {value}]"),
            HelpWord::PossibleValues(values) => format!("[một trong: {}]", values.join(", ")),
            HelpWord::Variable(name) => format!("[biến môi trường: {name}]"),
            HelpWord::ValueName(name) => {
                let known = VALUE_NAMES.iter().find(|(english, _)| english == name);
                known.map_or(*name, |(_, vietnamese)| vietnamese).to_owned()
            }
        }
    }
}

impl Says<UsageMistake<'_>> for Vietnamese {
    fn say(&self, UsageMistake(error): &UsageMistake<'_>) -> String {
        let given = |kind| context(error, kind);
        let argument = given(ContextKind::InvalidArg).unwrap_or_default();
        let value = given(ContextKind::InvalidValue).unwrap_or_default();
        let known = given(ContextKind::ValidValue).map(|known| format!("; viết một trong: {known}"));
        let what = match error.kind() {
            ErrorKind::InvalidValue if value.is_empty() => {
                format!("`{argument}` thiếu giá trị{}", known.unwrap_or_default())
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                format!(
                    "`{argument}` không nhận giá trị `{value}`{}",
                    known.or_else(|| form(&argument)).unwrap_or_default()
                )
            }
            ErrorKind::UnknownArgument => format!("không có tham số `{argument}`"),
            ErrorKind::InvalidSubcommand => {
                format!("không có lệnh `{}`", given(ContextKind::InvalidSubcommand).unwrap_or_default())
            }
            ErrorKind::MissingSubcommand => "thiếu tên lệnh".to_owned(),
            ErrorKind::MissingRequiredArgument => format!("thiếu {argument}"),
            ErrorKind::ArgumentConflict => match given(ContextKind::PriorArg) {
                Some(prior) if prior != argument => format!("`{argument}` không đi cùng `{prior}`"),
                _ => format!("`{argument}` chỉ viết một lần"),
            },
            ErrorKind::TooManyValues => format!("`{argument}` không nhận thêm `{value}`"),
            ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("`{argument}` thiếu giá trị"),
            ErrorKind::InvalidUtf8 => "dòng lệnh có chữ không phải là UTF-8".to_owned(),
            _ => error.to_string(),
        };
        let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let near = near.into_iter().find_map(given).map(|near| format!("; có phải là `{near}` không?"));
        let usage = given(ContextKind::Usage).map(|usage| usage.trim_start_matches("Usage:").trim().to_owned());
        let usage = usage.map(|usage| format!("\nCách dùng: {usage}\n")).unwrap_or_default();
        format!("lỗi: {what}{}\n{usage}\nThêm --help để xem hướng dẫn.\n", near.unwrap_or_default())
    }
}

/// What an error knows of a kind, in one line.
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// How the value of an argument is written, to stand behind it.
fn form(argument: &str) -> Option<String> {
    let form = FORMS.iter().find(|(name, _)| argument.contains(&format!("<{name}>")));
    form.map(|(_, form)| format!("; viết như {form}"))
}

/// How values are written.
const FORMS: &[(&str, &str)] = &[
    ("NGÀY", "2023-10-31"),
    ("KỲ", "2023-10, term-1 hoặc year"),
    ("VIỆC=NGÀY", "1.4=2023-10-20"),
    ("CÁCH", "none, on-time hoặc late:10d"),
    ("TIẾN-ĐỘ", "not_started, in_progress, blocked, done hoặc cancelled"),
    ("SỐ", "một số trong khoảng cho phép"),
    ("GIÂY", "120"),
];

/// What stands for the values of arguments.
const VALUE_NAMES: &[(&str, &str)] = &[
    ("ADDRESS", "ĐỊA-CHỈ"),
    ("CHANNEL", "KÊNH"),
    ("DATE", "NGÀY"),
    ("DIR", "THƯ-MỤC"),
    ("FILE", "TỆP"),
    ("FILE-OR-URL", "TỆP-HOẶC-ĐỊA-CHỈ"),
    ("FORMAT", "DẠNG"),
    ("FROM", "TỪ"),
    ("HOW", "CÁCH"),
    ("ID", "MÃ"),
    ("LANGUAGE", "NGÔN-NGỮ"),
    ("N", "SỐ"),
    ("NAME", "TÊN"),
    ("NAME-OR-ADDRESS", "TÊN-HOẶC-ĐỊA-CHỈ"),
    ("OLD-PLAN", "KẾ-HOẠCH-CŨ"),
    ("PERIOD", "KỲ"),
    ("PLACE", "ĐỊA-DANH"),
    ("PLAN", "KẾ-HOẠCH"),
    ("PLAN.toml", "KẾ-HOẠCH.toml"),
    ("SECONDS", "GIÂY"),
    ("SERVICE", "NƠI-GỬI"),
    ("STATUS", "TIẾN-ĐỘ"),
    ("TASK", "VIỆC"),
    ("TASK=DATE", "VIỆC=NGÀY"),
    ("TEXT", "LỜI"),
    ("TO", "SANG"),
    ("YEAR", "NĂM-HỌC"),
];

/// What each command does.
const COMMANDS: &[(&str, &str)] = &[
    ("", "Giúp nhà trường thực hiện kế hoạch cải tiến chất lượng bằng cách nhắc việc."),
    ("run", "Chạy dịch vụ: nhắc việc, sơ kết, gửi thư"),
    ("init", "Tạo cấu hình ban đầu từ kế hoạch và danh sách cán bộ, giáo viên"),
    ("new-year", "Chuyển sang năm học mới với kế hoạch của năm ấy; năm cũ vẫn xem lại được bằng --year"),
    ("check", "Đọc cấu hình và mọi tệp mà cấu hình nêu, báo hết các chỗ sai"),
    ("rehearse", "Diễn tập cả thời gian của kế hoạch bằng đồng hồ ảo, cho xem mọi thư"),
    ("status", "Xem các việc, thư sắp gửi và thư không gửi được"),
    ("progress", "Báo tiến độ một việc"),
    ("done", "Báo một việc đã xong"),
    ("postpone", "Lùi hạn một việc, hoặc không đồng ý lùi hạn"),
    ("evidence", "Xem các minh chứng đã nộp, hoặc xuất ra thư mục"),
    ("evidence list", "Xem từng minh chứng: mã, việc, người nộp, lúc nộp"),
    ("evidence export", "Xuất các tệp ra thư mục theo tiêu chuẩn, tiêu chí, có mục lục"),
    ("answers", "Xem và xử lý các trả lời chờ người đọc"),
    ("answers list", "Các trả lời chờ người xử lý"),
    ("answers show", "Một trả lời, nguyên văn"),
    ("answers settle", "Bỏ một trả lời khỏi danh sách khi đã xử lý xong"),
    ("inbox", "Xem hộp thư nhận trả lời có dùng được không"),
    ("inbox check", "Đăng nhập, ghi một thư rồi đọc lại, và cho biết máy chủ nào xác nhận người gửi trong các thư"),
    ("outbox", "Xem hàng đợi thư; gửi lại hoặc bỏ một thư"),
    ("outbox list", "Thư đang chờ, đang gửi hoặc không gửi được"),
    ("outbox show", "Một thư với mọi lần gửi, và nội dung đã gửi"),
    ("outbox retry", "Gửi lại một thư không gửi được hoặc đang chờ, hoặc tất cả"),
    ("outbox drop", "Bỏ hẳn một thư không gửi được hoặc đang chờ"),
    ("import", "Ghi kế hoạch Word, Excel hoặc CSV thành TOML, đánh dấu mọi chỗ chưa rõ"),
    ("plan", "Chấp nhận kế hoạch đang chờ vì phần lớn các việc không còn trong đó"),
    ("plan accept", "Dùng kế hoạch như đang viết, dù phần lớn các việc không còn trong đó"),
    ("review", "Xem hoặc lưu sơ kết tháng, học kỳ, tổng kết năm học"),
    ("diff", "Xem kế hoạch đã sửa làm các thư sắp tới đổi thế nào"),
    ("history", "Xem mọi điều đã báo và đã nhận về một việc, kèm trả lời của máy chủ"),
    ("link", "Xem đường dẫn của một người đến các trang, hoặc hủy các đường dẫn"),
    ("link show", "Xem các đường dẫn riêng của một người, để đưa cho người ấy theo cách khác"),
    ("link revoke", "Hủy mọi đường dẫn đã cấp đến lúc này; các thư sau có đường dẫn mới"),
    ("send-test", "Gửi thử một thư ngay, và cho xem máy chủ trả lời gì"),
    ("channel", "Thiết lập một kênh"),
    ("channel pair", "Đợi ai đó nhắn cho bot, rồi cho biết mã trò chuyện cần ghi vào cấu hình"),
    ("store", "Sao lưu hoặc chuyển kho dữ liệu"),
    ("store backup", "Sao lưu kho dữ liệu vào một tệp mới, dù dịch vụ đang chạy hay không"),
    (
        "store copy",
        "Chép cả kho dữ liệu sang một kho mới, khi không dịch vụ nào chạy: từ SQLite sang PostgreSQL, hoặc ngược lại",
    ),
    ("help", "Xem hướng dẫn của chương trình hoặc của một lệnh"),
];

/// What each argument of a command means.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("", "config", "Tệp cấu hình [mặc định: config/nhacviec.toml, rồi /etc/nhacviec/nhacviec.toml]"),
    ("", "year", "Xem một năm học cũ, như 2025-2026"),
    ("", "format", "In kết quả thế nào: text cho người đọc, json cho chương trình (mỗi dòng một đối tượng)"),
    ("", "help", "Xem hướng dẫn"),
    ("", "version", "Xem phiên bản"),
    ("run", "once", "Làm mọi việc đến lúc phải làm, gửi đi, rồi thôi"),
    ("run", "dry", "Xem lần đầu sẽ gửi gì, cho ai; không gửi, không ghi gì"),
    ("init", "plan", "Kế hoạch như trường đã viết (.docx, .xlsx, .csv, .toml)"),
    ("init", "people", "Danh sách cán bộ, giáo viên của trường (.xlsx, .csv)"),
    ("init", "dir", "Thư mục để ghi cấu hình"),
    (
        "init",
        "language",
        "Ngôn ngữ của thư và của chú thích trong cấu hình [mặc định: vi]; có ghi thì lệnh này cũng dùng ngôn ngữ ấy",
    ),
    ("init", "school", "Tên trường [mặc định: như ghi ở đầu kế hoạch]"),
    ("init", "place", "Địa danh trước ngày tháng của báo cáo [mặc định: như ghi ở đầu kế hoạch]"),
    ("init", "authority", "Cơ quan chủ quản [mặc định: như ghi ở đầu kế hoạch]"),
    ("init", "mail", "Gửi thư qua đâu: folder, gmail, microsoft-365, hoặc tên máy chủ, có thể thêm :CỔNG"),
    ("init", "mailbox", "Hộp thư dùng để gửi"),
    ("init", "admin_email", "Email của người được báo khi có trục trặc"),
    ("new-year", "plan", "Kế hoạch của năm học mới (.docx, .xlsx, .csv, .toml)"),
    ("new-year", "yes", "Làm luôn, không hỏi"),
    ("check", "online", "Thử cả máy chủ thư, hộp thư, kênh chat và trang web, không gửi gì"),
    ("rehearse", "from", "Ngày đầu [mặc định: ngày ban hành kế hoạch]"),
    ("rehearse", "to", "Ngày cuối [mặc định: một tháng sau khi hết năm học hoặc sau hạn cuối cùng]"),
    ("rehearse", "out", "Ghi mỗi thư thành một tệp vào thư mục này"),
    ("rehearse", "done", "Coi một việc đã báo xong từ đầu một ngày; viết được nhiều lần"),
    (
        "rehearse",
        "reports",
        "Người chủ trì báo xong thế nào: `none` (không ai báo), `on-time` (đúng hạn) hoặc `late:10d` (sau hạn số ngày ấy)",
    ),
    ("status", "out", "Ghi trang toàn cảnh kế hoạch ra tệp HTML: dòng thời gian, điều chờ quyết định, mọi việc"),
    ("progress", "task", "Việc, như kế hoạch gọi: 1.4, M4.1"),
    (
        "progress",
        "status",
        "Đến đâu rồi: `not_started` (chưa), `in_progress` (đang làm), `blocked` (vướng mắc), `done` (xong) hoặc `cancelled` \
         (không làm nữa)",
    ),
    ("progress", "percent", "Đã làm bao nhiêu phần trăm, 0 đến 100"),
    ("progress", "all", "Tính cho mọi người chủ trì; không có thì, khi không có `--by`, chỉ tính phần chưa xong"),
    ("progress", "note", "Một câu về việc này"),
    ("progress", "evidence", "Tệp hoặc địa chỉ làm minh chứng; viết được nhiều lần"),
    ("progress", "by", "Ai báo: lời người chủ trì là về phần của người ấy, không ghi tên thì là về cả việc"),
    ("progress", "on", "Ngày đã làm xong, nếu trước hôm nay"),
    ("done", "task", "Việc, như kế hoạch gọi: 1.4, M4.1"),
    ("done", "period", "Với việc thường kỳ: đã làm cho kỳ nào, như 2023-10, term-1"),
    ("done", "note", "Một câu về việc này"),
    ("done", "evidence", "Tệp hoặc địa chỉ làm minh chứng; viết được nhiều lần"),
    ("done", "by", "Ai báo: lời người chủ trì là về phần của người ấy, không ghi tên thì là về cả việc"),
    ("done", "on", "Ngày đã làm xong, nếu trước hôm nay"),
    ("postpone", "task", "Việc, như kế hoạch gọi: 1.4, M4.1"),
    ("postpone", "date", "Hạn mới"),
    ("postpone", "why", "Lý do; ghi trong sơ kết kế tiếp"),
    ("postpone", "refuse", "Không đồng ý lời xin lùi hạn đang chờ: giữ nguyên hạn"),
    ("postpone", "by", "Ai quyết định"),
    ("evidence list", "task", "Chỉ những gì của việc này"),
    ("evidence export", "folder", "Thư mục; phải trống hoặc chưa có"),
    ("answers show", "id", "Mã, hoặc phần đầu của mã"),
    ("answers settle", "id", "Mã, hoặc phần đầu của mã"),
    (
        "answers settle",
        "status",
        "Ghi báo cáo này thay người viết: `not_started`, `in_progress`, `blocked`, `done` hoặc `cancelled`",
    ),
    ("answers settle", "percent", "Đã làm bao nhiêu phần trăm, 0 đến 100"),
    ("answers settle", "task", "Báo cáo về việc nào, khi trả lời có thể nói về nhiều việc; viết được nhiều lần"),
    ("answers settle", "note", "Một câu về việc này; việc gặp vướng mắc mà không ghi thì lấy lời của trả lời"),
    ("answers settle", "by", "Ai xử lý"),
    ("outbox list", "why", "Kèm mọi lần gửi, và mỗi lần bị từ chối là do đâu"),
    ("outbox show", "id", "Mã, hoặc phần đầu của mã"),
    ("outbox retry", "id", "Mã, hoặc phần đầu của mã"),
    ("outbox retry", "all", "Mọi thư không gửi được hoặc đang chờ, cùng một lúc; trừ những thư có thể đã đến"),
    ("outbox retry", "channel", "Trong đó chỉ những thư lần cuối gửi qua kênh này"),
    ("outbox drop", "id", "Mã, hoặc phần đầu của mã"),
    ("import", "document", "Tài liệu"),
    ("import", "out", "Ghi kế hoạch vào đâu; tệp phải chưa có [mặc định: in ra màn hình]"),
    ("review", "period", "2023-10, term-1 hoặc year"),
    (
        "review",
        "out",
        "Ghi vào đâu: tên kết thúc bằng .docx là văn bản Word để ký, bằng .html là trang có dòng thời gian, còn lại là chữ \
         [mặc định: in chữ ra màn hình]",
    ),
    ("review", "number", "Số văn bản, khi đã có: \"Số: 15/BC-…\""),
    ("diff", "old", "Kế hoạch trước khi sửa [mặc định: như dịch vụ đọc lần cuối]"),
    ("history", "task", "Việc, như kế hoạch gọi hoặc từng gọi: 1.4, M4.1"),
    ("link show", "name", "Một người hoặc nhóm trong cấu hình"),
    ("link revoke", "person", "Của một người hoặc nhóm"),
    ("link revoke", "all", "Của mọi người"),
    ("send-test", "to", "Người, nhóm, vai trò hoặc cách gọi trong cấu hình, hoặc một địa chỉ email"),
    ("send-test", "all", "Mọi người trong cấu hình, mỗi người một thư"),
    ("send-test", "channel", "Qua kênh nào [mặc định: kênh đầu của người nhận]"),
    ("channel pair", "name", "Tên kênh"),
    ("channel pair", "wait", "Đợi bao lâu"),
    ("store backup", "file", "Tệp; phải chưa có"),
    ("store copy", "from", "Kho dữ liệu đang có: `sqlite:TỆP` hoặc `postgres://TÊN@MÁY/CƠ-SỞ-DỮ-LIỆU`"),
    ("store copy", "to", "Kho dữ liệu sẽ tạo"),
    ("store copy", "password_file", "Tệp có mật khẩu, khi một kho là cơ sở dữ liệu PostgreSQL"),
    ("help", "subcommand", "Lệnh cần xem hướng dẫn"),
];
