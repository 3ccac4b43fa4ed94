"""A report as a page shows it: pieces of text and marks, and the record behind each mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportminer.comparison.layout import indicator_names
from reportminer.core import Observation, Report
from reportminer.errors import NoSuchThing
from reportminer.export import observation_row
from reportminer.names import BOUNDS, KINDS, SCOPES, STATUSES
from reportminer.store.records import Correction
from reportminer.store.store import Store
from reportminer.workbench.corrections import fields_of
from reportminer.workbench.documents import Document, shown
from reportminer.workbench.findings import items
from reportminer.workbench.vocabulary import basis, grouped, in_short

DOUBT = 0.5  # confidence below which a mark is dotted
_GRAVITY = {"error": 0, "warning": 1, "info": 2}
_MASKED = "数字被遮住或缺失（不是零）"


@dataclass(frozen=True)
class Mark:
    """One mark: ``start``, ``end`` in the shown text; ``worst`` is the gravest open finding on it; ``reviewed`` what a person did."""

    id: str
    start: int
    end: int
    text: str
    status: str
    masked: bool
    doubt: bool
    worst: str
    reviewed: str
    told: str


@dataclass(frozen=True)
class Sheet:
    """The shown text in order: pieces without a mark as text, the others as marks. ``offset`` of each piece is its place in the shown text."""

    pieces: tuple[tuple[int, str | Mark], ...]
    marks: int
    reviewed: int


@dataclass(frozen=True)
class Entry:
    """One line of the list of reports."""

    source: str
    title: str
    area: str
    year: int | None
    observations: int
    errors: int
    warnings: int


@dataclass(frozen=True)
class Record:
    """What is known of one observation: its fields, whole and parts, findings, history. ``version``: what a correction must say it saw."""

    observation: dict[str, Any]
    fields: dict[str, Any]
    names: dict[str, str]
    sentence: str
    whole: dict[str, Any] | None
    parts: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    version: int
    reviewed: str
    history: list[Correction] = field(default_factory=list)


def quantity(o: Observation) -> str:
    """A figure in words: 至少 1200 人."""
    if o.masked:
        return _MASKED
    if o.value is None:
        return o.value_text or "只有约数"
    words = {"eq": "", "ge": "至少 ", "le": "至多 ", "approx": "约 ", "range": ""}
    unit = o.unit or ""
    space = "" if unit == "%" else " "
    upper = "" if o.value2 is None else f"—{grouped(o.value2)}"
    short = in_short(o.value, unit) if o.value2 is None and o.kind != "ratio" else ""
    return f"{words[o.bound]}{grouped(o.value)}{upper}{space}{unit}" + (f"（{short}）" if short else "")


def sheet(document: Document, worst: Mapping[str, str]) -> Sheet:
    """The text of a report with its marks. ``worst``: observation → severity."""
    view = shown(document.report)
    names = indicator_names()
    pieces: list[tuple[int, str | Mark]] = []
    at = marks = reviewed = 0
    for o in document.report.observations:
        start, end = view.span(o.start, o.end)
        if start < at or end <= start:
            continue
        if start > at:
            pieces.append((at, view.text[at:start]))
        done = _reviewed(document.corrected.get(o.id))
        told = f"{names.get(o.indicator, o.indicator)}｜{quantity(o)}｜{STATUSES[o.status]}｜{o.period or '时期不明'}"
        doubt = o.confidence < DOUBT
        pieces.append(
            (
                start,
                Mark(
                    o.id,
                    start,
                    end,
                    view.text[start:end],
                    o.status,
                    o.masked,
                    doubt,
                    worst.get(o.id, ""),
                    done,
                    told,
                ),
            )
        )
        at, marks, reviewed = end, marks + 1, reviewed + bool(done)
    if at < len(view.text):
        pieces.append((at, view.text[at:]))
    return Sheet(tuple(pieces), marks, reviewed)


def _reviewed(c: Correction | None) -> str:
    if c is None or (c.action == "undo" and c.version == 2):
        return ""
    return c.action


def worst_of(store: Store, project: int, observations: Sequence[str]) -> dict[str, str]:
    """The gravest finding on each observation that is not set aside by a decision."""
    members = store.results.rows(project, "finding_members", {"observation": list(observations)}, order=())
    severities = {
        f["id"]: f["severity"]
        for f in store.results.rows(project, "findings", {"id": sorted({m["finding"] for m in members})})
    }
    decided = store.reviews.decisions(project, of=list(severities))
    out: dict[str, str] = {}
    for m in members:
        severity = severities.get(m["finding"], "info")
        decision = decided.get(m["finding"])
        if severity == "info" or (decision is not None and decision.verdict != "confirmed"):
            continue
        old = out.get(m["observation"])
        if old is None or _GRAVITY[severity] < _GRAVITY[old]:
            out[m["observation"]] = severity
    return out


def entries(store: Store, project: int) -> list[Entry]:
    """All reports of a project with what was found in them, by area and year."""
    documents = _in_order(store.results.rows(project, "documents"))
    figures: dict[str, int] = {}
    tally: dict[tuple[str, str], int] = {}
    for d in documents:
        figures[d["source"]] = d["read_numerals"]
    for i in items(store, project):
        for s in dict.fromkeys(i.sources):
            tally[s, i.severity] = tally.get((s, i.severity), 0) + 1
    return [
        Entry(d["source"], d["title"] or "", d["area"] or "", d["year"], figures[d["source"]], tally.get((d["source"], "error"), 0),
              tally.get((d["source"], "warning"), 0))
        for d in documents
    ]  # fmt: skip


def sources(store: Store, project: int) -> list[str]:
    """The names of the reports in the order of ``entries``."""
    return [d["source"] for d in _in_order(store.results.rows(project, "documents"))]


def _in_order(documents: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(documents, key=lambda d: (not d["area"], d["area"] or "", d["year"] or 0, d["source"]))


def record(store: Store, project: int, document: Document, observation: str) -> Record:
    """The record of one observation. Raises NoSuchThing."""
    report = document.report
    by_id = {o.id: o for o in report.observations}
    o = by_id.get(observation)
    if o is None:
        raise NoSuchThing("这个数已不在报告里。", "请刷新页面。")
    correction = document.corrected.get(observation)
    place = (report.text.raw.sha256, o.start, o.end)
    members = store.results.rows(project, "finding_members", {"observation": [observation]}, order=())
    findings = store.results.rows(project, "findings", {"id": sorted({m["finding"] for m in members})})
    told = [{n: f[n] for n in ("id", "check_id", "type", "severity", "message")} for f in findings]
    return Record(
        observation_row(o), fields_of(o), _names(o), report.sentence_text(o), _short(by_id.get(o.part_of or "")),
        [s for x in report.observations if x.part_of == o.id and (s := _short(x))], told, correction.version if correction else 0,
        _reviewed(correction), store.reviews.history_of_place(project, place) if correction else [],
    )  # fmt: skip


def _names(o: Observation) -> dict[str, str]:
    return {
        "quantity": quantity(o), "indicator": indicator_names().get(o.indicator, o.indicator), "kind": KINDS[o.kind], "status": STATUSES[o.status],
        "bound": BOUNDS[o.bound], "scope": "、".join(f"{SCOPES.get(k, k)}：{v}" for k, v in o.scope.items()), "basis": basis(o.rule),
    }  # fmt: skip


def _short(o: Observation | None) -> dict[str, Any] | None:
    return None if o is None else {"id": o.id, "text": o.text, "label": o.label, "quantity": quantity(o)}


def candidates(report: Report, o: Observation) -> list[dict[str, Any]]:
    """What an observation may be part of: the figures of its sentence and the one before, itself left out."""
    near = [x for x in report.observations if x.id != o.id and 0 <= o.sentence - x.sentence <= 1]
    return [s for x in near if (s := _short(x))]
