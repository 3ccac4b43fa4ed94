"""Coverage-guided search for files that break a reader (atheris, libFuzzer).

usage: python tests/fuzz_readers.py READER [SECONDS] [libFuzzer options]      (READER: a folder of tests/seeds; 60 seconds)

Seeds are the files of ``tests/seeds/READER``. An input that breaks the reader is written there as ``crash-…`` (``slow-unit-…`` and ``timeout-…`` for one
that takes too long): mend the reader and keep the file, ``tests/test_seeds.py`` reads all of them again with every run of the tests. LibreOffice is
not asked (``REPORTMINER_SOFFICE=off``): it is a program of its own, and takes a second a file.
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import zipfile
import zlib
from importlib import import_module
from pathlib import Path

SEEDS = Path(__file__).resolve().parent / "seeds"
READERS = ("csv", "doc", "docx", "html", "md", "mht", "pdf", "rtf", "txt", "xls", "xlsx", "zip")


def one_input(reader: str, data: bytes) -> bool:
    """Read some bytes as a reader's own; True when there is a document, False when it was refused with a way out. Anything else is an error."""
    from reportminer.errors import UnreadableFile

    name = f"a.{reader}"
    try:
        if reader == "zip":
            return _archive(data, name)
        module, function = import_module("reportminer.ingest").READERS[reader]
        raw = getattr(import_module(f"reportminer.ingest.{module}"), function)(data, name)
    except UnreadableFile as e:
        assert e.error and e.fix
        return False
    size = len(raw.text)
    spans = [*raw.hidden, *raw.pages, *(c for t in raw.tables for c in t.cells)]
    assert all(0 <= s.start <= s.end <= size for s in spans)
    raw.text.encode()  # what is read can be written
    return True


def _archive(data: bytes, name: str) -> bool:
    from reportminer.errors import UnreadableFile
    from reportminer.ingest import archive

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(data)
        if not archive.is_archive(path):
            return False
        found = False
        for member, raw in archive.members(path, name):
            assert member.startswith(f"{name}/") and ".." not in Path(member).parts
            try:
                raw()
                found = True
            except UnreadableFile as e:
                assert e.error and e.fix
        return found


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """Inside of zip packages (docx, xlsx, archives) one member is mutated and packed again, mostly: else all inputs would fail at its checksum."""
    import atheris

    chance = random.Random(seed)
    if data.startswith(b"PK") and chance.random() < 0.8:
        try:
            return _inside(data, most, chance)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, zlib.error):
            pass
    return bytes(atheris.Mutate(data, most))


def _inside(data: bytes, most: int, chance: random.Random) -> bytes:
    import atheris

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as a, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as b:
        names = a.namelist()
        chosen = chance.choice(names)
        for name in names:
            content = a.read(name)[:200_000]
            b.writestr(name, atheris.Mutate(content, len(content) + 64) if name == chosen else content)
    packed = out.getvalue()
    return packed if len(packed) <= most else data


def main() -> None:
    """Search until the time is over or something breaks."""
    import atheris

    os.environ["REPORTMINER_SOFFICE"] = "off"
    reader, *rest = sys.argv[1:]
    seconds = rest.pop(0) if rest and rest[0].isdigit() else "60"
    with atheris.instrument_imports(include=["reportminer.ingest"]):
        import reportminer.ingest

        if reader != "zip":
            import_module(f"reportminer.ingest.{reportminer.ingest.READERS[reader][0]}")
        from reportminer.ingest import archive  # noqa: F401

    def target(data: bytes) -> None:
        one_input(reader, data)

    place = SEEDS / reader
    with tempfile.TemporaryDirectory() as found:  # what only reaches new code is not kept
        limits = [
            f"-max_total_time={seconds}",
            "-timeout=20",
            f"-artifact_prefix={place}/",
            "-rss_limit_mb=3000",
            "-max_len=100000",
        ]
        atheris.Setup([sys.argv[0], found, str(place), *limits, *rest], target, custom_mutator=mutated)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
