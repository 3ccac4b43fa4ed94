"""Checks and comparison of a batch from its parts: the same result as ``pipeline.run``.

The findings inside a report were made where it was read. Findings across reports and the comparison are made here: at once for a few reports,
piece by piece (``pieces``) for many, so that memory does not grow with the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reportminer import checks, pieces
from reportminer.batch import Batch
from reportminer.checks import ACROSS, View, load
from reportminer.comparison import compare
from reportminer.core import CheckResult, Finding, Report, Table, Verified
from reportminer.lexicon import Lexicon
from reportminer.pipeline import Run

AT_ONCE = 500  # reports up to which all are in memory, and shown
SHOWN = 200  # reports that page and workbook show of more
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def combine(batch: Batch, lexicon: Lexicon, at_once: int = AT_ONCE) -> Run:
    """The whole result of a batch. Of more than ``at_once`` reports never all are in memory, and ``reports`` loads them one by one."""
    if len(batch.documents) > at_once:
        return _piecewise(batch, lexicon)
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


def _piecewise(batch: Batch, lexicon: Lexicon) -> Run:
    index = pieces.Index()
    own = CheckResult()
    places: dict[str, int] = {}
    for n in range(len(batch.documents)):
        report, inside = inner(batch, n, lexicon)
        index.add(n, report)
        own.extend(inside)
        _note_places(places, report, [*inside.findings, *inside.verified])
    reports = batch.reports
    across = pieces.checked(index, reports, lexicon)
    told: list[Finding | Verified] = [*across.findings, *across.verified]
    at = {d.source: n for n, d in enumerate(batch.documents)}
    for x in (x for x in told if len(x.sources) == 1):
        _note_places(places, reports[at[x.sources[0]]], [x])
    checked = joined(own, across, places)
    return Run(reports, batch.failures, checked, pieces.compared(index, reports, checked.findings))


def _note_places(places: dict[str, int], report: Report, told: Sequence[Finding | Verified]) -> None:
    """The places of those observations that findings of one report name: what the order of the findings asks for."""
    members = {m for x in told for m in x.members}
    if members:
        places.update((o.id, n) for n, o in enumerate(View(report).items) if o.id in members)


def with_findings(batch: Batch, run: Run, kept: Sequence[Finding]) -> Run:
    """A run with only some of its findings (the others were dismissed); the flags of the comparison follow."""
    if isinstance(run.reports, tuple):
        table = compare(run.reports, findings=kept)
    else:
        index = pieces.Index()
        for n, report in enumerate(run.reports):
            index.add(n, report)
        table = pieces.compared(index, run.reports, kept)
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
