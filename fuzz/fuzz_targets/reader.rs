//! What the targets share: a plan read by its format, with the people of a small school.

use std::path::Path;
use std::sync::OnceLock;

use nhacviec::config;
use nhacviec::diagnostic::{Diagnostics, Source};
use nhacviec::people::NameResolver;
use nhacviec::plan::reader::{DocumentSettings, PlanFile, ReadContext, Strangers, reader};
use nhacviec::toml_file::TomlDocument;

const CONFIG: &str = "[school_year]\nstart = 2023-09-05\nterms = [2024-01-14]\nend = 2024-05-31\n\
                      [[person]]\nname = \"Hiệu trưởng\"\n[[person]]\nname = \"Kế toán\"\n[aliases]\n\"HT\" = [\"Hiệu trưởng\"]\n";

fn names() -> &'static (NameResolver, Option<nhacviec::calendar::SchoolYear>) {
    static NAMES: OnceLock<(NameResolver, Option<nhacviec::calendar::SchoolYear>)> = OnceLock::new();
    NAMES.get_or_init(|| {
        let source = Source::new("nhacviec.toml", CONFIG);
        let document = TomlDocument::new(&source);
        let parts = config::parse(&document);
        let (draft, _) = config::read(Path::new("nhacviec.toml"), &document, &parts);
        (draft.names, draft.school_year)
    })
}

/// Reads a plan; whatever it holds, there is an answer.
pub fn read(name: &str, bytes: &[u8]) {
    let (names, year) = names();
    let document = DocumentSettings::default();
    let strangers = Strangers::default();
    let context = ReadContext { year: year.as_ref(), names, strangers: &strangers, overrides: &[], document: &document };
    let path = Path::new(name);
    if let Ok(read) = reader(path) {
        let _ = read(PlanFile { path, bytes: bytes.to_vec() }, context, &mut Diagnostics::default());
    }
}
