#!/usr/bin/env python3
"""Rebuild the .docx and the .pdf of the demonstration corpus, byte for byte.

usage: build_demo_files.py [OUT_DIR]        (default: the demo/ directory next to this file)

The words come from demo_sources/NAME.txt: the first line is the title, every other line a paragraph, and the lines between
``@table`` and ``@end`` are table rows with tab-separated cells. Needs python-docx and reportlab.
"""

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "demo_sources"
STAMP = (2022, 1, 10, 9, 0, 0)  # every time stamp that a container format insists on

Block = str | list[list[str]]  # a paragraph, or the rows of a table


def blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs and tables of one source file in reading order."""
    rows: list[list[str]] | None = None
    for line in text.splitlines():
        if line == "@table":
            rows = []
        elif line == "@end":
            assert rows is not None
            yield rows
            rows = None
        elif rows is not None:
            rows.append(line.split("\t"))
        elif line:
            yield line


def build_docx(source: str) -> bytes:
    """Return a Word file with the paragraphs and tables of ``source`` in order."""
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = "reportminer demo"
    properties.created = properties.modified = datetime(*STAMP)
    for number, block in enumerate(blocks(source)):
        if isinstance(block, list):
            table = document.add_table(rows=len(block), cols=len(block[0]), style="Table Grid")
            for row, cells in zip(table.rows, block, strict=True):
                for cell, value in zip(row.cells, cells, strict=True):
                    cell.text = value
        elif number == 0:
            document.add_heading(block, level=0)
        else:
            document.add_paragraph(block)
    loose = io.BytesIO()
    document.save(loose)
    fixed = io.BytesIO()
    with zipfile.ZipFile(loose) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():  # same parts, constant time stamps
            part = zipfile.ZipInfo(name, STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return fixed.getvalue()


def build_pdf(source: str) -> bytes:
    """Return a PDF with the paragraphs and tables of ``source`` in order, set in the predefined CID font STSong-Light."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    body = ParagraphStyle("body", fontName=font, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
    title = ParagraphStyle(
        "title", parent=body, fontSize=18, leading=28, firstLineIndent=0, alignment=1, spaceAfter=14
    )
    grid = [
        ("FONT", (0, 0), (-1, -1), font, 11),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
    ]
    story: list[Flowable] = []
    first = ""
    for number, block in enumerate(blocks(source)):
        if isinstance(block, list):
            story += [Spacer(1, 6), Table(block, colWidths=[190, 110, 110], style=grid), Spacer(1, 10)]
        else:
            first = first or block
            story.append(Paragraph(block, body if number else title))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, title=first, author="reportminer demo", invariant=1).build(story)
    return out.getvalue()


FILES = {"jian-2020.docx": build_docx, "jizhou-2021.pdf": build_pdf}


def main() -> None:
    """Write every file of ``FILES``."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "demo"
    target.mkdir(parents=True, exist_ok=True)
    for name, build in FILES.items():
        source = (SOURCES / name).with_suffix(".txt").read_text(encoding="utf-8")
        (target / name).write_bytes(build(source))
        print(target / name)


if __name__ == "__main__":
    main()
