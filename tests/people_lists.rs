//! The list of its people that a school keeps in Excel: `people = "danh-sach.xlsx"`.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use common::{Files, HOLIDAYS, plan, task};
use nhacviec::people::Recipient;
use nhacviec::people_list::{ListTexts, RoleRow, workbook};
use serde_json::Value;

/// A school whose people all stand in its list.
const CONFIG: &str = r#"
plan = "plan.toml"
people = "danh-sach.csv"
admin = "Quản trị"

[organisation]
name = "Trường Tiểu học Kim Đồng"

[school_year]
start = 2023-09-05
terms = [2024-01-14, 2024-05-25]
end = 2024-05-31

[calendar]
holidays = "holidays.toml"

[[escalation]]
after = "7d"
to = ["Hiệu trưởng"]

[channel.email]
kind = "smtp"
host = "127.0.0.1"
port = 25
tls = "none"
from = "nhacviec@kimdong.example"
"#;

/// What every list of these tests begins with: the two whom the configuration names.
const HEAD: &str = "TT,Họ và tên,Chức vụ,Tổ,Email,Điện thoại\n\
    1,Nguyễn Văn An,Hiệu trưởng,BGH,an@kimdong.example,0912 345 678\n\
    2,Bùi Văn Khoa,\"GV Tin học, Quản trị\",4-5,khoa@kimdong.example,\n";

fn school(list: &str) -> Files {
    let files = Files::new(CONFIG, &plan(&[task("1.1", "Hiệu trưởng", "time = \"10/2023\"")]));
    files.write("holidays.toml", HOLIDAYS);
    files.write("danh-sach.csv", list);
    files
}

/// The last word of a name, without diacritics.
fn text(name: &str) -> String {
    nhacviec::text::fold(name.rsplit(' ').next().unwrap_or_default())
}

/// Whom the configuration knows, by name.
fn people(files: &Files) -> BTreeMap<String, Recipient> {
    let settings = files.load().school.settings;
    let people = &settings.people;
    people.iter().map(|(_, person)| (person.name.clone(), person.clone())).collect()
}

/// The names of those whom a name means.
fn meant(files: &Files, name: &str) -> Vec<String> {
    let settings = files.load().school.settings;
    let people = &settings.people;
    let ids = people.resolve(name).unwrap_or_default();
    ids.iter().map(|id| people.get(*id).name.clone()).collect()
}

/// What was found in the list, as `row:column code: text`.
fn doubts(files: &Files) -> Vec<String> {
    let in_list = |found: &Value| found["file"].as_str().unwrap().ends_with("danh-sach.csv");
    let told = |found: Value| {
        let text = found["text"].as_str().unwrap_or_default().to_owned();
        format!("{}:{} {}: {text}", found["line"], found["column"], found["code"].as_str().unwrap())
    };
    files.findings().into_iter().filter(in_list).filter(|found| found["code"] != "never-told").map(told).collect()
}

#[test]
fn a_list_says_who_there_is_what_they_do_and_how_they_are_reached() {
    let files = school(&format!("{HEAD}3,TRẦN THỊ BÌNH,PHT - CTCĐ,BGH,binh@kimdong.example,0987 654 321\n"));
    let people = people(&files);
    assert_eq!(people["Nguyễn Văn An"].email.as_deref(), Some("an@kimdong.example"));
    assert_eq!(people["Nguyễn Văn An"].phone.as_deref(), Some("0912 345 678"));
    assert_eq!(people["Trần Thị Bình"].roles, ["Phó Hiệu trưởng", "CTCĐ", "Ban giám hiệu"]);
    assert_eq!(meant(&files, "Ban giám hiệu"), ["Nguyễn Văn An", "Trần Thị Bình"]);
    assert_eq!(meant(&files, "Quản trị"), ["Bùi Văn Khoa"]);
    assert_eq!(doubts(&files), [""; 0]);
}

