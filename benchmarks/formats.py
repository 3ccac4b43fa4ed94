"""Format invariance: the same reports in every format must give the same observations, the same tables the same cells.

usage: benchmarks/formats.py [--reports 20] [--only docx,doc] [--corpus corpora/eval]

Observations are compared as (value, second value, unit, indicator, period); the figure is what both have, of the larger of the two.
A format is one line in ``WRITERS`` (reports) or ``TABLE_WRITERS`` (tables).
"""

from __future__ import annotations

import argparse
import html
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Writer = Callable[[str, Path], Path]  # text of a report, path without suffix → file


def _txt(text: str, stem: Path) -> Path:
    path = stem.with_suffix(".txt")
    path.write_text(text, encoding="gb18030")
    return path


def _html(text: str, stem: Path) -> Path:
    path = stem.with_suffix(".html")
    paragraphs = (html.escape(x).replace("\n", "<br>\n") for x in re.split(r"\n\n+", text))
    body = "\n".join(f"<p>{x}</p>" for x in paragraphs)
    path.write_text(f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>', encoding="utf-8")  # fmt: skip
    return path


def _md(text: str, stem: Path) -> Path:
    path = stem.with_suffix(".md")
    path.write_text(re.sub(r"(?<!\n)\n(?!\n)", "  \n", text), encoding="utf-8")  # two blanks: a line break
    return path


def _mht(text: str, stem: Path) -> Path:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = "报告"
    message.set_content(_html(text, stem).read_text(encoding="utf-8"), subtype="html")
    message.make_related()
    path = stem.with_suffix(".mht")
    path.write_bytes(message.as_bytes())
    return path


def _docx(text: str, stem: Path) -> Path:
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    path = stem.with_suffix(".docx")
    document.save(str(path))
    return path


_LEVELS = (("chineseCountingThousand", "%1、", r"[一二三四五六七八九十]{1,3}、"), ("chineseCountingThousand", "（%2）", r"（[一二三四五六七八九十]{1,3}）"))  # fmt: skip


def _numbered(text: str, stem: Path) -> Path:
    """The headings 一、 and （一） as automatic numbers, where their order is that of a list."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/><w:lvlText w:val="{label}"/></w:lvl>'
        for i, (form, label, _) in enumerate(_LEVELS)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="990">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="990"><w:abstractNumId w:val="990"/></w:num>'))
    counts = [0, 0]
    for line in text.split("\n"):
        paragraph = document.add_paragraph()
        for i, (_, label, pattern) in enumerate(_LEVELS):
            m = re.match(rf"\s*({pattern})", line)
            if m and m[1] == re.sub("%[12]", _chinese(counts[i] + 1), label):
                counts[i] += 1
                counts[i + 1 :] = [0] * (1 - i)
                line = line[m.end() :]
                paragraph._p.get_or_add_pPr().append(
                    parse_xml(
                        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{i}"/><w:numId w:val="990"/></w:numPr>'
                    )
                )
                break
        paragraph.add_run(line)
    path = stem.with_suffix(".docx")
    document.save(str(path))
    return path


def _chinese(n: int) -> str:
    ones = "〇一二三四五六七八九"
    return ones[n] if n < 10 else ("" if n < 20 else ones[n // 10]) + "十" + (ones[n % 10] if n % 10 else "")


def _by_office(suffix: str, filter_name: str) -> Writer:
    def write(text: str, stem: Path) -> Path:
        from reportminer.ingest import office

        source = _docx(text, stem)
        subprocess.run(
            [str(office.program()), f"-env:UserInstallation={office.profile().as_uri()}", "--headless", "--convert-to", filter_name, "--outdir", str(stem.parent), str(source)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return stem.with_suffix(suffix)

    return write


def _zip(text: str, stem: Path) -> Path:
    path = stem.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("报告.txt", text)
    return path


@dataclass(frozen=True)
class Format:
    """How a report is written in a format, the share that must agree, and whether LibreOffice is needed (to write or to read)."""

    write: Writer
    floor: float = 0.995
    office: bool = False
    no_office: bool = False  # read without LibreOffice


WRITERS: dict[str, Format] = {
    "txt": Format(_txt),
    "html": Format(_html),
    "md": Format(_md),
    "mht": Format(_mht),
    "docx": Format(_docx),
    "docx-numbered": Format(_numbered),
    "doc": Format(_by_office(".doc", "doc:MS Word 97"), office=True),
    "doc-builtin": Format(_by_office(".doc", "doc:MS Word 97"), office=True, no_office=True),
    "rtf": Format(_by_office(".rtf", "rtf:Rich Text Format"), office=True),
    "odt": Format(_by_office(".odt", "odt:writer8"), office=True),
    "zip": Format(_zip),
}


@contextmanager
def _office(off: bool) -> Iterator[None]:
    """Without LibreOffice, where ``off``."""
    kept = os.environ.get("REPORTMINER_SOFFICE")
    if off:
        os.environ["REPORTMINER_SOFFICE"] = "off"
    try:
        yield
    finally:
        os.environ.pop("REPORTMINER_SOFFICE", None)
        if kept is not None:
            os.environ["REPORTMINER_SOFFICE"] = kept


def observations(path: Path, form: Format | None = None) -> Counter[tuple[object, ...]]:
    """What the program reads from a file, as a multiset."""
    from reportminer import pipeline

    with _office(form is not None and form.no_office):
        reports, failures = pipeline.read_many([path])
    if failures:
        raise SystemExit(f"{path}: {failures[0].error}")
    return Counter(
        (o.value, o.value2, o.unit, o.indicator, o.period) for r in reports for o in r.observations
    )


def agreement(texts: list[str], form: Format, folder: Path) -> tuple[int, int]:
    """How many observations agree with those of the text, of how many."""
    same = total = 0
    for i, text in enumerate(texts):
        plain = folder / f"{i}-plain.txt"
        plain.write_text(text, encoding="utf-8")
        expected, found = observations(plain), observations(form.write(text, folder / str(i)), form)
        same += (expected & found).total()
        total += max(expected.total(), found.total())
    return same, total


def corpus(folder: Path, count: int) -> list[str]:
    """The first ``count`` reports in an order that mixes counties and years."""
    from reportminer.ingest import read_path

    files = sorted(folder.glob("*.txt"))
    random.Random(5).shuffle(files)
    return [read_path(f, f.name).text.replace("\r\n", "\n") for f in files[:count]]


# a table: rows of (text, columns it spans, rows it spans); None where a cell from above or from the left reaches
Grid = list[list[tuple[str, int, int] | None]]
TableWriter = Callable[[Grid, Path], Path]


def random_table(seed: int) -> Grid:
    """A ruled table as in reports: heads of two levels with merged cells, towns, figures with every kind of format."""
    r = random.Random(seed)
    groups = r.randint(1, 3)
    head: list[tuple[str, int, int] | None] = [("单位", 1, 2)]
    under: list[tuple[str, int, int] | None] = [None]
    for g in range(groups):
        head += [(r.choice(["学生（人）", "教师（人）", "校舍（平方米）"]) + "甲乙丙"[g], 2, 1), None]
        under += [(f"小学{g}", 1, 1), (f"初中{g}", 1, 1)]
    out: Grid = [head, under]
    for i in range(r.randint(2, 12)):
        row: list[tuple[str, int, int] | None] = [(f"{'东西南北中'[i % 5]}山镇{i}", 1, 1)]
        for _ in range(2 * groups):
            value = r.choice([f"{r.randint(0, 99999)}", f"{r.randint(1000, 999999):,}", f"{r.uniform(0, 100):.1f}%", f"{r.uniform(0, 9999):.2f}", ""])  # fmt: skip
            row.append((value, 1, 1))
        out.append(row)
    return out


def _table_docx(grid: Grid, stem: Path) -> Path:
    import docx

    document = docx.Document()
    document.add_paragraph("表1 各镇学校情况")
    table = document.add_table(len(grid), len(grid[0]))
    for r, row in enumerate(grid):
        for c, cell in enumerate(row):
            if cell is None:
                continue
            text, wide, deep = cell
            if wide > 1 or deep > 1:
                table.cell(r, c).merge(table.cell(r + deep - 1, c + wide - 1))
            table.cell(r, c).text = text
    path = stem.with_suffix(".docx")
    document.save(str(path))
    return path


def _table_xlsx(grid: Grid, stem: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for r, row in enumerate(grid, 1):
        for c, cell in enumerate(row, 1):
            if cell is None or not cell[0]:
                continue
            text, wide, deep = cell
            place = sheet.cell(r, c)
            digits = text.replace(",", "").rstrip("%")
            if re.fullmatch(r"[0-9.]+", digits):  # a number with the format that prints it so
                places = len(digits.partition(".")[2])
                place.value = float(digits) / (100 if text.endswith("%") else 1)
                place.number_format = ("#,##0" if "," in text else "0") + ("." + "0" * places if places else "") + ("%" if text.endswith("%") else "")  # fmt: skip
            else:
                place.value = text
            if wide > 1 or deep > 1:
                sheet.merge_cells(start_row=r, start_column=c, end_row=r + deep - 1, end_column=c + wide - 1)
    path = stem.with_suffix(".xlsx")
    book.save(path)
    return path


def _table_html(grid: Grid, stem: Path) -> Path:
    body = "".join(
        "<tr>" + "".join(f'<td colspan="{c[1]}" rowspan="{c[2]}">{c[0]}</td>' for c in row if c) + "</tr>" for row in grid
    )  # fmt: skip
    path = stem.with_suffix(".html")
    path.write_text(f'<!DOCTYPE html><html><meta charset="utf-8"><body><table>{body}</table></body></html>', encoding="utf-8")  # fmt: skip
    return path


def _table_by_office(suffix: str, write: TableWriter, filter_name: str) -> TableWriter:
    def convert(grid: Grid, stem: Path) -> Path:
        from reportminer.ingest import office

        source = write(grid, stem)
        subprocess.run(
            [str(office.program()), f"-env:UserInstallation={office.profile().as_uri()}", "--headless", "--convert-to", filter_name, "--outdir", str(stem.parent), str(source)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return stem.with_suffix(suffix)

    return convert


@dataclass(frozen=True)
class TableFormat:
    """How a table is written in a format, the share of cells that must come back, and whether LibreOffice is needed."""

    write: TableWriter
    floor: float = 0.98
    office: bool = False
    no_office: bool = False


TABLE_WRITERS: dict[str, TableFormat] = {
    "docx": TableFormat(_table_docx),
    "xlsx": TableFormat(_table_xlsx),
    "html": TableFormat(_table_html),
    "doc": TableFormat(_table_by_office(".doc", _table_docx, "doc:MS Word 97"), office=True),
    "doc-builtin": TableFormat(
        _table_by_office(".doc", _table_docx, "doc:MS Word 97"), office=True, no_office=True
    ),
    "xls": TableFormat(_table_by_office(".xls", _table_xlsx, "xls:MS Excel 97"), office=True),
}


def cells_agreement(tables: int, form: TableFormat, folder: Path) -> tuple[int, int]:
    """How many filled cells come back with their text in their grid place, of how many (of the larger of the two)."""
    from reportminer.ingest import read_path

    same = total = 0
    for seed in range(tables):
        grid = random_table(seed)
        wanted = Counter((r, c, x[0]) for r, row in enumerate(grid) for c, x in enumerate(row) if x and x[0])
        path = form.write(grid, folder / f"t{seed}")
        with _office(form.no_office):
            raw = read_path(path, path.name)
        found = Counter(
            (c.row, c.col, text) for t in raw.tables for c in t.cells if (text := _clean(raw.text[c.start : c.end]))
        )  # fmt: skip
        same += (wanted & found).total()
        total += max(wanted.total(), found.total())
    return same, total


def _clean(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text).strip()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora" / "eval")
    given = parser.parse_args()
    from reportminer.ingest import office

    wanted = {x for x in given.only.split(",") if x}
    texts = corpus(given.corpus, given.reports)
    failed = 0
    print(f"{'format':<16}{'same':>8}{'of':>8}{'share':>9}{'floor':>8}")
    with tempfile.TemporaryDirectory() as place:
        jobs = [(name, f, agreement, texts) for name, f in WRITERS.items()]
        jobs += [(f"table {name}", f, cells_agreement, given.tables) for name, f in TABLE_WRITERS.items()]  # type: ignore[list-item, misc]
        for name, form, measure, what in jobs:
            if wanted and name.removeprefix("table ") not in wanted:
                continue
            if form.office and office.program() is None:
                print(f"{name:<16}{'no LibreOffice':>16}")
                continue
            folder = Path(place) / name.replace(" ", "-")
            folder.mkdir()
            same, total = measure(what, form, folder)  # type: ignore[arg-type]
            failed += same < form.floor * total
            print(f"{name:<16}{same:>8}{total:>8}{same / total:>9.2%}{form.floor:>8.1%}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
