#!/usr/bin/env python3
"""Makes the Word plans 21 to 42, 51 and 52 of this folder as `make.py` makes those before: what public plans of schools look like, and
what Google Docs, WPS and LibreOffice save.

    python3 tests/plans/layouts/make_word.py"""

import unicodedata
from pathlib import Path

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from make import HEAD, HERE, OCTOBER, across, down, expect, raw, table, task, word

W = nsdecls("w")
NOVEMBER = {"start": "2023-11-01", "due": "2023-11-30"}
YEAR_LONG = {"start": "2023-09-05", "due": "2024-05-31"}


def helped(*names):
    return {"with": list(names)}


def turned(cell):
    """Writes a cell's text from below to above."""
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:textDirection {W} w:val="btLr"/>'))


def in_cell(cell, xml):
    cell.paragraphs[0]._p.append(parse_xml(xml))


def rotated():
    name = "21-tieu-de-xoay.docx"
    document = word()
    document.sections[0].orientation = WD_ORIENT.LANDSCAPE
    made = table(document, [
        ["TT", "Tiêu chí", "Điểm yếu cần khắc phục", "Biện pháp cải tiến", "Người\nthực hiện", "Thời\ngian", "Kinh\nphí"],
        ["1", "1.5", "Hồ sơ lớp ghi chưa đủ", "Tập huấn ghi hồ sơ lớp", "- PHT\n- GVCN", "Tuần 3 tháng 10", "0"],
        ["2", "3.6", "Sách cũ", "Thanh lý và bổ sung sách", "Cô Ngô Thị Lan - NV thư viện\nCô Đinh Thị Mai - Kế toán", "T9-T12/2023", "10 triệu"],
        ["3", "4.1", "Họp phụ huynh vắng nhiều", "Đổi mới cách họp", "HT + GVCN", "Quý I", "0"],
        ["4", "5.2", "Ít sân chơi", "Tổ chức câu lạc bộ", "TPT/CĐ", "trước 20/11", "2 triệu"],
    ])
    for column in (1, 4, 5, 6):
        turned(made.cell(0, column))
    document.save(HERE / name)
    expect(name, "headings written upwards; several people by lines, plus and stroke, with titles and offices", [
        task("Tập huấn ghi hồ sơ lớp", ["Phó Hiệu trưởng", "Giáo viên chủ nhiệm"], "2023-10-15", "2023-10-21", criterion="1.5",
             state="Hồ sơ lớp ghi chưa đủ"),
        task("Thanh lý và bổ sung sách", ["Ngô Thị Lan", "Đinh Thị Mai"], "2023-09-01", "2023-12-31", criterion="3.6"),
        task("Đổi mới cách họp", ["Hiệu trưởng", "Giáo viên chủ nhiệm"], "2024-01-01", "2024-03-31", criterion="4.1"),
        task("Tổ chức câu lạc bộ", ["Tổng phụ trách Đội", "Công đoàn"], None, "2023-11-19", criterion="5.2"),
    ])


def list_of_members():
    name = "22-hai-bang-mot-trang.docx"
    document = word()
    document.add_paragraph("I. Phân công thành viên")
    table(document, [
        ["TT", "Họ và tên", "Chức vụ", "Nhiệm vụ được phân công"],
        ["1", "Nguyễn Văn An", "Hiệu trưởng", "Trưởng ban, phụ trách chung"],
        ["2", "Trần Thị Bình", "Phó Hiệu trưởng", "Phó ban, phụ trách chuyên môn"],
    ])
    document.add_paragraph("II. Nội dung, biện pháp và lộ trình")
    table(document, [
        ["TT", "Nhiệm vụ", "Bộ phận t.hiện", "Lộ trình", "Sản phẩm"],
        ["1", "Rà soát quy chế chi tiêu", "KT tham mưu HT", "HK1", "Quy chế"],
        ["2", "Lập kế hoạch dạy hai buổi", "PHT", "Trước ngày 15/9", "Kế hoạch"],
        ["3", "Giữ gìn trường lớp xanh, sạch", "Đội, GVCN", "Thường xuyên", ""],
    ])
    document.save(HERE / name)
    expect(name, "a list of members above the plan, which is no plan", [
        task("Rà soát quy chế chi tiêu", ["Kế toán"], "2023-09-05", "2024-01-14", **helped("Hiệu trưởng")),
        task("Lập kế hoạch dạy hai buổi", ["Phó Hiệu trưởng"], None, "2023-09-14"),
        task("Giữ gìn trường lớp xanh, sạch", ["Giáo viên chủ nhiệm"], **YEAR_LONG),
    ])


