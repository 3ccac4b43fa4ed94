"""Words that open or soften a figure, beside it (in the span) or further off (only the bound)."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.core import Bound, Quantity
from reportminer.core.making import maker
from reportminer.extract.intervals import interval
from reportminer.extract.units import UnitTable

_FAR = re.compile(
    r"(?:(?P<approx>(?<![签节合制预条公契履违誓])约)(?:占|为|有|需|达|合|计|在|合计|需要)(?:[^0-9，。；：、,;]{1,10}的)?"
    r"|(?P<ge>至少|不少于|不低于|不[得能应]少于|不[得能应]低于|最少)(?:[^0-9，。；：、,;]{1,9})"
    r"|(?P<le>不足|不到|不超过|最多|不[得能应]超过)(?:[^0-9，。；：、,;]{1,12}的|占|有))$"
)


def bound_before(text: str, start: int, table: UnitTable, floor: int) -> tuple[int, Bound, str]:
    """Start of the span with a modifier that stands directly before it, its bound and word."""
    lead = text[max(floor, start - 10) : start]
    m = table.before_end.search(lead) if lead and lead[-1] in table.before_last else None
    if m is None:
        if lead and lead[-1] in "过破" and (lead[-2:-1] in _GROWN or start == 1):  # 产值过50亿元
            return start - 1, "ge", "过"
        return start, "eq", ""
    word = m.group().strip()
    for tail in ("达到", "达"):
        if word not in table.before and word.endswith(tail):
            word = word[: -len(tail)]
    at = start - (len(lead) - m.start())
    if word in ("约", "近", "超") and at and text[at - 1] + word in _NOT_BOUND:
        return start, "eq", ""
    return at, table.before[word], word


_GROWN = frozenset("值入资额量口率均数积售收产")  # 过 after another word is an aspect: 办过3场
_NOT_BOUND = frozenset(
    "签约 节约 合约 制约 预约 条约 公约 契约 履约 违约 附近 最近 邻近 靠近 临近 就近 高超".split()  # noqa: SIM905 - words, not code
)


def far_bound(text: str, start: int, floor: int) -> Bound:
    """The bound that a word further left sets (不足…的10%), looked for down to ``floor``."""
    window = text[max(floor, start - 16) : start]
    if not ("约" in window or "不" in window or "最" in window or "至少" in window):
        return "eq"
    m = _FAR.search(window)
    return (m.lastgroup or "eq") if m else "eq"  # type: ignore[return-value]


def bound_after(text: str, end: int, table: UnitTable) -> tuple[int, Bound | None]:
    """End and bound with the words behind (以上, 左右, 以内) taken in; None when there is none."""
    m = table.after_start.match(text, end)
    if m is None or text.startswith(("级", "述", "来"), m.end()):
        return end, None
    return m.end(), table.after[m.group(1)]


_quantity = maker(Quantity)


def make(
    text: str, start: int, end: int, value: Decimal | None, value2: Decimal | None, unit: str | None, bound: Bound,
    step: Decimal, masked: bool, dimension: str, rule: str, word: str,
) -> Quantity:  # fmt: skip
    """A quantity with its interval."""
    low, high = interval(value, value2, bound, step, word)
    return _quantity(
        text[start:end],
        start,
        end,
        value,
        value2,
        unit,
        bound,
        low,
        high,
        masked,
        None,
        step,
        dimension,
        rule,
    )


_SAME_FOR_ALL = re.compile(r"(?:分别|各|均|都)(?:应|须|要|控制在|保持在|为|在)*$")
_BESIDE = re.compile(r" ?[、和与及,，] ?")


def carried(text: str, q: Quantity, previous: Quantity | None, carrying: bool) -> Bound:
    """The bound that 分别 in front of the first figure of a list gives to the others (分别不高于0.65和0.55). ``carrying``: the figure before
    has its bound that way itself."""
    if previous is None or q.bound != "eq" or previous.bound not in ("ge", "le") or previous.unit != q.unit:
        return "eq"
    if not _BESIDE.fullmatch(text, previous.end, q.start):
        return "eq"
    if carrying:
        return previous.bound
    opened = _SAME_FOR_ALL.search(text, max(0, previous.start - 8), previous.start)
    return previous.bound if opened and not previous.text[0].isdigit() else "eq"


_CLAUSE_END = frozenset("，。；、")
_NEXT_OF_COUNTS = re.compile(
    r"(?:[新扩改兴]建|建成|增设|购置)[^，。；、：0-9]{1,8}[一二三四五六七八九十两][所个栋间座处][、和][^，。；、：0-9]{2,8}$"
)  # 建成初中一所、高中一所
_ENUMERATES = re.compile(
    r"(?:[新扩改兴]?建|增|改造|购|置|设|获|开工|安装|打|修|种植|引进|培育)[^，。；、：0-9]{1,12}$"
)


def closes(text: str, start: int, end: int) -> bool:
    """A numeral that follows its noun at the end of a clause is a count: 新建小学一所。"""
    lead = text[max(0, start - 24) : start]
    return text[end : end + 1] in _CLAUSE_END and (
        _ENUMERATES.search(lead[-16:]) is not None or _NEXT_OF_COUNTS.search(lead) is not None
    )
