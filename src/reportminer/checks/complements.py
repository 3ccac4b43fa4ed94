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
_NEGATION = re.compile(r"(?:未|不|非|没有?|无)(?:能|曾|予)?")
_NEGATIVE = re.compile(r"未(?!来|成年)|不(?!足|低于|少于|超过|到|仅|断|同|等|高于)|非(?!常)|没有?|无(?!线)")
#: classes that leave nothing out between them
_OPPOSITES = (("男", "女"), ("公办", "民办"), ("城镇", "农村"), ("城镇", "乡村"), ("城市", "农村"), ("寄宿", "走读"), ("出勤", "缺勤"), ("税收", "非税"),
              ("专职", "兼职"), ("在编", "编外"))  # fmt: skip
_AGE = re.compile(
    r"(\d{2})(?:周?岁)?(?:至|到|[-—–～~－])+(\d{2})周?岁|(\d{2})周?岁(?:及|（含）|\(含\))?以?([上下])"
)
_PLAIN = re.compile(
    r"年龄在|年龄|[，,、；;：:（）()的占达为有约比例重及含各]|教师|人员|专任|其中|所占|周岁|人数|[\d.]+[人名%]"
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
        if len(shares) > 1:
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
    if a.area != b.area or a.period != b.period or a.status != b.status:
        return False
    first, second = _name(view, a), _name(view, b)
    divided = all(re.search(r"占|比[例重]", view.lead(o)[-8:]) for o in (a, b))
    if not divided and not (first.endswith("率") and second.endswith("率")):
        return False  # 及格率，留守生为46.5%，非留守生为68.2%: one rate of two groups
    if any(_opposite(first, second, x, y) or _opposite(first, second, y, x) for x, y in _OPPOSITES):
        return not _third(view, a, b)
    if a.scope != b.scope:
        return False
    if _NEGATIVE.search(first) and not _NEGATIVE.search(second):
        first, second = second, first
        if len(first) > len(second):
            return False
    elif not _NEGATIVE.search(second) or _NEGATIVE.search(first):
        return False
    if second.endswith("率") and not re.search(rf"{_NEGATION.pattern}[一-龥]{{1,3}}率$", second):
        return False  # 非农村学校合格率: the rate of another group
    plain = _NEGATION.sub("", second, count=1)
    stem = re.sub(r"(?:学校|人数|[率的])+$", "", plain)[-2:]
    others = [o for o in view.by_sentence[a.sentence] if o.kind == "share" and o is not a and o is not b]
    if any(stem in _name(view, o) for o in others) or re.search(
        r"(?:基本|比较|较|非常|很|部分|一般)" + stem, first
    ):
        return False  # 满意, 基本满意, 不满意: a third class
    return len(plain) >= 2 and (first.endswith(plain) or (len(first) >= 3 and plain.endswith(first)))


def _opposite(first: str, second: str, x: str, y: str) -> bool:
    """Whether two names differ by a pair of opposite words only (女教师, 男教师)."""
    if x not in first or y not in second or x in second.replace(y, "") or y in first.replace(x, ""):
        return False
    own = second.replace(y, "", 1)
    if "率" in own and own != "率":
        return False  # 男生及格率, 女生及格率: two rates of one name
    return (
        second.startswith(y)
        and first.replace(x, "", 1).endswith(own)
        and first.find(x) + len(x) + len(own) == len(first)
    )


def _third(view: View, a: Observation, b: Observation) -> bool:
    """Whether a third share in the sentence may belong to the same whole: the one right in front or right behind, too small to stand alone."""
    items = view.by_sentence[a.sentence]
    i, j = view.rank[a.id], view.rank[b.id]
    beside = [items[k] for k in (i - 1, j + 1) if 0 <= k < len(items)]
    added = (a.value or Decimal(0)) + (b.value or Decimal(0))
    return any(
        o.kind == "share" and o.value is not None and added < 100 and o.value < 100 - added + 5
        for o in beside
    )


def _ages(view: View, items: list[Observation], result: CheckResult) -> None:
    """Shares by age whose classes follow each other without a gap, from the youngest to the oldest."""
    run: list[tuple[Observation, int, int]] = []
    first = ""
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
        own = _PLAIN.sub("", lead.replace(m.group(), ""))
        if low == 0:
            run, first = [], lead
        elif own and own not in first:
            run = []
            continue
        run.append((o, low, high))
        if high == 200 and len(run) > 1 and run[0][1] == 0:
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
