"""Every seed of the fuzzer (tests/fuzz_readers.py) and everything it ever found is read again: a document, or a refusal with a way out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from fuzz_readers import READERS, SEEDS, one_input

FILES = sorted(p for p in SEEDS.glob("*/*") if p.is_file() and p.parent.name in READERS)
GOOD = {p.relative_to(SEEDS).as_posix(): p.read_bytes() for p in FILES if p.stem in ("a", "table")}


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTMINER_SOFFICE", "off")


def test_there_are_seeds_for_every_reader() -> None:
    assert {p.parent.name for p in FILES} == set(READERS)


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.relative_to(SEEDS).as_posix())
def test_seed(file: Path) -> None:
    read = one_input(file.parent.name, file.read_bytes())
    assert read or file.relative_to(SEEDS).as_posix() not in GOOD  # the good ones are documents


@settings(
    max_examples=80,
    deadline=None,
    database=DirectoryBasedExampleDatabase(SEEDS / "hypothesis"),  # what fails is kept in the repository
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(GOOD)),
    at=st.floats(0, 1),
    gone=st.integers(0, 600),
    noise=st.binary(max_size=40),
)
@example(name="docx/a.docx", at=0.0, gone=600, noise=b"")  # no beginning
@example(name="xlsx/table.xlsx", at=0.98, gone=600, noise=b"PK\x05\x06")  # another end
@example(name="pdf/table.pdf", at=0.5, gone=40, noise=b"\xff" * 40)
@example(name="doc/table.doc", at=0.02, gone=4, noise=b"\xff\xff\xff\x7f")  # a huge length
@example(name="xls/table.xls", at=0.1, gone=2, noise=b"\xff\xff")
@example(name="rtf/a.rtf", at=0.3, gone=1, noise=b"{\\*{{{{")
@example(name="mht/a.mht", at=0.5, gone=0, noise=b"\r\n--")
@example(name="zip/a.zip", at=0.3, gone=4, noise=b"../\x00")
@example(name="html/a.html", at=0.2, gone=0, noise=b"<!DOCTYPE x [<!ENTITY a '&a;'>]>")
def test_damaged_seed(name: str, at: float, gone: int, noise: bytes) -> None:
    data = GOOD[name]
    place = int(at * len(data))
    one_input(name.partition("/")[0], data[:place] + noise + data[place + gone :])


def test_the_fuzzer_runs() -> None:
    pytest.importorskip("atheris", reason="没有安装 atheris（只有 Linux 的轮子）")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("fuzz_readers.py")), "md", "5", "-runs=300"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "Done 300 runs" in done.stderr, done.stderr[-2000:]
