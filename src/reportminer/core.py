"""The frozen types in which the stages meet. No I/O, no third-party imports.

Offsets are half-open and count Python characters. *raw* offsets point into ``RawDocument.text`` (the text as
stored), *clean* offsets into ``ReportText.clean``; only ``TextMap`` turns one into the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Bound = Literal["eq", "ge", "le", "approx", "range"]
Kind = Literal["level", "change", "growth", "share", "ratio", "rank", "price"]
Status = Literal["actual", "planned", "required"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open interval of character offsets."""

    start: int
    end: int


# --------------------------------------------------------------------------- ingest


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: its place in the grid and its raw offsets."""

    row: int
    col: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table that the file format itself marks as one (docx, html, pdf): cells in reading order."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One input file as text, before any repair.

    ``text`` is what offsets refer to: the decoded characters of txt/html/md with newlines as they are, or what ingest made
    of docx/pdf. ``pages`` are the raw spans of the pages (pdf), ``hidden`` raw spans that are markup and not content (html
    tags, scripts), to be dropped by restore.
    """

    source: str
    sha256: str
    format: str
    text: str
    charset: str | None = None
    pages: tuple[Span, ...] = ()
    tables: tuple[RawTable, ...] = ()
    hidden: tuple[Span, ...] = ()


# --------------------------------------------------------------------------- restore


class TextMap:
    """Maps every clean character to the raw character it came from. Clean text may drop or replace raw characters
    one for one; it never invents or reorders them, so one increasing array of raw offsets is the whole map."""

    __slots__ = ("_origin",)

    def __init__(self, origin: Sequence[int]) -> None:
        """``origin[i]`` is the raw offset of clean character ``i``; strictly increasing."""
        self._origin = origin

    def __len__(self) -> int:
        return len(self._origin)

    def raw(self, clean_offset: int) -> int:
        """Raw offset of one clean character."""
        return self._origin[clean_offset]

    def span(self, start: int, end: int) -> Span:
        """Raw span of the clean span ``[start, end)``; debris between its characters is inside, around it outside."""
        if end <= start:
            at = (
                self._origin[start]
                if start < len(self._origin)
                else (self._origin[-1] + 1 if self._origin else 0)
            )
            return Span(at, at)
        return Span(self._origin[start], self._origin[end - 1] + 1)

    def clean(self, raw_offset: int) -> int:
        """The clean offset of the last kept character at or before ``raw_offset`` (0 when there is none)."""
        return max(0, bisect_right(self._origin, raw_offset) - 1)

    def clean_from(self, raw_offset: int) -> int:
        """The clean offset of the first kept character at or after ``raw_offset`` (``len(self)`` when there is none)."""
        at = bisect_right(self._origin, raw_offset - 1)
        return at


@dataclass(frozen=True, slots=True)
class TextCell:
    """One table cell in clean offsets (without surrounding blanks or separators)."""

    row: int
    col: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in the clean text, whatever its source (docx, html, pdf, Markdown, tabs, aligned spaces)."""

    start: int
    end: int
    cells: tuple[TextCell, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One article of a file. ``start``/``end`` are clean offsets. ``year`` is the reporting year (the year reviewed),
    ``area`` simplified without debris; both None when masked or unknown."""

    index: int
    start: int
    end: int
    title: str | None
    area: str | None
    area_code: str | None
    year: int | None
    genre: str | None
    date: str | None = None  # date printed on the report (ISO, YYYY-MM or YYYY-MM-DD), None when unknown


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report ready to be read: repaired text with its map back to the file.

    ``sentences`` are clean spans (split at 。！？； and paragraph ends, never inside brackets or quotations), in order, without gaps
    that hold numerals. ``segments`` cover the clean text in order. Document-level ``title, area, area_code, year, genre`` are in
    ``document`` (a Segment that spans all of the clean text).
    """

    raw: RawDocument
    clean: str
    map: TextMap
    sentences: tuple[Span, ...]
    segments: tuple[Segment, ...]
    document: Segment
    tables: tuple[TextTable, ...] = ()
    notes: tuple[str, ...] = ()  # what restore did, one line per kind of repair

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds the clean ``offset`` (the last one that starts at or before it)."""
        return max(0, bisect_right(self.sentences, offset, key=lambda s: s.start) - 1)

    def segment_at(self, offset: int) -> Segment:
        """The segment that holds the clean ``offset``."""
        return self.segments[max(0, bisect_right(self.segments, offset, key=lambda s: s.start) - 1)]


