"""Both READMEs are true: every command and every line of Python in them runs, and they name the same commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ["README.md", "README.zh-CN.md"]


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)


def commands(name: str) -> list[str]:
    return [line for block in blocks(name, "sh") for line in block.splitlines() if line.strip()]


def test_twins_name_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")


def test_every_command_is_known_to_a_test() -> None:
    ours = [c for c in commands("README.md") if not c.startswith("reportminer ")]
    # make test is this run; make demo and pip install are run below and in test_install.py
    assert ours == ["make demo", "make test", "pip install ."]


@pytest.mark.parametrize("command", [c for c in commands("README.md") if c.startswith("reportminer ")])
def test_command_runs(command: str, tmp_path: Path) -> None:
    (tmp_path / "corpora").symlink_to(ROOT / "corpora")
    argv = [sys.executable, "-m", "reportminer", *shlex.split(command)[1:]]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == (1 if " check corpora" in command else 0), done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("name", READMES)
def test_python_runs(name: str, tmp_path: Path) -> None:
    (tmp_path / "corpora").symlink_to(ROOT / "corpora")
    code = "\n".join(blocks(name, "python"))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3


def test_make_demo(tmp_path: Path) -> None:
    """The target itself, in this environment; the bare machine is ``.ci/run``'s."""
    done = subprocess.run(
        ["make", "demo", f"OUT={tmp_path / 'out'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "COLUMNS": "160"},
    )
    assert done.returncode == 0, done.stderr
    assert "核查结果" in done.stdout and "比较表" in done.stdout and "report.html" in done.stdout
    assert (tmp_path / "out" / "report.html").exists() and (tmp_path / "out" / "comparison.xlsx").exists()


@pytest.mark.parametrize("name", READMES)
def test_linked_files_exist(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
