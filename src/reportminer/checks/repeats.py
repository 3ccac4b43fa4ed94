"""R1 the same fact stated twice in one report."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal

from reportminer.checks.common import INFERRED, View, arithmetic, finding, period_years, plain_name, verified
from reportminer.checks.explain import slip
from reportminer.checks.intervals import HALF
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_KINDS = ("level", "share", "price")
_BARE = re.compile(
    "(?:总|共|完成|累计|新建|改造|建筑|占地|投入|合计|补助|补贴|受益|惠及|年度|计划|其他|各级|各类)*"
    "(?:投资|投入|资金|面积|项目|学校|学生|教师|人数|比例|占比|占|会议|培训|活动|个|人|数|总数|增长|覆盖率|完成率|达标率|合格率|校舍|班|村|户|奖项|企业|单位)?"
)
_OTHER = re.compile(
    r"其中|原|另|又|再|新增|累计|分别|以前|上年|去年|目标|力争|计划|到\d{4}年|每|第[一二三四]|最|超过|有的"
)


#: what is there at a time: two totals of it under one name cannot both be right
_STOCKS = frozenset(
    (
        "schools_total",
        "kindergartens",
        "teaching_points",
        "pupils",
        "teachers",
        "population",
        "households",
        "area_admin",
        "area_school_total",
        "computers",
        "books",
        "classes",
        "gdp",
        "fiscal_revenue",
        "organizations",
        "admin_units",
    )
)
_DEFINITE = re.compile(r"^的([^，。；、的0-9]{2,10})")
_TOTAL = re.compile(
    "(?:现有|共有|全部|在校|在园|在职|公办|义务教育阶段?)*(?:普通)?(?:小学|初中|初级中学|高中|完全小学|完小|教学点|幼儿园|中小学校?|各级各类学校)?"
    "(?:在校学生|在校生|在园幼儿|学生|教职工|专任教师|在职教师|教师|总人口|户籍人口|常住人口|人口|行政村|乡镇|国土面积|总面积|面积|藏书|图书|计算机|班级|教学班|校舍)?"
    "(?:总数|数|人数|总量|面积)?"
)
_STRETCH = re.compile(r"^|(?<=[。；;\n])", re.MULTILINE)
_PART_OF_ALL = re.compile(
    r"小学|初中|高中|幼儿园|中学|职[校高业]|特教|教学点|村小|年级|[一二三四五六七八九]中|片区?|男|女|城|农村|乡镇|公办|民办|[A-Z]类|[春秋]季|[上下]半年"
)
_SUBJECT = re.compile(
    rf"{_PART_OF_ALL.pattern}|学校|校|园|班|镇|乡|村|街道|社区|企业|公司|医院|产业|标段|[一二三]期|月"
)
_COMMON = re.compile(r"全[县市区镇乡]|现有|共有|目前|截至|\d{4}年[末底]?|[，、：\s]")
_NARROW = re.compile(
    r"城区|县城|农村|乡镇|城乡|民办|公办|寄宿|留守|贫困|女|男|中心|规模|薄弱|达标|合格|改造|新|撤|缺|超|走访|受益|覆盖|惠及|涉及|学校的|所在|部分|个别|配|拟|将"
)


def repeat(view: View, words: Words) -> CheckResult:
    """R1 前后不一: the same indicator, area, period, status, scope and name with values that exclude each other.

    Fires: 全县四年累计投入合格学校建设资金4512万元。据负责人介绍，四年投入的合格学校建设资金4152万元已全部到位。
    Quiet: 全县四年累计投入合格学校建设资金4512万元。四年投入的合格学校建设资金4500多万元已全部到位。
    Quiet: 县城新建幼儿园3所。乡镇新建幼儿园8所。
    """
    result = CheckResult()
    groups: dict[tuple[object, ...], list[Observation]] = {}
    for o in view.items:
        if o.kind in _KINDS and o.value and not o.masked and o.bound != "range" and o.indicator != "duration":
            key = (o.segment, o.indicator, o.kind, o.status, o.unit, o.area, period_years(o.period))
            groups.setdefault(key, []).append(o)
    for members in groups.values():
        if len(members) > 1:
            _compare(view, members, result)
    return result


def _compare(view: View, members: list[Observation], result: CheckResult) -> None:
    """Compare within one group, by exact value, by digits and by name, so that the cost stays linear."""
    by_value: dict[Decimal, list[Observation]] = {}
    for o in members:
        by_value.setdefault(o.value or Decimal(0), []).append(o)
    for same in by_value.values():
        pairs = [(a, b) for a, b in itertools.pairwise(same) if a.bound == b.bound and _same_fact(view, a, b)]
        for a, b in pairs:
            sure = plain_name(a.label) == plain_name(b.label) and len(_stripped(view.printed(a).number)) > 2
            note = "前后一致" if sure else INFERRED + "前后一致"
            how = arithmetic(view.say(a), view.say(b))
            result.verified.append(verified("R1", "repeat", view, [a, b], how, note))
    seen: set[tuple[str, str]] = set()
    for a, b in _candidates(view, members):
        if (a.id, b.id) in seen or a.value == b.value:
            continue
        seen.add((a.id, b.id))
        _judge(view, a, b, result)


def _candidates(view: View, members: list[Observation]) -> Iterable[tuple[Observation, Observation]]:
    """Pairs that share their name, or whose digits are the same in another order."""
    groups: dict[tuple[str, str], list[Observation]] = {}
    for o in members:
        for key in (
            ("name", _name(o)),
            ("digits", _digits(view, o)),
            ("swap", _swap(view, o)),
            ("again", _swap(view, o, named=False)),
            ("stock", _stock(view, o)),
            ("coarse", _coarse(view, o)),
        ):
            if key[1]:
                groups.setdefault(key, []).append(o)
    for group in groups.values():
        if 1 < len(group) <= 6:
            yield from itertools.pairwise(group)


def _swap(view: View, o: Observation, named: bool = True) -> str:
    """A key of three digits that another figure with the same digits shares: with its name, or where a figure in front of its noun
    (2.81亿元的建设投资) points back to one told before."""
    digits, name = _digits(view, o, 3), plain_name(o.label)
    if not digits or (named and not name):
        return ""
    return f"{digits} {name if named else view.printed(o).label[:1]}"


def _coarse(view: View, o: Observation) -> str:
    """A key that a figure printed more coarsely shares when its digits are in another order: 38240平方米 and 3.28万平方米, under one name."""
    text, name = _stripped(view.printed(o).number), plain_name(o.label)
    return (
        f"{''.join(sorted(text[:3]))} {name}" if len(text) >= 3 and len(set(text[:3])) == 3 and name else ""
    )


def _in_step(view: View, a: Observation, b: Observation) -> tuple[Decimal, Decimal, int]:
    """Both numbers in the scale and with the decimals of the one printed more coarsely."""
    pa, pb = view.printed(a), view.printed(b)
    coarse = (
        pa
        if pa.factor * Decimal(1).scaleb(-pa.decimals) >= pb.factor * Decimal(1).scaleb(-pb.decimals)
        else pb
    )
    step = Decimal(1).scaleb(-coarse.decimals)
    x, y = ((p.number * p.factor / coarse.factor).quantize(step) for p in (pa, pb))
    return x, y, coarse.decimals


def _points_back(view: View, o: Observation, other: Observation) -> bool:
    """Whether the noun behind a figure (…元的建设投资) ends as the other figure's name does."""
    if o.part_of or other.part_of:
        return False
    name, after = plain_name(other.label), view.after(o, 14)
    m = _DEFINITE.match(after)
    if m:
        return name[-2:] in m.group(1)
    opens = view.lead(o)[-1:] in (
        "，",
        "。",
        "：",
        "；",
        "",
    )  # the clause begins with the figure: 2.13万贫困群众脱贫
    noun = re.match(r"[一-龥]{2,6}", after)
    if not opens or noun is None or view.printed(o).decimals < 2:
        return False
    return any(name[k : k + 2] in noun.group() for k in range(len(name) - 1))


