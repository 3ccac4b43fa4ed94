"""HTML: the decoded source is the text that offsets refer to; tags, scripts, comments and entities are hidden spans.

Tokenised by hand because HTML libraries do not give offsets into the source. What a hidden span leaves behind (a line break for a
block-level tag, a tab for a cell, a character for an entity) is decided by restore, which looks at the source under the span.
Text that only a style sheet hides (``display:none``) is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256

from reportminer.core import Cell, RawDocument, RawTable, Span
from reportminer.errors import UnreadableFile
from reportminer.ingest.charset import decode

_TOKEN = re.compile(
    r"<!--|<!\[CDATA\[|\]\]>|<!\[(?:if|endif)\b[^>]{0,200}>|<![a-z][^>]{0,2000}>|<\?[^>]{0,2000}>"
    # quoted attribute values may hold ">"; a lone quote must not swallow what follows
    r"|<(?P<close>/?)(?P<tag>[a-z][a-z0-9:-]*)(?P<attributes>(?:[\s/](?:[^<>\"']++|\"[^\"<]{0,500}\"|'[^'<]{0,500}'|[\"'])*+)?)>"
    r"|&(?:#[0-9]{1,7};|#x[0-9a-f]{1,6};|nbsp;?|[a-z][a-z0-9]{1,30};)",
    re.I,
)
_NO_CONTENT = frozenset(
    ["script", "style", "head", "noscript", "template", "svg", "select", "textarea", "iframe", "object"]
)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]+)", re.I)
_SPANNED = {
    name: re.compile(rf"\b{name}\s*=\s*[\"']?\s*([0-9]{{1,3}})", re.I) for name in ("colspan", "rowspan")
}
_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html)\b", re.I | re.S
)


@dataclass(slots=True)
class _Grid:
    """A table that is being read: ``taken`` are places that cells above reach down into."""

    cells: list[Cell] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    row: int = -1
    col: int = 0
    start: int = -1  # of the open cell
    at: int = 0  # column of the open cell

    def open_cell(self, start: int, attributes: str) -> None:
        self.row = max(self.row, 0)
        while (self.row, self.col) in self.taken:
            self.col += 1
        wide, deep = (
            int(m.group(1)) if (m := _SPANNED[n].search(attributes)) else 1 for n in ("colspan", "rowspan")
        )
        wide, deep = min(max(wide, 1), 100), min(max(deep, 1), 200)
        self.taken.update((self.row + r, self.col + c) for r in range(1, deep) for c in range(wide))
        self.start, self.at = start, self.col
        self.col += wide

    def close_cell(self, end: int) -> None:
        if self.start >= 0:
            self.cells.append(Cell(self.row, self.at, self.start, end))
            self.start = -1

    def next_row(self) -> None:
        self.row += 1
        self.col = 0


def is_html(data: bytes) -> bool:
    """Whether a file begins as a web page does."""
    return bool(_START.match(data[:12000].lstrip(b"\xef\xbb\xbf")))


def read(data: bytes, source: str) -> RawDocument:
    """A .html file: cells of tables in grid places (merged cells once, at their first place). Raises UnreadableFile when it holds no text."""
    declared = m.group(1).decode("ascii") if (m := _META.search(data[:8192])) else None
    found = decode(data, declared)
    if found is None:
        raise UnreadableFile(
            f"“{source}”的编码无法识别，或不是网页文件。", "请在浏览器中打开，另存为 UTF-8 网页或 .txt。"
        )
    text, charset = found
    hidden, tables = _scan(text)
    if not _visible(text, hidden):
        raise UnreadableFile(
            f"“{source}”里没有正文。", "请确认网页内容已完整保存（有些网页的正文要用浏览器打开后才出现）。"
        )
    return RawDocument(
        source,
        sha256(data).hexdigest(),
        "html",
        text,
        charset,
        tables=tuple(tables),
        hidden=tuple(hidden),
        markup=True,
    )


def _scan(text: str) -> tuple[list[Span], list[RawTable]]:
    """Hidden spans and tables, both in the order in which they end."""
    hidden: list[Span] = []
    tables: list[RawTable] = []
    stack: list[_Grid] = []
    unclosed: set[str] = set()  # elements without an end tag from here on: no second search for it
    at = 0
    while m := _TOKEN.search(text, at):
        at = m.end()
        tag = (m.group("tag") or "").lower()
        opening = not m.group("close")
        if m.group() == "<!--":
            end = text.find("-->", at)
            at = end + 3 if end >= 0 else at
        elif tag in _NO_CONTENT and opening and tag not in unclosed and not m.group().endswith("/>"):
            # without its end tag, a head ends where the body begins; any other element hides its tag only, so that no text is lost
            end_tag = re.compile(rf"</{tag}\s*>" + (r"|(?=<body\b)" if tag == "head" else ""), re.I).search(
                text, at
            )
            if end_tag:
                at = end_tag.end()
            else:
                unclosed.add(tag)
        hidden.append(Span(m.start(), at))
        if tag == "table" and opening:
            stack.append(_Grid())
        elif not stack:
            continue
        elif tag == "table":
            _finish(stack.pop(), m.start(), tables)
        elif tag == "tr":
            stack[-1].close_cell(m.start())
            if opening:
                stack[-1].next_row()
        elif tag in ("td", "th"):
            stack[-1].close_cell(m.start())
            if opening:
                stack[-1].open_cell(at, m.group("attributes") or "")
    while stack:
        _finish(stack.pop(), len(text), tables)
    return hidden, tables


def _finish(grid: _Grid, end: int, tables: list[RawTable]) -> None:
    grid.close_cell(end)
    if len(grid.cells) >= 4:  # fewer lay out a page
        tables.append(RawTable(tuple(grid.cells)))


def _visible(text: str, hidden: list[Span]) -> bool:
    at = 0
    for s in hidden:
        if text[at : s.start].strip():
            return True
        at = s.end
    return bool(text[at:].strip())
