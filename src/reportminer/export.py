"""Writes what a run yields: the files of `spec/interchange.md`, the comparison workbook and the text that offsets refer to.

Everything is written into a temporary folder beside its target and renamed at the end, so that no half-written file is ever left.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import msgspec

from reportminer.core import ComparisonCell, Failure, Finding, Observation, Report, Segment, Table, Verified
from reportminer.errors import BadOption, OutputNotWritable

OBSERVATION_FIELDS = (
    "id", "source", "segment", "start", "end", "text", "page", "value", "value2", "value_text", "unit", "bound", "masked", "indicator",
    "label", "kind", "status", "period", "area", "area_code", "scope", "part_of", "confidence", "rule", "low", "high",
)  # fmt: skip
_DECIMALS = ("value", "value2", "low", "high")
COMPARISON_FIELDS = (
    "area", "area_code", "period", "indicator", "scope", "kind", "status", "value", "unit", "bound", "observation", "others", "flags", "confidence"
)  # fmt: skip
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def plain(value: Decimal) -> Decimal:
    """The same number without superfluous zeros and without an exponent: 63500.0 → 63500."""
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value


def number(value: Decimal | None) -> str:
    """A decimal as text, empty for None."""
    return "" if value is None else format(plain(value), "f")


_ATOMS = frozenset((str, int, float, bool, type(None)))


def _value(x: Any) -> Any:
    if type(x) in _ATOMS:  # nearly all of them
        return x
    if isinstance(x, Decimal):
        return plain(x)
    if is_dataclass(x) and not isinstance(x, type):
        return {f.name: _value(getattr(x, f.name)) for f in fields(x)}
    if isinstance(x, Mapping):
        return {k: _value(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [_value(v) for v in x]
    return x


def jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8 JSON Lines, exact decimals as numbers."""
    return b"".join(_ENCODER.encode(_value(r)) + b"\n" for r in rows)


def document_row(report: Report, names: Sequence[str] = ()) -> dict[str, Any]:
    """One line of documents.jsonl. ``names``: all names under which this content was given."""
    text = report.text
    d = text.document
    return {
        "source": report.source, "sha256": text.raw.sha256, "format": text.raw.format, "title": d.title, "area": d.area,
        "area_code": d.area_code, "year": d.year, "genre": d.genre, "segments": [_segment(report, s) for s in text.segments],
        "pages": len(text.raw.pages) or None, "characters": len(text.raw.text),
        "coverage": {"numerals": report.coverage.numerals, "read": report.coverage.read, "skipped": dict(report.coverage.skipped)},
        "notes": list(text.notes), "names": list(names or (report.source,)),
    }  # fmt: skip


def _segment(report: Report, s: Segment) -> dict[str, Any]:
    span = report.text.map.span(s.start, s.end)
    return {
        "title": s.title, "area": s.area, "area_code": s.area_code, "year": s.year, "genre": s.genre, "start": span.start, "end": span.end
    }  # fmt: skip


def observation_row(o: Observation) -> dict[str, Any]:
    """One line of observations.jsonl."""
    return {name: getattr(o, name) for name in OBSERVATION_FIELDS}


def observation_lines(observations: Iterable[Observation]) -> bytes:
    """Their lines of observations.jsonl, as ``jsonl`` of their rows gives them but in a third of the time: most of what a run writes."""
    out = []
    for o in observations:
        row = observation_row(o)
        row["scope"] = dict(o.scope)
        for name in _DECIMALS:
            if row[name] is not None:
                row[name] = plain(row[name])
        out.append(_ENCODER.encode(row))
    return b"\n".join(out) + b"\n" if out else b""


def finding_row(f: Finding) -> dict[str, Any]:
    """One line of findings.jsonl."""
    return {x.name: getattr(f, x.name) for x in fields(f)}


def verified_row(v: Verified) -> dict[str, Any]:
    """One line of verified.jsonl."""
    return {x.name: getattr(v, x.name) for x in fields(v)}