def headless():
    name = "23-bang-sau-khong-tieu-de.docx"
    document = word()
    document.add_paragraph("1. Tiêu chuẩn 1: Tổ chức và quản lý nhà trường")
    table(document, [
        ["Tiêu chí", "Việc cần làm", "Giao cho", "Hạn"],
        ["Tiêu chí 3", "Kiện toàn tổ chức", "HT", "30/9/2023"],
    ])
    document.add_paragraph("2. Tiêu chuẩn 2: Cán bộ quản lý, giáo viên, nhân viên")
    table(document, [
        ["Tiêu chí 2", "Cử giáo viên đi học", "PHT", "31/10/2023"],
        ["Tiêu chí 3", "Sắp xếp lại nhân viên", "HT", "30/11/2023"],
    ])
    document.save(HERE / name)
    expect(name, "a second table without headings, below another standard", [
        task("Kiện toàn tổ chức", ["Hiệu trưởng"], None, "2023-09-30", criterion="1.3"),
        task("Cử giáo viên đi học", ["Phó Hiệu trưởng"], None, "2023-10-31", criterion="2.2"),
        task("Sắp xếp lại nhân viên", ["Hiệu trưởng"], None, "2023-11-30", criterion="2.3"),
    ])


def decomposed():
    name = "24-unicode-to-hop.docx"
    apart = lambda text: unicodedata.normalize("NFD", text)
    document = word([apart(line) for line in HEAD])
    made = table(document, [[apart(text) for text in row] for row in [
        ["TT", "Hướng khắc phục", "Đơn vị, cá nhân thực hiện", "Thời gian, lộ trình thực hiện"],
        ["TIÊU CHUẨN 3: CƠ SỞ VẬT CHẤT", "", "", ""],
        ["3.1", "Sửa cổng trường", "Bảo vệ, Kế toán", "Từ 15/9 đến hết tháng 10"],
        ["3.4", "Sơn tường lớp học", "Đ/c Đỗ Văn Hải", "Nửa đầu tháng 10/2023"],
    ]])
    across(made, 1, 0, 3)
    document.save(HERE / name)
    expect(name, "every letter decomposed; the number column holds the criterion", [
        task("Sửa cổng trường", ["Bảo vệ", "Kế toán"], "2023-09-15", "2023-10-31"),
        task("Sơn tường lớp học", ["Đỗ Văn Hải"], "2023-10-01", "2023-10-15"),
    ])


def capital_font():
    name = "25-font-vntimeh.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiªu chÝ", "BiÖn ph¸p", "Ng\xadêi thùc hiÖn", "Thêi gian"],
        ["1", "1.4", "Sắp xếp hồ sơ", "HiÖu tr\xadëng", "Th¸ng 10/2023"],
        ["2", "2.2", "Dù giê", "Phó Hiệu trưởng", "Häc kú I"],
    ])
    for row, cells in enumerate(made.rows):
        for column, cell in enumerate(cells.cells):
            for run in (run for paragraph in cell.paragraphs for run in paragraph.runs):
                is_unicode = (row, column) in ((1, 2), (2, 3))
                run.font.name = "Times New Roman" if is_unicode else ".VnTimeH" if row == 0 else ".VnTime"
    document.save(HERE / name)
    expect(name, "TCVN3 with headings in the font of capitals, and cells in Unicode beside", [
        task("Sắp xếp hồ sơ", ["Hiệu trưởng"], **OCTOBER, criterion="1.4"),
        task("Dự giờ", ["Phó Hiệu trưởng"], "2023-09-05", "2024-01-14", criterion="2.2"),
    ])


