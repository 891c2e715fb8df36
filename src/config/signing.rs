//! `signer`, `signer_name`, `prepared_by` and `recipients`: the end of a report, set in `[organisation]`, and for the reviews of one
//! kind in their `[[review]]`.

use crate::toml_file::{TomlTable, TomlValue};

/// The end of a report. What one table leaves out is the other's, else a default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signing {
    /// The position of the signer, line by line: "KT. Hiệu trưởng", "Phó Hiệu trưởng".
    pub signer: Option<Vec<String>>,
    /// The name of the signer.
    pub name: Option<String>,
    /// Who prepared it: position and name in one line.
    pub prepared_by: Option<String>,
    /// The recipients of copies, "Phòng GD&ĐT (để báo cáo)"; the archive always gets one.
    pub recipients: Option<Vec<String>>,
}

impl Signing {
    pub(super) fn read(table: &TomlTable<'_>) -> Self {
        let signer = table.get("signer").map(|value| Person::read(&value)).unwrap_or_default();
        let name = table.get("signer_name").and_then(|value| value.name());
        let prepared_by = table.get("prepared_by").map(|value| Person::read(&value));
        Self {
            signer: signer.position,
            name: name.or(signer.name),
            prepared_by: prepared_by.and_then(Person::in_one_line),
            recipients: table.get("recipients").map(|value| names(&value)),
        }
    }

    /// This end; what it leaves out is taken from `other`.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            signer: self.signer.clone().or_else(|| other.signer.clone()),
            // A name belongs to its position, so it is not taken from the other table.
            name: if self.signer.is_some() {
                self.name.clone()
            } else {
                self.name.clone().or_else(|| other.name.clone())
            },
            prepared_by: self.prepared_by.clone().or_else(|| other.prepared_by.clone()),
            recipients: self.recipients.clone().or_else(|| other.recipients.clone()),
        }
    }
}

/// Somebody at the end of a report: `{ position, name }`, or a position alone, line by line.
#[derive(Default)]
struct Person {
    position: Option<Vec<String>>,
    name: Option<String>,
}

impl Person {
    fn read(value: &TomlValue<'_>) -> Self {
        if !value.is_table() {
            return Self { position: Some(names(value)), name: None };
        }
        let Some(table) = value.table("`{ position, name }`") else { return Self::default() };
        let position = table.get("position").map(|value| names(&value));
        let name = table.get("name").and_then(|value| value.name());
        table.close();
        Self { position, name }
    }

    /// "Thư ký – Nguyễn Văn A".
    fn in_one_line(self) -> Option<String> {
        let position = self.position.map(|lines| lines.join(" ")).filter(|position| !position.is_empty());
        let parts: Vec<String> = position.into_iter().chain(self.name).collect();
        (!parts.is_empty()).then(|| parts.join(" – "))
    }
}

fn names(value: &TomlValue<'_>) -> Vec<String> {
    if !value.is_list() {
        return value.name().into_iter().collect();
    }
    value.list().iter().filter_map(TomlValue::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signing(signer: Option<&str>, name: Option<&str>) -> Signing {
        let signer = signer.map(|signer| vec![signer.to_owned()]);
        Signing { signer, name: name.map(str::to_owned), ..Signing::default() }
    }

    #[test]
    fn a_name_never_stands_under_the_position_of_somebody_else() {
        let school = signing(Some("Hiệu trưởng"), Some("A"));
        assert_eq!(signing(None, None).or(&school), school);
        assert_eq!(signing(None, Some("B")).or(&school), signing(Some("Hiệu trưởng"), Some("B")));
        let deputy = signing(Some("Phó Hiệu trưởng"), None);
        assert_eq!(deputy.or(&school), deputy);
    }
}
