"""A whole batch of mixed files on one core and on two: run, as an office would run it, from nothing to the published files.

usage: python benchmarks/batch.py [FILES] [--times N]     (default 1000)
"""

import argparse
import random
import shutil
import tempfile
from pathlib import Path

from running import command, fresh, measured

ROOT = Path(__file__).resolve().parent.parent


def mixed(folder, count):
    """``count`` files made of the corpora: txt (half), html, md, docx, pdf; each with a line of its own, so that none is like another."""
    from docx import Document
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    from reportminer import ingest

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    texts = [ingest.read_path(p, p.name).text for p in sorted((ROOT / "corpora").glob("*/*.txt"))]
    rng = random.Random(1)
    folder.mkdir(parents=True)
    for n in range(count):
        text = f"{texts[n % len(texts)].strip()}\n本材料编号第{n}号。\n"
        kind = rng.choice(["txt"] * 4 + ["html", "md", "docx", "pdf"])
        path = folder / f"{n:05}.{kind}"
        if kind == "html":
            path.write_text(
                "<html><body>" + "".join(f"<p>{x}</p>" for x in text.splitlines()) + "</body></html>",
                encoding="utf-8",
            )
        elif kind == "docx":
            document = Document()
            for line in text.splitlines():
                document.add_paragraph(line)
            document.save(str(path))
        elif kind == "pdf":
            canvas, y = Canvas(str(path)), 800
            canvas.setFont("STSong-Light", 11)
            for line in text.splitlines():
                for k in range(0, max(len(line), 1), 40):
                    canvas.drawString(60, y, line[k : k + 40])
                    y -= 16
                    if y < 60:
                        canvas.showPage()
                        canvas.setFont("STSong-Light", 11)
                        y = 800
            canvas.save()
        else:
            path.write_text(text, encoding="utf-8")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("files", nargs="?", type=int, default=1000)
    options.add_argument("--times", type=int, default=2)
    given = options.parse_args()
    work = Path(tempfile.mkdtemp(prefix="reportminer-batch-"))
    try:
        mixed(work / "in", given.files)
        best = {}
        for jobs in (1, 2):
            runs = [
                measured(command(work / "in", fresh(work / f"out{jobs}"), jobs), jobs)
                for _ in range(given.times)
            ]
            best[jobs] = min(runs, key=lambda r: r.seconds)
            r = best[jobs]
            print(
                f"{jobs} cores: {r.seconds:.1f} s, processor time {r.processor:.1f} s (parent {r.parent:.1f}, workers {r.workers:.1f})"
            )
        one, two = best[1], best[2]
        print(f"{given.files} mixed files: {one.seconds / two.seconds:.2f} x by the clock")
        # the parent's own time as if nothing of it ran beside the workers: what a machine without other work gives at least
        print(f"by processor time: {one.processor / (two.parent + two.workers / 2):.2f} x")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
