"""Facts that several reports state: the same area, indicator, name, kind, unit and scope, ready to be compared across reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportminer.checks.common import View, period_years
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import Observation
from reportminer.names import core
from reportminer.restore.gazetteer import gazetteer

#: names that say nothing of what was paid for or counted: two figures so called need not be one fact
_BARE = re.compile(
    r"(?:投入|安排|下达|拨付|中央|省级?|市级?|县级?|区级?|财政|各级|国债|专项|项目|资金|投资|经费|补助|贷款|支持|用于|新|各类|活动|工程|人|学校|学生|教师|比例|占|率)*"
)
_MONEY_NEAR = re.compile(r"[^，。；]{0,6}(?:资金|经费|资源|力量|项目)")
_UNDONE_REACH = 40  # characters between such a word and the figure it explains
_PRELIMINARY = re.compile(
    r"快报数?|初步(?:统计|核算|测算)?数|初报|预报数|上报数"
)  # a later report says what the earlier figure was
_AT_START = re.compile(r"年初|期初|上年[末底]|去年[末底]|年初的")
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its report and what its print allows."""

    view: View
    o: Observation
    interval: Interval

    @property
    def report_year(self) -> int:
        """The year the report speaks of."""
        return self.view.report.year or 0

    @property
    def year(self) -> int | None:
        """The one year that the figure speaks of, None for spans."""
        years = period_years(self.o.period)
        return years[1] if years and (years[0] == years[1] or self.told_total) else None

    @property
    def told_total(self) -> bool:
        """Whether the words call the figure cumulative."""
        return "累计" in self.o.label + self.view.lead(self.o, 14) or self.o.scope.get("basis") == "累计"


def names_year(fact: Fact) -> bool:
    """Whether the words in front of a figure name its year (2020年, 去年): a year that was only inferred proves no restatement."""
    if fact.year == fact.report_year:
        return True
    return bool(re.search(rf"{fact.year}年|去年|上年|上一年", fact.view.before(fact.o, 40)))


def key_of(o: Observation) -> Key:
    """What must agree before two figures are compared; a basis (累计, 当年) that only one of them names does not set them apart."""
    scope = tuple(sorted((k, v) for k, v in o.scope.items() if k != "basis"))
    return (o.area_code or o.area, o.indicator, core(o.label), o.kind, o.unit, scope)


def comparable(o: Observation) -> bool:
    """Whether a figure says enough of itself to be compared with another report's."""
    return (
        o.status == "actual"
        and o.kind in ("level", "price", "share")
        and o.value is not None
        and not o.masked
        and bool(o.area and o.period and len(core(o.label)) > 1)
        and (not _BARE.fullmatch(core(o.label)) or o.kind == "share")
        and o.indicator not in ("other", "duration")
    )


def collect(views: Sequence[View], by_year: bool) -> dict[Key, list[Fact]]:
    """The facts of all reports by key (and by the year they speak of), one per report, in the order of the reports' years. A report that
    states two different values of a key says nothing of it here: the key is too coarse for it, or R1 tells. Linear in the figures."""
    cells: dict[Key, list[Fact]] = {}
    for view in sorted(views, key=lambda v: (v.report.year or 0, v.source)):
        if view.report.year is None:
            continue
        once: dict[Key, list[Fact]] = {}
        for o in view.items:
            i = view.interval(o) if comparable(o) else None
            if i is None:
                continue
            if _AT_START.search(view.before(o, 14)):
                continue  # 由年初的131个减到86个: it is the year before that it ended
            fact = Fact(view, o, i)
            if fact.year is None:
                continue
            key = (*key_of(o), fact.year, fact.told_total)
            once.setdefault(key, []).append(fact)
        for key, stated in once.items():
            if all(a.interval.meets(b.interval) for a, b in pairwise(stated)):
                cells.setdefault(key if by_year else key[:-2], []).append(stated[0])
    return cells


def base_break(words: Words, *facts: Fact) -> str | None:
    """Words around the figures, or a year of the calendar between them, that explain why they may differ: a reason, or None."""
    for fact in facts:
        span = fact.view.report.text.sentences[fact.o.sentence]
        text = re.sub(r"\s", "", fact.view.clean[span.start : min(len(fact.view.clean), span.end + 60)])
        told = words.breaks.search(text) or _PRELIMINARY.search(text) or _undone(words, fact)
        if told:
            return f"报告写明“{told.group()}”"
    if len(facts) > 1 and (moved := _division_break(*facts[:2])):
        return moved
    span = facts[0].view.report.text.sentences[facts[0].o.sentence]
    early = words.early.search(facts[0].view.clean[span.start : span.end])
    return f"先报的是“{early.group()}”数" if early else None


def _undone(words: Words, fact: Fact) -> re.Match[str] | None:
    """Closures, mergers and the like, when they are told of the thing counted: 因学校撤并，标准化学校减为128所. 整合资金 explains no count of schools."""
    if fact.o.kind != "level" or fact.o.unit in ("元", "%", "‰"):
        return None
    text = fact.view.clean
    start = max(text.rfind(c, 0, fact.o.clean_start) for c in "。；;\n") + 1
    stop = min((i for c in "。；;\n" if (i := text.find(c, fact.o.clean_end)) >= 0), default=len(text))
    for m in words.undone.finditer(text, start, stop):
        if not _MONEY_NEAR.match(text, m.end()) and abs(m.start() - fact.o.clean_start) <= _UNDONE_REACH:
            return m
    return None


def _division_break(a: Fact, b: Fact) -> str | None:
    """A change of the division itself between the years of two figures: founded anew, renamed, another code."""
    first, last = sorted((a.report_year, b.report_year))
    for region in gazetteer().by_code.get(b.o.area_code or a.o.area_code or "", ()):
        if region.since and first < region.since <= last:
            return f"{region.since}年区划变动（{region.name}）"
    return None


def calendar_break(words: Words, indicator: str, first: int, last: int) -> str | None:
    """A known break of the indicator's basis in the years after ``first`` up to ``last``."""
    for year, indicators, why in words.calendar:
        if first < year <= last and indicator in indicators:
            return f"{year}年{why}"
    return None
