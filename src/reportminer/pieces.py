"""Checks across reports and the comparison for more reports than fit into memory: what never meets is done in separate pieces.

A check that compares figures of one area, or of the counties of one city, needs the reports that speak of it and no others; one that compares
an indicator over all areas needs the figures of that indicator in one year; one that looks for copied passages needs the reports that share a run of
figures; one that looks for lists of the year needs the reports of an area that have some. A check that is in none of these lists sees all reports at once: correct first, small where it is known how.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import repeat
from pathlib import Path

import numpy as np

from reportminer.checks import ACROSS, View, Words, load
from reportminer.checks.copied import COMMON
from reportminer.checks.outliers import standing_out
from reportminer.comparison import compare
from reportminer.core import CheckResult, ComparisonCell, Finding, Observation, Report, TextMap
from reportminer.documents import Document, Held, PartReports, held
from reportminer.lexicon import Lexicon
from reportminer.parts import Parts
from reportminer.summaries import Summary, place_of, rate_of

#: checks that compare figures of one area, or of a city with those of its counties
BY_PLACE = frozenset({"G7", "G4x", "G6", "U1x", "X4", "P4"})
#: checks that compare rates, shares and prices of one indicator and year over all areas, and tell other years of an area that they found
BY_INDICATOR = frozenset({"V5"})
#: checks that look for runs of three equal figures
BY_RUN = frozenset({"N1"})
#: checks that compare what reports of one area say of its lists of the year
BY_LIST = frozenset({"X1a"})
_PIECE = 300  # reports in memory at once, where a piece can be as small
Keep = Callable[[Observation], bool]


class Index:
    """Which reports hold figures of which place, area name and indicator, and which share a run of figures. A few dozen bytes a figure."""

    def __init__(self) -> None:
        self.places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.names: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.rates: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.lists: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._runs = array("Q")
        self._of = array("I")
        self._starts = array("Q", (0,))  # where the runs of each report begin
        self.reports = 0

    def add(self, n: int, gist: Summary) -> None:
        """Note report number ``n``; numbers grow."""
        self.reports = n + 1
        for table, keys in (
            (self.places, gist.cities),
            (self.names, gist.areas),
            (self.rates, gist.rates),
            (self.lists, gist.lists),
        ):
            for key in keys:
                table[sys.intern(key)].append(n)
        self._runs.frombytes(gist.runs)
        self._of.extend(repeat(n, len(self._runs) - len(self._of)))
        self._starts.append(len(self._runs))

    def partners(self) -> tuple[dict[int, set[int]], dict[int, list[int]]]:
        """Report → the reports at or behind it that share a run of figures with it; and the runs in so many places that none counts, each with
        as many of its reports as show that."""
        if not self._runs:
            return {}, {}
        runs, of = np.frombuffer(self._runs, dtype=np.uint64), np.frombuffer(self._of, dtype=np.uint32)
        order = np.argsort(runs, kind="stable")
        edges = np.flatnonzero(np.concatenate(([True], runs[order][1:] != runs[order][:-1], [True])))
        found: dict[int, set[int]] = defaultdict(set)
        common: dict[int, list[int]] = {}
        for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if end - start < 2:
                continue
            holders = of[order[start:end]].tolist()
            if end - start > COMMON:
                common[int(runs[order[start]])] = holders[: COMMON + 1]
                continue
            for k, n in enumerate(holders):
                found[n].update(holders[k:])
        return found, common

    def runs_of(self, n: int) -> Sequence[int]:
        """The runs of figures of a report, one for each place."""
        return self._runs[self._starts[n] : self._starts[n + 1]]


def _chunks(table: Mapping[str, Sequence[int]]) -> Iterator[tuple[set[str], list[int]]]:
    """Keys in order, as many at a time as their reports make a piece: the keys and the numbers of their reports."""
    keys: set[str] = set()
    numbers: set[int] = set()
    for key in sorted(table):
        more = numbers.union(table[key])
        if keys and len(more) > _PIECE:
            yield keys, sorted(numbers)
            keys, more = set(), set(table[key])
        keys.add(key)
        numbers = more
    if keys:
        yield keys, sorted(numbers)


def slim(report: Report, keep: Keep) -> Report:
    """A report with only the figures that ``keep`` wants and their neighbours, whose ends and rates checks look at; without the raw text."""
    items = View(report).items
    wanted: set[int] = set()
    for n, o in enumerate(items):
        if keep(o):
            wanted.update((n - 1, n, n + 1))
    kept = tuple(o for n, o in enumerate(items) if n in wanted)
    text = report.text
    raw = replace(text.raw, text="", hidden=(), tables=())
    return Report(replace(text, raw=raw, map=TextMap(()), tables=()), kept, report.coverage)


@dataclass(frozen=True)
class Piece:
    """Some reports (name and part of each) and what is looked for in them: findings about the figures of ``keys``, or (``of`` is ``run``) about
    passages whose first report is one of ``keys``; or (``compare``) the cells of the areas ``keys``; or (``outlier``) what is to be said of the one
    figure in ``keys``, whose rate is ``rate``."""

    of: str
    keys: frozenset[str]
    documents: tuple[tuple[str, str], ...]
    rate: str = ""


@dataclass
class Told:
    """What checks across reports said of a piece: findings, and relations that hold as their lines. ``places``: those of figures that findings of one
    report name; ``outliers``: figures (id, rate and place) that stand out in their year, of which is said more when their area's other years are at hand."""

    findings: list[Finding] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    outliers: list[tuple[str, str, str]] = field(default_factory=list)


