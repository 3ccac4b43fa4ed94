"""Progress: what is left, by kind of work, and whether the time that it says is the time that it takes."""

from __future__ import annotations

import os
import pty
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reportminer import batch, batch_commands
from reportminer.batch import Options
from reportminer.pace import CHECKS, Pace, kind_of, spoken

SECONDS = {"txt": 0.02, "docx": 0.06, "pdf": 0.4, "jpg": 6.0}


def simulated(files: list[str], reused: int = 0, jobs: int = 2) -> list[tuple[float, float]]:
    """(what the pace said is left, what was left) after each file; the first ``reused`` take a millisecond."""
    rng = random.Random(1)
    pace = Pace(jobs)
    for name in files:
        pace.expect(name)
    took = [
        0.001 if n < reused else SECONDS[name.rsplit(".")[-1]] * rng.uniform(0.5, 1.5)
        for n, name in enumerate(files)
    ]
    out = []
    for n, name in enumerate(files):
        pace.read(name, took[n])
        out.append((pace.left(), sum(took[n + 1 :]) / jobs))
    return out


def test_the_time_left_is_right_when_kinds_come_one_after_the_other() -> None:
    """400 texts, then 100 pdf, then 40 scans: one mean of all files would be wrong by a hundred times at the start."""
    files = ["a.txt"] * 400 + ["b.pdf"] * 100 + ["c.jpg"] * 40
    told = simulated(files)
    for n in (20, 100, 390, 430, 490, 510, 530):
        said, real = told[n]
        assert said == pytest.approx(real, rel=0.35), (n, said, real)
    assert told[-1][0] == 0


def test_the_time_left_is_right_when_kinds_are_mixed_and_after_an_interruption() -> None:
    files = ["a.txt", "b.docx", "c.pdf", "d.txt"] * 100
    for reused in (0, 200):
        told = simulated(files, reused)
        for n in (reused + 100, 350, 380):
            said, real = told[n]
            assert said == pytest.approx(real, rel=0.3), (reused, n, said, real)


def test_checks_are_timed_by_what_they_did() -> None:
    now = 100.0
    pace = Pace(8, clock=lambda: now)
    pace.checked(0, 1000)
    for done in range(100, 600, 100):
        now += 2
        pace.checked(done, 1000)
    assert {k: (d, t) for k, d, t, _ in pace.works()} == {CHECKS: (500, 1000)}
    assert pace.left() == pytest.approx(10, rel=0.25)
    pace.checked(1000, 1000)
    assert pace.left() == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "不到 1 秒"), (42.4, "42 秒"), (600, "10 分钟"), (9000, "2.5 小时")],
)
def test_times_as_people_say_them(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def test_every_file_of_a_batch_is_counted_under_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text(
            f"甲县2020年教育工作总结\n全县共有小学{n + 3}所。\n", encoding="utf-8"
        )
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    with zipfile.ZipFile(folder / "包.zip", "w") as z:
        z.writestr("a.md", "乙县2020年教育工作总结\n全县共有小学9所。\n")
        z.writestr("b.md", "丙县2020年教育工作总结\n全县共有小学8所。\n")
    paces: list[Pace] = []

    class Kept(Pace):
        def __init__(self, abreast: int) -> None:
            super().__init__(abreast)
            paces.append(self)

    monkeypatch.setattr(batch_commands, "Pace", Kept)
    read = batch_commands.read_batch([folder], tmp_path / "out", None, Options(jobs=2))
    assert read.inputs == 6
    works = {kind: (done, total) for kind, done, total, _ in paces[0].works()}
    assert works == {kind_of("a.txt"): (5, 5), "PDF": (1, 1), "压缩包": (1, 1)}
    assert paces[0].left() == 0
    took = [o.seconds for o in _outcomes(folder, tmp_path)]
    assert len(took) == 6 and all(0 < s < 30 for s in took)


def _outcomes(folder: Path, tmp_path: Path) -> list[batch.Outcome]:
    out: list[batch.Outcome] = []
    batch.read(
        [folder],
        tmp_path / "parts",
        Options(jobs=1),
        told=lambda _, result: out.extend(result if isinstance(result, list) else ()),
    )
    return out


def test_a_terminal_shows_a_bar_for_each_kind(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(60):
        ending = "txt" if n % 2 else "csv"
        (folder / f"{n}.{ending}").write_text(
            f"甲县2020年教育工作总结\n全县共有小学{n + 3}所，在校生{n + 900}人。\n", encoding="utf-8"
        )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reportminer", "run", str(folder), "--out", str(tmp_path / "out"), "--brief"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    assert process.wait() == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    for word in ("读取报告", "文本、网页", "Office 文件", "还需", "60"):
        assert word in text, text[-2000:]
