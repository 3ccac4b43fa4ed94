"""A whole batch of mixed files on one core and on two: run, as an office would run it, from nothing to the published files.

usage: python benchmarks/batch.py [FILES] [--times N]     (default 1000)
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def seconds(folder, out, jobs):
    """Wall time of one whole run, on as many cores as it has jobs."""
    shutil.rmtree(out, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "reportminer",
        "run",
        str(folder),
        "--out",
        str(out),
        "--brief",
        "--jobs",
        str(jobs),
    ]
    cores = sorted(os.sched_getaffinity(0))[:jobs]
    start = time.monotonic()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, cores)
    )
    return time.monotonic() - start


def main():
    options = argparse.ArgumentParser()
    options.add_argument("files", nargs="?", type=int, default=1000)
    options.add_argument("--times", type=int, default=2)
    given = options.parse_args()
    work = Path(tempfile.mkdtemp(prefix="reportminer-batch-"))
    try:
        mixed(work / "in", given.files)
        best = {j: min(seconds(work / "in", work / f"out{j}", j) for _ in range(given.times)) for j in (1, 2)}
        print(
            f"{given.files} mixed files: one core {best[1]:.1f} s, two cores {best[2]:.1f} s, {best[1] / best[2]:.2f} x"
        )
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
