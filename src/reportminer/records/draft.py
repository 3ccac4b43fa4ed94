"""A draft is an observation being made: each step of ``records`` fills its own fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportminer.core import Kind, Mention, Quantity, Status


@dataclass(slots=True)
class Draft:
    """One mention on its way to an observation. Steps, in order: meaning (indicator, label, kind, status, scope, sign of the
    quantity), areas, timing (period), parts (part_of = index of the whole in the list of drafts)."""

    mention: Mention
    quantity: Quantity  # as read; the meaning step may negate it (decrease)
    indicator: str = "other"
    label: str = ""
    kind: Kind = "level"
    status: Status = "actual"
    scope: dict[str, str] = field(default_factory=dict)
    area: str | None = None
    area_code: str | None = None
    area_is_own: bool = True  # False when a school, project or other area is named
    period: str | None = None
    part_of: int | None = None
    confidence: float = 0.5
    rule: str = ""