#[test]
fn headings_stand_in_any_order_wording_and_place() {
    let an = |list: &str| {
        let files = school(list);
        let people = people(&files);
        let an = &people["Nguyễn Văn An"];
        (an.email.clone(), an.phone.clone(), meant(&files, "Quản trị").len(), doubts(&files))
    };
    let expected = (Some("an@kimdong.example".to_owned()), Some("0912345678".to_owned()), 1, Vec::new());
    let lists = [
        "Email,SĐT,Nhiệm vụ,Họ tên\nan@kimdong.example,0912345678,HT; quản trị,Nguyễn Văn An\n",
        "PHÒNG GD&ĐT,,,\nTRƯỜNG TIỂU HỌC KIM ĐỒNG,,,\nDANH SÁCH CÁN BỘ\n,,,\n\
         STT;Họ và tên đệm;Tên;Ngày sinh;Chức danh;Kiêm nhiệm;Địa chỉ thư điện tử;Số điện thoại\n\
         1;Nguyễn Văn;An;01/02/1980;Hiệu trưởng;Quản trị;an@kimdong.example;0912345678\n",
        "\u{feff}TT\tHọ và tên\tChức vụ\tLiên hệ\t\n\t\t\tĐiện thoại\tE-mail\n\
         1\tNGUYỄN VĂN AN\tHiệu Trưởng/Quản trị\t0912345678\tan@kimdong.example\n",
        "Họ tên,Chức vụ,Email,SĐT\n\
         Nguyễn Văn An,\"Hiệu trưởng; Quản trị; Bí thư; Chủ tịch\",an@kimdong.example,0912345678\n",
        "Tổ văn phòng,,,\nHọ và tên,Chức vụ,Email,Điện thoại (Zalo)\n\
         I. BAN GIÁM HIỆU,,,\nNguyễn Văn An,\"Hiệu trưởng\nQuản trị\",an@kimdong.example,0912345678\n\
         ,,,\n,,\"Thanh Hưng, ngày 1 tháng 9 năm 2023\",\n,,HIỆU TRƯỞNG,\n",
    ];
    for list in lists {
        assert_eq!(an(list), expected, "{list}");
    }
}

#[test]
fn whatever_keeps_somebody_from_being_told_is_told_with_its_cell() {
    let cases = [
        ("3,Lý Thị Oanh,Y tế,,,", "4:5 no-address: "),
        ("3,Lý Thị Oanh,Y tế,,oanh@gmial.com,", "4:5 mistyped-address: oanh@gmial.com"),
        ("3,Lý Thị Oanh,Y tế,,an@kimdong.example,", "4:5 shared-address: an@kimdong.example"),
        ("3,Lý Thị Oanh,Y tế,,lý-oanh@kimdong.example,", "4:5 bad-address: lý-oanh@kimdong.example"),
        ("3,Lý Thị Oanh,Y tế,,oanh@kimdong,", "4:5 bad-address: oanh@kimdong"),
        ("3,Lý Thị Oanh,Y tế,,không có,", "4:5 bad-address: không có"),
        (
            "3,Lý Thị Oanh,Y tế,,oanh@kimdong.example; y-te@kimdong.example,",
            "4:5 several-addresses: oanh@kimdong.example; y-te@kimdong.example",
        ),
        ("3,Nguyễn Văn An,Bảo vệ,,an-2@kimdong.example,", "4:5 doubled-name: an-2@kimdong.example"),
        ("3,,,,oanh@kimdong.example,", "4:2 unread-row: "),
        ("3,Lý Thị Oanh,Y tế,,oanh@kimdong.example,chưa có", "4:6 bad-phone: chưa có"),
    ];
    for (row, expected) in cases {
        let found = doubts(&school(&format!("{HEAD}{row}\n")));
        // Who is called wrongly has no address either.
        assert_eq!(found.first().map(String::as_str), Some(expected), "{row}: {found:?}");
    }
    let files = school("Họ và tên,Chức vụ,Liên lạc\nNguyễn Văn An,\"HT, Quản trị\",an@kimdong.example\n");
    assert_eq!(doubts(&files)[0], "2:3 unread-column: an@kimdong.example");
    let files = school("Trường,Lớp\nKim Đồng,1A\n");
    assert!(files.codes().contains(&"no-people".to_owned()));
}

