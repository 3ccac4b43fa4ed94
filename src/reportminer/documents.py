"""The documents of a batch as they lie in their parts: reports, summaries and published lines, each read when it is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from reportminer.checks import View
from reportminer.core import Report, Verified
from reportminer.errors import ReportMinerError
from reportminer.export import OutputFolder, jsonl, verified_row
from reportminer.parts import Part, Parts, under_name
from reportminer.summaries import Summary

_DECODER = msgspec.json.Decoder(Verified)


@dataclass(frozen=True)
class Document:
    """One document of a batch: where its part is and all names under which its content was given; ``source`` is the first of them."""

    source: str
    part: Path
    names: tuple[str, ...]


class PartReports(Sequence[Report]):
    """The reports of a batch in order, each loaded from its part when it is asked for."""

    def __init__(self, documents: Sequence[Document], parts: Parts) -> None:
        self.documents = documents
        self.parts = parts

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            return tuple(self[k] for k in range(*n.indices(len(self))))
        report = self.part(n).report
        assert report is not None  # part() has seen to it
        return report

    def __iter__(self) -> Iterator[Report]:
        return (self[n] for n in range(len(self)))

    def part(self, n: int) -> Part:
        """The part of a document under its own name. Raises ReportMinerError when somebody removed it in the meantime."""
        document = self.documents[n]
        part = self.parts.load(document.part)
        if part is None or part.report is None:
            raise _gone(document)
        return under_name(part, document.source)

    def summary(self, n: int) -> Summary:
        """The summary of a report. Raises ReportMinerError when it is gone, or another's."""
        document = self.documents[n]
        gist = self.parts.summary(document.part)
        if gist is None or gist.source != document.source:
            raise _gone(document)
        return gist

    def summaries(self) -> Iterator[Summary]:
        """The summaries of the reports in order."""
        return (self.summary(n) for n in range(len(self)))


def _gone(document: Document) -> ReportMinerError:
    return ReportMinerError(
        f"“{document.source}”的中间结果不见了。",
        "请不要在运行时改动输出文件夹；重新运行同一命令即可。",
    )


@dataclass(frozen=True)
class Held:
    """A relation between reports that holds, as its line of verified.jsonl; ``place``: that of its first figure where it is of one report."""

    sources: tuple[str, ...]
    place: int
    check: str
    members: tuple[str, ...]
    line: bytes


class HeldRelations(Sequence[Verified]):
    """All relations that hold: those inside the reports lie in their parts, those ``across`` them are held as lines. In the order of
    ``checks.run``: by sources, place, check and members."""

    def __init__(self, reports: PartReports, across: Sequence[Held], inside: int) -> None:
        self._reports = reports
        self._across = sorted(across, key=_order_of)
        self._length = inside + len(across)
        self._order = sorted(range(len(reports)), key=lambda n: reports.documents[n].source)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, n: Any) -> Any:
        return list(self)[n]

    def __iter__(self) -> Iterator[Verified]:
        for block in self.lines():
            for line in block.splitlines():
                yield _DECODER.decode(line)

    def among(self, sources: Container[str]) -> Iterator[Verified]:
        """Those of some reports only, in order."""
        kept = [n for n in range(len(self._reports)) if self._reports.documents[n].source in sources]
        across = [h for h in self._across if all(s in sources for s in h.sources)]
        some = PartReports([self._reports.documents[n] for n in kept], self._reports.parts)
        return iter(HeldRelations(some, across, 0))

    def lines(self) -> Iterator[bytes]:
        """The lines of verified.jsonl, some at a time."""
        waiting = deque(self._across)
        for n in self._order:
            source = self._reports.documents[n].source
            own = _taken(waiting, (source,))
            yield self._merged(n, own) if own else self._reports.summary(n).verified_lines()
            yield b"".join(h.line for h in _taken(waiting, (source, "\U0010ffff")))

    def _merged(self, n: int, own: Sequence[Held]) -> bytes:
        """The relations inside a report with those that a check across reports found in it."""
        part = self._reports.part(n)
        if part.report is None:
            raise AssertionError("a document of a batch has a report")
        rows = [*(held(v, View(part.report)) for v in part.verified), *own]
        return b"".join(h.line for h in sorted(rows, key=_order_of))


def held(v: Verified, view: View | None) -> Held:
    """A relation as its line. ``view``: its report, where it is of one."""
    place = 0 if view is None else min((view.position.get(m, 0) for m in v.members), default=0)
    return Held(v.sources, place, v.check, v.members, jsonl((verified_row(v),)))


def _order_of(h: Held) -> tuple[object, ...]:
    return h.sources, h.place, h.check, h.members


def _taken(waiting: deque[Held], last: tuple[str, ...]) -> list[Held]:
    """What stands in front and is of no later reports than ``last``, taken away."""
    taken = []
    while waiting and waiting[0].sources <= last:
        taken.append(waiting.popleft())
    return taken


def write_lines(reports: PartReports, verified: HeldRelations, folder: OutputFolder) -> None:
    """Documents, observations, relations and the texts that offsets refer to, as the workers that read the reports wrote them."""
    with folder.opened("documents.jsonl") as documents, folder.opened("observations.jsonl") as observations:
        for document, gist in zip(reports.documents, reports.summaries(), strict=True):
            documents.write(gist.document(document.names))
            observations.write(gist.observation_lines())
            text = gist.own_text()
            if text is not None:
                folder.write(f"text/{document.source}.txt", text)
    with folder.opened("verified.jsonl") as f:
        f.writelines(verified.lines())
