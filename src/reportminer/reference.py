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
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal

from reportminer.checks import View
from reportminer.checks.common import arithmetic, finding, number, period_years
from reportminer.checks.intervals import Interval
from reportminer.core import Finding, Observation, Report
from reportminer.errors import BadOption
from reportminer.extract.quantities import find_quantities
from reportminer.lexicon import default_lexicon
from reportminer.names import core
from reportminer.records.labels import narrowings

Verdict = Literal["matches", "differs", "not_in_reference", "not_in_reports"]
VERDICTS = {
    "matches": "相符",
    "differs": "不符",
    "not_in_reference": "年鉴中没有",
    "not_in_reports": "报告中没有",
}
FIELDS = ("area", "year", "indicator", "value", "unit")
_HEADERS = {
    "area": (
        "area",
        "地区",
        "县区",
        "县（区）",
        "县(区)",
        "县（市、区）",
        "区县",
        "行政区",
        "行政区划",
        "名称",
        "地区名称",
        "area_code",
        "代码",
    ),
    "year": ("year", "年份", "年度", "时间", "年", "time_period", "period"),
    "indicator": ("indicator", "指标", "指标名称", "项目", "科目"),
    "value": ("value", "数值", "数据", "值", "数", "obs_value", "实际数"),
    "unit": ("unit", "单位", "计量单位", "unit_measure"),
}
_SUFFIX = re.compile(r"(?:自治)?[县区市旗州]$")


@dataclass(frozen=True, slots=True)
class Official:
    """One official figure in canonical units; ``step`` is one unit of its last printed digit."""

    area: str
    year: int
    indicator: str
    name: str
    value: Decimal
    unit: str
    step: Decimal
    line: int


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


def load(path: Path, mapping: Mapping[str, str] | None = None) -> tuple[Official, ...]:
    """The official figures of a CSV or xlsx table. Raises BadOption: unreadable file, headers that need a mapping (names them), a row whose
    value, year, unit or indicator cannot be used (names the line)."""
    rows = _rows(path)
    if not rows:
        raise BadOption(f"参照数据“{path.name}”是空的。", "请给出含地区、年份、指标、数值、单位五列的表。")
    at = _columns(path, rows[0], mapping or {})
    names = _indicators()
    out = []
    for n, row in enumerate(rows[1:], 2):
        cells = {f: row[i].strip() if i < len(row) else "" for f, i in at.items()}
        if not any(cells.values()):
            continue
        where = f"参照数据“{path.name}”第 {n} 行"
        year = re.search(r"(?:19|20)\d\d", cells["year"])
        if not year:
            raise BadOption(f"{where}的年份“{cells['year']}”不对。", "请写成 2020。")
        figure = cells["value"].replace(",", "").replace("，", "").replace(" ", "")
        try:
            plain = Decimal(figure)
        except InvalidOperation:
            raise BadOption(f"{where}的数值“{cells['value']}”不是数。", "缺数的行请删去。") from None
        indicator = _indicator_of(cells["indicator"], names)
        if indicator is None:
            continue  # a table knows many indicators that reports do not state
        value, unit = canonical(figure, cells["unit"])
        exponent = plain.as_tuple().exponent
        step = (
            abs(value / plain) * (Decimal(10) ** exponent if isinstance(exponent, int) else 1)
            if plain
            else Decimal(0)
        )
        if "." not in figure and value == plain:
            step = Decimal(0)
        out.append(
            Official(cells["area"], int(year.group()), indicator, cells["indicator"], value, unit, step, n)
        )
    if not out:
        raise BadOption(
            f"参照数据“{path.name}”里没有可用的指标。",
            "指标列请写指标编号（见 lexicons/indicators.tsv）或其中文名称。",
        )
    return tuple(out)


