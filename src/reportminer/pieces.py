"""Checks across reports and the comparison for more reports than fit into memory: what never meets is done in separate pieces.

A check that compares figures of one area, or of the counties of one city, needs the reports that speak of it and no others; one that compares
an indicator over all areas needs the figures of that indicator; one that looks for copied passages needs the reports that share a run of
figures. A check that is in none of these lists sees all reports at once: correct first, small where it is known how.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from reportminer.batch import Document, PartReports
from reportminer.checks import ACROSS, CrossCheck, View, Words, load
from reportminer.checks.copied import _COMMON, _FIGURES, _figure
from reportminer.comparison import compare
from reportminer.core import CheckResult, ComparisonCell, Finding, Observation, Report, Table, TextMap
from reportminer.lexicon import Lexicon
from reportminer.parts import Parts

#: checks that compare figures of one area, or of a city with those of its counties
BY_PLACE = frozenset({"G7", "G4x", "G6", "U1x", "X4", "P4"})
#: checks that compare rates, shares and prices of one indicator over all areas
BY_INDICATOR = frozenset({"V5"})
#: checks that look for runs of three equal figures
BY_RUN = frozenset({"N1"})
_PIECE = 300  # reports in memory at once, where a piece can be as small
Keep = Callable[[Observation], bool]


def place_of(o: Observation) -> str:
    """The city (first four digits of the code) or, without a code, the name of what a figure speaks of."""
    return o.area_code[:4] if o.area_code else o.area or ""


def _name_of(o: Observation) -> str:
    return o.area or ""


def _rate_of(o: Observation) -> str:
    return o.indicator if o.kind != "level" else ""


class Index:
    """Which reports hold figures of which place, area name and indicator, and which share a run of figures. A few dozen bytes a figure."""

    def __init__(self) -> None:
        self.places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.names: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.rates: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._runs = array("Q")
        self._of = array("I")
        self._starts = array("Q", (0,))  # where the runs of each report begin
        self.reports = 0

    def add(self, n: int, report: Report) -> None:
        """Note report number ``n``; numbers grow."""
        self.reports = n + 1
        for table, key in ((self.places, place_of), (self.names, _name_of), (self.rates, _rate_of)):
            for found in {key(o) for o in report.observations}:
                if found:
                    table[sys.intern(found)].append(n)
        view = View(report)
        figures = [_figure(view, o) for o in view.items]
        for k in range(len(figures) - _FIGURES + 1):
            row = figures[k : k + _FIGURES]
            if "" not in row:
                self._runs.append(
                    int.from_bytes(blake2b("|".join(row).encode(), digest_size=8).digest(), "big")
                )
                self._of.append(n)
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
            if end - start > _COMMON:
                common[int(runs[order[start]])] = holders[: _COMMON + 1]
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
    """Some reports and what is looked for in them: findings about the figures of ``keys``, or (``of`` is ``run``) about passages whose first report
    is one of ``keys``; or (``compare``) the cells of the areas ``keys``, flagged by ``findings``."""

    of: str
    keys: frozenset[str]
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()


Solve = Callable[[Iterable[Piece]], Iterator[Any]]
_KEYS: dict[str, Callable[[Observation], str]] = {"place": place_of, "indicator": _rate_of}
_CHECKS = {"place": BY_PLACE, "indicator": BY_INDICATOR, "run": BY_RUN}


def solved(piece: Piece, parts: Parts, lexicon: Lexicon) -> CheckResult | tuple[ComparisonCell, ...]:
    """What a piece yields."""
    reports = PartReports(piece.documents, parts)
    if piece.of == "compare":
        kept = [
            replace(r, observations=tuple(o for o in r.observations if o.area in piece.keys)) for r in reports
        ]
        return compare(kept, findings=piece.findings).cells
    words = load(lexicon)
    these = [ACROSS[c] for c in ACROSS if c in _CHECKS[piece.of]]
    result = CheckResult()
    if piece.of == "run":
        for check in these:
            result.extend(check([View(r) for r in reports], words))
        # a pair is told by the piece of its first report, where all holders of its runs are
        result.findings = [f for f in result.findings if f.sources[0] in piece.keys]
        result.verified = [v for v in result.verified if v.sources[0] in piece.keys]
        return result
    key = _KEYS[piece.of]

    def keep(o: Observation) -> bool:
        return key(o) in piece.keys

    _run(these, [View(slim(r, keep)) for r in reports], words, result, keep)
    return result


def checked(
    index: Index, documents: Sequence[Document], parts: Parts, lexicon: Lexicon, solve: Solve
) -> CheckResult:
    """All findings across reports, in no particular order."""
    result = CheckResult()
    if index.reports < 2:
        return result
    for found in solve(_pieces(index, documents)):
        result.extend(found)
    others = [ACROSS[c] for c in ACROSS if c not in BY_PLACE | BY_INDICATOR | BY_RUN]
    if others:
        _run(others, [View(r) for r in PartReports(documents, parts)], load(lexicon), result, lambda o: True)
    return result


def _pieces(index: Index, documents: Sequence[Document]) -> Iterator[Piece]:
    for of, table in (("indicator", index.rates), ("place", index.places)):  # the large ones first
        for keys, numbers in _chunks(table):
            yield Piece(of, frozenset(keys), tuple(documents[n] for n in numbers))
    partners, common = index.partners()
    for first, piece in _neighbourhoods(partners):
        numbers = _with_witnesses(index, piece, common)
        sources = frozenset(documents[n].source for n in first)
        yield Piece("run", sources, tuple(documents[n] for n in numbers))


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
        rare = [run for run, times in seen.items() if 1 < times <= _COMMON]
        new = sorted({n for run in rare for n in common[run]} - numbers)
        numbers.update(new)
    return sorted(numbers)


def _run(
    these: Sequence[CrossCheck], views: Sequence[View], words: Words, result: CheckResult, keep: Keep
) -> None:
    """Run checks over a piece and keep what is said of the figures that the piece is for: of others not all reports are here."""
    found = CheckResult()
    for check in these:
        found.extend(check(views, words))
    wanted = {f.members[0] for f in found.findings} | {v.members[0] for v in found.verified}
    ours = {o.id for v in views for o in v.items if o.id in wanted and keep(o)}
    result.findings += [f for f in found.findings if f.members[0] in ours]
    result.verified += [v for v in found.verified if v.members[0] in ours]


def compared(index: Index, documents: Sequence[Document], findings: Sequence[Finding], solve: Solve) -> Table:
    """The comparison of all reports, made of pieces by the name of the area, which is what its cells are sorted by."""
    told: dict[str, list[Finding]] = defaultdict(list)
    for f in findings:
        if f.severity != "info":
            for source in f.sources:
                told[source].append(f)

    def pieces() -> Iterator[Piece]:
        for names, numbers in _chunks(index.names):
            some = tuple(documents[n] for n in numbers)
            flags = {f.id: f for d in some for f in told.get(d.source, ())}
            yield Piece("compare", frozenset(names), some, tuple(flags.values()))

    shared: dict[Any, Any] = {}
    return Table(tuple(_shared(c, shared) for cells in solve(pieces()) for c in cells))


def _shared(c: ComparisonCell, known: dict[Any, Any]) -> ComparisonCell:
    """The cell with words that many cells have in common kept once: they are most of its size."""
    scope = known.setdefault(tuple(c.scope.items()), c.scope)
    words = {n: known.setdefault(x, x) for n in _WORDS if (x := getattr(c, n)) is not None}
    return replace(c, scope=scope, **words)


_WORDS = ("area", "area_code", "period", "indicator", "kind", "status", "unit", "bound")
