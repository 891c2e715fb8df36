//! `[plan_document]`: what the admin settles of a Word, Excel or CSV plan as a whole.

use crate::plan::reader::{DocumentSettings, Field};
use crate::text;

use crate::toml_file::TomlTable;

use super::ConfigMistake;

pub(super) fn read(table: TomlTable<'_>) -> DocumentSettings {
    let settings = DocumentSettings {
        number: table.get("number").and_then(|value| value.name()),
        title: table.get("title").and_then(|value| value.name()),
        framework: table.get("framework").and_then(|value| value.name()),
        issued: table.get("issued").and_then(|value| value.date()),
        columns: table
            .get("columns")
            .and_then(|value| value.table("`columns`"))
            .map(|table| columns(&table))
            .unwrap_or_default(),
    };
    table.close();
    settings
}

/// What each heading means: of two that are the same the first counts, and the second is noted.
fn columns(table: &TomlTable<'_>) -> Vec<(String, Field)> {
    let mut columns: Vec<(String, Field)> = Vec::new();
    for (key, _, value) in table.entries() {
        let Some(field) = Field::of_key(key) else {
            let words: Vec<&str> = Field::KEYS.iter().map(|(word, _)| *word).chain([Field::NOTHING]).collect();
            let near = text::closest(key, words.iter().copied());
            let near = near.map(str::to_owned);
            value.error(ConfigMistake::NoPlanColumn { written: key.to_owned(), near, known: words });
            continue;
        };
        for heading in value.list() {
            let Some(written) = heading.name() else { continue };
            if columns.iter().any(|(known, _)| text::fold(known) == text::fold(&written)) {
                heading.error(ConfigMistake::DoubledColumn);
                continue;
            }
            columns.push((written, field));
        }
    }
    columns
}
