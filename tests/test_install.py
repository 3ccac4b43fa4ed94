"""The built wheel, alone in an empty environment, does the main job; lexicons are found in wheel, checkout and editable install."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_wheel_alone_runs_the_main_job(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path / "dist"), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    wheel = next((tmp_path / "dist").glob("*.whl"))
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    report = tmp_path / "报告.txt"
    report.write_text(
        "松阳县2020年教育工作总结\n\n全县共有学校48所，其中小学30所、初中18所。\n", encoding="utf-8"
    )
    done = subprocess.run(
        [str(home / "bin" / "reportminer"), "run", str(report), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    rows = [
        json.loads(x)
        for x in (tmp_path / "out" / "observations.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(r["text"], r["value"], r["unit"]) for r in rows] == [
        ("48所", 48, "所"),
        ("30所", 30, "所"),
        ("18所", 18, "所"),
    ]
    assert (tmp_path / "out" / "report.html").exists()


def test_resources_of_the_checkout() -> None:
    from reportminer.resources import data_dir

    assert (data_dir("lexicons") / "units.tsv").is_file()
