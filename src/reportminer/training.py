"""``reportminer train``: makes every file of ``models/`` from annotated reports. Needs scikit-learn (extra ``train``)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from reportminer import extract, ingest, restore
from reportminer.errors import ModelError, NoInput
from reportminer.evaluate import locate, overlap
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.records.draft import Draft
from reportminer.records.fallback import UNSURE, decide, family
from reportminer.records.features import BUCKETS
from reportminer.records.meaning import Example, assign_meaning

FOLDS = 5
_PRIOR = 6  # figures' worth of doubt added to every rule's record
_C = 3.0


@dataclass(frozen=True, slots=True)
class Case:
    """One annotated figure: what the rules saw and said, and what is right."""

    report: str
    example: Example
    indicator: str
    kind: str
    status: str


def cases_of(folders: Iterable[Path], lexicon: Lexicon | None = None) -> list[Case]:
    """All annotated figures of reports with ``NAME.jsonl`` beside them. Raises NoInput when there are none."""
    lexicon = lexicon or default_lexicon()
    out: list[Case] = []
    for folder in folders:
        for marks in sorted(folder.glob("*.jsonl")):
            source = next(
                (p for e in (".txt", ".docx", ".pdf") if (p := marks.with_suffix(e)).exists()), None
            )
            if source is not None:
                out += _cases(source, marks, lexicon)
    if not out:
        raise NoInput("没有找到带标注的报告。", "请给出含 NAME.txt 和 NAME.jsonl 的文件夹。")
    return out


def _cases(source: Path, annotations: Path, lexicon: Lexicon) -> list[Case]:
    text = restore.restore(ingest.read_path(source, source.name), lexicon)
    drafts = [Draft(m, m.quantity) for m in extract.extract(text, lexicon).mentions]
    examples: list[Example] = []
    assign_meaning(text, drafts, lexicon, examples.append)
    lines = annotations.read_text(encoding="utf-8").splitlines()
    gold = locate([json.loads(line) for line in lines if line.strip()], text.raw.text)
    spans = [text.map.span(d.mention.start, d.mention.end) for d in drafts]
    out = []
    for g in gold:
        near = [k for k, s in enumerate(spans) if overlap(g, s.start, s.end) >= 0.5]
        if near and g["indicator"] != "duration":
            k = max(near, key=lambda k: overlap(g, spans[k].start, spans[k].end))
            out.append(
                Case(
                    f"{source.parent.name}/{source.name}", examples[k], g["indicator"], g["kind"], g["status"]
                )
            )
    return out


def train(folders: Sequence[Path], out: Path, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Writes ``indicator.npz``, ``indicator.json``, ``confidence.json`` and ``CARD.md`` into ``out``; returns the scores.

    Everything is judged by cross-validation over whole reports, so that no report is judged by a model that saw it.
    """
    try:
        import sklearn
    except ImportError as e:
        raise ModelError("训练模型需要 scikit-learn。", "请运行 pip install 'reportminer[train]'。") from e
    cases = cases_of(folders)
    tell(f"标注 {len(cases)} 个，报告 {len({c.report for c in cases})} 份")
    answers = _cross_validated(cases, tell)
    classes, weights, bias = _fit(cases)
    scores = _scores(cases, answers)
    out.mkdir(parents=True, exist_ok=True)
    _save(out, classes, weights, bias, cases, scores, str(sklearn.__version__))
    table = _worth(cases, answers)
    (out / "confidence.json").write_text(
        json.dumps({"rules": table, "data": _fingerprint(cases)}, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )
    curve = reliability(
        [(table[_final(c, a)[1]]["probability"], _right(c, a)) for c, a in zip(cases, answers, strict=True)]
    )
    (out / "CARD.md").write_text(_card(cases, scores, curve), encoding="utf-8")
    return scores


def _matrix(cases: Sequence[Case]) -> Any:
    from scipy.sparse import csr_matrix

    rows: list[int] = []
    columns: list[int] = []
    for i, c in enumerate(cases):
        rows += [i] * len(c.example.features)
        columns += c.example.features
    return csr_matrix(([1.0] * len(rows), (rows, columns)), shape=(len(cases), BUCKETS))


def _fit(cases: Sequence[Case]) -> tuple[list[str], Any, Any]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_C, max_iter=200, tol=2e-3)
    model.fit(_matrix(cases), [c.indicator for c in cases])
    return [str(x) for x in model.classes_], model.coef_.T, model.intercept_


def _cross_validated(cases: Sequence[Case], tell: Callable[[str], None]) -> list[tuple[str, float]]:
    """The model's class and probability for every case, from models that did not see its report."""
    import numpy as np

    names = sorted({c.report for c in cases}, key=lambda n: sha256(n.encode()).hexdigest())
    fold_of = {n: i % FOLDS for i, n in enumerate(names)}
    answers: list[tuple[str, float]] = [("", 0.0)] * len(cases)
    for fold in range(FOLDS):
        classes, weights, bias = _fit([c for c in cases if fold_of[c.report] != fold])
        held = [i for i, c in enumerate(cases) if fold_of[c.report] == fold]
        scores = _matrix([cases[i] for i in held]) @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(axis=1, keepdims=True)
        for i, row in zip(held, p, strict=True):
            k = int(row.argmax())
            answers[i] = (classes[k], float(row[k]))
        tell(f"交叉验证 {fold + 1}/{FOLDS}")
    return answers


