//! The review as a document to be signed: its parts, and the forms in which it is filed.
//!
//! - [`OfficialDocument`]: head, subject, body, signature, recipients. What they say is a template's of `message`.
//! - [`markup`]: how a template writes a document down.
//! - [`docx`]: a document as a Word file, in the format of Decree 30/2020/NĐ-CP, Appendix I.
//! - [`chart`]: the plan's timeline in the measures of a drawing; the page that shows it is a template too.
//!
//! Knows no plan and no progress but for the dates that the chart draws; reads no clock.

pub mod chart;
pub mod docx;
pub mod markup;

use serde::Serialize;

/// An official document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfficialDocument {
    /// How its file is called, without an ending: small letters, digits and hyphens.
    pub file: String,
    /// The language, as an IETF tag.
    pub language: String,
    /// The top of the first page.
    pub head: DocumentHead,
    /// What kind of document it is: "BÁO CÁO".
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub body: Vec<DocumentBlock>,
    /// Who signs.
    pub signature: Signature,
    /// Who gets it.
    pub recipients: Recipients,
}

/// The top of the first page: who writes on the left, the nation and the date on the right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DocumentHead {
    /// The superior body, where there is one.
    pub authority: Option<String>,
    /// The issuing body.
    pub issuer: String,
    /// Number and symbol: "Số: 15/BC-TrTH".
    pub number: String,
    /// The name of the nation.
    pub nation: String,
    /// The national motto.
    pub motto: String,
    /// Place and date.
    pub dated: String,
}

/// Who signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The position, line by line.
    pub position: Vec<String>,
    /// The name; empty where it is to be written by hand.
    pub name: String,
}

/// Who gets a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recipients {
    /// "Nơi nhận:".
    pub label: String,
    /// Each with its mark at the end, the archive last.
    pub entries: Vec<String>,
}

/// A piece of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DocumentBlock {
    /// The heading of a part, numbered: "I. KẾT QUẢ".
    Part {
        /// Its number and words, in capitals.
        text: String,
    },
    /// A heading within a part, numbered: "1. Kết quả chung".
    Heading {
        /// Its number and words.
        text: String,
    },
    /// One of several things under a heading, lettered: "a) …".
    Point {
        /// Its letter and words.
        text: Vec<TextRun>,
    },
    /// One of several things, with a hyphen before it.
    Item {
        /// Its words.
        text: Vec<TextRun>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Vec<TextRun>,
    },
    /// A table.
    Table(DocumentTable),
}

/// Words that look alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TextRun {
    /// The words.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// In italics.
    pub italic: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DocumentTable {
    /// How wide each column is, in parts of the whole.
    pub columns: Vec<TableColumn>,
    /// Rows; those of the heading come first and are repeated on every page.
    pub rows: Vec<TableRow>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TableColumn {
    /// Its share of the width.
    pub width: u32,
    /// Whether its cells are centred.
    pub centred: bool,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableRow {
    /// Belongs to the heading.
    pub is_head: bool,
    /// Its cells.
    pub cells: Vec<TableCell>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableCell {
    /// Its words.
    pub text: Vec<TextRun>,
    /// How many columns it covers, at least 1.
    pub span: usize,
}
