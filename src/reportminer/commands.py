"""What the commands of the command line share: options that name files, and the files that they write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from reportminer.errors import BadOption


def screened(findings: Any, suppress: Path | None) -> Any:
    """Findings divided by the suppression file, if there is one. Raises BadOption."""
    from reportminer.suppressions import load, screen

    if suppress is not None and not suppress.exists():
        raise BadOption(f"免核清单“{suppress}”不存在。", "请检查路径；第一条可用 reportminer dismiss 写入。")
    return screen(findings, load(suppress) if suppress else ())


def officials(reference: Path | None, mapping: list[str]) -> Any:
    """The official figures of ``--reference`` with the columns of ``--map``. Raises BadOption."""
    from reportminer.reference import load

    if reference is None:
        return ()
    pairs = {}
    for m in mapping:
        name, equals, column = m.partition("=")
        if not equals or not column.strip():
            raise BadOption(f"--map 的“{m}”不对。", "请写成 --map 地区=县区名称。")
        pairs[name.strip()] = column.strip()
    return load(reference, pairs)


def against(reports: Any, officials: Any, tolerance: float, out: Path | None) -> Any:
    """Compare with official figures, print the tally, write the table."""
    from collections import Counter
    from decimal import Decimal

    from reportminer.export import OutputFolder
    from reportminer.reference import VERDICTS, compare, table

    rows, findings = compare(reports, officials, Decimal(str(tolerance)))
    tally: Counter[str] = Counter(r.verdict for r in rows)
    typer.echo("与官方数据比较：" + "，".join(f"{VERDICTS[v]} {tally[v]}" for v in VERDICTS) + "。")
    if out is not None:
        with OutputFolder(out.parent) as folder:
            folder.write(out.name, table(rows))
        typer.echo(f"已写入 {out}。")
    return findings


def write_audit(path: Path, result: Any, dismissed: Any) -> None:
    """The audit report of a run at ``path``."""
    from reportminer.audit import build, write
    from reportminer.export import OutputFolder

    content = build(result.reports, result.checked.findings, result.checked.verified, dismissed)
    with OutputFolder(path.parent) as folder:
        write(folder.path(path.name), content)
    typer.echo(f"已写入核查报告 {path}。")


_TABLES = (".csv", ".xlsx", ".parquet", ".svg", ".png")


def check_output(out: Path | None, layout: str, chart: str) -> None:
    """Raises BadOption when the output of a comparison cannot be written as asked."""
    if out is not None and out.suffix.lower() not in _TABLES:
        raise BadOption(f"不知道如何写“{out.name}”。", f"请用这些结尾之一的文件名：{'、'.join(_TABLES)}。")
    if layout not in ("long", "wide"):
        raise BadOption(f"--layout 的“{layout}”不对。", "请用 long 或 wide。")
    if chart not in ("bar", "trend", "heat"):
        raise BadOption(f"--chart 的“{chart}”不对。", "请用 bar、trend 或 heat。")


def write_table(out: Path, table: Any, result: Any, layout: str, chart: Any) -> None:
    """The comparison in the form that the file name asks for."""
    from reportminer.export import OutputFolder, comparison_csv

    suffix = out.suffix.lower()
    with OutputFolder(out.parent) as folder:
        if out.name.lower().endswith(".sdmx.csv"):
            from reportminer.comparison.sdmx import sdmx_csv

            folder.write(out.name, sdmx_csv(table))
        elif suffix == ".csv":
            from reportminer.comparison.layout import wide_csv

            folder.write(out.name, wide_csv(table) if layout == "wide" else comparison_csv(table))
        elif suffix == ".xlsx":
            from reportminer.workbook import write_workbook

            write_workbook(folder.path(out.name), table, result.reports, result.checked.findings)
        elif suffix == ".parquet":
            from reportminer.export import comparison_parquet

            comparison_parquet(folder.path(out.name), table)
        else:
            from reportminer.charts import draw

            draw(folder.path(out.name), table, chart)
