"""The frozen types in which the stages meet. No I/O, no third-party imports.

Offsets are half-open and count Python characters. *raw* offsets point into ``RawDocument.text`` (the text as
stored), *clean* offsets into ``ReportText.clean``; only ``TextMap`` turns one into the other.
"""

from reportminer.core.mentions import Bound, Mention, PeriodExpr, Quantity
from reportminer.core.observations import Coverage, Kind, Observation, Report, Status, frame_of
from reportminer.core.results import (
    Arithmetic,
    Checked,
    CheckResult,
    ComparisonCell,
    Failure,
    Finding,
    Settled,
    Severity,
    Table,
    Verified,
)
from reportminer.core.text import (
    Box,
    Cell,
    Layout,
    RawDocument,
    RawTable,
    ReportText,
    Segment,
    Sheet,
    Span,
    TextCell,
    TextMap,
    TextTable,
)

__all__ = [
    "Arithmetic",
    "Bound",
    "Box",
    "Cell",
    "CheckResult",
    "Checked",
    "ComparisonCell",
    "Coverage",
    "Failure",
    "Finding",
    "Kind",
    "Layout",
    "Mention",
    "Observation",
    "PeriodExpr",
    "Quantity",
    "RawDocument",
    "RawTable",
    "Report",
    "ReportText",
    "Segment",
    "Settled",
    "Severity",
    "Sheet",
    "Span",
    "Status",
    "Table",
    "TextCell",
    "TextMap",
    "TextTable",
    "Verified",
    "frame_of",
]
