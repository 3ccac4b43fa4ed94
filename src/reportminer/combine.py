"""Checks and comparison of a batch from its parts: the same result as ``pipeline.run``.

The findings inside a report were made where it was read. Findings across reports and the comparison are made here: at once for a few reports,
piece by piece (``pieces``) for many, so that memory does not grow with the texts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from reportminer import checks, pieces
from reportminer.batch import Batch, worker_pool
from reportminer.checks import ACROSS, View, load
from reportminer.comparison import compare
from reportminer.core import CheckResult, Finding, Report, Table, Verified
from reportminer.lexicon import Lexicon
from reportminer.parts import Parts
from reportminer.pipeline import Run
from reportminer.worker import Settings, lexicon_of

AT_ONCE = 500  # reports up to which all are in memory, and shown
SHOWN = 200  # reports that page and workbook show of more
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def combine(batch: Batch, lexicon: Lexicon, at_once: int = AT_ONCE, jobs: int = 1) -> Run:
    """The whole result of a batch. Of more than ``at_once`` reports never all are in memory: ``reports`` loads them one by one, and their pieces are
    done by ``jobs`` processes."""
    if len(batch.documents) > at_once:
        with solver(batch, lexicon, jobs) as solve:
            return _piecewise(batch, lexicon, solve)
    own = CheckResult()
    views: list[View] = []
    for n in range(len(batch.documents)):
        report, inside = inner(batch, n, lexicon)
        own.extend(inside)
        views.append(View(report))
    across = CheckResult()
    if len(views) > 1:
        words = load(lexicon)
        for check in ACROSS.values():
            across.extend(check(views, words))
    places = {o.id: n for v in views for n, o in enumerate(v.items)}
    checked = joined(own, across, places)
    reports = tuple(v.report for v in views)
    return Run(reports, batch.failures, checked, compare(reports, findings=checked.findings))


def _piecewise(batch: Batch, lexicon: Lexicon, solve: pieces.Solve) -> Run:
    index = pieces.Index()
    own = CheckResult()
    places: dict[str, int] = {}
    for n in range(len(batch.documents)):
        report, inside = inner(batch, n, lexicon)
        index.add(n, report)
        own.extend(inside)
        _note_places(places, report, [*inside.findings, *inside.verified])
    reports = batch.reports
    across = pieces.checked(index, batch.documents, batch.parts, lexicon, solve)
    told: list[Finding | Verified] = [*across.findings, *across.verified]
    at = {d.source: n for n, d in enumerate(batch.documents)}
    for x in (x for x in told if len(x.sources) == 1):
        _note_places(places, reports[at[x.sources[0]]], [x])
    checked = joined(own, across, places)
    return Run(
        reports, batch.failures, checked, pieces.compared(index, batch.documents, checked.findings, solve)
    )


@contextmanager
def solver(batch: Batch, lexicon: Lexicon, jobs: int) -> Iterator[pieces.Solve]:
    """What does pieces, in their order: here, or in so many processes."""
    if jobs < 2:
        yield lambda wanted: (pieces.solved(p, batch.parts, lexicon) for p in wanted)
        return
    settings = Settings(
        batch.parts.root, batch.parts.extractor, lexicon.overlay and lexicon.overlay.resolve()
    )
    pool = worker_pool(jobs, settings)

    def solve(wanted: Iterable[pieces.Piece]) -> Iterator[Any]:
        running: deque[Any] = deque()
        for piece in wanted:
            running.append(pool.schedule(solve_apart, args=(piece, settings)))
            if len(running) > 2 * jobs:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()

    try:
        yield solve
    finally:
        pool.stop()
        pool.join()


def solve_apart(piece: pieces.Piece, settings: Settings) -> Any:
    """A piece in a worker process."""
    return pieces.solved(piece, Parts(settings.parts, settings.extractor), lexicon_of(settings.overlay))


def _note_places(places: dict[str, int], report: Report, told: Sequence[Finding | Verified]) -> None:
    """The places of those observations that findings of one report name: what the order of the findings asks for."""
    members = {m for x in told for m in x.members}
    if members:
        places.update((o.id, n) for n, o in enumerate(View(report).items) if o.id in members)


def with_findings(batch: Batch, run: Run, kept: Sequence[Finding], lexicon: Lexicon) -> Run:
    """A run with only some of its findings (the others were dismissed); the flags of the comparison follow."""
    if isinstance(run.reports, tuple):
        table = compare(run.reports, findings=kept)
    else:
        index = pieces.Index()
        for n, report in enumerate(run.reports):
            index.add(n, report)
        with solver(batch, lexicon, 1) as solve:
            table = pieces.compared(index, batch.documents, kept, solve)
    return replace(run, checked=CheckResult(list(kept), run.checked.verified), table=table)


def excerpt(run: Run, reports: int = SHOWN) -> Run | None:
    """What a page and a workbook can show of a large run: the reports with the gravest findings, with their findings and cells. None for a run
    that can be shown as it is."""
    if len(run.reports) <= AT_ONCE:
        return None
    shown: dict[str, None] = {}
    for f in sorted(run.checked.findings, key=lambda f: _GRAVITY[f.severity]):
        if len(shown.keys() | set(f.sources)) <= reports:
            shown.update(dict.fromkeys(f.sources))
    kept = []
    for r in run.reports:
        if r.source in shown or len(shown) < reports:  # few findings: the first reports too
            shown[r.source] = None
            kept.append(r)
    seen = {o.id for r in kept for o in r.observations}
    findings = [f for f in run.checked.findings if shown.keys() >= set(f.sources)]
    verified = [v for v in run.checked.verified if shown.keys() >= set(v.sources)]
    cells = tuple(c for c in run.table.cells if c.observation in seen)
    return Run(tuple(kept), run.failures, CheckResult(findings, verified), Table(cells))


def inner(batch: Batch, n: int, lexicon: Lexicon) -> tuple[Report, CheckResult]:
    """A report of a batch with the findings inside it: from its part, or made anew when the part was read under another name."""
    part = batch.reports.part(n)
    if part.report is None:
        raise AssertionError("a document of a batch has a report")
    whole = part.findings or part.verified
    return part.report, part.checked() if whole else checks.run([part.report], lexicon)


def joined(own: CheckResult, across: CheckResult, places: Mapping[str, int]) -> CheckResult:
    """Findings inside the reports, which are settled, and those across them, as ``checks.run`` orders them. ``places``: id of an observation →
    its place among those of its report."""

    def at(sources: Sequence[str], members: Sequence[str]) -> tuple[Sequence[str], int]:
        return sources, min((places.get(m, 0) for m in members), default=0) if len(sources) == 1 else 0

    findings = once([*own.findings, *across.findings])
    verified = [*own.verified, *across.verified]
    return CheckResult(
        sorted(findings, key=lambda f: (*at(f.sources, f.members), f.check, f.id)),
        sorted(verified, key=lambda v: (*at(v.sources, v.members), v.check, v.members)),
    )


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Of two findings of one fact the graver."""
    graver = sorted(findings, key=lambda f: _GRAVITY[f.severity])
    return list({(f.type, frozenset(f.members) or f.id): f for f in reversed(graver)}.values())