def tracked():
    name = "26-sua-theo-doi.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiêu chí", "Giải pháp", "Trách nhiệm", "Thời hạn hoàn thành"],
        ["1", "1.6", "Công khai tài chính", "", ""],
        ["2", "1.7", "Chấm công", "Văn thư", "30/11/2023"],
        ["3", "1.8", "Dạy thêm", "PHT", "31/12/2023"],
    ])
    who = ('<w:del {0} w:id="1" w:author="a"><w:r><w:delText>Hiệu trưởng</w:delText></w:r></w:del>',
           '<w:ins {0} w:id="2" w:author="a"><w:r><w:t>Kế toán</w:t></w:r></w:ins>')
    when = ('<w:moveFrom {0} w:id="3" w:author="a"><w:r><w:t>30/9/2023</w:t></w:r></w:moveFrom>',
            '<w:moveTo {0} w:id="4" w:author="a"><w:r><w:t>31/10/2023</w:t></w:r></w:moveTo>')
    for column, changes in ((3, who), (4, when)):
        for change in changes:
            in_cell(made.cell(1, column), change.format(W))
    gone = made.rows[3]._tr.get_or_add_trPr()
    gone.append(parse_xml(f'<w:del {W} w:id="5" w:author="a"/>'))
    new = made.rows[2]._tr.get_or_add_trPr()
    new.append(parse_xml(f'<w:ins {W} w:id="6" w:author="a"/>'))
    document.save(HERE / name)
    expect(name, "names replaced, a date moved in, a row deleted and one put in, all with tracking", [
        task("Công khai tài chính", ["Kế toán"], None, "2023-10-31", criterion="1.6"),
        task("Chấm công", ["Nhân viên văn thư"], None, "2023-11-30", criterion="1.7"),
    ])


def marginalia():
    name = "27-chu-thich.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiêu chí", "Nội dung công việc", "Người phụ trách", "Thời gian thực hiện"],
        ["1", "3.3", "Mua máy tính", "HT", "10/2023"],
        ["2", "3.5", "Kiểm kê thiết bị", "KT", "Cuối HK1"],
    ])
    mark = '<w:r {0}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/><w:t>1</w:t></w:r>'
    in_cell(made.cell(1, 4), mark.format(W))
    comment = '<w:commentRangeStart {0} w:id="0"/>', '<w:r {0}><w:commentReference w:id="0"/></w:r>'
    for xml in comment:
        in_cell(made.cell(2, 3), xml.format(W))
    field = ('<w:r {0}><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r {0}><w:instrText> PAGE </w:instrText></w:r>',
             '<w:r {0}><w:fldChar w:fldCharType="end"/></w:r>')
    for xml in field:
        in_cell(made.cell(2, 2), xml.format(W))
    document.save(HERE / name)
    expect(name, "a footnote's mark with its own number in it, a comment, a field without a result", [
        task("Mua máy tính", ["Hiệu trưởng"], **OCTOBER, criterion="3.3"),
        task("Kiểm kê thiết bị", ["Kế toán"], None, "2024-01-14", criterion="3.5"),
    ])


