"""Word documents (.docx): paragraphs and tables in document order.

The XML is walked here because ``Paragraph.text`` of python-docx leaves out what Word wraps: smart tags (older versions put them around
dates and measures), tracked insertions, content controls and text boxes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from reportminer.core import Cell, RawDocument, RawTable
from reportminer.errors import UnreadableFile

MAX_UNPACKED = 500 * 2**20
MAX_RATIO = 200
_LONGEST_LINE = (
    200  # a cell with more characters or a table inside lays out the page: its paragraphs stay lines
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _PARAGRAPH, _TABLE, _ROW, _CELL = (_W + n for n in ("t", "p", "tbl", "tr", "tc"))
_STANDS_FOR = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}
_BOX = _W + "txbxContent"
# properties; deleted or moved text; the older copy of a drawing beside the newer one; comments
_LEFT_OUT = frozenset(_W + n for n in ("pPr", "del", "moveFrom", "tblPr", "trPr", "tcPr", "sectPr")) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}


def read(data: bytes, source: str) -> RawDocument:
    """A .docx file: a line per paragraph, a line per table row with cells separated by tabs (merged cells once, at their first place).

    Raises UnreadableFile for a broken, encrypted, empty or oversized one.
    """
    import docx

    _check_size(data, source)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except (
        Exception
    ) as e:  # python-docx raises KeyError, ValueError, lxml errors … all mean: not a usable docx
        raise _broken(source) from e
    writer = _Writer()
    writer.blocks(body)
    text = "".join(writer.parts)
    if not text.strip():
        raise UnreadableFile(
            f"“{source}”里没有文字。", "如果内容是图片，请先做文字识别（OCR），再存为 .docx 或 .txt。"
        )
    return RawDocument(source, sha256(data).hexdigest(), "docx", text, tables=tuple(writer.tables))


class _Writer:
    """Collects the text, and the tables with offsets into it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.at = 0
        self.tables: list[RawTable] = []

    def put(self, piece: str) -> None:
        self.parts.append(piece)
        self.at += len(piece)

    def blocks(self, parent: Any) -> None:
        """Paragraphs and tables below ``parent``, whatever they are wrapped in, each with a line end."""
        for node in parent:
            if node.tag == _PARAGRAPH:
                boxes: list[Any] = []
                self.put(_inline(node, boxes) + "\n")
                for box in boxes:  # a text box follows the paragraph it is anchored in
                    self.blocks(box)
            elif node.tag == _TABLE:
                self.table(node)
            elif isinstance(node.tag, str) and node.tag not in _LEFT_OUT:
                self.blocks(node)

    def table(self, node: Any) -> None:
        cells: list[Cell] = []
        for r, row in enumerate(_below(node, _ROW)):
            column = _number(row, "trPr", "gridBefore", 0)
            for n, cell in enumerate(_below(row, _CELL)):
                if n:
                    self.put("\t")
                start = self.at
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is None or merge.get(_W + "val") == "restart":
                    self.cell(cell)
                    cells.append(Cell(r, column, start, self.at))
                column += _number(cell, "tcPr", "gridSpan", 1)
            self.put("\n")
        if cells:
            self.tables.append(RawTable(tuple(cells)))

    def cell(self, node: Any) -> None:
        inner = _Writer()
        inner.blocks(node)
        text = "".join(inner.parts).strip()
        if not inner.tables and len(text) <= _LONGEST_LINE:
            self.put(" ".join(text.split()))
            return
        shift = self.at
        self.tables += (
            RawTable(tuple(Cell(c.row, c.col, c.start + shift, c.end + shift) for c in t.cells))
            for t in inner.tables
        )
        self.put("".join(inner.parts).rstrip("\n"))


def _inline(node: Any, boxes: list[Any]) -> str:
    """The characters below ``node``; text boxes go to ``boxes``."""
    out: list[str] = []
    for child in node:
        tag = child.tag
        if tag == _TEXT:
            out.append(child.text or "")
        elif tag in _STANDS_FOR:
            out.append("" if child.get(_W + "type") in ("page", "column") else _STANDS_FOR[tag])
        elif tag == _BOX:
            boxes.append(child)
        elif isinstance(tag, str) and tag not in _LEFT_OUT and not (tag == _W + "r" and _vanished(child)):
            out.append(_inline(child, boxes))
    return "".join(out)


def _vanished(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val") not in ("0", "false", "off")


def _below(node: Any, tag: str) -> Iterator[Any]:
    """The nearest descendants with the tag: rows and cells may be wrapped in content controls."""
    for child in node:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and child.tag != _TABLE:
            yield from _below(child, tag)


def _number(node: Any, properties: str, name: str, default: int) -> int:
    found = node.find(f"{_W}{properties}/{_W}{name}")
    value = found.get(_W + "val") if found is not None else None
    return int(value) if value and value.isdecimal() else default


def _broken(source: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{source}”已损坏，不能作为 Word 文档打开。", "请用 Word 或 WPS 打开并另存为新的 .docx。"
    )


def _check_size(data: bytes, source: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            size = sum(i.file_size for i in z.infolist())
            encrypted = any(i.flag_bits & 1 for i in z.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as e:
        raise _broken(source) from e
    if encrypted:
        raise UnreadableFile(f"“{source}”有密码保护。", "请去掉密码后另存。")
    if size > MAX_UNPACKED or size > MAX_RATIO * max(len(data), 10**5):
        raise UnreadableFile(
            f"“{source}”解压后有 {size >> 20} MB，过大（上限 {MAX_UNPACKED >> 20} MB，且不超过压缩后的 {MAX_RATIO} 倍）。",
            "请核实文件来源，用 Word 或 WPS 打开后另存。",
        )
