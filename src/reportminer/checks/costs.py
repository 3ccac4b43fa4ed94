"""Notes on what things cost: U3 a unit cost outside what is usual, U2 a zero that would bring it back, U4 building cheaper than repairing; P5 pace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportminer.checks.common import INFERRED, View, arithmetic, finding, number, verified
from reportminer.checks.intervals import Interval
from reportminer.checks.passages import bare, month_of, passages, small_number
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_SPENT = re.compile(r"投资|投入|资金|安排|筹措|筹资|拨|花费|耗资|斥资|争取|出资|经费|造价|价值")
_REPAIR = re.compile(r"维修|改造|加固|修缮|翻修|整修|维改")
_BUILD = re.compile(r"新建|建设|扩建|重建|迁建|土建|建筑|修建|兴建|建成|建")
_OTHER = re.compile(
    r"运动场|操场|球场|跑道|场地|绿化|围墙|道路|硬化|征地|占地|用地|土地|荒|林|征收|拆迁|拆除|装修|外墙|屋面|广场|大棚|田|厂房"
)
_SHARED = re.compile(
    r"其中|每|人均|生均|单价|/|／|补助|奖补|奖励|标准|分别|第一期|一期|首批|及|增加|累计|缺口|年产|产值|销售|收入|税"
)
_FOR = re.compile(r"为|给|向")
_OF_CARE = re.compile(
    r"(?:统一)?(?:配备|配置|更换|购置|添置|免费发放|发放)(?:了|上)?[^，。；、]{0,10}?([一-龥]{2,6})(?=[，。；]|$)"
)
_BUY = re.compile(r"采购|购置|购买|购入|配备|配置|添置|更换|新增|安装|建成|建|装备|新购|购")
_SITE = re.compile(r"运动场\s*(?:\d+\s*个)?|操场|绿化|围墙")
_FAST = Decimal(15000)  # square metres a month: faster than large building sites go
_LARGE = Decimal(30000)
_DONE = r"(?:主体(?:工程)?(?:已)?(?:全面|全部)?(?:完工|竣工|完成|封顶)|竣工|完工|建成|交付使用|投入使用)"
_BEGAN = re.compile(
    r"(?<![\d-])(\d{1,2})月(?:\d{1,2}日|初|中旬|上旬|下旬|底|份)?[^。；\d]{0,24}?(?:开工|动工|破土|奠基)"
)
_WITHIN = re.compile(
    r"(?:仅|只|历时|用时|用了?)[^，。；\d]{0,4}?(\d{1,3}|[一两三四五六七八九十]{1,3})个?(月|天)"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sum of money and what it bought or built, in one sentence."""

    money: Observation
    things: Observation
    what: str
    work: str
    cost: Interval  # 元 for one


def _pairs(view: View, words: Words) -> Iterator[Pair]:
    """Sums of money and the one quantity each of them is said to pay for."""
    for items in view.by_sentence.values():
        sums = [o for o in items if o.unit == "元" and o.kind == "level" and o.dimension == "money"]
        if len(sums) != 1 or sums[0].value is None or sums[0].value < 1000 or sums[0].bound == "range":
            continue
        money = sums[0]
        if money.masked or money.part_of or not _SPENT.search(view.lead(money, 14) + view.after(money, 2)):
            continue
        wholes = [
            o
            for o in items
            if o is not money and o.kind == "level" and not o.part_of and o.value and not o.masked
        ]
        areas = [o for o in wholes if o.unit == "平方米"]
        things = areas if len(areas) == 1 else wholes if len(wholes) == 1 else []
        if not things or things[0].bound == "range" or things[0].status != money.status:
            continue
        thing = things[0]
        first, second = sorted((money, thing), key=lambda o: o.clean_start)
        gap = view.between(first, second)
        if (
            len(gap) > (90 if areas else 26)
            or re.search(r"[。]", gap)
            or _SHARED.search(_without_brackets(gap))
            or _SHARED.search(view.lead(first, 8).replace("及", ""))
        ):
            continue
        i, j = view.interval(money), view.interval(thing)
        if i is None or j is None or j.low is None or j.low <= 0 or i.low is None:
            continue
        found = _what(view, words, money, thing, gap)
        if found:
            yield Pair(money, thing, *found, i.over(j))


def _without_brackets(text: str) -> str:
    return re.sub(r"[（(][^）)]*[）)]", "", text)


