"""RawDocument → ReportText: every repair of the text, through one map back to the file."""

from __future__ import annotations

import re

from reportminer.core import RawDocument, ReportText, Span, TextMap
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.restore.characters import fix_characters
from reportminer.restore.edit import Draft
from reportminer.restore.furniture import drop_furniture
from reportminer.restore.lines import join_lines
from reportminer.restore.markers import drop_markers
from reportminer.restore.segments import Heading, find_title, make_segments
from reportminer.restore.sentences import split_sentences
from reportminer.restore.tables import marked_tables, text_tables

_BLOCK = re.compile(r"</?(?:p|div|br|tr|li|ul|ol|h[1-6]|table|thead|tbody|section|article|header|footer|title|dd|dt|hr|blockquote|center|nav|head)\b", re.I)
_CELL = re.compile(r"</?t[dh]\b", re.I)


def restore(raw: RawDocument, lexicon: Lexicon | None = None) -> ReportText:
    """The repaired text of a document with sentences, segments and tables."""
    lexicon = lexicon or default_lexicon()
    draft = Draft(raw.text)
    notes: list[str] = []
    _drop_hidden(draft, raw)
    notes += fix_characters(draft, lexicon)
    head = [x for x in draft.text[:3000].split("\n") if x.strip()]
    found, published = drop_furniture(draft, lexicon)
    if found:
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
    segments, document = make_segments(text, Heading(find_title(head, content), published))
    return ReportText(raw, text, mapping, split_sentences(text), segments, document, tuple(tables), tuple(notes))


def clean_fragment(text: str) -> tuple[str, TextMap]:
    """Character repairs only, for a piece of text without layout."""
    draft = Draft(text)
    fix_characters(draft)
    return draft.text, draft.map()


def _drop_hidden(draft: Draft, raw: RawDocument) -> None:
    """Markup goes; a block-level tag leaves a line break in the place of its first character, a cell tag a tab."""
    if not raw.hidden:
        return
    spans: list[Span] = []
    breaks: list[tuple[int, str]] = []
    if raw.format == "html":  # line breaks of the source are blanks of the page
        breaks += [(m.start(), " ") for m in re.finditer(r"[\r\n\t]", raw.text)]
    for s in raw.hidden:
        tag = raw.text[s.start : min(s.end, s.start + 20)]
        mark = "\n" if _BLOCK.match(tag) else "\t" if _CELL.match(tag) else " " if tag.startswith(("&nbsp", "&ensp", "&emsp")) else ""
        if mark and raw.format == "html":
            breaks.append((s.start, mark))
            s = Span(s.start + 1, s.end)
        spans.append(s)
    draft.replace_at(breaks)
    draft.drop(spans)
