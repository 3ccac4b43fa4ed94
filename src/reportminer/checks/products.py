"""C4 products told in one sentence: how many × how much each = how much in all; per day × days; area × yield; people ÷ area."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, verified
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.checks.marked import Marked, pattern, sentences, strange
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_MU = Decimal("666.6667")
_KM2 = Decimal(10**6)
_TOTAL = (
    r"(?:年支出|年需|发放|拨付|落实|共|合计|总计|总共|总价|总额|总值|总造价|总投资|总产|价值|[共需]支付|计)"
)
#: (count, price, total)
_PIECES = pattern(rf"{{n}}~，?~(?:每|单价|[台套亩户间座公里]均)~{{p}}，~{_TOTAL}~{{t}}")
_SURE = re.compile(r"合计|总计|总价|总额|总值|总产|共计|共支付|共需")
_EACH = re.compile(
    r"每([一-龥]{1,3}?)(?:每年|每学年|工资|补助|补贴|补偿|投资|造价|奖励|发放|价格?|给予|均|按|约|为|需|$)"
)
_UNITS = {
    "亩": "亩", "台": "台", "套": "套", "册": "册", "间": "间", "座": "座", "户": "户", "所": "所", "人": "人", "名": "人", "生": "人", "位": "人",
    "公里": "米", "千米": "米", "平方米": "平方米", "吨": "吨", "张": "张", "辆": "辆", "个": "个", "村": "个", "棵": "棵", "株": "株", "头": "头", "只": "只",
    "份": "份", "件": "件", "眼": "眼", "盏": "盏", "班": "个", "校": "所", "人次": "人次",
}  # fmt: skip
_IN_UNITS = {"亩": _MU, "公里": Decimal(1000), "千米": Decimal(1000)}
_DAILY = pattern(
    r"每(?:人|生|名?学生)?每?(?:天|日)~{a}，~{n}[计执算行补助]{0,4}，(?:则|即|合计|共计|相当于|可)?(?:每人|每生|每名?学生|人均|生均)(?:每|一|全)?(?:学?年|学期)~{t}"
)
_MONTHLY = pattern(
    r"每(?:人|生|名?学生)?每?月~{a}，~{n}[计执算行补助发放]{0,6}，(?:则|即|合计|共计|相当于|可)?(?:每人|每生|每名?学生|人均|生均)(?:每|一|全)?(?:学?年)~{t}"
)
_YIELD_FIRST = pattern(r"(?:亩产|单产|每亩)~{y}，~(?:面积|种植|播种)~{a}，~(?:总产|产量)~{t}")
_PER_KM2 = r"(?:平均|人口密度|人口平均密度|密度)?(?:为|达|是|约|平均)?(?:每平方公里)?(?:有|为|约|达)?"
_DENSITY = pattern(rf"(?:面积)~{{a}}，_(?:人口)~{{b}}，{_PER_KM2}{{d}}")
_DENSITY_BACK = pattern(rf"(?:人口)~{{b}}，_(?:面积)~{{a}}，{_PER_KM2}{{d}}")
_YIELD = pattern(r"(?:面积|种植|播种|栽种)~{a}，~(?:亩产|单产|每亩)~{y}，~(?:总产|产量)~{t}")
_YIELD_BACK = pattern(r"(?:面积|种植|播种|栽种)~{a}，~(?:总产|产量)~{t}，~(?:亩产|单产|每亩)~{y}")
_PUPILS = pattern(
    r"(?:学生|在校生|在园幼儿|幼儿|生)(?:数|总数)?[为有共]{0,2}{a}，~(?:教师|教职工)(?:数|总数)?[为有共]{0,2}{b}，~生师比~{r}"
)
_PUPILS_BACK = pattern(
    r"(?:教师|教职工)(?:数|总数)?[为有共]{0,2}{b}，~(?:学生|在校生|在园幼儿)(?:数|总数)?[为有共]{0,2}{a}，~生师比~{r}"
)
_COMPUTERS = pattern(r"(?:学生|在校生)(?:数|总数)?[为有共]{0,2}{a}，~(?:电脑|计算机|微机)~{b}，~生机比~{r}")
_ELSE = re.compile(r"分别|各|其中|折合|标准化|增加|比上年|平均|最[高低]|不低于|以上")
_OF_TOTAL = re.compile(
    rf"{_TOTAL}|补偿|补助|补贴|资金|款|费用?|投资|投入|支出|支付|需要?|全年|每年|一年|年度|元|配备|采购|购置|价款|金额|奖金|奖励|工程|项目|可|为|达|约|[，,、；;：:（）()]"
)
_SLIPS = tuple(Decimal(10) ** k for k in (-4, -1, 1, 4))
_SLACK = Decimal("0.02")


def products(view: View, words: Words) -> CheckResult:
    """C4 单价×数量=总额: count, price and total told one behind the other, a norm per day and per year, area and yield, density, 生师比.

    Fires: 征地126亩，每亩补偿3.5万元，共支付541万元。
    Fires: 免费午餐每人每天4元，每年按200天计算，每生每年1000元。
    Fires: 粮食播种面积36.5万亩，平均亩产478公斤，总产21.45万吨。
    Fires: 全县小学在校生31150人、专任教师1750人，生师比为27.8:1。
    Quiet: 征地126亩，每亩补偿3.5万元，共支付441万元。
    Quiet: 为学校配发课桌椅2500套，每套180元，合计45万元。
    Quiet: 寄宿生2500人，每人每月180元，共发放450万元。
    Quiet: 全县小学在校生31150人、专任教师1750人，生师比为17.8:1。
    """
    result = CheckResult()
    for sentence in sentences(view, 3):
        for m in _PIECES.finditer(sentence.text):
            _pieces(view, sentence, m, result)
        for form in (_DAILY, _MONTHLY):
            for m in form.finditer(sentence.text):
                f = sentence.found(m)
                unit = f["n"].unit or ""
                fits = unit.startswith("天") or unit == "日" if form is _DAILY else unit in ("月", "个月")
                if fits and f["a"].unit == f["t"].unit == "元":
                    _times(view, f["a"], f["n"], f["t"], Decimal(1), Decimal(0), True, result, True)
        for form in (_YIELD, _YIELD_BACK, _YIELD_FIRST):
            for m in form.finditer(sentence.text):
                f = sentence.found(m)
                if (
                    f["a"].unit == "平方米"
                    and f["y"].unit == f["t"].unit == "吨"
                    and not _ELSE.search(m.group().replace("平均", ""))
                    and not strange(sentence, f)
                ):
                    _times(view, f["y"], f["a"], f["t"], _MU, _SLACK, False, result)
        for form in (_DENSITY, _DENSITY_BACK):
            for m in form.finditer(sentence.text):
                f = sentence.found(m)
                if (
                    f["a"].unit == "平方米"
                    and f["b"].unit == "人"
                    and f["d"].unit in ("人", "人/平方公里")
                    and re.search("密度|每平方公里", m.group())
                ):
                    _quotient(view, f["b"], f["a"], f["d"], _KM2, result)
        for form in (_PUPILS, _PUPILS_BACK, _COMPUTERS):
            for m in form.finditer(sentence.text):
                f = sentence.found(m)
                if (
                    f["a"].unit == "人"
                    and f["r"].kind == "ratio"
                    and not _another(sentence, min(f["a"], f["b"], key=lambda o: o.clean_start))
                    and "全" not in view.lead(f["r"])  # 小学在校生…，全县生师比…
                    and not _ELSE.search(m.group())
                    and not strange(sentence, f)
                ):
                    _quotient(view, f["a"], f["b"], f["r"], Decimal(1), result)
    return result


def _another(sentence: Marked, first: Observation) -> bool:
    """Whether a figure of the same measure stands right in front of the first (小学教师…、中学教师…，学生…)."""
    n = sentence.figures.index(first)
    return n > 0 and sentence.figures[n - 1].unit == first.unit and sentence.figures[n - 1].kind == "level"


def _known(view: View, *items: Observation) -> bool:
    return (
        all(
            o.value is not None
            and o.value > 0
            and o.bound in ("eq", "approx")
            and (i := view.interval(o))
            and i.low
            and i.low > 0
            for o in items
        )
        and len({o.status for o in items} - {"required"}) < 2
    )


def _pieces(view: View, sentence: Marked, m: re.Match[str], result: CheckResult) -> None:
    f = sentence.found(m)
    n, p, t = f["n"], f["p"], f["t"]
    said = sentence.text[m.start("n") + 1 : m.start("p")]
    if (
        p.unit != t.unit
        or n.kind not in ("level", "change")
        or t.kind not in ("level", "change")
        or _ELSE.search(m.group())
        or any(
            o.kind == "price"
            for o in sentence.figures
            if o is not p and o.unit == p.unit and o.clean_start < t.clean_start
        )
    ):
        return
    if re.search(r"每[^，]{0,3}(?:月|天|日|学期|季)|标准", said):
        return  # so much each time: how often is not told
    tail = sentence.text[m.start("p") : m.start("t")]
    own = _OF_TOTAL.sub("", tail[1:])
    if (len(own) > 1 and own not in sentence.text[: m.start("p")]) or (
        re.search(r"补助|补贴|奖补", said) and "补" not in tail and not re.search("发放|支付", tail)
    ):
        return  # 每亩补偿…，青苗补偿共…; 每公里补助…，共投资…
    yearly = re.search(r"每学?年", said) and not re.search(r"年", tail)
    weak = yearly or not re.search(r"共|合计|总|计|价值|支付|年支出|年需", tail)
    each = _EACH.search(said)
    unit = _UNITS.get(each.group(1), each.group(1)) if each else None
    label = view.printed(n).label if n.value is not None else ""
    scale = Decimal(1)
    if unit == "亩":
        if not label.endswith("亩"):
            return
        scale = _MU
    elif each and unit:
        if n.unit != unit or (unit == "个" and not label.startswith(("个", "所"))):
            return
        scale = _IN_UNITS.get(each.group(1), Decimal(1))
    elif re.search(r"单价[为是约]?$", said):
        if label.endswith("亩"):
            scale = _MU
        elif n.unit in ("米", "平方米"):
            return
    else:
        return
    if weak and n.value and p.value and t.value:
        times = t.value / (n.value * p.value / scale)
        near = Decimal("0.7") < times < Decimal("1.4")
        if not near and all(abs(times / k - 1) > Decimal("0.001") for k in _SLIPS):
            return  # part of it, or for several years
    sure = not weak and bool(_SURE.search(tail))
    _times(view, p, n, t, scale, Decimal("0.005") if scale == _MU else Decimal(0), sure, result)


def _times(
    view: View,
    price: Observation,
    count: Observation,
    whole: Observation,
    scale: Decimal,
    slack: Decimal,
    sure: bool,
    result: CheckResult,
    exact_price: bool = False,
) -> None:
    """price × count ÷ scale = whole, the product widened by a share of itself."""
    if not _known(view, price, count, whole):
        return
    a, b, told = view.interval(price), view.interval(count), view.interval(whole)
    assert a and b and told and price.value and count.value and whole.value
    if exact_price and price.value == price.value.to_integral_value():
        a = Interval(price.value, price.value)  # a norm in yuan is no rounded figure
    exact = price.value * count.value / scale
    reach = (a * b.scaled(1 / scale)).widened(exact * slack)
    left = f"{view.say(price)}×{view.say(count)} = {view.show(exact, whole)}"
    step = view.printed(whole).factor.scaleb(-view.printed(whole).decimals)
    _tell(view, [count, price, whole], left, exact, reach, told.widened(step / 2), whole, sure, result)


def _quotient(
    view: View, above: Observation, below: Observation, mean: Observation, scale: Decimal, result: CheckResult
) -> None:
    if not _known(view, above, below, mean):
        return
    a, b, told = view.interval(above), view.interval(below), view.interval(mean)
    assert a and b and told and above.value and below.value and mean.value
    exact = above.value / below.value * scale
    reach = a.over(b).scaled(scale).widened(exact * _SLACK)  # bases differ a little: 折算, 常住
    left = f"{view.say(above)}÷{view.say(below)} = {number(exact, 1)}"
    _tell(view, [above, below, mean], left, exact, reach, told, mean, False, result)


def _tell(
    view: View,
    members: list[Observation],
    left: str,
    exact: Decimal,
    reach: Interval,
    told: Interval,
    stated: Observation,
    sure: bool,
    result: CheckResult,
) -> None:
    assert stated.value is not None
    off = exact - stated.value
    how = arithmetic(left, view.text(stated), reach, told, off, stated.unit)
    if reach.meets(told):
        result.verified.append(verified("C4", "average", view, members, how))
        return
    p = view.printed(stated)
    fixed = slip(p.number, (exact / p.factor).quantize(Decimal(1).scaleb(-p.decimals)), p.decimals)
    reasons = [f"可能是{view.show(exact, stated)}（{fixed}）"] if fixed else []
    severity: Severity = "error" if sure and all(o.bound == "eq" for o in members) else "warning"
    result.findings.append(
        finding(
            "C4", "average", severity, [view], members, f"{left}，不是{view.text(stated)}。", how, reasons
        )
    )
