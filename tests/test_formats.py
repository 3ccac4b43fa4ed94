"""Slices of the two campaigns in ``benchmarks/``: formats that must agree, and damaged files that must be refused in one sentence."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from reportminer.ingest import office

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
import faults  # noqa: E402
import formats  # noqa: E402

SLOW = {"rtf", "odt", "doc-builtin"}  # test_office.py converts to these


@pytest.mark.parametrize("name", [n for n in formats.WRITERS if n not in SLOW])
def test_observations_do_not_depend_on_the_format(name: str, tmp_path: Path) -> None:
    form = formats.WRITERS[name]
    if form.office and office.program() is None:
        pytest.skip("没有安装 LibreOffice（make setup-system）")
    texts = formats.corpus(ROOT / "corpora" / "demo", 3)
    same, total = formats.agreement(texts, form, tmp_path)
    assert total > 80 and same >= form.floor * total


@pytest.mark.parametrize("name", [n for n, f in formats.TABLE_WRITERS.items() if not f.office])
def test_cells_of_tables_come_back(name: str, tmp_path: Path) -> None:
    form = formats.TABLE_WRITERS[name]
    same, total = formats.cells_agreement(6, form, tmp_path)
    assert total > 150 and same >= form.floor * total


def test_numbered_headings_are_automatic_in_the_file_and_printed_in_the_text(tmp_path: Path) -> None:
    """Otherwise the agreement of ``docx-numbered`` would show nothing."""
    from reportminer.ingest import read_path

    path = formats.WRITERS["docx-numbered"].write(
        "一、回顾\n（一）条件\n（二）投入\n二、打算\n（一）目标\n", tmp_path / "a"
    )
    import docx

    assert [p.text for p in docx.Document(str(path)).paragraphs][:5] == ["回顾", "条件", "投入", "打算", "目标"]  # fmt: skip
    assert read_path(path, "a.docx").text.split("\n")[:5] == ["一、回顾", "（一）条件", "（二）投入", "二、打算", "（一）目标"]  # fmt: skip


@pytest.fixture(scope="module")
def good() -> dict[str, bytes]:
    """One good file of each kind."""
    return faults.samples()


def test_damaged_files_are_read_or_refused(
    good: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    tally: Counter[str] = Counter()
    for i, (name, data) in enumerate(faults.mutations(good, 240, seed=20)):
        began = time.monotonic()
        result = faults.outcome(name, data, tmp_path)
        assert result in ("document", "refused"), (i, name, result)
        assert time.monotonic() - began < 10, (i, name)
        tally[result] += 1
    assert tally.total() == 240 and min(tally.values()) > 50


def test_good_samples_are_read(
    good: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    assert {name: faults.outcome(name, data, tmp_path) for name, data in good.items()} == dict.fromkeys(good, "document")  # fmt: skip


def test_campaign_finds_what_it_looks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that hangs, dies or raises something else is told apart, and the worker is replaced."""
    import os

    def bad(name: str, data: bytes, folder: Path) -> str:
        if data == b"hang":
            time.sleep(60)
        if data == b"die":
            os._exit(3)
        return "document"

    monkeypatch.setattr(faults, "outcome", bad)
    pool = faults.Pool(1)
    assert [pool.read("a.txt", d) for d in (b"x", b"hang", b"x", b"die", b"x")] == ["document", "hang", "document", "crash", "document"]  # fmt: skip
    pool.close()
    monkeypatch.undo()
    monkeypatch.setattr("reportminer.ingest.read_bytes", lambda *_: {}["x"])
    assert faults.outcome("a.txt", b"x", tmp_path).startswith("KeyError")
