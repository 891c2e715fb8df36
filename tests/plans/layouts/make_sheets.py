#!/usr/bin/env python3
"""Makes the Excel and CSV plans 43 to 50 of this folder as `make.py` makes those before.

    python3 tests/plans/layouts/make_sheets.py"""

from datetime import date

import openpyxl

from make import HEAD, HERE, OCTOBER, expect, task

NOVEMBER = {"start": "2023-11-01", "due": "2023-11-30"}


def book():
    made = openpyxl.Workbook()
    for line in HEAD[1:]:
        made.active.append([line])
    return made, made.active


def serials():
    name = "43-ngay-la-so.xlsx"
    made, sheet = book()
    sheet.append(["STT", "Tiêu chí", "Biện pháp", "Người thực hiện", "Ngày bắt đầu", "Ngày hoàn thành"])
    sheet.append([1, 1.1, "Nạp bình chữa cháy", "Bảo vệ", 45201, 45219])
    sheet.append([2, 2.2, "Dự giờ", "PHT", 45231, "30/11/2023"])
    sheet.append([3, "3,5", "Mua máy in", "KT; Văn thư", None, date(2023, 12, 31)])
    sheet.cell(7, 2).number_format = "0.00"
    sheet.cell(9, 6).number_format = "dd/mm/yyyy"
    made.save(HERE / name)
    expect(name, "days as bare numbers beside text and dates, 1.10 by its number format", [
        task("Nạp bình chữa cháy", ["Bảo vệ"], "2023-10-02", "2023-10-20", criterion="1.10"),
        task("Dự giờ", ["Phó Hiệu trưởng"], "2023-11-01", "2023-11-30", criterion="2.2"),
        task("Mua máy in", ["Kế toán", "Nhân viên văn thư"], None, "2023-12-31", criterion="3.5"),
    ])


def hidden_rows():
    name = "44-dong-an.xlsx"
    made, sheet = book()
    sheet.append(["STT", "Tiêu chí", "Giải pháp", "Giao cho", "Thời gian"])
    sheet.append([1, "1.4", "Sắp xếp hồ sơ", "Văn thư", "10/2023"])
    sheet.append([2, "1.5", "Việc đã bỏ", "HT", "10/2023"])
    sheet.append([3, "1.6", "Công khai tài chính", "KT", "11/2023"])
    sheet.row_dimensions[8].hidden = True
    made.save(HERE / name)
    expect(name, "a row that is hidden by hand, in a sheet without a filter: it is read, and asked about", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4"),
        task("Việc đã bỏ", ["Hiệu trưởng"], **OCTOBER, criterion="1.5"),
        task("Công khai tài chính", ["Kế toán"], **NOVEMBER, criterion="1.6"),
    ])


def side_by_side():
    name = "45-hai-bang-canh-nhau.xlsx"
    made, sheet = book()
    sheet.append(["STT", "Nội dung", "Người thực hiện", "Thời gian", None, "STT", "Nội dung", "Người thực hiện", "Thời gian"])
    sheet.append([1, "Sắp xếp hồ sơ", "Văn thư", "10/2023", None, 1, "Trồng cây", "CĐ", "11/2023"])
    sheet.append([2, "Mua sách", "Thư viện", "10/2023", None, 2, "Sơn cổng", "Bảo vệ", "11/2023"])
    made.save(HERE / name)
    expect(name, "two tables of tasks beside each other in one sheet", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER),
        task("Mua sách", ["Nhân viên thư viện"], **OCTOBER),
        task("Trồng cây", ["Công đoàn"], **NOVEMBER),
        task("Sơn cổng", ["Bảo vệ"], **NOVEMBER),
    ])


def merged_headings():
    name = "46-tieu-de-gop.xlsx"
    made, sheet = book()
    sheet.append([])
    sheet.append(["STT", "Tiêu chuẩn, tiêu chí", "Điểm yếu", "Nội dung cải tiến", "Thời gian thực hiện", None, "Phân công nhiệm vụ", None])
    sheet.append([None, None, None, None, "Bắt đầu", "Kết thúc", "Chịu trách nhiệm", "Phối hợp"])
    sheet.append(["Tiêu chuẩn 1: Tổ chức và quản lý", None, None, None, None, None, None, None])
    sheet.append([1, "Tiêu chí 1.4", "Chậm", "Sắp xếp hồ sơ", date(2023, 10, 1), date(2023, 10, 31), "Văn thư", "KT"])
    sheet.append([2, "Tiêu chí 1.6", "Thiếu", "Công khai tài chính", date(2023, 11, 1), date(2023, 11, 30), "KT", "Văn thư, CĐ"])
    sheet.append(["Tổng số: 02 tiêu chí", None, None, None, None, None, None, None])
    for area in ("A7:A8", "B7:B8", "C7:C8", "D7:D8", "E7:F7", "G7:H7", "A9:H9", "A12:H12"):
        sheet.merge_cells(area)
    for row in (10, 11):
        for column in (5, 6):
            sheet.cell(row, column).number_format = "dd/mm/yyyy"
    made.save(HERE / name)
    expect(name, "merged headings in two rows, real dates, bands and a sum over the whole width", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4", state="Chậm", **{"with": ["Kế toán"]}),
        task("Công khai tài chính", ["Kế toán"], **NOVEMBER, criterion="1.6", state="Thiếu", **{"with": ["Nhân viên văn thư", "Công đoàn"]}),
    ])


