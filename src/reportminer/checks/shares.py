"""C1 percentage recomputed from the two amounts that the text gives for it."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import (
    INFERRED,
    View,
    arithmetic,
    finding,
    number,
    plain_name,
    same_measure,
    verified,
)
from reportminer.checks.explain import slip
from reportminer.checks.share_figures import could_divide, fits, joint, percent, ratio, slipped
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity
from reportminer.names import core

_OWN = re.compile(
    r"^[^，,。；;0-9]{0,8}[，,、；;:：（(]?(?:所)?(?:占比?|比重|占比|所占比[例重])(?:分别)?[为达约是到只仅近的]*$"
)
_OF_WHOLE = re.compile(r"[，,、（(]占(?P<whole>[^，。；0-9]{1,16}?)的?(?:比[重例])?[为达约是到近]*$")
_OF_FIGURE = re.compile(r"^[^，,。；;、]{0,8}?的$")
_LINK = re.compile(r"(?:占|为|完成|相当于|是|达到?)[^，,。；;]{0,16}$")
_RATE = re.compile(r"[，,、（(](?P<verb>[^，,。；;0-9]{1,6}?)(?:率|比例|面)(?:达到?|为|约|是)*$")
_PLANNED = re.compile(r"预算|计划|规划|任务|概算|目标|下达")
_BUDGET = re.compile(r"(?:一般)?公共(?:财政)?预算|财政预算")  # 一般公共预算支出 is no plan
_NEAR, _FAR = 12, 80  # observations looked back for a denominator that is not named


def share(view: View, words: Words) -> CheckResult:
    """C1 占比复算: a percentage must follow from its numerator and denominator.

    An error is raised only where the words name both (“其中甲112人，占…%”, “为预算乙万元的…%”); a denominator that must be guessed only
    verifies.

    Fires: 初中专任教师236人，其中本科以上学历224人，占97.6%。
    Fires: 全年收入26914万元，为预算25800万元的114.32%。
    Fires: 全县教师1200人，本科以上学历800人，占76.7%。
    Quiet: 初中专任教师236人，其中本科以上学历224人，占94.9%。
    Quiet: 全县有学校254所，其中义务教育学校224所；达标学校31所，占义务教育学校的13.8%。
    Quiet: 实施项目29个，完成投资1.05亿元，占计划的82.7%。
    """
    result = CheckResult()
    for o in view.items:
        if o.kind != "share" or o.value is None or o.unit not in ("%", "‰") or o.masked:
            continue
        i = view.position[o.id]
        if i == 0 or _of_figure(view, o, i, result) or _many(view, o, i, result):
            continue
        _of_part(view, o, i, result)
    return result


def _of_figure(view: View, o: Observation, i: int, result: CheckResult) -> bool:
    """A …, 为/占 B 的 p%: the denominator stands right in front of the percentage."""
    if i < 2:
        return False
    whole = view.items[i - 1]
    earlier = [x for x in view.items[max(0, i - 4) : i - 1] if x.kind not in ("growth", "change", "share")]
    if not earlier:
        return False
    part = earlier[-1]
    if re.search(r"总|各|全部", view.between(whole, o)):
        return False  # 三个单位职工总数的四分之一: the figure only names whose total it is
    if (
        not _OF_FIGURE.match(view.between(whole, o))
        or whole.sentence != o.sentence
        or not _LINK.search(view.between(part, whole))
    ):
        return False
    if part.sentence != o.sentence or not same_measure(part, whole) or part.kind not in ("level", "change"):
        return False
    above = view.by_id.get(part.part_of or "")
    if above is not None and above.sentence == o.sentence:
        return True  # 缺编120人，其中小学80人、初中40人，占编制数2400人的5%: of the whole or of the last part, nobody can tell
    return _decide(view, o, part, whole, True, result)


def _of_part(view: View, o: Observation, i: int, result: CheckResult) -> None:
    """A …, 占 p%: the numerator stands in front, the denominator is its whole or is named, or must be found."""
    part = view.items[i - 1]
    if part.kind == "growth" and i > 1:  # 完成100万元，增长5%，占80%
        part = view.items[i - 2]
    gap = view.between(part, o)
    if gap.startswith(("）", ")")) and (outside := _before_bracket(view, part)) is not None:
        part, gap = outside, gap[1:]  # 累计建成58所（今年12所），占62.4%: not of the figure in brackets
        if view.position[part.id] == 0:
            return
    if re.search(r"超额(?:完成)?了?$", view.before(part, 6)):
        return  # 超额完成2所，完成率113.3%: the rate is of what was planned
    named = _OF_WHOLE.search(gap)
    rate = _RATE.search(gap)
    if (
        part.kind not in ("level", "change")
        or part.value is None
        or len(gap) > 30
        or re.search(r"[。；;]", gap)
    ):
        return
    if not (_OWN.match(gap) or named or rate):
        return
    chain = [w for w in view.chain(part) if same_measure(w, part) and view.interval(w)]
    if (
        o.value is not None and o.value <= 100
    ):  # what is larger than the base is no part of it, unless a digit slipped
        chain = [w for w in chain if not w.value or part.value <= w.value or slipped(view, o, part, w)]
    words_of_whole = named.group("whole") if named else ""
    if words_of_whole in ("比", "比例", "比重", "比例的"):
        words_of_whole = ""  # 占比56.6%: whose, the words do not say
    for candidates in (chain, _guesses(view, o, part, i, words_of_whole)):
        fitting = next((w for w in candidates if fits(view, o, part, w)), None)
        if fitting:
            told = view.by_words(fitting, part) or _named_exactly(view, o, part, words_of_whole) is fitting
            _decide(view, o, part, fitting, not rate and told, result)
            return
    if _PLANNED.search(_BUDGET.sub("", words_of_whole)):  # each item has its own budget
        plan = view.items[view.position[part.id] - 1] if view.position[part.id] else None
        if plan and _is_plan(view, plan, part) and _likely(view, o, part, plan):
            _decide(view, o, part, plan, True, result)
        return
    near = chain[0] if chain else view.items[i - 2] if i > 1 else None
    if rate and near is not None and _other_rate(view, rate.group("verb"), part, near):
        return
    exact = _named_exactly(view, o, part, words_of_whole)
    if (
        exact is not None
        and not rate
        and (not chain or exact in chain or plain_name(chain[0].label) != plain_name(words_of_whole))
    ):
        _decide(view, o, part, exact, exact in chain, result)
        return
    pair = view.items[view.position[part.id] - 1] if view.position[part.id] else None
    if (
        not chain
        and pair
        and not rate
        and not named
        and (_counted_of(view, pair, part) or _beside(view, o, part, pair))
    ):
        _decide(view, o, part, pair, False, result)
        return
    if chain and not rate and not joint(view, o, part, chain[0]):
        mine = not words_of_whole or _same_thing(words_of_whole, chain[0].label + view.lead(chain[0]))
        whose = re.search(r"全[县市区镇乡省国]", words_of_whole)
        if mine or re.search(r"^总|^其", words_of_whole):
            _decide(view, o, part, chain[0], not (whose and words_of_whole), result)
    elif rate and chain:
        beside = [
            x for x in view.parts.get(chain[0].id, ()) if x.kind in ("level", "change") and x is not part
        ]
        lead = view.lead(part) + view.between(chain[0], part)
        if beside:
            if (
                _verb_of(rate.group("verb"), view.lead(part)) and _likely(view, o, part, chain[0])
            ) and not _of_one_beside(view, o, part, beside, rate.group("verb"), chain[0]):
                _decide(view, o, part, chain[0], False, result)
        elif (_verb_of(rate.group("verb"), lead) and _likely(view, o, part, chain[0])) or (
            chain[0].sentence == o.sentence
            and "其中" not in view.between(chain[0], part)
            and slipped(view, o, part, chain[0])
        ):
            _decide(view, o, part, chain[0], False, result)
    elif rate or not named:
        pair = view.items[i - 2] if i > 1 else None
        verb = rate.group("verb") if rate else ""
        if (
            pair
            and rate
            and pair.sentence == part.sentence == o.sentence
            and pair.unit == part.unit
            and could_divide(view, pair, part)
            and _verb_of(verb, view.lead(part))
            and _likely(view, o, part, pair)
        ):
            _decide(view, o, part, pair, False, result)


def _same_thing(words_of_whole: str, name: str) -> bool:
    """Whether 占…的 names a figure called so: every word of it is there (占教师总数 of 专任教师, not 占全县女教师)."""
    bare = re.sub(r"全[县市区镇乡省州]|总[数量]?|人数|[数量]$|的", "", words_of_whole)
    return not bare or bare in name or (len(bare) > 3 and bare[:2] in name and bare[-2:] in name)


def _other_rate(view: View, verb: str, part: Observation, whole: Observation) -> bool:
    """Whether a rate names something that neither figure does (农产品合格842批次，蔬菜合格率; 就业598人，专业对口就业率)."""
    narrowed = verb[:-2]
    around = view.lead(whole) + whole.label + view.between(whole, part) + part.label
    return len(narrowed) > 1 and not any(narrowed[k : k + 2] in around for k in range(len(narrowed) - 1))


def _likely(view: View, o: Observation, part: Observation, whole: Observation) -> bool:
    """Whether a rate that follows from nothing at hand is near enough to part over whole to be meant for them, or one slip away."""
    told = ratio(view, part, whole, o.unit or "%")
    if told is None or told.low is None or told.high is None or not o.value:
        return False
    return (told.low <= o.value * Decimal("1.25") and told.high >= o.value * Decimal("0.8")) or slipped(
        view, o, part, whole
    )


def _of_one_beside(
    view: View, o: Observation, part: Observation, beside: list[Observation], verb: str, whole: Observation
) -> bool:
    """Whether a rate behind several parts is that of another one of them (开工20个、完工12个，开工率77%) or of all together."""
    others = [x for x in beside if x.sentence == o.sentence]
    if any(_verb_of(verb, view.lead(x) + x.label) for x in others):
        return True
    return any(fits(view, o, x, whole) for x in others) or joint(view, o, part, whole)


def _before_bracket(view: View, inside: Observation) -> Observation | None:
    """The figure in front of the bracket that a figure stands in."""
    at = view.position[inside.id]
    for x in reversed(view.items[max(0, at - 6) : at]):
        between = view.between(x, inside)
        if x.sentence != inside.sentence or re.search(r"[。；;]", between):
            return None
        if len(re.findall(r"[（(]", between)) > len(re.findall(r"[）)]", between)):
            return x
    return None


def _counted_of(view: View, pair: Observation, part: Observation) -> bool:
    """126座山塘整治已完工85座: what was done of what is counted in the same breath."""
    return (
        pair.sentence == part.sentence
        and same_measure(pair, part)
        and pair.kind == "level"
        and bool(pair.value)
        and bool(re.fullmatch(r"[^，。；、0-9]{1,12}(?:已|有)[^，。；、0-9]{0,8}", view.between(pair, part)))
    )


def _beside(view: View, o: Observation, part: Observation, pair: Observation) -> bool:
    """专任教师1864人，本科以上的1024人，占64.9%: the figure right in front is the whole, and one slip makes the percentage follow."""
    return (
        pair.sentence == part.sentence
        and could_divide(view, pair, part)
        and part.part_of is None
        and (part.indicator == pair.indicator or part.unit == "元")
        and bool(re.fullmatch(r"[，,][^，。；、0-9]{2,12}", view.between(pair, part)))
        and slipped(view, o, part, pair)
    )


def _named_exactly(view: View, o: Observation, part: Observation, words_of_whole: str) -> Observation | None:
    """The one figure of the report that is called as the percentage calls its base (占义务教育学校的…)."""
    name = core(words_of_whole)
    if len(name) < 3 or o.bound != "eq":
        return None
    found = [
        w
        for w in view.items[: view.position[part.id]]
        if w.segment == o.segment
        and w.area == o.area
        and w.status == "actual"
        and core(w.label).endswith(name)
        and w.kind == "level"
        and same_measure(w, part)
        and w.value
    ]
    return found[-1] if len({w.value for w in found}) == 1 else None


def _is_plan(view: View, plan: Observation, part: Observation) -> bool:
    """Whether a figure is the plan right in front of what was done of it (规划改造运动场2万平方米，已建成1.5万平方米)."""
    return (
        plan.sentence == part.sentence
        and same_measure(plan, part)
        and plan.kind == "level"
        and (plan.status == "planned" or bool(_PLANNED.search(view.lead(plan))))
        and plan.value is not None
        and part.part_of is None
        and not re.search(r"[。；;]|其中", view.between(plan, part))
    )


def _many(view: View, o: Observation, i: int, result: CheckResult) -> bool:
    """甲 a、乙 b，分别占 p% 和 q%: figures and percentages in the same order."""
    lead = view.before(o, 30)
    row = [x for x in view.by_sentence[o.sentence] if x.kind == "share"]
    at = row.index(o)
    first = row[0]
    if "分别" not in view.lead(first) or len(row) < 2:
        return bool("分别" in lead)
    start = view.position[first.id]
    figures = view.items[max(0, start - len(row)) : start]
    if (
        "占" not in view.lead(first)
        or len(figures) < len(row)
        or any(f.sentence != o.sentence or f.kind != "level" for f in figures)
    ):
        return True
    part = figures[at]
    whole = view.by_id.get(part.part_of or "")
    if whole and same_measure(whole, part):
        _decide(view, o, part, whole, whole.sentence == o.sentence or view.by_words(whole, part), result)
    return True


def _verb_of(verb: str, lead: str) -> bool:
    """Whether a rate is named after what was counted: 已竣工231个，竣工率…"""
    return len(verb) > 1 and verb[-2:] in lead  # 本科学历2100人，学历合格率: another thing is 合格


def _shared(words: str, label: str) -> bool:
    """Whether two names have two characters in a row in common (or nothing is left of the first)."""
    return not words or any(words[k : k + 2] in label for k in range(len(words) - 1))


def _guesses(view: View, o: Observation, part: Observation, i: int, words_of_whole: str) -> list[Observation]:
    """Denominators that the text does not tie to the percentage: those near by, and those that carry the name given. They verify
    and never accuse, so a modifier (超过八成) makes them worthless."""
    if o.bound != "eq":
        return []
    bare = re.sub(r"全[县市区镇乡省]|总[数量]?|的", "", words_of_whole)
    if len(bare) > 1:
        named = [
            w
            for w in view.items[max(0, i - _FAR) : i - 1]
            if w.segment == o.segment and could_divide(view, w, part) and _shared(bare, w.label)
        ]
        if named:
            return named[::-1]
    near = [
        w
        for w in view.items[max(0, i - _NEAR) : i - 1]
        if could_divide(view, w, part) and w.unit == part.unit
    ]
    far = [
        w
        for w in view.items[max(0, i - _FAR) : i - 1]
        if w.segment == o.segment and w.indicator == part.indicator and could_divide(view, w, part)
    ]
    return near[::-1] + far[::-1]


def _decide(
    view: View, o: Observation, part: Observation, whole: Observation, explicit: bool, result: CheckResult
) -> bool:
    left, right = ratio(view, part, whole, o.unit or "%"), percent(view, o)
    if (
        left is None
        or right is None
        or part.value is None
        or whole.value is None
        or o.value is None
        or not whole.value
    ):
        return False
    p = view.printed(o)
    exact = part.value / whole.value * (1000 if o.unit == "‰" else 100)
    how = arithmetic(
        f"{view.say(part)}÷{view.say(whole)} = {number(exact, p.decimals + 2)}{o.unit}",
        view.text(o),
        left,
        right,
        exact - o.value,
        o.unit,
    )
    members = [whole, part, o]
    if left.meets(right):
        note = "" if explicit else INFERRED + "文中没有写明占谁的比例"
        result.verified.append(verified("C1", "share", view, members, how, note))
        return True
    if re.search(r"分之|成|半", view.text(o)) and abs(exact - o.value) <= 5:
        return False  # 近四分之一, 三成: a manner of speaking
    digit = Decimal(1).scaleb(-p.decimals)
    severity: Severity = "error" if explicit and o.bound == "eq" else "warning"
    if abs(exact - o.value) <= digit * Decimal("1.5"):
        severity = "info"  # a careless rounding, no contradiction
    shown = exact.quantize(digit)
    explanations = []
    how_slipped = slip(o.value, shown, p.decimals)
    if how_slipped:
        explanations.append(f"百分数可能是{number(shown, p.decimals)}{o.unit}（{how_slipped}）")
    if abs(100 - exact - o.value) <= digit:
        explanations.append(f"{view.text(o)}恰为其余部分所占")
    implied = part.value * 100 / o.value if o.value and o.unit == "%" else None
    if implied:
        explanations.append(f"若百分数无误，则总数应约为{view.show(implied, whole)}")
    message = (
        f"{view.say(part)}占{view.say(whole)}的{number(exact, p.decimals + 1)}{o.unit}，不是{view.text(o)}"
    )
    result.findings.append(
        finding("C1", "share", severity, [view], members, message + "。", how, explanations)
    )
    return True
