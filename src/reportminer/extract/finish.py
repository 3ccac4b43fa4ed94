"""Number, unit and the modifiers around them made into a Quantity."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.core import Quantity
from reportminer.extract import numerals
from reportminer.extract.modifiers import bound_after, bound_before, far_bound, make
from reportminer.extract.numbers import Number
from reportminer.extract.units import Unit, UnitTable

_ONES = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_MINUS_BEFORE = re.compile(r"(?:^|[\n为是达至降从由长速约近超于值率度温均、，；：。（(:,“ ])$")
_SUB_MONEY = re.compile(
    rf"(?:又|零)?(?:(?P<jiao>[0-9{_ONES}])[角毛])?(?:(?P<fen>[0-9{_ONES}])分)?(?P<tail>钱|整)?"
)
_MONEY_WORD = re.compile(
    r"(?:新台币|台币|港币|港元|美元|美金|欧元|日元|英镑|澳元|加元|韩元|澳门元|新加坡元)[:：]? ?$"
)
_POINTS_FIRST = frozenset("、，和及与")
_POINTS_LATER = re.compile(r"(?:[、，和及与][0-9.]{1,6}个){0,4}[、，和及与][0-9.]{1,6}个百分点")
_HALF_NEXT = re.compile(r"(?![一-鿿])|[的以左上多到至和长高宽深重地]")
_TENTH = re.compile(rf"[{_ONES}](?=[，。；、,;的以左]|$)")
_EITHER = re.compile(r"(?:/[台件套个册]){1,3}(?![\u4e00-\u9fff]?每)")
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
    """Two numbers and a unit to one Quantity; ``low`` is already in the canonical unit."""
    begin, _, _ = bound_before(text, start, table, floor)
    end, _ = bound_after(text, end, table)
    assert second.value is not None
    exact = unit.dimension == "count" and place == 1
    step = Decimal(0) if exact else min(place, second.place) * unit.factor
    return make(
        text,
        begin,
        end,
        low,
        second.value * unit.factor,
        unit.unit,
        "range",
        step,
        False,
        unit.dimension,
        "区间",
        "",
    )


_MONEY_END = frozenset("币元金镑 ：:")


def _negative(text: str, start: int, unit: Unit) -> bool:
    """Whether the sign before ``start`` makes the figure negative: 增长-3.2%, 负0.2千米; never 减负120亿, 2019-5所, a bullet."""
    before = text[start - 2] if start >= 2 else ""
    if text[start - 1] == "负":
        return _MINUS_BEFORE.match(before) is not None if before else True
    if not before or before in " \n(（":
        return unit.dimension in ("percent", "points", "temperature")
    return not before.isascii() and before not in "年月日—－-−）】〕"


def _lesser_money(text: str, n: Number, unit: Unit, end: int) -> int:
    """角 and 分 after 元 (五元三毛) taken into ``n``; the end of what was read."""
    if n.scaled or n.middle or n.value is None or n.value % 1 or text[end : end + 1] not in _SUB_FIRST:
        return end
    m = _SUB_MONEY.match(text, end)
    if m is None or not (m["jiao"] or m["fen"]):
        return end
    for group, unit_of in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
        if m[group]:
            n.value += unit_of * int(numerals.DIGITS.get(m[group], m[group]))
            n.place = unit_of
    return m.end()


_SUB_FIRST = frozenset(_ONES + "0123456789又零")


def _half(text: str, n: Number, unit: Unit, end: int) -> int:
    """半 after a unit (三吨半, 三成半) and the tenths of 成 (七成六) taken into ``n``; the end of what was read."""
    if n.value is None or n.middle or n.scaled or n.value2 is not None or n.value % 1:
        return end
    if text.startswith("半", end) and unit.dimension not in ("count", "time", "money", "points"):
        if end + 1 == len(text) or _HALF_NEXT.match(text, end + 1):
            n.value, n.place = n.value + Decimal("0.5"), Decimal("0.1")
            return end + 1
    elif unit.word == "成" and (m := _TENTH.match(text, end + (text[end : end + 1] == " "))):
        n.value, n.place = n.value + Decimal(numerals.DIGITS[m.group()]) / 10, Decimal("0.1")
        return m.end()
    return end


def finish(text: str, start: int, n: Number, unit: Unit, end: int, table: UnitTable, floor: int) -> Quantity:
    """Number and unit to a Quantity, with the modifiers around them."""
    begin, bound, word = bound_before(text, start, table, floor)
    sign = 1
    if begin == start and start and text[start - 1] in "-－−负" and _negative(text, start, unit):
        sign, begin = -1, start - 1
    alternative = _ALTERNATIVE_UNIT.match(text, end)
    if (
        alternative is not None
        and table.at(text, alternative.start(1)) is not None
        and unit.dimension == "count"
    ):
        end = alternative.end()
    name, factor, dimension = unit.unit, unit.factor, unit.dimension
    if dimension == "money" and n.value is not None:
        if (
            name == "元"
            and text[begin - 1 : begin] in _MONEY_END
            and (m := _MONEY_WORD.search(text, max(floor, begin - 6), begin))
        ):
            name = table.units[m.group().rstrip(" :：")].unit  # 港币2960元
        end = _lesser_money(text, n, unit, end)
    elif unit.word in ("块", "块钱") and n.value is not None and text[end + 1 : end + 2] in ("毛", "角"):
        end = _lesser_money(text, n, unit, end)
        name, dimension = "元", "money"
    elif unit.word == "个" and text[end : end + 1] in _POINTS_FIRST and _POINTS_LATER.match(text, end):
        name, dimension = "百分点", "points"  # 提高1.5个和4个百分点
    end = _half(text, n, unit, end)
    either = _EITHER.match(text, end) if unit.dimension == "count" else None
    if either is not None:
        end = either.end()  # 1.6万台/件/套
    elif text.startswith("/", end) and (per := table.at(text, end + 1)) is not None:
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
