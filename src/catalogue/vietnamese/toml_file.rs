use crate::language::{Explains, Explanation, Language, Vietnamese};
use crate::toml_file::mistake::{ExpectedType, FoundType, NamedInLines, TableName, TomlMistake};

use super::{listed, meant};

impl Explains<NamedInLines> for Vietnamese {
    fn explain(&self, named: &NamedInLines) -> Explanation {
        let Explanation { message, help } = named.mistake.explained_in(Language::Vietnamese);
        let lines: Vec<String> = named.lines.iter().map(ToString::to_string).collect();
        let message = match lines.as_slice() {
            [] => message,
            lines => format!("{message} (dòng {} cũng nêu tệp này)", lines.join(", ")),
        };
        Explanation { message, help }
    }
}

impl Explains<TomlMistake> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &TomlMistake) -> Explanation {
        use TomlMistake as M;
        match mistake {
            M::NoToml { parser_says } => Explanation {
                message: format!("dòng này không đúng cách viết TOML ({parser_says})"),
                help: None,
            },
            M::NeverClosed { opening, closing } => {
                Explanation::new(format!("dấu `{opening}` mở ở đây chưa được đóng"), format!("viết `{closing}` ở cuối"))
            }
            M::CurlyQuotes { straight } => {
                Explanation::new("dấu ngoặc kép cong không dùng được ở đây", format!("viết dấu thẳng: {straight}"))
            }
            M::HeadingWithoutBracket { heading } => {
                Explanation::new("tên bảng thiếu một dấu ngoặc vuông", format!("viết {heading}"))
            }
            M::Colon { key } => Explanation::new(
                "giữa khóa và giá trị là dấu `=`, không phải dấu `:`",
                format!("viết {} = …", key.unwrap_or("khóa")),
            ),
            M::NoKey { key, english, value } => {
                let help = english.map_or_else(
                    || "viết khóa đúng như trong tài liệu, bằng tiếng Anh; tên riêng thì để trong ngoặc kép".to_owned(),
                    |english| format!("viết {english} = {value}"),
                );
                Explanation::new(format!("`{key}` không phải là khóa: khóa viết không dấu"), help)
            }
            M::LocalDate { written, date } => {
                Explanation::new(format!("ngày ở đây không viết như `{written}`"), format!("viết {date}"))
            }
            M::NoSuchDay { written, days } => {
                Explanation::new(format!("không có ngày `{written}`: tháng đó có {days} ngày"), "viết một ngày có thật")
            }
            M::NoSuchMonth { written, month } => {
                Explanation::new(format!("không có ngày `{written}`: không có tháng {month}"), "viết một ngày có thật")
            }
            M::Backslash { mended } => Explanation::new(
                "dấu `\\` trong ngoặc kép có nghĩa riêng",
                format!("viết {mended}, hoặc để trong dấu nháy đơn"),
            ),
            M::QuoteMissing { mended } => {
                let help = mended.as_ref().map(|mended| format!("viết {mended}"));
                let help = help.unwrap_or_else(|| "mỗi đoạn chữ cần một dấu ngoặc kép ở mỗi đầu".to_owned());
                Explanation::new("thiếu một dấu ngoặc kép", help)
            }
            M::TextWithoutQuotes { text } => {
                Explanation::new("chữ phải để trong ngoặc kép", format!("viết \"{text}\""))
            }
            M::HeadingOfList { name } => Explanation::new(
                format!("phía trên đã có danh sách `{name} = [ … ]`, không thêm vào bằng tiêu đề được"),
                "viết mục này thành một dòng trong danh sách đó: các khóa để giữa { và }, cách nhau bằng dấu phẩy",
            ),
            M::DoubledKey { .. } => Explanation::new("khóa này ghi hai lần", "chỉ giữ lại một"),
            M::DoubledTable { name, times } => Explanation::new(
                format!("[{name}] có {times} lần, mà chỉ là một bảng"),
                format!("lần nào cũng viết [[{name}]]"),
            ),
            M::MissingKey { table, key } => {
                Explanation::new(format!("{} thiếu `{key}`", name(table)), format!("thêm `{key} = …`"))
            }
            M::UnknownKey { key, table, near, known } => Explanation::new(
                format!("{} không có khóa `{key}`", name(table)),
                meant(near.as_ref(), || format!("{} có {}", name(table), listed(known))),
            ),
            M::DeceptiveText { key } => Explanation::new(
                format!("`{key}` có ký tự điều khiển hay đảo chiều chữ"),
                "các ký tự đó đã bỏ đi: xem phần còn lại có đúng ý không, rồi gõ lại",
            ),
            M::Empty { key } => Explanation::new(format!("`{key}` để trống"), "ghi một cái tên"),
            M::WrongType { key, expected, found } => {
                let expected = match expected {
                    ExpectedType::Text => "chữ trong ngoặc kép",
                    ExpectedType::Date => "ngày như 2023-09-12",
                    ExpectedType::NumberOrText => "số hoặc chữ trong ngoặc kép",
                    ExpectedType::Boolean => "true hoặc false",
                    ExpectedType::Table => "một bảng",
                };
                Explanation::new(
                    format!("`{key}` phải là {expected}, không phải {}", type_name(*found)),
                    format!("viết {expected}"),
                )
            }
            M::DateInQuotes { key, date } => Explanation::new(
                format!("`{key}` phải là ngày, không phải chữ"),
                format!("viết {date}, không có ngoặc kép"),
            ),
            M::NoList { key, found, written } => Explanation::new(
                format!("`{key}` phải là một danh sách, không phải {}", type_name(*found)),
                format!("để trong ngoặc vuông: [{written}]"),
            ),
            M::SingleBrackets { heading } => Explanation::new(
                format!("{} phải có hai lần ngoặc vuông", heading.replace("[[", "[").replace("]]", "]")),
                format!("viết {heading}"),
            ),
            M::NotADateAlone { written } => Explanation::new(format!("`{written}` không chỉ là ngày"), DATE),
            M::NotInCalendar { date } => Explanation::new(format!("không có ngày `{date}`"), DATE),
            M::TooManyDays { days, most } => {
                Explanation::new(format!("{days} ngày là quá nhiều"), format!("nhiều nhất là \"{most}d\""))
            }
            M::NoDays { written, suggestion } => Explanation::new(
                format!("`{written}` không phải là số ngày"),
                format!("viết số ngày và chữ d, như \"{suggestion}d\""),
            ),
            M::NumberOutOfRange { least, most } => {
                Explanation::new("số này không dùng được ở đây", format!("viết một số từ {least} đến {most}"))
            }
            M::NoSize { written, suggestion } => Explanation::new(
                format!("`{written}` không phải là dung lượng"),
                format!("viết một số và đơn vị MB, GB hoặc TB, như \"{suggestion} GB\""),
            ),
            M::NoTimeOfDay { written } => Explanation::new(
                format!("`{written}` không phải là giờ trong ngày"),
                "viết giờ và phút, như \"07:00\"; muộn nhất là \"23:59\"",
            ),
            M::NoAddress { written } => Explanation::new(
                format!("`{written}` không phải là địa chỉ email"),
                "viết như ten@truong.example, không có dấu cách, không có dấu tiếng Việt",
            ),
            M::AddressNotAscii { address } => Explanation::new(
                format!("ít máy chủ thư nhận thư cho `{address}`, vì có chữ ngoài a–z"),
                "viết địa chỉ không dấu của hộp thư đó, nếu có",
            ),
        }
    }
}

const DATE: &str = "viết ngày không có ngoặc kép, như 2023-09-12";

fn type_name(found: FoundType) -> &'static str {
    match found {
        FoundType::Text => "chữ",
        FoundType::Number => "số",
        FoundType::Decimal => "số thập phân",
        FoundType::Boolean => "true hay false",
        FoundType::DateTime => "ngày hay giờ",
        FoundType::List => "danh sách",
        FoundType::Table => "bảng",
    }
}

fn name(table: &TableName) -> &str {
    match table {
        TableName::Configuration => "tệp cấu hình",
        TableName::Plan => "tệp kế hoạch",
        TableName::HolidayFile => "tệp ngày nghỉ",
        TableName::Table(name) => name,
    }
}
