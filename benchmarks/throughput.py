"""Text → observations against ``jieba.cut`` over the same text in the same run, one core.

usage: python benchmarks/throughput.py [FILE_OR_FOLDER ...]   (default: corpora/demo and, where present, ../shared)
"""

import json
import sys
import time
from pathlib import Path

import jieba

from reportminer import ingest, pipeline
from reportminer.core import RawDocument

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def texts(arguments):
    """(name, list of texts) per kind of report."""
    if arguments:
        yield "given", [ingest.read_path(p, s).text for p, s in ingest.discover([Path(a) for a in arguments])]
        return
    demo = sorted((ROOT / "corpora" / "demo").glob("*.txt"))
    yield (
        "demo (short reports, a figure every 40 characters)",
        [ingest.read_path(p, p.name).text for p in demo],
    )
    if (SHARED / "bench").is_dir():
        files = sorted((SHARED / "bench").glob("*/*.txt"))
        yield "bench (seeds and dev)", [ingest.read_path(p, p.name).text for p in files]
    national = SHARED / "data" / "national-reports-1954-2007.jsonl"
    if national.exists():
        rows = [json.loads(line) for line in national.read_text(encoding="utf-8").splitlines()]
        yield "national work reports", [r["content"] for r in rows[:20]]


def seconds(function):
    """CPU seconds of one run."""
    start = time.process_time()
    function()
    return time.process_time() - start


def best(*functions, repeats=5):
    """Least CPU seconds of some runs of each, by turns: a busy machine slows both down."""
    return [
        min(times) for times in zip(*([seconds(f) for f in functions] for _ in range(repeats)), strict=True)
    ]


def main():
    jieba.setLogLevel(60)
    jieba.initialize()
    pipeline.read_raw(ingest.read_text("全县共有学校12所。"))  # load the lexicons
    total = [0, 0.0, 0.0]
    for name, bodies in texts(sys.argv[1:]):
        characters = sum(map(len, bodies))
        raws = [ingest.read_text(t, f"{i}.txt") for i, t in enumerate(bodies)]
        assert all(isinstance(r, RawDocument) for r in raws)
        found = sum(len(pipeline.read_raw(r).observations) for r in raws)
        ours, theirs = best(
            lambda raws=raws: [pipeline.read_raw(r) for r in raws],
            lambda bodies=bodies: [list(jieba.cut(t)) for t in bodies],
        )
        total = [total[0] + characters, total[1] + ours, total[2] + theirs]
        print(
            f"{name}: {characters} characters, {found} observations, {characters / ours:,.0f} characters/s, {theirs / ours:.2f} x jieba.cut"
        )
    print(
        f"all: {total[0]} characters, {total[0] / total[1]:,.0f} characters/s, {total[2] / total[1]:.2f} x jieba.cut"
    )


if __name__ == "__main__":
    main()