# --------------------------------------------------------------------------- extract


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity expression. ``start``/``end`` refer to the text it was read from.

    ``value``/``value2`` are in the canonical ``unit`` (`spec/observations.md` §3), None when masked or unnumbered (数百).
    ``low``/``high`` is the interval that the print allows (§6 of the spec), None where open-ended or unknown.
    """

    text: str
    start: int
    end: int
    value: Decimal | None
    value2: Decimal | None = None
    unit: str | None = None
    bound: Bound = "eq"
    low: Decimal | None = None
    high: Decimal | None = None
    masked: bool = False
    value_text: str | None = None  # the number as printed: A:B of a ratio, the digits and scale of others
    step: Decimal | None = (
        None  # size of one unit of the last printed digit in canonical units; 0 for an exact count
    )
    dimension: str = (
        "count"  # money area length mass volume energy percent points ratio multiple rank time count number
    )
    rule: str = ""  # name of the grammar rule that read it


@dataclass(frozen=True, slots=True)
class PeriodExpr:
    """A time expression in the clean text. ``period`` is ISO as in the spec where the text alone gives it; otherwise ``relative``
    names what must be resolved against the reporting year (``this_year``, ``last_year``, ``next_year``, ``since``, ``last_n``…)."""

    start: int
    end: int
    text: str
    period: str | None
    relative: str | None = None
    number: int | None = None  # n of 近n年, n年来
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A quantity that measures something, with its place in the report (clean offsets)."""

    quantity: Quantity
    start: int
    end: int
    sentence: int
    segment: int
    table: int | None = None
    row: int | None = None
    col: int | None = None


# --------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class Observation:
    """One numeric claim; the contract is `spec/interchange.md`. Offsets are raw."""

    id: str
    source: str
    segment: int
    start: int
    end: int
    text: str
    page: int | None
    value: Decimal | None
    value2: Decimal | None
    value_text: str | None
    unit: str | None
    bound: Bound
    masked: bool
    indicator: str
    label: str
    kind: Kind
    status: Status
    period: str | None
    area: str | None
    area_code: str | None
    scope: Mapping[str, str]
    part_of: str | None
    confidence: float
    rule: str
    # beyond the contract: what checks need
    low: Decimal | None = None
    high: Decimal | None = None
    step: Decimal | None = None
    dimension: str = "count"
    sentence: int = 0  # index into ReportText.sentences
    clean_start: int = 0
    clean_end: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the numerals of a text was read: ``numerals`` = ``read`` + sum of ``skipped`` (reason → count)."""

    numerals: int
    read: int
    skipped: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """One file read: its text, its observations, what was left out."""

    text: ReportText
    observations: tuple[Observation, ...]
    coverage: Coverage

    @property
    def source(self) -> str:
        """File name relative to the given path."""
        return self.text.raw.source

    @property
    def title(self) -> str | None:
        """Title of the document, simplified."""
        return self.text.document.title

    @property
    def area(self) -> str | None:
        """Area the document speaks of."""
        return self.text.document.area

    @property
    def year(self) -> int | None:
        """Reporting year."""
        return self.text.document.year

    def sentence_text(self, observation: Observation) -> str:
        """The clean sentence that holds the observation."""
        span = self.text.sentences[observation.sentence]
        return self.text.clean[span.start : span.end].strip()

    def to_frame(self) -> Any:
        """The observations as a pandas DataFrame, one row each (pandas is imported here)."""
        return frame_of(self.observations)


# --------------------------------------------------------------------------- check, compare


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The arithmetic of a relation: both sides in words and as intervals (canonical unit), None = open end."""

    left: str
    right: str
    left_low: Decimal | None = None
    left_high: Decimal | None = None
    right_low: Decimal | None = None
    right_high: Decimal | None = None
    difference: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Figures that cannot all be right, or must be looked at before use; the contract is `spec/interchange.md`."""

    id: str
    check: str
    type: str
    severity: Severity
    sources: tuple[str, ...]
    members: tuple[str, ...]
    message: str
    arithmetic: Arithmetic | None = None
    explanations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """A relation that was checked and holds."""

    check: str
    type: str
    sources: tuple[str, ...]
    members: tuple[str, ...]
    arithmetic: Arithmetic | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonCell:
    """One cell area × period × indicator × scope with the observation chosen for it."""

    area: str
    area_code: str | None
    period: str | None
    indicator: str
    scope: Mapping[str, str]
    kind: str
    status: str
    value: Decimal | None
    unit: str | None
    bound: str
    observation: str
    others: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    masked: bool = False


@dataclass(frozen=True)
class Table:
    """The comparison: cells in the order area, indicator, scope, period."""

    cells: tuple[ComparisonCell, ...]

    def to_frame(self) -> Any:
        """The cells as a pandas DataFrame (pandas is imported here)."""
        return frame_of(self.cells)


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read."""

    source: str
    error: str
    fix: str


@dataclass
class CheckResult:
    """What one check (or all of them) says: findings and the relations that hold."""

    findings: list[Finding] = field(default_factory=list)
    verified: list[Verified] = field(default_factory=list)

    def extend(self, other: CheckResult) -> None:
        """Append another result."""
        self.findings.extend(other.findings)
        self.verified.extend(other.verified)


def frame_of(rows: Iterable[Any]) -> Any:
    """A pandas DataFrame of dataclass rows, columns in field order. Raises ImportError with a way out when pandas is missing."""
    from dataclasses import fields

    try:
        import pandas as pd
    except ImportError as e:  # pragma: no cover - depends on the installation
        raise ImportError("to_frame() 需要 pandas：pip install 'reportminer[frames]'") from e
    rows = list(rows)
    if not rows:
        return pd.DataFrame()
    names = [f.name for f in fields(rows[0])]
    return pd.DataFrame([[getattr(r, n) for n in names] for r in rows], columns=names)
