"""Cost of all checks and of the comparison, in one process after extraction: it should grow as the reports do.

usage: python benchmarks/checks.py [REPORTS ...]     (default: 100 1000 10000)
"""

import dataclasses
import sys
import time

import synthetic

from reportminer import checks, ingest, pipeline
from reportminer.comparison import compare


def main(counts):
    places = synthetic.counties()
    print(f"{'reports':>8} {'figures':>9} {'checks s':>9} {'ms each':>8} {'compare s':>9} {'findings':>8}")
    for count in counts:
        reports = []
        for n in range(count):
            name, text = synthetic.report(n, places)
            reports.append(pipeline.read_raw(dataclasses.replace(ingest.read_text(text), source=name)))
        start = time.process_time()
        found = checks.run(reports).findings
        checked = time.process_time()
        compare(reports, findings=found)
        done = time.process_time()
        figures = sum(len(r.observations) for r in reports)
        each = 1000 * (checked - start) / count
        print(
            f"{count:>8} {figures:>9} {checked - start:>9.2f} {each:>8.2f} {done - checked:>9.2f} {len(found):>8}",
            flush=True,
        )


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [100, 1000, 10_000])
