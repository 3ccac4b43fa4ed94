"""Text of Word 97–2003 documents by their piece table, for machines without LibreOffice.

Structures and names as in [MS-DOC]: FIB (2.5), Clx and PlcPcd (2.9), bin tables and FKPs of characters and paragraphs (2.9.54, 2.9.33, 2.9.23).
Read: text, tables, notes, text boxes; deleted revisions, hidden text and the instructions of fields are left out. Not read: the numbers of
automatic lists (the note says so), symbols, nested tables as tables of their own. Word 6 and 95 and encrypted files are refused.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from reportminer.core import Cell, RawDocument, RawTable, Span
from reportminer.errors import UnreadableFile

LOST = "自动编号（一、（一）等）和符号没有还原"  # what this reader cannot do
_NOTE = f"没有安装 LibreOffice，由内置程序读取：{LOST}"
_WORD8 = 0x00C1  # nFib from Word 97 on
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CLX, _BTE_CHPX, _BTE_PAPX = 33, 12, 13  # indices in FibRgFcLcb97
_COUNTS = 0x4C  # ccpText, ccpFtn, ccpHdd, (macros), ccpAtn, ccpEdn, ccpTxbx, ccpHdrTxbx
_PARTS = ("text", "notes", "headers", "macros", "comments", "notes", "boxes", "headers")
_PAGE = 512
_DELETED, _VANISH = 0x0800, 0x083C  # sprmCFRMarkDel, sprmCFVanish
_ROW_END, _INNER_ROW_END = 0x2417, 0x244C  # sprmPFTtp, sprmPFInnerTtp
_IN_TABLE = 0x2416  # sprmPFInTable
_MERGED, _VERTICAL, _RESTART = 0x02, 0x20, 0x40  # fMerged, fVertMerge, fVertRestart of TC80
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_DEF_TABLE, _CHANGE_TABS = 0xD608, 0xC615
_LONGEST_LINE = 200  # as in docx: a longer cell lays out the page
_DROPPED = frozenset(
    map(chr, (*range(0x07), 0x08, *range(0x0E, 0x13), *range(0x16, 0x1E), 0x1F))
)  # pictures, notes, comments, soft hyphens


def check(data: bytes, source: str) -> None:
    """Raises UnreadableFile for a file that is encrypted."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            base = container.openstream("WordDocument").read(32)
    except Exception as e:  # olefile raises OSError, struct.error, IndexError … all mean: broken
        raise _broken(source) from e
    if len(base) == 32 and struct.unpack_from("<H", base, 10)[0] & _ENCRYPTED:
        raise UnreadableFile(f"“{source}”有密码保护。", "请用 Word 或 WPS 打开，去掉密码，另存为 .docx。")


def read(data: bytes, source: str) -> RawDocument:
    """A document of Word 97 to 2003. Raises UnreadableFile for a broken, encrypted, empty or older one."""
    import olefile

    check(data, source)
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            main = container.openstream("WordDocument").read()
            flags, version = struct.unpack_from("<H", main, 10)[0], struct.unpack_from("<H", main, 2)[0]
            if version < _WORD8:
                raise UnreadableFile(
                    f"“{source}”是 Word 6 或 Word 95 的文档，本机没有安装 LibreOffice，不能读取。",
                    "请安装 LibreOffice，或用 Word、WPS 打开并另存为 .docx。",
                )
            table = container.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
        document = _parse(main, table)
    except UnreadableFile:
        raise
    except (
        Exception
    ) as e:  # as above; _parse raises struct.error, IndexError and ValueError for what does not fit together
        raise _broken(source) from e
    writer = _Writer()
    writer.body(document.part("text"))
    for extra in ("notes", "boxes"):
        writer.body(document.part(extra))
    if not "".join(writer.parts).strip():
        raise UnreadableFile(
            f"“{source}”里没有文字。", "如果内容是图片，请先做文字识别（OCR），再存为 .docx 或 .txt。"
        )
    writer.hidden_lines(document.part("headers"))
    return RawDocument(
        source, sha256(data).hexdigest(), "doc", "".join(writer.parts), tables=tuple(writer.tables), hidden=tuple(writer.hidden), notes=(_NOTE,)
    )  # fmt: skip


def _broken(source: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{source}”已损坏，不能作为 Word 文档打开。", "请用 Word 或 WPS 打开并另存为 .docx。"
    )


_CELL_END = "\x07"
_JITTER = 30  # twentieths of a point by which edges of the same column may differ


@dataclass(frozen=True, slots=True)
class _Mark:
    """The end of a paragraph inside a table, or of a row: then with the edges of its cells and whether they continue merged ones."""

    row: bool = False
    edges: tuple[int, ...] = ()
    continued: tuple[bool, ...] = ()


_INSIDE = _Mark()
Character = tuple[str, _Mark | None]


