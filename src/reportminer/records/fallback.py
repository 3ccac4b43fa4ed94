"""The trained models: a second opinion on the indicator where the rules are not sure, and what a rule's word is worth.

``models/indicator.npz`` holds one row of weights per hashed feature, one column per class; ``models/confidence.json`` the share of right
records per rule. Both are made by ``reportminer train`` and loaded on first use; without them the rules stand alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from reportminer.errors import LexiconError, ModelError
from reportminer.records.features import BUCKETS
from reportminer.resources import data_dir

UNSURE = 0.85  # rules below this get a second opinion
GUESSES = frozenset(
    {"unit", "topic", "unit-price"}
)  # rules that go by the measure alone: the model may overrule them
SURE = 0.66  # what the model must reach to overrule: best in cross-validation


@dataclass(frozen=True)
class LinearModel:
    """A multinomial logistic regression over hashed features."""

    classes: tuple[str, ...]
    weights: Any  # float array, BUCKETS × classes
    bias: Any

    def best(self, features: Sequence[int], how_sure: bool = True) -> tuple[str, float]:
        """The most probable class and its probability (0 when it does not matter ``how_sure`` it is)."""
        import numpy as np

        scores = np.add.reduce(self.weights.take(features, axis=0)) + self.bias
        k = int(scores.argmax())
        return self.classes[k], 1 / float(np.add.reduce(np.exp(scores - scores[k]))) if how_sure else 0.0


def load_model(path: Path, card: Mapping[str, Any]) -> LinearModel:
    """A model file that agrees with its card. Raises ModelError when it does not."""
    import numpy as np

    data = path.read_bytes()
    if sha256(data).hexdigest() != card.get("sha256"):
        raise ModelError(
            f"模型文件 {path.name} 与说明卡不符。", "请重新安装，或运行 reportminer train 重新训练。"
        )
    with np.load(path, allow_pickle=False) as z:
        weights, bias = z["weights"], z["bias"]
    classes = tuple(card["classes"])
    if weights.shape != (BUCKETS, len(classes)):
        raise ModelError(f"模型文件 {path.name} 的大小与程序不符。", "请运行 reportminer train 重新训练。")
    return LinearModel(classes, weights.astype(np.float32), bias)


@cache
def indicator_model() -> LinearModel | None:
    """The model of indicators, None when none is installed."""
    folder = _folder()
    if folder is None or not (folder / "indicator.npz").exists():
        return None
    card = json.loads((folder / "indicator.json").read_text(encoding="utf-8"))
    return load_model(folder / "indicator.npz", card)


@cache
def rule_worth() -> Mapping[str, float]:
    """Share of right records (indicator, kind and status) by rule family; empty when no table is installed."""
    folder = _folder()
    if folder is None or not (folder / "confidence.json").exists():
        return {}
    table: Mapping[str, Any] = json.loads((folder / "confidence.json").read_text(encoding="utf-8"))
    return {k: float(v["probability"]) for k, v in table["rules"].items()}


def _folder() -> Path | None:
    try:
        return data_dir("models")
    except LexiconError:
        return None  # an installation without models works by rules alone


def family(rule: str) -> str:
    """The family of a rule name: ``indicator:alias:学校:远`` → ``alias:远``, ``indicator:build+学校`` → ``turned``."""
    body = rule.removeprefix("indicator:")
    tail = ":远" if body.endswith(":远") else ":邻" if body.endswith(":邻") else ""
    head = body.partition(":")[0]
    return ("turned" if "+" in head else head) + tail


def decide(rule: str, indicator: str, opinion: tuple[str, float]) -> tuple[str, str]:
    """The indicator and the rule family after the model gave its opinion: ``unit`` → ``unit=model``, ``part`` → ``part+`` where it
    agrees, ``part-`` where it does not."""
    name, p = opinion
    own = family(rule)
    if name == indicator:
        return indicator, own + "+"
    if own in GUESSES and p >= SURE:
        return name, own + "=model"
    return indicator, own + "-"
