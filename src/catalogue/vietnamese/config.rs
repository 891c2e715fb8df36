use jiff::civil::Time;

use crate::config::mistake::{AddressPart, ConfigMistake, SentInTheClear};
use crate::config::url::BadAddress;
use crate::language::{Explains, Explanation, Says, Vietnamese};

use super::{listed, meant, why};

impl Explains<ConfigMistake> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &ConfigMistake) -> Explanation {
        use ConfigMistake as M;
        match mistake {
            M::NoWeekday { written, near, known } => Explanation::new(
                format!("`{written}` không phải là thứ trong tuần"),
                meant(near.as_ref(), || format!("viết {}", listed(known))),
            ),
            M::NoWorkday => {
                Explanation::new("không có ngày làm việc nào", "viết ít nhất một ngày, như [\"mon\", \"tue\"]")
            }
            M::BadSchoolYear { error } => {
                Explanation::new(self.say(error), "viết start, rồi ngày cuối mỗi học kỳ theo thứ tự, rồi end")
            }
            M::SingleTerm => Explanation::new(
                "năm học chỉ có một học kỳ",
                "viết ngày cuối của từng học kỳ: `terms = [2024-01-14, 2024-05-25]`",
            ),
            M::LongSchoolYear { months } => {
                Explanation::new(format!("năm học dài {months} tháng"), "viết ngày tháng của một năm học")
            }
            M::EndsBeforeItBegins { at, until } => Explanation::new(
                format!("`until` là {}, không sau `at` là {}", hours(*until), hours(*at)),
                "viết giờ muộn nhất còn được nhắc",
            ),
            M::BeforeTheYear { days } => Explanation::new(
                format!("{days} ngày dài hơn một năm học: chưa ai biết việc nào sớm như vậy"),
                "viết số ngày nhắc trước hạn, như \"7d\"",
            ),
            M::OverdueWithoutEnd => Explanation::new("nhắc mỗi 0 ngày thì không bao giờ hết", "viết ít nhất \"1d\""),
            M::OverdueEndsFirst { after, span } => Explanation::new(
                format!("`for` hết sau {span} ngày, trước khi `after` bắt đầu"),
                format!("viết ít nhất \"{after}d\""),
            ),
            M::CoordinatorsNotTold { written, near } => Explanation::new(
                format!("không báo được cho người phối hợp về `{written}`"),
                meant(near.as_ref(), || "viết \"start\", \"overdue\" hoặc số ngày trước hạn, như \"14d\"".to_owned()),
            ),
            M::EscalationTooLate { span } => Explanation::new(
                format!("không ai được báo: việc quá hạn chỉ được theo dõi {span} ngày"),
                format!("viết nhiều nhất \"{span}d\", hoặc `for` dài hơn trong [reminders]"),
            ),
            M::AsksTooLate => Explanation::new("đúng ngày sơ kết thì hỏi là quá muộn", "viết ít nhất \"1d\""),
            M::NoReviewPeriod { written, near, known } => Explanation::new(
                format!("`{written}` không phải là kỳ sơ kết"),
                meant(near.as_ref(), || format!("viết {}", listed(known))),
            ),
            M::DayWithoutMonth { period } => Explanation::new(
                format!("`on` không có nghĩa với \"{period}\": kỳ này sơ kết vào ngày cuối kỳ"),
                "bỏ `on`",
            ),
            M::NoDayOfMonth { day } => Explanation::new(format!("không tháng nào có ngày {day}"), DAY_OF_MONTH),
            M::NoWordForDay { written, near } => Explanation::new(
                format!("`{written}` không phải là ngày trong tháng"),
                meant(near.as_ref(), || DAY_OF_MONTH.to_owned()),
            ),
            M::NoPlanColumn { written, near, known } => Explanation::new(
                format!("kế hoạch không có loại cột `{written}`"),
                meant(near.as_ref(), || format!("viết một trong {}", listed(known))),
            ),
            M::DoubledColumn => Explanation::new("tiêu đề này được ghi hai nghĩa", "bỏ một trong hai"),
            M::NoStore => Explanation::new(
                "đây không phải là nơi giữ dữ liệu",
                "viết \"sqlite:\" và đường dẫn một tệp, như \"sqlite:nhacviec.db\", hoặc địa chỉ một cơ sở dữ liệu PostgreSQL, \
                 như \"postgres://nhacviec@db.school.example/nhacviec\"",
            ),
            M::NoDatabaseAddress => Explanation::new(
                "đây không phải là địa chỉ của một cơ sở dữ liệu",
                "viết như \"postgres://nhacviec@db.school.example/nhacviec\": tên đăng nhập, máy chủ, cơ sở dữ liệu",
            ),
            M::PasswordInAddress => Explanation::new(
                "mật khẩu của nơi giữ dữ liệu nằm ngay trong cấu hình",
                "viết `store_password_file = \"…\"` với tên tệp chứa mật khẩu, hoặc đưa qua credential `store-password` của \
                 systemd; rồi đổi mật khẩu, vì người khác có thể đã đọc được ở đây",
            ),
            M::AddressLacks { part } => {
                let (what, help) = match part {
                    AddressPart::Host => ("máy chủ", "ghi sau dấu `@`"),
                    AddressPart::User => ("tên đăng nhập", "ghi trước dấu `@`"),
                    AddressPart::Database => ("tên cơ sở dữ liệu", "ghi sau máy chủ, như `@db/nhacviec`"),
                };
                Explanation::new(format!("địa chỉ nơi giữ dữ liệu thiếu {what}"), help)
            }
            M::NoAddressParameter { written, near, known } => Explanation::new(
                format!("địa chỉ nơi giữ dữ liệu không có tham số `{written}`"),
                meant(near.as_ref(), || format!("các tham số: {}", known.join(", "))),
            ),
            M::UnverifiedServer { mode } => Explanation::new(
                format!("với `sslmode={mode}` thì không biết chắc máy chủ là của ai"),
                "bỏ đi, hoặc viết sslmode=verify-full; chứng thư do đơn vị tự cấp thì thêm sslrootcert=TỆP",
            ),
            M::NoTimeZone { written, near } => Explanation::new(
                format!("không có múi giờ `{written}`"),
                meant(near.as_ref(), || "viết múi giờ theo danh mục IANA, như \"Asia/Ho_Chi_Minh\"".to_owned()),
            ),
            M::NoSpan { written } => Explanation::new(
                format!("`{written}` không phải là số ngày, tháng hay năm"),
                "viết một số và d, mo hoặc y, như \"90d\" hay \"2y\"",
            ),
            M::KeptTooShortly { written, least } => Explanation::new(
                format!("`{written}` là quá ngắn: thư trả lời đến muộn sẽ không hiểu được"),
                format!("viết ít nhất \"{least}d\""),
            ),
            M::NoChannel => Explanation::new("chưa có kênh gửi nào", "thêm [channel.email] có `kind`"),
            M::BadWebAddress { why: BadAddress::NotOfTheWeb } => {
                Explanation::new("đây không phải là địa chỉ web", "viết một địa chỉ bắt đầu bằng https://")
            }
            M::BadWebAddress { why: BadAddress::NotEncrypted } => {
                Explanation::new("không mã hóa thì chỉ gửi được đến chính máy này", "viết https:// thay cho http://")
            }
            M::NoBeginningOfLinks => Explanation::new(
                "đường dẫn không bắt đầu bằng địa chỉ này được",
                "chỉ viết phần đầu chung của mọi đường dẫn, như \"https://nhacviec.truong.example\"",
            ),
            M::NoListenAddress { written, port } => Explanation::new(
                format!("`{written}` không phải là địa chỉ để lắng nghe"),
                format!("viết một địa chỉ của máy này và cổng, như \"127.0.0.1:{port}\""),
            ),
            M::LinksInTheClear { address } => Explanation::new(
                format!("máy khác vào {address} mà không mã hóa: mỗi đường dẫn như một mật khẩu"),
                "viết 127.0.0.1, trừ khi máy chủ web phía trước ở máy khác và không ai khác vào được đây",
            ),
            M::StateInTheClear { written } => Explanation::new(
                format!("`{written}` cho máy khác xem tình trạng dịch vụ mà không mã hóa"),
                "viết 127.0.0.1, trừ khi bên theo dõi ở máy khác và không ai khác vào được đây",
            ),
            M::NoHeader { written } => Explanation::new(
                format!("`{written}` không phải là tên của một header"),
                "viết header mà máy chủ web phía trước ghi, như \"x-forwarded-for\"",
            ),
            M::InTheClear { what, host, ports } => {
                let what = match what {
                    SentInTheClear::Mail => "thư",
                    SentInTheClear::Password => "mật khẩu",
                };
                Explanation::new(
                    format!("không có TLS thì {what} chỉ gửi được đến chính máy này, không gửi đến {host}"),
                    format!("viết tls = \"tls\" (cổng {}) hoặc \"starttls\" (cổng {})", ports.tls, ports.start_tls),
                )
            }
            M::NoEncryptionWord { written, near, known } => Explanation::new(
                format!("`{written}` không phải là cách mã hóa"),
                meant(near.as_ref(), || format!("viết {}", listed(known))),
            ),
            M::SameFolder => Explanation::new("thư trả lời đã xử lý sẽ nằm nguyên chỗ cũ", "ghi tên một thư mục khác"),
            M::InboxWithoutPassword => Explanation::new(
                "[inbox] chưa có mật khẩu",
                "thêm `password_file = \"…\"`, mật khẩu `imap-password` trong systemd, hoặc `oauth`",
            ),
            M::NoAuthentication => Explanation::new(
                "[inbox] thiếu `authentication`: không có nó thì ai cũng trả lời thay người khác được",
                AUTHENTICATION,
            ),
            M::Forgeable => {
                Explanation::new("thư trả lời được tin theo dòng From, mà dòng đó ai cũng giả được", AUTHENTICATION)
            }
            M::NoFolder { written } => Explanation::new(
                format!("`{written}` không phải là tên thư mục trong hộp thư"),
                "viết như \"INBOX\" hay \"Xong\"",
            ),
            M::NoMinutes { written } => Explanation::new(
                format!("`{written}` không phải là số phút"),
                "viết số phút và chữ m, như \"5m\"; nhiều nhất là \"1440m\"",
            ),
            M::UnreadableCertificate { path, reason } => {
                Explanation::new(format!("không đọc được {}: {}", path.display(), why(reason)), CERTIFICATE)
            }
            M::NoCertificate { path } => {
                Explanation::new(format!("không có chứng chỉ tin được trong {}", path.display()), CERTIFICATE)
            }
            M::OAuthWithoutSecret => Explanation::new(
                "`oauth` chưa có khóa bí mật",
                "thêm `client_secret_file = \"…\"`, hoặc mật khẩu `oauth-client-secret` trong systemd",
            ),
            M::UnreadableCredential { credential, reason } => Explanation::new(
                format!("không đọc được mật khẩu `{credential}` của hệ thống: {}", why(reason)),
                "xem `LoadCredential=` trong systemd, và người dùng của dịch vụ có được đọc không",
            ),
            M::OthersReadSecret { path } => Explanation::new(
                format!("người khác đọc được mật khẩu trong {}", path.display()),
                format!("chmod 600 {}", path.display()),
            ),
            M::UnreadableSecretFile { key, reason } => Explanation::new(
                format!("không đọc được tệp mà `{key}` nêu: {}", why(reason)),
                "ghi ở đó tên của một tệp; tệp ấy chỉ có mật khẩu ở dòng đầu",
            ),
            M::UnreadableSecret { path, reason } => Explanation::new(
                format!("không đọc được mật khẩu trong {}: {}", path.display(), why(reason)),
                "cho người dùng chạy nhacviec được đọc tệp đó",
            ),
            M::NoSecret { path } => Explanation::new(
                format!("không có mật khẩu trong {}", path.display()),
                "ghi mật khẩu vào tệp đó, một mình ở dòng đầu",
            ),
        }
    }
}

const CERTIFICATE: &str = "lưu chứng chỉ của máy chủ vào đó dạng PEM: chữ bắt đầu bằng -----BEGIN CERTIFICATE-----";
const DAY_OF_MONTH: &str = "viết \"first-workday\", \"last-workday\" hoặc một ngày từ 1 đến 31";
const AUTHENTICATION: &str = "viết tên ở đầu dòng Authentication-Results của máy chủ thư, như \"mx.truong.example\"; \
                              xem docs/hop-thu.md";

fn hours(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}
