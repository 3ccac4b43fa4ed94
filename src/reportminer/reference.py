"""Reported figures against official ones: ``check --reference yearbook.csv|xlsx``.

The table needs the columns area, year, indicator, value and unit (or 地区, 年份, 指标, 数值, 单位, and other usual names); other headers are
mapped with ``--map 地区=县区名称``. Every official figure is answered: matches, differs, or not stated by any report; and every report
figure of an indicator that the table knows but has no row for is "not in reference".
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from reportminer.checks import View
from reportminer.checks.common import arithmetic, finding, number, period_years
from reportminer.checks.intervals import Interval
from reportminer.core import Finding, Observation, Report
from reportminer.lexicon import default_lexicon
from reportminer.names import core
from reportminer.officials import Official, load, stage_of

Verdict = Literal["matches", "differs", "not_in_reference", "not_in_reports"]
VERDICTS = {
    "matches": "相符",
    "differs": "不符",
    "not_in_reference": "年鉴中没有",
    "not_in_reports": "报告中没有",
}
_SUFFIX = re.compile(r"(?:自治)?[县区市旗州]$")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison of a reported with an official figure."""

    verdict: Verdict
    area: str
    year: int
    indicator: str
    name: str
    reported: str
    official: str
    difference: str
    source: str
    observation: str


def compare(
    reports: Sequence[Report], officials: Iterable[Official], tolerance: Decimal = Decimal("0.5")
) -> tuple[list[Row], list[Finding]]:
    """Every official figure against the reports' own figure of that area, year and indicator. They match when the intervals of print meet or
    they differ by at most ``tolerance`` per cent. Differences are warnings (check RF)."""
    stated: dict[tuple[str, int, str], list[tuple[View, Observation]]] = defaultdict(list)
    for report in reports:
        view = View(report)
        for o in view.items:
            years = period_years(o.period)
            usable = (
                o.value is not None and o.area and years and years[0] == years[1] and o.status == "actual"
            )
            if (
                usable
                and years
                and o.area
                and o.kind in ("level", "share", "price", "ratio")
                and (not o.part_of or "stage" in o.scope)
            ):
                stated[_area(o.area), years[1], o.indicator].append((view, o))
    titles = {r["id"]: r["zh"] for r in default_lexicon().table("indicators")}
    rows: list[Row] = []
    findings: list[Finding] = []
    known: set[tuple[str, int, str]] = set()
    for ref in officials:
        key = (_area(ref.area), ref.year, ref.indicator)
        known.add(key)
        here = _called(ref, [(v, o) for v, o in stated.get(key, ()) if o.unit == ref.unit])
        shown = f"{number(ref.value)}{ref.unit}"
        if not here:
            rows.append(
                Row("not_in_reports", ref.area, ref.year, ref.indicator, ref.name, "", shown, "", "", "")
            )
            continue
        band = Interval(ref.value - ref.step / 2, ref.value + ref.step / 2)
        fits = [x for x in here if _agree(x[0], x[1], band, ref.value, tolerance)]
        view, o = fits[0] if fits else min(here, key=lambda x: abs((x[1].value or Decimal(0)) - ref.value))
        off = (o.value or Decimal(0)) - ref.value
        percent = f"{number(100 * off / ref.value)}%" if ref.value else number(off)
        verdict: Verdict = "matches" if fits else "differs"
        rows.append(
            Row(
                verdict,
                ref.area,
                ref.year,
                ref.indicator,
                ref.name,
                view.text(o),
                shown,
                percent,
                view.source,
                o.id,
            )
        )
        if not fits:
            how = arithmetic(view.say(o), f"{shown}（第 {ref.line} 行）", view.interval(o), band, off, o.unit)
            message = f"{o.area}{ref.year}年{titles.get(ref.name, ref.name)}：报告为{view.text(o)}，参照数据为{shown}，相差{percent}。"
            reasons = ["口径不同（含或不含、年末或年平均）", "报告用快报数，年鉴为最终数", "数字有误"]
            findings.append(finding("RF", "repeat", "warning", [view], [o], message, how, reasons))
    indicators = {k[2] for k in known}
    for key, found in sorted(stated.items()):
        if key not in known and key[2] in indicators:
            for view, o in [x for x in found if not x[1].part_of][:1]:
                rows.append(
                    Row(
                        "not_in_reference",
                        o.area or "",
                        key[1],
                        key[2],
                        o.label,
                        view.text(o),
                        "",
                        "",
                        view.source,
                        o.id,
                    )
                )
    return rows, findings


def _called(ref: Official, found: list[tuple[View, Observation]]) -> list[tuple[View, Observation]]:
    """The figures that are what the official one is called: those of its name, or, for the name of the indicator itself, those that
    nothing narrows. Figures of another scope are never compared."""
    name = _plain_name(ref.name)
    named = [
        x for x in found if name and _plain_name(x[1].label) in (name, *_also(name)) and not x[1].part_of
    ]
    if named:
        return named
    stage, rest = stage_of(re.sub(r"\s", "", ref.name))
    if stage:
        rest = _plain_name(rest)
        return [
            x
            for x in found
            if x[1].scope.get("stage") == stage
            and not set(x[1].scope) - {"stage", "basis"}
            and (
                not rest
                or rest in _plain_name(x[1].label)
                or _plain_name(x[1].label) in (rest, _plain_name(stage))
            )
        ]
    if ref.name == ref.indicator or ref.name in _titles().get(ref.indicator, ()):
        return [x for x in found if not x[1].scope and not x[1].part_of]
    return [x for x in found if name in _plain_name(x[1].label) and not x[1].part_of]


def _plain_name(label: str) -> str:
    return re.sub(r"总数|数量|数$|总额|额$|经费|资金", "", core(label))


def _also(name: str) -> tuple[str, ...]:
    """Other spellings of one name, without 全 and 总."""
    return (re.sub(r"[全总]", "", name),)


@cache
def _titles() -> Mapping[str, tuple[str, ...]]:
    """The Chinese names of each indicator."""
    return {r["id"]: (r["zh"], *r["zh"].split("/")) for r in default_lexicon().table("indicators")}


def _area(name: str) -> str:
    """The last part of a place name without its suffix, for matching 邯郸市丛台区 with 丛台区 and 丛台."""
    last = re.split(r"(?<=[省市州盟])(?=.{2,}[县区市旗]$)", name.strip())[-1]
    bare = _SUFFIX.sub("", last)
    return bare if len(bare) > 1 else last


def _agree(view: View, o: Observation, band: Interval, value: Decimal, tolerance: Decimal) -> bool:
    i = view.interval(o)
    if i is None or o.value is None:
        return False
    return i.meets(band) or (
        o.bound in ("eq", "approx") and abs(o.value - value) * 100 <= tolerance * abs(value)
    )


def table(rows: Sequence[Row]) -> bytes:
    """The comparison as CSV for Excel."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["结果", "地区", "年份", "指标", "报告数", "参照数", "相差", "文件", "观测编号"])
    for r in rows:
        cells = [
            VERDICTS[r.verdict],
            r.area,
            str(r.year),
            r.name or r.indicator,
            r.reported,
            r.official,
            r.difference,
            r.source,
            r.observation,
        ]
        writer.writerow(["'" + c if c[:1] in "=+@" and c else c for c in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


__all__ = ["VERDICTS", "Official", "Row", "Verdict", "compare", "load", "table"]
