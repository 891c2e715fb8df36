#!/usr/bin/env python3
"""Makes the documents of this folder that stand for what schools write. Needs python-docx, openpyxl and LibreOffice.

    python3 tests/plans/make.py
"""

import subprocess
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

HERE = Path(__file__).parent
HEADINGS = ["TT", "Tiêu chí", "Điểm yếu", "Biện pháp thực hiện", "Người thực hiện", "Thời gian", "Kinh phí"]


def letterhead(document):
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "UBND XÃ\nTRƯỜNG TIỂU HỌC\nSố: 12/KH-TH"
    table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXã, ngày 05 tháng 9 năm 2023"
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("CẢI TIẾN CHẤT LƯỢNG")


def table(document, headings, rows):
    made = document.add_table(rows=0, cols=len(headings))
    for texts in [headings, *rows]:
        cells = made.add_row().cells
        for cell, text in zip(cells, texts):
            cell.text = text
    return made


def save(document, name):
    document.save(HERE / name)


def form_two():
    document = docx.Document()
    letterhead(document)
    headings = ["TT", "Nội dung cải tiến", "Mục tiêu cải tiến", "Hoạt động/giải pháp", "Chỉ số đánh giá kết quả",
                "Thời gian thực hiện", "Đơn vị/cá nhân phụ trách", "Nguồn lực bảo đảm",
                "Thông tin, dữ liệu hoặc minh chứng dự kiến", "Mức độ thực hiện"]
    table(document, headings, [
        [f"({number})" for number in range(1, 11)],
        ["1", "Tiêu chí 1.2: Công khai", "Đủ, đúng hạn", "Đăng kế hoạch lên trang thông tin", "12 bài", "10/2023",
         "Hiệu trưởng", "Không", "Ảnh chụp", "Đang thực hiện - 40%"],
        ["2", "Tiêu chí 2.1", "", "Bồi dưỡng giáo viên", "", "Học kỳ I", "PHT phối hợp với Tổ trưởng chuyên môn", "5 triệu",
         "", "Hoàn thành"],
    ])
    monitoring = table(document, ["Thời điểm", "Nội dung theo dõi", "Kết quả thực hiện", "Điều chỉnh", "Người đánh giá"],
                       [["Cuối học kỳ I", "Tiến độ", "", "", ""]])
    assert monitoring is not None
    save(document, "form-2.docx")


def merged_down():
    document = docx.Document()
    letterhead(document)
    made = table(document, HEADINGS, [
        ["", "Tiêu chuẩn 1: Tổ chức", "", "", "", "", ""],
        ["1", "Tiêu chí 1.1", "Chậm", "Đăng bài thường xuyên", "Hiệu trưởng", "10/2023", "Không"],
        ["", "", "", "Rà soát trang thông tin", "", "11/2023", ""],
        ["2", "Tiêu chí 1.2", "Thiếu", "Bổ sung hồ sơ", "Phó Hiệu trưởng", "12/2023", "Không"],
    ])
    made.cell(1, 1).merge(made.cell(1, 6))
    for column in (0, 1, 2, 4, 6):
        made.cell(2, column).merge(made.cell(3, column))
    save(document, "merged-down.docx")


def two_line_headings():
    document = docx.Document()
    letterhead(document)
    made = table(document, ["Số TT", "NỘI DUNG CÔNG VIỆC", "Phân công", "", "Thời gian", ""], [
        ["", "", "Chủ trì", "Phối hợp", "Bắt đầu", "Kết thúc"],
        ["1", "Tu sửa bàn ghế", "Hiệu trưởng", "Kế toán; Tổ trưởng chuyên môn", "01/10/2023", "15/11/2023"],
        ["2", "Mua sách", "PHT", "", "10/2023", "12/2023"],
    ])
    made.cell(0, 2).merge(made.cell(0, 3))
    made.cell(0, 4).merge(made.cell(0, 5))
    made.cell(0, 0).merge(made.cell(1, 0))
    made.cell(0, 1).merge(made.cell(1, 1))
    save(document, "two-line-headings.docx")


