"""C6 a rate named after its two counts: 发放 … 收回 … 回收率; what was done against what was planned."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import INFERRED, View, arithmetic, finding, number, same_measure, verified
from reportminer.checks.explain import slip
from reportminer.checks.marked import Marked, pattern, sentences, strange
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

#: the count that is the base, the count that is the part, the rate
_NAMED = tuple(
    pattern(rf"(?:{base})_{{a}}，_(?:{part})_{{b}}，~(?:{rate})~{{p}}")
    for base, part, rate in (
        (r"发放|发出|下发", r"收回|回收|收到", r"问?卷?(?:回收率|收回率|有效率)"),
        (r"报名|报考", r"录取", r"录取率"),
        (r"报名|报考", r"参加|参考|实考", r"参考率|到考率"),
        (r"参加考试|参考|实考|应考", r"及格", r"及格率"),
        (r"参加考试|参考|实考", r"上线", r"上线率"),
        (r"抽检|抽查|检测|检查|监测|抽样", r"合格", r"合格率"),
        (r"受理|收到|交办|承办", r"办结", r"办结率"),
        (r"立案|发案", r"破案|破获", r"破案率"),
        (r"应检|应体检", r"实检|已检|体检", r"(?:体检|受检|检查)率"),
        (r"应种|应接种", r"实种|接种", r"接种率"),
        (r"应参保", r"参保", r"参保率"),
        (r"应参合", r"参合", r"参合率"),
        (r"毕业生", r"就业", r"就业率"),
        (r"毕业生", r"升学|升入", r"升学率"),
        (r"适龄|学龄", r"入学", r"入学率"),
        (r"编制", r"在编|实有|在岗", r"满编率|在编率"),
        (r"预算", r"实际|执行", r"(?:预算)?执行率"),
        (r"计划|任务|目标", r"实际|完成|已", r"完成率"),
    )
)
_PLANNED = tuple(
    pattern(p)
    for p in (
        r"(?P<done>参合|参保|入学|入园|接种|体检|参检|到课|参训)_{b}，~应(?P=done)~{a}，~(?P=done)率~{p}",
        r"(?:计划|任务|目标|应)_{a}，~(?:实际|完成|已|实)_{b}，(?:完成|占|为|是|达到?)~(?:计划|任务|目标)~的~{p}",
        r"(?:计划|任务|目标)_{a}，~(?:实际|完成|已|实)_{b}，完成率[为达到]{0,2}{p}",
    )
)
#: 培训3600人，取得证书2952人，取证率82%: a rate of two characters, one of them in the name of its part
_SHORT = pattern(r"{a}~，(?P<part>_){b}~，(?P<rate>[一-龥]{2})率[为达到是]{0,2}{p}")
_ELSE = re.compile(r"分别|其中|比上年|同比|左右|累计|提高|上升|下降|增长")


def named_rates(view: View, words: Words) -> CheckResult:
    """C6 名实相符的比率: a rate named after two counts in front of it is their quotient.

    Fires: 计划培训教师1200人次，实际培训1416人次，完成计划的128%。
    Fires: 发放问卷5000份，收回4876份，回收率95.7%。
    Quiet: 计划培训教师1200人次，实际培训1416人次，完成计划的118%。
    Quiet: 发放问卷5000份，收回4876份，回收率97.5%。
    Quiet: 发放问卷5000份，收回4876份，有效问卷4650份，有效率95.4%。
    """
    result = CheckResult()
    for sentence in sentences(view, 3):
        for form in (*_PLANNED, *_NAMED):
            for m in form.finditer(sentence.text):
                figures = sentence.found(m)
                if not _ELSE.search(m.group()) and not strange(sentence, figures):
                    _judge(view, sentence, figures["a"], figures["b"], figures["p"], result)
        for m in _SHORT.finditer(sentence.text):
            part = m.group("part").replace("其中", "")
            if any(c in part for c in m.group("rate")) and not _ELSE.search(m.group().replace("其中", "")):
                figures = sentence.found(m)
                _judge(view, sentence, figures["a"], figures["b"], figures["p"], result, sure=False)
    return result


def _judge(
    view: View,
    sentence: Marked,
    a: Observation,
    b: Observation,
    p: Observation,
    result: CheckResult,
    sure: bool = True,
) -> None:
    i, j, told = view.interval(a), view.interval(b), view.interval(p)
    if not i or not j or not told or not a.value or b.value is None or p.value is None:
        return
    if (
        p.unit != "%"
        or not same_measure(a, b)
        or not (a.kind == b.kind == "level")
        or not i.low
        or i.low <= 0
    ):
        return
    if not a.bound == b.bound == p.bound == "eq" or not j.low or j.low <= 0 or a.scope != b.scope:
        return
    places = view.printed(p).decimals
    wide = told.widened(Decimal(1).scaleb(-places) / 2)  # cut off instead of rounded
    quotient, exact = j.over(i).scaled(Decimal(100)), 100 * b.value / a.value
    left = f"{view.say(b)}÷{view.say(a)} = {number(exact, places + 2)}%"
    off = exact - p.value
    how = arithmetic(left, view.text(p), quotient, told, off, "%")
    members = [b, a, p]
    if quotient.meets(wide):
        result.verified.append(
            verified("C6", "share", view, members, how, "" if sure else INFERRED + "按率的名称认定")
        )
        return
    others = [
        o
        for o in sentence.figures
        if same_measure(o, a) and o.kind == "level" and o.value and o.clean_end <= p.clean_start
    ]
    for x in others:
        for y in others:
            s, t = view.interval(x), view.interval(y)
            known = x is not y and s and t and s.low and t.low and s.low > 0 and t.low > 0
            if known and s and t and t.over(s).scaled(Decimal(100)).meets(wide):
                return  # the rate is that of two other counts
    if abs(off) <= Decimal(1).scaleb(-places) * Decimal("1.5"):
        return  # a careless rounding
    if not sure and (exact > 100 or abs(off) > 20 or a.scope != b.scope or p.scope != b.scope):
        return  # the rate may be that of something else
    shown = exact.quantize(Decimal(1).scaleb(-places))
    fixed = slip(p.value, shown, places)
    reasons = [f"比率可能是{number(shown, places)}%（{fixed}）"] if fixed else []
    severity: Severity = "error" if sure else "warning"
    message = f"{left}，不是{view.text(p)}。"
    result.findings.append(finding("C6", "share", severity, [view], members, message, how, reasons))
