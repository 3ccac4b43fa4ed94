"""Findings that share a cause become one: a wrong total breaks its sum, its shares and its repetitions, and is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reportminer.checks.common import View
from reportminer.checks.intervals import Interval, total
from reportminer.core import Finding, Observation

_SUMS = ("S1", "S2", "S8")
_FOLDED = {"C1": "占比", "C2": "占比", "R1": "前后", "G4": "增减"}


def by_cause(findings: Sequence[Finding], views: Sequence[View]) -> list[Finding]:
    """The findings with those folded into a sum's finding that the same corrected figure would settle. A folded finding is told among
    the explanations of the one that stays."""
    by_source = {v.source: v for v in views}
    out = list(findings)
    for f in findings:
        if f.check not in _SUMS or f.severity == "info" or len(f.sources) != 1 or f not in out:
            continue
        view = by_source.get(f.sources[0])
        members = [view.by_id[m] for m in f.members if m in view.by_id] if view else []
        if view is None or len(members) < 3:
            continue
        cures = _cures(view, members[0], members[1:])
        folded = [
            g
            for g in out
            if g.check in _FOLDED
            and g.sources == f.sources
            and g.severity != "info"
            and _settled(view, g, cures)
        ]
        if folded:
            same = tuple(f"同一原因：{g.message}" for g in folded)
            out = [
                replace(f, explanations=f.explanations + same) if x is f else x
                for x in out
                if x not in folded
            ]
    return out


def _cures(view: View, whole: Observation, parts: Sequence[Observation]) -> dict[str, Interval]:
    """What each figure of a sum would have to be for the sum to hold."""
    known = [i for i in map(view.interval, parts) if i]
    limit = view.interval(whole)
    if len(known) != len(parts) or limit is None:
        return {}
    cures = {whole.id: total(known)}
    for n, p in enumerate(parts):
        cures[p.id] = limit - total(known[:n] + known[n + 1 :])
    return cures


def _settled(view: View, g: Finding, cures: dict[str, Interval]) -> bool:
    """Whether putting one cured figure in its place makes a finding's relation hold."""
    members = [view.by_id[m] for m in g.members if m in view.by_id]
    for n, o in enumerate(members):
        cure = cures.get(o.id)
        if cure is None or cure.low is None or cure.low <= 0:
            continue
        values = [cure if k == n else view.interval(x) for k, x in enumerate(members)]
        if any(v is None for v in values):
            continue
        a, b = values[0], values[1]
        assert a is not None and b is not None
        if (
            g.check in ("C1", "C2")
            and len(values) == 3
            and values[2]
            and b.low is not None
            and a.low
            and a.low > 0
        ):
            if b.over(a).scaled(Decimal(100)).meets(values[2].widened(Decimal("0.05"))):
                return True
        elif g.check == "R1" and a.meets(b):
            return True
    return False
