"""Movements told in a sentence: which level, base, change and rate belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.checks.common import View, same_measure
from reportminer.core import Observation

_FROM = re.compile(r"[由从自][^，。；]{0,24}$")
_TO = re.compile(r"[^，。；]{0,8}[到至为达]|[^，。；]{0,3}[增升提扩上下降减缩调]")
_THAN = re.compile(r"[比较][^，。；]{0,14}$")
_IS_BASE = re.compile(r"[比较](?:上年|去年|上一年|前年|同期|(?:上年|去年)同期|(?:19|20)\d\d年)的?$")
_OF_PLAN = re.compile(r"预算|计划|任务|目标")
_LAST_YEAR = re.compile(r"同比|[比较](?:上|去|前一?)年(?:同期|度)?|[比较]上学年")
_OTHER_BASIS = re.compile(
    r"[比较](?:20|19)\d\d|比\S{0,6}(?:末|初|前|时)|环比|[比较]\S{0,8}(?:计划|目标|预算|任务|平均|全[省市县国])|高[于出]|低于"
)
#: an increase since a point of time, with the rate behind it against the same point (比年初增加…，增长…)
_SINCE = re.compile(r"[比较](?:年初|上年末|上年底|去年底|去年末|期初)")
_OTHER_BASE = re.compile(r"计划|目标|预算|任务|平均|全[国省市州]|标准|最[高低多]|[高低多少大]于|高出")
_GREW = re.compile(r"增|升|提高|涨|翻|同比|幅|降|减|缩|回落|下滑|压|负")
_CHANGED = re.compile(r"增|升|提高|涨|扩|多|降|减|缩|回落|下滑|压|少|低|提|快|慢|收")
_STOP = re.compile(r"其中|占|人均|户均|分别|[。；;]")
YEARLY = re.compile(r"年均|年平均|平均每年|每年|年递增|年增长")


@dataclass(frozen=True, slots=True)
class Move:
    """One movement told in a sentence: the level now, the level before, the change, the rate (some may be missing)."""

    level: Observation
    base: Observation | None
    change: Observation | None
    rate: Observation | None

    def members(self) -> list[Observation]:
        """The observations present, in reading order."""
        return sorted(
            (o for o in (self.base, self.level, self.change, self.rate) if o), key=lambda o: o.clean_start
        )


def moves(view: View, items: list[Observation]) -> list[Move]:
    """The movements of a sentence: each level with the base, change and rate that stand around it before the next level."""
    found: list[Move] = []
    i = 0
    while i < len(items):
        level = items[i]
        i += 1
        if (
            level.kind not in ("level", "price", "share", "ratio")
            or level.value is None
            or view.interval(level) is None
        ):
            continue
        if _IS_BASE.search(view.before(level, 16)) or _last_years(view, level):
            continue  # 比2014年的A, 今年B，去年A: what is compared with is no level of its own
        base: Observation | None = None
        while (
            i + 1 < len(items)
            and items[i].kind == "share"
            and _OF_PLAN.search(view.between(items[i - 1], items[i]))
            and _is_base_of(view, level, items[i], items[i + 1])
        ):
            i += 1  # A，为预算的100.6%，比上年的B增长…
        if i < len(items) and _is_pair(view, level, items[i]):
            gap = view.between(items[i - 1], items[i])
            if _FROM.search(view.before(level, 26)) and _TO.match(gap) and len(gap) <= 16:
                base, level = level, items[i]  # 由 A 增加到 B
                i += 1
            elif _THAN.search(gap) and not _OTHER_BASE.search(gap) and len(gap) <= 24:
                base = items[i]  # A，比上年的 B 增加…
                i += 1
        change, rate, i = _around(view, items, i, level)
        move = Move(level, base, change, rate)
        if (base or change) and (change or rate) and _sound(view, move):
            found.append(move)
    return found


def _last_years(view: View, o: Observation) -> bool:
    """Whether a level is only told as the base of the one in front of it (今年312人，去年278人，增加34人)."""
    i = view.position[o.id]
    before = view.items[i - 1] if i else None
    lead = re.sub(r"(?:只|仅)?(?:为|是|有|达|完成)$", "", view.lead(o, 12))
    return (
        before is not None
        and before.sentence == o.sentence
        and before.kind == o.kind
        and same_measure(before, o)
        and bool(re.fullmatch(r"[，,（(、](?:而)?(?:去年|上年|上一年|前年)(?:同期)?", lead))
    )


def _is_base_of(view: View, level: Observation, share: Observation, o: Observation) -> bool:
    return _is_pair(view, level, o) and _IS_BASE.search(view.between(share, o)) is not None


def _is_pair(view: View, a: Observation, b: Observation) -> bool:
    return (
        b.kind == a.kind
        and b.value is not None
        and same_measure(a, b)
        and not re.search(r"[。；;]", view.between(a, b))
    )


def _around(
    view: View, items: list[Observation], i: int, level: Observation
) -> tuple[Observation | None, Observation | None, int]:
    """Change and rate behind a level, and where to go on. Shares of a plan may stand between (为预算的98%，同比下降3.2%)."""
    change: Observation | None = None
    rate: Observation | None = None
    while i < len(items):
        o = items[i]
        gap = view.between(items[i - 1], o)
        if o.kind == "share" and level.kind == "level" and _OF_PLAN.search(gap) and len(gap) < 16:
            i += 1
            continue
        if o.kind not in ("growth", "change") or _STOP.search(gap) or len(gap) > 24 or o.value is None:
            break
        other = _OTHER_BASIS.search(gap) and not (o.kind == "change" and _SINCE.search(gap))
        if (change is None and rate is None and other) or _another_basis(view, change or rate, gap):
            break
        if not (_GREW if o.kind == "growth" else _CHANGED).search(gap + view.text(o)):
            break
        if o.kind == "growth" and rate is None and o.unit in ("%", "倍"):
            rate = o
        elif (
            o.kind == "change"
            and change is None
            and not YEARLY.search(gap)
            and (o.unit == level.unit or (o.unit == "百分点" and level.unit == "%"))
        ):
            change = o
        else:
            break
        i += 1
    return change, rate, i


def _another_basis(view: View, earlier: Observation | None, gap: str) -> bool:
    """Whether a second figure is told against something else than the first (比2015年增加…，同比增长…)."""
    if earlier is None or not re.search(r"同比|环比|[比较]", gap):
        return False
    return not (
        _LAST_YEAR.search(gap)
        and (_LAST_YEAR.search(view.lead(earlier)) or not re.search(r"[比较]", view.lead(earlier)))
    )


def _sound(view: View, m: Move) -> bool:
    """Whether the movement may be tested: one status, one area, and no list (分别) around."""
    members = m.members()
    around = view.before(members[0], 30) + view.between(members[0], members[-1])
    if "分别" in around or re.search(r"各(?!项[存贷])", view.before(members[0], 8)):
        return False
    return (
        len({o.status for o in (m.level, m.rate, m.change) if o}) == 1 and len({o.area for o in members}) == 1
    )
