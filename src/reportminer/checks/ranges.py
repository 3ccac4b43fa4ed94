"""V1 impossible values, V2 rates over 100 %, V4 modifiers that exclude each other."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, finding
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_WHOLE_THINGS = frozenset("所人户家栋台辆名座头只")
_MEAN = re.compile(r"平均|人均|生均|户均|校均|班均|均|每|折合|折算|当量")
_SPREAD = re.compile(
    r"每[^，。；]{0,4}(?:拥有|配|有)|平均|[人生师校班户村园]均|折合"
)  # holds for a whole sentence
_RATIO = re.compile(r"比|系数|率|均|每|指数|[%％‰]|额$|度$|倍|班额|年限")
_DOWNWARD = re.compile(r"^(?:将?近|不足|不到|不满|未满)")
_OF_PLAN = re.compile(
    r"(?:占|达到?|为|完成)[^，。；]{0,8}(?:规划|计划|任务|概算|目标|合同|批复|下达|应)[^，。；]{0,8}$"
)
_BALANCED = re.compile(r"温|利润|结余|盈|亏|差额|净|余额|海拔|顺差|逆差|增|减|降")


def valid_range(view: View, words: Words) -> CheckResult:
    """V1/V2 值域: a bounded rate over 100 %, a part of an indivisible thing, a negative count.

    Fires: 学龄儿童净入学率达100.6%。
    Fires: 全县新建学校2.5所。
    Quiet: 初中毛入学率101.9%。
    Quiet: 采购设备1190万元，占总规划采购任务的107%。
    Quiet: 平均每村有教师2.5人。
    """
    result = CheckResult()
    for o in view.items:
        if o.value is None or o.masked:
            continue
        if o.unit == "%" and o.kind == "share":
            _over_hundred(view, words, o, result)
        elif o.kind == "level" and o.unit in _WHOLE_THINGS:
            name = view.lead(o)
            if (
                o.value != o.value.to_integral_value()
                and o.bound == "eq"
                and view.printed(o).factor == 1
                and not _MEAN.search(name[-12:] + o.label)
                and not _SPREAD.search(view.before(o, 80))
                and not _mean_cell(view, o)
            ):
                message = f"{o.label or '数量'}{view.text(o)}：{o.unit}不能有小数。"
                result.findings.append(
                    finding("V1", "range", "error", [view], [o], message, None, ["可能漏写“万”，或是平均数"])
                )
            elif o.value < 0 and not _BALANCED.search(name + o.label):
                result.findings.append(
                    finding(
                        "V1",
                        "range",
                        "warning",
                        [view],
                        [o],
                        f"{o.label or '数量'}{view.text(o)}：数量不能为负。",
                    )
                )
    return result


def _mean_cell(view: View, o: Observation) -> bool:
    """Whether a figure is the cell of a table whose row or column is headed as a ratio, a coefficient, a mean or a rate."""
    for table in view.report.text.tables:
        if not table.start <= o.clean_start < table.end:
            continue
        cell = next((c for c in table.cells if c.start <= o.clean_start < max(c.end, c.start + 1)), None)
        if cell is None:
            return False
        heads = [
            c
            for c in table.cells
            if (c.row == cell.row and c.col < cell.col) or (c.col == cell.col and c.row < cell.row)
        ]
        return any(_RATIO.search(view.clean[c.start : c.end]) for c in heads)
    return False


# 完成投资…，占总投资的103%: more may be spent than was planned
_OF_INVESTMENT = re.compile(r"占[^，。；]{0,6}(?:总投资|计划投资|概算|投资额|预算)(?:的|额)*$")


def _over_hundred(view: View, words: Words, o: Observation, result: CheckResult) -> None:
    i = view.interval(o)
    if i is None or i.low is None or i.low <= 100 or o.value is None:
        return
    name = view.lead(o, 30)
    clause = re.sub(r"一般公共预算|公共财政预算|财政预算", "", re.split(r"[，。；：]", name)[-1] or name)
    if (
        words.unbounded.search(clause)
        or words.unbounded.search(o.label)
        or words.unbounded.search(re.split(r"[，,。；;、]", view.after(o, 6))[0])
    ):
        return
    if _OF_PLAN.search(clause) or (
        _OF_INVESTMENT.search(clause) and o.indicator in ("rate_completion", "share_other")
    ):
        return
    bounded = (
        words.bounded.search(clause)
        or words.bounded.search(o.label)
        or re.search(r"占[^，。；]{0,20}$", clause)
    )
    severity: Severity = "error" if bounded else "warning"
    if not bounded and not re.search(r"率|比例|占", clause + o.label):
        return
    what = o.label or (bounded.group() if bounded else "该比率")
    fixes = []
    if o.value < 1000 and (o.value / 10) <= 100:
        fixes.append(f"小数点可能错位，应为{(o.value / 10).normalize():f}%")
    if "入学率" in clause or "入园率" in clause:
        fixes.insert(0, "若为毛入学率则可超过100%")
    result.findings.append(
        finding(
            "V2", "range", severity, [view], [o], f"{what}{view.text(o)}超过100%，不可能成立。", None, fixes
        )
    )


def clash(view: View, words: Words) -> CheckResult:
    """V4 限定词矛盾: one expression says both below and above (近…以上).

    Fires: 仍有近10%以上的学校不能开课。
    Quiet: 仍有近10%的学校不能开课。
    Quiet: 完成率在90%以上。
    """
    result = CheckResult()
    for o in view.items:
        text = view.text(o)
        head = text if _DOWNWARD.match(text) else view.before(o, 2)[-2:] + text
        if (
            o.value is not None
            and (_DOWNWARD.match(text) or re.match(r"^(?:.?近|不足|不到)\d", head))
            and re.search(r"以上|[多余]", text)
        ):
            if "余" in text and re.search(r"其余|余下", text):
                continue
            message = f"“{text}”既说不到又说超过{_plain(o.value)}{o.unit or ''}，限定词相互矛盾。"
            result.findings.append(
                finding("V4", "range", "warning", [view], [o], message, None, ["删去“近”或“以上”之一"])
            )
    return result


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
