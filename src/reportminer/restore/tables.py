"""Tables in the clean text: those the format marks, and Markdown, tab-separated, comma-separated and space-aligned ones."""

from __future__ import annotations

import re

from reportminer.core import RawDocument, TextCell, TextMap, TextTable

_NUMERIC = re.compile(
    r"[约近]?[-−+]?[0-9][0-9,， ]{0,20}(?:\.[0-9]{1,8})?[%‰余多]?[\u4e00-\u9fff]{0,4}|/|—|-|[xX×*＊]{1,6}(?:\.[xX×*＊]{1,4})?%?"
)
_GAP = re.compile(r" {2,}")
_BLANK = re.compile(r" +")
_COMMA = re.compile(r"[,，]")
_TAB = re.compile(r"\t")
_PIPE = re.compile(r"\|")
_RULE = frozenset(" \t|:-—─┼+=")
_SENTENCE = re.compile(r"[。；！？]")
_LONGEST_ROW = 400
_LONGEST_CELL = 40

Row = list[TextCell]


def marked_tables(raw: RawDocument, mapping: TextMap, text: str) -> list[TextTable]:
    """Tables that docx, html or pdf mark, in clean offsets; a lone row or column is none."""
    out = []
    for table in raw.tables:
        cells = [
            _trimmed(text, c.row, c.col, mapping.clean_from(c.start), mapping.clean_from(c.end))
            for c in table.cells
        ]
        made = _table(cells)
        if made is not None and _numeric_share(made, text):
            out.append(made)
    return out


def text_tables(text: str, taken: list[TextTable]) -> list[TextTable]:
    """Tables that are only laid out in the text, outside those ``taken``."""
    out: list[TextTable] = []
    rows: list[Row] = []
    kind = ""
    at = 0
    gap = False  # an empty line since the last row

    def flush() -> None:
        if len(rows) >= 2:
            made = _finish(rows, kind, text)
            if made and not any(x.start < made.end and made.start < x.end for x in taken):
                out.append(made)
        rows.clear()

    for line in text.split("\n"):
        body = line.strip(" ")
        if not body:
            gap = True
        elif len(body) > _LONGEST_ROW or (found := _row(line, body, at, text)) is None:
            if not (rows and _RULE.issuperset(body)):
                flush()
                gap = False
        else:
            if rows and (found[0] != kind or len(found[1]) != len(rows[0]) or (gap and kind in (",", " "))):
                flush()
            kind = found[0]
            rows.append(found[1])
            gap = False
        at += len(line) + 1
    flush()
    return out


def _row(line: str, body: str, at: int, text: str) -> tuple[str, Row] | None:
    """The kind of row that a line may be (by its separator) and its cells, None for prose."""
    lead = len(line) - len(line.lstrip(" "))
    if body.count("|") >= 2:
        if _RULE.issuperset(body):
            return None
        start = lead + (body[0] == "|")
        end = lead + len(body) - (body[-1] == "|")
        return _cells("|", _PIPE, at, start, end, text)
    if "\t" in line:
        return _cells("\t", _TAB, at, lead, lead + len(body), text)
    if _SENTENCE.search(body):
        return None
    if "  " in body:
        return _cells("  ", _GAP, at, lead, lead + len(body), text)
    if "," in body or "，" in body:
        return _cells(",", _COMMA, at, lead, lead + len(body), text)
    if " " in body:
        return _cells(" ", _BLANK, at, lead, lead + len(body), text)
    return None


def _cells(
    kind: str, separator: re.Pattern[str], at: int, start: int, end: int, text: str
) -> tuple[str, Row] | None:
    out: Row = []
    begin = at + start
    for m in separator.finditer(text, at + start, at + end):
        out.append(_trimmed(text, 0, len(out), begin, m.start()))
        begin = m.end()
    out.append(_trimmed(text, 0, len(out), begin, at + end))
    if len(out) < 2 or (kind != "|" and kind != "\t" and any(c.end - c.start > _LONGEST_CELL for c in out)):
        return None
    return kind, out


def _trimmed(text: str, row: int, col: int, start: int, end: int) -> TextCell:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return TextCell(row, col, start, end)


def _finish(rows: list[Row], kind: str, text: str) -> TextTable | None:
    made = _table([TextCell(r, c.col, c.start, c.end) for r, row in enumerate(rows) for c in row])
    if made is None or not _numeric_share(made, text):
        return None
    if kind in (",", " "):  # weak separators: a header without figures, at least two rows of figures below
        if len(rows) < 3 or (kind == "," and len(rows[0]) < 3):
            return None
        head, *body = rows
        if any(_NUMERIC.fullmatch(text[c.start : c.end]) for c in head):
            return None
        numeric = [[bool(_NUMERIC.fullmatch(text[c.start : c.end])) for c in row[1:]] for row in body]
        if not all(any(r) for r in numeric) or sum(map(sum, numeric)) * 2 < sum(map(len, numeric)):
            return None
    return made


def _table(cells: list[TextCell]) -> TextTable | None:
    filled = [c for c in cells if c.end > c.start]
    if len({c.row for c in filled}) < 2 or len({c.col for c in filled}) < 2:
        return None
    return TextTable(min(c.start for c in filled), max(c.end for c in filled), tuple(filled))


def _numeric_share(table: TextTable, text: str) -> bool:
    """At least a fifth of the body cells are numbers: otherwise it is layout."""
    first = min(c.row for c in table.cells)
    body = [c for c in table.cells if c.col > 0 and c.row > first]
    return bool(body) and sum(1 for c in body if _NUMERIC.fullmatch(text, c.start, c.end)) * 5 >= len(body)
