//! The review as a document to be signed, and the forms in which it is filed.
//!
//! - [`OfficialDocument`]: head, subject, body, signature, recipients. The words are a template's of `compose`.
//! - [`markup`]: the markup in which a template writes a document.
//! - [`docx`]: a document as a Word file, in the format of Decree 30/2020/NĐ-CP, Appendix I.
//! - [`chart`]: the plan's timeline in the measures of a drawing; the page that shows it is a template too.
//!
//! Knows no plan and no progress but for the dates that the chart draws; reads no clock.

pub mod chart;
pub mod docx;
pub mod markup;

use serde::Serialize;

/// An official document (Decree 30/2020/NĐ-CP).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfficialDocument {
    /// The name of its file, without an ending: small letters, digits and hyphens.
    pub file: String,
    /// The language, as an IETF tag.
    pub language: String,
    /// The head of the first page.
    pub head: DocumentHead,
    /// The kind of document: "BÁO CÁO".
    pub kind: String,
    /// The subject.
    pub subject: String,
    /// The body.
    pub body: Vec<DocumentBlock>,
    /// The signature.
    pub signature: Signature,
    /// The recipients.
    pub recipients: Recipients,
}

/// The head of the first page: the issuing body on the left, nation and date on the right.
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

/// The signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The position, line by line.
    pub position: Vec<String>,
    /// The name; empty where it is to be written by hand.
    pub name: String,
}

/// The recipients of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recipients {
    /// The label, "Nơi nhận:".
    pub label: String,
    /// The recipients, each with its punctuation, the archive last.
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
    /// A point under a heading, lettered: "a) …".
    Point {
        /// Its letter and words.
        text: Vec<TextRun>,
    },
    /// An item of a list, with a hyphen before it.
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

/// Text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TextRun {
    /// The text.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// In italics.
    pub italic: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DocumentTable {
    /// The columns.
    pub columns: Vec<TableColumn>,
    /// The rows; those of the heading come first and are repeated on every page.
    pub rows: Vec<TableRow>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TableColumn {
    /// Its width in parts of the whole.
    pub width: u32,
    /// Whether its cells are centred.
    pub centred: bool,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableRow {
    /// Whether it belongs to the heading.
    pub is_head: bool,
    /// Its cells.
    pub cells: Vec<TableCell>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableCell {
    /// Its text.
    pub text: Vec<TextRun>,
    /// The number of columns that it covers, at least 1.
    pub span: usize,
}
