//! The pages of `docs/` stay true: whoever copies their commands and their configuration gets what they promise, the pictures
//! and pages they point to are there, and a page in English and its twin in Vietnamese say the same.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use jiff::civil::date;
use nhacviec::app::load_school::load_school;
use nhacviec::calendar::SchoolYear;
use nhacviec::cli::Cli;
use nhacviec::closed_set::ClosedSet;
use nhacviec::compose::AlertKind;
use nhacviec::daemon::TroubleKind;
use nhacviec::diagnostic::Diagnostics;
use nhacviec::files::Files;
use nhacviec::language::Language;
use nhacviec::people_list::{self, ListTexts, RoleRow};
use nhacviec::plan::timeframe::{self, Context, Frame};
use toml_edit::{DocumentMut, Item, Table};

const GUIDES: [&str; 4] =
    ["huong-dan-quan-tri.md", "huong-dan-nguoi-thuc-hien.md", "huong-dan-to-giam-sat.md", "canh-bao.md"];
const ADMIN: &str = GUIDES[0];
const PLAN: &str = "ke-hoach-325-KH-TrTH.docx";
const PEOPLE: &str = "danh-sach.xlsx";

/// Pages that are written twice: in English and in Vietnamese.
const PAIRS: [(&str, &str); 13] = [
    ("first-mail.md", "thu-dau-tien.md"),
    ("install.md", "cai-dat.md"),
    ("plans.md", "ke-hoach.md"),
    ("people.md", "danh-sach.md"),
    ("gmail.md", "thu-gmail.md"),
    ("microsoft-365.md", "thu-microsoft-365.md"),
    ("postfix.md", "thu-postfix.md"),
    ("chat.md", "kenh-chat.md"),
    ("webhook.md", "kenh-webhook.md"),
    ("web.md", "trang-web.md"),
    ("inbox.md", "hop-thu.md"),
    ("reports.md", "bao-cao.md"),
    ("postgresql.md", "kho-postgresql.md"),
];
/// Pages for whoever changes the program or its words.
const FOR_DEVELOPERS: [&str; 3] = ["architecture.md", "design.md", "templates.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn guide(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// The code blocks of a language, without the blanks of the list they may stand in.
fn blocks(guide: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}");
    let mut blocks = Vec::new();
    let mut lines = guide.lines().map(str::trim);
    while lines.any(|line| line == opening) {
        let block = lines.by_ref().take_while(|line| *line != "```");
        blocks.push(block.flat_map(|line| [line, "\n"]).collect());
    }
    blocks
}

/// The words of a command line, as a shell parts them.
fn words(line: &str) -> Vec<String> {
    line.split('"')
        .enumerate()
        .flat_map(|(at, part)| if at % 2 == 0 { part.split_whitespace().collect() } else { vec![part] })
        .map(str::to_owned)
        .collect()
}

/// Every page for people who use the program.
fn pages() -> impl Iterator<Item = &'static str> {
    GUIDES.into_iter().chain(PAIRS.into_iter().flat_map(|(english, vietnamese)| [english, vietnamese]))
}

/// A command line as the program itself gets it; `None` where it is another program's.
fn own_command(line: &str) -> Option<String> {
    let line = line.strip_prefix("sudo ").unwrap_or(line);
    let line = line.split(" #").next().unwrap_or_default();
    let arguments = line.strip_prefix("nhacviec-service ").or_else(|| line.strip_prefix("nhacviec "))?;
    Some(format!("nhacviec {arguments}"))
}

