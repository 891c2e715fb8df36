//! The review's document in a real word processor: `LibreOffice` opens what the program writes, lays it out as the official
//! format asks, and keeps it when it saves it. `.ci/documents` runs this test; with PICTURES=DIR it leaves a picture of
//! every page there. REPORTS=N says how many generated reports it converts.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::state::SchoolState;
use common::story::{remind, story};
use common::word::Word;
use common::{Files, task_named};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use nhacviec::closed_set::ClosedSet;
use nhacviec::plan::Status;
use nhacviec::report::docx;
use nhacviec::schedule::ReviewId;

/// The reviews that the shipped plan has one of each kind of, and how their subject begins.
const PERIODS: [(&str, &str); 3] = [
    ("2023-10", "Kết quả thực hiện Kế hoạch"),
    ("term-1", "Sơ kết việc thực hiện Kế hoạch"),
    ("year", "Tổng kết việc thực hiện Kế hoạch"),
];

/// The most pages of the report of a month, and of a term or the year, of a school with a plan like the shipped one.
const MAX_MONTH_PAGES: usize = 3;
const MAX_TERM_PAGES: usize = 5;

/// How many generated reports are converted where `REPORTS` does not say.
const GENERATED: u64 = 20;

/// Between the margins of A4, in millimetres.
const BODY: [u32; 4] = [29, 20, 196, 277];

/// The word processor, with a profile of its own.
struct Writer {
    profile: tempfile::TempDir,
}

impl Writer {
    /// A file in another format, in a folder.
    fn convert(&self, file: &Path, format: &str, folder: &Path) -> PathBuf {
        let profile = format!("-env:UserInstallation=file://{}", self.profile.path().display());
        run(Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", format, "--outdir"])
            .args([folder, file]));
        folder.join(file.file_stem().unwrap()).with_extension(format)
    }
}

impl Writer {
    /// These files as PDF, all at once, in a folder.
    fn convert_all(&self, files: &[PathBuf], folder: &Path) -> Vec<PathBuf> {
        let profile = format!("-env:UserInstallation=file://{}", self.profile.path().display());
        let to = folder.display().to_string();
        run(Command::new("soffice").args([&profile, "--headless", "--convert-to", "pdf", "--outdir", &to]).args(files));
        files.iter().map(|file| folder.join(file.file_stem().unwrap()).with_extension("pdf")).collect()
    }
}

/// How many pages a PDF has.
fn pages(pdf: &Path) -> usize {
    let about = run(Command::new("pdfinfo").arg(pdf));
    about.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap()
}

/// Writes the report of a school as a Word file.
fn write(state: &SchoolState, id: ReviewId, path: &Path) {
    let document = state.review_input(id, |facts| state.loaded.composer.document(facts, None, &state.now).unwrap());
    std::fs::write(path, docx::write(&document).unwrap()).unwrap();
}

/// What a program prints; it must succeed.
fn run(command: &mut Command) -> String {
    let output = command.output().expect("the programs of .ci/documents");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text within a part of one page or, where none is named, of all: left, top, right and bottom in millimetres from
/// the upper left corner.
fn text(pdf: &Path, page: Option<usize>, [left, top, right, bottom]: [u32; 4]) -> String {
    let points = |millimetres: u32| (millimetres * 720 / 254).to_string();
    let mut command = Command::new("pdftotext");
    if let Some(page) = page {
        command.args(["-f", &page.to_string(), "-l", &page.to_string()]);
    }
    command.args(["-x", &points(left), "-y", &points(top), "-W", &points(right - left), "-H", &points(bottom - top)]);
    flowing(&run(command.arg(pdf).arg("-")))
}

/// Words without the way in which they are broken into lines.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letters alone: in a justified line a PDF has blanks within words too, and hyphens at the end of a line are taken out.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect()
}

