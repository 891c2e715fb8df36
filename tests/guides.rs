//! The guides in Vietnamese stay true: whoever copies their commands and their configuration gets what they promise, and
//! the pictures and pages they point to are there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

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
use nhacviec::files::Files;
use nhacviec::language::Language;
use nhacviec::plan::timeframe::{self, Context, Frame};
use toml_edit::{DocumentMut, Item};

const GUIDES: [&str; 4] =
    ["huong-dan-quan-tri.md", "huong-dan-nguoi-thuc-hien.md", "huong-dan-to-giam-sat.md", "canh-bao.md"];
const ADMIN: &str = GUIDES[0];
const PLAN: &str = "ke-hoach-325-KH-TrTH.docx";

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

#[test]
fn every_command_of_the_guides_is_one() {
    let mut tried = 0;
    for name in GUIDES {
        let blocks = blocks(&guide(name), "sh").concat();
        let commands = blocks.lines().map(|line| {
            line.strip_prefix("sudo nhacviec-service ").map_or(line.to_owned(), |rest| format!("nhacviec {rest}"))
        });
        for line in commands.filter(|line| line.starts_with("nhacviec ")) {
            let read = Cli::try_parse_from(words(&line));
            let fine = read.as_ref().err().is_none_or(|error| !error.use_stderr());
            assert!(fine, "{name}: {line}\n{}", read.err().unwrap());
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried} commands");
}

/// Puts a block of a guide into the configuration as a reader does: one more of a list, another table of its name.
fn put(config: &mut DocumentMut, block: &DocumentMut) {
    for (key, item) in block.iter() {
        match (config.get_mut(key), item) {
            (Some(Item::ArrayOfTables(list)), Item::ArrayOfTables(more)) => list.extend(more.iter().cloned()),
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
    for name in ["smtp-password", "imap-password"] {
        let path = folder.path().join(name);
        fs::write(&path, "a secret\n").unwrap();
        let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&path, only_mine).unwrap();
    }
    folder
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

#[test]
fn what_the_guides_point_to_is_there() {
    for name in GUIDES {
        let text = guide(name);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.starts_with("https://")) {
            assert!(root().join("docs").join(target).is_file(), "{name} points to {target}");
        }
    }
}

/// How plans are read, in English and in Vietnamese.
const PLANS: [&str; 2] = ["plans.md", "ke-hoach.md"];

/// The levels of the headings in their order.
fn headings(text: &str) -> Vec<usize> {
    let levels = text.lines().map(|line| line.bytes().take_while(|byte| *byte == b'#').count());
    levels.filter(|level| *level > 0).collect()
}

/// The code blocks without their comments, which are in the language of the page.
fn code(text: &str) -> Vec<String> {
    let without_comment = |line: &str| line.split(" #").next().unwrap_or_default().trim_end().to_owned();
    text.split("```").skip(1).step_by(2).map(|block| block.lines().map(without_comment).collect()).collect()
}

/// What stands in backticks in each cell of each row of a table with as many columns, below its headings.
fn rows(text: &str, columns: usize) -> Vec<Vec<Vec<String>>> {
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let row = |line: &str| -> Vec<Vec<String>> { line.trim_matches('|').split('|').map(quoted).collect() };
    let tables = text.lines().filter(|line| line.starts_with('|')).map(row);
    tables.filter(|row| row.len() == columns).collect()
}

#[test]
fn the_two_pages_on_plans_say_the_same() {
    let [english, vietnamese] = PLANS.map(guide);
    // The code blocks are cut out first: a comment in them is no heading.
    let prose = |text: &str| text.split("```").step_by(2).collect::<String>();
    assert_eq!(headings(&prose(&english)), headings(&prose(&vietnamese)));
    assert!(headings(&prose(&english)).len() >= 7);
    assert_eq!(code(&english), code(&vietnamese));
    assert!(code(&english).len() >= 4);
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
