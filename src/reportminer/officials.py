"""Official figures from a table (csv or xlsx) that ``check --reference`` names: columns, mapping, units, indicators."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from reportminer.errors import BadOption
from reportminer.extract.quantities import find_quantities
from reportminer.lexicon import default_lexicon
from reportminer.records.labels import narrowings

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


def stage_of(name: str) -> tuple[str, str]:
    """The stage of education that opens a name (小学专任教师), and the rest; two empty strings when there is none."""
    for n in narrowings(default_lexicon()).rows:
        if n.key == "stage" and name.startswith(n.word):
            return n.value, name[len(n.word) :]
    return "", ""


def _bare(name: str) -> str:
    """A name without its stage; schools of a stage are schools (小学校数)."""
    stage, rest = stage_of(name)
    return (rest if len(rest) > 1 else "学校") if stage else name


def canonical(figure: str, unit: str) -> tuple[Decimal, str]:
    """A figure in its canonical unit (12.5, 亿元 → 1250000000, 元)."""
    unit = unit.strip().strip("（）()")
    found = find_quantities(f"为{figure.lstrip('-')}{unit}。")
    for q in found:
        if q.value is not None and q.unit:
            return (-q.value if figure.startswith("-") else q.value), q.unit
    return Decimal(figure), unit