#[test]
fn every_page_stands_in_a_pair_or_is_a_guide_or_is_for_developers() {
    let folder = fs::read_dir(root().join("docs")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = names.filter(|name| name != "pictures").collect();
    let known: BTreeSet<String> = pages().chain(FOR_DEVELOPERS).map(str::to_owned).collect();
    assert_eq!(there, known);
}

#[test]
fn every_command_of_the_pages_is_one() {
    let mut tried = 0;
    for name in pages() {
        let blocks = blocks(&guide(name), "sh").concat();
        for line in blocks.lines().filter_map(own_command) {
            let read = Cli::try_parse_from(words(&line));
            let fine = read.as_ref().err().is_none_or(|error| !error.use_stderr());
            assert!(fine, "{name}: {line}\n{}", read.err().unwrap());
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried} commands");
}

/// Puts a block of a guide into the configuration as a reader does: one more of a list, or in the place of that of its name or
/// period, and another table of its name.
fn put(config: &mut DocumentMut, block: &DocumentMut) {
    let known_by =
        |table: &Table| ["name", "period"].map(|key| table.get(key).and_then(Item::as_str).map(str::to_owned));
    for (key, item) in block.iter() {
        match (config.get_mut(key), item) {
            (Some(Item::ArrayOfTables(list)), Item::ArrayOfTables(more)) => {
                list.retain(|table| more.iter().all(|new| known_by(new) != known_by(table)));
                list.extend(more.iter().cloned());
            }
            (Some(Item::Table(tables)), Item::Table(more)) if matches!(key, "channel" | "task") => {
                for (name, table) in more {
                    tables.insert(name, table.clone());
                }
            }
            _ => drop(config.insert(key, item.clone())),
        }
    }
}

/// A folder with the shipped configuration, and what else the guide has its reader put there.
fn school() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("config")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    fs::copy(root().join("tests/plans").join(PLAN), folder.path().join(PLAN)).unwrap();
    for name in ["smtp-password", "imap-password", "oauth-client-secret", "zalo-token"] {
        secret(&folder.path().join(name), "a secret");
    }
    secret(&folder.path().join("chat-giam-sat-url"), "https://chat.example/room");
    secret(&folder.path().join("webhook-secret"), "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0");
    let texts = ListTexts {
        sheet: "A",
        headings: ["Họ và tên", "Chức vụ", "Tổ", "Email", "Điện thoại", "Zalo", "Xưng hô"],
    };
    let row = RoleRow { role: "Thư viện".to_owned(), email: Some("thu-vien@thanhhung.example".to_owned()) };
    fs::write(folder.path().join(PEOPLE), people_list::workbook(&texts, &[row]).unwrap()).unwrap();
    folder
}

/// A file that its owner alone may read.
fn secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(path, only_mine).unwrap();
}

#[test]
fn every_block_of_configuration_of_the_pages_is_taken() {
    let folder = school();
    let path: PathBuf = folder.path().join("nhacviec.toml");
    let shipped: DocumentMut = fs::read_to_string(&path).unwrap().parse().unwrap();
    let mut tried = 0;
    for (name, block) in
        pages().flat_map(|name| blocks(&guide(name), "toml").into_iter().map(move |block| (name, block)))
    {
        let mut config = shipped.clone();
        config["plan"] = toml_edit::value(PLAN);
        put(&mut config, &block.parse().unwrap());
        fs::write(&path, config.to_string()).unwrap();
        let found = load_school(&Files::Disk, &path).map_or_else(|found| found, |_| Diagnostics::default());
        let said: Vec<_> = found.as_slice().iter().map(|found| found.explained_in(Language::English).message).collect();
        assert!(said.is_empty(), "{name}\n{block}\n{said:#?}");
        tried += 1;
    }
    assert!(tried > 50, "{tried} blocks");
}

#[test]
fn the_configuration_of_the_guides_has_no_mistake_and_settles_every_doubt_of_the_plan() {
    let folder = school();
    let path: PathBuf = folder.path().join("nhacviec.toml");
    let mut config: DocumentMut = fs::read_to_string(&path).unwrap().parse().unwrap();
    let blocks = blocks(&guide(ADMIN), "toml");
    assert!(blocks.len() > 6, "{} blocks", blocks.len());
    let mut settled = false;
    for block in blocks {
        let parsed: DocumentMut = block.parse().unwrap();
        settled |= parsed.contains_key("task");
        put(&mut config, &parsed);
        fs::write(&path, config.to_string()).unwrap();
        let loaded = load_school(&Files::Disk, &path);
        let is_fine = loaded.is_ok();
        let diagnostics = loaded.map_or_else(|found| found, |loaded| loaded.doubts);
        let found: Vec<_> =
            diagnostics.as_slice().iter().map(|found| found.explained_in(Language::Vietnamese).message).collect();
        assert!(is_fine, "{block}\n{found:#?}");
        if settled {
            assert!(found.is_empty(), "{block}\n{found:#?}");
        }
    }
    assert!(settled);
}

/// Where the links and pictures of a page lead.
fn targets(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.starts_with("https://")).collect()
}

