"""The interval that a printed figure allows (`spec/observations.md` §6)."""

from __future__ import annotations

from decimal import Decimal

from reportminer.core import Bound

_FIFTH = Decimal("0.2")


def reach(value: Decimal, step: Decimal) -> Decimal:
    """How far a modifier reaches: one unit of the last significant digit printed, at most 20 % of the value."""
    size = abs(value)
    if step <= 0:
        step = Decimal(1)
    while size and size % (step * 10) == 0:
        step *= 10
    return min(step, size * _FIFTH)


def interval(
    value: Decimal | None, value2: Decimal | None, bound: Bound, step: Decimal, word: str
) -> tuple[Decimal | None, Decimal | None]:
    """``(low, high)``, None for an open end. ``step`` is one unit of the last printed digit (0: exact count), ``word`` the modifier."""
    if value is None:
        return None, None
    half = step / 2
    if bound == "range":
        return value - half, (value2 if value2 is not None else value) + half
    if bound == "ge":
        if word in ("多", "余", "来", "几", "超", "超过", "突破", "逾", "刚过", "过", "超出", "有余"):
            return value, value + reach(value, step)
        return value, None
    if bound == "le":
        if word in ("近", "将近", "接近", "不足", "不到", "前"):
            return value - reach(value, step), value
        return None, value
    if bound == "approx":
        r = max(reach(value, step), half)
        return value - r, value + r
    return value - half, value + half
