use crate::language::{Explains, Explanation, Says, Vietnamese};
use crate::plan::reader::mistake::{
    CriterionDoubt, DocumentMistake, FileContent, MissingColumn, RowDoubt, RowMistake, SeenTable, SettledDoubt,
    SettlingLines, TooMuch, UnreadColumn,
};

use super::plan::{nobody_reminded, save_as};
use super::{day, quoted};

impl Explains<DocumentMistake> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &DocumentMistake) -> Explanation {
        use DocumentMistake as M;
        match mistake {
            M::LockFile { document } => Explanation::new(
                "đây là tệp nhỏ mà Word hay Excel để cạnh văn bản đang mở",
                format!("ghi tên chính văn bản: {document}"),
            ),
            M::NotAsCalled { ending, content } => {
                let password = if content.may_have_password() { ", không có mật khẩu" } else { "" };
                Explanation::new(
                    format!("tệp có đuôi .{ending} mà {}", content_name(*content)),
                    format!("lưu lại thành .{ending}{password}"),
                )
            }
            M::Damaged { error } => Explanation::new(format!("tệp bị hỏng: {error}"), AGAIN),
            M::PartMissing { part } => Explanation::new(format!("tệp thiếu phần `{part}`"), AGAIN),
            M::PartDamaged { part, error } => {
                Explanation::new(format!("phần `{part}` của tệp bị hỏng: {error}"), AGAIN)
            }
            M::TextDamaged { byte, error } => {
                Explanation::new(format!("chữ của văn bản bị hỏng ở byte {byte}: {error}"), "lưu lại bằng Word")
            }
            M::NestedTooDeeply => Explanation::new("văn bản lồng quá nhiều lớp", "lưu lại bằng Word"),
            M::WorkbookDamaged { error } => {
                Explanation::new(format!("bảng tính bị hỏng: {error}"), "lưu lại bằng Excel thành .xlsx")
            }
            M::CsvDamaged { error } => Explanation::new(format!("tệp bị hỏng: {error}"), "lưu lại từ Excel"),
            M::QuoteNeverClosed { line } => Explanation::new(
                format!("dấu ngoặc kép mở ở dòng {line} hay bên dưới chưa được đóng"),
                "đóng lại, hoặc lưu lại tệp từ Excel",
            ),
            M::TooLarge { mebibytes } => Explanation::new(format!("tệp lớn hơn {mebibytes} MiB"), "có đúng tệp không?"),
            M::TooLargeUnpacked { mebibytes } => Explanation::new(
                format!("tệp giải nén ra lớn hơn {mebibytes} MiB"),
                "có đúng tệp không? Bỏ bớt hình ảnh ra",
            ),
            M::TooMuch { what } => too_much(*what),
            M::CellTooLarge => Explanation::new(
                "một ô có hơn một triệu chữ",
                "có đúng tệp không? Trong CSV có thể một dấu ngoặc kép chưa được đóng",
            ),
            M::NotInEncoding { encoding } => Explanation::new(
                format!("chữ trong tệp không phải là {encoding}"),
                "lưu lại từ Excel thành \"CSV UTF-8\", hoặc thành tệp Word, Excel",
            ),
            M::NoText => Explanation::new(
                "tệp không phải là chữ, hoặc là UTF-16 thiếu dấu nhận biết",
                "lưu lại từ Excel thành \"CSV UTF-8\"",
            ),
            M::NoListFormat { format, endings } => Explanation::new(
                format!("đây là {}, không đọc được danh sách từ loại tệp này", self.say(format)),
                save_as(*format)
                    .map_or_else(|| format!("ghi tên một tệp có đuôi .{}", endings.join(", .")), str::to_owned),
            ),
            M::HiddenSheets { names, has_more } => {
                Explanation::new(format!("trang tính ẩn không được đọc: {}", some(names, *has_more)), SHOW)
            }
            M::HiddenColumns { names, has_more } => {
                Explanation::new(format!("cột ẩn không được đọc: {}", some(names, *has_more)), SHOW)
            }
            M::FormulasWithoutValue { names, has_more } => Explanation::new(
                format!("công thức chưa có giá trị được đọc là ô trống: {}", some(names, *has_more)),
                "mở tệp bằng Excel rồi lưu lại, để Excel tính giá trị",
            ),
            M::StruckText { texts, has_more } => Explanation::new(
                format!("chữ gạch ngang không được đọc: {}", some(texts, *has_more)),
                "xóa những gì không còn hiệu lực, hoặc bỏ nét gạch",
            ),
            M::LegacyFonts { fonts, is_workbook } => {
                let (what, fonts) = (if *is_workbook { "bảng tính" } else { "văn bản" }, fonts.join(", "));
                Explanation::new(
                    format!(
                        "{what} dùng phông cũ, {fonts}: chữ đã được chuyển sang Unicode, xin xem lại các tên và chữ"
                    ),
                    format!(
                        "muốn chuyển chính {what} thì dùng công cụ chuyển mã của UniKey (Ctrl+Shift+F6) và phông Unicode"
                    ),
                )
            }
            M::CellsBeyond { cells, last_column } => Explanation::new(
                format!("{cells} ô bên phải cột {last_column} không được đọc"),
                "xóa đi, hoặc chuyển những gì thuộc kế hoạch vào các cột trước đó",
            ),
            M::DeceptiveCells { cells, more } => {
                let named: Vec<String> =
                    cells.iter().map(|cell| format!("{}, dòng {}", self.say(&cell.table), cell.row)).collect();
                let more = if *more > 0 { format!(" và {more} ô khác") } else { String::new() };
                Explanation::new(
                    format!("có ô chứa ký tự điều khiển hay đảo chiều chữ: {}{more}", named.join("; ")),
                    "các ký tự đó đã bỏ đi: xem phần còn lại có đúng ý không, rồi gõ lại",
                )
            }
            M::NoPlan { tables } => Explanation::new(
                format!(
                    "không bảng nào trong văn bản có tiêu đề của một kế hoạch{}",
                    tables.iter().map(seen).collect::<String>()
                ),
                "bảng của kế hoạch có tiêu đề cho biết làm gì, ai làm, khi nào: \"Nội dung\", \"Người thực hiện\", \
                 \"Thời gian\"; tiêu đề của trường nghĩa là gì thì ghi vào cấu hình\n[plan_document]\n\
                 columns = { remedy = [\"…\"], lead = [\"…\"], time = [\"…\"] }",
            ),
            M::NoNumber { left_open, name } => Explanation::new(
                left_open.as_ref().map_or_else(
                    || format!("văn bản không có số: lấy tên tệp `{name}` làm số"),
                    |line| format!("số văn bản để trống (\"{line}\"): lấy tên tệp `{name}` làm số"),
                ),
                "ghi số vào văn bản, hoặc thêm vào cấu hình\n[plan_document]\nnumber = \"…/KH-…\"",
            ),
            M::NoDateOfIssue { left_open, start } => {
                let what = left_open.as_ref().map_or_else(
                    || "văn bản không ghi ngày ban hành".to_owned(),
                    |line| format!("ngày ban hành để trống (\"{line}\")"),
                );
                Explanation::new(
                    format!("{what}: lấy ngày đầu năm học, {}", day(*start)),
                    format!(
                        "ghi địa danh và ngày phía trên kế hoạch, như \"Thanh Hưng, ngày 12 tháng 9 năm 2023\", hoặc \
                         thêm vào cấu hình\n[plan_document]\nissued = {start}"
                    ),
                )
            }
            M::OtherSchoolYear { document, configuration: (from, to) } => Explanation::new(
                format!("văn bản là của năm học {document}-{}, cấu hình là {from}-{to}", document + 1),
                "ghi tên kế hoạch năm nay, hoặc sửa [school_year] theo kế hoạch",
            ),
            M::TableOfOtherYear { table, written, year } => Explanation::new(
                format!("{} là của năm học {written}-{}: không được đọc", self.say(table), written + 1),
                format!("bỏ ra khỏi văn bản, hoặc ghi {year}-{} phía trên nếu là của năm học này", year + 1),
            ),
            M::HeadingNowhere { heading } => Explanation::new(
                format!("không bảng nào của kế hoạch trong văn bản có tiêu đề \"{heading}\""),
                "viết đúng như trong văn bản, hoặc bỏ khỏi columns của [plan_document]",
            ),
            M::UnreadColumn { column: UnreadColumn::Nameless(column) } => Explanation::new(
                format!("cột {column} không có tiêu đề nên không được đọc"),
                "nếu cột này thuộc kế hoạch thì ghi tiêu đề ở trên",
            ),
            M::UnreadColumn { column: UnreadColumn::Named { heading, own } } => Explanation::new(
                format!("cột «{heading}» không được đọc"),
                format!(
                    "nếu cột này thuộc kế hoạch thì cho biết nghĩa trong cấu hình: with, lead, due …, hoặc nothing\n\
                     [plan_document]\ncolumns = {{ nothing = [\"{own}\"] }}"
                ),
            ),
        }
    }
}

