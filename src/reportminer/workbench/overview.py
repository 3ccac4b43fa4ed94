"""Where a project stands: coverage, open findings, areas with the most gaps, what the last reading changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from reportminer.comparison.layout import indicator_names
from reportminer.store.records import RunRecord
from reportminer.store.store import Store
from reportminer.workbench.comparing import cells
from reportminer.workbench.findings import Filter, items, listing

_SHARED = 0.5  # an indicator that at least this share of the areas gives is expected of the others
_MOST = 50


@dataclass(frozen=True)
class Gap:
    """An area and the indicators that most others give and it does not."""

    area: str
    missing: tuple[str, ...]
    given: int


@dataclass(frozen=True)
class Overview:
    """Numbers and lists of the page. ``skipped``: reason → numerals that are no figures; ``new`` and ``gone`` since the reading before."""

    run: RunRecord | None
    documents: int
    numerals: int
    read: int
    skipped: tuple[tuple[str, int], ...]
    masked: int
    open: dict[str, int]
    decided: int
    gaps: tuple[Gap, ...]
    expected: int
    new: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, str], ...]


def overview(store: Store, project: int) -> Overview:
    """The state of a project after its last reading."""
    store.projects.get(project)
    runs = store.projects.runs(project, 2)
    documents = store.results.rows(project, "documents")
    skipped: Counter[str] = Counter()
    for d in documents:
        skipped.update(d["skipped"])
    found = listing(store, project, Filter(), 0)
    undecided = listing(store, project, Filter(states=frozenset({"open"})), 0)
    given: dict[str, set[str]] = defaultdict(set)
    for c in cells(store, project):
        if c.status == "actual" and not c.masked and c.value is not None:
            given[c.area].add(c.indicator)
    common = Counter(i for indicators in given.values() for i in indicators)
    expected = [i for i, n in common.most_common() if len(given) > 1 and n >= _SHARED * len(given) and n > 1]
    names = indicator_names()
    gaps = [
        Gap(a, tuple(names.get(i, i) for i in expected if i not in have), len(have))
        for a, have in given.items()
    ]
    changes = store.projects.changes(runs[0].id) if len(runs) > 1 else []
    messages = {i.id: i.message for i in items(store, project)} if changes else {}
    told = [
        (x.change, "报告" if x.what == "document" else "核查结果", messages.get(x.key, x.key))
        for x in changes
    ]
    lost = sum(
        x.what == "finding" and x.change == "gone" for x in changes
    )  # nobody knows their words any more
    gone = [("报告", x.key) for x in changes if x.what == "document" and x.change == "gone"]
    return Overview(
        runs[0] if runs else None, len(documents), sum(d["numerals"] for d in documents), sum(d["read_numerals"] for d in documents),
        tuple(skipped.most_common()), store.results.count(project, "observations", {"masked": True}),
        {s: undecided.counts["severity"].get(s, 0) for s in ("error", "warning", "info")}, found.total - undecided.total,
        tuple(sorted((g for g in gaps if g.missing), key=lambda g: (-len(g.missing), g.area))), len(expected),
        tuple((w, m) for c, w, m in told if c == "new")[:_MOST], (*gone[:_MOST], *([("核查结果", f"{lost} 处")] if lost else [])),
        tuple((f["source"], f"{f['error']}{f['fix']}") for f in store.results.rows(project, "failures")),
    )  # fmt: skip
