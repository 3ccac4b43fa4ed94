"""Scores observations, documents and findings against reference annotations.

Findings between reports are scored where the folder has a ``findings.json`` (members ``NAME:id``), else with each of their reports.

Same definitions and figures as the scorer of the reference bench: a mention matches when the spans overlap by half of their
union (or one lies inside the other with at most 8 characters more); a quantity also agrees in value, unit, bound and masking; a
record also in indicator, kind, status and the years of the period. Findings match when their members overlap by half of the union.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportminer.core import Finding, Observation, Report
from reportminer.errors import NoInput

FIELDS = ("value", "unit", "bound", "masked", "indicator", "kind", "status", "period", "area")
_UNITS = {
    "名": "人",
    "位": "人",
    "幢": "栋",
    "m2": "平方米",
    "㎡": "平方米",
    "个班": "班",
    "RMB": "元",
    "CNY": "元",
    "％": "%",
}


@dataclass
class Tally:
    """True positives, predictions and references of one measure."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of predictions that are right (0 when there is none)."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of references that were found (0 when there is none)."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass
class Scores:
    """All figures of one evaluation."""

    mention: Tally = field(default_factory=Tally)
    quantity: Tally = field(default_factory=Tally)
    record: Tally = field(default_factory=Tally)
    part_of: Tally = field(default_factory=Tally)
    fields: dict[str, Tally] = field(default_factory=lambda: {f: Tally() for f in FIELDS})
    document: dict[str, Tally] = field(
        default_factory=lambda: {f: Tally() for f in ("title", "area", "year", "genre")}
    )
    finding_errors: int = 0
    finding_errors_right: int = 0
    finding_found: int = 0
    finding_gold: int = 0
    stray_warnings: int = 0
    documents: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def finding_precision(self) -> float:
        """Share of findings of severity error that are right."""
        return self.finding_errors_right / self.finding_errors if self.finding_errors else 0.0

    @property
    def finding_recall(self) -> float:
        """Share of reference findings that an error or a warning reports."""
        return self.finding_found / self.finding_gold if self.finding_gold else 0.0


