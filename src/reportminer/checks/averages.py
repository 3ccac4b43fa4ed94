"""C4 per-unit figures recomputed from a total and a count."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import INFERRED, View, arithmetic, finding, number, period_years, verified
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import Arithmetic, CheckResult, Observation

_PER = (
    (re.compile(r"人次均|每人次"), ("人次",)),
    (re.compile(r"生均|每生|每名?学生|平均每[名位个]?学生|人均|每人|户籍人口|师均|每名"), ("人", "人次")),
    (re.compile(r"户均|每户"), ("户",)),
    (re.compile(r"处均|每处|点均|每个?点"), ("处", "个")),
    (re.compile(r"校均|每校|每所|平均每所|园均"), ("所", "个")),
    (re.compile(r"班均|每班|平均班额|班额"), ("班", "个")),
    (re.compile(r"村均|每村|镇均|乡均"), ("个",)),
    (re.compile(r"亩均|每亩|亩产|平均亩产"), ("平方米",)),
    (re.compile(r"每公里|每千米"), ("米",)),
    (re.compile(r"每平方米|每㎡"), ("平方米",)),
    (re.compile(r"每[台套册栋间座辆]|[台套]均"), ("台", "套", "册", "栋", "间", "座", "辆")),
    (re.compile(r"年均|平均每年"), ("年",)),
)
_SCALE = {"亩": Decimal("666.6667"), "公里": Decimal(1000), "千米": Decimal(1000)}
_NORM = re.compile(r"标准|补助|补贴|按|津贴|工资|最低|不低于|定额|收费|公用经费|提高到|收入")
_EACH = re.compile(r"(?:各|均|分别|每[^，。；、0-9]{1,4})[^，。；、0-9]{0,4}$")
_NEAR = 6  # observations looked back for total and count


def average(view: View, words: Words) -> CheckResult:
    """C4 平均数复算: a per-head or per-unit figure must follow from total and count in the same sentence.

    Fires: 全乡小学现有校舍8640平方米，在校生2316人，生均校舍面积5.2平方米。
    Quiet: 全乡小学现有校舍8640平方米，在校生2316人，生均校舍面积3.7平方米。
    Quiet: 在校生2316人，生均公用经费标准650元。
    """
    result = CheckResult()
    for o in view.items:
        if o.kind != "price" or o.value is None or not o.value or view.interval(o) is None:
            continue
        lead = view.lead(o, 16)
        for pattern, units in _PER:
            m = pattern.search(lead) or pattern.search(o.label)
            if m:
                _judge(view, o, m.group(), units, lead, result)
                break
    return result


def _judge(
    view: View, o: Observation, per: str, units: tuple[str, ...], lead: str, result: CheckResult
) -> None:
    i = view.position[o.id]
    start = view.paragraph(o)[0]
    near = [
        x
        for x in view.items[max(0, i - _NEAR) : i]
        if x.kind in ("level", "change") and x.value and x.clean_start >= start
    ]
    scale = next((f for word, f in _SCALE.items() if word in per), Decimal(1))
    totals = [x for x in near if x.unit == o.unit and view.interval(x)]
    counts = [x for x in near if x.unit in units and view.interval(x)]
    told = view.interval(o)
    assert told is not None
    pairs = [(t, c) for t in reversed(totals) for c in reversed(counts) if t.id != c.id]
    for t, c in pairs:
        if t.sentence != o.sentence and not _of_one_kind(o, t):
            continue
        mean = _mean(view, t, c, scale)
        if mean and mean.meets(_wide(view, o, told)):
            result.verified.append(
                verified(
                    "C4",
                    "average",
                    view,
                    [t, c, o],
                    _how(view, o, t, c, scale, mean, told),
                    _note(view, o, t, c),
                )
            )
            return
    same = [(t, c) for t, c in pairs if t.sentence == c.sentence == o.sentence]
    near_by = {view.items[k].id for k in (i - 1, i - 2) if k >= 0}
    same = [pair for pair in same if {pair[0].id, pair[1].id} == near_by] or same
    if len(same) != 1 or _NORM.search(lead):
        return
    t, c = same[0]
    if _EACH.search(view.lead(c)):
        return  # 为6所学校各配备1间: so many for each, not all of them
    beside = {view.position[t.id], view.position[c.id]} == {i - 1, i - 2} and not re.search(
        r"[。；;]", view.between(min(t, c, key=lambda x: x.clean_start), o)
    )
    if not (_of_one_kind(o, t) or beside) or c.bound not in ("eq", "approx"):
        return
    if len({t.status, c.status, o.status}) > 1 or o.status == "required":
        return
    mean = _mean(view, t, c, scale)
    if mean is None or t.value is None or c.value is None or o.value is None:
        return
    exact = t.value / (c.value / scale)
    p = view.printed(o)
    explanations = []
    fixed = slip(p.number, (exact / p.factor).quantize(Decimal(1).scaleb(-p.decimals)), p.decimals)
    times = max(exact / o.value, o.value / exact)
    scale_lost = next((k for k in (10, 100, 10**4) if abs(times / k - 1) < Decimal("0.15")), None)
    if not fixed and scale_lost:
        explanations.append(f"相差约{scale_lost}倍：总数、个数或平均数之一可能多写或漏写零、“万”")
    for x, target in ((t, o.value * c.value / scale), (c, t.value * scale / o.value)):
        q = view.printed(x)
        lost = (
            None
            if fixed or scale_lost
            else slip(q.number, (target / q.factor).quantize(Decimal(1).scaleb(-q.decimals)), q.decimals)
        )
        if lost:
            explanations.append(f"若{view.say(x)}应为{view.show(target, x)}（{lost}），则相符")
    if fixed:
        explanations.append(f"可能是{view.show(exact.quantize(p.factor.scaleb(-p.decimals)), o)}（{fixed}）")
    if not explanations and not Decimal("0.2") < exact / o.value < 5:
        return  # the two do not belong together
    message = f"{view.say(t)}÷{view.say(c)} = {view.show(exact, o)}，不是{per}{view.text(o)}。"
    result.findings.append(
        finding(
            "C4",
            "average",
            "warning",
            [view],
            [t, c, o],
            message,
            _how(view, o, t, c, scale, mean, told),
            explanations,
        )
    )


def _note(view: View, o: Observation, t: Observation, c: Observation) -> str:
    """Nothing when total and count stand right in front of the average, else that they were found because they fit."""
    i = view.position[o.id]
    beside = {view.position[t.id], view.position[c.id]} == {
        i - 1,
        i - 2,
    } and t.sentence == c.sentence == o.sentence
    norm = _NORM.search(view.lead(o, 16)) or len({t.status, c.status, o.status}) > 1
    return "" if beside and not norm and c.bound == "eq" else INFERRED + "总数与个数按相符认定"


def _of_one_kind(o: Observation, t: Observation) -> bool:
    """Whether total and average speak of the same thing: the same indicator or shared words in their labels."""
    if o.indicator == t.indicator:
        return True
    return any(o.label[k : k + 2] in t.label for k in range(len(o.label) - 1))


def _mean(view: View, t: Observation, c: Observation, scale: Decimal) -> Interval | None:
    a, b = view.interval(t), view.interval(c)
    if a is None or b is None or b.low is None or b.low <= 0 or a.low is None or a.low < 0:
        return None
    return a.over(b).scaled(scale)


def _wide(view: View, o: Observation, told: Interval) -> Interval:
    """Averages are often cut off, and printed as whole counts."""
    p = view.printed(o)
    return (
        told.widened(p.factor * Decimal(1).scaleb(-p.decimals) * Decimal("0.5")) if o.bound == "eq" else told
    )


def _how(
    view: View, o: Observation, t: Observation, c: Observation, scale: Decimal, mean: Interval, told: Interval
) -> Arithmetic | None:
    if t.value is None or not c.value or o.value is None:
        return None
    exact = t.value / (c.value / scale)
    return arithmetic(
        f"{view.say(t)}÷{view.say(c)} = {view.show(exact, o)}",
        view.text(o),
        mean,
        told,
        exact - o.value,
        o.unit,
    )


def ratio(view: View, words: Words) -> CheckResult:
    """C4 生师比、生机比: verified against the counts of the report; never an accusation, for the bases differ.

    Quiet: 在校学生3000人，专任教师200人，生师比为15:1。
    """
    result = CheckResult()
    for o in view.items:
        if (
            o.indicator not in ("ratio_pupil_teacher", "ratio_pupil_computer")
            or o.value is None
            or o.status != "actual"
        ):
            continue
        told = view.interval(o)
        below = "teachers" if o.indicator == "ratio_pupil_teacher" else "computers"
        if told is None:
            continue
        i = view.position[o.id]
        near = [
            x
            for x in view.items[max(0, i - 12) : i]
            if x.kind == "level" and x.value and period_years(x.period) == period_years(o.period)
        ]
        for a in (x for x in near if x.indicator == "pupils"):
            b = next((x for x in near if x.indicator == below and _fit(view, a, x, told)), None)
            if b and a.value and b.value:
                left = f"{view.say(a)}÷{view.say(b)} = {number(a.value / b.value)}"
                result.verified.append(
                    verified(
                        "C4",
                        "average",
                        view,
                        [a, b, o],
                        arithmetic(left, view.text(o), None, told),
                        INFERRED + "按相符认定",
                    )
                )
                break
    return result


def _fit(view: View, a: Observation, b: Observation, told: Interval) -> bool:
    mean = _mean(view, a, b, Decimal(1))
    return mean is not None and mean.meets(told.widened(Decimal("0.05")))
