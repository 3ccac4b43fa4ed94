"""Cheapest explanations of a relation that fails: a part too many, a nearby figure missing, a digit slipped, a scale lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from reportminer.checks.common import View
from reportminer.checks.intervals import Interval, total
from reportminer.core import Observation

MOST_PARTS = 14  # beyond that subsets are not searched
_SCALES = {Decimal(10): "多一个零", Decimal("0.1"): "少一个零", Decimal(100): "多两个零", Decimal("0.01"): "少两个零",
           Decimal(10000): "多写“万”", Decimal("0.0001"): "漏写“万”", Decimal(100000000): "多写“亿”", Decimal("0.00000001"): "漏写“亿”"}  # fmt: skip


def left_out(view: View, parts: Sequence[Observation], whole: Interval) -> tuple[Observation, ...]:
    """The smallest set of one or two parts without which the others sum to the whole; empty when there is none."""
    if len(parts) < 3 or len(parts) > MOST_PARTS:
        return ()
    for k in (1, 2) if len(parts) > 3 else (1,):
        for out in combinations(parts, k):
            rest = [view.interval(p) for p in parts if p not in out]
            if whole.meets(total(i for i in rest if i)):
                return out
    return ()


def slip(stated: Decimal, right: Decimal, decimals: int) -> str | None:
    """How one printed number may have become another: digits swapped, one digit wrong, zeros or a scale lost or added."""
    if not stated or not right:
        return None
    ratio = (stated / right).normalize()
    for scale, what in _SCALES.items():
        if abs(ratio / scale - 1) < Decimal("0.00001"):
            return what
    step = Decimal(1).scaleb(-decimals)
    a, b = f"{stated.quantize(step):f}", f"{right.quantize(step):f}"
    if abs(len(a) - len(b)) == 1 and min(len(a), len(b)) >= 2:
        short, long = sorted((a, b), key=len)
        if any(long[:i] + long[i + 1 :] == short for i in range(len(long)) if long[i] != "."):
            return "漏一位数字" if len(a) < len(b) else "多一位数字"
    if len(a) != len(b):
        return None
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differ) == 1:
        return "错一位数字"
    if len(differ) == 2 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]:
        return "数字颠倒"
    return None


def telling(o: Observation, view: View) -> bool:
    """Whether a figure has digits enough that a repair by one slip is no accident."""
    return len(f"{view.printed(o).number:f}".replace(".", "").strip("0")) >= 3


def repairs(view: View, whole: Observation, parts: Sequence[Observation], limit: int = 3) -> list[str]:
    """Single figures whose change by a digit, a swap or a scale makes the sum hold, best first, as sentences."""
    if whole.value is None:
        return []
    found: list[str] = []
    values = [p.value for p in parts if p.value is not None]
    sum_ = sum(values, Decimal(0))
    candidates = [(whole, sum_)] + [(p, whole.value - (sum_ - p.value)) for p in parts if p.value is not None]
    for o, target in candidates:
        if target <= 0 or o.value is None:
            continue
        p = view.printed(o)
        what = slip(p.number, target / p.factor, p.decimals)
        if what:
            found.append(f"若{view.say(o)}应为{view.show(target, o)}（{what}），则合计成立")
    order = {"颠": 0, "漏": 1, "多": 1, "少": 1}
    found.sort(key=lambda s: min((v for k, v in order.items() if k in s), default=2))
    return found[:limit]


def strongly_repaired(view: View, whole: Observation, parts: Sequence[Observation]) -> bool:
    """Whether a swap, a lost or doubled digit, or a lost scale in one figure of three digits or more makes a sum hold: such a slip is seldom
    an accident, while one digit changed at will repairs too much."""
    if whole.value is None:
        return False
    sum_ = sum((p.value for p in parts if p.value is not None), Decimal(0))
    candidates = [(whole, sum_)] + [(p, whole.value - (sum_ - p.value)) for p in parts if p.value is not None]
    for o, target in candidates:
        p = view.printed(o)
        if target <= 0 or o.value is None or len(f"{p.number:f}".replace(".", "").strip("0")) < 2:
            continue
        what = slip(p.number, target / p.factor, p.decimals)
        if (
            what
            and what != "错一位数字"
            and len(f"{(target / p.factor).normalize():f}".replace(".", "")) >= 3
        ):
            return True
    return False
