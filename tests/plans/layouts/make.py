#!/usr/bin/env python3
"""Makes the plans of this folder, in layouts that schools use, and beside each what a careful secretary reads (`*.json`).
Needs python-docx and openpyxl.

    python3 tests/plans/layouts/make.py

In a task "?" stands for what nobody can read: there must be a doubt, and no value."""

import json
import zipfile
from datetime import date
from pathlib import Path

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

HERE = Path(__file__).parent
HEAD = ["TRƯỜNG TIỂU HỌC KIM ĐỒNG", "Số: 45/KH-THKĐ", "Bình Minh, ngày 15 tháng 9 năm 2023", "KẾ HOẠCH",
        "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "NĂM HỌC 2023 - 2024"]
YEAR = {"START": "2023-09-05", "T1": "2024-01-14", "T2": "2024-05-25", "END": "2024-05-31"}
OCTOBER = {"start": "2023-10-01", "due": "2023-10-31"}


def task(remedy, lead, start, due, **more):
    return {"remedy": remedy, "lead": lead if isinstance(lead, str) else list(lead), "start": start, "due": due, **more}


def expect(name, about, tasks, **more):
    told = {"document": name, "about": about, "config": YEAR, "tasks": tasks, **more}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (HERE / (Path(name).stem + ".json")).write_text(text + "\n")


def word(head=HEAD):
    document = docx.Document()
    for line in head:
        document.add_paragraph(line)
    return document


def table(document, rows):
    made = document.add_table(rows=0, cols=max(len(row) for row in rows))
    for texts in rows:
        cells = made.add_row().cells
        for cell, text in zip(cells, texts):
            cell.text = text
    return made


def across(made, row, first, last):
    text = made.cell(row, first).text
    merged = made.cell(row, first).merge(made.cell(row, last))
    merged.text = text


def down(made, column, first, last):
    text = made.cell(first, column).text
    merged = made.cell(first, column).merge(made.cell(last, column))
    merged.text = text


def months_and_weeks():
    name = "01-thang-va-tuan.docx"
    document = word()
    made = table(document, [
        ["TT", "Công tác trọng tâm", "Tuần", "Cá nhân thực hiện", "Ghi chú"],
        ["THÁNG 9/2023", "", "", "", ""],
        ["1", "Đại hội chi đội", "Tuần 4", "TPT", ""],
        ["THÁNG 10/2023", "", "", "", ""],
        ["1", "Thi giáo viên giỏi cấp trường", "2", "PHT", ""],
        ["2", "Kiểm tra vở sạch chữ đẹp", "Tuần 3", "TTCM", ""],
    ])
    across(made, 1, 0, 4)
    across(made, 3, 0, 4)
    document.save(HERE / name)
    expect(name, "months as bands over the whole width, weeks in a column", [
        task("Đại hội chi đội", ["Tổng phụ trách Đội"], "2023-09-22", "2023-09-28"),
        task("Thi giáo viên giỏi cấp trường", ["Phó Hiệu trưởng"], "2023-10-08", "2023-10-14"),
        task("Kiểm tra vở sạch chữ đẹp", ["Tổ trưởng chuyên môn"], "2023-10-15", "2023-10-21"),
    ])


def carried_out():
    name = "02-to-chuc-thuc-hien.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiêu chí", "Cách thức thực hiện", "Tổ chức thực hiện", "", ""],
        ["", "", "", "Chủ trì", "Phối hợp", "Thời gian"],
        ["1", "1.4", "Sắp xếp hồ sơ", "Văn thư", "Kế toán", "10/2023"],
        ["2", "2.2", "Dự giờ", "PHT", "TTCM", "11/2023"],
    ])
    across(made, 0, 3, 5)
    for column in range(3):
        down(made, column, 0, 1)
    document.save(HERE / name)
    expect(name, "'Tổ chức thực hiện' over lead, helpers and time", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4", **{"with": ["Kế toán"]}),
        task("Dự giờ", ["Phó Hiệu trưởng"], "2023-11-01", "2023-11-30", criterion="2.2",
             **{"with": ["Tổ trưởng chuyên môn"]}),
    ])


