"""Movements told by two levels of two named times in one sentence: 去年278人，今年312人，增加34人."""

from __future__ import annotations

import re

from reportminer.checks.common import View, same_measure
from reportminer.checks.marked import FIGURE, pattern, sentences
from reportminer.checks.moves import YEARLY, Move

_YEAR = r"(?:(?:19|20)\d\d年度?|去年同期|上年同期|同期|去年|上年|上一年|前年|今年|本年|当年|[“\"]?(?:十[一二三四]?|[八九])五[”\"]?(?:期间|时期)?)"
_ORDER = {
    "前年": 0,
    "去年": 1,
    "上年": 1,
    "上一年": 1,
    "去年同期": 1,
    "上年同期": 1,
    "同期": 1,
    "今年": 2,
    "本年": 2,
    "当年": 2,
}
_PLANS = {p: n for n, p in enumerate(("八五", "九五", "十五", "十一五", "十二五", "十三五", "十四五"))}
_VERB = r"(?:净?增加?|增长|提高|上升|多|减少|下降|降低|减|少|回落|增幅|增加了|减少了|增长了|下降了)"
_TWO = pattern(
    rf"(?P<first>{_YEAR})(?P<what>_){{a}}，(?P<name>[^\ue000-\uf8ff]{{0,6}}?)(?P<second>{_YEAR})(?P<again>~){{b}}，(?:同比|比上年|较上年|比去年|净|共)?{_VERB}(?:了|约)?{{c}}(?:，?(?:同比)?(?:{_VERB})?(?:了|幅度?为?|约)?{{d}})?"
)
#: 高考上线今年986人，去年921人: the name may stand before the first year
#: 2017年、2018年分别完成4.2亿元、4.83亿元，增长15%
_BOTH = pattern(
    rf"(?P<first>{_YEAR})[、和与](?P<second>{_YEAR})(?P<what>~)分别(?P<name>~){{a}}[、和与]{{b}}(?P<again>)，(?:同比)?{_VERB}(?:了|约)?{{c}}(?:，?{_VERB}(?:了|约)?{{d}})?"
)
_CHAIN = re.compile(f"({FIGURE})[，,、]$")
_SAME = re.compile(
    r"全[县市区乡镇校省国]|[我本][县市区乡镇校]|共|累计|完成|有|为|达到?|是|只|仅|实现|则|的|[，,]"
)


def paired_levels(view: View) -> list[Move]:
    """The movements of the report that two levels of two named times make up, with the change and the rate right behind them."""
    found: list[Move] = []
    for sentence in sentences(view, 3):
        for m in (*_TWO.finditer(sentence.text), *_BOTH.finditer(sentence.text)):
            f = sentence.found(m)
            a, b = f["a"], f["b"]
            later = _later(m.group("first"), m.group("second"))
            if (
                later is None
                or not same_measure(a, b)
                or a.kind != b.kind
                or a.kind not in ("level", "price", "share")
            ):
                continue
            chain = _CHAIN.search(sentence.text[: m.start()])
            earlier = sentence.figure(chain.group(1)) if chain else None
            if earlier and same_measure(earlier, a) and re.search(_YEAR, view.lead(earlier)):
                continue  # 今年286人，去年235人，前年241人，增加51人
            if a.value is None or b.value is None or not view.interval(a) or not view.interval(b):
                continue
            name = "" if "分别" in m.group() else m.group("name") + m.group("again")
            if a.status != b.status or (
                _SAME.sub("", name) and _SAME.sub("", name) not in m.group("what") + view.lead(a)
            ):
                continue
            if (
                re.search(r"年均|平均每年", m.group("what") + m.group("again"))
                or re.search(r"其中|人均|累计", m.group("name"))
                or a.scope.get("stage") != b.scope.get("stage")
            ):
                continue
            change = rate = None
            for o in (f["c"], f.get("d")):
                if o is None or YEARLY.search(view.before(o, 8)) or o.value is None:
                    continue
                if o.unit == "%" or o.unit == "倍":
                    rate = rate or o
                elif o.unit == a.unit or (o.unit == "百分点" and a.unit == "%"):
                    change = change or o
            if a.unit == "%" and rate and rate.kind != "growth":
                rate = None
            level, base = (b, a) if later else (a, b)
            if change or rate:
                found.append(Move(level, base, change, rate))
    return found


def _later(first: str, second: str) -> bool | None:
    """Whether the second time is the later one; None when the two cannot be compared."""
    x, y = _place(first), _place(second)
    if x is None or y is None or x[0] != y[0] or x[1] == y[1]:
        return None
    return y[1] > x[1]


def _place(said: str) -> tuple[str, int] | None:
    said = re.sub(r"[“”\"]|期间|时期", "", said)
    if said in _ORDER:
        return "near", _ORDER[said]
    if said in _PLANS:
        return "plan", _PLANS[said]
    m = re.match(r"\d{4}", said)
    return ("year", int(m.group())) if m else None
