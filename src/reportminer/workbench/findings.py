"""The findings of a project as a list to be worked through: filters, the page that is shown, what is behind one finding, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from reportminer.audit import TYPES
from reportminer.core import Arithmetic, Finding, Report, Verified
from reportminer.errors import BadOption, NoSuchThing
from reportminer.export import number
from reportminer.store.records import Decision, Verdict
from reportminer.store.store import Store
from reportminer.suppressions import Suppression, says_nothing
from reportminer.workbench.documents import load, load_all
from reportminer.workbench.memory import remembered
from reportminer.workbench.sieve import Column, Sieve, sift

_GRAVITY = {"error": 0, "warning": 1, "info": 2}
_UNDECIDED = ("open", 0)


@dataclass(frozen=True, slots=True)
class Item:
    """One finding in the list, with the areas and years of the reports that it is about."""

    id: str
    check: str
    type: str
    severity: str
    message: str
    sources: tuple[str, ...]
    areas: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Filter:
    """What is wanted; an empty field wants all. ``states`` are verdicts, ``open`` for none yet; ``text`` stands in the message."""

    severities: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    states: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True)
class Line:
    """A finding that is shown, with the decision that holds. ``version``: what a decision must say it saw."""

    item: Item
    state: str
    decision: Decision | None
    version: int


@dataclass(frozen=True)
class Listing:
    """A page of the list: ``total`` that match, ``of`` all, and how many there are by each value of each filter."""

    lines: tuple[Line, ...]
    total: int
    of: int
    counts: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """A figure that a finding is about, with its sentence divided at the figure."""

    observation: dict[str, Any]
    before: str
    figure: str
    after: str


@dataclass(frozen=True)
class Quote:
    """A sentence in pieces; figures of the finding are marked. ``observation`` is the first of them."""

    observation: dict[str, Any]
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Detail:
    """All of one finding."""

    line: Line
    members: tuple[Member, ...]
    arithmetic: dict[str, Any] | None
    explanations: tuple[str, ...]
    history: tuple[Decision, ...]


def items(store: Store, project: int) -> tuple[Item, ...]:
    """All findings of the last reading, the gravest first."""
    return remembered(store, project, "findings", lambda: _items(store, project))


def _items(store: Store, project: int) -> tuple[Item, ...]:
    documents = {d["source"]: d for d in store.results.rows(project, "documents")}
    found = []
    for f in store.results.rows(project, "findings"):
        about = [documents[s] for s in f["sources"] if s in documents]
        areas = tuple(dict.fromkeys(d["area"] for d in about if d["area"]))
        years = tuple(sorted({d["year"] for d in about if d["year"]}))
        found.append(
            Item(
                f["id"],
                f["check_id"],
                f["type"],
                f["severity"],
                f["message"],
                tuple(f["sources"]),
                areas,
                years,
            )
        )
    return tuple(sorted(found, key=lambda i: _GRAVITY.get(i.severity, 9)))


def listing(store: Store, project: int, wanted: Filter, limit: int = 50, offset: int = 0) -> Listing:
    """The findings that match, from ``offset`` on. Counts of a filter are of what the other filters leave."""
    sieve = remembered(store, project, "sieve", lambda: _sieve(items(store, project)))
    every: Sequence[Item] = sieve.rows
    standing = store.reviews.standing(project)
    state = Column((standing.get(i.id, _UNDECIDED)[0],) for i in every)
    base = sieve.columns["source"].having(wanted.sources)
    if wanted.text:
        base &= np.fromiter((wanted.text in i.message for i in every), bool, len(every))
    wishes = {
        "severity": wanted.severities,
        "type": wanted.types,
        "area": wanted.areas,
        "year": wanted.years,
        "state": wanted.states,
    }
    columns = {n: state if n == "state" else sieve.columns[n] for n in wishes}
    matching, counts = sift(columns, wishes, base)
    shown = [every[n] for n in matching[offset : offset + limit].tolist()]
    decided = store.reviews.decisions(project, withdrawn=True, of=[i.id for i in shown if i.id in standing])
    return Listing(tuple(_line(decided.get(i.id), i) for i in shown), len(matching), len(every), counts)


def _sieve(every: Sequence[Item]) -> Sieve:
    return Sieve(
        every,
        {
            "severity": lambda i: (i.severity,),
            "type": lambda i: (i.type,),
            "area": lambda i: i.areas,
            "year": lambda i: i.years,
            "source": lambda i: i.sources,
        },
    )


def _line(d: Decision | None, i: Item) -> Line:
    if d is None:
        return Line(i, "open", None, 0)
    return Line(i, d.verdict, None if d.verdict == "open" else d, d.version)


def detail(store: Store, project: int, finding: str) -> Detail:
    """What is behind a finding. Raises NoSuchThing."""
    item = next((i for i in items(store, project) if i.id == finding), None)
    if item is None:
        raise NoSuchThing("没有这处核查结果，可能已在重新读取后消失。", "请刷新列表。")
    row = store.results.rows(project, "findings", {"id": finding})[0]
    history = tuple(store.reviews.history_of_finding(project, finding))
    return Detail(
        _line(history[-1] if history else None, item),
        tuple(_members(store, project, [finding])),
        row["arithmetic"], tuple(row["explanations"]), history,
    )  # fmt: skip


def _members(store: Store, project: int, found: Sequence[str]) -> list[Member]:
    members = store.results.rows(project, "finding_members", {"finding": list(found)})
    rows = {
        o["id"]: o
        for o in store.results.rows(project, "observations", {"id": [m["observation"] for m in members]})
    }
    out = []
    for m in members:
        o = rows.get(m["observation"])
        if o is None:
            continue
        out.append(Member(o, *_divided(store, project, o)))
    return out


def _divided(store: Store, project: int, o: Mapping[str, Any]) -> tuple[str, str, str]:
    """The sentence of a figure before it, the figure, and after it. By its place, since the file may print it otherwise than the sentence does: in
    traditional characters, over two lines, with blanks in between."""
    sentence: str = o["sentence"]
    try:
        report = load(store, project, o["source"]).report
        found = next((x for x in report.observations if x.id == o["id"]), None)
    except NoSuchThing:
        found = None  # results that the command line put into the store: there are no parts to look into
    if found is None or report.sentence_text(found) != sentence:
        figure = "".join(o["text"].split())
        before, at, rest = sentence.partition(figure)
        return (before, at, rest) if at else (sentence, "", "")
    span = report.text.sentences[found.sentence]
    whole = report.text.clean[span.start : span.end]
    left_out = span.start + len(whole) - len(whole.lstrip())
    start, end = found.clean_start - left_out, found.clean_end - left_out
    return sentence[:start], sentence[start:end], sentence[end:]


def quotes(members: Sequence[Member]) -> list[Quote]:
    """The sentences of a finding, each once, with all its figures."""
    found: dict[tuple[str, str], list[Member]] = {}
    for m in members:
        found.setdefault((m.observation["source"], m.observation["sentence"]), []).append(m)
    out = []
    for (_, sentence), mine in found.items():
        pieces: list[tuple[str, bool]] = []
        at = 0
        for m in sorted(mine, key=lambda m: len(m.before)):
            if m.figure and len(m.before) >= at:
                pieces += [(sentence[at : len(m.before)], False), (m.figure, True)]
                at = len(m.before) + len(m.figure)
        out.append(Quote(mine[0].observation, (*pieces, (sentence[at:], False))))
    return out


def paper(arithmetic: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """The arithmetic of a finding line by line, as on paper: what, the figures, the interval that the print allows."""
    if not arithmetic:
        return []
    unit = arithmetic.get("unit") or ""
    lines = [
        (name, arithmetic[side], _interval(arithmetic[f"{side}_low"], arithmetic[f"{side}_high"], unit))
        for name, side in (("算得", "left"), ("报告", "right"))
    ]
    if arithmetic.get("difference") is not None:
        lines.append(("相差", f"{_short(arithmetic['difference'])}{unit}", ""))
    return lines


def _interval(low: Any, high: Any, unit: str) -> str:
    if low is None and high is None:
        return ""
    if low == high:
        return f"{_short(low)}{unit}"
    return f"{'不限' if low is None else _short(low)} 至 {'不限' if high is None else _short(high)}{unit}"


def _short(x: Any) -> str:
    return number(round(Decimal(str(x)), 4))


def decide(
    store: Store, project: int, seen: Mapping[str, int], verdict: Verdict, reason: str, who: str
) -> list[Decision]:
    """Decide findings of the last reading, all or none. ``seen`` as in ``Reviews.decide``. Raises BadOption for a reason that says nothing."""
    known = {i.id for i in items(store, project)}
    if missing := [f for f in seen if f not in known]:
        raise NoSuchThing(f"有 {len(missing)} 处核查结果已不存在。", "请刷新列表后再判断。")
    if not reason.strip() or (verdict in ("false_alarm", "explained") and says_nothing(reason.strip())):
        raise BadOption("没有写明理由。", "请写明依据，例如“学校数含教学点，见统计年报第 12 页”。")
    return store.reviews.decide(project, seen, verdict, reason, who)


@dataclass(frozen=True)
class Material:
    """What an audit report is made of."""

    reports: list[Report]
    findings: list[Finding]
    verified: list[Verified]
    dismissed: list[tuple[Finding, Suppression]]


def material(store: Store, project: int) -> Material:
    """The results of the last reading with the decisions: what was found to be no problem is set aside with its reason."""
    members: dict[str, list[str]] = {}
    for m in store.results.rows(project, "finding_members"):
        members.setdefault(m["finding"], []).append(m["observation"])
    decided = store.reviews.decisions(project)
    kept, dismissed = [], []
    for row in store.results.rows(project, "findings"):
        f = Finding(
            row["id"], row["check_id"], row["type"], row["severity"], tuple(row["sources"]), tuple(members.get(row["id"], ())),
            row["message"], _arithmetic(row["arithmetic"]), tuple(row["explanations"]),
        )  # fmt: skip
        d = decided.get(f.id)
        if d is not None and d.verdict in ("false_alarm", "explained"):
            word = "误报" if d.verdict == "false_alarm" else "已说明"
            dismissed.append(
                (f, Suppression(f.id, f"{word}：{d.reason}", d.who, d.at.astimezone().date().isoformat()))
            )
        else:
            kept.append(f)
    verified = [
        Verified(
            v["check_id"],
            v["type"],
            tuple(v["sources"]),
            tuple(v["members"]),
            _arithmetic(v["arithmetic"]),
            v["note"],
        )
        for v in store.results.rows(project, "verified")
    ]
    sources = [d["source"] for d in store.results.rows(project, "documents")]
    reports = [d.report for d in load_all(store, project, sources)]
    return Material(reports, kept, verified, dismissed)


def _arithmetic(row: Mapping[str, Any] | None) -> Arithmetic | None:
    if row is None:
        return None
    numbers = ("left_low", "left_high", "right_low", "right_high", "difference")
    values = {n: None if row[n] is None else Decimal(row[n]) for n in numbers}
    return Arithmetic(row["left"], row["right"], unit=row["unit"], **values)


__all__ = ["TYPES", "Detail", "Filter", "Item", "Line", "Listing", "Material", "Member", "Quote", "decide", "detail", "items", "listing", "material", "paper", "quotes"]  # fmt: skip
