"""Text pdf: lines in reading order with columns of aligned tables separated by tabs; the box of every character is used, not the stream order.

Two columns of prose on one page are not told apart from a table.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from reportminer.core import Cell, RawDocument, RawTable, Span
from reportminer.errors import UnreadableFile

MAX_PAGES = 5000
_N = "[0-9一二三四五六七八九十百]{1,5}"
_PAGE_NUMBER = re.compile(
    rf"第{_N}页(?:[/／,，]?共{_N}页)?|共{_N}页[/／,，]?第{_N}页|[-—–－·]+[0-9]{{1,4}}[-—–－·]+|[0-9]{{1,4}}[/／][0-9]{{1,4}}"
)
_DIGITS = re.compile(r"[0-9]+")
_EDGE = 2  # lines at the top and at the bottom of a page that may be header or footer
_LONGEST_HEADER = 60
_CELL_GAP = 1.4  # a blank wider than so many characters separates two cells
_GARBLED = 0.3  # share of characters without a meaning from which a text layer is useless

Box = tuple[float, float, float, float, str]  # left, bottom, right, top, character


@dataclass(slots=True)
class _Run:
    """Characters of one line without a wide gap between them."""

    left: float
    right: float
    text: str


_Line = list[_Run]


def read(data: bytes, source: str) -> RawDocument:
    """A .pdf file with a text layer; ``hidden`` are headers, footers and page numbers. Raises UnreadableFile for a broken, encrypted, scanned or oversized one."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as e:
        if "password" in str(e).lower():
            raise UnreadableFile(f"“{source}”有密码保护。", "请在 PDF 阅读器中去掉密码后另存。") from e
        raise UnreadableFile(f"“{source}”已损坏，不能作为 PDF 打开。", "请重新下载或导出该文件。") from e
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableFile(
                f"“{source}”有 {len(document)} 页，超过上限 {MAX_PAGES} 页。", "请拆分后再读。"
            )
        pages = [_lines(document[i]) for i in range(len(document))]
    except pypdfium2.PdfiumError as e:
        raise UnreadableFile(f"“{source}”的某一页已损坏，无法读取。", "请重新下载或导出该文件。") from e
    finally:
        document.close()
    made = _assemble(pages, sha256(data).hexdigest(), source)
    _check_text(made)
    return made


def _check_text(raw: RawDocument) -> None:
    """Raises UnreadableFile when nothing but page numbers, or nothing but characters without a meaning, is there."""
    drop = {i for s in raw.hidden for i in range(s.start, s.end)}
    body = [c for i, c in enumerate(raw.text) if not c.isspace() and i not in drop]
    if not body:
        raise UnreadableFile(
            f"“{raw.source}”是扫描件，没有文字层。", "请先做文字识别（OCR），另存为可搜索的 PDF 或 .docx。"
        )
    if sum(1 for c in body if c < " " or c == "\ufffd" or "\ue000" <= c <= "\uf8ff") > _GARBLED * len(body):
        raise UnreadableFile(
            f"“{raw.source}”的文字层是乱码（字体没有附带文字对照）。",
            "请先做文字识别（OCR），另存为可搜索的 PDF 或 .docx。",
        )