def gantt():
    name = "47-bieu-do-thang.xlsx"
    made, sheet = book()
    sheet.append(["TT", "Nhiệm vụ", "Người chịu trách nhiệm", "9", "10", "11", "12", "1", "2", "3", "4", "5"])
    sheet.append([1, "Duy trì sĩ số", "GVCN"] + ["x"] * 9)
    sheet.append([2, "Ôn thi học kỳ", "PHT", None, None, None, "x", "x", None, None, None, None])
    sheet.append([3, "Kiểm kê", "KT", None, None, None, "X", None, None, None, None, "X"])
    made.save(HERE / name)
    expect(name, "months as columns with marks, two of them apart", [
        task("Duy trì sĩ số", ["Giáo viên chủ nhiệm"], "2023-09-01", "2024-05-31"),
        task("Ôn thi học kỳ", ["Phó Hiệu trưởng"], "2023-12-01", "2024-01-31"),
        task("Kiểm kê", ["Kế toán"], "2023-12-01", "2023-12-31"),
        task("Kiểm kê", ["Kế toán"], "2024-05-01", "2024-05-31"),
    ])


def sheet_a_standard():
    name = "48-moi-tieu-chuan-mot-trang.xlsx"
    made = openpyxl.Workbook()
    made.remove(made.active)
    for standard, rows in (("Tiêu chuẩn 1", [[4, "Sắp xếp hồ sơ", "Văn thư", "10/2023"]]), ("Tiêu chuẩn 2", [[2, "Dự giờ", "PHT", "11/2023"]])):
        sheet = made.create_sheet(standard)
        if standard.endswith("1"):
            for line in HEAD[1:]:
                sheet.append([line])
        sheet.append(["Tiêu chí", "Hướng cải tiến", "Đầu mối", "Lộ trình"])
        for row in rows:
            sheet.append(row)
    made.save(HERE / name)
    expect(name, "a sheet for each standard, criteria by their last number", [
        task("Sắp xếp hồ sơ", ["Nhân viên văn thư"], **OCTOBER, criterion="1.4"),
        task("Dự giờ", ["Phó Hiệu trưởng"], **NOVEMBER, criterion="2.2"),
    ])


def separated():
    name = "49-utf-16-cham-phay.csv"
    text = ("Số: 45/KH-THKĐ;;;\r\nBình Minh, ngày 15 tháng 9 năm 2023;;;\r\nKẾ HOẠCH;;;\r\n"
            'TT;Việc cần làm;Nhân lực;"Bao giờ\nxong"\r\n1;"Sắp xếp hồ sơ; đóng tập";Văn thư;20/10/2023\r\n'
            '2;"Mua sách, báo";"Thư viện\nKế toán";30/11/23\r\n')
    (HERE / name).write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    expect(name, "semicolons in UTF-16, texts with semicolons, commas and line ends in quotes", [
        task("Sắp xếp hồ sơ; đóng tập", ["Nhân viên văn thư"], None, "2023-10-20"),
        task("Mua sách, báo", ["Nhân viên thư viện", "Kế toán"], None, "2023-11-30"),
    ])


def told_separator():
    name = "50-dong-sep.csv"
    text = ("sep=;\r\nTT;Tiêu chí;Cách làm;Ai làm;Khi nào;Kinh phí\r\n"
            "1;1.4;Sắp xếp hồ sơ;Cao Thị Nga;10/2023;500.000\r\n2;2.2;Dự giờ;Trần Thị Bình;HK1;0\r\n")
    (HERE / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    expect(name, "the line that tells Excel the separator, questions as headings, no letterhead", [
        task("Sắp xếp hồ sơ", ["Cao Thị Nga"], **OCTOBER, criterion="1.4", budget="500.000"),
        task("Dự giờ", ["Trần Thị Bình"], "2023-09-05", "2024-01-14", criterion="2.2"),
    ])


if __name__ == "__main__":
    for make in (serials, hidden_rows, side_by_side, merged_headings, gantt, sheet_a_standard, separated, told_separator):
        make()
