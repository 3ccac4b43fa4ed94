"""Notes on masked figures: M1 a masked count that the list behind or before it tells, M2 what the printed width of a mask leaves."""

from __future__ import annotations

import re

from reportminer.checks.common import View, finding
from reportminer.checks.passages import Passage, bare, passage
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_COUNTED = ("所", "个", "家", "处", "座", "栋", "条", "人", "项")
_NAMED = re.compile(
    r"(?:学校|小学|中学|初中|高中|职高|[一二三四五六七八九十]+[中小]|完小|校区|幼儿园|幼教中心|中心校|教学点|分校|学院|医院|卫生院|街道|街道办|办事处|社区|水库|大桥|工程|项目|公司|中心|园区"
    r"|[一-龥XxＸ×*]{1,8}[校园院所站厂馆乡镇村县区市桥路河矿场])$"
)
_OPEN = re.compile(r"等|以及其他|之类|…|\.\.\.|主要有|例如|比如")
_LIST = re.compile(
    r"^([^：:。；，、\d]{0,8})(?:[：:]|[，,](?:即|分别[是为]|包括)|[（(](?:即|分别[是为])?)([^。；;：:\n）)]{2,160})([。；;）)]|$)"
)
_MASK_ONE = re.compile(r"^[xXｘＸ×]$")
_RATE = re.compile(r"[一-龥]{1,10}率$")
_MASKED_COUNT = re.compile(r"(?<![xXｘＸ×*＊])[xXｘＸ×*＊]{1,12}(?:所|个|家|名|人|处|座)")
_HUNDREDS = re.compile(r"^(?:[xXｘＸ×]{3}|1[xXｘＸ×]{2}|10[xXｘＸ×])[%％]$")
_DECIMAL = re.compile(r"^([xXｘＸ×]{1,6})[.．]([xXｘＸ×]{1,3})(万|亿)?(.+)$")
_HIGH = ("毛", "增长", "完成", "周转", "产销", "负债", "自给", "利用", "使用", "比")


def recoverable(view: View, words: Words) -> CheckResult:
    """M1 占位可由列举推得: a masked count whose things are listed by name, in full. A note; an open list (等) says nothing.

    Fires: 今年新建学校X所：双塔初中、城南初中；扩建学校X所：滨江中学、新塘二中、实验小学。
    Fires: 石门镇、贺村镇、峡口镇X个乡镇被确认为教育强乡镇。
    Quiet: 今年新建学校X所：双塔初中、城南初中等。
    Quiet: 今年新建学校X所，投入资金300万元。
    """
    result = CheckResult()
    for o in view.items:
        if not o.masked or o.unit not in _COUNTED or o.dimension != "count":
            continue
        digits = re.sub(r"[^xXｘＸ×*＊\d]", "", view.text(o))
        names = _behind(view, o) or _before(passage(view, o.sentence), o)
        if len(names) < 1 or (_MASK_ONE.match(digits) and len(names) > 9) or re.search(r"\d", digits):
            continue
        if len(digits) > 1 and len(names) < 10 and not re.search(r"[*＊]", digits):
            continue  # the printed width says ten or more
        told = "、".join(names[:6]) + ("……" if len(names) > 6 else "")
        message = (
            f"“{view.text(o)}{_noun(view, o)}”列出了{len(names)}项（{told}），被遮盖的数可能是{len(names)}。"
        )
        result.findings.append(finding("M1", "range", "info", [view], [o], message))
    return result


def _noun(view: View, o: Observation) -> str:
    m = re.match(r"[一-龥]{1,4}(?=[：:，,（(])", view.after(o, 8))
    return m.group() if m else ""


def _behind(view: View, o: Observation) -> list[str]:
    """The names listed behind a masked count, when they stand alone and are all of them."""
    m = _LIST.match(view.after(o, 190))
    if not m or _OPEN.search(m.group(2)) or _OPEN.match(view.after(o, 190)[m.end(2) : m.end(2) + 1]):
        return []
    if re.match(r"[（(]", m.group(0)[len(m.group(1)) :]) and m.group(3) not in "）)":
        return []
    names = [n for n in re.split(r"[、，,]|和|以及|与", re.sub(r"[“”\"]", "", m.group(2))) if n]
    people = o.unit == "人" and len(names) > 1 and all(re.fullmatch(r"[一-龥]{2,4}", n) for n in names)
    if not people and not all(
        len(n) <= 16 and _NAMED.search(n) and not _MASKED_COUNT.search(n) for n in names
    ):
        return []
    inside = [
        x for x in view.by_sentence.get(o.sentence, []) if x.clean_start > o.clean_end and x.value is not None
    ]
    first = view.rank.get(inside[0].id, 0) if inside else None
    if first is not None and len(view.between(o, inside[0])) < m.end(2):
        return []  # figures inside the list: a breakdown, not a list of names
    return names


