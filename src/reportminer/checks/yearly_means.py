"""C4 a mean per year against the total over the years that are told: 五年共 …，年均 …."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, same_measure, verified
from reportminer.checks.marked import pattern, sentences
from reportminer.checks.words import Words
from reportminer.core import CheckResult

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_TOLD = pattern(r"(?P<years>[^\ue000-\uf8ff]{0,60}){t}，(?P<mid>~)(?:年均|平均每年|每年平均)(?P<name>~){m}")
_SPAN = re.compile(r"((?:19|20)\d\d)年?(?:[-—－–~～至到]+)((?:19|20)\d\d)年?")
_COUNT = re.compile(
    r"(?<![第\d○〇零一二三四五六七八九十])([两二三四五六七八九十]|\d{1,2})年(?:间|来|内|时间|期间|里)?[^年]{0,24}$"
)
_PLAN = re.compile(r"[“\"]?(?:十[一二三四]?|[八九])五[”\"]?(?:期间|时期|以来)?[^年]{0,20}$")


def yearly_means(view: View, words: Words) -> CheckResult:
    """C4 年均: a total over several years and what it comes to a year.

    Fires: 2012—2016年五年间共新建校舍16.5万平方米，年均4.3万平方米。
    Fires: 从2009年到2013年，五年累计投入1.25亿元，年均投入3500万元。
    Quiet: 2012—2016年五年间共新建校舍16.5万平方米，年均3.3万平方米。
    Quiet: 2010年以来累计投入1.25亿元，年均投入2500万元。
    Quiet: 五年累计投入1.25亿元，年均增长12%。
    """
    result = CheckResult()
    for sentence in sentences(view):
        for m in _TOLD.finditer(sentence.text):
            f = sentence.found(m)
            total, mean = f["t"], f["m"]
            spans = _SPAN.findall(m.group("years"))
            count = _COUNT.search(m.group("years"))
            lengths: set[int] = set()  # years inclusive; d years lie between two ends of year
            if len(spans) == 1:
                d = int(spans[0][1]) - int(spans[0][0])
                lengths |= {d + 1} if not re.search(r"[末底初]|以来|由", m.group("years")) else {d, d + 1}
            elif count:
                n = int(count.group(1)) if count.group(1).isdigit() else _DIGITS[count.group(1)]
                lengths = {n}
            elif _PLAN.search(m.group("years")):
                lengths = {5, 4}
            lengths = {n for n in lengths if n > 1}
            a, b = view.interval(total), view.interval(mean)
            plain = total.bound == mean.bound == "eq" and total.value and mean.value
            if (
                not lengths
                or not a
                or not b
                or not plain
                or not same_measure(total, mean)
                or mean.kind == "growth"
            ):
                continue
            if (
                _own(m.group("name"), m.group("years"))
                or re.search(r"[年近前后]|期间", m.group("mid"))
                or total.kind not in ("level", "change")
                or re.search(r"其中|增长|提高|达到", m.group()[len(m.group("years")) :])
            ):
                continue
            assert total.value and mean.value
            step = view.printed(mean).factor.scaleb(-view.printed(mean).decimals)
            n = max(lengths)
            exact = total.value / n
            left = f"{view.say(total)}÷{n}年 = {view.show(exact, mean)}"
            how = arithmetic(
                left, view.text(mean), a.scaled(Decimal(1) / n), b, exact - mean.value, mean.unit
            )
            members = [total, mean]
            if any(a.scaled(Decimal(1) / k).meets(b.widened(step / 2)) for k in lengths):
                result.verified.append(verified("C4", "average", view, members, how))
            else:
                message = f"{left}，不是年均{view.text(mean)}。"
                reasons = [f"按所述年均数，应为{number(total.value / mean.value, 1)}年"]
                result.findings.append(
                    finding("C4", "average", "warning", [view], members, message, how, reasons)
                )
    return result


def _own(name: str, years: str) -> bool:
    """Whether the mean has a word that the total does not have (年均流失 behind 共招聘)."""
    own = re.sub(r"超过|达到?|约为|约|为|是|有|可|近|共|均", "", name)
    return len(own) > 1 and own not in years
