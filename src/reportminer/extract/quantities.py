"""Finds quantity expressions: number, scale, unit, modifiers, ranges, masks (`spec/observations.md` §2–3).

One pass: a cheap pattern finds where a number may begin, a hand-written parser reads it from there. What is found is every
expression of that form, whether or not it measures something; ``claims`` decides that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from reportminer.core import Quantity
from reportminer.extract import numerals
from reportminer.extract.finish import finish
from reportminer.extract.forms import RATIO_WORD, read_fraction, read_rank, read_ratio, read_vague, read_word
from reportminer.extract.modifiers import bound_after, bound_before, carried, closes, make
from reportminer.extract.numbers import Number, read_arabic, read_chinese, scale_of
from reportminer.extract.ranges import calendar, read_range
from reportminer.extract.units import Unit, UnitTable, unit_at, unit_table

_CANDIDATE = re.compile(
    # begins with a set of characters, which is found fast: each form looks back at the one it opens with
    rf"[0-9?xX×＊*○□某翻半过数几上成首{numerals.CHARS}](?:"
    r"(?P<fraction>(?:(?<=[百千万]) {0,2}|(?<=[一二三四五六七八九十])[一二三四五六七八九十]{0,2})分 {0,2}之)"
    r"|(?P<number>(?<=[0-9])|(?<=\?)(?=[0-9])|(?<=[xX×＊*○□])|(?<=某)(?=某?[万亿%元余多]))"
    r"|(?P<word>(?<=翻)(?:了?[一两二三四])?了?番|(?<=翻)了?倍(?!数)|(?<=一)半|(?<=半)数|(?<=过)半|(?<=首)位)"
    r"|(?P<zero>(?<=零)(?=[，。；、,;]))"
    rf"|(?P<chinese>(?<=[{numerals.CHARS}])[{numerals.CHARS}]*)"
    r"|(?P<vague>(?<=[数几上成])[十百千万亿]+(?!分)))"
)
_RANK_BEFORE = re.compile(r"(?:第|(?<![目以之当此日年期生学课会空史午从提向])前|倒数第|并列第)$")
_LIST_NEXT = re.compile(r" ?(?:、|和|及|与|或|以及|,|，) ?(?=[0-9])")
_PEOPLE = re.compile(r"人口|人数|劳动力|农民|群众|游客|学生|[户村城镇乡]民|贫困|人(?:员|才)?[^，。；]{0,4}$")
_MONEY = re.compile(
    r"资金|投资|投入|经费|[款费债]|收入|支出|缺口|[尚还]?[缺欠]|元|补助|拨付|贷|总额|产值|税|造价|花费|耗资|工程款|标价"
)
_PEOPLE_AFTER = re.compile(
    r"(?:名|位)?[^，。；、：0-9]{0,6}?(?:人口|群众|居民|农民|村民|市民|学生|教师|职工|党员|干部|老人|老年人|儿童|婴幼儿|幼儿|妇女|劳动力|移民|农户|农民工|师生|考生|人员|残疾人|困难家庭)"
)
_NAME = r"(?:(?![的其共有约近一二三四五六七八九十])[一-鿿]){1,6}"
_NAMED_LIST = re.compile(
    rf"(?:[、，和及]{_NAME}[0-9]+(?:\.[0-9]+)?(?=[、，和及])){{0,6}}[、和及]{_NAME}(?P<last>[0-9]+(?:\.[0-9]+)?)(?![0-9.、，。])"
)
_HAN = re.compile(r"[一-鿿]")
_COEFFICIENT = re.compile(r"(?:系数|指数|基尼)[^，。；0-9]{0,10}(?:[0-9.]+[、和与及至到]+)?$")
_RATE_BEFORE = re.compile(r"率(?:为|降为|降至|达到|保持|均为|保持为)?$")
_LOST_PERCENT = re.compile(
    r"(?:[入巩毕合达普覆升完及辍成优就][学园固业格标及盖成秀][率]|升学率|完成率|普及率|达标率|合格率)(?:已|均|都)?(?:为|达到?|是)? ?[（(]?$|占[^，。；、0-9]{0,12}[总全][^，。；、0-9]{0,6} ?(?=$)|比例为? ?[（(]$"
)
_CLAUSE_STOP = frozenset("，。；、,;）)\n")
_DIGITS = re.compile(r"[0-9.]*[0-9]")
_PROGRESS = re.compile(r"主体|进度|完成|达标|比例|[率占]")


def find_quantities(text: str, table: UnitTable | None = None) -> Iterator[Quantity]:
    """All quantity expressions of a (clean) text in order, without overlaps."""
    table = table or unit_table()
    at, previous, carrying = 0, None, False
    search = _CANDIDATE.search
    goes_on = table.goes_on
    while True:
        m = search(text, at)
        if m is None:
            return
        at = m.end()
        if (
            m.lastgroup == "chinese"
            and text[at : at + 1] not in goes_on
            and text[m.start() - 1] not in "第前"
        ):
            continue  # 一些, 统一: most numerals of a text measure nothing
        found, at = _read(text, m, table, previous)
        if found is not None:
            bound = carried(text, found, previous, carrying)
            carrying = bound != "eq"
            if carrying:
                found = replace(
                    found,
                    bound=bound,
                    low=found.low if bound == "ge" else None,
                    high=None if bound == "ge" else found.high,
                )
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
        if _RATE_BEFORE.search(text, max(0, start - 4), start) is None:
            return None, m.end()
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
        rest = _DIGITS.match(text, m.end()) if kind == "number" else None
        return None, rest.end() if rest else m.end()
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


def _measure(
    text: str, start: int, n: Number, table: UnitTable, floor: int, previous: Quantity | None
) -> tuple[Quantity | None, int]:
    """Number + unit, with ranges, ranks, elided units."""
    go_on = n.end
    rank = None
    if start and text[start - 1] in "第前":
        rank = _RANK_BEFORE.search(text, max(floor, start - 3), start)
    if rank is not None:
        return read_rank(text, start, n, rank, table)
    unit, end = unit_at(text, n.end, table)
    if n.value is not None and not n.middle and n.value2 is None:
        found = read_range(text, start, n, unit, end, table, floor)
        if isinstance(found, Quantity):
            return found, found.end
        unit, end = found
    if n.value2 is not None and unit is not None:
        if start and text[start - 1] in "第届初高大周":
            return None, go_on
        q = finish(text, start, n, unit, end, table, floor)
        return q, max(end, q.end)
    if unit is None:
        return _without_unit(text, start, n, table, floor, previous)
    if "x" in unit.flags or calendar(text, n.end) or ("s" in unit.flags and not n.scaled):
        return None, max(end, go_on)
    if n.chinese and not _chinese_unit_ok(text, start, n, unit, end, table, floor):
        return None, go_on
    if unit.word == "个" and text.startswith(("多月", "余月"), end):  # 3个多月
        n.middle, unit, end = text[end], table.units["个月"], end + 2
    if n.masked and _masked_name(text, start, n, unit, end):
        return None, end
    q = finish(text, start, n, unit, end, table, floor)
    return q, max(end, q.end)


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
    if (
        before
        and (
            before in ("第届大十初高周" if n.end - start == 1 or n.value2 is not None else "第届十")
            or (before == " " and text[start - 2 : start - 1] == "第")
        )
        and not n.middle
    ):
        return False
    if n.end - start == 1 and _slogan(text, start, table):
        return False
    if before == "、" and start >= 2 and text[start - 2] in numerals.DIGITS:
        return False  # 四、五类: a list of ordinals
    body = text[start : n.end]
    if not body.strip("零〇"):
        return False  # 零部件
    if len(body) == 1 and body in numerals.CAPITALS and unit.dimension != "money":
        return False  # 大陆, 李玖
    modified = (
        bool(n.middle)
        or bound_before(text, start, table, floor)[1] != "eq"
        or bound_after(text, end, table)[1] is not None
        or (text.startswith("半", end) and unit.dimension not in ("count", "time"))
        or closes(text, start, end)
    )
    if "c" in unit.flags and not modified:
        return False
    if unit.dimension == "time" and not modified:
        return False
    if body == "一":
        if unit.word == "次":
            return before not in "又再同首另这那" and not text.startswith(("性", "次"), end)
        return (
            (unit.word in ("栋", "幢") and before not in "每这那另同")
            or (unit.word == "成" and _TENTHS.match(text, end) is not None)
            or (unit.dimension == "money" and unit.unit != "元")
            or (modified and (unit.word != "个" or closes(text, start, end)))
            or (modified and unit.dimension == "time")
        )
    if unit.dimension == "percent" and unit.word == "成":
        return n.value is not None and 1 <= n.value <= 10
    return True


_TENTHS = re.compile(r"[多余一二三四五六七八九]|[，。；、]")


def _slogan(text: str, start: int, table: UnitTable) -> bool:
    """两免一补, 三爱三节, 一村一校: single numerals with one character between them name a thing."""
    return (
        start >= 2
        and text[start - 2] in numerals.DIGITS
        and text[start - 1] not in numerals.CHARS
        and "一" <= text[start - 1] <= "龥"
        and text[start - 3 : start - 2] not in _CHARS
        and table.at(text, start - 1) is None
    )


_CHARS = frozenset(numerals.CHARS)


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
        and not calendar(text, n.end)
        and lead.strip()
        and lead[-1] not in "\n。；"
    ):
        following, hops, place = None, 0, link.end()
        while hops < 6:  # 3.2、4.5和6万平方米
            other = read_arabic(text, place)
            if other is None or other.value is None:
                break
            unit, end = unit_at(text, other.end, table)
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
            and not calendar(text, following[0].end)
        ):
            other, unit = following
            if other.scaled and not n.scaled:
                factor = scale_of(other)
                n.value, n.place = n.value * factor, n.place * factor
            return finish(text, start, n, unit, n.end, table, floor), n.end
    end, post = bound_after(text, n.end, table)
    if (
        not n.chinese
        and (names := _NAMED_LIST.match(text, n.end)) is not None
        and n.value is not None
        and lead
        and _HAN.match(lead[-1])
    ):
        other = read_arabic(text, names.start("last"))
        unit, _ = unit_at(text, other.end, table) if other is not None else (None, 0)
        if other is not None and unit is not None and not unit.flags and not calendar(text, other.end):
            factor = Decimal(1) if n.scaled else scale_of(other)  # 早稻1.4、晚稻1.5、杂粮0.1万亩
            n.value, n.place = n.value * factor, n.place * factor
            return finish(text, start, n, unit, n.end, table, floor), n.end
    if n.scaled and not n.chinese and not text.startswith(("字", "里", "家", "户", "一"), n.end):
        unit = None
        if _PEOPLE_AFTER.match(text, n.end):
            unit = table.units["人"]
        elif _MONEY.search(lead):
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
            n.value < 2
            and "系数" in text[max(text.rfind("。", max(start - 90, 0), start), start - 90, 0) : start]
        ):
            return _bare(text, start, n, None, "number", "系数", table, floor)
        if RATIO_WORD.search(lead) or re.search(
            r"比[^，。；]{0,10}[0-9.]+(?:缩小|扩大|提高|降低|上升|下降|增加|降)?[至到为]$", lead
        ):
            return _bare(text, start, n, "比", "ratio", "比值", table, floor)
    if (
        n.value is not None
        and not n.masked
        and _LOST_PERCENT.search(lead)
        and n.value <= (130 if "毛入" in lead else 100)
        and text[n.end : n.end + 1] in _CLAUSE_STOP
    ):
        return _bare(text, start, n, "%", "percent", "缺百分号", table, floor)  # 小学入学率100，占总数78.7
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
