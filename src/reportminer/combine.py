"""Checks and comparison of a batch from its parts: the same result as ``pipeline.run``.

The findings inside a report were made where it was read. Findings across reports and the comparison are made here: at once for a few reports,
piece by piece (``pieces``) for many, so that memory does not grow with the texts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from reportminer import checks, export, packed, pieces
from reportminer.batch import Batch, worker_pool
from reportminer.checks import ACROSS, View, load, once
from reportminer.comparison import compare
from reportminer.core import (
    CheckResult,
    ComparisonCell,
    Failure,
    Finding,
    Report,
    Settled,
    Table,
    Verified,
)
from reportminer.documents import Document, Held, HeldRelations, PartReports, write_lines
from reportminer.lexicon import Lexicon
from reportminer.parts import Parts
from reportminer.pipeline import Run
from reportminer.summaries import Summary
from reportminer.worker import Settings, lexicon_of, rename

AT_ONCE = 500  # reports up to which all are in memory, and shown
SHOWN = 200  # reports that page and workbook show of more
_SOME = 500  # summaries in memory at once
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def combine(
    batch: Batch,
    lexicon: Lexicon,
    at_once: int = AT_ONCE,
    jobs: int = 1,
    heard: Callable[[int, int], None] = lambda done, total: None,
) -> Run:
    """The whole result of a batch. Of more than ``at_once`` reports never all are in memory: ``reports`` loads them one by one, and their pieces are
    done by ``jobs`` processes; ``heard`` is told of how many reports in pieces how many are done."""
    if len(batch.documents) > at_once:
        with workers(batch, lexicon, jobs) as do:
            return _piecewise(batch, do, heard)
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


#: does one thing for each of many arguments, in their order: here or in other processes
Do = Callable[[Callable[..., Any], Iterable[Any]], Iterator[Any]]


def _piecewise(batch: Batch, do: Do, heard: Callable[[int, int], None]) -> Run:
    reports = batch.reports
    index = pieces.Index()
    findings: list[Finding] = []
    places: dict[str, int] = {}
    inside = figures = 0
    for n, gist in enumerate(_summaries(batch, do)):
        index.add(n, gist)
        findings.extend(gist.findings)
        places.update(gist.places)
        inside += gist.held
        figures += gist.figures
    across: list[Held] = []
    cells = packed.CellFile(batch.parts.root)
    wanted = list(pieces.wanted(index, batch.documents))
    done, total = 0, sum(len(p.documents) for p in wanted)
    heard(0, total)
    for piece, (data, count) in zip(wanted, do(solve, wanted), strict=True):
        done += len(piece.documents)
        heard(done, total)
        if count is not None:
            cells.add(data, count)
            continue
        told = packed.told(data)
        findings.extend(told.findings)
        places.update(told.places)
        across.extend(told.held)
    ordered = joined(CheckResult(findings), CheckResult(), places).findings
    checked = Settled(ordered, HeldRelations(reports, across, inside))
    return Run(reports, batch.failures, checked, packed.flagged(cells, ordered), figures)


def _summaries(batch: Batch, do: Do) -> Iterator[Summary]:
    """The summaries of all reports in order. A part that was made under another name of its file is made anew first."""
    for start in range(0, len(batch.documents), _SOME):
        some = PartReports(batch.documents[start : start + _SOME], batch.parts)
        gists = [batch.parts.summary(d.part) for d in some.documents]
        other = [d for d, g in zip(some.documents, gists, strict=True) if g is None or g.source != d.source]
        for _ in do(rename, other):
            pass
        yield from some.summaries() if other else (g for g in gists if g is not None)


@contextmanager
def workers(batch: Batch, lexicon: Lexicon, jobs: int) -> Iterator[Do]:
    """What does things for reports, in their order: here, or in so many processes."""
    overlay = lexicon.overlay and lexicon.overlay.resolve()
    settings = Settings(batch.parts.root, batch.parts.extractor, overlay)
    if jobs < 2:
        yield lambda what, wanted: (what(x, settings) for x in wanted)
        return
    pool = worker_pool(jobs, settings)

    def do(what: Callable[..., Any], wanted: Iterable[Any]) -> Iterator[Any]:
        running: deque[tuple[Any, Any]] = deque()
        for x in wanted:
            running.append((x, pool.schedule(what, args=(x, settings))))
            if len(running) > 4 * jobs:
                yield _result(what, *running.popleft(), settings)
        while running:
            yield _result(what, *running.popleft(), settings)

    try:
        yield do
    finally:
        pool.stop()
        pool.join()


def _result(what: Callable[..., Any], x: Any, future: Any, settings: Settings) -> Any:
    from pebble import ProcessExpired

    try:
        return future.result()
    except ProcessExpired:  # whoever ended that process: the work is done here
        return what(x, settings)


def solve(piece: pieces.Piece, settings: Settings) -> tuple[bytes, int | None]:
    """What a piece yields, packed."""
    parts = Parts(settings.parts, settings.extractor)
    return packed.pack(pieces.solved(piece, parts, lexicon_of(settings.overlay)))


def with_findings(run: Run, kept: Sequence[Finding]) -> Run:
    """A run with only some of its findings (the others were dismissed); the flags of the comparison follow."""
    return replace(
        run, checked=Settled(kept, run.checked.verified), table=packed.flagged(run.table.cells, kept)
    )


def excerpt(run: Run, reports: int = SHOWN) -> Run | None:
    """What a page and a workbook can show of a large run: the reports with the gravest findings, with their findings and cells. None for a run
    that can be shown as it is."""
    if len(run.reports) <= AT_ONCE:
        return None
    shown: dict[str, None] = {}
    for f in sorted(run.checked.findings, key=lambda f: _GRAVITY[f.severity]):
        if len(shown.keys() | set(f.sources)) <= reports:
            shown.update(dict.fromkeys(f.sources))
    assert isinstance(run.reports, PartReports)
    documents = []
    for d in run.reports.documents:
        if d.source in shown or len(shown) < reports:  # few findings: the first reports too
            shown[d.source] = None
            documents.append(d)
    kept = tuple(PartReports(documents, run.reports.parts))
    seen = {o.id for r in kept for o in r.observations}
    findings = [f for f in run.checked.findings if shown.keys() >= set(f.sources)]
    assert isinstance(run.checked.verified, HeldRelations)
    verified = list(run.checked.verified.among(shown.keys()))
    cells = tuple(c for c in run.table.cells if c.observation in seen)
    return Run(kept, run.failures, CheckResult(findings, verified), Table(cells))


def lines(run: Run) -> Callable[[export.OutputFolder], None] | None:
    """What writes the lines of a large run as they lie in its parts; None for a run in memory."""
    if isinstance(run.reports, PartReports) and isinstance(run.checked.verified, HeldRelations):
        return partial(write_lines, run.reports, run.checked.verified)
    return None


def showing(batch: Batch, lexicon: Lexicon, whole: Run, shown: Run, jobs: int) -> export.Show:
    """Makes page and workbook of an excerpt, in processes of their own where there may be several, while the other files are written."""
    notice = (
        f"本次共读取 {len(whole.reports)} 份报告，这里只列出有核查结果的 {len(shown.reports)} 份；"
        "全部结果见 documents.jsonl、observations.jsonl、findings.jsonl、comparison.csv。"
    )
    of = {d.source: d for d in batch.documents}
    places = tuple((r.source, str(of[r.source].part)) for r in shown.reports)
    page = Shown(shown.checked.findings, shown.checked.verified, shown.failures, shown.table.cells, notice)
    data = msgspec.msgpack.encode(page)

    def begin(out: export.OutputFolder) -> Callable[[], None]:
        wanted = [(name, str(out.path(name)), places, data) for name in _MAKERS]

        def make_all() -> None:
            with workers(batch, lexicon, jobs) as do:
                made = do(make, wanted)
                for name in _MAKERS:
                    out.made_by(name, lambda _: next(made))

        if jobs < 2:
            return make_all
        thread = ThreadPoolExecutor(1)
        future = thread.submit(make_all)
        thread.shutdown(wait=False)
        return future.result

    return begin


@dataclass(frozen=True)
class Shown:
    """What page and workbook show besides the reports."""

    findings: Sequence[Finding]
    verified: Sequence[Verified]
    failures: Sequence[Failure]
    cells: Sequence[ComparisonCell]
    notice: str


def make(wanted: tuple[str, str, tuple[tuple[str, str], ...], bytes], settings: Settings) -> None:
    """Make page or workbook. Raises OSError, from whatever library it comes: errors of libraries do not travel between processes with their causes."""
    name, path, places, data = wanted
    parts = Parts(settings.parts, settings.extractor)
    reports = tuple(PartReports([Document(s, Path(part), (s,)) for s, part in places], parts))
    try:
        _MAKERS[name](Path(path), reports, msgspec.msgpack.decode(data, type=Shown))
    except Exception as e:
        cause = export.os_error(e)
        if cause is None:
            raise
        raise OSError(cause.errno, cause.strerror) from None


def _page(path: Path, reports: Sequence[Report], s: Shown) -> None:
    export.page(path, reports, s.findings, s.verified, s.failures, Table(tuple(s.cells)), s.notice)


def _workbook(path: Path, reports: Sequence[Report], s: Shown) -> None:
    export.workbook(path, Table(tuple(s.cells)), reports, s.findings)


_MAKERS = {"comparison.xlsx": _workbook, "report.html": _page}


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