def _name(o: Observation) -> str:
    label = re.sub(r"\s|全[县市区镇乡]|我[县市区镇乡]|[的了共已约]", "", plain_name(o.label))
    return "" if len(label) < 4 or _BARE.fullmatch(label) else label


def _stock(view: View, o: Observation) -> str:
    """The name of a stock that the report totals, empty for parts, subsets and anything narrowed."""
    if (
        o.indicator not in _STOCKS
        or o.kind != "level"
        or o.part_of
        or o.scope
        or o.status != "actual"
        or not o.period
    ):
        return ""
    label = re.sub(r"\s|全[县市区镇乡]|我[县市区镇乡]|[的了共已约]", "", o.label)
    own = (
        view.report.text.segments[o.segment].area
        if o.segment < len(view.report.text.segments)
        else view.report.area
    )
    narrow = _NARROW.search(view.lead(o, 14)) or (own and o.area and own not in o.area and o.area not in own)
    return "" if len(label) < 2 or narrow or not _TOTAL.fullmatch(label) else label


def _stripped(number: Decimal) -> str:
    """The digits of a number without point and outer zeros."""
    return f"{number:f}".replace(".", "").strip("0")


def _digits(view: View, o: Observation, least: int = 4) -> str:
    """The printed digits in order of size, when they are many enough to be telling."""
    text = _stripped(view.printed(o).number)
    return "".join(sorted(text)) if len(text) >= least and len(set(text)) >= 3 else ""


def _same_fact(view: View, a: Observation, b: Observation) -> bool:
    """Whether two equal figures state one fact twice: one name, or many digits and a word in common."""
    if a.part_of and a.part_of == b.part_of:
        return False
    if a.label == b.label and len(a.label) >= 3 and not _BARE.fullmatch(a.label):
        return True
    return len(f"{view.printed(a).number:f}".replace(".", "").strip("0")) >= 3 and _called(a, b)


