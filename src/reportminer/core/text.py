"""A file as text and a report ready to be read."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Ints = array[int]
    Floats = array[float]
else:
    Ints = Floats = array  # types that exist at run time, for what reads them there (part files)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open interval of character offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: its place in the grid and its raw offsets."""

    row: int
    col: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table that the file format itself marks as one (docx, xlsx, html, pdf): cells in reading order."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (numbered from 1), measured from its left and its upper edge as the page is shown: points (1/72 inch) of a
    pdf, pixels of an image."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The size of a page as it is shown, and how its lines lie on it: a point ``(x, y)`` of an upright line is at
    ``(a·x + c·y + e, b·x + d·y + f)`` of the page. Units as in ``Box``."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the characters of a text stand on its pages, kept small: a run is a piece of one line, ``start``/``end`` its raw offsets, ``page`` an
    index into ``sheets``, ``top``/``bottom`` what all its characters share; ``left``/``right`` have one entry for each raw character."""

    sheets: tuple[Sheet, ...]
    start: Ints
    end: Ints
    page: Ints
    top: Floats
    bottom: Floats
    left: Floats
    right: Floats

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """The rectangles of the raw span ``[start, end)``: one for each line or cell that it touches, in text order; none for blanks."""
        out = []
        n = max(0, bisect_right(self.start, start) - 1)
        while n < len(self.start) and self.start[n] < end:
            first, last = max(start, self.start[n]), min(end, self.end[n]) - 1
            if first <= last:
                corners = (
                    self.left[first],
                    self.top[n],
                    max(self.right[first : last + 1]),
                    self.bottom[n],
                )
                out.append(_placed(self.page[n], self.sheets[self.page[n]], corners))
            n += 1
        return tuple(out)


def _placed(page: int, sheet: Sheet, corners: tuple[float, float, float, float]) -> Box:
    a, b, c, d, e, f = sheet.matrix
    left, top, right, bottom = corners
    points = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (top, bottom)]
    xs = [min(max(x, 0.0), sheet.width) for x, _ in points]
    ys = [min(max(y, 0.0), sheet.height) for _, y in points]
    return Box(page + 1, min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One input file as text, before any repair.

    ``text`` is what offsets refer to: the decoded characters of txt/html/md with newlines as they are, or what ingest made
    of docx/pdf. ``pages`` are the raw spans of the pages (pdf), ``hidden`` raw spans that are markup and not content (html
    tags, scripts), to be dropped by restore. ``layout`` says where the characters stand on the pages (pdf, images). ``certainty``
    has the certainty of recognition of each character in percent (scans and images; 100 where a page had its own text).
    ``notes``: what the reader could not do, one Chinese sentence each.
    """

    source: str
    sha256: str
    format: str
    text: str
    charset: str | None = None
    pages: tuple[Span, ...] = ()
    tables: tuple[RawTable, ...] = ()
    hidden: tuple[Span, ...] = ()
    markup: bool = False  # the text is the source of a web page: tags are hidden spans, line breaks are none
    layout: Layout | None = None
    certainty: bytes | None = None
    notes: tuple[str, ...] = ()  # what a reader of the results should know of how the file was read

    def certainty_of(self, start: int, end: int) -> float:
        """From 0 to 1: the certainty of the least certain character of ``[start, end)``; 1 where nothing was recognised from a picture."""
        if self.certainty is None or end <= start:
            return 1.0
        return min(self.certainty[start:end]) / 100


class TextMap:
    """Maps every clean character to the raw character it came from. Clean text may drop or replace raw characters
    one for one; it never invents or reorders them, so one increasing array of raw offsets is the whole map."""

    __slots__ = ("_origin",)

    def __init__(self, origin: Sequence[int]) -> None:
        """``origin[i]`` is the raw offset of clean character ``i``; strictly increasing."""
        self._origin = origin

    def __len__(self) -> int:
        return len(self._origin)

    def runs(self) -> list[tuple[int, int]]:
        """The map as (raw offset, length) of its stretches without a gap: what is kept of it in a file."""
        out: list[tuple[int, int]] = []
        start, after = 0, -1
        for raw in self._origin:
            if raw != after:
                if after > start:
                    out.append((start, after - start))
                start = raw
            after = raw + 1
        return [*out, (start, after - start)] if after > start else out

    @staticmethod
    def from_runs(runs: Iterable[tuple[int, int]]) -> TextMap:
        """The map that ``runs`` told of."""
        origin = array("I")
        for start, length in runs:
            origin.extend(range(start, start + length))
        return TextMap(origin)

    def raw(self, clean_offset: int) -> int:
        """Raw offset of one clean character."""
        return self._origin[clean_offset]

    def span(self, start: int, end: int) -> Span:
        """Raw span of the clean span ``[start, end)``; debris between its characters is inside, around it outside."""
        if end <= start:
            at = (
                self._origin[start]
                if start < len(self._origin)
                else (self._origin[-1] + 1 if self._origin else 0)
            )
            return Span(at, at)
        return Span(self._origin[start], self._origin[end - 1] + 1)

    def clean(self, raw_offset: int) -> int:
        """The clean offset of the last kept character at or before ``raw_offset`` (0 when there is none)."""
        return max(0, bisect_right(self._origin, raw_offset) - 1)

    def clean_from(self, raw_offset: int) -> int:
        """The clean offset of the first kept character at or after ``raw_offset`` (``len(self)`` when there is none)."""
        at = bisect_right(self._origin, raw_offset - 1)
        return at


@dataclass(frozen=True, slots=True)
class TextCell:
    """One table cell in clean offsets (without surrounding blanks or separators)."""

    row: int
    col: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in the clean text, whatever its source (docx, html, pdf, Markdown, tabs, aligned spaces)."""

    start: int
    end: int
    cells: tuple[TextCell, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One article of a file. ``start``/``end`` are clean offsets. ``year`` is the reporting year (the year reviewed),
    ``area`` simplified without debris; both None when masked or unknown."""

    index: int
    start: int
    end: int
    title: str | None
    area: str | None
    area_code: str | None
    year: int | None
    genre: str | None
    date: str | None = None  # date printed on the report (ISO, YYYY-MM or YYYY-MM-DD), None when unknown


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report ready to be read: repaired text with its map back to the file.

    ``sentences`` are clean spans (split at 。！？； and paragraph ends, never inside brackets or quotations), in order, without gaps
    that hold numerals. ``segments`` cover the clean text in order. Document-level ``title, area, area_code, year, genre`` are in
    ``document`` (a Segment that spans all of the clean text).
    """

    raw: RawDocument
    clean: str
    map: TextMap
    sentences: tuple[Span, ...]
    segments: tuple[Segment, ...]
    document: Segment
    tables: tuple[TextTable, ...] = ()
    notes: tuple[str, ...] = ()  # what restore did, one line per kind of repair

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds the clean ``offset`` (the last one that starts at or before it)."""
        return max(0, bisect_right(self.sentences, offset, key=lambda s: s.start) - 1)

    def segment_at(self, offset: int) -> Segment:
        """The segment that holds the clean ``offset``."""
        last = self.segments[-1]  # mostly the only one
        if last.start <= offset:
            return last
        return self.segments[max(0, bisect_right(self.segments, offset, key=lambda s: s.start) - 1)]
