//! A year in which things happened, told by its reports: every figure reckoned by hand from the story (`common::story`).
#![allow(clippy::unwrap_used)]

mod common;

use common::state::SchoolState;
use common::story::story;
use common::word::Word;
use nhacviec::report::docx;
use nhacviec::schedule::ReviewId;

const OCTOBER: ReviewId = ReviewId::Month { year: 2023, month: 10 };

/// The words of the document, the text of the mail and the page.
fn told(state: &SchoolState, id: ReviewId) -> (String, String, String) {
    let reader = state.person("Trưởng Ban thanh tra nhân dân");
    state.review_input(id, |facts| {
        let composer = &state.loaded.composer;
        let document = composer.document(facts, None, &state.now).unwrap();
        let mail = composer.review(facts, reader, &state.now).unwrap().text;
        let words = Word::open(&docx::write(&document).unwrap()).words();
        (words, mail, composer.timeline(facts, None, &state.now).unwrap())
    })
}

/// Asserts that a text says all of these.
fn says(text: &str, all: &[&str]) {
    for words in all {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
}

#[test]
fn october_is_told_as_it_was() {
    // On 1 November. Done: 1.5 (before), 3.4 (late), 1.10. Blocked: 3.1, not late yet. Overdue: 4.1 and M4.1 since 30
    // September, 1.4, 3.6, 5.1 and 5.2 since yesterday. Nothing reported: 1.1, 1.7, 3.2 (which has a month more), 5.3 (from today
    // on). Not due: 1.3, 1.6, 2.4, 3.3, 3.5, M4.3. Open or impossible time: 2.3, 4.2. In all 3 + 1 + 6 + 4 + 6 + 2 = 22.
    let (words, mail, page) = told(&story("vi", "2023-11-01T08:00:00"), OCTOBER);
    says(
        &words,
        &[
            "Trong kỳ, kế hoạch yêu cầu hoàn thành 5 nhiệm vụ; 3 nhiệm vụ khác đã đến thời gian thực hiện",
            // 300 for three done, 20 of 3.1, 60 of 1.4, (100 + 40) / 5 of 4.1: 408 of 2200.
            "tổng số nhiệm vụ cải tiến: 3/22 (14%); mức độ thực hiện bình quân của toàn kế hoạch: 19%.",
            "hoàn thành 3 (1 sau hạn); vướng mắc 1; quá hạn 6; đang thực hiện 0; trong hạn, chưa có báo cáo 4; chưa đến kỳ 6; thời hạn cần xem lại 2.",
            "Trong kỳ có 2 nhiệm vụ được báo hoàn thành.",
            "không nêu 6 nhiệm vụ chưa đến kỳ, chưa có báo cáo, 1 nhiệm vụ đã hoàn thành từ trước.",
            "| 3.4 | Làm nắp đậy rãnh thoát nước Khu nhà vệ sinh… | Nhà trường | Hoàn thành 30/09/2023 | \
             Hoàn thành ngày 16/10/2023, sau hạn: “đã làm xong nắp rãnh”",
            "Đang thực hiện, đạt 60%, quá hạn 1 ngày: “đã sắp xếp xong ba năm học”",
            "Giáo viên chủ nhiệm khối 1 đã xong, Giáo viên chủ nhiệm khối 2 40%, 3 người chưa báo",
            "Thực hiện đến 30/11/2023 | Chưa có báo cáo (hạn lùi từ 31/10/2023)",
            "Trong kỳ đã nhận 3 minh chứng (từ đầu kế hoạch: 3):",
            "Quá hạn: 6 nhiệm vụ, lâu nhất 32 ngày, trong đó 4 nhiệm vụ chưa có báo cáo",
            "Vướng mắc: 1 nhiệm vụ, thiếu kinh phí; thời hạn cần xem lại: 2 nhiệm vụ (Phần V).",
            "Thông báo chưa gửi được: ngày 24/10/2023 gửi Kế toán (nhiệm vụ 1.4). Cần kiểm tra địa chỉ nhận tin của Kế toán.",
            "nhiệm vụ 9.9 không còn trong kế hoạch;",
            "Phó Hiệu trưởng đề nghị lùi thời hạn nhiệm vụ 3.2 từ 31/10/2023 đến 30/11/2023, lý do: “chờ duyệt dự toán”; Hiệu trưởng đồng \
             ý ngày 27/10/2023;",
            "nhiệm vụ 3.6 từ 31/10/2023 đến 30/11/2023, lý do: “chờ duyệt dự toán”; đang chờ quyết định.",
            "Kính đề nghị xem xét, bố trí kinh phí cho nhiệm vụ 3.1 (Sửa chữa và mua bổ sung đồ chơi ngoài trời cho…; chủ trì: Nhà \
             trường): “chờ kinh phí của Phòng GD&ĐT”; nguồn theo kế hoạch: Kinh phí từ ngân sách nhà nước.",
            // 3.6 is the principal's alone, who signs; 5.1 the Tổ chuyên môn's too.
            "Tập trung hoàn thành 1 nhiệm vụ quá hạn do Nhà trường chủ trì, hoặc điều chỉnh thời hạn nếu cần;",
            "Đến ngày 30/11/2023 cần hoàn thành 2 nhiệm vụ, đều đã nêu tại mục 3 Phần II. Tiếp tục thực hiện 6 nhiệm vụ quá hạn.",
        ],
    );
    says(
        &mail,
        &[
            "TỔNG SỐ NHIỆM VỤ: 3/22 (14%)",
            "\n  quá hạn: 6\n",
            "\n  trong hạn, chưa có báo cáo: 4\n",
            "\n  chưa đến kỳ: 6\n",
        ],
    );
    says(&page.replace("&#x2f;", "/"), &["<strong>3/22 (14%)</strong>"]);
    // A task that is late stands once in the table, and once among those of which people were reminded.
    assert_eq!(words.matches("5.2").count(), 2, "{words}");
}

#[test]
fn the_first_term_is_told_as_it_was() {
    // On 15 January. Done: 1.5, 3.2, 3.3 and 1.10 in time, 3.4, 1.4, 5.1, 5.2 late. Not done at all: 3.5, not counted. Blocked, and
    // late: 3.1, 2.4. Overdue: 4.1, M4.1, 3.6 (more time was refused), 5.3, M4.3. Nothing reported: 1.1, 1.7. Not due: 1.3, 1.6.
    let (words, mail, page) = told(&story("vi", "2024-01-15T08:00:00"), ReviewId::Term(1));
    says(
        &words,
        &[
            "kế hoạch yêu cầu hoàn thành 15 nhiệm vụ; 2 nhiệm vụ khác đã đến thời gian thực hiện",
            // 800 for eight done, 20 of 3.1, 28 of 4.1, 30 of 5.3: 878 of 2100.
            "8/21 (38%); mức độ thực hiện bình quân của toàn kế hoạch: 42%.",
            "hoàn thành 8 (4 sau hạn); vướng mắc 2 (2 đã quá hạn); quá hạn 5; đang thực hiện 0; trong hạn, chưa có báo cáo 2; chưa đến kỳ 2; thời hạn cần \
             xem lại 2. Có 1 nhiệm vụ không thực hiện, không tính vào tổng số. Trong kỳ có 8 nhiệm vụ được báo hoàn thành.",
            "| Cộng | 21 | 15 | 8 | 2 | 5 | 42%",
            "Không thực hiện: “đã được cấp máy mới”",
            "Quá hạn: 5 nhiệm vụ, lâu nhất 107 ngày, trong đó 3 nhiệm vụ chưa có báo cáo",
            "Vướng mắc: 2 nhiệm vụ, trong đó 1 nhiệm vụ thiếu kinh phí",
            "Hiệu trưởng không đồng ý ngày 02/11/2023.",
        ],
    );
    says(&mail, &["8/21 (38%)", "vướng mắc: 2 (trong đó 2 đã quá hạn)", "không thực hiện (không tính vào tổng số): 1"]);
    says(&page.replace("&#x2f;", "/"), &["<strong>8/21 (38%)</strong>"]);
}

#[test]
fn the_year_is_told_as_it_was() {
    // On 31 May. Since January 1.3 and 1.1 were done in time, 1.6 is half done and late, 1.7 is due today.
    let (words, mail, _) = told(&story("vi", "2024-05-31T08:00:00"), ReviewId::Year);
    says(
        &words,
        &[
            // 1000 for ten done, 20, 28, 30, 50 and 90: 1218 of 2100.
            "10/21 (48%); mức độ thực hiện bình quân của toàn kế hoạch: 58%.",
            "hoàn thành 10 (4 sau hạn); vướng mắc 2 (2 đã quá hạn); quá hạn 6; đang thực hiện 1; trong hạn, chưa có báo cáo 0; chưa đến kỳ 0; thời hạn \
             cần xem lại 2.",
            "Đưa 11 nhiệm vụ chưa hoàn thành vào kế hoạch của năm học sau: 1.6, 1.7, 2.3, 2.4, 3.1, 3.6, 4.1, 4.2, 5.3, \
             Mức 4 (1), Mức 4 (3).",
        ],
    );
    says(&mail, &["10/21 (48%)", "\n  quá hạn: 6\n", "\n  đang thực hiện: 1\n"]);
}
