"""What checks and the comparison say of reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from reportminer.core.observations import frame_of

Severity = Literal["error", "warning", "info"]


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


#: confidence from which a cell may be ranked; measured on corpora/eval: below it about half of the records are right, above nine of ten
SURE = 0.8


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
    confidence: float = 1.0  # of the observation chosen

    @property
    def unsure(self) -> bool:
        """Whether the reading is too doubtful to be ranked or divided: of such cells about half are wrong."""
        return self.confidence < SURE


@dataclass(frozen=True)
class Table:
    """The comparison: cells in the order area, indicator, scope, period. Those of a large run are read from the disk when they are gone through."""

    cells: Sequence[ComparisonCell]

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


class Checked(Protocol):
    """What all checks said, to be read only."""

    @property
    def findings(self) -> Sequence[Finding]:
        """Findings in their order."""
        ...

    @property
    def verified(self) -> Sequence[Verified]:
        """Relations that hold, in their order; those of a large run are read from the disk when they are gone through."""
        ...


@dataclass(frozen=True)
class Settled:
    """What all checks said, which nothing is added to any more."""

    findings: Sequence[Finding]
    verified: Sequence[Verified]
