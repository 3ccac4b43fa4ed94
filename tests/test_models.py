"""The trained models: made again from the corpora, refused when damaged, never asked for a value, and confidence that means what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reportminer import pipeline, read
from reportminer.errors import ModelError
from reportminer.evaluate import locate, overlap
from reportminer.records import fallback
from reportminer.training import cases_of, reliability, train

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained on the demonstration corpus alone."""
    out = tmp_path_factory.mktemp("models")
    scores = train([ROOT / "corpora" / "demo"], out)
    assert scores["figures"] > 500
    return out


def test_training_writes_every_file_of_models(small: Path) -> None:
    assert {p.name for p in small.iterdir()} == {p.name for p in MODELS.iterdir()}


def test_training_twice_gives_the_same_files(small: Path, tmp_path: Path) -> None:
    train([ROOT / "corpora" / "demo"], tmp_path / "again")
    for name in ("indicator.npz", "indicator.json", "confidence.json", "CARD.md"):
        assert (small / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_card_tells_data_version_and_scores() -> None:
    card = json.loads((MODELS / "indicator.json").read_text(encoding="utf-8"))
    assert {"data", "scikit_learn", "sha256", "cross_validation", "classes"} <= set(card)
    assert card["cross_validation"]["together"] >= card["cross_validation"]["rules_alone"]
    assert "实际正确" in (MODELS / "CARD.md").read_text(encoding="utf-8")


def test_damaged_model_is_refused(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "m")
    data = bytearray((tmp_path / "m" / "indicator.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "m" / "indicator.npz").write_bytes(bytes(data))
    card = json.loads((tmp_path / "m" / "indicator.json").read_text(encoding="utf-8"))
    with pytest.raises(ModelError) as e:
        fallback.load_model(tmp_path / "m" / "indicator.npz", card)
    assert "说明卡不符" in e.value.error and e.value.fix


def test_values_do_not_depend_on_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    def figures() -> list[tuple[object, ...]]:
        reports = pipeline.run([ROOT / "corpora" / "demo"]).reports
        return [(o.start, o.value, o.unit, o.bound, o.masked) for r in reports for o in r.observations]

    before = figures()
    monkeypatch.setattr("reportminer.records.meaning.indicator_model", lambda: None)
    assert figures() == before


def test_a_rule_that_goes_by_the_measure_alone_may_be_overruled() -> None:
    assert fallback.decide("indicator:unit", "people_other", ("pupils", 0.9)) == ("pupils", "unit=model")
    assert fallback.decide("indicator:unit", "people_other", ("pupils", 0.3)) == ("people_other", "unit-")
    assert fallback.decide("indicator:alias:学校", "schools_total", ("pupils", 0.9)) == (
        "schools_total",
        "alias-",
    )
    assert fallback.decide("indicator:part", "pupils", ("pupils", 0.2)) == ("pupils", "part+")


def test_families_of_rules() -> None:
    assert fallback.family("indicator:alias:学校:远") == "alias:远"
    assert fallback.family("indicator:build+学校") == "turned"
    assert fallback.family("indicator:cue:invest") == "cue"


def test_confidence_is_a_probability_that_a_guess_has_less_of() -> None:
    report = read("青山县2020年教育工作总结\n全县共有学校48所。另有126人。\n")
    named, guessed = report.observations
    assert 0 < guessed.confidence < named.confidence <= 1


@pytest.mark.skipif(not (ROOT / "corpora" / "eval").is_dir(), reason="corpora/eval 不在发行包内")
def test_confidence_means_what_it_says_on_reports_never_trained_on() -> None:
    pairs: list[tuple[float, bool]] = []
    for marks in sorted((ROOT / "corpora" / "eval").glob("*.jsonl")):
        report = pipeline.read_file(marks.with_suffix(".txt"))
        gold = [json.loads(line) for line in marks.read_text(encoding="utf-8").splitlines() if line.strip()]
        for g in locate(gold, report.text.raw.text):
            near = [o for o in report.observations if overlap(g, o.start, o.end) >= 0.5]
            if near and g["indicator"] != "duration":
                o = max(near, key=lambda o: overlap(g, o.start, o.end))
                right = (o.indicator, o.kind, o.status) == (g["indicator"], g["kind"], g["status"])
                pairs.append((o.confidence, right))
    if len(pairs) < 200:
        pytest.skip("corpora/eval 尚空")
    off = [abs(p - r) * n for p, r, n in reliability(pairs)]
    assert sum(off) / len(pairs) < 0.08  # expected calibration error


def test_no_corpus_is_said_so(tmp_path: Path) -> None:
    from reportminer.errors import NoInput

    with pytest.raises(NoInput):
        cases_of([tmp_path])
