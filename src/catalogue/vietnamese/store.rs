use crate::language::{Says, Vietnamese};
use crate::store::{BackupError, CopyError, OpenError, StoreError};
use crate::with_causes;

use super::system;

/// How a database is made that fits.
const CREATE: &str = "createdb --encoding=UTF8 --locale=C --template=template0 TÊN";

impl Says<StoreError> for Vietnamese {
    fn say(&self, error: &StoreError) -> String {
        match error {
            StoreError::Open(error) => self.say(error),
            StoreError::Database { doing, source } => {
                format!("kho dữ liệu gặp lỗi khi {}: {}", self.say(doing), with_causes(source))
            }
            StoreError::AtWork { store, who } => {
                let who = who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
                format!("một nhacviec khác đang làm việc với {store}{who}; dừng nó trước đã")
            }
            StoreError::TakenOver { who } => {
                let who = who.as_ref().map(|who| format!(": {who}")).unwrap_or_default();
                format!("một nhacviec khác đã nhận làm việc cho trường{who}")
            }
            StoreError::Silent { seconds } => {
                format!(
                    "kho dữ liệu đã {seconds} giây không trả lời: không gửi thêm gì, vì một nhacviec khác có thể làm thay"
                )
            }
            StoreError::OtherSchool { held, wanted } => {
                format!("nhacviec này làm việc cho tổ chức `{held}`, không phải `{wanted}`; hãy khởi động lại nó")
            }
            StoreError::Migration(source) => {
                format!("không nâng cấp được kho dữ liệu (chép bản sao lưu vào chỗ đó): {}", with_causes(source))
            }
            StoreError::Damaged { table, expected, value } => {
                format!("kho dữ liệu có `{value}` ở chỗ phải là {} ({table})", self.say(expected))
            }
        }
    }
}

