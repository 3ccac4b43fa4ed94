"""Corrections of observations: checked, applied to a report whenever it is read, whatever the extractor says of the same characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from reportminer.comparison.layout import indicator_names
from reportminer.core import Observation, Report
from reportminer.errors import BadOption
from reportminer.export import number
from reportminer.extract.intervals import interval
from reportminer.extract.quantities import find_quantities
from reportminer.names import BOUNDS, KINDS, SCOPES, STATUSES
from reportminer.records.build import identity
from reportminer.store.records import Correction

#: fields of an observation that a person may change, in the order of the interchange
FIELDS = (
    "value", "value2", "unit", "bound", "masked", "indicator", "label", "kind", "status", "period", "area", "area_code", "scope", "part_of"
)  # fmt: skip
_DATE = r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_PERIOD = re.compile(rf"{_DATE}(?:/{_DATE})?")
_NUMBERS = ("value", "value2")
_CHOICES: Mapping[str, Mapping[str, str]] = {"bound": BOUNDS, "kind": KINDS, "status": STATUSES}
_TEXT = 200


def fields_of(o: Observation) -> dict[str, Any]:
    """The fields that a person may change, numbers as exact text."""
    out: dict[str, Any] = {n: getattr(o, n) for n in FIELDS}
    for n in _NUMBERS:
        out[n] = None if out[n] is None else number(out[n])
    out["scope"] = dict(o.scope)
    return out


def validated(fields: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """All of ``FIELDS`` from what a person wrote, in canonical form. Raises BadOption with the field that is wrong."""
    out: dict[str, Any] = {}
    for n in FIELDS:
        x = fields.get(n)
        x = x.strip() if isinstance(x, str) else x
        out[n] = None if x == "" else x
    _read_units(out)
    for n in _NUMBERS:
        out[n] = _number(out[n])
    for n, known in _CHOICES.items():
        if out[n] not in known:
            raise BadOption(f"字段 {n} 不能是“{out[n]}”。", f"请选 {'、'.join(known)} 之一。")
    if out["indicator"] not in indicator_names():
        raise BadOption(f"没有指标“{out['indicator']}”。", "请从指标表中选。")
    out["masked"] = bool(out["masked"])
    out["label"] = out["label"] or indicator_names()[out["indicator"]]
    for n in ("unit", "label", "area", "area_code"):
        if out[n] is not None and (not isinstance(out[n], str) or len(out[n]) > _TEXT):
            raise BadOption(f"字段 {n} 应是不超过 {_TEXT} 字的文字。", "请改正后保存。")
    if out["period"] is not None and not _PERIOD.fullmatch(str(out["period"])):
        raise BadOption(
            f"时期“{out['period']}”写法不对。", "请写成 2020、2020-09，或 2016/2020（从 2016 到 2020）。"
        )
    if out["value"] is None and out["value2"] is not None:
        raise BadOption("有区间上限，却没有下限。", "请同时填写数值。")
    if (out["bound"] == "range") != (out["value2"] is not None):
        raise BadOption("“区间”要同时有数值和上限。", "请补上另一个数，或改选别的界限。")
    scope = out["scope"] or {}
    if not isinstance(scope, Mapping) or any(
        k not in SCOPES or not isinstance(v, str) for k, v in scope.items()
    ):
        raise BadOption("范围里有不认识的项。", f"可用：{'、'.join(SCOPES)}。")
    out["scope"] = {k: v.strip()[:_TEXT] for k, v in scope.items() if v.strip()}
    if out["part_of"] is not None and out["part_of"] not in {o.id for o in report.observations}:
        raise BadOption("所属的整体不在这份报告里。", "请从列表中选，或留空。")
    return out


def _read_units(out: dict[str, Any]) -> None:
    """A figure written as in a report (12.04亿元, or 12.04 with the unit 亿元) becomes one in the canonical unit."""
    unit = out["unit"] if isinstance(out["unit"], str) else ""
    for n in _NUMBERS:
        x = out[n]
        if not isinstance(x, str) or not x or len(x) > 40 or sum(c.isdigit() for c in x) > 20:
            continue
        written = x if re.search(r"[^\d.,，\s-]", x) else f"{x}{unit}"
        found = [q for q in find_quantities(written) if q.value is not None and q.unit]
        if len(found) == 1 and (q := found[0]).text == written.strip() and not written.startswith("-"):
            out[n], out["unit"] = number(q.value), q.unit


def _number(x: Any) -> str | None:
    if x is None:
        return None
    try:
        value = Decimal(str(x).replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise BadOption(f"“{x}”不是数字。", "请只写数字，单位填在“单位”里。") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 24:
        raise BadOption(f"“{str(x)[:40]}”不是可用的数字。", "请检查后重填。")
    return number(value)


def apply(report: Report, corrections: Iterable[Correction]) -> Report:
    """The report with the corrections of its content. What the extractor reads anew elsewhere stays."""
    found = {(o.start, o.end): o for o in report.observations}
    touched = False
    for c in corrections:
        place = (c.start_at, c.end_at)
        if c.sha256 != report.text.raw.sha256:
            continue
        if c.action == "undo" and c.version == 2:
            continue  # back to what the extractor says, now and later
        touched = True
        if c.after is None:
            found.pop(place, None)
        elif place in found:
            found[place] = _changed(found[place], c.after)
        elif c.end_at <= len(report.text.raw.text):
            found[place] = _changed(_new(report, *place), c.after)
    if not touched:
        return report
    known = {o.id for o in found.values()}
    kept = (o if o.part_of in known else replace(o, part_of=None) for o in found.values())
    return replace(report, observations=tuple(sorted(kept, key=lambda o: (o.start, o.end))))


def _changed(o: Observation, fields: Mapping[str, Any]) -> Observation:
    new: dict[str, Any] = {n: fields.get(n) for n in FIELDS}
    for n in _NUMBERS:
        new[n] = None if new[n] is None else Decimal(new[n])
    if new["area"] == o.area and new["area_code"] is None:
        new["area_code"] = o.area_code
    elif new["area"] != o.area and new["area_code"] == o.area_code:
        new["area_code"] = None  # it belonged to the other area
    new["scope"] = dict(new["scope"] or {})
    same = all(new[n] == getattr(o, n) for n in ("value", "value2", "unit", "bound", "masked"))
    if all(new[n] == getattr(o, n) for n in FIELDS):
        return o
    if not same:
        printed = next(
            (q for q in find_quantities(o.text) if q.value == new["value"] and q.unit == new["unit"]), None
        )
        step = printed.step if printed is not None and printed.step is not None else Decimal(0)
        new["step"] = step
        new["low"], new["high"] = interval(new["value"], new["value2"], new["bound"], step, "")
        if new["masked"]:
            new["low"] = new["high"] = None
    return replace(o, **new, confidence=1.0, rule="person")


def _new(report: Report, start: int, end: int) -> Observation:
    """An observation at a place where the extractor saw none, to be filled by a person."""
    text = report.text
    first, last = text.map.clean_from(start), text.map.clean(max(start, end - 1)) + 1
    segment = text.segment_at(first)
    page = next((n for n, p in enumerate(text.raw.pages, 1) if p.start <= start < p.end), None)
    printed = next(iter(find_quantities(text.clean[first:last])), None)
    return Observation(
        id=identity(report.source, text.raw.sha256, start, end), source=report.source, segment=segment.index, start=start, end=end,
        text=text.raw.text[start:end], page=page, value=printed.value if printed else None, value2=printed.value2 if printed else None,
        value_text=printed.value_text if printed else None, unit=printed.unit if printed else None, bound=printed.bound if printed else "eq",
        masked=printed.masked if printed else False, indicator="other", label="", kind="level", status="actual",
        period=str(segment.year) if segment.year else None, area=segment.area, area_code=segment.area_code, scope={}, part_of=None,
        confidence=1.0, rule="person", low=printed.low if printed else None, high=printed.high if printed else None,
        step=printed.step if printed else None, dimension=printed.dimension if printed else "number", sentence=text.sentence_at(first),
        clean_start=first, clean_end=last,
    )  # fmt: skip


def proposal(report: Report, start: int, end: int) -> Observation:
    """What a person who selects some characters (raw offsets) is offered to fill in. Raises BadOption where nothing can be marked."""
    text = report.text.raw.text
    if not 0 <= start < end <= len(text) or end - start > _TEXT or not text[start:end].strip():
        raise BadOption("选中的文字不能标为一个数。", f"请在正文里选中一个数（不超过 {_TEXT} 字）。")
    if any(o.start < end and start < o.end for o in report.observations):
        raise BadOption("选中的文字里已有一个标出的数。", "请点开它来改，或先删除它。")
    return _new(report, start, end)


def places(report: Report, corrections: Sequence[Correction]) -> dict[str, Correction]:
    """The correction that holds of each observation, by the id of the observation."""
    sha256 = report.text.raw.sha256
    return {
        identity(report.source, sha256, c.start_at, c.end_at): c for c in corrections if c.sha256 == sha256
    }