def _before(p: Passage, o: Observation) -> list[str]:
    """The names listed right in front of a masked count of their own kind (石门镇、贺村镇X个乡镇)."""
    start, end = p.place(o)
    kind = re.match(
        r"(乡镇|镇乡|街道|镇街|县（?市?、?区?）?|县市区|县区|区县|村|社区|学校|小学|中学|幼儿园|部门|单位)",
        p.text[end : end + 6],
    )
    head = re.split(
        r"[。；：:，,（）()\s]|(?<=[批验评对在由于将把为])(?=[一-龥XxＸ]{1,4}[乡镇县区市村])", p.text[:start]
    )[-1]
    names = [n for n in re.split(r"[、和与]", head) if n]
    if not kind or len(names) < 2 or _OPEN.search(head) or not all(len(n) <= 10 for n in names):
        return []
    suffixes = set(kind.group(1)) - set("（）、学园") | (
        {"校", "中", "学", "园"} if kind.group(1) in ("学校", "小学", "中学", "幼儿园") else set()
    )
    if kind.group(1) in ("部门", "单位"):
        suffixes = set("局委办院会")
    return names if all(n[-1] in suffixes and not _MASKED_COUNT.search(n) for n in names) else []


def bounded_mask(view: View, words: Words) -> CheckResult:
    """M2 占位位数: what the number of masked digits leaves: a rate of three digits that cannot exceed 100 % is 100 %; X.XX is below ten. A note.

    Fires: 乡镇中心幼儿园建成率XXX%。
    Fires: 改造校舍建筑面积X.XX万平方米。
    Quiet: 乡镇中心幼儿园建成率XX%。
    Quiet: 财政收入增长XXX%。
    """
    result = CheckResult()
    widths: dict[int, list[Observation]] = {}
    for o in view.items:
        if not o.masked:
            continue
        text = bare(view.text(o))
        lead, rest = re.split(r"[，。；、：:]", view.lead(o, 20))[-1], view.after(o, 8)
        if _HUNDREDS.match(text):
            said = re.sub(r"(?:已?达到?了?|为|实现|提前|是|至|到|均|均达|提高)+$", "", lead)
            rate = _RATE.search(said) or (words.bounded.search(said[-8:]) and re.search("[一-龥]+$", said))
            target = re.match(r"(?:的)?[项目竣峻工]*目标", rest) or re.match(
                r"的?(?:全?覆盖|普及|达标)", rest
            )
            if (rate and not words.unbounded.search(said) and not any(w in said[-6:] for w in _HIGH)) or (
                target and not words.unbounded.search(said) and re.search(r"竣|峻|覆盖|普及|达标", rest)
            ):
                name = rate.group() if rate else rest[: target.end()] if target else ""
                message = f"“{name}”占位三位数（{text}），该比率不能超过100%，所以只能是100%。"
                result.findings.append(finding("M2", "range", "info", [view], [o], message))
        elif _DECIMAL.match(text) and o.dimension in ("money", "area", "length", "mass", "volume"):
            widths.setdefault(o.sentence, []).append(o)
    for hidden in widths.values():
        told = "；".join(_width(bare(view.text(o))) for o in hidden)
        message = f"若占位与原数等长，{told}，不能使用，但可据以判断大小。"
        result.findings.append(finding("M2", "range", "info", [view], hidden, message))
    return result


def _width(text: str) -> str:
    """What the digits of a mask with a decimal point leave: X.XX万 is below ten."""
    m = _DECIMAL.match(text)
    if not m:
        return ""
    whole, places = len(m.group(1)), len(m.group(2))
    scale = (m.group(3) or "") + m.group(4).lstrip("多余")
    if whole == 1:
        return f"“{text}”小于10{scale}"
    return f"“{text}”在{10 ** (whole - 1)}至{'9' * whole}.{'9' * places}{scale}之间"
