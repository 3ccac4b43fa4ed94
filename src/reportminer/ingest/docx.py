"""Word documents (.docx): what Word prints, in the order of the document, from the XML of its parts.

python-docx is not asked: ``Paragraph.text`` leaves out what Word wraps (smart tags, tracked insertions, content controls, text boxes)
and the numbers of automatic lists, and it parses parts of strangers with entities.

- Tracked changes: the accepted text. Hidden text and the instructions of fields are left out; so are comments.
- Foot- and endnotes are lines after the paragraph or the table that refers to them: their figures are claims, and the signature stays last.
- Headers and footers stand once, hidden, at the end: kept with the text of the file, never read for figures. So does a table of contents, in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from reportminer.core import Cell, RawDocument, RawTable, Span
from reportminer.errors import UnreadableFile
from reportminer.ingest.numbering import Numbering, W, value_of, whole
from reportminer.ingest.package import Package
from reportminer.ingest.symbols import symbol
from reportminer.limits import limit, stated

_LONGEST_LINE = (
    200  # a cell with more characters or a table inside lays out the page: its paragraphs stay lines
)
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXT, _RUN, _PARAGRAPH, _TABLE, _ROW, _CELL = (W + n for n in ("t", "r", "p", "tbl", "tr", "tc"))
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_STANDS_FOR = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_BOX, _SYMBOL, _FIELD, _INSTRUCTION, _CONTROL = (
    W + n for n in ("txbxContent", "sym", "fldChar", "instrText", "sdt")
)
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
# properties; deleted or moved text; readings above characters; the older copy of a drawing beside the newer one
_LEFT_OUT = frozenset(
    W + n
    for n in ("pPr", "rPr", "del", "moveFrom", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "rt")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_OFF = ("0", "false", "off")


def read(data: bytes, source: str) -> RawDocument:
    """A .docx file: a line per paragraph, a line per table row with cells separated by tabs (merged cells once, at their first place).

    Raises UnreadableFile for a broken, encrypted, empty or oversized one.
    """
    package = Package(data, source, " Word 文档")
    main = package.main("word/document.xml")
    root = package.xml(main)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise package.broken()
    relations = package.relations(main)
    writer = _written(package, relations, body, source, fields=True)
    if writer.document.fields:  # a field that nobody closed would swallow the rest
        writer = _written(package, relations, body, source, fields=False)
    if not "".join(writer.parts).strip():
        return _embedded(package, body, relations, data, source)
    writer.headers(package, relations, body)
    return RawDocument(
        source, sha256(data).hexdigest(), "docx", "".join(writer.parts), tables=tuple(writer.tables), hidden=tuple(writer.hidden)
    )  # fmt: skip


def _written(
    package: Package, relations: dict[str, tuple[str, str]], body: Any, source: str, fields: bool
) -> _Writer:
    """The body as text; without ``fields``, the marks of fields are taken for nothing."""
    document = _Document(
        source,
        Numbering(_related(package, relations, "numbering"), _related(package, relations, "styles")),
        {kind: _by_id(_related(package, relations, kind)) for kind in _NOTES.values()},
        fields,
    )
    writer = _Writer(document)
    writer.blocks(body)
    return writer


def _related(package: Package, relations: dict[str, tuple[str, str]], kind: str) -> Any:
    name = next((n for k, n in relations.values() if k == kind), None)
    return package.xml(name) if name else None


def _by_id(root: Any) -> dict[str, Any]:
    """Notes by id, without the separators that Word keeps among them."""
    return (
        {n.get(W + "id", ""): n for n in root if n.get(W + "type") in (None, "normal")}
        if root is not None
        else {}
    )


def _embedded(
    package: Package, body: Any, relations: dict[str, tuple[str, str]], data: bytes, source: str
) -> RawDocument:
    """A document without text of its own: web programs put the whole page inside as one foreign part."""
    from reportminer.ingest import read_bytes

    for chunk in body.iter(W + "altChunk"):
        inner = package.part(relations.get(chunk.get(_REFERENCE, ""), ("", ""))[1])
        if inner and not inner.startswith(b"PK"):
            return replace(read_bytes(inner, source), sha256=sha256(data).hexdigest(), format="docx")
    raise UnreadableFile(
        f"“{source}”里没有文字。", "如果内容是图片，请先做文字识别（OCR），再存为 .docx 或 .txt。"
    )


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction, whether its result has begun, whether it is a table of contents."""

    instruction: str = ""
    result: bool = False
    contents: bool = False