def _what(
    view: View, words: Words, money: Observation, thing: Observation, gap: str
) -> tuple[str, str] | None:
    """The thing that was paid for and the kind of work, None when the words do not say."""
    behind, lead = view.after(thing, 24), view.lead(thing, 18)
    named = lead + re.split(r"[，。；、,]", behind)[0]
    if thing.unit == "平方米":
        said = _without_brackets(gap) + named + view.lead(money, 12)
        if _OTHER.search(said):
            return None
        work = (
            "repair"
            if _REPAIR.search(said) and not re.search(r"新建|扩建|重建|迁建|改扩建", said)
            else "build"
            if _BUILD.search(said)
            else ""
        )
        return (said, work) if work else None
    if thing.clean_start < money.clean_start:
        return None
    if thing.unit == "人" and _FOR.search(lead[:8]):
        m = _OF_CARE.search(behind)
        return (m.group(1), "buy") if m else None
    tail = re.split(r"[，。；、：:]", lead)[-1] + re.split(r"[，。；、,的]", behind)[0]
    return (tail, "buy") if _BUY.search(gap) and "等" not in gap + behind[:2] else None


def _band(words: Words, p: Pair) -> tuple[str, Decimal, Decimal] | None:
    """Name and usual bounds of what a pair paid for."""
    for pattern, unit, work, low, high in words.costs:
        if work != p.work or (unit != p.things.unit and not (p.things.unit == "人" and unit in ("套", "张"))):
            continue
        m = pattern.search(p.what)
        if m:
            return m.group(), low, high
    return None


def _restored(p: Pair, low: Decimal, high: Decimal) -> tuple[str, Decimal] | None:
    """Which zero, written or dropped, brings the unit cost into its bounds: 数量 or 金额, and the factor."""
    cost = p.cost
    if cost.low is None or cost.high is None:
        return None
    too_dear = cost.low > high
    for factor in (Decimal(10),):
        scaled = cost.scaled(1 / factor if too_dear else factor)
        if scaled.low is not None and scaled.high is not None and scaled.low <= high and scaled.high >= low:
            return ("数量" if too_dear else "金额"), factor
    return None


def _alone(view: View, p: Pair) -> bool:
    """Whether the words leave no doubt that the money paid for these things and nothing else: close by, and no other count in the sentence."""
    first, second = sorted((p.money, p.things), key=lambda o: o.clean_start)
    others = [
        o
        for o in view.by_sentence[p.money.sentence]
        if o not in (first, second) and o.dimension != "percent" and o.indicator != "duration"
    ]
    gap, behind = view.between(first, second), view.after(second, 30)
    more = re.match(r"[、和及与]|[^。；]{0,12}(?:[，,](?:以及|并|同时|实施|完善|推进|开展|还)|等)", behind)
    return not others and not more and bool(re.fullmatch(r"[，,]?[^，。；、,]{0,18}", gap))


def _priced(view: View, words: Words, restored: bool) -> CheckResult:
    result = CheckResult()
    for p in _pairs(view, words):
        band = _band(words, p)
        sentence = view.report.text.sentences[p.things.sentence]
        if p.work != "buy" and _OTHER.search(view.clean, sentence.start, sentence.end):
            continue  # sports grounds and the like among what was built
        if band is None or p.cost.low is None or p.cost.high is None:
            continue
        name, low, high = band
        if p.money.value is None or not p.things.value:
            continue
        each = p.money.value / p.things.value
        unit = "套" if p.things.unit == "人" else p.things.unit
        left = f"{view.say(p.money)}÷{view.say(p.things)} = {number(each, 1)}元/{unit}"
        how = arithmetic(
            left, f"常见{number(low)}—{number(high)}元/{unit}", p.cost, Interval(low, high), None, "元"
        )
        if p.cost.low <= high and p.cost.high >= low:
            if not restored:
                result.verified.append(
                    verified(
                        "U3", "unit", view, [p.money, p.things], how, f"{INFERRED}{name}的单价在常见范围之内"
                    )
                )
            continue
        cure = _restored(p, low, high)
        if bool(cure) != restored or not _alone(view, p):
            continue
        message = f"{left}，{name}常见{number(low)}—{number(high)}元。"
        reasons = []
        if cure and cure[0] == "数量":
            more = p.things.value * cure[1]
            message = (
                message[:-1]
                + f"；若{view.say(p.things)}应为{view.show(more, p.things)}，则为{number(each / cure[1], 1)}元，可能漏了一个零。"
            )
        elif cure:
            more = p.money.value * cure[1]
            message = (
                message[:-1]
                + f"；若{view.say(p.money)}应为{view.show(more, p.money)}，则为{number(each * cure[1], 1)}元，可能漏了一个零。"
            )
        else:
            reasons = ["资金还用于别的项目", "数量或金额有误"]
        result.findings.append(
            finding(
                "U2" if restored else "U3", "unit", "info", [view], [p.money, p.things], message, how, reasons
            )
        )
    return result


