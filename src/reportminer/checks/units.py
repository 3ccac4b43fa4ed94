"""U1 unit slips: a sum without 万 among sums of 万元, an area that its cost cannot pay for."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number
from reportminer.checks.marked import pattern, sentences
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_SUMS = ("fund_investment", "fund_transfer", "fund_raised", "fund_required", "fund_gap", "fund_expenditure", "fiscal_revenue",
         "fiscal_expenditure", "tax_revenue", "equip_value")  # fmt: skip
_SUM_WORDS = re.compile(r"资金|拨款|投资|投入|经费|捐|补助|专项|造价|贷款|支出|筹|[拨款]")
_EACH = re.compile(
    r"每|人均|生均|户均|标准|津贴|补贴|单价|/|／|工资|奖励|罚|收费|学费|票价|价格|造价分别|元的老标准"
)
_AREAS = ("area_built", "area_renovated", "area_school_total", "area_sports", "area_paved")
_LAND = re.compile(r"[荒田林草地湖]|绿化|造林|流转|水面|种植")
_NORMAL = (Decimal(100), Decimal(12000))  # 元 per square metre of a public building, wide
_ABSURD = (Decimal(5), Decimal(300000))
_TEN_THOUSAND = Decimal(10000)
_AIDED = tuple(
    pattern(p)
    for p in (
        r"(?:资助|救助|补助|帮扶|奖励|表彰)_{n}，~(?:发放|拨付|落实|支付|共|补助|资助)_{t}",
        r"为_{n}_(?:发放|拨付|落实|支付|补助)_{t}",
        r"(?:发放|拨付|落实|支付)~(?:助学金|补助|补贴|奖学金|救助金|奖金|资金|款)~{t}，~(?:资助|救助|补助|惠及|奖励|帮扶|受益)_{n}",
    )
)
_PER_HEAD = re.compile(r"每|均|标准|其中|分别")
_A_HEAD, _GIVEN = (Decimal("0.5"), Decimal(1000000)), (Decimal(50), Decimal(60000))  # 元 for each person
_COUNTY = re.compile(r"(?:全|[我本])[县区乡镇村旗]")
_CROWD = Decimal(10**7)


def unit_slip(view: View, words: Words) -> CheckResult:
    """U1 单位错级: a figure off by a factor of ten thousand against its neighbours.

    Fires: 县文体局拨给专项资金12元，新建球场1个；县水利局捐助3.5万元，维修食堂1间；中心校列支1.8万元，粉刷教室14间。
    Fires: 投资620万元新建综合楼4200万平方米，已交付使用。
    Fires: 资助贫困大学生400名，发放助学金200亿元。
    Fires: 全县总人口43.62亿人，其中农业人口32.1万人。
    Quiet: 资助贫困大学生400名，发放助学金200万元。
    Quiet: 全国总人口13.4亿人。
    Quiet: 班主任津贴每月12元，全年发放津贴35万元。
    Quiet: 投资620万元新建综合楼4200平方米，已交付使用。
    """
    result = CheckResult()
    told: set[str] = set()
    paragraphs: dict[int, list[Observation]] = {}
    for o in view.items:
        if o.unit in ("元", "平方米") and o.kind == "level" and o.value and not o.masked:
            paragraphs.setdefault(view.paragraph(o)[0], []).append(o)
    for items in paragraphs.values():
        sums = [o for o in items if o.unit == "元"]
        for o in sums:
            if (
                view.printed(o).factor == 1
                and o.value is not None
                and o.value > 0
                and (o.value < 1000 or _fraction(o) or _built_for_nothing(view, o))
            ):
                _small_sum(view, o, sums, result)
        told = {m for f in result.findings for m in f.members}
        for a, b in itertools.pairwise(items):
            if a.unit != b.unit and a.id not in told and b.id not in told:
                _unit_cost(view, a, b, result)
    _aid(view, result)
    _people(view, result)
    return result


def _aid(view: View, result: CheckResult) -> None:
    """Aid of so much to so many persons: what each of them got, when it is out of all reason and a scale explains it."""
    for sentence in sentences(view):
        for form in _AIDED:
            for m in form.finditer(sentence.text):
                f = sentence.found(m)
                n, t = f["n"], f["t"]
                if (
                    n.unit not in ("人", "人次")
                    or t.unit != "元"
                    or not n.value
                    or not t.value
                    or n.masked
                    or t.masked
                ):
                    continue
                if (
                    _PER_HEAD.search(m.group())
                    or not n.kind == t.kind == "level"
                    or t.value <= 0
                    or n.value <= 0
                ):
                    continue
                each = t.value / n.value
                if _A_HEAD[0] <= each <= _A_HEAD[1]:
                    continue
                fixes = []
                for k, said in (
                    (Decimal(10) ** -4, "亿应为万" if t.value >= 10**8 else "多写了“万”"),
                    (_TEN_THOUSAND, "漏写了“万”"),
                ):
                    if _GIVEN[0] <= each * k <= _GIVEN[1]:
                        fixes.append(f"若{view.say(t)}{said}，则每人{number(each * k, 0)}元")
                if not fixes:
                    continue
                left = f"{view.say(t)}÷{view.say(n)} = {number(each, 2)}元"
                message = f"{left}，不合常理；{fixes[0]}。"
                result.findings.append(finding("U1", "unit", "warning", [view], [n, t], message, None, fixes))


def _people(view: View, result: CheckResult) -> None:
    """More people than a county, a district or a town can have."""
    for o in view.items:
        if (
            o.unit != "人"
            or o.value is None
            or o.masked
            or o.value < _CROWD
            or not _COUNTY.search(view.before(o, 24))
        ):
            continue
        if re.search(r"全[省国]|人次|世界|游客|接待", view.before(o, 24) + view.after(o, 3)):
            continue
        if view.printed(o).factor >= 10**8:
            fix = f"若“亿”应为“万”，则为{number(o.value / _TEN_THOUSAND / 10**4, 4)}万人"
        else:
            fix = "可能多写了“万”或小数点错位"
        message = f"{view.text(o)}超过任何一县一区的人口；{fix}。"
        result.findings.append(finding("U1", "unit", "error", [view], [o], message, None, [fix]))


def _built_for_nothing(view: View, o: Observation) -> bool:
    """Whether a sum of yuan is said to have built or rebuilt things at less than fifty yuan each (8600元改造危房320户)."""
    at = view.position[o.id] + 1
    x = view.items[at] if at < len(view.items) else None
    if (
        x is None
        or not x.value
        or not o.value
        or x.dimension != "count"
        or x.sentence != o.sentence
        or x.kind != "level"
    ):
        return False
    gap = view.between(o, x)
    built = re.match(r"[，,]?(?:新建|改造|修建|维修|建设|扩建|重建|加固)", gap)
    return bool(built) and len(gap) < 14 and o.value / x.value < 50


def _fraction(o: Observation) -> bool:
    """Whether a sum of money is printed with jiao and fen though it is a project's."""
    return o.value is not None and o.value != o.value.to_integral_value()


