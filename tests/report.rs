//! The review as a document to be signed and as a page: every rule of the official format, asserted on the file itself,
//! what it says, and that nothing that people write can break it.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::Cursor;

use common::Files;
use common::stage::at;
use common::state::SchoolState;
use common::word::{Element, Paragraph, Word};
use jiff::civil::{Date, date};
use mail_parser::{MessageParser, MimeHeaders};
use nhacviec::channel::Outgoing;
use nhacviec::channel::mime;
use nhacviec::closed_set::ClosedSet;
use nhacviec::compose::{ComposeOptions, ContentParts, Sender};
use nhacviec::plan::{Status, TaskId};
use nhacviec::progress::evidence::{Evidence, Proof};
use nhacviec::progress::{self, How, RequestDecision, RequestState, TimeRequest};
use nhacviec::report::{OfficialDocument, docx};
use nhacviec::review::recommendations::{Addressee, Advice, recommendations};
use nhacviec::review::{self, PlanChange, TaskChange, Undelivered};
use nhacviec::schedule::ReviewId;
use zip::{CompressionMethod, ZipArchive};

const OCTOBER: ReviewId = ReviewId::Month { year: 2023, month: 10 };
/// Between the margins, in twips.
const TEXT_WIDTH: u32 = 11_906 - 1701 - 851;

impl SchoolState {
    fn hand_in(&mut self, task: &str, code: &str, when: &str, name: &str) {
        self.evidence.push(Evidence {
            code: code.to_owned(),
            task: TaskId::new(task),
            number: 1,
            at: at(when),
            by: Some("Nhân viên văn thư".to_owned()),
            how: How::Link,
            proof: Proof::Link(name.to_owned()),
        });
    }

    fn ask(&mut self, task: &str, when: &str, from: Date, to: Date, outcome: RequestState) {
        self.requests.push(TimeRequest {
            task: TaskId::new(task),
            number: 1,
            at: at(when),
            by: Some("Hiệu trưởng".to_owned()),
            how: How::Link,
            old: Some(from),
            due: to,
            why: "chờ duyệt dự toán.".to_owned(),
            outcome,
        });
        progress::move_due_dates(&mut self.loaded.school.plan, &self.requests);
    }

    /// A school in which everything has happened that a report can speak of.
    fn busy(language: &str, now: &str) -> Self {
        let mut state = Self::seed(language, now);
        state.report("1.4", "2023-10-20T10:00:00", Status::Done, None, Some("đã sắp xếp 12 tủ hồ sơ"));
        state.report("1.5", "2023-10-05T10:00:00", Status::Done, None, None);
        state.report("3.1", "2023-10-19T10:00:00", Status::Blocked, Some(20), Some("chờ kinh phí"));
        state.report("3.3", "2023-10-19T10:00:00", Status::Blocked, None, Some("chưa có báo giá"));
        state.report("3.4", "2023-10-12T10:00:00", Status::InProgress, Some(60), Some("thiếu vật liệu"));
        state.report("5.1", "2023-10-25T10:00:00", Status::InProgress, Some(80), None);
        state.report("3.5", "2023-10-25T10:00:00", Status::Cancelled, None, None);
        state.hand_in("1.4", "H1-1.4-01", "2023-10-20T10:00:00", "https://thanhhung.example/ho-so");
        let decision =
            RequestDecision { at: at("2023-10-27T10:00:00"), by: Some("Hiệu trưởng".to_owned()), note: None };
        let (october, november) = (date(2023, 10, 31), date(2023, 11, 30));
        state.ask("3.2", "2023-10-26T10:00:00", october, november, RequestState::Accepted(decision));
        state.ask("3.6", "2023-10-30T10:00:00", october, november, RequestState::Open);
        state.changes = vec![
            PlanChange {
                at: date(2023, 10, 9),
                task: TaskId::new("9.9"),
                name: "9.9".to_owned(),
                what: TaskChange::Removed,
                why: None,
            },
            PlanChange {
                at: date(2023, 10, 9),
                task: TaskId::new("1.6"),
                name: "1.6".to_owned(),
                what: TaskChange::Added,
                why: None,
            },
        ];
        state.undelivered = vec![Undelivered {
            on: date(2023, 10, 24),
            recipient: "Kế toán".to_owned(),
            tasks: vec![TaskId::new("1.4")],
            reason: "550 5.1.1 no such person".to_owned(),
            may_have_arrived: false,
        }];
        state
    }

    fn document(&self, id: ReviewId) -> OfficialDocument {
        self.review_input(id, |facts| self.loaded.composer.document(facts, None, &self.now).unwrap())
    }

    fn docx(&self, id: ReviewId) -> Vec<u8> {
        docx::write(&self.document(id)).unwrap()
    }

    fn word(&self, id: ReviewId) -> Word {
        Word::open(&self.docx(id))
    }

    fn page(&self, id: ReviewId) -> String {
        self.review_input(id, |facts| self.loaded.composer.timeline(facts, None, &self.now).unwrap())
    }
}

/// A plan of many tasks, all of them in every list that there is.
fn crowded() -> SchoolState {
    let task = |number: usize| {
        let lead = ["Hiệu trưởng", "Kế toán", "Phó Hiệu trưởng"][number % 3];
        format!(
            "[[task]]\nid = \"1.{number}\"\ncriterion = \"1.{number}\"\nremedy = \"Việc số {number}, {}\"\nlead = [\"{lead}\"]\n\
             time = \"{}/2023\"\nbudget = \"Ngân sách\"\n",
            "làm cho xong ".repeat(number % 20),
            9 + number % 4,
        )
    };
    let files = Files::seed();
    let head = "number = \"1/KH-TrTH\"\ntitle = \"Kế hoạch\"\nissued = 2023-09-12\n";
    files.write("ke-hoach-2023-2024.toml", &format!("{head}{}", (1..=300).map(task).collect::<String>()));
    let mut state = SchoolState::new(files, "2023-11-15T08:00:00");
    for number in 1..=300 {
        let status = Status::ALL[number % 5];
        state.report(&format!("1.{number}"), "2023-10-20T10:00:00", status, Some(50), Some("ghi chú"));
        state.hand_in(
            &format!("1.{number}"),
            &format!("H1-1.{number}-01"),
            "2023-10-20T10:00:00",
            "https://a.example/",
        );
    }
    state
}

