use crate::language::{English, Explains, Explanation, Says};
use crate::plan::reader::mistake::{
    CriterionDoubt, DocumentMistake, FileContent, MissingColumn, RowDoubt, RowMistake, SeenTable, SettledDoubt,
    SettlingLines, TooMuch, UnreadColumn,
};

use super::plan::{nobody_reminded, save_as};
use super::quoted;

impl Explains<DocumentMistake> for English {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &DocumentMistake) -> Explanation {
        use DocumentMistake as M;
        match mistake {
            M::LockFile { document } => Explanation::new(
                "this is the file that Word or Excel keeps beside an open document",
                format!("name the document itself: {document}"),
            ),
            M::NotAsCalled { ending, content } => {
                let password = if content.may_have_password() { ", without a password" } else { "" };
                Explanation::new(
                    format!("the file is called .{ending} and is {}", content_name(*content)),
                    format!("save it as .{ending}{password}"),
                )
            }
            M::Damaged { error } => Explanation::new(format!("the file is damaged: {error}"), AGAIN),
            M::PartMissing { part } => Explanation::new(format!("the file has no part `{part}`"), AGAIN),
            M::PartDamaged { part, error } => Explanation::new(format!("the part `{part}` is damaged: {error}"), AGAIN),
            M::TextDamaged { byte, error } => Explanation::new(
                format!("the text of the document is damaged at byte {byte}: {error}"),
                "save it again in Word",
            ),
            M::NestedTooDeeply => Explanation::new("the document is nested too deeply", "save it again in Word"),
            M::WorkbookDamaged { error } => {
                Explanation::new(format!("the workbook is damaged: {error}"), "save it again in Excel as .xlsx")
            }
            M::CsvDamaged { error } => {
                Explanation::new(format!("the text is damaged: {error}"), "save it again from Excel")
            }
            M::QuoteNeverClosed { line } => Explanation::new(
                format!("a quote that is opened on line {line} or below is never closed"),
                "close it, or save the file again from Excel",
            ),
            M::TooLarge { mebibytes } => {
                Explanation::new(format!("the file is larger than {mebibytes} MiB"), "is it the right file?")
            }
            M::TooLargeUnpacked { mebibytes } => Explanation::new(
                format!("the file is larger than {mebibytes} MiB when it is unpacked"),
                "is it the right file? Take pictures out of it",
            ),
            M::TooMuch { what } => too_much(*what),
            M::CellTooLarge => Explanation::new(
                "a cell holds more than a million letters",
                "is it the right file? In a CSV a quote may be open that is never closed",
            ),
            M::NotInEncoding { encoding } => Explanation::new(
                format!("the text is not {encoding}"),
                "save it again from Excel as \"CSV UTF-8\", or as Word or Excel document",
            ),
            M::NoText => Explanation::new(
                "the file is no text, or UTF-16 without its mark",
                "save it again from Excel as \"CSV UTF-8\"",
            ),
            M::NoListFormat { format, endings } => Explanation::new(
                format!("this is {}, and no list of people is read from it", self.say(format)),
                save_as(*format)
                    .map_or_else(|| format!("name a file that ends in .{}", endings.join(", .")), str::to_owned),
            ),
            M::HiddenSheets { names, has_more } => {
                Explanation::new(format!("hidden sheets are not read: {}", some(names, *has_more)), SHOW)
            }
            M::HiddenColumns { names, has_more } => {
                Explanation::new(format!("hidden columns are not read: {}", some(names, *has_more)), SHOW)
            }
            M::FormulasWithoutValue { names, has_more } => Explanation::new(
                format!("formulas without a value are read as empty: {}", some(names, *has_more)),
                "open the file in Excel and save it, so that it computes them",
            ),
            M::StruckText { texts, has_more } => Explanation::new(
                format!("text that is struck out is not read: {}", some(texts, *has_more)),
                "delete what no longer holds, or take away the line through what does",
            ),
            M::LegacyFonts { fonts, is_workbook } => {
                let (what, fonts) = (if *is_workbook { "workbook" } else { "document" }, fonts.join(", "));
                Explanation::new(
                    format!(
                        "the {what} is written in fonts of before Unicode, {fonts}: its text was converted, so look \
                         whether names and words are right"
                    ),
                    format!(
                        "to convert the {what} itself, use the conversion of UniKey (Ctrl+Shift+F6) and a font of Unicode"
                    ),
                )
            }
            M::CellsBeyond { cells, last_column } => Explanation::new(
                format!("{cells} cells right of column {last_column} are not read"),
                "delete them, or move what belongs to the plan into the columns before",
            ),
            M::DeceptiveCells { cells, more } => {
                let named: Vec<String> =
                    cells.iter().map(|cell| format!("{}, row {}", self.say(&cell.table), cell.row)).collect();
                let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
                let named = named.join("; ");
                Explanation::new(
                    format!("cells hold control characters or marks of writing direction: {named}{more}"),
                    "they are left out: see whether what is left is what you mean, and write it anew",
                )
            }
            M::NoPlan { tables } => Explanation::new(
                format!(
                    "no table of this document has the headings of a plan{}",
                    tables.iter().map(seen).collect::<String>()
                ),
                "a plan's table has a heading for what is to be done, one for who and one for when: \"Nội dung\", \
                 \"Người thực hiện\", \"Thời gian\"; say what yours mean in the configuration\n[plan_document]\n\
                 columns = { remedy = [\"…\"], lead = [\"…\"], time = [\"…\"] }",
            ),
            M::NoNumber { left_open, name } => Explanation::new(
                left_open.as_ref().map_or_else(
                    || format!("the document has no number: it is called `{name}` by its file"),
                    |line| format!("the number is left open (\"{line}\"): the plan is called `{name}` by its file"),
                ),
                "write it into the document, or add to the configuration\n[plan_document]\nnumber = \"…/KH-…\"",
            ),
            M::NoDateOfIssue { left_open, start } => {
                let what = left_open.as_ref().map_or_else(
                    || "the document does not say when it was issued".to_owned(),
                    |line| format!("the date of issue is left open (\"{line}\")"),
                );
                Explanation::new(
                    format!("{what}: the start of the school year, {start}, is taken"),
                    format!(
                        "write the place and date above the plan, as \"Thanh Hưng, ngày 12 tháng 9 năm 2023\", or add \
                         to the configuration\n[plan_document]\nissued = {start}"
                    ),
                )
            }
            M::OtherSchoolYear { document, configuration: (from, to) } => Explanation::new(
                format!(
                    "the document is of the school year {document}-{}, the configuration of {from}-{to}",
                    document + 1
                ),
                "name this year's plan, or set [school_year] to the plan's",
            ),
            M::TableOfOtherYear { table, written, year } => Explanation::new(
                format!("{} is of the school year {written}-{}: it is not read", self.say(table), written + 1),
                format!("take it out of the document, or write {year}-{} above it if it is of this year", year + 1),
            ),
            M::HeadingNowhere { heading } => Explanation::new(
                format!("no table of a plan in this document has the heading \"{heading}\""),
                "write it as it stands in the document, or take it out of [plan_document] columns",
            ),
            M::UnreadColumn { column: UnreadColumn::Nameless(column) } => Explanation::new(
                format!("the column {column}, which has no heading, is not read"),
                "if it says something of the plan, write above it what it says",
            ),
            M::UnreadColumn { column: UnreadColumn::Named { heading, own } } => Explanation::new(
                format!("the column «{heading}» is not read"),
                format!(
                    "if it says something of the plan, say what in the configuration: with, lead, due …, or nothing\n\
                     [plan_document]\ncolumns = {{ nothing = [\"{own}\"] }}"
                ),
            ),
        }
    }
}

