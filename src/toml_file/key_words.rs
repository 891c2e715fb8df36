//! Vietnamese words that people write for the keys of a file, which are English.

use crate::text;

/// Words without diacritics and blanks, each with the key that is meant.
const WORDS: &[(&str, &str)] = &[
    ("ten", "name"),
    ("hoten", "name"),
    ("hovaten", "name"),
    ("vaitro", "roles"),
    ("chucvu", "roles"),
    ("nhiemvu", "roles"),
    ("thu", "email"),
    ("thudientu", "email"),
    ("dienthoai", "phone"),
    ("sdt", "phone"),
    ("thanhvien", "members"),
    ("kehoach", "plan"),
    ("danhsach", "people"),
    ("nguoi", "person"),
    ("quantri", "admin"),
    ("ngonngu", "language"),
    ("muigio", "timezone"),
    ("truong", "organisation"),
    ("namhoc", "school_year"),
    ("batdau", "start"),
    ("ketthuc", "end"),
    ("hocky", "terms"),
    ("ngaynghi", "holidays"),
    ("diadanh", "place"),
    ("coquanchuquan", "authority"),
    ("matkhau", "password_file"),
    ("maychu", "host"),
    ("cong", "port"),
];

/// The key that a Vietnamese word stands for.
pub(super) fn english(word: &str) -> Option<&'static str> {
    let folded: String = text::fold(word).chars().filter(|letter| letter.is_alphanumeric()).collect();
    WORDS.iter().find(|(known, _)| *known == folded).map(|(_, key)| *key)
}
