"""comparison.xlsx: areas down, indicators and years across, every cell with its sentence; sheets of findings and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportminer.comparison.derive import SORTS, derive
from reportminer.comparison.layout import (
    KIND_NAMES,
    MASKED,
    STATUS_NAMES,
    column_title,
    display_unit,
    indicator_names,
    wide,
)
from reportminer.comparison.notes import Note, notes
from reportminer.core import ComparisonCell, Finding, Observation, Report, Table
from reportminer.names import GENRES

_SEVERITY = {"error": "错误", "warning": "待核", "info": "提示"}
_BOUND = {"ge": "≥", "le": "≤", "approx": "约", "range": ""}


def write_workbook(path: Path, table: Table, reports: Sequence[Report], findings: Sequence[Finding]) -> None:
    """The workbook at ``path``. Text is always written as text, so that no cell can run as a formula."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    )
    formats = {
        "head": book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "align": "center",
                "bg_color": "#DDE6F0",
                "border": 1,
            }
        ),
        "area": book.add_format({"bold": True, "border": 1}),
        "number": book.add_format({"num_format": "#,##0.######", "border": 1}),
        "unsure": book.add_format(
            {"num_format": "#,##0.######", "italic": True, "font_color": "#767676", "border": 1}
        ),
        "flag": book.add_format({"num_format": "#,##0.######", "bg_color": "#F8C9C4", "border": 1}),
        "masked": book.add_format(
            {"italic": True, "font_color": "#808080", "bg_color": "#EEEEEE", "border": 1, "align": "right"}
        ),
        "missing": book.add_format({"font_color": "#BBBBBB", "border": 1, "align": "center"}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
    }
    observations = {o.id: (r, o) for r in reports for o in r.observations}
    names = indicator_names()
    _comparison_sheet(book, formats, table, observations, names)
    _long_sheet(book, formats, table, observations, names)
    _derived_sheet(book, formats, table)
    _notes_sheet(book, formats, table, reports)
    _findings_sheet(book, formats, findings, observations)
    _sources_sheet(book, formats, reports)
    book.close()


def _comparison_sheet(
    book: Any,
    formats: Mapping[str, Any],
    table: Table,
    observations: Mapping[str, tuple[Report, Observation]],
    names: Mapping[str, str],
) -> None:
    sheet = book.add_worksheet("比较表")
    areas, columns, _, grid = wide(table)
    by_column: dict[tuple[Any, ...], list[str]] = {}
    for key, _sample in columns:
        by_column[key] = sorted({y for (_a, k, y) in grid if k == key})
    sheet.write_string(0, 0, "地区", formats["head"])
    sheet.write_string(1, 0, "", formats["head"])
    col = 1
    layout: list[tuple[tuple[Any, ...], str, int]] = []
    for key, sample in columns:
        years = by_column[key]
        title = column_title(sample, names)
        if len(years) > 1:
            sheet.merge_range(0, col, 0, col + len(years) - 1, "", formats["head"])
        sheet.write_string(0, col, title, formats["head"])
        for year in years:
            sheet.write_string(1, col, year or "年份不明", formats["head"])
            layout.append((key, year, col))
            col += 1
    for row, area in enumerate(areas, 2):
        sheet.write_string(row, 0, area, formats["area"])
        for key, year, at in layout:
            c = grid.get((area, key, year))
            if c is None:
                sheet.write_string(row, at, "—", formats["missing"])
                continue
            _write_cell(sheet, row, at, c, formats)
            sheet.write_comment(row, at, _evidence(c, observations), {"x_scale": 3, "y_scale": 2})
    note = len(areas) + 3
    for i, line in enumerate(
        (
            "说明：“—”为报告中没有这个数；“掩码”为报告中数字被XX等代替或缺失，不是零。",
            "灰色斜体：程序对这个数的指标、时期等把握不大，用前请看原句。",
            "红底：该数与其他数相互矛盾或需要核实，见“核查结果”表。",
            "每个单元格的批注是它的原句和出处。",
        )
    ):
        sheet.write_string(note + i, 0, line)
    sheet.freeze_panes(2, 1)
    sheet.set_row(0, 48)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, max(1, col), 14)


def _write_cell(sheet: Any, row: int, col: int, c: ComparisonCell, formats: Mapping[str, Any]) -> None:
    if c.masked or c.value is None:
        sheet.write_string(row, col, MASKED if c.masked else "约数", formats["masked"])
        return
    sheet.write_number(row, col, float(c.value / display_unit(c)[1]), formats[_look(c)])


def _look(c: ComparisonCell) -> str:
    return "flag" if c.flags else "unsure" if c.unsure else "number"


def _evidence(c: ComparisonCell, observations: Mapping[str, tuple[Report, Observation]]) -> str:
    report, o = observations[c.observation]
    lines = [
        f"原文：{report.sentence_text(o)[:300]}",
        f"出处：{report.source}，第 {o.start} 字",
        f"原数：{o.text}",
    ]
    if c.bound != "eq":
        lines.append(f"界限：{_BOUND.get(c.bound, '') or '区间'}")
    if c.others:
        lines.append("另有：" + "、".join(observations[i][1].text for i in c.others if i in observations))
    if c.unsure:
        lines.append(f"把握：{c.confidence:.2f}，请对照原文")
    if c.flags:
        lines.append("核查：" + " ".join(c.flags))
    return "\n".join(lines)