/// Names and notes that would break XML, HTML or a template that trusted them.
fn hostile() -> SchoolState {
    const EVIL: &str = r#"</w:t></w:p>&amp;<script>alert(1)</script>"'{{ 7*7 }}{% raw %}]]>"#;
    let files = Files::seed();
    files.set("organisation.name", "'Trường <b>\"A\"</b> & {{ 7*7 }}'");
    let plan = format!(
        "number = \"1/KH-<i>&\"\ntitle = '''{EVIL}'''\nissued = 2023-09-12\n[standards]\n1 = '''{EVIL}'''\n[[task]]\nid = \"1.<1>&\"\n\
         criterion = \"1.<1>&\"\nremedy = '''{EVIL}'''\nlead = [\"Hiệu trưởng\"]\ntime = \"9/2023\"\nbudget = '''{EVIL}'''\n"
    );
    files.write("ke-hoach-2023-2024.toml", &plan);
    let mut state = SchoolState::new(files, "2023-10-31T08:00:00");
    let note = format!("{EVIL}\u{0}\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{85}\u{fffe}\u{ffff}\r\n\tđ");
    state.report("1.<1>&", "2023-10-20T10:00:00", Status::Blocked, None, Some(&note));
    state.hand_in("1.<1>&", "H1-1.<1>&-01", "2023-10-20T10:00:00", "https://a.example/?a=<b>&c=\"d\"");
    state.undelivered = vec![Undelivered {
        on: date(2023, 10, 24),
        recipient: EVIL.to_owned(),
        tasks: vec![TaskId::new("1.<1>&")],
        reason: note,
        may_have_arrived: false,
    }];
    state
}

/// Every report that the rules are tried on.
fn reports() -> Vec<(&'static str, Word)> {
    vec![
        ("a month", SchoolState::busy("vi", "2023-10-31T08:00:00").word(OCTOBER)),
        ("a month in English", SchoolState::busy("en", "2023-10-31T08:00:00").word(OCTOBER)),
        ("a term", SchoolState::busy("vi", "2024-01-15T08:00:00").word(ReviewId::Term(1))),
        ("the year", SchoolState::busy("vi", "2024-05-31T08:00:00").word(ReviewId::Year)),
        ("a month of which nothing was reported", SchoolState::seed("vi", "2023-10-31T08:00:00").word(OCTOBER)),
        ("a year of which nothing was reported", SchoolState::seed("vi", "2024-05-31T08:00:00").word(ReviewId::Year)),
        ("three hundred tasks", crowded().word(OCTOBER)),
        ("what means harm", hostile().word(OCTOBER)),
    ]
}

fn is_upper(text: &str) -> bool {
    text == text.to_uppercase() && !text.is_empty()
}

/// The paragraphs of a style.
fn of<'p>(paragraphs: &'p [Paragraph], style: &str) -> Vec<&'p Paragraph> {
    paragraphs.iter().filter(|paragraph| paragraph.style == style).collect()
}

#[test]
fn the_page_is_a4_with_its_margins_and_numbers_from_the_second_page_on() {
    // A millimetre is 56.7 twips.
    let millimetres = |twips: u32| (f64::from(twips) / 56.7).round();
    for (name, word) in reports() {
        let section = word.body().child("sectPr").unwrap();
        let size = section.child("pgSz").unwrap();
        assert_eq!((millimetres(size.number("w")), millimetres(size.number("h"))), (210.0, 297.0), "{name}");
        let margins = section.child("pgMar").unwrap();
        let margin = |side| millimetres(margins.number(side));
        assert!((20.0..=25.0).contains(&margin("top")) && (20.0..=25.0).contains(&margin("bottom")), "{name}");
        assert!((30.0..=35.0).contains(&margin("left")) && (15.0..=20.0).contains(&margin("right")), "{name}");
        assert!(margins.number("header") < margins.number("top"), "{name}: the number is within the top margin");
        assert!(section.child("titlePg").is_some(), "{name}");
        let header = |kind: &str| {
            let headers = section.all("headerReference");
            let id = headers.iter().find(|header| header.attribute("type") == kind).unwrap().attribute("id").to_owned();
            let relations = Element::parse(word.part("word/_rels/document.xml.rels"));
            let relations = relations.all("Relationship");
            let target = relations.iter().find(|relation| relation.attribute("Id") == id).unwrap();
            Element::parse(word.part(&format!("word/{}", target.attribute("Target"))))
        };
        let numbered = header("default");
        assert_eq!(numbered.find("instrText").unwrap().text.trim(), "PAGE", "{name}");
        let paragraph = word.paragraph(numbered.find("p").unwrap());
        assert!(paragraph.align == "center" && (26..=28).contains(&paragraph.size), "{name}: {paragraph:?}");
        assert!(header("first").find("instrText").is_none(), "{name}");
    }
}

#[test]
fn everything_is_in_black_times_new_roman() {
    for (name, word) in reports() {
        for (part, text) in word.parts().filter(|(part, _)| part.starts_with("word/") && !part.contains("_rels")) {
            let part = (name, part);
            let xml = Element::parse(text);
            for fonts in xml.all("rFonts") {
                assert!(fonts.attributes.values().all(|font| font == "Times New Roman"), "{part:?}: {fonts:?}");
            }
            for colour in xml.all("color") {
                assert_eq!(colour.attribute("val"), "000000", "{part:?}");
            }
        }
        let defaults = Element::parse(word.part("word/styles.xml"));
        let defaults = defaults.find("rPrDefault").unwrap();
        assert!(defaults.find("rFonts").is_some() && defaults.find("color").is_some(), "{name}");
    }
}

#[test]
fn the_head_has_two_columns_in_their_sizes() {
    for (name, word) in reports() {
        let head = word.tables()[0];
        let rows = head.all("tr");
        assert_eq!((rows.len(), rows[0].all("tc").len(), rows[1].all("tc").len()), (2, 2, 2), "{name}");
        assert!(head.find("tblBorders").unwrap().children.iter().all(|side| side.attribute("val") == "nil"), "{name}");
        let cell = |row: usize, column: usize| word.paragraphs(rows[row].all("tc")[column]);
        let [authority, issuer, _] = cell(0, 0).try_into().unwrap();
        assert!(is_upper(&authority.text) && (24..=26).contains(&authority.size) && !authority.bold, "{name}");
        assert!(is_upper(&issuer.text) && (24..=26).contains(&issuer.size) && issuer.bold, "{name}: {issuer:?}");
        let [nation, motto, _] = cell(0, 1).try_into().unwrap();
        assert!(is_upper(&nation.text) && (24..=26).contains(&nation.size) && nation.bold, "{name}");
        assert!((26..=28).contains(&motto.size) && motto.bold, "{name}");
        for upright in [&authority, &issuer, &nation, &motto] {
            assert!(!upright.italic, "{name}: {upright:?}");
        }
        let [number] = cell(1, 0).try_into().unwrap();
        assert!(number.size == 26 && !number.bold && number.text.contains("/BC-"), "{name}: {number:?}");
        let [dated] = cell(1, 1).try_into().unwrap();
        assert!((26..=28).contains(&dated.size) && dated.italic && !dated.bold, "{name}");
        assert!(word.paragraphs(head).iter().all(|line| line.align == "center" || line.style == "Line"), "{name}");
    }
}

