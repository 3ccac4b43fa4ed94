"""T3 masked figures: told, never computed with."""

from __future__ import annotations

from reportminer.checks.common import View, finding
from reportminer.checks.words import Words
from reportminer.core import CheckResult


def masked(view: View, words: Words) -> CheckResult:
    """T3 占位或丢失的数字: the figure must not be used.

    Fires: 全年投入建设资金xx多万元。
    Quiet: 全年投入建设资金160多万元。
    """
    result = CheckResult()
    for o in view.items:
        if o.masked:
            text = view.text(o)
            name = o.label or "该数字"
            lost = not any(c in text for c in "xXｘＸ×*＊某□○〇?？Oo")
            message = f"{name}“{text}”{'缺少数字' if lost else '的数字被遮盖或丢失'}，不能使用。"
            result.findings.append(finding("T3", "masked", "info", [view], [o], message))
    return result
