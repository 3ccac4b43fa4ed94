"""Quantities that are more than number and unit: fractions, 一半, 翻番, 数百名, A:B, ranks."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from reportminer.core import Quantity
from reportminer.extract import numerals
from reportminer.extract.modifiers import bound_after, bound_before, far_bound, make
from reportminer.extract.numbers import MASK, Number, read_number
from reportminer.extract.units import UnitTable

_RATIO = re.compile(rf"(?: ?[:：∶︰] ?|比(?=[0-9]))([0-9]+(?:\.[0-9]+)?|[0-9{MASK}]+(?:\.[0-9{MASK}]+)?)")
_TIME_OF_DAY = re.compile(r"(?:上午|下午|晚上?|早|凌晨|时间|日|号)[：:]? ?$")
RATIO_WORD = re.compile(r"(?:[师生机入婚业]比|结构|构成|收入比|比例?系?数?)[^，。；0-9]{0,8}$")


def read_fraction(text: str, m: re.Match[str], table: UnitTable, floor: int) -> tuple[Quantity | None, int]:
    """百分之六十五, 千分之三, 三分之一."""
    head = m.group().replace(" ", "")[:-2]
    at = m.end() + (len(blank.group()) if (blank := _BLANKS.match(text, m.end())) else 0)
    n = read_number(text, at)
    if n is None and text.startswith("百", at):
        n = Number(Decimal(100), Decimal(1), at + 1)
    if n is None or n.value is None:
        return None, m.end()
    value: Decimal = n.value
    below = {"百": 100, "千": 1000, "万": 10000}.get(head)
    denominator = Decimal(below) if below else (p.value if (p := numerals.parse(head)) else None)
    if not denominator:
        return None, m.end()
    value2 = n.value2
    unit = "‰" if head == "千" else "%"
    if head == "万":
        value /= 100
        value2 = value2 / 100 if value2 is not None else None
    elif below is None:
        value, value2 = (value / denominator * 100).quantize(Decimal("0.000001")), None
    start, bound, word = bound_before(text, m.start(), table, floor)
    end = n.end
    if bound == "eq":
        bound = far_bound(text, start, floor)
    if n.middle:
        bound, word = ("approx" if n.middle == "来" else "ge"), n.middle
    end, post = bound_after(text, end, table)
    bound = "range" if value2 is not None else post or bound
    step = n.place if below else Decimal(0)
    return make(text, start, end, value, value2, unit, bound, step, False, "percent", "分数", word), end


_BLANKS = re.compile(r" {1,3}")


def read_word(text: str, m: re.Match[str], table: UnitTable, floor: int) -> tuple[Quantity | None, int]:
    """翻番, 翻两番, 一半, 半数以上."""
    body = m.group()
    if body.endswith(("番", "倍")):
        times = {"一": 2, "两": 4, "二": 4, "三": 8, "四": 16}.get(body[-2], 2)
        return make(
            text,
            m.start(),
            m.end(),
            Decimal(times),
            None,
            "倍",
            "eq",
            Decimal(0),
            False,
            "multiple",
            "翻番",
            "",
        ), m.end()
    if body == "首位":  # 居全市首位; 放在首位 is no rank
        if not _RANKED.search(text, max(0, m.start() - 12), m.start()):
            return None, m.end()
        return make(
            text, m.start(), m.end(), Decimal(1), None, "位", "eq", Decimal(0), False, "rank", "位次", ""
        ), m.end()
    start, bound, word = bound_before(text, m.start(), table, floor)
    if bound == "eq":
        bound = far_bound(text, start, floor)
    end, post = bound_after(text, m.end(), table)
    lead = text[max(0, start - 2) : start]
    if body == "过半" and not lead.endswith(("占", "占比", "比例")):
        return None, m.end()
    if (
        bound == "eq"
        and post is None
        and not (
            lead.endswith(("占", "达", "有", "到", "了"))
            or text.startswith("的", end)
            or (lead.endswith("的") and "占" in text[max(0, start - 14) : start])
        )
    ):
        return None, m.end()
    return make(
        text, start, end, Decimal(50), None, "%", post or bound, Decimal(0), False, "percent", "一半", word
    ), end


def read_vague(text: str, m: re.Match[str], table: UnitTable) -> tuple[Quantity | None, int]:
    """数百名, 上千个, 几十万元: a quantity without a number."""
    end = m.end()
    if text[end : end + 1] in ("余", "多") and end < len(text):
        end += 1
    unit = table.at(text, end)
    if unit is None or (m.start() and text[m.start() - 1] in "人总以以户件次无" and m.group()[0] in "数上"):
        return None, m.end()
    end += len(unit.word)
    return make(
        text, m.start(), end, None, None, unit.unit, "approx", Decimal(0), False, unit.dimension, "约数", ""
    ), end


def read_ratio(
    text: str, start: int, n: Number, table: UnitTable, floor: int
) -> tuple[Quantity | None, int] | None:
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
    if (
        clock
        and re.fullmatch(r"[0-9]{2}", parts[1])
        and (
            _TIME_OF_DAY.search(text, max(0, start - 6), start)
            or text[max(0, start - 1) : start] in "-/ "
            or len(parts) == 3
        )
        and not RATIO_WORD.search(text, max(0, start - 14), start)
        and not (
            len(parts) == 3
            and 99 <= sum(map(int, parts)) <= 101
            and text[start - 1 : start] in ("为", "由", "从", "是", "比", "达", "到")
        )  # 三次产业结构由…调整为20:37:43
    ):
        return None, end
    after = table.at(text, end)
    if after is not None and after.dimension not in ("time",):
        return None  # `共3所：5个班`: the colon is punctuation
    masked = n.masked or any(c in MASK or c == "?" for p in parts for c in p)  # ?10:3: a swallowed digit
    begin, bound, word = bound_before(text, start, table, floor)
    if bound == "eq":
        bound = far_bound(text, begin, floor)
    end, post = bound_after(text, end, table)
    value: Decimal | None = None
    if not masked and len(parts) == 2:
        a, b = Decimal(parts[0].replace(",", "")), Decimal(parts[1])
        if not b:
            return None, end
        value = (a / b).quantize(Decimal("0.000001")) if a % b else a / b
    q = make(text, begin, end, value, None, "比", post or bound, Decimal(0), masked, "ratio", "比值", word)
    return _with_text(q, ":".join(parts)), end


def _with_text(q: Quantity, value_text: str) -> Quantity:

    return replace(q, value_text=value_text)


_CLAUSE_END = frozenset("，。；、\n")
_RANKED = re.compile(
    r"(?:居|位列|名列|排名?|列|升至|上升到|跃升|位次|进入|跻身|挤进|挤入|迈入|闯入|冲入|保持|稳居|夺得|考核|考评|评比|位次)(?!为)(?:[^，。；0-9]{0,9}|[^，。；0-9]{0,4}[0-9]{1,3}个[县市区（()）]{1,7})$|全[国省市州县区镇乡校]$"
)


def read_rank(
    text: str, start: int, n: Number, before: re.Match[str], table: UnitTable
) -> tuple[Quantity | None, int]:
    """第12位, 前三名; every other 第N is a name."""
    end = n.end
    if n.value is None and not n.masked:
        return None, end
    if text[end : end + 1] not in ("位", "名"):
        if before.group() == "前":
            if (
                n.chinese
                and text[end : end + 1] in _CLAUSE_END
                and _RANKED.search(text, max(0, start - 13), start - 1)
            ):
                q = make(
                    text,
                    start - 1,
                    end,
                    n.value,
                    None,
                    "位",
                    "le",
                    Decimal(0),
                    n.masked,
                    "rank",
                    "位次",
                    "前",
                )
                return q, end  # 进入全省前十。
            return None, end
        if (
            before.group() == "第"
            and text[end : end + 1] in _CLAUSE_END
            and _RANKED.search(text, max(0, start - 20), start - 1)
        ):
            return make(
                text, before.start(), end, n.value, None, "位", "eq", Decimal(0), n.masked, "rank", "位次", ""
            ), end  # 居全市第四。
        return None, end
    if (
        text.startswith(("位", "名"), end)
        and text.startswith(("列", "次", "称", "师", "单"), end + 1)
        and text[end] == "名"
    ):
        return None, end
    first = before.start()
    if before.group() == "前":
        return make(
            text, first, end + 1, n.value, None, "位", "le", Decimal(0), n.masked, "rank", "位次", "前"
        ), end + 1
    return make(
        text, first, end + 1, n.value, None, "位", "eq", Decimal(0), n.masked, "rank", "位次", ""
    ), end + 1