Cells = tuple[ComparisonCell, ...]


_KEYS: dict[str, Callable[[Observation], str]] = {"place": place_of, "indicator": rate_of}
_CHECKS = {
    "place": BY_PLACE,
    "indicator": BY_INDICATOR,
    "outlier": BY_INDICATOR,
    "run": BY_RUN,
    "list": BY_LIST,
}
_KNOWN = frozenset().union(*_CHECKS.values())


def solved(piece: Piece, parts: Parts, lexicon: Lexicon) -> Told | Cells:
    """What a piece yields."""
    reports = PartReports([Document(s, Path(part), (s,)) for s, part in piece.documents], parts)
    if piece.of == "compare":
        kept = [
            replace(r, observations=tuple(o for o in r.observations if o.area in piece.keys)) for r in reports
        ]
        return tuple(compare(kept).cells)
    words = load(lexicon)
    if piece.of == "all":
        others = [ACROSS[c] for c in ACROSS if c not in _KNOWN]
        return _told(_said(others, [View(r) for r in reports], words), reports)
    these: list[Callable[..., CheckResult]] = [ACROSS[c] for c in ACROSS if c in _CHECKS[piece.of]]
    if piece.of == "list":
        of_these = [partial(c, areas=piece.keys) for c in these]
        return _told(_said(of_these, [View(r) for r in reports], words), reports)
    if piece.of == "run":
        found = _said(these, [View(r) for r in reports], words)
        # a pair is told by the piece of its first report, where all holders of its runs are
        found.findings = [f for f in found.findings if f.sources[0] in piece.keys]
        found.verified = [v for v in found.verified if v.sources[0] in piece.keys]
        return _told(found, reports)
    keep = _keep(piece)

    views = [View(slim(r, keep)) for r in reports]
    if piece.of == "indicator":
        far = standing_out(views, words)
        return Told(
            outliers=[
                (o.id, rate_of(o), place_of(o)) for v in views for o in v.items if o.id in far and keep(o)
            ]
        )
    found = _said(these, views, words)
    # of other figures not all reports are here
    told = {f.members[0] for f in found.findings} | {v.members[0] for v in found.verified}
    ours = {o.id for v in views for o in v.items if o.id in told and keep(o)}
    found.findings = [f for f in found.findings if f.members[0] in ours]
    found.verified = [v for v in found.verified if v.members[0] in ours]
    if piece.of == "outlier":
        found.findings = [f for f in found.findings if f.members[0] in piece.keys]
    return _told(found, reports)


