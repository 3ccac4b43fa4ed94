"""G4 change and growth from two levels, or from a level and its change; G5 average growth over years."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from reportminer.checks.common import (
    INFERRED,
    View,
    arithmetic,
    finding,
    number,
    period_years,
    same_measure,
    verified,
)
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.checks.moves import YEARLY, Move, moves
from reportminer.checks.paired_levels import paired_levels
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_DOWN = re.compile(r"下降|减少|降低|回落|压减|缩短|减至|降至|下滑|减")
_ROSE = re.compile(r"增加|增长|提高|上升|净增|新增")
_COMPARABLE = re.compile(r"可比|同口径|实际增长|扣除|不变价|名义|剔除|同比例")
#: growth of these is told at constant prices, so it need not follow from the levels
_REAL = frozenset(
    (
        "gdp",
        "value_added",
        "gdp_per_capita",
        "income_urban",
        "income_rural",
        "income_other",
        "retail_sales",
        "fixed_investment",
    )
)
#: told at current prices when the increase in yuan stands beside the rate
_NOMINAL = frozenset(("income_urban", "income_rural", "income_other", "retail_sales"))
_REAL_GAP, _YEARLY_GAP = (
    Decimal(8),
    Decimal("0.3"),
)  # percentage points beyond which an average rate is doubted
#: real incomes do not outgrow the nominal ones, however the years are counted
_INCOMES = frozenset(("income_urban", "income_rural", "income_other"))
_GROWS = re.compile(
    r"同期|同比|环比|[比较](?:上|去|前)?年?(?:初|末|同期)?|\d{4}年|一年|五年|三年|增[长加幅速收支]?|提[高升]|上升|扩大|下[降滑]|减[少幅]?|降[低幅]?|回落|年均|年平均|平均每年|平均|分别|约|近|达到?|为|了|也|均|实际|累计|共|净|完成|实现|率|总|的|由|从|翻|幅度|速度|是|又|再|其"
)
_ONE = Interval(Decimal(1), Decimal(1))
_HUNDRED = Decimal(100)
_GRAVITY: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Tested:
    """One relation of a movement: computed against stated, and how grave it is when they exclude each other (None: it holds)."""

    left: str
    right: str
    computed: Interval
    stated: Interval
    off: Decimal
    severity: Severity | None
    explanations: list[str] = field(default_factory=list)


_DOUBLED = (Decimal("0.9"), Decimal("1.3"))


def growth(view: View, words: Words) -> CheckResult:
    """G4 增减与增速: level − base = change, and change ÷ base = rate; average rates over years (G5) from both ends.

    Growth at constant prices (生产总值, 增加值, 收入) and on a comparable basis (同口径) is left alone.

    Fires: 本科上线4218人，比上年的3896人增加322人，增长13.2%。
    Fires: 财政收入完成28402万元，同比增长13.4%，增收3881万元。
    Fires: 完全小学由134所减少到110所，减少42所。
    Fires: 去年完成投资3.6亿元，今年完成4.5亿元，增长35%。
    Fires: 存款余额168.4亿元，比年初增加19.7亿元，增长23.2%。
    Quiet: 本科上线4218人，比上年的3896人增加322人，增长8.3%。
    Quiet: 今年一本上线312人，去年278人，增加34人，增长12.2%。
    Quiet: 巩固率由81.3%上升到90.6%，提高9.3个百分点。
    Quiet: 生产总值61.5亿元，增长8.1%；财政收入3.9亿元，增收0.2亿元。
    """
    result = CheckResult()
    pairs = paired_levels(view)
    for move in pairs:
        _judge(view, move, result)
    paired = {o.id for move in pairs for o in (move.change, move.rate) if o}
    for items in view.by_sentence.values():
        if any(o.kind in ("growth", "change") for o in items):
            for move in moves(view, items):
                if not {o.id for o in (move.change, move.rate) if o} & paired:
                    _judge(view, move, result)
    return result


def _of_whole(view: View, m: Move) -> Move | None:
    """The same movement told of the whole whose parts were listed (学生100人，其中小学60人、初中40人，比上年增加5人)."""
    whole = view.by_id.get(m.level.part_of or "")
    if whole is None or not same_measure(whole, m.level) or whole.sentence != m.level.sentence:
        return None
    return Move(whole, m.base, m.change, m.rate)


def _judge(view: View, m: Move, result: CheckResult) -> None:
    tests = [t for t in (_change(view, m), _rate(view, m)) if t]
    wrong = [t for t in tests if t.severity]
    other = _of_whole(view, m) if wrong else None
    if other:
        again = [t for t in (_change(view, other), _rate(view, other)) if t]
        if again and not any(t.severity for t in again):
            tests, wrong, m = again, [], other
        elif not m.base:
            return  # two readings, and neither is certain
        elif "总" in view.between(m.level, m.base):
            tests, m = again, other  # 甲100台、乙80台，总数比上年的150台增加…
            wrong = [t for t in again if t.severity]
    if not wrong:
        for t in tests:
            how = arithmetic(t.left, t.right, t.computed, t.stated, t.off, m.level.unit)
            yearly = m.rate is not None and (YEARLY.search(view.before(m.rate, 12)) or other is not None)
            real = m.level.indicator in _REAL and not (m.base and m.change)
            note = INFERRED + "不变价或年均增速，可以与名义数不同" if yearly or real else ""
            result.verified.append(verified("G4", "growth", view, m.members(), how, note))
        return
    if m.rate is not None and _of_another_thing(view, m.level, m.rate):
        return
    first = wrong[0]
    message = "；".join(f"{t.left}，不是{t.right}" for t in wrong)
    if len(tests) > len(wrong):
        message += f"（{'、'.join(t.left for t in tests if not t.severity)}相符）"
    grave = min((t.severity for t in wrong if t.severity), key=_GRAVITY.index)
    how = arithmetic(first.left, first.right, first.computed, first.stated, first.off)
    explanations = [e for t in wrong for e in t.explanations]
    result.findings.append(
        finding("G4", "growth", grave, [view], m.members(), message + "。", how, explanations)
    )


def _of_another_thing(view: View, level: Observation, rate: Observation) -> bool:
    """Whether the words in front of a rate name something else than the level (由12个班扩大到36个班，学生增长2.2倍)."""
    words = re.split(r"[，,（(]", view.between(level, rate))
    if len(words) < 2 or re.search(r"\d|比|较|由|从", words[-1]):
        return False
    noun = _GROWS.sub("", words[-1])
    name = view.before(level, 40) + level.label
    return len(noun) > 1 and not any(noun[k : k + 2] in name for k in range(len(noun) - 1))


def _signed(view: View, o: Observation) -> tuple[Decimal, Interval] | None:
    """A change or rate with its sign; a word of decrease in front counts when the value carries none."""
    told = view.interval(o)
    if told is None or o.value is None:
        return None
    if o.value > 0 and _DOWN.search(view.lead(o)[-6:]):
        return -o.value, -told
    return o.value, told


def _change(view: View, m: Move) -> Tested | None:
    """level − base = change."""
    if m.base is None or m.change is None or m.level.value is None or m.base.value is None:
        return None
    level, base, told = view.interval(m.level), view.interval(m.base), _signed(view, m.change)
    if level is None or base is None or told is None:
        return None
    moved, off = level - base, m.level.value - m.base.value
    f = view.printed(m.level).factor
    left = f"{number(m.level.value / f, 6)} − {number(m.base.value / f, 6)} = {view.show(off, m.change)}"
    if moved.meets(told[1]) or (moved.meets(-told[1]) and not _turned(view, m)):
        return Tested(left, view.text(m.change), moved, told[1], off - told[0], None)
    p = view.printed(m.change)
    fixed = slip(p.number, abs(off) / p.factor, p.decimals)
    explanations = [f"变动数可能是{view.show(abs(off), m.change)}（{fixed}）"] if fixed else []
    plain = m.level.bound == m.base.bound == m.change.bound == "eq"
    return Tested(
        left,
        view.text(m.change),
        moved,
        told[1],
        off - told[0],
        "error" if plain else "warning",
        explanations,
    )


def _turned(view: View, m: Move) -> bool:
    """Whether the words right in front of the change say the other direction than the levels (比上年的100人增加5人 for 95人)."""
    assert (
        m.change is not None and m.level.value is not None and m.base is not None and m.base.value is not None
    )
    lead = view.lead(m.change)[-8:] + view.text(m.change)
    said = _ROSE.search(lead), _DOWN.search(lead)
    if bool(said[0]) == bool(said[1]) or m.level.bound != "eq" or m.base.bound != "eq":
        return False
    return bool(said[0]) == (m.level.value < m.base.value)


def _base(view: View, m: Move) -> tuple[Interval, Decimal, str] | None:
    """The earlier level: as stated, or the level less its change."""
    if m.base:
        stated = view.interval(m.base)
        return (stated, m.base.value, view.say(m.base)) if stated and m.base.value else None
    level = view.interval(m.level)
    told = _signed(view, m.change) if m.change else None
    if (
        told is None
        or level is None
        or m.level.value is None
        or m.change is None
        or m.change.unit != m.level.unit
    ):
        return None
    value = m.level.value - told[0]
    return level - told[1], value, view.show(value, m.level)


def _rate(view: View, m: Move) -> Tested | None:
    """change ÷ base = rate."""
    before, level = _base(view, m), view.interval(m.level)
    told = _signed(view, m.rate) if m.rate else None
    if (
        m.rate is None
        or before is None
        or level is None
        or told is None
        or m.level.value is None
        or level.low is None
    ):
        return None
    base, value, words = before
    if value <= 0 and m.change and not m.base and m.rate.bound == m.level.bound == "eq" and told[0] > 0:
        left = f"{view.say(m.level)} − {view.say(m.change)} = {words}"
        off = told[0]
        return Tested(
            left,
            f"增长{view.text(m.rate)}所需的正基数",
            base,
            told[1],
            off,
            "warning",
            ["增量不应大于本期数"],
        )
    if value <= 0 or base.low is None or base.low <= 0:
        return None
    quotient, exact = level.over(base), m.level.value / value
    if YEARLY.search(view.before(m.rate, 12)):
        return _yearly(view, m, quotient, exact, told[1])
    if m.rate.unit == "倍":
        left = f"{view.say(m.level)}÷{words} = {number(exact, 3)}倍"
        holds = quotient.meets(told[1]) or (quotient - _ONE).meets(told[1])
        if "翻" in view.text(m.rate) and not holds and told[0] > 0:
            holds = _DOUBLED[0] <= exact / told[0] <= _DOUBLED[1]  # 翻番 is a way of speaking
        severity: Severity | None = None if holds else "warning"
        return (
            Tested(left, view.text(m.rate), quotient, told[1], exact - told[0], severity)
            if holds or m.base
            else None
        )
    return _percent(view, m, level, base, quotient, exact, words, told)


def _percent(
    view: View,
    m: Move,
    level: Interval,
    base: Interval,
    quotient: Interval,
    exact: Decimal,
    words: str,
    told: tuple[Decimal, Interval],
) -> Tested | None:
    assert m.rate is not None and m.level.value is not None
    grown, percent = (quotient - _ONE).scaled(_HUNDRED), (exact - 1) * 100
    p = view.printed(m.rate)
    digit = Decimal(1).scaleb(-p.decimals)
    rate = told[1].widened(digit / 2) if m.rate.bound == "eq" else told[1]  # cut off instead of rounded
    left = f"（{view.say(m.level)} − {words}）÷{words} = {number(percent, p.decimals + 2)}%"
    off = percent - told[0]
    points = m.level.unit == "%" and m.base is not None and (level - base).meets(rate)
    if grown.meets(rate) or points:
        return Tested(left, view.text(m.rate), grown, rate, off, None)
    of_this = _of_this_year(view, m, rate)
    if (
        m.level.indicator in _REAL
        and not (m.change and (m.base or m.level.indicator in _NOMINAL))
        and not of_this
    ) or _COMPARABLE.search(view.before(m.rate, 10)):
        return None
    explanations = [of_this] if of_this else []
    shown = abs(percent).quantize(digit)
    fixed = slip(abs(told[0]), shown, p.decimals)
    if fixed:
        explanations.append(f"增幅可能是{number(shown, p.decimals)}%（{fixed}）")
    if told[0] > -100:
        explanations.append(f"按所述增幅，基数应为{view.show(m.level.value / (1 + told[0] / 100), m.level)}")
    doubtful = m.level.indicator in _REAL and not m.base and not of_this
    plain = (
        not doubtful
        and m.rate.bound == m.level.bound == "eq"
        and (m.change or not _COMPARABLE.search(view.before(m.level, 30)))
    )
    severity: Severity = "error" if plain else "warning"
    if abs(off) <= digit * Decimal("1.5"):
        severity = "info"  # a careless rounding
    return Tested(left, view.text(m.rate), grown, rate, off, severity, explanations)


def _of_this_year(view: View, m: Move, rate: Interval) -> str | None:
    """Whether the rate is the change divided by the new level: the base was confused."""
    told = _signed(view, m.change) if m.change else None
    level = view.interval(m.level)
    if told is None or level is None or m.change is None or m.base or not level.low or told[0] <= 0:
        return None
    wrong = told[1].over(level).scaled(_HUNDRED)
    return f"误以本期数{view.say(m.level)}作基数" if wrong.meets(rate) else None


def _yearly(view: View, m: Move, quotient: Interval, exact: Decimal, rate: Interval) -> Tested | None:
    """G5: the average rate over n years; n, n + 1 and n − 1 are tried."""
    first, last = period_years(m.base.period) if m.base else None, period_years(m.level.period)
    if (
        m.base is None
        or m.rate is None
        or m.rate.value is None
        or m.rate.unit != "%"
        or not first
        or not last
    ):
        return None
    n = last[1] - first[1]
    if n < 1 or quotient.low is None or quotient.high is None or quotient.low <= 0:
        return None
    p = view.printed(m.rate)
    wide = rate.widened(Decimal(1).scaleb(-p.decimals) / 2)
    powers = [Decimal(1) / k for k in (n, n + 1, n - 1) if k > 0]
    spans = [Interval((quotient.low**k - 1) * 100, (quotient.high**k - 1) * 100) for k in powers]
    spans += [Interval((quotient.low - 1) * 100 / k, (quotient.high - 1) * 100 / k) for k in (n, n + 1)]
    percent = (exact ** powers[0] - 1) * 100
    left = f"（{view.say(m.level)}÷{view.say(m.base)}）开{n}次方 − 1 = {number(percent, p.decimals + 2)}%"
    off = percent - m.rate.value
    if any(span.meets(wide) for span in spans):
        return Tested(left, view.text(m.rate), spans[0], rate, off, None)
    nearest = min(abs(p - m.rate.value) for span in spans for p in (span.low, span.high) if p is not None)
    above = m.level.indicator in _INCOMES and off < -_YEARLY_GAP and nearest > _YEARLY_GAP
    if m.rate.bound != "eq" or (
        nearest <= (_REAL_GAP if m.level.indicator in _REAL else _YEARLY_GAP) and not above
    ):
        return None
    return Tested(left, view.text(m.rate), spans[0], rate, off, "warning", [f"按{n}年计算"])
