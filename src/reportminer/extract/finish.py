"""Number, unit and the modifiers around them made into a Quantity."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.core import Quantity
from reportminer.extract.modifiers import bound_after, bound_before, far_bound, make
from reportminer.extract.numbers import Number
from reportminer.extract.units import Unit, UnitTable

_ALTERNATIVE_UNIT = re.compile(r"[(（]([^()（）]{1,2})[)）]")


def range_quantity(
    text: str,
    start: int,
    low: Decimal,
    place: Decimal,
    second: Number,
    unit: Unit,
    end: int,
    table: UnitTable,
    floor: int,
) -> Quantity:
    """Two numbers and a unit to one Quantity with ``value`` and ``value2``."""
    begin, _, _ = bound_before(text, start, table, floor)
    end, _ = bound_after(text, end, table)
    assert second.value is not None
    exact = unit.dimension == "count" and place == 1
    step = Decimal(0) if exact else min(place, second.place) * unit.factor
    return make(
        text,
        begin,
        end,
        low * unit.factor,
        second.value * unit.factor,
        unit.unit,
        "range",
        step,
        False,
        unit.dimension,
        "区间",
        "",
    )


def finish(text: str, start: int, n: Number, unit: Unit, end: int, table: UnitTable, floor: int) -> Quantity:
    """Number and unit to a Quantity, with the modifiers around them."""
    begin, bound, word = bound_before(text, start, table, floor)
    sign = 1
    if (
        begin == start
        and start >= 2
        and text[start - 1] in "-－−"
        and not text[start - 2].isascii()
        and text[start - 2] not in "年月日 —－-"
    ):
        sign, begin = -1, start - 1
    alternative = _ALTERNATIVE_UNIT.match(text, end)
    if (
        alternative is not None
        and table.at(text, alternative.start(1)) is not None
        and unit.dimension == "count"
    ):
        end = alternative.end()
    name, factor, dimension = unit.unit, unit.factor, unit.dimension
    if text.startswith("/", end) and (per := table.at(text, end + 1)) is not None:
        name, factor, end = f"{unit.word}/{per.word}", Decimal(1), end + 1 + len(per.word)
    value2 = n.value2
    if (
        text[end : end + 1] in ("多", "余")
        and end < len(text)
        and not n.middle
        and (unit.word in "成倍" or dimension == "time")
    ):
        n.middle, end = text[end], end + 1  # 六成多, 两个月余
    if value2 is not None:
        bound = "range"
    elif n.middle:
        bound, word = ("approx" if n.middle == "来" else "ge"), n.middle
    elif bound == "eq":
        bound = far_bound(text, begin, floor)
    end, post = bound_after(text, end, table)
    if post is not None and value2 is None:
        # 近10%以上 says two things that exclude each other; `checks` reports it
        bound, word = ("approx", "") if word and bound != post and bound != "eq" else (post, "")
    exact = dimension == "count" and not n.middle and (n.place == 1 or (n.chinese and not n.scaled))
    value = None if n.value is None else sign * n.value * factor
    step = Decimal(0) if exact else n.place * factor
    return make(
        text,
        begin,
        end,
        value,
        None if value2 is None else value2 * factor,
        name,
        bound,
        step,
        n.masked,
        dimension,
        "数量",
        word,
    )
