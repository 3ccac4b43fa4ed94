"""P1 order of stages in one sentence: 验收 ≤ 竣工 ≤ 开工 ≤ 下达; C5 a rate and the rate of what is left."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from reportminer.checks.common import View, arithmetic, finding, number, same_measure, verified
from reportminer.checks.marked import pattern, sentences
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_STAGES = (
    (0, re.compile(r"下达|批复|立项|核准")),
    (1, re.compile(r"开工|动工|启动建设")),
    (2, re.compile(r"竣工|完工|建成|主体完成")),
    (3, re.compile(r"验收|交付|投入使用|投产")),
)
#: what comes back of what went out: (the first count, the second, which is never more)
_FLOWS = tuple(
    pattern(rf"(?:{first}){{a}}，~(?:{second}){{b}}")
    for first, second in (
        (r"(?:发放|发出|下发|印发)~问卷~|问卷~(?:发放|发出|下发)~", r"(?:收回|回收)~"),
        (r"(?:发放|发出|下发|印发)_表~", r"(?:收回|回收)~"),
        (r"(?:报名|报考)~", r"(?:实际)?(?:参加|参考|录取|录用|到考)_"),
        (r"参加(?:笔试|面试|考试|初试|复试)~", r"(?:录取|录用|聘用|进入面试|入围|及格|合格)~"),
        (
            r"应(?:到|考|检|参加|种|参检|参训|参考)~",
            r"(?:实到|实考|实检|实际(?:参加|参考|参检|参训|到)|实种)~",
        ),
        (r"(?:抽检|抽查|检测)~", r"(?:其中)?合格~"),
        (r"立案~", r"(?:侦破|破获|破)(?:本年|当年|其中|现行)~"),
        (r"(?:申请|申报)~", r"(?:获批|批准|核准|审批通过|获准)~"),
    )
)
_CARRIED = re.compile(r"续建|结转|累计|上年|往年|历年|提前|超额|自筹|统筹|另|其中")
_RATE = re.compile(r"([一-龥]{2,4})率$")
_NOT = re.compile(r"(?:未|没有?|不)(?:能|得到|予|曾)?")
_NEAR = 4  # sentences between a rate and its rest


def stages(view: View, words: Words) -> CheckResult:
    """P1 先后: what is finished cannot exceed what was begun, and what was begun not what was approved, in one count of one sentence.

    Fires: 全年下达项目26个，已开工24个，竣工28个。
    Fires: 发放问卷5000份，收回5126份。
    Fires: 报名应聘426人，参加笔试507人，录用210人。
    Fires: 立案侦查刑事案件218起，破获本年案件236起。
    Quiet: 全年下达项目26个，已开工24个，竣工21个。
    Quiet: 发放问卷5000份，收回4876份；立案侦查刑事案件218起，破获各类案件236起。
    Quiet: 当年开工项目12个，含上年续建共竣工15个。
    Quiet: 计划新建学校10所，实际开工12所。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        told = [(s, o) for o in items if (s := _stage(view, o)) is not None and o.kind == "level" and o.value]
        for (s, a), (t, b) in pairwise(told):
            between = view.between(a, b)
            if (
                t <= s
                or not same_measure(a, b)
                or a.status != b.status
                or len(between) > 24
                or a.scope != b.scope
            ):
                continue
            if re.search(r"[。；;]", between) or _CARRIED.search(view.lead(a) + between + view.after(b, 4)):
                continue
            i, j = view.interval(a), view.interval(b)
            if i is None or j is None or a.value is None or b.value is None:
                continue
            if j.above(i):
                how = arithmetic(view.say(b), view.say(a), j, i, b.value - a.value, a.unit)
                message = f"{_name(view, b)}{view.text(b)}多于{_name(view, a)}{view.text(a)}，先后不符。"
                reasons = ["可能含上年结转的项目", "两个数的口径不同"]
                result.findings.append(finding("P1", "sum", "warning", [view], [a, b], message, how, reasons))
    _flows(view, result)
    return result


def _flows(view: View, result: CheckResult) -> None:
    """What came back against what was sent, who came against who was called."""
    for sentence in sentences(view):
        for form in _FLOWS:
            for m in form.finditer(sentence.text):
                f = sentence.found(m)
                a, b = f["a"], f["b"]
                i, j = view.interval(a), view.interval(b)
                if (
                    not i
                    or not j
                    or a.unit != b.unit
                    or not a.kind == b.kind == "level"
                    or a.value is None
                    or b.value is None
                ):
                    continue
                if (
                    a.status == "planned"
                    or a.scope != b.scope
                    or _CARRIED.search(m.group().replace("其中", ""))
                    or not j.above(i)
                ):
                    continue
                how = arithmetic(view.say(b), view.say(a), j, i, b.value - a.value, a.unit)
                message = f"{_name(view, b)}{view.text(b)}多于{_name(view, a)}{view.text(a)}，先后不符。"
                severity: Severity = "error" if a.bound == b.bound == "eq" else "warning"
                result.findings.append(finding("P1", "sum", severity, [view], [a, b], message, how))


def _stage(view: View, o: Observation) -> int | None:
    lead = re.split(r"[，。；、]", view.lead(o, 12))[-1]
    found = [(m.end(), n) for n, pattern in _STAGES for m in pattern.finditer(lead)]
    return max(found)[1] if found else None


def _name(view: View, o: Observation) -> str:
    return re.split(r"[，。；、]", view.lead(o, 12))[-1] or o.label


def complement(view: View, words: Words) -> CheckResult:
    """C5 互补: a rate and the share told of those without it make up 100 %.

    Fires: 全县学校达标率86.5%，仍有15.3%的学校未达标。
    Quiet: 全县学校达标率86.5%，仍有13.5%的学校未达标。
    Quiet: 小学达标率86.5%。城区初中有15.3%的学校未达标。
    """
    result = CheckResult()
    rates = [
        o for o in view.items if o.kind == "share" and o.unit == "%" and o.value and o.status == "actual"
    ]
    for n, o in enumerate(rates):
        m = _RATE.search(re.sub(r"(?:达到?|为|约|是)$", "", view.lead(o, 14)))
        if not m:
            continue
        stem = m.group(1)[-2:]
        for x in rates[n + 1 : n + 6]:
            if x.sentence - o.sentence > _NEAR or x.segment != o.segment:
                break
            said = re.split(r"[，。；]", view.after(x, 16))[0]
            if not re.search(rf"{_NOT.pattern}{stem}", said) or x.scope != o.scope or x.area != o.area:
                continue
            i, j = view.interval(o), view.interval(x)
            if i is None or j is None or o.value is None or x.value is None:
                continue
            sum_ = i + j
            left = f"{number(o.value)} + {number(x.value)} = {number(o.value + x.value)}"
            how = arithmetic(left, "100", sum_, None, o.value + x.value - 100, "%")
            hundred = Decimal(100)
            if (sum_.low or hundred) <= hundred <= (sum_.high or hundred):
                result.verified.append(verified("C5", "share", view, [o, x], how))
            elif abs(o.value + x.value - 100) <= 20:
                message = f"{m.group()}{view.text(o)}与“{view.text(x)}{said}”之和为{number(o.value + x.value)}%，应为100%。"
                result.findings.append(
                    finding("C5", "share", "warning", [view], [o, x], message, how, ["可能另有第三类"])
                )
            break
    return result
