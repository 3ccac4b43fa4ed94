"""The Chinese audit report, summary first, then each finding with quotation and arithmetic: one content, written as docx or html."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from reportminer.checks import manual
from reportminer.core import Arithmetic, Finding, Observation, Report, Verified
from reportminer.suppressions import Suppression

_SEVERITY = {"error": "错误", "warning": "待核", "info": "提示"}
_EXPLAIN = {
    "error": "文字写明了关系，考虑四舍五入和“约、多、余”之后仍不可能同时成立",
    "warning": "需要有人看一眼",
    "info": "供参考，不计入问题",
}
TYPES = {
    "sum": "合计不符", "share": "占比不符", "growth": "增减不符", "average": "平均数不符", "repeat": "前后不一", "unit": "单位错级", "range": "数值不可能",
    "date": "日期矛盾", "masked": "数字遮盖", "restated": "基数重述", "trend": "趋势异常", "target": "目标与结果", "outlier": "离群", "aggregate": "上下级合计", "copied": "文字雷同",
}  # fmt: skip
_QUOTE = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding as told to a reader."""

    id: str
    title: str
    severity: str
    message: str
    arithmetic: tuple[str, ...]
    explanations: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]  # where, sentence


@dataclass(frozen=True, slots=True)
class Audit:
    """The content of an audit report."""

    title: str
    summary: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    entries: tuple[Entry, ...]
    dismissed: tuple[tuple[str, ...], ...]
    coverage: tuple[tuple[str, ...], ...]
    checks: tuple[tuple[str, str], ...]


def build(
    reports: Sequence[Report],
    findings: Sequence[Finding],
    verified: Sequence[Verified],
    dismissed: Iterable[tuple[Finding, Suppression]] = (),
) -> Audit:
    """The content: what was read, what was found, by severity and kind, and what was checked and holds."""
    order = {"error": 0, "warning": 1, "info": 2}
    told = sorted((f for f in findings if f.type != "masked"), key=lambda f: (order[f.severity], f.sources))
    masked = sum(f.type == "masked" for f in findings)
    numbers = Counter(f.severity for f in told)
    dismissed = tuple(dismissed)
    read = sum(r.coverage.read for r in reports)
    checked = {m for f in findings if f.type != "masked" for m in f.members} | {
        m for v in verified for m in v.members
    }
    total = sum(len(r.observations) for r in reports)
    summary = [
        f"共核查报告 {len(reports)} 份，读出数字 {total} 个（文中数字 {sum(r.coverage.numerals for r in reports)} 处，其余为日期、序号、文号等）。",
        f"发现错误 {numbers['error']} 处、待核 {numbers['warning']} 处、提示 {numbers['info']} 处；另有 {masked} 个数字被遮盖或丢失，不能使用。",
        f"核对后成立的关系 {len(verified)} 个；参与核对的数字 {len(checked)} 个，占读出数字的 {round(100 * len(checked) / max(1, total))}%，其余没有可对照的数。",
    ]
    if dismissed:
        summary.append(f"按免核清单略去 {len(dismissed)} 处，列于文末。")
    if read and not told:
        summary.append("没有发现矛盾。没有发现不等于没有问题：只有报告自己给出了可对照的数，才能核对。")
    kinds = Counter((TYPES.get(f.type, f.type), f.severity) for f in told)
    names = sorted({k for k, _ in kinds})
    table = [("类别", "错误", "待核", "提示")] + [
        (k, *(str(kinds[k, s] or "") for s in ("error", "warning", "info"))) for k in names
    ]
    index = {o.id: (r, o) for r in reports for o in r.observations}
    coverage = [("文件", "地区", "年份", "读出数字", "参与核对", "错误", "待核")]
    for r in reports:
        mine = [f for f in told if r.source in f.sources]
        used = sum(o.id in checked for o in r.observations)
        coverage.append(
            (r.source, r.area or "不明", str(r.year or "不明"), str(len(r.observations)), str(used),
             str(sum(f.severity == "error" for f in mine)), str(sum(f.severity == "warning" for f in mine)))
        )  # fmt: skip
    gone = [("编号", "结论", "理由", "核查人", "日期")] + [
        (f.id, f.message, s.reason, s.who, s.date) for f, s in dismissed
    ]
    used_checks = {f.check for f in told} | {v.check for v in verified}
    return Audit(
        "数据核查报告",
        tuple(summary),
        tuple(table),
        tuple(_entry(f, n, index) for n, f in enumerate(told, 1)),
        tuple(gone) if dismissed else (),
        tuple(coverage),
        tuple((c, t) for c, t in manual().items() if c in used_checks),
    )