def _one_scope(a: Observation, b: Observation) -> bool:
    """Whether both are narrowed alike; a basis (累计, 当年) that only one of them names does not set them apart."""
    x, y = dict(a.scope), dict(b.scope)
    if "basis" not in x or "basis" not in y:
        x.pop("basis", None)
        y.pop("basis", None)
    return x == y


def _called(a: Observation, b: Observation) -> bool:
    """Whether the names have two characters in a row in common."""
    return (
        any(a.label[k : k + 2] in b.label for k in range(len(a.label) - 1)) if a.label and b.label else False
    )


def _of_others(view: View, a: Observation, b: Observation, alike: bool) -> bool:
    """Whether two figures stand under different subjects (小学98所，在校生…；初中24所，在校生…) or are of different months. ``alike``: they
    share name and digits, so that a figure without a subject may well repeat the other."""
    if a.period != b.period and "-" in (a.period or "") and "-" in (b.period or ""):
        return True
    x, y = _subject(view, a), _subject(view, b)
    if x == y:
        return False
    return bool(x and y) or (not alike and bool(_PART_OF_ALL.search(x + y)))


def _subject(view: View, o: Observation) -> str:
    """The words that open the stretch between two full stops or semicolons in which a figure stands, when they name whom or what it
    speaks of; empty for a figure that opens its stretch itself."""
    text = view.clean
    start = max(m.end() for m in _STRETCH.finditer(text, view.paragraph(o)[0], o.clean_start))
    first = view.items[bisect_left(view.items, start, key=lambda x: x.clean_start)]
    words = re.sub(r"\s", "", text[start : first.clean_start])
    if first is o:
        words = words.rpartition("：")[0]
    return _COMMON.sub("", words) if _SUBJECT.search(words) else ""


def _judge(view: View, a: Observation, b: Observation, result: CheckResult) -> None:
    i, j = view.interval(a), view.interval(b)
    if i is None or j is None or i.meets(j) or a.value is None or b.value is None or not _one_scope(a, b):
        return
    if (
        a.part_of == b.id
        or b.part_of == a.id
        or (a.part_of and a.part_of == b.part_of)
        or a.sentence == b.sentence
    ):
        return
    pa, pb = view.printed(a), view.printed(b)
    what = slip(pb.number * pb.factor / pa.factor, pa.number, max(pa.decimals, pb.decimals))
    apart = pa.factor != pb.factor
    if apart and what is None:
        first, second, decimals = _in_step(view, a, b)
        what = slip(second, first, decimals)
    alike = bool(plain_name(a.label)) and plain_name(a.label) == plain_name(b.label)
    least = 3 if alike or _points_back(view, b, a) else 4
    swapped = what == "数字颠倒" and (
        (bool(_digits(view, a, least)) and _digits(view, a, least) == _digits(view, b, least))
        or (apart and alike and bool(_coarse(view, a)) and _coarse(view, a) == _coarse(view, b))
    )
    plain = a.bound == b.bound == "eq"
    named = bool(_name(a)) and _name(a) == _name(b)
    if _of_others(view, a, b, swapped and named):
        return
    again = _points_back(view, b, a) and pa.label[:1] == pb.label[:1] and pa.decimals == pb.decimals > 0
    stock = (
        bool(_stock(view, a)) and _stock(view, a) == _stock(view, b) and HALF <= abs(a.value / b.value) <= 2
    )
    if again and swapped and plain:
        pass
    elif (_OTHER.search(view.lead(a)[-14:]) and not swapped) or (
        _OTHER.search(view.lead(b)[-14:]) and not swapped
    ):
        return
    severity: Severity
    years = period_years(a.period)
    if swapped and plain and not apart and (named or (_called(a, b) and years and years[0] != years[1])):
        severity = "error"  # digits in another order, under one name or for one span of years
    elif (
        (swapped and plain and (alike or again or _called(a, b)))
        or (named and what and len(_stripped(pa.number)) >= 3)
        or stock
    ):
        severity = "warning"
    else:
        return
    reasons = [f"{what}：{view.say(a)}与{view.say(b)}"] if what else []
    for o, other in ((a, b), (b, a)):
        parts = [p.value for p in view.parts.get(o.id, ()) if p.value is not None]
        limit = view.interval(o)
        if (
            len(parts) > 1
            and limit
            and other.id not in view.parts
            and limit.low is not None
            and limit.high is not None
        ):
            added = sum(parts, Decimal(0))
            near = abs(added - (o.value or Decimal(0))) * 1000 <= abs(o.value or Decimal(0))
            if limit.low <= added <= limit.high or near:
                reasons.append(f"分项之和{view.show(added, o)}支持{view.say(o)}")
    message = f"{a.label or '同一事实'}前作{view.text(a)}，后作{view.text(b)}，相差{view.show(abs(a.value - b.value), a)}"
    how = arithmetic(view.say(a), view.say(b), i, j, a.value - b.value, a.unit)
    tail = f"；{reasons[-1]}" if reasons else ""
    result.findings.append(
        finding("R1", "repeat", severity, [view], [a, b], message + tail + "。", how, reasons)
    )
