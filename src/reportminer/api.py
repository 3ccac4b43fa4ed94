"""The public Python API; every function takes paths or text and returns the frozen types of ``core``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from reportminer import checks, ingest, pipeline, restore
from reportminer.comparison import compare as _compare
from reportminer.core import Finding, PeriodExpr, Quantity, Report, Table, frame_of
from reportminer.errors import UnreadableFile
from reportminer.extract.periods import periods as _periods
from reportminer.extract.quantities import find_quantities
from reportminer.lexicon import Lexicon, default_lexicon


class Rows(list):  # type: ignore[type-arg]
    """A list of dataclass rows that can become a data frame."""

    def to_frame(self) -> object:
        """The rows as a pandas DataFrame."""
        return frame_of(self)


def read(path_or_text: str | Path, *, lexicon: Lexicon | None = None) -> Report:
    """One report from a file (``Path``, or a ``str`` that names an existing file) or from its text.

    Raises UnreadableFile for a file that cannot be read. Offsets of the observations refer to ``report.text.raw.text``.
    """
    if isinstance(path_or_text, Path):
        return pipeline.read_file(path_or_text, lexicon=lexicon)
    if "\n" not in path_or_text and len(path_or_text) < 1000:
        try:
            if Path(path_or_text).is_file():
                return pipeline.read_file(Path(path_or_text), lexicon=lexicon)
        except (OSError, ValueError):
            pass  # not a file name that this system knows: it is text
        if Path(path_or_text).suffix.lower().lstrip(".") in ingest.READERS and "，" not in path_or_text:
            raise UnreadableFile(f"找不到文件“{path_or_text}”。", "请检查文件名和所在文件夹。")
    return pipeline.read_raw(ingest.read_text(path_or_text), lexicon)


def quantities(text: str) -> list[Quantity]:
    """Every quantity expression of a text, claim or not (dates excepted), with offsets into ``text``.

    Fields: ``text, start, end, value, value2, unit, bound, low, high, masked``; values in canonical units (元, 平方米, 人 …).
    """
    clean, mapping = restore.clean_fragment(text)
    out = Rows()
    for q in find_quantities(clean):
        span = mapping.span(q.start, q.end)
        out.append(replace(q, start=span.start, end=span.end, text=text[span.start : span.end]))
    return out


def periods(text: str, reference: datetime.date | None = None) -> list[PeriodExpr]:
    """Every time expression of a text; relative ones (今年, 近三年) resolved against ``reference`` (unresolved without it)."""
    return Rows(_periods(text, reference))


def check(reports: Iterable[Report], *, lexicon: Lexicon | None = None) -> list[Finding]:
    """Findings of all checks inside and across the reports."""
    return Rows(checks.run(list(reports), lexicon or default_lexicon()).findings)


def compare(
    reports: Sequence[Report],
    *,
    areas: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
    indicators: Iterable[str] | None = None,
    scope: dict[str, str] | None = None,
) -> Table:
    """The comparison table of the reports, cells flagged with their findings; the filters keep only what matches."""
    findings = checks.run(list(reports), default_lexicon()).findings
    return _compare(reports, findings=findings, areas=areas, years=years, indicators=indicators, scope=scope)
