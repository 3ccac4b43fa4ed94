"""G4 multiples and directions of a movement from A to B: 是原来的3倍, 增长2倍, 由1.86%下降到0.92%."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, same_measure
from reportminer.checks.common import verified as holds
from reportminer.checks.intervals import Interval
from reportminer.checks.marked import pattern, sentences
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_UP = r"(?:上升|提高|增加|增长|扩大|增|升|提升|攀升|上涨|增至|扩充|发展)"
_DOWN = r"(?:下降|减少|降低|缩小|压缩|压减|回落|下滑|缩减|减|降|缩短)"
_FROM_TO = pattern(r"(?:由|从)(?P<when>_){a}(?P<how>_)(?:到|至|为)了?(?P<then>~){b}")
_TIMES = pattern(r"(?:由|从)_{a}_(?:到|至|为)了?~{b}，(?P<said>~){n}")
_AS_MUCH = re.compile(
    r"^(?:已?经?)(?:是|为|相当于|达到?)(?:了)?(?:原来|原先|过去|以前|之前|上年|去年|当年|当初|(?:19|20)\d\d年|[^，。]{0,4}(?:末|初|前|时))的?$"
)
_MORE = re.compile(r"^(?:共|净|则)?(?:增长|增加|提高|增|上升|扩大)了?(?:近|约)?$")
_RANKED = re.compile(r"第|位次|名次|排名|排位|序|级|等|档")
_NO_LEVEL = frozenset(("位", "名", "级", "等", "档", "比"))


def multiples(view: View, words: Words) -> CheckResult:
    """G4 倍数与方向: from A to B is so many times as much, or more; what rises ends higher and what falls ends lower.

    Fires: 公用经费由620万元提高到2480万元，增长4倍。
    Fires: 仪器设备总值由1100万元增加到3300万元，是原来的2倍。
    Fires: 辍学率由1.86%上升到0.92%。
    Quiet: 公用经费由620万元提高到2480万元，增长3倍。
    Quiet: 仪器设备总值由1100万元增加到3300万元，是原来的3倍。
    Quiet: 辍学率由1.86%下降到0.92%；全市排名由第9位上升到第6位。
    """
    result = CheckResult()
    for sentence in sentences(view):
        for m in _FROM_TO.finditer(sentence.text):
            f = sentence.found(m)
            _direction(view, f["a"], f["b"], m, result)
        for m in _TIMES.finditer(sentence.text):
            f = sentence.found(m)
            if f["n"].unit == "倍" and f["n"].bound == "eq":
                _multiple(view, f["a"], f["b"], f["n"], m.group("said"), result)
    return result


def _pair(view: View, a: Observation, b: Observation) -> tuple[Interval, Interval] | None:
    i, j = view.interval(a), view.interval(b)
    if not i or not j or a.value is None or b.value is None or not same_measure(a, b) or a.kind != b.kind:
        return None
    if a.kind not in ("level", "price", "share") or a.unit in _NO_LEVEL:
        return None
    return i, j


def _direction(view: View, a: Observation, b: Observation, m: re.Match[str], result: CheckResult) -> None:
    pair = _pair(view, a, b)
    if pair is None or _RANKED.search(m.group("when") + m.group("then") + view.lead(a, 6)):
        return
    if a.scope.get("stage") != b.scope.get("stage") or a.dimension in ("time", "rank"):
        return
    up = re.fullmatch(rf"(?:迅速|大幅|逐步|稳步|逐年|进一步)?{_UP}", m.group("how"))
    down = re.fullmatch(rf"(?:迅速|大幅|逐步|稳步|逐年|进一步)?{_DOWN}", m.group("how"))
    i, j = pair
    if (up and i.above(j)) or (down and j.above(i)):
        assert a.value is not None and b.value is not None
        fell = "小" if up else "大"
        message = f"由{view.text(a)}“{m.group('how')}”到{view.text(b)}，后一个数反而更{fell}。"
        how = arithmetic(view.say(b), view.say(a), j, i, b.value - a.value, a.unit)
        reasons = ["两个数可能写颠倒", f"或应为“{'下降' if up else '上升'}”"]
        result.findings.append(finding("G4", "growth", "error", [view], [a, b], message, how, reasons))


def _multiple(
    view: View, a: Observation, b: Observation, n: Observation, said: str, result: CheckResult
) -> None:
    pair, told = _pair(view, a, b), view.interval(n)
    if pair is None or told is None or not a.value or b.value is None or n.value is None or not pair[0].low:
        return
    quotient, exact = pair[1].over(pair[0]), b.value / a.value
    places = view.printed(n).decimals
    wide = told.widened(Decimal(5).scaleb(-places - 1)) if places else told
    left = f"{view.say(b)}÷{view.say(a)} = {number(exact, 2)}倍"
    how = arithmetic(left, view.text(n), quotient, told, exact - n.value, "倍")
    members = [a, b, n]
    more = quotient - Interval(Decimal(1), Decimal(1))
    if _AS_MUCH.match(said):
        if quotient.meets(wide):
            result.verified.append(holds("G4", "growth", view, members, how))
        else:
            message = f"{left}，不是{view.text(n)}。"
            reasons = ["误把增加的倍数当作总倍数"] if more.meets(wide) else []
            result.findings.append(finding("G4", "growth", "error", [view], members, message, how, reasons))
    elif _MORE.match(said) and quotient.meets(wide) and not more.meets(wide) and a.bound == b.bound == "eq":
        message = f"{left}，即增长{number(exact - 1, 2)}倍，不是增长{view.text(n)}。"
        result.findings.append(
            finding("G4", "growth", "warning", [view], members, message, how, ["误把总倍数当作增加的倍数"])
        )
