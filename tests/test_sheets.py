"""Workbooks: what is stored in, what is printed out; sheets as tables that the rest of the program reads."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office_files import rows, xlsx
from reportminer import read
from reportminer.errors import UnreadableFile
from reportminer.ingest import read_bytes
from reportminer.ingest.number_formats import shown

FORMATS = [
    (0.125, "0.0%", "12.5%"), (0.125, "0%", "13%"), (0.12, "0.00%", "12.00%"), (1286, "General", "1286"), (1286.5, "General", "1286.5"), (0.1 + 0.2, "General", "0.3"),
    (1234567.891, "#,##0.00", "1,234,567.89"), (1234567, "#,##0", "1,234,567"), (0, "#,##0", "0"), (0, "#", ""), (5, "000", "005"), (12.5, "0.##", "12.5"),
    (12, "0.##", "12"), (2.5, "0", "3"), (-12.3, "0.0;(0.0)", "-12.3"), (-12.3, "0.0_);[Red](0.0)", "-12.3"), (-12.3, "0.0", "-12.3"), (-5, "0;-0;0", "-5"),
    (0, '0;-0;"—"', "—"), (1200, '0"万元"', "1200万元"), (1200, '#,##0.0 "万元"', "1,200.0 万元"), (12345678, '0!.0,"万"', "1234.6万"), (12345678, "0.0,,", "12.3"),
    (12345678, "#,##0,", "12,346"), (1.5, "¥0.00", "¥1.50"), (1.5, '[$¥-804]#,##0.00', "¥1.50"), (12000, "0.00E+00", "1.20E+04"), (7, "[>5]0;[<=5]0.0", "7"), (3, "[>5]0;[<=5]0.0", "3.0"),
    (44196, 'yyyy"年"m"月"d"日"', "2020年12月31日"), (44196, "yyyy/m/d", "2020/12/31"), (44196, "yyyy-mm-dd", "2020-12-31"), (44196, "yy-m", "20-12"), (44196, "e", "2020"),
    (44196.75, "yyyy-mm-dd hh:mm", "2020-12-31 18:00"), (44196.75, "h:mm:ss", "18:00:00"), (44196.75, "上午/下午h:mm", "下午6:00"), (1.5, "[h]:mm", "36:00"), (44196, "aaaa", "星期四"),
    (44196, "mmmm", "12月"), (1, "yyyy-m-d", "1900-1-1"), (60, "yyyy-m-d", "1900-2-28"), (61, "yyyy-m-d", "1900-3-1"), (-1, "yyyy-m-d", "-1"), (1e9, "yyyy-m-d", "1000000000"), (0.5, "# ?/?", "0.5"), (1.0, "@", ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "text"), FORMATS, ids=[f"{v} {c}" for v, c, _ in FORMATS])
def test_number_as_printed(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def workbook(build: object) -> bytes:
    book = openpyxl.Workbook()
    build(book)  # type: ignore[operator]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(book: openpyxl.Workbook) -> None:
    sheet = book.active
    sheet.title = "学校"
    for line in (
        ["青山县2020年教育事业统计表"], ["填报单位：青山县教育局", None, None, "单位：万元"], ["学校", "学生（人）", "投入", "增长率"],
        ["青山一小", 1286, 1200.5, 0.125], ["青山二中", 2051, 860, 0.02], ["合计", "=SUM(B4:B5)", None, None], ["注：数据截至2020年12月31日。"],
    ):  # fmt: skip
        sheet.append(line)
    sheet.merge_cells("A1:D1")
    for r in (4, 5):
        sheet.cell(r, 4).number_format = "0.0%"
        sheet.cell(r, 2).number_format = "#,##0"
    hidden = book.create_sheet("底稿")
    hidden.append(["旧数", 999])
    hidden.sheet_state = "hidden"


def test_sheet_as_title_units_table_and_note() -> None:
    raw = read_bytes(workbook(plain), "统计.xlsx")
    assert raw.text.split("\n") == [
        "青山县2020年教育事业统计表",
        "填报单位：青山县教育局　单位：万元",
        "学校\t学生（人）\t投入\t增长率",
        "青山一小\t1,286\t1200.5\t12.5%",
        "青山二中\t2,051\t860\t2.0%",
        "合计",
        "注：数据截至2020年12月31日。",
        "",
    ]
    assert raw.notes == (
        "工作表“学校”有 1 个公式没有保存计算结果，读作空；请用 Office 或 WPS 打开并保存后再读",
        "隐藏的工作表“底稿”没有读取",
    )


def test_figures_of_a_sheet_get_unit_area_and_period(tmp_path: Path) -> None:
    (tmp_path / "统计.xlsx").write_bytes(workbook(plain))
    report = read(tmp_path / "统计.xlsx")
    assert [(o.text, o.value, o.unit, o.area) for o in report.observations] == [
        ("1,286", 1286, "人", "青山一小"), ("1200.5", 12005000, "元", "青山一小"), ("12.5%", report.observations[2].value, "%", "青山一小"),
        ("2,051", 2051, "人", "青山二中"), ("860", 8600000, "元", "青山二中"), ("2.0%", report.observations[5].value, "%", "青山二中"),
    ]  # fmt: skip
    assert str(report.observations[2].value) == "12.5"
    assert {o.period for o in report.observations} == {"2020"}
    assert report.text.notes[0].startswith("工作表“学校”有 1 个公式")


def test_two_tables_on_a_sheet_and_two_sheets() -> None:
    def build(book: openpyxl.Workbook) -> None:
        first = book.active
        first.title = "一"
        for line in (["表1 小学"], ["学校", "学生"], ["一小", 30], [], ["表2 初中"], ["学校", "学生"], ["二中", 40], [], ["三中", 50]):  # fmt: skip
            first.append(line)
        second = book.create_sheet("教师")
        for line in (["学校", "教师"], ["一小", 5]):
            second.append(line)

    raw = read_bytes(workbook(build), "a.xlsx")
    cells = [[raw.text[c.start : c.end] for c in t.cells] for t in raw.tables]
    assert cells == [["学校", "学生", "一小", "30"], ["学校", "学生", "二中", "40", "三中", "50"], ["学校", "教师", "一小", "5"]]  # fmt: skip
    assert "教师\n学校\t教师" in raw.text


def test_years_over_the_columns_are_heads() -> None:
    def build(book: openpyxl.Workbook) -> None:
        for line in (
            ["（单位：人）", None, "2021年3月"],
            [None, "2019年", "2020年"],
            ["在校学生", 1200, 1286],
        ):
            book.active.append(line)

    raw = read_bytes(workbook(build), "a.xlsx")
    assert raw.text == "（单位：人）　2021年3月\n\t2019年\t2020年\n在校学生\t1200\t1286\n"


def test_long_sheet_of_words_takes_no_longer_than_it_is_long() -> None:
    import time

    began = time.monotonic()
    read_bytes(("甲,乙\n" * 100_000).encode(), "a.csv")
    assert time.monotonic() - began < 20


def test_merged_cells_stand_once_at_their_first_place() -> None:
    def build(book: openpyxl.Workbook) -> None:
        sheet = book.active
        for line in (["乡镇", "学生", None], [None, "男", "女"], ["古市镇", 30, 28], [None, 3, 2]):
            sheet.append(line)
        for span in ("A1:A2", "B1:C1", "A3:A4"):
            sheet.merge_cells(span)

    raw = read_bytes(workbook(build), "a.xlsx")
    assert raw.text.split("\n")[:4] == ["乡镇\t学生\t", "\t男\t女", "古市镇\t30\t28", "\t3\t2"]


STORED = [
    ('<c r="A1" t="s"><v>0</v></c>', "县区"), ('<c r="A1" t="s"><v>99</v></c>', ""), ('<c r="A1" t="str"><f>A2</f><v>公式</v></c>', "公式"),
    ('<c r="A1" t="b"><v>1</v></c>', "TRUE"), ('<c r="A1" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"), ('<c r="A1" s="1"><v>0.125</v></c>', "12.5%"),
    ('<c r="A1" s="77"><v>3</v></c>', "3"), (f'<c r="A1" t="s"><v>{"9" * 5000}</v></c>', ""), (f'<c r="A1" s="{"9" * 5000}"><v>3</v></c>', "3"), ('<c r="A1"><v>nan</v></c>', "nan"), ("<c><v>7</v></c>", "7"), ('<c r="A1"><v>abc</v></c>', "abc"), ('<c r="A1" t="d"><v>2020-12-31</v></c>', "2020-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "text"), STORED, ids=[c[:60] for c, _ in STORED])
def test_stored_cell(cell: str, text: str) -> None:
    data = xlsx(
        {"Sheet1": f'<row r="1">{cell}<c r="B1"><v>2</v></c></row>'},
        ["<r><t>县</t></r><r><t>区</t></r><rPh><t>xianqu</t></rPh>"],
        ["0.0%"],
    )
    first = read_bytes(data, "a.xlsx").text.split("\n")[0].split("\t")
    assert first == ([text, "2"] if text else ["2"])


def test_dates_of_1904() -> None:
    data = xlsx({"a": '<row r="1"><c r="A1" s="1"><v>42734</v></c></row>'}, formats=["yyyy-mm-dd"], extra='<workbookPr date1904="1"/>')  # fmt: skip
    assert read_bytes(data, "a.xlsx").text == "2020-12-31\n"


def test_far_away_cell_costs_nothing() -> None:
    data = xlsx(
        {
            "a": rows(["甲", 1.0])[:-6]
            + '<c r="XFD1"><v>5</v></c></row><row r="1048576"><c r="A1048576"><v>9</v></c></row>'
        }
    )
    assert read_bytes(data, "a.xlsx").text == "甲\t1.0\t5\n9\n".replace("1.0", "1")


@pytest.mark.parametrize(
    "text",
    [
        "学校,学生（人）,投入（万元）\n青山一小,\"1,286\",1200.5\n青山二中,\"2,051\",860\n", "学校\t学生（人）\t投入（万元）\n青山一小\t1,286\t1200.5\n青山二中\t2,051\t860\n",
        "学校;学生（人）;投入（万元）\r\n青山一小;1,286;1200.5\r\n青山二中;2,051;860\r\n",
    ],
    ids=["comma", "tab", "semicolon"],
)  # fmt: skip
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv(tmp_path: Path, text: str, charset: str) -> None:
    (tmp_path / "数.csv").write_bytes(("青山县2020年统计\n" + text).encode(charset))
    found = [(o.text, o.value, o.unit, o.area) for o in read(tmp_path / "数.csv").observations]
    assert found == [
        ("1,286", 1286, "人", "青山一小"), ("1200.5", 12005000, "元", "青山一小"), ("2,051", 2051, "人", "青山二中"), ("860", 8600000, "元", "青山二中"),
    ]  # fmt: skip


def test_tables_of_this_program_are_no_reports(tmp_path: Path, demo_run: object) -> None:
    from reportminer.comparison.layout import wide_csv
    from reportminer.comparison.sdmx import sdmx_csv
    from reportminer.export import comparison_csv
    from reportminer.ingest import discover
    from reportminer.reference import table as verdicts
    from reportminer.suppressions import Suppression, add
    from reportminer.workbook import write_workbook

    (tmp_path / "比较.csv").write_bytes(comparison_csv(demo_run.table))  # type: ignore[attr-defined]
    (tmp_path / "宽表.csv").write_bytes(wide_csv(demo_run.table))  # type: ignore[attr-defined]
    (tmp_path / "a.sdmx.csv").write_bytes(sdmx_csv(demo_run.table))  # type: ignore[attr-defined]
    (tmp_path / "核对.csv").write_bytes(verdicts([]))
    (tmp_path / "年鉴.csv").write_text("地区,年份,指标,数值,单位\n青山县,2020,学校,48,所\n", encoding="utf-8")
    add(tmp_path / "免核清单.csv", Suppression("f" + "0" * 12, "已电话核对，原表如此", "王某", "2024-05-31"))
    (tmp_path / "学校.csv").write_text("学校,学生\n一小,30\n", encoding="utf-8")
    assert [name for _, name in discover([tmp_path])] == ["学校.csv"]
    with pytest.raises(UnreadableFile, match="本程序"):
        read(tmp_path / "比较.csv")
    write_workbook(tmp_path / "表.xlsx", demo_run.table, demo_run.reports, demo_run.checked.findings)  # type: ignore[attr-defined]
    with pytest.raises(UnreadableFile, match="本程序"):
        read(tmp_path / "表.xlsx")


def test_times_are_not_lost_by_rounding() -> None:
    serial = (
        datetime.datetime(2021, 3, 4, 23, 59, 59) - datetime.datetime(1899, 12, 30)
    ) / datetime.timedelta(1)
    assert shown(serial, "yyyy-mm-dd hh:mm:ss") == "2021-03-04 23:59:59"


@given(
    st.floats(-1e15, 1e15, allow_nan=False),
    st.lists(
        st.sampled_from([*'0#?.,%;"[]$-@ymdhsaegEG+!_*/\\年万()', "General", "[>5]", "[h]", "AM/PM"]),
        max_size=40,
    ),
)
def test_no_format_is_too_strange(value: float, code: list[str]) -> None:
    assert isinstance(shown(value, "".join(code)), str)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.booleans())
def test_figures_come_back_as_their_format_prints_them(n: int, places: int, grouped: bool) -> None:
    value = n / 10**places
    code = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
    assert shown(value, code).replace("-0", "0", value == 0) == format(round(Decimal(n).scaleb(-places), places), ",f" if grouped else "f")  # fmt: skip


def test_many_decimals() -> None:
    assert shown(123456789012345.0, "0." + "0" * 500) == "123456789012345." + "0" * 30
