"""Notes on wording that decides what a figure means: G2 a rate that grew by “%”, G3 同比 with another base, S5 parts of one name; D4 one
completion with two dates."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from reportminer.checks.common import View, finding, number, period_years
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation
from reportminer.names import core

_BEFORE = re.compile(r"[比较与](?![上去前]年)([^，。；]{2,20}?)(?:之前|以前|前|时|初)[^，。；]{0,6}同比")
_DONE = re.compile(
    r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]([^。；\n月起]{0,24}?)(?:圆满|全部|全面|如期)?(?:结束|竣工|完工|落成|告竣)"
    r"|([^。；，\n]{2,16})于[^。；，\n]{0,8}?(?<!\d)(\d{1,2})月(\d{1,2})[日号](?:圆满|全部|全面|如期)?(?:结束|竣工|完工|落成|告竣)"
)
_SAME = 4  # characters that two clauses about one work have in common


def rate_growth(view: View, words: Words) -> CheckResult:
    """G2 百分点还是百分比: a rate said to have grown by so many % has two possible bases; both are told. A note.

    Fires: 初中三年完学率85.35%，同比增长12.7%。
    Quiet: 初中三年完学率85.35%，同比提高12.7个百分点。
    Quiet: 初中三年完学率由72.65%提高到85.35%。
    """
    result = CheckResult()
    for a, b in pairwise(view.items):
        is_rate = a.kind == "share" and a.unit == "%" and a.value
        told = b.kind in ("change", "growth") and b.unit == "%" and b.value and b.sentence == a.sentence
        gap = view.between(a, b)
        if (
            not (is_rate and told)
            or len(gap) > 14
            or not re.search(r"增长|提高|上升|增加", gap)
            or "占" in gap
        ):
            continue
        if a.value is None or a.value > 100 or b.value is None or b.value <= 0 or b.value >= a.value:
            continue
        points, relative = a.value - b.value, a.value / (1 + b.value / 100)
        digit = Decimal(1).scaleb(-max(view.printed(a).decimals, view.printed(b).decimals))
        if abs(points - relative) > digit:
            message = f"{a.label or '该比率'}{view.text(a)}{gap}{view.text(b)}：若指百分点，上期为{number(points)}%；若指百分比，上期为{number(relative)}%。"
            result.findings.append(finding("G2", "growth", "info", [view], [a, b], message))
    return result


def other_base(view: View, words: Words) -> CheckResult:
    """G3 同比误用: 同比 compares with the same time of last year, and the words name another base. A note.

    Fires: 入园率达到85%，比计划实施前同比增长12%。
    Quiet: 入园率达到85%，比上年同期增长12%。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        span = view.report.text.sentences[items[0].sentence]
        m = _BEFORE.search(view.clean, span.start, span.end)
        after = [o for o in items if m and o.clean_start >= m.end()]
        if m and after:
            said = re.sub(r"\s", "", m.group())
            message = f"“{said}”：同比是与上年同期相比，文中的基期却是“{m.group(1)}前”。"
            result.findings.append(finding("G3", "growth", "info", [view], after[:1], message))
    return result


def same_label(view: View, words: Words) -> CheckResult:
    """S5 类别同名: two parts of one whole carry the same name, so that nobody can say which is which. A note.

    Fires: 全县在校学生46506人，其中高中7894人，学校21265人，学校17347人。
    Quiet: 全县在校学生46506人，其中高中7894人，初中21265人，小学17347人。
    """
    result = CheckResult()
    for whole_id, parts in view.parts.items():
        named: dict[tuple[str, str | None, object], list[Observation]] = {}
        for p in parts:
            if len(core(p.label)) > 1 and p.kind == "level":
                named.setdefault((core(p.label), p.unit, period_years(p.period)), []).append(p)
        for (name, _, _), same in named.items():
            values = {p.value for p in same}
            leads = {re.split(r"[，。；、：:和]", view.lead(p))[-1] for p in same}
            alone = len({p.sentence for p in same}) == len(leads) == 1 and not any(p.scope for p in same)
            if len(values) > 1 and alone:
                figures = "、".join(view.text(p) for p in same)
                message = f"{view.text(view.by_id[whole_id])}的分项中有{len(same)}项都叫“{name}”（{figures}），分不清各指什么，文字可能经过替换。"
                result.findings.append(
                    finding("S5", "sum", "info", [view], [view.by_id[whole_id], *same], message)
                )
    return result


