"""C5 a rate and the rate of what is left: 合格率94.6%，不合格率5.4%; S7 classes by age that leave nothing out."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from reportminer.checks.common import View, arithmetic, finding, number, verified
from reportminer.checks.intervals import total
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_NAME = re.compile(r"(?:[所约只仅]?占(?:比(?:例|重)?)?|比[例重]|达到?|为|是|有|的|约|分别)+$")
_NEGATION = re.compile(r"(?:未|不|非|没有?)(?:能|曾|予)?")
_NEGATIVE = re.compile(
    r"(?:未|不|非|没有?)(?:达|合|及|满|参|完|通|开|普|上|入|接|取|落|就|贫|寄|农|独|硬|绿|覆|知|支|赞|配|住|税|在|标|公)"
)
_AGE = re.compile(
    r"(\d{2})(?:周?岁)?(?:至|到|[-—–～~－])+(\d{2})周?岁|(\d{2})周?岁(?:及|（含）|\(含\))?以?([上下])"
)
_ANOTHER = re.compile(r"增|提高|下降|降低|比上年|目标|力争|计划|要求|不低于|其中")


def complements(view: View, words: Words) -> CheckResult:
    """C5 互补的比率: a rate and its contrary told side by side make up 100 %, and so do classes of age from 以下 to 以上.

    Fires: 合格率为94.6%，不合格率为15.4%。
    Fires: 全县达标学校占86.5%，未达标学校占23.5%。
    Fires: 教师中35岁以下的占31.4%，36至50岁的占45.8%，51岁及以上的占28.8%。
    Quiet: 合格率为94.6%，不合格率为5.4%。
    Quiet: 小学合格率为94.6%，初中不合格率为8.2%。
    Quiet: 教师中35岁以下的占31.4%，36至50岁的占45.8%，51岁及以上的占22.8%，女教师占60%。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        shares = [
            o
            for o in items
            if o.kind == "share"
            and o.unit == "%"
            and o.value is not None
            and view.interval(o)
            and o.bound == "eq"
        ]
        for a, b in pairwise(shares):
            if _contrary(view, a, b):
                _judge(view, [a, b], "C5", "share", result)
        if len(shares) > 2:
            _ages(view, items, result)
    return result


def _name(view: View, o: Observation) -> str:
    return _NAME.sub("", re.split(r"[，,。；;：:、（(]", view.lead(o, 24))[-1]) or _NAME.sub(
        "", re.sub(r"[，,、]$", "", view.lead(o, 24))
    )


def _contrary(view: View, a: Observation, b: Observation) -> bool:
    """Whether the second rate is the first one denied (达标学校, 未达标学校), of one thing and one time."""
    between = view.between(a, b)
    if len(between) > 24 or re.search(r"[。；;]", between) or _ANOTHER.search(between + view.before(a, 12)):
        return False
    if a.scope != b.scope or a.area != b.area or a.period != b.period or a.status != b.status:
        return False
    first, second = _name(view, a), _name(view, b)
    if _NEGATIVE.search(first) and not _NEGATIVE.search(second):
        first, second = second, first
        if len(first) > len(second):
            return False
    elif not _NEGATIVE.search(second) or _NEGATIVE.search(first):
        return False
    plain = _NEGATION.sub("", second, count=1)
    stem = re.sub(r"(?:学校|人数|[率的])+$", "", plain)[-2:]
    others = [o for o in view.by_sentence[a.sentence] if o.kind == "share" and o is not a and o is not b]
    if any(stem in _name(view, o) for o in others) or re.search(
        r"(?:基本|比较|较|非常|很|部分|一般)" + stem, first
    ):
        return False  # 满意, 基本满意, 不满意: a third class
    return len(plain) >= 2 and (first.endswith(plain) or (len(first) >= 3 and plain.endswith(first)))


def _ages(view: View, items: list[Observation], result: CheckResult) -> None:
    """Shares by age whose classes follow each other without a gap, from the youngest to the oldest."""
    run: list[tuple[Observation, int, int]] = []
    at = view.report.text.sentences[items[0].sentence].start
    for o in items:
        if o.kind != "share" or o.unit != "%" or o.bound != "eq":
            continue
        lead = re.sub(r"\s", "", view.clean[at : o.clean_start])
        at = o.clean_end
        classes = list(_AGE.finditer(lead))
        if len(classes) != 1:
            continue
        m = classes[0]
        low = int(m.group(1) or (m.group(3) if m.group(4) == "上" else 0))
        high = int(m.group(2) or (m.group(3) if m.group(4) == "下" else 200))
        if low == 0:
            run = []
        run.append((o, low, high))
        if high == 200 and len(run) > 2 and run[0][1] == 0:
            if all(0 <= b[1] - a[2] <= 1 for a, b in pairwise(run)):
                _judge(view, [x[0] for x in run], "S7", "sum", result)
            run = []


def _judge(view: View, members: list[Observation], check: str, kind: str, result: CheckResult) -> None:
    known = [i for i in map(view.interval, members) if i]
    reach, value = total(known), sum((o.value for o in members if o.value is not None), Decimal(0))
    left = " + ".join(number(o.value) for o in members if o.value is not None) + f" = {number(value)}"
    how = arithmetic(left, "100", reach, None, value - 100, "%")
    hundred = Decimal(100)
    if (reach.low or hundred) <= hundred <= (reach.high or hundred):
        result.verified.append(verified(check, kind, view, members, how))
        return
    message = f"{left}%，应为100%，{'多' if value > 100 else '少'}{number(abs(value - 100))}。"
    result.findings.append(finding(check, kind, "error", [view], members, message, how))