def who_checks():
    name = "03-nguoi-kiem-tra.docx"
    document = word()
    table(document, [
        ["TT", "Nội dung", "Biện pháp", "Người chỉ đạo", "Người thực hiện", "Người kiểm tra", "Thời gian kiểm tra", "Hạn"],
        ["1", "Hồ sơ", "Số hóa hồ sơ", "HT", "Văn thư", "PHT", "5/2024", "31/12/2023"],
        ["2", "Thư viện", "Bổ sung sách", "HT", "Thư viện", "PHT", "5/2024", "15/3/2024"],
    ])
    document.save(HERE / name)
    expect(name, "who checks and when is neither lead nor due; who directs is no lead", [
        task("Số hóa hồ sơ", ["Nhân viên văn thư"], None, "2023-12-31", state="Hồ sơ"),
        task("Bổ sung sách", ["Nhân viên thư viện"], None, "2024-03-15", state="Thư viện"),
    ])


def standards_aside():
    name = "04-tieu-chuan-tieu-chi.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for line in HEAD[1:]:
        sheet.append([line])
    sheet.append(["STT", "Tiêu chuẩn", "Tiêu chí", "Giải pháp", "Giao cho", "Nháp", "Thời hạn", "Tỉ lệ hoàn thành"])
    sheet.append([1, "Tiêu chuẩn 1", 4, "Sắp xếp hồ sơ", "Văn thư", "bỏ", date(2023, 10, 20), 0.4])
    sheet.append([2, None, 10, "Nạp bình chữa cháy", "Bảo vệ", "bỏ", date(2023, 11, 1), 1])
    sheet.append([3, "Tiêu chuẩn 2", 2, "Dự giờ", "PHT", "bỏ", date(2023, 12, 1), None])
    for row in (7, 8, 9):
        sheet.cell(row, 7).number_format = "dd/mm/yyyy" if row != 9 else "mm/yyyy"
        sheet.cell(row, 8).number_format = "0%"
    sheet.merge_cells("B7:B8")
    sheet.column_dimensions["F"].hidden = True
    sheet.append(["Cộng", None, None, None, None, None, None, None])
    book.save(HERE / name)
    expect(name, "standard and criterion side by side as numbers, a hidden column, per cent by number format, a sum", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], None, "2023-10-20", criterion="1.4", status="in_progress",
             percent=40),
        task("Nạp bình chữa cháy", ["Bảo vệ"], None, "2023-11-01", criterion="1.10", status="done"),
        task("Dự giờ", ["Phó Hiệu trưởng"], "2023-12-01", "2023-12-31", criterion="2.2"),
    ])


def vni():
    name = "05-font-vni.docx"
    document = word()
    made = table(document, [
        ["TT", "Tieâu chí", "Bieän phaùp", "Ngöôøi thöïc hieän", "Thôøi gian"],
        ["1", "1.4", "Saép xeáp laïi hoà sô löu tröõ", "Hieäu tröôûng, Keá toaùn", "Thaùng 10/2023"],
        ["2", "2.2", "Boài döôõng ñoäi nguõ", "Phoù Hieäu tröôûng", "Hoïc kyø I"],
        ["3", "3.5", "Mua saùch", "Thư viện", "11/2023"],
    ])
    for row, cells in enumerate(made.rows):
        for column, cell in enumerate(cells.cells):
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    # The last row's name was typed in Unicode although the font is the old one.
                    run.font.name = "VNI-Times"
    document.save(HERE / name)
    expect(name, "a table in VNI, with one name typed in Unicode", [
        task("Sắp xếp lại hồ sơ lưu trữ", ["Hiệu trưởng", "Kế toán"], **OCTOBER, criterion="1.4"),
        task("Bồi dưỡng đội ngũ", ["Phó Hiệu trưởng"], "2023-09-05", "2024-01-14", criterion="2.2"),
        task("Mua sách", ["Nhân viên thư viện"], "2023-11-01", "2023-11-30", criterion="3.5"),
    ])


NUMBERING = """<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Tiêu chuẩn %1:"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Tiêu chí %1.%2"/></w:lvl></w:abstractNum>"""


