//! `signer`, `signer_name` and `recipients`: the end of a report, set in `[organisation]`, and for the reviews of one
//! kind in their `[[review]]`.

use crate::toml_file::{TomlTable, TomlValue};

/// The end of a report. What one table leaves out is the other's, else a default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signing {
    /// The position of the signer, line by line: "KT. Hiệu trưởng", "Phó Hiệu trưởng".
    pub signer: Option<Vec<String>>,
    /// The name of the signer.
    pub name: Option<String>,
    /// The recipients of copies, "Phòng GD&ĐT (để báo cáo)"; the archive always gets one.
    pub recipients: Option<Vec<String>>,
}

impl Signing {
    pub(super) fn read(table: &TomlTable<'_>) -> Self {
        let names = |value: TomlValue<'_>| value.list().iter().filter_map(TomlValue::name).collect();
        Self {
            signer: table.get("signer").map(names),
            name: table.get("signer_name").and_then(|value| value.name()),
            recipients: table.get("recipients").map(names),
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
            recipients: self.recipients.clone().or_else(|| other.recipients.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signing(signer: Option<&str>, name: Option<&str>) -> Signing {
        let signer = signer.map(|signer| vec![signer.to_owned()]);
        Signing { signer, name: name.map(str::to_owned), recipients: None }
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