const AGAIN: &str = "lưu lại bằng Word hay Excel; nếu tệp đang được lưu thì thử lại khi lưu xong";
const SHOW: &str = "cho hiện ra trong Excel nếu thuộc kế hoạch";

/// What a file is or holds, behind "mà".
fn content_name(content: FileContent) -> &'static str {
    match content {
        FileContent::Pdf => "lại là PDF",
        FileContent::OldOffice => "lại là văn bản Word hay Excel 97-2003, hoặc có mật khẩu",
        FileContent::RichText => "lại là văn bản RTF",
        FileContent::Nothing => "không có gì bên trong",
        FileContent::SomethingElse => "lại là loại tệp khác",
        FileContent::LibreOffice => "lại là văn bản của LibreOffice hay OpenOffice",
        FileContent::Workbook => "lại là bảng tính Excel",
        FileContent::WordDocument => "lại là văn bản Word",
        FileContent::BinaryWorkbook => "lại là bảng tính Excel dạng nhị phân",
    }
}

fn too_much(what: TooMuch) -> Explanation {
    const BESIDE: &str = "có đúng tệp không? Xóa những gì đứng bên cạnh và xa phía dưới kế hoạch";
    let (whole, what, help) = match what {
        TooMuch::Rows(most) => ("văn bản", format!("{most} dòng"), BESIDE),
        TooMuch::Cells(most) => ("văn bản", format!("{most} ô"), BESIDE),
        TooMuch::Text(most) => ("văn bản", format!("{most} MiB chữ"), BESIDE),
        TooMuch::Paragraphs(most) => ("văn bản", format!("{most} đoạn"), "có đúng tệp không?"),
        TooMuch::Styles(most) => ("văn bản", format!("{most} kiểu chữ"), "chép kế hoạch sang một văn bản mới"),
        TooMuch::Formats(most) => ("bảng tính", format!("{most} định dạng"), "chép kế hoạch sang một bảng tính mới"),
    };
    Explanation::new(format!("{whole} có hơn {what}"), help)
}

