"""Word documents (.docx): paragraphs and tables in document order."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256

from reportminer.core import Cell, RawDocument, RawTable
from reportminer.errors import UnreadableFile

MAX_UNPACKED = 500 * 2**20
MAX_RATIO = 200


def read(data: bytes, source: str) -> RawDocument:
    """A .docx file: a line per paragraph, a line per table row with cells separated by tabs (merged cells once).

    Raises UnreadableFile for a broken, encrypted or oversized one.
    """
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    _check_size(data, source)
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as e:  # python-docx raises KeyError, BadZipFile, lxml errors … all mean: not a usable docx
        raise UnreadableFile(f"“{source}”已损坏，不能作为 Word 文档打开。", "请用 Word 或 WPS 打开并另存为新的 .docx。") from e
    parts: list[str] = []
    at = 0
    tables: list[RawTable] = []
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            line = block.text + "\n"
            parts.append(line)
            at += len(line)
        elif isinstance(block, Table):
            cells: list[Cell] = []
            for r, row in enumerate(block.rows):
                seen: set[int] = set()
                first = True
                for c, cell in enumerate(row.cells):
                    if id(cell._tc) in seen:
                        continue
                    seen.add(id(cell._tc))
                    body = " ".join(cell.text.split("\n")).replace("\t", " ")
                    if not first:
                        parts.append("\t")
                        at += 1
                    first = False
                    cells.append(Cell(r, c, at, at + len(body)))
                    parts.append(body)
                    at += len(body)
                parts.append("\n")
                at += 1
            tables.append(RawTable(tuple(cells)))
    text = "".join(parts)
    if not text.strip():
        raise UnreadableFile(f"“{source}”里没有文字。", "如果内容是图片，请先做文字识别（OCR），再存为 .docx 或 .txt。")
    return RawDocument(source, sha256(data).hexdigest(), "docx", text, tables=tuple(tables))


def _check_size(data: bytes, source: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            size = sum(i.file_size for i in z.infolist())
            encrypted = any(i.flag_bits & 1 for i in z.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as e:
        raise UnreadableFile(f"“{source}”已损坏，不能作为 Word 文档打开。", "请用 Word 或 WPS 打开并另存为新的 .docx。") from e
    if encrypted:
        raise UnreadableFile(f"“{source}”有密码保护。", "请去掉密码后另存。")
    if size > MAX_UNPACKED or size > MAX_RATIO * max(len(data), 10**5):
        raise UnreadableFile(f"“{source}”解压后过大（上限 {MAX_UNPACKED >> 20} MB），可能是恶意文件。", "请核实文件来源。")
