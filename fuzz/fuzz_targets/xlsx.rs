#![no_main]

mod reader;

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="KH" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Ends the sheet in what is tried; behind it stand the shared strings, and behind another one the styles.
const PART_END: &[u8] = b"<?part?>";

fn workbook(bytes: &[u8]) -> ZipResult<Vec<u8>> {
    let mut rest = bytes;
    let mut part = || {
        let end = rest.windows(PART_END.len()).position(|window| window == PART_END);
        let (part, behind) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + PART_END.len()..]));
        rest = behind;
        part
    };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", part()),
        ("xl/sharedStrings.xml", part()),
        ("xl/styles.xml", part()),
    ];
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(text)?;
    }
    Ok(archive.finish()?.into_inner())
}

// The archive is made around its parts, so that the parts are what is tried.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = workbook(bytes) {
        reader::read("plan.xlsx", &file);
    }
    reader::read("plan.xlsx", bytes);
});
