"""S9 relations across the rows of a table: a column or row 合计 that adds the others, a rate of two columns, growth against the row above."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from reportminer.checks.common import View, arithmetic, finding, number
from reportminer.checks.explain import slip
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Finding, Observation, TextCell

_NUMBER = re.compile(r"-?\d[\d,，]*(?:\.\d+)?%?")
_SUM = re.compile(r"^(?:合计|总计|小计|总数|共计|总额)(?:[（(][^）)]*[）)])?$")
_YEAR = re.compile(r"^(?:19|20)\d\d年?(?:度)?$")
_GROWTH = re.compile(
    r"^(?:比上年|同比|较上年)?(?:增长|增幅|增速|增长率|增长速度|增减)(?:率|幅度)?(?:[（(]?[%％±]*[）)]?)$"
)
_NOT_ADDED = re.compile(r"率|比|均|其中|序号|名次|年份|[%％]|增|减")
_REAL = re.compile(
    r"生产总值|GDP|增加值|产值|可支配收入|纯收入|零售|固定资产投资"
)  # their growth is told at constant prices
_RATES = (
    (re.compile(r"录取率"), re.compile(r"报名|报考"), re.compile(r"录取")),
    (re.compile(r"及格率"), re.compile(r"参考|参加|实考|考生"), re.compile(r"及格")),
    (re.compile(r"合格率"), re.compile(r"抽检|检测|抽查|检查|参检|参加|应"), re.compile(r"合格")),
    (re.compile(r"(?:回收|收回)率"), re.compile(r"发放|发出"), re.compile(r"收回|回收")),
    (re.compile(r"完成率"), re.compile(r"计划|任务|目标"), re.compile(r"完成|实际")),
    (re.compile(r"就业率"), re.compile(r"毕业"), re.compile(r"就业")),
    (re.compile(r"升学率"), re.compile(r"毕业"), re.compile(r"升学|升入")),
    (re.compile(r"参保率"), re.compile(r"应参|应保|人口"), re.compile(r"参保")),
    (re.compile(r"上线率"), re.compile(r"参考|参加|报名|考生"), re.compile(r"上线")),
    (re.compile(r"巩固率|入学率|办结率|到位率|破案率"), re.compile(r"应|适龄|受理|计划|立案"), re.compile(r"实|巩固|入学|办结|到位|破案")),
)  # fmt: skip
Grid = dict[tuple[int, int], TextCell]


def table_rows(view: View, words: Words) -> CheckResult:
    """S9 表中关系: the column or row of totals adds the other columns, a column of rates divides two columns, growth follows from the row above (／ is a line break).

    Fires: 单位：万元／| 资金来源 | 2014年 | 2015年 | 合计 |／|---|---|---|---|／| 中央 | 2600 | 3100 | 5700 |／| 省级 | 1400 | 1650 | 3150 |／| 县级 | 800 | 950 | 1750 |
    Fires: | 学校 | 报名 | 录取 | 录取率 |／|---|---|---|---|／| 一中 | 820 | 615 | 75% |／| 二中 | 640 | 416 | 65% |／| 三中 | 500 | 275 | 65% |
    Fires: | 学段 | 学校数 | 在校生 | 教师 |／|---|---|---|---|／| 小学 | 98 | 31246 | 1752 |／| 初中 | 24 | 15820 | 1248 |／| 高中 | 4 | 8134 | 602 |／| 合计 | 126 | 55200 | 3702 |
    Quiet: | 学段 | 学校数 | 在校生 | 教师 |／|---|---|---|---|／| 小学 | 98 | 31246 | 1752 |／| 初中 | 24 | 15820 | 1248 |／| 高中 | 4 | 8134 | 602 |／| 合计 | 126 | 55200 | 3602 |
    Quiet: 单位：万元／| 资金来源 | 2014年 | 2015年 | 合计 |／|---|---|---|---|／| 中央 | 2600 | 3100 | 5700 |／| 省级 | 1400 | 1650 | 3050 |／| 县级 | 800 | 950 | 1750 |
    Quiet: | 学校 | 班数 | 学生 | 合计 |／|---|---|---|---|／| 一中 | 60 | 3000 | 8 |／| 二中 | 40 | 2000 | 9 |／| 三中 | 20 | 900 | 7 |
    """
    result = CheckResult()
    for table in view.report.text.tables:
        grid: Grid = {(c.row, c.col): c for c in table.cells}
        rows, cols = sorted({r for r, _ in grid}), sorted({c for _, c in grid})
        heads = {c: _said(view, grid.get((rows[0], c))) for c in cols} if rows else {}
        if len(rows) < 3 or any(
            _value(view, grid.get((rows[0], c))) is not None and not _YEAR.match(heads[c]) for c in cols
        ):
            continue
        _totals(view, grid, rows[1:], cols, heads, result)
        _last_row(view, grid, rows[1:], cols, heads, result)
        _rates(view, grid, rows[1:], cols, heads, result)
        _growths(view, grid, rows[1:], cols, heads, result)
    return result


def _said(view: View, cell: TextCell | None) -> str:
    return re.sub(r"\s", "", view.clean[cell.start : cell.end]) if cell else ""


def _value(view: View, cell: TextCell | None) -> Decimal | None:
    text = _said(view, cell)
    m = _NUMBER.fullmatch(text)
    return Decimal(re.sub(r"[,，%]", "", text)) if m else None


def _half(view: View, cell: TextCell | None) -> Decimal:
    places = len(_said(view, cell).rstrip("%").partition(".")[2])
    return Decimal(5).scaleb(-places - 1) if places else Decimal(0)


def _members(view: View, grid: Grid, row: int, cols: list[int]) -> list[Observation]:
    cells = [grid[row, c] for c in cols if (row, c) in grid]
    found = [o for c in cells for o in view.items if c.start <= o.clean_start < max(c.end, c.start + 1)]
    if found:
        return found
    return [o for o in view.items if grid and cells and o.clean_start >= cells[0].start][:1]


def _totals(
    view: View,
    grid: Grid,
    rows: list[int],
    cols: list[int],
    heads: dict[int, str],
    result: CheckResult,
) -> None:
    """The column 合计 against the columns beside it: they must be its parts in most of the rows, or else they are something else."""
    total = next((c for c in cols if _SUM.match(heads[c])), None)
    if total is None:
        return
    others = [c for c in cols[1:] if c != total and not _SUM.match(heads[c])]
    if len(others) < 2 or any(_NOT_ADDED.search(heads[c]) for c in others):
        return
    full = [(r, added) for r in rows if (added := _added(view, [grid.get((r, c)) for c in (*others, total)]))]
    wrong = [(r, added) for r, added in full if not added.right]
    if not wrong or len(full) < 3 or len(wrong) * 2 >= len(full):
        return
    for r, added in wrong:
        name = f"“{_said(view, grid.get((r, cols[0])))}”一行"
        members = _members(view, grid, r, [total, *others])
        result.findings.append(_unequal(view, name, heads[total], added, members))


@dataclass(frozen=True)
class _Added:
    """Cells and the total beside them; ``right``: they add up to it, rounding allowed for."""

    parts: list[Decimal]
    whole: Decimal
    right: bool


def _added(view: View, cells: list[TextCell | None]) -> _Added | None:
    """The cells before the last, which is their total; None where one holds no figure."""
    values = [v for c in cells if (v := _value(view, c)) is not None]
    if len(values) < len(cells):
        return None
    *parts, whole = values
    slack = sum((_half(view, c) for c in cells), Decimal(0))
    return _Added(parts, whole, abs(sum(parts, Decimal(0)) - whole) <= slack)


def _unequal(view: View, where: str, total: str, added: _Added, members: list[Observation]) -> Finding:
    """The finding for cells that do not add up to their total."""
    summed = sum(added.parts, Decimal(0))
    left = " + ".join(number(p, 6) for p in added.parts) + f" = {number(summed, 6)}"
    how = arithmetic(left, number(added.whole, 6), difference=summed - added.whole)
    message = f"表中{where}{left}，与{total}{number(added.whole, 6)}不符。"
    return finding("S9", "sum", "error", [view], members, message, how)


def _last_row(
    view: View, grid: Grid, rows: list[int], cols: list[int], heads: dict[int, str], result: CheckResult
) -> None:
    """A first or last row 合计 against the rows between: where it adds up most of the columns, it must add up each."""
    ends = [r for r in (rows[0], rows[-1]) if _SUM.match(_said(view, grid.get((r, cols[0]))))]
    others = [r for r in rows if r not in ends]
    if len(ends) != 1 or len(others) < 2:
        return
    if any(re.search(r"其中|小计|合计", _said(view, grid.get((r, cols[0])))) for r in others):
        return
    right, wrong = 0, []
    for c in cols[1:]:
        added = _added(view, [grid.get((r, c)) for r in (*others, ends[0])])
        if added is None or _NOT_ADDED.search(heads[c]):
            continue
        if added.right:
            right += 1
        else:
            wrong.append((c, added))
    for c, added in wrong if right > len(wrong) else ():
        members = [o for r in (ends[0], *others) for o in _members(view, grid, r, [c])]
        result.findings.append(_unequal(view, f"“{heads[c]}”一列", "合计", added, members))


def _rates(
    view: View,
    grid: Grid,
    rows: list[int],
    cols: list[int],
    heads: dict[int, str],
    result: CheckResult,
) -> None:
    """A column of rates against the two columns its name speaks of: it must follow from them in most rows."""
    for rate_name, base_name, part_name in _RATES:
        rate = [c for c in cols[1:] if rate_name.search(heads[c])]
        base = [c for c in cols[1:] if base_name.search(heads[c]) and "率" not in heads[c]]
        part = [c for c in cols[1:] if part_name.search(heads[c]) and "率" not in heads[c] and c not in base]
        if not len(rate) == len(base) == len(part) == 1:
            continue
        tested = []
        for r in rows:
            cells = [grid.get((r, c[0])) for c in (base, part, rate)]
            a, b, p = (_value(view, c) for c in cells)
            if a and b is not None and p is not None:
                places = len(_said(view, cells[2]).rstrip("%").partition(".")[2])
                exact = 100 * b / a
                slack = Decimal(1).scaleb(-places) + 100 * (_half(view, cells[1]) + _half(view, cells[0])) / a
                tested.append((r, a, b, p, exact, abs(exact - p) <= slack, places))
        wrong = [t for t in tested if not t[5]]
        if not wrong or len(tested) < 3 or len(wrong) * 2 >= len(tested):
            continue
        for r, a, b, p, exact, _, places in wrong:
            name = _said(view, grid.get((r, cols[0])))
            left = f"{number(b, 6)}÷{number(a, 6)} = {number(exact, places + 2)}%"
            how = arithmetic(left, f"{number(p, places)}%", difference=exact - p, unit="%")
            fixed = slip(p, exact.quantize(Decimal(1).scaleb(-places)), places) if p > 0 else None
            message = f"表中“{name}”一行{left}，不是{heads[rate[0]]}{number(p, places)}%。"
            members = _members(view, grid, r, [rate[0], part[0], base[0]])
            reasons = [fixed] if fixed else []
            result.findings.append(finding("S9", "share", "error", [view], members, message, how, reasons))


def _growths(
    view: View,
    grid: Grid,
    rows: list[int],
    cols: list[int],
    heads: dict[int, str],
    result: CheckResult,
) -> None:
    """A column of growth right behind a column of levels, rows by consecutive years."""
    years = {r: _said(view, grid.get((r, cols[0]))) for r in rows}
    rows = [r for r in rows if _YEAR.match(years[r])]
    for level, rate in pairwise(cols[1:]):
        if (
            not _GROWTH.match(heads[rate])
            or _REAL.search(heads[level])
            or _NOT_ADDED.search(re.sub(r"[（(][^）)]*[）)]", "", heads[level]))
        ):
            continue
        tested = []
        for r, s in pairwise(rows):
            a, b, p = (
                _value(view, grid.get((r, level))),
                _value(view, grid.get((s, level))),
                _value(view, grid.get((s, rate))),
            )
            if int(years[s][:4]) - int(years[r][:4]) != 1 or not a or b is None or p is None or a <= 0:
                continue
            x, y = grid[r, level], grid[s, level]
            places = len(_said(view, grid[s, rate]).rstrip("%").partition(".")[2])
            exact = (b / a - 1) * 100
            slack = Decimal(1).scaleb(-places) + 100 * (_half(view, y) + b / a * _half(view, x)) / a
            tested.append((r, s, a, b, p, exact, abs(exact - p) <= slack, places))
        wrong = [t for t in tested if not t[6]]
        if not wrong or len(wrong) * 2 > len(tested):
            continue
        for r, s, a, b, p, exact, _, places in wrong:
            left = f"{number(b, 6)}÷{number(a, 6)} − 1 = {number(exact, places + 2)}%"
            how = arithmetic(left, f"{number(p, places)}%", difference=exact - p, unit="%")
            fixed = slip(abs(p), abs(exact).quantize(Decimal(1).scaleb(-places)), places) if p else None
            members = [*_members(view, grid, r, [level]), *_members(view, grid, s, [level, rate])]
            message = f"表中{years[s][:4]}年{left}，不是{number(p, places)}%。"
            reasons = [fixed] if fixed else []
            result.findings.append(finding("S9", "growth", "warning", [view], members, message, how, reasons))