impl Says<OpenError> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn say(&self, error: &OpenError) -> String {
        use OpenError as E;
        match error {
            E::NoFolder(path) => format!(
                "chưa có thư mục cho kho dữ liệu {} (tạo thư mục, hoặc sửa `store` trong cấu hình)",
                path.display()
            ),
            E::IsFolder(path) => {
                format!("kho dữ liệu {} là một thư mục (`store` trong cấu hình phải là tên tệp)", path.display())
            }
            E::NoPermission { path, source } => format!(
                "không được phép dùng kho dữ liệu {} (chạy nhacviec bằng người dùng là chủ của tệp và thư mục đó, hoặc giao cả \
                 hai cho người dùng này): {}",
                path.display(),
                system(source)
            ),
            E::ReadOnly { path, source } => format!(
                "không ghi được vào kho dữ liệu {} (cho phép ghi vào ổ đĩa và thư mục; trong lúc đó `status`, `history` và các \
                 lệnh chỉ đọc vẫn dùng được): {}",
                path.display(),
                with_causes(&**source)
            ),
            E::NotADatabase(path) => format!(
                "{} không phải là kho dữ liệu: tệp này không phải là cơ sở dữ liệu SQLite (sửa `store` trong cấu hình, hoặc chép \
                 bản sao lưu vào chỗ đó)",
                path.display()
            ),
            E::Foreign(path) => format!(
                "{} không phải là kho dữ liệu của nhacviec: cơ sở dữ liệu này là của chương trình khác (sửa `store` trong cấu hình)",
                path.display()
            ),
            E::Damaged { path, source } => format!(
                "kho dữ liệu {} bị hỏng (chép bản sao lưu vào chỗ đó; `sqlite3 TỆP .recover` cứu những gì còn đọc được): {}",
                path.display(),
                with_causes(source)
            ),
            E::Locked { path, source } => format!(
                "chương trình khác đang khóa kho dữ liệu {} (tắt nó, hoặc lát nữa làm lại): {}",
                path.display(),
                with_causes(source)
            ),
            E::Full { path, source } => {
                format!("hết chỗ cho kho dữ liệu {} (dọn bớt ổ đĩa): {}", path.display(), with_causes(&**source))
            }
            E::Newer { path, version, known } => format!(
                "kho dữ liệu {} là của bản nhacviec mới hơn: các bảng ở phiên bản {version}, còn bản này biết đến {known} (cài lại \
                 bản mới, hoặc chép bản sao lưu từ trước vào chỗ đó)",
                path.display()
            ),
            E::Older { path, version, known } => format!(
                "kho dữ liệu {} là của bản nhacviec cũ hơn: các bảng ở phiên bản {version} và phải nâng lên {known}, mà không ghi \
                 được vào đó (chép ra chỗ ghi được)",
                path.display()
            ),
            E::Unfinished(path) => format!(
                "kho dữ liệu {path} chưa được đóng, các thay đổi sau cùng nằm trong {path}-wal, mà không ghi được thì không đọc \
                 được tệp ấy (chép cả hai tệp ra chỗ ghi được)",
                path = path.display()
            ),
            E::Unreachable { server, source } => format!(
                "không kết nối được máy chủ của kho dữ liệu {server} (máy chủ có đang chạy không, mạng có cho máy này qua không?): {}",
                with_causes(source)
            ),
            E::Login { server, source } => format!(
                "máy chủ của kho dữ liệu {server} không cho đăng nhập (sửa tên đăng nhập trong `store`, mật khẩu, hoặc \
                 pg_hba.conf): {}",
                with_causes(source)
            ),
            E::NoRight { server, source } => format!(
                "không được phép dùng kho dữ liệu {server} (giao cơ sở dữ liệu cho tên đăng nhập ghi trong `store`): {}",
                with_causes(source)
            ),
            E::NoDatabase { server, source } => format!(
                "chưa có cơ sở dữ liệu của kho {server} (tạo bằng: createdb --owner=TÊN-ĐĂNG-NHẬP --encoding=UTF8 --locale=C \
                 --template=template0 TÊN): {}",
                with_causes(source)
            ),
            E::NoSchema { server } => {
                format!("cơ sở dữ liệu của kho {server} không có schema cho các bảng (tạo schema mà search_path nêu)")
            }
            E::Encoding { server, encoding } => format!(
                "cơ sở dữ liệu của kho {server} dùng bảng mã {encoding}, mà phải là UTF8 (tạo cái khác: {CREATE})"
            ),
            E::Collation { server, collation } => format!(
                "cơ sở dữ liệu của kho {server} sắp chữ theo {collation}, mà phải sắp theo byte (tạo cái khác: {CREATE})"
            ),
            E::Standby { server } => format!(
                "máy chủ của kho dữ liệu {server} là máy dự phòng, không ghi được (ghi tên máy chủ chính ở `store`)"
            ),
            E::ForeignServer { server } => format!(
                "cơ sở dữ liệu {server} là của chương trình khác: có bảng, mà không bảng nào của nhacviec (sửa `store` trong cấu \
                 hình)"
            ),
            E::NewerServer { server, version, known } => format!(
                "kho dữ liệu {server} là của bản nhacviec mới hơn: các bảng ở phiên bản {version}, còn bản này biết đến {known} \
                 (cài lại bản mới)"
            ),
            E::Server { server, source } => {
                format!("không mở được kho dữ liệu {server}: {}", with_causes(source))
            }
            E::Other { path, source } => {
                format!("không mở được kho dữ liệu {}: {}", path.display(), with_causes(&**source))
            }
        }
    }
}

impl Says<CopyError> for Vietnamese {
    fn say(&self, error: &CopyError) -> String {
        match error {
            CopyError::NoStore(store) => format!("kho dữ liệu {store} chưa có gì để chuyển"),
            CopyError::Itself(store) => {
                format!("{store} chính là kho dữ liệu cần chuyển: ghi một kho khác để chuyển sang")
            }
            CopyError::NotEmpty(store) => {
                format!("kho dữ liệu {store} không còn mới: chỉ chuyển vào kho chưa ghi gì")
            }
            CopyError::Differs(table) => {
                format!("các dòng của bảng `{table}` trong kho mới không giống như đã đọc; kho mới không giữ lại gì")
            }
            CopyError::Store(error) => self.say(error),
        }
    }
}

impl Says<BackupError> for Vietnamese {
    fn say(&self, error: &BackupError) -> String {
        match error {
            BackupError::Exists(path) => format!("đã có {}; ghi tên tệp khác cho bản sao lưu", path.display()),
            BackupError::NoStore(path) => format!("chưa có kho dữ liệu {}", path.display()),
            BackupError::InMemory => "kho dữ liệu trong bộ nhớ thì không sao lưu được".to_owned(),
            BackupError::Server(store, file) => format!(
                "kho dữ liệu {store} là cơ sở dữ liệu PostgreSQL; sao lưu bằng công cụ của nó: pg_dump --format=custom --file={} \
                 '{store}'",
                file.display()
            ),
            BackupError::Unwritable { path, source } => {
                format!("không ghi được bản sao lưu {}: {}", path.display(), system(source))
            }
            BackupError::Store(error) => self.say(error),
        }
    }
}
