"""Text pdf: lines in reading order with columns of aligned tables separated by tabs; the box of every character is used, not the stream order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from reportminer.core import Cell, RawDocument, RawTable, Span
from reportminer.errors import UnreadableFile

MAX_PAGES = 5000
_PAGE_NUMBER = re.compile(r"\s*(?:第\s*[0-9一二三四五六七八九十]+\s*页(?:\s*[/／共]\s*共?\s*[0-9]+\s*页?)?|[-—–]\s*[0-9]{1,4}\s*[-—–]|[0-9]{1,4}(?:\s*/\s*[0-9]{1,4})?)\s*")


@dataclass(slots=True)
class _Run:
    """Characters of one line without a wide gap between them."""

    left: float
    right: float
    text: str


@dataclass(slots=True)
class _Line:
    bottom: float
    height: float
    runs: list[_Run]


def read(data: bytes, source: str) -> RawDocument:
    """A .pdf file with a text layer. Raises UnreadableFile for a broken, encrypted, scanned or oversized one."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as e:
        if "password" in str(e).lower():
            raise UnreadableFile(f"“{source}”有密码保护。", "请在 PDF 阅读器中去掉密码后另存。") from e
        raise UnreadableFile(f"“{source}”已损坏，不能作为 PDF 打开。", "请重新下载或导出该文件。") from e
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableFile(f"“{source}”有 {len(document)} 页，超过上限 {MAX_PAGES} 页。", "请拆分后再读。")
        pages = [_lines(document[i]) for i in range(len(document))]
    except pypdfium2.PdfiumError as e:
        raise UnreadableFile(f"“{source}”的某一页无法读取。", "请重新下载或导出该文件。") from e
    finally:
        document.close()
    if not any(line.runs for page in pages for line in page):
        raise UnreadableFile(f"“{source}”是扫描件，没有文字层。", "请先做文字识别（OCR），另存为可搜索的 PDF 或 .docx。")
    return _assemble(pages, data, source)


def _lines(page: object) -> list[_Line]:
    """The lines of one page from top to bottom, each as runs from left to right."""
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    count = textpage.count_chars()
    text = textpage.get_text_range(0, count) if count else ""
    if len(text) != count:  # surrogates or ligatures: one call per character keeps the boxes right
        text = "".join((textpage.get_text_range(i, 1) or " ")[0] for i in range(count))
    boxes = []
    for i, c in enumerate(text):
        if c in "\r\n\x00\ufffe" or c.isspace():
            continue
        left, bottom, right, top = textpage.get_charbox(i)
        if right > left or top > bottom:
            boxes.append((left, bottom, right, top, c))
    rows: list[list[tuple[float, float, float, float, str]]] = []
    for box in sorted(boxes, key=lambda b: -(b[1] + b[3]) / 2):
        middle = (box[1] + box[3]) / 2
        if rows and rows[-1][0][1] - 1 <= middle <= rows[-1][0][3] + 1:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [_line(sorted(row)) for row in _merge_small(rows)]


def _merge_small(rows: list[list[tuple[float, float, float, float, str]]]) -> list[list[tuple[float, float, float, float, str]]]:
    """Rows that overlap by more than half in height are one line (commas and periods sit low)."""
    out: list[list[tuple[float, float, float, float, str]]] = []
    for row in rows:
        top, bottom = max(b[3] for b in row), min(b[1] for b in row)
        if out:
            top0, bottom0 = max(b[3] for b in out[-1]), min(b[1] for b in out[-1])
            overlap = min(top, top0) - max(bottom, bottom0)
            if overlap > 0.5 * min(top - bottom, top0 - bottom0):
                out[-1].extend(row)
                continue
        out.append(list(row))
    return out


def _line(row: list[tuple[float, float, float, float, str]]) -> _Line:
    size = sorted(b[3] - b[1] for b in row)[-1] or 10.0
    em = max(size, sorted(b[2] - b[0] for b in row)[-1])
    runs: list[_Run] = []
    for left, _, right, _, c in row:
        if runs and left - runs[-1].right < 1.4 * em:
            blank = left - runs[-1].right > 0.45 * em and c.isascii() and runs[-1].text[-1].isascii()
            runs[-1].text += (" " if blank else "") + c
            runs[-1].right = right
        else:
            runs.append(_Run(left, right, c))
    return _Line(min(b[1] for b in row), size, runs)


def _assemble(pages: list[list[_Line]], data: bytes, source: str) -> RawDocument:
    """Text, page spans, tables, and repeated headers, footers and page numbers as hidden spans."""
    edge = Counter("".join(r.text for r in line.runs) for page in pages if page for line in (page[0], page[-1]))
    parts: list[str] = []
    at = 0
    spans: list[Span] = []
    hidden: list[Span] = []
    tables: list[RawTable] = []
    block: list[list[Cell]] = []

    def flush() -> None:
        if len(block) >= 2:
            tables.append(RawTable(tuple(Cell(r, c.col, c.start, c.end) for r, row in enumerate(block) for c in row)))
        block.clear()

    for page in pages:
        begin = at
        for n, line in enumerate(page):
            start = at
            cells: list[Cell] = []
            for k, run in enumerate(line.runs):
                if k:
                    parts.append("\t")
                    at += 1
                cells.append(Cell(0, k, at, at + len(run.text)))
                parts.append(run.text)
                at += len(run.text)
            parts.append("\n")
            at += 1
            body = "".join(r.text for r in line.runs)
            if n in (0, len(page) - 1) and (_PAGE_NUMBER.fullmatch(body) or len(pages) > 2 and edge[body] > len(pages) // 2 and len(body) < 60):
                hidden.append(Span(start, at))
                continue
            if len(cells) >= 2 and (not block or len(block[0]) == len(cells)):
                block.append(cells)
            else:
                flush()
                if len(cells) >= 2:
                    block.append(cells)
        spans.append(Span(begin, at))
    flush()
    return RawDocument(source, sha256(data).hexdigest(), "pdf", "".join(parts), pages=tuple(spans), tables=tuple(tables), hidden=tuple(hidden))
