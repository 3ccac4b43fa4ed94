"""Pages → RawDocument: text in reading order, tables, pages, boxes; headers, footers and page numbers as hidden spans."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from reportminer.core import Cell, Layout, RawDocument, RawTable, Sheet, Span
from reportminer.ingest.pages import columns, grids
from reportminer.ingest.pages.aligned import Aligned, AlignedCell, find_aligned
from reportminer.ingest.pages.columns import Line
from reportminer.ingest.pages.furniture import find_furniture
from reportminer.ingest.pages.glyphs import (
    PageContent,
    Run,
    has_ligature,
    make_runs,
    ordinary,
    spelled_out,
    without_doubles,
)
from reportminer.ingest.pages.grids import Grid
from reportminer.ingest.pages.paragraphs import Margins, goes_on

_LONGEST_CELL = 200  # a cell with more characters lays out the page: its lines stay lines
_SAME_COLUMNS = 4.0  # points that the columns of a table may differ on the next page

Item = Line | Grid | Aligned


def assemble(
    pages: Sequence[PageContent], source: str, sha256: str, format_: str, notes: Iterable[str] = ()
) -> RawDocument:
    """The document that the pages make."""
    found = [_blocks(page) for page in pages]
    furniture = find_furniture(
        [[x for b in page for x in b if isinstance(x, Line)] for page in found],
        [_height(p.sheet) for p in pages],
    )
    writer = _Writer([p.sheet for p in pages])
    body: list[list[list[Item]]] = []
    for content, page in zip(pages, found, strict=True):
        rules = [(t + b) / 2 for le, t, r, b in content.rules if r - le > b - t]
        body.append([_with_tables(block, furniture, rules) for block in page])
    margins = Margins(
        [
            (content.sheet.width, x)
            for content, items in zip(pages, body, strict=True)
            for block in items
            for x in block
            if isinstance(x, Line) and id(x) not in furniture
        ]
    )
    for n, items in enumerate(body):
        writer.page(n, items, furniture, margins, pages[n].aside)
    return writer.document(source, sha256, format_, tuple(notes))


def _height(sheet: Sheet) -> float:
    """Of the page in the coordinates of its lines."""
    _a, b, c, d, _, _ = sheet.matrix
    return sheet.height / abs(d) if abs(d) > abs(b) else sheet.width / abs(c)


def _blocks(page: PageContent) -> list[columns.Block]:
    glyphs = without_doubles(page.glyphs)
    tables = grids.find_grids(page.rules)
    cells = grids.cells_of(glyphs, tables) if tables else None
    runs = make_runs(glyphs, cells)
    if not tables:
        return columns.blocks(runs, [])
    inside: dict[int, list[Run]] = {}
    for run in runs:
        if run.cell >= 0:
            inside.setdefault(run.cell, []).append(run)
    kept = []
    for table in tables:
        table.runs = {k: inside[k] for k in table.places if k in inside}
        if len(table.runs) >= 2:
            kept.append(table)
        else:  # a frame around text
            runs += [_outside(r) for rs in table.runs.values() for r in rs]
    return columns.blocks([r for r in runs if r.cell < 0], kept)


def _outside(run: Run) -> Run:
    run.cell = -1
    return run


def _with_tables(block: columns.Block, furniture: set[int], rules: list[float]) -> list[Item]:
    """The block with its tables without rules; furniture and ruled tables part them."""
    out: list[Item] = []
    lines: list[Line] = []
    for x in block:
        if isinstance(x, Line) and id(x) not in furniture:
            lines.append(x)
            continue
        out += find_aligned(lines, rules)
        lines = []
        out.append(x)
    return out + list(find_aligned(lines, rules))


class _Writer:
    """Collects the text with everything that has offsets into it."""

    def __init__(self, sheets: list[Sheet]) -> None:
        self.sheets = sheets
        self.parts: list[str] = []
        self.at = 0
        self.spans: list[Span] = []
        self.hidden: list[Span] = []
        self.tables: list[list[Cell]] = []
        self.layout = Layout(
            tuple(sheets), array("L"), array("L"), array("L"), array("f"), array("f"), array("f"), array("f")
        )
        self.certainty = bytearray()
        self.recognised = False
        self.number = 0  # of the page
        self.last: tuple[Line, int, int, int] | None = (
            None  # last line of prose, its page and block, where its text ends
        )
        self.open: tuple[Item, int] | None = (
            None  # a table that may go on on the next page, and how many rows it has
        )

    def put(self, piece: str) -> None:
        """Characters that stand nowhere: separators, line ends."""
        self.parts.append(piece)
        self.at += len(piece)
        self.layout.left.extend([0.0] * len(piece))
        self.layout.right.extend([0.0] * len(piece))
        self.certainty.extend(b"\x64" * len(piece))

    def run(self, run: Run) -> None:
        text, lefts, rights = ordinary(run.text), run.lefts, run.rights
        certainty = run.certainty if run.certainty is not None else b"\x64" * len(text)
        if run.blanks or has_ligature(text):
            text, lefts, rights, certainty = _with_blanks(text, run, certainty)
        self.recognised |= run.certainty is not None
        self.layout.start.append(self.at)
        self.layout.end.append(self.at + len(text))
        self.layout.page.append(self.number)
        self.layout.top.append(run.top)
        self.layout.bottom.append(run.bottom)
        self.layout.left.extend(lefts)
        self.layout.right.extend(rights)
        self.certainty.extend(certainty)
        self.parts.append(text)
        self.at += len(text)

    def page(
        self, number: int, blocks: list[list[Item]], furniture: set[int], margins: Margins, aside: str
    ) -> None:
        self.number = number
        begin = self.at
        for k, block in enumerate(blocks):
            for item in block:
                if isinstance(item, Line) and id(item) in furniture:
                    self.end_line()
                    start = self.at
                    self.line(item)
                    self.put("\n")
                    self.hidden.append(Span(start, self.at))
                elif isinstance(item, Line):
                    self.prose(item, k, margins)
                else:
                    self.table(item)
        if aside:
            self.end_line()
            start = self.at
            self.put(aside.replace("\n", " ") + "\n")
            self.hidden.append(Span(start, self.at))
        if self.at == begin:
            self.put("\n")  # an empty page has its place
        self.spans.append(Span(begin, self.at))

    def line(self, line: Line) -> None:
        for k, run in enumerate(line.runs):
            if k:
                self.put("  ")
            self.run(run)

    def end_line(self) -> None:
        """Ends a line of prose that nothing has ended yet."""
        if self.last is not None and self.last[3] == self.at:
            self.put("\n")

    def prose(self, line: Line, block: int, margins: Margins) -> None:
        self.open = None
        if self.last is not None:
            before, page, k, end = self.last
            widths = (self.sheets[page].width, self.sheets[self.number].width)
            if goes_on(before, line, widths, (page, k) == (self.number, block), margins):
                if end < self.at:  # furniture in between: its line end is no end of the paragraph
                    self.hidden.append(Span(end, end + 1))
                if before.text[-1].isalpha() and before.text[-1].isascii() and line.text[0].isascii():
                    self.put(" ")
            else:
                self.end_line()
        self.line(line)
        self.last = (line, self.number, block, self.at)

    def table(self, item: Grid | Aligned) -> None:
        self.end_line()
        self.last = None
        rows = 0
        if self.open is not None and _goes_on(self.open[0], item):
            rows = self.open[1]
        else:
            self.tables.append([])
        cells = self.tables[-1]
        if isinstance(item, Grid):
            for r, owners in enumerate(item.owner):
                for n, owner in enumerate(dict.fromkeys(owners)):
                    if n:
                        self.put("\t")
                    if item.places[owner][0] == r:
                        start = self.at
                        self.cell(item.runs.get(owner, []))
                        cells.append(Cell(rows + r, item.places[owner][1], start, self.at))
                self.put("\n")
            rows += len(item.owner)
        else:
            by_row: dict[int, list[AlignedCell]] = {}
            for cell in item.cells:
                by_row.setdefault(cell.row, []).append(cell)
            for row in by_row.values():
                column = 0
                for n, cell in enumerate(row):
                    self.put("\t" * max(cell.columns[0] - column, n > 0))
                    column = cell.columns[0]
                    start = self.at
                    self.cell(cell.runs)
                    cells.append(Cell(rows + cell.row, column, start, self.at))
                self.put("\n")
            rows += max(by_row) + 1
        self.open = (item, rows)

    def cell(self, runs: list[Run]) -> None:
        """The lines of a cell as one; those of a cell that lays out the page stay lines."""
        lines = columns.lines(runs)
        long = sum(len(r.text) for r in runs) > _LONGEST_CELL
        for k, row in enumerate(lines):
            if k and long:
                self.put("\n")
            elif (
                k
                and lines[k - 1][-1].text[-1].isascii()
                and row[0].text[0].isascii()
                and (lines[k - 1][-1].text[-1].isalpha() or row[0].text[0].isalpha())
            ):
                self.put(" ")
            for n, run in enumerate(row):
                if n:
                    self.put(" ")
                self.run(run)

    def document(self, source: str, sha256: str, format_: str, notes: tuple[str, ...]) -> RawDocument:
        self.end_line()
        if self.spans and self.spans[-1].end < self.at:
            self.spans[-1] = Span(self.spans[-1].start, self.at)
        return RawDocument(
            source, sha256, format_, "".join(self.parts), pages=tuple(self.spans),
            tables=tuple(RawTable(tuple(t)) for t in self.tables), hidden=tuple(sorted(self.hidden, key=lambda s: s.start)),
            layout=self.layout, certainty=bytes(self.certainty) if self.recognised else None, notes=notes,
        )  # fmt: skip


def _with_blanks(text: str, run: Run, certainty: bytes) -> tuple[str, list[float], list[float], bytes]:
    """The characters with typed blanks between them and ligatures spelled out, with the edges of each."""
    chars: list[str] = []
    lefts: list[float] = []
    rights: list[float] = []
    sure = bytearray()
    blanks = set(run.blanks)
    for k, c in enumerate(text):
        if k in blanks:
            chars.append(" ")
            lefts.append(run.rights[k - 1])
            rights.append(run.lefts[k])
            sure.append(100)
        letters = spelled_out(c)
        chars += letters
        lefts += [run.lefts[k]] * len(letters)
        rights += [run.rights[k]] * len(letters)
        sure += certainty[k : k + 1] * len(letters)
    return "".join(chars), lefts, rights, bytes(sure)


def _goes_on(a: Item, b: Item) -> bool:
    """Are the columns of the table at the end of a page or column those of the table at the beginning of the next?"""
    if isinstance(a, Grid) and isinstance(b, Grid):
        return len(a.xs) == len(b.xs) and all(
            abs((x - a.left) - (y - b.left)) < _SAME_COLUMNS for x, y in zip(a.xs, b.xs, strict=True)
        )
    if isinstance(a, Aligned) and isinstance(b, Aligned):
        return len(a.columns) == len(b.columns) and all(
            x[0] < y[1] and y[0] < x[1] for x, y in zip(a.columns, b.columns, strict=True)
        )
    return False