/// Letters and digits without diacritics alone: what has some is drawn by itself, after others of its line.
fn plain_letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[test]
#[ignore = "needs LibreOffice and poppler-utils; .ci/documents installs them"]
fn a_word_processor_shows_the_review_in_the_official_format() {
    let files = Files::seed();
    files.add("organisation.signer_name", "\"Nguyễn Văn A\"");
    let writer = Writer { profile: tempfile::tempdir().unwrap() };
    for (period, subject) in PERIODS {
        let document = files.path(&format!("{period}.docx"));
        files.output(&["review", period, "--number", "7", "-o", &document.display().to_string()]);
        let pdf = writer.convert(&document, "pdf", files.folder.path());

        let about = run(Command::new("pdfinfo").arg(&pdf));
        assert!(about.contains("(A4)"), "{period}: {about}");
        let pages = pages(&pdf);
        let most = if period == "year" || period.starts_with("term") { MAX_TERM_PAGES } else { MAX_MONTH_PAGES };
        assert!(pages <= most, "{period}: {pages} pages");

        first_page(&pdf, subject);
        for number in 1..=pages {
            let shown = if number == 1 { String::new() } else { number.to_string() };
            assert_eq!(text(&pdf, Some(number), [0, 0, 210, 20]), shown, "{period}: the top margin of page {number}");
            assert_eq!(text(&pdf, Some(number), [107, 0, 118, 20]), shown, "{period}: in the middle of the text");
            for margin in [[0, 0, 29, 297], [196, 0, 210, 297], [0, 277, 210, 297]] {
                assert_eq!(text(&pdf, Some(number), margin), "", "{period}: {margin:?} of page {number}");
            }
            let body = text(&pdf, Some(number), BODY);
            assert!(body.split(' ').count() > 20, "{period}: page {number} is almost empty: {body}");
        }
        last_page(&pdf, pages);

        let written = Word::open(&std::fs::read(&document).unwrap());
        let shown = letters(&text(&pdf, None, BODY));
        for paragraph in written.text() {
            assert!(shown.contains(&letters(&paragraph.text)), "{period}: {paragraph:?} is shown as it was written");
        }

        // Where Times New Roman itself is not installed, its stand-in of the same measures; what letters that lacks may
        // come from elsewhere.
        let fonts = run(Command::new("pdffonts").arg(&pdf));
        let is_serif = |font: &&str| font.contains("LiberationSerif") || font.contains("TimesNewRoman");
        assert!(fonts.lines().filter(is_serif).count() >= 3, "{period}: regular, bold and italic\n{fonts}");
        for font in fonts.lines().skip(2) {
            assert!(font.contains(" yes yes yes"), "{period}: embedded, and its text can be found: {font}");
        }

        let saved = files.folder.path().join("saved");
        std::fs::create_dir_all(&saved).unwrap();
        let again = Word::open(&std::fs::read(writer.convert(&document, "docx", &saved)).unwrap());
        let all = |word: &Word| {
            let paragraphs = word.paragraphs(word.body()).into_iter().map(|paragraph| flowing(&paragraph.text));
            paragraphs.filter(|text| !text.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(all(&again), all(&written), "{period}: nothing is lost where it is edited and saved");
        assert_eq!(again.tables().len(), written.tables().len(), "{period}");

        if let Some(folder) = std::env::var_os("PICTURES") {
            std::fs::create_dir_all(&folder).unwrap();
            run(Command::new("pdftoppm").args(["-r", "80", "-png"]).arg(&pdf).arg(Path::new(&folder).join(period)));
        }
    }
}

/// Head and title: who writes on the left, the nation on the right, number and date beneath.
fn first_page(pdf: &Path, subject: &str) {
    let region = |region| text(pdf, Some(1), region);
    let left = region([29, 20, 96, 48]);
    assert_eq!(left, "PHÒNG GD&ĐT TRƯỜNG TIỂU HỌC XÃ THANH HƯNG Số: 07/BC-TrTH");
    let right = region([96, 20, 196, 48]);
    let dated = right.strip_prefix("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Thanh Hưng, ngày ");
    let dated: Vec<&str> = dated.unwrap_or_else(|| panic!("{right}")).split(' ').collect();
    assert!(matches!(dated[..], [day, "tháng", _, "năm", year] if day.len() == 2 && year.len() == 4), "{dated:?}");
    let body = region([29, 48, 196, 277]);
    assert!(body.starts_with(&format!("BÁO CÁO {subject}")), "{body}");
    assert!(body.contains("I. YÊU CẦU CỦA KẾ HOẠCH TRONG KỲ"), "{body}");
}

/// The end of the text, the recipients on the left and who signs on the right: together on one page.
fn last_page(pdf: &Path, number: usize) {
    let left = text(pdf, Some(number), [29, 20, 107, 277]);
    let right = text(pdf, Some(number), [107, 20, 196, 277]);
    assert!(left.contains("Nơi nhận: - Phòng GD&ĐT (để báo cáo); - Tổ giám sát;"), "{left}");
    assert!(left.ends_with("- Lưu: VT."), "{left}");
    assert!(right.ends_with("HIỆU TRƯỞNG Nguyễn Văn A"), "{right}");
    assert!(text(pdf, Some(number), BODY).contains("./. Nơi nhận:"), "the signature stands alone");
}

/// The reviews of the shipped school's year, and the morning of each.
fn reviews() -> Vec<(ReviewId, &'static str)> {
    let month = |year, month, now| (ReviewId::Month { year, month }, now);
    vec![
        month(2023, 10, "2023-11-01T08:00:00"),
        month(2023, 12, "2024-01-02T08:00:00"),
        month(2024, 3, "2024-04-01T08:00:00"),
        month(2024, 5, "2024-06-03T08:00:00"),
        (ReviewId::Term(1), "2024-01-15T08:00:00"),
        (ReviewId::Term(2), "2024-05-27T08:00:00"),
        (ReviewId::Year, "2024-05-31T08:00:00"),
    ]
}

#[test]
#[ignore = "needs LibreOffice and poppler-utils; .ci/documents installs them"]
fn a_month_fits_three_pages_and_a_term_five() {
    let writer = Writer { profile: tempfile::tempdir().unwrap() };
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for language in ["vi", "en"] {
        for (id, now) in reviews() {
            let mut silent = SchoolState::seed(language, now);
            remind(&mut silent);
            for (name, state) in [("silent", silent), ("story", story(language, now))] {
                let path = folder.path().join(format!("{name}-{id}-{language}.docx"));
                write(&state, id, &path);
                files.push((id, path));
            }
        }
    }
    let paths: Vec<PathBuf> = files.iter().map(|(_, path)| path.clone()).collect();
    let pdfs = writer.convert_all(&paths, folder.path());
    let mut long = Vec::new();
    for ((id, path), pdf) in files.iter().zip(pdfs) {
        let most = if matches!(id, ReviewId::Month { .. }) { MAX_MONTH_PAGES } else { MAX_TERM_PAGES };
        let pages = pages(&pdf);
        if pages > most {
            long.push(format!("{}: {pages} pages", path.file_stem().unwrap().display()));
        }
        if let Some(pictures) = std::env::var_os("PICTURES") {
            std::fs::create_dir_all(&pictures).unwrap();
            std::fs::copy(&pdf, Path::new(&pictures).join(pdf.file_name().unwrap())).unwrap();
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

/// Numbers from a seed, the same on every machine (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// Some words, up to so many.
    fn words(&mut self, most: u64) -> String {
        let syllables =
            ["nhà", "trường", "bồi", "dưỡng", "thiết", "bị", "Nguyễn", "kế hoạch", "10/2023", "số 12/KH", "phụ đạo"];
        let count = self.below(most + 1);
        let word = |_| syllables[usize::try_from(self.below(11)).unwrap()];
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    }
}

/// A school with a plan of some length, of which this and that was reported.
fn generated(seed: u64) -> (SchoolState, ReviewId) {
    const TODAY: Date = date(2024, 1, 15);
    let mut numbers = Numbers(seed);
    let count = 1 + numbers.below(if seed.is_multiple_of(5) { 120 } else { 40 });
    let mut tasks = Vec::new();
    for number in 0..count {
        let due = TODAY.checked_add((i64::try_from(numbers.below(200)).unwrap() - 120).days()).unwrap();
        let id = format!("{}.{number}", 1 + numbers.below(5));
        let time = if numbers.below(8) == 0 { "time = \"Cuối năm\"".to_owned() } else { format!("due = {due}") };
        let title = format!("Việc{number:03} {}", numbers.words(60));
        let lead = ["Phó Hiệu trưởng", "Hiệu trưởng", "Thanh tra"][usize::try_from(numbers.below(3)).unwrap()];
        tasks.push((id.clone(), task_named(&id, &title, lead, &time)));
    }
    let plan = common::plan(&tasks.iter().map(|(_, task)| task.clone()).collect::<Vec<_>>());
    let files = Files::new(common::CONFIG, &format!("framework = \"57/2026/TT-BGDĐT\"\n{plan}"));
    files.add("language", if seed.is_multiple_of(3) { "\"en\"" } else { "\"vi\"" });
    let mut state = SchoolState::new(files, "2024-01-15T08:00:00");
    for (id, _) in &tasks {
        let status = Status::ALL[usize::try_from(numbers.below(5)).unwrap()];
        if numbers.below(3) > 0 {
            let note = numbers.words(300);
            state.report(
                id,
                "2023-12-20T10:00:00",
                status,
                Some(50),
                Some(note.as_str()).filter(|note| !note.is_empty()),
            );
        }
    }
    remind(&mut state);
    let ids = [ReviewId::Month { year: 2023, month: 12 }, ReviewId::Term(1), ReviewId::Year];
    (state, ids[usize::try_from(seed % 3).unwrap()])
}

#[test]
#[ignore = "needs LibreOffice and poppler-utils; .ci/documents installs them"]
fn no_row_of_a_table_is_lost_in_a_report_of_any_length() {
    let count = std::env::var("REPORTS").map_or(GENERATED, |count| count.parse().unwrap());
    let writer = Writer { profile: tempfile::tempdir().unwrap() };
    let folder = tempfile::tempdir().unwrap();
    let seeds: Vec<u64> = (0..count).collect();
    let (mut rows, mut several_pages) = (0, 0);
    for some in seeds.chunks(20) {
        let files: Vec<PathBuf> = some.iter().map(|seed| folder.path().join(format!("{seed}.docx"))).collect();
        for (seed, file) in some.iter().zip(&files) {
            let (state, id) = generated(*seed);
            write(&state, id, file);
        }
        for (file, pdf) in files.iter().zip(writer.convert_all(&files, folder.path())) {
            // As it is drawn: cell by cell, row by row.
            let drawn = plain_letters(&run(Command::new("pdftotext").arg("-raw").arg(&pdf).arg("-")));
            let word = Word::open(&std::fs::read(file).unwrap());
            let tables = word.tables();
            for table in &tables[1..tables.len() - 1] {
                let mut rest = drawn.as_str();
                for row in table.all("tr") {
                    let cells = row.all("tc").into_iter().flat_map(|cell| word.paragraphs(cell));
                    let row = plain_letters(&cells.map(|paragraph| paragraph.text).collect::<String>());
                    let Some((_, after)) = rest.split_once(row.as_str()) else {
                        panic!("{}: a row is lost or out of its place: {row}", file.display());
                    };
                    (rest, rows) = (after, rows + 1);
                }
            }
            several_pages += usize::from(pages(&pdf) > 2);
        }
    }
    println!("{count} reports, {several_pages} of them longer than two pages: {rows} rows, all there");
    assert!(several_pages > 0 && rows > 5 * usize::try_from(count).unwrap());
}
