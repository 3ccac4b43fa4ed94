"""Units and bound words, indexed from ``lexicons/units.tsv`` and ``lexicons/bounds.tsv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import cast

from reportminer.core import Bound
from reportminer.lexicon import Lexicon, default_lexicon

DIMENSIONS = frozenset(
    [
        "money",
        "area",
        "length",
        "mass",
        "volume",
        "energy",
        "power",
        "data",
        "percent",
        "points",
        "ratio",
        "multiple",
        "time",
        "count",
        "age",
        "temperature",
        "density",
        "number",
    ]
)
SCALES = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3, "百": 10**2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed unit: canonical unit, factor (canonical = printed × factor), dimension and flags."""

    word: str
    unit: str
    factor: Decimal
    dimension: str
    flags: str


class UnitTable:
    """Longest-match lookup of units and bound words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.units: dict[str, Unit] = {}
        for row in lexicon.table("units"):
            try:
                factor = Decimal(row["factor"])
            except InvalidOperation as e:
                raise row.fail(f"factor 列应为数字，实为“{row['factor']}”") from e
            if row["dimension"] not in DIMENSIONS:
                raise row.fail(f"dimension 列的“{row['dimension']}”不是已知的量纲")
            self.units[row["word"]] = Unit(row["word"], row["unit"], factor, row["dimension"], row["flags"])
        self.longest = max(map(len, self.units))
        self.first = frozenset(w[0] for w in self.units)
        before: dict[str, Bound] = {}
        after: dict[str, Bound] = {}
        for row in lexicon.table("bounds"):
            if row["bound"] not in ("ge", "le", "approx") or row["side"] not in ("before", "after"):
                raise row.fail("side 应为 before/after，bound 应为 ge/le/approx")
            (before if row["side"] == "before" else after)[row["word"]] = cast(Bound, row["bound"])
        self.before, self.after = before, after
        alternatives = "|".join(sorted(map(re.escape, before), key=len, reverse=True))
        self.before_end = re.compile(rf"(?:{alternatives})(?:达到|达)? ?$")
        self.before_far = re.compile(rf"(?<!最)({alternatives})(?=[^0-9，。；：、,;]{{1,12}}$)")
        alternatives = "|".join(sorted(map(re.escape, after), key=len, reverse=True))
        self.after_start = re.compile(rf" ?({alternatives})")

    def at(self, text: str, i: int) -> Unit | None:
        """The longest unit that begins at ``text[i]``."""
        if i >= len(text) or text[i] not in self.first:
            return None
        for n in range(min(self.longest, len(text) - i), 0, -1):
            unit = self.units.get(text[i : i + n])
            if unit is not None:
                return unit
        return None


@cache
def unit_table(lexicon: Lexicon | None = None) -> UnitTable:
    """The unit table of a lexicon (the bundled one by default)."""
    return UnitTable(lexicon or default_lexicon())


_SCALE = re.compile("|".join(sorted(SCALES, key=len, reverse=True)))
# 千 and 百 are parts of these units or words, never a scale: 110千伏, 3千米, 5百分点
_NOT_SCALE = re.compile(r"千(?:瓦|米|克|卡|伏|分)|百分")


def scale_at(text: str, i: int) -> tuple[int, int] | None:
    """A scale word at ``text[i]`` as (factor, end), or None."""
    if i >= len(text) or text[i] not in "万亿千百十":
        return None
    if _NOT_SCALE.match(text, i):
        return None
    m = _SCALE.match(text, i)
    if m is None:
        return None
    end = m.end()
    if _NOT_SCALE.match(text, end - 1) and len(m.group()) > 1:  # 万千瓦: only 万 is the scale
        return SCALES[m.group()[:-1]], end - 1
    return SCALES[m.group()], end
