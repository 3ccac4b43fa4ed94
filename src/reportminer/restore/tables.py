"""Tables in the clean text: those the format marks, and Markdown, tab-separated and space-aligned ones."""

from __future__ import annotations

import re
from collections.abc import Callable

from reportminer.core import RawDocument, TextCell, TextMap, TextTable

_RULE = re.compile(r"\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*")
_NUMERIC = re.compile(r"[-−]?[0-9][0-9,， ]*(?:\.[0-9]+)?%?|/|—|-|[xX×*]{1,6}")
_WIDE_GAP = re.compile(r" {2,}|　+")

Splitter = Callable[[str], list[tuple[int, int]]]


def marked_tables(raw: RawDocument, mapping: TextMap, text: str) -> list[TextTable]:
    """Tables that docx, html or pdf mark, in clean offsets; a lone row or column is none."""
    out = []
    for table in raw.tables:
        cells = []
        for c in table.cells:
            start, end = mapping.clean_from(c.start), mapping.clean_from(c.end)
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            cells.append(TextCell(c.row, c.col, start, end))
        made = _table(cells)
        if made is not None and _numeric_share(made, text):
            out.append(made)
    return out


def _table(cells: list[TextCell]) -> TextTable | None:
    filled = [c for c in cells if c.end > c.start]
    if len({c.row for c in filled}) < 2 or len({c.col for c in filled}) < 2:
        return None
    return TextTable(min(c.start for c in filled), max(c.end for c in filled), tuple(filled))


def _numeric_share(table: TextTable, text: str) -> bool:
    """At least a fifth of the body cells are numbers: otherwise it is layout."""
    body = [c for c in table.cells if c.col > 0 and c.row > 0]
    return bool(body) and sum(1 for c in body if _NUMERIC.fullmatch(text[c.start : c.end])) * 5 >= len(body)


def text_tables(text: str, taken: list[TextTable]) -> list[TextTable]:
    """Tables that are only laid out in the text: pipes, tabs, wide gaps."""
    out: list[TextTable] = []
    for mark, split in (("|", _pipes), ("\t", _tabs), ("  ", _gaps)):
        if mark in text:
            out += [t for t in _blocks(text, split) if not any(x.start < t.end and t.start < x.end for x in [*taken, *out])]
    return out


def _pipes(line: str) -> list[tuple[int, int]]:
    if line.count("|") < 2:
        return []
    at = [m.start() for m in re.finditer(r"\|", line)]
    if line.strip()[0] != "|":
        at.insert(0, -1)
    if line.strip()[-1] != "|":
        at.append(len(line))
    return [(a + 1, b) for a, b in zip(at, at[1:], strict=False)]


def _tabs(line: str) -> list[tuple[int, int]]:
    return _by(line, re.compile(r"\t")) if "\t" in line else []


def _gaps(line: str) -> list[tuple[int, int]]:
    body = line.strip()
    if "。" in body or "  " not in body:
        return []
    return _by(line, _WIDE_GAP)


def _by(line: str, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    out, at = [], len(line) - len(line.lstrip(" "))
    for m in separator.finditer(line, at):
        out.append((at, m.start()))
        at = m.end()
    out.append((at, len(line)))
    return out if len(out) > 1 else []


def _blocks(text: str, split: Splitter) -> list[TextTable]:
    """Runs of at least two lines with the same number of columns."""
    out: list[TextTable] = []
    rows: list[list[TextCell]] = []
    at = 0

    def flush() -> None:
        if len(rows) >= 2:
            made = _table([TextCell(r, c.col, c.start, c.end) for r, row in enumerate(rows) for c in row])
            if made is not None and _numeric_share(made, text):
                out.append(made)
        rows.clear()

    for line in text.split("\n"):
        if not _RULE.fullmatch(line):
            cells = []
            for col, (a, b) in enumerate(split(line)):
                body = line[a:b]
                lead = len(body) - len(body.lstrip())
                cells.append(TextCell(0, col, at + a + lead, at + max(a + lead, a + len(body.rstrip()))))
            if len(cells) < 2:
                if line.strip() or rows and split is _gaps:
                    flush()
            else:
                if rows and len(rows[0]) != len(cells):
                    flush()
                rows.append(cells)
        at += len(line) + 1
    flush()
    return out