def _same_number(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    x, y = float(a), float(b)
    return abs(x - y) <= 1e-6 * max(1.0, abs(x), abs(y))


def _years(period: str | None) -> tuple[str, str] | None:
    found = re.findall(r"\d{4}", period or "")
    return (found[0], found[-1]) if found else None


def _plain(text: object) -> str:
    return re.sub(r"[\s*＊《》“”\"'—－-]|\.(docx?|pdf|html?|txt)$", "", str(text or ""))


def _same_area(a: object, b: object) -> bool:
    x, y = _plain(a), _plain(b)
    return x == y or (bool(x) and bool(y) and (x.endswith(y) or y.endswith(x)))


def overlap(g: Mapping[str, Any], start: int, end: int) -> float:
    """Intersection over union of a reference mention and a span; one inside the other counts at least a half when it is close."""
    first, last = int(g["start"]), int(g["end"])
    inter = min(last, end) - max(first, start)
    if inter <= 0:
        return 0.0
    union = max(last, end) - min(first, start)
    inside = inter == min(last - first, end - start)
    return max(0.5, inter / union) if inside and union - inter <= 8 else inter / union


def _overlap(g: Mapping[str, Any], o: Observation) -> float:
    return overlap(g, o.start, o.end)


def _match(gold: Sequence[Mapping[str, Any]], found: Sequence[Observation]) -> dict[int, int]:
    pairs = sorted(
        (
            (_overlap(g, o), i, k)
            for i, g in enumerate(gold)
            for k, o in enumerate(found)
            if g["start"] < o.end and o.start < g["end"]
        ),
        reverse=True,
    )
    out: dict[int, int] = {}
    taken: set[int] = set()
    for score, i, k in pairs:
        if score >= 0.5 and i not in out and k not in taken:
            out[i] = k
            taken.add(k)
    return out


def _agreement(g: Mapping[str, Any], o: Observation) -> dict[str, bool]:
    unit, own = _UNITS.get(g.get("unit") or "", g.get("unit")), _UNITS.get(o.unit or "", o.unit)
    return {
        "value": _same_number(g.get("value"), o.value) and _same_number(g.get("value2"), o.value2),
        "unit": unit == own or (g.get("kind") == "rank" and o.kind == "rank"),
        "bound": (g.get("bound") or "eq") == o.bound,
        "masked": bool(g.get("masked")) == o.masked,
        "indicator": g.get("indicator") == o.indicator,
        "kind": g.get("kind") == o.kind,
        "status": g.get("status") == o.status,
        "period": _years(g.get("period")) == _years(o.period),
        "area": _same_area(g.get("area"), o.area),
    }


def locate(gold: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """``gold`` with ``start`` and ``end`` where they are missing: annotations of a docx or pdf, whose text ingest makes, give ``quote`` and
    ``ctx`` (the quote in its surroundings) in reading order; blanks and line breaks do not count. What is not found is left out of the
    text (an empty span at -1), so that it counts as missed."""
    if all("start" in g for g in gold):
        return gold
    kept = [i for i, c in enumerate(text) if not c.isspace()]
    dense = "".join(text[i] for i in kept)
    out = []
    at = 0
    for g in gold:
        quote, context = (re.sub(r"\s", "", g.get(k) or g["quote"]) for k in ("quote", "ctx"))
        place = dense.find(context, at)
        inside = [m.start() for m in re.finditer(re.escape(quote), context)]
        if place < 0 or not inside:
            out.append({**g, "start": -1, "end": -1})
            continue
        middle = (len(context) - len(quote)) / 2
        first = place + min(inside, key=lambda k: abs(k - middle))
        at = place
        out.append({**g, "start": kept[first], "end": kept[first + len(quote) - 1] + 1})
    return out


def _score_observations(
    name: str, gold: list[dict[str, Any]], found: Sequence[Observation], s: Scores
) -> dict[str, str]:
    """Adds one document to the scores; returns reference id → observation id."""
    spare = [g for g in gold if g["indicator"] == "duration"]  # horizons of plans are not scored
    gold = [g for g in gold if g["indicator"] != "duration"]
    found = [o for o in found if o.indicator != "duration" and not any(_overlap(g, o) >= 0.5 for g in spare)]
    matched = _match(gold, found)
    ids: dict[str, str] = {}
    for t in (s.mention, s.quantity, s.record):
        t.gold += len(gold)
        t.predicted += len(found)
    s.mention.right += len(matched)
    for i, k in matched.items():
        ids[gold[i]["id"]] = found[k].id
        ok = _agreement(gold[i], found[k])
        quantity = all(ok[f] for f in ("value", "unit", "bound", "masked"))
        s.quantity.right += quantity
        s.record.right += quantity and all(ok[f] for f in ("indicator", "kind", "status", "period"))
        for f, good in ok.items():
            s.fields[f].right += good
            s.fields[f].gold += 1
            if not good:
                s.mistakes.append(
                    f"{name} {f} {gold[i]['quote']!r}：应为 {gold[i].get(f)!r}，读作 {getattr(found[k], f)!r}"
                )
    s.mistakes += [f"{name} 漏读 {g['quote']!r}" for i, g in enumerate(gold) if i not in matched]
    s.mistakes += [f"{name} 误读 {o.text!r}" for k, o in enumerate(found) if k not in matched.values()]
    back = {v: k for k, v in ids.items()}
    relations = {(g["id"], g["part_of"]) for g in gold if g.get("part_of")}
    predicted = {(back.get(o.id, o.id), back.get(o.part_of, o.part_of)) for o in found if o.part_of}
    s.part_of.right += len(relations & predicted)
    s.part_of.gold += len(relations)
    s.part_of.predicted += len(predicted)
    return ids


def _score_findings(
    info: Mapping[str, Any], ids: Mapping[str, str], findings: Sequence[Finding], s: Scores
) -> None:
    found = [f for f in findings if f.type != "masked" and f.severity != "info"]
    taken: set[int] = set()

    def best(reference: Mapping[str, Any]) -> int | None:
        wanted = {ids.get(i, f"?{i}") for i in reference["members"]}
        top, at = 0.0, None
        for k, f in enumerate(found):
            have = set(f.members)
            score = len(wanted & have) / max(1, len(wanted | have))
            if reference["type"] == f.type == "date":
                score = max(score, 0.5)
            if k not in taken and score > top:
                top, at = score, k
        return at if top >= 0.5 else None

    for reference in info.get("findings", []):
        if reference["type"] == "masked":
            continue
        s.finding_gold += 1
        at = best(reference)
        if at is not None:
            taken.add(at)
            s.finding_found += 1
    excused = {at for reference in info.get("allowed", []) if (at := best(reference)) is not None}
    for k, f in enumerate(found):
        error = f.severity == "error"
        if k in taken:
            s.finding_errors += error
            s.finding_errors_right += error
        elif k not in excused:
            s.finding_errors += error
            s.stray_warnings += not error
            s.mistakes.append(f"误报 {f.type} {f.message}")


def evaluate(gold_dir: Path, reports: Iterable[Report], findings: Iterable[Finding]) -> Scores:
    """Scores of ``reports`` (matched by file stem) against ``NAME.jsonl`` and ``NAME.json`` in ``gold_dir``. Raises NoInput."""
    files = sorted(p for p in gold_dir.glob("*.jsonl") if p.stem != "findings")
    if not files:
        raise NoInput(
            f"“{gold_dir}”里没有参考标注（*.jsonl）。", "请给出含 NAME.txt、NAME.jsonl、NAME.json 的文件夹。"
        )
    by_name = {Path(r.source).stem: r for r in reports}
    by_source: dict[str, list[Finding]] = defaultdict(list)
    cross = gold_dir / "findings.json"
    found = list(findings)
    for f in found:
        if cross.exists() and len(f.sources) > 1:
            continue
        for source in f.sources:
            by_source[Path(source).stem].append(f)
    s = Scores()
    of_folder: dict[str, str] = {}
    for path in files:
        gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        report = by_name.get(path.stem)
        gold = locate(gold, report.text.raw.text if report else "")
        ids = _score_observations(path.stem, gold, report.observations if report else (), s)
        of_folder.update({f"{path.stem}:{k}": v for k, v in ids.items()})
        extra = path.with_suffix(".json")
        if not extra.exists():
            continue
        info = json.loads(extra.read_text(encoding="utf-8"))
        s.documents += 1
        for name, tally in s.document.items():
            if name in info:
                mine = getattr(report.text.document, name) if report else None
                good = _same_area(info[name], mine) if name == "area" else _plain(info[name]) == _plain(mine)
                tally.gold += 1
                tally.right += good
                if not good:
                    s.mistakes.append(f"{path.stem} 文档 {name}：应为 {info[name]!r}，读作 {mine!r}")
        _score_findings(info, ids, by_source.get(path.stem, []), s)
    if cross.exists():
        told = json.loads(cross.read_text(encoding="utf-8"))
        told = told if isinstance(told, dict) else {"findings": told}
        _score_findings(told, of_folder, [f for f in found if len(f.sources) > 1], s)
    return s


def summary(s: Scores) -> dict[str, Any]:
    """The figures as plain data, rounded to four digits."""
    out: dict[str, Any] = {
        k: {
            "p": round(t.precision, 4),
            "r": round(t.recall, 4),
            "f1": round(t.f1, 4),
            "tp": t.right,
            "pred": t.predicted,
            "gold": t.gold,
        }
        for k, t in (
            ("mention", s.mention),
            ("quantity", s.quantity),
            ("record", s.record),
            ("part_of", s.part_of),
        )
    }
    out["accuracy"] = {k: round(t.recall, 4) for k, t in s.fields.items()}
    out["document"] = {k: round(t.recall, 4) for k, t in s.document.items()}
    out["findings"] = {
        "p": round(s.finding_precision, 4), "r": round(s.finding_recall, 4), "tp": s.finding_found, "gold": s.finding_gold,
        "stray_warnings_per_document": round(s.stray_warnings / max(1, s.documents), 2),
    }  # fmt: skip
    return out


def most_common_mistakes(s: Scores, n: int) -> list[str]:
    """The first ``n`` mistakes of every kind."""
    kinds: Counter[str] = Counter()
    out = []
    for m in s.mistakes:
        kind = m.split(" ")[1] if " " in m else m
        kinds[kind] += 1
        if kinds[kind] <= n:
            out.append(m)
    return out
