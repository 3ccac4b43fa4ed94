"""What a run needs of a report that was read, without reading the report again: its published lines as they will stand in the files, its
findings, and the places, names, indicators and figures by which it is found. Made once, by the process that reads the report."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Sequence
from hashlib import blake2b

import msgspec

from reportminer import export
from reportminer.checks import View
from reportminer.checks.copied import RUN, figure
from reportminer.checks.mixing import listed
from reportminer.core import Finding, Observation, Report, Verified

_NAMES = b',"names":'  # the last member of a line of documents.jsonl


class Summary(msgspec.Struct, frozen=True):
    """The gist of one report. ``line`` is its line of documents.jsonl up to the names, ``places`` tells the place of those observations that
    findings name, ``text`` is what offsets refer to where the file itself is no text. What is only copied is kept compressed."""

    source: str
    format: str
    sha256: str
    line: bytes
    observations: bytes
    figures: int
    findings: tuple[Finding, ...]
    places: dict[str, int]
    verified: bytes
    held: int
    text: bytes | None
    cities: tuple[str, ...]
    areas: tuple[str, ...]
    rates: tuple[str, ...]
    lists: tuple[str, ...]
    runs: bytes

    def document(self, names: Sequence[str]) -> bytes:
        """The line of documents.jsonl, with all names under which the content was given."""
        return self.line + _NAMES + msgspec.json.encode(list(names)) + b"}\n"

    def observation_lines(self) -> bytes:
        """The lines of observations.jsonl."""
        return zlib.decompress(self.observations)

    def verified_lines(self) -> bytes:
        """The lines of verified.jsonl."""
        return zlib.decompress(self.verified)

    def own_text(self) -> bytes | None:
        """What offsets refer to, None where the file itself is that text."""
        return None if self.text is None else zlib.decompress(self.text)


def summary(report: Report, findings: Sequence[Finding], verified: Sequence[Verified]) -> Summary:
    """The gist of a report with what the checks inside it said."""
    raw = report.text.raw
    line, _, _ = export.jsonl((export.document_row(report),)).rpartition(_NAMES)
    view = View(report)
    members = {m for f in findings for m in f.members}
    return Summary(
        raw.source,
        raw.format,
        raw.sha256,
        line,
        zlib.compress(export.observation_lines(report.observations), 1),
        len(report.observations),
        tuple(findings),
        {o.id: n for n, o in enumerate(view.items) if o.id in members},
        zlib.compress(export.jsonl(map(export.verified_row, verified)), 1),
        len(verified),
        None if export.own_text(report) else zlib.compress(raw.text.encode(), 1),
        _keys(report, place_of),
        _keys(report, name_of),
        _keys(report, rate_of),
        tuple(sorted(listed(view))),
        _runs(view).tobytes(),
    )


def _keys(report: Report, key: Callable[[Observation], str]) -> tuple[str, ...]:
    return tuple(sorted({key(o) for o in report.observations} - {""}))


def place_of(o: Observation) -> str:
    """The city (first four digits of the code) or, without a code, the name of what a figure speaks of."""
    return o.area_code[:4] if o.area_code else o.area or ""


def name_of(o: Observation) -> str:
    """The name of what a figure speaks of."""
    return o.area or ""


def rate_of(o: Observation) -> str:
    """The indicator of a rate, share or price."""
    return o.indicator if o.kind != "level" else ""


def _runs(view: View) -> array[int]:
    """The runs of figures that tell a copied passage, as numbers."""
    figures = [figure(view, o) for o in view.items]
    out = array("Q")
    for k in range(len(figures) - RUN + 1):
        row = figures[k : k + RUN]
        if "" not in row:
            out.append(int.from_bytes(blake2b("|".join(row).encode(), digest_size=8).digest(), "big"))
    return out