@dataclass(slots=True)
class _Document:
    """What paragraphs anywhere in the document share."""

    source: str
    numbering: Numbering
    notes: dict[str, dict[str, Any]]
    marked: bool = True  # whether the marks of fields count
    fields: list[_Field] = field(default_factory=list)

    def field_mark(self, kind: str | None) -> None:
        if not self.marked:
            return
        if kind == "begin":
            self.fields.append(_Field())
        elif self.fields and kind == "separate":
            last = self.fields[-1]
            last.result, last.contents = True, last.instruction.split()[:1] == ["TOC"]
        elif self.fields and kind == "end":
            self.fields.pop()


class _Writer:
    """Collects the text, and the tables and hidden spans with offsets into it."""

    def __init__(self, document: _Document) -> None:
        self.document = document
        self.parts: list[str] = []
        self.at = 0
        self.tables: list[RawTable] = []
        self.hidden: list[Span] = []
        self.notes: list[Any] = []  # referred to, not yet written
        self.line = 0  # where the current paragraph begins

    def put(self, piece: str) -> None:
        if not piece:
            return
        if any(f.contents for f in self.document.fields):
            self.hide(self.at, self.at + len(piece))
        self.parts.append(piece)
        self.at += len(piece)

    def hide(self, start: int, end: int) -> None:
        if self.hidden and self.hidden[-1].end == start:
            start = self.hidden.pop().start
        self.hidden.append(Span(start, end))

    def blocks(self, parent: Any) -> None:
        """Paragraphs and tables below ``parent``, whatever they are wrapped in, each with a line end."""
        for node in parent:
            if node.tag == _PARAGRAPH:
                self.paragraph(node)
                self.write_notes()
            elif node.tag == _TABLE:
                self.table(node)
                self.write_notes()
            elif isinstance(node.tag, str) and node.tag not in _LEFT_OUT and not _prompt(node):
                self.blocks(node)

    def write_notes(self) -> None:
        notes, self.notes = self.notes, []
        for note in notes:
            self.blocks(note)

    def paragraph(self, node: Any) -> None:
        properties = node.find(W + "pPr")
        marks = properties.find(W + "rPr") if properties is not None else None
        joined = marks is not None and any(marks.find(W + n) is not None for n in ("del", "moveFrom"))
        start, count = self.at, len(self.parts)
        boxes: list[Any] = []
        if not self.document.numbering.hides(value_of(properties, "pStyle")):
            self.inline(node, boxes)
        # a paragraph that was deleted whole has no number
        written = self.at > start
        label = "" if joined and not written else self.document.numbering.label(properties)
        if label and "".join(self.parts[count:]).strip():
            self.insert(count, start, label)
        while len(self.parts) > count and self.parts[-1] == "\n":  # a page break at the end
            self.parts.pop()
            self.at -= 1
        if not joined:
            self.put("\n")
        for box in boxes:  # a text box follows the paragraph it is anchored in
            self.blocks(box)

    def insert(self, index: int, at: int, label: str) -> None:
        """The label of a list before what the paragraph has written: it is known only then whether there is anything to number."""
        self.parts.insert(index, label)
        self.at += len(label)
        self.hidden = [
            s if s.end <= at else Span(s.start + (len(label) if s.start > at else 0), s.end + len(label)) for s in self.hidden
        ]  # fmt: skip

    def inline(self, node: Any, boxes: list[Any]) -> None:
        """The characters below ``node``; text boxes go to ``boxes``, notes to ``notes``."""
        for child in node:
            tag = child.tag
            if tag in (_TEXT, _MATH):
                self.write(child.text or "")
            elif tag in _STANDS_FOR:
                self.write(_STANDS_FOR[tag])
            elif tag == _SYMBOL:
                self.write(symbol(child.get(W + "font", ""), child.get(W + "char", "")))
            elif tag == _FIELD:
                self.document.field_mark(child.get(W + "fldCharType"))
            elif tag == _INSTRUCTION and self.document.fields:
                self.document.fields[-1].instruction += child.text or ""
            elif tag in _NOTES:
                note = self.document.notes[_NOTES[tag]].pop(child.get(W + "id", ""), None)
                if note is not None:
                    self.notes.append(note)
            elif tag == _BOX:
                boxes.append(child)
            elif isinstance(tag, str) and tag not in _LEFT_OUT and not self.unseen(child):
                self.inline(child, boxes)

    def write(self, piece: str) -> None:
        """Text, unless it belongs to the instruction of a field."""
        if all(f.result for f in self.document.fields):
            self.put(piece)

    def unseen(self, node: Any) -> bool:
        if node.tag == _CONTROL:
            return _prompt(node)
        properties = node.find(W + "rPr") if node.tag == _RUN else None
        if properties is None:
            return False
        mark = properties.find(W + "vanish")
        if mark is not None:
            return mark.get(W + "val") not in _OFF
        return self.document.numbering.hides(value_of(properties, "rStyle"))

    def table(self, node: Any) -> None:
        cells: list[Cell] = []
        widest = limit("columns")
        for r, row in enumerate(r for r in _below(node, _ROW) if not _deleted(r)):
            column = _number(row, "trPr", "gridBefore", 0)
            for n, cell in enumerate(_below(row, _CELL)):
                if n:
                    self.put("\t")
                start = self.at
                if _begins(cell):
                    self.cell(cell)
                    cells.append(Cell(r, column, start, self.at))
                column += _number(cell, "tcPr", "gridSpan", 1)
                if column > widest:
                    raise UnreadableFile(
                        f"“{self.document.source}”中有一个表格宽 {column} 列（{stated('columns')}）。",
                        "请核实文件来源，用 Office 或 WPS 打开后另存。",
                    )
            self.put("\n")
        if cells:
            self.tables.append(RawTable(tuple(cells)))

    def cell(self, node: Any) -> None:
        inner = _Writer(self.document)
        inner.blocks_of_cell(node)
        self.notes += inner.notes
        text = "".join(inner.parts).strip()
        if not inner.tables and not inner.hidden and len(text) <= _LONGEST_LINE:
            self.put(" ".join(text.split()))
            return
        shift = self.at
        for t in inner.tables:
            self.tables.append(
                RawTable(tuple(Cell(c.row, c.col, c.start + shift, c.end + shift) for c in t.cells))
            )
        text = "".join(inner.parts).rstrip("\n")
        for s in inner.hidden:
            if s.start < len(text):
                self.hide(s.start + shift, min(s.end, len(text)) + shift)
        self.parts.append(text)
        self.at += len(text)

    def blocks_of_cell(self, node: Any) -> None:
        """The blocks of a cell; its notes wait for the end of the table."""
        for child in node:
            if child.tag == _PARAGRAPH:
                self.paragraph(child)
            elif child.tag == _TABLE:
                self.table(child)
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and not _prompt(child):
                self.blocks_of_cell(child)

    def headers(self, package: Package, relations: dict[str, tuple[str, str]], body: Any) -> None:
        """The different headers and footers, hidden."""
        if self.parts and not self.parts[-1].endswith("\n"):
            self.put("\n")
        known: set[str] = set()
        for reference in body.iter(W + "headerReference", W + "footerReference"):
            kind, name = relations.get(reference.get(_REFERENCE, ""), ("", ""))
            root = package.xml(name) if kind in ("header", "footer") else None
            if root is None:
                continue
            inner = _Writer(
                _Document(package.source, Numbering(None, None), {k: {} for k in _NOTES.values()})
            )
            inner.blocks(root)
            text = "".join(inner.parts).strip()
            if text and text not in known:
                known.add(text)
                self.hide(self.at, self.at + len(text) + 1)
                self.parts.append(text + "\n")
                self.at += len(text) + 1


def _prompt(node: Any) -> bool:
    """A content control that nobody has filled in: it shows what to write there."""
    return node.tag == _CONTROL and node.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _deleted(row: Any) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _begins(cell: Any) -> bool:
    """Not the continuation of a merged cell, and not deleted."""
    properties = cell.find(W + "tcPr")
    if properties is None:
        return True
    for name in ("vMerge", "hMerge"):
        merge = properties.find(W + name)
        if merge is not None and merge.get(W + "val") != "restart":
            return False
    return properties.find(W + "cellDel") is None


def _below(node: Any, tag: str) -> Iterator[Any]:
    """The nearest descendants with the tag: rows and cells may be wrapped in content controls."""
    for child in node:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and child.tag != _TABLE:
            yield from _below(child, tag)


def _number(node: Any, properties: str, name: str, default: int) -> int:
    return max(whole(value_of(node.find(W + properties), name), default), 0)