def comparison_csv(table: Table) -> bytes:
    """comparison.csv: UTF-8 with BOM; text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    _write_comparison(out, table)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _write_comparison(out: TextIO, table: Table) -> None:
    writer = csv.writer(out)
    writer.writerow(COMPARISON_FIELDS)
    writer.writerows([_csv_cell(x) for x in _of_cell(c)] for c in table.cells)


def _comparison_file(path: Path, table: Table) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as f:
        _write_comparison(f, table)


def comparison_parquet(path: Path, table: Table) -> None:
    """The comparison as Parquet, values as float64. Raises BadOption without pandas and pyarrow."""
    try:
        import pandas as pd

        frame = pd.DataFrame(
            [{n: _parquet_cell(c, n) for n in COMPARISON_FIELDS} for c in table.cells],
            columns=list(COMPARISON_FIELDS),
        )
        frame.to_parquet(path, index=False)
    except ImportError as e:
        raise BadOption(
            "写 parquet 需要 pandas 和 pyarrow。", "请安装：pip install 'reportminer[frames]'。"
        ) from e


def _parquet_cell(c: ComparisonCell, name: str) -> Any:
    x = getattr(c, name)
    return float(x) if isinstance(x, Decimal) else (_csv_cell(x) if x is not None else None)


_of_cell = attrgetter(*COMPARISON_FIELDS)
_FORMULA = ("=", "+", "-", "@", "\t")


def _csv_cell(x: Any) -> str:
    if type(x) is str:  # most of them
        return "'" + x if x[:1] in _FORMULA else x
    if x is None:
        return ""
    if isinstance(x, Decimal):
        return number(x)
    if isinstance(x, Mapping):
        return json.dumps(dict(x), ensure_ascii=False) if x else "{}"
    if isinstance(x, tuple):
        return " ".join(x)
    return _csv_cell(str(x))


class OutputFolder:
    """Collects the files of a run and publishes them together. Use as a context manager; nothing is left behind on an error."""

    def __init__(self, target: Path) -> None:
        """``target``: the folder asked for; made when missing. Raises OutputNotWritable."""
        self.target = target
        try:
            target.mkdir(parents=True, exist_ok=True)
            _remove_left_over(target)
            self.work = Path(tempfile.mkdtemp(prefix=f".reportminer-{os.getpid()}-", dir=target))
        except OSError as e:
            raise OutputNotWritable(
                f"输出文件夹“{target}”无法写入（{e.strerror or e}）。",
                "请换一个有写权限的文件夹，例如 --out 桌面上的新文件夹。",
            ) from e

    def __enter__(self) -> OutputFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            shutil.rmtree(self.work, ignore_errors=True)

    def write(self, name: str, data: bytes) -> None:
        """One file, by its path relative to the folder."""
        path = self.work / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as e:
            raise OutputNotWritable(
                f"写入“{name}”失败（{e.strerror or e}）。", "请检查磁盘空间和写权限后重试。"
            ) from e

    def write_lines(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """JSON Lines, written row by row: the rows need not be in memory together."""
        with self.opened(name) as f:
            for row in rows:
                f.write(jsonl((row,)))

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """A file that is written piece by piece."""
        try:
            with (self.work / name).open("wb") as f:
                yield f
        except OSError as e:
            raise OutputNotWritable(
                f"写入“{name}”失败（{e.strerror or e}）。", "请检查磁盘空间和写权限后重试。"
            ) from e

    def made_by(self, name: str, write: Callable[[Path], None]) -> None:
        """A file that a library writes at the path it is given."""
        try:
            write(self.work / name)
        except Exception as e:
            cause = os_error(e)
            if cause is None:
                raise
            raise OutputNotWritable(
                f"写入“{name}”失败（{cause.strerror or cause}）。", "请检查磁盘空间和写权限后重试。"
            ) from e

    def path(self, name: str) -> Path:
        """Where a library may write the file ``name`` itself."""
        return self.work / name

    def _publish(self) -> None:
        for path in sorted(self.work.rglob("*")):
            if path.is_file():
                final = self.target / path.relative_to(self.work)
                try:
                    final.parent.mkdir(parents=True, exist_ok=True)
                    path.replace(final)
                except OSError as e:
                    raise OutputNotWritable(
                        f"无法写入“{final.name}”（{e.strerror or e}）。",
                        "如果该文件正被 Excel 等程序打开，请关闭后重试。",
                    ) from e


def os_error(e: BaseException | None) -> OSError | None:
    """The error of the system behind an error of a library."""
    while e is not None and not isinstance(e, OSError):
        e = e.__cause__ or e.__context__
    return e


def _remove_left_over(target: Path) -> None:
    """Temporary folders of runs that were killed; those of runs that are still at it stay."""
    for folder in target.glob(".reportminer-*"):
        number = folder.name.split("-")[1]
        if (
            number.isdigit()
            and os.name == "posix"
            and not Path(f"/proc/{number}").exists()
            and Path("/proc").is_dir()
        ):
            shutil.rmtree(folder, ignore_errors=True)


#: begins to make page and workbook in a folder; what it returns waits until they are there
Show = Callable[[OutputFolder], Callable[[], None]]


def write_run(
    target: Path,
    reports: Sequence[Report],
    failures: Sequence[Failure],
    findings: Sequence[Finding],
    verified: Sequence[Verified],
    table: Table,
    names: Mapping[str, Sequence[str]] | None = None,
    lines: Callable[[OutputFolder], None] | None = None,
    show: Show | None = None,
) -> list[str]:
    """All files of one run into ``target``; returns their names. Raises OutputNotWritable.

    ``names``: source → all names, of documents that have several. ``lines`` writes documents, observations, relations and texts where they lie
    ready to be copied; ``show`` makes page and workbook where not this process is to make them, or not of everything.
    """
    with OutputFolder(target) as out:
        shown = (show or partial(_show, reports, failures, findings, verified, table))(out)
        if lines is not None:
            lines(out)
        else:
            _write_reports(out, reports, verified, names or {})
        out.write_lines("findings.jsonl", map(finding_row, findings))
        out.write_lines("failures.jsonl", ({x.name: getattr(f, x.name) for x in fields(f)} for f in failures))
        out.made_by("comparison.csv", partial(_comparison_file, table=table))
        shown()
    return [
        "documents.jsonl", "observations.jsonl", "findings.jsonl", "verified.jsonl", "failures.jsonl", "comparison.csv", "comparison.xlsx",
        "report.html",
    ]  # fmt: skip


def _write_reports(
    out: OutputFolder,
    reports: Sequence[Report],
    verified: Iterable[Verified],
    names: Mapping[str, Sequence[str]],
) -> None:
    out.write_lines("documents.jsonl", (document_row(r, names.get(r.source, ())) for r in reports))
    out.write_lines("observations.jsonl", (observation_row(o) for r in reports for o in r.observations))
    out.write_lines("verified.jsonl", map(verified_row, verified))
    for r in reports:
        if not own_text(r):
            out.write(f"text/{r.source}.txt", r.text.raw.text.encode())


def own_text(report: Report) -> bool:
    """Whether the file itself is the text that offsets refer to."""
    return report.text.raw.format in ("txt", "html", "md") and ".zip/" not in report.source


def _show(
    reports: Sequence[Report],
    failures: Sequence[Failure],
    findings: Sequence[Finding],
    verified: Sequence[Verified],
    table: Table,
    out: OutputFolder,
) -> Callable[[], None]:
    """Page and workbook of a whole run, here."""
    out.made_by("comparison.xlsx", partial(workbook, table=table, reports=reports, findings=findings))
    out.made_by(
        "report.html",
        partial(page, reports=reports, findings=findings, verified=verified, failures=failures, table=table),
    )
    return lambda: None


def workbook(path: Path, table: Table, reports: Sequence[Report], findings: Sequence[Finding]) -> None:
    """comparison.xlsx at ``path``."""
    from reportminer.workbook import write_workbook

    write_workbook(path, table, reports, findings)


def page(
    path: Path,
    reports: Sequence[Report],
    findings: Sequence[Finding],
    verified: Sequence[Verified],
    failures: Sequence[Failure],
    table: Table,
    notice: str = "",
) -> None:
    """report.html at ``path``."""
    from reportminer.report_html import render

    path.write_bytes(render(reports, findings, verified, failures, table, notice).encode())
