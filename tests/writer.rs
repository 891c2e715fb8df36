//! The review's document in a real word processor: `LibreOffice` opens what the program writes, lays it out as the official
//! format asks, and keeps it when it saves it. `.ci/documents` runs this test; with PICTURES=DIR it leaves a picture of
//! every page there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Files;
use common::word::Word;

/// The reviews that the shipped plan has one of each kind of, and how their subject begins.
const PERIODS: [(&str, &str); 3] = [
    ("2023-10", "Kết quả thực hiện Kế hoạch"),
    ("term-1", "Sơ kết học kỳ I việc thực hiện Kế hoạch"),
    ("year", "Tổng kết năm học 2023-2024 việc thực hiện Kế hoạch"),
];

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

/// The letters alone: in a justified line a PDF has blanks within words too.
fn letters(text: &str) -> String {
    text.split_whitespace().collect()
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
        let pages: usize = about.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
        assert!((5..=14).contains(&pages), "{period}: {pages} pages");

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
