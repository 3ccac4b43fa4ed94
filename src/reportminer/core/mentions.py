"""What extract finds: quantities, time expressions, mentions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Bound = Literal["eq", "ge", "le", "approx", "range"]


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