def _small_sum(view: View, o: Observation, sums: list[Observation], result: CheckResult) -> None:
    around = view.lead(o, 16) + view.after(o, 6)
    if (
        o.indicator not in _SUMS
        or not _SUM_WORDS.search(view.lead(o, 16) + o.label)
        or _EACH.search(around + o.label)
    ):
        return
    large = [
        x
        for x in sums
        if x is not o
        and x.value is not None
        and x.value >= _TEN_THOUSAND
        and view.printed(x).factor >= _TEN_THOUSAND
    ]
    following = [x for x in large if x.clean_start > o.clean_start][:3]
    near = following or large[-2:]
    if not near or any(
        x is not o
        and x.value is not None
        and (x.value < 1000 or _fraction(x))
        and view.printed(x).factor == 1
        for x in sums
    ):
        return
    value = o.value or Decimal(0)
    bought = _bought(view, o, value)
    if bought is not None and bought.value:
        each = f"{view.text(o)}÷{view.text(bought)} = {number(value / bought.value, 3)}元"
        fixed = (
            f"漏写“万”：{number(value)}万元，每{bought.unit}{number(value * _TEN_THOUSAND / bought.value)}元"
        )
        message = f"{each}，不合常理；可能{fixed}。"
        result.findings.append(finding("U1", "unit", "warning", [view], [o, bought], message, None, [fixed]))
        return
    message = f"{view.text(o)}与前后以万元计的金额（{'、'.join(view.say(x) for x in near)}）不相称，可能漏写“万”，应为{number(value)}万元。"
    result.findings.append(
        finding(
            "U1", "unit", "warning", [view], [o, *near], message, None, [f"漏写“万”：{number(value)}万元"]
        )
    )


def _bought(view: View, o: Observation, value: Decimal) -> Observation | None:
    """What the sum is said to have paid for, when a piece would cost less than one yuan."""
    i = view.position[o.id] + 1
    if i >= len(view.items):
        return None
    x = view.items[i]
    counted = (
        x.dimension == "count" and x.kind in ("level", "change") and x.value and x.sentence == o.sentence
    )
    gap = view.between(o, x)
    return (
        x
        if counted and x.value and value < x.value and not re.search(r"[，。；;]", gap.lstrip("，"))
        else None
    )


def _unit_cost(view: View, a: Observation, b: Observation, result: CheckResult) -> None:
    cost, area = (a, b) if a.unit == "元" else (b, a)
    gap = view.between(a, b)
    if (
        cost.indicator not in _SUMS
        or area.indicator not in _AREAS
        or len(gap) > 24
        or re.search(r"[。；;]", gap)
    ):
        return
    if cost.value is None or area.value is None or cost.value <= 0 or area.value <= 0:
        return
    if re.search(r"亩|顷|公里", view.printed(area).label) or _LAND.search(area.label + view.lead(area, 8)):
        return  # land, no floor
    if cost.value < _TEN_THOUSAND and re.search(r"造价|单价", view.lead(cost) + cost.label):
        return  # 面积分别为7000、5600平方米，造价分别为1800、1500元: the price of a square metre already
    price = cost.value / area.value
    if _ABSURD[0] <= price <= _ABSURD[1]:
        return
    left = f"{view.say(cost)}÷{view.say(area)} = {number(price, 3)}元/平方米"
    fixes = []
    for o, fixed in ((area, price * _TEN_THOUSAND), (cost, price / _TEN_THOUSAND)):
        if view.printed(o).factor >= _TEN_THOUSAND and o.value and _NORMAL[0] <= fixed <= _NORMAL[1]:
            fixes.append(f"若{view.say(o)}多写了“万”，则为{number(fixed, 0)}元/平方米")
    for o, fixed in ((cost, price * _TEN_THOUSAND), (area, price / _TEN_THOUSAND)):
        if view.printed(o).factor == 1 and _NORMAL[0] <= fixed <= _NORMAL[1]:
            fixes.append(f"若{view.say(o)}漏写了“万”，则为{number(fixed, 0)}元/平方米")
    if not fixes:
        return
    how = arithmetic(left, "100—12000元/平方米", None, None, None, "元/平方米")
    result.findings.append(
        finding("U1", "unit", "warning", [view], [a, b], f"{left}，不合常理；{fixes[0]}。", how, fixes)
    )
