"""Pdfs, scans and tables of our own making, for the tests of ``ingest`` and for benchmarks/formats_pdf.py."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)  # fmt: skip

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
FONT = "STSong-Light"
SCAN_FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def report_pdf(
    text: str | list[str | list[list[str]]], columns: int = 1, header: str = "", size: float = 12
) -> bytes:
    """A report as an office prints it: title, indented justified paragraphs, page header and number; prose in one or two columns.

    ``text``: lines, or paragraphs and tables (rows of cells, printed with rules).
    """
    out = io.BytesIO()
    width, height = A4
    document = BaseDocTemplate(out, pagesize=A4, title="report")

    def edges(canvas: Any, _: Any) -> None:
        canvas.setFont(FONT, 9)
        if header:
            canvas.drawCentredString(width / 2, height - 40, header)
        canvas.drawCentredString(width / 2, 30, f"— {canvas.getPageNumber()} —")

    body = (width - 144 - 24 * (columns - 1)) / columns
    frames = [Frame(72 + k * (body + 24), 60, body, height - 120, 0, 0, 0, 0) for k in range(columns)]
    document.addPageTemplates(PageTemplate("all", frames, onPage=edges))
    plain = ParagraphStyle(
        "p",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.6,
        firstLineIndent=size * 2,
        wordWrap="CJK",
        alignment=4,
    )
    title = ParagraphStyle(
        "t", fontName=FONT, fontSize=size + 6, leading=size * 2, alignment=1, wordWrap="CJK"
    )
    story: list[Any] = []
    for n, item in enumerate(text.split("\n") if isinstance(text, str) else text):
        if isinstance(item, list):
            small = ParagraphStyle(
                "c", fontName=FONT, fontSize=size - 3, leading=size, wordWrap="CJK", alignment=1
            )
            most = max(len(row) for row in item)
            cells = [
                [Paragraph(_escaped(x), small) for x in [*row, *[""] * (most - len(row))]] for row in item
            ]
            story += [
                Spacer(1, 6),
                Table(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]),
                Spacer(1, 6),
            ]
        elif item.strip():
            story.append(Paragraph(_escaped(item.strip()), title if n == 0 else plain))
    document.build(story)
    return out.getvalue()


@dataclass(frozen=True)
class Made:
    """A table: its grid (None continues a merged cell) and how its cells are merged."""

    rows: list[list[str | None]]
    spans: list[tuple[int, int, int, int]]  # first row, first column, last row, last column

    def cells(self) -> dict[tuple[int, int], str]:
        """What stands at the first place of each cell that holds something."""
        return {
            (r, c): x.replace("\n", "") for r, row in enumerate(self.rows) for c, x in enumerate(row) if x
        }


_NAMES = [
    "青山一小",
    "河口中心小学",
    "城关镇第二中学",
    "白鹭洲实验学校",
    "南坪乡九年一贯制学校",
    "县职业中专",
    "龙泉小学",
    "特殊教育学校",
    "马家湾教学点",
    "东风中学",
]
_HEADS = [
    "学校数（所）",
    "在校生（人）",
    "专任教师（人）",
    "校舍面积（平方米）",
    "教育经费（万元）",
    "占比（%）",
    "生均图书（册）",
    "计算机（台）",
]
_LONG = [
    "义务教育阶段\n在校学生（人）",
    "其中：寄宿制\n学生（人）",
    "生均校舍\n面积（平方米）",
    "一般公共预算\n教育支出（万元）",
]


def make_table(rng: random.Random) -> Made:
    """A table as reports have them: merged heads, heads and names of two lines, units in heads, empty cells."""
    columns = rng.randint(3, 6)
    body = rng.randint(3, 10)
    heads = rng.sample(_HEADS, columns - 1)
    spans: list[tuple[int, int, int, int]] = []
    rows: list[list[str | None]] = []
    kind = rng.choice(("plain", "long", "merged", "plain"))
    if kind == "merged" and columns >= 4:
        group = rng.randint(2, columns - 2)
        rows.append(
            ["学校", rng.choice(("小学", "2020年", "城区学校")), *[None] * (group - 1), *heads[group:]]
        )
        rows.append([None, *heads[:group], *[None] * (columns - 1 - group)])
        spans.append((0, 1, 0, group))
        spans += [(0, c, 1, c) for c in (0, *range(group + 1, columns))]
    else:
        if kind == "long":
            heads[rng.randrange(len(heads))] = rng.choice(_LONG)
        rows.append([rng.choice(("学校", "单位", "指标名称")), *heads])
    names = rng.sample(_NAMES, min(body, len(_NAMES)))
    for name in names:
        row: list[str | None] = [name]
        if rng.random() < 0.12 and len(name) > 6:
            row = [name[:5] + "\n" + name[5:]]
        for _ in range(columns - 1):
            x = rng.random()
            if x < 0.07:
                row.append("")
            elif x < 0.3:
                row.append(f"{rng.uniform(1, 999):.{rng.randint(1, 2)}f}")
            elif x < 0.4:
                row.append(f"{rng.randint(1000, 99999):,}")
            else:
                row.append(str(rng.randint(10, 99999)))
        rows.append(row)
    rows.append(["合计", *(str(rng.randint(100, 999999)) for _ in range(columns - 1))])
    return Made(rows, spans)


def tables_pdf(tables: list[Made], ruled: bool, rng: random.Random, font: str = FONT) -> bytes:
    """The tables with a sentence before and after each, ruled or not, in varied fonts sizes and alignments."""
    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A4)
    document.addPageTemplates(PageTemplate("all", [Frame(50, 50, A4[0] - 100, A4[1] - 100, 0, 0, 0, 0)]))
    plain = ParagraphStyle("p", fontName=font, fontSize=11, leading=17, firstLineIndent=22, wordWrap="CJK")
    story: list[Any] = [NextPageTemplate("all")]
    for n, made in enumerate(tables, 1):
        size = rng.choice((9, 10, 11))
        style: list[Any] = [
            ("FONT", (0, 0), (-1, -1), font, size),
            ("LEADING", (0, 0), (-1, -1), size * 1.25),
            ("VALIGN", (0, 0), (-1, -1), rng.choice(("MIDDLE", "MIDDLE", "TOP"))),
            ("ALIGN", (1, 0), (-1, -1), rng.choice(("CENTER", "RIGHT", "CENTER"))),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), rng.choice((4, 6))),
        ]
        style += [("SPAN", (c0, r0), (c1, r1)) for r0, c0, r1, c1 in made.spans]
        if ruled:
            style.append(("GRID", (0, 0), (-1, -1), rng.choice((0.5, 1)), "black"))
        rows = [["" if x is None else x for x in row] for row in made.rows]
        story.append(
            Paragraph(
                f"第{n}张表反映各学校的基本情况，数据截至年末，由县教育局统计，供各有关单位在工作中参考使用。",
                plain,
            )
        )
        story += [
            Spacer(1, 8),
            Table(rows, style=TableStyle(style), hAlign="CENTER", splitByRow=0),
            Spacer(1, 8),
        ]
    document.build(story)
    return out.getvalue()


def scanned(
    pdf: bytes, rng: random.Random, dpi: int = 150, tilt: float = 2.0, noise: float = 12.0
) -> list[Any]:
    """Each page of a pdf as a gray PIL picture: printed, put askew on the scanner and read with its noise."""
    import numpy as np
    import pypdfium2

    seeded = np.random.default_rng(rng.randrange(2**32))
    pages = []
    document = pypdfium2.PdfDocument(pdf)
    for n in range(len(document)):
        picture = document[n].render(scale=dpi / 72).to_pil().convert("L")
        picture = picture.rotate(rng.uniform(-tilt, tilt), resample=3, fillcolor=255)
        values = np.asarray(picture, np.float32) * 0.92 + 8
        values += seeded.normal(0, noise, values.shape)
        from PIL import Image

        pages.append(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)))
    document.close()
    return pages


def pictures_pdf(pages: list[Any], dpi: int = 150) -> bytes:
    """Pictures as a scanned pdf."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return out.getvalue()
