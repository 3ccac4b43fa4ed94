"""Exact interval arithmetic: what a printed quantity allows, and what follows from several of them.

A figure printed with n decimals stands for ± half a unit of its last digit (after its scale); a whole count is exact; 多/余 reach up,
近/不足 down, 约/左右 both ways, by one unit of the last digit that is not zero, at most 20 % of the value; 以上/以内 are open-ended
(`observations.md` §6). All numbers are Decimal in canonical units; ends are closed, so that doubt speaks for the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reportminer.core import Observation

ZERO, HALF, FIFTH = Decimal(0), Decimal("0.5"), Decimal("0.2")
_NUMBER = re.compile(r"-?\d[\d,，]*(?:\.\d+)?")
_TAIL = re.compile(r"以上|以下|以内|之内|左右|上下|开外|[多余来几]")
_HEAD = re.compile(r"不低于|不少于|不超过|不高于|不得|超过|突破|至少|接近|将近|大约|达到|[约近逾超过达前上]")
_OPEN_UP = re.compile(r"以上|不低于|不少于|不小于|至少|不下|及以上|≥|最低")
_OPEN_DOWN = re.compile(r"以下|以内|之内|不超过|不高于|不多于|至多|≤|最多|最高|控制")
_SPOKEN = re.compile(r"[零〇一二两三四五六七八九十百千万亿]*[一二两三四五六七八九十百千万亿]")
_SCALES = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10**4), "亿": Decimal(10**8)}
_TEN_THOUSAND = Decimal(10**4)
_METRIC = {
    "平方米": {"亩": Decimal("666.6667"), "公顷": Decimal(10**4), "平方公里": Decimal(10**6)},
    "米": {"公里": Decimal(1000), "里": Decimal(500)},
    "吨": {"公斤": Decimal("0.001"), "斤": Decimal("0.0005")},
}
_FACTORS = frozenset(
    (Decimal(10) ** k * unit).normalize()
    for k in range(-3, 13)
    for unit in (Decimal(1), Decimal("666.6667"), Decimal(1) / 2000, Decimal("3.6"))
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval; None = open end (unbounded)."""

    low: Decimal | None
    high: Decimal | None

    def __add__(self, other: Interval) -> Interval:
        return Interval(_plus(self.low, other.low), _plus(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + (-other)

    def __mul__(self, other: Interval) -> Interval:
        """The product of two intervals that do not reach below zero (amounts, counts, rates)."""
        return Interval(_times(self.low, other.low), _times(self.high, other.high))

    def over(self, other: Interval) -> Interval:
        """The quotient of two intervals that do not reach below zero; open above when the divisor may be zero."""
        low = None if self.low is None or not other.high else self.low / other.high
        high = None if self.high is None or not other.low else self.high / other.low
        return Interval(low if other.high is not None else ZERO, high)

    def scaled(self, factor: Decimal) -> Interval:
        """The interval times a positive number."""
        return Interval(
            None if self.low is None else self.low * factor, None if self.high is None else self.high * factor
        )

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        below = self.high is not None and other.low is not None and self.high < other.low
        above = self.low is not None and other.high is not None and self.low > other.high
        return not below and not above

    def above(self, other: Interval) -> bool:
        """Whether every value is greater than every value of the other."""
        return self.low is not None and other.high is not None and self.low > other.high

    def widened(self, by: Decimal) -> Interval:
        """The interval with both ends moved out."""
        return Interval(
            None if self.low is None else self.low - by, None if self.high is None else self.high + by
        )


def _plus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a + b


def _times(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a * b


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as the report prints it: ``number`` × ``factor`` = value in canonical units; ``decimals`` printed; ``label`` scale
    and unit as printed (万元); ``plain`` is False when the digits could not be found in the text (Chinese numerals, damage)."""

    number: Decimal
    factor: Decimal
    decimals: int
    label: str
    plain: bool


def printed(observation: Observation, text: str | None = None) -> Printed:
    """How the report prints an observation that has a value. ``text``: its clean slice, ``observation.text`` by default."""
    value = observation.value
    if value is None:
        raise ValueError("printed() needs a value")
    text = re.sub(r"\s", "", text if text is not None else observation.text)
    m = _NUMBER.search(text)
    if m:
        digits = m.group().replace(",", "").replace("，", "")
        number = abs(Decimal(digits))
        factor = (abs(value) / number).normalize() if number else Decimal(1)
        if (
            number
            and (factor in _FACTORS or abs(factor - factor.to_integral_value()) < Decimal("1e-9"))
            and factor > 0
        ):
            decimals = len(digits.partition(".")[2])
            label = _TAIL.sub("", text[m.end() :])
            return Printed(number, factor, decimals, label, True)
    spoken = _spoken(value, text, observation)
    if spoken:
        return spoken
    exponent = value.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Printed(abs(value), Decimal(1), decimals, observation.unit or "", False)


def _spoken(value: Decimal, text: str, observation: Observation) -> Printed | None:
    """A figure in Chinese numerals: its last scale says how fine it is (四十万 is told in 万, 一千五百 in 百, 三百五十二 in ones)."""
    m = None if re.search(r"\d|分之|点|成|半|倍", text) else _SPOKEN.search(text)
    if not m:
        return None
    last = m.group()[-1]
    factor = _SCALES.get(last, Decimal(1))
    if factor < _TEN_THOUSAND and abs(value) < _TEN_THOUSAND / 10:
        factor = Decimal(1)  # small round counts are counts
    unit = _TAIL.sub("", text[m.end() :])
    metric = _METRIC.get(observation.unit or "", {}).get(unit, Decimal(1))
    number = abs(value) / factor / metric
    shown = (last if factor != 1 else "") + unit
    return Printed(number, factor * metric, 0, shown, True)


def step_of(observation: Observation, text: str | None = None) -> Decimal:
    """Size of one unit of the last printed digit in canonical units; 0 for an exact count."""
    p = printed(observation, text)
    spoken = (
        p.plain and p.factor >= 1000 and not _NUMBER.search(text if text is not None else observation.text)
    )
    if observation.step is not None and not spoken:
        return observation.step
    if p.decimals == 0 and p.factor == 1 and observation.dimension in ("count", "rank", "number"):
        return ZERO
    return p.factor * Decimal(10) ** -p.decimals if p.plain or p.decimals else p.factor


def last_digit(number: Decimal) -> Decimal:
    """One unit of the last digit that is not zero: 4500 → 100, 1.2 → 0.1."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if number and isinstance(exponent, int) else Decimal(1)


def interval(observation: Observation, text: str | None = None, before: str = "") -> Interval | None:
    """What the print of an observation allows, None when it has no value. ``text`` is its clean slice, ``before`` the few
    characters in front of it (a modifier may stand outside the span)."""
    value = observation.value
    if value is None or observation.masked:
        return None
    given = Interval(observation.low, observation.high)
    if given.low == given.high and observation.bound == "eq":
        given = Interval(None, None)  # a round figure in Chinese numerals is no finer than its last scale
    if (given.low is not None or given.high is not None) and given.meets(Interval(value, value)):
        return given
    found = _magnitude(observation, abs(value), text, before)
    return -found if value < 0 else found


def _magnitude(o: Observation, value: Decimal, text: str | None, before: str) -> Interval:
    if o.bound == "range" and o.value2 is not None:
        return Interval(min(value, abs(o.value2)), max(value, abs(o.value2)))
    if o.bound == "eq":
        half = step_of(o, text) * HALF
        return Interval(value - half, value + half)
    p = printed(o, text)
    reach = min(last_digit(p.number) * p.factor, value * FIFTH)
    words = before[-6:] + (text if text is not None else o.text)
    if o.bound == "ge":
        # 以上 is open-ended; 多, 余, 超 are not; a modifier that cannot be seen is taken as open
        open_end = bool(_OPEN_UP.search(words)) or not (
            _TAIL.search(words) or _HEAD.search(words) or "过" in words
        )
        return Interval(value, None if open_end else value + reach)
    if o.bound == "le":
        open_end = bool(_OPEN_DOWN.search(words)) or not re.search(r"近|不足|不到|不满|未满|差", words)
        return Interval(None if open_end else value - reach, value)
    return Interval(value - reach, value + reach)


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of intervals."""
    result = Interval(ZERO, ZERO)
    for one in intervals:
        result = result + one
    return result


def trailing_zeros(observation: Observation, text: str | None = None) -> Decimal:
    """One unit of the last digit that is not zero, in canonical units: how coarse a round figure may be (5100万 → 100万)."""
    p = printed(observation, text)
    return last_digit(p.number) * p.factor
