"""RawDocument → ReportText: every repair of the text, through one map back to the file."""

from __future__ import annotations

import html
import re
from bisect import bisect_right

from reportminer.core import RawDocument, ReportText, Span, TextMap
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.restore.characters import fix_characters
from reportminer.restore.edit import Draft, Edit
from reportminer.restore.furniture import drop_furniture
from reportminer.restore.lines import join_lines
from reportminer.restore.markers import drop_markers
from reportminer.restore.segments import Heading, make_segments
from reportminer.restore.sentences import split_sentences
from reportminer.restore.tables import marked_tables, text_tables
from reportminer.restore.titles import find_title

_BLOCK = re.compile(
    r"</?(?:p|div|br|tr|li|ul|ol|h[1-6]|table|thead|tbody|section|article|header|footer|title|dd|dt|hr|blockquote|center|nav|head)\b",
    re.I,
)
_CELL = re.compile(r"</?t[dh]\b", re.I)
_LONGEST_CELL = 300  # a longer one lays out a page
_SOURCE_BREAK = re.compile(r"(?P<word>(?<=[!-~]))?\s*[\r\n\t]\s*")


_SHORTEST_TITLE = 5


def restore(raw: RawDocument, lexicon: Lexicon | None = None) -> ReportText:
    """The repaired text of a document with sentences, segments and tables."""
    lexicon = lexicon or default_lexicon()
    draft = Draft(raw.text)
    notes: list[str] = []
    _drop_hidden(draft, raw)
    notes += fix_characters(draft, lexicon)
    head = [x for x in draft.text[:3000].split("\n") if x.strip()]
    furniture = drop_furniture(draft, lexicon)
    if furniture.found:
        notes.append("去掉了网页和文库的附加文字")
    content = draft.text
    if drop_markers(draft):
        notes.append("去掉了插在句中的页码标记")
    if join_lines(draft):
        notes.append("接上了断开的行")
    mapping = draft.map()
    text = draft.text
    tables = marked_tables(raw, mapping, text)
    tables = sorted([*tables, *text_tables(text, tables)], key=lambda t: t.start)
    title, context = find_title(head, content)
    if title is None or len(title) < _SHORTEST_TITLE:  # its parts stood on lines of their own
        title, context = find_title(head, text)
    segments, document = make_segments(text, Heading(title, context, furniture.published))
    return ReportText(
        raw, text, mapping, split_sentences(text), segments, document, tuple(tables), tuple(notes)
    )


def clean_fragment(text: str) -> tuple[str, TextMap]:
    """Character repairs only, for a piece of text without layout."""
    draft = Draft(text)
    fix_characters(draft)
    return draft.text, draft.map()


def _drop_hidden(draft: Draft, raw: RawDocument) -> None:
    """Markup goes; a block-level tag leaves a line break in the place of its first character, a cell tag a tab, an entity what it
    stands for. Line breaks of the source of a page are no line breaks of the page."""
    edits: list[Edit] = []
    cells = sorted((c.start, c.end) for t in raw.tables for c in t.cells if c.end - c.start <= _LONGEST_CELL)
    at = 0
    for s in (*raw.hidden, Span(len(raw.text), len(raw.text))):
        if raw.markup:
            edits += (
                Edit(m.start(), m.end(), " " if m["word"] is not None else "")
                for m in _SOURCE_BREAK.finditer(raw.text, at, s.start)
            )
            tag = raw.text[s.start : min(s.end, s.start + 24)]
            mark = "\n" if _BLOCK.match(tag) else "\t" if _CELL.match(tag) else ""
            if tag.startswith("&"):
                mark = html.unescape(raw.text[s.start : s.end])
            elif mark == "\n" and _inside(cells, s):
                mark = " "  # a row of a table stays one line
            edits.append(Edit(s.start, s.end, mark if len(mark) == 1 else ""))
        else:
            edits.append(Edit(s.start, s.end))
        at = s.end
    if not raw.markup:
        edits += (Edit(m, m + 1, " ") for a, b in cells for m in range(a, b) if raw.text[m] == "\n")
        edits.sort(key=lambda e: e.start)
    draft.apply(edits)


def _inside(cells: list[tuple[int, int]], s: Span) -> bool:
    i = bisect_right(cells, (s.start, len(cells) and cells[-1][1])) - 1
    return i >= 0 and cells[i][0] <= s.start and s.end <= cells[i][1]