def _keep(piece: Piece) -> Keep:
    """Which figures a piece is for."""
    if piece.of == "outlier":
        indicator, _, _ = piece.rate.partition(" ")
        return lambda o: rate_of(o).partition(" ")[0] == indicator
    key = _KEYS[piece.of]
    return lambda o: key(o) in piece.keys


def _said(these: Iterable[Callable[..., CheckResult]], views: Sequence[View], words: Words) -> CheckResult:
    result = CheckResult()
    for check in these:
        result.extend(check(views, words))
    return result


def _told(found: CheckResult, reports: PartReports) -> Told:
    """What is sent to the process that asked."""
    at = {d.source: n for n, d in enumerate(reports.documents)}
    single = {f.sources for f in found.findings} | {v.sources for v in found.verified}
    views: dict[tuple[str, ...], View]
    views = {s: View(reports[at[s[0]]]) for s in single if len(s) == 1}
    told = Told(found.findings, [held(v, views.get(v.sources)) for v in found.verified])
    for f in found.findings:
        if len(f.sources) == 1:
            position = views[f.sources].position
            told.places.update((m, position[m]) for m in f.members if m in position)
    return told


def wanted(index: Index, documents: Sequence[Document]) -> Iterator[Piece]:
    """All pieces: of the checks across reports, and of the comparison, whose cells come in the order of the table."""
    these = [(d.source, str(d.part)) for d in documents]
    if index.reports > 1:
        if ACROSS.keys() - _KNOWN:  # the large ones first
            yield Piece("all", frozenset(), tuple(these))
        for of, table in (("indicator", index.rates), ("place", index.places), ("list", index.lists)):
            for keys, numbers in _chunks(table):
                yield Piece(of, frozenset(keys), tuple(these[n] for n in numbers))
        partners, common = index.partners()
        for first, piece in _neighbourhoods(partners):
            numbers = _with_witnesses(index, piece, common)
            yield Piece("run", frozenset(these[n][0] for n in first), tuple(these[n] for n in numbers))
    for keys, numbers in _chunks(index.names):
        yield Piece("compare", frozenset(keys), tuple(these[n] for n in numbers))


def of_outliers(
    outliers: Iterable[tuple[str, str, str]], index: Index, documents: Sequence[Document]
) -> Iterator[Piece]:
    """For each figure that stands out in its year the reports of that year and all of its area, whose other years are told with it."""
    for member, rate, place in outliers:
        numbers = sorted({*index.rates[rate], *index.places[place]})
        some = tuple((documents[n].source, str(documents[n].part)) for n in numbers)
        yield Piece("outlier", frozenset((member,)), some, rate)


def _neighbourhoods(partners: Mapping[int, set[int]]) -> Iterator[tuple[set[int], list[int]]]:
    """Reports in order, as many at a time as with their partners make a piece: those reports, and all of the piece."""
    first: set[int] = set()
    numbers: set[int] = set()
    for n in sorted(partners):
        more = numbers | partners[n]
        if first and len(more) > _PIECE:
            yield first, sorted(numbers)
            first, more = set(), set(partners[n])
        first.add(n)
        numbers = more
    if first:
        yield first, sorted(numbers)


def _with_witnesses(index: Index, piece: list[int], common: Mapping[int, list[int]]) -> list[int]:
    """The piece with so many more reports that a run of figures that is common in all reports is common in the piece too."""
    numbers = set(piece)
    seen: Counter[int] = Counter()
    new = sorted(numbers)
    while new:
        for n in new:
            seen.update(run for run in index.runs_of(n) if run in common)
        rare = [run for run, times in seen.items() if 1 < times <= COMMON]
        new = sorted({n for run in rare for n in common[run]} - numbers)
        numbers.update(new)
    return sorted(numbers)