def nested():
    name = "28-bang-trong-o.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiêu chí", "Kế hoạch cải tiến", "Thành phần thực hiện", "Thời gian"],
        ["1", "2.2", "Bồi dưỡng giáo viên", "PHT, TTCM", "11/2023"],
        ["2", "2.4", "Nâng chất lượng học sinh", "GVCN", "Học kỳ II"],
    ])
    inner = made.cell(1, 2).add_table(rows=2, cols=2)
    for place, text in enumerate(["Đợt tập huấn", "Số buổi", "Hè", "4"]):
        inner.cell(place // 2, place % 2).text = text
    document.save(HERE / name)
    expect(name, "a small table within the cell of what is to be done", [
        task("Bồi dưỡng giáo viên Đợt tập huấn. Số buổi Hè 4", ["Phó Hiệu trưởng", "Tổ trưởng chuyên môn"], **NOVEMBER, criterion="2.2"),
        task("Nâng chất lượng học sinh", ["Giáo viên chủ nhiệm"], "2024-01-15", "2024-05-25", criterion="2.4"),
    ])


def controls():
    name = "29-o-nhap-lieu.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiêu chí", "Biện pháp", "Người thực hiện", "Hạn hoàn thành"],
        ["1", "1.4", "Sắp xếp hồ sơ", "", ""],
        ["2", "1.5", "Rà soát học sinh", "Văn thư", ""],
    ])

    def control(cell, properties, text):
        in_cell(cell, f'<w:sdt {W}><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>')

    control(made.cell(1, 3), '<w:dropDownList><w:listItem w:displayText="Kế toán" w:value="kt"/></w:dropDownList>', "Văn thư")
    control(made.cell(1, 4), '<w:date w:fullDate="2023-10-20T00:00:00Z"><w:dateFormat w:val="dd/MM/yyyy"/></w:date>', "20/10/2023")
    control(made.cell(2, 4), '<w:showingPlcHdr/><w:date/>', "Chọn một ngày 01/01/2024.")
    # A cell and a whole row in controls of their own.
    cell = made.cell(1, 2)._tc
    holder = parse_xml(f'<w:sdt {W}><w:sdtPr/><w:sdtContent/></w:sdt>')
    cell.addprevious(holder)
    holder.find(qn("w:sdtContent")).append(cell)
    row = made.rows[2]._tr
    holder = parse_xml(f'<w:sdt {W}><w:sdtPr/><w:sdtContent/></w:sdt>')
    row.addprevious(holder)
    holder.find(qn("w:sdtContent")).append(row)
    document.save(HERE / name)
    expect(name, "content controls in cells, around a cell and around a row; one date is not filled in", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], None, "2023-10-20", criterion="1.4"),
        task("Rà soát học sinh", ["Nhân viên văn thư"], "?", "?", criterion="1.5"),
    ])


def google():
    name = "30-google-docs.docx"
    document = word(["TRƯỜNG TIỂU HỌC KIM ĐỒNG", "", "Số:\u00a045/KH-THKĐ", "Bình Minh,\u00a0ngày\u00a015\u00a0tháng\u00a09\u00a0năm\u00a02023", "",
                     "KẾ HOẠCH", "Cải tiến chất lượng năm học 2023 – 2024"])
    rows = [
        ["STT", "Nội dung", "Biện\u00a0pháp thực hiện", "Phụ trách", "Deadline"],
        ["1", "Hồ sơ", "Số hóa hồ sơ", "@Cao Thị Nga", "20 thg 10, 2023"],
        ["2", "Thư viện", "Mở cửa giờ ra chơi", "Ngô Thị Lan", "thg 11 2023"],
    ]
    made = table(document, rows)
    for row in made.rows:
        for cell in row.cells:
            text = cell.text
            cell.text = ""
            middle = len(text) // 2
            paragraph = cell.paragraphs[0]
            for piece in (text[:middle], text[middle:]):
                run = paragraph.add_run(piece)
                run._r.get_or_add_rPr().append(parse_xml(f'<w:rtl {W} w:val="0"/>'))
            cell.add_paragraph("")
    document.save(HERE / name)
    expect(name, "as Google Docs saves: no-break spaces, runs cut in two, empty lines, dates as 'thg 10', a person's chip", [
        task("Số hóa hồ sơ", ["Cao Thị Nga"], None, "2023-10-20"),
        task("Mở cửa giờ ra chơi", ["Ngô Thị Lan"], None, "2023-11-30"),
    ])