def _final(c: Case, answer: tuple[str, float]) -> tuple[str, str]:
    """Indicator and rule family once the model has spoken where it is asked."""
    if c.example.confidence >= UNSURE:
        return c.example.indicator, family(c.example.rule)
    return decide(c.example.rule, c.example.indicator, answer)


def _right(c: Case, answer: tuple[str, float]) -> bool:
    return _final(c, answer)[0] == c.indicator and c.example.kind == c.kind and c.example.status == c.status


def _scores(cases: Sequence[Case], answers: Sequence[tuple[str, float]]) -> dict[str, Any]:
    n = len(cases)
    pairs = list(zip(cases, answers, strict=True))
    unsure = [(c, a) for c, a in pairs if c.example.confidence < UNSURE]
    return {
        "figures": n,
        "reports": len({c.report for c in cases}),
        "rules_alone": round(sum(c.example.indicator == c.indicator for c in cases) / n, 4),
        "model_alone": round(sum(a[0] == c.indicator for c, a in pairs) / n, 4),
        "together": round(sum(_final(c, a)[0] == c.indicator for c, a in pairs) / n, 4),
        "unsure": len(unsure),
        "unsure_rules": round(
            sum(c.example.indicator == c.indicator for c, _ in unsure) / max(1, len(unsure)), 4
        ),
        "unsure_together": round(
            sum(_final(c, a)[0] == c.indicator for c, a in unsure) / max(1, len(unsure)), 4
        ),
        "kind_rules": round(sum(c.example.kind == c.kind for c in cases) / n, 4),
        "status_rules": round(sum(c.example.status == c.status for c in cases) / n, 4),
    }


def _worth(cases: Sequence[Case], answers: Sequence[tuple[str, float]]) -> dict[str, dict[str, Any]]:
    """The share of right records by rule family, drawn towards the overall share where a family is rare."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for c, a in zip(cases, answers, strict=True):
        tally = counts[_final(c, a)[1]]
        tally[0] += _right(c, a)
        tally[1] += 1
    overall = sum(r for r, _ in counts.values()) / len(cases)
    return {
        name: {"right": r, "of": n, "probability": round((r + _PRIOR * overall) / (n + _PRIOR), 3)}
        for name, (r, n) in sorted(counts.items())
    }


def reliability(pairs: Iterable[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and number per tenth of the scale: a curve on the diagonal is honest."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for p, right in pairs:
        bins[min(9, int(p * 10))].append((p, right))
    return [
        (round(sum(p for p, _ in b) / len(b), 3), round(sum(r for _, r in b) / len(b), 3), len(b))
        for _, b in sorted(bins.items())
    ]


def _fingerprint(cases: Sequence[Case]) -> str:
    body = "\n".join(f"{c.report} {c.example.index} {c.indicator} {c.kind} {c.status}" for c in cases)
    return sha256(body.encode()).hexdigest()


def _save(
    out: Path,
    classes: list[str],
    weights: Any,
    bias: Any,
    cases: Sequence[Case],
    scores: dict[str, Any],
    version: str,
) -> None:
    import numpy as np

    small = np.where(np.abs(weights) < 0.01, 0, weights).astype(np.float16)
    with (out / "indicator.npz").open("wb") as f:
        np.savez_compressed(f, weights=small, bias=bias.astype(np.float32))
    card = {
        "what": "multinomial logistic regression over hashed character n-grams and cue features; asked where the rules are unsure",
        "classes": classes,
        "buckets": BUCKETS,
        "data": _fingerprint(cases),
        "scikit_learn": version,
        "sha256": sha256((out / "indicator.npz").read_bytes()).hexdigest(),
        "cross_validation": scores,
    }
    (out / "indicator.json").write_text(
        json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def _card(cases: Sequence[Case], scores: dict[str, Any], curve: Sequence[tuple[float, float, int]]) -> str:
    lines = [
        "# 模型说明卡 · Model card",
        "",
        f"由 `reportminer train` 从 corpora/ 生成：{scores['reports']} 份报告、{scores['figures']} 个标注。数据指纹 `{_fingerprint(cases)[:16]}`。",
        "以下各数按整份报告做五折交叉验证：没有一份报告由见过它的模型来评判。",
        "",
        "| 指标判断 · indicator | 正确率 · right |",
        "| --- | --- |",
        f"| 仅用规则 · rules alone | {scores['rules_alone']:.4f} |",
        f"| 仅用模型 · model alone | {scores['model_alone']:.4f} |",
        f"| 规则没有把握时问模型 · together | {scores['together']:.4f} |",
        f"| 其中规则没有把握的 {scores['unsure']} 个：仅规则 | {scores['unsure_rules']:.4f} |",
        f"| 其中规则没有把握的 {scores['unsure']} 个：合用 | {scores['unsure_together']:.4f} |",
        "",
        f"类型与状态由规则判断，正确率为 {scores['kind_rules']:.4f} 与 {scores['status_rules']:.4f}；模型不参与，也从不参与数值。",
        "",
        "## 置信度的含义 · what confidence means",
        "",
        "`confidence` 是指标、类型、状态三项都正确的概率，按得出指标的规则统计（`confidence.json`）。下表若每行前两列相近，置信度就是可信的。",
        "",
        "| 平均置信度 · mean confidence | 实际正确 · share right | 个数 · number |",
        "| --- | --- | --- |",
        *(f"| {p:.3f} | {r:.3f} | {n} |" for p, r, n in curve),
        "",
    ]
    return "\n".join(lines)