/// Some texts, and that there are more.
fn some(texts: &[String], has_more: bool) -> String {
    let more = if has_more { " và nữa" } else { "" };
    quoted(texts) + more
}

/// The headings of a table in which a plan was looked for, and what they do not say.
fn seen(table: &SeenTable) -> String {
    let missing = table.missing.iter().map(|missing| match missing {
        MissingColumn::What => "làm gì",
        MissingColumn::Who => "ai làm",
        MissingColumn::When => "khi nào",
    });
    let missing = missing.collect::<Vec<_>>().join(" và ");
    format!("; {}: {} không cho biết {missing}", Vietnamese.say(&table.name), quoted(&table.headings))
}

impl Explains<RowMistake> for Vietnamese {
    fn explain(&self, mistake: &RowMistake) -> Explanation {
        use RowMistake as M;
        match mistake {
            M::NoRemedy => Explanation::new(
                "dòng này không nói phải làm gì, nên không phải là việc",
                "ghi việc cần làm vào cột này",
            ),
            M::NoCriterion { why, task } => {
                let why = match why {
                    CriterionDoubt::Date { written } => {
                        format!("Excel coi \"{written}\" là ngày, không phải tiêu chí")
                    }
                    CriterionDoubt::PerhapsDate { written } => {
                        format!("Excel coi \"{written}\" là ngày: có đúng là tiêu chí không")
                    }
                    CriterionDoubt::WithoutStandard { written } => {
                        format!("\"{written}\" không nói thuộc tiêu chuẩn nào")
                    }
                    CriterionDoubt::Several { written } => format!("\"{written}\" nêu nhiều tiêu chí"),
                    CriterionDoubt::Unclear { written } => {
                        format!("\"{written}\" có thể là tiêu chí này hay tiêu chí khác")
                    }
                    CriterionDoubt::None => "dòng này không ghi tiêu chí".to_owned(),
                };
                Explanation::new(format!("{why}: việc được gọi là `{task}`"), "ghi số tiêu chí")
            }
            M::HiddenRow => {
                Explanation::new("dòng này bị ẩn trong trang tính, vẫn được đọc", "cho hiện ra trong Excel hoặc xóa đi")
            }
            M::NoStatus => Explanation::new(
                "mức độ thực hiện này không ai biết, nên không ghi nhận gì",
                "viết \"Hoàn thành\", \"Đang thực hiện - 40%\", \"Chưa thực hiện\", \"Vướng mắc\" hoặc \"Không thực hiện\"",
            ),
            M::NobodyKnown => Explanation::new(
                "ô này không nêu ai có trong cấu hình: không ai được nhắc việc này",
                "ghi một vai trò, cho biết tên này là ai ở [aliases]",
            ),
            M::UnknownNames { names } => Explanation::new(
                format!("cấu hình không biết ai tên là {}: người đó không được báo", quoted(names)),
                "cho biết tên này là ai ở [aliases]",
            ),
            M::NoTime => {
                Explanation::new("việc không có thời gian: không ai được nhắc", "ghi khi nào phải làm (\"10/2023\")")
            }
            M::TimeOpen { reason } => nobody_reminded(reason),
        }
    }
}

impl Explains<RowDoubt> for Vietnamese {
    fn explain(&self, doubt: &RowDoubt) -> Explanation {
        match doubt {
            RowDoubt::Row(mistake) => self.explain(mistake),
            RowDoubt::Time(doubt) => {
                let Explanation { message, help } = self.explain(doubt);
                let mended = |help: String| {
                    if help.ends_with('?') { format!("{help} Xin sửa trong văn bản") } else { help }
                };
                Explanation { message, help: help.map(mended) }
            }
        }
    }
}

impl Explains<SettledDoubt> for Vietnamese {
    fn explain(&self, settled: &SettledDoubt) -> Explanation {
        let SettledDoubt { doubt, task, lines } = settled;
        let Explanation { message, help } = self.explain(doubt);
        let help = help.map(|mend| match lines {
            SettlingLines::None => mend,
            SettlingLines::Here(lines) => {
                format!("{mend}, hoặc thêm vào cấu hình\n[task.\"{task}\"]\n{}", lines.join("\n"))
            }
            SettlingLines::Above(line) => {
                format!("{mend}, hoặc ghi `{line}` vào các dòng ở trên cho [task.\"{task}\"]")
            }
        });
        Explanation { message, help }
    }
}