def _rows(path: Path) -> list[list[str]]:
    if path.suffix.lower() == ".xlsx":
        from openpyxl import load_workbook

        try:
            book = load_workbook(path, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            rows = [["" if c is None else _cell(c) for c in row] for row in sheet.iter_rows(values_only=True)]
        except Exception as e:
            raise BadOption(
                f"参照数据“{path.name}”无法作为 Excel 工作簿读取。",
                "请用 Excel 重新另存为 .xlsx 或 CSV UTF-8。",
            ) from e
        return [r for r in rows if any(c.strip() for c in r)]
    try:
        data = path.read_bytes()
    except OSError as e:
        raise BadOption(f"参照数据“{path.name}”无法读取（{e.strerror or e}）。", "请检查路径。") from e
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [r for r in csv.reader(io.StringIO(text)) if any(c.strip() for c in r)]
    raise BadOption(f"参照数据“{path.name}”的编码无法识别。", "请另存为“CSV UTF-8”。")


def _cell(value: object) -> str:
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


def _columns(path: Path, head: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Which column holds which field; asks for a mapping when a header is not known."""
    wanted = {_field(k): v for k, v in mapping.items()}
    titles = [h.strip() for h in head]
    at: dict[str, int] = {}
    for field in FIELDS:
        names = (wanted[field],) if field in wanted else _HEADERS[field]
        found = [i for i, t in enumerate(titles) if t in names or t.lower() in names]
        if found:
            at[field] = found[0]
        elif field in wanted:
            raise BadOption(
                f"参照数据“{path.name}”没有“{wanted[field]}”这一列。", f"现有的列：{'、'.join(titles)}。"
            )
    missing = [f for f in FIELDS if f not in at]
    if missing:
        asked = " ".join(f"--map {_HEADERS[f][1]}=列名" for f in missing)
        raise BadOption(
            f"参照数据“{path.name}”看不出哪一列是{'、'.join(_HEADERS[f][1] for f in missing)}（现有的列：{'、'.join(titles)}）。",
            f"请指明：{asked}。",
        )
    return at


def _field(name: str) -> str:
    for field, names in _HEADERS.items():
        if name.strip() in names:
            return field
    raise BadOption(f"--map 的“{name}”不是要对应的项目。", "可用：地区、年份、指标、数值、单位。")


def _indicators() -> dict[str, str]:
    """Ids by id, Chinese name and alias (an alias that two indicators share names none)."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in default_lexicon().table("indicators"):
        top = row["parent"] or row["id"]
        for name in (row["id"], row["zh"], *row["zh"].split("/"), *row.list("aliases")):
            found[name].add(top)
    return {n: next(iter(ids)) for n, ids in found.items() if len(ids) == 1}


def _indicator_of(name: str, names: Mapping[str, str]) -> str | None:
    """The indicator that a table calls so: 初中专任教师数 is 专任教师 of 初中."""
    name = re.sub(r"\s|[（(].*[)）]$", "", name)
    plain = re.sub(r"(?:总数|人数|数量|数)$", "", name)
    for text in (name, plain, _bare(name), _bare(plain)):
        if text in names:
            return names[text]
    return None


def _stage(name: str) -> tuple[str, str]:
    """The stage of education that opens a name (小学专任教师), and the rest; two empty strings when there is none."""
    for n in narrowings(default_lexicon()).rows:
        if n.key == "stage" and name.startswith(n.word):
            return n.value, name[len(n.word) :]
    return "", ""


def _bare(name: str) -> str:
    """A name without its stage; schools of a stage are schools (小学校数)."""
    stage, rest = _stage(name)
    return (rest if len(rest) > 1 else "学校") if stage else name


def canonical(figure: str, unit: str) -> tuple[Decimal, str]:
    """A figure in its canonical unit (12.5, 亿元 → 1250000000, 元)."""
    unit = unit.strip().strip("（）()")
    found = find_quantities(f"为{figure.lstrip('-')}{unit}。")
    for q in found:
        if q.value is not None and q.unit:
            return (-q.value if figure.startswith("-") else q.value), q.unit
    return Decimal(figure), unit


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
    stage, rest = _stage(re.sub(r"\s", "", ref.name))
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
