"""Checks: observations in, findings and verified relations out. Every check has a permanent id and is told in its docstring with
``Fires:`` and ``Quiet:`` examples, which are tests and the manual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reportminer.checks.accounts import accounts
from reportminer.checks.across import growth_across, restated
from reportminer.checks.aliases import attachment, two_spellings
from reportminer.checks.averages import average, ratio
from reportminer.checks.balance import balance
from reportminer.checks.causes import by_cause
from reportminer.checks.common import View
from reportminer.checks.complements import complements
from reportminer.checks.composed import composed
from reportminer.checks.composition import composition
from reportminer.checks.copied import copied, repeated_articles
from reportminer.checks.costs import cheaper_than_repair, dropped_zero, pace, unit_cost
from reportminer.checks.dates import after_report, plan_period, two_roles
from reportminer.checks.drawn import drawn_total
from reportminer.checks.eras import age, before_its_time, document_number, january, order
from reportminer.checks.funds import beyond_need, completed_and_net, fund_overlap, funds_from_above
from reportminer.checks.growth import growth
from reportminer.checks.masked import masked
from reportminer.checks.mixing import (
    excerpt,
    finished_and_not,
    implied_teachers,
    levels,
    place_left,
    two_levels,
)
from reportminer.checks.multiples import multiples
from reportminer.checks.notes import enumeration, patterned, title_year, truncated
from reportminer.checks.one_base import one_base
from reportminer.checks.outliers import city_total, outliers
from reportminer.checks.products import products
from reportminer.checks.ranges import clash, valid_range
from reportminer.checks.rates import named_rates
from reportminer.checks.recover import bounded_mask, recoverable
from reportminer.checks.repeats import repeat
from reportminer.checks.series import cumulative_falls, jumps
from reportminer.checks.shares import share
from reportminer.checks.stages import complement, stages
from reportminer.checks.structure import structure
from reportminer.checks.sums import closed_sum
from reportminer.checks.table_rows import table_rows
from reportminer.checks.targets import targets
from reportminer.checks.time_spans import calendar_days, time_spans
from reportminer.checks.townships import townships
from reportminer.checks.units import unit_slip
from reportminer.checks.wording import linked_rates, other_base, rate_growth, same_label, two_dates
from reportminer.checks.words import Words, load
from reportminer.checks.yearly_means import yearly_means
from reportminer.core import CheckResult, Finding, Report
from reportminer.lexicon import Lexicon, default_lexicon

Check = Callable[[View, Words], CheckResult]
CrossCheck = Callable[[Sequence[View], Words], CheckResult]

#: Checks of one report, by permanent id.
CHECKS: dict[str, Check] = {
    "T3": masked,
    "M1": recoverable,
    "M2": bounded_mask,
    "S1": closed_sum,
    "S2": composed,
    "S4": balance,
    "S4a": accounts,
    "S5": same_label,
    "S6": enumeration,
    "S7": composition,
    "S7a": structure,
    "S8": drawn_total,
    "S8a": townships,
    "S9": table_rows,
    "C1": share,
    "C2": one_base,
    "C4": average,
    "C4r": ratio,
    "C4p": products,
    "C4y": yearly_means,
    "C5": complement,
    "C5a": complements,
    "C6": named_rates,
    "C4n": implied_teachers,
    "P1": stages,
    "P1w": beyond_need,
    "P3": fund_overlap,
    "P5": pace,
    "X3": funds_from_above,
    "F1": completed_and_net,
    "G2": rate_growth,
    "G3": other_base,
    "G4": growth,
    "G4m": multiples,
    "R1": repeat,
    "R1s": finished_and_not,
    "V1": valid_range,
    "V3": linked_rates,
    "V4": clash,
    "V6": patterned,
    "U1": unit_slip,
    "U2": dropped_zero,
    "U3": unit_cost,
    "U4": cheaper_than_repair,
    "D1": after_report,
    "D1t": title_year,
    "D2": january,
    "D3": two_roles,
    "D4": two_dates,
    "D4a": age,
    "D4o": order,
    "D5": plan_period,
    "D5n": document_number,
    "D5p": before_its_time,
    "D6": truncated,
    "D7": time_spans,
    "D8": calendar_days,
    "D6s": excerpt,
    "E1": levels,
    "E2": attachment,
    "E4": two_spellings,
    "E5": place_left,
    "N1a": repeated_articles,
}
#: Checks that only make notes (severity info): told, never counted as something wrong.
NOTES = frozenset(
    (
        "T3", "M1", "M2", "S5", "S6", "C4n", "P1w", "P3", "P5", "X3", "F1", "G2", "G3", "R1s", "V3", "V6", "U2", "U3", "U4", "D2", "D4a", "D4o",
        "D5p", "D6", "D6s", "E1", "E2", "E4", "E5", "X1a", "N1a",
    )
)  # fmt: skip
#: Checks that read words: what they say hangs on the nearest figure, which others may speak of too.
_ON_WORDS = frozenset(
    ("R1s", "D2", "D4a", "D4o", "D5n", "D5p", "D6s", "D7", "D8", "E1", "E2", "E4", "E5", "X1a")
)
_GRAVITY = {"error": 0, "warning": 1, "info": 2}
#: Checks across reports, by permanent id.
ACROSS: dict[str, CrossCheck] = {
    "G7": restated,
    "G4x": growth_across,
    "G6": cumulative_falls,
    "U1x": jumps,
    "X4": targets,
    "V5": outliers,
    "P4": city_total,
    "N1": copied,
    "X1a": two_levels,
}


def run(reports: Sequence[Report], lexicon: Lexicon | None = None) -> CheckResult:
    """All checks over some reports. Deterministic: findings and verified relations come in the order of their sources, places
    and ids, and each once. Raises LexiconError when table ``checks`` has a bad row."""
    words = load(lexicon or default_lexicon())
    views = [View(r) for r in reports]
    result = CheckResult()
    for view in views:
        for check in CHECKS.values():
            result.extend(check(view, words))
    if len(views) > 1:
        for across in ACROSS.values():
            result.extend(across(views, words))
    place = {(v.source, o.id): n for v in views for n, o in enumerate(v.items)}

    def at(sources: tuple[str, ...], members: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
        return sources, min((place.get((s, m), 0) for s in sources for m in members), default=0)

    result.findings = sorted(
        by_cause(once(result.findings), views), key=lambda f: (*at(f.sources, f.members), f.check, f.id)
    )
    result.verified.sort(key=lambda v: (*at(v.sources, v.members), v.check, v.members))
    return result


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Of two findings of one fact the graver; a remark on words is another fact than one on the figure it stands by."""
    graver = sorted(findings, key=lambda f: _GRAVITY[f.severity])
    told = {
        ((f.type, frozenset(f.members) or f.id) if f.check not in _ON_WORDS else (f.check, f.id)): f
        for f in reversed(graver)
    }
    return list(told.values())


def manual(lexicon: Lexicon | None = None) -> dict[str, str]:
    """What each check looks for, by id: name and one sentence in Chinese (table ``check_names``)."""
    return {r["id"]: f"{r['name']}：{r['what']}" for r in (lexicon or default_lexicon()).table("check_names")}


__all__ = [
    "ACROSS",
    "CHECKS",
    "NOTES",
    "Check",
    "CrossCheck",
    "View",
    "Words",
    "load",
    "manual",
    "once",
    "run",
]
