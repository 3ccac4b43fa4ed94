"""A large batch of synthetic reports: time and memory of reading, checking, comparing and publishing.

usage: python benchmarks/scale.py [REPORTS] [--jobs N] [--work FOLDER]     (default 10000)
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import synthetic


def children(pid):
    """The process and all below it."""
    found = [pid]
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found += children(int(place.parent.name))
    return found


def resident(pid):
    """Peak resident memory of a process in MB, 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in status.splitlines() if x.startswith("VmHWM")), 0.0)


def measured(command):
    """Seconds, peak memory of the parent and of the largest other process, in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    parent, others = 0.0, 0.0
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    reader.start()
    while process.poll() is None:
        parent = max(parent, resident(process.pid))
        others = max([others, *(resident(p) for p in children(process.pid)[1:])])
        time.sleep(0.2)
    reader.join()
    return time.monotonic() - start, parent, others, "".join(lines)


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
        str(given.jobs),
    ]
    for what in ("first", "again"):
        seconds, parent, others, said = measured(command)
        print(
            f"{what}: {given.reports} reports in {seconds:.1f} s, parent {parent:.0f} MB, largest worker {others:.0f} MB"
        )
        print("   ", said.strip().replace("\n", " "))
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
