//! The review as a document to be signed: its parts, and the forms in which it is filed.
//!
//! - [`Document`]: head, subject, body, signature, recipients. What they say is a template's of `message`.
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
pub struct Document {
    /// How its file is called, without an ending: small letters, digits and hyphens.
    pub file: String,
    /// The language, as an IETF tag.
    pub language: String,
    /// The top of the first page.
    pub head: Head,
    /// What kind of document it is: "BÁO CÁO".
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub body: Vec<Block>,
    /// Who signs.
    pub signature: Signature,
    /// Who gets it.
    pub recipients: Recipients,
}

/// The top of the first page: who writes on the left, the nation and the date on the right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Head {
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
pub enum Block {
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
        text: Vec<Run>,
    },
    /// One of several things, with a hyphen before it.
    Item {
        /// Its words.
        text: Vec<Run>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Vec<Run>,
    },
    /// A table.
    Table(Table),
}

/// Words that look alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The words.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// In italics.
    pub italic: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// How wide each column is, in parts of the whole.
    pub columns: Vec<Column>,
    /// Rows; those of the heading come first and are repeated on every page.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its share of the width.
    pub width: u32,
    /// Whether its cells are centred.
    pub centred: bool,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Belongs to the heading.
    pub is_head: bool,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Its words.
    pub text: Vec<Run>,
    /// How many columns it covers, at least 1.
    pub span: usize,
}
