use crate::language::{Says, Vietnamese};
use crate::reason::Advice;

impl Says<Advice> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn say(&self, advice: &Advice) -> String {
        use Advice as A;
        match advice {
            A::CheckHost => "`host` viết có đúng không, máy này có vào được mạng không?",
            A::CheckAddress => "địa chỉ viết có đúng không, máy này có vào được mạng không?",
            A::CheckInboxServer => "`host` và `port` ở [inbox] có đúng không?",
            A::FullHost => "viết tên đầy đủ của máy chủ ở `host`",
            A::CertificateName => "viết ở `host` một tên có trong chứng chỉ",
            A::RenewCertificate => "chứng chỉ của máy chủ đã hết hạn: nhờ người quản lý máy chủ gia hạn",
            A::CheckClock => "đồng hồ của máy này có đúng không?",
            A::TrustCertificate => {
                "nếu chứng chỉ do máy chủ tự ký, hoặc do nơi cấp riêng của trường ký, thì lưu chứng chỉ đó (hay của nơi cấp) lại và \
                 viết ca_file = \"…\" để tin thêm nó"
            }
            A::MatchPort => "viết `tls` và `port` đi đôi với nhau: \"tls\" với 465, \"starttls\" với 587",
            A::MatchInboxPort => {
                "viết ở `host` tên có trong chứng chỉ, `tls` và `port` đi đôi với nhau: \"tls\" với 993, \"starttls\" với 143"
            }
            A::ServiceCertificate => "nhờ gia hạn chứng chỉ, hoặc viết tên có trong chứng chỉ",
            A::EncryptFromStart => "viết tls = \"tls\" với `port` 465, hoặc đổi `host`",
            A::EncryptOrAsk => "viết tls = \"tls\" với `port` 465, hoặc hỏi người quản lý máy chủ",
            A::StartTls => "máy chủ đòi mã hóa: viết tls = \"starttls\"",
            A::EncryptInbox => "viết tls = \"tls\"",
            A::LoginAfterStartTls => "có thể mã hóa xong mới đăng nhập được: viết tls = \"starttls\"",
            A::SubmissionPort => {
                "bỏ `username` nếu máy chủ đã biết máy này, hoặc viết `port` để gửi thư: 465 với tls = \"tls\", 587 với \
                 \"starttls\""
            }
            A::TokensAlone => "máy chủ không nhận mật khẩu: dùng `oauth` thay cho `password_file`",
            A::PasswordsAlone => "máy chủ chỉ nhận mật khẩu: dùng `password_file` thay cho `oauth`",
            A::OtherLogin => "nhờ người quản lý máy chủ mở một trong các cách này, hoặc đổi `host`",
            A::AddLogin => "máy chủ đòi đăng nhập: thêm `username` và `password_file`",
            A::CheckLogin => "`username`, và mật khẩu trong `password_file`, có đúng không?",
            A::CheckInboxLogin => "`username` và dòng đầu của `password_file` ở [inbox] có đúng không?",
            A::GmailAppPassword => "Gmail cần mật khẩu ứng dụng, xem docs/thu-gmail.md",
            A::AppPassword => "ghi mật khẩu ứng dụng vào `password_file`, xem docs/thu-gmail.md",
            A::GmailInbox => {
                "Gmail cần xác minh hai bước và mật khẩu ứng dụng trong `password_file`, xem docs/hop-thu.md"
            }
            A::AllowSmtpAuth => "phải mở SMTP AUTH cho hộp thư này trong Microsoft 365, xem docs/thu-microsoft-365.md",
            A::Microsoft365Inbox => "Microsoft 365 không nhận mật khẩu mà nhận token, xem docs/hop-thu.md",
            A::UseOauth => {
                "dịch vụ không nhận mật khẩu: dùng `oauth` (OAuth 2.0) thay cho `password_file`, hoặc mở SMTP AUTH cho hộp \
                 thư này, xem docs/thu-microsoft-365.md"
            }
            A::CheckTokenUrl => "`token_url` có phải là nơi cấp token (OAuth 2.0) của đơn vị không?",
            A::CheckOauth => "xem lại `client_id`, khóa của ứng dụng và hạn của khóa, và `scope`",
            A::SetHello => "viết tên đầy đủ của máy này ở `hello`, như \"mail.truong.example\"",
            A::SetFrom => {
                "`from` phải là địa chỉ mà tài khoản này được phép dùng để gửi: chắc nhất là địa chỉ của `username`"
            }
            A::AsciiFrom => "viết ở `from` một địa chỉ không dấu",
            A::SetPerDay => {
                "tài khoản đã gửi hết số thư của một ngày, phần còn lại mai gửi tiếp: dùng `per_day` để giữ dưới mức đó"
            }
            A::AcceptMachine => {
                "máy chủ không nhận tên hay địa chỉ của máy này: gửi bằng `username` và `password_file` qua dịch vụ thư của \
                 trường, hoặc nhờ đặt tên cho địa chỉ (reverse DNS)"
            }
            A::ClearAddress => {
                "máy chủ không tin địa chỉ của máy này: xin gỡ khỏi danh sách chặn đã nêu, hoặc đổi `host`"
            }
            A::AllowRelay => {
                "máy chủ chỉ chuyển thư cho ai nó biết: thêm `username` và `password_file`, hoặc nhờ cho phép máy này ở đó"
            }
            A::SetDns => {
                "nhờ đặt SPF, DKIM và reverse DNS cho tên miền của `from`, hoặc gửi bằng `username` qua dịch vụ đã có các \
                 thứ đó"
            }
            A::AskProvider => "dịch vụ đã chặn tài khoản hoặc tên miền này gửi thư: hỏi người quản trị của dịch vụ",
            A::AskServer => "máy chủ không nhận kết nối từ máy này: hỏi người quản lý máy chủ",
            A::LetWrite => "cho người dùng đang chạy nhacviec ghi vào đó",
            A::BotToken => "dịch vụ không biết bot nào có token này: ghi token đúng vào `token_file`",
            A::NewToken => "máy chủ không biết token này: ghi token mới vào `token_file`",
            A::TokenAlone => "chỉ ghi token vào `token_file`, không ghi gì khác",
            A::OtherReader => "một chương trình khác đang đọc tin của bot này",
            A::AddressMoved => "địa chỉ đã chuyển đi nơi khác, chương trình không tự chuyển theo: viết địa chỉ mới",
            A::CheckSecret => {
                "bên kia không nhận chữ ký này: khóa trong `secret_file` có phải là khóa bên kia biết không?"
            }
            A::NewAddress => "tạo địa chỉ mới trong dịch vụ và ghi vào `url_file`",
            A::NotTheService => "đây không phải là trả lời của dịch vụ: dịch vụ bị chặn ở đây, hay địa chỉ sai?",
            A::CheckFolder => "`folder` viết có đúng không?",
        }
        .to_owned()
    }
}
