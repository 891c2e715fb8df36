//! Mistakes as people make them in the configuration: what `check` says of each, and that it says it once.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write;

use common::{Files, plan, task};

/// A school of five, as an admin writes it.
const CONFIG: &str = r#"plan = "plan.toml"
admin = "Quản trị"

[organisation]
name = "Trường Tiểu học Kim Đồng"

[school_year]
start = 2023-09-05
terms = [2024-01-14, 2024-05-25]
end = 2024-05-31

[[escalation]]
after = "7d"
to = ["Hiệu trưởng"]

[[person]]
name = "Nguyễn Văn An"
roles = ["Hiệu trưởng"]
email = "an@kimdong.example"

[[person]]
name = "Đinh Thị Mai"
roles = ["Kế toán", "Thủ quỹ"]
email = "mai@kimdong.example"

[[person]]
name = "Bùi Văn Khoa"
roles = ["Quản trị"]
email = "khoa@kimdong.example"

[channel.email]
kind = "file"
directory = "outbox"
"#;

/// A slip: what it is called, what is written, and what is written instead.
const SLIPS: &[(&str, &str, &str)] = &[
    ("curly quotes", "name = \"Đinh Thị Mai\"", "name = “Đinh Thị Mai”"),
    ("a date, day first", "start = 2023-09-05", "start = 05/09/2023"),
    ("a date, day first, as a text", "start = 2023-09-05", "start = \"05/09/2023\""),
    ("a date as a text", "end = 2024-05-31", "end = \"2024-05-31\""),
    ("a day that there is not", "end = 2024-05-31", "end = 2024-02-31"),
    ("a path of Windows", "directory = \"outbox\"", "directory = \"C:\\Users\\nhacviec\""),
    ("single brackets", "[[person]]", "[person]"),
    ("a closing bracket too few", "roles = [\"Kế toán\", \"Thủ quỹ\"]", "roles = [\"Kế toán\", \"Thủ quỹ\""),
    ("a bracket too few in a heading", "[school_year]", "[school_year"),
    ("a closing quote too few", "name = \"Đinh Thị Mai\"", "name = \"Đinh Thị Mai"),
    ("an opening quote too few", "name = \"Đinh Thị Mai\"", "name = Đinh Thị Mai\""),
    ("no quotes", "name = \"Đinh Thị Mai\"", "name = Đinh Thị Mai"),
    ("a colon", "name = \"Đinh Thị Mai\"", "name: \"Đinh Thị Mai\""),
    ("two roles in one text", "roles = [\"Kế toán\", \"Thủ quỹ\"]", "roles = [\"Kế toán, Thủ quỹ\"]"),
    ("two roles in one text and no list", "roles = [\"Kế toán\", \"Thủ quỹ\"]", "roles = \"Kế toán, Thủ quỹ\""),
    ("a Vietnamese key", "name = \"Đinh Thị Mai\"", "tên = \"Đinh Thị Mai\""),
    ("a Vietnamese key without diacritics", "email = \"mai@kimdong.example\"", "thu_dien_tu = \"mai@kimdong.example\""),
    ("a role that nobody holds", "to = [\"Hiệu trưởng\"]", "to = [\"Phó Hiệu trưởng\"]"),
    ("a role that is misspelled", "to = [\"Hiệu trưởng\"]", "to = [\"Hiệu trửơng\"]"),
    ("a person without a name", "name = \"Nguyễn Văn An\"\n", ""),
    ("an address with diacritics", "email = \"an@kimdong.example\"", "email = \"văn an@kimdong.example\""),
    ("an address nearly at a large service", "email = \"an@kimdong.example\"", "email = \"an@gmial.com\""),
    ("one address for two", "email = \"an@kimdong.example\"", "email = \"mai@kimdong.example\""),
    ("a school year of 21 months", "end = 2024-05-31", "end = 2025-05-31"),
    (
        "last year's dates",
        "start = 2023-09-05\nterms = [2024-01-14, 2024-05-25]\nend = 2024-05-31",
        "start = 2022-09-05\nterms = [2023-01-14, 2023-05-25]\nend = 2023-05-31",
    ),
    (
        "a heading below a list of that name",
        "admin = \"Quản trị\"\n",
        "admin = \"Quản trị\"\nescalation = [{ after = \"14d\", to = [\"Hiệu trưởng\"] }]\n",
    ),
    ("a reminder before the year", "[[escalation]]", "[reminders]\nbefore = [\"700d\", \"7d\"]\n\n[[escalation]]"),
    (
        "a group called like a role",
        "[channel.email]",
        "[[group]]\nname = \"Kế toán\"\nmembers = [\"Nguyễn Văn An\"]\n\n[channel.email]",
    ),
    (
        "two aliases but for capitals",
        "[channel.email]",
        "[aliases]\n\"Văn phòng\" = [\"Kế toán\"]\n\"văn phòng\" = [\"Hiệu trưởng\"]\n\n[channel.email]",
    ),
    (
        "a password file that is not there",
        "kind = \"file\"\ndirectory = \"outbox\"",
        "kind = \"smtp\"\nhost = \"mail.kimdong.example\"\nfrom = \"nhacviec@kimdong.example\"\nusername = \"nhacviec\"\n\
         password_file = \"smtp-password\"",
    ),
    ("one term", "terms = [2024-01-14, 2024-05-25]", "terms = [2024-05-25]"),
];