def page_breaks():
    document = docx.Document()
    letterhead(document)
    table(document, HEADINGS, [
        ["1", "1.1", "Chậm", "Đăng bài", "Hiệu trưởng", "10/2023", "Không"],
        HEADINGS,
        ["", "", "", "và trả lời phụ huynh", "", "", ""],
        ["2", "1.2", "Thiếu", "Bổ sung hồ sơ", "Kế toán", "12/2023", "Có"],
    ])
    document.add_page_break()
    table(document, ["3", "1.3", "Ít", "Tập huấn", "Phó Hiệu trưởng", "3/2024", "Không"], [])
    signature = document.add_table(rows=1, cols=2)
    signature.cell(0, 0).text = "Nơi nhận:\n- Lưu: VT."
    signature.cell(0, 1).text = "HIỆU TRƯỞNG"
    save(document, "page-breaks.docx")


def table_a_standard():
    document = docx.Document()
    letterhead(document)
    for number, title in ((1, "Tổ chức và quản lý"), (3, "Cơ sở vật chất")):
        document.add_paragraph(f"Tiêu chuẩn {number}: {title}")
        table(document, HEADINGS, [
            ["1", "Tiêu chí 1", "", f"Việc thứ nhất của tiêu chuẩn {number}", "Hiệu trưởng", "10/2023", ""],
            ["2", "Tiêu chí 2", "", f"Việc thứ hai của tiêu chuẩn {number}", "Kế toán", "11/2023", ""],
        ])
    save(document, "table-a-standard.docx")


def landscape_lists():
    document = docx.Document()
    letterhead(document)
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    made = table(document, HEADINGS, [["1", "Tiêu chí 5.1", "Ít", "", "Giáo viên chủ nhiệm các lớp", "Cả năm học", ""]])
    cell = made.cell(1, 3)
    cell.text = "Tổ chức:"
    for item in ("giao lưu Toán", "ngày hội đọc sách"):
        cell.add_paragraph(item, style="List Bullet")
    inner = cell.add_table(rows=1, cols=2)
    inner.cell(0, 0).text = "khối 1"
    inner.cell(0, 1).text = "khối 2"
    save(document, "landscape-lists.docx")


def tracked():
    document = docx.Document()
    letterhead(document)
    made = table(document, HEADINGS, [
        ["1", "Tiêu chí 1.1", "", "Đăng bài", "Hiệu trưởng", "", ""],
        ["2", "Tiêu chí 1.2", "", "Việc đã bỏ", "Hiệu trưởng", "11/2023", ""],
    ])
    paragraph = made.cell(1, 5).paragraphs[0]._p
    mark = 'w:id="1" w:author="GV" w:date="2023-09-01T00:00:00Z"'
    paragraph.append(parse_xml(f'<w:del {nsdecls("w")} {mark}><w:r><w:delText>9/2023</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins {nsdecls("w")} {mark}><w:r><w:t>10/2023</w:t></w:r></w:ins>'))
    properties = made.rows[2]._tr.get_or_add_trPr()
    properties.append(parse_xml(f'<w:del {nsdecls("w")} {mark}/>'))
    save(document, "tracked.docx")


def decomposed():
    document = docx.Document()
    letterhead(document)
    headings = [heading.upper().replace(" ", "\n") for heading in HEADINGS]
    rows = [["1", "Tiêu chí 2.2", "Yếu", "Bồi dưỡng", "Tổ trưởng chuyên môn chủ trì, Kế toán phối hợp", "Tháng 10 năm 2023", ""]]
    table(document, [unicodedata.normalize("NFD", heading) for heading in headings],
          [[unicodedata.normalize("NFD", text) for text in row] for row in rows])
    save(document, "decomposed.docx")