#[test]
fn what_a_list_says_in_a_column_that_is_not_read_is_told_with_its_first_cell() {
    let list = |headings: &str, cells: &str| {
        let row =
            |name: &str, role: &str, cells: &str| format!("{name},{role},{}@kimdong.example,{cells}\n", text(name));
        let first = row("Nguyễn Văn An", "\"HT, Quản trị\"", ",,");
        doubts(&school(&format!("Họ và tên,Chức vụ,Email,{headings}\n{first}{}", row("Lý Thị Oanh", "Y tế", cells))))
    };
    assert_eq!(list("Ghi chú,,", "nghỉ thai sản,,"), ["3:4 unread-column: nghỉ thai sản"]);
    assert_eq!(list(",Ngày sinh,", "nghỉ từ 1/10,1/2/1990,"), ["3:4 unread-column: nghỉ từ 1/10"]);
    assert_eq!(list("Trình độ,Giới tính,Ghi chú", "Đại học,Nữ,chuyển trường"), ["3:6 unread-column: chuyển trường"]);
    // An empty one says nothing, and what lists say of everybody is no doubt.
    assert_eq!(list("Ghi chú,Năm vào ngành,Số CCCD", ",2010,0123"), Vec::<String>::new());
}

#[test]
fn check_shows_a_mistake_in_a_list_with_what_was_probably_meant() {
    let list = format!(
        "{HEAD}3,Lý Thị Oanh,Y tế,VP,oanh@gmail,com,\n4,Ngô Thị Lan,Thư viện,VP,lan@gmial.com,\n5,Cao Thị Nga,VT,VP,,\n"
    );
    let files = school(&list.replace("oanh@gmail,com", "\"oanh@gmail,com\""));
    let output = files.program(&["check"]).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!(shown.replace(&format!("{}/", files.folder.path().display()), ""));
}

#[test]
fn somebody_in_two_rows_or_lists_holds_the_roles_of_both() {
    let files = school(&format!("{HEAD}3,Nguyễn Văn An,Chi bộ,,,\n"));
    assert_eq!(people(&files)["Nguyễn Văn An"].roles, ["Hiệu trưởng", "Ban giám hiệu", "Chi bộ"]);
    files.set("people", "[\"danh-sach.csv\", \"them.csv\"]");
    files.write("them.csv", "Họ và tên,Chức vụ,Email\nNguyễn Văn An,Trưởng Ban TTND,\n,Thư viện,lan@kimdong.example\n");
    assert_eq!(meant(&files, "Ban thanh tra nhân dân"), ["Nguyễn Văn An"]);
    assert_eq!(meant(&files, "Thư viện"), ["Nhân viên thư viện"]);
}

#[test]
fn a_role_means_all_who_hold_it_even_where_one_has_no_name() {
    let files = school(&format!(
        "{HEAD}3,,GVCN,,cn-1@kimdong.example,\n4,,GVCN,,cn-2@kimdong.example,\n5,Vũ Thị Giang,GVCN 1A,,giang@kimdong.example,\n"
    ));
    assert_eq!(meant(&files, "GVCN"), ["Giáo viên chủ nhiệm", "Giáo viên chủ nhiệm (2)", "Vũ Thị Giang"]);
    assert_eq!(doubts(&files), [""; 0]);
}

#[test]
fn the_configuration_adds_to_the_list() {
    let files = school(HEAD);
    files.append(
        "[[person]]\nname = \"Nguyễn Văn An\"\nroles = [\"Chi bộ\"]\nemail = \"ht@kimdong.example\"\n\
         away = [{ from = 2024-01-08, to = 2024-01-19, deputy = \"Bùi Văn Khoa\" }]\n\n\
         [[person]]\nname = \"Mai Văn Phúc\"\nroles = [\"Bảo vệ\"]\nemail = \"phuc@kimdong.example\"\n",
    );
    let people = people(&files);
    let an = &people["Nguyễn Văn An"];
    assert_eq!((an.email.as_deref(), an.away.len()), (Some("ht@kimdong.example"), 1));
    assert_eq!(meant(&files, "Chi bộ"), ["Nguyễn Văn An"]);
    assert_eq!(meant(&files, "Hiệu trưởng"), ["Nguyễn Văn An"]);
    assert_eq!(people.len(), 3);
}

