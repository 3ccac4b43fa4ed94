"""Reports, findings and the comparison as rows of the result tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from reportminer.core import Checked, ComparisonCell, Failure, Observation, Report, Table
from reportminer.export import number
from reportminer.store import schema

Row = dict[str, Any]
_STEP = Decimal(1).scaleb(-schema.SCALE)
_LIMIT = Decimal(10) ** (schema.PRECISION - schema.SCALE)
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Results:
    """All that a run found, ready to be published. ``reports`` is gone through more than once and need not be in memory;
    ``names`` are all names of each source that was given under several."""

    reports: Iterable[Report]
    failures: Sequence[Failure]
    checked: Checked
    table: Table
    started_at: datetime
    extractor: str
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reused: int = 0


def decimals(values: Mapping[str, Decimal | None]) -> tuple[Row, Row | None]:
    """Numbers as they fit DECIMAL(38,12), and the exact text of those that do not fit."""
    fitting: Row = {}
    exact: Row = {}
    for name, value in values.items():
        if value is None:
            fitting[name] = None
            continue
        small = abs(value) < _LIMIT
        fitting[name] = value.quantize(_STEP, context=_CONTEXT) if small else None
        if fitting[name] != value:
            exact[name] = number(value)
    return fitting, exact or None


def rows_of(table: str, results: Results) -> Iterator[Row]:
    """The rows of one result table, without ``project_id``."""
    return _MAKERS[table](results)


def _documents(results: Results) -> Iterator[Row]:
    for n, report in enumerate(results.reports):
        raw, d, coverage = report.text.raw, report.text.document, report.coverage
        yield {
            "position": n, "source": raw.source, "sha256": raw.sha256, "format": raw.format, "title": d.title, "area": d.area, "area_code": d.area_code,
            "year": d.year, "genre": d.genre, "pages": len(raw.pages) or None, "characters": len(raw.text), "numerals": coverage.numerals,
            "read_numerals": coverage.read, "skipped": dict(coverage.skipped), "names": list(results.names.get(raw.source, (raw.source,))),
            "notes": list(report.text.notes),
        }  # fmt: skip


def _segments(results: Results) -> Iterator[Row]:
    for report in results.reports:
        for s in report.text.segments:
            span = report.text.map.span(s.start, s.end)
            yield {
                "source": report.source, "segment": s.index, "title": s.title, "area": s.area, "area_code": s.area_code, "year": s.year,
                "genre": s.genre, "date": s.date, "start_at": span.start, "end_at": span.end,
            }  # fmt: skip


_PLAIN = (
    "id", "source", "segment", "text", "page", "value_text", "unit", "bound", "masked", "indicator", "label", "kind", "status", "period",
    "area", "area_code", "part_of", "confidence", "rule", "dimension",
)  # fmt: skip


def observation_row(report: Report, o: Observation) -> Row:
    """One row of ``observations`` without its ``position``."""
    fitting, exact = decimals({n: getattr(o, n) for n in ("value", "value2", "low", "high", "step")})
    return {
        **{n: getattr(o, n) for n in _PLAIN}, **fitting, "start_at": o.start, "end_at": o.end, "scope": dict(o.scope), "exact": exact,
        "sentence": report.sentence_text(o),
    }  # fmt: skip


def _observations(results: Results) -> Iterator[Row]:
    position = 0
    for report in results.reports:
        for o in report.observations:
            yield {"position": position, **observation_row(report, o)}
            position += 1


def _findings(results: Results) -> Iterator[Row]:
    for n, f in enumerate(results.checked.findings):
        yield {
            "position": n, "id": f.id, "check_id": f.check, "type": f.type, "severity": f.severity, "sources": list(f.sources),
            "message": f.message, "arithmetic": _plain(f.arithmetic), "explanations": list(f.explanations),
        }  # fmt: skip


def _members(results: Results) -> Iterator[Row]:
    for f in results.checked.findings:
        for n, member in enumerate(f.members):
            yield {"finding": f.id, "position": n, "observation": member}


def _verified(results: Results) -> Iterator[Row]:
    for n, v in enumerate(results.checked.verified):
        yield {
            "position": n, "check_id": v.check, "type": v.type, "sources": list(v.sources), "members": list(v.members),
            "arithmetic": _plain(v.arithmetic), "note": v.note,
        }  # fmt: skip


def _comparison(results: Results) -> Iterator[Row]:
    for n, c in enumerate(results.table.cells):
        yield {"position": n, **comparison_row(c)}


def comparison_row(c: ComparisonCell) -> Row:
    """One row of ``comparison`` without its ``position``."""
    fitting, exact = decimals({"value": c.value})
    names = (
        "area",
        "area_code",
        "period",
        "indicator",
        "kind",
        "status",
        "unit",
        "bound",
        "masked",
        "observation",
    )
    row = {n: getattr(c, n) for n in names}
    return {
        **row,
        **fitting,
        "exact": exact,
        "scope": dict(c.scope),
        "others": list(c.others),
        "flags": list(c.flags),
    }


def _failures(results: Results) -> Iterator[Row]:
    for n, f in enumerate(results.failures):
        yield {"position": n, "source": f.source, "error": f.error, "fix": f.fix}


def _plain(x: Any) -> Any:
    """A frozen type as what JSON holds; decimals as exact text."""
    if is_dataclass(x) and not isinstance(x, type):
        return {f.name: _plain(getattr(x, f.name)) for f in fields(x)}
    return number(x) if isinstance(x, Decimal) else x


_MAKERS = {
    "documents": _documents, "segments": _segments, "observations": _observations, "findings": _findings, "finding_members": _members,
    "verified": _verified, "comparison": _comparison, "failures": _failures,
}  # fmt: skip
