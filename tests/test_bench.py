"""Scores on the reference reports never fall below ``floors.json``; every observation is exactly its slice of the file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reportminer import pipeline
from reportminer.evaluate import evaluate, summary

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bench_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds and dev reports in one folder."""
    if not (SHARED / "bench").is_dir():
        pytest.skip("../shared/bench 不在此机器上")
    folder = tmp_path_factory.mktemp("bench")
    for part in ("seeds", "dev"):
        for suffix in ("txt", "json", "jsonl"):
            for f in (SHARED / "bench" / part).glob(f"*.{suffix}"):
                shutil.copy(f, folder / f.name)
    return folder


def _corpora() -> list[str]:
    return [name for name in FLOORS if name != "bench"]


def _check(name: str, folder: Path) -> None:
    result = pipeline.run([folder])
    scores = summary(evaluate(folder, result.reports, result.checked.findings))
    reached = {k: scores[k]["f1"] for k in ("mention", "quantity", "record", "part_of")}
    reached |= {"finding_precision": scores["findings"]["p"], "finding_recall": scores["findings"]["r"]}
    below = {k: (reached[k], floor) for k, floor in FLOORS[name].items() if reached[k] < floor}
    assert not below, f"{name} 低于下限：{below}"


def test_bench_stays_above_its_floors(bench_folder: Path) -> None:
    _check("bench", bench_folder)


@pytest.mark.parametrize("name", _corpora())
def test_corpus_stays_above_its_floors(name: str) -> None:
    _check(name, ROOT / "corpora" / name)


def test_raw_slice_equals_text_for_every_observation(bench_folder: Path) -> None:
    result = pipeline.run([bench_folder, ROOT / "corpora" / "demo"])
    observations = [(r.text.raw.text, o) for r in result.reports for o in r.observations]
    assert len(observations) > 1500
    assert [o.id for raw, o in observations if raw[o.start : o.end] != o.text] == []
    assert len({o.id for _, o in observations}) == len(observations)


def test_eval_gives_the_figures_of_the_reference_scorer(bench_folder: Path, tmp_path: Path) -> None:
    run = [sys.executable, "-m", "reportminer", "run", str(bench_folder), "--out", str(tmp_path / "out")]
    subprocess.run(run, check=True, capture_output=True)
    out = tmp_path / "out"
    theirs = json.loads(
        subprocess.run(
            [
                sys.executable, str(SHARED / "bench" / "score.py"), str(bench_folder), str(out / "observations.jsonl"),
                "--findings", str(out / "findings.jsonl"), "--docs", str(out / "documents.jsonl"), "--json",
            ],
            check=True, capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    ours = json.loads(
        subprocess.run(
            [sys.executable, "-m", "reportminer", "eval", str(bench_folder), "--json"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    for key in ("mention", "quantity", "record", "part_of"):
        assert ours[key] == theirs[key]
    assert ours["accuracy"] == theirs["accuracy"]
    assert ours["document"] == theirs["document"]
    for key in ("p", "r", "tp", "gold", "stray_warnings_per_document"):
        assert ours["findings"][key] == theirs["findings"][key]