def wps():
    name = "31-wps-hop-chu.docx"
    document = word(["TRƯỜNG TIỂU HỌC KIM ĐỒNG", "KẾ HOẠCH", "Cải tiến chất lượng năm học 2023 - 2024"])
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("Số: 45/KH-THKĐ", "Bình Minh, ngày 15 tháng 9 năm 2023"))
    box = f"""<w:r {W}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<mc:Choice Requires="wps"><w:drawing><wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:txbx><w:txbxContent>{lines}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>{lines}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>
</mc:AlternateContent></w:r>"""
    document.paragraphs[0]._p.append(parse_xml(box))
    made = table(document, [
        ["TT", "Tiêu chí", "Nội dung cải tiến", "Cách thức thực hiện", "Lãnh đạo phụ trách", "Cá nhân thực hiện", "Thời gian hoàn thành"],
        ["1", "1.9", "Dân chủ", "Họp lấy ý kiến", "HT", "CĐ", "Trong tháng 10"],
        ["", "1.10", "An toàn", "Kiểm tra cổng, rào", "PHT", "", "Hết HK1"],
    ])
    note = f"""<w:r {W}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>Bảo vệ</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""
    in_cell(made.cell(2, 5), note)
    document.save(HERE / name)
    expect(name, "as WPS saves text boxes, twice; a name in a text box within a cell", [
        task("Họp lấy ý kiến", ["Công đoàn"], None, "2023-10-31", criterion="1.9", state="Dân chủ"),
        task("Kiểm tra cổng, rào", ["Bảo vệ"], None, "2024-01-14", criterion="1.10", state="An toàn"),
    ], letterhead={"number_not": [Path(name).stem], "issued_from": "2023-09-15"})


def horizontal_merge():
    name = "32-gop-ngang-kieu-cu.docx"
    document = word()
    made = table(document, [
        ["TT", "Tiêu chí", "Biện pháp", "Thời gian", "", "Người thực hiện"],
        ["", "", "", "Từ", "Đến", ""],
        ["II", "Tiêu chuẩn 2: Cán bộ quản lý, giáo viên", "", "", "", ""],
        ["1", "1", "Đánh giá hiệu trưởng", "01/5/2024", "25/5/2024", "HT, CĐ"],
        ["2", "2", "Đánh giá giáo viên", "Tháng 5", "", "PHT, TTCM"],
    ])

    def merge(row, first, last):
        for column in range(first, last + 1):
            kind = ' w:val="restart"' if column == first else ""
            made.cell(row, column)._tc.get_or_add_tcPr().append(parse_xml(f"<w:hMerge {W}{kind}/>"))

    merge(0, 3, 4)
    merge(2, 1, 5)
    merge(4, 3, 4)
    for column in (0, 1, 2, 5):
        down(made, column, 0, 1)
    document.save(HERE / name)
    expect(name, "cells merged across as Word 97 and LibreOffice do it (w:hMerge)", [
        task("Đánh giá hiệu trưởng", ["Hiệu trưởng", "Công đoàn"], "2024-05-01", "2024-05-25", criterion="2.1"),
        task("Đánh giá giáo viên", ["Phó Hiệu trưởng", "Tổ trưởng chuyên môn"], "2024-05-01", "2024-05-31", criterion="2.2"),
    ])


def both_in_one_cell():
    name = "33-chu-tri-phoi-hop-mot-o.docx"
    document = word()
    table(document, [
        ["TT", "Nội dung, giải pháp", "Tổ chức thực hiện", "Thời điểm"],
        ["1", "Xây dựng thời khóa biểu", "Chủ trì: PHT\nPhối hợp: TTCM, GV", "Đầu tháng 9"],
        ["2", "Khám sức khỏe học sinh", "* Y tế: thực hiện\n* GVCN: phối hợp", "Tuần 2 và 3 tháng 10"],
        ["3", "Quyết toán thu chi", "HT chỉ đạo; KT thực hiện; CĐ giám sát", "31/12/2023"],
    ])
    document.save(HERE / name)
    expect(name, "lead and helpers in the lines of one cell", [
        task("Xây dựng thời khóa biểu", ["Phó Hiệu trưởng"], "2023-09-01", "2023-09-10", **helped("Tổ trưởng chuyên môn", "Giáo viên")),
        task("Khám sức khỏe học sinh", ["Nhân viên y tế"], "2023-10-08", "2023-10-21", **helped("Giáo viên chủ nhiệm")),
        task("Quyết toán thu chi", ["Kế toán"], None, "2023-12-31", **helped("Hiệu trưởng", "Công đoàn")),
    ])


def months_down():
    name = "34-thang-gop-doc.docx"
    document = word()
    made = table(document, [
        ["THÁNG", "TUẦN C.MÔN", "NỘI DUNG CÔNG VIỆC", "BỘ PHẬN T.HIỆN"],
        ["10/2023", "Tuần 1\nTừ 02/10 - 07/10", "Hội nghị cán bộ viên chức", "BGH+CĐ"],
        ["", "Tuần 2\nTừ 09/10 - 14/10", "Kiểm tra hồ sơ sổ sách", "PHT, TTCM"],
        ["11/2023", "Tuần 3\nTừ 13/11 - 18/11", "Hội giảng chào mừng 20/11", "100% GV"],
    ])
    down(made, 0, 1, 2)
    document.save(HERE / name)
    expect(name, "months merged down, weeks with their days below them in the same cell", [
        task("Hội nghị cán bộ viên chức", ["Ban giám hiệu", "Công đoàn"], "2023-10-02", "2023-10-07"),
        task("Kiểm tra hồ sơ sổ sách", ["Phó Hiệu trưởng", "Tổ trưởng chuyên môn"], "2023-10-09", "2023-10-14"),
        task("Hội giảng chào mừng 20/11", ["Giáo viên"], "2023-11-13", "2023-11-18"),
    ])


def inspection():
    name = "35-kiem-tra-noi-bo.docx"
    document = word()
    table(document, [
        ["Tháng", "Nội dung kiểm tra", "Đối tượng kiểm tra", "Hình thức", "Lực lượng kiểm tra", "Ghi chú"],
        ["Tháng 10/2023", "Hồ sơ tổ chuyên môn", "Tổ 1, 2, 3", "Trực tiếp", "PHT, TTCM", ""],
        ["Tháng 11/2023", "Thu chi các khoản", "Kế toán", "Qua hồ sơ", "HT", ""],
        ["Tháng 12/2023", "Bếp ăn bán trú", "Y tế", "Đột xuất", "HT, CĐ", ""],
    ])
    document.save(HERE / name)
    expect(name, "a plan of checks: those who are checked stand in a column of their own", [
        task("Hồ sơ tổ chuyên môn", ["Phó Hiệu trưởng", "Tổ trưởng chuyên môn"], **OCTOBER),
        task("Thu chi các khoản", ["Hiệu trưởng"], **NOVEMBER),
        task("Bếp ăn bán trú", ["Hiệu trưởng", "Công đoàn"], "2023-12-01", "2023-12-31"),
    ])


def table_a_criterion():
    name = "36-moi-tieu-chi-mot-bang.docx"
    document = word()
    for criterion, rows in (("Tiêu chí 1.4: Quản lý hành chính, tài chính", [["Sắp xếp hồ sơ", "Văn thư", "10/2023"], ["Kiểm kê tài sản", "KT", "12/2023"]]),
                            ("Tiêu chí 3.5: Thiết bị", [["Sửa máy chiếu", "Bảo vệ", "HKI"]])):
        document.add_paragraph(criterion)
        document.add_paragraph("Điểm yếu: còn chậm.")
        table(document, [["Giải pháp", "Người thực hiện", "Thời gian hoàn thành"]] + rows)
    document.save(HERE / name)
    expect(name, "a table for each criterion, which stands above it as a paragraph", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], None, "2023-10-31", criterion="1.4"),
        task("Kiểm kê tài sản", ["Kế toán"], None, "2023-12-31", criterion="1.4"),
        task("Sửa máy chiếu", ["Bảo vệ"], None, "2024-01-14", criterion="3.5"),
    ])


def planned_and_done():
    name = "37-du-kien-thuc-te.docx"
    document = word()
    made = table(document, [
        ["STT", "Nội dung công việc", "Phân công", "", "Thời gian", "", "Kết quả", ""],
        ["", "", "Chủ trì", "Phối hợp", "Bắt đầu", "Hoàn thành", "Dự kiến", "Thực tế"],
        ["1", "Sửa nhà vệ sinh", "HT", "KT, Bảo vệ", "9/2023", "11/2023", "2 phòng", ""],
        ["2", "Trồng cây", "CĐ", "GVCN", "15/1/2024", "15/2/2024", "30 cây", "Đạt 50%"],
    ])
    for first, last in ((2, 3), (4, 5), (6, 7)):
        across(made, 0, first, last)
    for column in (0, 1):
        down(made, column, 0, 1)
    document.save(HERE / name)
    expect(name, "three headings over two columns each; what is expected is no status", [
        task("Sửa nhà vệ sinh", ["Hiệu trưởng"], "2023-09-01", "2023-11-30", **helped("Kế toán", "Bảo vệ")),
        task("Trồng cây", ["Công đoàn"], "2024-01-15", "2024-02-15", **helped("Giáo viên chủ nhiệm")),
    ])


def remarks_below():
    name = "38-luu-y-cuoi-bang.docx"
    document = word()
    made = table(document, [
        ["TT", "Hoạt động", "Thời gian", "Người thực hiện"],
        ["1", "Tuyên truyền an toàn giao thông", "Hằng tháng", "TPT"],
        ["2", "Kiểm tra nề nếp", "Hằng tuần", "Đ/c Tạ Thị Quyên (TPT)"],
        ["Lưu ý: các bộ phận báo cáo về văn thư trước ngày 25 hằng tháng.", "", "", ""],
        ["3", "Tổng kết phong trào", "Cuối năm học", "HT"],
        ["Trên đây là kế hoạch, đề nghị các bộ phận nghiêm túc thực hiện.", "", "", ""],
    ])
    across(made, 3, 0, 3)
    across(made, 5, 0, 3)
    document.save(HERE / name)
    expect(name, "remarks over the whole width between and below the tasks", [
        task("Tuyên truyền an toàn giao thông", ["Tổng phụ trách Đội"], **YEAR_LONG),
        task("Kiểm tra nề nếp", ["Tạ Thị Quyên"], **YEAR_LONG),
        task("Tổng kết phong trào", ["Hiệu trưởng"], None, "2024-05-31"),
    ])


def continued():
    name = "39-tiep-theo.docx"
    document = word()
    heading = ["TT", "Tiêu chuẩn/ Tiêu chí", "Công việc cần cải tiến", "Dự kiến thời gian", "Người chịu trách nhiệm chính", "Người cùng phối hợp"]
    table(document, [heading, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
                     ["1", "TC 1.1", "Bổ sung chiến lược", "Trong quý IV/2023", "Hiệu trưởng", "PHT"]])
    document.add_paragraph("(Tiếp theo)")
    table(document, [heading, ["2", "TC 5.4", "Dạy học hai buổi", "HKI + HKII", "Phó Hiệu trưởng", "GV, PHHS"],
                     ["3", "TC 5.5", "Nâng cao chất lượng", "Cả năm", "Tổ trưởng, giáo viên", ""]])
    document.save(HERE / name)
    expect(name, "a table that goes on with its headings again; who answers chiefly, and who helps", [
        task("Bổ sung chiến lược", ["Hiệu trưởng"], "2023-10-01", "2023-12-31", criterion="1.1", **helped("Phó Hiệu trưởng")),
        task("Dạy học hai buổi", ["Phó Hiệu trưởng"], "2023-09-05", "2024-05-25", criterion="5.4", **helped("Giáo viên")),
        task("Nâng cao chất lượng", ["Tổ trưởng chuyên môn", "Giáo viên"], **YEAR_LONG, criterion="5.5"),
    ])


def lists_in_cells():
    name = "40-nhieu-viec-mot-o.docx"
    document = word()
    table(document, [
        ["Thời gian", "Nội dung công việc trọng tâm", "Người thực hiện"],
        ["Tháng 9/2023", "- Khai giảng\n- Ổn định lớp", "- HT\n- GVCN"],
        ["Tháng 10/2023", "Hội nghị viên chức", "HT, CĐ"],
    ])
    document.save(HERE / name)
    expect(name, "several works and their people in the lines of one row", [
        {**task("- Khai giảng - Ổn định lớp", ["Hiệu trưởng", "Giáo viên chủ nhiệm"], "2023-09-01", "2023-09-30"), "may_be_several": True},
        task("Hội nghị viên chức", ["Hiệu trưởng", "Công đoàn"], **OCTOBER),
    ])


def plain_numbers():
    name = "41-stt-la-tieu-chi.docx"
    raw(name, [700, 3000, 2500, 1500], [
        [("Mã", 1), ("Nội dung thực hiện", 1), ("Đầu mối thực hiện", 1), ("Mốc thời gian", 1)],
        [("1.2", 1), ("Kiện toàn hội đồng", 1), ("HT", 1), ("15.9.2023", 1)],
        [("3.2", 1), ("Lắp quạt", 1), ("Kế toán; Bảo vệ", 1), ("15-10-2023", 1)],
        [("Tổng cộng: 2 nội dung", 4)],
    ])
    expect(name, "a column of codes that is told, days with points and dashes, a sum over the whole width", [
        task("Kiện toàn hội đồng", ["Hiệu trưởng"], None, "2023-09-15"),
        task("Lắp quạt", ["Kế toán", "Bảo vệ"], None, "2023-10-15"),
    ])


def weeks_by_marks():
    name = "42-danh-dau-tuan.docx"
    document = word()
    made = table(document, [
        ["TT", "Công việc", "Phụ trách", "Tháng 9", "", "", "", "Tháng 10", "", "", ""],
        ["", "", "", "T1", "T2", "T3", "T4", "T1", "T2", "T3", "T4"],
        ["1", "Ôn định nền nếp", "GVCN", "x", "x", "", "", "", "", "", ""],
        ["2", "Thi văn nghệ", "TPT", "", "", "", "x", "x", "", "", ""],
    ])
    across(made, 0, 3, 6)
    across(made, 0, 7, 10)
    for column in range(3):
        down(made, column, 0, 1)
    document.save(HERE / name)
    expect(name, "marks in weeks below months", [
        task("Ôn định nền nếp", ["Giáo viên chủ nhiệm"], "2023-09-01", "2023-09-14"),
        task("Thi văn nghệ", ["Tổng phụ trách Đội"], "2023-09-22", "2023-10-07"),
    ])


def headings_aside():
    name = "51-tieu-de-cot-doc.docx"
    document = word()
    table(document, [
        ["Tiêu chí", "1.4", "2.2"],
        ["Biện pháp", "Sắp xếp hồ sơ", "Dự giờ"],
        ["Người thực hiện", "Văn thư", "PHT, TTCM"],
        ["Thời gian", "10/2023", "Hằng tháng"],
    ])
    document.save(HERE / name)
    expect(name, "headings one below the other in the first column, a column for each task", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4"),
        task("Dự giờ", ["Phó Hiệu trưởng", "Tổ trưởng chuyên môn"], **YEAR_LONG, criterion="2.2"),
    ])


def form_a_task():
    name = "52-moi-viec-mot-phieu.docx"
    document = word()
    for number, (criterion, state, remedy, who, when) in enumerate((
            ("Tiêu chí 3.2", "Phòng học nóng", "Lắp quạt", "Kế toán, Bảo vệ", "Trước 30/9/2023"),
            ("Tiêu chí 5.3", "Ít trải nghiệm", "Tham quan bảo tàng", "TPT", "HK2"))):
        document.add_paragraph(f"Phiếu số {number + 1}")
        table(document, [["Tiêu chí", criterion], ["Hạn chế", state], ["Giải pháp khắc phục", remedy], ["Người chịu trách nhiệm", who],
                         ["Thời gian thực hiện", when], ["Kinh phí", "0"]])
    document.save(HERE / name)
    expect(name, "a form of two columns for each task", [
        task("Lắp quạt", ["Kế toán", "Bảo vệ"], None, "2023-09-29", criterion="3.2", state="Phòng học nóng"),
        task("Tham quan bảo tàng", ["Tổng phụ trách Đội"], "2024-01-15", "2024-05-25", criterion="5.3", state="Ít trải nghiệm"),
    ])


if __name__ == "__main__":
    for make in (rotated, list_of_members, headless, decomposed, capital_font, tracked, marginalia, nested, controls, google,
                 wps, horizontal_merge, both_in_one_cell, months_down, inspection, table_a_criterion, planned_and_done,
                 remarks_below, continued, lists_in_cells, plain_numbers, weeks_by_marks, headings_aside,
                 form_a_task):
        make()