#[test]
fn the_usual_abbreviations_mean_those_who_hold_the_role_unless_they_are_switched_off() {
    let list = format!(
        "{HEAD}3,Trần Thị Bình,PHT,BGH,binh@kimdong.example,\n4,Đinh Thị Mai,Kế toán,VP,mai@kimdong.example,\n\
         5,Phạm Thị Dung,Tổ trưởng,1-3,dung@kimdong.example,\n6,Vũ Thị Giang,GVCN 1A,1-3,giang@kimdong.example,\n"
    );
    let files = school(&list);
    let cases: &[(&str, &[&str])] = &[
        ("HT", &["Nguyễn Văn An"]),
        ("PHT", &["Trần Thị Bình"]),
        ("BGH", &["Nguyễn Văn An", "Trần Thị Bình"]),
        ("KT", &["Đinh Thị Mai"]),
        ("TTCM", &["Phạm Thị Dung"]),
        ("Tổ trưởng tổ 1-3", &["Phạm Thị Dung"]),
        ("Tổ 1-3", &["Phạm Thị Dung"]),
        ("Tổ văn phòng", &["Đinh Thị Mai"]),
        ("GVCN", &["Vũ Thị Giang"]),
        ("GV", &["Bùi Văn Khoa", "Vũ Thị Giang"]),
        ("TPT", &[]),
    ];
    for (name, holders) in cases {
        assert_eq!(meant(&files, name), *holders, "{name}");
    }
    // What the configuration says of a word counts.
    files.append("[aliases]\n\"KT\" = [\"Bùi Văn Khoa\"]\n");
    assert_eq!(meant(&files, "KT"), ["Bùi Văn Khoa"]);
    files.add("abbreviations", "false");
    assert_eq!(meant(&files, "HT"), [""; 0]);
    assert_eq!(meant(&files, "KT"), ["Bùi Văn Khoa"]);
}

#[test]
fn a_conversation_on_zalo_is_a_way_to_be_told_and_a_number_is_not() {
    let list = "Họ và tên,Chức vụ,Email,Zalo\nNguyễn Văn An,\"HT, Quản trị\",an@kimdong.example,0912345678\n\
        Lý Thị Oanh,Y tế,,3f9a1c77be\nCao Thị Nga,VT,nga@kimdong.example,77be3f9a1c\n";
    let files = school(list);
    files.secret("token", "123:abc");
    files.append("[channel.zalo]\nkind = \"zalo\"\ntoken_file = \"token\"\n");
    let people = people(&files);
    assert_eq!(people["Nguyễn Văn An"].phone.as_deref(), Some("0912345678"));
    assert_eq!(people["Nguyễn Văn An"].via, ["email"]);
    assert_eq!(people["Lý Thị Oanh"].via, ["zalo"]);
    assert_eq!(people["Cao Thị Nga"].via, ["email", "zalo"]);
    assert_eq!(doubts(&files), ["2:4 no-conversation: 0912345678"]);
}

#[test]
fn whoever_has_zalo_alone_counts_below_a_gap_too_and_a_list_with_zalo_needs_its_channel() {
    let list = "TT,Họ và tên,Chức vụ,Email,Điện thoại,Di động,Zalo\n\
        1,Nguyễn Văn An,Hiệu trưởng,an@kimdong.example,,0912 345 678,\n\
        2,Bùi Văn Khoa,Quản trị,khoa@kimdong.example,,,\n,,,,,,\n3,Đinh Thị Mai,Kế toán,,,,f3e2d1\n";
    let files = school(list);
    assert_eq!(people(&files)["Nguyễn Văn An"].phone.as_deref(), Some("0912 345 678"), "the second column of numbers");
    assert_eq!(meant(&files, "Kế toán"), ["Đinh Thị Mai"]);
    assert_eq!(doubts(&files), ["5:7 no-zalo-channel: f3e2d1", "5:4 no-address: "]);
}