def _lines(page: Any) -> list[_Line]:
    """The lines of one page from top to bottom, each as runs from left to right."""
    textpage = page.get_textpage()
    count = textpage.count_chars()
    text = textpage.get_text_range(0, count) if count else ""
    if len(text) != count:  # characters beyond the basic plane: one call per character keeps the boxes right
        text = "".join((textpage.get_text_range(i, 1) or " ")[0] for i in range(count))
    boxes: list[Box] = []
    for i, c in enumerate(text):
        if c.isspace() or c in "\x00\x02\ufffe":
            continue
        # the loose box is as high as the font: the tight one of 一 or “ would be a line of its own
        left, bottom, right, top = textpage.get_charbox(i, loose=True)
        if right > left and top > bottom:
            boxes.append((left, bottom, right, top, c))
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (-(b[1] + b[3]), b[0])):
        if rows and _same_line(rows[-1][0], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [_runs(sorted(row)) for row in rows]


def _same_line(a: Box, b: Box) -> bool:
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return overlap > 0.5 * min(a[3] - a[1], b[3] - b[1])


def _runs(row: list[Box]) -> _Line:
    em = max(b[3] - b[1] for b in row)
    runs: _Line = []
    before: Box | None = None
    for box in row:
        left, _, right, _, c = box
        if before and c == before[4] and left - before[0] < 0.25 * (right - left):
            continue  # printed twice to look bold
        if runs and left - runs[-1].right < _CELL_GAP * em:
            blank = left - runs[-1].right > 0.2 * em and c.isascii() and runs[-1].text[-1].isascii()
            runs[-1].text += (" " if blank else "") + c
            runs[-1].right = max(right, runs[-1].right)
        else:
            runs.append(_Run(left, right, c))
        before = box
    return runs


class _Table:
    """Consecutive lines of two or more cells."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[_Run, int]]] = []  # run and its offset

    def done(self) -> RawTable | None:
        """The table, its columns found by what stands above and below each other; None for a lone line. Starts anew."""
        rows, self.rows = self.rows, []
        if len(rows) < 2:
            return None
        columns: list[list[float]] = []  # left and right
        widest = max(len(row) for row in rows)
        full = [
            run for row in rows if len(row) == widest for run, _ in row
        ]  # rows with merged or empty cells do not make columns
        for run in sorted(full, key=lambda r: r.left):
            if columns and run.left < columns[-1][1]:
                columns[-1][1] = max(columns[-1][1], run.right)
            else:
                columns.append([run.left, run.right])
        aligned = len(columns) == widest
        cells = []
        for r, row in enumerate(rows):
            used = -1
            for n, (run, start) in enumerate(row):
                col = n
                if aligned and len(row) < widest:
                    middle = (run.left + run.right) / 2
                    col = min(range(widest), key=lambda k: abs((columns[k][0] + columns[k][1]) / 2 - middle))
                    col = max(col, used + 1)
                used = col
                cells.append(Cell(r, col, start, start + len(run.text)))
        return RawTable(tuple(cells))


def _assemble(pages: list[list[_Line]], digest: str, source: str) -> RawDocument:
    """Text, page spans, tables, and repeated headers, footers and page numbers as hidden spans."""
    furniture = _furniture(pages)
    parts: list[str] = []
    at = 0
    spans: list[Span] = []
    hidden: list[Span] = []
    tables: list[RawTable] = []
    block = _Table()

    def flush() -> None:
        if table := block.done():
            tables.append(table)

    for p, page in enumerate(pages):
        begin = at
        for n, line in enumerate(page):
            row = []
            start = at
            for k, run in enumerate(line):
                at += k > 0
                row.append((run, at))
                at += len(run.text)
            parts.append("\t".join(run.text for run in line) + "\n")
            at += 1
            if (p, n) in furniture:
                hidden.append(Span(start, at))
            elif len(row) >= 2:
                block.rows.append(row)
            else:
                flush()
        spans.append(Span(begin, at))
    flush()
    return RawDocument(
        source, digest, "pdf", "".join(parts), pages=tuple(spans), tables=tuple(tables), hidden=tuple(hidden)
    )


def _furniture(pages: list[list[_Line]]) -> set[tuple[int, int]]:
    """(page, line) of page numbers, and of what stands at the edge of more than half of three or more pages.

    A bare number at an edge is a page number only when numbers there go up with the pages: it may be a figure otherwise.
    """
    edges: list[tuple[int, int, str]] = []
    for p, page in enumerate(pages):
        for n in sorted({*range(min(_EDGE, len(page))), *range(max(0, len(page) - _EDGE), len(page))}):
            edges.append((p, n, re.sub(r"\s", "", "".join(run.text for run in page[n]))))
    alike = Counter(
        (_DIGITS.sub("0", body), n)
        for p, n, body in {(p, min(n, n - len(pages[p]), key=abs), body) for p, n, body in edges}
    )
    shifts = Counter(
        s for p, s in {(p, int(body) - p) for p, _, body in edges if body.isdecimal() and len(body) <= 4}
    )
    out = set()
    for p, n, body in edges:
        if body.isdecimal() and len(body) <= 4:
            is_number = shifts[int(body) - p] >= 2 or int(body) == p + 1 == len(pages)
        else:
            is_number = bool(_PAGE_NUMBER.fullmatch(body))
        place = min(n, n - len(pages[p]), key=abs)
        repeated = (
            len(pages) > 2
            and alike[_DIGITS.sub("0", body), place] * 2 > len(pages)
            and len(body) < _LONGEST_HEADER
            and not body.isdecimal()
        )
        if is_number or repeated:
            out.add((p, n))
    return out
