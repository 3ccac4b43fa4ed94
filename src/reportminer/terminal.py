"""What the commands print: readable Chinese summaries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from reportminer.comparison.layout import MASKED, column_title, display_unit, indicator_names, wide
from reportminer.core import Report, Table
from reportminer.export import number
from reportminer.names import BOUNDS, GENRES, KINDS, SCOPES, STATUSES

if TYPE_CHECKING:
    from reportminer.evaluate import Scores
    from reportminer.pipeline import Run

_SEVERITY = {"error": "[bold red]错误[/]", "warning": "[yellow]待核[/]", "info": "[dim]提示[/]"}
SHOWN = 8


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=160)


def print_run(result: Run, out: Path, *, brief: bool = False, shown: Run | None = None) -> None:
    """Documents, observations, findings with their arithmetic, the comparison, and which files to open. ``shown``: what to list of a large run."""
    console = _console()
    counts = {s: sum(f.severity == s for f in result.checked.findings) for s in ("error", "warning", "info")}
    line = (
        f"读取报告 {len(result.reports)} 份（未能读取 {len(result.failures)} 份），观测值 {result.figures} 个；"
        f"错误 {counts['error']} 处，待核 {counts['warning']} 处，提示 {counts['info']} 处；核对一致 {len(result.checked.verified)} 处。"
    )
    if not result.reports:
        line += "没有一份报告能够读取，未作任何核查。"
    if brief:
        console.print(line)
        return
    whole, result = result, shown or result
    if shown is not None:
        console.print(
            f"报告共 {len(whole.reports)} 份，下面只列出有核查结果的 {len(shown.reports)} 份；全部结果在输出文件夹。"
        )
    documents = RichTable(title="报告", title_justify="left")
    for head in ("文件", "地区", "年份", "体裁", "数字", "观测值", "覆盖"):
        documents.add_column(head, overflow="fold")
    for r in result.reports:
        d, c = r.text.document, r.coverage
        documents.add_row(
            escape(r.source), d.area or "—", str(d.year or "—"), GENRES.get(d.genre or "", "—"), str(c.numerals), str(c.read), f"{c.read * 100 // max(1, c.numerals)}%"
        )  # fmt: skip
    console.print(documents)
    print_findings(result, console)
    print_table(result.table, console)
    for f in result.failures:
        console.print(f"未能读取 [bold]{escape(f.source)}[/]：{escape(f.error)}{escape(f.fix)}")
    console.print()
    console.print(line)
    console.print(f"请打开：{out / 'report.html'}（网页报告：原文、标记、核查）")
    console.print(f"　　　　{out / 'comparison.xlsx'}（比较表，每个单元格带出处）")
    console.print(
        f"　　　　{out / 'observations.jsonl'}、findings.jsonl、verified.jsonl、comparison.csv（数据）",
        soft_wrap=True,
    )


def print_findings(result: Run, console: Console | None = None) -> None:
    """Findings, errors first, each with its arithmetic, explanations and sentences."""
    console = console or _console()
    by_id = {o.id: (r, o) for r in result.reports for o in r.observations}
    findings = [f for f in result.checked.findings if f.severity != "info"]
    console.print(f"\n[bold]核查结果[/]（{len(findings)} 处）")
    for f in sorted(findings, key=lambda f: (f.severity != "error", f.sources)):
        console.print(
            f"{_SEVERITY[f.severity]} {f.check} {escape('、'.join(f.sources))}：{escape(f.message)}",
            soft_wrap=True,
        )
        for e in f.explanations[:2]:
            console.print(f"    可能：{escape(e)}", soft_wrap=True)
        for sentence in dict.fromkeys(
            by_id[m][0].sentence_text(by_id[m][1]) for m in f.members if m in by_id
        ):
            console.print(f"    [dim]原文：{escape(sentence[:120])}[/]", soft_wrap=True)


def print_table(table: Table, console: Console | None = None) -> None:
    """The columns that most areas fill, areas down and years within."""
    console = console or _console()
    names = indicator_names()
    areas, columns, _, grid = wide(table)
    shown = columns[: max(1, min(SHOWN, (console.width - 28) // 15))]  # as many as stay readable
    out = RichTable(
        title=f"比较表（{len(areas)} 个地区，{len(columns)} 列，此处显示填得最满的 {len(shown)} 列；* 表示有核查结果）",
        title_justify="left",
    )
    out.add_column("地区", overflow="fold")
    out.add_column("时期", overflow="fold")
    for _, sample in shown:
        out.add_column(column_title(sample, names), justify="right", overflow="fold", min_width=12)
    for area in areas:
        for year in sorted({y for (a, k, y) in grid if a == area and any(k == key for key, _ in shown)}):
            row = []
            for key, _ in shown:
                c = grid.get((area, key, year))
                if c is None:
                    row.append("—")
                elif c.masked or c.value is None:
                    row.append(MASKED if c.masked else "约数")
                else:
                    row.append(number(c.value / display_unit(c)[1]) + ("*" if c.flags else ""))
            out.add_row(area, year or "不明", *row)
    console.print(out)


def print_explanation(report: Report, at: int) -> None:
    """Why the figure at a raw offset was read as it was."""
    console = _console()
    o = next((x for x in report.observations if x.start <= at < x.end), None)
    if o is None:
        near = sorted(report.observations, key=lambda x: min(abs(x.start - at), abs(x.end - at)))[:3]
        hint = "；最近的观测值：" + "、".join(f"{x.text!r}（{x.start}）" for x in near) if near else ""
        console.print(
            f"位置 {at} 不在任何观测值内：该处没有数字，或它不是可量度的数（日期、序号、名称、口号等）{hint}。",
            soft_wrap=True,
        )
        return
    value = (
        "掩码或缺失（不是零）"
        if o.masked
        else f"{number(o.value) or '无数值'}{'—' + number(o.value2) if o.value2 is not None else ''} {o.unit or ''}"
    )
    names = indicator_names()
    for head, body in (
        ("原文", f"{o.text}（第 {o.start}—{o.end} 字）"), ("句子", report.sentence_text(o)), ("数值", value),
        ("区间", f"[{number(o.low) or '−∞'}，{number(o.high) or '+∞'}]，界限：{BOUNDS[o.bound]}"), ("指标", f"{names.get(o.indicator, o.indicator)}（{o.indicator}），称作“{o.label}”"),
        ("类型与状态", f"{KINDS[o.kind]}，{STATUSES[o.status]}"), ("时期", o.period or "不明"), ("地区", o.area or "不明"), ("范围", "、".join(f"{SCOPES.get(k, k)}：{v}" for k, v in o.scope.items()) or "—"),
        ("属于", next((x.text + "（" + x.label + "）" for x in report.observations if x.id == o.part_of), "—")), ("规则", o.rule), ("置信度", str(o.confidence)),
    ):  # fmt: skip
        console.print(f"[bold]{head}[/]：{escape(body)}", soft_wrap=True)


def print_scores(s: Scores) -> None:
    """The scores as a short table."""
    console = _console()
    for name, t in (
        ("mention", s.mention),
        ("quantity", s.quantity),
        ("record", s.record),
        ("part_of", s.part_of),
    ):
        console.print(
            f"{name:9s} P {t.precision:.4f}  R {t.recall:.4f}  F1 {t.f1:.4f}   ({t.right} / {t.predicted} / {t.gold})"
        )
    console.print(
        f"findings  P {s.finding_precision:.4f}  R {s.finding_recall:.4f}   stray warnings {s.stray_warnings / max(1, s.documents):.2f} a document"
    )
    console.print(
        "fields    " + "  ".join(f"{k} {t.recall:.4f}" for k, t in s.fields.items()), soft_wrap=True
    )
    console.print(
        "document  " + "  ".join(f"{k} {t.recall:.4f}" for k, t in s.document.items()), soft_wrap=True
    )
