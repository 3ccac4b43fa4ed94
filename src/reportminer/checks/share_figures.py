"""Arithmetic of a percentage with its numerator and denominator (check C1, ``shares.py``)."""

from __future__ import annotations

from decimal import Decimal

from reportminer.checks.common import View, same_measure
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.core import Observation

_SHIFT = Decimal("0.06")


def slipped(view: View, o: Observation, part: Observation, whole: Observation) -> bool:
    """Whether one slip of a digit in the part, the whole or the percentage makes the relation hold."""
    if not part.value or not whole.value or not o.value or view.printed(o).number < 10:
        return False
    if o.value == 100:
        return False  # 整改12所，整改率100%: of themselves
    p, w, r = view.printed(part), view.printed(whole), view.printed(o)
    digit = Decimal(1).scaleb(-r.decimals)
    targets = (
        (r.number, (part.value / whole.value * 100).quantize(digit), r.decimals),
        (
            p.number,
            (whole.value * o.value / 100 / p.factor).quantize(Decimal(1).scaleb(-p.decimals)),
            p.decimals,
        ),
        (
            w.number,
            (part.value / o.value * 100 / w.factor).quantize(Decimal(1).scaleb(-w.decimals)),
            w.decimals,
        ),
    )
    return any(slip(a, b, d) for a, b, d in targets)


def joint(view: View, o: Observation, part: Observation, whole: Observation) -> bool:
    """Whether the percentage is that of several parts together (甲100人、乙200人，占60%)."""
    value, at = part.value or Decimal(0), view.position[part.id]
    for x in reversed(view.items[max(0, at - 8) : at]):
        if (
            x.part_of != part.part_of
            or x.sentence != part.sentence
            or not same_measure(x, part)
            or x.value is None
        ):
            break
        value += x.value
        right = percent(view, o)
        if (
            right
            and whole.value
            and Interval(value / whole.value * 100, value / whole.value * 100).meets(right.widened(_SHIFT))
        ):
            return True
    return False


def could_divide(view: View, w: Observation, part: Observation) -> bool:
    """Whether one figure can be the denominator of another: the same measure, and larger."""
    return (
        w.kind in ("level", "change")
        and same_measure(w, part)
        and w.value is not None
        and part.value is not None
        and w.value > part.value > 0
        and bool(view.interval(w))
    )


def percent(view: View, o: Observation) -> Interval | None:
    """The percentage as printed, rounded or cut off after its last digit."""
    i = view.interval(o)
    if i is None or o.bound != "eq" or o.value is None or i.high is None:
        return i
    return Interval(i.low, o.value + 2 * (i.high - o.value))


def ratio(view: View, part: Observation, whole: Observation, unit: str) -> Interval | None:
    """Part over whole in per cent (or per mille, as ``unit`` says) with what the print of both allows."""
    a, b = view.interval(part), view.interval(whole)
    if a is None or b is None or not b.low or a.low is None or b.low <= 0 or a.low < 0:
        return None
    return a.over(b).scaled(Decimal(1000 if unit == "‰" else 100))


def fits(view: View, o: Observation, part: Observation, whole: Observation) -> bool:
    """Whether the percentage follows from part and whole."""
    left, right = ratio(view, part, whole, o.unit or "%"), percent(view, o)
    return left is not None and right is not None and left.meets(right)
