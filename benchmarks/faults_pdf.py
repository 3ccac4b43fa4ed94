"""Damaged pdfs and pictures in numbers: only UnreadableFile may come out, nothing may hang; a crash of pdfium ends one worker and is counted.

usage: python benchmarks/faults_pdf.py [COUNT] [SEED]      (2000 and 1 without arguments)
Recognition is left out: only the readers are tried. Each file is read in a worker with a limit of 20 s.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import test_pdf  # noqa: E402
import typesetting  # noqa: E402

SECONDS = 20


def originals(rng):
    """(name, content) of sound files of every kind."""
    page = typesetting.scanned(test_pdf.ODD["plain"], rng, dpi=40)[0]
    for name, data in test_pdf.ODD.items():
        yield f"{name}.pdf", data
    for ruled in (True, False):
        tables = [typesetting.make_table(rng) for _ in range(3)]
        yield "tables.pdf", typesetting.tables_pdf(tables, ruled, rng)
    yield "columns.pdf", typesetting.report_pdf(["标题", *test_pdf.PARAGRAPHS[:9]], 2, header="页眉")
    yield "scan.pdf", test_pdf.both(test_pdf.ODD["plain"], test_pdf.scan())
    for kind in ("PNG", "JPEG", "TIFF", "BMP"):
        out = io.BytesIO()
        page.save(out, kind)
        yield f"page.{kind.lower()}", out.getvalue()


def work(pipe):
    """Reads what comes and answers in a word."""
    from reportminer.errors import UnreadableFile
    from reportminer.ingest import ocr, read_bytes

    ocr.recognise = lambda p: ocr._nothing((p.shape[1], p.shape[0]))
    while True:
        name, data = pipe.recv()
        try:
            read_bytes(data, name)
            answer = "read"
        except UnreadableFile:
            answer = "told"
        except Exception as e:
            answer = f"ESCAPED {type(e).__name__}: {e}"
        pipe.send(answer)


def main():
    """Prints what came of each kind of file."""
    count, seed = (int(a) for a in (sys.argv[1:] + ["2000", "1"][len(sys.argv) - 1 :])[:2])
    rng = random.Random(seed)
    files = list(originals(rng))
    found: Counter[str] = Counter()
    worker = ours = None
    for n in range(count):
        name, data = files[n % len(files)]
        (mutant,) = test_pdf.mutants(data, rng, 1)
        if worker is None:
            ours, theirs = multiprocessing.Pipe()
            worker = multiprocessing.Process(target=work, args=(theirs,), daemon=True)
            worker.start()
            theirs.close()
        ours.send((name, mutant))
        try:
            answer = ours.recv() if ours.poll(SECONDS) else "HANG"
        except EOFError:
            answer = "CRASH"
        found[answer.split(":")[0]] += 1
        if answer not in ("read", "told"):
            print(n, name, answer, flush=True)
            worker.kill()
            worker.join()
            worker = None
    print(f"{count} mutants, seed {seed}: {dict(found)}")


if __name__ == "__main__":
    main()