def unit_cost(view: View, words: Words) -> CheckResult:
    """U3 单价: what one of the things bought or built cost lies far outside what is usual (table unit_costs). A note.

    Fires: 投入资金700万元采购计算机20台。
    Quiet: 投入资金700万元采购计算机2000台。
    Quiet: 投资1500万元新建教学楼7221平方米。
    Quiet: 投资1500万元新建运动场72210平方米。
    """
    return _priced(view, words, restored=False)


def dropped_zero(view: View, words: Words) -> CheckResult:
    """U2 漏零: a unit cost outside what is usual that one more zero would bring back. A note.

    Fires: 投入专项资金120万元，为全区1000名新生统一配备了课桌椅。
    Quiet: 投入专项资金120万元，为全区10000名新生统一配备了课桌椅。
    """
    return _priced(view, words, restored=True)


def cheaper_than_repair(view: View, words: Words) -> CheckResult:
    """U4 单价倒挂: in one article a square metre built cost less than a square metre repaired. A note.

    Fires: 校舍维修改造投入2414万元，改造70504平方米。新建工程投入2740万元，新建校舍98009平方米。
    Quiet: 校舍维修改造投入2414万元，改造70504平方米。新建工程投入27400万元，新建校舍98009平方米。
    """
    result = CheckResult()
    pairs = [p for p in _pairs(view, words) if p.things.unit == "平方米"]
    for repair in (p for p in pairs if p.work == "repair"):
        for build in (p for p in pairs if p.work == "build" and p.money.segment == repair.money.segment):
            if build.cost.high is None or repair.cost.low is None or build.cost.high >= repair.cost.low:
                continue
            if not (build.money.value and build.things.value and repair.money.value and repair.things.value):
                continue
            new, old = build.money.value / build.things.value, repair.money.value / repair.things.value
            sentence = view.report.text.sentences[build.money.sentence]
            site = _SITE.search(view.clean, sentence.start, sentence.end)
            message = f"建设每平方米{number(new, 1)}元（{view.say(build.money)}÷{view.say(build.things)}），低于维修改造的{number(old, 1)}元（{view.say(repair.money)}÷{view.say(repair.things)}），单价倒挂。"
            reasons = [f"建设中含{bare(site.group())}，单价较低"] if site else ["面积或资金的口径不同"]
            members = [build.money, build.things, repair.money, repair.things]
            how = arithmetic(
                f"{number(new, 1)}元/平方米",
                f"{number(old, 1)}元/平方米",
                build.cost,
                repair.cost,
                new - old,
                "元",
            )
            result.findings.append(finding("U4", "unit", "info", [view], members, message, how, reasons))
            break
    return result


def pace(view: View, words: Words) -> CheckResult:
    """P5 进度: so large a building finished in so few months, from the month it was begun to the month of the report or in the time told. A note.

    Fires: 2020年工作汇报（2020年1月）／9月初县新一中已开工建设，总投资3亿元，建设面积96000平方米，现已主体完工。
    Fires: 建筑面积96000平方米的县新一中仅用3个月就建成投入使用。
    Quiet: 建筑面积9600平方米的教学楼仅用10个月就建成投入使用。
    """
    result = CheckResult()
    for p in passages(view, re.compile(r"开工|动工|破土|奠基|个月|历时|仅用|只用")):
        if not re.search(_DONE, p.text) or re.search(r"计划|预计|力争|确保|将于|拟", p.text):
            continue
        areas = [
            o
            for o in p.figures()
            if o.unit == "平方米" and o.kind == "level" and o.value and o.status == "actual"
        ]
        if (
            len(areas) != 1
            or areas[0].value is None
            or areas[0].value < _LARGE
            or _OTHER.search(view.lead(areas[0], 10))
        ):
            continue
        months = _within(p.text) or _since(view, p.text, month_of(view, p.segment))
        if not months or areas[0].value / months < _FAST:
            continue
        rate = areas[0].value / months
        message = f"{view.text(areas[0])}约{number(months, 1)}个月完成，合每月{number(rate, 0)}平方米，进度异常快，请核对面积和时间。"
        result.findings.append(finding("P5", "date", "info", [view], areas, message))
    return result


def _within(text: str) -> Decimal | None:
    m = _WITHIN.search(text)
    n = small_number(m.group(1)) if m else None
    if not m or not n:
        return None
    return Decimal(n) if m.group(2) == "月" else Decimal(n) / 30


def _since(view: View, text: str, month: int | None) -> Decimal | None:
    m = _BEGAN.search(text)
    if not m or month is None or re.search(r"年$", text[: m.start()]) or not 1 <= int(m.group(1)) <= 12:
        return None
    return Decimal((month - int(m.group(1))) % 12) or None
