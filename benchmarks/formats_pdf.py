"""The same report as text, pdf and scan; tables cell by cell; speed against pdfplumber. Prints figures of one run.

usage: python benchmarks/formats_pdf.py [prose] [tables] [scans] [speed]      (all without arguments)
Prose: 20 reports of corpora/demo and corpora/eval; an observation agrees when value, unit, indicator and period are those of the text.
Tables: 60 generated ones each way; a cell agrees when its text is at its row and column. Speed: seconds of one core, reading alone (to text and
tables), best of three; pdfplumber (``extract_text``, and ``extract_tables`` for tables) does the same files in the same run.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import typesetting  # noqa: E402
from reportminer import pipeline  # noqa: E402
from reportminer.ingest import ocr, read_bytes, read_path  # noqa: E402
from reportminer.restore import restore  # noqa: E402

SEED = 20261128


def reports(count=20):
    """(name, text, items) of reports of both corpora, spread evenly: the repaired text (no hard line breaks, no remains of web pages) as
    it would be typed, its tables with tabs; the items are the same paragraphs and tables for printing."""
    files = sorted((ROOT / "corpora" / "demo").glob("*.txt")) + sorted(
        (ROOT / "corpora" / "eval").glob("*.txt")
    )
    step = len(files) / count
    for n in range(count):
        path = files[int(n * step)]
        yield path.stem, *_typed(restore(read_path(path, path.name)))


def _typed(report):
    text, items = [], []
    at = 0
    for table in report.tables:
        rows = {}
        for cell in table.cells:
            rows.setdefault(cell.row, {})[cell.col] = report.clean[cell.start : cell.end]
        grid = [[row.get(c, "") for c in range(max(row) + 1)] for row in rows.values()]
        start = report.clean.rfind("\n", 0, table.start) + 1
        end = report.clean.find("\n", table.end)
        before = report.clean[at:start].split("\n")
        text += [*before, *("\t".join(row) for row in grid)]
        items += [*before, grid]
        at = len(report.clean) if end < 0 else end
    rest = report.clean[at:].split("\n")
    items = [x for x in [*items, *rest] if x]
    return "\n".join([*text, *rest]), items


def figures(raw):
    """What of each observation must agree."""
    found = pipeline.read_raw(raw).observations
    return Counter((o.value, o.unit, o.indicator, o.period) for o in found)


def agreement(pairs):
    """(observations of the texts, agreeing, only in the other) over pairs of counters."""
    total = same = extra = 0
    for name, a, b in pairs:
        total += sum(a.values())
        common = sum((a & b).values())
        same += common
        extra += sum((b - a).values())
        if "-v" in sys.argv and a != b:
            print(
                name,
                "missing",
                [tuple(map(str, k)) for k in list(a - b)[:3]],
                "extra",
                [tuple(map(str, k)) for k in list(b - a)[:3]],
            )
    return total, same, extra


def show(what, result):
    total, same, extra = result
    print(f"{what:42} {same}/{total} = {same / total:.2%}, {extra} only there", flush=True)


def prose():
    """Text pdf, one and two columns."""
    texts = list(reports())
    for columns in (1, 2):
        pairs = []
        for name, text, items in texts:
            pdf = typesetting.report_pdf(items, columns, header="县级年度工作资料汇编")
            plain = read_bytes(text.encode(), f"{name}.txt")
            pairs.append((name, figures(plain), figures(read_bytes(pdf, f"{name}.pdf"))))
        show(f"text pdf, {columns} column{'s' * (columns > 1)}", agreement(pairs))


def scans():
    """150 dpi, tilted up to 2 degrees, with noise."""
    if ocr.available() is None:
        print("scans: the extra ocr is not installed")
        return
    rng = random.Random(SEED)
    pairs, seconds, pages = [], 0.0, 0
    for name, text, items in reports():
        pdf = typesetting.report_pdf(items, 1, header="县级年度工作资料汇编")
        pictures = typesetting.scanned(pdf, rng)
        pages += len(pictures)
        data = typesetting.pictures_pdf(pictures)
        begin = time.process_time()
        raw = read_bytes(data, f"{name}.pdf")
        seconds += time.process_time() - begin
        pairs.append((name, figures(read_bytes(text.encode(), f"{name}.txt")), figures(raw)))
    show("scanned pdf, 150 dpi, ≤ 2°, noise", agreement(pairs))
    print(
        f"{pages} pages in {seconds:.0f} s = {seconds / pages:.2f} s of processor a page, {ocr.available()}"
    )


def cells_of(raw):
    """Of each table the texts by place."""
    return [
        {
            (c.row, c.col): "".join(raw.text[c.start : c.end].split())
            for c in t.cells
            if raw.text[c.start : c.end].strip()
        }
        for t in raw.tables
    ]


def score(made, found):
    """(cells, agreeing) with each made table compared to the found one that shares most with it."""
    total = same = 0
    for table in made:
        want = table.cells()
        total += len(want)
        best = max((sum(want.get(k) == v for k, v in f.items()) for f in found), default=0)
        same += best
        if "-v" in sys.argv and best < len(want):
            print(best, len(want), table.rows[:3])
    return total, same


def tables():
    """Generated tables, ruled and not, of pdf and of scans."""
    for ruled in (True, False):
        rng = random.Random(SEED)
        total = same = 0
        for _ in range(20):
            made = [typesetting.make_table(rng) for _ in range(3)]
            raw = read_bytes(typesetting.tables_pdf(made, ruled, rng), "t.pdf")
            a, b = score(made, cells_of(raw))
            total, same = total + a, same + b
        print(
            f"cells of {'ruled' if ruled else 'borderless'} tables, pdf: {same}/{total} = {same / total:.2%}",
            flush=True,
        )
    if ocr.available() is None:
        return
    for ruled in (True, False):
        rng = random.Random(SEED)
        total = same = 0
        for _ in range(4):
            made = [typesetting.make_table(rng) for _ in range(3)]
            pictures = typesetting.scanned(typesetting.tables_pdf(made, ruled, rng), rng, tilt=1.0)
            raw = read_bytes(typesetting.pictures_pdf(pictures), "t.pdf")
            a, b = score(made, [{k: half(v) for k, v in f.items()} for f in cells_of(raw)])
            total, same = total + a, same + b
        print(
            f"cells of {'ruled' if ruled else 'borderless'} tables, scans: {same}/{total} = {same / total:.2%}",
            flush=True,
        )


def half(text):
    """Brackets as the tables print them, whatever width the engine gives."""
    return text.replace("(", "（").replace(")", "）").replace(":", "：")


def speed():
    """Ratios to pdfplumber alone."""
    import pdfplumber

    def plumber(data, with_tables):
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_text()
                if with_tables:
                    page.extract_tables()

    def best(function):
        times = []
        for _ in range(3):
            begin = time.process_time()
            function()
            times.append(time.process_time() - begin)
        return min(times)

    texts = [text for _, text, _ in reports()]
    long = "\n".join(texts)
    rng = random.Random(SEED)
    made = [typesetting.make_table(rng) for _ in range(30)]
    files = [
        ("text, no tables, reportlab", typesetting.report_pdf(long), False),
        ("text, no tables, two columns, reportlab", typesetting.report_pdf(long, 2), False),
        ("tables, ruled, reportlab", typesetting.tables_pdf(made, True, rng), True),
        ("tables, borderless, reportlab", typesetting.tables_pdf(made, False, rng), True),
    ]
    office = office_pdf(long)
    if office:
        files.insert(0, ("text, no tables, LibreOffice", office, False))
    for name, data, with_tables in files:
        raw = read_bytes(data, "x.pdf")
        ours, theirs = (
            best(lambda d=data: read_bytes(d, "x.pdf")),
            best(lambda d=data, t=with_tables: plumber(d, t)),
        )
        print(
            f"{name:42} {len(raw.pages)} pages, {len(raw.text)} characters: {ours * 1000:.0f} ms, "
            f"pdfplumber {theirs * 1000:.0f} ms, ratio {theirs / ours:.1f}", flush=True,
        )  # fmt: skip


def office_pdf(text):
    """The text as LibreOffice prints it (fonts embedded, as in most office files); None where it is not installed."""
    import shutil
    import subprocess

    if shutil.which("soffice") is None:
        return None
    import docx

    with tempfile.TemporaryDirectory() as folder:
        document = docx.Document()
        for line in text.split("\n"):
            document.add_paragraph(line)
        document.save(f"{folder}/a.docx")
        subprocess.run(
            ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, f"{folder}/a.docx"],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return Path(folder, "a.pdf").read_bytes()


if __name__ == "__main__":
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")] or ["prose", "tables", "scans", "speed"]
    for what in wanted:
        {"prose": prose, "tables": tables, "scans": scans, "speed": speed}[what]()
