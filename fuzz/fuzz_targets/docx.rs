#![no_main]

mod reader;

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

// The archive is made around the text, so that the text is what is tried.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let written = archive
        .start_file("word/document.xml", SimpleFileOptions::default())
        .and_then(|()| archive.write_all(bytes).map_err(Into::into))
        .and_then(|()| archive.finish());
    if let Ok(file) = written {
        reader::read("plan.docx", file.get_ref());
    }
    reader::read("plan.docx", bytes);
});
