"""Two numbers and one unit: 2000—3000元, 两到三万元, 5%～6%; and the unit that a first number borrows from the second."""

from __future__ import annotations

import re

from reportminer.core import Quantity
from reportminer.extract import numerals
from reportminer.extract.finish import range_quantity
from reportminer.extract.numbers import Number, read_number, spread
from reportminer.extract.units import Unit, UnitTable, unit_at

_LINK = re.compile(rf"(?:[(（]含[)）])? ?(?:[-—–－―~～]{{1,2}}|至|到) ?(?=[0-9{numerals.CHARS}])")
_LINK_START = frozenset("-—–－―~～至到(（ ")
_SEPARATE = re.compile(r"(?:由|从|自)[^，。；、]{0,12}$")  # 由A到B: two figures, not a range
_ORDINAL_BEFORE = frozenset("第届初高周大")


def calendar(text: str, end: int) -> bool:
    """A number that ends here is part of a date or an ordinal: 2013年, 3月, 18号, 3届."""
    after = text[end : end + 2]
    return after[:1] in ("年", "月", "号", "届", "级") or (
        after[:1] == "日" and after not in ("日均", "日元")
    )


def read_range(
    text: str, start: int, n: Number, unit: Unit | None, end: int, table: UnitTable, floor: int
) -> Quantity | tuple[Unit | None, int]:
    """The range that ``n`` opens, or ``n``'s own unit and end (perhaps borrowed from the number after it)."""
    if text[end : end + 1] not in _LINK_START or n.value is None:
        return unit, end
    link = _LINK.match(text, end)
    if link is None or (n.chinese and start and text[start - 1] in _ORDINAL_BEFORE):
        return unit, end
    second = read_number(text, link.end())
    if second is None or second.value is None or second.value2 is not None:
        return unit, end
    unit2, end2 = unit_at(text, second.end, table)
    if (
        unit2 is None
        or "x" in unit2.flags
        or calendar(text, second.end)
        or ("s" in unit2.flags and not second.scaled)
    ):
        return unit, end
    low, place = n.value, n.place
    if unit is None:
        factor = spread(n, second)
        low, place = low * factor, place * factor
    elif unit.unit != unit2.unit:
        return unit, end
    words = text[link.start() : link.end()].strip() in ("至", "到")
    apart = words and _SEPARATE.search(text, max(floor, start - 16), start) is not None
    if low * (unit or unit2).factor < second.value * unit2.factor and not apart:
        return range_quantity(
            text, start, low * (unit or unit2).factor, place, second, unit2, end2, table, floor
        )
    if unit is None and low != second.value:
        n.value, n.place = low, place  # 由134到110所: the first figure borrows the unit of the second
        return unit2, n.end
    return unit, end
