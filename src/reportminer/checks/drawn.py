"""S8 a total drawn behind its list: 小学甲人，初中乙人，合计丙人."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, chinese, finding, number, same_measure, verified
from reportminer.checks.explain import repairs
from reportminer.checks.intervals import total
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_DRAWN = re.compile(
    r"^[^，,；;。、0-9]{0,6}[，,；;、]?(?:以上|上述|两项|三项|四项|五项)?(?:合计|共计|总计|一共|共)(?:为|达|有)?$"
)
#: 三校共有学生, 三年累计: the total says how many parts it has
_COUNTED = re.compile(
    r"^[，,；;、]?(?:以上|上述|这)?(?P<n>[两二三四五六七八九十]|\d{1,2})(?:个)?(?:项|校|所|镇|乡|村|县|区|年|地|者|类|级|家|园|片|班|处|段|批|季|季度|学期|科|门|片区|标段|学段|部分|方面|学校|乡镇|年级|单位)"
    r"[^，,；;。、0-9]{0,6}?(?:合计|共计|总计|累计|一共|共)[^，,；;。、0-9均]{0,8}$"
)
#: 全年累计发放 behind 春季, 秋季
_WHOLE_YEAR = re.compile(
    r"^[，,；;、]?(?:全年|全学年|年内)(?:合计|共计|总计|累计|一共|共)[^，,；;。、0-9均]{0,6}$"
)
_SEASONS = re.compile(r"春|秋|上半年|下半年|[一二三四]季度|[上下]学期")
_YEARS_PARTS = (
    {"春", "秋"}, {"上半年", "下半年"}, {"上学期", "下学期"}, {"一季度", "二季度", "三季度", "四季度"},
)  # fmt: skip
#: behind 分别 a total may also be told as one
_VERB = re.compile(r"^[，,；;、](?:合计|共计|总计|一共|共)([一-龥]{2,4})$")  # 合计安置
_TOTALLED = re.compile(r"^[，,；;、](?:总价|总额|总数|总量|总人数|总投资|总面积|总造价)(?:为|达|是|共)?$")
#: 小学低段共计: the total has a name of its own, so that three parts and a near sum are asked for
_NAMED = re.compile(r"^[，,；;][^，,；;。、0-9均每]{1,8}(?:合计|共计|总计)(?:为|达|有)?$")
_COUNT_NAME = re.compile(r"^[^，,；;。、0-9]{0,4}?(?:合计|共计|总计|累计|一共|共)[^，,；;。、0-9均]{0,8}$")
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_BARE = re.compile(r"[、，,和及与]+(?:以及)?")
_NEXT = re.compile(
    r"^[^，,；;。、0-9占增]{0,8}[、，,和及与](?!其中|同比|比|占|共|合计|总计|另)[^，,；;。、0-9]{1,16}$"
)


def drawn_total(view: View, words: Words) -> CheckResult:
    """S8 列后合计: the parts of a list must add up to the total that is drawn right behind it.

    Fires: 小学在校生31872人，初中在校生15023人，合计46985人。
    Fires: 2017、2018、2019年分别投入4.1亿元、4.6亿元、5.3亿元，三年累计15亿元。
    Fires: 张庄镇初中320人，王集镇初中286人，李店镇初中410人，三校共有学生1116人。
    Quiet: 小学在校生31872人，初中在校生15023人，合计46895人。
    Quiet: 2018、2019年分别投入4.6亿元、5.3亿元，五年累计投入21.5亿元。
    Quiet: 新建校舍31872平方米，维修校舍15023平方米，共投资4689万元。
    Quiet: 落实寄宿生补助和营养改善资金共2386万元、33240人次。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        for n in range(2, len(items)):
            whole = items[n]
            if whole.value is None or whole.kind != "level":
                continue
            gap = view.between(items[n - 1], whole)
            drawn, named = _DRAWN.match(gap), _NAMED.match(gap)
            spread = any("分别" in view.lead(o) for o in items[max(0, n - 6) : n])
            parts = []
            verb = _VERB.match(gap)
            drawn = drawn or (
                verb if verb and any(verb.group(1) in view.lead(o) for o in items[:n]) else None
            )
            if drawn or named or (spread and _TOTALLED.match(gap)):
                parts = _run(view, items[:n], whole)
            if len(parts) > 1 and (drawn or ((spread or len(parts) > 2) and _near(parts, whole))):
                _judge(view, whole, parts, result)
                continue
            parts = _counted(view, items, n, gap)
            if len(parts) > 1:
                _judge(view, whole, parts, result, True)
    return result


def _near(parts: list[Observation], whole: Observation) -> bool:
    added = sum((p.value for p in parts if p.value is not None), Decimal(0))
    return whole.value is not None and abs(added - whole.value) <= abs(whole.value) / 10


