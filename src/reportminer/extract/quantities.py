"""Finds quantity expressions: number, scale, unit, modifiers, ranges, masks (`spec/observations.md` §2–3).

One pass: a cheap pattern finds where a number may begin, a hand-written parser reads it from there. What is found is every
expression of that form, whether or not it measures something; ``claims`` decides that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reportminer.core import Quantity
from reportminer.extract import numerals
from reportminer.extract.finish import finish, range_quantity
from reportminer.extract.forms import RATIO_WORD, read_fraction, read_rank, read_ratio, read_vague, read_word
from reportminer.extract.modifiers import bound_after, bound_before, make
from reportminer.extract.numbers import Number, read_arabic, read_chinese, scale_of
from reportminer.extract.units import Unit, UnitTable, unit_table

_CANDIDATE = re.compile(
    rf"(?P<fraction>(?:百|千|万|[一二三四五六七八九十]{{1,3}})分之)"
    rf"|(?P<number>[0-9]|\?(?=[0-9])|[xX×＊*○□]|某(?=某?[万亿%元余多]))"
    rf"|(?P<word>翻(?:一|两|二|三|四|了一|了两|了)?番|一半|半数|过半)"
    rf"|(?P<zero>(?<=率)(?:为|降为|降至|达到|保持|均为|保持为)?零(?=[，。；、,;]))"
    rf"|(?P<chinese>[{numerals.CHARS}]+)"
    rf"|(?P<vague>(?:数|几|上|成)[十百千万亿]+)"
)
_RANGE = re.compile(r" ?(?:[-—–－―~～]{1,2}|至|到) ?(?=[0-9])")
_RANK_BEFORE = re.compile(r"(?:第|(?<![目以之当此日年期生学课会空史午从提向])前|倒数第|并列第)$")
_SEPARATE = re.compile(r"(?:由|从|自)[^，。；、]{0,12}$")  # 由A到B: two figures, not a range
_LIST_NEXT = re.compile(r" ?(?:、|和|及|与|或|以及|,|，) ?(?=[0-9])")
_PEOPLE = re.compile(r"人口|人数|劳动力|农民|群众|游客|学生|[户村城镇乡]民|贫困|人(?:员|才)?[^，。；]{0,4}$")
_MONEY = re.compile(r"资金|投资|投入|经费|[款费债]|收入|支出|缺口|[尚还]?[缺欠]|元|补助|拨付|贷|总额|产值|税")
_COEFFICIENT = re.compile(r"(?:系数|指数|基尼)[^，。；0-9]{0,10}(?:[0-9.]+[、和与及至到]+)?$")
_PROGRESS = re.compile(r"主体|进度|完成|达标|比例|[率占]")


def find_quantities(text: str, table: UnitTable | None = None) -> Iterator[Quantity]:
    """All quantity expressions of a (clean) text in order, without overlaps."""
    table = table or unit_table()
    at, previous = 0, None
    search = _CANDIDATE.search
    while True:
        m = search(text, at)
        if m is None:
            return
        found, at = _read(text, m, table, previous)
        if found is not None:
            previous = found
            yield found


def _read(
    text: str, m: re.Match[str], table: UnitTable, previous: Quantity | None
) -> tuple[Quantity | None, int]:
    """The quantity that begins at a candidate and where to go on."""
    start, kind = m.start(), m.lastgroup
    floor = previous.end if previous else 0
    if kind == "fraction":
        return read_fraction(text, m, table, floor)
    if kind == "word":
        return read_word(text, m, table, floor)
    if kind == "zero":
        at = m.end() - 1
        return Quantity(
            text[at],
            at,
            at + 1,
            Decimal(0),
            unit="%",
            low=Decimal(0),
            high=Decimal(0),
            step=Decimal(0),
            dimension="percent",
            rule="零",
        ), m.end()
    if kind == "vague":
        return read_vague(text, m, table)
    number = read_arabic(text, start) if kind == "number" else read_chinese(text, m)
    if number is None:
        return None, m.end()
    if (
        kind == "number"
        and not number.masked
        and (r := read_ratio(text, start, number, table, floor)) is not None
    ):
        return r if r[0] is not None else (None, r[1])
    if kind == "number" and number.masked and text.startswith((":", "：", "∶", "︰"), number.end):
        r = read_ratio(text, start, number, table, floor)
        if r is not None:
            return r
    return _measure(text, start, number, table, floor, previous)


# --------------------------------------------------------------------------- number + unit


def _unit_at(text: str, i: int, table: UnitTable) -> tuple[Unit | None, int]:
    """The unit after a number (one blank allowed) and its end."""
    unit = table.at(text, i)
    if unit is None and i < len(text) and text[i] == " ":
        i += 1
        unit = table.at(text, i)
    return (unit, i + len(unit.word)) if unit else (None, i)


def _measure(
    text: str, start: int, n: Number, table: UnitTable, floor: int, previous: Quantity | None
) -> tuple[Quantity | None, int]:
    """Number + unit, with ranges, ranks, elided units."""
    go_on = n.end
    rank = _RANK_BEFORE.search(text, max(floor, start - 3), start)
    if rank is not None:
        return read_rank(text, start, n, rank, table)
    unit, end = _unit_at(text, n.end, table)
    second: Number | None = None
    link = _RANGE.match(text, end) if unit or n.masked or n.value is not None else None
    if link is not None and n.value is not None and not n.middle:
        second = read_arabic(text, link.end())
        if second is not None and second.value is not None:
            unit2, end2 = _unit_at(text, second.end, table)
            low, place = n.value, n.place
            if second.scaled and not n.scaled and unit is None:
                factor = scale_of(second, text)
                low, place = low * factor, place * factor
            if (
                unit2 is not None
                and (unit is None or unit.unit == unit2.unit)
                and low < second.value
                and "x" not in unit2.flags
                and not (
                    text[link.start() : link.end()].strip() in "至到"
                    and _SEPARATE.search(text, max(floor, start - 16), start)
                )
                and not _calendar(text, second.end)
            ):
                return range_quantity(text, start, low, place, second, unit2, end2, table, floor), end2
            if (
                unit is None
                and unit2 is not None
                and "x" not in unit2.flags
                and low != second.value
                and not _calendar(text, second.end)
            ):
                # 由134到110所: the first figure borrows the unit of the second
                unit, end = unit2, n.end
                n.value, n.place = low, place
        second = None
    if n.value2 is not None and unit is not None:
        q = finish(text, start, n, unit, end, table, floor)
        return q, end
    if unit is None:
        return _without_unit(text, start, n, table, floor, previous)
    if "x" in unit.flags or _calendar(text, n.end) or ("s" in unit.flags and not n.scaled):
        return None, max(end, go_on)
    if n.chinese and not _chinese_unit_ok(text, start, n, unit, end, table, floor):
        return None, go_on
    if unit.word == "个" and text.startswith(("多月", "余月"), end):  # 3个多月
        n.middle, unit, end = text[end], table.units["个月"], end + 2
    if n.masked and _masked_name(text, start, n, unit, end):
        return None, end
    return finish(text, start, n, unit, end, table, floor), end


def _calendar(text: str, end: int) -> bool:
    """A number that ends here is part of a date or an ordinal: 2013年, 3月, 18号, 3届."""
    after = text[end : end + 2]
    return after[:1] in ("年", "月", "号", "届", "级") or (
        after[:1] == "日" and after not in ("日均", "日元")
    )


_MASK_NAMES = re.compile(r"[xX×*＊○□]+(?:省|市|县|区|镇|乡|村|街|路|校|中|小|年|月|日|号|届)")


def _masked_name(text: str, start: int, n: Number, unit: Unit, end: int) -> bool:
    """A mask that hides a name or a date, not a number: XX县, 20XX年."""
    return _MASK_NAMES.match(text, start) is not None


_CN_TAIL_STOP = re.compile(
    r"次(?:产业|供水|创业|搬运|分配|污染|能源|性|元|会议|全会|全体)|期(?:工程|项目|建设|教学|改造|校区|厂)|级|步|线|把手|体化|成(?:立|员|为|本|果|功|长|品|熟|绩|效|都|套|人教)|位(?:数|一体)|个(?:月|半月)?前"
)


def _chinese_unit_ok(
    text: str, start: int, n: Number, unit: Unit, end: int, table: UnitTable, floor: int
) -> bool:
    """May a Chinese numeral with this unit be a count? Names and set phrases mostly look alike, so the rule is strict."""
    if _CN_TAIL_STOP.match(text, n.end):
        return False
    before = text[start - 1] if start else ""
    if before and before in "第届大十初高周" and not n.middle:
        return False
    if before == "、" and start >= 2 and text[start - 2] in numerals.DIGITS:
        return False  # 四、五类: a list of ordinals
    body = text[start : n.end]
    modified = (
        bool(n.middle)
        or bound_before(text, start, table, floor)[1] != "eq"
        or bound_after(text, end, table)[1] is not None
    )
    if "c" in unit.flags and not modified:
        return False
    if unit.dimension == "time" and not modified:
        return False
    if body == "一":
        if unit.word == "次":
            return before not in "又再同首另每这那" and not text.startswith(("性", "次"), end)
        return (
            unit.word in ("栋", "幢")
            or (modified and unit.word != "个")
            or (modified and unit.dimension == "time")
        )
    if unit.dimension == "percent" and unit.word == "成":
        return n.value is not None and 1 <= n.value <= 9
    return True


def _without_unit(
    text: str, start: int, n: Number, table: UnitTable, floor: int, previous: Quantity | None
) -> tuple[Quantity | None, int]:
    """A number without a unit: elided in a list, given by the context, or no quantity."""
    go_on = n.end
    lead = text[max(0, start - 14) : start]
    link = _LIST_NEXT.match(text, n.end)
    if (
        link is not None
        and n.value is not None
        and not n.chinese
        and not _calendar(text, n.end)
        and lead.strip()
        and lead[-1] not in "\n。；"
    ):
        following, hops, place = None, 0, link.end()
        while hops < 6:  # 3.2、4.5和6万平方米
            other = read_arabic(text, place)
            if other is None or other.value is None:
                break
            unit, end = _unit_at(text, other.end, table)
            if unit is not None:
                following = (other, unit)
                break
            again = _LIST_NEXT.match(text, other.end)
            if again is None:
                break
            place, hops = again.end(), hops + 1
        if (
            following is not None
            and "x" not in following[1].flags
            and "c" not in following[1].flags
            and not _calendar(text, following[0].end)
        ):
            other, unit = following
            if other.scaled and not n.scaled:
                factor = scale_of(other, text)
                n.value, n.place = n.value * factor, n.place * factor
            return finish(text, start, n, unit, n.end, table, floor), n.end
    end, post = bound_after(text, n.end, table)
    if n.scaled and not n.chinese and not text.startswith(("字", "里", "家", "户", "一"), n.end):
        unit = None
        if _MONEY.search(lead):
            unit = table.units["元"]
        elif _PEOPLE.search(lead):
            unit = table.units["人"]
        elif previous is not None and start - previous.end < 12 and previous.unit in ("元", "人"):
            unit = table.units[previous.unit]
        elif "倍" in lead:
            unit = None
        if unit is not None:
            return finish(text, start, n, unit, n.end, table, floor), end
        return None, go_on
    if n.chinese or (n.masked and not _tail_mask(text, start, n)):
        return None, go_on
    if (n.value is not None and n.place < 1 and not text.startswith(("-", "—", "之间", "、"), n.end)) or (
        n.value is not None and n.place < 1 and text.startswith("、", n.end)
    ):
        if _COEFFICIENT.search(lead) or (
            n.value < 2 and "系数" in text[max(text.rfind("。", 0, start), start - 90, 0) : start]
        ):
            return _bare(text, start, n, None, "number", "系数", table, floor)
        if RATIO_WORD.search(lead) or re.search(
            r"比[^，。；]{0,10}[0-9.]+(?:缩小|扩大|提高|降低|上升|下降|增加|降)?[至到为]$", lead
        ):
            return _bare(text, start, n, "比", "ratio", "比值", table, floor)
    if (
        post is not None
        and n.value is not None
        and n.value <= 100
        and n.place == 1
        and _PROGRESS.search(lead[-6:])
        and not n.masked
    ):
        return _bare(text, start, n, "%", "percent", "缺百分号", table, floor)
    if n.masked and _MONEY.search(lead[-6:]) and _tail_mask(text, start, n):
        return make(text, start, n.end, None, None, "元", "eq", Decimal(0), True, "money", "掩码", ""), n.end
    return None, go_on


def _tail_mask(text: str, start: int, n: Number) -> bool:
    """A mask at the end of a clause after a money word: 补助经费XXX。"""
    return n.end - start >= 2 and text[n.end : n.end + 1] in ("", "。", "，", "；", "\n", " ", ",", ";")


def _bare(
    text: str,
    start: int,
    n: Number,
    unit: str | None,
    dimension: str,
    rule: str,
    table: UnitTable,
    floor: int,
) -> tuple[Quantity, int]:
    begin, bound, word = bound_before(text, start, table, floor)
    end, post = bound_after(text, n.end, table)
    return make(
        text, begin, end, n.value, None, unit, post or bound, n.place, False, dimension, rule, word
    ), end
