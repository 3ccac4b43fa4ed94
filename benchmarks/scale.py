"""A large batch of synthetic reports: time and memory of reading, checking, comparing and publishing.

usage: python benchmarks/scale.py [REPORTS] [--jobs N] [--work FOLDER]     (default 10000)
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

import synthetic
from running import command, measured


def main():
    options = argparse.ArgumentParser()
    options.add_argument("reports", nargs="?", type=int, default=10_000)
    options.add_argument("--jobs", type=int, default=0)
    options.add_argument("--work", type=Path)
    given = options.parse_args()
    work = given.work or Path(tempfile.mkdtemp(prefix="reportminer-scale-"))
    folder, out = work / "in", work / "out"
    if not folder.exists():
        synthetic.write(folder, given.reports)
    for what in ("first", "again"):
        r = measured(command(folder, out, given.jobs))
        print(
            f"{what}: {given.reports} reports in {r.seconds:.1f} s, processor time parent {r.parent:.1f} s, workers {r.workers:.1f} s, "
            f"memory parent {r.parent_mb:.0f} MB, largest worker {r.worker_mb:.0f} MB"
        )
        print("   ", r.said.replace("\n", " "))
    size = {
        n: sum(f.stat().st_size for f in p.rglob("*") if f.is_file())
        for n, p in (("in", folder), ("parts", out / ".parts"))
    }
    size["published"] = sum(f.stat().st_size for f in out.iterdir() if f.is_file())
    print(
        "bytes a report:",
        json.dumps({k: round(v / given.reports) for k, v in size.items()}),
        "cores:",
        os.cpu_count(),
    )


if __name__ == "__main__":
    main()
