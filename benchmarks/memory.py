"""Memory of the reader over many reports: it must not grow.

usage: python benchmarks/memory.py [REPORTS]   (default 10000)
"""

import re
import resource
import sys
import time
from pathlib import Path

from reportminer import ingest, pipeline

ROOT = Path(__file__).resolve().parent.parent


def varied(text, n):
    """The n-th variant of a report: other digits, another county, so that nothing can be answered from a cache."""
    out = re.sub(r"\d(?=\d*[万亿%人所元])", lambda m: str((int(m[0]) + n) % 9 + 1), text)
    return out.replace("县", "县" if n % 2 else "区", n % 7)


def megabytes():
    """Resident memory now (Linux), in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    files = sorted((ROOT / "corpora").glob("*/*.txt"))
    bodies = [ingest.read_path(p, p.name).text for p in files]
    start, observations = time.process_time(), 0
    marks = {count // 10, count // 4, count // 2, count}
    for n in range(1, count + 1):
        raw = ingest.read_text(varied(bodies[n % len(bodies)], n), f"{n}.txt")
        observations += len(pipeline.read_raw(raw).observations)
        if n in marks:
            print(
                f"{n} reports, {observations} observations: {megabytes():.0f} MB, {n / (time.process_time() - start):.0f} reports/s"
            )


if __name__ == "__main__":
    main()
