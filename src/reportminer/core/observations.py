"""Observations and the report that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from reportminer.core.mentions import Bound
from reportminer.core.text import Box, ReportText

Kind = Literal["level", "change", "growth", "share", "ratio", "rank", "price"]
Status = Literal["actual", "planned", "required"]


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

    def boxes(self, observation: Observation) -> tuple[Box, ...]:
        """Where the figure stands on its pages (pdf and images; empty for other formats): one rectangle for each line that it touches."""
        layout = self.text.raw.layout
        return () if layout is None else layout.boxes(observation.start, observation.end)

    def to_frame(self) -> Any:
        """The observations as a pandas DataFrame, one row each (pandas is imported here)."""
        return frame_of(self.observations)
