"""Reports of a project as they were read, with the corrections of people, and the text as a page shows it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportminer.core import Report
from reportminer.errors import NoSuchThing
from reportminer.parts import Parts, under_name
from reportminer.store.records import Correction
from reportminer.store.store import Store
from reportminer.workbench.corrections import apply, places
from reportminer.workbench.files import parts_folder


@dataclass(frozen=True)
class Document:
    """A report with the corrections that hold; ``machine`` is what the extractor said. ``corrected``: observation → its correction (also of
    deleted ones)."""

    report: Report
    machine: Report
    corrected: dict[str, Correction]


@dataclass(frozen=True)
class Shown:
    """The text of a report as a page shows it, character for character: browsers know one kind of line end and no control characters."""

    text: str
    _left_out: Sequence[int]  # shown offsets before which a character of the file is not shown
    _clean: Report | None  # of markup the cleaned text is shown

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the file of a shown span."""
        if self._clean is not None:
            span = self._clean.text.map.span(start, min(end, len(self.text)))
            return span.start, span.end
        return start + bisect_right(self._left_out, start), end + bisect_right(self._left_out, end - 1)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The shown span of offsets in the file."""
        if self._clean is not None:
            m = self._clean.text.map
            return m.clean_from(start), m.clean(end - 1) + 1
        return self._shown(start), self._shown(end)

    def _shown(self, raw: int) -> int:
        low, high = 0, len(self._left_out)
        while low < high:  # how many were left out before ``raw``
            middle = (low + high) // 2
            if self._left_out[middle] + middle < raw:
                low = middle + 1
            else:
                high = middle
        return raw - low


def shown(report: Report) -> Shown:
    """The text to be shown of a report."""
    if report.text.raw.format == "html":
        return Shown("".join(_visible(c) for c in report.text.clean), (), report)
    text = report.text.raw.text
    left_out = []
    out: list[str] = []
    for n, c in enumerate(text):
        if c == "\r" and text[n + 1 : n + 2] == "\n":
            left_out.append(len(out))
        else:
            out.append("\n" if c == "\r" else _visible(c))
    return Shown("".join(out), left_out, None)


def _visible(c: str) -> str:
    return (
        "\N{REPLACEMENT CHARACTER}"
        if (c < " " and c not in "\n\t") or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff"
        else c
    )


def load(store: Store, project: int, source: str) -> Document:
    """One report by its name. Raises NoSuchThing."""
    store.projects.get(project)
    machine = _machine(store, project, source)
    return _document(machine, store.reviews.corrections(project, machine.text.raw.sha256))


def load_all(store: Store, project: int, sources: Sequence[str]) -> list[Document]:
    """Several reports by their names, with one question to the database. Raises NoSuchThing."""
    store.projects.get(project)
    of: dict[str, list[Correction]] = {}
    for c in store.reviews.corrections(project):
        of.setdefault(c.sha256, []).append(c)
    machines = [_machine(store, project, s) for s in sources]
    return [_document(m, of.get(m.text.raw.sha256, [])) for m in machines]


def _document(machine: Report, corrections: Sequence[Correction]) -> Document:
    return Document(apply(machine, corrections), machine, places(machine, corrections))


def _machine(store: Store, project: int, source: str) -> Report:
    folder = parts_folder(store, project)
    manifest = folder / "manifest.jsonl"
    if manifest.exists() and (place := _places(manifest, manifest.stat().st_mtime_ns).get(source)):
        path = folder / place
        machine = _report(path, source, path.stat().st_mtime_ns) if path.exists() else None
        if machine is not None:
            return machine
    raise NoSuchThing(f"项目里没有读过的报告“{source}”。", "请回到报告列表；刚上传的文件要等读取完成。")


@lru_cache(maxsize=32)
def _places(manifest: Path, written: int) -> dict[str, str]:
    lines = manifest.read_text(encoding="utf-8", errors="surrogatepass").splitlines()
    entries = [json.loads(line) for line in lines]
    return {e["source"]: e["part"] for e in entries if e["part"] and not e["failed"]}


@lru_cache(maxsize=128)
def _report(path: Path, source: str, written: int) -> Report | None:
    part = Parts(path.parent, "").load(path)
    return under_name(part, source).report if part else None
