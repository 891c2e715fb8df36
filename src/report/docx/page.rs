//! `word/document.xml`: head, title, body, signature, and the page itself.

use crate::report::{DocumentBlock, OfficialDocument};

use super::measure::{TEXT_WIDTH, balanced, width};
use super::{table, xml};

/// The width of the left column of the head, in twips; the right one takes the name of the nation in one line.
const HEAD_LEFT: u32 = 3714;
/// The width of the left column of the foot, in twips.
const FOOT_LEFT: u32 = 4394;
/// Sizes in half points, as the styles of the same parts have them.
const ISSUER_SIZE: u32 = 24;
const MOTTO_SIZE: u32 = 26;
const SUBJECT_SIZE: u32 = 28;

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// A4; 20 mm above and below, 30 mm left, 15 mm right; the number of the page 10 mm from the edge, none on the first.
const SECTION: &str = "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>\
     <w:headerReference w:type=\"first\" r:id=\"rId4\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
     <w:pgMar w:top=\"1134\" w:right=\"851\" w:bottom=\"1134\" w:left=\"1701\" w:header=\"567\" w:footer=\"567\" \
     w:gutter=\"0\"/><w:titlePg/></w:sectPr>";

/// The whole of `word/document.xml`.
pub(super) fn body(document: &OfficialDocument) -> String {
    let last = document.body.len().saturating_sub(1);
    let blocks: String =
        document.body.iter().enumerate().map(|(place, block)| self::block(block, place == last)).collect();
    format!(
        "{}<w:document {NAMESPACES}><w:body>{}{}{blocks}{}{SECTION}</w:body></w:document>",
        xml::DECLARATION,
        head(document),
        title(document),
        foot(document),
    )
}

/// The head in two columns without borders: names and lines in the first row, number and date in the second.
fn head(document: &OfficialDocument) -> String {
    let head = &document.head;
    let right_width = TEXT_WIDTH - HEAD_LEFT;
    let authority = head.authority.as_deref().map(|authority| {
        let lines = balanced(&authority.to_uppercase(), ISSUER_SIZE, HEAD_LEFT);
        xml::paragraph("Authority", "", &xml::plain(&lines.join("\n")))
    });
    let names =
        authority.unwrap_or_default() + &underlined("Issuer", &head.issuer.to_uppercase(), ISSUER_SIZE, HEAD_LEFT);
    let nation = xml::paragraph("Nation", "", &xml::plain(&head.nation.to_uppercase()))
        + &xml::paragraph("Motto", "", &xml::plain(&head.motto))
        + &xml::line(width(&head.motto, MOTTO_SIZE).min(right_width), right_width);
    let number = xml::paragraph("DocumentNumber", "", &xml::plain(&head.number));
    let dated = xml::paragraph("PlaceAndDate", "", &xml::plain(&head.dated));
    table::invisible([HEAD_LEFT, right_width], &[[names, nation], [number, dated]])
}

fn title(document: &OfficialDocument) -> String {
    xml::paragraph("Kind", "", &xml::plain(&document.kind.to_uppercase()))
        + &underlined("Subject", &document.subject, SUBJECT_SIZE, TEXT_WIDTH)
}

/// A bold text in the middle of `room` twips, and a line beneath of two fifths of its length: the format asks for a
/// third to half.
fn underlined(style: &str, text: &str, half_points: u32, room: u32) -> String {
    let lines = balanced(text, half_points, room);
    let longest = lines.iter().map(|line| width(line, half_points)).max().unwrap_or(0).min(room);
    xml::paragraph(style, "", &xml::plain(&lines.join("\n"))) + &xml::line(longest * 2 / 5, room)
}

/// A piece of the body. The last one stays on one page with the signature.
fn block(block: &DocumentBlock, is_last: bool) -> String {
    let stays = if is_last { "<w:keepNext/>" } else { "" };
    match block {
        DocumentBlock::Part { text } => xml::paragraph("Heading1", "", &xml::plain(text)),
        DocumentBlock::Heading { text } => xml::paragraph("Heading2", "", &xml::plain(text)),
        DocumentBlock::Point { text } | DocumentBlock::Paragraph { text } => {
            xml::paragraph("BodyText", stays, &xml::runs(text))
        }
        DocumentBlock::Item { text } => xml::paragraph("BodyText", stays, &(xml::plain("- ") + &xml::runs(text))),
        DocumentBlock::Table(table) => table::visible(table),
    }
}

/// Recipients on the left, the signature on the right, on one page.
fn foot(document: &OfficialDocument) -> String {
    let recipients = &document.recipients;
    let label = xml::paragraph("RecipientsLabel", "", &xml::plain(&recipients.label));
    let entries =
        recipients.entries.iter().map(|entry| xml::paragraph("Recipient", "", &xml::plain(&format!("- {entry}"))));
    let position = document.signature.position.iter();
    let position = position.map(|line| xml::paragraph("SignerPosition", "", &xml::plain(&line.to_uppercase())));
    let name = xml::paragraph("SignerName", "", &xml::plain(&document.signature.name));
    let gap = xml::paragraph("Gap", "", "");
    // Word needs a paragraph after the last table; this one is too small to need another page.
    gap + &table::invisible(
        [FOOT_LEFT, TEXT_WIDTH - FOOT_LEFT],
        &[[label + &entries.collect::<String>(), position.collect::<String>() + &name]],
    ) + &xml::paragraph("End", "", "")
}