#[test]
fn the_words_of_the_head_are_those_of_the_decree() {
    let head = |state: SchoolState, id: ReviewId| {
        let word = state.word(id);
        let paragraphs = word.paragraphs(word.tables()[0]);
        paragraphs.into_iter().map(|line| line.text).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    let expected = [
        "PHÒNG GD&ĐT",
        "TRƯỜNG TIỂU HỌC\nXÃ THANH HƯNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: ……/BC-TrTH",
        "Thanh Hưng, ngày 05 tháng 01 năm 2024",
    ];
    assert_eq!(head(SchoolState::seed("vi", "2024-01-05T08:00:00"), ReviewId::Term(1)), expected);
    for (now, dated) in [
        ("2024-02-29T08:00:00", "Thanh Hưng, ngày 29 tháng 02 năm 2024"),
        ("2023-10-31T08:00:00", "Thanh Hưng, ngày 31 tháng 10 năm 2023"),
        ("2024-03-09T08:00:00", "Thanh Hưng, ngày 09 tháng 3 năm 2024"),
    ] {
        assert_eq!(head(SchoolState::seed("vi", now), OCTOBER).last().unwrap(), dated);
    }
}

#[test]
fn lines_are_as_long_as_the_format_asks() {
    let word = SchoolState::seed("vi", "2023-10-31T08:00:00").word(OCTOBER);
    let length = |line: &Paragraph, room: u32| f64::from(room - line.sides.0 - line.sides.1);
    let head = word.tables()[0];
    let widths: Vec<u32> = head.all("gridCol").iter().map(|column| column.number("w")).collect();
    let lines: Vec<Paragraph> = word.paragraphs(head).into_iter().filter(|line| line.style == "Line").collect();
    // In twips, as the font itself measures "TRƯỜNG TIỂU HỌC" and the motto.
    let issuer = length(&lines[0], widths[0]) / 2312.0;
    assert!((1.0 / 3.0..=0.5).contains(&issuer), "{issuer}");
    let motto = length(&lines[1], widths[1]) / 3183.0;
    assert!((0.98..=1.02).contains(&motto), "{motto}");
    let text = word.text();
    let under_subject = length(of(&text, "Line")[0], TEXT_WIDTH) / 5684.0;
    assert!((1.0 / 3.0..=0.5).contains(&under_subject), "{under_subject}");
    // A line stands in the middle, and is one.
    for line in lines.iter().chain(of(&text, "Line")) {
        assert!(line.sides.0.abs_diff(line.sides.1) <= 1, "{line:?}");
    }
    let styles = Element::parse(word.part("word/styles.xml"));
    let styles = styles.all("style");
    let line = styles.iter().find(|style| style.attribute("styleId") == "Line").unwrap();
    assert_eq!(line.find("top").unwrap().attribute("val"), "single");
    // The name of the nation fits into its column in one line: the font measures 5007.
    assert!(widths[1] > 5007 && widths.iter().sum::<u32>() == TEXT_WIDTH, "{widths:?}");
}

#[test]
fn the_title_is_centred_and_bold() {
    for (name, word) in reports() {
        let text = word.text();
        let [kind, subject, line] = &text[..3] else { panic!("{name}") };
        assert!(is_upper(&kind.text), "{name}: {kind:?}");
        for paragraph in [kind, subject] {
            let is_right = paragraph.bold && paragraph.align == "center" && (26..=28).contains(&paragraph.size);
            assert!(is_right && !paragraph.text.is_empty(), "{name}: {paragraph:?}");
        }
        assert_eq!(line.style, "Line", "{name}");
    }
}

#[test]
fn the_body_is_justified_with_indents_and_room_between_paragraphs() {
    for (name, word) in reports() {
        let text = word.text();
        let body = of(&text, "BodyText");
        assert!(body.len() > 5, "{name}");
        for paragraph in body.iter().copied().chain(of(&text, "Heading1")).chain(of(&text, "Heading2")) {
            let is_right = (26..=28).contains(&paragraph.size)
                && paragraph.align == "both"
                && [567, 720].contains(&paragraph.first_line)
                && paragraph.before >= 120
                && (240..=360).contains(&paragraph.line);
            assert!(is_right, "{name}: {paragraph:?}");
        }
        assert!(body.iter().all(|paragraph| !paragraph.bold), "{name}");
        assert!(body.last().unwrap().text.ends_with("./."), "{name}");
    }
}

#[test]
fn parts_headings_and_points_are_numbered_and_marked() {
    let numerals = ["I", "II", "III", "IV", "V", "VI"];
    let vietnamese: Vec<char> = "abcdđeghiklmnopqrstuvxy".chars().collect();
    for (name, word) in reports() {
        let text = word.text();
        let (mut parts, mut headings, mut points) = (0, 0, 0);
        // A heading that stands alone in its part has no number.
        let is_alone = |place: usize| {
            let of_part = |paragraph: &&Paragraph| paragraph.style != "Heading1";
            let before = text[..place].iter().rev().take_while(of_part);
            let after = text[place + 1..].iter().take_while(of_part);
            before.chain(after).all(|paragraph| paragraph.style != "Heading2")
        };
        for (place, paragraph) in text.iter().enumerate() {
            match paragraph.style.as_str() {
                "Heading1" => {
                    assert!(paragraph.bold && is_upper(&paragraph.text), "{name}: {paragraph:?}");
                    assert!(paragraph.text.starts_with(&format!("{}. ", numerals[parts])), "{name}: {paragraph:?}");
                    (parts, headings, points) = (parts + 1, 0, 0);
                }
                "Heading2" => {
                    headings += 1;
                    points = 0;
                    assert!(paragraph.bold, "{name}: {paragraph:?}");
                    let is_numbered = paragraph.text.starts_with(&format!("{headings}. "));
                    assert_eq!(is_numbered, !is_alone(place), "{name}: {paragraph:?}");
                }
                "BodyText" if paragraph.text.chars().take(3).any(|letter| letter == ')') && points < 20 => {
                    let letter = paragraph.text.chars().next().unwrap();
                    let letters = if name.contains("English") { ('a'..='z').collect() } else { vietnamese.clone() };
                    assert_eq!(letter, letters[points], "{name}: {paragraph:?}");
                    points += 1;
                }
                _ => {}
            }
        }
        assert_eq!(parts, 6, "{name}");
    }
}

#[test]
fn tables_fill_the_page_and_repeat_their_heading() {
    for (name, word) in reports() {
        let tables = word.tables();
        let inner = &tables[1..tables.len() - 1];
        assert!(inner.len() >= 2, "{name}");
        for table in inner {
            let columns: Vec<u32> = table.all("gridCol").iter().map(|column| column.number("w")).collect();
            assert_eq!(columns.iter().sum::<u32>(), TEXT_WIDTH, "{name}");
            let rows = table.all("tr");
            assert!(rows[0].find("tblHeader").is_some(), "{name}: the heading comes again on every page");
            for (place, row) in rows.iter().enumerate() {
                assert!(row.find("cantSplit").is_some(), "{name}");
                let spans = row
                    .all("tc")
                    .iter()
                    .map(|cell| cell.find("gridSpan").map_or(1, |span| span.number("val") as usize))
                    .sum::<usize>();
                assert_eq!(spans, columns.len(), "{name}: row {place}");
            }
            for paragraph in word.paragraphs(table) {
                assert!((22..=26).contains(&paragraph.size), "{name}: {paragraph:?}");
            }
            assert!(word.paragraphs(rows[0]).iter().all(|head| head.bold && head.align == "center"), "{name}");
        }
    }
}

#[test]
fn recipients_stand_on_the_left_and_the_signature_on_the_right() {
    for (name, word) in reports() {
        let foot = *word.tables().last().unwrap();
        let cells = foot.all("tc");
        let left = word.paragraphs(cells[0]);
        assert!(left[0].size == 24 && left[0].bold && left[0].italic, "{name}: {:?}", left[0]);
        for entry in &left[1..] {
            assert!(entry.size == 22 && !entry.bold && entry.text.starts_with("- "), "{name}: {entry:?}");
        }
        let (last, others) = left[1..].split_last().unwrap();
        assert!(others.iter().all(|entry| entry.text.ends_with(';')) && last.text.ends_with('.'), "{name}");
        if !name.contains("English") {
            assert_eq!((left[0].text.as_str(), last.text.as_str()), ("Nơi nhận:", "- Lưu: VT."), "{name}");
        }
        let right = word.paragraphs(cells[1]);
        let (signer, position) = right.split_last().unwrap();
        for line in position {
            assert!(is_upper(&line.text) && line.bold && (26..=28).contains(&line.size), "{name}: {line:?}");
            assert_eq!(line.align, "center", "{name}");
        }
        // Some 30 mm for the signature and the seal.
        assert!(signer.bold && (26..=28).contains(&signer.size) && signer.before >= 1500, "{name}: {signer:?}");
        assert!(signer.align == "center" && !signer.italic, "{name}: {signer:?}");
        // The last of the text, the gap and the foot stay on one page: each holds on to the next.
        let body = &word.body().children;
        let end = body.iter().rposition(|block| block.name == "tbl").unwrap();
        for block in &body[end - 2..end] {
            let style = word.paragraph(block).style;
            assert!(block.find("keepNext").is_some() || style == "Gap", "{name}: {style}");
        }
        assert!(foot.find("cantSplit").is_some(), "{name}");
    }
}

/// What may stand in an element and in which order, by the schema of `WordprocessingML` (ECMA-376, part 1, annex A), as
/// far as it is written here. Word refuses a file that has another order, `LibreOffice` does not.
const SEQUENCES: &[(&str, &[&str])] = &[
    ("document", &["body"]),
    ("tbl", &["tblPr", "tblGrid", "tr"]),
    ("tblPr", &["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"]),
    ("tblBorders", &["top", "left", "bottom", "right", "insideH", "insideV"]),
    ("tblCellMar", &["top", "left", "bottom", "right"]),
    ("tblGrid", &["gridCol"]),
    ("tr", &["trPr", "tc"]),
    ("tc", &["tcPr", "p"]),
    ("tcPr", &["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "vAlign"]),
    ("p", &["pPr", "r"]),
    (
        "pPr",
        &[
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "widowControl",
            "numPr",
            "pBdr",
            "shd",
            "tabs",
            "spacing",
            "ind",
            "contextualSpacing",
            "jc",
            "outlineLvl",
            "rPr",
        ],
    ),
    ("pBdr", &["top", "left", "bottom", "right"]),
    ("rPr", &["rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "color", "spacing", "sz", "szCs", "u", "lang"]),
    (
        "sectPr",
        &["headerReference", "footerReference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid"],
    ),
    ("hdr", &["p"]),
    ("styles", &["docDefaults", "latentStyles", "style"]),
    ("docDefaults", &["rPrDefault", "pPrDefault"]),
    ("rPrDefault", &["rPr"]),
    ("pPrDefault", &["pPr"]),
    (
        "style",
        &[
            "name",
            "basedOn",
            "next",
            "link",
            "uiPriority",
            "semiHidden",
            "qFormat",
            "pPr",
            "rPr",
            "tblPr",
            "trPr",
            "tcPr",
        ],
    ),
    ("settings", &["zoom", "defaultTabStop", "characterSpacingControl", "compat"]),
    ("compat", &["compatSetting"]),
];
/// What may stand in an element in any order.
const CHOICES: &[(&str, &[&str])] = &[
    ("body", &["p", "tbl", "sectPr"]),
    ("trPr", &["cantSplit", "tblHeader"]),
    ("r", &["rPr", "t", "br", "fldChar", "instrText"]),
];
/// What may stand several times in a row.
const REPEATED: &[&str] = &["tr", "tc", "p", "r", "gridCol", "headerReference", "footerReference", "style"];

/// Asserts the schema's order on an element and all below it.
fn assert_order(element: &Element, part: &str) {
    let names: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
    let found = |table: &'static [(&str, &'static [&'static str])]| {
        table.iter().find(|(name, _)| *name == element.name).map(|(_, allowed)| *allowed)
    };
    if let Some(sequence) = found(SEQUENCES) {
        let places: Vec<usize> = names
            .iter()
            .map(|name| sequence.iter().position(|known| known == name))
            .map(|place| place.unwrap_or_else(|| panic!("{part}: {names:?} in {}", element.name)))
            .collect();
        for pair in places.windows(2) {
            let is_in_order = pair[0] < pair[1] || (pair[0] == pair[1] && REPEATED.contains(&sequence[pair[0]]));
            assert!(is_in_order, "{part}: {names:?} in {}", element.name);
        }
    } else if let Some(choice) = found(CHOICES) {
        assert!(names.iter().all(|name| choice.contains(name)), "{part}: {names:?} in {}", element.name);
    } else {
        assert!(names.is_empty(), "{part}: {names:?} in {}", element.name);
    }
    match element.name.as_str() {
        "r" => assert!(!names.iter().skip(1).any(|name| *name == "rPr"), "{part}: {names:?}"),
        "tc" => assert_eq!(names.last(), Some(&"p"), "{part}: a cell ends with a paragraph"),
        "body" => {
            assert!(names.ends_with(&["p", "sectPr"]), "{part}: a paragraph after the last table, then the section");
            assert!(!names.windows(2).any(|pair| pair == ["tbl", "tbl"]), "{part}: two tables would become one");
        }
        _ => {}
    }
    for child in &element.children {
        assert_order(child, part);
    }
}

#[test]
fn elements_stand_in_the_order_of_the_schema() {
    for (name, word) in reports() {
        for part in ["document", "styles", "settings", "header", "header-first"] {
            let part = format!("word/{part}.xml");
            assert_order(&Element::parse(word.part(&part)), &format!("{name}: {part}"));
        }
        let styles = Element::parse(word.part("word/styles.xml"));
        let ids: Vec<&str> = styles.all("style").into_iter().map(|style| style.attribute("styleId")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: a style is there twice");
        for style in word.document.all("pStyle").into_iter().chain(word.document.all("tblStyle")) {
            assert!(unique.contains(style.attribute("val")), "{name}: {style:?}");
        }
    }
}

#[test]
fn the_package_is_complete() {
    for (name, word) in reports() {
        let types = Element::parse(word.part("[Content_Types].xml"));
        let overrides: BTreeSet<&str> =
            types.all("Override").into_iter().map(|entry| entry.attribute("PartName")).collect();
        let defaults: BTreeSet<&str> =
            types.all("Default").into_iter().map(|entry| entry.attribute("Extension")).collect();
        for part in &overrides {
            assert!(word.parts().any(|(known, _)| format!("/{known}") == *part), "{name}: {part} is missing");
        }
        for (part, text) in word.parts().filter(|(part, _)| *part != "[Content_Types].xml") {
            let is_relations = part.rsplit('.').next() == Some("rels");
            assert!(is_relations || overrides.contains(format!("/{part}").as_str()), "{name}: {part} has no type");
            if !is_relations {
                continue;
            }
            assert!(defaults.contains("rels"), "{name}");
            // `word/_rels/document.xml.rels` speaks of `word/document.xml`.
            let folder = part.split("_rels/").next().unwrap();
            let relations = Element::parse(text);
            let mut ids = BTreeSet::new();
            for relation in &relations.children {
                assert!(ids.insert(relation.attribute("Id").to_owned()), "{name}: {relation:?}");
                assert_eq!(relation.attribute("TargetMode"), "", "{name}: nothing is loaded from elsewhere");
                let target = format!("{folder}{}", relation.attribute("Target"));
                assert!(word.parts().any(|(known, _)| *known == target), "{name}: {target} is missing");
            }
            if folder == "word/" {
                for used in word.document.all("headerReference") {
                    assert!(ids.contains(used.attribute("id")), "{name}: {used:?}");
                }
            }
        }
    }
}

#[test]
fn the_archive_is_what_an_office_program_expects() {
    let bytes = SchoolState::busy("vi", "2023-10-31T08:00:00").docx(OCTOBER);
    assert!(bytes.len() < 40_000, "small enough for every mailbox: {}", bytes.len());
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut names = BTreeSet::new();
    for place in 0..archive.len() {
        let entry = archive.by_index(place).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert!(place > 0 || name == "[Content_Types].xml", "the types come first: {name}");
        assert!(!name.starts_with('/') && !name.contains("..") && !name.contains('\\'), "{name}");
        assert!(entry.is_file() && !entry.encrypted() && entry.size() > 0, "{name}");
        assert_eq!(entry.compression(), CompressionMethod::Deflated, "{name}");
        assert!(names.insert(name.to_lowercase()), "{name} is there twice");
    }
}

#[test]
fn signer_recipients_and_symbol_are_the_schools_or_the_reviews() {
    let files = Files::seed();
    files
        .add("organisation.symbol", "\"THTH\"")
        .add("organisation.signer", "[\"Hiệu trưởng\"]")
        .add("organisation.signer_name", "\"Nguyễn Văn A\"")
        .add("review.term.signer", "[\"KT. Hiệu trưởng\", \"Phó Hiệu trưởng\"]")
        .add("review.term.recipients", "[\"UBND xã (để báo cáo)\", \"Như trên\"]");
    let state = SchoolState::new(files, "2024-01-15T08:00:00");
    let foot = |id: ReviewId| {
        let word = state.word(id);
        let texts = word.paragraphs(word.tables().last().unwrap()).into_iter().map(|line| line.text);
        texts.collect::<Vec<_>>().join(" / ")
    };
    assert_eq!(
        foot(OCTOBER),
        "Nơi nhận: / - Phòng GD&ĐT (để báo cáo); / - Tổ giám sát; / - Lưu: VT. / HIỆU TRƯỞNG / Nguyễn Văn A"
    );
    assert_eq!(
        foot(ReviewId::Term(1)),
        "Nơi nhận: / - UBND xã (để báo cáo); / - Như trên; / - Lưu: VT. / KT. HIỆU TRƯỞNG / PHÓ HIỆU TRƯỞNG / "
    );
    let document =
        state.review_input(OCTOBER, |facts| state.loaded.composer.document(facts, Some(5), &state.now).unwrap());
    assert_eq!(document.head.number, "Số: 05/BC-THTH");
}

#[test]
fn mail_and_document_end_alike_and_no_proposal_addresses_who_signs() {
    let files = Files::seed();
    files
        .add("organisation.signer", "{ position = \"Hiệu trưởng\", name = \"Nguyễn Văn A\" }")
        .add("organisation.prepared_by", "{ position = \"Thư ký Hội đồng\", name = \"Trần Thị B\" }")
        .add("review.term.signer", "{ position = [\"KT. Hiệu trưởng\", \"Phó Hiệu trưởng\"], name = \"Lê Văn C\" }");
    let state = SchoolState::new(files, "2024-01-15T08:00:00");
    for (id, position, name) in
        [(OCTOBER, "HIỆU TRƯỞNG", "Nguyễn Văn A"), (ReviewId::Term(1), "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG", "Lê Văn C")]
    {
        let reader = state.person("Trưởng Ban thanh tra nhân dân");
        let mail = state.review_input(id, |facts| state.loaded.composer.review(facts, reader, &state.now).unwrap());
        let end = format!(
            "Thanh Hưng, ngày 15 tháng 01 năm 2024\nNgười lập báo cáo: Thư ký Hội đồng – Trần Thị B\n{position}\n{name}\n"
        );
        assert!(mail.text.ends_with(&end), "{}", mail.text);
        assert!(!mail.text.contains("……") && !mail.page.unwrap().contains("……"));
        let words = state.word(id).words();
        assert!(words.contains("Người lập báo cáo: Thư ký Hội đồng – Trần Thị B."), "{words}");
        let addressed = words.contains("Đối với Hiệu trưởng");
        assert_eq!(addressed, position != "HIỆU TRƯỞNG", "{words}");
    }
}

#[test]
fn the_last_review_of_a_kind_names_all_that_is_due_later() {
    for language in ["vi", "en"] {
        let tasks = [common::task("1.1", "Phó Hiệu trưởng", "due = 2024-07-31")];
        let files = Files::new(common::CONFIG, &common::plan(&tasks));
        files.add("language", &format!("{language:?}"));
        let state = SchoolState::new(files, "2024-05-31T08:00:00");
        for id in [ReviewId::Month { year: 2024, month: 5 }, ReviewId::Term(2), ReviewId::Year] {
            let reader = state.person("Thanh tra");
            let mail = state.review_input(id, |facts| state.loaded.composer.review(facts, reader, &state.now).unwrap());
            let heading = if language == "vi" { "ĐẾN HẠN SAU KỲ NÀY" } else { "DUE AFTER THIS PERIOD" };
            assert!(mail.text.contains(heading) && mail.text.contains("Việc 1.1"), "{}", mail.text);
            assert!(state.word(id).words().contains("Việc 1.1"));
        }
    }
}

#[test]
fn people_are_named_by_what_they_do_and_by_their_name_where_there_is_one() {
    let files = Files::seed();
    let file = "nhacviec.toml";
    let named = files.read(file).replace(
        "name = \"Giáo viên chủ nhiệm khối 1\"\nroles = [",
        "name = \"Cô Hoàng Thị Yến\"\nroles = [\"GVCN lớp 1A\", ",
    );
    files.write(file, &named.replace("name = \"Kế toán\"\n", "name = \"Trần Thị Bích\"\naddress = \"Cô\"\n"));
    let mut state = SchoolState::new(files, "2023-11-01T08:00:00");
    state.part("4.1", "2023-10-05T10:00:00", "Cô Hoàng Thị Yến", Status::Done, None);
    state.part("1.4", "2023-10-05T10:00:00", "Trần Thị Bích", Status::InProgress, Some(60));
    state.undelivered = vec![Undelivered {
        on: date(2023, 10, 24),
        recipient: "Trần Thị Bích".to_owned(),
        tasks: Vec::new(),
        reason: "550".to_owned(),
        may_have_arrived: false,
    }];
    let words = state.word(OCTOBER).words();
    for named in [
        "GVCN lớp 1A – Cô Hoàng Thị Yến đã xong, 4 người chưa báo",
        "Kế toán – Cô Trần Thị Bích 60%, 3 người chưa báo",
        "gửi Kế toán – Cô Trần Thị Bích. Cần kiểm tra địa chỉ nhận tin của Kế toán – Cô Trần Thị Bích.",
    ] {
        assert!(words.contains(named), "{named}\n{words}");
    }
    // Who is called by what they do is called so, and so is a group.
    assert!(!words.contains("Hiệu trưởng – Hiệu trưởng") && words.contains("| Giáo viên chủ nhiệm |"), "{words}");
}

#[test]
fn terms_and_the_year_have_the_monitoring_table_that_the_framework_asks_for() {
    let heading = "| Thời điểm | Nội dung theo dõi | Kết quả thực hiện | Điều chỉnh | Người đánh giá";
    for (framework, has_table) in [("57/2026/TT-BGDĐT", true), ("17/2018/TT-BGDĐT", false)] {
        let files = Files::seed();
        let plan = files.read("ke-hoach-2023-2024.toml").replace("17/2018/TT-BGDĐT", framework);
        files.write("ke-hoach-2023-2024.toml", &plan);
        let mut state = SchoolState::new(files, "2024-01-15T08:00:00");
        state.report("1.4", "2023-10-20T10:00:00", Status::Done, None, None);
        let removed = |what, name: &str| PlanChange {
            at: date(2023, 10, 9),
            task: TaskId::new(name),
            name: name.to_owned(),
            what,
            why: None,
        };
        state.changes = vec![removed(TaskChange::Removed, "9.9"), removed(TaskChange::Reworded, "2.4")];
        for (id, moment) in [(ReviewId::Term(1), "Cuối học kỳ I"), (ReviewId::Year, "Cuối năm học")] {
            let words = state.word(id).words();
            assert_eq!(words.contains(heading), has_table, "{words}");
            let row = format!(
                "| {moment} | Tiêu chuẩn 2: Cán bộ quản lý, giáo viên, nhân viên (2 nhiệm vụ: 2.3, 2.4) | Hoàn thành 0/2 nhiệm vụ, mức độ \
                 thực hiện 0%; quá hạn: 2.4; thời hạn cần xem lại: 2.3 | nhiệm vụ 2.4 thay đổi nội dung hoặc người thực hiện | Tổ giám sát"
            );
            let gone =
                format!("| {moment} | Nhiệm vụ không còn trong kế hoạch | Không đánh giá | nhiệm vụ 9.9 không còn");
            assert_eq!(words.contains(&row) && words.contains(&gone), has_table, "{words}");
        }
        assert!(!state.word(OCTOBER).words().contains(heading));
    }
}

#[test]
fn no_paragraph_of_a_table_asks_to_stay_with_the_next() {
    for (name, word) in reports() {
        let styles = Element::parse(word.part("word/styles.xml"));
        let keeps = |style: &str| {
            let styles = styles.all("style");
            styles.iter().any(|known| known.attribute("styleId") == style && known.find("keepNext").is_some())
        };
        for table in word.tables() {
            assert!(table.find("keepNext").is_none(), "{name}");
            for paragraph in word.paragraphs(table) {
                assert!(!keeps(&paragraph.style), "{name}: {}", paragraph.style);
            }
        }
    }
}

#[test]
fn each_kind_of_report_reads_as_approved() {
    for (name, state, id) in [
        ("month_vi", SchoolState::busy("vi", "2023-10-31T08:00:00"), OCTOBER),
        ("month_en", SchoolState::busy("en", "2023-10-31T08:00:00"), OCTOBER),
        ("term_vi", SchoolState::busy("vi", "2024-01-15T08:00:00"), ReviewId::Term(1)),
        ("year_vi", SchoolState::busy("vi", "2024-05-31T08:00:00"), ReviewId::Year),
        ("empty_vi", SchoolState::seed("vi", "2023-10-31T08:00:00"), OCTOBER),
    ] {
        insta::assert_snapshot!(name, state.word(id).words());
    }
}

#[test]
fn nothing_that_people_write_breaks_a_document_or_a_page() {
    let state = hostile();
    let word = state.word(OCTOBER);
    for (part, text) in word.parts() {
        let forbidden = |letter: char| letter < ' ' && !matches!(letter, '\n' | '\r' | '\t');
        assert!(!text.contains(|letter| forbidden(letter) || matches!(letter, '\u{fffe}' | '\u{ffff}')), "{part}");
        Element::parse(text);
    }
    let words = word.words();
    let evil = r#"</w:t></w:p>&amp;<script>alert(1)</script>"'{{ 7*7 }}{% raw %}]]>"#;
    // In the subject, the basis, the table, what is missing, the recommendations.
    assert!(words.matches(evil).count() >= 5, "{words}");
    assert!(words.contains("“</w:t></w:p>") && words.contains("]]> đ”"), "control characters are blanks: {words}");
    assert!(words.contains("TRƯỜNG <B>\"A\"</B> & {{ 7*7 }}"), "{words}");
    let page = state.page(OCTOBER);
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("&amp;amp;amp;"), "{page}");
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn the_same_review_is_the_same_bytes() {
    let one = SchoolState::busy("vi", "2023-10-31T08:00:00");
    let two = SchoolState::busy("vi", "2023-10-31T08:00:00");
    assert!(one.docx(OCTOBER) == two.docx(OCTOBER) && one.docx(OCTOBER) == one.docx(OCTOBER));
    assert_eq!(one.page(OCTOBER), two.page(OCTOBER));
}

#[test]
fn a_review_carries_its_document() {
    let state = SchoolState::busy("vi", "2023-10-31T08:00:00");
    let school = &state.loaded.school;
    let recipient = school.settings.people.by_name("Hiệu trưởng").unwrap();
    let content =
        state.review_input(OCTOBER, |facts| state.loaded.composer.review(facts, recipient, &state.now).unwrap());
    let sender = Sender::of(school);
    let person = school.settings.people.get(recipient);
    let outgoing = Outgoing {
        id: "0123456789abcdef0123456789abcdef",
        recipient: person,
        sender: &sender,
        created: &state.now,
        at: &state.now,
    };
    let bytes = mime::payload(&outgoing, &content, None, None).unwrap().bytes;
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.attachment_count(), 1);
    let file = mail.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("bao-cao-thang-10-2023.docx"));
    let page = mail.body_html(0).unwrap();
    assert!(page.contains("<strong>bao-cao-thang-10-2023.docx</strong>"), "the message names it");
    let kind = file.content_type().unwrap();
    assert_eq!(format!("{}/{}", kind.ctype(), kind.subtype().unwrap()), docx::MEDIA_TYPE);
    assert!(file.contents() == state.docx(OCTOBER), "the file arrives as it was written");
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    assert!(content.text.contains("Kèm theo thư này: bao-cao-thang-10-2023.docx"), "{}", content.text);

    let in_chat = ComposeOptions::now(&state.now, ContentParts::Chat);
    let content = state.review_input(OCTOBER, |facts| state.loaded.composer.review(facts, recipient, in_chat).unwrap());
    assert_eq!((content.attachments.len(), content.page), (0, None), "where no file goes with it, none is made");
    assert!(!content.text.contains("Kèm theo"), "{}", content.text);
}

#[test]
fn files_are_called_after_their_period() {
    for (language, names) in [
        ("vi", ["bao-cao-thang-10-2023", "bao-cao-hoc-ky-1-2023-2024", "bao-cao-nam-hoc-2023-2024"]),
        ("en", ["report-october-2023", "report-term-1-2023-2024", "report-school-year-2023-2024"]),
    ] {
        let state = SchoolState::seed(language, "2023-10-31T08:00:00");
        let found = [OCTOBER, ReviewId::Term(1), ReviewId::Year].map(|id| state.document(id).file);
        assert_eq!(found, names);
    }
}

#[test]
fn every_recommendation_follows_from_something() {
    let found = |state: &SchoolState| {
        state.review_input(OCTOBER, |facts| {
            let report = review::report(facts);
            let line = |recommendation: &review::recommendations::Recommendation<'_>| {
                let tasks: Vec<&str> = recommendation.tasks.iter().map(|item| item.task.id.as_str()).collect();
                format!(
                    "{:?} {:?} [{}] {}",
                    recommendation.to,
                    recommendation.advice,
                    recommendation.who.join(", "),
                    tasks.join(" ")
                )
            };
            recommendations(&report, facts).iter().map(line).collect::<Vec<_>>()
        })
    };
    let state = SchoolState::busy("vi", "2023-11-07T08:00:00");
    assert_eq!(
        found(&state),
        [
            "Principal Unblock [Nhà trường] 3.3",
            "Principal Decide [Hiệu trưởng] 3.6",
            "Principal SettleTime [] 2.3",
            "Principal MendDate [] 4.2",
            "Principal Report [Hiệu trưởng] 1.10",
            "Principal Report [Nhà trường] 3.6",
            "Principal Finish [Nhà trường] 3.4",
            "Owners Report [Giáo viên chủ nhiệm] 4.1",
            "Owners Report [Hội đồng tự đánh giá] M4.1",
            "Owners Report [Chuyên môn nhà trường, Tổ chuyên môn] 5.2",
            "Owners Finish [Tổ chuyên môn] 5.1",
            "Owners Prove [] 1.5",
            "Superiors Fund [Nhà trường] 3.1",
            "Admin MendAddress [Kế toán] ",
        ]
    );
    // Where the deputy signs, the principal is one of those who lead, with three tasks that are late.
    let files = Files::seed();
    files.add("organisation.signer", "[\"KT. Hiệu trưởng\", \"Phó Hiệu trưởng\"]");
    let mut deputy = SchoolState::new(files, "2023-11-07T08:00:00");
    deputy.report("3.4", "2023-10-12T10:00:00", Status::InProgress, Some(60), None);
    let signed = found(&deputy);
    for line in ["Principal Relieve [Nhà trường] 3.4 3.2 3.6 5.1", "Owners Finish [Nhà trường] 3.4"] {
        assert!(signed.iter().any(|found| found == line), "{signed:?}");
    }
    assert!(signed.iter().any(|line| line == "Principal Report [Phó Hiệu trưởng] 1.5"), "{signed:?}");
    // Two overdue tasks of one lead are not many: on the first of the month the third is not overdue yet.
    let mut state = SchoolState::busy("vi", "2023-10-31T08:00:00");
    assert!(found(&state).iter().all(|line| !line.contains("Relieve")), "{:?}", found(&state));
    // Where everything is done, proven and dated, nothing is recommended.
    state.undelivered.clear();
    for task in state.loaded.school.plan.tasks.clone() {
        state.report(task.id.as_str(), "2023-10-03T10:00:00", Status::Done, None, None);
        state.hand_in(task.id.as_str(), "H1-1-01", "2023-10-03T10:00:00", "https://a.example/");
    }
    assert_eq!(found(&state), Vec::<String>::new());
}

#[test]
fn money_goes_to_the_principal_where_there_is_nobody_above() {
    let files = Files::seed();
    files.remove("organisation.authority");
    let mut state = SchoolState::new(files, "2023-10-31T08:00:00");
    state.report("3.1", "2023-10-19T10:00:00", Status::Blocked, None, Some("chưa có kinh phí"));
    let addressees = state.review_input(OCTOBER, |facts| {
        let all = recommendations(&review::report(facts), facts);
        all.iter().filter(|proposal| proposal.advice == Advice::Fund).map(|proposal| proposal.to).collect::<Vec<_>>()
    });
    assert_eq!(addressees, [Addressee::Principal]);
}

#[test]
fn a_page_stands_alone_and_says_everything_twice() {
    for page in [
        SchoolState::busy("vi", "2023-10-31T08:00:00").page(OCTOBER),
        SchoolState::busy("en", "2024-05-31T08:00:00").page(ReviewId::Year),
        SchoolState::seed("vi", "2024-01-15T08:00:00").page(ReviewId::Term(1)),
        crowded().page(OCTOBER),
    ] {
        for outside in ["<script", "src=", "<link", "url(http", "@import", "href=", " onload", "<iframe"] {
            assert!(!page.contains(outside), "{outside}");
        }
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(ids.len(), unique.len(), "an id is there twice");
        for reference in page.split("url(#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(ids.contains(&reference), "{reference}");
        }
        for labels in page.split("aria-labelledby=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(labels.split(' ').all(|label| ids.contains(&label)), "{labels}");
        }
        // Each task has a tooltip in both drawings, and a row in the table.
        let drawings = page.matches("role=\"img\"").count();
        assert!(drawings >= 2 && page.matches("<desc").count() == drawings);
        let rows = page.split("id=\"tasks\"").nth(1).unwrap().split("</table>").next().unwrap();
        let tasks = rows.matches("<tr><td>").count();
        assert_eq!(page.matches("<g><title>").count(), 2 * tasks);
    }
}

#[test]
fn a_page_tells_states_by_shape_and_word_and_not_by_colour_alone() {
    let page = SchoolState::busy("vi", "2023-11-07T08:00:00").page(OCTOBER);
    let lane = |id: &str| {
        let begin = page.find(&format!("<g><title>{id}:")).unwrap();
        page[begin..].split("</g>").next().unwrap().replace("&#x2f;", "/")
    };
    for (id, shape, word) in [
        ("1.4", "<circle", "xong 20/10/2023"),
        ("3.4", "-overdue)", "quá hạn 38 ngày, 60%"),
        ("3.1", "-blocked)", "vướng mắc, 20%"),
        ("3.5", "stroke-dasharray=\"3 3\"", "không thực hiện"),
        ("3.2", "stroke-dasharray=\"4 2\"", "lùi từ 31/10/2023"),
        ("2.3", "<text", "thời hạn cần xem lại"),
    ] {
        let lane = lane(id);
        assert!(lane.contains(shape) && lane.contains(word), "{id}: {lane}");
    }
}

/// The contrast of two colours by WCAG 2.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let colour = if colour.len() == 4 {
            colour.chars().flat_map(|letter| [letter, letter]).skip(1).collect()
        } else {
            colour.to_owned()
        };
        let digits = colour.trim_start_matches('#');
        let channel = |place: usize| {
            let value = f64::from(u8::from_str_radix(&digits[place..place + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn words_of_a_page_can_be_read() {
    let page = SchoolState::busy("vi", "2023-11-07T08:00:00").page(OCTOBER);
    let after = |mark: &'static str| page.split(mark).skip(1).map(|rest| rest.split(['}', ';', '"']).next().unwrap());
    let words: Vec<&str> = after("{fill:#").chain(after("<text")).filter(|colour| colour.len() == 6).collect();
    assert!(words.len() >= 4, "{words:?}");
    for colour in words {
        for ground in ["#ffffff", "#f1f4f8"] {
            let contrast = contrast(&format!("#{colour}"), ground);
            assert!(contrast >= 4.5, "#{colour} on {ground}: {contrast}");
        }
    }
    for (colour, ground) in
        [("#4a5566", "#eef1f5"), ("#0b4fb3", "#e8f0fe"), ("#36404d", "#f1f4f8"), ("#6b2fa0", "#ffffff")]
    {
        assert!(contrast(colour, ground) >= 4.5, "{colour} on {ground}");
    }
}

#[test]
fn review_writes_the_form_that_the_ending_names() {
    let files = Files::seed();
    let path = |name: &str| files.path(name).display().to_string();
    files.output(&["review", "year", "-o", &path("year.docx"), "--number", "7"]);
    files.output(&["review", "year", "-o", &path("YEAR.HTML")]);
    files.output(&["review", "year", "-o", &path("year.txt")]);
    let word = Word::open(&std::fs::read(files.path("year.docx")).unwrap());
    assert!(word.words().contains("Số: 07/BC-TrTH"));
    assert!(files.read("YEAR.HTML").starts_with("<!DOCTYPE html>"));
    assert!(files.read("year.txt").contains("TỔNG KẾT NĂM HỌC 2023-2024"));
}

#[test]
fn a_template_that_writes_no_document_is_told_by_check() {
    let files = Files::seed();
    files.add("templates", "\"mau\"");
    files.write("mau/vi/report.xml", "<report>\n<p>{{ school }}</b>\n</report>");
    let output = files.program(&["check"]).assert().failure().get_output().clone();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(told.contains("mau/vi/report.xml") && told.contains("no XML"), "{told}");
    files.write(
        "mau/vi/report.xml",
        "<report><issuer>{{ school }}</issuer><kind>Tờ trình</kind><subject>x</subject></report>",
    );
    files.output(&["review", "year", "-o", &files.path("a.docx").display().to_string()]);
    assert!(Word::open(&std::fs::read(files.path("a.docx")).unwrap()).words().contains("TỜ TRÌNH"));
}
