"""``reportminer doctor``: what works here, what does not, and the way to turn it on; never an error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportminer import doctor
from reportminer.ingest import READERS, office

ROOT = Path(__file__).resolve().parent.parent


def answer(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "reportminer", "doctor"], capture_output=True, text=True, env={**os.environ, **environment}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_office_it_says_what_is_off_and_how_to_turn_it_on() -> None:
    out = answer(**{office.VARIABLE: "off"})
    assert "△ doc、wps：内置程序读取" in out and "✗ odt、ods、xlsb" in out
    assert out.count("apt-get install libreoffice-writer") == 1  # one way for three lines
    assert "✓ docx" in out and "不影响其余功能" in out


def test_program_that_does_not_start_is_no_office(tmp_path: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert "✗ odt" in answer(**{office.VARIABLE: str(broken)})


@pytest.mark.skipif(office.program() is None, reason="没有安装 LibreOffice（make setup-system）")
def test_with_office_its_version_is_told() -> None:
    assert "✓ odt、ods、xlsb、Office 2003 XML：LibreOffice " in answer()


def test_limits_that_are_set_are_told_and_bad_ones_explained() -> None:
    out = answer(REPORTMINER_CELLS="5000", REPORTMINER_RATIO="viel")
    assert "5000 个（REPORTMINER_CELLS；默认 1000000）" in out
    assert "REPORTMINER_RATIO 的值“viel”不是正整数" in out


def test_temporary_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    item = next(i for i in doctor.examine() if i.name == "临时文件夹")
    assert item.state == doctor.OFF and "TMPDIR" in item.fix


def test_every_format_has_a_line() -> None:
    text = "\n".join(i.name for i in doctor.examine() if i.group == "文件格式").lower()
    said = {"fodt": "odt", "wordml": "2003 xml", "excelml": "2003 xml", "image": "jpg"}
    assert [k for k in READERS if said.get(k, k) not in text] == []


def test_setup_of_the_system_ends_well_without_root(tmp_path: Path) -> None:
    """As an ordinary user on a bare machine: it tells what is missing and does not fail."""
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    for name in ("find", "grep", "ls"):
        (tmp_path / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "setup-system.sh")], env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert "libreoffice-writer" in done.stderr and "跳过" in done.stderr