def numbered_by_word():
    name = "06-word-tu-danh-so.docx"
    document = word()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))

    def number(paragraph, level):
        xml = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(xml))

    tasks = []
    for standard, title in ((2, "Cán bộ quản lý, giáo viên"), (3, "Cơ sở vật chất")):
        number(document.add_paragraph(title), 0)
        made = table(document, [
            ["TT", "Tiêu chí", "Hướng khắc phục", "Trách nhiệm", "Hạn hoàn thành"],
            ["1", "", f"Việc thứ nhất của tiêu chuẩn {standard}", "PHT", "30/10/2023"],
            ["2", "", f"Việc thứ hai của tiêu chuẩn {standard}", "KT", "30/11/2023"],
        ])
        for row in (1, 2):
            number(made.cell(row, 1).paragraphs[0], 1)
        tasks += [
            task(f"Việc thứ nhất của tiêu chuẩn {standard}", ["Phó Hiệu trưởng"], None, "2023-10-30",
                 criterion=f"{standard}.1"),
            task(f"Việc thứ hai của tiêu chuẩn {standard}", ["Kế toán"], None, "2023-11-30", criterion=f"{standard}.2"),
        ]
    document.save(HERE / name)
    expect(name, "standards above the tables and criteria in them numbered by Word", tasks)


def sheet_a_month():
    name = "07-moi-thang-mot-trang.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for month, rows in (("Tháng 10-2023", [["1", "Họp hội đồng", "HT", "Tuần 1"], ["2", "Thao giảng", "TTCM", "Tuần 2, 3"]]),
                        ("Tháng 11-2023", [["1", "Mít tinh 20/11", "CĐ", "20"], ["2", "Nộp báo cáo", "Văn thư", "25/11"]])):
        sheet = book.create_sheet(month)
        if month.startswith("Tháng 10"):
            for line in HEAD[1:]:
                sheet.append([line])
        sheet.append(["TT", "Việc cần làm", "Đầu mối", "Ngày thực hiện"])
        for row in rows:
            sheet.append(row)
    book.save(HERE / name)
    expect(name, "a sheet for each month, weeks and days of that month in it", [
        task("Họp hội đồng", ["Hiệu trưởng"], "2023-10-01", "2023-10-07"),
        task("Thao giảng", ["Tổ trưởng chuyên môn"], "2023-10-08", "2023-10-21"),
        task("Mít tinh 20/11", ["Công đoàn"], None, "2023-11-20"),
        task("Nộp báo cáo", ["Nhân viên văn thư"], None, "2023-11-25"),
    ])