def two_dates(view: View, words: Words) -> CheckResult:
    """D4 同一工程两个完工日期: two sentences date the end of one work differently.

    Fires: 投入资金30万元，到9月25日工程硬件建设工作结束。全部硬件建设于8月25日圆满结束。
    Quiet: 投入资金30万元，到8月25日工程硬件建设工作结束。全部硬件建设于8月25日圆满结束。
    Quiet: 投入资金30万元，到9月25日教学楼主体工程竣工。食堂改造于8月25日完工。
    """
    result = CheckResult()
    done: list[tuple[int, tuple[int, int], str]] = []
    for m in _DONE.finditer(view.clean):
        month, day, what = (
            (m.group(1), m.group(2), m.group(3)) if m.group(1) else (m.group(5), m.group(6), m.group(4))
        )
        done.append((m.start(), (int(month), int(day)), re.sub(r"\s", "", what)))
    for n, (at, date, what) in enumerate(done):
        for at2, date2, what2 in done[n + 1 : n + 6]:
            segment = [s.start <= at < s.end and s.start <= at2 < s.end for s in view.report.text.segments]
            if date == date2 or not any(segment) or not _common(what, what2):
                continue
            sentences = {view.report.text.sentence_at(x) for x in (at, at2)}
            members = [o for s in sorted(sentences) for o in view.by_sentence.get(s, ())]
            message = f"同一事项（{_common(what, what2)}）的完成日期前作{date[0]}月{date[1]}日，后作{date2[0]}月{date2[1]}日。"
            result.findings.append(finding("D4", "date", "warning", [view], members, message))
    return result


def _common(a: str, b: str) -> str:
    """The longest run of characters that two clauses share, when it is long enough to name one work."""
    best = ""
    for i in range(len(a)):
        for j in range(i + max(len(best) + 1, _SAME), len(a) + 1):
            if a[i:j] in b:
                best = a[i:j]
    return best


def linked_rates(view: View, words: Words) -> CheckResult:
    """V3 关联指标: nine years' retention is about the product of the completion rates of primary and junior school; far less needs a word. A note,
    for the cohorts differ.

    Fires: 小学六年完学率92.92%，初中三年完学率85.35%，九年义务教育巩固率68.1%。
    Quiet: 小学六年完学率92.92%，初中三年完学率85.35%，九年义务教育巩固率78.6%。
    """
    result = CheckResult()
    rates = [
        o for o in view.items if o.kind == "share" and o.unit == "%" and o.value and o.status == "actual"
    ]
    for o in rates:
        if not re.search(r"巩固率", view.lead(o, 16)) or "九年" not in view.lead(o, 16):
            continue
        near = [
            x
            for x in rates
            if x.segment == o.segment and abs(x.sentence - o.sentence) < 6 and "完学率" in view.lead(x, 14)
        ]
        primary = next((x for x in near if re.search(r"小学|六年", view.lead(x, 14))), None)
        junior = next(
            (x for x in near if re.search(r"初中|三年", view.lead(x, 14)) and x is not primary), None
        )
        if primary is None or junior is None or not primary.value or not junior.value or not o.value:
            continue
        product = primary.value * junior.value / 100
        if o.value < product * Decimal("0.9"):
            message = f"{view.say(primary)} × {view.say(junior)} = {number(product, 1)}%，九年巩固率{view.text(o)}明显较低；各率的学生不是同一批，请核对。"
            result.findings.append(finding("V3", "range", "info", [view], [primary, junior, o], message))
    return result