/// By which name a heading is pointed to.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn what_the_pages_point_to_is_there() {
    for name in pages().chain(FOR_DEVELOPERS) {
        let text = guide(name);
        let anchors: Vec<String> = prose(&text).lines().filter(|line| line.starts_with('#')).map(anchor).collect();
        for target in targets(&text) {
            let is_there = match target.strip_prefix('#') {
                Some(heading) => anchors.iter().any(|anchor| anchor == heading),
                None => root().join("docs").join(target).is_file(),
            };
            assert!(is_there, "{name} points to {target}");
        }
    }
}

#[test]
fn what_the_program_says_sends_to_pages_that_are_there_in_its_language() {
    let both = |language: &str| -> BTreeSet<String> {
        let of_pairs = PAIRS.into_iter().map(|(english, other)| if language == "english" { english } else { other });
        let guides = GUIDES.into_iter().filter(|_| language == "vietnamese");
        of_pairs.chain(guides).map(str::to_owned).collect()
    };
    for language in ["english", "vietnamese"] {
        let known = both(language);
        let mut named = 0;
        for entry in fs::read_dir(root().join("src/catalogue").join(language)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            for rest in text.split("docs/").skip(1) {
                let Some((page, _)) = rest.split_once(".md") else { continue };
                let page = format!("{page}.md");
                assert!(known.contains(&page), "{language}: docs/{page}");
                named += 1;
            }
        }
        assert!(named >= 6, "{language}: {named}");
    }
}

#[test]
fn a_page_names_its_twin_first_and_leads_to_pages_of_its_own_language() {
    let english = || PAIRS.into_iter().map(|(english, _)| english).chain(FOR_DEVELOPERS);
    let vietnamese = || PAIRS.into_iter().map(|(_, vietnamese)| vietnamese);
    let leads_astray = |text: &str, others: &[&str]| -> Vec<String> {
        targets(text).into_iter().filter(|target| others.contains(target)).map(str::to_owned).collect()
    };
    let (in_english, in_vietnamese): (Vec<_>, Vec<_>) = (english().collect(), vietnamese().collect());
    for (name, twin, word, others) in PAIRS.into_iter().flat_map(|(english, vietnamese)| {
        [(english, vietnamese, "Vietnamese", &in_vietnamese), (vietnamese, english, "Tiếng Anh", &in_english)]
    }) {
        let text = guide(name);
        let link = format!("\n\n{word}: [{twin}]({twin})\n\n");
        let (title, rest) = text.split_once(&link).unwrap_or_else(|| panic!("{name} does not begin with {link}"));
        assert!(title.starts_with("# ") && !title.contains('\n'), "{name} begins with {title}");
        assert_eq!(leads_astray(rest, others), Vec::<String>::new(), "{name}");
    }
    for name in GUIDES {
        assert_eq!(leads_astray(&guide(name), &in_english), Vec::<String>::new(), "{name}");
    }
}

/// The names of pages in what the program says.
fn named_pages(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut named = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            named.extend(named_pages(&entry));
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&entry).unwrap();
            let ends = |rest: &str| rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
            let pages = text.split("docs/").skip(1).map(|rest| &rest[..ends(rest).unwrap_or(rest.len())]);
            named.extend(pages.filter(|page| !page.is_empty()).map(|page| (entry.clone(), format!("{page}.md"))));
        }
    }
    named
}

#[test]
fn the_pages_that_the_program_names_are_there_and_in_its_language() {
    let known: BTreeSet<&str> = pages().chain(FOR_DEVELOPERS).collect();
    let named = named_pages(&root().join("src"));
    assert!(named.len() > 10, "{named:#?}");
    for (file, page) in named {
        assert!(known.contains(page.as_str()), "{} names {page}", file.display());
        let is_english = PAIRS.iter().any(|(english, _)| *english == page);
        let is_vietnamese_text = file.components().any(|part| part.as_os_str() == "vietnamese");
        assert!(!(is_english && is_vietnamese_text), "{} names {page}", file.display());
    }
}

/// How plans are read, in English and in Vietnamese.
const PLANS: [&str; 2] = ["plans.md", "ke-hoach.md"];

/// The text without its code blocks, in which a comment would be taken for a heading.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// The levels of the headings in their order, and what they say in backticks.
fn headings(text: &str) -> Vec<(usize, Vec<String>)> {
    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| (level(line), quoted(line))).collect()
}