const AGAIN: &str = "save it again in Word or Excel; if it is being saved this moment, try again when that is done";
const SHOW: &str = "show them in Excel where they belong to the plan";

fn content_name(content: FileContent) -> &'static str {
    match content {
        FileContent::Pdf => "a PDF",
        FileContent::OldOffice => "a document of Word or Excel 97-2003, or one with a password",
        FileContent::RichText => "a rich text document",
        FileContent::Nothing => "empty",
        FileContent::SomethingElse => "something else",
        FileContent::LibreOffice => "a document of LibreOffice or OpenOffice",
        FileContent::Workbook => "an Excel workbook",
        FileContent::WordDocument => "a Word document",
        FileContent::BinaryWorkbook => "an Excel workbook in binary form",
    }
}

fn too_much(what: TooMuch) -> Explanation {
    const BESIDE: &str = "is it the right file? Delete what stands beside and far below the plan";
    let (whole, what, help) = match what {
        TooMuch::Rows(most) => ("document", format!("{most} rows"), BESIDE),
        TooMuch::Cells(most) => ("document", format!("{most} cells"), BESIDE),
        TooMuch::Text(most) => ("document", format!("{most} MiB of text"), BESIDE),
        TooMuch::Paragraphs(most) => ("document", format!("{most} paragraphs"), "is it the right file?"),
        TooMuch::Styles(most) => ("document", format!("{most} styles"), "copy the plan into a new document"),
        TooMuch::Formats(most) => ("workbook", format!("{most} formats"), "copy the plan into a new workbook"),
    };
    Explanation::new(format!("the {whole} has more than {what}"), help)
}

