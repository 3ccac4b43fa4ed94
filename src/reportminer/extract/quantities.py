"""Finds quantity expressions: number, scale, unit, modifiers, ranges, masks (`spec/observations.md` §2–3).

One pass: a cheap pattern finds where a number may begin, a hand-written parser reads it from there. What is found is every
expression of that form, whether or not it measures something; ``claims`` decides that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportminer.core import Bound, Quantity
from reportminer.extract import numerals
from reportminer.extract.intervals import interval
from reportminer.extract.units import Unit, UnitTable, scale_at, unit_table

_MASK = "xX×＊*○□〇"
_DECIMAL = Decimal(10)

_CANDIDATE = re.compile(
    rf"(?P<fraction>(?:百|千|万|[一二三四五六七八九十]{{1,3}})分之)"
    rf"|(?P<number>[0-9]|\?(?=[0-9])|[xX×＊*○□]|某(?=某?[万亿%元余多]))"
    rf"|(?P<word>翻(?:一|两|二|三|四|了一|了两|了)?番|一半|半数|过半)"
    rf"|(?P<zero>(?<=率)(?:为|降为|降至|达到|保持|均为|保持为)?零(?=[，。；、,;]))"
    rf"|(?P<chinese>[{numerals.CHARS}]+)"
    rf"|(?P<vague>(?:数|几|上|成)[十百千万亿]+)"
)
_NUMBER = re.compile(
    r"[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]{1,3}(?:[ \u2009\u202f\xa0][0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]+|\. (?=[0-9]{1,4} ?[%万亿千元平个公亩人吨])[0-9]+)?"
)
_MASKED = re.compile(
    rf"某+|\?[0-9]+(?:\.[0-9]+)?|[0-9]*[{_MASK}][0-9{_MASK}]*(?:[,，][0-9{_MASK}]{{3}})*(?:\. ?[0-9{_MASK}]+)?|[0-9]+\. ?[{_MASK}]+"
)
_RATIO = re.compile(rf" ?[:：∶︰] ?([0-9]+(?:\.[0-9]+)?|[0-9{_MASK}]+(?:\.[0-9{_MASK}]+)?)")
_RANGE = re.compile(r" ?(?:[-—–－―~～]{1,2}|至|到) ?(?=[0-9])")
_MIDDLE = "多余来几"
_RANK_BEFORE = re.compile(r"(?:第|前|倒数第|并列第)$")
_SEPARATE = re.compile(r"(?:由|从|自)[^，。；、]{0,12}$")  # 由A到B: two figures, not a range
_LIST_NEXT = re.compile(r" ?(?:、|和|及|与|或|以及|,|，) ?(?=[0-9])")
_FAR = re.compile(
    r"(?:(?P<approx>(?<![签节合制预条公契履违誓])约)(?:占|为|有|需|达|合|计|在|合计|需要)"
    r"|(?P<ge>至少|不少于|不低于|不得少于|不得低于|最少)(?:[^0-9，。；：、,;]{1,9})"
    r"|(?P<le>不足|不到|不超过|最多|不得超过)(?:[^0-9，。；：、,;]{1,12}的|占|有))$"
)
_TIME_OF_DAY = re.compile(r"(?:上午|下午|晚上?|早|凌晨|时间|日|号)[：:]? ?$")
_PEOPLE = re.compile(r"人口|人数|劳动力|农民|群众|游客|学生|[户村城镇乡]民|贫困|人(?:员|才)?[^，。；]{0,4}$")
_MONEY = re.compile(r"资金|投资|投入|经费|[款费债]|收入|支出|缺口|[尚还]?[缺欠]|元|补助|拨付|贷|总额|产值|税")
_COEFFICIENT = re.compile(r"(?:系数|指数|基尼)[^，。；0-9]{0,10}(?:[0-9.]+[、和与及至到]+)?$")
_RATIO_WORD = re.compile(r"(?:[师生机入婚]比|收入比|比例?系?数?)[^，。；0-9]{0,8}$")
_PROGRESS = re.compile(r"主体|进度|完成|达标|比例|[率占]")
_ALTERNATIVE_UNIT = re.compile(r"[(（]([^()（）]{1,2})[)）]")


@dataclass(slots=True)
class _Number:
    """A number read from the text: plain value (before unit), place of its last digit, end offset."""

    value: Decimal | None
    place: Decimal
    end: int
    masked: bool = False
    middle: str = ""
    value2: Decimal | None = None
    scaled: bool = False
    chinese: bool = False


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


def _read(text: str, m: re.Match[str], table: UnitTable, previous: Quantity | None) -> tuple[Quantity | None, int]:
    """The quantity that begins at a candidate and where to go on."""
    start, kind = m.start(), m.lastgroup
    floor = previous.end if previous else 0
    if kind == "fraction":
        return _fraction(text, m, table, floor)
    if kind == "word":
        return _word(text, m, table, floor)
    if kind == "zero":
        at = m.end() - 1
        return Quantity(text[at], at, at + 1, Decimal(0), unit="%", low=Decimal(0), high=Decimal(0), step=Decimal(0), dimension="percent", rule="零"), m.end()
    if kind == "vague":
        return _vague(text, m, table)
    number = _arabic(text, start) if kind == "number" else _chinese(text, m)
    if number is None:
        return None, m.end()
    if kind == "number" and not number.masked and (r := _ratio(text, start, number, table, floor)) is not None:
        return r if r[0] is not None else (None, r[1])
    if kind == "number" and number.masked and text.startswith((":", "：", "∶", "︰"), number.end):
        r = _ratio(text, start, number, table, floor)
        if r is not None:
            return r
    return _measure(text, start, number, table, floor, previous)


# --------------------------------------------------------------------------- numbers


def _arabic(text: str, start: int) -> _Number | None:
    """An arabic or masked number with its scale words."""
    before = text[start - 1] if start else ""
    if before and before.isascii() and (before.isalpha() or before in "._/\\@#="):
        return None
    masked = _MASKED.match(text, start)
    if masked is not None:
        end = masked.end()
        after = text[end] if end < len(text) else ""
        body = masked.group()
        if after.isascii() and after.isalpha() and not text.startswith(("m2", "km", "GB", "MB"), end):
            return None
        if "×" in body and re.search(r"[0-9]×[0-9]", body):
            return None  # 3×5: a product
        return _scales(text, _Number(None, Decimal(1), end, masked=True))
    m = _NUMBER.match(text, start)
    if m is None:
        return None
    body = m.group()
    if ". " in body and (before in "\n。；;：:" or not before):
        body = body.split(".")[0]  # `1. 20所`: a list number
    end = start + len(body)
    printed = body.translate(_DROP)
    decimals = len(printed) - printed.find(".") - 1 if "." in printed else 0
    return _scales(text, _Number(Decimal(printed), _DECIMAL**-decimals, end))


_DROP = {ord(c): None for c in ",， \u2009\u202f\xa0"}


def _scales(text: str, n: _Number) -> _Number:
    """Reads 多/余, 万/亿 after a number, also chains (1亿2千万)."""
    i = n.end
    if text.startswith(" ", i) and i + 1 < len(text) and text[i + 1] in "万亿多余":
        i += 1
    if i < len(text) and text[i] in _MIDDLE and i + 1 < len(text) and (scale_at(text, i + 1) or text[i] in "多余" or text[i] == "来" and text[i + 1] in "个名人所台家户次万亿"):
        n.middle, i = text[i], i + 1
    scale = scale_at(text, i)
    if scale is None:
        if n.middle:
            n.end = i
        return n
    factor, i = scale
    if n.value is not None:
        n.value *= factor
    n.place, n.scaled, n.end = n.place * factor, True, i
    if i < len(text) and text[i] in "多余来几" and not n.middle and not (text[i] == "来" and text.startswith("来", i + 1)):
        n.middle, n.end = text[i], i + 1
        if n.middle == "几" and not scale_at(text, i + 1):
            n.middle, n.end = "", i
    elif n.value is not None and (tail := re.compile(r"[0-9]+").match(text, i)):
        lower = scale_at(text, tail.end())
        if lower is not None and lower[0] < factor:  # 1亿2千万
            n.value += Decimal(tail.group()) * lower[0]
            n.place, n.end = Decimal(lower[0]), lower[1]
            nested = scale_at(text, n.end)
            if nested is not None and lower[0] < 10**4 and nested[0] >= 10**4:
                n.value = n.value - Decimal(tail.group()) * lower[0] + Decimal(tail.group()) * lower[0] * nested[0]
                n.place, n.end = Decimal(lower[0] * nested[0]), nested[1]
    return n


_BARE_SCALE = re.compile(r"(?:近|超|逾|突破|超过|过|达|约|不足|不到|上)$")


def _chinese(text: str, m: re.Match[str]) -> _Number | None:
    """A Chinese numeral with 多/余 and a scale after it."""
    body, start, end = m.group(), m.start(), m.end()
    after = text[end] if end < len(text) else ""
    if body[0] == "十" and start and text[start - 1] in "几数":
        return None
    if body[0] in "百千万亿" and not (after in "多余" or _BARE_SCALE.search(text[max(0, start - 2) : start])):
        return None
    while body and body[-1] in "百千" and text.startswith(("分", "瓦", "米", "克", "伏"), end):
        body, end = body[:-1], end - 1  # 一百分: the unit is longer than the unit word; 三千米 keeps its value through 千
        if body and body[-1] not in "万亿":
            body, end = m.group(), m.end()
            break
    value = numerals.parse(body)
    if value is None:
        return None
    n = _Number(value.value, Decimal(value.place), end, value2=value.value2, chinese=True)
    if after in _MIDDLE and after:
        nxt = scale_at(text, end + 1)
        n.middle, n.end = after, end + 1
        if nxt is not None:
            n.value = value.value * nxt[0]
            n.place, n.end, n.scaled = n.place * nxt[0], nxt[1], True
    return n


# --------------------------------------------------------------------------- special forms


def _bound_before(text: str, start: int, table: UnitTable, floor: int) -> tuple[int, Bound, str]:
    """Start of the span with a modifier that stands directly before it, its bound and word."""
    lead = text[max(floor, start - 7) : start]
    m = table.before_end.search(lead) if lead else None
    if m is None:
        return start, "eq", ""
    word = m.group().strip()
    for tail in ("达到", "达"):
        if word not in table.before and word.endswith(tail):
            word = word[: -len(tail)]
    at = start - (len(lead) - m.start())
    if word in ("约", "近", "超") and at and text[at - 1] + word in _NOT_BOUND:
        return start, "eq", ""
    return at, table.before[word], word


_NOT_BOUND = frozenset("签约 节约 合约 制约 预约 条约 公约 契约 履约 违约 附近 最近 邻近 靠近 临近 就近 高超".split())


def _far_bound(text: str, start: int, floor: int) -> Bound:
    m = _FAR.search(text, max(floor, start - 16), start)
    return (m.lastgroup or "eq") if m else "eq"  # type: ignore[return-value]


def _after(text: str, end: int, table: UnitTable) -> tuple[int, Bound | None]:
    m = table.after_start.match(text, end)
    if m is None or text.startswith(("级", "述", "来"), m.end()):
        return end, None
    return m.end(), table.after[m.group(1)]


def _fraction(text: str, m: re.Match[str], table: UnitTable, floor: int) -> tuple[Quantity | None, int]:
    """百分之六十五, 千分之三, 三分之一."""
    head = m.group()[:-2]
    tail = re.compile(rf"[{numerals.CHARS}]+(?:点[{numerals.CHARS}]+)?|[0-9]+(?:\.[0-9]+)?").match(text, m.end())
    if tail is None:
        return None, m.end()
    body = tail.group()
    if body[0].isdigit():
        value: Decimal | None = Decimal(body)
    else:
        whole, _, part = body.partition("点")
        parsed = numerals.parse(whole)
        value = parsed.value if parsed else None
        if value is not None and part:
            value += Decimal("0." + "".join(str(numerals.DIGITS.get(c, 0)) for c in part))
    below = {"百": 100, "千": 1000, "万": 10000}.get(head)
    denominator = Decimal(below) if below else (p.value if (p := numerals.parse(head)) else None)
    if value is None or not denominator:
        return None, m.end()
    unit = "‰" if head == "千" else "%"
    if head == "万":
        value /= 100
    elif below is None:
        value = (value / denominator * 100).quantize(Decimal("0.000001"))
    start, bound, word = _bound_before(text, m.start(), table, floor)
    end = tail.end()
    if end < len(text) and text[end] in "多余":
        bound, word, end = "ge", text[end], end + 1
    end, post = _after(text, end, table)
    bound = post or bound
    step = Decimal(1) if below else Decimal(0)
    return _make(text, start, end, value, None, unit, bound, step, False, "percent", "分数", word), end


_SHARES = {"一半": 50, "半数": 50, "过半": 50}


def _word(text: str, m: re.Match[str], table: UnitTable, floor: int) -> tuple[Quantity | None, int]:
    """翻番, 翻两番, 一半, 半数以上."""
    body = m.group()
    if body.endswith("番"):
        times = {"一": 2, "两": 4, "二": 4, "三": 8, "四": 16}.get(body[-2], 2)
        return _make(text, m.start(), m.end(), Decimal(times), None, "倍", "eq", Decimal(0), False, "multiple", "翻番", ""), m.end()
    start, bound, word = _bound_before(text, m.start(), table, floor)
    end, post = _after(text, m.end(), table)
    lead = text[max(0, start - 2) : start]
    if body == "过半" and not lead.endswith(("占", "占比", "比例")):
        return None, m.end()
    if bound == "eq" and post is None and not (lead.endswith(("占", "达", "有", "到", "了")) or text.startswith("的", end)):
        return None, m.end()
    return _make(text, start, end, Decimal(50), None, "%", post or bound, Decimal(0), False, "percent", "一半", word), end


def _vague(text: str, m: re.Match[str], table: UnitTable) -> tuple[Quantity | None, int]:
    """数百名, 上千个, 几十万元: a quantity without a number."""
    end = m.end()
    if text[end : end + 1] in ("余", "多") and end < len(text):
        end += 1
    unit = table.at(text, end)
    if unit is None or m.start() and text[m.start() - 1] in "人总以以户件次无" and m.group()[0] in "数上":
        return None, m.end()
    end += len(unit.word)
    return _make(text, m.start(), end, None, None, unit.unit, "approx", Decimal(0), False, unit.dimension, "约数", ""), end


def _ratio(text: str, start: int, n: _Number, table: UnitTable, floor: int) -> tuple[Quantity | None, int] | None:
    """A:B and A:B:C; None when there is no colon. Times of day and clock stamps are no ratios."""
    if n.scaled or n.middle:
        return None
    second = _RATIO.match(text, n.end)
    if second is None:
        return None
    parts = [text[start : n.end].strip(), second.group(1)]
    end = second.end()
    third = _RATIO.match(text, end)
    if third is not None:
        parts.append(third.group(1))
        end = third.end()
        fourth = _RATIO.match(text, end)
        while fourth is not None:
            parts.append(fourth.group(1))
            end = fourth.end()
            fourth = _RATIO.match(text, end)
    clock = all(re.fullmatch(r"[0-9]{1,2}", p) for p in parts)
    if clock and re.fullmatch(r"[0-9]{2}", parts[1]) and (
        _TIME_OF_DAY.search(text, max(0, start - 6), start) or text[max(0, start - 1) : start] in "-/ " or len(parts) == 3
    ) and not _RATIO_WORD.search(text, max(0, start - 14), start):
        return None, end
    after = table.at(text, end)
    if after is not None and after.dimension not in ("time",):
        return None  # `共3所：5个班`: the colon is punctuation
    masked = any(c in _MASK for p in parts for c in p)
    begin, bound, word = _bound_before(text, start, table, floor)
    if bound == "eq":
        bound = _far_bound(text, begin, floor)
    end, post = _after(text, end, table)
    value: Decimal | None = None
    if not masked and len(parts) == 2:
        a, b = Decimal(parts[0].replace(",", "")), Decimal(parts[1])
        if not b:
            return None, end
        value = (a / b).quantize(Decimal("0.000001")) if a % b else a / b
    q = _make(text, begin, end, value, None, "比", post or bound, Decimal(0), masked, "ratio", "比值", word)
    return _with_text(q, ":".join(parts)), end


def _with_text(q: Quantity, value_text: str) -> Quantity:
    from dataclasses import replace

    return replace(q, value_text=value_text)


# --------------------------------------------------------------------------- number + unit


def _unit_at(text: str, i: int, table: UnitTable) -> tuple[Unit | None, int]:
    """The unit after a number (one blank allowed) and its end."""
    unit = table.at(text, i)
    if unit is None and i < len(text) and text[i] == " ":
        i += 1
        unit = table.at(text, i)
    return (unit, i + len(unit.word)) if unit else (None, i)


def _measure(
    text: str, start: int, n: _Number, table: UnitTable, floor: int, previous: Quantity | None
) -> tuple[Quantity | None, int]:
    """Number + unit, with ranges, ranks, elided units."""
    go_on = n.end
    rank = _RANK_BEFORE.search(text, max(floor, start - 3), start)
    if rank is not None:
        return _rank(text, start, n, rank, table)
    unit, end = _unit_at(text, n.end, table)
    second: _Number | None = None
    link = _RANGE.match(text, end) if unit or n.masked or n.value is not None else None
    if link is not None and n.value is not None and not n.middle:
        second = _arabic(text, link.end())
        if second is not None and second.value is not None:
            unit2, end2 = _unit_at(text, second.end, table)
            low, place = n.value, n.place
            if second.scaled and not n.scaled and unit is None:
                factor = _scale_of(second, text)
                low, place = low * factor, place * factor
            if (
                unit2 is not None
                and (unit is None or unit.unit == unit2.unit)
                and low < second.value
                and "x" not in unit2.flags
                and not (text[link.start() : link.end()].strip() in "至到" and _SEPARATE.search(text, max(floor, start - 16), start))
                and not _calendar(text, second.end)
            ):
                return _range_quantity(text, start, low, place, second, unit2, end2, table, floor), end2
            if unit is None and unit2 is not None and "x" not in unit2.flags and low != second.value and not _calendar(text, second.end):
                # 由134到110所: the first figure borrows the unit of the second
                unit, end = unit2, n.end
                n.value, n.place = low, place
        second = None
    if n.value2 is not None and unit is not None:
        q = _finish(text, start, n, unit, end, table, floor)
        return q, end
    if unit is None:
        return _without_unit(text, start, n, table, floor, previous)
    if "x" in unit.flags or _calendar(text, n.end) or "s" in unit.flags and not n.scaled:
        return None, max(end, go_on)
    if n.chinese and not _chinese_unit_ok(text, start, n, unit, end, table, floor):
        return None, go_on
    if unit.word == "个" and text.startswith(("多月", "余月"), end):  # 3个多月
        n.middle, unit, end = text[end], table.units["个月"], end + 2
    if n.masked and _masked_name(text, start, n, unit, end):
        return None, end
    return _finish(text, start, n, unit, end, table, floor), end


def _scale_of(n: _Number, text: str) -> Decimal:
    """The scale that a scaled number carries: 10^k of its scale words."""
    for word, factor in (("万亿", 10**12), ("千亿", 10**11), ("百亿", 10**10), ("十亿", 10**9), ("亿", 10**8), ("千万", 10**7), ("百万", 10**6), ("十万", 10**5), ("万", 10**4), ("千", 10**3), ("百", 10**2)):
        if text[: n.end].rstrip("多余来几").endswith(word):
            return Decimal(factor)
    return Decimal(1)


def _calendar(text: str, end: int) -> bool:
    """A number that ends here is part of a date or an ordinal: 2013年, 3月, 18号, 3届."""
    after = text[end : end + 2]
    return after[:1] in ("年", "月", "号", "届", "级") or (after[:1] == "日" and after != "日均")


_MASK_NAMES = re.compile(r"[xX×*＊○□]+(?:省|市|县|区|镇|乡|村|街|路|校|中|小|年|月|日|号|届)")


def _masked_name(text: str, start: int, n: _Number, unit: Unit, end: int) -> bool:
    """A mask that hides a name or a date, not a number: XX县, 20XX年."""
    return _MASK_NAMES.match(text, start) is not None


_CN_TAIL_STOP = re.compile(r"次(?:产业|供水|创业|搬运|分配|污染|能源|性|元|会议|全会|全体)|期(?:工程|项目|建设|教学|改造|校区|厂)|级|步|线|把手|体化|成(?:立|员|为|本|果|功|长|品|熟|绩|效|都|套|人教)|位(?:数|一体)|个(?:月|半月)?前")


def _chinese_unit_ok(text: str, start: int, n: _Number, unit: Unit, end: int, table: UnitTable, floor: int) -> bool:
    """May a Chinese numeral with this unit be a count? Names and set phrases mostly look alike, so the rule is strict."""
    if _CN_TAIL_STOP.match(text, n.end):
        return False
    before = text[start - 1] if start else ""
    if before and before in "第届大十初高周" and not n.middle:
        return False
    if before == "、" and start >= 2 and text[start - 2] in numerals.DIGITS:
        return False  # 四、五类: a list of ordinals
    body = text[start : n.end]
    modified = bool(n.middle) or _bound_before(text, start, table, floor)[1] != "eq" or _after(text, end, table)[1] is not None
    if "c" in unit.flags and not modified:
        return False
    if unit.dimension == "time" and not modified:
        return False
    if body == "一":
        if unit.word == "次":
            return before not in "又再同首另每这那" and not text.startswith(("性", "次"), end)
        return unit.word in ("栋", "幢") or modified and unit.word != "个" or (modified and unit.dimension == "time")
    if unit.dimension == "percent" and unit.word == "成":
        return n.value is not None and 1 <= n.value <= 9
    return True


def _rank(text: str, start: int, n: _Number, before: re.Match[str], table: UnitTable) -> tuple[Quantity | None, int]:
    """第12位, 前三名; every other 第N is a name."""
    end = n.end
    if text[end : end + 1] not in ("位", "名") or n.value is None and not n.masked:
        return None, end
    if text.startswith(("位", "名"), end) and text.startswith(("列", "次", "称", "师", "单"), end + 1) and text[end] == "名":
        return None, end
    first = before.start()
    if before.group() == "前":
        return _make(text, first, end + 1, n.value, None, "位", "le", Decimal(0), n.masked, "rank", "位次", "前"), end + 1
    return _make(text, first, end + 1, n.value, None, "位", "eq", Decimal(0), n.masked, "rank", "位次", ""), end + 1


def _without_unit(
    text: str, start: int, n: _Number, table: UnitTable, floor: int, previous: Quantity | None
) -> tuple[Quantity | None, int]:
    """A number without a unit: elided in a list, given by the context, or no quantity."""
    go_on = n.end
    lead = text[max(0, start - 14) : start]
    link = _LIST_NEXT.match(text, n.end)
    if link is not None and n.value is not None and not n.chinese and not _calendar(text, n.end) and lead.strip() and lead[-1] not in "\n。；":
        following, hops, place = None, 0, link.end()
        while hops < 6:  # 3.2、4.5和6万平方米
            other = _arabic(text, place)
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
        if following is not None and "x" not in following[1].flags and "c" not in following[1].flags and not _calendar(text, following[0].end):
            other, unit = following
            if other.scaled and not n.scaled:
                factor = _scale_of(other, text)
                n.value, n.place = n.value * factor, n.place * factor
            return _finish(text, start, n, unit, n.end, table, floor), n.end
    end, post = _after(text, n.end, table)
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
            return _finish(text, start, n, unit, n.end, table, floor), end
        return None, go_on
    if n.chinese or n.masked and not _tail_mask(text, start, n):
        return None, go_on
    if n.value is not None and n.place < 1 and not text.startswith(("-", "—", "之间", "、"), n.end) or (n.value is not None and n.place < 1 and text.startswith("、", n.end)):
        if _COEFFICIENT.search(lead) or n.value < 2 and "系数" in text[max(text.rfind("。", 0, start), start - 90, 0) : start]:
            return _bare(text, start, n, None, "number", "系数", table, floor)
        if _RATIO_WORD.search(lead) or re.search(r"比[^，。；]{0,10}[0-9.]+(?:缩小|扩大|提高|降低|上升|下降|增加|降)?[至到为]$", lead):
            return _bare(text, start, n, "比", "ratio", "比值", table, floor)
    if post is not None and n.value is not None and n.value <= 100 and n.place == 1 and _PROGRESS.search(lead[-6:]) and not n.masked:
        return _bare(text, start, n, "%", "percent", "缺百分号", table, floor)
    if n.masked and _MONEY.search(lead[-6:]) and _tail_mask(text, start, n):
        return _make(text, start, n.end, None, None, "元", "eq", Decimal(0), True, "money", "掩码", ""), n.end
    return None, go_on


def _tail_mask(text: str, start: int, n: _Number) -> bool:
    """A mask at the end of a clause after a money word: 补助经费XXX。"""
    return n.end - start >= 2 and text[n.end : n.end + 1] in ("", "。", "，", "；", "\n", " ", ",", ";")


def _bare(text: str, start: int, n: _Number, unit: str | None, dimension: str, rule: str, table: UnitTable, floor: int) -> tuple[Quantity, int]:
    begin, bound, word = _bound_before(text, start, table, floor)
    end, post = _after(text, n.end, table)
    return _make(text, begin, end, n.value, None, unit, post or bound, n.place, False, dimension, rule, word), end


def _range_quantity(
    text: str, start: int, low: Decimal, place: Decimal, second: _Number, unit: Unit, end: int, table: UnitTable, floor: int
) -> Quantity:
    begin, _, _ = _bound_before(text, start, table, floor)
    end, _ = _after(text, end, table)
    assert second.value is not None
    exact = unit.dimension == "count" and place == 1
    step = Decimal(0) if exact else min(place, second.place) * unit.factor
    return _make(text, begin, end, low * unit.factor, second.value * unit.factor, unit.unit, "range", step, False, unit.dimension, "区间", "")


def _finish(text: str, start: int, n: _Number, unit: Unit, end: int, table: UnitTable, floor: int) -> Quantity:
    """Number and unit to a Quantity, with the modifiers around them."""
    begin, bound, word = _bound_before(text, start, table, floor)
    sign = 1
    if begin == start and start >= 2 and text[start - 1] in "-－−" and not text[start - 2].isascii() and text[start - 2] not in "年月日 —－-":
        sign, begin = -1, start - 1
    alternative = _ALTERNATIVE_UNIT.match(text, end)
    if alternative is not None and table.at(text, alternative.start(1)) is not None and unit.dimension == "count":
        end = alternative.end()
    name, factor, dimension = unit.unit, unit.factor, unit.dimension
    if text.startswith("/", end) and (per := table.at(text, end + 1)) is not None:
        name, factor, end = f"{unit.word}/{per.word}", Decimal(1), end + 1 + len(per.word)
    value2 = n.value2
    if text[end : end + 1] in ("多", "余") and end < len(text) and not n.middle and (unit.word in "成倍" or dimension == "time"):
        n.middle, end = text[end], end + 1  # 六成多, 两个月余
    if value2 is not None:
        bound = "range"
    elif n.middle:
        bound, word = ("approx" if n.middle == "来" else "ge"), n.middle
    elif bound == "eq":
        bound = _far_bound(text, begin, floor)
    end, post = _after(text, end, table)
    if post is not None and value2 is None:
        # 近10%以上 says two things that exclude each other; `checks` reports it
        bound, word = ("approx", "") if word and bound != post and bound != "eq" else (post, "")
    exact = dimension == "count" and not n.middle and (n.place == 1 or n.chinese and not n.scaled)
    value = None if n.value is None else sign * n.value * factor
    step = Decimal(0) if exact else n.place * factor
    return _make(
        text, begin, end, value, None if value2 is None else value2 * factor, name, bound, step, n.masked, dimension, "数量", word
    )


def _make(
    text: str, start: int, end: int, value: Decimal | None, value2: Decimal | None, unit: str | None, bound: Bound,
    step: Decimal, masked: bool, dimension: str, rule: str, word: str,
) -> Quantity:  # fmt: skip
    low, high = interval(value, value2, bound, step, word)
    return Quantity(
        text[start:end], start, end, value, value2, unit, bound, low, high, masked, None, step, dimension, rule
    )
