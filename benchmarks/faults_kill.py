"""``kill -9`` of a run at random moments, and then the same command: the published files must be the same, byte for byte.

usage: python benchmarks/faults_kill.py [KILLS] [--seed N] [--reports N]     (default 50 kills, over the corpora; or over so many synthetic reports)
"""

import argparse
import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import synthetic

ROOT = Path(__file__).resolve().parent.parent


def published(folder):
    """Hash of all published files but the workbook, which holds the time of its making."""
    digest = hashlib.sha256()
    for p in sorted(folder.rglob("*")):
        name = p.relative_to(folder)
        if p.is_file() and p.suffix != ".xlsx" and not any(x.startswith(".") for x in name.parts):
            digest.update(str(name).encode() + p.read_bytes())
    return digest.hexdigest()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("kills", nargs="?", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--reports", type=int, default=0)
    given = options.parse_args()
    rng = random.Random(given.seed)
    work = Path(tempfile.mkdtemp(prefix="reportminer-kill-"))
    if given.reports:
        synthetic.write(work / "in", given.reports)
    command = [
        sys.executable,
        "-m",
        "reportminer",
        "run",
        str(work / "in" if given.reports else ROOT / "corpora"),
        "--brief",
        "--jobs",
        "2",
        "--out",
    ]
    start = time.monotonic()
    subprocess.run([*command, str(work / "whole")], check=True, stdout=subprocess.DEVNULL)
    lasts, wanted = time.monotonic() - start, published(work / "whole")
    same = killed = round_ = 0
    while killed < given.kills:
        out = work / f"out{round_}"
        for _ in range(min(5, given.kills - killed)):  # up to five kills of one run
            process = subprocess.Popen(
                [*command, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(rng.uniform(0.05, lasts))
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        subprocess.run([*command, str(out)], check=True, stdout=subprocess.DEVNULL)
        same += published(out) == wanted
        round_ += 1
    print(f"{killed} kills in {round_} runs: {same} of {round_} results identical")
    return 0 if same == round_ else 1


if __name__ == "__main__":
    sys.exit(main())