#[test]
fn a_list_says_how_messages_address_somebody() {
    let files = school(
        "Họ và tên,Chức vụ,Email,Xưng hô\nNguyễn Văn An,\"HT, Quản trị\",an@kimdong.example,Thầy\n\
         Lý Thị Oanh,Y tế,oanh@kimdong.example,oanh@kimdong.example\n",
    );
    let people = people(&files);
    assert_eq!(people["Nguyễn Văn An"].address.as_deref(), Some("Thầy"));
    assert_eq!(people["Lý Thị Oanh"].address, None);
    assert_eq!(doubts(&files), ["3:4 bad-form-of-address: oanh@kimdong.example"]);
}

#[test]
fn the_admin_must_have_an_address() {
    let files = school("Họ và tên,Chức vụ,Email\nNguyễn Văn An,HT,an@kimdong.example\nBùi Văn Khoa,Quản trị,\n");
    assert!(files.try_load().is_err());
    assert!(files.codes().contains(&"missing-address".to_owned()));
}

#[test]
fn a_workbook_to_fill_in_is_read_as_it_was_written() {
    let texts = ListTexts {
        sheet: "Danh sách",
        headings: ["Họ và tên", "Chức vụ, nhiệm vụ", "Tổ", "Email", "Điện thoại", "Zalo", "Xưng hô"],
    };
    let row = |role: &str, email: Option<&str>| RoleRow { role: role.to_owned(), email: email.map(str::to_owned) };
    let rows =
        [row("Hiệu trưởng", None), row("Quản trị", Some("khoa@kimdong.example")), row("Hội <khuyến học> & Đội", None)];
    let files = school("");
    std::fs::write(files.path("danh-sach.xlsx"), workbook(&texts, &rows).unwrap()).unwrap();
    files.set("people", "\"danh-sach.xlsx\"");
    let people = people(&files);
    assert_eq!(people["Quản trị"].email.as_deref(), Some("khoa@kimdong.example"));
    let codes: Vec<String> = files.codes().into_iter().filter(|code| code != "never-told").collect();
    assert_eq!(codes, ["no-address", "no-address"]);
}

#[test]
fn a_sign_that_only_merges_headings_divides_no_list_however_many_rows_hold_one_of_it() {
    for (sign, within) in [(";", ","), (",", ";")] {
        let list = "Họ và tên|Chức vụ? nhiệm vụ|Email\n\
            Nguyễn Văn An|Hiệu trưởng? Trưởng Ban TTND|an@kimdong.example\n\
            Trần Thị Bình|Phó Hiệu trưởng? Bí thư\nLê Văn Cường|Kế toán? Văn thư\n\
            Bùi Văn Khoa|Giáo viên? Quản trị|khoa@kimdong.example\n";
        let files = school(&list.replace('|', sign).replace('?', within));
        let names: Vec<String> = people(&files).into_keys().collect();
        assert_eq!(names, ["Bùi Văn Khoa", "Lê Văn Cường", "Nguyễn Văn An", "Trần Thị Bình"], "{sign:?}");
        assert_eq!(meant(&files, "Trưởng Ban TTND"), ["Nguyễn Văn An"], "{sign:?}");
    }
}

#[test]
fn the_sign_between_cells_is_the_one_that_divides_the_headings() {
    let list = "TT|Họ và tên|Chức vụ|Email\n\
        1|Nguyễn Văn An|Hiệu trưởng? Trưởng ban CSVC? Trưởng ban thi đua? Chủ tịch hội đồng|an@kimdong.example\n\
        2|Bùi Văn Khoa|Quản trị? GV Tin học? Thư ký hội đồng? Nhân viên thư viện|khoa@kimdong.example\n";
    for (sign, within) in [(",", ";"), (";", ","), ("\t", ";"), ("\t", ",")] {
        let files = school(&list.replace('|', sign).replace('?', within));
        let names: Vec<String> = people(&files).into_keys().collect();
        assert_eq!(names, ["Bùi Văn Khoa", "Nguyễn Văn An"], "{sign:?}");
        assert_eq!(meant(&files, "Thư ký hội đồng"), ["Bùi Văn Khoa"], "{sign:?}");
    }
}
