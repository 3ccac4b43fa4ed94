"""Checks and comparison of a batch from its parts: the same result as ``pipeline.run``, without all reports in memory.

The findings inside a report were made where it was read. Findings across reports and the comparison are made here: at once for a few reports,
and piece by piece for many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reportminer import checks
from reportminer.batch import Batch
from reportminer.checks import ACROSS, View, load
from reportminer.comparison import compare
from reportminer.core import CheckResult, Finding, Report, Table
from reportminer.lexicon import Lexicon
from reportminer.pipeline import Run

AT_ONCE = 500  # reports up to which all are in memory, and shown
SHOWN = 200  # reports that page and workbook show of more
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def combine(batch: Batch, lexicon: Lexicon) -> Run:
    """The whole result of a batch."""
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


def excerpt(run: Run, reports: int = SHOWN) -> Run | None:
    """What a page and a workbook can show of a large run: the reports with the gravest findings, with their findings and cells. None for a run
    that can be shown as it is."""
    if len(run.reports) <= AT_ONCE:
        return None
    shown: dict[str, None] = {}
    for f in sorted(run.checked.findings, key=lambda f: _GRAVITY[f.severity]):
        if len(shown.keys() | set(f.sources)) <= reports:
            shown.update(dict.fromkeys(f.sources))
    for r in run.reports:  # few findings: the first reports
        if len(shown) >= reports:
            break
        shown[r.source] = None
    kept = tuple(r for r in run.reports if r.source in shown)
    seen = {o.id for r in kept for o in r.observations}
    findings = [f for f in run.checked.findings if shown.keys() >= set(f.sources)]
    verified = [v for v in run.checked.verified if shown.keys() >= set(v.sources)]
    cells = tuple(c for c in run.table.cells if c.observation in seen)
    return Run(kept, run.failures, CheckResult(findings, verified), Table(cells))


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