/// The code blocks, each with its language, without their comments, which are in the language of the page. A block without a
/// language is a drawing, with words in it.
fn code(text: &str) -> Vec<String> {
    let without_comment = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let lines = |block: &str| {
        let lines = if block.starts_with('\n') { 0 } else { usize::MAX };
        block.lines().take(lines).map(without_comment).collect::<Vec<_>>().join("\n")
    };
    text.split("```").skip(1).step_by(2).map(lines).collect()
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// For each row of each table, how many cells it has and what the first has in backticks: codes, keys, what a server answers.
fn keys(text: &str) -> Vec<(usize, Vec<String>)> {
    let prose = prose(text);
    let rows = prose.lines().filter(|line| line.starts_with('|')).map(|line| line.trim_matches('|'));
    rows.map(|row| (row.split(" | ").count(), quoted(row.split(" | ").next().unwrap_or_default()))).collect()
}

#[test]
fn a_page_and_its_twin_have_the_same_headings_code_and_tables() {
    for (english, vietnamese) in PAIRS {
        let [one, other] = [english, vietnamese].map(guide);
        assert_eq!(headings(&one), headings(&other), "headings of {english}, {vietnamese}");
        assert_eq!(code(&one), code(&other), "code of {english}, {vietnamese}");
        assert_eq!(keys(&one), keys(&other), "tables of {english}, {vietnamese}");
        // What is indented instead of fenced would be compared with nothing.
        for (name, text) in [(english, &one), (vietnamese, &other)] {
            let is_indented = prose(text).split("\n\n").any(|paragraph| paragraph.starts_with("    "));
            assert!(!is_indented, "{name} has code without a fence");
        }
    }
}

/// What stands in backticks in each cell of each row of a table with as many columns, below its headings.
fn rows(text: &str, columns: usize) -> Vec<Vec<Vec<String>>> {
    let row = |line: &str| -> Vec<Vec<String>> { line.trim_matches('|').split('|').map(quoted).collect() };
    let tables = text.lines().filter(|line| line.starts_with('|')).map(row);
    tables.filter(|row| row.len() == columns).collect()
}

#[test]
fn the_tables_of_the_two_pages_on_plans_say_the_same() {
    let [english, vietnamese] = PLANS.map(guide);
    for columns in 2..=4 {
        assert_eq!(rows(&english, columns), rows(&vietnamese, columns), "tables of {columns} columns");
    }
}

#[test]
fn the_times_of_the_pages_on_plans_are_read_as_they_say() {
    let terms = vec![date(2024, 1, 14), date(2024, 5, 25)];
    let year = SchoolYear::new(date(2023, 9, 5), terms, date(2024, 5, 31)).unwrap();
    let context = Context::of(&year);
    let mut tried = 0;
    for page in PLANS {
        let text = guide(page);
        let times = text.split("\n## ").nth(2).unwrap();
        for row in rows(times, 2) {
            for written in &row[0] {
                let read = timeframe::read(written, &context).ok().map(|reading| reading.to_string());
                assert_eq!(read.as_ref(), row[1].first(), "{page}: {written}");
                tried += 1;
            }
        }
        for row in rows(times, 3) {
            let [Some(below), Some(written), expected] = [row[0].first(), row[1].first(), row[2].first()] else {
                continue;
            };
            let frame = Frame::find(below, &context);
            let read = timeframe::read(written, &context.within(frame)).ok().map(|reading| reading.to_string());
            assert_eq!(read.as_ref(), expected, "{page}: {written} below {below}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} times");
}

/// The rows of tables whose first cell is a word of the program: that word, and how many cells behind it say something.
fn explained(text: &str) -> Vec<(String, usize)> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(word, rest)| (word.to_owned(), rest.split(" |").filter(|cell| cell.trim().len() > 3).count())).collect()
}

#[test]
fn the_page_on_alerts_says_of_each_alert_and_each_reason_what_it_means_and_what_to_do() {
    let page = guide("canh-bao.md");
    let (alerts, reasons) = page.split_once("## 2.").unwrap();
    // An alert has its subject before that.
    for (text, words, cells) in [
        (alerts, AlertKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(), 3),
        (reasons, TroubleKind::ALL.iter().map(|kind| kind.as_str()).collect(), 2),
    ] {
        let explained = explained(text);
        for word in words {
            assert!(explained.contains(&(word.to_owned(), cells)), "{word} is not explained: {explained:#?}");
        }
    }
    assert!(guide(ADMIN).contains("(canh-bao.md)"), "the guide does not lead there");
}
