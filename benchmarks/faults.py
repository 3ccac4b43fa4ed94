"""Damaged files: seeded mutations of good ones must end as a document or as UnreadableFile, within the time limit.

usage: benchmarks/faults.py [--count 5000] [--seed 1] [--only docx,xls] [--seconds 20] [--keep DIR]

Each file is read in a process of its own kind (a pool whose worker is replaced when it hangs or dies). Figures: documents, refusals, other
exceptions, crashes, hangs; the last three must be 0. ``--keep`` saves the files that break something, to become tests.
A format is one line in ``SAMPLES``.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
TEXT = "青山县2020年教育工作总结\n\n一、办学条件\n全县共有学校48所，其中小学30所、初中18所。\n全年投入资金1200万元，新建校舍8000平方米，增长12.5%。\n"


def _of_report(name: str) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        from formats import WRITERS

        return WRITERS[name].write(TEXT, folder / name).read_bytes()

    return make


def _of_table(name: str) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        from formats import TABLE_WRITERS, random_table

        return TABLE_WRITERS[name].write(random_table(3), folder / f"table-{name}").read_bytes()

    return make


# name of the file → its content, None where LibreOffice is needed to write it
SAMPLES: dict[str, Callable[[Path], bytes]] = {
    "a.txt": _of_report("txt"),
    "a.html": _of_report("html"),
    "a.mht": _of_report("mht"),
    "a.docx": _of_report("docx-numbered"),
    "table.docx": _of_table("docx"),
    "table.xlsx": _of_table("xlsx"),
    "a.csv": lambda _: '学校,学生（人）,投入\n一小,"1,286",1200.5\n二中,2051,860\n'.encode("gb18030"),
    "a.zip": _of_report("zip"),
    "a.doc": _of_report("doc"),
    "table.doc": _of_table("doc"),
    "table.xls": _of_table("xls"),
    "a.rtf": _of_report("rtf"),
}
_NEEDS_OFFICE = frozenset({"a.doc", "table.doc", "table.xls", "a.rtf"})


def samples(only: set[str] = frozenset()) -> dict[str, bytes]:  # type: ignore[assignment]
    """The good files; those that LibreOffice must write are left out where it is missing."""
    from reportminer.ingest import office

    with tempfile.TemporaryDirectory() as place:
        return {
            name: make(Path(place))
            for name, make in SAMPLES.items()
            if (not only or name.rpartition(".")[2] in only)
            and (office.program() or name not in _NEEDS_OFFICE)
        }


def mutated(data: bytes, r: random.Random, others: list[bytes]) -> bytes:
    """One damaged copy. Inside archives, half of the damage goes to one member before it is packed, so that it reaches the readers of XML."""
    if data.startswith(b"PK") and r.random() < 0.6:
        try:
            return _inside(data, r)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return data
    return _damaged(data, r, others)


def _inside(data: bytes, r: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as a, zipfile.ZipFile(out, "w") as b:
        names = a.namelist()
        likely = [n for n in names if "document" in n or "sheet" in n or "numbering" in n or "styles" in n or "rels" in n or n.endswith(".txt")]  # fmt: skip
        chosen = r.choice(likely or names)
        for n in names:
            content = a.read(n)
            if n == chosen:
                if r.random() < 0.1:
                    continue  # a part is missing
                content = _damaged(content, r, [a.read(x) for x in r.sample(names, min(2, len(names)))])
            b.writestr(n, content)
    return out.getvalue()


def _damaged(data: bytes, r: random.Random, others: list[bytes]) -> bytes:
    kind = r.randrange(8)
    if not data or kind == 0:
        return data[: r.randrange(len(data) + 1)]  # cut off
    out = bytearray(data)
    if kind == 1:  # bits flipped
        for _ in range(r.choice((1, 4, 40))):
            out[r.randrange(len(out))] ^= 1 << r.randrange(8)
    elif kind == 2:  # bytes replaced
        for _ in range(r.choice((1, 8, 64))):
            out[r.randrange(len(out))] = r.choice((0, 0xFF, 0x7F, 0x80, r.randrange(256)))
    elif kind == 3:  # a stretch of noise
        at = r.randrange(len(out))
        out[at : at + r.choice((4, 64, 512))] = r.randbytes(r.choice((4, 64, 512)))
    elif kind == 4:  # a stretch missing or twice
        at, n = r.randrange(len(out)), r.choice((1, 16, 512))
        out[at:at] = out[at : at + n] * r.choice((0, 1, 5)) or b""
        del out[at : at + r.choice((0, n))]
    elif kind == 5:  # two stretches change places
        a, b = sorted((r.randrange(len(out)), r.randrange(len(out))))
        out = out[b:] + out[a:b] + out[:a]
    elif kind == 6 and others:  # part of another file
        other = r.choice(others)
        at = r.randrange(len(out))
        out[at : at + 256] = other[: r.choice((16, 256, 4096))]
    else:  # a number made huge, where numbers are text
        at = out.find(b'="', r.randrange(len(out)))
        if at >= 0:
            out[at + 2 : at + 3] = r.choice((b"999999999", b"-1", b"x", b"0", b"1e308"))
        else:
            out[-4:] = b"\xff\xff\xff\x7f"
    return bytes(out)


def mutations(good: dict[str, bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """``count`` damaged files, the formats in turn."""
    r = random.Random(seed)
    names = sorted(good)
    for i in range(count):
        name = names[i % len(names)]
        yield name, mutated(good[name], r, list(good.values()))


def outcome(name: str, data: bytes, folder: Path) -> str:
    """``document``, ``refused``, or the name of an exception that should not have come out."""
    from reportminer.errors import UnreadableFile
    from reportminer.ingest import archive, read_bytes

    try:
        path = folder / f"file{Path(name).suffix}"
        path.write_bytes(data)
        if archive.is_archive(path):
            for _, raw in archive.members(path, name):
                raw()
        else:
            read_bytes(data, name)
        return "document"
    except UnreadableFile as e:
        return "refused" if e.error and e.fix else "refused without a way out"
    except Exception as e:  # what the campaign looks for
        return f"{type(e).__name__}: {str(e)[:80]}"


def _worker(pipe: Connection) -> None:
    with tempfile.TemporaryDirectory() as place:
        while (job := pipe.recv()) is not None:
            pipe.send(outcome(*job, Path(place)))


class Pool:
    """One worker that is replaced when it hangs or dies."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("fork").Process(
            target=_worker, args=(theirs,), daemon=True
        )
        self.process.start()
        theirs.close()

    def read(self, name: str, data: bytes) -> str:
        """The outcome, or ``hang`` or ``crash``."""
        self.pipe.send((name, data))
        try:
            if self.pipe.poll(self.seconds):
                return str(self.pipe.recv())
            result = "hang"
        except EOFError:
            result = "crash"
        self.process.kill()
        self.process.join()
        self._start()
        return result

    def close(self) -> None:
        """Ends the worker."""
        self.pipe.send(None)
        self.process.join(10)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--office",
        action="store_true",
        help="through LibreOffice too (slow); otherwise the readers of our own",
    )
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    good = samples({x for x in given.only.split(",") if x})
    if not given.office:
        os.environ["REPORTMINER_SOFFICE"] = "off"
    pool = Pool(given.seconds)
    tally: dict[str, Counter[str]] = {}
    slowest, broken = (0.0, ""), 0
    for i, (name, data) in enumerate(mutations(good, given.count, given.seed)):
        began = time.monotonic()
        result = pool.read(name, data)
        slowest = max(slowest, (time.monotonic() - began, name))
        tally.setdefault(name, Counter())[result] += 1
        if result not in ("document", "refused"):
            broken += 1
            print(f"{i} {name}: {result}", flush=True)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{given.seed}-{i}-{name}").write_bytes(data)
    pool.close()
    print(f"{'file':<12}{'document':>10}{'refused':>10}{'other':>8}")
    for name, counts in sorted(tally.items()):
        other = counts.total() - counts["document"] - counts["refused"]
        print(f"{name:<12}{counts['document']:>10}{counts['refused']:>10}{other:>8}")
    total = sum((c for c in tally.values()), Counter())
    print(f"{total.total()} files: {total['document']} documents, {total['refused']} refused, {broken} broken; slowest {slowest[0]:.1f} s ({slowest[1]})")  # fmt: skip
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
