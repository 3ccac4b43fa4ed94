"""HTML: the decoded source is the text that offsets refer to; tags, scripts and entities are hidden spans.

Tokenised by hand because HTML libraries do not give offsets into the source. Restore turns a hidden span that holds a block-level tag into a line break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from reportminer.core import Cell, RawDocument, RawTable, Span
from reportminer.errors import UnreadableFile
from reportminer.ingest.charset import decode

_TOKEN = re.compile(
    r"<!--.*?(?:-->|$)"
    r"|<(?P<raw>script|style|head|noscript|template|svg|select|textarea|iframe|object)\b[^>]*>.*?(?:</(?P=raw)\s*>|$)"
    r"|<!\[CDATA\[|\]\]>|<![^>]*>|<\?[^>]*>"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:-]*)\b[^<>]*/?>"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});",
    re.S | re.I,
)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]+)", re.I)


@dataclass(slots=True)
class _Open:
    cells: list[Cell]
    row: int = -1
    col: int = -1
    start: int = -1


def _text(data: bytes, source: str) -> tuple[str, str]:
    found = decode(data)
    if found is None and (m := _META.search(data[:4096])):
        try:
            found = data.decode(m.group(1).decode("ascii"), errors="replace"), m.group(1).decode("ascii").lower()
        except LookupError as e:
            raise UnreadableFile(f"“{source}”声明的编码无法识别。", "请在浏览器中打开并另存为 UTF-8 网页或 .txt。") from e
    if found is None:
        raise UnreadableFile(f"“{source}”不是可识别的网页文件。", "请在浏览器中打开并另存为网页或 .txt。")
    return found


def read(data: bytes, source: str) -> RawDocument:
    """An .html file. Raises UnreadableFile when it holds no text."""
    text, charset = _text(data, source)
    hidden: list[Span] = []
    tables: list[RawTable] = []
    stack: list[_Open] = []
    for m in _TOKEN.finditer(text):
        hidden.append(Span(m.start(), m.end()))
        tag = (m.group("tag") or "").lower()
        if tag == "table":
            if not m.group("close"):
                stack.append(_Open([]))
            elif stack:
                done = stack.pop()
                _close_cell(done, m.start())
                if len(done.cells) >= 4:
                    tables.append(RawTable(tuple(done.cells)))
        elif stack and tag == "tr":
            _close_cell(stack[-1], m.start())
            if not m.group("close"):
                stack[-1].row, stack[-1].col = stack[-1].row + 1, -1
        elif stack and tag in ("td", "th"):
            _close_cell(stack[-1], m.start())
            if not m.group("close"):
                stack[-1].col += 1
                stack[-1].start = m.end()
    visible = _visible(text, hidden)
    if not visible.strip():
        raise UnreadableFile(f"“{source}”里没有正文。", "请确认网页内容已完整保存。")
    return RawDocument(source, sha256(data).hexdigest(), "html", text, charset, tables=tuple(tables), hidden=tuple(hidden))


def _close_cell(t: _Open, end: int) -> None:
    if t.start >= 0:
        t.cells.append(Cell(max(t.row, 0), t.col, t.start, end))
        t.start = -1


def _visible(text: str, hidden: list[Span]) -> str:
    out, at = [], 0
    for s in hidden:
        out.append(text[at : s.start])
        at = s.end
    out.append(text[at:])
    return "".join(out)