def _counted(view: View, items: list[Observation], n: int, gap: str) -> list[Observation]:
    """The parts of a total that says how many they are (三校共), or that they are the year's (春季, 秋季, 全年共); a second figure
    behind each part is skipped (4216人210.8万元)."""
    whole, end = items[n], n
    if n > 2 and not gap and not same_measure(items[n - 1], whole):
        end, gap = n - 1, view.between(items[n - 2], items[n - 1])  # 全年共8700人次、430万元
    counted, yearly = _COUNTED.match(gap), _WHOLE_YEAR.match(gap)
    wanted = 0
    if counted:
        told = counted.group("n")
        wanted = int(told) if told.isdigit() else _NUMERALS[told]
    elif end > 2 and _COUNT_NAME.match(gap) and _count_of_list(view, items[end - 2], items[end - 1]):
        end -= 1  # 三所学校共有: the count of the list is a figure too
        wanted = int(items[end].value or 0)
    if not wanted and not yearly:
        return []
    run: list[Observation] = []
    nearest = items[end] if end < n else whole
    for o in reversed(items[:end]):
        between = view.between(o, nearest)
        nearest = o
        if same_measure(o, whole) or {o.unit, whole.unit} == {"人", "人次"}:
            if o.kind not in ("level", "change") or view.interval(o) is None or o.status != whole.status:
                return []
            run.append(o)
        elif o.kind != "level" or (run and len(between) > 2 and not re.search(r"[，,、；;]", between)):
            return []
    parts = run[::-1]
    head = " ".join(view.lead(p) for p in parts)
    if re.search(r"其中|比上年|比|占|均|每", head) or (wanted and len(parts) != wanted) or len(parts) < 2:
        return []
    if not wanted:
        seasons = [found[-1] for p in parts if (found := _SEASONS.findall(view.before(p, 16)))]
        return parts if len(seasons) == len(parts) and set(seasons) in _YEARS_PARTS else []
    return parts


def _count_of_list(view: View, before: Observation, o: Observation) -> bool:
    """Whether a small count right behind a list only says how many parts the list has (，三所学校共有)."""
    gap = view.between(before, o)
    small = o.value is not None and o.kind == "level" and o.dimension == "count" and 1 < o.value < 30
    return bool(small) and re.fullmatch(r"[，,；;、](?:以上|上述|这)?", gap) is not None


def _run(view: View, before: list[Observation], whole: Observation) -> list[Observation]:
    """The list in front of a total: figures of its measure with nothing but their names between them."""
    run: list[Observation] = []
    bare = any("分别" in view.lead(o) for o in before[-6:])  # 分别为甲、乙和丙，合计丁
    for o in reversed(before):
        if (
            not same_measure(o, whole)
            or o.kind != "level"
            or view.interval(o) is None
            or o.status != whole.status
        ):
            break
        if (
            run
            and not _NEXT.match(view.between(o, run[-1]))
            and not (bare and _BARE.fullmatch(view.between(o, run[-1])))
        ):
            break
        run.append(o)
    parts = run[::-1]
    head = view.lead(parts[0]) if parts else ""
    return [] if re.search(r"其中|比上年|比", head[-14:]) and len(parts) < 3 else parts


def _judge(
    view: View, whole: Observation, parts: list[Observation], result: CheckResult, counted: bool = False
) -> None:
    limit, value = view.interval(whole), whole.value
    sum_ = total(i for i in map(view.interval, parts) if i)
    added = sum((p.value for p in parts if p.value is not None), Decimal(0))
    if limit is None or value is None:
        return
    left = " + ".join(view.say(p) for p in parts) + f" = {view.show(added, whole)}"
    how = arithmetic(left, view.say(whole), sum_, limit, added - value, whole.unit)
    members = [whole, *parts]
    if sum_.meets(limit):
        result.verified.append(verified("S8", "sum", view, members, how))
        return
    first = view.items[view.position[parts[0].id] - 1] if view.position[parts[0].id] else None
    longer = (
        [first, *parts]
        if first and first.sentence == whole.sentence and same_measure(first, whole)
        else parts
    )
    for run in () if counted else (longer, parts[1:]):  # the list may begin one figure earlier or later
        if len(run) > 1 and total(i for i in map(view.interval, run) if i).meets(limit):
            return
    gap = added - value
    reasons = repairs(view, whole, parts)
    near = abs(gap) <= abs(value) / 5
    if counted and value < max(p.value or Decimal(0) for p in parts):
        return  # 两批共招聘幼儿教师…: something else
    if counted and gap > 0 and whole.unit == "人" and not near and not reasons:
        return  # the same persons may be counted in each part
    if (
        not reasons
        and not near
        and (value < max(p.value or 0 for p in parts) if counted else not _alone(view, parts))
    ):
        return
    severity: Severity = "error" if near or reasons else "warning"
    message = f"{chinese(len(parts))}项之和{view.show(added, whole)} ≠ 合计{view.say(whole)}，{'多' if gap > 0 else '少'}{view.show(abs(gap), whole)}"
    tail = (
        f"；{reasons[0]}"
        if reasons
        else f"（相差{number(100 * abs(gap) / abs(value) if value else Decimal(0))}%）"
    )
    result.findings.append(
        finding("S8", "sum", severity, [view], members, message + tail + "。", how, reasons)
    )


def _alone(view: View, parts: list[Observation]) -> bool:
    """Whether the list opens its sentence: nothing in front of it could belong to the total."""
    first = view.position[parts[0].id]
    return first == 0 or view.items[first - 1].sentence != parts[0].sentence
