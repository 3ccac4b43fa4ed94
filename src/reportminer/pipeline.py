"""The stages in order: the file to read first.

path → ingest → restore → extract → records → report; reports → checks, compare.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reportminer import checks, extract, ingest, restore
from reportminer.comparison import compare
from reportminer.core import Checked, Failure, Observation, RawDocument, Report, Table
from reportminer.errors import NoInput, ReportMinerError
from reportminer.ingest import archive
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.records.build import build


@dataclass(frozen=True)
class Run:
    """All that one run over a batch yields. ``reports`` of a large batch are loaded one by one from their parts, which is why the number of
    their observations is told with them."""

    reports: Sequence[Report]
    failures: tuple[Failure, ...]
    checked: Checked
    table: Table
    counted: int | None = None

    @property
    def figures(self) -> int:
        """The number of observations."""
        return sum(len(r.observations) for r in self.reports) if self.counted is None else self.counted


def read_raw(raw: RawDocument, lexicon: Lexicon | None = None) -> Report:
    """One ingested document as a report with its observations."""
    with _collector_paused():
        return _read_raw(raw, lexicon or default_lexicon())


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Reading makes many small objects and no cycles: the collector would go through them again and again and find nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _read_raw(raw: RawDocument, lexicon: Lexicon) -> Report:
    text = restore.restore(raw, lexicon)
    text = replace(text, notes=(*raw.notes, *text.notes)) if raw.notes else text
    extraction = extract.extract(text, lexicon)
    observations = build(text, extraction, lexicon)
    if raw.certainty is not None:
        observations = tuple(_as_certain_as_read(o, raw) for o in observations)
    return Report(text, observations, extraction.coverage)


def _as_certain_as_read(o: Observation, raw: RawDocument) -> Observation:
    """A figure recognised from a picture is no more certain than its characters."""
    return replace(o, confidence=round(o.confidence * raw.certainty_of(o.start, o.end), 2))


def read_file(path: Path, source: str | None = None, lexicon: Lexicon | None = None) -> Report:
    """One file as a report. Raises UnreadableFile."""
    return read_raw(ingest.read_path(path, source or path.name), lexicon)


def read_many(
    paths: Sequence[Path],
    lexicon: Lexicon | None = None,
    progress: Callable[[Iterable[tuple[Path, str]]], Iterable[tuple[Path, str]]] | None = None,
    leave_out: Path | None = None,
) -> tuple[list[Report], list[Failure]]:
    """All files below ``paths``; what cannot be read is a Failure and the rest goes on. Raises NoInput when there is no file at all.

    ``progress`` wraps the iteration over the files (a progress bar). ``leave_out``: the output folder.
    """
    files = ingest.discover(paths, leave_out)
    if not files:
        raise NoInput(
            "没有找到任何可读的文件。",
            "请给出报告文件或装有报告的文件夹（支持 docx、doc、wps、rtf、odt、xlsx、xls、et、csv、pdf、html、mht、md、txt，或装有它们的 zip 压缩包）。",
        )
    reports: list[Report] = []
    failures: list[Failure] = []
    for path, source in progress(files) if progress else files:
        if archive.is_archive(path):
            files_of = archive.members(path, source)
        else:
            files_of = iter([(source, partial(ingest.read_path, path, source))])
        try:
            for name, raw in files_of:
                try:
                    reports.append(read_raw(raw(), lexicon))
                except ReportMinerError as e:
                    failures.append(Failure(name, e.error, e.fix))
        except ReportMinerError as e:
            failures.append(Failure(source, e.error, e.fix))
    return reports, failures


def run(
    paths: Sequence[Path],
    lexicon: Lexicon | None = None,
    progress: Callable[[Iterable[tuple[Path, str]]], Iterable[tuple[Path, str]]] | None = None,
    leave_out: Path | None = None,
) -> Run:
    """The main job over files and folders."""
    lexicon = lexicon or default_lexicon()
    reports, failures = read_many(paths, lexicon, progress, leave_out)
    checked = checks.run(reports, lexicon)
    return Run(tuple(reports), tuple(failures), checked, compare(reports, findings=checked.findings))