def plain_xml():
    """Word by hand, as small programs and exporters write it: no styles, entities, tabs, text in several runs."""
    def cell(*runs, span=1):
        grid = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else ""
        return f"<w:tc>{grid}<w:p>{''.join(f'<w:r>{run}</w:r>' for run in runs)}</w:p></w:tc>"

    def text(words):
        return f'<w:t xml:space="preserve">{words}</w:t>'

    def row(*cells):
        return f"<w:tr>{''.join(cells)}</w:tr>"

    rows = [
        row(*[cell(text(heading)) for heading in ("Nhiệm vụ", "Người phụ trách", "Thời hạn", "Ghi chú")]),
        row(cell(text("MỨC 4"), span=4)),
        row(cell(text("Tham khảo "), text("chương trình &amp; tài liệu"), "<w:tab/>", text("tiên tiến")),
            cell(text("Hi&#7879;u tr&#432;&#7903;ng"), text(" chỉ đạo "), text("Kế toán")),
            cell(text("15"), "<w:noBreakHyphen/>", text("11"), "<w:noBreakHyphen/>", text("2023")),
            cell("<w:fldChar/><w:instrText>PAGE</w:instrText>")),
    ]
    head = "<w:p><w:r><w:t>Số: 9/KH</w:t></w:r></w:p><w:p><w:r><w:t>Xã, ngày 1 tháng 10 năm 2023</w:t></w:r></w:p>"
    body = f"<w:document {nsdecls('w')}><w:body>{head}<w:tbl>{''.join(rows)}</w:tbl></w:body></w:document>"
    with zipfile.ZipFile(HERE / "plain-xml.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", '<?xml version="1.0" encoding="UTF-8"?>' + body)


def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kế hoạch"
    sheet["B2"] = "KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG"
    sheet["B3"] = "Số: 7/KH-TH, ngày 10 tháng 9 năm 2023"
    headings = ["STT", "Tiêu chuẩn, tiêu chí", "Nội dung", "Đơn vị chủ trì", "Phối hợp", "Thời gian", "Dự kiến kinh phí"]
    for column, heading in enumerate(headings, 2):
        sheet.cell(5, column, heading)
    rows = [
        [1, "Tiêu chí 1.1", "Đăng bài", "Hiệu trưởng", "Kế toán", date(2023, 10, 1), 1500000],
        [None, None, "Rà soát", None, None, date(2023, 11, 15), "=1000000+500000"],
        [2, "Tiêu chí 1.2", "Việc trong dòng ẩn", "PHT", "", "12/2023", None],
    ]
    for place, row in enumerate(rows, 6):
        for column, value in enumerate(row, 2):
            sheet.cell(place, column, value)
    sheet["G6"].number_format = "mmm-yy"
    sheet["G7"].number_format = "dd/mm/yyyy"
    for column in "BCEF":
        sheet.merge_cells(f"{column}6:{column}7")
    sheet.row_dimensions[8].hidden = True
    other = book.create_sheet("Danh sách")
    other["A1"] = "Họ tên"
    hidden = book.create_sheet("Nháp")
    for column, heading in enumerate(headings, 1):
        hidden.cell(1, column, heading)
    hidden.append([1, "1.9", "Việc nháp", "Hiệu trưởng", "", "10/2023", ""])
    hidden.sheet_state = "hidden"
    book.save(HERE / "workbook.xlsx")


def separated():
    rows = [HEADINGS,
            ["1", "Tiêu chí 3.1", "Cũ, hỏng", "Mua \"bàn ghế\";\nsửa tủ", "Hiệu trưởng, Kế toán", "10/2023", "Không"],
            ["2", "Tiêu chí 3.2", "", "Sơn tường", "Nhà trường", "Hè 2024", "Có"]]

    def text(sign):
        quoted = lambda cell: '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in f'{sign}"\n') else cell
        return "\r\n".join(sign.join(quoted(cell) for cell in row) for row in rows) + "\r\n"

    (HERE / "comma.csv").write_bytes(text(",").encode())
    (HERE / "semicolon-bom.csv").write_bytes(b"\xef\xbb\xbf" + text(";").encode())
    (HERE / "tab-utf-16.csv").write_bytes(text("\t").encode("utf-16"))


def libreoffice():
    """What LibreOffice makes of two of these documents."""
    for source, ending, name in (("two-line-headings.docx", "odt", "docx"), ("workbook.xlsx", "ods", "xlsx")):
        stem = Path(source).stem
        for target, given in ((ending, HERE / source), (name, Path("/tmp") / f"{stem}.{ending}")):
            subprocess.run(["soffice", "--headless", "--convert-to", target, "--outdir", "/tmp", str(given)], check=True,
                           stdout=subprocess.DEVNULL)
        (HERE / f"libreoffice-{stem}.{name}").write_bytes((Path("/tmp") / f"{stem}.{name}").read_bytes())


if __name__ == "__main__":
    for make in (form_two, merged_down, two_line_headings, page_breaks, table_a_standard, landscape_lists, tracked,
                 decomposed, plain_xml, workbook, separated, libreoffice):
        make()