fn school(config: &str) -> Files {
    Files::new(
        config,
        &plan(&[task("1.1", "Hiệu trưởng", "due = 2023-10-31"), task("1.2", "Kế toán", "due = 2023-11-30")]),
    )
}

/// What `check` prints for a person in a language, with the folder's name taken out.
fn printed(files: &Files, language: &str) -> String {
    let output = files.program(&["check"]).env("NHACVIEC_LANGUAGE", language).output().unwrap();
    String::from_utf8(output.stdout).unwrap().replace(&format!("{}/", files.folder.path().display()), "")
}

/// How many findings there are.
fn count(files: &Files) -> usize {
    files.findings().iter().filter(|found| found["code"] != "never-told").count()
}

#[test]
fn every_mistake_that_people_make_is_told_once_with_what_to_write() {
    let right = school(CONFIG);
    assert_eq!(count(&right), 0, "{}", printed(&right, "en"));
    let (mut told, mut told_in_vietnamese) = (String::new(), String::new());
    let mut told_otherwise = Vec::new();
    for (slip, right, wrong) in SLIPS {
        assert!(CONFIG.contains(right), "{slip}");
        let files = school(&CONFIG.replace(right, wrong));
        let (printed, in_vietnamese, count) = (printed(&files, "en"), printed(&files, "vi"), count(&files));
        writeln!(told, "==== {slip}\n{printed}").unwrap();
        writeln!(told_in_vietnamese, "==== {slip}\n{in_vietnamese}").unwrap();
        if count != 1 {
            told_otherwise.push(format!("{slip}: {count} times\n{printed}"));
        }
    }
    assert!(told_otherwise.is_empty(), "{}", told_otherwise.join("\n"));
    insta::assert_snapshot!(told);
    insta::assert_snapshot!("every_mistake_in_vietnamese", told_in_vietnamese);
}

#[test]
fn a_configuration_in_the_encoding_of_an_old_editor_is_read() {
    let utf_16: Vec<u8> = std::iter::once(0xFEFF_u16).chain(CONFIG.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [utf_16, ["\u{feff}", CONFIG].concat().into_bytes()] {
        let files = school(CONFIG);
        std::fs::write(files.config(), bytes).unwrap();
        assert_eq!(files.codes().iter().filter(|code| *code != "never-told").count(), 0, "{:?}", files.codes());
    }
}

#[test]
fn a_file_whose_name_is_composed_in_another_way_is_pointed_out() {
    let files = school(&CONFIG.replace("plan.toml", "kế hoạch.toml"));
    std::fs::rename(files.path("plan.toml"), files.path("kê\u{301} hoa\u{323}ch.toml")).unwrap();
    let found = files.findings();
    let help = found[0]["help"].as_str().unwrap();
    assert_eq!(found[0]["code"], "unreadable-file");
    assert!(help.starts_with("rename it") && help.contains("mv "), "{help}");
}