def _long_sheet(
    book: Any,
    formats: Mapping[str, Any],
    table: Table,
    observations: Mapping[str, tuple[Report, Observation]],
    names: Mapping[str, str],
) -> None:
    sheet = book.add_worksheet("明细")
    heads = (
        "地区",
        "时期",
        "指标",
        "范围",
        "类型",
        "状态",
        "数值",
        "单位",
        "界限",
        "原文",
        "文件",
        "位置",
        "核查",
        "把握",
    )
    for i, h in enumerate(heads):
        sheet.write_string(0, i, h, formats["head"])
    for row, c in enumerate(table.cells, 1):
        report, o = observations[c.observation]
        values: tuple[str, ...] = (
            c.area, c.period or "", names.get(c.indicator, c.indicator), "、".join(c.scope.values()), KIND_NAMES.get(c.kind) or "水平", STATUS_NAMES.get(c.status, c.status)
        )  # fmt: skip
        for i, v in enumerate(values):
            sheet.write_string(row, i, v)
        if c.value is None:
            sheet.write_string(row, 6, MASKED if c.masked else "约数", formats["masked"])
        else:
            sheet.write_number(row, 6, float(c.value), formats[_look(c)])
        for i, v in enumerate(
            (
                c.unit or "",
                _BOUND.get(c.bound, ""),
                report.sentence_text(o)[:500],
                report.source,
                str(o.start),
                " ".join(c.flags),
                f"{c.confidence:.2f}",
            ),
            7,
        ):
            sheet.write_string(row, i, v)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.cells)), len(heads) - 1)
    sheet.set_column(2, 3, 20)
    sheet.set_column(9, 9, 60)


def _derived_sheet(book: Any, formats: Mapping[str, Any], table: Table) -> None:
    """Growth, shares, per-head figures and ranks, each with its formula."""
    sheet = book.add_worksheet("派生指标")
    for i, h in enumerate(("类别", "地区", "时期", "指标", "数值", "单位", "算法", "所用观测")):
        sheet.write_string(0, i, h, formats["head"])
    rows = derive(table)
    for row, d in enumerate(rows, 1):
        for i, v in enumerate((SORTS[d.sort], d.area, d.period, d.name)):
            sheet.write_string(row, i, v)
        sheet.write_number(row, 4, float(d.value), formats["number"])
        for i, v in enumerate((d.unit, d.formula, " ".join(d.inputs)), 5):
            sheet.write_string(row, i, v)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), 7)
    sheet.set_column(0, 2, 14)
    sheet.set_column(3, 3, 28)
    sheet.set_column(6, 7, 30)


def _notes_sheet(book: Any, formats: Mapping[str, Any], table: Table, reports: Sequence[Report]) -> None:
    """What keeps figures from being compared as they stand."""
    sheet = book.add_worksheet("可比性说明")
    for i, h in enumerate(("对象", "说明")):
        sheet.write_string(0, i, h, formats["head"])
    told = notes(table, reports) or (Note("全表", "没有发现口径、单位或区划上的不可比之处。"),)
    for row, n in enumerate(told, 1):
        sheet.write_string(row, 0, n.about, formats["text"])
        sheet.write_string(row, 1, n.note, formats["text"])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)


def _findings_sheet(
    book: Any,
    formats: Mapping[str, Any],
    findings: Sequence[Finding],
    observations: Mapping[str, tuple[Report, Observation]],
) -> None:
    sheet = book.add_worksheet("核查结果")
    for i, h in enumerate(("编号", "级别", "检查", "文件", "结论", "可能的解释", "原句")):
        sheet.write_string(0, i, h, formats["head"])
    for row, f in enumerate(findings, 1):
        sentences = []
        for m in f.members:
            if m in observations:
                report, o = observations[m]
                if (s := report.sentence_text(o)[:300]) not in sentences:
                    sentences.append(s)
        for i, v in enumerate(
            (
                f.id,
                _SEVERITY[f.severity],
                f.check,
                "、".join(f.sources),
                f.message,
                "；".join(f.explanations),
                "\n".join(sentences),
            )
        ):
            sheet.write_string(row, i, v, formats["text"])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 2, 10)
    sheet.set_column(3, 3, 18)
    sheet.set_column(4, 4, 60)
    sheet.set_column(5, 6, 50)


def _sources_sheet(book: Any, formats: Mapping[str, Any], reports: Sequence[Report]) -> None:
    sheet = book.add_worksheet("来源")
    for i, h in enumerate(("文件", "标题", "地区", "年份", "体裁", "字数", "数字", "读作观测值")):
        sheet.write_string(0, i, h, formats["head"])
    for row, r in enumerate(reports, 1):
        d = r.text.document
        for i, v in enumerate(
            (r.source, d.title or "", d.area or "", str(d.year or ""), GENRES.get(d.genre or "", ""))
        ):
            sheet.write_string(row, i, v)
        for i, n in enumerate((len(r.text.raw.text), r.coverage.numerals, r.coverage.read), 5):
            sheet.write_number(row, i, n)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, 30)