/// Some texts, and that there are more.
fn some(texts: &[String], has_more: bool) -> String {
    let more = if has_more { " and more" } else { "" };
    quoted(texts) + more
}

/// The headings of a table in which a plan was looked for, and what they do not say.
fn seen(table: &SeenTable) -> String {
    let missing = table.missing.iter().map(|missing| match missing {
        MissingColumn::What => "what is to be done",
        MissingColumn::Who => "who",
        MissingColumn::When => "when",
    });
    let missing = missing.collect::<Vec<_>>().join(" and ");
    format!("; {}: {} says nothing of {missing}", English.say(&table.name), quoted(&table.headings))
}

impl Explains<RowMistake> for English {
    fn explain(&self, mistake: &RowMistake) -> Explanation {
        use RowMistake as M;
        match mistake {
            M::NoRemedy => Explanation::new(
                "the row does not say what is to be done, so it is no task",
                "write it into this column",
            ),
            M::NoCriterion { why, task } => {
                let why = match why {
                    CriterionDoubt::Date { written } => format!("Excel holds \"{written}\" for a date, no criterion"),
                    CriterionDoubt::PerhapsDate { written } => {
                        format!("Excel holds \"{written}\" for a date: is that the criterion")
                    }
                    CriterionDoubt::WithoutStandard { written } => {
                        format!("\"{written}\" does not say of which standard it is")
                    }
                    CriterionDoubt::Several { written } => format!("\"{written}\" names several criteria"),
                    CriterionDoubt::Unclear { written } => {
                        format!("\"{written}\" could be one criterion or another")
                    }
                    CriterionDoubt::None => "the row names no criterion".to_owned(),
                };
                Explanation::new(format!("{why}: the task is called `{task}`"), "write its number")
            }
            M::HiddenRow => Explanation::new(
                "this row is hidden in the sheet, and is read all the same",
                "show it in Excel or delete it",
            ),
            M::NoStatus => Explanation::new(
                "this is no status that is known, so nothing is reported",
                "write \"Hoàn thành\", \"Đang thực hiện - 40%\", \"Chưa thực hiện\", \"Vướng mắc\" or \"Không thực hiện\"",
            ),
            M::NobodyKnown => Explanation::new(
                "nobody whom the configuration knows is named here: nobody is reminded of this task",
                "name a role, say under [aliases] whom a name means",
            ),
            M::UnknownNames { names } => Explanation::new(
                format!("the configuration knows nobody called {}: they are told nothing", quoted(names)),
                "say under [aliases] whom a name means",
            ),
            M::NoTime => Explanation::new(
                "the task has no time: nobody is reminded of it",
                "write when it is to be done (\"10/2023\")",
            ),
            M::TimeOpen { reason } => nobody_reminded(reason),
        }
    }
}

impl Explains<RowDoubt> for English {
    fn explain(&self, doubt: &RowDoubt) -> Explanation {
        match doubt {
            RowDoubt::Row(mistake) => self.explain(mistake),
            RowDoubt::Time(doubt) => {
                let Explanation { message, help } = self.explain(doubt);
                Explanation { message, help: help.map(|help| format!("{help} mend it")) }
            }
        }
    }
}

impl Explains<SettledDoubt> for English {
    fn explain(&self, settled: &SettledDoubt) -> Explanation {
        let SettledDoubt { doubt, task, lines } = settled;
        let Explanation { message, help } = self.explain(doubt);
        let help = help.map(|mend| match lines {
            SettlingLines::None => mend,
            SettlingLines::Here(lines) => {
                format!("{mend}, or add to the configuration\n[task.\"{task}\"]\n{}", lines.join("\n"))
            }
            SettlingLines::Above(line) => {
                format!("{mend}, or settle it with `{line}` in the lines above for [task.\"{task}\"]")
            }
        });
        Explanation { message, help }
    }
}