def _entry(f: Finding, n: int, index: dict[str, tuple[Report, Observation]]) -> Entry:
    quotes: dict[tuple[str, str], None] = {}
    for m in f.members:
        if m in index:
            report, o = index[m]
            page = f"第 {o.page} 页" if o.page else f"第 {o.start} 字"
            sentence = re.sub(r"\s+", " ", report.sentence_text(o))
            if (
                key := (f"{report.source}，{page}", _cut(sentence, re.sub(r"\s+", " ", o.text)))
            ) not in quotes:
                quotes[key] = None
    merged: dict[str, str] = {}
    for where, sentence in quotes:
        merged.setdefault(sentence, where)
    return Entry(
        f.id,
        f"{n}．{TYPES.get(f.type, f.type)}（{f.check}）",
        f.severity,
        f.message,
        _lines(f.arithmetic),
        f.explanations,
        tuple((where, sentence) for sentence, where in merged.items()),
    )


def _cut(sentence: str, around: str) -> str:
    """A long sentence shortened around a figure."""
    if len(sentence) <= _QUOTE:
        return sentence
    at = max(0, sentence.find(around) - _QUOTE // 2)
    return ("……" if at else "") + sentence[at : at + _QUOTE] + ("……" if at + _QUOTE < len(sentence) else "")


def _lines(a: Arithmetic | None) -> tuple[str, ...]:
    if a is None:
        return ()
    lines = [f"算得：{a.left}", f"报告：{a.right}"]
    if a.left_low is not None or a.left_high is not None:
        lines.append(f"算得的可能范围：{_span(a.left_low, a.left_high)}{a.unit or ''}")
    if a.right_low is not None or a.right_high is not None:
        lines.append(f"报告数的可能范围：{_span(a.right_low, a.right_high)}{a.unit or ''}")
    return tuple(lines)


def _span(low: Any, high: Any) -> str:
    if low is not None and low == high:
        return _number(low)
    return f"[{'−∞' if low is None else _number(low)}，{'∞' if high is None else _number(high)}]"


def _number(x: Any) -> str:
    text = f"{x:.4f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def write(path: Path, audit: Audit) -> None:
    """The report at ``path``, by its ending: .docx, .xlsx or .html."""
    if path.suffix.lower() == ".docx":
        _docx(path, audit)
    elif path.suffix.lower() == ".xlsx":
        _xlsx(path, audit)
    else:
        path.write_text(html(audit), encoding="utf-8")


def html(audit: Audit) -> str:
    """The report as one self-contained page."""
    out = [_HEAD.replace("TITLE", escape(audit.title)), f"<h1>{escape(audit.title)}</h1><h2>摘要</h2>"]
    out += [f"<p>{escape(p)}</p>" for p in audit.summary]
    if len(audit.table) > 1:
        out.append(_html_table(audit.table))
    out.append("<h2>逐项结果</h2>" if audit.entries else "")
    for e in audit.entries:
        out.append(
            f'<article class="{e.severity}" id="{escape(e.id)}"><h3><span>{_SEVERITY[e.severity]}</span>{escape(e.title)}</h3><p>{escape(e.message)}</p>'
        )
        out += [f'<p class="a">{escape(x)}</p>' for x in e.arithmetic]
        if e.explanations:
            out.append("<ol>" + "".join(f"<li>{escape(x)}</li>" for x in e.explanations) + "</ol>")
        out += [f"<blockquote>{escape(s)}<cite>{escape(w)}</cite></blockquote>" for w, s in e.quotes]
        out.append(f"<p class=i>编号 {escape(e.id)}</p></article>")
    out.append("<h2>核查范围</h2>" + _html_table(audit.coverage))
    if audit.dismissed:
        out.append("<h2>免核</h2>" + _html_table(audit.dismissed))
    out.append(
        "<h2>说明</h2><ul>"
        + "".join(f"<li>{_SEVERITY[k]}：{escape(v)}。</li>" for k, v in _EXPLAIN.items())
        + "</ul>"
    )
    out.append(_html_table((("检查", "内容"), *audit.checks)) if audit.checks else "")
    return "".join(out) + "</main></body></html>\n"


_HEAD = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="generator" content="reportminer"><meta name="viewport" content="width=device-width,initial-scale=1"><title>TITLE</title><style>
body{font:16px/1.8 "Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;color:#1c2733;margin:0;background:#fff}main{max-width:900px;margin:auto;padding:24px}
h1{font-size:26px}h2{font-size:20px;border-bottom:2px solid #1c3a5e;margin-top:36px}h3{font-size:17px;margin:0 0 6px}h3 span{margin-right:10px;padding:1px 8px;border-radius:4px;background:#e8edf2}
article{border-left:5px solid #8795a3;padding:8px 16px;margin:18px 0;background:#f7f9fa}article.error{border-color:#b3261e}article.warning{border-color:#b26a00}
.error h3 span{background:#b3261e;color:#fff}.warning h3 span{background:#8a5200;color:#fff}.a{margin:2px 0;font-family:"Noto Sans CJK SC",sans-serif;font-size:14px}.i{font-size:12px;color:#5a6875;margin:4px 0 0}
blockquote{margin:8px 0;padding:2px 12px;border-left:3px solid #cfd8e0}cite{display:block;font-size:13px;color:#5a6875;font-style:normal}
table{border-collapse:collapse;width:100%;font-size:14px;margin:10px 0}td,th{border:1px solid #cfd8e0;padding:3px 8px;text-align:left;overflow-wrap:anywhere}th{background:#e8edf2}
@media print{article{break-inside:avoid}}</style></head><body><main>"""


def _html_table(rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(c)}</th>" for c in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows[1:])
    return f"<table><tr>{head}</tr>{body}</table>"


def _docx(path: Path, audit: Audit) -> None:
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    doc = Document()
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title"):
        style = doc.styles[name]
        style.font.name = "宋体" if name == "Normal" else "黑体"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), style.font.name)
        style.font.color.rgb = RGBColor(0x1C, 0x27, 0x33)
    doc.styles["Normal"].font.size = Pt(11)
    doc.add_heading(audit.title, 0)
    doc.add_heading("摘要", 1)
    for p in audit.summary:
        doc.add_paragraph(p)
    if len(audit.table) > 1:
        _docx_table(doc, audit.table)
    if audit.entries:
        doc.add_heading("逐项结果", 1)
    colours = {
        "error": RGBColor(0xB3, 0x26, 0x1E),
        "warning": RGBColor(0x8A, 0x52, 0),
        "info": RGBColor(0x5A, 0x68, 0x75),
    }
    for e in audit.entries:
        head = doc.add_heading(level=2)
        run = head.add_run(f"【{_SEVERITY[e.severity]}】")
        run.font.color.rgb = colours[e.severity]
        head.add_run(e.title)
        doc.add_paragraph(e.message)
        for line in e.arithmetic:
            doc.add_paragraph(line, style="List Bullet")
        for line in e.explanations:
            doc.add_paragraph(f"可能的解释：{line}", style="List Bullet")
        for where, sentence in e.quotes:
            quote = doc.add_paragraph(style="Intense Quote")
            quote.add_run(f"“{sentence}”").italic = False
            quote.add_run(f"（{where}）").font.size = Pt(9)
        small = doc.add_paragraph().add_run(f"编号 {e.id}")
        small.font.size = Pt(8)
    doc.add_heading("核查范围", 1)
    _docx_table(doc, audit.coverage)
    if audit.dismissed:
        doc.add_heading("免核", 1)
        _docx_table(doc, audit.dismissed)
    doc.add_heading("说明", 1)
    for k, v in _EXPLAIN.items():
        doc.add_paragraph(f"{_SEVERITY[k]}：{v}。", style="List Bullet")
    if audit.checks:
        _docx_table(doc, (("检查", "内容"), *audit.checks))
    doc.save(str(path))


def _docx_table(doc: Any, rows: Sequence[Sequence[str]]) -> None:
    table = doc.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for n, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = ""
            cell.paragraphs[0].add_run(_xml(text)).bold = n == 0


def _xml(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def _xlsx(path: Path, audit: Audit) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True})
    text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})

    def sheet(name: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        made = book.add_worksheet(name)
        for col, width in enumerate(widths):
            made.set_column(col, col, width)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                made.write_string(r, c, cell, text if r else head)
        made.freeze_panes(1, 0)

    sheet("摘要", [("摘要",), *((p,) for p in audit.summary)], (100,))
    columns = ("编号", "类别", "程度", "结论", "算式", "可能的解释", "原句")
    entries = [
        (e.id, e.title.partition("．")[2], _SEVERITY[e.severity], e.message, "\n".join(e.arithmetic), "\n".join(e.explanations),
         "\n".join(f"{sentence}（{where}）" for where, sentence in e.quotes))
        for e in audit.entries
    ]  # fmt: skip
    sheet("逐项结果", [columns, *entries], (16, 16, 8, 50, 40, 40, 70))
    if audit.dismissed:
        sheet("免核", audit.dismissed, (16, 50, 50, 12, 12))
    sheet("核查范围", audit.coverage, (30, 16, 8, 10, 10, 8, 8))
    book.close()