def struck_and_boxed():
    name = "08-gach-bo-va-o-ve.docx"
    document = word(HEAD[:1] + HEAD[3:])
    box = f"""<w:r {nsdecls("w")}><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>
<w:p><w:r><w:t>Số: 45/KH-THKĐ</w:t></w:r></w:p><w:p><w:r><w:t>Bình Minh, ngày 15 tháng 9 năm 2023</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""
    document.paragraphs[0]._p.append(parse_xml(box))
    made = table(document, [
        ["TT", "Tiêu chí", "Biện pháp", "Người TH", "TG"],
        ["1", "1.4", "Sắp xếp hồ sơ", "", "10/2023"],
        ["2", "2.2", "Dự giờ", "PHT", ""],
    ])
    paragraph = made.cell(1, 3).paragraphs[0]
    paragraph.add_run("Kế toán ").font.strike = True
    paragraph.add_run("Văn thư")
    paragraph = made.cell(2, 4).paragraphs[0]
    paragraph.add_run("30/10/2023").font.double_strike = True
    paragraph.add_run(" 30/11/2023")
    document.save(HERE / name)
    expect(name, "struck names and dates, number and date in a text box", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4"),
        task("Dự giờ", ["Phó Hiệu trưởng"], None, "2023-11-30", criterion="2.2"),
    ], letterhead={"number_not": [name, Path(name).stem], "issued_from": "2023-09-15"})


def two_line_csv():
    name = "09-hai-dong-tieu-de.csv"
    rows = ["Số: 45/KH-THKĐ;;;;;", '"Bình Minh, ngày 15 tháng 9 năm 2023";;;;;', "STT;Nội dung công việc;Thành phần;Thời gian;;Ghi chú",
            ";;;Bắt đầu;Kết thúc;", "1;Kiểm kê tài sản;KT, bảo vệ;01/12/2023;31/12/2023;",
            "2;Đại hội công đoàn;Công đoàn;20/10/2023;25/10/2023;", ";;;;;"]
    (HERE / name).write_text("\n".join(rows) + "\n")
    expect(name, "CSV with two lines of headings and no merged cells", [
        task("Kiểm kê tài sản", ["Kế toán", "Bảo vệ"], "2023-12-01", "2023-12-31"),
        task("Đại hội công đoàn", ["Công đoàn"], "2023-10-20", "2023-10-25"),
    ])


def signed_below():
    name = "10-ky-ten-duoi-bang.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for line in HEAD[1:]:
        sheet.append([line])
    sheet.append(["STT", "Kế hoạch cải tiến", "Nhân lực", "Lộ trình", "Kinh phí"])
    sheet.append([1, "Lát lại sân trường", "Hiệu trưởng", "Quý IV/2023", 20000000])
    sheet.append([2, "Trồng cây", "TPT; GVCN", "Học kỳ II", 3000000])
    sheet.append([None, "Tổng kinh phí", None, None, 23000000])
    sheet.append([])
    sheet.append([None, "NGƯỜI LẬP BIỂU", None, "HIỆU TRƯỞNG"])
    sheet.append([None, "(Ký, ghi rõ họ tên)", None, "(Ký tên, đóng dấu)"])
    sheet.append([None, "Đinh Thị Mai", None, "Nguyễn Văn An"])
    book.save(HERE / name)
    expect(name, "sum and signatures in the rows below the plan", [
        task("Lát lại sân trường", ["Hiệu trưởng"], "2023-10-01", "2023-12-31"),
        task("Trồng cây", ["Tổng phụ trách Đội", "Giáo viên chủ nhiệm"], "2024-01-15", "2024-05-25"),
    ])


def last_year_behind():
    name = "11-phu-luc-nam-truoc.docx"
    document = word()
    heads = ["TT", "Nội dung", "Người thực hiện", "Thời gian"]
    table(document, [heads, ["1", "Mua thiết bị lớp 4", "KT", "10/2023"], ["2", "Tập huấn sách giáo khoa mới", "PHT", "12/2023"]])
    document.add_paragraph("PHỤ LỤC: KẾT QUẢ THỰC HIỆN NĂM HỌC 2022 - 2023")
    table(document, [heads, ["1", "Mua thiết bị lớp 3", "KT", "10/2022"], ["2", "Tập huấn sách lớp 3", "PHT", "3/2023"]])
    document.save(HERE / name)
    expect(name, "last year's plan as an appendix: told, not read", [
        task("Mua thiết bị lớp 4", ["Kế toán"], **OCTOBER),
        task("Tập huấn sách giáo khoa mới", ["Phó Hiệu trưởng"], "2023-12-01", "2023-12-31"),
    ])


def marks_in_months():
    name = "12-danh-dau-thang.docx"
    document = word()
    made = table(document, [
        ["TT", "Hoạt động", "Phụ trách", "Thời gian thực hiện", "", "", ""],
        ["", "", "", "T9", "T10", "T11", "T12"],
        ["1", "Kiểm tra phòng cháy", "Bảo vệ", "x", "", "", ""],
        ["2", "Phụ đạo học sinh", "GVCN", "", "x", "x", "x"],
    ])
    across(made, 0, 3, 6)
    for column in range(3):
        down(made, column, 0, 1)
    document.save(HERE / name)
    expect(name, "months as columns with a cross in each", [
        task("Kiểm tra phòng cháy", ["Bảo vệ"], "2023-09-01", "2023-09-30"),
        task("Phụ đạo học sinh", ["Giáo viên chủ nhiệm"], "2023-10-01", "2023-12-31"),
    ])


def narrower_names():
    name = "13-ten-hep-hon.docx"
    document = word()
    rows = [
        ("NV thư viện", ["Nhân viên thư viện"], []), ("NV phục vụ", "?", []), ("GV tin học", "?", []),
        ("Tổ trưởng tổ văn phòng", "?", []), ("Đồng chí Hiệu trưởng Nguyễn Văn An", ["Hiệu trưởng"], []),
        ("HT chỉ đạo; văn thư thực hiện", ["Nhân viên văn thư"], ["Hiệu trưởng"]),
        ("* Chủ trì: PHT\n* Phối hợp: TTCM, GVCN", ["Phó Hiệu trưởng"], ["Tổ trưởng chuyên môn", "Giáo viên chủ nhiệm"]),
        ("Kế toán (chủ trì); văn thư, bảo vệ", ["Kế toán"], ["Nhân viên văn thư", "Bảo vệ"]),
        ("PHT và các đ/c TTCM", ["Phó Hiệu trưởng", "Tổ trưởng chuyên môn"], []),
        ("Hiệu trưởng giao kế toán thực hiện", ["Kế toán"], ["Hiệu trưởng"]),
    ]
    table(document, [["TT", "Tiêu chí", "Biện pháp", "Giao cho", "Thời gian"]] + [
        [str(place), f"1.{place}", f"Việc số {place} của năm", written, "10/2023"] for place, (written, _, _) in enumerate(rows, 1)])
    document.save(HERE / name)
    expect(name, "names that a word narrows, and who leads among several", [
        task(f"Việc số {place} của năm", lead, **OCTOBER, criterion=f"1.{place}", wording=written,
             **({"with": helpers} if lead != "?" else {}))
        for place, (written, lead, helpers) in enumerate(rows, 1)])


def foreign_column():
    name = "14-cot-la.docx"
    document = word()
    table(document, [
        ["TT", "Công việc", "Người cùng làm", "Người thực hiện", "Mốc", "Ký nhận"],
        ["1", "Nộp hồ sơ thi đua", "KT", "CĐ", "15/5/2024", ""],
        ["2", "Kiểm kê thư viện", "KT", "Thư viện", "31/12/2023", ""],
    ])
    document.save(HERE / name)
    expect(name, "a column of a heading that nobody knows is told", [
        task("Nộp hồ sơ thi đua", ["Công đoàn"], None, "2024-05-15"),
        task("Kiểm kê thư viện", ["Nhân viên thư viện"], None, "2023-12-31"),
    ])


def begun_and_done():
    name = "15-thuc-hien-hoan-thanh.docx"
    document = word()
    made = table(document, [
        ["TT", "Nội dung, biện pháp", "Thời gian", "", "Phân công", ""],
        ["", "", "Thực hiện", "Hoàn thành", "Thực hiện", "Kiểm tra"],
        ["1", "Sửa bàn ghế", "10/2023", "12/2023", "Bảo vệ", "HT"],
        ["2", "Sơn cổng trường", "01/3/2024", "15/3/2024", "KT", "HT"],
    ])
    across(made, 0, 2, 3)
    across(made, 0, 4, 5)
    document.save(HERE / name)
    expect(name, "two groups of headings with the same word below", [
        task("Sửa bàn ghế", ["Bảo vệ"], "2023-10-01", "2023-12-31"),
        task("Sơn cổng trường", ["Kế toán"], "2024-03-01", "2024-03-15"),
    ])


def criterion_inside():
    name = "16-tieu-chi-trong-noi-dung.docx"
    document = word()
    table(document, [
        ["TT", "Nội dung cải tiến", "Giải pháp", "Người chịu trách nhiệm", "Thời điểm"],
        ["1", "Tiêu chí 1.4: Quản lý hành chính", "Sắp xếp hồ sơ", "Văn thư", "Tháng 10"],
        ["2", "Tiêu chí 3.6. Thư viện", "Mua sách", "Thư viện", "Tháng 3"],
    ])
    document.save(HERE / name)
    expect(name, "no column of criteria: they stand before what is to be improved", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4"),
        task("Mua sách", ["Nhân viên thư viện"], "2024-03-01", "2024-03-31", criterion="3.6"),
    ])


def sections():
    name = "17-muc-la-ma.docx"
    document = word()
    table(document, [
        ["STT", "Nhiệm vụ", "Bộ phận thực hiện", "Thời gian hoàn thành"],
        ["I", "CÔNG TÁC TỔ CHỨC", "", ""],
        ["1", "Kiện toàn hội đồng", "HT", "30/9/2023"],
        ["II", "CƠ SỞ VẬT CHẤT", "", ""],
        ["2", "Rà soát thiết bị", "KT", "31/10/2023"],
        ["3", "Sửa điện", "Bảo vệ", "15/11/2023"],
    ])
    document.save(HERE / name)
    expect(name, "sections by Roman numbers are no tasks", [
        task("Kiện toàn hội đồng", ["Hiệu trưởng"], None, "2023-09-30"),
        task("Rà soát thiết bị", ["Kế toán"], None, "2023-10-31"),
        task("Sửa điện", ["Bảo vệ"], None, "2023-11-15"),
    ])


def raw(name, grid, rows, encoding="utf-8", main="word/document.xml"):
    def cell(text, span):
        return (f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>')

    trs = "".join("<w:tr>" + "".join(cell(text, span) for text, span in row) + "</w:tr>" for row in rows)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    head = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in HEAD)
    body = (f'<?xml version="1.0" encoding="{encoding}"?><w:document {nsdecls("w")}><w:body>{head}'
            f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{trs}</w:tbl></w:body></w:document>")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="/{main}"/></Relationships>')
    with zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", rels)
        archive.writestr(main, body.encode(encoding))


def dragged():
    name = "18-vien-cot-bi-keo.docx"
    raw(name, [500, 250, 1250, 2000, 240, 2800, 1500, 200, 1400], [
        [("TT", 1), ("Tiêu chí", 2), ("Điểm yếu", 1), ("Biện pháp", 2), ("Người thực hiện", 1), ("Thời gian", 2)],
        [("1", 2), ("1.4", 1), ("Chưa gọn", 2), ("Sắp xếp hồ sơ", 1), ("Văn thư", 2), ("10/2023", 1)],
        [("2", 1), ("2.2", 2), ("Ít", 1), ("Dự giờ", 2), ("PHT", 2), ("11/2023", 1)],
    ], encoding="utf-16", main="word/document2.xml")
    expect(name, "borders dragged by 4 mm in single rows, in UTF-16, in another main part", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4", state="Chưa gọn"),
        task("Dự giờ", ["Phó Hiệu trưởng"], "2023-11-01", "2023-11-30", criterion="2.2", state="Ít"),
    ])


def month_above():
    name = "19-thang-tren-bang.docx"
    document = word(HEAD[:3] + ["KẾ HOẠCH", "Công tác năm học 2023 - 2024"])
    for month, rows in (("1. Tháng 9 năm 2023", [["Khai giảng, ổn định nền nếp", "BGH"]]),
                        ("2. Tháng 10 năm 2023", [["Hội nghị viên chức", "HT, Công đoàn"], ["Khám sức khỏe", "Y tế"]])):
        document.add_paragraph(month)
        table(document, [["Nội dung", "Người phụ trách", "Ghi chú"]] + [row + [""] for row in rows])
    document.save(HERE / name)
    expect(name, "no column of time: each table stands below its month", [
        task("Khai giảng, ổn định nền nếp", ["Ban giám hiệu"], "2023-09-01", "2023-09-30"),
        task("Hội nghị viên chức", ["Hiệu trưởng", "Công đoàn"], **OCTOBER),
        task("Khám sức khỏe", ["Nhân viên y tế"], **OCTOBER),
    ])


def legal_bases():
    name = "20-can-cu-va-chuc-danh.docx"
    document = word(["UBND XÃ BÌNH MINH", "TRƯỜNG TIỂU HỌC KIM ĐỒNG", "Số: ...../KH-THKĐ", "Bình Minh, ngày ... tháng 9 năm 2023",
                     "KẾ HOẠCH", "Nâng cao chất lượng giáo dục", "Căn cứ Quyết định số 1234/QĐ-UBND ngày 15 tháng 8 năm 2023;",
                     "I. MỤC ĐÍCH", "Số: 99/KH ngày 1/1/2023 hết hiệu lực.", "II. NỘI DUNG"])
    made = table(document, [
        ["TT", "Tiêu chí", "Biện pháp", "Lãnh đạo phụ trách", "Người thực hiện", "Thời gian"],
        ["", "1. Tiêu chuẩn 1. Tổ chức và quản lý", "", "", "", ""],
        ["1", "Tiêu chí 4", "Sắp xếp hồ sơ", "HT", "Văn thư", "10/2023"],
        ["", "MỨC 4", "", "", "", ""],
        ["2", "Tiêu chí 1", "Ứng dụng công nghệ", "HT", "GVBM", "Cả năm học"],
    ])
    across(made, 1, 1, 5)
    across(made, 3, 1, 5)
    document.save(HERE / name)
    expect(name, "blanks in the letterhead, other numbers below it, who directs beside who does", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4"),
        task("Ứng dụng công nghệ", ["Giáo viên bộ môn"], "2023-09-05", "2024-05-31", criterion="M4.1"),
    ], letterhead={"number_not": ["1234/QĐ-UBND", "99/KH", "...../KH-THKĐ"], "issued_from": "2023-09-01"})


if __name__ == "__main__":
    for make in (months_and_weeks, carried_out, who_checks, standards_aside, vni, numbered_by_word, sheet_a_month,
                 struck_and_boxed, two_line_csv, signed_below, last_year_behind, marks_in_months, narrower_names,
                 foreign_column, begun_and_done, criterion_inside, sections, dragged, month_above, legal_bases):
        make()