@dataclass(slots=True)
class _Document:
    """The characters that are shown, and where the parts of the document begin among all characters."""

    characters: list[Character | None]  # None: deleted or hidden
    counts: list[int]

    def part(self, name: str) -> list[Character]:
        out: list[Character] = []
        at = 0
        for label, count in zip(_PARTS, self.counts, strict=True):
            if label == name:
                out += (c for c in self.characters[at : at + count] if c is not None)
            at += count
        return out


def _parse(main: bytes, table: bytes) -> _Document:
    counts = [max(n, 0) for n in struct.unpack_from("<8i", main, _COUNTS)]
    clx = _stretch(main, table, _CLX)
    pieces = _pieces(clx)
    if pieces[-1][1] > len(main):
        raise ValueError("more characters than bytes")
    gone = _Runs(main, _stretch(main, table, _BTE_CHPX), (_DELETED, _VANISH), False)
    paragraphs = _stretch(main, table, _BTE_PAPX)
    ends = _Runs(main, paragraphs, (_ROW_END, _INNER_ROW_END), True)
    inside = _Runs(main, paragraphs, (_IN_TABLE,), True)
    out: list[Character | None] = []
    for start, end, place, wide in pieces:
        step = 2 if wide else 1
        raw = main[place : place + (end - start) * step]
        text = raw.decode("utf-16-le", errors="replace") if wide else raw.decode("cp1252", errors="replace")
        if wide and len(text) != end - start:  # characters beyond the basic plane are two for Word
            text = "".join(chr(u) for (u,) in struct.iter_unpack("<H", raw[: len(raw) // 2 * 2]))
        for i, c in enumerate(text):
            at = place + i * step
            mark: _Mark | None = None
            if c in "\r\x07":
                mark = ends.at(at) or inside.at(at)
            out.append(None if gone.at(at) else (c, mark))
    return _Document(out, counts)


def _stretch(main: bytes, table: bytes, index: int) -> bytes:
    """One structure of the table stream by its index in FibRgFcLcb97."""
    offset, size = struct.unpack_from("<II", main, 0x9A + 8 * index)
    return table[offset : offset + size]


def _pieces(clx: bytes) -> list[tuple[int, int, int, bool]]:
    """First and last character of every piece, its place in the main stream, and whether its characters have two bytes."""
    at = 0
    while clx[at] == 1:  # property modifiers
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError("no piece table")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    count = (min(size, len(clx) - at - 5) - 4) // 12
    if count < 1:
        raise ValueError("no pieces")
    limits = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    out = []
    for i in range(count):
        place = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * i + 2)[0]
        wide = not place & 0x40000000
        if limits[i + 1] < limits[i]:
            raise ValueError("pieces overlap")
        out.append((limits[i], limits[i + 1], place if wide else (place & 0x3FFFFFFF) // 2, wide))
    return out


class _Runs:
    """Stretches of the main stream whose properties switch on one of a few flags."""

    def __init__(self, main: bytes, bin_table: bytes, flags: tuple[int, ...], paragraphs: bool) -> None:
        count = max((len(bin_table) - 4) // 8, 0)
        found: list[tuple[int, int, _Mark]] = []
        for number in struct.unpack_from(f"<{count}I", bin_table, 4 * (count + 1)) if count else ():
            start = (number & 0x3FFFFF) * _PAGE
            page = main[start : start + _PAGE]
            if len(page) == _PAGE:
                found += _on(page, flags, paragraphs)
        self._runs = sorted(found, key=lambda run: run[:2])
        self._starts = [start for start, _, _ in self._runs]

    def at(self, place: int) -> _Mark | None:
        """What the properties at a place say, None where no flag is on."""
        i = bisect_right(self._starts, place) - 1
        return self._runs[i][2] if i >= 0 and place < self._runs[i][1] else None


def _on(page: bytes, flags: tuple[int, ...], paragraphs: bool) -> Iterator[tuple[int, int, _Mark]]:
    """The runs of one page of formatting in which a flag is on."""
    count = page[511]
    if count * 4 + 4 > 510:
        return
    limits = struct.unpack_from(f"<{count + 1}I", page, 0)
    for i in range(count):
        at = 2 * page[4 * (count + 1) + (13 if paragraphs else 1) * i]
        if not at:
            continue
        if paragraphs:
            size = page[at]
            size, at = (2 * page[at + 1], at + 2) if size == 0 and at < 510 else (2 * size - 1, at + 1)
            properties = page[at + 2 : at + size]  # after the number of the style
        else:
            properties = page[at + 1 : at + 1 + page[at]]
        found = dict(_sprms(properties))
        if any(code in found and found[code][0] for code in flags):
            row = any(code in (_ROW_END, _INNER_ROW_END) for code in flags)
            yield limits[i], limits[i + 1], _row(found.get(_DEF_TABLE, b"")) if row else _INSIDE


def _row(definition: bytes) -> _Mark:
    """The operand of sprmTDefTable: the number of cells, their edges, a structure of 20 bytes for each that says whether it is merged."""
    count = definition[2] if len(definition) > 2 else 0
    if not count or len(definition) < 3 + 2 * (count + 1):
        return _Mark(row=True)
    edges = struct.unpack_from(f"<{count + 1}h", definition, 3)
    continued = []
    for n in range(count):
        at = 3 + 2 * (count + 1) + 20 * n
        bits = struct.unpack_from("<H", definition, at)[0] if at + 2 <= len(definition) else 0
        continued.append(bool(bits & _MERGED) or bits & (_VERTICAL | _RESTART) == _VERTICAL)
    return _Mark(True, edges, tuple(continued))


def _sprms(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Code and operand of every property."""
    at = 0
    while at + 3 <= len(properties):
        code = struct.unpack_from("<H", properties, at)[0]
        kind = code >> 13
        at += 2
        if kind != 6:
            size = _OPERAND[kind]
        elif code == _DEF_TABLE:
            size = struct.unpack_from("<H", properties, at)[0] + 1 if at + 2 <= len(properties) else 2
        elif code == _CHANGE_TABS and properties[at] == 255:
            return  # its length is in its parts; what follows is not needed
        else:
            size = properties[at] + 1
        yield code, properties[at : at + size]
        at += size


def _shown(characters: list[Character]) -> Iterator[Character]:
    """Without the instructions of fields and the characters that stand for objects. A field that is never closed is none."""
    closed: set[int] = set()
    begun: list[int] = []
    for i, (c, _) in enumerate(characters):
        if c == "\x13":
            begun.append(i)
        elif c == "\x15" and begun:
            closed.add(begun.pop())
    fields: list[bool] = []  # of every open field, whether its result has begun
    for i, (c, mark) in enumerate(characters):
        if c == "\x13":
            if i in closed:
                fields.append(False)
        elif c == "\x14":
            if fields:
                fields[-1] = True
        elif c == "\x15":
            if fields:
                fields.pop()
        elif all(fields) and c not in _DROPPED:
            yield ("-" if c == "\x1e" else c), mark


@dataclass(slots=True)
class _Writer:
    """Collects the text, and the tables and hidden spans with offsets into it."""

    parts: list[str] = field(default_factory=list)
    at: int = 0
    tables: list[RawTable] = field(default_factory=list)
    hidden: list[Span] = field(default_factory=list)
    cells: list[tuple[Cell, int | None]] = field(
        default_factory=list
    )  # of the open table, with their left edges
    row: int = 0

    def put(self, piece: str) -> None:
        self.parts.append(piece)
        self.at += len(piece)

    def body(self, characters: list[Character]) -> None:
        """Paragraphs and tables of one part. A cell ends with U+0007, and so does a row, which its properties tell."""
        line: list[str] = []
        row: list[str] = []
        for c, mark in _shown(characters):
            if c == _CELL_END and mark and mark.row:
                self.end_row(row, mark)
                row, line = [], []
            elif c == _CELL_END:
                row.append("".join(line))
                line = []
            elif c == "\r" and mark:
                line.append("\n")
            elif c in "\r\f":
                self.end_table()
                self.put("".join(line) + "\n")
                line = []
            else:
                line.append("\n" if c == "\v" else c)
        if row:
            self.end_row(row, _INSIDE)
        self.end_table()
        if line:
            self.put("".join(line) + "\n")

    def end_row(self, row: list[str], mark: _Mark) -> None:
        known = len(mark.edges) == len(row) + 1
        for n, text in enumerate(row):
            self.put("\t" if n else "")
            flat = " ".join(text.split()) if len(text) <= _LONGEST_LINE else text.strip("\n")
            if flat or not (known and mark.continued[n]):
                cell = Cell(self.row, n, self.at, self.at + len(flat))
                self.cells.append((cell, mark.edges[n] if known else None))
            self.put(flat)
        self.put("\n")
        self.row += 1

    def end_table(self) -> None:
        """A cell stands in the column of its left edge, as the rows of a table have different numbers of cells where some are merged."""
        edges = sorted({edge for _, edge in self.cells if edge is not None})
        columns: dict[int, int] = {}
        for i, edge in enumerate(edges):
            before = edges[i - 1] if i else None
            columns[edge] = 0 if before is None else columns[before] + (edge - before > _JITTER)
        if self.cells:
            whole = all(edge is not None for _, edge in self.cells)
            self.tables.append(
                RawTable(
                    tuple(
                        replace(cell, col=columns[edge]) if whole and edge is not None else cell
                        for cell, edge in self.cells
                    )
                )
            )
        self.cells, self.row = [], 0

    def hidden_lines(self, characters: list[Character]) -> None:
        """Headers and footers, each once, hidden."""
        text = "".join("\n" if c in "\r\v\f\x07" else c for c, _ in _shown(characters))
        lines = list(dict.fromkeys(x.strip() for x in text.split("\n") if x.strip()))
        if lines:
            start = self.at
            self.put("\n".join(lines) + "\n")
            self.hidden.append(Span(start, self.at))
